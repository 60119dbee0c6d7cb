"""TOML with places."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.errors import UsageError
from stockade.source import Source
from stockade.toml import Key, Places, parse

TEXT = '''\
noise = "strict"
# noise = "no"
vars.stage = "prod"
text = """
no = 1
"""
"quoted key" = 1

[tool.stockade]
a = 1
  b = [
    "c = 2",
]

[[accept]]
control = "x"

[[accept]]
control = "y"
[accept.deep]
z = 1
[[accept.inner]]
w = 1
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("noise",), 1),
        (("vars", "stage"), 3),
        (("vars", "other"), 1),
        (("text",), 4),
        (("quoted key",), 7),
        (("tool", "stockade"), 9),
        (("tool", "stockade", "a"), 10),
        (("tool", "stockade", "b", 0), 11),
        (("tool", "stockade", "none"), 9),
        (("accept", 0), 15),
        (("accept", 0, "control"), 16),
        (("accept", 1), 18),
        (("accept", 1, "control"), 19),
        (("accept", 1, "deep", "z"), 21),
        (("accept", 1, "inner", 0, "w"), 23),
        (("no",), 1),
    ],
)
def test_keys_have_their_line(key: Key, line: int) -> None:
    assert Places(Source("x.toml", TEXT.encode())).of(key).line == line


def test_a_place_is_what_a_person_wrote_there() -> None:
    places = Places(Source("x.toml", TEXT.encode()))
    assert places.of(("accept", 1)).raw == b"[[accept]]"
    assert places.of(("tool", "stockade", "a")).raw == b"a = 1"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a = 1\nb = \n", "`x.toml:2` is not TOML: invalid value"),
        (b'a = "', "`x.toml:1` is not TOML: unterminated string"),
        (b"a = 1\na = 2\n", "`x.toml:2` is not TOML: cannot overwrite a value"),
        (b"\xff", "`x.toml` is not TOML: it is not UTF-8"),
        (b"a = " + b"[" * 50_000, "nested too deeply"),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(data: bytes, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(Source("x.toml", data))
    assert message in caught.value.message


KEYS = st.sampled_from(["a", "b", "c"])


@given(
    st.dictionaries(KEYS, st.lists(st.dictionaries(KEYS, st.integers(), min_size=1), min_size=1, max_size=3))
)
def test_every_key_of_an_array_of_tables_is_found_where_it_is(tables: dict[str, list[dict[str, int]]]) -> None:
    lines: list[str] = []
    wanted: dict[Key, int] = {}
    for name, elements in tables.items():
        for index, element in enumerate(elements):
            lines.append(f"[[{name}]]")
            wanted[name, index] = len(lines)
            for key, value in element.items():
                lines.append(f"{key} = {value}")
                wanted[name, index, key] = len(lines)
    source = Source("x.toml", "\n".join(lines).encode())
    got: dict[str, Any] = tomllib.loads(source.data.decode())
    assert got == tables
    places = Places(source)
    assert {key: places.of(key).line for key in wanted} == wanted

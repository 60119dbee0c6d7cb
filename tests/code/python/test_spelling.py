"""What is written over in source of another Python keeps its length, makes no lines, and parses."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.code.python.spelling import respelled

PARTS = st.sampled_from(
    (
        *(
            "f'",
            'f"',
            "rf'''",
            "t'",
            "'",
            '"',
            "'''",
            "{",
            "}",
            "{{",
            "[",
            "]",
            "(",
            ")",
            ":",
            "!r",
            ",",
            "#",
            "\\",
            "\\n",
        ),
        *(
            "print ",
            "print",
            ">>",
            "raise E,",
            "except A, B:",
            "type X = ",
            "def f[T](a):",
            "0777",
            "10L",
            "<>",
            "a",
        ),
        *("\n", "\n    ", " ", "é", "\\N{DASH}"),
    )
)


@given(st.lists(PARTS, max_size=25).map("".join) | st.text(max_size=60))
def test_no_line_begins_anywhere_else(text: str) -> None:
    data = text.encode()
    found = respelled(data)
    if found is not None:
        assert found != data
        assert len(found) == len(data)
        assert all(data[one] == 10 for one in range(len(found)) if found[one] == 10)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("f'{a['b']}'", "f'{a[\"b\"]}'"),
        ("f'{a['b'][\"c\"]}'", 'f\'{a["b"]["c"]}\''),
        ("f'{f'{a['b']}'}'", "f'{f__a__b____}'"),
        ("f\"{'\\n'.join(a)}\"", "f\"{'  '.join(a)}\""),
        ("f'''{a['b']}'''", None),
        ("f'{\n a(b,\r\n  c['d'])\n}e'", "f'{  a(b,    c[\"d\"]) }e'"),
        ("f'{a # it's\n}'", "f'{a        }'"),
        ("f'{a # b}'", None),
        ("f'a\n{b}'", None),
        ("f'{{a['", None),
        ("'f{a['b']}'", None),
        ("type = 1\ntype (a)\nprint(type [0])", None),
        ("type A[T] = list[T]", "A         = list[T]"),
        ("async def f[T: str](a): ...", "async def f        (a): ..."),
        ("print >>out, a", "0,           a"),
        ("if a: print b", "if a: 0,    b"),
        ("print(a), b", None),
        ("blueprint = 1 ; imprint", None),
        ("a = 0777 + 0xFFL + 0.5 + 100", "a =  777 + 0xFFL + 0.5 + 100"),
    ],
)
def test_what_is_written_over(text: str, wanted: str | None) -> None:
    found = respelled(text.encode())
    assert (found.decode() if found is not None else None) == wanted
    if found is not None and "0xFFL" not in text:
        ast.parse(found)

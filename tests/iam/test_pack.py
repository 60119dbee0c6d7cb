"""Packs: what is written is read, the same bytes each time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.iam.pack import Pack, write

members = st.dictionaries(
    st.text("abc:/é", min_size=1, max_size=5),
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=8
    ),
    max_size=6,
)


@given(members)
def test_members_come_back(tmp_path_factory: pytest.TempPathFactory, members: dict[str, Any]) -> None:
    path = tmp_path_factory.getbasetemp() / "some.pack"
    write(path, source="a test", date="2026-01-02", members=members)
    first = path.read_bytes()
    write(path, source="a test", date="2026-01-02", members=dict(reversed(members.items())))
    assert path.read_bytes() == first
    pack = Pack(path)
    assert (pack.source, pack.date) == ("a test", "2026-01-02")
    assert {name: pack.read(name) for name in pack} == members


def test_no_such_member(tmp_path: Path) -> None:
    path = tmp_path / "some.pack"
    write(path, source="a test", date="2026-01-02", members={"a": 1})
    assert "a" in Pack(path)
    assert "b" not in Pack(path)
    with pytest.raises(KeyError):
        Pack(path).read("b")

"""What was looked at is the same exactly as long as a look would see the same."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from stockade.read import looked
from stockade.read.files import Tree, Unreadable


def _tree(top: Path) -> Path:
    (top / "a" / "b").mkdir(parents=True)
    (top / "a" / "x.tf").write_text("one")
    (top / "a" / "b" / "y.json").write_text("two")
    (top / "a" / "link").symlink_to("b/y.json")
    (top / "a" / "folder").symlink_to("b")
    (top / "a" / "gone").symlink_to("nothing")
    return top / "a"


LOOKS: dict[str, Callable[[Path], object]] = {
    "exists": lambda a: [looked.exists(a / name) for name in ("x.tf", "new", "gone", "b")],
    "is_file": lambda a: [looked.is_file(a / name) for name in ("x.tf", "new", "link", "b")],
    "is_directory": lambda a: [looked.is_directory(a / name) for name in ("folder", "new", "b")],
    "is_there": lambda a: [looked.is_there(a / name) for name in ("gone", "new")],
    "real": lambda a: [looked.real(a / name) for name in ("link", "folder/y.json", "folder/../x.tf", "new")],
    "names": lambda a: looked.names(a),
    "details": lambda a: looked.details(a / "link").st_size,
    "walk": lambda a: [(folder, sorted(below), sorted(names)) for folder, below, names in looked.walk(a)],
    "head": lambda a: [looked.head(a / name) for name in ("x.tf", "link", "new", "b")],
    "whole": lambda a: looked.whole(a / "link"),
    "read": lambda a: [_read(a, name) for name in ("x.tf", "link", "new", "folder/y.json", "b")],
    "open": lambda a: Tree(a.parent).begin(a / "x.tf", 2),
    "listing": lambda a: list(Tree(a.parent).listing(a, 100)),
}


def _read(a: Path, name: str) -> object:
    try:
        return Tree(a.parent).read(a / name).data
    except Unreadable as error:
        return error.message


def _write(name: str, text: str) -> Callable[[Path], object]:
    return lambda a: (a / name).write_text(text)


def _directory(a: Path) -> None:
    (a / "x.tf").unlink()
    (a / "x.tf").mkdir()


def _same_bytes(a: Path) -> None:
    shutil.copy(a / "x.tf", a.parent / "same")
    _replaced(a, "x.tf", "../same")


def _replaced(a: Path, name: str, to: str) -> None:
    (a / name).unlink()
    (a / name).symlink_to(to)


CHANGES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda a: None,
    "touched": lambda a: os.utime(a / "x.tf", (1, 1)),
    "other bytes": _write("x.tf", "One"),
    "more bytes": _write("b/y.json", "two more"),
    "a new file": _write("new", ""),
    "a new file below": _write("b/new", ""),
    "a file gone": lambda a: (a / "x.tf").unlink(),
    "a link elsewhere": lambda a: _replaced(a, "link", "x.tf"),
    "a directory's link elsewhere": lambda a: _replaced(a, "folder", "."),
    "a link that leads somewhere now": _write("nothing", "three"),
    "a link for a file, to the same bytes": _same_bytes,
    "a directory for a file": _directory,
    "a directory gone": lambda a: shutil.rmtree(a / "b"),
    "other permissions": lambda a: (a / "x.tf").chmod(0o755),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("look", LOOKS)
def test_another_sight_is_noticed(tmp_path: Path, look: str, change: str) -> None:
    a = _tree(tmp_path)
    with looked.noting() as seen:
        before = LOOKS[look](a)
    assert seen
    assert looked.Eyes().same(seen)
    CHANGES[change](a)
    try:
        after = LOOKS[look](a)
    except (OSError, Unreadable) as error:
        after = str(error)
    if after != before:
        assert not looked.Eyes().same(seen)
    if change == "nothing":
        assert looked.Eyes().same(seen)


def test_what_is_kept_of_a_thing_that_was_made_once_is_told_again(tmp_path: Path) -> None:
    a = _tree(tmp_path)
    with looked.noting() as first:
        _, seen = looked.made(lambda: looked.names(a))
    with looked.noting() as outer, looked.noting() as inner:
        looked.again(seen)
    assert first == seen == outer == inner


def test_nothing_is_written_down_that_nobody_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looked.Eyes, "state", lambda *_: pytest.fail("it looked"))
    assert looked.names(_tree(tmp_path)) and looked.made(lambda: looked.exists(tmp_path))[1] == {}


def test_a_variable_is_seen_when_it_is_asked_for() -> None:
    environment = {"A": "1", "B": "2"}
    with looked.noting() as seen:
        variables = looked.Variables(environment)
        assert variables.get("A") == "1"
        assert variables.get("C") is None
    assert looked.Eyes({**environment, "B": "3"}).same(seen)
    assert not looked.Eyes({**environment, "A": "3"}).same(seen)
    assert not looked.Eyes({**environment, "C": ""}).same(seen)
    assert not looked.Eyes({"C": "1"}).same(seen)


def test_looks_of_a_kind_that_there_is_not_are_never_the_same() -> None:
    assert not looked.Eyes().same({("guess", "/"): "x"})

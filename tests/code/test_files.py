"""The tree of a function's source: what it lists, what it opens, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.code import files as room
from stockade.code.files import Files
from stockade.read.files import Tree, Unreadable


def _write(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)


def test_a_directory_is_listed_without_what_is_installed_in_it(tmp_path: Path) -> None:
    _write(tmp_path, "app/a.py", "app/lib/b.py", "app/node_modules/x/index.js", "app/lib/__pycache__/b.pyc")
    files = Files.directory(Tree(tmp_path), tmp_path / "app")
    assert list(files) == ["a.py", "lib/b.py"]
    assert files.pruned == ("lib/__pycache__", "node_modules")
    assert files.read("lib/../a.py").data == b"app/a.py"
    assert files.read("a.py") is files.read("./a.py")
    assert files.read("a.py").path == "app/a.py"
    assert list(files.below("lib")) == ["lib/b.py"]


def test_nothing_outside_of_the_scanned_tree_is_read(tmp_path: Path) -> None:
    _write(tmp_path, "secret", "tree/app/a.py")
    (tmp_path / "tree/app/link.py").symlink_to(tmp_path / "secret")
    files = Files.directory(Tree(tmp_path / "tree"), tmp_path / "tree/app")
    with pytest.raises(Unreadable, match="outside"):
        files.read("link.py")
    with pytest.raises(Unreadable):
        files.read("../../secret")
    with pytest.raises(Unreadable):
        Files.directory(Tree(tmp_path / "tree"), tmp_path)
    with pytest.raises(Unreadable):
        Files.directory(Tree(tmp_path / "tree"), tmp_path / "tree/none")


def test_a_later_layer_lies_over_an_earlier_one() -> None:
    layers = (Files.of({"python/x.py": b"1"}), Files.of({"python/x.py": b"2"}))
    files = Files.of({"a.py": b"0"}).with_layers(layers)
    assert list(files) == ["/opt/python/x.py", "a.py"]
    assert files.read("/opt/python/x.py").data == b"2"


def test_there_is_an_end_to_what_is_listed_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, "a.py", "b.py", "c.py")
    monkeypatch.setattr(room, "MANY", 2)
    files = Files.directory(Tree(tmp_path), tmp_path)
    assert files.cut and list(files) == ["a.py", "b.py"]
    monkeypatch.setattr(room, "BYTES", 5)
    files = Files.directory(Tree(tmp_path), tmp_path)
    files.read("a.py")
    with pytest.raises(Unreadable, match="more than the 5 bytes"):
        files.read("b.py")

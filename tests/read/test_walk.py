"""Walking a tree: what is passed over, and the first bytes of what is no regular file."""

from __future__ import annotations

import os
from pathlib import Path

from stockade.read.looked import head
from stockade.read.walk import walk


def test_packages_of_others_and_hidden_directories_are_passed_over(tmp_path: Path) -> None:
    for name in ("a/node_modules/x", "a/.git", "b/.venv", "b/site-packages", "cdk.out/asset.1", "asset.2"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "cdk.out" / "manifest.json").touch()
    found = [os.path.relpath(one.path, os.path.realpath(tmp_path)) for one in walk(tmp_path)]
    assert found == [".", "a", "asset.2", "b", "cdk.out"]
    assert walk(tmp_path)[-1].files == ("manifest.json",)


def test_the_head_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 100)
    os.mkfifo(tmp_path / "pipe")
    assert head(tmp_path / "a", 10) == b"x" * 10
    assert head(tmp_path / "pipe") == head(tmp_path) == head(tmp_path / "nope") == b""

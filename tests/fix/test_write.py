"""Files are replaced whole or not at all, and a diff is one that others take."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.errors import EditError
from stockade.fix.unified import unified
from stockade.fix.write import write
from stockade.patched import Changed

GIT, PATCH = shutil.which("git"), shutil.which("patch")


def changed(path: Path, new: bytes) -> Changed:
    return Changed(path, path.name, path.read_bytes(), new)


@pytest.fixture
def two(tmp_path: Path) -> list[Changed]:
    for name in ("a.tf", "b.tf"):
        (tmp_path / name).write_text(f"old {name}")
    return [changed(tmp_path / name, f"new {name}".encode()) for name in ("a.tf", "b.tf")]


def held(two: list[Changed]) -> list[str]:
    return [one.path.read_text() for one in two]


def test_files_are_replaced_and_keep_their_mode(two: list[Changed]) -> None:
    two[0].path.chmod(0o640)
    write(two)
    assert held(two) == ["new a.tf", "new b.tf"]
    assert stat.S_IMODE(two[0].path.stat().st_mode) == 0o640
    assert sorted(os.listdir(two[0].path.parent)) == ["a.tf", "b.tf"]


def test_a_file_that_has_changed_stops_all_of_it(two: list[Changed]) -> None:
    two[1].path.write_text("somebody was here")
    with pytest.raises(EditError, match=r"`b\.tf` has changed since it was read"):
        write(two)
    assert held(two) == ["old a.tf", "somebody was here"]
    assert sorted(os.listdir(two[0].path.parent)) == ["a.tf", "b.tf"]


def test_a_file_that_is_gone_is_told(two: list[Changed]) -> None:
    two[1].path.unlink()
    with pytest.raises(EditError, match=r"`b\.tf` cannot be read any more: no such file"):
        write(two)


def test_stopped_between_two_files_each_is_old_or_new(
    two: list[Changed], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the first replacement: what is left over is out of the way, and the next run ends it."""
    done: list[str] = []
    replace = Path.replace

    def stopping(self: Path, target: Path) -> Path:
        if done:
            raise KeyboardInterrupt
        done.append(target.name)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", stopping)
    with pytest.raises(KeyboardInterrupt):
        write(two)
    assert held(two) == ["new a.tf", "old b.tf"]
    monkeypatch.undo()
    write([changed(two[1].path, two[1].new)])
    assert held(two) == ["new a.tf", "new b.tf"]


def test_a_write_protected_file_is_respected(two: list[Changed], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stockade.fix.write.os.access", lambda path, mode: False)
    with pytest.raises(EditError, match="read-only"):
        write(two)
    assert held(two) == ["old a.tf", "old b.tf"]


# ------------------------------------------------------------------------------------------- diffs

_LINES = st.lists(st.sampled_from(["a", "b", "", "x = 1", "ä", "\t", "c\r"]), max_size=12)
_ENDS = st.sampled_from(["\n", ""])


@pytest.mark.skipif(not (GIT and PATCH), reason="needs git and patch")
@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(_LINES, _ENDS, _LINES, _ENDS), min_size=8, max_size=8))
def test_git_and_patch_take_a_diff(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[list[str], str, list[str], str]]
) -> None:
    assert GIT
    assert PATCH
    folders = [tmp_path_factory.mktemp(name) for name in ("git", "patch")]
    whole = b""
    wanted: dict[str, bytes] = {}
    for number, (old_lines, old_end, new_lines, new_end) in enumerate(files):
        old = ("\n".join(old_lines) + old_end).encode() or b"\n"
        new = ("\n".join(new_lines) + new_end).encode() or b"\n"
        name = f"dir/file {number}.tf" if number % 2 else f"dir/file{number}.tf"
        for folder in folders:
            (folder / "dir").mkdir(exist_ok=True)
            (folder / name).write_bytes(old)
        wanted[name] = new
        if old != new:
            whole += unified(Changed(folders[0] / name, name, old, new), name)
    if whole:
        for folder, command in zip(folders, ([GIT, "apply"], [PATCH, "-s", "-p1", "--binary"]), strict=True):
            environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)}
            done = subprocess.run(
                command, cwd=folder, input=whole, capture_output=True, check=False, env=environment
            )
            assert done.returncode == 0, (done.stdout, done.stderr, whole)
    for folder in folders:
        assert {name: (folder / name).read_bytes() for name in wanted} == wanted


def test_a_secret_is_masked() -> None:
    file = Changed(Path("a.tf"), "a.tf", b'a = "hunter2hunter2"\n', b"a = x\n")
    assert unified(file, "a.tf", [b"hunter2hunter2"]).decode().splitlines()[3:] == ['-a = "hunt…"', "+a = x"]


def test_what_a_killed_run_left_is_removed(two: list[Changed]) -> None:
    folder = two[0].path.parent
    (folder / ".a.tf.x1y2.stockade~").write_text("half")
    (folder / ".a.tf.mine~").write_text("somebody's")
    write(two)
    assert sorted(os.listdir(folder)) == [".a.tf.mine~", "a.tf", "b.tf"]

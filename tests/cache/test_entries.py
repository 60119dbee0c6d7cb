"""Entries of the cache: whole or absent, whatever somebody did to the directory."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.cache.entries import Entries
from stockade.errors import UsageError

NAME = "ab" + "0" * 30
DOCUMENT = {"seen": {"bytes": {"/a/\udce9": "1"}}, "found": [1, None, "x\n", True]}


def file_of(directory: Path, name: str = NAME) -> Path:
    return directory / "v1" / name[:2] / name


def test_what_is_put_is_got(tmp_path: Path) -> None:
    Entries(tmp_path / "c").put(NAME, DOCUMENT, [b"", b"\x00\xff\n", b"{}"])
    assert Entries(tmp_path / "c").get(NAME) == (DOCUMENT, [b"", b"\x00\xff\n", b"{}"])
    assert Entries(tmp_path / "c").get("cd" + "0" * 30) is None


def test_nobody_else_reads_it(tmp_path: Path) -> None:
    Entries(tmp_path / "c").put(NAME, DOCUMENT)
    for path in (
        tmp_path / "c",
        tmp_path / "c" / "v1",
        file_of(tmp_path / "c").parent,
        file_of(tmp_path / "c"),
    ):
        assert path.stat().st_mode & 0o077 == 0, path
    assert b"8a477f597d28d172789f06886806bc55" in (tmp_path / "c" / "CACHEDIR.TAG").read_bytes()


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_an_entry_of_which_a_byte_is_another_is_none(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    entries = Entries(tmp_path_factory.mktemp("c"))
    entries.put(NAME, DOCUMENT, [b"some output"])
    path = next(Path(entries._directory).rglob(NAME))
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.sampled_from(["cut", "flipped", "longer"]))
    flipped = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    path.write_bytes({"cut": whole[:at], "flipped": flipped, "longer": whole + b"x"}[other])
    assert entries.get(NAME) is None
    path.write_bytes(whole)
    assert entries.get(NAME) is not None


def test_an_entry_under_another_name_or_key_is_none(tmp_path: Path) -> None:
    Entries(tmp_path, "ours").put(NAME, DOCUMENT)
    other = NAME[:-1] + "1"
    file_of(tmp_path, other).write_bytes(file_of(tmp_path).read_bytes())
    assert Entries(tmp_path, "ours").get(NAME) is not None
    assert Entries(tmp_path, "ours").get(other) is None
    assert Entries(tmp_path, "theirs").get(NAME) is None
    assert Entries(tmp_path).get(NAME) is None


def _signed(entries: Entries, body: bytes) -> bytes:
    return b"stockade-cache/1 " + entries._sum(NAME, body) + body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no zlib",
        zlib.compress(b""),
        zlib.compress(b"[]\n"),
        zlib.compress(b"{}\n"),
        zlib.compress(b'{"document": 1, "blobs": [-1]}\n'),
        zlib.compress(b'{"document": 1, "blobs": [4]}\nabc'),
        zlib.compress(b'{"document": 1, "blobs": ["x"]}\n'),
        zlib.compress(b'{"document": ' + b"[" * 200_000 + b"\n"),
        zlib.compress(b'{"document": 1, "blobs": []}\n')[:-4],
    ],
)
def test_who_can_sign_can_still_not_break_us(tmp_path: Path, body: bytes) -> None:
    entries = Entries(tmp_path)
    entries.put(NAME, DOCUMENT)
    file_of(tmp_path).write_bytes(_signed(entries, body))
    assert entries.get(NAME) is None


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stockade.cache.entries._UNPACKED", 1 << 20)
    entries = Entries(tmp_path)
    entries.put(NAME, 1, [bytes(2 << 20)])
    assert file_of(tmp_path).stat().st_size < 1 << 16
    assert entries.get(NAME) is None


@pytest.mark.parametrize(
    "make",
    [lambda path, _: path.mkdir(), lambda path, to: path.symlink_to(to), lambda path, _: os.mkfifo(path)],
)
def test_what_is_no_file_is_no_entry(tmp_path: Path, make: Callable[[Path, Path], None]) -> None:
    entries = Entries(tmp_path)
    entries.put(NAME, DOCUMENT)
    kept = tmp_path / "elsewhere"
    file_of(tmp_path).rename(kept)
    make(file_of(tmp_path), kept)
    assert entries.get(NAME) is None


def test_those_that_were_not_used_for_longest_go_first(tmp_path: Path) -> None:
    entries = Entries(tmp_path, bound=1500)
    names = [f"{number:032x}" for number in range(6)]
    for age, name in enumerate(names):
        entries.put(name, os.urandom(200).hex())
        os.utime(file_of(tmp_path, name), (1000 + age, 1000 + age))
    assert entries.get(names[0]) is not None  # used, and so the youngest
    entries.close(2000.0)
    left = [name for name in names if file_of(tmp_path, name).exists()]
    assert names[0] in left and names[1] not in left
    assert left[1:] == names[-len(left) + 1 :]
    assert sum(file_of(tmp_path, name).stat().st_size for name in left) <= 1500


def test_what_somebody_is_still_writing_stays(tmp_path: Path) -> None:
    entries = Entries(tmp_path)
    entries.put(NAME, DOCUMENT)
    unfinished = file_of(tmp_path).with_name(".unfinished-x")
    unfinished.write_bytes(b"half")
    now = unfinished.stat().st_mtime
    entries.close(now + 10)
    assert unfinished.exists()
    entries.close(now + 7200)
    assert not unfinished.exists() and file_of(tmp_path).exists()


def test_a_directory_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "c").write_text("a file")
    entries = Entries(tmp_path / "c" / "d")
    entries.put(NAME, DOCUMENT)
    assert entries.get(NAME) is None
    entries.close(0.0)


def test_others_may_not_have_written_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = Entries(tmp_path / "c")
    entries.check()
    entries.put(NAME, DOCUMENT)
    entries.check()
    (tmp_path / "c" / "v1").chmod(0o770)
    with pytest.raises(UsageError, match="others may write into the cache"):
        entries.check()
    (tmp_path / "c" / "v1").chmod(0o700)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(UsageError, match="belongs to another user"):
        entries.check()

"""Zips are listed and read in place, whatever they claim: bombs, paths that lead out, broken ones."""

from __future__ import annotations

import io
import os
import stat
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.errors import StockadeError
from stockade.model.package import Package
from stockade.read.files import Tree, Unreadable
from stockade.read.package.archive import archive, safe
from stockade.value import Default

HERE = Default("a test")


def packed(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return path


def read(path: Path) -> Package:
    return archive(Tree(path.parent), str(path), HERE)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_files_are_listed_and_read(tmp_path: Path, method: int) -> None:
    found = read(packed(tmp_path / "a.zip", {"app.py": b"x = 1\n", "lib/a.txt": b"a" * 1000}, method))
    assert [(one.path, one.size) for one in found.entries] == [("app.py", 6), ("lib/a.txt", 1000)]
    assert found.read("lib/a.txt").data == b"a" * 1000
    assert found.head("lib/a.txt", 3) == b"aaa"
    assert found.read("app.py").path == "a.zip/app.py"
    assert not found.troubles
    with pytest.raises(StockadeError):
        found.read("missing")


def test_paths_that_lead_out_are_told_and_kept_inside(tmp_path: Path) -> None:
    names = ["../../etc/passwd", "/etc/shadow", "a/../../b", "C:\\x", "ok.py"]
    found = read(packed(tmp_path / "a.zip", dict.fromkeys(names, b"x")))
    assert {one.path for one in found.troubles if one.hostile} == set(names[:4])
    assert all(not path.startswith("/") and ".." not in path.split("/") for path in found)


def test_a_bomb_costs_nothing_to_list_and_no_more_to_read_than_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out,
        out.open("zeros", "w") as file,
    ):
        for _ in range(200):
            file.write(bytes(1_000_000))
    tracemalloc.start()
    found = read(path)
    head = found.head("zeros", 100_000)
    with pytest.raises(StockadeError, match="more than"):
        found.read("zeros")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert head == bytes(100_000)
    assert peak < 20_000_000
    assert [one.hostile for one in found.troubles] == [True]
    assert "claim" in found.troubles[0].reason


def test_sizes_that_are_made_up_are_not_believed(tmp_path: Path) -> None:
    """Ten files that each claim 4 GB, of a few bytes."""
    path = packed(tmp_path / "a.zip", {f"f{index}": b"tiny" for index in range(10)})
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<L", data, at + 24, 0xFFFFFFF0)
        at = data.find(b"PK\x01\x02", at + 4)
    path.write_bytes(data)
    found = read(path)
    assert found.size > 40_000_000_000
    assert sum(one.hostile for one in found.troubles) == 11
    assert found.head("f0", 10_000_000) == b"tiny"


def test_too_many_files_are_refused_by_what_the_end_of_the_archive_claims(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a": b"x"})
    data = bytearray(path.read_bytes())
    end = data.rfind(b"PK\x05\x06")
    struct.pack_into("<LL", data, end + 12, 0x7FFFFFFF, 0)
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="files"):
        read(path)


def test_encrypted_files_are_told_and_not_read(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"secret.txt": b"x"})
    data = bytearray(path.read_bytes())
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(start) + at] |= 1
    path.write_bytes(data)
    found = read(path)
    assert "encrypted" in found.troubles[0].reason
    with pytest.raises(Unreadable, match="encrypted"):
        found.read("secret.txt")


def test_symbolic_links_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as out:
        info = zipfile.ZipInfo("link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        out.writestr(info, "/etc/passwd")
    found = read(path)
    assert [one.link for one in found.entries] == [""]
    assert "symbolic link" in found.troubles[0].reason


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("a", "one")
        out.writestr("a", "two")
    assert "two files of this name" in read(path).troubles[0].reason


def test_a_wrong_checksum_is_noticed(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a": b"hello hello"}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"hello hello", b"jello hello", 1))
    with pytest.raises(Unreadable, match="checksum"):
        read(path).read("a")


def test_a_list_that_claims_to_begin_later_is_broken_and_no_crash(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"app.py": b"x = 1\n"})
    content = bytearray(path.read_bytes())
    end = content.rfind(b"PK\x05\x06")
    (start,) = struct.unpack_from("<L", content, end + 16)
    struct.pack_into("<L", content, end + 16, start + 1_000)  # a file's header would lie before the archive
    path.write_bytes(bytes(content))
    with pytest.raises(StockadeError):
        read(path).read("app.py")


def test_a_member_without_a_name_is_no_crash(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"app.py": b"x = 1\n"})
    path.write_bytes(path.read_bytes().replace(b"app.py", b"\0pp.py"))
    assert list(read(path)) == ["_"]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_broken_archives_are_refused_and_never_crash(data: st.DataObject) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.py", b"x = 1\n" * 50)
        made.writestr("b/c.txt", bytes(range(256)))
    content = bytearray(out.getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    directory = Path(os.environ.get("TMPDIR", "/tmp"))
    path = directory / f"stockade-broken-{os.getpid()}.zip"
    path.write_bytes(bytes(content[:cut]) if data.draw(st.booleans()) else bytes(content))
    try:
        found = read(path)
        for name in found:
            try:
                assert len(found.head(name, 5_000)) <= 5_000
            except StockadeError:
                continue
    except StockadeError:
        pass
    finally:
        path.unlink()


@given(st.text(max_size=40))
def test_a_path_stays_inside(name: str) -> None:
    path = safe(name)
    assert path
    assert not path.startswith("/")
    assert not {"", ".", ".."} & set(path.split("/"))

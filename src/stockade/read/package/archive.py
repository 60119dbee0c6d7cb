"""Zips, listed and read in place: nothing is unpacked to disk, and no claim of an archive is believed.

The list of files stands at a zip's end; its size and length are looked at before it is read. A file is
decompressed in pieces up to what was asked for, so that what a bomb claims costs nothing.
"""

from __future__ import annotations

import posixpath
import stat
import struct
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Final
from zlib import crc32

from stockade.model.package import Entry, Form, Package, Trouble
from stockade.read.files import Tree, Unreadable
from stockade.value import Origin

if TYPE_CHECKING:
    from zipfile import ZipInfo

MOST: Final = 200_000
"""Files of one archive that are listed."""

DIRECTORY: Final = 64_000_000
"""Bytes of an archive's list of files that are read."""

RATIO: Final = 1_000
"""How many times as large as packed a file may be before it is told; zeros come close to it."""

LARGE: Final = 50_000_000
"""Bytes below which such a file does no harm."""

UNZIPPED: Final = 262_144_000
"""What Lambda takes of a package and its layers together, unpacked."""

_END: Final = struct.Struct("<4s4H2LH")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_COMMENT: Final = 65_535
_ENCRYPTED: Final = 0x1
_STORED: Final = 0
_METHODS: Final = (_STORED, 8)
"""By their numbers in the format: as it is, and deflated."""

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_PIECE: Final = 65_536
_FARTHEST: Final = 1 << 62


def archive(tree: Tree, path: str, origin: Origin, tool: str = "zip") -> Package:
    """The zip at a path of the tree. Raises ``Unreadable`` for what is none, or not worth its cost."""
    with tree.open(path) as file:
        infos = _infos(file)
    entries: dict[str, Entry] = {}
    members: dict[str, ZipInfo] = {}
    troubles: list[Trouble] = []
    for info in infos:
        troubles += _troubles(info, members)
        if _is_folder(info):
            continue
        name = safe(info.filename)
        members[name] = info
        mode = info.external_attr >> 16
        is_link = stat.S_ISLNK(mode)
        entries[name] = Entry(
            name,
            info.file_size,
            info.compress_size,
            "" if is_link else None,
            mode & 0o7777 if mode else None,
        )
    size = sum(one.size for one in entries.values())
    if size > 40 * UNZIPPED:
        troubles.insert(0, Trouble("", f"its files claim to be {size:,} bytes together", hostile=True))
    shown = tree.shown(path)

    def opener(name: str, most: int) -> bytes:
        info = members.get(name)
        if info is None:
            raise Unreadable("there is no such file")
        return _content(tree, path, info, most)

    return Package(
        form=Form.ARCHIVE,
        path=shown,
        base=f"{shown}/",
        entries=tuple(entries[name] for name in sorted(entries)),
        origin=origin,
        opener=opener,
        tool=tool,
        troubles=tuple(troubles),
    )


def safe(name: str) -> str:
    """A member's path as Lambda would unpack it: relative, without steps upwards."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return posixpath.join(*parts) if parts else "_"


def _is_folder(info: ZipInfo) -> bool:
    """Whether a member is a directory; ``ZipInfo.is_dir`` breaks on one without a name."""
    return info.filename.endswith("/")


def _troubles(info: ZipInfo, known: dict[str, ZipInfo]) -> Iterator[Trouble]:
    name = info.filename
    plain = name.replace("\\", "/")
    if plain.startswith("/") or ".." in plain.split("/") or plain[1:3] == ":/":
        yield Trouble(name, "its path leads out of the package", hostile=True)
    if not _is_folder(info) and safe(name) in known:
        yield Trouble(name, "the archive has two files of this name")
    if info.flag_bits & _ENCRYPTED:
        yield Trouble(name, "it is encrypted, which Lambda cannot unpack")
    elif info.compress_type not in _METHODS:
        yield Trouble(name, f"it is compressed by a method that is not read ({info.compress_type})")
    if info.file_size > LARGE and info.file_size > RATIO * max(info.compress_size, 1):
        reason = f"{info.compress_size:,} bytes claim to be {info.file_size:,}"
        yield Trouble(name, reason, hostile=True)
    if stat.S_ISLNK(info.external_attr >> 16):
        yield Trouble(name, "it is a symbolic link")


def _infos(file: BinaryIO) -> list[ZipInfo]:
    """The list of files, after its length and size were looked at."""
    from zipfile import BadZipFile, ZipFile

    count, size = _claims(file)
    if count > MOST or size > DIRECTORY:
        raise Unreadable(f"it claims to have {count:,} files, more than the {MOST:,} that are listed")
    try:
        with ZipFile(file) as opened:
            return opened.infolist()
    # The library raises the last of these for a zip that claims a version which it cannot read.
    except (BadZipFile, ValueError, OSError, struct.error, EOFError, NotImplementedError) as error:
        raise Unreadable(f"it is no zip that can be read: {str(error).lower()}") from None
    except (IndexError, OverflowError):
        raise Unreadable("it is no zip that can be read") from None


def _claims(file: BinaryIO) -> tuple[int, int]:
    """How many files a zip says that it has, and how long its list of them is."""
    length = file.seek(0, 2)
    start = max(length - _COMMENT - _END.size, 0)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise Unreadable("it is no zip: the list of its files is missing at the end")
    _, _, _, _, count, size, _, _ = _END.unpack_from(tail, at)
    found = tail.rfind(b"PK\x06\x06", 0, at)
    if found >= 0 and found + _END64.size <= len(tail) and (count == 0xFFFF or size == 0xFFFFFFFF):
        fields = _END64.unpack_from(tail, found)
        count, size = fields[7], fields[8]
    file.seek(0)
    return count, size


def _content(tree: Tree, path: str, info: ZipInfo, most: int) -> bytes:
    """The first bytes of a member, decompressed in pieces."""
    if info.flag_bits & _ENCRYPTED:
        raise Unreadable("it is encrypted")
    if info.compress_type not in _METHODS:
        raise Unreadable(f"it is compressed by a method that is not read ({info.compress_type})")
    if not 0 <= info.header_offset < _FARTHEST:  # before the archive's beginning, where its list is too long
        raise Unreadable("it is broken: it is not where the archive says")
    with tree.open(path) as file:
        file.seek(info.header_offset)
        header = file.read(_LOCAL.size)
        if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
            raise Unreadable("it is broken: it is not where the archive says")
        *_, name, extra = _LOCAL.unpack(header)
        file.seek(name + extra, 1)
        content = bytes(_pieces(file, info, most))
    if len(content) == info.file_size and crc32(content) != info.CRC:
        raise Unreadable("it is broken: its checksum is wrong")
    return content


def _pieces(file: BinaryIO, info: ZipInfo, most: int) -> bytearray:
    out = bytearray()
    left = info.compress_size
    if info.compress_type == _STORED:
        out += file.read(min(left, most))
        return out
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while left > 0 and len(out) < most and not unpacking.eof:
            packed = file.read(min(left, _PIECE))
            if not packed:
                raise Unreadable("it is broken: the archive ends in it")
            left -= len(packed)
            while packed and len(out) < most:
                out += unpacking.decompress(packed, most - len(out))
                packed = unpacking.unconsumed_tail
    except zlib.error as error:
        raise Unreadable(f"it is broken ({error})") from None
    return out

"""Container images that were saved to a file or a directory: OCI layouts, and what ``docker save`` writes.

Layers are gone through in place, the upper ones over the lower, whiteouts included; nothing is unpacked. Files
below the root of a function's task are listed by their path from there, all others by their whole path.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final

from stockade.model.package import Entry, Form, Package, Trouble
from stockade.read import looked
from stockade.read.files import Tree, Unreadable
from stockade.value import Origin

TASK: Final = "var/task/"
"""Where the images that AWS publishes have a function's code; such paths lose it."""

MANY: Final = 300_000
UNPACKED: Final = 12_000_000_000
"""Bytes that the layers of one image may have together; Lambda takes 10 GB."""

_JSON: Final = 10_000_000
_WHITEOUT: Final = ".wh."
_OPAQUE: Final = ".wh..wh..opq"

_BROKEN: Final = (
    *(tarfile.TarError, EOFError, OSError, zlib.error),
    *(ValueError, LookupError, TypeError, AttributeError),
)
"""What reading something that only looks like an image may raise."""


def is_image(tree: Tree, path: Path) -> bool:
    """Whether a path is a saved image: by the files that such ones have."""
    if looked.is_directory(path):
        return looked.is_file(path / "oci-layout") or (
            looked.is_file(path / "manifest.json") and looked.is_file(path / "index.json")
        )
    try:
        head = tree.begin(path, 512)
    except Unreadable:
        return False
    return head[257:262] == b"ustar" or head[:2] == b"\x1f\x8b"


def image(tree: Tree, path: Path, origin: Origin) -> Package:
    """A saved image. Raises ``Unreadable`` for what is none."""
    try:
        if looked.is_directory(path):
            return _image(_Directory(tree, path), tree.shown(path), origin)
        return _image(_Archive(tree, path), tree.shown(path), origin)
    except _BROKEN as error:
        raise Unreadable(
            f"it is no image that can be read: {str(error).lower() or type(error).__name__}"
        ) from None


class _Directory:
    """An image as a directory."""

    def __init__(self, tree: Tree, root: Path) -> None:
        self._tree = tree
        self._root = root

    def open(self, name: str) -> IO[bytes]:
        return self._tree.open(self._root / name)

    def has(self, name: str) -> bool:
        return looked.is_file(self._root / name)


class _Archive:
    """An image as a tar file, compressed or not; its members are read where they stand."""

    def __init__(self, tree: Tree, path: Path) -> None:
        self._tree = tree
        self._path = path
        self._members: dict[str, tarfile.TarInfo] = {}
        with tree.open(path) as file, _tar(file) as opened:
            for member in opened:
                if member.isfile() or member.islnk() or member.issym():
                    self._members[member.name.removeprefix("./")] = member
                if len(self._members) > MANY:
                    raise Unreadable(f"it has more than {MANY:,} files")

    def open(self, name: str) -> IO[bytes]:
        member = self._members.get(name)
        if member is None:
            raise Unreadable(f"`{name}` is missing in it")
        file = self._tree.open(self._path)
        opened = _tar(file)
        content = opened.extractfile(member)
        if content is None:
            raise Unreadable(f"`{name}` in it is no file")
        return content

    def has(self, name: str) -> bool:
        return name in self._members


def _tar(file: IO[bytes]) -> tarfile.TarFile:
    head = file.read(2)
    file.seek(0)
    if head == b"\x1f\x8b":
        return tarfile.open(fileobj=gzip.GzipFile(fileobj=file), mode="r:")
    return tarfile.open(fileobj=file, mode="r:")


class _Laid:
    """What is seen of layers that lie one upon another. Raises ``Unreadable`` where it is too much."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.places: dict[str, tuple[int, str]] = {}
        self.troubles: list[Trouble] = []
        self._total = 0

    def lay(self, number: int, opened: tarfile.TarFile) -> None:
        """Lay one more layer upon those that lie there."""
        upper: dict[str, Entry] = {}
        hidden: list[str] = []
        for member in opened:
            name = member.name.removeprefix("./").lstrip("/")
            self._total += member.size
            if self._total > UNPACKED or len(self.entries) + len(upper) > MANY:
                raise Unreadable("it is larger than what Lambda takes")
            if ".." in name.split("/"):
                self.troubles.append(Trouble(name, "its path leads out of the image", hostile=True))
                continue
            base = name.rpartition("/")[2]
            if base == _OPAQUE:
                hidden.append(name.removesuffix(_OPAQUE))
            elif base.startswith(_WHITEOUT):
                gone = name.removesuffix(base) + base.removeprefix(_WHITEOUT)
                hidden += (gone, f"{gone}/")
            elif member.isfile() or member.issym() or member.islnk():
                size, link = (member.size, None) if member.isfile() else (0, member.linkname)
                upper[name] = Entry(name, size, None, link, member.mode & 0o7777)
        for name in [name for name in self.entries if _is_hidden(name, hidden)] if hidden else ():
            del self.entries[name], self.places[name]
        self.entries |= upper
        self.places |= {name: (number, name) for name in upper}


def _image(source: _Directory | _Archive, shown: str, origin: Origin) -> Package:
    layers = _layers(source)
    laid = _Laid()
    for number, layer in enumerate(layers):
        with source.open(layer) as file, _tar(file) as opened:
            laid.lay(number, opened)
    listed: dict[str, Entry] = {}
    where: dict[str, tuple[int, str]] = {}
    for name, entry in sorted(laid.entries.items(), key=lambda pair: pair[0]):
        path = name.removeprefix(TASK)
        listed[path] = Entry(path, entry.size, None, entry.link, entry.mode)
        where[path] = laid.places[name]

    def opener(path: str, size: int) -> bytes:
        if path not in where:
            raise Unreadable("there is no such file")
        number, name = where[path]
        with source.open(layers[number]) as file, _tar(file) as opened:
            for member in opened:
                if member.name.removeprefix("./").lstrip("/") == name:
                    content = opened.extractfile(member) if member.isfile() else None
                    return content.read(size) if content is not None else b""
        raise Unreadable("it is missing in its layer")

    return Package(
        form=Form.IMAGE,
        path=shown,
        base=f"{shown}/",
        entries=tuple(listed[path] for path in sorted(listed)),
        origin=origin,
        opener=_Kept(opener, layers, source, where),
        tool="image",
        troubles=tuple(laid.troubles),
    )


def _is_hidden(name: str, hidden: list[str]) -> bool:
    return any(name == one or (one.endswith("/") and name.startswith(one)) for one in hidden)


class _Kept:
    """Reads files of layers; a layer is gone through once for all its small files, which are remembered."""

    SMALL: Final = 300_000
    MEMORY: Final = 64_000_000

    def __init__(
        self,
        opener: Callable[[str, int], bytes],
        layers: list[str],
        source: _Directory | _Archive,
        where: dict[str, tuple[int, str]],
    ) -> None:
        self._opener = opener
        self._layers = layers
        self._source = source
        self._where = where
        self._read: dict[int, dict[str, bytes]] = {}
        self._left = self.MEMORY

    def __call__(self, path: str, size: int) -> bytes:
        place = self._where.get(path)
        if place is None:
            raise Unreadable("there is no such file")
        number, name = place
        if number not in self._read:
            self._read[number] = dict(self._small(number))
        found = self._read[number].get(name)
        return found[:size] if found is not None else self._opener(path, size)

    def _small(self, number: int) -> Iterator[tuple[str, bytes]]:
        wanted = {name for layer, name in self._where.values() if layer == number and _is_telling(name)}
        with self._source.open(self._layers[number]) as file, _tar(file) as opened:
            for member in opened:
                name = member.name.removeprefix("./").lstrip("/")
                if (
                    name in wanted
                    and member.isfile()
                    and member.size <= self.SMALL
                    and self._left > member.size
                ):
                    content = opened.extractfile(member)
                    self._left -= member.size
                    yield name, content.read() if content is not None else b""


def _is_telling(name: str) -> bool:
    """The files that are asked for in any case: lists of what is installed, and the function's own."""
    return name.endswith(("/METADATA", "/PKG-INFO", "/package.json", "/RECORD", "/top_level.txt")) or (
        name.startswith(TASK) and "/node_modules/" not in name
    )


def _layers(source: _Directory | _Archive) -> list[str]:
    """The layers' names, lowest first; of an index of platforms the first image."""
    if source.has("manifest.json"):
        found = _json(source, "manifest.json")
        return [str(one) for one in found[0]["Layers"]]
    if not source.has("index.json"):
        raise Unreadable("it has neither `manifest.json` nor `index.json`")
    document = _json(source, "index.json")
    for _ in range(4):
        if "layers" in document:
            return [_blob(one["digest"]) for one in document["layers"]]
        document = _json(source, _blob(document["manifests"][0]["digest"]))
    raise Unreadable("its index leads to no image")


def _blob(digest: str) -> str:
    kind, _, value = str(digest).partition(":")
    if not value.isalnum() or not kind.isalnum():
        raise Unreadable("a digest in it is none")
    return f"blobs/{kind}/{value}"


def _json(source: _Directory | _Archive, name: str) -> Any:
    with source.open(name) as file:
        return json.loads(io.BytesIO(file.read(_JSON)).getvalue())

"""A directory of entries: each written whole or not at all, checked when it is read, and bounded in all.

An entry is one file, named by a digest of what it answers. It begins with a checksum, keyed with a secret of
the user's where there is one, so that what is broken, cut short or not ours is as if it were not there. It is
data and nothing else: reading it runs nothing. Several processes may use a directory at once, for an entry gets
its name by one rename; whoever finds it gone goes without. Those that were not used for longest are removed
when all together are more than the bound.
"""

from __future__ import annotations

import json
import os
import stat
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from hmac import compare_digest
from pathlib import Path
from typing import Any, Final

from stockade.errors import UsageError

BOUND: Final = 256 << 20
"""Bytes that all entries may have together."""

LARGEST: Final = 64 << 20
"""Bytes of one entry, packed; a larger one is not kept."""

_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""No link is followed, and nobody is waited for at the other end of a pipe."""

_UNPACKED: Final = 512 << 20
_MAGIC: Final = b"stockade-cache/1 "
_SUM: Final = 64
_UNFINISHED: Final = ".unfinished-"
_ABANDONED: Final = 60 * 60
"""Seconds after which nobody is still writing an unfinished entry."""
_TAG: Final = (
    b"Signature: 8a477f597d28d172789f06886806bc55\n# Kept by stockade; it may be deleted at any time.\n"
)
"""What tells tools for backups that a directory may be left out (bford.info/cachedir)."""


class Entries:
    """The entries of one directory, which need not be there yet. ``secret`` keys their checksums."""

    def __init__(self, directory: Path, secret: str = "", bound: int = BOUND) -> None:
        self._directory = directory / "v1"
        self._top = directory
        self._key = (
            blake2b(secret.encode("utf-8", "surrogateescape"), digest_size=32).digest() if secret else b""
        )
        self._bound = bound
        self._wrote = False

    def check(self) -> None:
        """Raise ``UsageError`` where others than the user may have written what is there."""
        for one in (self._top, self._directory):
            with suppress(FileNotFoundError, NotADirectoryError):
                info = one.stat()
                if hasattr(os, "geteuid") and info.st_uid != os.geteuid():
                    raise UsageError(f"the cache `{one}` belongs to another user", help=_ELSEWHERE)
                if os.name == "posix" and info.st_mode & 0o022:
                    help = f"`chmod -R go-w {self._top}`, if you trust what is there, or delete it"
                    raise UsageError(f"others may write into the cache `{one}`", help=help)

    # ------------------------------------------------------------------------------------- reading

    def get(self, name: str) -> tuple[Any, list[bytes]] | None:
        """The document and the blobs of an entry; ``None`` for none, and for what is not whole or not ours."""
        path = self._path(name)
        try:
            with os.fdopen(os.open(path, _FLAGS), "rb") as file:
                info = os.fstat(file.fileno())
                if not stat.S_ISREG(info.st_mode) or info.st_size > LARGEST:
                    return None
                data = file.read(LARGEST)
        except OSError:
            return None
        head = len(_MAGIC) + _SUM
        if not data.startswith(_MAGIC) or not compare_digest(
            data[len(_MAGIC) : head], self._sum(name, data[head:])
        ):
            return None
        found = _unpacked(data[head:])
        if found is not None:
            with suppress(OSError):
                os.utime(path)
        return found

    # ------------------------------------------------------------------------------------- writing

    def put(self, name: str, document: Any, blobs: Sequence[bytes] = ()) -> None:
        """Keep an entry. What cannot be written is not kept, and nothing is said of it: it is a cache."""
        body = _packed(document, blobs)
        if len(_MAGIC) + _SUM + len(body) > LARGEST:
            return
        from tempfile import mkstemp

        path = self._path(name)
        with suppress(OSError):
            self._make(path.parent)
            descriptor, unfinished = mkstemp(prefix=_UNFINISHED, dir=path.parent)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(_MAGIC + self._sum(name, body) + body)
                Path(unfinished).replace(path)
            except OSError:
                with suppress(OSError):
                    Path(unfinished).unlink()
                raise
            self._wrote = True

    def close(self, now: float) -> None:
        """Remove what was not used for longest, where there is more than the bound. ``now`` is in seconds."""
        if not self._wrote:
            return
        files = []
        for path, info in self._files():
            if path.name.startswith(_UNFINISHED):
                if now - info.st_mtime > _ABANDONED:
                    _remove(path)
            else:
                files.append((info.st_mtime_ns, info.st_size, path))
        total = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if total <= self._bound:
                break
            _remove(path)
            total -= size

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        for folder, _, names in os.walk(self._directory):
            for name in names:
                with suppress(OSError):
                    path = Path(folder, name)
                    yield path, path.lstat()

    def _make(self, folder: Path) -> None:
        if folder.is_dir():
            return
        for one in (*reversed(self._top.parents), self._top, self._directory, folder):
            with suppress(FileExistsError):
                one.mkdir(mode=0o700)
        tag = self._top / "CACHEDIR.TAG"
        if not tag.exists():
            tag.write_bytes(_TAG)

    def _path(self, name: str) -> Path:
        return self._directory / name[:2] / name

    def _sum(self, name: str, body: bytes) -> bytes:
        """What a body under a name has as its checksum: an entry that was renamed is not ours."""
        made = blake2b(name.encode(), digest_size=_SUM // 2, key=self._key)
        made.update(body)
        return made.hexdigest().encode()


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


_ELSEWHERE: Final = "give another directory: `--cache DIR`, or none: `--no-cache`"


def _packed(document: Any, blobs: Sequence[bytes]) -> bytes:
    head: Mapping[str, Any] = {"document": document, "blobs": [len(one) for one in blobs]}
    text = json.dumps(head, separators=(",", ":"), ensure_ascii=True).encode()
    return zlib.compress(b"".join((text, b"\n", *blobs)), 1)


def _unpacked(body: bytes) -> tuple[Any, list[bytes]] | None:
    unpacking = zlib.decompressobj()
    try:
        data = unpacking.decompress(body, _UNPACKED)
        if unpacking.unconsumed_tail or not unpacking.eof:
            return None
        at = data.index(b"\n") + 1
        head = json.loads(data[: at - 1])
        blobs = []
        for size in head["blobs"]:
            if type(size) is not int or size < 0:
                return None
            blobs.append(data[at : at + size])
            at += size
        return (head["document"], blobs) if at == len(data) else None
    except (zlib.error, ValueError, LookupError, TypeError, RecursionError, MemoryError):
        return None

"""Files written so that each is the old one or the new one, whatever happens in between.

All new contents lie on the disk, under names of their own, before the first file is replaced; a replacement is
one step of the file system. Who is stopped between two files has some old and some new, and may begin again.
"""

from __future__ import annotations

import glob
import os
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from stockade.errors import EditError
from stockade.patched import Changed


def write(files: Sequence[Changed]) -> None:
    """Replace files by what they are to hold, each keeping its mode.

    Raises ``EditError``, before anything is replaced, for a file that no longer holds what was read, or that
    cannot be written. What was prepared is removed again.
    """
    waiting: list[tuple[Path, Path]] = []
    try:
        for one in files:
            _swept(one.path)
            waiting.append((_prepared(one), one.path))
        for one in files:  # again, for preparing takes a while
            _unchanged(one)
        for made, path in waiting:
            made.replace(path)
        for folder in {one.path.parent for one in files}:
            _settle(folder)
    except OSError as error:
        shown = next((one.shown for one in files if str(one.path) in (error.filename, error.filename2)), None)
        reason = (error.strerror or "the system refused").lower()
        what = f"`{shown}`" if shown else "a file"
        raise EditError(f"{what} cannot be written: {reason}") from None
    finally:
        for made, _ in waiting:
            with suppress(OSError):
                made.unlink(missing_ok=True)


_SUFFIX: Final = ".stockade~"


def _swept(path: Path) -> None:
    """Remove what a run left beside a file that was killed before it could."""
    for one in path.parent.glob(f".{glob.escape(path.name)}.*{_SUFFIX}"):
        with suppress(OSError):
            one.unlink()


def _prepared(file: Changed) -> Path:
    """The new content on the disk, beside the file."""
    _unchanged(file)
    if not os.access(file.path, os.W_OK):
        raise EditError(f"`{file.shown}` cannot be written: it is read-only")
    mode = stat.S_IMODE(file.path.stat().st_mode)
    descriptor, name = tempfile.mkstemp(prefix=f".{file.path.name}.", suffix=_SUFFIX, dir=file.path.parent)
    made = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(file.new)
            out.flush()
            os.fsync(out.fileno())
        made.chmod(mode)
    except OSError:
        made.unlink(missing_ok=True)
        raise
    return made


def _unchanged(file: Changed) -> None:
    try:
        now = file.path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "the system refused").lower()
        raise EditError(f"`{file.shown}` cannot be read any more: {reason}") from None
    if now != file.old:
        raise EditError(f"`{file.shown}` has changed since it was read", help="run the command again")


def _settle(folder: Path) -> None:
    """Have the names on the disk as well; not every system can be asked for that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

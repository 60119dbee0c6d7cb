"""One line on a terminal that says how far a long reading has come, and leaves nothing behind."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from threading import Lock, Timer
from typing import Final, TextIO

from stockade.show.escape import escape

PATIENCE = 1.0
"""Seconds of work after which a person wants to know."""

MANY_OBJECTS: Final = 3_000_000
"""Objects that finished inputs may leave behind before they are collected."""


def columns() -> int:
    """How wide the terminal is."""
    from shutil import get_terminal_size

    return get_terminal_size().columns


@contextmanager
def watched(*, told: bool = True) -> Iterator[Callable[[int, int, str], None]]:
    """What is called between the inputs of a scan: it says how far it is, and collects what is left over.

    ``told`` says whether somebody watches: the terminal of a fleet's worker is its command's.
    """
    stream = sys.stderr if told else StringIO()
    line = ProgressLine(stream, columns() if stream.isatty() else 0)

    def between(done: int, total: int, next_one: str) -> None:
        if done < total and gc.get_count()[0] > MANY_OBJECTS:
            gc.collect()
        line(done, total, next_one)

    try:
        yield between
    finally:
        line.clear()


class ProgressLine:
    """Shows itself once work has taken a second, on a terminal only; ``clear`` ends it."""

    def __init__(self, stream: TextIO, width: int) -> None:
        self._stream = stream
        self._width = width
        self._text = ""
        self._shown = self._ended = False
        self._lock = Lock()
        self._timer = Timer(PATIENCE, self._begin)
        self._timer.daemon = True
        if stream.isatty():
            self._timer.start()
        else:
            self._ended = True

    def __call__(self, done: int, total: int, next_one: str) -> None:
        """Say how many are done, of how many, and which is next."""
        bar = "=" * (20 * done // total) if total else ""
        text = f"[{bar:<20}] {done} of {total}  {escape(next_one)}"
        encoding = self._stream.encoding or "ascii"
        self._text = text[: self._width - 1].encode(encoding, "backslashreplace").decode(encoding)
        if self._shown:
            self._write(self._text)

    def clear(self) -> None:
        """Take the line away, for good."""
        self._timer.cancel()
        with self._lock:
            self._ended = True
            if self._shown:
                self._shown = False
                self._write("")

    def _begin(self) -> None:
        with self._lock:
            if not self._ended:
                self._shown = True
                self._write(self._text)

    def _write(self, text: str) -> None:
        self._stream.write(f"\r\x1b[K{text}")
        self._stream.flush()

"""One line on a terminal that says how far a long reading has come, and leaves nothing behind."""

from __future__ import annotations

import time
from typing import TextIO

from stockade.show.escape import escape

PATIENCE = 1.0
"""Seconds of work after which a person wants to know."""


class ProgressLine:
    """Shows itself once work takes over a second, on a terminal only."""

    def __init__(self, stream: TextIO, width: int) -> None:
        self._stream = stream
        self._width = width
        self._shown = False
        self._since = time.monotonic()
        self._terminal = stream.isatty()

    def __call__(self, done: int, total: int, next_one: str) -> None:
        if not self._terminal or time.monotonic() - self._since < PATIENCE:
            return
        bar = "=" * (20 * done // total) if total else ""
        line = f"[{bar:<20}] {done} of {total}  {escape(next_one)}"
        encoding = self._stream.encoding or "ascii"
        line = line[: self._width - 1].encode(encoding, "backslashreplace").decode(encoding)
        self._stream.write(f"\r\x1b[K{line}")
        self._stream.flush()
        self._shown = True

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._shown = False

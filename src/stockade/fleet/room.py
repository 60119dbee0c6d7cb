"""How many functions are under way in one process: what bounds its memory, however many accounts it reads.

What a worker holds of an account and region grows with its functions, from when they are listed until all of
them are decided. Who would be too many waits until others are done, in the order in which they came, so that a
large one is not passed by small ones for ever. One that is larger than the room itself is read with nothing
beside it: its own size is then what decides.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Final

FUNCTIONS: Final = 2000
"""Functions under way in a process: some 200 MB, and as many as sixteen regions of a hundred need."""


class Room:
    """Room for so many functions. Threads take of it, and give back all that they took when they are done."""

    def __init__(self, functions: int = FUNCTIONS) -> None:
        self._whole = self._left = max(1, functions)
        self._changed = Condition()
        self._waiting: deque[object] = deque()

    @contextmanager
    def taken(self) -> Iterator[Callable[[int], None]]:
        """What takes room for the functions of one reading, and waits for it; it is called once at most."""
        mine = 0

        def take(functions: int) -> None:
            nonlocal mine
            wanted = min(functions, self._whole)
            ticket = object()
            with self._changed:
                self._waiting.append(ticket)
                self._changed.wait_for(lambda: self._waiting[0] is ticket and self._left >= wanted)
                self._waiting.popleft()
                self._left -= wanted
                mine = wanted
                self._changed.notify_all()  # the next one may fit as well

        try:
            yield take
        finally:
            with self._changed:
                self._left += mine
                self._changed.notify_all()

"""How many functions are under way in one process: what bounds its memory, however many accounts it reads.

What a worker holds of an account and region grows with its functions, from when they are listed until all of
them are decided. Who would be too many waits until others are done, in the order in which they came, so that
none is passed by for ever. AWS's quotas have a region of thousands take most of an hour: small ones have a lane
of their own, so that they go on beside it. One that is larger than its lane is read with none of the large
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
_SMALL: Final = 4
"""The lane of the small ones is such a part of the room; small is who needs such a part of that lane."""


class Room:
    """Room for so many functions. Threads take of it, and give back all that they took when they are done."""

    def __init__(self, functions: int = FUNCTIONS) -> None:
        self._small = _Lane(functions // _SMALL)
        self._large = _Lane(functions - functions // _SMALL)

    @contextmanager
    def taken(self) -> Iterator[Callable[[int], None]]:
        """What takes room for the functions of one reading, and waits for it; it is called once at most."""
        mine: list[tuple[_Lane, int]] = []

        def take(functions: int) -> None:
            lane = self._small if functions * _SMALL <= self._small.whole else self._large
            mine.append((lane, lane.take(functions)))

        try:
            yield take
        finally:
            for lane, functions in mine:
                lane.give(functions)


class _Lane:
    """A part of a room, which those that wait for it get in the order in which they came."""

    def __init__(self, functions: int) -> None:
        self.whole = self.left = max(1, functions)
        self.waiting: deque[object] = deque()
        self._changed = Condition()

    def take(self, functions: int) -> int:
        """What was taken, when there is room for it."""
        wanted = min(functions, self.whole)
        ticket = object()
        with self._changed:
            self.waiting.append(ticket)
            self._changed.wait_for(lambda: self.waiting[0] is ticket and self.left >= wanted)
            self.waiting.popleft()
            self.left -= wanted
            self._changed.notify_all()  # the next one may fit as well
        return wanted

    def give(self, functions: int) -> None:
        with self._changed:
            self.left += functions
            self._changed.notify_all()

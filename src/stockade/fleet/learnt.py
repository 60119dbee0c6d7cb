"""When a process forgets what it remembers of texts: the names of a thousand accounts never end."""

from __future__ import annotations

from typing import Final

from stockade.memory import forget

EVERY: Final = 5000
"""Functions after which all is learnt anew, which takes less than reading one of them."""


class Learnt:
    """Counts the functions that a process has decided. One thread at a time may tell it."""

    def __init__(self, every: int = EVERY) -> None:
        self._every, self._since = every, 0

    def decided(self, functions: int) -> None:
        """So many functions more; forgets all that was remembered where that is enough."""
        self._since += functions
        if self._since >= self._every:
            self._since = 0
            forget()

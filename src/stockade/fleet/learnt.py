"""What a process has learnt of single texts, emptied now and then: the names of a thousand accounts never end.

Matching remembers of each text what it is (`lru_cache`): in one scan the same policies are asked about again
and again. These caches are bounded, for the largest scan of one machine; a process that reads account after
account would fill every one of them with texts that never come again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from typing import Any, Final

EVERY: Final = 5000
"""Functions after which all is learnt anew, which takes less than reading one of them."""
LARGE: Final = 1024
"""Entries of a cache that is one of texts; smaller ones hold what was opened, or a vocabulary."""


class Learnt:
    """Counts the functions that a process has decided. One thread at a time may tell it."""

    def __init__(self, every: int = EVERY) -> None:
        self._every, self._since = every, 0

    def decided(self, functions: int) -> None:
        """So many functions more; empties the caches where that is enough."""
        self._since += functions
        if self._since >= self._every:
            self._since = 0
            for one in caches():
                one.cache_clear()


def caches() -> Iterator[_lru_cache_wrapper[Any]]:
    """The large bounded caches of all of our modules that are imported."""
    for name, module in list(sys.modules.items()):
        if name.startswith("stockade."):
            for one in list(vars(module).values()):
                if isinstance(one, _lru_cache_wrapper) and (one.cache_info().maxsize or 0) >= LARGE:
                    yield one

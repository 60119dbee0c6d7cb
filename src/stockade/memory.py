"""What is remembered of texts that were met, each function's in a cache of its own, and all forgotten at once.

One scan asks about the same policies, names and versions again and again. Every cache is bounded, for the
largest scan of one machine; who reads account after account forgets now and then, or texts that never
come again would fill all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import _lru_cache_wrapper, lru_cache
from typing import Any, Final, TypeVar

T = TypeVar("T")

_MADE: Final[list[_lru_cache_wrapper[Any]]] = []


def remembered(most: int) -> Callable[[Callable[..., T]], _lru_cache_wrapper[T]]:
    """``functools.lru_cache`` of so many answers, which ``forget`` empties; they hang on nothing else."""

    def made(function: Callable[..., T]) -> _lru_cache_wrapper[T]:
        _MADE.append(cache := lru_cache(most)(function))
        return cache

    return made


def memories() -> Sequence[_lru_cache_wrapper[Any]]:
    """The caches of all modules that are imported."""
    return _MADE


def forget() -> None:
    """Empty all of them: what is asked next is found out again."""
    for one in _MADE:
        one.cache_clear()

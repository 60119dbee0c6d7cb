"""How fast calls may be made: a bucket of tokens for each account, region and quota.

AWS's quotas are shared with whoever deploys and scales, so that a reader takes a share of them only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, Final

from stockade.read.account.calls import Quota

BURST = 1.0
"""Seconds' worth of calls that may be made at once after a pause."""


class Bucket:
    """Lets ``rate`` calls a second through, in the order they come, each after the wait that it was given.

    One thread at a time may ask it.
    """

    __slots__ = ("_clock", "_every", "_free")

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        self._every = 1 / rate
        self._clock = clock
        self._free = clock() - BURST

    def next(self) -> float:
        """Give a token to somebody who waits for it: the seconds until it counts."""
        now = self._clock()
        at = max(self._free, now - BURST)
        self._free = at + self._every
        return max(0.0, self._free - now)

    @property
    def is_full(self) -> bool:
        """Whether nobody has taken of it for so long that it is as a new one."""
        return self._free <= self._clock() - BURST


_FEW: Final = 64
"""Buckets that nobody looks through for full ones."""


class Buckets:
    """Buckets by what they are of, made when somebody first asks, and forgotten some time after they are full.

    Any thread may ask. Who reads account after account keeps those in use, not one for each quota of all.
    """

    def __init__(self, clock: Callable[[], float], few: int = _FEW) -> None:
        self._clock = clock
        self._few = self._look_at = few
        self._lock = Lock()
        self._kept: dict[tuple[Any, ...], Bucket] = {}

    def next(self, key: tuple[Any, ...], rate: float) -> float:
        """Give a token of one that fills with ``rate`` a second: the seconds until it counts."""
        with self._lock:  # until it is given, lest the bucket be forgotten in between
            bucket = self._kept.get(key)
            if bucket is None:
                if len(self._kept) >= self._look_at:
                    self._kept = {of: one for of, one in self._kept.items() if not one.is_full}
                    self._look_at = max(self._few, 2 * len(self._kept))
                bucket = self._kept[key] = Bucket(rate, self._clock)
            return bucket.next()

    @property
    def kept(self) -> Mapping[tuple[Any, ...], Bucket]:
        return self._kept


class Pace:
    """The buckets of one scan. ``share`` is the part of every quota that may be taken, over 0 and up to 1."""

    def __init__(self, share: float, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._share, self._sleep = share, sleep
        self._buckets = Buckets(clock)

    def take(self, account: str, region: str, quota: Quota) -> None:
        """Wait until one more call may be made out of a quota."""
        wait = self._buckets.next((account, region, quota.name), quota.rate * self._share)
        if wait > 0:
            self._sleep(wait)

    def pause(self, seconds: float) -> None:
        """Wait, as for an answer that takes AWS some time."""
        self._sleep(seconds)

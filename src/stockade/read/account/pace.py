"""How fast calls may be made: a bucket of tokens for each account, region and quota.

AWS's quotas are shared with whoever deploys and scales, so that a reader takes a share of them only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock

from stockade.read.account.calls import Quota

BURST = 1.0
"""Seconds' worth of calls that may be made at once after a pause."""


class Bucket:
    """Lets ``rate`` calls a second through, in the order they come, each after the wait that it was given."""

    def __init__(self, rate: float, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._every = 1 / rate
        self._clock, self._sleep = clock, sleep
        self._lock = Lock()
        self._free = clock() - BURST

    def take(self) -> None:
        """Wait for a token."""
        wait = self.next()
        if wait > 0:
            self._sleep(wait)

    def next(self) -> float:
        """Give a token to somebody who waits for it elsewhere: the seconds until it counts."""
        with self._lock:
            now = self._clock()
            at = max(self._free, now - BURST)
            self._free = at + self._every
            return max(0.0, self._free - now)


class Pace:
    """The buckets of one scan. ``share`` is the part of every quota that may be taken, over 0 and up to 1."""

    def __init__(self, share: float, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._share, self._clock, self._sleep = share, clock, sleep
        self._lock = Lock()
        self._buckets: dict[tuple[str, str, str], Bucket] = {}

    def take(self, account: str, region: str, quota: Quota) -> None:
        """Wait until one more call may be made out of a quota."""
        key = (account, region, quota.name)
        with self._lock:
            bucket = self._buckets.get(key)
            if bucket is None:
                bucket = self._buckets[key] = Bucket(quota.rate * self._share, self._clock, self._sleep)
        bucket.take()

    def pause(self, seconds: float) -> None:
        """Wait, as for an answer that takes AWS some time."""
        self._sleep(seconds)

    @property
    def buckets(self) -> Mapping[tuple[str, str, str], Bucket]:
        """By account, region and the name of the quota."""
        return self._buckets

"""Values that are fetched once for everybody, renewed before they are old, and kept through an outage."""

from __future__ import annotations

import os
from _thread import allocate_lock, start_new_thread
from time import monotonic

from ._secret import NotFetched, Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from typing import Any

PATIENCE = 30.0
"""Seconds after which a fetch counts as lost: the thread that made it may be frozen with its sandbox."""
BACKOFF, LONGEST_BACKOFF = 0.5, 30.0
"""Seconds without another try after one failure, doubled with each, and at most."""
QUIET = 1.0
"""Seconds within which nothing is fetched anew on demand: failing logins must not become a flood of calls."""


def chance() -> float:
    """A number in [0, 1), without the half megabyte that ``random`` imports."""
    return int.from_bytes(os.urandom(4), "big") / 2**32


class Entry:
    """One fetched value; times are on the cache's clock. ``members`` are what was taken out of its JSON."""

    __slots__ = ("ahead", "fetched", "fresh", "members", "secret", "size")

    def __init__(self, secret: Secret, fetched: float, ahead: float, fresh: float) -> None:
        self.secret = secret
        self.fetched = fetched
        self.ahead = ahead  # from here on it is renewed in the background
        self.fresh = fresh  # from here on it is old
        self.size = len(secret.binary)
        self.members: dict[str, Secret] = {}


class _Flight:
    """A fetch under way. Its lock is held until it has landed."""

    __slots__ = ("error", "landed", "started")

    def __init__(self, started: float) -> None:
        self.started = started
        self.error: NotFetched | None = None
        self.landed = allocate_lock()
        self.landed.acquire()


class Cache:
    """Entries by key. ``ttl`` is shortened by up to ``jitter`` of itself, so that sandboxes that started
    together don't ask together; ``ahead`` is the part of it after which a value is renewed in the background,
    1 for never. A failing renewal leaves the old value in use for ``stale`` seconds more, if the
    failure is one that passes. No more than ``limit`` entries or ``limit_bytes`` bytes are kept, the oldest go.
    """

    def __init__(
        self,
        ttl: float = 300.0,
        jitter: float = 0.1,
        ahead: float = 0.8,
        stale: float = 3600.0,
        limit: int = 256,
        limit_bytes: int = 4 * 2**20,
        clock: Callable[[], float] = monotonic,
        chance: Callable[[], float] = chance,
        spawn: Callable[[Callable[[], None], tuple[()]], object] = start_new_thread,
    ) -> None:
        self.entries: dict[Hashable, Entry] = {}
        self.clock = clock
        self.stale = stale
        self._ttl, self._jitter, self._ahead = ttl, jitter, ahead
        self._limit, self._limit_bytes = limit, limit_bytes
        self._chance, self._spawn = chance, spawn
        self._bytes = 0
        self.reset()

    def reset(self) -> None:
        """Forget what was under way: after a fork nobody is left to finish it, or to release a lock."""
        self._lock = allocate_lock()
        self._flights: dict[Hashable, _Flight] = {}
        self._failures: dict[Hashable, tuple[int, float, NotFetched]] = {}

    def clear(self) -> None:
        """Forget everything."""
        self.reset()
        with self._lock:
            self.entries.clear()
            self._bytes = 0

    def get(self, key: Hashable, fetch: Callable[[], Secret], max_age: float | None = None) -> Entry:
        """The entry of a key that is not fresh beyond doubt: the caller has looked into ``entries``.

        One thread fetches. At expiry the others go on with the old value; where there is none
        they wait. Raises ``NotFetched`` where nothing can be had.
        """
        now = self.clock()
        with self._lock:
            entry = self.entries.get(key)
            if entry is not None and entry.fetched > now:  # the clock went back, as after a restore
                entry = None
            fresh = entry is not None and (
                now < entry.fresh if max_age is None else now - entry.fetched < max_age
            )
            if fresh and entry is not None and (max_age is not None or now < entry.ahead):
                return entry
            kept = entry if entry is not None and now < entry.fresh + self.stale else None
            flight = self._flights.get(key)
            if flight is not None and now - flight.started < PATIENCE:
                mine = None
            elif (failed := self._failures.get(key)) is not None and failed[
                1
            ] - LONGEST_BACKOFF <= now < failed[1]:
                if kept is not None and max_age is None:
                    return kept
                raise NotFetched(str(failed[2]), failed[2].code)
            else:
                mine = flight = self._flights[key] = _Flight(now)
        if mine is not None and fresh and kept is not None:
            return self._behind(key, fetch, mine, kept)
        if mine is not None:
            return self._fly(key, fetch, mine, kept if max_age is None else None)
        if kept is not None and max_age is None:
            return kept
        return self._wait(key, flight)

    def put(self, key: Hashable, secret: Secret) -> Entry:
        """Keep a value that was just fetched."""
        now = self.clock()
        ttl = self._ttl * (1 - self._jitter * self._chance())
        entry = Entry(secret, now, now + ttl * self._ahead, now + ttl)
        with self._lock:
            self._failures.pop(key, None)
            self._remove(key)
            self.entries[key] = entry
            self._bytes += entry.size
            while len(self.entries) > 1 and (
                len(self.entries) > self._limit or self._bytes > self._limit_bytes
            ):
                self._remove(next(iter(self.entries)))
        return entry

    def _remove(self, key: Hashable) -> None:
        old = self.entries.pop(key, None)
        if old is not None:
            self._bytes -= old.size

    def _wait(self, key: Hashable, flight: Any) -> Entry:
        if flight.landed.acquire(True, PATIENCE):
            flight.landed.release()
            if flight.error is not None:
                raise NotFetched(str(flight.error), flight.error.code)
            entry = self.entries.get(key)
            if entry is not None:
                return entry
        raise NotFetched(f"no answer came within {PATIENCE:.0f} seconds")

    def _behind(self, key: Hashable, fetch: Callable[[], Secret], flight: _Flight, kept: Entry) -> Entry:
        """Renew in the background. A failure is remembered, and met again when the value is old."""

        def run() -> None:
            try:
                self._fly(key, fetch, flight, kept)
            except NotFetched:
                pass  # in ``_failures``

        try:
            self._spawn(run, ())
        except RuntimeError:  # no more threads, or the interpreter ends: at expiry, then
            self._land(key, flight)
        return kept

    def _fly(self, key: Hashable, fetch: Callable[[], Secret], flight: _Flight, kept: Entry | None) -> Entry:
        try:
            entry = self.put(key, fetch())
        except NotFetched as error:
            flight.error = error
            with self._lock:
                times = self._failures[key][0] + 1 if key in self._failures else 1
                pause = min(BACKOFF * 2 ** (times - 1), LONGEST_BACKOFF) * (1 - self._jitter * self._chance())
                self._failures[key] = (times, self.clock() + pause, error)
                while len(self._failures) > self._limit:
                    del self._failures[next(iter(self._failures))]
                if not error.passing:  # access was taken away, or it is gone: an old copy is no answer
                    self._remove(key)
            if kept is None or not error.passing:
                raise
            return kept
        except BaseException as error:  # a defect, or an interrupt: whoever waits must hear of it
            flight.error = NotFetched(f"the fetch ended with {type(error).__name__}")
            raise
        finally:
            self._land(key, flight)
        return entry

    def _land(self, key: Hashable, flight: _Flight) -> None:
        with self._lock:
            if self._flights.get(key) is flight:
                del self._flights[key]
        flight.landed.release()

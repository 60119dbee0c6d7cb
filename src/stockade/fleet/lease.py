"""The pace of what all regions of an account share, kept across workers by the scheduler.

A quota of one region is spent by one task alone, on one worker, and is kept there. IAM's is spent by all
regions of an account wherever they are read: each call takes its turn from the scheduler, which all workers
speak to. The seconds until then come back, so that no two clocks are compared. A lost worker loses its turns.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from distributed import Scheduler, SchedulerPlugin, Worker
from distributed.utils import sync

from stockade.read.account.calls import Quota
from stockade.read.account.pace import Buckets, Pace

NAME: Final = "stockade-turns"
_TRIES: Final = 5
_PATIENCE: Final = 2.0
"""Seconds between tries to reach a scheduler that does not answer."""


class Turns:
    """Buckets by account and quota. The first who asks for one says how fast it fills."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._buckets = Buckets(clock)

    def next(self, account: str, quota: str, rate: float) -> float:
        """Seconds until the next call of this account may draw on the quota."""
        return self._buckets.next((account, quota), rate)


class Keeper(SchedulerPlugin):
    """Gives turns on the scheduler. Fleets that share a scheduler share the turns of an account, too."""

    idempotent = True

    async def start(self, scheduler: Scheduler) -> None:
        turns = Turns(time.monotonic)

        async def turn(account: str, quota: str, rate: float) -> float:
            return turns.next(account, quota, rate)

        scheduler.handlers["stockade_turn"] = turn


class SharedPace(Pace):
    """The pace of one worker: quotas of a region are kept here, those of a whole account by ``turn``."""

    def __init__(
        self,
        share: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        turn: Callable[[str, str, float], float],
    ) -> None:
        super().__init__(share, clock, sleep)
        self._turn = turn

    def take(self, account: str, region: str, quota: Quota) -> None:
        if not quota.everywhere:
            super().take(account, region, quota)
            return
        wait = self._turn(account, quota.name, quota.rate * self._share)
        if wait > 0:
            self._sleep(wait)


def turns_of(worker: Worker) -> Callable[[str, str, float], float]:
    """Turns from the scheduler of a worker, asked for from any of its threads."""

    async def ask(**of: Any) -> float:
        found: float = await worker.scheduler.stockade_turn(**of)
        return found

    def turn(account: str, quota: str, rate: float) -> float:
        for attempt in range(1, _TRIES + 1):
            try:
                found: float = sync(worker.loop, ask, account=account, quota=quota, rate=rate)
                return found
            except OSError:  # what Dask raises of connections
                if attempt == _TRIES:
                    raise
                time.sleep(_PATIENCE)
        raise AssertionError("the last try answered or raised")

    return turn

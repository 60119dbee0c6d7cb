"""Hands tasks to the workers, a few ahead of them, and says what became of each.

A worker that is lost takes several tasks with it, and Dask begins all of them anew elsewhere. One that was
under way each time is a *suspect*: it, or another beside it, ends workers. Suspects are read after everything
else, one for each worker, and those that were lost again one after the other with nothing beside them: a worker
that is lost then is nobody else's doing, and the task is given up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from itertools import zip_longest
from typing import Any, Final

from distributed import Client, Future, KilledWorker, as_completed

from stockade.errors import StockadeError
from stockade.fleet.tasks import Count, Done, State, Task, Work, grouped
from stockade.fleet.work import unread
from stockade.model.gap import Gap
from stockade.value import Default

_AHEAD: Final = 2
"""Tasks that are handed out for each that a worker can do at a time."""


_LOOK: Final = 0.05
"""Seconds between two looks at what is done."""
_ASK: Final = 5.0
"""Seconds between two questions who is there, each of which the scheduler has to answer."""
_PATIENCE: Final = 600.0
"""Seconds for which there may be no worker: they take minutes to begin where machines are made for them."""


class SchedulerLost(Exception):
    """There is no scheduler any more to speak to."""


class Drive:
    """One run of tasks. ``keep`` takes what came of each, ``tell`` how far all is, ``now`` is the clock.

    ``patience`` are the seconds for which there may be no worker at all.
    """

    def __init__(
        self,
        client: Client,
        work: Work,
        keep: Callable[[Task, Done], None],
        tell: Callable[[State], None],
        now: Callable[[], str],
        patience: float = _PATIENCE,
    ) -> None:
        self._client, self._work, self._keep, self._tell, self._now = client, work, keep, tell, now
        self._patience = patience
        self._done = self._total = 0
        self._count = Count()
        self._suspects: list[Task] = []

    def run(self, tasks: Sequence[Task], before: int = 0) -> None:
        """Have all tasks done; ``before`` are done already. Raises ``SchedulerLost``."""
        self._done, self._total = before, before + len(tasks)
        self._told()
        self._all(self._handed(tasks), self._room)
        suspects, self._suspects = self._suspects, []
        if len(suspects) > 1:
            self._all(self._alone(suspects), self._workers)
            suspects, self._suspects = self._suspects, []
        for one in suspects:
            self._all(self._alone([one]), lambda: 1)
            if self._suspects:
                self._suspects = []
                self._finish(one, self._lost(one))

    # ------------------------------------------------------------------------------------- handing out

    def _handed(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Future[Any]]]:
        """Tasks that are submitted as they are taken, those of an account after what they share.

        Regions of many accounts stand beside one another, for those of one account wait for one quota of IAM's;
        yet not of all, for what they share is kept until the last of them is done.
        """
        groups = grouped(tasks)
        side = max(1, self._room() // _AHEAD // 2)
        for begin in range(0, len(groups), side):
            some = groups[begin : begin + side]
            known: dict[str, Future[Any]] = {}
            shares = {one[0].account for one in some if len(one) > 1}
            for one in (each for row in zip_longest(*some) for each in row if each is not None):
                if self._work.shared is not None and one.account in shares and one.account not in known:
                    known[one.account] = self._submit(self._work.shared, one, self._work.asked)
                yield one, self._submit(self._work.one, one, self._work.asked, known.get(one.account))

    def _alone(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Future[Any]]]:
        """The same with nothing shared, so that what a task does it does itself."""
        for one in tasks:
            yield one, self._submit(self._work.one, one, self._work.asked, None)

    def _submit(self, work: Callable[..., Any], *of: Any) -> Future[Any]:
        try:
            return self._client.submit(work, *of, self._now(), pure=False)
        except (OSError, RuntimeError, CancelledError) as error:
            raise SchedulerLost(str(error)) from error

    def _all(self, handed: Iterator[tuple[Task, Future[Any]]], room: Callable[[], int]) -> None:
        """Have tasks done, as many at a time as there is room for."""
        under_way: dict[Any, Task] = {}
        coming = as_completed(loop=self._client.loop)

        def fill() -> None:
            while len(under_way) < max(1, room()):
                following = next(handed, None)
                if following is None:
                    return
                task, future = following
                under_way[future.key] = task
                coming.add(future)

        fill()
        for future in self._arriving(coming):
            task = under_way.pop(future.key)
            self._became(task, future)
            future.release()
            fill()

    def _arriving(self, coming: Any) -> Iterator[Future[Any]]:
        """What is done, as it is done. Raises ``SchedulerLost`` where there was no worker for too long."""
        there = looked = time.monotonic()
        while not coming.is_empty():
            if batch := coming.next_batch(block=False):
                yield from batch
                there = time.monotonic()
                continue
            time.sleep(_LOOK)
            now = time.monotonic()
            if now - looked < min(_ASK, self._patience):
                continue
            looked = now
            if self._client.status != "running" or self._known():
                there = now
            elif now - there > self._patience:
                raise SchedulerLost("it has had no worker for minutes")

    def _room(self) -> int:
        threads: int = sum(one["nthreads"] for one in self._known().values())
        return _AHEAD * max(1, threads)

    def _workers(self) -> int:
        return len(self._known())

    def _known(self) -> dict[str, Any]:
        """The workers that there are; none where the scheduler went away before it said so."""
        try:
            workers: dict[str, Any] = self._client.scheduler_info(n_workers=-1).get("workers", {})
        except (OSError, RuntimeError, CancelledError) as error:
            raise SchedulerLost(str(error) or type(error).__name__) from error
        return workers

    # ---------------------------------------------------------------------------------------- outcomes

    def _became(self, task: Task, future: Future[Any]) -> None:
        try:
            done = future.result()
        except KilledWorker:
            self._suspects.append(task)
            self._told()
            return
        except CancelledError as error:
            raise SchedulerLost("the connection to it was lost") from error
        except StockadeError as error:
            done = self._unread(task, error.message, error.help)
        except Exception as error:  # a defect in reading one account must not cost the others
            help = "this is a defect of Stockade: please report it"
            done = self._unread(task, f"reading it failed: {type(error).__name__}: {error}", help)
        self._finish(task, done)

    def _finish(self, task: Task, done: Done) -> None:
        self._keep(task, done)
        self._done += 1
        self._count += done.count
        self._told()

    def _lost(self, task: Task) -> Done:
        reason = "reading it ended its worker again and again, also with nothing beside it, and it was given up"
        help = "a worker with more memory may read it (`--memory`); scan it by itself to see what ends it"
        return self._unread(task, reason, help)

    def _unread(self, task: Task, reason: str, help: str | None) -> Done:
        gap = Gap(f"`{task.name}`", reason, Default("nothing of it was read"), help)
        return unread(task, self._work.asked, gap, self._now())

    def _told(self) -> None:
        workers = len(self._known()) if self._client.status == "running" else 0
        self._tell(State(self._done, self._total, workers, self._count, len(self._suspects)))

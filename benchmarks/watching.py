"""Watches a command and the processes below it while they run: processor time and memory, by role."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Final

import psutil

MB: Final = 2**20
_EVERY: Final = 1.0


@dataclass(slots=True)
class Used:
    """What the processes of one role took: seconds of processor time of all, and the largest memory of one."""

    seconds: dict[int, float] = field(default_factory=dict)
    peak: int = 0

    @property
    def total(self) -> float:
        """Seconds of processor time, up to one before each process ended."""
        return sum(self.seconds.values())


class Watched(threading.Thread):
    """The command itself (Dask's client, its scheduler and what minds the workers), and the workers.

    ``now`` is the memory of the largest worker and of the command when it was last looked at, so that whoever
    follows a run may write a row of them.
    """

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process = psutil.Process(process)
        self.command, self.workers = Used(), Used()
        self.now = (0, 0)
        self._roles: dict[int, Used | None] = {}

    def run(self) -> None:
        while self._process.is_running() and self._process.status() != psutil.STATUS_ZOMBIE:
            largest, own = 0, 0
            try:
                for one in (self._process, *self._process.children(recursive=True)):
                    used = self._role(one)
                    if used is None:
                        continue
                    spent, size = one.cpu_times(), one.memory_info().rss
                    used.seconds[one.pid] = spent.user + spent.system
                    used.peak = max(used.peak, size)
                    if used is self.workers:
                        largest = max(largest, size)
                    else:
                        own = max(own, size)
                self.now = largest, own
            except psutil.Error:
                pass  # it ended while it was looked at
            time.sleep(_EVERY)

    def _role(self, one: psutil.Process) -> Used | None:
        if one.pid not in self._roles:
            words = " ".join(one.cmdline())
            own = one.pid == self._process.pid
            is_worker = "spawn_main" in words or "dask_worker" in words
            self._roles[one.pid] = self.command if own else self.workers if is_worker else None
        return self._roles[one.pid]

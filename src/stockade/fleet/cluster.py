"""The workers of a fleet: processes of this machine, or those of a scheduler that is there already."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from tempfile import TemporaryDirectory
from typing import Any, Final

import dask
from distributed import Client, LocalCluster
from distributed.security import Security

from stockade import __version__
from stockade.errors import UsageError
from stockade.fleet.lease import NAME, Keeper
from stockade.records import dataclass

_BEARS_PROFILES: Final = (3, 11, 9)
_LOGGED: Final = 100
"""Entries of each of Dask's logs that are kept."""
_LOCAL: Final = {
    "distributed.scheduler.allowed-failures": 1,  # who was there when two workers were lost is read alone
    # To begin anew takes longer on a busy machine than the fifteen seconds after which Dask would give it up.
    "distributed.deploy.lost-worker-timeout": "15 minutes",
    "distributed.worker.memory.target": False,  # results leave at once: nothing is worth putting on a disk
    "distributed.worker.memory.spill": False,
    "distributed.nanny.pre-spawn-environ.MALLOC_ARENA_MAX": "2",  # one for each thread is never given back
    "distributed.worker.memory.pause": 0.8,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.worker.profile.enabled": False,  # see `_unprofiled`; it would cost, too
    "distributed.scheduler.http.routes": [],  # its pages would be open to all who are on this machine
    "distributed.worker.http.routes": [],
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.admin.tick.interval": "500ms",
    "distributed.worker.memory.monitor-interval": "500ms",
    # For Dask's own developers: of the thousand messages that it would keep, some hold what a task was handed.
    "distributed.admin.low-level-log-length": _LOGGED,
    "distributed.admin.log-length": _LOGGED,
    "distributed.admin.system-monitor.log-length": _LOGGED,
    "distributed.diagnostics.computations.max-history": 1,
}
_CONNECTING: Final = 30
"""Seconds in which a scheduler has to answer."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose workers are wanted: those of a scheduler, or ``workers`` processes here.

    ``at_once`` tasks are under way in each process, which ends and is begun anew above ``memory`` (a number and
    a unit, or ``auto`` for its part of the machine's).
    """

    scheduler: str | None = None
    workers: int = 1
    at_once: int = 8
    memory: str = "auto"


@contextmanager
def connected(wanted: Wanted) -> Iterator[Client]:
    """A client of the workers. Raises ``UsageError`` where there is no such scheduler of our version."""
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters of it the report says
    if wanted.scheduler is not None:
        with _remote(wanted.scheduler) as client:
            yield _unprofiled(_ready(client))
        return
    with dask.config.set(_LOCAL), TemporaryDirectory(prefix="stockade-") as folder:
        with _deaf():
            cluster = LocalCluster(
                n_workers=wanted.workers,
                threads_per_worker=wanted.at_once,
                memory_limit=wanted.memory,
                processes=True,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                local_directory=folder,
                silence_logs=logging.CRITICAL,
                security=Security.temporary(),  # whoever else is on this machine must not hand it tasks
            )
        with cluster, Client(cluster, set_as_default=False) as client:
            yield _ready(client)


@contextmanager
def _deaf() -> Iterator[None]:
    """Threads that begin in here, and the processes that these start, hear no Ctrl-C, now or later.

    A terminal sends it to all processes of a command. It is for the first alone, which ends the others: they
    would die by themselves, and each write on the terminal how.
    """
    if not hasattr(signal, "pthread_sigmask"):  # pragma: no cover - Windows has no such signals
        yield
        return
    resource_tracker.ensure_running()  # it would be begun by the first process, and let signals through to it
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _remote(address: str) -> Client:
    try:
        return Client(address, timeout=_CONNECTING, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        help = "`--scheduler` takes an address as `tcp://10.0.0.5:8786`; is it running, and may it be reached?"
        raise UsageError(f"the scheduler `{address}` does not answer: {reason}", help=help) from None


def _ready(client: Client) -> Client:
    """The client, after its scheduler gives turns and everybody is of one version."""
    try:
        client.register_plugin(Keeper(), name=NAME)
        there = client.run_on_scheduler(version_here)
        others = set(client.run(version_here).values())
    except Exception as error:  # whatever another installation raises while it takes ours apart
        reason = f"{type(error).__name__}: {error}".partition("\n")[0]
        help = f"install `stockade[fleet]=={__version__}` on it and on its workers"
        raise UsageError(f"the scheduler cannot be used: {reason}", help=help) from None
    odd = sorted({there, *others} - {__version__})
    if odd:
        help = f"install `stockade[fleet]=={__version__}` everywhere: one report is of one version"
        raise UsageError(f"the scheduler or its workers have stockade {', '.join(odd)}", help=help)
    return client


def _unprofiled(client: Client) -> Client:
    """The client, where no worker can be stopped for good by being profiled.

    Dask's profiler asks Python for the frames of all threads (``sys._current_frames``) a hundred times a
    second. Before 3.11.9 the garbage collector could come in between while another thread began, and then the
    process stood still: CPython's issue 106883.
    """
    if any(client.run(stoppable).values()):
        reason = "the scheduler's workers are profiled by Dask, which can stop them for good in their Python"
        help = (
            "begin them with `DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED=false`, or by Python 3.11.9 at least"
        )
        raise UsageError(reason, help=help)
    return client


def stoppable(**_: Any) -> bool:
    """Whether Dask profiles whoever runs this, by a Python that does not bear it."""
    return dask.config.get("distributed.worker.profile.enabled", False) and sys.version_info < _BEARS_PROFILES


def version_here(**_: Any) -> str:
    """The version of whoever runs this."""
    return __version__

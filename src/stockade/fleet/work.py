"""What a worker does with a task: the same reading and the same scan as on one machine, to rows of the store.

Reading waits for AWS, so that a worker reads many accounts and regions side by side, as many as have ``room``;
deciding is work for the processor, and memory: one world at a time is decided in each process.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Final

from stockade.control import Fails, Noise, Undecided
from stockade.fleet.learnt import Learnt
from stockade.fleet.room import Room
from stockade.fleet.tasks import Asked, Count, Done, Shared, Task
from stockade.model.gap import Gap
from stockade.model.vulnerability import Advisories
from stockade.model.world import World
from stockade.read.account import packages
from stockade.read.account.answer import Place
from stockade.read.account.calls import Call
from stockade.read.account.client import Account
from stockade.read.account.pace import Pace
from stockade.read.account.reader import KIND, ahead, read
from stockade.read.account.session import Sessions, Target, begun, reached
from stockade.read.inputs import Input
from stockade.read.resource import Reading
from stockade.records import dataclass
from stockade.report import Report
from stockade.scan import scan
from stockade.store.database import Database
from stockade.store.tables import rows
from stockade.value import Default

if TYPE_CHECKING:
    from distributed import Worker

DECIDING: Final = Lock()
"""Who decides in this process: one world at a time."""
_ROOM: Final = Room()
LEARNT: Final = Learnt()


def shared(task: Task, asked: Asked, at: str) -> Shared:
    """What all regions of a task's account share. What AWS does not answer is in it as well."""
    from stockade.consults import undecides

    place = Place(task.account, task.region, task.partition, at)
    with _account(task, asked) as account:
        return ahead(account, place, undecides(_controls(asked)))


def one(task: Task, asked: Asked, swept: Shared | None, at: str) -> Done:
    """An account and region, read and decided."""
    from stockade.consults import undecides
    from stockade.read.build import build

    needs = undecides(_controls(asked))
    with (
        _account(task, asked) as account,
        TemporaryDirectory(prefix="stockade-") as folder,
        _ROOM.taken() as listed,
    ):
        account.knows(swept or {})
        found = reached(
            account, task.role, task.region, Place(task.account, task.region, task.partition, at), at
        )
        if not isinstance(found, Target):
            return unread(task, asked, found[1], at)
        if found.place.account != task.account:
            return unread(task, asked, _stranger(task, found.place), at)
        code = packages.Wanted(Path(folder), packages.download) if asked.packages else None
        reading = read(found.account, found.place, needs, code, listed)
        with DECIDING:
            world = build(reading)
            made = Input(
                reading.kind, reading.path, len(reading.resources), world, reading.path, reading=reading
            )
            report = decided([made], asked, at)
            LEARNT.decided(len(report.functions))
            return done(report, asked)


def _stranger(task: Task, place: Place) -> Gap:
    reason = f"the worker's credentials are those of the account {place.account}"
    help = f"give every worker credentials of {task.account}, or a role there for it to assume"
    return Gap(f"`{task.name}`", reason, Default("nothing of it was read"), help)


def unread(task: Task, asked: Asked, gap: Gap, at: str) -> Done:
    """What is kept of a task of which nothing was read: its gap."""
    name, kind = task.name, "repository" if task.repository else KIND
    nothing = Reading(kind, name, (), (gap,))
    return done(decided([Input(kind, name, 0, World(gaps=(gap,)), name, reading=nothing)], asked, at), asked)


def decided(inputs: Sequence[Input], asked: Asked, at: str) -> Report:
    """The report of some inputs, as a scan of them would have it."""
    from stockade.controls import load
    from stockade.iam import catalog, managed
    from stockade.model import runtimes

    advisories, dates = known(asked.known, asked.advisories)
    return scan(
        inputs,
        load(),
        at=at,
        noise=Noise[asked.noise.upper()],
        only=asked.only,
        accepts=asked.accepts,
        accounts=asked.accounts,
        choices=asked.choices,
        checkov_skips=asked.checkov_skips,
        data={
            "iam": catalog.Catalog.load().date,
            "managed-policies": managed.date(),
            "runtimes": runtimes.as_of().isoformat(),
            **dates,
        },
        advisories=advisories,
    )


@lru_cache(4)
def known(directory: str, reports: tuple[tuple[str, str], ...]) -> tuple[Advisories | None, Mapping[str, str]]:
    """What is known of packages' vulnerabilities, and of which day, opened once in each process.

    Raises ``UsageError`` for a report that cannot be read here.
    """
    from stockade.advisories.sources import Together, opened

    given = [(Path(path), shown) for path, shown in reports]
    sources, dates = opened(Path(directory) if directory else None, given)
    return (Together(sources) if sources else None), dates


def done(report: Report, asked: Asked) -> Done:
    """The files that are kept of a report."""
    tables = rows(report, asked.run, asked.series)
    with TemporaryDirectory(prefix="stockade-") as folder:
        files = {}
        for table, listed in tables.items():
            path = Path(folder) / f"{table}.parquet"
            with _WRITING:
                _database().write(table, listed, path)
            files[table] = path.read_bytes()
    answers = Counter(type(one.outcome) for one in report.findings if one.suppressed is None)
    gaps = sum(not one.spare for one in report.gaps)
    return Done(files, Count(len(report.functions), answers[Fails], answers[Undecided], gaps))


_WRITING: Final = Lock()


@lru_cache(1)
def _database() -> Database:
    return Database("what was read cannot be written")


def _controls(asked: Asked) -> Sequence[str]:
    from stockade.controls import names

    return asked.only if asked.only is not None else names()


# ---------------------------------------------------------------------------------------- accounts


@dataclass
class _Kept:
    """An account while tasks of it are under way in this process."""

    account: Account
    users: int = 0


@dataclass
class _Open:
    """The accounts that are read in this process: their sessions and clients are large and slow to make."""

    lock: Lock = field(default_factory=Lock)
    kept: dict[tuple[str, str, str], _Kept] = field(default_factory=dict)
    sessions: dict[str | None, Sessions] = field(default_factory=dict)
    paces: dict[tuple[str, float], Pace] = field(default_factory=dict)


_OPEN: Final = _Open()


@contextmanager
def _account(task: Task, asked: Asked) -> Iterator[Account]:
    """A task's account, one for all of its tasks that are under way here."""
    here = _worker()
    with _OPEN.lock:
        key = (asked.run, task.account, task.role)
        kept = _OPEN.kept.get(key)
        if kept is None:
            kept = _OPEN.kept[key] = _Kept(_opened(task, asked, here))
        kept.users += 1
    try:
        yield kept.account.by_itself()
    finally:
        with _OPEN.lock:
            kept.users -= 1
            if not kept.users:
                _OPEN.kept.pop(key, None)


def _opened(task: Task, asked: Asked, here: Worker | None) -> Account:
    sessions = _OPEN.sessions.get(asked.profile)
    if sessions is None:
        sessions = _OPEN.sessions[asked.profile] = begun(asked.profile)
    of = (here.address if here else "", asked.share)
    pace = _OPEN.paces.get(of)
    if pace is None:
        pace = _OPEN.paces[of] = _pace(asked.share, here)
    session = sessions.base
    if task.role:
        session = sessions.assumed(task.role, asked.home or task.region, asked.external_id)
    return Account(sessions.clients(session), pace, _untold)


def _pace(share: float, here: Worker | None) -> Pace:
    """The pace of this process; of a worker's, what whole accounts share is kept by its scheduler."""
    if here is None:
        return Pace(share, time.monotonic, time.sleep)
    from stockade.fleet.lease import SharedPace, turns_of

    return SharedPace(share, time.monotonic, time.sleep, turns_of(here))


def _worker() -> Worker | None:
    """The worker whose task this is, if it is one's."""
    from distributed import get_worker

    try:
        return get_worker()
    except ValueError:
        return None


def _untold(place: Place, call: Call) -> None:
    """Who watches a fleet is told of tasks, not of calls."""

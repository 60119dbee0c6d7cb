"""A run of a fleet on the disk: piece by piece while it goes on, and then a run of the store as any other.

``fleet/‹run›/`` has the plan and a directory for each task that is done, named by account and region, which
gets its name by one rename: what is there is whole, and is there once. Who goes on with a run does what is not
there. When nothing is missing the pieces become the Parquet files of ``v‹version›/‹run›``, again by one rename.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from stockade.errors import StoreError, UsageError
from stockade.fleet.tasks import Done, Task
from stockade.records import dataclass
from stockade.store.database import Database, flush, is_parquet, quoted, settle
from stockade.store.tables import COLUMNS, VERSION

FLEET: Final = "fleet"
_PLAN: Final = "plan.json"
_UNFINISHED: Final = ".unfinished-"
_MOST: Final = 10_000
_GROUP: Final = {"runs": 64}
"""Rows that are read and written together: a row of ``runs`` has a whole report."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run was begun with. ``words`` are the options that decide what is asked, for whoever goes on."""

    version: str
    at: str
    series: str
    words: Mapping[str, Any]
    tasks: tuple[Task, ...]


class Journal:
    """One run below a store's directory."""

    def __init__(self, store: Path, run: str) -> None:
        self.store, self.run = store, run
        self.directory = store / FLEET / run

    @classmethod
    def begun(cls, store: Path, plan: Plan) -> Journal:
        """A new run. Raises ``StoreError`` where it cannot be written."""
        stem = f"fleet-{plan.at.replace(':', '').replace('-', '')}"
        try:
            (store / FLEET).mkdir(mode=0o700, parents=True, exist_ok=True)
            for number in range(1, _MOST):
                made = cls(store, stem if number == 1 else f"{stem}-{number}")
                if made.is_finished:
                    continue
                try:
                    made.directory.mkdir(mode=0o700)
                except FileExistsError:
                    continue
                made._write_plan(plan)
                return made
        except OSError as error:
            raise _refused(store, error) from None
        raise StoreError(f"this run cannot be kept in `{store}`: too many of one second are there")

    @classmethod
    def resumed(cls, store: Path, name: str) -> tuple[Journal, Plan]:
        """A run that was begun, by its name, the beginning of it, or ``latest``. Raises ``UsageError``."""
        listed = unfinished(store)
        found = [one for one in listed if one.startswith(name)]
        if name and (store / FLEET / name).is_dir():
            found = [name]
        if name == "latest":
            found = listed[-1:]
        if len(found) == 1:
            made = cls(store, found[0])
            return made, made.plan()
        if name != "latest" and cls(store, name).is_finished:
            raise UsageError(f"the run `{name}` is finished", help=f"`stockade report {name}` shows it")
        help = (
            f"there are {', '.join(f'`{one}`' for one in listed)}"
            if listed
            else "none was begun and not finished"
        )
        raise UsageError(f"no run `{name}` waits to be gone on with in `{store}`", help=help)

    @property
    def is_finished(self) -> bool:
        return next(self.store.glob(f"v*/{self.run}"), None) is not None

    def plan(self) -> Plan:
        """What it was begun with. Raises ``StoreError`` where that cannot be read."""
        try:
            said = json.loads((self.directory / _PLAN).read_text())
            tasks = tuple(Task(**one) for one in said["tasks"])
            return Plan(said["version"], said["at"], said["series"], said["words"], tasks)
        except (OSError, ValueError, KeyError, TypeError) as error:
            reason = type(error).__name__
            help = f"take `{self.directory}` away, and begin anew"
            raise StoreError(f"the plan of the run `{self.run}` cannot be read: {reason}", help=help) from None

    def missing(self, tasks: Sequence[Task]) -> list[Task]:
        """The tasks that are not done; a piece that is damaged is taken away, and so is missing."""
        out = []
        for one in tasks:
            folder = self.directory / one.folder
            if not folder.is_dir():
                out.append(one)
            elif not all(is_parquet(folder / f"{table}.parquet") for table in COLUMNS):
                shutil.rmtree(folder)
                out.append(one)
        return out

    def keep(self, task: Task, done: Done) -> None:
        """Keep what came of a task, whole or not at all, and once. Raises ``StoreError``."""
        folder = self.directory / task.folder
        try:
            folder.parent.mkdir(mode=0o700, exist_ok=True)
            beside = Path(mkdtemp(prefix=_UNFINISHED, dir=self.directory))
            try:
                for table, data in done.files.items():
                    path = beside / f"{table}.parquet"
                    path.write_bytes(data)
                    flush(path)
                settle(beside)
                if not folder.exists():
                    beside.rename(folder)
                settle(folder.parent)
            finally:
                shutil.rmtree(beside, ignore_errors=True)
        except OSError as error:
            raise _refused(self.store, error) from None

    def finish(self) -> None:
        """Make of the pieces a run of the store, and take them away. It is done once, whoever else does it."""
        version = self.store / f"v{VERSION}"
        try:
            version.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside = Path(mkdtemp(prefix=_UNFINISHED, dir=version))
            try:
                made = beside / self.run
                made.mkdir(mode=0o700)
                database = Database(f"the pieces of the run `{self.run}` cannot be put together")
                for table in COLUMNS:
                    self._gather(database, table, made / f"{table}.parquet")
                settle(made)
                if not self.is_finished:
                    made.rename(version / self.run)
                settle(version)
            finally:
                shutil.rmtree(beside, ignore_errors=True)
            shutil.rmtree(self.directory, ignore_errors=True)
        except OSError as error:
            raise _refused(self.store, error) from None

    def _gather(self, database: Database, table: str, to: Path) -> None:
        """One file of all pieces, row group by row group, however many there are."""
        pieces = sorted(self.directory.glob(f"*/{table}.parquet")) + sorted(
            self.directory.glob(f"*/*/{table}.parquet")
        )
        files = ", ".join(map(quoted, (one for one in pieces if not one.parent.name.startswith("."))))
        columns = ", ".join(f'"{name}"' for name in COLUMNS[table])
        size = _GROUP.get(table, 100_000)
        database.asked(
            f"COPY (SELECT {columns} FROM read_parquet([{files}], hive_partitioning = false)) "
            f"TO {quoted(to)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {size})"
        )
        flush(to)

    def _write_plan(self, plan: Plan) -> None:
        said = {**asdict(plan), "tasks": [asdict(one) for one in plan.tasks]}
        path = self.directory / f"{_UNFINISHED}{_PLAN}"
        path.write_text(json.dumps(said))
        flush(path)
        path.replace(self.directory / _PLAN)
        settle(self.directory)


def unfinished(store: Path) -> list[str]:
    """The runs of a store that were begun and are not finished, oldest first."""
    return sorted(one.parent.name for one in (store / FLEET).glob(f"*/{_PLAN}"))


def _refused(store: Path, error: OSError) -> StoreError:
    reason = (error.strerror or "the system refused").lower()
    return StoreError(
        f"this run cannot be kept in `{store}`: {reason}", help="`--store PATH` keeps runs elsewhere"
    )

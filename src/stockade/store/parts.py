"""A directory of parts: every run writes one of its own, whole or not at all, and nobody waits for anybody.

A part is a directory of Parquet files under ``v‹version›/‹run›``. It is written beside, under a name that
nobody reads, and gets its own by one rename when all of it is on the disk. So runs in several processes do
not meet, a run that is killed leaves nothing but a directory that the next one clears away, and what was kept
is never touched again. DuckDB reads all parts as one table.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from stockade.errors import StoreError
from stockade.report import Report
from stockade.store.database import Database, flush, is_parquet, quoted, settle
from stockade.store.tables import COLUMNS, STEPS, VERSION, Row, Steps, rows

_UNFINISHED: Final = ".unfinished-"
_FORGOTTEN: Final = 24 * 60 * 60
"""Seconds after which nobody is still writing an unfinished part."""
_MOST: Final = 10_000
"""Runs of one second that are told apart."""


class Store:
    """The runs kept in one directory. ``version`` and ``steps`` are today's unless a test says otherwise."""

    def __init__(self, directory: Path, version: int = VERSION, steps: Steps = STEPS, threads: int = 1) -> None:
        self.directory = directory
        self.version = version
        self._steps = steps
        help = "a run is a directory below `v1`; take the damaged one away, or keep runs elsewhere"
        self._database = Database(f"the runs in `{directory}` cannot be used", help, threads)
        self._parts: dict[int, list[Path]] | None = None
        self._views: tuple[frozenset[str] | None] | None = None
        self.unread: list[str] = []
        """What is there and could not be read, each with its reason."""

    # ---------------------------------------------------------------------------------------- writing

    def keep(self, report: Report, series: str) -> str:
        """Keep a report; the name of its run. ``series`` says of what it is one in a row of runs.

        Raises ``StoreError`` where it cannot be written; then nothing of it is there.
        """
        folder = self.directory / f"v{self.version}"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside = Path(mkdtemp(prefix=_UNFINISHED, dir=folder))
            try:
                self._clear(folder, beside)
                return self._put(report, series, folder, beside)
            finally:
                shutil.rmtree(beside, ignore_errors=True)
        except OSError as error:
            reason = (error.strerror or "the system refused").lower()
            help = "`--store PATH` keeps runs elsewhere"
            raise StoreError(f"this run cannot be kept in `{self.directory}`: {reason}", help=help) from None

    def _put(self, report: Report, series: str, folder: Path, beside: Path) -> str:
        stem = report.at.replace(":", "").replace("-", "")
        for number in range(1, _MOST):
            run = stem if number == 1 else f"{stem}-{number}"
            if next(self.directory.glob(f"v*/{run}"), None):  # also of another version: a run has one name
                continue
            made = beside / run
            made.mkdir(mode=0o700)
            for table, listed in rows(report, run, series).items():
                file = made / f"{table}.parquet"
                self._database.write(table, listed, file)
                flush(file)
            settle(made)
            try:
                made.rename(folder / run)  # refused where another has come first: a directory that is not empty
            except OSError:
                if not (folder / run).exists():
                    raise
                shutil.rmtree(made)
                continue
            settle(folder)
            self._parts = self._views = None
            return run
        raise StoreError(f"this run cannot be kept in `{self.directory}`: too many of one second are there")

    @staticmethod
    def _clear(folder: Path, ours: Path) -> None:
        """Take away what a killed run has left, by the file system's own clock."""
        now = ours.stat().st_mtime
        for one in folder.glob(f"{_UNFINISHED}*"):
            with suppress(OSError):
                if now - one.stat().st_mtime > _FORGOTTEN:
                    shutil.rmtree(one, ignore_errors=True)

    # ---------------------------------------------------------------------------------------- reading

    def select(self, sql: str, values: Sequence[Any] = (), of: Collection[str] | None = None) -> list[Row]:
        """The rows of a query over all parts, or those ``of`` some runs.

        It names tables as ``runs``, ``findings`` and so on. Raises ``StoreError`` where a part turns out to be
        damaged inside.
        """
        return self.table(sql, values, of)[1]

    def table(
        self, sql: str, values: Sequence[Any] = (), of: Collection[str] | None = None
    ) -> tuple[tuple[str, ...], list[Row]]:
        """The same, with the names of the columns."""
        if self._parts is None:
            self._parts = self._found()
        chosen = None if of is None else frozenset(of)
        if self._views != (chosen,):
            parts = {
                version: [one for one in some if chosen is None or one.name in chosen]
                for version, some in self._parts.items()
            }
            for table in COLUMNS:
                self._database.asked(f"CREATE OR REPLACE VIEW {table} AS {self._all_of(table, parts)}")
            self._views = (chosen,)
        return self._database.table(sql, values)

    def standalone(self, sql: str, run: str) -> str:
        """A query over one run as a statement for any DuckDB, with the tables that it names."""
        self._parts = self._parts or self._found()
        parts = {version: [one for one in some if one.name == run] for version, some in self._parts.items()}
        made = (f"CREATE OR REPLACE TEMP VIEW {table} AS {self._all_of(table, parts)};" for table in COLUMNS)
        return "\n".join((*made, f"{sql};"))

    def _all_of(self, table: str, parts: dict[int, list[Path]]) -> str:
        """A SELECT of one table, of all versions, in today's columns."""
        selects = ""
        for version in sorted({*parts, self.version}):
            found = [one / f"{table}.parquet" for one in parts.get(version, [])]
            if version < self.version:
                found = [one for one in found if one.exists()]  # the table may be newer than the part
            if found:
                files = ", ".join(map(quoted, found))
                own = f"SELECT * FROM read_parquet([{files}])"
                selects = f"{selects} UNION ALL BY NAME {own}" if selects else own
            for step in range(version, min([one for one in parts if one > version], default=self.version)):
                if selects and table in self._steps.get(step, {}):
                    selects = self._steps[step][table].format(rows=f"({selects})")
        if selects:
            return selects
        typed = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in COLUMNS[table].items())
        return f"SELECT {typed} WHERE false"

    def _found(self) -> dict[int, list[Path]]:
        """The parts that are whole, by their version; what is not is told."""
        out: dict[int, list[Path]] = {}
        self.unread.clear()
        for folder in sorted(self.directory.glob("v*")):
            number = folder.name[1:]
            if not number.isdecimal():
                continue
            try:
                listed = sorted(folder.iterdir())
            except OSError as error:
                self.unread.append(f"`{folder.name}`: {(error.strerror or 'it cannot be read').lower()}")
                continue
            for one in listed:
                if one.name.startswith("."):
                    continue
                if int(number) > self.version:
                    self.unread.append(f"`{one.name}`: a newer version of Stockade kept it, which reads it")
                elif not self._is_whole(one, int(number)):
                    self.unread.append(f"`{one.name}`: its files are damaged, or not all there")
                else:
                    out.setdefault(int(number), []).append(one)
        return out

    def _is_whole(self, part: Path, version: int) -> bool:
        """Whether all files of a part are there and end as Parquet does; a table may be newer than the part."""
        wanted = COLUMNS if version == self.version else ("runs",)
        return all(map(is_parquet, (part / f"{table}.parquet" for table in wanted)))

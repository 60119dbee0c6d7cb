"""DuckDB, which nothing else imports: rows to Parquet files, and questions about them in SQL."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stockade.errors import StoreError
from stockade.patterns import lazy_regex
from stockade.store.tables import COLUMNS, Row, columns

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NUMBER: Final = lazy_regex(r'"errno":\s*"?(\d+)')
_LEAST: Final = 12
"""Bytes of the smallest Parquet file: its name at both ends, and the length of what is said of it."""


class Database:
    """A database in memory, opened when it is first asked, which loads nothing from anywhere.

    ``failed`` begins the message where a question fails, ``help`` is what to do then. ``threads`` are its own.
    """

    def __init__(self, failed: str, help: str | None = None, threads: int = 1) -> None:
        self._failed, self._help, self._threads = failed, help, threads
        self._connection: DuckDBPyConnection | None = None

    def asked(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """The rows that a statement gives. Raises ``StoreError`` where it fails."""
        return self.table(sql, values)[1]

    def table(self, sql: str, values: Sequence[Any] = ()) -> tuple[tuple[str, ...], list[Row]]:
        """The same, with the names of the columns."""
        if self._connection is None:
            self._connection = _opened(self._threads)
        from duckdb import Error

        try:
            done = self._connection.execute(sql, list(values))
            names = tuple(one[0] for one in done.description or ())
            return names, done.fetchall()
        except Error as error:
            reason = str(error).strip().partition("\n")[0]
            raise StoreError(f"{self._failed}: {reason}", help=self._help) from None

    def write(self, table: str, listed: Sequence[Row], path: Path) -> None:
        """One table in one statement: row by row DuckDB takes milliseconds each.

        Raises ``OSError`` where the system does not take the file.
        """
        types = COLUMNS[table]
        selected = ", ".join(
            f'unnest(${number}::{kind}[]) AS "{name}"' for number, (name, kind) in enumerate(types.items(), 1)
        )
        try:
            self.asked(
                f"COPY (SELECT {selected}) TO {quoted(path)} (FORMAT parquet, COMPRESSION zstd)",
                list(columns(table, listed)),
            )
        except StoreError as error:  # DuckDB says what the system said, amid its own words
            if found := _NUMBER.search(str(error)):
                raise OSError(int(found[1]), os.strerror(int(found[1]))) from None
            raise


def flush(path: Path) -> None:
    """Have a file on the disk, for its owner alone to read."""
    path.chmod(0o600)
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def is_parquet(path: Path) -> bool:
    """Whether a file begins and ends as Parquet does."""
    try:
        with path.open("rb") as file:
            head = file.read(4)
            file.seek(-4, os.SEEK_END)
            return head == file.read(4) == b"PAR1" and file.tell() > _LEAST
    except OSError:
        return False


def quoted(path: Path) -> str:
    """A path as SQL writes it."""
    return "'" + str(path).replace("'", "''") + "'"


def settle(folder: Path) -> None:
    """Have a directory's entries on the disk, where the system can be asked for that."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _opened(threads: int) -> DuckDBPyConnection:
    try:
        import duckdb
    except ImportError:
        help = "install it: `pip install 'stockade[store]'`"
        raise StoreError("keeping runs takes DuckDB, which is not installed", help=help) from None
    opened = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "threads": str(threads),
            "preserve_insertion_order": "true",
        },
    )
    opened.execute("SET enable_progress_bar = false")  # after two seconds it would draw one into our output
    return opened

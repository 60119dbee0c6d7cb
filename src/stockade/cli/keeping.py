"""Where runs are kept, and under which name a scan is one in a row of them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from stockade.cli.outside import Outside

if TYPE_CHECKING:
    from stockade.report import Report

_TREND: Final = 50
"""Earlier runs that a page shows."""

STORE: Final = click.option(
    "--store",
    "store",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="PATH",
    help="The directory of kept runs.  [default: $STOCKADE_STORE, or the user's data directory]",
)
SERIES: Final = click.option(
    "--series",
    "series",
    metavar="NAME",
    help="Which row of runs it belongs to.  [default: the repository's path]",
)


def place(outside: Outside, given: Path | None) -> Path:
    """The directory of kept runs."""
    if given is not None:
        return outside.here / given
    return _default(outside.environment, outside.here)


def _default(environment: Mapping[str, str], here: Path) -> Path:
    if named := environment.get("STOCKADE_STORE"):
        return here / named
    if data := environment.get("XDG_DATA_HOME"):
        return Path(data) / "stockade" / "runs"
    if data := environment.get("LOCALAPPDATA"):
        return Path(data) / "stockade" / "runs"
    return Path(environment.get("HOME") or Path.home()) / ".local" / "share" / "stockade" / "runs"


def series_of(outside: Outside, paths: Sequence[Path]) -> str:
    """What a scan of some paths is one in a row of: their repository, or several."""
    from stockade.read.repository import repository

    found = set()
    for one in paths or (Path(),):
        full = Path(os.path.realpath(outside.here / one))
        found.add(str(repository(full if full.is_dir() else full.parent)))
    return ", ".join(sorted(found))


def live_series(report: Report) -> str:
    """What a scan of live accounts is one in a row of: the accounts, whichever regions were read."""
    return f"live {', '.join(sorted({one.path.partition('/')[0] for one in report.inputs}))}"


def trend(outside: Outside, report: Report, store: Path | None, series: str) -> list[dict[str, Any]]:
    """How many findings failed in the earlier runs of a series, oldest first, and now."""
    from stockade.store.history import runs
    from stockade.store.parts import Store
    from stockade.store.tables import COLUMNS, rows

    now = dict(zip(COLUMNS["runs"], rows(report, "", series)["runs"][0], strict=True))
    earlier = runs(Store(place(outside, store)), series)[-_TREND:]
    return [{"at": one.at, "failing": one.open} for one in earlier] + [
        {"at": report.at, "failing": now["open"]}
    ]


def keep(outside: Outside, report: Report, store: Path | None, series: str) -> None:
    """Keep a report, and say where on standard error."""
    from stockade.store.parts import Store

    directory = place(outside, store)
    run = Store(directory).keep(report, series)
    click.echo(f"kept as {run} in {directory}", err=True)

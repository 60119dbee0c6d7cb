"""``stockade history``: what changed over the runs that were kept, and what the trend is."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from stockade.cli.keeping import SERIES, STORE, place, series_of
from stockade.cli.options import COLOR, written_as
from stockade.cli.outside import Outside
from stockade.cli.page import Page

UNREAD = 3

_EPILOG = """\b
Examples:
  stockade scan infra --keep            a run is kept
  stockade history                      what changed since the run before
  stockade history --since 2026-11-01   what changed since the run of that day
  stockade history --runs               all that is kept, as `report` names it

\b
Exit status:
  0  it was told                        2  the command was wrong
  3  something that is kept cannot be read
"""


@click.command(cls=Page, epilog=_EPILOG, short_help="What is new, fixed or back again over kept runs.")
@click.argument("path", required=False, type=click.Path(path_type=Path), metavar="[PATH]")
@STORE
@SERIES
@click.option("--since", metavar="RUN|DATE", help="Compare with this run, or the last one up to then.")
@click.option(
    "--last", type=click.IntRange(1, 1000), default=8, show_default=True, help="How many runs the trend shows."
)
@click.option("--runs", "listing", is_flag=True, help="List the kept runs, of all series.")
@written_as("terminal", "json")
@COLOR
@click.pass_obj
def command(
    outside: Outside,
    path: Path | None,
    store: Path | None,
    series: str | None,
    since: str | None,
    last: int,
    listing: bool,
    shape: str,
    color: str,
) -> int:
    """Say what changed up to the last run that was kept of the repository around PATH (or here).

    Findings are compared as far as both runs looked: what was not scanned, asked or read is told, never taken
    for fixed.
    """
    from stockade.show import history as shown
    from stockade.store import history
    from stockade.store.parts import Store

    kept = Store(place(outside, store))
    if listing:
        found = history.runs(kept, series)
        if shape == "json":
            click.echo(shown.runs_as_json(found, kept.unread), nl=False)
        else:
            shown.show_runs(found, kept.unread, outside.console(sys.stdout, color))
        return UNREAD if kept.unread else 0
    told = history.history(kept, series or series_of(outside, (path,) if path else ()), last=last, since=since)
    if shape == "json":
        click.echo(shown.as_json(told), nl=False)
    else:
        shown.show(told, outside.console(sys.stdout, color))
    return UNREAD if told.unread else 0

"""``stockade fleet ask``: a question about a run over many accounts, answered in SQL."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from stockade.cli.keeping import STORE, place
from stockade.cli.options import COLOR, written_as
from stockade.cli.outside import Outside

UNREAD = 3

_EPILOG = """\b
Examples:
  stockade fleet ask               which views there are
  stockade fleet ask outside       who is invoked from outside, in the latest
  stockade fleet ask fixes --format csv --limit 0
  stockade fleet ask roles --account 111122223333
  stockade fleet ask outside --sql the query, to change it

\b
Exit status:
  0  it was told                   2  the command was wrong
  3  not all that it is about was read or asked
"""


@click.command(epilog=_EPILOG, short_help="Ask about all accounts of a run together.")
@click.argument("view", required=False, metavar="[VIEW]")
@click.option("--run", "run", default="latest", show_default=True, metavar="RUN", help="Of which run.")
@click.option("--account", metavar="ID", help="Of one account (or repository) only.")
@click.option(
    "--limit", type=click.IntRange(0), default=50, show_default=True, help="Rows to tell at most; 0 for all."
)
@click.option("--sql", is_flag=True, help="Print the query instead, over the files of the run.")
@written_as("terminal", "json", "csv")
@STORE
@COLOR
@click.pass_obj
def command(
    outside: Outside,
    view: str | None,
    run: str,
    account: str | None,
    limit: int,
    sql: bool,
    shape: str,
    store: Path | None,
    color: str,
) -> int:
    """Answer VIEW about a kept run; without one, list the views."""
    from stockade.fleet.views import VIEWS, ask, query
    from stockade.show import fleet as shown
    from stockade.store.history import chosen_run
    from stockade.store.parts import Store

    console = outside.console(sys.stdout, color)
    if view is None:
        shown.listing([(name, one.tells) for name, one in VIEWS.items()], console)
        return 0
    kept = Store(place(outside, store), threads=os.cpu_count() or 1)
    if sql:
        click.echo(kept.standalone(query(view), chosen_run(kept, run).run))
        return 0
    answer = ask(kept, run, view, account, limit)
    if shape == "json":
        click.echo(shown.as_json(answer), nl=False)
    elif shape == "csv":
        click.echo(shown.as_csv(answer.columns, answer.rows), nl=False)
    else:
        shown.table(answer.columns, answer.rows, console)
        if len(answer.rows) < answer.total:
            click.echo(f"{len(answer.rows):,} of {answer.total:,} rows; `--limit 0` tells all", err=True)
    if answer.unasked:
        names = ", ".join(f"`{one}`" for one in answer.unasked)
        click.echo(f"the run {answer.run} did not ask {names}: of these nothing is told", err=True)
    if answer.partly:
        click.echo(
            f"{answer.partly:,} of {answer.inputs:,} inputs were not read whole (`stockade fleet ask unread`): "
            "what is missing there is not told here",
            err=True,
        )
    return UNREAD if answer.unasked or answer.partly else 0

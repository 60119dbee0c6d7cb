"""``stockade report``: a run that was kept, again, in any format that needs nothing but the report."""

from __future__ import annotations

from pathlib import Path

import click

from stockade.cli.formats import FROM_REPORT, Beside, of_account
from stockade.cli.hubs import hub, source_of
from stockade.cli.keeping import STORE, place
from stockade.cli.options import ACCOUNT, COLOR, REGION, SOURCE, written_as
from stockade.cli.outside import Outside
from stockade.cli.page import Page

_EPILOG = """\b
Examples:
  stockade report latest
  stockade report 20261123T100000Z --format json  the same bytes as the scan's
  stockade report latest --format asff --hub-account 111122223333
"""


@click.command(cls=Page, epilog=_EPILOG, short_help="A kept run again, in any format.")
@click.argument("run", metavar="RUN")
@written_as("terminal", *FROM_REPORT)
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write there instead of to stdout."
)
@STORE
@ACCOUNT
@REGION
@SOURCE
@COLOR
@click.pass_obj
def command(
    outside: Outside,
    run: str,
    shape: str,
    output: Path | None,
    store: Path | None,
    hub_account: str | None,
    hub_region: str | None,
    hub_source: str | None,
    color: str,
) -> int:
    """Show RUN, by its name as `stockade history --runs` lists it, the beginning of that, or `latest`.

    The text of files is not kept, so places are shown without their lines.
    """
    from stockade.cli.writing import write
    from stockade.store.history import chosen
    from stockade.store.parts import Store
    from stockade.store.recall import decoded

    row, documents = chosen(Store(place(outside, store)), run)
    report = decoded(documents)
    source = hub_source or source_of(outside, map(Path, row.series.split(", ")))
    live = all(one.kind == "account" for one in report.inputs)
    form = of_account(shape, hub(hub_account, hub_region, source), live=live)
    write(outside, report, form.write(report, Beside()) if form else None, output, color)
    return 0

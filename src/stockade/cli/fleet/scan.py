"""``stockade fleet scan``: begin a run over many accounts or repositories, or go on with one."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stockade.cli.extra import needs
from stockade.cli.formats import FROM_REPORT, Beside, more_of, of_account
from stockade.cli.hubs import hub
from stockade.cli.keeping import STORE, place
from stockade.cli.names import complete
from stockade.cli.options import (
    ACCOUNT,
    ADVISORIES,
    ALLOW_GAPS,
    BASELINE,
    COLOR,
    CONFIG,
    FAIL_ON,
    NOISE,
    REGION,
    WRITE_BASELINE,
    written_as,
)
from stockade.cli.outside import Outside
from stockade.cli.page import Page

if TYPE_CHECKING:
    from stockade.baseline import Baseline
    from stockade.fleet.journal import Journal
    from stockade.posture import Posture

FAILING, UNREAD = 1, 3

_EPILOG = """\b
Examples:
  stockade fleet scan --organization stockade-reader --region all
  stockade fleet scan --accounts accounts.txt --role reader --region eu-west-1
  stockade fleet scan ~/repositories      every repository below a folder
  stockade fleet scan --resume latest     go on with a run that was stopped
  stockade fleet scan --organization reader --scheduler tcp://10.0.0.5:8786

\b
Exit status:
  0  nothing fails at or above --fail-on  2  the command was wrong
  1  something does                       3  nothing fails, not all was read
"""


@click.command(cls=Page, epilog=_EPILOG, short_help="Decide the checklist for many accounts, on many workers.")
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[FOLDER]")
@click.option("--organization", metavar="ROLE", help="Every account of the organisation, as its ROLE.")
@click.option(
    "--accounts",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The accounts that FILE lists: numbers or ARNs of roles, or `aws organizations list-accounts`.",
)
@click.option(
    "--role", metavar="NAME", help="As which role the accounts are read of which FILE has the number."
)
@click.option("--external-id", metavar="ID", help="What the roles' trust policies ask for (`sts:ExternalId`).")
@click.option("--resume", metavar="RUN", help="Go on with a run that was stopped; `latest` is the last begun.")
@click.option(
    "--region", "regions", multiple=True, metavar="REGION", help="Read this region, or `all`; repeatable."
)
@click.option("--profile", metavar="NAME", help="The profile of AWS's configuration to begin with.")
@click.option(
    "--max-share",
    "share",
    type=float,
    metavar="SHARE",
    help="How much of AWS's quotas may be taken, over all workers.  [default: 0.5]",
)
@click.option("--packages", is_flag=True, help="Download functions' packages too, and look into them.")
@click.option(
    "--control", "controls", multiple=True, metavar="NAME", shell_complete=complete, help="Ask only this."
)
@NOISE
@FAIL_ON
@BASELINE
@WRITE_BASELINE
@CONFIG
@ALLOW_GAPS
@ADVISORIES
@click.option("--scheduler", metavar="ADDRESS", help="The workers of this Dask scheduler, instead of our own.")
@click.option(
    "--workers", type=click.IntRange(1), metavar="N", help="Processes here.  [default: one for each core]"
)
@click.option(
    "--at-once",
    type=click.IntRange(1),
    default=8,
    show_default=True,
    metavar="N",
    help="Accounts and regions under way in each process here: reading mostly waits.",
)
@click.option(
    "--memory",
    default="auto",
    show_default=True,
    metavar="SIZE",
    help="Above this a process here begins anew, as `2GiB`; by default its part of the machine's.",
)
@written_as("terminal", *FROM_REPORT)
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write there instead of to stdout."
)
@click.option(
    "--also", multiple=True, metavar="FORMAT=FILE", help="Write another format to a file; repeatable."
)
@STORE
@click.option("--series", metavar="NAME", help="Which row of runs it belongs to.  [default: whose accounts]")
@ACCOUNT
@REGION
@COLOR
@click.pass_obj
def command(outside: Outside, /, **said: Any) -> int:
    """Read and decide every account and region, or every repository below FOLDER, and keep it as one run.

    Each is kept as soon as it is done, so that a run that is stopped goes on where it was. `stockade report`,
    `history` and `fleet ask` tell of a run once it is finished.
    """
    needs("distributed", "fleet")
    needs("duckdb", "fleet")
    from stockade.cli.fleet.run import Stopped, begun, carried_out, resumed

    whose, live = hub(said["hub_account"], said["hub_region"], ""), said["folder"] is None
    form = of_account(said["shape"], whose, live=live)
    more = more_of(said["also"], whose, live=live)
    store = place(outside, said["store"])
    run = resumed(outside, store, said) if said["resume"] is not None else begun(outside, store, said)
    try:
        journal = carried_out(outside, run, said)
    except Stopped as stopped:
        click.echo(f"{stopped}\ngo on with: stockade fleet scan --resume {run.journal.run}", err=True)
        return UNREAD
    except KeyboardInterrupt:
        click.echo(f"stopped; go on with: stockade fleet scan --resume {run.journal.run}", err=True)
        raise
    posture = _told(outside, journal, run.baseline, said, form, more)
    return status(posture, run.fail_on, run.allow_gaps)


def _told(
    outside: Outside,
    journal: Journal,
    baseline: Baseline | None,
    said: Mapping[str, Any],
    form: Any,
    more: Any,
) -> Posture:
    from stockade.baseline import written
    from stockade.cli.writing import save, write
    from stockade.fleet.views import posture
    from stockade.scan import compared
    from stockade.show import fleet as shown
    from stockade.store.history import chosen
    from stockade.store.parts import Store
    from stockade.store.recall import decoded

    store = Store(journal.store, threads=os.cpu_count() or 1)
    found = posture(store, journal.run, baseline)
    if form is not None or more or said["write_baseline"] is not None:
        report = decoded(chosen(store, journal.run)[1])
        if baseline is not None:
            findings = tuple(compared(one, baseline) for one in report.findings)
            report = replace(report, findings=findings, baseline=found.baseline)
        if said["write_baseline"] is not None:
            save(outside, said["write_baseline"], written(report))
        for one, file in more:
            save(outside, file, one.write(report, Beside()))
        if form is not None:
            write(outside, report, form.write(report, Beside()), said["output"], said["color"])
    if form is None:
        if said["output"] is not None:
            from io import StringIO

            text = StringIO()
            shown.show(found, outside.console(text, said["color"]))
            save(outside, said["output"], text.getvalue().encode())
        else:
            shown.show(found, outside.console(sys.stdout, said["color"]))
    return found


def status(posture: Posture, fail_on: str, allow_gaps: bool) -> int:
    """The exit status of a run that came to its end, as that of a scan."""
    from stockade.control import Severity

    worst = posture.worst()
    if fail_on != "never" and worst is not None and worst >= Severity[fail_on.upper()]:
        return FAILING
    return UNREAD if (posture.gaps or posture.crashed) and not allow_gaps else 0

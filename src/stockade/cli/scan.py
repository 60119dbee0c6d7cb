"""``stockade scan``: read, decide, show, and the exit status that says how it went."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stockade.cli.asking import Asking
from stockade.cli.consulting import consulting
from stockade.cli.drawing import drawing
from stockade.cli.formats import FORMATS, Beside, Outputs, more_of, of_account
from stockade.cli.given import packages_of, variables_of
from stockade.cli.hubs import hub, source_of
from stockade.cli.keeping import SERIES, STORE, keep, live_series, series_of, trend
from stockade.cli.knowledge import knowledge
from stockade.cli.names import checked, complete, existing
from stockade.cli.options import (
    ACCOUNT,
    ADVISORIES,
    ALLOW_GAPS,
    ANALYZER,
    BASELINE,
    CACHE,
    COLOR,
    CONFIG,
    FAIL_ON,
    JOBS,
    NO_CACHE,
    NOISE,
    PACKAGES,
    REGION,
    SOURCE,
    VARIABLE_FILES,
    VARIABLES,
    WRITE_BASELINE,
    live_of,
    live_options,
    written_as,
)
from stockade.cli.outside import Outside
from stockade.cli.page import Page
from stockade.cli.scanning import Scanning, known_at
from stockade.cli.settings import Options, Settings, configured, settle
from stockade.cli.writing import Outlet, save
from stockade.errors import UsageError

if TYPE_CHECKING:
    from stockade.cli.kept import Kept
    from stockade.configuration import Configuration
    from stockade.report import Report
    from stockade.show.hub import Hub

FAILING, UNREAD = 1, 3

_EPILOG = """\b
Examples:
  stockade scan infra/prod infra/stage --var-file common.tfvars
  stockade scan --control public-function-url --control plaintext-secret
  stockade scan --format json | jq '.findings[].message'
  stockade scan --diff-against origin/main   only what this branch brings
  stockade scan --live --region eu-west-1    what runs, not what is written
"""


@click.command(cls=Page, epilog=_EPILOG, short_help="Decide the checklist for all functions.")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@written_as("terminal", *FORMATS)
@click.option(
    "--fixes/--no-fixes",
    "fixes",
    default=True,
    help="Whether `sarif` and `html` hold proved fixes, which take several times as long, and a live report"
    " commands.  [default: fixes]",
)
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write there instead of to stdout."
)
@click.option(
    "--also",
    "also",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write another format of the same scan to a file; repeatable.",
)
@click.option(
    "--control",
    "controls",
    multiple=True,
    metavar="NAME",
    shell_complete=complete,
    help="Ask only this; repeatable.",
)
@NOISE
@FAIL_ON
@VARIABLES
@VARIABLE_FILES
@BASELINE
@WRITE_BASELINE
@click.option(
    "--diff-against",
    "revision",
    metavar="REV",
    help="Only what is new since this revision of the repository counts: it is scanned as well.",
)
@CONFIG
@ALLOW_GAPS
@PACKAGES
@ADVISORIES
@click.option(
    "--osv", is_flag=True, help="Ask OSV's service about dependencies: sends their names and versions."
)
@click.option("--keep", "kept", is_flag=True, help="Keep this run, for `stockade history` and `report`.")
@STORE
@SERIES
@ACCOUNT
@REGION
@SOURCE
@COLOR
@JOBS
@CACHE
@NO_CACHE
@ANALYZER
@live_options
@click.pass_obj
def command(
    outside: Outside,
    /,
    paths: tuple[Path, ...],
    shape: str,
    fixes: bool,
    output: Path | None,
    also: tuple[str, ...],
    controls: tuple[str, ...],
    noise: str | None,
    fail_on: str | None,
    variables: tuple[str, ...],
    variable_files: tuple[Path, ...],
    baseline: Path | None,
    write_baseline: Path | None,
    revision: str | None,
    config: Path | None,
    allow_gaps: bool | None,
    packages: tuple[str, ...],
    advisories: tuple[Path, ...],
    osv: bool,
    kept: bool,
    store: Path | None,
    series: str | None,
    hub_account: str | None,
    hub_region: str | None,
    hub_source: str | None,
    color: str,
    jobs: int | None,
    cache: Path | None,
    no_cache: bool,
    **about_live: Any,
) -> int:
    """Decide the checklist for the functions below each PATH (the current directory by default).

    A PATH is a file or a directory. Terraform configuration, templates of CloudFormation and SAM, and what
    the CDK writes are found there. Nothing is executed, no network is used without `--osv`, `--live` or
    `--access-analyzer`, and no file outside the repository around PATH is read.
    """
    from stockade.cli.kept import Kept, asked_of, entries, told_of
    from stockade.read import looked

    only = checked(controls) if controls else None
    account = live_of(about_live, bool(paths), revision, only or existing())
    asker = consulting(outside, account, about_live)
    paths = paths or (Path(),)
    place = None if account or asker or osv or revision or outside.held else entries(outside, cache, no_cache)
    seen = click.get_current_context().with_resource(looked.noting()) if place else {}
    options = Options(variables_of(variables), variable_files, noise, fail_on, allow_gaps, baseline)
    configuration = configured(outside, paths, config)
    built = {**(configuration.packages if configuration else {}), **packages_of(outside, packages)}
    shipped = knowledge(outside, built, advisories, osv)
    settings = _settled(outside, options, configuration, revision)
    asking = Asking(outside, settings, shipped, only)
    if revision is not None:
        settings = replace(settings, baseline=known_at(asking, paths, revision))
        asking = replace(asking, settings=settings)
    source = "" if account else hub_source or source_of(outside, paths)
    whose = hub(hub_account, hub_region, source)
    outputs = _outputs(shape, output, also, whose, live=account is not None)
    outlet = Outlet(outside, color)
    keeps = kept or store is not None
    answers: Kept | None = None
    if place is not None:
        said = [repr((paths, shape, fixes, output, also, whose)), *told_of(settings)]
        told = _hung_on(outside, outputs, color, said)
        answers = Kept(outside, place, asked_of(outside, settings, only, shipped, advisories), told)
        outlet.remembers = not keeps and write_baseline is None
        if outlet.remembers and (before := answers.replay(outlet)) is not None:
            return before
    beside = Beside()
    looks = [drawing(beside, configuration)] if outputs.access else []
    looks += [asker.look] if asker else []
    scanning = Scanning(asking, paths, account, outputs.materials, looks, fixes)
    report = _reported(scanning, outputs, beside, lambda: scanning.of_pieces(advisories, answers, jobs))
    report = asker.consulted(report) if asker else report
    if write_baseline is not None:
        from stockade.baseline import written

        save(outside, write_baseline, written(report))
    if keeps:
        row = series or (live_series(report) if account else series_of(outside, paths))
        if outputs.access:
            beside.trend = trend(outside, report, store, row)
        outputs.write(report, beside, outlet)
        keep(outside, report, store, row)
    else:
        outputs.write(report, beside, outlet)
    result = status(report, settings.fail_on, settings.allow_gaps)
    if answers is not None:
        if outlet.remembers:
            answers.remember(outlet, outputs.moments, report.at, seen, result)
        answers.close()
    return result


def _settled(
    outside: Outside, options: Options, configuration: Configuration | None, revision: str | None
) -> Settings:
    """What a scan is settled by; raises ``UsageError`` where two options say what is known."""
    if revision is not None and options.baseline is not None:
        raise UsageError("`--baseline` and `--diff-against` both say what is known", help="give one of them")
    return settle(outside, options, configuration, baseline=revision is None)


def _outputs(shape: str, output: Path | None, also: tuple[str, ...], whose: Hub, *, live: bool) -> Outputs:
    return Outputs(of_account(shape, whose, live=live), output, more_of(also, whose, live=live))


def _hung_on(outside: Outside, outputs: Outputs, color: str, said: list[str]) -> list[str]:
    """What an answer hangs on as a whole, beside what is asked of its inputs."""
    from stockade.cli.kept import screen

    on_screen = screen(outside, color) if outputs.shown is None else []
    return [*said, *on_screen, *([outside.now()] if None in outputs.moments else [])]


def _reported(scanning: Scanning, outputs: Outputs, beside: Beside, of_pieces: Callable[[], Report]) -> Report:
    """The report as the formats ask for it: ``of_pieces`` where they let it. ``beside`` gets the rest."""
    live = scanning.live is not None
    if scanning.fixes and not live and any(one.fixes for one in outputs.formats):
        report, beside.told = scanning.fixed()
    elif live or scanning.materials or scanning.looks:
        report = scanning.report()
    else:
        report = of_pieces()
    beside.paths.sort(key=lambda one: (-one.risk, len(one.hops)))
    return report


def status(report: Report, fail_on: str, allow_gaps: bool) -> int:
    """The exit status of a scan that came to its end."""
    from stockade.control import Crashed, Severity

    worst = report.worst()
    if fail_on != "never" and worst is not None and worst >= Severity[fail_on.upper()]:
        return FAILING
    lost = any(not one.spare for one in report.gaps)
    unread = lost or any(isinstance(one.outcome, Crashed) for one in report.findings)
    return UNREAD if unread and not allow_gaps else 0

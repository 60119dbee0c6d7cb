"""``stockade scan``: read, decide, show, and the exit status that says how it went."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from stockade.cli.consulting import consulting
from stockade.cli.drawing import drawing
from stockade.cli.formats import FORMATS, Beside, more_of, of_account
from stockade.cli.given import packages_of, variables_of
from stockade.cli.hubs import hub, source_of
from stockade.cli.keeping import SERIES, STORE, keep, live_series, series_of, trend
from stockade.cli.knowledge import Knowledge, knowledge
from stockade.cli.mending import shown_fixes
from stockade.cli.names import checked, complete, existing
from stockade.cli.options import (
    ACCOUNT,
    ADVISORIES,
    ALLOW_GAPS,
    ANALYZER,
    CACHE,
    COLOR,
    CONFIG,
    JOBS,
    NO_CACHE,
    NOISE,
    PACKAGES,
    REGION,
    SOURCE,
    VARIABLE_FILES,
    VARIABLES,
    live_of,
    live_options,
)
from stockade.cli.outside import Outside
from stockade.cli.settings import Options, Settings, configured, settle
from stockade.cli.writing import Outlet, save
from stockade.errors import UsageError

if TYPE_CHECKING:
    from stockade.baseline import Baseline
    from stockade.cli.kept import Kept
    from stockade.cli.live import Live
    from stockade.patched import Told
    from stockade.read.inputs import Input
    from stockade.read.inputs import Options as Reading
    from stockade.report import Report

FAILING, UNREAD = 1, 3

Look: TypeAlias = "Callable[[Iterator[Input]], Iterator[Input]]"

_EPILOG = """\b
Examples:
  stockade scan infra/prod infra/stage --var-file common.tfvars
  stockade scan --control public-function-url --control plaintext-secret
  stockade scan --format json | jq '.findings[].message'
  stockade scan --diff-against origin/main       only what this branch brings
  stockade scan --live --region eu-west-1        what runs, instead of what is written
"""


@click.command(epilog=_EPILOG, short_help="Decide the checklist for all functions.")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "shape",
    type=click.Choice(["terminal", *FORMATS]),
    default="terminal",
    show_default=True,
)
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
@click.option(
    "--fail-on",
    type=click.Choice(["low", "medium", "high", "critical", "never"]),
    help="The least severity that makes the exit status 1.  [default: low]",
)
@VARIABLES
@VARIABLE_FILES
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Findings that are in this file do not count; a report as JSON will do.",
)
@click.option(
    "--write-baseline",
    "write_baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write today's findings there, as a baseline.",
)
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
    only = checked(controls) if controls else None
    account = live_of(about_live, bool(paths), revision, only or existing())
    asker = consulting(outside, account, about_live)
    paths = paths or (Path(),)
    from stockade.cli.kept import Kept, asked_of, entries, screen, told_of
    from stockade.read import looked

    place = None if account or asker or osv or revision or outside.held else entries(outside, cache, no_cache)
    seen = click.get_current_context().with_resource(looked.noting()) if place else {}
    options = Options(variables_of(variables), variable_files, noise, fail_on, allow_gaps, baseline)
    configuration = configured(outside, paths, config)
    built = {**(configuration.packages if configuration else {}), **packages_of(outside, packages)}
    shipped = knowledge(outside, built, advisories, osv)
    if revision is not None and baseline is not None:
        raise UsageError("`--baseline` and `--diff-against` both say what is known", help="give one of them")
    settings = settle(outside, options, configuration, baseline=revision is None)
    if revision is not None:
        known = _known_at(outside, paths, revision, settings, only, shipped)
        settings = replace(settings, baseline=known)
    source = "" if account else hub_source or source_of(outside, paths)
    whose = hub(hub_account, hub_region, source)
    form = of_account(shape, whose, live=account is not None)
    more = more_of(also, whose, live=account is not None)
    forms = [one for one in (form, *(one for one, _ in more)) if one is not None]
    materials = any(one.materials for one in forms)
    beside = Beside()
    looks = [drawing(beside, settings.configuration)] if any(one.access for one in forms) else []
    looks += [asker.look] if asker else []
    keeps = kept or store is not None
    outlet = Outlet(outside, color)
    answers: Kept | None = None
    if place is not None:
        question = asked_of(outside, settings, only, shipped, advisories)
        told = [repr((paths, shape, fixes, output, also, whose)), *told_of(settings)]
        told += screen(outside, color) if form is None else []
        told += [outside.now()] if any(one.moment is None for one in forms) else []
        answers = Kept(outside, place, question, told)
        outlet.remembers = not keeps and write_baseline is None
        if outlet.remembers and (before := answers.replay(outlet)) is not None:
            return before
    if fixes and account is None and any(one.fixes for one in forms):
        report, beside.told = _fixed(outside, paths, settings, only, shipped, materials, looks)
    elif account is not None or materials or looks:
        report = _report(outside, paths, settings, only, shipped, materials, account, looks, fixes)
    else:
        report = _of_pieces(outside, paths, settings, only, shipped, advisories, answers, jobs)
    report = asker.consulted(report) if asker else report
    beside.paths.sort(key=lambda one: (-one.risk, len(one.hops)))
    if write_baseline is not None:
        from stockade.baseline import written

        save(outside, write_baseline, written(report))
    row = series or (live_series(report) if account else series_of(outside, paths))
    if keeps and any(one.access for one in forms):
        beside.trend = trend(outside, report, store, row)
    for one, file in more:
        outlet.data(one.write(report, beside), file)
    if form is None:
        outlet.report(report, output)
    else:
        outlet.data(form.write(report, beside), output)
    if keeps:
        keep(outside, report, store, row)
    result = status(report, settings.fail_on, settings.allow_gaps)
    if answers is not None:
        if outlet.remembers:
            moments = [one.moment or "" for one in (*(one for one, _ in more), *((form,) if form else ()))]
            answers.remember(outlet, moments if form else [*moments, ""], report.at, seen, result)
        answers.close()
    return result


def status(report: Report, fail_on: str, allow_gaps: bool) -> int:
    """The exit status of a scan that came to its end."""
    from stockade.control import Crashed, Severity

    worst = report.worst()
    if fail_on != "never" and worst is not None and worst >= Severity[fail_on.upper()]:
        return FAILING
    lost = any(not one.spare for one in report.gaps)
    unread = lost or any(isinstance(one.outcome, Crashed) for one in report.findings)
    return UNREAD if unread and not allow_gaps else 0


def _report(
    outside: Outside,
    paths: Sequence[Path],
    settings: Settings,
    only: Sequence[str] | None,
    shipped: Knowledge,
    materials: bool,
    live: Live | None = None,
    looks: Sequence[Look] = (),
    fixes: bool = True,
) -> Report:
    from stockade.scan import scan

    inputs, asked = asking(outside, paths, settings, shipped)
    if live is not None:
        inputs = shipped.prepared(live.inputs(outside))
        asked["mends"] = shown_fixes(live) if fixes else None
    for look in looks:
        inputs = look(inputs)
    report = scan(inputs, only=only, materials=materials, **asked)
    return configured_of(report, settings)


def _of_pieces(
    outside: Outside,
    paths: Sequence[Path],
    settings: Settings,
    only: Sequence[str] | None,
    shipped: Knowledge,
    reports: Sequence[Path],
    kept: Kept | None,
    jobs: int | None,
) -> Report:
    from stockade.cli.scanned import scanned

    asked = question_of(outside, settings, shipped)
    baseline = asked.pop("baseline")
    files = [outside.here / one for one in reports]
    options = _reading(outside, settings, shipped)
    if shipped.service is not None:
        jobs = 1
    return configured_of(scanned(paths, options, asked, only, baseline, files, kept, jobs), settings)


def configured_of(report: Report, settings: Settings) -> Report:
    """The report, with the configuration that had a say in it."""
    configuration, exclusion = settings.configuration, settings.exclusion
    if configuration and exclusion:
        return replace(report, configuration=configuration.path, excluded=tuple(sorted(exclusion.met)))
    return report


def asking(
    outside: Outside, paths: Sequence[Path], settings: Settings, shipped: Knowledge
) -> tuple[Iterator[Input], dict[str, Any]]:
    """The inputs below paths, as they are read one after the other, and how a scan is asked about them."""
    return _inputs(outside, paths, settings, shipped), question_of(outside, settings, shipped)


def question_of(outside: Outside, settings: Settings, shipped: Knowledge) -> dict[str, Any]:
    """How a scan is asked about its inputs: the arguments of ``scan``."""
    from stockade.control import Noise
    from stockade.controls import load
    from stockade.iam import catalog, managed
    from stockade.model import runtimes

    configuration = settings.configuration
    return {
        "controls": load(),
        "at": outside.now(),
        "noise": Noise[settings.noise.upper()],
        "accepts": configuration.accepts if configuration else (),
        "baseline": settings.baseline,
        "accounts": configuration.accounts if configuration else frozenset(),
        "choices": configuration.choices if configuration else None,
        "checkov_skips": configuration is None or configuration.checkov_skips,
        "data": {
            "iam": catalog.Catalog.load().date,
            "managed-policies": managed.date(),
            "runtimes": runtimes.as_of().isoformat(),
            **shipped.dates,
        },
        "advisories": shipped.advisories,
    }


def _inputs(outside: Outside, paths: Sequence[Path], settings: Settings, shipped: Knowledge) -> Iterator[Input]:
    from stockade.cli.progress import watched
    from stockade.read import inputs

    with watched() as between:
        options = _reading(outside, settings, shipped)
        yield from shipped.prepared(inputs.read_all(paths, options, between))


def _reading(outside: Outside, settings: Settings, shipped: Knowledge) -> Reading:
    from stockade.read.inputs import Options

    return Options(
        outside.here,
        settings.variables,
        settings.variable_files,
        outside.environment,
        settings.exclusion,
        shipped.packages,
        outside.held,
        outside.ceiling,
    )


def _known_at(
    outside: Outside,
    paths: Sequence[Path],
    revision: str,
    settings: Settings,
    only: Sequence[str] | None,
    shipped: Knowledge,
) -> Baseline:
    """What the repository had already at a revision: the same paths of it are scanned, asked the same."""
    from stockade.baseline import Baseline, read, written
    from stockade.cli.against import Moved, of_all_able
    from stockade.cli.revision import laid_out
    from stockade.configuration import Exclusion

    first = Path(os.path.realpath(outside.here / paths[0]))
    with laid_out(first if first.is_dir() else first.parent, revision, outside.environment) as (top, to):
        moved = Moved(top, to)
        there = [path for one in paths if (path := moved.path(outside.here / one)).exists()]
        said = moved.configuration(settings.configuration) if settings.configuration else None
        then = replace(
            settings,
            variable_files=moved.files(outside.here / one for one in settings.variable_files),
            configuration=said,
            exclusion=Exclusion(said) if said else None,
            baseline=None,
        )
        past = replace(outside, here=moved.directory(outside.here))
        report = of_all_able(there, lambda some: _report(past, some, then, only, shipped, materials=False))
    if report is None:
        return Baseline(revision, outside.now(), {}, revision)
    return read(written(report), revision, revision)


def _fixed(
    outside: Outside,
    paths: Sequence[Path],
    settings: Settings,
    only: Sequence[str] | None,
    shipped: Knowledge,
    materials: bool,
    looks: Sequence[Look],
) -> tuple[Report, tuple[Told, ...]]:
    """The report, and what became of its fixes, none of which is written."""
    from stockade.control import Safety
    from stockade.fix.patch import Asked, patch
    from stockade.scan import scan

    inputs, asked = asking(outside, paths, settings, shipped)
    for look in looks:
        inputs = look(inputs)
    made = patch(
        list(inputs), lambda some: scan(some, only=only, materials=materials, **asked), Asked(Safety.REVIEW)
    )
    return configured_of(made.before, settings), made.told

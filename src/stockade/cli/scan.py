"""``stockade scan``: read, decide, show, and the exit status that says how it went."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from stockade.cli.consulting import consulting
from stockade.cli.drawing import drawing
from stockade.cli.formats import FORMATS, Beside, more_of, of_account
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
    COLOR,
    CONFIG,
    NOISE,
    PACKAGES,
    REGION,
    SOURCE,
    VARIABLE_FILES,
    VARIABLES,
    live_of,
    live_options,
    packages_of,
    variables_of,
)
from stockade.cli.outside import Outside
from stockade.errors import UsageError
from stockade.records import dataclass

if TYPE_CHECKING:
    from stockade.baseline import Baseline
    from stockade.cli.live import Live
    from stockade.configuration import Configuration, Exclusion
    from stockade.patched import Told
    from stockade.read.inputs import Input
    from stockade.report import Report

FAILING, UNREAD = 1, 3

Look: TypeAlias = "Callable[[Iterator[Input]], Iterator[Input]]"

MANY_OBJECTS = 3_000_000
"""Objects that finished inputs may leave behind before they are collected."""

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
    if fixes and account is None and any(one.fixes for one in forms):
        report, beside.told = _fixed(outside, paths, settings, only, shipped, materials, looks)
    else:
        report = _report(outside, paths, settings, only, shipped, materials, account, looks, fixes)
    report = asker.consulted(report) if asker else report
    beside.paths.sort(key=lambda one: (-one.risk, len(one.hops)))
    if write_baseline is not None:
        from stockade.baseline import written

        save(outside, write_baseline, written(report))
    row = series or (live_series(report) if account else series_of(outside, paths))
    if (kept or store is not None) and any(one.access for one in forms):
        beside.trend = trend(outside, report, store, row)
    for one, file in more:
        save(outside, file, one.write(report, beside))
    write(outside, report, form.write(report, beside) if form else None, output, color)
    if kept or store is not None:
        keep(outside, report, store, row)
    return status(report, settings.fail_on, settings.allow_gaps)


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says; ``None`` and empty where it says nothing."""

    variables: Mapping[str, str]
    variable_files: Sequence[Path]
    noise: str | None
    fail_on: str | None
    allow_gaps: bool | None
    baseline: Path | None


@dataclass(frozen=True, slots=True)
class Settings:
    """What counts in the end: the command line's word, or else the configuration's, or else ours."""

    variables: Mapping[str, str]
    variable_files: Sequence[Path]
    noise: str
    fail_on: str
    allow_gaps: bool
    baseline: Baseline | None
    configuration: Configuration | None
    exclusion: Exclusion | None


def configured(outside: Outside, paths: Sequence[Path], named: Path | None) -> Configuration | None:
    from stockade.configuration import find, load

    if named is not None:
        return load(named, outside.here, existing())
    return find(paths, outside.here, existing(), outside.ceiling)


def settle(
    outside: Outside, options: Options, configuration: Configuration | None, *, baseline: bool = True
) -> Settings:
    """``--var-file`` stands for another set of variables, so it takes the place of all that are configured.

    ``baseline`` says whether one that is configured is read: a revision takes its place, or it is made anew.
    """
    from stockade.configuration import Configuration, Exclusion

    said = configuration or Configuration("", outside.here)
    files, variables = options.variable_files, options.variables
    if not files:
        files, variables = said.var_files, {**said.vars, **variables}
    allow_gaps = options.allow_gaps if options.allow_gaps is not None else said.allow_gaps
    return Settings(
        variables,
        files,
        options.noise or said.noise or "regular",
        options.fail_on or said.fail_on or "low",
        bool(allow_gaps),
        _baseline(outside, options.baseline or (said.baseline if baseline else None)),
        configuration,
        Exclusion(configuration) if configuration else None,
    )


def _baseline(outside: Outside, file: Path | None) -> Baseline | None:
    if file is None:
        return None
    from stockade.baseline import read

    path = outside.here / file
    shown = Path(os.path.relpath(path, outside.here))
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "the system refused").lower()
        help = f"`stockade baseline --output {shown.as_posix()}` writes it"
        raise UsageError(f"the baseline `{shown.as_posix()}` cannot be read: {reason}", help=help) from None
    return read(data, shown.as_posix())


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
    return asked_of(report, settings)


def asked_of(report: Report, settings: Settings) -> Report:
    """The report, with the configuration that had a say in it."""
    configuration, exclusion = settings.configuration, settings.exclusion
    if configuration and exclusion:
        return replace(report, configuration=configuration.path, excluded=tuple(sorted(exclusion.met)))
    return report


def asking(
    outside: Outside, paths: Sequence[Path], settings: Settings, shipped: Knowledge
) -> tuple[Iterator[Input], dict[str, Any]]:
    """The inputs below paths, as they are read one after the other, and how a scan is asked about them."""
    from stockade.control import Noise
    from stockade.controls import load
    from stockade.iam import catalog, managed
    from stockade.model import runtimes

    configuration = settings.configuration
    asked = {
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
    return _inputs(outside, paths, settings, shipped), asked


def _inputs(outside: Outside, paths: Sequence[Path], settings: Settings, shipped: Knowledge) -> Iterator[Input]:
    from stockade.cli.progress import ProgressLine
    from stockade.read import inputs

    options = inputs.Options(
        outside.here,
        settings.variables,
        settings.variable_files,
        outside.environment,
        settings.exclusion,
        shipped.packages,
        outside.held,
        outside.ceiling,
    )
    progress = ProgressLine(sys.stderr, shutil.get_terminal_size().columns)

    def between(done: int, total: int, next_one: str) -> None:
        if done < total and gc.get_count()[0] > MANY_OBJECTS:
            gc.collect()
        progress(done, total, next_one)

    try:
        yield from shipped.prepared(inputs.read_all(paths, options, between))
    finally:
        progress.clear()


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
    return asked_of(made.before, settings), made.told


def write(outside: Outside, report: Report, data: bytes | None, output: Path | None, color: str) -> None:
    """Write what a format has made of the report; without one, show it to people."""
    if data is None:
        from stockade.show import terminal

        if output is None:
            terminal.show(report, outside.console(sys.stdout, color))
            return
        from io import StringIO

        text = StringIO()
        terminal.show(report, outside.console(text, color))
        data = text.getvalue().encode()
    if output is None:
        click.echo(data, nl=False)
    else:
        save(outside, output, data)


def save(outside: Outside, file: Path, data: bytes) -> None:
    """Write a file that the user named; ``UsageError`` where that cannot be."""
    try:
        (outside.here / file).write_bytes(data)
    except OSError as error:
        reason = (error.strerror or "the system refused").lower()
        raise UsageError(f"`{file}` cannot be written: {reason}") from None

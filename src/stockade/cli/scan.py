"""``stockade scan``: read, decide, show, and the exit status that says how it went."""

from __future__ import annotations

import gc
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stockade.cli.names import checked, complete
from stockade.cli.outside import Outside
from stockade.errors import UsageError

if TYPE_CHECKING:
    from stockade.report import Report

FAILING, UNREAD = 1, 3

MANY_OBJECTS = 3_000_000
"""Objects that finished root modules may leave behind before they are collected."""

_EPILOG = """\b
Examples:
  stockade scan infra/prod infra/stage --var-file common.tfvars
  stockade scan --control public-function-url --control plaintext-secret
  stockade scan --format json | jq '.findings[].message'
"""


@click.command(epilog=_EPILOG, short_help="Decide the checklist for all functions.")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option(
    "--format", "shape", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True
)
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write there instead of to stdout."
)
@click.option(
    "--control",
    "controls",
    multiple=True,
    metavar="NAME",
    shell_complete=complete,
    help="Ask only this; repeatable.",
)
@click.option(
    "--noise",
    type=click.Choice(["regular", "strict", "audit"]),
    default="regular",
    show_default=True,
    help="From what an owner should act on to everything.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["low", "medium", "high", "critical", "never"]),
    default="low",
    show_default=True,
    help="The least severity that makes the exit status 1.",
)
@click.option("--var", "variables", multiple=True, metavar="K=V", help="A variable's value; repeatable.")
@click.option(
    "--var-file",
    "variable_files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A file of variables; repeatable.",
)
@click.option("--allow-gaps", is_flag=True, help="Exit with 0 even if something could not be read.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.pass_obj
def command(
    outside: Outside,
    paths: tuple[Path, ...],
    shape: str,
    output: Path | None,
    controls: tuple[str, ...],
    noise: str,
    fail_on: str,
    variables: tuple[str, ...],
    variable_files: tuple[Path, ...],
    allow_gaps: bool,
    color: str,
) -> int:
    """Decide the checklist for the functions below each PATH (the current directory by default).

    A PATH is a directory that holds Terraform configuration, or has such directories below it.
    Nothing is executed, no network is used, and no file outside the repository around PATH is read.
    """
    only = checked(controls) if controls else None
    report = _report(outside, paths or (Path(),), _variables(variables), variable_files, noise, only)
    _write(outside, report, shape, output, color)
    return status(report, fail_on, allow_gaps)


def status(report: Report, fail_on: str, allow_gaps: bool) -> int:
    """The exit status of a scan that came to its end."""
    from stockade.control import Crashed, Severity

    worst = report.worst()
    if fail_on != "never" and worst is not None and worst >= Severity[fail_on.upper()]:
        return FAILING
    unread = bool(report.gaps) or any(isinstance(one.outcome, Crashed) for one in report.findings)
    return UNREAD if unread and not allow_gaps else 0


def _report(
    outside: Outside,
    paths: Sequence[Path],
    variables: Mapping[str, str],
    variable_files: Sequence[Path],
    noise: str,
    only: Sequence[str] | None,
) -> Report:
    from stockade.cli.progress import ProgressLine
    from stockade.control import Noise
    from stockade.controls import load
    from stockade.iam import catalog, managed
    from stockade.model import runtimes
    from stockade.read.inputs import Options, read_all
    from stockade.scan import scan

    options = Options(outside.here, variables, variable_files, outside.environment)
    progress = ProgressLine(sys.stderr, shutil.get_terminal_size().columns)

    def between(done: int, total: int, next_one: str) -> None:
        if done < total and gc.get_count()[0] > MANY_OBJECTS:
            gc.collect()
        progress(done, total, next_one)

    try:
        return scan(
            read_all(paths, options, between),
            load(),
            at=outside.now(),
            noise=Noise[noise.upper()],
            only=only,
            data={
                "iam": catalog.Catalog.load().date,
                "managed-policies": managed.date(),
                "runtimes": runtimes.as_of().isoformat(),
            },
        )
    finally:
        progress.clear()


def _write(outside: Outside, report: Report, shape: str, output: Path | None, color: str) -> None:
    if shape == "json":
        from stockade.show import json

        data = json.show(report)
    else:
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
        return
    try:
        (outside.here / output).write_bytes(data)
    except OSError as error:
        reason = (error.strerror or "the system refused").lower()
        raise UsageError(f"`{output}` cannot be written: {reason}") from None


def _variables(given: Sequence[str]) -> dict[str, str]:
    out: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"`{one}` gives no variable a value", help="write `--var name=value`")
        out[name.strip()] = value
    return out

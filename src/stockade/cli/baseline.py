"""``stockade baseline``: keep what is there now, so that only what is new counts from now on."""

from __future__ import annotations

import os
from pathlib import Path

import click

from stockade.cli.asking import Asking
from stockade.cli.given import packages_of, variables_of
from stockade.cli.knowledge import knowledge
from stockade.cli.options import (
    ADVISORIES,
    CONFIG,
    NOISE,
    PACKAGES,
    VARIABLE_FILES,
    VARIABLES,
)
from stockade.cli.outside import Outside
from stockade.cli.page import Page
from stockade.cli.settings import Options, configured, settle
from stockade.cli.writing import save

NAME = "stockade-baseline.json"

_EPILOG = f"""\\b
Examples:
  stockade baseline infra                       writes {NAME}
  stockade scan infra --baseline {NAME}
"""


@click.command(cls=Page, epilog=_EPILOG, short_help="Keep today's findings as known.")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=f"Where it is kept.  [default: what the configuration says, or {NAME}]",
)
@NOISE
@VARIABLES
@VARIABLE_FILES
@CONFIG
@PACKAGES
@ADVISORIES
@click.pass_obj
def command(
    outside: Outside,
    paths: tuple[Path, ...],
    output: Path | None,
    noise: str | None,
    variables: tuple[str, ...],
    variable_files: tuple[Path, ...],
    config: Path | None,
    packages: tuple[str, ...],
    advisories: tuple[Path, ...],
) -> int:
    """Scan as `stockade scan` does, and write the findings of today to a file.

    With `stockade scan --baseline FILE`, or `baseline = "FILE"` in the configuration, these are listed
    and do not count. A finding is known by what it is about and not by its line: moved code is not new, and a
    second mistake at a known place is. Accepted findings, and controls that failed themselves, are not kept.
    """
    from stockade.baseline import written

    paths = paths or (Path(),)
    configuration = configured(outside, paths, config)
    file = output or (configuration.baseline if configuration else None) or Path(NAME)
    said = Options(variables_of(variables), variable_files, noise, None, True, None)
    settings = settle(outside, said, configuration, baseline=False)
    built = {**(configuration.packages if configuration else {}), **packages_of(outside, packages)}
    asking = Asking(outside, settings, knowledge(outside, built, advisories, False))
    report = asking.report(asking.inputs(paths))
    data = written(report)
    save(outside, file, data)
    number = data.count(b'"fingerprint"')
    shown = Path(os.path.relpath(outside.here / file, outside.here)).as_posix()
    click.echo(f"{number:,} finding{'' if number == 1 else 's'} kept in `{shown}`", err=True)
    if report.gaps:
        lost = len(report.gaps)
        click.echo(
            f"{lost:,} thing{'' if lost == 1 else 's'} could not be read: `stockade scan` says which", err=True
        )
    return 0

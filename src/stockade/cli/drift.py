"""``stockade drift``: what is written against what is there, and the exit status that says whether it is so."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from stockade.cli.options import ALLOW_GAPS, COLOR, LIVE, VARIABLE_FILES, VARIABLES, live_options, written_as
from stockade.cli.outside import Outside
from stockade.cli.page import Page
from stockade.errors import UsageError

if TYPE_CHECKING:
    from stockade.drifted import Drift
    from stockade.read.inputs import Input
    from stockade.value import Hole

DIFFERENT, UNKNOWN = 1, 3

_EPILOG = """\b
Examples:
  stockade drift infra --live --profile prod --region eu-west-1
  terraform show -json > state.json; stockade drift infra state.json
  stockade drift template.yaml packaged.yaml --var Stage=prod
  stockade drift infra state.json --complete   what nobody wrote is drift too

\b
Exit status:
  0  nothing that matters differs     2  the command was wrong
  1  something does                   3  nothing does, not all was compared
"""


@click.command(cls=Page, epilog=_EPILOG, short_help="What is written against what is there.")
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@click.argument("other", metavar="[OTHER]", required=False, type=click.Path(path_type=Path))
@VARIABLES
@VARIABLE_FILES
@click.option(
    "--other-var",
    "other_variables",
    multiple=True,
    metavar="K=V",
    help="The value of a variable or parameter of OTHER; repeatable.",
)
@click.option(
    "--other-var-file",
    "other_files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The same as a file; repeatable.",
)
@click.option(
    "--complete", is_flag=True, help="PATH is all there should be: functions beside it count as different."
)
@ALLOW_GAPS
@live_options
@written_as("terminal", "json")
@COLOR
@click.pass_obj
def command(
    outside: Outside,
    /,
    path: Path,
    other: Path | None,
    variables: tuple[str, ...],
    variable_files: tuple[Path, ...],
    other_variables: tuple[str, ...],
    other_files: tuple[Path, ...],
    complete: bool,
    allow_gaps: bool | None,
    shape: str,
    color: str,
    **about_live: Any,
) -> int:
    """Compare the functions below PATH with those that run (`--live`) or that OTHER has: a state, a plan, code.

    Functions are the same by their names. What is compared is what a control asks for, or what opens a way to
    a function: policies by what they allow, with a request that shows the difference; variables of the
    environment by their names. What is not known on either side is told, never taken for the same.
    """
    from stockade.cli.given import variables_of
    from stockade.drift.compare import drift
    from stockade.drift.sides import sides
    from stockade.show import drift as shown

    left = _inputs(outside, path, variables_of(variables), variable_files, other)
    if any(about_live[name] for name in LIVE):
        if other is not None:
            raise UsageError("PATH is compared with one other side", help="leave out OTHER, or `--live`")
        from stockade.cli.live import asked_for
        from stockade.cli.names import existing

        right = list(asked_for(about_live, False, None, existing()).inputs(outside))
    elif other is not None:
        right = _inputs(outside, other, variables_of(other_variables), other_files, path)
    else:
        help = "`stockade drift PATH --live`, or `stockade drift PATH OTHER`"
        raise UsageError("nothing is said to compare with", help=help)
    labels = "written", "live" if other is None else "there"
    both = sides(
        [one.world for one in left],
        [one.world for one in right],
        labels,
        (_file(left), _file(right)),
        (_deployed(left), _deployed(right)),
    )
    found = drift(
        *both,
        at=outside.now(),
        paths=([one.path for one in left], [one.path for one in right]),
    )
    if shape == "json":
        click.echo(shown.as_json(found), nl=False)
    else:
        shown.show(found, outside.console(sys.stdout, color), labels)
    return status(found, complete, bool(allow_gaps))


def status(found: Drift, complete: bool, allow_gaps: bool) -> int:
    """The exit status of a comparison."""
    from stockade.drifted import Standing

    certain = [one for one in found.differences if one.standing is not Standing.UNKNOWN]
    lone = [*found.missing, *(found.extra if complete else ())]
    if certain or any(not one.reason for one in lone):
        return DIFFERENT
    open_ones = len(found.differences) or found.gaps or lone or (found.extra and not found.compared)
    return UNKNOWN if open_ones and not allow_gaps else 0


def _inputs(
    outside: Outside, path: Path, variables: Mapping[str, str], files: Sequence[Path], besides: Path | None
) -> list[Input]:
    """The inputs below a path, without what is the other side of the comparison."""
    from stockade.read import inputs

    other = Path(os.path.realpath(outside.here / besides)) if besides is not None else None
    own = Path(os.path.realpath(outside.here / path))
    if own == other:
        raise UsageError(f"`{path}` is compared with itself", help="give a state, a plan or another directory")
    options = inputs.Options(
        outside.here,
        variables,
        files,
        outside.environment,
        lambda found: other is not None and (found == other or other in found.parents),
    )
    found = list(inputs.read_all((path,), options, lambda done, total, following: None))
    # What a tool left beside what is written (a state, a plan) is not written.
    return [one for one in found if one.kind not in _MADE] or found


def _file(inputs: Sequence[Input]) -> str:
    """The state or plan that a side is of; empty where it is of anything else."""
    return ", ".join(one.path for one in inputs) if all(one.kind in _MADE for one in inputs) else ""


def _deployed(inputs: Sequence[Input]) -> Mapping[tuple[str, str], tuple[str | Hole, ...]]:
    from stockade.drift.sides import deployed

    return deployed(one.reading for one in inputs if one.kind in _MADE and one.reading is not None)


_MADE: Final = ("plan", "state")

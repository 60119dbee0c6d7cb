"""``stockade paths``: who can reach each function, and what it can reach."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stockade import __version__
from stockade.cli.asking import Asking
from stockade.cli.given import variables_of
from stockade.cli.knowledge import knowledge
from stockade.cli.options import ALLOW_GAPS, COLOR, CONFIG, VARIABLE_FILES, VARIABLES, written_as
from stockade.cli.outside import Outside
from stockade.cli.page import Page
from stockade.cli.scan import UNREAD
from stockade.cli.settings import Options, configured, settle
from stockade.cli.writing import save
from stockade.errors import UsageError

if TYPE_CHECKING:
    from stockade.paths.graph import Path as Way
    from stockade.paths.graph import Picture

_EPILOG = """\b
Examples:
  stockade paths infra
  stockade paths infra --function orders-api
  stockade paths infra --format mermaid --output access.mmd
  stockade paths infra --format json | jq '.paths[] | select(.risk >= 60)'
"""


@click.command(cls=Page, epilog=_EPILOG, short_help="Who can reach each function, and what it can reach.")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@written_as("terminal", "json", "dot", "mermaid")
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write there instead of to stdout."
)
@click.option(
    "--function",
    "functions",
    multiple=True,
    metavar="NAME",
    help="Only this function, by its name or address; repeatable.",
)
@click.option(
    "--most", type=click.IntRange(min=0), default=10, show_default=True, help="How many paths are listed."
)
@VARIABLES
@VARIABLE_FILES
@CONFIG
@ALLOW_GAPS
@COLOR
@click.pass_obj
def command(
    outside: Outside,
    paths: tuple[Path, ...],
    shape: str,
    output: Path | None,
    functions: tuple[str, ...],
    most: int,
    variables: tuple[str, ...],
    variable_files: tuple[Path, ...],
    config: Path | None,
    allow_gaps: bool | None,
    color: str,
) -> int:
    """Show who can invoke the functions below each PATH, what each can reach, and the paths that these make.

    Every way says how it is known: witnessed, the policy engine has confirmed a request that gets through, all
    policies of a role together; declared, the input says so itself; undecided, it depends on something that
    is not known, and is taken to be there. The riskiest paths come first: from those whom one trusts
    least to what matters most.
    """
    from stockade.paths.chains import paths as chains
    from stockade.paths.chains import pictures

    where = paths or (Path(),)
    settings = settle(
        outside,
        Options(variables_of(variables), variable_files, None, None, allow_gaps, None),
        configured(outside, where, config),
        baseline=False,
    )
    inputs = Asking(outside, settings, knowledge(outside, {}, (), False)).inputs(where)
    drawn: list[Picture] = []
    found: list[Way] = []
    read: list[tuple[str, str]] = []
    lost = 0
    accounts = settings.configuration.accounts if settings.configuration else frozenset()
    for index, one in enumerate(inputs):
        world = replace(one.world, accounts=accounts)
        mine = pictures(index, world)
        drawn += mine
        found += chains(mine)
        read.append((one.kind, one.path))
        lost += sum(not gap.spare for gap in world.gaps)
    if functions:
        drawn, found = _chosen(drawn, found, functions)
    found.sort(key=lambda one: (-one.risk, len(one.hops)))
    _show(outside, drawn, found, read, shape, output, most, color)
    if lost:
        things = "thing" if lost == 1 else "things"
        click.echo(f"{lost:,} {things} could not be read: `stockade scan` says which", err=True)
    return UNREAD if lost and not settings.allow_gaps else 0


def _chosen(drawn: list[Picture], found: list[Way], names: tuple[str, ...]) -> tuple[list[Picture], list[Way]]:
    from difflib import get_close_matches

    keys: set[tuple[int, str]] = set()
    for name in names:
        mine = {(one.input, one.address) for one in drawn if name in (one.name, one.address)}
        if not mine:
            near = get_close_matches(name, sorted({one.name for one in drawn}), 1, 0.5)
            help = f"did you mean `{near[0]}`?" if near else "`stockade paths` lists the functions"
            raise UsageError(f"no function is called `{name}`", help=help)
        keys |= mine
    pictures = [one for one in drawn if (one.input, one.address) in keys]
    paths = [one for one in found if any((one.input, hop.function) in keys for hop in one.hops)]
    return pictures, paths


def _show(
    outside: Outside,
    drawn: list[Picture],
    found: list[Way],
    read: list[tuple[str, str]],
    shape: str,
    output: Path | None,
    most: int,
    color: str,
) -> None:
    from stockade.show import paths

    if shape == "json":
        data = paths.as_json(drawn, found, read, __version__, outside.now())
    elif shape == "dot":
        data = paths.dot(drawn)
    elif shape == "mermaid":
        data = paths.mermaid(drawn)
    elif output is None:
        paths.show(drawn, found, outside.console(sys.stdout, color), most)
        return
    else:
        from io import StringIO

        text = StringIO()
        paths.show(drawn, found, outside.console(text, color), most)
        data = text.getvalue().encode()
    if output is None:
        click.echo(data, nl=False)
    else:
        save(outside, output, data)

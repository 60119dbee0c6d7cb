"""``stockade fix``: make the fixes of a scan, prove them, and print them as a patch or write them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stockade.cli import mending
from stockade.cli.asking import Asking
from stockade.cli.given import packages_of, variables_of
from stockade.cli.knowledge import knowledge
from stockade.cli.names import checked, complete, existing
from stockade.cli.options import (
    ALLOW_GAPS,
    COLOR,
    CONFIG,
    NOISE,
    PACKAGES,
    VARIABLE_FILES,
    VARIABLES,
    live_of,
    live_options,
    written_as,
)
from stockade.cli.outside import Outside
from stockade.cli.page import Page
from stockade.cli.scan import FAILING, UNREAD
from stockade.cli.settings import Options, Settings, configured, settle
from stockade.errors import UsageError

if TYPE_CHECKING:
    from stockade.cli.live import Live
    from stockade.patched import Patch
    from stockade.read.inputs import Input
    from stockade.report import Finding, Report

_EPILOG = """\b
Examples:
  stockade fix                           the patch for all that is below
  stockade fix | git apply               and so it is made
  stockade fix --write                   what is safe, written
  stockade fix --write --safety review   what should be looked at, too
  stockade fix --control unscoped-logs --function orders
  stockade fix --live --function orders  commands for what runs, none executed

\b
Exit status:
  0  all that was asked for is fixed      2  the command was wrong
  1  something is left, and it says why   3  nothing is left, not all was read
"""


@click.command(cls=Page, epilog=_EPILOG, short_help="Fix what fails, with proofs.")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help="Write the files instead of printing the patch.")
@click.option(
    "--safety",
    type=click.Choice(["safe", "review", "breaking"]),
    help="`safe`: what cannot break what works; `review`: also what should be looked at; `breaking`: also what"
    " the code has to be changed for, together with it."
    "  [default: review, but safe with --write]",
)
@click.option(
    "--control",
    "controls",
    multiple=True,
    metavar="NAME",
    shell_complete=complete,
    help="Fix only what this finds; repeatable.",
)
@click.option(
    "--function",
    "functions",
    multiple=True,
    metavar="NAME",
    help="Fix only what concerns this function, by its name or address; repeatable.",
)
@NOISE
@VARIABLES
@VARIABLE_FILES
@CONFIG
@PACKAGES
@written_as("patch", "json", "commands", "terraform")
@click.option("--reveal", is_flag=True, help="Print secrets that stand in lines of the patch.")
@ALLOW_GAPS
@COLOR
@live_options
@click.pass_obj
def command(
    outside: Outside,
    /,
    paths: tuple[Path, ...],
    write: bool,
    safety: str | None,
    controls: tuple[str, ...],
    functions: tuple[str, ...],
    noise: str | None,
    variables: tuple[str, ...],
    variable_files: tuple[Path, ...],
    config: Path | None,
    packages: tuple[str, ...],
    shape: str,
    reveal: bool,
    allow_gaps: bool | None,
    color: str,
    **about_live: Any,
) -> int:
    """Fix what fails below each PATH (the current directory by default), and print it as a patch.

    Every fix is made in memory, read again and proved: its finding is gone, none came, nothing else has
    changed, and no policy allows more than before, unless the fix says so itself. What cannot be proved is not
    made. What was fixed, and what was not and why, is told on stderr.

    With --live nothing is changed: what mends the account is printed as commands of the AWS CLI, or as
    Terraform that takes it over, each proved on what was read, and never executed.
    """
    only = checked(controls) if controls else None
    account = live_of(about_live, bool(paths), None, existing())
    if account is not None:
        mending.refused(write, bool(paths), reveal)
    elif shape in ("commands", "terraform"):
        raise UsageError(f"`--format {shape}` is of accounts", help="add `--live`, or leave out `--format`")
    paths = paths or (Path(),)
    options = Options(variables_of(variables), variable_files, noise, None, allow_gaps, None)
    configuration = configured(outside, paths, config)
    built = {**(configuration.packages if configuration else {}), **packages_of(outside, packages)}
    settings = settle(outside, options, configuration)
    asking = Asking(outside, settings, knowledge(outside, built, (), False))
    if account is not None:
        return _live(asking, account, only, functions, safety or "review", shape, color)
    patch = _patched(asking, paths, only, functions, safety or ("safe" if write else "review"))
    hidden = () if reveal else tuple(_secrets(patch.before))
    diffs, whole = _diffs(outside, patch, hidden), _diffs(outside, patch, ())
    if write and patch.files:
        from stockade.fix.write import write as write_files

        write_files(patch.files)
    masked = sum(_differing(diffs[name], whole[name]) for name in diffs)
    _show(outside, patch, diffs, shape, color, write, masked)
    return _status(patch, settings)


def _patched(
    asking: Asking,
    paths: Sequence[Path],
    only: Sequence[str] | None,
    functions: Sequence[str],
    safety: str,
) -> Patch:
    from stockade.control import Safety
    from stockade.fix.patch import Asked, patch
    from stockade.scan import scan

    asked = asking.again()
    read = list(asking.inputs(paths))

    def judge(some: Sequence[Input]) -> Report:
        return scan(some, **asked)

    wanted = _Wanted(judge(read) if functions else None, only, functions)
    return patch(read, judge, Asked(Safety[safety.upper()], wanted))


def _live(
    asking: Asking,
    account: Live,
    only: Sequence[str] | None,
    functions: Sequence[str],
    safety: str,
    shape: str,
    color: str,
) -> int:
    """The same for what runs, as commands."""
    from stockade.scan import scan

    asked = asking.again()

    def judge(some: Sequence[Input]) -> Report:
        return scan(asking.shipped.prepared(some), **asked)

    def wants(read: list[Input]) -> _Wanted:
        return _Wanted(judge(read) if functions else None, only, functions)

    mended = mending.mended(asking.outside, account, judge, safety, wants)
    mending.show(asking.outside, mended, shape, color)
    return _status(mended.patch, asking.settings)


class _Wanted:
    """Whether a finding is one that was asked about."""

    def __init__(self, report: Report | None, only: Sequence[str] | None, functions: Sequence[str]) -> None:
        self._only = only
        self._addresses: set[tuple[int, str]] | None = None
        if report is None:
            return
        self._addresses = set()
        for name in functions:
            found = {(one.input, one.address) for one in report.functions if name in (one.name, one.address)}
            if not found:
                from difflib import get_close_matches

                near = get_close_matches(name, sorted({one.name for one in report.functions}), 1, 0.5)
                help = f"did you mean `{near[0]}`?" if near else "`stockade scan` lists the functions"
                raise UsageError(f"no function is called `{name}`", help=help)
            self._addresses |= found

    def __call__(self, finding: Finding) -> bool:
        if self._only is not None and finding.control not in self._only:
            return False
        concerned = {(finding.input, one) for one in finding.functions}
        return self._addresses is None or bool(concerned & self._addresses)


def _secrets(report: Report) -> set[bytes]:
    """The texts that hold secrets, line by line."""
    lines = (line.strip(b" \t\r\"',") for span in report.concealed for line in span.raw.split(b"\n"))
    return {line for line in lines if len(line) > 5}


def _diffs(outside: Outside, patch: Patch, hidden: Sequence[bytes]) -> dict[str, bytes]:
    """The diff of every file, from where the command runs."""
    from stockade.fix.unified import unified

    here = Path(os.path.realpath(outside.here))
    return {
        one.shown: unified(one, Path(os.path.relpath(one.path, here)).as_posix(), hidden) for one in patch.files
    }


def _differing(one: bytes, other: bytes) -> int:
    """How many lines differ of two texts of as many lines."""
    return sum(a != b for a, b in zip(one.split(b"\n"), other.split(b"\n"), strict=True))


def _show(
    outside: Outside,
    patch: Patch,
    diffs: Mapping[str, bytes],
    shape: str,
    color: str,
    written: bool,
    masked: int,
) -> None:
    from stockade.show import fixes

    if shape == "json":
        import json

        texts = {name: data.decode("utf-8", "replace") for name, data in diffs.items()}
        click.echo(json.dumps(fixes.document(patch, texts, written=written), indent=2))
    elif not written:
        whole = b"".join(diffs.values())
        console = outside.console(sys.stdout, color)
        if console.is_terminal and console.color_system:
            fixes.colored(whole.decode("utf-8", "replace"), console)
        else:
            click.echo(whole, nl=False)
    fixes.summary(patch, outside.console(sys.stderr, color), written=written, masked=masked)


def _status(patch: Patch, settings: Settings) -> int:
    if patch.left:
        return FAILING
    lost = any(not one.spare for one in patch.before.gaps)
    return UNREAD if lost and not settings.allow_gaps else 0

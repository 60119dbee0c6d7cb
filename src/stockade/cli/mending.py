"""``stockade fix --live``: how what fails in an account is mended, as commands for a person to run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from stockade.cli.outside import Outside
from stockade.errors import UsageError
from stockade.show.escape import escape

if TYPE_CHECKING:
    from stockade.cli.live import Live
    from stockade.control import Fix
    from stockade.fix.live.proved import Judge, Mended
    from stockade.patched import Patch, Told
    from stockade.read.inputs import Input
    from stockade.report import Finding


def shown_fixes(live: Live) -> Callable[[Input], Callable[[Fix], Fix] | None]:
    """What a scan of accounts shows with a fix: the commands that make it, and the same in Terraform."""
    from stockade.fix.live.commands import Commands, shown

    def of(source: Input) -> Callable[[Fix], Fix] | None:
        target = live.met.get(source.path)
        if target is None or source.reading is None:
            return None
        writer = Commands(source.reading, target.place)
        return lambda fix: shown(writer, fix)

    return of


def mended(
    outside: Outside,
    live: Live,
    judge: Judge,
    safety: str,
    wants: Callable[[list[Input]], Callable[[Finding], bool]],
) -> Mended:
    """Every fix that is asked for in the accounts that are read, with its commands where it is proved."""
    from stockade.control import Safety
    from stockade.fix.live.proved import proved
    from stockade.read.account.answer import Place

    read = list(live.inputs(outside))
    nowhere = Place("", "", "aws", outside.now())
    placed = [(one, live.met[one.path].place if one.path in live.met else nowhere) for one in read]
    return proved(placed, judge, Safety[safety.upper()], wants(read))


def refused(write: bool, has_paths: bool, reveal: bool) -> None:
    """Raises ``UsageError`` for what cannot be meant of an account."""
    if has_paths:
        raise UsageError("files and a live account are two scans", help="leave out the paths, or `--live`")
    if write:
        help = "look at what it prints, and run it yourself"
        raise UsageError("nothing in an account is changed by Stockade", help=help)
    if reveal:
        raise UsageError("no secret of an account is printed", help="leave out `--reveal`")


def show(outside: Outside, mended: Mended, shape: str, color: str) -> None:
    """Print what was made, and tell on standard error what became of the rest."""
    from stockade.show import fixes

    patch = mended.patch
    if shape == "json":
        import json

        click.echo(json.dumps(fixes.document(patch, {}, written=False), indent=2))
    else:
        for line in configuration(mended) if shape == "terraform" else lines(patch):
            click.echo(line)
    fixes.live(patch, outside.console(sys.stderr, color))


def configuration(mended: Mended) -> Iterator[str]:
    """What takes each account and region over, one after the other."""
    for index, text in mended.terraform.items():
        if text:
            yield f"# {escape(mended.patch.before.inputs[index].path)}, as of {mended.patch.before.at}"
            yield ""
            yield text


def lines(patch: Patch) -> Iterator[str]:
    """The commands of all that is made, with what each is for."""
    at = -1
    written: set[str] = set()
    for one in patch.made:
        text = _code(one)
        if not text or text in written:
            continue  # one change that ends several findings is made once
        written.add(text)
        if one.finding.input != at:
            at = one.finding.input
            yield f"# {escape(patch.before.inputs[at].path)}, as of {patch.before.at}"
            yield "# in this order: later ones keep what earlier ones do"
            yield ""
        yield f"# [{one.finding.control}] {escape(' '.join(one.fix.title.split())) if one.fix else ''}"
        yield text.rstrip("\n")
        yield ""


def _code(one: Told) -> str:
    """The last in the shell's language: what a control shows itself comes before."""
    codes: Sequence[Any] = one.fix.code if one.fix else ()
    return next((each.text for each in reversed(codes) if each.language == "shell"), "")

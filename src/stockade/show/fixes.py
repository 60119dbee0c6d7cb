"""What became of fixes, for a person at a terminal: the patch in colours, and a summary beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from rich.console import Console

from stockade.control import Safety
from stockade.patched import Outcome, Patch, Told
from stockade.show.paper import Paper, counted, listed

_HEADINGS = {
    Outcome.MADE: "Fixed",
    Outcome.PERSON: "For a person",
    Outcome.IMPOSSIBLE: "Not to be written where it stands",
    Outcome.UNPROVED: "Not proved, so not made",
    Outcome.DEFECT: "Refused by its proof: a defect of Stockade, please report it",
}
_SAFETY = {
    Safety.SHOW: "by hand",
    Safety.BREAKING: "breaks the function until its code is changed",
    Safety.REVIEW: "to be reviewed",
    Safety.SAFE: "safe",
}
_NAMED = 4
"""Resources that are named of those that share a fix."""


def colored(patch: str, console: Console) -> None:
    """A unified diff in colours."""
    paper = Paper(console)
    for line in patch.splitlines():
        if line.startswith(("--- ", "+++ ")):
            style = "bold"
        elif line.startswith("@@"):
            style = "cyan"
        elif line.startswith("+"):
            style = "green"
        elif line.startswith("-"):
            style = "red"
        else:
            style = ""
        paper.line((line, style))


def summary(patch: Patch, console: Console, *, written: bool, masked: int) -> None:
    """What was made, and what was not and why, things with one reason told once."""
    paper = Paper(console)
    for outcome in Outcome:
        some = [one for one in patch.told if one.outcome is outcome]
        if some:
            _section(paper, outcome, some)
    paper.blank()
    files = listed([one.shown for one in patch.files], 3)
    if patch.files:
        done = "written" if written else "to be written (`--write` does)"
        paper.prose(
            f"{counted(len(patch.made), 'finding')} fixed in {files}, {done}; ", f"{len(patch.left)} left."
        )
    elif patch.told:
        paper.prose(f"Nothing was changed; {counted(len(patch.left), 'finding')} left.")
    else:
        paper.prose("Nothing that was asked for fails.")
    if masked and not written:
        hold = "holds a secret and is masked" if masked == 1 else "hold secrets and are masked"
        paper.prose(
            f"{counted(masked, 'line')} of the patch {hold}, so that it cannot be applied: "
            "`--write` makes it, `--reveal` prints it whole."
        )


def live(patch: Patch, console: Console) -> None:
    """The same of what runs: what there are commands for, and what is left and why."""
    paper = Paper(console)
    for outcome in Outcome:
        some = [one for one in patch.told if one.outcome is outcome]
        if some:
            _section(paper, outcome, some, live=True)
    paper.blank()
    if patch.made:
        paper.prose(
            f"Commands for {counted(len(patch.made), 'finding')}, none of which was executed; ",
            f"{len(patch.left)} left.",
        )
    elif patch.told:
        paper.prose(f"There are commands for nothing of it; {counted(len(patch.left), 'finding')} left.")
    else:
        paper.prose("Nothing that was asked for fails.")


def _section(paper: Paper, outcome: Outcome, some: Iterable[Told], *, live: bool = False) -> None:
    entries = [(key, list(told)) for key, told in groupby(sorted(some, key=_order), key=_order)]
    number = sum(len(told) for _, told in entries)
    made = live and outcome is Outcome.MADE
    paper.heading("Mended by the commands" if made else _HEADINGS[outcome], f"{number:,}")
    for _, told in entries:
        first = told[0]
        title = first.fix.title if first.fix else first.finding.message
        safety = f" ({_SAFETY[first.fix.safety]})" if first.fix else ""
        paper.prose((f"[{first.finding.control}]", "bold"), f" {title}{safety}", hang=2)
        addresses = list(dict.fromkeys(one.finding.address for one in told))
        paper.prose(listed(addresses, _NAMED), indent=4)
        for what in dict.fromkeys(what for one in told for what in one.adds):
            paper.prose(("allows in addition: ", "bold"), what, indent=4)
        if first.reason:
            paper.prose(first.reason, indent=4)
        if first.help:
            paper.prose(("help: ", "bold"), first.help, indent=4)
        if first.fix and first.fix.note:
            paper.prose(("note: ", "bold"), first.fix.note, indent=4)
        shown = not live and first.fix and outcome is not Outcome.IMPOSSIBLE
        for one_code in first.fix.code if first.fix and shown else ():
            for line in one_code.text.splitlines():
                paper.line((line, "dim"), indent=6)


def _order(told: Told) -> tuple[str, str, str, str]:
    title = told.fix.title if told.fix else told.finding.message
    return (told.finding.control, title, told.reason, told.help or "")


def document(patch: Patch, diffs: Mapping[str, str], *, written: bool) -> dict[str, object]:
    """The same for machines: ``stockade.fix/1``, described by docs/schema/fix-1.json."""
    return {
        "schema": "stockade.fix/1",
        "tool": {"name": "stockade", "version": patch.before.version},
        "at": patch.before.at,
        "written": written,
        "files": [{"path": one.shown, "diff": diffs[one.shown]} for one in patch.files],
        "fixes": [_fix(one) for one in patch.told],
    }


def _fix(told: Told) -> dict[str, object]:
    finding, fix = told.finding, told.fix
    return {
        "control": finding.control,
        "address": finding.address,
        "functions": list(finding.functions),
        "fingerprint": finding.fingerprint,
        "title": fix.title if fix else None,
        "safety": fix.safety.name.lower() if fix else None,
        "outcome": told.outcome.value,
        "reason": told.reason or None,
        "help": told.help,
        "adds": list(told.adds),
        "note": (fix.note or None) if fix else None,
        "code": [{"language": one.language, "text": one.text} for one in fix.code] if fix else [],
    }

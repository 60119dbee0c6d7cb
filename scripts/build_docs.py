"""Writes ``docs/controls``: a page for every control, exactly as ``stockade explain`` prints it, and an index.

Run by ``make docs``; ``tests/test_docs.py`` fails while a page is not what this would write.
"""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from stockade.checklist import Item
from stockade.cli.app import app
from stockade.cli.outside import Outside
from stockade.controls import load
from tests import cases_harness as harness

ROOT = Path(__file__).parents[1]
DIRECTORY = ROOT / "docs" / "controls"

HEAD = """\
# Controls

Made by `make docs` from the controls themselves, like every page here; edit `src/stockade/controls`.
A control is named for the bad thing it finds. A row that no control decides yet is printed by every
scan as not decided: it never counts as holding.
"""


def pages() -> dict[str, str]:
    """File name in ``docs/controls`` -> what it must hold."""
    return {"README.md": _index(), **{f"{control.name}.md": _page(control.name) for control in load()}}


def _page(name: str) -> str:
    ran = CliRunner().invoke(app, ["explain", name], obj=Outside(ROOT, {}), catch_exceptions=False)
    return ran.output.rstrip() + "\n"


def _index() -> str:
    out = [HEAD.rstrip()]
    section = ""
    for item in Item:
        if item.section != section:
            section = item.section
            out.append(
                f"\n## {section}\n\n| row | control | severity | what it finds |\n| --- | --- | --- | --- |"
            )
        deciding = [control for control in load() if control.item is item]
        if not deciding:
            out.append(f"| {item.title} | | | *not decided yet by this version* |")
        for control in deciding:
            link = f"[{control.name}]({control.name}.md)"
            out.append(f"| {item.title} | {link} | {control.severity.name.lower()} | {control.summary} |")
    return "\n".join([*out, *_coverage()]) + "\n"


KINDS = {"terraform": "Terraform", "cloudformation": "CloudFormation", "sam": "SAM"}
WORDS = ("fails", "silent", "undecided")
COVERAGE = """
## Kinds of input

A control knows nothing of the kind of its input. That each works for each is shown by cases which run in the
tests ([tests/cases](../../tests/cases)): how many of them a control has here that end in a finding (✗), in
silence (✓) and undecided (?). What the CDK writes is CloudFormation.

| control | {heads} |
| --- | {rule} |"""


LEFT = """
SAM's own cases are about what its transform makes; all else in such a template is CloudFormation, and the
other two kinds of case are there."""


def _coverage() -> list[str]:
    """The table of controls and kinds of input, from the cases."""
    cases = harness.load()
    heads, rule = " | ".join(KINDS.values()), " | ".join("---" for _ in KINDS)
    out = [COVERAGE.format(heads=heads, rule=rule)]
    for control in load():
        cells = []
        for kind in KINDS:
            of = [case.verdicts for case in cases if case.control == control.name and case.kind == kind]
            counts = (sum(word in verdicts for verdicts in of) for word in WORDS)
            met = [f"{count} {glyph}" for count, glyph in zip(counts, "✗✓?", strict=True) if count]
            cells.append(" ".join(met) or "*none*")
        out.append(f"| [{control.name}]({control.name}.md) | {' | '.join(cells)} |")
    out.append(LEFT)
    for name, why in harness.EXPLAINED.items():
        out.append(f"\n`{name}` has no undecided case in a template: {why}.")
    return out


def main() -> None:
    wanted = pages()
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    for stale in DIRECTORY.glob("*.md"):
        if stale.name not in wanted:
            stale.unlink()
    for name, text in wanted.items():
        (DIRECTORY / name).write_text(text)


if __name__ == "__main__":
    main()

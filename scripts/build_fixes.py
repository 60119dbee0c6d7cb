"""Writes ``docs/fixes-by-control.md``: what every control proposes, how freely it may be applied, and where.

The cases of the controls are run for it. Run by ``make docs``; ``tests/test_docs.py`` fails while the page is
not what this would write.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from stockade.control import Fix, Safety
from tests import cases_harness as harness

PAGE: Final = Path(__file__).parents[1] / "docs" / "fixes-by-control.md"
KINDS: Final = {"terraform": "Terraform", "cloudformation": "CloudFormation", "sam": "SAM"}

_HEAD: Final = """\
# Fixes by control

Made by `make docs` from the cases of the controls ([tests/cases](../tests/cases)), in which each was proposed.
A fix is **safe** where it cannot break what works, and for **review** where it may. A **breaking** one takes
away what the code reads, and is made where somebody asks for just that. One that is to **show** is never
applied: somebody has to decide, or to fill in what only they know. Some can only be **told**, in words. Every
fix of the first three kinds ended its finding in its case and brought no other. Numbers and names that are the
owner's to say stand under `[fix]` in [stockade.toml](configuration.md#what-fixes-write).

| control | what it does | {heads} |
| --- | --- | {rule} |
"""
_QUOTED: Final = re.compile(r"`[^`]*`(?:, `[^`]*`)*(?: and (?:`[^`]*`|\d+ more))?")


def text() -> str:
    """The page."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for case in harness.load():
        if "fails" not in case.verdicts:
            continue
        for fix in _proposed(case):
            row = rows.setdefault((case.control, _QUOTED.sub("…", fix.title)), {})
            row[case.kind] = max(row.get(case.kind, ""), _said(fix), key=_RANK.index)
    head = _HEAD.format(heads=" | ".join(KINDS.values()), rule=" | ".join("---" for _ in KINDS))
    return head + "".join(f"{line}\n" for line in _lines(rows))


_RANK: Final = ("", "told", "show", "breaking", "review", "safe")


def _said(fix: Fix) -> str:
    """How freely a fix may be applied, in a word."""
    return fix.safety.name.lower() if fix.changes or fix.safety is not Safety.SHOW else "told"


def _proposed(case: harness.Case) -> list[Fix]:
    with tempfile.TemporaryDirectory() as folder:
        reading = harness.read(case, Path(folder))
        made = harness.report(reading, only=[case.control], at=case.at, choices=case.choices)
    return [fix for _, fix in harness.fixes(made)]


def _lines(rows: dict[tuple[str, str], dict[str, str]]) -> list[str]:
    out = []
    named = ""
    for (control, title), row in sorted(rows.items()):
        link = "" if control == named else f"[{control}](controls/{control}.md)"
        cells = " | ".join(row.get(kind, "") for kind in KINDS)
        out.append(f"| {link} | {title} | {cells} |")
        named = control
    return out


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")

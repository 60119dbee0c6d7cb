"""Writes the ``diff`` blocks of the case files as fixes are made today, for somebody to read before committing.

A block that is there is renewed; ``fix`` blocks become ``diff`` blocks where all that they propose can be
written. Run it with the names of controls, or without for all: ``python scripts/renew_diffs.py open-cors``.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.case_patches import diffs, is_whole, laid_out, patched
from tests.cases_harness import CASES, Case, parse

_BLOCK = re.compile(r"^```((?:yaml\.)?(?:fix|diff))\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


def renew(path: Path) -> int:
    """Rewrite one case file; gives how many blocks are another."""
    text = path.read_text("utf-8")
    changed = 0
    for case in reversed(parse(path.stem, text)):
        start = _offset(text, case.line)
        end = text.find("\n## ", start + 1)
        end = len(text) if end < 0 else end + 1
        section = _renewed(case, text[start:end])
        changed += section != text[start:end]
        text = text[:start] + section + text[end:]
    path.write_text(text, "utf-8")
    return changed


def _offset(text: str, line: int) -> int:
    return sum(len(one) for one in text.splitlines(keepends=True)[: line - 1])


def _renewed(case: Case, section: str) -> str:
    of_template = case.kind != "terraform" and re.search(r"^```(hcl|tf\.json)", section, re.MULTILINE)
    prefix = "yaml." if of_template else ""
    if case.diffs is None and case.fix in (None, ("none",)):
        return section
    with tempfile.TemporaryDirectory() as folder:
        laid_out(case, Path(folder))
        made = patched(case, Path(folder))
        blocks = "".join(f"```{prefix}diff\n{one}```\n" for one in diffs(case, made))
        whole = is_whole(made)
    if case.diffs is None and not whole:
        return section
    wanted = (f"{prefix}diff", f"{prefix}fix") if whole else (f"{prefix}diff",)
    done = False

    def instead(found: re.Match[str]) -> str:
        nonlocal done
        if found[1] not in wanted:
            return found[0]
        out, done = ("" if done else blocks), True
        return out

    return _BLOCK.sub(instead, section)


def main(names: list[str]) -> None:
    for path in sorted(CASES.glob("*.md")):
        if not names or path.stem in names:
            number = renew(path)
            if number:
                print(f"{path.name}: {number} sections are another")


if __name__ == "__main__":
    main(sys.argv[1:])

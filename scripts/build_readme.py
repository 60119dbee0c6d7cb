"""Writes the README's sample of output: an excerpt of what ``make demo`` really prints.

Run by ``make readme``; ``tests/test_docs.py`` fails while the sample is not what this would write.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BEGIN, END = "<!-- sample: made by `make readme` -->\n", "<!-- /sample -->"
PROJECT = "examples/checklist-before"
DAY = "1793491200"  # 2026-11-01: some messages say how long ago a date was

# The paragraphs of the report that are shown, by how they begin; the rest becomes an ellipsis.
SHOWN = (
    "stockade ",
    "Checklist ",
    "✗   ?   –   ✓",
    "abcdef ",
    "✓ holds",
    "Findings ",
    "critical[admin-role]: the role",
    "medium[deprecated-runtime]: `python3.8`",
)


def sample() -> str:
    """The command and an excerpt of its output, as a fenced block."""
    ran = subprocess.run(
        [sys.executable, "-m", "stockade", "scan", PROJECT, "--fail-on", "never"],
        cwd=ROOT,
        env={**os.environ, "SOURCE_DATE_EPOCH": DAY, "COLUMNS": "88", "NO_COLOR": "1", "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    paragraphs = ran.stdout.rstrip().split("\n\n")
    shown = [paragraph for paragraph in paragraphs if paragraph.lstrip().startswith(SHOWN)]
    missing = [start for start in SHOWN if not any(one.lstrip().startswith(start) for one in shown)]
    if missing:
        raise SystemExit(f"the report of {PROJECT} has no paragraph that begins with {missing[0]!r}")
    shown += ["⋮", paragraphs[-1]]
    return f"```console\n$ stockade scan {PROJECT}\n" + "\n\n".join(shown) + "\n```\n"


def with_sample(text: str) -> str:
    """The README's text with a fresh sample between its markers."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + sample() + END + after


if __name__ == "__main__":
    README.write_text(with_sample(README.read_text()))

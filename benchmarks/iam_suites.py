"""Published verdicts on policies, asked again of this engine.

    python -m benchmarks.iam_suites DIRECTORY...

Each directory is a checkout: of AWS's samples for CheckNoNewAccess (Markdown files with reference and
candidate policies, the verdict in the heading), or of Quacky (tables of satisfiability under ``results``,
policies under ``samples``). Every difference is printed; docs/iam/agreement.md explains them.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from stockade.iam.policy import Document, loads
from stockade.iam.symbolic import Proved, Undecided, no_wider_than
from stockade.value import Value

Case = tuple[str, Value[Document], Value[Document], frozenset[bool]]
"""A name, the new and the old policy, and whether it is no wider, by the verdicts there are."""

_PART = re.compile(r"^#+ *(.*?)$|```json\n(.*?)```", re.M | re.S)


def of_aws(root: Path) -> Iterator[Case]:
    """AWS's samples: PASS is no new access."""
    for path in sorted(root.glob("*/*/*.md")):
        heading, reference = "", None
        for part in _PART.finditer(path.read_text()):
            if part[1] is not None:
                heading = part[1]
                continue
            json.loads(part[2])
            if heading.startswith("Reference policy"):
                reference = loads(part[2])
            elif reference is not None:
                name = f"{path.relative_to(root)}: {heading[:80]}"
                yield name, loads(part[2]), reference, frozenset({"PASS" in heading})


def of_quacky(root: Path) -> Iterator[Case]:
    """Quacky's tables: that P1 => P2 is unsatisfiable to refute says that P1 is no wider."""
    verdicts: dict[tuple[str, str], set[bool]] = {}
    for path in sorted(root.glob("results/**/raw_csv/**/*.csv")):
        with path.open(newline="") as file:
            head, *rows = list(csv.reader(file)) or [[]]
        for column, swapped in (("P1 => P2", False), ("P2 => P1", True)):
            if column in head:
                at = head.index(column)
                for row in rows:
                    if len(row) > at and row[at].strip() in ("SAT", "UNSAT"):
                        pair = (row[1], row[0]) if swapped else (row[0], row[1])
                        verdicts.setdefault(pair, set()).add(row[at].strip() == "UNSAT")
    documents: dict[str, Value[Document] | None] = {}
    for pair, said in verdicts.items():
        for name in pair:
            if name not in documents:
                path = root / name.lstrip("/").removeprefix("quacky/")
                documents[name] = loads(path.read_text()) if path.is_file() else None
        new, old = (documents[name] for name in pair)
        if new is not None and old is not None:
            yield " <= ".join(pair), new, old, frozenset(said)


def main() -> None:
    for argument in sys.argv[1:]:
        root = Path(argument)
        cases = of_quacky if (root / "results").is_dir() else of_aws
        seen: Counter[str] = Counter()
        took: list[float] = []
        for name, new, old, said in cases(root):
            start = time.process_time()
            found = no_wider_than([new], [old])
            took.append(time.process_time() - start)
            if len(said) > 1:
                seen["contradictory verdicts"] += 1
            elif isinstance(found, Undecided) or isinstance(found, Proved) not in said:
                seen["different"] += 1
                print(f"{name}: {type(found).__name__}")
            else:
                seen["agree"] += 1
        took.sort()
        each = ", ".join(f"{count:,} {what}" for what, count in seen.items())
        if took:
            print(
                f"{root}: {each}; {len(took) / sum(took):,.0f} a second,"
                f" median {took[len(took) // 2] * 1000:.2f} ms, slowest {took[-1] * 1000:.1f} ms"
            )
        else:
            print(f"{root}: no verdicts found")


if __name__ == "__main__":
    main()

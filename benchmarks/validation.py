"""How well offline validation agrees with what IAM Access Analyzer said of AWS's own managed policies.

It takes a checkout of a public repository that keeps both, https://github.com/zoph-io/MAMIP: the documents in
``policies``, and in ``findings`` what ValidatePolicy said of each. Nothing of it is kept here.

    python -m benchmarks.validation /path/to/MAMIP             a table, code by code
    python -m benchmarks.validation /path/to/MAMIP --differences

A finding is the same where code and statement are, and *exact* where all its places in the policy are as well.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from stockade.iam.catalog import Catalog
from stockade.iam.validate import Key, Kind, Validation, validate
from stockade.iam.validate import Path as Place
from stockade.json_text import decode
from stockade.value import Default

Said: TypeAlias = tuple[str, int | None]
Exact: TypeAlias = tuple[Said, tuple[tuple[tuple[str, str | int], ...], ...]]


@dataclass(slots=True)
class Tally:
    """What was said of one code, over all policies."""

    same: int = 0
    ours: int = 0
    theirs: int = 0
    exact: int = 0
    differences: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("checkout", type=Path, help="the directory with `policies` and `findings`")
    parser.add_argument("--differences", action="store_true", help="list every finding that only one has")
    arguments = parser.parse_args()
    tallies: dict[str, Tally] = {}
    count, spent = 0, 0.0
    for name, document, findings in policies(arguments.checkout):
        text = json.dumps(document)
        start = time.process_time()
        said = validate(decode(((text, None, None),), Default("a managed policy")), Kind.IDENTITY)
        spent += time.process_time() - start
        count += 1
        compare(name, said, findings, tallies)
    print(f"{count} policies, catalogue of {Catalog.load().date}, {spent:.1f} s of processor time\n")
    print("| code | both | only ours | only AWS's | exact places |\n| --- | --: | --: | --: | --: |")
    for code, tally in sorted(tallies.items()):
        print(f"| `{code}` | {tally.same} | {tally.ours} | {tally.theirs} | {tally.exact} |")
    if arguments.differences:
        for code, tally in sorted(tallies.items()):
            print(*(f"{code}: {one}" for one in tally.differences), sep="\n")


def policies(checkout: Path) -> Iterator[tuple[str, Any, list[Any]]]:
    """Every policy that was validated: its name, its document and what was said of it.

    Which were left out stands at the end of the findings' README: those that failed, and those out of use.
    """
    told = (checkout / "findings" / "README.md").read_text("utf-8").partition("Failed validations")[2]
    left_out = set(re.findall(r"^  - \[?`([^`]+)`", told, re.MULTILINE))
    for path in sorted((checkout / "policies").iterdir()):
        text = path.read_text("utf-8")
        if path.name in left_out or not text.strip():
            continue
        found = checkout / "findings" / f"{path.name}.json"
        findings = json.loads(found.read_text("utf-8")) if found.is_file() else []
        yield path.name, json.loads(text)["PolicyVersion"]["Document"], findings


def compare(name: str, said: Validation, findings: list[Any], tallies: dict[str, Tally]) -> None:
    """Count what both say of a policy, and what only one says."""
    ours: Counter[Said] = Counter()
    theirs: Counter[Said] = Counter()
    our_places: Counter[Exact] = Counter()
    their_places: Counter[Exact] = Counter()
    for one in said.findings:
        key = (one.code, one.statement)
        ours[key] += 1
        our_places[key, tuple(sorted(map(_steps, (one.path, *(path for path, _ in one.also)))))] += 1
    for one in findings:
        paths = [tuple(next(iter(step.items())) for step in place["path"]) for place in one["locations"]]
        statement = paths[0][1][1] if len(paths[0]) > 1 else None
        key = (one["issueCode"], statement)
        theirs[key] += 1
        their_places[key, tuple(sorted(paths))] += 1
    for key in ours.keys() | theirs.keys():
        tally = tallies.setdefault(key[0], Tally())
        tally.same += min(ours[key], theirs[key])
        tally.ours += max(ours[key] - theirs[key], 0)
        tally.theirs += max(theirs[key] - ours[key], 0)
        if ours[key] != theirs[key]:
            whose = "ours" if ours[key] > theirs[key] else "AWS's"
            tally.differences.append(f"only {whose}, {name}, statement {key[1]}")
    for (key, _), number in (our_places & their_places).items():
        tallies[key[0]].exact += number


def _steps(path: Place) -> tuple[tuple[str, str | int], ...]:
    out: list[tuple[str, str | int]] = []
    for step in path:
        match step:
            case Key(name):
                out.append(("key", name))
            case int():
                out.append(("index", step))
            case _:
                out.append(("value", step))
    return tuple(out)


if __name__ == "__main__":
    main()

"""Every regular finding of real projects, as records for a person to judge, and the tally of the verdicts.

    python -m benchmarks.noise DIRECTORY...                       everything that fails, project by project
    python -m benchmarks.noise DIRECTORY... --control open-cors   of one control only; repeatable
    python -m benchmarks.noise DIRECTORY... --sample 15 --seed 1  at most 15 of each control, drawn at random
    python -m benchmarks.noise DIRECTORY... --undecided           what stays open and why, and what was not read
    python -m benchmarks.noise DIRECTORY... --no-checkov-skips    reasons written for Checkov count for nothing
    python -m benchmarks.noise DIRECTORY... --tally FILE          the table of docs/quality.md, as Markdown

Each directory is a project that one team owns. What is counted is what the report tells, twice: every
sentence at every place, however many calls of a module share it, and every sentence of the terminal
report, which tells what several functions have in common once. A record begins with an id that depends
on project, root module, control, address and message; a verdicts file has a line for each id:
``id<TAB>true|false|not-worth``, then whatever note the reader likes to keep.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from stockade.controls import load
from stockade.errors import StockadeError
from stockade.read.inputs import Options, read_all
from stockade.report import CALLED, Finding, Report
from stockade.scan import scan
from stockade.show import groups

AROUND = 4
VERDICTS = ("true", "false", "not-worth")


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence at one place of one project: what a reader judges."""

    project: str
    root: str
    sentence: int
    first: Finding
    times: int

    @property
    def id(self) -> str:
        one = self.first
        said = (self.project, self.root, one.control, one.address, one.message)
        return sha256("\0".join(said).encode()).hexdigest()[:12]


def report_of(directory: Path, only: Sequence[str] | None, checkov_skips: bool) -> Report:
    """The report of one project at regular noise, with no variables given and no environment."""
    options = Options(directory, {}, (), {})
    inputs = read_all([directory], options, lambda done, total, which: None)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return scan(inputs, load(), at=at, only=only, checkov_skips=checkov_skips)


def told(project: str, report: Report) -> Iterator[Told]:
    for sentence, entry in enumerate(groups.failures(report)):
        for place in entry.places.values():
            root = report.inputs[place.first.input].root
            yield Told(project, root, sentence, place.first, len(place.findings))


def sample(records: Iterable[Told], size: int, seed: int) -> list[Told]:
    """At most ``size`` of each control, the same ones for the same seed."""
    by_control: dict[str, list[Told]] = defaultdict(list)
    for one in records:
        by_control[one.first.control].append(one)
    chance = random.Random(seed)
    return [
        one
        for _, found in sorted(by_control.items())
        for one in (found if len(found) <= size else chance.sample(found, size))
    ]


# ------------------------------------------------------------------------------------------ showing


def show(one: Told) -> str:
    """A record: what is claimed, of what, and the lines that are said to show it."""
    finding = one.first
    lines = [f"{one.id} {finding.control} [{finding.severity.name.lower()}] {one.project}"]
    lines.append(f"  {finding.message}")
    lines.append(f"  of {finding.address}" + (f" and {one.times - 1} more" if one.times > 1 else ""))
    if finding.doubt:
        lines.append(f"  may not exist: {finding.doubt}")
    if finding.fix:
        lines.append(f"  fix: {finding.fix.title}")
    for number, evidence in enumerate(finding.evidence):
        span = evidence.span
        lines.append(f"  {span.path}:{span.line}" + (f"  {evidence.note}" if evidence.note else ""))
        if number == 0 and evidence.note != CALLED:
            last = span.line + span.raw.count(b"\n")
            lines += [f"    | {text}" for text in excerpt(span.source.data, span.line, last)]
    return "\n".join(lines) + "\n"


def excerpt(data: bytes, first: int, last: int) -> list[str]:
    """The lines of a place with a little before and after."""
    text = data.decode("utf-8", "replace").splitlines()
    return text[max(first - 1 - AROUND, 0) : min(last, first + 2 * AROUND) + AROUND]


def show_open(project: str, report: Report) -> str:
    """What could not be decided or read, each reason once."""
    lines = [f"{project}: {len(report.functions)} functions"]
    for cause in groups.causes(report):
        waiting = ", ".join(f"{name} {count}" for name, count in cause.controls)
        lines.append(f"  undecided: {cause.text} ({waiting})")
    for gap in groups.missing(report):
        things = ", ".join(sorted({one.what for one in gap.gaps})[:4])
        lines.append(f"  gap: {gap.reason} ({things})")
    return "\n".join(lines) + "\n"


def tally(records: Iterable[Told], verdicts: dict[str, str]) -> str:
    """The Markdown table of verdicts by control, a total below. A sentence is as good as its worst place."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    sentences: dict[str, dict[tuple[str, int], bool]] = defaultdict(dict)
    for one in records:
        verdict = verdicts.get(one.id, "unread")
        counts[one.first.control][verdict] += 1
        key, of = (one.project, one.sentence), sentences[one.first.control]
        of[key] = of.get(key, True) and verdict == "true"
    total = sum(counts.values(), Counter[str]())
    every = {(name, *key): worth for name, of in sentences.items() for key, worth in of.items()}
    heads = ("control", "findings", "read", "true", "false", "true, but not worth it", "sentences", "worth it")
    lines = ["| " + " | ".join(heads) + " |", "| --- |" + " ---: |" * 7]
    for name, count in [*sorted(counts.items()), ("**all**", total)]:
        read = count.total() - count["unread"]
        told = list(sentences[name].values() if name in sentences else every.values())
        cells = (count.total(), read, *(count[verdict] for verdict in VERDICTS), len(told), sum(told))
        lines.append(f"| {name} | " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def verdicts_in(path: Path) -> dict[str, str]:
    """The verdicts of a file by id; raises ``SystemExit`` for a line that gives none."""
    out: dict[str, str] = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        id, _, rest = line.partition("\t")
        verdict = rest.partition("\t")[0].strip()
        if verdict not in VERDICTS:
            raise SystemExit(f"{path}:{number}: a verdict is one of {', '.join(VERDICTS)}")
        out[id] = verdict
    return out


def names(directories: Sequence[Path]) -> dict[Path, str]:
    """Projects by what tells them apart: their paths below the directory they have in common."""
    full = [Path(os.path.realpath(one)) for one in directories]
    common = Path(os.path.commonpath([one.parent for one in full]))
    return {one: one.relative_to(common).as_posix() for one in full}


def main() -> None:
    """Scan, choose, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("directories", nargs="+", type=Path, metavar="DIRECTORY")
    parser.add_argument("--control", action="append", metavar="NAME")
    parser.add_argument("--sample", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--undecided", action="store_true")
    parser.add_argument("--no-checkov-skips", dest="checkov_skips", action="store_false")
    parser.add_argument("--tally", type=Path, metavar="FILE")
    options = parser.parse_args()
    records: list[Told] = []
    functions = 0
    for directory, project in names(options.directories).items():
        try:
            report = report_of(directory, options.control, options.checkov_skips)
        except StockadeError as error:
            print(f"{project}: {error.message}", file=sys.stderr)
            continue
        functions += len(report.functions)
        records += told(project, report)
        if options.undecided:
            print(show_open(project, report))
    print(f"{len(options.directories)} projects, {functions} functions", file=sys.stderr)
    if options.undecided:
        return
    if options.sample is not None:
        records = sample(records, options.sample, options.seed)
    if options.tally is not None:
        print(tally(records, verdicts_in(options.tally)))
        return
    for one in records:
        print(show(one))


if __name__ == "__main__":
    main()

"""Runs literate cases: Markdown whose code says, line by line, what one control must answer.

A file ``cases/<control>.md`` holds sections, each a case: a ``##`` title, prose, and fenced blocks.
Blocks before the first title belong to every case that does not name the same file itself.

- ``hcl`` and ``tf.json`` blocks are the project. A first line ``# file: modules/x/main.tf`` names the
  file, otherwise it is ``main.tf`` or ``main.tf.json``.
- ``yaml`` blocks are a template of CloudFormation, or of SAM where a type of SAM's is in it. One without
  ``Resources:`` is only these; ``yaml`` blocks before the first title are resources that every such
  template has as well. A section that has both is two cases, and each block is held to its own marks.
  ``yaml.vars``, ``yaml.gaps`` and ``yaml.fix`` are then the template's.
- An expectation stands at the end of the line that decides: ``# fails`` or ``# undecided``, each with
  ``: some words`` that the message must have, or ``# missed``, an honest false negative. Noise other
  than regular, and severity where it matters, stand in brackets: ``# fails(strict, low)``. Every other
  line must stay silent, whatever the noise.
- A block of any language with a title, as in ``python title="src/app.py"``, is a file of that name as it is,
  beside the project: a function's source, a lock file. Titled blocks serve all cases of their section, those
  before the first title every case. Expectations in them stand behind ``#`` or ``//``.
- ``advisories.json`` beside the cases is what all of them know of vulnerabilities.
- ``vars`` are ``name = value``, as ``--var`` takes them. ``gaps`` are words of what may not be read,
  one gap a line; a case without the block must be readable whole. ``at`` is the day it is looked at.
- ``fix`` lists the changes that the findings propose, one a line: ``put ADDRESS ATTRIBUTE JSON``,
  ``drop ADDRESS [ATTRIBUTE]``, ``add KIND[:LABEL] beside ADDRESS JSON``, ``rewrite ADDRESS ATTRIBUTE
  [STATEMENT] [ELEMENT] JSON``; or ``none``.
- ``diff`` is what ``stockade fix`` makes of a file: its lines with ``-`` and ``+`` as in a unified diff with no
  context, ``@@`` between its pieces, and ``# file: NAME`` first where it is not the file of that form. It is
  there for ``fix`` where all that is proposed can be written; ``yaml.diff`` is the template's.
- ``toml`` is the configuration's ``[fix]`` table, as fixes then have it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from stockade import controls
from stockade.advisories import reports
from stockade.advisories.sources import Together
from stockade.configuration import chosen
from stockade.control import (
    BLANK,
    Add,
    Change,
    Control,
    Drop,
    Fails,
    Fix,
    Noise,
    Put,
    Rewrite,
    Safety,
    Severity,
    Undecided,
)
from stockade.model.choices import Choices
from stockade.model.vulnerability import Advisories
from stockade.needs.enrich import enriched
from stockade.read import terraform
from stockade.read.build import build
from stockade.read.cloudformation import reader as cloudformation
from stockade.read.files import Tree
from stockade.read.inputs import Input
from stockade.read.resource import Reading
from stockade.report import Finding, Report
from stockade.scan import scan

CASES = Path(__file__).parent / "cases"
EXPLAINED = {
    "unaliased-permission": "the qualifier is part of the function's name there, which names none if not known"
}
"""Controls that no template leaves undecided, each with why."""
LIVE = {"idle-function": "no configuration says how often a function runs"}
"""Controls that nothing written can decide, each with why."""
AT = "2026-11-23"

TEMPLATE = "template.yaml"
TRANSFORM = "Transform: AWS::Serverless-2016-10-31\n"

_FENCE = re.compile(r"^```([\w.]*)(?: title=\"([^\"\n]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"\A#\s*file:\s*(\S+)[ \t]*\n")
_EXPECTED = r"[ \t]*(fails|undecided|missed)(?:\(([\w, ]+)\))?(?::[ \t]*(.+?))?[ \t]*$"
_MARK = re.compile(rf"[ \t]*#{_EXPECTED}")
_MARK_IN_FILE = re.compile(rf"[ \t]*(?:#|//){_EXPECTED}")
_TITLED = "title="
"""What the kind of a block with a title begins with; the name follows."""
_NAMES = {"hcl": "main.tf", "tf.json": "main.tf.json"}
_NOISES = {one.name.lower() for one in Noise}
_SEVERITIES = {one.name.lower() for one in Severity}


# ------------------------------------------------------------------------------------------- cases


@dataclass(frozen=True, order=True)
class Mark:
    """What stands at the end of a line. ``words`` must be in the message; no severity means any."""

    file: str
    line: int
    verdict: str
    noise: str = "regular"
    severity: str = ""
    words: str = ""


@dataclass(frozen=True)
class Case:
    """One section of a case file, ``line`` its title's line there."""

    control: str
    title: str
    line: int
    files: dict[str, str] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()
    fix: tuple[str, ...] | None = None
    at: str = AT
    kind: str = "terraform"
    choices: Choices = field(default_factory=Choices)
    diffs: tuple[str, ...] | None = None

    @property
    def verdicts(self) -> set[str]:
        """``fails``, ``undecided``, ``missed``; ``silent`` for a case in which nothing is expected."""
        return {mark.verdict for mark in self.marks} or {"silent"}


def load() -> list[Case]:
    """The cases of all controls, in order."""
    return [case for path in sorted(CASES.glob("*.md")) for case in parse(path.stem, path.read_text("utf-8"))]


def parse(control: str, text: str) -> list[Case]:
    """The cases in the text of one file."""
    out = []
    starts = [found.start() for found in re.finditer(r"^## ", text, re.MULTILINE)]
    if not starts:
        return []  # of what nothing written decides (`LIVE`)
    before = _blocks(text[: starts[0]])
    shared = _filled(Case(control, "what all cases share", 1), _of_terraform(before))
    titled = [block for block in before if block[0].startswith(_TITLED)]
    resources = "".join(content for kind, content in before if kind == "yaml")
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        title, _, body = text[start:end].partition("\n")
        case = Case(control, title.removeprefix("## ").strip(), text.count("\n", 0, start) + 1)
        blocks = _blocks(body)
        has_yaml = any(kind == "yaml" for kind, _ in blocks)
        filled = _filled(case, _of_terraform(blocks) if has_yaml else blocks)
        has_terraform = any(kind in _NAMES for kind, _ in blocks)
        if has_terraform:
            out.append(replace(filled, files={**shared.files, **filled.files}))
        if has_yaml:
            out.append(_templated(case, [*titled, *blocks], resources, alone=not has_terraform))
    return out


def _blocks(text: str) -> list[tuple[str, str]]:
    """Kind and content of every block; a title takes the place of the kind."""
    return [(_TITLED + title if title else kind, content) for kind, title, content in _FENCE.findall(text)]


def _of_terraform(blocks: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(kind, content) for kind, content in blocks if not kind.startswith("yaml")]


def _templated(case: Case, blocks: Sequence[tuple[str, str]], resources: str, alone: bool) -> Case:
    """The case of a section's template. Blocks that are not only the template's count where it is ``alone``."""
    own = [(kind.removeprefix("yaml."), content) for kind, content in blocks if kind.startswith("yaml.")]
    common = [
        block
        for block in _of_terraform(blocks)
        if alone or block[0] in ("at", "toml") or block[0].startswith(_TITLED)
    ]
    made = _filled(case, [*common, *own])
    files = dict(made.files)
    marks = list(made.marks)
    is_sam = False
    for content in (content for kind, content in blocks if kind == "yaml"):
        named = _FILE.match(content)
        name = named[1] if named else TEMPLATE
        assert name not in files, f"{case.control}: {case.title}: two blocks are `{name}`"
        content = content[named.end() :] if named else content
        if not named:
            if not re.search(r"^Resources:", content, re.MULTILINE):
                content = f"Resources:\n{content}{resources}"
            if "AWS::Serverless::" in content and "Transform:" not in content:
                content = TRANSFORM + content
            is_sam = "AWS::Serverless-" in content
        files[name] = _MARK_LINES.sub("", content)
        marks += _marks(name, content)
    kind = "sam" if is_sam else "cloudformation"
    title = case.title if alone else f"{case.title} ({kind})"
    return replace(made, title=title, files=files, marks=tuple(marks), kind=kind)


def _filled(case: Case, blocks: Sequence[tuple[str, str]]) -> Case:
    files: dict[str, str] = {}
    marks: list[Mark] = []
    variables: dict[str, str] = {}
    gaps: tuple[str, ...] = ()
    fix: tuple[str, ...] | None = None
    at = AT
    choices = Choices()
    diffs: tuple[str, ...] | None = None
    for kind, content in blocks:
        lines = tuple(line.strip() for line in content.splitlines() if line.strip())
        match kind:
            case "hcl" | "tf.json":
                named = _FILE.match(content)
                name = named[1] if named else _NAMES[kind]
                assert name not in files, f"{case.control}: {case.title}: two blocks are `{name}`"
                content = content[named.end() :] if named else content
                files[name] = _MARK_LINES.sub("", content)  # in JSON, also a heredoc's, nothing is a comment
                marks += _marks(name, content)
            case "vars":
                variables = {
                    key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)
                }
            case "gaps":
                gaps = lines
            case "fix":
                fix = lines
            case "diff":
                diffs = (*(diffs or ()), content)
            case "at":
                at = lines[0]
            case "toml":
                choices = chosen(tomllib.loads(content)["fix"])
            case _ if kind.startswith(_TITLED):
                name = kind.removeprefix(_TITLED)
                assert name not in files, f"{case.control}: {case.title}: two blocks are `{name}`"
                files[name] = _MARK_LINES_IN_FILES.sub("", content)
                marks += _marks(name, content, _MARK_IN_FILE)
            case _:
                raise AssertionError(f"{case.control}: {case.title}: what is a `{kind}` block?")
    made = Case(case.control, case.title, case.line, files, tuple(marks), variables, gaps, fix, at)
    return replace(made, choices=choices, diffs=diffs)


_MARK_LINES = re.compile(_MARK.pattern, re.MULTILINE)
_MARK_LINES_IN_FILES = re.compile(_MARK_IN_FILE.pattern, re.MULTILINE)


def _marks(name: str, content: str, pattern: re.Pattern[str] = _MARK) -> Iterator[Mark]:
    for number, line in enumerate(content.splitlines(), 1):
        if found := pattern.search(line):
            given = {word.strip() for word in (found[2] or "").split(",")} - {""}
            noises, severities = given & _NOISES, given & _SEVERITIES
            assert len(noises) <= 1 >= len(severities) and given == noises | severities, f"{name}: `{found[0]}`"
            noise, severity = next(iter(noises), "regular"), next(iter(severities), "")
            yield Mark(name, number, found[1], noise, severity, found[3] or "")


# --------------------------------------------------------------------------------------------- runs


@cache
def all_controls() -> dict[str, Control[Any]]:
    """Every control by its name."""
    return {one.name: one for one in controls.load()}


def read(case: Case, directory: Path) -> Reading:
    """Write a case's project below a directory, and read it."""
    for name, content in case.files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    tree = Tree(directory)
    if case.kind != "terraform":
        template = directory / TEMPLATE
        return cloudformation.read(template, tree, variables=case.variables, variable_files=[])
    return terraform.read(directory, tree, variables=case.variables, variable_files=[], environment={})


def report(
    reading: Reading,
    noise: Noise = Noise.AUDIT,
    only: Collection[str] | None = None,
    at: str = AT,
    choices: Choices | None = None,
) -> Report:
    """What the controls say of a reading on a day."""
    made = Input(reading.kind, reading.path, len(reading.resources), build(reading))
    asked = list(all_controls().values())
    return scan(
        [made],
        asked,
        at=f"{at}T00:00:00Z",
        noise=noise,
        only=only,
        choices=choices,
        advisories=advisories(),
    )


@cache
def advisories() -> Advisories:
    """What is known of vulnerabilities in all cases: of made-up packages of PyPI, npm and Maven."""
    return Together([reports.read(CASES / "advisories.json", "advisories.json")])


def complaint(case: Case, reading: Reading) -> str | None:
    """Where a case's control does not answer as its marks say, as text to read; ``None`` where it does."""
    made = report(reading, only=[case.control], at=case.at, choices=case.choices)
    problems = _gap_problems(case, made)
    problems += _mark_problems(case, made)
    subject = all_controls()[case.control].subject
    if not case.marks and not enriched(build(reading)).subjects(subject):
        problems.append(f"nothing expected, and no {subject.__name__} in it to be silent about")
    if case.fix is not None:
        proposed = proposals(made)
        if proposed != case.fix:
            problems += [
                "the fixes are not as expected",
                *_listed("expected", case.fix),
                *_listed("got", proposed),
            ]
    if not problems:
        return None
    return "\n".join([f"cases/{case.control}.md:{case.line}: {case.title}", *(f"  {one}" for one in problems)])


def _mark_problems(case: Case, made: Report) -> list[str]:
    expected = {mark for mark in case.marks if mark.verdict != "missed"}
    missed = {(mark.file, mark.line) for mark in case.marks if mark.verdict == "missed"}
    problems: list[tuple[str, int, str]] = []
    met: set[Mark] = set()
    for finding in made.findings:
        got = _got(finding)
        fitting = {mark for mark in expected if _fits(mark, got)}
        met |= fitting
        if not fitting:
            said = "got a miss that is found now" if (got.file, got.line) in missed else "got, not expected"
            problems.append((got.file, got.line, f"{said}: {_shown(got)}"))
    for mark in expected - met:
        problems.append((mark.file, mark.line, f"expected, not got: {_shown(mark)}"))
    return [f"{file}:{line}: {_line(case, file, line)}\n      {text}" for file, line, text in sorted(problems)]


def _got(finding: Finding) -> Mark:
    match finding.outcome:
        case Fails():
            verdict = "fails"
        case Undecided():
            verdict = "undecided"
        case _:
            verdict = "crashed"
    span = finding.evidence[0].span
    noise, severity = finding.noise.name.lower(), finding.severity.name.lower()
    return Mark(span.path, span.line, verdict, noise, severity, finding.message)


def _fits(mark: Mark, got: Mark) -> bool:
    place = (mark.file, mark.line, mark.verdict, mark.noise) == (got.file, got.line, got.verdict, got.noise)
    return place and mark.severity in ("", got.severity) and mark.words in got.words


def _shown(mark: Mark) -> str:
    given = ", ".join(word for word in (mark.noise, mark.severity) if word)
    return f"{mark.verdict}({given}){': ' if mark.words else ''}{mark.words}"


def _line(case: Case, file: str, line: int) -> str:
    lines = case.files.get(file, "").splitlines()
    return lines[line - 1].strip() if 0 < line <= len(lines) else ""


def _gap_problems(case: Case, made: Report) -> list[str]:
    texts = [f"{gap.what}: {gap.reason}" for gap in made.gaps]
    unexpected = [text for text in texts if not any(words in text for words in case.gaps)]
    absent = [words for words in case.gaps if not any(words in text for text in texts)]
    return [f"gap, not expected: {text}" for text in unexpected] + [
        f"gap expected: {words}" for words in absent
    ]


# -------------------------------------------------------------------------------------------- fixes


def fixes(made: Report) -> list[tuple[Finding, Fix]]:
    """The findings that bring a fix, each with it."""
    return [(finding, finding.fix) for finding in made.findings if finding.fix is not None]


def proposals(made: Report) -> tuple[str, ...]:
    """The changes of all fixes as a ``fix`` block has them."""
    lines = (shown(change) for _, fix in fixes(made) for change in fix.changes)
    return tuple(sorted(set(lines))) or ("none",)


def shown(change: Change) -> str:
    """One change as a line of a ``fix`` block."""
    match change:
        case Put(address, attribute, value):
            return f"put {address} {attribute} {_json(value)}"
        case Drop(address, attribute):
            return f"drop {address} {attribute}".rstrip()
        case Add(kind, beside, attributes):
            label = f"{':' if change.label else ''}{change.label}{' for all' if change.shared else ''}"
            after = "".join(f" after {handle}" for handle in change.after)
            return f"add {kind}{label} beside {beside} {_json(dict(attributes))}{after}"
        case Rewrite(address, attribute, statement, element, value):
            index = [] if statement is None else [str(statement)]
            place = " ".join([address, attribute, *index, *([element] if element else [])])
            return f"rewrite {place} {_json(value)}"


def _json(value: Any) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)


def _listed(title: str, lines: Sequence[str]) -> list[str]:
    return [f"{title}: {line}" for line in lines]


Rehearse = Callable[[Reading, Sequence[Change]], Reading]


def fix_complaint(case: Case, reading: Reading, rehearse: Rehearse) -> str | None:
    """What is wrong with the fixes of a case: each must end its finding, bring none, and have settled.

    A finding's fix is judged at that finding's own level of noise: what is left for a more patient
    reader is not what it promised to remove. A fix without changes only says what to do by hand.
    """
    problems: list[str] = []
    for finding, fix in fixes(report(reading, only=[case.control], at=case.at, choices=case.choices)):
        if not fix.changes:
            if fix.safety is not Safety.SHOW:
                problems.append(f"{finding.address}: {fix.title}: changes nothing, and is not only shown")
            continue
        if BLANK in repr(fix.changes):
            if fix.safety is not Safety.SHOW:
                problems.append(f"{finding.address}: {fix.title}: has blanks, and is not only shown")
            rehearse(reading, fix.changes)
            continue
        before = _identities(report(reading, finding.noise, at=case.at))
        rehearsed = rehearse(reading, fix.changes)
        told = report(rehearsed, finding.noise, at=case.at)
        after = _identities(told)
        title = f"{finding.address}: {fix.title}"
        if (finding.control, finding.address, finding.fingerprint) in after:
            problems.append(f"{title}: the finding is still there")
        # A finding that says something else of the same place is the same finding.
        # What a fix adds may bring a question up that the case leaves open.
        known = {(name, address) for name, address, _ in before}
        known |= {(one.control, one.address) for one in told.findings if isinstance(one.outcome, Undecided)}
        new = sorted({(name, address) for name, address, _ in after} - known)
        problems += [f"{title}: brings {name} at {address}" for name, address in new]
        if _contents(rehearse(rehearsed, fix.changes)) != _contents(rehearsed):
            problems.append(f"{title}: made twice it changes more than made once")
    if not problems:
        return None
    return "\n".join([f"cases/{case.control}.md:{case.line}: {case.title}", *(f"  {one}" for one in problems)])


def _identities(made: Report) -> set[tuple[str, str, str]]:
    return {(finding.control, finding.address, finding.fingerprint) for finding in made.findings}


def _contents(reading: Reading) -> list[tuple[str, str, str]]:
    return [
        (one.type, one.address, repr({name: one.attributes[name] for name in sorted(one.attributes)}))
        for one in reading.resources
    ]


# -------------------------------------------------------------------------------------------- pages


def examples(control: Control[Any]) -> list[Case]:
    """The examples of a control's page: first what fails, then what to use instead."""
    _, _, after = control.page.partition("\n## Example\n")
    out: list[dict[str, str]] = []
    for kind, content in _blocks(after):
        if kind.startswith(_TITLED):  # a file beside the project above it
            out[-1][kind.removeprefix(_TITLED)] = content
        else:
            out.append({"main.tf": content})
    return [Case(control.name, f"example {number}", 0, files) for number, files in enumerate(out, 1)]

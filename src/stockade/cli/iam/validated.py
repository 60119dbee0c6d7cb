"""What ``stockade iam validate`` found: gathered over all documents, as JSON and for people.

The JSON is ``stockade.iam.validate/1``, a frozen contract described by docs/schema/iam-validate-1.json.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console

from stockade import __version__
from stockade.cli.iam.documents import Documents, Named
from stockade.iam.catalog import Catalog
from stockade.iam.validate import Finding, Key, Kind, Path, Type, validate
from stockade.records import dataclass
from stockade.show.excerpt import excerpt
from stockade.show.paper import Paper, counted, listed
from stockade.source import Source, Span
from stockade.value import Origin, Unknown, places

SCHEMA: Final = "stockade.iam.validate/1"

STYLES: Final = {
    Type.ERROR: "bold red",
    Type.SECURITY_WARNING: "red",
    Type.WARNING: "yellow",
    Type.SUGGESTION: "cyan",
}
_MANY: Final = 4
"""How many further places of a finding are listed."""


@dataclass(frozen=True, slots=True)
class Said:
    """A finding and the document it is of; ``None`` where the file could not be read as any."""

    finding: Finding
    document: Named | None
    source: Source


@dataclass(frozen=True, slots=True)
class Open:
    """What kept something from being said of a document."""

    path: Path
    why: Unknown
    document: Named


@dataclass(frozen=True, slots=True)
class Validated:
    """All that is said of all documents, in their order, the gravest of each first."""

    documents: tuple[Named, ...]
    findings: tuple[Said, ...]
    open: tuple[Open, ...]


def validated(read: Documents, resource_type: str) -> Validated:
    """Validate every document that was read; what could not be read is an error by AWS's code for JSON."""
    findings = [
        Said(Finding("JSON_SYNTAX_ERROR", Type.ERROR, one.message, one.help, (), one.origin), None, one.source)
        for one in read.problems
    ]
    open_: list[Open] = []
    for document in read.documents:
        on = resource_type if document.kind is Kind.RESOURCE else ""
        found = validate(document.tree, document.kind, resource_type=on)
        findings += sorted(
            (Said(one, document, document.source) for one in found.findings),
            key=lambda said: (-said.finding.type, _span(said.finding.origin, said.source).start),
        )
        open_ += (Open(path, why, document) for path, why in found.open)
    return Validated(read.documents, tuple(findings), tuple(open_))


# -------------------------------------------------------------------------------------------- JSON


def as_json(found: Validated) -> bytes:
    """One JSON document in ASCII, a finding to a line."""
    lines = {
        "schema": json.dumps(SCHEMA),
        "tool": _encode({"name": "stockade", "version": __version__}),
        "documents": _block([_document(one) for one in found.documents]),
        "findings": _block([_finding(one) for one in found.findings]),
        "open": _block([_open(one) for one in found.open]),
        "data": _encode({"iam": Catalog.load().date}),
    }
    return ("{\n" + ",\n".join(f'  "{key}": {text}' for key, text in lines.items()) + "\n}\n").encode("ascii")


_encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False).encode


def _block(rows: Sequence[Any]) -> str:
    return "[\n" + ",\n".join(f"    {_encode(one)}" for one in rows) + "\n  ]" if rows else "[]"


def _document(one: Named) -> dict[str, Any]:
    return {"path": one.source.path, "name": one.name, "type": one.use, "owner": one.owner}


def _finding(said: Said) -> dict[str, Any]:
    one = said.finding
    return {
        "code": one.code,
        "type": one.type.name,
        "statement": one.statement,
        **_place(one.origin, said.source),
        "message": one.message,
        "help": one.help,
        "instead": one.instead,
        "document": said.document.name if said.document else "",
        "at": _steps(one.path),
        "also": [{**_place(origin, said.source), "at": _steps(path)} for path, origin in one.also],
    }


def _open(one: Open) -> dict[str, Any]:
    return {
        **_place(one.why.origin, one.document.source),
        "reason": one.why.reason,
        "document": one.document.name,
        "at": _steps(one.path),
    }


def _place(origin: Origin, source: Source) -> dict[str, Any]:
    span = _span(origin, source)
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(span.end)
    return {
        "path": span.path,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    }


def _span(origin: Origin, source: Source) -> Span:
    """Where an origin is written; the beginning of the file where that is not known."""
    written = next(places(origin), None)
    return written.span if written else Span(source, 0, 0)


def _steps(path: Path) -> list[dict[str, str | int]]:
    """A path as AWS's API gives it."""
    out: list[dict[str, str | int]] = []
    for step in path:
        match step:
            case Key(name):
                out.append({"key": name})
            case int():
                out.append({"index": step})
            case _:
                out.append({"value": step})
    return out


# ------------------------------------------------------------------------------------------ people


def show(found: Validated, console: Console) -> None:
    """What is found, the gravest first and what is alike once, what could not be said, and how much of each."""
    paper = Paper(console)
    blocks = 0
    for alike in _alike(found.findings):
        if blocks:
            paper.blank()
        _show(paper, alike, len(found.documents) > 1)
        blocks += 1
    reasons: dict[str, list[Open]] = {}
    for one in found.open:
        reasons.setdefault(one.why.reason, []).append(one)
    for same in reasons.values():
        if blocks:
            paper.blank()
        _show_open(paper, same)
        blocks += 1
    if blocks:
        paper.blank()
    counts = Counter(one.finding.type for one in found.findings)
    told = [
        counted(counts[type], type.name.lower().replace("_", " ")) for type in reversed(Type) if counts[type]
    ]
    looked = counted(len(found.documents), "policy", "policies")
    paper.prose(
        f"{looked}: {', '.join(told) if told else 'nothing found'}"
        + (f", {counted(len(found.open), 'part')} not decided" if found.open else ""),
        (f" · actions, keys and ARNs as of {Catalog.load().date}", "dim"),
    )


def _alike(findings: Sequence[Said]) -> list[list[Said]]:
    """Findings that say the same together, the gravest first."""
    groups: dict[tuple[str, str, str], list[Said]] = {}
    for said in findings:
        groups.setdefault((said.finding.code, said.finding.message, said.finding.help), []).append(said)
    return sorted(groups.values(), key=lambda group: -group[0].finding.type)


def _show(paper: Paper, alike: Sequence[Said], several: bool) -> None:
    said = alike[0]
    one = said.finding
    style = STYLES[one.type]
    paper.prose(
        (one.type.name.lower().replace("_", " "), style),
        (f" [{one.code}]", style.removeprefix("bold ")),
        ": ",
        (one.message, "bold"),
        hang=2,
    )
    excerpt(paper, _clipped(_span(one.origin, said.source)), "", ())
    if several and said.document and said.document.name:
        _fact(paper, "of", said.document.name)
    here = _line(one.origin, said.source)
    also = [
        line for line in dict.fromkeys(_line(origin, said.source) for _, origin in one.also) if line != here
    ]
    if also:
        _fact(paper, "also", listed(also, _MANY))
    if len(alike) > 1:
        lines = [_line(other.finding.origin, other.source) for other in alike[1:]]
        _fact(paper, "and", f"the same {counted(len(lines), 'more time')}: {listed(lines, _MANY)}")
    _fact(paper, "help", one.help)


def _show_open(paper: Paper, same: Sequence[Open]) -> None:
    one = same[0]
    where = f"{one.document.name}: " if one.document.name else ""
    paper.prose(("not decided", "yellow"), ": ", f"{where}{_said(one.path)}", f", {one.why.reason}", hang=2)
    paper.line(("   --> ", "dim"), (_line(one.why.origin, one.document.source), "bold"))
    if len(same) > 1:
        lines = [_line(other.why.origin, other.document.source) for other in same[1:]]
        _fact(paper, "and", f"the same {counted(len(lines), 'more time')}: {listed(lines, _MANY)}")


def _clipped(span: Span) -> Span:
    """A place that is a whole file, or begins one, as its first line: the excerpt need not be the policy."""
    end = span.source.data.find(b"\n", span.start, span.end)
    return Span(span.source, span.start, end) if end >= 0 else span


def _line(origin: Origin, source: Source) -> str:
    span = _span(origin, source)
    return f"{span.path}:{span.line}"


def _fact(paper: Paper, word: str, text: str) -> None:
    paper.prose(text, indent=4, lead=(f"= {word:<5} ", "dim"))


def _said(path: Path) -> str:
    """A path for people: ``Statement 0, Action 3``."""
    words: list[str] = []
    for step in path:
        if isinstance(step, int) and words:
            words[-1] += f" {step}"
        else:
            words.append(step.name if isinstance(step, Key) else str(step))
    return ", ".join(words) or "the document"

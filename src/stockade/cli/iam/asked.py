"""What the commands on policies have in common: reading what they are given, and saying what came of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from stockade.cli.iam.documents import Documents, Named, Use, read
from stockade.cli.outside import Outside
from stockade.errors import UsageError
from stockade.iam.decide import Deciding, Decision
from stockade.iam.policy import Document, parse
from stockade.iam.symbolic import Finding, Proved, Witness
from stockade.value import Known, Origin, Unknown, places

if TYPE_CHECKING:
    from stockade.show.paper import Paper

PROVED, FOUND, UNDECIDED = 0, 1, 3
"""Exit statuses: there is none, there is one, neither is known."""


def given(files: Sequence[str], outside: Outside, use: Use | None = None) -> Documents:
    """What files hold; raises ``UsageError`` where a part of it cannot be read as a policy."""
    found = read(files, outside.here, sys.stdin.buffer, use)
    for problem in found.problems:
        where = _place(problem.origin, problem.source.path)
        raise UsageError(f"{where}: {problem.message}", help=problem.help)
    if not found.documents and not found.accounts:
        raise UsageError(
            f"no policy in `{files[0]}`", help="a file holds a policy, or what AWS's commands print"
        )
    for one in found.documents:
        parsed(one)
    return found


def parsed(named: Named) -> Document:
    """The document that was read; raises ``UsageError`` where it is none."""
    match parse(named.tree):
        case Known(document):
            return document
        case Unknown(reason, origin):
            help = "`stockade iam validate` says all that is wrong with a policy"
            raise UsageError(f"{_place(origin, named.source.path)}: {reason}", help=help)


def documents(named: Iterable[Named]) -> list[Known[Document]]:
    """The documents that were read."""
    return [Known(document, document.origin) for document in map(parsed, named)]


def context_of(pairs: Sequence[str]) -> dict[str, Any]:
    """The context behind ``KEY=VALUE`` options; ``KEY=`` is a key that is absent, several values are a list."""
    out: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or ":" not in key:
            help = "as in `--context aws:SourceIp=203.0.113.7`; `aws:SourceVpc=` says that there is none"
            raise UsageError(f"`{pair}` is no context key and value", help=help)
        if not value:
            out[key] = None
        elif key in out and out[key] is not None:
            out[key] = (*out[key], value)
        else:
            out[key] = (value,)
    return out


def _place(origin: Origin, path: str) -> str:
    written = next(places(origin), None)
    return f"{written.span.path}:{written.span.line}" if written else path


# -------------------------------------------------------------------------------------------- JSON


def dump(document: Any) -> str:
    """A result as JSON: ASCII, so that it is the same everywhere."""
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


_ANSWERS: Final = {Proved: "proved", Witness: "witness"}


def finding_fields(found: Finding) -> dict[str, Any]:
    """An answer of a question over all requests."""
    reason = found.because if isinstance(found, Proved) else "" if isinstance(found, Witness) else found.reason
    out: dict[str, Any] = {"answer": _ANSWERS.get(type(found), "undecided"), "witness": None, "reason": reason}
    match found:
        case Witness(request, allowed, refused, is_real):
            out["witness"] = request.fields()
            out["reason"] = request.sentence()
            out["deciding"] = [deciding_fields(one) for one in allowed.deciding]
            if refused is not None:
                out["denying"] = [deciding_fields(one) for one in refused.deciding]
            out["known_action"] = is_real
            out["assumptions"] = list(allowed.assumptions)
        case Proved():
            pass
        case undecided:
            out["depends_on"] = list(undecided.depends_on)
    return out


def decision_fields(decision: Decision) -> dict[str, Any]:
    """What came of one request."""
    return {
        "answer": decision.answer.value,
        "reason": decision.reason,
        "deciding": [deciding_fields(one) for one in decision.deciding],
        "undecided": list(decision.undecided),
        "assumptions": list(decision.assumptions),
    }


def deciding_fields(one: Deciding) -> dict[str, Any]:
    """A statement that has a share in an answer, with its place."""
    written = next(places(one.statement.origin), None)
    sid = one.statement.sid
    return {
        "policy": one.layer.value,
        "document": one.document,
        "statement": one.statement.index,
        "sid": sid.value if isinstance(sid, Known) else None,
        "path": written.span.path if written else None,
        "line": written.span.line if written else None,
    }


# ------------------------------------------------------------------------------------------ people


def show_statements(paper: Paper, deciding: Iterable[Deciding]) -> None:
    """The statements that decided, where they are written."""
    from stockade.show.excerpt import excerpt
    from stockade.source import Span

    for one in deciding:
        sid = one.statement.sid
        name = f"`{sid.value}`" if isinstance(sid, Known) else str(one.statement.index)
        paper.line(("= by    ", "dim"), f"statement {name} of the {one.layer.value}", indent=4)
        if written := next(places(one.statement.origin), None):
            span = written.span
            end = span.source.data.find(b"\n", span.start, span.end)
            excerpt(paper, Span(span.source, span.start, end) if end >= 0 else span, "", ())


def show_finding(paper: Paper, found: Finding, headings: dict[str, str]) -> None:
    """An answer as a heading, and what is behind it."""
    match found:
        case Proved(because):
            paper.prose((headings["proved"], "bold green"), f": {because}")
        case Witness(request, allowed, refused, is_real):
            paper.prose((headings["witness"], "bold red"), f": {request.sentence()}", hang=2)
            if not is_real:
                paper.prose("AWS has no such action today", indent=4, lead=("= note  ", "dim"))
            show_statements(paper, allowed.deciding)
            for one in refused.deciding if refused else ():
                show_statements(paper, (one,))
            for text in allowed.assumptions:
                paper.prose(text, indent=4, lead=("= given ", "dim"))
        case undecided:
            paper.prose(("undecided", "bold yellow"), f": {undecided.reason}", hang=2)
            for text in undecided.depends_on:
                paper.prose(text, indent=4, lead=("= open  ", "dim"))


def status_of(findings: Iterable[Finding]) -> int:
    """The exit status of several answers: the worst of them."""

    def status(one: Finding) -> int:
        return FOUND if isinstance(one, Witness) else PROVED if isinstance(one, Proved) else UNDECIDED

    statuses = set(map(status, findings))
    return next((one for one in (FOUND, UNDECIDED) if one in statuses), PROVED)

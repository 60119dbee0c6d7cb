"""The places behind a verdict: what decided it, how one gets there, what else belongs to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from stockade.control import Fails, Outcome, Undecided
from stockade.model.subject import Subject
from stockade.model.world import World
from stockade.report import CALLED, Evidence
from stockade.source import Source, Span
from stockade.value import Default, Derived, Origin, Written, places


class Headers:
    """Where the resources of one world are written, each by its first line."""

    def __init__(self, world: World) -> None:
        self._written = _headers(world)
        self._first_lines: dict[tuple[Source, int], Span] = {}

    def of(self, subject: Subject) -> Span | None:
        """The resource that a subject is, or is a part of."""
        found = self._written.get(subject.address)
        return found if found is not None else next((place.span for place in places(subject.origin)), None)

    def first_line(self, span: Span) -> Span:
        """The first line of a resource or a call: every finding of one resource shows the same."""
        place = span.source, span.start
        found = self._first_lines.get(place)
        if found is None:
            found = self._first_lines[place] = first_line(span)
        return found


def evidence(
    subject: Subject, because: Origin, also: Sequence[Origin], headers: Headers
) -> tuple[Evidence, ...]:
    """The places behind one verdict, each once, the deciding one first."""
    out: list[Evidence] = []
    deciding: Written | None
    if isinstance(because, Written):  # nearly always
        deciding = because
        out.append(Evidence(because.span, ""))
    else:
        found = list(places(because))
        out += [Evidence(place.span, "") for place in found]
        deciding = found[0] if found else next(places(subject.origin), None)
        if deciding is not None and not found:
            out.append(Evidence(headers.first_line(deciding.span), _note(because)))
    if deciding is None:
        header = None
    else:
        for call in deciding.via:
            out.append(Evidence(headers.first_line(call), CALLED))
        header = headers.of(subject)
    for origin in also:
        out += [Evidence(place.span, _note(origin)) for place in places(origin)]
    if header is not None and deciding is not None and not _same_line(header, deciding.span):
        out.append(Evidence(headers.first_line(header), subject.address))
    return tuple(out) if len(out) == 1 else unique(out)


def leading_to(evidence: Iterable[Evidence], outcome: Outcome, subject: Subject) -> Iterator[Span]:
    """Every place that has a part in a finding: its evidence, its subject, and all module calls on the way."""
    for one in evidence:
        yield one.span
    origins = [subject.origin]
    if isinstance(outcome, Fails):
        origins += (outcome.because, *outcome.also)
    elif isinstance(outcome, Undecided):
        origins.append(outcome.because.origin)
    for origin in origins:
        for place in places(origin):
            yield place.span
            yield from place.via


def _note(origin: Origin) -> str:
    """Why a place is shown that does not itself say so: the default or the rule that decided."""
    match origin:
        case Default(reference):
            return reference
        case Derived(_, parts):
            return next((note for note in map(_note, parts) if note), "")
        case _:
            return ""


def _headers(world: World) -> dict[str, Span]:
    """Where every address of a world is written: the resource itself rather than parts of it."""
    policies = [policy for role in world.roles for policy in role.policies]
    out: dict[str, Span] = {}
    for subject in (*(one for one in world.everything() if not one.key), *policies):
        for place in places(subject.origin):
            out.setdefault(subject.address, place.span)
            break
    return out


def first_line(span: Span) -> Span:
    """The first line of a place, without the brace that opens a block."""
    source, start = span.source, span.start
    end = source.data.find(b"\n", start, span.end)
    first = source.data[start : end if end >= 0 else span.end].rstrip(b" \t\r{")
    return Span(source, start, start + len(first)) if first else span


def _same_line(one: Span, other: Span) -> bool:
    if one.source is not other.source:
        return False
    if one.start == other.start:
        return True
    first, last = (one.start, other.start) if one.start < other.start else (other.start, one.start)
    return one.source.data.find(b"\n", first, last) < 0


def unique(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The first of those that show the same place."""
    found: dict[tuple[int, int, int], Evidence] = {}
    for one in evidence:
        span = one.span
        found.setdefault((id(span.source), span.start, span.end), one)
    return tuple(found.values())

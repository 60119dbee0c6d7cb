"""The report as Markdown, for a comment on a pull request or a job's summary.

What quotes a stranger is in code spans or written by entities: it makes no link, no mention, no heading and no
HTML. It ends before the 65,536 characters that GitHub takes, and says what is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from stockade.control import Crashed, Fails, Severity, State, Undecided
from stockade.patterns import lazy_regex
from stockade.report import Report
from stockade.show import told
from stockade.show.escape import escape
from stockade.show.groups import Cause, Entry, Missing, causes, crashes, differing, failures, missing
from stockade.show.places import Places

LIMIT: Final = 65_536
_ROOM: Final = 12_000
"""Characters that are kept for what follows the failing findings."""
_PLACES: Final = 5
_MARKS: Final = {
    Severity.CRITICAL: "🟥 critical",
    Severity.HIGH: "🟧 high",
    Severity.MEDIUM: "🟨 medium",
    Severity.LOW: "⬜ low",
}
_SPECIAL: Final = lazy_regex(r"[\\`*_{}\[\]<>&#|~@!$]|(?<=:)//|(?<=www)\.")


def show(report: Report) -> bytes:
    """The text, in UTF-8."""
    return _bounded(report).encode()


def _bounded(report: Report) -> str:
    places, found = Places(report), failures(report)
    out = [_heading(report), "", _counts(report), ""]

    def room(share: int) -> int:
        return LIMIT - _ROOM // share - sum(len(one) + 1 for one in out)

    if found:
        out += _table([_row(one, places) for one in found], room(1))
        remedies = dict.fromkeys(_remedy(one) for one in found if told.remedy(one.first))
        out += _folded("What to do", list(remedies), room(2))
    crashed = [f"- {_span(one.findings[0].control)} {_text(one.text)}" for one in crashes(report)]
    out += _folded("Controls that failed themselves: a defect of Stockade, please report it", crashed, room(3))
    undecided = [_cause(one) for one in causes(report)]
    out += _folded(f"Not decided: {_number(len(undecided), 'cause')}", undecided, room(4))
    others = [f"- {_text(one.message)}" for one in differing(report)]
    out += _folded(f"IAM Access Analyzer: {_number(len(others), 'other answer')}", others, room(6))
    gaps = [_missing(one) for one in missing(report)]
    out += _folded(f"Not read: {_number(len(report.gaps), 'thing')}", gaps, room(8))
    out.append(f"<sub>Stockade {escape(report.version)}, {escape(report.at)}</sub>")
    return "\n".join(out) + "\n"


def _heading(report: Report) -> str:
    total = len(report.functions)
    failing = [one for one in report.findings if isinstance(one.outcome, Fails) and one.suppressed is None]
    bad = {(one.input, address) for one in failing for address in one.functions}
    if not failing:
        return f"### Stockade: nothing fails in {_number(total, 'function')}"
    if not bad:
        return f"### Stockade: {_number(len(failing), 'finding')} beside {_number(total, 'function')}"
    return f"### Stockade: {len(bad):,} of {_number(total, 'function')} {'fails' if len(bad) == 1 else 'fail'}"


def _counts(report: Report) -> str:
    counting = [one for one in report.findings if one.suppressed is None]
    by = Counter(one.severity for one in counting if isinstance(one.outcome, Fails))
    parts = [f"{by[level]:,} {level.name.lower()}" for level in sorted(by, reverse=True)]
    said = [f"**{by.total():,} failing**" + (f" ({', '.join(parts)})" if parts else "")]
    said.append(f"{sum(isinstance(one.outcome, Undecided) for one in counting):,} undecided")
    if crashed := sum(isinstance(one.outcome, Crashed) for one in counting):
        said.append(f"**{crashed:,} crashed**")
    if accepted := len(report.findings) - len(counting):
        said.append(f"{accepted:,} accepted or known")
    if report.gaps:
        said.append(f"**{_number(len(report.gaps), 'thing')} not read**")
    states = [state for one in report.functions for state in one.rows.values()]
    rows = sum(state is not State.NOT_APPLICABLE for state in states)
    if rows:
        said.append(f"{states.count(State.HOLDS):,} of {_number(rows, 'checklist row')} hold")
    return ", ".join(said) + "."


def _row(entry: Entry, places: Places) -> str:
    first = entry.first
    said = entry.together or first.message
    text = f"{_span(first.control)} {_text(said[:1].upper() + said[1:])}"
    where: dict[str, None] = {}
    for one in entry.findings:
        span = one.evidence[0].span if one.evidence else None
        where[_span(f"{places.path(span.path)}:{span.line}" if span else one.address)] = None
    shown = list(where)[:_PLACES]
    more = f" and {len(where) - _PLACES:,} more" if len(where) > _PLACES else ""
    return f"| {_MARKS[first.severity]} | {text} | {'<br>'.join(shown)}{more} |"


def _remedy(entry: Entry) -> str:
    return f"- {_span(entry.first.control)} {_text(told.remedy(entry.first))}"


def _cause(one: Cause) -> str:
    names = (_span(name) + (f" ({number:,})" if number > 1 else "") for name, number in one.controls)
    help = f" {_text(one.help)}." if one.help else ""
    return f"- {_text(one.text)}:{help} {', '.join(names)}"


def _missing(one: Missing) -> str:
    what = ", ".join(_text(gap.what) for gap in one.gaps[:_PLACES])
    more = f" and {len(one.gaps) - _PLACES:,} more" if len(one.gaps) > _PLACES else ""
    help = f" {_text(one.help)}." if one.help else ""
    return f"- {what}{more}: {_text(one.reason)}.{help}"


def _table(rows: Sequence[str], room: int) -> Iterator[str]:
    yield "| | what | where |"
    yield "| --- | --- | --- |"
    yield from _as_many(rows, room, lambda left: f"| | and {left:,} more | |")
    yield ""


def _folded(title: str, lines: Sequence[str], room: int) -> Iterator[str]:
    if lines:
        yield f"<details><summary>{title}</summary>"
        yield ""
        yield from _as_many(lines, room, lambda left: f"- and {left:,} more")
        yield ""
        yield "</details>"
        yield ""


def _as_many(lines: Sequence[str], room: int, rest: Callable[[int], str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            yield rest(len(lines) - number)
            return
        yield line


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _text(text: str) -> str:
    """A sentence of ours that quotes strangers in backticks: those stay, and nothing else means anything."""
    parts = " ".join(escape(text).split()).split("`")
    if len(parts) % 2 == 0:  # a quoted text holds a backtick of its own: nobody knows which is whose
        return _plain("`".join(parts))
    return "".join(_span(part) if number % 2 else _plain(part) for number, part in enumerate(parts))


def _plain(text: str) -> str:
    return _SPECIAL.sub(lambda found: "".join(f"&#{ord(one)};" for one in found[0]), text)


def _span(text: str) -> str:
    """A code span; a bar would end the cell of a table even there, and a backtick the span."""
    safe = escape(text)
    if "`" in safe or "|" in safe or not safe.strip():
        return _plain(safe)
    return f"`{safe}`"

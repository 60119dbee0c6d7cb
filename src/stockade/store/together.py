"""Several reports as one: what was read of a fleet piece by piece, in the order that one scan would have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from stockade.report import Finding, GapReport, Notice, NoticeKind, Report, Tally


def together(reports: Sequence[Report]) -> Report:
    """One report of all inputs. There is at least one, and all were made by one version and asked alike.

    Findings are in the order of a scan. An accept of the configuration is unused where none of them used it.
    """
    first = reports[0]
    if len(reports) == 1:
        return first
    begins = [0]
    for one in reports:
        begins.append(begins[-1] + len(one.inputs))
    pairs = list(zip(begins, reports, strict=False))
    withheld: Counter[Any] = Counter()
    for one in reports:
        withheld.update(one.withheld)
    return replace(
        first,
        at=min(one.at for one in reports),
        data={name: day for one in reports for name, day in one.data.items()},
        inputs=tuple(each for one in reports for each in one.inputs),
        functions=tuple(
            replace(each, input=each.input + begin) for begin, one in pairs for each in one.functions
        ),
        findings=tuple(
            sorted(
                (replace(each, input=each.input + begin) for begin, one in pairs for each in one.findings),
                key=_order,
            )
        ),
        withheld=dict(sorted(withheld.items())),
        gaps=tuple(
            sorted(
                (replace(each, input=each.input + begin) for begin, one in pairs for each in one.gaps),
                key=_place,
            )
        ),
        coverage={
            name: _sum(one.coverage[name] for one in reports if name in one.coverage) for name in first.coverage
        },
        notices=_notices(reports),
        excluded=tuple(sorted({each for one in reports for each in one.excluded})),
    )


def _order(one: Finding) -> tuple[Any, ...]:
    path, start = (one.evidence[0].span.path, one.evidence[0].span.start) if one.evidence else ("", 0)
    return (-one.severity, one.input, path, start, one.control, one.address, one.message)


def _place(gap: GapReport) -> tuple[Any, ...]:
    first = gap.evidence[0].span if gap.evidence else None
    return (gap.input, first.path if first else "", first.start if first else 0, gap.what, gap.reason)


def _sum(tallies: Iterable[Tally]) -> Tally:
    out = Counter(dict.fromkeys(("holds", "fails", "undecided", "crashed"), 0))
    for one in tallies:
        out.update(holds=one.holds, fails=one.fails, undecided=one.undecided, crashed=one.crashed)
    return Tally(**out)


def _notices(reports: Sequence[Report]) -> tuple[Notice, ...]:
    """Each once. That the configuration's accept meets nothing is so only where it is so everywhere."""
    said: Counter[Notice] = Counter(one for report in reports for one in dict.fromkeys(report.notices))
    shared = {report.configuration for report in reports}

    def stays(one: Notice, times: int) -> bool:
        ours = bool(one.evidence) and shared == {one.evidence[0].span.path}
        return one.kind is not NoticeKind.UNUSED or not ours or times == len(reports)

    return tuple(one for one, times in said.items() if stays(one, times))

"""What a scan has found in one input, before it is put together with what it found in the others.

A piece depends on its input and on what the scan asks, and on no other piece: so pieces can be made in any
order and by any process, and kept. Equal findings are numbered, baselines compared and accepts counted when
all are there (``scan.Scan.report``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stockade.accept import Page
from stockade.records import dataclass, record
from stockade.report import Bill, Finding, FunctionReport, GapReport, InputReport
from stockade.source import Span


@record
class Draft:
    """A finding as it was found; equal ones are told apart when all are known. ``root`` and ``key`` go
    into its fingerprint."""

    finding: Finding
    root: str
    key: str

    @property
    def order(self) -> tuple[Any, ...]:
        one = self.finding
        path, start = (one.evidence[0].span.path, one.evidence[0].span.start) if one.evidence else ("", 0)
        return (-one.severity, one.input, path, start, one.control, one.address, self.key, one.message)


@dataclass(frozen=True, slots=True)
class Piece:
    """What was found in one input. ``coverage`` has the answers of controls that gave any, by their kind."""

    input: InputReport
    functions: tuple[FunctionReport, ...]
    drafts: tuple[Draft, ...]
    gaps: tuple[GapReport, ...]
    concealed: frozenset[Span]
    coverage: Mapping[str, Mapping[str, int]]
    page: Page
    bills: tuple[Bill, ...] = ()

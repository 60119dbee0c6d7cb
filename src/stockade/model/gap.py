"""What was not read: a part of every result, since silence about it would read as a pass."""

from __future__ import annotations

from dataclasses import dataclass

from stockade.value import Origin


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that was not read: ``what`` names it, ``reason`` completes the sentence.

    A gap is part of the result. Silence about what was not looked at would read as a pass. ``spare`` says
    that nothing is lost by it, for another input holds the same.
    """

    what: str
    reason: str
    origin: Origin
    help: str | None = None
    spare: bool = False

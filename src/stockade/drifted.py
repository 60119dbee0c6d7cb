"""What a comparison of two worlds tells: every difference that matters, with what each side says and where."""

from __future__ import annotations

from enum import Enum

from stockade.iam.request import Request
from stockade.records import dataclass
from stockade.source import Span


class Standing(Enum):
    """How something stands on both sides."""

    DIFFERENT = "different"
    MISSING = "missing"
    """It is written, and not there."""
    EXTRA = "extra"
    """It is there, and not written."""
    UNKNOWN = "unknown"
    """It cannot be compared: one side or the other is not known. That is never taken for the same."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one side says of it: ``text`` for people, without what may be secret; ``span`` where it is written.

    ``source`` says what else it comes from: the call that answered so, or whose default it is.
    """

    text: str
    span: Span | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same, or of which it is not known.

    ``kind`` and ``name`` say what it is of, in AWS's words (``function URL``), ``function`` whose that is;
    ``attribute`` is the model's word, empty for the whole thing. ``controls`` are those it matters for. A
    ``witness`` is a request that gets through on one side only, ``wider`` says that it is the other one.
    ``reason`` says why it cannot be compared, or what the difference is where no text does.
    """

    function: str
    kind: str
    name: str
    attribute: str
    standing: Standing
    controls: tuple[str, ...]
    written: Said | None = None
    other: Said | None = None
    reason: str = ""
    witness: Request | None = None
    wider: bool | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that one side's reader could not read."""

    side: str
    what: str
    reason: str
    help: str | None


@dataclass(frozen=True, slots=True)
class Alone:
    """A function that only one side has, or that nobody can say is the other's: then ``reason`` says why."""

    name: str
    said: Said
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Both:
    """A function that both sides have, and where; what each side says of it is its address there."""

    name: str
    written: Said
    other: Said


@dataclass(frozen=True, slots=True)
class Drift:
    """A whole comparison of what is ``written`` with ``other``.

    ``compared`` are the functions that both sides have; ``same`` counts what was compared of them and is the
    same. ``missing`` functions are written and not there, ``extra`` ones there and not written.
    """

    version: str
    at: str
    written: tuple[str, ...]
    other: tuple[str, ...]
    compared: tuple[Both, ...]
    same: int
    differences: tuple[Difference, ...]
    missing: tuple[Alone, ...]
    extra: tuple[Alone, ...]
    gaps: tuple[Unread, ...]

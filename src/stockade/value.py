"""Known and unknown values, and where each came from.

A value is ``Known`` or ``Unknown``; both carry their origin, and an unknown says why. There is no
third kind and no ``None`` that means unknown: ``Known(None, ...)`` is an explicit null, an absent
attribute that AWS fills in is ``Known(default, Default(...))``.

A string may be *partly* known: ``Unknown.text`` is then the known text with references and holes in
between, so that ``arn:aws:s3:::${bucket}/uploads/*`` still has a shape to reason over. A control
that only asks ``case Unknown()`` stays right without knowing that.

Strings that hold a document (``jsonencode``, a heredoc of JSON, ``file("policy.json")``) keep the
way back to its structure: ``structure(value)`` gives the tree of values behind the string, each
with its own place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field
from typing import Any, Final, Generic, TypeAlias, TypeVar

from stockade.records import dataclass, record
from stockade.source import Span

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


# --------------------------------------------------------------------------------------- origins


@record
class Written:
    """Somebody wrote it here. ``via`` are the module calls that lead to the file, outermost first."""

    span: Span
    via: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """An API answered so: ``call`` is ``lambda:GetPolicy``, ``pointer`` a JSON pointer into the answer."""

    call: str
    pointer: str
    account: str
    region: str
    at: str


@dataclass(frozen=True, slots=True)
class Default:
    """Nobody wrote it; ``reference`` says whose default decided, as a sentence fragment."""

    reference: str


@dataclass(frozen=True, slots=True)
class Derived:
    """Computed by a rule from other values; the first part with a place is where to look."""

    rule: str
    parts: tuple[Origin, ...]


Origin: TypeAlias = Written | Fetched | Default | Derived


def places(origin: Origin) -> Iterator[Written]:
    """The written places behind an origin, most telling first."""
    match origin:
        case Written():
            yield origin
        case Derived(_, parts):
            for part in parts:
                yield from places(part)
        case _:
            return


# ---------------------------------------------------------------------------- partly-known strings


@record
class Hole:
    """A piece of text nobody can know yet. Holes of the same name stand for the same text.

    ``name`` is what a person would call it: ``account``, ``region``, ``partition``, ``var.stage``. Where it
    only tells apart what has no such name, people see ``shown`` in its place.
    """

    name: str
    shown: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"${{{self.shown or self.name}}}"


@dataclass(frozen=True, slots=True)
class Ref:
    """An attribute of a resource that only deployment fills in, e.g. ``aws_sqs_queue.jobs`` ``arn``.

    ``shape`` is what is known of its text beforehand (an ARN with its service and name). Two
    references to the same attribute of the same resource are the same text. ``type`` is the resource's
    type, where its address does not say it.
    """

    address: str
    attribute: str
    shape: Text | None = None
    type: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ref) and (self.address, self.attribute) == (other.address, other.attribute)

    def __hash__(self) -> int:
        return hash((self.address, self.attribute))

    def __str__(self) -> str:
        return f"${{{self.address}.{self.attribute}}}"


@dataclass(frozen=True, slots=True)
class Text:
    """Known pieces, references and holes, in order; no two ``str`` neighbours, no empty ``str``."""

    parts: tuple[str | Ref | Hole, ...]
    decode: Callable[[], Value[Any]] | None = None
    _shape: tuple[str | Hole, ...] | None = field(default=None, compare=False, repr=False)
    """Its shape, once somebody has asked: most are asked for several times."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and self.parts == other.parts

    def __hash__(self) -> int:
        return hash(self.parts)

    def __str__(self) -> str:
        return "".join(map(str, self.parts))

    @property
    def ref(self) -> Ref | None:
        """The reference that is the whole text, if it is one."""
        return self.parts[0] if len(self.parts) == 1 and isinstance(self.parts[0], Ref) else None

    def shape(self) -> tuple[str | Hole, ...]:
        """Known text and holes only: every reference replaced by its shape, or by a hole of its name."""
        found = self._shape
        if found is None:
            found = self._shape = self._shaped()  # type: ignore[misc]  # a record is frozen for all others
        return found

    def _shaped(self) -> tuple[str | Hole, ...]:
        if len(self.parts) == 1:
            part = self.parts[0]
            if not isinstance(part, Ref):
                return (part,)
            return part.shape.shape() if part.shape else (Hole(f"{part.address}.{part.attribute}"),)
        out: list[str | Hole] = []
        for part in self.parts:
            if isinstance(part, Ref):
                inner: tuple[str | Hole, ...] = (
                    part.shape.shape() if part.shape else (Hole(f"{part.address}.{part.attribute}"),)
                )
            else:
                inner = (part,)
            for piece in inner:
                if isinstance(piece, str) and out and isinstance(out[-1], str):
                    out[-1] += piece
                else:
                    out.append(piece)
        return tuple(out)


def text_of(*parts: str | Ref | Hole) -> Text:
    """A ``Text`` with neighbouring strings joined and empty ones dropped."""
    out: list[str | Ref | Hole] = []
    run: list[str] = []
    for part in parts:
        if isinstance(part, str):
            if part:
                run.append(part)
            continue
        if run:
            out.append("".join(run))
            run = []
        out.append(part)
    if run:
        out.append("".join(run))
    return Text(tuple(out))


class Structured(str):
    """A known string that holds a document and remembers its structure; otherwise an ordinary ``str``."""

    __slots__ = ("decode",)
    decode: Callable[[], Value[Any]]

    @classmethod
    def of(cls, text: str, decode: Callable[[], Value[Any]]) -> Structured:
        made = cls(text)
        made.decode = decode
        return made


# ------------------------------------------------------------------------------------------ values


@record
class Known(Generic[T_co]):
    """A value that is what it says. ``ref`` names the resource attribute it was read through, if any,

    so that ``aws_lambda_function.f.function_name`` relates to that function and not merely to one
    of the same name.
    """

    value: T_co
    origin: Origin
    ref: Ref | None = None

    def __repr__(self) -> str:
        return f"Known({self.value!r})"


@record
class Open:
    """A list or a map with an open end.

    ``items`` of a list are in their order, and an ``Unknown`` without text among them stands for zero or
    more elements; how many there are, and which is the last, is not known. ``items`` of a map are
    members that are there for certain, ``perhaps`` those that something unknown may replace; of other
    members nothing is known.
    """

    items: tuple[Value[Any], ...] | dict[str, Value[Any]]
    perhaps: dict[str, Value[Any]] = field(default_factory=dict)


@record
class Unknown:
    """A value nobody can know from this input. ``reason`` completes "not known: ...".

    ``behind`` are references that it was computed from where nothing is left of their text: a hint to
    what it belongs to, that says nothing of what it is. ``open`` is what is known of a list or a map
    that is not known as a whole; who does not ask for it has an unknown and nothing else.
    """

    reason: str
    origin: Origin
    text: Text | None = None
    behind: tuple[Ref, ...] = field(default=(), compare=False)
    open: Open | None = field(default=None, compare=False)

    @property
    def ref(self) -> Ref | None:
        return self.text.ref if self.text else None

    def __repr__(self) -> str:
        return f"Unknown({str(self.text) if self.text else self.reason!r})"


@record
class Doubt(Unknown):
    """Why something may not be there at all.

    ``cause`` names the one thing of an input that decides it, such as a call of a module: whatever has the same
    one is there together or not at all. Two doubts may read the same and have different ones.
    """

    cause: str = ""


Value: TypeAlias = Known[T] | Unknown


def elements_of(value: Value[Any]) -> tuple[Value[Any], ...] | None:
    """The elements of a list as far as they are known, an open end among them; ``None`` for anything else."""
    match value:
        case Known(tuple() as items):
            return items
        case Unknown(open=Open(tuple() as items)):
            return items
        case _:
            return None


def parts_of(value: Value[str]) -> tuple[str | Ref | Hole, ...]:
    """A string value as text parts, whatever is known of it."""
    match value:
        case Known(text):
            return (text,) if text else ()
        case Unknown(_, _, Text(parts)):
            return parts
        case Unknown():
            return (Hole(value.reason),)


def written(value: Value[str] | Value[str | None]) -> str | None:
    """A text with its references as they are written; ``None`` where any of it is not known."""
    if isinstance(value, Known):
        return value.value
    parts = value.text.parts if value.text is not None else ()
    known = bool(parts) and not any(isinstance(one, Hole) for one in parts)
    return "".join(map(str, parts)) if known else None


def shape_of(value: Value[str]) -> tuple[str | Hole, ...]:
    """A string value as known text and holes (references replaced by what is known of them)."""
    if isinstance(value, Known):
        return (value.value,) if value.value else ()
    return value.text.shape() if value.text is not None else (Hole(value.reason),)


SENSITIVE: Final = "sensitive"
"""The rule of an origin whose value its author wants kept out of sight."""


def is_sensitive(value: Value[Any]) -> bool:
    """Whether somebody marked a value as one to be kept out of sight."""
    return isinstance(value.origin, Derived) and value.origin.rule == SENSITIVE


def sensitive(value: Value[T]) -> Value[T]:
    """The same value, marked."""
    if is_sensitive(value):
        return value
    origin = Derived(SENSITIVE, (value.origin,))
    match value:
        case Known(plain, _, ref):
            return Known(plain, origin, ref)
        case Unknown(reason, _, text):
            return Unknown(reason, origin, text)


def structure(value: Value[Any]) -> Value[Any] | None:
    """The tree of values behind a string that holds a document, or ``None`` where none was kept."""
    match value:
        case Known(Structured() as text):
            return text.decode()
        case Unknown(_, _, Text(_, decode)) if decode is not None:
            return decode()
        case _:
            return None


def hole_of(unknown: Unknown) -> Hole:
    """A hole for an unknown without text. Its name says the place, since equal names mean equal text; it is
    the same while other lines are edited, by which a fix knows what it left alone."""
    match unknown.origin:
        case Written(span, via):
            at = "".join(f"{call.landmark}," for call in via)
            return Hole(f"{at}{span.landmark}", "…")
        case _:
            return Hole(unknown.reason, "…")

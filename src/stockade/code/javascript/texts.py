"""Texts that are known in part, put together and taken apart."""

from __future__ import annotations

from itertools import product
from typing import Any, Final

from stockade.code.javascript import tree as t
from stockade.code.javascript.values import Literal, Opaque, Values, Words, join, something
from stockade.source import Span
from stockade.value import Hole, Ref, text_of

_WAYS: Final = 6
"""How many texts one template may be."""

_LONG: Final = 4000
"""How long a text may become; of longer ones nothing is known."""

Piece = str | Ref | Hole


def plain(value: Any) -> str:
    """What a constant is as a text."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def shown(at: Span) -> str:
    """A piece of source as a name for what is not known: short, on one line."""
    text = " ".join(at.raw.decode("utf-8", "replace").split())
    return text if len(text) <= 40 else text[:37] + "..."


def hole(at: Span) -> Hole:
    return Hole(f"{at.path}:{at.start}-{at.end}", shown(at))


def pieces(values: Values, at: Span) -> list[tuple[Piece, ...]]:
    """Every text that the values may be, as pieces; at most a few."""
    out: list[tuple[Piece, ...]] = []
    for atom in something(values):
        match atom:
            case Literal(value):
                out.append((plain(value),))
            case Words(text):
                out.append(text.parts)
            case _:
                out.append((hole(at),))
    unique = list(dict.fromkeys(out)) or [(hole(at),)]
    return unique if len(unique) <= _WAYS else [(hole(at),)]


def joined(parts: list[tuple[Values, Span]], at: Span) -> Values:
    """The texts one after the other."""
    choices = [pieces(values, where) for values, where in parts]
    ways = 1
    for one in choices:
        ways *= len(one)
    if ways > _WAYS:
        choices = [
            one if len(one) == 1 else [(hole(where),)] for one, (_, where) in zip(choices, parts, strict=True)
        ]
    return join(*((made(*(piece for part in way for piece in part), at=at),) for way in product(*choices)))


def made(*parts: Piece, at: Span) -> Literal | Words | Opaque:
    """A text out of pieces."""
    text = text_of(*parts)
    if not text.parts:
        return Literal("", at)
    if len(text.parts) == 1 and isinstance(text.parts[0], str):
        return Literal(text.parts[0], at)
    if len(text.parts) > 200 or sum(len(one) for one in text.parts if isinstance(one, str)) > _LONG:
        return Opaque("it is a long text", at)
    return Words(text, _reason(text.parts), at)


def _reason(parts: tuple[Piece, ...]) -> str:
    for part in parts:
        if isinstance(part, Hole):
            return f"it is put together with `{part.shown or part.name}`"
        if isinstance(part, Ref):
            return f"it is what `{part.attribute}` holds in the environment"
    return "it is known in part"


def truth(atom: object) -> bool | None:
    """Whether a possibility counts as true; ``None`` where nobody knows."""
    match atom:
        case Literal(value):
            return not (value is t.UNDEFINED or value is None or value in (False, 0, "") or value != value)
        case Words(text):
            return True if any(isinstance(one, str) for one in text.parts) else None
        case Opaque():
            return None
        case _:
            return True

"""Texts put together of known pieces and of what only deployment knows, dynamic references among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from stockade.model.typed import text as as_text
from stockade.patterns import lazy_regex
from stockade.read.budget import PIECES, bound_text
from stockade.read.deployment import Pieces
from stockade.value import Hole, Known, Origin, Ref, Text, Unknown, Value, hole_of, text_of

_HOLE: Final = "\ue000"
_DYNAMIC: Final = lazy_regex(r"\{\{resolve:(ssm-secure|ssm|secretsmanager):([^{}]*)\}\}")
_RESOLVE: Final = "{{resolve:"
_ARN_SEGMENTS: Final = 7
"""Of a secret's ARN."""


def pieces_of(value: Value[Any]) -> tuple[Pieces, Unknown | None]:
    """A value as it stands inside a text, and why it is not known there, if it is not."""
    match as_text(value):
        case Known(str() as text):
            return ((text,) if text else ()), None
        case Unknown() as gap:
            return (gap.text.parts if gap.text is not None else (hole_of(gap),)), gap
        case Known(_, origin):
            gap = Unknown("it is not a string", origin)
            return (hole_of(gap),), gap


def spliced(parts: Iterable[str | Ref | Hole], cause: Unknown | None, origin: Origin) -> Value[Any]:
    """A text made of parts: known when all are, otherwise partly known because of ``cause``."""
    whole = text_of(*parts)
    if any(isinstance(part, str) and _RESOLVE in part for part in whole.parts):
        whole = _resolved(whole.parts)
        reason = "a dynamic reference is resolved at deployment"
        cause = cause or Unknown(reason, origin)
    bound_text(sum(len(part) for part in whole.parts if isinstance(part, str)))
    if all(isinstance(part, str) for part in whole.parts):
        return Known("".join(map(str, whole.parts)), origin)
    reason = cause.reason if cause is not None else "it is known only after deployment"
    if len(whole.parts) > PIECES:
        return Unknown(reason, origin)
    return Unknown(reason, origin, whole)


def plain(text: str, origin: Origin) -> Value[str]:
    """A text as it is written, which may hold dynamic references."""
    return spliced((text,), None, origin) if _RESOLVE in text else Known(text, origin)


def _resolved(parts: Sequence[str | Ref | Hole]) -> Text:
    """A text with its dynamic references as references."""
    holes = [part for part in parts if not isinstance(part, str)]
    joined = "".join(part.replace(_HOLE, "\ufffd") if isinstance(part, str) else _HOLE for part in parts)
    out: list[str | Ref | Hole] = []
    at, used = 0, 0

    def restore(text: str) -> None:
        nonlocal used
        first, *rest = text.split(_HOLE)
        out.append(first)
        for piece in rest:
            out.append(holes[used])
            out.append(piece)
            used += 1

    for found in _DYNAMIC.finditer(joined):
        restore(joined[at : found.start()])
        inside = found[2]
        shown = inside
        for _ in range(inside.count(_HOLE)):
            shown = shown.replace(_HOLE, str(holes[used]), 1)
            used += 1
        out.append(_reference(found[1], shown))
        at = found.end()
    restore(joined[at:])
    return text_of(*out)


def _reference(service: str, inside: str) -> Ref:
    kind = f"resolve:{service}"
    if service != "secretsmanager":
        return Ref(f"{kind}:{inside}", "Value", None, kind)
    segments = inside.split(":")
    count = _ARN_SEGMENTS if segments[0] == "arn" else 1
    # An ARN that is a reference itself counts as one.
    name, rest = ":".join(segments[:count]), segments[count:]
    attribute = "SecretString" + (f".{rest[1]}" if len(rest) > 1 and rest[1] else "")
    return Ref(f"{kind}:{name}", attribute, None, kind)


def split(text: Value[Any], delimiter: str, origin: Origin) -> Value[Any]:
    """A text cut at a delimiter, as far as it is known."""
    match as_text(text):
        case Known(str() as known):
            return Known(tuple(Known(part, origin) for part in known.split(delimiter)), origin)
        case Unknown(reason, _, Text(parts)):
            return _cut(Text(parts).shape(), delimiter, reason, origin)
        case other:
            return Unknown(other.reason if isinstance(other, Unknown) else "it is not a string", origin)


_ATOMS: Final = frozenset({"account", "region", "partition"})
"""Holes that stand for a text without separators."""


def _cut(parts: Sequence[str | Hole], delimiter: str, reason: str, origin: Origin) -> Value[Any]:
    """The elements up to the first piece that may hold the delimiter itself; what follows is unknown."""
    out: list[Value[Any]] = []
    current: list[str | Ref | Hole] = []

    def close() -> None:
        cause = Unknown(reason, origin) if any(isinstance(one, Hole) for one in current) else None
        out.append(spliced(current, cause, origin))
        current.clear()

    for part in parts:
        if isinstance(part, Hole):
            if part.name not in _ATOMS:
                return Unknown(reason, origin)
            current.append(part)
            continue
        first, *rest = part.split(delimiter)
        current.append(first)
        for piece in rest:
            close()
            current.append(piece)
    close()
    return Known(tuple(out), origin)

"""What a plan knows and what the configuration says, put together: the one's values at the other's places."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from stockade.value import Known, Origin, Text, Unknown, Value, Written, is_sensitive, places, sensitive


def replaced(value: Value[Any], origin: Origin) -> Value[Any]:
    """A value, and everything in it, with another origin."""
    match value:
        case Unknown(reason, _, text):
            return Unknown(reason, origin, text, value.behind)
        case Known(dict() as inner):
            return Known({name: replaced(one, origin) for name, one in inner.items()}, origin)
        case Known(tuple() as items):
            return Known(tuple(replaced(one, origin) for one in items), origin)
        case Known():
            return Known(value.value, origin, value.ref)


def combined(planned: Value[Any], written: Value[Any], place: Origin) -> Value[Any]:
    """A planned value as the configuration writes it.

    Where both say the same, what was written counts, with its places and what it refers to; where the
    plan does not know, what was written says what can be said. Where they differ (other variables were
    given) the plan counts, at ``place``, which is where the attribute is written.
    """
    if is_sensitive(planned) and not is_sensitive(written):
        return sensitive(combined(_bare(planned), written, place))
    match planned, written:
        case Unknown(), Unknown():
            return written if written.text or not planned.text else replaced(planned, written.origin)
        case Unknown(), Known(dict() | tuple()):
            return written if _holds_unknown(written) else replaced(planned, place)
        case Unknown(), Known():
            return replaced(planned, place)
        case Known(dict() as inner), Known(dict() as outer):
            return Known(
                {
                    name: combined(one, outer[name], place) if name in outer else replaced(one, written.origin)
                    for name, one in inner.items()
                },
                written.origin,
            )
        case Known(tuple() as inner), Known(dict()):  # one block, in the JSON syntax
            first = combined(inner[0], written, place) if inner else None
            return Known((first, *(replaced(one, place) for one in inner[1:])) if first else (), written.origin)
        case Known(tuple() as inner), Known(tuple() as outer):
            return Known(_paired(inner, outer, place), written.origin)
        case Known(plain, _, ref), Known() if _same(plain, written.value):
            if written.ref is None and ref is not None:
                return Known(written.value, _readable(written.origin, place), ref)
            return _at_home(written, place)
        case Known(plain, _, ref), Unknown(_, _, Text() as text):
            return Known(plain, _readable(written.origin, place), text.ref or ref)
        case _:
            return replaced(planned, place)


def _bare(value: Value[Any]) -> Value[Any]:
    """A marked value without its mark."""
    return replaced(value, next(iter(places(value.origin)), value.origin))


def _at_home(written: Known[Any], place: Origin) -> Known[Any]:
    """What was written, unless its place is no file: the text of a variable that was given."""
    origin = _readable(written.origin, place)
    return written if origin is written.origin else Known(written.value, origin, written.ref)


def _readable(origin: Origin, place: Origin) -> Origin:
    return place if isinstance(origin, Written) and origin.span.path.startswith("<") else origin


def _paired(
    inner: tuple[Value[Any], ...], outer: tuple[Value[Any], ...], place: Origin
) -> tuple[Value[Any], ...]:
    """Elements with those they were written as; sets come in the plan's own order."""
    if len(inner) != len(outer):
        return tuple(replaced(one, place) for one in inner)
    left = list(outer)
    out: list[Value[Any]] = []
    for one in inner:
        index = next((i for i, its in enumerate(left) if _agree(one, its)), 0)
        out.append(combined(one, left.pop(index), place))
    return tuple(out)


def _agree(planned: Value[Any], written: Value[Any]) -> bool:
    """Whether a value may be what was written."""
    match planned, written:
        case Known(dict() as inner), Known(dict() as outer):
            return all(name in inner and _agree(inner[name], one) for name, one in outer.items())
        case Known(tuple() as inner), Known(tuple() as outer):
            return len(inner) == len(outer) and all(any(_agree(one, its) for its in outer) for one in inner)
        case Known(None), Known(tuple()):
            return not written.value
        case Known(plain), Known(other):
            return _same(plain, other)
        case Unknown(), Known():
            return _holds_unknown(written)
        case _:
            return True


def _holds_unknown(value: Value[Any]) -> bool:
    match value:
        case Unknown():
            return True
        case Known(dict() as inner):
            return any(map(_holds_unknown, inner.values()))
        case Known(tuple() as items):
            return any(map(_holds_unknown, items))
        case _:
            return False


def _same(planned: object, written: object) -> bool:
    """Whether a planned scalar is a written one, after the provider has converted and normalised it."""
    if planned is None or written is None:
        return planned is written
    if _text(planned) == _text(written):
        return True
    if isinstance(planned, str) and isinstance(written, str) and planned.lstrip()[:1] in ("{", "["):
        try:
            return bool(json.loads(planned) == json.loads(written))
        except (ValueError, RecursionError):
            return False
    return False


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)

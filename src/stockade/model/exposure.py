"""What an environment variable gives away: a secret that is written, generated, fetched or yet to come.

Whatever is put into a function's environment can be read by everybody who may read its
configuration. So it does not matter how a secret gets there, only that the value is one: a literal,
an attribute of another resource, or a variable of the input, whatever somebody will set it to.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from stockade.model.attributes import ANY_SECRET, leaf_of, perhaps_secret_in, secret_in
from stockade.model.environment import EnvironmentVariable
from stockade.records import dataclass
from stockade.secrets.classify import Confidence, Secret, classify, declared, intrinsic
from stockade.secrets.names import Role, may_carry, meaning, points
from stockade.value import Hole, Known, Ref, Text, Unknown, is_sensitive


class Way(Enum):
    """How a secret comes to be in the environment."""

    WRITTEN = "written"
    ATTRIBUTE = "attribute"
    VARIABLE = "variable"


@dataclass(frozen=True, slots=True)
class Exposure:
    """A secret in the environment. ``kind`` has its article; ``source`` is what it is read from, empty

    for one that is written; ``label`` tells a written one from others without giving it away.
    ``marked`` says that the author marked it as sensitive.
    """

    way: Way
    kind: str
    confidence: Confidence
    source: str = ""
    label: str = ""
    marked: bool = False


def exposure(variable: EnvironmentVariable) -> Exposure | Unknown | None:
    """What a variable gives away; ``None`` for nothing."""
    if isinstance(variable.name, Unknown):
        return variable.name
    name, value = variable.name.value, variable.value
    match value:
        case Known(text):
            return _written(name, text, value.ref, is_sensitive(value))
        case Unknown():
            return _unknown(name, value)


def _written(name: str, text: str, ref: Ref | None, marked: bool) -> Exposure | None:
    found = classify(name, text)
    if found is None and (marked or (ref is not None and secret_in(ref))) and not points(name):
        found = declared(text)
    if found is None:
        return None
    return Exposure(Way.WRITTEN, found.kind, found.confidence, label=found.label(text), marked=marked)


def _unknown(name: str, value: Unknown) -> Exposure | Unknown | None:
    parts = value.text.parts if value.text else ()
    mixed = _mixed(name, Text(parts), value) if len(parts) > 1 else None
    if isinstance(mixed, Exposure) and mixed.way is Way.WRITTEN:
        return mixed
    for part in parts:
        if isinstance(part, Ref) and (kind := secret_in(part)):
            if kind == ANY_SECRET and meaning(name).role is Role.SECRET:
                kind = meaning(name).kind
            return Exposure(Way.ATTRIBUTE, kind, Confidence.NAMED, _shown(part), marked=is_sensitive(value))
    match parts:
        case ():
            return _untold(name, value)
        case (Hole() as hole,):
            return _variable(name, hole, value)
        case (Ref() as ref,):
            return _attribute(name, ref, value)
        case _:
            return mixed


def _untold(name: str, value: Unknown) -> Exposure | Unknown | None:
    """Nothing is known but why nothing is."""
    if points(name):
        return None
    if is_sensitive(value):
        return Exposure(Way.VARIABLE, meaning(name).kind, Confidence.NAMED, name, marked=True)
    return value if meaning(name).role > Role.OTHER or may_carry(name) else None


def _variable(name: str, hole: Hole, value: Unknown) -> Exposure | Unknown | None:
    """A variable that nobody set: its name and the environment's say what it is for."""
    said = hole.name.rpartition("var.")[2]
    if points(name) or (points(said) and not may_carry(name)):
        return None
    means, marked = meaning(name), is_sensitive(value)
    if means.role is Role.SECRET or marked:
        return Exposure(Way.VARIABLE, means.kind, Confidence.NAMED, _shown(hole), marked=marked)
    return value if means.role is Role.SUSPECT or may_carry(name) else None


_POINTING: Final = frozenset(("arn", "id", "name", "key_id", "secret_id", "path", "alias", "arn_suffix", "url"))


def _attribute(name: str, ref: Ref, value: Unknown) -> Exposure | Unknown | None:
    leaf = leaf_of(ref)
    role = meaning(name).role
    if (
        leaf.lower() in _POINTING
        or points(name)
        or points(leaf)
        or (role is Role.OTHER and not is_sensitive(value))
    ):
        return None
    kind = perhaps_secret_in(ref)
    if kind or is_sensitive(value) or meaning(leaf).role is Role.SECRET:
        what = kind or meaning(name).kind
        return Exposure(Way.ATTRIBUTE, what, Confidence.NAMED, _shown(ref), marked=is_sensitive(value))
    return value


_MOST: Final = 200
"""Pieces of a text that are looked at."""
_FIRST: Final = 0x13000
"""Letters that nobody writes stand for the unknown pieces of a text, two for each, four times."""


def _mixed(name: str, text: Text, value: Unknown) -> Exposure | Unknown | None:
    shown = "".join(
        part if isinstance(part, str) else (chr(_FIRST + 2 * index) + chr(_FIRST + 2 * index + 1)) * 4
        for index, part in enumerate(text.parts[:_MOST])
    )
    found = intrinsic(name, shown)
    if isinstance(found, Secret):
        source = next((ord(one) for one in shown[found.start : found.end] if ord(one) >= _FIRST), None)
        if source is None:
            return Exposure(Way.WRITTEN, found.kind, found.confidence, label=found.label(shown))
        part = text.parts[min((source - _FIRST) // 2, len(text.parts) - 1)]
        if isinstance(part, str) or points(leaf_of(part) if isinstance(part, Ref) else part.name):
            return None
        way = Way.VARIABLE if isinstance(part, Hole) else Way.ATTRIBUTE
        return Exposure(way, found.kind, Confidence.NAMED, _shown(part), marked=is_sensitive(value))
    if meaning(name).role is not Role.SECRET:
        return None
    stands = "".join(part if isinstance(part, str) else "stage" for part in text.parts[:_MOST])
    return None if classify(name, stands) is None else value


def _shown(part: Ref | Hole) -> str:
    """As its author wrote it; a hole's name may end in its place."""
    if isinstance(part, Hole):
        return part.name.partition("@")[0]
    return f"{part.address}.{part.attribute.replace('jsondecode(', '').replace(')', '')}"

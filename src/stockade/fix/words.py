"""From the model's words to an input's: how it refers to a resource, and where it says what is elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from stockade.model.names import Dialect, Row, names_of
from stockade.model.names.references import CLOUDFORMATION, ELSEWHERE
from stockade.read.resource import Resource
from stockade.value import Hole, Known, Ref, Text, Unknown, text_of

_PLACEHOLDER: Final = re.compile(r"\{(/?\w+)\}")
_PAIRS: Final = {"dimensions": "Name", "tags": "Key"}
"""Maps that CloudFormation writes as a list of pairs, by what the first of each pair is called."""
_SURROUNDINGS: Final = ("partition", "region", "account")


def referring(value: Any, resources: Mapping[str, Resource]) -> Any:
    """A value with its references said as the input of what they refer to says them."""
    match value:
        case Ref():
            return _said(value, resources)
        case Text(parts):
            pieces: list[str | Ref | Hole] = []
            for part in parts:
                said = _said(part, resources) if isinstance(part, Ref) else part
                pieces += said.parts if isinstance(said, Text) else (said,)
            return text_of(*pieces)
        case Mapping():
            return {key: referring(one, resources) for key, one in value.items()}
        case tuple() | list():
            return tuple(referring(one, resources) for one in value)
        case _:
            return value


def _said(ref: Ref, resources: Mapping[str, Resource]) -> Ref | Text:
    resource = resources.get(ref.address)
    if resource is None or resource.dialect != "cloudformation":
        return ref
    template = CLOUDFORMATION.get(resource.type, {}).get(ref.attribute)
    if template is None:
        return ref
    out: list[str | Ref | Hole] = []
    at = 0
    for found in _PLACEHOLDER.finditer(template):
        out.append(template[at : found.start()])
        at = found.end()
        name = found[1].removeprefix("/")
        if name in _SURROUNDINGS:
            out.append(Hole(name))
            continue
        piece = _piece(resource, name)
        if found[1].startswith("/") and not str(piece).startswith("/"):
            out.append("/")
        out.append(piece)
    out.append(template[at:])
    return text_of(*out)


def _piece(resource: Resource, name: str) -> str | Ref:
    """An attribute as others would refer to it, with what is known of its text."""
    if resource.reference is not None:
        match resource.reference(name):
            case Unknown() as seen if seen.ref is not None:
                return seen.ref
            case Known(known):
                return Ref(resource.address, name, text_of(str(known)))
    return Ref(resource.address, name)


def reworded(kind: str, attribute: str, value: Any) -> tuple[str, Any]:
    """An attribute and its value as a resource's type says them, where it has no property of that name."""
    found = ELSEWHERE.get((kind, attribute))
    if found is None or not isinstance(value, Ref):
        return attribute, value
    return found[0], Ref(value.address, found[1])


def shaped(resource: Resource, attribute: str, value: Any) -> Any:
    """A value in the form in which the input has it: CloudFormation lists what is a map elsewhere."""
    leaf = attribute.rpartition(".")[2]
    if resource.dialect == "cloudformation" and leaf in _PAIRS and isinstance(value, Mapping):
        return tuple({_PAIRS[leaf]: name, "Value": one} for name, one in value.items())
    return value


def row_of_kind(dialect: Dialect, kind: str, model: str) -> Row | None:
    """The list in which a resource type has what is a resource of its own elsewhere."""
    names = names_of(dialect, kind)
    rows = names.rows if names else ()
    found = (row for row in rows if row.element is not None and row.path(dialect))
    return next((row for row in found if row.element and row.element.model.__name__ == model), None)


def element_of(row: Row, dialect: Dialect, attributes: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """An element of such a list, by the names that its members have in it.

    What it has no word for is said by where it stands.
    """
    out: dict[str, Any] = {}
    for attribute, value in attributes:
        if attribute == "method_path":  # it is two properties where it stands in its stage
            path, _, method = str(value).rpartition("/")
            out |= {"ResourcePath": f"/{path}", "HttpMethod": method}
            continue
        found = next(
            (one for one in (row.element.rows if row.element else ()) if one.attribute == attribute), None
        )
        if found is not None and found.path(dialect):
            out[found.path(dialect)] = value
    return out

"""From the model's words to an input's: how it refers to a resource, and where it says what is elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from stockade.control import Add, Change, Drop, Put, Rewrite
from stockade.errors import FixError
from stockade.model.names import Dialect, Row, names_of
from stockade.model.names.references import CLOUDFORMATION, ELSEWHERE
from stockade.patterns import lazy_regex
from stockade.read.cloudformation import schema as cloudformation
from stockade.read.deployment import SURROUNDINGS, Pieces, filled
from stockade.read.resource import Resource
from stockade.read.terraform import schema as terraform
from stockade.value import Hole, Known, Ref, Text, Unknown, Value, parts_of, text_of

_PLACEHOLDER: Final = lazy_regex(r"\{(/?\w+)\}")
_PAIRS: Final = {"dimensions": "Name", "tags": "Key"}
"""Maps that CloudFormation writes as a list of pairs, by what the first of each pair is called."""
_LISTING: Final = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
"""Types that list the roles they are for, where others name one."""


def located(change: Change, added: Mapping[str, str]) -> Change:
    """A change in which what the same fix adds is called by the address that it got."""
    match change:
        case Put():
            return replace(change, value=_located(change.value, added))
        case Rewrite():
            return replace(change, value=_located(change.value, added))
        case Add():
            attributes = tuple((name, _located(value, added)) for name, value in change.attributes)
            return replace(change, attributes=attributes)
        case Drop():
            return change


def _located(value: Any, added: Mapping[str, str]) -> Any:
    match value:
        case Ref(address) if address.startswith("+"):
            if address not in added:
                raise FixError(f"the fix refers to `{address}`, which it does not add")
            return Ref(added[address], value.attribute)
        case Text(parts):
            return text_of(*(_located(part, added) for part in parts))
        case Mapping():
            return {key: _located(one, added) for key, one in value.items()}
        case tuple() | list():
            return tuple(_located(one, added) for one in value)
        case _:
            return value


def referring(value: Any, resources: Mapping[str, Resource]) -> Any:
    """A value with its references said as the input of what they refer to says them."""
    match value:
        case Ref():
            known = _known(value, resources)
            return _said(value, resources) if known is None else Known(known.value, known.origin, value)
        case Text(parts):
            pieces: list[str | Ref | Hole] = []
            for part in parts:
                said: str | Ref | Hole | Text = part
                if isinstance(part, Ref):
                    known = _known(part, resources)
                    said = _said(part, resources) if known is None else known.value
                pieces += said.parts if isinstance(said, Text) else (said,)
            return text_of(*pieces)
        case Mapping():
            return {key: referring(one, resources) for key, one in value.items()}
        case tuple() | list():
            return tuple(referring(one, resources) for one in value)
        case _:
            return value


def _known(ref: Ref, resources: Mapping[str, Resource]) -> Known[str] | None:
    """What Terraform makes of a reference to an attribute that is written, and known: its text."""
    resource = resources.get(ref.address)
    if resource is None or resource.dialect != "terraform":
        return None
    match resource.attributes.get(ref.attribute):
        case Known(str()) as known:
            return known
        case _:
            return None


def _said(ref: Ref, resources: Mapping[str, Resource]) -> Ref | Text:
    resource = resources.get(ref.address)
    if resource is None or resource.dialect != "cloudformation":
        return ref if resource is None else replace(ref, shape=ref.shape or _shape(resource, ref.attribute))
    template = CLOUDFORMATION.get(resource.type, {}).get(ref.attribute)
    if template is None:
        return ref
    out: list[str | Ref | Hole] = []
    at = 0
    for found in _PLACEHOLDER.finditer(template):
        out.append(template[at : found.start()])
        at = found.end()
        name = found[1].removeprefix("/")
        if name in SURROUNDINGS:
            out.append(Hole(name))
            continue
        piece = _piece(resource, name)
        if found[1].startswith("/") and not _is_path(piece, resource.attributes.get(name)):
            out.append("/")
        out.append(piece)
    out.append(template[at:])
    return text_of(*out)


def _is_path(piece: str | Ref, written: Value[Any] | None) -> bool:
    """Whether what a reference stands for begins with a slash: a parameter's name may."""
    if isinstance(piece, str):
        return piece.startswith("/")
    first = (*(piece.shape.parts if piece.shape else ()), *(parts_of(written) if written is not None else ()))
    return any(isinstance(one, str) and one.startswith("/") for one in first[:1])


def _piece(resource: Resource, name: str) -> str | Ref:
    """An attribute as others would refer to it, with what is known of its text."""
    if resource.reference is not None:
        match resource.reference(name):
            case Unknown() as seen if seen.ref is not None:
                return seen.ref
            case Known(known):
                return Ref(resource.address, name, text_of(str(known)))
    return Ref(resource.address, name, _shape(resource, name))


_COMPUTED: Final = {**terraform.COMPUTED, **cloudformation.COMPUTED}


def _shape(resource: Resource, attribute: str) -> Text | None:
    """What is known of an attribute of something that nobody has read yet: an ARN has its service and name."""
    template = _COMPUTED.get(resource.type, {}).get(attribute)
    if template is None or resource.reference is not None:
        return None

    def piece(name: str) -> Pieces:
        if name in SURROUNDINGS:
            return (Hole(name),)
        found = resource.attributes.get(name)
        return parts_of(found) if found is not None else (Hole(f"{resource.address}.{name}"),)

    return filled(template, piece)


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
    if resource.type in _LISTING and leaf == "roles" and not isinstance(value, tuple | list):
        return (value,)
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
        if attribute == "roles":  # it stands in its role
            continue
        found = next(
            (one for one in (row.element.rows if row.element else ()) if one.attribute == attribute), None
        )
        if found is not None and found.path(dialect):
            out[found.path(dialect)] = value
    return out

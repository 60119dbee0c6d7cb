"""Values that lead to the resource they name: an ID or an ARN read through the resource that has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from stockade.patterns import lazy_regex
from stockade.read.account.collect import endpoints
from stockade.read.resource import Resource
from stockade.value import Known, Origin, Ref, Value


def tied(value: Value[Any] | None, address: str, attribute: str) -> Value[Any] | None:
    """A text with the attribute it stands for; anything else as it is."""
    if isinstance(value, Known) and isinstance(value.value, str):
        return Known(value.value, value.origin, Ref(address, attribute))
    return value


def said(text: str, address: str, attribute: str, origin: Origin) -> Known[str]:
    """A text that follows from an answer, tied."""
    return Known(text, origin, Ref(address, attribute))


def related(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """The same resources with every text in them that is another's ARN, or the ID that ends it, tied to it.

    IDs are those of EC2 (``subnet-…``, ``sg-…``), which are no names that somebody could choose alike. What a
    collector tied itself stays.
    """
    found = tuple(resources)
    names: dict[str, Ref] = {}
    for one in sorted(found, key=lambda one: one.doubt is None):  # what was not read is named all the same
        if one.address.startswith("arn:") and "#" not in one.address:
            names[one.address] = Ref(one.address, "arn")
            kind, _, tail = one.address.rpartition("/")
            if tail.startswith(_IDS) and kind.endswith(_KINDS):
                names[tail] = Ref(one.address, "id")
            if repository := _REPOSITORY.fullmatch(one.address):
                names[_image(*repository.groups())] = Ref(one.address, "repository_url")
        host = one.attributes.get("Host") if one.type == endpoints.TYPE else None
        if isinstance(host, Known):
            names[host.value] = Ref(one.address, "endpoint")
    return tuple(replace(one, attributes=_members(one.attributes, names, one.address)) for one in found)


_IDS: Final = ("subnet-", "sg-", "rtb-", "vpc-")
_KINDS: Final = (":subnet", ":security-group", ":route-table", ":vpc")
_REPOSITORY: Final = lazy_regex(r"arn:(aws[a-z-]*):ecr:([a-z0-9-]+):(\d+):repository/(.+)")
_IMAGE: Final = lazy_regex(r"(\d+\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/[^:@]+)[:@].+")


def _image(partition: str, region: str, account: str, name: str) -> str:
    """What an image of a repository is named by, without its tag."""
    return f"{account}.dkr.ecr.{region}.amazonaws.com{'.cn' if partition == 'aws-cn' else ''}/{name}"


def _meant(text: str, names: Mapping[str, Ref]) -> Ref | None:
    """What a text names: a resource, an image of a repository, or a host that it connects to."""
    image = _IMAGE.fullmatch(text)
    if image is None and (found := names.get(text)):
        return found
    host = None if image or text.startswith("arn:") else endpoints.HOST.search(text)
    if image is None and host is None and not text.startswith("arn:"):
        return names.get(endpoints.host_of(text))
    return names.get(image[1] if image else host[0].lower() if host else text)


def _members(members: Mapping[str, Value[Any]], names: Mapping[str, Ref], own: str) -> Mapping[str, Value[Any]]:
    out = {name: _tied(value, names, own) for name, value in members.items()}
    return out if any(out[name] is not value for name, value in members.items()) else members


def _tied(value: Value[Any], names: Mapping[str, Ref], own: str) -> Value[Any]:
    """A value with what is in it tied; the same object where nothing is."""
    if not isinstance(value, Known):
        return value
    match value.value:
        case str() as text:
            ref = _meant(text, names) if value.ref is None else None
            return Known(text, value.origin, ref) if ref is not None and ref.address != own else value
        case dict() as members:
            found = _members(members, names, own)
            return value if found is members else Known(found, value.origin, value.ref)
        case tuple() as items:
            made = tuple(_tied(one, names, own) for one in items)
            same = all(new is old for new, old in zip(made, items, strict=True))
            return value if same else Known(made, value.origin, value.ref)
        case _:
            return value

"""Resources of an account as one whole: what is said of one thing is joined, what is named is linked.

An ARN that is the address of a resource is a reference to it, as a name in a file is; so is an ID that the
resource goes by. Nothing else is: equal texts are related by ``World`` all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from stockade.read.resource import Resource
from stockade.value import Known, Ref, Value

GOES_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "ec2:DescribeRouteTables": ("RouteTableId",),
    "ec2:DescribeSecurityGroups": ("GroupId",),
    "ec2:DescribeSubnets": ("SubnetId",),
    "ecr:DescribeRepositories": ("repositoryUri",),
}
"""Type -> the attributes with the IDs that other resources name it by, where these are not its ARN."""


def joined(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """One resource for each type and address, in the order of the first."""
    out: dict[tuple[str, str], Resource] = {}
    for one in resources:
        key = (one.type, one.address)
        before = out.get(key)
        out[key] = (
            one if before is None else replace(before, attributes={**before.attributes, **one.attributes})
        )
    return tuple(out.values())


def linked(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """The same resources with every text that names another as a reference to it."""
    every = tuple(resources)
    owners: dict[str, Ref] = {}
    for one in sorted(every, key=lambda one: one.doubt is not None):  # what was not read is named all the same
        if one.address.startswith("arn:") and "#" not in one.address:
            owners.setdefault(one.address, Ref(one.address, "arn", type=one.type))
        for name in GOES_BY.get(one.type, ()):
            found = one.attributes.get(name)
            if isinstance(found, Known) and isinstance(found.value, str):
                owners.setdefault(found.value, Ref(one.address, "id", type=one.type))
    return tuple(_linked(one, owners) for one in every)


def _linked(one: Resource, owners: Mapping[str, Ref]) -> Resource:
    own = one.address.partition("#")[0]
    attributes = {name: _walked(value, owners, own) for name, value in one.attributes.items()}
    return replace(one, attributes=attributes)


def _walked(value: Value[Any], owners: Mapping[str, Ref], own: str) -> Value[Any]:
    """A value with references in it; the same object where there are none."""
    if not isinstance(value, Known):
        return value
    match value.value:
        case str() as text:
            ref = owners.get(_bare(text))
            return Known(text, value.origin, ref) if ref is not None and ref.address != own else value
        case dict() as members:
            found = {name: _walked(one, owners, own) for name, one in members.items()}
            return Known(found, value.origin) if _differ(found.values(), members.values()) else value
        case tuple() as items:
            those = tuple(_walked(one, owners, own) for one in items)
            return Known(those, value.origin) if _differ(those, items) else value
        case _:
            return value


_IMAGE: Final = re.compile(r"(\d+\.dkr\.ecr\.[a-z0-9.-]+/[^:@]+)[:@].+")


def _bare(text: str) -> str:
    """An image's name without its tag or digest: the repository's. Any other text as it is."""
    image = _IMAGE.fullmatch(text) if ".dkr.ecr." in text else None
    return image[1] if image else text


def _differ(one: Iterable[Any], other: Iterable[Any]) -> bool:
    return any(a is not b for a, b in zip(one, other, strict=True))

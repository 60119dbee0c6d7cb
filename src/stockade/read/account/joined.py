"""What several answers say of one thing, as one resource."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stockade.read.resource import Resource


def joined(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """One resource for each type and address, in the order of the first."""
    out: dict[tuple[str, str], Resource] = {}
    for one in resources:
        key = (one.type, one.address)
        before = out.get(key)
        if before is not None:
            one = replace(before, attributes={**before.attributes, **one.attributes})
        out[key] = one
    return tuple(out.values())

"""Provisioned concurrency of functions that reserve none: it is taken out of what all others share.

Only published versions can have it, and an alias has that of its version; functions without one are not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from stockade.read.account.answer import Unread
from stockade.read.account.calls import LAMBDA, Call
from stockade.read.account.scene import Scene, Seen
from stockade.read.resource import Resource
from stockade.value import Known

VERSIONS: Final = Call(
    "lambda", "ListFunctions", LAMBDA, "which versions are published (`FunctionVersion=ALL`)", "Functions"
)
LIST: Final = Call(
    "lambda",
    "ListProvisionedConcurrencyConfigs",
    LAMBDA,
    "the provisioned concurrency of a function that has published versions and reserves none",
    "ProvisionedConcurrencyConfigs",
)
CALLS: Final = (VERSIONS, LIST)
TYPE: Final = "lambda:ListProvisionedConcurrencyConfigs"


def collect(scene: Scene) -> Iterable[Resource]:
    """One resource for each version or alias that has some."""
    free = [one for one in scene.functions if one.arn not in _reserving(scene)]
    listing = scene.listing(VERSIONS, FunctionVersion="ALL") if free else None
    if listing is None:
        return
    published = {
        ":".join(str(one.get("FunctionArn", "")).split(":")[:7])
        for one in listing.items
        if str(one.get("Version", "")).isdigit()
    }
    if listing.unread is not None:
        yield from (_lost(scene, one, listing.unread) for one in free)
        return
    asked = [one for one in free if one.arn in published]
    for made in scene.each(asked, lambda seen: list(_of(scene, seen))):
        yield from made


def _reserving(scene: Scene) -> set[str]:
    """The functions that are known to reserve concurrency: of it what they provision is a part."""
    return {
        one.address
        for one in scene.found.get("functions", ())
        if isinstance(found := one.attributes.get("Concurrency"), Known) and found.value
    }


def _of(scene: Scene, seen: Seen) -> Iterator[Resource]:
    listing = scene.listing(LIST, seen.arn, FunctionName=seen.name)
    for one in listing.items:
        said = str(one.get("FunctionArn", seen.arn))
        amount = one.get("RequestedProvisionedConcurrentExecutions", 0)
        document = scene.document(LIST, seen.arn, {"FunctionArn": said, "Requested": amount})
        yield scene.resource(TYPE, f"{said}#provisioned", document)
    if listing.unread is not None:
        yield _lost(scene, seen, listing.unread)


def _lost(scene: Scene, seen: Seen, why: Unread) -> Resource:
    return scene.unread(TYPE, f"{seen.arn}#provisioned", why, FunctionArn=Known(seen.arn, why.value().origin))

"""Keys that functions name for their environments: whether they are the customer's at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stockade.read.account.answer import Present, Unread
from stockade.read.account.calls import KMS, Call
from stockade.read.account.scene import Scene
from stockade.read.resource import Resource

GET: Final = Call(
    "kms",
    "DescribeKey",
    KMS,
    "whether a key that a function names is the customer's or AWS's own",
    absent=("NotFoundException",),
)
CALLS: Final = (GET,)
TYPE: Final = "kms:DescribeKey"


def collect(scene: Scene) -> Iterable[Resource]:
    """One resource for each key that a function of the region names, under the name that it is named by."""
    named = dict.fromkeys(str(key) for one in scene.functions if (key := one.configuration.get("KMSKeyArn")))
    return [made for made in scene.each(list(named), lambda key: _of(scene, key)) if made is not None]


def _of(scene: Scene, key: str) -> Resource | None:
    match scene.ask(GET, key, KeyId=key):
        case Present(data):
            found = data.get("KeyMetadata", {})
            kept = {name: found[name] for name in ("Arn", "KeyManager", "KeyState") if name in found}
            return scene.resource(TYPE, key, scene.document(GET, key, {"KeyMetadata": kept}))
        case Unread() as why:
            return scene.unread(TYPE, key, why, KeyMetadata=why.value())
        case _:
            return None  # a key that is gone was somebody's own: AWS deletes none of its

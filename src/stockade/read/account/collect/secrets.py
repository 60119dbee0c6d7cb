"""Secrets that code may read: by whose key they are encrypted, and whether they have a policy of their own.

No value is asked for, and no permission to read one is needed. Only those that a function names in its
environment are asked for their policy; a secret that code names otherwise may have one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from stockade.read.account.answer import Present, Unread
from stockade.read.account.calls import SECRETS, Call
from stockade.read.account.scene import Scene
from stockade.read.resource import Resource
from stockade.value import Value

LIST: Final = Call(
    "secretsmanager",
    "ListSecrets",
    SECRETS,
    "which secrets there are and by which keys they are encrypted, without their values (`--packages`)",
    "SecretList",
)
POLICY: Final = Call(
    "secretsmanager",
    "GetResourcePolicy",
    SECRETS,
    "the policy of a secret that a function names in its environment (`--packages`)",
)
CALLS: Final = (LIST, POLICY)
TYPE: Final = "secretsmanager:DescribeSecret"
_KEPT: Final = ("ARN", "Name", "KmsKeyId")


def collect(scene: Scene) -> Iterable[Resource]:
    """One resource for each secret; what was not listed may have any key."""
    if not scene.functions:
        return
    listing = scene.listing(LIST)
    said = {text for one in scene.functions for text in one.said}
    yield from scene.each(listing.items, lambda one: _secret(scene, one, said))
    if listing.unread is not None:
        yield scene.unread(TYPE, scene.arn("secretsmanager", "secret:*"), listing.unread)


def _secret(scene: Scene, one: Mapping[str, Any], said: set[str]) -> Resource:
    arn, name = str(one.get("ARN", "")), str(one.get("Name", ""))
    document = scene.document(LIST, arn, {key: one[key] for key in _KEPT if one.get(key)})
    more: dict[str, Value[Any]] = {}
    if not {arn, name, arn.rpartition("-")[0]} & said:
        more["ResourcePolicy"] = Unread(POLICY, arn, "nobody asked for it", scene.place).value()
        return scene.resource(TYPE, arn, document, **more)
    match scene.ask(POLICY, arn, SecretId=arn):
        case Present(data) if data.get("ResourcePolicy"):
            policy = {"ResourcePolicy": data["ResourcePolicy"]}
            more |= scene.document(POLICY, arn, policy, texts=("ResourcePolicy",)).of("ResourcePolicy")
        case Unread() as why:
            more["ResourcePolicy"] = why.value()
    return scene.resource(TYPE, arn, document, **more)

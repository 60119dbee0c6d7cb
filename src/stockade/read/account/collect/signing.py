"""Code signing: which functions have a configuration, asked the other way round to ask little."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from stockade.read.account.answer import Unread
from stockade.read.account.calls import LAMBDA, Call
from stockade.read.account.scene import Scene
from stockade.read.resource import Resource
from stockade.value import Value

LIST: Final = Call(
    "lambda", "ListCodeSigningConfigs", LAMBDA, "the code signing configurations", "CodeSigningConfigs"
)
USERS: Final = Call(
    "lambda",
    "ListFunctionsByCodeSigningConfig",
    LAMBDA,
    "which functions a code signing configuration is for",
    "FunctionArns",
)
CALLS: Final = (LIST, USERS)
TYPE: Final = "lambda:GetCodeSigningConfig"
FUNCTION: Final = "lambda:GetFunction"


def collect(scene: Scene) -> Iterable[Resource]:
    """One resource for each configuration, and what it adds to those of functions."""
    listing = scene.listing(LIST)
    lost = listing.unread
    signed: set[str] = set()
    known = {seen.arn for seen in scene.functions}
    for one in listing.items if scene.functions else ():
        arn = str(one.get("CodeSigningConfigArn", ""))
        document = scene.document(LIST, arn, {"CodeSigningConfig": one}, ("CodeSigningConfig.Description",))
        yield scene.resource(TYPE, arn, document)
        users = scene.listing(USERS, arn, CodeSigningConfigArn=arn)
        lost = lost or users.unread
        for user in users.items:
            if str(user) in known:
                signed.add(str(user))
                said = scene.document(USERS, arn, {"FunctionArn": str(user), "CodeSigningConfigArn": arn})
                yield scene.made(FUNCTION, str(user), said.of("CodeSigningConfigArn"), said.origin)
    if lost is not None:
        for seen in scene.functions:
            if seen.arn not in signed:
                yield _unknown(scene, seen.arn, lost)


def _unknown(scene: Scene, arn: str, why: Unread) -> Resource:
    unknown: Value[Any] = why.value()
    return scene.made(FUNCTION, arn, {"CodeSigningConfigArn": unknown}, unknown.origin)

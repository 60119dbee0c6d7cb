"""How functions handle asynchronous invocations, and whether Lambda stops their loops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from stockade.read.account.answer import Present, Unread
from stockade.read.account.calls import LAMBDA, Call
from stockade.read.account.scene import Scene, Seen
from stockade.read.resource import Resource
from stockade.value import Known, Value

EVENTS: Final = Call(
    "lambda",
    "ListFunctionEventInvokeConfigs",
    LAMBDA,
    "where events go that a function could not handle",
    "FunctionEventInvokeConfigs",
)
RECURSION: Final = Call(
    "lambda", "GetFunctionRecursionConfig", LAMBDA, "whether Lambda stops a function's loops"
)
CALLS: Final = (EVENTS, RECURSION)


def collect(scene: Scene) -> Iterable[Resource]:
    """One resource for each configuration."""
    return [one for found in scene.each(scene.functions, lambda seen: list(_of(scene, seen))) for one in found]


def _of(scene: Scene, seen: Seen) -> Iterator[Resource]:
    type = "lambda:ListFunctionEventInvokeConfigs"
    listing = scene.listing(EVENTS, seen.arn, FunctionName=seen.name)
    for one in listing.items:
        said = str(one.get("FunctionArn", seen.arn))
        document = scene.document(EVENTS, seen.arn, one)
        parts = said.split(":")
        more: dict[str, Value[Any]] = {"FunctionArn": document.said(":".join(parts[:7]), "FunctionArn")}
        if len(parts) > 7 and parts[7] != "$LATEST":
            more["Qualifier"] = document.said(parts[7], "FunctionArn")
        yield scene.resource(type, f"{said}#event-invoke", document, **more)
    if listing.unread is not None:
        yield scene.unread(
            type, f"{seen.arn}#event-invoke", listing.unread, FunctionArn=_named(seen, listing.unread)
        )
    type = "lambda:GetFunctionRecursionConfig"
    match scene.ask(RECURSION, seen.arn, FunctionName=seen.name):
        case Present(data):
            document = scene.document(RECURSION, seen.arn, data)
            yield scene.resource(type, f"{seen.arn}#recursion", document, FunctionName=document.said(seen.arn))
        case Unread() as why:
            yield scene.unread(type, f"{seen.arn}#recursion", why, FunctionName=_named(seen, why))


def _named(seen: Seen, why: Unread) -> Known[str]:
    return Known(seen.arn, why.value().origin)

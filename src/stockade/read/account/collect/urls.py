"""Function URLs, of functions and of their aliases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from stockade.read.account.answer import Present, Unread
from stockade.read.account.calls import LAMBDA, Call
from stockade.read.account.collect import aliases
from stockade.read.account.scene import Scene, Seen
from stockade.read.resource import Resource
from stockade.value import Known, Value

LIST: Final = Call(
    "lambda",
    "ListFunctionUrlConfigs",
    LAMBDA,
    "a function's URLs, those of its aliases too",
    "FunctionUrlConfigs",
)
GET: Final = Call("lambda", "GetFunctionUrlConfig", LAMBDA, "one URL, where the list of them is not answered")
CALLS: Final = (LIST, GET)
TYPE: Final = "lambda:ListFunctionUrlConfigs"


def collect(scene: Scene) -> Iterable[Resource]:
    """One resource for each URL; without the list every function and alias is asked for its own."""
    names: dict[str, list[str]] = {}
    unsure: set[str] = set()
    for one in scene.found.get("aliases", ()):
        arn, _, alias = one.address.rpartition(":")
        if one.type == aliases.TYPE and "#" in one.address:
            unsure.add(one.address.partition("#")[0])
        elif one.type == aliases.TYPE:
            names.setdefault(arn, []).append(alias)
    made = scene.each(
        scene.functions, lambda seen: list(_of(scene, seen, names.get(seen.arn, []), seen.arn in unsure))
    )
    return [one for found in made for one in found]


def _of(scene: Scene, seen: Seen, names: list[str], unsure: bool) -> Iterator[Resource]:
    listing = scene.tried(LIST, seen.arn, FunctionName=seen.name)
    if listing.unread is None:
        for one in listing.items:
            yield _url(scene, LIST, seen.arn, one)
        return
    if unsure or listing.unread.stopped:  # without the aliases nobody knows all that there is to ask
        scene.miss(listing.unread)
        yield _lost(scene, seen.arn, listing.unread)
        return
    for name in ("", *names):
        more = {"Qualifier": name} if name else {}
        match scene.ask(GET, f"{seen.arn}:{name}" if name else seen.arn, FunctionName=seen.name, **more):
            case Present(data):
                yield _url(scene, GET, seen.arn, data)
            case Unread() as why:
                yield _lost(scene, f"{seen.arn}:{name}" if name else seen.arn, why)


def _url(scene: Scene, call: Call, arn: str, one: Mapping[str, Any]) -> Resource:
    document = scene.document(call, arn, one)
    said = str(one.get("FunctionArn", arn))
    parts = said.split(":")
    more: dict[str, Value[Any]] = (
        {"Qualifier": document.said(parts[7], "FunctionArn")} if len(parts) > 7 else {}
    )
    return scene.resource(TYPE, f"{said}#url", document, **more)


def _lost(scene: Scene, arn: str, why: Unread) -> Resource:
    return scene.unread(TYPE, f"{arn}#url", why, FunctionArn=Known(arn, why.value().origin))

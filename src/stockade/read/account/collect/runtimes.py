"""How Lambda updates functions' runtimes: by itself, with each deployment, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stockade.read.account.answer import Present, Unread
from stockade.read.account.calls import LAMBDA, Call
from stockade.read.account.scene import Scene, Seen
from stockade.read.resource import Resource
from stockade.value import Known

GET: Final = Call(
    "lambda",
    "GetRuntimeManagementConfig",
    LAMBDA,
    "whether Lambda patches a function's runtime, or it is pinned to a version of it",
)
CALLS: Final = (GET,)
TYPE: Final = "lambda:GetRuntimeManagementConfig"


def collect(scene: Scene) -> Iterable[Resource]:
    """One resource for each function that has a runtime: a container image brings its own."""
    asked = [one for one in scene.functions if one.configuration.get("PackageType", "Zip") == "Zip"]
    return [made for made in scene.each(asked, lambda seen: _of(scene, seen)) if made is not None]


def _of(scene: Scene, seen: Seen) -> Resource | None:
    address = f"{seen.arn}#runtime management"
    match scene.ask(GET, seen.arn, FunctionName=seen.name):
        case Present(data):
            kept = {name: data[name] for name in ("UpdateRuntimeOn", "RuntimeVersionArn") if data.get(name)}
            document = scene.document(GET, seen.arn, kept)
            return scene.resource(TYPE, address, document, FunctionName=document.said(seen.arn))
        case Unread() as why:
            return scene.unread(TYPE, address, why, FunctionName=Known(seen.arn, why.value().origin))
        case _:
            return None  # it was deleted since

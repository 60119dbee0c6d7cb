"""Aliases, and which versions they point at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from stockade.read.account.calls import LAMBDA, Call
from stockade.read.account.scene import Scene, Seen
from stockade.read.resource import Resource

LIST: Final = Call(
    "lambda", "ListAliases", LAMBDA, "a function's aliases and the versions behind them", "Aliases"
)
CALLS: Final = (LIST,)
TYPE: Final = "lambda:ListAliases"


def collect(scene: Scene) -> Iterable[Resource]:
    """One resource for each alias, under its own ARN."""
    return [one for found in scene.each(scene.functions, lambda seen: list(_of(scene, seen))) for one in found]


def _of(scene: Scene, seen: Seen) -> Iterator[Resource]:
    listing = scene.listing(LIST, seen.arn, FunctionName=seen.name)
    for one in listing.items:
        arn = str(one.get("AliasArn", ""))
        yield scene.resource(TYPE, arn, scene.document(LIST, seen.arn, one, ("Description",)))
    if listing.unread is not None:
        whole = scene.document(LIST, seen.arn, {"FunctionArn": seen.arn})
        yield scene.unread(
            TYPE, f"{seen.arn}#alias", listing.unread, AliasArn=whole.said(seen.arn, "FunctionArn")
        )

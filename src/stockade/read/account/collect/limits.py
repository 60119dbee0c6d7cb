"""What the account may do at most in a region."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stockade.read.account.answer import Present, Unread
from stockade.read.account.calls import LAMBDA, Call
from stockade.read.account.scene import Scene
from stockade.read.resource import Resource

GET: Final = Call(
    "lambda", "GetAccountSettings", LAMBDA, "how much concurrency the account has, and what is left"
)
CALLS: Final = (GET,)
TYPE: Final = "lambda:GetAccountSettings"


def collect(scene: Scene) -> Iterable[Resource]:
    """One resource for the region."""
    if not scene.functions:
        return
    address = scene.arn("lambda", "account-settings")
    match scene.ask(GET):
        case Present(data):
            yield scene.resource(TYPE, address, scene.document(GET, "", data))
        case Unread() as why:
            yield scene.unread(TYPE, address, why)

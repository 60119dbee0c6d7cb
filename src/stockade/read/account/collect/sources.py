"""Event source mappings: queues, streams and brokers that Lambda polls for functions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from stockade.read.account.calls import LAMBDA, Call
from stockade.read.account.scene import Scene
from stockade.read.resource import Resource
from stockade.value import Known, Value

LIST: Final = Call(
    "lambda",
    "ListEventSourceMappings",
    LAMBDA,
    "which queues and streams call which functions",
    "EventSourceMappings",
)
CALLS: Final = (LIST,)
TYPE: Final = "lambda:ListEventSourceMappings"
_ENABLED: Final = frozenset({"Enabled", "Enabling", "Creating", "Updating"})


def collect(scene: Scene) -> Iterable[Resource]:
    """One resource for each mapping, under its own ARN where the answer has one."""
    listing = scene.listing(LIST)
    for one in listing.items:
        arn = str(one.get("FunctionArn", ""))
        own = str(one.get("EventSourceMappingArn", "")) or scene.arn(
            "lambda", f"event-source-mapping:{one.get('UUID', '')}"
        )
        document = scene.document(LIST, arn, one, ("LastProcessingResult", "StateTransitionReason"))
        state = str(one.get("State", "Enabled"))
        more: dict[str, Value[Any]] = {"Enabled": document.said(state in _ENABLED, "State")}
        yield scene.resource(TYPE, own, document, **more)
    if listing.unread is not None:
        for seen in scene.functions:
            known: Value[Any] = Known(seen.arn, listing.unread.value().origin)
            yield scene.unread(TYPE, f"{seen.arn}#event-source", listing.unread, FunctionArn=known)

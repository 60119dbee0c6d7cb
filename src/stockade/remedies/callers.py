"""What of this input calls a function through a service, by the ARN that a permission names it with."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.api import Api
from stockade.model.declared import Declared
from stockade.model.function import Function
from stockade.model.permission import Permission
from stockade.model.reach import invokes, service
from stockade.model.relate import meant
from stockade.model.subject import Subject
from stockade.model.trigger import BucketTrigger, EventTarget, LogSubscription, TopicSubscription
from stockade.model.world import World
from stockade.records import dataclass
from stockade.value import Ref, Text, Value, shape_of, text_of


@dataclass(frozen=True, slots=True)
class Source:
    """Something that calls functions: the service by which it does, and its ARN with what follows it."""

    service: str
    arn: Ref
    end: str = ""

    @property
    def address(self) -> str:
        return self.arn.address

    @property
    def text(self) -> Text:
        """The source ARN of a permission for it."""
        return text_of(self.arn, self.end)


def sources(function: Function, world: World) -> Iterator[Source]:
    """What is declared to call a function, APIs left out, where it certainly exists."""
    source: Subject | Declared | None
    for trigger in world.triggers_of(function):
        match trigger:
            case BucketTrigger():
                caller, source = "s3", _at(trigger.bucket, world)
            case TopicSubscription():
                caller, source = "sns", _at(trigger.topic_arn, world)
            case EventTarget():
                caller, source = "events", world.rule_in(trigger.rule)
            case LogSubscription():
                caller, source = "logs", world.log_group_in(trigger.log_group)
            case _:
                continue
        if source is not None and source.doubt is None:
            yield Source(caller, Ref(source.address, "arn"), ":*" if caller == "logs" else "")


def apis(function: Function, world: World) -> Iterator[Source]:
    """The APIs of this input that route to a function."""
    found: dict[Api, None] = {}
    for route in world.gateway.routes:
        if function in world.functions_of(route) and (api := world.gateway.api_of(route)) is not None:
            found[api] = None
    yield from (Source("apigateway", Ref(one.address, "execution_arn"), "/*/*") for one in found)


def relying(permission: Permission, world: World) -> tuple[Source, ...]:
    """What calls the permission's functions and has no other permission to: it would be shut out without."""
    out: dict[Source, None] = {}
    for function in world.functions_of(permission):
        others = [one for one in world.permissions_of(function) if one is not permission and invokes(one)]
        served = {service(shape_of(one.principal)) for one in others}
        for source in (*sources(function, world), *apis(function, world)):
            if source.service not in served:
                out[source] = None
    return tuple(out)


def _at(value: Value[str], world: World) -> Declared | None:
    ref = meant(value)
    return world.declared.at(ref.address) if ref else None

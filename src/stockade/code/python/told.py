"""Abstract values in the house's words: texts with their unknown parts, and arguments as facts have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from stockade.code.python.values import Abstract, Array, Data, Dict, Frame, Many, Module, Opaque, Response, Site
from stockade.value import Hole, Known, Open, Ref, Text, Unknown, Value, text_of

LENGTH: Final = 100_000
"""The longest text, in characters, that is put together; a program may double one at every line."""

PIECES: Final = 500
"""Pieces of a text that is known in part."""

DEPTH: Final = 6
NODES: Final = 2_000
"""How deep into an argument, and how many values of it, are told."""

_HOW_MANY: Final = "how many there are is known only when it runs"


def pieces(value: Abstract, site: Site) -> tuple[str | Ref | Hole, ...]:
    """A value as the text that ``str()`` makes of it; what is not known is a hole named for its place."""
    match value:
        case Data(Known(bool() | None as object_)):
            return (str(object_),)
        case Data(Known(str() as object_)):
            return (object_,) if object_ else ()
        case Data(Known(int() | float() as object_)) if abs(object_) < 10**30:
            return (str(object_),)
        case Data(Unknown(_, _, Text(parts))):
            return parts
        case Response():
            return response_text(value) or (_hole(site),)
        case _:
            return (_hole(site),)


def _hole(site: Site) -> Hole:
    return Hole(f"{site.source.path}:{site.start}", site.shown)


def text_value(parts: Sequence[str | Ref | Hole], site: Site) -> Data:
    """The text of these pieces, known if they are; of one that is too long nothing is."""
    if len(parts) > PIECES or sum(len(part) for part in parts if isinstance(part, str)) > LENGTH:
        return Data(Unknown("it is too long a text", site.origin))
    text = text_of(*parts)
    if not text.parts:
        return Data(Known("", site.origin))
    if len(text.parts) == 1 and isinstance(text.parts[0], str):
        return Data(Known(text.parts[0], site.origin))
    missing = next(str(part) for part in text.parts if not isinstance(part, str))
    return Data(Unknown(f"`{missing}` is known only when it runs", site.origin, text))


def response_text(value: Response) -> tuple[str | Ref | Hole, ...] | None:
    """What is known beforehand of a name in an answer: URLs and ARNs of what was asked for by name."""
    match value.service, value.operation, value.path:
        case "sqs", "GetQueueUrl" | "CreateQueue", ("QueueUrl",):
            name = value.given.get("QueueName")
            if isinstance(name, Data):
                return ("https://", Hole("endpoint"), "/", Hole("account"), "/", *_parts(name))
        case "sns", "CreateTopic", ("TopicArn",):
            name = value.given.get("Name")
            if isinstance(name, Data):
                start = ("arn:", Hole("partition"), ":sns:", Hole("region"), ":", Hole("account"), ":")
                return (*start, *_parts(name))
        case "sts", "GetCallerIdentity", ("Account",):
            return (Hole("account"),)
    return None


def _parts(data: Data) -> tuple[str | Ref | Hole, ...]:
    match data.value:
        case Known(object_):
            return (str(object_),)
        case Unknown(_, _, Text(parts)):
            return parts
        case _:
            return (Hole("name"),)


def to_value(value: Abstract, site: Site) -> Value[Any]:
    """A value in the words that every reader of facts knows; of a very large one not all is told."""
    return _told(value, site, DEPTH, [NODES])


def _told(value: Abstract, site: Site, depth: int, left: list[int]) -> Value[Any]:
    left[0] -= 1
    if left[0] < 0:
        return Unknown("it is too large to be told", site.origin)
    match value:
        case Data():
            return value.value
        case Dict() if depth:
            items = {key: _told(one, site, depth - 1, left) for key, one in value.items.items()}
            if not value.open and not value.others:
                return Known(items, value.site.origin)
            return Unknown("not all of its keys are known", value.site.origin, open=Open(items))
        case Array() if depth:
            elements = tuple(_told(one, site, depth - 1, left) for one in value.items)
            if not value.open:
                return Known(elements, value.site.origin)
            if value.items and all(isinstance(one, Dict | Data) for one in value.items):
                return Unknown(_HOW_MANY, value.site.origin, open=Open(elements))
            rest = Unknown(_HOW_MANY, value.site.origin)
            return Unknown(rest.reason, value.site.origin, open=Open((*elements, rest)))
        case Opaque():
            where = value.site or site
            reason = value.reason or f"`{where.shown}` is known only when it runs"
            return Unknown(reason, where.origin, behind=value.behind)
        case Response():
            parts = response_text(value)
            if parts:
                return text_value(parts, site).value
            return Unknown(f"it is in the answer of `{value.service}:{value.operation}`", site.origin)
        case Many():
            return Unknown("it is one of several", site.origin)
        case _:
            return Unknown("it is made when it runs", site.origin)


def own_name(module: Module, asked: str, site: Site) -> Data:
    """``__name__`` and ``__package__`` of a module."""
    package = asked == "__package__" and not module.package
    return Data(Known(module.name.rpartition(".")[0] if package else module.name, site.origin))


def names_of(frame: Frame, asked: str) -> dict[str, Abstract]:
    """``globals()`` and ``locals()``: what is put there becomes a name, but for a function's own."""
    if asked == "globals" or frame.names is frame.module.globals:
        return frame.module.globals
    return frame.names if frame.is_class else dict(frame.names)

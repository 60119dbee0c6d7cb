"""Loops: a function that may cause the very event that invokes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from stockade.iam.breadth import Narrowing, covering, is_every_action, limit, resources_of, taken_back
from stockade.iam.match import Shape, arn_parts, has_wildcard, is_wildcard_only, matches
from stockade.iam.policy import Statement
from stockade.model.function import Function
from stockade.model.grants import allowing
from stockade.model.reach import is_given
from stockade.model.role import Grant
from stockade.model.trigger import BucketTrigger, EventSourceMapping, TopicSubscription, Trigger
from stockade.model.world import World
from stockade.records import dataclass
from stockade.value import Hole, Known, Origin, Unknown, Value, shape_of


@dataclass(frozen=True, slots=True)
class Pull:
    """What would invoke a function again: one of the actions, on the target.

    ``keys`` are the names of objects in the bucket ``target``; for everything else ``target`` is an
    ARN and ``keys`` is ``None``. ``filtered`` says that not all that is written invokes.
    """

    trigger: Trigger
    actions: tuple[str, ...]
    target: Shape
    sentence: str
    keys: Shape | None = None
    filtered: bool = False
    stream: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """A pull, or the function itself, and the grant that allows it.

    ``plain`` says that the statement names what it pulls, rather than cover it by a wildcard.
    ``origin`` is where the action is.
    """

    sentence: str
    grant: Grant
    origin: Origin
    plain: bool
    trigger: Trigger | None = None


_EVENTS: Final = (
    ("s3:ObjectCreated:", ("s3:PutObject",)),
    ("s3:ObjectRemoved:", ("s3:DeleteObject",)),
    ("s3:ObjectTagging:", ("s3:PutObjectTagging", "s3:DeleteObjectTagging")),
    ("s3:ObjectAcl:", ("s3:PutObjectAcl",)),
)


_RECORDS: Final = ("kinesis:PutRecord", "kinesis:PutRecords")
_ITEMS: Final = (
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:BatchWriteItem",
)


def pulls(trigger: Trigger) -> Pull | None:
    """What pulls a trigger; ``None`` where that is nothing a role allows, or not known."""
    match trigger:
        case BucketTrigger(events=Known(events)):
            names = [one.value for one in events if isinstance(one, Known)]
            actions = tuple(
                action
                for start, actions in _EVENTS
                for action in actions
                if any(one.startswith(start) for one in names)
            )
            keys = (*shape_of(trigger.prefix), Hole("the object's name"), *shape_of(trigger.suffix))
            sentence = "the function may write to the bucket that invokes it"
            if actions == ("s3:DeleteObject",):
                sentence = "the function may delete from the bucket that invokes it when something is deleted"
            bucket = shape_of(trigger.bucket)
            return Pull(trigger, actions, bucket, sentence, keys, len(keys) > 1) if actions else None
        case TopicSubscription():
            sentence = "the function may publish to the topic that invokes it"
            filtered = is_given(trigger.filter_policy)
            return Pull(trigger, ("sns:Publish",), shape_of(trigger.topic_arn), sentence, filtered=filtered)
        case EventSourceMapping():
            return _of_source(trigger)
    return None


def _of_source(trigger: EventSourceMapping) -> Pull | None:
    if isinstance(trigger.enabled, Known) and not trigger.enabled.value:
        return None
    source = trigger.source_arn
    shape: Shape = shape_of(source) if isinstance(source, Unknown) else (source.value or "",)
    segments = arn_parts(shape)
    filtered = not (isinstance(trigger.filters, Known) and not trigger.filters.value)
    match segments[2] if segments else ():
        case ("sqs",):
            sentence = "the function may send to the queue that it reads"
            return Pull(trigger, ("sqs:SendMessage",), shape, sentence, filtered=filtered)
        case ("kinesis",):
            sentence = "the function may write to the stream that it reads"
            return Pull(trigger, _RECORDS, shape, sentence, filtered=filtered, stream=True)
        case ("dynamodb",):
            sentence = "the function may write to the table whose stream it reads"
            actions = (
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
                "dynamodb:DeleteItem",
                "dynamodb:BatchWriteItem",
            )
            return Pull(trigger, actions, _before(shape, "/stream/"), sentence, filtered=filtered, stream=True)
    return None


def _before(shape: Shape, mark: str) -> Shape:
    """A text up to a mark in its known part."""
    for index, piece in enumerate(shape):
        if isinstance(piece, str) and mark in piece:
            head = piece.partition(mark)[0]
            return shape[:index] + ((head,) if head else ())
    return shape


# ------------------------------------------------------------------------------------------- grants

_SELF: Final = "lambda:InvokeFunction"


def loops(function: Function, world: World) -> Iterator[Loop | Unknown]:
    """The loops of a function that its triggers and its role's statements show, in the role's order.

    An ``Unknown`` stands for a grant that cannot be known and may close one.
    """
    found = [pull for trigger in world.triggers_of(function) if (pull := pulls(trigger))]
    grants = world.grants_of(function)
    denied = tuple(
        one.statement.value
        for one in grants
        if isinstance(one.statement, Known) and one.statement.value.allows is False
    )
    for grant in grants:
        match allowing(grant):
            case None:
                continue
            case Unknown() as gap:
                if found:
                    yield gap
                continue
            case statement:
                narrow = limit(statement)
        if isinstance(narrow, Unknown) or (narrow and narrow.narrowing is Narrowing.CHOSEN):
            continue
        for pull in found:
            if loop := _closed(pull, grant, statement, denied):
                yield loop
        if loop := _of_itself(function, grant, statement, denied, world):
            yield loop


_Denied: TypeAlias = tuple[Statement, ...]


def _closed(pull: Pull, grant: Grant, statement: Statement, denied: _Denied) -> Loop | None:
    """The loop that a statement closes, the plainest there is."""
    best: Loop | None = None
    for action in pull.actions:
        cover = covering(statement, action)
        if not isinstance(cover, Known) or taken_back(action, denied) is not None:
            continue
        for resource in resources_of(statement):
            plain = _pulled(resource, pull)
            if plain is None:
                continue
            plain = plain and _is_chosen(cover) and not pull.stream
            if best is None or plain > best.plain:
                best = Loop(pull.sentence, grant, cover.origin, plain, pull.trigger)
    return best


def _is_chosen(action: Known[str]) -> bool:
    """Whether somebody chose the action, rather than all of its service."""
    return not is_every_action(action) and not action.value.endswith(":*")


def _pulled(resource: Value[str], pull: Pull) -> bool | None:
    """Whether a ``Resource`` names what pulls, rather than cover it by a wildcard; ``None`` for neither."""
    if isinstance(resource, Unknown) and resource.text is None:
        return None
    shape = shape_of(resource)
    if is_wildcard_only(shape):
        return False
    if pull.keys is not None:
        return _object_pulled(shape, pull.target, pull.keys, pull.filtered)
    segments = arn_parts(shape)
    if segments is None or matches(shape, pull.target) is not True:
        return None
    return not has_wildcard(segments[5]) and not pull.filtered


def _object_pulled(shape: Shape, bucket: Shape, keys: Shape, filtered: bool) -> bool | None:
    segments = arn_parts(shape)
    if segments is None or segments[2] != ("s3",):
        return None
    name, key = _split(segments[5])
    if key is None or matches(name, bucket) is not True:
        return None
    named = not has_wildcard(name)
    if not filtered:
        return named
    sure = matches(key, keys)
    if is_wildcard_only(key):
        return False
    if sure is None and any(isinstance(piece, Hole) for piece in key):
        return None
    return None if sure is False else named and sure is True


def _split(resource: Shape) -> tuple[Shape, Shape | None]:
    """A bucket's name and the names of objects in it, of which a bucket's own ARN has none."""
    for index, piece in enumerate(resource):
        if isinstance(piece, str) and "/" in piece:
            head, _, tail = piece.partition("/")
            return (
                resource[:index] + ((head,) if head else ()),
                ((tail,) if tail else ()) + resource[index + 1 :],
            )
    ends = resource and isinstance(resource[-1], str) and resource[-1].endswith("*")
    return resource, ("*",) if ends else None


def _of_itself(
    function: Function, grant: Grant, statement: Statement, denied: _Denied, world: World
) -> Loop | None:
    """The loop of a function that may invoke itself, by its own name: a wildcard is no sign of one."""
    cover = covering(statement, _SELF)
    if not isinstance(cover, Known) or not _is_chosen(cover) or taken_back(_SELF, denied) is not None:
        return None
    for resource in resources_of(statement):
        segments = arn_parts(shape_of(resource))
        is_one = not (segments and has_wildcard(_before(_after(segments[5]), ":")))
        if is_one and function in world.function_named(resource, function.region):
            return Loop("the function may invoke itself", grant, cover.origin, True)
    return None


def _after(resource: Shape) -> Shape:
    """What follows ``function:``."""
    first = resource[0] if resource else ""
    if isinstance(first, str) and first.startswith("function:"):
        rest = first.removeprefix("function:")
        return ((rest,) if rest else ()) + resource[1:]
    return resource

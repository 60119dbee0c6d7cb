"""How widely one statement grants: which actions, on how much of what there is, under what condition.

Everything here looks at what is written. An answer is ``None`` or ``Unknown`` where it depends on
text that nobody knows: a whole ``Resource`` from a variable may be a ``*``, while a variable inside
an ARN stands for a name, and a reference to a resource's ARN for that one resource.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import cache
from typing import Final

from stockade.iam.catalog import Action, Service
from stockade.iam.match import Shape, action_matches, arn_parts, is_wildcard_only, matches, surely
from stockade.iam.policy import Condition, Statement, Strings
from stockade.memory import remembered
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Hole, Known, Origin, Ref, Unknown, Value, parts_of, shape_of

# ----------------------------------------------------------------------------------------- actions


def covering(statement: Statement, action: str) -> Value[str] | None:
    """The element by which a statement is about an action: ``Known`` where it surely is, ``None`` where not.

    What a ``NotAction`` leaves is covered by a ``*`` at the place of the ``NotAction``.
    """
    if statement.not_actions is not None:
        answers = [(_action_covers(one, action), one) for one in statement.not_actions]
        if any(answer for answer, _ in answers):
            return None
        left = (one for answer, one in answers if answer is None)
        return next(left, Known("*", _first(statement.not_actions, statement)))
    unsure: Value[str] | None = None
    for one in statement.actions or ():
        if isinstance(one, Known):
            if action_matches(one.value, action):
                return one
        elif (answer := _action_covers(one, action)) is not False:
            if answer:
                return Known(str(one.text), one.origin)
            unsure = unsure or one
    return unsure


def may_be_about(statement: Statement, actions: tuple[str, ...]) -> bool:
    """Whether a statement may be about any of some actions: if not, ``covering`` need not be asked of them."""
    if statement.not_actions is not None:
        return True
    patterns: list[str] = []
    for one in statement.actions or ():
        if isinstance(one, Unknown):
            return True
        patterns.append(one.value)
    return _any_covers(tuple(patterns), actions)


@remembered(1 << 12)  # most roles of a project allow one of a few lists of actions
def _any_covers(patterns: tuple[str, ...], actions: tuple[str, ...]) -> bool:
    return any(action_matches(pattern, action) for action in actions for pattern in patterns)


def _surest(answers: Iterable[tuple[bool | None, Value[str]]]) -> Value[str] | None:
    """The first text of which the answer is yes, as known text; else the first that may be."""
    unsure: Value[str] | None = None
    for answer, one in answers:
        if answer:
            return one if isinstance(one, Known) else Known(str(one.text), one.origin)
        if answer is None:
            unsure = unsure or one
    return unsure


def _action_covers(pattern: Value[str], action: str) -> bool | None:
    match pattern:
        case Known(text):
            return action_matches(text, action)
        case Unknown(text=None):
            return None
        case Unknown():
            shape = tuple(one.lower() if isinstance(one, str) else one for one in shape_of(pattern))
            return matches(shape, (action.lower(),))


def is_every_action(pattern: Value[str]) -> bool:
    """Whether a pattern is ``*`` or ``*:*``."""
    if not isinstance(pattern, Known) or not pattern.value.startswith(("*", ":")):
        return False  # as nearly all
    prefix, _, name = pattern.value.partition(":")
    return not prefix.strip("*") and not name.strip("*")


def every_action(statement: Statement) -> Value[str] | None:
    """The element by which a statement is about every action there is, or all but those it names."""
    if statement.not_actions is not None:
        if any(is_every_action(one) for one in statement.not_actions):
            return None
        stars = (one for one in statement.not_actions if isinstance(one, Unknown) and _may_be_star(one))
        return next(stars, Known("*", _first(statement.not_actions, statement)))
    unsure: Unknown | None = None
    for one in statement.actions or ():
        if isinstance(one, Known):
            if is_every_action(one):
                return one
        elif unsure is None and _may_be_star(one):
            unsure = one
    return unsure


def _may_be_star(pattern: Unknown) -> bool:
    return pattern.text is None or isinstance(pattern.text.parts[0], Hole)


# Their resource types are alternatives: the reference marks none of them as required, though every
# request is checked on one. Elsewhere an action with optional types alone may need `*`, as
# cloudwatch:PutMetricData and translate:TranslateText do.
_ALTERNATIVES: Final = frozenset({"cassandra", "es", "events", "execute-api", "redshift-data", "s3"})

# Lambda checks that a function's role has these before it makes the network interfaces of a function
# in a VPC, and its documentation asks for `*`.
_FOR_VPC: Final = frozenset(
    {
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:UnassignPrivateIpAddresses",
    }
)


def scopes(action: Action) -> tuple[str, ...]:
    """The resource types an action surely can be scoped to, working when it is; none if it cannot."""
    if str(action) in _FOR_VPC:
        return ()
    if action.service in _ALTERNATIVES and not action.required_types:
        return tuple(sorted(action.resource_types, key=len))
    return action.required_types


def formats(action: Action, service: Service) -> tuple[str, ...]:
    """The ARN formats of the resource types that an action can be scoped to."""
    return tuple(arn for one in scopes(action) if (arn := service.resource_types.get(one)))


def unscoped(
    statement: Statement, action: Action, arns: Sequence[str], seen: dict[str, Value[str] | None]
) -> Value[str] | None:
    """The string by which a statement leaves an action that can be scoped unscoped: on all there is to it.

    Where an action needs resources of several types at once, all of them have to be covered. ``arns`` are
    its ``formats``; ``seen`` remembers what the statement covers, by ARN format, from one action to the next.
    """
    for arn in arns:
        if arn not in seen:
            seen[arn] = on_all(statement, arn)
    found = [seen[arn] for arn in arns]
    if not found:
        return None
    if not action.required_types:
        return _surest((isinstance(one, Known) or None, one) for one in found if one)
    if None in found:
        return None
    return next((one for one in found if isinstance(one, Unknown)), found[0])


def reads(action: Action) -> bool:
    """Whether an action only reads; the reference calls some a write that are named as reads, and are."""
    return action.access in ("Read", "List") or action.name.startswith(("Describe", "Get", "List"))


# Services that keep what people put into them: what these read is that. Reads of all others tell how
# something is set up.
_KEEPERS: Final = frozenset(
    {
        "aoss",
        "appconfig",
        "athena",
        "cassandra",
        "codeartifact",
        "codebuild",
        "codecommit",
        "cognito-identity",
        "cognito-idp",
        "connect",
        "dynamodb",
        "ebs",
        "ecr",
        "es",
        "identitystore",
        "iotdata",
        "kinesis",
        "kinesisvideo",
        "lambda",
        "logs",
        "rds-data",
        "redshift-data",
        "s3",
        "s3express",
        "s3tables",
        "secretsmanager",
        "sqs",
        "ssm",
        "states",
        "textract",
        "timestream",
        "transcribe",
        "workmail",
    }
)
_SETTINGS_OF_KEEPERS: Final = frozenset({"s3:GetBucketLocation", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"})
_TELLING_SETTINGS: Final = frozenset(
    {
        "cloudformation:GetTemplate",
        "ec2:GetConsoleOutput",
        "ec2:GetPasswordData",
        "glue:GetConnection",
        "glue:GetConnections",
    }
)


def only_tells_settings(action: Action) -> bool:
    """Whether an action at most tells how things are set up, and nothing of what is kept in them."""
    name = str(action)
    if not reads(action) or name in _TELLING_SETTINGS:
        return False
    if name in _SETTINGS_OF_KEEPERS or action.name.startswith(("Describe", "ListTags")):
        return True
    return action.name.startswith(("Get", "List")) and action.service not in _KEEPERS


# --------------------------------------------------------------------------------------- resources


def resources_of(statement: Statement) -> tuple[Value[str], ...]:
    """What a statement applies to; all that a ``NotResource`` leaves is a ``*`` at its place."""
    if statement.not_resources is not None:
        if any(is_wildcard_only(shape_of(one)) for one in statement.not_resources):
            return ()
        return (Known("*", _first(statement.not_resources, statement)),)
    return statement.resources or ()


def on_all(statement: Statement, arn_format: str) -> Value[str] | None:
    """The string by which a statement applies to every resource of a type; see ``covers_all``."""
    if _names_each(statement) and _is_of_several(arn_format):
        return None
    return _surest((covers_all(one, arn_format), one) for one in resources_of(statement))


def _names_each(statement: Statement) -> bool:
    """Whether a statement's resources are texts of single ARNs, as most are: no pattern, nothing left open."""
    if statement.not_resources is not None:
        return False
    for one in statement.resources or ():
        if not isinstance(one, Known) or "*" in one.value or "?" in one.value:
            return False
    return True


@cache
def _is_of_several(arn_format: str) -> bool:
    """Whether there may be several resources of a type, so that one ARN is not all of them."""
    return any(isinstance(piece, Hole) for piece in _format(arn_format)[1])


def on_everything(statement: Statement) -> Value[str] | None:
    """The string by which a statement applies to whatever there is; see ``covers_everything``."""
    if _names_each(statement):
        return None
    return _surest((covers_everything(one), one) for one in resources_of(statement))


def covers_all(resource: Value[str], arn_format: str) -> bool | None:
    """Whether a ``Resource`` string covers every resource of a type, at least those of one account and region.

    ``arn_format`` is the catalog's. ``None`` where the string may be anything at all.
    """
    opening = _opening(resource)
    if opening is not True:
        return opening
    return _covers(shape_of(resource), arn_format)


@remembered(1 << 14)
def _covers(shape: Shape, arn_format: str) -> bool | None:
    if is_wildcard_only(shape):
        return True
    service, kind = _format(arn_format)
    parts = arn_parts(shape)
    if parts is None:
        return surely(shape, (f"arn:aws:{service}:", Hole("region"), ":", Hole("account"), ":", *kind))
    same_service = matches(parts[2], (service,))
    return same_service if not same_service else surely(parts[5], kind)


def covers_everything(resource: Value[str]) -> bool | None:
    """Whether a ``Resource`` string covers whatever there is: ``*``, ``arn:*`` and their like."""
    opening = _opening(resource)
    if opening is not True:
        return opening
    shape = shape_of(resource)
    parts = arn_parts(shape)
    if parts is None:
        return is_wildcard_only(shape) or surely(shape, ("arn:aws:", Hole("anything")))
    return is_wildcard_only(parts[2]) and is_wildcard_only(parts[5])


def _opening(resource: Value[str]) -> bool | None:
    """Whether a string's text decides: ``False`` for one resource's ARN, ``None`` where it may be anything."""
    if isinstance(resource, Unknown) and resource.text is None:
        return None
    match parts_of(resource):
        case ():
            return False
        case (Hole(), *_):
            return None
        case (Ref() as ref, *_):
            return False if _is_one_resource(ref) else None
        case _:
            return True


_MODULE: Final = lazy_regex(r"(?:^|\.)module\.[\w-]+(?:\[[^\]]*\])?$")


def is_output(ref: Ref) -> bool:
    """Whether a reference is to an output of a module that was not read; it may be any text."""
    return _MODULE.search(ref.address) is not None


def _is_one_resource(ref: Ref) -> bool:
    """Whether a reference stands for one resource's ARN, and not for text that somebody passed through."""
    if ref.shape is not None:
        opening = ref.shape.shape()[:1]
        if opening and isinstance(opening[0], str) and opening[0].startswith("arn:"):
            return True
    return ref.attribute.lower().endswith("arn") and not is_output(ref)


def concerned(statement: Statement, actions: Iterable[Action]) -> tuple[Action, ...]:
    """Those of some actions that can be about anything that a statement applies to.

    An action without resource types is granted on ``*`` alone, and what is done to S3's buckets not
    on objects. All of them wherever that is not known.
    """
    resources = resources_of(statement)
    if not resources or any(covers_everything(one) is not False for one in resources):
        return tuple(actions)
    of_objects = all(map(_is_of_objects, resources))
    return tuple(
        one
        for one in actions
        if ("object" in one.resource_types if of_objects and one.service == "s3" else one.resource_types)
    )


def _is_of_objects(resource: Value[str]) -> bool:
    """Whether a ``Resource`` string can only be that of objects in buckets."""
    parts = arn_parts(shape_of(resource))
    if parts is None or matches(parts[2], ("s3",)) is not True:
        return False
    bucket = parts[5][0] if parts[5] and isinstance(parts[5][0], str) else ""
    return any("/" in one for one in parts[5] if isinstance(one, str)) and "*" not in bucket.partition("/")[0]


_VARIABLE: Final = lazy_regex(r"\$\{([^}]*)\}")


@cache
def _format(arn_format: str) -> tuple[str, Shape]:
    """The service and the last segment of an ARN format, its variables as holes."""
    *_, service, _, _, resource = arn_format.split(":", 5)
    out: list[str | Hole] = []
    for index, piece in enumerate(_VARIABLE.split(resource)):
        if piece:
            out.append(Hole(piece) if index % 2 else piece)
    return service, tuple(out)


# -------------------------------------------------------------------------------------- conditions


class Narrowing(IntEnum):
    """How far a condition narrows what a statement grants.

    ``SOMEWHAT``: to one account, or to requests that come through a service; ``CHOSEN``: to things
    that somebody chose, by tag, key prefix, namespace and the like.
    """

    SOMEWHAT = 1
    CHOSEN = 2


@dataclass(frozen=True, slots=True)
class Limit:
    """The condition of a statement that narrows it most."""

    condition: Condition
    narrowing: Narrowing


_SOMEWHAT: Final = lazy_regex(
    r"aws:(?:resource(?:account|orgid|orgpaths)|requesttag/.*|calledvia.*|viaawsservice)"
    r"|kms:(?:viaservice|calleraccount|encryptioncontext.*)|[a-z0-9-]+:resourceaccount"
)
# Keys of a service that say how a request is made, not what it is about.
_HOW: Final = lazy_regex(
    r"s3:(?:tlsversion|authtype|signatureage|signatureversion|max-keys|delimiter|x-amz-.*)|[a-z0-9]+:region"
    r"|[a-z0-9]+:sourceinstancearn"
)
_LIKE: Final = ("stringlike", "arnlike", "arnequals")


def limit(statement: Statement) -> Limit | Unknown | None:
    """What narrows a statement beside its resources; ``Unknown`` where a condition cannot be read."""
    best: Limit | None = None
    unknown: Unknown | None = None
    for one in statement.conditions:
        match one if isinstance(one, Unknown) else _narrowing(one):
            case Unknown() as gap:
                unknown = unknown or gap
            case Narrowing() as narrowing:
                if isinstance(one, Condition) and (best is None or narrowing > best.narrowing):
                    best = Limit(one, narrowing)
    # Conditions are joined by "and": one more can only narrow further.
    return best if best and best.narrowing is Narrowing.CHOSEN else unknown or best


def _narrowing(condition: Condition) -> Narrowing | Unknown | None:
    operator = condition.operator.lower().rpartition(":")[2].removesuffix("ifexists")
    if "not" in operator or operator == "null":
        return None
    if operator in _LIKE:
        for value in condition.values:
            if isinstance(value, Unknown) and _may_be_star(value):
                return value
            if is_wildcard_only(shape_of(value)):
                return None
    key = condition.key.lower()
    if _SOMEWHAT.fullmatch(key):
        return Narrowing.SOMEWHAT
    if key.startswith("aws:"):
        return Narrowing.CHOSEN if key.startswith("aws:resourcetag/") else None
    return None if _HOW.fullmatch(key) else Narrowing.CHOSEN


# ----------------------------------------------------------------------------------------- denials


def taken_back(action: str, denials: Iterable[Statement]) -> Statement | Unknown | None:
    """The Deny that leaves nothing of an action, or leaves it only on resources that somebody chose.

    ``Unknown`` where a Deny may do so. Denials of single resources leave the rest, and a Deny under
    a condition that says nothing about the resource leaves everything in the ordinary case.
    """
    unknown: Unknown | None = None
    for deny in denials:
        cover = covering(deny, action)
        if cover is None or not _bars_widely(deny):
            continue
        if isinstance(cover, Known) and not deny.conditions and _is_readable(deny):
            return deny
        unknown = unknown or Unknown(f"a Deny may take `{action}` back", deny.origin)
    return unknown


def _bars_widely(deny: Statement) -> bool:
    """Whether a Deny may be about most resources."""
    if deny.conditions and not any(
        isinstance(one, Unknown) or _concerns_resources(one) for one in deny.conditions
    ):
        return False
    return deny.not_resources is not None or any(
        covers_everything(one) is not False for one in deny.resources or ()
    )


def _concerns_resources(condition: Condition) -> bool:
    key = condition.key.lower()
    return key.startswith("aws:resource") or not (key.startswith("aws:") or _HOW.fullmatch(key))


def _is_readable(deny: Statement) -> bool:
    return all(
        covers_everything(one) is not None for one in (*(deny.resources or ()), *(deny.not_resources or ()))
    )


def _first(values: Strings, statement: Statement) -> Origin:
    return values[0].origin if values else statement.origin

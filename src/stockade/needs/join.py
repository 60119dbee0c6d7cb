"""From the name that code has for a resource to the ARN of what the infrastructure declares under it.

A name that is a reference means what it refers to; a name that is known as text means what is declared under
that name, if one thing is; else the ARN is what AWS's reference makes of the name. Never a guess: what only the
running code knows stays open in the ARN, and is told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from stockade.iam.cover import Piece
from stockade.iam.match import Shape
from stockade.iam.written import KeyTest
from stockade.model.account import own_account
from stockade.model.declared import Callee
from stockade.model.function import Function
from stockade.model.names import arns
from stockade.model.world import World
from stockade.needs.arguments import ANY, Pieces, through
from stockade.needs.resources import Target
from stockade.patterns import lazy_regex
from stockade.read.deployment import filled, partition_of
from stockade.records import dataclass
from stockade.value import Hole, Known, Ref, Text, Unknown, Value, shape_of, text_of

_PLACEHOLDER: Final = lazy_regex(r"\$\{(\w+)\}")
_TYPE: Final = lazy_regex(r"(?:^|\.)(?:data\.)?(aws_\w+)\.[^.]+$")
_URL: Final = lazy_regex(r"https://(?:sqs|queue)[.\w-]*/(\d{12}|)/?([\w.-]+)$")
_SUFFIX: Final = "-??????"
WHAT: Final = "what `"
"""How it begins what is said of a variable of the environment."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The ARN of a resource, or a pattern of ARNs. ``callee`` is what is declared of it.

    ``open`` says what of it only the running code knows, empty where nothing; ``tests`` narrow what the
    pattern leaves.
    """

    resource: Piece
    callee: Callee | None = None
    open: str = ""
    tests: tuple[KeyTest, ...] = ()


class Join:
    """The names of one function's calls, and the resources of its world."""

    def __init__(self, world: World, function: Function | None) -> None:
        self._world = world
        self._function = function
        self.is_alone = function is None
        """Whether there is no infrastructure: then a variable is as good a name as any."""

    @cached_property
    def _surroundings(self) -> Mapping[str, Pieces]:
        region = self._function.region if self._function else None
        partition = partition_of(region) if region is not None else None
        account: Shape = own_account((self._function,)) if self._function else (Hole("account"),)
        return {
            "Partition": _parts(partition, "partition"),
            "Region": _parts(region, "region"),
            "Account": account,
        }

    def joined(self, target: Target) -> Joined:
        """The ARN of what a call is about."""
        if not target.names:
            return Joined(piece_of(self._formatted(target.format, ())))
        first, *rest = target.names
        if target.service == "sqs":
            first = _after_url(first)
        if target.type == "rule-on-custom-event-bus":
            return self._rule(target, first, rest)
        if _opens_as_arn(first):
            return self._of_arn(target, first, rest)
        if target.whole and isinstance(_only(first), Ref | Hole):
            return Joined(piece_of(Text(first)), None, _open(target, (first,)))
        callee = self._callee(target, first)
        if callee is not None:
            arn = arn_of(callee)
            if arn is not None:
                return self._below(target, arn, rest, callee)
        alone = _only(first)
        if (isinstance(alone, Ref) and _is_arn(alone)) or _holds_arn(alone, target):
            return self._below(target, Text(first), rest, None)
        if target.service == "kms" and target.type == "key":
            return self._key(target, first)
        names = [_named(target, first), *rest]
        if target.service == "secretsmanager" and not _says_all(first):
            names[0] = text_of(*names[0], _SUFFIX).parts
        text = self._formatted(target.format, names)
        return Joined(piece_of(text_of(*text.parts, *target.after)), None, _open(target, target.names))

    # --------------------------------------------------------------------------------- what is declared

    def callee_at(self, ref: Ref) -> Callee | None:
        """What is declared where a reference is to; of what is declared elsewhere its type alone."""
        found = self._world.declared.callee_at(ref.address)
        if found is not None:
            return found
        kind = _TYPE.search(re.sub(r"\[[^\]]*\]", "", ref.address))
        row = arns.named("terraform", kind[1]) if kind else arns.named("cloudformation", ref.type)
        if row is None:
            return None
        return Callee(row, "terraform" if kind else "cloudformation", ref.address)

    def _callee(self, target: Target, name: Pieces) -> Callee | None:
        """The resource that a name means, of the type that the call is about."""
        ref = _only(name)
        if isinstance(ref, Ref):
            found = self.callee_at(ref)
            return found if found is not None and _is_of(found, target) else None
        if all(isinstance(one, str) for one in name):
            text = "".join(map(str, name))
            kind = _BASE.get((target.service, target.type), target.type)
            if target.service == "sqs" and (url := _URL.match(text)):
                text = url[2]
            found_all = self._world.declared.called(target.service, kind, text)
            return found_all[0] if len(found_all) == 1 else None
        if ANY not in name and not any(
            isinstance(one, Hole) and one.name.startswith("environment.") for one in name
        ):
            kind = _BASE.get((target.service, target.type), target.type)
            found_all = self._world.declared.called_alike(target.service, kind, text_of(*name).parts)
            return found_all[0] if len(found_all) == 1 else None
        return None

    # ------------------------------------------------------------------------------------------- ARNs

    def _of_arn(self, target: Target, arn: Pieces, rest: Sequence[Pieces]) -> Joined:
        """A name that is an ARN already."""
        if target.service == "secretsmanager" and all(isinstance(one, str) for one in arn):
            text = "".join(map(str, arn))
            whole = re.search(r":secret:.+-[A-Za-z0-9]{6}$", text)
            arn = (text,) if whole else (f"{text}{_SUFFIX}",)
        if target.type == "object" and isinstance(arn[0], str) and ":accesspoint/" in arn[0]:
            arn = (*arn, "/object")
        return self._below(target, text_of(*arn), rest, None)

    def _below(self, target: Target, arn: Text, rest: Sequence[Pieces], callee: Callee | None) -> Joined:
        """What a call is about inside of a resource: an index of a table, an object of a bucket."""
        out: list[str | Ref | Hole] = [*arn.parts]
        tail = _PLACEHOLDER.split(target.format)
        names = [at for at in range(1, len(tail), 2) if tail[at] not in ("Partition", "Region", "Account")]
        for at, pieces in zip(names[1:], rest, strict=False):
            out += (tail[at - 1], *pieces)
        if not (isinstance(out[-1], str) and target.after and out[-1].endswith(str(target.after[0]))):
            out += target.after
        text = text_of(*out)
        return Joined(piece_of(text), callee, _open(target, (arn.parts, *rest)))

    def _rule(self, target: Target, bus: Pieces, rest: Sequence[Pieces]) -> Joined:
        """A rule by its bus, which an ARN may say; those of the default one have none in theirs."""
        ref = _only(bus)
        if isinstance(ref, Ref) and _is_arn(ref):
            callee = self.callee_at(ref)
            name = callee.attributes.get(callee.named.name) if callee is not None else None
            bus = through(name) if name is not None else (ANY,)
        default = bus == ("default",)
        names = [*rest] if default else [bus, *rest]
        arn = target.format.replace("${EventBusName}/", "") if default else target.format
        return Joined(piece_of(self._formatted(arn, names)), None, _open(target, names))

    def _key(self, target: Target, name: Pieces) -> Joined:
        """A key by its ID or by an alias, which no policy can name but in a condition."""
        if is_alias(name):
            test = KeyTest("ForAnyValue:StringEquals", "kms:ResourceAliases", (piece_of(text_of(*name)),))
            return Joined(piece_of(self._formatted(target.format, [("*",)])), None, "", (test,))
        text_all = self._formatted(target.format, [name])
        return Joined(piece_of(text_all), None, _open(target, (name,)))

    def _formatted(self, arn: str, names: Sequence[Pieces]) -> Text:
        """AWS's format of an ARN with its names put in."""
        left = list(names)
        out: list[str | Ref | Hole] = []
        for at, piece in enumerate(_PLACEHOLDER.split(arn)):
            if at % 2 == 0:
                out.append(piece)
            elif piece in self._surroundings:
                out += self._surroundings[piece]
            else:
                out += left.pop(0) if left else ("*",)
        return text_of(*out)


_BASE: Final = {
    ("dynamodb", "index"): "table",
    ("dynamodb", "stream"): "table",
    ("s3", "object"): "bucket",
    ("logs", "log-stream"): "log-group",
    ("rds-data", "cluster"): "cluster",
}
"""Types that are inside of another, which has the name."""


def is_alias(key: Pieces) -> bool:
    """Whether a key is named by an alias: as text, or by what CloudFormation's reference to one is."""
    first = key[0] if key else ""
    if isinstance(first, Ref) and first.type == "AWS::KMS::Alias":
        return len(key) == 1
    return isinstance(first, str) and first.startswith("alias/")


def arn_of(callee: Callee) -> Text | None:
    """The ARN of what is declared, as the input refers to it; ``None`` where it cannot."""
    arn = callee.named.arn
    if "{" in arn:

        def piece(name: str) -> Pieces:
            if name in ("partition", "region", "account"):
                return (Hole(name),)
            return through(callee.seen(name))

        return filled(arn, piece)
    match callee.seen(arn):
        case Known(str() as text, _, ref):
            here = ref or Ref(callee.address, arn)
            return Text((Ref(here.address, here.attribute, text_of(text)),))
        case Unknown(text=Text() as text):
            return Text(text.parts)
        case _:
            return None


def key_of(callee: Callee, world: World) -> Value[Any] | None:
    """The customer's key that a resource is encrypted with; ``None`` where it has none, or AWS's own."""
    found: Value[Any] | None = (
        attribute_at(callee.attributes, callee.named.key.split(".")) if callee.named.key else None
    )
    store = world.store_at(callee.address)
    if found is None and store is not None:
        found = store.kms_key
    match found:
        case Known(None) | None:
            return None
        case Known(str() as text) if not text or text.removeprefix("arn:aws:kms:").find("alias/aws/") >= 0:
            return None
        case _:
            return found


def attribute_at(attributes: Mapping[str, Value[Any]], path: Sequence[str]) -> Value[Any] | None:
    """What is at a path of nested blocks; ``None`` where nothing is."""
    value = attributes.get(path[0])
    for name in path[1:]:
        if isinstance(value, Known) and isinstance(value.value, tuple | list):
            value = value.value[0] if value.value else None
        if not isinstance(value, Known) or not isinstance(value.value, Mapping):
            return None if value is None or isinstance(value, Known) else value
        value = value.value.get(name)
    return value


def _is_of(callee: Callee, target: Target) -> bool:
    kind = _BASE.get((target.service, target.type), target.type)
    service = "rds" if target.service == "rds-data" else target.service
    return callee.named.service == service and (
        callee.named.type == kind or (service == "lambda" and kind == "function")
    )


def _only(pieces: Pieces) -> str | Ref | Hole | None:
    """The one piece that a text is; a reference with what an ARN may have after it counts."""
    if len(pieces) == 1:
        return pieces[0]
    return None


def _opens_as_arn(pieces: Pieces) -> bool:
    return bool(pieces) and isinstance(pieces[0], str) and pieces[0].startswith("arn:")


def _is_arn(ref: Ref) -> bool:
    """Whether a reference is to an ARN, as far as its name says it."""
    shape = ref.shape.shape() if ref.shape else ()
    if shape and isinstance(shape[0], str):
        return shape[0].startswith("arn:")
    return ref.attribute.lower().endswith("arn")


def _holds_arn(piece: str | Ref | Hole | None, target: Target) -> bool:
    """Whether what nobody knows is an ARN, for the parameter takes nothing else or its own name says so."""
    if not isinstance(piece, Hole) or piece == ANY:
        return False
    return target.by_arn or str(piece).rstrip("}").lower().endswith("arn")


def _says_all(name: Pieces) -> bool:
    """Whether a secret's name ends in what is not known, which covers what AWS adds to it."""
    return name[-1] == ANY


def _named(target: Target, name: Pieces) -> Pieces:
    """A name as it stands in an ARN."""
    if not isinstance(name[0], str):
        return name
    text = name[0]
    if target.service == "sqs" and (url := _URL.match(text)) and len(name) == 1:
        return (url[2],)
    if target.service == "sqs" and text.startswith(("https://", "http://")):
        return (text.rpartition("/")[2], *name[1:]) if "/" in text[8:] else (ANY,)
    if target.service == "ssm":
        return text_of(
            text.removeprefix("/").partition(":")[0] if len(name) == 1 else text.removeprefix("/"), *name[1:]
        ).parts
    if (target.service, target.type) == ("kms", "alias"):
        return text_of(text.removeprefix("alias/"), *name[1:]).parts
    if target.service == "lambda" and ":function:" in text:
        return text_of(text.partition(":function:")[2], *name[1:]).parts
    return name


def _after_url(name: Pieces) -> Pieces:
    """The name of a queue at the end of a URL that is put together of pieces."""
    if not isinstance(name[0], str) or not name[0].startswith(("https://", "http://")) or len(name) == 1:
        return name
    for at in range(len(name) - 1, -1, -1):
        piece = name[at]
        if isinstance(piece, str) and "/" in piece:
            return text_of(piece.rpartition("/")[2], *name[at + 1 :]).parts or (ANY,)
    return name


def _open(target: Target, names: Sequence[Pieces]) -> str:
    """What of a resource's name only the running code knows, in words; empty where nothing is missing.

    Which object of a bucket it is nobody asks: a policy names the bucket, and a prefix where one is known.
    """
    told = names[:1] if target.type in ("object", "log-stream") else names
    made = _MADE.get(f"{target.service}:{target.type}")
    for at, pieces in enumerate(told):
        for one in () if at == made else pieces:
            if one == ANY:
                return f"which {_SAID.get(target.type, target.type)} it is" if at == 0 else "which part of it"
            if isinstance(one, Hole) and one.name.startswith("environment."):
                return f"{WHAT}{one.shown}` holds in the environment"
    return ""


_MADE: Final = {
    "autoscaling:autoScalingGroup": 0,
    "cloudformation:stack": 1,
    "cloudformation:stackset": 1,
    "kinesisvideo:stream": 1,
}
"""Which name in an ARN AWS makes up itself, so that a policy can only say any."""
_SAID: Final = {
    "Secret": "secret",
    "deliverystream": "delivery stream",
    "event-bus": "event bus",
    "execute-api-general": "API",
    "foundation-model": "model",
    "job-definition-revision": "job definition",
    "object": "bucket",
    "rule-on-custom-event-bus": "event bus",
    "rule-on-default-event-bus": "rule",
    "task-definition-revision": "task definition",
    "log-stream": "log group",
    "statemachine": "state machine",
    "userpool": "user pool",
}


def _parts(value: Value[str] | None, name: str) -> Pieces:
    shape = shape_of(value) if value is not None else ()
    return shape or (Hole(name),)


def piece_of(text: Text) -> Piece:
    """A text with what only the running code knows as a wildcard; a string where everything is known."""
    out = text_of(*("*" if one == ANY else one for one in text.parts))
    parts = [re.sub(r"\*{2,}", "*", one) if isinstance(one, str) else one for one in out.parts]
    if all(isinstance(one, str) for one in parts):
        return "".join(map(str, parts))
    return Text(tuple(parts))

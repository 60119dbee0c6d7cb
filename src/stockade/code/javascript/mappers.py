"""Dynamoose: models that stand for tables, whose methods call DynamoDB by themselves."""

from __future__ import annotations

from typing import Final

from stockade.code.facts import Credentials
from stockade.code.javascript import sdk
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import Client, External, Helper, Listing, Thing, Values
from stockade.source import Span

PACKAGE: Final = "dynamoose"
_MODEL: Final = "dynamoose.model"
_DOCUMENT: Final = "dynamoose.document"
_REQUEST: Final = "dynamoose.request"

_METHODS: Final[dict[str, tuple[str, str]]] = {
    "get": ("GetItem", _DOCUMENT),
    "batchGet": ("BatchGetItem", _REQUEST),
    "query": ("Query", _REQUEST),
    "scan": ("Scan", _REQUEST),
    "create": ("PutItem", _DOCUMENT),
    "update": ("UpdateItem", _DOCUMENT),
    "delete": ("DeleteItem", ""),
    "batchPut": ("BatchWriteItem", ""),
    "batchDelete": ("BatchWriteItem", ""),
}
"""What the methods of a model call, and what each gives. That it makes its table is told apart."""

_OF_DOCUMENT: Final = {"save": "PutItem", "delete": "DeleteItem"}


def call(machine: Machine, external: External, arguments: list[Values], at: Span) -> Values | None:
    """Call a function of the package; ``None`` where nothing is known of it."""
    first = arguments[0] if arguments else ()
    if external.path == ("model",):
        return (Helper(_MODEL, at, "dynamodb", first),)
    if external.path == ("aws", "ddb", "set"):
        of = [atom.credentials for atom in first if isinstance(atom, Client)]
        machine.mapper_credentials = of[0] if of else Credentials.UNKNOWN
        return machine.unknown("it is a setting", at)
    return None


def construct(machine: Machine, external: External, arguments: list[Values], at: Span) -> Values | None:
    """A client that the package's own copy of the SDK makes."""
    if external.path[:2] not in (("aws", "sdk"), ("aws", "ddb")) or external.path[-1:] != ("DynamoDB",):
        return None
    package = "aws-sdk" if external.path[1] == "sdk" else "@aws-sdk/client-dynamodb"
    return sdk.construct(machine, External(package, ("DynamoDB",)), arguments, at)


def helper(machine: Machine, holder: Helper, name: str, arguments: list[Values], at: Span) -> Values:
    """Call a method of a model, of one of its objects, or of a request that grows until it is sent."""
    if holder.kind == _REQUEST:
        if name != "exec":
            return (holder,)
        return (Listing(at, [(Helper(_DOCUMENT, at, "dynamodb", holder.input),)], (), open=True),)
    operation, gives = (
        _METHODS.get(name, ("", "")) if holder.kind == _MODEL else (_OF_DOCUMENT.get(name, ""), "")
    )
    if name == "new" and holder.kind == _MODEL:
        gives = _DOCUMENT
    if operation:
        made = Thing(at, open=True)
        made.table["TableName"] = holder.input
        sdk.record(
            machine,
            "dynamodb",
            operation,
            (made,),
            at,
            credentials=machine.mapper_credentials,
            through=PACKAGE,
        )
    if gives:
        return (Helper(gives, at, "dynamodb", holder.input),)
    return machine.unknown(f"it is the result of `{name}`", at)

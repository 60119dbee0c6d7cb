"""Dynamoose and DynamoDB-Toolbox: what stands for tables, and calls DynamoDB by itself."""

from __future__ import annotations

from typing import Final

from stockade.code.facts import Credentials
from stockade.code.javascript import sdk
from stockade.code.javascript.containers import INJECTED, VALUE, provider, register
from stockade.code.javascript.known import DOCUMENT
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import (
    Client,
    External,
    Helper,
    Listing,
    Literal,
    Thing,
    Values,
    is_nothing,
    join,
)
from stockade.source import Span

PACKAGE: Final = "dynamoose"
_NEST: Final = "nestjs-dynamoose"
PACKAGES: Final = (PACKAGE, _NEST)
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


TOOLBOX: Final = "dynamodb-toolbox"
_ENTITY: Final = "dynamodb-toolbox.entity"
_BUILT: Final = "dynamodb-toolbox.built "

_OF_ENTITY: Final = {
    **{name: DOCUMENT[name] for name in ("get", "put", "update", "delete", "query", "scan")},
    "updateAttributes": "UpdateItem",
}
"""What the methods of an entity and of a table call, up to version 0.9."""

_BUILDING: Final = {
    "GetItemCommand": "GetItem",
    "PutItemCommand": "PutItem",
    "UpdateItemCommand": "UpdateItem",
    "UpdateAttributesCommand": "UpdateItem",
    "DeleteItemCommand": "DeleteItem",
    "QueryCommand": "Query",
    "ScanCommand": "Scan",
}
"""What is built of an entity or a table since version 1, and called when it is sent."""

_TRANSACTED: Final = {
    "PutTransaction": "Put",
    "UpdateTransaction": "Update",
    "DeleteTransaction": "Delete",
    "ConditionCheck": "ConditionCheck",
}
"""What is built of an entity to be written in a transaction, with others: how the request calls each."""

_EMPTIES: Final = "DeletePartitionCommand"
"""What is built of a table and asks for items, to delete them in batches."""

_REPOSITORIES: Final = ("EntityRepository", "TableRepository")
"""What is built of them that has their former methods."""


def toolbox(machine: Machine, external: External, arguments: list[Values], at: Span) -> Values | None:
    """``new Table({ name, DocumentClient })``, or ``new Entity({ table })``."""
    first = arguments[0] if arguments else ()
    match external.path[-1:]:
        case ("Table",):
            given = (machine.get(first, one, at) for one in ("DocumentClient", "documentClient"))
            of = [atom.credentials for each in given for atom in each if isinstance(atom, Client)]
            machine.mapper_credentials = of[0] if of else Credentials.UNKNOWN
            return (Helper(_ENTITY, at, "dynamodb", machine.get(first, "name", at)),)
        case ("Entity",):
            tables = [atom for atom in machine.get(first, "table", at) if isinstance(atom, Helper)]
            names = join(*(atom.input for atom in tables))
            return (Helper(_ENTITY, at, "dynamodb", names),)
        case (name,):
            names = join(*(atom.input for atom in first if isinstance(atom, Helper)))
            return _built(machine, name, names, at) or None
    return None


def _built(machine: Machine, name: str, table: Values, at: Span) -> Values:
    """What is made of an entity or a table by one of the package's classes."""
    if name in _REPOSITORIES:
        return (Helper(_ENTITY, at, "dynamodb", table),)
    if name in _TRANSACTED:
        _transacted(machine, _TRANSACTED[name], table, at)
        return (Helper(_BUILT, at, "dynamodb", table),)
    if name == _EMPTIES:
        return (Helper(_BUILT + _EMPTIES, at, "dynamodb", table),)
    operation = _BUILDING.get(name)
    return (Helper(_BUILT + operation, at, "dynamodb", table),) if operation else ()


def _tool(machine: Machine, holder: Helper, name: str, arguments: list[Values], at: Span) -> Values:
    operation = ""
    if holder.kind == _ENTITY:
        operation = _OF_ENTITY.get(name, "")
        if name == "build" and arguments:
            built = [atom.path[-1] for atom in arguments[0] if isinstance(atom, External) and atom.path]
            made = join(*(_built(machine, one, holder.input, at) for one in built))
            if made:
                return made
    elif name == "send" and holder.kind == _BUILT + _EMPTIES:
        for operation in ("Query", "BatchWriteItem"):
            _asked(machine, operation, holder.input, TOOLBOX, at)
        operation = ""
    elif name == "send":
        operation = holder.kind.removeprefix(_BUILT)
    elif holder.kind.startswith(_BUILT):
        return (holder,)
    if operation:
        _asked(machine, operation, holder.input, TOOLBOX, at)
    return machine.unknown(f"it is the result of `{name}`", at)


def _transacted(machine: Machine, kind: str, table: Values, at: Span) -> None:
    """One of the writes of a transaction: the function that sends them all is not told which they are."""
    write, item, made = Thing(at), Thing(at), Thing(at, open=True)
    write.table["TableName"] = table
    item.table[kind] = (write,)
    made.table["TransactItems"] = (Listing(at, [(item,)], ()),)
    credentials = machine.mapper_credentials
    sdk.record(machine, "dynamodb", "TransactWriteItems", (made,), at, credentials=credentials, through=TOOLBOX)


def _asked(machine: Machine, operation: str, table: Values, through: str, at: Span) -> None:
    made = Thing(at, open=True)
    made.table["TableName"] = table
    credentials = machine.mapper_credentials
    sdk.record(machine, "dynamodb", operation, (made,), at, credentials=credentials, through=through)


def call(machine: Machine, external: External, arguments: list[Values], at: Span) -> Values | None:
    """Call a function of the packages; ``None`` where nothing is known of it."""
    first = arguments[0] if arguments else ()
    if external.module == _NEST:
        return _nested(machine, external, first, at)
    if external.path == ("model",):
        return (Helper(_MODEL, at, "dynamodb", first),)
    if external.path == ("aws", "ddb", "set"):
        of = [atom.credentials for atom in first if isinstance(atom, Client)]
        machine.mapper_credentials = of[0] if of else Credentials.UNKNOWN
        return machine.unknown("it is a setting", at)
    return None


def _nested(machine: Machine, external: External, first: Values, at: Span) -> Values | None:
    """Nest's module for models: those that it is told of are injected by their names."""
    if external.path[-1:] == ("InjectModel",):
        return (Helper(INJECTED, at, "", _token(first, at)),)
    if external.path[-1:] in (("forFeature",), ("forFeatureAsync",)):
        for one in (atom for listed in first if isinstance(listed, Listing) for atom in listed.any()):
            name = machine.get((one,), "name", at)
            options = machine.get((one,), "options", at)
            table = tuple(atom for atom in machine.get(options, "tableName", at) if not is_nothing(atom))
            model = Helper(_MODEL, at, "dynamodb", table or name)
            register(machine, _token(name, at), provider(VALUE, (model,), at), at, instead=True)
    return None


def _token(name: Values, at: Span) -> Values:
    return tuple(Literal(f"model {one.value}", at) if isinstance(one, Literal) else one for one in name)


def construct(machine: Machine, external: External, arguments: list[Values], at: Span) -> Values | None:
    """A client that the package's own copy of the SDK makes."""
    if external.path[:2] not in (("aws", "sdk"), ("aws", "ddb")) or external.path[-1:] != ("DynamoDB",):
        return None
    package = "aws-sdk" if external.path[1] == "sdk" else "@aws-sdk/client-dynamodb"
    return sdk.construct(machine, External(package, ("DynamoDB",)), arguments, at)


def helper(machine: Machine, holder: Helper, name: str, arguments: list[Values], at: Span) -> Values:
    """Call a method of a model, of one of its objects, or of a request that grows until it is sent."""
    if holder.kind.startswith(TOOLBOX):
        return _tool(machine, holder, name, arguments, at)
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
        _asked(machine, operation, holder.input, PACKAGE, at)
    if gives:
        return (Helper(gives, at, "dynamodb", holder.input),)
    return machine.unknown(f"it is the result of `{name}`", at)

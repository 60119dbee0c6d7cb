"""Packages that call AWS by themselves: what their functions and objects call, from their source.

A function or a class is found by the name it is imported by, an object by its kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stockade.code.javascript.mail_and_models import FUNCTIONS as MORE_FUNCTIONS
from stockade.code.javascript.mail_and_models import KINDS as MORE_KINDS
from stockade.code.javascript.rules import ITSELF, Kind, Operations, Rule
from stockade.code.javascript.stores import FUNCTIONS as STORES
from stockade.code.javascript.stores import KINDS as KINDS_OF_STORES

Paths = Mapping[str, tuple[str, ...]]


def _of(service: str, *operations: str) -> Operations:
    return tuple((service, one) for one in operations)


def _tables(*operations: str) -> Operations:
    return _of("dynamodb", *operations)


# ----------------------------------------------------------------------------------------- ElectroDB

_NAMES: Final[Paths] = {"TableName": ("made.1.table", "made.0.table", "made.0.@.made.1.table")}
_CLIENTS: Final = ("0.client", "made.1.client", "made.0.@.made.1.client")
_SEVERAL: Final = "which index it asks, or whether it scans, depends on what it is asked for"


def _electro(operation: str, listed: str = "") -> Rule:
    return Rule(gives=f"electrodb.{operation}", listed=f"electrodb.{listed}" if listed else "")


def _sent(operation: str) -> Kind:
    """A request that grows until it is sent."""
    index: Paths = {"IndexName": ("made.0.indexes.*.index",)} if operation == "Query" else {}
    sent = Rule(_tables(operation), {**_NAMES, **index})
    methods = {"go": sent, "page": sent, "commit": Rule(), "params": Rule(), "*": Rule(gives=ITSELF)}
    return Kind(methods, clients=_CLIENTS, handed=True)


_ELECTRO: Final[dict[str, Kind]] = {
    "electrodb.entity": Kind(
        {
            "get": _electro("GetItem", "BatchGetItem"),
            "put": _electro("PutItem", "BatchWriteItem"),
            "create": _electro("PutItem"),
            "update": _electro("UpdateItem"),
            "patch": _electro("UpdateItem"),
            "upsert": _electro("UpdateItem"),
            "delete": _electro("DeleteItem", "BatchWriteItem"),
            "remove": _electro("DeleteItem"),
            "find": Rule(gives="electrodb.some"),
            "match": Rule(gives="electrodb.some"),
        },
        {"query": "electrodb.index", "scan": "electrodb.Scan"},
    ),
    "electrodb.index": Kind({}, {"*": "electrodb.Query"}),
    "electrodb.service": Kind(
        {},
        {
            "collections": "electrodb.index",
            "entities": "electrodb.entities",
            "transaction": "electrodb.transaction",
        },
    ),
    "electrodb.entities": Kind({}, {"*": "made.0.*"}),
    "electrodb.transaction": Kind(
        {"write": _electro("TransactWriteItems"), "get": _electro("TransactGetItems")}
    ),
    "electrodb.some": Kind(
        {
            "go": Rule(perhaps=_tables("Query"), parameters=_NAMES, unfollowed=("dynamodb",), reason=_SEVERAL),
            "*": Rule(gives=ITSELF),
        },
        clients=_CLIENTS,
        handed=True,
    ),
    **{
        f"electrodb.{one}": _sent(one)
        for one in (
            "GetItem",
            "BatchGetItem",
            "PutItem",
            "UpdateItem",
            "DeleteItem",
            "BatchWriteItem",
            "Query",
            "Scan",
            "TransactWriteItems",
            "TransactGetItems",
        )
    },
}

# ------------------------------------------------------------------------------------------ OneTable

_ONE_NAMES: Final[Paths] = {"TableName": ("made.0.name", "made.0.made.0.name")}


def _one(*operations: str) -> Rule:
    return Rule(_tables(*operations), _ONE_NAMES, through="dynamodb-onetable")


_ONE_METHODS: Final = {
    "create": _one("PutItem"),
    "find": _one("Query"),
    "get": _one("GetItem"),
    "load": _one("BatchGetItem"),
    "remove": _one("DeleteItem"),
    "scan": _one("Scan"),
    "update": _one("UpdateItem"),
    "upsert": _one("UpdateItem"),
    "putItem": _one("PutItem"),
    "getItem": _one("GetItem"),
    "queryItems": _one("Query"),
    "scanItems": _one("Scan"),
    "updateItem": _one("UpdateItem"),
    "deleteItem": _one("DeleteItem"),
}
_ONE_CLIENTS: Final = ("made.0.client", "made.0.made.0.client")
_ONETABLE: Final[dict[str, Kind]] = {
    "dynamodb-onetable.table": Kind(
        {
            **_ONE_METHODS,
            "getModel": Rule(gives="dynamodb-onetable.model"),
            "batchGet": _one("BatchGetItem"),
            "batchWrite": _one("BatchWriteItem"),
            "fetch": _one("Query"),
            "createTable": _one("CreateTable"),
            "deleteTable": _one("DeleteTable"),
            "describeTable": _one("DescribeTable"),
            "exists": _one("DescribeTable"),
            "setClient": Rule(keeps="dynamodb-onetable"),
            **{
                name: Rule()
                for name in (
                    "addContext",
                    "getContext",
                    "groupByType",
                    "marshall",
                    "setContext",
                    "setSchema",
                    "uid",
                    "ulid",
                    "unmarshall",
                    "uuid",
                )
            },
            "transact": Rule(
                perhaps=_tables("TransactWriteItems"),
                parameters=_ONE_NAMES,
                unfollowed=("dynamodb",),
                reason="whether it reads or writes is not followed",
            ),
        },
        clients=(*_ONE_CLIENTS, "kept.dynamodb-onetable.0"),
        handed=True,
    ),
    "dynamodb-onetable.model": Kind(
        _ONE_METHODS, clients=(*_ONE_CLIENTS, "kept.dynamodb-onetable.0"), handed=True
    ),
}

# ------------------------------------------------------------------------------------------- TypeDORM

_TYPED_NAMES: Final[Paths] = {"TableName": ("kept.@typedorm/core.0.table.made.0.name",)}
_TYPED_CLIENTS: Final = ("kept.@typedorm/core.0.documentClient",)


def _typed(*operations: str) -> Rule:
    return Rule(_tables(*operations), _TYPED_NAMES, through="@typedorm/core")


_TYPEDORM: Final[dict[str, Kind]] = {
    "@typedorm/core.table": Kind(),
    "@typedorm/core.connection": Kind(
        {}, {"entityManager": "@typedorm/core.manager", "transactionManger": "@typedorm/core.transactions"}
    ),
    "@typedorm/core.manager": Kind(
        {
            "create": _typed("PutItem"),
            "findOne": _typed("GetItem"),
            "exists": _typed("GetItem"),
            "update": _typed("UpdateItem"),
            "delete": _typed("DeleteItem"),
            "find": _typed("Query"),
            "count": _typed("Query"),
        },
        clients=_TYPED_CLIENTS,
    ),
    "@typedorm/core.batches": Kind(
        {"write": _typed("BatchWriteItem"), "read": _typed("BatchGetItem")}, clients=_TYPED_CLIENTS
    ),
    "@typedorm/core.transactions": Kind(
        {"write": _typed("TransactWriteItems"), "read": _typed("TransactGetItems")}, clients=_TYPED_CLIENTS
    ),
    "@typedorm/core.scans": Kind(
        {name: _typed("Scan") for name in ("find", "count", "scan", "parallelScan")}, clients=_TYPED_CLIENTS
    ),
}

# ------------------------------------------------------------------------- AWS's mapper, and sessions

_MAPPER: Final[dict[str, Kind]] = {
    "@aws/dynamodb-data-mapper": Kind(
        {
            "get": Rule(_tables("GetItem")),
            "put": Rule(_tables("PutItem")),
            "update": Rule(_tables("UpdateItem")),
            "delete": Rule(_tables("DeleteItem")),
            "query": Rule(_tables("Query")),
            "scan": Rule(_tables("Scan")),
            "parallelScan": Rule(_tables("Scan")),
            "batchGet": Rule(_tables("BatchGetItem")),
            "batchPut": Rule(_tables("BatchWriteItem")),
            "batchDelete": Rule(_tables("BatchWriteItem")),
            "ensureTableExists": Rule(_tables("DescribeTable", "CreateTable")),
        },
        clients=("made.0.client",),
        handed=True,
    ),
    "connect-dynamodb.class": Kind(
        {
            "new": Rule(
                _tables("GetItem", "PutItem", "UpdateItem", "DeleteItem"),
                {"TableName": ("0.table",)},
                perhaps=_tables("DescribeTable"),
                client=("0.client",),
                certain=False,
            )
        }
    ),
}

_TOOLBOX: Final = (
    ("table", "batchGet", "BatchGetItem"),
    ("table", "batchWrite", "BatchWriteItem"),
    ("entity", "transactGet", "TransactGetItems"),
    ("entity", "transactWrite", "TransactWriteItems"),
)
"""What functions of DynamoDB-Toolbox's call for several requests at once."""

FUNCTIONS: Final[dict[tuple[str, str], Rule]] = {
    **MORE_FUNCTIONS,
    **STORES,
    ("electrodb", "Entity"): Rule(gives="electrodb.entity"),
    ("electrodb", "Service"): Rule(gives="electrodb.service"),
    ("dynamodb-onetable", "Table"): Rule(gives="dynamodb-onetable.table"),
    ("dynamodb-onetable", "Model"): Rule(gives="dynamodb-onetable.model"),
    ("@typedorm/core", "Table"): Rule(gives="@typedorm/core.table"),
    ("@typedorm/core", "createConnection"): Rule(keeps="@typedorm/core", gives="@typedorm/core.connection"),
    ("@typedorm/core", "getConnection"): Rule(gives="@typedorm/core.connection"),
    ("@typedorm/core", "getEntityManager"): Rule(gives="@typedorm/core.manager"),
    ("@typedorm/core", "getBatchManager"): Rule(gives="@typedorm/core.batches"),
    ("@typedorm/core", "getTransactionManager"): Rule(gives="@typedorm/core.transactions"),
    ("@typedorm/core", "getScanManager"): Rule(gives="@typedorm/core.scans"),
    ("@aws/dynamodb-data-mapper", "DataMapper"): Rule(gives="@aws/dynamodb-data-mapper"),
    ("connect-dynamodb", ""): Rule(gives="connect-dynamodb.class"),
    **{
        (f"dynamodb-toolbox/{of}/actions/{name}", "execute"): Rule(_tables(operation))
        for of, name, operation in _TOOLBOX
    },
    **{
        ("dynamodb-toolbox", f"execute{name[0].upper()}{name[1:]}"): Rule(_tables(operation))
        for _, name, operation in _TOOLBOX
    },
}
KINDS: Final[dict[str, Kind]] = {
    **MORE_KINDS,
    **KINDS_OF_STORES,
    **_ELECTRO,
    **_ONETABLE,
    **_TYPEDORM,
    **_MAPPER,
}

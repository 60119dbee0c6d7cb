"""Smaller mappers to DynamoDB's tables and stores in them, as rows of tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stockade.code.javascript.rules import ITSELF, Kind, Operations, Rule

Paths = Mapping[str, tuple[str, ...]]


def _tables(*operations: str) -> Operations:
    return tuple(("dynamodb", one) for one in operations)


_SENT: Final = (
    "GetItem",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchGetItem",
    "BatchWriteItem",
    "TransactGetItems",
    "TransactWriteItems",
    "Query",
    "Scan",
)


def _sent(package: str, sending: tuple[str, ...], names: Paths, clients: tuple[str, ...]) -> dict[str, Kind]:
    """Requests that grow until one of these methods sends them."""
    return {
        f"{package}.{one}": Kind(
            {
                **{name: Rule(_tables(one), names) for name in sending},
                "params": Rule(),
                "*": Rule(gives=ITSELF),
            },
            clients=clients,
        )
        for one in _SENT
    }


# ---------------------------------------------------------------------------------------- dynamo-plus

_PLUS: Final = "dynamo-plus"
_OF_REQUEST: Final[Paths] = {
    "TableName": ("0.TableName",),
    "IndexName": ("0.IndexName",),
    "RequestItems": ("0.RequestItems",),
    "TransactItems": ("0.TransactItems",),
}
_PLUS_METHODS: Final = {
    "get": "GetItem",
    "put": "PutItem",
    "update": "UpdateItem",
    "delete": "DeleteItem",
    "query": "Query",
    "scan": "Scan",
    "batchGet": "BatchGetItem",
    "batchWrite": "BatchWriteItem",
    "transactGet": "TransactGetItems",
    "transactWrite": "TransactWriteItems",
    "getAll": "BatchGetItem",
    "deleteAll": "BatchWriteItem",
    "putAll": "BatchWriteItem",
    "queryAll": "Query",
    "queryIterator": "Query",
    "queryStream": "Query",
    "queryStreamSync": "Query",
    "scanAll": "Scan",
    "scanIterator": "Scan",
    "scanStream": "Scan",
    "scanStreamSync": "Scan",
}
_MANY: Final = frozenset(("getAll", "deleteAll", "putAll"))
_TABLE: Final[Paths] = {"TableName": ("0.TableName",)}

# ---------------------------------------------------------------------------------------- type-dynamo

_TYPE: Final = "type-dynamo"
_TYPE_CLIENTS: Final = ("made.maker.0.client",)
_TYPE_WRITING: Final = {
    "save": Rule(gives=f"{_TYPE}.PutItem", listed=f"{_TYPE}.BatchWriteItem"),
    "update": Rule(gives=f"{_TYPE}.UpdateItem"),
    "delete": Rule(gives=f"{_TYPE}.DeleteItem", listed=f"{_TYPE}.BatchWriteItem"),
}
_TYPE_KINDS: Final = {
    _TYPE: Kind({"define": Rule(gives=f"{_TYPE}.table", own=True)}),
    f"{_TYPE}.table": Kind(
        {
            "find": Rule(
                gives=f"{_TYPE}.GetItem",
                listed=f"{_TYPE}.BatchGetItem",
                alone=f"{_TYPE}.Scan",
                short=("made.1.sortKey", f"{_TYPE}.Query"),
            ),
            **_TYPE_WRITING,
            "getInstance": Rule(gives=ITSELF),
            "getSchema": Rule(),
            "withGlobalIndex": Rule(gives=ITSELF),
            "withLocalIndex": Rule(gives=ITSELF),
        },
        {"onIndex": f"{_TYPE}.indexes"},
    ),
    f"{_TYPE}.indexes": Kind({}, {"*": f"{_TYPE}.index"}),
    f"{_TYPE}.index": Kind({"find": Rule(gives=f"{_TYPE}.Query", alone=f"{_TYPE}.Scan")}),
    **_sent(_TYPE, ("execute",), {"TableName": ("made.1.tableName",), "IndexName": ("*",)}, ()),
}

# ---------------------------------------------------------------------------------------- dynamo-easy

_EASY: Final = "@shiftcoders/dynamo-easy"
_EASY_REQUESTS: Final = {
    "BatchGetRequest": "BatchGetItem",
    "BatchWriteRequest": "BatchWriteItem",
    "TransactGetRequest": "TransactGetItems",
    "TransactWriteRequest": "TransactWriteItems",
}
_EASY_KINDS: Final = {
    f"{_EASY}.store": Kind(
        {
            "get": Rule(gives=f"{_EASY}.GetItem"),
            "put": Rule(gives=f"{_EASY}.PutItem"),
            "update": Rule(gives=f"{_EASY}.UpdateItem"),
            "delete": Rule(gives=f"{_EASY}.DeleteItem"),
            "query": Rule(gives=f"{_EASY}.Query"),
            "scan": Rule(gives=f"{_EASY}.Scan"),
            "batchGet": Rule(gives=f"{_EASY}.BatchGetItem"),
            "batchWrite": Rule(gives=f"{_EASY}.BatchWriteItem"),
            "transactGet": Rule(gives=f"{_EASY}.TransactGetItems"),
        }
    ),
    **_sent(
        _EASY,
        ("exec", "execFullResponse", "execSingle", "execCount", "execNoMap"),
        {},
        ("made.0", "made.1"),
    ),
}

# ------------------------------------------------------------------------------- dynogels and vogels

_MODEL_NAMES: Final[Paths] = {"TableName": ("made.1.tableName",)}


def _model(*operations: str) -> Rule:
    return Rule(_tables(*operations), _MODEL_NAMES)


def _models(package: str) -> dict[str, Kind]:
    clients = (f"kept.{package}.0",)
    return {
        f"{package}.model": Kind(
            {
                "get": _model("GetItem"),
                "create": _model("PutItem"),
                "update": _model("UpdateItem"),
                "destroy": _model("DeleteItem"),
                "getItems": _model("BatchGetItem"),
                "batchGetItems": _model("BatchGetItem"),
                "createTable": _model("CreateTable"),
                "deleteTable": _model("DeleteTable"),
                "describeTable": _model("DescribeTable"),
                "updateTable": _model("DescribeTable", "UpdateTable"),
                "query": Rule(gives=f"{package}.Query"),
                "scan": Rule(gives=f"{package}.Scan"),
                "parallelScan": Rule(gives=f"{package}.Scan"),
                "new": Rule(gives=f"{package}.item"),
                "config": Rule(gives=ITSELF),
                **{name: Rule() for name in ("after", "before", "log", "tableName", "validate")},
            },
            clients=clients,
        ),
        f"{package}.item": Kind(
            {
                "save": _model("PutItem"),
                "update": _model("UpdateItem"),
                "destroy": _model("DeleteItem"),
                "*": Rule(),
            },
            clients=clients,
        ),
        **_sent(package, ("exec",), _MODEL_NAMES, clients),
    }


_DYNOGELS: Final = ("dynogels", "vogels")

# ------------------------------------------------------------------------------- skills, and the rest

_SKILLS: Final = "ask-sdk-dynamodb-persistence-adapter"
_SKILL_NAMES: Final[Paths] = {"TableName": ("made.0.tableName",)}

_FIRST_SKILLS: Final = "alexa-sdk"
_SKILLS_IN_S3: Final = "ask-sdk-s3-persistence-adapter"
_OBJECT: Final[Paths] = {"Bucket": ("made.0.bucketName",)}

_EBASED: Final = {
    "storage/dynamo": {
        "getItem": "GetItem",
        "putItem": "PutItem",
        "updateItem": "UpdateItem",
        "deleteItem": "DeleteItem",
        "queryTable": "Query",
        "scanTable": "Scan",
    },
    "downstream/sns": {"publish": "Publish"},
    "downstream/sqs": {"send": "SendMessage"},
    "downstream/lambda": {"invoke": "Invoke", "invokeAsync": "Invoke"},
}
_EBASED_SERVICES: Final = {"dynamo": "dynamodb"}
_EBASED_NAMES: Final[Paths] = {
    name: (f"0.{name}",) for name in ("TableName", "IndexName", "TopicArn", "QueueUrl", "FunctionName")
}


def _ebased() -> dict[tuple[str, str], Rule]:
    """The modules of ebased, whose functions take a request of the SDK."""
    out = {}
    for module, functions in _EBASED.items():
        last = module.rpartition("/")[2]
        for name, operation in functions.items():
            called = ((_EBASED_SERVICES.get(last, last), operation),)
            out[f"ebased/service/{module}", name] = Rule(called, _EBASED_NAMES, through="ebased")
    return out


# ------------------------------------------------------------------------------------------ Architect

_ARC: Final = "@architect/functions"
_LOOKED_UP: Final[Operations] = (("ssm", "GetParametersByPath"),)
"""What a program finds its own tables, queues and topics by, at most once."""

_ARC_FUNCTIONS: Final = {
    "tables": Rule(_LOOKED_UP, certain=False, through=_ARC, gives=f"{_ARC}.tables"),
    "services": Rule(_LOOKED_UP, certain=False, through=_ARC),
    "queues.publish": Rule((*_LOOKED_UP, ("sqs", "SendMessage")), certain=False, through=_ARC),
    "events.publish": Rule((*_LOOKED_UP, ("sns", "Publish")), certain=False, through=_ARC),
    "ws.send": Rule((("apigatewaymanagementapi", "PostToConnection"),), through=_ARC),
    "ws.close": Rule((("apigatewaymanagementapi", "DeleteConnection"),), through=_ARC),
    "ws.info": Rule((("apigatewaymanagementapi", "GetConnection"),), through=_ARC),
}
_ARC_TABLE: Final = {
    "get": "GetItem",
    "put": "PutItem",
    "delete": "DeleteItem",
    "update": "UpdateItem",
    "query": "Query",
    "scan": "Scan",
    "scanAll": "Scan",
}

FUNCTIONS: Final[dict[tuple[str, str], Rule]] = {
    **{(_ARC, name): rule for name, rule in _ARC_FUNCTIONS.items()},
    **_ebased(),
    (_FIRST_SKILLS, "handler"): Rule(gives=_FIRST_SKILLS),
    ("ask-sdk", "SkillBuilders.standard"): Rule(gives="ask-sdk.skill"),
    (_SKILLS_IN_S3, "S3PersistenceAdapter"): Rule(
        (("s3", "GetObject"), ("s3", "PutObject")),
        {"Bucket": ("0.bucketName",)},
        client=("0.s3Client",),
        certain=False,
        gives=_SKILLS_IN_S3,
    ),
    (_PLUS, "DynamoPlus"): Rule(gives=_PLUS),
    (_TYPE, "TypeDynamo"): Rule(gives=_TYPE),
    (_EASY, "DynamoStore"): Rule(gives=f"{_EASY}.store"),
    **{(_EASY, name): Rule(gives=f"{_EASY}.{operation}") for name, operation in _EASY_REQUESTS.items()},
    **{(package, "define"): Rule(gives=f"{package}.model") for package in _DYNOGELS},
    **{
        (package, name): Rule(keeps=package)
        for package in _DYNOGELS
        for name in ("dynamoDriver", "documentClient")
    },
    **{
        (package, "createTables"): Rule(perhaps=_tables("DescribeTable", "CreateTable"))
        for package in _DYNOGELS
    },
    **{
        (package, "DynamoDbPersistenceAdapter"): Rule(
            _tables("GetItem", "PutItem"),
            {"TableName": ("0.tableName",)},
            client=("0.dynamoDBClient",),
            certain=False,
            through=_SKILLS,
            gives=_SKILLS,
        )
        for package in (_SKILLS, "ask-sdk")
    },
    **{
        ("@shelf/dynamodb-parallel-scan", name): Rule(
            _tables("Scan", "DescribeTable"),
            _TABLE,
            client=("1.client",),
            through="@shelf/dynamodb-parallel-scan",
        )
        for name in ("parallelScan", "parallelScanAsStream")
    },
}
KINDS: Final[dict[str, Kind]] = {
    f"{_ARC}.tables": Kind(properties={"*": f"{_ARC}.table"}),
    f"{_ARC}.table": Kind({name: Rule(_tables(one), through=_ARC) for name, one in _ARC_TABLE.items()}),
    _FIRST_SKILLS: Kind(
        settings={
            "dynamoDBTableName": Rule(
                _tables("GetItem", "PutItem"),
                {"TableName": ("0",)},
                unfollowed=("dynamodb",),
                reason="it makes the table where there is none",
            )
        }
    ),
    "ask-sdk.skill": Kind(
        {
            "withTableName": Rule(
                _tables("GetItem", "PutItem"), {"TableName": ("0",)}, certain=False, gives=ITSELF
            ),
            "lambda": Rule(),
            "create": Rule(),
            "*": Rule(gives=ITSELF),
        }
    ),
    _SKILLS_IN_S3: Kind(
        {
            "getAttributes": Rule((("s3", "GetObject"),), _OBJECT),
            "saveAttributes": Rule((("s3", "PutObject"),), _OBJECT),
            "deleteAttributes": Rule((("s3", "DeleteObject"),), _OBJECT),
        },
        clients=("made.0.s3Client",),
    ),
    _PLUS: Kind(
        {
            name: Rule(_tables(operation), _TABLE if name in _MANY else _OF_REQUEST)
            for name, operation in _PLUS_METHODS.items()
        },
        keys=("made.0.accessKeyId", "made.0.credentials"),
    ),
    **_TYPE_KINDS,
    **_EASY_KINDS,
    **{name: kind for package in _DYNOGELS for name, kind in _models(package).items()},
    _SKILLS: Kind(
        {
            "getAttributes": Rule(_tables("GetItem"), _SKILL_NAMES),
            "saveAttributes": Rule(_tables("PutItem"), _SKILL_NAMES),
            "deleteAttributes": Rule(_tables("DeleteItem"), _SKILL_NAMES),
        },
        clients=("made.0.dynamoDBClient",),
    ),
}

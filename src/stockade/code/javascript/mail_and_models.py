"""Packages for mail, queues, files, models and databases that call AWS by themselves, as rows of tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stockade.code.javascript.known import UPLOAD
from stockade.code.javascript.rules import ITSELF, SERVICE, Kind, Operations, Rule

Paths = Mapping[str, tuple[str, ...]]


def _of(service: str, *operations: str) -> Operations:
    return tuple((service, one) for one in operations)


# ------------------------------------------------------------------------------------------- models

_BEDROCK: Final = "bedrock-runtime"
_INVOKE: Final = _of(_BEDROCK, "InvokeModel")
_INVOKED: Final = _of(_BEDROCK, "InvokeModelWithResponseStream")
_CONVERSE: Final = _of(_BEDROCK, "Converse")
_CONVERSED: Final = _of(_BEDROCK, "ConverseStream")
_MODEL: Final[Paths] = {"modelId": ("0.model",)}
_CLAUDE: Final = {
    "create": Rule(_INVOKE, _MODEL, stream=_INVOKED),
    "parse": Rule(_INVOKE, _MODEL),
    "stream": Rule(_INVOKED, _MODEL),
}
_CLAUDE_KEYS: Final = ("made.0.awsAccessKey", "made.0.awsSecretKey", "made.0.apiKey", "made.0.baseURL")
_AI_MODEL: Final[Paths] = {"modelId": ("made.0",)}
_AI: Final = {
    **{name: Rule(_CONVERSE, _AI_MODEL) for name in ("generateText", "generateObject")},
    **{name: Rule(_CONVERSED, _AI_MODEL) for name in ("streamText", "streamObject")},
    **{name: Rule(_INVOKE, _AI_MODEL) for name in ("embed", "embedMany", "generateImage", "rerank")},
}
_AI_MAKING: Final = ("languageModel", "chat", "embedding", "textEmbedding", "textEmbeddingModel", "image")
_AI_KEYS: Final = tuple(f"made.maker.0.{name}" for name in ("accessKeyId", "apiKey", "baseURL"))
_CHAIN: Final = ("bind", "bindTools", "pipe", "withConfig", "withRetry", "withStructuredOutput")
_LANGCHAIN_KEYS: Final = ("made.0.credentials.accessKeyId", "made.0.endpointHost")
_LANGCHAIN_MODEL: Final[Paths] = {"modelId": ("made.0.model", "made.0.modelId")}
_MODELS: Final[dict[str, Kind]] = {
    "@anthropic-ai/bedrock-sdk": Kind(
        {}, {"messages": "@anthropic-ai/bedrock-sdk.messages", "beta": "@anthropic-ai/bedrock-sdk"}
    ),
    "@anthropic-ai/bedrock-sdk.messages": Kind(_CLAUDE, keys=_CLAUDE_KEYS),
    "@ai-sdk/amazon-bedrock.provider": Kind(
        {name: Rule(gives="@ai-sdk/amazon-bedrock.model", own=True) for name in ("()", *_AI_MAKING)}
    ),
    "@ai-sdk/amazon-bedrock.model": Kind(_AI, keys=_AI_KEYS),
    "@langchain/aws.chat": Kind(
        {
            "invoke": Rule(_CONVERSE, _LANGCHAIN_MODEL),
            "batch": Rule(_CONVERSE, _LANGCHAIN_MODEL),
            "stream": Rule(_CONVERSED, _LANGCHAIN_MODEL),
            "streamEvents": Rule(_CONVERSED, _LANGCHAIN_MODEL),
            **{name: Rule(gives=ITSELF) for name in _CHAIN},
        },
        clients=("made.0.client",),
        keys=_LANGCHAIN_KEYS,
    ),
    "@langchain/aws.embeddings": Kind(
        {name: Rule(_INVOKE, _LANGCHAIN_MODEL) for name in ("embedQuery", "embedDocuments")},
        clients=("made.0.client",),
        keys=_LANGCHAIN_KEYS,
    ),
    "@langchain/aws.bases": Kind(
        {
            name: Rule(
                _of("bedrock-agent-runtime", "Retrieve"), {"knowledgeBaseId": ("made.0.knowledgeBaseId",)}
            )
            for name in ("invoke", "getRelevantDocuments")
        },
        keys=("made.0.clientOptions.credentials.accessKeyId",),
    ),
    "@langchain/aws.kendra": Kind(
        {
            name: Rule(_of("kendra", "Retrieve", "Query"), {"IndexId": ("made.0.indexId",)})
            for name in ("invoke", "getRelevantDocuments")
        },
        keys=("made.0.clientOptions.credentials.accessKeyId",),
    ),
}

# -------------------------------------------------------------------------------------- mail, queues

_QUEUE: Final[Paths] = {"QueueUrl": ("made.0.queueUrl",)}
_QUEUES: Final[dict[str, Kind]] = {
    "nodemailer": Kind(
        {
            name: Rule(
                (("ses", "SendRawEmail"), ("sesv2", "SendEmail")),
                constants={"Content": {"Raw": {}}},
                of_client=True,
            )
            for name in ("sendMail", "send")
        },
        clients=("made.0.SES", "made.0.SES.ses", "made.0.SES.sesClient"),
    ),
    "sqs-consumer": Kind(
        {
            "start": Rule(_of("sqs", "ReceiveMessage", "DeleteMessage"), _QUEUE),
            "on": Rule(gives=ITSELF),
            "stop": Rule(),
        },
        clients=("made.0.sqs",),
    ),
    "sqs-producer": Kind(
        {
            "send": Rule(_of("sqs", "SendMessageBatch"), _QUEUE),
            "queueSize": Rule(_of("sqs", "GetQueueAttributes"), _QUEUE),
        },
        clients=("made.0.sqs",),
        keys=("made.0.accessKeyId",),
    ),
}

# ------------------------------------------------------------------------------- files and databases

_RESOURCES: Final[Paths] = {
    name: (f"made.1.{name}", f"made.0.connection.{name}", f"made.0.{name}")
    for name in ("resourceArn", "secretArn")
}
_SETTINGS: Final[Paths] = {name: (f"made.0.{name}",) for name in ("resourceArn", "secretArn")}
_STATEMENT: Final = _of("rds-data", "ExecuteStatement")
_IN_TRANSACTION: Final = _of("rds-data", "BeginTransaction", "CommitTransaction", "RollbackTransaction")
_WHICH: Final = "whether it writes many rows at once, or in a transaction, is not followed"
_DATA: Final[dict[str, Kind]] = {
    "data-api-client": Kind(
        {
            "query": Rule(
                _STATEMENT,
                _SETTINGS,
                perhaps=_of("rds-data", "BatchExecuteStatement"),
            ),
            "transaction": Rule(gives="data-api-client.transaction"),
            "executeStatement": Rule(_STATEMENT, _SETTINGS),
            "batchExecuteStatement": Rule(_of("rds-data", "BatchExecuteStatement"), _SETTINGS),
            "beginTransaction": Rule(_of("rds-data", "BeginTransaction"), _SETTINGS),
            "commitTransaction": Rule(_of("rds-data", "CommitTransaction"), _SETTINGS),
            "rollbackTransaction": Rule(_of("rds-data", "RollbackTransaction"), _SETTINGS),
        }
    ),
    "data-api-client.transaction": Kind(
        {
            "query": Rule(gives=ITSELF),
            "rollback": Rule(gives=ITSELF),
            "commit": Rule((*_STATEMENT, *_IN_TRANSACTION), _SETTINGS),
        }
    ),
    "drizzle-orm": Kind(clients=("made.0", "made.0.client"), handed=True),
    "typeorm": Kind(),
    "athena-express": Kind(
        {
            "query": Rule(
                _of("athena", "StartQueryExecution", "GetQueryExecution"),
                {"WorkGroup": ("made.0.workgroup",)},
                perhaps=_of("athena", "GetQueryResults"),
                unfollowed=("athena", "glue", "s3"),
                reason="which tables it reads, and where the results are kept, is not followed",
            )
        },
    ),
    "multer-s3": Kind(clients=("made.0.s3",), handed=True),
    "winston-cloudwatch": Kind(
        keys=("made.0.awsAccessKeyId", "made.0.awsOptions.credentials.accessKeyId"),
        clients=("made.0.cloudWatchLogs",),
    ),
    "@aws-lite/client": Kind({}, {"*": SERVICE}),
}

# --------------------------------------------------------------------------------------- encryption

_ENCRYPTION: Final = "@aws-crypto/client-node"
_RING: Final[Paths] = {"KeyId": ("made.0.keyIds.@+made.0.generatorKeyId",)}
_WAYS: Final = ("encrypt", "encryptStream", "decrypt", "decryptStream")
_KEYS: Final[dict[str, Kind]] = {
    f"{_ENCRYPTION}.client": Kind({name: Rule(of="0") for name in _WAYS}),
    f"{_ENCRYPTION}.materials": Kind({name: Rule(of="made.0.backingMaterials") for name in _WAYS}),
    f"{_ENCRYPTION}.keyring": Kind(
        {
            **{
                name: Rule(_of("kms", "GenerateDataKey", "Encrypt"), _RING, certain=False) for name in _WAYS[:2]
            },
            **{name: Rule(_of("kms", "Decrypt"), _RING) for name in _WAYS[2:]},
        },
        clients=("made.0.clientProvider",),
    ),
}
_LOGS: Final = _of("logs", "DescribeLogStreams", "CreateLogGroup", "CreateLogStream", "PutLogEvents")
_OBJECT: Final[Paths] = {"Bucket": ("1.Bucket",), "Key": ("1.Key",), "VersionId": ("1.VersionId",)}
_PARAMETER: Final[Paths] = {"Name": ("0",)}

KINDS: Final[dict[str, Kind]] = {**_MODELS, **_QUEUES, **_DATA, **_KEYS}
FUNCTIONS: Final[dict[tuple[str, str], Rule]] = {
    ("@anthropic-ai/bedrock-sdk", ""): Rule(gives="@anthropic-ai/bedrock-sdk"),
    ("@anthropic-ai/bedrock-sdk", "AnthropicBedrock"): Rule(gives="@anthropic-ai/bedrock-sdk"),
    ("@ai-sdk/amazon-bedrock", "bedrock"): Rule(gives="@ai-sdk/amazon-bedrock.model"),
    **{
        ("@ai-sdk/amazon-bedrock", f"bedrock.{name}"): Rule(gives="@ai-sdk/amazon-bedrock.model")
        for name in _AI_MAKING
    },
    ("@ai-sdk/amazon-bedrock", "createAmazonBedrock"): Rule(gives="@ai-sdk/amazon-bedrock.provider"),
    **{("ai", name): Rule(of="0.model") for name in _AI},
    ("@langchain/aws", "ChatBedrockConverse"): Rule(
        perhaps=_CONVERSE, parameters=_LANGCHAIN_MODEL, gives="@langchain/aws.chat"
    ),
    ("@langchain/aws", "BedrockEmbeddings"): Rule(
        perhaps=_INVOKE, parameters=_LANGCHAIN_MODEL, gives="@langchain/aws.embeddings"
    ),
    ("@langchain/aws", "AmazonKnowledgeBaseRetriever"): Rule(gives="@langchain/aws.bases"),
    ("@langchain/aws", "AmazonKendraRetriever"): Rule(gives="@langchain/aws.kendra"),
    ("nodemailer", "createTransport"): Rule(gives="nodemailer"),
    ("sqs-consumer", "Consumer"): Rule(gives="sqs-consumer"),
    ("sqs-consumer", "Consumer.create"): Rule(gives="sqs-consumer"),
    ("sqs-producer", "Producer"): Rule(gives="sqs-producer"),
    ("sqs-producer", "Producer.create"): Rule(gives="sqs-producer"),
    ("multer-s3", ""): Rule(
        _of("s3", *UPLOAD),
        {"Bucket": ("0.bucket",)},
        through="upload in parts",
        certain=False,
        gives="multer-s3",
    ),
    ("winston-cloudwatch", ""): Rule(
        perhaps=_LOGS,
        parameters={"logGroupName": ("0.logGroupName",)},
        unfollowed=("logs",),
        reason="whether it sets how long logs are kept is not followed",
        gives="winston-cloudwatch",
    ),
    ("data-api-client", ""): Rule(gives="data-api-client"),
    **{
        (f"drizzle-orm/aws-data-api/{dialect}", "drizzle"): Rule(
            _STATEMENT,
            _RESOURCES,
            certain=False,
            unfollowed=("rds-data",),
            reason=_WHICH,
            gives="drizzle-orm",
        )
        for dialect in ("pg", "mysql")
    },
    ("kysely-data-api", "DataApiDialect"): Rule(
        _STATEMENT,
        {"resourceArn": ("0.driver.resourceArn",), "secretArn": ("0.driver.secretArn",)},
        client=("0.driver.client",),
        certain=False,
        unfollowed=("rds-data",),
        reason=_WHICH,
    ),
    **{
        ("typeorm", name): Rule(
            _STATEMENT,
            {**_SETTINGS},
            only=("0.type", ("aurora-postgres", "aurora-mysql", "aurora-data-api", "aurora-data-api-pg")),
            certain=False,
            unfollowed=("rds-data",),
            reason=_WHICH,
            gives="typeorm",
        )
        for name in ("DataSource", "createConnection")
    },
    ("athena-express", ""): Rule(gives="athena-express"),
    ("athena-express", "AthenaExpress"): Rule(gives="athena-express"),
    **{
        ("unzipper", name): Rule(_of("s3", "HeadObject", "GetObject"), _OBJECT, client=("0",))
        for name in ("Open.s3", "Open.s3_v3")
    },
    ("s3-zip", "archive"): Rule(_of("s3", "GetObject"), {"Bucket": ("0.bucket",)}, client=("0.s3",)),
    ("@aws-lite/client", ""): Rule(gives="@aws-lite/client"),
    (_ENCRYPTION, "buildClient"): Rule(gives=f"{_ENCRYPTION}.client"),
    (_ENCRYPTION, "KmsKeyringNode"): Rule(gives=f"{_ENCRYPTION}.keyring"),
    (_ENCRYPTION, "NodeCachingMaterialsManager"): Rule(gives=f"{_ENCRYPTION}.materials"),
    **{
        ("aws-param-store", f"{name}{how}"): Rule(_of("ssm", operation), parameters)
        for name, operation, parameters in (
            ("getParameter", "GetParameter", _PARAMETER),
            ("getParameters", "GetParameters", {"Names": ("0",)}),
            ("getParametersByPath", "GetParametersByPath", {"Path": ("0",)}),
            ("putParameter", "PutParameter", _PARAMETER),
        )
        for how in ("", "Async", "Sync")
    },
}

"""Version 1 of the SDK for Java: whose a class is, what its methods call and what they give."""

from __future__ import annotations

from typing import Final

from stockade.code.services import Operation, Service, Services
from stockade.patterns import lazy_regex

FIRST: Final = "com.amazonaws.services."
MAPPERS: Final = frozenset(
    f"{FIRST}dynamodbv2.datamodeling.{name}"
    for name in ("DynamoDBMapper", "IDynamoDBMapper", "AbstractDynamoDBMapper")
)
DOCUMENT: Final = f"{FIRST}dynamodbv2.document."
TRANSFER: Final = f"{FIRST}s3.transfer.TransferManager"

_PACKAGES: Final = {
    "cloudwatchevents": "events",
    "cognitoidentity": "cognito-identity",
    "cognitoidp": "cognito-idp",
    "costexplorer": "ce",
    "databasemigrationservice": "dms",
    "dynamodbv2": "dynamodb",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "elasticmapreduce": "emr",
    "elasticsearch": "es",
    "eventbridge": "events",
    "identitymanagement": "iam",
    "iotdata": "iot-data",
    "kinesisfirehose": "firehose",
    "rdsdata": "rds-data",
    "redshiftdataapi": "redshift-data",
    "securitytoken": "sts",
    "simpleemail": "ses",
    "simpleemailv2": "sesv2",
    "simplesystemsmanagement": "ssm",
    "simpleworkflow": "swf",
}
_CLIENT: Final = lazy_regex(r"(Amazon|AWS)\w+")
_S3: Final = {
    "copyPart": "UploadPartCopy",
    "deleteVersion": "DeleteObject",
    "doesBucketExist": "HeadBucket",
    "doesBucketExistV2": "GetBucketAcl",
    "doesObjectExist": "HeadObject",
    "getObjectAsString": "GetObject",
    "getObjectMetadata": "HeadObject",
    "getS3AccountOwner": "ListBuckets",
    "initiateMultipartUpload": "CreateMultipartUpload",
    "listNextBatchOfObjects": "ListObjects",
    "listNextBatchOfVersions": "ListObjectVersions",
    "listVersions": "ListObjectVersions",
    "restoreObjectV2": "RestoreObject",
    "setBucketPolicy": "PutBucketPolicy",
    "setObjectAcl": "PutObjectAcl",
    "setObjectTagging": "PutObjectTagging",
}
"""Methods of the client for S3 that are not called as their operation is."""

MAPPED: Final = {
    "load": ("GetItem",),
    "save": ("UpdateItem", "PutItem"),
    "delete": ("DeleteItem",),
    "query": ("Query",),
    "queryPage": ("Query",),
    "count": ("Query", "Scan"),
    "scan": ("Scan",),
    "scanPage": ("Scan",),
    "parallelScan": ("Scan",),
    "batchLoad": ("BatchGetItem",),
    "batchSave": ("BatchWriteItem",),
    "batchDelete": ("BatchWriteItem",),
    "batchWrite": ("BatchWriteItem",),
    "transactionWrite": ("TransactWriteItems",),
    "transactionLoad": ("TransactGetItems",),
}
"""What the mapper to tables calls. Saving puts an item where its configuration says so, and updates it else."""

_POSITIONS: Final = {
    "s3": ("Bucket", "Key"),
    "sqs": ("QueueUrl",),
    "sns": ("TopicArn",),
    "dynamodb": ("TableName",),
    "kinesis": ("StreamName",),
}
_BY_NAME: Final = {
    "GetQueueUrl": ("QueueName",),
    "CreateQueue": ("QueueName",),
    "CreateTopic": ("Name",),
    "CopyObject": ("sourceBucket", "sourceKey", "Bucket", "Key"),
}
_UNNAMED: Final = frozenset(
    ("ListQueues", "ListTopics", "ListTables", "ListStreams", "ListBuckets", "BatchGetItem", "BatchWriteItem")
)
_MEMBERS: Final = {
    "bucketname": "Bucket",
    "destinationbucketname": "Bucket",
    "destinationkey": "Key",
    "sourcebucketname": "sourceBucket",
    "sourcekey": "sourceKey",
}


def service_of(kind: str) -> Service | None:
    """The service of a class."""
    package = kind.removeprefix(FIRST).split(".")[0]
    services = Services.load()
    return services.service(_PACKAGES.get(package, package)) or services.of_package(package)


def is_client(kind: str) -> bool:
    """Whether a class is a service's client, or what it implements: ``AmazonS3``, ``AWSLambdaAsyncClient``."""
    rest = kind.removeprefix(FIRST).split(".")
    return len(rest) == 2 and not rest[1].endswith("Builder") and _CLIENT.fullmatch(rest[1]) is not None


def is_known(name: str) -> bool:
    """Whether what is imported is a client, what one is made or asked with, or is followed otherwise."""
    rest = name.removeprefix(FIRST).split(".")
    if is_client(name) or (len(rest) == 2 and rest[1].endswith("ClientBuilder")) or len(rest) == 1:
        return True
    if len(rest) > 1 and rest[1] in ("model", "event", "waiters", "exceptions", "internal"):
        return True
    followed = ("dynamodbv2.datamodeling.", "dynamodbv2.document.", "dynamodbv2.xspec.", "s3.transfer.")
    return f"{name}.".startswith(tuple(FIRST + one for one in followed))


def fits(package: str, name: str) -> bool:
    """Whether a package that is imported whole may have a class of this name."""
    if package.endswith(".model"):
        return name.endswith(("Request", "Result", "Exception"))
    if package.startswith(DOCUMENT.rstrip(".")):
        return name in ("DynamoDB", "Table", "Index")
    if package.endswith((".datamodeling", ".transfer")):
        return name.startswith(("DynamoDBMapper", "IDynamoDBMapper", "TransferManager"))
    return package.count(".") == 3 and _CLIENT.fullmatch(name) is not None


def result(whose: str, name: str) -> str | None:
    """The type of what a method of a class gives, as far as it leads to a client."""
    if whose.endswith("Builder"):
        return whose.removesuffix("Builder") if name in ("build", "defaultClient") else whose
    if name in ("builder", "standard"):
        return f"{whose}Builder"
    if whose.startswith(DOCUMENT):
        return DOCUMENT + name.removeprefix("get") if name in ("getTable", "getIndex") else None
    return None


def operation_of(service: Service, name: str) -> Operation | None:
    """The operation that a client's method calls."""
    plain = name.removesuffix("Async")
    if service.name == "s3" and plain in _S3:
        return service.operation(_S3[plain])
    return service.by_any_case(plain)


def positions(service: str, operation: str) -> tuple[str, ...]:
    """The parameters that the first arguments of a method, or of a request's constructor, are."""
    if operation in _BY_NAME:
        return _BY_NAME[operation]
    return () if operation in _UNNAMED else _POSITIONS.get(service, ())


def member(name: str) -> str | None:
    """The parameter that ``withTableName`` or ``setTableName`` sets."""
    if name[:4] == "with" or name[:3] == "set":
        plain = name[4:] if name[:4] == "with" else name[3:]
        return _MEMBERS.get(plain.lower(), plain) if plain[:1].isupper() else None
    return None

"""Libraries that call AWS themselves: what each of their functions and objects calls, as rows of a table.

The rows are from the libraries' documentation and source, named by their import. A function is found by its
package and last name, for these packages re-export what they have under several paths.
"""

from __future__ import annotations

from typing import Final

from stockade.code.python import assistants, paths, wrangler
from stockade.code.python.rules import Rule
from stockade.code.python.values import Abstract, Arguments, Made

_SSM: Final = (("Name", 0, "name"), ("WithDecryption", -1, "decrypt"))
_TRACES: Final = Rule(
    (("xray", "PutTraceSegments"), ("xray", "PutTelemetryRecords")), certain=False, through="X-Ray's daemon"
)
"""What is traced is sent by a daemon, with the function's role, and only where its tracing is on."""
_PATCHED: Final = Rule(_TRACES.calls, certain=False, through=_TRACES.through, gives="nothing")
_APPCONFIG: Final = (
    ("appconfigdata", "StartConfigurationSession"),
    ("appconfigdata", "GetLatestConfiguration"),
)
_APPCONFIG_NAMES: Final = (
    ("ConfigurationProfileIdentifier", 0, "name"),
    ("EnvironmentIdentifier", 1, "environment"),
    ("ApplicationIdentifier", 2, "application"),
)
_IDEMPOTENCY: Final = tuple(("dynamodb", one) for one in ("GetItem", "PutItem", "UpdateItem", "DeleteItem"))
_TABLE: Final = (("TableName", 0, "table_name"),)
_SECRET: Final = Rule(
    (("secretsmanager", "GetSecretValue"),), (("SecretId", 0, "name"),), cached=True, gives="nothing"
)


def _of_table(operation: str) -> Rule:
    return Rule((("dynamodb", operation),), (("TableName", 0, "name"),), of_maker=True, gives="nothing")


def _powertools() -> dict[str, Rule]:
    return {
        "get_parameter": Rule((("ssm", "GetParameter"),), _SSM, cached=True, gives="nothing"),
        "get_parameters": Rule(
            (("ssm", "GetParametersByPath"),),
            (("Path", 0, "path"), ("WithDecryption", -1, "decrypt"), ("Recursive", -1, "recursive")),
            cached=True,
            gives="nothing",
        ),
        "get_parameters_by_name": Rule(
            (("ssm", "GetParameters"),), (("WithDecryption", -1, "decrypt"),), cached=True, gives="nothing"
        ),
        "set_parameter": Rule((("ssm", "PutParameter"),), (("Name", 0, "name"),), gives="nothing"),
        "get_secret": _SECRET,
        "set_secret": Rule(
            (("secretsmanager", "PutSecretValue"), ("secretsmanager", "CreateSecret")),
            (("SecretId", 0, "name"), ("Name", 0, "name")),
            gives="nothing",
        ),
        "get_app_config": Rule(_APPCONFIG, _APPCONFIG_NAMES, cached=True, gives="nothing"),
        "AppConfigStore": Rule(
            _APPCONFIG,
            (
                ("EnvironmentIdentifier", 0, "environment"),
                ("ApplicationIdentifier", 1, "application"),
                ("ConfigurationProfileIdentifier", 2, "name"),
            ),
            cached=True,
        ),
        "DynamoDBPersistenceLayer": Rule(_IDEMPOTENCY, _TABLE, through="idempotency"),
        "Tracer": _TRACES,
        "S3Object": Rule(
            (("s3", "HeadObject"), ("s3", "GetObject")),
            (("Bucket", 0, "bucket"), ("Key", 1, "key"), ("VersionId", 2, "version_id")),
            through="S3Object",
        ),
        "AWSEncryptionSDKProvider": Rule(
            (("kms", "GenerateDataKey"), ("kms", "Decrypt"), ("kms", "Encrypt")),
            through="AWSEncryptionSDKProvider",
        ),
    }


DATA_API: Final = Rule(
    (
        ("rds-data", "BeginTransaction"),
        ("rds-data", "ExecuteStatement"),
        ("rds-data", "CommitTransaction"),
        ("rds-data", "RollbackTransaction"),
        ("secretsmanager", "GetSecretValue"),
    ),
    (
        ("resourceArn", 0, "aurora_cluster_arn"),
        ("secretArn", 1, "secret_arn"),
        ("SecretId", 1, "secret_arn"),
        ("database", 2, "database"),
    ),
    cached=True,
    through="Data API",
    unfollowed=("rds-data",),
    reason="whether it writes many rows at once is not followed",
)
"""A connection to a database over AWS's API, which each of its statements goes through."""

_PARTNERS: Final = "what this library calls depends on how it is used"

_FUNCTIONS: Final[dict[tuple[str, str], Rule]] = {
    **{("aws_lambda_powertools", name): rule for name, rule in _powertools().items()},
    ("aws_xray_sdk", "patch_all"): _PATCHED,
    ("aws_xray_sdk", "patch"): _PATCHED,
    ("aws_xray_sdk", "configure"): _PATCHED,
    ("aws_xray_sdk", "begin_segment"): _PATCHED,
    ("aws_xray_sdk", "begin_subsegment"): _PATCHED,
    ("aws_xray_sdk", "in_subsegment"): _PATCHED,
    ("aws_xray_sdk", "capture"): _TRACES,
    ("aws_xray_sdk", "XRayMiddleware"): _PATCHED,
    ("aws_durable_execution_sdk_python", "durable_execution"): Rule(
        (("lambda", "CheckpointDurableExecution"), ("lambda", "GetDurableExecutionState")),
        through="durable execution",
    ),
    ("aws_secretsmanager_caching", "InjectSecretString"): Rule(
        (("secretsmanager", "DescribeSecret"), ("secretsmanager", "GetSecretValue")),
        (("SecretId", 0, "secret_id"),),
        cached=True,
        gives="decorator",
    ),
    ("aws_secretsmanager_caching", "InjectKeywordedSecretString"): Rule(
        (("secretsmanager", "DescribeSecret"), ("secretsmanager", "GetSecretValue")),
        (("SecretId", 0, "secret_id"),),
        cached=True,
        gives="decorator",
    ),
    ("stockade_runtime", "get_secret"): Rule(
        (("secretsmanager", "GetSecretValue"),), (("SecretId", 0, "secret_id"),), cached=True, gives="nothing"
    ),
    ("stockade_runtime", "get_secrets"): Rule(
        (("secretsmanager", "GetSecretValue"),), cached=True, gives="nothing"
    ),
    ("stockade_runtime", "get_parameter"): Rule(
        (("ssm", "GetParameter"),),
        (("Name", 0, "name"),),
        (("WithDecryption", True),),
        cached=True,
        gives="nothing",
    ),
    ("stockade_runtime", "get_parameters"): Rule((("ssm", "GetParameter"),), cached=True, gives="nothing"),
    **paths.FUNCTIONS,
    **assistants.FUNCTIONS,
    ("fsspec", "filesystem"): Rule(unfollowed=("s3",), reason=_PARTNERS),
    ("sagemaker", "Session"): Rule(unfollowed=("",), reason=_PARTNERS),
    ("ask_sdk_dynamodb_persistence_adapter", "DynamoDbPersistenceAdapter"): Rule(
        (("dynamodb", "GetItem"), ("dynamodb", "PutItem"), ("dynamodb", "DeleteItem")), _TABLE, certain=False
    ),
    ("ask_sdk_dynamodb", "DynamoDbAdapter"): Rule(
        (("dynamodb", "GetItem"), ("dynamodb", "PutItem"), ("dynamodb", "DeleteItem")), _TABLE, certain=False
    ),
    ("aws_encryption_sdk", "encrypt"): Rule((("kms", "GenerateDataKey"), ("kms", "Encrypt")), certain=False),
    ("aws_encryption_sdk", "decrypt"): Rule((("kms", "Decrypt"),), certain=False),
    ("crhelper", "CfnResource"): Rule(
        unfollowed=("lambda", "events"),
        reason="a custom resource that polls makes rules and permissions for itself",
    ),
    ("watchtower", "CloudWatchLogHandler"): Rule(
        (("logs", "CreateLogGroup"), ("logs", "CreateLogStream"), ("logs", "PutLogEvents")),
        (("logGroupName", 0, "log_group_name"), ("logGroupName", -1, "log_group")),
        certain=False,
        perhaps=(("logs", "DescribeLogGroups"),),
        with_arguments=(("log_group_retention_days", (("logs", "PutRetentionPolicy"),)),),
    ),
    ("pydantic_settings", "AWSSecretsManagerSettingsSource"): Rule(
        (("secretsmanager", "GetSecretValue"),), (("SecretId", 1, "secret_id"),), cached=True, gives="nothing"
    ),
    ("ask_sdk", "StandardSkillBuilder"): Rule(
        (("dynamodb", "GetItem"), ("dynamodb", "PutItem"), ("dynamodb", "DeleteItem")),
        _TABLE,
        only_with="table_name",
        certain=False,
        with_arguments=(("auto_create_table", (("dynamodb", "CreateTable"), ("dynamodb", "DescribeTable"))),),
    ),
    ("lambdawarmer", "warmer"): Rule(
        of_itself="FunctionName",
        certain=False,
        with_arguments=(
            ("concurrency", (("lambda", "Invoke"),)),
            ("send_metric", (("cloudwatch", "PutMetricData"),)),
        ),
        unfollowed=("lambda",),
        reason="it calls the function itself where an event asks for it",
        gives="decorator",
    ),
    **{
        ("slack_bolt", f"{name}()"): Rule(
            (("lambda", "Invoke"),),
            of_itself="FunctionName",
            only_with="lazy",
            through="lazy listener",
            certain=False,
        )
        for name in ("action", "command", "event", "function", "message", "options", "shortcut", "view")
    },
    ("slack_bolt", "LambdaS3OAuthFlow"): Rule(unfollowed=("s3",), reason=_PARTNERS),
    ("redshift_connector", "connect"): Rule(
        (),
        (
            ("ClusterIdentifier", -1, "cluster_identifier"),
            ("workgroupName", -1, "serverless_work_group"),
            ("DbUser", -1, "db_user"),
            ("DbName", -1, "database"),
        ),
        only_with="iam",
        certain=False,
        with_arguments=(
            ("cluster_identifier", (("redshift", "GetClusterCredentials"), ("redshift", "DescribeClusters"))),
            ("serverless_work_group", (("redshift-serverless", "GetCredentials"),)),
        ),
        unfollowed=("redshift", "redshift-serverless"),
        reason="how it asks for a password depends on its settings",
    ),
    ("dyntastic", "transaction"): Rule((("dynamodb", "TransactWriteItems"),), certain=False),
    ("minio", "IamAwsProvider"): Rule(unfollowed=("s3",), reason=_PARTNERS),
    ("aurora_data_api", "connect"): DATA_API,
    ("pydataapi", "DataAPI"): Rule(
        DATA_API.calls,
        (
            ("secretArn", 0, "secret_arn"),
            ("SecretId", 0, "secret_arn"),
            ("resourceArn", 1, "resource_arn"),
            ("database", 2, "database"),
        ),
        cached=True,
        through="Data API",
        unfollowed=("rds-data",),
        reason=DATA_API.reason,
    ),
    **{
        ("pyathena", name): Rule(
            tuple(("athena", one) for one in ("StartQueryExecution", "GetQueryExecution", "GetQueryResults")),
            (("WorkGroup", -1, "work_group"),),
            certain=False,
            unfollowed=("athena", "glue", "s3"),
            reason="which tables it reads, and where the results are kept, is not followed",
        )
        for name in ("connect", "Connection", "aconnect")
    },
    ("aws_assume_role_lib", "assume_role"): Rule((("sts", "AssumeRole"),), (("RoleArn", 1, "RoleArn"),)),
}

_MEMBERS: Final[dict[tuple[str, str], Rule]] = {
    ("SSMProvider", "get"): Rule((("ssm", "GetParameter"),), _SSM, cached=True, gives="nothing"),
    ("SSMProvider", "get_multiple"): Rule(
        (("ssm", "GetParametersByPath"),), (("Path", 0, "path"),), cached=True, gives="nothing"
    ),
    ("SSMProvider", "get_parameters_by_name"): Rule((("ssm", "GetParameters"),), cached=True, gives="nothing"),
    ("SSMProvider", "set"): Rule((("ssm", "PutParameter"),), (("Name", 0, "name"),), gives="nothing"),
    ("SecretsProvider", "get"): _SECRET,
    ("SecretsProvider", "set"): Rule(
        (("secretsmanager", "PutSecretValue"), ("secretsmanager", "CreateSecret")),
        (("SecretId", 0, "name"), ("Name", 0, "name")),
        gives="nothing",
    ),
    ("DynamoDBProvider", "get"): Rule((("dynamodb", "GetItem"),), _TABLE, of_maker=True, cached=True),
    ("DynamoDBProvider", "get_multiple"): Rule((("dynamodb", "Query"),), _TABLE, of_maker=True, cached=True),
    ("AppConfigProvider", "get"): Rule(
        _APPCONFIG,
        (("EnvironmentIdentifier", 0, "environment"), ("ApplicationIdentifier", 1, "application")),
        of_maker=True,
        cached=True,
    ),
    ("SecretCache", "get_secret_string"): Rule(
        (("secretsmanager", "DescribeSecret"), ("secretsmanager", "GetSecretValue")),
        (("SecretId", 0, "secret_id"),),
        cached=True,
        gives="nothing",
    ),
    ("SecretCache", "get_secret_binary"): Rule(
        (("secretsmanager", "DescribeSecret"), ("secretsmanager", "GetSecretValue")),
        (("SecretId", 0, "secret_id"),),
        cached=True,
        gives="nothing",
    ),
    ("EncryptionSDKClient", "encrypt"): Rule(
        (("kms", "GenerateDataKey"), ("kms", "Encrypt")), certain=False, gives="nothing"
    ),
    ("EncryptionSDKClient", "decrypt"): Rule((("kms", "Decrypt"),), certain=False, gives="nothing"),
    ("aiodynamo:table", "get_item"): _of_table("GetItem"),
    ("aiodynamo:table", "put_item"): _of_table("PutItem"),
    ("aiodynamo:table", "update_item"): _of_table("UpdateItem"),
    ("aiodynamo:table", "delete_item"): _of_table("DeleteItem"),
    **{("aiodynamo:table", name): _of_table("Query") for name in ("query", "query_single_page", "count")},
    **{("aiodynamo:table", name): _of_table("Scan") for name in ("scan", "scan_single_page", "scan_count")},
    ("sagemaker:Predictor", "predict"): Rule(
        (("sagemaker-runtime", "InvokeEndpoint"),), (("EndpointName", 0, "endpoint_name"),), of_maker=True
    ),
    **paths.MEMBERS,
    **{
        ("pycognito:Cognito", name): Rule(
            (("cognito-idp", operation),), (("UserPoolId", 0, "user_pool_id"),), of_maker=True, gives="nothing"
        )
        for name, operation in (
            ("admin_add_user_to_group", "AdminAddUserToGroup"),
            ("admin_authenticate", "AdminInitiateAuth"),
            ("admin_confirm_sign_up", "AdminConfirmSignUp"),
            ("admin_create_user", "AdminCreateUser"),
            ("admin_delete_user", "AdminDeleteUser"),
            ("admin_disable_user", "AdminDisableUser"),
            ("admin_enable_user", "AdminEnableUser"),
            ("admin_get_user", "AdminGetUser"),
            ("admin_list_groups_for_user", "AdminListGroupsForUser"),
            ("admin_remove_user_from_group", "AdminRemoveUserFromGroup"),
            ("admin_reset_password", "AdminResetUserPassword"),
            ("admin_update_profile", "AdminUpdateUserAttributes"),
            ("get_group", "GetGroup"),
            ("get_groups", "ListGroups"),
            ("get_users", "ListUsers"),
        )
    },
}

_SOCKETS: Final = "apigatewaymanagementapi"
_MADE_BY: Final[dict[str, dict[str, Rule]]] = {
    **assistants.MADE_BY,
    "chalice.Chalice": {
        "websocket_api.send": Rule(((_SOCKETS, "PostToConnection"),), gives="nothing"),
        "websocket_api.close": Rule(((_SOCKETS, "DeleteConnection"),), gives="nothing"),
        "websocket_api.info": Rule(((_SOCKETS, "GetConnection"),), gives="nothing"),
    },
}
"""By the full name of what made an object, and the names that lead from it to a method."""

_KEYS: Final = ("api_key", "aws_access_key", "aws_profile", "aws_secret_key", "base_url")

_SIGNING: Final[dict[str, tuple[int, str]]] = {
    "AWS4Auth": (3, "service"),
    "AWSRequestsAuth": (5, "aws_service"),
    "BotoAWSRequestsAuth": (2, "aws_service"),
    "SigV4Auth": (1, "service_name"),
    "S3SigV4Auth": (1, "service_name"),
    "SigV4QueryAuth": (1, "service_name"),
    "AWSV4SignerAuth": (2, "service"),
    "AWSV4SignerAsyncAuth": (2, "service"),
    "RequestsAWSV4SignerAuth": (2, "service"),
    "Urllib3AWSV4SignerAuth": (2, "service"),
    "AwsSigV4Auth": (3, "service"),
    "AWSSigV4": (0, "service"),
    "SigV4HTTPXAuth": (1, "service"),
    "AWSV4Sign": (2, "service"),
    "AwsRequestSigner": (3, "service"),
}
"""Classes that sign requests which somebody writes by hand, and where each is told the service."""


def signing(path: str) -> tuple[int, str] | None:
    """Where a class that signs requests is told for which service; ``None`` for anything else."""
    return _SIGNING.get(path.rpartition(".")[2])


FOLLOWED: Final = frozenset(
    (
        "aioboto3",
        "aiobotocore",
        "aws_durable_execution_sdk_python",
        "aws_lambda_powertools",
        "aws_secretsmanager_caching",
        "aws_xray_sdk",
        "boto3",
        "botocore",
        "s3transfer",
        "stockade_runtime",
    )
)
"""Packages that do nothing with a client but what is known here."""


def function(path: str) -> Rule | None:
    """What calling a library's function or class leads to, or a method of what that gives."""
    top, last = path.partition(".")[0], path.rpartition(".")[2]
    if top == "awswrangler":
        return wrangler.rule(path)
    maker, made, way = path.partition("().")
    if made and maker in _MADE_BY:
        return _MADE_BY[maker].get(way)
    return _FUNCTIONS.get((top, last))


def member(made: Made, name: str) -> Rule | None:
    """What a method of a library's object calls, where the object has to be known."""
    top, last = made.path.partition(".")[0], made.path.rpartition(".")[2]
    return _MEMBERS.get((f"{top}:{last}", name)) or _MEMBERS.get((last, name))


def followed() -> dict[str, frozenset[str]]:
    """Packages of which something is followed, each with the services that its rows name."""
    found: dict[str, set[str]] = {}
    for (top, _), rule in (*_FUNCTIONS.items(), *_MEMBERS.items()):
        found.setdefault(top.partition(":")[0], set()).update(_services(rule))
    for maker, methods in _MADE_BY.items():
        found.setdefault(maker.partition(".")[0], set()).update(*map(_services, methods.values()))
    return {top: frozenset(services) for top, services in found.items() if services and top.islower()}


def _services(rule: Rule) -> set[str]:
    several = (rule.calls, rule.perhaps, rule.writes, *(more for _, more in rule.with_arguments))
    return {service for each in several for service, _ in each}


def settings(path: str, arguments: Arguments) -> list[Abstract]:
    """The keys and addresses that an object of a library's is made with, where it takes any."""
    return [arguments.keywords[name] for name in _KEYS if path in _MADE_BY and name in arguments.keywords]


written: Final = paths.written
FRAMES: Final = paths.FRAMES

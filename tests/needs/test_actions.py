"""From operations to actions and from parameters to ARNs: the table is held to AWS's own data."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from stockade.code.services import Services
from stockade.iam.catalog import Catalog
from stockade.model.world import World
from stockade.needs.actions import maybe, prefix_of, table, wanted
from stockade.needs.arguments import Environment
from stockade.needs.join import Join
from stockade.needs.resources import _PARAMETERS, targets
from tests.needs.made import UNKNOWN, call

BESIDE = {("rds", "GenerateDBAuthToken"), ("rds", "GenerateDbAuthToken"), ("rds", "generate_db_auth_token")}
"""What the SDK does by itself, without an operation of the service's."""


def test_every_action_of_the_table_is_one_of_awss_and_every_row_says_how_it_is_known() -> None:
    catalog = Catalog.load()
    for (client, operation), rows in table().items():
        for row in rows:
            where = f"{client}.{operation}"
            assert row.action == "none" or catalog.action(row.action) is not None, f"{where}: {row.action}"
            assert len(row.source) > 10, f"{where} has no source"


def test_every_operation_of_the_table_is_one_of_the_sdks() -> None:
    services = Services.load()
    for client, operation in table():
        if (client, operation) in BESIDE:
            continue
        service = services.service(client)
        assert service is not None, client
        assert operation in service.operations, f"{client}.{operation}"


def test_every_type_of_the_table_is_one_of_its_service() -> None:
    catalog = Catalog.load()
    special = {"any", "none", "-", "Secret", "identity", "model", "partiql", "path"}
    for rows in table().values():
        for row in rows:
            kind = row.on.partition("=")[0]
            if row.action != "none" and kind not in special and not kind.startswith("connections-"):
                service = catalog.service(row.action.partition(":")[0])
                assert service is not None
                assert kind in service.resource_types, (row.action, kind)
    for key in _PARAMETERS:
        prefix, _, kind = key.partition(":")
        found = catalog.service(prefix)
        assert found is not None and kind in found.resource_types, key


def test_clients_have_the_prefix_of_their_actions() -> None:
    pairs = {
        "stepfunctions": "states",
        "apigatewaymanagementapi": "execute-api",
        "bedrock-runtime": "bedrock",
        "cloudwatch": "cloudwatch",
        "dynamodbstreams": "dynamodb",
        "iot-data": "iot",
        "opensearch": "es",
        "resourcegroupstaggingapi": "tag",
        "sesv2": "ses",
    }
    assert {client: prefix_of(client) for client in pairs} == pairs


def granted(service: str, operation: str, **arguments: Any) -> set[str]:
    """``action resource`` for all that a call surely needs."""
    made = call(service, operation, **arguments)
    join = Join(World(), None)
    out = set()
    for one in wanted(made) or ():
        if one.perhaps:
            continue
        found = [t for kind, path in one.on for t in targets(one.action, kind, path, made, Environment())]
        arns = [str(join.joined(target).resource) for target in found] or ["*"]
        for arn in arns:
            short = arn.replace("${partition}", "aws").replace("${region}", "").replace("${account}", "")
            out.add(f"{one.action} {short}")
    return out


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "expected"),
    [
        ("s3", "HeadObject", {"Bucket": "b", "Key": "k"}, {"s3:GetObject arn:aws:s3:::b/k"}),
        ("s3", "GetObject", {"Bucket": "b", "Key": "in/…"}, {"s3:GetObject arn:aws:s3:::b/in/*"}),
        (
            "s3",
            "GetObject",
            {"Bucket": "b", "Key": "k", "VersionId": "1"},
            {"s3:GetObjectVersion arn:aws:s3:::b/k"},
        ),
        ("s3", "ListObjectsV2", {"Bucket": "b"}, {"s3:ListBucket arn:aws:s3:::b"}),
        ("s3", "ListBuckets", {}, {"s3:ListAllMyBuckets *"}),
        ("s3", "PutObject", {"Bucket": "b", "Key": "k"}, {"s3:PutObject arn:aws:s3:::b/k"}),
        (
            "s3",
            "PutObject",
            {"Bucket": "b", "Key": "k", "Tagging": "a=b", "ACL": "private"},
            {
                "s3:PutObject arn:aws:s3:::b/k",
                "s3:PutObjectTagging arn:aws:s3:::b/k",
                "s3:PutObjectAcl arn:aws:s3:::b/k",
            },
        ),
        (
            "s3",
            "CopyObject",
            {"Bucket": "to", "Key": "k", "CopySource": {"Bucket": "from", "Key": "x"}},
            {"s3:PutObject arn:aws:s3:::to/k", "s3:GetObject arn:aws:s3:::from/x"},
        ),
        (
            "s3",
            "CopyObject",
            {"Bucket": "to", "Key": "k", "CopySource": "from/in/x"},
            {"s3:PutObject arn:aws:s3:::to/k", "s3:GetObject arn:aws:s3:::from/in/x"},
        ),
        ("s3", "UploadPart", {"Bucket": "b", "Key": "k"}, {"s3:PutObject arn:aws:s3:::b/k"}),
        ("s3", "GetBucketCors", {"Bucket": "b"}, {"s3:GetBucketCORS arn:aws:s3:::b"}),
        ("dynamodb", "GetItem", {"TableName": "t"}, {"dynamodb:GetItem arn:aws:dynamodb:::table/t"}),
        (
            "dynamodb",
            "Query",
            {"TableName": "t", "IndexName": "i"},
            {"dynamodb:Query arn:aws:dynamodb:::table/t/index/i"},
        ),
        ("dynamodb", "Query", {"TableName": "t"}, {"dynamodb:Query arn:aws:dynamodb:::table/t"}),
        (
            "dynamodb",
            "GetItem",
            {"TableName": "arn:aws:dynamodb:eu-west-1:1:table/t"},
            {"dynamodb:GetItem arn:aws:dynamodb:eu-west-1:1:table/t"},
        ),
        (
            "dynamodb",
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"TableName": "a"}}, {"ConditionCheck": {"TableName": "b"}}]},
            {
                "dynamodb:PutItem arn:aws:dynamodb:::table/a",
                "dynamodb:ConditionCheckItem arn:aws:dynamodb:::table/b",
            },
        ),
        (
            "dynamodb",
            "BatchGetItem",
            {"RequestItems": {"t": {}, "u": {}}},
            {
                "dynamodb:BatchGetItem arn:aws:dynamodb:::table/t",
                "dynamodb:BatchGetItem arn:aws:dynamodb:::table/u",
            },
        ),
        (
            "dynamodb",
            "ExecuteStatement",
            {"Statement": 'SELECT * FROM "t"."i" WHERE id = ?'},
            {"dynamodb:PartiQLSelect arn:aws:dynamodb:::table/t/index/i"},
        ),
        (
            "dynamodb",
            "ExecuteStatement",
            {"Statement": "INSERT INTO t VALUE {'id': ?}"},
            {"dynamodb:PartiQLInsert arn:aws:dynamodb:::table/t"},
        ),
        (
            "sqs",
            "SendMessageBatch",
            {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"},
            {"sqs:SendMessage arn:aws:sqs:::jobs"},
        ),
        (
            "sns",
            "Publish",
            {"TopicArn": "arn:aws:sns:eu-west-1:1:t"},
            {"sns:Publish arn:aws:sns:eu-west-1:1:t"},
        ),
        ("sns", "Publish", {"PhoneNumber": UNKNOWN}, {"sns:Publish *"}),
        (
            "secretsmanager",
            "GetSecretValue",
            {"SecretId": "db"},
            {"secretsmanager:GetSecretValue arn:aws:secretsmanager:::secret:db-??????"},
        ),
        (
            "secretsmanager",
            "GetSecretValue",
            {"SecretId": "arn:aws:secretsmanager:eu-west-1:1:secret:db-a1B2c3"},
            {"secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-west-1:1:secret:db-a1B2c3"},
        ),
        ("ssm", "GetParameter", {"Name": "/a/b"}, {"ssm:GetParameter arn:aws:ssm:::parameter/a/b"}),
        (
            "ssm",
            "GetParametersByPath",
            {"Path": "/a/"},
            {
                "ssm:GetParametersByPath arn:aws:ssm:::parameter/a",
                "ssm:GetParametersByPath arn:aws:ssm:::parameter/a/*",
            },
        ),
        ("lambda", "Invoke", {"FunctionName": "f"}, {"lambda:InvokeFunction arn:aws:lambda:::function:f"}),
        (
            "lambda",
            "Invoke",
            {"FunctionName": "f", "Qualifier": "live"},
            {"lambda:InvokeFunction arn:aws:lambda:::function:f:live"},
        ),
        (
            "events",
            "PutEvents",
            {"Entries": [{"Source": "x"}]},
            {"events:PutEvents arn:aws:events:::event-bus/default"},
        ),
        (
            "events",
            "PutEvents",
            {"Entries": [{"EventBusName": "own"}]},
            {"events:PutEvents arn:aws:events:::event-bus/own"},
        ),
        (
            "apigatewaymanagementapi",
            "PostToConnection",
            {"ConnectionId": UNKNOWN},
            {"execute-api:ManageConnections arn:aws:execute-api:::*/*/POST/@connections/*"},
        ),
        (
            "apigatewaymanagementapi",
            "PostToConnection",
            {"endpoint": "https://abc.execute-api.eu-west-1.amazonaws.com/dev"},
            {"execute-api:ManageConnections arn:aws:execute-api:::abc/*/POST/@connections/*"},
        ),
        (
            "apigatewaymanagementapi",
            "DeleteConnection",
            {"endpoint": "https://sockets.example.com"},
            {"execute-api:ManageConnections arn:aws:execute-api:::*/*/DELETE/@connections/*"},
        ),
        ("sts", "GetCallerIdentity", {}, set()),
        ("cognito-idp", "InitiateAuth", {"ClientId": "c"}, set()),
        ("sts", "AssumeRole", {"RoleArn": "arn:aws:iam::1:role/r"}, {"sts:AssumeRole arn:aws:iam::1:role/r"}),
        (
            "rds-data",
            "ExecuteStatement",
            {"resourceArn": "arn:aws:rds:::cluster:c", "secretArn": "arn:aws:secretsmanager:::secret:s-a1B2c3"},
            {
                "rds-data:ExecuteStatement arn:aws:rds:::cluster:c",
                "secretsmanager:GetSecretValue arn:aws:secretsmanager:::secret:s-a1B2c3",
            },
        ),
        ("cloudwatch", "PutMetricData", {"Namespace": "n"}, {"cloudwatch:PutMetricData *"}),
        ("kinesis", "PutRecords", {"StreamName": "s"}, {"kinesis:PutRecords arn:aws:kinesis:::stream/s"}),
        (
            "rekognition",
            "DetectLabels",
            {"Image": {"S3Object": {"Bucket": "b", "Name": UNKNOWN}}},
            {"rekognition:DetectLabels *", "s3:GetObject arn:aws:s3:::b/*"},
        ),
        (
            "bedrock-runtime",
            "Converse",
            {"modelId": "anthropic.claude-v2"},
            {"bedrock:InvokeModel arn:aws:bedrock:*::foundation-model/anthropic.claude-v2"},
        ),
        ("kms", "Decrypt", {"KeyId": "k"}, {"kms:Decrypt arn:aws:kms:::key/k"}),
        (
            "stepfunctions",
            "StartExecution",
            {"stateMachineArn": "$MACHINE"},
            {"states:StartExecution ${MACHINE}"},
        ),
        (
            "events",
            "PutTargets",
            {"Rule": "r", "Targets": []},
            {"events:PutTargets arn:aws:events:::rule/r"},
        ),
        ("events", "DisableRule", {"Name": "r"}, {"events:DisableRule arn:aws:events:::rule/r"}),
        (
            "events",
            "DisableRule",
            {"Name": "r", "EventBusName": "arn:aws:events:eu-west-1:123456789012:event-bus/b"},
            {"events:DisableRule arn:aws:events:::rule/b/r"},
        ),
        (
            "events",
            "DisableRule",
            {"Name": "r", "EventBusName": UNKNOWN},
            {"events:DisableRule arn:aws:events:::rule/r", "events:DisableRule arn:aws:events:::rule/*/r"},
        ),
        (
            "cloudformation",
            "CreateStack",
            {"StackName": "s"},
            {"cloudformation:CreateStack arn:aws:cloudformation:::stack/s/*"},
        ),
        (
            "stepfunctions",
            "DescribeExecution",
            {"executionArn": "arn:aws:states:eu-west-1:123456789012:execution:m:x"},
            {"states:DescribeExecution arn:aws:states:eu-west-1:123456789012:execution:m:x"},
        ),
        (
            "dynamodbstreams",
            "DescribeStream",
            {"StreamArn": "arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/1"},
            {"dynamodb:DescribeStream arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/1"},
        ),
        (
            "kinesis",
            "SubscribeToShard",
            {"ConsumerARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/s/consumer/c:1"},
            {"kinesis:SubscribeToShard arn:aws:kinesis:eu-west-1:123456789012:stream/s/consumer/c:1"},
        ),
        (
            "comprehend",
            "DescribeFlywheel",
            {"FlywheelArn": "arn:aws:comprehend:eu-west-1:123456789012:flywheel/e"},
            {"comprehend:DescribeFlywheel arn:aws:comprehend:eu-west-1:123456789012:flywheel/e"},
        ),
        (
            "datasync",
            "StartTaskExecution",
            {"TaskArn": "arn:aws:datasync:eu-west-1:123456789012:task/t"},
            {"datasync:StartTaskExecution arn:aws:datasync:eu-west-1:123456789012:task/t"},
        ),
        (
            "batch",
            "SubmitJob",
            {"jobName": "x", "jobDefinition": "d", "jobQueue": "q"},
            {
                "batch:SubmitJob arn:aws:batch:::job-definition/d:*",
                "batch:SubmitJob arn:aws:batch:::job-queue/q",
            },
        ),
        ("ecs", "RunTask", {"taskDefinition": "t:3"}, {"ecs:RunTask arn:aws:ecs:::task-definition/t:3"}),
        ("ecs", "RunTask", {"taskDefinition": "t"}, {"ecs:RunTask arn:aws:ecs:::task-definition/t:*"}),
        (
            "ssm",
            "SendCommand",
            {"DocumentName": "AWS-RunShellScript", "InstanceIds": ["i-1", "mi-2"]},
            {
                "ssm:SendCommand arn:aws:ssm:::document/AWS-RunShellScript",
                "ssm:SendCommand arn:aws:ec2:::instance/i-1",
                "ssm:SendCommand arn:aws:ssm:::managed-instance/mi-2",
            },
        ),
        (
            "kms",
            "DeleteAlias",
            {"AliasName": "alias/a"},
            {"kms:DeleteAlias arn:aws:kms:::alias/a", "kms:DeleteAlias arn:aws:kms:::key/*"},
        ),
        ("logs", "StartQuery", {"logGroupName": "g"}, {"logs:StartQuery arn:aws:logs:::log-group:g:*"}),
        ("sagemaker", "CreateModel", {"ModelName": "m"}, {"sagemaker:CreateModel arn:aws:sagemaker:::model/m"}),
        (
            "lambda",
            "UpdateFunctionCode",
            {"FunctionName": "f", "S3Bucket": "b", "S3Key": "k"},
            {"lambda:UpdateFunctionCode arn:aws:lambda:::function:f", "s3:GetObject arn:aws:s3:::b/k"},
        ),
        (
            "bedrock-runtime",
            "StartAsyncInvoke",
            {
                "modelId": "amazon.nova-reel-v1:0",
                "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://b/out/"}},
            },
            {
                "bedrock:InvokeModel arn:aws:bedrock:*::foundation-model/amazon.nova-reel-v1:0",
                "s3:PutObject arn:aws:s3:::b/out/*",
            },
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else None,
)
def test_what_a_call_needs(service: str, operation: str, arguments: dict[str, Any], expected: set[str]) -> None:
    assert granted(service, operation, **arguments) == expected


def test_an_operation_nobody_knows_is_not_known_to_need_nothing() -> None:
    assert wanted(call("dynamodb", "InventItem")) is None
    assert wanted(call("nonesuch", "GetItem")) is None


def test_parameters_that_are_not_known_leave_what_they_ask_for_open() -> None:

    assert set(maybe(call("s3", "PutObject", complete=False, Bucket="b"))) >= {
        "s3:PutObjectAcl",
        "s3:PutObjectTagging",
    }
    assert not set(maybe(call("s3", "PutObject", Bucket="b")))


@pytest.mark.parametrize("client", ["apigateway", "apigatewayv2"])
def test_what_api_gateway_is_asked_for_is_its_get(client: str) -> None:
    model = botocore.session.get_session().get_service_model(client)
    reading = [one for one in model.operation_names if one.startswith("Get")]
    assert len(reading) > 20
    for operation in reading:
        assert model.operation_model(operation).http["method"] == "GET"
        assert [one.action for one in wanted(call(client, operation)) or ()] == ["apigateway:GET"]
    assert wanted(call(client, "UpdateStage")) is None


@pytest.mark.parametrize("client", ["apigateway", "apigatewayv2"])
def test_what_api_gateway_is_told_to_change_is_its_method(client: str) -> None:
    model = botocore.session.get_session().get_service_model(client)
    known = {one: wanted(call(client, one)) for one in model.operation_names if not one.startswith("Get")}
    found = {one: ways for one, ways in known.items() if ways and ways[0].action != f"apigateway:{one}"}
    assert len(found) > 10
    for operation, ways in found.items():
        method = model.operation_model(operation).http["method"]
        assert [one.action for one in ways] == [f"apigateway:{method}"]
    assert {"DeleteStage", "UpdateStage", "CreateIntegration", "CreateRestApi"}.isdisjoint(found)

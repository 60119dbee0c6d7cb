"""What is promised of needs and held nowhere else: event sources, keys of stores, what AWS's linter says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stockade.cli import main
from stockade.needs.said import in_json
from tests.linter import says_nothing
from tests.needs.made import needs
from tests.needs.test_derive import shown, terraform
from tests.needs.test_implied import FUNCTION, implied

PLAIN = """
data "aws_region" "current" {}
resource "aws_lambda_event_source_mapping" "in" {
  function_name = aws_lambda_function.f.arn
  %s
}
"""


def polled(directory: Path, mapping: str, beside: str = "") -> set[str]:
    """The actions, without resources, that a mapping needs beside logs."""
    found = implied(directory, beside=PLAIN % mapping + beside)
    return {one.partition(" ")[0] for one in found if not one.startswith("logs:")}


POLLER = {
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
}


@pytest.mark.parametrize(
    ("mapping", "beside", "expected"),
    [
        (
            "event_source_arn = aws_dynamodb_table.in.stream_arn",
            'resource "aws_dynamodb_table" "in" {\n  name = "in"\n  stream_enabled = true\n}\n',
            {
                "dynamodb:DescribeStream",
                "dynamodb:GetRecords",
                "dynamodb:GetShardIterator",
                "dynamodb:ListStreams",
            },
        ),
        (
            "event_source_arn = aws_msk_cluster.in.arn",
            'resource "aws_msk_cluster" "in" {}\n',
            {"kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers", *POLLER},
        ),
        (
            "event_source_arn = aws_docdb_cluster.in.arn",
            'resource "aws_docdb_cluster" "in" {}\n',
            {
                "rds:DescribeDBClusterParameters",
                "rds:DescribeDBClusters",
                "rds:DescribeDBSubnetGroups",
                *POLLER,
            },
        ),
        ("self_managed_event_source {\n    endpoints = {}\n  }", "", set()),
    ],
    ids=["dynamodb", "msk", "documentdb", "self-managed"],
)
def test_every_event_source_is_polled(mapping: str, beside: str, expected: set[str], tmp_path: Path) -> None:
    assert polled(tmp_path, mapping, beside) == expected


TABLE = 'resource "aws_dynamodb_table" "t" {\n  name = "t"\n%s}\n'
SECRET = 'resource "aws_secretsmanager_secret" "t" {\n  name = "t"\n%s}\n'
TOPIC = 'resource "aws_sns_topic" "t" {\n%s}\n'
STREAM = 'resource "aws_kinesis_stream" "t" {\n  name = "t"\n%s}\n'
KEY = 'resource "aws_kms_key" "k" {}\n'


@pytest.mark.parametrize(
    ("variable", "resource", "key", "call", "own"),
    [
        (
            "aws_secretsmanager_secret.t.arn",
            SECRET,
            "  kms_key_id = aws_kms_key.k.arn\n",
            'client("secretsmanager").get_secret_value(SecretId=name)',
            {"kms:Decrypt"},
        ),
        (
            "aws_sns_topic.t.arn",
            TOPIC,
            "  kms_master_key_id = aws_kms_key.k.arn\n",
            'client("sns").publish(TopicArn=name, Message="x")',
            {"kms:Decrypt", "kms:GenerateDataKey"},
        ),
        (
            "aws_kinesis_stream.t.name",
            STREAM,
            '  encryption_type = "KMS"\n  kms_key_id = aws_kms_key.k.arn\n',
            'client("kinesis").put_record(StreamName=name, Data=b"", PartitionKey="k")',
            {"kms:GenerateDataKey"},
        ),
        (
            "aws_dynamodb_table.t.name",
            TABLE,
            "  server_side_encryption {\n    enabled = true\n    kms_key_arn = aws_kms_key.k.arn\n  }\n",
            'client("dynamodb").get_item(TableName=name, Key={})',
            {"kms:Decrypt"},
        ),
    ],
    ids=["secret", "topic", "stream", "table"],
)
def test_a_key_is_needed_only_where_it_is_the_customers(
    variable: str, resource: str, key: str, call: str, own: set[str], tmp_path: Path
) -> None:
    source = f"import os, boto3\ndef handler(e, c):\n    name = os.environ['N']\n    boto3.{call}\n"
    with_key = shown(terraform(tmp_path / "own", f"N = {variable}", resource % key + KEY, source))
    without = shown(terraform(tmp_path / "awss", f"N = {variable}", resource % "" + KEY, source))
    assert not any(one.startswith("kms:") for one in without), without
    assert {one.partition(" ")[0] for one in with_key if one.startswith("kms:")} >= own, with_key


SOURCE = """
import os, boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    table.put_item(Item=event)
    table.query(IndexName="by-day")
    boto3.client("s3").put_object(Bucket="files", Key="out/" + event["key"], Tagging="a=b")
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody="x")
"""
SAM = """AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage:
    Type: String
    Default: test
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Sub "${AWS::StackName}-orders-${Stage}"
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src
      Environment:
        Variables:
          TABLE: !Ref Table
          QUEUE: !Ref Queue
%s
  Queue:
    Type: AWS::SQS::Queue
    UpdateReplacePolicy: Delete
    DeletionPolicy: Delete
  Table:
    Type: AWS::DynamoDB::Table
    UpdateReplacePolicy: Delete
    DeletionPolicy: Delete
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
"""


def test_awss_linter_takes_what_is_printed_for_a_template(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(SOURCE)
    (tmp_path / "template.yaml").write_text(SAM % "")
    assert main(["policy", str(tmp_path), "--format", "yaml"]) == 0
    text = capsys.readouterr().out
    assert "${AWS::StackName}-orders-test" in text
    inside = "".join(f"      {line}\n" for line in text.splitlines())
    (tmp_path / "template.yaml").write_text(SAM % inside)
    says_nothing(tmp_path / "template.yaml")


def test_what_is_printed_is_valid_by_awss_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "app.py").write_text(SOURCE)
    options = ["--handler", "app.handler", "--env", "TABLE=orders", "--env", "QUEUE=jobs", "--format", "json"]
    main(["policy", str(tmp_path), *options])
    (function,) = json.loads(capsys.readouterr().out)["functions"]
    policy = tmp_path / "policy.json"
    policy.write_text(json.dumps(function["policy"]))
    assert main(["iam", "validate", str(policy), "--format", "json"]) == 0
    assert "by-day" in policy.read_text() and "s3:PutObjectTagging" in policy.read_text()


def test_the_code_of_a_staged_asset_is_found_beside_the_template(tmp_path: Path) -> None:
    template = {
        "Resources": {
            "F1A2B": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Code": {"S3Bucket": "cdk-assets", "S3Key": "abc.zip"},
                    "Role": "arn:aws:iam::123456789012:role/f",
                    "Runtime": "python3.13",
                    "Handler": "app.handler",
                    "Environment": {"Variables": {"TABLE": {"Ref": "T3C4D"}, "QUEUE": "jobs"}},
                },
                "Metadata": {"aws:cdk:path": "Shop/F/Resource", "aws:asset:path": "asset.abc"},
            },
            "T3C4D": {"Type": "AWS::DynamoDB::Table", "Properties": {}},
        }
    }
    found = needs(
        tmp_path,
        {
            "cdk.out/Shop.template.json": json.dumps(template),
            "cdk.out/manifest.json": "{}",
            "cdk.out/asset.abc/app.py": SOURCE,
        },
    )
    assert "dynamodb:PutItem ${T3C4D.Arn}" in shown(found)


@pytest.mark.parametrize(
    ("call", "own", "beside"),
    [
        (
            "import_table(S3BucketSource={'S3Bucket': 'b'}, InputFormat='CSV', TableCreationParameters={})",
            "dynamodb:ImportTable",
            {"s3:getobject", "s3:listbucket", "logs:putretentionpolicy"},
        ),
        (
            "export_table_to_point_in_time(TableArn=os.environ['T'], S3Bucket='b')",
            "dynamodb:ExportTableToPointInTime",
            {"s3:putobject", "s3:abortmultipartupload"},
        ),
    ],
    ids=["import", "export"],
)
def test_what_dynamodb_does_in_a_bucket_in_its_callers_name(
    call: str, own: str, beside: set[str], tmp_path: Path
) -> None:
    source = f"import os, boto3\ndef handler(e, c):\n    boto3.client('dynamodb').{call}\n"
    found = terraform(tmp_path, "T = aws_dynamodb_table.t.arn", TABLE % "", source)
    assert {one.partition(" ")[0] for one in shown(found)} == {own}
    learned = found.learned
    assert beside <= {one.lower() for open in learned.open for one in open.actions} | learned.perhaps


OWN = 'resource "aws_secretsmanager_secret" "s" {\n  name       = "s"\n  kms_key_id = aws_kms_key.k.arn\n}\n'


def test_brokers_elsewhere_need_the_secret_and_the_network_that_the_mapping_names(tmp_path: Path) -> None:
    mapping = """self_managed_event_source {
    endpoints = { KAFKA_BOOTSTRAP_SERVERS = "a.example.com:9092" }
  }
  source_access_configuration {
    type = "VPC_SUBNET"
    uri  = "subnet:subnet-1"
  }
  source_access_configuration {
    type = "SASL_SCRAM_512_AUTH"
    uri  = aws_secretsmanager_secret.s.arn
  }"""
    assert polled(tmp_path, mapping, OWN + KEY) == {"secretsmanager:GetSecretValue", "kms:Decrypt", *POLLER}


def test_a_broker_of_mq_needs_the_secret_of_its_mapping(tmp_path: Path) -> None:
    mapping = """event_source_arn = aws_mq_broker.b.arn
  source_access_configuration {
    type = "BASIC_AUTH"
    uri  = aws_secretsmanager_secret.s.arn
  }
  source_access_configuration {
    type = "VIRTUAL_HOST"
    uri  = "/"
  }"""
    beside = 'resource "aws_mq_broker" "b" {}\nresource "aws_secretsmanager_secret" "s" {}\n'
    assert polled(tmp_path, mapping, beside) == {"secretsmanager:GetSecretValue", "mq:DescribeBroker", *POLLER}


SIGNING_IN = {
    "kafka-cluster:AlterGroup",
    "kafka-cluster:Connect",
    "kafka-cluster:DescribeClusterDynamicConfiguration",
    "kafka-cluster:DescribeGroup",
    "kafka-cluster:DescribeTopic",
    "kafka-cluster:ReadData",
}


@pytest.mark.parametrize(
    "beside",
    [
        'resource "aws_msk_serverless_cluster" "in" { cluster_name = "c" }\n',
        'resource "aws_msk_cluster" "in" {\n  cluster_name = "c"\n'
        "  client_authentication {\n    sasl {\n      iam = true\n    }\n  }\n}\n",
    ],
    ids=["serverless", "provisioned"],
)
def test_a_cluster_that_is_signed_in_to_by_iam(tmp_path: Path, beside: str) -> None:
    kind = beside.split('"')[1]
    found = polled(tmp_path, f"event_source_arn = {kind}.in.arn", beside)
    assert found == {"kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers", *POLLER, *SIGNING_IN}


def test_a_consumer_is_subscribed_to_and_its_stream_is_read(tmp_path: Path) -> None:
    beside = """
resource "aws_kinesis_stream" "s" { name = "s" }
resource "aws_kinesis_stream_consumer" "c" {
  name       = "c"
  stream_arn = aws_kinesis_stream.s.arn
}
resource "aws_lambda_event_source_mapping" "m" {
  function_name    = aws_lambda_function.f.arn
  event_source_arn = aws_kinesis_stream_consumer.c.arn
}
"""
    found = needs(tmp_path, {"main.tf": FUNCTION % "" + beside}).learned.needed
    by_action = {one.action: in_json(one.resource) for one in found if one.action.startswith("kinesis:")}
    assert by_action.pop("kinesis:SubscribeToShard") == "${aws_kinesis_stream_consumer.c.arn}"
    assert set(by_action.values()) == {"${aws_kinesis_stream.s.arn}"}
    assert "kinesis:GetRecords" in by_action


def test_the_framework_says_how_brokers_are_signed_in_to(tmp_path: Path) -> None:
    service = """
service: s
provider: { name: aws, runtime: nodejs20.x }
functions:
  f:
    handler: a.handler
    events:
      - kafka:
          topic: t
          bootstrapServers: ["a.example.com:9092"]
          accessConfigurations:
            vpcSubnet: [subnet-1, subnet-2]
            saslScram512Auth: !Ref Credentials
      - activemq: { arn: !GetAtt Broker.Arn, queue: q, basicAuthArn: !Ref Credentials }
resources:
  Resources:
    Credentials: { Type: AWS::SecretsManager::Secret }
    Broker: { Type: AWS::AmazonMQ::Broker }
"""
    found = needs(tmp_path, {"serverless.yml": service, "a.js": "exports.handler = () => 1;\n"}).learned.needed
    assert {one.action for one in found} >= {"secretsmanager:GetSecretValue", "mq:DescribeBroker", *POLLER}
    assert {in_json(one.resource) for one in found if one.action.startswith("secrets")} == {"${Credentials.Id}"}

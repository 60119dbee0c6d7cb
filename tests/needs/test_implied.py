"""What the configuration needs, whatever the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.model.need import Certainty
from stockade.needs.said import in_json
from tests.needs.made import needs

FUNCTION = """
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  %s
}
"""
NETWORK = {
    "ec2:AssignPrivateIpAddresses *",
    "ec2:CreateNetworkInterface *",
    "ec2:DeleteNetworkInterface *",
    "ec2:DescribeNetworkInterfaces *",
    "ec2:DescribeSubnets *",
    "ec2:UnassignPrivateIpAddresses *",
}
LOGS = {
    f"logs:{action} arn:aws:logs:*:*:log-group:/aws/lambda/f:*"
    for action in ("CreateLogGroup", "CreateLogStream", "PutLogEvents")
}


def implied(directory: Path, inside: str = "", beside: str = "") -> set[str]:
    found = needs(directory, {"main.tf": FUNCTION % inside + beside}).learned.needed
    return {
        f"{one.action} {in_json(one.resource)}{'' if one.certainty is Certainty.CERTAIN else ' (likely)'}"
        for one in found
    }


def test_every_function_writes_its_own_logs(tmp_path: Path) -> None:
    assert implied(tmp_path) == LOGS


def test_a_log_group_that_is_declared_need_not_be_made(tmp_path: Path) -> None:
    group = 'resource "aws_cloudwatch_log_group" "f" { name = "/aws/lambda/f" }\n'
    assert implied(tmp_path, beside=group) == {
        "logs:CreateLogStream ${aws_cloudwatch_log_group.f.arn}:*",
        "logs:PutLogEvents ${aws_cloudwatch_log_group.f.arn}:*",
    }


def test_active_tracing(tmp_path: Path) -> None:
    inside = 'tracing_config { mode = "Active" }'
    assert implied(tmp_path, inside) - LOGS == {"xray:PutTelemetryRecords *", "xray:PutTraceSegments *"}


def test_a_vpc(tmp_path: Path) -> None:
    inside = 'vpc_config {\n  subnet_ids = ["subnet-1"]\n  security_group_ids = ["sg-1"]\n}'
    assert implied(tmp_path, inside) - LOGS == NETWORK


def test_a_dead_letter_queue_with_a_key(tmp_path: Path) -> None:
    queue = 'resource "aws_sqs_queue" "dead" { kms_master_key_id = aws_kms_key.k.id }'
    beside = f'{queue}\nresource "aws_kms_key" "k" {{}}\n'
    assert implied(tmp_path, "dead_letter_config { target_arn = aws_sqs_queue.dead.arn }", beside) - LOGS == {
        "sqs:SendMessage ${aws_sqs_queue.dead.arn}",
        "kms:Decrypt ${aws_kms_key.k.arn} (likely)",
        "kms:GenerateDataKey ${aws_kms_key.k.arn} (likely)",
    }


def test_destinations(tmp_path: Path) -> None:
    beside = """
resource "aws_lambda_function_event_invoke_config" "f" {
  function_name = aws_lambda_function.f.function_name
  destination_config {
    on_failure { destination = aws_sns_topic.failed.arn }
    on_success { destination = "arn:aws:events:eu-west-1:123456789012:event-bus/default" }
  }
}
resource "aws_sns_topic" "failed" {}
"""
    assert implied(tmp_path, beside=beside) - LOGS == {
        "sns:Publish ${aws_sns_topic.failed.arn}",
        "events:PutEvents arn:aws:events:eu-west-1:123456789012:event-bus/default",
    }


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            'resource "aws_sqs_queue" "in" {}',
            {
                f"sqs:{one} ${{aws_sqs_queue.in.arn}}"
                for one in ("DeleteMessage", "GetQueueAttributes", "ReceiveMessage")
            },
        ),
        (
            'resource "aws_kinesis_stream" "in" {}',
            {
                f"kinesis:{one} ${{aws_kinesis_stream.in.arn}}"
                for one in (
                    "DescribeStream",
                    "DescribeStreamSummary",
                    "GetRecords",
                    "GetShardIterator",
                    "ListShards",
                )
            },
        ),
        (
            'resource "aws_mq_broker" "in" {}',
            {
                "mq:DescribeBroker ${aws_mq_broker.in.arn}",
                *(one for one in NETWORK if "PrivateIp" not in one),
                "ec2:DescribeSecurityGroups *",
                "ec2:DescribeVpcs *",
            },
        ),
    ],
)
def test_an_event_source_is_polled(source: str, expected: set[str], tmp_path: Path) -> None:
    kind = source.split('"')[1]
    mapping = f"""
resource "aws_lambda_event_source_mapping" "in" {{
  function_name    = aws_lambda_function.f.arn
  event_source_arn = {kind}.in.arn
}}
{source}
"""
    assert implied(tmp_path, beside=mapping) - LOGS == expected


def test_a_file_system(tmp_path: Path) -> None:
    inside = 'file_system_config {\n  arn = aws_efs_access_point.a.arn\n  local_mount_path = "/mnt/a"\n}'
    found = needs(tmp_path, {"main.tf": FUNCTION % inside + 'resource "aws_efs_access_point" "a" {}\n'})
    mount = next(one for one in found.learned.needed if one.action == "elasticfilesystem:ClientMount")
    (test,) = mount.tests
    assert (test.operator, test.key) == ("StringEquals", "elasticfilesystem:AccessPointArn")
    assert [in_json(one) for one in test.values] == ["${aws_efs_access_point.a.arn}"]


def test_the_insights_layer(tmp_path: Path) -> None:
    layer = 'layers = ["arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:53"]'
    group = "arn:aws:logs:*:*:log-group:/aws/lambda-insights:*"
    assert implied(tmp_path, layer) - LOGS == {
        f"logs:CreateLogGroup {group} (likely)",
        f"logs:CreateLogStream {group}",
        f"logs:PutLogEvents {group}",
    }


def test_a_key_for_the_environment(tmp_path: Path) -> None:
    inside = 'kms_key_arn = aws_kms_key.k.arn\n  environment { variables = { A = "b" } }'
    assert implied(tmp_path, inside, 'resource "aws_kms_key" "k" {}\n') - LOGS == {
        "kms:Decrypt ${aws_kms_key.k.arn} (likely)"
    }

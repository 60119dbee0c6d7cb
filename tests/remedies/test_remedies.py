"""What fixes of several controls share: no circles, one topic for all, keys, and what the owner says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stockade.control import Add, Fix, Put, Rewrite, Safety
from stockade.fix.rehearse import rehearse
from stockade.model.choices import Choices
from stockade.read import terraform
from stockade.read.cloudformation import reader as cloudformation
from stockade.read.files import Tree
from stockade.read.resource import Reading
from stockade.remedies.policies import is_terraform, local_name, plain
from stockade.value import Default, Known, Ref, Text, Unknown, text_of
from tests.cases_harness import fixes, report

HERE = Default("written in a test")
TRUST = """jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })"""
ROLE = f"""
resource "aws_iam_role" "r" {{
  name               = "r"
  assume_role_policy = {TRUST}
}}
"""


def read(directory: Path, text: str) -> Reading:
    (directory / "main.tf").write_text(text)
    return terraform.read(directory, Tree(directory), variables={}, variable_files=[], environment={})


def template(directory: Path, text: str) -> Reading:
    path = directory / "template.yaml"
    path.write_text(text)
    return cloudformation.read(path, Tree(directory), variables={}, variable_files=[])


def proposed(reading: Reading, control: str, choices: Choices | None = None) -> list[Fix]:
    return [fix for _, fix in fixes(report(reading, only=[control], choices=choices))]


# --------------------------------------------------------------------------------------------- alarms

TWO = """
resource "aws_lambda_function" "a" {
  function_name = "a"
  role          = "arn:aws:iam::123456789012:role/a"
}

resource "aws_lambda_function" "b" {
  function_name = "b"
  role          = "arn:aws:iam::123456789012:role/b"
}
"""


def test_one_topic_serves_all_alarms_of_a_module(tmp_path: Path) -> None:
    reading = read(tmp_path, TWO)
    found = [*proposed(reading, "unalarmed-errors"), *proposed(reading, "unalarmed-invocations")]
    topics = {
        change for fix in found for change in fix.changes if isinstance(change, Add) and change.kind == "Topic"
    }
    assert len(found) == 4
    assert len(topics) == 1
    made = rehearse(reading, [change for fix in found for change in fix.changes])
    addresses = [one.address for one in made.resources]
    assert addresses.count("aws_sns_topic.alarms") == 1
    assert {f"aws_cloudwatch_metric_alarm.{name}" for name in ("a_errors", "b_errors", "a_invocations")} <= {
        *addresses
    }
    assert not report(made, only=["unalarmed-errors", "unalarmed-invocations"]).findings


def test_the_owners_topic_goes_before_all_others(tmp_path: Path) -> None:
    arn = "arn:aws:sns:eu-west-1:123456789012:pages"
    reading = read(tmp_path, TWO + 'resource "aws_sns_topic" "alarms" {}\n')
    (fix, _) = proposed(reading, "unalarmed-errors", Choices(alarm_topic=arn, error_rate=2))
    (alarm,) = fix.changes
    assert isinstance(alarm, Add)
    assert dict(alarm.attributes)["alarm_actions"] == (arn,)
    assert dict(alarm.attributes)["threshold"] == 2


# ----------------------------------------------------------------------------------------- concurrency


@pytest.mark.parametrize(("number", "safety"), [(90, Safety.REVIEW), (91, Safety.SHOW)])
def test_no_more_is_reserved_than_the_usual_limit_has(tmp_path: Path, number: int, safety: Safety) -> None:
    functions = "\n".join(
        f'resource "aws_lambda_function" "f{index}" {{\n  function_name = "f{index}"\n  role = "r"\n}}'
        for index in range(number)
    )
    found = proposed(read(tmp_path, functions), "unreserved-concurrency")
    assert {fix.safety for fix in found} == {safety}


# ------------------------------------------------------------------------------------------------ logs


def test_all_fixes_declare_the_same_log_group(tmp_path: Path) -> None:
    text = f"""{ROLE}
resource "aws_iam_role_policy" "logs" {{
  role   = aws_iam_role.r.id
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" }}]
  }})
}}

resource "aws_kms_key" "k" {{}}

resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = aws_iam_role.r.arn
  kms_key_arn   = aws_kms_key.k.arn
}}
"""
    reading = read(tmp_path, text)
    groups = {
        repr(change)
        for control in ("unscoped-logs", "unbounded-log-retention", "unencrypted-logs")
        for fix in proposed(reading, control)
        for change in fix.changes
        if isinstance(change, Add) and change.kind == "LogGroup"
    }
    assert len(groups) == 1
    assert "kms_key_arn" in groups.pop()


def test_a_role_that_lists_its_policies_gets_no_others_beside_it(tmp_path: Path) -> None:
    document = 'jsonencode({ Version = "2012-10-17", Statement = [] })'
    inline = f'inline_policy {{\n    name   = "own"\n    policy = {document}\n  }}\n}}'
    text = f"""{ROLE.rstrip().removesuffix("}")}  {inline}
resource "aws_iam_role_policy_attachment" "basic" {{
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}}

resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = aws_iam_role.r.arn
}}
"""
    reading = read(tmp_path, text)
    for control in ("unscoped-logs", "untraced-function"):
        (fix,) = proposed(reading, control)
        made = rehearse(reading, fix.changes)
        assert not any(one.type == "aws_iam_role_policy" for one in made.resources)
        (role,) = (one for one in made.resources if one.type == "aws_iam_role")
        blocks = role.attributes["inline_policy"]
        assert isinstance(blocks, Known) and len(blocks.value) == 2
        assert set(blocks.value[1].value) == {"name", "policy"}
        # What stands in the role refers to nothing that depends on the function.
        named = [change for change in fix.changes if isinstance(change, Add) and change.kind == "LogGroup"]
        assert all(dict(one.attributes)["name"] == text_of("/aws/lambda/f") for one in named)


SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: src/, Handler: app.handler, Runtime: python3.13}
"""


def test_a_function_without_a_name_logs_to_a_group_of_its_own(tmp_path: Path) -> None:
    reading = template(tmp_path, SAM)
    (fix,) = proposed(reading, "unbounded-log-retention")
    group, use = fix.changes
    assert isinstance(group, Add) and "name" not in dict(group.attributes)
    assert use == Put("Worker", "log_group", group.ref("name"))
    assert not report(rehearse(reading, fix.changes), only=["unbounded-log-retention"]).findings


def test_sam_lets_a_traced_function_write_by_itself(tmp_path: Path) -> None:
    (fix,) = proposed(template(tmp_path, SAM), "untraced-function")
    assert fix.changes == (Put("Worker", "tracing_mode", "Active"),)


# ------------------------------------------------------------------------------------------ invocation

CALLED = """
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
}

resource "aws_sns_topic" "t" {}

resource "aws_sns_topic_subscription" "t" {
  topic_arn = aws_sns_topic.t.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.f.arn
}

resource "aws_cloudwatch_event_rule" "r" {
  schedule_expression = "rate(1 hour)"
}

resource "aws_cloudwatch_event_target" "r" {
  rule = aws_cloudwatch_event_rule.r.name
  arn  = aws_lambda_function.f.arn
}

resource "aws_lambda_permission" "all" {
  function_name = aws_lambda_function.f.function_name
  action        = "lambda:InvokeFunction"
  principal     = "*"
}
"""


def test_a_permission_on_which_two_rely_is_only_shown(tmp_path: Path) -> None:
    (fix,) = proposed(read(tmp_path, CALLED), "public-invoke")
    assert fix.safety is Safety.SHOW
    assert "aws_sns_topic.t" in fix.note and "aws_cloudwatch_event_rule.r" in fix.note


# ----------------------------------------------------------------------------------------------- pieces


@pytest.mark.parametrize(
    ("address", "terraform", "name"),
    [
        ("aws_lambda_function.f", True, "f"),
        ('module.a["x"].aws_lambda_function.g["k.l"]', True, "g"),
        ("data.aws_iam_role.r", True, "r"),
        ("Worker", False, "Worker"),
        ("stack.Inner.Worker", False, "Worker"),
    ],
)
def test_addresses_tell_their_dialect(address: str, terraform: bool, name: str) -> None:
    assert is_terraform(address) is terraform
    assert local_name(address) == name


def test_a_tree_is_plain_only_where_all_of_it_is_known() -> None:
    ref = Ref("aws_sqs_queue.q", "arn")
    tree = Known({"a": Known((Known("x", HERE), Unknown("later", HERE, Text((ref,)))), HERE)}, HERE)
    assert plain(tree) == {"a": ["x", Text((ref,))]}
    with pytest.raises(LookupError, match="why"):
        plain(Known({"a": Unknown("why", HERE)}, HERE))


def test_removals_of_several_statements_are_made_once(tmp_path: Path) -> None:
    policy = """
resource "aws_iam_role_policy" "p" {
  role   = "r"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [for one in ["a", "b", "c"] : { Effect = "Allow", Action = "s3:Get${one}", Resource = "*" }]
  })
}
"""
    reading = read(tmp_path, policy)
    gone = [
        Rewrite("aws_iam_role_policy.p", "document", 2, None, of=3),
        Rewrite("aws_iam_role_policy.p", "document", 0, None, of=2),
    ]
    once = rehearse(reading, gone)
    twice = rehearse(once, gone)
    text = str(once.resources[0].attributes["policy"])
    assert "s3:Getb" in text and "s3:Geta" not in text and "s3:Getc" not in text
    assert str(twice.resources[0].attributes["policy"]) == text


def test_changes_that_are_made_later_are_made_once_and_when_they_are_asked_for() -> None:
    made: list[Put] = []

    def making() -> tuple[Put, ...]:
        made.append(Put("aws_lambda_function.f", "timeout", 3))
        return (made[-1],)

    later = Fix.later("wait less", Safety.REVIEW, making, "why not")
    assert (later.title, later.safety, later.note, made) == ("wait less", Safety.REVIEW, "why not", [])
    assert later.changes is later.changes
    assert len(made) == 1
    assert later == Fix("wait less", Safety.REVIEW, (made[0],), "why not")
    assert replace(later, title="wait").changes == (made[0],)
    assert not hasattr(later, "change")

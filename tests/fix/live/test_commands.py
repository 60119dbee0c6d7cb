"""Commands that mend what runs: what the real AWS CLI makes of each, and that all else stays as it is."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.control import Add, Drop, Fix, Noise, Put, Rewrite, Safety
from stockade.controls import load
from stockade.errors import FixError
from stockade.fix.live.commands import Commands, shown
from stockade.fix.live.proved import proved
from stockade.fix.live.said import Sayer
from stockade.fix.live.shell import Command
from stockade.patched import Outcome, Patch
from stockade.read.account.answer import Place
from stockade.read.build import build
from stockade.read.inputs import Input
from stockade.read.resource import Reading
from stockade.remedies.logs import IMPORT_FIRST
from stockade.report import Report
from stockade.scan import scan
from stockade.value import Ref, Text
from tests.aws.account import Account, allow, document
from tests.aws.ample import ample, permission
from tests.aws.endpoint import running
from tests.aws.scanning import AT, reading
from tests.fix.live.cli import one_loader, parsed

PLACE = Place("111122223333", "us-east-1", "aws", AT)
FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:worker"
ROLE = "arn:aws:iam::111122223333:role/worker"


@pytest.fixture(scope="module", autouse=True)
def _cli() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, one_loader():
        for name, value in {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_PAGER": ""}.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def read() -> Reading:
    with running(ample()) as endpoint:
        return reading(endpoint)


def given_of(made: Reading) -> Input:
    return Input(made.kind, made.path, len(made.resources), build(made), made.path, reading=made)


def judge(some: Any) -> Report:
    return scan(some, load(), at=AT, noise=Noise.AUDIT)


@pytest.fixture(scope="module")
def patch(read: Reading) -> Patch:
    return proved([(given_of(read), PLACE)], judge, Safety.REVIEW).patch


def lines(patch: Patch, language: str = "shell") -> list[str]:
    codes = [code for one in patch.made if one.fix for code in one.fix.code if code.language == language]
    found = (line for code in codes for line in code.text.splitlines() if not line.startswith("#"))
    return [line.removesuffix(" &&") for line in found]


@cache
def account() -> Reading:
    """One function whose every setting is set."""
    return with_settings()


def with_settings(**of_function: Any) -> Reading:
    """The same with other settings."""
    made = Account()
    here = made.region()
    own = document(allow("s3:GetObject", "arn:aws:s3:::a/*"), allow("sqs:*", "*"))
    role = made.role("worker", inline={"own": own, "logs": document(allow("logs:PutLogEvents", "*"))})
    variables = {"TABLE": "orders", "HOST": "db", "KEY": "hunter2-hunter2"}
    network = {"VpcId": "vpc-1", "SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
    settings = {
        "Environment": {"Variables": variables},
        "VpcConfig": {**network, "Ipv6AllowedForDualStack": True},
    }
    here.function(
        "worker", role, settings={**settings, **of_function}, policy=[permission(here, "worker", "*")]
    )
    with running(made) as endpoint:
        return reading(endpoint)


def said(made: Reading, *changes: Any) -> list[tuple[str, dict[str, Any]]]:
    """What the CLI makes of the commands for some changes."""
    writer = Commands(made, PLACE)
    fix = Fix("mend it", Safety.REVIEW, changes)
    return [parsed(one.words()) for one in writer.commands(writer.said(fix))]


# ------------------------------------------------------------------------------------------ the CLI


def test_every_command_is_one_that_the_cli_takes(patch: Patch) -> None:
    found = {parsed(one)[0] for one in lines(patch) if "$(" not in one}
    assert len(lines(patch)) > 20
    assert {
        "lambda:UpdateFunctionConfiguration",
        "lambda:UpdateFunctionUrlConfig",
        "lambda:AddPermission",
        "lambda:RemovePermission",
        "lambda:PutFunctionConcurrency",
        "lambda:PutFunctionEventInvokeConfig",
        "iam:PutRolePolicy",
        "iam:DetachRolePolicy",
        "logs:PutRetentionPolicy",
        "cloudwatch:PutMetricAlarm",
        "sqs:CreateQueue",
        "apigateway:UpdateStage",
        "apigatewayv2:UpdateStage",
        "apigatewayv2:UpdateRoute",
    } <= found


def test_all_of_them_are_proved_together(patch: Patch) -> None:
    outcomes = {one.outcome for one in patch.told}
    assert Outcome.DEFECT not in outcomes and Outcome.UNPROVED not in outcomes
    assert len(patch.made) > 15
    assert not [one for one in patch.told if one.outcome is Outcome.IMPOSSIBLE]
    assert not [text for text in lines(patch) + lines(patch, "hcl") if "hunter2" in text]


def test_a_fix_that_brings_another_finding_is_not_said(read: Reading) -> None:
    """Or the proof could not fail."""
    worse = Fix(
        "open it", Safety.REVIEW, (Put(f"{FUNCTION.replace('worker', 'open')}#url", "auth_type", "NONE"),)
    )

    def told(some: Any) -> Report:
        report = judge(some)
        mine = (
            replace(one, fix=worse) if one.control == "public-function-url" else one for one in report.findings
        )
        return replace(report, findings=tuple(mine))

    made = proved(
        [(given_of(read), PLACE)], told, Safety.REVIEW, lambda one: one.control == "public-function-url"
    )
    (one,) = made.patch.told
    assert one.outcome is Outcome.DEFECT and "still there" in one.reason


# ------------------------------------------------------------------------------ what is there stays


def test_what_a_shared_role_needs_is_granted_once() -> None:
    of = Account(PLACE.account)
    role = of.role("shared")
    for name in ("one", "two"):
        of.region().function(name, role)
    with running(of) as endpoint:
        made = reading(endpoint)
    patch = proved([(given_of(made), PLACE)], judge, Safety.REVIEW).patch
    assert [one.finding.control for one in patch.made].count("untraced-function") == 2
    found = [parsed(one) for one in lines(patch)]
    traced = [sent for name, sent in found if name == "iam:PutRolePolicy" and "xray" in sent["PolicyDocument"]]
    assert [sent["PolicyName"] for sent in traced] == ["tracing"]
    assert len([name for name, sent in found if "TracingConfig" in sent]) == 2


def test_what_two_fixes_add_is_made_by_the_first() -> None:
    """AWS refuses to make a log group again, and what follows it by `&&` would not be run."""
    made = account()
    writer = Commands(made, PLACE)
    policy = (("name", "more"), ("roles", "worker"), ("document", document(allow("s3:ListBucket", "*"))))
    for kind, of in (
        ("LogGroup", (("name", "/aws/lambda/x"), ("retention_days", 30))),
        ("InlinePolicy", policy),
    ):
        fix = Fix("mend it", Safety.REVIEW, (Add(kind, ROLE, of),))
        first = writer.said(fix)
        assert writer.commands(first)
        writer.make(first)
        assert writer.commands(writer.said(fix)) == ()
    other = Fix("mend it", Safety.REVIEW, (Add("LogGroup", ROLE, (("name", "/aws/lambda/y"),)),))
    assert len(writer.commands(writer.said(other))) == 1


def test_whether_a_log_group_is_there_was_asked() -> None:
    added = Add("LogGroup", FUNCTION, (("name", "/aws/lambda/worker"),))
    fix = Fix("declare it", Safety.REVIEW, (added,), note=f"{IMPORT_FIRST}; and this")
    mended = shown(Commands(account(), PLACE), fix)
    assert (mended.note, len(mended.code)) == ("and this", 2)


@pytest.mark.parametrize("kind", ["apis", "restapis"])
def test_an_api_is_let_in_by_the_arn_that_it_calls_with(kind: str) -> None:
    ref = Ref(f"arn:aws:apigateway:us-east-1::/{kind}/a1b2", "execution_arn")
    (put,) = Sayer({}, PLACE).changes((Put(f"{FUNCTION}#policy/s", "source_arn", Text((ref, "/*/*"))),))
    assert isinstance(put, Put)
    assert put.value == "arn:aws:execute-api:us-east-1:111122223333:a1b2/*/*"


def test_a_setting_is_given_whole() -> None:
    made = account()
    ((name, sent),) = said(made, Put(FUNCTION, "subnet_ids", ("subnet-1", "subnet-2")))
    assert name == "lambda:UpdateFunctionConfiguration"
    assert sent["VpcConfig"] == {
        "SubnetIds": ["subnet-1", "subnet-2"],
        "SecurityGroupIds": ["sg-1"],
        "Ipv6AllowedForDualStack": True,
    }
    ((_, out),) = said(made, Drop(FUNCTION, "subnet_ids"), Drop(FUNCTION, "security_group_ids"))
    assert (out["VpcConfig"]["SubnetIds"], out["VpcConfig"]["SecurityGroupIds"]) == ([], [])


def test_variables_are_kept_without_being_seen() -> None:
    writer = Commands(account(), PLACE)
    changes = (Put(FUNCTION, "environment.HOST_PARAMETER", "/it's here"), Drop(FUNCTION, "environment.HOST"))
    (command,) = writer.commands(writer.said(Fix("t", Safety.REVIEW, changes)))
    line = command.line()
    assert "hunter2" not in line and "orders" not in line
    inner = line[line.index("$(") + 2 : line.rindex(")")]
    name, sent = parsed(inner)
    assert (name, sent) == ("lambda:GetFunctionConfiguration", {"FunctionName": "worker"})
    import jmespath

    query = shlex.split(inner)[shlex.split(inner).index("--query") + 1]
    there = {"Environment": {"Variables": {"TABLE": "orders", "HOST": "db", "KEY": "hunter2-hunter2"}}}
    kept = {"TABLE": "orders", "KEY": "hunter2-hunter2", "HOST_PARAMETER": "/it's here"}
    assert jmespath.search(query, there) == {"Variables": kept}


def test_a_policy_is_given_whole_and_the_others_stay() -> None:
    made = account()
    ((name, sent),) = said(made, Rewrite(ROLE, "inline_policies[0].document", 1, "Action", "sqs:SendMessage"))
    assert (name, sent["PolicyName"]) == ("iam:PutRolePolicy", "own")
    statements = json.loads(sent["PolicyDocument"])["Statement"]
    assert [one["Action"] for one in statements] == ["s3:GetObject", "sqs:SendMessage"]
    assert statements[1]["Resource"] == "*"


def test_an_addition_never_takes_the_place_of_what_is_there() -> None:
    made = account()
    of = (("name", "logs"), ("roles", "worker"), ("document", document(allow("s3:ListBucket", "*"))))
    ((name, sent),) = said(made, Add("InlinePolicy", ROLE, of))
    assert (name, sent["PolicyName"]) == ("iam:PutRolePolicy", "logs-2")


def test_who_is_let_in_is_so_before_and_after() -> None:
    first, second = said(account(), Put(f"{FUNCTION}#policy/s", "source_account", "111122223333"))
    assert first[0] == "lambda:AddPermission" and second[0] == "lambda:RemovePermission"
    assert first[1]["StatementId"] == "s-narrowed" and first[1]["Principal"] == "*"
    assert second[1] == {"FunctionName": "worker", "StatementId": "s"}


def test_attached_policies_go_last() -> None:
    made = account()
    changes = (
        Put(ROLE, "managed_policy_arns", ("arn:aws:iam::aws:policy/ReadOnlyAccess",)),
        Rewrite(ROLE, "trust", 0, "Principal", {"Service": "edgelambda.amazonaws.com"}),
    )
    assert [one for one, _ in said(made, *changes)] == ["iam:UpdateAssumeRolePolicy", "iam:AttachRolePolicy"]


@pytest.fixture(scope="module")
def empty() -> Reading:
    """The same without variables."""
    return with_settings(Environment={"Variables": {}})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (Put(FUNCTION, "environment.X", "sk_live_0123456789abcdefghijklmn"), "there is a key"),
        (Put(FUNCTION, "handler", "https://example.org/x"), "the AWS CLI would read"),
        (Put(FUNCTION, "handler", "a\nb"), "cannot show"),
        (Put(FUNCTION, "architectures", ("arm64",)), "not changed by its configuration"),
        (Drop(FUNCTION), "takes"),
    ],
)
def test_what_cannot_be_said_is_refused_with_the_reason(empty: Reading, change: Any, why: str) -> None:
    writer = Commands(empty, PLACE)
    fix = Fix("t", Safety.REVIEW, (change,))
    with pytest.raises(FixError, match=why):
        writer.commands(writer.said(fix))
    assert shown(writer, fix) == fix


def test_a_statement_that_is_several_permissions_is_left_alone() -> None:
    made = Account()
    here = made.region()
    both = permission(here, "worker", {"AWS": ["444455556666", "777788889999"]})
    here.function("worker", made.role("worker"), policy=[both])
    with running(made) as endpoint:
        found = reading(endpoint)
    with pytest.raises(FixError, match="several at once"):
        said(found, Drop(f"{FUNCTION}#policy/s"))


# ---------------------------------------------------------------------------------------- the shell

_TEXTS = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn", "Zs")) | st.just(" ")
)


@given(_TEXTS, st.dictionaries(st.text(), st.text()))
@settings(max_examples=60, deadline=None)
def test_a_shell_reads_every_text_as_it_is(text: str, policy: dict[str, str]) -> None:
    command = Command("iam", "put-role-policy", {"policy-name": text, "policy-document": policy})
    try:
        line = command.line()
    except FixError:
        return
    words = shlex.split(line)
    assert tuple(words) == tuple(command.arguments())
    assert json.loads(words[-1]) == policy
    assert "\n" not in line and line.isprintable()


def test_alarms_of_several_functions_share_a_topic_that_is_called_after_none() -> None:
    of = Account(PLACE.account)
    for name in ("one", "two"):
        of.region().function(name, of.role(name))
    with running(of) as endpoint:
        made = reading(endpoint)
    wanted = ("unalarmed-errors", "unalarmed-invocations")
    patch = proved([(given_of(made), PLACE)], judge, Safety.REVIEW, lambda one: one.control in wanted).patch
    sent = [parsed(one) for one in lines(patch)]
    assert [one for name, one in sent if name == "sns:CreateTopic"] == [{"Name": "lambda-alarms"}]
    told = [one["AlarmActions"] for name, one in sent if name == "cloudwatch:PutMetricAlarm"]
    assert told == [["arn:aws:sns:us-east-1:111122223333:lambda-alarms"]] * len(patch.made) and len(told) >= 2
    assert 'name = "lambda-alarms"' in "\n".join(lines(patch, "hcl"))


def test_lines_stop_at_the_first_that_fails(tmp_path: Path) -> None:
    """What takes away comes last, and only where what takes its place is there."""
    writer = Commands(account(), PLACE)
    change = Put(f"{FUNCTION}#policy/s", "source_account", "111122223333")
    (code, *_) = shown(writer, Fix("t", Safety.REVIEW, (change,))).code
    fake = tmp_path / "aws"
    fake.write_text('#!/bin/sh\necho "$2" >> "$LOG"\nexit 1\n')
    fake.chmod(0o755)
    log = tmp_path / "log"
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "LOG": str(log)}
    subprocess.run(["sh"], input=code.text.encode(), env=environment, check=False, timeout=60)
    assert log.read_text().split() == ["add-permission"]


def test_an_alarm_of_which_not_all_is_known_is_left_alone() -> None:
    made = Account()
    here = made.region()
    here.function("worker", made.role("worker"))
    arn = here.arn("cloudwatch", "alarm:errors")
    alarm = {
        "AlarmName": "errors",
        "AlarmArn": arn,
        "AlarmDescription": "it's loud",
        "ActionsEnabled": True,
        "AlarmActions": [here.arn("sns", "a")],
        "MetricName": "Errors",
        "Namespace": "AWS/Lambda",
        "Statistic": "Average",
        "Dimensions": [{"Name": "FunctionName", "Value": "worker"}],
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1.5,
        "ComparisonOperator": "GreaterThanThreshold",
        "StateValue": "OK",
    }
    here.says("cloudwatch:DescribeAlarms", {"MetricAlarms": [alarm], "CompositeAlarms": []})
    with running(made) as endpoint:
        found = reading(endpoint)
    ((name, sent),) = said(found, Put(arn, "statistic", "Sum"))
    assert name == "cloudwatch:PutMetricAlarm"
    assert sent == {
        key: one for key, one in {**alarm, "Statistic": "Sum"}.items() if key not in ("AlarmArn", "StateValue")
    }
    alarm["EvaluationInterval"] = 60
    with running(made) as endpoint:
        found = reading(endpoint)
    with pytest.raises(FixError, match="EvaluationInterval"):
        said(found, Put(arn, "statistic", "Sum"))


@pytest.mark.parametrize(
    ("kind", "name", "ends"),
    [
        ("LogGroup", "/aws/lambda/worker", ":log-group:/aws/lambda/worker"),
        ("LogGroup", "worker", ":log-group:worker"),
        ("Parameter", "/worker/host", ":parameter/worker/host"),
        ("Parameter", "host", ":parameter/host"),
    ],
)
def test_what_is_added_has_the_arn_that_aws_gives_it(kind: str, name: str, ends: str) -> None:
    """The slash of a log group's name is its own, that of a parameter's is its ARN's."""
    added = Add(kind, FUNCTION, (("name", name),), label="new")
    policy = Put(ROLE, "inline_policies[0].document", Text((Ref(added.handle, "arn"), ":*")))
    _, said = Sayer({}, PLACE).changes((added, policy))
    assert isinstance(said, Put) and said.value.endswith(f"{ends}:*")

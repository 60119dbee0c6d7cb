"""Fixes made in memory: what changes, what does not, and what is refused."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from stockade.control import Add, Change, Drop, Put, Rewrite
from stockade.errors import FixError
from stockade.fix.rehearse import rehearse
from stockade.model.names.table import Dialect
from stockade.read.build import build
from stockade.read.resource import Reading, Resource
from stockade.value import Default, Derived, Known, Ref, Unknown, Value, structure, text_of

HERE = Default("written in a test")
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
        {"Effect": "Allow", "Action": "sqs:*", "Resource": ["*"], "Sid": "queue"},
    ],
}


def value(plain: Any) -> Value[Any]:
    match plain:
        case Known() | Unknown():
            return plain
        case dict():
            return Known({name: value(one) for name, one in plain.items()}, HERE)
        case list():
            return Known(tuple(map(value, plain)), HERE)
        case _:
            return Known(plain, HERE)


def plain(value: Value[Any]) -> Any:
    match value:
        case Unknown():
            return str(value.text)
        case Known(dict() as members):
            return {name: plain(one) for name, one in members.items()}
        case Known(tuple() | list() as items):
            return [plain(one) for one in items]
        case Known(one):
            return one


def resource(kind: str, address: str, dialect: Dialect = "terraform", **attributes: Any) -> Resource:
    return Resource(dialect, kind, address, {name: value(one) for name, one in attributes.items()}, HERE)


def reading(*resources: Resource) -> Reading:
    return Reading("terraform", ".", resources, ())


FUNCTION = resource(
    "aws_lambda_function",
    "aws_lambda_function.f",
    function_name="f",
    role="r",
    tracing_config=[{"mode": "PassThrough"}],
)


def after(before: Resource, *changes: Change) -> Any:
    """The attributes of a resource after changes, as plain data."""
    old = {name: plain(one) for name, one in before.attributes.items()}
    made = rehearse(reading(before), changes)
    assert {name: plain(one) for name, one in before.attributes.items()} == old, "what was read stays"
    again = rehearse(made, changes)
    (one,), (two,) = made.resources, again.resources
    out = {name: plain(one.attributes[name]) for name in one.attributes}
    assert {name: plain(two.attributes[name]) for name in two.attributes} == out, "once is enough"
    return out


@pytest.mark.parametrize(
    ("change", "name", "expected"),
    [
        (Put("aws_lambda_function.f", "memory_size", 256), "memory_size", 256),
        (Put("aws_lambda_function.f", "tracing_mode", "Active"), "tracing_config", [{"mode": "Active"}]),
        (Put("aws_lambda_function.f", "ephemeral_storage", 1024), "ephemeral_storage", [{"size": 1024}]),
        (Put("aws_lambda_function.f", "layers", ("a", "b")), "layers", ["a", "b"]),
        (
            Put("aws_lambda_function.f", "environment", {"K": "v"}),
            "environment",
            [{"variables": {"K": "v"}}],
        ),
        (
            Put("aws_lambda_function.f", "kms_key_arn", Ref("aws_kms_key.k", "arn")),
            "kms_key_arn",
            "${aws_kms_key.k.arn}",
        ),
        (Put("aws_lambda_function.f", "description", text_of("a", "b")), "description", "ab"),
        (Drop("aws_lambda_function.f", "tracing_mode"), "tracing_config", [{}]),
    ],
)
def test_one_attribute_changes_and_the_others_stay(change: Change, name: str, expected: Any) -> None:
    before = {key: plain(one) for key, one in FUNCTION.attributes.items()}
    assert after(FUNCTION, change) == before | {name: expected}


def test_an_attribute_is_removed() -> None:
    assert "role" not in after(FUNCTION, Drop("aws_lambda_function.f", "role"))
    before = {key: plain(one) for key, one in FUNCTION.attributes.items()}
    assert after(FUNCTION, Drop("aws_lambda_function.f", "kms_key_arn")) == before


def test_a_new_value_says_that_a_fix_made_it_and_where() -> None:
    made = rehearse(reading(FUNCTION), [Put("aws_lambda_function.f", "timeout", 5)])
    assert made.resources[0].attributes["timeout"].origin == Derived("fix", (HERE,))


def test_cloudformation_has_objects_where_terraform_has_blocks() -> None:
    function = resource("AWS::Lambda::Function", "F", "cloudformation", TracingConfig={"Mode": "PassThrough"})
    assert after(function, Put("F", "tracing_mode", "Active")) == {"TracingConfig": {"Mode": "Active"}}
    assert after(function, Put("F", "ephemeral_storage", 600))["EphemeralStorage"] == {"Size": 600}


# ---------------------------------------------------------------------------------------- documents


def policy(document: Any) -> Resource:
    return resource("aws_iam_role_policy", "aws_iam_role_policy.p", name="p", role="r", policy=document)


def test_a_statement_is_rewritten_and_its_policy_stays_a_string() -> None:
    change = Rewrite("aws_iam_role_policy.p", "document", 1, "Resource", "arn:aws:sqs:::q")
    before = policy(json.dumps(POLICY))
    made = rehearse(reading(before), [change]).resources[0].attributes["policy"]
    assert isinstance(made, Known)
    assert json.loads(made.value) == json.loads(json.dumps(POLICY).replace('["*"]', '"arn:aws:sqs:::q"'))
    tree = structure(made)
    assert tree is not None
    assert plain(tree) == json.loads(made.value)
    after(before, change)


def test_a_reference_in_a_statement_leaves_the_rest_of_the_policy_known() -> None:
    stream = text_of(Ref("aws_cloudwatch_log_group.g", "arn"), ":*")
    change = Rewrite("aws_iam_role_policy.p", "document", 0, "Resource", [stream, 'a"b'])
    made = rehearse(reading(policy(json.dumps(POLICY))), [change]).resources[0].attributes["policy"]
    assert isinstance(made, Unknown)
    assert '"Resource":["${aws_cloudwatch_log_group.g.arn}:*","a\\"b"]' in str(made.text)
    tree = structure(made)
    assert tree is not None
    assert plain(tree)["Statement"][0]["Resource"] == ["${aws_cloudwatch_log_group.g.arn}:*", 'a"b']
    assert plain(tree)["Statement"][1] == POLICY["Statement"][1]


def test_a_statement_alone_stays_alone_and_elements_go_by_their_name_in_any_case() -> None:
    alone = policy(json.dumps({"statement": {"Effect": "Allow", "action": "*", "Resource": "*"}}))
    changes = [
        Rewrite("aws_iam_role_policy.p", "document", 0, "Action", ["s3:GetObject"]),
        Rewrite("aws_iam_role_policy.p", "document", 0, "Condition", {"Null": {"aws:x": True}}),
        Rewrite("aws_iam_role_policy.p", "document", 0, "Resource", None),
    ]
    assert json.loads(after(alone, *changes)["policy"]) == {
        "statement": {"Effect": "Allow", "action": ["s3:GetObject"], "Condition": {"Null": {"aws:x": True}}}
    }


def test_a_statement_is_removed() -> None:
    change = Rewrite("aws_iam_role_policy.p", "document", 0, None)
    (made,) = rehearse(reading(policy(json.dumps(POLICY))), [change]).resources
    assert json.loads(plain(made.attributes["policy"]))["Statement"] == POLICY["Statement"][1:]


def test_a_policy_inside_a_role() -> None:
    role = resource(
        "aws_iam_role",
        "aws_iam_role.r",
        name="r",
        inline_policy=[{"name": "a", "policy": "{}"}, {"name": "b", "policy": json.dumps(POLICY)}],
    )
    made = after(
        role, Rewrite("aws_iam_role.r", "inline_policies[1].document", 0, "Resource", "arn:aws:s3:::b")
    )
    first, second = made["inline_policy"]
    assert first == {"name": "a", "policy": "{}"}
    assert json.loads(second["policy"])["Statement"][0]["Resource"] == "arn:aws:s3:::b"


def test_a_policy_inside_a_role_is_text_when_it_is_replaced_as_a_whole() -> None:
    role = resource("aws_iam_role", "aws_iam_role.r", inline_policy=[{"name": "a", "policy": "{}"}])
    made = after(role, Put("aws_iam_role.r", "inline_policies[0].document", POLICY))
    assert json.loads(made["inline_policy"][0]["policy"]) == POLICY


def test_a_tree_stays_a_tree_where_the_input_has_no_text() -> None:
    managed = resource("AWS::IAM::ManagedPolicy", "P", "cloudformation", PolicyDocument=POLICY)
    made = after(managed, Rewrite("P", "document", 0, "Action", "s3:PutObject"))
    assert made["PolicyDocument"]["Statement"][0]["Action"] == "s3:PutObject"


# ----------------------------------------------------------------------------------------- resources


def test_a_resource_is_removed_and_removing_it_again_is_no_harm() -> None:
    drop = Drop("aws_lambda_function.f")
    made = rehearse(reading(FUNCTION, policy("{}")), [drop])
    assert [one.address for one in made.resources] == ["aws_iam_role_policy.p"]
    assert rehearse(made, [drop]).resources == made.resources


@pytest.mark.parametrize(
    ("beside", "address"),
    [
        ("aws_lambda_function.f", "aws_cloudwatch_log_group.f"),
        ('module.a["x.y"].aws_lambda_function.f', 'module.a["x.y"].aws_cloudwatch_log_group.f'),
        ('aws_lambda_function.f["a.b"]', 'aws_cloudwatch_log_group.f["a.b"]'),
        ("aws_lambda_function.f[0]", "aws_cloudwatch_log_group.f[0]"),
    ],
)
def test_a_resource_is_added_beside_its_kin(beside: str, address: str) -> None:
    kin = resource("aws_lambda_function", beside, function_name="f", role="r")
    add = Add("LogGroup", beside, (("name", "/aws/lambda/f"), ("retention_days", 30)))
    made = rehearse(reading(kin), [add])
    assert [one.address for one in made.resources] == [beside, address]
    assert {name: plain(one) for name, one in made.resources[1].attributes.items()} == {
        "name": "/aws/lambda/f",
        "retention_in_days": 30,
    }
    (group,) = build(made).log_groups
    assert group.retention_days.value == 30  # type: ignore[union-attr]
    assert len(rehearse(made, [add]).resources) == 2


def test_an_added_resource_takes_a_name_that_is_free() -> None:
    taken = resource("aws_cloudwatch_log_group", "aws_cloudwatch_log_group.f", name="other")
    add = Add("LogGroup", "aws_lambda_function.f", (("name", "/aws/lambda/f"),))
    made = rehearse(reading(FUNCTION, taken), [add])
    assert made.resources[2].address == "aws_cloudwatch_log_group.f_2"
    assert len(rehearse(made, [add]).resources) == 3


def test_a_name_in_cloudformation_has_no_type() -> None:
    kin = resource("AWS::Lambda::Function", "Worker", "cloudformation", FunctionName="f")
    made = rehearse(reading(kin), [Add("LogGroup", "Worker", (("name", "/aws/lambda/f"),))])
    assert [(one.type, one.address) for one in made.resources[1:]] == [
        ("AWS::Logs::LogGroup", "WorkerLogGroup")
    ]


def test_what_is_declared_twice_is_changed_once_and_not_lost() -> None:
    twin = resource("aws_lambda_function", "aws_lambda_function.f", function_name="g")
    made = rehearse(reading(FUNCTION, twin), [Put("aws_lambda_function.f", "timeout", 5)])
    assert ["timeout" in one.attributes for one in made.resources] == [True, False]


def test_an_added_policy_is_text() -> None:
    add = Add("InlinePolicy", "aws_lambda_function.f", (("name", "p"), ("roles", "r"), ("document", POLICY)))
    made = rehearse(reading(FUNCTION), [add]).resources[1]
    assert made.type == "aws_iam_role_policy"
    assert json.loads(plain(made.attributes["policy"])) == POLICY


# ------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (Put("aws_lambda_function.g", "timeout", 1), "there is no `aws_lambda_function.g`"),
        (Drop("aws_lambda_function.g", "timeout"), "there is no `aws_lambda_function.g`"),
        (Rewrite("aws_lambda_function.g", "document", 0, "Action", "*"), "there is no `aws_lambda_function.g`"),
        (Add("LogGroup", "aws_lambda_function.g", ()), "there is no `aws_lambda_function.g`"),
        (Add("Weather", "aws_lambda_function.f", ()), "`Weather` is not something that can be added"),
        (Put("aws_lambda_function.f", "weather", 1), "`weather` of `aws_lambda_function.f`"),
        (Put("aws_lambda_function.f", "file_systems", ()), "`file_systems` of `aws_lambda_function.f`"),
        (Put("aws_iam_role_policy.p", "weather", 1), "`weather` of `aws_iam_role_policy.p`"),
        (Rewrite("aws_iam_role_policy.p", "document", 2, "Action", "*"), "no statement 2"),
        (Rewrite("aws_iam_role_policy.u", "document", 0, "Action", "*"), "cannot be read"),
        (Rewrite("aws_iam_role_policy.e", "document", 0, "Action", "*"), "no statements that are known"),
        (Rewrite("aws_iam_role_policy.n", "document", 0, "Action", "*"), "has no `policy` to rewrite"),
        (Put("aws_lambda_function.u", "tracing_mode", "Active"), "a variable"),
    ],
)
def test_what_cannot_be_done_is_refused(change: Change, message: str) -> None:
    unknown = Unknown("a variable", HERE)
    before = reading(
        FUNCTION,
        policy(json.dumps(POLICY)),
        resource("aws_iam_role_policy", "aws_iam_role_policy.u", policy=unknown),
        resource("aws_iam_role_policy", "aws_iam_role_policy.e", policy="{}"),
        resource("aws_iam_role_policy", "aws_iam_role_policy.n"),
        resource("aws_lambda_function", "aws_lambda_function.u", tracing_config=unknown),
    )
    with pytest.raises(FixError, match=re.escape(message)):
        rehearse(before, [change])

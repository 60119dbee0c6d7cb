"""AWS's managed policies, and what counts as granted wholesale."""

from __future__ import annotations

from typing import Any

import pytest

from stockade.iam.managed import Wholesale, date, managed, wholesale
from stockade.iam.policy import Document, Statement, parse
from stockade.value import Default, Known, Unknown, Value

HERE = Default("written in a test")


def tree(value: Any) -> Value[Any]:
    if isinstance(value, Unknown):
        return value
    if isinstance(value, dict):
        return Known({key: tree(one) for key, one in value.items()}, HERE)
    if isinstance(value, list):
        return Known(tuple(map(tree, value)), HERE)
    return Known(value, HERE)


def document(*statements: Any) -> Document:
    parsed = parse(tree({"Version": "2012-10-17", "Statement": list(statements)}))
    assert isinstance(parsed, Known)
    return parsed.value


def test_a_policy_is_found_by_name_and_by_arn_in_any_partition() -> None:
    policy = managed("AWSLambdaBasicExecutionRole")
    assert policy is not None
    assert policy.arn == "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    assert managed(policy.arn) is policy
    assert managed(policy.arn.replace("aws:iam", "aws-us-gov:iam")) is policy
    (statement,) = policy.document.statements
    assert isinstance(statement, Statement)
    assert statement.origin == Default(f"AWS managed policy AWSLambdaBasicExecutionRole as of {date()}")
    assert [action.value for action in statement.actions or () if isinstance(action, Known)] == [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "NoSuchPolicy",
        "\n",
        "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole",  # it lives under /service-role/
        "arn:aws:iam::123456789012:policy/AdministratorAccess",
        "arn:aws:iam",
    ],
)
def test_what_aws_does_not_keep_is_not_found(name: str) -> None:
    assert managed(name) is None


def test_every_policy_in_the_data_is_readable() -> None:
    from stockade.iam.managed import _pack

    for name in _pack():
        policy = managed(name)
        assert policy is not None
        assert policy.document.statements
        assert not any(isinstance(one, Unknown) for one in policy.document.statements), name
        assert not policy.document.remarks, name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("AdministratorAccess", Wholesale((), ())),
        ("PowerUserAccess", Wholesale((), ("iam:*", "organizations:*", "account:*"))),
        ("AmazonS3FullAccess", Wholesale(("s3", "s3-object-lambda"))),
        ("AmazonDynamoDBFullAccess", Wholesale(("dax", "dynamodb"))),
        ("AWSLambdaBasicExecutionRole", Wholesale()),
    ],
)
def test_what_well_known_policies_grant_wholesale(name: str, expected: Wholesale) -> None:
    policy = managed(name)
    assert policy is not None
    assert wholesale(policy.document) == expected


def allow(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Resource": "*", **elements}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow(Action="*"), Wholesale((), ())),
        (allow(Action="*:*"), Wholesale((), ())),
        (allow(Action="S3:**"), Wholesale(("s3",))),
        (allow(Action="s3:Get*"), Wholesale()),
        (allow(Action="s3:*", Resource="arn:aws:s3:::b"), Wholesale()),
        (allow(Action="s3:*", Resource=["arn:aws:s3:::b", "*"]), Wholesale(("s3",))),
        (allow(Action="s3:*", Condition={"Bool": {"aws:SecureTransport": "true"}}), Wholesale()),
        (allow(Action=Unknown("a variable", HERE)), Wholesale()),
        (allow(Action="*", Effect="Deny"), Wholesale(denies=True)),
        (allow(NotAction="iam:*"), Wholesale((), ("iam:*",))),
        (allow(NotAction=Unknown("a variable", HERE)), Wholesale()),
        (Unknown("a variable", HERE), Wholesale()),
    ],
)
def test_wholesale(statement: Any, expected: Wholesale) -> None:
    assert wholesale(document(statement)) == expected
    assert bool(expected) == bool(expected.services or expected.all_but is not None)

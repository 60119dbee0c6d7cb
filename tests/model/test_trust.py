"""Whom a trust policy lets in, and what a role is worth to them."""

from __future__ import annotations

from typing import Any

import pytest

from stockade.iam.match import Shape
from stockade.iam.policy import Document, parse
from stockade.model.power import heaviest
from stockade.model.publishers import OF_AWS, OTHERS
from stockade.model.role import ExecutionRole, Grant
from stockade.model.trust import Held, Trusted, Whom, trusted
from stockade.value import Default, Hole, Known, Unknown, Value

HERE = Default("written in a test")
OWN = ("123456789012",)


def tree(value: Any) -> Value[Any]:
    match value:
        case Known() | Unknown():
            return value
        case dict():
            return Known({key: tree(one) for key, one in value.items()}, HERE)
        case list():
            return Known(tuple(map(tree, value)), HERE)
        case _:
            return Known(value, HERE)


def document(*statements: dict[str, Any]) -> Document:
    found = parse(tree({"Version": "2012-10-17", "Statement": list(statements)}))
    assert isinstance(found, Known)
    return found.value


def allow(principal: Any, condition: Any = None, action: Any = "sts:AssumeRole") -> dict[str, Any]:
    written = {"Effect": "Allow", "Action": action, "Principal": principal}
    return written | ({"Condition": condition} if condition else {})


def whom(*statements: dict[str, Any]) -> list[tuple[Whom, Held] | None]:
    found = trusted(document(*statements), OWN)
    return [(one.whom, one.held) if isinstance(one, Trusted) else None for one in found]


@pytest.mark.parametrize(
    ("principal", "answer"),
    [
        ("*", Whom.EVERYBODY),
        ({"AWS": "*"}, Whom.EVERYBODY),
        ({"Service": "lambda.amazonaws.com"}, Whom.LAMBDA),
        ({"Service": "edgelambda.amazonaws.com"}, Whom.LAMBDA),
        ({"Service": "lambda.amazonaws.com.cn"}, Whom.LAMBDA),
        ({"Service": "ec2.amazonaws.com"}, Whom.SERVICE),
        ({"AWS": "123456789012"}, Whom.ACCOUNT),
        ({"AWS": "arn:aws:iam::123456789012:root"}, Whom.ACCOUNT),
        ({"AWS": "arn:aws:iam::123456789012:role/x"}, Whom.OWN),
        ({"AWS": "arn:aws:iam::999999999999:role/x"}, Whom.FOREIGN),
        ({"Federated": "arn:aws:iam::123456789012:oidc-provider/x"}, Whom.IDENTITIES),
        ({"Federated": "cognito-identity.amazonaws.com"}, Whom.IDENTITIES),
    ],
)
def test_principals(principal: Any, answer: Whom) -> None:
    assert whom(allow(principal)) == [(answer, Held.NOT)]


@pytest.mark.parametrize(
    ("condition", "held"),
    [
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, Held.CHOSEN),
        ({"StringLike": {"aws:PrincipalArn": "*"}}, Held.NOT),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, Held.NOT),
        ({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}, Held.NOT),
        ({"StringEquals": {"sts:ExternalId": "x"}}, Held.SOMEWHAT),
        ({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, Held.SOMEWHAT),
        ({"StringEquals": {"sts:ExternalId": "x", "aws:PrincipalAccount": "123456789012"}}, Held.CHOSEN),
        ({"StringEquals": {"x.example.com:aud": "sts.amazonaws.com"}}, Held.NOT),
        ({"StringLike": {"x.example.com:sub": "repo:us/*"}}, Held.CHOSEN),
        ({"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:1"}}, Held.CHOSEN),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, Held.NOT),
    ],
)
def test_conditions(condition: Any, held: Held) -> None:
    assert whom(allow("*", condition)) == [(Whom.EVERYBODY, held)]


def test_what_is_not_known_stays_so() -> None:
    blank = Unknown("`var.x` has no value", HERE)
    assert whom(allow(blank)) == [None]
    assert whom(allow("*", {"StringEquals": {"aws:PrincipalOrgID": blank}})) == [None]
    assert whom(allow("*", blank)) == [None]
    assert whom({"Effect": blank, "Action": "sts:AssumeRole", "Principal": "*"}) == [None]
    (perhaps,) = trusted(document(allow({"AWS": "999999999999"})), (Hole("account"),))
    assert isinstance(perhaps, Unknown)


@pytest.mark.parametrize("own", [OWN, (Hole("account"),)])
def test_who_names_their_accounts_knows_who_is_foreign(own: Shape) -> None:
    ours = {"123456789012", "210987654321"}
    statement = allow({"AWS": ["arn:aws:iam::210987654321:role/x", "210987654321", "999999999999"]})
    found = [one.whom for one in trusted(document(statement), own, ours) if isinstance(one, Trusted)]
    assert found == [Whom.OWN, Whom.ACCOUNT, Whom.FOREIGN]


def test_only_what_lets_assume_counts() -> None:
    assert whom(allow("*", action="sts:TagSession")) == []
    assert whom(allow("*", action="sts:*")) == [(Whom.EVERYBODY, Held.NOT)]


def test_denials_take_back_the_same_principal_and_conditions_leave_it_open() -> None:
    deny = {"Effect": "Deny", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}
    assert whom(allow("*"), deny) == []
    assert whom(allow({"Service": "lambda.amazonaws.com"}), deny) == [(Whom.LAMBDA, Held.NOT)]
    assert whom(allow("*"), deny | {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}) == [None]
    assert whom(allow("*"), deny | {"Principal": {"AWS": "999999999999"}}) == [(Whom.EVERYBODY, Held.NOT)]


# ------------------------------------------------------------------------------------------- power


def grants(*actions: Any, effect: str = "Allow") -> list[Grant]:
    role = ExecutionRole(address="r", origin=HERE, role=Unknown("no matter", HERE), functions=())
    found = document({"Effect": effect, "Action": list(actions), "Resource": "*"}).statements[0]
    assert not isinstance(found, Unknown)
    return [Grant(address="g", origin=HERE, execution_role=role, policy=None, statement=Known(found, HERE))]


@pytest.mark.parametrize(
    ("actions", "answer"),
    [
        (["logs:PutLogEvents", "xray:PutTraceSegments", "ec2:CreateNetworkInterface"], None),
        (["s3:GetObject", "dynamodb:Query"], None),
        (["s3:GetObject", "s3:PutObject"], "s3:PutObject"),
        (["kms:Decrypt", "dynamodb:PutItem"], "kms:Decrypt"),
        (["s3:PutObject", "iam:AttachRolePolicy"], "iam:AttachRolePolicy"),
        (["iam:AttachRolePolicy", "s3:*"], "s3:*"),
        (["s3:*", "*"], "*"),
        (["nosuchservice:Do"], None),
    ],
)
def test_the_heaviest_action(actions: list[str], answer: str | None) -> None:
    assert heaviest(grants(*actions)) == answer


def test_denials_weigh_nothing() -> None:
    assert heaviest(grants("s3:*", effect="Deny")) is None


def test_publishers_are_accounts_each_of_one_kind() -> None:
    assert all(len(one) == 12 and one.isdigit() for one in (*OF_AWS, *OTHERS))
    assert not OF_AWS & OTHERS.keys()

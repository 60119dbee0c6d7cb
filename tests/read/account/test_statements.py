"""Statements of resource-based policies, as many permissions as they come to, and never fewer."""

from __future__ import annotations

from typing import Any

import pytest

from stockade.read.account.answer import Document, Place
from stockade.read.account.calls import LAMBDA_POLICY, Call
from stockade.read.account.statements import Way, permissions
from stockade.value import Known, Unknown

HERE = Place("123456789012", "eu-west-1", "aws", "2026-11-27T10:00:00Z")
CALL = Call("lambda", "GetPolicy", LAMBDA_POLICY, "a policy")
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:orders"


def ways(*statements: Any, qualifier: str = "") -> list[Way]:
    document = Document(HERE, CALL, ARN, {"Policy": {"Version": "2012-10-17", "Statement": list(statements)}})
    return list(permissions(document, ARN, qualifier))


def said(way: Way) -> dict[str, Any]:
    """The attributes in plain terms; ``?`` for what is not known."""
    return {name: one.value if isinstance(one, Known) else "?" for name, one in way.attributes.items()}


def allow(**more: Any) -> dict[str, Any]:
    return {
        "Sid": "s",
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": ARN,
        **more,
    }


def test_what_add_permission_makes_comes_back_as_its_parameters() -> None:
    condition = {
        "ArnLike": {"AWS:SourceArn": "arn:aws:s3:::pictures"},
        "StringEquals": {"AWS:SourceAccount": "123456789012", "lambda:EventSourceToken": "t"},
    }
    (one,) = ways(allow(Condition=condition))
    assert (one.address, one.doubt) == (f"{ARN}#policy/s", None)
    assert said(one) == {
        "FunctionName": ARN,
        "StatementId": "s",
        "Principal": "s3.amazonaws.com",
        "Action": "lambda:InvokeFunction",
        "SourceArn": "arn:aws:s3:::pictures",
        "SourceAccount": "123456789012",
        "EventSourceToken": "t",
    }


def test_an_alias_is_the_qualifier_whichever_policy_it_is_in() -> None:
    (one,) = ways(allow(Resource=f"{ARN}:live"))
    assert said(one)["Qualifier"] == "live"
    assert one.address == f"{ARN}:live#policy/s"


def test_lists_are_as_many_permissions() -> None:
    found = ways(
        allow(
            Principal={"AWS": ["111122223333", "444455556666"], "Service": "sns.amazonaws.com"},
            Action=["lambda:InvokeFunction", "lambda:GetFunction"],
            Condition={"ArnLike": {"aws:SourceArn": ["arn:aws:sns:*:*:a", "arn:aws:sns:*:*:b"]}},
        )
    )
    assert len(found) == 3 * 2 * 2
    assert len({(one.address, one.number) for one in found}) == len(found)
    assert len({tuple(sorted(said(one).items())) for one in found}) == len(found)


@pytest.mark.parametrize(
    "condition",
    [
        {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
        {"StringNotEquals": {"aws:SourceAccount": "123456789012"}},
        {"StringLike": {"aws:SourceAccount": "12345*"}},
        {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}},
        "no condition at all",
    ],
)
def test_a_condition_that_has_no_word_leaves_open_what_it_may_narrow(condition: Any) -> None:
    (one,) = ways(allow(Principal="*", Condition=condition))
    made = said(one)
    assert (made["Principal"], made["SourceArn"], made["SourceAccount"], made["PrincipalOrgID"]) == (
        "*",
        "?",
        "?",
        "?",
    )


def test_beside_a_foreign_condition_a_known_one_counts() -> None:
    condition = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "StringEquals": {"aws:PrincipalOrgID": "o-1"}}
    (one,) = ways(allow(Principal="*", Condition=condition))
    assert said(one)["PrincipalOrgID"] == "o-1"
    assert said(one)["SourceArn"] == "?"


def test_a_deny_makes_the_others_doubtful_and_is_none_itself() -> None:
    (one,) = ways(allow(), allow(Sid="d", Effect="Deny"))
    assert isinstance(one.doubt, Unknown)


def test_what_is_not_understood_is_there_and_unknown() -> None:
    (other,) = ways({**allow(), "Principal": None, "NotPrincipal": {"AWS": "1"}} | {"Principal": {}})
    assert said(other)["Principal"] == "?"
    (action,) = ways({name: one for name, one in allow(NotAction="lambda:Delete*").items() if name != "Action"})
    assert said(action)["Action"] == "?"
    for odd in ("text", 5, ["x"]):
        document = Document(HERE, CALL, ARN, {"Policy": odd})
        assert [said(one)["Principal"] for one in permissions(document, ARN, "")] == ["?"]
    assert [said(one)["Principal"] for one in ways("text")] == ["?"]

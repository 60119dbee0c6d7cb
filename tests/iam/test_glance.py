"""What is seen of two policies before any class of requests is looked at: whole actions, whole statements."""

from __future__ import annotations

from typing import Any

import pytest

from stockade.iam.alike import granted_before
from stockade.iam.glance import requests
from stockade.iam.policies import Policies
from stockade.iam.symbolic import Proved, Witness, no_wider_than
from tests.iam.strategies import Json, document, holed

READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
SEND = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
DENY = {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b/secret"}


def policy(*statements: Json, version: str | None = "2012-10-17") -> Json:
    return {"Statement": list(statements)} | ({"Version": version} if version else {})


def seen(new: Json, old: Json) -> list[tuple[str, Any, dict[str, Any]]]:
    found = requests(Policies([document(new)]), Policies([document(old)]))
    return [(one.action, one.resource, dict(one.written)) for one in found]


def left(new: Any, old: Any) -> list[int]:
    """The numbers of the statements that are not the same as before."""
    mine, theirs = Policies([new]), Policies([old])
    gone = granted_before(mine, theirs)
    return [one.source.index for one in mine.without(gone).statements]


# ------------------------------------------------------------------------------------ whole actions


def test_an_action_of_which_the_other_policy_does_not_speak() -> None:
    assert seen(policy(READ, SEND), policy(READ)) == [
        ("sqs:SendMessage", "arn:aws:sqs:us-east-1:999999999999:example", {})
    ]
    finding = no_wider_than([document(policy(READ, SEND))], [document(policy(READ))])
    assert isinstance(finding, Witness)
    assert finding.is_real
    assert finding.allowed.deciding[0].statement.index == 1


def test_a_resource_is_spelt_as_people_expect() -> None:
    wide = {**READ, "Action": "logs:PutLogEvents", "Resource": "arn:*:logs:*:*:log-group:/aws/*:*"}
    assert seen(policy(wide), policy(READ)) == [
        ("logs:PutLogEvents", "arn:aws:logs:us-east-1:999999999999:log-group:/aws/example:example", {})
    ]


@pytest.mark.parametrize("action", ["s3:G*", "S3:getobject", "*", "s*:GetObj?ct", ["sqs:*", "s3:Get*"]])
def test_an_action_that_is_spoken_of_is_not_new(action: Any) -> None:
    assert not seen(policy(READ), policy({**SEND, "Action": action}))


def test_what_is_left_out_counts_as_spoken_of() -> None:
    others = {"Effect": "Allow", "NotAction": "sqs:*", "Resource": "*"}
    assert not seen(policy(READ), policy(others))
    assert [one[0] for one in seen(policy(SEND), policy(others))] == ["sqs:SendMessage"]
    assert not seen(policy(others), policy(READ)), "which of the others there are, this does not ask"


def test_of_a_wildcard_one_of_awss_own_actions_is_taken() -> None:
    once = {**SEND, "Action": "sqs:SendMessage"}
    assert not seen(policy({**SEND, "Action": "sqs:SendMessage*"}), policy(once)), "SQS has no other"
    assert [one[0] for one in seen(policy({**SEND, "Action": "kms:Encr*"}), policy(READ))] == ["kms:Encrypt"]
    assert not seen(policy({**SEND, "Action": "sqs:NoSuchThing"}), policy(READ))


def test_conditions_are_met_where_they_can_be() -> None:
    team = {"StringLike": {"aws:PrincipalTag/team": "re?"}, "Bool": {"aws:SecureTransport": "true"}}
    tagged = {**SEND, "Condition": team}
    ((_, _, context),) = seen(policy(tagged), policy(READ))
    assert context["aws:SecureTransport"] == ("true",)
    assert context["aws:PrincipalTag/team"][0].startswith("re")
    assert isinstance(no_wider_than([document(policy(tagged))], [document(policy(READ))]), Witness)
    tag = "aws:PrincipalTag/a"
    never = {**SEND, "Condition": {"StringEquals": {tag: "b"}, "Null": {tag: "true"}}}
    assert not seen(policy(never), policy(READ))
    assert isinstance(no_wider_than([document(policy(never))], [document(policy(READ))]), Proved)


@pytest.mark.parametrize("key", ["aws:PrincipalArn", "aws:username", "aws:PrincipalAccount"])
def test_who_calls_is_not_guessed(key: str) -> None:
    of_one = {**SEND, "Condition": {"StringNotEquals": {key: "x"}}}
    assert not seen(policy(of_one), policy(READ))
    assert not seen(policy(SEND, {**of_one, "Effect": "Deny"}), policy(READ))


def test_what_is_denied_is_no_witness() -> None:
    new = policy(SEND, {**SEND, "Effect": "Deny"})
    assert isinstance(no_wider_than([document(new)], [document(policy(READ))]), Proved)


def test_long_policies_that_differ_in_nothing_are_left_soon() -> None:
    names = [f"s3:Get{number}" for number in range(5_000)]
    many = policy({**READ, "Action": names})
    assert not seen(many, policy({**READ, "Action": [*names, "s3:*"]}))


# --------------------------------------------------------------------------------- whole statements


def test_what_stands_in_both_is_not_looked_at() -> None:
    swapped = {**READ, "Action": ["S3:GETOBJECT"], "Resource": ["arn:aws:s3:::b/*"]}
    assert left(document(policy(READ, SEND)), document(policy(swapped))) == [1]
    assert left(document(policy(READ, DENY)), document(policy(READ, DENY))) == [1]
    assert left(document(policy(READ, DENY)), document(policy(READ))) == [1]


def test_a_denial_on_the_other_side_alone_counts() -> None:
    new, old = document(policy(READ)), document(policy(READ, DENY))
    assert left(new, old) == [0]
    finding = no_wider_than([new], [old])
    assert isinstance(finding, Witness)
    assert finding.request.resource == "arn:aws:s3:::b/secret"


def test_variables_are_the_same_only_where_both_are_read() -> None:
    own = {**READ, "Resource": "arn:aws:s3:::b/${aws:username}"}
    read, unread = document(policy(own)), document(policy(own, version=None))
    assert left(read, read) == left(unread, unread) == []
    assert left(read, unread) == left(unread, read) == [0]
    assert left(document(policy(READ)), document(policy(READ, version=None))) == []
    assert isinstance(no_wider_than([read], [unread]), Witness)


def test_what_is_not_known_is_not_the_same() -> None:
    statement = {**READ, "Resource": "arn:aws:s3:::box/*"}
    assert left(holed(policy(statement), "box", False), holed(policy(statement), "box", False)) == []
    assert left(holed(policy(statement), "box", False), document(policy(statement))) == [0]
    assert left(document({"Statement": [READ, 7]}), document(policy(READ))) == []
    assert left(document(policy(READ)), document({"Statement": [READ, 7]})) == [0], "which may be a denial"
    odd = {**READ, "Condition": {"NoSuchOperator": {"a:b": "c"}}}
    assert left(document(policy(odd)), document(policy(odd))) == [0]

"""Policies for needs: they cover each of them, and nothing can be left out."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.iam.policy import loads
from stockade.iam.symbolic import Proved, always_allows, no_wider_than
from stockade.model.need import Certainty, Needed, Reason
from stockade.needs.policy import proposed
from stockade.needs.said import in_json
from tests.needs.made import HERE

ACTIONS = {
    "dynamodb:GetItem": "arn:aws:dynamodb:eu-west-1:123456789012:table/{}",
    "dynamodb:PutItem": "arn:aws:dynamodb:eu-west-1:123456789012:table/{}",
    "dynamodb:Query": "arn:aws:dynamodb:eu-west-1:123456789012:table/{}/index/by-day",
    "s3:GetObject": "arn:aws:s3:::{}/*",
    "s3:ListBucket": "arn:aws:s3:::{}",
    "sqs:SendMessage": "arn:aws:sqs:eu-west-1:123456789012:{}",
    "xray:PutTraceSegments": "*",
}
NEEDS = st.lists(
    st.builds(
        lambda action, name: need(action, ACTIONS[action].format(name)),
        st.sampled_from(sorted(ACTIONS)),
        st.sampled_from(["orders", "users", "files"]),
    ),
    min_size=1,
    max_size=8,
)


def need(action: str, resource: str, said: str = "`a.B`") -> Needed:
    return Needed(
        action=action,
        resource=resource,
        certainty=Certainty.CERTAIN,
        found="source",
        reasons=(Reason(said, HERE),),
    )


def document(statements: list[dict[str, Any]]) -> Any:
    import json

    return loads(json.dumps({"Version": "2012-10-17", "Statement": statements}))


@settings(max_examples=40, deadline=None)
@given(NEEDS)
def test_a_policy_covers_every_need_and_has_nothing_to_spare(needs: list[Needed]) -> None:
    made = [one.tree for one in proposed(needs).statements]
    whole = document(made)
    for one in needs:
        assert isinstance(always_allows([whole], [one.action], [in_json(one.resource)]), Proved)
    for gone in range(len(made)):
        left = [document(made[:gone] + made[gone + 1 :])] if len(made) > 1 else []
        lost = [
            one
            for one in needs
            if not isinstance(always_allows(left, [one.action], [in_json(one.resource)]), Proved)
        ]
        assert lost, "a statement that nobody misses"


@settings(max_examples=40, deadline=None)
@given(NEEDS)
def test_a_policy_grants_nothing_that_is_not_needed(needs: list[Needed]) -> None:
    whole = document([one.tree for one in proposed(needs).statements])
    each = document(
        [{"Effect": "Allow", "Action": one.action, "Resource": in_json(one.resource)} for one in needs]
    )
    assert isinstance(no_wider_than([whole], [each]), Proved)


@settings(max_examples=40, deadline=None)
@given(NEEDS)
def test_every_statement_says_which_needs_it_is_for(needs: list[Needed]) -> None:
    found = proposed(needs)
    assert all(one.needs for one in found.statements)
    assert {(each.action, str(each.resource)) for one in found.statements for each in one.needs} == {
        (one.action, str(one.resource)) for one in needs
    }


def test_the_order_of_needs_does_not_matter() -> None:
    needs = [need(action, arn.format("orders")) for action, arn in ACTIONS.items()]
    forth = [one.tree for one in proposed(needs).statements]
    assert forth == [one.tree for one in proposed(reversed(needs)).statements]

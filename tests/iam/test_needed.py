"""Policies for needs: what a person would write, that they grant just what is needed, and AWS's limits."""

from __future__ import annotations

import json
import re
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.iam.catalog import Catalog
from stockade.iam.decide import Access
from stockade.iam.needed import ATTACHED, LIMITS, Kind, Need, write
from stockade.iam.request import Request, caller
from stockade.iam.written import KeyTest, size
from stockade.value import Hole, Ref, text_of
from tests.iam.test_minimise import document

TABLE, INDEX = "arn:aws:dynamodb:eu-west-1:1:table/orders", "arn:aws:dynamodb:eu-west-1:1:table/orders/index/*"
USERS = "arn:aws:dynamodb:eu-west-1:1:table/users"
PREFIX = (KeyTest("StringLike", "s3:prefix", ("up/*",)),)


def statement(sid: str, action: Any, resource: Any, condition: Any = None) -> dict[str, Any]:
    found = {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": resource}
    return found | ({"Condition": condition} if condition else {})


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(
            [Need("dynamodb:putitem", TABLE), Need("dynamodb:GetItem", TABLE), Need("dynamodb:GetItem", TABLE)],
            [statement("ReadAndWriteDynamoDBOrders", ["dynamodb:GetItem", "dynamodb:PutItem"], TABLE)],
            id="actions on one resource, in AWS's spelling and order",
        ),
        pytest.param(
            [Need("dynamodb:GetItem", TABLE), Need("dynamodb:PutItem", TABLE), Need("dynamodb:GetItem", USERS)],
            [
                statement("ReadDynamoDBUsers", "dynamodb:GetItem", USERS),
                statement("ReadAndWriteDynamoDBOrders", ["dynamodb:GetItem", "dynamodb:PutItem"], TABLE),
            ][::-1],
            id="nothing is granted on one resource that is needed on another",
        ),
        pytest.param(
            [
                Need("dynamodb:Query", TABLE, why="find orders"),
                Need("dynamodb:Query", INDEX, why="find orders"),
            ],
            [statement("FindOrders", "dynamodb:Query", [TABLE, INDEX])],
            id="a shared reason names the statement",
        ),
        pytest.param(
            [
                Need("s3:GetObject", "arn:aws:s3:::in/*"),
                Need("s3:GetObject", "arn:aws:s3:::in/up/*"),
                Need("s3:ListBucket", "arn:aws:s3:::in", PREFIX),
                Need("s3:ListBucket", "arn:aws:s3:::out"),
            ],
            [
                statement("ReadS3ObjectsIn", "s3:GetObject", "arn:aws:s3:::in/*"),
                statement("ReadS3BucketOut", "s3:ListBucket", "arn:aws:s3:::out"),
                statement(
                    "ReadS3BucketIn", "s3:ListBucket", "arn:aws:s3:::in", {"StringLike": {"s3:prefix": "up/*"}}
                ),
            ],
            id="objects apart from buckets, conditions apart, covered ones gone",
        ),
        pytest.param(
            [Need("s3:ListBucket", "arn:aws:s3:::in", PREFIX), Need("s3:ListBucket", "arn:aws:s3:::in")],
            [statement("ReadS3BucketIn", "s3:ListBucket", "arn:aws:s3:::in")],
            id="what is needed without a condition too",
        ),
        pytest.param(
            [
                Need("xray:PutTraceSegments", why="trace"),
                Need("ec2:DescribeNetworkInterfaces", "arn:aws:ec2:eu-west-1:1:network-interface/*"),
                Need("sqs:SendMessage"),
                Need("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:1:function:next"),
            ],
            [
                statement(
                    "InvokeLambdaNext", "lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:1:function:next"
                ),
                statement("WriteSQSEverywhere", "sqs:SendMessage", "*"),
                statement(
                    "ActionsThatTakeNoResource", ["ec2:DescribeNetworkInterfaces", "xray:PutTraceSegments"], "*"
                ),
            ],
            id="what takes no resource is by itself, at the end",
        ),
    ],
)
def test_what_a_person_would_write(needs: list[Need], expected: list[dict[str, Any]]) -> None:
    found = write(needs)
    assert [one for policy in found.json() for one in policy["Statement"]] == expected
    assert found.fits


def test_references_stay_references() -> None:
    table = text_of(Ref("aws_dynamodb_table.orders", "arn"))
    index = text_of(Ref("aws_dynamodb_table.orders", "arn"), "/index/*")
    logs = text_of("arn:aws:logs:", Hole("region"), ":", Hole("account"), ":log-group:/aws/lambda/f:*")
    found = write(
        [
            Need("dynamodb:Query", table),
            Need("dynamodb:Query", index),
            Need("logs:PutLogEvents", logs, (), "log"),
        ]
    )
    (policy,) = found.policies
    assert policy["Statement"][0]["Resource"] == [table, index]
    assert policy["Statement"][1]["Resource"] == logs
    assert policy["Statement"][0]["Sid"] == "ReadDynamoDBOrders"
    assert found.reasons == {"ReadDynamoDBOrders": (), "Log": ("log",)}


def test_what_is_not_as_it_was_asked_for_is_said() -> None:
    found = write([Need("s3:NoSuchAction"), Need("xray:PutTraceSegments", "arn:aws:xray:eu-west-1:1:group/x")])
    assert [str(note).partition(":")[0] for note in found.notes] == [
        "`s3",
        "granted on `*`, as no policy can grant them on a resource",
    ]
    assert found.json()[0]["Statement"][0]["Action"] == "s3:NoSuchAction"


# -------------------------------------------------------------------------------------------- limits

EC2 = tuple(map(str, Catalog.load().expand("ec2:*")))


def test_wildcards_only_where_the_policy_would_be_too_long() -> None:
    few = write([Need(action, TABLE) for action in map(str, Catalog.load().expand("sqs:*"))])
    assert "*" not in "".join(few.json()[0]["Statement"][0]["Action"])


@pytest.mark.parametrize("left_out", ["", "ec2:CreateTags"])
def test_wildcards_cover_nothing_that_is_not_needed(left_out: str) -> None:
    needed = {action for action in EC2 if action != left_out}
    found = write([Need(action) for action in needed])
    granted: set[str] = set()
    for policy in found.json():
        assert size(policy) <= LIMITS["managed"]
        for one in policy["Statement"]:
            actions = one["Action"] if isinstance(one["Action"], list) else [one["Action"]]
            granted.update(str(action) for pattern in actions for action in Catalog.load().expand(pattern))
    assert granted == needed
    assert any("to be shorter" in str(note) for note in found.notes)


@pytest.mark.parametrize("kind", LIMITS)
def test_what_does_not_fit_is_split_or_said(kind: Kind) -> None:
    needs = [Need(action, f"arn:aws:ec2:eu-west-1:1:instance/i-{at}") for at, action in enumerate(EC2[:150])]
    found = write(needs, kind)
    if kind == "managed":
        assert found.fits and 1 < len(found.policies) <= ATTACHED
        assert all(size(policy) <= LIMITS[kind] for policy in found.policies)
        sids = [one["Sid"] for policy in found.json() for one in policy["Statement"]]
        assert len(set(sids)) == len(sids)
    else:
        assert len(found.policies) == 1
        assert found.fits is (size(found.policies[0]) <= LIMITS[kind])
        assert f"{LIMITS[kind]} characters" in str(found.notes[-1])


def test_one_statement_too_long_for_a_policy_is_halved() -> None:
    needs = [
        Need("s3:GetObject", f"arn:aws:s3:::a-bucket-with-a-long-name-{number}/*") for number in range(300)
    ]
    found = write(needs)
    assert found.fits
    assert len(found.policies) > 1
    resources = [one for policy in found.json() for each in policy["Statement"] for one in each["Resource"]]
    assert sorted(resources) == sorted(str(need.resource) for need in needs)


# ---------------------------------------------------------------------------------- grants just that

needs = st.lists(
    st.builds(
        Need,
        st.sampled_from(
            ("s3:GetObject", "s3:PutObject", "s3:ListBucket", "sqs:SendMessage", "xray:PutTraceSegments")
        ),
        st.sampled_from(
            ("*", "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::b/k", "arn:aws:sqs:eu-west-1:1:q")
        ),
        st.sampled_from(((), PREFIX, (KeyTest("Bool", "aws:SecureTransport", ("true",)), *PREFIX))),
        st.sampled_from(("", "read", "read it", "store")),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(needs, st.randoms(use_true_random=False))
def test_it_grants_what_is_needed_and_nothing_else(needs: list[Need], random: Any) -> None:
    found = write(needs)
    shuffled = list(needs)
    random.shuffle(shuffled)
    assert json.dumps(write(shuffled).json()) == json.dumps(found.json())
    one_by_one = [
        {
            "Effect": "Allow",
            "Action": need.action,
            "Resource": "*" if need.action.startswith("xray:") else need.resource,
            "Condition": {test.operator: {test.key: list(test.values)} for test in need.tests},
        }
        for need in needs
    ]
    statements = [one for policy in found.json() for one in policy["Statement"]]
    assert len(statements) <= len(needs)
    assert len({one["Sid"] for one in statements}) == len(statements)
    assert all(re.fullmatch(r"[A-Za-z0-9]{1,64}", one["Sid"]) for one in statements)
    wanted, granted = Access((document(*one_by_one),)), Access((document(*statements),))
    for action, resource, prefix, secure in product(
        (
            "s3:GetObject",
            "s3:PutObject",
            "s3:ListBucket",
            "s3:DeleteObject",
            "sqs:SendMessage",
            "xray:PutTraceSegments",
        ),
        ("arn:aws:s3:::b", "arn:aws:s3:::b/k", "arn:aws:s3:::c/k", "arn:aws:sqs:eu-west-1:1:q", "*"),
        ("up/x", "x", None),
        (True, False),
    ):
        context = {"s3:prefix": prefix, "aws:SecureTransport": secure}
        request = Request(caller("arn:aws:iam::1:role/r"), action, resource, context, complete=True)
        assert wanted.decide(request).answer is granted.decide(request).answer, request

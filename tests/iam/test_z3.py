"""Z3 as a second opinion on small policies without variables."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.iam.symbolic import Proved, Undecided, no_wider_than
from tests.iam.strategies import Draw, Json, document

z3_policies = pytest.importorskip(
    "benchmarks.z3_policies", reason="z3-solver is not installed: pip install z3-solver", exc_type=ImportError
)

ACTIONS = ("s3:Get*", "s3:*Object", "s3:GetObject", "sqs:*", "*", "S3:get?bject")
RESOURCES = ("*", "arn:aws:s3:::a*", "arn:aws:s3:::*b/*", "arn:aws:s3:::ab/?", "arn:aws:sqs:eu:1:q")
VALUES = ("red", "r*", "*d", "??d", "*")
KEYS = ("aws:PrincipalTag/team", "aws:RequestTag/team")


@st.composite
def small(draw: Draw) -> Json:
    statements: list[Json] = []
    for number in range(draw(st.integers(1, 3))):
        statement: Json = {"Effect": draw(st.sampled_from(["Allow", "Deny"])) if number else "Allow"}
        action = draw(st.sampled_from(["Action", "Action", "NotAction"]))
        resource = draw(st.sampled_from(["Resource", "Resource", "NotResource"]))
        statement[action] = draw(st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=2))
        statement[resource] = draw(st.lists(st.sampled_from(RESOURCES), min_size=1, max_size=2))
        for _ in range(draw(st.integers(0, 2))):
            operator = draw(st.sampled_from(z3_policies.OPERATORS))
            pool = ("true", "false") if operator == "Null" else VALUES
            values = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=2))
            statement.setdefault("Condition", {}).setdefault(operator, {})[draw(st.sampled_from(KEYS))] = values
        statements.append(statement)
    return {"Version": "2012-10-17", "Statement": statements}


@given(small(), small())
@settings(max_examples=60, deadline=None)
def test_z3_says_the_same(new: Json, old: Json) -> None:
    mine = no_wider_than([document(new)], [document(old)])
    theirs = z3_policies.no_wider_than(new, old, milliseconds=2_000)
    assert not isinstance(mine, Undecided)
    if theirs is not None:
        assert isinstance(mine, Proved) == theirs

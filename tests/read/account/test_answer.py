"""Answers become values with places, and what is hidden is a value without a text."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.read.account.answer import Document, Place, _written
from stockade.read.account.calls import LAMBDA, Call
from stockade.value import Known, Unknown, Value, Written

HERE = Place("123456789012", "eu-west-1", "aws", "2026-11-27T10:00:00Z")
CALL = Call("lambda", "GetFunction", LAMBDA, "a function")
LETTERS = 'aä"{[\\\n '
LEAVES = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(LETTERS, max_size=8)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(LETTERS, max_size=5), inner, max_size=3)
    ),
)


def plain(value: Value[Any]) -> Any:
    assert isinstance(value, Known)
    match value.value:
        case dict() as members:
            return {name: plain(one) for name, one in members.items()}
        case tuple() as items:
            return [plain(one) for one in items]
        case leaf:
            return leaf


@settings(suppress_health_check=[HealthCheck.too_slow])  # where many share the machine
@given(st.dictionaries(st.sampled_from("abc"), TREES, max_size=3))
def test_values_are_the_answer_hidden_or_not(data: dict[str, Any]) -> None:
    for hide in ((), ("a",), ("a", "b.c")):
        document = Document(HERE, CALL, "arn", data, hide)
        assert {name: plain(one) for name, one in document.members.items()} == data


@given(st.text(LETTERS, min_size=4, max_size=20))
def test_no_hidden_text_is_in_the_document(secret: str) -> None:
    data = {
        "Name": "n",
        "Environment": {"Variables": {"KEY": f"s3cret:{secret}", "LIST": [f"s3cret:{secret}"]}},
    }
    document = Document(HERE, CALL, "arn", data, ("Environment.Variables",))
    assert "s3cret" not in document.source.text
    assert plain(document.members["Environment"]) == data["Environment"]


def test_every_value_is_at_its_place() -> None:
    document = Document(
        HERE, CALL, "arn:aws:lambda:eu-west-1:1:function:f", {"Timeout": 3, "Role": {"Arn": "ä"}}
    )
    assert document.source.path == "GetFunction of arn:aws:lambda:eu-west-1:1:function:f, 2026-11-27"
    role = document.members["Role"]
    assert isinstance(role, Known) and isinstance(origin := role.value["Arn"].origin, Written)
    assert origin.span.raw.decode() == '"ä"'
    assert origin.span.line == 4


def test_a_text_that_holds_a_document_is_written_out() -> None:
    policy = {"Statement": [{"Effect": "Allow"}]}
    document = Document(HERE, CALL, "arn", {"Policy": json.dumps(policy)}, texts=("Policy",))
    assert plain(document.members["Policy"]) == policy
    broken = Document(HERE, CALL, "arn", {"Policy": "{"}, texts=("Policy",))
    assert broken.members["Policy"] == Known("{", broken.members["Policy"].origin)


def test_what_is_asked_of_no_answer_is_unknown_with_the_call() -> None:
    from stockade.read.account.answer import Unread

    value = Unread(CALL, "arn", "AWS denies it", HERE).value()
    assert isinstance(value, Unknown)
    assert value.reason == "`lambda:GetFunction` was not answered: AWS denies it"


@given(TREES | st.floats(allow_nan=False))
def test_a_document_is_written_as_json_writes_it(tree: Any) -> None:
    assert _written(tree) == json.dumps(tree, indent=2, ensure_ascii=False)

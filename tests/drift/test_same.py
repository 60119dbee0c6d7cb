"""Whether two values are the same: never yes or no where a filling would make it otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.drift.same import Fillings, Open, Shape, same, texts
from stockade.value import Default, Hole, Known, Ref, Text, Unknown, text_of

HERE = Default("here")
MINE, THEIRS = Fillings({"account": "111122223333"}, tag=" here"), Fillings(tag=" there")


def known(value: Any) -> Known[Any]:
    return Known(value, HERE)


def text(*parts: str | Ref | Hole) -> Unknown:
    return Unknown("it depends", HERE, text_of(*parts))


NOTHING = Unknown("nobody knows", HERE)
STAGE = Hole("var.stage")
ARN = Ref("aws_sqs_queue.jobs", "arn", Text(("arn:aws:sqs:", Hole("region"), ":", Hole("account"), ":jobs")))
KEY = Ref("aws_kms_key.k", "arn")


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (known(3), known(3), True),
        (known(3), known(4), False),
        (known(None), known(""), False),
        (known("a"), NOTHING, None),
        (NOTHING, NOTHING, None),
        (known("orders-prod"), text("orders-", STAGE), None),
        (known("jobs-prod"), text("orders-", STAGE), False),
        (text("orders-", STAGE), text("orders-", STAGE), None),  # each side has a variable of its own
        (known(None), text(KEY), False),  # an attribute of a resource is there
        (known(None), text(STAGE), None),  # a variable may be null
        (text(KEY), text(KEY), True),  # what AWS makes up for the resource that both call so
        (text(ARN), known("arn:aws:sqs:eu-west-1:111122223333:jobs"), None),  # the region is not known here
        (text(ARN), known("arn:aws:sqs:eu-west-1:444455556666:jobs"), False),
        (known((known("a"), known("b"))), known((known("b"), known("a"))), True),
        (known((known("a"),)), known((known("a"), known("a"))), False),
        (known((known("a"), NOTHING)), known((known("a"), known("b"), known("c"))), None),
        (known((known("a"), text("b-", STAGE))), known((known("a"), known("c"))), False),
        (known((known("a"), text("b-", STAGE))), known((known("a"), known("b-1"))), None),
        (known(()), known(()), True),
    ],
)
def test_answers(one: Any, other: Any, wanted: bool | None) -> None:
    for answer in (same(one, other, MINE, THEIRS), same(other, one, THEIRS, MINE)):
        assert (None if isinstance(answer, Open) else answer) is wanted
        assert not isinstance(answer, Open) or answer.reason


def test_what_a_state_says_of_a_reference() -> None:
    state = Fillings(refs={("aws_kms_key.k", "arn"): ("arn:aws:kms:eu-west-1:1:key/9",)})
    assert same(text(KEY), known("arn:aws:kms:eu-west-1:1:key/9"), state, THEIRS) is True
    assert same(text(KEY), known("arn:aws:kms:eu-west-1:1:key/8"), state, THEIRS) is False


_PIECES = st.lists(st.sampled_from(["a", "b", "ab", Hole("x"), Hole("y")]), max_size=5)


def _joined(pieces: list[str | Hole]) -> Shape:
    return text_of(*pieces).shape()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no defect
@given(
    _PIECES, _PIECES, st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from(["", "a", "b", "ab", "ba"]))
)
def test_no_filling_makes_an_answer_wrong(
    left: list[str | Hole], right: list[str | Hole], filling: dict[str, str]
) -> None:
    one, other = _joined(left), _joined(right)
    answer = texts(one, other)

    def filled(shape: Shape) -> str:
        return "".join(filling.get(one.name, "") if isinstance(one, Hole) else one for one in shape)

    if answer is True:
        assert filled(one) == filled(other)
    if answer is False:
        assert filled(one) != filled(other)

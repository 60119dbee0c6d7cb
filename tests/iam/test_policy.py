"""Documents parsed from trees of values: what is there, what is not known, what is wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.iam.policy import Condition, Document, Principal, Statement, parse
from stockade.source import Source, Span
from stockade.value import Default, Hole, Known, Unknown, Value, Written, text_of

HERE = Default("written in a test")
HOLE = Unknown("`var.x` has no value", HERE, text_of("arn:aws:s3:::", Hole("var.x")))
BLANK = Unknown("`var.y` has no value", HERE)


def tree(value: Any) -> Value[Any]:
    match value:
        case Unknown() | Known():
            return value
        case dict():
            return Known({key: tree(one) for key, one in value.items()}, HERE)
        case list():
            return Known(tuple(map(tree, value)), HERE)
        case _:
            return Known(value, HERE)


def parsed(value: Any) -> Document:
    found = parse(tree(value))
    assert isinstance(found, Known), found
    return found.value


def only(statement: Any) -> Statement:
    (found,) = parsed({"Statement": statement}).statements
    assert isinstance(found, Statement), found
    return found


def test_a_whole_statement() -> None:
    statement = only(
        [
            {
                "Sid": "One",
                "Effect": "Allow",
                "Principal": {"AWS": ["1", "2"], "Service": "lambda.amazonaws.com"},
                "Action": "s3:GetObject",
                "Resource": ["a", HOLE],
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": "1"},
                    "Bool": {"aws:SecureTransport": True},
                },
            }
        ]
    )
    assert statement.index == 0
    assert statement.sid == Known("One", HERE)
    assert statement.allows is True
    assert statement.actions == (Known("s3:GetObject", HERE),)
    assert statement.not_actions is None
    assert statement.resources == (Known("a", HERE), HOLE)
    assert statement.principals == (
        Principal("AWS", Known("1", HERE)),
        Principal("AWS", Known("2", HERE)),
        Principal("Service", Known("lambda.amazonaws.com", HERE)),
    )
    assert statement.conditions == (
        Condition("StringEquals", "aws:SourceAccount", (Known("1", HERE),), HERE),
        Condition("Bool", "aws:SecureTransport", (Known("true", HERE),), HERE),
    )


def test_a_statement_may_stand_alone() -> None:
    assert only({"Effect": "Deny", "NotAction": "*", "NotResource": []}).allows is False
    assert only({"Effect": "Deny", "NotResource": []}).not_resources == ()


def test_an_unwritten_version_is_the_old_one() -> None:
    version = parsed({"Statement": []}).version
    assert isinstance(version, Known)
    assert version.value == "2008-10-17"
    assert isinstance(version.origin, Default)
    assert parsed({"Version": "2012-10-17", "Statement": []}).version == Known("2012-10-17", HERE)


def test_every_element_keeps_its_place() -> None:
    source = Source("p.json", b'{"Effect":"Allow","Action":"s3:*"}')
    whole, action = Written(Span(source, 0, 34)), Written(Span(source, 27, 33))
    effect = Known("Allow", Written(Span(source, 10, 17)))
    statement = only(Known({"Effect": effect, "Action": Known("s3:*", action)}, whole))
    assert statement.origin is whole
    assert (statement.actions or ())[0].origin is action


def test_the_unknown_stays_as_small_as_it_is() -> None:
    document = parsed(
        {"Version": BLANK, "Statement": [BLANK, {"Effect": BLANK, "Action": BLANK, "Principal": BLANK}]}
    )
    assert document.version is BLANK
    first, second = document.statements
    assert first is BLANK
    assert isinstance(second, Statement)
    assert second.index == 1
    assert second.allows is None
    assert second.actions == (BLANK,)
    assert second.principals == (BLANK,)
    assert parse(BLANK) is BLANK
    assert parsed({"Statement": BLANK}).statements == (BLANK,)


def test_unknown_conditions_leave_the_known_ones() -> None:
    statement = only(
        {"Effect": "Allow", "Condition": {"Bool": {"a": "true"}, "StringLike": BLANK, "Null": {"b": BLANK}}}
    )
    assert statement.conditions == (
        Condition("Bool", "a", (Known("true", HERE),), HERE),
        BLANK,
        Condition("Null", "b", (BLANK,), BLANK.origin),
    )
    assert only({"Effect": "Allow", "Condition": BLANK}).conditions == (BLANK,)


def test_anybody_is_a_principal_of_its_own_kind() -> None:
    assert only({"Effect": "Allow", "Principal": "*"}).principals == (Principal("*", Known("*", HERE)),)
    assert only({"Effect": "Allow", "Principal": {"AWS": "*"}}).principals == (
        Principal("AWS", Known("*", HERE)),
    )
    assert only({"Effect": "Allow", "NotPrincipal": {"AWS": BLANK}}).not_principals == (
        Principal("AWS", BLANK),
    )


def test_null_is_not_there() -> None:
    statement = only({"Effect": "Allow", "Action": "a:b", "Condition": None, "Sid": None})
    assert statement.conditions == ()
    assert statement.sid is None


def test_other_spellings_are_read_and_remarked_on() -> None:
    document = parsed({"version": "2012-10-17", "statement": {"effect": "Allow", "action": "a:b", "Extra": 1}})
    (statement,) = document.statements
    assert isinstance(statement, Statement)
    assert statement.actions == (Known("a:b", HERE),)
    assert [remark.message for remark in document.remarks] == [
        "`version` is spelt `Version`",
        "`statement` is spelt `Statement`",
        "`effect` is spelt `Effect`",
        "`action` is spelt `Action`",
        "`Extra` is not an element of a statement",
    ]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("text", "the policy is not a JSON object"),
        (None, "the policy is not a JSON object"),
        ([], "the policy is not a JSON object"),
        ({}, "the policy has no Statement"),
        ({"Version": "2012-10-17"}, "the policy has no Statement"),
    ],
)
def test_no_document(value: Any, reason: str) -> None:
    found = parse(tree(value))
    assert isinstance(found, Unknown)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (3, "the statement is not a JSON object"),
        ({"Action": "a:b"}, "the statement has no Effect"),
        ({"Effect": "allow"}, "the Effect `allow` is neither Allow nor Deny"),
    ],
)
def test_a_malformed_statement_leaves_its_neighbours(value: Any, reason: str) -> None:
    broken, fine = parsed({"Statement": [value, {"Effect": "Allow"}]}).statements
    assert isinstance(broken, Unknown)
    assert broken.reason == reason
    assert isinstance(fine, Statement)
    assert fine.index == 1


@pytest.mark.parametrize(
    ("elements", "where", "reason"),
    [
        ({"Action": {"a": "b"}}, "actions", "the Action is not a string"),
        ({"Action": [["a", "b"]]}, "actions", "the Action is not a string"),
        ({"Principal": "me"}, "principals", "the Principal is neither `*` nor an object"),
        ({"Principal": {"Who": "me"}}, "principals", "`Who` is not a kind of principal"),
        ({"Condition": "x"}, "conditions", "the Condition is not an object"),
        ({"Condition": {"Bool": "x"}}, "conditions", "the condition `Bool` is not an object"),
    ],
)
def test_a_malformed_element_is_unknown_and_says_so(elements: Any, where: str, reason: str) -> None:
    (found,) = getattr(only({"Effect": "Allow", **elements}), where)
    assert isinstance(found, Unknown)
    assert found.reason == reason


def test_numbers_and_booleans_stand_for_their_text() -> None:
    condition = only(
        {"Effect": "Allow", "Condition": {"X": {"k": [True, False, 3, Decimal("1.50")]}}}
    ).conditions[0]
    assert isinstance(condition, Condition)
    assert [value.value for value in condition.values if isinstance(value, Known)] == [
        "true",
        "false",
        "3",
        "1.50",
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["Allow", "Deny", "*", "x"]) | st.just(BLANK),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Version", "Statement", "Effect", "Action", "Principal", "AWS", "Condition", "z"]),
            inner,
        )
    ),
    max_leaves=15,
)


@given(json_values, json_values)
def test_nothing_makes_it_raise(value: Any, statement: Any) -> None:
    parse(tree(value))
    parse(tree({"Statement": [statement, value]}))

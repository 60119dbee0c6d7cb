"""Minimising documents: the cases by hand, and that no decision ever changes."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.iam.decide import Access
from stockade.iam.managed import managed
from stockade.iam.minimise import Minimal, minimise
from stockade.iam.pack import DATA, Pack
from stockade.iam.policy import Document, parse
from stockade.iam.request import Request, caller
from stockade.iam.symbolic import Proved, Witness, no_wider_than
from stockade.iam.written import size
from stockade.value import Default, Hole, Known, Unknown, Value, text_of

ORIGIN = Default("a test")


def lift(tree: Any) -> Value[Any]:
    """JSON's values as the parser takes them."""
    match tree:
        case Known() | Unknown():
            return tree
        case dict():
            return Known({key: lift(value) for key, value in tree.items()}, ORIGIN)
        case list() | tuple():
            return Known(tuple(map(lift, tree)), ORIGIN)
        case _:
            return Known(tree, ORIGIN)


def document(*statements: Any, version: str | None = "2012-10-17") -> Document:
    tree = {"Statement": list(statements)} | ({"Version": version} if version else {})
    parsed = parse(lift(tree))
    assert isinstance(parsed, Known)
    return parsed.value


def minimal(*statements: Any, version: str | None = "2012-10-17") -> Minimal:
    found = minimise(document(*statements, version=version))
    assert isinstance(found, Known)
    return found.value


def allow(action: Any, resource: Any, condition: Any = None, **more: Any) -> dict[str, Any]:
    statement = {**more, "Effect": "Allow", "Action": action, "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


ORDERS, USERS = "arn:aws:dynamodb:eu-west-1:1:table/orders", "arn:aws:dynamodb:eu-west-1:1:table/users"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param(
            [allow(["s3:GetObject", "S3:getobject", "s3:Get*"], "*")],
            [allow("s3:Get*", "*")],
            [
                "statement 1: `s3:GetObject` in Action is covered by `s3:Get*`",
                "`S3:getobject` is in Action twice",
            ],
            id="an action that another one covers",
        ),
        pytest.param(
            [allow("s3:GetObject", ["arn:aws:s3:::b/*", "arn:aws:s3:::b/x", "arn:aws:s3:::B/x"])],
            [allow("s3:GetObject", ["arn:aws:s3:::b/*", "arn:aws:s3:::B/x"])],
            ["`arn:aws:s3:::b/x` in Resource is covered by `arn:aws:s3:::b/*`"],
            id="a resource, with its case",
        ),
        pytest.param(
            [allow("dynamodb:GetItem", ORDERS, Sid="Get"), allow("dynamodb:*", "*", Sid="All")],
            [allow("dynamodb:*", "*", Sid="All")],
            ["statement 1 (`Get`) is covered by statement 2 (`All`)"],
            id="a statement that another one covers",
        ),
        pytest.param(
            [allow("dynamodb:GetItem", ORDERS), allow("dynamodb:GetItem", USERS)],
            [allow("dynamodb:GetItem", [ORDERS, USERS])],
            ["statement 2 is merged into statement 1, from which it differs in Resource only"],
            id="resources of the same actions",
        ),
        pytest.param(
            [allow("dynamodb:GetItem", ORDERS), allow("dynamodb:PutItem", ORDERS)],
            [allow(["dynamodb:GetItem", "dynamodb:PutItem"], ORDERS)],
            ["differs in Action only"],
            id="actions on the same resources",
        ),
        pytest.param(
            [allow("s3:*", "*", Sid="A"), allow("sqs:*", "*", Sid="B"), allow("s3express:*", "*", Sid="C")],
            None,
            [],
            id="named statements of several services stay apart",
        ),
        pytest.param(
            [allow(["s3:GetObject", "s3:PutObject"], ORDERS), allow("s3:Get*", "*")],
            [allow("s3:PutObject", ORDERS), allow("s3:Get*", "*")],
            ["`s3:GetObject` in Action is covered by statement 2"],
            id="one action of several",
        ),
        pytest.param(
            [
                allow("s3:GetObject", "*", {"StringEquals": {"aws:SourceVpc": ["vpc-1", "vpc-1"]}}),
                allow("s3:GetObject", "*", {"StringEquals": {"AWS:SourceVPC": "vpc-2"}}),
            ],
            [allow("s3:GetObject", "*", {"StringEquals": {"aws:SourceVpc": ["vpc-1", "vpc-2"]}})],
            ["has values twice", "differs in the values of its Condition only"],
            id="values of a condition",
        ),
        pytest.param(
            [
                allow("s3:GetObject", "*", {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}),
                allow("s3:GetObject", "*", {"StringNotEquals": {"aws:SourceVpc": ["vpc-1", "vpc-2"]}}),
            ],
            [allow("s3:GetObject", "*", {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}})],
            ["statement 2 is covered by statement 1"],
            id="what is none of more is less",
        ),
        pytest.param(
            [
                allow("s3:GetObject", "*", {"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}),
                allow("s3:GetObject", "*", {"ForAllValues:StringEquals": {"aws:TagKeys": "b"}}),
            ],
            None,
            [],
            id="all of either is not all of both",
        ),
        pytest.param(
            [
                allow(
                    "s3:*",
                    "*",
                    {"StringEquals": {"aws:SourceVpc": "v"}, "Bool": {"aws:SecureTransport": "true"}},
                ),
                allow(
                    "s3:*",
                    "*",
                    {"StringEquals": {"aws:SourceVpc": "w"}, "Bool": {"aws:SecureTransport": "false"}},
                ),
            ],
            None,
            [],
            id="two tests that differ make four of two",
        ),
        pytest.param(
            [allow("s3:*", "*"), {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}],
            None,
            [],
            id="a Deny covers nothing",
        ),
        pytest.param(
            [
                {"Effect": "Allow", "NotAction": ["iam:*", "iam:Get*"], "Resource": "*"},
                allow("s3:GetObject", "*"),
                allow("iam:GetRole", "*"),
            ],
            [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, allow("iam:GetRole", "*")],
            ["in NotAction", "statement 2 is covered by statement 1"],
            id="what NotAction leaves",
        ),
        pytest.param(
            [
                {
                    "Sid": "A",
                    "Effect": "Allow",
                    "Principal": {"AWS": "1"},
                    "Action": "sqs:SendMessage",
                    "Resource": "*",
                },
                {
                    "Sid": "B",
                    "Effect": "Allow",
                    "Principal": {"Service": "sns.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": "*",
                },
            ],
            [
                {
                    "Sid": "A",
                    "Effect": "Allow",
                    "Principal": {"AWS": "1", "Service": "sns.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": "*",
                }
            ],
            ["differs in Principal only"],
            id="principals",
        ),
        pytest.param(
            [
                {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"},
                {"Effect": "Allow", "Principal": {"AWS": "1"}, "Action": "sts:AssumeRole"},
            ],
            None,
            [],
            id="anybody stays by itself",
        ),
    ],
)
def test_by_hand(before: list[Any], after: list[Any] | None, told: list[str]) -> None:
    found = minimal(*before)
    assert found.json()["Statement"] == (before if after is None else after)
    assert len(found.notes) == len(told), found.notes
    for note, part in zip(found.notes, told, strict=True):
        assert part in str(note)


def test_the_version_stays_as_it_was() -> None:
    assert minimal(allow("s3:*", "*"), version=None).json() == {"Statement": [allow("s3:*", "*")]}
    assert minimal(allow("s3:*", "*"), version="2008-10-17").json()["Version"] == "2008-10-17"


def test_what_is_known_in_part_is_written_again() -> None:
    known = text_of("arn:aws:s3:::", Hole("var.bucket"), "/*")
    inside = text_of("arn:aws:s3:::", Hole("var.bucket"), "/a")
    found = minimal(
        allow("s3:GetObject", [Unknown("a variable", ORIGIN, known), Unknown("a variable", ORIGIN, inside)])
    )
    assert found.tree["Statement"][0]["Resource"] == known
    assert found.json()["Statement"][0]["Resource"] == "arn:aws:s3:::${var.bucket}/*"


def test_what_cannot_be_read_is_not_written() -> None:
    for broken in (
        Unknown("a variable", ORIGIN),
        allow(Unknown("a variable", ORIGIN), "*"),
        allow("s3:*", "*", Unknown("a variable", ORIGIN)),
        {"Effect": "Allow", "Resource": "*"},
        {**allow("s3:*", "*"), "NotAction": "s3:*"},
    ):
        found = minimise(document(allow("s3:*", "*"), broken))
        assert isinstance(found, Unknown), broken
    many = minimise(document(*(allow(f"s3:A{number}", f"arn:aws:s3:::{number}") for number in range(501))))
    assert isinstance(many, Unknown)
    assert "500 statements" in many.reason


# -------------------------------------------------------------------------------- no decision changes

ACTIONS = (
    "s3:GetObject",
    "s3:Get*",
    "S3:getobject",
    "s3:*",
    "s3:PutObject",
    "s3:?utObject",
    "sqs:SendMessage",
    "*",
)
RESOURCES = (
    "*",
    "arn:aws:s3:::b",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/k",
    "arn:aws:s3:::?/k",
    "arn:aws:s3:::*/k",
    "arn:aws:s3:::${aws:username}/*",
    "arn:aws:sqs:eu-west-1:333333333333:q",
    "arn:aws:sqs:*:*:q",
    "arn:aws:sqs:*:q",
    "arn:aws:sqs:eu-west-1:333333333333:*",
    "arn:aws:s*",
)
TESTS = (
    ("StringEquals", "aws:SourceVpc", ("v", "w")),
    ("stringequals", "AWS:sourcevpc", ("v", "w")),
    ("StringNotEquals", "aws:SourceVpc", ("v", "w")),
    ("StringEqualsIfExists", "aws:SourceVpc", ("v", "w")),
    ("ForAnyValue:StringEquals", "aws:TagKeys", ("v", "w")),
    ("ForAllValues:StringEquals", "aws:TagKeys", ("v", "w")),
    ("ForAllValues:StringEquals", "aws:TagKeys", ("v", "w")),
    ("StringLike", "s3:prefix", ("v*", "*", "w")),
    ("Null", "s3:prefix", ("true", "false")),
    ("Bool", "aws:SecureTransport", ("true", "false")),
)
PRINCIPALS = (
    "*",
    {"AWS": "111111111111"},
    {"AWS": ["111111111111", "arn:aws:iam::111111111111:role/r"]},
    {"AWS": "arn:aws:iam::111111111111:role/r", "Service": "sns.amazonaws.com"},
    {"AWS": "*"},
)


def listed(values: tuple[str, ...]) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3)


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for operator, key, values in draw(st.lists(st.sampled_from(TESTS), max_size=2)):
        out.setdefault(operator, {})[key] = draw(listed(values))
    return out


ELEMENTS = {
    "Effect": st.sampled_from(("Allow", "Allow", "Deny")),
    "Sid": st.sampled_from(("A", "B")),
    "Principal": st.sampled_from(PRINCIPALS),
    "Action": listed(ACTIONS),
    "Resource": listed(RESOURCES),
    "Condition": conditions(),
}


@st.composite
def statements(draw: st.DrawFn, principals: bool) -> list[dict[str, Any]]:
    """Statements that differ from one another in an element or two, for those are merged and dropped."""
    elements = [one for one in (*ELEMENTS, "Condition") if principals or one != "Principal"]
    one = {element: draw(ELEMENTS[element]) for element in elements}
    out = [one]
    for _ in range(draw(st.integers(0, 4))):
        one = dict(one)
        for element in draw(st.lists(st.sampled_from(elements), min_size=1, max_size=2)):
            one[element] = draw(ELEMENTS[element])
        out.append(one)
    return [_some_negated(one, draw(st.integers(0, 15))) for one in out]


def _some_negated(one: dict[str, Any], dice: int) -> dict[str, Any]:
    """Now and then an element in its form with Not, no Sid or no Condition."""
    renamed = {0: "Action", 1: "Resource", 2: "Principal"}.get(dice)
    out = {("Not" + element if element == renamed else element): value for element, value in one.items()}
    if dice > 7:
        out.pop("Sid", None)
    if not out["Condition"]:
        del out["Condition"]
    return out


EVERYTHING = document(allow("*", "*"))
CALLERS = (
    "arn:aws:iam::111111111111:role/r",
    "arn:aws:iam::111111111111:user/b",
    "arn:aws:iam::222222222222:role/o",
    "sns.amazonaws.com",
    "*",
)
CONTEXTS = st.fixed_dictionaries(
    {},
    optional={
        "aws:SourceVpc": st.sampled_from(("v", "w", "x")),
        "aws:TagKeys": st.lists(st.sampled_from(("v", "w", "x")), max_size=2, unique=True),
        "s3:prefix": st.sampled_from(("v", "vv", "w")),
        "aws:SecureTransport": st.booleans(),
    },
)


@settings(deadline=None, max_examples=300)
@given(
    statements(False) | statements(True),
    st.lists(CONTEXTS, min_size=2, max_size=3),
    st.sampled_from(("2012-10-17", "2008-10-17")),
)
def test_no_decision_changes(written: list[Any], contexts: list[dict[str, Any]], version: str) -> None:
    before = document(*written, version=version)
    found = minimise(before)
    assert isinstance(found, Known)
    after = document(*found.value.json()["Statement"], version=version)
    of_resource = any("Principal" in one or "NotPrincipal" in one for one in written)
    old, new = (
        Access((), resource=one, account="111111111111") if of_resource else Access((one,))
        for one in (before, after)
    )
    for who, action, resource, context in product(
        CALLERS,
        ("s3:GetObject", "s3:PutObject", "sqs:SendMessage"),
        ("arn:aws:s3:::b", "arn:aws:s3:::b/k", "arn:aws:s3:::c/k", "arn:aws:sqs:eu-west-1:333333333333:q"),
        contexts,
    ):
        request = Request(caller(who), action, resource, context, complete=True)
        assert old.decide(request).answer is new.decide(request).answer, request


@settings(deadline=None)
@given(statements(False) | statements(True))
def test_it_only_ever_shrinks_and_is_done_at_once(written: list[Any]) -> None:
    found = minimise(document(*written))
    assert isinstance(found, Known)
    tree = found.value.json()
    assert size(tree) <= size({"Version": "2012-10-17", "Statement": written})
    again = minimise(document(*tree["Statement"]))
    assert isinstance(again, Known)
    assert again.value.notes == ()
    assert json.dumps(again.value.json()) == json.dumps(tree)


@pytest.mark.parametrize("name", sorted(Pack(DATA / "managed.pack"))[::15])
def test_policies_of_aws_mean_the_same_afterwards_and_that_is_proved(name: str) -> None:
    policy = managed(name)
    assert policy is not None
    found = minimise(policy.document)
    assert isinstance(found, Known)
    after = parse(lift(found.value.json()))
    for new, old in ((after, policy.document), (policy.document, after)):
        assert isinstance(no_wider_than([new], [old]), Proved)


@settings(deadline=None, max_examples=40)
@given(statements(False))
def test_no_request_tells_before_and_after_apart(written: list[Any]) -> None:
    before = document(*written)
    found = minimise(before)
    assert isinstance(found, Known)
    after = document(*found.value.json()["Statement"])
    for new, old in ((after, before), (before, after)):
        assert not isinstance(no_wider_than([new], [old]), Witness)

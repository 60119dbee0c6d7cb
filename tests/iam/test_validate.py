"""Validation against literate cases: exactly the codes that a block names, and where it says so their paths."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.iam.catalog import Catalog
from stockade.iam.validate import Finding, Key, Kind, Type, Validation, codes, validate
from stockade.json_text import decode
from stockade.source import Source, Span
from stockade.value import Default, Hole, Known, Ref, Unknown, Value, Written, sensitive, text_of

FOLDER = Path(__file__).parent / "validation"
_BLOCK = re.compile(r"^```json (\S+)(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
NOWHERE = Default("a test")


def cases() -> list[Any]:
    out = []
    for path in sorted(FOLDER.glob("*.md")):
        text = path.read_text()
        for found in _BLOCK.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            out.append(pytest.param(found[1], found[2].split(), found[3], id=f"{path.stem}:{line}"))
    return out


def read(text: str) -> Value[Any]:
    """A document, or a statement made into one, with its places in a file of its own."""
    if '"Statement"' not in text and text.strip() != "{}" and not text.startswith("["):
        text = f'{{"Version": "2012-10-17", "Statement": [{text.strip()}]}}'
    source = Source("policy.json", text.encode())
    return decode(((text, source, 0),), Written(Span(source, 0, len(source.data))))


def at(finding: Finding) -> str:
    return "/".join(one.name if isinstance(one, Key) else str(one) for one in finding.path)


def said(text: str, kind: str) -> Validation:
    name, _, resource_type = kind.partition(":")
    return validate(read(text), Kind(name), resource_type=resource_type)


@pytest.mark.parametrize(("kind", "expected", "text"), cases())
def test_cases(kind: str, expected: list[str], text: str) -> None:
    found = said(text, kind).findings
    assert Counter(one.code for one in found) == Counter(one.partition("@")[0] for one in expected)
    for one in expected:
        code, anywhere, path = one.partition("@")
        if anywhere:
            assert path in [at(finding) for finding in found if finding.code == code]


def test_every_code_that_is_decided_has_a_case_and_no_other_has() -> None:
    named = {one.partition("@")[0] for case in cases() for one in case.values[1]}
    sizes = {name for name in codes() if name.startswith("POLICY_SIZE")}
    assert named | sizes == {name for name, code in codes().items() if code.kinds}


def test_every_code_that_is_not_decided_says_why() -> None:
    assert [name for name, code in codes().items() if not code.kinds and not code.why] == []


@pytest.mark.parametrize(
    ("kind", "quota"),
    [
        ("identity", 10_240),
        ("trust", 2_048),
        ("scp", 10_240),
        ("rcp", 5_120),
        ("resource:AWS::SQS::Queue", 8_192),
    ],
)
def test_size_is_counted_without_white_space(kind: str, quota: int) -> None:
    def of(length: int) -> str:
        bare = '{"Version":"2012-10-17","Id":"","Statement":[]}'
        return bare.replace('""', '"' + "a" * (length - len(bare)) + '"').replace(",", ",\n   ")

    code = next(
        name for name, one in codes().items() if name.startswith("POLICY_SIZE") and kind[:4] in _size_of(one)
    )
    assert code not in [one.code for one in said(of(quota), kind).findings]
    assert code in [one.code for one in said(of(quota + 1), kind).findings]


def _size_of(code: Any) -> list[str]:
    return [kind.value[:4] for kind in code.kinds]


# -------------------------------------------------------------------------------------- what it says


def test_a_finding_says_where_what_and_what_to_do() -> None:
    text = '{"Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObjects"], "Resource": "*"}'
    (finding,) = said(text, "identity").findings
    assert finding.type is Type.ERROR
    assert finding.statement == 0
    assert isinstance(finding.origin, Written)
    assert finding.origin.span.raw == b'"s3:GetObjects"'
    assert "`GetObjects`" in finding.message
    assert finding.help == "did you mean `s3:GetObject`?"
    assert finding.instead == "s3:GetObject"


def test_a_finding_on_a_name_points_at_the_name() -> None:
    text = '{"Effect": "Allow", "Action": "s3:GetObject", "Resources" : "*", "Resource": "*"}'
    (finding,) = said(text, "identity").findings
    assert isinstance(finding.origin, Written)
    assert finding.origin.span.raw == b'"Resources"'
    assert finding.path == ("Statement", 0, Key("Resources"))


@pytest.mark.parametrize(
    ("action", "help"),
    [
        ("s3:ListObjectsV2", "what allows that operation is `s3:ListBucket`"),
        ("lambda:InvokeFunctoin", "did you mean `lambda:InvokeFunction`?"),
        ("dynamodbb:GetItem", "did you mean `dynamodb:GetItem`?"),
        ("dynamodbs:ListShards", "did you mean `dynamodb`? it has no action `ListShards` either"),
        ("s3:TeleportObject", "remove it, or name the action"),
    ],
)
def test_an_action_that_is_none_comes_with_those_that_may_be_meant(action: str, help: str) -> None:
    (finding,) = said(json.dumps({"Effect": "Allow", "Action": action, "Resource": "*"}), "identity").findings
    assert finding.help == help


def test_messages_are_as_the_house_writes_them() -> None:
    for case in cases():
        for finding in said(case.values[2], case.values[0]).findings:
            for text in (finding.message, finding.help):
                assert text, finding.code
                assert not text.endswith("."), text
                first = text.split()[0].strip("`")
                assert not (first.istitle() and first not in ("AWS", "Amazon", "Null")) or text.startswith(
                    "`"
                ), text


# --------------------------------------------------------------------------- what is not known


def _document(**elements: Value[Any]) -> Value[Any]:
    def known(value: Any) -> Value[Any]:
        return Known(value, NOWHERE)

    given = {"Effect": known("Allow"), "Action": known("s3:GetObject"), "Resource": known("*"), **elements}
    return known({"Version": known("2012-10-17"), "Statement": known((known(given),))})


UNKNOWN = Unknown("a variable has no value", NOWHERE)
HALF = Unknown("a variable has no value", NOWHERE, text_of("s3:", Hole("var.verb")))


@pytest.mark.parametrize("element", ["Effect", "Action", "Resource", "Condition", "Principal"])
def test_what_is_not_known_is_never_wrong_and_never_silent(element: str) -> None:
    kind = Kind.RESOURCE if element == "Principal" else Kind.IDENTITY
    elements: dict[str, Value[Any]] = {element: UNKNOWN}
    found = validate(_document(**elements), kind)
    assert found.findings == ()
    assert [path for path, _ in found.open] == [("Statement", 0, element)]


def test_a_document_or_a_statement_that_is_not_known_is_open() -> None:
    assert validate(UNKNOWN, Kind.IDENTITY) == Validation((), (((), UNKNOWN),))
    tree = Known({"Version": Known("2012-10-17", NOWHERE), "Statement": Known((UNKNOWN,), NOWHERE)}, NOWHERE)
    assert [path for path, _ in validate(tree, Kind.IDENTITY).open] == [("Statement", 0)]


def test_half_of_an_action_is_open() -> None:
    found = validate(_document(Action=HALF), Kind.IDENTITY)
    assert found.findings == ()
    assert [path for path, _ in found.open] == [("Statement", 0, "Action")]


def test_an_arn_with_holes_is_judged_by_what_is_known_of_it() -> None:
    def resource(*parts: str | Hole | Ref) -> Validation:
        return validate(_document(Resource=Unknown("a", NOWHERE, text_of(*parts))), Kind.IDENTITY)

    name = Hole("var.name")
    assert resource("arn:aws:s3:::", name, "/*") == Validation((), ())
    assert resource("arn:aws:dynamodb:", Hole("region"), ":", Hole("account"), ":table/", name) == Validation(
        (), ()
    )
    assert [one.code for one in resource("arn:aws:dynamodb:", Hole("region"), "::", name).findings] == [
        "MISSING_ARN_ACCOUNT"
    ]
    assert [one.code for one in resource("arn:aws:dynamo:", Hole("region"), ":1:", name).findings] == [
        "INVALID_SERVICE"
    ]
    assert [one.code for one in resource("uploads/", name).findings] == ["INVALID_ARN_PREFIX"]
    assert resource(name, "/*").open != ()
    assert resource(Ref("aws_sqs_queue.jobs", "arn")) == Validation((), ())


def test_a_principal_with_holes_is_judged_by_what_is_known_of_it() -> None:
    def principal(kind: str, *parts: str | Hole | Ref) -> bool:
        """Whether it stays open; nothing is ever wrong with it."""
        value = Unknown("a", NOWHERE, text_of(*parts))
        named = Known({kind: value}, NOWHERE)
        tree = _document(Action=Known("sts:AssumeRole", NOWHERE), Principal=named)
        assert isinstance(tree, Known)
        del tree.value["Statement"].value[0].value["Resource"]
        found = validate(tree, Kind.TRUST)
        assert found.findings == ()
        return found.open != ()

    account = Hole("account")
    assert not principal("AWS", "arn:aws:iam::", account, ":root")
    assert not principal("AWS", Ref("aws_iam_role.ci", "arn"))
    assert not principal("Service", "logs.", Hole("region"), ".amazonaws.com")
    assert principal("AWS", account)
    assert principal("AWS", "arn:aws:iam::", account, ":role/*")
    assert principal("Service", Ref("aws_iam_role.ci", "arn"))
    assert principal("Service", Hole("var.service"), ".amazonaws.com")


# ------------------------------------------------------------------------- documents that are alike


@pytest.mark.parametrize(
    ("resource", "code"),
    [
        ("arn:aws:dynamodb:eu-west-1:12345:table/b", "INVALID_ARN_ACCOUNT"),
        ("arn:aws:dynamodb:eu-west-1::table/b", "MISSING_ARN_ACCOUNT"),
        ("arn:aws:dynamodb:europe:123456789012:table/b", "INVALID_ARN_REGION"),
        ("arn:aws:dynamo:eu-west-1:123456789012:table/b", "INVALID_SERVICE"),
        ("arn:aws:dynamodb:eu-west-1:123456789012:tabel/b", "INVALID_ARN_RESOURCE"),
        ("arn:aws:dynamodb:eu-west-1:123456789012", "MISSING_ARN_FIELD"),
        ("table/b", "INVALID_ARN_PREFIX"),
    ],
)
def test_one_without_fault_hides_no_fault_of_its_likes(resource: str, code: str) -> None:
    def said(value: str) -> list[str]:
        tree = _document(Action=Known("dynamodb:GetItem", NOWHERE), Resource=Known(value, NOWHERE))
        return [one.code for one in validate(tree, Kind.IDENTITY).findings]

    assert said("arn:aws:dynamodb:eu-west-1:123456789012:table/a") == []
    assert said(resource) == [code]


def test_one_without_fault_hides_no_resource_that_covers_another() -> None:
    def said(*values: str) -> list[str]:
        listed = Known(tuple(Known(value, NOWHERE) for value in values), NOWHERE)
        return [one.code for one in validate(_document(Resource=listed), Kind.IDENTITY).findings]

    assert said("arn:aws:s3:::a/*", "arn:aws:s3:::b/*") == []
    assert said("arn:aws:s3:::a/*", "arn:aws:s3:::a/b/*") == ["REDUNDANT_RESOURCE"]


def test_one_without_fault_hides_none_that_is_too_large() -> None:
    def said(length: int) -> list[str]:
        resource = Known(f"arn:aws:s3:::a/{'b' * length}", NOWHERE)
        return [one.code for one in validate(_document(Resource=resource), Kind.IDENTITY).findings]

    assert said(10) == []
    assert said(11_000) == ["POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"]


def test_a_condition_of_which_a_part_is_not_known_lets_nothing_be_missed_by_it() -> None:
    tree = _document(Action=Known("iam:PassRole", NOWHERE), Condition=UNKNOWN)
    assert validate(tree, Kind.IDENTITY).findings == ()


def test_a_resource_that_begins_with_a_variable_is_open() -> None:
    found = validate(_document(Resource=Known("${aws:PrincipalTag/arn}", NOWHERE)), Kind.IDENTITY)
    assert found.findings == ()
    assert [why.reason for _, why in found.open] == [
        "it begins with a policy variable, and what AWS makes of that was not confirmed"
    ]


# ---------------------------------------------------------------------------- whatever the document


TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(
        ["Allow", "*", "s3:Get*", "arn:aws:s3:::a", "${aws:username", "2012-10-17", "AROA", "10.0.0.0/8"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Version",
                    "Statement",
                    "Effect",
                    "Action",
                    "NotAction",
                    "Resource",
                    "Principal",
                    "Condition",
                    "Sid",
                ]
            )
            | st.sampled_from(
                ["AWS", "Service", "Federated", "StringLike", "Bool", "IpAddress", "NumericLessThan"]
            )
            | st.sampled_from(
                ["aws:SourceIp", "s3:prefix", "aws:TagKeys", "aws:ResourceTag/a", "dynamodb:Attributes"]
            )
            | st.text(max_size=6),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def tree_of(value: Any, unknown: bool) -> Value[Any]:
    """A plain tree as one of values; with ``unknown``, every other text is not known."""
    match value:
        case dict():
            return Known({key: tree_of(one, unknown) for key, one in value.items()}, NOWHERE)
        case list():
            return Known(tuple(tree_of(one, unknown) for one in value), NOWHERE)
        case str() if unknown and len(value) % 2:
            return UNKNOWN
        case _:
            return Known(value, NOWHERE)


@given(TREES, st.sampled_from(list(Kind)), st.booleans())
def test_no_document_is_too_strange(value: Any, kind: Kind, unknown: bool) -> None:
    found = validate(tree_of(value, unknown), kind)
    assert all(one.code in codes() and kind in codes()[one.code].kinds for one in found.findings)
    assert all(one.type is codes()[one.code].type for one in found.findings)


@given(TREES)
def test_hiding_a_text_brings_no_finding_of_an_action_or_a_resource(value: Any) -> None:
    """What is said of names is said of a text that is there; one that is not known cannot be misspelt."""
    about = ("INVALID_ACTION", "INVALID_SERVICE_IN_ACTION", "INVALID_ARN_PREFIX", "INVALID_EFFECT")
    everything = Counter(one.code for one in validate(tree_of(value, False), Kind.IDENTITY).findings)
    hidden = Counter(one.code for one in validate(tree_of(value, True), Kind.IDENTITY).findings)
    assert all(hidden[code] <= everything[code] for code in about)


SECRET = "hunter2"
SHAPES = (
    SECRET,
    f"{SECRET}:*",
    f"s3:{SECRET}",
    f"arn:aws:s3:::{SECRET}/*",
    f"arn:aws:{SECRET}:eu:1:a",
    f"arn:{SECRET}",
    f"${{{SECRET}",
    f"${{aws: {SECRET}}}",
    f"AROA{SECRET.upper()}ABCDEFGHIJK",
    f"{SECRET}.amazonaws.com",
    f"arn:aws:iam::123456789012:role/{SECRET}*",
)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("known", [True, False])
def test_what_is_to_be_kept_out_of_sight_is_in_no_message(kind: Kind, shape: str, known: bool) -> None:
    hidden = sensitive(
        Known(shape, NOWHERE) if known else Unknown("why", NOWHERE, text_of(shape, Hole("var.more")))
    )
    whole = tree_of(
        {
            "Version": "V",
            "Id": "V",
            "Statement": [
                {
                    "Sid": "V",
                    "Effect": effect,
                    "Principal": {"AWS": "V", "Service": ["V"], "Federated": "V"},
                    "Action": ["V", "iam:PassRole", "s3:*"],
                    "Resource": ["V", "arn:aws:s3:::*"],
                    "Condition": {
                        operator: {key: ["V"]}
                        for operator, key in (
                            ("StringEquals", "aws:SourceArn"),
                            ("StringLike", "aws:PrincipalArn"),
                            ("Bool", "aws:SecureTransport"),
                            ("IpAddress", "aws:SourceIp"),
                            ("DateLessThan", "aws:CurrentTime"),
                            ("NumericLessThan", "s3:max-keys"),
                            ("ForAllValues:StringEquals", "aws:CalledVia"),
                            ("ArnLike", "aws:SourceArn"),
                        )
                    },
                }
                for effect in ("V", "Allow", "Deny")
            ],
        },
        False,
    )

    def filled(value: Value[Any]) -> Value[Any]:
        match value:
            case Known(dict() as members):
                return Known({name: filled(one) for name, one in members.items()}, NOWHERE)
            case Known(tuple() as listed):
                return Known(tuple(map(filled, listed)), NOWHERE)
            case Known("V"):
                return hidden
            case _:
                return value

    found = validate(filled(whole), kind)
    texts = [f"{one.message} {one.help} {one.instead}" for one in found.findings]
    texts += [why.reason for _, why in found.open]
    assert texts
    assert not [text for text in texts if SECRET in text.lower()]


def test_long_lists_with_wildcards_end() -> None:
    actions = [f"s3:Get*{'a*' * 200}{number}*" for number in range(2_000)]
    text = json.dumps({"Effect": "Allow", "Action": actions, "Resource": "*"})
    found = said(text, "identity")
    assert any("too many" in why.reason for _, why in found.open)


def test_a_wildcard_stands_for_what_the_catalogue_has() -> None:
    assert Catalog.load().expand("s3:GetObject*")
    assert said('{"Effect": "Allow", "Action": "s3:GetObject*", "Resource": "*"}', "identity").findings == ()

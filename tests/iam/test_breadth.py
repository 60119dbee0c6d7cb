"""How widely a statement grants: what is known, what is not, and what must never be claimed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.iam.breadth import (
    Limit,
    Narrowing,
    covering,
    covers_all,
    covers_everything,
    every_action,
    formats,
    limit,
    on_all,
    on_everything,
    resources_of,
    scopes,
    taken_back,
    unscoped,
)
from stockade.iam.catalog import Catalog
from stockade.iam.match import glob_matches
from stockade.iam.policy import Statement, parse
from stockade.value import Default, Hole, Known, Ref, Text, Unknown, Value, text_of

HERE = Default("written in a test")
CATALOG = Catalog.load()
TABLE = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}"
OBJECT = "arn:${Partition}:s3:::${BucketName}/${ObjectName}"
SECRET = "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${SecretId}"

NOTHING = Unknown("a variable", HERE)
WHOLE = Unknown("a variable", HERE, text_of(Hole("var.x")))


def partly(*parts: str | Ref | Hole) -> Unknown:
    return Unknown("a part is not known", HERE, text_of(*parts))


def value(plain: Any) -> Value[Any]:
    match plain:
        case Known() | Unknown():
            return plain
        case dict():
            return Known({key: value(one) for key, one in plain.items()}, HERE)
        case list():
            return Known(tuple(map(value, plain)), HERE)
        case _:
            return Known(plain, HERE)


def statement(effect: str = "Allow", **elements: Any) -> Statement:
    parsed = parse(value({"Version": "2012-10-17", "Statement": [{"Effect": effect, **elements}]}))
    assert isinstance(parsed, Known)
    (one,) = parsed.value.statements
    assert isinstance(one, Statement)
    return one


def answer(found: Value[str] | None) -> bool | None:
    """Yes, no, or nobody knows."""
    return None if isinstance(found, Unknown) else found is not None


# ----------------------------------------------------------------------------------------- actions


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"Action": "S3:getobject"}, True),
        ({"Action": ["sqs:*", "s3:Get*"]}, True),
        ({"Action": "*"}, True),
        ({"Action": "s3:Put*"}, False),
        ({"Action": NOTHING}, None),
        ({"Action": [NOTHING, "s3:GetObject"]}, True),
        ({"Action": [WHOLE, "sqs:*"]}, None),
        ({"Action": partly("s3:", Hole("verb"), "Object")}, None),
        ({"Action": partly("sqs:", Hole("verb"))}, False),
        ({"Action": partly("s3:*", Hole("what"))}, None),
        ({"NotAction": "sqs:*"}, True),
        ({"NotAction": ["sqs:*", "S3:*"]}, False),
        ({"NotAction": ["sqs:*", NOTHING]}, None),
        ({"NotAction": []}, True),
        ({}, False),
    ],
)
def test_covering_an_action(elements: dict[str, Any], expected: bool | None) -> None:
    assert answer(covering(statement(**elements), "s3:GetObject")) is expected


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"Action": "*"}, True),
        ({"Action": ["s3:*", "*:*"]}, True),
        ({"Action": "s3:*"}, False),
        ({"Action": ""}, False),
        ({"Action": WHOLE}, None),
        ({"Action": NOTHING}, None),
        ({"Action": partly("s3:", Hole("verb"))}, False),
        ({"NotAction": "iam:*"}, True),
        ({"NotAction": "*"}, False),
        ({"NotAction": NOTHING}, None),
    ],
)
def test_every_action(elements: dict[str, Any], expected: bool | None) -> None:
    assert answer(every_action(statement(**elements))) is expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("dynamodb:PutItem", ("table",)),
        ("s3:GetObject", ("object", "accesspointobject")),
        ("events:PutEvents", ("event-bus", "event-busv2")),
        ("xray:PutTraceSegments", ()),
        ("cloudwatch:PutMetricData", ()),
        ("translate:TranslateText", ()),
        ("ec2:CreateNetworkInterface", ()),
    ],
)
def test_what_an_action_can_be_scoped_to(action: str, expected: tuple[str, ...]) -> None:
    found = CATALOG.action(action)
    assert found is not None
    assert scopes(found) == expected


# --------------------------------------------------------------------------------------- resources

DECLARED = Ref("aws_dynamodb_table.t", "arn", text_of("arn:", Hole("p"), ":dynamodb:", Hole("r"), ":1:table/t"))


@pytest.mark.parametrize(
    ("resource", "arn_format", "expected"),
    [
        ("*", TABLE, True),
        ("**", TABLE, True),
        ("arn:*", TABLE, True),
        ("arn:aws:*", TABLE, True),
        ("arn:aws:dynamodb:*", TABLE, True),
        ("arn:aws:dynamodb:*:*:*", TABLE, True),
        ("arn:aws:dynamodb:eu-west-1:123456789012:table/*", TABLE, True),
        ("arn:aws:dynamodb:*:*:table/orders", TABLE, False),
        ("arn:aws:dynamodb:*:*:table/orders*", TABLE, False),
        ("arn:aws:dynamodb:*:*:table/?*", TABLE, False),
        ("arn:aws:dynamodb:*:*:table/*/index/*", TABLE, False),
        ("arn:aws:s3:::*", TABLE, False),
        ("arn:aws:s3:::*", OBJECT, True),
        ("arn:aws:s3:::*/*", OBJECT, True),
        ("arn:aws:s3:::in/*", OBJECT, False),
        ("arn:aws:secretsmanager:*:*:secret:*", SECRET, True),
        ("arn:aws:secretsmanager:*:*:secret*", SECRET, True),
        ("arn:aws:secretsmanager:*:*:secret:app/*", SECRET, False),
        ("", TABLE, False),
        ("no ARN", TABLE, False),
        (NOTHING, TABLE, None),
        (WHOLE, TABLE, None),
        (partly(Hole("var.prefix"), "*"), TABLE, None),
        (partly("arn:", Hole("partition"), ":dynamodb:", Hole("r"), ":", Hole("a"), ":table/*"), TABLE, True),
        (partly("arn:aws:dynamodb:*:*:table/", Hole("var.name")), TABLE, False),
        (partly("arn:aws:dynamodb:*:*:table/", Hole("var.name"), "*"), TABLE, False),
        (partly("arn:aws:", Hole("var.service"), ":*:*:*"), TABLE, None),
        (partly(DECLARED), TABLE, False),
        (partly(DECLARED, "/*"), TABLE, False),
        (partly(Ref("aws_rds_cluster.c", "arn")), TABLE, False),
        (partly(Ref("aws_rds_cluster.c", "master_user_secret.0.secret_arn")), TABLE, False),
        (partly(Ref("aws_ssm_parameter.p", "value")), TABLE, None),
        (partly(Ref("terraform_data.x", "output")), TABLE, None),
        (partly(Ref("module.m", "arn")), TABLE, None),
        (partly(Ref('module.m["a.b"]', "table_arn")), TABLE, None),
        (partly(Ref("module.m.aws_sqs_queue.q", "arn")), TABLE, False),
    ],
)
def test_covering_all_of_a_type(resource: Any, arn_format: str, expected: bool | None) -> None:
    assert covers_all(value(resource), arn_format) is expected


@given(pattern=st.text("a*/?t", max_size=8), name=st.text("abt/", min_size=1, max_size=8))
def test_nothing_is_called_all_that_leaves_a_resource_out(pattern: str, name: str) -> None:
    if covers_all(Known(f"arn:aws:dynamodb:*:*:{pattern}", HERE), TABLE):
        assert glob_matches(pattern, f"table/{name}")


SINGLE = ("dynamodb", "iam", "logs", "s3", "apigateway")
"""Services of whose types some have a format without anything that varies in its last part."""


@given(
    service=st.sampled_from(SINGLE),
    kind=st.integers(min_value=0),
    names=st.lists(st.sampled_from(["x", "", "a:b", "${aws:username}"]), min_size=1, max_size=6),
)
def test_single_arns_cover_what_each_of_them_covers_all_of(service: str, kind: int, names: list[str]) -> None:
    """``on_all`` does not ask of each where it can tell from all of them."""
    types = sorted(CATALOG.service(service).resource_types.values())  # type: ignore[union-attr]
    arn_format = types[kind % len(types)]
    for name in ("x", *names):
        arn = "".join(name if index % 2 else piece for index, piece in enumerate(VARYING.split(arn_format)))
        one = statement(Resource=[arn], Action="*")
        assert answer(on_all(one, arn_format)) is covers_all(value(arn), arn_format)


VARYING = re.compile(r"\$\{([^}]*)\}")


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("*", True),
        ("arn:*", True),
        ("arn:aws:*:*:*:*", True),
        ("arn:aws:s3:::*", False),
        (NOTHING, None),
        (partly(DECLARED), False),
    ],
)
def test_covering_everything(resource: Any, expected: bool | None) -> None:
    assert covers_everything(value(resource)) is expected


def test_what_not_resource_leaves_is_a_star() -> None:
    (left,) = resources_of(statement(NotResource=["arn:aws:s3:::a"]))
    assert left == Known("*", HERE)
    assert resources_of(statement(NotResource=["arn:aws:s3:::a", "*"])) == ()
    assert resources_of(statement()) == ()


def test_a_wide_resource_is_told_from_those_beside_it() -> None:
    several = statement(Resource=[NOTHING, "arn:aws:dynamodb:*:*:table/a", "arn:aws:dynamodb:*:*:table/*"])
    assert on_all(several, TABLE) == Known("arn:aws:dynamodb:*:*:table/*", HERE)
    assert on_everything(several) is NOTHING
    assert on_all(statement(Resource="arn:aws:dynamodb:*:*:table/a"), TABLE) is None
    partial = statement(Resource=[partly("arn:aws:dynamodb:", Hole("region"), ":1:table/*")])
    assert on_all(partial, TABLE) == Known("arn:aws:dynamodb:${region}:1:table/*", HERE)


@pytest.mark.parametrize(
    ("action", "resources", "expected"),
    [
        ("dynamodb:PutItem", ["*"], True),
        ("dynamodb:PutItem", ["arn:aws:dynamodb:*:*:table/a"], False),
        ("s3:GetObject", ["arn:aws:s3:::*/*"], True),
        ("s3:GetObject", ["arn:aws:s3:::in/*"], False),
        ("s3:GetObject", ["arn:aws:s3:::in/*", NOTHING], None),
        ("xray:PutTraceSegments", ["*"], False),
        ("ec2:DeleteVolume", ["arn:aws:ec2:*:*:volume/*"], True),
        ("ec2:RunInstances", ["*"], True),
        ("ec2:RunInstances", ["arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:*:*:image/ami-1"], False),
    ],
)
def test_leaving_an_action_unscoped(action: str, resources: list[Any], expected: bool | None) -> None:
    found, service = CATALOG.action(action), CATALOG.service(action.partition(":")[0])
    assert found is not None
    assert service is not None
    assert answer(unscoped(statement(Resource=resources), found, formats(found, service), {})) is expected


# -------------------------------------------------------------------------------------- conditions


@pytest.mark.parametrize(
    ("operator", "key", "expected"),
    [
        ("StringEquals", "aws:ResourceTag/team", Narrowing.CHOSEN),
        ("StringEqualsIfExists", "AWS:resourcetag/Team", Narrowing.CHOSEN),
        ("ForAllValues:StringLike", "dynamodb:LeadingKeys", Narrowing.CHOSEN),
        ("StringEquals", "cloudwatch:namespace", Narrowing.CHOSEN),
        ("ArnEquals", "ec2:Vpc", Narrowing.CHOSEN),
        ("StringEquals", "s3:prefix", Narrowing.CHOSEN),
        ("StringEquals", "kms:ResourceAliases", Narrowing.CHOSEN),
        ("StringEquals", "aws:ResourceAccount", Narrowing.SOMEWHAT),
        ("StringEquals", "s3:ResourceAccount", Narrowing.SOMEWHAT),
        ("StringEquals", "kms:ViaService", Narrowing.SOMEWHAT),
        ("StringEquals", "kms:EncryptionContext:app", Narrowing.SOMEWHAT),
        ("Bool", "aws:SecureTransport", None),
        ("StringEquals", "aws:RequestedRegion", None),
        ("IpAddress", "aws:SourceIp", None),
        ("StringEquals", "s3:x-amz-acl", None),
        ("NumericGreaterThan", "s3:TlsVersion", None),
        ("StringNotEquals", "aws:ResourceTag/team", None),
        ("Null", "aws:ResourceTag/team", None),
    ],
)
def test_what_a_condition_narrows_to(operator: str, key: str, expected: Narrowing | None) -> None:
    found = limit(statement(Condition={operator: {key: "x"}}))
    assert not isinstance(found, Unknown)
    assert (found.narrowing if found else None) is expected


def test_a_pattern_that_anything_matches_narrows_nothing() -> None:
    tag = "aws:ResourceTag/team"
    assert limit(statement(Condition={"StringLike": {tag: ["a", "*"]}})) is None
    assert isinstance(limit(statement(Condition={"StringEquals": {tag: "*"}})), Limit)
    assert limit(statement(Condition={"StringLike": {tag: WHOLE}})) is WHOLE
    assert isinstance(limit(statement(Condition={"StringEquals": {tag: WHOLE}})), Limit)
    assert isinstance(limit(statement(Condition={"StringLike": {tag: partly("a-", Hole("var.x"))}})), Limit)


def test_the_narrowest_of_several_conditions_counts_and_an_unknown_one_can_only_narrow() -> None:
    account, tag = {"aws:ResourceAccount": "1"}, {"aws:ResourceTag/team": "x"}
    both = limit(statement(Condition={"StringEquals": account | tag}))
    assert isinstance(both, Limit)
    assert both.condition.key == "aws:ResourceTag/team"
    assert limit(statement(Condition={"StringEquals": account, "Bool": NOTHING})) is NOTHING
    assert isinstance(limit(statement(Condition={"StringEquals": tag, "Bool": NOTHING})), Limit)
    assert limit(statement(Condition=NOTHING)) is NOTHING
    assert limit(statement()) is None


# ----------------------------------------------------------------------------------------- denials


@pytest.mark.parametrize(
    ("deny", "expected"),
    [
        ({"Action": "s3:*", "Resource": "*"}, True),
        ({"Action": "s3:*", "NotResource": "arn:aws:s3:::in/*"}, True),
        ({"NotAction": "sqs:*", "Resource": "*"}, True),
        ({"Action": "sqs:*", "Resource": "*"}, False),
        ({"Action": "s3:*", "Resource": "arn:aws:s3:::private/*"}, False),
        ({"Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}, False),
        ({"Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:ResourceTag/t": "x"}}}, None),
        ({"Action": "*", "Resource": "*", "Condition": NOTHING}, None),
        ({"Action": "s3:*", "Resource": NOTHING}, None),
        ({"Action": NOTHING, "Resource": "*"}, None),
    ],
)
def test_what_a_deny_takes_back(deny: dict[str, Any], expected: bool | None) -> None:
    one = statement("Deny", **deny)
    found = taken_back("s3:GetObject", [one])
    assert (None if isinstance(found, Unknown) else found is not None) is expected
    if expected is None:
        certain = statement("Deny", Action="s3:*", Resource="*")
        assert taken_back("s3:GetObject", [one, certain]) is certain


def test_text_is_only_known_as_far_as_it_is() -> None:
    assert covers_all(Unknown("a part", HERE, Text(("arn:aws:s3:::", Hole("b"), "/*"))), OBJECT) is False

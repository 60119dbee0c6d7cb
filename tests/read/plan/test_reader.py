"""Plans and states read alone: what is known, what is not, how things relate, what must not be seen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stockade.model.relate import meant
from stockade.read.build import build
from stockade.read.resource import Reading
from stockade.value import (
    Default,
    Known,
    Ref,
    Unknown,
    Value,
    Written,
    is_sensitive,
    places,
    shape_of,
    structure,
)
from tests.read.plan.plans import UNKNOWN, change, declared, plan, reading, refers, state_file, tfstate
from tests.read.terraform.project import addresses, at, known, unknown

FUNCTION = {
    "function_name": "orders",
    "role": UNKNOWN,
    "runtime": "python3.13",
    "memory_size": 128,
    "arn": UNKNOWN,
}


def ref_of(value: Value[Any]) -> tuple[str, str]:
    ref = meant(value)
    assert ref is not None, value
    return ref.address, ref.attribute


def stack(tmp_path: Path) -> Reading:
    """A function with a role, an API that may call it, and who may not."""
    return reading(
        tmp_path,
        plan(
            [
                change("aws_lambda_function.orders", FUNCTION),
                change("aws_iam_role.orders", {"name": "orders", "arn": UNKNOWN, "inline_policy": UNKNOWN}),
                change("aws_apigatewayv2_api.main", {"name": "main", "execution_arn": UNKNOWN, "id": UNKNOWN}),
                change(
                    "aws_lambda_permission.api",
                    {
                        "function_name": UNKNOWN,
                        "principal": "apigateway.amazonaws.com",
                        "source_arn": UNKNOWN,
                        "source_account": None,
                    },
                ),
            ],
            [
                declared(
                    "aws_lambda_function.orders",
                    function_name="orders",
                    role=refers("aws_iam_role.orders.arn"),
                    runtime=refers("var.runtime"),
                ),
                declared("aws_iam_role.orders", name="orders"),
                declared("aws_apigatewayv2_api.main", name="main"),
                declared(
                    "aws_lambda_permission.api",
                    function_name=refers("aws_lambda_function.orders.arn"),
                    principal="apigateway.amazonaws.com",
                    source_arn=refers("aws_apigatewayv2_api.main.execution_arn"),
                ),
            ],
        ),
    )


def test_what_only_deployment_knows_is_what_it_refers_to(tmp_path: Path) -> None:
    found = stack(tmp_path)
    role = unknown(at(found, "aws_lambda_function.orders").attributes["role"])
    assert role.ref == Ref("aws_iam_role.orders", "arn")
    assert role.reason == "`aws_iam_role.orders.arn` is known only after deployment"
    assert [str(piece) for piece in shape_of(role)] == ["arn:aws:iam::", "${account}", ":role/orders"]
    permission = at(found, "aws_lambda_permission.api").attributes
    assert ref_of(permission["function_name"]) == ("aws_lambda_function.orders", "arn")


def test_what_may_be_written_behind_an_arn_is_not_made_up(tmp_path: Path) -> None:
    """``${api.execution_arn}/*/GET/orders`` and the bare ARN look the same in a plan."""
    source = unknown(at(stack(tmp_path), "aws_lambda_permission.api").attributes["source_arn"])
    assert ref_of(source) == ("aws_apigatewayv2_api.main", "execution_arn")
    assert source.ref is None
    assert source.text is not None
    assert len(source.text.parts) == 2


def test_a_world_is_made_of_it(tmp_path: Path) -> None:
    world = build(stack(tmp_path))
    [function] = world.functions
    assert [one.address for one in world.permissions_of(function)] == ["aws_lambda_permission.api"]
    role = world.role_of(function)
    assert role is not None
    assert role.address == "aws_iam_role.orders"
    api = world.api_in(world.permissions[0].source_arn)
    assert api is not None
    assert api.address == "aws_apigatewayv2_api.main"
    assert known(function.region or Unknown("no region", function.origin)) == "eu-west-1"


def test_what_nobody_wrote_is_left_to_aws(tmp_path: Path) -> None:
    """What the provider fills in is told from what somebody wrote by the configuration in the plan."""
    function = at(stack(tmp_path), "aws_lambda_function.orders").attributes
    assert sorted(function) == ["function_name", "role", "runtime"]
    assert "source_account" not in at(stack(tmp_path), "aws_lambda_permission.api").attributes


def test_what_is_deployed_counts_though_nobody_wrote_it(tmp_path: Path) -> None:
    after = {
        "function_name": "orders",
        "tracing_config": [{"mode": "PassThrough"}],
        "timeout": 3,
        "layers": None,
    }
    found = reading(
        tmp_path,
        plan(
            [change("aws_lambda_function.f", after, actions=("no-op",), before=after)],
            [declared("aws_lambda_function.f", function_name="orders")],
        ),
    )
    function = at(found, "aws_lambda_function.f").attributes
    assert known(function["tracing_config"]) == [{"mode": "PassThrough"}]
    assert isinstance(function["timeout"].origin, Default)
    assert isinstance(function["function_name"].origin, Written)
    assert "layers" not in function


def test_dynamic_blocks_leave_no_trace_in_a_plan_and_count_all_the_same(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        plan(
            [
                change(
                    "aws_lambda_function.f",
                    {"function_name": "f", "environment": UNKNOWN, "vpc_config": [{"subnet_ids": UNKNOWN}]},
                )
            ],
            [declared("aws_lambda_function.f", function_name="f")],
        ),
    )
    function = at(found, "aws_lambda_function.f").attributes
    assert isinstance(function["environment"], Unknown)
    blocks = function["vpc_config"]
    assert isinstance(blocks, Known)
    unknown(blocks.value[0].value["subnet_ids"])


def test_references_are_followed_through_modules(tmp_path: Path) -> None:
    inner = {
        "resources": [
            declared("aws_lambda_function.this", function_name=refers("var.name"), role=refers("var.role")),
        ],
        "outputs": {"arn": {"expression": refers("aws_lambda_function.this.arn")}},
    }
    root = {
        "resources": [
            declared("aws_iam_role.r", name="r"),
            declared(
                "aws_lambda_permission.p",
                function_name={"references": ['module.fn["a"].arn', 'module.fn["a"]', "module.fn"]},
            ),
            declared("aws_cloudwatch_event_rule.nightly", name=refers("each.key")),
            declared(
                "aws_cloudwatch_event_target.nightly",
                rule=refers("aws_cloudwatch_event_rule.nightly", "each.key"),
            ),
        ],
        "module_calls": {
            "fn": {
                "expressions": {"role": refers("aws_iam_role.r.arn"), "name": refers("each.key")},
                "module": inner,
            }
        },
    }
    found = reading(
        tmp_path,
        plan(
            [
                change("aws_iam_role.r", {"name": "r", "arn": UNKNOWN}),
                change("aws_lambda_function.this", FUNCTION, module='module.fn["a"]'),
                change("aws_lambda_permission.p", {"function_name": UNKNOWN}),
                change("aws_cloudwatch_event_rule.nightly", {"name": UNKNOWN}, index="x"),
                change("aws_cloudwatch_event_rule.nightly", {"name": UNKNOWN}, index="y"),
                change("aws_cloudwatch_event_target.nightly", {"rule": UNKNOWN}, index="y"),
            ],
            root,
        ),
    )
    function = at(found, 'module.fn["a"].aws_lambda_function.this').attributes
    assert ref_of(function["role"]) == ("aws_iam_role.r", "arn")
    permission = at(found, "aws_lambda_permission.p").attributes
    assert ref_of(permission["function_name"]) == ('module.fn["a"].aws_lambda_function.this', "arn")
    target = at(found, 'aws_cloudwatch_event_target.nightly["y"]').attributes
    assert ref_of(target["rule"])[0] == 'aws_cloudwatch_event_rule.nightly["y"]'


@pytest.mark.parametrize(
    "configuration",
    [
        pytest.param([declared("aws_iam_role.a", name=refers("aws_iam_role.a.name"))], id="itself"),
        pytest.param(
            [
                declared("aws_iam_role.a", name=refers("aws_iam_role.b.name")),
                declared("aws_iam_role.b", name=refers("aws_iam_role.a.name")),
            ],
            id="each-other",
        ),
    ],
)
def test_circles_end(tmp_path: Path, configuration: list[dict[str, Any]]) -> None:
    changes = [change(one["address"], {"name": UNKNOWN}) for one in configuration]
    found = reading(tmp_path, plan(changes, configuration))
    unknown(at(found, "aws_iam_role.a").attributes["name"])


def test_a_circle_of_variables_ends(tmp_path: Path) -> None:
    module: dict[str, Any] = {"resources": [declared("aws_iam_role.a", name=refers("var.x"))]}
    module["module_calls"] = {"m": {"expressions": {"x": refers("module.m.x")}, "module": dict(module)}}
    module["module_calls"]["m"]["module"]["outputs"] = {"x": {"expression": refers("var.x")}}
    found = reading(tmp_path, plan([change("aws_iam_role.a", {"name": UNKNOWN}, module="module.m")], module))
    unknown(at(found, "module.m.aws_iam_role.a").attributes["name"])


def test_a_document_that_is_read_while_deploying_is_known_in_part(tmp_path: Path) -> None:
    statement = {"actions": ["s3:GetObject"], "resources": [UNKNOWN], "effect": None, "sid": "Read"}
    found = reading(
        tmp_path,
        plan(
            [
                change(
                    "data.aws_iam_policy_document.d",
                    {"statement": [statement], "json": UNKNOWN},
                    actions=("read",),
                ),
                change("aws_iam_role_policy.p", {"name": "p", "policy": UNKNOWN, "role": "r"}),
                change("aws_s3_bucket.b", {"bucket": "papers", "arn": UNKNOWN}),
            ],
            [
                declared(
                    "data.aws_iam_policy_document.d",
                    statement=[
                        {
                            "actions": {"constant_value": ["s3:GetObject"]},
                            "resources": refers("aws_s3_bucket.b.arn"),
                        }
                    ],
                ),
                declared(
                    "aws_iam_role_policy.p",
                    name="p",
                    policy=refers("data.aws_iam_policy_document.d.json"),
                    role="r",
                ),
                declared("aws_s3_bucket.b", bucket="papers"),
            ],
        ),
    )
    document = structure(at(found, "aws_iam_role_policy.p").attributes["policy"])
    assert isinstance(document, Known)
    [one] = document.value["Statement"].value
    assert known(one.value["Action"]) == "s3:GetObject"
    resource = unknown(one.value["Resource"])
    assert next(map(str, shape_of(resource))) == "arn:aws:s3:::papers"
    assert addresses(found) == ["aws_iam_role_policy.p", "aws_s3_bucket.b"]


def test_a_document_of_which_only_the_references_are_kept_is_unknown(tmp_path: Path) -> None:
    """``jsonencode({ ... Resource = bucket.arn })``: that it speaks of the bucket is all a plan keeps."""
    found = reading(
        tmp_path,
        plan(
            [
                change("aws_iam_role_policy.p", {"policy": UNKNOWN}),
                change("aws_s3_bucket.b", {"bucket": "papers", "arn": UNKNOWN}),
            ],
            [
                declared("aws_iam_role_policy.p", policy=refers("aws_s3_bucket.b.arn")),
                declared("aws_s3_bucket.b"),
            ],
        ),
    )
    policy = unknown(at(found, "aws_iam_role_policy.p").attributes["policy"])
    assert policy.text is None
    assert policy.reason == "`aws_iam_role_policy.p.policy` is known only after deployment"


def test_what_is_deleted_or_deposed_or_forgotten_is_not_there(tmp_path: Path) -> None:
    gone = {"name": "gone"}
    found = reading(
        tmp_path,
        plan(
            [
                change("aws_iam_role.deleted", None, actions=("delete",), before=gone),
                change("aws_iam_role.forgotten", None, actions=("forget",), before=gone),
                change("aws_iam_role.kept", gone, actions=("delete",), before=gone, deposed="1a2b3c4d"),
                change("aws_iam_role.kept", {"name": "kept"}, actions=("no-op",), before={"name": "kept"}),
                change("aws_iam_role.replaced", {"name": "new"}, actions=("delete", "create"), before=gone),
            ]
        ),
    )
    assert addresses(found) == ["aws_iam_role.kept", "aws_iam_role.replaced"]
    assert known(at(found, "aws_iam_role.kept").attributes["name"]) == "kept"


def test_a_role_that_is_looked_up_comes_from_the_state_before(tmp_path: Path) -> None:
    trust = json.dumps({"Statement": []})
    prior = [
        {
            "address": "data.aws_iam_role.shared",
            "mode": "data",
            "type": "aws_iam_role",
            "name": "shared",
            "values": {
                "name": "shared",
                "arn": "arn:aws:iam::111122223333:role/shared",
                "assume_role_policy": trust,
            },
        },
        {
            "address": "data.aws_region.here",
            "mode": "data",
            "type": "aws_region",
            "name": "here",
            "values": {"name": "eu-west-1"},
        },
    ]
    found = reading(tmp_path, plan([], prior=prior))
    [role] = found.resources
    assert (role.type, role.address) == ("data.aws_iam_role", "data.aws_iam_role.shared")


def test_what_is_marked_sensitive_is_marked(tmp_path: Path) -> None:
    secret = "correct-horse-battery"
    after = {"function_name": "f", "environment": [{"variables": {"PASSWORD": secret, "STAGE": "prod"}}]}
    content = plan(
        [
            change(
                "aws_lambda_function.f",
                after,
                sensitive={"environment": [{"variables": {"PASSWORD": True}}]},
            )
        ]
    )
    for indent in (None, 2):
        found = reading(tmp_path, content, indent=indent)
        blocks = at(found, "aws_lambda_function.f").attributes["environment"]
        assert isinstance(blocks, Known)
        variables = blocks.value[0].value["variables"].value
        assert is_sensitive(variables["PASSWORD"])
        assert not is_sensitive(variables["STAGE"])
        assert all(secret.encode() not in one.span.raw for one in places(variables["PASSWORD"].origin))


def test_in_one_line_a_place_shows_nothing_but_the_address(tmp_path: Path) -> None:
    found = reading(
        tmp_path, plan([change("aws_lambda_function.f", {"function_name": "f", "description": "x9x"})])
    )
    value = at(found, "aws_lambda_function.f").attributes["description"]
    [written] = places(value.origin)
    assert written.span.raw == b'"aws_lambda_function.f"'
    assert b"x9x" not in written.span.source.data
    assert written.span.start == (tmp_path / "plan.json").read_bytes().index(b'"aws_lambda_function.f"')


def test_on_lines_of_its_own_a_value_has_its_place(tmp_path: Path) -> None:
    found = reading(tmp_path, plan([change("aws_lambda_function.f", {"function_name": "f"})]), indent=2)
    value = at(found, "aws_lambda_function.f").attributes["function_name"]
    [written] = places(value.origin)
    assert written.span.raw == b'"f"'
    assert written.span.source.line(written.span.line).strip() == '"function_name": "f"'


def test_characters_beyond_ascii(tmp_path: Path) -> None:
    content = json.dumps(
        plan([change("aws_lambda_function.f", {"description": "Größe"})]), ensure_ascii=False, indent=1
    )
    found = reading(tmp_path, content)
    value = at(found, "aws_lambda_function.f").attributes["description"]
    assert known(value) == "Größe"
    assert next(places(value.origin)).span.raw.decode() == '"Größe"'


# ------------------------------------------------------------------------------------------ states

ARN = "arn:aws:lambda:eu-west-1:111122223333:function:orders"


def test_a_state_file(tmp_path: Path) -> None:
    secret = {"attributes": {"name": "a"}, "sensitive_attributes": [[{"type": "get_attr", "value": "name"}]]}
    found = reading(
        tmp_path,
        tfstate(
            state_file(
                {"index_key": "a", "attributes": {"function_name": "orders", "arn": ARN}},
                {"index_key": "b", "deposed": "00000000", "attributes": {"function_name": "old"}},
                module='module.m["x"]',
            ),
            state_file(
                {"index_key": 0, "attributes": {"name": "r", "inline_policy": []}}, own="aws_iam_role.r"
            ),
            state_file(secret, own="aws_iam_role.s"),
        ),
        "terraform.tfstate",
        2,
    )
    assert found.kind == "state"
    assert addresses(found) == [
        'module.m["x"].aws_lambda_function.f["a"]',
        "aws_iam_role.r[0]",
        "aws_iam_role.s",
    ]
    function = at(found, 'module.m["x"].aws_lambda_function.f["a"]')
    assert known(function.attributes["function_name"]) == "orders"
    assert function.region is not None
    assert known(function.region) == "eu-west-1"
    assert is_sensitive(at(found, "aws_iam_role.s").attributes["name"])


def test_in_a_state_what_depends_on_another_relates_by_its_texts(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        tfstate(
            state_file({"attributes": {"id": "a1b2c3d4e5", "name": "main"}}, own="aws_apigatewayv2_api.main"),
            state_file(
                {
                    "attributes": {"api_id": "a1b2c3d4e5", "target": "integrations/zz9plural"},
                    "dependencies": ["aws_apigatewayv2_api.main", "aws_apigatewayv2_integration.i"],
                },
                own="aws_apigatewayv2_route.r",
            ),
            state_file({"attributes": {"id": "zz9plural"}}, own="aws_apigatewayv2_integration.i"),
            state_file({"attributes": {"api_id": "a1b2c3d4e5"}}, own="aws_apigatewayv2_stage.elsewhere"),
        ),
        "terraform.tfstate",
    )
    route = at(found, "aws_apigatewayv2_route.r").attributes
    assert ref_of(route["api_id"]) == ("aws_apigatewayv2_api.main", "id")
    assert ref_of(route["target"]) == ("aws_apigatewayv2_integration.i", "id")
    assert meant(at(found, "aws_apigatewayv2_stage.elsewhere").attributes["api_id"]) is None


def test_what_a_role_only_echoes_is_in_force_once(tmp_path: Path) -> None:
    policy = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
    arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    role = {
        "name": "r",
        "path": "/",
        "assume_role_policy": "{}",
        "inline_policy": [{"name": "own", "policy": policy}, {"name": "by hand", "policy": policy}],
        "managed_policy_arns": [arn],
    }
    found = reading(
        tmp_path,
        tfstate(
            state_file({"attributes": role}, own="aws_iam_role.r"),
            state_file(
                {"attributes": {"name": "own", "role": "r", "policy": policy}}, own="aws_iam_role_policy.p"
            ),
            state_file(
                {"attributes": {"role": "r", "policy_arn": arn}}, own="aws_iam_role_policy_attachment.a"
            ),
        ),
        "terraform.tfstate",
    )
    [made] = build(found).roles
    assert [(one.address, known(one.name)) for one in made.policies] == [
        ("aws_iam_role.r", "by hand"),
        ("aws_iam_role_policy.p", "own"),
        ("aws_iam_role_policy_attachment.a", "AmazonS3FullAccess"),
    ]


def test_a_limit_of_zero_that_is_read_back_is_none(tmp_path: Path) -> None:
    zeros = {"throttling_burst_limit": 0, "throttling_rate_limit": 0, "logging_level": "OFF"}
    found = reading(
        tmp_path,
        tfstate(
            state_file(
                {"attributes": {"name": "$default", "default_route_settings": [zeros]}},
                own="aws_apigatewayv2_stage.s",
            )
        ),
        "terraform.tfstate",
    )
    assert known(at(found, "aws_apigatewayv2_stage.s").attributes["default_route_settings"]) == [
        {"logging_level": "OFF"}
    ]


def test_a_shown_state(tmp_path: Path) -> None:
    function = {
        "address": "module.m.aws_lambda_function.f",
        "mode": "managed",
        "type": "aws_lambda_function",
        "name": "f",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "values": {"function_name": "orders", "description": "quiet"},
        "sensitive_values": {"description": True},
    }
    deposed = {**function, "deposed_key": "00000000"}
    values = {"root_module": {"child_modules": [{"address": "module.m", "resources": [function, deposed]}]}}
    found = reading(tmp_path, {"format_version": "1.0", "terraform_version": "1.11.4", "values": values})
    assert (found.kind, addresses(found)) == ("state", ["module.m.aws_lambda_function.f"])
    assert is_sensitive(found.resources[0].attributes["description"])


def test_an_empty_state(tmp_path: Path) -> None:
    found = reading(tmp_path, {"format_version": "1.0", "terraform_version": "1.11.4"})
    assert (found.kind, found.resources, found.gaps) == ("state", (), ())


# ----------------------------------------------------------------------------------------- not read

WHOLE = json.dumps(plan([change("aws_lambda_function.f", {"function_name": "f"})]))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(WHOLE[:-40], "it ends too early", id="truncated"),
        pytest.param(WHOLE[: len(WHOLE) // 2], "it ends too early", id="half"),
        pytest.param(WHOLE.replace(":", "=", 1), "its JSON is broken", id="broken"),
        pytest.param("", "it is not an object", id="empty"),
        pytest.param("[]", "it is not an object", id="a-list"),
        pytest.param("{}", "it is neither a plan nor a state of Terraform", id="nothing"),
        pytest.param('{"a": ' + "[" * 100_000, "it is nested too deep", id="deep"),
        pytest.param(
            WHOLE.replace('"1.2"', '"2.0"'), "its format version is 2.0; those before 2.0 are read", id="later"
        ),
        pytest.param(tfstate(version=3), "it is a state of version 3; version 4 is read", id="old-state"),
        pytest.param(
            {"serial": 1, "lineage": "x", "meta": {}, "encrypted_data": "x"},
            "it is an encrypted state",
            id="encrypted",
        ),
        pytest.param(
            b"PK\x03\x04", "it is a plan as Terraform saves it, which only Terraform reads", id="saved"
        ),
        pytest.param(b"\xff\xfe" + WHOLE.encode("utf-16-le"), "it is UTF-16, and JSON is UTF-8", id="utf-16"),
    ],
)
def test_what_cannot_be_read_is_a_gap(tmp_path: Path, content: Any, reason: str) -> None:
    found = reading(tmp_path, content)
    assert found.resources == ()
    [gap] = found.gaps
    assert (gap.what, gap.reason) == ("`plan.json` was not read", reason)
    assert gap.help


def test_a_byte_order_mark_is_no_hindrance(tmp_path: Path) -> None:
    assert addresses(reading(tmp_path, b"\xef\xbb\xbf" + WHOLE.encode())) == ["aws_lambda_function.f"]


@pytest.mark.parametrize("flag", [{"errored": True}, {"complete": False}])
def test_a_plan_that_says_it_is_not_whole_has_a_gap(tmp_path: Path, flag: dict[str, Any]) -> None:
    found = reading(tmp_path, plan([change("aws_lambda_function.f", {"function_name": "f"})], **flag))
    assert addresses(found) == ["aws_lambda_function.f"]
    assert [gap.what for gap in found.gaps] == ["`plan.json` may lack resources"]


@pytest.mark.parametrize("position", range(0, len(WHOLE), 7))
def test_a_plan_cut_anywhere_is_a_gap_and_never_a_trace(tmp_path: Path, position: int) -> None:
    found = reading(tmp_path, WHOLE[:position])
    assert len(found.gaps) == 1


@pytest.mark.parametrize("wrong", [None, 1, "x", [], {}, [None], [1], [{}], [{"address": 1}]])
@pytest.mark.parametrize(
    "member", ["planned_values", "resource_changes", "configuration", "variables", "prior_state"]
)
def test_members_of_other_shapes_than_terraforms_own(tmp_path: Path, member: str, wrong: Any) -> None:
    content = {**json.loads(WHOLE), member: wrong}
    found = reading(tmp_path, content)
    for one in found.resources:
        dict(one.attributes)


@pytest.mark.parametrize(
    "odd", [[[]], [5], "x", {"sid": "x"}, [{"principals": 5}], [{"condition": [[]], "actions": {}}]]
)
def test_a_document_of_another_shape_is_not_known(tmp_path: Path, odd: Any) -> None:
    document = change("data.aws_iam_policy_document.d", {"json": UNKNOWN}, actions=("read",))
    document["change"]["after"]["statement"] = odd
    found = reading(
        tmp_path,
        plan(
            [document, change("aws_iam_role_policy.p", {"policy": UNKNOWN, "role": "r"})],
            [
                declared("data.aws_iam_policy_document.d", statement=[{}]),
                declared(
                    "aws_iam_role_policy.p", policy=refers("data.aws_iam_policy_document.d.json"), role="r"
                ),
            ],
        ),
    )
    unknown(at(found, "aws_iam_role_policy.p").attributes["policy"])

"""Services read whole: what is made, where it comes from, what is told of what could not be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.read.build import build
from stockade.read.files import Tree
from stockade.read.inputs import Input, Options, read_all
from stockade.read.resource import Reading
from stockade.read.serverless import reader
from tests.read.terraform.project import addresses, at, known, place, unknown, write

SERVICES = Path(__file__).parent / "services"


def service(name: str, **options: str) -> Reading:
    directory = SERVICES / name
    return reader.read(directory / "serverless.yml", Tree(directory), variables=options, environment={})


def reading(directory: Path, text: str, **options: str) -> Reading:
    """Files from one text, of which the first is the configuration."""
    write(directory, f"--- serverless.yml\n{text}")
    return reader.read(directory / "serverless.yml", Tree(directory), variables=options, environment={})


def scanned(tmp_path: Path, path: str = ".") -> list[Input]:
    return list(read_all([Path(path)], Options(tmp_path, {}, (), {}), lambda done, of, name: None))


HEAD = """\
service: shop
provider:
  name: aws
  runtime: python3.13
"""


def test_a_service_with_every_event_has_no_gap() -> None:
    for name in ("orders", "portal"):
        assert service(name).gaps == ()


def test_functions_take_from_the_provider_what_they_do_not_say() -> None:
    found = service("orders")
    api = at(found, "ApiLambdaFunction").attributes
    assert known(api["FunctionName"]) == "orders-prod-api"
    assert (known(api["MemorySize"]), known(api["Timeout"])) == (512, 20)
    variables = api["Environment"]
    assert known(at(found, "CheckLambdaFunction").attributes["MemorySize"]) == 256  # an extension says so
    label = variables.value["Variables"].value["LABEL"]  # type: ignore[union-attr]
    assert (known(label), place(label)) == ("own", "serverless.yml:65")
    label = at(found, "NightlyLambdaFunction").attributes["Environment"].value["Variables"].value["LABEL"]  # type: ignore[union-attr]
    assert (known(label), place(label)) == ("orders-prod-first", "serverless.yml:22")
    assert "VpcConfig" not in at(found, "CheckLambdaFunction").attributes
    mode = at(found, "CheckLambdaFunction").attributes["TracingConfig"].value["Mode"]  # type: ignore[union-attr]
    assert known(mode) == "PassThrough"


def test_relations() -> None:
    world = build(service("orders"))
    [worker] = [one for one in world.functions if one.address == "QueueUnderscoreworkerLambdaFunction"]
    permissions = {str(known(one.principal)) for one in world.permissions_of(worker) if one.address != "x"
                   if "Logs" not in one.address}  # fmt: skip
    assert permissions == {
        "sns.amazonaws.com",
        "s3.amazonaws.com",
        "iot.amazonaws.com",
        "cognito-idp.amazonaws.com",
        "alexa-appkit.amazon.com",
        "elasticloadbalancing.amazonaws.com",
    }
    roles = {one.address: role.address for one in world.functions if (role := world.role_of(one)) is not None}
    assert roles["ApiLambdaFunction"] == "IamRoleLambdaExecution"
    assert roles["QuietLambdaFunction"] == roles["OpenLambdaFunction"] == "OwnRole"
    assert [one.address for one in world.log_groups_of(worker)] == ["QueueUnderscoreworkerLogGroup"]
    [opened] = [one for one in world.functions if one.address == "OpenLambdaFunction"]
    assert [known(one.auth_type) for one in world.urls_of(opened)] == ["NONE"]


def test_what_is_made_stands_where_it_was_caused() -> None:
    found = service("orders")
    lines = (SERVICES / "orders" / "serverless.yml").read_text().splitlines()

    def written(address: str) -> str:
        origin = at(found, address).origin
        return lines[origin.span.line - 1].strip()  # type: ignore[union-attr]

    assert written("ApiLambdaFunction") == "api:"
    assert written("ApiLogGroup") == "api:"
    assert written("IamRoleLambdaExecution") == "role:"
    assert written("NightlyEventsRuleSchedule1") == "- schedule: rate(1 day)"
    assert written("QueueUnderscoreworkerLambdaPermissionPlacedSNS") == "- sns: placed"
    assert written("OpenLambdaFunctionUrl") == "url:"
    assert written("Table") == "Table:"


def test_functions_of_another_file_have_their_places_there() -> None:
    found = service("portal")
    web = at(found, "WebLambdaFunction")
    assert str(web.origin.span).startswith("functions.yml:1:")  # type: ignore[union-attr]
    assert place(web.attributes["Handler"]) == "functions.yml:2"
    level = web.attributes["Environment"].value["Variables"].value["LEVEL"]  # type: ignore[union-attr]
    assert (known(level), place(level)) == ("high", "serverless.yml:31")


def test_the_services_own_template_is_merged() -> None:
    found = service("portal")
    assert known(at(found, "Files").attributes["BucketName"]) == "portal-files"
    assert "Gone" not in addresses(found)
    orders = service("orders")
    group = at(orders, "ApiLogGroup").attributes
    assert known(group["RetentionInDays"]) == 30
    assert str(known(group["KmsKeyId"])).startswith("arn:aws:kms:")


def test_options_decide_names() -> None:
    found = service("orders", stage="dev")
    assert known(at(found, "ApiLambdaFunction").attributes["FunctionName"]) == "orders-dev-api"


def test_the_region_is_the_providers_or_the_one_that_is_given(tmp_path: Path) -> None:
    text = f"{HEAD}functions:\n  one:\n    handler: a.b\n"
    for options, region in (({}, "us-east-1"), ({"region": "eu-west-3"}, "eu-west-3")):
        function = at(reading(tmp_path, text, **options), "OneLambdaFunction")
        assert function.region is not None
        assert known(function.region) == region


def test_a_name_that_is_not_known_leaves_the_rest_of_it(tmp_path: Path) -> None:
    text = f"{HEAD}  stage: ${{opt:stage}}\nfunctions:\n  one:\n    handler: a.b\n"
    name = unknown(at(reading(tmp_path, text), "OneLambdaFunction").attributes["FunctionName"])
    assert str(name.text) == "shop-${opt:stage}-one"
    assert name.reason == "variable `stage` has no default and was not given"


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        (
            "plugins:\n  - serverless-plugin-warmup\n",
            "what the plugin `serverless-plugin-warmup` changes was",
            6,
        ),
        ("functions: ${file(made.js)}\n", "functions of this service were not read", 5),
        ("functions:\n  one: ${file(gone.yml)}\n", "the function `one` was not read", 6),
        ("functions:\n  one:\n    handler: a.b\n    events:\n      - mystery: 1\n", "an event `mystery` of", 9),
        ("functions:\n  one:\n    handler: a.b\n    events:\n      - http: {path: x}\n", "an event of the", 9),
        ("resources: ${file(gone.yml)}\n", "what `resources` declare", 5),
        ("stepFunctions:\n  x: 1\n", "what the state machines make", 5),
    ],
)
def test_what_is_not_read_is_told_with_its_line(tmp_path: Path, text: str, what: str, line: int) -> None:
    found = reading(tmp_path, HEAD + text)
    told = [gap for gap in found.gaps if what.removesuffix(" was") in gap.what]
    assert told, found.gaps
    assert told[0].origin.span.line == line  # type: ignore[union-attr]


def test_quiet_plugins_are_no_gap(tmp_path: Path) -> None:
    assert reading(tmp_path, f"{HEAD}plugins:\n  - serverless-offline\n").gaps == ()


def test_pseudo_parameters_of_the_plugin(tmp_path: Path) -> None:
    text = (
        f"{HEAD}  environment:\n    ARN: arn:aws:sqs:#{{AWS::Region}}:#{{AWS::AccountId}}:q\n"
        "plugins:\n  - serverless-pseudo-parameters\nfunctions:\n  one:\n    handler: a.b\n"
    )
    function = at(reading(tmp_path, text), "OneLambdaFunction").attributes
    value = unknown(function["Environment"].value["Variables"].value["ARN"])  # type: ignore[union-attr]
    assert str(value.text) == "arn:aws:sqs:us-east-1:${account}:q"


@pytest.mark.parametrize(
    "text",
    [
        "service: [",
        "service: a\nprovider: aws\nfunctions: 5\n",
        "- a\n",
        "service: a\nprovider:\n\tname: aws\n",
        "",
    ],
)
def test_broken_files_are_gaps(tmp_path: Path, text: str) -> None:
    path = tmp_path / "serverless.yml"
    path.write_text(text)
    found = reader.read(path, Tree(tmp_path), variables={}, environment={})
    assert found.gaps
    assert not [one for one in found.resources if one.type == "AWS::Lambda::Function"]


def test_shapes_that_nobody_means(tmp_path: Path) -> None:
    """Every setting as a text, a list, an object and null: nothing of it ends in a trace."""
    keys = (
        "vpc",
        "environment",
        "iam",
        "iamRoleStatements",
        "httpApi",
        "apiGateway",
        "tracing",
        "logs",
        "layers",
    )
    own = (
        "vpc",
        "environment",
        "events",
        "url",
        "destinations",
        "image",
        "role",
        "layers",
        "tracing",
        "onError",
    )
    for odd in (
        "text",
        "[1, {a: b}, ~]",
        "{a: {b: [c]}}",
        "~",
        "true",
        "${opt:x}",
        "${self:functions}",
        "!Ref X",
    ):
        shared = "".join(f"  {key}: {odd}\n" for key in keys)
        function = "".join(f"    {key}: {odd}\n" for key in own)
        text = f"{HEAD}{shared}functions:\n  one:\n    handler: a.b\n{function}resources: {odd}\n"
        found = reading(tmp_path, text)
        for one in found.resources:
            dict(one.attributes)
        build(found)


def test_a_bomb_of_references_ends(tmp_path: Path) -> None:
    nine = [", ".join([f"'${{self:custom.a{i + 1}}}'"] * 9) for i in range(12)]
    steps = "".join(f"  a{i}: [{one}]\n" for i, one in enumerate(nine))
    function = "functions:\n  one:\n    handler: a.b\n    layers: ${self:custom.a0}\n"
    text = f"{HEAD}custom:\n{steps}  a12: x\n{function}"
    found = reading(tmp_path, text)
    layers = at(found, "OneLambdaFunction").attributes["Layers"]
    assert "it stands for more than 50,000 values" in repr(layers)


# ---------------------------------------------------------------------------------- as part of a scan


def test_services_are_found_by_what_they_hold(tmp_path: Path) -> None:
    write(
        tmp_path,
        "--- a/serverless.yml\nservice: a\nprovider:\n  name: aws\nfunctions:\n  f:\n    handler: x.y\n"
        "--- b/other.yaml\nservice: b\nprovider: aws\nfunctions:\n  f:\n    handler: x.y\n"
        "--- c/serverless.yml\nservice: c\nprovider:\n  name: google\nfunctions:\n  f:\n    handler: x\n"
        "--- d/docker-compose.yml\nservices:\n  web:\n    image: x\n"
        '--- e/serverless.ts\nconst x = { service: "e", provider: { name: "aws" } };\n'
        '--- f/serverless.json\n{"service": "f", "provider": {"name": "aws"}, "functions": {"f": {}}}\n'
        "--- node_modules/g/serverless.yml\nservice: g\nprovider: aws\nfunctions: {}\n",
    )
    found = scanned(tmp_path)
    assert [(one.kind, one.path, len(one.world.functions)) for one in found] == [
        ("serverless", "a/serverless.yml", 1),
        ("serverless", "b/other.yaml", 1),
        ("serverless", "e/serverless.ts", 0),
        ("serverless", "f/serverless.json", 1),
    ]
    [gap] = found[2].world.gaps
    assert gap.reason == "it is a program, which is not run"
    assert gap.help is not None
    assert "serverless package" in gap.help


def test_options_are_known_to_the_scan(tmp_path: Path) -> None:
    text = f"{HEAD}custom:\n  x: ${{opt:size, 'small'}}\nfunctions:\n  f:\n    handler: x.y\n"
    (tmp_path / "serverless.yml").write_text(text)
    options = Options(tmp_path, {"size": "big", "stage": "x", "colour": "red"}, (), {})
    [one] = read_all([Path()], options, lambda done, of, name: None)
    assert [gap.what for gap in one.world.gaps] == ["the value of `colour` was not used"]

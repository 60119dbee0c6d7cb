"""What the CDK writes: constructs' paths as addresses, staged code, nested stacks, a real app."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from stockade.errors import UsageError
from stockade.read.inputs import Input, Options, read_all
from stockade.value import Known, Written

HASH = "ab" * 32
CODE = {"S3Bucket": {"Fn::Sub": "cdk-assets-${AWS::AccountId}-${AWS::Region}"}, "S3Key": f"{HASH}.zip"}
ROLE = {"Fn::GetAtt": ["RoleABC", "Arn"]}


def template(**resources: Any) -> str:
    return json.dumps({"Resources": resources}, indent=1)


def function(**more: Any) -> dict[str, Any]:
    return {"Type": "AWS::Lambda::Function", "Properties": {"Code": CODE, "Role": ROLE}, **more}


def read(directory: Path, path: str = ".") -> list[Input]:
    return list(read_all([Path(path)], Options(directory, {}, (), {}), lambda *_: None))


def local_path(one: Input) -> str | None:
    value = one.world.functions[0].filename
    assert isinstance(value, Known)
    return value.value


def test_a_template_may_say_all_of_itself(tmp_path: Path) -> None:
    metadata = {
        "aws:cdk:path": "Shop/Handler/Resource",
        "aws:asset:path": "asset.xyz",
        "aws:asset:property": "Code",
    }
    (tmp_path / "Shop.template.json").write_text(template(HandlerABC=function(Metadata=metadata)))
    (one,) = read(tmp_path)
    assert one.kind == "cdk"
    assert one.world.functions[0].address == "Shop/Handler/Resource"
    assert local_path(one) == "asset.xyz"


def test_or_leave_it_to_the_files_beside_it(tmp_path: Path) -> None:
    directory = tmp_path / "cdk.out"
    (directory / "asset.staged").mkdir(parents=True)
    (directory / "asset.staged" / "template.yaml").write_text("Resources:\n  X:\n    Type: AWS::SQS::Queue\n")
    (directory / "Shop.template.json").write_text(template(HandlerABC=function()))
    entries = {"/Shop/Handler/Resource": [{"type": "aws:cdk:logicalId", "data": "HandlerABC"}]}
    artifact = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json"}}
    manifest = {"version": "36.0.0", "artifacts": {"Shop": {**artifact, "metadata": entries}}}
    (directory / "manifest.json").write_text(json.dumps(manifest))
    assets = {"files": {HASH: {"source": {"path": "asset.staged", "packaging": "zip"}}}}
    (directory / "Shop.assets.json").write_text(json.dumps(assets))
    (one,) = read(tmp_path)
    assert (one.kind, one.path) == ("cdk", "cdk.out/Shop.template.json")
    assert one.world.functions[0].address == "Shop/Handler/Resource"
    assert local_path(one) == "asset.staged"


@pytest.mark.parametrize("broken", ["{", "[]", '{"artifacts": [1]}', '{"artifacts": {"a": 1}}'])
def test_a_manifest_that_is_none_costs_the_names_only(tmp_path: Path, broken: str) -> None:
    (tmp_path / "Shop.template.json").write_text(template(HandlerABC=function()))
    (tmp_path / "manifest.json").write_text(broken)
    (one,) = read(tmp_path)
    assert one.world.functions[0].address == "HandlerABC"


def test_nested_stacks_are_read_within_their_parent(tmp_path: Path) -> None:
    url = {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::URLSuffix"}, f"/assets/{HASH}.json"]]}
    properties = {"TemplateURL": url, "Parameters": {"name": "orders"}}
    parent = template(Inner={"Type": "AWS::CloudFormation::Stack", "Properties": properties})
    (tmp_path / "Shop.template.json").write_text(parent)
    child = json.loads(template(Fn=function()))
    child["Parameters"] = {"name": {"Type": "String"}}
    child["Resources"]["Fn"]["Properties"]["FunctionName"] = {"Ref": "name"}
    (tmp_path / "ShopInner.nested.template.json").write_text(json.dumps(child))
    assets = {"files": {HASH: {"source": {"path": "ShopInner.nested.template.json"}}}}
    (tmp_path / "Shop.assets.json").write_text(json.dumps(assets))
    (one,) = read(tmp_path)
    (made,) = one.world.functions
    assert made.address == "stack.Inner.Fn"
    assert isinstance(made.name, Known)
    assert made.name.value == "orders"
    assert one.world.gaps == ()


APP = """
import sys
import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb, aws_lambda as lambda_

app = cdk.App(outdir=sys.argv[1], analytics_reporting=False)
stack = cdk.Stack(app, "Shop")
table = dynamodb.Table(stack, "Orders", partition_key=dynamodb.Attribute(
    name="id", type=dynamodb.AttributeType.STRING))
handler = lambda_.Function(stack, "Handler", runtime=lambda_.Runtime.PYTHON_3_13, handler="app.handler",
    code=lambda_.Code.from_asset(sys.argv[2]), environment={"TABLE": table.table_name})
table.grant_read_data(handler)
handler.add_function_url(auth_type=lambda_.FunctionUrlAuthType.NONE)
nested = cdk.NestedStack(stack, "Nested")
lambda_.Function(nested, "Inner", runtime=lambda_.Runtime.PYTHON_3_13, handler="app.handler",
    code=lambda_.Code.from_asset(sys.argv[2]))
app.synth()
"""


def test_a_real_app_is_synthesised_and_read(tmp_path: Path) -> None:
    python = os.environ.get("STOCKADE_CDK_PYTHON")
    if not python:
        pytest.skip("needs a Python with aws-cdk-lib, and node: set STOCKADE_CDK_PYTHON (see CONTRIBUTING.md)")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text("def handler(event, context): ...\n")
    out = tmp_path / "cdk.out"
    subprocess.run([python, "-c", APP, str(out), str(tmp_path / "src")], check=True, capture_output=True)
    (one,) = read(tmp_path, "cdk.out")
    assert one.kind == "cdk"
    assert one.world.gaps == ()
    handler, inner = sorted(one.world.functions, key=lambda function: len(function.address))
    assert handler.address == "Shop/Handler/Resource"
    assert inner.address.startswith("stack.")
    for function in (handler, inner):
        assert isinstance(function.filename, Known)
        assert (out / str(function.filename.value) / "app.py").is_file()
    (url,) = one.world.urls
    assert one.world.functions_of(url) == (handler,)
    role = one.world.role_of(handler)
    assert role is not None
    assert isinstance(role.role, Known)
    assert {policy.kind for policy in role.role.value.policies} == {"aws", "inline"}


BROKEN = '{"version": "36.0.0",\n "artifacts": }'


def test_a_broken_manifest_without_templates_is_an_input_of_which_nothing_is_known(tmp_path: Path) -> None:
    directory = tmp_path / "cdk.out"
    directory.mkdir()
    (directory / "manifest.json").write_text(BROKEN)
    (tmp_path / "template.json").write_text(template(Q={"Type": "AWS::SQS::Queue"}))
    lost, whole = read(tmp_path)
    (gap,) = lost.world.gaps
    assert (lost.path, gap.what, gap.help) == (
        "cdk.out/manifest.json",
        "`cdk.out/manifest.json`",
        "run `cdk synth` again",
    )
    assert gap.reason == ("its JSON is broken: a value is missing; which stacks the assembly has is not known")
    assert (whole.resources, whole.world.gaps) == (1, ())


def test_a_broken_file_of_an_assembly_is_told_beside_its_templates(tmp_path: Path) -> None:
    (tmp_path / "Shop.template.json").write_text(template(HandlerABC=function()))
    (tmp_path / "manifest.json").write_text(BROKEN)
    (tmp_path / "Shop.assets.json").write_text("[]")
    (one,) = read(tmp_path)
    assert one.world.functions[0].address == "HandlerABC"
    manifest, assets = one.world.gaps
    assert isinstance(manifest.origin, Written)
    assert (manifest.origin.span.path, manifest.origin.span.line) == ("manifest.json", 2)
    assert (manifest.what, assets.reason) == (
        "what `manifest.json` says of constructs and their code",
        "it is no JSON object",
    )


@pytest.mark.parametrize(
    ("folder", "text"),
    [("site", BROKEN), ("cdk.out", '{"version": "36.0.0", "artifacts": {}}')],
    ids=["somebody else's", "whole"],
)
def test_no_other_manifest_is_an_input(tmp_path: Path, folder: str, text: str) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "manifest.json").write_text(text)
    with pytest.raises(UsageError, match="there is nothing to scan"):
        read(tmp_path)

"""SAM templates that we hand out: AWS's linter and translator take them, a scan finds the checklist in them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from samtranslator.translator.transform import transform

from stockade.cli.app import app
from stockade.cli.outside import Outside
from stockade.new.project import Project
from tests.linter import says_nothing

ROOT = Path(__file__).parents[2]
TWIN = ROOT / "sam" / "lambda"
LEAST = {
    "ReservedConcurrency": "5",
    "AlarmTopicArn": "arn:aws:sns:eu-west-1:111122223333:alarms",
    "SecretArn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-AbCdEf",
    "JwtIssuer": "https://login.example.com/",
    "JwtAudience": "orders",
}
KEYED = {
    **LEAST,
    "KeyArn": "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000",
    "CodeSigningConfigArn": "arn:aws:lambda:eu-west-1:111122223333:code-signing-config:csc-00000000000000000",
}
EVERYTHING = {
    **KEYED,
    "FunctionUrl": "AWS_IAM",
    "SubnetIds": "subnet-1,subnet-2",
    "SecurityGroupIds": "sg-1",
}
IN_A_KEY = {"default-key-environment", "unencrypted-logs", "unsigned-code"}
"""What stands open where no key and no code signing configuration is given."""


def scanned(parameters: dict[str, str]) -> Any:
    options = [part for name, value in parameters.items() for part in ("--var", f"{name}={value}")]
    arguments = ["scan", str(TWIN), "--noise", "audit", "--format", "json", *options]
    outside = Outside(TWIN, {"SOURCE_DATE_EPOCH": "1795737600"})
    return json.loads(CliRunner().invoke(app, arguments, obj=outside, catch_exceptions=False).stdout)


def left(report: Any, verdict: str) -> set[str]:
    every = report["findings"]
    return {one["control"] for one in every if one["verdict"] == verdict and not one["suppressed"]}


@pytest.mark.parametrize(
    ("parameters", "open"),
    [(LEAST, IN_A_KEY), (KEYED, set()), (EVERYTHING, {"misplaced-vpc"})],  # its code has nothing to do in there
    ids=["least", "with a key", "in a VPC"],
)
def test_the_twin_has_the_checklist(parameters: dict[str, str], open: set[str]) -> None:
    report = scanned(parameters)
    assert left(report, "fails") == open
    assert left(report, "undecided") <= {
        "vulnerable-dependency",
        "misplaced-vpc",
        "single-zone-vpc",
        "open-egress",
    }
    assert report["gaps"] == []


def test_what_nobody_gave_a_reason_for_is_found() -> None:
    """The twin's rules refuse this; a scan sees it as well."""
    report = scanned({**LEAST, "ReservedConcurrency": "-1", "AlarmTopicArn": ""})
    assert left(report, "fails") >= {"unreserved-concurrency", "unalarmed-errors", "unalarmed-invocations"}


def test_the_twin_and_the_module_take_the_same_runtimes() -> None:
    template = yaml.load((TWIN / "template.yaml").read_text(), _Loader)
    variables = (ROOT / "terraform" / "lambda" / "variables.tf").read_text()
    said = variables[variables.index('variable "runtime"') : variables.index('variable "handler"')]
    named = re.findall(r'"([a-z]+[0-9][a-z0-9.]*|provided\.al[0-9]+)",', said)
    assert sorted(named) == sorted(template["Parameters"]["Runtime"]["AllowedValues"])


@pytest.fixture(params=["twin", "python3.13", "nodejs22.x"])
def template(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "twin":
        return TWIN / "template.yaml"
    for path, text in Project("order-worker", "sam", request.param).files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path / "template.yaml"


def test_awss_linter_has_nothing_to_say(template: Path) -> None:
    says_nothing(template)


class _Loader(yaml.SafeLoader):
    """Short tags as what they stand for."""


def _tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt":
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tag)


def test_awss_translator_takes_it(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    read = yaml.load(template.read_text(), _Loader)
    read["Resources"]["Function"]["Properties"]["CodeUri"] = "s3://artifacts/code.zip"  # as `sam package` does
    given = {name: EVERYTHING.get(name, one.get("Default")) for name, one in read.get("Parameters", {}).items()}

    class Managed:
        def load(self) -> dict[str, str]:
            return {}

    made = transform(read, given, Managed())["Resources"]
    types = {one["Type"] for one in made.values()}
    assert {"AWS::Lambda::Function", "AWS::Lambda::EventSourceMapping"} <= types
    assert not {one for one in types if one.startswith("AWS::Serverless")}
    (function,) = (one for one in made.values() if one["Type"] == "AWS::Lambda::Function")
    assert function["Properties"]["TracingConfig"] == {"Mode": "Active"}
    roles = [name for name, one in made.items() if one["Type"] == "AWS::IAM::Role"]
    assert roles == ["Role"]  # the translator adds none of its own


def test_the_twin_offers_no_public_url() -> None:
    template = yaml.load((TWIN / "template.yaml").read_text(), _Loader)
    assert template["Parameters"]["FunctionUrl"]["AllowedValues"] == ["none", "AWS_IAM"]
    assert template["Resources"]["Url"]["Properties"]["AuthType"] == {"Ref": "FunctionUrl"}

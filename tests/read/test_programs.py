"""What only a program makes is told beside what was read, and is all that is told where nothing was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from stockade.errors import UsageError
from stockade.read.inputs import Options, read_all

READ = {"infra/main.tf": 'resource "aws_sqs_queue" "q" {}\n'}
TEMPLATE = {"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}


def gaps(
    here: Path, files: Mapping[str, str], path: str = ".", excluded: str = ""
) -> list[tuple[str, str | None]]:
    for name, text in files.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text(text)
    options = Options(here, {}, (), {}, exclude=lambda one: bool(excluded) and excluded in one.parts)
    found = read_all([Path(path)], options, lambda *_: None)
    return [(gap.what, gap.help) for one in found for gap in one.world.gaps]


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("cdk.json", "{}", "the AWS CDK makes of `app/cdk.json`"),
        (
            "cdktf.json",
            '{"terraformProviders": ["aws@~> 5.0"]}',
            "the CDK for Terraform makes of `app/cdktf.json`",
        ),
        ("Pulumi.yaml", "name: x\nconfig:\n  aws:region: eu-west-1\n", "Pulumi makes of `app/Pulumi.yaml`"),
        ("sst.config.ts", "export default {}", "SST makes of `app/sst.config.ts`"),
        ("sst.json", "{}", "SST makes of `app/sst.json`"),
        ("terragrunt.hcl", 'terraform { source = "git::x/aws" }', "Terragrunt makes of `app/terragrunt.hcl`"),
        (".chalice/config.json", "{}", "Chalice makes of `app/.chalice/config.json`"),
        ("zappa_settings.json", "{}", "Zappa makes of `app/zappa_settings.json`"),
        ("amplify/backend.ts", "", "AWS Amplify makes of `app/amplify/backend.ts`"),
        ("app.arc", "", "Architect makes of `app/app.arc`"),
    ],
)
def test_a_program_beside_what_was_read_is_a_gap(tmp_path: Path, name: str, text: str, what: str) -> None:
    told = gaps(tmp_path, {**READ, f"app/{name}": text})
    assert [one for one, _ in told] == [f"what {what} was not read"]
    assert all(help for _, help in told)


@pytest.mark.parametrize(
    ("settings", "folder"), [({}, "cdk.out"), ({"output": "../built"}, "built"), ({}, "other/place")]
)
def test_an_app_that_was_synthesised_is_none(tmp_path: Path, settings: dict[str, str], folder: str) -> None:
    below = folder if folder == "built" else f"app/{folder}"
    made = {f"{below}/manifest.json": "{}", f"{below}/S.template.json": json.dumps(TEMPLATE)}
    assert gaps(tmp_path, {**READ, **made}) == []
    told = gaps(tmp_path, {"app/cdk.json": json.dumps(settings)})
    assert not [what for what, _ in told if "CDK" in what]


def test_what_a_test_of_an_app_deploys_is_not_the_app(tmp_path: Path) -> None:
    folder = "app/test/integ.x.ts.snapshot"
    made = {f"{folder}/manifest.json": "{}", f"{folder}/integ.json": "{}", f"{folder}/S.template.json": "{}"}
    told = gaps(tmp_path, {**READ, "app/cdk.json": "{}", **made})
    assert [what for what, _ in told] == ["what the AWS CDK makes of `app/cdk.json` was not read"]


def test_another_cloud_s_programs_are_nobody_s_loss(tmp_path: Path) -> None:
    files = {"app/Pulumi.yaml": "name: x\nruntime: go\n", "app/go.mod": "require pulumi-azure-native v1\n"}
    assert gaps(tmp_path, {**READ, **files}) == []


def test_many_of_one_tool_are_one_gap_and_what_is_excluded_is_none(tmp_path: Path) -> None:
    apps = {f"apps/{number}/cdk.json": "{}" for number in range(5)}
    told = gaps(tmp_path, {**READ, **apps, "old/cdk.json": "{}"}, excluded="old")
    assert [what for what, _ in told] == [
        "what the AWS CDK makes of `apps/0/cdk.json`, `apps/1/cdk.json`, `apps/2/cdk.json` and 2 more "
        "was not read"
    ]


def test_a_file_that_is_named_says_nothing_of_its_neighbours(tmp_path: Path) -> None:
    assert gaps(tmp_path, {"t.json": json.dumps(TEMPLATE), "cdk.json": "{}"}, "t.json") == []


def test_where_nothing_else_is_there_the_error_says_how_to_go_on(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        gaps(tmp_path, {"app/cdk.json": "[" * 100_000})
    assert raised.value.message == "there is nothing to scan in `.`"
    assert (
        raised.value.help
        == "what the AWS CDK makes of `app/cdk.json` was not read: run `cdk synth` there and scan again"
    )

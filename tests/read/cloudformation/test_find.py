"""Templates are found by what they hold, and what is none is passed over."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from stockade.errors import UsageError
from stockade.read.cloudformation.kind import is_template
from stockade.read.inputs import Options, read_all

RESOURCES = "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n"


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.yaml", "AWSTemplateFormatVersion: 2010-09-09\n", True),
        ("a.yml", RESOURCES, True),
        ("a.template", '{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}', True),
        ("a.json", '{"AWSTemplateFormatVersion": "2010-09-09"}', True),
        ("a.json", '{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}', True),
        ("a.yaml", "Parameters: {}\n" + "# padding\n" * 9000 + RESOURCES, True),
        ("a.yaml", "{% if x %}\nAWSTemplateFormatVersion: 2010-09-09\n", True),
        ("a.json", '{"Resources": {"cpu": 1}}', False),
        ("a.json", '{"body": "{\\"AWSTemplateFormatVersion\\": 1}"}', False),
        ("a.json", '{"inner": {"AWSTemplateFormatVersion": "x"}}', False),
        ("a.yaml", "service: x\nresources:\n  Resources:\n    Q: {Type: 'AWS::SQS::Queue'}\n", False),
        ("a.yaml", "Resources:\n  - a list of something\n", False),
        ("a.yaml", "kind: Deployment\n", False),
        ("a.json", "[]", False),
        ("a.yaml", "", False),
    ],
)
def test_files_are_told_by_what_they_hold(tmp_path: Path, name: str, content: str, found: bool) -> None:
    (tmp_path / name).write_text(content)
    assert is_template(tmp_path / name) is found


def inputs(here: Path, *paths: str) -> list[tuple[str, str]]:
    found = read_all([Path(path) for path in paths], Options(here, {}, (), {}), lambda *_: None)
    return [(one.kind, one.path) for one in found]


def test_a_directory_may_hold_every_kind(tmp_path: Path) -> None:
    for name, content in (
        ("infra/main.tf", "locals {}\n"),
        ("infra/queue.yaml", RESOURCES),
        ("app/template.yaml", "Transform: AWS::Serverless-2016-10-31\n" + RESOURCES),
        ("app/child.yaml", RESOURCES),
        (
            "app/parent.yaml",
            "Resources:\n  S:\n    Type: AWS::CloudFormation::Stack\n"
            "    Properties: {TemplateURL: ./child.yaml}\n",
        ),
        ("docs/readme.yaml", "kind: Page\n"),
        ("node_modules/x/template.yaml", RESOURCES),
        (".aws-sam/build/template.yaml", RESOURCES),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    assert inputs(tmp_path, ".") == [
        ("cloudformation", "app/parent.yaml"),
        ("sam", "app/template.yaml"),
        ("terraform", "infra"),
        ("cloudformation", "infra/queue.yaml"),
    ]
    assert inputs(tmp_path, "app/child.yaml") == [("cloudformation", "app/child.yaml")]
    assert inputs(tmp_path, "infra/main.tf") == [("terraform", "infra")]
    with pytest.raises(UsageError, match=r"nothing to scan in `docs/readme\.yaml`"):
        inputs(tmp_path, "docs/readme.yaml")


def test_a_file_of_any_name_is_read_when_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "stack").write_text(RESOURCES)
    assert inputs(tmp_path, "stack") == [("cloudformation", "stack")]
    with pytest.raises(UsageError):
        inputs(tmp_path, ".")


def test_what_is_no_regular_file_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "a.yaml").write_text(RESOURCES)
    assert inputs(tmp_path, ".") == [("cloudformation", "a.yaml")]


def test_what_is_too_large_is_a_gap(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(RESOURCES + "# padding\n" * 2_000_000)
    (one,) = read_all([Path("a.yaml")], Options(tmp_path, {}, (), {}), lambda *_: None)
    (gap,) = one.world.gaps
    assert gap.what == "`a.yaml`"
    assert "more than the 10,000,000 a scan reads" in gap.reason


SAM = "Transform: AWS::Serverless-2016-10-31\nResources:\n"


def function(name: str, *lines: str) -> str:
    body = "".join(f"      {line}\n" for line in ("Handler: app.handler", *lines))
    return f"  {name}:\n    Type: AWS::Serverless::Function\n    Properties:\n{body}"


ORDERS = SAM + function("Orders", "CodeUri: src/") + function("Mail", "InlineCode: pass")
SENT = SAM + function("Orders", "CodeUri: s3://artifacts/0f3c") + function("Mail", "InlineCode: pass")
BUILT = SAM + function("Orders", "CodeUri: Orders") + "    Metadata: {SamResourceId: Orders}\n"
PLAIN = "Resources:\n  Orders:\n    Type: AWS::Lambda::Function\n    Properties: {Handler: a.b, Code: %s}\n"
IMAGE = "PackageType: Image"


@pytest.mark.parametrize(
    ("name", "source", "made", "repeated"),
    [
        ("packaged.yaml", ORDERS, SENT, True),
        ("out/packaged.yaml", ORDERS, SENT, True),
        ("build/template.yaml", SAM + function("Orders", "CodeUri: src/"), BUILT, True),
        ("packaged.yaml", PLAIN % "./src", PLAIN % "{S3Bucket: artifacts, S3Key: 0f3c}", True),
        ("packaged.json", PLAIN % "./src", json.dumps({
            "Resources": {"Orders": {"Type": "AWS::Lambda::Function", "Properties": {
                "Handler": "a.b", "Code": {"S3Bucket": "artifacts", "S3Key": "0f3c"}}}}}), True),
        (
            "packaged.yaml",
            SAM + function("Orders", IMAGE),
            SAM + function("Orders", IMAGE, "ImageUri: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:b"),
            True,
        ),
        # another function, code that is in a bucket in both, or whose bucket is a parameter: two templates
        ("packaged.yaml", ORDERS, SENT + function("Refunds", "CodeUri: s3://artifacts/77"), False),
        ("packaged.yaml", SENT, SENT, False),
        ("other.yaml", PLAIN % "./src", PLAIN % "{S3Bucket: !Ref Bucket, S3Key: 0f3c}", False),
        ("packaged.yaml", ORDERS, SENT + "  [\n", False),
    ],
)  # fmt: skip
def test_what_packaging_wrote_of_a_template_is_told_and_not_scanned_again(
    tmp_path: Path, name: str, source: str, made: str, repeated: bool
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / "template.yaml").write_text(source)
    (tmp_path / name).write_text(made)
    found = list(read_all([tmp_path], Options(tmp_path, {}, (), {}), lambda *_: None))
    told = [gap for one in found for gap in one.world.gaps if "packaging" in gap.reason]
    assert [one.path for one in found] == (["template.yaml"] if repeated else sorted([name, "template.yaml"]))
    assert [(gap.what, gap.spare) for gap in told] == ([(f"`{name}`", True)] if repeated else [])


def test_an_output_of_packaging_is_scanned_where_it_is_named_or_its_source_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(ORDERS)
    (tmp_path / "packaged.yaml").write_text(SENT)
    (tmp_path / "other").mkdir()
    (tmp_path / "other/packaged.yaml").write_text(SENT.replace("Orders", "Others"))
    assert [path for _, path in inputs(tmp_path, "template.yaml", "packaged.yaml")] == [
        "template.yaml",
        "packaged.yaml",
    ]
    assert [path for _, path in inputs(tmp_path, ".")] == ["other/packaged.yaml", "template.yaml"]
    excluded = Options(tmp_path, {}, (), {}, exclude=lambda path: path.name == "template.yaml")
    found = read_all([tmp_path], excluded, lambda *_: None)
    assert [one.path for one in found] == ["other/packaged.yaml", "packaged.yaml"]

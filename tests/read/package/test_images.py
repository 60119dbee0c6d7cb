"""The Dockerfile of an image that Terraform builds is found through what a function's address is made of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stockade.cli import main

MAIN = """
resource "aws_ecr_repository" "r" {{
  name = "app"
}}
resource "docker_image" "app" {{
  name = {name}
  {build}
}}
resource "docker_registry_image" "app" {{
  name = docker_image.app.name
}}
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  package_type  = "Image"
  image_uri     = {uri}
}}
"""
NAME = '"${aws_ecr_repository.r.repository_url}:v1"'
BUILD = 'build {\n    context = "${path.module}/app"\n  }'


def finding(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    uri: str,
    name: str = NAME,
    build: str = BUILD,
    file: str = "Dockerfile",
    text: str = "FROM public.ecr.aws/lambda/python:3.8\n",
) -> dict[str, Any]:
    (project / "main.tf").write_text(MAIN.format(uri=uri, name=name, build=build))
    (project / "app").mkdir()
    (project / "app" / file).write_text(text)
    main(["scan", str(project), "--control", "deprecated-runtime", "--format", "json"])
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    one: dict[str, Any] = found
    return one


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("docker_registry_image.app.name", NAME),
        ("docker_image.app.name", NAME),
        ('"${aws_ecr_repository.r.repository_url}@${docker_registry_image.app.sha256_digest}"', NAME),
        (NAME, NAME),
        ('"1.dkr.ecr.eu-west-1.amazonaws.com/app:v1"', '"1.dkr.ecr.eu-west-1.amazonaws.com/app:v1"'),
    ],
)
def test_a_function_has_the_image_that_its_address_is_made_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], uri: str, name: str
) -> None:
    found = finding(tmp_path, capsys, uri, name)
    assert found["verdict"] == "fails"
    assert "`python3.8`" in found["message"]
    assert found["evidence"][0]["path"].endswith("app/Dockerfile")


def test_the_file_and_the_stage_that_are_built_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build = (
        'build {\n    context    = "${path.module}/app"\n    dockerfile = "old.Dockerfile"\n'
        '    target     = "old"\n  }'
    )
    text = "FROM public.ecr.aws/lambda/nodejs:14 AS old\nFROM public.ecr.aws/lambda/nodejs:24\n"
    found = finding(tmp_path, capsys, "docker_image.app.name", build=build, file="old.Dockerfile", text=text)
    assert "`nodejs14.x`" in found["message"]


@pytest.mark.parametrize(
    ("uri", "build", "why"),
    [
        ('"${aws_ecr_repository.r.repository_url}:v2"', BUILD, "the base image decides"),
        ("var.image", BUILD, ""),
        ("docker_image.app.name", "", "pulled"),
        ("docker_image.app.name", "build {\n    context = var.context\n  }", "`context`"),
        ("docker_image.app.name", 'build {\n    context = "nowhere"\n  }', "was not read"),
        ("docker_image.app.name", 'build {\n    context = "../.."\n  }', "was not read"),
    ],
)
def test_an_image_is_never_guessed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], uri: str, build: str, why: str
) -> None:
    found = finding(tmp_path, capsys, uri, build=build)
    assert found["verdict"] == "undecided"
    assert why in found["message"]

"""What a stranger's repository may hold: what is broken in it is told with its file, and the rest is read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from stockade.cli import main

GOOD = 'resource "aws_lambda_function_url" "u" {\n  function_name = "f"\n  authorization_type = "NONE"\n}\n'
TEMPLATE = (
    'AWSTemplateFormatVersion: "2010-09-09"\nResources:\n  U:\n    Type: AWS::Lambda::Url\n'
    "    Properties: {AuthType: NONE, TargetFunctionArn: f}\n"
)
SERVICE = (
    "service: s\nprovider: {name: aws, runtime: python3.13}\nfunctions:\n  orders: {handler: app.handler}\n"
)
JSON = json.dumps(
    {"resource": {"aws_lambda_function_url": {"u": {"function_name": "f", "authorization_type": "NONE"}}}}
)
PLAN = json.dumps(
    {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": []}},
        "configuration": {"root_module": {}},
    }
)
VARIABLES = 'stage = "prod"\nname = "orders"\n'
FILES = {
    "main.tf": GOOD,
    "main.tf.json": JSON,
    "template.yaml": TEMPLATE,
    "serverless.yml": SERVICE,
    "plan.json": PLAN,
    "terraform.tfvars": VARIABLES,
}


def cut(text: str) -> bytes:
    return text[: len(text) * 2 // 3].encode() + b'\n{ "'


def utf_16(text: str) -> bytes:
    return text.encode("utf-16")


def not_text(text: str) -> bytes:
    return _with(text, b'\n"\xe9\xff\n')


def with_nul(text: str) -> bytes:
    return _with(text, b"\n\0\0 }\n")


def _with(text: str, junk: bytes) -> bytes:
    half = len(text) // 2
    return text[:half].encode() + junk + text[half:].encode()


DAMAGES = (cut, utf_16, not_text, with_nul)


def scanned(
    directory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, Any]:
    monkeypatch.chdir(directory)
    status = main(["scan", ".", "--no-cache", "--format", "json", "--control", "public-function-url"])
    printed = capsys.readouterr()
    assert printed.err == ""
    return status, json.loads(printed.out)


def told(report: Any) -> set[str]:
    """The files that gaps are about."""
    return {place["path"] for gap in report["gaps"] for place in gap["evidence"]}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_is_told_and_the_rest_is_read(
    name: str,
    damage: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "root.tf").write_text('terraform {}\nvariable "stage" {}\n')
    (tmp_path / "broken" / name).write_bytes(damage(FILES[name]))
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "main.tf").write_text(GOOD)
    status, report = scanned(tmp_path, monkeypatch, capsys)
    assert status == 1
    assert f"broken/{name}" in told(report)
    assert "good/main.tf" in {one["evidence"][0]["path"] for one in report["findings"]}


def test_what_is_no_file_is_told_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "main.tf").write_text(GOOD)
    os.mkfifo(tmp_path / "pipe.tf")
    os.mkfifo(tmp_path / "template.yaml")
    (tmp_path / "round").symlink_to(".")
    (tmp_path / "itself.tf").symlink_to("itself.tf")
    (tmp_path / "nowhere.tf").symlink_to("gone")
    (tmp_path / "endless.tf").symlink_to("/dev/zero")
    (tmp_path / "folder.tf").mkdir()
    (tmp_path / "two\nlines.tf").write_text("locals {")
    (tmp_path / os.fsdecode(b"\xff.tf")).write_text("locals {")
    status, report = scanned(tmp_path, monkeypatch, capsys)
    assert status == 1 and len(report["findings"]) == 1
    assert told(report) == {
        "pipe.tf",
        "itself.tf",
        "nowhere.tf",
        "endless.tf",
        "folder.tf",
        "two\nlines.tf",
        os.fsdecode(b"\xff.tf"),
    }
    main(["scan", ".", "--no-cache", "--control", "public-function-url"])
    shown = capsys.readouterr().out
    assert "two\\x0alines.tf" in shown and "two\nlines" not in shown


@pytest.mark.parametrize(
    "text", [b"[[accept]\n", b"a = \0\n", b"\xff\xfe", b"a = " + b"[" * 20_000, b"[1, 2]\n"]
)
def test_a_broken_configuration_ends_the_command_with_its_name(
    text: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "main.tf").write_text(GOOD)
    (tmp_path / "stockade.toml").write_bytes(text)
    monkeypatch.chdir(tmp_path)
    assert main(["scan", ".", "--no-cache"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: `stockade.toml") and "itself failed" not in printed.err


@pytest.mark.parametrize("option", ["--baseline", "--advisories"])
@pytest.mark.parametrize("text", [b"", b'{"schema": "stockade', b"\xff\xfe{", b"[" * 20_000, b"5", b"[1, 2]"])
def test_a_broken_file_that_is_named_ends_the_command_with_its_name(
    option: str,
    text: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "main.tf").write_text(GOOD)
    (tmp_path / "given.json").write_bytes(text)
    monkeypatch.chdir(tmp_path)
    assert main(["scan", "main.tf", "--no-cache", option, "given.json"]) == 2
    printed = capsys.readouterr()
    assert "`given.json" in printed.err and "\nhelp: " in printed.err and "itself failed" not in printed.err

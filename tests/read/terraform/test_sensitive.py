"""Marks on values that must not be shown, and the names of values inside documents nobody can read yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stockade.value import Known, Ref, Unknown, Value, is_sensitive, places
from tests.read.terraform.project import at, known, reading

PROJECT = """
variable "plain" {
  default = "open"
}

variable "secret" {
  default   = "hunter2"
  sensitive = true
}

variable "unset" {
  type      = string
  sensitive = true
}

variable "login" {
  default   = { user = "app", keys = ["one"] }
  sensitive = true
}

data "aws_secretsmanager_secret_version" "api" {
  secret_id = "api"
}

resource "terraform_data" "all" {
  input = {
    plain    = var.plain
    secret   = var.secret
    unset    = var.unset
    user     = var.login.user
    key      = var.login.keys[0]
    says     = issensitive(var.secret)
    bare     = nonsensitive(var.secret)
    document = jsondecode(data.aws_secretsmanager_secret_version.api.secret_string)
    member   = jsondecode(data.aws_secretsmanager_secret_version.api.secret_string)["password"]
  }
}
"""


def _input(directory: Path) -> dict[str, Value[Any]]:
    value = at(reading(directory, PROJECT), "terraform_data.all").attributes["input"]
    assert isinstance(value, Known)
    return dict(value.value)


@pytest.mark.parametrize(
    ("name", "marked"),
    [("plain", False), ("secret", True), ("unset", True), ("user", True), ("key", True), ("bare", False)],
)
def test_a_sensitive_variable_marks_its_value(tmp_path: Path, name: str, marked: bool) -> None:
    assert is_sensitive(_input(tmp_path)[name]) is marked


def test_a_marked_value_is_known_and_has_its_place(tmp_path: Path) -> None:
    value = _input(tmp_path)["secret"]
    assert known(value) == "hunter2"
    assert next(places(value.origin)).span.raw == b'"hunter2"'


def test_terraform_can_ask_for_the_mark(tmp_path: Path) -> None:
    assert known(_input(tmp_path)["says"]) is True


@pytest.mark.parametrize(
    ("name", "attribute"),
    [("document", "jsondecode(secret_string)"), ("member", "jsondecode(secret_string).password")],
)
def test_what_is_in_an_unknown_document_keeps_its_name(tmp_path: Path, name: str, attribute: str) -> None:
    value = _input(tmp_path)[name]
    assert isinstance(value, Unknown)
    assert value.ref == Ref("data.aws_secretsmanager_secret_version.api", attribute)

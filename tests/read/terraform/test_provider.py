"""Accounts that a provider's configuration settles before deployment."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.read.files import Tree
from stockade.read.terraform import read
from tests.terraform.plan import UNKNOWN, plain


@pytest.mark.parametrize(
    ("written", "account"),
    [
        ('allowed_account_ids = ["111122223333"]', "111122223333"),
        ("allowed_account_ids = [111122223333]", "111122223333"),
        ('allowed_account_ids = ["111122223333", "444455556666"]', UNKNOWN),
        ("allowed_account_ids = [var.unset]", UNKNOWN),
        ("allowed_account_ids = []", UNKNOWN),
        ('forbidden_account_ids = ["111122223333"]', UNKNOWN),
        ('assume_role {\n role_arn = "arn:aws:iam::111122223333:role/deploy"\n}', "111122223333"),
        ('assume_role {\n role_arn = "arn:aws:iam::111122223333:role/${var.unset}"\n}', "111122223333"),
        ('assume_role {\n role_arn = "arn:aws:iam::${var.unset}:role/deploy"\n}', UNKNOWN),
        ("assume_role {\n role_arn = null\n}", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_account(tmp_path: Path, written: str, account: object) -> None:
    (tmp_path / "main.tf").write_text(
        f"""
        provider "aws" {{
          {written}
        }}
        variable "unset" {{}}
        data "aws_caller_identity" "this" {{}}
        resource "aws_sqs_queue" "this" {{
          name = data.aws_caller_identity.this.account_id
        }}
        """
    )
    reading = read(tmp_path, Tree(tmp_path), variables={}, variable_files=[], environment={})
    (queue,) = reading.resources
    assert plain(queue.attributes["name"]) == account

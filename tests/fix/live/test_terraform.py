"""Terraform that takes over what runs: valid by Terraform and the real provider, written as `fmt` has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.control import Add, Drop, Noise, Put, Rewrite, Safety
from stockade.controls import load
from stockade.errors import FixError
from stockade.fix.live.commands import Commands
from stockade.fix.live.proved import proved
from stockade.fix.live.terraform import terraform as written
from stockade.fix.live.terraform import together
from stockade.read.account.answer import Place
from stockade.read.build import build
from stockade.read.inputs import Input
from stockade.scan import scan
from tests.aws.ample import ample
from tests.aws.endpoint import running
from tests.aws.scanning import AT, reading
from tests.terraform.plan import PROVIDER, init, needs_terraform, terraform

PLACE = Place("111122223333", "us-east-1", "aws", AT)
GOOD = "arn:aws:lambda:us-east-1:111122223333:function:good"
OPEN = "arn:aws:lambda:us-east-1:111122223333:function:open"
ROLE = "arn:aws:iam::111122223333:role/open-role"


@needs_terraform
def test_terraform_takes_it(tmp_path: Path) -> None:
    """All that is made of an account as one configuration, and a few things that nothing proposes there."""
    with running(ample()) as endpoint:
        made = reading(endpoint)
    source = Input(made.kind, made.path, len(made.resources), build(made), made.path, reading=made)
    mended = proved([(source, PLACE)], lambda some: scan(some, load(), at=AT, noise=Noise.AUDIT), Safety.REVIEW)
    writer = Commands(made, PLACE)
    more = (
        Rewrite(ROLE, "trust", 0, "Principal", {"Service": "lambda.amazonaws.com"}),
        Rewrite(ROLE, "inline_policies[0].document", 0, "Resource", "arn:aws:logs:*:*:log-group:${x}"),
        Put(GOOD, "kms_key_arn", "arn:aws:kms:us-east-1:111122223333:key/k"),
        Put(GOOD, "subnet_ids", ("subnet-1", "subnet-2")),
        Put("arn:aws:ecr:us-east-1:111122223333:repository/images", "mutability", "MUTABLE"),
    )
    other = together(more, *writer.rehearsed(more))
    (tmp_path / "provider.tf").write_text(PROVIDER)
    known = mended.terraform[0].replace("python3.14", "python3.13")  # the mirror's provider is older
    (tmp_path / "all.tf").write_text(known)
    (tmp_path / "more.tf").write_text(other)
    init(tmp_path)
    terraform(tmp_path, "validate", "-no-color")
    terraform(tmp_path, "fmt", "-check", "-diff")
    whole = mended.terraform[0] + other
    assert whole.count("import {") > 8 and whole.count("resource ") > 15
    assert whole.count('resource "aws_lambda_function" "image"') == 1
    assert "reserved_concurrent_executions" in whole and "mode = " in whole


def test_what_only_goes_has_no_place_in_a_configuration() -> None:
    with running(ample()) as endpoint:
        made = reading(endpoint)
    writer = Commands(made, PLACE)
    change = Drop(f"{OPEN}#policy/all")
    assert written([change], *writer.rehearsed([change])) == ""


def test_variables_are_not_written() -> None:
    with running(ample()) as endpoint:
        made = reading(endpoint)
    writer = Commands(made, PLACE)
    change = Put(OPEN, "environment.X", "1")
    with pytest.raises(FixError, match="not shown"):
        written([change], *writer.rehearsed([change]))


def test_what_a_person_makes_is_not_made() -> None:
    with pytest.raises(FixError, match="made by a person"):
        written([Add("Secret", OPEN, (("name", "x"),))], {}, {})

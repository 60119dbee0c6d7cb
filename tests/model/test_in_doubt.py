"""Whether one thing is there whenever a function is: what decides it has a name, and is no object."""

from __future__ import annotations

from pathlib import Path

from stockade.model.function import Function
from stockade.model.relate import in_doubt
from stockade.read.inputs import Options, read_all
from stockade.value import Default, Doubt, Known, Unknown

HERE = Default("written in a test")


def function(doubt: Unknown | None) -> Function:
    return Function(address="f", origin=HERE, name=Known("f", HERE), role=Known("r", HERE), doubt=doubt)


def doubt(cause: str, reason: str = "`var.on` is not known") -> Doubt:
    return Doubt(reason, HERE, cause=cause)


def test_what_one_cause_decides_is_there_together() -> None:
    one = doubt("module.a")
    assert in_doubt(function(None), function(one)) is None
    assert in_doubt(function(doubt("module.a")), function(one)) is None
    assert in_doubt(function(doubt("module.a", "in other words")), function(one)) is None


def test_what_only_reads_the_same_is_not() -> None:
    one = doubt("module.a")
    assert in_doubt(function(one), function(None)) is one
    assert in_doubt(function(one), function(doubt("module.b"))) is one
    unnamed = Unknown("it was not read", HERE)
    assert in_doubt(function(unnamed), function(unnamed)) is unnamed


def test_every_block_has_a_cause_of_its_own(tmp_path: Path) -> None:
    function = 'resource "aws_lambda_function" "%s" {\n  %s\n  function_name = "%s"\n  role = "r"\n}\n'
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "main.tf").write_text(
        'variable "name" {}\n'
        + (function % ("one", "", "one"))
        + (function % ("two", "", "two"))
        + (function % ("own", "count = var.name", "own"))
    )
    (tmp_path / "main.tf").write_text(
        'variable "on" { type = number }\nvariable "keys" { type = set(string) }\n'
        'module "a" {\n  source = "./inside"\n  count = var.on\n  name = "a"\n}\n'
        'module "b" {\n  source = "./inside"\n  count = var.on\n  name = var.on\n}\n'
        'module "c" {\n  source = "./inside"\n  for_each = toset([for k in var.keys : k])\n  name = "c"\n}\n'
    )
    (made,) = read_all([tmp_path], Options(tmp_path, {}, (), {}), lambda *_: None)
    causes = {one.address: one.doubt.cause for one in made.world.functions if isinstance(one.doubt, Doubt)}
    expected: dict[str, str] = {}
    for name in "abc":
        call = f"module.{name}[?]"
        expected |= {f"{call}.aws_lambda_function.{one}": f"module.{name}" for one in ("one", "two")}
        expected[f"{call}.aws_lambda_function.own[?]"] = f"{call}.aws_lambda_function.own"
    assert causes == expected

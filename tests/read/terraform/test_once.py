"""What is made once for many stays what it would be if it were made for each."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.read.terraform import strings
from stockade.read.terraform.tree import walk
from stockade.value import Known, Unknown, Written, is_sensitive, shape_of
from tests.read.terraform.project import at, known, reading
from tests.read.terraform.trees import file

_PIECES = (
    "a",
    "shop-",
    " ",
    "$",
    "%",
    "%%",
    "$${",
    "%{",
    "${var.a}",
    "${local.a.b-c}",
    "${ var.a }",
    "${var.a[0]}",
)
_MORE = (
    "${a}",
    "${true.x}",
    "${~ var.a ~}",
    "\\n",
    "\\",
    "é",
    "{",
    "}",
    ".",
    "${a.é}",
    '${f("${b.c}")}',
    "${a.0}",
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from((*_PIECES, *_MORE)), max_size=6).map("".join))
def test_strings_that_are_read_at_once_are_those_that_are_read_piece_by_piece(
    monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    text = f'a = ["{inside}", {{ b = "{inside}" }}]\n'
    at_once = file(text)
    with monkeypatch.context() as patched:
        patched.setattr(strings, "_simple", lambda *_: None)
        piecewise = file(text)
    assert list(map(_said, walk(at_once.body))) == list(map(_said, walk(piecewise.body)))
    assert list(map(_said, at_once.problems)) == list(map(_said, piecewise.problems))


def _said(node: object) -> tuple[object, ...]:
    """A node's kind and place, and what it says itself."""
    names = (name for kind in type(node).__mro__ for name in getattr(kind, "__slots__", ()))
    plain = (getattr(node, name, None) for name in names)
    return type(node), *(one for one in plain if isinstance(one, str | int | float | bool | None))


def test_some_strings_are_read_at_once() -> None:
    """Or else the test above would compare a thing with itself."""
    assert strings._simple('"shop-${var.stage}-a"', 0)
    assert not strings._simple('"shop-$${var.stage}"', 0)
    assert not strings._simple('"shop-${var.stage[0]}"', 0)


def test_calls_of_one_module_keep_their_variables_and_resources_apart(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """
        module "a" {
          source = "./m"
          name   = "first"
        }
        module "b" {
          source = "./m"
          name   = "second"
        }
        --- m/main.tf
        variable "name" { sensitive = true }
        resource "aws_sqs_queue" "q" { name = var.name }
        resource "aws_sqs_queue" "again" { name = var.name }
        resource "aws_sns_topic" "t" { name = "${aws_sqs_queue.q.arn}-${aws_sqs_queue.q.name}" }
        """,
    )
    for call, name in (("a", "first"), ("b", "second")):
        for resource in ("q", "again"):
            value = at(found, f"module.{call}.aws_sqs_queue.{resource}").attributes["name"]
            assert (known(value), is_sensitive(value)) == (name, True)
        topic = shape_of(at(found, f"module.{call}.aws_sns_topic.t").attributes["name"])
        assert topic[-1] == f":{name}-{name}"
    one, other = (at(found, f"module.{call}.aws_sqs_queue.q").origin for call in "ab")
    assert isinstance(one, Written)
    assert isinstance(other, Written)
    assert one.span == other.span
    assert one.via != other.via


def test_a_circle_is_told_wherever_one_comes_into_it(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """
        module "m" {
          source = "./m"
          name   = module.m.name
        }
        --- m/main.tf
        variable "name" {}
        output "name" { value = var.name }
        resource "aws_sqs_queue" "a" { name = var.name }
        resource "aws_sqs_queue" "b" { name = var.name }
        """,
    )
    for name in "ab":
        value = at(found, f"module.m.aws_sqs_queue.{name}").attributes["name"]
        assert isinstance(value, Unknown)
        assert "it depends on itself" in value.reason


def test_providers_keep_their_regions_and_accounts_apart(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """
        provider "aws" { region = "eu-west-1" }
        provider "aws" {
          alias               = "us"
          region              = "us-gov-east-1"
          allowed_account_ids = ["111122223333"]
        }
        resource "aws_sqs_queue" "here" { name = "a" }
        resource "aws_sqs_queue" "there" {
          provider = aws.us
          name     = "a"
        }
        resource "aws_sns_topic" "here" { name = aws_sqs_queue.here.arn }
        resource "aws_sns_topic" "there" { name = aws_sqs_queue.there.arn }
        """,
    )
    here = shape_of(at(found, "aws_sns_topic.here").attributes["name"])
    there = shape_of(at(found, "aws_sns_topic.there").attributes["name"])
    assert here[0] == "arn:aws:sqs:eu-west-1:"
    assert there == ("arn:aws-us-gov:sqs:us-gov-east-1:111122223333:a",)


def test_one_instance_of_a_block_has_no_names_of_another(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """
        resource "aws_sqs_queue" "many" {
          for_each = toset(["x"])
          name     = each.key
        }
        resource "aws_sqs_queue" "one" { name = "one" }
        resource "aws_sqs_queue" "wrong" { name = each.key }
        """,
    )
    assert known(at(found, 'aws_sqs_queue.many["x"]').attributes["name"]) == "x"
    assert isinstance(at(found, "aws_sqs_queue.one").attributes["name"], Known)
    assert isinstance(at(found, "aws_sqs_queue.wrong").attributes["name"], Unknown)

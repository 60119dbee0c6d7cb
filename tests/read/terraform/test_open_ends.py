"""Lists and maps with an open end: what is said of them is true whatever the end turns out to be.

The same expression is evaluated twice, with a variable that nobody set and with what somebody may set
it to; what was known without it must be there with it. How Terraform evaluates the second is held
against Terraform itself elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.json_text import document
from stockade.value import Known, Open, Unknown, Value
from tests.read.terraform.project import addresses, at, reading

UNKNOWN = object()


def plain(value: Value[Any]) -> Any:
    """A value as Python has it; what is not known is ``UNKNOWN``."""
    match value:
        case Unknown():
            return UNKNOWN
        case Known(tuple() as items):
            return [plain(item) for item in items]
        case Known(dict() as members):
            return {name: plain(item) for name, item in members.items()}
        case Known(other):
            return other


def value_of(directory: Path, expression: str, more: Any = None, *, kind: str = "list(string)") -> Value[Any]:
    text = f'variable "more" {{\n  type = {kind}\n}}\n'
    text += f'resource "terraform_data" "it" {{\n  input = {expression}\n}}\n'
    given = {} if more is None else {"more": json.dumps(more)}
    return at(reading(directory, text, variables=given), "terraform_data.it").attributes["input"]


def admits(items: Sequence[Value[Any]], full: list[Any]) -> bool:
    """Whether a list could be that one: an unknown element stands for zero or more."""
    if not items:
        return not full
    first, rest = items[0], items[1:]
    if isinstance(first, Unknown):
        return any(admits(rest, full[skip:]) for skip in range(len(full) + 1))
    return bool(full) and fits(first, full[0]) and admits(rest, full[1:])


def fits(value: Value[Any], full: Any) -> bool:
    match value:
        case Unknown(open=Open(tuple() as items)):
            return admits(items, full)
        case Unknown(open=Open(dict() as items)):
            return all(name in full and fits(item, full[name]) for name, item in items.items())
        case Unknown():
            return True
        case Known(tuple() as items):
            return isinstance(full, list) and len(items) == len(full) and all(map(fits, items, full))
        case Known(dict() as members):
            return members.keys() == full.keys() and all(fits(one, full[name]) for name, one in members.items())
        case Known(other):
            return bool(other == full)


LISTS = st.recursive(
    st.sampled_from(["var.more", '["a"]', '["b", "c"]', "[]", '["a", ""]']),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda each: f"concat({', '.join(each)})"),
        st.lists(inner, min_size=1, max_size=3).map(lambda each: f"flatten([{', '.join(each)}])"),
        inner.map(lambda one: f"compact({one})"),
        inner.map(lambda one: f'[for x in {one} : "<${{x}}>"]'),
        inner.map(lambda one: f'[for x in {one} : x if x != "b"]'),
        inner.map(lambda one: f"{one}[*]"),
        inner.map(lambda one: f"reverse(tolist({one}))"),
        inner.map(lambda one: f'length({one}) > 3 ? ["x"] : concat({one}, ["y"])'),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(expression=LISTS, more=st.lists(st.sampled_from(["a", "b", "z", ""]), max_size=3))
def test_what_is_known_of_a_list_is_so_whatever_the_end_is(
    tmp_path: Path, expression: str, more: list[str]
) -> None:
    unset, full = value_of(tmp_path, expression), plain(value_of(tmp_path, expression, more))
    assert fits(unset, full), (expression, more, unset, full)


MAPS = st.recursive(
    st.sampled_from(["var.more", '{ a = "1" }', '{ b = "2", c = "3" }', "{}"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda each: f"merge({', '.join(each)})"),
        inner.map(lambda one: f'{{ for k, v in {one} : k => "<${{v}}>" }}'),
        inner.map(lambda one: f'{{ for k, v in {one} : k => v if v != "2" }}'),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(expression=MAPS, more=st.dictionaries(st.sampled_from("abz"), st.sampled_from("129"), max_size=3))
def test_what_is_known_of_a_map_is_so_whatever_the_end_is(
    tmp_path: Path, expression: str, more: dict[str, str]
) -> None:
    unset = value_of(tmp_path, expression, kind="map(string)")
    full = plain(value_of(tmp_path, expression, more, kind="map(string)"))
    assert fits(unset, full), (expression, more, unset, full)


@pytest.mark.parametrize(
    ("expression", "items"),
    [
        ('concat(["a"], var.more, ["b"])', ["a", UNKNOWN, "b"]),
        ('flatten(["a", [var.more, "b"]])', ["a", UNKNOWN, "b"]),
        ('[for x in concat(["a"], var.more) : upper(x)]', ["A", UNKNOWN]),
        ('distinct(compact(concat(["a"], var.more)))', ["a", UNKNOWN]),
        ('setunion(["a"], var.more)', ["a", UNKNOWN]),
        ('[for x in ["a", "b"] : x if x == "a" || length(var.more) > 2]', ["a", UNKNOWN]),
        ("concat([{ n = 1 }], var.more)[*].n", [1, UNKNOWN]),
    ],
)
def test_the_known_part_is_kept(tmp_path: Path, expression: str, items: list[Any]) -> None:
    value = value_of(tmp_path, expression)
    assert isinstance(value, Unknown)
    assert value.open is not None
    assert isinstance(value.open.items, tuple)
    assert [plain(item) for item in value.open.items] == items


@pytest.mark.parametrize(
    "expression",
    [
        'length(concat(["a"], var.more))',
        'concat(["a"], var.more)[0]',
        'element(concat(["a"], var.more), 0)',
        'join(",", concat(["a"], var.more))',
        'contains(concat(["a"], var.more), "b")',
        'concat(["a"], var.more) == ["a"]',
        'concat(var.more, ["a"])[1]',
        '[for i, x in concat(["a"], var.more) : i]',
    ],
)
def test_what_depends_on_the_end_is_not_claimed(tmp_path: Path, expression: str) -> None:
    value = value_of(tmp_path, expression)
    assert isinstance(value, Unknown)
    assert value.open is None or not any(isinstance(item, Known) for item in value.open.items)


@pytest.mark.parametrize(
    "expression",
    [
        'keys(merge({ a = "1" }, var.more))',
        'merge({ a = "1" }, var.more).a',
        'lookup(merge({ a = "1" }, var.more), "a", "2")',
        'lookup(merge(var.more, { a = "1" }), "b", "2")',
        'merge(var.more, { a = "1" }).a',
    ],
)
def test_what_something_unknown_may_replace_is_not_claimed(tmp_path: Path, expression: str) -> None:
    assert plain(value_of(tmp_path, expression, kind="map(string)")) is UNKNOWN


def test_what_comes_last_in_a_merge_is_certain(tmp_path: Path) -> None:
    def of(expression: str) -> Value[Any]:
        return value_of(tmp_path, expression, kind="map(string)")

    listed = of('[for k, v in merge(var.more, { a = "1" }) : v]')
    assert isinstance(listed, Unknown)
    assert listed.open is not None
    assert isinstance(listed.open.items, tuple)
    assert [plain(item) for item in listed.open.items] == ["1", UNKNOWN]
    value = of('merge({ a = "1", b = "2" }, var.more, { b = "3" })')
    assert isinstance(value, Unknown)
    assert value.open is not None
    assert plain(Known(value.open.items, value.origin)) == {"b": "3"}
    assert plain(Known(value.open.perhaps, value.origin)) == {"a": "1"}


def test_a_member_whose_name_is_not_known_may_be_another(tmp_path: Path) -> None:
    value = value_of(tmp_path, '{ a = "1", "x-${var.more}" = "2", (var.more) = "3", b = "4" }', kind="string")
    assert isinstance(value, Unknown)
    assert value.open is not None
    assert plain(Known(value.open.items, value.origin)) == {"b": "4"}
    assert plain(Known(value.open.perhaps, value.origin)) == {"a": "1"}


def test_a_name_that_is_known_in_part_is_not_that_of_another(tmp_path: Path) -> None:
    value = value_of(tmp_path, '{ a = "1", "x-${var.more}" = "2" }', kind="string")
    assert isinstance(value, Unknown)
    assert value.open is not None
    assert plain(Known(value.open.items, value.origin)) == {"a": "1"}


def test_a_document_has_the_list_as_an_array_with_an_unknown(tmp_path: Path) -> None:
    value = value_of(tmp_path, 'jsonencode({ Statement = concat([{ Effect = "Allow" }], var.more) })')
    tree = plain(document(value))
    assert tree == {"Statement": [{"Effect": "Allow"}, UNKNOWN]}


def test_an_unknown_list_of_strings_is_not_a_string(tmp_path: Path) -> None:
    """An open end must not be taken along into a value that was computed from the list."""
    value = value_of(tmp_path, 'concat(["x"], [join(",", concat(["a"], var.more))])')
    assert isinstance(value, Known)
    assert isinstance(value.value[1], Unknown)
    assert value.value[1].open is None


def test_resources_for_what_is_certainly_in_a_set(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """
        variable "more" { type = list(string) }

        resource "aws_sqs_queue" "all" {
          for_each = toset(concat(["a", "b"], var.more))
          name     = each.key
        }
        """,
    )
    assert addresses(found) == ['aws_sqs_queue.all["a"]', 'aws_sqs_queue.all["b"]', "aws_sqs_queue.all[?]"]
    assert plain(at(found, 'aws_sqs_queue.all["a"]').attributes["name"]) == "a"


def test_blocks_for_what_is_certainly_in_a_list(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """
        variable "more" { type = list(string) }

        resource "aws_s3_bucket_notification" "all" {
          bucket = "uploads"

          dynamic "queue" {
            for_each = concat(["a"], var.more)
            content {
              queue_arn = queue.value
            }
          }
        }
        """,
    )
    blocks = at(found, "aws_s3_bucket_notification.all").attributes["queue"]
    assert plain(blocks) == [{"queue_arn": "a"}, UNKNOWN]

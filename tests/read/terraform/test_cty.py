"""Values, types and conversions, by themselves and against what Terraform makes of a variable."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.errors import BudgetExceeded
from stockade.read.budget import Budget
from stockade.read.terraform import cty, tree
from stockade.read.terraform.cty import (
    EvaluationError,
    List,
    Map,
    Set,
    convert,
    equal,
    is_known_deep,
    make_set,
    to_bool,
    to_number,
    to_text,
    type_name,
    unify,
)
from stockade.read.terraform.functions.json_text import json_text
from stockade.read.terraform.kinds import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListOf,
    MapOf,
    ObjectOf,
    SetOf,
    TupleOf,
    Type,
)
from stockade.read.terraform.number import (
    add,
    divide,
    modulo,
    multiply,
    number_text,
    read_number,
    subtract,
)
from stockade.read.terraform.syntax import parse_expression
from stockade.read.terraform.types import constant, parse_type
from stockade.source import Source, Span
from stockade.value import Default, Hole, Known, Ref, Text, Unknown, Value, Written, text_of
from tests.patience import PATIENCE
from tests.read.terraform.oracle import TERRAFORM, needs_terraform

HERE = Default("the test")
QUEUE = Unknown("known after deployment", HERE, Text((Ref("aws_sqs_queue.q", "arn"),)))
UNSET = Unknown("`var.x` has no value", HERE)


def known(raw: Any) -> Value[Any]:
    """A Python value as a value: a list is a tuple, a dict an object, the rest themselves."""
    match raw:
        case Known() | Unknown():
            return raw
        case Set():
            return Known(make_set(map(known, raw)), HERE)
        case List():
            return Known(List(map(known, raw)), HERE)
        case list():
            return Known(tuple(map(known, raw)), HERE)
        case Map():
            return Known(Map({name: known(item) for name, item in raw.items()}), HERE)
        case dict():
            return Known({name: known(item) for name, item in raw.items()}, HERE)
        case _:
            return Known(raw, HERE)


def text(value: Value[Any]) -> str:
    return json_text(value, Budget())


def expression(source: str) -> tree.Expression:
    parsed = parse_expression(Source("test", source.encode()), 0, len(source.encode()))
    assert not isinstance(parsed, tree.Problem), parsed
    return parsed


# ----------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (divide(1, 3), f"0.{'3' * 154}5"),
        (divide(1, 7), f"0.{'142857' * 25}14285"),
        (multiply(divide(1, 3), 3), "1"),
        (add(Decimal("0.1"), Decimal("0.2")), "0.3"),
        (subtract(1, Decimal("0.75")), "0.25"),
        (10**21, "1000000000000000000000"),
        (Decimal("1.50"), "1.5"),
        (Decimal("1E-10"), "0.0000000001"),
        (Decimal("-0.5"), "-0.5"),
        (modulo(-5, 3), "-2"),
        (modulo(Decimal("5.5"), 2), "1.5"),
        (modulo(1, 0), "1"),
    ],
)  # fmt: skip
def test_numbers_print_as_terraform_prints_them(number: int | Decimal, printed: str) -> None:
    assert number_text(number) == printed


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40, places=20))
def test_a_number_is_read_again_from_its_text(number: Decimal) -> None:
    assert read_number(number_text(number)) == number


@pytest.mark.parametrize("numeral", ["", "x", "0x10", " 1", "1_000", "Inf", "NaN", "1e", "--1", ".", "\u0661"])
def test_what_is_no_numeral(numeral: str) -> None:
    assert read_number(numeral) is None


@pytest.mark.parametrize("numeral", ["1e999999999", "-1e-99999", "1e" + "9" * 50, "9" * 100_000])
def test_a_number_of_too_many_digits_is_refused_at_once(numeral: str) -> None:
    started = time.process_time()
    with pytest.raises(BudgetExceeded):
        read_number(numeral)
    assert time.process_time() - started < PATIENCE


# -------------------------------------------------------------------------------------- conversion


def test_primitives_convert_as_in_terraform() -> None:
    assert to_text(Known(Decimal("1.50"), HERE)) == "1.5"
    assert to_text(Known(True, HERE)) == "true"
    assert to_number(Known("1e3", HERE)) == 1000
    assert to_bool(Known("1", HERE)) is True
    for convertible, refused in (
        (to_number, True),
        (to_bool, 1),
        (to_bool, "True"),
        (to_text, ()),
        (to_number, "x"),
    ):
        with pytest.raises(EvaluationError):
            convertible(Known(refused, HERE))


def test_a_conversion_that_changes_nothing_hands_on_the_value_itself() -> None:
    for raw, kind in (
        (List(["a"]), ListOf(STRING)),
        ({"a": 1}, ObjectOf({"a": NUMBER})),
        (["a", 1], TupleOf((STRING, NUMBER))),
        (Map({"a": "x"}), MapOf(STRING)),
        (Set(["b", "a"]), SetOf(STRING)),
    ):
        value = known(raw)
        assert convert(value, kind) is value


def test_elements_keep_their_origins_through_a_conversion() -> None:
    source = Source("main.tf", b'["a", 1]')
    first = Known("a", Written(Span(source, 1, 4)))
    second = Known(1, Written(Span(source, 6, 7)))
    converted = convert(Known((first, second), HERE), ListOf(ANY))
    assert isinstance(converted, Known)
    assert converted.value[0] is first
    assert converted.value[1] == Known("1", second.origin)


def test_unknown_elements_stay_unknown_in_a_conversion() -> None:
    converted = convert(known(["a", UNSET, QUEUE]), SetOf(STRING))
    assert isinstance(converted, Known)
    assert converted.value.__class__ is Set
    assert UNSET in converted.value
    assert QUEUE in converted.value
    assert is_known_deep(converted) is UNSET
    assert convert(UNSET, ListOf(STRING)) is UNSET


def test_refusals_say_where() -> None:
    with pytest.raises(EvaluationError, match="attribute `a`: attribute `b` is required"):
        convert(known({"a": {}}), ObjectOf({"a": ObjectOf({"b": STRING})}))
    with pytest.raises(EvaluationError, match="a number is required, and this is string"):
        convert(known("x"), NUMBER)
    with pytest.raises(EvaluationError, match="one type, but they are number, bool"):
        unify([known(1), known(True)])
    assert type_name(known(None)) == "null"
    assert type_name(known(List([1]))) == "list of number"


CONVERSIONS = [
    ("string", "1.50"), ("string", "true"), ("string", "[]"), ("number", '"0x1"'), ("number", '"1e3"'),
    ("number", "true"), ("bool", '"1"'), ("bool", "1"), ("bool", '"yes"'), ("any", '[1, "a"]'),
    ("list(string)", '[1, true, "a", null]'), ("list(string)", "{}"), ("list(number)", '["1", "x"]'),
    ("list", '[1, "a"]'), ("list(any)", "[1, true]"), ("list(any)", "[[1], []]"),
    ("list(any)", '[{ a = 1 }, { b = "x" }]'), ("set(string)", '["b", "a", "b", 1]'),
    ("set(list(string))", '[["b"], ["a"], ["b"]]'), ("map(string)", '{ a = 1, b = "x" }'),
    ("map", "{ a = 1, b = true }"), ("map(any)", '{ a = 1, b = "x" }'),
    ("map(list(any))", '{ a = [1], b = ["x", 2] }'), ("map(string)", "[1]"),
    ("map(object({ x = optional(number, 5) }))", "{ a = {}, b = { x = 1, y = 2 } }"),
    ("object({ a = string })", "{ a = 1, extra = 2 }"), ("object({ a = string })", "{ b = 1 }"),
    ("object({ a = optional(string) })", "{}"), ('object({ a = optional(string, "d") })', "{ a = null }"),
    ("object({ a = optional(list(string), [1, true]) })", "{}"),
    ("object({ a = optional(object({ b = optional(bool, true), c = optional(string) }), {}) })", "{}"),
    ('object({ a = optional(map(number), { x = "1" }) })', "{}"),
    ("object({ a = optional(number, -1) })", "{}"), ("tuple([string, number])", '[1, "2"]'),
    ("tuple([string])", "[1, 2]"), ("tuple([])", "[]"), ("tuple([any])", "[{}]"),
    ("list(object({ a = any }))", '[{ a = 1 }, { a = "x" }]'),
    ("list(object({ a = any }))", "[{ a = 1 }, { a = [] }]"),
    ("list(tuple([string, bool]))", '[[1, "true"], ["x", false]]'), ("list(list(any))", "[[1], [true]]"),
    ("set(any)", '[1, "1", true]'), ("set(object({ a = string }))", '[{ a = 1 }, { a = "1" }]'),
    ("object({})", "{ a = 1 }"), ("any", "null"), ("list(string)", "null"),
    ("map(map(string))", "{ a = { b = 1 } }"),
    ("object({ a = object({ b = number }) })", '{ a = { b = "x" } }'),
    ("list(map(any))", "[{ a = 1 }, { b = true }]"),
]  # fmt: skip


@needs_terraform
def test_type_constraints_convert_as_terraform_converts(tmp_path: Path) -> None:
    """Every pair is a variable with its default; those Terraform refuses are named in its errors."""

    def ask(chosen: list[int]) -> subprocess.CompletedProcess[str]:
        rows = [
            f'variable "x{number}" {{\n  type = {kind}\n  default = {default}\n}}\n'
            for number, (kind, default) in enumerate(CONVERSIONS)
            if number in chosen
        ]
        every = ", ".join(f"jsonencode(var.x{number})" for number in chosen)
        (tmp_path / "main.tf").write_text("".join(rows) + f"locals {{\n  every = [{every}]\n}}\n")
        return subprocess.run(
            [TERRAFORM, "console"],
            input="base64encode(jsonencode(local.every))\n",
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=120,
            check=False,
            env={**os.environ, "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull, "NO_COLOR": "1"},
        )

    numbers = list(range(len(CONVERSIONS)))
    refused = {int(number) for number in re.findall(r'in variable "x(\d+)"', ask(numbers).stderr)}
    accepted = [number for number in numbers if number not in refused]
    answers = json.loads(base64.b64decode(ask(accepted).stdout.strip().strip('"')))
    expected: dict[int, str | None] = dict(zip(accepted, answers, strict=True))
    assert len(refused) >= 8

    wrong = []
    for number, (constraint, default) in enumerate(CONVERSIONS):
        try:
            ours = text(convert(constant(expression(default)), parse_type(expression(constraint))))
        except EvaluationError:
            ours = None
        if ours != expected.get(number):
            wrong.append((constraint, default, expected.get(number), ours))
    assert not wrong


# ------------------------------------------------------------------------------------------- types


def test_legacy_and_nested_constraints() -> None:
    assert parse_type(expression('"string"')) is STRING
    assert parse_type(expression('"list"')) == ListOf(ANY)
    assert parse_type(expression("map(set(bool))")) == MapOf(SetOf(BOOL))
    nested = parse_type(expression("object({ a = tuple([any]), b = optional(number, 1) })"))
    assert isinstance(nested, ObjectOf)
    assert nested.attributes == {"a": TupleOf((ANY,)), "b": NUMBER}
    assert list(nested.optional) == ["b"]


@pytest.mark.parametrize(
    "constraint",
    ["strings", "list(string, number)", "object(string)", "tuple(string)", "optional(string)", "1", '"set"',
     "object({ a = optional() })", 'object({ a = optional(string, upper("x")) })', "object({ (a) = 1 })"],
)  # fmt: skip
def test_what_is_no_constraint_is_refused(constraint: str) -> None:
    with pytest.raises(EvaluationError):
        parse_type(expression(constraint))


def test_a_default_is_what_the_caller_says_it_is() -> None:
    there = Known("d", Written(Span(Source("v.tf", b"d"), 0, 1)))
    kind = parse_type(expression('object({ a = optional(string, "d") })'), lambda _: there)
    converted = convert(known({}), kind)
    assert isinstance(converted, Known)
    assert converted.value["a"] is there


# ---------------------------------------------------------------------------------------- equality


def partly(*parts: str | Ref | Hole) -> Unknown:
    return Unknown("known after deployment", HERE, text_of(*parts))


BUCKET = Ref("aws_s3_bucket.b", "bucket")
SHAPED = Ref("aws_s3_bucket.b", "arn", text_of("arn:", Hole("partition"), ":s3:::", Hole("name")))


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ([1], List([1]), False),
        (List([1]), Set([1]), False),
        ({"a": 1}, Map({"a": 1}), False),
        (1, "1", False),
        (True, 1, False),
        (None, None, True),
        (None, "a", False),
        ({"a": None}, {"a": None}, True),
        (Set([2, 1]), Set([1, 2]), True),
        (1, Decimal("1.0"), True),
        ([1, UNSET], [1, UNSET], True),
        ([1, UNSET], [2, UNSET], False),
        ([1, UNSET], [1, "x"], None),
        ([UNSET], [1, 2], False),
        ({"a": UNSET}, {"b": UNSET}, False),
        (Set([UNSET]), Set(["a", "b"]), None),
        (UNSET, "x", None),
        (UNSET, None, None),
        (QUEUE, None, None),
        (partly("a-", Ref("aws_s3_bucket.b", "bucket")), None, False),
        (QUEUE, 1, False),
        (QUEUE, [], False),
        (QUEUE, "x", None),
        (partly("a-", BUCKET), partly("a-", BUCKET), True),
        (partly("a-", BUCKET), partly("b-", BUCKET), False),
        (partly(BUCKET, "-a"), partly(BUCKET, "-b"), False),
        (partly("a-", BUCKET), "b", False),
        (partly("a-", BUCKET), "a-", None),
        (partly("a", BUCKET, "a"), "a", False),
        (partly("a", BUCKET, "b", BUCKET, "c"), "a--c", False),
        (partly("a", BUCKET, "b", BUCKET, "c"), "abc", None),
        (partly("a-", BUCKET), partly("a-x", BUCKET), None),
        (partly(SHAPED), "arn:aws:s3:::x", None),
        (partly(SHAPED), "arn:aws:sqs:::x", False),
        (partly("a-", BUCKET), UNSET, None),
    ],
)
def test_equality_has_three_answers(one: Any, other: Any, answer: bool | None) -> None:
    assert equal(known(one), known(other)) is answer
    assert equal(known(other), known(one)) is answer


def test_sets_hold_each_element_once_and_in_order() -> None:
    assert text(Known(make_set(map(known, ["é", "z", "B", "a", "z", ""])), HERE)) == '["","B","a","z","é"]'
    assert text(Known(make_set(map(known, [10, 9, Decimal("1.5"), -1])), HERE)) == "[-1,1.5,9,10]"
    assert text(Known(make_set(map(known, [[10], [9], [1, 2]])), HERE)) == "[[10],[1,2],[9]]"
    assert len(make_set([QUEUE, known("a"), QUEUE])) == 2


# ------------------------------------------------------------------------------------------ safety


def laughs(levels: int = 40) -> Value[Any]:
    """A few shared lists that stand for a billion elements."""
    value = known("ha")
    for _ in range(levels):
        value = Known((value, value), HERE)
    return value


TWICE: Type = ListOf(ListOf(ANY))


@pytest.mark.parametrize(
    "walk",
    [
        lambda value: is_known_deep(value),
        lambda value: convert(value, ListOf(ANY)),
        lambda value: convert(value, TWICE),
        lambda value: make_set([value]),
        lambda value: equal(value, laughs()),
        lambda value: type_name(value),
        lambda value: unify([value, known([1])]),
    ],
)
def test_shared_values_are_not_walked_through_for_ever(walk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cty, "WALK", 10_000)
    with pytest.raises(BudgetExceeded):
        walk(laughs())

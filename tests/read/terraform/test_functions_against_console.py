"""Every function on thousands of arguments: the same answers, refusals and types as ``terraform console``."""

from __future__ import annotations

import base64
import itertools
import json
import math
import os
import random
import re
import subprocess
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from stockade.read.budget import Budget
from stockade.read.files import Tree
from stockade.read.terraform.cty import EvaluationError, type_of
from stockade.read.terraform.functions import FUNCTIONS, call
from stockade.read.terraform.functions.json_text import json_text
from stockade.read.terraform.kinds import ListOf, MapOf, ObjectOf, Primitive, SetOf, TupleOf, Type
from stockade.read.terraform.number import (
    Number,
    add,
    divide,
    modulo,
    multiply,
    number_text,
    read_number,
    subtract,
)
from stockade.source import Source
from stockade.value import Default, Known, Origin, Unknown, Value
from tests.read.terraform.function_arguments import FILES, FORMATS, POOLS, SIMPLE, SPECIAL, Made
from tests.read.terraform.oracle import TERRAFORM, needs_terraform

HERE = Default("the test")

SKIPPED = {
    "can": "an evaluator's own",
    "try": "an evaluator's own",
    "abspath": "tells where the test runs",
    "templatestring": "the console takes only references as its template",
    **dict.fromkeys(("timestamp", "plantimestamp", "uuid", "bcrypt", "rsadecrypt"), "known only at deployment"),
    **dict.fromkeys(("list", "map"), "an older Terraform's"),
    "base64gzip": "depends on Terraform's own compressor",
}
"""Functions that have nothing to compare, and why."""

DIVERGENT = {
    'textencodebase64("é€", "GBK")': "Python's GBK has no euro sign",
    'textencodebase64("é€", "Big5")': "nor has its Big5",
    'textdecodebase64("k/qWew==", "iso-8859-15")': "Terraform knows no control characters there",
    'cidrhost("2001:db8::1/128", 1180591620717411303424)': "Terraform's answer lies outside the range",
}
"""Expressions on which Stockade knowingly differs from Terraform, and why."""

CONTROLS = {"\\b": "\\u0008", "\\f": "\\u000c"}
"""JSON's escapes that Terraform's strings have not."""


@dataclass
class Call:
    """The context of a call in these tests."""

    directory: str
    files: Tree
    origin: Origin = HERE
    budget: Budget = field(default_factory=lambda: Budget(10**9))

    def template(self, source: Source, variables: Mapping[str, Value[Any]]) -> Value[Any]:
        return Known(source.data.decode(), self.origin)


def written(argument: Any) -> str:
    """An argument as an expression."""
    match argument:
        case None:
            return "null"
        case bool():
            return "true" if argument else "false"
        case int() | Decimal():
            return f"{argument:f}" if isinstance(argument, Decimal) else str(argument)
        case str():
            quoted = json.dumps(argument, ensure_ascii=False)
            quoted = re.sub(r"\\[\\bf]", lambda found: CONTROLS.get(found[0], found[0]), quoted)
            return quoted.replace("${", "$${").replace("%{", "%%{")
        case list():
            return f"[{', '.join(map(written, argument))}]"
        case dict():
            return f"{{{', '.join(f'{written(name)} = {written(item)}' for name, item in argument.items())}}}"
        case Made():
            return f"{argument.function}({written(argument.argument)})"
        case _:
            raise TypeError(argument)


def value(argument: Any, context: Call) -> Value[Any]:
    """An argument as an evaluator would hand it to a function."""
    match argument:
        case str():
            return Known(unicodedata.normalize("NFC", argument), HERE)
        case list():
            return Known(tuple(value(item, context) for item in argument), HERE)
        case dict():
            return Known({name: value(item, context) for name, item in argument.items()}, HERE)
        case Made():
            return call(argument.function, [value(argument.argument, context)], context)
        case _:
            return Known(argument, HERE)


def cases(seed: int = 1) -> Iterator[tuple[str, list[Any]]]:
    """Every function with arguments from its pools; small pools in every combination."""
    chance = random.Random(seed)
    for name, function in sorted(FUNCTIONS.items()):
        if name in SKIPPED or "::" in name:
            continue
        if name in ("format", "formatlist"):
            yield from formats(name, chance)
            continue
        pools = SPECIAL.get(name) or [POOLS[str(parameter.kind)] for parameter in function.parameters]
        if function.rest and name not in SPECIAL:
            pools = [*pools, *[POOLS[str(function.rest.kind)]] * 2]
        least = len(function.parameters)
        size = 1
        for pool in pools:
            size *= len(pool)
        if size <= 300:
            rows = [list(row) for row in itertools.product(*pools)]
        else:
            rows = [[chance.choice(pool) for pool in pools] for _ in range(90)]
        for row in rows:
            yield name, row[: chance.randint(least, len(row))] if function.rest else row
        wrong = [argument for argument in POOLS["any"] if argument is not None or function.parameters]
        for _ in range(8):
            row = [chance.choice(pool) for pool in pools]
            at = chance.randrange(len(row) + 1)
            yield name, [*row[:at], chance.choice(wrong), *row[at + chance.randint(0, 1) :]]


def formats(name: str, chance: random.Random) -> Iterator[tuple[str, list[Any]]]:
    arguments = [
        *SIMPLE,
        Made("tostring", None),
        ["a", 1],
        {"a": "<"},
        Made("toset", ["b", "a"]),
        [None, {"b": 1}],
        [],
    ]
    for template in re.split(r"[|\n]", FORMATS):
        template = template.removeprefix("    ")
        wanted = max(template.count("%") - 2 * template.count("%%"), 0)
        for _ in range(14):
            count = max(wanted + chance.choice([0, 0, 0, 0, 0, 1, -1]), 0)
            yield name, [template, *(chance.choice(arguments) for _ in range(count))]


def answers(directory: Path, expressions: Sequence[str]) -> list[str | None]:
    """The JSON text that ``terraform console`` gives for every expression, ``None`` where it refuses."""
    rows = ",\n".join(f"    try(jsonencode(nonsensitive({one})), null)" for one in expressions)
    (directory / "main.tf").write_text(f"locals {{\n  every = [\n{rows}\n  ]\n}}\n")
    encoded = run(directory, "base64encode(jsonencode(local.every))").strip().strip('"')
    assert "(" not in encoded, "an expression is unknown to Terraform"
    texts: list[str | None] = json.loads(base64.b64decode(encoded))
    return texts


def types(directory: Path, expressions: Sequence[str]) -> list[str]:
    """The type that ``terraform console`` says each expression has."""
    rows = "\n".join(f"  x{number} = {one}" for number, one in enumerate(expressions))
    (directory / "main.tf").write_text(f"locals {{\n{rows}\n}}\n")
    every = ", ".join(f"local.x{number}" for number in range(len(expressions)))
    return listed(run(directory, f"type([{every}])"))


def run(directory: Path, expression: str) -> str:
    done = subprocess.run(
        [TERRAFORM, "console"],
        input=expression + "\n",
        capture_output=True,
        text=True,
        cwd=directory,
        timeout=300,
        check=False,
        env={**os.environ, "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull, "NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def listed(text: str) -> list[str]:
    """The types inside ``tuple([...])``, one by one, without their white space."""
    inner = re.sub(r"\s+", "", text).removeprefix("tuple([").removesuffix("])")
    found: list[str] = []
    depth = start = 0
    for at, char in enumerate(inner):
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0:
            found.append(re.sub(r",(?=[\])}])", "", inner[start:at]))
            start = at + 1
    return found


def type_text(kind: Type) -> str:
    """A type as the console prints it, without white space."""
    match kind:
        case Primitive(name):
            return "dynamic" if name == "any" else name
        case ListOf(element):
            return f"list({type_text(element)})"
        case SetOf(element):
            return f"set({type_text(element)})"
        case MapOf(element):
            return f"map({type_text(element)})"
        case TupleOf(items):
            return f"tuple([{','.join(map(type_text, items))}])"
        case ObjectOf(attributes):
            inner = ",".join(f"{name}:{type_text(attributes[name])}" for name in sorted(attributes))
            return re.sub(r"\s+", "", f"object({{{inner}}})")


@needs_terraform
def test_every_function_answers_as_terraform(tmp_path: Path) -> None:
    for name, data in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    context = Call(str(tmp_path), Tree(tmp_path))
    tried: dict[str, tuple[str, list[Any]]] = {}
    for name, arguments in cases():
        expression = f"{name}({', '.join(map(written, arguments))})"
        if expression not in DIVERGENT:
            tried.setdefault(expression, (name, arguments))
    assert len(tried) >= 5_000
    texts = answers(tmp_path, list(tried))
    containers: dict[str, Value[Any]] = {}

    wrong: list[str] = []
    for (expression, (name, arguments)), text in zip(tried.items(), texts, strict=True):
        result, ours = answer(name, arguments, context)
        if ours != text and not alike(name, ours, text):
            wrong.append(f"{expression}\n    terraform {text}\n    stockade  {ours}")
        elif text is not None and text[0] in "[{":
            containers[expression] = result
    assert not wrong, f"{len(wrong)} of {len(tried)} differ:\n" + "\n".join(wrong[:40])

    chosen = list(containers)[::3]
    assert len(chosen) >= 500
    for expression, kind in zip(chosen, types(tmp_path, chosen), strict=True):
        ours = type_text(type_of(containers[expression]))
        if ours != kind and "dynamic" not in ours:  # what an empty list or a null is made of, values do not say
            wrong.append(f"{expression}\n    terraform {kind}\n    stockade  {ours}")
    assert not wrong, f"{len(wrong)} types of {len(chosen)} differ:\n" + "\n".join(wrong[:40])


def alike(name: str, ours: str | None, text: str | None) -> bool:
    """Differences that are known: a zero has no sign here, what 64 bits compute may end otherwise, and a
    package that is not there may still have to be built."""
    if text is None and ours == "unknown" and name.startswith(("filemd5", "filesha", "filebase64sha")):
        return True
    if ours is None or text is None:
        return False
    return ours == text.replace("-0", "0") or (
        name in ("log", "pow") and math.isclose(float(ours), float(text), rel_tol=1e-15)
    )


@needs_terraform
def test_arithmetic_has_all_of_terraforms_digits(tmp_path: Path) -> None:
    """The last of 155 digits too, through two operations."""
    chance = random.Random(5)
    numerals = [
        "0",
        "1",
        "-3",
        "0.1",
        "1e-30",
        "0.000000000001",
        str(2**70),
        f"{10**59}",
        "123456789.000000001",
    ]
    numerals += [f"{chance.randrange(10**9)}.{chance.randrange(10**20)}" for _ in range(20)]
    numerals += [f"{chance.randrange(-2000, 2000) / 100}" for _ in range(20)]
    expected: dict[str, str | None] = {}
    for _ in range(1_500):
        one, two, three = (chance.choice(numerals) for _ in range(3))
        first, second = chance.choice("+-*/%"), chance.choice("+-*/")
        try:
            result = ARITHMETIC[second](ARITHMETIC[first](numeral(one), numeral(two)), numeral(three))
            expected[f"({one} {first} {two}) {second} {three}"] = number_text(result)
        except ZeroDivisionError:
            expected[f"({one} {first} {two}) {second} {three}"] = None
    texts = answers(tmp_path, list(expected))
    wrong = [
        (expression, text, ours)
        for (expression, ours), text in zip(expected.items(), texts, strict=True)
        if ours != text and not alike("", ours, text)
    ]
    assert not wrong


ARITHMETIC = {"+": add, "-": subtract, "*": multiply, "/": divide, "%": modulo}


def numeral(text: str) -> Number:
    number = read_number(text)
    assert number is not None
    return number


def answer(name: str, arguments: Sequence[Any], context: Call) -> tuple[Value[Any], str | None]:
    """Stockade's own value and its JSON text, ``None`` where it refuses."""
    try:
        result = call(name, [value(argument, context) for argument in arguments], context)
    except EvaluationError:
        return Known(None, HERE), None
    return result, "unknown" if isinstance(result, Unknown) else json_text(result, context.budget)


def test_only_functions_that_exist_are_left_out() -> None:
    assert set(SKIPPED) <= set(FUNCTIONS)
    assert set(SPECIAL) <= set(FUNCTIONS)

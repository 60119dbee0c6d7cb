"""Expressions, evaluated by Stockade and by ``terraform console``: the same value, the same refusals."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stockade.read.files import Tree
from stockade.read.terraform import read
from stockade.read.terraform.number import number_text
from stockade.value import Known, Unknown, Value
from tests.read.terraform.oracle import REFUSED, console, needs_terraform

CONFIGURATION = """
variable "stage" {
  type    = string
  default = "dev"
}

variable "settings" {
  type = object({
    name    = string
    size    = optional(number, 3)
    tags    = optional(map(string), {})
    enabled = optional(bool)
  })
  default = {
    name = "svc"
  }
}

variable "zones" {
  type    = set(string)
  default = ["b", "a", "b"]
}

variable "sizes" {
  type    = map(number)
  default = { small = "1", large = 10.50 }
}

variable "limits" {
  type    = list(any)
  default = ["1", 2, true]
}

locals {
  words   = ["alpha", "beta", "", "gamma"]
  numbers = [3, 1, 2.5, -4, 0]
  mixed   = ["a", 1, true, null]
  table   = { one = 1, two = "zwei", three = [1, 2, 3], "four five" = { deep = { deeper = "found" } } }
  people  = [{ name = "ada", age = 36 }, { name = "grace", age = 85 }, { name = "alan", age = 41 }]
  nothing = null
  greet   = "hello ${var.stage}"
  nested  = [[1, 2], [3], []]
}
"""

HAND_MADE = [
    "1 + 2 * 3 - 4 / 8",
    "-7 % 3",
    "7 % -3",
    "2 * (3 + 4)",
    "!true || false && true",
    "1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 4",
    '1 == "1"',
    '"a" == "a"',
    "[1] == [1]",
    "tolist([1]) == [1]",
    "null == null",
    "local.nothing == null",
    "local.table.one != 1",
    '"10" + 5',
    '"a" < "b"',
    "true ? 1 : 2",
    'true ? 1 : "a"',
    "local.nothing == null ? [] : [1]",
    'false ? [1] : ["a", "b"]',
    'local.words[2] == "" ? "empty" : local.words[2]',
    "local.words[0]",
    "local.words[10]",
    'local.table["four five"].deep.deeper',
    "local.table.absent",
    "local.table.three[1]",
    "local.people[*].name",
    "local.people.*.age",
    "local.people[*].name[0]",
    "local.people.*.name[0]",
    "local.nothing[*]",
    '"x"[*]',
    "local.table[*].one",
    "local.nested[*][0]",
    "[for w in local.words : upper(w)]",
    '[for i, w in local.words : "${i}-${w}" if w != ""]',
    "{ for w in local.words : w => length(w) }",
    "{ for p in local.people : p.name => p.age if p.age > 40 }",
    "{ for p in local.people : substr(p.name, 0, 1) => p.name... }",
    "{ for p in local.people : substr(p.name, 0, 1) => p.name }",
    "[for k, v in local.table : k]",
    "[for k, v in var.sizes : v]",
    "[for z in var.zones : z]",
    '[for k, v in var.zones : "${k}=${v}"]',
    "[for x in local.nested : [for y in x : y * 2]]",
    "[for x in local.nothing : x]",
    '[for x in "abc" : x]',
    "var.settings",
    "var.settings.size + 1",
    "var.settings.enabled",
    "var.sizes",
    "var.limits",
    "local.mixed",
    '"${local.greet}, ${1 + 1} times"',
    '"${local.words}"',
    '"${local.nothing}"',
    '"${true}"',
    '"x${true}"',
    '"$${literal} %%{literal}"',
    '"tab\\tquote\\" back\\\\ \\u00e9 \\U0001F600"',
    '"%{ if var.stage == "dev" }yes%{ else }no%{ endif }"',
    '"%{ for w in local.words }[${w}]%{ endfor }"',
    '"%{ for i, w in local.words ~}\\n  ${i}${w} %{ endfor ~}  end"',
    '"  ${~ var.stage ~}  |"',
    "<<EOT\nplain ${var.stage}\n  kept\nEOT\n",
    "<<-EOT\n    four\n      six ${var.stage}\n    four\n    EOT\n",
    "<<-EOT\n  %{ for w in local.words ~}\n  - ${w}\n  %{ endfor ~}\n  done\n  EOT\n",
    'templatefile("greeting.tftpl", { name = "ada", items = ["x", "y"] })',
    'templatefile("greeting.tftpl", { name = "ada" })',
    'templatefile("absent.tftpl", {})',
    'try(local.table.absent.deep, local.words[9], "fallback")',
    "try(local.table.absent)",
    "can(local.table.absent)",
    "can(local.table.one)",
    'try(tonumber("x"), 5)',
    "merge(local.table, { one = 2 }, null)",
    "merge(local.people...)",
    "max(local.numbers...)",
    "concat(local.words, local.numbers)",
    'coalesce(local.nothing, "", "x")',
    'lookup(local.table, "one", 5)',
    "element(local.words, 5)",
    "flatten(local.nested)",
    "jsonencode(local.table)",
    "jsondecode(jsonencode(local.table)).three",
    "toset(local.words)",
    'tomap({ a = 1, b = "x" })',
    'tolist(["a", 1])',
    '[true, "a"][0]',
    '{ (var.stage) = 1, "b-${var.stage}" = 2 }',
    "{ a = 1, a = 2 }",
    "0.1 + 0.2",
    "1 / 3",
    "100000000000000000000000 + 1",
    "nonsense(1)",
    'length("héllo")',
    "one([])",
    "one([1, 2])",
    'var.settings["name"]',
    'local.words["1"]',
    "local.words[1.5]",
    'local.people[0]["age"]',
    "path.module",
    "path.root",
    "(local.table).one",
    "local.people[length(local.people) - 1].name",
    "[for p in local.people : { n = p.name, adult = p.age >= 40 }]",
    'format("%s-%03d-%v", var.stage, 7, [1, "a"])',
    'join(",", [for z in var.zones : upper(z)])',
    'zipmap(["a", "b"], [1, [2]])',
    "values({ b = 1, a = 2 })",
    "keys(local.table)",
    "alltrue([for p in local.people : p.age > 30])",
    "sum(local.numbers)",
    "distinct([1, 1, 2])",
    'contains(local.words, "beta")',
    'setproduct(["a", "b"], [1, 2])',
    'regexall("[a-z]+", "ab-cd")',
    'replace("a.b", "/\\\\./", "-")',
]

FILES = {"greeting.tftpl": "Dear ${name},\n%{ for item in items ~}\n* ${item}\n%{ endfor ~}\nbye\n"}


class Generator:
    """Random expressions over ``CONFIGURATION``, most of them well typed; the same seed, the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names: list[str] = []

    def pick(self, *options: Callable[[int], str] | str) -> Callable[[int], str]:
        chosen = self.random.choice(options)
        return chosen if callable(chosen) else lambda _: chosen

    def number(self, depth: int) -> str:
        if depth <= 0:
            return self.random.choice(
                [
                    "0",
                    "1",
                    "2.5",
                    "-3",
                    "1e3",
                    "local.table.one",
                    "var.settings.size",
                    "var.sizes.large",
                    *self.names,
                ]
            )
        return self.pick(
            lambda d: f"({self.number(d)} {self.random.choice('+-*')} {self.number(d)})",
            lambda d: f"({self.number(d)} / {self.random.choice(['3', '-2.5', '1e3'])})",
            lambda d: f"({self.number(d)} % {self.random.choice(['3', '-2.5', '1e3'])})",
            lambda d: f"(7 - {self.number(d)})",
            lambda d: f"length({self.listing(d)})",
            lambda d: f"local.numbers[{self.number(0)}]",
            lambda d: f"({self.truth(d)} ? {self.number(d)} : {self.number(d)})",
            lambda d: f"try({self.listing(d)}[{self.number(0)}], {self.number(d)})",
            lambda d: f"abs({self.number(d)})",
            lambda d: f"sum([{self.number(d)}, {self.number(d)}])",
        )(depth - 1)

    def text(self, depth: int) -> str:
        if depth <= 0:
            return self.random.choice(
                [
                    '"a"',
                    '""',
                    '"é b"',
                    "var.stage",
                    "local.greet",
                    "local.words[1]",
                    "var.settings.name",
                    *self.names,
                ]
            )
        return self.pick(
            lambda d: f'"x${{{self.text(d)}}}-${{{self.number(d)}}}"',
            lambda d: f"upper({self.text(d)})",
            lambda d: f'join("{self.random.choice(["", ",", "--"])}", {self.listing(d)})',
            lambda d: f"({self.truth(d)} ? {self.text(d)} : {self.text(d)})",
            lambda d: f"coalesce({self.text(d)}, {self.text(d)})",
            lambda d: f'format("%s:%v", {self.text(d)}, {self.number(d)})',
            lambda d: f'"%{{ if {self.truth(d)} }}${{{self.text(d)}}}%{{ else }}no%{{ endif }}"',
            lambda d: f'"%{{ for e in {self.listing(d)} ~}} <${{jsonencode(e)}}> %{{ endfor ~}}"',
            lambda d: f"jsonencode({self.anything(d)})",
            lambda d: f"replace({self.text(d)}, {self.text(0)}, {self.text(0)})",
            lambda d: f"trimprefix({self.text(d)}, {self.text(0)})",
        )(depth - 1)

    def truth(self, depth: int) -> str:
        if depth <= 0:
            return self.random.choice(["true", "false", "local.nothing == null", 'var.stage == "dev"'])
        return self.pick(
            lambda d: f"({self.number(d)} {self.random.choice(['<', '>', '<=', '>='])} {self.number(d)})",
            lambda d: f"({self.anything(d)} {self.random.choice(['==', '!='])} {self.anything(d)})",
            lambda d: f"({self.truth(d)} {self.random.choice(['&&', '||'])} {self.truth(d)})",
            lambda d: f"!({self.truth(d)})",
            lambda d: f"contains({self.listing(d)}, {self.anything(d)})",
            lambda d: f"can({self.anything(d)}.absent)",
        )(depth - 1)

    def listing(self, depth: int) -> str:
        if depth <= 0:
            return self.random.choice(
                ["local.words", "local.numbers", "[]", "[1, 2]", '["b", "a"]', "var.zones"]
            )
        return self.pick(
            lambda d: f"[{self.anything(d)}, {self.anything(d)}]",
            self._for_tuple,
            lambda d: f"concat({self.listing(d)}, {self.listing(d)})",
            lambda d: f"{self.table(d)}[*].one",
            lambda d: "local.people[*].name",
            lambda d: f"values({self.table(d)})",
            lambda d: f"keys({self.table(d)})",
            lambda d: f"toset({self.listing(0)})",
            lambda d: f"({self.truth(d)} ? {self.listing(0)} : [])",
            lambda d: f"flatten([{self.listing(d)}, {self.listing(d)}])",
            lambda d: f"distinct({self.listing(d)})",
        )(depth - 1)

    def table(self, depth: int) -> str:
        if depth <= 0:
            return self.random.choice(
                ["local.table", "{}", "{ one = 1, z = 2 }", "var.sizes", "local.people[0]"]
            )
        return self.pick(
            lambda d: f"{{ one = {self.anything(d)}, ({self.text(d)}) = {self.anything(d)} }}",
            self._for_object,
            lambda d: f"merge({self.table(d)}, {self.table(d)})",
            lambda d: f'zipmap(["p", "q"], [{self.anything(d)}, {self.anything(d)}])',
        )(depth - 1)

    def anything(self, depth: int) -> str:
        return self.pick(self.number, self.text, self.truth, self.listing, self.table, "null")(depth)

    def _for_tuple(self, depth: int) -> str:
        collection = self.random.choice([self.listing, self.table])(depth)
        name = f"v{len(self.names)}"
        self.names.append(name)
        body = self.anything(depth)
        condition = f" if {self.truth(depth)}" if self.random.random() < 0.3 else ""
        self.names.pop()
        return f"[for {name} in {collection} : {body}{condition}]"

    def _for_object(self, depth: int) -> str:
        collection = self.random.choice([self.listing, self.table])(depth)
        name = f"v{len(self.names)}"
        self.names.append(name)
        body = self.anything(depth)
        self.names.pop()
        group = "..." if self.random.random() < 0.4 else ""
        return f'{{ for k{name}, {name} in {collection} : "k${{k{name}}}" => {body}{group} }}'


def plain(value: Value[Any]) -> Any:
    """A wholly known value as JSON would have it, numbers as text."""
    assert isinstance(value, Known), f"unknown: {value.reason}"
    match value.value:
        case dict() as fields:
            return {key: plain(item) for key, item in fields.items()}
        case tuple() as items:
            return [plain(item) for item in items]
        case bool() | str() | None:
            return value.value
        case number:
            return number_text(number)


def ours(directory: Path, expressions: list[str]) -> list[Any]:
    rows = "".join(f"  e{index} = {one}\n" for index, one in enumerate(expressions))
    (directory / "ours.tf").write_text(
        f'{CONFIGURATION}\nlocals {{\n{rows}\n}}\nresource "x_y" "z" {{\n'
        + "".join(f"  e{i} = local.e{i}\n" for i in range(len(expressions)))
        + "}\n"
    )
    for name, text in FILES.items():
        (directory / name).write_text(text, newline="")
    reading = read(directory, Tree(directory), variables={}, variable_files=[], environment={})
    assert not reading.gaps, reading.gaps
    attributes = reading.resources[0].attributes
    out: list[Any] = []
    for index in range(len(expressions)):
        value = attributes[f"e{index}"]
        if isinstance(value, Unknown) and value.reason.startswith("Terraform would refuse"):
            out.append(REFUSED)
        else:
            out.append(json.loads(json.dumps(plain(value))))
    return out


def compare(expressions: list[str], tmp_path: Path) -> tuple[list[str], list[str]]:
    """Where we are wrong, and where we give a value that Terraform would refuse to compute."""
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    mine.mkdir()
    theirs.mkdir()
    expected = console(theirs, expressions, configuration=CONFIGURATION, files=FILES)
    actual = ours(mine, expressions)
    wrong: list[str] = []
    lenient: list[str] = []
    for expression, want, got in zip(expressions, expected, actual, strict=True):
        if without_minus_zero(want) != without_minus_zero(got):
            line = f"{expression}\n    terraform: {show(want)}\n    stockade:  {show(got)}"
            (lenient if want is REFUSED else wrong).append(line)
    return wrong, lenient


def without_minus_zero(value: Any) -> Any:
    """Terraform's numbers know a negative zero; for everything a policy says it is zero."""
    return value if value is REFUSED else json.loads(re.sub(r"(?<![\d.\w])-0(?![\d.])", "0", json.dumps(value)))


def show(value: Any) -> str:
    return "refused" if value is REFUSED else json.dumps(value, ensure_ascii=False)


@needs_terraform
def test_hand_made_expressions(tmp_path: Path) -> None:
    wrong, lenient = compare(HAND_MADE, tmp_path)
    assert not wrong + lenient, "\n".join(wrong + lenient)


@needs_terraform
def test_thousands_of_generated_expressions(tmp_path: Path) -> None:
    generator = Generator(20261123)
    expressions = [generator.anything(generator.random.choice([1, 2, 3])) for _ in range(4000)]
    wrong, lenient = compare(expressions, tmp_path)
    assert not wrong, f"{len(wrong)} are wrong\n" + "\n".join(wrong[:20])
    # What cannot matter is not looked at: the other side of a decided `&&`, the body of a loop over
    # nothing. Terraform checks it; a configuration that it refuses is never deployed.
    assert len(lenient) < len(expressions) / 100, "\n".join(lenient[:20])

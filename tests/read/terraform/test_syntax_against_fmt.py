"""Native syntax against Terraform itself: what ``terraform fmt`` refuses has a problem, and nothing else.

The values of templates are compared with ``terraform console``: escapes, indentation, strip markers
and directives, nested at random.
"""

from __future__ import annotations

import base64
import json
import os
import random
import re
import subprocess
from pathlib import Path

import pytest

from stockade.read.terraform.json_syntax import parse_json
from stockade.read.terraform.syntax import parse_template
from stockade.read.terraform.tree import (
    Expression,
    ForDirective,
    IfDirective,
    Literal,
    Paren,
    Part,
    Template,
    Tuple,
    Variable,
)
from stockade.source import Source
from tests.read.terraform.oracle import TERRAFORM, console, needs_terraform
from tests.read.terraform.snippets import CORRECT, mutants
from tests.read.terraform.test_syntax import BROKEN, EXPRESSIONS, FILES
from tests.read.terraform.trees import expression, file

pytestmark = needs_terraform

_NAMED = re.compile(r"(\d+)\.tf line \d+")


def refused(directory: Path, texts: list[bytes]) -> set[int]:
    """The indexes of the files that ``terraform fmt`` does not parse, found out in one process."""
    for index, text in enumerate(texts):
        (directory / f"{index}.tf").write_bytes(text)
    done = subprocess.run(
        [TERRAFORM, "fmt", "-check", "-list=false", "-write=false", "-no-color", str(directory)],
        capture_output=True,
        check=False,
        timeout=300,
        env={**os.environ, "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull},
    )
    errors = done.stderr.decode("utf-8", "replace").split("\nError: ")[1:]
    found = [_NAMED.search(error) for error in errors]
    assert all(found), errors
    return {int(match[1]) for match in found if match}


def agree(directory: Path, texts: list[bytes]) -> int:
    """Both parsers refuse the same files; how many they refuse."""
    wanted = refused(directory, texts)
    for index, text in enumerate(texts):
        problems = [problem.message for problem in file(text).problems]
        assert bool(problems) == (index in wanted), (text, problems)
    return len(wanted)


def test_every_form_in_the_tables(tmp_path: Path) -> None:
    correct = [f"a = {text}\n".encode() for text in EXPRESSIONS] + [
        text.encode() for text in [*FILES, *CORRECT]
    ]
    assert agree(tmp_path, correct) == 0
    broken = [text.encode() if isinstance(text, str) else bytes(text) for text in BROKEN]
    other = tmp_path / "broken"
    other.mkdir()
    assert agree(other, broken) == len(broken)


@pytest.mark.parametrize("seed", range(3))
def test_the_same_files_are_refused(tmp_path: Path, seed: int) -> None:
    texts = [text.encode() for text in mutants(seed, 800)]
    count = agree(tmp_path, texts)
    assert 80 < count < 760


def test_the_one_difference(tmp_path: Path) -> None:
    """Terraform lets half of a surrogate pair pass in a string; no such text is valid UTF-8."""
    texts = [b'a = "\xed\xa0\x80"\n']
    assert refused(tmp_path, texts) == set()
    assert [problem.message for problem in file(texts[0]).problems] == ["these bytes are not UTF-8"]


# ------------------------------------------------------------------------------------------ values

_TEXT = [
    "a",
    "b c",
    "$",
    "%",
    "$$",
    "x}",
    "{",
    "é",
    '"',
    "\\",
    "~",
    "$ {",
    "%%",
    "$$${x}",
    "%%{y}",
    "$${z}",
    "\u00a0",
]
_SPACE = ["", " ", "  ", "\n", "\n  ", "\t", "   ", "\n\n", " \n"]


class Templates:
    """Random templates whose values are constants."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def string(self, depth: int, names: list[str]) -> str:
        if self.chance.random() < 0.5:
            return f'"{self.inside(depth, names, quoted=True)}"'
        body = self.inside(depth, names, quoted=False)
        margin = self.chance.choice(["", "  ", "    ", "\t"])
        lines = [line if self.chance.random() < 0.2 else margin + line for line in body.split("\n")]
        flush, end = self.chance.choice(["", "-"]), self.chance.choice(["", "  "])
        return f"<<{flush}EOT\n" + "\n".join(lines) + f"\n{end}EOT\n"

    def _text(self, quoted: bool) -> str:
        text = ""
        for _ in range(self.chance.randrange(4)):
            # What follows must not turn a lone sign into a sequence or an escape.
            text += "." if text.endswith(("$", "%")) else ""
            text += self.chance.choice(_TEXT) + self.chance.choice(_SPACE)
        if quoted:
            text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            text = text.replace("\t", self.chance.choice(["\t", "\\t"]))
        return text + "." if text.endswith(("$", "%")) else text

    def inside(self, depth: int, names: list[str], quoted: bool) -> str:
        out = ""
        for _ in range(self.chance.randrange(1, 5)):
            out += self._text(quoted)
            if not quoted and self.chance.random() < 0.4:
                out += "\n" + self.chance.choice(["", "  ", "    ", "\t"])
            match self.chance.randrange(5 if depth else 2):
                case 0 | 1:
                    out += self._sequence("$", self._value(depth - 1, names))
                case 2:
                    out += self._sequence("%", "if " + self.chance.choice(["true", "false"]))
                    out += self.inside(depth - 1, names, quoted)
                    if self.chance.random() < 0.5:
                        out += self._sequence("%", "else") + self.inside(depth - 1, names, quoted)
                    out += self._sequence("%", "endif")
                case 3:
                    name = f"v{len(names)}"
                    out += self._sequence("%", f'for {name} in ["p", "q"]')
                    out += self.inside(depth - 1, [*names, name], quoted)
                    out += self._sequence("%", "endfor")
                case _:
                    pass
        return out + self._text(quoted)

    def _sequence(self, sign: str, inside: str) -> str:
        before, after = self.chance.choice(["", "", "~"]), self.chance.choice(["", "", "~"])
        return f"{sign}{{{before} {inside} {after}}}"

    def _value(self, depth: int, names: list[str]) -> str:
        if depth > 0 and self.chance.random() < 0.5:
            return self.string(depth - 1, names)
        return self.chance.choice([*names, '"x"', '"y z"', "7", '"é"', '"  "', "true"])


def value_of(node: Expression, names: dict[str, object]) -> object:
    match node:
        case Literal(value=value):
            return value
        case Variable(name=name):
            return names[name]
        case Tuple(items=items):
            return [value_of(item, names) for item in items]
        case Paren(inner=inner):
            return value_of(inner, names)
        case Template():
            wrapped = node.wraps
            return text_of(node.parts, names) if wrapped is None else value_of(wrapped, names)
    raise AssertionError(node)


def text_of(parts: list[Part], names: dict[str, object]) -> str:
    out = ""
    for part in parts:
        match part:
            case IfDirective():
                out += text_of(part.then if value_of(part.condition, names) else part.otherwise, names)
            case ForDirective():
                items = value_of(part.collection, names)
                assert isinstance(items, list)
                out += "".join(text_of(part.body, {**names, part.value: item}) for item in items)
            case _:
                value = value_of(part, names)
                out += str(value).lower() if isinstance(value, bool) else str(value)
    return out


@pytest.mark.parametrize("seed", range(3))
def test_templates_have_the_same_values(tmp_path: Path, seed: int) -> None:
    made = Templates(seed)
    texts = [made.string(seed, []) for _ in range(400)]
    answers = console(tmp_path, [f"base64encode(jsonencode({text}))" for text in texts])
    for text, answer in zip(texts, answers, strict=True):
        wanted = json.loads(base64.b64decode(answer))
        assert value_of(expression(text), {}) == wanted, text


@pytest.mark.parametrize("seed", range(2))
def test_templates_in_json_and_in_files_have_the_same_values(tmp_path: Path, seed: int) -> None:
    made = Templates(100 + seed)
    texts = [made.inside(seed + 1, [], quoted=False) for _ in range(150)]
    written = json.dumps({"locals": {"texts": texts}}, ensure_ascii=bool(seed))
    files = {"main.tf.json": written} | {f"{index}.tpl": text for index, text in enumerate(texts)}
    calls = [f'templatefile("{index}.tpl", {{}})' for index in range(len(texts))]
    rows = [f"base64encode(jsonencode({call}))" for call in [*calls, "local.texts"]]
    *templates, in_json = [
        json.loads(base64.b64decode(answer)) for answer in console(tmp_path, rows, files=files)
    ]

    found = parse_json(Source("main.tf.json", written.encode()))
    assert found.problems == []
    values = found.body.blocks[0].body.attributes["texts"].value
    assert value_of(values, {}) == in_json
    for text, wanted in zip(texts, templates, strict=True):
        template, problems = parse_template(Source("t.tpl", text.encode()))
        assert problems == []
        assert value_of(template, {}) == wanted, text

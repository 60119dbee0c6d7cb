"""The module, and what is made around it, stay within the language of Terraform 1.5, which OpenTofu began with.

Neither is at hand in that version, so the files are held to what HashiCorp's documentation of 1.5 has. What
came later is told by its notes on releases: tests and mocks in 1.6 and 1.7 (``tests`` here needs 1.7, a user
does not), ``removed`` in 1.7, provider functions and ``issensitive`` in 1.8, ``templatestring`` and validations
that refer to something else than their variable in 1.9, ephemeral values in 1.10, operators that leave out what
does not matter in 1.12.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stockade.read.terraform.syntax import parse
from stockade.read.terraform.tree import Block, Body, Call, File, GetAttr, Node, Variable, walk
from stockade.source import Source

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("terraform/lambda", "src/stockade/new/templates/terraform")
    for path in (ROOT / folder).rglob("*.tf")
    if ".terraform" not in path.parts
)
BLOCKS = {"data", "locals", "module", "output", "provider", "resource", "terraform", "variable"}
ARGUMENTS = {
    "variable": {"default", "description", "nullable", "sensitive", "type"},
    "output": {"depends_on", "description", "sensitive", "value"},
    "validation": {"condition", "error_message"},
    "precondition": {"condition", "error_message"},
    "postcondition": {"condition", "error_message"},
    "lifecycle": {"create_before_destroy", "ignore_changes", "prevent_destroy", "replace_triggered_by"},
}
_WORDS = """
abs ceil floor log max min parseint pow signum sum chomp endswith format formatlist indent join lower regex
regexall replace split startswith strcontains strrev substr title trim trimprefix trimspace trimsuffix upper
alltrue anytrue chunklist coalesce coalescelist compact concat contains distinct element flatten index keys
length list lookup map matchkeys merge one range reverse setintersection setproduct setsubtract setunion
slice sort transpose values zipmap base64decode base64encode base64gzip csvdecode jsondecode jsonencode
textdecodebase64 textencodebase64 urlencode yamldecode yamlencode abspath basename dirname file filebase64
fileexists fileset pathexpand templatefile formatdate plantimestamp timeadd timecmp timestamp base64sha256
base64sha512 bcrypt filebase64sha256 filebase64sha512 filemd5 filesha1 filesha256 filesha512 md5 rsadecrypt
sha1 sha256 sha512 uuid uuidv5 cidrhost cidrnetmask cidrsubnet cidrsubnets can nonsensitive sensitive tobool
tolist tomap tonumber toset tostring try type any bool number object optional set string tuple
"""
FUNCTIONS = frozenset(_WORDS.split())
"""Those of 1.5, and the words of types, which are written as calls."""


def blocks(body: Body) -> Iterator[Block]:
    for block in body.blocks:
        yield block
        yield from blocks(block.body)


def newer(file: File) -> Iterator[str]:
    """What 1.5 would refuse, each with its line."""

    def at(node: Node, what: str) -> str:
        return f"{file.source.text[: node.start].count(chr(10)) + 1}: {what}"

    for block in file.body.blocks:
        if block.type not in BLOCKS:
            yield at(block, f"a block `{block.type}`")
        if block.type == "variable":
            yield from (at(*one) for one in beyond(block))
    for block in blocks(file.body):
        for name in sorted(
            block.body.attributes.keys() - ARGUMENTS.get(block.type, block.body.attributes.keys())
        ):
            yield at(block, f"`{name}` of `{block.type}`")
    for node in walk(file.body):
        if isinstance(node, Call) and node.name not in FUNCTIONS:
            yield at(node, f"the function `{node.name}`")


def beyond(variable: Block) -> Iterator[tuple[Node, str]]:
    """What a variable's validations refer to, other than the variable itself."""
    for check in variable.body.blocks:
        every = list(walk(check.body))
        own = {id(one.target) for one in every if isinstance(one, GetAttr) and one.name == variable.labels[0]}
        for node in every:
            if isinstance(node, Variable) and (
                node.name in ("data", "each", "local", "module", "path", "self", "terraform")
                or node.name.startswith("aws_")
                or (node.name == "var" and id(node) not in own)
            ):
                yield node, f"`{variable.labels[0]}` is validated by `{node.name}`"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_newer_than_1_5(path: Path) -> None:
    file = parse(Source(path.name, path.read_bytes()))
    assert file.problems == []
    assert list(newer(file)) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("removed {\n  from = aws_sns_topic.a\n}\n", "1: a block `removed`"),
        ('variable "a" {\n  type      = string\n  ephemeral = true\n}\n', "1: `ephemeral` of `variable`"),
        ("locals {\n  a = issensitive(1)\n}\n", "2: the function `issensitive`"),
        ('locals {\n  a = provider::aws::arn_parse("x")\n}\n', "2: the function `provider::aws::arn_parse`"),
        (
            'variable "a" {\n  validation {\n    condition = var.a == var.b\n  }\n}\n',
            "3: `a` is validated by `var`",
        ),
        (
            'variable "a" {\n  validation {\n    condition = var.a == local.b\n  }\n}\n',
            "3: `a` is validated by `local`",
        ),
    ],
)
def test_what_is_newer_is_told(text: str, told: str) -> None:
    assert list(newer(parse(Source("a.tf", text.encode())))) == [told]

"""Text put into Terraform's files: in their columns, with their line ends, and nothing else touched."""

from __future__ import annotations

import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.fix.terraform import layout
from stockade.fix.terraform.columns import lined_up
from stockade.fix.terraform.hcl import expression
from stockade.fix.terraform.page import Page
from stockade.read.terraform import tree as t
from stockade.read.terraform.syntax import parse
from stockade.source import Source, apply
from stockade.value import Hole, Ref, text_of
from tests.terraform.plan import TERRAFORM

BLOCK = """\
# what this is for
resource "aws_lambda_function" "f" {
  function_name = "f" # its name
  role          = local.role

  environment {
    variables = { A = "1" }
  }

  tags = { Team = "orders" }
}
"""


def page(text: str) -> tuple[Page, t.Body]:
    source = Source("main.tf", text.encode())
    return Page(source), parse(source).body


def done(made: Page) -> str:
    return apply(made.edits()).get(made.source, made.source.data).decode()


def added(text: str, name: str, value: str) -> str:
    made, body = page(text)
    layout.add_argument(made, body.blocks[0], name, value)
    return done(made)


def test_an_argument_goes_behind_the_others_in_their_columns() -> None:
    assert added(BLOCK, "timeout", "10") == BLOCK.replace("local.role\n", "local.role\n  timeout       = 10\n")


def test_columns_grow_with_a_longer_name_and_comments_move_along() -> None:
    assert added(BLOCK, "reserved_concurrent_executions", "10") == BLOCK.replace(
        '  function_name = "f" # its name\n  role          = local.role\n',
        '  function_name                  = "f" # its name\n'
        "  role                           = local.role\n"
        "  reserved_concurrent_executions = 10\n",
    )


def test_who_writes_otherwise_is_left_alone() -> None:
    text = 'resource "x" "y" {\n  a = 1\n  long = 2\n}\n'
    assert added(text, "name", "3") == 'resource "x" "y" {\n  a = 1\n  long = 2\n  name = 3\n}\n'


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('resource "x" "y" {}\n', 'resource "x" "y" {\n  a = 1\n}\n'),
        ('resource "x" "y" {\n}\n', 'resource "x" "y" {\n  a = 1\n}\n'),
        ('resource "x" "y" { b = 2 }\n', 'resource "x" "y" {\n  b = 2\n  a = 1\n}\n'),
        ('resource "x" "y" {\n  b {\n  }\n}\n', 'resource "x" "y" {\n  a = 1\n\n  b {\n  }\n}\n'),
        ('resource "x" "y" {\n\tb = 2\n}', 'resource "x" "y" {\n\tb = 2\n\ta = 1\n}'),
        ('resource "x" "y" {\r\n  b = 2\r\n}\r\n', 'resource "x" "y" {\r\n  b = 2\r\n  a = 1\r\n}\r\n'),
        (
            'resource "x" "y" {\n  b = <<-EOT\n    text\n  EOT\n}\n',
            'resource "x" "y" {\n  b = <<-EOT\n    text\n  EOT\n  a = 1\n}\n',
        ),
        (
            'resource "x" "y" { # why\n  depends_on = [x.z]\n}\n',
            'resource "x" "y" { # why\n  a = 1\n\n  depends_on = [x.z]\n}\n',
        ),
    ],
)
def test_an_argument_finds_its_place(text: str, wanted: str) -> None:
    assert added(text, "a", "1") == wanted


def test_a_block_stands_apart_before_what_comes_last() -> None:
    text = BLOCK.replace("  tags", "  lifecycle {\n    ignore_changes = [tags]\n  }\n\n  tags")
    made, body = page(text)
    layout.add_block(made, body.blocks[0], ["  tracing_config {", '    mode = "Active"', "  }"])
    assert done(made) == text.replace(
        '{ A = "1" }\n  }\n', '{ A = "1" }\n  }\n\n  tracing_config {\n    mode = "Active"\n  }\n'
    )


@pytest.mark.parametrize(
    ("text", "index", "wanted"),
    [
        ("a = [1, 2, 3]\n", 1, "a = [1, 3]\n"),
        ("a = [1, 2, 3]\n", 2, "a = [1, 2]\n"),
        ("a = [1]\n", 0, "a = []\n"),
        ("a = [\n  1,\n  2,\n]\n", 1, "a = [\n  1,\n]\n"),
        ("a = [\n  1,\n  2\n]\n", 1, "a = [\n  1\n]\n"),
        ("a = [\n  1, # one\n  2,\n]\n", 0, "a = [\n  2,\n]\n"),
        ("a = [\n  # the first\n  1,\n  2,\n]\n", 0, "a = [\n  2,\n]\n"),
    ],
)
def test_an_element_goes_with_its_comma_and_its_line(text: str, index: int, wanted: str) -> None:
    made, body = page(text)
    node = body.attributes["a"].value
    assert isinstance(node, t.Tuple)
    layout.drop_element(made, node, index)
    assert done(made) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a = [1, 2]\n", "a = [1, 2, 9]\n"),
        ("a = []\n", "a = [9]\n"),
        ("a = [\n  1,\n  2,\n]\n", "a = [\n  1,\n  2,\n  9,\n]\n"),
        ("a = [\n  1,\n  2\n]\n", "a = [\n  1,\n  2,\n  9\n]\n"),
        ("a = [\n  1,\n  2, # two\n]\n", "a = [\n  1,\n  2, # two\n  9,\n]\n"),
    ],
)
def test_an_element_comes_in_the_style_of_its_list(text: str, wanted: str) -> None:
    made, body = page(text)
    node = body.attributes["a"].value
    assert isinstance(node, t.Tuple)
    layout.add_element(made, node, "9")
    assert done(made) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a = { x = 1 }\n", "a = { x = 1, y = 9 }\n"),
        ("a = {}\n", "a = {\n  y = 9\n}\n"),
        ("a = {\n  long = 1\n}\n", "a = {\n  long = 1\n  y    = 9\n}\n"),
        ('a = {\n  "x" : 1,\n}\n', 'a = {\n  "x" : 1,\n  "y": 9,\n}\n'),
    ],
)
def test_a_member_comes_in_the_style_of_its_object(text: str, wanted: str) -> None:
    made, body = page(text)
    node = body.attributes["a"].value
    assert isinstance(node, t.Object)
    layout.add_member(made, node, "y", "9")
    assert done(made) == wanted


def test_a_resource_goes_with_the_comment_above_it() -> None:
    made, body = page("a = 1\n\n" + BLOCK + "\nb = 2\n")
    layout.drop_block(made, body.blocks[0])
    assert done(made) == "a = 1\n\nb = 2\n"


# --------------------------------------------------------------------------------------- properties

_NAMES = st.from_regex(r"[a-z][a-z_]{0,12}", fullmatch=True)
_VALUES = st.sampled_from(
    ['"x"', "1", "true", "local.a", '["a", "b"]', '"${var.a}-b"', '"# no comment"', "null"]
)
_COMMENTS = st.sampled_from(["", "", "", " # why", " // why"])
_ITEMS = st.lists(st.tuples(_NAMES, _VALUES, _COMMENTS, st.booleans()), min_size=1, max_size=6)


def body_of(items: list[tuple[str, str, str, bool]]) -> str:
    """A block as somebody writes it who lines it up by ``fmt``."""
    out: list[str] = []
    run: list[str] = []
    for number, (name, value, comment, apart) in enumerate(items):
        if apart and run:
            out += [*lined_up(run), ""]
            run = []
        run.append(f"  {name}_{number} = {value}{comment}")
    return "\n".join(['resource "x" "y" {', *out, *lined_up(run), "}", ""])


@settings(max_examples=60, deadline=None)
@given(_ITEMS, _NAMES, _VALUES)
def test_an_added_argument_changes_no_other(
    items: list[tuple[str, str, str, bool]], name: str, value: str
) -> None:
    text = body_of(items)
    after = added(text, f"new_{name}", value)
    _, old = page(text)
    _, new = page(after)

    def said(body: t.Body, source: str) -> dict[str, str]:
        return {n: source[a.value.start : a.value.end] for n, a in body.blocks[0].body.attributes.items()}

    assert said(new, after) == {**said(old, text), f"new_{name}": value}
    comments = [line.partition(" # why")[1] + line.partition(" // why")[1] for line in text.splitlines()]
    assert sum(map(bool, comments)) == after.count(" # why") + after.count(" // why")


_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)


@settings(max_examples=80, deadline=None)
@given(_TEXTS)
def test_a_text_that_is_written_is_read_as_it_was(text: str) -> None:
    written = expression(text, lambda part: "x")
    source = Source("main.tf", f"a = {written}\n".encode())
    node = parse(source).body.attributes["a"].value
    assert isinstance(node, t.Literal)
    assert node.value == unicodedata.normalize("NFC", text)  # as Terraform has all texts


def test_references_and_texts_are_joined() -> None:
    value = text_of("arn:", Hole("partition"), ":", Ref("aws_sqs_queue.q", "arn"), "${x}")
    names = {"partition": "data.aws_partition.current.partition"}
    shown = expression(
        value, lambda part: names[part.name] if isinstance(part, Hole) else f"{part.address}.{part.attribute}"
    )
    assert shown == '"arn:${data.aws_partition.current.partition}:${aws_sqs_queue.q.arn}$${x}"'


# ----------------------------------------------------------------------------------------- Terraform


@pytest.mark.skipif(not TERRAFORM, reason="needs Terraform: set STOCKADE_TERRAFORM (see CONTRIBUTING.md)")
def test_columns_are_those_of_terraform_fmt(tmp_path: Path) -> None:
    """One run over many blocks that are not lined up at all: ours and theirs are the same."""
    assert TERRAFORM
    items = [
        ("a", '"x"', ""),
        ("long_name", "1", " # why"),
        ("m", '{ a = "b" }', ""),
        ("text", '"a = b # no"', " // why"),
        ("s", '"x${"}"}"', " # odd"),
        ("ünïcode", '"ä"', " # ö"),
        ("list", '["a", "b"]', ""),
    ]
    opened = [("opened", '[\n    "a",\n  ]', ""), ("ö", "1", "")]
    items[3:3] = opened
    blocks = []
    for size in range(2, len(items) + 1):
        for start in range(len(items) - size + 1):
            some = items[start : start + size]
            blocks.append(
                "\n".join(f"  {name}  = {value}{comment}" for name, value, comment in some).split("\n")
            )
    ours, given_text = [], []
    for number, lines in enumerate(blocks):
        head = f'resource "x" "y{number}" {{'
        given_text += [head, *lines, "}", ""]
        aligned = lined_up([line.encode().decode("latin-1") for line in lines])
        ours += [head, *(line.encode("latin-1").decode() for line in aligned), "}", ""]
    path = tmp_path / "main.tf"
    path.write_text("\n".join(given_text[:-1]) + "\n")
    subprocess.run([TERRAFORM, "fmt", str(path)], check=True, capture_output=True)
    assert path.read_text() == "\n".join(ours[:-1]) + "\n"

"""Native syntax under random input: it ends soon, raises nothing, and every place holds."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stockade.read.terraform.syntax import parse_expression, parse_template
from stockade.source import Source
from tests.patience import PATIENCE
from tests.read.terraform.snippets import CORRECT, WORDS
from tests.read.terraform.trees import check_places, file, outline

SOUP = st.lists(st.sampled_from(WORDS), max_size=40).map("".join)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A correct file with some stretches taken out, put in or moved."""
    text = draw(st.sampled_from(CORRECT))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        text = text[:start] + draw(st.sampled_from(["", *WORDS])) + text[end:]
    return text


@settings(max_examples=400, deadline=None)
@given(SOUP | mutated() | st.text(max_size=60))
@example("A{A=0")
def test_any_text_is_read(text: str) -> None:
    check_places(file(text.encode("utf-8", "surrogatepass")))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_read(data: bytes) -> None:
    check_places(file(data))
    check_places(file(b'a = "' + data + b'"\n'))
    check_places(file(b"a = <<E\n" + data + b"\nE\n"))


@settings(max_examples=200, deadline=None)
@given(SOUP)
def test_any_text_is_read_as_expression_and_template(text: str) -> None:
    source = Source("x", text.encode())
    found = parse_expression(source, 0, len(source.data))
    assert 0 <= found.start <= found.end <= len(source.data)
    template, problems = parse_template(source)
    assert not (problems and template.parts)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(CORRECT), min_size=2, max_size=4), SOUP)
def test_what_is_broken_leaves_what_stands_before_it(texts: list[str], junk: str) -> None:
    correct = "".join(f"block{i} {{\n  x = {i}\n}}\n" for i, _ in enumerate(texts))
    found = file(correct + junk)
    assert outline(found.body)[: 2 * len(texts)] == outline(file(correct).body)


LONG = {
    "comments that never close": "a = 1 /*\n",
    "strings that never close": 'a = "x\n',
    "interpolations that never close": 'a = "${\n',
    "heredocs that never close": "a = <<EOT\n",
    "heredocs inside sequences": "a = <<E\n${\n",
    "objects that never close": "a = {\n  b = 1\n",
    "lists that never close": 'a = [\n  "b",\n',
    "blocks that never close": 'resource "a" "b" {\n  x = {\n',
    "braces that close nothing": "}\n",
    "names alone": "a\n",
    "labels without end": 'a "b" ',
    "dollars": "$",
    "a string of dollars": 'a = "' + "$" * 1000,
    "white space": " ",
    "returns": "\r",
    "zeros": "\0",
    "wide letters": "é",
    "escapes that are none": 'a = "\\q\\q\\q"\n',
    "strip markers": 'a = "  ${~ b ~}  "\n',
}


@pytest.mark.parametrize("name", LONG)
def test_long_texts_of_every_kind_come_to_an_end(name: str) -> None:
    """A pattern that takes quadratic time would need days for some of these."""
    started = time.process_time()
    file(LONG[name] * (400_000 // len(LONG[name]) + 1))
    assert time.process_time() - started < PATIENCE


@pytest.mark.parametrize("inside", ["$", "%", " ", "\\\\", "a", "$$ ", "é"])
def test_long_strings_and_heredocs_take_linear_time(inside: str) -> None:
    started = time.process_time()
    text = inside * 150_000
    heredoc = text.replace("\\\\", "\\")
    found = file(f'a = "{text}"\nb = "{text}${{~ x ~}}{text}"\nc = <<-E\n  {heredoc}.${{~ x ~}}{heredoc}\nE\n')
    assert (list(found.body.attributes), found.problems) == (["a", "b", "c"], [])
    assert time.process_time() - started < PATIENCE

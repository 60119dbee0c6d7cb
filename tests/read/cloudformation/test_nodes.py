"""YAML and JSON as nodes: the same values as everybody reads, at their exact places; hostile files bounded."""

from __future__ import annotations

import json
import tracemalloc
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.read.cloudformation.json_nodes import parse_json
from stockade.read.cloudformation.nodes import BrokenError, Fields, Items, Node, Problem, Scalar, span
from stockade.read.cloudformation.yaml_nodes import parse_yaml
from stockade.source import Source


def plain(node: Node) -> Any:
    match node:
        case Fields():
            return {name: plain(one) for name, one in node.members.items()}
        case Items():
            return [plain(one) for one in node.items]
        case Scalar(value=Decimal() as number):
            return float(number)
        case _:
            return node.value


def read(text: str) -> tuple[Any, list[Problem]]:
    problems: list[Problem] = []
    return plain(parse_yaml(Source("t.yaml", text.encode()), problems)), problems


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\x85\ufeff"), max_size=12
)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_yaml_is_what_everybody_reads(tree: Any) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True)
    assert read(text)[0] == yaml.safe_load(text)


@settings(max_examples=150, deadline=None)
@given(TREES, st.sampled_from([None, 1, "\t"]))
def test_json_is_what_everybody_reads(tree: Any, indent: int | str | None) -> None:
    text = json.dumps(tree, indent=indent)
    assert plain(parse_json(Source("t.json", text.encode()), [])) == json.loads(text)


def leaves(node: Node) -> list[Scalar]:
    match node:
        case Fields():
            return [leaf for one in node.members.values() for leaf in leaves(one)]
        case Items():
            return [leaf for one in node.items for leaf in leaves(one)]
        case _:
            return [node]


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS, max_size=3), max_size=4))
def test_every_text_stands_where_its_node_says(tree: Any) -> None:
    source = Source("t.yaml", yaml.safe_dump(tree, allow_unicode=True).encode())
    for leaf in leaves(parse_yaml(source, [])):
        assert yaml.safe_load(span(leaf).raw.decode()) == leaf.value
    source = Source("t.json", json.dumps(tree, ensure_ascii=False).encode())
    for leaf in leaves(parse_json(source, [])):
        assert json.loads(span(leaf).raw) == leaf.value


def test_short_tags_are_functions() -> None:
    text = "a: !Sub 'x-${B}'\nb: !GetAtt C.Arn\nc: !Ref D\nd: !If [E, !Ref F, 1]\ne: !Condition G\n"
    assert read(text)[0] == {
        "a": {"Fn::Sub": "x-${B}"},
        "b": {"Fn::GetAtt": "C.Arn"},
        "c": {"Ref": "D"},
        "d": {"Fn::If": ["E", {"Ref": "F"}, 1]},
        "e": {"Condition": "G"},
    }


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2012-10-17", "2012-10-17"),
        ("123456789012", 123456789012),
        ("012345670123", "012345670123"),
        ("0x1F", "0x1F"),
        ("12:30", "12:30"),
        ("1.5", 1.5),
        ("yes", True),
        ("Off", False),
        ("~", None),
        ("'yes'", "yes"),
        ("1_000", "1_000"),
    ],
)
def test_scalars_are_what_they_are_to_aws(written: str, value: Any) -> None:
    assert read(f"a: {written}\n")[0] == {"a": value}


def test_anchors_and_merge_keys_are_resolved() -> None:
    text = "base: &b {x: 1, y: 2}\nlist: &l [1]\none: {<<: *b, y: 3}\ntwo: *l\nboth: {<<: [{x: 5}, *b]}\n"
    assert read(text)[0] == {
        "base": {"x": 1, "y": 2},
        "list": [1],
        "one": {"x": 1, "y": 3},
        "two": [1],
        "both": {"x": 5, "y": 2},
    }


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "the first `a`", 3),
        ("a: !Nope x\n", "`!Nope`", 1),
        ("a:\n  Fn::Nope: x\n", "`Fn::Nope`", 2),
        ("a:\n  x: {{ name }}\n", "placeholder of a template language", 2),
        ("a: 1\n---\nb: 2\n", "all of `t.yaml` after its first document", 2),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, said: str, line: int) -> None:
    problems = read(text)[1]
    assert [problem.place.line for problem in problems] == [line]
    assert said in f"{problems[0].what} {problems[0].message}"


def test_a_placeholder_is_no_empty_object() -> None:
    assert read("a: {{ name }}\n")[0] == {"a": {"Fn::Later": "it is a placeholder of a template language"}}


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("a: 1\n\tb: 2\n", "a tab stands where only spaces may indent", 2),
        ("a: [1, 2\nb: 3\n", "its YAML is broken", 2),
        ("a: 'x\n", "its YAML is broken", 2),
        ("{% if x %}\na: 1\n", "its YAML is broken", 1),
        ("a: *nowhere\n", "the alias `nowhere` stands for nothing", 1),
        ("a: &a [*a]\n", "the alias `a` stands for nothing", 1),
        ("", "it is empty", 1),
        ("a: " + "[" * 300 + "]" * 300 + "\n", "nested more than 200 deep", 1),
    ],
)
def test_what_is_no_yaml_says_where_it_breaks(text: str, said: str, line: int) -> None:
    with pytest.raises(BrokenError, match=said.replace("[", r"\[")) as caught:
        read(text)
    assert caught.value.place.line == line


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(BrokenError, match="not UTF-8") as caught:
        parse_yaml(Source("t.yaml", b"a: 1\nb: \xff\n"), [])
    assert caught.value.place.line == 2


def test_a_byte_order_mark_moves_no_place() -> None:
    source = Source("t.yaml", "\ufeffa: ü\nb: x\n".encode())
    node = parse_yaml(source, [])
    assert isinstance(node, Fields)
    assert [span(one).raw.decode() for one in node.members.values()] == ["ü", "x"]


def test_a_billion_laughs_take_no_memory() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [" + ", ".join([f"*{before}"] * 9) + "]")
    tracemalloc.start()
    with pytest.raises(BrokenError, match="its aliases stand for more than") as caught:
        read("\n".join(lines) + "\n")
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert caught.value.place.line > 5


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ('{\n"a": 1,\n}', "a quoted name is missing", 3),
        ('{"a" 1}', "a colon is missing", 1),
        ('{\n"a": [1\n"b"]}', "a comma or `]` is missing", 3),
        ('{"a": 1', "it ends too early", 1),
        ('{"a": nope}', "a value is missing", 1),
        ("{} x", "something follows the document", 1),
        ("[" * 300, "nested more than 200 deep", 1),
    ],
)
def test_what_is_no_json_says_where_it_breaks(text: str, said: str, line: int) -> None:
    with pytest.raises(BrokenError) as caught:
        parse_json(Source("t.json", text.encode()), [])
    assert said in caught.value.message
    assert caught.value.place.line == line


def test_names_that_stand_twice_in_json_are_told() -> None:
    problems: list[Problem] = []
    node = parse_json(Source("t.json", b'{"a": 1,\n "a": 2}'), problems)
    assert plain(node) == {"a": 2}
    assert [(problem.what, problem.place.line) for problem in problems] == [("the first `a` in `t.json`", 2)]

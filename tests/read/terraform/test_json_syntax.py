"""JSON syntax: the tree that native syntax makes, with places in the JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.read.terraform.json_syntax import parse_json
from stockade.read.terraform.tree import Body, File, Literal, Template, walk
from stockade.source import Source
from tests.read.terraform.trees import brief, children, outline


def read(value: Any, path: str = "main.tf.json") -> File:
    """A file's tree, from JSON text or from what to write as JSON."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2)
    found = parse_json(Source(path, text.encode()))
    for node in walk(found.body):
        assert 0 <= node.start <= node.end <= len(found.source.data)
        for child in children(node):
            if not isinstance(child, Body):
                assert node.start <= child.start and child.end <= node.end, (node, child)
    return found


def lines(value: Any, path: str = "main.tf.json") -> list[str]:
    found = read(value, path)
    assert found.problems == []
    return outline(found.body)


def arguments(**values: Any) -> list[str]:
    """The outline of one resource's body."""
    return [line.strip() for line in lines({"resource": {"a": {"b": values}}})[1:]]


def test_blocks_take_one_object_level_for_each_label() -> None:
    assert lines(
        {
            "//": "a comment",
            "terraform": {"required_version": ">= 1.5"},
            "provider": {"aws": [{"region": "a"}, {"alias": "b"}]},
            "variable": {"v": {"//": "another", "type": "string"}},
            "locals": {"l": 1},
            "data": {"x": {"y": {}}},
            "resource": {"x": {"y": {"z": True}, "w": {"z": None}}},
            "module": {"m": {"source": "./m"}},
            "output": {"o": {"value": "${local.l}"}},
            "moved": [{"from": "a.b", "to": "a.c"}],
        }
    ) == [
        "terraform",
        "  required_version = '>= 1.5'",
        "provider 'aws'",
        "  region = 'a'",
        "provider 'aws'",
        "  alias = 'b'",
        "variable 'v'",
        "  type = string",
        "locals",
        "  l = 1",
        "data 'x' 'y'",
        "resource 'x' 'y'",
        "  z = true",
        "resource 'x' 'w'",
        "  z = null",
        "module 'm'",
        "  source = './m'",
        "output 'o'",
        "  value = template(local.l)",
        "moved",
        "  from = a.b",
        "  to = a.c",
    ]


def test_arrays_of_objects_stand_for_objects_at_every_level() -> None:
    wanted = ["resource 'x' 'y'", "  z = 1", "resource 'x' 'w'", "  z = 2"]
    assert lines([{"resource": {"x": {"y": {"z": 1}}}}, {"resource": {"x": {"w": {"z": 2}}}}]) == wanted
    assert lines({"resource": [{"x": {"y": {"z": 1}}}, {"x": {"w": {"z": 2}}}]}) == wanted
    assert lines({"resource": {"x": [{"y": {"z": 1}}, {"w": {"z": 2}}]}}) == wanted
    assert lines({"resource": {"x": {"y": [{"z": 1}], "w": [{"z": 2}]}}}) == wanted
    assert lines('{"resource": {"x": {"y": {"z": 1}}}, "resource": {"x": {"w": {"z": 2}}}}') == wanted
    assert lines({"resource": None}) == []


def test_what_a_body_holds_is_arguments() -> None:
    assert arguments(
        s="text",
        n=1.5,
        i=-3,
        l=[1, "a", {"b": None}],
        o={"//": "stays", "k": "v"},
        t="a-${var.x}-b",
        e="$${x} %%{y}",
        d="%{ if a }b%{ endif }",
    ) == [
        "s = 'text'",
        "n = 1.5",
        "i = -3",
        "l = [1, 'a', {'b'=null}]",
        "o = {'//'='stays', 'k'='v'}",
        "t = template('a-' var.x '-b')",
        "e = '${x} %{y}'",
        "d = template(if(a: 'b' | ))",
    ]
    assert arguments(o={"${a}": 1, "b-${c}": 2}) == ["o = {template(a)=1, template('b-' c)=2}"]


def test_terraforms_own_references_are_expressions() -> None:
    assert arguments(
        depends_on=["a.b", "module.c"],
        provider="aws.west",
        lifecycle={"ignore_changes": ["tags"], "replace_triggered_by": ["a.b.id"], "x": "y"},
        to="a.b",
    ) == [
        "depends_on = [a.b, module.c]",
        "provider = aws.west",
        "lifecycle = {'ignore_changes'=[tags], 'replace_triggered_by'=[a.b.id], 'x'='y'}",
        "to = 'a.b'",
    ]
    assert lines({"module": {"m": {"providers": {"aws": "aws.west"}}}})[1:] == [
        "  providers = {'aws'=aws.west}"
    ]
    assert lines({"variable": {"v": {"type": "map(object({a = string}))"}}})[1:] == [
        "  type = map(object({'a'=string}))"
    ]
    assert arguments(depends_on=["${a.b}"]) == ["depends_on = [template(a.b)]"]


def test_defaults_and_variable_files_mean_what_they_say() -> None:
    assert lines({"variable": {"v": {"default": {"a": ["${b}", "$${c}"]}}}})[1:] == [
        "  default = {'a'=['${b}', '$${c}']}"
    ]
    assert lines({"output": "${a}", "module": {"x": [1]}}, "x.auto.tfvars.json") == [
        "output = '${a}'",
        "module = {'x'=[1]}",
    ]


@pytest.mark.parametrize("several", [False, True])
def test_dynamic_blocks(several: bool) -> None:
    setting = {"for_each": "${var.s}", "iterator": "it", "content": {"x": "${it.value}", "y": 1}}
    wanted = [
        "dynamic 'setting'",
        "for_each = template(var.s)",
        "iterator = it",
        "content",
        "x = template(it.value)",
        "y = 1",
    ]
    assert arguments(dynamic={"setting": [setting] if several else setting}) == wanted
    assert arguments(dynamic=[{"setting": setting}]) == wanted
    inner: dict[str, Any] = {"dynamic": {"in": {"for_each": [], "content": {}}}}
    assert "dynamic 'in'" in arguments(dynamic={"setting": {"for_each": [], "content": inner}})


def test_every_node_stands_where_it_is_written() -> None:
    text = (
        '{"resource": {"a": {"b": {"n": "x-${v.w}-\\u00e9", "o": {"k": [1, true]},'
        ' "q": "\\"${upper(\\"\\u00e9\\")}\\""}}}}'
    )
    found = read(text)
    (block,) = found.body.blocks
    assert text[block.start : block.end].startswith('"b": {"n"')
    assert text[block.start : block.header_end] == '"b": {'
    spots = [text[node.start : node.end] for node in walk(block.body.attributes["n"])]
    assert sorted(spots) == sorted(
        ['"n": "x-${v.w}-\\u00e9"', '"x-${v.w}-\\u00e9"', "x-", "v.w", "v", "-\\u00e9"]
    )
    value = block.body.attributes["q"].value
    assert isinstance(value, Template)
    assert [text[part.start : part.end] for part in value.parts] == ['\\"', 'upper(\\"\\u00e9\\")', '\\"']
    assert brief(value) == "template('\"' upper('é') '\"')"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\"\\\/\b\f\n\r\t"', '"\\/\b\f\n\r\t'),
        (r'"\u00e9\ud83d\ude00"', "é😀"),
        (r'"\ud83d x"', "\ufffd x"),
        (r'"\ude00\ud83d"', "\ufffd\ufffd"),
        (r'"e\u0301"', "é"),
        ('"é"', "é"),
        (r'"\u0024{"', None),
        ('"$ % {"', "$ % {"),
    ],
)
def test_strings(text: str, value: str | None) -> None:
    found = read('{"locals": {"a": ' + text + "}}")
    if value is None:
        assert len(found.problems) == 1
        return
    literal = found.body.blocks[0].body.attributes["a"].value
    assert isinstance(literal, Literal)
    assert literal.value == value
    assert found.source.data[literal.start : literal.end].decode() == text


BAD = {
    "": "not JSON: expected a value, found end of file",
    "{": "not JSON: expected a property name, found end of file",
    '{"a": 1,}': "not JSON: expected a property name, found `}`",
    '{"a": [1,]}': "not JSON: expected a value, found `]`",
    '{"a": [1 2]}': "not JSON: expected `,` or `]`, found `2`",
    '{"a" 1}': "not JSON: expected `:`, found `1`",
    '{"a": 1 "b": 2}': 'not JSON: expected `,` or `}`, found `"`',
    "{a: 1}": "not JSON: expected a property name, found `a`",
    '{"a": 01}': "not JSON: expected a value, found `01`",
    '{"a": nul}': "not JSON: expected a value, found `nul`",
    '{"a": "\n"}': "not JSON: a string that does not end, or holds what it may not",
    '{"a": "\\q"}': "not JSON: a string that does not end, or holds what it may not",
    "{} {}": "not JSON: expected the end of the file, found `{`",
    "// c\n{}": "not JSON: expected a value, found `/`",
    "[" * 500: "nested too deeply",
}


@pytest.mark.parametrize("text", BAD)
def test_what_is_not_json_is_one_problem(text: str) -> None:
    found = read(text)
    assert [problem.message for problem in found.problems] == [BAD[text]]
    assert outline(found.body) == []


def test_a_problem_says_its_line() -> None:
    found = read('{\n  "a": [\n    1,\n  ]\n}')
    assert [found.source.position(problem.start) for problem in found.problems] == [(4, 3)]


def test_a_broken_template_loses_its_argument_only() -> None:
    found = read({"resource": {"a": {"b": {"x": "${", "y": "${c d}", "z": 1}}}})
    assert outline(found.body) == ["resource 'a' 'b'", "  z = 1"]
    assert [problem.message for problem in found.problems] == [
        "expected an expression, found end of string",
        "expected `}`, found `d`",
    ]
    second = found.problems[1]
    assert found.source.data[second.start : second.end] == b"d"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"resorce": {}}', "`resorce` is no block of Terraform's"),
        ('{"resource": 1}', "expected an object, or an array of objects"),
        ('{"resource": {"a": "b"}}', "expected an object, or an array of objects"),
        ('"a"', "expected an object, or an array of objects"),
        ('{"locals": {"a": 1, "a": 2}}', "`a` is set twice; the first one counts"),
        ('{"locals": {"a": {"b": 1, "b": 2}}}', "`b` is set twice; the first one counts"),
        ('{"variable": {"v": {"type": "list("}}}', "expected an expression, found end of string"),
    ],
)
def test_what_terraform_refuses_is_a_problem(text: str, message: str) -> None:
    assert [problem.message for problem in read(text).problems] == [message]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["${", "%{", "${a}", "$${"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(JSON, st.booleans())
def test_any_json_is_read(value: Any, escaped: bool) -> None:
    text = json.dumps({"resource": {"a": {"b": value}}}, ensure_ascii=escaped)
    read(text.encode("utf-8", "replace").decode())


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_variable_files_keep_every_value(value: Any) -> None:
    text = json.dumps({"v": value}).encode().decode()
    found = read(text, "x.tfvars.json")
    assert ("v" in found.body.attributes) and not found.problems


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='{}[]":,\\ 1ea${%\n\x00é', max_size=40))
def test_any_text_is_read(text: str) -> None:
    read('{"locals": {"a": ' + text + "}}")
    read(text)

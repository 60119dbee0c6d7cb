"""YAML as a tree of values: what stands for what, where each piece stands, and what cannot hurt."""

from __future__ import annotations

from typing import Any

import pytest

from stockade.read.yaml_text import DEEPEST, MERGED, decode
from stockade.source import Source, Span
from stockade.value import Default, Hole, Known, Ref, Unknown, Value, Written, text_of

HERE = Default("written in a test")


def plain(value: Value[Any]) -> Any:
    match value:
        case Unknown():
            return value
        case Known(dict() as members):
            return {name: plain(one) for name, one in members.items()}
        case Known(tuple() as items):
            return [plain(one) for one in items]
        case Known(scalar):
            return scalar


def of(text: str) -> Any:
    return plain(decode(Known(text, HERE)))


def test_scalars_lists_and_mappings() -> None:
    text = "a: {b: [x, 'true', true, null, ~, 7]}\nc: |\n  two\n  lines\n'd': !tag e\n"
    assert of(text) == {"a": {"b": ["x", "true", True, None, None, "7"]}, "c": "two\nlines\n", "d": "e"}


def test_aliases_and_merge_keys() -> None:
    text = "base: &base {a: 1, b: 2}\nother: &other {b: 3, c: 4}\none: *base\n"
    text += "two: {<<: *base, b: 9}\nthree: {<<: [*base, *other]}\n"
    found = of(text)
    assert found["one"] == {"a": "1", "b": "2"}
    assert found["two"] == {"a": "1", "b": "9"}
    assert found["three"] == {"a": "1", "b": "2", "c": "4"}


def test_a_file_keeps_its_places() -> None:
    text = "# Körbe\nname: Körbe\npaths:\n  /ä: {get: x}\n"
    source = Source("api.yaml", text.encode())
    span = Span(source, 0, len(source.data))
    tree = decode(Known(text, Written(span)))

    def raw(value: Value[Any]) -> bytes:
        assert isinstance(value.origin, Written)
        return value.origin.span.raw

    assert isinstance(tree, Known)
    assert raw(tree.value["name"]) == "Körbe".encode()
    assert raw(tree.value["paths"].value["/ä"]) == b"{get: x}"
    assert raw(tree.value["paths"].value["/ä"].value["get"]) == b"x"


def test_holes_stay_where_they_are_even_after_a_comment_with_one() -> None:
    uri, name, note = Ref("aws_lambda_function.f", "arn"), Hole("name"), Hole("note")
    text = text_of("# see ", note, "\nuri: arn:", uri, "/x\n", "list: [", name, "]\n", name, ": key\n")
    tree = decode(Unknown("nobody knows", HERE, text))
    assert isinstance(tree, Unknown), "a key that is not known may be any"
    text = text_of("# see ", note, "\nuri: arn:", uri, "/x\n", "list: [", name, "]\n")
    tree = decode(Unknown("nobody knows", HERE, text))
    assert isinstance(tree, Known)
    assert tree.value["uri"] == Unknown("nobody knows", HERE, text_of("arn:", uri, "/x"))
    assert plain(tree.value["list"]) == [Unknown("nobody knows", HERE, text_of(name))]


@pytest.mark.parametrize(
    "text",
    [
        "a: [b",
        "a: b: c",
        "\x00",
        "a: *nothing\n*x",
        "[" * 100_000,
        "- " * 5_000,
        "{a: " * (DEEPEST + 2) + "}" * (DEEPEST + 2),
    ],
)
def test_what_is_no_yaml_is_said(text: str) -> None:
    found = decode(Known(text, HERE))
    assert isinstance(found, Unknown)
    assert found.reason.startswith("its YAML is broken")


def test_an_empty_document_is_nothing() -> None:
    assert isinstance(decode(Known("# nothing\n", HERE)), Unknown)


def test_an_alias_of_what_is_open_stands_for_nothing() -> None:
    found = of("a: &a {b: *a}")
    assert isinstance(found["a"]["b"], Unknown)


def test_aliases_of_aliases_are_shared_and_merge_keys_bounded() -> None:
    layers = [f"l{n}: &l{n} [" + ", ".join([f"*l{n - 1}"] * 9) + "]" for n in range(1, 30)]
    tree = decode(Known("l0: &l0 [x]\n" + "\n".join(layers), HERE))
    assert isinstance(tree, Known)
    big = "big: &big {" + ", ".join(f"k{n}: x" for n in range(1_000)) + "}\n"
    merges = "".join(f"m{n}: {{<<: *big}}\n" for n in range(MERGED // 1_000 + 1))
    assert isinstance(decode(Known(big + merges, HERE)), Unknown)


def test_half_a_character_is_no_reason_to_stop() -> None:
    assert of("a: \ud800b") == {"a": "?b"}

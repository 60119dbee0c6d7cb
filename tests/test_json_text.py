"""JSON with places and holes: the same values as the standard library, every place exact."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.json_text import _MOST, DEEPEST, Broken, Piece, Repeated, _is_closed, _opened, decode, document
from stockade.source import Source, Span
from stockade.value import Default, Hole, Known, Open, Ref, Structured, Text, Unknown, Value, Written, text_of
from tests.patience import PATIENCE

HERE = Default("written in a test")
X = Unknown("`var.x` has no value", HERE, Text((Hole("var.x"),)))
BLANK = Unknown("`var.y` has no value", HERE)
REF = Unknown("known after deployment", HERE, Text((Ref("aws_s3_bucket.b", "arn"),)))


def plain(value: Value[Any]) -> Any:
    """The tree without its origins; what is unknown stays as it is."""
    match value:
        case Unknown():
            return value
        case Known(dict() as members):
            return {key: plain(one) for key, one in members.items()}
        case Known(tuple() as items):
            return [plain(one) for one in items]
        case Known(bare):
            return bare


def walk(value: Value[Any]) -> Iterator[Value[Any]]:
    yield value
    if isinstance(value, Known) and isinstance(value.value, dict):
        for one in value.value.values():
            yield from walk(one)
    if isinstance(value, Known) and isinstance(value.value, tuple):
        for one in value.value:
            yield from walk(one)


def read(*pieces: str | Piece) -> Value[Any]:
    return decode([(piece, None, None) if isinstance(piece, str) else piece for piece in pieces], HERE)


def placed(text: str, before: str = "x = ") -> Value[Any]:
    source = Source("main.tf", (before + text).encode())
    start = len(before.encode())
    return decode([(text, source, start)], Written(Span(source, 0, start)))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@given(json_values, st.sampled_from([None, 1, "\t"]), st.booleans())
@settings(max_examples=300)
def test_the_same_values_as_the_standard_library(value: Any, indent: Any, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert plain(placed(text)) == json.loads(text, parse_float=Decimal)


@given(json_values, st.sampled_from([None, 2]), st.booleans(), st.text(max_size=5))
@settings(max_examples=300)
def test_every_place_is_the_text_it_stands_for(value: Any, indent: Any, ascii_only: bool, before: str) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    for one in walk(placed(text, before)):
        assert isinstance(one, Known)
        assert isinstance(one.origin, Written)
        assert json.loads(one.origin.span.raw, parse_float=Decimal) == plain(one)


@given(st.text('{}[],:"\\u0a1e-+. \ntruefals', max_size=24))
@settings(max_examples=1000)
def test_it_accepts_what_the_standard_library_accepts(text: str) -> None:
    try:
        wanted = json.loads(text, parse_float=Decimal)
    except ValueError:
        found = read(text)
        assert isinstance(found, Unknown)
        assert found.reason.startswith("its JSON is broken at line ")
    else:
        if "\\u" not in text:
            assert plain(read(text)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('"\\ud83d"', "\ufffd"),
        ('"a\\/b\\u0041"', "a/bA"),
        ('{"a": 1, "a": 2}', {"a": 2}),
        ("1.0", 1),
        ("1e3", 1000),
        ("-0.1", Decimal("-0.1")),
        ("12345678901234567890.5", Decimal("12345678901234567890.5")),
    ],
)
def test_values(text: str, wanted: Any) -> None:
    assert plain(read(text)) == wanted
    assert type(plain(read(text))) is type(wanted)


@pytest.mark.parametrize("text", ["1e999999999", "-1E-999999999", "9" * 100_000, "9" * 5_000 + ".5"])
def test_absurd_numbers_cost_nothing(text: str) -> None:
    began = time.process_time()
    assert plain(read(text)) == Decimal(text)
    assert time.process_time() - began < PATIENCE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "its JSON is broken at line 1: a value is missing"),
        ('{\n "a": ,\n}', "its JSON is broken at line 2: a value is missing"),
        ('{"a": 1\n "b": 2}', "its JSON is broken at line 2: a comma or `}` is missing"),
        ("[1\n2]", "its JSON is broken at line 2: a comma or `]` is missing"),
        ("{a: 1}", "its JSON is broken at line 1: a quoted key and its colon is missing"),
        ('{"a": 1,}', "its JSON is broken at line 1: a member after the comma is missing"),
        ("[1,]", "its JSON is broken at line 1: an element after the comma is missing"),
        ("{} {}", "its JSON is broken at line 1: something follows the document"),
        ('"a\nb"', "its JSON is broken at line 1: a value is missing"),
    ],
)
def test_broken_text_says_where(text: str, reason: str) -> None:
    found = read(text)
    assert isinstance(found, Unknown)
    assert found.reason == reason


def test_broken_text_says_the_line_of_its_file() -> None:
    found = placed('{\n "a": ?}', before="one\ntwo\nthree ")
    assert isinstance(found, Unknown)
    assert found.reason == "its JSON is broken at line 4: a value is missing"
    assert isinstance(found.origin, Written)
    assert found.origin.span.raw == b"?"


def test_broken_text_is_told_from_text_that_is_not_all_known() -> None:
    assert isinstance(read('{"a": }'), Broken)
    assert isinstance(read("[" * 100_000), Broken)
    assert not isinstance(read('{"a": }', X), Broken)
    assert not isinstance(read(BLANK), Broken)


def test_a_key_that_stands_twice_is_kept_with_its_place() -> None:
    found = placed('{"a": 1, "b": {"c": 2}, "a": 3, "\\u0061": 4}')
    assert isinstance(found, Known)
    assert isinstance(found.value, Repeated)
    assert plain(found) == {"a": 4, "b": {"c": 2}}
    assert [(key, plain(one)) for key, one in found.value.earlier] == [("a", 1), ("a", 3)]
    assert [one.origin.span.raw for _, one in found.value.earlier if isinstance(one.origin, Written)] == [
        b"1",
        b"3",
    ]
    assert not isinstance(found.value["b"].value, Repeated)  # type: ignore[union-attr]


def test_keys_that_differ_in_case_are_two() -> None:
    found = read('{"a": 1, "A": 2}')
    assert plain(found) == {"a": 1, "A": 2}
    assert isinstance(found, Known)
    assert not isinstance(found.value, Repeated)


def test_depth_is_bounded() -> None:
    assert isinstance(read("[" * DEEPEST + "]" * DEEPEST), Known)
    assert isinstance(read("[" * 100_000), Unknown)
    assert isinstance(read('{"a":' * 100_000), Unknown)


# ------------------------------------------------------------------------------------------ holes


def test_a_hole_in_a_string_leaves_it_partly_known() -> None:
    found = plain(read('{"Resource": "', REF, "/", X, '/*"}'))["Resource"]
    assert found == Unknown(
        "known after deployment",
        HERE,
        text_of(Ref("aws_s3_bucket.b", "arn"), "/", Hole("var.x"), "/*"),
    )


def test_a_hole_that_is_a_value_is_unknown_without_text_of_its_own() -> None:
    # What it is called is its JSON, not the string in it.
    assert plain(read('{"a": ', X, ', "b": [', BLANK, ", 2]}")) == {
        "a": Unknown(X.reason, HERE),
        "b": [BLANK, 2],
    }


def test_a_hole_with_a_structure_is_that_structure() -> None:
    tree = Known((Known("s3:*", HERE),), HERE)
    partly = Unknown("why", HERE, Text((Hole("h"),), lambda: tree))
    wholly = Known(Structured.of('["s3:*"]', lambda: tree), HERE)
    assert plain(read('{"a": ', partly, ', "b": ', wholly, "}")) == {"a": ["s3:*"], "b": ["s3:*"]}


def test_known_values_are_part_of_the_text() -> None:
    assert plain(read("[", Known('"a", "b"', HERE), ', "', Known("c", HERE), '"]')) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("pieces", "wanted"),
    [
        (("[", BLANK, "]"), [BLANK]),
        (("[1 ", BLANK, "]"), [1, BLANK]),
        (("[1, ", BLANK, " 2]"), [1, BLANK, 2]),
        (("[", BLANK, BLANK, '{"a": 1}]'), [BLANK, {"a": 1}]),
        (("[1", BLANK, ", 2]"), [BLANK, 2]),
        (("[", BLANK, "5]"), [BLANK]),
        (("[tru", BLANK, "]"), None),
    ],
)
def test_holes_between_elements(pieces: Any, wanted: Any) -> None:
    found = plain(read(*pieces))
    if wanted is None:
        assert isinstance(found, Unknown)
    else:
        assert json.dumps(found, default=lambda _: "?") == json.dumps(wanted, default=lambda _: "?")


@pytest.mark.parametrize(
    "pieces",
    [
        ("{", BLANK, "}"),
        ('{"a": 1, ', BLANK, "}"),
        ('{"a": 1 ', BLANK, ' "b": 2}'),
        ("{", BLANK, ', "b": 2}'),
        ('{"', BLANK, '": 2}'),
        ('{"a": ', BLANK, ' "b": 1}'),
    ],
)
def test_an_object_with_members_that_cannot_be_known_is_unknown(pieces: Any) -> None:
    outer = plain(read("[", *pieces, ", 7]"))
    assert isinstance(outer[0], Unknown)
    assert outer[0].reason == BLANK.reason
    assert outer[1] == 7


def test_unknown_text_around_the_document() -> None:
    for pieces in (("{}", BLANK), (BLANK, "{}"), (BLANK,)):
        found = read(*pieces)
        assert isinstance(found, Unknown)
        assert found.reason == BLANK.reason


def test_places_across_pieces() -> None:
    source = Source("main.tf", b'<<E\n{"a": "x-${var.x}-y", "b": 1}\nE\n')
    head, tail = '{"a": "x-', '-y", "b": 1}'
    start = source.text.index(head)
    after = source.text.index(tail)
    whole = Written(Span(source, 0, len(source.data)))
    found = decode([(head, source, start), X, (tail, source, after)], whole)
    assert isinstance(found, Known)
    assert isinstance(found.origin, Written)
    assert found.origin.span.raw == b'{"a": "x-${var.x}-y", "b": 1}'
    assert found.value["a"].origin.span.raw == b'"x-${var.x}-y"'
    assert found.value["b"].origin.span.raw == b"1"


def test_a_piece_from_elsewhere_keeps_its_own_place_and_mixed_ones_have_the_whole() -> None:
    one, other = Source("a.tf", b'{"a": '), Source("b.tf", b'"v"')
    whole = Written(Span(one, 0, 6))
    found = decode([('{"a": ', one, 0), ('"v"', other, 0), ("}", None, None)], whole)
    assert isinstance(found, Known)
    assert found.origin is whole
    assert found.value["a"].origin == Written(Span(other, 0, 3))


# --------------------------------------------------------------------------------------- alignment


def test_the_indentation_that_a_heredoc_drops_does_not_shift_places() -> None:
    written = '    {\n      "a": "\u00e9",\n\n      "b": [1,\n        2]\n    }\n'
    text = '{\n  "a": "\u00e9",\n\n  "b": [1,\n    2]\n}\n'
    source = Source("main.tf", b"policy = <<-E\n" + written.encode() + b"E\n")
    found = decode([(text, source, 14)], HERE)
    assert plain(found) == {"a": "\u00e9", "b": [1, 2]}
    raws = [one.origin.span.raw for one in walk(found) if isinstance(one.origin, Written)]
    assert raws[1:] == ['"\u00e9"'.encode(), b"[1,\n        2]", b"1", b"2"]
    assert raws[0].startswith(b"{\n      ")


def test_escapes_of_a_quoted_string_do_not_shift_places() -> None:
    source = Source("main.tf", rb'"{\"a\": \"$${x}\\n\", \"b\": 1}"')
    text = '{"a": "${x}\\n", "b": 1}'
    found = decode([(text, source, 1)], HERE)
    assert plain(found) == {"a": "${x}\n", "b": 1}
    assert isinstance(found, Known)
    assert found.value["a"].origin.span.raw == rb"\"$${x}\\n\""
    assert found.value["b"].origin.span.raw == b"1"


@given(json_values, st.sampled_from([None, 1]))
def test_any_document_in_a_quoted_string_has_exact_places(value: Any, indent: Any) -> None:
    text = json.dumps(value, indent=indent)
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "${": "$${", "%{": "%%{"}
    written = re.sub(r'[\\"\n]|[$%]\{', lambda found: escapes[found[0]], text)
    source = Source("main.tf", f'policy = "{written}"'.encode())
    back = {written: plain for plain, written in escapes.items()}
    for one in walk(decode([(text, source, 10)], HERE)):
        assert isinstance(one.origin, Written)
        raw = re.sub(r'\\[\\"n]|\$\$\{|%%\{', lambda found: back[found[0]], one.origin.span.raw.decode())
        assert json.loads(raw, parse_float=Decimal) == plain(one)


def test_text_that_stands_nowhere_has_the_strings_place() -> None:
    source = Source("main.tf", b"upper(x)")
    found = decode([('{"a": 1}', source, 0)], HERE)
    assert isinstance(found, Known)
    assert found.origin is HERE
    assert found.value["a"].origin is HERE


# ---------------------------------------------------------------------------------------- document


def test_a_document_keeps_its_structure() -> None:
    tree: Value[Any] = Known({}, HERE)
    assert document(Known(Structured.of("{}", lambda: tree), HERE)) is tree
    assert document(Unknown("why", HERE, Text((Hole("h"),), lambda: tree))) is tree


def test_a_file_read_as_it_is_gives_places_in_it() -> None:
    source = Source("policy.json", '{"a": "\u00fc"}'.encode())
    value = Known('{"a": "\u00fc"}', Written(Span(source, 0, len(source.data))))
    found = document(value)
    assert isinstance(found, Known)
    assert found.value["a"].origin.span.raw == '"\u00fc"'.encode()


def test_any_other_string_gives_its_own_place() -> None:
    source = Source("main.tf", b"local.policy")
    value = Known('{"a": 1}', Written(Span(source, 0, 12)))
    found = document(value)
    assert isinstance(found, Known)
    assert found.value["a"].origin is value.origin


def test_an_unknown_document_stays_unknown() -> None:
    assert document(BLANK) is BLANK
    assert document(REF) is REF
    null = Known(None, HERE)
    assert document(null) is null


def test_a_partly_known_document_without_structure_is_still_read() -> None:
    value = Unknown("why", HERE, text_of('{"a": "', Hole("h"), '", "b": 1}'))
    assert plain(document(value)) == {"a": Unknown("why", HERE, Text((Hole("h"),))), "b": 1}


def test_a_long_document_is_read() -> None:
    statement = (
        '{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::bucket/*"},'
    )
    text = "[" + (statement * 5000).rstrip(",") + "]"
    source = Source("p.json", text.encode())
    began = time.process_time()
    assert isinstance(decode([(text, source, 0)], HERE), Known)
    assert time.process_time() - began < PATIENCE


_LEAVES: st.SearchStrategy[Value[Any]] = st.sampled_from(
    [Known("a", HERE), X, BLANK, Unknown("who knows", HERE, open=Open({"a": X})), Known([BLANK], HERE)]
)
_OPEN_LIST = Unknown("who knows", HERE, open=Open((Known("a", HERE), BLANK)))


def _trees(leaves: st.SearchStrategy[Value[Any]]) -> st.SearchStrategy[Value[Any]]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda items: Known(tuple(items), HERE)),
            st.dictionaries(st.text("ab", max_size=2), inner, max_size=3).map(
                lambda fields: Known(fields, HERE)
            ),
        ),
        max_leaves=6,
    )


@given(_trees(st.one_of(_LEAVES, st.just(_OPEN_LIST))))
def test_a_tree_is_made_anew_where_a_list_in_it_has_an_open_end_and_nowhere_else(tree: Value[Any]) -> None:
    assert _is_closed(tree) is (_opened(tree, [_MOST]) is tree)

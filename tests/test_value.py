"""Values, partly known text, and the way from a value back to its places."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from stockade.source import Source, Span
from stockade.value import (
    Default,
    Derived,
    Hole,
    Known,
    Ref,
    Structured,
    Text,
    Unknown,
    Written,
    parts_of,
    places,
    shape_of,
    structure,
    text_of,
)

HERE = Default("a test")
SOURCE = Source("x.tf", b"0123456789")
PARTS = st.lists(
    st.one_of(
        st.text(max_size=3),
        st.sampled_from([Hole("a"), Hole("b"), Ref("x.y", "arn"), Ref("x.z", "id", Text(("z-", Hole("a"))))]),
    ),
    max_size=8,
)


@given(PARTS)
def test_text_has_no_empty_and_no_neighbouring_strings(parts: list[str | Ref | Hole]) -> None:
    text = text_of(*parts)
    assert str(text) == "".join(map(str, parts))
    assert all(part != "" for part in text.parts)
    kinds = [isinstance(part, str) for part in text.parts]
    assert not any(one and other for one, other in itertools.pairwise(kinds))
    assert text_of(*text.parts) == text


@given(PARTS)
def test_a_shape_holds_text_and_holes_only(parts: list[str | Ref | Hole]) -> None:
    shape = text_of(*parts).shape()
    assert all(isinstance(part, str | Hole) for part in shape)
    assert Text(shape).shape() == shape
    known = [part for part in parts if isinstance(part, str) and part]
    assert all(any(piece in one for one in shape if isinstance(one, str)) for piece in known)


def test_references_are_the_same_text_whatever_is_known_of_it() -> None:
    assert Ref("a.b", "arn") == Ref("a.b", "arn", Text(("x",)))
    assert len({Ref("a.b", "arn"), Ref("a.b", "arn", Text(("x",)))}) == 1
    assert Ref("a.b", "arn") != Ref("a.b", "id")


def test_a_value_gives_its_parts_whatever_is_known() -> None:
    ref = Ref("a.b", "arn", Text(("arn:", Hole("account"))))
    assert parts_of(Known("x", HERE)) == ("x",)
    assert parts_of(Known("", HERE)) == ()
    assert parts_of(Unknown("why", HERE, text_of(ref, "/*"))) == (ref, "/*")
    assert parts_of(Unknown("why", HERE)) == (Hole("why"),)
    assert shape_of(Unknown("why", HERE, text_of(ref, "/*"))) == ("arn:", Hole("account"), "/*")
    assert Unknown("why", HERE, Text((ref,))).ref == ref
    assert Unknown("why", HERE, text_of(ref, "/*")).ref is None


def test_places_come_most_telling_first() -> None:
    one, two = Written(Span(SOURCE, 1, 2)), Written(Span(SOURCE, 3, 4))
    assert list(places(Derived("join", (HERE, one, Derived("more", (two,)))))) == [one, two]
    assert list(places(HERE)) == []


def test_a_document_keeps_its_structure_and_is_text_all_the_same() -> None:
    tree = Known({"a": Known(1, HERE)}, HERE)
    text = Structured.of('{"a":1}', lambda: tree)
    assert text == '{"a":1}'
    assert structure(Known(text, HERE)) is tree
    assert structure(Unknown("why", HERE, Text(("{", Hole("x")), lambda: tree))) is tree
    assert structure(Known("{}", HERE)) is None
    assert structure(Unknown("why", HERE)) is None


@given(PARTS)
def test_a_shape_that_was_asked_for_changes_nothing_else(parts: list[str | Ref | Hole]) -> None:
    asked, fresh = text_of(*parts), text_of(*parts)
    pieces = [piece for one in asked.parts for piece in (_shape(one) if isinstance(one, Ref) else (one,))]
    assert asked.shape() == text_of(*pieces).parts
    assert asked.shape() is asked.shape()
    assert (asked, hash(asked), repr(asked)) == (fresh, hash(fresh), repr(fresh))


def _shape(ref: Ref) -> tuple[str | Hole, ...]:
    return ref.shape.shape() if ref.shape else (Hole(f"{ref.address}.{ref.attribute}"),)

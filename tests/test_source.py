"""Bytes, places and edits: an algebra, so most of it is stated as properties."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.errors import EditError
from stockade.source import Edit, Source, Span, apply, decode

TEXTS = st.text(alphabet=st.sampled_from("ab\n\r\té€😀{}\"'"), max_size=60)
DATA = st.one_of(TEXTS.map(str.encode), st.binary(max_size=60))


@st.composite
def edited(draw: st.DrawFn) -> tuple[Source, list[Edit]]:
    """A source and edits of it that neither overlap nor insert twice at one place."""
    source = Source("x.tf", draw(DATA))
    cuts = sorted(draw(st.sets(st.integers(0, len(source.data)), max_size=12)))
    spans = [Span(source, a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    spans += [Span(source, cut, cut) for cut in cuts[-1:] if len(cuts) % 2]
    return source, [Edit(span, draw(st.binary(max_size=8))) for span in spans]


@given(edited(), st.randoms(use_true_random=False))
def test_edits_are_what_replacing_from_the_back_gives(
    made: tuple[Source, list[Edit]], shuffle: random.Random
) -> None:
    source, edits = made
    expected = source.data
    for edit in reversed(edits):
        expected = expected[: edit.span.start] + edit.new + expected[edit.span.end :]
    shuffle.shuffle(edits)
    assert apply(edits).get(source, source.data) == expected


@given(edited())
def test_every_byte_outside_the_edits_stays(made: tuple[Source, list[Edit]]) -> None:
    source, edits = made
    kept, at = [], 0
    for edit in edits:
        kept.append(source.data[at : edit.span.start])
        at = edit.span.end
    kept.append(source.data[at:])
    out = apply(edits).get(source, source.data)
    at = 0
    for index, piece in enumerate(kept):
        assert out[at : at + len(piece)] == piece
        at += len(piece) + (len(edits[index].new) if index < len(edits) else 0)
    assert at == len(out)


@given(edited())
def test_edits_that_put_back_what_stands_there_change_nothing(made: tuple[Source, list[Edit]]) -> None:
    source, edits = made
    same = [Edit(edit.span, edit.span.raw) for edit in edits]
    assert apply(same).get(source, source.data) == source.data


@given(edited(), st.data())
def test_overlapping_edits_are_refused(made: tuple[Source, list[Edit]], data: st.DataObject) -> None:
    source, edits = made
    wide = [edit for edit in edits if edit.span.end > edit.span.start]
    if not wide:
        return
    hit = data.draw(st.sampled_from(wide)).span
    start = data.draw(st.integers(0, hit.end - 1))
    end = data.draw(st.integers(max(start, hit.start) + 1, len(source.data)))
    with pytest.raises(EditError, match="overlap"):
        apply([*edits, Edit(Span(source, start, end), b"!")])


def test_two_insertions_at_one_place_are_refused() -> None:
    source = Source("x.tf", b"ab")
    here = Span(source, 1, 1)
    with pytest.raises(EditError, match=r"overlap at x\.tf:1:2"):
        apply([Edit(here, b"x"), Edit(here, b"y")])
    assert apply([Edit(here, b"x"), Edit(Span(source, 1, 2), b"y")])[source] == b"axy"


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (0, 3), (2, 1)])
def test_an_edit_outside_its_file_is_refused(start: int, end: int) -> None:
    with pytest.raises(EditError, match="outside"):
        apply([Edit(Span(Source("x.tf", b"ab"), start, end), b"")])


def test_a_file_that_has_changed_is_refused_and_others_are_their_own() -> None:
    one, two = Source("one.tf", b"1"), Source("two.tf", b"2")
    edits = [Edit(Span(one, 0, 1), b"I"), Edit(Span(two, 0, 1), b"II")]
    assert apply(edits, {one: b"1", two: b"2"}) == {one: b"I", two: b"II"}
    with pytest.raises(EditError, match=r"`two\.tf` has changed") as caught:
        apply(edits, {one: b"1", two: b"2 "})
    assert caught.value.help


@given(TEXTS)
def test_positions_count_lines_and_characters(text: str) -> None:
    source = Source("x.tf", text.encode())
    line, column = 1, 1
    offset = 0
    for character in text:
        assert source.position(offset) == (line, column)
        offset += len(character.encode())
        line, column = (line + 1, 1) if character == "\n" else (line, column + 1)
    assert source.position(offset) == (line, column)
    assert source.line_count == text.count("\n") + 1


@given(TEXTS)
def test_lines_are_what_stands_between_line_ends(text: str) -> None:
    source = Source("x.tf", text.encode())
    expected = [line.rstrip("\r") for line in text.split("\n")]
    assert [source.line(number) for number in range(1, source.line_count + 1)] == expected


@given(DATA)
def test_text_has_a_character_for_every_byte(data: bytes) -> None:
    source = Source("x.tf", data)
    assert len(source.text) == len(data)
    assert decode(source.text) == data.decode("utf-8", "replace")


def test_a_span_says_where_it_is() -> None:
    source = Source("infra/main.tf", "é = 1\nb = 2\n".encode())
    span = Span(source, 7, 12)
    assert (str(span), span.line, span.raw) == ("infra/main.tf:2:1", 2, b"b = 2")


@given(st.lists(st.sampled_from(["a = x", "b = y", "a = x ", "", "}"]), min_size=1, max_size=12))
def test_landmarks_are_of_one_place_each(lines: list[str]) -> None:
    source = Source("main.tf", "\n".join(lines).encode())
    places = [Span(source, at, at) for at in range(len(source.data) + 1)]
    assert len({one.landmark for one in places}) == len(places)


def test_a_landmark_stays_while_other_lines_are_edited() -> None:
    before = Source("main.tf", b'a = 1\nname = "${x}"\nz = 2\n')
    after = Source("main.tf", b'a = 100\nmore = 3\nname = "${x}"\n')
    one, other = (Span(source, at := source.data.index(b"$"), at) for source in (before, after))
    assert one.landmark == other.landmark
    assert one.landmark != Span(before, one.start - 1, one.end).landmark

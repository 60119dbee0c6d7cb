"""The automaton, classes and pairs of patterns against brute force over all short texts."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.errors import BudgetExceeded
from stockade.iam.automaton import Budget, Text, accepts, classes, possibly, spell
from stockade.iam.glob import (
    ANYTHING,
    Pattern,
    as_resource,
    fill,
    glob,
    holes_in,
    in_segments,
    is_exact,
    only_text,
    opened,
    opening,
    plain,
    regex,
)
from stockade.iam.match import Shape, glob_matches
from stockade.iam.pairs import covers, meets
from stockade.value import Hole

TEXTS = ["".join(letters) for size in range(5) for letters in product("ab:x", repeat=size)]
X, Y = Hole("x"), Hole("y")

globs = st.text("aab*?:", max_size=7)
patterns = st.builds(
    lambda text, reading: reading(glob(text)), globs, st.sampled_from([tuple, in_segments, as_resource])
)


def fits(pattern: Pattern, text: str) -> bool:
    """By letters: each token in turn, a star as often as it likes."""
    if not pattern:
        return not text
    first, rest = pattern[0], pattern[1:]
    name = getattr(first, "name", "")
    if name.endswith("STAR"):
        may_read = bool(text) and not (name == "SEGMENT_STAR" and text[0] == ":")
        return fits(rest, text) or (may_read and fits(pattern, text[1:]))
    if not text:
        return False
    if name:
        return not (name == "SEGMENT_ONE" and text[0] == ":") and fits(rest, text[1:])
    return text[0] in str(first) and fits(rest, text[1:])


@given(globs)
@settings(max_examples=150, deadline=None)
def test_a_glob_is_what_it_says(text: str) -> None:
    pattern = glob(text)
    for one in TEXTS[:120]:
        assert fits(pattern, one) == glob_matches(text, one)


@given(patterns)
@settings(max_examples=150, deadline=None)
def test_regexes_and_the_automaton_agree_with_the_definition(pattern: Pattern) -> None:
    written = re.compile(rf"(?:{regex(pattern)})\Z", re.DOTALL)
    for text in TEXTS:
        wanted = fits(pattern, text)
        assert (written.match(text) is not None) == wanted, (pattern, text)
        assert accepts(pattern, plain(text)) == wanted
        assert possibly(pattern, plain(text)) == wanted


@given(patterns, patterns)
@settings(max_examples=150, deadline=None)
def test_two_patterns(one: Pattern, other: Pattern) -> None:
    mine = {text for text in TEXTS if fits(one, text)}
    theirs = {text for text in TEXTS if fits(other, text)}
    if mine & theirs:
        assert meets(one, other)
    if meets(one, other):
        # The text that shows it may be longer than those tried.
        shown = classes((one,), within=other, budget=Budget(10_000))
        assert 1 in shown
        assert fits(one, spell(shown[1])) and fits(other, spell(shown[1]))
    covered = covers(one, other)
    if covered:
        assert theirs <= mine
    elif covered is False:
        beyond = classes((one,), within=other, budget=Budget(10_000))[0]
        assert fits(other, spell(beyond)) and not fits(one, spell(beyond))
    if opening(one) and opening(other) and opening(one) != opening(other):
        assert not meets(one, other)


@given(st.lists(patterns, max_size=4), patterns)
@settings(max_examples=150, deadline=None)
def test_every_text_is_of_a_class_that_was_found(listed: list[Pattern], within: Pattern) -> None:
    found = classes(tuple(listed), within=within, budget=Budget(100_000))
    for signature, text in found.items():
        assert fits(within, spell(text))
        assert signature == sum(1 << at for at, one in enumerate(listed) if fits(one, spell(text)))
    for one in TEXTS:
        if fits(within, one):
            assert sum(1 << at for at, pattern in enumerate(listed) if fits(pattern, one)) in found


# ------------------------------------------------------------------------------------------- holes

shapes = st.lists(st.one_of(st.text("ab*?:", min_size=1, max_size=3), st.sampled_from([X, Y])), max_size=4).map(
    tuple
)
fillings = st.fixed_dictionaries({X: st.text("abx", max_size=3), Y: st.text("abx", max_size=3)})


@given(shapes, shapes, st.sampled_from([tuple, in_segments, as_resource]), st.lists(fillings, max_size=4))
@settings(max_examples=300, deadline=None)
def test_what_is_said_of_holes_is_so_for_every_filling(
    shape: Shape, subject: Shape, reading: object, some: list[dict[Hole, str]]
) -> None:
    pattern = reading(glob(shape))  # type: ignore[operator]
    text = plain(subject)
    sure, open_ = accepts(pattern, text), possibly(pattern, text)
    for one in (*some, {X: "", Y: ""}, {X: "a", Y: "a"}):
        real = fits(fill(pattern, one), spell(fill(text, one)))  # type: ignore[arg-type]
        assert real or not sure
        assert open_ or not real


@given(st.lists(shapes, min_size=1, max_size=3), shapes, st.integers(0, 7), st.lists(fillings, max_size=4))
@settings(max_examples=300, deadline=None)
def test_every_filled_text_is_of_a_class_that_was_found(
    listed: list[Shape], within: Shape, loose: int, some: list[dict[Hole, str]]
) -> None:
    """A text with holes stands for its fillings: loose patterns may match more of them, the others less."""
    read = tuple(map(glob, listed))
    loose &= (1 << len(read)) - 1
    found = classes(read, within=glob(within), loose=loose, budget=Budget(100_000))
    for signature, text in found.items():
        for filling in some:
            real = spell(fill(text, filling))  # type: ignore[arg-type]
            for at, one in enumerate(read):
                matched, said = fits(fill(one, filling), real), bool(signature >> at & 1)
                if loose >> at & 1:
                    assert said or not matched
                else:
                    assert matched or not said


def test_what_patterns_tell_of_themselves() -> None:
    assert only_text(glob("abc")) == "abc" and only_text(glob("a*")) is None
    assert is_exact(glob((X, "a"))) and not is_exact(glob("?"))
    assert list(holes_in(glob(("a", X)))) == [X]
    assert opened(glob(("a", X))) == glob("a*")
    assert glob("a***b") == glob("a*b")
    assert spell(("a", X)) == "a${x}"


@pytest.mark.parametrize(
    ("pattern", "text", "answer"),
    [
        ("arn:aws:s3:::box/*", "arn:aws:s3:::box/a:b", True),
        ("arn:aws:sqs:*:1:q", "arn:aws:sqs:eu:2:1:q", False),
        ("*", "arn:aws:s3:::box", True),
        ("arn:aws:*", "arn:aws:sns:eu:1:t", True),
        ("arn:aws:s3", "arn:aws:s3:::box", False),
    ],
)
def test_arns_are_compared_by_segments(pattern: str, text: str, answer: bool) -> None:
    assert accepts(in_segments(glob(pattern)), plain(text)) is answer


@pytest.mark.parametrize(
    ("pattern", "text", "answer"),
    [
        ("arn:aws:lambda:*:function:f", "arn:aws:lambda:eu:1:function:f", True),
        ("arn:aws:lambda:*:1:function:f", "arn:aws:lambda:eu:2:1:function:f", False),
        ("arn:aws:cloudformation:*:*:stack/a/*", "arn:aws:cloudformation:eu:1:x:stack/a/b", False),
        ("arn:*", "arn:aws:sns:eu:1:t", True),
    ],
)
def test_resources_are_compared_by_segments_where_all_are_written(
    pattern: str, text: str, answer: bool
) -> None:
    assert accepts(as_resource(glob(pattern)), plain(text)) is answer


# ------------------------------------------------------------------------------------------ limits


def test_what_would_explode_ends_within_its_budget() -> None:
    listed = (glob("*a" + "?" * 40), glob("*b" + "?" * 40))
    with pytest.raises(BudgetExceeded):
        classes(listed, budget=Budget(2_000))
    wide, narrow = glob("*a" * 40 + "*"), glob("*b" * 40 + "a*" * 39)
    assert covers(wide, narrow) is not True
    assert meets(glob("*a" * 200 + "*"), glob("*b" * 200 + "*"))


def test_a_regex_never_backtracks_over_several_stars() -> None:
    pattern = regex(glob("*a" * 30 + "*b"))
    assert re.fullmatch(pattern, "a" * 5_000, re.DOTALL) is None


def test_what_a_hole_stands_for_is_taken_by_its_group() -> None:
    written = regex(glob(("a*:", X, "b?", Y)))
    found = re.fullmatch(written, "axx:mmbcend", re.DOTALL)
    assert found is not None and found.groups() == ("mm", "end")


def test_a_budget_is_spent() -> None:
    budget = Budget(3)
    budget.spend(3)
    with pytest.raises(BudgetExceeded, match="budget"):
        budget.spend()


def test_classes_of_nothing_are_one() -> None:
    found: dict[int, Text] = classes((), within=ANYTHING, budget=Budget(10))
    assert list(found) == [0]

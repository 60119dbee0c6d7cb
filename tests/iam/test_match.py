"""Globs against a reference by brute force, and three-valued answers against fillings of the holes."""

from __future__ import annotations

import time
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stockade.iam.match import (
    Shape,
    action_matches,
    arn_parts,
    glob_matches,
    has_wildcard,
    is_wildcard_only,
    matches,
    with_variables,
)
from stockade.value import Hole

X, Y = Hole("x"), Hole("y")


def reference(pattern: str, text: str) -> bool:
    """The definition, letter by letter."""

    @cache
    def at(i: int, j: int) -> bool:
        if i == len(pattern):
            return j == len(text)
        if pattern[i] == "*":
            return at(i + 1, j) or (j < len(text) and at(i, j + 1))
        return j < len(text) and pattern[i] in ("?", text[j]) and at(i + 1, j + 1)

    return at(0, 0)


patterns = st.text("ab*?", max_size=8)
texts = st.text("ab*", max_size=8)


@given(patterns, texts)
@settings(max_examples=500)
def test_globs_match_as_defined(pattern: str, text: str) -> None:
    assert glob_matches(pattern, text) == reference(pattern, text)


def shapes(alphabet: str) -> st.SearchStrategy[Shape]:
    pieces = st.one_of(st.text(alphabet, min_size=1, max_size=4), st.sampled_from([X, Y]))
    return st.lists(pieces, max_size=4).map(tuple)


def filled(shape: Shape, fillings: dict[Hole, str]) -> str:
    return "".join(fillings[piece] if isinstance(piece, Hole) else piece for piece in shape)


@given(
    shapes("ab*?"), shapes("ab"), st.lists(st.tuples(st.text("abc", max_size=3), st.text("abc", max_size=3)))
)
@example((X, "a"), (X, "b"), [("", "")])
@example(("a*", X), ("a", X), [("a", "")])
@settings(max_examples=1000)
def test_an_answer_holds_for_every_filling(
    pattern: Shape, text: Shape, fillings: list[tuple[str, str]]
) -> None:
    answer = matches(pattern, text)
    for x, y in [("", ""), ("ab", "b"), *fillings]:
        # A filled-in star would be a wildcard in the pattern; holes are assumed to have none.
        real = reference(filled(pattern, {X: x, Y: y}), filled(text, {X: x, Y: y}))
        assert answer is None or answer == real


@pytest.mark.parametrize(
    ("pattern", "text", "answer"),
    [
        (("*",), (X,), True),
        (("arn:aws:s3:::", X, "/*"), ("arn:aws:s3:::", X, "/key"), True),
        (("arn:aws:s3:::", X, "/*"), ("arn:aws:s3:::", Y, "/key"), None),
        (("arn:aws:s3:::", X, "/a"), ("arn:aws:s3:::", X, "/b"), False),
        (("arn:aws:sqs:*",), ("arn:", X, ":s3:::b"), False),
        (("arn:", X, ":sqs:*"), ("arn:aws:s3:::b",), False),
        (("a?",), ("a", X), None),
        (("a?c",), ("a", X, "d"), False),
        ((X,), ("abc",), None),
        ((), (), True),
        ((), (X,), None),
        (("a",), (), False),
    ],
)
def test_holes(pattern: Shape, text: Shape, answer: bool | None) -> None:
    assert matches(pattern, text) is answer


@pytest.mark.parametrize("pattern", ["*a" * 40 + "b", "?*" * 40 + "b", "*a?" * 40 + "b"])
def test_no_pattern_is_slow(pattern: str) -> None:
    began = time.process_time()
    assert not glob_matches(pattern, "a" * 20_000)
    assert matches((pattern, X, "b"), ("a" * 20_000,)) is False
    assert time.process_time() - began < 1


def test_actions_are_compared_without_case() -> None:
    assert action_matches("S3:get*", "s3:GetObject")
    assert action_matches("*", "s3:GetObject")
    assert not action_matches("s3:Get?", "s3:GetObject")


def test_wildcards_are_seen_in_known_text_only() -> None:
    assert is_wildcard_only(("**",))
    assert not is_wildcard_only(("*:*",))
    assert not is_wildcard_only((X,))
    assert not is_wildcard_only(())
    assert has_wildcard((X, "/?"))
    assert not has_wildcard((X, "/"))


def test_an_arn_has_six_segments_and_a_resource_keeps_its_colons() -> None:
    assert arn_parts(("arn:", X, ":logs:eu-west-1:", Y, ":log-group:/aws/lambda/", X, ":*")) == (
        ("arn",),
        (X,),
        ("logs",),
        ("eu-west-1",),
        (Y,),
        ("log-group:/aws/lambda/", X, ":*"),
    )
    assert arn_parts(("arn:aws:s3:::bucket/a:b",)) == (("arn",), ("aws",), ("s3",), (), (), ("bucket/a:b",))


@pytest.mark.parametrize("shape", [(), (X,), ("arn:aws:s3",), ("arn", X, ":a:b:c:d:e"), ("arn:", X)])
def test_what_is_not_known_to_be_an_arn_has_no_segments(shape: Shape) -> None:
    assert arn_parts(shape) is None


def test_policy_variables_are_holes_in_the_new_version_only() -> None:
    shape = ("arn:aws:s3:::b/${aws:username}/${*}", X, "${aws:PrincipalTag/team, 'none'}")
    assert with_variables(shape, "2008-10-17") == shape
    assert with_variables(shape, "2012-10-17") == (
        "arn:aws:s3:::b/",
        Hole("aws:username"),
        "/",
        Hole("*"),
        X,
        Hole("aws:PrincipalTag/team"),
    )

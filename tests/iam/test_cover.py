"""Containment of patterns: what is claimed is true of every text that is tried."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.iam.cover import Patterns, action_shape, covers, disjoint, shape
from stockade.iam.match import glob_matches
from stockade.value import Hole, Ref, text_of

patterns = st.text("ab*?", max_size=6)
texts = st.text("ab", max_size=7)


@given(patterns, patterns, texts)
def test_claims_hold_for_texts(one: str, other: str, text: str) -> None:
    fits = glob_matches(one, text), glob_matches(other, text)
    if covers((one,), (other,)):
        assert fits[0] or not fits[1]
    if disjoint((one,), (other,)):
        assert not all(fits)


@given(st.text("ab*", max_size=6), st.text("ab*", max_size=6))
def test_with_stars_alone_nothing_is_missed(one: str, other: str) -> None:
    """A letter that neither has tells them apart: what a star of the narrow one becomes."""
    if glob_matches(one, other.replace("*", "c")) and glob_matches(one, other.replace("*", "cd")):
        assert covers((one,), (other,))


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("s3:*", "s3:Get*", True),
        ("s3:Get*", "s3:*", False),
        ("*", "", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/${aws:username}/*", True),
        ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/${aws:username}/x", True),
        ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/${aws:userid}/x", False),
        ("arn:aws:s3:::b/${aws:username, 'a'}", "arn:aws:s3:::b/${aws:username, 'b'}", False),
        ("a${*}", "a${x}", False),  # a star that is no wildcard
        ("a?", "a*", False),
        ("arn:aws:sqs:*:*:q", "arn:aws:sqs:eu-west-1:1:q", True),
        ("arn:aws:sqs:*:*:q", "arn:aws:sqs:eu-west-1:1:a:q", False),  # of one account and name, not of two
        ("arn:aws:sqs:*", "arn:aws:sqs:eu-west-1:1:a:q", True),
        ("arn:aws:sqs:*:q", "arn:aws:sqs:*:*:q", True),
        ("a??", "a?b", True),
    ],
)
def test_of_texts(wide: str, narrow: str, expected: bool) -> None:
    assert covers(shape(wide), shape(narrow)) is expected


def test_a_star_may_reach_past_a_colon_where_that_is_asked_the_other_way_round() -> None:
    """What a NotResource leaves must not be thought to leave more than it does."""
    one, other = shape("arn:aws:lambda:eu-west-1:1:function:f"), shape("arn:aws:lambda:*:function:f")
    assert not disjoint(one, other)
    assert not disjoint(other, one)
    assert disjoint(one, shape("arn:aws:lambda:*:function:g"))


def test_of_what_is_known_in_part() -> None:
    bucket, other = Hole("var.bucket"), Hole("var.other")
    wide = shape(text_of("arn:aws:s3:::", bucket, "/*"))
    assert covers(wide, shape(text_of("arn:aws:s3:::", bucket, "/a")))
    assert not covers(wide, shape(text_of("arn:aws:s3:::", other, "/a")))
    assert not disjoint(wide, shape(text_of("arn:aws:s3:::", other, "/a")))
    assert disjoint(wide, shape(text_of("arn:aws:sqs:::", other)))
    queue = Ref(
        "aws_sqs_queue.jobs", "arn", text_of("arn:aws:sqs:", Hole("region"), ":", Hole("account"), ":jobs")
    )
    assert covers(shape("arn:aws:sqs:*"), shape(text_of(queue)))


def within(narrow: list[str], wide: list[str], all_but: bool = False, of_all_but: bool = False) -> bool:
    one = Patterns.of(map(action_shape, narrow), all_but=all_but)
    return one.within(Patterns.of(map(action_shape, wide), all_but=of_all_but))


def test_lists_and_what_they_leave_out() -> None:
    assert within(["s3:get*"], ["s3:*", "sqs:*"])
    assert within(["S3:GetObject", ""], ["s3:getobject", ""])
    assert not within(["s3:Get*", "*"], ["s3:*", "sqs:*"])
    assert within(["s3:Get*", "s3:PutObject"], ["sqs:*", "s3:DeleteObject"], of_all_but=True)
    assert not within(["s3:Get*"], ["s3:GetObject"], of_all_but=True)
    assert not within(["s3:GetObject"], ["s3:GetObject"], of_all_but=True)
    assert not within(["s3:GetObject"], ["s3:*"], of_all_but=True)
    assert within(["s3:*"], ["s3:Get*", "s3:PutObject"], all_but=True, of_all_but=True)
    assert not within(["s3:Get*"], ["s3:*"], all_but=True, of_all_but=True)
    assert within(["s3:Get*"], ["*"], all_but=True)
    assert not within(["s3:Get*"], ["s3:*"], all_but=True)


@given(st.lists(patterns, max_size=3), st.lists(patterns, max_size=3), st.booleans(), st.booleans(), texts)
def test_claims_of_lists_hold_for_texts(
    narrow: list[str], wide: list[str], all_but: bool, of_all_but: bool, text: str
) -> None:
    if within(narrow, wide, all_but, of_all_but):
        mine, others = (any(glob_matches(one, text) for one in each) for each in (narrow, wide))
        assert (others is not of_all_but) or not (mine is not all_but)

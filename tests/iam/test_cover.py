"""Containment of patterns: what is claimed is true of every text that is tried."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.iam.cover import covers, disjoint, shape, within
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
        ("a??", "a?b", True),
    ],
)
def test_of_texts(wide: str, narrow: str, expected: bool) -> None:
    assert covers(shape(wide), shape(narrow)) is expected


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


def test_lists_and_what_they_leave_out() -> None:
    get, all_s3, star, sqs = ("s3:Get*",), ("s3:*",), ("*",), ("sqs:*",)
    assert within([get], [all_s3, sqs])
    assert not within([get, star], [all_s3, sqs])
    assert within([get], [sqs], of_all_but=True)
    assert not within([get], [all_s3], of_all_but=True)
    assert within([all_s3], [get], all_but=True, of_all_but=True)
    assert not within([get], [all_s3], all_but=True, of_all_but=True)
    assert within([get], [star], all_but=True)
    assert not within([get], [all_s3], all_but=True)

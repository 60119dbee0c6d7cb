"""Versions are ordered as their ecosystems document it; our own examples, and laws of any order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.advisories.versions import KEYS, gem, key, maven, nuget, pypi, semver

RISING = {
    "PyPI": "1.0.dev1 1.0a1 1.0b2 1.0rc1 1.0 1.0.post1 1.0.1 1.1 1.10 2!0.1",
    "npm": "0.9.9 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 "
    "1.0.0",
    "Go": "v0.0.0-20200101000000-abcdefabcdef v0.1.0 v1.0.0-rc.1 v1.0.0 v1.9.0 v1.10.0",
    "Maven": "1-alpha 1-beta 1-milestone-2 1-rc1 1-SNAPSHOT 1 1-sp 1-xyz 1.0.1 1.1 1.10 2",
    "RubyGems": "1.0.0.alpha 1.0.0.beta2 1.0.0.rc1 1.0.0 1.0.1 1.10",
    "NuGet": "1.0.0-alpha 1.0.0-Beta 1.0.0 1.0.0.1 1.0.1 1.10",
    "crates.io": "0.1.0 1.0.0-pre 1.0.0",
}
SAME = {
    "PyPI": ("1.0", "1.0.0", "v1.0", "1.0+local"),
    "npm": ("1.0.0", "v1.0.0", "1.0.0+build.5"),
    "Maven": ("1", "1.0", "1.0.0", "1-ga", "1.0-final", "1.0.RELEASE", "1-0"),
    "RubyGems": ("1", "1.0", "1.0.0"),
    "NuGet": ("1", "1.0", "1.0.0.0", "1.0+abc"),
}
SAME["PyPI"] = SAME["PyPI"][:3]


@pytest.mark.parametrize("ecosystem", RISING)
def test_versions_rise(ecosystem: str) -> None:
    order = key(ecosystem)
    versions = RISING[ecosystem].split()
    keys = [order(one) for one in versions]
    for index, one in enumerate(keys):
        for later, other in enumerate(keys[index + 1 :], index + 1):
            assert one < other, (versions[index], versions[later])
            assert not other < one


@pytest.mark.parametrize("ecosystem", SAME)
def test_spellings_of_one_version_are_equal(ecosystem: str) -> None:
    order = key(ecosystem)
    first, *others = map(order, SAME[ecosystem])
    assert all(first == other and not first < other and not other < first for other in others)


def test_maven_knows_its_letters_and_separators() -> None:
    assert maven("1-a1") == maven("1-alpha-1")
    assert maven("1-m3") == maven("1-milestone3")
    assert maven("1-cr2") == maven("1-rc2")
    assert maven("1x") == maven("1-x")
    assert maven("1.foo") < maven("1-1") < maven("1.1")
    assert maven("1-foo2") < maven("1-foo10")


@pytest.mark.parametrize(
    ("order", "text"),
    [(pypi, "not a version"), (semver, "latest"), (semver, "1.0.0" * 100), (gem, "1..2"), (nuget, "1.2.3.4.5")],
)
def test_what_is_no_version_is_refused(order: object, text: str) -> None:
    with pytest.raises(ValueError):  # the type is the contract
        order(text)  # type: ignore[operator]


PIECES = st.sampled_from(["0", "1", "2", "10", "alpha", "beta", "rc", "SNAPSHOT", "sp", "x", "ga"])
PARTS = st.tuples(st.sampled_from(".-"), PIECES).map("".join)


# By Maven's own rules `1` < `1-1` < `1.0.alpha` < `1`: only what has no qualifier is in a row.
@given(*[st.lists(PARTS, max_size=4).map(lambda parts: "".join(["1", *parts]))] * 2)
def test_of_two_of_mavens_versions_one_is_first_or_they_are_equal(one: str, two: str) -> None:
    a, b = maven(one), maven(two)
    assert sum((a < b, a == b, b < a)) == 1


@given(*[st.lists(st.integers(0, 12), min_size=1, max_size=4)] * 2)
def test_mavens_numbers_are_ordered_one_by_one(one: list[int], two: list[int]) -> None:
    left, right = (maven(".".join(map(str, found))) for found in (one, two))
    padded = [[*found, 0, 0, 0, 0][:4] for found in (one, two)]
    assert (left < right, left == right) == (padded[0] < padded[1], padded[0] == padded[1])


NUMBERS = st.lists(st.integers(0, 12), min_size=3, max_size=3).map(lambda found: ".".join(map(str, found)))
BEFORE = st.sampled_from(["", "-alpha", "-alpha.1", "-alpha.beta", "-beta.2", "-rc.1", "-0"])


@given(NUMBERS, BEFORE, NUMBERS, BEFORE)
def test_semantic_versions_are_ordered_by_their_numbers_first(one: str, a: str, two: str, b: str) -> None:
    left, right = semver(one + a), semver(two + b)
    numbers = [int(part) for part in one.split(".")], [int(part) for part in two.split(".")]
    if numbers[0] != numbers[1]:
        assert (left < right) == (numbers[0] < numbers[1])
    elif not a and b:
        assert right < left


@given(st.sampled_from(sorted(KEYS)), st.text(max_size=60))
def test_any_text_is_a_version_or_is_refused(ecosystem: str, text: str) -> None:
    try:
        found = key(ecosystem)(text)
    except ValueError:
        return
    assert found == key(ecosystem)(text)

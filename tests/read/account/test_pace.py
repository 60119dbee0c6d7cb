"""Calls are let through at the rate of their quota, whatever the order and speed in which they come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.read.account.calls import Quota
from stockade.read.account.pace import BURST, Bucket, Buckets, Pace


class Clock:
    """A clock that only sleeping and waiting move."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


@given(
    rate=st.sampled_from([0.5, 2.5, 7.5, 50.0]),
    pauses=st.lists(st.floats(0, 3, allow_nan=False), min_size=1, max_size=60),
)
def test_no_stretch_of_time_has_more_calls_than_the_quota(rate: float, pauses: list[float]) -> None:
    clock = Clock()
    bucket = Bucket(rate, clock)
    made = []
    for pause in pauses:
        clock.now += pause
        clock.now += bucket.next()
        made.append(clock.now)
    for first in range(len(made)):
        for last in range(first, len(made)):
            allowed = rate * (made[last] - made[first] + BURST) + 1
            assert last - first + 1 <= allowed + 1e-6


def test_nobody_waits_longer_than_the_quota_says() -> None:
    clock = Clock()
    bucket = Bucket(10, clock)
    for _ in range(110):
        clock.now += bucket.next()
    assert clock.now - 1_000 <= 10.01


def test_accounts_regions_and_quotas_have_buckets_of_their_own() -> None:
    clock = Clock()
    pace = Pace(0.5, clock, clock.sleep)
    quota, other = Quota("lambda", 10), Quota("lambda:GetPolicy", 10)
    for _ in range(5):
        for key in (("1", "a", quota), ("2", "a", quota), ("1", "b", quota), ("1", "a", other)):
            pace.take(*key)
    assert clock.now < 1_000.001
    assert len(pace._buckets.kept) == 4
    pace.take("1", "a", quota)
    pace.take("1", "a", quota)
    assert clock.now > 1_000.1


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from([0.0, 0.01, 0.3, 4.0])), max_size=60),
    st.sampled_from([0.5, 7.5]),
)
def test_what_is_forgotten_gives_the_same_turns_as_what_is_kept(
    calls: list[tuple[int, float]], rate: float
) -> None:
    clock = Clock()
    some, each = Buckets(clock, few=2), dict[int, Bucket]()
    for account, later in calls:
        clock.now += later
        wait = each.setdefault(account, Bucket(rate, clock)).next()
        assert some.next((account,), rate) == pytest.approx(wait, abs=1e-6)


def test_a_bucket_is_kept_while_somebody_uses_it_and_not_for_every_account_that_was_read() -> None:
    clock = Clock()
    pace = Pace(1, clock, clock.sleep)
    quota = Quota("iam", 10)
    for account in range(2_000):
        for _ in range(30):
            pace.take(str(account), "", quota)
    assert len(pace._buckets.kept) <= 128
    before = clock.now
    for _ in range(100):
        pace.take("1999", "", quota)
    assert clock.now - before >= 9.9, "who goes on pays for what it took"

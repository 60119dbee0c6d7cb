"""Calls are let through at the rate of their quota, whatever the order and speed in which they come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stockade.read.account.calls import Quota
from stockade.read.account.pace import BURST, Bucket, Pace


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
    bucket = Bucket(rate, clock, clock.sleep)
    made = []
    for pause in pauses:
        clock.now += pause
        bucket.take()
        made.append(clock.now)
    for first in range(len(made)):
        for last in range(first, len(made)):
            allowed = rate * (made[last] - made[first] + BURST) + 1
            assert last - first + 1 <= allowed + 1e-6


def test_nobody_waits_longer_than_the_quota_says() -> None:
    clock = Clock()
    bucket = Bucket(10, clock, clock.sleep)
    for _ in range(110):
        bucket.take()
    assert clock.now - 1_000 <= 10.01


def test_accounts_regions_and_quotas_have_buckets_of_their_own() -> None:
    clock = Clock()
    pace = Pace(0.5, clock, clock.sleep)
    quota, other = Quota("lambda", 10), Quota("lambda:GetPolicy", 10)
    for _ in range(5):
        for key in (("1", "a", quota), ("2", "a", quota), ("1", "b", quota), ("1", "a", other)):
            pace.take(*key)
    assert clock.now < 1_000.001
    assert len(pace.buckets) == 4
    pace.take("1", "a", quota)
    pace.take("1", "a", quota)
    assert clock.now > 1_000.1

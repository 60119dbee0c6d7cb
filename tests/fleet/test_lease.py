"""Turns of a quota that many workers draw on, on a clock of our own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stockade.fleet.lease import SharedPace, Turns
from stockade.read.account.calls import IAM, LAMBDA
from stockade.read.account.pace import BURST


class Clock:
    """Time that passes when somebody says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 2)), max_size=60), st.sampled_from([0.5, 4.0, 7.5])
)
def test_no_second_has_more_calls_than_the_quota_gives(calls: list[tuple[str, float]], rate: float) -> None:
    clock, at = Clock(), dict[str, list[float]]()
    turns = Turns(clock)
    for account, later in calls:
        clock.now += later
        wait = turns.next(account, "iam", rate)
        assert wait >= 0
        at.setdefault(account, []).append(clock.now + wait)
    for moments in at.values():
        assert moments == sorted(moments), "turns are given in their order"
        for begin in moments:
            within = sum(begin <= one < begin + 1 for one in moments)
            assert within <= rate * (1 + BURST) + 1 + 1e-9


def test_quotas_of_a_region_are_kept_here_and_those_of_an_account_elsewhere() -> None:
    clock, slept, told = Clock(), list[float](), list[tuple[str, str, float]]()

    def turn(account: str, quota: str, rate: float) -> float:
        told.append((account, quota, rate))
        return 3.0

    pace = SharedPace(0.5, clock, slept.append, turn)
    pace.take("1", "eu-west-1", LAMBDA)
    assert set(pace._buckets.kept) == {("1", "eu-west-1", "lambda")} and told == []
    pace.take("1", "", IAM)
    assert told == [("1", "iam", IAM.rate / 2)] and slept[-1] == 3.0


def test_turns_of_accounts_that_are_done_are_forgotten() -> None:
    clock = Clock()
    turns = Turns(clock)
    for account in range(1_000):
        clock.now += 0.5
        for _ in range(5):
            turns.next(str(account), "iam", 4.0)
    assert len(turns._buckets.kept) <= 128
    assert turns.next("999", "iam", 4.0) > 0, "who has taken its turns waits for the next one"

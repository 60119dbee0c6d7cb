"""A client that AWS throttles to the last try: each loss is told, and they do not take for ever."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from stockade.read.account.answer import Place, Present, Unread
from stockade.read.account.calls import EVENTS, Call
from stockade.read.account.client import Account, Client
from stockade.read.account.pace import Pace

PLACE = Place("111122223333", "eu-west-1", "aws", "2026-11-27T00:00:00Z")
CALL = Call("events", "DescribeRule", EVENTS, "rules")


class Throttling:
    """AWS, which throttles but where ``answers`` says otherwise."""

    def __init__(self, answers: frozenset[int] = frozenset()) -> None:
        self.meta = SimpleNamespace(events=SimpleNamespace(register=lambda *_, **__: None))
        self.answers, self.asked = answers, 0

    def describe_rule(self, **_: Any) -> dict[str, Any]:
        from botocore.exceptions import ClientError

        self.asked += 1
        if self.asked in self.answers:
            return {"Name": "a rule"}
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "DescribeRule")


def asked(aws: Throttling, times: int) -> list[Any]:
    pace = Pace(1, lambda: 0.0, lambda _: None)
    client = Client(Account(lambda service, region: aws, pace, lambda place, call: None), PLACE)
    answers = [client.ask("schedules", CALL, f"rule {number}", {}) for number in range(times)]
    assert len(client.misses) == sum(isinstance(one, Unread) for one in answers), "each loss is told"
    return answers


def test_what_is_always_throttled_is_given_up_and_told_each_time() -> None:
    aws = Throttling()
    answers = asked(aws, 40)
    assert all(isinstance(one, Unread) for one in answers)
    assert aws.asked == 10
    assert "was not tried" in answers[-1].reason
    assert len({one.about for one in answers}) == 40


def test_an_answer_in_between_starts_the_count_again() -> None:
    aws = Throttling(frozenset({9, 18, 27, 36}))
    answers = asked(aws, 40)
    assert aws.asked == 40
    assert sum(isinstance(one, Present) for one in answers) == 4

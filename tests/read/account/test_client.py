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


class Expiring(Throttling):
    """AWS, which takes no credentials but ``good`` ones; they are renewed whenever a call was made."""

    def __init__(self, *tokens: str, good: str = "good", refused: bool = False) -> None:
        super().__init__()
        self.tokens, self.good, self.refused = list(tokens), good, refused
        self._request_signer = SimpleNamespace(_credentials=self)
        self.refresh_needed = lambda: False

    def get_frozen_credentials(self) -> Any:
        from botocore.exceptions import ClientError

        if self.refused:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "AssumeRole")
        return SimpleNamespace(token=self.tokens[0])

    def describe_rule(self, **_: Any) -> dict[str, Any]:
        from botocore.exceptions import ClientError

        self.asked += 1
        used = self.tokens[0]
        if len(self.tokens) > 1:
            del self.tokens[0]
        if used != self.good:
            raise ClientError({"Error": {"Code": "ExpiredToken"}}, "DescribeRule")
        return {"Name": "a rule"}


def test_a_request_that_waited_while_credentials_were_renewed_is_made_again() -> None:
    aws = Expiring("old", "good")
    assert [type(one) for one in asked(aws, 2)] == [Present, Present]
    assert aws.asked == 3


def test_credentials_that_nobody_renews_end_it_at_once() -> None:
    aws = Expiring("old")
    answers = asked(aws, 3)
    assert [getattr(one, "stopped", None) for one in answers] == [True, True, True] and aws.asked == 1


def test_a_role_that_lets_nobody_in_again_ends_it_and_is_no_lack_of_permission() -> None:
    aws = Expiring("good", refused=True)
    first, second = asked(aws, 2)
    assert first.stopped and not first.denied and "the role was not let in again" in first.reason
    assert second.stopped and aws.asked == 0

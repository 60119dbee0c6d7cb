"""Whatever goes wrong, a live scan says less and never something else: no answer is made of a lost one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from stockade.control import Fails, State
from stockade.report import Report
from tests.aws.ample import ample
from tests.aws.endpoint import Endpoint, running
from tests.aws.scanning import clients, report
from tests.aws.trouble import FOREVER, Trouble

GROUPS = 8


@dataclass(frozen=True)
class Ground:
    """One account, what is said of it when nothing goes wrong, and the calls that this takes."""

    endpoint: Endpoint
    untroubled: Report
    calls: tuple[str, ...]
    made: Mapping[bool, Callable[[str, str], Any]]

    def under(self, trouble: Trouble, *, session: bool = False, patient: bool = False) -> Report:
        """What is said of the account under a plan."""
        self.endpoint.troubled(trouble)
        if patient:
            return report(self.endpoint, made=clients(self.endpoint, "111122223333", attempts=5))
        return report(self.endpoint, made=self.made[session])


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    with running(ample()) as endpoint:
        made = {one: clients(endpoint, "111122223333", session=one, attempts=1) for one in (False, True)}
        untroubled = report(endpoint, made=made[False])
        yield Ground(endpoint, untroubled, tuple(sorted(endpoint.counts)), made)


def states(of: Report) -> dict[tuple[str, str], State]:
    return {(one.address, name): state for one in of.functions for name, state in one.checklist.items()}


def failing(of: Report) -> set[tuple[str, str]]:
    return {(one.control, one.address) for one in of.findings if isinstance(one.outcome, Fails)}


def holds_to(found: Report, untroubled: Report) -> None:
    """Every answer is the untroubled one or undecided, and what differs has a gap that says why."""
    wanted, given = states(untroubled), states(found)
    assert {
        key: (wanted.get(key), state)
        for key, state in given.items()
        if state not in (wanted.get(key), State.UNDECIDED)
    } == {}
    assert failing(found) <= failing(untroubled), "no finding is made of what was not read"
    for name, tally in found.coverage.items():
        assert tally.holds <= untroubled.coverage[name].holds, name
    assert given == wanted or found.gaps
    lost = set(wanted) - set(given)
    assert not lost or any("lambda:ListFunctions" in gap.what for gap in found.gaps)


def test_the_untroubled_account_is_read_whole(ground: Ground) -> None:
    assert ground.untroubled.gaps == ()
    told = {name for _, name in states(ground.untroubled)}
    assert len(ground.calls) > 40 and len(told) > 40
    assert {State.HOLDS, State.FAILS} <= set(states(ground.untroubled).values())


@pytest.mark.parametrize("group", range(GROUPS))
def test_calls_that_are_denied_leave_undecided_what_hangs_on_them(ground: Ground, group: int) -> None:
    denied = frozenset(ground.calls[group::GROUPS]) - {"lambda:ListFunctions"}
    found = ground.under(Trouble(denied=denied))
    holds_to(found, ground.untroubled)
    named = " ".join(gap.what for gap in found.gaps)
    asked = {name for name in denied if ground.endpoint.counts[name]}
    instead = {"iam:GetAccountAuthorizationDetails", "lambda:ListFunctionUrlConfigs"}
    assert {name for name in asked - instead if f"`{name}`" not in named} == set()
    assert all(any(f"`{name}`" in gap.what for name in denied) for gap in found.gaps)


def test_without_the_list_of_functions_nothing_is_said(ground: Ground) -> None:
    found = ground.under(Trouble(denied=frozenset({"lambda:ListFunctions"})))
    assert found.functions == () and failing(found) <= failing(ground.untroubled)
    assert ["lambda:ListFunctions" in gap.what for gap in found.gaps] == [True]


@pytest.mark.parametrize(
    "kind",
    [{"throttled": 0.3}, {"failing": 0.25}, {"cut": 0.3}, {"throttled": 0.1, "failing": 0.1, "cut": 0.1}],
)
@pytest.mark.parametrize("seed", [3])
def test_what_never_comes_is_a_gap(ground: Ground, seed: int, kind: Mapping[str, Any]) -> None:
    found = ground.under(Trouble(seed=seed, times=FOREVER, **kind))
    assert found.gaps
    holds_to(found, ground.untroubled)


def test_what_comes_at_the_second_attempt_makes_no_difference(ground: Ground) -> None:
    found = ground.under(Trouble(seed=5, throttled=0.2, failing=0.2, cut=0.2), patient=True)
    assert found.gaps == () and states(found) == states(ground.untroubled)
    assert failing(found) == failing(ground.untroubled)


@pytest.mark.parametrize("calls", [1, 7, 30])
def test_when_credentials_expire_what_was_read_is_kept_and_nothing_more_is_asked(
    ground: Ground, calls: int
) -> None:
    found = ground.under(Trouble(expire_after=calls), session=True)
    holds_to(found, ground.untroubled)
    assert any("no longer takes the credentials" in gap.reason for gap in found.gaps)
    assert any("renew the credentials" in str(gap.help) for gap in found.gaps)
    refused = ground.endpoint.told()["answers"]
    assert sum(count for kind, count in refused.items() if "Expired" in kind) < 60, (
        "the calls under way, no more"
    )

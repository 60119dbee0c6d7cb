"""Under every trouble a report is complete or its gaps are exact, by what the endpoint says it answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import botocore.session
import pytest

from benchmarks.live_account import NUMBER, jobs, many, untrue
from stockade.read.account.session import Sessions
from tests.aws.endpoint import Endpoint, key_of, running
from tests.aws.exact import Served, Told, Verdict, judged
from tests.aws.scanning import LOADER, clients, report
from tests.aws.trouble import FOREVER, Trouble

FUNCTIONS = 12


@dataclass(frozen=True)
class Ground:
    """The account with its planted mistakes, and what is said of it without trouble."""

    endpoint: Endpoint
    whole: Told
    served: Served

    def under(
        self, trouble: Trouble, made: Callable[[str, str], Any] | None = None
    ) -> tuple[Told, Served, Verdict]:
        self.endpoint.troubled(trouble)
        attempts = 4 if trouble.times < FOREVER else 2
        found = Told.of(report(self.endpoint, made=made or clients(self.endpoint, NUMBER, attempts=attempts)))
        served = Served(self.endpoint.answered(), self.endpoint.asked(), self.served.jobs)
        assert not [one for one in served.asked if "#" in one[1]], "nothing is asked by a name that we made"
        return found, served, judged(self.whole, self.served, found, served)


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    with running(many(FUNCTIONS)) as endpoint:
        whole = Told.of(report(endpoint))
        yield Ground(endpoint, whole, Served(endpoint.answered(), endpoint.asked(), jobs(FUNCTIONS)))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again is tried at once."""
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda self, context: 0.0)


def test_the_planted_mistakes_are_found_and_no_others(ground: Ground) -> None:
    assert list(ground.whole.gaps) == []
    assert untrue(ground.whole.states, FUNCTIONS) == []
    assert len(ground.whole.functions) == FUNCTIONS


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(seed=1, throttled=0.2),
        Trouble(burst=(3, 40)),
        Trouble(seed=2, failing=0.05, times=2),
        Trouble(seed=3, cut=0.1, times=2),
        Trouble(seed=6, dropped=0.05, times=2),
        Trouble(seed=4, throttled=0.03, failing=0.03, cut=0.05, dropped=0.03),
    ],
    ids=["throttled", "bursts", "failing", "truncated", "dropped", "mixed"],
)
def test_what_passes_leaves_no_trace(ground: Ground, trouble: Trouble) -> None:
    found, _, verdict = ground.under(trouble)
    assert verdict.is_exact, verdict
    assert len(ground.endpoint.told()["answers"]) > 2, "there was trouble"
    assert (verdict.doubts, list(found.gaps)) == (0, [])


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(seed=5, failing=0.03, cut=0.03, dropped=0.03, times=FOREVER),
        Trouble(seed=7, throttled=0.08, times=FOREVER),
        Trouble(seed=9, denied=frozenset({"lambda:GetPolicy"}), share_denied=0.6),
        Trouble(seed=8, denied=frozenset({"*"}), share_denied=0.05),
        Trouble(denied=frozenset({"iam:GetAccountAuthorizationDetails", "iam:GetRolePolicy"})),
    ],
    ids=["never", "throttled for good", "policies denied", "of every kind", "roles one by one"],
)
def test_what_is_lost_is_told_exactly(ground: Ground, trouble: Trouble) -> None:
    _, _, verdict = ground.under(trouble)
    assert verdict.is_exact, verdict
    assert verdict.lost and verdict.doubts


def test_every_kind_of_call_may_be_denied_alone(ground: Ground) -> None:
    kinds = {name for name, _ in ground.served.answered} - {"lambda:ListFunctions"}
    made = clients(ground.endpoint, NUMBER, attempts=1)
    for kind in sorted(kinds):
        _, _, verdict = ground.under(Trouble(denied=frozenset({kind})), made)
        assert verdict.is_exact, (kind, verdict)
        assert verdict.lost, kind


def role(endpoint: Endpoint) -> Callable[[str, str], Any]:
    """The product's own clients of a role, whose credentials botocore renews."""
    base = botocore.session.Session()
    base.register_component("data_loader", LOADER)
    base.set_credentials(key_of(NUMBER), "secret")
    base.set_config_variable("endpoint_url", endpoint.url)
    settings = {"retries": {"mode": "standard", "total_max_attempts": 2}}
    sessions = Sessions(base, settings)
    assumed = sessions.assumed(f"arn:aws:iam::{NUMBER}:role/reader", "us-east-1")
    assumed.set_config_variable("endpoint_url", endpoint.url)
    return sessions.clients(assumed)


def test_credentials_that_are_renewed_half_way_make_no_difference(ground: Ground) -> None:
    found, _, verdict = ground.under(Trouble(lives=0.2, grace=600), role(ground.endpoint))
    assert verdict.is_exact, verdict
    assert list(found.gaps) == [] and ground.endpoint.told()["assumed"] > 1


@pytest.mark.parametrize("after", [30, 120])
def test_credentials_that_expire_for_good_leave_the_rest_in_doubt(ground: Ground, after: int) -> None:
    session = clients(ground.endpoint, NUMBER, session=True, attempts=2)
    found, _, verdict = ground.under(Trouble(expire_after=after), session)
    assert verdict.is_exact, verdict
    assert verdict.doubts and len(found.gaps) == 1


def test_the_judge_finds_each_kind_of_mistake(ground: Ground) -> None:
    """A report that says less, more or something else than what was lost is not exact."""
    found, served, verdict = ground.under(
        Trouble(seed=9, denied=frozenset({"lambda:GetPolicy"}), share_denied=0.6)
    )
    assert verdict.is_exact and [one["what"].split(" of ")[0] for one in found.gaps] == ["`lambda:GetPolicy`"]
    gap = found.gaps[0]
    named = [one.partition(":")[2].split(":")[0] for one in gap["about"]]
    assert len(named) > 3, "all of them are named, not the first two"

    def judge(states: dict[str, str] | None = None, gaps: list[Any] | None = None) -> Verdict:
        said = replace(
            found, states={**found.states, **(states or {})}, gaps=found.gaps if gaps is None else gaps
        )
        return judged(ground.whole, ground.served, said, served)

    free = next(name for name in ground.whole.functions if name not in named)
    assert judge({f"{named[0]} public-invoke": "not-applicable"}).others
    assert judge({f"{free} public-invoke": "undecided"}).needless == [f"{free} public-invoke"]
    assert judge({f"{named[0]} admin-role": "undecided"}).needless == [f"{named[0]} admin-role"]
    once = next(index for index, name in enumerate(named) if named.count(name) == 1)
    less = [one for index, one in enumerate(gap["about"]) if index != once]
    assert judge(gaps=[{**gap, "about": less}]).untold == [f"lambda:GetPolicy of {named[once]}"]
    assert judge(gaps=[{**gap, "about": [*gap["about"], f"function:{free}"]}]).unfounded
    assert judge(gaps=[]).needless and judge(gaps=[]).untold

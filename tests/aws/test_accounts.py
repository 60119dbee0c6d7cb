"""Several accounts and regions in one scan: what lets us in is read, of the rest it is said why it is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.aws.account import Account
from tests.aws.endpoint import running
from tests.aws.trouble import Trouble
from tests.cli.test_scan_live import FAST, OTHER, OWN, REGION, log_in, report, scan, small
from tests.cli.test_scan_live import surroundings as surroundings  # a fixture, by its name

DENIED, SUSPENDED, THIRD = "777788889999", "555566667777", "222233334444"
ROLE = "security/stockade-reader"
ONLY = ("--control", "untraced-function", "--noise", "audit")


def organization(lists: str, *accounts: Account) -> tuple[Account, ...]:
    """Accounts, of which one may list them all: two of the list are nobody to read."""
    by_number = {one.number: one for one in accounts}
    members: list[Mapping[str, Any]] = [
        {"Id": number, "State": "ACTIVE", "Status": "ACTIVE"} for number in (*by_number, DENIED)
    ]
    members.append({"Id": SUSPENDED, "State": "SUSPENDED", "Status": "SUSPENDED"})
    by_number[lists].says("organizations:ListAccounts", members)
    by_number[lists].paged(2)
    return accounts


def paths(of: Any) -> list[str]:
    return [one["path"] for one in of["inputs"]]


@pytest.mark.parametrize(
    "first", [pytest.param(OTHER, id="management account"), pytest.param(OWN, id="delegated administrator")]
)
def test_an_organisation_is_read_account_by_account(surroundings: pytest.MonkeyPatch, first: str) -> None:
    """The credentials are ``OWN``'s: it is read as it is, wherever it stands in the list."""
    accounts = {OWN: small(OWN), OTHER: small(OTHER), THIRD: small(THIRD)}
    others = [accounts[one] for one in accounts if one != first]
    with running(*organization(OWN, accounts[first], *others)) as endpoint:
        log_in(surroundings, endpoint)
        made = report("--organization", ROLE, *ONLY)
        counts = endpoint.counts
    read = [one for one in paths(made) if one.partition("/")[0] in accounts]
    assert sorted(read) == sorted(f"{one}/{REGION}" for one in accounts)
    assert {one["address"].split(":")[4] for one in made["functions"]} == set(accounts)
    told = {one["what"]: one["reason"] for one in made["gaps"]}
    assert told[f"`{SUSPENDED}`"] == "it was skipped: the account is suspended"
    assert f"role/{ROLE}` could not be assumed: AWS denies it (AccessDenied)" in told[f"`{DENIED}`"]
    assert len(told) == 2
    assert counts["organizations:ListAccounts"] == 3, "two accounts a page"
    assert counts["sts:AssumeRole"] == 3, "as nobody in the account of the credentials"


def test_an_account_that_does_not_let_us_in_is_said_once(surroundings: pytest.MonkeyPatch) -> None:
    regions = ("--region", REGION, "--region", "eu-west-1", "--region", "eu-central-1")
    own = small(OWN, regions=(REGION, "eu-west-1"))
    with running(*organization(OWN, own, small(OTHER))) as endpoint:
        log_in(surroundings, endpoint)
        made = report("--organization", ROLE, *regions, *ONLY)
        status = scan("--organization", ROLE, *regions, *ONLY, *FAST).return_value
    assert [one["path"] for one in made["inputs"] if one["path"].startswith(DENIED)] == [f"{DENIED}/{REGION}"]
    assert len([one for one in made["gaps"] if DENIED in one["what"]]) == 1
    skipped = {one["what"]: one["reason"] for one in made["gaps"] if "not enabled" in one["reason"]}
    assert set(skipped) == {
        f"`{OWN}/eu-central-1`",
        f"`{OTHER}/eu-west-1`",
        f"`{OTHER}/eu-central-1`",
    }
    assert set(skipped.values()) == {"it was skipped: the region is not enabled"}
    assert len(made["functions"]) == 3
    assert status == 1, "something fails, which says more than a gap"


def test_a_region_that_is_not_enabled_is_no_gap_that_counts(surroundings: pytest.MonkeyPatch) -> None:
    with running(small(OWN, settings={"TracingConfig": {"Mode": "Active"}})) as endpoint:
        log_in(surroundings, endpoint)
        ran = scan("--region", REGION, "--region", "eu-west-1", "--control", "deprecated-runtime", *FAST)
    assert ran.return_value == 0
    assert "eu-west-1" in ran.stdout + ran.stderr


def test_an_account_whose_credentials_expire_ends_alone(surroundings: pytest.MonkeyPatch) -> None:
    trouble = Trouble(expire_after=6)  # sessions alone, which those of assumed roles are
    with running(*organization(OWN, small(OWN), small(OTHER)), trouble=trouble) as endpoint:
        log_in(surroundings, endpoint)
        made = report("--organization", ROLE)
    assert {one["address"].split(":")[4] for one in made["functions"]} == {OWN, OTHER}, "what was read is kept"
    expired = [one for one in made["gaps"] if "no longer takes the credentials" in one["reason"]]
    assert expired and all(OTHER in one["what"] for one in expired)
    assert all("renew the credentials and scan again" in one["help"] for one in expired)


def test_credentials_that_end_between_regions_are_no_region_that_is_not_enabled(
    surroundings: pytest.MonkeyPatch,
) -> None:
    with running(small(OWN, regions=(REGION, "eu-west-1")), trouble=Trouble(expire_after=1)) as endpoint:
        log_in(surroundings, endpoint, session=True)
        made = report("--region", REGION, "--region", "eu-west-1", *ONLY)
    assert not [one for one in made["gaps"] if "not enabled" in one["reason"]]
    assert all("renew the credentials" in one["help"] for one in made["gaps"])
    assert {one["what"].rpartition("/")[2].rstrip("`") for one in made["gaps"]} == {REGION, "eu-west-1"}

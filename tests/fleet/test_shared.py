"""What the regions of an account share in one process, and what they do not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from stockade.cli.app import app
from stockade.cli.fleet.run import Run, Stopped
from stockade.cli.outside import Outside
from stockade.errors import UsageError
from stockade.fleet import work
from stockade.fleet.tasks import Asked, Task
from tests.aws.account import Account
from tests.aws.endpoint import key_of, running
from tests.aws.organization import CONTROLS, Organization

AT = "2026-02-03T04:05:06Z"
MADE = Organization(1, 6, ("eu-west-1", "us-east-1"), seed=3)
ASKED = Asked("run", "fleet", "regular", (*CONTROLS, "admin-role"), home="eu-west-1", share=1000.0)
(NUMBER,) = MADE.numbers
OTHER = "444455556666"


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No credentials but those of the account."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/none")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key_of(NUMBER))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setattr(work._OPEN, "sessions", {})
    return monkeypatch


def test_iam_is_swept_once_and_a_region_that_is_not_enabled_costs_no_other(
    surroundings: pytest.MonkeyPatch,
) -> None:
    with running(MADE) as endpoint:
        surroundings.setenv("AWS_ENDPOINT_URL", endpoint.url)
        tasks = [Task(NUMBER, region) for region in MADE.regions]
        known = work.shared(tasks[0], ASKED, AT)
        with work._account(tasks[0], ASKED):  # as while another region of the account is read
            lost = work.one(Task(NUMBER, "ap-south-1"), ASKED, known, AT)
            read = [work.one(task, ASKED, known, AT) for task in tasks]
        assert lost.count.functions == 0 and lost.count.gaps
        assert [one.count.gaps for one in read] == [0, 0]
        assert sum(one.count.functions for one in read) == sum(map(len, MADE.truth().values()))
        assert endpoint.counts["iam:GetAccountAuthorizationDetails"] == 2

        stranger = work.one(Task("999988887777", "eu-west-1"), ASKED, None, AT)
        assert (stranger.count.functions, stranger.count.gaps) == (0, 1), "another account than was meant"


def test_roles_that_ask_for_an_external_id_are_given_it(
    surroundings: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asks = Account(OTHER, external_id="stockade-4711")
    asks.region("eu-west-1").function("orders", asks.role("worker"))
    (tmp_path / "accounts.txt").write_text(f"arn:aws:iam::{OTHER}:role/reader\n")
    runs: list[Run] = []

    def carried_out(outside: Outside, run: Run, said: Mapping[str, Any]) -> None:
        runs.append(run)
        raise Stopped("as far as it was to go")

    surroundings.setattr("stockade.cli.fleet.run.carried_out", carried_out)
    surroundings.setattr(work, "_OPEN", work._Open())
    words = ["fleet", "scan", "--accounts", "accounts.txt", "--region", "eu-west-1", "--store", "runs"]
    with running(Account(NUMBER), asks) as endpoint:
        surroundings.setenv("AWS_ENDPOINT_URL", endpoint.url)
        surroundings.setenv("AWS_ACCESS_KEY_ID", key_of(NUMBER))
        for more in ([], ["--external-id", "stockade-4711"]):
            CliRunner().invoke(app, [*words, *more], obj=Outside(tmp_path, {}), catch_exceptions=False)
        found = [work.one(run.tasks[0], run.asked, None, AT) for run in runs]
    assert [(one.count.functions, one.count.gaps > 0) for one in found] == [(0, True), (1, False)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--external-id", "a b", "--organization", "r"), "not an external ID"),
        (("--external-id", "abc", "."), "not read as"),
    ],
)
def test_an_external_id_that_cannot_be_meant(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        CliRunner().invoke(
            app,
            ["fleet", "scan", *arguments],
            obj=Outside(tmp_path, {}),
            catch_exceptions=False,
            standalone_mode=False,
        )

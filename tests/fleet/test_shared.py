"""What the regions of an account share in one process, and what they do not."""

from __future__ import annotations

import pytest

from stockade.fleet import work
from stockade.fleet.tasks import Asked, Task
from tests.aws.endpoint import key_of, running
from tests.aws.organization import CONTROLS, Organization

AT = "2026-02-03T04:05:06Z"
MADE = Organization(1, 6, ("eu-west-1", "us-east-1"), seed=3)
ASKED = Asked("run", "fleet", "regular", (*CONTROLS, "admin-role"), home="eu-west-1", share=1000.0)
(NUMBER,) = MADE.numbers


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

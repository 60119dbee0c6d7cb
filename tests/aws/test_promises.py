"""What is promised of reading: code once for each hash and never whole in memory, and progress in numbers."""

from __future__ import annotations

import tracemalloc
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from stockade.cli.live import Live, inputs
from stockade.cli.outside import Outside
from stockade.read.account.packages import download
from stockade.read.account.session import Sessions, Wanted
from stockade.read.files import Unreadable
from tests.aws.account import Account
from tests.aws.endpoint import apart, running
from tests.aws.test_asked import account
from tests.cli.test_scan_live import OWN, REGION, log_in, report, small
from tests.cli.test_scan_live import surroundings as surroundings  # a fixture, by its name

LARGE = 24_000_000


def test_code_is_downloaded_once_for_each_hash(surroundings: pytest.MonkeyPatch) -> None:
    code = b"PK\x05\x06" + bytes(18)  # an archive without files
    settings = {"CodeSha256": b64encode(sha256(code).digest()).decode(), "Handler": "app.handler"}
    made = account(**{f"f{number}": {"settings": settings} for number in range(5)})
    with running(made, codes={"same.zip": code}) as endpoint:
        for number in range(5):
            whole = made.region().book.answer_of("lambda:GetFunction", FunctionName=f"f{number}")
            whole["Code"]["Location"] = f"{endpoint.url}/_code/same.zip"
        log_in(surroundings, endpoint)
        report("--packages", "--control", "dirty-package", "--noise", "audit")
        assert endpoint.told()["answers"]["/_code/same.zip"] == 1


def test_code_is_never_whole_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.zip"
    with apart(Account(), codes={"large.zip": bytes(LARGE)}) as endpoint:
        download(f"{endpoint.url}/_code/large.zip", path, LARGE)  # what is imported once is not counted
        tracemalloc.start()
        try:
            download(f"{endpoint.url}/_code/large.zip", path, LARGE)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert path.stat().st_size == LARGE
        assert peak < LARGE / 8
        with pytest.raises(Unreadable, match="more than the"):
            download(f"{endpoint.url}/_code/large.zip", path, LARGE - 1)


def test_progress_is_told_in_numbers(surroundings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said: list[tuple[int, int, str]] = []
    with running(small(regions=(REGION, "eu-west-1"))) as endpoint:
        log_in(surroundings, endpoint)
        live = Live(Wanted(regions=(REGION, "eu-west-1"), share=1), ("public-invoke",))
        read = [one.path for one in inputs(Outside(tmp_path, {}), live, lambda *told: said.append(told))]
        made = sum(endpoint.counts.values())
    assert read == [f"{OWN}/{REGION}", f"{OWN}/eu-west-1"]
    assert len(said) == made, "each call is counted"
    assert said[-1][2].startswith(f"{made} calls; ")
    assert {total for _, total, _ in said} <= {1, 2} and max(total for _, total, _ in said) == 2
    assert all(done <= total for done, total, _ in said)


def test_retries_are_adaptive_behind_the_bucket() -> None:
    import botocore.session

    session = botocore.session.Session()
    session.set_credentials("AKIAFAKE", "secret")
    made = Sessions(session).clients(session)("lambda", REGION)
    retries = made.meta.config.retries
    assert (retries["mode"], retries["total_max_attempts"]) == ("adaptive", 8)

"""Whose accounts and repositories a fleet is: what a file may say, and what it may not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from stockade.errors import UsageError
from stockade.fleet.listed import of_file, of_folder
from stockade.fleet.tasks import Task, grouped

OWN, OTHER = "111122223333", "444455556666"
REGIONS = ("eu-west-1", "us-east-1")


def listed(text: str, role: str | None = "reader", regions: Sequence[str] = REGIONS) -> list[Task]:
    return of_file(text, "accounts.txt", role, OWN, regions)


def test_lines_name_accounts_or_roles_and_maybe_regions() -> None:
    arn = f"arn:aws-cn:iam::{OTHER}:role/ops/reader"
    assert listed(f"# ours\n{OWN}\n\n{arn}  cn-north-1, cn-northwest-1  # theirs\n") == [
        Task(OWN, "eu-west-1"),
        Task(OWN, "us-east-1"),
        Task(OTHER, "cn-north-1", arn, "aws-cn"),
        Task(OTHER, "cn-northwest-1", arn, "aws-cn"),
    ]
    assert listed(OTHER)[0].role == f"arn:aws:iam::{OTHER}:role/reader"
    assert listed(f"{OTHER} eu-west-1\n{OTHER} eu-west-1\n") == [
        Task(OTHER, "eu-west-1", f"arn:aws:iam::{OTHER}:role/reader")
    ]


def test_what_organizations_prints_is_taken_without_accounts_that_are_closed() -> None:
    accounts = [
        {"Id": OWN, "State": "ACTIVE", "Status": "ACTIVE"},
        {"Id": OTHER, "Status": "SUSPENDED"},
        {"Id": "777788889999", "State": "ACTIVE"},
    ]
    found = listed(json.dumps({"Accounts": accounts}, indent=2))
    assert [one.account for one in grouped(found)[1]] == ["777788889999"] * 2
    assert {one.account for one in found} == {OWN, "777788889999"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("11112222333\n", "`accounts.txt:1`: `11112222333` is no account"),
        (f"{OWN}\n{OTHER} europe\n", "`accounts.txt:2`: `europe` is not a region"),
        ("# nothing\n", "`accounts.txt` lists no account"),
        ('{"Accounts": [\n{"Id": }]}', "`accounts.txt:2` is not JSON: Expecting value"),
        ('{"Roles": []}', "`accounts.txt` has no list `Accounts` of what has an `Id`"),
        (f"arn:aws:iam::{OTHER}:role/a\narn:aws:iam::{OTHER}:role/b\n", "is to be read as two roles"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        listed(text)
    assert said in refused.value.message and refused.value.help


def test_an_account_without_a_role_is_read_only_where_it_is_our_own() -> None:
    assert listed(OWN, role=None)[0].role == ""
    with pytest.raises(UsageError, match="nothing says as which role"):
        listed(OTHER, role=None)


def test_repositories_are_what_has_git_and_directories_without_any(tmp_path: Path) -> None:
    for one in ("pay/.git", "team/ship/.git", "team/ship/vendor/.git", "plain/infra", ".cache/x/.git"):
        (tmp_path / one).mkdir(parents=True)
    assert [one.name for one in of_folder(tmp_path, "repos")] == ["pay", "plain", "team/ship"]
    assert of_folder(tmp_path, "repos")[2].folder == Path("repository=team%2Fship")
    with pytest.raises(UsageError, match="there is no repository in `repos`"):
        of_folder(tmp_path / "plain" / "infra", "repos")

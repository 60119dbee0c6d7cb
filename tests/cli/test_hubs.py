"""What a repository is called in findings for security hubs."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.cli.hubs import source_of
from stockade.cli.outside import Outside

WANTED = "git.example.org/team/infra"


@pytest.mark.parametrize(
    "url",
    [
        "https://git.example.org/team/infra.git",
        "https://user:s3cret@git.example.org/Team/infra",
        "git@git.example.org:team/infra.git",
        "ssh://git@git.example.org:22/team/infra.git",
        '"https://git.example.org/team/infra"',
    ],
)
def test_all_ways_to_write_an_address_are_one_and_no_password_is_kept(tmp_path: Path, url: str) -> None:
    (tmp_path / ".git").mkdir()
    text = f'[core]\n\tbare = false\n[remote "fork"]\n\turl = x@y:z\n[remote "origin"]\n\turl = {url}\n'
    (tmp_path / ".git" / "config").write_text(text)
    (tmp_path / "infra").mkdir()
    assert source_of(Outside(tmp_path, {}), [Path("infra")]) == WANTED


def test_a_worktree_is_of_the_same_repository(tmp_path: Path) -> None:
    git = tmp_path / "main" / ".git"
    own = git / "worktrees" / "w"
    own.mkdir(parents=True)
    (git / "config").write_text('[remote "origin"]\n\turl = git@git.example.org:team/infra.git\n')
    (own / "commondir").write_text("../..\n")
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / ".git").write_text(f"gitdir: {own}\n")
    assert source_of(Outside(tmp_path / "w", {}), [Path()]) == WANTED


def test_without_an_origin_the_directory_has_a_name(tmp_path: Path) -> None:
    (tmp_path / "infra" / ".git").mkdir(parents=True)
    assert source_of(Outside(tmp_path / "infra", {}), [Path()]) == "infra"

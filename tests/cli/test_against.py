"""What another revision had already, of repositories friendly and hostile; and ``stockade baseline``."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from stockade.cli import main
from stockade.cli.revision import laid_out
from stockade.errors import UsageError

FUNCTION = """
resource "aws_lambda_function" "{name}" {{
  function_name                  = "{name}"
  role                           = "arn:aws:iam::111122223333:role/{name}"
  runtime                        = "{runtime}"
  handler                        = "app.handler"
  filename                       = "app.zip"
  reserved_concurrent_executions = 1
}}
"""


def git(where: Path, *arguments: str, data: bytes = b"") -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-C", str(where), *arguments]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode().strip()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit, in which one function has an old runtime."""
    top = tmp_path / "repository"
    (top / "infra").mkdir(parents=True)
    git(top, "init", "-q", "-b", "main")
    (top / "infra" / "main.tf").write_text(FUNCTION.format(name="old", runtime="python3.7"))
    commit(top)
    monkeypatch.chdir(top)
    return top


def commit(top: Path) -> None:
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "x")


def scanned(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    status = main(["scan", "--format", "json", "--control", "deprecated-runtime", *arguments])
    printed = capsys.readouterr()
    assert status in (0, 1), printed.err
    return status, json.loads(printed.out)


def new(report: dict[str, Any]) -> list[str]:
    return [one["address"] for one in report["findings"] if one["suppressed"] is None]


def test_only_what_the_change_brings_counts(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = repository / "infra" / "main.tf"
    moved = "# a comment\n\n" + file.read_text()
    file.write_text(moved + FUNCTION.format(name="new", runtime="python3.7"))
    status, report = scanned(capsys, "infra", "--diff-against", "HEAD")
    assert status == 1
    assert new(report) == ["aws_lambda_function.new"]
    assert [one["suppressed"] for one in report["findings"] if one["suppressed"]] == ["at `HEAD` already"]
    assert report["baseline"]["revision"] == "HEAD"
    file.write_text(moved)
    assert scanned(capsys, "infra", "--diff-against", "main")[0] == 0


def test_it_works_from_anywhere(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = repository / "infra" / "main.tf"
    file.write_text(file.read_text() + FUNCTION.format(name="new", runtime="python3.7"))
    for here, path in ((repository / "infra", "."), (tmp_path, "repository"), (tmp_path, str(file))):
        monkeypatch.chdir(here)
        assert new(scanned(capsys, path, "--diff-against", "HEAD")[1]) == ["aws_lambda_function.new"]


def test_a_directory_that_is_new_is_all_new(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "more").mkdir()
    (repository / "more" / "main.tf").write_text(FUNCTION.format(name="more", runtime="python3.7"))
    _, report = scanned(capsys, "infra", "more", "--diff-against", "HEAD")
    assert new(report) == ["aws_lambda_function.more"]
    _, report = scanned(capsys, "more", "--diff-against", "HEAD")
    assert new(report) == ["aws_lambda_function.more"]


def test_what_is_gone_is_counted(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "infra" / "main.tf").write_text(FUNCTION.format(name="old", runtime="python3.14"))
    status, report = scanned(capsys, "--diff-against", "HEAD")
    assert (status, report["baseline"]["gone"]) == (0, 1)


def test_variable_files_are_those_of_the_revision(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = FUNCTION.format(name="old", runtime="RUNTIME").replace('"RUNTIME"', "var.runtime")
    (repository / "infra" / "main.tf").write_text(text + 'variable "runtime" {}\n')
    (repository / "prod.tfvars").write_text('runtime = "python3.14"\n')
    commit(repository)
    (repository / "prod.tfvars").write_text('runtime = "python3.7"\n')
    _, report = scanned(capsys, "infra", "--var-file", "prod.tfvars", "--diff-against", "HEAD")
    assert new(report) == ["aws_lambda_function.old"]


def test_an_accept_that_goes_brings_its_finding_back(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "stockade.toml").write_text(
        '[[accept]]\ncontrol = "deprecated-runtime"\nreason = "it is switched off next week"\n'
    )
    commit(repository)
    assert new(scanned(capsys, "--diff-against", "HEAD")[1]) == []
    (repository / "stockade.toml").unlink()
    _, report = scanned(capsys, "--diff-against", "HEAD")
    assert new(report) == []  # it is asked of both alike: without the accept it was there before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--diff-against", "nope"), "git knows no revision `nope` here"),
        (("--diff-against", "--output=x"), "git knows no revision `--output=x` here"),
        (
            ("--diff-against", "HEAD", "--baseline", "x"),
            "`--baseline` and `--diff-against` both say what is known",
        ),
    ],
)
def test_wrong_revisions_are_told(
    repository: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert main(["scan", *arguments]) == 2
    assert message in capsys.readouterr().err
    assert not (repository / "x").exists()


def test_without_a_repository_there_are_no_revisions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "main.tf").write_text(FUNCTION.format(name="a", runtime="python3.7"))
    monkeypatch.chdir(tmp_path)
    assert main(["scan", "--diff-against", "HEAD"]) == 2
    assert "in no git repository" in capsys.readouterr().err


def test_nothing_that_the_repository_configures_is_run(repository: Path, tmp_path: Path) -> None:
    """Git itself runs these when it checks out, compares or archives."""
    canary = tmp_path / "canary"
    evil = f"touch {canary}; cat"
    (repository / ".gitattributes").write_text("*.tf filter=evil diff=evil export-subst\n")
    commit(repository)
    for key in (
        "filter.evil.smudge",
        "filter.evil.process",
        "diff.evil.textconv",
        "core.fsmonitor",
        "core.pager",
    ):
        git(repository, "config", key, evil)
    hook = repository / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {canary}\n")
    hook.chmod(0o755)
    with laid_out(repository, "HEAD", os.environ) as (_, to):
        assert (to / "infra" / "main.tf").read_bytes() == (repository / "infra" / "main.tf").read_bytes()
    assert not canary.exists()


def _tree(top: Path, *entries: tuple[str, str, str]) -> str:
    """A tree with entries that git itself would not write."""
    data = b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(key) for mode, name, key in entries)
    return git(top, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", data=data)


def test_a_crafted_tree_writes_nothing_outside(repository: Path, tmp_path: Path) -> None:
    blob = git(repository, "hash-object", "-w", "--stdin", data=b"evil")
    link = git(repository, "hash-object", "-w", "--stdin", data=str(tmp_path).encode())
    inner = _tree(repository, ("100644", "escaped", blob))
    tree = _tree(
        repository,
        ("40000", "..", inner),
        ("40000", ".git", inner),
        ("120000", "a", link),
        ("40000", "a", inner),
        ("160000", "module", "1" * 40),
        ("100644", "fine", blob),
    )
    made = git(repository, "commit-tree", tree, "-m", "evil")
    with laid_out(repository, made, os.environ) as (_, to):
        assert (to / "fine").read_bytes() == b"evil"
        assert not any((to / ".git").iterdir())
        assert (to / "a").is_dir() and not (to / "a").is_symlink()
    assert not (tmp_path / "escaped").exists() and not (to.parent / "escaped").exists()
    assert not to.exists()


def test_a_link_out_of_the_repository_is_not_followed(
    repository: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "secret.tf").write_text(FUNCTION.format(name="outside", runtime="python3.7"))
    (repository / "infra" / "link.tf").symlink_to(tmp_path / "secret.tf")
    commit(repository)
    assert main(["scan", "--diff-against", "HEAD", "--format", "json"]) in (1, 3)
    assert "aws_lambda_function.outside" not in capsys.readouterr().out


def test_an_object_that_is_not_there_is_told(repository: Path) -> None:
    key = git(repository, "rev-parse", "HEAD:infra/main.tf")
    (repository / ".git" / "objects" / key[:2] / key[2:]).unlink()
    with pytest.raises(UsageError, match="git has no object"), laid_out(repository, "HEAD", os.environ):
        pass


# --------------------------------------------------------------------------------------- baselines


def test_a_baseline_is_kept_and_known(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["baseline", "infra"]) == 0
    said = capsys.readouterr()
    assert said.out == "" and "kept in `stockade-baseline.json`" in said.err
    assert scanned(capsys, "infra", "--baseline", "stockade-baseline.json")[0] == 0
    file = repository / "infra" / "main.tf"
    file.write_text(file.read_text() + FUNCTION.format(name="new", runtime="python3.7"))
    status, report = scanned(capsys, "infra", "--baseline", "stockade-baseline.json")
    assert (status, new(report)) == (1, ["aws_lambda_function.new"])


def test_the_configured_baseline_is_made_anew(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "stockade.toml").write_text('baseline = "known.json"\n')
    assert main(["baseline"]) == 0
    assert "`known.json`" in capsys.readouterr().err
    assert scanned(capsys)[0] == 0
    assert main(["baseline", "--output", "other.json"]) == 0
    assert (repository / "other.json").read_bytes()[:10] == (repository / "known.json").read_bytes()[:10]

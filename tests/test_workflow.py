"""What the repository offers to other people's pipelines does what it says: each is run as they run it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]

BAD = """
resource "aws_lambda_function" "bad" {
  function_name = "bad"
  role          = "arn:aws:iam::111122223333:role/bad"
  runtime       = "python3.7"
  handler       = "app.handler"
  filename      = "app.zip"
}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with one bad function, and `stockade` as pipelines find it."""
    top = tmp_path / "project with blanks"
    (top / "infra").mkdir(parents=True)
    (top / "infra" / "main.tf").write_text(BAD)
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "x")):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-C", str(top), *arguments]
        subprocess.run(command, check=True)
    home = tmp_path / "temp" / "stockade" / "bin"
    home.mkdir(parents=True)
    script = home / "stockade"
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT / "src"}" exec "{sys.executable}" -m stockade "$@"\n')
    script.chmod(0o755)
    return top


def bash(script: str, where: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": f"{where.parent / 'temp' / 'stockade' / 'bin'}:{os.environ['PATH']}",
        "HOME": str(where.parent),
        "RUNNER_TEMP": str(where.parent / "temp"),
        "GITHUB_STEP_SUMMARY": str(where.parent / "summary.md"),
        "GITHUB_OUTPUT": str(where.parent / "output"),
        **variables,
    }
    return subprocess.run(
        ["bash", "-c", script], cwd=where, env=environment, capture_output=True, text=True, check=False
    )


# ---------------------------------------------------------------------------------------------- GitHub


def action() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
    return read


def step(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in action()["runs"]["steps"] if one["name"] == name)
    return found


def scan(project: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The action's scan, with inputs as GitHub hands them in."""
    given = {name: one["default"] for name, one in action()["inputs"].items()} | inputs
    variables = {}
    for name, value in step("Scan")["env"].items():
        key = value.removeprefix("${{ inputs.").removesuffix(" }}")
        variables[name] = given[key]
    return bash(step("Scan")["run"], project, **variables)


def test_the_action_scans_and_reports(project: Path) -> None:
    done = scan(project, path="infra")
    assert done.returncode == 1, done.stderr
    assert "deprecated-runtime" in done.stdout
    log = json.loads((project / "stockade.sarif").read_text())
    assert any(one["ruleId"] == "deprecated-runtime" for one in log["runs"][0]["results"])
    assert "### Stockade: 1 of 1 function fails" in (project.parent / "summary.md").read_text()
    assert (project.parent / "output").read_text() == "status=1\nsarif=stockade.sarif\n"


def test_the_action_counts_what_is_new(project: Path) -> None:
    arguments = "--control deprecated-runtime"
    options = {"path": "infra", "diff-against": "HEAD", "sarif": "", "arguments": arguments}
    assert scan(project, **options).returncode == 0
    with (project / "infra" / "main.tf").open("a") as file:
        file.write(BAD.replace('"bad"', '"worse"'))
    assert scan(project, **options).returncode == 1
    assert not (project / "stockade.sarif").exists()


def test_what_a_caller_writes_is_never_run(project: Path) -> None:
    evil = '$(touch canary)`touch canary`"; touch canary; "'
    done = scan(project, path=evil, arguments=evil, sarif=f"{evil}.sarif", **{"diff-against": evil})
    assert done.returncode == 2
    assert not (project / "canary").exists()
    assert "${{" not in step("Scan")["run"] + step("Install Stockade")["run"]


def test_the_action_uses_no_other_action() -> None:
    assert all("uses" not in one for one in action()["runs"]["steps"])


@pytest.mark.skipif(not os.environ.get("CI"), reason="installs from the package registry: only in CI")
def test_the_action_installs_itself(project: Path) -> None:
    shutil.rmtree(project.parent / "temp")
    (project.parent / "temp").mkdir()
    kept = {
        name: value for name, value in os.environ.items() if name.lower().startswith(("pip_", "http", "ssl"))
    }
    config = Path("~/.config/pip").expanduser(), Path("~/.pip").expanduser()
    home = {"HOME": os.environ["HOME"]} if any(one.exists() for one in config) else {}
    done = bash(
        step("Install Stockade")["run"],
        project,
        **{"ACTION": str(ROOT), "PYTHON": sys.executable} | kept | home,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("stockade ")


# ---------------------------------------------------------------------------------------------- GitLab


def job() -> tuple[dict[str, str], str]:
    """The template's variables, and its script as GitLab runs it: a shell, line by line."""
    read = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text())
    return read["variables"], "set -eu\n" + "\n".join(read["stockade"]["script"])


def test_the_gitlab_job_scans_and_reports(project: Path) -> None:
    variables, script = job()
    done = bash(script, project, **variables | {"STOCKADE_PATH": "infra"})
    assert done.returncode == 1, done.stderr
    rows = json.loads((project / "gl-code-quality-report.json").read_text())
    assert any(one["check_name"] == "deprecated-runtime" for one in rows)
    assert (project / "stockade-junit.xml").read_text().startswith("<?xml")


def test_the_gitlab_job_counts_what_a_merge_request_brings(project: Path) -> None:
    variables, script = job()
    base = subprocess.run(
        ["git", "-C", str(project), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    )
    more = {
        "STOCKADE_PATH": "infra",
        "STOCKADE_ARGUMENTS": "--control deprecated-runtime",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base.stdout.strip(),
    }
    assert bash(script, project, **variables | more).returncode == 0


def test_the_gitlab_job_keeps_what_it_says() -> None:
    read = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text())
    script = "\n".join(read["stockade"]["script"])
    for file in read["stockade"]["artifacts"]["reports"].values():
        assert f"={file}" in script
    from stockade import __version__

    assert read["variables"]["STOCKADE_VERSION"] == __version__


# ------------------------------------------------------------------------------------------ pre-commit


def test_pre_commit_takes_the_hooks() -> None:
    from pre_commit.clientlib import load_manifest

    hooks = load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))
    assert [one["id"] for one in hooks] == ["stockade", "stockade-new"]


@pytest.mark.parametrize(("hook", "status"), [("stockade", 1), ("stockade-new", 0)])
def test_the_hooks_run(project: Path, hook: str, status: int) -> None:
    """Pre-commit runs the entry with the arguments of the configuration behind it."""
    hooks = {one["id"]: one for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert not hooks[hook]["pass_filenames"]
    done = bash(f"{hooks[hook]['entry']} --control deprecated-runtime", project)
    assert done.returncode == status, done.stderr

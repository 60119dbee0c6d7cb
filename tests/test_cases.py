"""Every control answers its literate cases, its page's examples and its own fixes."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from stockade.control import Fails, Noise
from tests.case_patches import laid_out, patch_complaint
from tests.cases_harness import (
    CASES,
    EXPLAINED,
    LIVE,
    Case,
    all_controls,
    complaint,
    examples,
    fix_complaint,
    load,
    read,
    report,
)
from tests.terraform.plan import TERRAFORM

ALL = load()


def _name(case: Case) -> str:
    return f"{case.control}: {case.title}"


@pytest.mark.parametrize("case", ALL, ids=_name)
def test_case(case: Case, tmp_path: Path) -> None:
    problem = complaint(case, read(case, tmp_path))
    if problem is not None:
        pytest.fail(problem, pytrace=False)


@pytest.mark.parametrize("case", [case for case in ALL if "fails" in case.verdicts], ids=_name)
def test_fixes(case: Case, tmp_path: Path) -> None:
    from stockade.fix.rehearse import rehearse

    problem = fix_complaint(case, read(case, tmp_path), rehearse)
    if problem is not None:
        pytest.fail(problem, pytrace=False)


@pytest.mark.parametrize("case", [case for case in ALL if "fails" in case.verdicts], ids=_name)
def test_fixes_as_they_are_written(case: Case, tmp_path: Path, written: Path) -> None:
    problem = patch_complaint(case, tmp_path)
    if problem is not None:
        pytest.fail(problem, pytrace=False)
    if case.kind == "terraform":
        number = str(ALL.index(case))
        laid_out(case, written / "old" / number)
        shutil.copytree(tmp_path, written / "new" / number)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the cases' files are kept, as they were and as they are fixed."""
    return tmp_path_factory.mktemp("written")


@pytest.mark.skipif(not TERRAFORM, reason="needs Terraform: set STOCKADE_TERRAFORM (see CONTRIBUTING.md)")
def test_what_was_formatted_is_so_when_it_is_fixed(written: Path) -> None:
    """Over all files that the tests before this one fixed, in one run of ``terraform fmt``."""
    if not (written / "new").is_dir():
        pytest.skip("nothing was fixed before this")
    old, new = (unformatted(written / name) for name in ("old", "new"))
    assert {ALL[int(path.partition("/")[0])].title: path for path in new - old} == {}


def unformatted(directory: Path) -> set[str]:
    """The files that ``terraform fmt`` would change."""
    command = [str(TERRAFORM), "fmt", "-check", "-recursive", "-list=true", "-write=false"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(directory), "TF_CLI_CONFIG_FILE": os.devnull}
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode in (0, 3), done.stderr
    return set(done.stdout.splitlines())


@pytest.mark.parametrize("name", all_controls())
def test_page_has_its_sections_and_its_examples_are_true(name: str, tmp_path: Path) -> None:
    control = all_controls()[name]
    headings = [line for line in control.page.splitlines() if line.startswith("## ")]
    assert headings == ["## Why it matters", "## What it does not see", "## Fix", "## Example"]
    assert control.page.splitlines()[1] == "", "the summary is one line"
    if name in LIVE:
        return  # its example is a command
    noise = max(Noise.REGULAR, control.noise)
    bad, *good = examples(control)
    assert good, "the page shows what to use instead"
    failing = report(read(bad, tmp_path / "bad"), noise, only=[name]).findings
    assert any(isinstance(one.outcome, Fails) for one in failing), "the first example fails"
    for index, case in enumerate(good):
        reading = read(case, tmp_path / str(index))
        made = report(reading, noise, only=[name])
        assert not made.findings, f"{case.title} is what to use instead"
        assert not made.gaps


def test_every_control_has_a_case_file_and_every_case_file_a_control() -> None:
    assert sorted(path.stem for path in CASES.glob("*.md")) == sorted(all_controls())


@pytest.mark.parametrize("name", sorted(all_controls().keys() - LIVE))
def test_every_control_has_cases_of_each_kind(name: str) -> None:
    cases: Sequence[Case] = [case for case in ALL if case.control == name]
    for kinds in (("terraform",), ("cloudformation", "sam")):
        met = {verdict for case in cases if case.kind in kinds for verdict in case.verdicts}
        wanted = {"fails", "silent", "undecided"}
        if name in EXPLAINED and kinds[0] != "terraform":
            wanted = {"fails", "silent"}
        assert wanted <= met, kinds
    assert {case.kind for case in cases} == {"terraform", "cloudformation", "sam"}
    assert len(cases) >= 8
    titles = [case.title for case in cases]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("name", sorted(all_controls().keys() - LIVE))
def test_what_a_control_proposes_is_written_down_once_at_least(name: str) -> None:
    cases = [case for case in ALL if case.control == name]
    assert any(case.fix is not None or case.diffs is not None for case in cases)

"""A plan read by us says what its configuration does, wherever the plan knows; beside it, all of that.

What Terraform plans of the projects and of an example is read three ways: the configuration, the plan
beside its configuration, and the plan alone.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from stockade.cli.app import app
from stockade.cli.outside import Outside
from stockade.model.relate import meant
from stockade.read import terraform as configuration
from stockade.read.files import Tree
from stockade.read.plan.reader import read
from stockade.read.resource import Reading
from stockade.value import Known, Unknown, Value, Written, shape_of
from tests.terraform.plan import PROVIDER, init, needs_terraform, terraform
from tests.terraform.test_examples import OFFLINE, copied
from tests.terraform.test_plan import HERE, PROJECTS


@dataclass(frozen=True, slots=True)
class Three:
    """One configuration read by itself, and its plan with and without it."""

    directory: Path
    written: Reading
    beside: Reading
    alone: Reading


def planned(directory: Path) -> Path:
    """Plan a directory; the plan as Terraform shows it, in a directory of its own."""
    init(directory)
    terraform(directory, "plan", "-no-color", "-input=false", "-out=p.bin")
    shown = terraform(directory, "show", "-json", "p.bin")
    (directory / "p.bin").unlink()
    alone = directory.parent / "alone"
    alone.mkdir()
    (alone / "plan.json").write_text(shown)
    (directory / "plan.json").write_text(shown)
    return alone


def three(directory: Path) -> Three:
    alone = planned(directory)
    written = configuration.read(
        directory, Tree(directory), variables={}, variable_files=(), environment={"TF_WORKSPACE": "default"}
    )
    return Three(
        directory,
        written,
        read(directory / "plan.json", Tree(directory)),
        read(alone / "plan.json", Tree(alone)),
    )


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Three:
    directory = tmp_path_factory.mktemp("planned") / "projects"
    directory.mkdir()
    calls = [f'module "{name}" {{\n  source = "./projects/{name}"\n}}\n' for name in PROJECTS]
    (directory / "main.tf").write_text("\n".join([PROVIDER, *calls]))
    shutil.copytree(HERE / "projects", directory / "projects")
    return three(directory)


def wanted(found: Reading) -> dict[str, Mapping[str, Value[Any]]]:
    """The attributes of managed resources of AWS; what computes only in Terraform is compared elsewhere."""
    return {one.address: one.attributes for one in found.resources if one.type.startswith("aws_")}


def disagreeing(ours: Value[Any], theirs: Value[Any], where: str) -> Iterator[str]:
    """Where two values say different things; not knowing is no disagreement."""
    match ours, theirs:
        case (Unknown(), _) | (_, Unknown()):
            return
        case Known(dict() as mine), Known(dict() as its):
            for name in mine.keys() & its.keys():
                yield from disagreeing(mine[name], its[name], f"{where}.{name}")
        case Known(dict()), Known(tuple()):  # one block, in the JSON syntax
            yield from disagreeing(Known((ours,), ours.origin), theirs, where)
        case Known(tuple() as mine), Known(tuple() as its):
            # Sets come in the plan's own order: each element must agree with one on the other side.
            for index, one in enumerate(mine):
                if len(mine) == len(its) and all(any(disagreeing(one, other, where)) for other in its):
                    yield f"{where}[{index}]: {one!r} is not among {its!r}"
        case Known(mine), Known(its):
            if _text(mine) != _text(its):
                yield f"{where}: {mine!r}, but {its!r}"


def _text(value: Any) -> Any:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    try:
        return json.loads(text) if text.startswith(("{", "[")) else text
    except ValueError:
        return text


@needs_terraform
def test_the_same_resources(projects: Three) -> None:
    assert wanted(projects.beside).keys() == wanted(projects.written).keys() == wanted(projects.alone).keys()
    assert (projects.beside.gaps, projects.alone.gaps) == ((), ())


@needs_terraform
def test_beside_its_configuration_a_plan_says_the_same(projects: Three) -> None:
    """And as much: what only an expression tells, such as what stands behind an ARN, is told."""
    wrong: list[str] = []
    for address, written in wanted(projects.written).items():
        found = wanted(projects.beside)[address]
        for name, value in written.items():
            if isinstance(value, Known) and value.value in (None, ()):
                continue  # what is null or empty is not there in a plan
            if name not in found:
                wrong.append(f"{address}.{name} is missing")
                continue
            wrong += disagreeing(value, found[name], f"{address}.{name}")
            if isinstance(value, Unknown) and isinstance(found[name], Unknown):
                if shape_of(value) != shape_of(found[name]) and value.text is not None:
                    wrong.append(f"{address}.{name}: {found[name]!r} is not {value!r}")
    assert wrong == []


@needs_terraform
def test_alone_a_plan_never_says_otherwise(projects: Three) -> None:
    wrong = [
        line
        for address, written in wanted(projects.written).items()
        for name, value in written.items()
        if name in wanted(projects.alone)[address]
        and not (isinstance(value, Known) and value.value in (None, ()))
        for line in disagreeing(value, wanted(projects.alone)[address][name], f"{address}.{name}")
    ]
    assert wrong == []


@needs_terraform
def test_alone_a_plan_relates_what_the_configuration_does(projects: Three) -> None:
    """Wherever an argument is plainly a reference, the plan's names lead to the same resource."""
    wrong: list[str] = []
    seen = 0
    for address, written in wanted(projects.written).items():
        for name, value in written.items():
            found = wanted(projects.alone)[address].get(name)
            if isinstance(value, Unknown) and value.ref is not None and found is not None:
                seen += 1
                ref = meant(found)
                if ref is not None and ref.address != value.ref.address:
                    wrong.append(f"{address}.{name}: {ref.address}, not {value.ref.address}")
    assert wrong == []
    assert seen > 10


@needs_terraform
def test_places_lead_into_the_configuration(projects: Three) -> None:
    for one in projects.beside.resources:
        for value in one.attributes.values():
            assert "plan.json" not in str(value.origin), one.address


# -------------------------------------------------------------------------------------- verdicts


def verdicts(path: Path) -> dict[tuple[str, str], str]:
    outside = Outside(path.parent, {"SOURCE_DATE_EPOCH": "1793491200"})
    arguments = ["scan", str(path), "--noise", "audit", "--format", "json", "--fail-on", "never"]
    report = json.loads(CliRunner().invoke(app, arguments, obj=outside, catch_exceptions=False).stdout)
    assert report["gaps"] == []
    return {
        (function["address"], name): state
        for function in report["functions"]
        for name, state in function["checklist"].items()
    }


@pytest.fixture(scope="module", params=["checklist-before", "checklist-after"])
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    directory = tmp_path_factory.mktemp("example")
    copy = copied(request.param, directory)
    (copy / "offline_override.tf").write_text(
        OFFLINE + (ACCOUNT if request.param == "checklist-before" else "")
    )
    planned(copy)
    shutil.copytree(copy, directory / "written", ignore=shutil.ignore_patterns(".terraform*", "plan.json"))
    return request.param, directory


# The example asks AWS for its account, which is known only with credentials.
ACCOUNT = """
data "aws_caller_identity" "current" {
  count = 0
}

locals {
  account = "111122223333"
}
"""


@needs_terraform
def test_an_example_has_the_verdicts_of_its_configuration(example: tuple[str, Path]) -> None:
    name, directory = example
    assert verdicts(directory / name / "plan.json") == verdicts(directory / "written")


@needs_terraform
def test_an_examples_plan_alone_says_less_and_nothing_else(example: tuple[str, Path]) -> None:
    """An answer without the configuration is the same one, or that it is not known."""
    _, directory = example
    written, alone = verdicts(directory / "written"), verdicts(directory / "alone" / "plan.json")
    assert written.keys() == alone.keys()
    changed = {
        (key[1], written[key], alone[key])
        for key in written
        if alone[key] != written[key] and alone[key] not in ("undecided", "accepted")
    }
    assert changed <= {
        # Whether an environment that is not known holds secrets is asked of it once, by `plaintext-secret`.
        ("default-key-environment", "holds", "not-applicable"),
        # What an environment that is not known connects to is not asked.
        ("misplaced-vpc", "fails", "holds"),
        ("misplaced-vpc", "holds", "not-applicable"),
    }


@needs_terraform
def test_nothing_secret_is_in_a_place_of_the_plan_itself(example: tuple[str, Path]) -> None:
    _, directory = example
    path = directory / "alone" / "plan.json"
    assert b"arn:aws" in path.read_bytes()
    for one in read(path, Tree(directory / "alone")).resources:
        assert isinstance(one.origin, Written)
        assert b"arn:aws" not in one.origin.span.source.data

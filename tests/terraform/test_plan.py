"""What we read from a configuration is what ``terraform plan`` would make of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from stockade.read.files import Tree
from stockade.read.resource import Reading, Resource
from stockade.read.terraform import read
from tests.terraform.plan import (
    PROVIDER,
    UNKNOWN,
    Planned,
    argument_differences,
    differences,
    needs_terraform,
    plain,
    plan,
)

HERE = Path(__file__).parent
PROJECTS = sorted(path.name for path in (HERE / "projects").iterdir())


@dataclass(frozen=True, slots=True)
class Both:
    """One configuration, read by us and planned by Terraform."""

    reading: Reading
    planned: Mapping[str, Planned]

    def resources(self, below: str = "") -> dict[str, Resource]:
        return {r.address: r for r in self.reading.resources if r.address.startswith(below)}


def read_and_plan(
    directory: Path,
    *options: str,
    variables: Mapping[str, str] | None = None,
    files: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
) -> Both:
    reading = read(
        directory,
        Tree(directory),
        variables=variables or {},
        variable_files=files,
        environment=environment or {},
    )
    return Both(reading, plan(directory, *options, environment=environment))


def compare(both: Both, below: str = "") -> None:
    ours = both.resources(below)
    theirs = {address: planned for address, planned in both.planned.items() if address.startswith(below)}
    assert theirs, "the plan has nothing to compare with"
    assert sorted(ours) == sorted(theirs)
    found = [line for address, resource in ours.items() for line in wrong(resource, theirs[address])]
    assert not found, "\n" + "\n".join(found)


def wrong(resource: Resource, planned: Planned) -> Iterator[str]:
    assert resource.type == planned.type
    held = differences if resource.type == "terraform_data" else argument_differences
    for name, value in resource.attributes.items():
        yield from held(plain(value), planned.attributes.get(name), f"{resource.address}.{name}")


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """All projects as modules of one root, so that the provider starts once."""
    directory = tmp_path_factory.mktemp("projects")
    calls = [f'module "{name}" {{\n  source = "./projects/{name}"\n}}\n' for name in PROJECTS]
    (directory / "main.tf").write_text("\n".join([PROVIDER, *calls]))
    shutil.copytree(HERE / "projects", directory / "projects")
    return read_and_plan(directory)


@needs_terraform
@pytest.mark.parametrize("name", PROJECTS)
def test_project(projects: Both, name: str) -> None:
    compare(projects, f"module.{name}.")


@needs_terraform
def test_nothing_is_a_gap(projects: Both) -> None:
    assert projects.reading.gaps == ()


@needs_terraform
def test_the_oracle_knows_and_does_not_know(projects: Both) -> None:
    """The comparison would be empty if every value were one or the other."""
    spread = projects.planned["module.unknowns.terraform_data.spread"].attributes["input"]
    assert spread["known"] == "here"
    assert spread["text"] is UNKNOWN


@needs_terraform
def test_inputs(tmp_path: Path) -> None:
    directory = tmp_path / "inputs"
    shutil.copytree(HERE / "roots" / "inputs", directory)
    options = {
        "by_option": "-var",
        "typed_list": '["a", 1, true]',
        "typed_map": '{ x = { memory = "5" }, y = { memory = 6, on = false } }',
        "text_like_number": "007",
    }
    both = read_and_plan(
        directory,
        "-var-file=given.tfvars",
        *(f"-var={name}={value}" for name, value in options.items()),
        variables=options,
        files=[directory / "given.tfvars"],
        environment={
            "TF_VAR_by_environment": "TF_VAR",
            "TF_VAR_by_tfvars": "TF_VAR",
            "TF_VAR_untyped": "[1, 2]",
            "TF_VAR_number_as_text": "1.50",
            "TF_VAR_undeclared": "ignored",
            "TF_WORKSPACE": "default",
        },
    )
    compare(both)


@needs_terraform
def test_providers(tmp_path: Path) -> None:
    directory = tmp_path / "providers"
    shutil.copytree(HERE / "roots" / "providers", directory)
    both = read_and_plan(directory)
    compare(both)
    regions = {address: plain(r.region) for address, r in both.resources().items() if r.region}
    assert regions["aws_sqs_queue.tagged"] == "eu-central-1"
    assert regions["aws_sqs_queue.edge"] == "us-east-1"
    assert regions["module.here.aws_sqs_queue.this"] == "eu-central-1"
    assert regions["module.edge.aws_sqs_queue.this"] == "us-east-1"

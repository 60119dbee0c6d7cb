"""What programs in Python are installed with from beside themselves by a path: found, or told, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.needs.enrich import enriched
from stockade.read.inputs import Options, read_all

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: functions/orders}
"""
APP = """
from shared_lib.store import save


def handler(event, context):
    save(event)
"""
STORE = """
import boto3

table = boto3.resource("dynamodb").Table("orders")


def save(item):
    table.put_item(Item=item)
"""
LIB = {
    "libs/shared/pyproject.toml": '[project]\nname = "shared-lib"\nversion = "1"\n',
    "libs/shared/src/shared_lib/__init__.py": "",
    "libs/shared/src/shared_lib/store.py": STORE,
}
FLAT = {
    "libs/shared/setup.py": "from setuptools import setup\nsetup(name='shared_lib')\n",
    "libs/shared/shared_lib/__init__.py": "",
    "libs/shared/shared_lib/store.py": STORE,
}
REQUIREMENTS = "functions/orders/requirements.txt"
PROJECT = "functions/orders/pyproject.toml"


def called(folder: Path, files: dict[str, str], at: Path | None = None) -> tuple[set[str], list[str]]:
    """The actions that the one function's source calls, and what was not followed."""
    for name, text in {"template.yaml": TEMPLATE, "functions/orders/app.py": APP, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    place = at or folder
    (found,) = read_all([place], Options(place, {}, (), {}), lambda *_: None)
    (needs,) = enriched(found.world).needs
    learned = needs.learned
    told = [f"{one.what}: {one.reason}" for one in learned.open if one.where == "call"]
    return {one.action for one in learned.needed if one.action.startswith("dynamodb:")}, told


@pytest.mark.parametrize("lib", [LIB, FLAT], ids=["src", "flat"])
@pytest.mark.parametrize(
    "declared",
    [
        {REQUIREMENTS: "requests==2.32.0\n-e ../../libs/shared\n"},
        {REQUIREMENTS: "../../libs/shared[extra] ; python_version > '3'\n"},
        {REQUIREMENTS: "shared_lib @ file:../../libs/shared  # ours\n"},
        {PROJECT: '[tool.uv.sources]\nshared-lib = { path = "../../libs/shared", editable = true }\n'},
        {PROJECT: '[tool.poetry.dependencies]\nshared-lib = { path = "../../libs/shared", develop = true }\n'},
        {PROJECT: '[tool.poetry.group.own.dependencies]\nshared-lib = { path = "../../libs/shared" }\n'},
        {PROJECT: '[project]\ndependencies = ["shared-lib @ file:///${PROJECT_ROOT}/../../libs/shared"]\n'},
    ],
    ids=["editable", "plain", "named", "uv", "poetry", "group", "pdm"],
)
def test_what_is_installed_by_its_path_is_read(
    tmp_path: Path, declared: dict[str, str], lib: dict[str, str]
) -> None:
    assert called(tmp_path, {**declared, **lib}) == ({"dynamodb:PutItem"}, [])


def test_a_member_of_the_workspace_is_read(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": '[tool.uv.workspace]\nmembers = ["libs/*", "functions/*"]\n',
        PROJECT: "[tool.uv.sources]\nShared_Lib = { workspace = true }\n",
    }
    assert called(tmp_path, {**files, **LIB}) == ({"dynamodb:PutItem"}, [])


def test_what_a_dependency_is_installed_with_is_read(tmp_path: Path) -> None:
    files = {
        REQUIREMENTS: "-e ../../libs/middle\n",
        "libs/middle/setup.py": "",
        "libs/middle/requirements.txt": "-e ../shared\n",
        "libs/middle/middle.py": "from shared_lib.store import save\n",
        "functions/orders/app.py": APP.replace("shared_lib.store", "middle"),
    }
    assert called(tmp_path, {**files, **LIB}) == ({"dynamodb:PutItem"}, [])


@pytest.mark.parametrize("line", ["", "-e ../../libs/other\n", "shared_lib==1.0\n"])
def test_what_is_not_declared_or_not_there_is_told(tmp_path: Path, line: str) -> None:
    actions, told = called(tmp_path, {REQUIREMENTS: line, **LIB})
    assert not actions
    assert [one for one in told if "shared_lib" in one]


def test_nothing_outside_of_the_tree_is_read(tmp_path: Path) -> None:
    inside = {f"inside/{name}": text for name, text in {"template.yaml": TEMPLATE}.items()}
    files = {
        **inside,
        "inside/functions/orders/app.py": APP,
        "inside/functions/orders/requirements.txt": "-e ../../../libs/shared\n",
    }
    actions, told = called(tmp_path, {**files, **LIB}, tmp_path / "inside")
    assert not actions
    assert [one for one in told if "shared_lib" in one]

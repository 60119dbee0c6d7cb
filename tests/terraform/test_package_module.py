"""The module's own packaging leaves out what no function runs, as our reader knows ``archive_file``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from stockade.cli.app import app
from stockade.cli.outside import Outside
from stockade.model.clutter import CLUTTER, Weight, clutter_of
from stockade.model.package import Entry, Package
from stockade.read.inputs import Options, read_all
from stockade.value import Known

MODULE = Path(__file__).parents[2] / "terraform" / "lambda"
MAIN = """\
module "package" {
  source      = "./lambda/modules/package"
  source_dir  = "${path.module}/src"
  output_path = "${path.module}/dist/hello.zip"
%s}

# stockade: accept[unsigned-code] the pipeline is the only one who deploys
# stockade: accept[unencrypted-logs] nothing that it logs is confidential
module "hello" {
  source = "./lambda"

  name    = "hello"
  runtime = "python3.13"
  handler = "app.handler"
  package = module.package.package

  reserved_concurrency = 5
  alarms               = { actions = ["arn:aws:sns:eu-west-1:111122223333:alarms"] }
}
"""
RUNS = (
    "app.py",
    "bin/tool",
    "botocore/docs/__init__.py",
    "certifi/cacert.pem",
    "node_modules/x/lib/index.js",
    "node_modules/x/package.json",
    "package.json",
    "requests-2.0.dist-info/METADATA",
    "templates/mail.html",
)
"""What some function needs, with names that are near those of clutter."""
CLUTTERED = {
    "history": (".git/HEAD", "vendored/.git/config", ".svn/entries"),
    "settings": (".env", "config/.env.production", ".envrc"),
    "credentials": (".aws/credentials", "a/.netrc", ".docker/config.json", ".kube/config", "deep/er/.pypirc"),
    "keys": ("id_rsa", "certs/server.p12", "certs/a.jks", "a.kdbx"),
    "state": ("terraform.tfstate", "a/terraform.tfstate.backup", "prod.tfvars", "a/b.tfvars.json"),
    "dumps": ("db.sqlite3", "a/users.dump", "a.sql.gz"),
    "infrastructure": (
        "main.tf",
        ".terraform/providers/x",
        "serverless.yml",
        "samconfig.toml",
        "cdk.out/tree.json",
    ),
    "pipeline": (".github/workflows/ci.yml", ".gitignore", "Makefile", "Dockerfile"),
    "leftovers": (".DS_Store", "a/.DS_Store", "a/x.swp", "__MACOSX/x"),
    "caches": (".mypy_cache/a", "a/.pytest_cache/b", "coverage/index.html", ".coverage"),
    "environment": (".venv/bin/python", "venv/bin/python"),
    "logs": ("debug.log", "a/debug.log.1"),
    "tests": ("tests/test_app.py", "test_app.py", "app.test.mjs"),
    "documents": ("README.md", "CHANGELOG.md"),
}
"""What should be left out, by the kind that it is of; ``__pycache__`` is of none and goes as well."""


def project(folder: Path, more: str = "") -> Path:
    shutil.copytree(
        MODULE, folder / "lambda", ignore=shutil.ignore_patterns(".terraform*", "examples", "tests")
    )
    for path in (
        *RUNS,
        *(one for some in CLUTTERED.values() for one in some),
        "a/__pycache__/a.cpython-313.pyc",
    ):
        file = folder / "src" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x = 1\n")
    (folder / "src" / "app.py").write_text("def handler(event, context):\n    return 'hello'\n")
    (folder / "main.tf").write_text(MAIN % more)
    return folder


def packaged(folder: Path) -> Package:
    options = Options(folder, {}, (), {}, None, {})
    read = [one for one in read_all([folder], options, lambda *_: None) if one.world.functions]
    (found,) = (one.world.shelf.package_of(function) for one in read for function in one.world.functions)
    assert isinstance(found, Known), found.reason
    return found.value


def test_what_runs_is_packaged_and_nothing_else(tmp_path: Path) -> None:
    assert sorted(packaged(project(tmp_path))) == sorted(RUNS)


def test_more_and_less_may_be_left_out(tmp_path: Path) -> None:
    more = '  excludes    = ["templates"]\n  keep        = ["Makefile"]\n'
    assert sorted(packaged(project(tmp_path, more))) == sorted({*RUNS, "Makefile"} - {"templates/mail.html"})


@pytest.mark.parametrize("kind", sorted(CLUTTERED))
def test_the_samples_are_of_their_kind(kind: str) -> None:
    for path in CLUTTERED[kind]:
        ((found, _),) = clutter_of([Entry(path, 1)], None).items()
        assert found.name == kind, path


def test_every_kind_that_tells_or_opens_is_among_them() -> None:
    telling = {one.name for one in CLUTTER if one.weight is not Weight.WASTE}
    assert (
        telling - {"platform"} <= CLUTTERED.keys()
    )  # a binary of another platform may stand where its own does


def test_a_scan_finds_nothing_in_the_package(tmp_path: Path) -> None:
    project(tmp_path)
    for path in CLUTTERED["infrastructure"]:
        (tmp_path / "src" / path).unlink()  # they would be inputs of their own
    shutil.rmtree(tmp_path / "src" / "botocore")  # whether to ship an SDK is the owner's
    arguments = ["scan", str(tmp_path), "--noise", "audit", "--format", "json"]
    outside = Outside(tmp_path, {"SOURCE_DATE_EPOCH": "1795737600"})
    report = json.loads(CliRunner().invoke(app, arguments, obj=outside, catch_exceptions=False).stdout)
    (function,) = report["functions"]
    assert function["checklist"]["dirty-package"] == "holds"
    assert function["checklist"]["secret-in-package"] == "holds"
    assert report["gaps"] == []
    assert [one for one in report["findings"] if one["verdict"] == "fails" and not one["suppressed"]] == []

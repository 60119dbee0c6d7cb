"""What ``stockade new`` makes is formatted, valid, hardened at the highest noise, and runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from stockade.cli.app import app
from stockade.cli.outside import Outside
from stockade.errors import UsageError
from stockade.new.project import IAC, RUNTIMES, Project
from tests.terraform.plan import init, needs_terraform, terraform

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "runtime" / "src"
NODE_MODULES = os.environ.get("STOCKADE_NODE_MODULES")
"""A directory with what the generated Node.js project depends on, installed by npm."""
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_EC2_METADATA_DISABLED": "true"}


def run(here: Path, *arguments: str) -> Result:
    outside = Outside(here, {"SOURCE_DATE_EPOCH": "1795737600"})
    return CliRunner().invoke(app, arguments, obj=outside, catch_exceptions=False)


def made(here: Path, iac: str, runtime: str) -> Path:
    run(here, "new", "order-worker", "--iac", iac, "--runtime", runtime)
    return here / "order-worker"


@pytest.mark.parametrize("iac", IAC)
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_every_item_holds_or_is_accepted_with_a_reason(tmp_path: Path, iac: str, runtime: str) -> None:
    made(tmp_path, iac, runtime)
    ran = run(tmp_path, "scan", str(tmp_path / "order-worker"), "--noise", "audit", "--format", "json")
    report = json.loads(ran.stdout)
    left = {(one["control"], one["verdict"]) for one in report["findings"] if not one["suppressed"]}
    assert left == {("vulnerable-dependency", "undecided")}  # nobody gave advisories to look them up in
    assert (report["gaps"], report["notices"]) == ([], [])
    assert [one["name"] for one in report["functions"]] == ["order-worker"]


@pytest.mark.parametrize("iac", IAC)
def test_a_runtime_that_ends_soon_is_accepted_until_it_is_urgent(tmp_path: Path, iac: str) -> None:
    said = run(tmp_path, "new", "order-worker", "--iac", iac, "--runtime", "nodejs22.x").output
    assert "note: nodejs22.x will be deprecated on 2027-04-30" in said and "nodejs24.x" in said
    later = Outside(tmp_path, {"SOURCE_DATE_EPOCH": "1801440000"})  # 2027-02-01
    arguments = ["scan", str(tmp_path / "order-worker"), "--format", "json", "--control", "deprecated-runtime"]
    report = json.loads(CliRunner().invoke(app, arguments, obj=later, catch_exceptions=False).stdout)
    assert [one["suppressed"] for one in report["findings"]] == [None]
    assert "note:" not in run(tmp_path, "new", "other", "--iac", iac, "--runtime", "nodejs24.x").output
    when = date(2027, 2, 1)  # too late to be chosen without anybody being told at every scan
    assert not [
        one for one in Project("a-b", iac, "nodejs22.x", when).files().values() if "deprecated-runtime" in one
    ]


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_its_provider_and_its_pipeline_know_the_runtime(runtime: str) -> None:
    files = Project("order-worker", "terraform", runtime).files()
    new = runtime in ("python3.14", "nodejs24.x")  # provider 5 refuses these
    assert f'">= {"6.21" if new else "5.70"}"' in files["infra/versions.tf"]
    steps = yaml.safe_load(files[".github/workflows/ci.yml"])["jobs"]["check"]["steps"]
    set_up = {one["uses"].partition("@")[0]: one["with"] for one in steps if "with" in one}
    if runtime.startswith("python"):
        assert set_up == {"actions/setup-python": {"python-version": runtime.removeprefix("python")}}
    else:
        assert set_up["actions/setup-node"] == {"node-version": runtime[6:8]}
    assert [one["run"] for one in steps if "run" in one][-1].startswith("make scan SCAN=--osv")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "order-worker" / "src" / "app.py"
    target.parent.mkdir(parents=True)
    target.write_text("mine")
    with pytest.raises(UsageError, match=r"`order-worker/src/app.py` exists already"):
        run(tmp_path, "new", "order-worker")
    assert [path.name for path in (tmp_path / "order-worker").rglob("*")] == ["src", "app.py"]
    assert target.read_text() == "mine"
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="`file` is a file"):
        run(tmp_path, "new", "order-worker", "--directory", "file")
    dangling = tmp_path / "link"
    dangling.mkdir()
    (dangling / "Makefile").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match=r"`link/Makefile` exists already"):
        run(tmp_path, "new", "order-worker", "--directory", "link")


def test_a_dry_run_shows_the_tree_and_makes_nothing(tmp_path: Path) -> None:
    shown = run(tmp_path, "new", "order-worker", "--dry-run").output
    assert list(tmp_path.iterdir()) == []
    assert "app.py" in shown and "nothing was made" in shown


@pytest.mark.parametrize("name", ["Order", "a", "1a", "a_b", "../a", "a-", "x" * 41, ""])
def test_a_name_serves_for_everything_or_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="cannot name a function"):
        Project(name, "terraform", "python3.13")


@pytest.mark.parametrize("iac", IAC)
@pytest.mark.parametrize("runtime", ["python3.13", "nodejs22.x"])
def test_no_blank_is_left(iac: str, runtime: str) -> None:
    for path, text in Project("order-worker", iac, runtime).files().items():
        assert "{{" not in text.replace("${{", ""), path
        assert text.endswith("\n") and "\r" not in text, path


@needs_terraform
def test_the_infrastructure_is_formatted_and_valid(tmp_path: Path) -> None:
    infra = made(tmp_path, "terraform", "python3.13") / "infra"
    terraform(infra, "fmt", "-check", "-recursive")
    init(infra)
    terraform(infra, "validate", "-no-color")


# ------------------------------------------------------------------------------------- it runs


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    server_of = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    server = server_of.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()


def client(aws: str, service: str) -> Any:
    import boto3

    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    return boto3.client(service, region_name="eu-west-1", endpoint_url=aws, **keys)


JOBS = {
    "Records": [
        {"messageId": "1", "body": json.dumps({"id": "a"})},
        {"messageId": "2", "body": "not JSON"},
    ]
}
FAILED = {"batchItemFailures": [{"itemIdentifier": "2"}]}


@needs_terraform
def test_what_is_deployed_by_terraform_works_off_its_jobs(tmp_path: Path, aws: str) -> None:
    """Applied to an AWS API; the handler is invoked in a process of its own, with what the function has."""
    project = made(tmp_path, "terraform", "python3.13")
    (project / "dist").mkdir()
    with zipfile.ZipFile(project / "dist" / "order-worker.zip", "w") as archive:
        archive.write(project / "src" / "app.py", "app.py")
    init(project / "infra")
    apply = ("apply", "-auto-approve", "-input=false", "-no-color")
    terraform(project / "infra", *apply, environment={"AWS_ENDPOINT_URL": aws, **KEYS})

    function = client(aws, "lambda").get_function(FunctionName="order-worker")["Configuration"]
    environment = function["Environment"]["Variables"]
    assert environment.keys() == {"TABLE_NAME", "API_KEY_SECRET_ARN"}
    secret = environment["API_KEY_SECRET_ARN"]
    client(aws, "secretsmanager").put_secret_value(SecretId=secret, SecretString="the key")
    assert invoked(project / "src", environment, aws) == FAILED
    items = client(aws, "dynamodb").scan(TableName=environment["TABLE_NAME"])["Items"]
    assert items == [{"id": {"S": "a"}, "done": {"BOOL": True}}]


PYTHON = """\
import importlib, json, sys
event = json.load(sys.stdin)
answer = importlib.import_module("app").handler(event, None)
open(sys.argv[1], "w").write(json.dumps(answer))
"""
NODE = """\
import { readFileSync, writeFileSync } from "node:fs";
const { handler } = await import(process.argv[3]);
writeFileSync(process.argv[2], JSON.stringify(await handler(JSON.parse(readFileSync(0, "utf-8")), {})));
"""


def invoked(source: Path, environment: dict[str, str], aws: str) -> Any:
    """The answer of ``app.handler``, called as Lambda's runtime does: in a process, with an event as JSON."""
    answer = source.parent / "answer.json"
    command = [sys.executable, "-c", PYTHON, str(answer)]
    if (source / "app.mjs").exists():
        (source.parent / "invoke.mjs").write_text(NODE)
        command = ["node", str(source.parent / "invoke.mjs"), str(answer), str(source / "app.mjs")]
    env = {**environment, **KEYS, "AWS_ENDPOINT_URL": aws, "PATH": os.environ["PATH"]}
    env |= {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "eu-west-1"}
    env["PYTHONPATH"] = os.pathsep.join([str(source), str(LIBRARY)])
    done = subprocess.run(
        command,
        input=json.dumps(JOBS),
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "the key" not in done.stdout + done.stderr
    return json.loads(answer.read_text())


def test_the_handlers_own_tests_pass(tmp_path: Path) -> None:
    project = made(tmp_path, "sam", "python3.13")
    subprocess.run(
        [sys.executable, "-m", "unittest", "discover", "-s", "tests"],
        cwd=project,
        env={"PYTHONPATH": str(LIBRARY), "AWS_DEFAULT_REGION": "eu-west-1", "PATH": os.environ["PATH"]},
        check=True,
        capture_output=True,
        timeout=120,
    )


needs_node = pytest.mark.skipif(
    not NODE_MODULES or not shutil.which("node"),
    reason="needs node, and STOCKADE_NODE_MODULES with the project's dependencies (see CONTRIBUTING.md)",
)


@needs_node
def test_the_node_handler_works_off_its_jobs(tmp_path: Path, aws: str) -> None:
    project = made(tmp_path, "sam", "nodejs22.x")
    (project / "src" / "node_modules").symlink_to(Path(str(NODE_MODULES)).resolve())
    attribute, key = {"AttributeName": "id"}, {"AttributeName": "id", "KeyType": "HASH"}
    client(aws, "dynamodb").create_table(
        TableName="node-items",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{**attribute, "AttributeType": "S"}],
        KeySchema=[key],
    )
    secret = client(aws, "secretsmanager").create_secret(Name="node-key", SecretString="the key")["ARN"]
    environment = {"TABLE_NAME": "node-items", "API_KEY_SECRET_ARN": secret}
    assert invoked(project / "src", environment, aws) == FAILED
    items = client(aws, "dynamodb").scan(TableName="node-items")["Items"]
    assert items == [{"id": {"S": "a"}, "done": {"BOOL": True}}]


@needs_node
def test_the_node_handlers_own_tests_pass(tmp_path: Path) -> None:
    project = made(tmp_path, "sam", "nodejs22.x")
    (project / "src" / "node_modules").symlink_to(Path(str(NODE_MODULES)).resolve())
    done = subprocess.run(
        ["node", "--test", "tests/"],
        cwd=project,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_package_holds_only_what_runs(tmp_path: Path) -> None:
    if find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed")
    wheels = tmp_path / "wheels"
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)]
    subprocess.run(build, cwd=ROOT / "runtime", check=True, capture_output=True, timeout=120)
    project = made(tmp_path, "terraform", "python3.13")
    (project / "src" / ".env").write_text("SECRET=1")
    env = {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
    }
    pack = [sys.executable, "package.py"]
    subprocess.run(pack, cwd=project, env=env, check=True, capture_output=True, timeout=120)
    target = project / "dist" / "order-worker.zip"
    first = target.read_bytes()
    with zipfile.ZipFile(target) as archive:
        names = archive.namelist()
    assert "app.py" in names and "stockade_runtime/__init__.py" in names
    assert not [one for one in names if one in (".env", "requirements.txt") or "__pycache__" in one]
    subprocess.run(pack, cwd=project, env=env, check=True, capture_output=True, timeout=120)
    assert target.read_bytes() == first

"""What Terraform and the real provider made of a project, against the project; and then changed by hand."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stockade.cli import main
from tests.terraform.plan import init, needs_terraform, terraform

PROJECT = Path(__file__).parent / "project"


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    server_of = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    server = server_of.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()


def _changed(url: str) -> None:
    """What somebody does at a console on a Friday."""
    import boto3

    def client(service: str) -> Any:
        keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        return boto3.client(service, region_name="eu-west-1", endpoint_url=url, **keys)

    functions, name = client("lambda"), {"FunctionName": "orders"}
    variables = {"TABLE": "orders", "API_KEY": "rotated-9aG3lR0aMx5YcW8o", "DEBUG": "1"}
    functions.update_function_configuration(**name, Runtime="python3.9", Environment={"Variables": variables})
    functions.put_function_concurrency(**name, ReservedConcurrentExecutions=50)
    functions.update_function_url_config(**name, AuthType="NONE")
    functions.remove_permission(**name, StatementId="rule")
    functions.add_permission(
        **name,
        StatementId="rule",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn="arn:aws:events:eu-west-1:123456789012:rule/*",  # without one the provider keeps the old one
    )
    wide = {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}
    client("iam").put_role_policy(
        RoleName="orders-execution",
        PolicyName="orders",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [wide]}),
    )
    client("logs").put_retention_policy(logGroupName="/aws/lambda/orders", retentionInDays=7)
    client("cloudwatch").delete_alarms(AlarmNames=["orders-errors"])
    apis = client("apigatewayv2")
    (api,) = (one["ApiId"] for one in apis.get_apis()["Items"])
    (route,) = (one["RouteId"] for one in apis.get_routes(ApiId=api)["Items"])
    apis.update_route(ApiId=api, RouteId=route, AuthorizationType="NONE")


@needs_terraform
def test_what_is_deployed_is_what_is_written_until_somebody_changes_it(
    tmp_path: Path, aws: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = tmp_path / "project"
    shutil.copytree(PROJECT, directory)
    with zipfile.ZipFile(directory / "hello.zip", "w") as archive:
        archive.writestr("app.py", "def handler(event, context):\n    return 'hello'\n")
    environment = {
        "AWS_ENDPOINT_URL": aws,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    monkeypatch.chdir(tmp_path)

    def deployed(*arguments: str) -> None:
        terraform(
            directory,
            "apply",
            *arguments,
            "-auto-approve",
            "-input=false",
            "-no-color",
            environment=environment,
        )
        Path("state.json").write_text(terraform(directory, "show", "-json", environment=environment))

    def drift() -> tuple[int, Any]:
        status = main(["drift", "project", "state.json", "--format", "json"])
        return status, json.loads(capsys.readouterr().out)

    init(directory)
    deployed()
    status, told = drift()
    assert (status, told["differences"], told["missing"], told["extra"]) == (0, [], [], [])
    assert told["same"] > 35, "which is worth as much as what was compared"

    _changed(aws)
    deployed("-refresh-only")
    status, told = drift()
    found = {(one["kind"], one["name"], one["attribute"], one["standing"]) for one in told["differences"]}
    assert status == 1
    assert found == {
        ("API route", "POST /orders of orders-api", "authorization", "different"),
        ("alarm on errors", "orders-errors", None, "missing"),
        ("environment variable", "API_KEY", None, "different"),
        ("environment variable", "DEBUG", None, "extra"),
        ("execution role", "orders-execution", None, "different"),
        ("function", "orders", "reserved_concurrency", "different"),
        ("function", "orders", "runtime", "different"),
        ("function URL", "aws_lambda_function_url.orders", "auth_type", "different"),
        ("log group", "/aws/lambda/orders", "retention_days", "different"),
        ("resource-based policy", "orders", None, "different"),
    }
    ways = {(one["kind"], one["direction"]): one["witness"] for one in told["differences"] if one["witness"]}
    assert set(ways) == {
        ("execution role", "wider"),
        ("execution role", "narrower"),
        ("resource-based policy", "wider"),
    }
    wider = ways["execution role", "wider"]
    assert wider["principal"].endswith("role/orders-execution")
    assert wider["action"].startswith("dynamodb:") and ":123456789012:" in wider["resource"]
    assert ways["execution role", "narrower"]["action"] in (
        "kms:Decrypt",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    )
    stranger = ways["resource-based policy", "wider"]
    assert stranger["resource"] == "arn:aws:lambda:eu-west-1:123456789012:function:orders"
    for name, value in {
        **environment,
        "AWS_CONFIG_FILE": "/none",
        "AWS_SHARED_CREDENTIALS_FILE": "/none",
    }.items():
        monkeypatch.setenv(name, value)
    assert main(["drift", "project", "--live", "--region", "eu-west-1", "--format", "json"]) == 1
    live = json.loads(capsys.readouterr().out)
    assert all(
        secret not in json.dumps(live) for secret in ("planted-8fT2kQ9zLw4XbV7n", "rotated-9aG3lR0aMx5YcW8o")
    )
    running = {
        (one["kind"], one["attribute"], one["standing"])
        for one in live["differences"]
        if one["standing"] != "unknown"
    }
    assert running == {(kind, attribute, standing) for kind, _, attribute, standing in found}, "as by the state"
    assert main(["drift", "project", "state.json"]) == 1
    shown = capsys.readouterr()
    for secret in ("planted-8fT2kQ9zLw4XbV7n", "rotated-9aG3lR0aMx5YcW8o"):
        assert secret not in json.dumps(told) and secret not in shown.out + shown.err

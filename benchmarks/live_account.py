"""The account that live reading is measured on: as many functions as wanted, with planted mistakes."""

from __future__ import annotations

import argparse
import copy
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, Final

from tests.aws.account import THEN, Account, allow, document
from tests.aws.ample import permission

NUMBER: Final = "111122223333"
PLANTED: Final[Mapping[int, str]] = {
    1: "public-invoke",
    2: "admin-role",
    3: "plaintext-secret",
    4: "deprecated-runtime",
    5: "public-function-url",
    6: "unscoped-invoker",
    7: "cross-account-invoke",
    8: "unbounded-log-retention",
}
"""Of every twenty functions the one that fails each control, by its place among them."""


def options(description: str | None) -> argparse.ArgumentParser:
    """What the benchmarks of live reading are asked: how large the account is, and how far away."""
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=description, formatter_class=shape)
    parser.add_argument("--functions", type=int, default=1_000)
    parser.add_argument("--share", type=float, default=0.9)
    parser.add_argument("--latency", type=float, default=0.02)
    parser.add_argument("--scale", type=float, default=1.0, help="quotas so many times AWS's")
    return parser


def name_of(index: int) -> str:
    """The name of a function."""
    return f"service-{index:04}"


def wrong_with(index: int) -> str:
    """The control that a function was made to fail; nothing for most."""
    return PLANTED.get(index % 20, "")


def many(functions: int) -> Account:
    """An account of functions, each with a role, a policy, a log group and a report of last access; every tenth
    has an alias and a version."""
    account = Account(NUMBER)
    here = account.region()
    groups = []
    for index in range(functions):
        name, wrong = name_of(index), wrong_with(index)
        group = here.arn("logs", f"log-group:/aws/lambda/{name}")
        own = [allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"{group}:*")]
        if wrong == "admin-role":
            own.append(allow("*", "*"))
        role = account.role(f"{name}-role", inline={"own": document(*own)})
        account.last_accessed(role, {"logs": THEN, "sqs": None})
        variables = {"TABLE": f"table-{index}", "LEVEL": "info"}
        if wrong == "plaintext-secret":
            variables["DB_PASSWORD"] = "Xk29sLq0vBz7"
        settings: dict[str, Any] = {"Environment": {"Variables": variables}}
        if wrong == "deprecated-runtime":
            settings["Runtime"] = "python3.8"
        here.function(
            name,
            role,
            settings=settings,
            policy=[_policy(account, name, wrong, index)],
            aliases={"live": "1"} if index % 10 == 0 else {},
            versions=["1"] if index % 10 == 0 else [],
            urls={"": {"AuthType": "NONE"}} if wrong == "public-function-url" else None,
            tags={"team": f"team-{index % 7}"},
        )
        kept = {} if wrong == "unbounded-log-retention" else {"retentionInDays": 30}
        groups.append({"logGroupName": f"/aws/lambda/{name}", "arn": f"{group}:*", **kept})
    here.says("logs:DescribeLogGroups", groups)
    here.limits(10_000, 10_000, functions)
    return account


def _policy(account: Account, name: str, wrong: str, index: int) -> Mapping[str, Any]:
    here = account.region()
    match wrong:
        case "public-invoke":
            return permission(here, name, "*")  # type: ignore[no-any-return]  # of JSON
        case "unscoped-invoker":
            return permission(here, name, {"Service": "s3.amazonaws.com"})  # type: ignore[no-any-return]  # of JSON
        case "cross-account-invoke":
            return permission(here, name, {"AWS": "arn:aws:iam::999988887777:root"})  # type: ignore[no-any-return]  # of JSON
        case "public-function-url":
            made = permission(here, name, "*", StringEquals={"lambda:FunctionUrlAuthType": "NONE"})
            return {**made, "Action": "lambda:InvokeFunctionUrl"}
        case _:
            source = here.arn("execute-api", f"api{index:04}/prod/GET/")
            return permission(here, name, {"Service": "apigateway.amazonaws.com"}, source)  # type: ignore[no-any-return]  # of JSON


def jobs(functions: int) -> dict[str, str]:
    """The role that each of IAM's reports of last access is about."""
    ordered = many(functions).book._answers["iam:GenerateServiceLastAccessedDetails"][("Arn",)]
    return {answer["JobId"]: arn for (arn,), answer in ordered.items()}


def untrue(states: Mapping[str, str], functions: int) -> list[str]:
    """What is said of the mistakes that is not so: a planted one not found, or one found that was not."""
    out = []
    for index in range(functions):
        for control in PLANTED.values():
            if control == "public-invoke" and wrong_with(index) == "public-function-url":
                continue  # at noise `audit` it is one as well
            said = states.get(f"{name_of(index)} {control}", "nothing")
            if (said == "fails") != (control == wrong_with(index)):
                out.append(f"{name_of(index)} {control}: {said}")
    return out


# -------------------------------------------------------------------------------------------- on moto


@contextmanager
def on_moto(functions: int) -> Iterator[str]:
    """Moto's server with as many functions, each with a role, a policy and a log group of its own.

    They are made within moto, without HTTP.
    """
    import botocore.session
    from moto import mock_aws
    from moto.awslambda import models
    from moto.server import ThreadedMotoServer

    # To list versions moto copies every function with all that hangs on it: minutes for a thousand of them.
    setattr(models, "copy", SimpleNamespace(copy=copy.copy, deepcopy=copy.copy))  # noqa: B010 - mypy sees a module

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)  # of what moto lacks it prints a traceback a call
    trust = json.dumps(
        document(
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "lambda.amazonaws.com"},
            }
        )
    )
    session = botocore.session.Session()
    with mock_aws():

        def client(service: str) -> Any:
            return session.create_client(
                service, region_name="us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing"
            )

        iam, awslambda, logs = client("iam"), client("lambda"), client("logs")

        def one(index: int) -> None:
            name, wrong = name_of(index), wrong_with(index)
            role = iam.create_role(RoleName=f"{name}-role", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
            group = f"arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/{name}:*"
            own = (
                allow("*", "*")
                if wrong == "admin-role"
                else allow(["logs:CreateLogStream", "logs:PutLogEvents"], group)
            )
            iam.put_role_policy(
                RoleName=f"{name}-role", PolicyName="own", PolicyDocument=json.dumps(document(own))
            )
            secret = {"DB_PASSWORD": "Xk29sLq0vBz7"} if wrong == "plaintext-secret" else {"LEVEL": "info"}
            awslambda.create_function(
                FunctionName=name,
                Runtime="python3.8" if wrong == "deprecated-runtime" else "python3.13",
                Role=role,
                Handler="index.handler",
                Code={"ZipFile": b"PK\x05\x06" + bytes(18)},
                Environment={"Variables": secret},
            )
            more: dict[str, Any] = {"Principal": "apigateway.amazonaws.com", "SourceArn": _source(index)}
            match wrong:
                case "public-invoke":
                    more = {"Principal": "*"}
                case "unscoped-invoker":
                    more = {"Principal": "s3.amazonaws.com"}
                case "cross-account-invoke":
                    more = {"Principal": "arn:aws:iam::999988887777:root"}
                case "public-function-url":
                    awslambda.create_function_url_config(FunctionName=name, AuthType="NONE")
                    more = {"Principal": "*", "FunctionUrlAuthType": "NONE"}
            action = "InvokeFunctionUrl" if wrong == "public-function-url" else "InvokeFunction"
            awslambda.add_permission(FunctionName=name, StatementId="s", Action=f"lambda:{action}", **more)
            logs.create_log_group(logGroupName=f"/aws/lambda/{name}")
            if wrong != "unbounded-log-retention":
                logs.put_retention_policy(logGroupName=f"/aws/lambda/{name}", retentionInDays=30)

        for index in range(functions):
            one(index)
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        try:
            host, port = server.get_host_and_port()
            yield f"http://{host}:{port}"
        finally:
            server.stop()


def _source(index: int) -> str:
    return f"arn:aws:execute-api:us-east-1:123456789012:api{index:04}/prod/GET/"

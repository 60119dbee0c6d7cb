"""The ample account with a secret in every text that its owner may write, each of its own."""

from __future__ import annotations

import json
from typing import Any

from tests.aws.account import Account
from tests.aws.ample import ample, permission


class Secrets:
    """Hands out secrets of a format that every detector knows, and remembers where each was put."""

    def __init__(self) -> None:
        self.where: dict[str, str] = {}

    def __call__(self, where: str) -> str:
        made = f"sk_live_{len(self.where):02d}c39HqLyjWDarjtT1zdp7"
        self.where[made] = where
        return made


def planted() -> tuple[Account, Secrets]:
    """The account and what was put into it."""
    account, secret = ample(), Secrets()
    here = account.region()
    role = account.role("leaky-role", tags={"note": secret("role tag")}, inline={"own": _document(secret)})
    here.function(
        "leaky",
        role,
        settings={
            "Description": secret("description"),
            "Environment": {
                "Variables": {"KEY": secret("variable"), "URL": f"https://x.org/?k={secret('url')}"}
            },
            "Handler": f"index.{secret('handler')}",
            "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/app/{secret('log group of a function')}"},
        },
        tags={"token": secret("tag"), secret("name of a tag"): "x"},
        policy=[
            permission(here, "leaky", "*", sid=secret("sid of a policy")),
            permission(
                here,
                "leaky",
                {"Service": "sns.amazonaws.com"},
                here.arn("sns", secret("topic of a policy")),
                "t",
            ),
        ],
        aliases={"live": "1"},
        versions=["1"],
    )
    alias = here.book.answer_of("lambda:ListAliases", FunctionName="leaky")[0]
    alias["Description"] = secret("description of an alias")
    for call, changes in _changes(secret).items():
        for of, change in changes:
            change(here.book.answer_of(call, **of))
    account.book.answer_of("cloudfront:ListDistributions")["DistributionList"]["Items"][0]["Comment"] = secret(
        "comment"
    )
    item = account.book.answer_of("cloudfront:ListDistributions")["DistributionList"]["Items"][0]["Origins"][
        "Items"
    ][0]
    item["CustomHeaders"]["Items"][0]["HeaderValue"] = secret("origin header")
    item["OriginPath"] = f"/{secret('origin path')}"
    return account, secret


def _document(secret: Secrets) -> dict[str, Any]:
    condition = {"StringEquals": {"aws:PrincipalTag/k": secret("condition of a role")}}
    allowed = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::b/{secret('resource of a role')}",
    }
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Read" + secret("sid of a role").replace("_", ""), **allowed, "Condition": condition},
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
        ],
    }


def _changes(secret: Secrets) -> dict[str, list[tuple[dict[str, Any], Any]]]:
    """What is changed in the answers of the region, by call."""

    def put(name: str, text: Any, *path: Any) -> Any:
        def change(answer: Any) -> None:
            for step in path:
                answer = answer[step]
            answer[name] = text

        return change

    machine = {"stateMachineArn": "arn:aws:states:us-east-1:111122223333:stateMachine:flow"}
    task = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111122223333:function:leaky", "End": True}
    state = {**task, "Parameters": {"password": secret("definition")}}
    definition = json.dumps({"StartAt": "a", "Comment": secret("comment of a machine"), "States": {"a": state}})
    alarm = secret("description of an alarm")
    return {
        "apigateway:GetRestApis": [({}, put("description", secret("description of an API"), 0))],
        "apigateway:GetStages": [
            ({"restApiId": "rest2"}, put("variables", {"k": secret("variable of a stage")}, "item", 0)),
            ({"restApiId": "rest1"}, put("description", secret("description of a stage"), "item", 0)),
        ],
        "apigateway:GetResources": [
            (
                {"restApiId": "rest2"},
                put(
                    "requestParameters",
                    {"integration.request.header.k": f"'{secret('request parameter')}'"},
                    *(0, "resourceMethods", "GET", "methodIntegration"),
                ),
            )
        ],
        "apigateway:GetAuthorizers": [({"restApiId": "rest1"}, put("authorizerUri", secret("authorizer"), 0))],
        "apigatewayv2:GetIntegrations": [
            ({"ApiId": "http1"}, put("RequestParameters", {"k": secret("parameter of an integration")}, 0))
        ],
        "ec2:DescribeSecurityGroups": [({}, put("Description", secret("description of a group"), 0))],
        "ec2:DescribeSubnets": [({}, put("Tags", [{"Key": "k", "Value": secret("tag of a subnet")}], 0))],
        "events:ListRules": [
            ({"EventBusName": "default"}, put("Description", secret("description of a rule"), 0)),
            ({"EventBusName": "default"}, put("EventPattern", json.dumps({"k": [secret("pattern")]}), 0)),
        ],
        "events:ListTargetsByRule": [({"Rule": "nightly"}, put("Input", secret("input of a target"), 0))],
        "scheduler:ListSchedules": [({}, put("GroupName", "default", 0))],
        "stepfunctions:DescribeStateMachine": [(machine, put("definition", definition))],
        "sns:ListSubscriptions": [
            ({}, put("Endpoint", f"https://x.org/{secret('endpoint')}", 1)),
            ({}, put("Protocol", "https", 1)),
        ],
        "sns:GetSubscriptionAttributes": [
            (
                {"SubscriptionArn": "arn:aws:sns:us-east-1:111122223333:news:1"},
                put("FilterPolicy", json.dumps({"k": [secret("filter policy")]}), "Attributes"),
            )
        ],
        "cloudwatch:DescribeAlarms": [({}, put("AlarmDescription", alarm, "MetricAlarms", 0))],
        "wafv2:GetWebACL": [
            (
                {"Name": "front", "Id": "acl1", "Scope": "REGIONAL"},
                put("Description", secret("description of a web ACL"), "WebACL"),
            )
        ],
    }

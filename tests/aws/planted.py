"""The ample account with a secret in every text that its owner may write, each of its own.

What is no name and no policy gets words that no detector knows: there it is the place that has to be hidden.
"""

from __future__ import annotations

import json
from typing import Any

from tests.aws.account import Account, Region
from tests.aws.ample import ample, permission
from tests.aws.wire import Refused


class Secrets:
    """Hands out secrets of a format that every detector knows, and remembers where each was put."""

    def __init__(self) -> None:
        self.where: dict[str, str] = {}

    def __call__(self, where: str) -> str:
        made = f"sk_live_{len(self.where):02d}c39HqLyjWDarjtT1zdp7"
        self.where[made] = where
        return made

    def word(self, where: str) -> str:
        """One that looks like nothing at all."""
        made = f"walnut{len(self.where):03d}glacier"
        self.where[made] = where
        return made


def planted() -> tuple[Account, Secrets]:
    """The account and what was put into it."""
    account, secret = ample(), Secrets()
    here = account.region()
    role = account.role("leaky-role", tags={"note": secret.word("role tag")}, inline={"own": _document(secret)})
    here.function(
        "leaky",
        role,
        settings={
            "Description": secret.word("description"),
            "Environment": {
                "Variables": {
                    "NOTE": secret.word("plain variable"),
                    "KEY": secret("variable"),
                    "URL": f"https://x.org/?k={secret('url')}",
                }
            },
            "Handler": f"index.{secret('handler')}",
            "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/app/{secret('log group of a function')}"},
        },
        tags={"token": secret.word("tag"), secret("name of a tag"): "x"},
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
    alias["Description"] = secret.word("description of an alias")
    _more(here, secret)
    zone = account.book.answer_of("route53:GetHostedZone", Id="Z1")["HostedZone"]
    zone["Config"] = {"Comment": secret.word("comment of a zone")}
    for call, changes in _changes(secret).items():
        for of, change in changes:
            change(here.book.answer_of(call, **of))
    account.book.answer_of("cloudfront:ListDistributions")["DistributionList"]["Items"][0]["Comment"] = (
        secret.word("comment")
    )
    item = account.book.answer_of("cloudfront:ListDistributions")["DistributionList"]["Items"][0]["Origins"][
        "Items"
    ][0]
    item["CustomHeaders"]["Items"][0]["HeaderValue"] = secret.word("origin header")
    item["OriginPath"] = f"/{secret.word('origin path')}"
    return account, secret


def _more(here: Region, secret: Secrets) -> None:
    """What the ample account has none of: everything that Lambda and others keep beside functions."""
    leaky = here.arn("lambda", "function:leaky")
    pattern = {"Filters": [{"Pattern": json.dumps({"k": [secret.word("filter of an event source")]})}]}
    mapping = {"UUID": "u2", "FunctionArn": leaky, "State": "Enabled", "FilterCriteria": pattern}
    queue = {"EventSourceArn": here.arn("sqs", "orders-failed"), "BatchSize": 1}
    reason = {"StateTransitionReason": secret.word("reason of an event source")}
    here.adds("lambda:ListEventSourceMappings", {**mapping, **queue, **reason})
    group = here.book.answer_of("lambda:GetFunction", FunctionName="leaky")["Configuration"]["LoggingConfig"]
    filtered = {
        "filterName": "f",
        "filterPattern": secret.word("pattern of a metric filter"),
        "creationTime": 1,
    }
    made = {"metricName": "Errors", "metricNamespace": "own", "metricValue": "1"}
    told = {"metricTransformations": [made], "logGroupName": group["LogGroup"]}
    here.says("logs:DescribeMetricFilters", [{**filtered, **told}])
    passed = {"destinationArn": leaky, "filterPattern": secret.word("pattern of a subscription filter")}
    here.says(
        "logs:DescribeSubscriptionFilters",
        [{**passed, "filterName": "s", "logGroupName": "/aws/lambda/good", "creationTime": 1}],
        logGroupName="/aws/lambda/good",
    )
    schedule = here.book.answer_of("scheduler:ListSchedules")[0]
    more = {"Name": "more", "Arn": f"{schedule['Arn']}2", "GroupName": secret("group of schedules")}
    here.adds("scheduler:ListSchedules", {**schedule, **more})
    key = here.book.answer_of("kms:DescribeKey")["KeyMetadata"]
    key["Description"] = secret.word("description of a key")
    kept = here.book.answer_of("secretsmanager:ListSecrets")[0]
    kept["Description"] = secret.word("description of a secret")
    kept["Tags"] = [{"Key": "k", "Value": secret.word("tag of a secret")}]
    of = {"FunctionName": "leaky"}
    here.says("lambda:GetRuntimeManagementConfig", _fails(f"'{secret.word('words of an error')}'"), **of)
    here.says("lambda:GetFunctionRecursionConfig", _fails(secret("key in an error")), **of)


def _fails(text: str) -> Any:
    """An answer that is an error, which repeats something."""

    def refuse(_: Any) -> Any:
        raise Refused("InvalidParameterValueException", f"1 validation error detected: Value {text} failed", 400)

    return refuse


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
    state = {**task, "Parameters": {"password": secret.word("definition")}}
    definition = json.dumps(
        {"StartAt": "a", "Comment": secret.word("comment of a machine"), "States": {"a": state}}
    )
    alarm = secret.word("description of an alarm")
    return {
        "apigateway:GetRestApis": [({}, put("description", secret.word("description of an API"), 0))],
        "apigateway:GetStages": [
            ({"restApiId": "rest2"}, put("variables", {"k": secret.word("variable of a stage")}, "item", 0)),
            ({"restApiId": "rest1"}, put("description", secret.word("description of a stage"), "item", 0)),
            (
                {"restApiId": "rest1"},
                put("accessLogSettings", {"format": secret.word("format of a log")}, "item", 0),
            ),
        ],
        "apigateway:GetResources": [
            (
                {"restApiId": "rest2"},
                put(
                    "requestParameters",
                    {"integration.request.header.k": f"'{secret.word('request parameter')}'"},
                    *(0, "resourceMethods", "GET", "methodIntegration"),
                ),
            ),
            (
                {"restApiId": "rest2"},
                put(
                    "requestTemplates",
                    {"application/json": secret.word("template of a request")},
                    *(0, "resourceMethods", "GET", "methodIntegration"),
                ),
            ),
        ],
        "apigateway:GetAuthorizers": [
            ({"restApiId": "rest1"}, put("authorizerUri", secret.word("authorizer"), 0))
        ],
        "apigatewayv2:GetIntegrations": [
            ({"ApiId": "http1"}, put("RequestParameters", {"k": secret.word("parameter of an integration")}, 0))
        ],
        "ec2:DescribeSecurityGroups": [({}, put("Description", secret.word("description of a group"), 0))],
        "ec2:DescribeSubnets": [({}, put("Tags", [{"Key": "k", "Value": secret.word("tag of a subnet")}], 0))],
        "events:ListRules": [
            ({"EventBusName": "default"}, put("Description", secret.word("description of a rule"), 0)),
            ({"EventBusName": "default"}, put("EventPattern", json.dumps({"k": [secret.word("pattern")]}), 0)),
        ],
        "events:ListTargetsByRule": [({"Rule": "nightly"}, put("Input", secret.word("input of a target"), 0))],
        "scheduler:ListSchedules": [({}, put("GroupName", "default", 0))],
        "stepfunctions:DescribeStateMachine": [(machine, put("definition", definition))],
        "sns:ListSubscriptions": [
            ({}, put("Endpoint", f"https://x.org/{secret.word('endpoint')}", 1)),
            ({}, put("Protocol", "https", 1)),
        ],
        "sns:GetSubscriptionAttributes": [
            (
                {"SubscriptionArn": "arn:aws:sns:us-east-1:111122223333:news:1"},
                put("FilterPolicy", json.dumps({"k": [secret.word("filter policy")]}), "Attributes"),
            )
        ],
        "cloudwatch:DescribeAlarms": [
            ({}, put("AlarmDescription", alarm, "MetricAlarms", 0)),
            ({}, put("StateReason", secret.word("reason of an alarm"), "MetricAlarms", 0)),
            ({}, put("StateReasonData", secret.word("data of an alarm"), "MetricAlarms", 0)),
        ],
        "wafv2:GetWebACL": [
            (
                {"Name": "front", "Id": "acl1", "Scope": "REGIONAL"},
                put("Description", secret.word("description of a web ACL"), "WebACL"),
            )
        ],
    }

"""Projects made up for property tests: one choice of functions and policies, in every language that is edited.

Several controls meet at one function, at one policy and at one statement of it. Every language has a
bystander that no fix is about, written as nobody else writes, and, where it can, a comment on every line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml
from hypothesis import strategies as st

from stockade.records import dataclass

LANGUAGES = ("hcl", "tf.json", "yaml", "json", "sam")

CODE = """\
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    return table.get_item(Key={"id": event["id"]})
"""

_LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
STATEMENTS: Mapping[str, tuple[str, ...]] = {
    "logs": _LOGS,
    "mixed": ("dynamodb:GetItem", "dynamodb:DeleteTable", *_LOGS),
    "table": ("dynamodb:GetItem", "dynamodb:PutItem"),
    "misspelt": ("s3:GetObjects", "dynamodb:GetItem"),
    "traces": ("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
}
"""Statements on everything: what some controls would scope, others shorten, others correct or take out."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One function of a project."""

    name: str
    runtime: str
    traced: bool
    open: bool
    invoked: bool
    grouped: bool
    role: str


@dataclass(frozen=True, slots=True)
class Project:
    """What is made in every language. ``unit`` indents JSON; ``heredoc`` has policies as texts in HCL."""

    functions: tuple[Asked, ...]
    statements: tuple[tuple[str, tuple[str, ...]], ...]
    unit: int | str
    heredoc: bool

    def files(self, language: str) -> dict[str, str]:
        """The project's files."""
        made = _FILES[language](self)
        return {**made, "src/app.py": CODE}


_FLAGS = st.tuples(*[st.booleans()] * 4)


def projects() -> st.SearchStrategy[Project]:
    """Any of them: one or two functions, which may share a role."""
    functions = st.lists(st.tuples(_FLAGS, st.booleans()), min_size=1, max_size=2).map(
        lambda some: tuple(
            Asked(
                name,
                "python3.8" if old else "python3.13",
                flags[0],
                flags[1],
                flags[2],
                flags[3],
                name if apart else "api",
            )
            for name, (flags, old), apart in zip(("api", "job"), some, (True, some[-1][1]), strict=False)
        )
    )
    policies = st.lists(st.sampled_from(sorted(STATEMENTS)), min_size=1, max_size=3, unique=True).map(tuple)
    return st.builds(
        lambda functions, one, other, unit, heredoc: Project(
            functions, (("api", one), ("job", other)), unit, heredoc
        ),
        functions,
        policies,
        policies,
        st.sampled_from([2, 4, "\t"]),
        st.booleans(),
    )


# --------------------------------------------------------------------------------------- Terraform

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def _document(names: tuple[str, ...]) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": list(STATEMENTS[one]), "Resource": "*"} for one in names],
    }


def _terraform(project: Project) -> dict[str, dict[str, dict[str, Any]]]:
    out: dict[str, dict[str, dict[str, Any]]] = {
        "aws_dynamodb_table": {
            "orders": {"name": "orders", "hash_key": "id", "attribute": {"name": "id", "type": "S"}}
        }
    }

    def add(kind: str, label: str, /, **attributes: Any) -> None:
        out.setdefault(kind, {})[label] = attributes

    for role in dict.fromkeys(one.role for one in project.functions):
        add("aws_iam_role", role, name=f"{role}-role", assume_role_policy=_TRUST)
        document = _document(dict(project.statements)[role])
        add("aws_iam_role_policy", role, name="own", role=f"${{aws_iam_role.{role}.id}}", policy=document)
    for one in project.functions:
        traced = {"tracing_config": {"mode": "PassThrough"}} if one.traced else {}
        add(
            "aws_lambda_function",
            one.name,
            function_name=one.name,
            role=f"${{aws_iam_role.{one.role}.arn}}",
            runtime=one.runtime,
            handler="app.handler",
            filename="${data.archive_file.code.output_path}",
            environment={"variables": {"TABLE": "${aws_dynamodb_table.orders.name}"}},
            **traced,
        )
        function = f"${{aws_lambda_function.{one.name}.function_name}}"
        if one.open:
            add("aws_lambda_function_url", one.name, function_name=function, authorization_type="NONE")
        if one.invoked:
            add(
                "aws_lambda_permission",
                one.name,
                function_name=function,
                action="lambda:InvokeFunction",
                principal="s3.amazonaws.com",
            )
        if one.grouped:
            add("aws_cloudwatch_log_group", one.name, name=f"/aws/lambda/{one.name}")
    return out


_ARCHIVE = {"type": "zip", "source_dir": "${path.module}/src", "output_path": "${path.module}/code.zip"}
BYSTANDERS = {
    "hcl": 'resource "aws_sns_topic" "aside"   { /* as it\n   was */ name="aside"\n}',
    "tf.json": '"aside":   {"name" :"aside" }',
    "yaml": "  Aside:   {Type: 'AWS::SNS::Topic' , Properties: { TopicName : aside}}   # as it was",
    "sam": "  Aside:   {Type: 'AWS::SNS::Topic' , Properties: { TopicName : aside}}   # as it was",
    "json": '"Aside":   {"Type" :"AWS::SNS::Topic" }',
}


def _hcl(project: Project) -> dict[str, str]:
    lines: list[str] = []
    for head, attributes in (
        ('data "archive_file" "code"', _ARCHIVE),
        *(
            (f'resource "{kind}" "{name}"', attributes)
            for kind, some in _terraform(project).items()
            for name, attributes in some.items()
        ),
    ):
        lines += [f"{head} {{", *_members(attributes, project, "  "), "}", ""]
    numbered = _commented(lines, "#", skip=project.heredoc)
    return {"main.tf": f"{numbered}\n{BYSTANDERS['hcl']}\n"}


def _members(attributes: Mapping[str, Any], project: Project, indent: str) -> list[str]:
    out: list[str] = []
    for name, value in attributes.items():
        if name in ("environment", "tracing_config", "attribute"):
            out += [f"{indent}{name} {{", *_members(value, project, f"{indent}  "), f"{indent}}}"]
        elif name in ("policy", "assume_role_policy") and project.heredoc:
            text = json.dumps(value, indent=2).splitlines()
            out += [f"{indent}{name} = <<-EOT", *(f"{indent}  {line}" for line in text), f"{indent}EOT"]
        elif name in ("policy", "assume_role_policy"):
            first, *rest = _expression(value, indent)
            out += [f"{indent}{name} = jsonencode({first}", *rest[:-1], f"{rest[-1]})"]
        else:
            first, *rest = _expression(value, indent)
            out += [f"{indent}{name} = {first}", *rest]
    return out


def _expression(value: Any, indent: str) -> list[str]:
    inner = f"{indent}  "
    if isinstance(value, dict):
        out = ["{"]
        for name, one in value.items():
            first, *rest = _expression(one, inner)
            out += [f"{inner}{name} = {first}", *rest]
        return [*out, f"{indent}}}"]
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return [json.dumps(value)]
    if isinstance(value, list):
        out = ["["]
        for one in value:
            first, *rest = _expression(one, inner)
            out += [f"{inner}{first}", *rest[:-1], f"{rest[-1]},"]
        return [*out, f"{indent}]"]
    if value.startswith("${") and value.count("${") == 1 and value.endswith("}"):
        return [value[2:-1]]
    return [json.dumps(value)]


def _commented(lines: list[str], sign: str, skip: bool = False) -> str:
    """A comment with a number of its own behind every line that may have one."""
    out, inside = [], False
    for number, line in enumerate(lines):
        inside = (inside or "<<-" in line) and line.strip() != "EOT" if skip else False
        bare = inside or not line.strip() or line.strip() == "EOT"
        out.append(line if bare else f"{line} {sign} c{number};")
    return "\n".join(out)


def _tf_json(project: Project) -> dict[str, str]:
    tree = _terraform(project)
    for some in tree.values():
        for attributes in some.values():
            for name in ("policy", "assume_role_policy"):
                if name in attributes:
                    attributes[name] = json.dumps(attributes[name])
    tree["aws_sns_topic"] = {"aside": {}}
    text = json.dumps({"data": {"archive_file": {"code": _ARCHIVE}}, "resource": tree}, indent=project.unit)
    return {"main.tf.json": text.replace('"aside": {}', BYSTANDERS["tf.json"]) + "\n"}


# --------------------------------------------------------------------------------------- templates


def _arn(name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [name, "Arn"]}


def _template(project: Project) -> dict[str, Any]:
    out: dict[str, Any] = {
        "Orders": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {"TableName": "orders"},
        }
    }

    def add(name: str, kind: str, **properties: Any) -> None:
        out[name] = {"Type": kind, "Properties": properties}

    for role in dict.fromkeys(one.role for one in project.functions):
        policy = {"PolicyName": "own", "PolicyDocument": _document(dict(project.statements)[role])}
        add(
            f"{role.title()}Role",
            "AWS::IAM::Role",
            AssumeRolePolicyDocument=_TRUST,
            Policies=[policy],
        )
    for one in project.functions:
        title = one.name.title()
        traced = {"TracingConfig": {"Mode": "PassThrough"}} if one.traced else {}
        add(
            title,
            "AWS::Lambda::Function",
            FunctionName=one.name,
            Role=_arn(f"{one.role.title()}Role"),
            Runtime=one.runtime,
            Handler="app.handler",
            Code="src",
            Environment={"Variables": {"TABLE": {"Ref": "Orders"}}},
            **traced,
        )
        if one.open:
            add(f"{title}Url", "AWS::Lambda::Url", TargetFunctionArn=_arn(title), AuthType="NONE")
        if one.invoked:
            add(
                f"{title}Call",
                "AWS::Lambda::Permission",
                FunctionName={"Ref": title},
                Action="lambda:InvokeFunction",
                Principal="s3.amazonaws.com",
            )
        if one.grouped:
            add(f"{title}Logs", "AWS::Logs::LogGroup", LogGroupName=f"/aws/lambda/{one.name}")
    return out


def _sam(project: Project) -> dict[str, str]:
    out: dict[str, Any] = {"Orders": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "orders"}}}
    for one in project.functions:
        properties: dict[str, Any] = {
            "Runtime": one.runtime,
            "Handler": "app.handler",
            "CodeUri": "src",
            "Environment": {"Variables": {"TABLE": {"Ref": "Orders"}}},
            "Policies": [_document(dict(project.statements)[one.name])],
        }
        if one.traced:
            properties["Tracing"] = "PassThrough"
        if one.open:
            properties["FunctionUrlConfig"] = {"AuthType": "NONE"}
        if one.grouped:
            name = {"Fn::Sub": f"/aws/lambda/${{{one.name.title()}}}"}
            logs = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": name}}
            out[f"{one.name.title()}Logs"] = logs
        out[one.name.title()] = {"Type": "AWS::Serverless::Function", "Properties": properties}
    return _dumped({"Transform": "AWS::Serverless-2016-10-31", "Resources": out}, "sam")


def _yaml(project: Project) -> dict[str, str]:
    return _dumped({"Resources": _template(project)}, "yaml")


def _dumped(tree: dict[str, Any], language: str) -> dict[str, str]:
    text = yaml.safe_dump(tree, sort_keys=False, width=1000).removesuffix("\n")
    return {"template.yaml": f"{_commented(text.splitlines(), '#')}\n{BYSTANDERS[language]}\n"}


def _json(project: Project) -> dict[str, str]:
    tree = {"Resources": {**_template(project), "Aside": {}}}
    text = json.dumps(tree, indent=project.unit).replace('"Aside": {}', BYSTANDERS["json"])
    return {"template.json": text + "\n"}


_FILES = {"hcl": _hcl, "tf.json": _tf_json, "yaml": _yaml, "json": _json, "sam": _sam}

"""Access pictures of small projects: who gets in, what is reached, how sure it is, and the paths between."""

from __future__ import annotations

import json
import re
from pathlib import Path as File
from typing import Any

import jsonschema
import pytest

from stockade.cli import main
from stockade.paths.chains import paths, pictures
from stockade.paths.graph import Path, Picture, Proof, Way, Zone
from stockade.read.inputs import Options, read_all
from stockade.show import paths as shown

ROOT = File(__file__).parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "schema" / "paths-1.json").read_text())

TRUST = """jsonencode({
    Version   = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }
    ]
  })"""


def function(name: str, *statements: str) -> str:
    """A function with a role of its own, and what that is allowed."""
    policy = f"""
resource "aws_iam_role_policy" "{name}" {{
  role   = aws_iam_role.{name}.id
  policy = jsonencode({{ Version = "2012-10-17", Statement = [{", ".join(statements)}] }})
}}"""
    return f"""
resource "aws_iam_role" "{name}" {{
  name               = "{name}"
  assume_role_policy = {TRUST}
}}
{policy if statements else ""}
resource "aws_lambda_function" "{name}" {{
  function_name = "{name}"
  role          = aws_iam_role.{name}.arn
  handler       = "app.handler"
  runtime       = "python3.13"
  filename      = "app.zip"
}}
"""


def allow(actions: str, resource: str, effect: str = "Allow") -> str:
    return f'{{ Effect = "{effect}", Action = "{actions}", Resource = {resource} }}'


def permission(name: str, principal: str, more: str = "") -> str:
    return f"""
resource "aws_lambda_permission" "{name}_{abs(hash((principal, more)))}" {{
  function_name = aws_lambda_function.{name}.function_name
  action        = "lambda:InvokeFunction"
  principal     = "{principal}"
  {more}
}}
"""


def drawn(tmp_path: File, text: str) -> tuple[dict[str, Picture], tuple[Path, ...]]:
    (tmp_path / "main.tf").write_text(text)
    (read,) = read_all([tmp_path], Options(tmp_path, {}, (), {}), lambda *_: None)
    made = pictures(0, read.world)
    return {one.name: one for one in made}, paths(made)


def only(ways: tuple[Way, ...]) -> Way:
    assert len(ways) == 1, [(one.end, one.how) for one in ways]
    return ways[0]


# ----------------------------------------------------------------------------------------- ways in


@pytest.mark.parametrize(
    ("principal", "more", "zone", "proof"),
    [
        ("*", "", Zone.ANY_ACCOUNT, Proof.WITNESSED),
        ("*", 'principal_org_id = "o-a1b2c3d4e5"', Zone.ORGANIZATION, Proof.DECLARED),
        ("444455556666", "", Zone.UNKNOWN, Proof.UNDECIDED),
        ("s3.amazonaws.com", "", Zone.ANY_SOURCE, Proof.DECLARED),
        ("s3.amazonaws.com", 'source_account = "111122223333"', Zone.SERVICE, Proof.DECLARED),
        (
            "sns.amazonaws.com",
            'source_arn = "arn:aws:sns:eu-west-1:111122223333:t"',
            Zone.SERVICE,
            Proof.DECLARED,
        ),
    ],
)
def test_who_a_permission_lets_in(tmp_path: File, principal: str, more: str, zone: Zone, proof: Proof) -> None:
    found, _ = drawn(tmp_path, function("f") + permission("f", principal, more))
    way = only(found["f"].ways_in)
    assert (way.zone, way.proof) == (zone, proof)


def test_another_account_is_foreign_where_ones_own_is_known(tmp_path: File) -> None:
    text = function("f").replace("aws_iam_role.f.arn", '"arn:aws:iam::111122223333:role/f"')
    found, _ = drawn(tmp_path, text + permission("f", "444455556666") + permission("f", "111122223333"))
    assert [(one.zone, one.end.name) for one in found["f"].ways_in] == [
        (Zone.FOREIGN, "444455556666"),
        (Zone.OWN, "111122223333"),
    ]


def test_who_calls_an_api_that_was_not_read_is_not_known(tmp_path: File) -> None:
    scoped = 'source_arn = "arn:aws:execute-api:eu-west-1:111122223333:abc123/*/GET/orders"'
    found, _ = drawn(tmp_path, function("f") + permission("f", "apigateway.amazonaws.com", scoped))
    way = only(found["f"].ways_in)
    assert (way.zone, way.proof) == (Zone.UNKNOWN, Proof.UNDECIDED)
    both = API.format(auth="AWS_IAM") + permission("f", "apigateway.amazonaws.com", scoped)
    found, _ = drawn(tmp_path, function("f") + both)
    assert [one.zone for one in found["f"].ways_in] == [Zone.USERS, Zone.SERVICE]


URL = """
resource "aws_lambda_function_url" "f" {{
  function_name      = aws_lambda_function.f.function_name
  authorization_type = "{auth}"
}}
"""


def test_a_url_without_authentication_is_open_to_the_internet(tmp_path: File) -> None:
    found, _ = drawn(tmp_path, function("f") + URL.format(auth="NONE"))
    way = only(found["f"].ways_in)
    assert (way.zone, way.proof, way.weight) == (Zone.INTERNET, Proof.WITNESSED, 100)
    assert "anyone, without credentials" in way.because
    found, _ = drawn(tmp_path, function("f") + URL.format(auth="AWS_IAM"))
    assert only(found["f"].ways_in).zone is Zone.USERS


API = """
resource "aws_apigatewayv2_api" "a" {{
  name          = "shop"
  protocol_type = "HTTP"
}}
resource "aws_apigatewayv2_integration" "a" {{
  api_id           = aws_apigatewayv2_api.a.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.f.invoke_arn
}}
resource "aws_apigatewayv2_route" "a" {{
  api_id             = aws_apigatewayv2_api.a.id
  route_key          = "GET /orders"
  target             = "integrations/${{aws_apigatewayv2_integration.a.id}}"
  authorization_type = "{auth}"
}}
"""


@pytest.mark.parametrize(
    ("auth", "zone"), [("NONE", Zone.INTERNET), ("AWS_IAM", Zone.USERS), ("JWT", Zone.USERS)]
)
def test_a_route_of_an_api(tmp_path: File, auth: str, zone: Zone) -> None:
    found, _ = drawn(tmp_path, function("f") + API.format(auth=auth))
    way = only(found["f"].ways_in)
    assert way.zone is zone
    assert "GET /orders" in way.how and "shop" in way.end.name


def test_a_queue_that_is_polled(tmp_path: File) -> None:
    text = """
resource "aws_sqs_queue" "q" { name = "q" }
resource "aws_lambda_event_source_mapping" "q" {
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.f.arn
}
"""
    found, _ = drawn(tmp_path, function("f") + text)
    way = only(found["f"].ways_in)
    assert (way.end.kind, way.end.name, way.zone) == ("queue", "aws_sqs_queue.q", Zone.SERVICE)


# ---------------------------------------------------------------------------------------- ways out


def test_what_a_role_reaches_has_a_witness(tmp_path: File) -> None:
    text = function("f", allow("dynamodb:GetItem", '"arn:aws:dynamodb:eu-west-1:111122223333:table/orders"'))
    found, _ = drawn(tmp_path, text)
    way = only(found["f"].ways_out)
    assert (way.end.kind, way.proof, way.actions) == ("dynamodb", Proof.WITNESSED, ("dynamodb:GetItem",))
    assert "table/orders" in way.because


def test_what_a_deny_takes_back_is_no_way(tmp_path: File) -> None:
    text = function("f", allow("s3:*", '"*"'), allow("s3:*", '"*"', effect="Deny"))
    found, _ = drawn(tmp_path, text)
    assert found["f"].ways_out == ()
    assert found["f"].barred == 1


def test_what_was_not_read_is_said(tmp_path: File) -> None:
    text = function("f", allow("s3:GetObject", '"*"')).replace(
        "jsonencode({ Version", "var.x != 1 ? var.x : ({ Version"
    )
    found, _ = drawn(tmp_path, text + 'variable "x" {}\n')
    assert found["f"].ways_out == ()
    assert found["f"].open


def test_everything_weighs_most_and_logs_least(tmp_path: File) -> None:
    text = function("a", allow("*", '"*"')) + function(
        "b",
        allow("logs:PutLogEvents", '"*"'),
        allow("ec2:DescribeInstances", '"*"'),
        allow("sqs:SendMessage", '"arn:aws:sqs:eu-west-1:111122223333:q"'),
        allow("secretsmanager:GetSecretValue", '"*"'),
        allow("iam:AttachRolePolicy", '"*"'),
    )
    found, _ = drawn(tmp_path, text)
    assert only(found["a"].ways_out).weight == 100
    assert [one.end.kind for one in found["b"].ways_out] == ["iam", "secretsmanager", "sqs", "ec2", "logs"]


# ------------------------------------------------------------------------------------------- paths


CHAIN = (
    function("front", allow("lambda:InvokeFunction", "aws_lambda_function.back.arn"))
    + function("back", allow("dynamodb:PutItem", '"arn:aws:dynamodb:eu-west-1:111122223333:table/orders"'))
    + function("alone", allow("s3:GetObject", '"arn:aws:s3:::b/*"'))
    + permission("front", "*")
)


def test_a_path_leads_through_functions(tmp_path: File) -> None:
    found, ways = drawn(tmp_path, CHAIN)
    path = ways[0]
    assert [one.name for one in path.hops] == ["front", "front", "back"]
    assert shown.route(path).startswith("anyone with any AWS account -> front -> back -> arn:aws:dynamodb")
    assert path.is_proved
    assert len(ways) == 1  # nobody gets into the third
    assert [one.end.name for one in found["back"].ways_in] == ["front"]
    direct = round(95 * path.hops[-1].way.weight / 100)
    assert path.risk == round(95 * path.hops[-1].way.weight / 100 * 0.9) < direct


def test_a_circle_ends(tmp_path: File) -> None:
    text = (
        function("a", allow("lambda:InvokeFunction", "aws_lambda_function.b.arn"))
        + function("b", allow("lambda:InvokeFunction", "aws_lambda_function.a.arn"), allow("s3:*", '"*"'))
        + permission("a", "*")
    )
    _, ways = drawn(tmp_path, text)
    assert [shown.route(one) for one in ways] == ["anyone with any AWS account -> a -> b -> everything of s3"]


def test_to_pass_a_role_to_a_function_is_not_to_invoke_it(tmp_path: File) -> None:
    text = CHAIN.replace('lambda:InvokeFunction", Resource', 'lambda:GetFunction", Resource')
    _, ways = drawn(tmp_path, text)
    assert [len({hop.function for hop in one.hops}) for one in ways] == [1]


# ------------------------------------------------------------------------------------------ formats


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["paths", *arguments]) == 0
    return capsys.readouterr().out


def test_json_fits_its_schema(tmp_path: File, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tf").write_text(CHAIN)
    document = json.loads(run(capsys, str(tmp_path), "--format", "json"))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert document["paths"][0]["functions"] == ["aws_lambda_function.front", "aws_lambda_function.back"]
    example = json.loads(run(capsys, str(ROOT / "examples" / "checklist-before"), "--format", "json"))
    jsonschema.Draft202012Validator(SCHEMA).validate(example)


def test_the_terminal_has_the_riskiest_first(tmp_path: File, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tf").write_text(CHAIN)
    text = run(capsys, str(tmp_path))
    assert text.index("Riskiest paths") < text.index("who can invoke it: nobody")
    assert "anyone with any AWS account -> front -> back" in text
    assert "3 functions" in text


def test_one_function(tmp_path: File, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tf").write_text(CHAIN)
    document = json.loads(run(capsys, str(tmp_path), "--function", "alone", "--format", "json"))
    assert [one["name"] for one in document["functions"]] == ["alone"]
    assert document["paths"] == []
    assert main(["paths", str(tmp_path), "--function", "alon"]) == 2
    assert "did you mean `alone`?" in capsys.readouterr().err


def test_graphs_name_everything_once(tmp_path: File, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tf").write_text(CHAIN)
    graph = run(capsys, str(tmp_path), "--format", "dot")
    assert graph.count('label="front"') == graph.count('label="back"') == 1
    assert len(re.findall(r" -> ", graph)) == 4
    chart = run(capsys, str(tmp_path), "--format", "mermaid")
    assert chart.startswith("flowchart LR\n") and chart.count("-->|") == 4


@pytest.mark.parametrize("form", ["terminal", "json", "dot", "mermaid"])
def test_a_hostile_name_injects_nothing(tmp_path: File, capsys: pytest.CaptureFixture[str], form: str) -> None:
    evil = '\\"];evil[label=\\"<script>\\u001b[31m`#1|-->'
    text = function("f").replace('function_name = "f"', f'function_name = "{evil}"')
    (tmp_path / "main.tf").write_text(text)
    printed = run(capsys, str(tmp_path), "--format", form)
    assert all(one.isprintable() or one == "\n" for one in printed)
    if form == "dot":
        assert '\\"];evil[label=\\"' in printed
    if form == "mermaid":
        assert "<script>" not in printed and "];evil" not in printed

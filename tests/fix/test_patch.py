"""Fixes made in files: what is written, what is refused and why, and that order does not matter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import permutations
from pathlib import Path

import pytest

from stockade.control import Add, Change, Drop, Fails, Fix, Noise, Put, Safety
from stockade.controls import load
from stockade.fix.again import Judge
from stockade.fix.patch import Asked, patch
from stockade.patched import Outcome, Patch
from stockade.read.inputs import Input, Options, read_all
from stockade.report import Finding, Report
from stockade.scan import scan
from stockade.value import Ref

Make = Callable[[dict[str, str]], list[Input]]
JUDGE = partial(scan, controls=load(), at="2026-11-23T00:00:00Z", noise=Noise.AUDIT)

FUNCTION = """\
resource "aws_lambda_function" "{name}" {{
  function_name = "{name}"
  role          = "arn:aws:iam::123456789012:role/{name}"
  runtime       = "python3.8"
  handler       = "main.handler"
}}
"""


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes files and reads what they are."""

    def made(files: dict[str, str]) -> list[Input]:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        return list(read_all([tmp_path], Options(tmp_path, {}, [], {}), lambda done, total, text: None))

    return made


def judge(inputs: Sequence[Input]) -> Report:
    return JUDGE(inputs)


def fixed(inputs: Sequence[Input], *controls: str, safety: Safety = Safety.REVIEW) -> Patch:
    return patch(inputs, judge, Asked(safety, lambda one: not controls or one.control in controls))


def texts(made: Patch) -> dict[str, str]:
    return {one.shown: one.new.decode() for one in made.files}


def outcomes(made: Patch) -> dict[str, tuple[Outcome, str]]:
    return {one.finding.address: (one.outcome, one.reason) for one in made.told}


def proposing(*changes: Change, control: str = "deprecated-runtime", grants: bool = False) -> Judge:
    """A judge whose findings of one control bring other changes than the control's own."""

    def judged(inputs: Sequence[Input]) -> Report:
        report = JUDGE(inputs)
        return replace(report, findings=tuple(map(instead, report.findings)))

    def instead(finding: Finding) -> Finding:
        if finding.control != control or not isinstance(finding.outcome, Fails):
            return replace(finding, fix=None)
        return replace(finding, fix=Fix("do it", Safety.SAFE, changes, grants=grants))

    return judged


def tried(inputs: Sequence[Input], *changes: Change, grants: bool = False) -> Patch:
    return patch(
        inputs,
        proposing(*changes, grants=grants),
        Asked(Safety.SAFE, lambda one: one.control == "deprecated-runtime"),
    )


# ------------------------------------------------------------------------------------------- proofs


def test_a_fix_is_made_and_nothing_else_changes(make: Make) -> None:
    text = FUNCTION.format(name="api")
    made = fixed(make({"main.tf": text}), "deprecated-runtime")
    assert texts(made) == {"main.tf": text.replace("python3.8", "python3.14")}
    assert outcomes(made) == {"aws_lambda_function.api": (Outcome.MADE, "")}


def test_a_fix_that_leaves_its_finding_is_a_defect_and_not_made(make: Make) -> None:
    inputs = make({"main.tf": FUNCTION.format(name="api")})
    made = tried(inputs, Put("aws_lambda_function.api", "memory_size", 256))
    assert not made.files
    ((outcome, reason),) = outcomes(made).values()
    assert outcome in (Outcome.DEFECT, Outcome.IMPOSSIBLE), reason


def test_a_fix_that_brings_a_finding_is_not_made(make: Make) -> None:
    inputs = make({"main.tf": FUNCTION.format(name="api")})
    made = tried(
        inputs,
        Put("aws_lambda_function.api", "runtime", "python3.14"),
        Put("aws_lambda_function.api", "environment.DB_PASSWORD", "correct-horse-battery"),
    )
    assert not made.files
    assert outcomes(made) == {
        "aws_lambda_function.api": (
            Outcome.DEFECT,
            "it brings a finding of `plaintext-secret` at `aws_lambda_function.api`",
        )
    }


def test_a_fix_that_leaves_open_what_held_is_not_made(make: Make) -> None:
    traced = FUNCTION.replace("handler", 'tracing_config {{\n    mode = "Active"\n  }}\n  handler', 1)
    other = 'resource "aws_ssm_parameter" "mode" {\n  name = "mode"\n  type = "String"\n  value = "Active"\n}\n'
    inputs = make({"main.tf": traced.format(name="api") + other})
    address = "aws_lambda_function.api"
    made = tried(
        inputs,
        Put(address, "runtime", "python3.14"),
        Put(address, "tracing_mode", Ref("aws_ssm_parameter.mode", "insecure_value")),
    )
    assert not made.files
    reason = "it brings a finding of `untraced-function` at `aws_lambda_function.api`"
    assert outcomes(made) == {address: (Outcome.DEFECT, reason)}


def test_a_fix_that_lets_somebody_in_is_not_made_unless_it_says_so(make: Make) -> None:
    change = Add(
        "Permission",
        "aws_lambda_function.api",
        (
            ("function_name", "api"),
            ("action", "lambda:InvokeFunction"),
            ("principal", "apigateway.amazonaws.com"),
            ("source_arn", "arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/GET/orders"),
        ),
    )
    trust = "assume_role_policy = jsonencode({ Statement = [] })"
    role = f'resource "aws_iam_role" "r" {{\n  name = "r"\n  {trust}\n}}\n'
    policy = (
        'resource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.r.name\n  policy = jsonencode({\n'
        '    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::a/b" }]\n'
        "  })\n}\n"
    )
    function = FUNCTION.format(name="api").replace('"arn:aws:iam::123456789012:role/api"', "aws_iam_role.r.arn")
    inputs = make({"main.tf": "\n".join([role, policy, function])})
    runtime = Put("aws_lambda_function.api", "runtime", "python3.14")
    wider = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}]}
    refused = tried(inputs, runtime, Put("aws_iam_role_policy.p", "document", wider))
    assert not refused.files
    ((outcome, reason),) = outcomes(refused).values()
    assert outcome is Outcome.DEFECT
    assert "a request that was refused is allowed: s3:GetObject on " in reason
    said = tried(inputs, runtime, Put("aws_iam_role_policy.p", "document", wider), grants=True)
    assert len(said.files) == 1
    assert said.told[0].adds
    added = tried(inputs, runtime, change)
    assert added.told[0].outcome is Outcome.MADE
    assert added.told[0].adds == ("a permission to invoke the function",)


def test_what_is_added_to_a_role_with_policies_is_told_alone(make: Make) -> None:
    template = (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
        "    Properties:\n      Handler: app.handler\n      Runtime: python3.8\n      InlineCode: x\n"
        "      Policies:\n        - SQSPollerPolicy:\n            QueueName: jobs\n"
    )
    statement = {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:eu-west-1:123456789012:q",
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    attributes = (("name", "calls"), ("roles", Ref("FRole", "name")), ("document", document))
    change = Add("InlinePolicy", "FRole", attributes, label="calls")
    runtime = Put("F", "runtime", "python3.14")
    made = tried(make({"template.yaml": template}), runtime, change, grants=True)
    assert made.told[0].outcome is Outcome.MADE
    assert made.told[0].adds == ("the policy `FRolePolicy1`",)


def test_a_line_that_others_read_as_well_is_left_to_them(make: Make) -> None:
    """The default decides for two: only one is asked for, so its call says it."""
    module = (
        FUNCTION.format(name="this").replace('"this"\n', "var.name\n", 1).replace('"python3.8"', "var.runtime")
    )
    files = {
        "main.tf": 'module "a" {\n  source = "./m"\n  name   = "a"\n}\n\n'
        'module "b" {\n  source = "./m"\n  name   = "b"\n}\n',
        "m/main.tf": module,
        "m/variables.tf": 'variable "name" {\n}\n\nvariable "runtime" {\n  default = "python3.8"\n}\n',
    }
    inputs = make(files)
    both = fixed(inputs, "deprecated-runtime")
    assert texts(both) == {"m/variables.tf": files["m/variables.tf"].replace("python3.8", "python3.14")}
    one = patch(
        inputs,
        judge,
        Asked(
            Safety.REVIEW,
            lambda it: it.control == "deprecated-runtime" and it.address == "module.b.aws_lambda_function.this",
        ),
    )
    assert texts(one) == {
        "main.tf": files["main.tf"]
        .replace('"b"\n}', '"b"\n  runtime = "python3.14"\n}')
        .replace('source = "./m"\n  name   = "b"', 'source  = "./m"\n  name    = "b"')
    }


def only(inputs: list[Input], control: str, end: str) -> Patch:
    """The fix of one finding of several."""
    return patch(
        inputs,
        judge,
        Asked(Safety.REVIEW, lambda one: one.control == control and one.address.endswith(end)),
    )


def test_one_of_several_that_share_a_line_gets_a_value_by_its_key(make: Make) -> None:
    text = FUNCTION.format(name="all").replace("{", '{\n  for_each = toset(["a", "b"])\n', 1)
    files = {"main.tf": text.replace('"all"\n  role', "each.key\n  role")}
    made = only(make(files), "deprecated-runtime", '["a"]')
    assert texts(made) == {
        "main.tf": files["main.tf"].replace('"python3.8"', 'each.key == "a" ? "python3.14" : "python3.8"')
    }


def test_one_of_several_that_share_a_computed_line_is_told_who_shares_it(make: Make) -> None:
    text = FUNCTION.format(name="all").replace("{", '{\n  for_each = toset(["a", "b"])\n', 1)
    text = text.replace('"python3.8"', 'true ? "python3.8" : "python3.9"')
    made = only(
        make({"main.tf": text.replace('"all"\n  role', "each.key\n  role")}), "deprecated-runtime", '["a"]'
    )
    assert not made.files
    ((outcome, reason),) = outcomes(made).values()
    assert outcome is Outcome.IMPOSSIBLE
    assert reason.startswith("the line at main.tf:6 decides for others as well")
    assert reason.endswith('`aws_lambda_function.all["b"]`')


# ----------------------------------------------------------------------------------- independence


PROJECT = {
    "main.tf": "\n".join(FUNCTION.format(name=name) for name in ("a", "b", "c")),
    "url.tf": 'resource "aws_lambda_function_url" "a" {\n'
    '  function_name      = "a"\n  authorization_type = "NONE"\n}\n',
}


def test_the_order_of_findings_does_not_matter(make: Make) -> None:
    inputs = make(PROJECT)
    results = set()
    for order in permutations(range(3)):

        def shuffled(some: Sequence[Input], order: tuple[int, ...] = order) -> Report:
            report = JUDGE(some)
            third = len(report.findings) // 3 + 1
            parts = [report.findings[i * third : (i + 1) * third] for i in order]
            return replace(report, findings=tuple(one for part in parts for one in part))

        made = patch(inputs, shuffled, Asked(Safety.REVIEW))
        results.add(
            (
                frozenset((one.finding.control, one.finding.address, one.outcome) for one in made.told),
                frozenset("\n".join(sorted(one.new.decode().splitlines())) for one in made.files),
            )
        )
    assert len(results) == 1


def test_fixing_what_is_fixed_changes_nothing(make: Make) -> None:
    made = fixed(make(PROJECT))
    assert made.files
    again = fixed(make(texts(made)))
    assert not again.files


def test_fixes_that_contradict_are_made_once(make: Make) -> None:
    """Two findings want different values of one attribute: the first is made, the other told."""
    inputs = make({"main.tf": FUNCTION.format(name="api")})

    def judged(some: Sequence[Input]) -> Report:
        report = JUDGE(some)
        out = []
        for one in report.findings:
            if one.control in ("deprecated-runtime", "untraced-function"):
                runtime = "python3.14" if one.control == "deprecated-runtime" else "python3.13"
                changes: tuple[Change, ...] = (Put("aws_lambda_function.api", "runtime", runtime),)
                if one.control == "untraced-function":
                    changes = (*changes, Put("aws_lambda_function.api", "tracing_mode", "Active"))
                one = replace(one, fix=Fix("do it", Safety.SAFE, changes))
            else:
                one = replace(one, fix=None)
            out.append(one)
        return replace(report, findings=tuple(out))

    controls = {"deprecated-runtime", "untraced-function"}
    made = patch(inputs, judged, Asked(Safety.SAFE, lambda one: one.control in controls))
    text = texts(made)["main.tf"]
    assert text.count("runtime ") == 1
    assert any(one.outcome is Outcome.MADE for one in made.told)


def test_what_is_dropped_is_no_longer_waited_for(make: Make) -> None:
    text = (
        'resource "aws_lambda_permission" "all" {\n  function_name = "api"\n'
        '  action        = "lambda:InvokeFunction"\n  principal     = "*"\n}\n\n'
        + FUNCTION.format(name="api").replace("}\n", "\n  depends_on = [aws_lambda_permission.all]\n}\n")
    )
    inputs = make({"main.tf": text})
    change = Drop("aws_lambda_permission.all")
    made = patch(
        inputs,
        proposing(change, control="public-invoke"),
        Asked(Safety.SAFE, lambda one: one.control == "public-invoke"),
    )
    assert texts(made) == {"main.tf": FUNCTION.format(name="api")}


def test_what_is_needed_elsewhere_is_not_dropped(make: Make) -> None:
    text = (
        'resource "aws_lambda_permission" "all" {\n  function_name = "api"\n'
        '  action = "lambda:InvokeFunction"\n  principal = "*"\n}\n\n'
        'output "id" {\n  value = aws_lambda_permission.all.id\n}\n'
    )
    made = patch(
        make({"main.tf": text}),
        proposing(Drop("aws_lambda_permission.all"), control="public-invoke"),
        Asked(Safety.SAFE, lambda one: one.control == "public-invoke"),
    )
    assert not made.files
    assert made.told[0].reason == (
        "`aws_lambda_permission.all` cannot be removed: it is referred to at main.tf:8"
    )


def test_a_module_that_another_root_calls_is_left_to_both(make: Make) -> None:
    """In the second root the function is not new: what the module's own line says would change it as well."""
    files = {
        "a/main.tf": 'module "f" {\n  source = "../m"\n}\n',
        "b/main.tf": 'module "f" {\n  source = "../m"\n}\n',
        "m/main.tf": FUNCTION.format(name="f"),
    }
    inputs = make(files)
    both = fixed(inputs, "deprecated-runtime")
    assert texts(both) == {"m/main.tf": files["m/main.tf"].replace("python3.8", "python3.14")}
    made = patch(
        inputs, judge, Asked(Safety.REVIEW, lambda one: one.control == "deprecated-runtime" and one.input == 0)
    )
    assert not made.files
    ((outcome, reason),) = outcomes(made).values()
    assert outcome is Outcome.IMPOSSIBLE
    assert (
        reason
        == "`b` reads the same lines: `module.f.aws_lambda_function.f.runtime` is another than the fix says"
    )

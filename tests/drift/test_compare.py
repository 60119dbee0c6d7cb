"""Two directories of Terraform compared: what counts, what does not, and what nobody can say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stockade.cli import main
from stockade.controls import names
from stockade.drift import table

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schema" / "drift-1.json").read_text())

FUNCTION = """
resource "aws_lambda_function" "f" {
  function_name = "orders"
  role          = aws_iam_role.f.arn
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "f.zip"
}
"""
ROLE = """
resource "aws_iam_role" "f" {
  name               = "orders"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}
"""
POLICY = """
resource "aws_iam_role_policy" "f" {
  role   = aws_iam_role.f.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = "arn:aws:s3:::b/*" }]
  })
}
"""
ALIKE = """
resource "aws_iam_policy" "g" {
  name   = "reads"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::b/*" }
  })
}
resource "aws_iam_role_policy_attachment" "g" {
  role       = aws_iam_role.f.name
  policy_arn = aws_iam_policy.g.arn
}
resource "aws_iam_role_policy" "h" {
  role   = aws_iam_role.f.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = {
      Effect   = "Allow"
      Action   = "s3:PutObject"
      Resource = ["arn:aws:s3:::b/*", "arn:aws:s3:::b/x"]
    }
  })
}
"""


class Compared:
    """Runs the command on two texts; ``status``, and the document by its parts."""

    def __init__(self, directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._directory, self._capsys = directory, capsys

    def __call__(self, one: str, other: str, *options: str) -> tuple[int, Any]:
        for name, content in (("one", one), ("other", other)):
            (self._directory / name).mkdir(exist_ok=True)
            (self._directory / name / "main.tf").write_text(content)
        status = main(["drift", "one", "other", "--format", "json", *options])
        told = json.loads(self._capsys.readouterr().out)
        jsonschema.Draft202012Validator(SCHEMA).validate(told)
        return status, told

    def differences(self, one: str, other: str, *options: str) -> list[tuple[str, str, str | None, str]]:
        _, told = self(one, other, *options)
        return [
            (each["kind"], each["name"], each["attribute"], each["standing"]) for each in told["differences"]
        ]


@pytest.fixture
def compared(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Compared:
    monkeypatch.chdir(tmp_path)
    return Compared(tmp_path, capsys)


def test_the_schema_is_one_and_refuses() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate({"schema": "stockade.drift/2"})


def test_every_control_that_it_matters_for_is_one() -> None:
    told = (
        *table.FUNCTION.values(),
        *(table.ENVIRONMENT, table.ROLE_ACCESS, table.TRUST, table.BOUNDARY, table.INVOKERS),
        *(table.ERRORS, table.SPIKES),
        *(one.exists for one in table.COMPANIONS),
        *(one for companions in table.COMPANIONS for one in companions.attributes.values()),
    )
    assert {name for one in told for name in one} <= set(names())


def test_the_same_is_the_same_however_it_is_written(compared: Compared) -> None:
    status, told = compared(FUNCTION + ROLE + POLICY, FUNCTION + ROLE + ALIKE)
    assert (status, told["differences"]) == (0, [])
    assert told["compared"][0]["name"] == "orders" and told["same"] > 20
    renamed = FUNCTION.replace('"f"', '"other"')
    assert compared(FUNCTION + ROLE + POLICY, renamed + ROLE + POLICY)[1]["differences"] == []


def test_what_a_role_allows_is_shown_by_a_request(compared: Compared) -> None:
    wide = POLICY.replace('"s3:PutObject"', '"s3:DeleteObject"')
    _, told = compared(FUNCTION + ROLE + POLICY, FUNCTION + ROLE + wide)
    assert {(one["direction"], one["witness"]["action"]) for one in told["differences"]} == {
        ("wider", "s3:DeleteObject"),
        ("narrower", "s3:PutObject"),
    }
    for one in told["differences"]:
        assert one["written"]["place"]["path"] == "one/main.tf"
        assert one["other"]["place"]["path"] == "other/main.tf"


def test_a_role_that_is_not_there_cannot_be_compared(compared: Compared) -> None:
    elsewhere = FUNCTION.replace("aws_iam_role.f.arn", '"arn:aws:iam::111122223333:role/orders"')
    status, told = compared(FUNCTION + ROLE + POLICY, elsewhere)
    assert status == 3
    assert [(one["kind"], one["standing"]) for one in told["differences"]] == [("execution role", "unknown")]


def test_what_no_control_asks_for_may_drift(compared: Compared) -> None:
    other = FUNCTION.replace(
        "  filename", '  timeout = 60\n  memory_size = 512\n  description = "x"\n  filename'
    )
    assert compared.differences(FUNCTION + ROLE, other + ROLE) == []


def test_variables_by_name_and_never_by_value(compared: Compared) -> None:
    def with_variables(variables: str) -> str:
        return FUNCTION.rstrip("}\n") + f"\n  environment {{\n    variables = {{ {variables} }}\n  }}\n}}\n"

    one = with_variables('A = "planted-one", B = "same", C = "x"')
    other = with_variables('A = "planted-two", B = "same", D = "x"')
    _, told = compared(one, other)
    assert [(each["name"], each["standing"]) for each in told["differences"] if "variable" in each["kind"]] == [
        ("A", "different"),
        ("C", "missing"),
        ("D", "extra"),
    ]
    assert "planted" not in json.dumps(told)


def test_functions_on_one_side_alone(compared: Compared) -> None:
    second = FUNCTION.replace('"f"', '"g"').replace('"orders"', '"invoices"')
    status, told = compared(FUNCTION + second, FUNCTION)
    assert status == 1 and [one["name"] for one in told["missing"]] == ["invoices"]
    status, told = compared(FUNCTION, FUNCTION + second)
    assert [one["name"] for one in told["extra"]] == ["invoices"]
    assert compared(FUNCTION, FUNCTION + second, "--complete")[0] == 1


def test_a_name_that_is_not_known_is_nobodys(compared: Compared) -> None:
    open_name = 'variable "stage" {}\n' + FUNCTION.replace('"orders"', '"orders-${var.stage}"').replace(
        '"f"', '"g"'
    )
    prod = FUNCTION.replace('"orders"', '"orders-prod"')
    status, told = compared(open_name, prod)
    assert status == 3 and told["compared"] == []
    assert "it may be `orders-prod`" in told["missing"][0]["reason"]
    assert "it may be `orders-${var.stage}`" in told["extra"][0]["reason"]
    _, told = compared(open_name, prod, "--var", "stage=prod")
    assert [one["name"] for one in told["compared"]] == ["orders-prod"]
    _, told = compared(open_name, prod, "--var", "stage=test")
    assert told["missing"][0]["reason"] is None, "no filling makes these two one"


def test_what_could_not_be_read_hides_what_is_not_found(compared: Compared) -> None:
    named = 'function_name = "orders"\n  authorization_type = "NONE"'
    url = f'resource "aws_lambda_function_url" "f" {{\n  {named}\n}}\n'
    found = compared.differences(FUNCTION, FUNCTION + url)
    assert ("function URL", "aws_lambda_function_url.f", None, "extra") in found
    lost = 'module "m" {\n  source = "registry/some/module"\n}\n'
    _, told = compared(FUNCTION + lost, FUNCTION + url)
    (one,) = [each for each in told["differences"] if each["kind"] == "function URL"]
    assert one["standing"] == "unknown" and "not all was read of written" in one["reason"]
    assert told["gaps"]


def test_each_side_has_variables_of_its_own(compared: Compared) -> None:
    text = 'variable "runtime" {}\n' + FUNCTION.replace('"python3.13"', "var.runtime")
    assert ("function", "orders", "runtime", "unknown") in compared.differences(text, text)
    options = ["--var", "runtime=python3.13", "--other-var", "runtime=python3.12"]
    assert ("function", "orders", "runtime", "different") in compared.differences(text, text, *options)


def test_permissions_by_qualifier(compared: Compared) -> None:
    def permission(more: str) -> str:
        return f"""
resource "aws_lambda_permission" "p" {{
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::pictures"
  {more}
}}
"""

    scoped = permission('source_account = "111122223333"')
    _, told = compared(FUNCTION + ROLE + scoped, FUNCTION + ROLE + permission(""))
    (one,) = told["differences"]
    assert (one["kind"], one["direction"]) == ("resource-based policy", "wider")
    assert one["witness"]["resource"].endswith(":function:orders")
    on_alias = permission('source_account = "111122223333"\n  qualifier = "live"')
    found = compared.differences(FUNCTION + ROLE + scoped, FUNCTION + ROLE + on_alias)
    assert [(kind, name) for kind, name, _, _ in found] == [
        ("resource-based policy", "orders"),
        ("resource-based policy", "orders:live"),
    ]


@pytest.mark.parametrize("auth", ["NONE", "AWS_IAM"])
def test_what_a_url_brings_with_it_is_no_drift(compared: Compared, auth: str) -> None:
    """The provider gives everybody these permissions with an open URL, and nobody with one that asks."""
    url = f"""
resource "aws_lambda_function_url" "u" {{
  function_name      = "orders"
  authorization_type = "{auth}"
}}
"""
    given = """
resource "aws_lambda_permission" "u" {
  function_name          = "orders"
  action                 = "lambda:InvokeFunctionUrl"
  principal              = "*"
  function_url_auth_type = "NONE"
}
"""
    found = compared.differences(FUNCTION + ROLE + url, FUNCTION + ROLE + url + given)
    kinds = [kind for kind, *_ in found]
    assert kinds == ([] if auth == "NONE" else ["resource-based policy"])


def test_with_itself_and_with_nothing(compared: Compared, capsys: pytest.CaptureFixture[str]) -> None:
    compared(FUNCTION, FUNCTION)
    assert main(["drift", "one", "one"]) == 2
    assert "`one` is compared with itself" in capsys.readouterr().err
    assert main(["drift", "one", "nowhere"]) == 2


def test_for_a_person(compared: Compared, capsys: pytest.CaptureFixture[str]) -> None:
    compared(FUNCTION + ROLE + POLICY, FUNCTION.replace("3.13", "3.9") + ROLE)
    assert main(["drift", "one", "other", "--color", "never"]) == 1
    shown = capsys.readouterr().out
    assert "runtime differs  [deprecated-runtime]" in shown
    assert "one/main.tf:5" in shown and "other/main.tf:5" in shown
    assert (
        "no longer allows all that is written" in shown and "the role `orders` can call `s3:GetObject`" in shown
    )

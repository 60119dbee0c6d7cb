"""A plan beside its configuration: the plan's values, at the places where they are written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stockade.read.files import Tree
from stockade.read.inputs import Input, Options, read_all
from stockade.read.plan.reader import read
from stockade.value import Known, Ref, Unknown, structure
from tests.read.plan.plans import UNKNOWN, change, declared, plan, refers, state_file, tfstate
from tests.read.terraform.project import at, known, place, unknown, write

CONFIGURATION = """\
variable "runtime" {
  default = "python3.8"
}
variable "memory" {
  type = number
}
resource "aws_lambda_function" "f" {
  function_name = "orders"
  role          = aws_iam_role.r.arn
  runtime       = var.runtime
  memory_size   = var.memory
  environment {
    variables = {
      STAGE = "prod"
      TABLE = aws_dynamodb_table.t.name
    }
  }
}
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({ Statement = [] })
}
resource "aws_lambda_permission" "api" {
  function_name = aws_lambda_function.f.function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.main.execution_arn}/*/GET/orders"
}
resource "aws_apigatewayv2_api" "main" {
  name          = "main"
  protocol_type = "HTTP"
}
resource "aws_dynamodb_table" "t" {
  name = "orders"
}
"""


def planned(runtime: str = "python3.8") -> dict[str, Any]:
    return plan(
        [
            change(
                "aws_lambda_function.f",
                {
                    "function_name": "orders",
                    "role": UNKNOWN,
                    "runtime": runtime,
                    "memory_size": 512,
                    "environment": [{"variables": {"STAGE": "prod", "TABLE": "orders"}}],
                    "timeout": 3,
                },
            ),
            change(
                "aws_iam_role.r", {"name": UNKNOWN, "arn": UNKNOWN, "assume_role_policy": '{"Statement":[]}'}
            ),
            change(
                "aws_lambda_permission.api",
                {
                    "function_name": "orders",
                    "action": "lambda:InvokeFunction",
                    "principal": "apigateway.amazonaws.com",
                    "source_arn": UNKNOWN,
                },
            ),
            change(
                "aws_apigatewayv2_api.main", {"name": "main", "protocol_type": "HTTP", "execution_arn": UNKNOWN}
            ),
            change("aws_dynamodb_table.t", {"name": "orders"}),
        ],
        [
            declared("aws_lambda_function.f", function_name="orders", role=refers("aws_iam_role.r.arn")),
            declared("aws_iam_role.r"),
            declared("aws_lambda_permission.api"),
            declared("aws_apigatewayv2_api.main"),
            declared("aws_dynamodb_table.t"),
        ],
        variables={"runtime": runtime, "memory": 512},
    )


def given(tmp_path: Path, content: dict[str, Any], file: str = "plan.json", where: str = "") -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / where).mkdir(parents=True, exist_ok=True)
    write(tmp_path / where, CONFIGURATION)
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize(
    ("file", "where"),
    [
        pytest.param("plan.json", "", id="beside"),
        pytest.param("out/ci/plan.json", "", id="below"),
        pytest.param("plan.json", "infra", id="above"),
    ],
)
def test_places_are_those_of_the_configuration(tmp_path: Path, file: str, where: str) -> None:
    found = read(given(tmp_path, planned(), file, where), Tree(tmp_path))
    main = f"{where}/main.tf".lstrip("/")
    function = at(found, "aws_lambda_function.f")
    assert place(Known(None, function.origin)) == f"{main}:7"
    assert place(function.attributes["function_name"]) == f"{main}:8"
    assert place(function.attributes["runtime"]) == f"{main}:2"
    stage = function.attributes["environment"]
    assert isinstance(stage, Known)
    assert place(stage.value[0].value["variables"].value["STAGE"]) == f"{main}:14"
    assert "timeout" not in function.attributes


def test_what_is_written_says_what_a_plan_leaves_out(tmp_path: Path) -> None:
    found = read(given(tmp_path, planned()), Tree(tmp_path))
    source = unknown(at(found, "aws_lambda_permission.api").attributes["source_arn"])
    assert source.text is not None
    assert source.text.parts == (Ref("aws_apigatewayv2_api.main", "execution_arn"), "/*/GET/orders")
    named = at(found, "aws_lambda_permission.api").attributes["function_name"]
    assert named.ref == Ref("aws_lambda_function.f", "function_name")
    trust = structure(at(found, "aws_iam_role.r").attributes["assume_role_policy"])
    assert trust is not None
    assert place(trust) == "main.tf:20"


def test_the_plans_values_count_where_other_variables_were_given(tmp_path: Path) -> None:
    found = read(given(tmp_path, planned("python3.13")), Tree(tmp_path))
    function = at(found, "aws_lambda_function.f").attributes
    assert known(function["runtime"]) == "python3.13"
    assert known(function["memory_size"]) == 512
    assert place(function["memory_size"]).startswith(("main.tf", "plan.json"))


def test_a_plan_of_another_configuration_keeps_its_own_places(tmp_path: Path) -> None:
    content = planned()
    content["configuration"]["root_module"]["resources"].append(declared("aws_sqs_queue.elsewhere"))
    found = read(given(tmp_path, content), Tree(tmp_path))
    assert place(at(found, "aws_lambda_function.f").attributes["function_name"]) == "plan.json:1"


def test_a_value_that_the_plan_does_not_know_is_not_claimed(tmp_path: Path) -> None:
    content = planned()
    content["resource_changes"][0]["change"]["after"].pop("runtime")
    content["resource_changes"][0]["change"]["after_unknown"]["runtime"] = True
    found = read(given(tmp_path, content), Tree(tmp_path))
    assert isinstance(at(found, "aws_lambda_function.f").attributes["runtime"], Unknown)


def test_a_state_is_placed_too(tmp_path: Path) -> None:
    content = tfstate(
        state_file({"attributes": {"function_name": "orders", "runtime": "python3.9", "memory_size": 1}})
    )
    found = read(given(tmp_path, content, "terraform.tfstate"), Tree(tmp_path))
    function = at(found, "aws_lambda_function.f").attributes
    assert (known(function["runtime"]), place(function["runtime"])) == ("python3.9", "main.tf:10")
    assert place(function["function_name"]) == "main.tf:8"


# ----------------------------------------------------------------------------------- as part of a scan


def scanned(tmp_path: Path, path: str) -> list[Input]:
    options = Options(tmp_path, {}, (), {})
    return list(read_all([Path(path)], options, lambda done, of, name: None))


def test_a_directory_with_both_is_read_once_and_says_so(tmp_path: Path) -> None:
    given(tmp_path, planned())
    configuration, left_out = scanned(tmp_path, ".")
    assert (configuration.kind, len(configuration.world.functions)) == ("terraform", 1)
    assert (left_out.kind, left_out.path, left_out.world.functions) == ("plan", "plan.json", ())
    [gap] = left_out.world.gaps
    assert gap.what == "`plan.json` was not read"
    assert gap.reason == "the configuration it was made of is read instead, in `.`"
    assert gap.help == "name the file itself to scan what it holds"


def test_a_plan_that_is_named_is_the_input(tmp_path: Path) -> None:
    given(tmp_path, planned())
    [one] = scanned(tmp_path, "plan.json")
    assert (one.kind, len(one.world.functions), one.world.gaps) == ("plan", 1, ())


def test_a_plan_without_its_configuration_is_an_input_of_a_directory(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(planned()))
    (tmp_path / "package.json").write_text('{"name": "terraform_version"}')
    [one] = scanned(tmp_path, ".")
    assert (one.kind, one.path, len(one.world.functions)) == ("plan", "plan.json", 1)


def test_sorted_members_and_other_names(tmp_path: Path) -> None:
    """``jq -S`` sorts what it prints; a file that is named may be called anything."""
    (tmp_path / "sorted.json").write_text(json.dumps(planned(), sort_keys=True))
    (tmp_path / "any.name").write_text(json.dumps(planned()))
    assert [one.path for one in scanned(tmp_path, ".")] == ["sorted.json"]
    assert [one.path for one in scanned(tmp_path, "any.name")] == ["any.name"]


def test_a_saved_plan_that_is_named_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "tf.plan").write_bytes(b"PK\x03\x04rest")
    [one] = scanned(tmp_path, "tf.plan")
    [gap] = one.world.gaps
    assert gap.help == "scan what `terraform show -json FILE` prints of it"


def test_what_is_left_out_loses_nothing(tmp_path: Path) -> None:
    """A state beside its configuration does not make a scan fail for want of reading it."""
    given(tmp_path, planned())
    _, left_out = scanned(tmp_path, ".")
    assert [gap.spare for gap in left_out.world.gaps] == [True]
    (tmp_path / "main.tf").unlink()
    (tmp_path / "plan.json").write_text(json.dumps(planned())[:-20])
    [broken] = scanned(tmp_path, "plan.json")
    assert [gap.spare for gap in broken.world.gaps] == [False]

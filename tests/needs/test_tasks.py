"""Who starts a task passes the roles of its definition, where that is declared; starting others passes none."""

from __future__ import annotations

from pathlib import Path

from stockade.model.need import FunctionNeeds
from tests.needs.test_derive import shown, template, terraform

VARIABLES = "TASK = aws_ecs_task_definition.t.arn"
RESOURCES = """
resource "aws_iam_role" "task" {
  name               = "task"
  assume_role_policy = "{}"
}
resource "aws_ecs_task_definition" "t" {
  family                = "t"
  container_definitions = "[]"
  task_role_arn         = aws_iam_role.task.arn
  execution_role_arn    = "arn:aws:iam::123456789012:role/starts"
}
"""
TEMPLATE = """
  TaskRole: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {} } }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: { Family: t, TaskRoleArn: !GetAtt TaskRole.Arn }
"""
STARTS = "iam:PassRole arn:aws:iam::123456789012:role/starts"


def source(more: str = "") -> str:
    return (
        "import boto3, os\ndef handler(event, context):\n"
        f'    boto3.client("ecs").run_task(cluster="c", taskDefinition=os.environ["TASK"]{more})\n'
    )


def passing(found: FunctionNeeds) -> set[str]:
    return {one for one in shown(found) if "PassRole" in one}


def told(found: FunctionNeeds) -> bool:
    return any("iam:PassRole" in one.actions for one in found.learned.open)


def test_the_roles_of_a_definition_are_passed(tmp_path: Path) -> None:
    found = terraform(tmp_path, VARIABLES, RESOURCES, source())
    assert passing(found) == {"iam:PassRole ${aws_iam_role.task.arn}", STARTS}
    assert not told(found)


def test_the_same_in_a_template(tmp_path: Path) -> None:
    found = template(tmp_path, "TASK: !Ref Task", TEMPLATE, source())
    assert passing(found) == {"iam:PassRole ${TaskRole.Arn}"}
    assert not told(found)


def test_a_role_in_the_call_stands_in_for_the_definitions(tmp_path: Path) -> None:
    role = "arn:aws:iam::123456789012:role/other"
    found = terraform(tmp_path, VARIABLES, RESOURCES, source(f', overrides={{"taskRoleArn": "{role}"}}'))
    assert passing(found) == {f"iam:PassRole {role} (likely)", STARTS}


def test_a_definition_that_is_not_declared_is_told_and_so_are_overrides_nobody_knows(tmp_path: Path) -> None:
    assert told(terraform(tmp_path / "a", 'TASK = "elsewhere"', "", source()))
    found = terraform(tmp_path / "b", VARIABLES, RESOURCES, source(', overrides=event["overrides"]'))
    assert told(found)
    assert passing(found) >= {STARTS}

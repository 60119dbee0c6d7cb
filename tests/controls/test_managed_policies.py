"""What the role controls say of every policy that AWS keeps: one answer each, and never two findings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stockade import controls
from stockade.control import Control, Fails, Holds, Undecided, Verdict
from stockade.iam.managed import _pack, managed
from stockade.iam.policy import Statement
from stockade.model.function import Function
from stockade.model.role import ExecutionRole, Grant, Role, RolePolicy
from stockade.model.world import World
from stockade.value import Default, Known, Unknown

HERE = Default("written in a test")
ROLE_CONTROLS = {
    one.name: one
    for one in controls.load()
    if one.subject is Grant and one.name not in ("wildcard-action", "wildcard-resource")
}


def attached(name: str) -> World:
    """A function whose role has one policy of AWS's and nothing else."""
    policy = managed(name)
    assert policy is not None
    arn = Known(policy.arn, HERE)
    held = RolePolicy(
        address="attachment",
        origin=HERE,
        kind="aws",
        name=Known(name, HERE),
        arn=arn,
        document=Known(policy.document, HERE),
    )
    role = Role(
        address="role",
        origin=HERE,
        name=Known("r", HERE),
        trust=Unknown("it does not matter", HERE),
        arn=Known("arn:aws:iam::123456789012:role/r", HERE),
        policies=(held,),
    )
    execution = ExecutionRole(address="role", origin=HERE, role=Known(role, HERE), functions=("f",))
    grants = tuple(
        Grant(
            address="attachment", origin=HERE, execution_role=execution, policy=held, statement=Known(one, HERE)
        )
        for one in policy.document.statements
        if isinstance(one, Statement)
    )
    function = Function(address="f", origin=HERE, name=Known("f", HERE), role=role.arn)
    return World(functions=(function,), roles=(role,), execution_roles=(execution,), grants=grants)


def answers(control: Control[Grant], world: World) -> Iterator[Verdict]:
    for grant in world.subjects(Grant):
        verdict = control.check(grant, world)
        if verdict is not None:
            yield verdict


def test_no_policy_of_aws_is_two_findings_of_one_control() -> None:
    failing = 0
    for name in _pack():
        world = attached(name)
        for control in ROLE_CONTROLS.values():
            fails = [one for one in answers(control, world) if isinstance(one, Fails)]
            assert len(fails) < 2, (control.name, name, [one.message for one in fails])
            failing += len(fails)
    assert failing > 1000


@pytest.mark.parametrize("control", ["wildcard-action", "wildcard-resource"])
def test_what_aws_wrote_is_not_held_against_the_owner_word_by_word(control: str) -> None:
    (one,) = (one for one in controls.load() if one.name == control)
    for name in ("AdministratorAccess", "AmazonS3FullAccess", "AWSLambdaVPCAccessExecutionRole"):
        said = [verdict for verdict in answers(one, attached(name)) if isinstance(verdict, Fails)]
        assert all(verdict.told_by for verdict in said), said


@pytest.mark.parametrize(
    ("control", "policy", "severity"),
    [
        ("admin-role", "AdministratorAccess", "CRITICAL"),
        ("admin-role", "PowerUserAccess", "HIGH"),
        ("admin-role", "IAMFullAccess", "HIGH"),
        ("unscoped-secrets", "AWSEC2SqlHaInstancePolicy", "HIGH"),  # its first statement is harmless
        ("broad-managed-policy", "AmazonDynamoDBFullAccess", "MEDIUM"),
        ("broad-managed-policy", "SecurityAudit", "LOW"),
    ],
)
def test_the_worst_statement_speaks_for_its_policy(control: str, policy: str, severity: str) -> None:
    (fails,) = (one for one in answers(ROLE_CONTROLS[control], attached(policy)) if isinstance(one, Fails))
    assert fails.severity is not None
    assert fails.severity.name == severity
    assert f"`{policy}`" in fails.message


@pytest.mark.parametrize(
    "policy",
    [
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaDynamoDBExecutionRole",
        "AWSLambdaKinesisExecutionRole",
        "AWSLambdaMSKExecutionRole",
        "AWSLambdaSQSQueueExecutionRole",
        "AWSLambdaVPCAccessExecutionRole",
        "AWSXRayDaemonWriteAccess",
        "CloudWatchLambdaInsightsExecutionRolePolicy",
    ],
)
def test_what_is_made_for_functions_is_at_most_too_wide_for_logs(policy: str) -> None:
    world = attached(policy)
    for name in ("admin-role", "broad-managed-policy", "unscoped-secrets"):
        verdicts = list(answers(ROLE_CONTROLS[name], world))
        assert all(isinstance(one, Holds) for one in verdicts), (name, verdicts)


@pytest.mark.parametrize(
    ("name", "failing"),
    [
        ("AmazonSecurityLakePermissionsBoundary", "kms:Decrypt"),
        ("SageMakerStudioProjectUserRolePermissionsBoundary", "ssm:GetParameter"),
    ],
)
def test_what_denials_under_conditions_leave_is_shown_by_a_request(name: str, failing: str) -> None:
    verdicts = list(answers(ROLE_CONTROLS["unscoped-secrets"], attached(name)))
    witnesses = [one.shown() for one in verdicts if isinstance(one, Fails)]
    assert [one.action for one in witnesses if one] == [failing]
    reasons = [one.because.reason for one in verdicts if isinstance(one, Undecided)]
    assert all(reason.startswith("whether the role may use") for reason in reasons)

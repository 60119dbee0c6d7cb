"""What a role is worth to who gets hold of it, beyond the housekeeping of every function."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from stockade.iam.breadth import reads
from stockade.iam.catalog import Action, Catalog
from stockade.model.grants import allowing
from stockade.model.role import Grant
from stockade.value import Known, Unknown

_HOUSEKEEPING: Final = frozenset(
    {
        "cloudwatch:PutMetricData",
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:UnassignPrivateIpAddresses",
    }
)
_HOUSEKEEPERS: Final = ("logs", "xray")
_SECRETS: Final = frozenset(
    {
        "kms:Decrypt",
        "secretsmanager:BatchGetSecretValue",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter",
        "ssm:GetParameters",
        "ssm:GetParametersByPath",
    }
)


def heaviest(grants: Iterable[Grant]) -> str | None:
    """The action, as a policy has it, by which a role changes most or reads secrets; ``None`` for neither.

    Denials are not looked at: they take back single things, and rarely the weight.
    """
    best: tuple[int, str] | None = None
    for grant in grants:
        statement = allowing(grant)
        if statement is None or isinstance(statement, Unknown):
            continue
        for pattern in statement.actions or ():
            weight = _weight(pattern.value) if isinstance(pattern, Known) else 0
            if isinstance(pattern, Known) and weight > (best[0] if best else 0):
                best = weight, pattern.value
    return best[1] if best else None


@cache
def _weight(pattern: str) -> int:
    """How much a pattern grants: nothing of weight, secrets, changes, and more of them by a wildcard."""
    if not pattern.strip("*:"):
        return 9
    wide = 3 if "*" in pattern else 0
    return max((_of(action) + wide for action in Catalog.load().expand(pattern) if _of(action)), default=0)


def _of(action: Action) -> int:
    name = str(action)
    if action.service in _HOUSEKEEPERS or name in _HOUSEKEEPING:
        return 0
    if name in _SECRETS:
        return 2
    if reads(action):
        return 0
    return 3 if action.access == "Permissions management" else 1

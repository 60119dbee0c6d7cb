"""The roles that starting a task passes: those of its definition, where that is declared, or the call's own.

Of what else starts things only this asks for it: a state machine, a job of Batch or of Glue has the role that
somebody else gave it, and who starts it passes none.
"""

from __future__ import annotations

from typing import Final

from stockade.code.facts import Call
from stockade.iam.cover import Piece
from stockade.needs.arguments import Environment, is_there, through
from stockade.needs.join import Join
from stockade.needs.resources import Target, targets
from stockade.records import dataclass
from stockade.value import Known

STARTING: Final = frozenset({"RunTask", "StartTask"})
_ROLES: Final = {
    "terraform": ("task_role_arn", "execution_role_arn"),
    "cloudformation": ("TaskRoleArn", "ExecutionRoleArn"),
}
_OVERRIDES: Final = ("overrides.taskRoleArn", "overrides.executionRoleArn")
_ROLE: Final = "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"


@dataclass(frozen=True, slots=True)
class Started:
    """The roles of a task's definition; ``whole`` says that it passes no others but those in the call."""

    roles: tuple[Piece, ...]
    whole: bool


def started_with(call: Call, environment: Environment, join: Join) -> Started | None:
    """What starting a task passes; ``None`` where no task is started or its definition is not declared."""
    if call.service != "ecs" or call.operation not in STARTING:
        return None
    found: list[Piece] = []
    whole = True
    for target in targets("ecs:RunTask", "task-definition", "taskDefinition", call, environment):
        callee = join.joined(target).callee
        names = _ROLES.get(callee.dialect, ()) if callee is not None else ()
        if callee is None or not names or callee.named.type != "task-definition":
            return None
        for name, override in zip(names, _OVERRIDES, strict=True):
            overrides = is_there(call, override)
            whole = whole and overrides is not None
            value = callee.attributes.get(name)
            if overrides or value is None or (isinstance(value, Known) and not value.value):
                continue
            joined = join.joined(Target("iam", "role", _ROLE, (through(value),), by_arn=True))
            whole = whole and not joined.open
            if not joined.open:
                found.append(joined.resource)
    return Started(tuple(dict.fromkeys(found)), whole)

"""The two actions that hand out power: passing roles to services, and creating service-linked roles."""

from __future__ import annotations

from typing import Final

from stockade.iam.validate.actions import covers, spares
from stockade.iam.validate.finding import Kind, Node
from stockade.iam.validate.sheet import Part, Sheet, text_of
from stockade.patterns import lazy_regex
from stockade.records import record

_EVERY_ROLE: Final = lazy_regex(r"\*+|arn:[^:]*:(?:iam|\*):[^:]*:[^:]*:(?:\*+|role/?\*+|role/\*+/\*+)")


@record
class _Power:
    """One such action: ``prefix`` of its codes, the condition key that narrows it, and what it is about."""

    action: str
    prefix: str
    key: str
    what: str
    anything: str
    help: str


_POWERS: Final = (
    _Power(
        "iam:PassRole",
        "PASS_ROLE",
        "iam:passedtoservice",
        "passing roles to services",
        "any role to any service",
        "name the roles, or add a condition on `iam:PassedToService`",
    ),
    _Power(
        "iam:CreateServiceLinkedRole",
        "CREATE_SLR",
        "iam:awsservicename",
        "creating service-linked roles",
        "one for any service",
        "name the roles, or add a condition on `iam:AWSServiceName`",
    ),
)


def check(part: Part, sheet: Sheet) -> None:
    """Allow statements of identity policies that give one of the two without saying for what."""
    if sheet.kind is not Kind.IDENTITY or part.effect != "Allow" or not part.whole_condition:
        return
    for power in _POWERS:
        if not _is_narrowed(part, power):
            _check(part, power, sheet)


def _check(part: Part, power: _Power, sheet: Sheet) -> None:
    action: Node | None
    if "NotAction" in part.elements:
        if spares(part, power.action) is not False:
            return
        action, middle = part.elements["NotAction"].named(), "NOT_ACTION"
    else:
        action = covers(part, power.action)
        if action is None:
            return
        text = text_of(action) or ""
        middle = "STAR_IN_ACTION" if "*" in text or "?" in text else ""
    resource: Node | None
    if "NotResource" in part.elements:
        resource = part.elements["NotResource"].named()
        end = "NOT_RESOURCE"
    else:
        resource = next((node for node, text in part.known("Resource") if _EVERY_ROLE.fullmatch(text)), None)
        end = "STAR_IN_RESOURCE"
    if resource is None:
        return
    code = {
        ("", "NOT_RESOURCE"): "NOT_RESOURCE",
        ("", "STAR_IN_RESOURCE"): "STAR_IN_RESOURCE",
        ("STAR_IN_ACTION", "NOT_RESOURCE"): "STAR_IN_ACTION_AND_NOT_RESOURCE",
        ("STAR_IN_ACTION", "STAR_IN_RESOURCE"): "STAR_IN_ACTION_AND_RESOURCE",
        ("NOT_ACTION", "NOT_RESOURCE"): "NOT_ACTION_AND_NOT_RESOURCE",
        ("NOT_ACTION", "STAR_IN_RESOURCE"): "STAR_IN_RESOURCE_AND_NOT_ACTION",
    }[middle, end]
    how = {"": "", "STAR_IN_ACTION": "a wildcard allows ", "NOT_ACTION": "NotAction leaves allowed "}[middle]
    on = "on all but some roles" if end == "NOT_RESOURCE" else f"on every role: {power.anything}"
    sheet.say(
        f"{power.prefix}_WITH_{code}",
        action,
        f"{how}`{power.action}` {'is allowed ' * (not how)}{on}",
        power.help,
        (resource,),
    )


def _is_narrowed(part: Part, power: _Power) -> bool:
    """Whether a condition says which services it is for.

    Both keys are part of every such request, so that IfExists is as good as without; AWS was seen to think so
    in some of its own policies and not in others. A value that begins with a wildcard narrows nothing.
    """
    for test in part.tests:
        operator = test.operator
        if test.name != power.key or operator.negated or operator.family != "String":
            continue
        if not any(text.startswith(("*", "?")) for _, text in test.known()):
            return True
    return False

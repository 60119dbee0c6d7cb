"""What SAM makes of a change by itself, said as changes: the proof expects it, and no editor writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from stockade.control import Add, Change, Drop, Put
from stockade.fix.cloudformation.home import written
from stockade.read.resource import Resource
from stockade.value import Known, Text, Unknown, Value, parts_of, text_of

Listed: TypeAlias = Callable[[Resource], "tuple[int, int] | None"]

_BASIC: Final = "service-role/AWSLambdaBasicExecutionRole"
_TRACING: Final = {True: "AWSXrayWriteOnlyAccess", False: "AWSXRayDaemonWriteAccess"}
"""The policy that SAM attaches to a role which it makes, in the ``aws`` partition and in others."""


def whole(changes: Sequence[Change], resources: Mapping[str, Resource], listed: Listed) -> tuple[Change, ...]:
    """The changes, and what SAM changes with them.

    ``listed`` are, of a role that SAM makes, the number of the next policy, by which SAM calls it, and that of
    those after it: how many ``Policies`` its owner has written. It is ``None`` for another role.

    A URL that asks for IAM loses the permissions for everybody that SAM makes for an open one. The role that
    SAM makes for a function which is traced may write traces.
    """
    numbers: dict[str, int] = {}
    out = [_named(one, resources, listed, numbers) if isinstance(one, Add) else one for one in changes]
    for change in changes:
        if not isinstance(change, Put):
            continue
        resource = resources.get(change.address)
        if resource is None:
            continue
        if resource.type == "AWS::Lambda::Url" and change.attribute == "auth_type":
            if change.value == "AWS_IAM":
                out += [Drop(one.address) for one in resources.values() if _opens(one, resource)]
        elif change.attribute == "tracing_mode" and change.value != "Disabled":
            out += _traced(resource, resources)
    return tuple(out)


def _named(
    change: Add,
    resources: Mapping[str, Resource],
    listed: Listed,
    numbers: dict[str, int],
) -> Add:
    role = resources.get(change.beside)
    if change.kind != "InlinePolicy" or role is None or role.type != "AWS::IAM::Role":
        return change
    places = listed(role)
    if places is None:
        return change
    number = numbers.get(role.address, places[0])
    numbers[role.address] = max(number + 1, places[1])
    name = f"{role.address.rpartition('.')[2]}Policy{number}"
    attributes = tuple((key, name if key == "name" else value) for key, value in change.attributes)
    return replace(change, attributes=attributes)


def _opens(permission: Resource, url: Resource) -> bool:
    """Whether SAM made a permission because a URL is open: both then were caused at one place."""
    if permission.type != "AWS::Lambda::Permission" or not permission.address.startswith(url.address[:-3]):
        return False
    mine, theirs = written(url.origin), written(permission.origin)
    return mine is not None and theirs is not None and mine.span == theirs.span


def _traced(function: Resource, resources: Mapping[str, Resource]) -> list[Change]:
    role = resources.get(f"{function.address}Role")
    if role is None or role.type != "AWS::IAM::Role":
        return []
    mine, theirs = written(function.origin), written(role.origin)
    if mine is None or theirs is None or mine.span != theirs.span:
        return []
    attached = role.attributes.get("ManagedPolicyArns")
    if not isinstance(attached, Known) or not isinstance(attached.value, tuple) or not attached.value:
        return []
    arns: tuple[Value[Any], ...] = attached.value
    if any(_ending(one).endswith(tuple(_TRACING.values())) for one in arns):
        return []
    first = parts_of(arns[0])
    if not _ending(arns[0]).endswith(_BASIC):
        return []
    last = str(first[-1]).removesuffix(_BASIC)
    name = _TRACING[str(first[0]).startswith("arn:aws:")]
    arn = text_of(*first[:-1], last + name)
    said: Any = arn if isinstance(arns[0], Unknown) else str(Text(arn.parts))
    return [Put(role.address, "managed_policy_arns", (arns[0], said, *arns[1:]))]


def _ending(value: Value[Any]) -> str:
    parts = parts_of(value)
    return str(parts[-1]) if parts else ""

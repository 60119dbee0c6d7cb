"""Whose resources the source conditions of a permission let through."""

from __future__ import annotations

from enum import Enum
from typing import Final

from stockade.iam.match import Shape, action_matches, arn_parts, has_wildcard
from stockade.memory import remembered
from stockade.model.permission import Permission
from stockade.value import Hole, Known, Ref, Text, Unknown, Value, shape_of

_INVOKING: Final = ("lambda:InvokeFunction", "lambda:InvokeFunctionUrl")
SERVICES: Final = (".amazonaws.com", ".amazonaws.com.cn", ".amazon.com")
"""What the names of AWS's services end with where they are principals."""


class Reach(Enum):
    """Whose resources may be the source of an invocation."""

    ANY = "resources of any account"
    NAMED = "resources of a name that has no account in it, as of an S3 bucket"
    ACCOUNT = "resources of one account"


def reach(permission: Permission) -> Value[Reach]:
    """What ``source_arn`` and ``source_account`` leave of all resources in all accounts.

    Only a service that calls for a resource sends these two, so they restrict every other principal
    to nothing at all.
    """
    account, arn = permission.source_account, permission.source_arn
    if is_given(account):
        return Known(Reach.ACCOUNT, account.origin)
    found = _reach_of(arn)
    if isinstance(account, Unknown) and not (isinstance(found, Known) and found.value is Reach.ACCOUNT):
        return account
    return found


def is_given(value: Value[str | None]) -> bool:
    """Whether an optional text is certainly there. A variable that nobody set may be null."""
    match value:
        case Known(text):
            return text is not None
        case Unknown(_, _, Text((Hole(name),))):
            return not name.startswith("var.")
        case Unknown():
            return value.text is not None


def _reach_of(arn: Value[str | None]) -> Value[Reach]:
    match arn:
        case Known(None, origin):
            return Known(Reach.ANY, origin)
        case Known(str() as text, origin):
            shape: Shape = (text,)
        case Unknown(_, origin):
            shape = shape_of(arn)
    segments = arn_parts(shape)
    if segments is not None:
        account, resource = segments[4:]
        if has_wildcard(account) or (not account and has_wildcard(resource)):
            return Known(Reach.ANY, origin)
        return Known(Reach.ACCOUNT if account else Reach.NAMED, origin)
    if isinstance(arn, Known):
        # `*` and `arn:aws:*` are no ARNs, but match all of them.
        return Known(Reach.ANY, origin) if has_wildcard(shape) else Unknown(f"`{text}` is not an ARN", origin)
    if arn.text and isinstance(arn.text.parts[0], Ref) and isinstance(shape[0], Hole):
        # A resource of this input, of whose ARN nothing is known but that it has one.
        return Known(Reach.ACCOUNT, origin)
    return arn


@remembered(1 << 10)
def service(principal: Shape) -> str | None:
    """The first label of a service principal, ``""`` where that is not known; ``None`` for any other."""
    if not principal or not isinstance(principal[-1], str) or not principal[-1].endswith(SERVICES):
        return None
    first = principal[0]
    return first.partition(".")[0] if isinstance(first, str) else ""


def invokes(permission: Permission) -> bool:
    """Whether the permission's action may be one that invokes the function."""
    match permission.action:
        case Known(action):
            return _may_invoke(action)
        case Unknown():
            return True


@remembered(1 << 10)
def _may_invoke(action: str) -> bool:
    return any(action_matches(action, one) for one in _INVOKING)

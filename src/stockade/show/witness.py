"""A request that shows an access: as a sentence for people, as fields for machines."""

from __future__ import annotations

from typing import Any

from stockade.iam.request import Caller, CallerKind, Request

_STRANGERS = "99999999"


def sentence(request: Request) -> str:
    """Who can do what to which resource, and what has to come along."""
    said = f"{_who(request.caller)} can call `{request.action}` on `{_text(request.resource)}`"
    given = [f"`{key}` = {_values(value)}" for key, value in request.written.items() if value is not None]
    return f"{said} with {' and '.join(given)}" if given else said


def _who(caller: Caller | None) -> str:
    if caller is None:
        return "the caller"
    if caller.kind is CallerKind.ANONYMOUS:
        return "anyone, without credentials,"
    if caller.account.startswith(_STRANGERS):
        return "anyone with any AWS account"
    if caller.name.endswith(":role/other"):
        return f"whoever account {caller.account} lets"
    if caller.kind is CallerKind.SERVICE:
        return f"the service `{caller.name}`, for whoever uses it,"
    if caller.kind is CallerKind.ROLE:
        return f"the role `{caller.name.rpartition('/')[2]}`"
    return f"`{caller.name}`"


def fields(request: Request) -> dict[str, Any]:
    """The request in AWS's words. Beside its context it has no keys but those that follow from the caller."""
    caller = request.caller
    return {
        "principal": None if caller is None else caller.name or "*",
        "action": request.action,
        "resource": _text(request.resource),
        "context": {key: _plain(value) for key, value in request.written.items() if value is not None},
    }


def _plain(value: Any) -> list[str]:
    return [_text(one) for one in value] if isinstance(value, tuple | list) else [_text(value)]


def _values(value: Any) -> str:
    return ", ".join(f"`{one}`" for one in _plain(value))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "".join(map(str, value))

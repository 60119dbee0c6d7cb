"""Roles that a call hands to a service, by the operation's model, and where one may be that is not known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from stockade.code.facts import Call
from stockade.code.services import Parameters, Services
from stockade.needs.arguments import inside, members_of
from stockade.patterns import lazy_regex
from stockade.value import Known, Unknown, Value, elements_of

_PARAMETER = lazy_regex(r"(?:^|[a-z_])role(?:arn)?$", re.IGNORECASE)
_ANYWHERE = lazy_regex(r"role_?arn$", re.IGNORECASE)
_MEMBER = lazy_regex(r"(?:[rR]ole_?(?:arn|Arn|ARN)|(?:^|[a-z])Role)$")
"""Members by the models' own names: `role` is somebody in a conversation."""
_READING: Final = ("BatchGet", "Describe", "Get", "List", "Search")
"""What operations begin with that are handed a role to look for it."""
_OF_PEOPLE: Final = frozenset(
    {"chime", "connect", "invoicing", "quicksight", "securityhub", "transcribe", "workdocs"}
)
"""Services in whose requests a member `Role` is somebody's part in something."""


def named(call: Call) -> Iterable[tuple[str, Value[Any]]]:
    """What a call is given under names of the service's own, by paths."""
    # Inside of what DynamoDB is given are attributes that the program names as it likes.
    return call.arguments.items() if call.service == "dynamodb" else inside(call)


def passed(call: Call) -> Iterator[str]:
    """The roles that a call hands over, by paths."""
    modelled = {*_paths(_parameters(call), call.service)}
    for path, value in named(call):
        if isinstance(value, Known) and not isinstance(value.value, str):
            continue
        name = path.rpartition(".")[2]
        alone = name == path and _is_role(name, call.service)
        if alone or _ANYWHERE.search(name) or (name != path and path.replace("[]", "") in modelled):
            yield path


def may_hold(call: Call) -> str:
    """The first parameter that is not known and in which a role may be; empty where there is none."""
    if call.operation.startswith(_READING):
        return ""
    for name, model in _parameters(call).items():
        value = call.arguments.get(name)
        if value is None:
            if not call.complete and _holds(name, model, call.service):
                return name
        elif model is not None and _open(value, model, call.service):
            return name
    return ""


def _parameters(call: Call) -> Parameters:
    service = Services.load().service(call.service)
    operation = service.operation(call.operation) if service is not None else None
    return operation.parameters if operation is not None else {}


def _is_role(parameter: str, service: str) -> bool:
    return bool((_ANYWHERE if service in _OF_PEOPLE else _PARAMETER).search(parameter))


def _holds(name: str, model: Parameters | None, service: str) -> bool:
    """Whether a parameter is a role, or has one inside."""
    return _is_role(name, service) if model is None else any(True for _ in _paths(model, service))


def _paths(model: Parameters, service: str, above: str = "") -> Iterator[str]:
    """The paths of roles inside of structures."""
    for name, one in model.items():
        if one is not None:
            yield from _paths(one, service, f"{above}{name}.")
        elif _MEMBER.search(name) and (service not in _OF_PEOPLE or _ANYWHERE.search(name)):
            yield f"{above}{name}"


def _open(value: Value[Any], model: Parameters, service: str) -> bool:
    """Whether something of a structure, or of a list of them, is not known and may be a role."""
    if (elements := elements_of(value)) is not None:
        return any(_open(one, model, service) for one in elements)
    members: Mapping[str, Value[Any]] | None = members_of(value)
    if members is None:
        return isinstance(value, Unknown) and any(True for _ in _paths(model, service))
    there = {name: one for name, one in members.items() if name in model}
    if any(model[name] is not None and _open(one, model[name], service) for name, one in there.items()):
        return True
    absent = {name: one for name, one in model.items() if name not in there}
    return isinstance(value, Unknown) and any(True for _ in _paths(absent, service))

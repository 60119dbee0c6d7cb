"""From an operation of an AWS SDK to the actions that its caller needs, and on what kind of resource.

Nineteen of twenty operations need the action of their own name. The others are rows of ``data/operations.tsv``,
reviewed one by one; a row's condition is on the parameters that a call has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from stockade.code.facts import Call
from stockade.iam.breadth import scopes
from stockade.iam.catalog import Action, Catalog
from stockade.needs.arguments import follow, is_there
from stockade.records import dataclass
from stockade.value import Known, Unknown

_TABLE: Final = Path(__file__).parent / "data" / "operations.tsv"
_ELSEWHERE: Final = {"iot-data": "iot", "iot-jobs-data": "iot", "resourcegroupstaggingapi": "tag"}
"""Clients that the catalog has under no name of theirs, and the prefix of their actions."""

_BY_METHOD: Final = ("apigateway", "apigatewayv2")
"""Clients whose actions are HTTP's methods; what is asked of them by `Get` is, in both, always a `GET`."""

_METHODS: Final = {"Create": "POST", "Update": "PATCH", "Delete": "DELETE"}
_PLAIN: Final = frozenset(
    {
        "ApiKey",
        "Deployment",
        "DocumentationPart",
        "DocumentationVersion",
        "IntegrationResponse",
        "Model",
        "RequestValidator",
        "Resource",
        "Route",
        "RouteResponse",
        "UsagePlan",
        "UsagePlanKey",
    }
)
"""What is changed by its method alone; APIs have policies, stages firewalls, integrations roles to pass."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. ``on`` is a type of resource and, after ``=``, the parameter that names it."""

    action: str
    on: str
    when: str
    source: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One action that a call needs. ``on`` are types of resources, each with the parameter that names it.

    ``sure`` is false where it depends on parameters that are not known. ``perhaps`` says that it is needed in
    cases that parameters do not tell apart, and ``told`` that people should hear of that.
    """

    action: str
    on: tuple[tuple[str, str], ...]
    sure: bool = True
    perhaps: bool = False
    told: bool = False
    own: bool = True


@cache
def table() -> dict[tuple[str, str], tuple[Row, ...]]:
    """All rows by client and operation."""
    out: dict[tuple[str, str], list[Row]] = {}
    for line in _TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            client, operation, action, on, when, source = line.split("\t")
            out.setdefault((client, operation), []).append(Row(action, on, when, source))
    return {key: tuple(rows) for key, rows in out.items()}


def prefix_of(client: str) -> str | None:
    """The prefix of the actions that a client's operations need."""
    return _ELSEWHERE.get(client) or Catalog.load().client(client)


def wanted(call: Call) -> tuple[Wanted, ...] | None:
    """The actions that a call needs, none where it needs none; ``None`` where that is not known."""
    rows = table().get((call.service, call.operation), ())
    if rows and rows[0].action == "none":
        return ()
    out = [found for row in rows if (found := _wanted(row, call))]
    if out and not any(one.own for one in out):
        out[0] = replace(out[0], own=True)  # the one action is another service's: connecting to a database
    if any(not row.when.startswith("?") for row in rows):
        return tuple(out)
    prefix = prefix_of(call.service)
    if prefix is None:
        return None
    method = _method(call.operation) if call.service in _BY_METHOD else None
    action = Catalog.load().action(f"{prefix}:{method or call.operation}")
    if action is None:
        return None
    return (Wanted(str(action), tuple((kind, "") for kind in _types(action))), *out)


def _method(operation: str) -> str | None:
    """The method by which API Gateway is asked for something; ``None`` where more may be needed."""
    if operation.startswith("Get"):
        return "GET"
    return next(
        (
            way
            for verb, way in _METHODS.items()
            if operation[: len(verb)] == verb and operation[len(verb) :] in _PLAIN
        ),
        None,
    )


def _wanted(row: Row, call: Call) -> Wanted | None:
    perhaps = row.when.startswith("?")
    met = True if perhaps else _met(row.when, call)
    if met is False:
        return None
    action = Catalog.load().action(row.action)
    kind, _, path = row.on.partition("=")
    if row.on == "-":
        on = tuple((one, "") for one in (_types(action) if action else ()))
    else:
        on = () if kind in ("any", "none") else ((kind, path),)
    service = prefix_of(call.service)
    own = action is not None and action.service == service
    return Wanted(row.action, on, met is True, perhaps, row.when == "??", own)


def _met(when: str, call: Call) -> bool | None:
    """Whether a call's parameters meet a condition; ``None`` where that is not known."""
    if when == "-":
        return True
    if when.startswith("!"):
        found = is_there(call, when[1:])
        # What is usually left out is taken to be left out, unless something says that it may be there.
        return True if found is False else None if found is None else False
    if "~" in when:
        return _begins(call, *when.split("~"))
    answers = [is_there(call, path) for path in when.split("|")]
    if True in answers:
        return True
    if None in answers and any(follow(call, path) for path in when.split("|")):
        return None
    return False


def _begins(call: Call, path: str, word: str) -> bool | None:
    """Whether a statement begins with a word."""
    answers: list[bool | None] = []
    for value in follow(call, path):
        match value:
            case Known(str() as text):
                answers.append(text.lstrip(" \t\r\n(").upper().startswith(word))
            case Unknown(text=text) if text and isinstance(text.parts[0], str) and text.parts[0].strip():
                answers.append(text.parts[0].lstrip(" \t\r\n(").upper().startswith(word))
            case _:
                answers.append(None)
    if True in answers:
        return True
    return None if None in answers or not answers else False


def _types(action: Action) -> tuple[str, ...]:
    """The types of resources that an action is checked on; none where it can be granted on all alone."""
    found = scopes(action)
    return found if action.required_types else found[:1]


def maybe(call: Call) -> Iterator[str]:
    """Actions that a call may need beside, by parameters of which it is not known whether they are there."""
    if call.complete:
        return
    for row in table().get((call.service, call.operation), ()):
        if not row.when.startswith(("?", "-", "!")) and "~" not in row.when and _met(row.when, call) is False:
            yield row.action

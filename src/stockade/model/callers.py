"""Who may call an API: what its routes and its resource policy ask of a caller."""

from __future__ import annotations

from typing import Final

from stockade.iam.match import glob_matches
from stockade.iam.policy import Condition, Document, Statement
from stockade.model.api import Route
from stockade.value import Known, Unknown, Value, shape_of

_WEAK: Final = ("aws:securetransport", "aws:currenttime", "aws:epochtime")
"""Condition keys that say nothing of who calls."""

_ANYWHERE: Final = ("0.0.0.0/0", "::/0", "*")
_PREFIX: Final = "execute-api:/"


def authenticates(route: Route) -> bool | None:
    """Whether a route asks who is calling; an API key does not count. ``None`` if not known."""
    return route.authorization.value != "NONE" if isinstance(route.authorization, Known) else None


def shuts_out(policy: Value[Document | None], method: str, path: str) -> bool | None:
    """Whether a resource policy keeps some of the world from calling a method without credentials.

    ``path`` has NUL for what is not known of it. Which addresses or networks it lets in is not judged,
    only that it chooses. ``None`` where the policy is not known well enough.
    """
    if isinstance(policy, Unknown):
        return None
    if policy.value is None:
        return False
    opens = unsure = False
    for statement in policy.value.statements:
        if isinstance(statement, Unknown) or statement.allows is None:
            unsure = True
        elif not _concerns(statement, method, path):
            continue
        elif statement.allows is False:
            if not statement.conditions or _narrows(statement):
                return True
        elif _anybody(statement) and not _narrows(statement):
            opens = True
    return None if unsure else not opens


def _anybody(statement: Statement) -> bool:
    return any(
        isinstance(one, Unknown) or one.kind == "*" or (isinstance(one.value, Known) and one.value.value == "*")
        for one in statement.principals or ()
    )


def _narrows(statement: Statement) -> bool:
    """Whether a condition of a statement is about who calls, and leaves somebody out."""
    return any(isinstance(one, Unknown) or _chooses(one) for one in statement.conditions)


def _chooses(condition: Condition) -> bool:
    if condition.key.lower() in _WEAK:
        return False
    return not any(isinstance(one, Known) and one.value in _ANYWHERE for one in condition.values)


def _concerns(statement: Statement, method: str, path: str) -> bool:
    """Whether a statement may be about a method; only what is surely about another is left out."""
    return statement.resources is None or any(_covers(one, method, path) for one in statement.resources)


def _covers(resource: Value[str], method: str, path: str) -> bool:
    shape = shape_of(resource)
    if len(shape) != 1 or not isinstance(shape[0], str) or not shape[0].startswith(_PREFIX):
        return True
    segments = shape[0].removeprefix(_PREFIX).split("/", 2)
    if len(segments) > 1 and not glob_matches(segments[1], method):
        return False
    return len(segments) < 3 or "\0" in path or glob_matches(segments[2], path.removeprefix("/"))

"""Functions that CloudFront runs at its edge, where much of Lambda is missing."""

from __future__ import annotations

from stockade.iam.policy import Principal, Statement
from stockade.model.asked import asked_once
from stockade.model.function import Function
from stockade.model.reach import service
from stockade.model.world import World
from stockade.value import Known, Origin, shape_of

_SERVICES = ("edgelambda", "replicator")
_CALLERS = (*_SERVICES, "cloudfront")


@asked_once
def at_edge(function: Function, world: World) -> Origin | None:
    """Where it is said that CloudFront may run a function, if nothing else of this input invokes it.

    Functions at the edge have no reserved concurrency and no tracing, and log in the region nearest to
    the visitor. Many roles trust the edge for no reason, so that alone says nothing.
    """
    if world.triggers_of(function) or world.urls_of(function):
        return None
    if any(service(shape_of(one.principal)) not in _CALLERS for one in world.permissions_of(function)):
        return None
    role = world.role_of(function)
    if role is None or not isinstance(role.role, Known) or not isinstance(role.role.value.trust, Known):
        return None
    for statement in role.role.value.trust.value.statements:
        if isinstance(statement, Statement) and statement.allows and (found := _principal(statement)):
            return found
    return None


def _principal(statement: Statement) -> Origin | None:
    """Where a statement names the service that runs functions at the edge."""
    for one in statement.principals or ():
        if isinstance(one, Principal) and one.kind == "Service" and service(shape_of(one.value)) in _SERVICES:
            return one.value.origin
    return None

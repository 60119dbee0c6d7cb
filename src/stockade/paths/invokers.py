"""Who can invoke a function: by its URLs, its permissions, APIs, and what polls or calls by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from stockade.iam.match import arn_parts
from stockade.iam.symbolic import Proved, Witness
from stockade.model.access import strangers, url_callers
from stockade.model.account import is_ours, own_account
from stockade.model.api import Api, Route
from stockade.model.callers import authenticates, shuts_out
from stockade.model.function import Function
from stockade.model.permission import Permission
from stockade.model.reach import Reach, invokes, reach, service
from stockade.model.relate import meant
from stockade.model.trigger import (
    BucketTrigger,
    EventSourceMapping,
    EventTarget,
    Invocation,
    LogSubscription,
    Schedule,
    TopicSubscription,
    Trigger,
)
from stockade.model.url import FunctionUrl
from stockade.model.world import World
from stockade.paths.graph import End, Proof, Way, Zone
from stockade.paths.words import place_of, said
from stockade.value import Known, Unknown, Value, shape_of

WEIGHTS: Final = {
    Zone.INTERNET: 100,
    Zone.ANY_ACCOUNT: 95,
    Zone.ANY_SOURCE: 70,
    Zone.FOREIGN: 60,
    Zone.UNKNOWN: 50,
    Zone.ORGANIZATION: 40,
    Zone.USERS: 40,
    Zone.OWN: 20,
    Zone.SERVICE: 10,
}
"""How little callers of a zone are trusted."""


def ways_in(function: Function, world: World) -> tuple[Way, ...]:
    """All ways into a function, from those whom one trusts least on; those that are alike once."""
    found = [
        *_urls(function, world),
        *_permissions(function, world),
        *_routes(function, world),
        *_triggers(function, world),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: -one.weight))


def _way(zone: Zone, end: End, how: str, proof: Proof, because: str, subject: Any) -> Way:
    return Way(end, how, proof, because, WEIGHTS[zone], place_of(subject.origin), zone)


# ---------------------------------------------------------------------------------- URLs, permissions


def _urls(function: Function, world: World) -> Iterator[Way]:
    for url in world.urls_of(function):
        match url.auth_type:
            case Known("NONE"):
                yield from _open_url(url, function, world)
            case Known("AWS_IAM"):
                because = "the URL asks for requests signed with AWS credentials"
                end = End("iam", "signed requests")
                yield _way(Zone.USERS, end, "function URL, AWS_IAM", Proof.DECLARED, because, url)
            case Known(other):
                reason = f"`{other}` is no authorization type that is known"
                yield _way(Zone.INTERNET, _INTERNET, "function URL", Proof.UNDECIDED, reason, url)
            case Unknown(reason):
                yield _way(Zone.INTERNET, _INTERNET, "function URL", Proof.UNDECIDED, reason, url)


_INTERNET: Final = End("internet", "anyone on the internet")


def _open_url(url: FunctionUrl, function: Function, world: World) -> Iterator[Way]:
    open_to_all = [
        one
        for one in world.permissions_of(function)
        if invokes(one) and (isinstance(one.principal, Unknown) or one.principal.value == "*")
    ]
    if not url.brings_permissions and not open_to_all:
        return  # the URL asks nobody who they are, and no permission lets anybody in
    requests = url_callers(function.name, (function,), open_to_all, url.brings_permissions)
    because = requests[0].sentence() if requests else "the URL asks nobody who they are"
    proof = Proof.WITNESSED if requests else Proof.DECLARED
    yield _way(Zone.INTERNET, _INTERNET, "function URL without authentication", proof, because, url)


def _permissions(function: Function, world: World) -> Iterator[Way]:
    own = own_account((function,))
    for one in world.permissions_of(function):
        if not invokes(one):
            continue
        principal, how = said(one.principal), _action(one)
        name = service(shape_of(one.principal))
        if name is not None:
            yield _fronted(one, name, how, function, world) or _of_service(one, name or principal, how)
            continue
        match strangers(one, (function,)):
            case Witness(request):
                end = End("internet", "anyone with any AWS account")
                yield _way(Zone.ANY_ACCOUNT, end, how, Proof.WITNESSED, request.sentence(), one)
            case Proved():
                yield _of_principal(one, principal, how, own, world)
            case undecided:
                end = End("unknown", principal)
                yield _way(Zone.UNKNOWN, end, how, Proof.UNDECIDED, undecided.reason, one)


def _action(permission: Permission) -> str:
    return said(permission.action)


_FRONTS: Final = ("apigateway", "elasticloadbalancing")
"""Services that call for whoever calls them."""


def _fronted(permission: Permission, name: str, how: str, function: Function, world: World) -> Way | None:
    """A way through something in front whose callers are not known; those of routes that are found are."""
    if name not in _FRONTS or any(_routes(function, world)):
        return None
    if isinstance(found := reach(permission), Known) and found.value is Reach.ANY:
        return None
    end = End(name, _named(permission.source_arn) or name)
    because = f"`{name}` calls it for whoever calls `{end.name}`, and who may is not known here"
    return _way(Zone.UNKNOWN, end, how, Proof.UNDECIDED, because, permission)


def _of_service(permission: Permission, name: str, how: str) -> Way:
    given = permission.source_arn
    source = _named(given)
    end = End(name.partition(".")[0], source or name)
    match reach(permission):
        case Known(Reach.ANY):
            because = f"`{name}` may call it for a resource of anybody's: no source is named"
            return _way(
                Zone.ANY_SOURCE, End(name, f"{name}, for anybody"), how, Proof.DECLARED, because, permission
            )
        case Known():
            because = f"`{name}` may call it for `{source or said(permission.source_account)}`"
            return _way(Zone.SERVICE, end, how, Proof.DECLARED, because, permission)
        case Unknown(reason):
            return _way(Zone.UNKNOWN, end, how, Proof.UNDECIDED, reason, permission)


def _of_principal(permission: Permission, principal: str, how: str, own: Any, world: World) -> Way:
    shape = shape_of(permission.principal)
    parts = arn_parts(shape)
    organization = permission.principal_org_id
    given = not (isinstance(organization, Known) and organization.value is None)
    if given:
        end = End("organization", said(organization))
        because = f"every principal of `{said(organization)}` may, that its own account lets"
        return _way(Zone.ORGANIZATION, end, how, Proof.DECLARED, because, permission)
    match is_ours(parts[4] if parts else shape, own, world.accounts):
        case True:
            because = f"`{principal}` may"
            return _way(Zone.OWN, End("account", principal), how, Proof.DECLARED, because, permission)
        case False:
            because = f"whomever `{principal}` lets may"
            return _way(Zone.FOREIGN, End("account", principal), how, Proof.DECLARED, because, permission)
        case _:
            because = f"whether `{principal}` is an own account is known only at deployment"
            return _way(Zone.UNKNOWN, End("account", principal), how, Proof.UNDECIDED, because, permission)


# --------------------------------------------------------------------------------------------- APIs


def _routes(function: Function, world: World) -> Iterator[Way]:
    gateway = world.gateway
    for api in gateway.apis:
        for route in gateway.routes_of(api):
            if function in world.functions_of(route):
                yield _route(route, api, world)


def _route(route: Route, api: Api, world: World) -> Way:
    gateway = world.gateway
    label = gateway.label_of(route)
    name = said(api.name)
    if gateway.is_private(api):
        because = f"the API `{name}` is private: it answers inside of a VPC"
        return _way(Zone.OWN, End("api", name), f"{label}, private", Proof.DECLARED, because, route)
    method = gateway.method_of(route)
    text = method.value if isinstance(method, Known) else "*"
    if shuts_out(gateway.policy_of(api), text, gateway.path_of(route)):
        because = f"the resource policy of the API `{name}` chooses who may call `{label}`"
        return _way(Zone.USERS, End("api", name), f"{label}, resource policy", Proof.DECLARED, because, route)
    match authenticates(route):
        case True:
            kind = said(route.authorization)
            because = f"`{label}` of the API `{name}` asks its callers who they are ({kind})"
            return _way(Zone.USERS, End("api", name), f"{label}, {kind}", Proof.DECLARED, because, route)
        case False:
            because = f"`{label}` of the API `{name}` asks nobody who they are"
            end = End("api", f"anyone, by {name}")
            return _way(Zone.INTERNET, end, label, Proof.DECLARED, because, route)
        case _:
            unknown = route.authorization
            because = unknown.reason if isinstance(unknown, Unknown) else "who may call is not known"
            return _way(Zone.UNKNOWN, End("api", name), label, Proof.UNDECIDED, because, route)


# ----------------------------------------------------------------------------------------- triggers


def _triggers(function: Function, world: World) -> Iterator[Way]:
    for one in world.triggers_of(function):
        kind, source, how = _trigger(one, world)
        proof = Proof.UNDECIDED if one.doubt else Proof.DECLARED
        because = one.doubt.reason if one.doubt else f"{source} {_VERBS.get(kind, 'calls it')}"
        yield _way(Zone.SERVICE, End(kind, source), how, proof, because, one)


_VERBS: Final = {"queue": "is polled for it", "schedule": "calls it by the clock"}


def _trigger(one: Trigger, world: World) -> tuple[str, str, str]:
    """What kind of thing calls, its name, and how."""
    match one:
        case EventSourceMapping(source_arn=source):
            return "queue", _named(source) or "a broker", "polled by Lambda"
        case BucketTrigger(bucket=bucket):
            events = ", ".join(map(said, one.events.value)) if isinstance(one.events, Known) else "events"
            return "s3", _named(bucket), events or "events"
        case TopicSubscription(topic_arn=topic):
            return "sns", _named(topic), "subscription"
        case EventTarget(rule=name):
            rule = world.rule_in(name)
            timed = rule is not None and isinstance(rule.schedule, Known) and rule.schedule.value
            return (
                ("schedule" if timed else "events"),
                _named(name),
                (said(rule.schedule) if timed and rule else "rule"),
            )
        case Schedule():
            return "schedule", one.address, "schedule"
        case LogSubscription(log_group=group):
            return "logs", _named(group), "subscription filter"
        case Invocation():
            return "deployment", "Terraform, when it is applied", "invocation"


def _named(value: Value[str] | Value[str | None]) -> str:
    """What people call the thing a value stands for: its address here, else its text."""
    if isinstance(value, Known) and value.value is None:
        return ""
    ref = meant(value)
    return ref.address if ref else said(value)

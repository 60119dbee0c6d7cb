"""Calls of packages by the rules that the tables of them hold: whose client asks, with which parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stockade.code.facts import Credentials
from stockade.code.javascript import sdk
from stockade.code.javascript.credentials import is_own_key
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.rules import ITSELF, SERVICE, Kind, Operations, Rule
from stockade.code.javascript.tables import FUNCTIONS, KINDS
from stockade.code.javascript.values import (
    Atom,
    Client,
    External,
    Helper,
    Listing,
    Literal,
    Opaque,
    Thing,
    Values,
    is_nothing,
    join,
)
from stockade.source import Span

_MARK: Final = "row:"
_NO_KIND: Final = Kind()
_ANY_CLIENT: Final = ("0.client", "1.client", "0.documentClient")
_QUIET: Final = frozenset(
    ("addListener", "close", "emit", "off", "on", "once", "parse", "toString", "use", "verify")
)


def called(machine: Machine, external: External, arguments: list[Values], at: Span) -> Values | None:
    """Call, or construct, something of a package; ``None`` where no table has it."""
    rule = FUNCTIONS.get((external.module, ".".join(external.path)))
    if rule is None:
        return None
    made = _made(arguments, at)
    holder = Helper(_MARK + rule.gives, at, "", (made,))
    name = external.path[-1] if external.path else external.module
    if KINDS.get(rule.gives, _NO_KIND).methods or KINDS.get(rule.gives, _NO_KIND).properties:
        _, services = _whose(machine, Rule(client=_ANY_CLIENT), holder, arguments, at)
        for service in services:
            machine.holding.setdefault(at, (f"`{name}`", service, machine.reached))
    return _follow(machine, rule, holder, name, arguments, at)


def packages() -> dict[str, frozenset[str]]:
    """Packages that the tables have, each with the services that its rows name."""
    found: dict[str, set[str]] = {}
    for (module, _), rule in FUNCTIONS.items():
        package = "/".join(module.split("/")[: 2 if module.startswith("@") else 1])
        own = [one for name, one in KINDS.items() if name.partition(".")[0] == package]
        rules = [rule, *(one for kind in own for one in (*kind.methods.values(), *kind.settings.values()))]
        found.setdefault(package, set()).update(
            service for one in rules for service, _ in (*one.calls, *one.perhaps, *one.stream)
        )
    return {package: frozenset(services) for package, services in found.items()}


def is_followed(holder: Helper) -> bool:
    """Whether an object is one of the tables'."""
    return holder.kind.startswith(_MARK)


def method(machine: Machine, holder: Helper, name: str, arguments: list[Values], at: Span) -> Values:
    """Call a method of such an object."""
    kind, _ = _kind(holder)
    inner = member(machine, holder, name, at)
    if inner:
        machine.handed(f"`{name}`", arguments, at, clients=False)
        return inner  # what is called goes on as what it is when it is read
    rule = kind.methods.get(name) or kind.methods.get("*")
    if rule is None:
        services = dict.fromkeys(one for each in kind.methods.values() for one, _ in each.calls)
        for service in services if name not in _QUIET else ():
            sdk.unfollowed(machine, f"`{name}`", "what this method calls is not followed", at, service)
        results, functions = machine.handed(f"`{name}`", arguments, at, clients=not services)
        return join(results, machine.unknown(f"it is the result of `{name}`", at, "", functions))
    return _follow(machine, rule, holder, name, arguments, at)


def assigned(machine: Machine, holder: Helper, name: str, value: Values, at: Span) -> None:
    """Assign to a property of such an object."""
    rule = _kind(holder)[0].settings.get(name)
    if rule is not None:
        _follow(machine, rule, holder, name, [value], at)


def member(machine: Machine, holder: Helper, name: str, at: Span) -> Values:
    """A property of such an object, if it is one that is an object again."""
    kind, _ = _kind(holder)
    gives = kind.properties.get(name) or (kind.properties.get("*") if name not in kind.methods else None)
    if gives is None:
        return ()
    if gives == SERVICE:
        service = sdk.service_named(name)
        return (Client(service.name, "3", at),) if service is not None else ()
    if gives.startswith("made."):
        return tuple(_joined(one, holder) for one in _found(machine, gives, holder, [], at, name))
    return (Helper(f"{_MARK}{gives} {name}", holder.at, holder.service, holder.input),)


def _joined(inner: Atom, outer: Helper) -> Atom:
    """An object as it is reached through another one, which lends it the settings that it has not itself."""
    if not isinstance(inner, Helper):
        return inner
    made = Thing(inner.at)
    for each in (outer.input, inner.input):
        for one in each:
            made.table.update(one.table if isinstance(one, Thing) else {})
    return Helper(inner.kind, outer.at, inner.service, (made,))


def _kind(holder: Helper) -> tuple[Kind, str]:
    name, _, way = holder.kind.removeprefix(_MARK).partition(" ")
    return KINDS.get(name, _NO_KIND), way


def _made(arguments: list[Values], at: Span) -> Thing:
    made = Thing(at)
    made.table.update({str(index): one for index, one in enumerate(arguments)})
    return made


def _follow(
    machine: Machine, rule: Rule, holder: Helper, name: str, arguments: list[Values], at: Span
) -> Values:
    machine.handed(f"`{name}`", arguments, at, clients=False)
    if rule.only[0] and not _is_one_of(_found(machine, rule.only[0], holder, arguments, at), rule.only[1]):
        return machine.unknown(f"it is the result of `{name}`", at)
    if rule.keeps:
        before = machine.configured.get(rule.keeps, ())
        machine.configured[rule.keeps] = join(before, (_made(arguments, at),))
    if rule.of:
        asked = tuple(one for one in _found(machine, rule.of, holder, arguments, at) if isinstance(one, Helper))
        return join(*(method(machine, one, name, arguments, at) for one in asked if is_followed(one))) or (
            machine.unknown(f"it is the result of `{name}`", at)
        )
    credentials, services = _whose(machine, rule, holder, arguments, at)
    for operations, certain in (
        (_chosen(machine, rule, arguments, at), rule.certain),
        (rule.perhaps, False),
    ):
        for service, operation in operations:
            if rule.of_client and service not in services:
                continue
            machine.asking.add(holder.at)
            sdk.record(
                machine,
                service,
                operation,
                (_request(machine, rule, holder, arguments, at),),
                at,
                credentials=credentials,
                certain=certain,
                through=rule.through or holder.kind.removeprefix(_MARK).partition(".")[0].partition(" ")[0],
            )
    for service in rule.unfollowed:
        sdk.unfollowed(machine, f"`{name}`", rule.reason, at, service)
    if rule.gives == ITSELF:
        return (holder,)
    if rule.gives:
        kind = _given(machine, rule, holder, arguments, at)
        given = holder.input
        if rule.own:
            inner = _made(arguments, at)
            inner.table["maker"] = holder.input
            given = (inner,)
        way = _kind(holder)[1]
        made = Helper(_MARK + (f"{kind} {way}" if way else kind), holder.at, "", given)
        return (Listing(at, [(made,)], (), open=True),) if rule.many else (made,)
    return machine.unknown(f"it is the result of `{name}`", at)


def _given(machine: Machine, rule: Rule, holder: Helper, arguments: list[Values], at: Span) -> str:
    """The kind of what comes back, by what the first argument is."""
    first = arguments[0] if arguments else ()
    if rule.alone and all(map(is_nothing, first)):
        return rule.alone
    if rule.listed and first and all(isinstance(one, Listing) for one in first):
        return rule.listed
    path, kind = rule.short
    if path and _found(machine, path, holder, arguments, at):
        if all(isinstance(one, Thing) and not one.open and len(one.table) == 1 for one in first):
            return kind
    return rule.gives


def _chosen(machine: Machine, rule: Rule, arguments: list[Values], at: Span) -> Operations:
    first = arguments[0] if arguments else ()
    if rule.stream:
        told = [one for one in machine.get(first, "stream", at) if not is_nothing(one)]
        if told and not all(isinstance(one, Literal) and one.value is False for one in told):
            known = all(isinstance(one, Literal) for one in told)
            return rule.stream if known else (*rule.calls, *rule.stream)
    return rule.calls


def _request(machine: Machine, rule: Rule, holder: Helper, arguments: list[Values], at: Span) -> Thing:
    made = Thing(at, open=True)
    made.table.update({name: (_constant(one, at),) for name, one in rule.constants.items()})
    for parameter, paths in rule.parameters.items():
        for path in paths:
            found = join(*(_found(machine, one, holder, arguments, at) for one in path.split("+")))
            if found and not all(isinstance(one, Opaque) for one in found):
                made.table[parameter] = found
                break
    return made


def _constant(members: Mapping[str, Any], at: Span) -> Thing:
    made = Thing(at, open=True)
    made.table.update({name: (_constant(one, at),) for name, one in members.items()})
    return made


def _found(
    machine: Machine, path: str, holder: Helper, arguments: list[Values], at: Span, name: str = ""
) -> Values:
    """What stands at a path; nothing where there is nothing."""
    first, *rest = path.split(".")
    values: Values
    if path == "*":
        way = name or _kind(holder)[1]
        return (Literal(way, at),) if way else ()
    if first == "made":
        values = holder.input
    elif first == "kept":
        values = machine.configured.get(rest.pop(0), ())
    elif first.isdigit() and int(first) < len(arguments):
        values = arguments[int(first)]
    else:
        return ()
    way = name or _kind(holder)[1]
    for part in rest:
        if part == "made":
            values = tuple(atom for one in values if isinstance(one, Helper) for atom in one.input)
            continue
        values = tuple(one for one in values if not isinstance(one, Helper))
        if part == "@":
            values = machine.any_of(values, at)
        else:
            values = machine.get(values, way if part == "*" else part, at)
        values = tuple(one for one in values if not is_nothing(one))
    return values


def _is_one_of(values: Values, texts: tuple[str, ...]) -> bool:
    return any(isinstance(one, Literal) and one.value in texts for one in values)


def _whose(
    machine: Machine, rule: Rule, holder: Helper, arguments: list[Values], at: Span
) -> tuple[Credentials, frozenset[str]]:
    """Whose credentials an object asks with, and of which services it was handed clients."""
    kind, _ = _kind(holder)
    given = [
        one for path in (*kind.clients, *rule.client) for one in _found(machine, path, holder, arguments, at)
    ]
    clients = [one for one in given if isinstance(one, Client)]
    services = frozenset(one.service for one in clients)
    for path in kind.keys:
        found = _found(machine, path, holder, arguments, at)
        if any(not isinstance(one, Opaque) and not is_own_key(one) for one in found):
            return Credentials.OTHER, services
    if clients:
        return clients[0].credentials, services
    lost = kind.handed or any(isinstance(one, Opaque) for one in given)
    return Credentials.UNKNOWN if lost else Credentials.OWN, services

"""Containers of dependencies: what a program registers with one, and what it hands over where it is asked.

All containers of a program are one here: what is registered under a name with any of them is what is found
under it. ``wiring`` says what each package's functions and methods do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stockade.code.javascript import tree as t
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import (
    Atom,
    ClassValue,
    Closure,
    External,
    Frame,
    Helper,
    Listing,
    Literal,
    Native,
    Opaque,
    Thing,
    Values,
    join,
)
from stockade.source import Span

CONTAINER: Final = "container"
CRADLE: Final = "container cradle"
INJECTED: Final = "container injected"
LISTED: Final = "container injected, all of them"
MARK: Final = "container mark"
LATER: Final = "container later"
NAMED: Final = "container token"
QUALIFIED: Final = "container name"

PARAMETER: Final = "container's parameter"
TYPES: Final = "container's types"

CLASS: Final = "container class"
VALUE: Final = "container value"
FUNCTION: Final = "container function"
ALIAS: Final = "container alias"

SCOPE: Final = "diScope"
"""Where Fastify's plugin for awilix puts a container in each request."""

BY_NAME: Final = "by name"
BY_TYPE: Final = "by type"

_MOST: Final = 40
"""How many of the things that are registered are looked at where it is not known which one is asked for."""


def is_one(holder: Helper) -> bool:
    """Whether an object is one of those here."""
    return holder.kind.startswith(CONTAINER)


def provider(kind: str, values: Values, at: Span) -> Values:
    """What gives something: a class of which an object is made, a function that is called, a value, a name."""
    return (Helper(kind, at, "", values),)


# ------------------------------------------------------------------------------------------ names


def keys(machine: Machine, token: Values, at: Span) -> list[str] | None:
    """What something is asked for by, as keys; ``None`` where that is not known."""
    out: list[str] = []
    for atom in token:
        match atom:
            case Literal(value=value):
                out.append(f"text {value}")
            case ClassValue():
                out.append(f"class {id(atom)}")
            case External(module, path):
                out.append(f"package {module} {'.'.join(path)}")
            case Helper(kind=kind) if kind == NAMED:
                out.append(f"token {atom.at.path}:{atom.at.start}")
            case Helper(kind=kind, input=inner) if kind == LATER:
                found = keys(machine, machine.call(inner, (), [], at), at)
                if found is None:
                    return None
                out += found
            case Closure(node=node) if node.arrow:
                found = keys(machine, machine.call((atom,), (), [], at), at)
                if found is None:
                    return None
                out += found
            case Closure():
                out.append(f"function {id(atom.node)}")
            case Thing():
                out.append(f"object {atom.at.path}:{atom.at.start}")
            case _:
                return None
    return out


# ------------------------------------------------------------------------------------ registering


def register(machine: Machine, token: Values, given: Values, at: Span, instead: bool) -> None:
    """Keep what gives something; ``instead`` of what was registered under the same name before."""
    for atom in given:
        if isinstance(atom, Helper) and atom.kind == CLASS:
            for one in atom.input:
                if isinstance(one, ClassValue):
                    machine.injectable.setdefault(id(one), BY_TYPE)
    found = keys(machine, token, at)
    if found is None:
        found = ["*"]
    for key in found:
        before: Values = machine.registry.table.get(key, ())
        if key not in machine.registry.table:
            machine.registrations += 1
        machine.set(machine.registry, key, given if instead and key != "*" else join(before, given))
        if instead:
            everyone: Values = machine.registry.table.get(f"all {key}", ())
            machine.set(machine.registry, f"all {key}", join(everyone, given))


def qualified(key: str, name: Values) -> str:
    """The key of what is registered, or asked for, under a name within its own."""
    said = "/".join(str(one.value) for one in name if isinstance(one, Literal))
    return f"{key} called {said}" if said and len(name) == 1 else key


def rename(machine: Machine, token: Values, given: Values, name: Values, at: Span) -> None:
    """What was registered just now is only for those who ask for it by a name as well."""
    for key in keys(machine, token, at) or ():
        under = qualified(key, name)
        if under == key:
            continue
        everyone: Values = machine.registry.table.get(f"all {key}", ())
        machine.set(machine.registry, f"all {key}", join(everyone, given))
        before: Values = machine.registry.table.get(key, ())
        machine.set(machine.registry, key, tuple(one for one in before if one not in given))
        machine.set(machine.registry, under, join(machine.registry.table.get(under, ()), given))


def lost(machine: Machine, who: str, at: Span) -> None:
    """A container is with code that is not followed: whatever is registered may be used."""
    if CONTAINER in machine.resolving:
        return
    machine.resolving.add(CONTAINER)
    try:
        machine.handed(who, [made(machine, (one,), at) for one in _everything(machine)], at)
        if len(_everything(machine)) == _MOST:
            machine.recorder.unfollowed(
                who, "there is more in it than is followed", at, reached=machine.reached
            )
    finally:
        machine.resolving.discard(CONTAINER)


def _everything(machine: Machine) -> Values:
    table = machine.registry.table
    return join(*(values for key, values in table.items() if not key.startswith("all ")))[:_MOST]


# ---------------------------------------------------------------------------------------- resolving


def resolve(
    machine: Machine, token: Values, at: Span, each: bool = False, quiet: bool = False, name: Values = ()
) -> Values:
    """What a container gives for what it is asked for; ``each`` for all that is registered under the name.

    ``name`` tells several apart that are registered under the same one.
    """
    found = keys(machine, token, at)
    if not found:
        machine.recorder.unfollowed(
            "a container of dependencies", "what it is asked for is not known", at, reached=machine.reached
        )
        return join(made(machine, _everything(machine), at), machine.unknown("a container gives it", at))
    table = machine.registry.table
    out: list[Values] = []
    for key in found:
        everyone: Values = table.get(f"all {key}", ())
        given: Values = table.get(qualified(key, name), ()) if name else ()
        given = join(everyone, table.get(key, ())) if each else given or table.get(key, ()) or everyone
        if given:
            out.append(_once(machine, key, given, at))
            continue
        itself = _itself(machine, key, token, at)
        if not itself:
            itself = join(made(machine, table.get("*", ()), at), machine.unknown("a container gives it", at))
            if not quiet:
                reason = "what is registered under this name was not seen"
                machine.recorder.unfollowed(_told(key), reason, at, reached=machine.reached)
        out.append(itself)
    return join(*out)


def _told(key: str) -> str:
    kind, _, name = key.partition(" ")
    return f"`{name}` in a container of dependencies" if kind == "text" else "a container of dependencies"


def _once(machine: Machine, key: str, given: Values, at: Span) -> Values:
    """What is given, but nothing where it is being made just now."""
    if key in machine.resolving:
        return ()
    machine.resolving.add(key)
    try:
        return made(machine, given, at)
    finally:
        machine.resolving.discard(key)


def _itself(machine: Machine, key: str, token: Values, at: Span) -> Values:
    """What is asked for by its class, and not registered: an object of it."""
    out: list[Values] = []
    for atom in token:
        if isinstance(atom, ClassValue) and key == f"class {id(atom)}":
            out.append(machine.instance(atom, at))
        elif isinstance(atom, External) and key.startswith("package "):
            out.append(tuple(one for one in machine.construct((atom,), [], at) if not isinstance(one, Opaque)))
        elif isinstance(atom, Helper) and atom.kind == LATER:
            out.append(_itself(machine, key, machine.call(atom.input, (), [], at), at))
        elif isinstance(atom, Closure) and atom.node.arrow:
            out.append(_itself(machine, key, machine.call((atom,), (), [], at), at))
    return join(*out)


def made(machine: Machine, given: Values, at: Span) -> Values:
    """What those give that were registered."""
    out: list[Values] = []
    for atom in given:
        if not isinstance(atom, Helper):
            out.append((atom,))
        elif atom.kind == VALUE:
            out.append(atom.input)
        elif atom.kind == ALIAS:
            out.append(resolve(machine, atom.input, at))
        elif atom.kind == FUNCTION:
            for one in atom.input:
                out.append(machine.call((one,), (), _handed_to(machine, one, atom, at), at))
        elif atom.kind == CLASS:
            for one in atom.input:
                if isinstance(one, ClassValue):
                    out.append(machine.instance(one, at))
                else:
                    out.append(machine.construct((one,), [(Helper(CRADLE, at),)], at))
        else:
            out.append((atom,))
    return join(*out)


def _handed_to(machine: Machine, function: Atom, given: Helper, at: Span) -> list[Values]:
    """What a function that makes something is called with: the container, or what its parameters are named."""
    if given.service == BY_NAME:
        if isinstance(function, Closure):
            return _named(machine, function.node, at)
        return [(Helper(CRADLE, at),)]
    return [(Helper(CONTAINER, at),)]


def _named(machine: Machine, node: t.Function, at: Span) -> list[Values]:
    """What stands for parameters by their names: of one that has no such name, the cradle."""
    names = [_name(one.pattern) for one in node.parameters]
    if len(names) == 1 and f"text {names[0]}" not in machine.registry.table:
        return [(Helper(CRADLE, at),)]
    return [
        resolve(machine, (Literal(name, at),), at, quiet=machine.loading)
        if name
        else machine.unknown("a container gives it", at)
        for name in names
    ]


def _name(pattern: t.Node) -> str:
    inner = pattern.pattern if isinstance(pattern, t.DefaultPattern) else pattern
    return inner.id if isinstance(inner, t.Name) else ""


# ----------------------------------------------------------------------------------------- injecting


def is_outdated(machine: Machine, of: ClassValue) -> bool:
    """Whether an object was made when less was registered than there is now."""
    return id(of) in machine.injectable and machine.wired.get(id(of), -1) != machine.registrations


def settle(machine: Machine, at: Span) -> None:
    """Files are loaded, and everything is registered: what was made before is made once more."""
    for of in machine.classes:
        if of.made is not None and is_outdated(machine, of):
            machine.instance(of, at)


def arguments(machine: Machine, of: ClassValue, constructor: Closure | None, at: Span) -> list[Values]:
    """What a class's constructor is called with by whoever makes an object of it, a container for one."""
    machine.wired[id(of)] = machine.registrations
    if constructor is None:
        return []
    unknown = machine.unknown("whoever makes the object hands it over", of.node.at)
    parameters = constructor.node.parameters
    if machine.injectable.get(id(of)) == BY_NAME:
        return _named(machine, constructor.node, at)
    frame = Frame(constructor.scope, (), constructor.module, constructor.home)
    out: list[Values] = []
    for one in parameters:
        found = asked(machine, one.decorators, one.type, frame) if one.decorators else ()
        found = found or _compiled(machine, of, len(out), frame, at)
        if found:
            machine.injectable.setdefault(id(of), BY_TYPE)
        elif one.type and machine.registry.table:
            found = _of_type(machine, one.type, frame, at)
        out.append(found or unknown)
    return out


def _compiled(machine: Machine, of: ClassValue, index: int, frame: Frame, at: Span) -> Values:
    """What is injected for a parameter by what a compiler has written of it beside the class."""
    noted = machine.noted.get(id(of), [])
    said = [
        each for one in noted if one.service == str(index) for each in one.input if isinstance(each, Helper)
    ]
    found = injected(machine, [(at, one) for one in said], (), frame)
    if found:
        return found
    listed = [one for each in noted if each.kind == TYPES for one in each.input if isinstance(one, Listing)]
    types = join(*(one.items[index] for one in listed if index < len(one.items)))
    classes = tuple(one for one in types if isinstance(one, ClassValue))
    return resolve(machine, classes, at, quiet=machine.loading) if classes else ()


def asked(machine: Machine, decorators: Iterable[t.Node], type: t.TypeName, frame: Frame) -> Values:
    """What is injected for a parameter or a member with these decorators; nothing where none of them asks."""
    said = [(one.at, atom) for one in decorators for atom in machine.evaluate(one, frame)]
    return injected(machine, [(at, atom) for at, atom in said if isinstance(atom, Helper)], type, frame)


def injected(machine: Machine, said: list[tuple[Span, Helper]], type: t.TypeName, frame: Frame) -> Values:
    """What is injected where these things were said of a parameter or a member."""
    out: list[Values] = []
    called = join(*(atom.input for _, atom in said if atom.kind == QUALIFIED))
    for at, atom in said:
        if atom.kind in (INJECTED, LISTED):
            if atom.input:
                each = atom.kind == LISTED
                given = resolve(machine, atom.input, at, each, machine.loading, called)
                out.append((Listing(at, (), given, open=True),) if each else given)
            elif type:
                found = _of_type(machine, type, frame, at)
                out.append(found or machine.typed(machine.unknown("a container gives it", at), type, frame))
    return join(*out)


def _of_type(machine: Machine, type: t.TypeName, frame: Frame, at: Span) -> Values:
    """What is registered under the class that a type names."""
    out: list[Values] = []
    for name in type:
        first, *path = name.split(".")
        holder = frame.scope.find(first)
        found = machine.resolved(holder.table[first]) if holder is not None else ()
        for part in path:
            found = machine.get(found, part, at)
        classes = tuple(one for one in found if isinstance(one, ClassValue | External))
        for key in keys(machine, classes, at) or ():
            given = machine.registry.table.get(key)
            if given:
                out.append(_once(machine, key, given, at))
    return join(*out)


def decorates(machine: Machine, result: Values, of: ClassValue, at: Span) -> bool:
    """Whether a class's decorator only says that a container makes its objects, and under which name."""
    noted = [atom for atom in result if isinstance(atom, Helper) and atom.kind in (PARAMETER, TYPES)]
    if noted:
        machine.noted.setdefault(id(of), []).extend(noted)
        return True
    marks = [atom for atom in result if isinstance(atom, Helper) and atom.kind == MARK]
    if not marks or len(marks) < len(result):
        return False
    machine.injectable.setdefault(id(of), BY_TYPE)
    for mark in marks:
        if mark.input:
            register(machine, mark.input, provider(CLASS, (of,), at), at, instead=False)
    for member in of.node.members:
        # What is decorated is called by whoever decorates it, when an object is there.
        if member.decorators and member.kind == "method" and isinstance(member.value, t.Function):
            method = of.methods.get(member.value.name)
            if method is not None:
                machine.waiting.append((method, machine.instance(of, at), at))
    return True


def giving(run: Values) -> Values:
    """A function that gives this."""
    return (Native("a container's", lambda machine, this, given, at: run),)

"""What inversify, tsyringe, typedi, awilix and Nest's modules do with a container of dependencies."""

from __future__ import annotations

from typing import Final

from stockade.code.javascript import patterned
from stockade.code.javascript.containers import (
    ALIAS,
    BY_NAME,
    CLASS,
    CONTAINER,
    CRADLE,
    FUNCTION,
    INJECTED,
    LATER,
    LISTED,
    MARK,
    NAMED,
    QUALIFIED,
    VALUE,
    lost,
    made,
    provider,
    register,
    rename,
    resolve,
)
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import (
    ClassValue,
    Closure,
    External,
    Helper,
    Listing,
    Literal,
    Native,
    Opaque,
    Thing,
    Values,
    is_nothing,
    join,
)
from stockade.source import Span

_INVERSIFY: Final = "inversify"
_TSYRINGE: Final = "tsyringe"
_TYPEDI: Final = "typedi"
_AWILIX: Final = ("awilix", "@fastify/awilix")
_NEST: Final = "@nestjs/common"
PACKAGES: Final = frozenset((_INVERSIFY, _TSYRINGE, _TYPEDI, *_AWILIX))

_BINDING: Final = "container binding"
_BOUND: Final = "container bound"
_MODULE: Final = "container module"

_INJECTING: Final = {
    "inject": INJECTED,
    "Inject": INJECTED,
    "multiInject": LISTED,
    "injectAll": LISTED,
    "InjectMany": LISTED,
}
_MARKING: Final = frozenset(
    (
        "injectable",
        "singleton",
        "scoped",
        "autoInjectable",
        "registry",
        "Service",
        "injectFromBase",
        "fluentProvide",
    )
)
_LATER: Final = frozenset(("delay", "forwardRef", "LazyServiceIdentifer", "LazyServiceIdentifier"))
_ASKING: Final = frozenset(
    ("get", "getAsync", "getNamed", "getNamedAsync", "getTagged", "getTaggedAsync", "resolve", "resolveAsync")
)
_ASKING_ALL: Final = frozenset(
    ("getAll", "getAllAsync", "getAllNamed", "getAllTagged", "getMany", "resolveAll")
)
_ANOTHER: Final = frozenset(
    ("createChild", "createChildContainer", "createScope", "of", "merge", "container", "cradle", "ofInstance")
)
_SILENT: Final = frozenset(
    (
        *(
            "applyCustomMetadataReader",
            "applyMiddleware",
            "clearInstances",
            "dispose",
            "has",
            "hasRegistration",
        ),
        *("import", "inspect", "isBound", "isBoundNamed", "isBoundTagged", "isCurrentBound", "isRegistered"),
        *("remove", "reset", "restore", "snapshot", "unbind", "unbindAll", "unbindAllAsync", "unbindAsync"),
        *("unload", "unloadAsync", "getRegistration"),
    )
)
_USING: Final = {
    "useClass": CLASS,
    "useValue": VALUE,
    "useFactory": FUNCTION,
    "useToken": ALIAS,
    "useExisting": ALIAS,
}
_CALLED: Final = frozenset(("whenTargetNamed", "whenTargetTagged", "whenNamed", "whenTagged"))
"""What says that something is only for those who ask for it by a name."""

_MOUNTED: Final = 4
"""How deep modules within modules are looked at."""


# ------------------------------------------------------------------------------- functions and classes


def called(machine: Machine, external: External, arguments: list[Values], at: Span) -> Values | None:
    """Call something of these packages; ``None`` where that has nothing to do with a container."""
    module, path = external.module, external.path
    name = path[-1] if path else ""
    if module == _NEST:
        return _nest(machine, name, arguments, at)
    if module not in PACKAGES:
        return None
    first = arguments[0] if arguments else ()
    if name in _INJECTING:
        return (Helper(_INJECTING[name], at, "", first),)
    if name in _LATER:
        return (Helper(LATER, at, "", first),)
    if module == _INVERSIFY and name in ("named", "tagged"):
        return (Helper(QUALIFIED, at, "", arguments[-1] if arguments else ()),)
    if name in _MARKING:
        return _marked(machine, name, first, at)
    if module in _AWILIX:
        found = _awilix(machine, path, arguments, at)
        if found is not None:
            return found
    if name == "instanceCachingFactory" or name == "instancePerContainerCachingFactory":
        return first
    if name == "predicateAwareClassFactory":
        return _giving(provider(CLASS, join(*arguments[1:3]), at))
    if name == "decorate":
        return machine.undefined(at)
    if path[:1] in (("container",), ("Container",), ("diContainer",), ("diContainerClassic",)) and path[1:]:
        return method(machine, Helper(CONTAINER, at), name, arguments, at)
    if module == _TYPEDI and len(path) == 1:
        return method(machine, Helper(CONTAINER, at), name, arguments, at)
    return None


def _giving(given: Values) -> Values:
    def run(machine: Machine, this: Values, arguments: list[Values], at: Span) -> Values:
        return made(machine, given, at)

    return (Native("a container's", run),)


def construct(machine: Machine, external: External, arguments: list[Values], at: Span) -> Values | None:
    """``new`` of a class of these packages."""
    name = external.path[-1] if external.path else ""
    if external.module not in PACKAGES:
        return None
    if name in ("Container", "ContainerInstance"):
        return (Helper(CONTAINER, at),)
    if name in ("ContainerModule", "AsyncContainerModule"):
        container: Values = (Helper(CONTAINER, at),)
        machine.call(arguments[0] if arguments else (), (), [container] * 5, at)
        return (Helper(_MODULE, at),)
    if name == "Token":
        return (Helper(NAMED, at),)
    if name in _LATER:
        return (Helper(LATER, at, "", arguments[0] if arguments else ()),)
    return None


def is_container(external: External) -> bool:
    """Whether it is the one container that a package makes itself."""
    whole = ((), ("Container",)) if external.module == _TYPEDI else (("container",), ("diContainer",))
    return external.module in PACKAGES and external.path in whole


def promised(external: External, at: Span) -> Values:
    """A container, where a type names it."""
    containers = ("Container", "DependencyContainer", "ContainerInstance", "AwilixContainer")
    if external.module in PACKAGES and external.path[-1:] and external.path[-1] in containers:
        return (Helper(CONTAINER, at),)
    return ()


def _marked(machine: Machine, name: str, first: Values, at: Span) -> Values:
    """A decorator of a class, and the name under which it registers it."""
    token: list[Values] = []
    for atom in first:
        match atom:
            case Thing():
                for key in ("id", "token"):
                    found = tuple(one for one in machine.get((atom,), key, at) if not is_nothing(one))
                    token.append(found)
                if name == "Service":
                    _entry(machine, atom, at)
            case Listing() if name == "registry":
                for one in (one for item in (*atom.items, atom.rest) for one in item):
                    if isinstance(one, Thing):
                        _use(machine, machine.get((one,), "token", at), (one,), at)
            case Literal() | Helper() if name == "Service":
                token.append((atom,))
            case _:
                pass
    return (Helper(MARK, at, "", join(*token)),)


# ---------------------------------------------------------------------------------------- awilix


def _awilix(machine: Machine, path: tuple[str, ...], arguments: list[Values], at: Span) -> Values | None:
    first = arguments[0] if arguments else ()
    match path[-1:]:
        case ("createContainer",):
            return (Helper(CONTAINER, at),)
        case ("asValue",):
            return provider(VALUE, first, at)
        case ("asClass",):
            for atom in first:
                if isinstance(atom, ClassValue):
                    machine.injectable[id(atom)] = BY_NAME
            return provider(CLASS, first, at)
        case ("asFunction",):
            return (Helper(FUNCTION, at, BY_NAME, first),)
        case ("aliasTo",):
            return provider(ALIAS, first, at)
    return None


# ------------------------------------------------------------------------------------------ methods


def method(machine: Machine, holder: Helper, name: str, arguments: list[Values], at: Span) -> Values:
    """Call a method of a container, or of what it gives while something is registered."""
    first = arguments[0] if arguments else ()
    if holder.kind == CONTAINER:
        return _of_container(machine, holder, name, arguments, at)
    if holder.kind == _BINDING:
        return _bound(machine, holder, name, first, at)
    if holder.kind == CRADLE:
        return machine.call(resolve(machine, (Literal(name, at),), at), (), arguments, at)
    if holder.kind == _BOUND or holder.kind in (CLASS, VALUE, FUNCTION, ALIAS):
        if name == "inject":  # of awilix: names of its own
            for atom in machine.call(first, (), [(Helper(CONTAINER, at),)], at):
                for key, values in [*atom.table.items()] if isinstance(atom, Thing) else ():
                    token: Values = (Literal(key, at),)
                    register(machine, token, provider(VALUE, machine.resolved(values), at), at, instead=False)
        elif name in _CALLED and holder.kind == _BOUND and arguments:
            binding, *given = holder.input
            if isinstance(binding, Helper):
                rename(machine, binding.input, tuple(given), arguments[-1], at)
        elif arguments:
            machine.handed(f"`{name}`", arguments, at, clients=False)
        return (holder,)
    machine.handed(f"`{name}`", arguments, at, clients=False)
    return machine.unknown("it is a container's own", at)


def member(machine: Machine, holder: Helper, name: str, at: Span) -> Values:
    """A property of one: another container, or what is registered under a name."""
    if holder.kind == CRADLE:
        return resolve(machine, (Literal(name, at),), at)
    if holder.kind == CONTAINER and name in ("container", "parent"):
        return (holder,)
    if holder.kind == CONTAINER and name == "cradle":
        return (Helper(CRADLE, at),)
    return ()


def _of_container(machine: Machine, holder: Helper, name: str, arguments: list[Values], at: Span) -> Values:
    first = arguments[0] if arguments else ()
    if name in ("bind", "rebind", "rebindAsync", "rebindSync", "()"):
        return (Helper(_BINDING, at, "instead" if name.startswith("rebind") else "", first),)
    if name in _ASKING:
        called = arguments[-1] if len(arguments) > 1 else ()
        return resolve(machine, first, at, name=machine.get(_things(called), "name", at) or called)
    if name in _ASKING_ALL:
        return (Listing(at, (), resolve(machine, first, at, each=True), open=True),)
    if name in _ANOTHER:
        return (holder,)
    if name in ("register", "set"):
        _registered(machine, name, arguments, at)
        return (holder,)
    if name.startswith("register") and len(arguments) > 0:
        given = arguments[1] if len(arguments) > 1 and not all(map(is_nothing, arguments[1])) else first
        kind = VALUE if name in ("registerInstance", "registerValue") else CLASS
        if name == "registerType":
            kind = ALIAS
        register(machine, first, provider(kind, given, at), at, instead=True)
        return (holder,)
    if name in ("load", "loadAsync", "loadSync"):
        for atom in (one for values in arguments for one in values):
            if not isinstance(atom, Helper) or atom.kind != _MODULE:
                machine.recorder.unfollowed(
                    "a container of dependencies", "what it loads is not followed", at, reached=machine.reached
                )
        return (holder,)
    if name == "loadModules":
        patterned.modules(machine, arguments, at)
        return (holder,)
    if name == "build":
        return _built(machine, first, at)
    if name in _SILENT:
        return machine.unknown("it is a container's own", at)
    results, functions = machine.handed(f"`{name}`", arguments, at)
    lost(machine, f"`{name}` of a container", at)
    return join(results, machine.unknown("it is a container's own", at, "", functions))


def _built(machine: Machine, first: Values, at: Span) -> Values:
    """What is made without being registered."""
    out: list[Values] = []
    for atom in first:
        match atom:
            case ClassValue():
                machine.injectable.setdefault(id(atom), BY_NAME)
                out.append(machine.instance(atom, at))
            case Closure():
                out.append(made(machine, (Helper(FUNCTION, at, BY_NAME, (atom,)),), at))
            case _:
                out.append(made(machine, (atom,), at))
    return join(*out)


def _bound(machine: Machine, holder: Helper, name: str, first: Values, at: Span) -> Values:
    """``bind(token).to(…)``"""
    match name:
        case "to" | "toSelf":
            given = provider(CLASS, holder.input if name == "toSelf" else first, at)
        case "toConstantValue" | "toFunction" | "toConstructor":
            given = provider(VALUE, first, at)
        case "toDynamicValue" | "toResolvedValue" | "toFactory" | "toProvider":
            given = provider(FUNCTION, first, at)
        case "toService":
            given = provider(ALIAS, first, at)
        case "toAutoFactory" | "toAutoNamedFactory":
            given = provider(VALUE, _giving(provider(ALIAS, first, at)), at)
        case _:  # a scope, a condition, or something newer
            if first and not name.startswith(("when", "in", "on")):
                machine.recorder.unfollowed(
                    f"`{name}` of a container", "what it registers is not known", at, reached=machine.reached
                )
            return (holder,)
    register(machine, holder.input, given, at, instead=bool(holder.service))
    return (Helper(_BOUND, at, "", (Helper(_BINDING, holder.at, "", holder.input), *given)),)


def _things(values: Values) -> Values:
    return tuple(one for one in values if isinstance(one, Thing))


def _registered(machine: Machine, name: str, arguments: list[Values], at: Span) -> None:
    first = arguments[0] if arguments else ()
    if len(arguments) > 1:
        if name == "set":
            register(machine, first, provider(VALUE, arguments[1], at), at, instead=True)
        else:
            _use(machine, first, arguments[1], at)
        return
    for atom in first:
        match atom:
            case Thing() if name == "register":
                for key in [*atom.table, *atom.getters]:
                    _use(machine, (Literal(key, at),), machine.get((atom,), key, at), at)
                if atom.open:
                    _untold(machine, at)
            case Thing():
                _entry(machine, atom, at)
            case Listing():
                for one in (one for item in (*atom.items, atom.rest) for one in item):
                    if isinstance(one, Thing):
                        _entry(machine, one, at)
            case _:
                _untold(machine, at)


def _untold(machine: Machine, at: Span) -> None:
    reason = "what is registered with it is not known"
    machine.recorder.unfollowed("a container of dependencies", reason, at, reached=machine.reached)


def _entry(machine: Machine, entry: Thing, at: Span) -> None:
    """typedi's ``{ id, value, type, factory }``."""
    token = tuple(one for one in machine.get((entry,), "id", at) if not is_nothing(one))
    for key, kind in (("value", VALUE), ("type", CLASS), ("factory", FUNCTION)):
        if key in entry.table:
            given = machine.get((entry,), key, at)
            token = token or (given if key == "type" else ())
            register(machine, token, provider(kind, given, at), at, instead=True)


def _use(machine: Machine, token: Values, given: Values, at: Span) -> None:
    """``{ useClass, useValue, useFactory, useToken, useExisting }``, a class, or what awilix makes of one."""
    for atom in given:
        match atom:
            case Helper():
                register(machine, token, (atom,), at, instead=True)
            case ClassValue() | External():
                register(machine, token, provider(CLASS, (atom,), at), at, instead=True)
            case Thing():
                _used(machine, token, atom, at)
            case _:
                register(machine, token, (Opaque("what is registered is not known", at),), at, instead=True)
                _untold(machine, at)


def _used(machine: Machine, token: Values, given: Thing, at: Span) -> None:
    for key, kind in _USING.items():
        if key in given.table:
            values = machine.get((given,), key, at)
            if kind == FUNCTION and "inject" in given.table:
                values = _with(machine, values, machine.get((given,), "inject", at))
            register(machine, token, provider(kind, values, at), at, instead=True)


def _with(machine: Machine, functions: Values, tokens: Values) -> Values:
    """A function of Nest's that is called with what it asks for by ``inject: [NAMED]``."""

    def run(machine: Machine, this: Values, arguments: list[Values], at: Span) -> Values:
        listed = [item for one in tokens if isinstance(one, Listing) for item in one.items]
        return machine.call(functions, (), [resolve(machine, one, at) for one in listed], at)

    return (Native("a container's", run),)


# -------------------------------------------------------------------------------------------- Nest


def _nest(machine: Machine, name: str, arguments: list[Values], at: Span) -> Values | None:
    """Nest's own: what ``@Module`` provides under names, and who asks for it. Nest calls its classes."""
    first = arguments[0] if arguments else ()
    if name == "Inject":
        return (Helper(INJECTED, at, "", first),)
    if name == "forwardRef":
        return (Helper(LATER, at, "", first),)
    if name == "Module":
        _provided(machine, first, at, _MOUNTED)
    return None


def _provided(machine: Machine, modules: Values, at: Span, depth: int) -> None:
    for atom in modules:
        if not isinstance(atom, Thing) or not depth:
            continue
        for values in machine.get((atom,), "providers", at):
            for one in (one for item in values.items for one in item) if isinstance(values, Listing) else ():
                if isinstance(one, Thing) and one.of is None and "provide" in one.table:
                    _use(machine, machine.get((one,), "provide", at), (one,), at)
        for values in machine.get((atom,), "imports", at):
            for item in values.items if isinstance(values, Listing) else ():
                _provided(machine, item, at, depth - 1)

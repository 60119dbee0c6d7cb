"""Containers of dependencies: providers, and what injector, lagom and punq keep by type."""

from __future__ import annotations

import ast
from typing import Final

from stockade.code.python.externals import Externals
from stockade.code.python.values import (
    Abstract,
    Arguments,
    Array,
    Bound,
    Class,
    Data,
    Dict,
    External,
    Frame,
    Function,
    Instance,
    Made,
    Module,
    Native,
    Opaque,
    Site,
    identity,
    join,
    options,
    plain,
)

_PROVIDERS: Final = "dependency_injector.providers."
_CONTAINERS: Final = ("dependency_injector.containers.DeclarativeContainer",)
_PROVIDER: Final = "a provider"
_PROVIDED: Final = "a part of what is provided"
_MAKING: Final = frozenset(
    [
        *("AbstractCallable", "AbstractFactory", "AbstractSingleton", "Callable", "ContextLocalSingleton"),
        *("DelegatedCallable", "DelegatedFactory", "DelegatedSingleton", "DelegatedThreadSafeSingleton"),
        *("Coroutine", "Factory", "Resource", "Singleton", "ThreadLocalSingleton", "ThreadSafeSingleton"),
    ]
)
_WIRED: Final = ("wiring.Provide", "wiring.Closing", "wiring.Provider")
_QUIET: Final = frozenset(("override", "reset", "reset_override", "shutdown", "add_args", "add_kwargs"))

_INJECTOR: Final = "injector.Injector"
_BINDER: Final = "injector.Binder"
_LAGOM: Final = "lagom.Container"
_ASKING: Final = frozenset(
    [
        *("injector.Injector().get", "injector.Injector().create_object", "lagom.Container().resolve"),
        *("punq.Container().resolve", "punq.Container().instantiate"),
    ]
)
_REGISTERING: Final = frozenset(
    ("injector.Binder().bind", "lagom.Container().define", "punq.Container().register")
)
_SEVERAL: Final = 20
"""How many of the things that are kept are looked at where it is not known which one is asked for."""
_ONCE: Final = frozenset(("lagom.Singleton", "lagom.dependency_definition", "injector.CallableProvider"))


class Injection(Externals):
    """``Externals`` with containers."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)
        self._registry: dict[object, Abstract] = {}  # by types and names: what gives something
        self._places: dict[object, Site] = {}  # where each was first kept
        self._making: list[object] = []

    # ---------------------------------------------------------------------------- dependency-injector

    def call_external(self, site: Site, path: str, arguments: Arguments) -> Abstract:
        if path.startswith(_PROVIDERS):
            found = self._provider(path.removeprefix(_PROVIDERS), arguments)
            if found is not None:
                return found
        if path == _INJECTOR:
            for one in (*arguments.positional, *arguments.keywords.values()):
                for module in one.items if isinstance(one, Array) else [one]:
                    self._installed(site, module)
            return Made(_INJECTOR, arguments)
        if path in ("punq.Container", _LAGOM):
            return Made(path, arguments)
        if path in _ONCE:
            return arguments.positional[0] if arguments.positional else Opaque(site)
        if path in _REGISTERING:
            self._bind_type(site, path, arguments)
            return Opaque(site)
        if path == "injector.Binder().install" and arguments.positional:
            self._installed(site, arguments.positional[0])
            return Opaque(site)
        if path in _ASKING:
            named = (
                arguments.get(0, name) for name in ("service_key", "service", "interface", "cls", "dep_type")
            )
            return self._resolved(site, next((one for one in named if one is not None), Opaque(site)))
        return super().call_external(site, path, arguments)

    def _provider(self, name: str, arguments: Arguments) -> Abstract | None:
        """What a declarative container has under a name: it gives something when it is called."""

        def run(site: Site, given: Arguments) -> Abstract:
            with self.under(every=False if "Singleton" in name or name == "Resource" else None):
                return self._provide(site, name, arguments, given)

        known = name in _MAKING or name in ("Object", "List", "Dict", "Selector", "Aggregate", "Container")
        return Native((_PROVIDER, name, id(arguments)), run) if known else None

    def _provide(self, site: Site, name: str, arguments: Arguments, given: Arguments) -> Abstract:
        rest = arguments.positional[1:] if name in _MAKING else arguments.positional
        positional = [self._given(site, one) for one in rest]
        keywords = {key: self._given(site, one) for key, one in arguments.keywords.items()}
        first = arguments.get(0, "provides")
        match name:
            case "List":
                return Array(site, positional)
            case "Dict":
                return Dict(site, keywords)
            case "Selector" | "Aggregate":
                return join(*keywords.values(), *positional[1:]) if keywords else Opaque(site)
            case "Object":
                return first if first is not None else Opaque(site)
            case "Container" if first is not None:
                return self.call(site, first, Arguments())
        if first is None:
            return Opaque(site)
        handed = [*positional, *given.positional]
        value = self.call(site, first, Arguments(handed, {**keywords, **given.keywords}, arguments.open))
        if name == "Resource":
            return join(*(self.enter(site, one) for one in options(value)))
        return value

    def _given(self, site: Site, value: Abstract) -> Abstract:
        """An argument of a provider: of another provider what that gives."""
        found = [self.call(site, one, Arguments()) if _is_asked(one) else one for one in options(value)]
        return join(*found)

    def sdk_attribute(self, site: Site, value: Abstract, name: str) -> Abstract:
        if isinstance(value, Native) and _is_provider(value):
            key = (_PROVIDED, value.key, name)
            if value.key[0] == _PROVIDER and name in ("provider", "delegate"):
                return Native(("what gives a provider", value.key), lambda *_: value)
            if value.key[0] == _PROVIDER and name == "provided":
                return Native(key, lambda place, _: self.call(place, value, Arguments()))
            if value.key[0] == _PROVIDED and name == "call":
                return Native(
                    key,
                    lambda _, given: Native(
                        (_PROVIDED, key, id(given)),
                        lambda place, more: self.call(
                            place,
                            self.call(place, value, Arguments()),
                            Arguments(
                                [*given.positional, *more.positional], {**given.keywords, **more.keywords}
                            ),
                        ),
                    ),
                )
            if value.key[0] == _PROVIDED:
                return Native(
                    key, lambda place, _: self.attribute(place, self.call(place, value, Arguments()), name)
                )
            if value.key[1] == "Container":
                return self.attribute(site, self.call(site, value, Arguments()), name)
            if name in _QUIET:
                return Native(key, lambda place, _: Opaque(place))
        return super().sdk_attribute(site, value, name)

    def external_item(self, site: Site, value: External | Made, key: Abstract) -> Abstract:
        if isinstance(value, External) and value.path.startswith("dependency_injector."):
            if value.path.endswith(_WIRED):
                found = join(*(self._asked_for(site, one) for one in options(key)))
                return found if value.path.endswith("Provider") else self._given(site, found)
        if value.path == _LAGOM:
            return self._resolved(site, key)
        return super().external_item(site, value, key)

    def _asked_for(self, site: Site, key: Abstract) -> Abstract:
        """What ``Provide[…]`` asks for: a provider, or the name of one in a container."""
        first = key.items[0] if isinstance(key, Array) and key.items else key
        name = plain(first)
        if not isinstance(name, str):
            return first
        modules = [one for one in self.modules.values() if isinstance(one, Module)]
        found: list[Abstract] = []
        for one in (value for module in modules for value in [*module.globals.values()]):
            if isinstance(one, Class) and any(
                isinstance(base, External) and base.path in _CONTAINERS for base in self.lineage(one)
            ):
                inner: Abstract = one
                for part in name.split("."):
                    inner = self.attribute(site, inner, part)
                if not isinstance(inner, Opaque):
                    found.append(inner)
        if not found:
            self.unfollow(site, f"`{site.shown}`", f"no container that was seen provides `{name}`")
        return join(*found) if found else Opaque(site)

    def annotated(self, annotation: ast.expr | None, frame: Frame) -> Abstract | None:
        match annotation:
            case ast.Subscript(ast.Name("Annotated") | ast.Attribute(attr="Annotated"), ast.Tuple([_, *rest])):
                for part in rest:
                    if isinstance(part, ast.Subscript):
                        found = self.evaluate(part, frame)
                        if not isinstance(found, Opaque | External):
                            return found
        return super().annotated(annotation, frame)

    # ------------------------------------------------------------------- by types: injector, lagom, punq

    def put(self, site: Site, holder: Abstract, key: Abstract, value: Abstract) -> None:
        for one in options(holder):
            if isinstance(one, Made) and one.path == _LAGOM:
                self._keep(site, key, value)
        super().put(site, holder, key, value)

    def _bind_type(self, site: Site, path: str, arguments: Arguments) -> None:
        """``register(Interface, Implementation)``, ``bind(Interface, to=…)``"""
        key = arguments.get(0, "interface") or arguments.get(0, "service") or Opaque(site)
        for name in ("instance", "factory", "to", "resolver"):
            if name in arguments.keywords:
                self._keep(site, key, arguments.keywords[name])
                return
        given = arguments.positional[1:]
        self._keep(site, key, given[0] if given else key)

    def _keep(self, site: Site, key: Abstract, value: Abstract) -> None:
        for one in options(key):
            name = _key(one)
            if name is None:
                self.unfollow(site, f"`{site.shown}`", "under which type it is kept is not known")
                continue
            before = self._registry.get(name)
            after = value if before is None else join(before, value)
            if before is None or after is not before:
                self._registry[name] = after
                self._places.setdefault(name, site)
                if before is None:
                    self.learn(value)
                elif identity(before) != identity(after):
                    self.forget(value)

    def _installed(self, site: Site, module: Abstract) -> None:
        """A module of injector's: what its ``configure`` binds, and the methods that provide something."""
        binder = Arguments([Made(_BINDER)])
        for one in options(module):
            if isinstance(one, Class):
                one = self.instantiate(site, one, Arguments())
            if isinstance(one, Function | Bound):
                self.call(site, one, binder)
            if not isinstance(one, Instance):
                continue
            configure = self.members_of(one.cls, "configure")
            if isinstance(configure, Function):
                self.call(site, Bound(configure, one), binder)
            for cls in self.lineage(one.cls):
                for member in [*cls.members.values()] if isinstance(cls, Class) else ():
                    self._provided_by(site, member, one)

    def _provided_by(self, site: Site, member: Abstract, owner: Instance) -> None:
        """A method that provides something does so for the type that it says it returns."""
        if isinstance(member, Function) and _provides(member) and member.closure is not None:
            returned = getattr(member.node, "returns", None)
            if isinstance(returned, ast.expr):
                self._keep(site, self.evaluate(returned, member.closure), Bound(member, owner))

    def _resolved(self, site: Site, key: Abstract) -> Abstract:
        """What a container gives for a type: what is kept for it, or an object that is made of it."""
        return join(*(self._of_key(site, one) for one in options(key)))

    def _of_key(self, site: Site, key: Abstract) -> Abstract:
        name = _key(key)
        if name is not None and name in self._registry and name not in self._making:
            return self._kept(site, name)
        if isinstance(key, Class):
            return super()._promised_object(site, key) or Opaque(site)
        promised = self.promised(key.path) if isinstance(key, External) else None
        if promised is None:
            self.unfollow(site, f"`{site.shown}`", "what a container gives for it was not seen")
        if name is None:  # any of what is kept
            several = [one for one in [*self._registry][:_SEVERAL] if one not in self._making]
            return join(Opaque(site), *(self._kept(site, one) for one in several))
        return promised or Opaque(site)

    def _kept(self, site: Site, name: object) -> Abstract:
        self._making.append(name)
        try:
            found: list[Abstract] = []
            for one in options(self._registry[name]):
                match one:
                    case Class():
                        found.append(self._of_key(site, one))
                    case Function(node=node) | Bound(Function(node=node)):
                        alone = isinstance(one, Function) and len(node.args.args) == 1
                        given = [Made(_LAGOM)] if alone else []
                        found.append(self.call(site, one, Arguments([*given], {}, open=not given)))
                    case External():
                        found.append(self.call(site, one, Arguments()))
                    case _:
                        found.append(one)
            return join(*found)
        finally:
            self._making.pop()

    def _promised_object(self, site: Site, cls: Class) -> Abstract | None:
        name = _key(cls)
        if name in self._registry and name not in self._making:
            return self._kept(site, name)
        return super()._promised_object(site, cls)

    def promised(self, path: str) -> Abstract | None:
        name = ("type", path)
        if name in self._registry and name not in self._making:
            return self._kept(self._places[name], name)
        return super().promised(path)


def _key(value: Abstract) -> object:
    """By what something is kept; ``None`` where that cannot be told."""
    match value:
        case Class():
            return ("class", id(value.node))
        case External(path):
            return ("type", path)
        case Data() if isinstance(plain(value), str):
            return ("name", plain(value))
        case _:
            return None


def _is_provider(value: Abstract) -> bool:
    return isinstance(value, Native) and value.key[0] in (_PROVIDER, _PROVIDED)


def _is_asked(value: Abstract) -> bool:
    """Whether a provider hands over what another one gives, and not the other one itself."""
    return isinstance(value, Native) and _is_provider(value) and not str(value.key[1]).startswith("Delegated")


def _provides(function: Function) -> bool:
    """Whether one of a method's decorators says that it provides something."""
    for one in getattr(function.node, "decorator_list", ()):
        inner = one.func if isinstance(one, ast.Call) else one
        name = inner.id if isinstance(inner, ast.Name) else getattr(inner, "attr", "")
        if name in ("provider", "multiprovider"):
            return True
    return False

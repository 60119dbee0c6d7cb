"""Members of values: read, written, called."""

from __future__ import annotations

from typing import Any, Final, cast

from stockade.code.facts import ENVIRONMENT
from stockade.code.javascript import (
    answers,
    containers,
    extended,
    functions,
    libraries,
    natives,
    promises,
    prototypes,
    proxies,
    sdk,
    servers,
    strays,
)
from stockade.code.javascript.able import is_worth_catching
from stockade.code.javascript.inherited import find_getter, find_method, methods_of
from stockade.code.javascript.iterating import names_of
from stockade.code.javascript.known import GLOBALS
from stockade.code.javascript.packages import WRAPS, Packages, environment_checked
from stockade.code.javascript.unsaid import set_base, setter
from stockade.code.javascript.values import (
    EVENT,
    GLOBAL,
    Atom,
    Bound,
    ClassValue,
    Client,
    Closure,
    Command,
    Environment,
    External,
    Helper,
    Listing,
    Literal,
    Native,
    Opaque,
    Operation,
    Run,
    Thing,
    Values,
    Words,
    is_nothing,
    join,
)
from stockade.source import Span
from stockade.value import Ref, Text

_LOGS: Final = frozenset(("debug", "info", "log", "warn", "error", "trace", "fatal", "verbose"))
"""Methods of loggers, which print what they are handed."""

_ITSELF: Final = (("global",), ("globalThis",))

_OVER: Final = frozenset(("map", "flatMap", "forEach", "filter", "find", "some", "every", "reduce", "sort"))
"""Methods of lists that call their first argument for the elements."""


class Members(Packages):
    """``Packages`` with members."""

    # --------------------------------------------------------------------------------------- reading

    def get(self, whose: Values, name: str, at: Span) -> Values:
        if len(whose) == 1:
            return self._get(whose[0], name, at)
        return join(*(self._get(atom, name, at) for atom in proxies.alone(self, whose)))

    def _get(self, atom: Atom, name: str, at: Span) -> Values:
        match atom:
            case Thing():
                return self._of_thing(atom, name, at)
            case Listing():
                return self._of_listing(atom, name, at)
            case Environment():
                return self._variable(name, at)
            case External():
                return self._of_external(atom, name, at)
            case Client():
                return sdk.member(self, atom, name, at)
            case ClassValue():
                return self._of_class(atom, name, at)
            case Closure(table=table):
                found = table.get(name)
                if found is None and name == "prototype":
                    made: Values = (Thing(atom.node.at),)
                    table[name] = made  # as if it had been there from the start
                    return made
                return (
                    self.resolved(found)
                    if found is not None
                    else (Bound(Native(name, _function), (atom,), ()),)
                )
            case Native() | Bound() | Operation():
                return (Bound(Native(name, _function), (atom,), ()),)
            case Opaque() if atom.kind and (known := answers.member(self, atom, name)):
                return known
            case Opaque(reason=reason, kind=kind):
                if reason != EVENT and not name.islower():
                    self.doubts[at, name] = self.doubts.get((at, name), False) or self.reached
                if name == containers.SCOPE and self.registry.table:
                    return (Helper(containers.CONTAINER, at),)
                return (Opaque(reason, at, kind, atom.wraps), *strays.asked(self, name))
            case Command():
                return atom.input if name == "input" else self.unknown("it is a part of a request", at)
            case Helper():
                return libraries.member(self, atom, name, at) or (
                    Bound(Native(name, _member_of_helper(name)), (atom,), ()),
                )
            case Literal() if is_nothing(atom):
                return ()
            case Literal(value=str() as text) if name == "length":
                return (Literal(len(text), at),)
            case Literal() | Words():
                return self.unknown("it is computed", at)
            case _:
                return ()

    def _variable(self, name: str, at: Span) -> Values:
        self.recorder.variable(name, at)
        reason = f"it is what `{name}` holds in the environment"
        return (Words(Text((Ref(ENVIRONMENT, name),)), reason, at),)

    def _of_thing(self, thing: Thing, name: str, at: Span) -> Values:
        if thing.kind == proxies.KIND:
            return proxies.member(self, thing, (Literal(name, at),), at)
        if thing.kind in natives.MAPS and name in natives.OF_MAPS:
            return extended.of_map(thing, name)
        found = thing.table.get(name)
        if found is not None:
            return join(self.resolved(found), thing.table.get("*", ()))
        if "*" in thing.table:
            return self.resolved(thing.table["*"])
        getter = thing.getters.get(name) or (find_getter(thing.of, name) if thing.of is not None else None)
        if getter is not None:
            return self.apply(getter, (thing,), [], at)
        if thing.of is not None:
            if name == "constructor":
                return (thing.of,)
            method = find_method(thing.of, name)
            if method is not None:
                return (Bound(method, (thing,), ()),)
            given = self._of_prototype(thing, name, at)
            if given:
                return given
        for star in thing.stars:
            value = star(name)
            if value:
                return value
        if thing.base:
            return self.get(thing.base, name, at)
        if thing.open or (thing.of is not None and name not in thing.table and thing.of.is_open()):
            return self.unknown(f"nothing is known of the member `{name}`", at)
        return self.undefined(at)

    def _of_prototype(self, thing: Thing, name: str, at: Span) -> Values:
        """What the prototype of an object's class was given that is not written in the class."""
        of = thing.of
        for _ in range(12):
            if of is None:
                break
            if of.shared is not None:
                if name in of.shared.getters:
                    return self.apply(of.shared.getters[name], (thing,), [], at)
                if name in of.shared.table:
                    return self.resolved(of.shared.table[name])
            of = next((one for one in of.base if isinstance(one, ClassValue)), None)
        return ()

    def _of_listing(self, listing: Listing, name: str, at: Span) -> Values:
        if name.isdigit():
            index = int(name)
            if index < len(listing.items):
                return join(listing.items[index], listing.rest)
            return listing.any() if listing.open else self.undefined(at)
        if name == "length" and not listing.open:
            return (Literal(len(listing.items), at),)
        return self.unknown("it is computed", at)

    def _of_external(self, atom: External, name: str, at: Span) -> Values:
        if atom.module == GLOBAL:
            match (*atom.path, name):
                case ("process", "env"):
                    return (Environment(),)
                case ("globalThis" | "global", _):
                    kept = self.globals.table.get(name)
                    return self.resolved(kept) if kept is not None else (External(GLOBAL, (name,)),)
                case ("process", "env", _):
                    return self._variable(name, at)
            given = self.globals.table.get(".".join((*atom.path, name)))
            if given is not None:
                return self.resolved(given)
        if name == "default" or (name == "__esModule"):
            return (atom,) if name == "default" else self.unknown("it is computed", at)
        if name == "prototype" and (client := sdk.annotated(atom, at)):
            self.kept.prototypes.add(at)
            return client  # its methods are bound to a client of its own, or to another one
        if len(atom.path) > 6:
            return self.unknown(f"it is a part of `{atom.module}`", at)
        return libraries.exported(self, External(atom.module, (*atom.path, name)), at)

    def _of_class(self, of: ClassValue, name: str, at: Span) -> Values:
        current: ClassValue | None = of
        for _ in range(12):
            if current is None:
                break
            found = current.table.get(name)
            if found is not None:
                return self.resolved(found)
            if name in current.statics:
                return self.apply(current.statics[name], (of,), [], at)
            base = current.base
            current = next((one for one in base if isinstance(one, ClassValue)), None)
            if current is None and base:
                outside = tuple(
                    one
                    for one in base
                    if isinstance(one, External | Helper) or (isinstance(one, Closure) and name in one.table)
                )
                return self.get(outside, name, at) if outside else ()
        if name == "prototype":
            if of.shared is None:
                of.shared = Thing(of.node.at)
                of.shared.table.update({one: (method,) for one, method in of.methods.items()})
            return (of.shared,)
        if name == "name":
            return (Literal(of.node.name, at),)
        return self.undefined(at)

    def any_of(self, whose: Values, at: Span) -> Values:
        out: list[Values] = []
        for atom in proxies.alone(self, whose):
            match atom:
                case Thing(kind=proxies.KIND):
                    key = self.unknown("it is a member whose name is not known", at)
                    out.append(proxies.member(self, atom, key, at))
                case Thing():
                    out += [self.resolved(one) for one in atom.table.values()]
                    if atom.of is not None:
                        out += [(Bound(method, (atom,), ()),) for method in methods_of(atom.of)]
                    for name in names_of(atom) if atom.stars else ():
                        out.append(self._of_thing(atom, name, at))
                    if atom.base:
                        out.append(self.any_of(atom.base, at))
                    if atom.open or not atom.table:
                        out.append(self.unknown("it is a member whose name is not known", at))
                case Listing():
                    out.append(atom.any())
                case Environment():
                    out.append(self.unknown("it is a variable of the environment whose name is not known", at))
                case Client() | External():
                    out.append(sdk.any_member(self, atom, at))
                case Opaque(reason=reason, kind=kind):
                    out.append(self.unknown(reason, at, kind, atom.wraps))
                case ClassValue():
                    out += [self.resolved(one) for one in atom.table.values()]
                case Literal() if is_nothing(atom):
                    pass
                case _:
                    out.append(self.unknown("it is computed", at))
        return join(*out)

    # --------------------------------------------------------------------------------------- writing

    def put(self, whose: Values, name: str, value: Values, at: Span) -> None:
        owners = [atom for atom in whose if isinstance(atom, Thing | ClassValue | Closure | Listing)]
        for atom in whose:
            if isinstance(atom, Client) and any(isinstance(one, Closure | Bound) for one in value):
                whom = atom.service if atom.at in self.kept.prototypes else atom.at
                self.patched[whom, name] = join(self.patched.get((whom, name), ()), value)
                prototypes.replaced(self, atom, name, value, at)
            if isinstance(atom, Helper):
                libraries.assigned(self, atom, name, value, at)
            if isinstance(atom, External):
                sdk.assigned(self, atom, name, value)
                if atom.module == GLOBAL:  # `global.x` is the name itself, `Promise.x` a member of one
                    called_so = ".".join((*atom.path, name) if atom.path not in _ITSELF else (name,))
                    before = self.resolved(self.globals.table.get(called_so, ()))
                    if prototypes.is_one(atom):
                        self.kept.extended.setdefault(name, []).append(atom.path[0])
                    self.set(self.globals, called_so, join(before, value))
        if len(owners) < len(whose) and any(isinstance(atom, Opaque) for atom in whose):
            # An event, say, that middleware gives a service: whoever reads a member of this name may get it.
            strays.give(self, name, value)
        for owner in owners:
            called = setter(owner, name) if isinstance(owner, Thing | ClassValue) else None
            if called is not None:
                self.apply(called, (owner,), [value], at)
            elif name == "__proto__":
                set_base(self, (owner,), value)
            elif isinstance(owner, Listing):
                if name.isdigit() and int(name) < len(owner.items):
                    items = list(owner.items)
                    items[int(name)] = join(items[int(name)], value)
                    self.set(owner, "items", tuple(items))
                else:
                    self.set(owner, "rest", join(owner.rest, value))
                    self.set(owner, "open", True)
            elif len(owners) == 1 and len(whose) == 1 and name != "*":
                self.set(owner, name, value)
            else:
                self.set(owner, name, join(self.resolved(owner.table.get(name, ())), value))

    def threw(self, values: Values) -> None:
        self.thrown = join(self.thrown, tuple(one for one in values if is_worth_catching(one)))

    def given_back(self, values: Values) -> None:
        for atom in values:
            if isinstance(atom, Thing) and atom.of is None:  # a context, say, that others are handed
                for name, value in [*atom.table.items()]:
                    strays.give(self, name, self.resolved(value))

    # --------------------------------------------------------------------------------------- calling

    def invoke(self, whose: Values, name: str, arguments: list[Values], at: Span) -> Values:
        if len(whose) > 1 and any(isinstance(atom, Client) for atom in whose):
            # A client, or what nobody knows: what a client does with a request is what happens.
            whose = tuple(atom for atom in whose if not isinstance(atom, Opaque))
        if all(self._lost(atom, name, at) for atom in whose):
            # It may be a client that got lost on its way: what it is called for decides, when all is known.
            self.doubts[at, name] = self.doubts.get((at, name), False) or self.reached
        if len(whose) == 1:
            return self._invoke(whose[0], name, arguments, at)
        whose = proxies.alone(self, whose)
        if not whose and name in promises.METHODS:  # of a promise that is only ever rejected
            return promises.failed(self, name, arguments, at)
        return join(*(self._invoke(atom, name, arguments, at) for atom in whose))

    def _lost(self, atom: Atom, name: str, at: Span) -> bool:
        """Whether nobody knows what something is, or it has no member of this name that was seen."""
        match atom:
            case Opaque(reason=reason):
                return reason != EVENT
            case Literal() if is_nothing(atom):
                return True  # it would throw, if it really were nothing
            case External(module=module, path=path):
                return module == GLOBAL and len(path) == 1 and path[0] not in GLOBALS
            case Thing():
                return atom.of is not None and not self._of_thing(atom, name, at)
            case _:
                return False

    def _invoke(self, atom: Atom, name: str, arguments: list[Values], at: Span) -> Values:
        if name in self.kept.extended and (given := prototypes.added(self, atom, name)):
            return self.call(given, (atom,), arguments, at)
        match atom:
            case Thing():
                return self._invoke_thing(atom, name, arguments, at)
            case Client():
                if name in promises.METHODS:
                    return promises.settled(self, atom, name, arguments, at)
                instead = self.patched.get((atom.at, name)) or self.patched.get((atom.service, name))
                if instead:
                    return self.call(instead, (atom,), arguments, at)
                return sdk.call_client(self, atom, name, arguments, at)
            case External():
                return self._invoke_external(atom, name, arguments, at)
            case Helper():
                if name in promises.METHODS:
                    return promises.settled(self, atom, name, arguments, at)
                return self.call_helper(atom, name, arguments, at)
            case ClassValue():
                return self.call(self._of_class(atom, name, at), (atom,), arguments, at)
            case Closure() | Native() | Bound() | Operation():
                table = atom.table if isinstance(atom, Closure) else {}
                if name in table:
                    return self.call(self.resolved(table[name]), (atom,), arguments, at)
                if name in promises.METHODS:
                    return promises.settled(self, atom, name, arguments, at)
                return functions.method(self, atom, name, arguments, at)
            case Listing():
                given = extended.of_list(self, atom, name, arguments, at)
                return given or promises.settled(self, atom, name, arguments, at)
            case Literal() if is_nothing(atom):
                return promises.settled(self, atom, name, arguments, at) if name in promises.METHODS else ()
            case Literal() | Words():
                if name in promises.METHODS:
                    return promises.settled(self, atom, name, arguments, at)
                return natives.on_text(self, atom, name, arguments, at)
            case Opaque():
                if name in promises.METHODS:
                    return promises.settled(self, atom, name, arguments, at)
                return self._invoke_opaque(atom, name, arguments, at)
            case Command() if name in promises.METHODS:
                return promises.settled(self, atom, name, arguments, at)
            case _:
                return self.unknown("it is computed", at)

    def _invoke_external(self, atom: External, name: str, arguments: list[Values], at: Span) -> Values:
        if name in promises.METHODS and atom.module != GLOBAL:
            return promises.settled(self, atom, name, arguments, at)  # import("…").then(…)
        if name in ("call", "apply", "bind") and atom != External(GLOBAL, ("Reflect",)):
            return functions.method(self, atom, name, arguments, at)
        given = self.globals.table.get(".".join((*atom.path, name))) if atom.module == GLOBAL else None
        if given is not None:
            return self.call(self.resolved(given), (atom,), arguments, at)
        return self.call_external(External(atom.module, (*atom.path, name)), arguments, at)

    def _invoke_thing(self, thing: Thing, name: str, arguments: list[Values], at: Span) -> Values:
        if (
            thing.kind in natives.MAPS and name in natives.OF_MAPS
        ):  # whatever it holds under keys that are not known
            return natives.on_map(self, thing, name, arguments, at)
        if thing.kind == proxies.KIND:
            if name in promises.METHODS:
                return promises.settled(self, thing, name, arguments, at)
            return self.call(self._of_thing(thing, name, at), (thing,), arguments, at)
        found = self._of_thing(thing, name, at)
        known = tuple(one for one in found if not is_nothing(one) and not isinstance(one, Opaque))
        if known:
            return self.call(known, (thing,), arguments, at)
        if thing.kind in natives.MAPS:
            return natives.on_map(self, thing, name, arguments, at)
        if name in promises.METHODS:
            return promises.settled(self, thing, name, arguments, at)
        if natives.is_of_all(name):
            return self.unknown("it is computed", at)
        if thing.base and (given := extended.as_list(self, thing, name, arguments, at)):
            return given
        if not found or all(map(is_nothing, found)):
            # A member that nothing was seen to set: whatever sets it was not followed.
            results, functions = self.handed(f"`{name}`", arguments, at)
            return join(results, self.unknown(f"nothing is known of the member `{name}`", at, "", functions))
        return self.call(found, (thing,), arguments, at)

    def _invoke_opaque(self, atom: Opaque, name: str, arguments: list[Values], at: Span) -> Values:
        function = arguments[0] if arguments else ()
        if name in _OVER and any(isinstance(one, Closure | Native | Bound | Operation) for one in function):
            results = natives.each(self, (atom,), name, arguments, at)
            if name in ("map", "flatMap"):
                return (Listing(at, (), results, open=True),)
            return join(results, (Opaque(atom.reason, at, atom.kind),)) if name == "reduce" else (atom,)
        checked = environment_checked(name, arguments, at)
        if checked:
            return checked
        if name == "promise":  # as version 2 of the SDK is asked for one: of what was called just before
            self.doubts[atom.at, name] = self.reached
        named = (len(arguments) > 1 and self.names(function)) or []
        kept_so = bool(named) and strays.keeps(self, name, named, arguments[1])
        clients = name not in _LOGS and not kept_so
        keeps = atom.kind == WRAPS or bool(servers.of(atom))
        results, functions = self.handed(f"`{name}`", arguments, at, clients, keeps)
        if servers.keeps(self, atom, functions, at):
            functions = ()
        if name == "get":
            results = join(results, *(strays.asked(self, one) for one in self.names(function) or ()))
        for one in atom.wraps if not self.loading and atom.kind != WRAPS else ():
            if isinstance(one, Closure) and id(one.node) not in self.ran:
                self.waiting.append((one, (), at))  # what it was handed it calls when it is asked for something
        kept = tuple(dict.fromkeys((*atom.wraps, *functions)))
        if atom.kind == WRAPS and functions:
            self.attached[atom.wraps] = (*self.attached.get(atom.wraps, ()), *functions)
        return join((Opaque(atom.reason, at, atom.kind, kept),), results)


def _function(machine: Members, this: Values, arguments: list[Values], at: Span) -> Values:
    return machine.unknown("it is a function's own", at)


def _member_of_helper(name: str) -> Run:
    """A method of a library's object that is taken off it: ``const { decrypt } = buildClient()``."""

    def run(machine: Any, this: Values, arguments: list[Values], at: Span) -> Values:
        results = (machine.call_helper(one, name, arguments, at) for one in this if isinstance(one, Helper))
        return join(*results) or cast(Values, machine.unknown("it is a library's own", at))

    return run

"""Python's own functions: what they give, and what they call of what they are handed."""

from __future__ import annotations

import ast
from typing import Final

from stockade.code.facts import Credentials
from stockade.code.python.containers import text_start
from stockade.code.python.doubts import EVENT, hands_on
from stockade.code.python.judgement import DOING
from stockade.code.python.loops import UNROLLED
from stockade.code.python.protocols import handed_to, hashed
from stockade.code.python.reflection import made_class, members
from stockade.code.python.resources import Resources
from stockade.code.python.runs import share
from stockade.code.python.told import text_value
from stockade.code.python.values import (
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Array,
    Bound,
    Class,
    Client,
    Data,
    Dict,
    External,
    Function,
    Instance,
    Made,
    Module,
    Native,
    Opaque,
    Partial,
    Response,
    ServiceObject,
    Site,
    join,
    options,
    plain,
    texts,
)
from stockade.value import Known

_NOT_CALLED: Final = frozenset(
    ("id", "len", "repr", "hash", "type", "isinstance", "hasattr", "callable", "print")
)


class Builtins(Resources):
    """Calls what needs no import."""

    def builtin_call(self, site: Site, name: str, arguments: Arguments) -> Abstract:
        first = arguments.positional[0] if arguments.positional else None
        handed_to(self, site, name, arguments)
        match name:
            case "iter" if len(arguments.positional) > 1 and first is not None:
                return Array(site, [self.call(site, first, Arguments())], True)
            case "list" | "tuple" | "set" | "frozenset" | "sorted" | "reversed" | "iter":
                return self._listed(site, name, first, arguments)
            case "dict":
                return self._dictionary(site, first, arguments)
            case "str" if first is not None and not arguments.keywords:
                if isinstance(first, Data):
                    return text_value(self.text_pieces(first, site), site) if not _is_bytes(first) else first
                return first if isinstance(first, Response | Opaque) else Opaque(site)
            case "next":
                return self.elements(site, first) if first is not None else Opaque(site)
            case "enumerate" | "zip" | "map" | "filter" if first is not None:
                return self._iterated(site, name, first, arguments)
            case "getattr":
                return self._getattr(site, arguments)
            case "setattr" if len(arguments.positional) == 3:
                for text in texts(arguments.positional[1]):
                    self.store(site, arguments.positional[0], text, arguments.positional[2])
                return NOTHING_KNOWN
            case "__import__" if first is not None:
                return self.import_by_name(site, first)
            case "vars" if isinstance(first, Instance):
                return Dict(site, dict(first.attributes), open=True)
            case "vars" if isinstance(first, Module | Class):
                return self.attribute(site, first, "__dict__")
            case "dir" if first is not None and (found := members(self, site, first)) is not None:
                return Array(site, [Data(Known(one, site.origin)) for one in found.items])
            case "globals" | "locals" | "vars":
                return Opaque(site)
            case "exec" | "eval" | "compile":
                if not _is_literal(plain(first) if first is not None else ""):
                    self.unfollow(site, f"`{site.shown}`", "it runs code that is made when it runs")
                return Opaque(site)
            case "min" | "max" if first is not None:
                return self._chosen(site, first, arguments)
            case "int" | "float" | "bool" | "sum" | "abs" | "round":
                return self._number(site, name, first, arguments)
            case "property" | "staticmethod" | "classmethod" if first is not None:
                if not isinstance(first, Function):
                    return first
                kind = {"property": "property", "staticmethod": "static", "classmethod": "class"}[name]
                if first.kind != kind:
                    first.kind = kind
                    self.forget()
                return first
            case "type" if len(arguments.positional) == 3:
                return self._class_made(site, *arguments.positional)
            case "type" if first is not None and len(arguments.positional) == 1:
                return first.cls if isinstance(first, Instance) else External("builtins.type()")
        return self._made(name, arguments)

    def _class_made(self, site: Site, name: Abstract, bases: Abstract, members: Abstract) -> Abstract:
        """``type(name, bases, members)``"""
        made = made_class(site, str(plain(name) or "type"))
        made.bases = list(bases.items) if isinstance(bases, Array) else [External("builtins.object")]
        made.members = dict(members.items) if isinstance(members, Dict) else {}
        for one in made.members.values():
            if isinstance(one, Function) and one.owner is None:
                one.owner = made
        share(made.members.values())
        for base in made.bases:
            if isinstance(base, Class):
                base.derived.append(made)
        return made

    def _made(self, name: str, arguments: Arguments) -> Abstract:
        """What is only known by what made it, which may call the functions that it is handed."""
        if name not in _NOT_CALLED:
            for one in arguments.everything():
                if isinstance(one, Function | Bound | Partial):
                    self.later(one)
        return Made(f"builtins.{name}", arguments)

    def _iterated(self, site: Site, name: str, first: Abstract, arguments: Arguments) -> Abstract:
        """What goes through several things: their elements, or what a function makes of them."""
        match name:
            case "enumerate":
                items = (
                    first.items if isinstance(first, Array) and not first.open else [self.elements(site, first)]
                )
                pairs: list[Abstract] = [Array(site, [Opaque(site), one]) for one in items]
                return Array(site, pairs, not (isinstance(first, Array) and not first.open))
            case "zip" if all(isinstance(one, Array) and not one.open for one in arguments.positional):
                columns = [one.items for one in arguments.positional if isinstance(one, Array)]
                return Array(site, [Array(site, list(row)) for row in zip(*columns, strict=False)])
            case "zip":
                return Array(
                    site, [Array(site, [self.elements(site, one) for one in arguments.positional])], True
                )
            case "map" if len(arguments.positional) == 2 and _is_short(arguments.positional[1]):
                several = arguments.positional[1]
                return Array(
                    site, [self.call(site, first, Arguments([one])) for one in getattr(several, "items", ())]
                )
            case "map":
                given = [self.elements(site, one) for one in arguments.positional[1:]]
                return Array(site, [self.call(site, first, Arguments(given))], True)
            case "filter" if len(arguments.positional) > 1:
                element = self.elements(site, arguments.positional[1])
                if isinstance(first, Function | Bound | Class | Partial):
                    self.call(site, first, Arguments([element]))
                return Array(site, [element], True)
            case _:
                return self._made(name, arguments)

    def _listed(self, site: Site, name: str, first: Abstract | None, arguments: Arguments) -> Abstract:
        """``list(x)`` and what else goes through something; a ``key`` is called for what is in it."""
        for one in options(arguments.keywords.get("key", NOTHING_KNOWN)):
            if first is not None and not isinstance(one, Opaque):
                self.call(site, one, Arguments([self.elements(site, first)]))
        if first is None:
            return Array(site)
        if name in ("set", "frozenset"):
            hashed(self, site, self.elements(site, first))
        if isinstance(first, Array):
            return Array(site, list(first.items), first.open)
        return Array(site, [self.elements(site, first)], True)

    def _dictionary(self, site: Site, first: Abstract | None, arguments: Arguments) -> Abstract:
        """``dict(pairs, name=value)``."""
        made = Dict(site)
        if isinstance(first, Array):
            for pair in first.items:
                if isinstance(pair, Array) and len(pair.items) == 2:
                    self.put(site, made, pair.items[0], pair.items[1])
            made.open = first.open
        elif first is not None:
            self.merge(made, first)
        made.items.update(arguments.keywords)
        made.open = made.open or arguments.open
        return made

    def _chosen(self, site: Site, first: Abstract, arguments: Arguments) -> Abstract:
        """``min`` and ``max``: one of several, of which only what does something is kept."""
        several = arguments.positional if len(arguments.positional) > 1 else [self.elements(site, first)]
        self._keyed(site, arguments, Arguments([several[0]]))
        found = join(*several, arguments.keywords.get("default"))
        return found if any(isinstance(one, DOING) for one in options(found)) else Opaque(site)

    def _number(self, site: Site, name: str, first: Abstract | None, arguments: Arguments) -> Abstract:
        """What is computed; known for a whole number that is read from a text."""
        self._keyed(site, arguments, Arguments(open=True))
        text = plain(first) if first is not None else None
        if name == "int" and isinstance(text, str) and len(text) < 20 and text.isdecimal():
            return Data(Known(int(text), site.origin))
        return Opaque(site)

    def _keyed(self, site: Site, arguments: Arguments, given: Arguments) -> None:
        """Call the function that is handed as ``key``."""
        for one in options(arguments.keywords.get("key", NOTHING_KNOWN)):
            if isinstance(one, Function | Bound | Native):
                self.call(site, one, given)

    def _getattr(self, site: Site, arguments: Arguments) -> Abstract:
        if len(arguments.positional) < 2:
            return Opaque(site)
        value, name = arguments.positional[:2]
        found: list[Abstract] = []
        for one in options(name):
            text = plain(one)
            if isinstance(text, str):
                found.append(self.attribute(site, value, text))
            else:
                found.append(self._some_member(site, value, one))
        if len(arguments.positional) > 2:
            found.append(arguments.positional[2])
        return join(*found)

    def _some_member(self, site: Site, value: Abstract, name: Abstract) -> Abstract:
        """A member whose name is not known: any whose name begins alike, of what the source defines."""
        start = text_start(name, site)
        found: list[Abstract] = []
        for one in options(value):
            match one:
                case Client() | ServiceObject():
                    if one.credentials is not Credentials.OTHER:
                        reason = "which operation it is is known only when it runs"
                        self.unfollow(site, f"`{site.shown}`", reason, one.service.name)
                case Instance():
                    for cls in self.lineage(one.cls):
                        if isinstance(cls, Class):
                            names = [
                                key for key in cls.members if key.startswith(start) and not key.startswith("__")
                            ]
                            found += (self.attribute(site, one, key) for key in names)
                    found += (item for key, item in one.attributes.items() if key.startswith(start))
                    other = self.members_of(one.cls, "__getattr__")
                    if isinstance(other, Function):
                        found.append(self.call(site, Bound(other, one), Arguments([name])))
                case Module():
                    found += (item for key, item in one.globals.items() if key.startswith(start))
                case External(path) if path.partition(".")[0] in ("boto3", "botocore", "aioboto3"):
                    self.unfollow(
                        site, f"`{site.shown}`", "which of the SDK's functions it is is known only when it runs"
                    )
                case Opaque() if self.doubts.any() and one.reason != EVENT:
                    found.append(Native(("some member", site), lambda place, _: self._something(place)))
                case External(path) | Made(path) if self.doubts.any() and hands_on(path):
                    found.append(Native(("some member", site), lambda place, _: self._something(place)))
                case _:
                    pass
        return join(*found, Opaque(site))

    def _something(self, site: Site) -> Abstract:
        """A member of something unknown, by a name that is not known either, is called."""
        self.unfollow(site, f"`{site.shown}`", "neither what it is of nor its name was followed")
        return Opaque(site)


def _is_literal(text: object) -> bool:
    """Whether source that is run is a plain value."""
    try:
        ast.literal_eval(text if isinstance(text, str) else "?")
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        return text == ""
    return True


def _is_short(value: Abstract) -> bool:
    """Whether something is a list of so few known things that each is looked at by itself."""
    return isinstance(value, Array) and not value.open and len(value.items) <= UNROLLED


def _is_bytes(value: Data) -> bool:
    return isinstance(plain(value), bytes)

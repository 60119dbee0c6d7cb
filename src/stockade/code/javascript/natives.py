"""What the language's own functions do: on lists, texts and maps, ``Object`` and ``Promise``."""

from __future__ import annotations

from typing import Final

from stockade.code.javascript.iterating import elements, key_called, key_name, names_of, of_iterator, pairs
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.texts import joined, plain
from stockade.code.javascript.unsaid import TEXT, as_json, converted, define, set_base
from stockade.code.javascript.values import (
    Atom,
    ClassValue,
    Closure,
    External,
    Listing,
    Literal,
    Opaque,
    Thing,
    Values,
    Words,
    is_nothing,
    join,
)
from stockade.source import Span

_OF_ALL: Final = frozenset(
    ("hasOwnProperty", "toString", "valueOf", "toJSON", "isPrototypeOf", "toLocaleString")
)


_PARTS: Final = frozenset(
    ("slice", "splice", "reverse", "flat", "values", "toSorted", "toReversed", "fill", "with", "take", "drop")
)
"""Methods of lists and of iterators that give some of their elements, in any order."""


def is_of_all(name: str) -> bool:
    """Whether every object has such a method."""
    return name in _OF_ALL


def each(machine: Machine, elements: Values, name: str, arguments: list[Values], at: Span) -> Values:
    """Call a function for the elements of a list; its results."""
    function = arguments[0] if arguments else ()
    results: list[Values] = []
    index = machine.unknown("it is an index", at)
    for atom in function:
        if is_nothing(atom):
            continue
        if name == "reduce":
            first = arguments[1] if len(arguments) > 1 else elements
            once = machine.call((atom,), (), [first, elements, index], at)
            results.append(machine.call((atom,), (), [join(first, once), elements, index], at))
            results.append(first)
        else:
            given = [elements, elements] if name == "sort" else [elements, index]
            results.append(machine.call((atom,), (), given, at))
    return join(*results)


def _reduced(machine: Machine, items: list[Values], name: str, arguments: list[Values], at: Span) -> Values:
    """What a known list comes to, one element after the other."""
    if name == "reduceRight":
        items.reverse()
    result = arguments[1] if len(arguments) > 1 else items.pop(0) if items else ()
    for one in items:
        result = machine.call(arguments[0], (), [result, one, machine.unknown("it is an index", at)], at)
    return result


def on_listing(machine: Machine, listing: Listing, name: str, arguments: list[Values], at: Span) -> Values:
    """A method of a list; nothing where it is no such method."""
    match name:
        case "map" | "flatMap":
            if not listing.open and name == "map" and len(listing.items) <= 16:
                function = arguments[0] if arguments else ()
                index = machine.unknown("it is an index", at)
                return (Listing(at, [machine.call(function, (), [one, index], at) for one in listing.items]),)
            results = each(machine, listing.any(), name, arguments, at)
            if name == "flatMap":
                results = join(*(one.any() if isinstance(one, Listing) else (one,) for one in results))
            return (Listing(at, (), results, open=True),)
        case "forEach" if not listing.open and len(listing.items) <= 16:
            for one in listing.items:
                machine.call(arguments[0] if arguments else (), (), [one, machine.unknown("an index", at)], at)
            return machine.undefined(at)
        case "forEach" | "some" | "every" | "findIndex":
            each(machine, listing.any(), name, arguments, at)
            return machine.unknown("it is computed", at)
        case "filter" | "sort":
            each(machine, listing.any(), name, arguments, at)
            return (Listing(at, (), listing.any(), open=True),)
        case "find" | "findLast":
            each(machine, listing.any(), name, arguments, at)
            return listing.any()
        case "reduce" | "reduceRight" if arguments and not listing.open and len(listing.items) <= 16:
            return _reduced(machine, list(listing.items), name, arguments, at)
        case "reduce" | "reduceRight":
            return each(machine, listing.any(), "reduce", arguments, at)
        case "push" | "unshift":
            value = join(*arguments)
            if name == "push" and not listing.open and len(listing.items) < 64:
                machine.set(listing, "items", (*listing.items, *arguments))
            else:
                machine.set(listing, "rest", join(listing.rest, value))
                machine.set(listing, "open", True)
            return machine.unknown("it is a length", at)
        case "concat":
            return _concatenated(listing, [atom for one in arguments for atom in one], at)
        case _ if name in _PARTS:
            inner = listing.any()
            if name == "flat":
                inner = join(*(one.any() if isinstance(one, Listing) else (one,) for one in inner))
            if name == "slice" and (known := _sliced(listing, arguments, at)) is not None:
                known.born = machine.now
                return (known,)
            return (Listing(at, (), inner, open=True),)
        case "pop" | "shift" if listing.items and machine.is_own(listing):
            taken = listing.items[0 if name == "shift" else -1]
            machine.set(listing, "items", listing.items[1:] if name == "shift" else listing.items[:-1])
            return taken
        case "pop" | "shift" | "at":
            return join(listing.any(), machine.undefined(at))
        case "entries":
            pair = Listing(at, [machine.unknown("it is an index", at), listing.any()])
            return (Listing(at, (), (pair,), open=True),)
        case "join":
            return _joined(listing, arguments, at)
        case "includes" | "indexOf" | "keys" | "toString" | "lastIndexOf":
            return machine.unknown("it is computed", at)
        case _:
            return of_iterator(machine, listing, name, at)


def _sliced(listing: Listing, arguments: list[Values], at: Span) -> Listing | None:
    """A part of a list between numbers that are known; ``None`` where it is not known which."""
    if not arguments:
        return Listing(at, listing.items, listing.rest, listing.open)
    ends = [one[0].value if len(one) == 1 and isinstance(one[0], Literal) else None for one in arguments]
    if listing.open or not all(isinstance(one, int) for one in ends):
        return None
    return Listing(at, listing.items[slice(ends[0], ends[1] if len(ends) > 1 else None)])


def _concatenated(listing: Listing, others: list[Atom], at: Span) -> Values:
    if not listing.open and all(isinstance(one, Listing) and not one.open for one in others):
        items = [*listing.items, *(i for one in others if isinstance(one, Listing) for i in one.items)]
        return (Listing(at, items),)
    rest = join(listing.any(), *(one.any() if isinstance(one, Listing) else (one,) for one in others))
    return (Listing(at, (), rest, open=True),)


def _joined(listing: Listing, arguments: list[Values], at: Span) -> Values:
    separator: Values = arguments[0] if arguments else (Literal(",", at),)
    if listing.open or not listing.items:
        return (Opaque("it is joined from a list that is not known", at),)
    parts: list[tuple[Values, Span]] = []
    for index, one in enumerate(listing.items):
        if index:
            parts.append((separator, at))
        where = next((atom.at for atom in one if isinstance(atom, Literal | Words | Opaque)), at)
        parts.append((one, where))
    return joined(parts, at)


def on_text(machine: Machine, atom: Literal | Words, name: str, arguments: list[Values], at: Span) -> Values:
    """A method of a text."""
    text = atom.value if isinstance(atom, Literal) else None
    given = [one[0].value if len(one) == 1 and isinstance(one[0], Literal) else None for one in arguments]
    match name:
        case "toString" | "valueOf" | "normalize" | "toLocaleString" | "required" | "asString" | "default":
            return (Literal(plain(text), at),) if isinstance(atom, Literal) else (atom,)
        case "concat":
            return joined([((atom,), at), *((one, at) for one in arguments)], at)
        case "trim" | "trimEnd" | "trimStart":
            return (Literal(text.strip(), at),) if isinstance(text, str) else (atom,)
    if isinstance(text, str):
        match name, given:
            case (("toLowerCase" | "toLocaleLowerCase"), _):
                return (Literal(text.lower(), at),)
            case (("toUpperCase" | "toLocaleUpperCase"), _):
                return (Literal(text.upper(), at),)
            case "split", [str() as separator, *_] if separator:
                return (Listing(at, [(Literal(one, at),) for one in text.split(separator)]),)
            case (("replace" | "replaceAll"), [str() as old, str() as new]):
                return (Literal(text.replace(old, new, 1 if name == "replace" else -1), at),)
            case "slice", [int() as start] | [int() as start, None]:
                return (Literal(text[start:], at),)
            case (("slice" | "substring"), [int() as start, int() as end]) if start >= 0 and end >= 0:
                return (Literal(text[start:end], at),)
    for one in arguments:
        for function in one:
            if isinstance(function, Closure):
                machine.call((function,), (), [machine.unknown("it is a part of a text", at)], at)
    if name in ("split", "match", "matchAll"):
        return (Listing(at, (), machine.unknown("it is a part of a text", at), open=True),)
    return machine.unknown("it is computed from a text", at)


MAPS: Final = ("map", "set")
"""The kinds of objects that are a ``Map`` or a ``Set``."""

OF_MAPS: Final = frozenset(
    ("add", "clear", "delete", "entries", "forEach", "get", "has", "keys", "set", "values", "@@iterator")
)


def on_map(machine: Machine, thing: Thing, name: str, arguments: list[Values], at: Span) -> Values:
    """A method of a ``Map`` or a ``Set``."""
    key = arguments[0] if arguments else ()
    names = [one for one in (key_name(machine, atom) for atom in key) if one]
    known = len(names) == len(key) and bool(names)
    match name:
        case "set" | "add":
            value = arguments[1] if name == "set" and len(arguments) > 1 else key
            if not known and name == "set":
                thing.keys.append(key)
            for one in names if known and name == "set" else ["*"]:
                before = thing.table.get(one, ())
                machine.set(thing, one, join(before, value) if one == "*" else value)
            return (thing,)
        case "get":
            if known:
                return join(*(thing.table.get(one, ()) for one in names), thing.table.get("*", ())) or (
                    machine.undefined(at)
                )
            return machine.any_of((thing,), at)
        case "forEach":
            for pair in pairs(machine, thing, at) if thing.kind == "map" else ():
                if isinstance(pair, Listing):
                    machine.call(key, (), [pair.items[1], pair.items[0]], at)
            if thing.kind == "set":
                machine.call(key, (), [machine.any_of((thing,), at)] * 2, at)
            return machine.undefined(at)
        case "values" | "entries" | "keys" | "@@iterator":
            return (Listing(at, (), _gone_through(machine, thing, name, at), open=True),)
        case "has" | "delete" | "clear":
            return machine.unknown("it is computed", at)
        case _:
            return machine.unknown("it is computed", at)


def _gone_through(machine: Machine, thing: Thing, name: str, at: Span) -> Values:
    """What an iterator over a map or a set meets."""
    if thing.kind == "set":
        inner = machine.any_of((thing,), at)
        return (Listing(at, [inner, inner]),) if name == "entries" else inner
    match name:
        case "values":
            return machine.any_of((thing,), at)
        case "keys":
            return _keys(machine, thing, at)
        case _:
            return pairs(machine, thing, at)


def _keys(machine: Machine, thing: Thing, at: Span) -> Values:
    """What the keys of a map may be: known texts, and what else it was given as one."""
    known = join(*(key_called(machine, name, at) for name in thing.table if name != "*"))
    return join(known, *thing.keys) or machine.unknown("it is a key", at)


# -------------------------------------------------------------------------------- global functions


def _spread(values: Values) -> list[Values]:
    """A list as the arguments of a call."""
    several = [atom for atom in values if isinstance(atom, Listing)]
    return list(several[0].items) if several else []


def call(
    machine: Machine, path: tuple[str, ...], arguments: list[Values], at: Span, this: Values = ()
) -> Values:
    """Call a global: ``("Promise", "all")``."""
    first = arguments[0] if arguments else ()
    match path:
        case ("Promise", "all" | "allSettled" | "any" | "race"):
            return _promises(machine, path[1], first, at)
        case ("Promise", "resolve") | ("structuredClone",):
            return first or machine.undefined(at)
        case ("Promise", "reject"):
            machine.threw(first)
            return ()
        case ("Object" | "Reflect", _):
            return _of_objects(machine, path, arguments, at)
        case ("Array", "from" | "fromAsync"):
            inner = join(*(elements(machine, atom, at) for atom in first))
            if len(arguments) > 1:
                inner = each(machine, inner, "map", arguments[1:], at)
            return (Listing(at, (), inner, open=True),)
        case ("Array", "of"):
            return (Listing(at, arguments),)
        case ("String",) | ("encodeURIComponent",) | ("decodeURIComponent",) | ("encodeURI",):
            return joined([(converted(machine, first, TEXT, at), at)], at) if first else (Literal("", at),)
        case ("setTimeout" | "setImmediate" | "setInterval" | "queueMicrotask", *_) | ("process", "nextTick"):
            given = arguments[1 + (path[0] in ("setTimeout", "setInterval")) :]
            machine.call(tuple(one for one in first if not is_nothing(one)), (), given, at)
            return machine.unknown("it is computed", at)
        case ("process", "on" | "once"):
            for function in (function for one in arguments[1:] for function in one):
                machine.run_callback(function, [], at)
            return machine.unknown("it is computed", at)
        case ("JSON", "parse" | "stringify"):
            return as_json(machine, path[1], arguments, at)
        case ("Symbol",):  # one of its own wherever it is made
            return (Literal(f"symbol at {at.path}:{at.start}", at),)
        case ("Symbol", "for") if len(first) == 1 and isinstance(first[0], Literal):
            return (Literal(f"symbol {plain(first[0].value)}", at),)
        case ("console", *_) | ("JSON" | "Math" | "Date" | "Number" | "Boolean" | "Symbol" | "Intl", *_):
            return machine.unknown("it is computed", at)
        case ("eval",) | ("Function", *_):
            machine.recorder.unfollowed(
                "`eval`", "it runs source that is not here", at, reached=machine.reached
            )
            return machine.unknown("it is the result of source that is not here", at)
        case _:
            return unknown_call(machine, path, arguments, at)


def _of_objects(machine: Machine, path: tuple[str, ...], arguments: list[Values], at: Span) -> Values:
    """Functions of ``Object`` and ``Reflect``."""
    first = arguments[0] if arguments else ()
    match path:
        case ("Object", "freeze" | "seal" | "preventExtensions"):
            return first or machine.undefined(at)
        case ("Object", "assign"):
            return assign(machine, arguments, at)
        case ("Object", "entries" | "values" | "keys"):
            return _members(machine, path[1], first, at)
        case ("Object", "getOwnPropertyNames") | ("Reflect", "ownKeys"):
            return _members(machine, "keys", first, at)
        case ("Object", "fromEntries"):
            return _from_entries(machine, first, at)
        case ("Object", "create"):
            made: Values = (_created(first, at),)
            return _of_objects(machine, ("Object", "defineProperties"), [made, *arguments[1:]], at)
        case ("Object", "defineProperties") if len(arguments) == 1:
            return first
        case (_, "defineProperty"):
            return define(machine, arguments, at)
        case ("Object", "defineProperties") if len(arguments) > 1:
            for atom in (one for one in arguments[1] if isinstance(one, Thing)):
                for name, one in atom.table.items():
                    define(machine, [first, (Literal(name, at),), one], at)
            return first
        case (_, "setPrototypeOf") if len(arguments) > 1:
            set_base(machine, first, arguments[1])
            return first
        case ("Reflect", "apply") if len(arguments) > 2:
            return machine.call(first, arguments[1], _spread(arguments[2]), at)
        case ("Reflect", "construct") if len(arguments) > 1:
            return machine.construct(first, _spread(arguments[1]), at)
        case ("Reflect", "get") if len(arguments) > 1:
            names = [plain(one.value) for one in arguments[1] if isinstance(one, Literal)]
            if names and len(names) == len(arguments[1]):
                return join(*(machine.get(first, name, at) for name in names))
            return machine.any_of(first, at)
        case _:
            return unknown_call(machine, path, arguments, at)


def _created(base: Values, at: Span) -> Thing:
    made = Thing(at, open=not base)
    made.base = tuple(atom for atom in base if not is_nothing(atom))
    return made


def unknown_call(machine: Machine, path: tuple[str, ...], arguments: list[Values], at: Span) -> Values:
    """Call a global of which nothing is known: it may call what it is handed."""
    results = [machine.handed(f"`{'.'.join(path)}`", arguments, at)[0]] if _has_function(arguments) else []
    return join(machine.unknown("it is computed", at), *results)


def _has_function(arguments: list[Values]) -> bool:
    return any(isinstance(atom, Closure | Opaque) for one in arguments for atom in one)


def _promises(machine: Machine, name: str, first: Values, at: Span) -> Values:
    out: list[Values] = []
    for atom in first:
        if name in ("any", "race"):
            out.append(elements(machine, atom, at))
        elif isinstance(atom, Listing) and name == "all":
            out.append((atom,))
        else:
            out.append((Listing(at, (), machine.unknown("it is one of several results", at), open=True),))
    return join(*out)


def assign(machine: Machine, arguments: list[Values], at: Span) -> Values:
    """``Object.assign``"""
    targets = [atom for atom in (arguments[0] if arguments else ()) if not is_nothing(atom)]
    for target in targets:
        if not isinstance(target, Thing | Closure | ClassValue | External):
            continue
        for atom in (one for source in arguments[1:] for one in source):
            if isinstance(atom, Thing):
                for name in [*atom.table, *atom.getters]:
                    machine.put((target,), name, machine.get((atom,), name, at), at)
                if isinstance(target, Thing):
                    target.open = target.open or atom.open
            elif isinstance(atom, Opaque) and isinstance(target, Thing):
                target.open = True
    return tuple(targets) or machine.undefined(at)


def _members(machine: Machine, what: str, first: Values, at: Span) -> Values:
    items: list[Values] = []
    open = False
    for atom in first:
        if not isinstance(atom, Thing) or atom.open or "*" in atom.table:
            open = True
        if isinstance(atom, Thing):
            for name in names_of(atom):
                value = machine.get((atom,), name, at)
                key: Values = (Literal(name, at),)
                items.append(
                    key if what == "keys" else value if what == "values" else (Listing(at, [key, value]),)
                )
    if open:
        unknown = machine.unknown("it is a member that is not known", at)
        rest = (Listing(at, [unknown, unknown]),) if what == "entries" else unknown
        return (Listing(at, items, rest, open=True),)
    return (Listing(at, items),)


def _from_entries(machine: Machine, first: Values, at: Span) -> Values:
    result = Thing(at)
    for atom in first:
        if not isinstance(atom, Listing):
            result.open = True
            continue
        pairs = (one for pair in (*atom.items, atom.rest) for one in pair)
        for key, value in (one.items for one in pairs if isinstance(one, Listing) and len(one.items) == 2):
            for name in key:
                known = plain(name.value) if isinstance(name, Literal) else "*"
                result.table[known] = join(result.table.get(known, ()), value)
        result.open = result.open or atom.open
    return (result,)

"""What compilers and bundlers write into a file for constructs of the language."""

from __future__ import annotations

from typing import Any, Final

from stockade.code.javascript import containers, generated
from stockade.code.javascript.iterating import elements
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.natives import assign, unknown_call
from stockade.code.javascript.texts import plain
from stockade.code.javascript.unsaid import give_getter
from stockade.code.javascript.values import (
    Atom,
    ClassValue,
    Closure,
    External,
    Helper,
    Listing,
    Literal,
    Native,
    Thing,
    Values,
    join,
)
from stockade.source import Span

NAMES: Final = frozenset(
    (
        *("__importDefault", "_interopRequireDefault", "_interop_require_default", "__importStar", "__toESM"),
        *("__toCommonJS", "_interopRequireWildcard", "_interop_require_wildcard", "__awaiter"),
        *("_asyncToGenerator", "_async_to_generator", "__export", "__assign", "__exportStar", "__spreadArray"),
        *("__rest", "__decorate", "__metadata", "__param", "_ts_decorate", "_ts_metadata", "_ts_param"),
        *("__decorateClass", "__decorateParam", "__generator", "_regenerator", "_regeneratorRuntime"),
    )
)
"""Functions that compilers and bundlers write into a file."""

_HELPERS: Final = ("@babel/runtime/helpers/", "babel-runtime/helpers/", "@swc/helpers/")
_REGENERATOR: Final = "regenerator-runtime"


def call(machine: Machine, name: str, arguments: list[Values], at: Span) -> Values:
    """Call what a compiler has written for a construct of the language."""
    first = arguments[0] if arguments else ()
    match name:
        case "__importDefault" | "_interopRequireDefault" | "_interop_require_default":
            wrapped = Thing(at)
            wrapped.table["default"] = join(*(_default(machine, atom, at) for atom in first))
            wrapped.base = first
            return (wrapped,)
        case (
            "__importStar"
            | "__toESM"
            | "__toCommonJS"
            | "_interopRequireWildcard"
            | "_interop_require_wildcard"
        ):
            return first
        case "__awaiter" if len(arguments) > 3:
            return join(*(_asynchronous(machine, one, first, [], at) for one in arguments[3]))
        case "__generator" if len(arguments) > 1:
            return generated.run(machine, arguments[1], at)
        case "_regenerator" | "_regeneratorRuntime":
            return (External(_REGENERATOR, ()),)
        case "_asyncToGenerator" | "_async_to_generator":
            return tuple(Native("async", _generator(atom)) for atom in first)
        case "__export" if len(arguments) > 1:
            _export(machine, first, arguments[1], at)
            return machine.undefined(at)
        case "__assign":
            return assign(machine, arguments, at)
        case "__exportStar" if len(arguments) > 1:
            assign(machine, [arguments[1], first], at)
            return machine.undefined(at)
        case "__spreadArray":
            rest = join(*(elements(machine, atom, at) for one in arguments[:2] for atom in one))
            return (Listing(at, (), rest, open=True),)
        case "__rest":
            return first
        case "__decorate" | "__decorateClass" | "_ts_decorate" if len(arguments) > 1:
            return _decorated(machine, first, arguments[1:], at)
        case "__param" | "__decorateParam" | "_ts_param" if len(arguments) > 1:
            return tuple(
                Helper(containers.PARAMETER, at, plain(one.value), arguments[1])
                for one in first
                if isinstance(one, Literal)
            )
        case "__metadata" | "_ts_metadata" if len(arguments) > 1:
            return (Helper(containers.TYPES, at, "", arguments[1]),) if _is_types(first) else ()
        case _:
            return unknown_call(machine, (name,), arguments, at)


def packaged(module: str, path: tuple[str, ...]) -> str:
    """The name of a compiler's helper that a package of such has; empty for anything else."""
    if module == "tslib":
        return path[-1] if path and path[-1] in NAMES else ""
    if not module.startswith(_HELPERS):
        return ""
    last = module.rpartition("/")[2].removesuffix(".js")
    return next((name for name in (last, f"_{last}") if name in NAMES), "")


def _asynchronous(machine: Machine, function: Atom, this: Values, arguments: list[Values], at: Span) -> Values:
    """Call what an asynchronous function was written as: a generator, of which what it returns is kept by the
    run just made, or a function that returns it."""
    result = machine.call((function,), this, arguments, at)
    if not isinstance(function, Closure) or not function.node.generator:
        return result
    found: Values = function.table.get("(returned)", ())
    return found or machine.unknown("it is computed", at)


def _generator(function: Atom) -> Any:
    def run(machine: Machine, this: Values, arguments: list[Values], at: Span) -> Values:
        return _asynchronous(machine, function, this, arguments, at)

    return run


def _default(machine: Machine, atom: Atom, at: Span) -> Values:
    if isinstance(atom, Thing) and "default" in atom.table:
        return machine.get((atom,), "default", at)
    return (atom,)


def _export(machine: Machine, target: Values, getters: Values, at: Span) -> None:
    things = [atom for atom in target if isinstance(atom, Thing)]
    for name, value in (pair for one in getters if isinstance(one, Thing) for pair in one.table.items()):
        for atom in things:
            give_getter(atom, name, value)


def _is_types(key: Values) -> bool:
    return any(isinstance(one, Literal) and one.value == "design:paramtypes" for one in key)


def _decorated(machine: Machine, listed: Values, rest: list[Values], at: Span) -> Values:
    """``__decorate([…], Class)`` and ``__decorate([…], Class.prototype, "method", null)``."""
    decorators = [one for each in listed if isinstance(each, Listing) for one in each.items]
    target, *names = rest
    names = names[:1]
    for of in _classes(machine, target):
        if names:
            for name in (plain(one.value) for one in names[0] if isinstance(one, Literal)):
                machine.decorate_method(of, name, decorators[::-1], at)
        else:
            for one in decorators[::-1]:
                machine.decorate_class(of, one, at)
    return target


def _classes(machine: Machine, target: Values) -> list[ClassValue]:
    """The classes that are meant: they themselves, or what their objects share."""
    return [
        of
        for of in machine.classes
        if any(atom is of or (atom is of.shared and of.shared is not None) for atom in target)
    ]

"""What Python itself calls of an object's class: operators, ``in``, ``del``, ``str()``, properties' setters."""

from __future__ import annotations

import ast
from typing import Final

from stockade.code.python.judgement import loaded
from stockade.code.python.machine import Machine
from stockade.code.python.values import (
    Abstract,
    Arguments,
    Array,
    Bound,
    Class,
    Data,
    External,
    Frame,
    Function,
    Instance,
    Native,
    Site,
    join,
    options,
)
from stockade.value import Known

_OPERATORS: Final[dict[type[ast.AST], str]] = {
    ast.Add: "add",
    ast.BitAnd: "and",
    ast.BitOr: "or",
    ast.BitXor: "xor",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.LShift: "lshift",
    ast.MatMult: "matmul",
    ast.Mod: "mod",
    ast.Mult: "mul",
    ast.Pow: "pow",
    ast.RShift: "rshift",
    ast.Sub: "sub",
}
_ORDER: Final = ("__lt__", "__gt__", "__le__", "__ge__")
"""Of these a class may define one, and the others ask it (``functools.total_ordering``, and the other side)."""

_UNARY: Final[dict[type[ast.AST], str]] = {ast.Invert: "invert", ast.UAdd: "pos", ast.USub: "neg"}
_TRUTH: Final = ("__bool__", "__len__")
_TEXT: Final = ("__str__", "__repr__")
_OF_BUILTINS: Final[dict[str, tuple[str, ...]]] = {
    "abs": ("__abs__",),
    "bool": _TRUTH,
    "bytes": ("__bytes__",),
    "float": ("__float__", "__index__"),
    "format": ("__format__", *_TEXT),
    "hash": ("__hash__",),
    "int": ("__int__", "__index__"),
    "len": ("__len__",),
    "print": _TEXT,
    "repr": ("__repr__",),
    "reversed": ("__reversed__",),
    "round": ("__round__",),
    "str": _TEXT,
}
"""What Python's own functions ask the object that they are handed: the first of these that its class has."""

_GOING_THROUGH: Final = frozenset(("all", "any", "dict", "max", "min", "sorted", "sum"))


def asked(machine: Machine, site: Site, value: Abstract, name: str, *given: Abstract) -> Abstract | None:
    """What the objects' own method of this name gives; ``None`` where none of them has one."""
    found: list[Abstract] = []
    for one in options(value):
        if isinstance(one, Instance):
            method = machine.attribute(site, one, name)
            if isinstance(method, Bound | Native):
                found.append(machine.call(site, method, Arguments([*given])))
    return join(*found) if found else None


def operated(
    machine: Machine, site: Site, operator: ast.operator, left: Abstract, right: Abstract
) -> Abstract | None:
    """``left + right`` where one of them is an object whose class says what that is."""
    name = _OPERATORS[type(operator)]
    found = asked(machine, site, left, f"__{name}__", right)
    return found if found is not None else asked(machine, site, right, f"__r{name}__", left)


def compared_by(machine: Machine, site: Site, operator: ast.cmpop, left: Abstract, right: Abstract) -> None:
    """Call what an object's class compares with."""
    if isinstance(operator, ast.In | ast.NotIn):
        hashed(machine, site, left)
        if asked(machine, site, right, "__contains__", left) is None:
            gone_through(machine, site, right)
    elif isinstance(operator, ast.Eq | ast.NotEq):
        for name in ("__eq__", "__ne__"):
            asked(machine, site, left, name, right)
            asked(machine, site, right, name, left)
    elif not isinstance(operator, ast.Is | ast.IsNot):
        for name in _ORDER:
            asked(machine, site, left, name, right)
            asked(machine, site, right, name, left)


def augmented(machine: Machine, node: ast.AugAssign, frame: Frame) -> Abstract:
    """What ``target += value`` gives the target."""
    target = loaded(node.target)
    before = machine.evaluate(target, frame)
    if any(isinstance(one, Instance) for one in options(before)):
        site = frame.module.site(node)
        value = machine.evaluate(node.value, frame)
        found = asked(machine, site, before, f"__i{_OPERATORS[type(node.op)]}__", value)
        if found is not None:
            return found
    return machine.evaluate(ast.copy_location(ast.BinOp(target, node.op, node.value), node), frame)


def hashed(machine: Machine, site: Site, *keys: Abstract) -> None:
    """Objects become keys, or some of a set: their class is asked for a hash, and for what equals them."""
    for one in (choice for key in keys for choice in options(key)):
        if isinstance(one, Instance):
            asked(machine, site, one, "__hash__")
            asked(machine, site, one, "__eq__", one)


def deleted(machine: Machine, node: ast.Delete, frame: Frame) -> bool:
    """``del holder[key]`` and ``del holder.name``; a name that is deleted calls nothing."""
    for target in node.targets:
        site = frame.module.site(target)
        if isinstance(target, ast.Subscript):
            holder, key = machine.evaluate(target.value, frame), machine.evaluate(target.slice, frame)
            asked(machine, site, holder, "__delitem__", key)
        elif isinstance(target, ast.Attribute):
            for one in options(machine.evaluate(target.value, frame)):
                if isinstance(one, Instance):
                    _forgotten(machine, site, one, target.attr)
    return True


def _forgotten(machine: Machine, site: Site, owner: Instance, name: str) -> None:
    """``del owner.name``"""
    asked(machine, site, owner, "__delattr__", Data(Known(name, site.origin)))
    for member in options(machine.member(owner.cls, name)):
        if isinstance(member, Function) and "fdel" in member.attributes:
            machine.call(site, member.attributes["fdel"], Arguments([owner]))
        else:
            asked(machine, site, member, "__delete__", owner)


def turned(machine: Machine, site: Site, operator: ast.unaryop, value: Abstract) -> Abstract | None:
    """``-value`` where it is an object whose class says what that is; ``not`` asks for its truth."""
    if isinstance(operator, ast.Not):
        told_truth(machine, site, value)
        return None
    return asked(machine, site, value, f"__{_UNARY[type(operator)]}__")


def told_truth(machine: Machine, site: Site, value: Abstract) -> None:
    """An object stands where something is true or false."""
    _first(machine, site, value, _TRUTH)


def worded(machine: Machine, site: Site, value: Abstract) -> Abstract:
    """An object as a text, where its class says which; anything else as it is."""
    found = _first(machine, site, value, ("__format__", *_TEXT))
    return value if found is None else found


def gone_through(machine: Machine, site: Site, value: Abstract) -> None:
    """Somebody goes through objects, of which what comes out does not matter."""
    for one in options(value):
        if isinstance(one, Instance):
            machine.elements(site, one)


def handed_to(machine: Machine, site: Site, name: str, arguments: Arguments) -> None:
    """Python's own function ``name`` asks the objects that it is handed."""
    for value in arguments.positional:
        if name in _OF_BUILTINS:
            _first(machine, site, value, _OF_BUILTINS[name])
        elif name in _GOING_THROUGH:
            gone_through(machine, site, value)
            compares = name in ("max", "min", "sorted") and isinstance(value, Array)
            for one in value.items if compares and isinstance(value, Array) else ():
                compared_by(machine, site, ast.Lt(), one, one)


def _first(machine: Machine, site: Site, value: Abstract, names: tuple[str, ...]) -> Abstract | None:
    if not any(isinstance(one, Instance) for one in options(value)):
        return None
    return next((one for name in names if (one := asked(machine, site, value, name)) is not None), None)


def assigned(machine: Machine, site: Site, owner: Instance, name: str, value: Abstract) -> bool:
    """Whether the class has a say in what an attribute is set to: a property's setter, a descriptor."""
    found = False
    asked(machine, site, owner, "__setattr__", Data(Known(name, site.origin)), value)
    for one in options(machine.member(owner.cls, name)):
        if isinstance(one, Function) and one.kind == "property":
            setter = one.attributes.get("fset")
            if setter is not None:
                machine.call(site, setter, Arguments([owner, value]))
                found = True
        elif isinstance(one, Instance):
            found = asked(machine, site, one, "__set__", owner, value) is not None or found
    return found


def sequence(value: Abstract, lineage: list[Class | External]) -> Array | None:
    """A named tuple as the tuple that it is; ``None`` for any other object."""
    if not isinstance(value, Instance):
        return None
    if not any(isinstance(one, External) and one.path.endswith("NamedTuple") for one in lineage):
        return None
    classes = [one for one in reversed(lineage) if isinstance(one, Class)]
    names = dict.fromkeys(name for one in classes for name in one.fields)
    site = classes[-1].module.site(classes[-1].node)
    return Array(site, [value.attributes[name] for name in names if name in value.attributes])

"""What Python's syntax calls of an object's own class: operators, ``in``, ``del``, and what sets a property."""

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
    External,
    Frame,
    Function,
    Instance,
    Site,
    join,
    options,
)

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
_COMPARISONS: Final[dict[type[ast.AST], str]] = {
    ast.Eq: "__eq__",
    ast.Gt: "__gt__",
    ast.GtE: "__ge__",
    ast.Lt: "__lt__",
    ast.LtE: "__le__",
    ast.NotEq: "__ne__",
}


def asked(machine: Machine, site: Site, value: Abstract, name: str, *given: Abstract) -> Abstract | None:
    """What the objects' own method of this name gives; ``None`` where none of them has one."""
    found: list[Abstract] = []
    for one in options(value):
        if isinstance(one, Instance):
            method = machine.attribute(site, one, name)
            if isinstance(method, Bound):
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
        asked(machine, site, right, "__contains__", left)
    elif (name := _COMPARISONS.get(type(operator))) is not None:
        asked(machine, site, left, name, right)


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


def deleted(machine: Machine, node: ast.Delete, frame: Frame) -> bool:
    """``del holder[key]``; nothing else that is deleted calls anything."""
    for target in node.targets:
        if isinstance(target, ast.Subscript):
            holder, key = machine.evaluate(target.value, frame), machine.evaluate(target.slice, frame)
            asked(machine, frame.module.site(target), holder, "__delitem__", key)
    return True


def assigned(machine: Machine, site: Site, owner: Instance, member: Abstract | None, value: Abstract) -> bool:
    """Whether the class has a say in what an attribute is set to: a property's setter, a descriptor."""
    found = False
    for one in options(member) if member is not None else ():
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

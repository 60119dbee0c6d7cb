"""What can be said of values and of conditions without asking anything else."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from stockade.code.python.values import (
    Abstract,
    Array,
    Bound,
    Class,
    Client,
    Data,
    Dict,
    External,
    Frame,
    Function,
    Instance,
    Many,
    Module,
    Native,
    Opaque,
    Response,
    ServiceObject,
    Session,
    is_none,
    options,
    plain,
)
from stockade.value import Known, Ref, Unknown

DOING: Final = (Client, ServiceObject, Function, Class, Instance, Session, Native, Many)
"""What does something when it is called, or has members that do."""

SIFTED: Final = 40
"""Of how many elements each is asked whether a comprehension takes it."""

MANY: Final = 2_000
"""How many elements of a list are told apart; a program may double one at every line."""

LookUp: TypeAlias = Callable[[str, Frame], Abstract | None]
"""What a name holds where it stands."""

_PLAIN: Final = (str, int, float, bool, bytes, type(None))


def behind(*values: Abstract) -> tuple[Ref, ...]:
    """The variables of the environment that something is computed from."""
    found: dict[Ref, None] = {}
    for value in values:
        for one in options(value):
            match one:
                case Data(Unknown(_, _, text, refs)):
                    found.update(dict.fromkeys((*(text.parts if text else ()), *refs)))  # type: ignore[arg-type]  # its texts are no keys, and stay out below
                case Opaque():
                    found.update(dict.fromkeys(one.behind))
                case _:
                    pass
    return tuple(one for one in found if isinstance(one, Ref))


def is_text(value: Abstract) -> bool:
    return any(
        isinstance(one, Data)
        and (isinstance(plain(one), str) or (isinstance(one.value, Unknown) and one.value.text is not None))
        for one in options(value)
    )


def truth(value: Abstract) -> bool | None:
    """Whether something counts as true, where that is certain."""
    match value:
        case Data(Known(object_)) if isinstance(object_, _PLAIN):
            return bool(object_)
        case Function() | Class() | Client() | ServiceObject() | Bound() | Native() | Module():
            return True
        case Many(several):
            truths = {truth(one) for one in several}
            return truths.pop() if len(truths) == 1 else None
        case _:
            return None


def variable(value: Abstract) -> str | None:
    """The variable of the environment that a value is, if it is one."""
    if isinstance(value, Data) and isinstance(value.value, Unknown) and value.value.ref is not None:
        return value.value.ref.attribute
    return None


def compared(operator: ast.cmpop, left: Abstract, right: Abstract) -> bool | None:
    one, two = left, right
    both = isinstance(one, Data) and isinstance(two, Data)
    if isinstance(operator, ast.Is | ast.IsNot | ast.Eq | ast.NotEq):
        positive = isinstance(operator, ast.Is | ast.Eq)
        if both and isinstance(one.value, Known) and isinstance(two.value, Known):  # type: ignore[attr-defined]  # both are data
            equal = one.value.value == two.value.value  # type: ignore[attr-defined]  # both are data
            return equal if positive else not equal
        for value, other in ((one, two), (two, one)):
            if is_none(other) and not isinstance(value, Many | Opaque | Data | External):
                if truth(value) or isinstance(value, Response):  # no member of an answer is there and null
                    return not positive
        return None
    if isinstance(operator, ast.In | ast.NotIn):
        needle = plain(one)
        if not isinstance(needle, str):
            return None
        if isinstance(two, Array) and not two.open and all(isinstance(plain(item), str) for item in two.items):
            inside = any(plain(item) == needle for item in two.items)
        elif isinstance(two, Dict) and needle in two.items:
            inside = True
        elif isinstance(two, Data) and isinstance(plain(two), str):
            inside = needle in plain(two)
        else:
            return None
        return inside if isinstance(operator, ast.In) else not inside
    return None


def is_main(test: ast.expr) -> bool:
    match test:
        case ast.Compare(ast.Name("__name__"), [ast.Eq()], [ast.Constant("__main__")]):
            return True
        case ast.Compare(ast.Constant("__main__"), [ast.Eq()], [ast.Name("__name__")]):
            return True
    return False


def none_test(test: ast.expr) -> tuple[str, bool] | None:
    """A name that a condition tells to be something or nothing, and whether it is nothing where it holds."""
    match test:
        case ast.Compare(ast.Name(name), [ast.Is() | ast.Eq()], [ast.Constant(None)]):
            return name, True
        case ast.Compare(ast.Name(name), [ast.IsNot() | ast.NotEq()], [ast.Constant(None)]):
            return name, False
        case ast.UnaryOp(ast.Not(), ast.Name(name)):
            return name, True
        case ast.Name(name):
            return name, False
    return None


def changing(node: ast.expr, frame: Frame, look_up: LookUp) -> bool:
    """Whether something in a condition may have another value when it is next looked at."""
    for one in ast.walk(node):
        if isinstance(one, ast.Subscript) or (isinstance(one, ast.Call) and not of_text(one)):
            return True
        if isinstance(one, ast.Attribute) and not _settled(one, frame, look_up):
            return True
        if isinstance(one, ast.Name) and (one.id in frame.globals or one.id in frame.module.changed):
            return True
    return False


def _settled(node: ast.Attribute, frame: Frame, look_up: LookUp) -> bool:
    """Whether an attribute of an object is what ``__init__`` made it: its file assigns it nowhere else."""
    if not isinstance(node.value, ast.Name):
        return False
    owner = look_up(node.value.id, frame)
    if not isinstance(owner, Instance) or node.attr not in owner.attributes:
        return False
    return node.attr not in owner.cls.module.stored


def of_text(call: ast.Call) -> bool:
    """Whether a call asks how a text begins or ends, which is the same each time for the same text."""
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("startswith", "endswith")


def of_itself(function: ast.expr, frame: Frame) -> bool:
    """Whether a method calls a member of its own object: ``self.name(…)``."""
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return False
    node = frame.function.node if frame.function is not None else None
    first = (node.args.posonlyargs + node.args.args)[:1] if node is not None else []
    return [one.arg for one in first] == [function.value.id]


def breaks(body: list[ast.stmt]) -> bool:
    """Whether a loop can be left from inside of it; an inner loop's ``break`` counts too, without harm."""
    return any(isinstance(inner, ast.Break) for statement in body for inner in ast.walk(statement))


def loaded(target: ast.expr) -> Any:
    match target:
        case ast.Name(name):
            return ast.copy_location(ast.Name(name, ast.Load()), target)
        case ast.Attribute(owner, name):
            return ast.copy_location(ast.Attribute(owner, name, ast.Load()), target)
        case ast.Subscript(owner, key):
            return ast.copy_location(ast.Subscript(owner, key, ast.Load()), target)
    return target


def grown(before: dict[str, Abstract], after: dict[str, Abstract]) -> bool:
    """Whether a name may now be something more."""
    for name, value in after.items():
        if isinstance(value, Many) and name in before and value is not before[name]:
            if len(value.options) > len(options(before[name])):
                return True
    return False


def telling(value: Abstract) -> bool:
    """Whether it makes a difference which element of a list it is."""
    if isinstance(value, Array):
        return any(telling(one) for one in value.items)
    if isinstance(value, Dict):
        return any(telling(one) for one in value.items.values())
    return isinstance(value, DOING) or (isinstance(value, Data) and not is_none(value))

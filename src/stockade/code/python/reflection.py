"""What programs find out about their own classes and functions: annotations, signatures, fields, members."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from stockade.code.python.calls import Calls
from stockade.code.python.runs import share
from stockade.code.python.values import (
    NOTHING_KNOWN,
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
    Partial,
    Site,
    is_none,
    join,
    options,
)
from stockade.value import Known

_HINTS: Final = frozenset(("Optional", "Union", "Annotated", "ClassVar", "Final", "Required", "NotRequired"))
_EMPTY: Final = External("inspect.Parameter.empty")
_FIELD: Final = frozenset(("attr.ib", "attr.attrib", "attr.field", "attrs.field"))
"""What makes a field of a class of attrs' that no annotation names."""


def namespace(site: Site, names: dict[str, Abstract]) -> Abstract:
    """Something that has attributes and nothing else."""
    share(names.values())
    return Module("", site.source, ast.Module([], []), [0], False, names)


def made_class(site: Site, name: str) -> Class:
    """A class that no statement defines."""
    node = ast.ClassDef(name, [], [], [], [], lineno=1, col_offset=0, end_lineno=1, end_col_offset=0)
    module = Module("", site.source, ast.Module([], []), [0], False)
    made = Class(node, module, name)
    made.frame = Frame(module, made.members, is_class=True)
    return made


def reflected(machine: Calls, site: Site, value: Abstract, name: str) -> Abstract | None:
    """A member that Python itself gives to classes, functions and named tuples; ``None`` for any other."""
    match value:
        case Function() | Bound():
            return _of_function(machine, site, value, name)
        case Class():
            return _of_class(machine, site, value, name)
        case Instance():
            return _of_instance(machine, site, value, name)
        case Module() if name == "__dict__":
            return Dict(site, value.globals, lasting=True, shared=True)
        case Module() if name == "__file__":
            return Made("module.__file__", Arguments([value]))
    return None


def _of_function(machine: Calls, site: Site, value: Function | Bound, name: str) -> Abstract | None:
    function = value.function if isinstance(value, Bound) else value
    match name:
        case "__name__" | "__qualname__":
            return Data(Known(function.name, site.origin))
        case "__annotations__":
            return hints(machine, site, value)
        case "__module__":
            return Data(Known(function.module.name, site.origin))
        case "__wrapped__" | "__func__":
            return value
        case "__get__" if isinstance(value, Function):
            return Native(("get", id(value)), lambda _, given: _got(value, given))
        case "__self__" if isinstance(value, Bound):
            return value.owner
        case "__defaults__":
            return Array(site, list(function.defaults))
    return None


def _got(function: Function, given: Arguments) -> Abstract:
    """``function.__get__(object, owner)``: the object's method."""
    owner = given.positional[0] if given.positional else NOTHING_KNOWN
    found = [function if is_none(one) else Bound(function, one) for one in options(owner)]
    return join(*found)


def _of_class(machine: Calls, site: Site, value: Class, name: str) -> Abstract | None:
    if name in value.members:
        return None
    match name:
        case "__name__" | "__qualname__":
            return Data(Known(value.name, value.module.site(value.node).origin))
        case "__module__":
            return Data(Known(value.module.name, site.origin))
        case "__annotations__":
            return hints(machine, site, value)
        case "__subclasses__":
            return Native(("derived", id(value)), lambda place, _: Array(place, list(value.derived)))
        case "__mro__":
            return Array(site, list(machine.lineage(value)))
        case "__bases__":
            return Array(site, list(value.bases))
        case "__dict__":
            return Dict(site, dict(value.members), lasting=True)
        case "_fields" | "__match_args__":
            return Array(site, [Data(Known(one, site.origin)) for one in field_names(machine, value)])
        case "_make":
            return Native(("make", id(value)), lambda place, given: _made(machine, place, value, given))
    return None


def _of_instance(machine: Calls, site: Site, value: Instance, name: str) -> Abstract | None:
    if name == "_replace":
        return Partial(External("dataclasses.replace"), Arguments([value]))
    if name == "_asdict":
        return Native(
            ("as dict", id(value)), lambda place, _: as_dictionary(machine, place, Arguments([value]))
        )
    if name in ("_fields", "__match_args__", "__annotations__") and name not in value.attributes:
        return _of_class(machine, site, value.cls, name)
    return None


def _made(machine: Calls, site: Site, cls: Class, given: Arguments) -> Abstract:
    """``Tuple._make(values)``"""
    first = given.positional[0] if given.positional else Opaque(site)
    if isinstance(first, Array) and not first.open:
        return machine.call(site, cls, Arguments(list(first.items)))
    names = field_names(machine, cls)
    return machine.call(site, cls, Arguments([machine.elements(site, first)] * len(names)))


def field_names(machine: Calls, cls: Class) -> list[str]:
    """The fields of a record, in the order in which an object is made of them."""
    found: dict[str, None] = {}
    for one in reversed([one for one in machine.lineage(cls) if isinstance(one, Class)]):
        found.update((name, None) for name, kind in one.fields.items() if not _of_the_class(kind))
        found.update(
            (name, None)
            for name, member in one.members.items()
            if isinstance(member, Made) and member.path in _FIELD
        )
    return [*found]


def _of_the_class(kind: ast.expr) -> bool:
    """Whether an annotation says that a name is the class's own, or no name at all."""
    inner = kind.value if isinstance(kind, ast.Subscript) else kind
    if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
        return inner.value.rpartition("ClassVar")[1] != ""
    name = inner.id if isinstance(inner, ast.Name) else getattr(inner, "attr", "")
    return name in ("ClassVar", "KW_ONLY")


# -------------------------------------------------------------------------------------------- annotations


def hint(machine: Calls, annotation: ast.expr, frame: Frame) -> Abstract:
    """What an annotation names: a class, or something from elsewhere."""
    match annotation:
        case ast.Constant(str() as text):
            try:
                parsed = ast.parse(text, mode="eval").body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return NOTHING_KNOWN
            for node in ast.walk(parsed):
                if isinstance(node, ast.expr):
                    ast.copy_location(node, annotation)
            return hint(machine, parsed, frame)
        case ast.BinOp(left, ast.BitOr(), right):
            return join(*(one for one in (hint(machine, left, frame), hint(machine, right, frame)) if _is(one)))
        case ast.Subscript(holder, inner):
            name = holder.id if isinstance(holder, ast.Name) else getattr(holder, "attr", "")
            if name in _HINTS:
                parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                parts = parts[:1] if name == "Annotated" else parts
                return join(*(one for part in parts if _is(one := hint(machine, part, frame))))
    return machine.evaluate(annotation, frame)


def _is(value: Abstract) -> bool:
    return not is_none(value)


def hints(machine: Calls, site: Site, value: Abstract) -> Abstract:
    """``typing.get_type_hints(value)``"""
    made = Dict(site)
    for one in options(value):
        match one:
            case Instance(cls=cls) | (Class() as cls):
                for above in reversed([each for each in machine.lineage(cls) if isinstance(each, Class)]):
                    frame = above.frame or Frame(above.module, above.module.globals)
                    for name, annotation in above.fields.items():
                        made.items[name] = hint(machine, annotation, frame)
            case Function() | Bound():
                for name, kind, _ in _parameters(machine, one, False):
                    if kind is not _EMPTY:
                        made.items[name] = kind
            case _:
                made.open = True
    return made


def _parameters(
    machine: Calls, value: Function | Bound | Class | Instance, bound: bool
) -> Iterator[tuple[str, Abstract, Abstract]]:
    """Names, annotations and defaults of what a function takes; without the object where it is ``bound``."""
    function: Abstract | None = value.function if isinstance(value, Bound) else value
    skipped = isinstance(value, Bound | Class | Instance)
    if isinstance(value, Class):
        function = machine.members_of(value, "__init__")
        if function is None:
            for name in field_names(machine, value):
                yield from _of_field(machine, value, name)
    elif isinstance(value, Instance):
        function = machine.members_of(value.cls, "__call__")
    if not isinstance(function, Function):
        return
    frame = function.closure or Frame(function.module, function.module.globals)
    spec = function.node.args
    several = [*spec.posonlyargs, *spec.args]
    first = len(several) - len(function.defaults)
    for at, one in enumerate(several):
        if at or not (skipped and bound):
            default = function.defaults[at - first] if at >= first else _EMPTY
            yield one.arg, _hint_of(machine, one, frame), default
    for one, given in zip(spec.kwonlyargs, function.keyword_defaults, strict=True):
        yield one.arg, _hint_of(machine, one, frame), given or _EMPTY


def _hint_of(machine: Calls, one: ast.arg, frame: Frame) -> Abstract:
    return _EMPTY if one.annotation is None else hint(machine, one.annotation, frame)


def _of_field(machine: Calls, cls: Class, name: str) -> Iterator[tuple[str, Abstract, Abstract]]:
    for one in machine.lineage(cls):
        if isinstance(one, Class) and name in one.fields:
            frame = one.frame or Frame(one.module, one.module.globals)
            yield name, hint(machine, one.fields[name], frame), machine.members_of(cls, name) or _EMPTY
            return


def signature(machine: Calls, site: Site, arguments: Arguments) -> Abstract:
    """``inspect.signature(function)``"""
    made = Dict(site)
    returned: list[Abstract] = []
    for one in options(arguments.get(0, "obj") or arguments.get(0, "callable") or NOTHING_KNOWN):
        if not isinstance(one, Function | Bound | Class | Instance):
            made.open = True
            continue
        for name, kind, default in _parameters(machine, one, True):
            named = Data(Known(name, site.origin))
            made.items[name] = namespace(site, {"name": named, "annotation": kind, "default": default})
        node = one.function.node if isinstance(one, Bound) else getattr(one, "node", None)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            function = one.function if isinstance(one, Bound) else one
            if isinstance(function, Function):
                frame = function.closure or Frame(function.module, function.module.globals)
                returned.append(hint(machine, node.returns, frame))
    names: dict[str, Abstract] = {
        "parameters": made,
        "return_annotation": join(*returned) if returned else _EMPTY,
    }
    return namespace(site, names)


def argument_spec(machine: Calls, site: Site, arguments: Arguments) -> Abstract:
    """``inspect.getfullargspec(function)``"""
    names: list[Abstract] = []
    kinds = Dict(site)
    for one in options(arguments.get(0, "func") or NOTHING_KNOWN):
        if isinstance(one, Function | Bound | Class | Instance):
            for name, kind, _ in _parameters(machine, one, False):
                names.append(Data(Known(name, site.origin)))
                if kind is not _EMPTY:
                    kinds.items[name] = kind
    return namespace(site, {"args": Array(site, names), "annotations": kinds})


# ------------------------------------------------------------------------------------------------ records


def as_dictionary(machine: Calls, site: Site, arguments: Arguments) -> Abstract:
    """``dataclasses.asdict(record)``, and what else makes a dictionary of one."""
    made = Dict(site)
    for one in options(arguments.positional[0]) if arguments.positional else ():
        if isinstance(one, Instance):
            names = field_names(machine, one.cls)
            for name in names:
                if name in one.attributes:
                    made.items[name] = join(made.items.get(name), one.attributes[name])
        else:
            made.open = True
    return made


def as_tuple(machine: Calls, site: Site, arguments: Arguments) -> Abstract:
    """``dataclasses.astuple(record)``"""
    found = as_dictionary(machine, site, arguments)
    return Array(site, list(found.items.values()), found.open) if isinstance(found, Dict) else found


def fields(machine: Calls, site: Site, arguments: Arguments) -> Abstract:
    """``dataclasses.fields(record)``"""
    made = Array(site)
    for one in options(arguments.positional[0]) if arguments.positional else ():
        cls = one.cls if isinstance(one, Instance) else one
        if not isinstance(cls, Class):
            made.open = True
            continue
        for name in field_names(machine, cls):
            for _, kind, default in _of_field(machine, cls, name):
                about: dict[str, Abstract] = {"name": Data(Known(name, site.origin)), "type": kind}
                about["default"] = default
                given = default.arguments if isinstance(default, Made) else None
                if given is not None:
                    about["metadata"] = given.keywords.get("metadata", Dict(site))
                    about["default"] = given.keywords.get("default", _EMPTY)
                    about["default_factory"] = given.keywords.get("default_factory", _EMPTY)
                made.items.append(namespace(site, about))
    return made


def members(machine: Calls, site: Site, value: Abstract) -> Dict | None:
    """What ``dir`` and ``inspect.getmembers`` find; ``None`` of what is not the source's."""
    made = Dict(site)
    for one in options(value):
        match one:
            case Module():
                made.items.update(one.globals)
            case Class():
                made.items.update(_inherited(machine, site, one, one))
            case Instance():
                made.items.update(_inherited(machine, site, one, one.cls))
                made.items.update(one.attributes)
            case _:
                return None
    return made


def _inherited(machine: Calls, site: Site, value: Class | Instance, cls: Class) -> dict[str, Abstract]:
    """The members that something has from its class, and from those above it."""
    classes = [one for one in machine.lineage(cls) if isinstance(one, Class)]
    names = dict.fromkeys(name for one in classes for name in one.members if not name.startswith("__"))
    return {name: machine.attribute(site, value, name) for name in names}


def member_pairs(machine: Calls, site: Site, arguments: Arguments) -> Abstract:
    """``inspect.getmembers(object, predicate)``"""
    found = members(machine, site, arguments.get(0, "object") or NOTHING_KNOWN)
    if found is None:
        return Opaque(site)
    wanted = arguments.get(1, "predicate")
    path = wanted.path.rpartition(".")[2] if isinstance(wanted, External) else ""
    kind = {"isclass": Class, "isfunction": Function, "ismethod": Bound}.get(path)
    pairs: list[Abstract] = [
        Array(site, [Data(Known(name, site.origin)), one])
        for name, one in found.items.items()
        if kind is None or any(isinstance(each, kind) for each in options(one))
    ]
    return Array(site, pairs)

"""Values of a template's nodes, intrinsic functions and all: three-valued and partly known.

What depends on deployment is a reference or a text with holes; what CloudFormation would refuse is
unknown and says so. ``AWS::NoValue`` is ``None`` here: no value at all, which objects and lists leave out.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from stockade.errors import BudgetExceeded
from stockade.model.typed import text as as_text
from stockade.patterns import lazy_regex
from stockade.read.budget import Budget
from stockade.read.cloudformation.intrinsics import LATER, NO_VALUE
from stockade.read.cloudformation.lists import blocks_in, json_of, selected
from stockade.read.cloudformation.nodes import Fields, Items, Node, Scalar, text
from stockade.read.cloudformation.texts import pieces_of, plain, spliced, split
from stockade.source import Span
from stockade.value import Hole, Known, Origin, Ref, Text, Unknown, Value, Written, parts_of

_NOTHING: Final[Mapping[str, Value[Any]]] = {}
_VARIABLE: Final = lazy_regex(r"\$\{(!?)([^${}]*)\}")


class Scope(Protocol):
    """What names mean where a node stands; a stack is one."""

    via: tuple[Span, ...]
    budget: Budget

    def reference(self, name: str, origin: Origin) -> Value[Any] | None:
        """What ``Ref`` gives; ``None`` for ``AWS::NoValue``."""
        ...

    def attribute(self, name: str, attribute: str, origin: Origin) -> Value[Any]:
        """What ``Fn::GetAtt`` gives."""
        ...

    def condition(self, name: str, origin: Origin) -> Value[bool]:
        """Whether a condition is met."""
        ...

    def mapping(self, name: str) -> Node | None:
        """A map of ``Mappings``."""
        ...

    def included(self, node: Node, evaluator: Evaluator) -> Value[Any] | None:
        """What an ``Fn::Transform`` stands for."""
        ...


class Evaluator:
    """Evaluates nodes in a scope; ``names`` are the variables of the ``Fn::Sub`` around them."""

    __slots__ = ("names", "scope")

    def __init__(self, scope: Scope, names: Mapping[str, Value[Any]] = _NOTHING) -> None:
        self.scope = scope
        self.names = names

    def origin(self, node: Node) -> Written:
        return Written(Span(node.source, node.start, node.end), self.scope.via)

    def value(self, node: Node) -> Value[Any] | None:
        """The value of a node; ``None`` where there is none at all."""
        self.scope.budget.spend()
        if isinstance(node, Scalar):
            if isinstance(node.value, str):
                return plain(node.value, self.origin(node))
            return Known(node.value, self.origin(node))
        if isinstance(node, Items):
            items = (self.value(one) for one in node.items)
            return Known(tuple(one for one in items if one is not None), self.origin(node))
        if len(node.members) == 1:
            (name,) = node.members
            function = _FUNCTIONS.get(name)
            if function is not None:
                return function(self, node.members[name], node)
            if name.startswith("Fn::") and not name.startswith("Fn::ForEach::"):
                return Unknown(f"CloudFormation has no function `{name}`", self.origin(node))
        return self.object(node)

    def object(self, node: Fields) -> Value[Any]:
        out: dict[str, Value[Any]] = {}
        for name, inner in node.members.items():
            if name == "Fn::Transform":  # beside others it brings more members
                found = self.scope.included(inner, self)
                if isinstance(found, Unknown):
                    return Unknown(found.reason, self.origin(node))
                if found is not None and isinstance(found.value, dict):
                    out = {**found.value, **out}
                continue
            value = self.value(inner)
            if value is not None:
                out[name] = value if isinstance(inner, Scalar) else self._headed(value, node, name, inner)
        return Known(out, self.origin(node))

    def _headed(self, value: Value[Any], node: Fields, name: str, inner: Items | Fields) -> Value[Any]:
        """A block of YAML from its name on, where people look for it, and not from the first line in it."""
        key = node.keys.get(name)
        if key is None or isinstance(value, Unknown) or inner.source is not node.source or key[1] > inner.start:
            return value
        written = value.origin
        if not isinstance(written, Written) or written.span.start != inner.start:
            return value  # it was written elsewhere
        if node.source.data.find(b"\n", key[1], inner.start) < 0:
            return value
        return Known(value.value, Written(Span(node.source, key[0], inner.end), self.scope.via), value.ref)

    def present(self, node: Node) -> Value[Any]:
        """The value of a node that has to have one."""
        found = self.value(node)
        return found if found is not None else Known(None, self.origin(node))

    def refused(self, node: Node, message: str) -> Unknown:
        return Unknown(f"CloudFormation would refuse it: {message}", self.origin(node))

    # ------------------------------------------------------------------------------- conditions

    def truth(self, node: Node) -> Value[bool]:
        """Whether an expression of ``Conditions`` is met."""
        self.scope.budget.spend()
        if not isinstance(node, Fields) or len(node.members) != 1:
            return self.refused(node, "it is not a condition")
        ((name, argument),) = node.members.items()
        origin = self.origin(node)
        match name:
            case "Condition":
                named = text(argument)
                if named is None:
                    return self.refused(node, "it names no condition")
                return self.scope.condition(named, origin)
            case "Fn::Equals" if isinstance(argument, Items) and len(argument.items) == 2:
                left, right = argument.items
                return _equal(self.present(left), self.present(right), origin)
            case "Fn::Not" if isinstance(argument, Items) and len(argument.items) == 1:
                inner = self.truth(argument.items[0])
                return inner if isinstance(inner, Unknown) else Known(not inner.value, origin)
            case "Fn::And" | "Fn::Or" if isinstance(argument, Items):
                return self._several([self.truth(one) for one in argument.items], name == "Fn::Or", origin)
        return self.refused(node, f"`{name}` is not a condition")

    def _several(self, found: list[Value[bool]], decides: bool, origin: Origin) -> Value[bool]:
        for one in found:
            if isinstance(one, Known) and one.value is decides:
                return Known(decides, origin)
        unknown = next((one for one in found if isinstance(one, Unknown)), None)
        return unknown if unknown is not None else Known(not decides, origin)


def _equal(one: Value[Any], other: Value[Any], origin: Origin) -> Value[bool]:
    left, right = as_text(one), as_text(other)
    for side in (left, right):
        if isinstance(side, Unknown) and side.text is None:
            return Unknown(side.reason, side.origin)
    if isinstance(left, Known) and isinstance(right, Known):
        return Known(left.value == right.value, origin)
    if Text(parts_of(left)).shape() == Text(parts_of(right)).shape():
        return Known(True, origin)
    unknown = left if isinstance(left, Unknown) else right
    assert isinstance(unknown, Unknown)  # noqa: S101  # one of them is
    return Unknown(unknown.reason, unknown.origin)


# --------------------------------------------------------------------------------------- functions


def _ref(of: Evaluator, argument: Node, node: Node) -> Value[Any] | None:
    name = text(argument)
    if name is None:
        return of.refused(node, "`Ref` takes a name")
    if name == NO_VALUE:
        return None
    return of.scope.reference(name, of.origin(node))


def _get_att(of: Evaluator, argument: Node, node: Node) -> Value[Any]:
    if isinstance(argument, Items) and len(argument.items) >= 2:
        head = text(argument.items[0])
        rest = [as_text(of.present(one)) for one in argument.items[1:]]
        unknown = next((one for one in rest if isinstance(one, Unknown)), None)
        if unknown is not None:
            return Unknown(unknown.reason, of.origin(node))
        attribute = ".".join(str(one.value) for one in rest if isinstance(one, Known))
    else:
        head, _, attribute = (text(argument) or "").partition(".")
    if not head or not attribute:
        return of.refused(node, "`Fn::GetAtt` takes the name of a resource and an attribute")
    return of.scope.attribute(head, attribute, of.origin(node))


def _sub(of: Evaluator, argument: Node, node: Node) -> Value[Any]:
    variables: dict[str, Value[Any]] = {}
    template = text(argument)
    if isinstance(argument, Items) and len(argument.items) == 2 and isinstance(argument.items[1], Fields):
        template = text(argument.items[0])
        variables = {name: of.present(one) for name, one in argument.items[1].members.items()}
    elif isinstance(argument, Items) and len(argument.items) == 1:
        template = text(argument.items[0])
    if template is None:
        return of.refused(node, "`Fn::Sub` takes a text, or a list of a text and variables")
    origin = of.origin(node)
    parts: list[str | Ref | Hole] = []
    cause: Unknown | None = None
    at = 0
    for found in _VARIABLE.finditer(template):
        parts.append(template[at : found.start()])
        at = found.end()
        name = found[2].strip()
        if found[1]:
            parts.append(f"${{{found[2]}}}")
            continue
        value = _variable(of, name, variables, origin)
        pieces, gap = pieces_of(value)
        cause = cause or gap
        parts += pieces
    if not at:
        return plain(template, origin)
    parts.append(template[at:])
    return spliced(parts, cause, origin)


def _variable(of: Evaluator, name: str, variables: Mapping[str, Value[Any]], origin: Origin) -> Value[Any]:
    if name in variables:
        return variables[name]
    if name in of.names:
        return of.names[name]
    head, dot, attribute = name.partition(".")
    if dot:
        return of.scope.attribute(head, attribute, origin)
    found = of.scope.reference(name, origin)
    return found if found is not None else Known("", origin)


def _join(of: Evaluator, argument: Node, node: Node) -> Value[Any]:
    origin = of.origin(node)
    if not isinstance(argument, Items) or len(argument.items) != 2:
        return of.refused(node, "`Fn::Join` takes a delimiter and a list")
    delimiter, items = as_text(of.present(argument.items[0])), of.present(argument.items[1])
    if isinstance(items, Unknown) or isinstance(delimiter, Unknown):
        gap = items if isinstance(items, Unknown) else delimiter
        assert isinstance(gap, Unknown)  # noqa: S101  # one of them is
        return Unknown(gap.reason, origin, None, _refs(items))
    if not isinstance(items.value, tuple):
        return of.refused(node, "`Fn::Join` takes a delimiter and a list")
    parts: list[str | Ref | Hole] = []
    cause: Unknown | None = None
    for index, item in enumerate(items.value):
        pieces, why = pieces_of(item)
        cause = cause or why
        parts += (delimiter.value, *pieces) if index else pieces
    return spliced(parts, cause, origin)


def _refs(value: Value[Any]) -> tuple[Ref, ...]:
    if isinstance(value, Known):
        return ()
    return tuple(part for part in parts_of(value) if isinstance(part, Ref))


def _split(of: Evaluator, argument: Node, node: Node) -> Value[Any]:
    if not isinstance(argument, Items) or len(argument.items) != 2:
        return of.refused(node, "`Fn::Split` takes a delimiter and a text")
    delimiter = text(argument.items[0])
    if not delimiter:
        return of.refused(node, "`Fn::Split` takes a delimiter and a text")
    return split(of.present(argument.items[1]), delimiter, of.origin(node))


def _select(of: Evaluator, argument: Node, node: Node) -> Value[Any]:
    if not isinstance(argument, Items) or len(argument.items) != 2:
        return of.refused(node, "`Fn::Select` takes an index and a list")
    index, items = as_text(of.present(argument.items[0])), of.present(argument.items[1])
    return selected(index, items, of.origin(node))


def _if(of: Evaluator, argument: Node, node: Node) -> Value[Any] | None:
    if not isinstance(argument, Items) or len(argument.items) != 3:
        return of.refused(node, "`Fn::If` takes a condition and two values")
    named = text(argument.items[0])
    if named is None:
        return of.refused(node, "`Fn::If` names no condition")
    met = of.scope.condition(named, of.origin(argument.items[0]))
    if isinstance(met, Known):
        return of.value(argument.items[1 if met.value else 2])
    one, other = (of.value(branch) for branch in argument.items[1:])
    if _same(one, other):
        return one
    behind = tuple(ref for branch in (one, other) if branch is not None for ref in _behind(branch))
    return Unknown(f"the condition `{named}` is not known: {met.reason}", met.origin, None, behind)


def _same(one: Value[Any] | None, other: Value[Any] | None) -> bool:
    """Whether two values are the same scalar, so that it does not matter which it is."""
    match one, other:
        case Known(str() | int() | None as left), Known(str() | int() | None as right):
            return type(left) is type(right) and left == right
        case _:
            return one is None and other is None


def _behind(value: Value[Any]) -> tuple[Ref, ...]:
    if isinstance(value, Known):
        return (value.ref,) if value.ref is not None else ()
    return (*_refs(value), *value.behind)


def _find_in_map(of: Evaluator, argument: Node, node: Node) -> Value[Any] | None:
    origin = of.origin(node)
    if not isinstance(argument, Items) or len(argument.items) not in (3, 4):
        return of.refused(node, "`Fn::FindInMap` takes a map and two names")
    default = argument.items[3] if len(argument.items) == 4 else None
    path = [as_text(of.present(one)) for one in argument.items[:3]]
    if isinstance(path[0], Unknown):
        return Unknown(path[0].reason, origin)
    found: list[Node] = []
    whole = of.scope.mapping(path[0].value)
    if whole is None:
        return of.refused(node, f"there is no map `{path[0].value}`")
    found.append(whole)
    unknown: Unknown | None = None
    for name in path[1:]:
        if isinstance(name, Unknown):
            unknown = unknown or name
            found = [inner for one in found if isinstance(one, Fields) for inner in one.members.values()]
        else:
            inside = (one.members.get(name.value) for one in found if isinstance(one, Fields))
            found = [inner for inner in inside if inner is not None]
    if unknown is None:
        if found:
            return of.value(found[0])
        fallback = member_of(default, "DefaultValue")
        if fallback is not None:
            return of.value(fallback)
        shown = ".".join(str(name.value) for name in path if isinstance(name, Known))
        return of.refused(node, f"there is no `{shown}` in `Mappings`")
    values = [of.present(one) for one in found]
    plain_values = {repr(one.value) for one in values if isinstance(one, Known)}
    if values and len(plain_values) == 1 and all(isinstance(one, Known) for one in values) and default is None:
        return values[0]  # whichever it is, it is the same
    return Unknown(unknown.reason, origin)


def member_of(node: Node | None, name: str) -> Node | None:
    """A member of an object; ``None`` where it is none or has none of that name."""
    return node.members.get(name) if isinstance(node, Fields) else None


def _base64(of: Evaluator, argument: Node, node: Node) -> Value[Any]:
    match as_text(of.present(argument)):
        case Known(str() as plain_text):
            return Known(base64.b64encode(plain_text.encode()).decode(), of.origin(node))
        case other:
            return Unknown(other.reason if isinstance(other, Unknown) else "it is no text", of.origin(node))


def _cidr(of: Evaluator, argument: Node, node: Node) -> Value[Any]:
    parts = [as_text(of.present(one)) for one in argument.items] if isinstance(argument, Items) else []
    unknown = next((one for one in parts if isinstance(one, Unknown)), None)
    if unknown is not None:
        return Unknown(unknown.reason, of.origin(node))
    return blocks_in([str(one.value) for one in parts if isinstance(one, Known)], of.origin(node))


def _zones(of: Evaluator, argument: Node, node: Node) -> Value[Any]:
    pieces, _ = pieces_of(of.present(argument))
    region = "".join(map(str, pieces)) or "${region}"
    ref = Ref(f"availability zones of {region}", "names", None, "Fn::GetAZs")
    return Unknown(
        "which availability zones there are is known only at deployment", of.origin(node), Text((ref,))
    )


def _import(of: Evaluator, argument: Node, node: Node) -> Value[Any]:
    pieces, _ = pieces_of(of.present(argument))
    name = "".join(map(str, pieces))
    reason = f"`{name}` is exported by another stack"
    return Unknown(reason, of.origin(node), Text((Ref("Fn::ImportValue", name, None, "Fn::ImportValue"),)))


def _output(of: Evaluator, argument: Node, node: Node) -> Value[Any]:
    names = [text(one) or "" for one in (argument.members.values() if isinstance(argument, Fields) else ())]
    name = ".".join(names) or "output"
    reason = f"`{name}` is an output of another stack"
    return Unknown(reason, of.origin(node), Text((Ref("Fn::GetStackOutput", name, None, "Fn::ImportValue"),)))


def _length(of: Evaluator, argument: Node, node: Node) -> Value[Any]:
    match of.present(argument):
        case Known(tuple() as items, _) if not any(isinstance(one, Unknown) for one in items):
            return Known(len(items), of.origin(node))
        case Unknown(reason):
            return Unknown(reason, of.origin(node))
        case _:
            return Unknown("how many there are is not known", of.origin(node))


def _to_json(of: Evaluator, argument: Node, node: Node) -> Value[Any]:
    return json_of(of.present(argument), of.origin(node))


def _transform(of: Evaluator, argument: Node, node: Node) -> Value[Any] | None:
    return of.scope.included(argument, of)


def _later(of: Evaluator, argument: Node, node: Node) -> Value[Any]:
    if isinstance(argument, Items):  # with what a person calls it
        reason, hole = (text(one) or "" for one in argument.items)
        return Unknown(reason, of.origin(node), Text((Hole(hole),)))
    reason = text(argument) or "it is made before deployment"
    return Unknown(reason, of.origin(node))


def _condition_value(of: Evaluator, argument: Node, node: Node) -> Value[Any]:
    return of.truth(node)


_FUNCTIONS: Final[dict[str, Callable[[Evaluator, Node, Fields], Value[Any] | None]]] = {
    "Ref": _ref,
    "Fn::And": _condition_value,
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::Equals": _condition_value,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _zones,
    "Fn::GetAtt": _get_att,
    "Fn::GetStackOutput": _output,
    "Fn::If": _if,
    "Fn::ImportValue": _import,
    "Fn::Join": _join,
    "Fn::Length": _length,
    "Fn::Not": _condition_value,
    "Fn::Or": _condition_value,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Fn::ToJsonString": _to_json,
    "Fn::Transform": _transform,
    LATER: _later,
}


def guarded(compute: Callable[[], Value[Any] | None], origin: Origin) -> Value[Any] | None:
    """What ``compute`` gives, or an unknown where it takes more than it may."""
    try:
        return compute()
    except BudgetExceeded as error:
        return Unknown(error.message, origin)
    except RecursionError:
        return Unknown("it is nested too deeply", origin)

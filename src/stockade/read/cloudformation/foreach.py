"""``Fn::ForEach``: an object with its loops written out."""

from __future__ import annotations

from typing import Final

from stockade.model.typed import text as as_text
from stockade.patterns import lazy_regex
from stockade.read.cloudformation.evaluate import Evaluator
from stockade.read.cloudformation.nodes import Fields, Items, Node, Problem, Scalar, text
from stockade.value import Known, Unknown, Value

PREFIX: Final = "Fn::ForEach::"
_NO_NAME: Final = lazy_regex(r"[^A-Za-z0-9]")


def expanded(node: Fields, of: Evaluator, problems: list[Problem]) -> Fields:
    """An object, and all in it, without loops. A loop over what is not known is left out and told."""
    if PREFIX.encode() not in node.source.data or not has_loops(node):
        return node
    members: dict[str, Node] = {}
    keys: dict[str, tuple[int, int]] = {}
    for name, inner in node.members.items():
        if name.startswith(PREFIX):
            for made, value, key in _loop(name, node, of, problems):
                members[made] = value
                keys[made] = key
        else:
            members[name] = _inside(inner, of, problems)
            if name in node.keys:
                keys[name] = node.keys[name]
    return Fields(node.source, node.start, node.end, members, keys)


def has_loops(node: Node) -> bool:
    """Whether a loop stands anywhere in a node."""
    if isinstance(node, Fields):
        return any(name.startswith(PREFIX) or has_loops(one) for name, one in node.members.items())
    return isinstance(node, Items) and any(map(has_loops, node.items))


def _inside(node: Node, of: Evaluator, problems: list[Problem]) -> Node:
    if isinstance(node, Fields):
        return expanded(node, of, problems)
    if isinstance(node, Items) and has_loops(node):
        return Items(node.source, node.start, node.end, [_inside(one, of, problems) for one in node.items])
    return node


def _loop(
    name: str, outer: Fields, of: Evaluator, problems: list[Problem]
) -> list[tuple[str, Node, tuple[int, int]]]:
    argument = outer.members[name]
    place = outer.key(name)

    def refuse(reason: str) -> list[tuple[str, Node, tuple[int, int]]]:
        problems.append(Problem(f"what `{name}` makes", reason, place))
        return []

    if not isinstance(argument, Items) or len(argument.items) != 3:
        return refuse("it takes an identifier, a collection and what is made for each")
    identifier, body = text(argument.items[0]), argument.items[2]
    if identifier is None or not isinstance(body, Fields):
        return refuse("it takes an identifier, a collection and what is made for each")
    values = _values(argument.items[1], of)
    if isinstance(values, Unknown):
        return refuse(f"what it loops over is not known: {values.reason}")
    out: list[tuple[str, Node, tuple[int, int]]] = []
    for value in values.value:
        made = _replaced(body, identifier, value)
        if isinstance(made, Fields):
            made = expanded(made, of, problems)
            for key, inner in made.members.items():
                out.append((key, inner, made.keys.get(key, (inner.start, inner.end))))
    return out


def _values(node: Node, of: Evaluator) -> Value[tuple[str, ...]]:
    found = of.present(node)
    if isinstance(found, Unknown):
        return found
    items = found.value if isinstance(found.value, tuple) else (found,)
    out: list[str] = []
    for one in items:
        match as_text(one):
            case Known(str() as known):
                out.append(known)
            case Unknown() as gap:
                return gap
            case _:
                return Unknown("it is not a list of texts", found.origin)
    return Known(tuple(out), found.origin)


def _replaced(node: Node, identifier: str, value: str) -> Node:
    """A node with an identifier's value in its place: ``${Name}``, ``&{Name}``, and a ``Ref`` to it."""

    def text_of(plain: str) -> str:
        short = _NO_NAME.sub("", value)
        return plain.replace(f"${{{identifier}}}", value).replace(f"&{{{identifier}}}", short)

    match node:
        case Scalar(value=str() as plain):
            return Scalar(node.source, node.start, node.end, text_of(plain))
        case Items():
            inner = [_replaced(one, identifier, value) for one in node.items]
            return Items(node.source, node.start, node.end, inner)
        case Fields():
            if node.function() == "Ref" and text(node.members["Ref"]) == identifier:
                return Scalar(node.source, node.start, node.end, value)
            members = {text_of(name): _replaced(one, identifier, value) for name, one in node.members.items()}
            keys = {text_of(name): place for name, place in node.keys.items()}
            return Fields(node.source, node.start, node.end, members, keys)
        case _:
            return node

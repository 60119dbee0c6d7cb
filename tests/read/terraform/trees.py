"""Syntax trees as short text, and what must hold of the places in every tree."""

from __future__ import annotations

from decimal import Decimal

from stockade.read.terraform.syntax import parse
from stockade.read.terraform.tree import (
    Binary,
    Block,
    Body,
    Call,
    Conditional,
    Expression,
    File,
    For,
    ForDirective,
    GetAttr,
    IfDirective,
    Index,
    Item,
    Literal,
    Node,
    Object,
    Paren,
    Part,
    Splat,
    Template,
    Tuple,
    Unary,
    Variable,
    walk,
)
from stockade.source import Source


def file(text: str | bytes) -> File:
    """A parsed file."""
    return parse(Source("main.tf", text.encode() if isinstance(text, str) else text))


def expression(text: str | bytes) -> Expression:
    """The value of the attribute ``a``, in a file without problems."""
    data = text.encode() if isinstance(text, str) else text
    found = file(b"a = " + data + b"\n")
    assert found.problems == [], (text, found.problems)
    check_places(found)
    return found.body.attributes["a"].value


def brief(node: Part) -> str:
    """An expression with everything said that the tree says, places apart."""
    match node:
        case Literal(value=str() as value):
            return repr(value)
        case Literal(value=None):
            return "null"
        case Literal(value=bool() as value):
            return str(value).lower()
        case Literal(value=value):
            return str(value)
        case Template(parts=parts, heredoc=heredoc):
            return f"{'heredoc' if heredoc else 'template'}({' '.join(map(brief, parts))})"
        case IfDirective(condition=condition, then=then, otherwise=otherwise):
            return f"if({brief(condition)}: {' '.join(map(brief, then))} | {' '.join(map(brief, otherwise))})"
        case ForDirective(key=key, value=value, collection=collection, body=body):
            return f"for({key or '_'}, {value} in {brief(collection)}: {' '.join(map(brief, body))})"
        case Tuple(items=items):
            return f"[{', '.join(map(brief, items))}]"
        case Object(items=pairs):
            return "{" + ", ".join(f"{brief(key)}={brief(value)}" for key, value in pairs) + "}"
        case For():
            result = brief(node.result)
            if node.result_key is not None:
                result = f"{brief(node.result_key)} => {result}{'...' if node.group else ''}"
            only = f" if {brief(node.condition)}" if node.condition is not None else ""
            return f"for({node.key or '_'}, {node.value} in {brief(node.collection)}: {result}{only})"
        case Variable(name=name):
            return name
        case GetAttr(target=target, name=name):
            return f"{brief(target)}.{name}"
        case Index(target=target, key=index):
            return f"{brief(target)}[{brief(index)}]"
        case Item():
            return "@"
        case Splat(target=target, body=body):
            return f"{brief(target)}*<{brief(body)}>"
        case Call(name=name, args=args, expand=expand):
            return f"{name}({', '.join(map(brief, args))}{'...' if expand else ''})"
        case Unary(operator=operator, operand=operand):
            return f"({operator}{brief(operand)})"
        case Binary(operator=operator, left=left, right=right):
            return f"({brief(left)} {operator} {brief(right)})"
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            return f"({brief(condition)} ? {brief(then)} : {brief(otherwise)})"
        case Paren(inner=inner):
            return f"paren({brief(inner)})"


def outline(body: Body) -> list[str]:
    """A body's attributes and blocks, in order of their places, blocks with theirs indented below."""
    lines: list[tuple[int, list[str]]] = []
    for attribute in body.attributes.values():
        lines.append((attribute.start, [f"{attribute.name} = {brief(attribute.value)}"]))
    for block in body.blocks:
        head = " ".join([block.type, *map(repr, block.labels)])
        lines.append((block.start, [head, *(f"  {line}" for line in outline(block.body))]))
    return [line for _, group in sorted(lines, key=lambda pair: pair[0]) for line in group]


def check_places(found: File) -> None:
    """Every node lies in the file and in its parent; every name and number stands where it says."""
    data = found.source.data
    for problem in found.problems:
        assert 0 <= problem.start <= problem.end <= len(data), problem
        assert problem.message
    for node in walk(found.body):
        assert 0 <= node.start <= node.end <= len(data), node
        for child in children(node):
            assert node.start <= child.start and child.end <= node.end, (node, child)
        raw = data[node.start : node.end]
        match node:
            case Variable(name=name) if name.isascii():
                assert raw == name.encode()
            case GetAttr(name=name) if name.isascii():
                assert raw.endswith(name.encode())
            case Call(name=name) if name.isascii() and "::" not in name:
                assert raw.startswith(name.encode()) and raw.endswith(b")")
            case Literal(value=bool() | None as value):
                assert raw == {True: b"true", False: b"false", None: b"null"}[value]
            case Literal(value=str()):
                pass
            case Literal(value=int() | Decimal() as number):
                assert Decimal(raw.decode()) == number
            case Block(type=type, header_end=header_end):
                assert raw.startswith(type.encode()) or not type.isascii()
                assert data[node.start : header_end].endswith(b"{")
            case Template(heredoc=True):
                assert raw.startswith(b"<<")
            case Template():
                assert raw[:1] == raw[-1:] == b'"'
                check_parts(node.parts, data)
            case _:
                pass


def check_parts(parts: list[Part], data: bytes) -> None:
    """The parts of a template follow each other."""
    at = 0
    for part in parts:
        assert part.start >= at, parts
        at = part.end


def children(node: Node) -> list[Node]:
    """The nodes right below a node."""
    found: list[Node] = []
    waiting: list[object] = [getattr(node, name) for kind in type(node).__mro__ for name in slots(kind)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, list | tuple):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
    return found


def slots(kind: type) -> tuple[str, ...]:
    names: tuple[str, ...] | list[str] = getattr(kind, "__slots__", ())
    return tuple(names)

"""Pieces of Java's syntax: chains of calls, what they begin with, texts."""

from __future__ import annotations

from tree_sitter import Node

from stockade.code.java.classes import File, Method
from stockade.code.typed import Values, unescaped


def links(node: Node, file: File) -> list[tuple[str, list[Node]]]:
    """A chain of calls as names and arguments, the first first: ``builder``, ``bucket``, ``build``."""
    out: list[tuple[str, list[Node]]] = []
    current: Node | None = node
    while current is not None and current.type == "method_invocation":
        out.append((file.text(current.child_by_field_name("name")), Values.arguments(current)))
        current = current.child_by_field_name("object")
    return out[::-1]


def root(node: Node) -> Node:
    """What a chain of calls begins with."""
    current = node
    while current.type == "method_invocation":
        inner = current.child_by_field_name("object")
        if inner is None:
            return current
        current = inner
    return current


def literal(text: str) -> str:
    """The text of a string literal."""
    if text.startswith('"""'):
        return text[3:-3].strip()
    return unescaped(text[1:-1])


def count(method: Method) -> int:
    found = method.node.child_by_field_name("parameters")
    return len(found.named_children) if found is not None else 0

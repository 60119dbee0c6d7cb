"""Where a file is not valid in its language, as tree-sitter's parsers tell it."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

from stockade.source import Source, Span

_MOST: Final = 20
"""How many places of one file are told."""


def invalid(source: Source, root: Node) -> list[Span]:
    """The places that are not valid in the language, a few at most."""
    out: list[Span] = []
    stack = [root] if root.has_error else []
    while stack and len(out) < _MOST:
        node = stack.pop()
        if node.is_missing and node.type == "!":
            continue  # the grammar's own: TypeScript's ``tag<Type[]>`text` `` has nothing there
        if _is_text(node):
            continue
        if node.is_error or node.is_missing:
            out.append(Span(source, node.start_byte, node.end_byte))
        elif node.has_error:
            stack += reversed(node.children)
    return out


def _is_text(node: Node) -> bool:
    """Whether what a parser takes for an error is text between tags, where `&` needs not be written `&amp;`."""
    inside = node.parent is not None and node.parent.type == "jsx_element"
    text = node.text or b""
    return node.is_error and inside and text.startswith(b"&") and b"{" not in text

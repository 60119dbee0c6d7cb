"""The names that statements give a meaning."""

from __future__ import annotations

from typing import Any

from stockade.code.javascript import tree as t


def declarations(body: tuple[t.Node, ...]) -> tuple[t.Node, ...]:
    """The statements of a block that give a name a meaning from its start."""
    inner = (one.declaration if isinstance(one, t.Export) else one for one in body)
    return tuple(
        one
        for one in inner
        if (isinstance(one, t.Declare) and one.kind != "var") or isinstance(one, t.Interface)
    )


def declared_names(node: t.Node) -> list[str]:
    """The names that a declaration gives a meaning."""
    if isinstance(node, t.Namespace | t.Interface):
        return [node.name]
    return names_in([one.pattern for one in node.declarators] if isinstance(node, t.Declare) else [])


def names_in(patterns: list[t.Node | None]) -> list[str]:
    """The names that patterns bind; uses the list up."""
    out: list[str] = []
    while patterns:
        match patterns.pop():
            case t.Name(id=name):
                out.append(name)
            case t.DefaultPattern(pattern=inner) | t.Spread(value=inner):
                patterns.append(inner)
            case t.ObjectPattern(entries=entries, rest=rest):
                patterns += [inner for _, inner in entries]
                patterns.append(rest)
            case t.ArrayPattern(items=items):
                patterns += items
    return out


def assigned(node: t.Node) -> set[str]:
    """The names that a piece of source gives another value, its functions included."""
    out: set[str] = set()
    waiting: list[Any] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting += one
        elif isinstance(one, t.Node):
            if isinstance(one, t.Assign):
                out.update(names_in([one.target]))
            elif isinstance(one, t.Loop) and one.each is not None:
                out.update(names_in([one.each[0]]))
            elif isinstance(one, t.Declare) and one.kind == "var":
                out.update(names_in([each.pattern for each in one.declarators if each.value is not None]))
            kind: Any = type(one)
            waiting += [getattr(one, name) for name in t.parts(kind)]
    return out

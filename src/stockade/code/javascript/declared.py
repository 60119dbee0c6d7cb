"""The names that statements give a meaning."""

from __future__ import annotations

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
    out: list[str] = []
    patterns: list[t.Node | None] = (
        [one.pattern for one in node.declarators] if isinstance(node, t.Declare) else []
    )
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

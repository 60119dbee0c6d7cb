"""The CloudFormation that a service writes itself, merged into what is made of the rest."""

from __future__ import annotations

from typing import Final

from stockade.read.cloudformation.nodes import Fields, Items, Node, member, members, span
from stockade.read.serverless.nodes import is_later, is_null, items, made
from stockade.read.serverless.service import Service, why

_SECTIONS: Final = ("Conditions", "Mappings", "Outputs", "Parameters")


def template_of(service: Service) -> Fields:
    """The whole template of a service, as an object of sections."""
    sections: dict[str, Node] = {"Resources": made(service.resources, service.at)}
    written = service.get("resources")
    for one in items(written):
        if is_later(one):
            service.tell("what `resources` declare", why(one, "it is not known"), span(one))
            continue
        for name in ("Resources", *_SECTIONS, "Transform"):
            found = member(one, name)
            if found is None or is_null(found):
                continue
            if is_later(found):
                reason = why(found, "it is not known")
                service.tell(f"what `{name}` of `resources` declares", reason, span(found))
                continue
            sections[name] = merged(sections[name], found) if name in sections else found
        _extend(service, sections, member(one, "extensions"))
    at = service.at
    return Fields(at.source, at.start, at.end, sections, {})


def merged(base: Node, over: Node) -> Node:
    """One value over another: objects member by member, lists element by element, the rest whole.

    A call of a function is whole as well: what is under it is its argument.
    """
    match base, over:
        case Fields(), Fields() if base.function() is None and over.function() is None:
            inner = dict(base.members)
            for name, node in over.members.items():
                inner[name] = merged(inner[name], node) if name in inner else node
            keys = dict(base.keys)
            if base.source is over.source:
                keys |= {name: place for name, place in over.keys.items() if name not in base.members}
            return Fields(base.source, base.start, base.end, inner, keys)
        case Items(), Items():
            both = [
                merged(base.items[i], over.items[i])
                if i < len(base.items) and i < len(over.items)
                else (over.items[i] if i < len(over.items) else base.items[i])
                for i in range(max(len(base.items), len(over.items)))
            ]
            return Items(over.source, over.start, over.end, both)
        case _:
            return over


def _extend(service: Service, sections: dict[str, Node], extensions: Node | None) -> None:
    """Changes to what the Framework makes; the properties that are named are replaced."""
    resources = sections["Resources"]
    for name, node in members(extensions):
        base = member(resources, name)
        if not isinstance(resources, Fields) or not isinstance(base, Fields):
            what = f"the extension of `{name}`"
            service.tell(what, "there is no such resource in what this version makes", span(node))
            continue
        properties = member(base, "Properties")
        over = member(node, "Properties")
        changed = dict(base.members)
        if isinstance(over, Fields):
            own = properties if isinstance(properties, Fields) else over
            inner = {**dict(members(properties)), **over.members}
            changed["Properties"] = Fields(own.source, own.start, own.end, inner, {})
        if (condition := member(node, "Condition")) is not None:
            changed["Condition"] = condition
        resources.members[name] = Fields(base.source, base.start, base.end, changed, base.keys)

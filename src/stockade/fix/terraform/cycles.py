"""What Terraform would refuse of a project as a whole: circles, and names of nothing.

Every directory is a graph of what its files declare; a module that is called is one thing in it, coarser
than Terraform sees it. So only what is new counts: a circle that was there before is not a fix's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from stockade.fix.editor import Site
from stockade.read.files import Tree
from stockade.read.terraform import tree as t
from stockade.read.terraform.config import Config, parsed
from stockade.read.terraform.instance import Instance
from stockade.read.terraform.modules import Module
from stockade.source import Source

Graph: TypeAlias = dict[str, set[str]]
"""A name (``aws_sqs_queue.jobs``, ``local.names``, ``var.stage``, ``module.api``) -> the names it needs."""

_NO_NAMES: Final = frozenset({"each", "count", "self", "path", "terraform", "ephemeral"})


def complaints(before: Site, after: Site) -> Iterator[str]:
    """What is wrong with a project by now, and was not before."""
    old = {str(config.directory): config for config in _configs(before)}
    for config in _configs(after):
        former = old.get(str(config.directory))
        if former is None or _sources(former) == _sources(config):
            continue
        was, now = _graph(former, before.tree), _graph(config, after.tree)
        known = {name for name in was if _circle(was, name)}
        for name in now:
            if was.get(name) != now[name] and name not in known and (circle := _circle(now, name)):
                shown = " -> ".join(f"`{one}`" for one in circle)
                yield f"{shown} would wait for one another"
                break
        missing = _undeclared(now) - _undeclared(was)
        yield from (
            f"`{one}` is not declared in `{after.tree.shown(config.directory)}`" for one in sorted(missing)
        )


def _configs(site: Site) -> list[Config]:
    found: dict[str, Config] = {}
    for one in site.reading.resources:
        if isinstance(one.attributes, Instance):
            scope = one.attributes.frame.scope
            while isinstance(scope, Module):
                found[str(scope.config.directory)] = scope.config
                scope = scope.parent  # type: ignore[assignment]  # the loop ends at its end
    return list(found.values())


def _sources(config: Config) -> set[Source]:
    declared = (*config.resources.values(), *config.calls.values(), *config.variables.values())
    return {one.source for one in (*declared, *config.outputs.values())} | {
        source for source, _ in config.locals.values()
    }


def _graph(config: Config, tree: Tree) -> Graph:
    out: Graph = {}
    for source in _sources(config):
        found: Mapping[str, set[str]] = tree.once("graph", source, lambda source=source: _of(tree, source))  # type: ignore[misc]  # a lambda with a default
        for name, needed in found.items():
            out.setdefault(name, set()).update(needed)
    return out


def _of(tree: Tree, source: Source) -> Graph:
    out: Graph = {}
    for block in parsed(tree, source).body.blocks:
        if block.type == "locals":
            for name, attribute in block.body.attributes.items():
                out.setdefault(f"local.{name}", set()).update(_needed(attribute))
        elif block.labels:
            out.setdefault(_name(block), set()).update(_needed(block.body))
    return out


def _name(block: t.Block) -> str:
    match block.type, block.labels:
        case "resource", [kind, name, *_]:
            return f"{kind}.{name}"
        case "variable", [name, *_]:
            return f"var.{name}"
        case kind, labels:
            return ".".join([kind, *labels])


def _needed(node: t.Node) -> set[str]:
    """The names that something refers to."""
    out: set[str] = set()
    local: set[str] = set()
    for one in t.walk(node):
        if isinstance(one, t.For | t.ForDirective):
            local |= {name for name in (one.key, one.value if isinstance(one.value, str) else None) if name}
        elif isinstance(one, t.Block) and one.type == "dynamic":
            local |= set(one.labels)
            iterator = one.body.attributes.get("iterator")
            if iterator is not None and isinstance(iterator.value, t.Variable):
                local.add(iterator.value.name)
        elif isinstance(one, t.GetAttr) and isinstance(one.target, t.Variable):
            root = one.target.name
            if root != "data" and root not in _NO_NAMES:
                out.add(f"{root}.{one.name}")
        elif (
            isinstance(one, t.GetAttr)
            and isinstance(one.target, t.GetAttr)
            and isinstance(one.target.target, t.Variable)
            and one.target.target.name == "data"
        ):
            out.add(f"data.{one.target.name}.{one.name}")
    return {one for one in out if one.partition(".")[0] not in local}


def _undeclared(graph: Graph) -> set[str]:
    """Names that are needed and nowhere declared, of those kinds that have to be."""
    needed = {one for some in graph.values() for one in some if one not in graph}
    return {one for one in needed if one.startswith(("var.", "local.", "module.", "data.", "aws_"))}


def _circle(graph: Graph, start: str) -> list[str] | None:
    """The shortest way from a name back to itself."""
    ways: list[list[str]] = [[start]]
    seen: set[str] = set()
    while ways:
        longer: list[list[str]] = []
        for way in ways:
            for one in sorted(graph.get(way[-1], ())):
                if one == start:
                    return [*way, start]
                if one not in seen and one in graph:
                    seen.add(one)
                    longer.append([*way, one])
        ways = longer
    return None

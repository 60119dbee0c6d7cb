"""The configuration that a plan or state was made of, where it lies beside: the places to edit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from stockade.errors import StockadeError
from stockade.read.files import Tree
from stockade.read.plan.configured import without_keys
from stockade.read.resource import Reading, Resource
from stockade.read.terraform import Library, find_roots, read
from stockade.read.terraform import tree as t
from stockade.read.terraform.config import ResourceKey
from stockade.read.terraform.instance import Instance
from stockade.read.walk import walk
from stockade.source import Source, Span
from stockade.value import Known, Value, Written

_LARGEST = 2_000
"""How many directories are looked into for a configuration that lies below a plan."""


class Beside:
    """The configuration of a directory as it was read, by the addresses that a plan has."""

    def __init__(self, directory: Path, reading: Reading) -> None:
        self.directory = directory
        self.reading = reading

    @cached_property
    def _resources(self) -> Mapping[str, Resource]:
        return {one.address: one for one in self.reading.resources}

    @cached_property
    def _alike(self) -> Mapping[str, Resource]:
        out: dict[str, Resource] = {}
        for one in self.reading.resources:
            out.setdefault(without_keys(one.address), one)
        return out

    def instance(self, address: str) -> Resource | None:
        """The instance at an address; ``None`` where the configuration alone cannot tell that there is one."""
        found = self._resources.get(address)
        return found if found is not None and found.doubt is None else None

    def like(self, address: str) -> Resource | None:
        """An instance of the same block: it is written at the same place, and may have other values."""
        return self._alike.get(without_keys(address))


def place_of(resource: Resource, name: str) -> Written | None:
    """Where an attribute of a resource is written, its first nested block for what is written as blocks."""
    instance = resource.attributes
    if not isinstance(instance, Instance):
        return None
    via = instance.frame.scope.via
    if declared := instance.declaration.attribute(name):
        source, attribute = declared
        return Written(Span(source, attribute.value.start, attribute.value.end), via)
    for source, block in instance.declaration.blocks().get(name, ()):
        return Written(Span(source, block.start, block.header_end), via)
    return None


def beside(
    path: Path,
    declares: set[ResourceKey],
    every: bool,
    tree: Tree,
    variables: Mapping[str, Value[Any]],
    library: Library | None,
) -> Beside | None:
    """The configuration of a plan or state at ``path``, read with the plan's variables.

    It is looked for in the file's own directory, in those above it inside of the repository and then
    below it. A directory counts when its root module declares all that the plan's does (``every``), or
    some of what a state has; a module call stands in ``declares`` as the resource of a module.
    """
    if not declares:
        return None
    library = library or Library(tree)
    for directory in _directories(path.parent, tree):
        config = library.load(directory)
        found = declares & {*config.resources, *(("module", name, "") for name in config.calls)}
        if found and (not every or found == declares):
            try:
                return Beside(directory, _read(directory, tree, variables, library))
            except StockadeError:
                return None  # the plan itself says all there is; only the places are its own then
    return None


def _directories(start: Path, tree: Tree) -> Iterator[Path]:
    above = [one for one in (start, *start.parents) if one == tree.boundary or tree.boundary in one.parents]
    yield from above
    for count, root in enumerate(find_roots(walk(start), tree)):
        if count < _LARGEST and root not in above:
            yield root


def _read(directory: Path, tree: Tree, variables: Mapping[str, Value[Any]], library: Library) -> Reading:
    """The configuration with the values that it cannot know by itself; a default keeps its place."""
    declared = library.load(directory).variables
    values = {
        name: value
        for name, value in variables.items()
        if name in declared and not _is(declared[name].attribute("default"), value)
    }
    return read(
        directory, tree, variables={}, variable_files=(), environment={}, values=values, library=library
    )


def _is(default: tuple[Source, t.Attribute] | None, value: Value[Any]) -> bool:
    return default is not None and _same(default[1].value, value)


def _same(node: t.Expression, value: Value[Any]) -> bool:
    """Whether an expression is plainly a value."""
    match node, value:
        case t.Literal(), Known(str() | bool() | int() | Decimal() | None as plain):
            return bool(node.value == plain) or (plain is not None and str(node.value) == str(plain))
        case t.Tuple(), Known(tuple() as items):
            return len(node.items) == len(items) and all(map(_same, node.items, items))
        case t.Object(), Known(dict() as members):
            named = {_name(key): one for key, one in node.items}
            return named.keys() == members.keys() and all(_same(named[name], members[name]) for name in members)
        case _:
            return False


def _name(key: t.Expression) -> object:
    return key.name if isinstance(key, t.Variable) else key.value if isinstance(key, t.Literal) else None

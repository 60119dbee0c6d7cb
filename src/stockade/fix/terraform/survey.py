"""What an editor wants to know of a project as a whole: who is declared where, and who reads what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from stockade.errors import FixError
from stockade.fix.editor import Site
from stockade.read.files import Unreadable
from stockade.read.resource import Resource
from stockade.read.terraform import tree as t
from stockade.read.terraform.config import Config, Declaration, parsed, terraform_files
from stockade.read.terraform.instance import Instance
from stockade.read.terraform.known_modules import Guessed
from stockade.read.terraform.modules import Module
from stockade.source import Source

Use: TypeAlias = tuple[Source, int]
"""A reference by its place."""
_FEW_OTHERS: Final = 3
"""A file keeps resources of a kind where one in so many of its resources is akin: one policy among the
routes of an API says nothing of where policies are kept."""


class Survey:
    """One Terraform input: its instances, their declarations, and the references in its files."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.tree = site.tree
        self.resources: dict[str, Resource] = {}
        self._by_declaration: dict[int, list[Instance]] = {}
        self._by_type: dict[str, list[Instance]] = {}
        for one in site.reading.resources:
            self.resources.setdefault(one.address, one)
            if isinstance(one.attributes, Instance):
                self._by_declaration.setdefault(id(one.attributes.declaration), []).append(one.attributes)
                self._by_type.setdefault(one.type, []).append(one.attributes)
        self._files: dict[str, tuple[t.File, ...]] = {}
        self._kept: dict[tuple[str, str, str], Mapping[int, tuple[Source, int]]] = {}
        self._uses: dict[str, Mapping[tuple[str, str], frozenset[Use]]] = {}

    def resource(self, address: str) -> Resource:
        found = self.resources.get(address)
        if found is None:
            raise FixError(f"there is no `{address}` to change")
        return found

    def instance(self, address: str) -> Instance:
        """The instance behind an address, with its syntax."""
        found = self.resource(address).attributes
        if not isinstance(found, Instance):
            raise FixError(f"`{address}` is not written in Terraform's language")
        return found

    def must_be_read(self, address: str, names: Sequence[str] = ()) -> None:
        """Refuse what a module makes that is not downloaded: no line of this input is its declaration, and
        what its call may say is the module's to know. ``names`` are of the argument that would be changed."""
        found = self.resources.get(address)
        if found is None or not isinstance(found.attributes, Guessed):
            return
        guessed = found.attributes
        input = guessed.input_of(names)
        by_hand = f"set `{input}` in its call by hand, or " if input else ""
        raise FixError(
            f"`{guessed.module}` is not downloaded, and no fix is written for what it makes",
            help=f"{by_hand}run `terraform get`, then this again",
        )

    def module(self, instance: Instance) -> Module:
        """The module instance that a resource is in."""
        scope = instance.frame.scope
        if not isinstance(scope, Module):
            raise FixError(f"`{instance.address}` is in no module")
        return scope

    @property
    def root(self) -> Module | None:
        """The root module; ``None`` where it declares nothing at all."""
        for one in self.resources.values():
            scope = one.attributes.frame.scope if isinstance(one.attributes, Instance) else None
            while isinstance(scope, Module) and scope.parent is not None:
                scope = scope.parent
            if isinstance(scope, Module):
                return scope
        return None

    def alike(self, instance: Instance) -> list[Instance]:
        """All instances that one declaration makes, in every instance of its module."""
        return self._by_declaration.get(id(instance.declaration), [instance])

    def of_type(self, instance: Instance) -> list[Instance]:
        """All instances of the same type."""
        kind = instance.type if instance.mode == "managed" else f"data.{instance.type}"
        return self._by_type.get(kind, [instance])

    def declared_in(self, declaration: Declaration) -> str:
        """File and line of a declaration, for people."""
        source, start = declaration.source, declaration.block.start
        return f"{source.path}:{source.position(start)[0]}"

    # ------------------------------------------------------------------------------------- files

    def files(self, config: Config) -> tuple[t.File, ...]:
        """The parsed files of a directory."""
        key = str(config.directory)
        found = self._files.get(key)
        if found is None:
            found = self._files[key] = tuple(self._parsed(config))
        return found

    def _parsed(self, config: Config) -> Iterator[t.File]:
        for path in terraform_files(config.directory):
            try:
                yield parsed(self.tree, self.tree.read(path))
            except Unreadable:
                continue  # a gap of the reading already

    def kept(self, config: Config, kind: str, apart_from: str) -> Mapping[int, tuple[Source, int]]:
        """The files of a directory in which resources of a type are kept, and none of another one: the file and
        the end of the last such resource, by the file's identity."""
        key = (str(config.directory), kind, apart_from)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = _kept(config, kind, apart_from)
        return found

    def uses(self, config: Config, root: str, name: str) -> frozenset[Use]:
        """Where a directory refers to ``var.‹name›``, ``local.‹name›`` or ``‹type›.‹name›``."""
        key = str(config.directory)
        found = self._uses.get(key)
        if found is None:
            found = self._uses[key] = _uses(self.files(config))
        return found.get((root, name), frozenset())

    # ----------------------------------------------------------------------------------- modules

    def call_of(self, module: Module) -> tuple[Declaration, Mapping[str, object], Module] | None:
        """The block that calls a module instance, the names of its ``each`` or ``count``, and who calls."""
        parent = module.parent
        if parent is None:
            return None
        for name, declared in parent.config.calls.items():
            if declared.span != module.via[-1]:
                continue
            for expansion, called in parent.calls(name):
                if called is module:
                    return declared, expansion.names, parent
        return None

    def called_by(self, module: Module) -> Iterator[tuple[str, str | int | None, Module]]:
        """The module instances that a module calls: name, key, instance."""
        for name in module.config.calls:
            for expansion, called in module.calls(name):
                if isinstance(called, Module):
                    yield name, expansion.key, called


def _kept(config: Config, kind: str, apart_from: str) -> Mapping[int, tuple[Source, int]]:
    out: dict[int, tuple[Source, int]] = {}
    others: set[int] = set()
    every: Counter[int] = Counter()
    akin: Counter[int] = Counter()
    for (mode, of, _), declared in config.resources.items():
        source = declared.source
        if mode == "managed":
            every[id(source)] += 1
            akin[id(source)] += _family(of) == _family(kind)
        if mode == "managed" and of == kind and not source.path.endswith(".json"):
            before = out.get(id(source), (source, 0))[1]
            out[id(source)] = (source, max(before, declared.block.end))
        if of == apart_from:
            others.add(id(source))
    return {key: one for key, one in out.items() if key not in others and akin[key] * _FEW_OTHERS >= every[key]}


def _family(kind: str) -> str:
    """What types of resources have in common: `aws_iam` of all that has to do with roles."""
    return "_".join(kind.split("_")[:2])


def _uses(files: tuple[t.File, ...]) -> Mapping[tuple[str, str], frozenset[Use]]:
    out: dict[tuple[str, str], set[Use]] = {}
    for file in files:
        for node in t.walk(file.body):
            if isinstance(node, t.GetAttr) and isinstance(node.target, t.Variable):
                out.setdefault((node.target.name, node.name), set()).add((file.source, node.target.start))
            elif (
                isinstance(node, t.GetAttr)
                and isinstance(node.target, t.GetAttr)
                and isinstance(node.target.target, t.Variable)
                and node.target.target.name == "data"
            ):
                key = (f"data.{node.target.name}", node.name)
                out.setdefault(key, set()).add((file.source, node.target.target.start))
    return {key: frozenset(found) for key, found in out.items()}

"""One directory of Terraform files as declarations: parsed, overrides merged, nothing evaluated."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from stockade.model.remark import Remark
from stockade.model.world import Gap
from stockade.read import looked
from stockade.read.files import Tree, Unreadable
from stockade.read.terraform import tree as t
from stockade.read.terraform.comments import remarks
from stockade.read.terraform.syntax import parse
from stockade.source import Source, Span
from stockade.value import Written

SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json")

ResourceKey = tuple[str, str, str]
"""Mode (``managed`` or ``data``), type and name."""


class Declaration:
    """A block and what override files put over it: attributes one by one, nested blocks by type."""

    __slots__ = ("block", "overrides", "source", "span")

    def __init__(self, source: Source, block: t.Block) -> None:
        self.source = source
        self.block = block
        self.overrides: list[tuple[Source, t.Block]] = []
        self.span = Span(source, block.start, block.header_end)

    def layers(self) -> Iterator[tuple[Source, t.Block]]:
        """The block and its overrides, the deciding one first."""
        yield from reversed(self.overrides)
        yield self.source, self.block

    def attribute(self, name: str) -> tuple[Source, t.Attribute] | None:
        if not self.overrides:
            found = self.block.body.attributes.get(name)
            return None if found is None else (self.source, found)
        for source, block in self.layers():
            found = block.body.attributes.get(name)
            if found is not None:
                return source, found
        return None

    def names(self) -> Collection[str]:
        """The names of the attributes that somebody wrote."""
        return self.attributes() if self.overrides else self.block.body.attributes

    def attributes(self) -> dict[str, tuple[Source, t.Attribute]]:
        out: dict[str, tuple[Source, t.Attribute]] = {}
        for source, block in self.layers():
            for name, attribute in block.body.attributes.items():
                out.setdefault(name, (source, attribute))
        return out

    def blocks(self) -> dict[str, list[tuple[Source, t.Block]]]:
        """Nested blocks under the type they make; ``dynamic "x"`` counts as ``x``."""
        out: dict[str, list[tuple[Source, t.Block]]] = {}
        if not self.overrides:
            for inner in self.block.body.blocks:
                out.setdefault(block_kind(inner), []).append((self.source, inner))
            return out
        decided: set[str] = set()
        for source, block in self.layers():
            here: set[str] = set()
            for inner in block.body.blocks:
                kind = block_kind(inner)
                if kind not in decided:
                    here.add(kind)
                    out.setdefault(kind, []).append((source, inner))
            decided |= here
        return out


def block_kind(block: t.Block) -> str:
    """The type a nested block makes: its own, or the label of a ``dynamic`` one."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


class Config:
    """Everything one directory declares."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.variables: dict[str, Declaration] = {}
        self.locals: dict[str, tuple[Source, t.Attribute]] = {}
        self.outputs: dict[str, Declaration] = {}
        self.calls: dict[str, Declaration] = {}
        self.resources: dict[ResourceKey, Declaration] = {}
        self.providers: dict[str, Declaration] = {}
        self.gaps: list[Gap] = []
        self.remarks: list[Remark] = []


class Library:
    """Directories already parsed, shared by every module call and every root of one scan."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._configs: dict[Path, tuple[Config, looked.Seen]] = {}

    def load(self, directory: Path) -> Config:
        return looked.once(self._configs, directory, lambda: _load(directory, self.tree))


def terraform_files(directory: Path) -> list[Path]:
    """The configuration files of a directory in the order in which Terraform reads them.

    A ``.tofu`` file stands in for the ``.tf`` file of the same name, as in OpenTofu.
    """
    try:
        names = looked.names(directory)
    except OSError:
        return []
    present = set(names)
    out = []
    for name in names:
        if not name.endswith(SUFFIXES) or name.startswith((".", "#")) or name.endswith("~"):
            continue
        if name.endswith((".tf", ".tf.json")):
            twin = name.replace(".tf.json", ".tofu.json") if name.endswith(".json") else name[:-3] + ".tofu"
            if twin in present:
                continue
        out.append(directory / name)
    return out


def is_override(path: Path) -> bool:
    stem = path.name.partition(".")[0]
    return stem == "override" or stem.endswith("_override")


def _load(directory: Path, tree: Tree) -> Config:
    config = Config(directory)
    overrides: list[t.File] = []
    for path in terraform_files(directory):
        file = _parse(path, tree, config)
        if file is None:
            continue
        if is_override(path):
            overrides.append(file)
        else:
            _declare(file, config)
    for file in overrides:
        _override(file, config)
    return config


def _parse(path: Path, tree: Tree, config: Config) -> t.File | None:
    try:
        source = tree.read(path)
    except Unreadable as error:
        nowhere = Source(tree.shown(path), b"")
        config.gaps.append(
            Gap(f"`{nowhere.path}` was not read", error.message, Written(Span(nowhere, 0, 0)), error.help)
        )
        return None
    file = parsed(tree, source)
    for problem in file.problems:
        span = Span(source, problem.start, max(problem.start, problem.end))
        config.gaps.append(Gap(f"a part of `{source.path}` was not read", problem.message, Written(span)))
    config.remarks += remarks(file)
    return file


def parsed(tree: Tree, source: Source) -> t.File:
    """A file's syntax, in the form that its name says; parsed once, however often it is read."""
    return tree.once("terraform", source, lambda: as_named(source))


def as_named(source: Source) -> t.File:
    """A file's syntax, in the form that its name says."""
    if not source.path.endswith(".json"):
        return parse(source)
    from stockade.read.terraform.json_syntax import parse_json

    return parse_json(source)


def _slot(block: t.Block, config: Config) -> tuple[dict[str, Declaration], str] | None:
    labels = block.labels
    if block.type == "variable" and labels:
        return config.variables, labels[0]
    if block.type == "output" and labels:
        return config.outputs, labels[0]
    if block.type == "module" and labels:
        return config.calls, labels[0]
    if block.type == "provider" and labels:
        alias = block.body.attributes.get("alias")
        name = alias.value.value if alias and isinstance(alias.value, t.Literal) else None
        return config.providers, labels[0] if name is None else f"{labels[0]}.{name}"
    return None


def _declare(file: t.File, config: Config) -> None:
    for block in file.body.blocks:
        if block.type in ("resource", "data") and len(block.labels) == 2:
            key = ("managed" if block.type == "resource" else "data", block.labels[0], block.labels[1])
            if key in config.resources:
                _duplicate(file.source, block, config)
            else:
                config.resources[key] = Declaration(file.source, block)
        elif block.type == "locals":
            for name, attribute in block.body.attributes.items():
                config.locals.setdefault(name, (file.source, attribute))
        else:
            slot = _slot(block, config)
            if slot is not None and slot[1] in slot[0]:
                _duplicate(file.source, block, config)
            elif slot is not None:
                slot[0][slot[1]] = Declaration(file.source, block)


def _duplicate(source: Source, block: t.Block, config: Config) -> None:
    title = " ".join([block.type, *(f'"{label}"' for label in block.labels)])
    span = Span(source, block.start, block.header_end)
    config.gaps.append(Gap(f"a second `{title}` was not read", "it is declared twice", Written(span)))


def _override(file: t.File, config: Config) -> None:
    for block in file.body.blocks:
        if block.type == "locals":
            for name, attribute in block.body.attributes.items():
                config.locals[name] = (file.source, attribute)
            continue
        target: Declaration | None = None
        if block.type in ("resource", "data") and len(block.labels) == 2:
            mode = "managed" if block.type == "resource" else "data"
            target = config.resources.get((mode, block.labels[0], block.labels[1]))
        else:
            slot = _slot(block, config)
            if slot is None:
                continue
            target = slot[0].get(slot[1])
        if target is not None:
            target.overrides.append((file.source, block))
        else:
            span = Span(file.source, block.start, block.header_end)
            title = ".".join([block.type, *block.labels])
            reason = "it overrides nothing that is declared"
            config.gaps.append(Gap(f"`{title}` in `{file.source.path}` was not read", reason, Written(span)))

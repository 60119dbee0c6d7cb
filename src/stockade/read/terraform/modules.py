"""Module instances: what names mean inside one, and which instances of everything there are.

Evaluation is pulled, never pushed: a local, variable, output or resource is evaluated when something
asks for it, once, and a cycle is an unknown that names its path.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, TypeVar

from stockade.model.world import Gap
from stockade.read.budget import Budget
from stockade.read.files import Tree, Unreadable
from stockade.read.terraform import tree as t
from stockade.read.terraform.config import Config, Declaration, Library, ResourceKey, terraform_files
from stockade.read.terraform.cty import EvaluationError, Map, convert
from stockade.read.terraform.evaluate import evaluate
from stockade.read.terraform.expansion import Expansion, expand
from stockade.read.terraform.frame import Frame, Lazy, Missing, weigh
from stockade.read.terraform.guard import GIVEN_UP, evaluated, guarded, why
from stockade.read.terraform.instance import Instance
from stockade.read.terraform.known_modules import called_unread
from stockade.read.terraform.provider import (
    Provider,
    default_tags,
    local_endpoint,
    provider_map,
    provider_name,
    unconfigured,
    written_account,
)
from stockade.read.terraform.types import parse_type
from stockade.records import dataclass
from stockade.source import Source, Span
from stockade.value import Default, Hole, Known, Origin, Ref, Text, Unknown, Value, Written, sensitive

K = TypeVar("K")
T = TypeVar("T")

Thunk = Callable[[], Value[Any]]


@dataclass
class Run:
    """What all module instances of one root share."""

    library: Library
    budget: Budget
    root: Path
    workspace: Value[str]
    installed: Mapping[str, Path]
    gaps: list[Gap] = field(default_factory=list)
    configs: dict[Path, Config] = field(default_factory=dict)
    _told: set[tuple[str, str]] = field(default_factory=set)

    def load(self, directory: Path) -> Config:
        """A directory's declarations, remembered as a part of what this root is made of."""
        config = self.configs[directory] = self.library.load(directory)
        return config

    def tell(self, gap: Gap) -> None:
        """Report a gap once, however many instances meet it."""
        if (gap.what, gap.reason) not in self._told:
            self._told.add((gap.what, gap.reason))
            self.gaps.append(gap)


class Module(Lazy):
    """One instance of a module: the scope of its expressions, and as a value its outputs."""

    def __init__(
        self,
        config: Config,
        run: Run,
        address: str,
        inputs: Mapping[str, Thunk],
        via: tuple[Span, ...] = (),
        parent: Module | None = None,
        providers: Mapping[str, str] | None = None,
        doubt: Unknown | None = None,
    ) -> None:
        self.config = config
        self.run = run
        self.address = address
        self.inputs = inputs
        self.via = via
        self.parent = parent
        self.providers = providers
        self.doubt = doubt
        self.directory = str(run.root)
        self.files: Tree = run.library.tree
        self.budget = run.budget
        self._memo: dict[tuple[str, str], Value[Any]] = {}
        self._variables: dict[str, Value[Any]] = {}
        self._values: dict[ResourceKey, Value[Any]] = {}
        self._path: list[str] = []
        self._instances: dict[ResourceKey, list[tuple[Expansion, Instance]]] = {}
        self._calls: dict[str, list[tuple[Expansion, Module | Missing]]] = {}
        self._expanding: set[object] = set()
        self._providers: dict[str, Provider] = {}

    def handed(self, name: str) -> Value[Any] | None:
        """The value of a variable that whoever calls this module gave; ``None`` where nobody gave one."""
        return self.variable(name) if name in self.inputs and name in self.config.variables else None

    # ------------------------------------------------------------------------------------- names

    def resolve(self, name: str, steps: list[t.GetAttr | t.Index], frame: Frame) -> tuple[Value[Any], int]:
        if name == "data":
            if len(steps) >= 2 and all(isinstance(step, t.GetAttr) for step in steps[:2]):
                return self._resource("data", steps[0].name, steps[1].name, steps, 2, frame)  # type: ignore[union-attr]  # both are names
            raise EvaluationError("`data` needs a type and a name")
        first = steps[0].name if steps and isinstance(steps[0], t.GetAttr) else None
        if first is None:
            raise EvaluationError(f"`{name}` is not a value by itself")
        if name == "var":
            return self.variable(first), 1
        if name == "local":
            return self.local(first), 1
        if name == "path":
            return self._path_value(first, frame.origin(steps[0])), 1
        if name == "terraform":
            return self.run.workspace, 1
        if name == "module":
            return self._call(first, steps, frame)
        if name == "ephemeral":
            reason = "an ephemeral resource is known only while Terraform runs"
            return Unknown(reason, frame.origin(steps[0])), 1
        if name in ("each", "count", "self"):
            raise EvaluationError(f"`{name}.{first}` has no meaning here")
        return self._resource("managed", name, first, steps, 1, frame)

    def _once(self, kind: str, name: str, compute: Thunk, origin: Origin) -> Value[Any]:
        key = (kind, name)
        found = self._memo.get(key)
        if found is not None:
            return found
        title = f"{kind}.{name}"
        if title in self._path:
            cycle = " -> ".join([*self._path[self._path.index(title) :], title])
            return Unknown(f"it depends on itself: {cycle}", origin)
        self._path.append(title)
        try:
            value = guarded(compute, origin)
        finally:
            self._path.pop()
        self._memo[key] = value
        return value

    def _origin(self, source: Source, node: t.Node) -> Written:
        return Written(Span(source, node.start, node.end), self.via)

    def variable(self, name: str) -> Value[Any]:
        """An input variable: what the caller gives, converted to its type, or its default."""
        found = self._variables.get(name)
        if found is not None:
            return found
        declared = self.config.variables.get(name)
        origin: Origin = Written(declared.span, self.via) if declared else Default("nobody declared it")
        value = self._once("var", name, lambda: self._variable(name, declared, origin), origin)
        if declared is not None and _is_sensitive(declared):
            value = sensitive(value)
        if ("var", name) in self._memo:  # and not merely met again on its own way
            self._variables[name] = value
        return value

    def _variable(self, name: str, declared: Declaration | None, origin: Origin) -> Value[Any]:
        if declared is None:
            return Unknown(f"variable `{name}` is not declared", origin, Text((Hole(self._hole(name)),)))
        given = self.inputs.get(name)
        value = given() if given is not None else None
        nullable = declared.attribute("nullable")
        refuses_null = (
            nullable is not None
            and isinstance(nullable[1].value, t.Literal)
            and nullable[1].value.value is False
        )
        if value is None or (refuses_null and isinstance(value, Known) and value.value is None):
            default = declared.attribute("default")
            if default is None:
                text = Text((Hole(self._hole(name)),)) if self._may_be_text(declared) else None
                return Unknown(self._unset(name), origin, text)
            source, attribute = default
            value = evaluate(attribute.value, Frame(self, source, {}))
        kind = declared.attribute("type")
        if kind is None:
            return value
        weigh(value)
        source, attribute = kind
        return convert(value, parse_type(attribute.value, lambda node: evaluate(node, Frame(self, source, {}))))

    def _unset(self, name: str) -> str:
        if self.parent is None:
            return f"variable `{name}` has no default and was not given"
        return f"variable `{name}` of `{self.address}` has no default and its call does not give it"

    def _hole(self, name: str) -> str:
        return f"{self.address}.var.{name}" if self.address else f"var.{name}"

    @staticmethod
    def _may_be_text(declared: Declaration) -> bool:
        kind = declared.attribute("type")
        return kind is None or (
            isinstance(kind[1].value, t.Variable) and kind[1].value.name in ("string", "any")
        )

    def local(self, name: str) -> Value[Any]:
        if found := self._memo.get(("local", name)):
            return found
        declared = self.config.locals.get(name)
        if declared is None:
            return Unknown(f"local `{name}` is not declared", Default("nobody declared it"))
        source, attribute = declared
        compute = lambda: evaluate(attribute.value, Frame(self, source, {}))  # noqa: E731 - asked for once
        return self._once("local", name, compute, self._origin(source, attribute.value))

    def attribute(self, name: str) -> Value[Any]:
        """An output, as the calling module sees it."""
        declared = self.config.outputs.get(name)
        if declared is None:
            return Unknown(f"`{self.address}` has no output `{name}`", Default("nobody declared it"))
        origin = Written(declared.span, self.via)
        written = declared.attribute("value")
        if written is None:
            return Unknown(f"output `{name}` of `{self.address}` has no value", origin)
        source, value = written
        return self._once("output", name, lambda: evaluate(value.value, Frame(self, source, {})), origin)

    def _path_value(self, name: str, origin: Origin) -> Value[Any]:
        if name == "root":
            return Known(".", origin)
        if name == "cwd":
            return Known(str(self.run.root), origin)
        if name == "module":
            if self.parent is None:
                return Known(".", origin)
            return Known(Path(os.path.relpath(self.config.directory, self.run.root)).as_posix(), origin)
        raise EvaluationError(f"there is no `path.{name}`")

    # --------------------------------------------------------------------------------- resources

    def instances(self, key: ResourceKey) -> list[tuple[Expansion, Instance]]:
        found = self._instances.get(key)
        if found is not None:
            return found
        if key in self._expanding:
            raise EvaluationError(f"`{key[1]}.{key[2]}` decides how many of itself there are")
        self._expanding.add(key)
        try:
            made = self._make(key)
        finally:
            self._expanding.discard(key)
        self._instances[key] = made
        return made

    def _make(self, key: ResourceKey) -> list[tuple[Expansion, Instance]]:
        mode, kind, name = key
        declared = self.config.resources[key]
        prefix = f"{self.address}." if self.address else ""
        title = f"{prefix}{'data.' if mode == 'data' else ''}{kind}.{name}"
        provider = self._provider_of(declared, kind)
        return [
            (
                expansion,
                Instance(
                    mode,
                    kind,
                    title + expansion.suffix,
                    declared,
                    Frame(self, declared.source, expansion.names),
                    provider,
                    expansion.doubt or self.doubt,
                ),
            )
            for expansion in expand(declared, title, self, self.run.tell)
        ]

    def _resource(
        self, mode: str, kind: str, name: str, steps: list[t.GetAttr | t.Index], taken: int, frame: Frame
    ) -> tuple[Value[Any], int]:
        key = (mode, kind, name)
        single = self._values.get(key)
        if single is not None:
            return single, taken
        declared = self.config.resources.get(key)
        if declared is None:
            address = f"{'data.' if mode == 'data' else ''}{kind}.{name}"
            reason = f"`{address}` is not declared here"
            at = frame.origin(steps[taken - 1])
            ref = Ref(f"{self.address}.{address}" if self.address else address, "")
            return Unknown(reason, at, Text((ref,))), taken
        origin = Written(declared.span, self.via)
        instances = self.instances(key)
        if len(instances) == 1 and instances[0][0].key is None:
            single = self._values[key] = Known(instances[0][1], origin)
            return single, taken
        return self._select(instances, declared, steps, taken, frame, origin)

    def _select(
        self,
        instances: list[tuple[Expansion, Any]],
        declared: Declaration,
        steps: list[t.GetAttr | t.Index],
        taken: int,
        frame: Frame,
        origin: Origin,
    ) -> tuple[Value[Any], int]:
        """A block as a value: its one instance, the one that an index picks, or all of them."""
        if len(instances) == 1 and instances[0][0].key is None:
            return Known(instances[0][1], origin), taken
        doubtful = next(((e.doubt, i) for e, i in instances if e.doubt is not None), None)
        if doubtful is not None:
            doubt, instance = doubtful
            if taken < len(steps) and isinstance(steps[taken], t.Index):
                key = self._index(steps[taken], frame)
                picked = next((i for e, i in instances if e.doubt is None and e.key == key), instance)
                return Known(picked, origin), taken + 1
            return Unknown(doubt.reason, doubt.origin), taken
        if declared.attribute("for_each") is not None:
            return Known(Map({str(e.key): Known(i, origin) for e, i in instances}), origin), taken
        return Known(tuple([Known(i, origin) for _, i in instances]), origin), taken

    @staticmethod
    def _index(step: t.GetAttr | t.Index, frame: Frame) -> Any:
        if isinstance(step, t.GetAttr):
            return step.name
        value = evaluate(step.key, frame)
        return value.value if isinstance(value, Known) else None

    # ------------------------------------------------------------------------------------- calls

    def calls(self, name: str) -> list[tuple[Expansion, Module | Missing]]:
        found = self._calls.get(name)
        if found is not None:
            return found
        if ("module", name) in self._expanding:
            raise EvaluationError(f"`module.{name}` decides how many of itself there are")
        self._expanding.add(("module", name))
        try:
            made = self._make_calls(name)
        finally:
            self._expanding.discard(("module", name))
        self._calls[name] = made
        return made

    def _make_calls(self, name: str) -> list[tuple[Expansion, Module | Missing]]:
        declared = self.config.calls[name]
        title = f"{self.address}.module.{name}" if self.address else f"module.{name}"
        located = self._locate(name, declared, title)
        out: list[tuple[Expansion, Module | Missing]] = []
        for expansion in expand(declared, title, self, self.run.tell):
            self.budget.spend(200)
            address = title + expansion.suffix
            if isinstance(located, Config):
                out.append((expansion, self._instantiate(located, declared, expansion, address)))
            else:
                out.append((expansion, called_unread(declared, self, expansion, address, located)))
        return out

    def _instantiate(self, config: Config, declared: Declaration, expansion: Expansion, address: str) -> Module:
        inputs: dict[str, Thunk] = {}
        for name, (source, attribute) in declared.attributes().items():
            if name not in _CALL_META:
                inputs[name] = self._input(source, attribute, expansion.names)
        providers = declared.attribute("providers")
        return Module(
            config,
            self.run,
            address,
            inputs,
            (*self.via, declared.span),
            self,
            None if providers is None else provider_map(providers[1].value),
            expansion.doubt or self.doubt,
        )

    def _input(self, source: Source, attribute: t.Attribute, names: Mapping[str, Value[Any]]) -> Thunk:
        frame = Frame(self, source, names)
        return lambda: evaluated(attribute.value, frame)

    def _locate(self, name: str, declared: Declaration, title: str) -> Config | str:
        """The called module's configuration, or the reason why there is none."""
        origin = Written(declared.span, self.via)
        written = declared.attribute("source")
        source = _literal(written[1].value) if written else None
        if not isinstance(source, str):
            reason = f"the source of module `{name}` is not a plain string"
            self.run.tell(Gap(f"`{title}` was not read", reason, origin))
            return reason
        if len(self.via) >= _DEEPEST:
            reason = f"modules are nested more than {_DEEPEST} deep"
            self.run.tell(Gap(f"`{title}` was not read", reason, origin))
            return reason
        if source.startswith(("./", "../")):
            directory = self.config.directory / source
            missing = f"there is no Terraform configuration in `{source}`"
            help = None
        else:
            path = ".".join(step for step in (*_call_path(self.address), name))
            found = self.run.installed.get(path)
            missing = f"module `{source}` is not downloaded"
            help = "run `terraform get` in the root module, then scan again"
            if found is None:
                self.run.tell(Gap(f"`{title}` was not read", missing, origin, help))
                return missing
            directory = found
        try:
            real = self.files.locate(directory)
        except Unreadable as error:
            self.run.tell(Gap(f"`{title}` was not read", f"`{source}`: {error.message}", origin, error.help))
            return f"module `{source}` was not read: {error.message}"
        if not terraform_files(real):
            self.run.tell(Gap(f"`{title}` was not read", missing, origin, help))
            return missing
        return self.run.load(real)

    def _call(self, name: str, steps: list[t.GetAttr | t.Index], frame: Frame) -> tuple[Value[Any], int]:
        declared = self.config.calls.get(name)
        if declared is None:
            return Unknown(f"module `{name}` is not declared here", frame.origin(steps[0])), 1
        return self._select(self.calls(name), declared, steps, 1, frame, Written(declared.span, self.via))

    # --------------------------------------------------------------------------------- providers

    def _provider_of(self, declared: Declaration, kind: str) -> Provider:
        written = declared.attribute("provider")
        name = provider_name(written[1].value) if written else None
        return self.provider(name or kind.partition("_")[0])

    def provider(self, name: str) -> Provider:
        """A provider configuration by its local name: ``aws`` or ``aws.alias``."""
        found = self._providers.get(name)
        if found is None:
            found = self._providers[name] = self._find_provider(name)
        return found

    def _find_provider(self, name: str) -> Provider:
        passed = (self.providers or {}).get(name)
        if self.parent is not None and passed is not None:
            return self.parent.provider(passed)
        declared = self.config.providers.get(name)
        if declared is None:
            if self.parent is not None and "." not in name:
                return self.parent.provider(name)
            return unconfigured(name)
        fallback = unconfigured(name)
        instance = Instance(
            "provider", name, f"provider.{name}", declared, Frame(self, declared.source, {}), fallback, None
        )
        region = instance.get("region", fallback.region)
        if isinstance(region, Known) and (not isinstance(region.value, str) or not region.value):
            region = fallback.region  # an empty one is as good as none
        account = written_account(instance.get("allowed_account_ids"), instance.get("assume_role"))
        tags = default_tags(instance.get("default_tags"))
        whole = Span(declared.source, declared.block.start, declared.block.end)
        local = local_endpoint(instance.get("endpoints"), whole) if "endpoints" in instance else None
        return Provider(name, region, account or fallback.account, tags, local)

    # -------------------------------------------------------------------------------------- walk

    def walk(self) -> Iterator[Instance]:
        """Every resource and data source instance of this module and the modules it calls."""
        for key in self.config.resources:
            for _, instance in self._guarded(self.instances, key):
                yield instance
        for name in self.config.calls:
            for _, module in self._guarded(self.calls, name):
                yield from module.walk()

    def _guarded(self, expand: Callable[[K], list[tuple[Expansion, T]]], key: K) -> list[tuple[Expansion, T]]:
        try:
            return expand(key)
        except GIVEN_UP as error:
            what = f"a part of `{self.address or 'the root module'}` was not read"
            self.run.tell(Gap(what, why(error), Default("it was given up")))
            return []


_CALL_META = frozenset({"source", "version", "count", "for_each", "providers", "depends_on"})
_DEEPEST = 32


def _call_path(address: str) -> tuple[str, ...]:
    """The names of the calls in a module address, without instance keys: ``module.a["x"].module.b`` -> a, b."""
    return tuple(re.findall(r'module\.([^.\[\]]+)(?:\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\])?', address))


def _is_sensitive(variable: Declaration) -> bool:
    written = variable.attribute("sensitive")
    return written is not None and _literal(written[1].value) is True


def _literal(node: t.Expression) -> object:
    return node.value if isinstance(node, t.Literal) else None

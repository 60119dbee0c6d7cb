"""One stack: what names mean in a template, and the resources that it makes, nested stacks and all.

Everything is computed when somebody asks, once; a circle is unknown and names its path.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from stockade.model.relate import function_name_in
from stockade.model.typed import text as as_text
from stockade.model.world import Gap
from stockade.read.budget import Budget
from stockade.read.cloudformation import local, sam
from stockade.read.cloudformation.cdk import Assembly
from stockade.read.cloudformation.evaluate import Evaluator, guarded
from stockade.read.cloudformation.foreach import expanded
from stockade.read.cloudformation.nodes import Fields, Node, Problem, is_true, member, members, span, text
from stockade.read.cloudformation.parameters import PSEUDO, declared_value, typed
from stockade.read.cloudformation.schema import COMPUTED, DEFAULTS, INNER, REFS
from stockade.read.cloudformation.template import Template, member_names
from stockade.read.deployment import (
    SURROUNDINGS,
    Pieces,
    filled,
    partition_of,
    suffix_of,
    unknown_account,
    unknown_region,
    unknown_text,
)
from stockade.read.files import Tree, Unreadable
from stockade.read.resource import Resource
from stockade.source import Span
from stockade.value import Default, Doubt, Hole, Known, Origin, Ref, Text, Unknown, Value, Written, sensitive

_DEEPEST: Final = 12
"""Stacks in stacks; CloudFormation's own users rarely have three."""
_NESTED: Final = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
_SETS: Final = "AWS::CloudFormation::StackSet"


class Run:
    """What all stacks of one input share."""

    def __init__(self, tree: Tree, budget: Budget, given: Mapping[str, Value[str]]) -> None:
        self.tree = tree
        self.budget = budget
        self.given = given
        self.gaps: list[Gap] = []
        self.templates: list[Template] = []
        self._known: dict[Path, Template] = {}

    def load(self, path: Path) -> Template:
        """A template, parsed once. Raises ``Unreadable``."""
        real = self.tree.locate(path)
        if real not in self._known:
            made = self._known[real] = Template(self.tree.read(real))
            self.templates.append(made)
        return self._known[real]


class Stack:
    """One instance of a template. ``inputs`` are the parameters that the stack around it hands down."""

    def __init__(
        self,
        template: Template,
        path: Path,
        run: Run,
        *,
        prefix: str = "",
        via: tuple[Span, ...] = (),
        inputs: Mapping[str, Value[Any]] | None = None,
        within: tuple[Path, ...] = (),
        doubt: Unknown | None = None,
        assembly: Assembly | None = None,
    ) -> None:
        self.template = template
        self.directory = path.parent
        self.assembly = assembly or Assembly(path, run.tree)
        self.within = (*within, path)
        self.run = run
        self.budget = run.budget
        self.prefix = prefix
        self.via = via
        self.doubt = doubt
        self._inputs = inputs
        self._memo: dict[tuple[str, str], Value[Any]] = {}
        self._busy: dict[tuple[str, str], None] = {}
        self._children: dict[str, Stack | None] = {}
        self._conditions = template.conditions
        self.declared: dict[str, Fields] = {}
        self.keys: dict[str, Span] = {}
        evaluator = Evaluator(self)
        problems: list[Problem] = []
        written = local.merged(template.resources, self, problems)
        conditions = expanded(template.conditions, evaluator, problems)
        self._conditions = conditions
        written = expanded(written, evaluator, problems)
        self._outputs = expanded(template.outputs, evaluator, problems)
        if template.is_sam:
            made = sam.translate(template, written, self._outputs, self._parameter_values(), self)
            written, self._conditions, self._outputs = made.resources, made.conditions, made.outputs
        for problem in problems if assembly else (*problems, *self.assembly.problems):
            self.gap(problem)
        for name, node in written.members.items():
            if isinstance(node, Fields) and text(node.members.get("Type")):
                self.declared[name] = node
                self.keys[name] = written.key(name)
            elif not name.startswith("Fn::"):
                reason = "it is no resource with a `Type`"
                self.gap(Problem(f"`{name}` in `{template.source.path}`", reason, written.key(name)))
        self.addresses = {name: self._address(name, node) for name, node in self.declared.items()}

    def gap(self, problem: Problem) -> None:
        what = problem.what
        told = what if what.startswith("what ") else f"{what} was not read"
        self.run.gaps.append(Gap(told, problem.message, Written(problem.place, self.via), problem.help))

    def _address(self, name: str, node: Fields) -> str:
        """A resource is told by its construct's path where the CDK says it, by its logical ID otherwise."""
        path = text(member(node, "Metadata", "aws:cdk:path")) or self.assembly.paths.get(name)
        return f"{self.prefix}{path or name}"

    def _parameter_values(self) -> dict[str, Value[Any]]:
        return {name: self._declared_value(name) for name, _ in members(self.template.parameters)}

    # ------------------------------------------------------------------------------------ resources

    def resources(self) -> Iterator[Resource]:
        """All resources that the stack makes, those of the stacks in it after their own."""
        region = as_text(self.reference("AWS::Region", self._nowhere()) or unknown_region(self._nowhere()))
        for name, node in self.declared.items():
            doubt = self._doubt(node)
            if isinstance(doubt, Known):
                continue
            kind = text(node.members["Type"]) or ""
            self._unread(name, kind, node)
            origin = Written(self.keys[name], self.via)
            attributes = Attributes(self, name, kind, node)
            address = self.addresses[name]
            yield Resource(
                "cloudformation",
                kind,
                address,
                attributes,
                origin,
                doubt or self.doubt,
                region,
                reference=self._referring(name, kind, origin),
                id=name if address != name and not self.prefix else "",
            )
            if kind in _NESTED and (child := self._child(name)):
                yield from child.resources()

    def _referring(self, name: str, kind: str, origin: Origin) -> Callable[[str], Value[Any]]:
        return lambda attribute: self._attribute(name, kind, attribute, origin)

    def _doubt(self, node: Fields) -> Known[bool] | Unknown | None:
        """Why a resource may not be made; ``Known`` for one that is not."""
        named = text(node.members.get("Condition"))
        if named is None:
            return None
        met = self.condition(named, Written(span(node.members["Condition"]), self.via))
        if isinstance(met, Unknown):
            reason = f"whether it is made depends on the condition `{named}`, which is not known: {met.reason}"
            return Doubt(reason, met.origin, cause=f"{self.prefix}{named}")
        return None if met.value else met

    def _unread(self, name: str, kind: str, node: Fields) -> None:
        place = self.keys[name]
        if kind == _SETS:
            reason = "stack sets are deployed elsewhere, from templates of their own"
            self.gap(Problem(f"what the stack set `{name}` makes", reason, place))
        elif kind.endswith("::MODULE"):
            reason = "modules are kept in CloudFormation's registry"
            self.gap(Problem(f"what the module `{name}` makes", reason, place))

    def _nowhere(self) -> Origin:
        return Default("the environment of the deployment decides")

    # -------------------------------------------------------------------------------- nested stacks

    def _child(self, name: str) -> Stack | None:
        """The stack that a resource makes, where its template lies in the tree."""
        if name not in self._children:
            self._children[name] = None  # while it is read, and where it cannot be
            self._children[name] = self._read_child(name)
        return self._children[name]

    def _read_child(self, name: str) -> Stack | None:
        node = self.declared[name]
        kind = text(node.members["Type"]) or ""
        what = f"what the nested stack `{name}` makes"
        asset = text(member(node, "Metadata", "aws:asset:path"))
        location = member(node, "Properties", _NESTED[kind])
        found = asset or text(location) or self.assembly.nested(location)
        if found is None or "://" in found:
            where = f" (`{found}`)" if found else ""
            reason = f"its template is not a file of this tree{where}"
            self.gap(Problem(what, reason, self.keys[name], "scan that template as well"))
            return None
        path = Path(os.path.normpath(self.directory / found))
        if path in self.within or len(self.within) > _DEEPEST:
            self.gap(Problem(what, "it is within itself, or too deep", self.keys[name]))
            return None
        try:
            template = self.run.load(path)
        except Unreadable as error:
            reason = f"`{found}` was not read: {error.message}"
            self.gap(Problem(what, reason, self.keys[name], error.help))
            return None
        evaluator = Evaluator(self)
        handed = member(node, "Properties", "Parameters")
        inputs = {key: evaluator.present(one) for key, one in members(handed)}
        doubt = self._doubt(node)
        return Stack(
            template,
            path,
            self.run,
            prefix=f"{self.prefix}stack.{name}.",
            via=(*self.via, self.keys[name]),
            inputs=inputs,
            within=self.within,
            doubt=doubt if isinstance(doubt, Unknown) else self.doubt,
            assembly=self.assembly.for_nested() if self.assembly.is_there else None,
        )

    def output(self, name: str, origin: Origin) -> Value[Any]:
        """The value of an output."""
        node = member(self._outputs.members.get(name), "Value")
        if node is None:
            return Unknown(f"the stack has no output `{name}`", origin)
        return self._once("output", name, origin, lambda: Evaluator(self).value(node))

    # ---------------------------------------------------------------------------------------- scope

    def _once(
        self, what: str, name: str, origin: Origin, compute: Callable[[], Value[Any] | None]
    ) -> Value[Any]:
        key = (what, name)
        found = self._memo.get(key)
        if found is not None:
            return found
        if key in self._busy:
            trail = [one for _, one in self._busy][list(self._busy).index(key) :]
            return Unknown(f"it depends on itself: {' -> '.join([*trail, name])}", origin)
        self._busy[key] = None
        try:
            value = guarded(compute, origin)
        finally:
            del self._busy[key]
        self._memo[key] = value = value if value is not None else Known(None, origin)
        return value

    def reference(self, name: str, origin: Origin) -> Value[Any] | None:
        if name.startswith("AWS::"):
            return self._pseudo(name, origin)
        declared = self.template.parameters.members.get(name)
        if declared is not None:
            return self._once("parameter", name, origin, lambda: self._parameter(name, declared))
        node = self.declared.get(name)
        if node is None:
            reason = f"CloudFormation would refuse it: there is no parameter or resource `{name}`"
            return Unknown(reason, origin)
        kind = text(node.members["Type"]) or ""
        return self._attribute(name, kind, REFS.get(kind, "Ref"), origin)

    def _pseudo(self, name: str, origin: Origin) -> Value[Any]:
        if name in PSEUDO and name in self.run.given:
            return self.run.given[name]
        match name:
            case "AWS::Region":
                return unknown_region(origin)
            case "AWS::AccountId":
                return unknown_account(origin)
            case "AWS::Partition":
                return partition_of(self._region(origin))
            case "AWS::URLSuffix":
                return suffix_of(partition_of(self._region(origin)))
            case "AWS::NotificationARNs":
                return Unknown("it is known only at deployment", origin)
        return unknown_text(name, f"`{name}` is known only at deployment", origin)

    def _region(self, origin: Origin) -> Value[str]:
        return self.run.given.get("AWS::Region") or unknown_region(origin)

    def _declared_value(self, name: str) -> Value[Any]:
        declared = self.template.parameters.members[name]
        given = self.run.given.get(name) if self._inputs is None else self._inputs.get(name)
        place = Written(self.template.parameters.key(name), self.via)
        return declared_value(name, declared, given, place)

    def _parameter(self, name: str, declared: Node) -> Value[Any]:
        value = self._declared_value(name)
        origin = Written(self.template.parameters.key(name), self.via)
        called = f"{self.prefix}{name}"
        hole = unknown_text(f"parameter {called}" if called in SURROUNDINGS else called, "", origin)
        found = typed(name, declared, value, origin, hole)
        return sensitive(found) if is_true(member(declared, "NoEcho")) else found

    def attribute(self, name: str, attribute: str, origin: Origin) -> Value[Any]:
        node = self.declared.get(name)
        if node is None:
            return Unknown(f"CloudFormation would refuse it: there is no resource `{name}`", origin)
        kind = text(node.members["Type"]) or ""
        if kind in _NESTED and attribute.startswith("Outputs.") and (child := self._child(name)):
            return child.output(attribute.removeprefix("Outputs."), origin)
        return self._attribute(name, kind, attribute, origin)

    def _attribute(self, name: str, kind: str, attribute: str, origin: Origin) -> Value[Any]:
        """An attribute of a resource, or the property of its name, as what refers to it sees it."""
        node = self.declared[name]
        absent = self._doubt(node)
        if isinstance(absent, Known):
            return Unknown(f"`{self.addresses[name]}` is not made, as its condition is not met", origin)
        address = self.addresses[name]
        property = member(node, "Properties", attribute)
        if property is not None:
            value = self._once(f"{name}.", attribute, origin, lambda: Evaluator(self).value(property))
            if isinstance(value, Unknown):
                if value.ref is not None or value.text is None:
                    ref = value.ref or Ref(address, attribute, None, kind)
                    return value if value.ref is not None else Unknown(value.reason, value.origin, Text((ref,)))
                ref = Ref(address, attribute, value.text, kind)
                return Unknown(value.reason, value.origin, Text((ref,), value.text.decode))
            if isinstance(value.value, str | int) and not isinstance(value.value, bool):
                return Known(str(value.value), value.origin, Ref(address, attribute, None, kind))
            if value.value is not None:
                return value
        template = COMPUTED.get(kind, {}).get(attribute)
        shape = None if template is None else filled(template, lambda one: self._piece(name, kind, one))
        default = DEFAULTS.get(kind, {}).get(attribute)
        if default is not None:
            return Known(default, Default(f"CloudFormation's default of `{kind}.{attribute}`"))
        reason = f"`{address}.{attribute}` is known only after deployment"
        return Unknown(reason, origin, Text((Ref(address, attribute, shape, kind),)))

    def _piece(self, name: str, kind: str, part: str) -> Pieces:
        nowhere = self._nowhere()
        pseudo = {"partition": "AWS::Partition", "region": "AWS::Region", "account": "AWS::AccountId"}.get(part)
        value = self._pseudo(pseudo, nowhere) if pseudo else self._attribute(name, kind, part, nowhere)
        match value:
            case Known(str() as known):
                pieces: Pieces = (known,)
            case Unknown(_, _, Text() as partly):
                pieces = partly.shape()
            case _:
                pieces = (Hole(f"{self.addresses[name]}.{part}"),)
        if INNER.get(kind) == part:
            inner = Text(pieces).shape()
            pieces = function_name_in(inner) or pieces
        return pieces

    def condition(self, name: str, origin: Origin) -> Value[bool]:
        node = self._conditions.members.get(name)
        if node is None:
            return Unknown(f"CloudFormation would refuse it: there is no condition `{name}`", origin)
        return self._once("condition", name, origin, lambda: Evaluator(self).truth(node))

    def mapping(self, name: str) -> Node | None:
        return self.template.mappings.members.get(name)

    def included(self, node: Node, evaluator: Evaluator) -> Value[Any] | None:
        return local.included(node, self, evaluator)


class Attributes(Mapping[str, Value[Any]]):
    """The properties of a resource, evaluated when somebody asks for them."""

    __slots__ = ("_extra", "_kind", "_memo", "_name", "_properties", "_stack")

    def __init__(self, stack: Stack, name: str, kind: str, node: Fields) -> None:
        self._stack = stack
        self._name = name
        self._kind = kind
        written = node.members.get("Properties")
        self._properties = local.merged(written, stack, []) if isinstance(written, Fields) else None
        self._extra = local.beside(kind, node, stack)
        self._memo: dict[str, Value[Any] | None] = {}

    def _value(self, name: str) -> Value[Any] | None:
        if name not in self._memo:
            self._memo[name] = self._evaluated(name)
        return self._memo[name]

    def _evaluated(self, name: str) -> Value[Any] | None:
        stack = self._stack
        if name in self._extra:
            return self._extra[name]()
        node = self._properties.members[name] if self._properties else None
        if node is None:
            return None
        origin = Written(span(node), stack.via)
        return guarded(lambda: Evaluator(stack).value(node), origin)

    def __getitem__(self, name: str) -> Value[Any]:
        if name not in self._extra and name not in member_names(self._properties):
            raise KeyError(name)
        found = self._value(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        yield from self._extra
        for name, node in members(self._properties):
            if name in self._extra or name.startswith("Fn::"):
                continue
            if isinstance(node, Fields) and node.function() in ("Fn::If", "Ref", "Fn::FindInMap"):
                if self._value(name) is None:
                    continue  # `AWS::NoValue`: as if nobody had written it
            yield name

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and any(name == one for one in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

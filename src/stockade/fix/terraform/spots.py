"""Where an attribute of an instance is decided: from the attribute itself to the line that it comes from.

A way leads through ``local.x``, a variable and the argument of the call that gives it (or its default, or the
file that does), ``each.value.x`` and the member of the map behind it, ``lookup``, ``try`` and ``merge``. Every
stop on it is a spot: an expression that may be replaced, or a place where a name may be given. What
computes its value from several ends the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import Any, Final, TypeAlias

from stockade.fix.terraform.survey import Survey, Use
from stockade.read.terraform import tree as t
from stockade.read.terraform.config import block_kind
from stockade.read.terraform.cty import EvaluationError
from stockade.read.terraform.evaluate import evaluate
from stockade.read.terraform.frame import Frame
from stockade.read.terraform.instance import Instance
from stockade.read.terraform.modules import Module
from stockade.records import dataclass
from stockade.source import Source
from stockade.value import Known, Written

Step: TypeAlias = str | int
Holder: TypeAlias = t.Block | t.Object
Hop: TypeAlias = tuple[Module, str, str, Use]
"""A name that was gone through: in which module instance, ``var`` or ``local``, its name, and where."""

_LONGEST: Final = 50


@dataclass(frozen=True)
class Spot:
    """A place that decides. With ``holder`` the steps ``missing`` are to be given in it, else the bytes from
    ``start`` to ``end`` are replaced. ``frame`` is what names mean there, ``hops`` are the names on the way."""

    source: Source
    start: int
    end: int
    frame: Frame
    node: t.Expression | None = None
    holder: Holder | None = None
    missing: tuple[Step, ...] = ()
    hops: tuple[Hop, ...] = field(default=(), compare=False)
    own: bool = False
    """Whether it stands in the declaration of the instance itself."""
    otherwise: t.Expression | None = field(default=None, compare=False)
    """What the other branch says, where this is one of a condition."""

    @property
    def key(self) -> tuple[int, int, int, tuple[Step, ...]]:
        return (id(self.source), self.start, self.end, self.missing)


class Tracer:
    """Finds the spots of attributes."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._left = 0

    def spots(self, instance: Instance, steps: tuple[Step, ...]) -> list[Spot]:
        """The spots of what stands at the end of some steps, nearest first; none where it is made elsewhere."""
        self._left = _LONGEST
        head = str(steps[0])
        declared = instance.declaration.attribute(head)
        if declared is not None:
            source, attribute = declared
            return self._own(
                self._of(attribute.value, _in(instance.frame, source), steps[1:], instance), instance
            )
        blocks = instance.declaration.blocks().get(head)
        if not blocks:
            block = instance.declaration.block
            return [_missing(instance.declaration.source, block, instance.frame, steps, True)]
        index = steps[1] if len(steps) > 1 and isinstance(steps[1], int) else 0
        rest = steps[2:] if len(steps) > 1 and isinstance(steps[1], int) else steps[1:]
        if index >= len(blocks):
            source, _ = blocks[-1]
            return [_missing(source, instance.declaration.block, instance.frame, steps, True)]
        source, block = blocks[index]
        return self._own(self._in_block(block, _in(instance.frame, source), rest, instance), instance)

    @staticmethod
    def _own(found: Iterator[Spot], instance: Instance) -> list[Spot]:
        return [
            replace(one, own=one.source is instance.declaration.source and _within(one, instance))
            for one in found
        ]

    def _in_block(
        self, block: t.Block, frame: Frame, steps: tuple[Step, ...], instance: Instance
    ) -> Iterator[Spot]:
        if block.type == "dynamic":
            content = next((one for one in block.body.blocks if one.type == "content"), None)
            if content is None:
                return
            block = content
        if not steps:
            yield Spot(frame.source, block.start, block.end, frame)
            return
        attribute = block.body.attributes.get(str(steps[0]))
        if attribute is not None:
            yield from self._of(attribute.value, frame, steps[1:], instance)
            return
        inner = [one for one in block.body.blocks if block_kind(one) == steps[0]]
        if not inner:
            yield _missing(frame.source, block, frame, steps, False)
            return
        index = steps[1] if len(steps) > 1 and isinstance(steps[1], int) else 0
        rest = steps[2:] if len(steps) > 1 and isinstance(steps[1], int) else steps[1:]
        if index < len(inner):
            yield from self._in_block(inner[index], frame, rest, instance)

    # ---------------------------------------------------------------------------------- expressions

    def _of(
        self, node: t.Expression, frame: Frame, steps: tuple[Step, ...], instance: Instance
    ) -> Iterator[Spot]:
        self._left -= 1
        if self._left < 0:
            return
        if not steps:
            yield Spot(frame.source, node.start, node.end, frame, node)
        match node:
            case t.Paren():
                yield from self._of(node.inner, frame, steps, instance) if steps else ()
            case t.Template() if node.wraps is not None:
                yield from self._after(self._of(node.wraps, frame, steps, instance), node.wraps)
            case t.Object() if steps:
                yield from self._in_object(node, frame, steps, instance)
            case t.Tuple() if steps and isinstance(steps[0], int) and steps[0] < len(node.items):
                yield from self._of(node.items[steps[0]], frame, steps[1:], instance)
            case t.For() if steps:
                yield from self._in_loop(node, frame, steps, instance)
            case t.Call():
                yield from self._called(node, frame, steps, instance)
            case t.Conditional():
                yield from self._chosen(node, frame, steps, instance)
            case t.GetAttr() | t.Index():
                yield from self._named(node, frame, steps, instance)
            case _:
                return

    @staticmethod
    def _after(found: Iterator[Spot], node: t.Expression) -> Iterator[Spot]:
        """The spots without the expression inside of quotes: the quotes go with it."""
        return (one for one in found if one.node is not node)

    def _in_object(
        self, node: t.Object, frame: Frame, steps: tuple[Step, ...], instance: Instance
    ) -> Iterator[Spot]:
        member = member_of(node, steps[0], frame)
        if member is not None:
            yield from self._of(member[1], frame, steps[1:], instance)
        else:
            yield _missing(frame.source, node, frame, steps, False)

    def _chosen(
        self, node: t.Conditional, frame: Frame, steps: tuple[Step, ...], instance: Instance
    ) -> Iterator[Spot]:
        """The branch that counts: what the other one says is for other cases. What parts the instances of one
        block from one another is written as a whole (``apart``)."""
        met = _plain(node.condition, frame)
        names = {one.name for one in t.walk(node.condition) if isinstance(one, t.Variable)}
        if isinstance(met, bool) and not names & {"each", "count"}:
            one, other = (node.then, node.otherwise) if met else (node.otherwise, node.then)
            yield from (
                replace(spot, otherwise=other) if spot.node is one else spot
                for spot in self._of(one, frame, steps, instance)
            )

    def _in_loop(
        self, node: t.For, frame: Frame, steps: tuple[Step, ...], instance: Instance
    ) -> Iterator[Spot]:
        """``{ for x in list : x.name => x }``: the element that gets the key."""
        if node.result_key is None or node.group or not isinstance(node.result, t.Variable):
            return
        if node.result.name != node.value:
            return
        for spot in self._of(node.collection, frame, (), instance):
            elements = _elements(spot.node)
            for key, element in elements:
                try:
                    names = {node.value: evaluate(element, spot.frame)}
                    if node.key is not None:
                        names[node.key] = key(spot.frame)
                    made = evaluate(node.result_key, frame.bind(names))
                except EvaluationError:
                    continue
                if isinstance(made, Known) and made.value == steps[0]:
                    yield from self._of(element, spot.frame, steps[1:], instance)
                    return

    def _called(
        self, node: t.Call, frame: Frame, steps: tuple[Step, ...], instance: Instance
    ) -> Iterator[Spot]:
        match node.name, node.args:
            case "lookup", [inner, key, *_]:
                name = _plain(key, frame)
                if isinstance(name, str):
                    yield from self._of(inner, frame, (name, *steps), instance)
            case (("try" | "tomap" | "nonsensitive"), [inner, *_]):
                if steps or node.name == "try":
                    yield from self._after(self._of(inner, frame, steps, instance), inner)
            case "merge", args if steps:
                yield from self._merged(args, frame, steps, instance)
            case _:
                return

    def _merged(
        self, args: list[t.Expression], frame: Frame, steps: tuple[Step, ...], instance: Instance
    ) -> Iterator[Spot]:
        """The last map that has the name; where none has, the last that is written out in the call itself, or
        behind a name in it."""
        for arg in reversed(args):
            found = list(self._of(arg, frame, steps, instance))
            if found and not any(one.missing for one in found):
                yield from found
                return
        for arg in reversed(args):
            if isinstance(arg, t.Object):
                yield _missing(frame.source, arg, frame, steps, False)
                return
        for arg in reversed(args):
            found = [one for one in self._of(arg, frame, steps, instance) if isinstance(one.holder, t.Object)]
            if found:
                yield from found
                return

    # -------------------------------------------------------------------------------------- names

    def _named(
        self, node: t.GetAttr | t.Index, frame: Frame, steps: tuple[Step, ...], instance: Instance
    ) -> Iterator[Spot]:
        way: list[Step] = []
        base: t.Expression = node
        while isinstance(base, t.GetAttr | t.Index):
            step = base.name if isinstance(base, t.GetAttr) else _plain(base.key, frame)
            if not isinstance(step, str | int):
                return
            way.append(step)
            base = base.target
        if not isinstance(base, t.Variable):
            return
        first, *inner = reversed(way)
        scope = frame.scope
        if not isinstance(scope, Module) or not isinstance(first, str):
            return
        rest = (*inner, *steps)
        use = (frame.source, base.start)
        if base.name == "each" and first == "value" and "each" in frame.names:
            yield from self._each(frame, rest, instance)
        elif base.name == "local" and (written := scope.config.locals.get(first)) is not None:
            source, attribute = written
            found = self._of(attribute.value, Frame(scope, source, {}), rest, instance)
            yield from _through((scope, "local", first, use), found)
        elif base.name == "var":
            yield from _through((scope, "var", first, use), self._variable(scope, first, rest, instance))

    def _each(self, frame: Frame, steps: tuple[Step, ...], instance: Instance) -> Iterator[Spot]:
        """The member of the map that an instance is made for."""
        each = frame.names["each"]
        key = each.value.get("key") if isinstance(each, Known) else None
        if not isinstance(key, Known):
            return
        declared = instance.declaration.attribute("for_each")
        scope = instance.frame.scope
        if frame.scope is not scope:  # the ``each`` of a module's call
            call = self._survey.call_of(scope) if isinstance(scope, Module) else None
            while call is not None and call[2] is not frame.scope:
                call = self._survey.call_of(call[2])
            declared = call[0].attribute("for_each") if call is not None else None
        if declared is None:
            return
        source, attribute = declared
        outer = Frame(frame.scope, source, {})
        yield from (
            replace(one, hops=()) for one in self._of(attribute.value, outer, (key.value, *steps), instance)
        )

    def _variable(
        self, scope: Module, name: str, steps: tuple[Step, ...], instance: Instance
    ) -> Iterator[Spot]:
        """What a variable has: by its call, by a file, or by its default."""
        declared = scope.config.variables.get(name)
        if declared is None:
            return
        call = self._survey.call_of(scope)
        if call is not None:
            calling, names, parent = call
            given = calling.attribute(name)
            frame = Frame(parent, calling.source, _values(names))
            if given is not None:
                source, attribute = given
                yield from self._of(attribute.value, _in(frame, source), steps, instance)
                return
            if not steps:
                yield _missing(calling.source, calling.block, frame, (name,), False)
        elif (thunk := scope.inputs.get(name)) is not None:
            origin = thunk().origin
            if not steps and isinstance(origin, Written) and self._survey.tree.path(origin.span.source):
                span = origin.span
                yield Spot(span.source, span.start, span.end, Frame(scope, span.source, {}))
            return
        default = declared.attribute("default")
        if default is not None:
            source, attribute = default
            yield from self._of(attribute.value, Frame(scope, source, {}), steps, instance)


def member_of(node: t.Object, step: Step, frame: Frame) -> tuple[t.Expression, t.Expression] | None:
    """The item of an object that has a name; the last one where several have."""
    found = None
    for key, value in node.items:
        if _plain(key, frame) == step:
            found = (key, value)
    return found


def _plain(node: t.Expression, frame: Frame) -> Any:
    if isinstance(node, t.Literal):
        return node.value
    try:
        value = evaluate(node, frame)
    except EvaluationError:
        return None
    return value.value if isinstance(value, Known) else None


def _elements(node: t.Expression | None) -> list[tuple[Any, t.Expression]]:
    """The elements of a list or map that is written out, each with what makes its key."""
    if isinstance(node, t.Tuple):
        return [
            (lambda frame, i=i, item=item: Known(i, frame.origin(item)), item)
            for i, item in enumerate(node.items)
        ]
    if isinstance(node, t.Object):
        return [(lambda frame, key=key: evaluate(key, frame), value) for key, value in node.items]
    return []


def _missing(source: Source, holder: Holder, frame: Frame, steps: tuple[Step, ...], own: bool) -> Spot:
    at = holder.header_end if isinstance(holder, t.Block) else holder.start
    return Spot(source, at, at, _in(frame, source), holder=holder, missing=steps, own=own)


def _through(hop: Hop, found: Iterator[Spot]) -> Iterator[Spot]:
    return (replace(one, hops=(hop, *one.hops)) for one in found)


def _in(frame: Frame, source: Source) -> Frame:
    return frame if source is frame.source else Frame(frame.scope, source, frame.names)


def _within(spot: Spot, instance: Instance) -> bool:
    return any(
        block.start <= spot.start and spot.end <= block.end for _, block in instance.declaration.layers()
    )


def _values(names: Mapping[str, object]) -> dict[str, Any]:
    return dict(names)

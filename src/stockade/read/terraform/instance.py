"""One resource or data source instance: its attributes, evaluated when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from stockade.read.deployment import Pieces, filled
from stockade.read.terraform import tree as t
from stockade.read.terraform.config import Declaration, block_kind
from stockade.read.terraform.cty import EvaluationError, Set
from stockade.read.terraform.data import DATA
from stockade.read.terraform.evaluate import evaluate
from stockade.read.terraform.frame import Frame, Lazy, Nested, sure_pairs
from stockade.read.terraform.guard import evaluated, guarded
from stockade.read.terraform.provider import Provider
from stockade.read.terraform.schema import COMPUTED, DEFAULTS
from stockade.source import Source, Span
from stockade.value import Default, Hole, Known, Ref, Text, Unknown, Value, Written, hole_of

_OF_PROVIDERS = frozenset({"partition", "region", "account"})
_NOTHING: Final[frozenset[str]] = frozenset()
META = frozenset({"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"})


class Instance(Lazy, Mapping[str, Value[Any]]):
    """A resource instance.

    As a mapping it holds what somebody wrote (attributes, and nested blocks as
    ``Known(tuple of Known(dict))``). ``attribute`` is what an expression sees: also what AWS or the
    provider fills in, as a reference where only deployment knows it.
    """

    __slots__ = (
        "_blocks",
        "_memo",
        "address",
        "declaration",
        "doubt",
        "frame",
        "mode",
        "origin",
        "provider",
        "type",
    )

    def __init__(
        self,
        mode: str,
        type: str,
        address: str,
        declaration: Declaration,
        frame: Frame,
        provider: Provider,
        doubt: Unknown | None,
    ) -> None:
        self.mode = mode
        self.type = type
        self.address = address
        self.declaration = declaration
        self.frame = frame
        self.provider = provider
        self.doubt = doubt
        self.origin = Written(declaration.span, frame.scope.via)
        self._memo: dict[str, Value[Any] | None] = {}
        """``None`` for what is being evaluated."""
        self._blocks: dict[str, list[tuple[Source, t.Block]]] | None = None

    def ignored(self) -> frozenset[str]:
        """The attributes whose changes somebody told Terraform to leave alone; ``*`` for all of them."""
        blocks = self._block_types().get("lifecycle", ())
        declared = self.declaration.attribute("lifecycle")  # JSON has no blocks
        if not blocks and declared is None:
            return _NOTHING  # one for all: a set of its own takes as much as the whole instance
        out: set[str] = set()
        for _, block in blocks:
            if written := block.body.attributes.get("ignore_changes"):
                out.update(_named(written.value))
        if declared is not None:
            out.update(_ignored(declared[1].value))
        return frozenset(out)

    # -- what was written

    def __getitem__(self, name: str) -> Value[Any]:
        found = self._memo.get(name)
        if found is None:
            written = self._evaluate(name)
            if written is None:
                raise KeyError(name)
            found = self._memo[name] = written
        return found

    def __contains__(self, name: object) -> bool:
        return name not in META and (
            self.declaration.attribute(str(name)) is not None or name in self._block_types()
        )

    def __iter__(self) -> Iterator[str]:
        for names in (self.declaration.names(), self._block_types()):
            for name in names:
                if name not in META:
                    yield name

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _block_types(self) -> dict[str, list[tuple[Source, t.Block]]]:
        if self._blocks is None:
            self._blocks = self.declaration.blocks()
        return self._blocks

    def _evaluate(self, name: str) -> Value[Any] | None:
        if name in META:
            return None
        if name in self._memo:
            raise EvaluationError(f"`{self.address}.{name}` refers to itself")
        declared = self.declaration.attribute(name)
        if declared is not None and type(declared[1].value) is t.Literal:  # which cannot refer to itself
            return evaluated(declared[1].value, self._in(declared[0]))
        self._memo[name] = None
        try:
            if declared is not None:
                source, attribute = declared
                return evaluated(attribute.value, self._in(source))
            blocks = self._block_types().get(name)
            return None if blocks is None else guarded(lambda: self._nested(blocks), self.origin)
        finally:
            del self._memo[name]

    def _in(self, source: Source) -> Frame:
        frame = self.frame
        return frame if source is frame.source else Frame(frame.scope, source, frame.names)

    def _nested(self, blocks: list[tuple[Source, t.Block]]) -> Value[Any]:
        out: list[Value[Any]] = []
        for source, block in blocks:
            out += nested(block, self._in(source))
        source, block = blocks[0]
        return Known(tuple(out), Written(Span(source, block.start, block.header_end), self.frame.scope.via))

    # -- what an expression sees

    def attribute(self, name: str) -> Value[Any]:
        try:
            value = self[name]
        except KeyError:
            return self._computed(name)
        if isinstance(value, Known):
            if value.value is None:
                return self._computed(name)
            if value.ref is None and isinstance(value.value, str):
                return Known(value.value, value.origin, Ref(self.address, name))
            return value
        if value.ref is not None:
            return value
        shape = value.text or Text((hole_of(value),))
        ref = Ref(self.address, name, shape)
        return Unknown(value.reason, value.origin, Text((ref,), value.text.decode if value.text else None))

    def _computed(self, name: str) -> Value[Any]:
        if self.mode == "data":
            special = DATA.get(self.type)
            if special is not None:
                found = special(self, name)
                if found is not None:
                    return found
        template = COMPUTED.get(self.type, {}).get(name)
        if template is None:
            default = DEFAULTS.get(self.type, {}).get(name)
            if default is not None:
                return Known(default, Default(f"the AWS provider's default of `{self.type}.{name}`"))
            if name == "tags_all":
                return self._tags_all()
        shape = None if template is None else self._shape(template)
        reason = f"`{self.address}.{name}` is known only after deployment"
        return Unknown(reason, self.origin, Text((Ref(self.address, name, shape),)))

    def _shape(self, template: str) -> Text:
        return filled(template, self._piece)

    def _piece(self, name: str) -> Pieces:
        if name in _OF_PROVIDERS:
            return self.provider.pieces(name) or (Hole(f"{self.address}.{name}"),)
        match self.attribute(name):
            case Known(str() as text):
                return (text,)
            case Unknown(_, _, Text() as text):
                return text.shape()
            case _:
                return (Hole(f"{self.address}.{name}"),)

    def _tags_all(self) -> Value[Any]:
        tags = self.get("tags", Known(None, self.origin))
        defaults = self.provider.default_tags
        for side in (tags, defaults):
            if isinstance(side, Unknown):
                return Unknown(side.reason, side.origin)
        merged = {**(defaults.value or {}), **(tags.value or {})}  # type: ignore[union-attr, dict-item]  # both are known
        return Known(merged, tags.origin)


def nested(block: t.Block, frame: Frame) -> list[Value[Any]]:
    """The blocks that a nested block makes: one, or as many as its ``dynamic`` form says.

    An ``Unknown`` among them stands for zero or more blocks that cannot be known.
    """
    if block.type != "dynamic":
        return [Known(contents(block.body, frame), _header(block, frame))]
    return _dynamic(block, frame)


def _header(block: t.Block, frame: Frame) -> Written:
    return Written(Span(frame.source, block.start, block.header_end), frame.scope.via)


def _dynamic(block: t.Block, frame: Frame) -> list[Value[Any]]:
    content = next((inner for inner in block.body.blocks if inner.type == "content"), None)
    for_each = block.body.attributes.get("for_each")
    if content is None or for_each is None:
        raise EvaluationError("a `dynamic` block needs `for_each` and `content`")
    iterator = block.body.attributes.get("iterator")
    name = block.labels[0]
    if iterator is not None and isinstance(iterator.value, t.Variable):
        name = iterator.value.name
    collection = evaluate(for_each.value, frame)
    if isinstance(collection, Known) and collection.value is None:
        raise EvaluationError("the `for_each` of a `dynamic` block is null")
    is_set = isinstance(collection, Known) and isinstance(collection.value, Set)
    out: list[Value[Any]] = []
    for key, value in sure_pairs(collection):
        frame.scope.budget.spend(5)
        if isinstance(value, Unknown) and (key is None or is_set):
            out.append(Unknown(value.reason, value.origin))
            continue
        inner = frame.bind({name: Known({"key": key, "value": value}, collection.origin)})
        out.append(Known(contents(content.body, inner), _header(content, frame)))
    return out


def contents(body: t.Body, frame: Frame) -> dict[str, Value[Any]]:
    """A nested block's attributes, and its own nested blocks as tuples."""
    out = Nested()
    for name, attribute in body.attributes.items():
        out[name] = _attribute(attribute, frame)
    for block in body.blocks:
        made = nested(block, frame)
        kind = block_kind(block)
        before = out.get(kind)
        earlier = before.value if isinstance(before, Known) and isinstance(before.value, tuple) else ()
        out[kind] = Known((*earlier, *made), before.origin if before else _header(block, frame))
    return out


def _attribute(attribute: t.Attribute, frame: Frame) -> Value[Any]:
    return evaluated(attribute.value, frame)


def _ignored(node: t.Expression) -> Iterator[str]:
    """The names in the ``ignore_changes`` of an object, or of a list of one."""
    match node:
        case t.Tuple():
            for item in node.items:
                yield from _ignored(item)
        case t.Object():
            for key, value in node.items:
                if isinstance(key, t.Literal) and key.value == "ignore_changes":
                    yield from _named(value)
        case _:
            return


def _named(node: t.Expression) -> Iterator[str]:
    """The names in ``ignore_changes``, by their first step: ``tags["Name"]`` is ``tags``."""
    match node:
        case t.Tuple():
            for item in node.items:
                yield from _named(item)
        case t.Variable():
            yield "*" if node.name == "all" else node.name
        case t.GetAttr() | t.Index() | t.Splat():
            yield from _named(node.target)
        case t.Literal(value=str() as name):
            yield "*" if name in ("all", "*") else name
        case _:
            return

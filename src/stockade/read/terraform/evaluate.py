"""Evaluates Terraform expressions, on demand, to values that keep their places.

What an expression selects keeps the place where it was written: ``merge``, ``lookup``, a ``for``, a
conditional and a module's variable hand on the literal's origin, so that a finding points at the
line that decides. What an expression computes has the expression's own place. Nothing is ever
guessed: an unknown operand makes an unknown result that carries the operand's reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from stockade.json_text import Piece
from stockade.json_text import decode as decode_json
from stockade.read.budget import Budget, bound_text
from stockade.read.files import Tree
from stockade.read.terraform import tree as t
from stockade.read.terraform.cty import (
    EvaluationError,
    equal,
    to_text,
    type_name,
    unify,
)
from stockade.read.terraform.frame import Frame, Lazy, Scope, attribute, get, is_end, pairs, sure_pairs, weigh
from stockade.read.terraform.functions import FUNCTIONS, call
from stockade.read.terraform.functions.unknowns import pieces_of, spliced, with_open_end
from stockade.read.terraform.number import read_number
from stockade.read.terraform.operators import combine, condition_of, invert
from stockade.source import Source, Span
from stockade.value import (
    Hole,
    Known,
    Open,
    Origin,
    Ref,
    Structured,
    Unknown,
    Value,
    Written,
    elements_of,
)

ITEM = "\0item"
"""The name under which a splat binds its element; no identifier can collide with it."""


class CallSite:
    """What a function may know of its call (``functions.Context``)."""

    __slots__ = ("frame", "node")

    def __init__(self, frame: Frame, node: t.Call) -> None:
        self.frame = frame
        self.node = node

    @property
    def origin(self) -> Origin:
        return self.frame.origin(self.node)

    @property
    def directory(self) -> str:
        return self.frame.scope.directory

    @property
    def files(self) -> Tree:
        return self.frame.scope.files

    @property
    def budget(self) -> Budget:
        return self.frame.scope.budget

    def template(self, source: Source, variables: Mapping[str, Value[Any]]) -> Value[Any]:
        """Render a template file or string with nothing in scope but its variables."""
        from stockade.read.terraform.syntax import parse_template

        template, problems = parse_template(source)
        if problems:
            line, _ = source.position(problems[0].start)
            raise EvaluationError(f"`{source.path}` line {line}: {problems[0].message}")
        frame = Frame(_TemplateScope(self.frame.scope), source, dict(variables))
        return render(template.parts, frame, self.origin)


class _TemplateScope:
    """The scope inside a template: functions and files as outside, no root names."""

    def __init__(self, outer: Scope) -> None:
        self.via = outer.via
        self.directory = outer.directory
        self.files = outer.files
        self.budget = outer.budget

    def resolve(self, name: str, steps: list[t.GetAttr | t.Index], frame: Frame) -> tuple[Value[Any], int]:
        raise EvaluationError(f"the template uses `{name}`, which it is not given")


def evaluate(node: t.Expression, frame: Frame) -> Value[Any]:
    """The value of an expression. Raises ``EvaluationError`` where Terraform would refuse it."""
    return _EVALUATE[type(node)](node, frame)


# --------------------------------------------------------------------------- literals, collections


def _literal(node: t.Literal, frame: Frame) -> Value[Any]:
    if (value := node.value).__class__ is Decimal:
        value = read_number(str(value))  # rounded as Terraform holds it, refused when absurdly large
    return Known(value, Written(Span(frame.source, node.start, node.end), frame.scope.via))


def _tuple(node: t.Tuple, frame: Frame) -> Value[Any]:
    return Known(tuple([evaluate(item, frame) for item in node.items]), frame.origin(node))


def _object(node: t.Object, frame: Frame) -> Value[Any]:
    out: dict[str, Value[Any]] = {}
    perhaps: dict[str, Value[Any]] = {}
    unnamed: Unknown | None = None
    for key_node, value_node in node.items:
        if type(key_node) is t.Literal and type(key_node.value) is str:
            out[key_node.value] = evaluate(value_node, frame)
            continue
        key = evaluate(key_node, frame)
        if isinstance(key, Unknown):
            unnamed = unnamed or key
            evaluate(value_node, frame)  # for what Terraform would refuse
            for name in [one for one in out if equal(key, Known(one, key.origin)) is not False]:
                perhaps[name] = out.pop(name)
        else:
            out[to_text(key)] = evaluate(value_node, frame)
    if unnamed is not None:
        perhaps = {name: value for name, value in perhaps.items() if name not in out}
        return Unknown(unnamed.reason, unnamed.origin, open=Open(out, perhaps) if out or perhaps else None)
    return Known(out, frame.origin(node))


def _paren(node: t.Paren, frame: Frame) -> Value[Any]:
    return evaluate(node.inner, frame)


# -------------------------------------------------------------------------------------- templates


def _template(node: t.Template, frame: Frame) -> Value[Any]:
    wrapped = node.wraps
    if wrapped is not None:
        return evaluate(wrapped, frame)
    return render(node.parts, frame, frame.origin(node))


def render(parts: list[t.Part], frame: Frame, origin: Origin) -> Value[str]:
    """The string a template makes, with the way back to its structure when it holds JSON."""
    pieces: list[Piece] = []
    _render(parts, frame, pieces)
    out: list[str | Ref | Hole] = []
    unknown: Unknown | None = None
    for piece in pieces:
        if isinstance(piece, tuple):
            out.append(piece[0])
        elif isinstance(piece, Known):
            out.append(piece.value)
        else:
            unknown = unknown or piece
            out += pieces_of(piece)
    if unknown is not None:
        at = origin if unknown.text else unknown.origin
        return spliced(out, unknown, at, lambda: decode_json(pieces, origin))
    bound_text(sum(map(len, map(str, out))))
    text = "".join(map(str, out))
    if text[:1] in _OPENINGS and text.lstrip()[:1] in ("{", "["):
        return Known(Structured.of(text, lambda: decode_json(pieces, origin)), origin)
    return Known(text, origin)


_OPENINGS = frozenset("{[ \n\t\r")


def _render(parts: list[t.Part], frame: Frame, out: list[Piece]) -> None:
    for part in parts:
        match part:
            case t.Literal(value=str() as text):
                out.append((text, frame.source, part.start))
            case t.IfDirective():
                _render_if(part, frame, out)
            case t.ForDirective():
                _render_for(part, frame, out)
            case _:
                value = evaluate(part, frame)
                out.append(value if isinstance(value, Unknown) else _piece(value, frame))


def _piece(value: Known[Any], frame: Frame) -> Piece:
    """An interpolated value: with its structure if it has one, else as text at its place."""
    text = value.value
    if isinstance(text, Structured):
        return value
    if not isinstance(text, str):
        text = _interpolated(value)
    match value.origin:
        case Written(span) if span.end - span.start - 2 == len(text):
            return text, span.source, span.start + 1  # a plain quoted string stands there as it is
        case Written(span):
            return text, span.source, None
        case _:
            return text, frame.source, None


def _interpolated(value: Known[Any]) -> str:
    if value.value is None:
        raise EvaluationError("a null value cannot be part of a string")
    if isinstance(value.value, tuple | dict | Lazy):
        raise EvaluationError(f"{type_name(value)} cannot be part of a string")
    return to_text(value)


def _render_if(node: t.IfDirective, frame: Frame, out: list[Piece]) -> None:
    condition = condition_of(evaluate(node.condition, frame))
    if isinstance(condition, Unknown):
        out.append(Unknown(condition.reason, frame.origin(node)))
    else:
        _render(node.then if condition.value else node.otherwise, frame, out)


def _render_for(node: t.ForDirective, frame: Frame, out: list[Piece]) -> None:
    collection = evaluate(node.collection, frame)
    if isinstance(collection, Unknown):
        out.append(Unknown(collection.reason, frame.origin(node)))
        return
    for key, value in pairs(collection):
        frame.scope.budget.spend(1 + len(node.body))
        names = {node.value: value} if node.key is None else {node.key: key, node.value: value}
        _render(node.body, frame.bind(names), out)


# ---------------------------------------------------------------------------------------- loops


def _for(node: t.For, frame: Frame) -> Value[Any]:
    collection = evaluate(node.collection, frame)
    unsure = Unknown(collection.reason, collection.origin) if isinstance(collection, Unknown) else None
    budget = frame.scope.budget
    names = dict(frame.names)
    items: list[Value[Any]] = []
    fields: dict[str, Any] = {}
    for key, value in sure_pairs(collection):
        if key is None:
            items.append(value)
            continue
        budget.spend()
        if node.key is not None:
            names[node.key] = key
        names[node.value] = value
        # Lazily evaluated parts (a nested template's structure) may outlive this round.
        inner = Frame(frame.scope, frame.source, dict(names))
        if node.condition is not None:
            kept = condition_of(evaluate(node.condition, inner))
            if isinstance(kept, Unknown):
                unsure = unsure or Unknown(kept.reason, kept.origin)
                items.append(Unknown(kept.reason, kept.origin))
                continue
            if not kept.value:
                continue
        if node.result_key is None:
            items.append(evaluate(node.result, inner))
            continue
        name = evaluate(node.result_key, inner)
        if isinstance(name, Unknown):
            unsure = unsure or Unknown(name.reason, name.origin)
            continue
        result = evaluate(node.result, inner)
        text = to_text(name)
        if node.group:
            fields.setdefault(text, []).append(result)
        elif text in fields:
            raise EvaluationError(f"two elements of a `for` have the key `{text}`")
        else:
            fields[text] = result
    origin = frame.origin(node)
    if unsure is not None:
        # A key twice is an error, so what has a key of its own is there, unless keys are grouped.
        sure = {} if node.group else fields
        if node.result_key is None:
            return with_open_end(items, unsure)
        return Unknown(unsure.reason, unsure.origin, open=Open(sure) if sure else None)
    if node.result_key is None:
        return Known(tuple(items), origin)
    if node.group:
        fields = {key: Known(tuple(group), origin) for key, group in fields.items()}
    return Known(fields, origin)


def _splat(node: t.Splat, frame: Frame) -> Value[Any]:
    target = evaluate(node.target, frame)
    if isinstance(target, Unknown):
        found = elements_of(target) or ()
        frame.scope.budget.spend(len(found))
        return with_open_end(
            [_of_item(node, item, frame) for item in found], Unknown(target.reason, target.origin)
        )
    origin = frame.origin(node)
    match target.value:
        case None:
            return Known((), origin)
        case tuple() as items:
            frame.scope.budget.spend(len(items))
            return Known(tuple([evaluate(node.body, frame.bind({ITEM: item})) for item in items]), origin)
        case _:
            return Known((evaluate(node.body, frame.bind({ITEM: target})),), origin)


def _of_item(node: t.Splat, item: Value[Any], frame: Frame) -> Value[Any]:
    """One element of a list with an open end; the end stays one."""
    if isinstance(item, Unknown) and is_end(item):
        return Unknown(item.reason, item.origin)
    return evaluate(node.body, frame.bind({ITEM: item}))


# ------------------------------------------------------------------------------------- traversals


def _variable(node: t.Variable, frame: Frame) -> Value[Any]:
    found = frame.names.get(node.name)
    return found if found is not None else frame.scope.resolve(node.name, [], frame)[0]


def _traversal(node: t.GetAttr | t.Index, frame: Frame) -> Value[Any]:
    steps: list[t.GetAttr | t.Index] = []
    base: t.Expression = node
    while type(base) is t.GetAttr or type(base) is t.Index:
        steps.append(base)
        base = base.target
    steps.reverse()
    taken = 0
    if type(base) is t.Variable and base.name not in frame.names:
        value, taken = frame.scope.resolve(base.name, steps, frame)
    else:
        value = evaluate(base, frame)
    for step in steps[taken:]:
        if isinstance(step, t.GetAttr):
            value = attribute(value, step.name, frame, step)
        else:
            value = get(value, evaluate(step.key, frame), frame.origin(step))
    return value


# -------------------------------------------------------------------------------------- operators


def _conditional(node: t.Conditional, frame: Frame) -> Value[Any]:
    condition = condition_of(evaluate(node.condition, frame))
    if isinstance(condition, Unknown):
        return _either(node, frame, condition)
    chosen, other = (node.then, node.otherwise) if condition.value else (node.otherwise, node.then)
    value = evaluate(chosen, frame)
    if isinstance(value, Unknown) or value.value is None or isinstance(value.value, str | Lazy):
        return value
    try:
        alternative = evaluate(other, frame)
        weigh(value, alternative)
        if isinstance(alternative, Known) and not isinstance(alternative.value, Lazy):
            return unify([value, alternative])[0]
    except EvaluationError:
        pass  # Terraform looks at the other branch's type only, which we cannot know here.
    return value


def _either(node: t.Conditional, frame: Frame, condition: Unknown) -> Value[Any]:
    """Both branches may come true: known only where they agree."""
    try:
        then, otherwise = evaluate(node.then, frame), evaluate(node.otherwise, frame)
    except EvaluationError:
        return Unknown(condition.reason, condition.origin)
    if equal(then, otherwise) is True:
        return then
    return Unknown(condition.reason, condition.origin)


def _unary(node: t.Unary, frame: Frame) -> Value[Any]:
    return invert(node.operator, evaluate(node.operand, frame), frame.origin(node))


def _binary(node: t.Binary, frame: Frame) -> Value[Any]:
    operator = node.operator
    left = evaluate(node.left, frame)
    if operator in ("&&", "||"):
        return _logical(operator == "||", left, node, frame)
    right = evaluate(node.right, frame)
    weigh(left, right)
    return combine(operator, left, right, frame.origin(node))


def _logical(decides: bool, left: Value[Any], node: t.Binary, frame: Frame) -> Value[Any]:
    """``||`` is decided by a true side, ``&&`` by a false one, whatever the other may be."""
    first = condition_of(left)
    if isinstance(first, Known) and first.value is decides:
        return Known(decides, frame.origin(node))
    try:
        second = condition_of(evaluate(node.right, frame))
    except EvaluationError:
        if isinstance(first, Unknown):
            return Unknown(first.reason, first.origin)
        raise
    if isinstance(second, Known) and (second.value is decides or isinstance(first, Known)):
        return Known(second.value, frame.origin(node))
    if isinstance(first, Unknown):
        return Unknown(first.reason, first.origin)
    return second


# ------------------------------------------------------------------------------------------ calls


def _call(node: t.Call, frame: Frame) -> Value[Any]:
    name = node.name.removeprefix("core::")
    if name == "try":
        return _try(node, frame)
    if name == "can":
        return _can(node, frame)
    if name == "one" and (sole := _sole(node.args, frame)) is not None:
        return sole
    args = [evaluate(arg, frame) for arg in node.args]
    if node.expand and args:
        last = args.pop()
        if isinstance(last, Unknown):
            return Unknown(last.reason, last.origin)
        if not isinstance(last.value, tuple):
            raise EvaluationError(f"{type_name(last)} cannot be expanded into arguments")
        args += last.value
    if name not in FUNCTIONS:
        raise EvaluationError(f"there is no function named `{node.name}`")
    frame.scope.budget.spend()
    weigh(*args)
    args = [_plain(arg) for arg in args]
    return call(name, args, CallSite(frame, node))


def _sole(args: Sequence[t.Expression], frame: Frame) -> Value[Any] | None:
    """``one(x[*].rest)`` of what there may be none of: what ``x[0].rest`` is."""
    match args:
        case [t.Splat() as all_of] if isinstance(evaluate(all_of.target, frame), Unknown):
            place = all_of.start, all_of.end
            first = evaluate(t.Index(*place, all_of.target, t.Literal(*place, 0)), frame)
            return evaluate(all_of.body, frame.bind({ITEM: first})) if isinstance(first, Known) else None
    return None


def _plain(arg: Value[Any]) -> Value[Any]:
    """A whole resource or module as an argument is an object of which not every field is known."""
    if isinstance(arg, Known) and isinstance(arg.value, Lazy):
        return Unknown(f"not every attribute of `{arg.value.address}` is known before deployment", arg.origin)
    return arg


def _try(node: t.Call, frame: Frame) -> Value[Any]:
    failed: EvaluationError | None = None
    for arg in node.args:
        try:
            return evaluate(arg, frame)
        except EvaluationError as error:
            failed = error
    raise failed or EvaluationError("`try` needs an argument")


def _can(node: t.Call, frame: Frame) -> Value[Any]:
    origin = frame.origin(node)
    if len(node.args) != 1:
        raise EvaluationError("`can` takes one argument")
    try:
        value = evaluate(node.args[0], frame)
    except EvaluationError:
        return Known(False, origin)
    # A reference is known to be valid, only its value is not; anything else may still fail.
    if isinstance(value, Unknown) and value.text is None:
        return Unknown(value.reason, value.origin)
    return Known(True, origin)


_EVALUATE: dict[type[t.Node], Callable[[Any, Frame], Value[Any]]] = {
    t.Literal: _literal,
    t.Template: _template,
    t.Tuple: _tuple,
    t.Object: _object,
    t.For: _for,
    t.Variable: _variable,
    t.GetAttr: _traversal,
    t.Index: _traversal,
    t.Item: lambda node, frame: frame.names[ITEM],
    t.Splat: _splat,
    t.Call: _call,
    t.Unary: _unary,
    t.Binary: _binary,
    t.Conditional: _conditional,
    t.Paren: _paren,
}

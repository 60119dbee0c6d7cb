"""Expressions: every kind of node, and what it may be."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Callable
from typing import Any, Final

from stockade.code.python.judgement import (
    MANY,
    behind,
    changing,
    compared,
    is_text,
    of_itself,
    truth,
    variable,
)
from stockade.code.python.parts import sliced
from stockade.code.python.protocols import (
    asked,
    compared_by,
    gone_through,
    hashed,
    operated,
    told_truth,
    turned,
)
from stockade.code.python.statements import Statements
from stockade.code.python.told import names_of, own_name, pieces
from stockade.code.python.values import (
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Array,
    Class,
    Data,
    Dict,
    External,
    Frame,
    Function,
    Inherited,
    Instance,
    Later,
    Many,
    Module,
    Opaque,
    Site,
    Super,
    is_none,
    join,
    options,
    plain,
    without_none,
)
from stockade.code.python.wording import is_path, percent, spelled
from stockade.value import Hole, Known, Ref


class Expressions(Statements):
    """Evaluates expressions in a frame."""

    @abstractmethod
    def builtin(self, name: str) -> Abstract:
        """What a name is that nobody defines."""

    @abstractmethod
    def members_of(self, cls: Class, name: str) -> Abstract | None:
        """A class's member, its own or inherited."""

    def evaluate(self, node: ast.expr, frame: Frame) -> Abstract:
        self.step()
        run = _EXPRESSIONS.get(type(node))
        return run(self, node, frame) if run is not None else self._any(node, frame)

    def _any(self, node: ast.expr, frame: Frame) -> Abstract:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.evaluate(child, frame)
        return Opaque(frame.module.site(node))

    # ------------------------------------------------------------------------------------------- names

    def look_up(self, name: str, frame: Frame) -> Abstract | None:
        """What a name holds where it stands; ``None`` where nobody defines it."""
        at: Frame | None = frame
        if name not in frame.globals:
            while at is not None:
                if name in at.names and (at is frame or not at.is_class):
                    return at.names[name]
                at = at.above
        return frame.module.globals.get(name)

    def _name(self, node: ast.Name, frame: Frame) -> Abstract:
        found = self.look_up(node.id, frame)
        if isinstance(found, Later):
            found = found.module.globals.get(found.name)
        if found is None and node.id in ("__name__", "__package__"):
            return own_name(frame.module, node.id, frame.module.site(node))
        if found is None:
            return self.builtin(node.id)
        return found

    def lasting(self, node: ast.expr, frame: Frame) -> bool:
        match node:
            case ast.Name(name):
                if name in frame.globals:
                    return True
                local = name in frame.names and frame.names is not frame.module.globals
                if local:
                    return isinstance(frame.names[name], Class)
                return name in frame.module.changed or isinstance(
                    frame.module.globals.get(name), Dict | Array | Class | Function | Instance
                )
            case ast.Attribute(owner, _):
                if isinstance(owner, ast.Name):
                    value = self.look_up(owner.id, frame)
                    if isinstance(value, Instance):
                        return value.lasting
                    return isinstance(value, Class | Function | Module)
                return self.lasting(owner, frame)
            case ast.Subscript(owner, _):
                return self.lasting(owner, frame)
            case ast.Compare(left, _, others):
                return any(self.lasting(one, frame) for one in (left, *others))
            case ast.UnaryOp(_, operand):
                return self.lasting(operand, frame)
            case ast.BoolOp(_, values):
                return any(self.lasting(one, frame) for one in values)
            case ast.BinOp(left, _, right):
                return self.lasting(left, frame) or self.lasting(right, frame)
            case ast.Call(function, arguments, _):
                return self.lasting(function, frame) or any(self.lasting(one, frame) for one in arguments)
            case ast.Await(inner):
                return self.lasting(inner, frame)
            case _:
                return False

    # ------------------------------------------------------------------------------------------ literals

    def _constant(self, node: ast.Constant, frame: Frame) -> Abstract:
        known = self._constants.get(id(node))
        if known is None:
            # The node is kept, so that its identity is never another one's.
            known = self._constants[id(node)] = node, Data(Known(node.value, frame.module.site(node).origin))
        return known[1]

    def _joined(self, node: ast.JoinedStr, frame: Frame) -> Abstract:
        found: list[tuple[Abstract, Site]] = []
        for part in node.values:
            site = frame.module.site(part)
            if isinstance(part, ast.FormattedValue):
                site = frame.module.site(part.value)
                value = self.evaluate(part.value, frame)
                if part.format_spec is not None:
                    self.evaluate(part.format_spec, frame)
                    value = Opaque(site) if plain(value) is None or not isinstance(plain(value), str) else value
                found.append((value, site))
            elif isinstance(part, ast.Constant):
                found.append((self._constant(part, frame), site))
        return spelled(self, found, frame.module.site(node))

    def text_pieces(self, value: Abstract, site: Site) -> tuple[str | Ref | Hole, ...]:
        if isinstance(value, Many):
            left = [one for one in value.options if not is_none(one)]
            if len(left) == 1:
                return pieces(left[0], site)
        return pieces(value, site)

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set, frame: Frame) -> Abstract:
        made = Array(frame.module.site(node), lasting=not self.every)
        for part in node.elts:
            if isinstance(part, ast.Starred):
                value = self.evaluate(part.value, frame)
                if isinstance(value, Array):
                    made.items += value.items
                    made.open = made.open or value.open
                else:
                    made.items.append(self.elements(made.site, value))
                    made.open = True
            else:
                made.items.append(self.evaluate(part, frame))
        hashed(self, made.site, *(made.items if isinstance(node, ast.Set) else ()))
        return made

    def _dict(self, node: ast.Dict, frame: Frame) -> Abstract:
        made = Dict(frame.module.site(node), lasting=not self.every)
        for key, value in zip(node.keys, node.values, strict=True):
            one = self.evaluate(value, frame)
            if key is None:
                self.merge(made, one)
            else:
                self.hold(made, self.evaluate(key, frame), one)
        hashed(self, made.site, *(given for given, _ in made.others))
        return made

    def merge(self, made: Dict, value: Abstract) -> None:
        """``made.update(value)``"""
        several = options(value)
        if len(several) > 1:
            made.open = True
            for one in several:
                if isinstance(one, Dict):
                    for name, item in one.items.items():
                        made.items[name] = join(made.items.get(name), item)
            return
        match several[0]:
            case Dict() as other:
                made.items.update(other.items)
                made.others += other.others
                made.open = made.open or other.open
            case _:
                made.open = True

    # ---------------------------------------------------------------------------------------- operators

    def _binary(self, node: ast.BinOp, frame: Frame) -> Abstract:
        left, right = self.evaluate(node.left, frame), self.evaluate(node.right, frame)
        site = frame.module.site(node)
        one, two = options(left)[0], options(right)[0]
        own = operated(self, site, node.op, left, right)
        if own is not None:
            return own
        match node.op:
            case ast.Add():
                if isinstance(one, Array) and isinstance(two, Array):
                    items = [*one.items, *two.items]
                    return Array(site, items[:MANY], one.open or two.open or len(items) > MANY)
                if isinstance(one, Array) or isinstance(two, Array):
                    array = one if isinstance(one, Array) else two
                    other = right if array is one else left
                    items = array.items[:MANY] if isinstance(array, Array) else []
                    return Array(site, [*items, self.elements(site, other)], True)
                if is_text(left) or is_text(right):
                    places = frame.module.site(node.left), frame.module.site(node.right)
                    return spelled(self, [(left, places[0]), (right, places[1])], site)
                if isinstance(plain(left), int) and isinstance(plain(right), int):
                    return Data(Known(plain(left) + plain(right), site.origin))
            case ast.Div() if is_text(right) and is_path(one):
                slash = Data(Known("/", site.origin)), site
                ends = (left, frame.module.site(node.left)), (right, frame.module.site(node.right))
                return spelled(self, [ends[0], slash, ends[1]], site)
            case ast.Mod():
                form = plain(left)
                if isinstance(form, str):
                    return percent(self, form, right, site, node.right, frame)
            case ast.BitOr():
                if isinstance(one, Dict):
                    made = Dict(site)
                    self.merge(made, left)
                    self.merge(made, right)
                    return made
                if isinstance(one, External | Class) or isinstance(two, External | Class):
                    return join(left, right)
            case _:
                pass
        return Opaque(site, behind=behind(left, right))

    def _boolean(self, node: ast.BoolOp, frame: Frame) -> Abstract:
        values: list[Abstract] = []
        for at, part in enumerate(node.values):
            value = self.evaluate(part, frame)
            last = at == len(node.values) - 1
            if isinstance(node.op, ast.Or):
                if not last:
                    value = without_none(value)
                    if all(truth(one) is False for one in options(value)):
                        continue
                    name = variable(value)
                    if name is not None and part is node.values[-2]:
                        default = self.evaluate(node.values[-1], frame)
                        self.read_environment(frame.module.site(part), name, default)
                        return join(*values, value)
                values.append(value)
                if truth(value):
                    break
            else:
                if last or truth(value) is not True:
                    values.append(value)
                if truth(value) is False:
                    break
        return join(*values)

    def _unary(self, node: ast.UnaryOp, frame: Frame) -> Abstract:
        value = self.evaluate(node.operand, frame)
        site = frame.module.site(node)
        own = turned(self, site, node.op, value)
        if own is not None:
            return own
        if isinstance(node.op, ast.Not):
            known = truth(value)
            return Opaque(site) if known is None else Data(Known(not known, site.origin))
        number = plain(value)
        if isinstance(node.op, ast.USub) and isinstance(number, int | float):
            return Data(Known(-number, site.origin))
        return Opaque(site)

    def _compare(self, node: ast.Compare, frame: Frame) -> Abstract:
        site = frame.module.site(node)
        values = [self.evaluate(one, frame) for one in (node.left, *node.comparators)]
        for at, operator in enumerate(node.ops):
            compared_by(self, site, operator, values[at], values[at + 1])
        if len(values) == 2:
            decided = compared(node.ops[0], values[0], values[1])
            if decided is not None:
                return Data(Known(decided, site.origin))
        return Opaque(site)

    def decide(self, node: ast.expr, frame: Frame) -> bool | None:
        value = self.evaluate(node, frame)
        told_truth(self, frame.module.site(node), value)
        decided = truth(value)
        if decided is None or not changing(node, frame, self.look_up):
            return decided
        if isinstance(node, ast.BoolOp):
            # One part that settles it is enough, whatever the others may be another time.
            settling = isinstance(node.op, ast.Or)
            if decided is settling and any(self.decide(part, frame) is settling for part in node.values):
                return settling
        return None

    def _choice(self, node: ast.IfExp, frame: Frame) -> Abstract:
        decided = self.decide(node.test, frame)
        if decided is not None:
            return self.evaluate(node.body if decided else node.orelse, frame)
        return join(self.evaluate(node.body, frame), self.evaluate(node.orelse, frame))

    # ------------------------------------------------------------------------------- members and calls

    def _attribute(self, node: ast.Attribute, frame: Frame) -> Abstract:
        value = self.evaluate(node.value, frame)
        return self.attribute(frame.module.site(node), value, node.attr)

    def _subscript(self, node: ast.Subscript, frame: Frame) -> Abstract:
        value = self.evaluate(node.value, frame)
        key = self.evaluate(node.slice, frame)
        return self.item(frame.module.site(node), value, key)

    def _call(self, node: ast.Call, frame: Frame) -> Abstract:
        if isinstance(node.func, ast.Name) and node.func.id == "super" and frame.function is not None:
            return self._super(node, frame)
        if isinstance(node.func, ast.Name) and node.func.id in ("globals", "locals") and not node.args:
            return Dict(frame.module.site(node), names_of(frame, node.func.id), open=True)
        target = self.evaluate(node.func, frame)
        arguments = Arguments()
        for part in node.args:
            if isinstance(part, ast.Starred):
                value = self.evaluate(part.value, frame)
                if isinstance(value, Array) and not value.open:
                    arguments.positional += value.items
                else:
                    gone_through(self, frame.module.site(part), value)
                    arguments.open = True
            else:
                arguments.positional.append(self.evaluate(part, frame))
        if node.keywords:
            self._keywords(node, frame, arguments)
        if isinstance(target, Module | Array | Dict):
            return Opaque(frame.module.site(node))
        for one in options(target):
            # From inside of a method it is called as a helper; from outside it is the object that is run.
            if isinstance(one, Inherited) and not of_itself(node.func, frame):
                self.called_from_outside(one)
        site = frame.module.site(node)
        if isinstance(node.func, ast.Attribute):
            self.method_called(site, node.func.attr, options(target)[0], arguments)
        return self.call(site, target, arguments)

    def _keywords(self, node: ast.Call, frame: Frame, arguments: Arguments) -> None:
        """What a call hands over by names, each once: what is there for certain counts before what may be."""
        sure: set[str] = set()
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, frame)
            if keyword.arg is not None:
                arguments.keywords[keyword.arg] = value
                sure.add(keyword.arg)
                continue
            several = options(value)
            for one in several:
                if not isinstance(one, Dict):
                    for name in ("keys", "__getitem__"):
                        asked(self, frame.module.site(keyword), one, name, *[NOTHING_KNOWN] * (name != "keys"))
                    arguments.open = True
                    continue
                whole = len(several) == 1 and not one.open and not one.others
                for name, item in one.items.items():
                    if whole and name not in sure:
                        arguments.keywords[name] = item
                    elif whole or name not in sure:
                        arguments.keywords[name] = join(arguments.keywords.get(name), item)
                sure.update(one.items if whole else ())
                arguments.open = arguments.open or one.open or bool(one.others)

    @abstractmethod
    def called_from_outside(self, value: Inherited) -> None:
        """What an object inherits from a class that is not among the files is called."""

    def _super(self, node: ast.Call, frame: Frame) -> Abstract:
        function = frame.function
        for part in node.args:
            self.evaluate(part, frame)
        if function is None or function.owner is None:
            return Opaque(frame.module.site(node))
        first = function.node.args.posonlyargs + function.node.args.args
        owner = frame.names.get(first[0].arg) if first else None
        return Super(function.owner, owner) if owner is not None else Opaque(frame.module.site(node))

    def _lambda(self, node: ast.Lambda, frame: Frame) -> Abstract:
        made = Function(node, frame.module, frame, "lambda")
        self.enclose(frame, node)
        made.defaults = [self.evaluate(one, frame) for one in node.args.defaults]
        made.keyword_defaults = [self.evaluate(one, frame) if one else None for one in node.args.kw_defaults]
        self.functions.setdefault(id(node), made)
        return made

    # ------------------------------------------------------------------------------------ comprehensions

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, frame: Frame
    ) -> Abstract:
        inner = Frame(frame.module, dict(frame.names) if frame.is_class else {}, frame, frame.globals)
        inner.function = frame.function
        site = frame.module.site(node)
        array, made = Array(site), Dict(site)

        def taken() -> None:
            if isinstance(node, ast.DictComp):
                self.hold(made, self.evaluate(node.key, inner), self.evaluate(node.value, inner))
            else:
                array.items.append(self.evaluate(node.elt, inner))

        array.open = made.open = self.generated(site, node.generators, inner, frame, taken)
        hashed(self, site, *(array.items if isinstance(node, ast.SetComp) else [key for key, _ in made.others]))
        return made if isinstance(node, ast.DictComp) else array

    def _await(self, node: ast.Await, frame: Frame) -> Abstract:
        value = self.evaluate(node.value, frame)
        found = asked(self, frame.module.site(node), value, "__await__")
        return value if found is None else Opaque(frame.module.site(node))

    def _yield(self, node: ast.Yield, frame: Frame) -> Abstract:
        if node.value is not None:
            frame.yielded.append(self.evaluate(node.value, frame))
        else:
            frame.yielded.append(Data(Known(None, frame.module.site(node).origin)))
        return NOTHING_KNOWN

    def _yield_from(self, node: ast.YieldFrom, frame: Frame) -> Abstract:
        value = self.evaluate(node.value, frame)
        frame.yielded.append(self.elements(frame.module.site(node), value))
        return NOTHING_KNOWN

    def _walrus(self, node: ast.NamedExpr, frame: Frame) -> Abstract:
        value = self.evaluate(node.value, frame)
        self.bind(node.target.id, value, frame)
        return value

    def _starred(self, node: ast.Starred, frame: Frame) -> Abstract:
        return self.evaluate(node.value, frame)


_EXPRESSIONS: Final[dict[type[ast.expr], Callable[[Expressions, Any, Frame], Abstract]]] = {
    ast.Attribute: Expressions._attribute,
    ast.Await: Expressions._await,
    ast.BinOp: Expressions._binary,
    ast.BoolOp: Expressions._boolean,
    ast.Call: Expressions._call,
    ast.Compare: Expressions._compare,
    ast.Constant: Expressions._constant,
    ast.Dict: Expressions._dict,
    ast.DictComp: Expressions._comprehension,
    ast.GeneratorExp: Expressions._comprehension,
    ast.IfExp: Expressions._choice,
    ast.JoinedStr: Expressions._joined,
    ast.Lambda: Expressions._lambda,
    ast.List: Expressions._sequence,
    ast.ListComp: Expressions._comprehension,
    ast.Name: Expressions._name,
    ast.NamedExpr: Expressions._walrus,
    ast.Set: Expressions._sequence,
    ast.SetComp: Expressions._comprehension,
    ast.Slice: sliced,
    ast.Starred: Expressions._starred,
    ast.Subscript: Expressions._subscript,
    ast.Tuple: Expressions._sequence,
    ast.UnaryOp: Expressions._unary,
    ast.Yield: Expressions._yield,
    ast.YieldFrom: Expressions._yield_from,
}

"""Statements: names are assigned, branches joined, loops run as often as it takes to see what they make."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Callable
from typing import Any, Final

from stockade.code.python.imports import Imports
from stockade.code.python.judgement import is_main, none_test
from stockade.code.python.loops import Loops
from stockade.code.python.parts import captured, excluded
from stockade.code.python.protocols import augmented, deleted
from stockade.code.python.values import (
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Array,
    Data,
    External,
    Frame,
    Instance,
    Made,
    Many,
    Opaque,
    Site,
    identity,
    join,
    options,
    without_none,
)
from stockade.value import Known


class Statements(Loops):
    """Runs statements in a frame. ``execute`` says whether anything runs after them."""

    @abstractmethod
    def decide(self, node: ast.expr, frame: Frame) -> bool | None:
        """Whether a condition holds, where it can only be so; it is evaluated either way."""

    @abstractmethod
    def store(self, site: Site, target: Abstract, name: str, value: Abstract) -> None:
        """``target.name = value``"""

    @abstractmethod
    def annotated(self, annotation: ast.expr | None, frame: Frame) -> Abstract | None:
        """What an annotation promises, where that is something which calls."""

    @abstractmethod
    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> Abstract:
        """The function that a ``def`` makes, with its decorators."""

    @abstractmethod
    def define_class(self, node: ast.ClassDef, frame: Frame) -> Abstract:
        """The class that a ``class`` makes."""

    @abstractmethod
    def lasting(self, node: ast.expr, frame: Frame) -> bool:
        """Whether an expression is about something that outlives an invocation and changes."""

    def execute(self, body: list[ast.stmt], frame: Frame) -> bool:
        before = self.every
        try:
            for at, statement in enumerate(body):
                self.left -= 1
                if self.left < 0:
                    self.step(0)
                if type(statement) is ast.Assign:
                    value = self.evaluate(statement.value, frame)
                    if type(value) is Many and (apart := self.named_apart(statement, value, frame)):
                        return self.split(statement, body[at + 1 :], apart, frame)
                    for target in statement.targets:
                        self.assign(target, value, frame)
                    continue
                run = _STATEMENTS.get(type(statement))
                if run is not None and not run(self, statement, frame):
                    return False
                if isinstance(statement, ast.If) and self._remembered(statement, frame):
                    self.every = False  # what follows is done only where nothing was remembered
        finally:
            self.every = before
        return True

    # ----------------------------------------------------------------------------------------- branches

    def _if(self, node: ast.If, frame: Frame) -> bool:
        decided = self.decide(node.test, frame)
        if is_main(node.test):
            with self.under(reached=False):
                self._branches(frame, lambda: self.execute(node.body, frame), lambda: True)
            return self.execute(node.orelse, frame)
        fills = self._fills(node, frame)

        def body() -> bool:
            with self.under(every=False if fills else None):
                return self.execute(node.body, frame)

        def perhaps() -> bool:
            self.undecided.append(frame.module.site(node))
            try:
                return body()
            finally:
                self.undecided.pop()

        if decided is True:
            return body()
        if decided is False:
            return self.execute(node.orelse, frame)
        narrowed = none_test(node.test)
        if narrowed is None:
            return self._branches(frame, perhaps, lambda: self.execute(node.orelse, frame))
        name, when_none = narrowed

        def something(run: Callable[[], bool]) -> Callable[[], bool]:
            def narrow() -> bool:
                value = frame.names.get(name)
                if value is not None:
                    frame.names[name] = without_none(value)
                return run()

            return narrow

        def otherwise() -> bool:
            return self.execute(node.orelse, frame)

        if when_none:
            return self._branches(frame, perhaps, something(otherwise))
        return self._branches(frame, something(perhaps), otherwise)

    def _fills(self, node: ast.If, frame: Frame) -> bool:
        """Whether a branch fills what its condition found empty: it is then not taken each time."""
        return self.lasting(node.test, frame) and any(
            self.lasting(target, frame)
            for statement in node.body
            for inner in ast.walk(statement)
            if isinstance(inner, ast.Assign | ast.AnnAssign)
            for target in (inner.targets if isinstance(inner, ast.Assign) else [inner.target])
        )

    def _remembered(self, node: ast.If, frame: Frame) -> bool:
        """Whether ``if`` gives back what outlives the invocation: ``if _cache: return _cache``."""
        last = node.body[-1]
        return (
            isinstance(last, ast.Return)
            and last.value is not None
            and not node.orelse
            and self.lasting(node.test, frame)
            and self.lasting(last.value, frame)
        )

    def _try(self, node: ast.Try, frame: Frame) -> bool:
        first = node.body[-1]
        remembered = (
            isinstance(first, ast.Return) and first.value is not None and self.lasting(first.value, frame)
        ) or any(isinstance(one, ast.Assign) and self.lasting(one.value, frame) for one in node.body[:1])
        before = dict(frame.names)
        ends: list[dict[str, Abstract]] = []
        alive = self.execute(node.body, frame)
        inside = dict(frame.names)
        if alive and self.execute(node.orelse, frame):
            ends.append(dict(frame.names))
        for handler in node.handlers:
            self._merge(frame, [before, inside])
            if handler.type is not None:
                self.evaluate(handler.type, frame)
            if handler.name:
                frame.names[handler.name] = NOTHING_KNOWN
            with self.under(every=False if remembered else None):
                if self.execute(handler.body, frame):
                    ends.append(dict(frame.names))
        if ends:
            self._merge(frame, ends)
        alive = bool(ends)
        return self.execute(node.finalbody, frame) and alive

    # --------------------------------------------------------------------------------------- assignments

    def assign(self, target: ast.expr, value: Abstract, frame: Frame) -> None:
        """Bind a target of any form."""
        match target:
            case ast.Name(name):
                self.bind(name, value, frame)
            case ast.Tuple(parts) | ast.List(parts):
                self._unpack(parts, value, frame)
            case ast.Attribute(owner, name):
                self.store(frame.module.site(target), self.evaluate(owner, frame), name, value)
            case ast.Subscript(owner, key):
                holder = self.evaluate(owner, frame)
                self.put(frame.module.site(target), holder, self.evaluate(key, frame), value)
            case ast.Starred(inner):
                self.assign(inner, value, frame)

    def bind(self, name: str, value: Abstract, frame: Frame) -> None:
        if name in frame.globals:
            self._remember(frame.module.globals, name, value)
            return
        if name in frame.nonlocals:
            above = frame.above
            while above is not None:
                if name in above.names and not above.is_class:
                    self._remember(above.names, name, value)
                    return
                above = above.above
        frame.names[name] = value
        if frame.names is frame.module.globals:
            self.forget(value)

    def _remember(self, names: dict[str, Abstract], name: str, value: Abstract) -> None:
        """A name that outlives the assignment: it may hold the old or the new."""
        before = names.get(name)
        after = value if before is None else join(before, value)
        if before is None or identity(before) != identity(after):
            names[name] = after
            self.learn(value)

    def _unpack(self, parts: list[ast.expr], value: Abstract, frame: Frame) -> None:
        if not parts:
            return
        site = frame.module.site(parts[0])
        starred = next((at for at, part in enumerate(parts) if isinstance(part, ast.Starred)), None)
        value = join(*(self.as_sequence(one) for one in options(value)))
        match value:
            case Array(items=items, open=False) if starred is None and len(items) == len(parts):
                for part, one in zip(parts, items, strict=True):
                    self.assign(part, one, frame)
            case Array(items=items, open=False) if starred is not None and len(items) >= len(parts) - 1:
                after = len(parts) - starred - 1
                middle = items[starred : len(items) - after]
                given = [*items[:starred], Array(site, list(middle)), *items[len(items) - after :]]
                for part, one in zip(parts, given, strict=True):
                    self.assign(part, one, frame)
            case Many(several) if all(
                isinstance(one, Array) and len(one.items) == len(parts) for one in several
            ):
                for at, part in enumerate(parts):
                    found = [one.items[at] for one in several if isinstance(one, Array)]
                    self.assign(part, join(*found), frame)
            case _:
                element = self.elements(site, value)
                for part in parts:
                    self.assign(part, element, frame)

    def _annotated_assign(self, node: ast.AnnAssign, frame: Frame) -> bool:
        if node.value is not None:
            value = self.evaluate(node.value, frame)
            if isinstance(value, Opaque):
                value = self.annotated(node.annotation, frame) or value
            self.assign(node.target, value, frame)
        return True

    def _augmented(self, node: ast.AugAssign, frame: Frame) -> bool:
        self.assign(node.target, augmented(self, node, frame), frame)
        return True

    # -------------------------------------------------------------------------------------------- others

    def _with(self, node: ast.With | ast.AsyncWith, frame: Frame) -> bool:
        opened: list[tuple[Site, Abstract]] = []
        for item in node.items:
            value = self.evaluate(item.context_expr, frame)
            site = frame.module.site(item.context_expr)
            opened.append((site, value))
            entered = join(*(self.enter(site, one) for one in options(value)))
            if item.optional_vars is not None:
                self.assign(item.optional_vars, entered, frame)
        alive = self.execute(node.body, frame)
        for site, value in reversed(opened):
            self.leave(site, value)
        return alive

    def leave(self, site: Site, value: Abstract) -> None:
        """Leaves what ``with`` was given."""
        for one in options(value):
            if isinstance(one, Instance):
                self._method(site, one, ("__exit__", "__aexit__"), 3)

    def enter(self, site: Site, value: Abstract) -> Abstract:
        """What ``with`` gives of something."""
        match value:
            case Array(made=True):
                return self.elements(site, value)
            case Instance():
                return self._method(site, value, ("__enter__", "__aenter__"), 0) or value
            case _:
                return value

    def _method(self, site: Site, value: Instance, names: tuple[str, ...], many: int) -> Abstract | None:
        for name in names:
            found = self.attribute(site, value, name)
            if not isinstance(found, Opaque | External | Made):
                return self.call(site, found, Arguments([NOTHING_KNOWN] * many))
        return None

    def _return(self, node: ast.Return, frame: Frame) -> bool:
        if node.value is not None:
            frame.returned.append(self.evaluate(node.value, frame))
        else:
            frame.returned.append(Data(Known(None, frame.module.site(node).origin)))
        return False

    def _raise(self, node: ast.Raise, frame: Frame) -> bool:
        for part in (node.exc, node.cause):
            if part is not None:
                self.evaluate(part, frame)
        return False

    def _expression(self, node: ast.Expr, frame: Frame) -> bool:
        self.evaluate(node.value, frame)
        return True

    def _assert(self, node: ast.Assert, frame: Frame) -> bool:
        self.evaluate(node.test, frame)
        return True

    def _match(self, node: ast.Match, frame: Frame) -> bool:
        subject = self.evaluate(node.subject, frame)
        site = frame.module.site(node.subject)

        def case(one: ast.match_case) -> Callable[[], bool]:
            def run() -> bool:
                captured(
                    self, site, one.pattern, subject, lambda name, found: self.bind(name, found, frame), frame
                )
                if one.guard is not None:
                    self.evaluate(one.guard, frame)
                return self.execute(one.body, frame)

            return run

        cases = [one for one in node.cases if not excluded(self, site, one.pattern, subject, frame)]
        return self._branches(frame, *(case(one) for one in cases), lambda: True)

    def _global(self, node: ast.Global, frame: Frame) -> bool:
        if frame.names is not frame.module.globals:
            frame.globals.update(node.names)
        return True

    def _nonlocal(self, node: ast.Nonlocal, frame: Frame) -> bool:
        frame.nonlocals.update(node.names)
        return True

    def _def(self, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> bool:
        self.bind(node.name, self.define(node, frame), frame)
        return True

    def _class(self, node: ast.ClassDef, frame: Frame) -> bool:
        self.bind(node.name, self.define_class(node, frame), frame)
        return True


_STATEMENTS: Final[dict[type[ast.stmt], Callable[[Statements, Any, Frame], bool]]] = {
    ast.AnnAssign: Statements._annotated_assign,
    ast.Assert: Statements._assert,
    ast.AsyncFor: Statements._for,
    ast.AsyncFunctionDef: Statements._def,
    ast.AsyncWith: Statements._with,
    ast.AugAssign: Statements._augmented,
    ast.Break: Statements._leave,
    ast.ClassDef: Statements._class,
    ast.Continue: Statements._leave,
    ast.Delete: deleted,
    ast.Expr: Statements._expression,
    ast.For: Statements._for,
    ast.FunctionDef: Statements._def,
    ast.Global: Statements._global,
    ast.If: Statements._if,
    ast.Import: Imports.import_,
    ast.ImportFrom: Imports.import_from,
    ast.Match: Statements._match,
    ast.Nonlocal: Statements._nonlocal,
    ast.Raise: Statements._raise,
    ast.Return: Statements._return,
    ast.Try: Statements._try,
    ast.TryStar: Statements._try,
    ast.While: Statements._while,
    ast.With: Statements._with,
}

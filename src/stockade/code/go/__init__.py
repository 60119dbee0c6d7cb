"""What a function's source in Go does: ``analyse``."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from posixpath import basename, dirname
from typing import Any, Final

from tree_sitter import Node

from stockade.code.facts import Source
from stockade.code.files import Files
from stockade.code.go.calls import Calls, conditional
from stockade.code.go.flow import elements
from stockade.code.go.kinds import SDK, SDK1, Type
from stockade.code.go.mapped import is_library
from stockade.code.go.packages import Function, Package, modules, read, standard, walk
from stockade.code.go.part import part
from stockade.code.go.whose import nodes
from stockade.code.typed import How
from stockade.patterns import lazy_regex
from stockade.source import Source as File
from stockade.source import Span

_LAMBDA: Final = "github.com/aws/aws-lambda-go/"
_STARTS: Final = frozenset(
    ("Start", "StartWithOptions", "StartHandler", "StartWithContext", "StartHandlerFunc")
)
_QUIET: Final = lazy_regex(
    r"[/.](jsii-runtime-go|aws-cdk-go|constructs-go|smithy-go|aws-xray-sdk-go|dd-trace-go|aws-lambda-go-api-proxy|"
    r"aws-secretsmanager-caching-go|opentelemetry\.io|go-awslambda|algnhsa|apex/gateway)"
)
"""Packages around AWS that make no client by themselves."""


def analyse(files: Files, handler: str) -> Source:
    """What is called from the program that Lambda starts.

    A program of Go has no handler by name: it is the ``main`` of the package that ``handler`` (``bootstrap``,
    ``bin/orders``) means, as far as that can be told, or the directory that it names. Nothing is executed; what
    cannot be followed is told.
    """
    if any(path.endswith(".go") and dirname(path) == handler for path in files):
        files = part(files, handler)
    return _Analysis(files).run(handler)


class _Analysis(Calls):
    def __init__(self, files: Files) -> None:
        packages, broken, lost = read(files)
        super().__init__(packages)
        self.files = files
        self.modules = {name for name in modules(files).values() if name}
        for span in broken:
            self.found.unfollowed(
                f"`{span.path}`", "it is not valid Go here, and what it does is not known", span
            )
        for path, reason in lost:
            self.found.unfollowed(f"`{path}`", reason, Span(File(path, b""), 0, 0))
        self._index()

    def _functions(self) -> list[Function]:
        out: list[Function] = []
        for package in self.packages.values():
            out += [*package.functions.values(), *package.methods.values(), *package.starts, *package.globals]
        return out

    def _index(self) -> None:
        """Where functions are called and what fields are given, so that values can be asked for."""
        calls: list[tuple[Node, Function]] = []
        for function in self._functions():
            for node in nodes(function):
                if node.type == "composite_literal":
                    self._fields(node, function)
                elif node.type == "assignment_statement":
                    self._assigned(node, function)
                elif node.type == "call_expression":
                    calls.append((node, function))
        for node, function in calls:
            for called in self.flow.called(node, function):
                self.flow.callers.setdefault(id(called), []).append((node, function))

    def _fields(self, node: Node, function: Function) -> None:
        kind = self.flow.named(node.child_by_field_name("type"), function.file)
        if kind is None or kind.path not in self.packages:
            return
        names = self._members(kind)
        for index, (key, value) in enumerate(elements(node, function.file)):
            name = function.file.text(key) if key is not None else names[index] if index < len(names) else ""
            self.flow.fields.setdefault((kind.path, kind.name, name), []).append((value, function))

    def _members(self, kind: Type) -> list[str]:
        found = self.packages[kind.path].types.get(kind.name)
        if found is None or found[0].type != "struct_type":
            return []
        node, file = found
        out: list[str] = []
        for one in walk(node):
            if one.type == "field_declaration":
                names = [file.text(name) for name in one.children_by_field_name("name")]
                # What is embedded is called as its type is.
                embedded = self.flow.named(one.child_by_field_name("type"), file) if not names else None
                out += names or [embedded.name if embedded is not None else ""]
        return out

    def _assigned(self, node: Node, function: Function) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        for target, value in zip(left.named_children, right.named_children, strict=False):
            operand = target.child_by_field_name("operand") if target.type == "selector_expression" else None
            kind = self.flow.of(operand, function) if operand is not None else None
            if kind is not None:
                name = function.file.text(target.child_by_field_name("field"))
                self.flow.fields.setdefault((kind.path, kind.name, name), []).append((value, function))

    # --------------------------------------------------------------------------------- what is run

    def run(self, handler: str) -> Source:
        mains = [one for one in self.packages.values() if one.name == "main" and "main" in one.functions]
        main = _meant(mains, handler)
        place: Span | None = None
        reached: dict[int, bool] = {}
        ways: dict[int, tuple[Span, ...]] = {}
        if main is None:
            at = self.files.one_of(lambda path: path.endswith(".go"), handler)
            reason = f"which of its {len(mains)} programs it is is not known"
            if not mains:
                found = any(one.endswith(".go") for one in self.files)
                reason = (
                    "there is no `main` of a program"
                    if found
                    else "its source is not among the function's files"
                )
            self.found.unfollowed(f"the handler `{handler}`", reason, Span(at, 0, 0))
            reached = {id(one): False for one in self._functions()}
        else:
            place = self._follow(main, reached, ways)
        for function in self._functions():
            if main is None or function.node.type != "source_file":
                key = id(function)
                self.calls(
                    function, How(reached=key in reached, every=reached.get(key, False), way=ways.get(key, ()))
                )
        if main is not None:
            for package in self.packages.values():
                for function in package.globals:
                    self.calls(function, How(reached=id(function) in reached, every=False, way=()))
        for package in self.packages.values():
            for file in package.files:
                self.found.files[file.source.path] = None
                self._imports(file, package)
        for name, span in self.flow.variables.items():
            self.found.variable(name, span)
        return self.found.source(place)

    def _imports(self, file: Any, package: Package) -> None:
        for path in file.imports.values():
            if path in self.packages or standard(path):
                continue
            at = Span(file.source, 0, 0)
            if "." not in path.partition("/")[0] or self._is_own(path):
                reason = "it is the program's own, and not among the function's files"
                self.found.unfollowed(f"the package `{path}`", reason, at)
            elif path.endswith("/signer/v4"):
                self.found.unfollowed("requests that are signed by hand", "which they are is not known", at)
            elif path.startswith((SDK, SDK1, _LAMBDA)) or _QUIET.search(path) or is_library(path):
                continue
            elif re.search(r"(^|[/.-])(aws|dynamo\w*|s3|sqs|sns)([/.-]|$)", path):
                self.found.unfollowed(f"the package `{path}`", "its source was not read", at)
            else:
                reason = "its source was not read; it is taken to make no client of AWS by itself"
                self.found.note(f"the package `{path}`", reason, at)

    def _is_own(self, path: str) -> bool:
        """Whether a package would be of a module that is there."""
        return any(path.startswith(f"{one}/") for one in self.modules)

    def _follow(
        self, main: Package, reached: dict[int, bool], ways: dict[int, tuple[Span, ...]]
    ) -> Span | None:
        """Mark what ``main`` leads to; the value says whether each invocation gets there."""
        place: Span | None = None
        queue: deque[tuple[Function, bool]] = deque()

        def reach(function: Function, every: bool, way: tuple[Span, ...]) -> None:
            if id(function) not in reached or (every and not reached[id(function)]):
                reached[id(function)] = every
                ways.setdefault(id(function), way)
                queue.append((function, every))

        packages = self._imported(main)
        reach(main.functions["main"], False, ())
        for package in packages:
            for one in (*package.starts, *package.globals):
                reach(one, False, ())
        while queue:
            function, every = queue.popleft()
            way = ways.get(id(function), ())
            for node in nodes(function):
                if node.type in ("type_identifier", "qualified_type"):
                    for target in self.flow.implicit(node, function):
                        reach(target, False, (*way, function.file.span(node))[-12:])
                if node.type not in ("call_expression", "selector_expression", "identifier"):
                    continue
                if node.type == "call_expression" and self._starts(node, function):
                    handed = list(self._handed_to_lambda(node, function))
                    place = place or next((at for _, at in handed), None)
                    for target in (one for one, _ in handed if one is not None):
                        reach(target, True, ())
                    continue
                always = every and not conditional(node, function.node)
                for target in self.flow.called(node, function):
                    reach(target, always, (*way, function.file.span(node))[-12:])
        return place

    def _handed_to_lambda(self, node: Node, function: Function) -> Iterator[tuple[Function | None, Span]]:
        """What ``lambda.Start`` is given, with its place; a literal is a part of the function around it."""
        for argument in self.flow.arguments(node):
            for given, owner in self.flow.sources(argument, function):
                for target in self._handlers(given, owner):
                    yield target, target.file.span(target.node)
                if given.type == "func_literal":
                    yield None, owner.file.span(given)

    def _starts(self, node: Node, function: Function) -> bool:
        called = node.child_by_field_name("function")
        if called is None or called.type != "selector_expression":
            return False
        operand = called.child_by_field_name("operand")
        path = self.flow.imported(operand, function) if operand is not None else None
        return (
            bool(path and path.startswith(_LAMBDA))
            and function.file.text(called.child_by_field_name("field")) in _STARTS
        )

    def _handlers(self, node: Node, holder: Function) -> list[Function]:
        found = self.flow.referred(node, holder)
        if found:
            return found
        kind = self.flow.of(node, holder)
        return self.flow.methods(kind, "Invoke") if kind is not None else []

    def _imported(self, main: Package) -> list[Package]:
        out: dict[str, Package] = {}
        stack = [main]
        while stack:
            package = stack.pop()
            if package.path not in out:
                out[package.path] = package
                for file in package.files:
                    stack += [self.packages[path] for path in file.imports.values() if path in self.packages]
        return list(out.values())


def _meant(mains: list[Package], handler: str) -> Package | None:
    """The program that a handler's name means, where it is the only one or is called so."""
    if len(mains) == 1:
        return mains[0]
    here = [one for one in mains if one.folder and one.folder in (handler, handler.rpartition("/")[0])]
    if len(here) == 1:
        return here[0]
    names = {part for part in handler.split("/") if part not in ("bootstrap", "main", "bin", "handler")}
    found = [one for one in mains if basename(one.folder) in names]
    if len(found) == 1:
        return found[0]
    top = [one for one in mains if not one.folder]
    return top[0] if len(top) == 1 and not names else None

"""What a function's source in Go does: ``analyse``."""

from __future__ import annotations

import re
from collections import deque
from posixpath import basename
from typing import Any, Final

from tree_sitter import Node

from stockade.code.collect import Choices, Collector
from stockade.code.facts import Credentials, Source
from stockade.code.files import Files
from stockade.code.go.flow import SDK, SDK1, Flow, Type, elements
from stockade.code.go.packages import Function, Package, read, walk
from stockade.code.services import Service, Services
from stockade.source import Source as File
from stockade.source import Span
from stockade.value import Value

_LAMBDA: Final = "github.com/aws/aws-lambda-go/"
_STARTS: Final = frozenset(
    ("Start", "StartWithOptions", "StartHandler", "StartWithContext", "StartHandlerFunc")
)
_UPLOAD: Final = ("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload")
_MANAGER: Final = {"Upload": "PutObject", "Download": "GetObject", "UploadObject": "PutObject"}
_BRANCHES: Final = frozenset(
    ("if_statement", "expression_case", "type_case", "default_case", "communication_case", "select_statement")
)
_OTHERS: Final = re.compile(
    r"stscreds\.|credentials\.NewStatic|WithSharedConfigProfile|WithCredentialsProvider"
)
_CHANGED: Final = frozenset(("WithContext", "Pages", "PagesWithContext", "Request"))


def analyse(files: Files, handler: str) -> Source:
    """What is called from the program that Lambda starts.

    A program of Go has no handler by name: it is the ``main`` of the package that ``handler`` (``bootstrap``,
    ``bin/orders``) means, as far as that can be told. Nothing is executed; what cannot be followed is told.
    """
    return _Analysis(files).run(handler)


class _Analysis:
    def __init__(self, files: Files) -> None:
        self.files = files
        self.found = Collector()
        packages, broken, lost = read(files)
        self.packages = packages
        self.flow = Flow(packages)
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

    def _nodes(self, function: Function) -> list[Node]:
        if function.node.type != "source_file":
            body = function.node.child_by_field_name("body")
            return walk(body) if body is not None else []
        declared = [one for one in function.node.named_children if one.type == "var_declaration"]
        return [node for one in declared for node in walk(one)]

    def _index(self) -> None:
        """Where functions are called and what fields are given, so that values can be asked for."""
        calls: list[tuple[Node, Function]] = []
        for function in self._functions():
            for node in self._nodes(function):
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
        declared = [one for one in walk(node) if one.type == "field_declaration"]
        return [file.text(name) for one in declared for name in one.children_by_field_name("name")]

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
            path = next(iter(self.files), handler)
            reason = (
                "there is no `main` of a program"
                if not mains
                else "which of several programs it is is not known"
            )
            self.found.unfollowed(f"the handler `{handler}`", reason, Span(File(path, b""), 0, 0))
            reached = {id(one): False for one in self._functions()}
        else:
            place = self._follow(main, reached, ways)
        for function in self._functions():
            if function.node.type == "source_file" and main is not None:
                continue
            self._calls(
                function, id(function) in reached, reached.get(id(function), False), ways.get(id(function), ())
            )
        if main is not None:
            for package in self.packages.values():
                for function in package.globals:
                    self._calls(function, id(function) in reached, False, ())
        for package in self.packages.values():
            for file in package.files:
                self.found.files[file.source.path] = None
                self._imports(file, package)
        for name, span in self.flow.variables.items():
            self.found.variable(name, span)
        return self.found.source(place)

    def _imports(self, file: Any, package: Package) -> None:
        for path in file.imports.values():
            if path in self.packages or "." not in path.partition("/")[0]:
                continue
            at = Span(file.source, 0, 0)
            if path.startswith((SDK, SDK1, _LAMBDA, "github.com/aws/smithy-go")):
                continue
            if re.search(r"(^|[/.-])(aws|dynamo\w*|s3|sqs|sns)([/.-]|$)", path):
                self.found.unfollowed(f"the package `{path}`", "its source was not read", at)
            else:
                reason = "its source was not read; it is taken to make no client of AWS by itself"
                self.found.note(f"the package `{path}`", reason, at)

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
            for node in self._nodes(function):
                if node.type not in ("call_expression", "selector_expression", "identifier"):
                    continue
                if node.type == "call_expression" and self._starts(node, function):
                    for argument in self.flow.arguments(node):
                        for given, owner in self.flow.sources(argument, function):
                            for target in self._handlers(given, owner):
                                place = place or target.file.span(target.node)
                                reach(target, True, ())
                            if given.type == "func_literal":
                                place = place or owner.file.span(given)
                    continue
                always = every and not _conditional(node, function.node)
                for target in self.flow.called(node, function):
                    reach(target, always, (*way, function.file.span(node))[-12:])
        return place

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

    # ------------------------------------------------------------------------------------ calls

    def _calls(self, function: Function, reached: bool, every: bool, way: tuple[Span, ...]) -> None:
        for node in self._nodes(function):
            if node.type != "call_expression":
                continue
            called = node.child_by_field_name("function")
            if called is None or called.type != "selector_expression":
                continue
            operand = called.child_by_field_name("operand")
            name = function.file.text(called.child_by_field_name("field"))
            if operand is None:
                continue
            always = every and not _conditional(node, function.node)
            path = self.flow.imported(operand, function)
            if path is not None:
                self._function(node, function, path, name, reached, always, way)
                continue
            kind = self.flow.of(operand, function)
            if kind is not None:
                self._method(node, function, operand, kind, name, reached, always, way)

    def _function(
        self,
        node: Node,
        function: Function,
        path: str,
        name: str,
        reached: bool,
        every: bool,
        way: tuple[Span, ...],
    ) -> None:
        arguments = self.flow.arguments(node)
        if path.endswith("/credentials/stscreds") and name.startswith("NewAssumeRole"):
            choices: Choices = (
                {"RoleArn": self.flow.values(arguments[1], function)} if len(arguments) > 1 else {}
            )
            at = function.file.span(node)
            self.found.call(
                "sts", "AssumeRole", at, choices, complete=False, reached=reached, way=way, through="stscreds"
            )
        service = _service(path)
        if service is not None and name.startswith("New") and name.endswith("Paginator") and len(arguments) > 1:
            operation = service.operation(name.removeprefix("New").removesuffix("Paginator"))
            if operation is not None:
                own = self._credentials(arguments[0], function)
                self._record(
                    node, function, service, operation.name, arguments[1], own, reached, every, way, "paginator"
                )

    def _method(
        self,
        node: Node,
        function: Function,
        operand: Node,
        kind: Type,
        name: str,
        reached: bool,
        every: bool,
        way: tuple[Span, ...],
    ) -> None:
        arguments = self.flow.arguments(node)
        service = _service(kind.path)
        input = arguments[1] if len(arguments) > 1 else None
        through = ""
        operation = None
        if service is not None:
            if kind.path.startswith(SDK1):
                input = next((one for one in arguments[:2] if self._is_input(one, function, service)), None)
                stem = name
                for ending in sorted(_CHANGED, key=len, reverse=True):
                    if service.operation(stem) is None:
                        stem = name.removesuffix(ending)
                operation = service.operation(stem)
            elif kind.name == "PresignClient":
                operation = service.operation(name.removeprefix("Presign"))
                through = "presigned URL"
            elif kind.name.endswith("Waiter") and name.startswith("Wait"):
                operation = service.waiter(kind.name.removesuffix("Waiter"))
                through = "waiter"
            elif kind.name == "Client":
                operation = service.operation(name)
            if operation is None and kind.name == "Client" and name not in ("Options", "String"):
                at = function.file.span(node)
                self.found.unfollowed(
                    f"`{name}`", "it is no operation that is known", at, service.name, reached
                )
        elif kind.path.startswith(SDK + "feature/s3/") and name in _MANAGER:
            service = Services.load().service("s3")
            operation = service.operation(_MANAGER[name]) if service else None
            through = "upload" if name.startswith("Upload") else "download"
            input = next((one for one in arguments if self._is_input(one, function, service)), None)
        else:
            service, operation = self._of_interface(kind, name)
        if service is None or operation is None:
            return
        own = self._credentials(operand, function)
        self._record(node, function, service, operation.name, input, own, reached, every, way, through)
        if through == "upload":
            for one in _UPLOAD:
                self._record(
                    node,
                    function,
                    service,
                    one,
                    input,
                    own,
                    reached,
                    every,
                    way,
                    "upload in parts",
                    certain=False,
                )

    def _is_input(self, node: Node, function: Function, service: Service | None) -> bool:
        kind = self.flow.of(node, function)
        return kind is not None and kind.name.endswith("Input") and _service(kind.path) is service

    def _of_interface(self, kind: Type, name: str) -> tuple[Service | None, Any]:
        """An interface of one's own whose method takes a request of the SDK is a client by another name."""
        package = self.packages.get(kind.path)
        declared = package.types.get(kind.name) if package else None
        if declared is None or declared[0].type != "interface_type":
            return None, None
        node, file = declared
        for one in node.named_children:
            if (
                one.type not in ("method_elem", "method_spec")
                or file.text(one.child_by_field_name("name")) != name
            ):
                continue
            listed = one.child_by_field_name("parameters")
            for parameter in listed.named_children if listed is not None else []:
                found = self.flow.named(parameter.child_by_field_name("type"), file)
                service = _service(found.path) if found is not None else None
                if found is not None and service is not None and found.name.endswith("Input"):
                    return service, service.operation(found.name.removesuffix("Input"))
        return None, None

    def _record(
        self,
        node: Node,
        function: Function,
        service: Service,
        operation: str,
        input: Node | None,
        credentials: Credentials,
        reached: bool,
        every: bool,
        way: tuple[Span, ...],
        through: str,
        certain: bool = True,
    ) -> None:
        at = function.file.span(node)
        if input is None or input.type == "nil":
            self.found.call(
                service.name,
                operation,
                at,
                {},
                credentials=credentials,
                reached=reached,
                every=every,
                way=way,
                through=through,
                certain=certain,
            )
            return
        for source, owner in self.flow.sources(input, function):
            choices: Choices = {}
            names: dict[str, list[Value[Any]]] = {}
            if source.type == "composite_literal":
                for key, value in elements(source, owner.file):
                    if key is not None:
                        choices[owner.file.text(key)] = self.flow.values(value, owner)
                        self._names(owner.file.text(key), value, owner, names)
            kind = self.flow.of(source, owner)
            if kind is not None:  # members that are set one by one
                for (path, of, name), given in self.flow.fields.items():
                    if (path, of) == (kind.path, kind.name) and kind.path.startswith((SDK, SDK1)):
                        here = [value for value, holder in given if holder is owner]
                        if here and name not in choices:
                            choices[name] = [one for value in here for one in self.flow.values(value, owner)]
            complete = source.type == "composite_literal"
            self.found.call(
                service.name,
                operation,
                at,
                choices,
                complete=complete,
                names=names,
                credentials=credentials,
                reached=reached,
                every=every,
                way=way,
                through=through,
                certain=certain,
            )

    def _names(self, parameter: str, value: Node, owner: Function, names: dict[str, list[Value[Any]]]) -> None:
        for source, holder in self.flow.sources(value, owner):
            kind = source.child_by_field_name("type") if source.type == "composite_literal" else None
            if kind is not None and kind.type == "map_type" and parameter == "RequestItems":
                for key, _ in elements(source, holder.file):
                    if key is not None:
                        names.setdefault(parameter, []).extend(self.flow.values(key, holder))

    def _credentials(self, operand: Node, function: Function) -> Credentials:
        """Whose a client is: somebody else's where its construction speaks of other credentials."""
        found = Credentials.OWN
        for source, owner in self.flow.sources(operand, function):
            if source.type != "call_expression":
                continue
            texts = [owner.file.text(source)]
            for argument in self.flow.arguments(source):
                texts += [holder.file.text(one) for one, holder in self.flow.sources(argument, owner)]
                name = owner.file.text(argument)
                texts += [
                    owner.file.text(value)
                    for (_, _, member), given in self.flow.fields.items()
                    if member == "Credentials"
                    for value, holder in given
                    if holder is owner and f"{name}.Credentials" in owner.file.text(holder.node)
                ]
            if any(_OTHERS.search(text) for text in texts):
                found = Credentials.OTHER
        return found


def _service(path: str) -> Service | None:
    for start in (SDK + "service/", SDK1 + "service/"):
        if path.startswith(start):
            name = path.removeprefix(start).split("/")[0]
            return Services.load().of_package(name) or Services.load().service(name)
    return None


def _meant(mains: list[Package], handler: str) -> Package | None:
    """The program that a handler's name means, where it is the only one or is called so."""
    if len(mains) == 1:
        return mains[0]
    names = {part for part in handler.split("/") if part not in ("bootstrap", "main", "bin", "handler")}
    found = [one for one in mains if basename(one.folder) in names]
    if len(found) == 1:
        return found[0]
    top = [one for one in mains if not one.folder]
    return top[0] if len(top) == 1 and not names else None


def _conditional(node: Node, top: Node) -> bool:
    """Whether something stands in a branch, the test of one not counted."""
    child, parent = node, node.parent
    while parent is not None and child.id != top.id:
        if parent.type == "if_statement":
            if child.id in [
                one.id for name in ("consequence", "alternative") for one in parent.children_by_field_name(name)
            ]:
                return True
        elif parent.type in _BRANCHES or (
            parent.type == "call_expression" and b".Do(" in (parent.text or b"")[:60]
        ):
            return True
        child, parent = parent, parent.parent
    return False

"""The calls of the SDK in one function of Go, with what their requests hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from tree_sitter import Node

from stockade.code import lost
from stockade.code.collect import Choices, Collector
from stockade.code.facts import Credentials
from stockade.code.go.flow import Flow, elements
from stockade.code.go.kinds import CACHE, CONFIG, SDK, SDK1, SESSION, Type
from stockade.code.go.mapped import OF_SEVERAL, is_library, operations
from stockade.code.go.packages import File, Function, Package
from stockade.code.go.whose import Whose, nodes
from stockade.code.services import Service, Services
from stockade.code.typed import How
from stockade.records import record
from stockade.value import Value

_UPLOAD: Final = ("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload")
_MANAGERS: Final = tuple(f"{SDK1}service/s3/s3manager{one}" for one in ("", "/s3manageriface"))
_MANAGER: Final = {"Upload": "PutObject", "Download": "GetObject", "UploadObject": "PutObject"}
_BRANCHES: Final = frozenset(
    ("if_statement", "expression_case", "type_case", "default_case", "communication_case", "select_statement")
)
_SIGNS_IN: Final = (
    (f"{SDK}feature/rds/auth", "BuildAuthToken"),
    (f"{SDK1}service/rds/rdsutils", "BuildAuthToken"),
)
"""What signs in to a database; nothing is sent, and the role needs it all the same."""

_Names: TypeAlias = dict[str, list[Value[Any]]]
_CHANGED: Final = frozenset(("WithContext", "Pages", "PagesWithContext", "Request"))


@record
class _Meant:
    """The operation that a call stands for, the expression of its request, and by what it is called."""

    service: Service
    operation: str
    input: Node | None
    through: str


class Calls:
    """Finds calls; what leads to a function is told by whoever asks."""

    def __init__(self, packages: dict[str, Package]) -> None:
        self.packages = packages
        self.flow = Flow(packages)
        self.found = Collector()
        self.whose = Whose(self.flow)
        self._services: list[Service] | None = None

    def calls(self, function: Function, how: How) -> None:
        for node in nodes(function):
            if node.type in ("interpreted_string_literal", "raw_string_literal"):
                text, at = function.file.text(node)[1:-1], function.file.span(node)
                self.found.extension(text, at, how["reached"], how["way"])
            if node.type == "selector_expression":
                self._handed_on(node, function, how)
            if node.type != "call_expression":
                continue
            called = node.child_by_field_name("function")
            if called is None or called.type != "selector_expression":
                continue
            operand = called.child_by_field_name("operand")
            name = function.file.text(called.child_by_field_name("field"))
            if operand is None:
                continue
            always = how["every"] and not conditional(node, function.node)
            here = How(reached=how["reached"], every=always, way=how["way"])
            path = self.flow.imported(operand, function)
            if how["reached"] and not self.flow.called(node, function):
                self._handed(node, function, path or "")
            if path is not None:
                self._function(node, function, path, name, here)
                continue
            kind = self.flow.of(operand, function)
            if kind is not None and kind.path in self.packages and not self.flow.called(node, function):
                embedded = self.flow.promoted(kind, name)
                kind = embedded[0] if embedded is not None else kind
            if kind is None or self._is_open(kind):
                self._lost(node, function, name, here)
            else:
                self._method(node, function, operand, kind, name, here)

    def _handed_on(self, node: Node, function: Function, how: How) -> None:
        """A method of a client that is not called here: ``list := client.ListBuckets``."""
        called = node.parent.child_by_field_name("function") if node.parent is not None else None
        operand = node.child_by_field_name("operand")
        kind = self.flow.of(operand, function) if operand is not None and called != node else None
        service = _service(kind.path) if kind is not None and kind.name == "Client" else None
        name = function.file.text(node.child_by_field_name("field"))
        if operand is not None and service is not None and (operation := service.operation(name)) is not None:
            given = How(reached=how["reached"], every=False, way=how["way"])
            own, at = self.whose.client(operand, function), function.file.span(node)
            self.found.call(service.name, operation.name, at, {}, complete=False, credentials=own, **given)

    def _is_open(self, kind: Type) -> bool:
        """Whether a type is a parameter, or declared as another one: what has it is not known by it."""
        package = self.packages.get(kind.path)
        if package is None:
            return False
        declared = package.types.get(kind.name)
        return declared is None or declared[0].type not in ("struct_type", "interface_type")

    def _lost(self, node: Node, function: Function, name: str, how: How) -> None:
        """A call on what is not known: by its request it is a client's, by its name alone it may be one's."""
        if self.flow.called(node, function):
            return
        for argument in self.flow.arguments(node):
            kind = self.flow.of(argument, function)
            service = _service(kind.path) if kind is not None and kind.name.endswith("Input") else None
            operation = service.operation(kind.name.removesuffix("Input")) if service and kind else None
            if service is not None and operation is not None and name.startswith(operation.name):
                meant = _Meant(service, operation.name, argument, "")
                self._record(node, function, meant, Credentials.UNKNOWN, how)
                return
        if self._services is None:
            files = (file for package in self.packages.values() for file in package.files)
            found = (_service(path) for file in files for path in file.imports.values())
            self._services = list({one.name: one for one in found if one is not None}.values())
        called = node.child_by_field_name("function")
        operand = called.child_by_field_name("operand") if called is not None else None
        if how["reached"] and self.flow.asked(name, len(self.flow.arguments(node))):
            self.found.unfollowed(f"`{name}`", lost.WHY, function.file.span(node))
            return
        maybe = lost.meant(name, self._services, function.file.text(operand))
        if maybe is not None and how["reached"]:
            self.found.unfollowed(f"`{name}`", lost.WHY, function.file.span(node), maybe[0].name)

    def _handed(self, node: Node, function: Function, path: str) -> None:
        """A client is with code that was not read."""
        if path.startswith((SDK, SDK1)) or is_library(path) or (path and "." not in path.partition("/")[0]):
            return  # the standard library calls nothing of AWS
        for argument in self.flow.arguments(node):
            kind = self.flow.of(argument, function)
            called = function.file.text(node.child_by_field_name("function"))
            reason = f"what `{called}` does with it is not followed"
            service = _service(kind.path) if kind is not None and kind.name == "Client" else None
            if service is not None:
                self.found.unfollowed(
                    "a client that is handed over", reason, function.file.span(node), service.name
                )
            elif kind in (CONFIG, SESSION):
                self.found.unfollowed("what clients are made of", reason, function.file.span(node))

    def _function(self, node: Node, function: Function, path: str, name: str, how: How) -> None:
        """A call of a package's function, of which some stand for an operation."""
        arguments = self.flow.arguments(node)
        given = arguments[1] if len(arguments) > 1 else None
        if (path, name) in _SIGNS_IN:
            self._seen(node, function, "rds", "GenerateDBAuthToken", {}, how, "")
        if path.endswith("/credentials/stscreds") and name.startswith(("NewAssumeRole", "NewCredentials")):
            choices: Choices = {"RoleArn": self.flow.values(given, function)} if given is not None else {}
            self._seen(node, function, "sts", "AssumeRole", choices, how, "stscreds")
        service = _service(path)
        if service is None or given is None or not (name.startswith("New") and name.endswith("Paginator")):
            return
        operation = service.operation(name.removeprefix("New").removesuffix("Paginator"))
        if operation is not None:
            own = self.whose.client(arguments[0], function)
            self._record(node, function, _Meant(service, operation.name, given, "paginator"), own, how)

    def _method(self, node: Node, function: Function, operand: Node, kind: Type, name: str, how: How) -> None:
        """A call of a method, if it is one of a client, or of what stands before one."""
        if CACHE in kind.path:
            self._cached(node, function, name, how)
            return
        if is_library(kind.path):
            self._mapped(node, function, kind, name, how)
            return
        arguments = self.flow.arguments(node)
        if kind.path in _MANAGERS and name.removesuffix("WithContext") in _MANAGER:
            name = name.removesuffix("WithContext")
            kind = Type(SDK + "feature/s3/manager", kind.name)
        service = _service(kind.path)
        if service is not None:
            meant = self._of_client(arguments, function, service, kind, name)
            if meant is None and kind.name == "Client" and name not in ("Options", "String"):
                at = function.file.span(node)
                reason = "it is no operation that is known"
                self.found.unfollowed(f"`{name}`", reason, at, service.name, how["reached"])
        elif kind.path.startswith(SDK + "feature/s3/") and name in _MANAGER:
            meant = self._of_manager(arguments, function, name)
        else:
            meant = self._of_interface(arguments, function, kind, name)
        if meant is None:
            return
        own = self.whose.client(operand, function)
        self._record(node, function, meant, own, how)
        if meant.through == "upload":
            for one in _UPLOAD:
                part = _Meant(meant.service, one, meant.input, "upload in parts")
                self._record(node, function, part, own, how, certain=False)

    def _of_client(
        self, arguments: list[Node], function: Function, service: Service, kind: Type, name: str
    ) -> _Meant | None:
        """The operation behind a method of a service's client, waiter or presigner."""
        input, through = _second(arguments), ""
        operation = None
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
        return _Meant(service, operation.name, input, through) if operation is not None else None

    def _of_manager(self, arguments: list[Node], function: Function, name: str) -> _Meant | None:
        """The operation behind a method of S3's transfer manager."""
        service = Services.load().service("s3")
        operation = service.operation(_MANAGER[name]) if service is not None else None
        if service is None or operation is None:
            return None
        input = next((one for one in arguments if self._is_input(one, function, service)), None)
        return _Meant(service, operation.name, input, "upload" if name.startswith("Upload") else "download")

    def _seen(
        self,
        node: Node,
        function: Function,
        service: str,
        operation: str,
        choices: Choices,
        how: How,
        through: str,
    ) -> None:
        """An operation that something else calls in its own time, of whose request only some is known."""
        at = function.file.span(node)
        given = How(reached=how["reached"], every=False, way=how["way"])
        self.found.call(service, operation, at, choices, complete=False, through=through, **given)

    def _cached(self, node: Node, function: Function, name: str, how: How) -> None:
        """AWS's cache for secrets: it looks up the version first, and fetches what it does not have."""
        at, arguments = int("Context" in name), self.flow.arguments(node)
        if name.startswith("GetSecret") and at < len(arguments):
            choices: Choices = {"SecretId": self.flow.values(arguments[at], function)}
            for operation in ("DescribeSecret", "GetSecretValue"):
                self._seen(node, function, "secretsmanager", operation, choices, how, "cache")

    def _mapped(self, node: Node, function: Function, kind: Type, name: str, how: How) -> None:
        """A chain of calls on a table that a library asks."""
        if kind.name == "Table" and name == "Check":
            reason = "which conditions of a transaction it becomes is not followed"
            at = function.file.span(node)
            self.found.unfollowed(f"`{name}`", reason, at, "dynamodb", how["reached"])
        chain: dict[str, str] = {}
        begin, whole = node, False
        while begin.type == "call_expression" and not whole:
            called = begin.child_by_field_name("function")
            operand = called.child_by_field_name("operand") if called is not None else None
            if called is None or operand is None:
                break
            member = function.file.text(called.child_by_field_name("field"))
            chain[member] = " ".join(function.file.text(one) for one in self.flow.arguments(begin))
            begin = operand
            whose = self.flow.of(operand, function)
            whole = whose is not None and whose.name == "Table"
        # What a transaction is given is a chain of its own.
        tables = self.flow.arguments(node)[:1] if kind.name.endswith("Tx") else [begin]
        for operation in operations(kind.name, name, chain, whole=whole):
            found = [each for one in tables for each in self._tables(one, function, 5)]
            choices: Choices = {}
            if operation not in OF_SEVERAL:
                choices["TableName"] = [value for name, of in found for value in self.flow.values(name, of[0])]
            own = {self.whose.client(of[1], of[0]) for _, of in found if of[1] is not None}
            self.found.call(
                "dynamodb",
                operation,
                function.file.span(node),
                choices,
                complete=False,
                credentials=own.pop() if len(own) == 1 else Credentials.UNKNOWN if own else Credentials.OWN,
                through="guregu/dynamo",
                **how,
            )

    def _tables(
        self, node: Node, holder: Function, depth: int
    ) -> Iterator[tuple[Node, tuple[Function, Node | None]]]:
        """The names of the tables that a chain begins with, with where each stands and what it is of."""
        for source, owner in self.flow.sources(node, holder) if depth else ():
            called = source.child_by_field_name("function") if source.type == "call_expression" else None
            operand = called.child_by_field_name("operand") if called is not None else None
            arguments = self.flow.arguments(source)
            if operand is None:
                continue
            whose = self.flow.of(operand, owner)
            if whose is not None and is_library(whose.path) and whose.name == "DB" and arguments:
                yield arguments[0], (owner, operand)
            else:
                yield from self._tables(operand, owner, depth - 1)

    def _is_input(self, node: Node, function: Function, service: Service | None) -> bool:
        kind = self.flow.of(node, function)
        return kind is not None and kind.name.endswith("Input") and _service(kind.path) is service

    def _of_interface(self, arguments: list[Node], function: Function, kind: Type, name: str) -> _Meant | None:
        """An interface of one's own whose method takes a request of the SDK is a client by another name."""
        for parameter, file in self._declared(kind, name):
            found = self.flow.named(parameter.child_by_field_name("type"), file)
            service = _service(found.path) if found is not None else None
            if found is None or service is None or not found.name.endswith("Input"):
                continue
            operation = service.operation(found.name.removesuffix("Input"))
            if operation is None:
                return None
            own = (one for one in arguments if self._is_input(one, function, service))
            return _Meant(service, operation.name, next(own, _second(arguments)), "")
        return None

    def _declared(self, kind: Type, name: str) -> Iterator[tuple[Node, File]]:
        """The parameters of an interface's method."""
        package = self.packages.get(kind.path)
        declared = package.types.get(kind.name) if package else None
        if declared is None or declared[0].type != "interface_type":
            return
        node, file = declared
        for one in node.named_children:
            is_method = one.type in ("method_elem", "method_spec")
            if is_method and file.text(one.child_by_field_name("name")) == name:
                listed = one.child_by_field_name("parameters")
                yield from ((each, file) for each in listed.named_children) if listed is not None else ()

    def _record(
        self,
        node: Node,
        function: Function,
        meant: _Meant,
        credentials: Credentials,
        how: How,
        *,
        certain: bool = True,
    ) -> None:
        """Note a call, once for each expression that its request may come from."""
        for choices, names, complete in self._requests(meant.input, function):
            self.found.call(
                meant.service.name,
                meant.operation,
                function.file.span(node),
                choices,
                complete=complete,
                names=names,
                credentials=credentials,
                through=meant.through,
                certain=certain,
                **how,
            )

    def _requests(self, input: Node | None, function: Function) -> Iterator[tuple[Choices, _Names, bool]]:
        """What a request may hold, the keys of its maps, and whether that is all of it."""
        if input is None or input.type == "nil":
            yield {}, {}, True
            return
        for source, owner in self.flow.sources(input, function):
            choices: Choices = {}
            names: _Names = {}
            is_literal = source.type == "composite_literal"
            for key, value in elements(source, owner.file) if is_literal else ():
                if key is not None:
                    choices[owner.file.text(key)] = self.flow.values(value, owner)
                    self._names(owner.file.text(key), value, owner, names)
            for name, values in self._set_apart(source, owner):
                choices.setdefault(name, values)
            yield choices, names, is_literal

    def _set_apart(self, source: Node, owner: Function) -> Iterator[tuple[str, list[Value[Any]]]]:
        """The members of a request that the same function sets one by one."""
        kind = self.flow.of(source, owner)
        if kind is None or not kind.path.startswith((SDK, SDK1)):
            return
        for (path, of, name), given in self.flow.fields.items():
            here = [value for value, holder in given if holder is owner]
            if here and (path, of) == (kind.path, kind.name):
                yield name, [one for value in here for one in self.flow.values(value, owner)]

    def _names(self, parameter: str, value: Node, owner: Function, names: _Names) -> None:
        for source, holder in self.flow.sources(value, owner):
            kind = source.child_by_field_name("type") if source.type == "composite_literal" else None
            if kind is not None and kind.type == "map_type" and parameter == "RequestItems":
                for key, _ in elements(source, holder.file):
                    if key is not None:
                        names.setdefault(parameter, []).extend(self.flow.values(key, holder))


def _second(arguments: list[Node]) -> Node | None:
    """The request, which stands behind the context."""
    return arguments[1] if len(arguments) > 1 else None


def _service(path: str) -> Service | None:
    for start in (SDK + "service/", SDK1 + "service/"):
        if path.startswith(start):
            name = path.removeprefix(start).split("/")[0]
            services = Services.load()
            # The first SDK has ``transcribeservice`` for what the others call ``transcribe``.
            names = (name, name.removesuffix("service"))
            found = (services.of_package(one) or services.service(one) for one in names)
            return next((one for one in found if one is not None), None)
    return None


def conditional(node: Node, top: Node) -> bool:
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

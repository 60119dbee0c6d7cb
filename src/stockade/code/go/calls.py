"""The calls of the SDK in one function of Go, with what their requests hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tree_sitter import Node

from stockade.code.collect import Choices, Collector
from stockade.code.facts import Credentials
from stockade.code.go.flow import Flow, elements
from stockade.code.go.kinds import CACHE, CONFIG, SDK, SDK1, SESSION, Type
from stockade.code.go.packages import Function, Package, walk
from stockade.code.services import Service, Services
from stockade.patterns import lazy_regex
from stockade.source import Span
from stockade.value import Value

_UPLOAD: Final = ("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload")
_MANAGER: Final = {"Upload": "PutObject", "Download": "GetObject", "UploadObject": "PutObject"}
_BRANCHES: Final = frozenset(
    ("if_statement", "expression_case", "type_case", "default_case", "communication_case", "select_statement")
)
_OTHERS: Final = lazy_regex(
    r"stscreds\.|credentials\.NewStatic|WithSharedConfigProfile|WithCredentialsProvider"
)
_CHANGED: Final = frozenset(("WithContext", "Pages", "PagesWithContext", "Request"))


class Calls:
    """Finds calls; what leads to a function is told by whoever asks."""

    def __init__(self, packages: dict[str, Package]) -> None:
        self.packages = packages
        self.flow = Flow(packages)
        self.found = Collector()

    def nodes(self, function: Function) -> list[Node]:
        """Everything in a function's body; of a file, what its variables are given."""
        if function.node.type != "source_file":
            body = function.node.child_by_field_name("body")
            return walk(body) if body is not None else []
        declared = [one for one in function.node.named_children if one.type == "var_declaration"]
        return [node for one in declared for node in walk(one)]

    def calls(self, function: Function, reached: bool, every: bool, way: tuple[Span, ...]) -> None:
        for node in self.nodes(function):
            if node.type in ("interpreted_string_literal", "raw_string_literal"):
                self.found.extension(function.file.text(node)[1:-1], function.file.span(node), reached, way)
            if node.type != "call_expression":
                continue
            called = node.child_by_field_name("function")
            if called is None or called.type != "selector_expression":
                continue
            operand = called.child_by_field_name("operand")
            name = function.file.text(called.child_by_field_name("field"))
            if operand is None:
                continue
            always = every and not conditional(node, function.node)
            path = self.flow.imported(operand, function)
            if reached and not self.flow.called(node, function):
                self._handed(node, function, path or "")
            if path is not None:
                self._function(node, function, path, name, reached, always, way)
                continue
            kind = self.flow.of(operand, function)
            if kind is not None:
                self._method(node, function, operand, kind, name, reached, always, way)

    def _handed(self, node: Node, function: Function, path: str) -> None:
        """A client is with code that was not read."""
        if path.startswith((SDK, SDK1)) or (path and "." not in path.partition("/")[0]):
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
        if CACHE in kind.path:
            self._cached(node, function, name, arguments, reached, way)
            return
        if kind.path == SDK1 + "service/s3/s3manager" and name.removesuffix("WithContext") in _MANAGER:
            name = name.removesuffix("WithContext")
            kind, service = Type(SDK + "feature/s3/manager", kind.name), None
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
            input = next((one for one in arguments if self._is_input(one, function, service)), input)
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

    def _cached(
        self,
        node: Node,
        function: Function,
        name: str,
        arguments: list[Node],
        reached: bool,
        way: tuple[Span, ...],
    ) -> None:
        """AWS's cache for secrets: it looks up the version first, and fetches what it does not have."""
        at = int("Context" in name)
        if name.startswith("GetSecret") and at < len(arguments):
            choices: Choices = {"SecretId": self.flow.values(arguments[at], function)}
            for operation in ("DescribeSecret", "GetSecretValue"):
                place = function.file.span(node)
                self.found.call(
                    "secretsmanager",
                    operation,
                    place,
                    choices,
                    complete=False,
                    reached=reached,
                    way=way,
                    through="cache",
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
            texts = list(self._words(source, owner))
            for argument in self.flow.arguments(source):
                for value, holder in self._set(owner.file.text(argument), "Credentials", owner):
                    texts += self._words(value, holder)
            if any(_OTHERS.search(text) for text in texts):
                found = Credentials.OTHER
        return found

    def _words(self, node: Node, owner: Function, depth: int = 3) -> Iterator[str]:
        """The texts of an expression and of what its arguments come from, some calls deep."""
        yield owner.file.text(node)
        for argument in self.flow.arguments(node) if depth and node.type == "call_expression" else []:
            if argument.type == "variadic_argument" and argument.named_children:
                argument = argument.named_children[0]  # a list that ``append`` made longer
            for source, holder in self.flow.sources(argument, owner):
                if source.id != node.id:
                    yield from self._words(source, holder, depth - 1)

    def _set(self, name: str, member: str, owner: Function) -> Iterator[tuple[Node, Function]]:
        """What a function gives to a member of something by its name: ``cfg.Credentials = ...``."""
        for node in self.nodes(owner):
            if node.type != "assignment_statement":
                continue
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is None or right is None:
                continue
            for target, value in zip(left.named_children, right.named_children, strict=False):
                if owner.file.text(target) == f"{name}.{member}":
                    yield from self.flow.sources(value, owner)


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

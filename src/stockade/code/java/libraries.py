"""What libraries for Java call: Powertools, AWS's cache for secrets; and which of them were not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tree_sitter import Node

from stockade.code.collect import Choices, Collector
from stockade.code.java.classes import Class, File, Method
from stockade.code.java.first import DOCUMENT, FIRST, MAPPERS, is_client, service_of
from stockade.code.java.first_calls import FirstCalls
from stockade.code.java.flow import SDK, SERVICES, Flow
from stockade.code.java.syntax import links, root
from stockade.code.services import Service, Services
from stockade.code.typed import How
from stockade.patterns import lazy_regex
from stockade.source import Span

_POWERTOOLS: Final = "software.amazon.lambda.powertools."
_CACHE: Final = "com.amazonaws.secretsmanager.caching.SecretCache"
_MARKS: Final = {
    "SSMParam": (("ssm", "GetParameter", "Name", "key"),),
    "SecretsParam": (("secretsmanager", "GetSecretValue", "SecretId", "key"),),
    "DynamoDbParam": (("dynamodb", "GetItem", "TableName", "table"),),
    "AppConfigParam": (
        ("appconfigdata", "StartConfigurationSession", "", ""),
        ("appconfigdata", "GetLatestConfiguration", "", ""),
    ),
    "LargeMessage": (("s3", "GetObject", "", ""), ("s3", "DeleteObject", "", "")),
}
"""Annotations of Powertools: the operations, and the parameter that one of their elements is."""

_INVOKED: Final = frozenset(("build", "processLargeMessage", "getSecretString", "getSecretBinary"))
_IDEMPOTENCY: Final = ("GetItem", "PutItem", "UpdateItem", "DeleteItem")
_JAVA: Final = ("java.", "javax.", "jakarta.", "kotlin.", "scala.", "sun.", "jdk.")
_QUIET: Final = lazy_regex(
    r"com\.amazonaws\.services\.lambda\.runtime|com\.amazonaws\.services\.lambda\.crac|com\.amazonaws\.xray|"
    r"com\.amazonaws\.([A-Z]|(auth|regions|client|retry|metrics|util|http|event|handlers|internal|waiters)(\.|$))|"
    r"com\.amazonaws\.serverless|com\.amazonaws\.secretsmanager\.caching|com\.amazonaws\.lambda\.|"
    r"software\.amazon\.(awssdk|awscdk|lambda\.(powertools|runtime|durable)|jsii)\.|software\.constructs|"
    r"io\.(micronaut|quarkus)\.|org\.springframework\.cloud\.function|io\.goodforgod\."
)
"""Packages around AWS whose calls are known, or that make no client by themselves."""

_SMELL: Final = lazy_regex(r"(^|\.)(amazon\w*|aws\w*|dynamo\w*|s3\w*|sqs\w*|sns\w*|kinesis\w*)(\.|$)")
_OWN_CLIENT: Final = lazy_regex(r"\.(springframework\.cloud\.aws|awspring)\.")


class Libraries:
    """``found`` is where calls are noted; how a place is reached is handed in."""

    def __init__(self, flow: Flow, found: Collector, first: FirstCalls) -> None:
        self.flow = flow
        self.found = found
        self.first = first
        self._services: list[Service] | None = None

    # ------------------------------------------------------------------------------------ calls

    def marked(self, node: Node, method: Method, how: How) -> None:
        """An annotation on a field or a method."""
        name = method.file.text(node.child_by_field_name("name"))
        rules = _MARKS.get(name.rpartition(".")[2])
        if rules is None or not self._is_powertools(name, method):
            return
        given = dict(self._elements(node, method.file))
        kept = given.get("deleteS3Object")
        for service, operation, parameter, element in rules:
            if operation == "DeleteObject" and kept is not None and method.file.text(kept) == "false":
                continue
            value = given.get(element)
            choices: Choices = {parameter: self.flow.values(value, method)} if value is not None else {}
            self._call(service, operation, node, method, choices, how, f"Powertools' @{name}")

    def _is_powertools(self, name: str, method: Method) -> bool:
        full = self.flow.full(name, method.owner)
        file = method.file
        return full.startswith(_POWERTOOLS) or (
            "." not in full and any(one.startswith(_POWERTOOLS) for one in (*file.imports.values(), *file.all))
        )

    @staticmethod
    def _elements(node: Node, file: File) -> Iterator[tuple[str, Node]]:
        listed = node.child_by_field_name("arguments")
        for one in listed.named_children if listed is not None else []:
            if one.type == "element_value_pair":
                value = one.child_by_field_name("value")
                if value is not None:
                    yield file.text(one.child_by_field_name("key")), value
            else:
                yield "key", one

    def invoked(self, node: Node, inner: Node, name: str, method: Method, how: How) -> None:
        """A method of a library is called."""
        if name not in _INVOKED:
            return
        first = method.file.text(root(node))  # of a chain of calls as far away as it is long
        if name == "build" and first.rpartition(".")[2] == "DynamoDBPersistenceStore":
            choices: Choices = {}
            for member, arguments in links(node, method.file):
                if member == "withTableName" and arguments:
                    choices["TableName"] = self.flow.values(arguments[0], method)
            for operation in _IDEMPOTENCY:
                self._call("dynamodb", operation, node, method, choices, how, "idempotency")
        elif name == "processLargeMessage" and first.rpartition(".")[2] == "LargeMessages":
            for operation in ("GetObject", "DeleteObject"):
                self._call("s3", operation, node, method, {}, how, "Powertools' large messages")
        elif name in ("getSecretString", "getSecretBinary") and self.flow.of(inner, method) == _CACHE:
            arguments = self.flow.arguments(node)
            choices = {"SecretId": self.flow.values(arguments[0], method)} if arguments else {}
            for operation in ("DescribeSecret", "GetSecretValue"):
                self._call("secretsmanager", operation, node, method, choices, how, "cache")

    def _call(
        self,
        service: str,
        operation: str,
        node: Node,
        method: Method,
        choices: Choices,
        how: How,
        through: str,
    ) -> None:
        at = method.file.span(node)
        given = How(reached=how["reached"], every=False, way=how["way"])
        self.found.call(service, operation, at, choices, complete=False, through=through, **given)

    def handed(self, node: Node, method: Method, reached: bool) -> None:
        """A client is with code that was not read."""
        for argument in self.flow.arguments(node):
            kind = self.flow.of(argument, method) if argument.type in ("identifier", "field_access") else None
            if kind is None:
                continue
            of_first = is_client(kind) or kind in MAPPERS or kind.startswith(DOCUMENT)
            if not of_first and (not kind.startswith(SERVICES) or not kind.endswith("Client")):
                continue
            whose = self._whose(node, method)
            if whose is None or whose.startswith((SDK, FIRST, _POWERTOOLS, _CACHE, *_JAVA)) or "." not in whose:
                continue
            package = kind.removeprefix(SERVICES).split(".")[0]
            service = service_of(kind) if of_first else Services.load().of_package(package)
            reason = f"what `{whose}` does with it is not followed"
            at = method.file.span(node)
            name = service.name if service is not None else ""
            self.found.unfollowed("a client that is handed over", reason, at, name, reached)

    def _whose(self, node: Node, method: Method) -> str | None:
        """The class from elsewhere that a call, or a chain of calls, belongs to."""
        if node.type == "object_creation_expression":
            return self.flow.named(node.child_by_field_name("type"), method.owner)
        first = root(node)
        if first.type not in ("identifier", "field_access"):
            return None
        return self.flow.of(first, method) or self.flow.full(method.file.text(first), method.owner)

    # ---------------------------------------------------------------------------------- imports

    def services(self, classes: dict[str, Class]) -> list[Service]:
        """The services of which a program imports something."""
        if self._services is None:
            self._services = []
            for file in {id(one.file): one.file for one in classes.values()}.values():
                for name in (*file.imports.values(), *file.all):
                    found: Service | None = None
                    if name.startswith(SERVICES):
                        found = Services.load().of_package(name.removeprefix(SERVICES).split(".")[0])
                    elif name.startswith(FIRST) and ".lambda.runtime" not in name:
                        found = service_of(name)
                    if found is not None and found not in self._services:
                        self._services.append(found)
        return self._services

    def imports(self, file: File, classes: dict[str, Class]) -> None:
        """What a file imports that may call AWS, and what was not read."""
        at = Span(file.source, 0, 0)
        packages = {one.rpartition(".")[0] for one in classes}
        groups = tuple({".".join(one.split(".")[:3]) + "." for one in packages if "." in one})
        for name in (*file.imports.values(), *file.all):
            if name.startswith(FIRST) and ".lambda.runtime" not in name:
                if self.first.imported(name, file) or _QUIET.match(name):
                    continue
                service = service_of(name)
                what = f"`{name.removeprefix(FIRST)}` of version 1 of the SDK for Java"
                self.found.unfollowed(what, "it is not followed", at, service.name if service else "")
            elif name.startswith((SDK + "http.auth", SDK + "auth.signer")):
                self.found.unfollowed("requests that are signed by hand", "which they are is not known", at)
            elif _OWN_CLIENT.search(name):
                self.found.unfollowed(f"the package `{name}`", "it calls AWS by itself", at)
            elif name.startswith(_JAVA) or _QUIET.match(name) or _is_own(name, packages, classes):
                continue
            else:
                package = ".".join(part for part in name.split(".")[:4] if part[:1].islower())
                if name.startswith(groups):
                    reason = "it is a part of this project that is not among the function's files"
                    self.found.unfollowed(f"the package `{package}`", reason, at)
                elif _SMELL.search(package):
                    self.found.unfollowed(f"the package `{package}`", "its source was not read", at)
                else:
                    reason = "its source was not read; it is taken to make no client of AWS by itself"
                    self.found.note(f"the package `{package}`", reason, at)


def _is_own(name: str, packages: set[str], classes: dict[str, Class]) -> bool:
    """Whether an import is of the source itself: a class, a member of one, or a package."""
    return name in classes or name in packages or name.rpartition(".")[0] in classes

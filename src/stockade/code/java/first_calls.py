"""The calls of version 1 of the SDK for Java: clients, the mapper to tables, documents, transfers of files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from tree_sitter import Node

from stockade.code.collect import Choices, Collector
from stockade.code.facts import Credentials
from stockade.code.java import first
from stockade.code.java.classes import File, Method, walk
from stockade.code.java.flow import HANDED_OUT, Flow
from stockade.code.java.syntax import links, root
from stockade.code.typed import How
from stockade.patterns import lazy_regex
from stockade.source import Span
from stockade.value import Known, Value, Written

_QUIET: Final = frozenset(
    ("builder", "close", "equals", "getCachedResponseMetadata", "getClass", "getRegion", "getRegionName")
) | frozenset(("getUrl", "hashCode", "setEndpoint", "setRegion", "shutdown", "toString", "waiters"))
_PARTS: Final = ("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload")
_ASSUMES: Final = "STSAssumeRoleSessionCredentialsProvider"
_ADDED: Final = lazy_regex(rb"\.\s*add(Put|Update|Delete|ConditionCheck)\s*\(")
_TRANSFERS: Final = {
    "upload": ("PutObject",),
    "uploadDirectory": ("PutObject",),
    "uploadFileList": ("PutObject",),
    "download": ("HeadObject", "GetObject"),
    "downloadDirectory": ("ListObjects", "HeadObject", "GetObject"),
    "copy": ("HeadObject", "CopyObject"),
}


class FirstCalls:
    """``found`` is where calls are noted; whose a client is, ``credentials`` knows."""

    def __init__(
        self, flow: Flow, found: Collector, credentials: Callable[[Node, Method], Credentials]
    ) -> None:
        self.flow = flow
        self.found = found
        self.credentials = credentials
        self._clients: dict[str, Span] = {}
        self._renamed: bool | None = None
        self._saves: tuple[str, ...] = ()

    def called(self, node: Node, inner: Node, kind: str, name: str, method: Method, how: How) -> None:
        """A method of something of the SDK's is called."""
        if first.is_client(kind):
            self._of_client(node, inner, kind, name, method, how)
        elif kind == first.TRANSACTION:
            if name in first.TRANSACTED:
                choices = self._mapped(node, method)
                self._note("dynamodb", first.TRANSACTED[name], node, inner, method, choices, how, "transaction")
        elif kind in first.MAPPERS and name == "transactionWrite" and self._written():
            return  # what is put into it is noted where that is done
        elif kind in first.MAPPERS:
            for operation in self._saved() if name == "save" else first.MAPPED.get(name, ()):
                choices = self._mapped(node, method) if not operation.startswith(("Batch", "Transact")) else {}
                self._note("dynamodb", operation, node, inner, method, choices, how, "mapper to tables")
        elif kind.startswith(first.DOCUMENT):
            self._of_document(node, inner, kind, name, method, how)
        elif kind == first.TRANSFER:
            for operation in _TRANSFERS.get(name, ()):
                choices, _ = self._given(node, "s3", operation, method)
                self._note("s3", operation, node, inner, method, choices, how, name)
            for operation in _PARTS if name.startswith("upload") else ():
                self._note("s3", operation, node, inner, method, {}, how, "upload in parts", certain=False)

    def made(self, node: Node, method: Method, how: How) -> None:
        """Something is made that asks for a role, which is its first argument."""
        kind = method.file.text(node.child_by_field_name("type"))
        arguments = self.flow.arguments(node)
        if _ASSUMES in kind.split(".") and arguments:
            choices: Choices = {"RoleArn": self.flow.values(arguments[0], method)}
            at = method.file.span(node)
            self.found.call("sts", "AssumeRole", at, choices, complete=False, through=_ASSUMES, **how)

    def imported(self, name: str, file: File) -> bool:
        """Whether what a file imports is followed; a client that is never called is told at the end."""
        if first.is_client(name) and (service := first.service_of(name)) is not None:
            self._clients.setdefault(service.name, Span(file.source, 0, 0))
        return first.is_known(name)

    def ended(self) -> None:
        """Tells the clients of whose calls none was found."""
        for service, at in self._clients.items():
            if not self.found.calls(service):
                what = "a client of version 1 of the SDK for Java"
                self.found.unfollowed(what, "no call of it was found", at, service)

    # ------------------------------------------------------------------------------------ clients

    def _of_client(self, node: Node, inner: Node, kind: str, name: str, method: Method, how: How) -> None:
        service = first.service_of(kind)
        if service is None:
            what = f"`{kind.rpartition('.')[2]}`"
            at = method.file.span(node)
            self.found.unfollowed(what, "which service it belongs to is not known", at, "", how["reached"])
            return
        through = ""
        operation = first.operation_of(service, name)
        if service.name == "s3" and name == "generatePresignedUrl":
            written = " ".join(method.file.text(one) for one in self._said(node, method))
            verb = next((one for one in ("PUT", "DELETE", "HEAD") if f"HttpMethod.{one}" in written), "GET")
            operation, through = service.operation(f"{verb.capitalize()}Object"), "presigned URL"
        if operation is None:
            if name not in _QUIET | HANDED_OUT:
                at = method.file.span(node)
                reason = "it is no operation that is known"
                self.found.unfollowed(f"`{name}`", reason, at, service.name, how["reached"])
            return
        choices, complete = self._given(node, service.name, operation.name, method)
        self._note(service.name, operation.name, node, inner, method, choices, how, through, complete=complete)

    def _said(self, node: Node, method: Method) -> Iterator[Node]:
        """The arguments of a call, and what they are made of where they have a name."""
        for one in self.flow.arguments(node):
            yield one
            if one.type == "identifier":
                for source, owner in self.flow.sources(one, method):
                    if owner.file is method.file:
                        yield source

    def _given(self, node: Node, service: str, operation: str, method: Method) -> tuple[Choices, bool]:
        """The parameters of a call, of its request or as its own arguments, and whether these are all."""
        arguments = self.flow.arguments(node)
        if not arguments:
            return {}, True
        choices: Choices = {}
        complete = True
        names = first.positions(service, operation)
        requested = False
        for source, owner in self.flow.sources(arguments[0], method):
            begin = root(source)
            if begin.type == "object_creation_expression":
                made = self.flow.named(begin.child_by_field_name("type"), owner.owner) or ""
                if made.endswith("Request"):
                    requested = True
                    self._keep(names, self.flow.arguments(begin), owner, choices)
                    for name, values in links(source, owner.file):
                        self._set(name, values, owner, choices)
        if arguments[0].type == "identifier" and (requested or self._is_request(arguments[0], method)):
            requested, complete = True, False
            self._stepwise(arguments[0], method, choices)
        if not requested:
            if self._is_request(arguments[0], method):
                return {}, False
            self._keep(names, arguments, method, choices)
        return self._copied(choices, method.file.span(node)), complete

    def _is_request(self, node: Node, method: Method) -> bool:
        return (self.flow.of(node, method) or "").endswith("Request")

    def _keep(self, names: tuple[str, ...], arguments: list[Node], owner: Method, choices: Choices) -> None:
        for name, argument in zip(names, arguments, strict=False):
            choices.setdefault(name, self.flow.values(argument, owner))

    def _set(self, name: str, arguments: list[Node], owner: Method, choices: Choices) -> None:
        parameter = first.member(name)
        if parameter is not None and arguments:
            values = self.flow.values(arguments[0], owner)
            one = self.flow.argument(parameter, arguments, owner, 1)
            choices[parameter] = values if len(arguments) == 1 and len(values) > 1 else [one]

    def _stepwise(self, name: Node, method: Method, choices: Choices) -> None:
        """What statements set of a request that has a name."""
        body = method.node.child_by_field_name("body")
        wanted = method.file.text(name)
        for one in walk(body) if body is not None else []:
            if one.type == "expression_statement" and one.named_children:
                call = one.named_children[0]
                if call.type == "method_invocation" and method.file.text(root(call)) == wanted:
                    for member, arguments in links(call, method.file):
                        self._set(member, arguments, method, choices)

    @staticmethod
    def _copied(choices: Choices, at: Span) -> Choices:
        """A copy by the API's names, which have the source as one parameter."""
        source: dict[str, Value[Any]] = {
            part: values[0] for part in ("Bucket", "Key") if (values := choices.pop(f"source{part}", None))
        }
        if source:
            choices["CopySource"] = [Known(source, Written(at))]
        return choices

    # ------------------------------------------------------------------------------------- tables

    def _of_document(self, node: Node, inner: Node, kind: str, name: str, method: Method, how: How) -> None:
        last = kind.removeprefix(first.DOCUMENT)
        service = first.service_of(kind)
        operation = service.by_any_case(name.removesuffix("Outcome")) if service is not None else None
        if last not in ("Table", "Index", "DynamoDB") or operation is None:
            return
        choices: Choices = {}
        if last != "DynamoDB":
            made = self.flow.sources(inner, method)
            for source, owner in [
                *made,
                *(each for one, of in made for each in self.flow.sources(root(one), of)),
            ]:
                for name, arguments in links(source, owner.file):
                    if name in ("getTable", "getIndex") and arguments:
                        choices[f"{name[3:]}Name"] = self.flow.values(arguments[0], owner)
        self._note("dynamodb", operation.name, node, inner, method, choices, how, "document of a table")

    def _texts(self) -> list[bytes]:
        files = {id(one.file): one.file for one in self.flow.classes.values()}
        return [one.source.data for one in files.values()]

    def _written(self) -> bool:
        """Whether all that transactions of the mapper hold is said by calls of the program."""
        found = {one for text in self._texts() for one in _ADDED.findall(text)}
        return bool(found) and b"ConditionCheck" not in found

    def _saved(self) -> tuple[str, ...]:
        """What saving by the mapper calls: it puts where the program says so, or where keys are made up."""
        if not self._saves:
            said = {found[0] for text in self._texts() for found in first.PUTS.finditer(text)}
            made = any(one.startswith(b"Dynamo") for one in said)
            self._saves = (() if said and not made else ("UpdateItem",)) + (("PutItem",) if said else ())
        return self._saves

    def _mapped(self, node: Node, method: Method) -> Choices:
        """The table of the class that is asked for, or of the object that is saved, by its annotation."""
        if self._renamed is None:
            names = (b"TableNameOverride", b"TableNameResolver")
            self._renamed = any(one in text for text in self._texts() for one in names)
        arguments = self.flow.arguments(node)
        if self._renamed or not arguments:
            return {}
        argument = arguments[0]
        if argument.type == "class_literal":
            kind = (
                self.flow.named(argument.named_children[0], method.owner) if argument.named_children else None
            )
        else:
            kind = self.flow.of(argument, method)
        declared = self.flow.classes.get(kind) if kind is not None else None
        for one in self.flow.line(declared) if declared is not None else ():
            marks = [each for each in one.node.named_children if each.type == "modifiers"]
            pairs = [each for mark in marks for each in walk(mark) if each.type == "element_value_pair"]
            for pair in pairs:
                value = pair.child_by_field_name("value")
                if one.file.text(pair.child_by_field_name("key")) == "tableName" and value is not None:
                    return {"TableName": self.flow.values(value, Method("", one, one.node))}
        return {}

    # ------------------------------------------------------------------------------------- noting

    def _note(
        self,
        service: str,
        operation: str,
        node: Node,
        inner: Node,
        method: Method,
        choices: Choices,
        how: How,
        through: str,
        *,
        complete: bool = False,
        certain: bool = True,
    ) -> None:
        self.found.call(
            service,
            operation,
            method.file.span(node),
            choices,
            complete=complete,
            credentials=self.credentials(inner, method),
            certain=certain,
            through=through,
            **how,
        )

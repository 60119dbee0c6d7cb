"""The calls of the SDK in one method of Java, with what their requests hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from tree_sitter import Node

from stockade.code import lost
from stockade.code.collect import Choices, Collector, frozen
from stockade.code.facts import Credentials
from stockade.code.java.classes import CLASSES, LOADED, Class, Method, members, walk
from stockade.code.java.first import DOCUMENT, FIRST
from stockade.code.java.first_calls import FirstCalls
from stockade.code.java.flow import HANDED_OUT, SDK, SERVICES, Flow
from stockade.code.java.libraries import Libraries
from stockade.code.java.syntax import links, root
from stockade.code.services import Service, Services
from stockade.code.typed import How
from stockade.patterns import lazy_regex
from stockade.source import Span
from stockade.value import Known, Value, Written

_UPLOAD: Final = ("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload")
_TABLE: Final = frozenset(
    ("getItem", "putItem", "deleteItem", "updateItem", "query", "scan", "createTable", "describeTable")
)
_WITH_TABLES: Final = frozenset(
    ("mappedTableResource", "addWriteBatch", "addReadBatch", "writeBatches", "readBatches", "addGetItem")
)
_TOKEN: Final = ("RdsUtilities", "generateAuthenticationToken")
"""What signs in to a database; nothing is sent, and the role needs it all the same."""

_QUIET: Final = frozenset(
    ("close", "serviceName", "utilities", "waiter", "serviceClientConfiguration", "builder")
)
_OTHERS: Final = lazy_regex(
    r"StsAssumeRole|StsWebIdentity|StsGetSession|StaticCredentials|AnonymousCredentials|ProfileCredentials|"
    r"STSAssumeRole|STSSession|Basic(AWS|Session)Credentials|AnonymousAWSCredentials|WebIdentityToken"
)
_POWERTOOLS: Final = {
    "SSMProvider": ("ssm", {"get": ("GetParameter", "Name"), "getMultiple": ("GetParametersByPath", "Path")}),
    "SsmProvider": ("ssm", {"get": ("GetParameter", "Name"), "getMultiple": ("GetParametersByPath", "Path")}),
    "SecretsProvider": ("secretsmanager", {"get": ("GetSecretValue", "SecretId")}),
}
_MOST_TELLING: Final = (Credentials.OTHER, Credentials.UNKNOWN, Credentials.OWN)


class Calls:
    """Finds calls; what leads to a method is told by whoever asks."""

    def __init__(self, classes: dict[str, Class]) -> None:
        self.classes = classes
        self.flow = Flow(classes)
        self.found = Collector()
        self.first = FirstCalls(self.flow, self.found, self._credentials)
        self.libraries = Libraries(self.flow, self.found, self.first)
        self._branched: dict[int, frozenset[int]] = {}

    def conditional(self, node: Node, method: Method) -> bool:
        """Whether something in a method, or in what loading a class does, stands in a branch."""
        found = self._branched.get(id(method))
        if found is None:
            found = self._branched[id(method)] = conditionals(method.node)
        return node.id in found

    def nodes(self, method: Method) -> list[Node]:
        """Everything in a method's body; for a class, what its fields are given and its own blocks."""
        if method.name:
            body = method.node.child_by_field_name("body")
            return walk(body) if body is not None else []
        return [node for one in members(method.node) if one.type in LOADED for node in walk(one)]

    def calls(self, method: Method, come: How) -> None:
        """Note the calls of one method, to which the program comes in a way."""
        reached, way = come["reached"], come["way"]
        marks = How(reached=reached, every=False, way=way)
        for node in (*_marks(method), *self.nodes(method)):
            if node.type == "annotation" or node.type == "marker_annotation":
                self.libraries.marked(node, method, marks)
            if node.type in ("method_invocation", "object_creation_expression") and reached:
                if not self.flow.called(node, method):
                    self.libraries.handed(node, method, reached)
            if node.type == "string_literal":
                text = method.file.text(node).strip('"')
                self.found.extension(text, method.file.span(node), reached, way)
            if node.type == "object_creation_expression":
                self.first.made(node, method, marks)
            inner, name = _named(node, method)
            if inner is None:
                continue
            how = How(reached=reached, every=come["every"] and not self.conditional(node, method), way=way)
            self._assumed(node, inner, name, method, how)
            self.libraries.invoked(node, inner, name, method, how)
            if name in ("builder", "create", "build") and inner.type in ("identifier", "field_access"):
                continue
            kind = self.flow.of(inner, method)
            if kind is None or lost.PARAMETER.fullmatch(kind):
                self._lost(node, name, method, how)
                continue
            if kind.endswith(".Builder"):
                continue
            if kind.startswith(SERVICES):
                self._of_client(node, inner, kind, name, method, how)
            elif kind.startswith(FIRST):
                self.first.called(node, inner, kind, name, method, how)
            elif kind.startswith(SDK + "enhanced.dynamodb."):
                self._enhanced(node, inner, kind, name, method, how)
            elif kind.endswith("S3TransferManager"):
                self._transfer(node, name, method, how)
            elif "powertools" in kind:
                self._powertools(node, kind, name, method, how)

    def _lost(self, node: Node, name: str, method: Method, how: How) -> None:
        """A call on what is not known: by its request it is a client's, by its name alone it may be one's."""
        unknown = how["reached"] and not self.flow.called(node, method)
        for argument in self.flow.arguments(node) if unknown else []:
            kind = self.flow.of(argument, method) or ""
            service = service_of(kind) if kind.startswith(SERVICES) and kind.endswith("Request") else None
            operation = service.by_any_case(name) if service is not None else None
            if service is not None and operation is not None:
                own = Credentials.UNKNOWN
                self._record(node, method, service.name, operation.name, argument, own, "", how)
                return
        receiver = method.file.text(node.child_by_field_name("object"))
        if unknown and self.flow.open(node, method):
            self.found.unfollowed(f"`{name}`", lost.WHY, method.file.span(node))
        elif (
            unknown and (maybe := lost.meant(name, self.libraries.services(self.classes), receiver)) is not None
        ):
            self.found.unfollowed(f"`{name}`", lost.WHY, method.file.span(node), maybe[0].name)

    def _assumed(self, node: Node, inner: Node, name: str, method: Method, how: How) -> None:
        if name != "build" or "StsAssumeRoleCredentialsProvider" not in method.file.text(root(node)):
            return
        choices: Choices = {}
        for given in self._given_to("roleArn", node, method):
            choices["RoleArn"] = self.flow.values(given, method)
        at = method.file.span(node)
        self.found.call(
            "sts", "AssumeRole", at, choices, complete=False, through="StsAssumeRoleCredentialsProvider", **how
        )

    def _given_to(self, name: str, node: Node, method: Method) -> Iterator[Node]:
        """What calls of a name in an expression are given first."""
        for one in walk(node):
            if one.type == "method_invocation" and method.file.text(one.child_by_field_name("name")) == name:
                yield from self.flow.arguments(one)[:1]

    def _of_client(self, node: Node, inner: Node, kind: str, name: str, method: Method, how: How) -> None:
        service = service_of(kind)
        last = kind.rpartition(".")[2]
        if (last, name) == _TOKEN:
            own = self._credentials(inner, method)
            self._record(node, method, "rds", "GenerateDBAuthToken", None, own, "", how)
        if service is None or not last.endswith(("Client", "Presigner", "Waiter")):
            return
        arguments = self.flow.arguments(node)
        through = ""
        if last.endswith("Presigner"):
            operation = service.by_any_case(name.removeprefix("presign"))
            through = "presigned URL"
        elif last.endswith("Waiter"):
            operation = service.waiter(name.removeprefix("waitUntil"))
            through = "waiter"
        else:
            operation = service.by_any_case(name)
            for ending in ("Paginator", "AsBytes"):
                if operation is None and name.endswith(ending):
                    operation = service.by_any_case(name.removesuffix(ending))
                    through = "paginator" if ending == "Paginator" else ""
            if operation is None and name not in _QUIET | HANDED_OUT:
                at = method.file.span(node)
                reason = "it is no operation that is known"
                self.found.unfollowed(f"`{name}`", reason, at, service.name, how["reached"])
        if operation is not None:
            own = self._credentials(inner, method)
            first = arguments[0] if arguments else node if node.type == "method_reference" else None
            self._record(node, method, service.name, operation.name, first, own, through, how)

    def _record(
        self,
        node: Node,
        method: Method,
        service: str,
        operation: str,
        input: Node | None,
        credentials: Credentials,
        through: str,
        how: How,
        certain: bool = True,
    ) -> None:
        at = method.file.span(node)
        for source, owner in self.flow.sources(input, method) if input is not None else [(None, method)]:
            choices: Choices = {}
            names: dict[str, list[Value[Any]]] = {}
            complete = source is None
            if source is not None:
                chain, complete = self._request(source, owner)
                for name, arguments in chain:
                    if through == "presigned URL" and name.endswith("Request"):
                        self._keep_inner(arguments, owner, choices, names)
                    else:
                        self._keep(name, arguments, owner, choices, names)
            if operation == "CopyObject":
                choices = _copied(choices, at)
            self.found.call(
                service,
                operation,
                at,
                choices,
                complete=complete,
                names=names,
                credentials=credentials,
                certain=certain,
                through=through,
                **how,
            )

    def _request(self, node: Node, holder: Method) -> tuple[list[tuple[str, list[Node]]], bool]:
        """The members of a request: ``X.builder().a(…).build()``, or ``b -> b.a(…)``."""
        if node.type == "lambda_expression":
            body = node.child_by_field_name("body")
            if body is None:
                return [], False
            chains = (
                [body]
                if body.type == "method_invocation"
                else [
                    one.named_children[0]
                    for one in body.named_children
                    if one.type in ("expression_statement", "return_statement") and one.named_children
                ]
            )
            return [link for chain in chains for link in links(chain, holder.file)], True
        chain = links(node, holder.file)
        if chain and chain[0][0] in ("builder", "toBuilder"):
            return [link for link in chain[1:] if link[0] != "build"], chain[0][0] == "builder"
        if chain and chain[-1][0] == "build":
            return self._stepwise(node, holder), False
        return [], False

    def _stepwise(self, node: Node, holder: Method) -> list[tuple[str, list[Node]]]:
        """The members of a request whose builder has a name: ``b = X.builder(); b.a(…); b.build()``."""
        first = root(node)
        name = holder.file.text(first)
        out: list[tuple[str, list[Node]]] = []
        if first.type == "identifier" and (body := holder.node.child_by_field_name("body")) is not None:
            for source, owner in self.flow.sources(first, holder):
                if owner is holder:
                    out += links(source, owner.file)
            for one in _statements(body):
                if holder.file.text(root(one)) == name:
                    out += links(one, holder.file)
        return [link for link in out if link[0] not in ("build", "builder", "toBuilder")]

    def _keep_inner(
        self, arguments: list[Node], owner: Method, choices: Choices, names: dict[str, list[Value[Any]]]
    ) -> None:
        """Keep the members of a request that is a member of another one."""
        for source, holder in self.flow.sources(arguments[0], owner) if arguments else ():
            for member, given in self._request(source, holder)[0]:
                self._keep(member, given, holder, choices, names)

    def _keep(
        self,
        name: str,
        arguments: list[Node],
        owner: Method,
        choices: Choices,
        names: dict[str, list[Value[Any]]],
    ) -> None:
        if not arguments:
            return
        if len(arguments) == 1:
            values = self.flow.values(arguments[0], owner)
            one = self.flow.argument(name, arguments, owner, 1)
            choices[name] = values if len(values) > 1 else [one]
        else:
            choices[name] = [self.flow.argument(name, arguments, owner, 1)]
        if name == "requestItems":
            for source, holder in self.flow.sources(arguments[0], owner):
                if holder.file.text(root(source)) in ("Map", "Collections", "ImmutableMap"):
                    given = self.flow.arguments(source)
                    names["RequestItems"] = [key for one in given[::2] for key in self.flow.values(one, holder)]

    def _enhanced(self, node: Node, inner: Node, kind: str, name: str, method: Method, how: How) -> None:
        last = kind.rpartition(".")[2]
        service = Services.load().service("dynamodb")
        operation = service.by_any_case(name) if service is not None else None
        if operation is None:
            return
        choices: Choices = {}
        names: dict[str, list[Value[Any]]] = {}
        if last.endswith(("Table", "Index")):
            if name not in _TABLE:
                return
            first = root(inner) if root(inner).type == "identifier" else inner
            for source, owner in self.flow.sources(first, method):
                for given in self._given_to("table", source, owner):
                    choices["TableName"] = self.flow.values(given, owner)
        elif not name.startswith(("batch", "transact")):
            return
        else:
            tables = (value for given in self.flow.arguments(node) for value in self._tables(given, method, 5))
            names["RequestItems"] = list({frozen(one): one for one in tables}.values())
        at = method.file.span(node)
        self.found.call(
            "dynamodb",
            operation.name,
            at,
            choices,
            complete=False,
            names=names if any(names.values()) else None,
            through="enhanced client",
            **how,
        )

    def _tables(self, node: Node, method: Method, depth: int) -> list[Value[Any]]:
        """The tables of a request for several at once, wherever its parts are made."""
        out: list[Value[Any]] = []
        for source, owner in self.flow.sources(node, method) if depth else ():
            chain = links(source, owner.file) or []
            if chain and chain[-1][0] == "build" and root(source).type == "identifier":
                chain = [*chain, *self._stepwise(source, owner)]
                chain += [
                    link
                    for one, holder in self.flow.sources(root(source), owner)
                    for link in links(one, holder.file)
                ]
            for name, arguments in chain:
                if name == "table" and arguments:
                    out += self.flow.values(arguments[0], owner)
                elif name in _WITH_TABLES:
                    out += (value for one in arguments for value in self._tables(one, owner, depth - 1))
        return out

    def _transfer(self, node: Node, name: str, method: Method, how: How) -> None:
        at = method.file.span(node)
        choices: Choices = {}
        for given in self.flow.arguments(node)[:1]:
            for source, owner in self.flow.sources(given, method):
                for member, arguments in self._request(source, owner)[0]:
                    if member.endswith("ObjectRequest"):
                        self._keep_inner(arguments, owner, choices, {})
        if name.startswith("upload"):
            self.found.call("s3", "PutObject", at, choices, complete=False, through="upload", **how)
            for operation in _UPLOAD:
                self.found.call(
                    "s3",
                    operation,
                    at,
                    choices,
                    complete=False,
                    certain=False,
                    through="upload in parts",
                    **how,
                )
        elif name.startswith("download"):
            self.found.call("s3", "GetObject", at, choices, complete=False, through="download", **how)
        if name.endswith("Directory"):
            self.found.call("s3", "ListObjectsV2", at, {}, complete=False, through="download", **how)

    def _powertools(self, node: Node, kind: str, name: str, method: Method, how: How) -> None:
        found = _POWERTOOLS.get(kind.rpartition(".")[2])
        if found is None or name not in found[1]:
            return
        service, (operation, parameter) = found[0], found[1][name]
        arguments = self.flow.arguments(node)
        choices: Choices = {parameter: self.flow.values(arguments[0], method)} if arguments else {}
        given = How(reached=how["reached"], every=False, way=how["way"])
        at = method.file.span(node)
        self.found.call(
            service, operation, at, choices, complete=False, through="Powertools parameters", **given
        )

    def _credentials(self, inner: Node, method: Method) -> Credentials:
        """Whose a client is: somebody else's where its construction speaks of other credentials.

        A builder that has a name may be given them in a branch, and a client may be made in several ways (here
        for local runs, there for Lambda): then it is the role's own or another's.
        """
        found: set[Credentials] = set()
        for source, owner in self.flow.sources(inner, method):
            chain = links(source, owner.file)
            said = {self._given(chain, owner) or self._handed(source, owner) or Credentials.OWN}
            if chain and chain[-1][0] == "build":
                said |= self._later(root(source), owner)
            found.add(next(one for one in _MOST_TELLING if one in said))
        return found.pop() if len(found) == 1 else Credentials.UNKNOWN if found else Credentials.OWN

    def _given(self, chain: Iterable[tuple[str, list[Node]]], owner: Method) -> Credentials | None:
        """Whose credentials the links of a construction give; ``None`` where they say nothing of them."""
        for name, arguments in chain:
            if name in ("credentialsProvider", "withCredentials", "setCredentials") and arguments:
                texts = [holder.file.text(one) for one, holder in self.flow.sources(arguments[0], owner)]
                others = [one for one in texts if _OTHERS.search(one)]
                if others:
                    return Credentials.OTHER if len(others) == len(texts) else Credentials.UNKNOWN
        return None

    def _handed(self, node: Node, owner: Method) -> Credentials | None:
        """Whose credentials something is made with by version 1: they, or a client, are its first argument."""
        inner = node.child_by_field_name("object")
        if inner is not None and (self.flow.of(inner, owner) or "").startswith(DOCUMENT):
            return self._credentials(inner, owner)
        node = root(node)
        if node.type != "object_creation_expression":
            return None
        kind = self.flow.named(node.child_by_field_name("type"), owner.owner)
        arguments = self.flow.arguments(node)
        if kind is None or not kind.startswith(FIRST) or not arguments:
            return None
        if any(_OTHERS.search(holder.file.text(one)) for one, holder in self.flow.sources(arguments[0], owner)):
            return Credentials.OTHER
        return self._credentials(arguments[0], owner)

    def _later(self, first: Node, owner: Method) -> set[Credentials]:
        """What is said of credentials in statements about a builder by its name, and where it begins."""
        body = owner.node.child_by_field_name("body")
        out: set[Credentials] = set()
        if first.type != "identifier" or body is None:
            return out
        name = owner.file.text(first)
        for source, holder in self.flow.sources(first, owner):
            if given := self._given(links(source, holder.file), holder):
                out.add(given)
        branched: frozenset[int] | None = None
        for one in _statements(body):
            if owner.file.text(root(one)) == name and (given := self._given(links(one, owner.file), owner)):
                branched = conditionals(body) if branched is None else branched
                out.add(Credentials.UNKNOWN if one.id in branched else given)
        return out


def _copied(choices: Choices, at: Span) -> Choices:
    """A request to copy an object by the API's names: this SDK says source and destination apart."""
    names = {"destinationBucket": "Bucket", "destinationKey": "Key"}
    out = {names.get(name, name): values for name, values in choices.items() if not name.startswith("source")}
    source = {part: choices[f"source{part}"][0] for part in ("Bucket", "Key") if choices.get(f"source{part}")}
    if source and "copySource" not in out:
        out["CopySource"] = [Known(source, Written(at))]
    return out


def _named(node: Node, method: Method) -> tuple[Node | None, str]:
    """What a method is called on, and its name: ``store.save(item)``, or ``store::save`` for others to call."""
    if node.type == "method_invocation":
        return node.child_by_field_name("object"), method.file.text(node.child_by_field_name("name"))
    if node.type == "method_reference" and len(node.named_children) > 1:
        return node.named_children[0], method.file.text(node.named_children[-1])
    return None, ""


def _marks(method: Method) -> list[Node]:
    """The annotations of a method."""
    for one in method.node.named_children if method.name else []:
        if one.type == "modifiers":
            return [each for each in one.named_children if each.type.endswith("annotation")]
    return []


def service_of(kind: str) -> Service | None:
    """The service of a class of the SDK."""
    name = kind.removeprefix(SERVICES).split(".")[0]
    return Services.load().of_package(name)


def conditionals(top: Node) -> frozenset[int]:
    """What below a node stands in a branch, the test of one not counted: the ids of the nodes.

    All of them at once, from above: to ask a node for what it stands in takes as long as it stands deep, and a
    chain of calls is as deep as it is long.
    """
    out: set[int] = set()
    stack = [(top, False)]
    while stack:
        node, inside = stack.pop()
        test: Node | None = None
        if node.type in ("if_statement", "ternary_expression"):
            test = node.child_by_field_name("condition")
            below = True
        else:
            below = inside or node.type in ("switch_block_statement_group", "switch_rule", "catch_clause")
        for child in node.named_children:
            if child.type in CLASSES:
                continue  # `walk` leaves them out as well
            within = inside if test is not None and child.id == test.id else below
            if within:
                out.add(child.id)
            stack.append((child, within))
    return frozenset(out)


def _statements(body: Node) -> list[Node]:
    """The calls in a body that are statements of their own, in their order."""
    found = (one for one in walk(body) if one.type == "expression_statement")
    return [each for one in found for each in one.named_children if each.type == "method_invocation"]

"""The AWS SDKs for JavaScript: which names are clients and commands, and which operations calls stand for."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from stockade.code.facts import BY_ADDRESS, Credentials
from stockade.code.javascript import answers, bound, middleware
from stockade.code.javascript.credentials import ASSUMED, OWN, whose
from stockade.code.javascript.known import DOCUMENT, QUIET, UPLOAD
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import (
    Bound,
    Client,
    Closure,
    Command,
    External,
    Helper,
    Listing,
    Literal,
    Native,
    Operation,
    Thing,
    Values,
    is_nothing,
    join,
)
from stockade.code.services import Service, Services
from stockade.source import Span

_OTHER_NAMES: Final = {"cloudwatchevents": "events", "cognitoidentityserviceprovider": "cognito-idp"}
"""Services whose name in version 2 of the SDK is neither their ID nor their name in Python's."""


_PARTS: Final = "upload in parts"
"""What makes the calls that only a large upload, or one that fails, takes."""

_SIGNED: Final = frozenset(("getSignedUrl", "getSignedUrlPromise"))
_DOCUMENT_PACKAGE: Final = "@aws-sdk/lib-dynamodb"


@cache
def service_named(name: str) -> Service | None:
    """A service by whatever its class is called in version 2 (``StepFunctions``), or in version 3 (``SFN``)."""
    services = Services.load()
    return services.service(_names().get(_bare(name), ""))


@cache
def _names() -> dict[str, str]:
    services = Services.load()
    found: dict[str, str] = {}
    for name in services.names:
        for one in services.called(name):
            found.setdefault(_bare(one), name)
    return {**found, **_OTHER_NAMES}


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def is_version_2(module: str) -> bool:
    return module == "aws-sdk" or module.startswith("aws-sdk/")


def version_2(external: External) -> tuple[str, ...]:
    """A name of version 2 as if it had been reached through ``AWS``: ``("DynamoDB", "DocumentClient")``."""
    module, path = external.module, external.path
    if module.startswith("aws-sdk/clients/") and module != "aws-sdk/clients/all":
        last = module.rpartition("/")[2].removesuffix(".js")
        if last == "dynamodb" and path[:1] == ("DynamoDB",):
            path = path[1:]
        return (last, *path)
    if module.startswith("aws-sdk/lib/dynamodb/document_client"):
        return ("dynamodb", "DocumentClient", *path)
    return path


def client_of(external: External) -> tuple[Service, str] | None:
    """The service and flavour of a client's class; ``None`` where the name is none."""
    if is_version_2(external.module):
        path = version_2(external)
        service = service_named(path[0]) if path else None
        if service is None:
            return None
        if len(path) == 1:
            return service, "2"
        return (service, "document") if path[1:] == ("DocumentClient",) else None
    if len(external.path) != 1:
        return None
    name = external.path[0]
    if external.module == _DOCUMENT_PACKAGE and name in ("DynamoDBDocument", "DynamoDBDocumentClient"):
        found = Services.load().service("dynamodb")
        return (found, "document") if found else None
    service = service_of(external.module)
    if service is None:
        return None
    if name.endswith("Client") or _bare(name) in (_bare(service.id), _bare(service.class_name)):
        return service, "3"
    return None


def service_of(module: str) -> Service | None:
    """The service of a client's package in version 3."""
    if not module.startswith("@aws-sdk/client-"):
        return None
    return Services.load().of_javascript("/".join(module.split("/")[:2]))


def operation_of_command(external: External) -> tuple[str, str] | None:
    """The service and operation of a command's class."""
    name = external.path[-1] if external.path else ""
    if len(external.path) != 1 or not name.endswith("Command"):
        return None
    stem = name.removesuffix("Command")
    if external.module == _DOCUMENT_PACKAGE:
        operation = DOCUMENT.get(stem.lower())
        return ("dynamodb", operation) if operation else None
    service = service_of(external.module)
    return (service.name, stem) if service is not None else None


def annotated(external: External, at: Span) -> Values:
    """What a parameter of this type is: a client, or nothing that is known."""
    found = client_of(external)
    return (Client(found[0].name, found[1], at),) if found else ()


# -------------------------------------------------------------------------------------- recording


def record(
    machine: Machine,
    service: str,
    operation: str,
    input: Values,
    at: Span,
    *,
    credentials: Credentials = Credentials.OWN,
    through: str = "",
    certain: bool = True,
    every: bool = True,
) -> Values:
    """Note a call, and give its answer."""
    machine.calling.update(id(node) for node, _ in machine.stack)
    machine.recorder.call(
        service,
        operation,
        at,
        input,
        credentials=credentials,
        reached=machine.reached,
        every=machine.every and every,
        certain=certain,
        way=tuple(span for _, span in machine.stack[1:]),
        through=through,
    )
    kind = ASSUMED if service == "sts" and operation.startswith(("AssumeRole", "GetFederationToken")) else ""
    if service == "cognito-identity" and operation == "GetCredentialsForIdentity":
        kind = ASSUMED
    kind = kind or answers.kind(machine, service, operation, input, at)
    answer = machine.unknown(f"it is what `{operation}` answers", at, kind)
    middleware.passed(machine, service, answer, at)
    return answer


def unfollowed(machine: Machine, what: str, reason: str, at: Span, service: str = "") -> None:
    machine.recorder.unfollowed(what, reason, at, service, machine.reached)


def answered(machine: Machine, arguments: list[Values], answer: Values, at: Span) -> None:
    """Hand an answer to the callback among the arguments."""
    for values in arguments:
        for atom in values:
            if isinstance(atom, Closure | Native | Bound):
                machine.call((atom,), (), [machine.unknown("it is an error", at), answer], at)


def send(
    machine: Machine, command: Command, client: Client | None, at: Span, through: str = "", certain: bool = True
) -> Values:
    """A command is sent; where the client is not known, it is not certain that it is."""
    command.used = True
    machine.sent.add(command.at)
    return record(
        machine,
        command.service,
        command.operation,
        bound.merged(client, command.input),
        command.at,
        credentials=client.credentials if client is not None else Credentials.UNKNOWN,
        certain=certain and client is not None,
        through=through,
    )


def commands(values: Values) -> tuple[list[Command], bool]:
    """The commands among the values, and whether there may be others."""
    found: list[Command] = []
    other = False
    for atom in values:
        if isinstance(atom, Command):
            found.append(atom)
        elif isinstance(atom, Thing) and atom.base:
            inner, more = commands(atom.base)
            found += inner
            other = other or more
        elif not is_nothing(atom):
            other = True
    return found, other


# ----------------------------------------------------------------------------------------- clients


def member(machine: Machine, client: Client, name: str, at: Span) -> Values:
    """A member of a client: its methods, taken off it."""
    if name == middleware.STACK:
        return middleware.stack(client.service, at)
    if name in ("config", "endpoint", "options", "api"):
        return machine.unknown("it is a part of a client", at)
    if name == "service":
        return (client,)
    return (Operation(client, name),)


def any_member(machine: Machine, atom: Client | External, at: Span) -> Values:
    """A member whose name is not known: of a client it may call any operation."""
    if isinstance(atom, Client):
        unfollowed(machine, "a method of a client", "which one is not known", at, atom.service)
    elif is_version_2(atom.module) or atom.module.startswith("@aws-sdk/"):
        service = service_of(atom.module)
        what = "a member of the AWS SDK"
        unfollowed(machine, what, "which one is not known", at, service.name if service else "")
    return machine.unknown("it is a member whose name is not known", at)


def assigned(machine: Machine, external: External, name: str, value: Values) -> None:
    """``AWS.config.credentials = …`` changes what the clients after it are made with."""
    if is_version_2(external.module) and external.path == ("config",) and name == "credentials":
        _defaulted(machine, value)


def _defaulted(machine: Machine, value: Values) -> None:
    """Credentials for all clients: set in a branch while files are loaded, they are not there in the others."""
    before = machine.default_credentials or machine.unknown("its own", machine.registry.at, OWN)
    branch = machine.loading and machine.branching
    machine.default_credentials = join(before, value) if branch else value


def call_client(machine: Machine, client: Client, name: str, arguments: list[Values], at: Span) -> Values:
    """Call a method of a client."""
    first = arguments[0] if arguments else ()
    if name == "send" and client.flavour != "2":
        return _sent(machine, client, arguments, at)
    if name in QUIET:
        for values in arguments:
            for atom in values:
                if isinstance(atom, Closure):
                    machine.call((atom,), (), [machine.unknown("it is handed over by the SDK", at)], at)
        return machine.unknown("it is a part of a client", at)
    if name in _SIGNED or name in ("makeRequest", "makeUnauthenticatedRequest"):
        return _named_operation(machine, client, name, arguments, at)
    service = Services.load().service(client.service)
    if name == "waitFor":
        return _waited(machine, client, service, arguments, at)
    if client.service == "s3" and client.flavour == "2" and name in ("upload", "createPresignedPost"):
        operations = UPLOAD if name == "upload" else ("PutObject",)
        answer: Values = ()
        for one in operations:
            through = "presigned URL" if name != "upload" else _part(one)
            answer = _called(machine, client, one, first, at, through)
        answered(machine, arguments[1:], answer, at)
        return answer
    operation = DOCUMENT.get(name.lower()) if client.flavour == "document" else None
    if operation is None and service is not None:
        found = service.by_any_case(name)
        operation = found.name if found is not None else None
    if operation is None and name.endswith("Async"):  # of Bluebird's `promisifyAll`
        return call_client(machine, client, name.removesuffix("Async"), arguments, at)
    if operation is None:
        unfollowed(machine, f"`{name}`", "the service has no such operation that is known", at, client.service)
        results, _ = machine.handed(f"`{name}`", arguments, at)
        return join(results, machine.unknown("it is the result of a method that is not known", at))
    plain = tuple(atom for atom in first if not isinstance(atom, Closure))
    answer = _called(machine, client, operation, plain, at)
    answered(machine, arguments, answer, at)
    return answer


def _called(
    machine: Machine, client: Client, operation: str, input: Values, at: Span, through: str = ""
) -> Values:
    return record(
        machine,
        client.service,
        operation,
        bound.merged(client, input),
        at,
        credentials=client.credentials,
        through=through,
        certain=through != _PARTS,
    )


def _sent(machine: Machine, client: Client, arguments: list[Values], at: Span) -> Values:
    first = arguments[0] if arguments else ()
    found, other = commands(first)
    answer = join(*(send(machine, one, client, at) for one in found))
    if other or (not found and first):
        unfollowed(machine, "`send`", "which command it sends is not known", at, client.service)
        if machine.reached:
            machine.sending.setdefault(client.service, {})[client] = None
        answer = join(answer, machine.unknown("it is the answer to a command that is not known", at))
    answered(machine, arguments[1:], answer, at)
    return answer


def _named_operation(machine: Machine, client: Client, name: str, arguments: list[Values], at: Span) -> Values:
    """``getSignedUrl("getObject", …)`` and ``makeRequest``: the operation is named by a text."""
    service = Services.load().service(client.service)
    through = "presigned URL" if name in _SIGNED else ""
    answer: Values = ()
    for atom in arguments[0] if arguments else ():
        found = service.by_any_case(str(atom.value)) if service and isinstance(atom, Literal) else None
        if found is None:
            unfollowed(machine, f"`{name}`", "which operation it is for is not known", at, client.service)
            continue
        input = arguments[1] if len(arguments) > 1 else ()
        answer = join(answer, _called(machine, client, found.name, input, at, through))
    answered(machine, arguments[1:], answer, at)
    return answer or machine.unknown("it is the answer to an operation that is not known", at)


def _waited(
    machine: Machine, client: Client, service: Service | None, arguments: list[Values], at: Span
) -> Values:
    answer: Values = ()
    for atom in arguments[0] if arguments else ():
        found = service.waiter(str(atom.value)) if service and isinstance(atom, Literal) else None
        if found is None:
            unfollowed(machine, "`waitFor`", "what it waits for is not known", at, client.service)
            continue
        input = arguments[1] if len(arguments) > 1 else ()
        answer = join(answer, _called(machine, client, found.name, input, at, "waiter"))
    answered(machine, arguments[1:], answer, at)
    return answer


# ------------------------------------------------------------------------ constructors and functions


def construct(machine: Machine, external: External, arguments: list[Values], at: Span) -> Values | None:
    """``new`` of a name of the SDK; ``None`` where it is nothing that calls AWS."""
    first = arguments[0] if arguments else ()
    command = operation_of_command(external)
    if command is not None:
        made = Command(*command, first, at)
        machine.commands.append((made, machine.reached))
        return (made,)
    found = client_of(external)
    if found is not None:
        service, flavour = found
        version = 2 if is_version_2(external.module) else 3
        given = whose(machine, first, version, at)
        machine.clients.add(service.name)
        always = bound.of(first) if version == 2 else None
        if service.name == BY_ADDRESS:
            always = bound.addressed(machine, always, first, at)
        return (Client(service.name, flavour, at, given, always),)
    if external.path == ("Upload",) and external.module == "@aws-sdk/lib-storage":
        return _upload(machine, first, "client", at)
    if is_version_2(external.module) and external.path[-1:] == ("ManagedUpload",):
        return _upload(machine, first, "service", at)
    if external.path == ("SignatureV4",) or external.path[-2:] == ("Signers", "V4"):
        service_name = machine.get(first, "service", at) if first else ()
        known = [str(atom.value) for atom in service_name if isinstance(atom, Literal) and atom.value]
        unfollowed(
            machine,
            "requests that are signed by hand",
            "which they are is not known",
            at,
            known[0] if known else "",
        )
        return machine.unknown("it signs requests", at)
    return None


def _part(operation: str) -> str:
    return "upload" if operation == "PutObject" else _PARTS


def _upload(machine: Machine, config: Values, key: str, at: Span) -> Values:
    given = machine.get(config, key, at)
    input = machine.get(config, "params", at)
    holder = next((atom for atom in given if isinstance(atom, Client)), None)
    credentials = holder.credentials if holder else Credentials.OWN if key == "service" else Credentials.UNKNOWN
    for one in UPLOAD:
        record(
            machine,
            "s3",
            one,
            input,
            at,
            credentials=credentials,
            certain=one == "PutObject",
            through=_part(one),
        )
    return (Helper("Upload", at, "s3"),)


def call(machine: Machine, external: External, arguments: list[Values], at: Span) -> Values | None:
    """Call a function of the SDK; ``None`` where it is nothing that calls AWS."""
    path, module = external.path, external.module
    name = path[-1] if path else ""
    first = arguments[0] if arguments else ()
    if module == _DOCUMENT_PACKAGE and path in (
        ("DynamoDBDocumentClient", "from"),
        ("DynamoDBDocument", "from"),
    ):
        return _document(machine, first, at)
    if name.startswith("paginate") and len(path) == 1:
        return _paginated(machine, module, name, arguments, at)
    if name.startswith(("waitUntil", "waitFor")) and len(path) == 1 and service_of(module) is not None:
        service = service_of(module)
        found = service.waiter(name.removeprefix("waitUntil").removeprefix("waitFor")) if service else None
        if service and found:
            return _with_config(machine, service.name, found.name, arguments, at, "waiter")
        unfollowed(machine, f"`{name}`", "what it waits for is not known", at, service.name if service else "")
        return machine.unknown("it waits", at)
    if module == "@aws-sdk/s3-request-presigner" and name == "getSignedUrl":
        return _presigned(machine, arguments, at)
    if module == "@aws-sdk/s3-presigned-post" and name == "createPresignedPost":
        holder = next((atom for atom in first if isinstance(atom, Client)), None)
        credentials = holder.credentials if holder else Credentials.UNKNOWN
        input = arguments[1] if len(arguments) > 1 else ()
        return record(machine, "s3", "PutObject", input, at, credentials=credentials, through="presigned URL")
    if is_version_2(module):
        if path in (("config", "update"), ("config", "setPromisesDependency")):
            given = machine.get(first, "credentials", at) if path[1] == "update" else ()
            if given and not all(map(is_nothing, given)):
                _defaulted(machine, given)
            return machine.unknown("it is the SDK's configuration", at)
        if client_of(external) is not None:  # S3() without new works too
            return construct(machine, external, arguments, at)
    if service_of(module) is not None and client_of(external) is not None:
        return construct(machine, external, arguments, at)
    return None


def _document(machine: Machine, first: Values, at: Span) -> Values:
    out: list[Values] = []
    for atom in first:
        if isinstance(atom, Client):
            out.append((Client("dynamodb", "document", at, atom.credentials),))
        elif isinstance(atom, Thing) and atom.base:
            out.append(_document(machine, atom.base, at))
        elif not is_nothing(atom):
            out.append((Client("dynamodb", "document", at),))
    return join(*out)


def _paginated(machine: Machine, module: str, name: str, arguments: list[Values], at: Span) -> Values | None:
    stem = name.removeprefix("paginate")
    if module == _DOCUMENT_PACKAGE:
        service_name, operation = "dynamodb", DOCUMENT.get(stem.lower(), stem)
    else:
        service = service_of(module)
        if service is None:
            return None
        service_name, operation = service.name, stem
    answer = _with_config(machine, service_name, operation, arguments, at, "paginator")
    return (Listing(at, (), answer, open=True),)


def _with_config(
    machine: Machine, service: str, operation: str, arguments: list[Values], at: Span, through: str
) -> Values:
    config = arguments[0] if arguments else ()
    given = machine.get(config, "client", at) if config else ()
    holder = next((atom for atom in (*given, *config) if isinstance(atom, Client)), None)
    credentials = holder.credentials if holder else Credentials.UNKNOWN
    input = arguments[1] if len(arguments) > 1 else ()
    return record(machine, service, operation, input, at, credentials=credentials, through=through)


def _presigned(machine: Machine, arguments: list[Values], at: Span) -> Values:
    holders = [atom for atom in (arguments[0] if arguments else ()) if isinstance(atom, Client)]
    found, other = commands(arguments[1] if len(arguments) > 1 else ())
    for one in found:
        send(machine, one, holders[0] if holders else None, at, "presigned URL")
    if other:
        unfollowed(machine, "`getSignedUrl`", "which command it is for is not known", at, "s3")
    return machine.unknown("it is a presigned URL", at)

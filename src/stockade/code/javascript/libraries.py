"""Libraries that call AWS by themselves, or hand clients through: Powertools, middy's middlewares, X-Ray."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stockade.code.facts import Credentials
from stockade.code.javascript import (
    combining,
    containers,
    dynamo_types,
    following,
    graphql,
    mappers,
    middleware,
    nest,
    node_modules,
    outside,
    patterned,
    wiring,
)
from stockade.code.javascript.credentials import ASSUMING, provider
from stockade.code.javascript.known import HARMLESS, KNOWN, ON_THEIR_OWN, SMELL, THROUGH
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.sdk import construct as of_sdk
from stockade.code.javascript.sdk import record, unfollowed
from stockade.code.javascript.unsaid import set_base
from stockade.code.javascript.values import (
    Client,
    Environment,
    External,
    Helper,
    Listing,
    Literal,
    Thing,
    Values,
    Words,
    is_nothing,
    join,
)
from stockade.source import Span

_Asked = Callable[[Machine, External, list[Values], Span], Values | None]
_POWERTOOLS: Final = "@aws-lambda-powertools/"
_XRAY: Final = ("aws-xray-sdk", "aws-xray-sdk-core")

_PROVIDERS: Final = {
    "SSMProvider": "ssm",
    "SecretsProvider": "secretsmanager",
    "AppConfigProvider": "appconfigdata",
    "DynamoDBProvider": "dynamodb",
}
_BY_METHOD: Final[dict[tuple[str, str], tuple[tuple[str, str, str], ...]]] = {
    ("ssm", "get"): (("ssm", "GetParameter", "Name"),),
    ("ssm", "getMultiple"): (("ssm", "GetParametersByPath", "Path"),),
    ("ssm", "getParametersByName"): (("ssm", "GetParameters", ""),),
    ("ssm", "set"): (("ssm", "PutParameter", "Name"),),
    ("secretsmanager", "get"): (("secretsmanager", "GetSecretValue", "SecretId"),),
    ("appconfigdata", "get"): (
        ("appconfigdata", "StartConfigurationSession", "ConfigurationProfileIdentifier"),
        ("appconfigdata", "GetLatestConfiguration", ""),
    ),
    ("dynamodb", "get"): (("dynamodb", "GetItem", ""),),
    ("dynamodb", "getMultiple"): (("dynamodb", "Query", ""),),
}
"""What the methods of Powertools' providers of parameters call, and the parameter that their argument is."""

_FUNCTIONS: Final = {
    "getParameter": ("ssm", "get"),
    "getParameters": ("ssm", "getMultiple"),
    "getParametersByName": ("ssm", "getParametersByName"),
    "setParameter": ("ssm", "set"),
    "getSecret": ("secretsmanager", "get"),
    "getAppConfig": ("appconfigdata", "get"),
}
_IDEMPOTENCY: Final = ("GetItem", "PutItem", "UpdateItem", "DeleteItem")


def loaded(machine: Machine, package: str, at: Span) -> None:
    """A package is imported: tell what may call AWS inside of it."""
    found = ON_THEIR_OWN.get(package)
    if found == "-":
        return
    if found is not None:
        unfollowed(machine, f"the package `{package}`", "it calls AWS by itself", at, found)
    elif SMELL.search(package) and not HARMLESS.match(package):
        unfollowed(machine, f"the package `{package}`", "its source was not read", at)


def has_a_row(specifier: str) -> bool:
    """Whether a module of a package calls AWS by itself as others of it do not."""
    return "/" in specifier and specifier in ON_THEIR_OWN


def is_known(package: str) -> bool:
    """Whether nothing needs to be told of a package: what it does is known, or told already."""
    return (
        package in KNOWN
        or graphql.is_package(package)
        or package in ON_THEIR_OWN
        or bool(SMELL.search(package))
        or bool(HARMLESS.match(package))
    )


# ------------------------------------------------------------------------------------- functions


def call(machine: Machine, external: External, arguments: list[Values], at: Span) -> Values | None:
    """Call a function of a library; ``None`` where nothing is known of it."""
    module, path = external.module, external.path
    name = path[-1] if path else ""
    first = arguments[0] if arguments else ()
    if name in THROUGH:
        if module in _XRAY:
            traced(machine, at)
        return first
    nest.register(machine, external, arguments)
    if (followed := _followed(wiring.called, machine, external, arguments, at)) is not None:
        return followed
    if module in mappers.PACKAGES:
        return mappers.call(machine, external, arguments, at)
    if module == dynamo_types.PACKAGE:
        return dynamo_types.call(external, arguments, at)
    if module in _XRAY and name.startswith("capture"):
        traced(machine, at)
        return None
    kind = provider(name)
    if kind:
        return _provided(machine, name, kind, arguments, at)
    if module.startswith(_POWERTOOLS):
        return _powertools(machine, module, name, arguments, at)
    if module.startswith("@middy/") or module == _MIDDY:
        return _middy(machine, module, name, first, at)
    if module in ("@aws-sdk/util-dynamodb", "http-errors"):
        return machine.unknown("it is computed", at)
    if module == "env-var" and name == "get" and first:
        known = [atom.value for atom in first if isinstance(atom, Literal) and isinstance(atom.value, str)]
        return join(*(machine.get((Environment(),), one, at) for one in known)) or None
    if (module, name) in (("util", "promisify"), ("bluebird", "promisify"), ("bluebird", "promisifyAll")):
        return first
    if (found := node_modules.call(machine, external, arguments, at)) is not None:
        return found
    if module == "util" and name == "inherits" and len(arguments) > 1:
        prototypes = (machine.get(one, "prototype", at) for one in arguments[:2])
        set_base(machine, *prototypes)
        return machine.undefined(at)
    if module == "@aws/durable-execution-sdk-js" and name == "withDurableExecution":
        for operation in ("CheckpointDurableExecution", "GetDurableExecutionState"):
            record(machine, "lambda", operation, (), at, through="durable execution")
        return None
    if module == "child_process" and name == "fork":
        unfollowed(machine, "another program", "what it does is not followed", at)
        return None
    if module == "child_process":
        return outside.program(machine, arguments, at)
    return None


def _followed(
    first: _Asked, machine: Machine, external: External, arguments: list[Values], at: Span
) -> Values | None:
    """What containers (asked ``first``), GraphQL servers and the tables of packages say of a call."""
    for asked in (first, patterned.called, graphql.called, combining.called, following.called):
        found = asked(machine, external, arguments, at)
        if found is not None:
            return found
    return None


def _provided(machine: Machine, name: str, kind: str, arguments: list[Values], at: Span) -> Values:
    if name in ASSUMING and arguments:
        given = machine.get(arguments[0], "params", at)
        input = given if any(isinstance(atom, Thing) for atom in given) else arguments[0]
        record(machine, "sts", "AssumeRole", input, at, through=name)
    return machine.unknown("it is a provider of credentials", at, kind)


def construct(machine: Machine, external: External, arguments: list[Values], at: Span) -> Values | None:
    """``new`` of a library's class; ``None`` where nothing is known of it."""
    name = external.path[-1] if external.path else ""
    module = external.module
    first = arguments[0] if arguments else ()
    if (made := node_modules.construct(external, at)) is not None:
        return made
    if name == "Worker" and module == "worker_threads":
        unfollowed(machine, "another thread", "what it does is not followed", at)
        return None
    if (followed := _followed(wiring.construct, machine, external, arguments, at)) is not None:
        return followed
    if module == mappers.PACKAGE:
        return mappers.construct(machine, external, arguments, at)
    if module == dynamo_types.PACKAGE:
        return dynamo_types.construct(external, arguments, at)
    if module.partition("/")[0] == mappers.TOOLBOX:
        return mappers.toolbox(machine, external, arguments, at)
    kind = provider(name)
    if kind and (module.startswith(("@aws-sdk/", "aws-sdk"))):
        return _provided(machine, name, kind, arguments, at)
    if not module.startswith(_POWERTOOLS):
        if name == "Signer" and module in (
            "@aws-sdk/rds-signer",
            "@aws-sdk/dsql-signer",
            "aws-sdk/clients/rds",
        ):
            return (Helper("Signer", at, "dsql" if "dsql" in module else "rds", first),)
        if name in ("AwsClient", "AWSSigner"):
            unfollowed(machine, "requests that are signed by hand", "which they are is not known", at)
        return None
    if name in _PROVIDERS:
        return (Helper(name, at, _PROVIDERS[name], first),)
    if name == "DynamoDBPersistenceLayer":
        for operation in _IDEMPOTENCY:
            record(
                machine,
                "dynamodb",
                operation,
                _table(machine, first, at),
                at,
                credentials=_configured(machine, first, at),
                through="idempotency",
            )
        return (Helper(name, at, "dynamodb", first),)
    if name == "Tracer":
        traced(machine, at)
    return (Helper(name, at),)


def traced(machine: Machine, at: Span) -> None:
    """Traces are sent with the function's permissions, where it is traced at all."""
    for operation in ("PutTraceSegments", "PutTelemetryRecords"):
        record(machine, "xray", operation, (), at, certain=False, every=False, through="X-Ray's daemon")


def _configured(machine: Machine, config: Values, at: Span) -> Credentials:
    for atom in machine.get(config, "awsSdkV3Client", at) if config else ():
        if isinstance(atom, Client):
            return atom.credentials
    return Credentials.OWN


def _table(machine: Machine, config: Values, at: Span) -> Values:
    made = Thing(at, open=True)
    for atom in config:
        if isinstance(atom, Thing) and "tableName" in atom.table:
            made.table["TableName"] = machine.get((atom,), "tableName", at)
    return (made,)


_CLIENTS: Final = {
    ("serverless-dynamodb-client", "doc"): ("DynamoDB", "DocumentClient"),
    ("serverless-dynamodb-client", "raw"): ("DynamoDB",),
}
"""What packages export that is a client already, and what it is of version 2 of the SDK."""


def exported(machine: Machine, external: External, at: Span) -> Values:
    """Something of a package: itself, or the client that it is."""
    client = _CLIENTS.get((external.module, ".".join(external.path)))
    made = of_sdk(machine, External("aws-sdk", client), [], at) if client is not None else None
    return made or (external,)


def helper(machine: Machine, holder: Helper, name: str, arguments: list[Values], at: Span) -> Values:
    """Call a method of a library's object."""
    first = arguments[0] if arguments else ()
    if name in THROUGH:
        return first
    if containers.is_one(holder):
        return wiring.method(machine, holder, name, arguments, at)
    if graphql.is_one(holder):
        return graphql.method(machine, holder, name, arguments, at)
    if following.is_followed(holder):
        return following.method(machine, holder, name, arguments, at)
    if holder.kind.startswith((mappers.PACKAGE, mappers.TOOLBOX)):
        return mappers.helper(machine, holder, name, arguments, at)
    if holder.kind.startswith(dynamo_types.PACKAGE):
        return dynamo_types.helper(machine, holder, name, at)
    if holder.kind == middleware.STACK:
        return middleware.method(machine, holder, name, arguments, at)
    if holder.kind == nest.SERVICE:
        return nest.asked(machine, name, arguments, at)
    if holder.kind == node_modules.STORAGE:
        return node_modules.stored(machine, holder, name, arguments, at)
    if holder.kind in _PROVIDERS:
        return _fetched(machine, holder.service, name, arguments, at, holder)
    if holder.kind == "Upload":
        return machine.unknown("it is the answer to an upload", at)
    if holder.kind == "Signer" and name.startswith(("getAuthToken", "getDbConnect")):
        return _token(machine, holder.service, name, holder.input, at)
    results, functions = machine.handed(f"`{name}`", arguments, at, clients=False)
    return join(results, machine.unknown(f"it is the result of `{name}`", at, "", functions))


def is_called(holder: Helper) -> bool:
    """Whether something is known of what a library's object does when it is called itself."""
    return following.is_followed(holder) or containers.is_one(holder) or graphql.is_one(holder)


def member(machine: Machine, holder: Helper, name: str, at: Span) -> Values:
    """A property of a library's object that is an object again; nothing for all else."""
    if containers.is_one(holder):
        return wiring.member(machine, holder, name, at)
    if graphql.is_one(holder):
        return graphql.member(holder)
    return following.member(machine, holder, name, at) if following.is_followed(holder) else ()


def assigned(machine: Machine, holder: Helper, name: str, value: Values, at: Span) -> None:
    """Assign to a property of a library's object."""
    if following.is_followed(holder):
        following.assigned(machine, holder, name, value, at)


def _token(machine: Machine, service: str, name: str, config: Values, at: Span) -> Values:
    """A token for a database is signed: no operation is called, but a permission is needed."""
    operation = "GenerateDBAuthToken"
    if service == "dsql":
        operation = "GenerateDbConnectAdminAuthToken" if "Admin" in name else "GenerateDbConnectAuthToken"
    made = Thing(at, open=True)
    for atom in config:
        if isinstance(atom, Thing):
            for member, parameter in (("hostname", "DBHostname"), ("port", "Port"), ("username", "DBUsername")):
                if member in atom.table:
                    made.table[parameter] = machine.get((atom,), member, at)
    return record(machine, service, operation, (made,), at, through="database token")


def _powertools(machine: Machine, module: str, name: str, arguments: list[Values], at: Span) -> Values | None:
    if module.startswith(_POWERTOOLS + "parameters") and name in _FUNCTIONS:
        service, method = _FUNCTIONS[name]
        return _fetched(machine, service, method, arguments, at, None)
    results, functions = machine.handed(f"`{name}`", arguments, at, clients=False)
    return join(results, machine.unknown(f"it is the result of `{name}`", at, "", functions))


def _fetched(
    machine: Machine, service: str, method: str, arguments: list[Values], at: Span, holder: Helper | None
) -> Values:
    calls = _BY_METHOD.get((service, method))
    if calls is None:
        return machine.unknown("it is a part of Powertools", at)
    first = arguments[0] if arguments else ()
    config = holder.input if holder is not None else ()
    answer: Values = ()
    for called, operation, parameter in calls:
        made = Thing(at, open=True)
        if parameter:
            made.table[parameter] = first
        elif operation == "GetParameters":
            names = join(*(one for one in (_keys(machine, first, at),)))
            made.table["Names"] = names
        elif called == "dynamodb" and config:
            made = next((one for one in _table(machine, config, at) if isinstance(one, Thing)), made)
        answer = record(
            machine,
            called,
            operation,
            (made,),
            at,
            credentials=_configured(machine, config, at),
            every=False,
            through="Powertools parameters",
        )
    return answer


def _keys(machine: Machine, values: Values, at: Span) -> Values:
    names: list[Values] = []
    open = False
    for atom in values:
        if isinstance(atom, Thing):
            names += [(Literal(name, atom.at),) for name in atom.table if name != "*"]
            open = open or atom.open
        elif not is_nothing(atom):
            open = True
    return (Listing(at, names, (), open),)


# ------------------------------------------------------------------------------------------ middy

_MIDDLEWARES: Final[dict[str, tuple[str, tuple[str, ...], str]]] = {
    "secrets-manager": ("secretsmanager", ("GetSecretValue",), "SecretId"),
    "s3": ("s3", ("GetObject",), ""),
    "dynamodb": ("dynamodb", ("GetItem",), ""),
    "sts": ("sts", ("AssumeRole",), ""),
    "appconfig": ("appconfigdata", ("StartConfigurationSession", "GetLatestConfiguration"), ""),
    "service-discovery": ("servicediscovery", ("DiscoverInstances",), ""),
    "ws-response": ("apigatewaymanagementapi", ("PostToConnection",), ""),
}
"""What middy's middlewares call for each entry of ``fetchData``, and the parameter that the entry is."""

_MIDDY: Final = "middy/middlewares"
_FIRST_MIDDLEWARES: Final = {"ssm": "ssm", "secretsManager": "secrets-manager"}
"""Those that were in one package before version 1."""


def _middy(machine: Machine, module: str, name: str, first: Values, at: Span) -> Values | None:
    which = module.removeprefix("@middy/") if module != _MIDDY else _FIRST_MIDDLEWARES.get(name, "")
    through = f"middy's {which}"
    entries = _entries(machine, first, "fetchData", at)
    if which == "ssm":
        named = [(False, one) for one in _entries(machine, first, "names", at)]
        below = [(True, one) for one in _entries(machine, first, "paths", at)]
        for asked in ([each for entry in entries for each in _split_by_path(entry)], named, below):
            for path, one in asked:
                made = Thing(at, open=True)
                made.table["Path" if path else "Names"] = one if path else (Listing(at, [one]),)
                operation = "GetParametersByPath" if path else "GetParameters"
                record(machine, "ssm", operation, (made,), at, every=False, through=through)
        return machine.unknown("it is a middleware", at)
    if which == "rds-signer":
        for entry in entries:
            _token(machine, "rds", "getAuthToken", entry, at)
        return machine.unknown("it is a middleware", at)
    found = _MIDDLEWARES.get(which)
    if found is None or name == "canPrefetch":
        return None
    service, operations, parameter = found
    if which == "secrets-manager":
        entries += _entries(machine, first, "secrets", at)
    for entry in entries if which != "ws-response" else [()]:
        for operation in operations:
            input = entry
            if parameter:
                made = Thing(at, open=True)
                made.table[parameter] = entry
                input = (made,)
            record(machine, service, operation, input, at, every=False, through=through)
    return machine.unknown("it is a middleware", at)


def _entries(machine: Machine, options: Values, name: str, at: Span) -> list[Values]:
    """What an option says is fetched: ``fetchData``, ``names``, ``paths`` or ``secrets`` before version 2."""
    out: list[Values] = []
    if name != "fetchData":
        options = tuple(one for one in options if isinstance(one, Thing) and name in one.table)
    for atom in machine.get(options, name, at) if options else ():
        if isinstance(atom, Thing):
            out += atom.table.values()
        if not isinstance(atom, Literal) and not (isinstance(atom, Thing) and not atom.open):
            out.append(machine.unknown("it is one of what is fetched", at))
    return out


def _split_by_path(entry: Values) -> list[tuple[bool, Values]]:
    out: list[tuple[bool, Values]] = []
    for atom in entry:
        match atom:
            case Literal(value=str() as text):
                out.append((text.endswith("/"), (atom,)))
            case Words(text):
                last = text.parts[-1]
                out.append((isinstance(last, str) and last.endswith("/"), (atom,)))
            case _:
                out.append((False, (atom,)))
    return out

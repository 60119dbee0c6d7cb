"""Execution roles: the one that the Framework makes for all functions, and those that a function has alone."""

from __future__ import annotations

from typing import Any, Final

from stockade.read.cloudformation.nodes import Fields, Items, Node, Scalar, member, span
from stockade.read.serverless import naming
from stockade.read.serverless.nodes import ABSENT, arn, is_later, items, listed, made, or_absent
from stockade.read.serverless.service import FunctionSpec, Service, is_false, is_true, truth
from stockade.read.serverless.variables import scalar_text
from stockade.source import Span

_PLUGIN: Final = "serverless-iam-roles-per-function"
_TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}
    ],
}
_OLD: Final = tuple(f"{mark}{version}" for mark in ("", "^", "~", ">=", ">") for version in "123")
_TRACING: Final = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
_STREAMS: Final = {
    "dynamodb": ["GetRecords", "GetShardIterator", "DescribeStream", "ListStreams"],
    "kinesis": ["GetRecords", "GetShardIterator", "DescribeStream", "ListStreams"],
    "sqs": ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"],
}


def role_of(service: Service, function: FunctionSpec) -> Any:
    """The role that a function runs as."""
    own = function.get("role")
    if own is not None:
        return _named(own)
    if _is_alone(service, function):
        return {"Fn::GetAtt": [f"{naming.normal(function.name)}{naming.ROLE}", "Arn"]}
    given = _given(service)
    return _named(given) if given is not None else {"Fn::GetAtt": [naming.ROLE, "Arn"]}


def make(service: Service) -> None:
    """Make the roles that functions run as and nobody gives."""
    shared = [one for one in service.functions if one.get("role") is None and not _is_alone(service, one)]
    if _given(service) is None and shared:
        _shared_role(service, shared)
    for function in service.functions:
        if function.get("role") is None and _is_alone(service, function):
            _own_role(service, function)


def _named(node: Node) -> Any:
    """A role by its ARN, or by the logical ID of one in ``resources``."""
    plain = scalar_text(node)
    if plain is None or plain.startswith("arn:"):
        return node
    return made({"Fn::GetAtt": [plain, "Arn"]}, span(node))


def _given(service: Service) -> Node | None:
    """The role that all functions are given, where there is one."""
    old = service.provider("role")
    if old is not None:
        return old
    role = service.provider("iam", "role")
    if isinstance(role, Scalar) or is_later(role):
        return role
    return role if isinstance(role, Fields) and role.function() is not None else None


def _is_alone(service: Service, function: FunctionSpec) -> bool:
    """Whether a function has a role of its own: by the plugin, or by the Framework since version 4."""
    if scalar_text(service.provider("iam", "role", "mode")) == "perFunction":
        return True
    built_in = any(function.get("iam", "role", name) is not None for name in ("statements", "managedPolicies"))
    return built_in or function.get("iamRoleStatements") is not None


# --------------------------------------------------------------------------------------------- roles


def _shared_role(service: Service, functions: list[FunctionSpec]) -> None:
    role = service.provider("iam", "role")
    at = service.place("provider", "iam", "role")
    if role is None:
        old = service.place("provider", "iamRoleStatements")
        at = old if service.provider("iamRoleStatements") is not None else service.provider_at
    written = member(role, "statements")
    written = service.provider("iamRoleStatements") if written is None else written
    statements: list[Any] = [*_logs(service, functions, at), *_statements(written)]
    for function in functions:
        statements += (one for one in _needed(service, function) if not _holds(statements, one))
    managed: list[Any] = [*items(member(role, "managedPolicies") or service.provider("iamManagedPolicies"))]
    if any(_is_inside(service, one) for one in functions) or truth(service.provider("vpc")):
        managed.append(_vpc_policy(_vpc_place(service, functions)))
    boundary = (
        member(role, "permissionsBoundary")
        or member(role, "permissionBoundary")
        or service.provider("rolePermissionsBoundary")
    )
    name = member(role, "name") or _role_name(service, at)
    _role(service, naming.ROLE, name, statements, managed, boundary, member(role, "path"), at)


def _holds(statements: list[Any], one: Any) -> bool:
    """Whether a statement is there already: several functions may need the same."""
    return any(_plain(other) == _plain(one) for other in statements)


def _plain(node: Any) -> Any:
    """A node without its place."""
    match node:
        case Scalar():
            return node.value
        case Items():
            return [_plain(inner) for inner in node.items]
        case Fields():
            return {name: _plain(inner) for name, inner in node.members.items()}
        case _:
            return node


def _own_role(service: Service, function: FunctionSpec) -> None:
    shared = service.provider("iam", "role")
    built_in = function.get("iam", "role", "statements")
    own = built_in if built_in is not None else function.get("iamRoleStatements")
    at = span(own) if own is not None else function.at
    for key in ("iam", "iamRoleStatements"):
        if key in function.node.members:
            at = function.node.key(key)
    statements: list[Any] = [*_logs(service, [function], at), *_needed(service, function)]
    if _inherits(service, function):
        inherited = member(shared, "statements")
        statements += _statements(service.provider("iamRoleStatements") if inherited is None else inherited)
    statements += _statements(own)
    managed: list[Any] = [*items(function.get("iam", "role", "managedPolicies"))]
    if _is_inside(service, function):
        managed.append(_vpc_policy(_vpc_place(service, [function])))
    boundary = (
        function.get("iam", "role", "permissionsBoundary")
        or function.get("iamPermissionsBoundary")
        or service.get("custom", _PLUGIN, "iamGlobalPermissionsBoundary")
    )
    name = function.get("iam", "role", "name") or function.get("iamRoleStatementsName")
    name = name or _role_name(service, at, function.name)
    where = function.get("iam", "role", "path")
    _role(
        service, f"{naming.normal(function.name)}{naming.ROLE}", name, statements, managed, boundary, where, at
    )


def _inherits(service: Service, function: FunctionSpec) -> bool:
    """Whether a function's own role has the provider's statements too."""
    for written in (function.get("iam", "inheritStatements"), function.get("iamRoleStatementsInherit")):
        if written is not None:
            return not is_false(written)
    written = service.get("custom", _PLUGIN, "defaultInherit")
    if written is not None:
        return is_true(written)
    return scalar_text(service.provider("iam", "role", "mode")) == "perFunction"


def _role(
    service: Service,
    name: str,
    role_name: Node,
    statements: list[Any],
    managed: list[Any],
    boundary: Node | None,
    path: Node | None,
    at: Span,
) -> None:
    policy = {
        "PolicyName": service.named("lambda", at=at),
        "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
    }
    properties = {
        "AssumeRolePolicyDocument": _TRUST,
        "Policies": [policy],
        "RoleName": role_name,
        "Path": or_absent(path) if path is not None else "/",
        "ManagedPolicyArns": managed or ABSENT,
        "PermissionsBoundary": or_absent(boundary),
    }
    service.add(name, "AWS::IAM::Role", properties, at)


def _role_name(service: Service, at: Span, *own: str) -> Node:
    return service.text(service.name, "-", service.stage, *(f"-{one}" for one in own), "-", service.region,
                        "-lambdaRole", at=at)  # fmt: skip


def _statements(node: Node | None) -> list[Any]:
    """Statements as they are written; what they are made of may be lists themselves."""
    return list(listed(node))


def _is_inside(service: Service, function: FunctionSpec) -> bool:
    own = function.node.members.get("vpc")
    return truth(own) if own is not None else truth(service.provider("vpc"))


def _vpc_place(service: Service, functions: list[FunctionSpec]) -> Span:
    own = next((one.node.key("vpc") for one in functions if "vpc" in one.node.members), None)
    return own or service.place("provider", "vpc")


def _vpc_policy(at: Span) -> Node:
    return arn("iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole", at=at)


# -------------------------------------------------------------------------------------- statements


def _logs(service: Service, functions: list[FunctionSpec], at: Span) -> list[Any]:
    """What the Framework lets functions do with logs: their own groups, by the beginning of their names."""
    groups: list[tuple[Any, ...]] = []
    prefix = scalar_text(service.named(at=at))
    named_so = False
    for function in functions:
        if is_true(function.get("disableLogs")):
            continue
        custom = function.get("logs", "logGroup") or service.provider("logs", "lambda", "logGroup")
        own = function.get("name")
        plain = scalar_text(own)
        if custom is not None:
            groups.append((custom,))
        elif own is None or (plain is not None and prefix is not None and plain.startswith(prefix)):
            named_so = True
        else:
            groups.append(("/aws/lambda/", own))
    if named_so:
        groups.append(("/aws/lambda/", service.named(at=at), "*"))
    if not groups:
        return []
    streams = [_log_arn(pieces, ":*", at) for pieces in groups]
    events = [_log_arn(pieces, ":*:*", at) for pieces in groups]
    create = ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"]
    return [
        made({"Effect": "Allow", "Action": create, "Resource": streams}, at),
        made({"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": events}, at),
    ]


def _log_arn(pieces: tuple[Any, ...], end: str, at: Span) -> Node:
    region, account = {"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"}
    return arn("logs:", region, ":", account, ":log-group:", *pieces, end, at=at)


def _needed(service: Service, function: FunctionSpec) -> list[Any]:
    """What the Framework adds for what a function is set up to do, at the place of that."""
    out: list[Any] = []
    tracing = function.get("tracing")
    tracing = tracing if truth(tracing) else service.provider("tracing", "lambda")
    if tracing is not None and truth(tracing):
        out.append(_allow(_TRACING, ["*"], span(tracing)))
    if isinstance(error := function.get("onError"), Scalar):
        out.append(_allow(["sns:Publish"], [error], span(error)))
    key = function.get("kmsKeyArn") or service.provider("kmsKeyArn")
    if isinstance(key, Scalar):
        out.append(_allow(["kms:Decrypt"], [key], span(key)))
    for theirs in ("onSuccess", "onFailure"):
        if (target := function.get("destinations", theirs)) is not None:
            out += _destination(service, target)
    for event in items(function.get("events")):
        out += _of_event(service, event)
    return out


def _allow(actions: list[str], resources: list[Any], at: Span) -> Node:
    return made({"Effect": "Allow", "Action": actions, "Resource": resources}, at)


def _destination(service: Service, node: Node) -> list[Any]:
    kinds = {
        "sqs": "sqs:SendMessage",
        "sns": "sns:Publish",
        "eventBus": "events:PutEvents",
        "function": "lambda:InvokeFunction",
    }
    plain = scalar_text(node)
    if plain is None:
        action, target = kinds.get(scalar_text(member(node, "type")) or ""), member(node, "arn")
        return [_allow([action], [target], span(node))] if action and target is not None else []
    if not plain.startswith("arn:"):
        if service.function(plain) is None:
            return []
        return [_allow(["lambda:InvokeFunction"], [service.target(plain, span(node))], span(node))]
    marks = ((":sqs:", "sqs"), (":sns:", "sns"), (":event-bus/", "eventBus"), (":function:", "function"))
    kind = next((kind for mark, kind in marks if mark in plain), None)
    return [_allow([kinds[kind]], [node], span(node))] if kind else []


def _of_event(service: Service, event: Node) -> list[Any]:
    if not isinstance(event, Fields) or len(event.members) != 1:
        return []
    ((kind, written),) = event.members.items()
    if kind == "websocket":
        every = arn("execute-api:*:*:*/@connections/*", at=span(written))
        return [_allow(["execute-api:ManageConnections"], [every], span(written))]
    if kind not in ("stream", "sqs"):
        return []
    source = source_arn(written)
    if source is None:
        return []
    service_of = stream_kind(kind, written)
    names = _STREAMS[service_of]
    if service_of == "kinesis" and not (scalar_text(service.get("frameworkVersion")) or "4").startswith(_OLD):
        names = [*names, "DescribeStreamSummary", "ListShards"]
    actions = [f"{service_of}:{one}" for one in names]
    return [_allow(actions, [source], span(source))]


def source_arn(written: Node) -> Node | None:
    """The ARN of what a function is fed from."""
    if isinstance(written, Fields) and not is_later(written) and written.function() is None:
        return member(written, "arn")
    return written if not isinstance(written, Items) else None


def stream_kind(kind: str, written: Node) -> str:
    """Whether a stream is of DynamoDB or Kinesis; a queue is of SQS."""
    if kind == "sqs":
        return "sqs"
    said = scalar_text(member(written, "type")) or ""
    plain = scalar_text(source_arn(written)) or ""
    return "kinesis" if said == "kinesis" or ":kinesis:" in plain else "dynamodb"

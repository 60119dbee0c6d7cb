"""What a function needs for how it is configured, whatever its code does: logs, tracing, network, events.

By the AWS Lambda Developer Guide: what its own managed policies for execution roles list, on the
resources that are configured.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stockade.iam.written import KeyTest
from stockade.model.function import Function
from stockade.model.logs import log_group_name
from stockade.model.need import Certainty, Open
from stockade.model.trigger import EventSourceMapping
from stockade.model.world import World
from stockade.needs.arguments import Pieces, through
from stockade.needs.configured import Implied, key, resource_of, service_of, start_of
from stockade.needs.join import Join, arn_of, piece_of
from stockade.needs.polled import polled
from stockade.patterns import lazy_regex
from stockade.value import Hole, Known, Unknown, Value, shape_of, text_of

_NETWORK: Final = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
_TRACING: Final = ("xray:PutTelemetryRecords", "xray:PutTraceSegments")
_MAY_TRACE: Final = (
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
    *_TRACING,
)

_SENDING: Final = {
    "events": ("events:PutEvents",),
    "lambda": ("lambda:InvokeFunction",),
    "s3": ("s3:ListBucket", "s3:PutObject"),
    "sns": ("sns:Publish",),
    "sqs": ("sqs:SendMessage",),
}

_INSIGHTS: Final = lazy_regex(r":layer:LambdaInsightsExtension")
_SILENT_LAYERS: Final = lazy_regex(
    r":layer:(?:AWSLambdaPowertools|LambdaInsightsExtension|AWSSDKPandas|AWSDataWrangler|Klayers-|AWSCodeGuru)"
)
"""Layers that are libraries: what they do is what the source calls in them."""
_FETCHING_LAYERS: Final = (
    (lazy_regex(r":layer:AWS-Parameters-and-Secrets-Lambda-Extension"), ("secretsmanager", "ssm", "kms")),
    (lazy_regex(r":layer:AWS-AppConfig-Extension"), ("appconfig",)),
)
_TRACING_LAYERS: Final = lazy_regex(r":layer:aws-otel-")


def implied(function: Function, world: World, join: Join) -> Implied:
    """What a function's configuration needs."""
    out = Implied()
    _logs(function, world, out)
    _tracing(function, out)
    _network(function, out)
    _events(function, world, join, out)
    _files(function, out)
    _environment(function, out)
    _layers(function, out)
    return out


def _logs(function: Function, world: World, out: Implied) -> None:
    groups = world.log_groups_of(function)
    name = log_group_name(function)
    managed = next(iter(groups), None)
    callee = world.declared.callee_at(managed.address) if managed else None
    arn = arn_of(callee) if callee else None
    called = through(name)
    if isinstance(name, Unknown) and name.text is None:
        called = (Hole(name.reason, "log group name"),)
    pieces: Pieces = arn.parts if arn else (*start_of(function, "logs"), "log-group:", *called)
    group = piece_of(text_of(*pieces, ":*"))
    said = "write its logs"
    origin = managed.origin if managed else function.origin
    unknown = Certainty.UNKNOWN if arn is None and isinstance(name, Unknown) and name.text is None else None
    certainty = unknown or Certainty.CERTAIN
    out.need(("logs:CreateLogStream", "logs:PutLogEvents"), group, said, origin, certainty)
    if managed is None:
        out.need(
            ("logs:CreateLogGroup",), group, "create its log group, which is not declared", origin, certainty
        )
    out.perhaps |= {
        "logs:CreateLogGroup",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:TagResource",
    }


def _tracing(function: Function, out: Implied) -> None:
    match function.tracing_mode:
        case Known("Active", origin):
            out.need(_TRACING, "*", "write its traces", origin)
    out.perhaps.update(_MAY_TRACE)


def _network(function: Function, out: Implied) -> None:
    match function.subnet_ids:
        case Known(()):
            return
        case Known(_, origin):
            out.need(_NETWORK, "*", "have its network interfaces in the VPC", origin)
        case Unknown(_, origin):
            said = "have network interfaces, where it is in a VPC"
            out.need(_NETWORK, "*", said, origin, Certainty.LIKELY)
    out.perhaps |= {"ec2:DescribeSecurityGroups", "ec2:DescribeVpcs", "ec2:DetachNetworkInterface"}


def _events(function: Function, world: World, join: Join, out: Implied) -> None:
    for source in world.triggers_of(function):
        if isinstance(source, EventSourceMapping):
            polled(source, function, world, join, out)
            _sent(source.on_failure_arn, "send events that failed there", world, join, out)
    _sent(function.dead_letter_arn, "send events that failed there", world, join, out)
    for config in world.invoke_configs_of(function):
        _sent(config.on_failure_arn, "send events that failed there", world, join, out)
        _sent(config.on_success_arn, "send what succeeded there", world, join, out)


def _sent(target: Value[str | None], said: str, world: World, join: Join, out: Implied) -> None:
    if isinstance(target, Known) and target.value is None:
        return
    service = service_of(target)
    actions = _SENDING.get(service, ())
    if not actions:
        reason = "the destination is not known, to which Lambda sends with the function's role"
        out.open.append(Open("a destination", reason, target.origin))
        return
    resource = resource_of(target)
    if service == "s3":
        objects = piece_of(text_of(*through(target), "/*"))
        out.need(("s3:PutObject",), objects, said, target.origin)
        out.need(("s3:ListBucket",), resource, said, target.origin)
    else:
        out.need(actions, resource, said, target.origin)
    key(target, actions, world, join, target.origin, out)


def _files(function: Function, out: Implied) -> None:
    match function.file_systems:
        case Known(()):
            return
        case Known(points, origin):
            systems = piece_of(text_of(*start_of(function, "elasticfilesystem"), "file-system/*"))
            for one in points:
                test = KeyTest("StringEquals", "elasticfilesystem:AccessPointArn", (resource_of(one),))
                out.need(
                    ("elasticfilesystem:ClientMount",), systems, "mount its file system", origin, tests=(test,)
                )
                said = "write to its file system"
                out.need(
                    ("elasticfilesystem:ClientWrite",), systems, said, origin, Certainty.LIKELY, tests=(test,)
                )
        case Unknown(_, origin):
            out.perhaps |= {"elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"}
    out.perhaps |= {"elasticfilesystem:ClientRootAccess", "elasticfilesystem:DescribeMountTargets"}


def _environment(function: Function, out: Implied) -> None:
    key = function.kms_key_arn
    if isinstance(key, Known) and key.value is None:
        return
    if isinstance(function.environment, Known) and not function.environment.value:
        out.perhaps.add("kms:Decrypt")
        return
    said = "have its environment decrypted"
    out.need(("kms:Decrypt",), resource_of(key), said, key.origin, Certainty.LIKELY)


def _layers(function: Function, out: Implied) -> None:
    if isinstance(function.layers, Unknown):
        out.open.append(Open("its layers", function.layers.reason, function.layers.origin))
        return
    for layer in function.layers.value:
        text = "".join(one for one in shape_of(layer) if isinstance(one, str))
        if _INSIGHTS.search(text):
            group = piece_of(text_of(*start_of(function, "logs"), "log-group:/aws/lambda-insights:*"))
            said = "have Lambda Insights write its metrics"
            actions = ("logs:CreateLogStream", "logs:PutLogEvents")
            out.need(actions, group, said, layer.origin)
            out.need(("logs:CreateLogGroup",), group, said, layer.origin, Certainty.LIKELY)
        if _TRACING_LAYERS.search(text):
            out.need(
                _TRACING, "*", "have the OpenTelemetry layer write its traces", layer.origin, Certainty.LIKELY
            )
        for pattern, services in _FETCHING_LAYERS:
            if pattern.search(text):
                name = text.partition(":layer:")[2].partition(":")[0]
                out.open += (
                    Open(f"the layer `{name}`", "it fetches what code asks it for over HTTP", layer.origin, one)
                    for one in services
                )


def foreign_layers(function: Function, world: World) -> Iterator[tuple[str, Value[str]]]:
    """The layers of which neither the code nor what it does is known, each by its name."""
    found = world.shelf.layers_of(function)
    if isinstance(function.layers, Known):
        for at, layer in enumerate(function.layers.value):
            text = "".join(one for one in shape_of(layer) if isinstance(one, str))
            if at < len(found) and isinstance(found[at], Known):
                continue  # followed with the function's own source
            if _SILENT_LAYERS.search(text) or _TRACING_LAYERS.search(text):
                continue
            if any(pattern.search(text) for pattern, _ in _FETCHING_LAYERS):
                continue
            name = text.partition(":layer:")[2].partition(":")[0] or (layer.ref.address if layer.ref else text)
            yield name or "of a name not known", layer

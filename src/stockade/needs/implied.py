"""What a function needs for how it is configured, whatever its code does: logs, tracing, network, events.

By the AWS Lambda Developer Guide: what its own managed policies for execution roles list, on the
resources that are configured.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Any, Final

from stockade.iam.cover import Piece
from stockade.iam.written import KeyTest
from stockade.model.function import Function
from stockade.model.logs import log_group_name
from stockade.model.need import Certainty, Needed, Open, Reason
from stockade.model.trigger import EventSourceMapping
from stockade.model.world import World
from stockade.needs.arguments import Pieces, through
from stockade.needs.join import Join, arn_of, key_of, piece_of
from stockade.needs.keys import with_key
from stockade.patterns import lazy_regex
from stockade.read.deployment import partition_of
from stockade.records import dataclass
from stockade.value import Hole, Known, Origin, Ref, Unknown, Value, shape_of, text_of

_NETWORK: Final = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
_POLLER_NETWORK: Final = (
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
_TRACING: Final = ("xray:PutTelemetryRecords", "xray:PutTraceSegments")
_MAY_TRACE: Final = (
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
    *_TRACING,
)

_POLLING: Final = {
    "dynamodb": ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
    "kafka": ("kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"),
    "kinesis": (
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
    ),
    "mq": ("mq:DescribeBroker",),
    "sqs": ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
}
_POLLING_ANYWHERE: Final = {
    "dynamodb": ("dynamodb:ListStreams",),
    "kafka": _POLLER_NETWORK,
    "mq": _POLLER_NETWORK,
    "rds": (
        "rds:DescribeDBClusterParameters",
        "rds:DescribeDBClusters",
        "rds:DescribeDBSubnetGroups",
        *_POLLER_NETWORK,
    ),
}
_POLLING_PERHAPS: Final = {
    "kafka": (
        "kafka-cluster:AlterGroup",
        "kafka-cluster:Connect",
        "kafka-cluster:DescribeClusterDynamicConfiguration",
        "kafka-cluster:DescribeGroup",
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:ReadData",
        "kafka:DescribeVpcConnection",
        "kafka:ListScramSecrets",
    ),
    "kinesis": ("kinesis:DescribeStreamConsumer", "kinesis:ListStreams", "kinesis:SubscribeToShard"),
    "sqs": ("sqs:ChangeMessageVisibility", "sqs:GetQueueUrl"),
}
POLLED: Final = frozenset(
    action
    for table in (_POLLING, _POLLING_ANYWHERE, _POLLING_PERHAPS)
    for listed in table.values()
    for action in listed
)
"""Everything that Lambda does with event sources in a function's name."""
_WITH_SECRET: Final = frozenset({"kafka", "mq", "rds", ""})
"""Event sources to which Lambda may have to authenticate with a secret; nothing of it is in the ARN."""

_SENDING: Final = {
    "events": ("events:PutEvents",),
    "lambda": ("lambda:InvokeFunction",),
    "s3": ("s3:ListBucket", "s3:PutObject"),
    "sns": ("sns:Publish",),
    "sqs": ("sqs:SendMessage",),
}

_BY_TYPE: Final = {
    "aws_cloudwatch_event_bus": "events",
    "aws_docdb_cluster": "rds",
    "aws_docdbelastic_cluster": "rds",
    "aws_dynamodb_table": "dynamodb",
    "aws_kinesis_stream": "kinesis",
    "aws_kinesis_stream_consumer": "kinesis",
    "aws_lambda_function": "lambda",
    "aws_mq_broker": "mq",
    "aws_msk_cluster": "kafka",
    "aws_msk_serverless_cluster": "kafka",
    "aws_s3_bucket": "s3",
    "aws_sns_topic": "sns",
    "aws_sqs_queue": "sqs",
    "AWS::AmazonMQ::Broker": "mq",
    "AWS::DocDB::DBCluster": "rds",
    "AWS::DynamoDB::GlobalTable": "dynamodb",
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::Events::EventBus": "events",
    "AWS::Kinesis::Stream": "kinesis",
    "AWS::Kinesis::StreamConsumer": "kinesis",
    "AWS::Lambda::Function": "lambda",
    "AWS::MSK::Cluster": "kafka",
    "AWS::MSK::ServerlessCluster": "kafka",
    "AWS::S3::Bucket": "s3",
    "AWS::SNS::Topic": "sns",
    "AWS::SQS::Queue": "sqs",
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


@dataclass
class Implied:
    """What was found: ``perhaps`` are actions that are needed in some cases of what is configured."""

    needed: list[Needed] = field(default_factory=list)
    perhaps: set[str] = field(default_factory=set)
    open: list[Open] = field(default_factory=list)

    def need(
        self,
        actions: Iterable[str],
        resource: Piece,
        said: str,
        origin: Origin,
        certainty: Certainty = Certainty.CERTAIN,
        tests: tuple[KeyTest, ...] = (),
    ) -> None:
        for action in actions:
            reason = Reason(said, origin)
            self.needed.append(
                Needed(
                    action=action,
                    resource=resource,
                    certainty=certainty,
                    found="configuration",
                    reasons=(reason,),
                    tests=tests,
                )
            )


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
    pieces: Pieces = arn.parts if arn else (*_start(function, "logs"), "log-group:", *called)
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
            _polled(source, world, join, out)
            _sent(source.on_failure_arn, "send events that failed there", world, join, out)
    _sent(function.dead_letter_arn, "send events that failed there", world, join, out)
    for config in world.invoke_configs_of(function):
        _sent(config.on_failure_arn, "send events that failed there", world, join, out)
        _sent(config.on_success_arn, "send what succeeded there", world, join, out)


def _polled(source: EventSourceMapping, world: World, join: Join, out: Implied) -> None:
    arn = source.source_arn
    service = _service(arn)
    if service in _WITH_SECRET:
        out.perhaps |= {"secretsmanager:GetSecretValue", "kms:Decrypt", *_POLLER_NETWORK}
    if isinstance(arn, Known) and arn.value is None:
        return
    if not service:
        reason = "the event source is not known, which Lambda reads with the function's role"
        out.open.append(Open("its event source", reason, arn.origin))
        return
    resource = _resource(arn)
    said = "read its events"
    out.need(_POLLING.get(service, ()), resource, said, source.origin)
    out.need(_POLLING_ANYWHERE.get(service, ()), "*", said, source.origin)
    out.perhaps.update(_POLLING_PERHAPS.get(service, ()))
    _key(arn, _POLLING.get(service, ()), world, join, source.origin, out)


def _sent(target: Value[str | None], said: str, world: World, join: Join, out: Implied) -> None:
    if isinstance(target, Known) and target.value is None:
        return
    service = _service(target)
    actions = _SENDING.get(service, ())
    if not actions:
        reason = "the destination is not known, to which Lambda sends with the function's role"
        out.open.append(Open("a destination", reason, target.origin))
        return
    resource = _resource(target)
    if service == "s3":
        objects = piece_of(text_of(*through(target), "/*"))
        out.need(("s3:PutObject",), objects, said, target.origin)
        out.need(("s3:ListBucket",), resource, said, target.origin)
    else:
        out.need(actions, resource, said, target.origin)
    _key(target, actions, world, join, target.origin, out)


def _key(
    arn: Value[Any], actions: Iterable[str], world: World, join: Join, origin: Origin, out: Implied
) -> None:
    """The key of a queue or stream, where that is the customer's."""
    ref = arn.ref
    callee = join.callee_at(ref) if ref is not None else None
    key = key_of(callee, world) if callee is not None else None
    if key is None:
        return
    wanted = sorted({one for action in actions for one in with_key(action)})
    resource, tests = key_resource(key, join)
    out.need(wanted, resource, "use the key that it is encrypted with", origin, Certainty.LIKELY, tests)


def key_resource(key: Value[Any], join: Join) -> tuple[Piece, tuple[KeyTest, ...]]:
    """The ARN of a key that a resource names: by ARN, by ID, by an alias, or by a reference to any of these."""
    pieces = through(key)
    only = pieces[0] if len(pieces) == 1 else None
    if isinstance(only, Ref):
        callee = join.callee_at(only)
        arn = arn_of(callee) if callee is not None and callee.named.service == "kms" else None
        if arn is not None:
            return piece_of(arn), ()
    start = pieces[0] if pieces and isinstance(pieces[0], str) else ""
    if start.startswith("alias/"):
        test = KeyTest("ForAnyValue:StringEquals", "kms:ResourceAliases", (piece_of(text_of(*pieces)),))
        return piece_of(
            text_of("arn:", Hole("partition"), ":kms:", Hole("region"), ":", Hole("account"), ":key/*")
        ), (test,)
    if start.startswith("arn:") or not start:
        return piece_of(text_of(*pieces)), ()
    return piece_of(
        text_of("arn:", Hole("partition"), ":kms:", Hole("region"), ":", Hole("account"), ":key/", *pieces)
    ), ()


def _files(function: Function, out: Implied) -> None:
    match function.file_systems:
        case Known(()):
            return
        case Known(points, origin):
            systems = piece_of(text_of(*_start(function, "elasticfilesystem"), "file-system/*"))
            for one in points:
                test = KeyTest("StringEquals", "elasticfilesystem:AccessPointArn", (_resource(one),))
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
    out.need(("kms:Decrypt",), _resource(key), said, key.origin, Certainty.LIKELY)


def _layers(function: Function, out: Implied) -> None:
    if isinstance(function.layers, Unknown):
        out.open.append(Open("its layers", function.layers.reason, function.layers.origin))
        return
    for layer in function.layers.value:
        text = "".join(one for one in shape_of(layer) if isinstance(one, str))
        if _INSIGHTS.search(text):
            group = piece_of(text_of(*_start(function, "logs"), "log-group:/aws/lambda-insights:*"))
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


# ------------------------------------------------------------------------------------------------ ARNs


def _resource(value: Value[Any]) -> Piece:
    return piece_of(text_of(*through(value)))


def _service(arn: Value[Any]) -> str:
    """The service of an ARN, by its text or by the type of what it refers to; empty where not known."""
    shape = shape_of(arn) if not (isinstance(arn, Known) and arn.value is None) else ()
    text = "".join(one if isinstance(one, str) else "\0" for one in shape)
    if text.startswith("arn:"):
        found = text.split(":")
        return found[2] if len(found) > 2 and "\0" not in found[2] else ""
    ref = arn.ref
    if ref is None:
        return ""
    if ref.type in _BY_TYPE:
        return _BY_TYPE[ref.type]
    kind = re.search(r"(?:^|\.)(aws_\w+)\.[^.]+$", re.sub(r"\[[^\]]*\]", "", ref.address))
    return _BY_TYPE.get(kind[1], "") if kind else ""


def _start(function: Function, service: str) -> Pieces:
    region = function.region
    partition = shape_of(partition_of(region)) if region is not None else ()
    where = shape_of(region) if region is not None else ()
    return (
        "arn:",
        *(partition or (Hole("partition"),)),
        f":{service}:",
        *(where or (Hole("region"),)),
        ":",
        Hole("account"),
        ":",
    )

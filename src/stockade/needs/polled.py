"""What Lambda does with event sources in a function's name: reading them, signing in to them, getting there."""

from __future__ import annotations

from typing import Any, Final

from stockade.model.declared import Callee
from stockade.model.function import Function
from stockade.model.need import Certainty, Open
from stockade.model.trigger import EventSourceMapping
from stockade.model.world import World
from stockade.needs.arguments import ANY, Pieces, through
from stockade.needs.configured import Implied, key, key_resource, resource_of, service_of, start_of
from stockade.needs.join import Join, attribute_at, key_of, piece_of
from stockade.value import Known, Unknown, Value, text_of

_POLLER_NETWORK: Final = (
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
_SIGNING_IN: Final = {
    "cluster": ("kafka-cluster:Connect", "kafka-cluster:DescribeClusterDynamicConfiguration"),
    "group": ("kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"),
    "topic": ("kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"),
}
"""What reading from a cluster of MSK needs that authenticates by IAM, by type of resource."""
_POLLING: Final = {
    "dynamodb": ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
    "kafka": ("kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"),
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
        *(action for listed in _SIGNING_IN.values() for action in listed),
        "kafka:DescribeCluster",
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
_IN_VPC: Final = ("VPC_SECURITY_GROUP", "VPC_SUBNET")
_IAM: Final = ("client_authentication.sasl.iam", "ClientAuthentication.Sasl.Iam.Enabled")
_SERVERLESS: Final = ("aws_msk_serverless_cluster", "AWS::MSK::ServerlessCluster")
_CONSUMER: Final = ("stream_arn", "StreamARN")


def polled(source: EventSourceMapping, function: Function, world: World, join: Join, out: Implied) -> None:
    """What a function needs for an event source from which Lambda reads for it."""
    arn = source.source_arn
    service = service_of(arn)
    if service in _WITH_SECRET:
        out.perhaps |= {"secretsmanager:GetSecretValue", "kms:Decrypt", *_POLLER_NETWORK}
        _accessed(source, world, join, out)
    if isinstance(arn, Known) and arn.value is None:
        return
    if not service:
        reason = "the event source is not known, which Lambda reads with the function's role"
        out.open.append(Open("its event source", reason, arn.origin))
        return
    said = "read its events"
    out.perhaps.update(_POLLING_PERHAPS.get(service, ()))
    callee = join.callee_at(arn.ref) if arn.ref is not None else None
    if service == "kinesis" and (stream := _stream_of(arn, callee, function)) is not None:
        out.need(("kinesis:SubscribeToShard",), resource_of(arn), said, source.origin)
        arn = stream
    if service == "kafka":
        _by_iam(source, function, callee, out)
    out.need(_POLLING.get(service, ()), resource_of(arn), said, source.origin)
    out.need(_POLLING_ANYWHERE.get(service, ()), "*", said, source.origin)
    key(arn, _POLLING.get(service, ()), world, join, source.origin, out)


def _accessed(source: EventSourceMapping, world: World, join: Join, out: Implied) -> None:
    """The secrets and the network that a mapping is given to get at its brokers."""
    if isinstance(source.access, Unknown):
        reason = f"how Lambda signs in to it is not known: {source.access.reason}"
        out.open.append(Open("its event source", reason, source.access.origin, "secretsmanager"))
        return
    for one in source.access.value:
        # Members are called alike in all inputs but for capitals.
        found = {name.lower(): value for name, value in one.value.items()} if isinstance(one, Known) else {}
        kind, uri = found.get("type"), found.get("uri")
        if not isinstance(kind, Known) or uri is None:
            reason = "how Lambda signs in to it is not known"
            out.open.append(Open("its event source", reason, one.origin, "secretsmanager"))
        elif kind.value in _IN_VPC:
            out.need(_POLLER_NETWORK, "*", "get at its brokers in the VPC", one.origin)
        elif kind.value != "VIRTUAL_HOST":
            said = "sign in to its event source"
            out.need(("secretsmanager:GetSecretValue",), resource_of(uri), said, uri.origin)
            secret = join.callee_at(uri.ref) if uri.ref is not None else None
            own = key_of(secret, world) if secret is not None else None
            if own is not None:
                resource, tests = key_resource(own, join)
                why = "read the secret, which is encrypted with this key"
                out.need(("kms:Decrypt",), resource, why, uri.origin, Certainty.LIKELY, tests)


def _stream_of(arn: Value[str | None], consumer: Callee | None, function: Function) -> Value[Any] | None:
    """The stream that a consumer with throughput of its own reads; ``None`` for a stream itself."""
    if isinstance(arn, Known) and isinstance(arn.value, str) and arn.ref is None:
        stream, of, _ = arn.value.partition("/consumer/")
        return Known(stream, arn.origin) if of else None
    if consumer is None or consumer.named.type != "consumer":
        return None
    for name in _CONSUMER:
        if (found := consumer.attributes.get(name)) is not None:
            return found
    text = text_of(*start_of(function, "kinesis"), "stream/*")
    return Unknown("which stream the consumer is of is not known", arn.origin, text)


def _by_iam(source: EventSourceMapping, function: Function, cluster: Callee | None, out: Implied) -> None:
    """What a cluster needs to which Lambda signs in by IAM: every serverless one, and those that say so."""
    arn = source.source_arn
    address = arn.ref.address if arn.ref is not None else ""
    serverless = arn.ref is not None and (arn.ref.type in _SERVERLESS or f".{_SERVERLESS[0]}." in f".{address}")
    by_iam = any(
        isinstance(found, Known) and found.value in (True, "true")
        for path in _IAM
        if cluster is not None and (found := attribute_at(cluster.attributes, path.split("."))) is not None
    )
    if not serverless and not (by_iam and isinstance(source.access, Known) and not source.access.value):
        return
    certainty = Certainty.CERTAIN if serverless else Certainty.LIKELY
    name: Pieces = (ANY,)
    if cluster is not None and (named := cluster.attributes.get(cluster.named.name)) is not None:
        name = through(cluster.seen(cluster.named.name)) or through(named) or name
    for kind, actions in _SIGNING_IN.items():
        below = "/*" if kind == "cluster" else "/*/*"
        resource = piece_of(text_of(*start_of(function, "kafka"), f"{kind}/", *name, below))
        if kind == "cluster":
            resource = resource_of(arn)
        out.need(actions, resource, "sign in to its cluster by IAM", source.origin, certainty)

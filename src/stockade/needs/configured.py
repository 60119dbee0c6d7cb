"""What is found of a function's configuration, and how the ARNs in it are said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field
from typing import Any, Final

from stockade.iam.cover import Piece
from stockade.iam.written import KeyTest
from stockade.model.function import Function
from stockade.model.need import Certainty, Needed, Open, Reason
from stockade.model.world import World
from stockade.needs.arguments import Pieces, through
from stockade.needs.join import Join, arn_of, is_alias, key_of, piece_of
from stockade.needs.keys import with_key
from stockade.read.deployment import partition_of
from stockade.records import dataclass
from stockade.value import Hole, Known, Origin, Ref, Value, shape_of, text_of

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


def key(
    arn: Value[Any], actions: Iterable[str], world: World, join: Join, origin: Origin, out: Implied
) -> None:
    """The key of a queue or stream, where that is the customer's."""
    ref = arn.ref
    callee = join.callee_at(ref) if ref is not None else None
    own = key_of(callee, world) if callee is not None else None
    if own is None:
        return
    wanted = sorted({one for action in actions for one in with_key(action)})
    resource, tests = key_resource(own, join)
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
    if is_alias(pieces):
        test = KeyTest("ForAnyValue:StringEquals", "kms:ResourceAliases", (piece_of(text_of(*pieces)),))
        return piece_of(
            text_of("arn:", Hole("partition"), ":kms:", Hole("region"), ":", Hole("account"), ":key/*")
        ), (test,)
    if start.startswith("arn:") or not start:
        return piece_of(text_of(*pieces)), ()
    return piece_of(
        text_of("arn:", Hole("partition"), ":kms:", Hole("region"), ":", Hole("account"), ":key/", *pieces)
    ), ()


def resource_of(value: Value[Any]) -> Piece:
    """A resource as the configuration names it."""
    return piece_of(text_of(*through(value)))


def service_of(arn: Value[Any]) -> str:
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


def start_of(function: Function, service: str) -> Pieces:
    """How the ARNs of a function's own region and account begin."""
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

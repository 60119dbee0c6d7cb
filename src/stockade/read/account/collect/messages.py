"""What hands functions messages and keeps those that failed: topics, queues and buckets' notifications."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from stockade.read.account.answer import Present, Unread
from stockade.read.account.calls import S3, SNS, SQS, Call
from stockade.read.account.scene import Scene
from stockade.read.account.ties import said
from stockade.read.resource import Resource
from stockade.value import Known, Unknown, Value

TOPICS: Final = Call("sns", "ListTopics", SNS, "which topics there are", "Topics")
SUBSCRIPTIONS: Final = Call("sns", "ListSubscriptions", SNS, "who is told by topics", "Subscriptions")
FILTER: Final = Call(
    "sns",
    "GetSubscriptionAttributes",
    SNS,
    "which messages a function is told of",
    absent=("NotFound", "NotFoundException"),
)
QUEUE: Final = Call(
    "sqs",
    "GetQueueAttributes",
    SQS,
    "how long the queues of functions keep messages, where those go that fail, their keys and policies",
    absent=("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
)
NOTIFICATION: Final = Call(
    "s3",
    "GetBucketNotificationConfiguration",
    S3,
    "which events of a bucket call a function that lets the bucket call it",
    actions=("s3:GetBucketNotification",),
    absent=("NoSuchBucket",),
)
CALLS: Final = (TOPICS, SUBSCRIPTIONS, FILTER, QUEUE, NOTIFICATION)

_EVENTS: Final = ("s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectTagging:*", "s3:ObjectAcl:Put")
_WANTED: Final = ["QueueArn", "RedrivePolicy", "MessageRetentionPeriod", "KmsMasterKeyId", "Policy"]


def collect(scene: Scene) -> Iterable[Resource]:
    """Topics and their subscriptions, the queues and the buckets that functions name or let call them."""
    if not scene.functions:
        return
    yield from _topics(scene)
    yield from _queues(scene)
    yield from _buckets(scene)


def _topics(scene: Scene) -> Iterator[Resource]:
    topics = scene.listing(TOPICS)
    for one in topics.items:
        arn = str(one.get("TopicArn", ""))
        document = scene.document(TOPICS, arn, {"TopicArn": arn})
        yield scene.resource(
            "sns:GetTopicAttributes", arn, document, TopicName=document.said(arn.rpartition(":")[2], "TopicArn")
        )
    if topics.unread is not None:
        yield scene.unread("sns:GetTopicAttributes", scene.arn("sns", "*"), topics.unread)
    listing = scene.listing(SUBSCRIPTIONS)
    yield from scene.each(listing.items, lambda one: _subscription(scene, one))
    if listing.unread is not None:
        origin = listing.unread.value().origin
        for function in scene.functions:
            told = {"Protocol": Known("lambda", origin), "Endpoint": Known(function.arn, origin)}
            place = f"{function.arn}#subscriptions"
            yield scene.unread("sns:ListSubscriptionsByTopic", place, listing.unread, **told)


def _subscription(scene: Scene, one: Mapping[str, Any]) -> Resource:
    """A subscription; who is told by e-mail or at a URL is nobody's business, and a URL may be a secret."""
    topic, arn = str(one.get("TopicArn", "")), str(one.get("SubscriptionArn", ""))
    if not arn.startswith("arn:"):
        arn = f"{topic}#{arn}"  # `PendingConfirmation`
    data = {name: one[name] for name in ("TopicArn", "Protocol", "Endpoint") if name in one}
    functions = str(one.get("Protocol")) == "lambda"
    document = scene.document(SUBSCRIPTIONS, arn, data, () if functions else ("Endpoint",))
    more: dict[str, Value[Any]] = {"TopicArn": said(topic, topic, "arn", document.origin)}
    if functions and arn.startswith("arn:"):
        answer = scene.ask(FILTER, arn, SubscriptionArn=arn)
        if isinstance(answer, Present):
            policy = answer.data.get("Attributes", {}).get("FilterPolicy", "")
            found = scene.document(FILTER, arn, {"FilterPolicy": policy}, ("FilterPolicy",))
            more |= found.of("FilterPolicy") if policy else {}
        elif isinstance(answer, Unread):
            more["FilterPolicy"] = answer.value("FilterPolicy")
    return scene.resource("sns:ListSubscriptionsByTopic", arn, document, **more)


def _queues(scene: Scene) -> Iterator[Resource]:
    """The queues of this account and region that anything read so far names."""
    start = scene.arn("sqs", "")
    named = {str(one.configuration.get("DeadLetterConfig", {}).get("TargetArn", "")) for one in scene.functions}
    for resources in scene.found.values():
        for resource in resources:
            for value in resource.attributes.values():
                named |= {text for text in _texts(value) if text.startswith(start)}
    arns = sorted(one for one in named if one.startswith(start))
    end = "amazonaws.com.cn" if scene.place.partition == "aws-cn" else "amazonaws.com"

    def ask(arn: str) -> Resource | None:
        name = arn.rpartition(":")[2]
        url = f"https://sqs.{scene.place.region}.{end}/{scene.place.account}/{name}"
        answer = scene.ask(QUEUE, arn, QueueUrl=url, AttributeNames=_WANTED)
        match answer:
            case Present(data):
                found = dict(data.get("Attributes", {}))
                own = {name: found.pop(name) for name in ("KmsMasterKeyId", "Policy") if name in found}
                document = scene.document(
                    QUEUE, arn, {"QueueArn": arn, "Attributes": found, **own}, texts=("Policy",)
                )
                return scene.resource("sqs:GetQueueAttributes", arn, document, QueueName=document.said(name))
            case Unread() as why:
                return scene.unread("sqs:GetQueueAttributes", arn, why)
            case _:
                return None

    yield from (made for made in scene.each(arns, ask) if made is not None)


def _texts(value: Value[Any]) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, Unknown):
        return
    match value.value:
        case str() as text:
            yield text
        case dict() as members:
            for one in members.values():
                yield from _texts(one)
        case tuple() as items:
            for one in items:
                yield from _texts(one)


def _buckets(scene: Scene) -> Iterator[Resource]:
    """The notifications of buckets that functions' policies let call them: no other bucket can.

    Missed are buckets that a policy names by a wildcard, or by their account alone.
    """
    named: dict[str, set[str]] = {}
    for one in scene.found.get("policies", ()):
        source, named_by = one.attributes.get("SourceArn"), one.attributes.get("FunctionName")
        functions = {_function(text) for text in _texts(named_by)} if named_by is not None else set()
        if isinstance(source, Known):
            bucket = str(source.value).partition(":s3:::")[2]
            if bucket and "*" not in bucket and _is_ours(one, scene):
                named.setdefault(bucket, set()).update(functions)
        elif isinstance(source, Unknown) and one.doubt is not None:
            for function in sorted(functions):
                yield _lost(scene, f"{function}#buckets", function, source, source)
    for made in scene.each(sorted(named), lambda bucket: tuple(_bucket(scene, bucket, named[bucket]))):
        yield from made


def _function(arn: str) -> str:
    """A function's ARN without what qualifies it."""
    return ":".join(arn.split(":")[:7])


def _is_ours(permission: Resource, scene: Scene) -> bool:
    """Whether a bucket is not known to be another account's."""
    account = permission.attributes.get("SourceAccount")
    return not isinstance(account, Known) or account.value in (None, "", scene.place.account)


def _bucket(scene: Scene, bucket: str, functions: set[str]) -> Iterator[Resource]:
    arn = f"arn:{scene.place.partition}:s3:::{bucket}"
    answer = scene.ask(NOTIFICATION, arn, Bucket=bucket)
    match answer:
        case Present(data):
            listed = data.get("LambdaFunctionConfigurations", [])
            kept = [
                {name: one[name] for name in ("LambdaFunctionArn", "Events", "Filter") if name in one}
                for one in listed
            ]
            document = scene.document(NOTIFICATION, arn, {"LambdaFunctionConfigurations": kept})
            own = document.said(bucket)
            yield scene.resource("s3:GetBucketNotificationConfiguration", arn, document, Bucket=own)
        case Unread() as why:
            origin = why.value().origin
            for name in sorted(functions):
                place = f"{arn}#notifications of {name.rpartition(':')[2]}"
                yield _lost(scene, place, name, why.value(), Known(bucket, origin))


def _lost(scene: Scene, place: str, function: str, why: Unknown, bucket: Value[str]) -> Resource:
    """A bucket that may call a function, of any event."""
    events = Known(tuple(Known(one, why.origin) for one in _EVENTS), why.origin)
    block: dict[str, Value[Any]] = {"LambdaFunctionArn": Known(function, why.origin), "Events": events}
    listed = Known((Known({**block, "Filter": why}, why.origin),), why.origin)
    members: dict[str, Value[Any]] = {"Bucket": bucket, "LambdaFunctionConfigurations": listed}
    return scene.made("s3:GetBucketNotificationConfiguration", place, members, why.origin, why)

"""All other events: schedules, topics, queues, streams, buckets, rules and whatever else calls a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from stockade.read.cloudformation.nodes import Fields, Node, member, span, text
from stockade.read.serverless import naming
from stockade.read.serverless.nodes import ABSENT, arn, is_later, is_null, items, joined, later, made, or_absent
from stockade.read.serverless.roles import source_arn
from stockade.read.serverless.service import FunctionSpec, Service, is_false, truth
from stockade.read.serverless.variables import scalar_text
from stockade.source import Span

_REGION: Final = {"Ref": "AWS::Region"}
_ACCOUNT: Final = {"Ref": "AWS::AccountId"}
_ELSEWHERE: Final = frozenset({"http", "httpApi", "websocket"})

_Make = Callable[["Service", FunctionSpec, Node, Span, int], None]


def make(service: Service) -> None:
    """Make what the events of all functions stand for, but for those of API Gateway."""
    for function in service.functions:
        events = function.get("events")
        counts: dict[str, int] = {}
        for position, event in enumerate(items(events), 1):
            plain = scalar_text(event)
            if isinstance(event, Fields) and event.members and not is_later(event):
                kind = next(iter(event.members))
                node, at = event.members[kind], event.key(kind)
            elif plain is not None:  # `- schedule` alone, or an Alexa skill
                kind, node, at = plain, event, span(event)
            else:
                service.tell(f"an event of the function `{function.name}`", "it is not known", span(event))
                continue
            if kind in _ELSEWHERE:
                continue
            making = _KINDS.get(kind)
            if making is None:
                what = f"an event `{kind}` of the function `{function.name}`"
                service.tell(what, "this kind of event is not known", at)
                continue
            counts[kind] = counts.get(kind, 0) + 1
            making(service, function, node, at, position if kind == "eventBridge" else counts[kind])


def _normal(function: FunctionSpec) -> str:
    return naming.normal(function.name)


def _last(node: Node | None, otherwise: str) -> str:
    """The name at the end of an ARN, or in what refers to one."""
    plain = scalar_text(node)
    if plain is not None:
        return plain.rpartition(":")[2].rpartition("/")[2] or plain
    if isinstance(node, Fields):
        for inner in node.members.values():
            first = items(inner)[0] if items(inner) else inner
            if (named := text(first)) is not None:
                return named.partition(".")[0]
    return otherwise


# --------------------------------------------------------------------------- EventBridge and schedules


def _rule(
    service: Service,
    function: FunctionSpec,
    names: tuple[str, str],
    at: Span,
    disabled: Node | None,
    **properties: Any,
) -> None:
    """A rule of EventBridge, and the permission for it."""
    rule, permission = names
    target = made([{"Arn": service.target(function.name, at), "Id": "target"}], at)
    state: Any = ABSENT
    if is_false(disabled):
        state = made("DISABLED", span(disabled) if disabled is not None else at)
    service.add(rule, "AWS::Events::Rule", {**properties, "State": state, "Targets": target}, at)
    source = {"Fn::GetAtt": [rule, "Arn"]}
    service.permit(permission, function.name, "events.amazonaws.com", at, SourceArn=source)


def _schedule(service: Service, function: FunctionSpec, node: Node, at: Span, count: int) -> None:
    rates = items(member(node, "rate")) if member(node, "rate") is not None else [node]
    scheduler = scalar_text(member(node, "method")) == "scheduler"
    for number, rate in enumerate(rates, count):
        if scheduler:
            properties = {
                "ScheduleExpression": rate,
                "Target": {"Arn": service.target(function.name, at)},
            }
            service.add(
                f"{_normal(function)}SchedulerSchedule{number}", "AWS::Scheduler::Schedule", properties, at
            )
            continue
        names = (
            f"{_normal(function)}EventsRuleSchedule{number}",
            f"{_normal(function)}LambdaPermissionEventsRuleSchedule{number}",
        )
        name, enabled = member(node, "name"), member(node, "enabled")
        _rule(service, function, names, at, enabled, ScheduleExpression=rate, Name=or_absent(name))


def _cloudwatch_event(service: Service, function: FunctionSpec, node: Node, at: Span, count: int) -> None:
    names = (
        f"{_normal(function)}EventsRuleCloudWatchEvent{count}",
        f"{_normal(function)}LambdaPermissionEventsRuleCloudWatchEvent{count}",
    )
    _rule(service, function, names, at, member(node, "enabled"), EventPattern=or_absent(member(node, "event")))


def _event_bridge(service: Service, function: FunctionSpec, node: Node, at: Span, count: int) -> None:
    pattern, schedule = member(node, "pattern"), member(node, "schedule")
    bus = member(node, "eventBus")
    name = scalar_text(service.function_name(function)) or function.name
    label = naming.alphanumeric(f"{name}rule{count}")
    names = (f"{label}EventBridgeRule", f"{_normal(function)}EventBridgeLambdaPermission{count}")
    properties: dict[str, Any] = {"EventPattern": or_absent(pattern), "ScheduleExpression": or_absent(schedule)}
    if bus is not None and not is_null(bus):
        properties["EventBusName"] = bus
    _rule(service, function, names, at, member(node, "enabled"), **properties)


# --------------------------------------------------------------------------------- topics and queues


def _sns(service: Service, function: FunctionSpec, node: Node, at: Span, count: int) -> None:
    written = node if scalar_text(node) is not None or _calls(node) else member(node, "arn")
    named = scalar_text(member(node, "topicName"))
    plain = scalar_text(written)
    topic: Any
    if written is not None and (plain is None or plain.startswith("arn:")):
        topic, label = written, named or _last(written, f"Topic{count}")
    else:
        label = plain or named or f"topic{count}"
        own = f"SNSTopic{naming.alphanumeric(label)}"
        if own not in service.resources:
            properties = {"TopicName": label, "DisplayName": or_absent(member(node, "displayName"))}
            service.add(own, "AWS::SNS::Topic", properties, at)
        topic = arn("sns:", _REGION, ":", _ACCOUNT, ":", label, at=at)
    part = naming.alphanumeric(label)
    properties = {"TopicArn": topic, "Protocol": "lambda", "Endpoint": service.target(function.name, at)}
    service.add(f"{_normal(function)}SnsSubscription{part}", "AWS::SNS::Subscription", properties, at)
    permission = f"{_normal(function)}LambdaPermission{part}SNS"
    service.permit(permission, function.name, "sns.amazonaws.com", at, SourceArn=topic)


def _calls(node: Node) -> bool:
    return isinstance(node, Fields) and node.function() is not None


def _mapping(label: str) -> _Make:
    """Event sources that Lambda itself reads from."""

    def making(service: Service, function: FunctionSpec, node: Node, at: Span, count: int) -> None:
        source = source_arn(node)
        part = naming.alphanumeric(_last(source, str(count)))
        failure = member(node, "destinations", "onFailure")
        target: Any = ABSENT
        if failure is not None and not is_null(failure):
            found = failure if scalar_text(failure) is not None or _calls(failure) else member(failure, "arn")
            target = {"OnFailure": {"Destination": or_absent(found)}}
        enabled = member(node, "enabled")
        properties = {
            "EventSourceArn": or_absent(source),
            "FunctionName": service.target(function.name, at),
            "Enabled": or_absent(enabled),
            "BatchSize": or_absent(member(node, "batchSize")),
            "DestinationConfig": target,
            "SourceAccessConfigurations": _access(node) or ABSENT,
        }
        name = f"{_normal(function)}EventSourceMapping{label}{part}"
        service.add(name, "AWS::Lambda::EventSourceMapping", properties, at)

    return making


_ACCESS: Final[Mapping[str, str]] = {
    "basicAuthArn": "BASIC_AUTH",
    "clientCertificateTlsAuth": "CLIENT_CERTIFICATE_TLS_AUTH",
    "saslPlainAuth": "BASIC_AUTH",
    "saslScram256Auth": "SASL_SCRAM_256_AUTH",
    "saslScram512": "SASL_SCRAM_512_AUTH",
    "saslScram512Auth": "SASL_SCRAM_512_AUTH",
    "serverRootCaCertificate": "SERVER_ROOT_CA_CERTIFICATE",
    "vpcSecurityGroup": "VPC_SECURITY_GROUP",
    "vpcSubnet": "VPC_SUBNET",
}
"""What the Framework calls the ways to get at brokers, and what Lambda does."""


def _access(node: Node) -> list[dict[str, Any]]:
    """How Lambda gets at brokers: of Kafka elsewhere in an object of its own, else beside the rest."""
    return [
        {"Type": kind, "URI": one}
        for held in (node, member(node, "accessConfigurations"))
        for name, kind in _ACCESS.items()
        if (given := member(held, name)) is not None
        for one in items(given)
    ]


def _stream(service: Service, function: FunctionSpec, node: Node, at: Span, count: int) -> None:
    said = scalar_text(member(node, "type")) or ""
    plain = scalar_text(source_arn(node)) or ""
    kind = "Kinesis" if said == "kinesis" or ":kinesis:" in plain else "Dynamodb"
    _mapping(kind)(service, function, node, at, count)


# ------------------------------------------------------------------------------------------- buckets


def _s3(service: Service, function: FunctionSpec, node: Node, at: Span, count: int) -> None:
    bucket = node if scalar_text(node) is not None else member(node, "bucket")
    plain = scalar_text(bucket)
    known = service.provider("s3", plain) if plain is not None else None
    if known is not None and scalar_text(member(known, "name")) is not None:
        bucket = member(known, "name")
    name: Any = bucket if bucket is not None else ABSENT
    part = naming.alphanumeric(plain or _last(bucket, str(count)))
    call = {"Event": or_absent(member(node, "event")), "Function": service.target(function.name, at)}
    if call["Event"] is ABSENT:
        call["Event"] = "s3:ObjectCreated:*"
    # One that exists is set up by a program of the Framework's; the notification is the same.
    own = f"S3Bucket{part}"
    before = member(
        service.resources.get(own), "Properties", "NotificationConfiguration", "LambdaConfigurations"
    )
    calls = [*items(before), made(call, at)]
    properties = {"BucketName": name, "NotificationConfiguration": {"LambdaConfigurations": calls}}
    existing = truth(member(node, "existing"))
    if not existing:
        service.add(own, "AWS::S3::Bucket", properties, at)
    else:
        _helper(service, at)
    service.permit(
        f"{_normal(function)}LambdaPermission{part}S3",
        function.name,
        "s3.amazonaws.com",
        at,
        SourceArn=arn("s3:::", name if name is not ABSENT else "*", at=at),
        SourceAccount=_ACCOUNT,
    )


def _helper(service: Service, at: Span) -> None:
    """What exists already is wired by a function that the Framework deploys as well."""
    what = "what the Framework's own function for `existing: true` may do"
    service.tell(what, "the Framework writes it, and its role, at deployment", at)


# -------------------------------------------------------------------------------------------- others


def _alb(service: Service, function: FunctionSpec, node: Node, at: Span, count: int) -> None:
    listener = (scalar_text(member(node, "listenerArn")) or "").split("/")
    group = f"{_normal(function)}AlbTargetGroup{listener[-2] if len(listener) > 2 else count}"
    targets = [{"Id": service.target(function.name, at)}]
    properties: dict[str, Any] = {"TargetType": "lambda", "Targets": targets}
    service.add(group, "AWS::ElasticLoadBalancingV2::TargetGroup", properties, at)
    rule = {
        "ListenerArn": or_absent(member(node, "listenerArn")),
        "Actions": [{"Type": "forward", "TargetGroupArn": {"Ref": group}}],
    }
    service.add(
        f"{_normal(function)}AlbListenerRule{count}", "AWS::ElasticLoadBalancingV2::ListenerRule", rule, at
    )
    principal = "elasticloadbalancing.amazonaws.com"
    source = {"Ref": group}
    service.permit(f"{_normal(function)}LambdaPermissionAlb", function.name, principal, at, SourceArn=source)
    # The Framework needs a second one to register the target, and scopes that to nothing.
    service.permit(f"{_normal(function)}LambdaPermissionRegisterTarget", function.name, principal, at)


def _cognito(service: Service, function: FunctionSpec, node: Node, at: Span, count: int) -> None:
    pool = scalar_text(member(node, "pool")) or f"pool{count}"
    trigger = scalar_text(member(node, "trigger")) or ""
    name = f"{_normal(function)}LambdaPermissionCognitoUserPool{naming.alphanumeric(pool)}"
    name += f"TriggerSource{naming.alphanumeric(trigger)}"
    own = f"CognitoUserPool{naming.alphanumeric(pool)}"
    source: Any
    if truth(member(node, "existing")):
        _helper(service, at)
        pool_id = later("the ID of the user pool is looked up at deployment", at)
        source = arn("cognito-idp:", _REGION, ":", _ACCOUNT, ":userpool/", pool_id, at=at)
    else:
        if own not in service.resources:
            service.add(own, "AWS::Cognito::UserPool", {"UserPoolName": pool}, at)
        source = {"Fn::GetAtt": [own, "Arn"]}
    service.permit(name, function.name, "cognito-idp.amazonaws.com", at, SourceArn=source)


def _iot(service: Service, function: FunctionSpec, node: Node, at: Span, count: int) -> None:
    rule = f"{_normal(function)}IotTopicRule{count}"
    payload = {
        "Sql": or_absent(member(node, "sql")),
        "Actions": [{"Lambda": {"FunctionArn": service.target(function.name, at)}}],
    }
    properties = {"RuleName": or_absent(member(node, "name")), "TopicRulePayload": payload}
    service.add(rule, "AWS::IoT::TopicRule", properties, at)
    source = arn("iot:", _REGION, ":", _ACCOUNT, ":rule/", {"Ref": rule}, at=at)
    permission = f"{_normal(function)}LambdaPermissionIotTopicRule{count}"
    service.permit(permission, function.name, "iot.amazonaws.com", at, SourceArn=source)


def _fleet(service: Service, function: FunctionSpec, node: Node, at: Span, count: int) -> None:
    permission = f"{_normal(function)}LambdaPermissionIotProvisioningTemplate"
    service.permit(permission, function.name, "iot.amazonaws.com", at)


def _cloudwatch_log(service: Service, function: FunctionSpec, node: Node, at: Span, count: int) -> None:
    group = node if scalar_text(node) is not None or _calls(node) else member(node, "logGroup")
    properties = {
        "LogGroupName": or_absent(group),
        "FilterPattern": or_absent(member(node, "filter")) if member(node, "filter") is not None else "",
        "DestinationArn": service.target(function.name, at),
    }
    name = f"{_normal(function)}LogsSubscriptionFilterCloudWatchLog{count}"
    service.add(name, "AWS::Logs::SubscriptionFilter", properties, at)
    source = arn(
        "logs:", _REGION, ":", _ACCOUNT, ":log-group:", group if group is not None else "*", ":*", at=at
    )
    principal = joined(["logs.", _REGION, ".", {"Ref": "AWS::URLSuffix"}], at)
    permission = f"{_normal(function)}LambdaPermissionLogsSubscriptionFilterCloudWatchLog"
    service.permit(permission, function.name, principal, at, SourceArn=source)


def _alexa_skill(service: Service, function: FunctionSpec, node: Node, at: Span, count: int) -> None:
    token = member(node, "appId") if isinstance(node, Fields) else node
    if scalar_text(token) == "alexaSkill":
        return  # without a skill nobody is let in
    more = {} if token is None else {"EventSourceToken": token}
    name = f"{_normal(function)}LambdaPermissionAlexaSkill{count}"
    service.permit(name, function.name, "alexa-appkit.amazon.com", at, **more)


def _alexa_home(service: Service, function: FunctionSpec, node: Node, at: Span, count: int) -> None:
    token = member(node, "appId") if isinstance(node, Fields) else node
    name = f"{_normal(function)}LambdaPermissionAlexaSmartHome{count}"
    more = {} if token is None else {"EventSourceToken": token}
    service.permit(name, function.name, "alexa-connectedhome.amazon.com", at, **more)


def _cloudfront(service: Service, function: FunctionSpec, node: Node, at: Span, count: int) -> None:
    what = f"the CloudFront distribution before the function `{function.name}`"
    service.tell(what, "functions at the edge are replicated by CloudFront", at)


_KINDS: Final[Mapping[str, _Make]] = {
    "activemq": _mapping("ActiveMQ"),
    "alb": _alb,
    "alexaSkill": _alexa_skill,
    "alexaSmartHome": _alexa_home,
    "cloudFront": _cloudfront,
    "cloudwatchEvent": _cloudwatch_event,
    "cloudwatchLog": _cloudwatch_log,
    "cognitoUserPool": _cognito,
    "eventBridge": _event_bridge,
    "iot": _iot,
    "iotFleetProvisioning": _fleet,
    "kafka": _mapping("Kafka"),
    "msk": _mapping("MSK"),
    "rabbitmq": _mapping("RabbitMQ"),
    "s3": _s3,
    "schedule": _schedule,
    "sns": _sns,
    "sqs": _mapping("SQS"),
    "stream": _stream,
}

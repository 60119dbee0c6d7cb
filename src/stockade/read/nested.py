"""Subjects that are written inside of others: an alarm's queries, the targets of a rule, a stage's settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from stockade.model.alarm import MetricQuery, Topic
from stockade.model.api import MethodSettings, Stage
from stockade.model.function import Alias, Function
from stockade.model.names import Names, Row, element_names, names_of, read
from stockade.model.store import DataStore
from stockade.model.subject import Subject
from stockade.model.trigger import (
    BucketNotification,
    BucketTrigger,
    EventRule,
    EventTarget,
    ProvisionedConcurrency,
    RecursionConfig,
    RuntimeManagement,
    TopicSubscription,
)
from stockade.model.typed import number, optional, text
from stockade.read.resource import Resource
from stockade.value import Known, Origin, Ref, Text, Unknown, Value

_FILTERS: Final = ("prefix", "suffix")
_RULES: Final = ("Filter", "S3Key", "Rules")
_API_RULES: Final = ("Filter", "Key", "FilterRules")
_KEY: Final = "BucketEncryption.ServerSideEncryptionConfiguration.ServerSideEncryptionByDefault.KMSMasterKeyID"
_ENCRYPTION: Final = Names(DataStore, (), (), (), (Row("kms_key", "", _KEY, "", optional),))
_UPDATES: Final = Names(
    RuntimeManagement,
    (),
    (),
    (),
    (
        Row("update_on", "", "RuntimeManagementConfig.UpdateRuntimeOn", ""),
        Row("version_arn", "", "RuntimeManagementConfig.RuntimeVersionArn", "", optional),
    ),
)
_PROVISIONED: Final = Names(
    ProvisionedConcurrency,
    (),
    (),
    (),
    (Row("amount", "", "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions", "", number),),
)
_SHARED = ("namespace", "metric_name", "dimensions", "period")


def queries(resource: Resource, attributes: Mapping[str, Value[Any]]) -> tuple[MetricQuery | Unknown, ...]:
    """What an alarm reads: the queries that it lists, or the one metric that it names itself."""
    listed = attributes.get("metric_queries")
    if isinstance(listed, Unknown):
        return (listed,)
    if listed is not None and listed.value:
        return tuple(_query(resource, one) for one in listed.value)
    if "metric_name" not in attributes:
        return ()
    own: dict[str, Any] = {name: attributes[name] for name in _SHARED if name in attributes}
    statistic = attributes.get("statistic") or attributes.get("extended_statistic")
    if statistic is not None:
        own["statistic"] = statistic
    origin = attributes["metric_name"].origin
    return (
        MetricQuery(
            address=resource.address, origin=origin, id=Known("", origin), returns=Known(True, origin), **own
        ),
    )


def _query(resource: Resource, block: Value[Any]) -> MetricQuery | Unknown:
    if isinstance(block, Unknown):
        return block
    names = element_names(MetricQuery)
    found: dict[str, Any] = {}
    found |= read(names, resource.dialect, block.value, resource.address, block.origin)
    return MetricQuery(address=resource.address, origin=block.origin, **found)


def elements(names: Names, resource: Resource, found: Known[Any]) -> Iterator[Subject | Unknown]:
    """What nested blocks declare; an unknown stands for blocks that cannot be known."""
    for block in found.value:
        if isinstance(block, Unknown):
            yield block
            continue
        attributes: dict[str, Any] = {}
        attributes |= read(names, resource.dialect, block.value, resource.address, block.origin)
        yield names.model(address=resource.address, origin=block.origin, **attributes)


def inside(resource: Resource, subject: Subject) -> Iterator[Subject]:
    """The subjects inside of one that stand for themselves in a world."""
    match subject:
        case BucketNotification():
            yield from _bucket_triggers(resource, subject)
            yield from _store(resource, subject)
        case EventRule():
            rule = _own(resource, "Name")
            for made in _listed(resource, subject, "targets", rule=rule):
                yield EventTarget(**made)
        case Topic():
            topic = _own(resource, "TopicArn")
            for made in _listed(resource, subject, "subscriptions", topic_arn=topic):
                yield TopicSubscription(**made)
        case Stage():
            yield from _settings(resource, subject)
        case Function():
            yield from _of_function(resource, subject)
        case Alias() if "ProvisionedConcurrencyConfig" in resource.attributes:
            yield from _inside(_PROVISIONED, resource, subject, subject.function_name)


def _of_function(resource: Resource, subject: Function) -> Iterator[Subject]:
    """What CloudFormation says of loops and of the runtime's updates at the function itself."""
    if "RecursiveLoop" in resource.attributes:
        loop = text(resource.attributes["RecursiveLoop"])
        name = subject.name
        yield RecursionConfig(**_like(subject, loop.origin), function_name=name, recursive_loop=loop)
    if "RuntimeManagementConfig" in resource.attributes:
        yield from _inside(_UPDATES, resource, subject, subject.name)


def _inside(names: Names, resource: Resource, subject: Subject, function: Value[str]) -> Iterator[Subject]:
    found: dict[str, Any] = {"function_name": function}
    found |= read(names, resource.dialect, resource.attributes, subject.address, subject.origin)
    yield names.model(**_like(subject, subject.origin), **found)


def _like(subject: Subject, origin: Origin, key: str = "") -> dict[str, Any]:
    """What something inside of a subject has of it."""
    return {
        "address": subject.address,
        "origin": origin,
        "doubt": subject.doubt,
        "key": key,
        "region": subject.region,
    }


def _own(resource: Resource, attribute: str) -> Value[str]:
    """What refers to an attribute of the resource sees."""
    if resource.reference is not None:
        return resource.reference(attribute)
    reason = f"`{resource.address}.{attribute}` is known only after deployment"
    return Unknown(reason, resource.origin, Text((Ref(resource.address, attribute),)))


def _listed(resource: Resource, subject: Subject, attribute: str, **own: Any) -> Iterator[dict[str, Any]]:
    """The attributes of what a subject lists; an unknown element stands for one of which nothing is known."""
    names = names_of(resource.dialect, resource.type)
    element = next((row.element for row in names.rows if row.attribute == attribute), None) if names else None
    written: Value[Any] = getattr(subject, attribute)
    blocks = written.value if isinstance(written, Known) else (written,)
    for index, block in enumerate(blocks if element else ()):
        found: dict[str, Any] = {}
        if isinstance(block, Unknown):
            blank = Unknown(block.reason, block.origin)
            found |= {row.attribute: blank for row in element.rows} if element else {}
        elif element:
            found |= read(element, resource.dialect, block.value, subject.address, block.origin)
        yield {**_like(subject, block.origin, str(index)), **own, **found}


def _bucket_triggers(resource: Resource, subject: BucketNotification) -> Iterator[BucketTrigger]:
    names = element_names(BucketTrigger)
    blocks = subject.functions.value if isinstance(subject.functions, Known) else (subject.functions,)
    for index, block in enumerate(blocks):
        found: dict[str, Any] = {}
        if isinstance(block, Unknown):
            found["function_name"] = found["events"] = Unknown(block.reason, block.origin)
        else:
            found |= read(names, resource.dialect, block.value, subject.address, block.origin)
            found |= _filters(block, _API_RULES if resource.dialect == "api" else _RULES)
        yield BucketTrigger(**_like(subject, block.origin, str(index)), bucket=subject.bucket, **found)


def _filters(block: Known[Any], path: tuple[str, ...]) -> dict[str, Value[Any]]:
    """The prefix and suffix of a filter's rules, each rule a name and a value."""
    value: Value[Any] | None = block
    for name in path:
        if isinstance(value, Unknown):
            return {"prefix": value, "suffix": value}
        value = value.value.get(name) if value is not None and isinstance(value.value, Mapping) else None
    out: dict[str, Value[Any]] = {}
    for rule in value.value if isinstance(value, Known) and isinstance(value.value, tuple | list) else ():
        if isinstance(rule, Known) and isinstance(rule.value, Mapping):
            kind, wanted = rule.value.get("Name"), rule.value.get("Value")
            if isinstance(kind, Known) and wanted is not None and str(kind.value).lower() in _FILTERS:
                out[str(kind.value).lower()] = text(wanted)
    return out


def _store(resource: Resource, subject: BucketNotification) -> Iterator[DataStore]:
    """How a bucket is encrypted, where its own declaration says so."""
    if "BucketEncryption" in resource.attributes:
        found: dict[str, Any] = {}
        found |= read(_ENCRYPTION, resource.dialect, resource.attributes, subject.address, subject.origin)
        yield DataStore(**_like(subject, subject.origin), **found)


def _settings(resource: Resource, stage: Stage) -> Iterator[MethodSettings]:
    for index, made in enumerate(
        _listed(resource, stage, "settings", api_id=stage.api_id, stage_name=stage.name)
    ):
        path, method = made["method_path"], made["http_method"]
        if isinstance(path, Known) and isinstance(method, Known):
            whole = f"{str(path.value).removeprefix('/')}/{method.value}"
            made["method_path"] = Known(whole, path.origin)
        else:
            gap = path if isinstance(path, Unknown) else method
            made["method_path"] = Unknown(gap.reason, gap.origin)
        yield MethodSettings(**made, within=f"settings[{index}].")

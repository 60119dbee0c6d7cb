"""Data sources that configuration alone decides, wholly or in part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from stockade.read.deployment import suffix_of
from stockade.read.files import Unreadable
from stockade.read.terraform.cty import EvaluationError
from stockade.read.terraform.documents import document_json
from stockade.read.terraform.evaluate import CallSite
from stockade.read.terraform.frame import Frame
from stockade.read.terraform.provider import Provider
from stockade.source import Source, Span
from stockade.value import Known, Unknown, Value, Written


class DataSource(Protocol):
    """What a data source's rule may ask of its instance."""

    address: str
    frame: Frame
    provider: Provider

    @property
    def origin(self) -> Written: ...

    def get(self, name: str, /) -> Value[Any] | None: ...


Rule = Callable[[Any, str], Value[Any] | None]


def _region(data: DataSource, name: str) -> Value[Any] | None:
    return data.provider.region if name in ("name", "id", "region") else None


def _caller(data: DataSource, name: str) -> Value[Any] | None:
    return data.provider.account if name in ("account_id", "id") else None


def _partition(data: DataSource, name: str) -> Value[Any] | None:
    partition = data.provider.partition
    if name in ("partition", "id"):
        return partition
    if name == "dns_suffix":
        return suffix_of(partition)
    return None


def _document(data: DataSource, name: str) -> Value[Any] | None:
    if name in ("json", "minified_json"):
        return document_json(data, minified=name == "minified_json")
    return None


def _template_file(data: DataSource, name: str) -> Value[Any] | None:
    """The ``template`` provider, archived long ago and still in use."""
    if name != "rendered":
        return None
    template, given = data.get("template"), data.get("vars")
    if template is None:
        return None
    if isinstance(template, Unknown):
        return template
    variables: Mapping[str, Value[Any]] = {}
    if given is not None:
        if isinstance(given, Known) and isinstance(given.value, tuple) and given.value:
            given = given.value[0]  # before Terraform 0.12 it was written as a block
        if isinstance(given, Unknown):
            return Unknown(given.reason, given.origin)
        variables = given.value or {}
    match template.origin:
        # ``file("x.tpl")`` keeps its file as origin, so that places lead into the template.
        case Written(span) if span.raw.decode("utf-8", "replace") == template.value:
            source = span.source if span.start == 0 else Source(span.path, span.raw)
        case _:
            source = Source(data.origin.span.path, str(template.value).encode())
    return CallSite(data.frame, _nowhere(data)).template(source, variables)


def _nowhere(data: DataSource) -> Any:
    from stockade.read.terraform.tree import Call

    span = data.origin.span
    return Call(span.start, span.end, "template_file", [], False)


def _local_file(data: DataSource, name: str) -> Value[Any] | None:
    path = data.get("filename")
    if name != "content" or not isinstance(path, Known):
        return None
    scope = data.frame.scope
    try:
        source = scope.files.read(f"{scope.directory}/{path.value}")
        return Known(source.data.decode(), Written(Span(source, 0, len(source.data))))
    except Unreadable as error:
        return Unknown(f"`{path.value}` was not read: {error.message}", path.origin)
    except UnicodeDecodeError:
        raise EvaluationError(f"`{path.value}` is not UTF-8") from None


def _iam_policy(data: DataSource, name: str) -> Value[Any] | None:
    if name not in ("arn", "id"):
        return None
    arn = data.get("arn")
    if arn is not None and not (isinstance(arn, Known) and arn.value is None):
        return arn
    return None


DATA: dict[str, Rule] = {
    "aws_region": _region,
    "aws_caller_identity": _caller,
    "aws_partition": _partition,
    "aws_iam_policy_document": _document,
    "aws_iam_policy": _iam_policy,
    "template_file": _template_file,
    "local_file": _local_file,
}
"""Data source type -> rule: the value of an attribute, or ``None`` where the rule knows nothing."""

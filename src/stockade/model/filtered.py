"""Alarms on what a metric filter counts in a function's logs: told as alarms on the function's errors.

A filter that looks for errors as such sees what the handler logs and what the runtime says of an
exception. One that looks for one certain error (`Unable to delete file`) is about that one only, and
does not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from stockade.iam.match import Shape
from stockade.model.alarm import Alarm, MetricQuery
from stockade.model.function import Function
from stockade.model.logs import MetricFilter
from stockade.model.relate import comparable, grouped, meant
from stockade.patterns import lazy_regex
from stockade.value import Hole, Known, Ref, Unknown, Value, parts_of, shape_of, text_of

Writers: TypeAlias = Callable[[Value[str]], "tuple[Function, ...] | None"]
"""The functions that write to a log group of the input; ``None`` for a name that is none of its groups."""


def as_alarms(alarms: Sequence[Alarm], filters: Sequence[MetricFilter], writers: Writers) -> tuple[Alarm, ...]:
    """The alarms on filters that look for errors, one for each function whose logs are filtered.

    Their queries are of Lambda's own `Errors`, which the filter stands for; all else is as written.
    """
    telling = [one for one in filters if looks_for_errors(one.pattern)]
    if not telling:
        return ()
    by_address = {one.address: (one,) for one in telling}
    by_metric = grouped(
        ((comparable(one.namespace), comparable(one.metric_name)), one)
        for one in telling
        if comparable(one.metric_name)
    )

    def filters_of(query: MetricQuery) -> tuple[MetricFilter, ...]:
        if (ref := meant(query.metric_name)) and (found := by_address.get(ref.address)):
            return found
        return by_metric.get((_text(query.namespace), _text(query.metric_name)), ())

    return tuple(made for alarm in alarms for made in _told(alarm, filters_of, writers))


def _text(value: Value[str | None]) -> Shape:
    """A text to compare; empty where there is none, as no filter's metric is called."""
    if isinstance(value, Unknown):
        return comparable(value)
    return (value.value,) if value.value else ()


def _told(
    alarm: Alarm, filters_of: Callable[[MetricQuery], tuple[MetricFilter, ...]], writers: Writers
) -> Iterator[Alarm]:
    names: dict[tuple[object, ...], Value[str]] = {}
    mine: dict[MetricQuery | Unknown, MetricFilter] = {}
    for query in alarm.queries:
        for one in filters_of(query) if isinstance(query, MetricQuery) else ():
            mine[query] = one
            names |= {(type(name), *parts_of(name)): name for name in _functions(one.log_group, writers)}
    for name in names.values():
        queries = tuple(
            _errors(one, mine[one], name) if isinstance(one, MetricQuery) and one in mine else one
            for one in alarm.queries
        )
        yield replace(alarm, queries=queries)


def _errors(query: MetricQuery, counted: MetricFilter, name: Value[str]) -> MetricQuery:
    """The query as one of `Errors`. The count of log events is the sum of the filter's ones."""
    statistic = query.statistic
    if isinstance(statistic, Known) and statistic.value == "SampleCount":
        statistic = Known("Sum", statistic.origin)
    origin = counted.origin
    return replace(
        query,
        namespace=Known("AWS/Lambda", origin),
        metric_name=Known("Errors", origin),
        dimensions=Known({"FunctionName": name}, origin),
        statistic=statistic,
    )


_OWN: Final = "/aws/lambda/"


def _functions(log_group: Value[str], writers: Writers) -> Iterator[Value[str]]:
    """The functions whose log group it is, by name or reference; a name that is not known may be any."""
    found = writers(log_group)
    if found is not None:
        for one in found:
            yield Unknown("it is this function", log_group.origin, text_of(Ref(one.address, "function_name")))
        return
    parts = parts_of(log_group)
    first = parts[0] if parts else ""
    if isinstance(first, str) and first.startswith(_OWN):
        name = text_of(first.removeprefix(_OWN), *parts[1:])
        if all(isinstance(one, str) for one in name.parts):
            yield Known(str(name), log_group.origin)
        else:
            yield Unknown("part of the log group's name is known only after deployment", log_group.origin, name)
    elif isinstance(log_group, Unknown) and not isinstance(_first(shape_of(log_group)), str):
        yield Unknown(f"which log group is filtered: {log_group.reason}", log_group.origin)


def _first(shape: Shape) -> str | Hole | None:
    return shape[0] if shape else None


# ------------------------------------------------------------------------------------------- patterns

_EXCLUDED: Final = lazy_regex(
    r"""(?:[\w$.\[\]]+\s*!=\s*(?:"(?:[^"\\]|\\.)*"|[^\s\])}&|]+)) | (?:(?<![\w"])-(?:"[^"]*"|[\w*]+))""",
    re.VERBOSE,
)
_FIELD: Final = lazy_regex(r"\$((?:\.[\w-]+|\[[^\]]*\])+)\s*=\s*(?:\"([^\"]*)\"|%([^%]*)%|([^\s)}&|]+))")
_COLUMN: Final = lazy_regex(r"=\s*(\"(?:[^\"\\]|\\.)*\"|%[^%]*%|[^\s,\])&|]+)")
_LEVEL: Final = lazy_regex(r"(?:^|[._])(?:log_?)?(?:level|levelname|lvl|severity|severitytext)$", re.IGNORECASE)
_STATUS: Final = lazy_regex(r"(?:^|[._])(?:status|outcome|result)$", re.IGNORECASE)
_STATUSES: Final = frozenset(("error", "errors", "exception", "fatal", "unhandled"))
"""What a handler logs as its status when it fails. `failed` may be said of what it is about: a payment."""
_ERRORS: Final = frozenset(
    ("error", "errors", "exception", "exceptions", "fatal", "critical", "traceback", "unhandled", "failed")
)
_WORDS: Final = _ERRORS | {
    *(
        "uncaught",
        "fail",
        "failure",
        "failures",
        "panic",
        "alert",
        "emergency",
        "invoke",
        "task",
        "timed",
        "out",
    ),
    *("level", "levelname", "severity"),
}


def looks_for_errors(pattern: Value[str]) -> bool:
    """Whether a filter pattern is for errors as such: by their level, or by words like `ERROR`."""
    text = "".join(one if isinstance(one, str) else "\0" for one in parts_of(pattern))
    text = _EXCLUDED.sub(" ", text)
    for path, *values in _FIELD.findall(text):
        key = path.replace("]", "").replace("[", ".")
        said = " ".join(values).strip("*% ").lower()
        if _STATUS.search(key):
            telling = said in _STATUSES
        else:
            telling = (said if _LEVEL.search(key) else key.rpartition(".")[2].lower()) in _ERRORS
        if not telling:
            return False
    if "$" in text:
        return bool(_FIELD.search(text)) and not re.search(r"\$(?![.\[])", text)
    if text.lstrip().startswith("["):
        text = " ".join(_COLUMN.findall(text))
    words = [one.lower() for one in re.findall(r"[^\W\d_]\w*|\d+|\0", text)]
    return not _ERRORS.isdisjoint(words) and _WORDS.issuperset(words)

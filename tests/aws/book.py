"""What an account answers: declared in Python call by call, looked up and turned into pages as AWS does."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.aws.wire import Call, Refused, operation, pages

_MISSING: Final = {
    "iam": ("NoSuchEntity", 404),
    "lambda": ("ResourceNotFoundException", 404),
    "apigateway": ("NotFoundException", 404),
    "apigatewayv2": ("NotFoundException", 404),
    "s3": ("NoSuchBucket", 404),
    "sqs": ("AWS.SimpleQueueService.NonExistentQueue", 400),
    "sns": ("NotFound", 404),
    "wafv2": ("WAFNonexistentItemException", 400),
    "kms": ("NotFoundException", 400),
    "ecr": ("RepositoryPolicyNotFoundException", 400),
    "cloudfront": ("NoSuchResource", 404),
    "route53": ("NoSuchHostedZone", 404),
}
_PAGE: Final = {"lambda:ListFunctions": 50, "lambda:ListLayers": 50, "cloudwatch:DescribeAlarms": 100}
_USUAL_PAGE: Final = 100


@dataclass(slots=True)
class Book:
    """Answers by call. ``page`` bounds every page, for tests that want many of them.

    An answer is the whole of it: a list goes under the member that the operation turns pages of, a mapping is
    the answer itself, a function makes either of the call's parameters. ``of`` are parameters that a
    call must have for the answer to be its.
    """

    page: int | None = None
    _answers: dict[str, dict[tuple[str, ...], dict[tuple[Any, ...], Any]]] = field(default_factory=dict)

    def says(self, call: str, answer: Any, **of: Any) -> None:
        """Declares what a call is answered with, as ``lambda:GetPolicy``."""
        names = tuple(sorted(of))
        place = self._answers.setdefault(call, {}).setdefault(names, {})
        place[tuple(of[name] for name in names)] = answer

    def adds(self, call: str, item: Any, **of: Any) -> None:
        """Declares one more element of the list that a call is answered with."""
        names = tuple(sorted(of))
        place = self._answers.setdefault(call, {}).setdefault(names, {})
        place.setdefault(tuple(of[name] for name in names), []).append(item)

    def forgets(self, call: str, **of: Any) -> None:
        """Takes an answer back."""
        names = tuple(sorted(of))
        self._answers.get(call, {}).get(names, {}).pop(tuple(of[name] for name in names), None)

    def answer_of(self, call: str, **of: Any) -> Any:
        """What was declared of a call, to be changed."""
        names = tuple(sorted(of))
        return self._answers[call][names][tuple(of[name] for name in names)]

    def declared(self) -> Iterator[str]:
        """The calls that have an answer."""
        yield from self._answers

    def answer(self, call: Call) -> Mapping[str, Any]:
        """The page of the answer that a call asks for; raises ``Refused`` for what is not there."""
        found = self._find(call)
        turned = pages(call.service).get(call.operation)
        if found is None:
            found = _nothing(call, turned)
        if callable(found):
            found = found(call.parameters)
        if isinstance(found, list):
            found = {_list_of(call, turned): found}
        return self._page(call, found, turned) if turned else found

    def _find(self, call: Call) -> Any:
        for names, by_values in sorted(self._answers.get(call.name, {}).items(), key=lambda row: -len(row[0])):
            values = tuple(call.parameters.get(name) for name in names)
            try:
                if values in by_values:
                    return by_values[values]
            except TypeError:
                continue  # a list among the parameters is none of those that tell answers apart
        return None

    def _page(self, call: Call, whole: Mapping[str, Any], turned: Mapping[str, Any]) -> Mapping[str, Any]:
        limit = min(
            int(call.parameters.get(turned.get("limit_key", ""), 0) or 10**6),
            _PAGE.get(call.name, _USUAL_PAGE),
            self.page or 10**6,
        )
        given = turned["input_token"]
        token = call.parameters.get(given[0] if isinstance(given, list) else given)
        start = _start(str(token)) if token else 0
        keys = turned["result_key"] if isinstance(turned["result_key"], list) else [turned["result_key"]]
        out: dict[str, Any] = {**whole}
        left, skipped, more = limit, start, False
        for key in keys:
            items = _at(whole, key)
            if items is None:
                continue
            of_page = items[skipped : skipped + left]
            more = more or len(items) > skipped + len(of_page)
            skipped, left = max(0, skipped - len(items)), left - len(of_page)
            _put(out, key, of_page)
        if more:
            told = turned["output_token"]
            for one in told if isinstance(told, list) else [told]:
                _put(out, one.split(" ")[0], _token(start + limit))
        if flag := turned.get("more_results"):
            _put(out, flag, more)
        return out


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(f"from {offset}".encode()).decode()


def _start(token: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(token).decode().removeprefix("from "))
    except ValueError as error:
        raise Refused("InvalidParameterValueException", "the token is not one of ours") from error


def _at(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _put(out: dict[str, Any], path: str, value: Any) -> None:
    *above, last = path.split(".")
    for name in above:
        out[name] = {**out.get(name, {})}
        out = out[name]
    out[last] = value


def _nothing(call: Call, turned: Mapping[str, Any] | None) -> Any:
    """What is said where nothing was declared: an empty list where the operation lists, otherwise an error."""
    if turned is not None:
        keys = turned["result_key"] if isinstance(turned["result_key"], list) else [turned["result_key"]]
        out: dict[str, Any] = {}
        for key in keys:
            _put(out, key, [])
        return out
    if call.operation.startswith(("List", "Describe", "GetStages")) and _lists(call):
        return []
    code, status = _MISSING.get(call.service, ("ResourceNotFoundException", 400))
    raise Refused(code, f"{call.name}: there is no such thing", status)


def _lists(call: Call) -> list[str]:
    shape = operation(call.service, call.operation).output_shape
    return [name for name, of in shape.members.items() if of.type_name == "list"] if shape else []


def _list_of(call: Call, turned: Mapping[str, Any] | None) -> str:
    if turned is not None:
        key = turned["result_key"]
        return str(key[0] if isinstance(key, list) else key)
    return _lists(call)[0]

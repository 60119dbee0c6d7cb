"""Collects what the analyses of typed languages find, each once, in the API's own names of parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from types import MappingProxyType
from typing import Any, Final

from stockade.code.facts import Call, Credentials
from stockade.code.found import Found
from stockade.code.services import Services
from stockade.patterns import lazy_regex
from stockade.source import Span
from stockade.value import Known, Unknown, Value, Written

_WAYS: Final = 4
"""How many calls one place may be, where its parameters have several possibilities each."""

_EXTENSION: Final = lazy_regex(r"(?:^|:2773)/(secretsmanager/get|systemsmanager/parameters/get)(?:\?|$)")
_ASKED: Final = {
    "secretsmanager/get": ("secretsmanager", "GetSecretValue"),
    "systemsmanager/parameters/get": ("ssm", "GetParameter"),
}

Choices = dict[str, list[Value[Any]]]


class Collector(Found):
    """What was found so far."""

    def extension(self, text: str, at: Span, reached: bool, way: tuple[Span, ...]) -> None:
        """A text that is the address of AWS's extension for secrets and parameters, or ends as it does."""
        found = _EXTENSION.search(text)
        if found is not None:
            service, operation = _ASKED[found[1]]
            self.call(
                service, operation, at, {}, complete=False, reached=reached, way=way, through="Lambda extension"
            )

    def calls(self, service: str) -> bool:
        """Whether any call of a service was noted."""
        return any(one.service == service for one in self._calls.values())

    def call(
        self,
        service: str,
        operation: str,
        at: Span,
        choices: Choices,
        *,
        complete: bool = True,
        names: Mapping[str, Sequence[Value[Any]]] | None = None,
        credentials: Credentials = Credentials.OWN,
        reached: bool = True,
        every: bool = False,
        certain: bool = True,
        way: tuple[Span, ...] = (),
        through: str = "",
    ) -> None:
        """Note a call; each parameter with its possibilities, under any capitals."""
        found = Services.load().service(service)
        known = found.operation(operation) if found else None
        proper = {name.lower(): name for name in known.parameters} if known else {}
        inner = known.parameters if known else {}
        named = {
            proper.get(name.lower(), name): [
                _named(one, inner.get(proper.get(name.lower(), name))) for one in values
            ]
            for name, values in choices.items()
            if values
        }
        ways = 1
        for values in named.values():
            ways *= len(values)
        if ways > _WAYS:
            named = {name: values if len(values) == 1 else [_one_of(values)] for name, values in named.items()}
        keys = {proper.get(name.lower(), name): tuple(values) for name, values in (names or {}).items()}
        for way_ in product(*named.values()):
            arguments = dict(zip(named, way_, strict=True))
            key = (at, service, operation, credentials, through, frozen(arguments))
            before = self._calls.get(key)
            if before is not None and before.reached >= reached and before.every >= every:
                continue
            self._calls[key] = Call(
                service=service,
                operation=operation,
                origin=Written(at),
                arguments=MappingProxyType(arguments),
                complete=complete,
                names=MappingProxyType(keys),
                credentials=credentials,
                reached=reached or (before is not None and before.reached),
                every=every or (before is not None and before.every),
                certain=certain,
                way=way,
                through=through,
            )


def _one_of(values: list[Value[Any]]) -> Value[Any]:
    return Unknown(f"it is one of {len(values)}", values[0].origin)


def _named(value: Value[Any], names: Any) -> Value[Any]:
    """A structure's members by the API's names."""
    if not isinstance(names, Mapping) or not isinstance(value, Known):
        return value
    if isinstance(value.value, tuple):
        return Known(tuple(_named(one, names) for one in value.value), value.origin)
    if not isinstance(value.value, Mapping):
        return value
    proper = {name.lower(): name for name in names}
    members = {}
    for name, one in value.value.items():
        found = proper.get(name.lower(), name)
        members[found] = _named(one, names.get(found))
    return Known(members, value.origin)


def frozen(value: Any) -> Any:
    """A fact, or a mapping of facts, as something that can be looked up; origins and reasons left out."""
    match value:
        case Mapping():
            return tuple((name, frozen(one)) for name, one in value.items())
        case tuple():
            return tuple(map(frozen, value))
        case Known(inner):
            plain = inner if not isinstance(inner, Mapping | tuple) else frozen(inner)
            return "known", type(inner).__name__, plain
        case Unknown(text=text):
            return "unknown", text
        case _:
            return value

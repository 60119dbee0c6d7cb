"""One request to AWS: who asks, for which action, on which resource, in what context."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from enum import Enum
from functools import cached_property
from typing import Any, Final

from stockade.iam.match import Shape
from stockade.iam.texts import UNKNOWN, Found, Values
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Hole, text_of


class CallerKind(Enum):
    """Kinds of those who call."""

    ANONYMOUS = "anonymous"
    ROOT = "root user"
    USER = "user"
    ROLE = "role"
    FEDERATED = "federated identity"
    SERVICE = "service"
    CANONICAL = "canonical user"


_OF_ACCOUNTS: Final = (CallerKind.ROOT, CallerKind.USER, CallerKind.ROLE)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. ``name`` is the ARN of a root user, user or role (of a session: its role's), a service's

    name (``sns.amazonaws.com``), a provider's name or ARN, or a canonical user's ID. ``session`` is the ARN
    of a role's session.
    """

    kind: CallerKind
    name: str = ""
    session: str = ""
    shape: Shape = field(default=(), compare=False)
    """The name where a part of it is not known."""

    @property
    def account(self) -> str:
        """The account of a root user, user or role; empty for all others."""
        return self.name.split(":")[4] if self.kind in _OF_ACCOUNTS and self.name.count(":") >= 5 else ""

    @property
    def is_placed(self) -> bool:
        """Whether it is known of which account the caller is, be it of none."""
        return self.kind not in _OF_ACCOUNTS or self.account.isdigit()

    def __str__(self) -> str:
        match self.kind:
            case CallerKind.ANONYMOUS:
                return "anyone, without credentials"
            case _:
                return self.session or self.name

    def said(self) -> str:
        """Who it is, in words."""
        return _who(self)

    def keys(self) -> dict[str, Values]:
        """The context keys that follow from who calls; ``None`` where a key is then absent."""
        kind = self.kind
        keys: dict[str, Values] = {
            "aws:principalisawsservice": ("true" if kind is CallerKind.SERVICE else "false",),
            "aws:principalservicename": (self.name,) if kind is CallerKind.SERVICE else None,
            "aws:principalarn": (self.shape or self.name,) if kind in _OF_ACCOUNTS else None,
            "aws:principalaccount": (self.account,) if kind in _OF_ACCOUNTS else None,
        }
        if kind not in _OF_ACCOUNTS:
            keys |= {"aws:principalorgid": None, "aws:principalorgpaths": None}
        if kind is not CallerKind.SERVICE:
            # Only a service that calls for one of its resources says for which.
            keys |= dict.fromkeys(OF_SOURCES)
        match kind:
            case CallerKind.ANONYMOUS:
                keys |= {
                    "aws:principaltype": ("Anonymous",),
                    "aws:username": None,
                    "aws:userid": ("anonymous",),
                }
            case CallerKind.ROOT:
                keys |= {"aws:principaltype": ("Account",), "aws:username": None, "aws:userid": (self.account,)}
            case CallerKind.USER:
                name = _last(self.shape) if self.shape else self.name.rpartition("/")[2]
                keys |= {"aws:principaltype": ("User",), "aws:username": (name,)}
            case CallerKind.ROLE:
                keys |= {"aws:principaltype": ("AssumedRole",), "aws:username": None}
            case _:
                keys |= {"aws:username": None}
        return keys


OF_SOURCES: Final = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")
"""Keys that only a service sends."""

_ACCOUNT: Final = lazy_regex(r"\d{12}")
_ANONYMOUS: Final = ("*", "anonymous", "")
PROVIDERS: Final = (
    "cognito-identity.amazonaws.com",
    "accounts.google.com",
    "graph.facebook.com",
    "www.amazon.com",
)
"""Providers of identities that IAM knows by themselves, without their being set up in an account."""


def caller(text: str) -> Caller:
    """Who is meant by an account, an ARN, a service's or a provider's name; ``*`` is anyone at all."""
    if text in _ANONYMOUS:
        return Caller(CallerKind.ANONYMOUS)
    if _ACCOUNT.fullmatch(text):
        return Caller(CallerKind.ROOT, f"arn:aws:iam::{text}:root")
    segments = text.split(":", 5)
    if segments[0] == "arn" and len(segments) == 6:
        resource = segments[5]
        if segments[2] == "sts" and resource.startswith("assumed-role/"):
            role = resource.split("/")[1] if resource.count("/") else ""
            arn = f"arn:{segments[1]}:iam::{segments[4]}:role/{role}"
            return Caller(CallerKind.ROLE, arn, text)
        if resource.startswith("role/"):
            session = f"arn:{segments[1]}:sts::{segments[4]}:assumed-role/{resource.rpartition('/')[2]}/session"
            return Caller(CallerKind.ROLE, text, session)
        if resource.startswith("user/"):
            return Caller(CallerKind.USER, text)
        if resource == "root":
            return Caller(CallerKind.ROOT, text)
        return Caller(CallerKind.FEDERATED, text)
    if text in PROVIDERS or "." not in text:
        kind = CallerKind.CANONICAL if re.fullmatch(r"[0-9a-f]{64}", text) else CallerKind.FEDERATED
        return Caller(kind, text)
    if text.endswith((".amazonaws.com", ".amazonaws.com.cn", ".amazon.com", ".aws.internal")):
        return Caller(CallerKind.SERVICE, text)
    return Caller(CallerKind.FEDERATED, text)


class Request:
    """One request. ``action`` has its service prefix; ``resource`` is an ARN or ``*``, perhaps with holes.

    ``context`` has the values of context keys, in any case; a key with ``None`` is known to be absent.
    Keys that are not mentioned are unknown, unless ``complete`` says that there are no others. What
    follows from the caller need not be said.
    """

    __slots__ = ("__dict__", "action", "caller", "complete", "context", "resource", "written")

    def __init__(
        self,
        caller: Caller | None,
        action: str,
        resource: str | Shape,
        context: Mapping[str, Any] | None = None,
        *,
        complete: bool = False,
    ) -> None:
        self.caller = caller
        self.action = action
        self.resource = resource
        self.context: dict[str, Values] = (
            {key.lower(): values_of(value) for key, value in context.items()} if context else {}
        )
        self.complete = complete
        self.written: Mapping[str, Any] = context or {}
        """The context as it was given, keys in the spelling they were given in."""

    @cached_property
    def _derived(self) -> dict[str, Values]:
        return self.caller.keys() if self.caller else {}

    def lookup(self, key: str) -> Found:
        """What the request has for a context key, in lower case."""
        context = self.context
        if key in context:
            return context[key]
        derived = self._derived
        if key in derived:
            return derived[key]
        return None if self.complete else UNKNOWN

    def filled(self, known: Mapping[str, str]) -> Request:
        """The same request with what is known of its holes (of caller and resource), by their names.

        What gets through whatever a hole stands for gets through with that, too.
        """
        caller = self.caller
        if caller is not None and caller.shape:
            shape = _filled(caller.shape, known)
            caller = replace(caller, name=_text(shape), shape=() if isinstance(shape, str) else shape)
        resource = _filled(self.resource, known)
        if caller == self.caller and resource == self.resource:
            return self
        return Request(caller, self.action, resource, self.written, complete=self.complete)

    def sentence(self) -> str:
        """Who can do what to which resource, and what has to come along."""
        said = f"{_who(self.caller)} can call `{self.action}` on `{_text(self.resource)}`"
        context = self.fields()["context"].items()
        given = [f"`{key}` = {', '.join(f'`{one}`' for one in values)}" for key, values in context]
        return f"{said} with {' and '.join(given)}" if given else said

    def fields(self) -> dict[str, Any]:
        """The request as plain data. Beside its context it has only keys that follow from the caller."""
        return {
            "principal": None if self.caller is None else self.caller.name or "*",
            "action": self.action,
            "resource": _text(self.resource),
            "context": {
                key: [_text(one) for one in values]
                for key, value in self.written.items()
                if (values := values_of(value)) is not None
            },
        }

    def __repr__(self) -> str:
        return f"Request({self.caller}, {self.action}, {self.resource}, {self.context})"


def values_of(value: Any) -> Values:
    """What a request has for a key that is said to be so: one value or several, ``None`` for absent."""
    match value:
        case None:
            return None
        case bool():
            return ("true" if value else "false",)
        case str():
            return (value,)
        case Iterable():
            return tuple(value)
        case _:
            return (str(value),)


def _last(shape: Shape) -> Shape:
    """What follows the last slash of a text of which a part is not known."""
    out: list[str | Hole] = []
    for piece in reversed(shape):
        if isinstance(piece, str) and "/" in piece:
            out += [end] if (end := piece.rpartition("/")[2]) else []
            break
        out.append(piece)
    return tuple(reversed(out))


def _filled(value: str | Shape, known: Mapping[str, str]) -> str | Shape:
    if isinstance(value, str):
        return value
    found = text_of(*(known.get(one.name, one) if isinstance(one, Hole) else one for one in value)).shape()
    return _text(found) if all(isinstance(one, str) for one in found) else found


def _text(value: str | Shape) -> str:
    return value if isinstance(value, str) else "".join(map(str, value))


STRANGER: Final = "999999999999"
"""An account that is nobody's own; where policies name it, the one before is taken, and so on."""


def _who(caller: Caller | None) -> str:
    match caller:
        case None:
            return "the caller"
        case Caller(CallerKind.ANONYMOUS):
            return "anyone, without credentials,"
        case Caller(CallerKind.SERVICE, name):
            return f"the service `{name}`, for whoever uses it,"
        case Caller() if caller.account.startswith(STRANGER[:8]):
            return "anyone with any AWS account"
        case Caller(_, name) if name.endswith((":role/other", ":user/other")):
            return f"whoever account {caller.account} lets"
        case Caller(CallerKind.ROLE, name):
            return f"the role `{_text(_last(caller.shape or (name,)))}`"
        case _:
            return f"`{caller.name}`"

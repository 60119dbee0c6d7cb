"""Calls on what nobody knows the type of, in Go and Java: which of them may be a client's."""

from __future__ import annotations

from collections.abc import Iterable

from stockade.code.services import Operation, Service
from stockade.patterns import lazy_regex

WHY = "what it is called on is not known"

PARAMETER = lazy_regex(r"[A-Z][A-Z0-9]?")
"""What parameters of types are called in Java."""

_TWO_WORDS = lazy_regex(r"\w[a-z0-9]+[A-Z]\w*")


def meant(name: str, services: Iterable[Service], receiver: str = "") -> tuple[Service, Operation] | None:
    """The operation that a method is called as, of the services that a program has clients of.

    Names of one word (``Query``, ``publish``) are too many things' for that, but where what has the method is
    called as the service is: ``sns.publish``.
    """
    called = receiver.rpartition(".")[2].lower().removesuffix("client")
    plain = not _TWO_WORDS.fullmatch(name)
    found = ((one, one.by_any_case(name)) for one in services if not plain or one.name == called)
    return next(((service, operation) for service, operation in found if operation is not None), None)

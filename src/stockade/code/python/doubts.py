"""Methods of things that are not known, whose names are those of operations: they may be a client's.

A client can get lost on its way, in a queue, a proxy or a function of the standard library that nobody follows
here. Then something unknown is called by the name of an operation of a service that the program has a client
of. That is told as not followed, for that service: it is never taken for a call, and never passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stockade.code.python.values import Abstract, External, Made, Opaque, Site
from stockade.code.services import Service

_HELPERS: Final = frozenset(
    (
        "_make_api_call",
        "batch_writer",
        "copy_fileobj",
        "download_file",
        "download_fileobj",
        "generate_presigned_post",
        "generate_presigned_url",
        "get_paginator",
        "get_waiter",
        "receive_messages",
        "send_messages",
        "upload_file",
        "upload_fileobj",
    )
)
"""Methods of clients and of resource objects that are no operations, and that hardly anything else has."""

EVENT: Final = "it is in the event"
"""Why the event is not known: nobody sends a client in one."""

_STANDARD: Final = frozenset(
    (
        "asyncio",
        "builtins",
        "collections",
        "concurrent",
        "contextlib",
        "contextvars",
        "copy",
        "dataclasses",
        "functools",
        "heapq",
        "importlib",
        "itertools",
        "multiprocessing",
        "operator",
        "queue",
        "random",
        "threading",
        "types",
        "weakref",
        "wrapt",
    )
)
"""Modules that hand on what they are handed, as something that is not known here."""


def hands_on(path: str) -> bool:
    """Whether something of a module may be what that was handed."""
    return path.partition(".")[0] in _STANDARD


class Doubts:
    """Where something unknown was called by a name, and the services that the program has clients of."""

    def __init__(self) -> None:
        self._places: dict[tuple[Site, str], bool] = {}
        self._services: dict[str, Service] = {}

    def has(self, service: Service) -> None:
        """The program has a client of a service, or an object of its."""
        self._services[service.name] = service

    def names(self, name: str) -> bool:
        """Whether some client that the program has has a method of this name."""
        return any(one.by_method(name) is not None for one in self._services.values())

    def any(self) -> bool:
        """Whether the program has a client of whatever service."""
        return bool(self._services)

    def asked(self, site: Site, name: str, target: Abstract, reached: bool) -> None:
        """Something is asked for a member, which may be called later: not by a name that many things have."""
        if "_" in name:
            self.called(site, name, target, reached)

    def called(self, site: Site, name: str, target: Abstract, reached: bool) -> None:
        """Something was called as ``….name(…)``; what it is decides whether there is any doubt."""
        match target:
            case Opaque(reason=reason) if reason == EVENT:
                return
            case Opaque():
                pass
            case External(path) | Made(path) if hands_on(path):
                pass
            case _:
                return
        key = site, name
        self._places[key] = self._places.get(key, False) or reached

    def left(self, settled: set[tuple[str, int]]) -> Iterator[tuple[Site, tuple[str, ...], bool]]:
        """The places where a client may be called, with the services it may be of, and whether each is reached.

        ``settled`` are the places, by path and start, where a call was found: nothing is doubtful there.
        """
        told = {*settled}
        for (site, name), reached in self._places.items():
            found = tuple(one.name for one in self._services.values() if one.by_method(name) is not None)
            if not found and name in _HELPERS:
                found = tuple(self._services)
            place = site.source.path, site.start
            if found and place not in told:
                told.add(place)
                yield site, found, reached

"""Calls and worlds for tests of needs, made with as little writing as possible."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stockade.code.facts import Call, environment
from stockade.model.need import FunctionNeeds
from stockade.model.world import World
from stockade.needs.enrich import enriched
from stockade.read.inputs import Options, read_all
from stockade.source import Source, Span
from stockade.value import Hole, Known, Text, Unknown, Value, Written

HERE = Written(Span(Source("app.py", b"client.call()\n"), 0, 13))
UNKNOWN = Unknown("it comes with the event", HERE)


def value(plain: Any) -> Value[Any]:
    """A value of code's: ``$NAME`` is a variable of the environment, ``…`` within a text anything."""
    match plain:
        case Known() | Unknown():
            return plain
        case dict():
            return Known({key: value(one) for key, one in plain.items()}, HERE)
        case list():
            return Known(tuple(map(value, plain)), HERE)
        case str() if plain.startswith("$"):
            return environment(plain[1:], HERE)
        case str() if "…" in plain:
            parts: list[Any] = []
            for at, piece in enumerate(plain.split("…")):
                parts += [*([Hole("the event")] if at else []), *([piece] if piece else [])]
            return Unknown("it comes with the event", HERE, Text(tuple(parts)))
        case _:
            return Known(plain, HERE)


def call(service: str, operation: str, complete: bool = True, **arguments: Any) -> Call:
    """A call that the handler reaches."""
    made = {name: value(one) for name, one in arguments.items()}
    return Call(service=service, operation=operation, origin=HERE, arguments=made, complete=complete)


def world(directory: Path, files: dict[str, str]) -> World:
    """The world of a project, with the needs of its functions."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (made,) = read_all([directory], Options(directory, {}, (), {}), lambda *_: None)
    return enriched(made.world)


def needs(directory: Path, files: dict[str, str]) -> FunctionNeeds:
    """What the one function of a project needs."""
    (found,) = world(directory, files).needs
    return found

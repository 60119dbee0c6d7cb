"""Literate cases: Python source in Markdown, and on each line what is found there.

A file in ``cases`` holds sections, each a case: a ``##`` title and ``python`` blocks. A block is ``app.py``
unless its first line says ``# file: other.py``; the handler is ``app.handler`` unless a ``handler`` block names
another. What a line calls stands at its end: ``# calls sqs:SendMessage QueueUrl=${QUEUE}``, several with ``;``.
In brackets before the service: ``unreached``, ``once`` (not at each invocation), ``other`` (credentials) and
``perhaps`` (not certain). In values ``${X}`` is a variable of the environment, ``*`` a part that is not known,
``?`` all of it. ``# unfollowed dynamodb: words`` was not followed, and may use that service (or
``s3, glue``) or, without, any.
Every other line must stay silent; the parts of a large upload are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from stockade.code.facts import Call, Credentials, Source
from stockade.code.files import Files
from stockade.code.python import analyse
from stockade.value import Hole, Known, Ref, Text, Unknown, Value, places

CASES = Path(__file__).parent / "cases"
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"\A# file: (\S+)\n")
_CALLS = re.compile(r"# calls (.*?)(?: # unfollowed.*)?$")
_UNFOLLOWED = re.compile(r"# unfollowed ?([\w-]*(?:, [\w-]+)*)(?:: (.+))?$")
_ONE = re.compile(r"(?:\(([\w, ]+)\) )?([\w-]+):(\w+)(.*)$")


@dataclass
class Case:
    title: str
    handler: str = "app.handler"
    files: dict[str, str] = field(default_factory=dict)


def _cases() -> Iterator[Case]:
    for path in sorted(CASES.glob("*.md")):
        for section in re.split(r"^## ", path.read_text(), flags=re.MULTILINE)[1:]:
            case = Case(f"{path.stem}: {section.partition(chr(10))[0]}")
            for kind, body in _FENCE.findall(section):
                if kind == "handler":
                    case.handler = body.strip()
                else:
                    named = _FILE.match(body)
                    case.files[named.group(1) if named else "app.py"] = body
            yield case


ALL = list(_cases())


def _shown(value: Value[Any]) -> str:
    match value:
        case Known(bool() | None as plain):
            return str(plain)
        case Known(tuple() as items):
            return "[" + ",".join(map(_shown, items)) + "]"
        case Known(dict() as items):
            return "{" + ",".join(f"{key}:{_shown(one)}" for key, one in items.items()) + "}"
        case Known(plain):
            return str(plain).replace(" ", "_")
        case Unknown(_, _, Text(parts)):
            return "".join(_part(part) for part in parts).replace(" ", "_")
    return "?"


def _part(part: str | Ref | Hole) -> str:
    return part if isinstance(part, str) else f"${{{part.attribute}}}" if isinstance(part, Ref) else "*"


def _flags(call: Call) -> frozenset[str]:
    found = {
        "unreached": not call.reached,
        "once": not call.every,
        "other": call.credentials is Credentials.OTHER,
        "unknown": call.credentials is Credentials.UNKNOWN,
        "perhaps": not call.certain,
    }
    return frozenset(name for name, holds in found.items() if holds)


def _wanted(case: Case) -> Iterator[tuple[str, int, str]]:
    for path, text in case.files.items():
        for number, line in enumerate(text.splitlines(), 1):
            if calls := _CALLS.search(line):
                for one in calls.group(1).split("; "):
                    yield path, number, one.strip()
            if unfollowed := _UNFOLLOWED.search(line):
                for service in unfollowed.group(1).split(", "):
                    yield path, number, f"unfollowed {service}"


def _found(source: Source, wanted: dict[tuple[str, int], list[str]]) -> Iterator[tuple[str, int, str]]:
    for call in source.calls:
        if call.through.endswith("in parts"):
            continue
        place = call.origin.span.path, call.origin.span.line
        flags = sorted(_flags(call))
        # Only the arguments that somebody asked for on the line are told.
        asked = [
            one
            for text in wanted.get(place, ())
            if (one := _ONE.match(text)) and one.group(3) == call.operation
        ]
        keys = dict.fromkeys(pair.partition("=")[0] for one in asked for pair in one.group(4).split())
        told = []
        for key in keys:
            if key in call.names:
                told.append(f"{key}=[{','.join(map(_shown, call.names[key]))}]")
            elif key in call.arguments:
                told.append(f"{key}={_shown(call.arguments[key])}")
        before = f"({', '.join(flags)}) " if flags else ""
        yield *place, " ".join([f"{before}{call.service}:{call.operation}", *told])
    for other in source.unfollowed:
        where = next(places(other.origin))
        yield where.span.path, where.span.line, f"unfollowed {other.service}"


@pytest.mark.parametrize("case", ALL, ids=[case.title for case in ALL])
def test_case(case: Case) -> None:
    source = analyse(Files.of({path: text.encode() for path, text in case.files.items()}), case.handler)
    wanted = sorted(_wanted(case))
    at: dict[tuple[str, int], list[str]] = {}
    for path, number, text in wanted:
        at.setdefault((path, number), []).append(text)
    assert sorted(_found(source, at)) == wanted
    for path, text in case.files.items():
        for number, line in enumerate(text.splitlines(), 1):
            if (mark := _UNFOLLOWED.search(line)) and mark.group(2):
                reasons = [
                    f"{one.what} {one.reason}"
                    for one in source.unfollowed
                    if any((place.span.path, place.span.line) == (path, number) for place in places(one.origin))
                ]
                assert any(mark.group(2) in reason for reason in reasons), reasons


def test_there_are_many_cases() -> None:
    assert len(ALL) >= 80
    assert len({case.title for case in ALL}) == len(ALL)

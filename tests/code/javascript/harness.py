"""Runs literate cases of source: what each line calls stands at its end, and every other line calls nothing.

A file ``cases/<topic>.md`` holds sections, each a case with one or more fenced blocks. A first line
``// file: lib/x.ts`` names the block's file, otherwise it is ``app.mjs`` (``js``) or ``app.ts`` (``ts``); the
handler is ``app.handler``, or what a ``handler`` block says. Expectations follow ``//=``, parted by ``;``:

- ``dynamodb:GetItem TableName=${TABLE} Key=?`` is a call with these arguments (others are not looked at),
  ``?`` for what is not known, ``[a,b]`` and ``{k:v}`` for what is nested. ``RequestItems@${A},b`` are the names
  in a parameter. Words after it: ``unreached``, ``always``, ``sometimes``, ``maybe``, ``other`` and ``unknown``
  (whose credentials), ``partly`` (other arguments may be there), ``via`` and up to the end what makes the call.
- ``unfollowed service: words`` is something that was not followed (``-`` for no service), with words of it.
- ``note words`` is a note.

A ``finds`` block lists what has no line of its own, one expectation a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stockade.code.facts import ENVIRONMENT, Call, Credentials, Note, Source, Unfollowed
from stockade.value import Known, Ref, Unknown, Value, Written

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"\A//\s*file:\s*(\S+)[ \t]*\n")
_CREDENTIALS = {"other": Credentials.OTHER, "unknown": Credentials.UNKNOWN}
_DEFAULT = {"js": "app.mjs", "ts": "app.ts", "go": "main.go", "java": "Handler.java"}


@dataclass
class Case:
    """One section: its files, the handler, and what is expected at which line (0 for none)."""

    name: str
    handler: str
    files: dict[str, bytes] = field(default_factory=dict)
    expected: list[tuple[str, int, str]] = field(default_factory=list)


def cases(folder: Path, handler: str = "app.handler") -> Iterator[Case]:
    """All cases of a folder."""
    for path in sorted(folder.glob("*.md")):
        for section in re.split(r"^## ", path.read_text(), flags=re.MULTILINE)[1:]:
            title, _, body = section.partition("\n")
            case = Case(f"{path.stem}: {title.strip()}", handler)
            for language, text in _FENCE.findall(body):
                _block(case, language, text)
            yield case


def _block(case: Case, language: str, text: str) -> None:
    if language == "handler":
        case.handler = text.strip()
        return
    if language == "finds":
        case.expected += [("", 0, line.strip()) for line in text.splitlines() if line.strip()]
        return
    named = _FILE.match(text)
    name = named[1] if named else _DEFAULT.get(language, "app.mjs")
    text = text[named.end() :] if named else text
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        code, _, marks = line.partition("//=")
        lines.append(code.rstrip())
        case.expected += [(name, number, one.strip()) for one in marks.split(";") if one.strip()]
    case.files[name] = "\n".join(lines).encode() + b"\n"


def failures(case: Case, source: Source) -> list[str]:
    """What was found and not expected, and what was expected and not found."""
    out: list[str] = []
    found: list[Call | Unfollowed | Note] = [*source.calls, *source.unfollowed, *source.notes]
    for file, line, text in case.expected:
        hit = next((one for one in found if _at(one, file, line) and not _wrong(one, text)), None)
        if hit is None:
            near = [_wrong(one, text) or "" for one in found if _at(one, file, line)]
            out.append(f"{file}:{line}: not found: {text} {near or ''}")
        else:
            found.remove(hit)
    return out + [f"not expected: {_told(one)}" for one in found]


def _at(one: Call | Unfollowed | Note, file: str, line: int) -> bool:
    if not isinstance(one.origin, Written):
        return not file
    return not line or (one.origin.span.path, one.origin.span.line) == (file, line)


def _wrong(one: Call | Unfollowed | Note, text: str) -> str:
    """Why something is not what was expected, empty if it is."""
    first, _, rest = text.partition(" ")
    if first == "unfollowed":
        service, _, words = rest.partition(":")
        if not isinstance(one, Unfollowed):
            return "no such thing"
        told = f"{one.what} {one.reason}"
        right = (
            one.service == service.strip().replace("-", "", service.strip() == "-") and words.strip() in told
        )
        return "" if right else f"{one.service}: {told}"
    if first == "note":
        return "" if isinstance(one, Note) and rest in f"{one.what} {one.reason}" else "no such note"
    if not isinstance(one, Call):
        return "no call"
    return _wrong_call(one, first, rest.split())


def _wrong_call(call: Call, operation: str, words: list[str]) -> str:
    if f"{call.service}:{call.operation}" != operation:
        return f"{call.service}:{call.operation}"
    if "via" in words:
        index = words.index("via")
        if " ".join(words[index + 1 :]) != call.through:
            return f"via {call.through}"
        words = words[:index]
    for word in words:
        if "@" in word and "=" not in word:
            name, _, wanted = word.partition("@")
            got = ",".join(map(shown, call.names.get(name, ())))
            if got != wanted:
                return f"{name}@{got}"
        elif "=" in word:
            name, _, wanted = word.partition("=")
            value = call.arguments.get(name)
            got = shown(value) if value is not None else "nothing"
            if got != wanted:
                return f"{name}={got}"
    plain = {word for word in words if "=" not in word and "@" not in word}
    wanted_credentials = next((_CREDENTIALS[word] for word in plain if word in _CREDENTIALS), Credentials.OWN)
    if call.credentials is not wanted_credentials:
        return f"credentials {call.credentials.value}"
    if call.reached == ("unreached" in plain):
        return "reached" if call.reached else "unreached"
    if ("always" in plain and not call.every) or ("sometimes" in plain and call.every):
        return "always" if call.every else "sometimes"
    if call.certain == ("maybe" in plain):
        return "certain" if call.certain else "maybe"
    if "partly" in plain and call.complete:
        return "complete"
    return ""


def shown(value: Value[Any]) -> str:
    """A value as the cases write it."""
    match value:
        case Known(Mapping() as members):
            return "{" + ",".join(f"{name}:{shown(one)}" for name, one in members.items()) + "}"
        case Known(tuple() as items):
            return "[" + ",".join(map(shown, items)) + "]"
        case Known(plain):
            return str(plain)
        case Unknown(_, _, text) if text is not None:
            return "".join(_piece(part) for part in text.parts)
        case _:
            return "?"


def _piece(part: object) -> str:
    if isinstance(part, Ref):
        assert part.address == ENVIRONMENT
        return f"${{{part.attribute}}}"
    return part if isinstance(part, str) else "?"


def _told(one: Call | Unfollowed | Note) -> str:
    at = str(one.origin.span) if isinstance(one.origin, Written) else ""
    if isinstance(one, Call):
        arguments = " ".join(f"{name}={shown(value)}" for name, value in one.arguments.items())
        marks = f"{'' if one.reached else 'unreached '}{one.credentials.value} via {one.through}"
        return f"{at} {one.service}:{one.operation} {arguments} {marks}"
    if isinstance(one, Unfollowed):
        mark = "" if one.reached else "unreached"
        return f"{at} unfollowed {one.service or '-'}: {one.what} {one.reason} {mark}"
    return f"{at} note {one.what} {one.reason}"

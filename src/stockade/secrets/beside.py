"""Secrets in files that no name stands before: arguments by place, options, attributes, settings in pairs.

Each way to write one is a word that has to be in the file for it to be tried, and an expression; what it finds
is a name (its own, or the one that is meant) and the place of the value. The caller judges them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from stockade.records import dataclass

TELLING: Final = (
    rb"passw(?:or)?d|passwd|pwd|passphrase|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key"
    rb"|signing[_-]?key|encryption[_-]?key|auth[_-]?key|credential|dsn|connection[_-]?string|webhook"
    rb"|conn[_-]?str|database[_-]?url|redis[_-]?url|mongo[_-]?ur[il]|[_-]key|salt|authorization|pass"
)
"""What is in the name of a literal that may be a secret."""

IN_QUERY: Final = "?"
"""Said in place of a name of a key in an address."""

_NAME: Final = rb"([\w.:-]{0,60}(?i:" + TELLING + rb")[\w.-]{0,40})"
_VALUE: Final = rb"([^\s'\"<>]{4,400})"


@dataclass(frozen=True, slots=True)
class Beside:
    """A value and what it is called; ``loose`` says that a plain word is one as well, as in configuration."""

    name: str
    start: int
    end: int
    loose: bool = True


@dataclass(frozen=True)
class _Way:
    """``name`` is what is meant where the expression's first group is the value, empty where it is the name."""

    words: tuple[bytes, ...]
    expression: bytes
    name: str = ""
    loose: bool = True


_WAYS: Final = (
    _Way(  # <add key="SmtpPassword" value="…"/>, <property name="password" value="…"/>
        (b"value",),
        rb"(?:key|name)[ \t]?=[ \t]?\""
        + _NAME
        + rb"\"[^<>\n]{0,80}?[ \t\n]value[ \t]?=[ \t]?\"([^\"\n<>]{4,400})\"",
    ),
    _Way(  # <password>…</password>
        (b"</",),
        rb"<" + _NAME + rb"(?:[ \t][^<>\n]{0,80})?>([^<>\s]{4,400})</",
    ),
    _Way(  # - name: API_SECRET, and its value on the next line; the same in JSON
        (b"name", b"value"),
        rb"(?i:name|key)['\"]?[ \t]{0,3}[:=][ \t]{0,3}['\"]?"
        + _NAME
        + rb"['\"]?,?[ \t]{0,3}\r?\n?[ \t]{0,30}['\"]?(?i:value)['\"]?[ \t]{0,3}[:=][ \t]{0,3}['\"]?"
        + _VALUE,
    ),
    _Way(  # requests' and others' pair of a user and a password
        (b"uth",),
        rb"(?i)(?:\bauth[ \t]{0,3}=[ \t]{0,3}\(|basic_?auth\()\s{0,20}['\"][^'\"\n]{1,80}['\"],\s{0,20}['\"]"
        + _VALUE
        + rb"['\"]",
        "password",
        loose=False,
    ),
    _Way(  # a user and a password, as arguments
        (b".login(",),
        rb"\.login\(\s{0,20}['\"][^'\"\n]{1,80}['\"],\s{0,20}['\"]" + _VALUE + rb"['\"]",
        "password",
        loose=False,
    ),
    _Way(
        (b"curl",),
        rb"curl[^\n]{0,200}[ \t](?:-u|--user)[ =]?['\"]?[\w.+@-]{1,80}:([^\s\"':$]{4,200})",
        "password",
    ),
    _Way(
        (b"machine",),
        rb"machine\s{1,8}\S{1,200}\s{1,8}login\s{1,8}\S{1,200}\s{1,8}password\s{1,8}(\S{4,200})",
        "password",
    ),
    _Way(  # connection strings that drivers take
        (b"assw", b"="),
        rb"(?i)\b(?:host|server|data source|user|user id|uid|dbname|database)[ \t]?=[^'\"\n]{1,200}[; ]"
        rb"(?:password|pwd)[ \t]?=[ \t]?([^\s'\";%{}$<>]{4,200})",
        "password",
    ),
    _Way(  # addresses that have it among their parameters
        (b"://", b"assw"),
        rb"(?i)://[^\s'\"<>]{3,300}[?&;](?:password|pwd)=([^\s'\";&%{}$<>]{4,200})",
        "password",
    ),
    _Way(  # Twilio's client: the account, and the token that opens it
        (b"AC",), rb"\bAC[0-9a-f]{32}['\"],\s{0,20}['\"]([0-9a-f]{32})['\"]", "auth_token", loose=False
    ),
    _Way(  # keys in a query
        (b"://",),
        rb"://[^\s'\"<>?]{3,200}\?(?:[^\s'\"<>#]{0,200}&)?(?i:api[_-]?key|key|access_token|auth|token|appid)="
        rb"([A-Za-z0-9_-]{20,200})",
        IN_QUERY,
        loose=False,
    ),
)


def beside(data: bytes, text: str) -> Iterator[Beside]:
    """Every value of a file that is written in one of these ways, whether it is a secret or not."""
    for way in _WAYS:
        if not all(word in data for word in way.words):
            continue
        for found in _compiled(way.expression).finditer(data):
            start, end = found.span(1 if way.name else 2)
            name = way.name or text[slice(*found.span(1))]
            yield Beside(name, start, end, way.loose)


@cache
def _compiled(expression: bytes) -> Any:
    import re2

    return re2.compile(expression)

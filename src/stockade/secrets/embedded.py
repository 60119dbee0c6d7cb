"""Secrets inside of larger texts: private keys, URLs, connection strings, headers, tokens, documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.secrets import shapes
from stockade.secrets.checks import decoded, is_key_material, json_object, jwt_parts

PUBLISHABLE: Final = "a publishable token"
"""A token that says of itself that everybody may have it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A secret within a text, and whether its inner structure is right."""

    kind: str
    start: int
    end: int
    verified: bool = False


# ------------------------------------------------------------------------------------ private keys

_ARMOUR: Final = lazy_regex(r"-{4,5} ?BEGIN ((?:[A-Z0-9]{2,12} ){0,3})PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_ENCODED_ARMOUR: Final = "LS0tLS1CRUdJTi"
_WORD64: Final = lazy_regex(r"[A-Za-z0-9+/_=-]+")
_SHORTEST_KEY: Final = 40


def private_key(text: str) -> Piece | None:
    """A private key: PEM with real or escaped line ends, OpenSSH, PGP, PuTTY, or base64 of one."""
    if "PRIVATE KEY" in text and (found := _ARMOUR.search(text)):
        body, _, _ = text[found.end() :].partition("-----END")
        material = re.sub(r"\s|\\[nr]", "", body)
        if len(material) < _SHORTEST_KEY or shapes.is_placeholder(material):
            return None
        return Piece(f"{_article(found[1])}private key", found.start(), len(text), is_key_material(body))
    if "PuTTY-User-Key-File-" in text and "Private-Lines:" in text:
        return Piece("a PuTTY private key", text.index("PuTTY-User-Key-File-"), len(text), verified=True)
    if (at := text.find(_ENCODED_ARMOUR)) >= 0:
        word = _WORD64.match(text, at)
        raw = decoded(word[0]) if word else None
        if raw is not None and word and private_key(raw.decode("utf-8", "replace")) is not None:
            return Piece("a private key in base64", at, word.end(), verified=True)
    return None


def _article(algorithm: str) -> str:
    name = algorithm.strip()
    named = {"RSA": "an RSA ", "EC": "an EC ", "OPENSSH": "an OpenSSH ", "PGP": "a PGP ", "DSA": "a DSA "}
    return named.get(name, "a ")


# ------------------------------------------------------------------------- URLs and what is like them

_MOST_URLS: Final = 16
_USER_INFO: Final = lazy_regex(
    r"://([^\s:@/?#\"']{0,200}):([^\s/?#\"']{1,300}?)@(?=[\w.\[\]$-]+(?:[:/?#,;\"'\s]|$))"
)
_LOOSE_USER_INFO: Final = lazy_regex(r"://([^\s:@/?#]{0,200}):([^\s]{1,300}?)@(?=[\w.-]+(?:[:/?]|$))")
_PARAMETER: Final = lazy_regex(
    r"(?i)(?:[?&;,\s{\"']|^)(?P<name>password|passwd|pwd|secret|client_?secret|sasl_?password|trust_?store_?password"
    r"|key_?store_?password|api[_-]?key|apikey|access_?token|auth_?token|token|account_?key|shared_?access_?key"
    r"|secret_?access_?key|secret_?key|private_?key|code|key)"
    r"\s{0,3}=\s{0,3}(?P<value>\"[^\"]{1,400}\"|'[^']{1,400}'|[^;&\s,\"'}]{1,400})"
)
_LONGER_PARAMETER: Final = lazy_regex(
    r"(?i)(?:[?&;,\s{\"']|^)(?:--?)?(?:[a-z][\w.]{0,40}?[_.-])?"
    r"(?P<name>password|passwd|passphrase|pwd|pass|trust_?store_?password|key_?store_?password|client[_-]?secret"
    r"|api[_-]?key|api[_-]?token|access[_-]?token|auth[_-]?token|private[_-]?key|secret[_-]?key|honeycomb-team)"
    r"(?:\s{0,3}=\s{0,3}|(?<=-password) |(?<=-token) )"
    r"(?P<value>\"[^\"]{1,400}\"|'[^']{1,400}'|[^;&\s,\"'}]{1,400})"
)
_USER_OPTION: Final = lazy_regex(r"(?:^|\s)(?:-u|--user)[ =]?[\"']?[\w.+@-]{1,80}:([^\s\"':]{3,200})")
_DRIVER: Final = lazy_regex(r"(?:^|[\s\"'=])[\w.+-]{1,80}:([^\s/]{1,200}?)@(?:tcp|tcp6|udp|unix|cloudsql)\(")
_HEADER_PAIR: Final = lazy_regex(
    r"(?i)authorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:(?:basic|bearer|token)(?:\s|%20))?([\w+/=.~-]{12,4000})"
)
_ORACLE: Final = lazy_regex(
    r"(?:^|:)[A-Za-z]\w{0,30}/([^\s@/:]{1,60})@(?://[\w.-]{1,200}|[\w.-]{1,200}:\d{2,5})(?:[:/]\S*)?$"
)
_SURE: Final = ("password", "passwd", "pwd", "passphrase", "pass", "secret")
_HEADER: Final = lazy_regex(
    r"(?i)\s*(?:(?:proxy-)?authorization\s*[:=]\s*)?(?P<scheme>basic|bearer|token|ssws|apikey|api-key|key)\s+"
    r"(?P<value>[^\s\"']{6,4000})\s*"
)
_PAIR: Final = lazy_regex(r"[A-Za-z][\w.@+-]{1,80}:([!-~]{6,200})")
_IDENTIFIER: Final = lazy_regex(r"[0-9a-fA-F-]{12,}|\d+")
_TEMPLATE: Final = lazy_regex(r"[<{\[$%].*[>}\]%]?|\*+|[:@][a-z]+`?|\\.*")


def credentials(text: str) -> Piece | None:
    """A password or key in a URL, a connection string or a header."""
    return (
        _in_url(text)
        or _in_parameters(text)
        or _in_header(text)
        or _for_oracle(text)
        or _encoded(text)
        or _among(text)
    )


def _in_url(text: str) -> Piece | None:
    at = text.find("://")
    for _ in range(_MOST_URLS):
        if at < 0:
            return None
        found = _USER_INFO.match(text, at)
        if found is None and not text[:at].lower().endswith(("http", "https")):
            found = _LOOSE_USER_INFO.match(text, at)
        if found and not _stands_for(found[2]):
            scheme = re.search(r"[a-z][a-z0-9+.-]{0,30}$", text[:at].lower())
            what = f"a password in a {scheme[0]} URL" if scheme else "a password in a URL"
            return Piece(what, found.start(2), found.end(2))
        at = text.find("://", at + 3)
    return None


def _in_parameters(text: str) -> Piece | None:
    if "=" not in text and "--" not in text:
        return None
    for found in chain(_PARAMETER.finditer(text), _LONGER_PARAMETER.finditer(text)):
        name, value = found["name"].lower(), found["value"].strip("\"'")
        if _stands_for(value) or len(value) < 3 or shapes.is_enum(value):
            continue
        if name.endswith(_SURE):
            if not any(letter in text for letter in ";?&,") and text.count("=") == 1 and shapes.is_random(text):
                continue  # the end of something in base64
            return Piece("a password in a connection string", *_inner(found))
        if shapes.is_random(value, 12) and not shapes.is_url(value):
            return Piece("a key in a URL or connection string", *_inner(found))
    return None


def _inner(found: re.Match[str]) -> tuple[int, int]:
    quoted = found["value"][0] in "\"'"
    return found.start("value") + quoted, found.end("value") - quoted


def _in_header(text: str) -> Piece | None:
    found = _HEADER.fullmatch(text)
    if not found or _stands_for(found["value"]):
        return None
    scheme, value = found["scheme"].lower(), found["value"]
    if scheme == "basic":
        raw = decoded(value)
        if raw is None or b":" not in raw or not raw.decode("utf-8", "replace").isprintable():
            return None
        return Piece("basic authentication", *found.span("value"), verified=True)
    if shapes.is_wordy(value) or not (shapes.is_random(value, 12) or scheme == "bearer"):
        return None
    return Piece("a bearer token" if scheme == "bearer" else "a token in a header", *found.span("value"))


def _for_oracle(text: str) -> Piece | None:
    """``user/password@//host:port/service``, with ``jdbc:oracle:thin:`` before it or not."""
    found = _ORACLE.search(text)
    if not found or _stands_for(found[1]):
        return None
    return Piece("a password in an Oracle connection string", *found.span(1))


def _among(text: str) -> Piece | None:
    """A password among options of a command, in a data source name of a Go driver, or in a list of headers."""
    if "@" in text and (found := _DRIVER.search(text)) and not _stands_for(found[1]):
        return Piece("a password in a data source name", *found.span(1))
    if "-u" in text and (found := _USER_OPTION.search(text)) and not _stands_for(found[1]):
        return Piece("a password in a command's options", *found.span(1))
    if "uthorization" in text and (found := _HEADER_PAIR.search(text)) and shapes.is_random(found[1], 12):
        return Piece("a token in a header", *found.span(1))
    return None


def _encoded(text: str) -> Piece | None:
    """Base64 of ``user:password``, as a header for basic authentication wants it."""
    if not 16 <= len(text) <= 400 or len(text) % 4 or ":" in text:
        return None
    raw = decoded(text)
    if raw is None or not raw.isascii():
        return None
    pair = _PAIR.fullmatch(raw.decode())
    if pair is None or shapes.is_wordy(pair[1]) or _IDENTIFIER.fullmatch(pair[1]):
        return None  # what GraphQL calls a node: its type and its identifier
    return Piece("basic authentication in base64", 0, len(text), verified=True)


def _stands_for(text: str) -> bool:
    """Whether something else is meant to be put here, or will be looked up."""
    if _TEMPLATE.fullmatch(text) or shapes.is_reference(text):
        return True
    return text.isupper() and shapes.is_wordy(text)


def is_user_and_password(text: str) -> bool:
    """``user:password``, plain or in base64, and not a name with a port."""
    if re.fullmatch(r"[A-Za-z][\w.@+-]{0,80}:(?!\d{2,5}$)[^\s:/]{3,200}", text):
        return not shapes.is_placeholder(text.partition(":")[2])
    raw = decoded(text) if len(text) >= 8 else None
    plain = raw.decode("utf-8", "replace") if raw else ""
    return plain.isprintable() and ":" in plain and is_user_and_password(plain)


# ------------------------------------------------------------------------------- tokens and documents

_WEB_TOKEN: Final = lazy_regex(r"(?<![\w.-])eyJ[\w-]{10,4000}\.eyJ?[\w-]{4,12000}\.[\w-]{0,2000}")
_PUBLIC_ROLES: Final = ("anon", "anonymous", "public")


def web_token(text: str) -> Piece | None:
    """A JSON Web Token whose header and claims can be read."""
    if "eyJ" not in text:
        return None
    found = _WEB_TOKEN.search(text)
    parts = jwt_parts(found[0]) if found else None
    if found is None or parts is None:
        return None
    if parts[1].get("role") in _PUBLIC_ROLES:
        return Piece(PUBLISHABLE, *found.span())
    return Piece("a JSON Web Token", *found.span(), verified=True)


_DEEPEST, _MOST_LEAVES = 6, 200


def leaves(text: str) -> Iterator[tuple[str, str]]:
    """The texts in a JSON document, each with its key; none for what is no document."""
    start = text.lstrip()[:1]
    if start not in ("{", "["):
        return
    document: Any = json_object(text)
    if document is None:
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            return
    if isinstance(document, dict) and document.get("type") == "service_account" and "private_key" in document:
        document = {**document, "private_key_id": ""}
    for number, leaf in enumerate(_leaves(document, "", 0)):
        if number >= _MOST_LEAVES:
            return
        yield leaf


def _leaves(node: Any, key: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        return
    if isinstance(node, str):
        yield key, node
    elif isinstance(node, dict):
        for name, inner in node.items():
            yield from _leaves(inner, name, depth + 1)
    elif isinstance(node, list):
        for inner in node:
            yield from _leaves(inner, key, depth + 1)

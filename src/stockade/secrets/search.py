"""Secrets in files: in source, in configuration, in what somebody forgot in a package.

A file is gone over a few times by expressions that cannot take long: for keys of known formats, for private
keys, for passwords in URLs, and for literals whose name says that they are secret. Each that is found goes
through the same classifier as a variable of the environment; what is harmless in source (a field's name, a
text that people read) is sorted out here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any, Final

from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.secrets import embedded, shapes, words
from stockade.secrets.beside import IN_QUERY, Beside, beside
from stockade.secrets.classify import Confidence, Secret, classify
from stockade.secrets.formats import FORMATS, INNER, Match, Standing, at, inner_matches, matches
from stockade.secrets.likely import is_likely, is_made_up, is_meant, is_stand_in
from stockade.secrets.names import Noun, Role, may_carry, meaning, words_of
from stockade.secrets.ways import TELLING, any_of

_LONGEST_LINE: Final = 3_000
"""Bytes of a line beyond which it is a bundle's: names in it are abbreviations, and mean nothing."""

_MOST: Final = 200
"""Secrets of one file that are told."""

_VALUE: Final = 8_000


@dataclass(frozen=True, slots=True)
class Found:
    """A secret in a file: its classification, and the byte range of the secret alone."""

    kind: str
    confidence: Confidence
    start: int
    end: int
    label: str
    name: str = ""


def secrets_in(data: bytes, *, unquoted: bool = False) -> tuple[Found, ...]:
    """Every secret in a file, in their order. ``unquoted`` says that values need no quotes, as in ``.env``.

    What only stands for a secret is left out.
    """
    text = data.decode("latin-1")
    found: list[Found] = []
    for one in _all(data, text, unquoted):
        if one.confidence is Confidence.PLACEHOLDER:
            continue
        if any(one.start < other.end and other.start < one.end for other in found):
            continue  # the first of the ways to find it says most
        found.append(one)
        if len(found) == _MOST:
            break
    return tuple(sorted(found, key=lambda one: one.start))


def _all(data: bytes, text: str, unquoted: bool) -> Iterator[Found]:
    yield from _private_keys(data, text)
    yield from _formatted(data, text)
    yield from _urls(data, text)
    yield from _named(data, text, unquoted)
    for one in beside(data, text):
        if one.name == IN_QUERY:
            yield from _in_query(text, one)
        elif text.startswith("}", one.end) and is_stand_in(text[one.start : one.end]):
            continue  # the default of a variable, as everybody writes it
        elif one.sure:
            if not _JOINED.match(text, one.end):
                yield from _literal(one.name, text, one.start, one.end, sure=True)
        elif text[one.start - 1] in "'\">:@" or not _is_code(text[one.start : one.end]):
            yield from _literal(one.name, text, one.start, one.end, config=one.loose)


_JOINED: Final = lazy_regex(r"['\"`]\s{0,3}\+")
"""After a literal that is only the beginning of a text, as ``"AWS4" + key`` in signatures."""


# ----------------------------------------------------------------------------------- by its own looks


def _private_keys(data: bytes, text: str) -> Iterator[Found]:
    start = 0
    while (begins := data.find(b"PRIVATE KEY", start)) >= 0:
        armour = text.rfind("-----BEGIN", max(begins - 60, 0), begins)
        start = begins + 11
        if armour < 0:
            continue
        close = text.find("-----END", start, start + 20_000)
        end = text.find("-----", close + 8) + 5 if close >= 0 else -1
        if close < 0 or end < 5:
            continue
        start = end
        piece = embedded.private_key(text[armour:end])
        if piece is not None and piece.verified:
            secret = Secret(piece.kind, Confidence.VERIFIED, armour, end)
            yield _as_found(secret, text)
        start = end


def _formatted(data: bytes, text: str) -> Iterator[Found]:
    done = 0
    for candidate in _prefixes().finditer(data):
        start = candidate.start(1)
        if start < done:
            continue
        match = at(text, start)
        if match is not None:
            done = match.end
            yield from _of_match(match, text)
    for index in sorted(_anchors().Match(data) or ()):
        one = _ANCHORED[index]
        if _may_be(one.expression).search(data):
            for match in inner_matches(one, text):
                yield from _of_match(match, text)


def _of_match(match: Match, text: str) -> Iterator[Found]:
    format = match.format
    if (
        format.standing is Standing.PUBLIC
        or "presigned" in format.kind
        or _is_part_of_data(text, match.start, match.end)
    ):
        return
    if format.kind == "a temporary AWS access key":
        return  # an identifier that stands in every log of CloudTrail; what opens is told by its name
    if format.kind == "an AWS access key" and text.endswith(_IN_SIGNED_URL, 0, match.start):
        return
    if not match.verified and format.kind in _LOOSE and not text.startswith("hvs.", match.start):
        return
    key = text[match.start : match.end]
    if " hash of " in format.kind or shapes.is_placeholder(key) or shapes.is_placeholder(key[4:]):
        return
    if len(set(key[4:])) <= 6 or shapes.is_sequence(key.rpartition("/")[2]):
        return
    confidence = Confidence.VERIFIED if match.verified else Confidence.FORMAT
    if format.standing is Standing.TEST:
        confidence = Confidence.SOFT
    elif not match.verified and shapes.is_wordy(key.replace("_", "-")):
        return
    yield _as_found(Secret(format.kind, confidence, match.start, match.end), text)


_LOOSE: Final = frozenset(
    (
        "a HashiCorp Vault token",
        "a Lob API key",
        "a GoCardless access token",
        "a Yandex Cloud static key",
        "a Yandex Cloud API key",
        "an Octopus Deploy API key",
        "a Twitter bearer token",
        "a ClickHouse Cloud key",
        "a Voyage API key",
        "a Firecrawl API key",
        "a Facebook app token",
        "a Trello token",
        "a Mailgun API key",
        "a NuGet API key",
        "a Twilio API key",
        "an Airtable token",
        "an Artifactory API key",
        "a Bitbucket app password",
        "a Facebook access token",
        "a Tencent Cloud secret id",
        "an Alibaba Cloud access key",
        "a Mattermost webhook",
        "a Discord bot token",
        "a Dropbox token",
        "a Notion token",
        "a Render API key",
        "a Resend API key",
        "a LaunchDarkly SDK key",
        "a LaunchDarkly access token",
        "a Fly.io token",
    )
)
"""Formats so short or so common that in source only a name beside them tells; see ``_named``."""


_IN_SIGNED_URL: Final = ("AWSAccessKeyId=", "X-Amz-Credential=")
"""Before the identifier of the key that signed a URL: of no use to others."""


def _is_part_of_data(text: str, start: int, end: int) -> bool:
    """Whether a match is cut out of a long run of base64: an image or a font that is written into source."""
    before, after = text[max(start - 24, 0) : start], text[end : end + 24]
    return _RUN.search(before + "|") is not None or _RUN_AFTER.match(after) is not None


_RUN: Final = lazy_regex(r"[A-Za-z0-9+/]{24}\|\Z")
_RUN_AFTER: Final = lazy_regex(r"[A-Za-z0-9+/]{24}")


# -------------------------------------------------------------------------------------------- in URLs


def _urls(data: bytes, text: str) -> Iterator[Found]:
    for candidate in _url().finditer(data):
        start, end = candidate.span()
        left = max(start - 12, 0)
        piece = embedded.credentials(text[left:end] + (_host(text, end) or "host"))
        if piece is None or " URL" not in piece.kind:
            continue
        found = Secret(piece.kind, Confidence.FORMAT, left + piece.start, left + piece.end)
        value = text[found.start : found.end]
        if shapes.is_placeholder(value) or is_stand_in(value) or _is_local(text[end - 1 : end + 60]):
            continue
        yield _as_found(found, text)


def _host(text: str, at: int) -> str:
    """What follows a password in a URL, up to where it ends."""
    found = _UP_TO.match(text, at, at + 100)
    return found[0] if found else ""


_UP_TO: Final = lazy_regex(r"[\w.\[\]:,-]{1,100}")


def _in_query(text: str, one: Beside) -> Iterator[Found]:
    """A key in an address: what nobody thinks up, and no key of a known format: that is told by itself."""
    value = text[one.start : one.end]
    if (
        not shapes.is_random(value, 20)
        or shapes.is_uuid(value)
        or is_made_up(value)
        or shapes.is_sequence(value)
        or text.endswith("-Security-Token=", 0, one.start)  # of a signed address, which soon opens nothing
        or _is_counted(_PARAMETER_NAME.findall(text, max(0, one.start - 60), one.start))
    ):
        return
    if next(matches(value), None) is None:
        yield _as_found(Secret("a key in a URL", Confidence.NAMED, one.start, one.end), text)


def _is_counted(names: list[str]) -> bool:
    """Whether the parameter before a value is a token that is a place in a list, or of a task that waits."""
    said = words_of(names[-1]) if names else ()
    return said[-1:] == ("token",) and not words.COUNTED_TOKENS.isdisjoint(said[:-1])


_PARAMETER_NAME: Final = lazy_regex(r"([A-Za-z][\w.-]*)=$")


def _is_local(rest: str) -> bool:
    """Whether what follows a password is the machine itself: a development database is nobody's secret."""
    host = re.match(r"@?([\w.-]*)", rest)
    named = host[1].lower() if host else ""
    return named in ("localhost", "127.0.0.1", "0.0.0.0", "host", "hostname", "server", "db", "redis") or (  # noqa: S104 - nothing listens there
        named.endswith(("example.com", "example.org", ".test", ".local", ".localhost"))
    )


# ------------------------------------------------------------------------------------------- by a name


def _named(data: bytes, text: str, unquoted: bool) -> Iterator[Found]:
    for candidate in _assignment().finditer(data):
        quote = text[candidate.end() - 1]
        start = candidate.end()
        end = text.find(quote, start, start + _VALUE)
        if end < 0 or "\n" in text[start:end] or _is_long_line(text, start):
            continue
        name = _name(text, candidate.start(1), candidate.end(1))
        if _is_type(text, candidate.end(1) - len(name)):
            continue
        compared = "==" in text[candidate.end(1) : start] or "!=" in text[candidate.end(1) : start]
        if compared and not _may_be_compared(name, text[start:end]):
            continue  # a kind, a state
        yield from _literal(name, text, start, end)
    if unquoted:
        for line in chain(_LINE.finditer(text), _FLOW.finditer(text)):
            name, (start, end) = text[slice(*line.span(1))], line.span(2)
            if (_tells(name) or may_carry(name)) and not _is_code(text[start:end], name):
                yield from _literal(name, text, start, end, config=True)


def _may_be_compared(name: str, value: str) -> bool:
    """Whether what something is compared with may be a secret: a password with a digit among its letters is."""
    if meaning(name).noun is Noun.PASSWORD and meaning(name).role is Role.SECRET:
        return len(value) > 5 and _LETTER_DIGIT.search(value) is not None and not shapes.is_host(value)
    return shapes.is_random(value) or shapes.is_password(value)


_LETTER_DIGIT: Final = lazy_regex(r"[A-Za-z]\d+[A-Za-z]|\d[A-Za-z-]*[A-Z]|[A-Z][A-Za-z-]*\d")
"""A digit within a word, or with a capital beside it: nobody calls a state so."""


def _tells(name: str) -> bool:
    """Whether a name says anything; what gives itself away was found without one."""
    return meaning(name).role is not Role.OTHER


_LINE: Final = lazy_regex(
    r"^[ \t]{0,20}(?:export[ \t]{1,8}|set[ \t]{1,8}|-[ \t]{1,4}(?=\w{1,80}=)|//[^\s=]{1,200}/:)?"
    r"[\"']?([A-Za-z_][\w.-]{0,80})[\"']?"
    r"[ \t]{0,8}[=:][ \t]{0,8}([^\s'\"#{\[][^\r\n'\"]{2,400}?)[ \t]{0,8}(?:[ \t]#[^\r\n]*)?\r?$",
    re.MULTILINE | re.ASCII,
)
"""A setting on a line of its own: ``KEY=value``, ``key: value``. RE2 takes a hundred times as long over it."""
_FLOW: Final = lazy_regex(
    r"[{,][ \t]{0,4}([A-Za-z_][\w.-]{0,80}):[ \t]{1,4}([^\s'\"#{}\[\],:]{3,400})(?=[ \t]{0,4}[,}])", re.ASCII
)
"""A setting in a mapping of YAML on one line."""
_CODE: Final = lazy_regex(
    r"[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+[,;]?|.*[,;({\[]|[\w.\[\],-]+ ?(?:[=<>~!]=|[<>]).*|new [A-Z].*"
)


def _is_code(value: str, name: str = "") -> bool:
    """An expression that is written into a file of settings, or what a tool requires of versions.

    Digits within a word are no member of anything where a password is expected.
    """
    if _CODE.fullmatch(value) is None:
        return False
    dotted = _DOTTED.fullmatch(value) is not None and _LEET.search(value) is not None
    return not (dotted and meaning(name).noun is Noun.PASSWORD and meaning(name).role is Role.SECRET)


_DOTTED: Final = lazy_regex(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*){1,3}")
_LEET: Final = lazy_regex(r"[A-Za-z]\d[a-z]{2}")


def _name(text: str, start: int, end: int) -> str:
    left = _LEFT.search(text[max(start - 60, 0) : start])
    return (left[0] if left else "") + text[start:end]


_LEFT: Final = lazy_regex(r"[\w$-]{1,60}\Z")


def _literal(
    name: str, text: str, start: int, end: int, config: bool = False, sure: bool = False
) -> Iterator[Found]:
    value = text[start:end]
    if len(value) < 4 or _is_interpolated(value) or _ANNOTATION.fullmatch(value) or _TYPE.match(name):
        return
    secret = classify(name, value)
    if secret is None:
        return
    if secret.confidence is Confidence.NAMED and not (
        is_meant(value) if sure else is_likely(name, value, config)
    ):
        return
    if secret.confidence > Confidence.NAMED and (" URL" in secret.kind or "connection" in secret.kind):
        inner = value[secret.start : secret.end]
        if is_stand_in(inner) or _is_local(value[secret.end : secret.end + 60]):
            return
    where = Secret(secret.kind, secret.confidence, start + secret.start, start + secret.end)
    yield _as_found(where, text, name)


_ANNOTATION: Final = lazy_regex(r"[A-Z]\w*\[[\w., \[\]|\"']*\]")
_TYPE: Final = lazy_regex(r"aws_(?!access_key|secret_access|session_token|secret_key)[a-z0-9_]+$")
_COLOUR: Final = lazy_regex(r"#[0-9a-fA-F]{3,8}\b|#\w+(?::\d+)?")


def _is_interpolated(value: str) -> bool:
    """Whether a literal is filled in at run time, or is a colour, or a state of a lexer."""
    return (
        _COLOUR.match(value) is not None
        or any(sign in value for sign in ("{", "${", "%s", "%(", "#{", "<%", "\\x"))
        or value[:1] in "$<"
    )


def _is_type(text: str, start: int) -> bool:
    """Whether a name is the end of a type's, as in ``AWS::Cognito::ApiKey``."""
    return text[max(start - 1, 0) : start] in (":", "/")


def _is_long_line(text: str, at: int) -> bool:
    start = text.rfind("\n", max(at - _LONGEST_LINE, 0), at)
    return start < 0 and at > _LONGEST_LINE


def _as_found(secret: Secret, text: str, name: str = "") -> Found:
    return Found(secret.kind, secret.confidence, secret.start, secret.end, secret.label(text), name)


# ---------------------------------------------------------------------------------------- expressions


def _compiled(pattern: bytes) -> Any:
    """An expression of RE2, which is imported when the first file is searched."""
    import re2

    return re2.compile(pattern)


@cache
def _prefixes() -> Any:
    """All beginnings of known formats, at the beginning of a word."""
    starts = sorted({one.prefix for one in FORMATS}, key=len, reverse=True)
    return _compiled(rb"(?:^|[^A-Za-z0-9])(" + b"|".join(re.escape(one).encode() for one in starts) + rb")")


_ANCHORED: Final = tuple(one for one in INNER if not one.alone)


@cache
def _anchors() -> Any:
    """What the formats that are told by their middle have there, looked for at once."""
    return any_of(one.anchor.encode() for one in _ANCHORED)


@cache
def _may_be(expression: str) -> Any:
    """The expression of a format without what it asks of its surroundings, which RE2 does not know."""
    bare = re.sub(r"\(\?<?[=!](?:[^()\[\]]|\[[^\]]*\])*\)", "", expression)
    return _compiled(re.sub(r",\d{4,}\}", ",}", bare).encode())


@cache
def _url() -> Any:
    return _compiled(rb"[a-z0-9+]{2,20}://[^\s:@/'\"<>]{0,80}:[^\s@/'\"<>]{3,200}@")


@cache
def _assignment() -> Any:
    """A name with a telling word in it, what stands between, and the quote that opens its value.

    The name's part before the word is looked for afterwards.
    """
    name = rb"((?i:" + TELLING + rb")[\w-]{0,40})"
    compared = rb"[!=]==?|\)? or"
    annotation = rb"(?:[ \t]{0,3}:[ \t]{0,3}[A-Za-z][\w.\[\]|]{0,30}(?:[ \t]?\|[ \t]?\w{1,20})?[ \t]{0,3}=)"
    operator = rb"(?:[ \t]{0,8}(?::=|=>|=|:|\|\|=?|\?\?=?|,|" + compared + rb")|" + annotation + rb")"
    looked_up = rb"(?:process\.env[\w.\[\]'\"]{1,80}|os\.(?:getenv|environ\.get)\([^()\n]{1,80}\))"
    opening = rb"[ \t]{0,8}(?:\[\]byte\(|Buffer\.from\(|[\w.]{0,30}\.GetBytes\(|bytes\.fromhex\(|[\[(]"
    opening += rb"|(?:base64\.)?b64decode\(|" + looked_up + rb"[ \t]{1,3}(?:\|\||\?\?|or)[ \t]{1,3}"
    opening += rb"|\{[ \t]{0,4}['\"][\w .-]{1,40}['\"]:[ \t]?)?(?:[bfruBFRU@]{0,2})['\"`]"
    return _compiled(name + rb"['\"\]\)]{0,4}" + operator + opening)

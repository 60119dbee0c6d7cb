"""Whether a literal in a file is a secret, or one of the words and examples that source is full of."""

from __future__ import annotations

from typing import Final

from stockade.patterns import lazy_regex
from stockade.secrets import shapes, words
from stockade.secrets.names import Noun, Role, meaning, words_of


def is_meant(value: str) -> bool:
    """Whether a literal, at a place where only a secret can stand, is no example and not what it is called."""
    plain = value.strip()
    pieces = shapes.pieces_of(plain)
    named = len(pieces) > 1 and shapes.is_wordy(plain) and not _CALLED.isdisjoint(pieces)
    return not (named or is_made_up(plain) or shapes.is_sequence(plain) or is_stand_in(plain))


def is_likely(name: str, value: str, config: bool) -> bool:
    """Whether a literal with a telling name is a secret and not one of the words that source is full of.

    In configuration a password may be a word; in source it takes a digit or a sign beside letters.
    """
    plain = value.strip()
    if plain.lower() in _ENCODINGS or not (plain[0].isalnum() or plain[0] in "_+/") or is_made_up(plain):
        return False
    if shapes.is_sequence(plain) or (plain[0] == "/" and plain[-1] == "/"):
        return False
    pieces = shapes.pieces_of(plain)
    if len(pieces) > 1 and shapes.is_wordy(plain) and not _CALLED.isdisjoint(pieces):
        return False  # what a header or a secret is called, perhaps with a number
    if shapes.is_uuid(plain) and not _ISSUED.search(name):
        return False  # a token that makes a request happen once, an identifier
    if " " in plain or "\\" in plain or not plain.isascii() or shapes.is_sentence(plain):
        return False
    has_digit = any(map(str.isdigit, plain))
    has_letter = any(map(str.isalpha, plain))
    means = meaning(name)
    thought_up = means.role is Role.SECRET and means.chosen and not means.container
    spoken = not words.SPOKEN.isdisjoint(word for piece in pieces for word in words_of(piece))
    if config:
        named = shapes.is_wordy(plain) and len(pieces) > 2 and (spoken or not thought_up)
        return (has_letter or len(plain) > 5) and not named
    if thought_up and has_letter and shapes.is_wordy(plain) and not spoken:
        if means.noun is Noun.PASSWORD:
            return has_digit and len(pieces) < 3
        if means.noun in (Noun.SECRET, Noun.KEY):
            return has_digit and len(pieces) > 1 and "/" not in plain
    if not has_digit or not has_letter:
        signs = any(not letter.isalnum() and letter not in "-_./:" for letter in plain)
        return has_letter and signs and shapes.is_password(plain + "1")
    return not shapes.is_identifier_like(plain)


_CALLED: Final = frozenset(("key", "token", "secret", "secrets", "credentials", "header", "apikey"))
_ENCODINGS: Final = frozenset(
    ("base64url", "utf-8", "utf8", "latin-1", "iso-8859-1", "utf-16", "sha256", "sha-256", "sha1")
)
_ISSUED: Final = lazy_regex(r"(?i)secret|passw|api_?key")
_MADE_UP: Final = lazy_regex(
    r"(?i)(?:^|[^a-z])(?:test|tests|testing|example|mock|mocked|dummy|fake|sample|local|demo|foo|bar|placeholder)"
    r"(?:[^a-z]|$)|example|changeme|dummy|placeholder|your[_-]?|^test|^fake|not_?a_?real"
    r"|test(?:token|key|secret|password)"
)


def is_made_up(value: str) -> bool:
    """A value that says of itself that it is for tests or examples."""
    return _MADE_UP.search(value) is not None


_EXAMPLES: Final = frozenset(
    (
        *("password", "pass", "passwd", "pwd", "secret", "token", "user", "username", "admin", "root"),
        *("postgres", "mysql", "guest", "test", "foo", "bar", "xxx", "pw", "p"),
    )
)


def is_stand_in(value: str) -> bool:
    """A password in a URL that shows what a URL looks like."""
    return value.lower() in _EXAMPLES or any(letter in value for letter in "{}<>$%*") or len(value) < 4

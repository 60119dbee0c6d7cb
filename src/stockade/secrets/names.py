"""What a key's name says of its value: a secret, perhaps one, or only something about one.

A name is read as words (``DB_PASSWORD``, ``dbPassword`` and ``db-password`` are the same two). The
noun at the end decides: ``PASSWORD`` is a secret, ``PASSWORD_POLICY`` is not, ``PASSWORD_PROD`` is one
again, because what follows only says which.
"""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from typing import Final
from unicodedata import combining, normalize

from stockade.memory import remembered
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.secrets import words


class Role(IntEnum):
    """How much a name says, least first."""

    OTHER = 0
    """Nothing, or that the value only leads to a secret or describes one."""
    SUSPECT = 1
    """It may be a secret: the value has to look like one."""
    SECRET = 2
    """It is a secret if it is a literal."""


class Noun(IntEnum):
    """What kind of secret a name means."""

    PASSWORD = 0
    SECRET = 1
    TOKEN = 2
    KEY = 3
    CREDENTIALS = 4


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name means. ``chosen`` says that people think such a secret up, so any word may be one;

    ``container`` that the name may as well be that of a place where a secret is kept, and ``stored`` that it
    most likely is; ``kms`` that an identifier of a key is as likely as the key.
    """

    role: Role
    noun: Noun = Noun.SECRET
    chosen: bool = False
    container: bool = False
    stored: bool = False
    kms: bool = False

    @property
    def kind(self) -> str:
        """What people call such a value, with its article."""
        return _KINDS[self.noun]


_KINDS: Final = {
    Noun.PASSWORD: "a password",
    Noun.SECRET: "a secret",
    Noun.TOKEN: "a token",
    Noun.KEY: "a key",
    Noun.CREDENTIALS: "credentials",
}
_OTHER: Final = Meaning(Role.OTHER)


_NOUNS: Final = words.PASSWORDS | words.SECRETS | words.TOKENS | words.CREDENTIALS | words.RANDOM | {"key"}
_WORD: Final = lazy_regex(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+")
_GLUED_KEYS: Final = frozenset(
    f"{before}key" for before in ("api", "secret", "access", "private", "signing", "auth", "master", "app")
) | {"encryptionkey", "licensekey", "accountkey"}
_GLUED: Final = lazy_regex(
    f"(.*?)(password|passwd|passphrase|secret|token|pwd|{'|'.join(sorted(_GLUED_KEYS))})"
)
_POINTS: Final = words.POINTERS - words.WHICH
_NO_KEYS: Final = frozenset(("monkey", "turkey", "donkey", "hockey", "jockey", "whiskey", "hotkey", "lackey"))
_PHRASES: Final = {
    (before, after): "passphrase"
    for before in ("pass", "seed", "recovery", "secret")
    for after in ("phrase", "word", "code")
} | {("snmp", "community"): "passphrase", ("origin", "verify"): "secret", ("verify", "token"): "token"}
"""Two words that are one."""
_GLUED_PASS: Final = {
    f"{before}{noun}": (before, noun)
    for noun in ("pass", "pw")
    for before in (
        *(
            "db",
            "pg",
            "mysql",
            "sql",
            "oracle",
            "mongo",
            "redis",
            "smtp",
            "mail",
            "email",
            "imap",
            "ftp",
            "sftp",
        ),
        *("ldap", "bind", "proxy", "http", "ssh", "root", "admin", "user", "login", "app", "svc", "my"),
    )
}


def words_of(name: str) -> tuple[str, ...]:
    """A name's words in lower case, however it is spelled."""
    plain = name[:200]
    if not plain.isascii():
        plain = "".join(letter for letter in normalize("NFKD", plain) if not combining(letter))
    spelled = plain.replace("OAuth", "Oauth").replace("GitHub", "Github").replace("GitLab", "Gitlab")
    out: list[str] = []
    for word in _WORD.findall(spelled):
        lower = word.lower()
        bare = lower.rstrip("0123456789")
        if out and (whole := _PHRASES.get((out[-1], lower))):
            out[-1] = whole
            continue
        out += _unglued(bare if bare in _NOUNS or len(bare) > 3 else lower)
    return tuple(out)


def _unglued(word: str) -> list[str]:
    if word in _GLUED_PASS:
        return list(_GLUED_PASS[word])
    found = _GLUED.fullmatch(word)
    if not found:
        glued = word.endswith("key") and len(word) > 3 and word not in _NO_KEYS
        return [word.removesuffix("key"), "key"] if glued else [word]
    head, noun = found.groups()
    parts = [noun.removesuffix("key"), "key"] if noun in _GLUED_KEYS else [noun]
    return [head, *parts] if head else parts


@remembered(4096)
def meaning(name: str) -> Meaning:
    """What a name means."""
    said = words_of(name)
    if said[-2:] == ("secret", "id") and not {"vault", "approle"}.isdisjoint(said):
        return Meaning(Role.SECRET, Noun.TOKEN)  # Vault's AppRole logs in with it
    at = next((index for index in reversed(range(len(said))) if said[index] in _NOUNS), None)
    if at is None:
        return _plural(said)
    before, noun, after = said[:at], said[at], said[at + 1 :]
    if any(not _POINTS.isdisjoint((word, word.removesuffix("s"))) for word in after):
        return _OTHER
    found = _of_noun(noun, before)
    if before[:1] in (("ssm",), ("param",), ("parameter",)):
        found = replace(found, role=min(found.role, Role.SUSPECT), container=True, stored=True)
    if found.role is Role.SECRET:
        strange = any(word not in words.WHICH and not word.isdigit() for word in after)
        if strange or (before and before[0] in words.VERBS):
            return replace(found, role=Role.SUSPECT)
    return found


def points(name: str) -> bool:
    """Whether a name is that of something about a secret, or that leads to one: ``..._ARN``, ``..._TTL``."""
    said = words_of(name)
    last = said[-1] if said else ""
    return last in words.POINTERS and last not in words.WHICH and not may_carry(name)


def may_carry(name: str) -> bool:
    """Whether a name is that of an address which is often written with a password in it."""
    said = words_of(name)
    if len(said) < 2 or said[-1] not in ("url", "uri", "dsn", "string", "webhook", "hook"):
        return False
    return not words.CARRIERS.isdisjoint(said)


def _plural(said: tuple[str, ...]) -> Meaning:
    """``API_KEYS`` and ``ACCESS_TOKENS`` may hold several; ``MAX_TOKENS`` counts."""
    if len(said) < 2 or said[0] in words.VERBS:
        return _OTHER
    match said[-1]:
        case "tokens" | "secrets" | "passwords":
            return Meaning(Role.SUSPECT, Noun.SECRET, container=True, stored=True)
        case "keys" if said[-2] not in words.OTHER_KEYS:
            return Meaning(Role.SUSPECT, Noun.KEY)
        case _:
            return _OTHER


def _of_noun(noun: str, before: tuple[str, ...]) -> Meaning:
    last = before[-1] if before else ""
    if noun in words.PASSWORDS:
        if noun == "pwd" and (not before or last == "old"):  # rather the working directory
            return Meaning(Role.SUSPECT, Noun.PASSWORD, chosen=True)
        return Meaning(Role.SECRET, Noun.PASSWORD, chosen=True)
    if noun in words.SECRETS:
        text = noun != "secret" or any(word in words.CRYPTO for word in before)
        stored = not before or not words.STORED.isdisjoint(before)
        return Meaning(Role.SECRET, Noun.SECRET, chosen=True, container=not text, stored=stored)
    if noun == "key":
        return _OTHER if "pusher" in before else _of_key(last)  # Pusher's is for browsers
    if noun in words.RANDOM:
        graph = noun == "api" and last in ("appsync", "graphql", "rest", "http")  # identifiers, long ones too
        return _OTHER if graph else Meaning(Role.SUSPECT, Noun.TOKEN)
    if noun == "jwt":
        return Meaning(Role.SUSPECT, Noun.TOKEN)
    if noun in words.TOKENS:
        return _OTHER if last in words.COUNTED_TOKENS else Meaning(Role.SECRET, Noun.TOKEN)
    return Meaning(Role.SUSPECT, Noun.CREDENTIALS, chosen=True, container=True, stored=True)


def _of_key(last: str) -> Meaning:
    if not last or last in words.OTHER_KEYS:
        return _OTHER
    if last in words.CHOSEN_KEYS:
        kms = last.startswith(("encrypt", "decrypt", "sign", "master"))
        return Meaning(Role.SECRET, Noun.KEY, chosen=True, kms=kms)
    # PASSWORD_KEY is rather the name of a field, STRIPE_KEY may be anything
    return Meaning(Role.SECRET if last in words.ISSUED_KEYS else Role.SUSPECT, Noun.KEY)

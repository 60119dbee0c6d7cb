"""Whether a value is a secret, by its name, its shape and the formats that providers document.

What is said of a value: nothing (``None``), or what kind of secret it is, how sure that is, and where
in the text the secret itself stands. Nothing is ever asked of a provider.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from stockade.memory import remembered
from stockade.records import dataclass
from stockade.secrets import embedded, shapes, words
from stockade.secrets.checks import decoded
from stockade.secrets.confidence import Confidence as Confidence
from stockade.secrets.formats import Standing, matches
from stockade.secrets.names import Meaning, Noun, Role, meaning, words_of

_LONGEST: Final = 32_768
"""Characters that are looked at: Lambda takes 4 KB of environment altogether."""
_SHOWN_FROM: Final = 12
"""A shorter secret shows nothing of itself: four characters would be too much of it."""
_MOST_PIECES: Final = 20
_DECLARED: Final = Meaning(Role.SECRET, Noun.SECRET, chosen=True)


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret within a text. ``kind`` is what people call it, with its article; never the value."""

    kind: str
    confidence: Confidence
    start: int
    end: int

    def label(self, text: str) -> str:
        """How to tell it from others without giving it away: its first characters and a fingerprint."""
        secret = text[self.start : self.end]
        mark = f"sha256 {sha256(secret.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
        if len(secret) < _SHOWN_FROM:
            return mark
        shown = secret[:4] if secret[:4].isprintable() else ""
        return f"{shown}…, {mark}" if shown else mark


@remembered(8192)  # several controls ask, and functions share their settings
def classify(name: str, value: str) -> Secret | None:
    """What kind of secret a value is; ``None`` for what is none."""
    text = value[:_LONGEST]
    plain = text.strip().strip("\"'").strip()
    if not plain or shapes.is_reference(plain) or shapes.is_encrypted(plain):
        return None
    found = intrinsic(name, text)
    if isinstance(found, Secret):
        return found
    if found or shapes.is_public_key(text) or _is_ciphertext(name, plain):
        return None
    return _named(meaning(name), name, text, plain)


_SEALED: Final = frozenset(("encrypted", "sealed", "ciphertext"))
_LEAST_CIPHERTEXT: Final = 16


def _is_ciphertext(name: str, text: str) -> bool:
    """Bytes in base64 of which their name says that they are encrypted: of no use without the key."""
    if _SEALED.isdisjoint(words_of(name)) or not shapes.is_random(text):
        return False
    raw = decoded(text)
    return raw is not None and len(raw) >= _LEAST_CIPHERTEXT


def declared(value: str) -> Secret | None:
    """As ``classify``, for a value of which its author says that it is secret, whatever its name."""
    found = classify("", value)
    plain = value[:_LONGEST].strip()
    if found is not None or not plain or shapes.is_reference(plain) or shapes.is_encrypted(plain):
        return found
    return None if shapes.is_public_key(value) else _named(_DECLARED, "", value[:_LONGEST], plain)


def intrinsic(name: str, text: str) -> Secret | bool:
    """What a text gives away by itself; true for what is known to be no secret.

    The name only says what a piece of a document may be worth.
    """
    piece = embedded.private_key(text)
    if piece is None:
        public = False
        for one in matches(text):
            if one.format.standing is Standing.PUBLIC:
                public = public or one.end - one.start == len(text.strip())
                continue
            return _formatted(one.format.kind, one.format.standing, one.verified, text, one.start, one.end)
        if public:
            return True
        piece = embedded.credentials(text) or embedded.web_token(text)
    if piece is not None:
        if piece.kind == embedded.PUBLISHABLE:
            return True
        confidence = Confidence.VERIFIED if piece.verified else Confidence.FORMAT
        if shapes.is_placeholder(text[piece.start : piece.end]):
            confidence = Confidence.PLACEHOLDER
        return Secret(piece.kind, confidence, piece.start, piece.end)
    texts = text.lstrip()[:1] in "{[" and not words.TEXTS.isdisjoint(words_of(name))
    for key, leaf in embedded.leaves(text):
        if (texts and leaf.isalpha()) or (leaf.istitle() and leaf.lower() in words.PASSWORDS):
            continue  # the label of a field, or what else people read
        telling = key if meaning(key).role > Role.OTHER else name
        whole = meaning(telling).role is Role.SECRET and telling is name  # of a whole, not of each part
        inner = classify(f"{name}_{key}" if whole else telling, leaf)
        if inner is not None:
            at = max(text.find(leaf), 0)
            return Secret(inner.kind, inner.confidence, at + inner.start, at + inner.end)
    return False


def _formatted(kind: str, standing: Standing, verified: bool, text: str, start: int, end: int) -> Secret:
    key = text[start:end]
    body = key[4:]
    if (
        shapes.is_placeholder(key)
        or shapes.is_placeholder(body)
        or len(set(body)) <= 4
        or (not verified and shapes.is_sequence(key.rpartition("/")[2]))
    ):
        return Secret(kind, Confidence.PLACEHOLDER, start, end)
    if standing is Standing.TEST or " hash of " in kind:
        return Secret(kind, Confidence.SOFT, start, end)
    return Secret(kind, Confidence.VERIFIED if verified else Confidence.FORMAT, start, end)


def _named(means: Meaning, name: str, text: str, plain: str) -> Secret | None:
    """A literal whose name says that it is a secret."""
    if means.role is Role.OTHER or len(plain) < (3 if means.chosen else 5) or _harmless(means, plain):
        return None
    start = text.index(plain)
    if shapes.is_placeholder(plain) or _says_its_name(name, plain):
        if means.role is Role.SUSPECT:
            return None
        return Secret(means.kind, Confidence.PLACEHOLDER, start, start + len(plain))
    if shapes.is_variable(plain) or (means.role is Role.SUSPECT and not _looks_secret(means, plain)):
        return None
    return Secret(means.kind, Confidence.NAMED, start, start + len(plain))


def _harmless(means: Meaning, text: str) -> bool:
    """Whether a value cannot be the secret that its name speaks of."""
    setting = shapes.is_no_password if means.noun is Noun.PASSWORD else shapes.is_enum
    if setting(text) or shapes.is_url(text) or shapes.is_path(text):
        return True
    if text.isdigit():
        return len(text) < (4 if means.chosen else 12)
    if means.noun is Noun.PASSWORD:
        return False
    if means.kms and shapes.is_uuid(text):
        return True
    if (
        (not means.chosen and shapes.is_identifier(text))
        or shapes.is_measure(text)
        or shapes.is_email(text)
        or shapes.is_host(text)
    ):
        return True
    if means.noun is Noun.KEY and text.lower() in words.MEMBERS:
        return True
    if means.container and shapes.is_name(text):
        pieces = shapes.pieces_of(text)
        return means.stored or "/" in text or pieces[-1] in words.NAMING
    return not means.chosen and len(text.split()) > 2


_SELF: Final = frozenset(
    ("my", "the", "a", "some", "test", "api", "key", "token", "access", "secret", "auth", "app")
)


def _says_its_name(name: str, text: str) -> bool:
    """``API_KEY = "my-api-key"``: what a provider issues is never called so."""
    pieces = shapes.pieces_of(text)
    if "".join(pieces) == "".join(shapes.pieces_of(name)) and len(pieces) > 1:
        return True
    if meaning(name).chosen:
        return False
    if len(pieces) == 1 and pieces[0] in words_of(name):
        return True
    return pieces == ["test"] or (len(pieces) > 1 and _SELF.issuperset(pieces))


def _looks_secret(means: Meaning, text: str) -> bool:
    if means.noun is Noun.CREDENTIALS and embedded.is_user_and_password(text):
        return True
    if shapes.is_uuid(text):
        return False
    pieces = (piece.strip().removeprefix("base64:") for piece in text.split(",")[:_MOST_PIECES])
    several = any(map(shapes.is_random, pieces))
    return several or (means.chosen and shapes.is_password(text))

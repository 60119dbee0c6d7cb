"""What a value looks like, whatever it is called: a reference, a path, a placeholder, a random text."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from math import log2
from typing import Final

from stockade.patterns import lazy_regex
from stockade.secrets import words

_REFERENCE: Final = lazy_regex(
    r"""(?x)
    \{\{.*\}\} | \$\{.*\} | \$\(.*\) | (?-i:\$[A-Z_][A-Z0-9_]*) | \$[a-z]\w*\.[\w.]+ | %[A-Z_]\w*%
    | <%.*%> | \#\{.*\}
    | arn:.* | (?:aws-)?(?:ssm|sm|secretsmanager|secrets-manager|secret|parameterstore|vault|op|awssm
        |gcpsm|akv|env|file|s3|ref\+\w+|keyvault|berglas|doppler|infisical|bws|chamber|kms)(?:://|:).+
    | @Microsoft\.KeyVault\(.*\) | !(?:Ref|Sub|GetAtt|ImportValue)\b.* | projects/[\w-]+/secrets/.*
    | (?:\w{1,20}\.)?(?:body|headers?|query|event|request|payload|input|cookies?)(?:\.[a-z_][a-z_-]*)+
    | alias/.* | resolve:.* | (?:rds|redshift|events|appflow|ecs-sc|datasync|sqlworkbench)!\S+""",
    re.DOTALL | re.IGNORECASE,
)
_IN_REFERENCES: Final = frozenset("{$%<#:@!/.")
"""Every reference has one of these letters, and most settings have none: those pay for no pattern."""
_ENCRYPTED: Final = lazy_regex(
    r"(?:AQICAH[\w+/=]{40,}|ENC\[.*\]|ENC\(.*\)|vault:v\d+:.*|\$ANSIBLE_VAULT;.*|encrypted:.*|kms:.*|sops:.*)",
    re.DOTALL,
)
_PUBLIC_KEY: Final = lazy_regex(
    r"-{4,5} ?BEGIN (?:SSH2? )?(?:RSA |EC |DSA |PGP |TRUSTED |X509 )?(?:PUBLIC KEY|CERTIFICATE)"
    r"|(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-\S+@openssh\.com) AAAA"
    r"|LS0tLS1CRUdJTiBDRVJUSUZJQ0FUR|LS0tLS1CRUdJTiBQVUJMSUMgS0V"
)
_IN_PUBLIC_KEYS: Final = ("BEGIN ", " AAAA", "LS0tLS1C")
"""One of these is in all of them."""
_UUID: Final = lazy_regex(r"\{?[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}?")
_IDENTIFIER: Final = lazy_regex(
    r"(?:i|sg|vpc|ami|vol|snap|eni|rtb|igw|nat|lt|tgw|acl|fs|fsap|mrk|pl|subnet|vpce|eipalloc)-[0-9a-f]{8,32}"
    r"|0x[0-9a-fA-F]{40}"
)
_URL: Final = lazy_regex(r"[a-z][a-z0-9+.-]{1,30}://\S*|jdbc:\S*", re.IGNORECASE)
_HOST: Final = lazy_regex(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.[a-z]{2,24}(?::\d+)?(?:/\S*)?|[a-z0-9.-]+:\d{2,5}")
_EMAIL: Final = lazy_regex(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,24}")
_WINDOWS: Final = lazy_regex(r"[A-Za-z]:\\")
_SEGMENTS: Final = lazy_regex(r"[/\\._:\- @]+")
_VARIABLE: Final = lazy_regex(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_MEASURE: Final = lazy_regex(
    r"v?\d+(?:\.\d+)*\s*(?:ms|s|sec|m|min|h|hr|d|days?|w|y|kb|mb|gb|px|%)?|\d{4}-\d\d-\d\d(?:T\S*)?|rate\(.*\)|cron\(.*\)",
    re.IGNORECASE,
)
_BRACKETED: Final = lazy_regex(
    r"<[^<>]*>|\[[^\[\]]*\]|\{[^{}]*\}|__\w+__|\{\{.*\}\}|\$\{.*\}|\(.*\)|%%?\w+%{0,2}|@@?\w+@@?|#{1,2}\w+#{1,2}|\*+.*\*+"
)
_REPEATED: Final = lazy_regex(r"(.)\1{2,}|(?i:x{2,}(?:[-_.]?x+)+)")
_CROSSED_OUT: Final = lazy_regex(r"x{4,}|X{4,}|\*{3,}|\.{3,}|…|•{2,}|0{12,}|EXAMPLE")


def is_reference(text: str) -> bool:
    """It leads to where the value is, and is not the value: an ARN, a dynamic reference, a variable."""
    return not _IN_REFERENCES.isdisjoint(text) and _REFERENCE.fullmatch(text) is not None


def is_encrypted(text: str) -> bool:
    """A ciphertext of KMS, SOPS, Vault or the like: of no use without its key."""
    return _ENCRYPTED.match(text) is not None


def is_public_key(text: str) -> bool:
    """A public key or a certificate."""
    return any(one in text for one in _IN_PUBLIC_KEYS) and _PUBLIC_KEY.search(text) is not None


def is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


def is_identifier(text: str) -> bool:
    """The identifier of a resource of AWS, or an account's address in a block chain."""
    return _IDENTIFIER.fullmatch(text) is not None


def is_url(text: str) -> bool:
    return _URL.fullmatch(text) is not None


def is_host(text: str) -> bool:
    """A domain name, perhaps with a port and a path, or a name with a port."""
    return _HOST.fullmatch(text) is not None


def is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None


def is_enum(text: str) -> bool:
    """A word of those that settings choose between."""
    return text.lower() in words.CHOICES


def is_no_password(text: str) -> bool:
    """A word of those that nobody chooses for a password."""
    return text.lower() in words.NO_PASSWORDS


def is_measure(text: str) -> bool:
    """A number, a version, a duration, a date, a schedule."""
    return _MEASURE.fullmatch(text) is not None


def is_variable(text: str) -> bool:
    """The name of another variable."""
    return _VARIABLE.fullmatch(text) is not None and all(map(_is_word, text.lower().split("_")))


def is_path(text: str) -> bool:
    """A path in a file system, in Parameter Store, or the name of a secret with slashes."""
    if text.startswith(("./", "../", "~/")) or _WINDOWS.match(text):
        return True
    if "/" not in text or any(letter in text for letter in " =+,;"):
        return False
    return all(map(_is_word, filter(None, _SEGMENTS.split(text))))


def is_wordy(text: str) -> bool:
    """Words and short numbers with something in between: a name that somebody thought up."""
    pieces = [piece for piece in _SEGMENTS.split(text) if piece]
    return bool(pieces) and all(map(_is_word, pieces))


def is_name(text: str) -> bool:
    """What somebody would call a place where a secret is kept; the middle of it may be generated."""
    first = text.partition("/")[0]
    if " " in text or ":" in text:
        return False
    return (is_wordy(text) and len(pieces_of(text)) > 1) or (first != text and is_wordy(first))


def pieces_of(text: str) -> list[str]:
    """The words of a value in lower case."""
    return [piece.lower() for piece in _SEGMENTS.split(text) if piece]


def _is_word(piece: str) -> bool:
    """Letters with vowels among them, perhaps in two spellings or with digits at the end."""
    if piece.lower() in words.ABBREVIATIONS:
        return True
    if piece.isdigit():
        return len(piece) <= 12
    bare = piece.rstrip("0123456789")
    if not bare.isalpha() or len(piece) - len(bare) > 4 or len(bare) > 24:
        return False
    if len(bare) <= 4:
        return True
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", bare)
    return len(parts) <= 1 + len(bare) // 5 and re.search(r"[aeiouyAEIOUY]", bare) is not None


def is_sentence(text: str) -> bool:
    """Words with spaces between them, as people read them."""
    return len(text.split()) > 2


_CODE_NAME: Final = lazy_regex(r"[A-Za-z_$][\w$]*(?:[.:/-][A-Za-z_$][\w$]*)*\d{0,2}")


def is_identifier_like(text: str) -> bool:
    """A name in source, of words: of a field, a header, a class; a digit or two may follow."""
    return _CODE_NAME.fullmatch(text) is not None and is_wordy(text)


def is_placeholder(text: str) -> bool:
    """Something that stands for a secret until somebody puts one there."""
    if _BRACKETED.fullmatch(text) or _REPEATED.fullmatch(text) or _CROSSED_OUT.search(text):
        return True
    found = re.findall(r"[a-z]+", text.lower())
    if not words.PLACEHOLDERS.isdisjoint(found) and (is_wordy(text) or len(found) > 2):
        return True
    if len(found) > 2 and "changeme" in found:
        return True
    joined = "".join(found)
    return (
        joined in (words.WHOLE_PLACEHOLDERS | words.PLACEHOLDERS)
        and text != "changeme"
        and not any(map(str.isdigit, text))
    )


def is_sequence(text: str) -> bool:
    """``abcdef0123…``, ``1a2b3c…``: nobody's key, but what an example is made of."""
    runs = sum(ord(b) - ord(a) == 1 for a, b in pairwise(text))
    alternating = sum(ord(b) - ord(a) == 1 for a, b in zip(text, text[2:], strict=False))
    return max(runs, alternating) > len(text) // 2


def is_random(text: str, least: int = 16) -> bool:
    """One word of a length and mixture that nobody thinks up: entropy decides only here."""
    if len(text) < least or not re.fullmatch(r"[\w+/=.~!@#$%^&*-]+", text) or is_wordy(text):
        return False
    digits = sum(map(str.isdigit, text))
    letters = sum(map(str.isalpha, text))
    if text.isalpha() and len(re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", text)) <= 1 + len(text) // 5:
        return False  # words written together: of letters alone chance has a new spelling every other one
    if not letters or (not digits and text.lower() == text):
        return False
    return entropy(text) >= (3.0 if re.fullmatch(r"[0-9a-fA-F]+", text) else 3.3)


def is_password(text: str) -> bool:
    """Letters with digits and signs among them, in one word, as rules for passwords want them."""
    if not 6 <= len(text) <= 64 or re.search(r"\s", text) or is_wordy(text) or is_host(text):
        return False
    kinds = (str.isdigit, str.islower, str.isupper, lambda letter: not letter.isalnum())
    found = [any(map(kind, text)) for kind in kinds]
    return found[0] and sum(found) >= 3 and not re.fullmatch(r"[\w.:/-]+", text)


def entropy(text: str) -> float:
    """Shannon's entropy in bits per character."""
    return -sum(count / len(text) * log2(count / len(text)) for count in Counter(text).values())

"""Checksums and inner structures by which a key proves to be one."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from typing import Any, Final
from zlib import crc32

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECKSUM: Final = 6
_LONGEST: Final = 16_384
"""Characters of an encoded text that are looked into."""


def base62_crc32(key: str) -> bool:
    """GitHub's and npm's: the last six characters are the CRC-32 of those between prefix and them."""
    body = key.rpartition("_")[2]
    return body[-_CHECKSUM:] == base62(crc32(body[:-_CHECKSUM].encode("ascii", "replace")))


def base62(number: int) -> str:
    """A 32-bit number as six digits to the base of 62."""
    out = ""
    for _ in range(_CHECKSUM):
        number, digit = divmod(number, 62)
        out = _DIGITS[digit] + out
    return out


def base32(key: str) -> bool:
    """What follows four letters encodes an account: base32 has no 0, 1, 8 and 9."""
    return re.fullmatch(r"[A-Z2-7]{16}", key[4:]) is not None


def decoded(text: str) -> bytes | None:
    """Base64 of either alphabet, padded or not; ``None`` for what is none."""
    plain = text[:_LONGEST].rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def json_object(text: str | bytes | None) -> dict[str, Any] | None:
    """A JSON object; ``None`` for everything else."""
    if text is None or len(text) > _LONGEST:
        return None
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def base64_begins(skip: int, start: bytes) -> Callable[[str], bool]:
    """Whether what follows ``skip`` characters decodes to something that begins so."""

    def check(key: str) -> bool:
        raw = decoded(key[skip:])
        return raw is not None and raw.lstrip(b"\x00\x01").startswith(start)

    return check


def base64_json(skip: int) -> Callable[[str], bool]:
    """Whether what follows ``skip`` characters decodes to a JSON object."""
    return lambda key: json_object(decoded(key[skip:])) is not None


def numeric_base64(key: str) -> bool:
    """Discord's: the first part is the bot's id in digits."""
    raw = decoded(key.partition(".")[0])
    return raw is not None and re.fullmatch(rb"\d{16,20}", raw) is not None


def jwt_parts(token: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Header and claims of a JSON Web Token; ``None`` for what only looks like one."""
    head, _, rest = token.partition(".")
    header, claims = json_object(decoded(head)), json_object(decoded(rest.partition(".")[0]))
    return None if header is None or claims is None or "alg" not in header else (header, claims)


def encoded_jwt(text: str) -> bool:
    """Whether base64 of either alphabet holds a JSON Web Token."""
    raw = decoded(text)
    return raw is not None and raw.isascii() and jwt_parts(raw.decode()) is not None


def is_key_material(body: str) -> bool:
    """Whether what stands between a key's armour lines is DER, or OpenSSH's own format."""
    raw = decoded(re.sub(r"\s+|\\[nr]", "", body)[:_LONGEST])
    return raw is not None and len(raw) > 30 and raw.startswith((b"\x30", b"openssh-key-v1\x00"))

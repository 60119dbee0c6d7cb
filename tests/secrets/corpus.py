"""Reads ``pairs.txt``: what stands in braces becomes random text of that alphabet, the same every time."""

from __future__ import annotations

import base64
import json
import random
import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zlib import crc32

from stockade.secrets.checks import base62

PAIRS = Path(__file__).with_name("pairs.txt")

UNSEEN = PAIRS.with_name("pairs-unseen.txt")

LINES = PAIRS.with_name("lines.txt")

PLANTED = PAIRS.with_name("planted.md")

_ALPHABETS = {
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "d": string.digits,
    "a62": string.ascii_letters + string.digits,
    "a36": string.ascii_lowercase + string.digits,
    "A36": string.ascii_uppercase + string.digits,
    "A32": string.ascii_uppercase + "234567",
    "aZ": string.ascii_letters,
    "b64": string.ascii_letters + string.digits + "+/",
    "b64u": string.ascii_letters + string.digits + "-_",
}
_FIELD = re.compile(r"\{(\w+):(\d+)\}|\{(uuid|[a-z0-9-]+)\}")


@dataclass(frozen=True)
class Pair:
    """One labelled pair; ``held`` says that nobody looked at it while the classifier was made."""

    name: str
    value: str
    secret: bool
    held: bool


def load(path: Path = PAIRS) -> list[Pair]:
    """All pairs. Which half one is in comes from its text, so that new pairs move no others."""
    out = []
    for line in path.read_text("utf-8").splitlines():
        if line[:2] not in ("+ ", "- "):
            continue
        name, _, template = line[2:].partition("=")
        digest = sha256(line.encode()).digest()
        out.append(Pair(name, expand(template, random.Random(digest)), line[0] == "+", bool(digest[0] & 1)))
    return out


@dataclass(frozen=True)
class Planted:
    """A file in which secrets were planted, and where they are."""

    path: str
    text: str
    secrets: tuple[tuple[int, int], ...]


def planted() -> list[Planted]:
    """All files of ``planted.md``."""
    files = re.findall(r"(?ms)^## (\S+)\n```\w+\n(.*?)^```$", PLANTED.read_text("utf-8"))
    return [_marked(path, expand(body, random.Random(path))) for path, body in files]


def lines() -> list[Planted]:
    """All lines of ``lines.txt``, each as a file."""
    out = []
    for line in LINES.read_text("utf-8").splitlines():
        kind, bar, template = line.partition("| ")
        if bar and not line.startswith("#"):
            out.append(_marked(f"app.{kind}", expand(template, random.Random(sha256(line.encode()).digest()))))
    return out


def _marked(path: str, marked: str) -> Planted:
    text, places = "", []
    for piece in re.split("([«»])", marked):
        if piece in ("«", "»"):
            places.append(len(text))
        else:
            text += piece
    return Planted(path, text, tuple(zip(places[::2], places[1::2], strict=True)))


def expand(template: str, chance: random.Random) -> str:
    """A template with its braces filled in."""

    def fill(found: re.Match[str]) -> str:
        if found[1] in _ALPHABETS:
            return _some(found[1], int(found[2]), chance)
        made = _MADE.get(found[3] or "")
        return made(chance) if made else found[0]

    return _FIELD.sub(fill, template)


def _some(alphabet: str, length: int, chance: random.Random) -> str:
    return "".join(chance.choices(_ALPHABETS[alphabet], k=length))


def _uuid(chance: random.Random) -> str:
    return "-".join(_some("hex", length, chance) for length in (8, 4, 4, 4, 12))


def _checked(chance: random.Random) -> str:
    body = _some("a62", 30, chance)
    return f"ghp_{body}{base62(crc32(body.encode()))}"


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _token(claims: dict[str, object], chance: random.Random) -> str:
    parts = [_base64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    return ".".join([*(part.rstrip("=") for part in parts), _some("b64u", 43, chance)])


def _armoured(kind: str, chance: random.Random, start: bytes = b"\x30\x82\x04\xbd", end: str = "\n") -> str:
    body = _base64(start + chance.randbytes(300))
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    return end.join([f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----", ""])


def _service_account(chance: random.Random) -> str:
    return json.dumps(
        {
            "type": "service_account",
            "project_id": "acme",
            "private_key_id": _some("hex", 40, chance),
            "private_key": _armoured("PRIVATE KEY", chance),
            "client_email": "svc@acme.iam.gserviceaccount.com",
        }
    )


_KEY = "PRIVATE KEY"
_MADE: dict[str, Callable[[random.Random], str]] = {
    "uuid": _uuid,
    "ghp": _checked,
    "jwt": lambda chance: _token({"sub": _some("d", 10, chance), "role": "service_role"}, chance),
    "jwt-anon": lambda chance: _token({"iss": "supabase", "role": "anon"}, chance),
    "pem": lambda chance: _armoured(_KEY, chance),
    "pem-rsa": lambda chance: _armoured(f"RSA {_KEY}", chance),
    "pem-ec": lambda chance: _armoured(f"EC {_KEY}", chance),
    "pem-escaped": lambda chance: _armoured(_KEY, chance, end="\\n"),
    "pem-quoted": lambda chance: json.dumps(_armoured(_KEY, chance)),
    "pem64": lambda chance: _base64(_armoured(_KEY, chance).encode()),
    "openssh": lambda chance: _armoured(f"OPENSSH {_KEY}", chance, b"openssh-key-v1\x00"),
    "pub": lambda chance: _armoured("PUBLIC KEY", chance),
    "cert": lambda chance: _armoured("CERTIFICATE", chance),
    "sa": _service_account,
    "b64cred": lambda chance: _base64(f"deploy:{_some('a62', 12, chance)}".encode()),
    "django": lambda chance: (
        "django-insecure-" + "".join(chance.choices("abcdefghij0123456789!@#$%^&*(-_=+)", k=50))
    ),
    "age": lambda chance: "".join(chance.choices("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", k=58)),
    "bedrock": lambda chance: _base64(
        f"BedrockAPIKey-{_some('a36', 4, chance)}:{_some('a62', 60, chance)}".encode()
    ),
    "json64": lambda chance: _base64(json.dumps({"iat": 1, "url": _some("a62", 90, chance)}).encode()),
    "tunnel": lambda chance: _base64(
        json.dumps(
            {"a": _some("hex", 32, chance), "t": _uuid(chance), "s": _some("b64", 48, chance)},
            separators=(",", ":"),
        ).encode()
    ),
    "grafana": lambda chance: _base64(
        json.dumps({"k": _some("a62", 32, chance), "n": "ci", "id": 1}, separators=(",", ":")).encode()
    ),
    "tok": lambda chance: _base64(f"tok:{_uuid(chance)}{_some('d', 5, chance)}".encode()),
    "jwt64": lambda chance: _base64(_token({"sub": _some("d", 10, chance)}, chance).encode()),
    "reftkn": lambda chance: _base64(f"reftkn:01:{_some('d', 10, chance)}:{_some('a62', 22, chance)}".encode()),
    "azure": lambda chance: f"{_some('a62', 3, chance)}8Q~{_some('b64u', 34, chance)}",
    "discord": lambda chance: (
        f"{_base64(_some('d', 18, chance).encode())}.{_some('b64u', 6, chance)}.{_some('b64u', 38, chance)}"
    ),
    "mapbox": lambda chance: (
        f"sk.{_base64(json.dumps({'u': 'acme', 'a': _some('a36', 25, chance)}).encode()).rstrip('=')}"
        f".{_some('b64u', 22, chance)}"
    ),
}

"""AWS's Signature Version 4 of a request, with the key of a day kept.

botocore makes that key anew for every request, by four digests, and looks at each header several times. Here
all of a request is known beforehand but its target, its body, the time and the credentials. ``Direct`` holds a
signature to botocore's own before it relies on it.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final
from urllib.parse import quote

ALGORITHM: Final = "AWS4-HMAC-SHA256"


class Signer:
    """Signs for one region and service."""

    def __init__(self, region: str, service: str) -> None:
        self._scope = f"{region}/{service}/aws4_request"
        self._parts = (region, service, "aws4_request")
        self._kept: tuple[str, str, bytes] = ("", "", b"")

    def authorization(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        signed: Sequence[str],
        body: bytes,
        when: str,
        access_key: str,
        secret_key: str,
    ) -> str:
        """The header ``Authorization``.

        ``target`` is the path with its query, both encoded as they are sent, and without `.` segments.
        ``headers`` are by names in lower case, ``signed`` those of them that are signed, sorted. ``when`` is
        ``20260203T040506Z``.
        """
        path, _, query = target.partition("?")
        names = ";".join(signed)
        canonical = "\n".join(
            (
                method,
                quote(path, safe="/~"),
                "&".join(sorted(query.split("&"), key=_key)) if "&" in query else query,
                *(f"{name}:{' '.join(headers[name].split())}" for name in signed),
                "",
                names,
                sha256(body).hexdigest(),
            )
        )
        day = when[:8]
        scope = f"{day}/{self._scope}"
        text = f"{ALGORITHM}\n{when}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
        signature = hmac.digest(self._of_day(secret_key, day), text.encode(), "sha256").hex()
        return f"{ALGORITHM} Credential={access_key}/{scope}, SignedHeaders={names}, Signature={signature}"

    def _of_day(self, secret: str, day: str) -> bytes:
        kept_secret, kept_day, key = self._kept  # one reference, so that threads need no lock
        if kept_secret == secret and kept_day == day:
            return key
        key = hmac.digest(f"AWS4{secret}".encode(), day.encode(), "sha256")
        for part in self._parts:
            key = hmac.digest(key, part.encode(), "sha256")
        self._kept = (secret, day, key)
        return key


def _key(pair: str) -> tuple[str, str]:
    """What pairs of a query are sorted by: as AWS says, the name first."""
    name, _, value = pair.partition("=")
    return name, value

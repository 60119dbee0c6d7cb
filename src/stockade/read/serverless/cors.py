"""CORS as the Framework writes it for function URLs and HTTP APIs."""

from __future__ import annotations

from typing import Any, Final

from stockade.read.cloudformation.nodes import Node, Scalar, member, span
from stockade.read.serverless.nodes import ABSENT, is_later, is_null, made
from stockade.read.serverless.service import copied_keys, truth

_NAMES: Final = (
    ("allowCredentials", "AllowCredentials"),
    ("allowedHeaders", "AllowHeaders"),
    ("allowedMethods", "AllowMethods"),
    ("allowedOrigins", "AllowOrigins"),
    ("exposedResponseHeaders", "ExposeHeaders"),
    ("maxAge", "MaxAge"),
)
_HEADERS: Final = (
    "Content-Type X-Amz-Date Authorization X-Api-Key X-Amz-Security-Token X-Amz-User-Agent X-Amzn-Trace-Id"
)


def cors(written: Node | None, methods: tuple[str, ...]) -> Any:
    """What is written, with the Framework's defaults for the rest, which let any origin in.

    ``methods`` are those that are allowed where nothing is said of them; null takes a default away.
    """
    if written is None or not truth(written):
        return ABSENT
    if is_later(written):
        return written
    defaults = {"AllowHeaders": _HEADERS.split(), "AllowMethods": methods, "AllowOrigins": ["*"]}
    own = copied_keys(written, _NAMES)
    for name, value in own.items():
        if isinstance(value, Scalar) and name in defaults:
            own[name] = [value]
    kept = {
        ours: defaults[ours]
        for theirs, ours in _NAMES
        if ours in defaults and not is_null(member(written, theirs))
    }
    return made({**kept, **{name: one for name, one in own.items() if one is not ABSENT}}, span(written))

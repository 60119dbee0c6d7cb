"""A look at the environment when a sandbox starts: does a secret stand readable in it?"""

from __future__ import annotations

import os

from ._secret import PlaintextSecret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES = (
    "PASSWORD",
    "PASSWD",
    "SECRET",
    "TOKEN",
    "API_KEY",
    "APIKEY",
    "PRIVATE_KEY",
    "ACCESS_KEY",
    "CREDENTIALS",
)
_POINTERS = (
    "_ARN",
    "_NAME",
    "_ID",
    "_PATH",
    "_FILE",
    "_URL",
    "_URI",
    "_REF",
    "_TTL",
    "_EXPIRY",
    "_LENGTH",
    "_TYPE",
)
_STARTS = (
    "AKIA",
    "sk_live_",
    "rk_live_",
    "sk-",
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
)
_HARMLESS = ("arn:", "/", "http://", "https://", "${", "{{resolve:")
_OWN = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
"""Lambda's own: the short-lived credentials of the execution role."""


def check_environment(refuse: bool = False, environ: Mapping[str, str] | None = None) -> list[str]:
    """The names of variables that seem to hold a secret in plain text.

    Call it once where the module is loaded. Whoever may read the function's configuration reads these.
    It warns, or with ``refuse`` raises ``PlaintextSecret``; the values are never shown.
    """
    held = os.environ if environ is None else environ
    found = sorted(name for name, value in held.items() if name not in _OWN and _tells(name, value))
    if found:
        names = ", ".join(found)
        message = (
            f"the environment holds what seems a secret in plain text: {names}; keep its ARN there instead"
        )
        if refuse:
            raise PlaintextSecret(message)
        import warnings

        warnings.warn(message, stacklevel=2)
    return found


def _tells(name: str, value: str) -> bool:
    if len(value) < 4 or value.startswith(_HARMLESS) or value.lower() in ("true", "false", "none", "null"):
        return False
    if value.startswith("-----BEGIN") and "PRIVATE KEY" in value[:64]:
        return True
    if value.startswith(_STARTS) and len(value) >= 20 and " " not in value:
        return True
    upper = name.upper()
    if upper.endswith(_POINTERS) or "PUBLIC" in upper:
        return False
    return any(upper == one or upper.endswith(f"_{one}") or upper.startswith(f"{one}_") for one in _NAMES) and (
        not value.isdigit() or len(value) >= 6
    )

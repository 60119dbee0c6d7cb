"""What only some commands need, and is installed for those who want them."""

from __future__ import annotations

from importlib.util import find_spec

from stockade.errors import UsageError


def needs(module: str, extra: str) -> None:
    """Raise ``UsageError`` where the packages of an extra are not installed."""
    if find_spec(module) is None:
        help = f"`pip install 'stockade[{extra}]'` brings them"
        raise UsageError(f"`stockade {extra}` needs packages that are not installed", help=help)

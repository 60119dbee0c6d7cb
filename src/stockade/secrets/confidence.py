"""What speaks for a text's being a secret: apart from what finds it, for who only counts secrets."""

from __future__ import annotations

from enum import IntEnum


class Confidence(IntEnum):
    """What speaks for a secret, least first."""

    PLACEHOLDER = 1
    """It stands where a secret will be put."""
    SOFT = 2
    """It is one, but opens a sandbox only, or has to be cracked first."""
    NAMED = 3
    """Its name says so, and the value is a literal."""
    FORMAT = 4
    """It has a provider's format, or stands in a URL or a connection string."""
    VERIFIED = 5
    """Its checksum or inner structure is right."""

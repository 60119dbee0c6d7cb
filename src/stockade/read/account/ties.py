"""Values that lead to the resource they name, where an answer says it otherwise than by an ARN of its own.

What is named by its ARN, or by an ID like no other, is linked when everything is read (``linked``).
"""

from __future__ import annotations

from typing import Any

from stockade.value import Known, Origin, Ref, Value


def tied(value: Value[Any] | None, address: str, attribute: str) -> Value[Any] | None:
    """A text with the attribute it stands for; anything else as it is."""
    if isinstance(value, Known) and isinstance(value.value, str):
        return Known(value.value, value.origin, Ref(address, attribute))
    return value


def said(text: str, address: str, attribute: str, origin: Origin) -> Known[str]:
    """A text that follows from an answer, tied."""
    return Known(text, origin, Ref(address, attribute))

"""What every part of a world has in common: where it is, where it comes from, whether it exists."""

from __future__ import annotations

from typing import TypeVar

from stockade.records import dataclass
from stockade.value import Default, Known, Origin, Unknown, Value

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Subject:
    """One thing a control may be asked about; two are the same only when they are the same object.

    ``address`` is what people are shown. ``key`` tells subjects at one address apart and stays the
    same when lines move; it is empty where one address holds one subject. ``doubt`` says why the
    thing may not exist at all. ``region`` is the AWS region it lives in, ``None`` for what has none
    or where nothing is said.

    Attributes of subjects are values. A field's default is what AWS fills in for an attribute that
    nobody wrote, with the sentence that says so; a field without one is required by AWS.
    """

    address: str
    origin: Origin
    doubt: Unknown | None = None
    key: str = ""
    region: Value[str] | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.address!r})"


def default(value: T, reference: str) -> Known[T]:
    """What AWS fills in, as a value; ``reference`` completes "because ..."."""
    return Known(value, Default(reference))

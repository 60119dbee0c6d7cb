"""Which account a function is of, as far as an input says it, and what it takes of that account's limit."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from stockade.iam.match import Shape, arn_parts
from stockade.model.function import Function
from stockade.model.relate import comparable
from stockade.records import dataclass
from stockade.value import Hole, Known, shape_of

HERE: Final[Shape] = (Hole("account"),)
"""The account that deployment happens in, where nothing says which that is."""


def own_account(functions: Iterable[Function]) -> Shape:
    """The account of functions, which is always that of their roles; the first that is written out."""
    first: Shape = ()
    for one in functions:
        arn = arn_parts(shape_of(one.role))
        if arn is not None and arn[4]:
            if is_account(arn[4]):
                return arn[4]
            first = first or arn[4]
    return first or HERE


def is_account(account: Shape) -> bool:
    """Whether a text is the number of an account, all of it known."""
    return len(account) == 1 and isinstance(account[0], str) and account[0].isdigit()


def is_ours(account: Shape, own: Shape, ours: Collection[str]) -> bool | None:
    """Whether an account is the owner's: the function's ``own``, or one of those they call theirs.

    Where they name them, an account that is written out and not among them is somebody else's, even if
    the function's own is not known. ``None`` where it may be either.
    """
    if account in (own, HERE):
        return True
    if not is_account(account):
        return None
    if account[0] in ours:
        return True
    return False if ours or is_account(own) else None


USUAL_LIMIT: Final = 1_000
"""The concurrency that an account has in a region, if nobody asked for more."""
ASK: Final = "aws lambda get-account-settings --query AccountLimit.ConcurrentExecutions"
UNRESERVED: Final = 100
"""What Lambda keeps of it for functions without a reservation."""


@dataclass(frozen=True, slots=True)
class Pool:
    """The functions that are known to reserve concurrency out of one limit, ``total`` of it together.

    ``largest`` is the first of those that reserve most. ``others`` is how many share what is left.
    """

    functions: tuple[Function, ...]
    total: int
    largest: Function | None
    others: int

    @classmethod
    def of(cls, functions: tuple[Function, ...]) -> Pool:
        reserving = tuple(one for one in functions if reserves(one))
        largest = max(reserving, key=reserves, default=None)
        return cls(reserving, sum(map(reserves, reserving)), largest, len(functions) - len(reserving))


def pool(function: Function) -> tuple[Shape, Shape]:
    """The region and account whose limit on concurrency a function draws on."""
    return comparable(function.region) if function.region else (), own_account((function,))


def reserves(function: Function) -> int:
    """The concurrency that a function is known to reserve."""
    found = function.reserved_concurrency
    return (found.value or 0) if isinstance(found, Known) else 0

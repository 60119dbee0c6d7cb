"""What one function of a library leads to, as a row of a table."""

from __future__ import annotations

from stockade.records import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """What a call of a library's function leads to.

    ``parameters`` are triples: the request's parameter, and the position and name of the argument that fills
    it; ``of_maker`` where these are the arguments that the object was made with. ``unfollowed`` are services
    (an empty text is any) of which more may be called. ``with_argument`` are operations that are called too
    where an argument of this name is given. ``gives`` says what comes back where that matters.
    """

    calls: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, int, str], ...] = ()
    constants: tuple[tuple[str, str | bool], ...] = ()
    of_maker: bool = False
    path_argument: tuple[int, str] | None = None
    cached: bool = False
    certain: bool = True
    with_argument: tuple[str, tuple[tuple[str, str], ...]] = ("", ())
    through: str = ""
    unfollowed: tuple[str, ...] = ()
    reason: str = ""
    gives: str = ""

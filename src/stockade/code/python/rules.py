"""What one function of a library leads to, as a row of a table."""

from __future__ import annotations

from stockade.records import dataclass

Operations = tuple[tuple[str, str], ...]
"""Operations, each with its service before it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a call of a library's function leads to.

    ``parameters`` are triples: the request's parameter, and the position and name of the argument that
    fills it; ``of_maker`` where these are the arguments that the object was made with. ``of_itself`` is a
    parameter that is the function's own name. ``perhaps`` are operations that are called in cases that
    nothing here tells apart, ``writes`` those that are called instead where the argument ``mode`` says that
    a file is written. ``path_argument`` holds an object's path, without a scheme where it is ``bare``, of a
    ``folder`` where it may be the start of many; ``text_argument`` says one somewhere inside. ``only_with``
    names an argument without which nothing is called, ``unless`` one with which nothing is. ``unfollowed``
    are services (an empty text is any) of which more may be called. ``with_arguments`` are operations that
    are called too where an argument of a name is given. ``gives`` says what comes back where that matters.
    """

    calls: Operations = ()
    parameters: tuple[tuple[str, int, str], ...] = ()
    constants: tuple[tuple[str, str | bool], ...] = ()
    of_itself: str = ""
    of_maker: bool = False
    perhaps: Operations = ()
    writes: Operations = ()
    mode: tuple[int, str] | None = None
    path_argument: tuple[int, str] | None = None
    bare: bool = False
    folder: bool = False
    text_argument: bool = False
    only_with: str = ""
    unless: str = ""
    cached: bool = False
    certain: bool = True
    with_arguments: tuple[tuple[str, Operations], ...] = ()
    through: str = ""
    unfollowed: tuple[str, ...] = ()
    reason: str = ""
    gives: str = ""

"""Questions about parts of a world that several controls ask, each of which is answered once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

from stockade.model.subject import Subject
from stockade.model.world import World

S = TypeVar("S", bound=Subject)
T = TypeVar("T")

_NOT_ASKED: Final[Any] = object()


def asked_once(question: Callable[[S, World], T]) -> Callable[[S, World], T]:
    """The question, whose answers the world keeps: a part and a world say the same whenever they are asked."""

    @wraps(question)
    def answer(subject: S, world: World) -> T:
        known = world.answers[question]
        found: T = known.get(subject, _NOT_ASKED)
        if found is _NOT_ASKED:
            found = known[subject] = question(subject, world)
        return found

    return answer

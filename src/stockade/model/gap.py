"""What was not read: a part of every result, since silence about it would read as a pass."""

from __future__ import annotations

import re
from typing import Final

from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Origin

_ALARMING: Final = lazy_regex(r"alarm(?!s?[-_ ]?(?:topic|sns|action|bot))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that was not read: ``what`` names it, ``reason`` completes the sentence.

    A gap is part of the result. Silence about what was not looked at would read as a pass. ``spare`` says
    that nothing is lost by it, for another input holds the same. ``about`` are all the things it concerns,
    where ``what`` names the first of many.
    """

    what: str
    reason: str
    origin: Origin
    help: str | None = None
    spare: bool = False
    about: tuple[str, ...] = ()

    @property
    def speaks_of_alarms(self) -> bool:
        """Whether it is named for alarms, so that there may be one after all."""
        return any(_ALARMING.search(one) for one in (f"{self.what} {self.reason}", *self.about))

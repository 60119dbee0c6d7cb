"""When what others may see changed: what was found before and hangs on none of it need not be found again."""

from __future__ import annotations

from bisect import bisect_left


class Changes:
    """Remembers changes by when they happened and when what they changed was made, as ``Machine.now`` counts.

    Of changes only those are kept that no later one of something older makes needless, so that both lists rise
    and a question is one search.
    """

    def __init__(self) -> None:
        self._when: list[int] = []
        self._born: list[int] = []

    def happened(self, now: int, born: int) -> None:
        """Note that something changed that was made at ``born``."""
        when, births = self._when, self._born
        while births and births[-1] >= born:
            births.pop()
            when.pop()
        if not when or when[-1] != now:  # else something older changed at the same time
            births.append(born)
            when.append(now)

    def since(self, began: int) -> bool:
        """Whether anything changed since then that was there already."""
        at = bisect_left(self._when, began)
        return at < len(self._born) and self._born[at] < began

"""How far one is."""
from typing import Any, Callable, NamedTuple


class State(NamedTuple):
    after: Any
    remaining: Callable[[], int]
    copied: int = 0

    def enough(self) -> bool:
        return self.remaining() > 30_000

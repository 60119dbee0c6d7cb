"""Where a component is written: the place of a text within a file."""

from __future__ import annotations

from stockade.source import Source, Span
from stockade.value import Written


class Places:
    """Looks texts up in one file, each a little after the last: lists are read from top to bottom."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._at = 0

    def of(self, *texts: str) -> Written:
        """The place of the first of the texts that is found; the top of the file where none is."""
        data = self._source.data
        for text in texts:
            wanted = text.encode("utf-8", "surrogatepass")
            for start in (self._at, 0):
                found = data.find(wanted, start) if wanted else -1
                if found >= 0:
                    self._at = found + len(wanted)
                    return Written(Span(self._source, found, self._at))
        return Written(Span(self._source, 0, min(len(data), 1)))

"""The places in pages that benchmarks write to, each between two marks; all else is by hand and stays."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Place(NamedTuple):
    """One such place, by its marks, each of which is on the page once."""

    begin: str
    end: str

    def of(self, page: str) -> str:
        """What stands between the marks.

        Raises ``ValueError`` where the page has no such place.
        """
        return page[page.index(self.begin) + len(self.begin) : page.index(self.end)]

    def put(self, page: str, text: str) -> str:
        """The page with another text between the marks.

        Raises ``ValueError`` where the page has no such place.
        """
        begin, end = page.index(self.begin) + len(self.begin), page.index(self.end)
        return f"{page[:begin]}\n{text}\n{page[end:]}"

    def write(self, path: Path, text: str) -> None:
        """Put a text into the page of a file."""
        path.write_text(self.put(path.read_text("utf-8"), text), "utf-8")

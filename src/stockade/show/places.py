"""Where things stand inside of their repository, for formats that a server of a forge reads.

A report's paths are relative to where its scan began, which the server does not know.
"""

from __future__ import annotations

from posixpath import join, normpath
from typing import Any
from urllib.parse import quote

from stockade.report import Report
from stockade.source import Span


class Places:
    """The paths of one report, as they are in the repository."""

    def __init__(self, report: Report) -> None:
        self._inputs = sorted(
            ((normpath(one.path), normpath(one.root)) for one in report.inputs if one.root),
            key=lambda pair: -len(pair[0]),
        )
        self._prefix = next((start for pair in self._inputs if (start := _before(*pair)) is not None), "")

    def path(self, path: str) -> str:
        """A path of the report, from the top of the repository on where that is known."""
        if not path.startswith("../"):
            return normpath(join(self._prefix, path))
        for shown, root in self._inputs:
            if path == shown or path.startswith(f"{shown}/"):
                return normpath(join(root, path[len(shown) + 1 :]))
        return normpath(join(self._prefix, path))

    def uri(self, path: str) -> str:
        """The same as a relative reference, with what a URI cannot hold written by its code."""
        return quote(self.path(path), safe="/~@!$&'()*+,;=-._", errors="surrogatepass")


def _before(path: str, root: str) -> str | None:
    """What stands in front of a path within the repository; ``None`` where the path begins above it."""
    if path == ".":
        return "" if root == "." else root
    if path == root:
        return ""
    return root[: -len(path) - 1] if root.endswith(f"/{path}") and not path.startswith("..") else None


def region(span: Span) -> dict[str, Any]:
    """Lines and columns from 1, the end where the next character would be, columns in characters."""
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(span.end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}

"""Imports that TypeScript leaves out since types alone are written with them: nothing is loaded by them."""

from __future__ import annotations

from functools import cache
from typing import Final

from tree_sitter import Language, Node, Query, QueryCursor

_NAMES: Final = """
[(identifier) (shorthand_property_identifier) (shorthand_property_identifier_pattern)] @name
(import_specifier (identifier) @other)
(import_clause (identifier) @other)
(namespace_import (identifier) @other)
(nested_type_identifier module: (identifier) @other)
(decorator) @decorator
"""


class Used:
    """The names that a file of TypeScript uses as values; all of them where that cannot be told.

    Decorators may be told the types of what they stand at (``emitDecoratorMetadata``), and are then handed
    the classes themselves.
    """

    def __init__(self, language: Language, root: Node, *, is_valid: bool) -> None:
        found = QueryCursor(_query(language)).captures(root)
        self._all = not is_valid or "decorator" in found
        others = {one.id for one in found.get("other", ())}
        self._names = {one.text for one in found.get("name", ()) if one.id not in others}

    def any_of(self, names: list[str]) -> bool:
        """Whether one of some names is used as a value."""
        return self._all or any(name.encode() in self._names for name in names)


@cache
def _query(language: Language) -> Query:
    return Query(language, _NAMES)

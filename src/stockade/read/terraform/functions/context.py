"""What a function may know of the place it is called from, and the only ways it may reach outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from stockade.read.budget import Budget
from stockade.read.files import Tree
from stockade.source import Source
from stockade.value import Origin, Value


class Context(Protocol):
    """One call. ``directory`` is the absolute path that relative file paths start from."""

    @property
    def origin(self) -> Origin:
        """Where the call stands: the origin of what it computes."""
        ...

    @property
    def directory(self) -> str: ...

    @property
    def files(self) -> Tree: ...

    @property
    def budget(self) -> Budget: ...

    def template(self, source: Source, variables: Mapping[str, Value[Any]]) -> Value[Any]:
        """Render a template with these variables in scope and nothing else."""
        ...

"""Writes changes in the model's words into templates of CloudFormation and SAM."""

from __future__ import annotations

from collections.abc import Sequence

from stockade.control import Change
from stockade.errors import FixError
from stockade.fix.cloudformation.consequences import whole
from stockade.fix.cloudformation.graph import CircleError
from stockade.fix.cloudformation.home import home_of
from stockade.fix.cloudformation.pages import Pages
from stockade.fix.cloudformation.said import prefix_of
from stockade.fix.cloudformation.sam_policies import taken
from stockade.fix.cloudformation.writing import Writing
from stockade.fix.editor import Site
from stockade.read.resource import Resource
from stockade.source import Edit


class Editor:
    """Edits for one template and those that it nests."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.resources: dict[str, Resource] = {}
        for one in site.reading.resources:
            self.resources.setdefault(one.address, one)
        self.pages = Pages(site)

    def whole(self, changes: Sequence[Change], _asked: Sequence[Change]) -> tuple[Change, ...]:
        """The changes, and what SAM changes with them by itself; see ``fix.editor.Completing``."""
        drafts = self.pages.fresh()

        def listed(role: Resource) -> tuple[int, int] | None:
            home = home_of(role, prefix_of(role.address), drafts, self.pages.indexes)
            if not home.is_generated:
                return None
            path = (*home.properties, "Policies")
            written_now = home.draft.value(path) if home.draft.has(path) else []
            count = len(written_now) if isinstance(written_now, list) else 1
            try:
                instead = taken(home, changes).instead
            except FixError:  # told when it is to be written
                return count, count
            if instead is None:
                return count, count
            return (instead[-1] if isinstance(instead[-1], int) else 0), count

        return whole(changes, self.resources, listed)

    def edits(self, changes: Sequence[Change], asked: Sequence[Change]) -> tuple[Edit, ...]:
        """The edits that make the changes of one fix; see ``fix.editor.Editor``."""
        try:
            return Writing(self.resources, self.pages, changes, asked).edits()
        except CircleError:
            return Writing(self.resources, self.pages, changes, asked, by_name=True).edits()

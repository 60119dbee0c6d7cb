"""Writes changes in the model's words into templates of CloudFormation and SAM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from stockade.control import Change
from stockade.fix.cloudformation.consequences import whole
from stockade.fix.cloudformation.graph import CircleError
from stockade.fix.cloudformation.home import Index, home_of
from stockade.fix.cloudformation.said import prefix_of
from stockade.fix.cloudformation.writing import Writing
from stockade.fix.draft import Draft
from stockade.fix.editor import Site
from stockade.read.resource import Resource
from stockade.source import Edit, Source
from stockade.value import places

_BY_HAND: Final = "make the change by hand"
_BEFORE: Final = ("AWSTemplateFormatVersion", "Transform", "Description", "Metadata", "Parameters")
"""Sections that stand before ``Globals``, as SAM's own documentation has them."""


class Editor:
    """Edits for one template and those that it nests."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.resources: dict[str, Resource] = {}
        for one in site.reading.resources:
            self.resources.setdefault(one.address, one)
        self._indexes: dict[Source, Index] = {}

    def whole(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        """The changes, and what SAM changes with them by itself; see ``fix.editor.Completing``."""
        drafts = self.drafts()

        def listed(role: Resource) -> int | None:
            home = home_of(role, prefix_of(role.address), drafts, self._indexes)
            if not home.is_generated:
                return None
            path = (*home.properties, "Policies")
            written_now = home.draft.value(path) if home.draft.has(path) else []
            return len(written_now) if isinstance(written_now, list) else 1

        return whole(changes, self.resources, listed)

    def edits(self, changes: Sequence[Change], asked: Sequence[Change]) -> tuple[Edit, ...]:
        """The edits that make the changes of one fix; see ``fix.editor.Editor``."""
        try:
            return Writing(self.resources, self.drafts(), self.indexes, changes, asked).edits()
        except CircleError:
            return Writing(self.resources, self.drafts(), self.indexes, changes, asked, by_name=True).edits()

    def drafts(self) -> dict[Source, Draft]:
        """A fresh draft of every template that resources are written in."""
        return drafts_of(self.site, self._indexes)

    @property
    def indexes(self) -> Mapping[Source, Index]:
        return self._indexes


def drafts_of(site: Site, indexes: dict[Source, Index]) -> dict[Source, Draft]:
    """A fresh draft of every file that resources of an input are written in, each with its index."""
    sources = {
        place.span.source
        for one in site.reading.resources
        for place in places(one.origin)
        if site.tree.path(place.span.source) is not None
    }
    made = {source: Draft(source) for source in sorted(sources, key=lambda one: one.path)}
    for source, draft in made.items():
        if source not in indexes:
            indexes[source] = Index(draft.root)
    return made

"""The files that an input's resources are written in, laid out once and handed out for every fix afresh."""

from __future__ import annotations

from collections.abc import Mapping

from stockade.fix.cloudformation.graph import Graph
from stockade.fix.cloudformation.home import Index
from stockade.fix.draft import Draft
from stockade.fix.editor import Site
from stockade.source import Source
from stockade.value import places


class Pages:
    """The drafts of one input. ``indexes`` find paths in them as they were read."""

    def __init__(self, site: Site) -> None:
        spans = (place.span for one in site.reading.resources for place in places(one.origin))
        sources = {span.source for span in spans}
        held = sorted((one for one in sources if site.tree.path(one) is not None), key=lambda one: one.path)
        self._drafts = {source: Draft(source) for source in held}
        self._graphs: dict[Source, Graph] = {}
        self.indexes: Mapping[Source, Index] = {
            source: Index(draft.root) for source, draft in self._drafts.items()
        }

    def fresh(self) -> dict[Source, Draft]:
        """A draft of every file, to be changed."""
        return {source: draft.fresh() for source, draft in self._drafts.items()}

    def graph(self, source: Source) -> Graph:
        """What referred to what in a file as it was read."""
        if source not in self._graphs:
            self._graphs[source] = Graph(self._drafts[source].root)
        return self._graphs[source]

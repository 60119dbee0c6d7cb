"""What an owner says to Stockade in a template: comments in YAML, and ``Metadata`` of resources in any form.

A comment is one only outside of texts: what looks like one in a block of code is code. Files that never say
"stockade" or "checkov" cost nothing but the search for these words.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from stockade.model.remark import SILENCES, SPEAKS, Remark
from stockade.patterns import lazy_regex
from stockade.read.cloudformation.nodes import Fields, Items, Node, Scalar, member, members, text
from stockade.read.cloudformation.template import Template
from stockade.source import Source, Span, decode

_COMMENT: Final = lazy_regex(r"(?:(?<=[ \t\n])|(?<![\s\S]))#[^\n]*")
_NAME: Final = "stockade"


def remarks(template: Template) -> list[Remark]:
    """What is said in one template, in its order."""
    data = template.source.data
    if _NAME.encode() not in data.lower() and b"checkov" not in data:
        return []
    return [*_commented(template), *_in_metadata(template)]


def _commented(template: Template) -> Iterator[Remark]:
    source = template.source
    scalars, ranges = _Extent(source), _Extent(source)
    _collect(template.root, scalars, ranges)
    if source.data.lstrip()[:1] == b"{":
        return  # JSON has no comments
    for found in _COMMENT.finditer(source.text):
        start, end = found.start(), found.end() - found[0].endswith("\r")
        if scalars.around(start):
            continue
        comment = decode(found[0]).lstrip("#").strip()
        place = Span(source, start, end)
        if said := SPEAKS.match(comment):
            yield Remark(" ".join(said[1].split()), place, _scope(source, start, end, ranges))
        elif silenced := SILENCES.match(comment):
            resource = _resource_at(template, start)
            if resource is not None:
                yield Remark(" ".join(silenced[2].split()), place, resource, silenced[1])


class _Extent:
    """Ranges of one file, to be asked what is around a place and what begins on a line."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[tuple[int, int]] = []
        self._sorted = False

    def add(self, start: int, end: int) -> None:
        self.found.append((start, end))
        self._sorted = False

    def _sort(self) -> None:
        if not self._sorted:
            self.found.sort()
            self._sorted = True

    def around(self, at: int) -> bool:
        """Whether one of the ranges holds a place; they do not overlap."""
        self._sort()
        index = bisect_right(self.found, (at, len(self.source.data))) - 1
        return index >= 0 and self.found[index][0] <= at < self.found[index][1]

    def end_of(self, start: int, stop: int) -> int:
        """How far anything reaches that begins between two places."""
        self._sort()
        first = bisect_right(self.found, (start - 1, len(self.source.data)))
        last = bisect_right(self.found, (stop, len(self.source.data)))
        return max((end for _, end in self.found[first:last]), default=stop)


def _collect(root: Node, scalars: _Extent, ranges: _Extent) -> None:
    """Where texts stand, and how far members and elements reach. What an alias stands for is met once."""
    stack: list[Node] = [root]
    seen: set[int] = set()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Scalar):
            scalars.add(node.start, node.end)
            continue
        if isinstance(node, Items):
            inner = node.items
            for one in inner:
                ranges.add(one.start, one.end)
        else:
            inner = list(node.members.values())
            for name, (start, end) in node.keys.items():
                scalars.add(start, end)
                if name in node.members:
                    ranges.add(start, max(end, node.members[name].end))
        stack += inner


def _scope(source: Source, start: int, end: int, ranges: _Extent) -> Span:
    """The line that a comment stands on or directly above, with all that begins there."""
    text = source.text
    line = text.rfind("\n", 0, start) + 1
    if not text[line:start].strip():  # nothing before it: it is about what follows, over other comments
        at = text.find("\n", end)
        while at >= 0:
            line = at + 1
            at = text.find("\n", line)
            below = text[line : at if at >= 0 else len(text)].strip()
            if not below:
                return Span(source, end, end)
            if not below.startswith("#"):
                break
        else:
            return Span(source, end, end)
    stop = text.find("\n", line)
    stop = stop if stop >= 0 else len(text)
    return Span(source, line, max(stop, ranges.end_of(line, stop)))


def _resource_at(template: Template, at: int) -> Span | None:
    """The resource that a place is in."""
    for name, node in members(template.resources):
        place = template.resources.keys.get(name)
        if place and place[0] <= at < node.end and node.source is template.source:
            return Span(template.source, place[0], node.end)
    return None


def _in_metadata(template: Template) -> Iterator[Remark]:
    for name, node in members(template.resources):
        metadata = member(node, "Metadata")
        if not isinstance(metadata, Fields) or node.source is not template.source:
            continue
        start = template.resources.keys.get(name, (node.start, node.end))[0]
        scope = Span(template.source, start, node.end)
        for key, said in metadata.members.items():
            if key.lower() == _NAME:
                for one in said.items if isinstance(said, Items) else (said,):
                    yield Remark(" ".join((text(one) or "").split()), _span(one), scope)
        skips = member(metadata, "checkov", "skip")
        for one in skips.items if isinstance(skips, Items) else ():
            check, reason = text(member(one, "id")), text(member(one, "comment"))
            if check is not None:
                yield Remark(" ".join((reason or "").split()), _span(one), scope, check)


def _span(node: Node) -> Span:
    return Span(node.source, node.start, node.end)

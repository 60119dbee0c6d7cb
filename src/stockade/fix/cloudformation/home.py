"""Where in the files of an input a resource is written: the document, and its path there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stockade.errors import FixError
from stockade.fix.cloudformation.sam_words import IMPLICIT
from stockade.fix.draft import Draft
from stockade.fix.layout import Part, Path, walk
from stockade.read.cloudformation.foreach import PREFIX
from stockade.read.resource import Resource
from stockade.records import dataclass
from stockade.source import Source
from stockade.value import Origin, Written, places

_SAM: Final = "AWS::Serverless::"


@dataclass(frozen=True, slots=True)
class Home:
    """A written resource. ``path`` leads to it, ``kind`` is its type there, ``made`` the one asked about.

    ``path`` is ``None`` for an API that SAM makes without any resource: only ``Globals`` speak of it.
    """

    draft: Draft
    path: Path | None
    logical: str
    kind: str
    made: Resource
    name: str

    @property
    def properties(self) -> Path:
        assert self.path is not None  # noqa: S101  # whoever asks has looked
        return (*self.path, "Properties")

    @property
    def is_generated(self) -> bool:
        """Whether SAM made what was asked about, be it under the same name."""
        return self.kind.startswith(_SAM)


class Index:
    """Paths of one document by the bytes where they begin: a member's by its name and by its value."""

    def __init__(self, root: Part) -> None:
        self.keys: dict[int, Path] = {}
        self.values: dict[int, Path] = {}
        for path, part in walk(root):
            self.values.setdefault(part.start, path)
            self.values.setdefault(part.body, path)
            if part.kind == "map":
                for key, _ in part.members:
                    self.keys.setdefault(key.start, (*path, str(key.value)))

    def path(self, at: int) -> Path | None:
        """The path of what begins at a byte."""
        return self.keys.get(at) or self.values.get(at)


def written(origin: Origin) -> Written | None:
    """The first place behind an origin."""
    return next(places(origin), None)


def home_of(
    resource: Resource, prefix: str, drafts: Mapping[Source, Draft], indexes: Mapping[Source, Index]
) -> Home:
    """Where a resource is written. Raises ``FixError`` where it is written nowhere, or by a loop."""
    name = resource.address.removeprefix(prefix)
    place = written(resource.origin)
    if place is None or place.span.source not in drafts:
        raise FixError(f"`{resource.address}` is not written in a template that can be edited")
    source = place.span.source
    draft, path = drafts[source], indexes[source].path(place.span.start)
    if path is None or not path:
        implicit = next((kind for start, kind in IMPLICIT.items() if name.startswith(start)), None)
        if implicit is not None:
            return Home(draft, None, name, implicit, resource, name)
        raise FixError(
            f"it cannot be told where `{resource.address}` is written", help="make the change by hand"
        )
    if any(str(one).startswith(PREFIX) for one in path):
        loop = next(str(one) for one in path if str(one).startswith(PREFIX))
        raise FixError(
            f"`{resource.address}` is made by the loop `{loop}` at {draft.place(path)}, as others are",
            help="change the loop's body by hand if the change is right for all that it makes",
        )
    if len(path) > 1 and path[-2] == name and path[-1] == "Type":
        path = path[:-1]  # of a fragment only the resource's contents have a place, and they begin so
    if path[-1] == name and _type(draft, path) is not None:
        return Home(draft, path, name, _type(draft, path) or "", resource, name)
    implicit = next((kind for start, kind in IMPLICIT.items() if name.startswith(start)), None)
    owner = path[1] if path[0] == "Resources" and len(path) > 1 else None
    if implicit is not None and not draft.has(("Resources", name)):
        return Home(draft, None, name, implicit, resource, name)
    declared = draft.part(("Resources",))
    names = declared.names() if declared is not None and declared.kind == "map" else ()
    if owner is None:
        owner = max((one for one in names if name.startswith(one)), key=len, default=None)
    if owner is None:
        raise FixError(
            f"it cannot be told what `{resource.address}` is made of", help="make the change by hand"
        )
    found = ("Resources", str(owner))
    return Home(draft, found, str(owner), _type(draft, found) or "", resource, name)


def _type(draft: Draft, path: Path) -> str | None:
    part = draft.part((*path, "Type"))
    return part.value if part is not None and isinstance(part.value, str) else None

"""Where a change has to be written: the draft, and the path in it that decides an attribute."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stockade.control import Change, Put
from stockade.errors import FixError
from stockade.fix.cloudformation.deciding import settled
from stockade.fix.cloudformation.expressions import Expressions
from stockade.fix.cloudformation.home import Home, home_of, written
from stockade.fix.cloudformation.pages import Pages
from stockade.fix.cloudformation.said import prefix_of
from stockade.fix.cloudformation.sam_words import FUNCTION, GLOBAL, is_global, sam_steps
from stockade.fix.layout import Path
from stockade.read.resource import Resource
from stockade.value import Unknown, Value, Written


class Ground:
    """The templates of one input while one fix is written. ``changes`` are the fix's, ``asked`` those of all.

    ``by_name`` says that functions are called by their names, and not referred to.
    """

    def __init__(
        self,
        resources: Mapping[str, Resource],
        pages: Pages,
        changes: Sequence[Change],
        asked: Sequence[Change],
        by_name: bool = False,
    ) -> None:
        self.declared = resources
        self.resources = dict(resources)
        self.pages = pages
        self.drafts = pages.fresh()
        self.indexes = pages.indexes
        self.changes = changes
        self.asked = asked
        self.by_name = by_name

    def resource(self, address: str) -> Resource:
        found = self.resources.get(address)
        if found is None:
            raise FixError(f"there is no `{address}` to change")
        return found

    def home(self, resource: Resource) -> Home:
        prefix = prefix_of(resource.address)
        home = home_of(resource, prefix, self.drafts, self.indexes)
        place = written(resource.origin)
        for other in self.resources.values():
            if other.address == resource.address or prefix_of(other.address) == prefix:
                continue
            theirs = written(other.origin)
            if theirs is not None and place is not None and theirs.span == place.span:
                self._shared(resource.address, other.address, home)
        return home

    def _shared(self, address: str, other: str, home: Home) -> None:
        """A template that several stacks nest may be changed where each of them is to be changed alike."""
        mine, theirs = prefix_of(address), prefix_of(other)
        said = {repr(one).replace(theirs, mine) for one in self.asked if theirs in repr(one)}
        if not all(repr(one) in said for one in self.changes):
            raise FixError(
                f"`{address}` and `{other}` are the same lines of {home.draft.source.path}, nested twice",
                help="change the template by hand if that is right for both",
            )

    def expressions(self, home: Home, by_name: bool = False) -> Expressions:
        draft = home.draft
        declared = draft.part(("Parameters",))
        parameters = declared.names() if declared is not None and declared.kind == "map" else ()
        index = self.indexes[draft.source]

        def copied(value: Unknown) -> Any:
            place = value.origin  # what a fix has made has an origin of another kind
            if not isinstance(place, Written) or place.span.source is not draft.source or place.via:
                return None
            path = index.path(place.span.start)
            return draft.value(path) if path is not None and draft.has(path) else None

        def named(address: str) -> Any:
            resource = self.resources.get(address)
            if resource is None or resource.type != "AWS::Lambda::Function":
                return None
            function = self.home(resource)
            path = (*function.properties, "FunctionName")
            return function.draft.value(path) if function.draft.has(path) else None

        prefix = prefix_of(home.made.address)
        return Expressions(
            prefix, parameters, self.resources, copied, named if self.by_name or by_name else None
        )

    def path(self, home: Home, steps: Path, value: Callable[[int], Value[Any] | None]) -> Path:
        """Where a property is decided, in the words of the resource that is written."""
        words = steps
        if home.is_generated:
            words = sam_steps(home.kind, home.made.type, steps, home.name, home.logical)
        base = self.base(home, words)
        offset = len(steps) - len(words)
        values = [value(max(depth + offset, 0)) for depth in range(len(words))]
        values[-1] = value(len(steps) - 1)
        words = self._entry(home, base, words, values)
        return settled(home.draft, base, words, [*values[: len(words) - 1], values[-1]])

    def _entry(self, home: Home, base: Path, words: Path, values: list[Value[Any] | None]) -> Path:
        """A policy of SAM's list is the document itself, where CloudFormation's has it under a name."""
        if not home.is_generated or words[0] != "Policies" or len(words) < 3:
            return words
        if words[2] != "PolicyDocument":
            return words
        place = written(values[-1].origin) if values[-1] is not None else None
        at = self.indexes[home.draft.source].path(place.span.start) if place else None
        entry = (*base, *words[:1])
        if at is None or at[: len(entry)] != entry:
            raise FixError(
                f"SAM writes this policy of `{home.name}` itself",
                help=f"give `{home.logical}` a `Role` of its own",
            )
        which = at[len(entry) : len(entry) + 1]
        which = which if which and isinstance(which[0], int) else ()
        members = home.draft.part((*entry, *which))
        if members is None or "Statement" not in members.names():
            shown = members.names()[0] if members is not None and members.names() else "a policy"
            at_line = home.draft.place((*entry, *which))
            raise FixError(
                f"the policy comes from SAM's policy template `{shown}` at {at_line}",
                help="write the statements that are needed in its place",
            )
        return (words[0], *which, *words[3:])

    def base(self, home: Home, words: Path) -> Path:
        """The object that a property is put in: the resource's own, or one of ``Globals``."""
        draft, word = home.draft, str(words[0])
        shared = ("Globals", GLOBAL.get(home.kind, ""))
        if home.path is None:
            return shared
        own = (*home.properties, word)
        if home.kind == FUNCTION and is_global(word) and not draft.has(own) and draft.has(shared):
            if self._all_alike(home, 1 if draft.has((*shared, word)) else 2):
                return shared
            if draft.has((*shared, word)) and isinstance(draft.value((*shared, word)), list):
                raise FixError(
                    f"`Globals` at {draft.place((*shared, word))} list `{word}` for all functions, and "
                    "that is added to what a function lists",
                    help="move it from `Globals` to the functions that need it",
                )
        return home.properties

    def _all_alike(self, home: Home, least: int) -> bool:
        """Whether every function of the template is to get what this one gets, and there are so many."""
        mine = [one for one in self.changes if isinstance(one, Put) and one.address == home.made.address]
        functions = [
            one
            for one in self.declared.values()
            if one.type == "AWS::Lambda::Function" and prefix_of(one.address) == prefix_of(home.made.address)
        ]
        names = set(home.draft.part(("Resources",)).names())  # type: ignore[union-attr]  # a resource is there
        written_here = [one for one in functions if one.address.rpartition(".")[2] in names]
        of_sam = [
            one
            for one in written_here
            if home.draft.value(("Resources", one.address.rpartition(".")[2], "Type")) == FUNCTION
        ]
        wanted = {(one.address, one.attribute, repr(one.value)) for one in self.asked if isinstance(one, Put)}
        return (
            len(of_sam) >= least
            and bool(mine)
            and all(
                (other.address, one.attribute, repr(one.value)) in wanted for one in mine for other in of_sam
            )
        )

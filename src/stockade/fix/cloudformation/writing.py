"""One fix being written into a template: each kind of change, in the words of the resource it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from stockade.control import Add, Change, Drop, Put, Rewrite
from stockade.errors import FixError
from stockade.fix.cloudformation.deciding import allow, call_of, decided, settled
from stockade.fix.cloudformation.expressions import Expressions
from stockade.fix.cloudformation.graph import Graph
from stockade.fix.cloudformation.ground import Ground
from stockade.fix.cloudformation.home import Home, written
from stockade.fix.cloudformation.pages import Pages
from stockade.fix.cloudformation.said import Evaluated, steps_of
from stockade.fix.cloudformation.sam_policies import ARNS, Taken, taken
from stockade.fix.draft import Draft
from stockade.fix.layout import Path, walk
from stockade.fix.rehearse import rehearse
from stockade.fix.words import element_of, located, referring, reworded, row_of_kind, shaped
from stockade.json_text import document
from stockade.model.names import Row
from stockade.read.resource import Reading, Resource
from stockade.source import Edit
from stockade.value import Known, Value

BY_HAND: Final = "make the change by hand"
BEFORE: Final = ("AWSTemplateFormatVersion", "Transform", "Description", "Metadata", "Parameters")
"""Sections that stand before ``Globals``, as SAM's own documentation has them."""


class Writing(Ground):
    """One fix being written. ``added`` are the addresses of what it adds by their handles."""

    def __init__(
        self,
        resources: Mapping[str, Resource],
        pages: Pages,
        changes: Sequence[Change],
        asked: Sequence[Change],
        by_name: bool = False,
    ) -> None:
        super().__init__(resources, pages, changes, asked, by_name)
        self.added: dict[str, str] = {}
        self.behind: dict[str, list[str]] = {}
        self.taken: dict[str, Taken] = {}

    def edits(self) -> tuple[Edit, ...]:
        for change in self.changes:
            self._make(located(change, self.added), change)
        for source, draft in self.drafts.items():
            if draft.data != source.data:
                Graph(draft.root).hold(self.pages.graph(source))
        return tuple(edit for draft in self.drafts.values() for edit in draft.edits())

    def _make(self, change: Change, said: Change) -> None:
        match change:
            case Put():
                self._put(change)
            case Rewrite():
                self._rewrite(change)
            case Drop(address, ""):
                self._remove(address)
            case Drop(address, attribute):
                self._drop(address, attribute)
            case Add():
                self._add(change, said.handle if isinstance(said, Add) else "")

    # ------------------------------------------------------------------------------------ changing

    def _put(self, change: Put) -> None:
        resource = self.resource(change.address)
        attribute, value = reworded(resource.type, change.attribute, change.value)
        steps = steps_of(resource, attribute)
        home = self.home(resource)
        if home.is_generated and steps == (ARNS,):
            for path in self._taken(home).gone:
                home.draft.drop(path)
            return
        said = shaped(resource, attribute, referring(value, self.resources))
        self._write(home, steps, said)

    def _taken(self, home: Home) -> Taken:
        """What of SAM's ``Policies`` the fix takes away, as they were before it."""
        if home.made.address not in self.taken:
            self.taken[home.made.address] = taken(home, self.changes)
        return self.taken[home.made.address]

    def _write(self, home: Home, steps: Path, said: Any) -> None:
        old = Evaluated(home.made)
        path = self.path(home, steps, lambda depth: old.at(steps[: depth + 1]))
        if home.is_generated and path[-1] == "TargetArn" and "DeadLetterQueue" in path:
            raise FixError(
                f"SAM wants to know of what type the dead-letter queue of `{home.logical}` is",
                help="write `DeadLetterQueue` with `Type` and `TargetArn`",
            )
        if isinstance(said, Mapping | tuple | list) and not said:
            home.draft.drop(path)
            return
        self.place(home, path, said, old.at(steps))

    def place(self, home: Home, path: Path, said: Any, old: Value[Any] | None) -> None:
        """Put a value at a path, changing only what is another than it was."""
        draft = home.draft
        part = draft.part(path)
        present = old.value if isinstance(old, Known) else None
        if isinstance(said, Mapping) and isinstance(present, Mapping) and _is(part, "map"):
            for name in present:
                if name not in said:
                    draft.drop((*path, name))
            for name, one in said.items():
                if present.get(name) is not one:
                    self.place(home, (*path, name), one, present.get(name))
            return
        if isinstance(said, tuple | list) and isinstance(present, tuple | list) and _is(part, "list"):
            if self._relist(home, path, list(said), list(present)):
                return
        expression = self.expressions(home).of(said)
        if not isinstance(expression, dict | list):
            path = decided(draft, self.indexes[draft.source], path, old)
            if path[0] == "Parameters" and isinstance(draft.value(path), str) is not isinstance(
                expression, str
            ):
                expression = type(draft.value(path))(expression)
            allow(draft, path, expression)
        draft.put(path, expression, BEFORE if path[0] == "Globals" else ())

    def _relist(self, home: Home, path: Path, said: list[Any], present: list[Any]) -> bool:
        """A list that only loses and gains elements, which leaves the others as they are written."""
        draft, part = home.draft, home.draft.part(path)
        if (
            part is None
            or len(part.items) != len(present)
            or any(call_of(one) == "Fn::If" for one in part.items)
        ):
            return False
        expressions = self.expressions(home)
        keys = [expressions.of(one) for one in said]
        kept = [
            index for index, one in enumerate(present) if any(_alike(one, other, expressions) for other in said)
        ]
        new = [
            key
            for one, key in zip(said, keys, strict=True)
            if not any(_alike(o, one, expressions) for o in present)
        ]
        if len(kept) + len(new) != len(said) or not kept:
            return False
        for one in new:
            draft.append(path, one)
        for index in range(len(present)):
            if index not in kept:
                draft.drop((*path, index))
        return True

    def _drop(self, address: str, attribute: str) -> None:
        resource = self.resource(address)
        steps, home, old = steps_of(resource, attribute), self.home(resource), Evaluated(resource)
        path = self.path(home, steps, lambda depth: old.at(steps[: depth + 1]))
        if not home.draft.has(path):
            if old.at(steps) is not None:
                raise self.said_by_others(home, path, steps, old.at(steps))
            return
        home.draft.drop(path)

    def said_by_others(self, home: Home, path: Path, steps: Path, old: Value[Any] | None) -> FixError:
        """What is to be taken out stands in ``Globals``, from where all functions have it."""
        shown, place = ".".join(map(str, steps)), written(old.origin) if old is not None else None
        at = self.indexes[home.draft.source].path(place.span.start) if place else None
        if at is not None and at[0] == "Globals":
            return FixError(
                f"`Globals` say `{shown}` for all functions, at {home.draft.place(at)}",
                help="move it from there to the functions that need it",
            )
        return FixError(f"`{home.logical}` does not say its `{shown}` itself", help=BY_HAND)

    def _rewrite(self, change: Rewrite) -> None:
        resource = self.resource(change.address)
        steps, home, old = steps_of(resource, change.attribute), self.home(resource), Evaluated(resource)
        whole = old.at(steps)
        read = document(whole) if whole is not None else None
        if not isinstance(read, Known) or not isinstance(read.value, Mapping):
            raise FixError(f"the policy `{change.attribute}` of `{change.address}` cannot be read")
        if read is not whole:
            raise FixError(
                f"the policy `{change.attribute}` of `{change.address}` is a text, not an object",
                help="write the policy as an object of the template",
            )
        path = self.path(home, steps, lambda depth: old.at(steps[: depth + 1]))
        if change.statement is None:
            name = next(
                (one for one in read.value if one.lower() == str(change.element).lower()), change.element
            )
            self._element(home, (*path, str(name)), change.value, read.value.get(str(name)))
            return
        key = next((one for one in read.value if one.lower() == "statement"), "Statement")
        listed = read.value.get(key)
        if not isinstance(listed, Known):
            raise FixError(
                f"the policy `{change.attribute}` of `{change.address}` has no statements that are known"
            )
        statements = [listed] if isinstance(listed.value, Mapping) else list(listed.value)
        if change.element is None and len(statements) < change.of:
            return
        if change.statement >= len(statements):
            raise FixError(f"the policy of `{change.address}` has no statement {change.statement}")
        statement = statements[change.statement]
        where = self.statement(home, path, key, change.statement, listed, statement)
        if change.element is None:
            if len(statements) == 1:
                raise FixError(
                    f"it is the only statement of its policy, at {home.draft.place(where)}",
                    help="remove the whole policy",
                )
            home.draft.drop(where)
            return
        if not isinstance(statement, Known) or not isinstance(statement.value, Mapping):
            raise FixError("the statement that would be changed is not known")
        name = next((one for one in statement.value if one.lower() == change.element.lower()), change.element)
        present = statement.value.get(name)
        place = settled(home.draft, where, (name,), (present,))
        self._element(home, place, change.value, present)

    def _element(self, home: Home, path: Path, value: Any, old: Value[Any] | None) -> None:
        if value is None:
            home.draft.drop(path)
            return
        self.place(home, path, referring(value, self.resources), old)

    # ------------------------------------------------------------------------------------ resources

    def _add(self, change: Add, handle: str) -> None:
        kin = self.resource(change.beside)
        row = row_of_kind(kin.dialect, kin.type, change.kind)
        if row is not None:
            self.extend(kin, row, change)
            return
        before = Reading("", "", tuple(self.resources.values()), ())
        after = rehearse(before, (change,))
        made = next((one for one in after.resources if one.address not in self.resources), None)
        if made is None:
            if handle not in self.added:
                raise FixError(f"what is to be added beside `{change.beside}` is there already", help=BY_HAND)
            return
        home = self.home(kin)
        logical = made.address.rpartition(".")[2]
        draft, path = self.section(home)
        if draft.has((*path, logical)):
            raise FixError(f"the name `{logical}` is taken, at {draft.place((*path, logical))}", help=BY_HAND)
        self.resources[made.address] = made
        self.added[handle] = made.address
        draft.put((*path, logical), self._declared(home, change, made), self._behind(home, change, logical))

    def section(self, home: Home) -> tuple[Draft, Path]:
        """Where what is added beside a resource goes: the object of resources that it is in."""
        return home.draft, home.path[:-1] if home.path is not None else ("Resources",)

    def statement(
        self, home: Home, path: Path, key: str, index: int, listed: Value[Any], statement: Value[Any]
    ) -> Path:
        """Where a statement of the policy at a path is written."""
        return settled(home.draft, path, (key, index), (listed, statement))

    def _behind(self, home: Home, change: Add, logical: str) -> tuple[str, ...]:
        """The names of those that a new resource follows: its kin, and what was added beside it before."""
        if change.shared or home.path is None:
            return ()
        chain = self.behind.setdefault(home.logical, [home.logical])
        chain.append(logical)
        return tuple(chain)

    def _declared(self, home: Home, change: Add, made: Resource) -> dict[str, Any]:
        out: dict[str, Any] = {"Type": made.type}
        if home.path is not None and home.draft.has((*home.path, "Condition")):
            out["Condition"] = home.draft.value((*home.path, "Condition"))
        needed = [self.added[one].rpartition(".")[2] for one in change.after if one in self.added]
        if needed:
            out["DependsOn"] = needed[0] if len(needed) == 1 else needed
        # A log group that refers to its function could not be named in the policies of that function's role.
        expressions = self.expressions(home, by_name=made.type == "AWS::Logs::LogGroup")
        properties = {name: expressions.of(made.attributes[name]) for name in made.attributes}
        if properties:
            out["Properties"] = properties
        return out

    def extend(self, kin: Resource, row: Row, change: Add) -> None:
        """One more element in the list in which the kin has what is a resource elsewhere."""
        home, expressions = self.home(kin), None
        expressions = self.expressions(home)
        said = element_of(row, kin.dialect, change.attributes)
        made = {name: expressions.of(referring(one, self.resources)) for name, one in said.items()}
        steps = steps_of(kin, row.attribute)
        old = Evaluated(kin)
        path = self.path(home, steps, lambda depth: old.at(steps[: depth + 1]))
        draft = home.draft
        if home.is_generated and kin.type == "AWS::IAM::Role":
            made = made["PolicyDocument"]
            if (instead := self._taken(home).instead) is not None:
                draft.put(instead, made if isinstance(instead[-1], int) else [made])
                return
        part = draft.part(path)
        if part is not None and call_of(part):
            raise FixError(
                f"`{'.'.join(map(str, path))}` at {draft.place(path)} is made by `{call_of(part)}`",
                help=BY_HAND,
            )
        draft.append(path, made, BEFORE if path[0] == "Globals" else ())

    def _remove(self, address: str) -> None:
        if address not in self.resources:
            return
        home = self.home(self.resource(address))
        if home.is_generated or home.path is None:
            raise FixError(
                f"SAM makes `{home.name}` of `{home.logical}`", help=f"change what makes it in `{home.logical}`"
            )
        for path, part in _mentions(home):
            if part == "DependsOn":
                home.draft.drop(path)
                continue
            raise FixError(
                f"`{home.logical}` cannot be removed: {home.draft.place(path)} refers to it",
                help="remove what refers to it first",
            )
        home.draft.drop(home.path)


def _mentions(home: Home) -> Iterator[tuple[Path, str]]:
    """What of a template refers to a resource, and how; in an order in which it may be taken out."""
    name, found = home.logical, []
    for path, part in walk(home.draft.root):
        text = part.value
        if part.kind != "scalar" or not isinstance(text, str) or path[: len(home.path or ())] == home.path:
            continue
        last = [one for one in path if not isinstance(one, int)]
        if last and last[-1] == "DependsOn" and text == name:
            found.append((path, "DependsOn"))
        elif part.function in ("Ref", "Fn::GetAtt") or (last and last[-1] in ("Ref", "Fn::GetAtt")):
            if text == name or text.startswith(f"{name}."):
                found.append((path, "Ref"))
        elif f"${{{name}}}" in text or f"${{{name}." in text:
            found.append((path, "Fn::Sub"))
    yield from found


def _is(part: Any, kind: str) -> bool:
    return part is not None and part.kind == kind and not call_of(part)


def _alike(present: Any, said: Any, expressions: Expressions) -> bool:
    if present is said:
        return True
    try:
        return bool(expressions.of(present) == expressions.of(said))
    except FixError:
        return False

"""Writes changes in the model's words into templates of CloudFormation and SAM."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from stockade.control import Add, Change, Drop, Put, Rewrite
from stockade.errors import FixError
from stockade.fix.cloudformation.consequences import whole
from stockade.fix.cloudformation.deciding import allow, call_of, decided, settled
from stockade.fix.cloudformation.expressions import Expressions
from stockade.fix.cloudformation.graph import CircleError, Graph
from stockade.fix.cloudformation.home import Home, Index, home_of, written
from stockade.fix.cloudformation.sam_words import FUNCTION, GLOBAL, is_global, sam_steps
from stockade.fix.draft import Draft
from stockade.fix.editor import Site
from stockade.fix.layout import Path, walk
from stockade.fix.rehearse import rehearse
from stockade.fix.words import element_of, located, referring, reworded, row_of_kind, shaped
from stockade.json_text import document
from stockade.model.names import Row, names_of
from stockade.read.resource import Reading, Resource
from stockade.source import Edit, Source
from stockade.value import Known, Unknown, Value, Written, places

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
        self._sources = {
            place.span.source
            for one in site.reading.resources
            for place in places(one.origin)
            if site.tree.path(place.span.source) is not None
        }
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
            return _Writing(self, changes, asked).edits()
        except CircleError:
            return _Writing(self, changes, asked, by_name=True).edits()

    def drafts(self) -> dict[Source, Draft]:
        """A fresh draft of every template that resources are written in."""
        made = {source: Draft(source) for source in sorted(self._sources, key=lambda one: one.path)}
        for source, draft in made.items():
            if source not in self._indexes:
                self._indexes[source] = Index(draft.root)
        return made

    @property
    def indexes(self) -> Mapping[Source, Index]:
        return self._indexes


class _Writing:
    """One fix being written. ``by_name`` says that functions are called by their names, not referred to."""

    def __init__(
        self, editor: Editor, changes: Sequence[Change], asked: Sequence[Change], by_name: bool = False
    ) -> None:
        self.editor = editor
        self.changes = changes
        self.asked = asked
        self.by_name = by_name
        self.resources = dict(editor.resources)
        self.drafts = editor.drafts()
        self.added: dict[str, str] = {}
        self.behind: dict[str, list[str]] = {}

    def edits(self) -> tuple[Edit, ...]:
        before = {source: Graph(draft.root) for source, draft in self.drafts.items()}
        for change in self.changes:
            self._make(located(change, self.added), change)
        for source, draft in self.drafts.items():
            if draft.data != source.data:
                Graph(draft.root).hold(before[source])
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
                self._add(change, said)

    # -------------------------------------------------------------------------------------- places

    def _resource(self, address: str) -> Resource:
        found = self.resources.get(address)
        if found is None:
            raise FixError(f"there is no `{address}` to change")
        return found

    def _home(self, resource: Resource) -> Home:
        prefix = prefix_of(resource.address)
        home = home_of(resource, prefix, self.drafts, self.editor.indexes)
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

    def _expressions(self, home: Home, by_name: bool = False) -> Expressions:
        draft = home.draft
        declared = draft.part(("Parameters",))
        parameters = declared.names() if declared is not None and declared.kind == "map" else ()
        index = self.editor.indexes[draft.source]

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
            function = self._home(resource)
            path = (*function.properties, "FunctionName")
            return function.draft.value(path) if function.draft.has(path) else None

        prefix = prefix_of(home.made.address)
        return Expressions(
            prefix, parameters, self.resources, copied, named if self.by_name or by_name else None
        )

    def _path(self, home: Home, steps: Path, value: Callable[[int], Value[Any] | None]) -> Path:
        """Where a property is decided, in the words of the resource that is written."""
        words = steps
        if home.is_generated:
            words = sam_steps(home.kind, home.made.type, steps, home.name, home.logical)
        base = self._base(home, words)
        offset = len(steps) - len(words)
        values = [value(max(depth + offset, 0)) for depth in range(len(words))]
        values[-1] = value(len(steps) - 1)
        words = self._entry(home, base, words, values)
        return settled(home.draft, base, words, values[: len(words) - 1] + [values[-1]])

    def _entry(self, home: Home, base: Path, words: Path, values: list[Value[Any] | None]) -> Path:
        """A policy of SAM's list is the document itself, where CloudFormation's has it under a name."""
        if not home.is_generated or words[0] != "Policies" or len(words) < 3:
            return words
        if words[2] != "PolicyDocument":
            return words
        place = written(values[-1].origin) if values[-1] is not None else None
        at = self.editor.indexes[home.draft.source].path(place.span.start) if place else None
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
            raise FixError(
                f"the policy comes from SAM's policy template `{shown}` at {home.draft.place((*entry, *which))}",
                help="write the statements that are needed in its place",
            )
        return (words[0], *which, *words[3:])

    def _base(self, home: Home, words: Path) -> Path:
        """The object that a property is put in: the resource's own, or one of ``Globals``."""
        draft, word = home.draft, str(words[0])
        shared = ("Globals", GLOBAL.get(home.kind, ""))
        if home.path is None:
            return shared
        own = (*home.properties, word)
        if home.kind == FUNCTION and is_global(word) and not draft.has(own) and draft.has(shared):
            if self._all_alike(home):
                return shared
            if draft.has((*shared, word)) and isinstance(draft.value((*shared, word)), list):
                raise FixError(
                    f"`Globals` at {draft.place((*shared, word))} say `{word}` for all functions, and a list there "
                    "is added to what a function says",
                    help="move it from `Globals` to the functions that need it",
                )
        return home.properties

    def _all_alike(self, home: Home) -> bool:
        """Whether every function of the template is to get what this one gets."""
        mine = [one for one in self.changes if isinstance(one, Put) and one.address == home.made.address]
        functions = [
            one
            for one in self.editor.site.reading.resources
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
            len(of_sam) > 1
            and bool(mine)
            and all(
                (other.address, one.attribute, repr(one.value)) in wanted for one in mine for other in of_sam
            )
        )

    # ------------------------------------------------------------------------------------ changing

    def _put(self, change: Put) -> None:
        resource = self._resource(change.address)
        attribute, value = reworded(resource.type, change.attribute, change.value)
        steps = steps_of(resource, attribute)
        said = shaped(resource, attribute, referring(value, self.resources))
        self._write(self._home(resource), steps, said)

    def _write(self, home: Home, steps: Path, said: Any) -> None:
        old = _Evaluated(home.made)
        path = self._path(home, steps, lambda depth: old.at(steps[: depth + 1]))
        if home.is_generated and path[-1] == "TargetArn" and "DeadLetterQueue" in path:
            raise FixError(
                f"SAM wants to know of what type the dead-letter queue of `{home.logical}` is",
                help="write `DeadLetterQueue` with `Type` and `TargetArn`",
            )
        if isinstance(said, Mapping | tuple | list) and not said:
            home.draft.drop(path)
            return
        self._place(home, path, said, old.at(steps))

    def _place(self, home: Home, path: Path, said: Any, old: Value[Any] | None) -> None:
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
                    self._place(home, (*path, name), one, present.get(name))
            return
        if isinstance(said, tuple | list) and isinstance(present, tuple | list) and _is(part, "list"):
            if self._relist(home, path, list(said), list(present)):
                return
        expression = self._expressions(home).of(said)
        if not isinstance(expression, dict | list):
            path = decided(draft, self.editor.indexes[draft.source], path, old)
            if path[0] == "Parameters" and isinstance(draft.value(path), str) is not isinstance(
                expression, str
            ):
                expression = type(draft.value(path))(expression)
            allow(draft, path, expression)
        draft.put(path, expression, _BEFORE if path[0] == "Globals" else ())

    def _relist(self, home: Home, path: Path, said: list[Any], present: list[Any]) -> bool:
        """A list that only loses and gains elements, which leaves the others as they are written."""
        draft, part = home.draft, home.draft.part(path)
        if (
            part is None
            or len(part.items) != len(present)
            or any(call_of(one) == "Fn::If" for one in part.items)
        ):
            return False
        expressions = self._expressions(home)
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
        resource = self._resource(address)
        steps, home, old = steps_of(resource, attribute), self._home(resource), _Evaluated(resource)
        path = self._path(home, steps, lambda depth: old.at(steps[: depth + 1]))
        if not home.draft.has(path):
            if old.at(steps) is not None:
                raise self._said_by_others(home, path, steps, old.at(steps))
            return
        home.draft.drop(path)

    def _said_by_others(self, home: Home, path: Path, steps: Path, old: Value[Any] | None) -> FixError:
        """What is to be taken out stands in ``Globals``, from where all functions have it."""
        shown, place = ".".join(map(str, steps)), written(old.origin) if old is not None else None
        at = self.editor.indexes[home.draft.source].path(place.span.start) if place else None
        if at is not None and at[0] == "Globals":
            return FixError(
                f"`Globals` say `{shown}` for all functions, at {home.draft.place(at)}",
                help="move it from there to the functions that need it",
            )
        return FixError(f"`{home.logical}` does not say its `{shown}` itself", help=_BY_HAND)

    def _rewrite(self, change: Rewrite) -> None:
        resource = self._resource(change.address)
        steps, home, old = steps_of(resource, change.attribute), self._home(resource), _Evaluated(resource)
        whole = old.at(steps)
        read = document(whole) if whole is not None else None
        if not isinstance(read, Known) or not isinstance(read.value, Mapping):
            raise FixError(f"the policy `{change.attribute}` of `{change.address}` cannot be read")
        if read is not whole:
            raise FixError(
                f"the policy `{change.attribute}` of `{change.address}` is a text, not an object",
                help="write the policy as an object of the template",
            )
        path = self._path(home, steps, lambda depth: old.at(steps[: depth + 1]))
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
        where = settled(home.draft, path, (key, change.statement), (listed, statement))
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
        self._place(home, path, referring(value, self.resources), old)

    # ------------------------------------------------------------------------------------ resources

    def _add(self, change: Add, said: Add) -> None:
        kin = self._resource(change.beside)
        row = row_of_kind(kin.dialect, kin.type, change.kind)
        if row is not None:
            self._extend(kin, row, change)
            return
        before = Reading("", "", tuple(self.resources.values()), ())
        after = rehearse(before, (change,))
        made = next((one for one in after.resources if one.address not in self.resources), None)
        if made is None:
            self.added[said.handle] = self._existing(change, after)
            return
        home = self._home(kin)
        draft, logical = home.draft, made.address.rpartition(".")[2]
        if draft.has(("Resources", logical)):
            raise FixError(
                f"the name `{logical}` is taken, at {draft.place(('Resources', logical))}", help=_BY_HAND
            )
        path = home.path[:-1] if home.path is not None else ("Resources",)
        self.resources[made.address] = made
        self.added[said.handle] = made.address
        draft.put((*path, logical), self._declared(home, change, made), self._behind(home, change, logical))

    def _existing(self, change: Add, after: Reading) -> str:
        """The address of what is there already and says the same; nothing is added then."""
        wanted = dict(change.attributes)
        names = (one for one in after.resources if (found := names_of(one.dialect, one.type)) and found.model)
        for one in names:
            found = names_of(one.dialect, one.type)
            if found is not None and found.model.__name__ == change.kind and len(one.attributes) == len(wanted):
                return one.address
        raise FixError(f"what is to be added beside `{change.beside}` is there already", help=_BY_HAND)

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
        expressions = self._expressions(home, by_name=made.type == "AWS::Logs::LogGroup")
        properties = {name: expressions.of(made.attributes[name]) for name in made.attributes}
        if properties:
            out["Properties"] = properties
        return out

    def _extend(self, kin: Resource, row: Row, change: Add) -> None:
        """One more element in the list in which the kin has what is a resource elsewhere."""
        home, expressions = self._home(kin), None
        expressions = self._expressions(home)
        said = element_of(row, kin.dialect, change.attributes)
        made = {name: expressions.of(referring(one, self.resources)) for name, one in said.items()}
        steps = steps_of(kin, row.attribute)
        old = _Evaluated(kin)
        path = self._path(home, steps, lambda depth: old.at(steps[: depth + 1]))
        if home.is_generated and kin.type == "AWS::IAM::Role":
            made = made["PolicyDocument"]
        draft = home.draft
        part = draft.part(path)
        if part is not None and call_of(part):
            raise FixError(
                f"`{'.'.join(map(str, path))}` at {draft.place(path)} is made by `{call_of(part)}`",
                help=_BY_HAND,
            )
        draft.append(path, made, _BEFORE if path[0] == "Globals" else ())

    def _remove(self, address: str) -> None:
        if address not in self.resources:
            return
        home = self._home(self._resource(address))
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


class _Evaluated:
    """What a resource says, step by step, as far as it is known."""

    def __init__(self, resource: Resource) -> None:
        self._attributes = resource.attributes

    def at(self, steps: Path) -> Value[Any] | None:
        value: Any = Known(self._attributes, None)  # type: ignore[arg-type]  # nobody asks for its origin
        for name in steps:
            inner = value.value if isinstance(value, Known) else None
            if (isinstance(inner, Mapping) and isinstance(name, str) and name in inner) or (
                isinstance(inner, tuple | list) and isinstance(name, int) and name < len(inner)
            ):
                value = inner[name]
            elif isinstance(inner, Mapping) and name == 0:
                continue
            else:
                return None
        found: Value[Any] = value
        return found


def _is(part: Any, kind: str) -> bool:
    return part is not None and part.kind == kind and not call_of(part)


def _alike(present: Any, said: Any, expressions: Expressions) -> bool:
    if present is said:
        return True
    try:
        return bool(expressions.of(present) == expressions.of(said))
    except FixError:
        return False


def prefix_of(address: str) -> str:
    """The stacks that an address leads through, each with its dot; empty for the template itself."""
    stack, _, _ = address.rpartition(".")
    return f"{stack}." if stack else ""


def steps_of(resource: Resource, attribute: str) -> Path:
    """What CloudFormation calls an attribute of the model, as the steps that lead to it."""
    names = names_of(resource.dialect, resource.type)
    try:
        path = names.path(attribute, resource.dialect) if names else ""
    except KeyError:
        path = ""
    if not path or "[]" in path:
        raise FixError(f"`{attribute}` of `{resource.address}` cannot be changed as a whole", help=_BY_HAND)
    steps: list[str | int] = []
    for one in path.split("."):
        name, _, index = one.partition("[")
        steps.append(name)
        if index:
            steps.append(int(index.rstrip("]")))
    return tuple(steps)

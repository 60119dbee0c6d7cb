"""A fix made in memory, on evaluated resources, to see what the controls say of the result.

Changes are in the model's words; ``model/names`` says what those are called in the input. What
was read is not touched. A value that others were computed from is changed where it is used, not
where it was computed: what else refers to it keeps the old one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, Final, TypeAlias, assert_never

from stockade.control import Add, Change, Drop, Put, Rewrite
from stockade.errors import FixError
from stockade.fix.alike import Speller
from stockade.fix.words import element_of, located, referring, reworded, row_of_kind, shaped
from stockade.json_text import document
from stockade.model.names import NAMES, Row, names_of
from stockade.model.typed import tree
from stockade.patterns import lazy_regex
from stockade.read.resource import Reading, Resource
from stockade.value import (
    Derived,
    Hole,
    Known,
    Origin,
    Ref,
    Structured,
    Text,
    Unknown,
    Value,
    parts_of,
    text_of,
)

_ABSENT: Final = object()


def rehearse(reading: Reading, changes: Sequence[Change]) -> Reading:
    """The reading as it would be after the changes, made in their order.

    Making the same changes again changes nothing. Raises ``FixError`` where a change speaks of a resource
    that is not there, of an attribute that the table of names lacks for it, or of something that is not known.
    """
    resources: dict[str, Resource] = {}
    for one in reading.resources:
        resources.setdefault(one.address, one)
    again = [one for one in reading.resources if resources[one.address] is not one]  # broken input; they stay
    added: dict[str, str] = {}
    for said in changes:
        change = located(said, added)
        match change:
            case Drop(address, ""):
                resources.pop(address, None)
            case Add():
                kin = _at(resources, change.beside)
                row = row_of_kind(kin.dialect, kin.type, change.kind)
                if row is not None and is_listed(kin, row):
                    resources[kin.address] = _extended(kin, row, change, resources)
                    continue
                made = _added(change, resources)
                resources[made.address] = made
                added[change.handle] = made.address
            case Put(address, attribute, value):
                resource = _at(resources, address)
                attribute, value = reworded(resource.type, attribute, value)
                if each := _each(resource, attribute):
                    resources[address] = _with(resource, *_listed(resource, *each, value))
                    continue
                path = path_of(resource, attribute)
                resources[address] = _with(resource, path, _plain(resource, attribute, value, resources))
            case Drop(address, attribute):
                resource = _at(resources, address)
                resources[address] = _with(resource, path_of(resource, attribute), _ABSENT)
            case Rewrite(address, attribute):
                resource = _at(resources, address)
                path = path_of(resource, attribute)
                old = _get(resource, path)
                rewrite = replace(change, value=referring(change.value, resources))
                resources[address] = _with(resource, path, _rewritten(old, rewrite))
            case _:
                assert_never(change)
    return replace(reading, resources=(*resources.values(), *again))


def _at(resources: Mapping[str, Resource], address: str) -> Resource:
    found = resources.get(address)
    if found is None:
        raise FixError(f"there is no `{address}` to change")
    return found


def _added(change: Add, resources: Mapping[str, Resource]) -> Resource:
    """A new resource beside another, named as that one; the one that is there if it is the same already."""
    kin = _at(resources, change.beside)
    names = next((one for one in NAMES if one.model.__name__ == change.kind), None)
    by = {"terraform": "terraform", "cloudformation": "cloudformation", "api": "api"}[kin.dialect]
    kinds: tuple[str, ...] = getattr(names, by) if names else ()
    kind = next((one for one in kinds if not one.startswith("data.")), None)
    if kind is None:
        raise FixError(f"`{change.kind}` is not something that can be added to {kin.dialect}")
    blank = Resource(kin.dialect, kind, "", {}, _fixed(kin.origin), kin.doubt, kin.region)
    for attribute, value in change.attributes:
        blank = _with(blank, path_of(blank, attribute), _plain(blank, attribute, value, resources))
    address = next(
        one
        for one in addresses(kin, kind, change)
        if one not in resources or _is_same(resources[one], blank, resources)
    )
    return replace(blank, address=address)


def _is_same(one: Resource, other: Resource, resources: Mapping[str, Resource]) -> bool:
    """Whether two resources say the same, be it by a name or by a reference to what has it."""
    if one.type != other.type:
        return False
    speller = Speller(Reading("", "", tuple(resources.values()), ()))
    return speller.attributes(one) == speller.attributes(other)


def _extended(kin: Resource, row: Row, change: Add, resources: Mapping[str, Resource]) -> Resource:
    """A resource with one more element in the list that holds in it what is a resource elsewhere."""
    path = path_of(kin, row.attribute)
    origin = _fixed(kin.origin)
    made = {
        name: _member_of(kin, _value(referring(value, resources), origin))
        for name, value in element_of(row, kin.dialect, change.attributes).items()
    }
    try:
        old = _get(kin, path)
    except FixError:
        old = Known((), origin)
    if isinstance(old, Unknown):
        raise FixError(f"it is not known what would be changed: {old.reason}")
    items = old.value if isinstance(old.value, tuple | list) else (old,)
    if any(_says(one, made) for one in items):
        return kin
    return _with(kin, path, Known((*items, Known(made, origin)), old.origin))


def _member_of(kin: Resource, value: Value[Any]) -> Value[Any]:
    """A member of such an element as its dialect has it: in Terraform's blocks a document is a text."""
    is_tree = isinstance(value, Known) and isinstance(value.value, Mapping)
    return _text_of(value) if is_tree and kin.dialect == "terraform" else value


def _says(element: Value[Any], made: Mapping[str, Value[Any]]) -> bool:
    """Whether an element of a list says all of this already."""
    if isinstance(element, Unknown) or not isinstance(element.value, Mapping):
        return False
    said = element.value
    return all(
        isinstance(one := said.get(name), Known) and one.value == value.value
        for name, value in made.items()
        if isinstance(value, Known)
    )


def is_listed(kin: Resource, row: Row) -> bool:
    """Whether an addition goes into its kin's own list: in Terraform only into one that is there already."""
    if kin.dialect != "terraform":
        return True
    listed = kin.attributes.get(row.path(kin.dialect))
    return isinstance(listed, Unknown) or (listed is not None and bool(listed.value))


_NAME: Final = lazy_regex(r"(.*?)((?:data\.)?[\w-]+\.)?([\w-]+)(\[.*\])?", re.DOTALL)
_MODULE: Final = lazy_regex(r"((?:module\.[\w-]+(?:\[[^\]]*\])?\.)*)(.*)", re.DOTALL)


def addresses(kin: Resource, kind: str, change: Add) -> Iterator[str]:
    """Addresses for a resource of a kind beside another: by its name and the label, then numbered."""
    if kin.dialect == "terraform":
        found = _MODULE.fullmatch(kin.address)
        own = _NAME.fullmatch(found[2]) if found else None
        if found and own:
            before, name, after = f"{found[1]}{kind}.", own[3], own[4] or ("[0]" if change.apart else "")
            if change.shared:
                name, after = change.label, "[0]" if change.apart else ""
            elif change.label:
                name = f"{name}_{change.label}"
            yield f"{before}{name}{after}"
            yield from (f"{before}{name}_{number}{after}" for number in count(2))
            return
    label = "".join(word[:1].upper() + word[1:] for word in change.label.split("_"))
    stack, _, own_name = kin.address.rpartition(".")
    first = f"{stack}{'.' if stack else ''}{'' if change.shared else own_name}{label}{kind.rpartition(':')[2]}"
    yield first
    yield from (f"{first}{number}" for number in count(2))


# ------------------------------------------------------------------------------------------- paths

_Step: TypeAlias = str | int


def path_of(resource: Resource, attribute: str) -> tuple[_Step, ...]:
    """What the resource's dialect calls an attribute of the model, as the steps that lead to it."""
    names = names_of(resource.dialect, resource.type)
    try:
        written = names.path(attribute, resource.dialect) if names else ""
    except KeyError:
        written = ""
    if not written or "[]" in written:
        raise FixError(f"`{attribute}` of `{resource.address or resource.type}` cannot be changed as a whole")
    steps: list[_Step] = []
    for step in written.split("."):
        name, _, index = step.partition("[")
        steps.append(name)
        if index:
            steps.append(int(index.rstrip("]")))
    return tuple(steps)


def _each(resource: Resource, attribute: str) -> tuple[tuple[_Step, ...], str] | None:
    """The list of an API's answer that a model attribute picks one member each of, and that member's name."""
    names = names_of("api", resource.type) if resource.dialect == "api" else None
    written = names.path(attribute, "api") if names and "[" not in attribute and "." not in attribute else ""
    path, several, name = written.partition("[].")
    return (tuple(path.split(".")), name) if several else None


def _listed(
    resource: Resource, path: tuple[_Step, ...], name: str, values: Any
) -> tuple[tuple[_Step, ...], Any]:
    """Such a list's path, and the list with an element for each value: the one that is there, or a new one."""
    try:
        old = _get(resource, path)
    except FixError:
        old = Known((), _fixed(resource.origin))
    there = {
        one.value[name].value: one
        for one in (old.value if isinstance(old, Known) else ())
        if isinstance(one, Known) and isinstance(one.value.get(name), Known)
    }
    origin = _fixed(resource.origin)
    texts = [one.value if isinstance(one, Known) else one for one in values]
    made = tuple(there.get(one) or Known({name: Known(one, origin)}, origin) for one in texts)
    return path, Known(made, old.origin)


def value_at(resource: Resource, attribute: str) -> Value[Any]:
    """The value of a model attribute in a resource's own words. Raises ``FixError`` where there is none."""
    return _get(resource, path_of(resource, attribute))


def _get(resource: Resource, path: tuple[_Step, ...]) -> Value[Any]:
    """What stands at the end of a path; a list of blocks is gone into at its first where no step says which."""
    value: Any = resource.attributes
    for step in path:
        value = _member(value, step)
        if value is _ABSENT:
            raise FixError(f"`{resource.address}` has no `{_shown(path)}` to rewrite")
    found: Value[Any] = value
    return found


def _member(value: Any, step: _Step) -> Any:
    if isinstance(value, Known):
        value = value.value
    if isinstance(value, Unknown):
        raise FixError(f"it is not known what would be changed: {value.reason}")
    if isinstance(step, str) and isinstance(value, tuple | list):
        value = _member(value, 0) if value else {}
        return _member(value, step)
    if isinstance(value, Mapping) and isinstance(step, str):
        return value.get(step, _ABSENT)
    if isinstance(value, tuple | list) and isinstance(step, int):
        return value[step] if step < len(value) else _ABSENT
    return _ABSENT


def _with(resource: Resource, path: tuple[_Step, ...], new: Any) -> Resource:
    """The resource with another value, or none, at the end of a path; blocks on the way are made."""
    head, steps = str(path[0]), list(path[1:])
    old = resource.attributes.get(head, _ABSENT)
    blocks = resource.dialect == "terraform"
    changed = _set(old, steps, new, _fixed(resource.origin), blocks)
    return replace(resource, attributes=_Overlay(resource.attributes, head, changed))


def _set(old: Any, steps: list[_Step], new: Any, origin: Origin, blocks: bool) -> Any:
    """A value with what stands at the end of the steps replaced; ``_ABSENT`` removes it."""
    if not steps:
        return new
    if isinstance(old, Unknown):
        raise FixError(f"it is not known what would be changed: {old.reason}")
    if old is _ABSENT or (isinstance(old, Known) and old.value is None):
        if new is _ABSENT:
            return old
        old = Known((Known({}, origin),) if blocks or isinstance(steps[0], int) else {}, origin)
    step, *rest = steps
    container = old.value
    if isinstance(container, tuple | list):
        index, rest = (step, rest) if isinstance(step, int) else (0, steps)
        items = list(container) or [Known({}, origin)]
        if index == len(items) and new is not _ABSENT:
            items.append(Known({}, origin))  # one more block
        if index >= len(items):
            raise FixError(f"there is no element {index} to change")
        items[index] = _set(items[index], rest, new, origin, False)
        return Known(tuple(items), old.origin)
    if not isinstance(container, Mapping) or not isinstance(step, str):
        raise FixError(f"`{step}` is not in an object")
    member = _set(container.get(step, _ABSENT), rest, new, origin, False)
    members = {name: value for name, value in container.items() if name != step}
    if member is not _ABSENT:
        members = {name: member if name == step else value for name, value in container.items()} | {
            step: member
        }
    return Known(members, old.origin)


def _shown(path: tuple[_Step, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


class _Overlay(Mapping[str, Value[Any]]):
    """Attributes of which one is another, or gone; the rest stay as lazy as they were."""

    def __init__(self, base: Mapping[str, Value[Any]], name: str, value: Any) -> None:
        self._base = base
        self._name = name
        self._value = value

    @property
    def provider(self) -> Any:
        """The provider of what it lies over, which knows the account and the region; ``None`` without one."""
        return getattr(self._base, "provider", None)

    def __getitem__(self, name: str) -> Value[Any]:
        if name != self._name:
            return self._base[name]
        if self._value is _ABSENT:
            raise KeyError(name)
        value: Value[Any] = self._value
        return value

    def __iter__(self) -> Iterator[str]:
        yield from (name for name in self._base if name != self._name)
        if self._value is not _ABSENT:
            yield self._name

    def __len__(self) -> int:
        return sum(1 for _ in self)


# ------------------------------------------------------------------------------------------ values


def _fixed(origin: Origin) -> Origin:
    """Where a new value comes from; said once, however often it is made."""
    return origin if isinstance(origin, Derived) and origin.rule == "fix" else Derived("fix", (origin,))


_DOCUMENTS: Final = frozenset(row.attribute for names in NAMES for row in names.rows if row.read is tree)


def is_document(attribute: str) -> bool:
    """Whether an attribute of the model is a policy document, which is a text in Terraform."""
    return attribute.rpartition(".")[2] in _DOCUMENTS


def _plain(resource: Resource, attribute: str, value: Any, resources: Mapping[str, Resource]) -> Value[Any]:
    """A value in the model's words as the input would have it."""
    said = shaped(resource, attribute, referring(value, resources))
    made = _value(said, _fixed(resource.origin))
    return _text_of(made) if is_document(attribute) and resource.dialect == "terraform" else made


def _value(value: Any, origin: Origin) -> Value[Any]:
    match value:
        case Known() | Unknown():
            return value
        case Ref():
            return _value(Text((value,)), origin)
        case Text(parts):
            if all(isinstance(part, str) for part in parts):
                return Known(str(value), origin)
            return Unknown("it is known only after deployment", origin, value)
        case Mapping():
            return Known({key: _value(one, origin) for key, one in value.items()}, origin)
        case tuple() | list():
            return Known(tuple(_value(one, origin) for one in value), origin)
        case _:
            return Known(value, origin)


# --------------------------------------------------------------------------------------- documents


def _rewritten(old: Value[Any], change: Rewrite) -> Value[Any]:
    """A policy with one element of one statement replaced: a string again if it was one."""
    read = document(old)
    if isinstance(read, Unknown) or not isinstance(read.value, Mapping):
        raise FixError(f"the policy `{change.attribute}` of `{change.address}` cannot be read")
    policy = read.value
    if change.statement is None:
        made = _element(read, str(change.element), change.value)
        return _text_of(made) if old is not read else made
    key = next((name for name in policy if name.lower() == "statement"), None)
    written = policy[key] if key is not None else None
    if key is None or not isinstance(written, Known):
        raise FixError(
            f"the policy `{change.attribute}` of `{change.address}` has no statements that are known"
        )
    single = isinstance(written.value, Mapping)
    statements = [written] if single else list(written.value)
    if change.element is None and len(statements) < change.of:
        return old  # it is gone already
    if change.statement >= len(statements):
        raise FixError(f"the policy of `{change.address}` has no statement {change.statement}")
    if change.element is None:
        del statements[change.statement]
    else:
        statements[change.statement] = _element(statements[change.statement], change.element, change.value)
    kept = statements[0] if single and statements else Known(tuple(statements), written.origin)
    made = Known({**policy, key: kept}, read.origin)
    return _text_of(made) if old is not read else made


def _element(statement: Value[Any], element: str, value: Any) -> Value[Any]:
    if isinstance(statement, Unknown) or not isinstance(statement.value, Mapping):
        raise FixError("the statement that would be changed is not known")
    members = statement.value
    name = next((one for one in members if one.lower() == element.lower()), element)
    origin = members[name].origin if name in members else statement.origin
    kept = {key: one for key, one in members.items() if key != name}
    if value is None:
        return Known(kept, statement.origin)
    new = _value(value, _fixed(origin))
    return Known(
        {key: new if key == name else one for key, one in members.items()} | {name: new}, statement.origin
    )


def _text_of(made: Value[Any]) -> Value[str]:
    """The JSON text of a tree of values, which remembers the tree."""
    if isinstance(made, Unknown) or isinstance(made.value, str):
        return made
    parts = text_of(*_json(made)).parts
    if all(isinstance(part, str) for part in parts):
        return Known(Structured.of("".join(map(str, parts)), lambda: made), made.origin)
    return Unknown("part of it is known only after deployment", made.origin, Text(parts, lambda: made))


def _json(value: Value[Any]) -> Iterator[str | Ref | Hole]:
    match value:
        case Unknown():
            yield '"'
            yield from (_quoted(part)[1:-1] if isinstance(part, str) else part for part in parts_of(value))
            yield '"'
        case Known(Mapping() as members):
            yield "{"
            for index, (name, one) in enumerate(members.items()):
                yield f"{',' if index else ''}{_quoted(name)}:"
                yield from _json(one)
            yield "}"
        case Known(tuple() | list() as items):
            yield "["
            for index, one in enumerate(items):
                yield "," if index else ""
                yield from _json(one)
            yield "]"
        case Known(None | bool() | str() as plain):
            yield _quoted(plain)
        case Known(number):
            yield str(number)


def _quoted(value: str | bool | None) -> str:
    return json.dumps(value, ensure_ascii=False)

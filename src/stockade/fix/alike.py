"""Whether two readings say the same: evaluated resources compared attribute by attribute, wherever written.

Places do not count, nor how a text is put together: ``aws_x.a.name`` and ``"a"`` are alike where the
resource is called ``a``. Documents that are texts are compared by what they say: of a list of one and its
element, and of the order of a list, IAM makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from stockade.json_text import document
from stockade.model.relate import module_of
from stockade.read.resource import Reading, Resource
from stockade.records import record
from stockade.value import Hole, Known, Open, Ref, Text, Unknown, Value, structure

Spelled: TypeAlias = Any
"""Plain data, equal where two values say the same."""

LOGS: Final = ("arn:", Hole("partition"), ":logs:", Hole("region"), ":", Hole("account"), ":log-group:")
_DOCUMENTS: Final = ("PolicyDocument", "AssumeRolePolicyDocument")
"""Where CloudFormation has a policy as an object: it is compared as one that is a text."""
_NOTHING: Final = None
_DEEPEST: Final = 8
"""References to references that are followed; more would be a circle."""


@record
class Difference:
    """One thing that is not alike; ``attribute`` is empty where the whole resource is missing or too much."""

    address: str
    attribute: str
    what: str

    def __str__(self) -> str:
        return f"`{self.address}{'.' if self.attribute else ''}{self.attribute}` {self.what}"


class Speller:
    """Spells the values of one reading.

    ``read`` collects the texts that references turned out to be, ``elsewhere`` are those of another reading: so
    is known what a data source says, which is no resource.
    """

    def __init__(self, reading: Reading, elsewhere: Mapping[Ref, str] | None = None) -> None:
        self.read: dict[Ref, str] = {}
        self._elsewhere = elsewhere or {}
        self._resources: dict[str, Resource] = {}
        for one in reading.resources:
            self._resources.setdefault(one.address, one)
        self._texts: dict[tuple[str, str], str] = {}
        self._surroundings = _Surroundings(self._resources.values())
        self._around: Mapping[str, str] = {}

    @property
    def resources(self) -> Mapping[str, Resource]:
        return self._resources

    def attributes(self, resource: Resource) -> dict[str, Spelled]:
        """Everything that a resource says; what says nothing is left out."""
        self._around = self._surroundings.of(resource)
        made = {name: self.value(resource.attributes[name], name in _DOCUMENTS) for name in resource.attributes}
        if resource.type == "AWS::IAM::Role" and isinstance(made.get("Policies"), tuple):  # in whichever order
            made["Policies"] = tuple(sorted(made["Policies"], key=repr))
        return {name: one for name, one in made.items() if one is not _NOTHING}

    def value(self, value: Value[Any], in_text: bool = False) -> Spelled:
        tree = structure(value)
        if tree is None and isinstance(value, Known) and str(value.value)[:1] in ("{", "["):
            tree = document(value) if isinstance(value.value, str) else None
        if isinstance(tree, Known) and isinstance(tree.value, Mapping | tuple):
            return ("json", self.value(tree, in_text=True))
        match value:
            case Known(Mapping() as members):
                made = ((name, self.value(one, in_text or name in _DOCUMENTS)) for name, one in members.items())
                return ("map", tuple(sorted((name, one) for name, one in made if one is not _NOTHING)))
            case Known(tuple() | list() as items):
                return self._list([self.value(one, in_text) for one in items], in_text)
            case Known(bool() as plain):
                return ("is", plain)
            case Known(str() as text):
                if value.ref is not None:
                    self.read[value.ref] = text
                return text
            case Known(None | int() | float() | Decimal() as plain):
                return plain
            case Known(other):
                return ("resource", getattr(other, "address", repr(other)))
            case Unknown(_, _, Text(parts)):
                return "".join(self._part(part, _DEEPEST) for part in parts)
            case Unknown(open=Open(dict() as items, perhaps)):
                sure = tuple(sorted((name, self.value(one, in_text)) for name, one in items.items()))
                maybe = tuple(sorted((name, self.value(one, in_text)) for name, one in perhaps.items()))
                return ("open", sure, maybe)
            case Unknown(open=Open(tuple() as items)):
                return ("open", tuple(self.value(one, in_text) for one in items))
            case Unknown(reason):
                return ("unknown", reason)

    def _list(self, items: list[Spelled], in_text: bool) -> Spelled:
        if not items:
            return ("list",) if in_text else _NOTHING
        if len(items) == 1 and isinstance(items[0], tuple) and items[0][0] == "map":
            return items[0]  # one block, which a fix in memory may have as a map
        if not in_text:
            return ("list", *items)
        return items[0] if len(items) == 1 else ("list", *sorted(items, key=repr))

    def _part(self, part: str | Ref | Hole, depth: int) -> str:
        if isinstance(part, str):
            return part
        if isinstance(part, Hole):
            return self._around.get(part.name, f"\0{part.name}\0")
        if (part.type, part.attribute) == ("AWS::Logs::LogGroup", "Arn"):  # a fix may say it piece by piece
            name = Ref(part.address, "LogGroupName", type=part.type)
            return "".join(self._part(one, depth) for one in (*LOGS, name, ":*"))
        key = (part.address, part.attribute)
        found = self._texts.get(key)
        if found is None:
            found = self._texts[key] = self._referred(part, depth)
        return found

    def _referred(self, ref: Ref, depth: int) -> str:
        own = f"\0{ref.address}\1{ref.attribute}\0"
        resource = self._resources.get(ref.address)
        if resource is None or not depth:
            return self._elsewhere.get(ref, own)
        asking, self._around = self._around, self._surroundings.of(resource)
        try:
            match resource.attributes.get(ref.attribute) if ref.attribute in resource.attributes else None:
                case Known(str() as text):
                    return text
                case Unknown(_, _, Text(parts)) if not any(isinstance(p, Ref) and p == ref for p in parts):
                    return "".join(self._part(part, depth - 1) for part in parts)
                case _:
                    return own
        finally:
            self._around = asking


class _Surroundings:
    """What providers say of account, region and partition, where a fix leaves holes for them.

    A resource that a fix has made has no provider yet: it is the one that its module has, if that has one.
    """

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._said: dict[int, Mapping[str, str]] = {}
        self._modules: dict[str, dict[int, Any]] = {}
        for one in resources:
            provider = getattr(one.attributes, "provider", None)
            if provider is not None:
                self._modules.setdefault(module_of(one.address), {})[id(provider)] = provider

    def of(self, resource: Resource) -> Mapping[str, str]:
        provider = getattr(resource.attributes, "provider", None)
        if provider is None:
            some = self._modules.get(module_of(resource.address), {})
            if len(some) != 1:
                return {}
            provider = next(iter(some.values()))
        said = self._said.get(id(provider))
        if said is None:
            named = ((name, _plainly(getattr(provider, name))) for name in ("account", "region", "partition"))
            said = self._said[id(provider)] = {name: text for name, text in named if text}
        return said


def _plainly(value: Value[Any]) -> str | None:
    """What a provider says of its surroundings: a text, or the variable that gives it."""
    match value:
        case Known(str() as text):
            return text
        case Unknown(_, _, Text(parts)) if not any(isinstance(part, Ref) for part in parts):
            return "".join(f"\0{part.name}\0" if isinstance(part, Hole) else str(part) for part in parts)
        case _:
            return None


def differences(expected: Reading, found: Reading) -> Iterator[Difference]:
    """Where two readings are not alike, in the order of their addresses."""
    other = Speller(found)
    spelled = {address: other.attributes(resource) for address, resource in other.resources.items()}
    one = Speller(expected, other.read)
    for address in sorted({*one.resources, *other.resources}):
        mine, theirs = one.resources.get(address), other.resources.get(address)
        if mine is None:
            yield Difference(address, "", "is there and should not be")
        elif theirs is None:
            yield Difference(address, "", "is not there any more, or was not added")
        else:
            yield from _between(mine, one.attributes(mine), theirs, spelled[address])


def _between(
    mine: Resource, before: Mapping[str, Spelled], theirs: Resource, after: Mapping[str, Spelled]
) -> Iterator[Difference]:
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            yield Difference(mine.address, name, "is another than the fix says")
    same = (mine.type, mine.ignored, mine.doubt is None) == (theirs.type, theirs.ignored, theirs.doubt is None)
    if not same:
        yield Difference(mine.address, "", "is not what it was")

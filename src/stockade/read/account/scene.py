"""What a collector is given: how to ask, what was found before it, and how to make resources of answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any, Protocol, TypeVar

from stockade.model.names import names_of
from stockade.read.account.answer import Answer, Document, Listing, Place, Unread
from stockade.read.account.calls import Call
from stockade.read.account.client import Client
from stockade.read.resource import Resource
from stockade.records import dataclass
from stockade.value import Known, Origin, Unknown, Value

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Seen:
    """A function as ``ListFunctions`` has it, which is what other collectors ask about."""

    arn: str
    name: str
    configuration: Mapping[str, Any]

    @property
    def role(self) -> str:
        return str(self.configuration.get("Role", ""))

    @property
    def said(self) -> Sequence[str]:
        """The values of its environment, as far as they were told."""
        variables = self.configuration.get("Environment", {}).get("Variables", {})
        return [str(one) for one in variables.values()] if isinstance(variables, Mapping) else []


class Collector(Protocol):
    """What the module of a collector has to have."""

    CALLS: Sequence[Call]

    def collect(self, scene: Scene) -> Iterable[Resource]:
        """Read, and make resources of what was answered and of what was not."""
        ...


@dataclass(eq=False)
class Scene:
    """One account and region, for one collector. ``functions`` are all that are there.

    ``found`` are what collectors before it made, by their names: a collector that wants another's is listed
    after it (see ``collectors``).
    """

    reader: str
    client: Client
    functions: Sequence[Seen]
    found: Mapping[str, Sequence[Resource]] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        return self.client.place

    # ------------------------------------------------------------------------------------------ asking

    def ask(self, call: Call, about: str = "", /, **parameters: Any) -> Answer:
        """Make one call about a thing (its ARN, or what else a person would call it)."""
        return self.client.ask(self.reader, call, about, parameters)

    def listing(self, call: Call, about: str = "", /, items: str = "", **parameters: Any) -> Listing:
        """All of what a call lists, under its ``items`` or another path of the answer."""
        return self.client.listing(self.reader, call, about, items, parameters)

    def tried(self, call: Call, about: str = "", /, items: str = "", **parameters: Any) -> Listing:
        """All of what a call lists, where something else can be asked if it is not answered: no gap is told."""
        return self.client.listing("", call, about, items, parameters)

    def miss(self, why: Unread) -> None:
        """Tell of something that was not asked."""
        self.client.miss(self.reader, why)

    def each(self, many: Iterable[T], ask: Callable[[T], R]) -> list[R]:
        """Ask of many things, several at a time; answers are in the order of the things."""
        return self.client.each(list(many), ask)

    # ---------------------------------------------------------------------------------------- making

    def document(
        self,
        call: Call,
        about: str,
        data: Mapping[str, Any],
        hide: Collection[str] = (),
        texts: Collection[str] = (),
    ) -> Document:
        """An answer, or one element of a list, as values with places (see ``Document``)."""
        return Document(self.place, call, about, data, hide, texts)

    def resource(self, type: str, address: str, document: Document, /, **more: Value[Any]) -> Resource:
        """A resource of a document's members and of what else is known of it."""
        return self.made(type, address, {**document.members, **more}, document.origin)

    def made(
        self,
        type: str,
        address: str,
        attributes: Mapping[str, Value[Any]],
        origin: Origin,
        doubt: Unknown | None = None,
    ) -> Resource:
        """A resource of some part of a document."""
        return Resource("api", type, address, attributes, origin, doubt, Known(self.place.region, origin))

    def unread(self, type: str, address: str, why: Unread, /, **known: Value[Any]) -> Resource:
        """A resource that may be there and of which nothing is known but what is given.

        Every attribute that the table of names has for the type is unknown for the reason, so that whatever
        is decided of it is undecided.
        """
        unknown = why.value()
        names = names_of("api", type)
        heads: dict[str, Value[Any]] = dict.fromkeys(names.by_head["api"], unknown) if names else {}
        region = Known(self.place.region, unknown.origin)
        return Resource("api", type, address, {**heads, **known}, unknown.origin, unknown, region)

    def arn(self, service: str, resource: str, region: bool = True) -> str:
        """An ARN of this account; IAM's and some others' have no region."""
        place = self.place
        return f"arn:{place.partition}:{service}:{place.region if region else ''}:{place.account}:{resource}"

"""Resources that policies can be scoped to, as far as it matters to these: that they are declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from stockade.model.names.arns import Named
from stockade.model.names.table import Dialect
from stockade.model.relate import grouped, module_of
from stockade.model.store import Upload
from stockade.records import dataclass
from stockade.value import Default, Hole, Known, Ref, Text, Unknown, Value, parts_of


@dataclass(frozen=True, slots=True)
class Declared:
    """A resource of a ``service``, of which only its place is known; ``doubt`` says why it may not exist."""

    service: str
    address: str
    doubt: Unknown | None = None

    @property
    def arn(self) -> Ref:
        """What deployment will call it."""
        return Ref(self.address, "arn")


@dataclass(frozen=True, slots=True, eq=False)
class Callee:
    """A resource that code may call by its name. ``attributes`` evaluate when somebody asks for them.

    ``refers`` gives an attribute as what refers to it would see it, where the input can say that.
    """

    named: Named
    dialect: Dialect
    address: str
    doubt: Unknown | None = None
    attributes: Mapping[str, Value[Any]] = field(default_factory=lambda: MappingProxyType({}))
    refers: Callable[[str], Value[Any]] | None = None

    def seen(self, attribute: str) -> Value[Any]:
        """An attribute as an expression would see it."""
        if self.refers is not None:
            return self.refers(attribute)
        found = self.attributes.get(attribute)
        if isinstance(found, Known) and isinstance(found.value, str):
            return Known(found.value, found.origin, Ref(self.address, attribute))
        if found is not None:
            return found
        return Unknown(
            f"`{self.address}.{attribute}` is known only after deployment",
            self.doubt.origin if self.doubt else _NOWHERE,
            Text((Ref(self.address, attribute),)),
        )


_NOWHERE = Default("nobody wrote it")


@dataclass(frozen=True)
class Declarations:
    """What is declared of such resources, in the input's order; looked through only when somebody asks.

    ``callees`` are those that code may call by name; ``policed`` are services of which a resource has a policy
    of its own, each with one that has, empty where nobody read whether there is one; ``bare`` are the ARNs of
    resources that are known to have none. ``uploads`` are objects that a deployment writes into buckets;
    ``ids`` the names that resources have in their file, by address, where people know them by another one.
    """

    every: Sequence[Declared] = ()
    callees: Sequence[Callee] = ()
    policed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    uploads: Sequence[Upload] = ()
    ids: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    bare: frozenset[str] = frozenset()

    def callee_at(self, address: str) -> Callee | None:
        """The resource at an address that code may call."""
        return self._callee_at.get(address)

    def called(self, service: str, type: str, name: str) -> tuple[Callee, ...]:
        """The resources of one type, as AWS's reference has it, that are known to have a name."""
        return self._called.get((service, type), {}).get((name,), ())

    def called_alike(self, service: str, type: str, name: tuple[str | Ref | Hole, ...]) -> tuple[Callee, ...]:
        """Those whose name is the same text, what is not known of it included."""
        return self._called.get((service, type), {}).get(name, ())

    @cached_property
    def _callee_at(self) -> Mapping[str, Callee]:
        return {one.address: one for one in self.callees}

    @cached_property
    def _called(self) -> Mapping[tuple[str, str], Mapping[tuple[str | Ref | Hole, ...], tuple[Callee, ...]]]:
        out: dict[tuple[str, str], list[tuple[tuple[str | Ref | Hole, ...], Callee]]] = {}
        for one in self.callees:
            name = one.attributes.get(one.named.name) if "{" not in one.named.name else None
            known = isinstance(name, Known) and isinstance(name.value, str)
            if name is not None and (known or (isinstance(name, Unknown) and name.text is not None)):
                out.setdefault((one.named.service, one.named.type), []).append((parts_of(name), one))
        return {key: grouped(pairs) for key, pairs in out.items()}

    def at(self, address: str) -> Declared | None:
        """What is declared at an address."""
        return self._at.get(address)

    def of(self, service: str, module: str) -> tuple[Declared, ...]:
        """What is declared of a service in a module, which is as ``module_of`` says it."""
        return self._of.get((service, module), ())

    @cached_property
    def _at(self) -> Mapping[str, Declared]:
        return {one.address: one for one in self.every}

    @cached_property
    def _of(self) -> Mapping[tuple[str, str], tuple[Declared, ...]]:
        return grouped(((one.service, module_of(one.address)), one) for one in self.every)

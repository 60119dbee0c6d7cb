"""Resources that policies can be scoped to, as far as it matters to these: that they are declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from stockade.model.relate import grouped, module_of
from stockade.value import Ref, Unknown


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


@dataclass(frozen=True)
class Declarations:
    """What is declared of such resources, in the input's order; looked through only when somebody asks."""

    every: Sequence[Declared] = ()

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

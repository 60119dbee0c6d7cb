"""Policies as people keep them: in Terraform's language, in templates, as JSON; every statement says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType

from stockade.model.need import Learned, Open, Reason
from stockade.needs.policy import Proposed, proposed
from stockade.records import dataclass
from stockade.value import Origin, places


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is written of one function. ``role`` is the address of its role, where that is declared beside it.

    ``role_name`` is that role's name, where it is known. ``kind`` is its input's, ``source`` for a directory of
    source alone; ``name`` what people call it. ``told`` are sentences about all of it, such as what a trail
    cannot show. ``ids`` are the names of resources in their template, where their addresses are others.

    ``root`` is where its input lies, ``folder`` the directory that declares it; ``shared`` says that this is a
    module from which other functions are made too.
    """

    address: str
    name: str
    kind: str
    learned: Learned
    role: str = ""
    role_name: str = ""
    told: tuple[str, ...] = ()
    root: str = ""
    folder: str = ""
    shared: bool = False
    ids: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    policy: Proposed = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "policy", proposed(self.learned.needed))

    @property
    def is_whole(self) -> bool:
        """Whether all that it may call is known."""
        return self.learned.is_whole


def place(origin: Origin) -> str:
    """Where something is written, as ``path:line``; empty where it is not."""
    found = next(places(origin), None)
    if found is None or not found.span.path:
        return ""
    return f"{found.span.path}:{found.span.line}"


def because(reason: Reason) -> str:
    """A reason with its place, in one line."""
    where = place(reason.origin)
    said = reason.said.replace("`", "")
    return f"{where} {said}" if where else said


def unresolved(one: Open) -> str:
    """What was not followed, in one line."""
    where = place(one.origin)
    return f"{where + ' ' if where else ''}{one.what}: {one.reason}".replace("`", "")


def stood_in(learned: Learned) -> str:
    """That source was read in place of a package that is not there, in one line; empty where it was."""
    return f"the package itself is not there: {learned.built}" if learned.built else ""


def comments(sheet: Sheet) -> list[str]:
    """What stands above a policy: what it is for, and what it leaves open."""
    from stockade.value import Known

    out = [f"what {sheet.address} needs"]
    if not isinstance(sheet.learned.source, Known):
        out.append(f"for its configuration alone: {sheet.learned.source.reason}".replace("`", ""))
    elif built := stood_in(sheet.learned):
        out.append(built.replace("`", ""))
    out += sheet.policy.notes
    out += sheet.told
    out += (f"not resolved: {unresolved(one)}" for one in sheet.learned.open)
    return [one.replace("\n", " ") for one in out]

"""Which elements of SAM's ``Policies`` name the managed policies that a fix takes from the role SAM makes.

SAM numbers the policies that it makes of the other elements by their places in the list. So what a fix adds
stands where a name was that it takes away, and a name goes without anything in its place only where no
such element follows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from stockade.control import Add, Change, Put
from stockade.errors import FixError
from stockade.fix.cloudformation.deciding import call_of
from stockade.fix.cloudformation.home import Home, written
from stockade.fix.cloudformation.said import Evaluated
from stockade.fix.layout import Part, Path
from stockade.records import dataclass
from stockade.value import Known, Text, Unknown, Value, parts_of

ARNS: Final = "ManagedPolicyArns"


@dataclass(frozen=True, slots=True)
class Taken:
    """The elements that go: ``instead`` is where a policy of the same fix stands, ``gone`` are the others."""

    instead: Path | None
    gone: tuple[Path, ...]


def taken(home: Home, changes: Sequence[Change]) -> Taken:
    """What becomes of the names in ``Policies`` by the changes of one fix.

    Raises ``FixError`` where a policy would be attached that is not there, or one go that SAM attaches itself.
    """
    address = home.made.address
    puts = [one for one in changes if isinstance(one, Put) and one.address == address]
    put = next((one for one in puts if one.attribute == "managed_policy_arns"), None)
    if put is None:
        return Taken(None, ())
    places = _places(home, put.value)
    adds = any(isinstance(one, Add) and (one.kind, one.beside) == ("InlinePolicy", address) for one in changes)
    gone = places[1:] if adds else places
    for path in gone:
        _hold_numbers(home, path)
    return Taken(places[0] if adds and places else None, tuple(gone))


def _places(home: Home, said: Any) -> list[Path]:
    """Where the names stand that are no more to be among the managed policies, in their order."""
    present = Evaluated(home.made).at((ARNS,))
    attached: tuple[Value[Any], ...] = present.value if isinstance(present, Known) else ()
    kept = {_text(one) for one in said}
    if kept - {_text(one) for one in attached}:
        raise FixError(
            f"SAM makes `{home.name}` of `{home.logical}`, which would get another managed policy",
            help=f"name it in the `Policies` of `{home.logical}`",
        )
    return [_place(home, one) for one in attached if _text(one) not in kept]


def _place(home: Home, arn: Value[Any]) -> Path:
    """The element of ``Policies`` that names a policy, or ``Policies`` itself where it is but one."""
    policies = (*home.properties, "Policies")
    part = home.draft.part(policies)
    if part is not None and not call_of(part):
        if part.kind == "scalar" and _names(part, arn):
            return policies
        found = [index for index, item in enumerate(part.items) if part.kind == "list" and _names(item, arn)]
        if found:
            return (*policies, found[0])
    raise FixError(
        f"`{_text(arn)}` of `{home.name}` is no name in the `Policies` of `{home.logical}`",
        help=f"give `{home.logical}` a `Role` of its own",
    )


def _names(part: Part, arn: Value[Any]) -> bool:
    """Whether an element names a policy: by its ARN, by its name alone, or where the ARN was written."""
    place = written(arn.origin)
    if part.kind != "scalar" or part.function:
        return place is not None and bool(part.function) and part.start <= place.span.start < part.end
    return str(part.value) in (_text(arn), _text(arn).rpartition("/")[2])


def _hold_numbers(home: Home, path: Path) -> None:
    part = home.draft.part((*home.properties, "Policies"))
    if part is None or part.kind != "list":
        return
    index = int(path[-1])
    if any(one.kind == "map" for one in part.items[index + 1 :]):
        raise FixError(
            f"SAM numbers the policies of `{home.logical}` by their places, and those behind "
            f"{home.draft.place(path)} would get other names",
            help="take it out by hand: the policies are then made anew",
        )


def _text(arn: Any) -> str:
    return str(Text(parts_of(arn))) if isinstance(arn, Known | Unknown) else str(arn)

"""Which instances ``count`` and ``for_each`` make of a resource or module block."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from stockade.model.world import Gap
from stockade.read.budget import Budget
from stockade.read.terraform import tree as t
from stockade.read.terraform.config import Declaration
from stockade.read.terraform.cty import Set, to_number
from stockade.read.terraform.frame import Frame, Lazy, Scope, pairs, sure_pairs
from stockade.read.terraform.guard import evaluated, guarded
from stockade.records import dataclass
from stockade.source import Source
from stockade.value import Doubt, Known, Unknown, Value

MOST = 20_000
"""A ``count`` beyond this stays one representative instance; Terraform itself would not cope."""

Tell = Callable[[Gap], None]


@dataclass(frozen=True, slots=True)
class Expansion:
    """One instance of a block: its key, the names it adds (``each``, ``count``), why it may not be."""

    key: int | str | None
    names: Mapping[str, Value[Any]]
    doubt: Unknown | None = None

    @property
    def suffix(self) -> str:
        """What an address shows of the key; ``[?]`` stands for an instance that may not be."""
        if self.doubt is not None:
            return "[?]"
        if self.key is None:
            return ""
        return f"[{json.dumps(self.key, ensure_ascii=False)}]"


_ALONE: Final = Expansion(None, {})
"""The one instance of a block that says nothing of how many there are, as most."""


def expand(declared: Declaration, title: str, scope: Scope, tell: Tell) -> list[Expansion]:
    """The instances of a block. What cannot be known makes one representative that carries its doubt."""
    count, for_each = declared.attribute("count"), declared.attribute("for_each")
    if count is not None:
        return _counted(_value(*count, scope), title, scope.budget, tell)
    if for_each is not None:
        return _each(_value(*for_each, scope), title, scope.budget, tell)
    return [_ALONE]


def _value(source: Source, attribute: t.Attribute, scope: Scope) -> Value[Any]:
    return evaluated(attribute.value, Frame(scope, source, {}))


def _counted(given: Value[Any], title: str, budget: Budget, tell: Tell) -> list[Expansion]:
    number = _number(given)
    if isinstance(number, Unknown):
        return [_maybe_counted(number, title)]
    if number.value > MOST:
        reason = f"its count is {number.value:,}; a scan looks at one in place of so many"
        tell(Gap(f"not every instance of `{title}` was read", reason, number.origin))
        return [_maybe_counted(Unknown(reason, number.origin), title)]
    budget.spend(10 * max(0, number.value))
    return [
        Expansion(index, {"count": Known({"index": Known(index, number.origin)}, number.origin)})
        for index in range(number.value)
    ]


def _number(given: Value[Any]) -> Value[int]:
    if isinstance(given, Unknown):
        return given
    return guarded(lambda: Known(int(to_number(given)), given.origin), given.origin)


def _maybe_counted(why: Unknown, title: str) -> Expansion:
    doubt = Doubt(why.reason, why.origin, cause=title)
    index = Unknown(why.reason, why.origin)
    return Expansion(0, {"count": Known({"index": index}, why.origin)}, doubt)


def _each(collection: Value[Any], title: str, budget: Budget, tell: Tell) -> list[Expansion]:
    if isinstance(collection, Known) and isinstance(collection.value, Lazy | None):
        collection = Unknown("its `for_each` is known only after deployment", collection.origin)
    if isinstance(collection, Unknown):
        return [*_sure_each(collection, budget), _maybe_each(collection, title)]
    if not isinstance(collection.value, dict | Set):
        # Terraform refuses a tuple or list here, but whoever scans it wants to see what is meant.
        reason = "Terraform would refuse it: `for_each` takes a map or a set of strings"
        return [_maybe_each(Unknown(reason, collection.origin), title)]
    items = list(pairs(collection))
    budget.spend(10 * len(items))
    out: list[Expansion] = []
    for key, value in items:
        if isinstance(key, Unknown):
            out.append(_maybe_each(key, f"{title} {len(out)}", key))
        else:
            each = {"key": Known(key.value, key.origin), "value": value}
            out.append(Expansion(str(key.value), {"each": Known(each, collection.origin)}))
    return out


def _sure_each(collection: Unknown, budget: Budget) -> Iterator[Expansion]:
    """The instances that there are for certain of a map or a set with an open end."""
    for key, value in sure_pairs(collection):
        budget.spend(10)
        name = value if collection.open and isinstance(collection.open.items, tuple) else key
        if isinstance(name, Known) and isinstance(name.value, str):
            each = {"key": name, "value": value}
            yield Expansion(name.value, {"each": Known(each, collection.origin)})


def _maybe_each(why: Unknown, cause: str, element: Unknown | None = None) -> Expansion:
    """An instance that may not be; ``element`` is what it is for, where that is known in part."""
    doubt = Doubt(why.reason, why.origin, cause=cause)
    nothing = element or Unknown(why.reason, why.origin)
    return Expansion("", {"each": Known({"key": nothing, "value": nothing}, why.origin)}, doubt)

"""Which of the spots of an attribute is changed: the one that decides it, unless others would change with it.

Others are instances that come by the same spot and are not to be changed alike, and whatever else a
name on the way is used for. Then a spot nearer to the attribute is taken, down to the attribute itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias

from stockade.errors import FixError
from stockade.fix.terraform.spots import Spot, Step, Tracer
from stockade.fix.terraform.survey import Survey, Use
from stockade.patterns import lazy_regex
from stockade.read.terraform import tree as t
from stockade.read.terraform.instance import Instance

Wanted: TypeAlias = Callable[[Instance, Spot], str | None]
"""What is to be written at a spot for an instance; ``None`` where nothing is asked for it."""

_MOST_NAMED = 3
_CHAIN = lazy_regex(r"[\w-]+(?:\.[A-Za-z_][\w-]*)+")
_Key: TypeAlias = tuple[int, int, int, tuple[Step, ...]]


class Chooser:
    """Chooses spots; knows who comes by each."""

    def __init__(self, survey: Survey, tracer: Tracer) -> None:
        self._survey = survey
        self._tracer = tracer
        self._passing: dict[tuple[str, tuple[Step, ...]], dict[_Key, list[tuple[Instance, Spot]]]] = {}
        self._spots: dict[tuple[int, tuple[Step, ...]], list[Spot]] = {}

    def spots(self, instance: Instance, steps: tuple[Step, ...]) -> list[Spot]:
        """The spots of an attribute, nearest first, in files that can be changed."""
        key = (id(instance), steps)
        found = self._spots.get(key)
        if found is None:
            tree = self._survey.tree
            some = self._tracer.spots(instance, steps)
            found = self._spots[key] = [one for one in some if tree.path(one.source) is not None]
        return found

    def choose(
        self, instance: Instance, steps: tuple[Step, ...], wanted: Wanted, *, outside: bool = False
    ) -> tuple[Spot, str]:
        """The spot to change, and what to write there; ``outside`` of the instance's own module, where another
        input reads that. Raises ``FixError`` where there is none."""
        spots = self.spots(instance, steps)
        if outside and spots:
            spots = [one for one in spots if one.frame.scope is not instance.frame.scope]
            if not spots:
                place = self._survey.declared_in(instance.declaration)
                raise FixError(
                    f"another input reads the block at {place}, which is to stay as it is there",
                    help="change it by hand, if it is right for all that read it",
                )
        if not spots:
            shown = ".".join(map(str, steps))
            place = self._survey.declared_in(instance.declaration)
            raise FixError(
                f"`{shown}` of `{instance.address}` is computed, and not written anywhere it could be changed",
                help=f"change the expression at {place} by hand",
            )
        refused: FixError | None = None
        for spot in reversed(spots):
            try:
                text = self._free(spot, instance, steps, wanted)
            except FixError as error:
                refused = error
                continue
            return spot, text
        raise refused or FixError(f"nothing can be changed for `{instance.address}`")

    def check(self, spot: Spot, instance: Instance, steps: tuple[Step, ...], wanted: Wanted) -> None:
        """Raise ``FixError`` where a spot is shared with what is to stay."""
        self._free(spot, instance, steps, wanted)

    def _free(self, spot: Spot, instance: Instance, steps: tuple[Step, ...], wanted: Wanted) -> str:
        """What is to be written at a spot, if all who share it want the same."""
        text = wanted(instance, spot)
        if text is None:
            raise FixError(f"nothing is asked for `{instance.address}`")
        other = spot.otherwise
        if other is not None and spot.source.data[other.start : other.end].decode() == text:
            raise FixError("both branches of the condition would say the same")
        passing = self._passing_by(instance, steps).get(spot.key, [(instance, spot)])
        others = [
            one.address for one, its in passing if one is not instance and wanted(one, its) not in (text, None)
        ]
        unasked = [one.address for one, its in passing if wanted(one, its) is None]
        if others or unasked:
            place = f"{spot.source.path}:{spot.source.position(spot.start)[0]}"
            names = _named(unasked or others)
            what = "which are to stay as they are" if unasked else "which need another value"
            raise FixError(
                f"the line at {place} decides for others as well, {what}: {names}",
                help=f"give `{instance.address}` a value of its own there, then run this again",
            )
        for module, root, name, _ in spot.hops:
            used = {
                use
                for _, its in passing
                for m, r, n, use in its.hops
                if (m.config, r, n) == (module.config, root, name)
            }
            mine = {_members(one, name) for one in used}
            every = self._survey.uses(module.config, root, name) - used - _repeating(instance, used)
            more = [one for one in every if not all(_part_ways(_members(one, name), way) for way in mine)]
            if more:
                source, at = min(more, key=lambda one: (one[0].path, one[1]))
                place = f"{source.path}:{source.position(at)[0]}"
                raise FixError(f"`{root}.{name}` is used for something else as well, at {place}")
        return text

    def _passing_by(
        self, instance: Instance, steps: tuple[Step, ...]
    ) -> dict[_Key, list[tuple[Instance, Spot]]]:
        """By every spot of an attribute, the instances of the type that come by it."""
        key = (f"{instance.mode}.{instance.type}", steps)
        found = self._passing.get(key)
        if found is None:
            found = self._passing[key] = {}
            for one in self._survey.of_type(instance):
                for spot in self.spots(one, steps):
                    found.setdefault(spot.key, []).append((one, spot))
        return found


def _repeating(instance: Instance, used: Collection[Use]) -> set[Use]:
    """The references by which a ``dynamic`` block asks whether there is the value that it holds."""
    out: set[Use] = set()
    for source, block in instance.declaration.layers():
        for node in t.walk(block):
            if not isinstance(node, t.Block) or node.type != "dynamic":
                continue
            repeated = node.body.attributes.get("for_each")
            if repeated and any(one is source and node.start < at < node.end for one, at in used):
                out |= {(source, one.start) for one in t.walk(repeated) if isinstance(one, t.Variable)}
    return out


def _members(use: Use, name: str) -> tuple[str, ...]:
    """The members that a reference goes on to: ``local.webhook.runtime`` to one of ``local.webhook``."""
    source, at = use
    found = _CHAIN.match(source.text, at)
    way = found[0].split(".")[1:] if found else [name]
    return tuple(way[1:])


def _part_ways(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return any(a != b for a, b in zip(one, other, strict=False))


def _named(addresses: Sequence[str]) -> str:
    shown = ", ".join(f"`{one}`" for one in addresses[:_MOST_NAMED])
    return f"{shown} and {len(addresses) - _MOST_NAMED} more" if len(addresses) > _MOST_NAMED else shown

"""Whether both sides have an alarm that would tell of a function's failures, and the same one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from stockade.drift.same import Open, same, texts
from stockade.drift.sides import Pair, Side, header_of, said, source_of
from stockade.drift.table import ERRORS, SPIKES
from stockade.drifted import Difference, Said, Standing
from stockade.model.alarm import Alarm
from stockade.model.function import Function
from stockade.model.trial import Blind, Matter
from stockade.model.watch import Sight
from stockade.model.world import World
from stockade.value import Known, Unknown, Value, parts_of

_MATTERS: Final = {Matter.ERRORS: ERRORS, Matter.INVOCATIONS: SPIKES}
_ATTRIBUTES: Final = (
    "threshold",
    "comparison",
    "period",
    "evaluation_periods",
    "datapoints_to_alarm",
    "treat_missing_data",
    "actions_enabled",
    "alarm_actions",
)


def alarms(pair: Pair, written: Side, other: Side) -> Iterator[Difference | None]:
    """What differs in the alarms on a function; ``None`` for each thing that is the same."""
    for matter, controls in _MATTERS.items():
        mine, theirs = _over(*pair.mine, matter), _over(*pair.theirs, matter)
        yield from _compared(pair, matter, controls, (mine, theirs), written, other)


def _over(world: World, function: Function, matter: Matter) -> Sight | None:
    return world.watch.over(function, matter) or world.watch_elsewhere.over(function, matter)


def _compared(
    pair: Pair,
    matter: Matter,
    controls: tuple[str, ...],
    sights: tuple[Sight | None, Sight | None],
    written: Side,
    other: Side,
) -> Iterator[Difference | None]:
    mine, theirs = sights
    if mine is None and theirs is None:
        yield None
        return
    sides = [_said(one, function) for one, function in zip(sights, (pair.mine[1], pair.theirs[1]), strict=True)]
    name = next(_name(one) for one in (theirs, mine) if one is not None)
    kind = f"alarm on {matter.value}"

    def difference(standing: Standing, reason: str = "") -> Difference:
        return Difference(pair.name, kind, name, "", standing, controls, sides[0], sides[1], reason)

    if mine is None or theirs is None:
        side = written if mine is None else other
        if unread := side.hides("alarm"):
            yield difference(Standing.UNKNOWN, f"not all was read of {side.label}: {unread}")
        else:
            yield difference(Standing.EXTRA if mine is None else Standing.MISSING)
        return
    for one in (mine, theirs):
        if isinstance(one.stands, Unknown):
            yield difference(Standing.UNKNOWN, one.stands.reason)
            return
    if isinstance(mine.stands, Blind) != isinstance(theirs.stands, Blind):
        yield difference(Standing.DIFFERENT)
        return
    yield None
    names = [side.fillings.shape(one.alarm.name) for side, one in ((written, mine), (other, theirs))]
    if texts(names[0], names[1]) is not True:
        return  # another alarm tells of the same: which of several is the best is nothing to report
    for attribute in _ATTRIBUTES:
        values = _effective(mine.alarm, attribute), _effective(theirs.alarm, attribute)
        answer = same(*values, written.fillings, other.fillings)
        if answer is True:
            yield None
            continue
        yield Difference(
            pair.name,
            kind,
            name,
            attribute,
            Standing.UNKNOWN if isinstance(answer, Open) else Standing.DIFFERENT,
            controls,
            said(values[0], mine.alarm),
            said(values[1], theirs.alarm),
            answer.reason if isinstance(answer, Open) else "",
        )


def _effective(alarm: Alarm, attribute: str) -> Value[Any]:
    """What an attribute comes to: where nobody says how many periods have to be over it, all do."""
    value: Value[Any] = getattr(alarm, attribute)
    if attribute == "datapoints_to_alarm" and isinstance(value, Known) and not value.value:
        return alarm.evaluation_periods
    return value


def _said(one: Sight | None, function: Function) -> Said:
    if one is None:
        return Said("none", header_of(function), source_of(function.origin))
    where = header_of(one.alarm), source_of(one.alarm.origin)
    match one.stands:
        case Blind(reason):
            return Said(f"the alarm {reason}", *where)
        case Unknown():
            return Said("it may tell", *where)
        case _:
            return Said("it tells", *where)


def _name(one: Sight) -> str:
    name = one.alarm.name
    return name.value if isinstance(name, Known) else "".join(map(str, parts_of(name)))

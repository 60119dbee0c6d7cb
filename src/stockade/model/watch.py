"""Which alarms would fire for a function, and why those beside them would not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, TypeAlias

from stockade.iam.match import Shape, matches
from stockade.model.alarm import Alarm, CompositeAlarm, Topic
from stockade.model.function import Function
from stockade.model.handed import switch_of
from stockade.model.relate import comparable, differ, grouped, in_doubt, meant, module_of
from stockade.model.trial import Blind, Matter, Scope, trial
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Default, Hole, Known, Origin, Ref, Text, Unknown, Value, parts_of, text_of


@dataclass(frozen=True, slots=True)
class Sight:
    """An alarm on a function, and how it stands: the place that shows that it fires, or what keeps it."""

    alarm: Alarm
    stands: Origin | Unknown | Blind

    @property
    def rank(self) -> int:
        """Those that fire first, then those that may, then those that cannot."""
        match self.stands:
            case Unknown():
                return 1
            case Blind():
                return 2
            case _:
                return 0


Named: TypeAlias = Callable[[Value[str], Value[str] | None], tuple[Function, ...]]
"""How the functions that a name stands for are found, with the region in which it is said."""

_MOST: Final = 100
"""How many different names that are not known are held against every function; the rest may be any."""


class Watch:
    """All alarms of a world, in time linear in them."""

    def __init__(
        self,
        alarms: Sequence[Alarm],
        composites: Sequence[CompositeAlarm],
        topics: Sequence[Topic],
        function_named: Named,
    ) -> None:
        self._alarms = alarms
        self._composites = composites
        self._topics = topics
        self._named = function_named

    def over(self, function: Function, matter: Matter) -> Sight | None:
        """The best of the alarms on a function; ``None`` where there is none."""
        seen = self._seen[matter]
        found = list(seen.own.get(function, ()))
        found += (one for one in seen.wide if not differ(one.alarm.region, function.region))
        name = comparable(function.name)
        found += (
            one
            for pattern, one in seen.loose.items()
            if not differ(one.alarm.region, function.region)
            and (not pattern or not name or matches(pattern, name) is not False)
        )
        return min(found, key=lambda one: one.rank, default=None)

    def whom_to_tell(self, function: Function) -> str | Ref | None:
        """What an alarm beside a function can notify, as others here do; ``None`` where that is not plain."""
        module = module_of(function.address)
        return next((told for one in self._told if (told := _usable(one, module))), None)

    @cached_property
    def _told(self) -> tuple[Value[str], ...]:
        """What alarms do, then topics that are named for alarms; each once."""
        alarms: tuple[Alarm | CompositeAlarm, ...] = (*self._alarms, *self._composites)
        listed = (one.alarm_actions for one in alarms)
        actions = (one for actions in listed if isinstance(actions, Known) for one in actions.value)
        topics = (
            Unknown("it is known only after deployment", one.origin, Text((Ref(one.address, "arn"),)))
            for one in self._topics
            if _FOR_ALARMS.search(one.address.rpartition(".")[2])
        )
        return tuple({parts_of(one): one for one in reversed([*actions, *topics])}.values())[::-1]

    @cached_property
    def _seen(self) -> Mapping[Matter, _Seen]:
        return {matter: self._look(matter) for matter in Matter}

    def _look(self, matter: Matter) -> _Seen:
        own: dict[Function, list[Sight]] = {}
        wide: dict[Shape, Sight] = {}
        loose: dict[Shape, Sight] = {}
        for alarm in self._alarms:
            scope = trial(alarm, matter)
            if scope is None:
                continue
            sight = self._sight(alarm, scope)
            if scope.everything:
                region = comparable(alarm.region) if alarm.region else ()
                wide[region] = min(wide.get(region, sight), sight, key=lambda one: one.rank)
            gaps = list(scope.gaps)
            for name in scope.names:
                functions = self._named(name, alarm.region)
                for function in functions:
                    own.setdefault(function, []).append(
                        self._sight(alarm, scope, function) if alarm.doubt and function.doubt else sight
                    )
                if not functions and isinstance(name, Unknown) and meant(name) is None:
                    gaps.append(name)
            for gap in gaps if not isinstance(sight.stands, Blind) else ():
                text = comparable(gap)
                pattern = text if text in loose or len(loose) < _MOST else ()
                why = Unknown(f"whether `{alarm.address}` is for this function: {gap.reason}", gap.origin)
                loose.setdefault(pattern, Sight(alarm, why))
        return _Seen(own, tuple(wide.values()), loose)

    def _sight(self, alarm: Alarm, scope: Scope, function: Function | None = None) -> Sight:
        doubts = [*scope.doubts]
        if (silence := self._silence(alarm)) is not None:
            doubts.append(silence)
        blind = [one for one in doubts if isinstance(one, Blind)]
        if blind:
            first, whole = blind[0], len(doubts) == 1
            origin = alarm.origin if isinstance(first.origin, Default) else first.origin
            switch = first.switch if whole else ""
            return Sight(alarm, Blind(first.reason, origin, first.remedy if whole else None, switch))
        unknown = [one for one in doubts if isinstance(one, Unknown)]
        absent = in_doubt(alarm, function) if function else alarm.doubt
        return Sight(alarm, next(iter(unknown), absent) or scope.origin)

    # --------------------------------------------------------------------------------------- actions

    def heard(self, alarm: Alarm) -> bool:
        """Whether somebody hears of an alarm, by itself or by a composite alarm, or may do."""
        return not isinstance(self._silence(alarm), Blind)

    def _silence(self, alarm: Alarm) -> Blind | Unknown | None:
        """Why nobody would hear of an alarm, by itself or by a composite alarm on its state."""
        why = _mute(alarm)
        if why is None:
            return None
        unknown = why if isinstance(why, Unknown) else None
        for composite in self._above(alarm):
            above = _mute(composite)
            if above is None and composite.doubt is None:
                return None
            unknown = unknown or (above if isinstance(above, Unknown) else composite.doubt)
        _, unread = self._rules
        return unknown or next(iter(unread), why)

    def _above(self, alarm: Alarm) -> Iterator[CompositeAlarm]:
        """The composite alarms that go by an alarm's state, through others too, each once."""
        by_name, _ = self._rules
        seen: set[CompositeAlarm] = set()
        waiting: list[Alarm | CompositeAlarm] = [alarm]
        while waiting:
            one = waiting.pop()
            for composite in (*by_name.get((one.address,), ()), *by_name.get(comparable(one.name), ())):
                if composite not in seen:
                    seen.add(composite)
                    waiting.append(composite)
                    yield composite

    @cached_property
    def _rules(self) -> tuple[Mapping[Shape, tuple[CompositeAlarm, ...]], tuple[Unknown, ...]]:
        """The composite alarms by the address or the name of what they go by; and rules not known at all."""
        pairs = ((name, one) for one in self._composites for name in _alarms_in(one.rule))
        unread = (one.rule for one in self._composites if isinstance(one.rule, Unknown) and not one.rule.text)
        return grouped(pairs), tuple(one for one in unread if isinstance(one, Unknown))


def for_others(alarms: Sequence[Alarm], named: Named) -> tuple[Alarm, ...]:
    """The alarms that may be on functions of another input: on all, or on one that is not in their own."""
    return tuple(one for one in alarms if any(_is_for_others(one, matter, named) for matter in Matter))


def _is_for_others(alarm: Alarm, matter: Matter, named: Named) -> bool:
    scope = trial(alarm, matter)
    if scope is None:
        return False
    strangers = (one for one in scope.names if meant(one) is None and not named(one, alarm.region))
    return scope.everything or bool(scope.gaps) or any(True for _ in strangers)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Alarms on functions of their own, on all functions, and on functions that are not known."""

    own: Mapping[Function, Sequence[Sight]]
    wide: tuple[Sight, ...]
    loose: Mapping[Shape, Sight]


_FOR_ALARMS: Final = lazy_regex(r"alarm|alert|pager|on_?call|incident|ops", re.IGNORECASE)


def _usable(action: Value[str], module: str) -> str | Ref | None:
    """An action as it can be written in a module: an ARN, or a reference to a resource of its own."""
    if action.ref is not None:
        return action.ref if module_of(action.ref.address) == module else None
    return action.value if isinstance(action, Known) and action.value.startswith("arn:") else None


def _mute(alarm: Alarm | CompositeAlarm) -> Blind | Unknown | None:
    """Why an alarm itself does nothing when it goes off."""
    match alarm.actions_enabled:
        case Unknown() as gap:
            return gap
        case Known(False, origin):
            return Blind("has its actions disabled", origin, ("actions_enabled", True), switch_of(origin))
    match alarm.alarm_actions:
        case Unknown() as gap:
            return gap
        case Known(actions, origin):
            empty = all(isinstance(one, Known) and not one.value for one in actions)
            remedy = ("alarm_actions", ())
            return Blind("has no action", origin, remedy, switch_of(origin)) if empty else None


_ALARM: Final = lazy_regex(r"(NOT\s*\(?\s*)?\bALARM\s*\(\s*[\"']?([^\"')]*?)[\"']?\s*\)")
_MARK: Final = lazy_regex("\ue000(\\d+)\ue001")


def _alarms_in(rule: Value[str]) -> Iterator[Shape]:
    """The alarms whose ALARM state a rule goes by: the address of one, or a name, or what an ARN ends in."""
    parts: tuple[str | Ref | Hole, ...] = parts_of(rule)
    text = "".join(one if isinstance(one, str) else f"\ue000{at}\ue001" for at, one in enumerate(parts))
    for found in _ALARM.finditer(text):
        if found[1]:
            continue
        pieces = _MARK.split(found[2])
        name: Text = text_of(*(parts[int(one)] if at % 2 else one for at, one in enumerate(pieces)))
        if name.ref is not None:
            yield (name.ref.address,)
        shape = name.shape()
        if shape and isinstance(shape[-1], str) and isinstance(shape[0], str) and shape[0].startswith("arn:"):
            shape = (shape[-1].rpartition(":")[2],)
        if shape:
            yield shape

"""What tells one run of a function from another: what it is handed, what it may change, what it made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from stockade.code.python.names import Names
from stockade.code.python.values import (
    Arguments,
    Array,
    Bound,
    Class,
    Data,
    Dict,
    Frame,
    Function,
    Inherited,
    Instance,
    Made,
    Many,
    Native,
    Objects,
    Opaque,
    Partial,
    Response,
    ServiceObject,
    Super,
    identity,
)

Holder: TypeAlias = Dict | Array | Instance | Names
"""What can come to hold something that it did not hold when it was made."""

_HOLDERS: Final = (Dict, Array, Instance, Names)

FAR: Final = 120
"""How many values are gone through to see whether one of them changed; what has more is run again."""

CLOSE: Final = 30
"""How many values inside of others tell two calls apart; below them it counts which object it is."""

DEEP: Final = 4
"""How deep they are looked into for that."""

_TOLD: Final = ("Name", "QueueName")
"""Arguments of an operation that count for what becomes of its answer."""


def held(roots: Iterable[Any]) -> Iterator[Holder | None]:
    """The objects that can be got at from some values, but for those that everybody can get at.

    Each once; ``None`` at the end where there are too many of them.
    """
    waiting = [*roots]
    seen: set[int] = set()
    far = FAR
    while waiting:
        one = waiting.pop()
        inside = INSIDE.get(type(one))
        if inside is None or id(one) in seen:
            continue
        if isinstance(one, _HOLDERS):
            if one.shared:
                continue
            yield one
        seen.add(id(one))
        far -= 1
        if far < 0:
            yield None
            return
        waiting += inside(one)


def share(roots: Iterable[Any]) -> None:
    """From now on everybody can get at these values, and at what they hold."""
    waiting = [*roots]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        inside = INSIDE.get(type(one))
        if inside is None or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, _HOLDERS):
            if one.shared:
                continue
            one.shared = True
        elif isinstance(one, Function):
            waiting += (*one.defaults, *one.keyword_defaults, *one.attributes.values())
            waiting += [other for _, other in one.others]
        elif isinstance(one, Class):
            waiting += one.members.values()
        waiting += inside(one)


class Looks:
    """How values look, as something to compare: as far as it goes, equal for those that do the same.

    ``whole`` is false once there was something whose inside was left out, so that it counts which one it is.
    """

    __slots__ = ("left", "whole")

    def __init__(self) -> None:
        self.left = CLOSE
        self.whole = True

    def of(self, value: Any, depth: int = DEEP) -> Any:
        kind = type(value)
        if kind is Data or kind is Opaque:
            return identity(value)
        if kind is Response:
            return value, tuple([identity(value.given[one]) for one in _TOLD if one in value.given])
        inside = INSIDE.get(kind)
        if inside is None:
            return identity(value)
        self.left -= 1
        if (kind is Dict or kind is Array or kind is Instance) and value.shared:
            return id(value)
        if not depth or self.left < 0:
            self.whole = False
            return id(value)
        look = _LOOKS.get(kind)
        if look is not None:
            return look(self, value, depth - 1)
        if self.whole and any(True for _ in held(inside(value))):
            self.whole = False
        return identity(value, 1)

    def _many(self, value: Many, depth: int) -> Any:
        return frozenset([self.of(one, depth) for one in value.options])

    def _dict(self, value: Dict, depth: int) -> Any:
        items = frozenset([(key, self.of(one, depth)) for key, one in value.items.items()])
        others = tuple([(self.of(key, depth), self.of(one, depth)) for key, one in value.others])
        return "dict", items, others, value.open, value.lasting

    def _array(self, value: Array, depth: int) -> Any:
        return (
            "array",
            tuple([self.of(one, depth) for one in value.items]),
            value.open,
            value.made,
            value.lasting,
        )

    def _instance(self, value: Instance, depth: int) -> Any:
        items = frozenset([(key, self.of(one, depth)) for key, one in value.attributes.items()])
        return "object", id(value.cls), items, value.lasting

    def _bound(self, value: Bound, depth: int) -> Any:
        return "bound", self.of(value.function, depth), self.of(value.owner, depth)

    def _made(self, value: Made, depth: int) -> Any:
        return value.path, None if value.arguments is None else self._arguments(value.arguments, depth)

    def _arguments(self, value: Arguments, depth: int) -> Any:
        return (
            tuple([self.of(one, depth) for one in value.positional]),
            tuple([(name, self.of(one, depth)) for name, one in sorted(value.keywords.items())]),
            value.open,
        )


_LOOKS: Final[dict[type, Any]] = {
    Arguments: Looks._arguments,
    Array: Looks._array,
    Bound: Looks._bound,
    Dict: Looks._dict,
    Instance: Looks._instance,
    Made: Looks._made,
    Many: Looks._many,
}


class Lost(Exception):
    """Something cannot be made once more."""


def pattern(value: Any, found: list[Holder]) -> None:
    """The objects in what is handed over, in an order which is the same for all that look the same.

    Raises ``Lost`` where there is no telling.
    """
    waiting = [value]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        inside = INSIDE.get(type(one))
        if inside is None or id(one) in seen:
            continue
        seen.add(id(one))
        if len(seen) > FAR:
            raise Lost
        match one:
            case Dict() | Array() | Instance() if one.shared:
                continue
            case Dict():
                waiting += [one.items[name] for name in sorted(one.items)]
                for pair in one.others:
                    waiting += pair
            case Instance():
                waiting += [one.attributes[name] for name in sorted(one.attributes)]
            case Many(several) if sum(type(at) in INSIDE for at in several) > 1:
                if any(not isinstance(at, Names) for at in held([one])):
                    raise Lost
            case Function() | Class() | Native():
                if any(not isinstance(at, Names) for at in held([one])):
                    raise Lost
            case _:
                waiting += inside(one)
        if isinstance(one, Dict | Array | Instance):
            found.append(one)


class Copy:
    """Makes what a run gave once more: ``made`` has what stands for what, by identity.

    ``fresh`` are the objects that it made. Raises ``Lost`` where something that holds one cannot be copied.
    """

    def __init__(self, fresh: frozenset[int]) -> None:
        self.fresh = fresh
        self.made: dict[int, Any] = {}

    def of(self, one: Any) -> Any:
        inside = INSIDE.get(type(one))
        if inside is None:
            return one
        known = self.made.get(id(one))
        if known is not None:
            return known
        match one:
            case Dict() if id(one) in self.fresh:
                out = self.made[id(one)] = Dict(one.site, {}, [], one.open, one.lasting)
                out.items.update([(name, self.of(item)) for name, item in one.items.items()])
                out.others += [(self.of(key), self.of(item)) for key, item in one.others]
                return out
            case Array() if id(one) in self.fresh:
                listed = self.made[id(one)] = Array(one.site, [], one.open, one.made, one.lasting)
                listed.items += [self.of(item) for item in one.items]
                return listed
            case Instance() if id(one) in self.fresh:
                object_ = self.made[id(one)] = Instance(one.cls, {}, one.lasting)
                object_.attributes.update([(name, self.of(item)) for name, item in one.attributes.items()])
                return object_
            case Dict() | Array() | Instance():
                return one
            case Many(several):
                return Many(tuple([self.of(item) for item in several]))
            case Bound(function, owner):
                self._left(function)
                return Bound(function, self.of(owner))
            case Made(path, Arguments() as given) if type(one) is Made:
                keywords = {name: self.of(item) for name, item in given.keywords.items()}
                return Made(path, Arguments([self.of(item) for item in given.positional], keywords, given.open))
            case _:
                self._left(one)
                return one

    def _left(self, one: Any) -> None:
        """Something is left as it is: nothing in it may stand for something else."""
        for at in held([one]):
            if at is None or id(at) in self.fresh or id(at) in self.made:
                raise Lost


def _of_dict(one: Dict) -> list[Any]:
    found: list[Any] = [*one.items.values()]
    for pair in one.others:
        found += pair
    return found


def _of_native(one: Native) -> list[Any]:
    """What a helper of ours that is to be called remembers of what it was taken from."""
    found: list[Any] = []
    for cell in getattr(one.run, "__closure__", None) or ():
        inner = cell.cell_contents
        if isinstance(inner, dict) and not isinstance(inner, Names):
            found += inner.values()
        else:
            found += inner if isinstance(inner, list | tuple) else [inner]
    return found


def around(frame: Frame | None) -> Iterator[Frame]:
    """The frames whose names a function sees around it; neither a module's nor, in a method, its class's."""
    while frame is not None and frame.names is not frame.module.globals:
        if not frame.is_class:
            yield frame
        frame = frame.above


def _of_function(one: Function) -> list[Any]:
    names = [frame.names for frame in around(one.closure)]
    return [*one.defaults, *one.keyword_defaults, *one.attributes.values(), *names] if names else []


def _of_instance(one: Instance) -> list[Any]:
    return [*one.attributes.values(), one.cls]


def _of_class(one: Class) -> list[Any]:
    return [frame.names for frame in around(one.frame.above)] if one.frame is not None else []


INSIDE: Final[dict[type, Any]] = {
    Arguments: lambda one: [*one.positional, *one.keywords.values()],
    Array: lambda one: one.items,
    Bound: lambda one: (one.function, one.owner),
    Class: _of_class,
    Dict: _of_dict,
    Function: _of_function,
    Inherited: lambda one: (one.owner,),
    Instance: _of_instance,
    Made: lambda one: (one.arguments,),
    Many: lambda one: one.options,
    Names: lambda one: [one[name] for name in one.seen if name in one],
    Native: _of_native,
    Objects: lambda one: (one.owner,),
    Partial: lambda one: (one.target, one.arguments),
    Response: lambda one: one.given.values() if one.given else (),
    ServiceObject: lambda one: one.identifiers.values(),
    Super: lambda one: (one.owner,),
}

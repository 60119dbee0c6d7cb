"""What objects have by their classes, and by whatever those extend."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.code.javascript.values import ClassValue, Closure

_DEEP = 12


def _line(of: ClassValue | None) -> Iterator[ClassValue]:
    """A class, what it extends, and so on."""
    for _ in range(_DEEP):
        if of is None:
            return
        yield of
        of = next((atom for atom in of.base if isinstance(atom, ClassValue)), None)


def methods_of(of: ClassValue | None) -> list[Closure]:
    """The methods that objects of a class have, by whichever class of its line."""
    names: dict[str, Closure] = {}
    for one in _line(of):
        for name, method in one.methods.items():
            names.setdefault(name, method)
    return [method for name, method in names.items() if name != "constructor"]


def find_method(of: ClassValue, name: str) -> Closure | None:
    """A method of a class or of what it extends."""
    return next((one.methods[name] for one in _line(of) if name in one.methods), None)


def find_getter(of: ClassValue, name: str) -> Closure | None:
    """A getter of a class or of what it extends."""
    return next((one.getters[name] for one in _line(of) if name in one.getters), None)

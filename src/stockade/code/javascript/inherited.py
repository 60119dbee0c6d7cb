"""What objects have by their classes, and by whatever those extend."""

from __future__ import annotations

from stockade.code.javascript.values import ClassValue, Closure


def methods_of(of: ClassValue | None) -> list[Closure]:
    """The methods that objects of a class have, by whichever class of its line."""
    names: dict[str, Closure] = {}
    for _ in range(12):
        if of is None:
            break
        for name, method in of.methods.items():
            names.setdefault(name, method)
        of = next((atom for atom in of.base if isinstance(atom, ClassValue)), None)
    return [method for name, method in names.items() if name != "constructor"]


def find_method(of: ClassValue, name: str) -> Closure | None:
    """A method of a class or of what it extends."""
    for _ in range(12):
        found = of.methods.get(name)
        if found is not None:
            return found
        base = next((atom for atom in of.base if isinstance(atom, ClassValue)), None)
        if base is None:
            return None
        of = base
    return None


def find_getter(of: ClassValue, name: str) -> Closure | None:
    """A getter of a class or of what it extends."""
    for _ in range(12):
        found = of.getters.get(name)
        if found is not None:
            return found
        base = next((atom for atom in of.base if isinstance(atom, ClassValue)), None)
        if base is None:
            return None
        of = base
    return None


def is_open(of: ClassValue) -> bool:
    """Whether a class extends something that was not read."""
    for _ in range(12):
        base = next((atom for atom in of.base if isinstance(atom, ClassValue)), None)
        if base is None:
            return bool(of.base)
        of = base
    return True

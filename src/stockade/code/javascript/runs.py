"""Runs of functions that need not be made once more: what they gave, as it was then."""

from __future__ import annotations

from typing import Final

from stockade.code.javascript.values import (
    Atom,
    Bound,
    ClassValue,
    Client,
    Closure,
    Environment,
    External,
    Helper,
    Listing,
    Literal,
    Opaque,
    Operation,
    Thing,
    Values,
    Words,
)

_MOST: Final = 40
"""How many objects and lists of one result are copied; a run that made more is made again."""


class Run:
    """A run of a function that changed nothing which was there before.

    ``result`` is what it gave, as it was then: who gets it anew gets objects of his own (``again``).
    """

    __slots__ = ("arguments", "began", "closure", "flags", "fresh", "result", "this")

    def __init__(
        self, closure: Closure, this: Values, arguments: list[Values], flags: tuple[bool, ...], began: int
    ) -> None:
        self.closure = closure
        self.this = this
        self.arguments = arguments
        self.flags = flags
        self.began = began
        self.result: Values = ()
        self.fresh = False

    def keep(self, result: Values) -> bool:
        """Keep a result; false where it has something in it that cannot be made twice."""
        copies = _Copies(self.began, self.began)
        kept = copies.of(result)
        if kept is None:
            return False
        self.result, self.fresh = kept, bool(copies.made)
        return True

    def again(self, now: int) -> Values:
        """What the function gives if it runs once more."""
        if not self.fresh:
            return self.result
        return _Copies(self.began, now).of(self.result) or ()


class _Copies:
    """Copies values: what was made since ``began`` anew, everything else as it is."""

    def __init__(self, began: int, now: int) -> None:
        self.began = began
        self.now = now
        self.made: dict[Thing | Listing, Thing | Listing] = {}

    def of(self, values: Values) -> Values | None:
        """``None`` where there is something in it that cannot be copied, such as a function with its names."""
        out: list[Atom] = []
        for atom in values:
            copied = self._atom(atom)
            if copied is None:
                return None
            out.append(copied)
        return tuple(out)

    def _atom(self, atom: Atom) -> Atom | None:
        match atom:
            case Literal() | Words() | External() | Client() | Operation() | Helper() | Environment():
                return atom
            case Thing() | Listing():
                if 0 < atom.born < self.began:
                    return atom
                return self._object(atom) if atom.born else None
            case Closure() | ClassValue():
                return atom if atom.scope.born < self.began else None
            case Opaque(wraps=wraps):
                return atom if all(self._atom(one) is one for one in wraps) else None
            case Bound():
                inside = (atom.target, *atom.this, *(one for given in atom.arguments for one in given))
                return atom if all(self._atom(one) is one for one in inside) else None
            case _:
                return None

    def _object(self, atom: Thing | Listing) -> Thing | Listing | None:
        known = self.made.get(atom)
        if known is not None:
            return known
        if len(self.made) >= _MOST:
            return None
        if isinstance(atom, Listing):
            made: Thing | Listing = Listing(atom.at, (), (), atom.open)
            made.born = self.now
            self.made[atom] = made
            items = [self.of(one) for one in atom.items]
            rest = self.of(atom.rest)
            if rest is None or None in items:
                return None
            made.table.update({"items": tuple(items), "rest": rest})
            return made
        if atom.getters or atom.setters or atom.keys or atom.stars or atom.kind or atom.of is not None:
            return None
        copy = Thing(atom.at, open=atom.open)
        copy.born = self.now
        self.made[atom] = copy
        base = self.of(atom.base)
        if base is None:
            return None
        copy.base = base
        for name, values in atom.table.items():
            inside = self.of(values)
            if inside is None:
                return None
            copy.table[name] = inside
        return copy

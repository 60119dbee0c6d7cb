"""The pieces of a scan, input by input: those that are kept are used again, the others made, maybe by several
processes, and kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Protocol

from stockade.cli.kept import Kept, digest, rows_of, seen_of
from stockade.read import looked
from stockade.read.files import Unreadable

if TYPE_CHECKING:
    from stockade.cache.sources import Where
    from stockade.model.gap import Gap
    from stockade.piece import Piece
    from stockade.read.inputs import Found, Options, Place
    from stockade.scan import Scan

ALARMS: Final = "alarms"
PIECE: Final = "piece"


class Elsewhere(Protocol):
    """Other processes, which read inputs and find pieces as this one would."""

    def alarms(self, places: Sequence[int]) -> Iterator[tuple[int, Any]]:
        """Of each input whether it has alarms for others; what is missing is to be found out here."""
        ...

    def pieces(
        self, places: Sequence[int], telling: Sequence[int], unused: Sequence[Gap]
    ) -> Iterator[tuple[int, Any]]:
        """The piece of each input, or why it was lost; what is missing is to be made here."""
        ...


def pieces(
    found: Found,
    scan: Scan,
    options: Options,
    kept: Kept | None,
    elsewhere: Callable[[int], Elsewhere | None],
    progress: Callable[[int, int, str], None],
) -> list[Piece]:
    """The pieces of all inputs, in their order. ``elsewhere`` starts other processes, where so many bytes of
    sources are worth it."""
    return _Making(found, scan, options, kept, elsewhere, progress).all()


def alarms_of(found: Found, place: Place) -> dict[str, Any]:
    """Whether an input has alarms for others, as it is kept and told, with the looks behind it."""
    with looked.noting() as seen:
        some = bool(found.for_others(place))
    return {"found": some, "seen": rows_of(seen)}


def piece_of(
    found: Found, scan: Scan, options: Options, index: int, *, copies: bool
) -> tuple[Piece, dict[str, Any]]:
    """The piece of an input, and as it is kept and told, with the looks behind it.

    Without ``copies`` there is no document where that would hold text which must not be kept.
    """
    from stockade.cache import encoding
    from stockade.cache.sources import UnfitError

    place = found.places[index]
    found.prepare(place)
    document = None
    with looked.noting() as seen:
        piece = scan.piece(index, found.read(place))
        with suppress(UnfitError):
            document = encoding.written(piece, scan, where_of(place, options), copies=copies)
    return piece, {"found": document, "seen": rows_of(seen)}


def where_of(place: Place, options: Options) -> Where:
    """What the places of an input are taken from."""
    from stockade.cache.sources import Where

    named = frozenset(os.path.realpath(options.here / one) for one in options.variable_files)
    return Where(place.tree, options.variables, options.environment, named)


class _Making:
    def __init__(
        self,
        found: Found,
        scan: Scan,
        options: Options,
        kept: Kept | None,
        elsewhere: Callable[[int], Elsewhere | None],
        progress: Callable[[int, int, str], None],
    ) -> None:
        self._found = found
        self._scan = scan
        self._options = options
        self._kept = kept
        self._start = elsewhere
        self._elsewhere: Elsewhere | None = None
        self._progress = progress
        self._telling: dict[Place, str] = {}
        self._out: dict[int, Piece] = {}

    def all(self) -> list[Piece]:
        places = self._found.places
        self._found.declared = self._declared
        self._alarms()
        for index, place in enumerate(places):
            self._take(index, self._known(index, place))
        missing = [index for index in range(len(places)) if index not in self._out]
        apart = [index for index in missing if not places[index].kind.alone]
        if others := self._others(apart):
            telling = [index for index, place in enumerate(places) if place in self._telling]
            for index, told in others.pieces(apart, telling, self._found.unused):
                self._take(index, self._received(index, told))
        for index in missing:
            if index not in self._out:
                self._say(places[index])
                self._take(index, self._made(index))
        self._progress(len(places), len(places), "")
        return [self._out[index] for index in range(len(places))]

    def _take(self, index: int, piece: Piece | None) -> None:
        if piece is not None:
            self._out[index] = piece
            self._say(self._found.places[index])

    def _say(self, place: Place) -> None:
        self._progress(min(len(self._out), len(self._found.places) - 1), len(self._found.places), place.shown)

    def _others(self, indexes: Sequence[int]) -> Elsewhere | None:
        """Other processes, where there is enough for them to do."""
        if self._elsewhere is None and len(indexes) > 1:
            self._elsewhere = self._start(sum(self._size(self._found.places[index]) for index in indexes))
        return self._elsewhere

    def _size(self, place: Place) -> int:
        size = 0
        for path in place.kind.sources(place.root):
            with suppress(Unreadable):
                size += len(place.tree.read(path).data)
        return size

    # -------------------------------------------------------------------- what all of them hang on

    def _declared(self, place: Place) -> Collection[str]:
        """The variables that an input declares."""
        if self._kept is None:
            return place.kind.variables(place.root)
        known = self._kept.known("variables", *_name(place))
        if known is not None and isinstance(known[0], list):
            looked.again(known[1])
            return [str(one) for one in known[0]]
        with looked.noting() as seen:
            names = list(place.kind.variables(place.root))
        self._kept.keep(names, seen, "variables", *_name(place))
        return names

    def _alarms(self) -> None:
        """Find out which inputs have alarms for others, and what tells each of those from what it was."""
        places = self._found.places
        unknown = []
        for index, place in enumerate(places):
            if place in self._found.telling:
                known = self._kept.known(ALARMS, *_name(place)) if self._kept and not place.kind.alone else None
                if known is None:
                    unknown.append(index)
                else:
                    self._heard(place, bool(known[0]), known[1])
        apart = [index for index in unknown if not places[index].kind.alone]
        if others := self._others(apart):
            for index, told in others.alarms(apart):
                if told is not None:
                    self._listened(places[index], told)
                    unknown.remove(index)
        for index in unknown:
            self._listened(places[index], alarms_of(self._found, places[index]))

    def _listened(self, place: Place, told: dict[str, Any]) -> None:
        seen = seen_of(told["seen"])
        if self._kept is not None and not place.kind.alone:
            self._kept.keep(told["found"], seen, ALARMS, *_name(place))
        self._heard(place, bool(told["found"]), seen)

    def _heard(self, place: Place, some: bool, seen: looked.Seen) -> None:
        looked.again(seen)
        if some:
            self._telling[place] = digest(*(f"{key} {state}" for key, state in sorted(seen.items())))
        else:
            self._found.silent(place)

    # ------------------------------------------------------------------------------------ one piece

    def _asked(self, index: int, place: Place) -> tuple[str, ...]:
        """What the piece of an input hangs on beside what is looked at for it."""
        more = repr(self._found.unused) if index == 0 else ""
        told = (state for other, state in self._telling.items() if other.root != place.root)
        return (PIECE, *_name(place), more, digest(*told))

    def _known(self, index: int, place: Place) -> Piece | None:
        if self._kept is None or place.kind.alone:
            return None
        known = self._kept.known(*self._asked(index, place))
        if known is None or (piece := self._read(index, known[0], copies=False)) is None:
            return None
        looked.again(known[1])
        return piece

    def _received(self, index: int, told: Any) -> Piece | None:
        """A piece that another process made, or the gap where one was lost."""
        place = self._found.places[index]
        if isinstance(told, str):
            return self._scan.piece(index, self._found.lost(place, told, "scan it alone, with `--jobs 1`"))
        seen = seen_of(told["seen"])
        piece = self._read(index, told["found"], copies=True)
        if piece is not None:
            looked.again(seen)
            from stockade.cache.encoding import is_kept

            if self._kept is not None and is_kept(told["found"]):
                self._kept.keep(told["found"], seen, *self._asked(index, place))
        return piece

    def _read(self, index: int, document: Any, *, copies: bool) -> Piece | None:
        from stockade.cache import encoding
        from stockade.cache.sources import UnfitError

        where = where_of(self._found.places[index], self._options)
        try:
            return encoding.read(document, index, self._scan, where, copies=copies)
        except UnfitError:
            return None  # a file was written to in between, or it is no piece of ours: it is made here

    def _made(self, index: int) -> Piece:
        place = self._found.places[index]
        if self._kept is None or place.kind.alone:
            return self._scan.piece(index, self._found.read(place))
        piece, told = piece_of(self._found, self._scan, self._options, index, copies=False)
        if told["found"] is not None:
            self._kept.keep(told["found"], seen_of(told["seen"]), *self._asked(index, place))
        return piece


def _name(place: Place) -> tuple[str, ...]:
    return place.kind.name, str(place.root), str(place.tree.boundary), str(place.tree.shown_from)

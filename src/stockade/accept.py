"""What an owner accepts, and why: comments beside the code and entries of the configuration, met with findings.

Nothing is accepted without a reason, and no acceptance goes unseen: what it accepts is listed with
the reason, and what accepts nothing, is over, or cannot be understood is told as well.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from itertools import accumulate, islice
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from stockade.globs import fits_name, fits_path
from stockade.model.remark import Remark
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.report import Evidence, Notice, NoticeKind, Suppression, SuppressionKind
from stockade.source import Source, Span

HOW: Final = "write `stockade: accept[control] reason`"

_LISTED: Final = "`stockade explain` lists them"
_LONGEST: Final = 60
_SUGGESTIONS: Final = 100

_ACCEPT: Final = lazy_regex(r"accept ?\[([^\]]*)\](.*)")
_WORD: Final = lazy_regex(r"\w")
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})

Identity: TypeAlias = tuple[str, int, tuple[str, ...], tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Accept:
    """Findings of some controls that the owner accepts, and why.

    ``place`` is where the owner says so. A comment has a ``scope``: what of the code it is about. An
    entry of the configuration may have globs instead, of which all must fit: ``address``, ``function``
    (the name or address of every function that the finding concerns) and ``path`` (a file, relative to
    ``directory``). It counts up to and including the day ``until``. ``partial`` says that it may be
    about what this scan does not read.
    """

    kind: SuppressionKind
    controls: tuple[str, ...]
    reason: str
    place: Span
    scope: Span | None = None
    address: str = ""
    function: str = ""
    path: str = ""
    directory: Path = field(default_factory=Path)
    until: date | None = None
    partial: bool = False

    @property
    def title(self) -> str:
        """How the owner would know it again."""
        names = ", ".join(self.controls)
        return f"accept[{names}]" if self.kind is SuppressionKind.COMMENT else "[[accept]]"

    @property
    def identity(self) -> Identity:
        """The same for one comment in all worlds that hold its file."""
        return self.place.path, self.place.start, self.controls, (self.address, self.function, self.path)


@dataclass(frozen=True, slots=True)
class Case:
    """A finding as accepts see it.

    ``controls`` are its own and the one that tells it; ``functions`` name and address of each that it
    concerns. ``places`` are all that lead to it: evidence and module calls; ``files`` where it is
    decided and where its resource is written.
    """

    controls: tuple[str, ...]
    address: str
    functions: tuple[tuple[str, str], ...]
    places: Sequence[Span]
    files: Sequence[Path]


@dataclass(frozen=True, slots=True)
class Refused:
    """A comment that accepts nothing, or not all it says. ``name`` is what no control is called, else empty."""

    place: Span
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What a ledger holds of one input: its comments, which accepts were met how often, what was refused."""

    comments: tuple[Accept, ...]
    met: Mapping[tuple[Identity, str], int]
    refused: tuple[Refused, ...]


class Ledger:
    """All accepts of one scan, and what became of them.

    ``known`` are the controls there are, ``asked`` those that this scan asks; ``same_as`` are the checks of
    other tools that find the same, each with the control.
    """

    def __init__(
        self,
        known: Collection[str],
        asked: Collection[str],
        today: date,
        accepts: Iterable[Accept] = (),
        same_as: Mapping[str, str] = _NOTHING,
    ) -> None:
        self._known = known
        self._same_as = same_as
        self._asked = asked
        self._today = today
        self._general: dict[str, list[Accept]] = {}
        self._here: dict[str, _Comments] = {}
        self._hushed: dict[str, _Comments] = {}
        self._all: dict[Identity, Accept] = {}
        self._met: Counter[tuple[Identity, str]] = Counter()
        self._refused: dict[tuple[str, int, str], Refused] = {}
        for one in accepts:
            self._all[one.identity] = one
            for name in one.controls:
                self._general.setdefault(name, []).append(one)

    def open(self, remarks: Iterable[Remark]) -> None:
        """Turn to the next world: its comments count from here on, those of the last one no more."""
        found: dict[str, list[Accept]] = {}
        hushed: dict[str, list[Accept]] = {}
        for remark in remarks:
            if (name := self._same_as.get(remark.check)) and not _WORD.search(remark.text):
                without = Accept(SuppressionKind.COMMENT, (name,), "", remark.span, remark.scope, partial=True)
                hushed.setdefault(name, []).append(without)
            accept = self._understood(remark)
            if accept is not None:
                self._all[accept.identity] = accept
                for name in accept.controls:
                    found.setdefault(name, []).append(accept)
        self._here = {name: _Comments(accepts) for name, accepts in found.items()}
        self._hushed = {name: _Comments(accepts) for name, accepts in hushed.items()}

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is accepted here, as in most projects."""
        return not (self._here or self._general or self._hushed)

    def page(self) -> Page:
        """What has been written down so far, for the ledger of a whole scan (``add``)."""
        comments = tuple(one for one in self._all.values() if one.kind is SuppressionKind.COMMENT)
        return Page(comments, dict(self._met), tuple(self._refused.values()))

    def add(self, page: Page) -> None:
        """Take over what another ledger, of the same accepts and controls, has written down."""
        self._all.update((one.identity, one) for one in page.comments)
        self._met.update(page.met)
        for one in page.refused:
            self._refused[one.place.path, one.place.start, one.text] = one

    def concerns(self, controls: Iterable[str]) -> bool:
        """Whether anything at all is accepted of these controls: most findings need no closer look."""
        return any(name in self._here or name in self._general or name in self._hushed for name in controls)

    def accepted(self, case: Case) -> Suppression | None:
        """Why a finding is accepted: by the narrowest comment, or else by the first entry; or ``None``."""
        found: Suppression | None = None
        for name in dict.fromkeys(case.controls):
            beside = self._here[name].about(case.places) if name in self._here else ()
            general = (one for one in self._general.get(name, ()) if _fits(one, case))
            for one in (*beside, *general):
                self._met[one.identity, name] += 1
                if found is None and not self._is_over(one):
                    found = Suppression(one.kind, one.reason, one.place, one.until)
        return found

    def is_hushed(self, case: Case) -> bool:
        """Whether the owner told another tool, without a reason, to leave out what this finding says.

        That accepts nothing. But they know of it, and it is for those who ask for more than they do.
        """
        return any(name in self._hushed and self._hushed[name].about(case.places) for name in case.controls)

    def _is_over(self, accept: Accept) -> bool:
        return accept.until is not None and accept.until < self._today

    # ------------------------------------------------------------------------------------ comments

    def _understood(self, remark: Remark) -> Accept | None:
        """A comment as an accept of those controls it names rightly; what is wrong with it is kept."""
        if remark.check:
            return self._silenced(remark)
        found = _ACCEPT.fullmatch(remark.text)
        names = (
            list(dict.fromkeys(name for one in found[1].split(",") if (name := one.strip()))) if found else []
        )
        reason = found[2].strip(" :–—-") if found else ""
        problem = ""
        if found is None:
            problem = f"`{_short(remark.text)}` is nothing that Stockade understands"
        elif not names:
            problem = "this comment names no control"
        elif not _WORD.search(reason):
            problem = f"`accept[{_short(', '.join(names))}]` gives no reason, so nothing is accepted"
        if problem:
            self._refuse(remark, problem)
            return None
        for name in names:
            if name not in self._known:
                self._refuse(remark, f"no control is called `{_short(name)}`", name)
        right = tuple(name for name in names if name in self._known)
        return Accept(SuppressionKind.COMMENT, right, reason, remark.span, remark.scope) if right else None

    def _silenced(self, remark: Remark) -> Accept | None:
        """A comment for another tool as an accept of the control that finds the same, if it gives a reason."""
        name = self._same_as.get(remark.check)
        if name is None or not _WORD.search(remark.text):
            return None
        kind, text = SuppressionKind.COMMENT, remark.text.strip("\"' ")
        return Accept(kind, (name,), text, remark.span, remark.scope, partial=True)

    def _suggestions(self) -> Mapping[str, str]:
        """What to do about wrong names. Looking for like ones takes long: who has hundreds knows by then."""
        names = dict.fromkeys(one.name for _, one in sorted(self._refused.items()) if one.name)
        return {name: suggestion(_short(name), self._known) for name in islice(names, _SUGGESTIONS)}

    def _refuse(self, remark: Remark, text: str, name: str = "") -> None:
        self._refused[remark.span.path, remark.span.start, text] = Refused(remark.span, text, name)

    # ------------------------------------------------------------------------------------- notices

    def notices(self) -> tuple[Notice, ...]:
        """What the owner should look at again, by place."""
        helps = self._suggestions()
        out = []
        for one in self._refused.values():
            help = helps.get(one.name, _LISTED) if one.name else HOW
            out.append(Notice(NoticeKind.REFUSED, one.text, help, (Evidence(one.place, ""),)))
        for accept in self._all.values():
            out += self._judged(accept)
        return tuple(sorted(out, key=lambda one: (*_order(one), one.message)))

    def _judged(self, accept: Accept) -> Iterator[Notice]:
        evidence = (Evidence(accept.place, ""),)
        for name in accept.controls:
            number = self._met[accept.identity, name]
            if name not in self._asked or (not number and accept.partial):
                continue
            if self._is_over(accept):
                back = f"{number:,} {'finding is' if number == 1 else 'findings are'} back" if number else ""
                text = f"`{accept.title}` of `{name}` ended on {accept.until}"
                if back:
                    help = "decide again: mend what is found, or give a later `until`"
                    yield Notice(NoticeKind.EXPIRED, f"{text}: {back}", help, evidence)
                else:
                    yield Notice(NoticeKind.EXPIRED, f"{text} and has nothing to accept", "remove it", evidence)
            elif not number:
                yield Notice(NoticeKind.UNUSED, *_useless(accept, name), evidence)


def suggestion(name: str, known: Collection[str]) -> str:
    """What to do about a control that there is not."""
    from difflib import get_close_matches

    if name == "*":
        return "name each control: what comes with the next version is not accepted unseen"
    near = get_close_matches(name, known, 1, 0.5)
    return f"did you mean `{near[0]}`?" if near else _LISTED


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _fits(accept: Accept, case: Case) -> bool:
    """Whether all globs of an entry fit a finding."""
    if accept.address and not fits_name(accept.address, case.address):
        return False
    if accept.function and not (
        case.functions
        and all(any(fits_name(accept.function, one) for one in names) for names in case.functions)
    ):
        return False
    if accept.path:
        files = (Path(os.path.relpath(file, accept.directory)).as_posix() for file in case.files)
        return any(fits_path(accept.path, file) for file in files)
    return True


class _Comments:
    """The comments about one control, found by the places that they are about."""

    def __init__(self, accepts: Iterable[Accept]) -> None:
        scopes: dict[Source, list[tuple[int, int, int, Accept]]] = {}
        for number, one in enumerate(accepts):
            if one.scope is not None:
                scopes.setdefault(one.scope.source, []).append((one.scope.start, one.scope.end, number, one))
        self._scopes = {source: sorted(found) for source, found in scopes.items()}
        # How far any of them reaches, up to each: behind that there is nothing to look for.
        self._reaches = {
            source: list(accumulate((end for _, end, _, _ in found), max))
            for source, found in self._scopes.items()
        }

    def about(self, places: Iterable[Span]) -> list[Accept]:
        """Those that are about any of these places, the narrowest first."""
        met: dict[tuple[int, int], Accept] = {}
        for place in places:
            scopes = self._scopes.get(place.source)
            if scopes is None:
                continue
            reaches = self._reaches[place.source]
            index = bisect_right(scopes, place.start, key=itemgetter(0)) - 1
            while index >= 0 and reaches[index] > place.start:
                start, end, number, accept = scopes[index]
                if end > place.start:
                    met[end - start, number] = accept
                index -= 1
        return [met[key] for key in sorted(met)]


def _useless(accept: Accept, name: str) -> tuple[str, str]:
    if accept.kind is SuppressionKind.COMMENT:
        text = f"`accept[{name}]` accepts nothing: there is no such finding at what it is about"
        return (
            text,
            "remove it, or move it: it is about its line or the one below, and all that begins there",
        )
    return f"`[[accept]]` of `{name}` accepts nothing", "remove it, or correct where it applies"


def _order(notice: Notice) -> tuple[str, int]:
    span = notice.evidence[0].span
    return span.path, span.start

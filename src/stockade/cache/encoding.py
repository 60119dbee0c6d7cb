"""A piece of a scan as a plain document of lists, texts and numbers, and again.

It says what reports show, and no more: of an outcome the sentences, of a fix what is told of it, of a witness
the request in words. The document names controls by their number among those that were asked; whoever reads it
knows that these are the same. Nothing in it is believed: whatever does not fit raises ``UnfitError``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from stockade.accept import Accept, Identity, Page, Refused
from stockade.cache.sources import Reading, UnfitError, Where, Writing, is_copy
from stockade.checklist import Item
from stockade.control import (
    Code,
    Control,
    Crashed,
    Fails,
    Fix,
    Noise,
    Outcome,
    Safety,
    Severity,
    State,
    Undecided,
)
from stockade.iam.request import Request
from stockade.piece import Draft, Piece
from stockade.report import (
    Evidence,
    Finding,
    FunctionReport,
    GapReport,
    InputReport,
    Suppression,
    SuppressionKind,
)
from stockade.scan import Scan
from stockade.value import Default, Unknown

_STATES: Final = tuple(State)
_ITEMS: Final = tuple(Item)
_FAILS, _UNDECIDED, _CRASHED = range(3)
_KEPT: Final = Default("it was found by an earlier scan")

_MISFITS: Final = (
    *(UnfitError, TypeError, ValueError, LookupError),
    *(AttributeError, OverflowError, RecursionError),
)
"""What reading a document may raise that is not what it should be."""


def written(piece: Piece, scan: Scan, where: Where, *, copies: bool = False) -> dict[str, Any]:
    """A piece as a document. Raises ``UnfitError`` where it holds text that must not be kept."""
    return _Writer(piece, scan, Writing(where, copies)).document()


def is_kept(document: Any) -> bool:
    """Whether a document may be kept on a disk: all of its places are in files that can be read anew."""
    return not any(is_copy(row) for row in document["sources"])


def read(document: Any, index: int, scan: Scan, where: Where, *, copies: bool = False) -> Piece:
    """The piece of a document, for the ``index``th input. Raises ``UnfitError`` for what is none."""
    try:
        return _Reader(document, index, scan, Reading(where, copies, document["sources"])).piece()
    except _MISFITS as error:
        raise UnfitError(str(error) or type(error).__name__) from None


class _Writer:
    def __init__(self, piece: Piece, scan: Scan, places: Writing) -> None:
        self._piece = piece
        self._scan = scan
        self._places = places
        self._controls = {one.name: number for number, one in enumerate(scan.asked)}
        self._functions = {one.address: number for number, one in enumerate(piece.functions)}
        self._general = {one.identity: number for number, one in enumerate(scan.accepts)}

    def document(self) -> dict[str, Any]:
        piece, span = self._piece, self._places.span
        answers: dict[str, int] = {}
        functions = [
            [
                *(one.address, one.name, span(one.span), one.doubt, one.role, one.runtime),
                answers.setdefault(_answers(one), len(answers)),
            ]
            for one in piece.functions
        ]
        out: dict[str, Any] = {
            "input": [piece.input.kind, piece.input.path, piece.input.resources, piece.input.root],
            "functions": functions,
            "answers": list(answers),
            "drafts": [self._draft(one) for one in piece.drafts],
            "gaps": [
                [one.what, one.reason, one.help, self._evidence(one.evidence), one.spare, list(one.about)]
                for one in piece.gaps
            ],
            "concealed": [span(one) for one in sorted(piece.concealed, key=lambda one: (one.path, one.start))],
            "coverage": {name: dict(counts) for name, counts in piece.coverage.items()},
            "page": self._page(piece.page),
        }
        out["sources"] = self._places.rows
        return out

    def _evidence(self, evidence: Sequence[Evidence]) -> list[list[Any]]:
        return [[*(self._places.span(one.span) or ()), one.note] for one in evidence]

    def _draft(self, draft: Draft) -> list[Any]:
        one = draft.finding
        return [
            self._controls[one.control],
            one.address,
            [self._functions[address] for address in one.functions],
            self._outcome(one.outcome, listed=one.noise <= self._scan.noise),
            int(one.severity),
            int(one.noise),
            one.message,
            one.cause,
            one.help,
            self._evidence(one.evidence),
            _fix(one.fix),
            one.doubt,
            self._suppression(one.suppressed),
            one.fingerprint,
            draft.key,
        ]

    def _outcome(self, outcome: Outcome, listed: bool) -> list[Any]:
        match outcome:
            case Fails():
                shown = outcome.shown() if listed else None  # a search, for whoever lists it
                witness = [_request(one) for one in (shown, *outcome.then)] if shown is not None else []
                return [_FAILS, outcome.secret, outcome.told_by, outcome.together, witness]
            case Undecided():
                return [_UNDECIDED]
            case Crashed(error):
                return [_CRASHED, error]
            case _:
                raise AssertionError("a verdict that holds is no finding")

    def _suppression(self, one: Suppression | None) -> list[Any] | None:
        if one is None:
            return None
        if one.kind is SuppressionKind.CONFIGURATION:
            accepts = enumerate(self._scan.accepts)
            return [
                next(number for number, each in accepts if (each.place, each.reason) == (one.place, one.reason))
            ]
        if one.kind is not SuppressionKind.COMMENT or one.until is not None or one.place is None:
            raise UnfitError("it is accepted by what is no part of its input")
        return [one.reason, self._places.span(one.place)]

    def _page(self, page: Page) -> list[Any]:
        span = self._places.span
        comments = [
            [list(one.controls), one.reason, span(one.place), span(one.scope), one.partial]
            for one in page.comments
        ]
        numbers = {one.identity: number for number, one in enumerate(page.comments)}
        met = [[*self._accept(identity, numbers), name, count] for (identity, name), count in page.met.items()]
        return [comments, met, [[span(one.place), one.text, one.name] for one in page.refused]]

    def _accept(self, identity: Identity, comments: Mapping[Identity, int]) -> tuple[bool, int]:
        if identity in comments:
            return True, comments[identity]
        return False, self._general[identity]


def _answers(one: FunctionReport) -> str:
    """The states of all controls and of all rows, a letter each, in their order."""
    states = (*one.checklist.values(), *(one.rows[item] for item in _ITEMS))
    return "".join(chr(ord("a") + _STATES.index(state)) for state in states)


def _fix(fix: Fix | None) -> list[Any] | None:
    if fix is None:
        return None
    code = [[one.language, one.text] for one in fix.code]
    return [fix.title, int(fix.safety), fix.note, code, fix.grants]


def _request(request: Request) -> list[Any]:
    return [request.sentence(), request.fields()]


class _Said(Request):
    """A request that was found earlier, in the words that are shown of it."""

    __slots__ = ("_fields", "_sentence")

    def __init__(self, sentence: str, fields: dict[str, Any]) -> None:
        super().__init__(None, fields["action"], fields["resource"])
        self._sentence = sentence
        self._fields = fields

    def sentence(self) -> str:
        return self._sentence

    def fields(self) -> dict[str, Any]:
        return self._fields


class _Reader:
    def __init__(self, document: Any, index: int, scan: Scan, places: Reading) -> None:
        self._document = document
        self._index = index
        self._scan = scan
        self._places = places
        self._functions: list[str] = []
        self._root = ""

    def piece(self) -> Piece:
        document, span = self._document, self._places.span
        kind, path, resources, self._root = document["input"]
        report = InputReport(_text(kind), _text(path), _number(resources), _text(self._root))
        functions = self._reports()
        self._functions = [one.address for one in functions]
        asked = {one.name for one in self._scan.asked}
        coverage = {name: counts for name, counts in document["coverage"].items() if name in asked}
        for counts in coverage.values():
            if not all(name in _COUNTED and type(count) is int for name, count in counts.items()):
                raise UnfitError("it counts what nobody counts")
        return Piece(
            input=report,
            functions=tuple(functions),
            drafts=tuple([self._draft(*row) for row in document["drafts"]]),
            gaps=tuple([self._gap(*row) for row in document["gaps"]]),
            concealed=frozenset(span(one) for one in document["concealed"]),
            coverage=coverage,
            page=self._page(*document["page"]),
        )

    def _reports(self) -> list[FunctionReport]:
        answers = [self._answers(text) for text in self._document["answers"]]
        return [
            FunctionReport(
                input=self._index,
                address=_text(address),
                name=_text(name),
                span=None if place is None else self._places.span(place),
                doubt=_text(doubt),
                checklist=answers[number][0],
                rows=answers[number][1],
                role=_said(role),
                runtime=_said(runtime),
            )
            for address, name, place, doubt, role, runtime, number in self._document["functions"]
        ]

    def _answers(self, text: str) -> tuple[dict[str, State], dict[Item, State]]:
        states = [_STATES[ord(letter) - ord("a")] for letter in text]
        asked = [one.name for one in self._scan.asked]
        checklist = dict(zip(asked, states[: len(asked)], strict=True))
        return checklist, dict(zip(_ITEMS, states[len(asked) :], strict=True))

    def _evidence(self, rows: Any) -> tuple[Evidence, ...]:
        span = self._places.span
        return tuple([Evidence(span((source, start, end)), _text(note)) for source, start, end, note in rows])

    def _gap(self, what: Any, reason: Any, help: Any, evidence: Any, spare: Any, about: Any) -> GapReport:
        shown, concerned = self._evidence(evidence), tuple(map(_text, about))
        return GapReport(self._index, _text(what), _text(reason), _said(help), shown, bool(spare), concerned)

    def _draft(
        self,
        control: Any,
        address: Any,
        functions: Any,
        outcome: Any,
        severity: Any,
        noise: Any,
        message: Any,
        cause: Any,
        help: Any,
        evidence: Any,
        fix: Any,
        doubt: Any,
        suppressed: Any,
        fingerprint: Any,
        key: Any,
    ) -> Draft:
        found: Control[Any] = self._scan.asked[_number(control)]
        made = None if fix is None else self._fix(*fix)
        finding = Finding(
            control=found.name,
            item=found.item,
            input=self._index,
            address=_text(address),
            functions=tuple([self._functions[_number(one)] for one in functions]),
            outcome=self._outcome(_text(message), _text(cause), made, *outcome),
            severity=_SEVERITIES[severity],
            noise=_NOISES[noise],
            message=message,
            cause=cause,
            help=_said(help),
            evidence=self._evidence(evidence),
            fix=made,
            doubt=_text(doubt),
            suppressed=None if suppressed is None else self._suppression(*suppressed),
            fingerprint=_text(fingerprint),
        )
        return Draft(finding, self._root, _text(key))

    def _outcome(self, message: str, cause: str, fix: Fix | None, kind: Any, *rest: Any) -> Outcome:
        if kind == _UNDECIDED:
            return Undecided(Unknown(cause, _KEPT))
        if kind == _CRASHED:
            return Crashed(_text(rest[0]))
        secret, told_by, together, witness = rest
        requests = [_Said(_text(says), fields) for says, fields in witness]
        return Fails(
            message,
            _KEPT,
            fix,
            secret=bool(secret),
            told_by=_text(told_by),
            together=_text(together),
            witness=requests[0] if requests else None,
            then=tuple(requests[1:]),
        )

    def _fix(self, title: Any, safety: Any, note: Any, code: Any, grants: Any) -> Fix:
        shown = tuple([Code(_text(language), _text(text)) for language, text in code])
        return Fix(_text(title), _SAFETIES[safety], (), _text(note), shown, bool(grants))

    def _suppression(self, first: Any, place: Any = None) -> Suppression:
        if place is None:
            accept = self._scan.accepts[_number(first)]
            return Suppression(accept.kind, accept.reason, accept.place, accept.until)
        return Suppression(SuppressionKind.COMMENT, _text(first), self._places.span(place), None)

    def _page(self, comments: Any, met: Any, refused: Any) -> Page:
        span = self._places.span
        made = tuple(
            Accept(
                SuppressionKind.COMMENT,
                tuple(_text(one) for one in controls),
                _text(reason),
                span(place),
                None if scope is None else span(scope),
                partial=bool(partial),
            )
            for controls, reason, place, scope, partial in comments
        )
        counted: dict[tuple[Identity, str], int] = {}
        for beside, number, name, count in met:
            accept = made[_number(number)] if beside else self._scan.accepts[_number(number)]
            counted[accept.identity, _text(name)] = _number(count)
        told = tuple(Refused(span(place), _text(text), _text(name)) for place, text, name in refused)
        return Page(made, counted, told)


_SEVERITIES: Final = {int(one): one for one in Severity}
_NOISES: Final = {int(one): one for one in Noise}
_SAFETIES: Final = {int(one): one for one in Safety}
_COUNTED: Final = frozenset(("holds", "fails", "undecided", "crashed"))


def _text(value: Any) -> str:
    if type(value) is not str:
        raise UnfitError("it has something else where a text belongs")
    return value


def _said(value: Any) -> str | None:
    return None if value is None else _text(value)


def _number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise UnfitError("it has something else where a number belongs")
    return value

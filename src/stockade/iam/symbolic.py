"""Questions over all requests at once, each answered by a proof, a witness, or an honest "undecided".

    >>> from stockade.iam.policy import loads
    >>> from stockade.iam.symbolic import no_wider_than
    >>> no_wider_than([loads(new)], [loads(old)])

A *witness* is one concrete request, and ``decide`` has confirmed what is claimed of it. *Proved* says that
there is no such request, whatever the parts of a policy turn out to be that are not known yet. Neither
is ever a guess: where time runs out or it depends on what is not known, the answer says so.

Actions are texts here: what ``lambda:*`` grants is more than all actions that Lambda has today. A witness
has an action that AWS has, wherever there is one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final, TypeAlias

from stockade.errors import BudgetExceeded
from stockade.iam import alike, glance, usual
from stockade.iam.automaton import Budget, Text, classes, spell
from stockade.iam.callers import callers
from stockade.iam.clauses import Clause, Literal, is_whole
from stockade.iam.decide import Access, Answer, Decision, Documents
from stockade.iam.glob import Pattern, as_resource, glob, opened, regex
from stockade.iam.match import Shape
from stockade.iam.pairs import meets
from stockade.iam.policy import Document, Strings
from stockade.iam.request import STRANGER, Caller, CallerKind, Request, values_of
from stockade.iam.search import Found, Question, Side
from stockade.iam.sides import THOUGHT_OF, both, least, most, same_resource
from stockade.iam.texts import Texts, Values, Variable, variables_in
from stockade.iam.zones import PUBLIC, TrustZone, outsiders
from stockade.records import dataclass
from stockade.value import Hole, Known, Unknown, Value

Policed: TypeAlias = Access | Documents
"""Documents by themselves, or everything that applies to somebody."""


@dataclass(frozen=True, slots=True)
class Proved:
    """There is no such request. ``because`` is a sentence without a period."""

    because: str


@dataclass(frozen=True, slots=True)
class Witness:
    """A request that shows it, and what comes of it on either side; ``refused`` is ``None`` if there is none.

    ``is_real`` says that AWS has the action, by the catalog's day.
    """

    request: Request
    allowed: Decision
    refused: Decision | None
    is_real: bool = True


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither is known. ``reason`` is a sentence without a period, ``depends_on`` what would settle it."""

    reason: str
    depends_on: tuple[str, ...] = ()


Finding: TypeAlias = Proved | Witness | Undecided

STEPS: Final = 200_000
"""The budget of one question: a second or two at the very most."""


# -------------------------------------------------------------------------------------- questions


def no_wider_than(new: Policed, old: Policed, *, steps: int = STEPS) -> Finding:
    """Whether ``new`` allows nothing that ``old`` does not; a witness is a request that is new."""
    because = "everything it allows was allowed before"
    if not isinstance(old, Access):
        old = tuple(old)
        if all(map(_allows_everything, old)) and old:
            return Proved(because)
    asked = _Asked(_access(new), _access(old), steps)
    return asked.at_a_glance() or asked.answer(because)


def _allows_everything(document: Value[Document] | Document) -> bool:
    """Whether a document, as it is written, allows whatever there is and denies nothing."""
    if isinstance(document, Known):
        document = document.value
    if isinstance(document, Unknown):
        return False
    widest = False
    for one in document.statements:
        if isinstance(one, Unknown) or not one.allows:
            return False
        if not one.conditions and one.principals is None and one.not_principals is None:
            widest = widest or (_has_star(one.actions) and _has_star(one.resources))
    return widest


def _has_star(listed: Strings | None) -> bool:
    return any(isinstance(one, Known) and one.value == "*" for one in listed or ())


def ever_allows(
    policed: Policed,
    actions: Sequence[str] = ("*",),
    resources: Sequence[str | Shape] = ("*",),
    *,
    context: Mapping[str, Any] | None = None,
    caller: Caller | None = None,
    steps: int = STEPS,
) -> Finding:
    """Whether any request is allowed for the actions on the resources (globs); a witness is one that is.

    ``context`` are values that keys have in every such request, ``None`` for a key that is absent.
    """
    asked = _Asked(
        _access(policed), None, steps, only=_only(actions, resources), context=context, caller=caller
    )
    return asked.answer("no request is allowed")


def can_anyone(
    documents: Documents,
    actions: Sequence[str] = ("*",),
    resources: Sequence[str | Shape] = ("*",),
    *,
    outside: TrustZone = PUBLIC,
    kinds: Collection[CallerKind] = (),
    context: Mapping[str, Any] | None = None,
    steps: int = STEPS,
) -> Finding:
    """Whether a resource-based policy lets anybody from outside a zone of trust do something.

    A witness is a request of theirs. ``kinds`` are the kinds of callers that are thought of, empty for all.
    Callers of other accounts need a policy of their own account's too, which is in their hands.
    """
    listed = tuple(map(_with_principals, documents))
    guarded = Access.alone((*listed, outsiders(outside, listed)))
    asked = _Asked(guarded, None, steps, only=_only(actions, resources), context=context, kinds=kinds)
    return asked.answer("nobody from outside is let in")


def _with_principals(document: Value[Document] | Document) -> Value[Document] | Document:
    """A resource's policy, in which a statement that says nothing of principals is none that AWS accepts."""
    read = document.value if isinstance(document, Known) else document
    if isinstance(read, Unknown):
        return read
    statements = tuple(
        Unknown("a statement of a resource-based policy needs a Principal", one.origin)
        if not isinstance(one, Unknown) and one.principals is None and one.not_principals is None
        else one
        for one in read.statements
    )
    same = all(one is other for one, other in zip(statements, read.statements, strict=True))
    return document if same else replace(read, statements=statements)


def always_allows(
    policed: Policed,
    actions: Sequence[str],
    resources: Sequence[str | Shape] = ("*",),
    *,
    context: Mapping[str, Any] | None = None,
    caller: Caller | None = None,
    steps: int = STEPS,
) -> Finding:
    """Whether every request for actions on resources (globs) is allowed; a witness is one that is not."""
    everything = Access.alone(())
    asked = _Asked(
        everything, _access(policed), steps, only=_only(actions, resources), context=context, caller=caller
    )
    asked.unconditional = True
    return asked.answer("every request is allowed")


def overlap(one: Policed, other: Policed, *, steps: int = STEPS) -> Finding:
    """Whether some request is allowed by both; a witness is one."""
    return _Asked(_access(one), None, steps, also=_access(other)).answer("no request is allowed by both")


def _access(policed: Policed) -> Access:
    return policed if isinstance(policed, Access) else Access.alone(policed)


def _only(actions: Sequence[str], resources: Sequence[str | Shape]) -> Clause:
    """A statement that is about certain actions and resources, in every reading."""
    return Clause(
        None,
        Literal(Texts(glob(one.lower()) for one in actions)),
        Literal(Texts(as_resource(glob(one)) for one in resources)),
        None,
        False,
        (),
        True,
        True,
    )


# --------------------------------------------------------------------------------------- answering


class _Asked:
    """One question: requests that ``allowed`` (and ``also``) allows and ``refused`` does not."""

    def __init__(
        self,
        allowed: Access,
        refused: Access | None,
        steps: int,
        *,
        also: Access | None = None,
        only: Clause | None = None,
        context: Mapping[str, Any] | None = None,
        caller: Caller | None = None,
        kinds: Collection[CallerKind] = (),
    ) -> None:
        self.allowed, self.refused, self.also = allowed, refused, also
        self.only, self.kinds = only, kinds
        self.context: dict[str, Values] = {
            key.lower(): values_of(value) for key, value in (context or {}).items()
        }
        self.callers: tuple[Caller | None, ...] = (caller,) if caller else ()
        self.searched = allowed
        """What of ``allowed`` has to be looked at."""
        self.budget = Budget(steps)
        self.unconditional = False
        self.spelling: dict[str, str] = {}
        self.open: Decision | None = None

    def at_a_glance(self) -> Witness | None:
        """A request for an action of which the other side does not speak, where documents are asked about."""
        new, old = self.allowed, self.refused
        if old is None or not (new.is_alone and old.is_alone and new.identity and old.identity):
            return None
        guesses = (self._decided(one, True) for one in glance.requests(new.identity, old.identity))
        found = next((one for one in guesses if one is not None), None)
        self.open = None
        return found

    def answer(self, because: str) -> Finding:
        if self.refused is not None:
            self.searched = alike.searched(self.allowed, self.refused)
            if self.searched is not self.allowed and not alike.may_allow(self.searched):
                return Proved(because)
        try:
            best: Witness | None = None
            exhaustive = True
            for fillings in self._attempts():
                question = self._question(upper=False, fillings=fillings)
                for found in islice(question.answers(), _CANDIDATES):
                    witness = self._confirmed(found, fillings)
                    if witness is not None and (best is None or witness.is_real):
                        best = witness
                    if best is not None and best.is_real:
                        return best
                exhaustive = exhaustive and not question.inexact
                if best is not None:
                    return best
            if self.open is None and exhaustive and self._is_whole():
                return Proved(because)
            question = self._question(upper=True, fillings={})
            first = next(question.answers(), None)
            if first is None and not question.inexact:
                return Proved(because)
            return self._undecided(first)
        except BudgetExceeded as error:
            return Undecided(error.message)

    # ---------------------------------------------------------------------------------- the search

    def _question(self, *, upper: bool, fillings: Mapping[str, str | None]) -> Question:
        """The question with what is not known taken for the asker (``upper``) or against."""
        fillings = {**self._said(), **fillings}
        allowed = most(self._filled(self.searched, fillings), upper=upper)
        if self.unconditional:
            allowed = Side(((),))
        if self.also is not None:
            allowed = both(allowed, most(self._filled(self.also, fillings), upper=upper))
        if self.only is not None:
            groups = tuple(((self.only,), *one) for one in allowed.alternatives)
            allowed = Side(groups, allowed.denials)
        refused = Side() if self.refused is None else most(self._filled(self.refused, fillings), upper=True)
        fixed: dict[str, Values] = {key: None if value is None else (value,) for key, value in fillings.items()}
        for clause in (*allowed.everything, *refused.everything):
            for test in clause.tests:
                self.spelling.setdefault(test.test.key, test.test.source.key)
        fixed |= self.context
        asking = self._callers((*allowed.everything, *refused.everything), fixed)
        if upper and self.refused is not None:
            # To prove it, only what is surely allowed by the other side is of use.
            alike = not self.unconditional and same_resource(self.allowed, self.refused)
            refused = least(self._filled(self.refused, fillings), asking, alike=alike)
        return Question(allowed, refused, self.budget, fixed, asking)

    def _said(self) -> dict[str, str | None]:
        """What policy variables stand for by the context that the question gives."""
        out: dict[str, str | None] = {}
        for key in {key for access in self._accesses() for key in variables_of(access)} & self.context.keys():
            match self.context[key]:
                case None:
                    out[key] = None
                case (str() as only,):
                    out[key] = only
                case _:
                    pass
        return out

    def _callers(self, everything: Sequence[Clause], fixed: Mapping[str, Values]) -> tuple[Caller | None, ...]:
        """One caller of each class, of the kinds that are thought of, and such as the fixed keys may be of."""
        kinds = self.kinds
        if not kinds and not all(one.is_alone for one in self._accesses()):
            kinds = THOUGHT_OF
        accounts = [one.account for one in self._accesses()]
        listed = self.callers or callers(everything, self.budget, fixed, accounts)
        found = tuple(one for one in listed if not (one and kinds) or one.kind in kinds)
        return tuple(one for one in found if one is None or _may_have(one, fixed))

    @staticmethod
    def _filled(access: Access, fillings: Mapping[str, str | None]) -> Access:
        return access.filled(fillings) if fillings else access

    def _attempts(self) -> Iterator[Mapping[str, str | None]]:
        """What policy variables may stand for: a text like no other, nothing, texts that conditions name."""
        used = {key for access in self._accesses() for key in variables_of(access)}
        keys = sorted(used - self.context.keys())
        if not keys:
            yield {}
            return
        yield {key: _LIKE_NO_OTHER.get(key, f"{_FRESH}{number}") for number, key in enumerate(keys, 1)}
        yield dict.fromkeys(keys)
        named = {text: None for access in self._accesses() for text in _named(access, keys)}
        named |= dict.fromkeys(self._fitting())
        for text in list(named)[:_NAMES]:
            yield dict.fromkeys(keys, text)

    def _fitting(self) -> Iterator[str]:
        """What variables in resources would have to stand for to fit other resources that are named."""
        patterns = list(
            dict.fromkeys(
                pattern
                for access in self._accesses()
                for _, policies in access.layers()
                for one in policies.statements
                for pattern in (one.resources.patterns if one.resources else ())
            )
        )
        for one in patterns:
            if any(isinstance(token, Variable) for token in one):
                for other in patterns[:_FITTED]:
                    if other is not one and meets(opened(one), opened(other)):
                        text = classes((opened(other),), within=opened(one), budget=self.budget).get(1)
                        yield from _fillings(one, text)

    def _accesses(self) -> Iterator[Access]:
        yield from (one for one in (self.searched, self.also, self.refused) if one is not None)

    def _is_whole(self) -> bool:
        """Whether everything is known, so that a search that found nothing has proved it."""
        if not all(one.is_alone for one in self._accesses()):
            return False  # what `decide` says of these depends on accounts as well
        return all(
            not policies.unknown and all(map(is_whole, policies.statements))
            for access in self._accesses()
            for _, policies in access.layers()
        ) and not any(True for access in self._accesses() for _ in variables_of(access))

    # ------------------------------------------------------------------------------------ witnesses

    def _confirmed(self, found: Found, fillings: Mapping[str, str | None]) -> Witness | None:
        """The request of which ``decide`` says what the search does, with a real action if there is one."""
        context: dict[str, Any] = {self.spelling.get(key, key): value for key, value in found.context.items()}
        context |= {self.spelling.get(key, key): value for key, value in self.context.items()}
        context |= {key: value for key, value in fillings.items() if key not in found.context}
        for action, is_real in usual.actions(found):
            for resource in usual.resources(found, action):
                request = Request(found.caller, action, resource, context, complete=True)
                witness = self._decided(request, is_real)
                if witness is not None:
                    return witness
        return None

    def _decided(self, request: Request, is_real: bool) -> Witness | None:
        allowed = self.allowed.decide(request)
        if self.also is not None and allowed.answer is Answer.ALLOW:
            allowed = self.also.decide(request)
        refused = None if self.refused is None else self.refused.decide(request)
        if self.unconditional:
            allowed = Decision(Answer.ALLOW, "it is asked for")
        for one, wanted in ((allowed, Answer.ALLOW), (refused, Answer.DENY)):
            if one is not None and one.answer is not wanted:
                self.open = one
                return None
        return Witness(request, allowed, refused, is_real)

    def _undecided(self, found: Found | None) -> Undecided:
        """Why it is open: what decides the request that might be one."""
        reason = "it depends on what is not known before deployment"
        if found is None:
            return Undecided("not every combination of condition values could be looked at")
        witness = self._confirmed(found, {})
        depends = self.open.undecided if self.open is not None and witness is None else ()
        return Undecided(reason, depends)


_CANDIDATES: Final = 40
_NAMES: Final = 6
_FITTED: Final = 50
_FRESH: Final = "someone"
_LIKE_NO_OTHER: Final = {
    "aws:principalaccount": STRANGER,
    "aws:principalarn": f"arn:aws:iam::{STRANGER}:role/someone",
}


def _may_have(caller: Caller, fixed: Mapping[str, Values]) -> bool:
    return all(fixed[key] == value for key, value in caller.keys().items() if key in fixed)


def _fillings(pattern: Pattern, text: Text | None) -> Iterator[str]:
    """What the variables of a pattern are where it matches a text."""
    if text is None or any(isinstance(token, Hole) and not isinstance(token, Variable) for token in pattern):
        return
    if found := re.fullmatch(regex(pattern), spell(text), re.DOTALL):
        yield from (one for one in found.groups() if one)


def variables_of(access: Access) -> Iterator[str]:
    """The keys of the policy variables in an access's policies."""
    for _, policies in access.layers():
        for one in policies.statements:
            if one.resources is not None:
                yield from variables_in(one.resources)
            for test in one.tests:
                if test.texts is not None:
                    yield from variables_in(test.texts)


def _named(access: Access, keys: Sequence[str]) -> Iterator[str]:
    """The texts that conditions on some keys name."""
    for _, policies in access.layers():
        for one in policies.statements:
            for test in one.tests:
                if test.key in keys and test.texts is not None:
                    yield from (
                        "".join(str(token)[0] for token in pattern)
                        for pattern in test.texts.patterns
                        if all(isinstance(token, str) for token in pattern)
                    )

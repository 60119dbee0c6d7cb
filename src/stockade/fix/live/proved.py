"""Fixes of an account proved together: made in memory, asked again, and left out where they do not hold.

What the commands do is taken for what AWS says they do; nothing is executed. The findings have to be gone, none
may come, and nobody may be allowed more than before unless the fix says so itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from stockade.control import Add, Change, Code, Fails, Fix, Rewrite, Safety
from stockade.errors import FixError
from stockade.fix.live.commands import SHELL, Commands, here, script
from stockade.fix.live.terraform import terraform, together
from stockade.fix.proof import Claim, Name, State, holding, name_of, prove
from stockade.fix.rehearse import rehearse
from stockade.patched import Outcome, Patch, Told
from stockade.read.account.answer import Place
from stockade.read.build import build
from stockade.read.inputs import Input
from stockade.records import dataclass
from stockade.report import Finding, Report

Judge: TypeAlias = Callable[[Sequence[Input]], Report]
_LATER: Final = "another fix takes statements out of the same policy"
_AGAIN: Final = "make that first, and ask again"
_ROUNDS: Final = 8
"""How often those that are at fault are left out and the rest tried again, before each is tried by itself."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A finding with its changes as AWS knows them, and the commands that make them."""

    finding: Finding
    fix: Fix
    changes: tuple[Change, ...]
    lines: str
    terraform: str

    @property
    def names(self) -> frozenset[str]:
        """What its additions are called."""
        added = (dict(one.attributes) for one in self.changes if isinstance(one, Add))
        return frozenset(str(of["name"]) for of in added if "name" in of)

    @property
    def claim(self) -> Claim:
        return Claim(self.finding, self.changes, self.fix.grants)


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of every fix, and for each input all that is made as one configuration of Terraform."""

    patch: Patch
    terraform: Mapping[int, str]


def proved(
    inputs: Sequence[tuple[Input, Place]],
    judge: Judge,
    safety: Safety,
    wants: Callable[[Finding], bool] = lambda _: True,
) -> Mended:
    """What became of every fix that was asked for; those that are made have their commands as code."""
    report = judge([one for one, _ in inputs])
    told: dict[Name, Told] = {}
    texts: dict[int, str] = {}
    for index, (source, place) in enumerate(inputs):
        mine = [one for one in report.findings if one.input == index and _is_meant(one) and wants(one)]
        found, texts[index] = _of(index, source, place, mine, report, judge, safety)
        told |= found
    meant = [told[name_of(one)] for one in report.findings if name_of(one) in told]
    return Mended(Patch((), tuple(meant), report), texts)


def _is_meant(one: Finding) -> bool:
    return isinstance(one.outcome, Fails) and one.suppressed is None


def _of(
    index: int,
    source: Input,
    place: Place,
    findings: Sequence[Finding],
    report: Report,
    judge: Judge,
    safety: Safety,
) -> tuple[dict[Name, Told], str]:
    """What became of the fixes of one account and region, and those that are made in Terraform."""
    told: dict[Name, Told] = {}
    written: list[_Written] = []
    if source.reading is None:
        return told, ""
    writer = Commands(source.reading, place)
    documents: dict[tuple[str, str], bool] = {}
    for one in findings:
        made = _written(one, writer, safety)
        if isinstance(made, Told):
            told[name_of(one)] = made
        elif _meets(made.changes, documents):
            told[name_of(one)] = Told(one, made.fix, Outcome.IMPOSSIBLE, _LATER, _AGAIN)
        else:
            written.append(made)
    kept = [one.claim.name for one in _held(index, source, written, report, judge, told)]
    writer = Commands(source.reading, place)
    made_of: list[Change] = []
    for each in (one for one in written if one.claim.name in kept):
        again = _written(each.finding, writer, safety)  # after those that were made before it
        if isinstance(again, Told):
            told[each.claim.name] = again
            continue
        each = again
        writer.make(each.changes)
        made_of += each.changes
        code = [Code(SHELL, each.lines), *([Code("hcl", each.terraform)] if each.terraform else [])]
        fix = replace(each.fix, code=(*each.fix.code, *code))
        old = told.get(each.claim.name)
        told[each.claim.name] = Told(each.finding, fix, Outcome.MADE, adds=old.adds if old else ())
    rest = [one for one in made_of if not isinstance(one, Add)]
    return told, together(made_of, *Commands(source.reading, place).rehearsed(rest))


def _meets(changes: Sequence[Change], documents: dict[tuple[str, str], bool]) -> bool:
    """Whether some of the same documents are rewritten before, and statements are taken out of them.

    Statements are known by their places, which move then. ``documents`` are those of the fixes so far.
    """
    mine: dict[tuple[str, str], bool] = {}
    for one in changes:
        if isinstance(one, Rewrite):
            key = (one.address, one.attribute)
            mine[key] = mine.get(key, False) or one.element is None
    if any(key in documents and (shorter or documents[key]) for key, shorter in mine.items()):
        return True
    documents |= mine
    return False


def _written(one: Finding, writer: Commands, safety: Safety) -> _Written | Told:
    fix = one.fix
    if fix is None:
        return Told(one, None, Outcome.PERSON, "there is no fix that could be made for everybody")
    fix = here(fix)
    if not fix.changes or fix.safety is Safety.SHOW:
        return Told(one, fix, Outcome.PERSON, "it needs to be decided by a person")
    if fix.safety < safety:
        help = f"`--safety {fix.safety.name.lower()}` says how"
        reason = "it may change how the function behaves"
        if fix.safety is Safety.BREAKING:
            reason = "the code has to be changed together with it"
        return Told(one, fix, Outcome.PERSON, reason, help)
    try:
        changes = writer.said(fix)
        lines = script(writer.commands(changes))
    except FixError as error:
        return Told(one, fix, Outcome.IMPOSSIBLE, error.message, error.help)
    try:
        rest = [each for each in changes if not isinstance(each, Add)]
        text = terraform(changes, *writer.rehearsed(rest))
    except FixError:
        text = ""  # the commands say it alone
    return _Written(one, fix, changes, lines, text)


def _held(
    index: int,
    source: Input,
    written: Sequence[_Written],
    report: Report,
    judge: Judge,
    told: dict[Name, Told],
) -> list[_Written]:
    """Those whose proof holds, of all together; what a proof blames is told, and the rest tried again."""
    mine = tuple(one for one in report.findings if one.input == index)
    before = State({index: source}, {index: mine}, {index: holding(report).get(index, frozenset())})
    left = list(written)
    for _ in range(_ROUNDS):
        blamed = _blamed(index, before, left, judge, told)
        if not blamed:
            return left
        left = [one for one in left if one.claim.name not in blamed]
    out = []
    for one in left:
        if not _blamed(index, before, [one], judge, told):
            out.append(one)
    return out


def _blamed(
    index: int, before: State, tried: Sequence[_Written], judge: Judge, told: dict[Name, Told]
) -> set[Name]:
    """Who keeps some fixes from being made together; everybody, where nobody can be told to."""
    source = before.inputs[index]
    reading = source.reading
    if not tried or reading is None:
        return set()
    for one in tried:
        try:
            reading = rehearse(reading, one.changes)
        except FixError as error:  # what another fix takes away cannot be changed
            told[one.claim.name] = Told(one.finding, one.fix, Outcome.IMPOSSIBLE, error.message, _AGAIN)
            return {one.claim.name}
    after = replace(source, reading=reading, world=build(reading))
    judged = judge([after])
    found = tuple(replace(one, input=index) for one in judged.findings)
    state = State({index: after}, {index: found}, {index: holding(judged).get(0, frozenset())})
    failure = prove(before, state, [one.claim for one in tried], [index])
    for one in tried:
        others = {name for each in tried if each is not one for name in each.names}
        what = [each for each in failure.added.get(one.claim.name, ()) if not _names(each, others - one.names)]
        if what:
            told[one.claim.name] = Told(one.finding, one.fix, Outcome.MADE, adds=tuple(dict.fromkeys(what)))
    if not failure:
        return set()
    names = set(failure.blamed)
    for one in tried:
        reason = failure.blamed.get(one.claim.name)
        if reason is None and not names and len(tried) == 1:
            reason = failure.reason
            names.add(one.claim.name)
        if reason is not None:
            outcome = Outcome.UNPROVED if reason in failure.undecided else Outcome.DEFECT
            told[one.claim.name] = Told(one.finding, one.fix, outcome, reason)
    if not names and len(tried) > 1:  # halves, until one is left that can be blamed
        return _blamed(index, before, tried[: len(tried) // 2], judge, told) or _blamed(
            index, before, tried[len(tried) // 2 :], judge, told
        )
    return names


def _names(what: str, names: Collection[str]) -> bool:
    """Whether a sentence on an access is about something that has one of some names."""
    return any(f"`{name}`" in what for name in names)

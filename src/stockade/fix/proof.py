"""The proof of fixes: their findings are gone, none came, and nothing is another but what they said.

What was read before, what was read again with the edits made, and what the controls say of both. The
changes are made in memory as well (``rehearse``): the files have to say exactly that. A proof that
fails says of which fixes, where that can be told, so that the others need not be doubted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from typing import Final, TypeAlias

from stockade.control import Add, Change, Crashed, Noise, Rewrite, Undecided
from stockade.control import State as Answer
from stockade.errors import FixError
from stockade.fix.alike import Difference, differences
from stockade.fix.grants import Added, adds, widened
from stockade.fix.rehearse import path_of, rehearse
from stockade.model.names import names_of
from stockade.read.inputs import Input
from stockade.read.resource import Reading
from stockade.records import dataclass, record
from stockade.report import Finding, Report

Key: TypeAlias = tuple[int, str, str]
"""Input, control and address: what findings are counted by, for statements move when others go."""

Name: TypeAlias = tuple[int, str]
"""A finding's input and fingerprint."""


@record
class Claim:
    """What one fix of one finding claims: ``input`` is the finding's, ``changes`` are made there.

    ``grants`` says that it allows more by its own words."""

    finding: Finding
    changes: tuple[Change, ...]
    grants: bool = False

    @property
    def key(self) -> Key:
        return key_of(self.finding)

    @property
    def name(self) -> Name:
        return name_of(self.finding)


def key_of(finding: Finding) -> Key:
    return (finding.input, finding.control, finding.address)


def name_of(finding: Finding) -> Name:
    return (finding.input, finding.fingerprint)


BRINGS: Final = "it brings a finding of"
"""How the reason begins against a fix after which a finding is there that was not."""


@dataclass
class State:
    """All inputs as they are at one moment, each with its findings, its gaps and what holds.

    ``holding`` are, by input, the controls that hold for a function, with the function's address.
    """

    inputs: dict[int, Input]
    findings: dict[int, tuple[Finding, ...]]
    holding: dict[int, frozenset[tuple[str, str]]]


@dataclass
class Failure:
    """What keeps a proof from holding.

    ``blamed`` are reasons by the name of the claim at fault, ``others`` those of which it cannot be told whose
    they are, ``inputs`` where these are, ``shared`` those of inputs in which nothing is fixed. ``undecided``
    are the reasons that prove nothing either way. ``added`` is access that fixes add by their own words.
    """

    shared: set[str] = field(default_factory=set)
    inputs: set[int] = field(default_factory=set)
    undecided: set[str] = field(default_factory=set)
    blamed: dict[Name, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    added: dict[Name, list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.blamed or self.others)

    def take(self, other: Failure) -> None:
        """What is wrong with another input, added to this."""
        self.shared |= other.shared
        self.inputs |= other.inputs
        self.undecided |= other.undecided
        self.blamed |= {name: reason for name, reason in other.blamed.items() if name not in self.blamed}
        self.others += other.others
        for name, what in other.added.items():
            self.added.setdefault(name, []).extend(what)

    @property
    def reason(self) -> str:
        return next(iter((*self.blamed.values(), *self.others)), "")


def prove(before: State, after: State, claims: Sequence[Claim], touched: Iterable[int]) -> Failure:
    """What is wrong with the claims, given what was read before and after; nothing where they are proved.

    ``touched`` are the inputs that were read again: in all others nothing can have changed.
    """
    out = Failure()
    for index in touched:
        mine = [one for one in claims if one.finding.input == index]
        blame, before_it = _Blame(out, mine), len(out.others)
        _findings(before, after, index, mine, blame)
        _gaps(before.inputs[index], after.inputs[index], blame)
        _contents(before.inputs[index], after.inputs[index], mine, blame)
        if len(out.others) > before_it:
            out.inputs.add(index)
        if not mine:  # a module that several roots call
            path = before.inputs[index].path
            out.others[before_it:] = [f"`{path}` reads the same lines: {one}" for one in out.others[before_it:]]
            out.shared.update(out.others[before_it:])
    return out


class _Blame:
    """Writes down what is wrong, and whose fault it is where only one can be at fault."""

    def __init__(self, out: Failure, claims: Sequence[Claim]) -> None:
        self._out = out
        self._claims = claims
        self._by_key: dict[Key, set[Name]] = {}
        self._by_address: dict[str, set[Name]] = {}
        self._by_attribute: dict[tuple[str, str], set[Name]] = {}
        for one in claims:
            self._by_key.setdefault(one.key, set()).add(one.name)
            for address in {one.finding.address, *map(address_of, one.changes)}:
                self._by_address.setdefault(address, set()).add(one.name)
            for change in one.changes:
                if not isinstance(change, Add) and change.attribute:
                    self._by_attribute.setdefault((change.address, change.attribute), set()).add(one.name)

    def of(self, key: Key, reason: str) -> None:
        self._write(self._by_key.get(key, set()), reason)

    def at(self, address: str, reason: str) -> None:
        """Blame who changes something at an address."""
        self._write(self._by_address.get(address, set()), reason)

    def differs(self, one: Difference, heads: Mapping[tuple[str, str], str]) -> None:
        """Blame who changes the very attribute that is another than was said, if anybody does."""
        names = {
            name
            for (address, attribute), names in self._by_attribute.items()
            if address == one.address and heads.get((address, attribute)) == one.attribute
            for name in names
        }
        self._write(names, str(one))

    @property
    def untold(self) -> int:
        """How much is wrong of which it cannot be told whose fault it is."""
        return len(self._out.others)

    def undecided(self, reason: str) -> None:
        self._out.undecided.add(reason)

    def nobody(self, reason: str) -> None:
        self._write((), reason)

    def _write(self, names: Collection[Name], reason: str) -> None:
        if len(names) == 1:
            self._out.blamed.setdefault(next(iter(names)), reason)
        else:
            self._out.others.append(reason)

    def added(self, added: Added) -> None:
        """Write down access that is added, with whoever says so."""
        for one in self._claims:
            if (one.grants and added.address in map(address_of, one.changes)) or any(
                adds(change, added) for change in one.changes
            ):
                self._out.added.setdefault(one.name, []).append(added.what)


def address_of(change: Change) -> str:
    """The address of what a change changes, or puts something beside."""
    return change.beside if isinstance(change, Add) else change.address


# ----------------------------------------------------------------------------------------- findings


def _findings(before: State, after: State, index: int, claims: Sequence[Claim], blame: _Blame) -> None:
    levels = _levels(claims)
    old = _counted(one for one in before.findings[index] if one.noise <= levels.get(one.address, Noise.REGULAR))
    new = _counted(one for one in after.findings[index] if one.noise <= levels.get(one.address, Noise.REGULAR))
    promised = Counter(one.key for one in claims)
    there = _counted(before.findings[index])
    worst = _worst(before.findings[index])
    raised = {key_of(one) for one in after.findings[index] if _only_raised(one, before.holding[index])}
    for key, count in new.items():
        if key in raised and not promised[key]:
            continue
        # What was there for a more patient reader and matters more now is not brought.
        over = count - (max(0, old[key] - promised[key]) if promised[key] else there[key])
        if over > 0 and promised[key]:
            blame.of(key, _left(after.findings[index], key, blame))
        elif over > 0:
            blame.at(key[2], f"{BRINGS} `{key[1]}` at `{key[2]}`")
    for finding in after.findings[index]:
        key = key_of(finding)
        if isinstance(finding.outcome, Crashed):
            blame.at(key[2], f"`{key[1]}` fails on what comes of it: {finding.outcome.error}")
        elif key in worst and finding.severity > worst[key]:
            blame.at(key[2], f"it makes the finding of `{key[1]}` at `{key[2]}` more severe")


def _left(findings: Iterable[Finding], key: Key, blame: _Blame) -> str:
    """Why a finding is still there: what is only open now was fixed as far as the input tells."""
    left = [one.outcome for one in findings if key_of(one) == key]
    if left and isinstance(left[0], Undecided) and all(isinstance(one, Undecided) for one in left):
        reason = f"it is not proved that this ends the finding: {left[0].because.reason}"
        blame.undecided(reason)
        return reason
    return "the finding is still there after it"


def _only_raised(finding: Finding, held: frozenset[tuple[str, str]]) -> bool:
    """Whether it is a question that comes up with what a fix adds, and that the input leaves open: what the
    code needs of a role of its own, say. What held before and is open now is lost, and no such question.
    """
    return isinstance(finding.outcome, Undecided) and not any(
        (finding.control, function) in held for function in finding.functions
    )


def holding(report: Report) -> dict[int, frozenset[tuple[str, str]]]:
    """By input, the controls that hold for a function, with the function's address."""
    out: dict[int, set[tuple[str, str]]] = {index: set() for index in range(len(report.inputs))}
    for one in report.functions:
        held = (name for name, answer in one.checklist.items() if answer is Answer.HOLDS)
        out[one.input].update((name, one.address) for name in held)
    return {index: frozenset(found) for index, found in out.items()}


def _levels(claims: Sequence[Claim]) -> Mapping[str, Noise]:
    """How noisy findings count at an address: as noisy as what is fixed there. What is left for a more patient
    reader is not what a fix promised to remove."""
    out: dict[str, Noise] = {}
    for one in claims:
        for address in {one.finding.address, *map(address_of, one.changes)}:
            out[address] = max(out.get(address, Noise.REGULAR), one.finding.noise)
    return out


def _counted(findings: Iterable[Finding]) -> Counter[Key]:
    return Counter(map(key_of, findings))


def _worst(findings: Iterable[Finding]) -> Mapping[Key, int]:
    out: dict[Key, int] = {}
    for one in findings:
        out[key_of(one)] = max(out.get(key_of(one), 0), one.severity)
    return out


def _gaps(before: Input, after: Input, blame: _Blame) -> None:
    known = {(one.what, one.reason) for one in before.world.gaps}
    for gap in after.world.gaps:
        if (gap.what, gap.reason) not in known:
            blame.nobody(f"something cannot be read any more: {gap.what}: {gap.reason}")


# ----------------------------------------------------------------------------------------- contents


def _contents(before: Input, after: Input, claims: Sequence[Claim], blame: _Blame) -> None:
    """The files say what the changes say and nothing else, and give nobody more access."""
    if before.reading is None or after.reading is None:
        blame.nobody(f"`{before.path}` cannot be read any more")
        return
    changes = distinct(change for one in claims for change in one.changes)
    try:
        expected = rehearse(before.reading, changes)
    except FixError as error:
        blame.nobody(error.message)
        return
    heads = _heads(before.reading, changes)
    unsaid = blame.untold
    for one in differences(expected, after.reading):
        if claims or _is_modelled(before.reading, one.address):
            blame.differs(one, heads)
    added = _addresses(expected) - _addresses(before.reading)
    granting = {address_of(change) for one in claims if one.grants for change in one.changes}
    rewritten = {
        (change.address, change.attribute)
        for one in claims
        if one.grants
        for change in one.changes
        if isinstance(change, Rewrite)
    }
    for wide in widened(before.world, after.world, added | granting, changes, rewritten):
        if isinstance(wide, Added):
            blame.added(wide)
        else:
            reason = f"`{wide.address}`: {wide.reason}"
            if wide.undecided:
                blame.undecided(reason)
            if blame.untold > unsaid:  # what somebody else's fix does to this input may have widened it
                blame.nobody(reason)
            else:
                blame.at(wide.address, reason)


def _is_modelled(reading: Reading, address: str) -> bool:
    """Whether a resource is of a type that is known here.

    A template that is an input of its own may be the text of a stack in another, which changes with it.
    """
    found = next((one for one in reading.resources if one.address == address), None)
    return found is None or names_of(found.dialect, found.type) is not None


def _addresses(reading: Reading) -> set[str]:
    return {one.address for one in reading.resources}


def _heads(reading: Reading, changes: Sequence[Change]) -> Mapping[tuple[str, str], str]:
    """What the input calls the attributes that are changed, as far as a comparison tells them apart."""
    resources = {one.address: one for one in reading.resources}
    out: dict[tuple[str, str], str] = {}
    for one in changes:
        if isinstance(one, Add) or not one.attribute or one.address not in resources:
            continue
        with suppress(FixError):
            out[one.address, one.attribute] = str(path_of(resources[one.address], one.attribute)[0])
    return out


def distinct(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Changes without those that say what an earlier one says; a value may be a map, which has no hash."""
    return tuple({repr(one): one for one in changes}.values())

"""Whether the gaps of a report are exact: each lost call is told with its thing, and nothing else is in doubt.

What was lost is not taken from the scan: it is what the endpoint answered in full without trouble, and not
with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from stockade.consults import CONSULTS
from stockade.read.account.collectors import calls
from stockade.report import Report

DOUBTS: Final = frozenset({"undecided", "not-decided"})
"""States that say nothing; the second is an undecided answer that is noisier than was asked for."""
INSTEAD: Final = frozenset({"iam:GetAccountAuthorizationDetails"})
"""Calls that may be lost without a gap: something else is asked in their place, and is told if it is lost."""
_ACROSS: Final = frozenset({"overcommitted-concurrency"})
"""Controls that look at all functions of a region together, so that one of them leaves the others in doubt."""
_NAMES: Final = (
    "FunctionName",
    "RoleName",
    "Arn",
    "PolicyArn",
    "Resource",
    "logGroupName",
    "logGroupNamePrefix",
)
_STOPPED: Final = re.compile(r"no longer takes the credentials|no credentials any more")
_CALL: Final = re.compile(r"`([a-z0-9-]+:[A-Z]\w+)`")
_OF_CALL: Final = re.compile(r"([a-z0-9-]+:[A-Z]\w+)(?: of (.+))?")
_PARTS: Final = re.compile(r"[:/# ]")


@dataclass(frozen=True)
class Told:
    """What a report says, in plain words: ``states`` by function and control, ``gaps`` as JSON has them."""

    states: Mapping[str, str]
    gaps: Sequence[Mapping[str, Any]]
    functions: Collection[str] = ()

    @staticmethod
    def of(report: Report) -> Told:
        states = {
            f"{one.name} {control}": state.value
            for one in report.functions
            for control, state in one.checklist.items()
        }
        gaps = [{"what": one.what, "reason": one.reason, "about": list(one.about)} for one in report.gaps]
        return Told(states, gaps, [str(one.name) for one in report.functions])


@dataclass(frozen=True)
class Served:
    """What the endpoint answered in full of what it was asked, and which role each report of IAM's is of."""

    answered: Collection[tuple[str, str]]
    asked: Collection[tuple[str, str]]
    jobs: Mapping[str, str] = field(default_factory=dict)

    def about(self, call: tuple[str, str]) -> str:
        """The thing that a call was about; nothing for one about all of the account."""
        parameters = json.loads(call[1])
        if job := parameters.get("JobId"):
            return _last(self.jobs.get(job, job))
        return next((_last(str(parameters[name])) for name in _NAMES if parameters.get(name)), "")


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a troubled report beside the untroubled one; nothing, if it is exact."""

    lost: int
    doubts: int
    others: Sequence[str]
    untold: Sequence[str]
    unfounded: Sequence[str]
    needless: Sequence[str]

    @property
    def is_exact(self) -> bool:
        return not (self.others or self.untold or self.unfounded or self.needless)


def judged(whole: Told, served: Served, found: Told, troubled: Served) -> Verdict:
    """Holds a report under trouble to the one without.

    ``others`` are answers that are neither the same nor undecided, ``untold`` lost calls that no gap names,
    ``unfounded`` gaps about what was answered, ``needless`` doubts for which nothing was lost. A call that was
    not even made is told by a gap about the same thing, or about what would have named it.
    """
    refused = set(troubled.asked) - set(troubled.answered)
    lost = set(served.answered) - set(troubled.answered) | refused
    things = frozenset(whole.functions) | {f"{one}-role" for one in whole.functions}
    gaps = [_Gap.of(each, things) for one in found.gaps for each in _apart(one)]
    stopped = any(one.is_stop for one in gaps)
    doubts, others, needless = 0, [], []
    for key, state in found.states.items():
        wanted = whole.states.get(key)
        if state == wanted:
            continue
        if state not in DOUBTS:
            others.append(f"{key}: {wanted} became {state}")
            continue
        doubts += 1
        function, _, control = key.partition(" ")
        if not stopped and not any(one.explains(function, control) for one in gaps):
            needless.append(key)
    missing = set(whole.functions) - set(found.functions)
    if missing and not any("lambda:ListFunctions" in one.calls or one.is_stop for one in gaps):
        others += [f"{name} is not in the report" for name in sorted(missing)]
    untold = []
    for call in sorted(lost):
        thing = served.about(call)
        if stopped or call[0] in INSTEAD or any(one.names(call[0], thing) for one in gaps):
            continue
        if call not in refused and any(one.is_shared or thing in one.words for one in gaps):
            continue
        untold.append(f"{call[0]} of {thing or 'the account'}")
    return Verdict(len(lost), doubts, others, untold, list(_unfounded(gaps, lost, troubled)), needless)


def _apart(gap: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A gap of many calls that says of each what it was about, as one for each call; any other as it is."""
    by_call: dict[str, list[str]] = {}
    for one in gap["about"]:
        if (said := _OF_CALL.fullmatch(one)) is None:
            yield gap
            return
        by_call.setdefault(said[1], []).extend([said[2]] if said[2] else [])
    if not by_call:
        yield gap
    for call, about in by_call.items():
        yield {"what": f"`{call}`", "reason": gap["reason"], "about": about}


def _unfounded(gaps: Sequence[_Gap], lost: Collection[tuple[str, str]], troubled: Served) -> Iterator[str]:
    """What gaps say of calls all of which were answered."""
    gone = {(name, troubled.about((name, parameters))) for name, parameters in lost}
    came = {(name, troubled.about((name, parameters))) for name, parameters in troubled.answered} - gone
    for gap in gaps:
        if not gap.is_stop:
            things = {_last(one) for one in gap.about} or {""}
            yield from (
                f"{call} of {one}" for call in gap.calls for one in sorted(things) if (call, one) in came
            )


@dataclass(frozen=True)
class _Gap:
    calls: frozenset[str]
    about: Sequence[str]
    words: frozenset[str]
    controls: frozenset[str]
    is_stop: bool
    is_shared: bool

    @staticmethod
    def of(gap: Mapping[str, Any], things: Collection[str]) -> _Gap:
        made = frozenset(_CALL.findall(gap["what"]))
        about = gap["about"]
        words = frozenset(word for one in about for word in _PARTS.split(one))
        is_stop = bool(_STOPPED.search(gap["reason"]))
        return _Gap(made, about, words, _controls(made), is_stop, words.isdisjoint(things))

    def names(self, call: str, thing: str) -> bool:
        return call in self.calls and (not self.about or not thing or thing in self.words)

    def explains(self, function: str, control: str) -> bool:
        """Whether a doubt about a function comes of it: of itself, its role, or what several share."""
        if self.controls and control not in self.controls:
            return False
        own = function in self.words or f"{function}-role" in self.words
        return own or self.is_shared or control in _ACROSS


def _controls(made: Collection[str]) -> frozenset[str]:
    """The controls that ask for what calls tell; none where it is all of them."""
    out: set[str] = set()
    for collector, rows in calls().items():
        if any(row.name in made for row in rows):
            if collector == "functions":
                return frozenset()
            out |= set(CONSULTS.get(collector, ()))
    return frozenset(out)


def _last(thing: str) -> str:
    """The name at the end of an ARN or a short name, without what qualifies a function."""
    if ":function:" in thing or thing.startswith("function:"):
        return thing.partition("function:")[2].split(":")[0].split("#")[0]
    return _PARTS.split(thing.partition("#")[0])[-1]

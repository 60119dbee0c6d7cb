"""IAM Access Analyzer's answers held against a report: the same ones are cited, all others told as notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Final

from stockade.analyzer.answers import PUBLIC, VALIDITY, Answers
from stockade.analyzer.questions import Policy
from stockade.control import Fails, Noise, State, Undecided
from stockade.iam.request import STRANGER
from stockade.iam.validate import Kind, Type, codes, validate
from stockade.model.gap import Gap
from stockade.read.account.analyzer import Checked, Found
from stockade.read.account.answer import Unread
from stockade.records import dataclass
from stockade.report import Evidence, Finding, GapReport, Notice, NoticeKind, Report, SecondOpinion
from stockade.value import Origin, places

NAME: Final = "IAM Access Analyzer"
_SAME: Final = f"{NAME} says the same"
_HELP: Final = "both answers stand: read the policy, and report ours if it is wrong"
_OPEN: Final = "it decides nothing here: read the policy with it"
_WORDS: Final = {
    State.FAILS: "fails",
    State.ACCEPTED: "fails and is accepted",
    State.HOLDS: "holds",
    State.UNDECIDED: "is undecided",
    State.CRASHED: "failed itself",
}
_ORDER: Final = (State.HOLDS, State.ACCEPTED, State.CRASHED, State.UNDECIDED, State.FAILS)
_GRAMMARS: Final = {"identity": Kind.IDENTITY, "trust": Kind.TRUST, "function": Kind.RESOURCE}


def beside(report: Report, answers: Mapping[int, Answers], gaps: Mapping[int, Sequence[Gap]]) -> Report:
    """The report with what was answered about its inputs; ``gaps`` are for what was not."""
    out = _Held(report)
    for number, one in sorted(answers.items()):
        out.hold(number, one)
    lost = [
        GapReport(number, one.what, one.reason, one.help, (), one.spare, one.about)
        for number, those in sorted(gaps.items())
        for one in those
    ]
    cited = {id(one): one for one in report.findings}
    for key, evidence in out.cited.items():
        more = [each for each in evidence if each not in cited[key].evidence]
        cited[key] = replace(cited[key], evidence=(*cited[key].evidence, *dict.fromkeys(more)))
    return replace(
        report,
        findings=tuple(cited[id(one)] for one in report.findings),
        notices=(*report.notices, *out.notices),
        gaps=(*report.gaps, *lost),
        analyzer=SecondOpinion(
            agrees=out.agrees,
            differs=out.differs,
            beside=out.others,
            unanswered=out.unanswered,
            unasked=dict(sorted(out.unasked.items())),
            billed=sum(one.billed for one in answers.values()),
        ),
    )


@dataclass
class _Held:
    """What has been compared so far."""

    report: Report
    agrees: int = 0
    differs: int = 0
    others: int = 0
    unanswered: int = 0
    unasked: Counter[str] = field(default_factory=Counter)
    notices: list[Notice] = field(default_factory=list)
    cited: dict[int, list[Evidence]] = field(default_factory=dict)

    def hold(self, input: int, answers: Answers) -> None:
        """Compare all that was answered about one input."""
        policies = answers.questions.policies
        self.unasked.update(one.why for one in policies if one.text is None)
        for number, said in answers.validations.items():
            if isinstance(said, Unread):
                self.unanswered += 1
            else:
                self._validated(input, policies[number], {one.code: (one.type, one.origin) for one in said})
        for number, checked in answers.public.items():
            self._public(input, policies[number], checked)
        for asked in answers.granted:
            known = [one for one in asked.answers if isinstance(one, Checked)]
            self.unanswered += len(asked.answers) - len(known)
            granting = next((one for one in known if one.granted), None)
            if granting is not None:
                self._same([asked.finding], granting.origin)
            elif len(known) == len(asked.answers) and self._is_whole(answers, asked.finding):
                says = f"no policy of the role grants `{asked.action}` on `{asked.resource}`"
                one = asked.finding
                self._other(one.control, one.address, State.FAILS, says, known[-1].origin, [one])
        for found in answers.found:
            self._found(input, found, answers.questions.resources.get(found.resource, ()))

    def _is_whole(self, answers: Answers, finding: Finding) -> bool:
        """Whether every policy of the role was asked about: AWS's own, for one, are not."""
        questions = answers.questions
        places = questions.grants.get(finding.functions[0], ())
        sent = all(questions.policies[number].text is not None for number in places)
        return sent and set(finding.functions) <= questions.whole

    # ------------------------------------------------------------------------------------- policies

    def _validated(self, input: int, policy: Policy, theirs: Mapping[str, tuple[str, Origin]]) -> None:
        """Codes of both validations; suggestions count where all of ours are listed as well."""
        least = Type.SUGGESTION if self.report.noise is Noise.AUDIT else Type.WARNING
        tree = policy.tree
        said = validate(tree, _GRAMMARS[policy.kind]) if tree is not None else None
        ours = {one.code: one.type for one in said.findings} if said else {}
        listed = self._findings(input, VALIDITY, policy.subjects)
        differs = False
        for code, (type, origin) in theirs.items():
            if type not in Type.__members__ or Type[type] < least:
                continue
            if code in ours:
                self._cite([one for one in listed if f"({code})" in one.message], origin)
                continue
            differs = True
            known = codes().get(code)
            note = "" if known and known.kinds else ", a code that is not decided offline"
            says = f"there is a {_said(type)} in it, `{code}`{note}"
            self._tell(VALIDITY, policy.about, self._state(listed), says, origin)
        for code, kind in ours.items():
            if code not in theirs and kind >= least:
                differs = True
                message = f"`{policy.about}`: `{VALIDITY}` says `{code}` of it, and {NAME} does not"
                self.notices.append(Notice(NoticeKind.DIFFERS, message, _HELP, ()))
        self.differs, self.agrees = self.differs + differs, self.agrees + (not differs)

    def _public(self, input: int, policy: Policy, checked: Checked | Unread) -> None:
        if isinstance(checked, Unread):
            self.unanswered += 1
            return
        control = PUBLIC[policy.kind]
        listed = self._findings(input, control, policy.subjects)
        state = self._state(listed)
        failing = state in (State.FAILS, State.ACCEPTED)
        if policy.kind == "trust" and failing and not checked.granted and not any(map(_lets_strangers, listed)):
            self.others += 1  # ours is about whom the policy names, which AWS was not asked
        elif state in (State.UNDECIDED, State.CRASHED) or checked.granted != failing:
            says = "the policy can let anybody in" if checked.granted else "the policy is not public"
            self._other(control, policy.about, state, says, checked.origin, listed)
        else:
            self._same(listed, checked.origin)

    # ------------------------------------------------------------------------------------- findings

    def _found(self, input: int, found: Found, functions: Sequence[str]) -> None:
        """An analyzer's own finding beside the control that asks the same."""
        is_role = ":role/" in found.resource
        aside = " (archived)" if found.archived else ""
        whom = ", ".join(f"`{one}`" for one in found.who) or "somebody"
        match found.kind:
            case "ExternalAccess" if is_role:
                control, says = "foreign-trust", f"{whom} may assume the role"
            case "ExternalAccess":
                control = "public-invoke" if found.public else "cross-account-invoke"
                says = f"{'anybody' if found.public else whom} has access to the function"
            case "UnusedPermission":
                named = ", ".join(f"`{one}`" for one in found.services) or "a service"
                control, says = "unused-permission", f"permissions for {named} were not used"
            case "UnusedIAMRole":
                control, says = "idle-function", "the role was not used"
            case _:
                return
        if control not in self.report.asked:
            return
        listed = [one for one in self._all(input, control) if set(one.functions) & set(functions)]
        state = self._checklist(input, control, functions)
        if state in (State.FAILS, State.ACCEPTED):
            self._same(listed, found.origin)
        else:
            self._other(control, found.resource, state, f"{says}{aside}", found.origin, listed)

    # --------------------------------------------------------------------------------------- within

    def _same(self, listed: Sequence[Finding], origin: Origin) -> None:
        self.agrees += 1
        self._cite([one for one in listed if isinstance(one.outcome, Fails)], origin)

    def _other(
        self,
        control: str,
        about: str,
        state: State | None,
        says: str,
        origin: Origin,
        listed: Sequence[Finding],
    ) -> None:
        """Another answer than ours, or one where we have none."""
        decided = state in (State.FAILS, State.HOLDS, State.ACCEPTED)
        self.differs, self.others = self.differs + decided, self.others + (not decided)
        self._tell(control, about, state, says, origin)
        self._cite(listed, origin, f"{NAME} says: {says}")

    def _tell(self, control: str, about: str, state: State | None, says: str, origin: Origin) -> None:
        ours = _WORDS.get(state, "has no answer") if state else "has no answer"
        message = f"`{about}`: `{control}` {ours}, and {NAME} says that {says}"
        decided = state in (State.FAILS, State.HOLDS, State.ACCEPTED)
        evidence = tuple(Evidence(one.span, "") for one in places(origin))
        self.notices.append(Notice(NoticeKind.DIFFERS, message, _HELP if decided else _OPEN, evidence))

    def _cite(self, listed: Sequence[Finding], origin: Origin, note: str = _SAME) -> None:
        shown = {id(one) for one in self.report.findings}
        for one in listed:
            if id(one) in shown:
                evidence = [Evidence(place.span, note) for place in places(origin)]
                self.cited.setdefault(id(one), []).extend(evidence)

    def _all(self, input: int, control: str) -> Iterator[Finding]:
        for one in (*self.report.findings, *self.report.quiet):
            if one.control == control and one.input == input:
                yield one

    def _findings(self, input: int, control: str, subjects: Sequence[str]) -> list[Finding]:
        return [one for one in self._all(input, control) if one.address in subjects]

    def _state(self, listed: Sequence[Finding]) -> State:
        """What a control says of what it was asked of: it holds where nothing is found."""
        states = {_of(one) for one in listed} or {State.HOLDS}
        return max(states, key=_ORDER.index)

    def _checklist(self, input: int, control: str, functions: Sequence[str]) -> State | None:
        """The worst answer for some functions; ``None`` where there is none."""
        states = {
            one.checklist[control]
            for one in self.report.functions
            if one.input == input and one.address in functions and control in one.checklist
        }
        known = [one for one in states if one in _ORDER]
        return max(known, key=_ORDER.index) if known else None


def _of(one: Finding) -> State:
    match one.outcome:
        case Fails():
            return State.ACCEPTED if one.suppressed else State.FAILS
        case Undecided():
            return State.UNDECIDED
        case _:
            return State.CRASHED


def _lets_strangers(one: Finding) -> bool:
    """Whether a finding shows somebody of no account in particular who gets in."""
    request = one.outcome.shown() if isinstance(one.outcome, Fails) else None
    return (
        request is not None and request.caller is not None and request.caller.account.startswith(STRANGER[:8])
    )


def _said(type: str) -> str:
    """A type of AWS's findings as a word."""
    return type.lower().replace("_", " ")

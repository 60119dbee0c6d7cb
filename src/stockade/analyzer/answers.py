"""Asks IAM Access Analyzer about the policies of one input, and about what a report found there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from stockade.analyzer.questions import Policy, Questions, filled
from stockade.control import Fails
from stockade.iam.request import CallerKind
from stockade.read.account import analyzer
from stockade.read.account.analyzer import Checked, Found, Said
from stockade.read.account.answer import Place, Unread
from stockade.read.account.client import Client
from stockade.records import dataclass
from stockade.report import Finding, Report

VALIDITY: Final = "invalid-policy"
PUBLIC: Final = {"function": "public-invoke", "trust": "foreign-trust"}
"""The control that says of each kind of policy whether it lets anybody in."""
FOUND: Final = ("public-invoke", "cross-account-invoke", "foreign-trust", "unused-permission", "idle-function")
"""The controls that existing findings of analyzers are about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A finding's witness: what was asked about it, of which policies, and what came."""

    finding: Finding
    action: str
    resource: str
    answers: tuple[Checked | Unread, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered about one input: by the places of its policies, by finding, and by resource."""

    questions: Questions
    validations: dict[int, Sequence[Said] | Unread]
    public: dict[int, Checked | Unread]
    granted: tuple[Asked, ...]
    found: tuple[Found, ...]
    billed: int


def ask(client: Client, questions: Questions, report: Report, input: int) -> Answers:
    """Ask what concerns the controls of a report, each policy once. No answer is the client's miss."""
    controls = set(report.asked)
    sent = [(number, one, one.text) for number, one in enumerate(questions.policies) if one.text is not None]
    valid = [one for one in sent if VALIDITY in controls and one[1].kind != "function"]
    open_ = [one for one in sent if PUBLIC.get(one[1].kind, "") in controls]
    said = client.each(valid, lambda one: analyzer.validation(client, one[1].kind, one[1].about, one[2]))
    public = client.each(open_, lambda one: analyzer.public(client, one[1].kind, one[1].about, one[2]))
    witnesses = list(_witnesses(questions, report, input, client.place))
    granted = client.each(witnesses, lambda one: _granted(client, *one))
    found = analyzer.findings(client, questions.resources) if controls & set(FOUND) else ()
    return Answers(
        questions,
        dict(zip((number for number, *_ in valid), said, strict=True)),
        dict(zip((number for number, *_ in open_), public, strict=True)),
        tuple(granted),
        found,
        len(open_) + sum(len(one.answers) for one in granted),
    )


def _witnesses(
    questions: Questions, report: Report, input: int, place: Place
) -> Iterator[tuple[Finding, str, str, Sequence[Policy]]]:
    """Findings that show a request of a role, with what of it and the role's policies to ask about."""
    seen = set()
    for one in report.findings:
        outcome = one.outcome
        if one.input != input or not isinstance(outcome, Fails) or one.suppressed or not one.functions:
            continue
        request = outcome.shown()
        if request is None or request.caller is None or request.caller.kind is not CallerKind.ROLE:
            continue
        places = questions.grants.get(one.functions[0], ())
        policies = [each for number in places if (each := questions.policies[number]).text is not None]
        who, resource = (
            filled(request.caller.shape or request.caller.name, place),
            filled(request.resource, place),
        )
        if resource is None or who not in questions.resources or not policies:
            continue  # what deployment fills in cannot be asked about, nor what a stranger may
        key = (request.action, resource, places)
        if key not in seen:
            seen.add(key)
            yield one, request.action, resource, policies


def _granted(client: Client, finding: Finding, action: str, resource: str, policies: Sequence[Policy]) -> Asked:
    """Ask about the policies of a role one after another, until one of them grants it."""
    answers: list[Checked | Unread] = []
    for one in policies:
        answer = analyzer.granted(client, one.about, one.text or "", action, resource)
        answers.append(answer)
        if isinstance(answer, Checked) and answer.granted:
            break
    return Asked(finding, action, resource, tuple(answers))

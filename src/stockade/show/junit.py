"""The report as JUnit's XML, for build servers: a suite an input, a test a control of a function.

What fails is a failure, what is undecided is skipped with its reason, what was not read or crashed is an error.
A control that does not apply, or was not asked for at this noise, is no test: what was not decided never
passes. JUnit has no schema of its own; this keeps to what Ant wrote first and Jenkins, GitLab and Azure read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from stockade.control import Crashed, Fails, State
from stockade.report import Finding, FunctionReport, Notice, Report
from stockade.show import told
from stockade.show.escape import escape
from stockade.show.groups import differing

_TESTS = (State.HOLDS, State.FAILS, State.UNDECIDED, State.CRASHED, State.ACCEPTED)


def show(report: Report) -> bytes:
    """The document, in UTF-8."""
    suites = ElementTree.Element("testsuites", name="stockade")
    for number, one in enumerate(report.inputs):
        cases = list(_cases(report, number))
        suite = ElementTree.SubElement(suites, "testsuite", name=escape(one.path), timestamp=report.at[:19])
        suite.extend(cases)
        _count(suite, cases)
    if others := differing(report):  # they change no verdict, and so pass or fail nothing
        cases = [_other(one) for one in others]
        suite = ElementTree.SubElement(
            suites, "testsuite", name="IAM Access Analyzer", timestamp=report.at[:19]
        )
        suite.extend(cases)
        _count(suite, cases)
    _count(suites, list(suites.iter("testcase")))
    ElementTree.indent(suites, " ")
    text = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _other(one: Notice) -> ElementTree.Element:
    place = str(one.evidence[0].span) if one.evidence and one.evidence[0].span else "another answer"
    case = ElementTree.Element("testcase", classname="another answer", name=escape(place), time="0")
    message = f"{told.sentence(one.message)}; {told.sentence(one.help)}"
    ElementTree.SubElement(case, "skipped", message=message)
    return case


def _count(element: ElementTree.Element, cases: Sequence[ElementTree.Element]) -> None:
    element.set("tests", str(len(cases)))
    for tag, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        element.set(name, str(sum(one.find(tag) is not None for one in cases)))
    element.set("time", "0")


def _cases(report: Report, number: int) -> Iterator[ElementTree.Element]:
    findings: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    alone: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for one in report.findings:
        if one.input == number:
            for address in one.functions:
                findings[address, one.control].append(one)
            if not one.functions:
                alone[one.address, one.control].append(one)
    for function in report.functions:
        if function.input == number:
            yield from _of(function, findings)
    for (address, control), some in alone.items():
        yield _case(address, control, some, State.FAILS)
    for gap in report.gaps:
        if gap.input == number:
            case = ElementTree.Element("testcase", classname="not read", name=escape(gap.what), time="0")
            ElementTree.SubElement(case, "error", message=told.gap(gap), type="gap")
            yield case


def _of(
    function: FunctionReport, findings: dict[tuple[str, str], list[Finding]]
) -> Iterator[ElementTree.Element]:
    for control, state in function.checklist.items():
        if state in _TESTS:
            yield _case(function.address, control, findings.get((function.address, control), ()), state)


def _case(address: str, control: str, findings: Sequence[Finding], state: State) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=escape(address), name=control, time="0")
    counting = [one for one in findings if one.suppressed is None]
    failing = [one for one in counting if isinstance(one.outcome, Fails)]
    if crashed := [one for one in counting if isinstance(one.outcome, Crashed)]:
        _say(case, "error", crashed)
    elif failing:
        _say(case, "failure", failing)
    elif counting:
        _say(case, "skipped", counting)
    elif state is State.ACCEPTED:
        reasons = {escape(one.suppressed.reason) for one in findings if one.suppressed is not None}
        ElementTree.SubElement(case, "skipped", message=f"accepted: {'; '.join(sorted(reasons))}")
    elif state is not State.HOLDS:  # its findings are told elsewhere or withheld, and still it does not hold
        ElementTree.SubElement(
            case, "skipped", message=f"{state.value}, at another noise or under another control"
        )
    return case


def _say(case: ElementTree.Element, tag: str, findings: Sequence[Finding]) -> None:
    first = findings[0]
    element = ElementTree.SubElement(case, tag, message=told.message(first))
    if tag != "skipped":
        element.set("type", first.severity.name.lower())
    element.text = "\n".join(_line(one) for one in findings)


def _line(one: Finding) -> str:
    place = f"{escape(str(one.evidence[0].span))}: " if one.evidence else ""
    return f"{place}{told.whole(one)}"

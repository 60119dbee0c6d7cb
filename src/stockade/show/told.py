"""A finding in words, for formats that have one text for all of it."""

from __future__ import annotations

from hashlib import sha256

from stockade.control import Crashed, Fails, Undecided
from stockade.report import Finding, GapReport, Notice, SecondOpinion
from stockade.show.escape import escape


def message(finding: Finding) -> str:
    """What is the matter, as a sentence, and what it hangs on."""
    lead = "Not decided: " if isinstance(finding.outcome, Undecided) else ""
    return sentence(lead + finding.message)


def proof(finding: Finding) -> str:
    """The request that gets through, as a sentence; empty where there is none to show."""
    request = finding.outcome.shown() if isinstance(finding.outcome, Fails) else None
    return sentence(f"proof: {request.sentence()}") if request is not None else ""


def remedy(finding: Finding) -> str:
    """What to do about it, as a sentence; empty where nothing general can be said."""
    if finding.fix is not None:
        return sentence(f"remedy: {finding.fix.title}")
    return sentence(f"to settle it: {finding.help}") if finding.help else ""


def doubt(finding: Finding) -> str:
    """Why the thing may not exist at all; empty where it does."""
    return sentence(f"it may not exist: {finding.doubt}") if finding.doubt else ""


def whole(finding: Finding) -> str:
    """All of it in one line."""
    return " ".join(one for one in (message(finding), doubt(finding), proof(finding), remedy(finding)) if one)


def verdict(finding: Finding) -> str:
    """The answer in one word."""
    if isinstance(finding.outcome, Crashed):
        return "crashed"
    return "fails" if isinstance(finding.outcome, Fails) else "undecided"


def gap(one: GapReport) -> str:
    """What was not read, as sentences."""
    said = sentence(f"not read: {one.what}: {one.reason}")
    return f"{said} {sentence(one.help)}" if one.help else said


def sentence(text: str) -> str:
    """A text as a sentence in one harmless line."""
    line = escape(" ".join(text.split()))
    return f"{line[:1].upper()}{line[1:]}" + ("" if line.endswith((".", "?", "!")) else ".")


def second(one: SecondOpinion) -> str:
    """What came of asking IAM Access Analyzer, counted."""
    said = [f"the same as ours: {one.agrees:,}", f"different: {one.differs:,}"]
    if one.beside:
        said.append(f"nothing of ours beside: {one.beside:,}")
    if one.unanswered:
        said.append(f"not answered: {one.unanswered:,}")
    said += [f"policies not sent since {why}: {number:,}" for why, number in one.unasked.items()]
    if one.billed:
        said.append(f"calls that AWS bills: {one.billed:,}")
    return "; ".join(said)


def fingerprint_of(one: GapReport, root: str) -> str:
    """What tells a gap from others, whatever its lines: its input's root and what was not read."""
    identity = "\0".join(("gap", root, one.what, one.reason))
    return sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fingerprint_of_notice(one: Notice, path: str) -> str:
    """The same of an answer of IAM Access Analyzer that is not ours: where it is of, and what it says."""
    identity = "\0".join(("notice", path, one.message))
    return sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]

"""What functions need: milliseconds a file, and how right it is on labelled handlers.

The handlers in ``data/needs`` were written for this, hard cases and false friends among them; each is labelled
with the operations that it may call as itself, and with the resource where the code or its environment names
one. The actions of those operations are what should be found; any other action is wrong.

    python -m benchmarks.needs

Beside AWS's iam-policy-autopilot where it is installed, with a service reference that is served on loopback
(``needs_peer``), without which it does not run.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks import needs_peer
from stockade.code.facts import Call
from stockade.code.files import Files
from stockade.model.need import Learned
from stockade.needs.actions import table, wanted
from stockade.needs.arguments import Environment
from stockade.needs.derive import learned_alone
from stockade.needs.enrich import analysed
from stockade.needs.said import in_json
from stockade.read.files import Tree
from stockade.source import Source, Span
from stockade.value import Written

DATA: Final = Path(__file__).parent / "data" / "needs"
ROUNDS: Final = 3
_SOURCE: Final = (".py", ".js", ".mjs", ".cjs", ".ts", ".go", ".java")


@dataclass
class Score:
    """What was found of what there is."""

    handlers: int = 0
    files: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    told: int = 0
    named: int = 0
    exact: int = 0
    inexact: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / max(self.right + len(self.wrong), 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + len(self.missed), 1)


def labelled() -> dict[str, list[dict[str, Any]]]:
    """The labels of each language."""
    return {
        path.parent.name: json.loads(path.read_text("utf-8")) for path in sorted(DATA.glob("*/labels.json"))
    }


def of_operation(call: dict[str, Any]) -> set[str]:
    """The actions that a labelled operation is allowed by where none of its parameters asks for more."""
    nowhere = Written(Span(Source("label", b""), 0, 0))
    found = wanted(Call(service=call["service"], operation=call["operation"], origin=nowhere))
    if found is None:
        return {f"{call['service']}:{call['operation']}"}
    return {one.action for one in found if one.own and not one.perhaps}


def by_parameters(call: dict[str, Any]) -> set[str]:
    """The actions that a labelled operation needs for some of its parameters, which labels do not list."""
    rows = table().get((call["service"], call["operation"]), ())
    return {row.action for row in rows if not row.when.startswith("?")}


def files_of(language: str, label: dict[str, Any]) -> Files:
    """The files of one labelled handler."""
    root = DATA / language / label.get("root", str(Path(label["file"]).parent))
    return Files.directory(Tree(DATA), root)


def needed(files: Files, handler: str) -> Learned | None:
    """What a handler needs."""
    source = analysed(files, handler)
    return learned_alone(source, Environment()) if source is not None else None


def scored(language: str, labels: list[dict[str, Any]]) -> Score:
    """How right the needs of some handlers are."""
    out = Score()
    for label in labels:
        files = files_of(language, label)
        started = time.process_time()
        learned = needed(files, label["handler"])
        out.seconds.append(time.process_time() - started)
        out.files += len([one for one in files if one.endswith(_SOURCE)])
        compared(label, learned, out)
    return out


def compared(label: dict[str, Any], learned: Learned | None, out: Score) -> None:
    """Adds what was found of a label's operations, and what else was."""
    out.handlers += 1
    found = [one for one in (learned.needed if learned else ()) if one.found == "source" and one.direct]
    actions = {one.action for one in found}
    # What one operation hands on to another service counts where a label lists it, and is never wrong.
    handed = {one.action for one in (learned.needed if learned else ()) if one.found == "source"} - actions
    expected = {action for one in label["calls"] for action in of_operation(one)}
    out.right += len((actions | handed) & expected)
    allowed = {action for one in label["calls"] for action in by_parameters(one)}
    out.wrong += (f"{label['file']}: {one}" for one in sorted(actions - expected - allowed))
    missing = sorted(expected - actions - handed)
    out.missed += (f"{label['file']}: {one}" for one in missing)
    if learned is not None and missing and any(one.where == "call" for one in learned.open):
        out.told += len(missing)
    for one in label["calls"]:
        _resource(one, label, learned, out)


def _resource(call: dict[str, Any], label: dict[str, Any], learned: Learned | None, out: Score) -> None:
    """Whether the resource that a label names is in an ARN of the call's, whole."""
    name = f"{call['service']}.{call['operation']}"
    if learned is None or not call.get("resource"):
        return
    arns = [in_json(one.resource) for one in learned.needed if name in one.calls and one.direct]
    if not arns:
        return
    wanted = call["resource"].removeprefix("/")
    out.named += 1
    if any(wanted in arn for arn in arns):
        out.exact += 1
    else:
        out.inexact.append(f"{label['file']}: {name}: `{call['resource']}` is not in {arns}")


def peer(language: str, labels: list[dict[str, Any]], command: str, url: str) -> None:
    """How right AWS's own tool is on the same handlers, with the reference that is served here."""
    right, wrong, missed, spent, files, complaints = 0, 0, 0, 0.0, 0, Counter[str]()
    for label in labels:
        root = DATA / language / label.get("root", str(Path(label["file"]).parent))
        paths = sorted(one for one in root.rglob("*") if one.suffix in _SOURCE)
        found = needs_peer.run(command, paths, url)
        spent += found.seconds
        files += len(paths)
        if found.complaint:
            complaints[found.complaint[:110]] += 1
        expected = {action for one in label["calls"] for action in of_operation(one)}
        allowed = {action for one in label["calls"] for action in by_parameters(one)}
        actions = {one for one in found.actions if not one.startswith("kms:")} | (found.actions & expected)
        right += len(actions & expected)
        wrong += len(actions - expected - allowed)
        missed += len(expected - actions)
    print(f"  {needs_peer.NAME}: precision {right / max(right + wrong, 1):.3f}", end="")
    print(f", recall {right / max(right + missed, 1):.3f}; {1000 * spent / files:.0f} ms of CPU a file")
    for text, count in complaints.most_common():
        print(f"    {count} handlers refused: {text}")


def main() -> None:
    all_of = Counter[str]()
    command = needs_peer.installed()
    with needs_peer.served() as url:
        for language, labels in labelled().items():
            _told(language, labels, all_of)
            if command is not None:
                peer(language, labels, command, url)
    right, wrong, missed = all_of["right"], all_of["wrong"], all_of["missed"]
    print(f"all {all_of['handlers']} handlers: precision {right / (right + wrong):.3f}", end="")
    print(f", recall {right / (right + missed):.3f}")
    if command is None:
        print(f"{needs_peer.NAME} is not installed")


def _told(language: str, labels: list[dict[str, Any]], all_of: Counter[str]) -> None:
    scored(language, labels)  # what is imported and opened once is not counted
    best = min((scored(language, labels) for _ in range(ROUNDS)), key=lambda one: sum(one.seconds))
    spent = sum(best.seconds)
    print(f"{language}: {best.handlers} handlers, {best.files} files")
    slowest = 1000 * max(best.seconds)
    print(f"  {1000 * spent / best.files:.1f} ms of CPU a file, {slowest:.0f} ms for the slowest handler")
    print(f"  actions: precision {best.precision:.3f}, recall {best.recall:.3f}", end="")
    print(f" ({best.told} of {len(best.missed)} missed are told as not followed)")
    print(f"  resources: exact {best.exact} of {best.named} that are named", end="")
    print(f" ({best.exact / max(best.named, 1):.1%})")
    for what in ("wrong", "missed", "inexact"):
        for line in getattr(best, what):
            print(f"    {what}: {line}")
    all_of.update(handlers=best.handlers, right=best.right, wrong=len(best.wrong), missed=len(best.missed))


if __name__ == "__main__":
    main()

"""The fixes of a case, made in its files: what ``stockade fix`` would write, held to its ``diff`` blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from stockade.control import BLANK, Noise, Safety
from stockade.fix.patch import Asked, patch
from stockade.fix.unified import unified
from stockade.patched import Outcome, Patch
from stockade.read.inputs import Input, Options, read_all
from stockade.scan import scan
from tests.cases_harness import TEMPLATE, Case, all_controls

_DEFAULTS = {"terraform": ("main.tf", "main.tf.json"), "template": (TEMPLATE,)}
_CONTEXT = re.compile(r"^ .*\n|^(?:---|\+\+\+) .*\n", re.MULTILINE)
_HUNK = re.compile(r"^@@.*\n", re.MULTILINE)


def laid_out(case: Case, directory: Path) -> None:
    """Write the files of a case below a directory."""
    for name, content in case.files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())


def patched(case: Case, directory: Path) -> Patch:
    """Every fix of a case's control, made in memory; those that are only shown are tried as well."""
    root = directory if case.kind == "terraform" else directory / TEMPLATE
    options = Options(directory, case.variables, [], {})
    inputs: list[Input] = list(read_all([root], options, lambda done, total, text: None))
    judge = partial(
        scan,
        controls=list(all_controls().values()),
        at=f"{case.at}T00:00:00Z",
        noise=Noise.AUDIT,
        choices=case.choices,
    )
    asked = Asked(Safety.SHOW, lambda finding: finding.control == case.control)
    return patch(inputs, lambda some: judge(some), asked)


def diffs(case: Case, made: Patch) -> tuple[str, ...]:
    """The ``diff`` blocks of a case as they should be."""
    return tuple(_blocks(case, made))


def _blocks(case: Case, made: Patch) -> Iterator[str]:
    defaults = _DEFAULTS["terraform" if case.kind == "terraform" else "template"]
    for one in made.files:
        text = unified(one, one.shown, context=0).decode()
        body = _HUNK.sub("@@\n", _CONTEXT.sub("", text, count=2)).removeprefix("@@\n")
        named = "" if one.shown in defaults else f"# file: {one.shown}\n"
        yield named + "".join(f"{line.rstrip()}\n" for line in body.splitlines())


def is_whole(made: Patch) -> bool:
    """Whether everything that is proposed could be written."""
    fixes = [one for one in made.told if one.fix is not None]
    return bool(made.files) and all(one.outcome is Outcome.MADE for one in fixes)


def patch_complaint(case: Case, directory: Path) -> str | None:
    """What is wrong with the fixes of a case as they are written; ``None`` where nothing is."""
    laid_out(case, directory)
    made = patched(case, directory)
    problems = [
        f"{one.finding.address}: {one.fix.title}: {one.reason}"
        for one in made.told
        if one.fix is not None and one.outcome is Outcome.DEFECT
    ]
    problems += [
        f"{one.finding.address}: {one.fix.title}: made, though a person has to say something first"
        for one in made.told
        if one.fix is not None
        and one.outcome is Outcome.MADE
        and not one.reason
        and BLANK in repr(one.fix.changes)
    ]
    if case.diffs is not None and sorted(case.diffs) != sorted(diffs(case, made)):
        problems += ["the diff is not as expected; got:", *(f"\n{block}" for block in diffs(case, made))]
    if made.files:
        problems += _again(case, made, directory)
    if not problems:
        return None
    return "\n".join([f"cases/{case.control}.md:{case.line}: {case.title}", *(f"  {one}" for one in problems)])


def _again(case: Case, made: Patch, directory: Path) -> list[str]:
    """Fixing what is fixed changes nothing more: write the files, and try."""
    for one in made.files:
        one.path.write_bytes(one.new)
    second = patched(replace(case, diffs=None), directory)
    return [f"fixing it again changes `{one.shown}`" for one in second.files]

"""Every control whose fixes are written shows what they write, in HCL and in YAML; the others say why not."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import pytest

from stockade.control import Safety
from tests.cases_harness import Case, all_controls, fixes, load, read, report

NOT_WRITTEN = {
    "cross-account-invoke": "whether the other account is one of ours",
    "default-key-environment": "which key",
    "dirty-package": "where the code is to be kept",
    "foreign-layer": "the ARN of the copy in the own account, once it is published",
    "idle-function": "whether the function is needed; nothing written decides it",
    "leaked-hostname": "how the code is to find the host",
    "misplaced-vpc": "which subnets",
    "pinned-runtime": "what the function was pinned for",
    "open-egress": "where the function calls",
    "overcommitted-concurrency": "the account's limit, and who is to have less of it",
    "privilege-escalation": "what the function needs of the rights that lead further",
    "recursive-invocation": "where the function is to write instead",
    "secret-in-code": "where the secret is kept; what was committed has to be renewed as well",
    "secret-in-package": "where the secret is kept; what was shipped has to be renewed as well",
    "shared-role": "which of the statements which function needs",
    "single-zone-vpc": "which other subnet",
    "uncached-secret": "a change of the code",
    "unscanned-dependency": "a lock file, which the package manager writes",
    "vulnerable-dependency": "a version in a lock file, which the package manager writes",
    "wildcard-action": "which of the actions the code calls, where no code says it",
}
"""Controls whose fixes are only shown or told, each with what a person has to say or do first."""

LANGUAGES = {"HCL": ("terraform",), "YAML": ("cloudformation", "sam")}


@cache
def cases() -> dict[str, list[Case]]:
    """The cases of every control that fail somewhere."""
    out: dict[str, list[Case]] = {name: [] for name in all_controls()}
    for case in load():
        if "fails" in case.verdicts:
            out[case.control].append(case)
    return out


def is_written(case: Case) -> bool:
    """Whether a case proposes a fix that somebody may have written without saying anything."""
    with tempfile.TemporaryDirectory() as folder:
        made = report(read(case, Path(folder)), only=[case.control], at=case.at, choices=case.choices)
    return any(fix.changes and fix.safety > Safety.SHOW for _, fix in fixes(made))


@pytest.mark.parametrize("name", sorted(all_controls()))
def test_what_a_fix_writes_is_shown_in_both_languages(name: str) -> None:
    if name in NOT_WRITTEN:
        written = [case.title for case in cases()[name] if is_written(case)]
        assert written == [], "a fix of it is written: take it off the list, and show the diff"
        return
    for language, kinds in LANGUAGES.items():
        shown = [case for case in cases()[name] if case.kind in kinds and case.diffs]
        assert any(is_written(case) for case in shown), (
            f"no case in {language} has a `diff` of a fix that is written (see `scripts/renew_diffs.py`); if "
            f"there is nothing to write, say in `NOT_WRITTEN` what a person has to decide"
        )


def test_the_list_names_controls_that_are_there() -> None:
    assert NOT_WRITTEN.keys() <= all_controls().keys()
    assert all(NOT_WRITTEN.values())

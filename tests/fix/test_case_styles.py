"""Every control's fix keeps line ends as on Windows, and a last line without an end.

The first case of a control with a `diff` stands for it, in HCL and in YAML. Fixed in another style it has to be
what it is in the usual one, byte for byte, in that style.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.case_patches import laid_out, patched
from tests.cases_harness import Case, load

ENDS = (".tf", ".yaml", ".tf.json", ".json")


def windows(text: str) -> str:
    return text.replace("\n", "\r\n")


def unfinished(text: str) -> str:
    return text.removesuffix("\n")


def both(text: str) -> str:
    return windows(unfinished(text))


def representatives() -> Iterator[Case]:
    """The first case with a diff of every control and language."""
    met: set[tuple[str, str]] = set()
    for case in load():
        language = "hcl" if case.kind == "terraform" else "yaml"
        if case.diffs and (case.control, language) not in met:
            met.add((case.control, language))
            yield case


def fixed(case: Case, directory: Path, style: Callable[[str], str]) -> dict[str, str]:
    """The case's files in a style, with its fixes made."""
    directory.mkdir()
    files = {name: style(text) if name.endswith(ENDS) else text for name, text in case.files.items()}
    styled = replace(case, files=files)
    laid_out(styled, directory)
    made = patched(styled, directory)
    return {name: text for name, text in files.items() if name.endswith(ENDS)} | {
        one.shown: one.new.decode() for one in made.files
    }


@pytest.mark.parametrize("case", list(representatives()), ids=lambda case: f"{case.control}: {case.title}")
def test_line_ends_stay(case: Case, tmp_path: Path) -> None:
    plain = fixed(case, tmp_path / "plain", str)
    assert plain != {name: case.files[name] for name in plain}
    made = fixed(case, tmp_path / "styled", both)
    assert made == {name: both(text) for name, text in plain.items()}

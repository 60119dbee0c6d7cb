"""What counts in a scan: what the command line says, or else the configuration, or else ours."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stockade.cli.names import existing
from stockade.cli.outside import Outside
from stockade.errors import UsageError
from stockade.records import dataclass

if TYPE_CHECKING:
    from stockade.baseline import Baseline
    from stockade.configuration import Configuration, Exclusion


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says; ``None`` and empty where it says nothing."""

    variables: Mapping[str, str]
    variable_files: Sequence[Path]
    noise: str | None
    fail_on: str | None
    allow_gaps: bool | None
    baseline: Path | None


@dataclass(frozen=True, slots=True)
class Settings:
    """What counts in the end: the command line's word, or else the configuration's, or else ours."""

    variables: Mapping[str, str]
    variable_files: Sequence[Path]
    noise: str
    fail_on: str
    allow_gaps: bool
    baseline: Baseline | None
    configuration: Configuration | None
    exclusion: Exclusion | None


def configured(outside: Outside, paths: Sequence[Path], named: Path | None) -> Configuration | None:
    from stockade.configuration import find, load

    if named is not None:
        return load(named, outside.here, existing())
    return find(paths, outside.here, existing(), outside.ceiling)


def settle(
    outside: Outside, options: Options, configuration: Configuration | None, *, baseline: bool = True
) -> Settings:
    """``--var-file`` stands for another set of variables, so it takes the place of all that are configured.

    ``baseline`` says whether one that is configured is read: a revision takes its place, or it is made anew.
    """
    from stockade.configuration import Configuration, Exclusion

    said = configuration or Configuration("", outside.here)
    files, variables = options.variable_files, options.variables
    if not files:
        files, variables = said.var_files, {**said.vars, **variables}
    allow_gaps = options.allow_gaps if options.allow_gaps is not None else said.allow_gaps
    return Settings(
        variables,
        files,
        options.noise or said.noise or "regular",
        options.fail_on or said.fail_on or "low",
        bool(allow_gaps),
        baseline_of(outside, options.baseline or (said.baseline if baseline else None)),
        configuration,
        Exclusion(configuration) if configuration else None,
    )


def baseline_of(outside: Outside, file: Path | None) -> Baseline | None:
    """The baseline in a file. Raises ``UsageError`` where it cannot be read, or is none."""
    if file is None:
        return None
    from stockade.baseline import read

    path = outside.here / file
    shown = Path(os.path.relpath(path, outside.here))
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "the system refused").lower()
        help = f"`stockade baseline --output {shown.as_posix()}` writes it"
        raise UsageError(f"the baseline `{shown.as_posix()}` cannot be read: {reason}", help=help) from None
    return read(data, shown.as_posix())

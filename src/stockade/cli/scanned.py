"""A report that is put together of pieces: by what earlier scans have kept, and by other processes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stockade.cli.kept import Kept
from stockade.cli.pieces import Elsewhere, pieces
from stockade.cli.progress import watched
from stockade.read import inputs
from stockade.scan import Scan

if TYPE_CHECKING:
    from stockade.cli.pool import Pool
    from stockade.report import Report


def scanned(
    paths: Sequence[Path],
    options: inputs.Options,
    asked: Mapping[str, Any],
    reports: Sequence[Path],
    kept: Kept | None,
    jobs: int | None,
) -> Report:
    """The report of a scan of some paths. ``asked`` are the arguments of ``scan``, ``reports`` the files of
    advisories that it was given."""
    baseline = asked["baseline"]
    asked = {name: one for name, one in asked.items() if name != "baseline"}
    found = inputs.find(paths, options)
    scan = Scan(**asked)
    with watched() as between, _processes(found, options, asked, reports, jobs) as elsewhere:
        made = pieces(found, scan, options, kept, elsewhere, between)
    return scan.report(made, baseline)


@contextmanager
def _processes(
    found: inputs.Found,
    options: inputs.Options,
    asked: Mapping[str, Any],
    reports: Sequence[Path],
    jobs: int | None,
) -> Iterator[Any]:
    """Starts other processes when there is enough to do for them, and ends them in the end."""
    started: list[Pool] = []

    def start(size: int) -> Elsewhere | None:
        from stockade.cli.pool import Pool, number
        from stockade.cli.worker import Job

        several = number(jobs, size)
        if several < 2:
            return None
        places = [(one.kind.name, one.root, one.tree.boundary, one.tree.shown_from) for one in found.places]
        plain = replace(options, environment=dict(options.environment), exclude=None)
        told = {name: one for name, one in asked.items() if name not in ("controls", "advisories")}
        started.append(Pool(Job(plain, told, reports, places), several))
        return started[0]

    try:
        yield start
    finally:
        for one in started:
            one.close()

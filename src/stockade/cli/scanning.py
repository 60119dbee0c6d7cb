"""How a report comes to be: of pieces that may be kept, of inputs that are looked at, or with proved fixes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from stockade.cli.asking import Asking
from stockade.records import dataclass

if TYPE_CHECKING:
    from stockade.baseline import Baseline
    from stockade.cli.kept import Kept
    from stockade.cli.live import Live
    from stockade.patched import Told
    from stockade.read.inputs import Input
    from stockade.report import Report

Look: TypeAlias = "Callable[[Iterator[Input]], Iterator[Input]]"


@dataclass(frozen=True)
class Scanning:
    """One scan of paths, or of accounts where ``live`` says which.

    ``materials`` asks for bills of what ships; ``looks`` see every input as it goes by, so that none may come
    from what was kept; ``fixes`` says whether the formats that are written want them.
    """

    asking: Asking
    paths: Sequence[Path]
    live: Live | None
    materials: bool
    looks: Sequence[Look]
    fixes: bool

    def report(self) -> Report:
        """The report, made of whole inputs, one after the other."""
        from stockade.cli.mending import shown_fixes

        if self.live is None:
            return self.asking.report(self._looked(self._inputs()), materials=self.materials)
        mends = shown_fixes(self.live) if self.fixes else None
        return self.asking.report(self._looked(self._inputs()), materials=self.materials, mends=mends)

    def of_pieces(self, reports: Sequence[Path], kept: Kept | None, jobs: int | None) -> Report:
        """The same report, put together of what was kept and what other processes find.

        ``reports`` are the files of advisories that were given.
        """
        from stockade.cli.scanned import scanned

        asking = self.asking
        files = [asking.outside.here / one for one in reports]
        processes = 1 if asking.shipped.service is not None else jobs
        return asking.configured(
            scanned(self.paths, asking.reading(), asking.arguments(), files, kept, processes)
        )

    def fixed(self) -> tuple[Report, tuple[Told, ...]]:
        """The report, and what became of its fixes, none of which is written."""
        from stockade.control import Safety
        from stockade.fix.patch import Asked, patch
        from stockade.scan import scan

        asked = {**self.asking.again(), "materials": self.materials}
        read = list(self._looked(self._inputs()))
        made = patch(read, lambda some: scan(some, **asked), Asked(Safety.REVIEW))
        return self.asking.configured(made.before), made.told

    def _inputs(self) -> Iterator[Input]:
        if self.live is None:
            return self.asking.inputs(self.paths)
        return self.asking.shipped.prepared(self.live.inputs(self.asking.outside))

    def _looked(self, inputs: Iterator[Input]) -> Iterable[Input]:
        for look in self.looks:
            inputs = look(inputs)
        return inputs


def known_at(asking: Asking, paths: Sequence[Path], revision: str) -> Baseline:
    """What the repository had already at a revision: the same paths of it are scanned, asked the same."""
    from stockade.baseline import Baseline, read, written
    from stockade.cli.against import Moved, of_all_able
    from stockade.cli.revision import laid_out
    from stockade.configuration import Exclusion

    outside, settings = asking.outside, asking.settings
    first = Path(os.path.realpath(outside.here / paths[0]))
    with laid_out(first if first.is_dir() else first.parent, revision, outside.environment) as (top, to):
        moved = Moved(top, to)
        there = [path for one in paths if (path := moved.path(outside.here / one)).exists()]
        said = moved.configuration(settings.configuration) if settings.configuration else None
        then = replace(
            settings,
            variable_files=moved.files(outside.here / one for one in settings.variable_files),
            configuration=said,
            exclusion=Exclusion(said) if said else None,
            baseline=None,
        )
        past = replace(asking, outside=replace(outside, here=moved.directory(outside.here)), settings=then)
        report = of_all_able(there, lambda some: past.report(past.inputs(some)))
    if report is None:
        return Baseline(revision, outside.now(), {}, revision)
    return read(written(report), revision, revision)

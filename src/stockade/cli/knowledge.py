"""What a user knows beside the files of a scan: packages built elsewhere, and advisories about dependencies."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from stockade.cli.outside import Outside
from stockade.records import dataclass

if TYPE_CHECKING:
    from stockade.advisories.api import Service
    from stockade.model.vulnerability import Advisories
    from stockade.read.inputs import Input


@dataclass(frozen=True)
class Knowledge:
    """``dates`` says of each source of advisories which day it is of, for the report."""

    packages: Mapping[str, Path]
    advisories: Advisories | None = None
    dates: Mapping[str, str] = field(default_factory=dict)
    service: Service | None = None

    def prepared(self, inputs: Iterable[Input]) -> Iterator[Input]:
        """The inputs, each after the service was asked about all of its dependencies at once."""
        from stockade.value import Known

        for one in inputs:
            if self.service is not None:
                found = (each.component for each in one.world.shipped.dependencies)
                self.service.prepare(each.value for each in found if isinstance(each, Known) and each.value)
            yield one


def knowledge(outside: Outside, packages: Mapping[str, Path], reports: Sequence[Path], osv: bool) -> Knowledge:
    """Open the store that is there, the reports that were given, and the service where it was asked for."""
    from stockade.cli.advisories import fetch, place

    directory = place(outside.environment)
    if not (reports or osv or directory.is_dir()):
        return Knowledge(packages)
    from stockade.advisories.sources import Together, opened

    service: Service | None = None
    given = ((outside.here / one, os.path.relpath(outside.here / one, outside.here)) for one in reports)
    sources, dates = opened(directory, ((path, Path(shown).as_posix()) for path, shown in given))
    if osv:
        from stockade.advisories.api import Service

        service = Service(fetch, directory / "service", outside.wait)
        sources.append(service)
        dates["advisories OSV"] = outside.now()[:10]
    if not sources:
        return Knowledge(packages)
    return Knowledge(packages, Together(sources), dates, service)

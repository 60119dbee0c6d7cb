"""The formats of a report: what each is called, what it needs beside the report, and who writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final

from stockade import __version__
from stockade.errors import UsageError
from stockade.records import dataclass

if TYPE_CHECKING:
    from stockade.cli.writing import Outlet
    from stockade.patched import Told
    from stockade.paths.graph import Path, Picture
    from stockade.report import Report
    from stockade.show.hub import Hub


@dataclass(slots=True)
class Beside:
    """What a format may want beside the report: what became of fixes, who can reach what, earlier runs."""

    told: Sequence[Told] = ()
    pictures: list[Picture] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    trend: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """One format for machines or pages. ``materials`` asks for bills of what ships, ``fixes`` for proved fixes,
    ``access`` for pictures of it. ``moment`` is what stands in front of the time of the scan wherever the
    format says it, empty where it does not, ``None`` where that cannot be told."""

    write: Callable[[Report, Beside], bytes]
    materials: bool = False
    fixes: bool = False
    access: bool = False
    moment: str | None = None


def _json(report: Report, beside: Beside) -> bytes:
    from stockade.show import json

    return json.show(report)


def _sarif(report: Report, beside: Beside) -> bytes:
    from stockade.controls import load
    from stockade.show import sarif

    return sarif.show(report, load(), beside.told)


def _junit(report: Report, beside: Beside) -> bytes:
    from stockade.show import junit

    return junit.show(report)


def _markdown(report: Report, beside: Beside) -> bytes:
    from stockade.show import markdown

    return markdown.show(report)


def _csv(report: Report, beside: Beside) -> bytes:
    from stockade.show import table

    return table.show(report)


def _gitlab(report: Report, beside: Beside) -> bytes:
    from stockade.show import gitlab

    return gitlab.show(report)


def _cyclonedx(report: Report, beside: Beside) -> bytes:
    from stockade.show import cyclonedx

    return cyclonedx.show(report)


def _spdx(report: Report, beside: Beside) -> bytes:
    from stockade.show import spdx

    return spdx.show(report)


def _asff(report: Report, hub: Hub) -> bytes:
    from stockade.show import asff

    if not (hub.account and hub.region) and any(one.kind != "account" for one in report.inputs):
        raise UsageError("a finding for Security Hub is of one account and region", help=_WHOSE)
    return asff.show(report, hub)


def _ocsf(report: Report, hub: Hub) -> bytes:
    from stockade.show import ocsf

    return ocsf.show(report, hub)


def _html(report: Report, beside: Beside) -> bytes:
    from stockade.controls import load
    from stockade.show import html

    return html.show(report, load(), beside.told, beside.pictures, beside.paths, beside.trend)


_WHOSE: Final = "say which: `--hub-account 111122223333 --hub-region eu-west-1`"


def _nobody() -> Hub:
    from stockade.show.hub import Hub

    return Hub()


FORMATS: Final[Mapping[str, Format]] = {
    "json": Format(_json, moment='\n  "at": "'),
    "html": Format(_html, fixes=True, access=True),
    "sarif": Format(_sarif, fixes=True, moment='"endTimeUtc": "'),
    "junit": Format(_junit),
    "markdown": Format(_markdown, moment=f"<sub>Stockade {__version__}, "),
    "csv": Format(_csv, moment=""),
    "gitlab": Format(_gitlab, moment=""),
    "cyclonedx": Format(_cyclonedx, materials=True),
    "spdx": Format(_spdx, materials=True),
    "asff": Format(lambda report, _: _asff(report, _nobody())),
    "ocsf": Format(lambda report, _: _ocsf(report, _nobody())),
}
"""All but ``terminal``, which is for people and needs a console."""

FROM_REPORT: Final = tuple(name for name, one in FORMATS.items() if not (one.materials or one.access))
"""Those that need nothing beside the report, and so are there for one that was kept."""


def of_account(name: str, hub: Hub, *, live: bool = False) -> Format | None:
    """A format by its name, for findings of an account and region; ``None`` for ``terminal``.

    What is read ``live`` says whose it is. Raises ``UsageError`` where a finding of AWS's own format would be
    nobody's.
    """
    if name == "asff" and not live and not (hub.account and hub.region):
        raise UsageError("a finding for Security Hub is of one account and region", help=_WHOSE)
    if name == "asff":
        return Format(lambda report, _: _asff(report, hub))
    if name == "ocsf":
        return Format(lambda report, _: _ocsf(report, hub))
    return FORMATS.get(name)


def more_of(also: Sequence[str], hub: Hub, *, live: bool = False) -> list[tuple[Format, FilePath]]:
    """The formats that are written to files beside the one that is shown."""
    out: list[tuple[Format, FilePath]] = []
    for one in also:
        name, equals, file = one.partition("=")
        form = of_account(name, hub, live=live)
        if not equals or not file or form is None:
            help = f"write `--also FORMAT=FILE` with one of {', '.join(FORMATS)}"
            raise UsageError(f"`{one}` names no format and file", help=help)
        out.append((form, FilePath(file)))
    return out


@dataclass(frozen=True)
class Outputs:
    """All that one scan writes: ``shown`` to ``file`` or standard output, and ``more`` to files beside it.

    Where ``shown`` is ``None`` it is the report for people.
    """

    shown: Format | None
    file: FilePath | None
    more: Sequence[tuple[Format, FilePath]]

    @property
    def formats(self) -> list[Format]:
        """Those for machines and pages."""
        return [one for one in (self.shown, *(form for form, _ in self.more)) if one is not None]

    @property
    def access(self) -> bool:
        """Whether one of them shows who gets in and what is reached."""
        return any(one.access for one in self.formats)

    @property
    def materials(self) -> bool:
        """Whether one of them lists what packages are made of."""
        return any(one.materials for one in self.formats)

    @property
    def moments(self) -> list[str | None]:
        """What stands in front of the time of the scan in each part, in the order in which they are written."""
        return [*(form.moment for form, _ in self.more), self.shown.moment if self.shown else ""]

    def write(self, report: Report, beside: Beside, outlet: Outlet) -> None:
        """Write it all."""
        for form, file in self.more:
            outlet.data(form.write(report, beside), file)
        if self.shown is None:
            outlet.report(report, self.file)
        else:
            outlet.data(self.shown.write(report, beside), self.file)

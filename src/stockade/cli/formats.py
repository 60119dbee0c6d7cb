"""The formats of a report: what each is called, what it needs beside the report, and who writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from stockade.patched import Told
    from stockade.paths.graph import Path, Picture
    from stockade.report import Report


@dataclass(slots=True)
class Beside:
    """What a format may want beside the report: what became of fixes, and who can reach what."""

    told: Sequence[Told] = ()
    pictures: list[Picture] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Format:
    """One format for machines or pages. ``materials`` asks for bills of what ships, ``fixes`` for proved fixes,
    ``access`` for pictures of it."""

    write: Callable[[Report, Beside], bytes]
    materials: bool = False
    fixes: bool = False
    access: bool = False


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


def _html(report: Report, beside: Beside) -> bytes:
    from stockade.controls import load
    from stockade.show import html

    return html.show(report, load(), beside.told, beside.pictures, beside.paths)


FORMATS: Final[Mapping[str, Format]] = {
    "json": Format(_json),
    "html": Format(_html, fixes=True, access=True),
    "sarif": Format(_sarif, fixes=True),
    "junit": Format(_junit),
    "markdown": Format(_markdown),
    "csv": Format(_csv),
    "gitlab": Format(_gitlab),
    "cyclonedx": Format(_cyclonedx, materials=True),
    "spdx": Format(_spdx, materials=True),
}
"""All but ``terminal``, which is for people and needs a console."""

"""The formats of a report: what each is called, what it needs beside the report, and who writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from stockade.records import dataclass

if TYPE_CHECKING:
    from stockade.patched import Told
    from stockade.report import Report


@dataclass(frozen=True, slots=True)
class Format:
    """One format for machines. ``materials`` asks for bills of what ships, ``fixes`` for proved fixes."""

    write: Callable[[Report, Sequence[Told]], bytes]
    materials: bool = False
    fixes: bool = False


def _json(report: Report, fixes: Sequence[Told]) -> bytes:
    from stockade.show import json

    return json.show(report)


def _sarif(report: Report, fixes: Sequence[Told]) -> bytes:
    from stockade.controls import load
    from stockade.show import sarif

    return sarif.show(report, load(), fixes)


def _junit(report: Report, fixes: Sequence[Told]) -> bytes:
    from stockade.show import junit

    return junit.show(report)


def _markdown(report: Report, fixes: Sequence[Told]) -> bytes:
    from stockade.show import markdown

    return markdown.show(report)


def _csv(report: Report, fixes: Sequence[Told]) -> bytes:
    from stockade.show import table

    return table.show(report)


def _gitlab(report: Report, fixes: Sequence[Told]) -> bytes:
    from stockade.show import gitlab

    return gitlab.show(report)


def _cyclonedx(report: Report, fixes: Sequence[Told]) -> bytes:
    from stockade.show import cyclonedx

    return cyclonedx.show(report)


def _spdx(report: Report, fixes: Sequence[Told]) -> bytes:
    from stockade.show import spdx

    return spdx.show(report)


FORMATS: Final[Mapping[str, Format]] = {
    "json": Format(_json),
    "sarif": Format(_sarif, fixes=True),
    "junit": Format(_junit),
    "markdown": Format(_markdown),
    "csv": Format(_csv),
    "gitlab": Format(_gitlab),
    "cyclonedx": Format(_cyclonedx, materials=True),
    "spdx": Format(_spdx, materials=True),
}
"""All but ``terminal``, which is for people and needs a console."""

"""What a command asks of its inputs: with which options they are read, and how a scan is asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stockade.cli.knowledge import Knowledge
from stockade.cli.outside import Outside
from stockade.cli.settings import Settings
from stockade.records import dataclass

if TYPE_CHECKING:
    from stockade.read.inputs import Input, Options
    from stockade.report import Report


@dataclass(frozen=True)
class Asking:
    """One question, which may be put to many inputs; ``only`` names the controls that are asked, if not all."""

    outside: Outside
    settings: Settings
    shipped: Knowledge
    only: Sequence[str] | None = None

    def inputs(self, paths: Sequence[Path], *, told: bool = True) -> Iterator[Input]:
        """What is found below paths, as it is read, one after the other; progress is shown if ``told``."""
        from stockade.cli.progress import watched
        from stockade.read import inputs

        with watched(told=told) as between:
            yield from self.shipped.prepared(inputs.read_all(paths, self.reading(), between))

    def reading(self) -> Options:
        """How files are read."""
        from stockade.read.inputs import Options

        outside, settings = self.outside, self.settings
        return Options(
            outside.here,
            settings.variables,
            settings.variable_files,
            outside.environment,
            settings.exclusion,
            self.shipped.packages,
            outside.held,
            outside.ceiling,
        )

    def arguments(self) -> dict[str, Any]:
        """How a scan is asked: the arguments of ``scan`` beside the inputs. The time in them is now's."""
        from stockade.control import Noise
        from stockade.controls import load
        from stockade.iam import catalog, managed
        from stockade.model import runtimes

        configuration = self.settings.configuration
        return {
            "controls": load(),
            "only": self.only,
            "at": self.outside.now(),
            "noise": Noise[self.settings.noise.upper()],
            "accepts": configuration.accepts if configuration else (),
            "baseline": self.settings.baseline,
            "accounts": configuration.accounts if configuration else frozenset(),
            "choices": configuration.choices if configuration else None,
            "checkov_skips": configuration is None or configuration.checkov_skips,
            "data": {
                "iam": catalog.Catalog.load().date,
                "managed-policies": managed.date(),
                "runtimes": runtimes.as_of().isoformat(),
                **self.shipped.dates,
            },
            "advisories": self.shipped.advisories,
        }

    def again(self) -> dict[str, Any]:
        """The same for who asks about the same inputs several times: what source does is found out once."""
        from stockade.needs.enrich import Analyses

        return {**self.arguments(), "analyses": Analyses()}

    def report(self, inputs: Iterable[Input], **more: Any) -> Report:
        """The report of a scan of inputs. ``more`` are arguments of ``scan`` that go before the question's."""
        from stockade.scan import scan

        return self.configured(scan(inputs, **{**self.arguments(), **more}))

    def configured(self, report: Report) -> Report:
        """A report, with the configuration that had a say in it."""
        configuration, exclusion = self.settings.configuration, self.settings.exclusion
        if configuration and exclusion:
            return replace(report, configuration=configuration.path, excluded=tuple(sorted(exclusion.met)))
        return report

"""What a worker does with a repository of a folder: what ``stockade scan`` does, to rows of the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stockade.cli.asking import Asking
from stockade.cli.knowledge import Knowledge
from stockade.cli.outside import Outside
from stockade.cli.settings import Options, configured, settle
from stockade.errors import NothingToScan, UsageError
from stockade.fleet.tasks import Asked, Done, Shared, Task
from stockade.fleet.work import DECIDING, LEARNT, done, known, unread
from stockade.model.gap import Gap
from stockade.value import Default

if TYPE_CHECKING:
    from stockade.read.inputs import Input


def repository(task: Task, asked: Asked, shared: Shared | None, at: str) -> Done:
    """A repository, read and decided with its own configuration, or the one that the command names.

    Variables of the environment are none of it. A root module is told from those of other repositories by the
    repository's name before its root.
    """
    outside = Outside(Path(asked.folder), {})
    paths = (Path(task.repository),)
    configuration = configured(outside, paths, Path(asked.config) if asked.config else None)
    options = Options({}, (), asked.noise, None, None, None)
    settings = settle(outside, options, configuration, baseline=False)
    try:
        advisories, dates = known(asked.known, asked.advisories)
        packages = configuration.packages if configuration else {}
        asking = Asking(outside, settings, Knowledge(packages, advisories, dates), asked.only)
        with DECIDING:
            report = asking.report(_named(asking.inputs(paths, told=False), task.repository), at=at)
            LEARNT.decided(len(report.functions))
    except UsageError as error:
        nothing = isinstance(error, NothingToScan) and not error.programs
        gap = Gap(f"`{task.name}`", error.message, Default("nothing of it was read"), error.help, spare=nothing)
        return unread(task, asked, gap, at)
    return done(report, asked)


def _named(inputs: Iterator[Input], name: str) -> Iterator[Input]:
    for one in inputs:
        yield replace(one, root=f"{name}/{one.root}".rstrip("/"))

"""A run of ``stockade fleet scan``: what the options say it is, what is left to do, and having it done."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, Final

import click

from stockade import __version__
from stockade.cli.names import checked
from stockade.cli.outside import Outside
from stockade.cli.settings import baseline_of
from stockade.errors import UsageError
from stockade.records import dataclass

if TYPE_CHECKING:
    from stockade.baseline import Baseline
    from stockade.configuration import Configuration
    from stockade.fleet.journal import Journal
    from stockade.fleet.tasks import Asked, State, Task

WORDS: Final = (
    *("organization", "accounts", "role", "regions", "profile", "share", "packages", "controls", "noise"),
    *("config", "series", "folder", "advisories", "external_id"),
)
"""Options that decide what a run is; whoever goes on with it cannot say them anew."""


class Stopped(Exception):
    """A run that did not come to its end, and can be gone on with."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run that can be carried out: its journal, how it is asked and all of its tasks."""

    journal: Journal
    asked: Asked
    tasks: tuple[Task, ...]
    fail_on: str
    allow_gaps: bool
    baseline: Baseline | None = None


def begun(outside: Outside, store: Path, said: Mapping[str, Any]) -> Run:
    """A new run. Raises ``UsageError`` where the options cannot be meant."""
    from stockade.fleet.journal import Journal, Plan

    ways = [name for name in ("organization", "accounts", "folder") if said[name] is not None]
    if len(ways) != 1:
        help = "give `--organization ROLE`, `--accounts FILE` or a FOLDER of repositories"
        raise UsageError("a fleet is one of three: an organisation, a list of accounts, a folder", help=help)
    if said["role"] is not None and said["accounts"] is None:
        raise UsageError("`--role` is about accounts that a file lists", help="add `--accounts FILE`")
    if said["external_id"] is not None:
        from stockade.read.account.session import external_id

        external_id(said["external_id"])
        if said["folder"] is not None:
            raise UsageError("repositories are not read as a role", help="leave out `--external-id`")
    if said["folder"] is not None and (said["regions"] or said["profile"] or said["packages"]):
        raise UsageError("repositories have no regions, profiles or packages to download")
    words = {name: _plain(said[name]) for name in WORDS}
    words["noise"], words["share"] = said["noise"], said["share"] if said["share"] is not None else 0.5
    configuration = _configuration(outside, words)
    words["configured"], words["known"] = _mark(outside, configuration), _known(outside, words)
    tasks, home, series = _tasks(outside, words)
    words["home"] = home
    plan = Plan(__version__, outside.now(), said["series"] or series, words, tuple(tasks))
    return _run(outside, Journal.begun(store, plan), plan, configuration, said)


def resumed(outside: Outside, store: Path, said: Mapping[str, Any]) -> Run:
    """A run that was begun. Raises ``UsageError`` where it is not the same any more."""
    from stockade.fleet.journal import Journal

    again = [name for name in WORDS if said[name] not in (None, (), False)]
    if again:
        help = "leave out all but `--resume` and what says how it runs and is told"
        raise UsageError("what a run is cannot be said again when it is gone on with", help=help)
    journal, plan = Journal.resumed(store, said["resume"])
    if plan.version != __version__:
        help = f"go on with stockade {plan.version}, or begin anew: one report is of one version"
        raise UsageError(f"the run `{journal.run}` was begun by stockade {plan.version}", help=help)
    configuration = _configuration(outside, plan.words)
    if _known(outside, plan.words) != plan.words.get("known", {}):
        help = "begin anew: one report is of one state of what is known"
        raise UsageError(f"the advisories have changed since the run `{journal.run}` was begun", help=help)
    if _mark(outside, configuration) != plan.words["configured"]:
        help = "begin anew, or put the configuration back: one report is of one configuration"
        raise UsageError(f"the configuration has changed since the run `{journal.run}` was begun", help=help)
    return _run(outside, journal, plan, configuration, said)


def _run(
    outside: Outside, journal: Journal, plan: Any, configuration: Configuration | None, said: Mapping[str, Any]
) -> Run:
    from stockade.cli.advisories import place
    from stockade.fleet.tasks import Asked

    words = plan.words
    conf = configuration
    allow_gaps = said["allow_gaps"] if said["allow_gaps"] is not None else conf.allow_gaps if conf else False
    asked = Asked(
        run=journal.run,
        series=plan.series,
        noise=words["noise"] or (conf.noise if conf else None) or "regular",
        only=tuple(checked(words["controls"])) if words["controls"] else None,
        accepts=conf.accepts if conf else (),
        accounts=conf.accounts if conf else frozenset(),
        choices=conf.choices if conf else None,
        checkov_skips=conf.checkov_skips if conf else True,
        profile=words["profile"],
        home=words["home"],
        external_id=words["external_id"],
        share=words["share"],
        packages=words["packages"],
        folder=str(outside.here / words["folder"]) if words["folder"] else "",
        config=str(outside.here / words["config"]) if words["config"] else None,
        known=str(place(outside.environment)),
        advisories=tuple((str(outside.here / one), one) for one in words.get("advisories", ())),
    )
    fail_on = said["fail_on"] or (conf.fail_on if conf else None) or "low"
    file = said["baseline"] or (conf.baseline if conf else None)
    return Run(journal, asked, plan.tasks, fail_on, bool(allow_gaps), baseline_of(outside, file))


def _plain(value: Any) -> Any:
    return (
        value.as_posix()
        if isinstance(value, Path)
        else [_plain(one) for one in value]
        if isinstance(value, tuple)
        else value
    )


def _known(outside: Outside, words: Mapping[str, Any]) -> dict[str, str]:
    """What is known of vulnerabilities, by source: which day the kept ones are of, and what is in reports."""
    from hashlib import sha256

    from stockade.advisories.sources import opened
    from stockade.cli.advisories import place

    reports = [(outside.here / one, one) for one in words.get("advisories", ())]
    _, dates = opened(place(outside.environment), reports)
    return dates | {shown: sha256(path.read_bytes()).hexdigest() for path, shown in reports}


def _configuration(outside: Outside, words: Mapping[str, Any]) -> Configuration | None:
    from stockade.cli.settings import configured

    paths = (Path(words["folder"]),) if words["folder"] else (Path(),)
    return configured(outside, paths, Path(words["config"]) if words["config"] else None)


def _mark(outside: Outside, configuration: Configuration | None) -> str:
    """By what a configuration is known to be the same."""
    from hashlib import sha256

    if configuration is None:
        return ""
    return sha256((outside.here / configuration.path).read_bytes()).hexdigest()


def _tasks(outside: Outside, words: Mapping[str, Any]) -> tuple[list[Task], str, str]:
    """What there is to do, the region whose STS is asked, and the row of runs that it is one of."""
    from stockade.fleet import listed

    if words["folder"] is not None:
        folder = outside.here / words["folder"]
        if not folder.is_dir():
            raise UsageError(f"`{words['folder']}` is not a folder", help="give the folder of the repositories")
        real = Path(os.path.realpath(folder))
        return listed.of_folder(real, words["folder"]), "", f"fleet {real}"
    from time import monotonic, sleep

    from stockade.read.account import session
    from stockade.read.account.pace import Pace

    wanted = session.checked(
        session.Wanted(
            words["profile"], words["regions"], (), words["organization"] or words["role"], words["share"]
        )
    )
    sessions = session.begun(wanted.profile)
    regions = session.regions_of(wanted, sessions)
    pace = Pace(wanted.share, monotonic, sleep)
    first, own = session.owner(sessions, regions, pace, lambda place, call: None, outside.now())
    if words["organization"] is not None:
        roles = session.members(first, own, words["organization"])
        return listed.of_roles(roles, regions, own.partition), own.region, f"fleet of {own.account}"
    file = words["accounts"]
    try:
        text = (outside.here / file).read_text()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise UsageError(f"`{file}` cannot be read: {reason.lower()}") from None
    tasks = listed.of_file(text, file, words["role"], own.account, regions)
    return tasks, own.region, f"fleet {Path(os.path.realpath(outside.here / file))}"


# ------------------------------------------------------------------------------------- carrying out


def carried_out(outside: Outside, run: Run, said: Mapping[str, Any]) -> Journal:
    """Have done what is not done, and make a run of the store of it. Raises ``Stopped``."""
    from stockade.cli.fleet.repository import repository
    from stockade.fleet import cluster, work
    from stockade.fleet.drive import Drive, SchedulerLost
    from stockade.fleet.tasks import Work

    missing = run.journal.missing(run.tasks)
    before = len(run.tasks) - len(missing)
    tasks = _counted(len(run.tasks), "task")
    done = f", {before:,} of them done" if before else ""
    click.echo(f"run {run.journal.run}: {tasks}{done}", err=True)
    if missing:
        wanted = cluster.Wanted(
            said["scheduler"], said["workers"] or os.cpu_count() or 1, said["at_once"], said["memory"]
        )
        does = Work(run.asked, repository) if run.asked.folder else Work(run.asked, work.one, work.shared)
        watch = Watch()
        try:
            with cluster.connected(wanted) as client:
                try:
                    Drive(client, does, run.journal.keep, watch, outside.now).run(missing, before)
                except SchedulerLost as error:
                    raise Stopped(
                        f"the scheduler is gone ({error}); {watch.done:,} of {tasks} are done"
                    ) from error
        finally:
            watch.clear()
    run.journal.finish()
    return run.journal


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


class Watch:
    """Says how far a run has come: on a terminal in one line, elsewhere in a line for each tenth of it."""

    def __init__(self) -> None:
        from stockade.cli.progress import ProgressLine

        self._line = ProgressLine(sys.stderr, get_terminal_size().columns)
        self._on_terminal = sys.stderr.isatty()
        self._tenth = 0
        self.done = 0

    def __call__(self, state: State) -> None:
        self.done = state.done
        count = state.count
        parts = [
            _counted(count.functions, "function"),
            f"{count.failing:,} failing",
            _counted(count.gaps, "gap"),
        ]
        parts += [f"{state.suspects:,} to be read alone"] if state.suspects else []
        parts += [_counted(state.workers, "worker")]
        said = ", ".join(parts)
        if self._on_terminal:
            self._line(state.done, state.total, said)
        elif state.total and 10 * state.done // state.total > self._tenth:
            self._tenth = 10 * state.done // state.total
            click.echo(f"{state.done:,} of {state.total:,} done: {said}", err=True)

    def clear(self) -> None:
        """Take the line away, for good."""
        self._line.clear()

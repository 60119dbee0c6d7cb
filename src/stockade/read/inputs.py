"""From the paths a user gives to the worlds behind them, one after the other."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from stockade.errors import BudgetExceeded, NothingToScan, UsageError
from stockade.model.alarm import Alarm
from stockade.model.watch import for_others
from stockade.model.world import Gap, World
from stockade.read import looked
from stockade.read.files import Tree, Unreadable
from stockade.read.kinds import GIVE, Given, Kind, kinds
from stockade.read.programs import unread
from stockade.read.repository import repository
from stockade.read.resource import Reading
from stockade.read.walk import folder, walk
from stockade.records import dataclass
from stockade.value import Default

Progress: TypeAlias = Callable[[int, int, str], None]
"""Called before each input is read and once at the end: how many are done, of how many, which is next."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may say beside the paths. ``here`` is the directory that paths are relative to.

    ``exclude`` says which of the inputs found below the paths are left out. ``packages`` are where the packages
    of functions lie that are built elsewhere, by the functions' names or addresses. ``held`` are files as an
    editor has them, by their real paths; above ``ceiling`` nothing is looked at.
    """

    here: Path
    variables: Mapping[str, str]
    variable_files: Sequence[Path]
    environment: Mapping[str, str]
    exclude: Callable[[Path], bool] | None = None
    packages: Mapping[str, Path] = field(default_factory=dict)
    held: Mapping[Path, bytes] = field(default_factory=dict)
    ceiling: Path | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """One input as it was read. ``path`` is shown to people; ``resources`` counts those of any type.

    ``root`` is the path inside of its repository, the same wherever a scan begins; ``base`` is the
    directory that the paths of its sources are relative to. ``reading`` is what the world was made of and
    ``tree`` where its files came from; ``again`` reads the same input from another tree (``Tree.over``). All
    three are ``None`` where nothing could be read.
    """

    kind: str
    path: str
    resources: int
    world: World
    root: str = ""
    base: Path = field(default_factory=Path)
    reading: Reading | None = field(default=None, repr=False)
    tree: Tree | None = field(default=None, repr=False)
    again: Callable[[Tree], Input] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an input is, and who reads it."""

    kind: Kind
    root: Path
    tree: Tree

    @property
    def shown(self) -> str:
        """What people call it before it is read."""
        return self.tree.shown(self.root)


def read_all(paths: Sequence[Path], options: Options, progress: Progress) -> Iterator[Input]:
    """Read every input below the paths, in the order of the paths and then of their names.

    A file stands for itself, or for the directory that its kind is read by; an input that several paths
    reach is read once. Raises ``UsageError`` before anything is read when a path or variable file does
    not exist or holds nothing to read.
    """
    found = find(paths, options)
    for done, place in enumerate(found.places):
        progress(done, len(found.places), place.shown)
        yield found.read(place)
    progress(len(found.places), len(found.places), "")


def find(paths: Sequence[Path], options: Options) -> Found:
    """The inputs below the paths, of which none is read yet; ``UsageError`` as ``read_all`` raises it."""
    for file in options.variable_files:
        if not looked.is_file(options.here / file):
            help = "`--var-file` takes a `.tfvars` file, or parameters of CloudFormation as JSON"
            raise UsageError(f"`{file}` does not exist", help=help)
    places, programs = _places(paths, options)
    return Found(places, options, programs)


class Found:
    """The inputs of a scan, each read when somebody asks, alone or one after the other.

    ``places`` are in the order of a report. What one of them hangs on beside its own files is asked of the
    others at the first reading: the alarms that they have for it, and which variables nobody declares.
    """

    def __init__(self, places: Sequence[Place], options: Options, programs: Sequence[Gap] = ()) -> None:
        self.places = places
        self._programs = tuple(programs)
        self.declared: Callable[[Place], Collection[str]] = lambda place: place.kind.variables(place.root)
        self._options = options
        self._given = Given(
            options.variables,
            [options.here / file for file in options.variable_files],
            looked.Variables(options.environment),
        )
        self._abroad: dict[Place, tuple[Alarm, ...]] = {}

    def read(self, place: Place) -> Input:
        """One input. What nothing could be read of is one with a gap."""
        unused = self.unused if place == self._first else ()
        try:
            made = self._whole(place, self.elsewhere(place), unused)
        except (BudgetExceeded, Unreadable) as error:
            lost = self.lost(place, error.message, error.help)
            return replace(lost, world=World(gaps=(*lost.world.gaps, *unused)))
        return made

    @property
    def _first(self) -> Place:
        """The input with which is told what is about none of them."""
        return self.places[0]

    def _world(self, place: Place) -> tuple[Reading, World]:
        from stockade.read.build import build

        reading = place.kind.read(place.root, self._given)
        return reading, build(reading, self._options.packages)

    def _whole(self, place: Place, elsewhere: tuple[Alarm, ...], more: tuple[Gap, ...]) -> Input:
        root, tree = place.root, place.tree
        reading, world = self._world(place)
        world = replace(world, elsewhere=elsewhere, gaps=(*world.gaps, *more))

        def again(other: Tree) -> Input:
            kind = next(one for one in kinds(other) if one.name == place.kind.name)
            return self._whole(Place(kind, root, other), elsewhere, more)

        resources = len(reading.resources)
        within, base = tree.within(root), tree.shown_from
        return Input(reading.kind, reading.path, resources, world, within, base, reading, tree, again)

    @cached_property
    def unused(self) -> tuple[Gap, ...]:
        """What was given to the scan and is of use to none of its inputs, and programs that make others."""
        options = self._options
        more = *_foreign(options, self._given, self.places), *self._programs
        if not options.variables:
            return more
        declared = {name for place in self.places for name in self.declared(place)}
        return (*(_unused(name, declared) for name in sorted(set(options.variables) - declared)), *more)

    def know(self, unused: tuple[Gap, ...], telling: Sequence[Place]) -> None:
        """Take over what somebody else has found out of all inputs."""
        vars(self).update(unused=unused, telling=tuple(telling))

    def prepare(self, place: Place) -> None:
        """Find out all that the reading of an input needs of others."""
        self.elsewhere(place)
        if place == self._first:
            _ = self.unused

    def silent(self, place: Place) -> None:
        """Take it that an input has no alarms for others."""
        self._abroad[place] = ()

    def lost(self, place: Place, reason: str, help: str | None) -> Input:
        """An input that could not be read for no fault of its own."""
        gap = Gap(f"`{place.shown}`", reason, Default("nothing of it was read"), help)
        within, base = place.tree.within(place.root), place.tree.shown_from
        return Input(place.kind.name, place.shown, 0, World(gaps=(gap,)), within, base)

    @cached_property
    def telling(self) -> tuple[Place, ...]:
        """The inputs that may have alarms for the functions of others."""
        return tuple(one for one in self.places if _speaks_of_alarms(one)) if len(self.places) > 1 else ()

    def for_others(self, place: Place) -> tuple[Alarm, ...]:
        """The alarms of an input that watch no function of its own. Reads it, once."""
        found = self._abroad.get(place)
        if found is None:
            found = ()
            with suppress(BudgetExceeded, Unreadable):
                world = self._world(place)[1]
                found = for_others(world.alarms, world.function_named)
            self._abroad[place] = found
        return found

    def elsewhere(self, place: Place) -> tuple[Alarm, ...]:
        """The alarms that other inputs have for this one's functions, perhaps."""
        return tuple(alarm for one in self.telling if one.root != place.root for alarm in self.for_others(one))


def _unused(name: str, declared: Collection[str]) -> Gap:
    from difflib import get_close_matches

    near = get_close_matches(name, sorted(declared), 1)
    help = f"did you mean `{near[0]}`?" if near else None
    origin = Default("it was given to the scan")
    reason = "no input declares a variable or parameter of this name"
    return Gap(f"the value of `{name}` was not used", reason, origin, help)


def _foreign(options: Options, given: Given, places: Sequence[Place]) -> tuple[Gap, ...]:
    """The variable files that are in the form of none of the inputs' kinds."""
    kinds = {id(place.kind): place.kind for place in places}.values()
    origin = Default("it was given to the scan")
    return tuple(
        Gap(f"`{named}` was not used", "it is a variable file for another kind of input", origin)
        for named, file in zip(options.variable_files, given.variable_files, strict=True)
        if not any(kind.takes(file) for kind in kinds)
    )


def _speaks_of_alarms(place: Place) -> bool:
    """Whether an input may have alarms for the functions of others: then it is read for these first."""
    for path in place.kind.sources(place.root):
        with suppress(Unreadable):
            if b"alarm" in place.tree.read(path).data.lower():
                return True
    return False


def _places(paths: Sequence[Path], options: Options) -> tuple[list[Place], list[Gap]]:
    """The inputs below all paths, each once, with the tree it may read from; and what only programs make."""
    here = Path(os.path.realpath(options.here))
    known: dict[tuple[Path, Path], tuple[Tree, tuple[Kind, ...]]] = {}
    out: dict[tuple[str, Path], Place] = {}
    gaps: dict[Gap, None] = {}
    for path in paths:
        full = Path(looked.real(here / path))
        if not looked.exists(full):
            raise UsageError(f"`{path}` does not exist", help=GIVE)
        directory = full if looked.is_directory(full) else full.parent
        bounds = repository(directory, options.ceiling), _shown_from(directory, here)
        if bounds not in known:
            tree = Tree(*bounds, held=options.held)
            known[bounds] = tree, kinds(tree)
        tree, every = known[bounds]
        folders = walk(full) if looked.is_directory(full) else [folder(directory, [full.name])]
        found = [Place(kind, root, tree) for kind in every for root in kind.find(folders)]
        programs = unread(folders, tree.shown, options.exclude)
        if not found:
            told = "; ".join(f"{gap.what}: {gap.help}" for gap in programs)
            raise NothingToScan(f"{path}", help=told or GIVE, programs=bool(programs))
        gaps |= dict.fromkeys(programs)
        left = [one for one in found if one.root == full or not (options.exclude and options.exclude(one.root))]
        if not left:
            help = "an input that is named itself is scanned all the same"
            raise UsageError(f"the configuration excludes everything in `{path}`", help=help)
        again = _repeated(left, tree)
        gaps |= dict.fromkeys(again.values())
        for one in sorted(left, key=lambda one: one.root.parts):
            if one not in again:
                out.setdefault((one.kind.name, one.root), one)
    return list(out.values()), list(gaps)


def _repeated(found: Sequence[Place], tree: Tree) -> dict[Place, Gap]:
    """The inputs that only say again what another one says, each with what is told of it."""
    by_kind: dict[Kind, dict[Path, Place]] = {}
    for one in found:
        by_kind.setdefault(one.kind, {})[one.root] = one
    return {
        places[root]: Gap(
            f"`{tree.shown(root)}`",
            f"it is what packaging made of `{tree.shown(source)}`, which is scanned instead",
            Default("it was found beside what it is made of"),
            "name the file itself to scan it",
            spare=True,
        )
        for kind, places in by_kind.items()
        for root, source in kind.repeated(list(places)).items()
    }


def _shown_from(directory: Path, here: Path) -> Path:
    """Paths are shown as the user would type them, or from the scanned directory where that is elsewhere."""
    return here if here == directory or here in directory.parents else directory

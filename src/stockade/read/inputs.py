"""From the paths a user gives to the worlds behind them, one after the other."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from pathlib import Path
from typing import TypeAlias

from stockade.errors import BudgetExceeded, UsageError
from stockade.model.alarm import Alarm
from stockade.model.watch import for_others
from stockade.model.world import Gap, World
from stockade.read.files import Tree, Unreadable
from stockade.read.kinds import GIVE, Given, Kind, kinds
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
    of functions lie that are built elsewhere, by the functions' names or addresses.
    """

    here: Path
    variables: Mapping[str, str]
    variable_files: Sequence[Path]
    environment: Mapping[str, str]
    exclude: Callable[[Path], bool] | None = None
    packages: Mapping[str, Path] = field(default_factory=dict)


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
class _Place:
    """Where an input is, and who reads it."""

    kind: Kind
    root: Path
    tree: Tree


def read_all(paths: Sequence[Path], options: Options, progress: Progress) -> Iterator[Input]:
    """Read every input below the paths, in the order of the paths and then of their names.

    A file stands for itself, or for the directory that its kind is read by; an input that several paths
    reach is read once. Raises ``UsageError`` before anything is read when a path or variable file does
    not exist or holds nothing to read.
    """
    from stockade.read.build import build

    for file in options.variable_files:
        if not (options.here / file).is_file():
            help = "`--var-file` takes a `.tfvars` file, or parameters of CloudFormation as JSON"
            raise UsageError(f"`{file}` does not exist", help=help)
    given = Given(
        options.variables, [options.here / file for file in options.variable_files], options.environment
    )
    places = _places(paths, options)

    def read(place: _Place) -> tuple[Reading, World]:
        reading = place.kind.read(place.root, given)
        return reading, build(reading, options.packages)

    def whole(place: _Place, elsewhere: tuple[Alarm, ...], more: tuple[Gap, ...]) -> Input:
        root, tree = place.root, place.tree
        reading, world = read(place)
        world = replace(world, elsewhere=elsewhere, gaps=(*world.gaps, *more))

        def again(other: Tree) -> Input:
            kind = next(one for one in kinds(other) if one.name == place.kind.name)
            return whole(_Place(kind, root, other), elsewhere, more)

        resources = len(reading.resources)
        within, base = tree.within(root), tree.shown_from
        return Input(reading.kind, reading.path, resources, world, within, base, reading, tree, again)

    unused = (*_undeclared(options.variables, places), *_foreign(options, given, places))
    abroad: dict[Path, tuple[Alarm, ...]] = {}
    for place in places if len(places) > 1 else ():
        if _speaks_of_alarms(place):
            with suppress(BudgetExceeded, Unreadable):
                world = read(place)[1]
                abroad[place.root] = for_others(world.alarms, world.function_named)
    for done, place in enumerate(places):
        root, tree = place.root, place.tree
        shown = tree.shown(root)
        progress(done, len(places), shown)
        try:
            elsewhere = [one for other, alarms in abroad.items() if other != root for one in alarms]
            made = whole(place, tuple(elsewhere), unused)
            unused = ()  # said once, with the first input
            yield made
        except (BudgetExceeded, Unreadable) as error:
            gap = Gap(f"`{shown}`", error.message, Default("nothing of it was read"), error.help)
            yield Input(place.kind.name, shown, 0, World(gaps=(gap,)), tree.within(root), tree.shown_from)
    progress(len(places), len(places), "")


def _undeclared(variables: Collection[str], places: Sequence[_Place]) -> tuple[Gap, ...]:
    """The given variables that no input declares: a typing error would else go unseen."""
    if not variables:
        return ()
    declared = {name for place in places for name in place.kind.variables(place.root)}
    return tuple(_unused(name, declared) for name in sorted(set(variables) - declared))


def _unused(name: str, declared: Collection[str]) -> Gap:
    from difflib import get_close_matches

    near = get_close_matches(name, sorted(declared), 1)
    help = f"did you mean `{near[0]}`?" if near else None
    origin = Default("it was given to the scan")
    reason = "no input declares a variable or parameter of this name"
    return Gap(f"the value of `{name}` was not used", reason, origin, help)


def _foreign(options: Options, given: Given, places: Sequence[_Place]) -> tuple[Gap, ...]:
    """The variable files that are in the form of none of the inputs' kinds."""
    kinds = {id(place.kind): place.kind for place in places}.values()
    origin = Default("it was given to the scan")
    return tuple(
        Gap(f"`{named}` was not used", "it is a variable file for another kind of input", origin)
        for named, file in zip(options.variable_files, given.variable_files, strict=True)
        if not any(kind.takes(file) for kind in kinds)
    )


def _speaks_of_alarms(place: _Place) -> bool:
    """Whether an input may have alarms for the functions of others: then it is read for these first."""
    for path in place.kind.sources(place.root):
        with suppress(Unreadable):
            if b"alarm" in place.tree.read(path).data.lower():
                return True
    return False


def _places(paths: Sequence[Path], options: Options) -> list[_Place]:
    """The inputs below all paths, each once, with the tree it may read from."""
    here = Path(os.path.realpath(options.here))
    known: dict[tuple[Path, Path], tuple[Tree, tuple[Kind, ...]]] = {}
    out: dict[tuple[str, Path], _Place] = {}
    for path in paths:
        full = Path(os.path.realpath(here / path))
        if not full.exists():
            raise UsageError(f"`{path}` does not exist", help=GIVE)
        directory = full if full.is_dir() else full.parent
        bounds = repository(directory), _shown_from(directory, here)
        if bounds not in known:
            tree = Tree(*bounds)
            known[bounds] = tree, kinds(tree)
        tree, every = known[bounds]
        folders = walk(full) if full.is_dir() else [folder(directory, [full.name])]
        found = [_Place(kind, root, tree) for kind in every for root in kind.find(folders)]
        if not found:
            raise UsageError(f"there is nothing to scan in `{path}`", help=GIVE)
        left = [one for one in found if one.root == full or not (options.exclude and options.exclude(one.root))]
        if not left:
            help = "an input that is named itself is scanned all the same"
            raise UsageError(f"the configuration excludes everything in `{path}`", help=help)
        for one in sorted(left, key=lambda one: one.root.parts):
            out.setdefault((one.kind.name, one.root), one)
    return list(out.values())


def repository(directory: Path) -> Path:
    """The repository around a directory, nothing outside of which is read; without one, itself."""
    return next((one for one in (directory, *directory.parents) if (one / ".git").exists()), directory)


def _shown_from(directory: Path, here: Path) -> Path:
    """Paths are shown as the user would type them, or from the scanned directory where that is elsewhere."""
    return here if here == directory or here in directory.parents else directory

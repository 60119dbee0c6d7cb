"""The files a function's source consists of, as the running function would see them: a tree that is only read.

Nothing in it is executed, and a file is opened when somebody asks for it. What may be opened is decided
where the files come from: a directory goes through ``read.files.Tree``, which reads nothing outside of the
scanned tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from posixpath import normpath
from types import MappingProxyType
from typing import Any, Final

from stockade.read import looked
from stockade.read.files import Tree, Unreadable
from stockade.source import Source

MANY: Final = 20_000
"""How many files of one function are listed; the largest package AWS takes has room for about as many."""

BYTES: Final = 64_000_000
"""How much of one function's source is read. Hand-written source has a hundredth of it."""

LAYERS: Final = "/opt/"
"""Where the files of layers are at run time, all of them in one directory."""

_INSTALLED = (".venv", "venv", "node_modules", "__pycache__", ".tox", ".nox")
_BUILT = (".aws-sam", ".serverless", ".terraform", "cdk.out", ".mypy_cache", ".pytest_cache", ".ruff_cache")
PRUNED: Final = frozenset((".git", ".hg", ".svn", *_INSTALLED, *_BUILT))
"""Directories that are not looked into: installed packages, caches, and what tools have built."""

Opener = Callable[[], Source]


class Files:
    """Paths relative to the function's root (``/var/task``), layers' below ``/opt/``, and what opens each.

    ``pruned`` are directories that exist and were not looked into, ``cut`` says that there are more files
    than are listed. ``beside`` are files from outside of the root that a bundler puts in: their paths leave it
    (``../shared/db.ts``), they are read and asked for as the others, and who goes through the files does not
    meet them; ``home`` is where in the repository the root is. Paths and the ``Source.path`` of a file differ:
    the first is where the function has it, the second what reports show.
    """

    def __init__(
        self,
        entries: Mapping[str, Opener],
        pruned: Iterable[str] = (),
        cut: bool = False,
        beside: Mapping[str, Opener] = MappingProxyType({}),
        home: str = "",
    ) -> None:
        self._entries = dict(sorted(entries.items()))
        self._beside = dict(sorted(beside.items()))
        self.home = home
        self._read: dict[str, Source] = {}
        self.kept: dict[tuple[str, str], Any] = {}
        """What a front end keeps of a file, under its name and the path: functions may share their files."""
        self._left = BYTES
        self._lost = False
        self.pruned = tuple(sorted(pruned))
        self.cut = cut

    @classmethod
    def directory(cls, tree: Tree, root: Path) -> Files:
        """A directory of the scanned tree; raises ``Unreadable`` where there is none inside of it."""
        base = tree.locate(root)
        if not looked.is_directory(base):
            raise Unreadable("there is no such directory")
        entries: dict[str, Opener] = {}
        pruned: list[str] = []
        for folder, below, names in looked.walk(base):
            inside = Path(folder).relative_to(base)
            pruned += ((inside / one).as_posix() for one in below if one in PRUNED)
            below[:] = sorted(one for one in below if one not in PRUNED)
            for name in sorted(names):
                if len(entries) == MANY:
                    return cls(entries, pruned, cut=True)
                entries[(inside / name).as_posix()] = _opener(tree, Path(folder) / name)
        return cls(entries, pruned)

    @classmethod
    def of(cls, contents: Mapping[str, bytes | Source]) -> Files:
        """Files that are at hand already, such as the inline source of a template."""

        def opener(path: str, data: bytes | Source) -> Opener:
            source = data if isinstance(data, Source) else Source(path, data)
            return lambda: source

        return cls({path: opener(path, data) for path, data in contents.items()})

    def with_layers(self, layers: Iterable[Files]) -> Files:
        """The same with the layers' files beside it; of one path the later layer's counts, as AWS has it."""
        entries = dict(self._entries)
        pruned = [*self.pruned]
        cut = self.cut
        for layer in layers:
            entries.update((LAYERS + path, opener) for path, opener in layer._entries.items())
            pruned += (LAYERS + path for path in layer.pruned)
            cut = cut or layer.cut
        return Files(entries, pruned, cut, self._beside, self.home)

    def with_beside(self, beside: Mapping[str, Opener], home: str, cut: bool = False) -> Files:
        """The same with files from outside of the root; ``cut`` says that there are more of those."""
        return Files(self._entries, self.pruned, self.cut or cut, beside, home)

    def inside(self, folder: str) -> Files:
        """The same, and each file once more inside of a directory of that name."""
        below = {f"{folder}/{path}": opener for path, opener in self._entries.items()}
        return Files({**below, **self._entries}, self.pruned, self.cut, self._beside, self.home)

    def only(self, paths: Iterable[str]) -> Files:
        """Some of the files."""
        return Files({one: self._entries[one] for one in paths if one in self._entries}, (), self.cut)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, path: object) -> bool:
        return path in self._entries or path in self._beside

    @property
    def beside(self) -> Iterable[str]:
        """The paths of the files from outside of the root."""
        return self._beside.keys()

    def below(self, folder: str) -> Iterator[str]:
        """The paths inside of a directory, at any depth."""
        start = folder.rstrip("/") + "/" if folder not in ("", ".") else ""
        return (path for path in self._entries if path.startswith(start))

    def opened(self) -> tuple[tuple[str, Source], ...]:
        """The files that somebody read, in the order of their paths."""
        return tuple(sorted(self._read.items()))

    def read(self, path: str) -> Source:
        """The file at a path, ``./`` and ``../`` allowed; the same ``Source`` each time.

        Raises ``Unreadable`` where there is none, it cannot be read, or more was read than a function may
        cost.
        """
        key = normpath(path)
        found = self._read.get(key)
        if found is None:
            opener = self._entries.get(key) or self._beside.get(key)
            if opener is None:
                raise Unreadable("there is no such file")
            lost, self._lost = self._lost, True
            found = opener()
            self._left -= len(found.data)
            if self._left < 0:
                raise Unreadable(f"the function's source has more than the {BYTES:,} bytes that are read of it")
            self._read[key], self._lost = found, lost
        return found

    def one_of(self, is_meant: Callable[[str], bool], otherwise: str) -> Source:
        """A file to point at where nothing is found in any: the first that is meant and can be read."""
        for path in self._entries:
            if is_meant(path):
                try:
                    return self.read(path)
                except Unreadable:
                    break  # which is told when its code is wanted
        return Source(otherwise, b"")

    def says_as_much(self, other: Files) -> bool:
        """Whether others hold the very same of all that was read of these, and so say the same of any handler.

        What could not be read here might be there: then they do not.
        """
        if self._lost or (self.pruned, self.cut) != (other.pruned, other.cut):
            return False
        if self._entries.keys() != other._entries.keys() or self._beside.keys() != other._beside.keys():
            return False
        try:
            return all(other.read(path) is source for path, source in self._read.items())
        except Unreadable:
            return False


def _opener(tree: Tree, path: Path) -> Opener:
    return lambda: tree.read(path)

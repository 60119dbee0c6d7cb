"""What a function ships: the files of its package, of its layers and of its source, listed and readable.

A package is made when somebody asks for it, and its files are opened one by one. Where it is not there, as
when a pipeline builds it, it is unknown with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from enum import Enum
from functools import cached_property
from typing import Final, Protocol

from stockade.errors import StockadeError
from stockade.model.dependency import Component
from stockade.model.function import Function
from stockade.records import dataclass, record
from stockade.source import Source
from stockade.value import Default, Origin, Unknown, Value

ABSENT: Final = "the package is not there: something builds it before it is deployed"
"""Why nothing is known of what ships; the remedy is the same for all."""

WHOLE: Final = 10_000_000
"""Bytes of one file that are read unless somebody asks for more."""


class Form(Enum):
    """In what shape a package was found."""

    ARCHIVE = "archive"
    """A zip, as Lambda is given it."""
    DIRECTORY = "directory"
    """A directory that is zipped as it is: by Terraform's ``archive_file``, by the CDK, by ``sam package``."""
    SOURCE = "source"
    """A directory from which a build makes what ships: ``Package.built`` says how."""
    INLINE = "inline"
    """Source that stands in the template itself."""
    IMAGE = "image"
    """The file system of a container image."""


@record
class Entry:
    """One file of a package. ``size`` is in bytes, ``packed`` what it takes in an archive that exists.

    ``path`` is POSIX and relative to where the package is unpacked. ``link`` is where a symbolic link leads.
    ``mode`` are the permission bits, where the package records some.
    """

    path: str
    size: int
    packed: int | None = None
    link: str | None = None
    mode: int | None = None

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@record
class Trouble:
    """Something of a package that was not read, or that no package should have: ``reason`` says what.

    ``hostile`` says that no tool makes such a thing by mistake: a path that leads out, a decompression bomb.
    """

    path: str
    reason: str
    hostile: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class Package:
    """The files that a function or a layer is made of.

    ``path`` is where they are, as reports show it, and ``base`` what stands before an entry's path to make
    the path that reports show; ``place`` and ``reader`` know those that are files of the tree. ``entries`` are
    in the order of their paths. ``origin`` is where the input says that this is the package. ``excluded``
    counts what a rule of the input keeps out. ``built`` says what a build adds to the source, empty where the
    listing is all that ships. ``tool`` is what packs it, in a word: ``archive_file``, ``serverless``, ``sam``,
    ``cdk``, ``module``, ``zip``, ``image``. ``copied`` is false where a build bundles or compiles the files
    instead of putting them in as they are. ``cut`` says that there are more files than are listed. ``above``
    are the files of the module that a program's directory is a part of, in which it is ``folder``. ``beside``
    gives what a bundler puts in from outside of the directory, by paths that leave it (``../shared/index.ts``);
    ``None`` for nothing, and its ``folder`` is where in the repository the program is. ``handler`` is what the
    source calls the handler where a build gives it another name.
    ``absent`` says that what ships is not among the files, and that this is the source which it is built of.
    """

    form: Form
    path: str
    base: str
    entries: Sequence[Entry]
    origin: Origin
    opener: Callable[[str, int], bytes] = field(repr=False)
    tool: str
    troubles: Sequence[Trouble] = ()
    excluded: int = 0
    built: str = ""
    copied: bool = True
    cut: bool = False
    above: Package | None = field(default=None, repr=False)
    folder: str = ""
    beside: Callable[[], Package | None] | None = field(default=None, repr=False)
    handler: str = ""
    absent: bool = False
    place: Callable[[str], str | None] | None = field(default=None, repr=False)
    reader: Callable[[str], Source | None] | None = field(default=None, repr=False)
    _sources: dict[str, Source] = field(default_factory=dict, repr=False)

    @cached_property
    def by_path(self) -> Mapping[str, Entry]:
        return {one.path: one for one in self.entries}

    @cached_property
    def size(self) -> int:
        """The bytes of all files, unpacked."""
        return sum(one.size for one in self.entries)

    @property
    def is_source(self) -> bool:
        """Whether its files are files of the scanned tree, which their author can edit where they are."""
        return self.form in (Form.DIRECTORY, Form.SOURCE)

    def __contains__(self, path: object) -> bool:
        return path in self.by_path

    def __iter__(self) -> Iterator[str]:
        return (one.path for one in self.entries)

    def below(self, folder: str) -> Package:
        """The files of one of its folders (``nodejs/``), as a package whose paths begin there."""
        inner = [
            replace(one, path=one.path.removeprefix(folder))
            for one in self.entries
            if one.path.startswith(folder)
        ]
        place, reader = self.place, self.reader
        return replace(
            self,
            base=f"{self.base}{folder}",
            entries=inner,
            opener=lambda path, size: self.opener(f"{folder}{path}", size),
            place=(lambda path: place(f"{folder}{path}")) if place else None,
            reader=(lambda path: reader(f"{folder}{path}")) if reader else None,
            _sources={},
        )

    def head(self, path: str, size: int) -> bytes:
        """The first bytes of a file. Raises ``StockadeError`` where it cannot be read."""
        return self.opener(path, size)

    def read(self, path: str, limit: int = WHOLE) -> Source:
        """A file whole, under the path that reports show; the same ``Source`` each time.

        Raises ``StockadeError`` where there is none, where it cannot be read or has more bytes than ``limit``.
        """
        found = self._sources.get(path)
        if found is None:
            entry = self.by_path.get(path)
            if entry is None:
                raise NotThereError("there is no such file")
            if entry.size > limit:
                raise NotThereError(f"it has {entry.size:,} bytes, more than the {limit:,} that are read")
            own = self.reader(path) if self.reader else None
            found = self._sources[path] = own or Source(self.shown(path), self.opener(path, limit))
        return found

    def shown(self, path: str) -> str:
        """What reports call a file of the package."""
        return (self.place and self.place(path)) or f"{self.base}{path}"


class NotThereError(StockadeError):
    """A file that was asked for and that the package does not have, or that is too large."""


class Shelf(Protocol):
    """Where the packages of one input are kept; a package is looked for when it is asked for.

    The files in which a function's handler is looked for are those of its package: source where the tree has
    it (``Package.is_source``), and what was packed where only that is there.
    """

    def package_of(self, function: Function) -> Value[Package]:
        """What a function ships, without its layers; unknown with the reason where that is not there."""
        ...

    def layers_of(self, function: Function) -> Sequence[Value[Package]]:
        """What each of a function's layers holds, in their order."""
        ...

    def owns(self, layer: Value[str]) -> bool:
        """Whether a layer is one of this input, so that it says what is in it."""
        ...

    def base_image_of(self, function: Function) -> Value[str]:
        """The image that a function's own image is built on, where its Dockerfile is in the tree."""
        ...

    def components_of(self, package: Package) -> Sequence[Component]:
        """Third parties' packages in a package, as far as files in it tell of them."""
        ...

    def unread_manifests(self, package: Package) -> Mapping[str, str]:
        """The lists of third parties' packages that could not be read, as reports show them, with why."""
        ...


class Empty:
    """The shelf of an input that does not say where code is."""

    def package_of(self, function: Function) -> Value[Package]:
        return Unknown("this input does not say where the function's code is", Default("nothing says it"))

    def layers_of(self, function: Function) -> Sequence[Value[Package]]:
        return ()

    def owns(self, layer: Value[str]) -> bool:
        return False

    def base_image_of(self, function: Function) -> Value[str]:
        return Unknown("the base image decides the runtime", function.origin)

    def components_of(self, package: Package) -> Sequence[Component]:
        return ()

    def unread_manifests(self, package: Package) -> Mapping[str, str]:
        return {}

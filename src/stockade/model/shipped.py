"""What controls are asked of packages: portions that should not ship, secrets, dependencies.

All of it is found when the first control asks, from the shelf of the input: a project without packages
pays nothing. Functions that ship the same package share its subjects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar, cast

from stockade.errors import StockadeError
from stockade.model.binaries import misfits
from stockade.model.clutter import Clutter, clutter_of, misfit
from stockade.model.dependency import Component, Evidence
from stockade.model.function import Function
from stockade.model.imports import Lack, lack
from stockade.model.package import Entry, Form, Package, Shelf
from stockade.model.subject import Subject
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.source import Span
from stockade.value import Known, Origin, Unknown, Value, Written

if TYPE_CHECKING:
    from stockade.secrets.search import Found

S = TypeVar("S")

MOST_BYTES: Final = 64_000_000
"""Bytes of one package that are searched for secrets."""

LARGEST: Final = 2_000_000
"""A larger file is data, or a bundle of others' code."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Shipment(Subject):
    """A package and the functions that ship it; ``layer`` says that they have it as a layer.

    Layers that are not of the input are none: those are a matter of ``foreign-layer``.
    """

    functions: tuple[Function, ...]
    package: Value[Package]
    layer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Shipped(Subject):
    """Something in a package, or what stands for all of it where the package is not known."""

    shipment: Shipment

    @property
    def functions(self) -> tuple[Function, ...]:
        """The functions that ship it."""
        return self.shipment.functions


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Portion(Shipped):
    """The files of one kind in a package; ``kind`` is ``None`` for those that belong there."""

    kind: Clutter | None
    entries: tuple[Entry, ...] = ()

    @property
    def size(self) -> int:
        return sum(one.size for one in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CodeSecret(Shipped):
    """A secret in a function's own source.

    Where there is none, one subject says so: ``secret`` is known as ``None``.
    """

    path: str
    secret: Value[Found | None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PackagedSecret(Shipped):
    """A secret in any other file of a package."""

    path: str
    secret: Value[Found | None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Dependency(Shipped):
    """A third party's package that ships; ``component`` is ``None`` where none was found.

    ``first`` marks one of each ecosystem: what is to be said of all is said of it.
    """

    component: Value[Component | None]
    first: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Manifest(Shipped):
    """A file that tells of third parties' packages, and all of it; ``broken`` says why it tells nothing.

    What is installed has no ``path``, nor has what stands for a package without any such file: of that one
    ``lack`` is what is imported in it all the same.
    """

    path: str = ""
    components: tuple[Component, ...] = ()
    broken: str = ""
    lack: Lack | None = None


class Shipments:
    """The packages of a world's functions, and what is in them."""

    KINDS: Final = (Shipment, Portion, CodeSecret, PackagedSecret, Dependency, Manifest)

    def __init__(self, functions: Sequence[Function], shelf: Shelf) -> None:
        self._functions = functions
        self._shelf = shelf

    def subjects(self, kind: type[S]) -> Sequence[S]:
        """All subjects of one of ``KINDS``."""
        made: Mapping[type, Sequence[Subject]] = {}
        match kind.__name__:
            case "Shipment":
                made = {Shipment: self.shipments}
            case "Portion":
                made = {Portion: self.portions}
            case "CodeSecret":
                made = {CodeSecret: self.code_secrets}
            case "PackagedSecret":
                made = {PackagedSecret: self.packaged_secrets}
            case "Dependency":
                made = {Dependency: self.dependencies}
            case "Manifest":
                made = {Manifest: self.manifests}
        return cast("Sequence[S]", made[kind])

    @cached_property
    def shipments(self) -> tuple[Shipment, ...]:
        """Every package once, and every reason why packages are not known."""
        unknown: dict[tuple[str, bool], tuple[Unknown, bool, list[Function]]] = {}
        known: dict[int, tuple[Value[Package], bool, list[Function]]] = {}
        for function in self._functions:
            package = self._shelf.package_of(function)
            if isinstance(package, Unknown):
                unknown.setdefault((package.reason, False), (package, False, []))[2].append(function)
            else:
                known.setdefault(id(package.value), (package, False, []))[2].append(function)
            names = function.layers.value if isinstance(function.layers, Known) else ()
            for name, layer in zip(names, self._shelf.layers_of(function), strict=False):
                if isinstance(layer, Known):
                    known.setdefault(id(layer.value), (layer, True, []))[2].append(function)
                elif self._shelf.owns(name):
                    unknown.setdefault((layer.reason, True), (layer, True, []))[2].append(function)
        groups = (*unknown.values(), *known.values())
        return tuple(_shipment(tuple(who), package, layer) for package, layer, who in groups)

    @cached_property
    def portions(self) -> tuple[Portion, ...]:
        return tuple(one for shipment in self.shipments for one in _portions(shipment))

    @cached_property
    def code_secrets(self) -> tuple[CodeSecret, ...]:
        return tuple(one for shipment in self.shipments for one in _secrets(CodeSecret, shipment, code=True))

    @cached_property
    def packaged_secrets(self) -> tuple[PackagedSecret, ...]:
        return tuple(
            one for shipment in self.shipments for one in _secrets(PackagedSecret, shipment, code=False)
        )

    @cached_property
    def dependencies(self) -> tuple[Dependency, ...]:
        return tuple(one for shipment in self.shipments for one in self._dependencies_of(shipment))

    @cached_property
    def manifests(self) -> tuple[Manifest, ...]:
        return tuple(one for shipment in self.shipments for one in self._manifests_of(shipment))

    def _dependencies_of(self, shipment: Shipment) -> Iterator[Dependency]:
        match shipment.package:
            case Unknown() as why:
                yield _in(Dependency, shipment, why.origin, "", component=Unknown(why.reason, why.origin))
            case Known(package, origin):
                found = self._shelf.components_of(package)
                met: set[str] = set()
                for one in found:
                    first = one.ecosystem not in met
                    met.add(one.ecosystem)
                    component: Value[Component | None] = Known(one, one.origin)
                    yield _in(Dependency, shipment, one.origin, one.purl, component=component, first=first)
                if not found:
                    yield _in(Dependency, shipment, origin, "", component=Known(None, origin))

    def _manifests_of(self, shipment: Shipment) -> Iterator[Manifest]:
        """Lists and lock files one by one; what is installed is one together."""
        if isinstance(shipment.package, Unknown):
            yield _in(Manifest, shipment, shipment.package.origin, "")
            return
        package = shipment.package.value
        by_path: dict[str, list[Component]] = {}
        for one in self._shelf.components_of(package):
            listed = one.evidence is not Evidence.INSTALLED
            by_path.setdefault(one.path if listed else "", []).append(one)
        for path, found in by_path.items():
            found.sort(key=_place)
            origin = found[0].origin if path else shipment.origin
            yield _in(Manifest, shipment, origin, path, path=path, components=tuple(found))
        broken = self._shelf.unread_manifests(package)
        for path, why in broken.items():
            yield _in(Manifest, shipment, shipment.origin, path, path=path, broken=why)
        if not by_path and not broken:
            yield _in(Manifest, shipment, shipment.origin, "", lack=self._lack(shipment, package))

    def _lack(self, shipment: Shipment, package: Package) -> Lack | None:
        if shipment.layer or not package.copied:
            return None
        layers = [
            one.value
            for function in shipment.functions
            for one in self._shelf.layers_of(function)
            if isinstance(one, Known)
        ]
        return lack(package, layers, family_of(shipment.functions[0]), _searched(package, code=True))


def _place(component: Component) -> int:
    origin = component.origin
    return origin.span.start if isinstance(origin, Written) else 0


def _shipment(functions: tuple[Function, ...], package: Value[Package], layer: bool = False) -> Shipment:
    first = functions[0]
    return Shipment(
        address=first.address,
        origin=package.origin,
        doubt=first.doubt,
        key=_key(package, layer),
        region=first.region,
        functions=functions,
        package=package,
        layer=layer,
    )


def _key(package: Value[Package], layer: bool) -> str:
    if not layer:
        return "package"
    return f"layer {package.value.path if isinstance(package, Known) else package.reason}"


T = TypeVar("T", bound=Shipped)


def _in(made: type[T], shipment: Shipment, origin: Origin, key: str, /, **more: object) -> T:
    return made(
        address=shipment.address,
        origin=origin,
        doubt=shipment.doubt,
        key=f"{shipment.key} {key}",
        region=shipment.region,
        shipment=shipment,
        **more,
    )


# ------------------------------------------------------------------------------------------- portions


def _portions(shipment: Shipment) -> Iterator[Portion]:
    match shipment.package:
        case Unknown() as why:
            yield _in(Portion, shipment, why.origin, "", kind=None)
        case Known(package, origin):
            found: dict[Clutter, tuple[Entry, ...]] = {}
            if package.copied:
                found = dict(clutter_of(package.entries, family_of(shipment.functions[0])))
                kept = {entry.path for group in found.values() for entry in group}
                for kind, group in _misfits(package, shipment.functions).items():
                    if left := tuple(one for one in group if one.path not in kept):
                        found[kind] = left
            others = set(package) - {entry.path for group in found.values() for entry in group}
            rest = tuple(one for one in package.entries if one.path in others)
            yield _in(Portion, shipment, origin, "files", kind=None, entries=rest)
            for kind, entries in found.items():
                yield _in(Portion, shipment, origin, kind.name, kind=kind, entries=entries)


def _misfits(package: Package, functions: tuple[Function, ...]) -> dict[Clutter, tuple[Entry, ...]]:
    """Compiled files for another processor, by kind."""
    out: dict[tuple[str, str], list[Entry]] = {}
    for entry, machine, wanted in misfits(package, functions):
        out.setdefault((machine, wanted), []).append(entry)
    return {misfit(*key): tuple(entries) for key, entries in out.items()}


def family_of(function: Function) -> str | None:
    """The family of a function's runtime: ``python`` of ``python3.13``; ``None`` where it is not known."""
    if not isinstance(function.runtime, Known) or function.runtime.value is None:
        return None
    found = re.match(r"[a-z]+", function.runtime.value)
    return found[0] if found else None


# -------------------------------------------------------------------------------------------- secrets

_CODE: Final = lazy_regex(
    r"\.(?:py|js|mjs|cjs|jsx|ts|mts|cts|tsx|go|java|kt|scala|rb|cs|fs|php|rs|groovy|sh|ps1)$"
)
_SETTINGS: Final = lazy_regex(
    r"\.(?:json|jsonc|json5|ya?ml|toml|ini|cfg|conf|config|properties|xml|env|pem|key|p8|crt|cer|sql|txt|tf|tfvars|plist"
    r"|tfstate)$|(?:^|/)\.(?:env[\w.-]*|npmrc|yarnrc|yarnrc\.yml|pypirc|netrc|git-credentials|s3cfg|boto|htpasswd"
    r"|dockercfg|pgpass|my\.cnf)$|(?:^|/)(?:credentials|config|id_(?:rsa|dsa|ecdsa|ed25519))$"
)
_UNQUOTED: Final = lazy_regex(
    r"\.(?:ini|cfg|conf|properties|env|ya?ml|tfvars)$|(?:^|/)\.(?:env[\w.-]*|npmrc|yarnrc|pypirc|netrc|s3cfg|boto|pgpass)$"
    r"|(?:^|/)credentials$"
)
_ALWAYS: Final = lazy_regex(
    r"\.(?:pem|key|p8|ppk)$|(?:^|/)(?:\.env[\w.-]*|\.npmrc|id_(?:rsa|dsa|ecdsa|ed25519))$"
)
_NOT: Final = lazy_regex(
    r"(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock|Pipfile\.lock"
    r"|composer\.lock|go\.sum|Cargo\.lock)$|\.min\.js$|\.map$"
)
_FOR_TESTS: Final = lazy_regex(
    r"(?i)(?:^|/)(?:tests?|__tests__|spec|specs|e2e|fixtures?|__fixtures__|mocks?|__mocks__|mocked|examples?|samples?|testdata"
    r"|test[_-]data|docs?|cypress|snapshots|__snapshots__)/|(?:^|/)events?/[^/]*\.(?:json|txt)$"
    r"|(?:^|/)(?:test_[^/]*|conftest|mock_[^/]*)\.\w+$"
    r"|(?:_test|\.test|\.spec|\.mock|\.example|\.sample|\.template|-example|-sample)(?:\.\w+)?$"
)
_OTHERS: Final = lazy_regex(
    r"(?:^|/)(?:node_modules|site-packages|dist-packages|vendor|bower_components|\.yarn|\.venv|venv)/"
)
_DISTRIBUTION: Final = lazy_regex(r"^((?:.*/)?)([^/]+)\.(?:dist|egg)-info/([^/]+)$")


def _secrets(kind: type[T], shipment: Shipment, *, code: bool) -> Iterator[T]:
    match shipment.package:
        case Unknown() as why:
            yield _in(kind, shipment, why.origin, "", path="", secret=Unknown(why.reason, why.origin))
            return
        case Known(package, origin):
            pass
    from stockade.secrets.search import secrets_in  # costs a tenth of a small scan, which mostly has no package

    found = False
    unread: Unknown | None = None
    if package.copied or code:
        left = MOST_BYTES
        for entry in _searched(package, code):
            left -= entry.size
            if left < 0:
                unread = Unknown(f"more than {MOST_BYTES:,} bytes would have to be searched", origin)
                break
            try:
                source = package.read(entry.path)
            except StockadeError as error:
                unread = Unknown(f"`{package.shown(entry.path)}` was not read: {error.message}", origin)
                continue
            unquoted = takes_values_unquoted(entry.path)
            for one in secrets_in(source.data, unquoted=unquoted):
                found = True
                place: Origin = Written(Span(source, one.start, one.end))
                if package.form is Form.INLINE:
                    place = origin
                key = f"{entry.path} {one.label}"
                yield _in(kind, shipment, place, key, path=entry.path, secret=Known(one, place))
    if unread is not None:
        yield _in(kind, shipment, origin, "unread", path="", secret=unread)
    elif not found:
        yield _in(kind, shipment, origin, "", path="", secret=Known(None, origin))


def _searched(package: Package, code: bool) -> Iterator[Entry]:
    """The files that are searched: a function's own source, or everything else that may hold a secret."""
    foreign = foreigners(package)
    for entry in package.entries:
        path = entry.path
        if entry.size > LARGEST or not entry.size or _NOT.search(path) or _FOR_TESTS.search(path):
            continue
        is_code = _CODE.search(path) is not None
        if is_code is not code or not (is_code or _SETTINGS.search(path)):
            continue
        if is_foreign(path, foreign) and not (not code and _ALWAYS.search(path)):
            continue
        yield entry


def takes_values_unquoted(path: str) -> bool:
    """Whether a file of settings is of a kind whose values need no quotes."""
    return _UNQUOTED.search(path) is not None


def is_foreign(path: str, foreign: frozenset[str]) -> bool:
    """Whether a file is a third party's."""
    if _OTHERS.search(path) or _DISTRIBUTION.match(path):
        return True
    parts = path.split("/")
    return any("/".join(parts[: end + 1]) in foreign for end in range(min(len(parts), 6)))


def foreigners(package: Package) -> frozenset[str]:
    """The modules at the places where distributions of Python are installed that these say are theirs."""
    out: set[str] = set()
    for path in package:
        found = _DISTRIBUTION.match(path)
        if not found or found[3] not in ("RECORD", "top_level.txt", "installed-files.txt"):
            continue
        try:
            lines = package.read(path).data.decode("utf-8", "replace").splitlines()
        except StockadeError:
            continue  # its modules count as the function's own, and are searched
        out.update(f"{found[1]}{name}" for name in _modules(lines))
    return frozenset(out)


def _modules(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        name = line.partition(",")[0].strip().strip('"')
        first = name.partition("/")[0]
        if first and first not in ("..", "bin") and not first.endswith((".dist-info", ".egg-info")):
            yield first

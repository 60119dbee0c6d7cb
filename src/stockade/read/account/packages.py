"""The code of functions and of their layers, downloaded where that is asked for: each package once, to a file.

A package is streamed to a file of its own below a directory that the caller made, held to the hash that Lambda
says it has, and read in place by the reader of packages; it is never whole in memory.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from stockade.model.dependency import Component
from stockade.model.function import Function
from stockade.model.package import Package
from stockade.patterns import lazy_regex
from stockade.read.account.answer import Absent, Present, Unread
from stockade.read.account.calls import LAMBDA, LAMBDA_FUNCTION, Call
from stockade.read.account.scene import Scene, Seen
from stockade.read.files import Tree, Unreadable
from stockade.read.package.archive import archive
from stockade.records import dataclass
from stockade.value import Default, Known, Origin, Unknown, Value

if TYPE_CHECKING:
    from stockade.read.package.inventory import Inventory

CODE: Final = Call("lambda", "GetFunction", LAMBDA_FUNCTION, "where a function's code can be downloaded")
LAYER: Final = Call(
    "lambda",
    "GetLayerVersionByArn",
    LAMBDA,
    "where a layer's content can be downloaded (`--packages`)",
    actions=("lambda:GetLayerVersion",),
)
CALLS: Final = (CODE, LAYER)

LARGEST: Final = 300_000_000
"""Bytes of one package that are downloaded; Lambda takes 262,144,000, unpacked."""

Download: TypeAlias = Callable[[str, Path, int], None]
"""From an address to a file, up to so many bytes. Raises ``Unreadable`` where that cannot be done."""

_ODD: Final = lazy_regex(r"[^\w.-]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """That code is read too: where it may be put, and how it is fetched."""

    folder: Path
    download: Download


@dataclass(eq=False)
class Packages:
    """What the functions of one account and region ship, by their ARNs and those of layers.

    ``missing`` says why there is none where nothing was downloaded.
    """

    missing: str
    found: Mapping[str, Value[Package]] = field(default_factory=dict)
    _inventories: dict[Package, Inventory] = field(default_factory=dict)

    def package_of(self, function: Function) -> Value[Package]:
        if isinstance(function.package_type, Known) and function.package_type.value == "Image":
            reason = "the function is a container image, which is not downloaded"
            return Unknown(reason, function.image_uri.origin)
        return self.found.get(function.address) or Unknown(self.missing, function.origin)

    def layers_of(self, function: Function) -> Sequence[Value[Package]]:
        match function.layers:
            case Unknown() as why:
                return (Unknown(why.reason, why.origin),)
            case Known(layers):
                return tuple(self._layer(one) for one in layers)

    def owns(self, layer: Value[str]) -> bool:
        return False  # which layers are the account's own is not known by their ARNs alone

    def _layer(self, layer: Value[str]) -> Value[Package]:
        if isinstance(layer, Unknown):
            return Unknown(layer.reason, layer.origin)
        return self.found.get(layer.value) or Unknown(self.missing, layer.origin)

    def base_image_of(self, function: Function) -> Value[str]:
        return Unknown("the base image decides the runtime", function.origin)

    def components_of(self, package: Package) -> Sequence[Component]:
        return self._inventory(package).components

    def unread_manifests(self, package: Package) -> Mapping[str, str]:
        return self._inventory(package).unread

    def _inventory(self, package: Package) -> Inventory:
        from stockade.read.package.inventory import inventory

        found = self._inventories.get(package)
        if found is None:
            found = self._inventories[package] = inventory(package)
        return found


NOT_ASKED: Final = Packages("the packages of a live account are read with `--packages`")


def read(scene: Scene, wanted: Wanted) -> Packages:
    """Download what the functions of a scene ship, each package once however many functions ship it."""
    by_hash: dict[str, list[Seen]] = {}
    layers: dict[str, None] = {}
    for seen in scene.functions:
        if seen.configuration.get("PackageType", "Zip") == "Zip":
            by_hash.setdefault(str(seen.configuration.get("CodeSha256", seen.arn)), []).append(seen)
        layers.update(dict.fromkeys(str(one.get("Arn", "")) for one in seen.configuration.get("Layers") or ()))
    found: dict[str, Value[Package]] = {}
    answers = scene.each(list(by_hash.items()), lambda one: _code(scene, wanted, *one))
    for (_, users), package in zip(by_hash.items(), answers, strict=True):
        found |= {seen.arn: package for seen in users}
    contents = scene.each(list(layers), lambda arn: _layer(scene, wanted, arn))
    found |= dict(zip(layers, contents, strict=True))
    return Packages("the package was not listed", found)


def _code(scene: Scene, wanted: Wanted, digest: str, users: Sequence[Seen]) -> Value[Package]:
    """The package of functions that ship the same, through the first of them."""
    first = users[0]
    match scene.ask(CODE, first.arn, FunctionName=first.name):
        case Present(data):
            code = data.get("Code", {})
            return _downloaded(scene, wanted, CODE, first.arn, code.get("Location"), digest, first.name)
        case Unread() as why:
            return why.value()
        case Absent():
            return Unknown("the function was deleted while it was read", Default("nothing is there"))


def _layer(scene: Scene, wanted: Wanted, arn: str) -> Value[Package]:
    name = "-".join(arn.split(":")[6:])
    match scene.ask(LAYER, arn, Arn=arn):
        case Present(data):
            content = data.get("Content", {})
            digest = str(content.get("CodeSha256", ""))
            return _downloaded(scene, wanted, LAYER, arn, content.get("Location"), digest, f"layer-{name}")
        case Unread() as why:
            return why.value()
        case Absent():
            return Unknown(f"the layer `{arn}` does not exist any more", Default("nothing is there"))


def _downloaded(
    scene: Scene, wanted: Wanted, call: Call, about: str, location: Any, digest: str, name: str
) -> Value[Package]:
    origin: Origin = scene.document(call, about, {"CodeSha256": digest}).origin
    folder = wanted.folder / scene.place.account / scene.place.region
    path = folder / f"{_ODD.sub('-', name)}.zip"
    try:
        if not location:
            raise Unreadable("AWS does not say where it can be downloaded")
        folder.mkdir(parents=True, exist_ok=True)
        wanted.download(str(location), path, LARGEST)
        _check(path, digest)
        package = archive(Tree(folder, wanted.folder), str(path), origin)
    except (Unreadable, OSError) as error:
        reason = (
            error.message if isinstance(error, Unreadable) else (error.strerror or "the system refused").lower()
        )
        why = Unread(call, about, f"its package was not read: {reason}", scene.place)
        scene.miss(why)
        return why.value()
    return Known(package, origin)


def _check(path: Path, digest: str) -> None:
    """That a file is what Lambda says it runs."""
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            hashed.update(piece)
    if base64.b64encode(hashed.digest()).decode() != digest:
        raise Unreadable("what was downloaded has another hash than the function's `CodeSha256`")


def download(url: str, path: Path, most: int) -> None:
    """Stream what is at an address to a file. The address is a key, so that it is in no message."""
    from botocore.awsrequest import AWSRequest
    from botocore.exceptions import BotoCoreError
    from botocore.httpsession import URLLib3Session
    from urllib3.exceptions import HTTPError

    request = AWSRequest(method="GET", url=url, stream_output=True).prepare()
    try:
        answer = URLLib3Session(timeout=60).send(request)
        if answer.status_code != 200:
            raise Unreadable(f"the download was answered with {answer.status_code}")
        size = 0
        with path.open("wb") as file:
            for piece in answer.raw.stream(1 << 16):
                size += len(piece)
                if size > most:
                    raise Unreadable(f"it has more than the {most:,} bytes that are downloaded")
                file.write(piece)
    except (BotoCoreError, HTTPError) as error:
        raise Unreadable(f"the download failed ({type(error).__name__})") from None

"""The packages of one input's functions and layers, each found when somebody asks, and once.

What the input says of code stands at its resources: a path, an archive that Terraform makes, an object in
S3, source in the template. Each way is a file beside this one; what none of them finds is unknown, with what
to do about it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stockade.model.dependency import Component
from stockade.model.function import Function
from stockade.model.package import Form, Package
from stockade.model.relate import comparable, meant
from stockade.read import looked
from stockade.read.files import Tree, Unreadable
from stockade.read.package import archived, built, images, inline, module, serverless, sources
from stockade.read.package.archive import archive
from stockade.read.package.dockerfile import base_image
from stockade.read.package.listing import Absent, directory
from stockade.read.package.modules import within_module
from stockade.read.resource import Ground, Resource
from stockade.value import Known, Origin, Unknown, Value, places

if TYPE_CHECKING:
    from stockade.read.package.inventory import Inventory

ARCHIVES: Final = ("archive_file", "data.archive_file")
_OBJECTS: Final = ("aws_s3_object", "aws_s3_bucket_object")
_LAYERS: Final = ("aws_lambda_layer_version", "AWS::Lambda::LayerVersion")
_ZIPS: Final = (".zip", ".jar", ".war")


class Shelf:
    """Packages by what the resources of one input say of them."""

    def __init__(
        self, ground: Ground, resources: Iterable[Resource], packages: Mapping[str, Path] | None = None
    ) -> None:
        self._given = packages or {}
        self._ground = ground
        self._tree = ground.tree
        self._by_address: dict[str, Resource] = {}
        self._archives: dict[str, Resource] = {}
        self._objects: list[Resource] = []
        self._images: list[Resource] = []
        for one in resources:
            self._by_address.setdefault(one.address, one)
            if one.type in ARCHIVES:
                self._archives[one.address] = one
            elif one.type in _OBJECTS:
                self._objects.append(one)
            elif one.type in (images.BUILT, images.PUSHED):
                self._images.append(one)
        self._sources = sources.Sources(ground.tree)
        self._found: dict[str, Value[Package]] = {}
        self._inventories: dict[Package, Inventory] = {}
        self._made: dict[tuple[str, ...], Package] = {}
        self._nowhere: dict[tuple[Path, str], tuple[bool, looked.Seen]] = {}

    # -------------------------------------------------------------------------------------- asked

    def package_of(self, function: Function) -> Value[Package]:
        """What a function ships, without its layers."""
        found = self._found.get(function.address)
        if found is None:
            found = self._found[function.address] = self._function(function)
        return found

    def layers_of(self, function: Function) -> Sequence[Value[Package]]:
        """What each of a function's layers holds."""
        match function.layers:
            case Unknown() as why:
                return (Unknown(why.reason, why.origin),)
            case Known(layers):
                return tuple(self._layer(one) for one in layers)

    def owns(self, layer: Value[str]) -> bool:
        """Whether a layer is a resource of this input."""
        return self._layer_resource(layer) is not None

    def base_image_of(self, function: Function) -> Value[str]:
        """The image that a function's own image is built on, where its Dockerfile is in the tree."""
        resource = self._by_address.get(function.address)
        file = built.dockerfile(resource) if resource is not None else None
        if file is None:
            file = images.dockerfile(function, self._images)
        if file is None or resource is None:
            return Unknown("the base image decides the runtime", function.package_type.origin)
        if isinstance(file, Unknown):
            return file
        path = self._beside(resource) / file.value[0]
        try:
            return base_image(self._tree.read(path), resource.origin, file.value[1])
        except Unreadable as error:
            return Unknown(
                f"the Dockerfile `{self._tree.shown(path)}` was not read: {error.message}", file.origin
            )

    def components_of(self, package: Package) -> Sequence[Component]:
        """Third parties' packages in a package."""
        return self._inventory(package).components

    def unread_manifests(self, package: Package) -> Mapping[str, str]:
        """The lists of third parties' packages that could not be read, with why."""
        return self._inventory(package).unread

    def _inventory(self, package: Package) -> Inventory:
        from stockade.read.package.inventory import inventory

        found = self._inventories.get(package)
        if found is None:
            found = self._inventories[package] = inventory(package)
        return found

    # -------------------------------------------------------------------------------------- found

    def _function(self, function: Function) -> Value[Package]:
        resource = self._by_address.get(function.address)
        if resource is None:
            return Unknown("this input does not say where the function's code is", function.origin)
        given = self._given_for(function)
        if given is not None:
            return self._attempt(lambda: self._at(given, function.origin), resource)
        if isinstance(function.package_type, Known) and function.package_type.value == "Image":
            reason = "the function is a container image, which is built and kept elsewhere"
            return Unknown(reason, function.image_uri.origin)
        if isinstance(function.inline_code, Unknown) or function.inline_code.value is not None:
            return inline.package(function)
        said = serverless.said(resource)
        if said is not None:
            return self._attempt(
                lambda: serverless.package(self._tree, self._ground.directory, said),
                resource,
                function=function,
            )
        handed = module.source_path(resource)
        if handed is not None:
            return self._attempt(
                lambda: module.package(self._tree, self._ground.directory, handed, function),
                resource,
                function=function,
            )
        return self._from(function.filename, function.s3_bucket, function.s3_key, resource, function)

    def _given_for(self, function: Function) -> Path | None:
        """Where a user says that a function's package lies."""
        if not self._given:
            return None
        name = function.name.value if isinstance(function.name, Known) else ""
        return self._given.get(name) or self._given.get(function.address) or self._given.get("*")

    def _at(self, path: Path, origin: Origin) -> Package:
        """A package that a user names: a zip, a directory, an image; it may lie anywhere."""
        from stockade.read.package import image

        key = ("given", str(path))
        found = self._made.get(key)
        if found is None:
            boundary = path if looked.is_directory(path) else path.parent
            tree = Tree(boundary, self._tree.shown_from)
            if image.is_image(tree, path):
                found = image.image(tree, path, origin)
            elif looked.is_directory(path):
                found = directory(tree, path, origin, "zip")
            else:
                found = archive(tree, str(path), origin)
            self._made[key] = found
        return found

    def _layer(self, layer: Value[str]) -> Value[Package]:
        resource = self._layer_resource(layer)
        if resource is None:
            named = f"`{layer.value}`" if isinstance(layer, Known) else "it"
            return Unknown(f"the layer is not of this input, so what {named} holds is not known", layer.origin)
        found = self._found.get(resource.address)
        if found is None:
            found = self._found[resource.address] = self._layer_of(resource)
        return found

    def _layer_resource(self, layer: Value[str]) -> Resource | None:
        ref = meant(layer)
        resource = self._by_address.get(ref.address) if ref else None
        return resource if resource is not None and resource.type in _LAYERS else None

    def _layer_of(self, resource: Resource) -> Value[Package]:
        get = resource.attributes.get
        if resource.dialect == "terraform":
            handed = module.source_path(resource)
            if handed is not None:
                return self._attempt(
                    lambda: module.package(self._tree, self._ground.directory, handed, None), resource
                )
            return self._from(get("filename"), get("s3_bucket"), get("s3_key"), resource, None)
        said = serverless.said(resource)
        if said is not None:
            return self._attempt(lambda: serverless.package(self._tree, self._ground.directory, said), resource)
        content = get("Content")
        if isinstance(content, Known) and isinstance(content.value, dict):
            local = content.value.get(built.PATH)
            if local is not None:
                return self._from(local, None, None, resource, None)
        return Unknown("the layer's content is kept in S3", resource.origin)

    def _from(
        self,
        filename: Value[Any] | None,
        bucket: Value[Any] | None,
        key: Value[Any] | None,
        resource: Resource,
        function: Function | None,
    ) -> Value[Package]:
        """What a path, or an object in S3, holds."""
        match filename:
            case Known(str() as path, origin):
                return self._path(path, filename, origin, resource, function)
            case Unknown() as why:
                made = self._archive_of(why)
                if made is not None:
                    return self._archived(made, resource, function)
                return Unknown(why.reason, why.origin)
            case _:
                pass
        if key is None or (isinstance(key, Known) and key.value is None):
            reason = "nothing says where the function's code is"
            return Unknown(reason, resource.origin)
        return self._stored(bucket, key, resource, function)

    def _path(
        self, path: str, value: Value[str], origin: Origin, resource: Resource, function: Function | None
    ) -> Value[Package]:
        made = self._archive_of(value) or self._archive_at(path)
        if made is not None:
            return self._archived(made, resource, function)
        return self._attempt(lambda: self._local(path, origin, resource, function), resource, origin, function)

    def _local(self, path: str, origin: Origin, resource: Resource, function: Function | None) -> Package:
        """A zip or a directory of the tree, once for all that ship it."""
        beside = self._beside(resource)
        if self._is_nowhere(beside, path):
            raise Absent(beside / path)
        real = self._tree.locate(beside / path)
        if not looked.is_there(real):
            raise Absent(beside / path)
        how = built.build(resource, real, function)
        key = (str(real), how.tool, how.built)
        found = self._made.get(key)
        if found is None:
            if looked.is_directory(real):
                form = Form.SOURCE if how.built else Form.DIRECTORY
                found = directory(
                    self._tree,
                    real,
                    origin,
                    how.tool,
                    form=form,
                    keep=how.keep,
                    built=how.built,
                    copied=how.copied,
                )
                found = within_module(self._tree, found, real, origin)
            else:
                found = archive(self._tree, str(real), origin, "zip" if how.tool == "archive" else how.tool)
            self._made[key] = found
        return found

    def _is_nowhere(self, beside: Path, path: str) -> bool:
        """Whether a path lies in a directory of the tree that is not there: before a build that is where all
        packages are, and asking the system about each of them takes ten times as long."""
        folder, slash, name = path.rpartition("/")
        if not slash or name in ("", ".", ".."):
            return False
        return looked.once(self._nowhere, (beside, folder), lambda: self._is_absent(beside / (folder or slash)))

    def _is_absent(self, folder: Path) -> bool:
        try:
            return not looked.is_there(self._tree.locate(folder))
        except Unreadable:
            return False  # which is told when the path itself is looked at

    def _beside(self, resource: Resource) -> Path:
        """The directory that a resource's paths begin at: the root module's, or the template's own."""
        if resource.dialect == "cloudformation":
            for place in places(resource.origin):
                return self._tree.shown_from / posixpath.dirname(place.span.path)
        return self._ground.directory

    def _attempt(
        self,
        find: Callable[[], Package],
        resource: Resource,
        origin: Origin | None = None,
        function: Function | None = None,
    ) -> Value[Package]:
        """What is found, or why nothing is; of what is built first the source, where a handler tells."""
        where = origin or resource.origin
        try:
            found = find()
        except Absent as error:
            source = self._source_of(error.path, where, function)
            return Known(source, where) if source is not None else Unknown(error.message, where)
        except Unreadable as error:
            said = error.message
            return Unknown(f"the package {said[3:]}" if said.startswith("it ") else said, where)
        return Known(found, found.origin)

    def _source_of(self, absent: Path, origin: Origin, function: Function | None) -> Package | None:
        """The source of a package that is not there, once for all that are built of it."""
        handler = function.handler if function is not None else None
        if not isinstance(handler, Known) or handler.value is None:
            return None
        found = self._sources.of(absent, handler.value, built.family(function))
        if found is None:
            return None
        key = ("source", str(found.directory), found.how, found.handler)
        made = self._made.get(key)
        if made is None:
            try:
                made = sources.package(self._tree, found, origin)
            except Unreadable:
                return None  # a link leads out of the tree
            made = self._made[key] = within_module(self._tree, made, found.directory, origin)
        return made

    # ------------------------------------------------------------------------- Terraform's archives

    def _archive_of(self, value: Value[Any]) -> Resource | None:
        """The archive whose output a path was read through."""
        ref = meant(value)
        return self._archives.get(ref.address) if ref else None

    def _archive_at(self, path: str) -> Resource | None:
        """The archive that is written to a path."""
        if not self._archives:
            return None
        wanted = posixpath.normpath(path)
        for one in self._archives.values():
            output = one.attributes.get("output_path")
            if isinstance(output, Known) and isinstance(output.value, str):
                if posixpath.normpath(output.value) == wanted:
                    return one
        return None

    def _archived(self, made: Resource, resource: Resource, function: Function | None) -> Value[Package]:
        return self._attempt(lambda: self._archive(made), resource, made.origin, function)

    def _archive(self, made: Resource) -> Package:
        key = ("archive", made.address)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = archived.package(self._tree, self._ground.directory, made)
        return found

    # ------------------------------------------------------------------------------------------- S3

    def _stored(
        self, bucket: Value[Any] | None, key: Value[Any], resource: Resource, function: Function | None
    ) -> Value[Package]:
        """The file that this input itself puts where the code is taken from."""
        ref = meant(key)
        wanted = comparable(key)
        for one in self._objects:
            written = one.attributes.get("key")
            same = ref is not None and ref.address == one.address
            if same or (wanted and written is not None and comparable(written) == wanted):
                source = one.attributes.get("source")
                if source is None:
                    return Unknown("the object in S3 has no file as its source", one.origin)
                return self._from(source, None, None, one, function)
        return Unknown("the package is kept in S3, and no file of this input is put there", key.origin)


def of(
    ground: Ground | None, resources: Sequence[Resource], packages: Mapping[str, Path] | None = None
) -> Shelf | None:
    """The shelf of a reading; ``None`` where it has no files."""
    return Shelf(ground, resources, packages) if ground is not None else None

"""Images that Terraform itself builds: the Dockerfile behind a function's ``image_uri``.

The Docker provider's ``docker_image`` names a context and a Dockerfile; the module ``docker-build`` of
``terraform-aws-modules/lambda`` makes one. An image belongs to a function where the function's address is read
through it, or through the push of it, or where both are written alike; it is never guessed.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import Any, Final

from stockade.model.function import Function
from stockade.model.relate import comparable, meant
from stockade.read.resource import Resource
from stockade.value import Known, Ref, Unknown, Value, elements_of, parts_of

BUILT: Final = "docker_image"
PUSHED: Final = "docker_registry_image"


def dockerfile(function: Function, resources: Iterable[Resource]) -> Value[tuple[str, str]] | None:
    """The Dockerfile of a function's image, relative to the root module, and the stage that is built.

    ``None`` where no image of this input is the function's.
    """
    every = tuple(resources)
    for one in every:
        if one.type == BUILT and _is_of(function, one, every):
            return _file(one)
    return None


def _is_of(function: Function, built: Resource, every: Iterable[Resource]) -> bool:
    uri = _text(function.image_uri)
    if uri is None:
        return False
    read = {part.address for part in parts_of(uri) if isinstance(part, Ref)}
    if (ref := meant(uri)) is not None:
        read.add(ref.address)
    if built.address in read:
        return True
    name = built.attributes.get("name")
    if name is None:
        return False
    wanted = comparable(name)
    if wanted and comparable(uri) == wanted:
        return True
    pushed = (one.attributes.get("name") for one in every if one.type == PUSHED and one.address in read)
    return any(each is not None and _same(each, built, wanted) for each in pushed)


def _same(name: Value[Any], built: Resource, wanted: object) -> bool:
    """Whether what is pushed is what is built."""
    ref = meant(name)
    return (ref is not None and ref.address == built.address) or (bool(wanted) and comparable(name) == wanted)


def _text(value: Value[str | None]) -> Value[str] | None:
    match value:
        case Known(str() as text):
            return Known(text, value.origin, ref=value.ref)
        case Unknown():
            return value
        case _:
            return None


def _file(built: Resource) -> Value[tuple[str, str]]:
    blocks = built.attributes.get("build")
    elements = elements_of(blocks) if blocks is not None else ()
    if not elements or not isinstance(elements[0], Known) or not isinstance(elements[0].value, dict):
        return Unknown("the image is pulled, or what builds it is not known", built.origin)
    said: dict[str, Value[Any]] = elements[0].value
    texts = {}
    for name, usual in (("context", None), ("dockerfile", "Dockerfile"), ("target", "")):
        value = said.get(name)
        match value:
            case Known(str() as text):
                texts[name] = text
            case None | Known(None) if usual is not None:
                texts[name] = usual
            case Unknown() as why:
                return Unknown(f"the `{name}` of the image's build is not known: {why.reason}", why.origin)
            case _:
                return Unknown(f"the image's build has no `{name}`", built.origin)
    return Known((posixpath.join(texts["context"], texts["dockerfile"]), texts["target"]), built.origin)

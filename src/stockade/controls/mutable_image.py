"""The function's image is named by a tag, which may come to name another image.

## Why it matters

Lambda looks the tag up once, when the function is deployed, and keeps that image. Who pushes another
image under the same tag changes nothing at first; the next deployment, perhaps for quite another
reason, then ships code that nobody reviewed with it, and the configuration looks the same as before.
With `latest`, or no tag at all, that is the ordinary course of things. A digest names one image for ever.

Another tag is a finer point, shown from `strict` on: it may well be one a build never uses twice.
In a repository of this input whose tags are immutable, a tag is as good as a digest.

## What it does not see

Whether a pipeline deploys images past this configuration, so that the tag is only what the function was
made with; where Terraform is told to ignore changes of the image, or the whole tag is a variable of the
root module, handed on to the module of the function or not, by itself or in an object, that is plain, and the
finding is shown from `strict` on. Whether tags of a repository outside of this input can be moved.

## Fix

Name the image by its digest, `repository@sha256:…`, as `data.aws_ecr_image` and most build tools give
it, or make the repository's tags immutable. Of a repository of this input the fix does the latter, for review,
as a pipeline that pushes a tag twice is refused then. Else it shows how to find the digest, which is not in the
input.

## Example

```hcl
resource "aws_lambda_function" "resize" {
  function_name = "resize"
  role          = "arn:aws:iam::123456789012:role/resize"
  package_type  = "Image"
  image_uri     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/resize:latest"
}
```

Use instead:

```hcl
data "aws_ecr_image" "resize" {
  repository_name = "resize"
  image_tag       = "2.4.1"
}

resource "aws_lambda_function" "resize" {
  function_name = "resize"
  role          = "arn:aws:iam::123456789012:role/resize"
  package_type  = "Image"
  image_uri     = data.aws_ecr_image.resize.image_uri
}
```
"""

from __future__ import annotations

from typing import Final

from stockade.checklist import Item
from stockade.control import (
    Code,
    Fails,
    Fix,
    Holds,
    Noise,
    Put,
    Safety,
    Severity,
    Undecided,
    Verdict,
    control,
)
from stockade.iam.match import glob_matches
from stockade.model.function import Function
from stockade.model.handed import is_of_root
from stockade.model.packaging import Repository
from stockade.model.world import World
from stockade.patterns import lazy_regex
from stockade.value import Hole, Known, Origin, Ref, Unknown, parts_of, places

_UNKNOWN: Final = "\0"
"""Stands for what is not known of a text."""
_LOOKED_UP: Final = lazy_regex(r"(?:^|\.)(?:data\.aws_ecr_image|docker_image)\.")


@control(
    Function,
    severity=Severity.LOW,
    item=Item.OPERATIONS,
    since="0.1.0",
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
    ),
)
def check(function: Function, world: World) -> Verdict | None:
    uri = function.image_uri
    match uri:
        case Known(None):
            return None
        case Known(str() as text, origin, ref):
            parts: tuple[str | Ref | Hole, ...] = (text,)
            refs: tuple[Ref, ...] = (ref,) if ref else ()
        case Unknown(_, origin):
            parts = parts_of(uri)
            refs = tuple(one for one in parts if isinstance(one, Ref))
    written = "".join(map(_written, parts))
    if "@" in written or _is_digest(parts):
        return Holds(origin)
    tag = _tag(written, parts)
    if tag is None:
        return Undecided(uri if isinstance(uri, Unknown) else Unknown("it names no image", origin))
    found = map(world.repository_in, refs)
    repository = next((one for one in found if one is not None), None)
    kept = _keeps(repository, tag) if repository else False
    if repository and kept:
        return Holds(repository.mutability.origin)
    if repository and repository.doubt is not None and isinstance(repository.mutability, Unknown):
        return Undecided(repository.mutability)
    if tag not in ("", "latest"):
        also = (repository.mutability.origin,) if repository else ()
        message = "the image is named by a tag, which may come to name another image"
        return Fails(message, origin, _fix(repository, written), also=also, noise=Noise.STRICT)
    if repository and kept is None and isinstance(repository.mutability, Unknown):
        return Undecided(repository.mutability)
    said = "by the tag `latest`" if tag else "without a tag, and so by `latest`"
    message = f"the image is named {said}: which one runs depends on when the function was last deployed"
    elsewhere = "image_uri" in function.unmanaged or _is_a_variable(origin)
    return Fails(message, origin, _by_digest(written), noise=Noise.STRICT if elsewhere else None)


def _fix(repository: Repository | None, written: str) -> Fix:
    """Keep the repository from moving tags, where it is of this input; else the image's digest."""
    if repository is None or isinstance(repository.mutability, Unknown) or repository.doubt:
        return _by_digest(written)
    return Fix(
        f"make the tags of `{repository.address}` immutable",
        Safety.REVIEW,
        (Put(repository.address, "mutability", "IMMUTABLE"),),
        note="who pushes a tag a second time is refused then, `latest` among them",
    )


def _by_digest(written: str) -> Fix:
    found = _IN_ECR.fullmatch(written)
    registry = f" --registry-id {found['account']} --region {found['region']}" if found else ""
    name, tag = (found["name"], found["tag"] or "latest") if found else ("NAME", "TAG")
    find = (
        f"aws ecr describe-images --repository-name {name} --image-ids imageTag={tag}{registry} "
        "--query 'imageDetails[0].imageDigest' --output text\n"
    )
    note = "write `NAME@sha256:…` for `NAME:TAG`; in Terraform `data.aws_ecr_image` gives it as `image_uri`"
    return Fix("name the image by its digest", Safety.SHOW, (), note=note, code=(Code("shell", find),))


_IN_ECR: Final = lazy_regex(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/"
    r"(?P<name>[a-z0-9._/-]+)(?::(?P<tag>[\w.-]+))?"
)
"""An image of which all is known, by what asks ECR about it; nothing in it means anything to a shell."""
_ENDS_IN_VARIABLE: Final = lazy_regex(rb":\$\{\s*var\.([\w.-]+)\s*\}\"?$")


def _is_a_variable(origin: Origin) -> bool:
    """Whether the tag is a variable of the root module alone, whose default stands for what a pipeline sets.

    It may have been handed on from module to module, as it is.
    """
    place = next(places(origin), None)
    found = _ENDS_IN_VARIABLE.search(place.span.raw) if place else None
    return place is not None and found is not None and is_of_root(found[1], place)


def _written(part: str | Ref | Hole) -> str:
    """A part as text, with a mark for what is not known of it."""
    if isinstance(part, Ref):
        shape = part.shape.shape() if part.shape else (Hole(""),)
        return "".join(piece if isinstance(piece, str) else _UNKNOWN for piece in shape)
    return part if isinstance(part, str) else _UNKNOWN


def _is_digest(parts: tuple[str | Ref | Hole, ...]) -> bool:
    """Whether the whole is what a lookup of an image gives, which names it by digest."""
    match parts:
        case (Ref(address, "image_uri" | "repo_digest"),):
            return _LOOKED_UP.search(address) is not None
        case _:
            return False


def _tag(written: str, parts: tuple[str | Ref | Hole, ...]) -> str | None:
    """The tag, as far as it is known; empty where there is none, ``None`` where that cannot be told."""
    name, colon, tag = written.rpartition("/")[2].partition(":")
    if colon:
        return tag or _UNKNOWN
    last = parts[-1] if parts else ""
    if name.endswith(_UNKNOWN) and not (isinstance(last, Ref) and last.attribute == "repository_url"):
        return None
    return "" if name else None


def _keeps(repository: Repository, tag: str) -> bool | None:
    """Whether the repository never moves a tag; ``None`` where that is not known."""
    if isinstance(repository.mutability, Unknown):
        return None
    if not repository.mutability.value.startswith("IMMUTABLE"):
        return False
    tag = tag or "latest"
    if isinstance(repository.mutable_tags, Unknown):
        return None
    patterns = [one.value if isinstance(one, Known) else "*" for one in repository.mutable_tags.value]
    if _UNKNOWN in tag:
        return None if patterns else True
    return not any(glob_matches(pattern, tag) for pattern in patterns)

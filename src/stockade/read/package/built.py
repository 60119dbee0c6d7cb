"""Whether a local path is packed as it is, or is the source of a build that adds to it or leaves out of it."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Any, Final

from stockade.model.function import Function
from stockade.read import looked
from stockade.read.package.listing import Keep, without
from stockade.read.resource import Resource
from stockade.records import dataclass
from stockade.value import Known, Unknown, Value, places

PATH: Final = "LocalPath"
METHOD: Final = "BuildMethod"
"""Inside of ``Code``: where code lies, and how SAM is told to build it."""

DOCKER: Final = "Docker"
"""Inside of ``Code``: the context, file and target that an image is built of."""

MANIFESTS: Final = {
    "python": ("requirements.txt",),
    "nodejs": ("package.json",),
    "ruby": ("Gemfile",),
    "java": ("build.gradle", "build.gradle.kts", "pom.xml"),
    "dotnet": (),
    "go": ("go.mod",),
    "provided": ("go.mod", "Cargo.toml", "Makefile"),
}
"""Family of runtimes -> the files by which a tool knows that there is something to install or compile."""

_PYTHON_LEFT_OUT: Final = (".aws-sam", ".git", ".gitignore", ".env", "venv", ".venv", "__pycache__")
_LEFT_OUT: Final = (".aws-sam", ".git", "node_modules")


@dataclass(frozen=True, slots=True)
class Build:
    """``tool`` is what packs the path, ``built`` what it adds, empty for nothing.

    ``copied`` is false where files are bundled or compiled.
    """

    tool: str
    built: str = ""
    copied: bool = True
    keep: Keep | None = None


def build(resource: Resource, path: Path, function: Function | None) -> Build:
    """How what is at a path becomes a package."""
    if resource.dialect == "terraform":
        return Build("archive" if looked.is_file(path) else "terraform")
    written = next((place.span.path for place in places(resource.origin)), "")
    method = _method(resource)
    if path.name.startswith("asset.") or "cdk.out" in written.split("/"):
        return Build("cdk")
    if not looked.is_directory(path):
        return Build("sam" if method is not None else "archive")
    if ".aws-sam" in written.split("/"):
        return Build("sam")
    named = manifest(path, family(function))
    if method == "makefile" or method == "esbuild":
        return Build("sam", f"`sam build` makes it of this source by `{method}`", False, _kept(_LEFT_OUT))
    if named is None:
        return Build("sam" if method is not None else "cloudformation")
    python = named == "requirements.txt"
    keep = _kept(_PYTHON_LEFT_OUT if python else _LEFT_OUT)
    installs = named in ("requirements.txt", "package.json", "Gemfile")
    verb = "installs" if installs else "builds"
    return Build("sam", f"`sam build` {verb} what `{named}` lists", installs, keep)


def manifest(directory: Path, family: str | None) -> str | None:
    """The file in a directory by which a build knows what to install."""
    wanted = MANIFESTS.get(family, ()) if family else tuple(one for all_ in MANIFESTS.values() for one in all_)
    return next((name for name in wanted if looked.is_file(directory / name)), None)


def family(function: Function | None) -> str | None:
    """The family of a function's runtime: ``python``, ``nodejs``; ``None`` where it is not known."""
    if function is None or not isinstance(function.runtime, Known) or function.runtime.value is None:
        return None
    name = function.runtime.value
    return next((one for one in MANIFESTS if name.startswith(one)), None)


def _method(resource: Resource) -> str | None:
    for name in ("Code", "Content"):
        code: Value[Any] | None = resource.attributes.get(name)
        if isinstance(code, Known) and isinstance(code.value, dict):
            found = code.value.get(METHOD)
            return str(found.value) if isinstance(found, Known) else None
    return None


def _kept(names: tuple[str, ...]) -> Keep | None:
    left_out = frozenset(names)
    return without([lambda path: path.rpartition("/")[2] in left_out])


def dockerfile(resource: Resource) -> Value[tuple[str, str]] | None:
    """The Dockerfile of a function's image, relative to the template, and the stage that is built."""
    code: Value[Any] | None = resource.attributes.get("Code")
    if not isinstance(code, Known) or not isinstance(code.value, dict) or DOCKER not in code.value:
        return None
    fields: dict[str, Value[Any]] = code.value[DOCKER].value
    context, file, target = (fields.get(name) for name in ("context", "file", "target"))
    for one in (context, file, target):
        if isinstance(one, Unknown):
            return Unknown(one.reason, one.origin)
    if not isinstance(context, Known):
        return None
    name = str(file.value) if isinstance(file, Known) else "Dockerfile"
    stage = str(target.value) if isinstance(target, Known) else ""
    return Known((posixpath.join(str(context.value), name), stage), context.origin)

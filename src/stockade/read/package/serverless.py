"""What the Serverless Framework packs: the service's directory, less what ``package`` takes out of it.

The reader of services writes what they say of packing beside a function's code; here it is applied to
the files. Plugins that bundle or install say that what ships is made of this source.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from stockade.model.package import Form, Package
from stockade.read import looked
from stockade.read.files import Tree
from stockade.read.package.archive import archive
from stockade.read.package.globs import fits
from stockade.read.package.listing import Absent, directory
from stockade.read.resource import Resource
from stockade.records import dataclass
from stockade.value import Known, Origin, Value

PACKING: Final = "Packing"
"""Inside of ``Code``, or of a layer's ``Content``: what the service says of packing it."""

DEFAULTS: Final = (
    "!.git/**",
    "!.gitignore",
    "!.DS_Store",
    "!npm-debug.log",
    "!yarn-*.log",
    "!.serverless/**",
    "!.serverless_plugins/**",
    "!serverless.*",
)
"""What the Framework leaves out by itself, as its documentation lists it."""

_NOT_LISTED: Final = (".git", ".serverless")


@dataclass(frozen=True, slots=True)
class Packing:
    """``patterns`` in their order, ``path`` the directory that is packed, ``artifact`` a zip that is there.

    ``built`` says what plugins add; ``bundled`` is not empty where they make the files of others.
    """

    patterns: tuple[str, ...]
    path: str
    artifact: str
    built: str
    bundled: str
    origin: Origin


def said(resource: Resource) -> Packing | None:
    """What a service says of packing a function or layer; ``None`` in other inputs."""
    if resource.dialect != "cloudformation":
        return None
    for name in ("Code", "Content"):
        code: Value[Any] | None = resource.attributes.get(name)
        if isinstance(code, Known) and isinstance(code.value, dict) and PACKING in code.value:
            fields = code.value[PACKING].value
            patterns = tuple(str(one.value) for one in fields["patterns"].value if isinstance(one, Known))
            texts = {key: str(fields[key].value or "") for key in ("path", "artifact", "built", "bundled")}
            return Packing(patterns, origin=resource.origin, **texts)
    return None


def package(tree: Tree, base: Path, packing: Packing) -> Package:
    """The files that are packed. Raises ``Unreadable`` where they are not there, ``Absent`` for an artifact."""
    if packing.artifact:
        if not looked.is_there(base / packing.artifact):
            raise Absent(base / packing.artifact)
        return archive(tree, str(base / packing.artifact), packing.origin, "serverless")
    folder = base / packing.path
    built = packing.built
    left_out: tuple[str, ...] = _NOT_LISTED
    if looked.is_directory(folder / "node_modules"):
        # It leaves out what is for development, by asking npm; lock files say the same of what is left.
        left_out = (*_NOT_LISTED, "node_modules")
        built = built or "the Framework adds what `package.json` lists and is not for development"
    # A bundler makes its files of whatever they import; patterns are about what is packed beside them.
    patterns = DEFAULTS if packing.bundled else (*DEFAULTS, *packing.patterns)
    rules = [(fits(one.removeprefix("!")), not one.startswith("!")) for one in patterns]

    def keep(path: str) -> bool:
        if path.partition("/")[0] in left_out:
            return False
        kept = True
        for fit, positive in rules:
            if fit(path):
                kept = positive
        return kept

    form = Form.SOURCE if built else Form.DIRECTORY
    return directory(
        tree,
        folder,
        packing.origin,
        "serverless",
        form=form,
        keep=keep,
        built=built,
        copied=not packing.bundled,
    )

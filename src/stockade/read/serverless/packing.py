"""What a service says of packing: patterns, artifacts, and the plugins that bundle or install."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from stockade.read.cloudformation.nodes import Node, member
from stockade.read.serverless.nodes import items
from stockade.read.serverless.service import FunctionSpec, Service, is_false, is_true
from stockade.read.serverless.variables import scalar_text

_BUNDLERS: Final = (
    "serverless-webpack",
    "serverless-esbuild",
    "serverless-bundle",
    "serverless-plugin-typescript",
    "serverless-plugin-optimize",
    "serverless-plugin-browserify",
    "serverless-rollup-plugin",
    "serverless-jetpack",
)
_INSTALLERS: Final = {
    "serverless-python-requirements": "the plugin `serverless-python-requirements` installs what is listed"
}


def packing(service: Service, function: FunctionSpec) -> dict[str, Any]:
    """How a function's package is made: all functions share one, unless they are packed individually."""
    individually = is_true(service.get("package", "individually")) or is_true(
        function.get("package", "individually")
    )
    patterns = list(_patterns(service.get("package")))
    own = function.get("package")
    artifact = scalar_text(member(own, "artifact")) or scalar_text(service.get("package", "artifact"))
    if individually and own is not None:
        patterns += _patterns(own)
    bundler = next((name for name in service.plugins if name in _BUNDLERS), "")
    built = f"the plugin `{bundler}` makes it of this source" if bundler else ""
    if (
        not built
        and service.get("build", "esbuild") is not None
        and not is_false(service.get("build", "esbuild"))
    ):
        built = bundler = "esbuild makes it of this source"
    if not built:
        built = next((_INSTALLERS[name] for name in service.plugins if name in _INSTALLERS), "")
    return {"patterns": patterns, "path": ".", "artifact": artifact or "", "built": built, "bundled": bundler}


def layer_packing(node: Node | None) -> dict[str, Any]:
    """How a layer's content is made."""
    package = member(node, "package")
    return {
        "patterns": list(_patterns(package)),
        "path": scalar_text(member(node, "path")) or ".",
        "artifact": scalar_text(member(package, "artifact")) or "",
        "built": "",
        "bundled": "",
    }


def _patterns(package: Node | None) -> Iterator[str]:
    """``patterns`` in their order; before them the older ``exclude``, and ``include``, which wins over that."""
    for name, sign in (("exclude", "!"), ("include", ""), ("patterns", "")):
        for one in items(member(package, name)):
            if (text := scalar_text(one)) is not None:
                yield f"{sign}{text}"

"""The wheel is for functions: it carries the code without its comments and docstrings, on the same lines.

What a function ships counts at every cold start. Line numbers stay, so that a traceback fits the source.
"""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def bare(source: str) -> str:
    """Source without comments and docstrings; every other token stays on its line."""
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and not token.string.startswith("#!"):
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column].rstrip()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        for place, child in enumerate(node.body):
            if (
                isinstance(child, ast.Expr)
                and isinstance(child.value, ast.Constant)
                and isinstance(child.value.value, str)
            ):
                alone = len(node.body) == 1 and place == 0 and not isinstance(node, ast.Module)
                first, last = child.lineno - 1, (child.end_lineno or child.lineno) - 1
                lines[first : last + 1] = [" " * child.col_offset + "..." if alone else ""] + [""] * (
                    last - first
                )
    return "\n".join(lines) + "\n"


class CustomBuildHook(BuildHookInterface[Any]):
    """Puts the bare files in the place of the sources; tools that develop against them get these."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        made = Path(self.directory) / "bare"
        for path in sorted((root / "src" / "stockade_runtime").glob("*.py")):
            made.mkdir(parents=True, exist_ok=True)
            (made / path.name).write_text(bare(path.read_text()))
            build_data["force_include"][str(made / path.name)] = f"stockade_runtime/{path.name}"

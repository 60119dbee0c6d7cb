"""What finding out the needs of a handler costs in CPU, beside what its files cost to parse and nothing else.

    python -m benchmarks.needs_time FOLDER

``FOLDER`` holds the repositories of ``unseen.json`` and ``ordinary.json``, each as ``owner/name`` with the
files of the commit. Of each handler the milliseconds of CPU are divided by the files that were read for it; the
same files are parsed by ``ast`` or tree-sitter alone in the same run. Handlers are told apart by the lines of
the longest of their files. Each figure is the least of three runs, without Python's collector, as commands run.
"""

from __future__ import annotations

import argparse
import ast
import gc
import json
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Parser

from benchmarks.needs import _SOURCE, DATA
from stockade.code.files import Files
from stockade.needs.enrich import analysed
from stockade.read.files import Tree
from stockade.source import Source

ROUNDS: Final = 3
GRAMMAR: Final = tree_sitter_javascript.language()
SIZES: Final = ((300, "up to 300 lines"), (1000, "up to 1,000 lines"), (10**9, "more"))


def spent(run: Callable[[], object]) -> float:
    """Milliseconds of CPU, the least of some runs."""
    best = 1e9
    for _ in range(ROUNDS):
        started = time.process_time()
        run()
        best = min(best, 1000 * (time.process_time() - started))
    return best


def measured(label: dict[str, Any], folder: Path) -> tuple[int, float, float] | None:
    """The lines of the longest file, and milliseconds a file: all of the analysis, and parsing alone."""
    repository = folder / label["repository"]
    if not (repository / label["root"]).is_dir():
        return None

    def fresh() -> Files:
        tree = Tree(folder)
        layers = [Files.directory(tree, repository / layer) for layer in label.get("layers", ())]
        return Files.directory(tree, repository / label["root"]).with_layers(layers)

    source = analysed(fresh(), label["handler"])
    if source is None or not source.files:
        return None
    files = fresh()
    names = {*source.files}
    read = [one for path in files if path.endswith(_SOURCE) and names & {path, (one := files.read(path)).path}]
    python = label["language"] == "python"
    if not read:
        return None
    listed = iter([fresh() for _ in range(ROUNDS)])  # what was parsed is kept with the files
    whole = spent(lambda: analysed(next(listed), label["handler"]))
    alone = sum(spent(lambda one=one: _parsed(one, python)) for one in read)  # type: ignore[misc]  # a lambda with a default
    return max(one.line_count for one in read), whole / len(read), alone / len(read)


def _parsed(source: Source, python: bool) -> None:
    if not python:
        grammar = tree_sitter_typescript.language_typescript() if source.path.endswith("ts") else GRAMMAR
        Parser(Language(grammar)).parse(source.data)
        return
    try:
        ast.parse(source.data)
    except (SyntaxError, ValueError):
        return  # what cannot be parsed costs what it costs to find out


def at(values: list[float], share: float) -> float:
    """The value that a share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> None:
    """Prints a line for each language and size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="holds the repositories as owner/name")
    folder = parser.parse_args().folder
    warnings.simplefilter("ignore")
    gc.disable()  # as the command line does
    labels = [
        one for name in ("unseen", "ordinary") for one in json.loads((DATA / f"{name}.json").read_text("utf-8"))
    ]
    for language in ("python", "javascript"):
        found = [
            one
            for label in labels
            if label["language"] == language and (one := measured(label, folder)) is not None
        ]
        low = 0
        for high, name in (*SIZES, (10**9, "all")):
            if name == "all":
                low = 0
            these = [one for one in found if low < one[0] <= high]
            low = high
            if these:
                whole, alone = [one[1] for one in these], [one[2] for one in these]
                ratio = sum(whole) / max(sum(alone), 0.01)
                print(
                    f"{language}, {name}: {len(these)} handlers; "
                    f"p50 {at(whole, 0.5):.1f}, p90 {at(whole, 0.9):.1f}, p99 {at(whole, 0.99):.1f} ms a file; "
                    f"parsing alone {at(alone, 0.5):.1f}, {at(alone, 0.9):.1f}, {at(alone, 0.99):.1f}; "
                    f"{ratio:.1f} times as long"
                )


if __name__ == "__main__":
    main()

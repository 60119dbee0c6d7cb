"""How right the analysis is on handlers of public repositories, which are not part of this one.

``data/needs/unseen*.json`` and ``ordinary.json`` hold facts about them: repository, commit, folder, handler,
layers, and the operations that the handler may call as itself, labelled by reading before the first run.
``dynamodb.GetItem=TABLE`` is one whose resource is in the environment variable ``TABLE``; with ``'`` before the
name it is in the source. ``libraries`` are packages through which some of them are called.

    python -m benchmarks.needs_unseen FOLDER

``FOLDER`` holds the repositories, each as ``owner/name`` with the files of the commit.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.needs import DATA, Score, compared, needed
from stockade.code.files import Files
from stockade.needs.enrich import files_in
from stockade.read.files import Tree

_ROUNDS = ("unseen.json", "unseen-go-java.json", "ordinary.json")


def _call(written: str) -> dict[str, Any]:
    name, _, resource = written.partition("=")
    service, _, operation = name.partition(".")
    return {"service": service, "operation": operation, "resource": resource.lstrip("'/")}


def scored(labels: list[dict[str, Any]], folder: Path) -> tuple[Score, list[str]]:
    """How right what is found in some of them is, and the repositories that are not in a folder."""
    out = Score()
    absent: dict[str, None] = {}
    for one in labels:
        repository = folder / one["repository"]
        if not repository.is_dir():
            absent[one["repository"]] = None
            continue
        tree = Tree(repository, folder)
        layers = [Files.directory(tree, repository / layer) for layer in one.get("layers", ())]
        files = files_in(tree, repository / one["root"]).with_layers(layers)
        label = {
            "file": f"{one['repository']}: {one['handler']}",
            "calls": [_call(call) for call in one["calls"]],
        }
        compared(label, needed(files, one["handler"]), out)
    return out, list(absent)


def main() -> None:
    """Prints a line for each language and what is amiss below it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="holds the repositories as owner/name")
    folder = parser.parse_args().folder
    rounds = [(name.partition(".")[0], json.loads((DATA / name).read_text("utf-8"))) for name in _ROUNDS]
    for name, language in dict.fromkeys((name, one["language"]) for name, labels in rounds for one in labels):
        labels = dict(rounds)[name]
        score, absent = scored([one for one in labels if one["language"] == language], folder)
        print(
            f"{name}, {language}: {score.handlers} handlers; right {score.right}, wrong {len(score.wrong)}, "
            f"missed {len(score.missed)} ({score.told} told); exact {score.exact} of {score.named}"
        )
        for heading, lines in (("wrong", score.wrong), ("missed", score.missed), ("inexact", score.inexact)):
            for line in lines:
                print(f"  {heading}: {line}")
        if absent:
            print(f"  not in {folder}: {', '.join(absent)}")


if __name__ == "__main__":
    main()

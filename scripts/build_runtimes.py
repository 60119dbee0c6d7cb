"""Builds ``src/stockade/data/runtimes.json``: when AWS stops looking after each Lambda runtime.

    pip download --no-deps cfn-lint
    python scripts/build_runtimes.py cfn_lint-*.whl aws-lambda.md 2026-08-22

The wheel of cfn-lint (MIT-0) holds AWS's published dates; ``aws-lambda.md`` is the page of that name
under ``products/`` of endoflife.date (MIT), with the day of its checkout. Either lacks runtimes that
the other has, and each checks the other: a date on which they differ stops the build.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import yaml

TARGET = Path(__file__).parent.parent / "src" / "stockade" / "data" / "runtimes.json"
TABLE = "cfnlint/data/AdditionalSpecs/LmbdRuntimeLifecycle.json"

# AWS's page once gave two dates for the last update of nodejs4.3-edge; both are long gone.
DISPUTED = {("nodejs4.3-edge", "update_blocked")}


def main(wheel: Path, page: Path, page_date: str) -> None:
    version, wheel_date, table = read_wheel(wheel)
    releases = read_page(page)
    runtimes = {
        name: {
            "deprecated": entry["deprecated"],
            "create_blocked": entry["create-block"],
            "update_blocked": entry["update-block"],
            "successor": entry["successor"],
        }
        for name, entry in table.items()
        if entry["update-block"]  # .NET 9 and its like exist as container images only
    }
    differences = []
    for name, release in releases.items():
        if name not in runtimes:
            successor = next(r["successor"] or n for n, r in runtimes.items() if family(n) == family(name))
            runtimes[name] = {**release, "create_blocked": None, "successor": successor}
            continue
        for key, day in release.items():
            if day != runtimes[name][key] and (name, key) not in DISPUTED:
                differences.append(
                    f"{name}: {key} is {runtimes[name][key]} in cfn-lint, {day} in endoflife.date"
                )
    if differences:
        sys.exit("\n".join(differences))
    made = {
        "as_of": max(wheel_date, page_date),
        "sources": [
            f"cfn-lint {version} (MIT-0), {wheel_date}",
            f"endoflife.date (MIT), {page_date}",
            "both after https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
        ],
        "runtimes": {name: runtimes[name] for name in sorted(runtimes, key=natural)},
    }
    TARGET.write_text(json.dumps(made, indent=2) + "\n", "utf-8")
    print(f"{len(runtimes)} runtimes, as of {made['as_of']}")


def read_wheel(wheel: Path) -> tuple[str, str, dict[str, dict[str, Any]]]:
    """The version, the day and the table of cfn-lint."""
    with ZipFile(wheel) as archive:
        day = date(*archive.getinfo(TABLE).date_time[:3])
        return wheel.name.split("-")[1], day.isoformat(), json.loads(archive.read(TABLE))


def read_page(page: Path) -> dict[str, dict[str, str]]:
    """What endoflife.date says of the runtimes for which it knows a day for both."""
    front = yaml.safe_load(page.read_text("utf-8").split("\n---\n")[0])
    return {
        release["releaseCycle"]: {
            "deprecated": release["eoas"].isoformat(),
            "update_blocked": release["eol"].isoformat(),
        }
        for release in front["releases"]
        if isinstance(release["eoas"], date) and isinstance(release["eol"], date)
    }


def family(name: str) -> str:
    return re.split(r"\d", name)[0]


def natural(name: str) -> list[tuple[int, str]]:
    """An order in which ``python3.9`` comes before ``python3.10``."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])

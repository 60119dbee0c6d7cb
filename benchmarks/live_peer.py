"""Prowler beside us on one account on moto: what it costs, and where its answers are others than ours.

    python -m benchmarks.live_peer --prowler path/to/bin/prowler --functions 50

Prowler is installed by whoever asks (``pip install prowler`` in an environment of its own). Both speak to the
same server, which counts their requests; ours goes first. The account has planted mistakes (``live_account``),
so that it is known who is right about those.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.live_account import PLANTED, on_moto, wrong_with
from benchmarks.measure import run

SAME: Final[Mapping[str, str]] = {
    "awslambda_function_not_publicly_accessible": "public-invoke",
    "awslambda_function_no_secrets_in_variables": "plaintext-secret",
    "awslambda_function_using_supported_runtimes": "deprecated-runtime",
    "awslambda_function_url_public": "public-function-url",
    "iam_inline_policy_no_administrative_privileges": "admin-role",
    "iam_inline_policy_allows_privilege_escalation": "privilege-escalation",
    "awslambda_function_inside_vpc": "misplaced-vpc",
    "awslambda_function_no_dead_letter_queue": "silent-async-failure",
    "awslambda_function_env_vars_not_encrypted_with_cmk": "default-key-environment",
    "iam_role_cross_service_confused_deputy_prevention": "foreign-trust",
}
"""Prowler's checks of functions and roles, and the control that asks about the same."""


def _environment(url: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _function(resource: str) -> str:
    """The function that a row of Prowler's is about, by its own name or its role's."""
    return resource.split("/")[0].removesuffix("-role")


def prowlers(folder: Path) -> dict[str, dict[str, set[str]]]:
    """By check and status, the functions that it is said of."""
    out: dict[str, dict[str, set[str]]] = {}
    for path in folder.glob("*.csv"):
        with path.open(newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                of = out.setdefault(row["CHECK_ID"], {}).setdefault(row["STATUS"], set())
                of.add(_function(row["RESOURCE_NAME"]))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prowler", required=True, help="its command")
    parser.add_argument("--functions", type=int, default=50)
    asked = parser.parse_args()
    counted: Counter[str] = Counter()
    _count(counted)
    with on_moto(asked.functions) as url, tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        os.environ |= _environment(url)
        ours = folder / "ours.json"
        scan = [sys.executable, "-m", "stockade", "scan", "--live", "--region", "us-east-1", "--max-share", "1"]
        scan += ["--noise", "audit", "--no-cache", "--format", "json", "--output", str(ours)]
        theirs = [asked.prowler, "aws", "-s", "awslambda", "iam", "-f", "us-east-1", "-M", "csv"]
        theirs += ["-o", str(folder / "out"), "--no-banner"]
        for name, command in (("stockade", scan), ("prowler", theirs)):
            counted.clear()
            begin = time.monotonic()
            cost = run(command, accept=(0, 1, 3))
            print(
                f"{name}: {cost.cpu:.1f} s CPU, {cost.rss / 2**20:.0f} MB, {counted.total():,} requests, "
                f"{time.monotonic() - begin:.0f} s on the clock",
                flush=True,
            )
        _compared(json.loads(ours.read_text()), prowlers(folder / "out"), asked.functions)


def _compared(report: Mapping[str, Any], found: Mapping[str, Mapping[str, set[str]]], functions: int) -> None:
    said: dict[str, set[str]] = {}
    for one in report["functions"]:
        for control, state in one["checklist"].items():
            if state == "fails":
                said.setdefault(control, set()).add(one["name"])
    for check, control in SAME.items():
        mine, theirs = said.get(control, set()), found.get(check, {}).get("FAIL", set())
        verdict = (
            "the same"
            if mine == theirs
            else f"only ours {len(mine - theirs)}, only theirs {len(theirs - mine)}"
        )
        print(f"{check} ({len(theirs)}), {control} ({len(mine)}): {verdict}")
    for control in PLANTED.values():
        planted = {f"service-{index:04}" for index in range(functions) if wrong_with(index) == control}
        of = [check for check, same in SAME.items() if same == control]
        theirs = set().union(*(found.get(check, {}).get("FAIL", set()) for check in of))
        print(
            f"planted {control}: {len(planted)}, ours {len(planted & said.get(control, set()))}, "
            f"theirs {len(planted & theirs) if of else 'no check'}"
        )


def _count(counted: Counter[str]) -> None:
    """Has moto's server count what it is asked."""
    from moto.moto_server.werkzeug_app import MotoRequestHandler

    def counts(self: Any, *_: Any) -> None:
        counted[self.command] += 1

    setattr(MotoRequestHandler, "log_request", counts)  # noqa: B010 - typed as a method


if __name__ == "__main__":
    main()

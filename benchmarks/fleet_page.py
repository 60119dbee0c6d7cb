"""The figures of a fleet as its page has them: rows by size, and what a thousand accounts cost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.pages import Place

CURVE: Final = Place(
    "<!-- curve: rows by `python -m benchmarks.fleet --sizes N --write`; others stay -->", "<!-- /curve -->"
)
COST: Final = Place("<!-- cost: by the row with the most functions -->", "<!-- /cost -->")
_HEAD: Final = (
    *(
        "functions",
        "accounts and regions",
        "calls",
        "processor time",
        "a function",
        "functions a second and core",
    ),
    *(
        "of it the command",
        "largest worker",
        "the command",
        "the endpoint's own",
        "store",
        "wrong or lost",
        "when",
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One run. Seconds are of processor time but for ``clock``; memory is in MB.

    ``dask`` is the command's part of ``seconds``: Dask's client, its scheduler and what minds the workers.
    ``memory`` has the largest worker and the command at each tenth of the run that was seen.
    """

    functions: int
    inputs: int
    calls: int
    refused: int
    seconds: float
    dask: float
    clock: float
    worker: float
    command: float
    memory: tuple[tuple[int, int], ...]
    endpoint: float
    findings: int
    store: float
    gaps: int
    wrong: int
    at: str

    @property
    def each(self) -> float:
        """Milliseconds of processor time for a function."""
        return 1000 * self.seconds / self.functions


def told(row: Row) -> str:
    """A run in a few lines."""
    memory = ", ".join(f"{worker}" for worker, _ in row.memory) or "not looked at"
    own = ", ".join(f"{command}" for _, command in row.memory) or "not looked at"
    return (
        f"{row.functions:,} functions in {row.inputs:,} accounts and regions: {row.each:.1f} ms a function, "
        f"{row.functions / row.seconds:.0f} a second and core, {row.clock / 60:.1f} minutes on the clock\n"
        f"  {row.findings:,} findings, {row.gaps} gaps, {row.wrong} wrong or lost; of {row.calls:,} calls "
        f"{row.refused:,} were refused\n"
        f"  largest worker {row.worker:.0f} MB, on the way {memory}\n"
        f"  the command {row.command:.0f} MB, on the way {own}"
    )


def table(rows: Sequence[Row]) -> str:
    """All rows, by size."""
    return "\n".join((*_heads(), *(_line(row) for row in sorted(rows, key=lambda row: row.functions))))


def _heads() -> tuple[str, str]:
    return "| " + " | ".join(_HEAD) + " |", "| " + " | ".join(["---:"] * (len(_HEAD) - 1) + ["---"]) + " |"


def _line(row: Row) -> str:
    cells = (
        *(f"{row.functions:,}", f"{row.inputs:,}", f"{row.calls:,}", f"{row.seconds:,.0f} s"),
        *(f"{row.each:.0f} ms", f"{row.functions / row.seconds:.0f}", f"{row.dask:,.0f} s"),
        *(f"{row.worker:.0f} MB", f"{row.command:.0f} MB", f"{row.endpoint:,.0f} s", f"{row.store:.1f} MB"),
        *(f"{row.wrong}", row.at),
    )
    return "| " + " | ".join(cells) + " |"


def written(page: str, rows: Sequence[Row]) -> str:
    """The page with these rows in the place of those of their size, and the costs anew.

    Raises ``ValueError`` where the page has no place for them.
    """
    others = {_size(line): line for line in CURVE.of(page).splitlines() if _size(line)}
    # A size is met by chance a few functions more or fewer: what is within a tenth is the same row.
    for row in rows:
        others = {size: line for size, line in others.items() if abs(size - row.functions) > row.functions / 10}
        others[row.functions] = _line(row)
    lines = [*_heads(), *(others[size] for size in sorted(others))]
    page = CURVE.put(page, "\n" + "\n".join(lines) + "\n")
    largest = max(rows, key=lambda row: row.functions)
    if largest.functions == max(others):
        page = COST.put(page, cost(largest.each, 2))
    return page


def _size(line: str) -> int:
    found = re.match(r"\| ([\d,]+) \|", line)
    return int(found[1].replace(",", "")) if found else 0


# -------------------------------------------------------------------------------------------- costs

_VCPU, _GIGABYTE = 0.04048, 0.004445
"""US dollars an hour on Fargate, Linux on x86, us-east-1, as AWS published them in 2025."""
_LAMBDA = 0.0000166667
"""US dollars a gigabyte and second on Lambda, likewise."""
_ACCOUNTS, _REGIONS, _FUNCTIONS = 1000, 17, 100
_SHARE = 0.5
_CALLS: Final = {"lambda": (4.1, 15.0), "logs": (1.0, 5.0), "iam": (2.5, 15.0)}
"""Calls for a function out of the quotas that are scarce, and how many of them AWS answers a second. IAM's, of
which an account has one, are read beside those of other accounts."""
_WORKERS: Final = ((8, 16), (32, 16), (128, 16))


def cost(a_function: float, gigabytes: float) -> str:
    """Time and money for a fleet, from ms of CPU for ``a_function`` and the memory of a core's worker."""
    tasks = _ACCOUNTS * _REGIONS
    cpu = tasks * _FUNCTIONS * a_function / 1000
    waits = max(_FUNCTIONS * calls / (rate * _SHARE) for calls, rate in _CALLS.values())
    account = _REGIONS * _FUNCTIONS * _CALLS["iam"][0] / (_CALLS["iam"][1] * _SHARE)
    lines = [
        "For **1,000 accounts, 17 regions and 100 functions in each**, 1.7 million,",
        f"`python -m benchmarks.fleet --cost {a_function:.0f},{gigabytes:g}` computes",
        "",
        f"- **processor:** 1.7 million × {a_function:.0f} ms = {cpu / 3600:.1f} hours of a core as above;",
        f"- **quotas:** 4.1 calls of Lambda's 15 a second for a function, at half of them: {waits:.0f} s for",
        f"a region, whoever reads it, and 2.5 calls of IAM's for each role: {account / 60:.0f} minutes for an",
        "account, beside which others are read;",
        f"- **time:** the larger of processor time by cores and 17,000 × {waits:.0f} s by tasks at a time.",
        "",
        f"| workers (1 vCPU, {gigabytes:g} GB, 16 at once) | time | Fargate |",
        "| ---: | ---: | ---: |",
    ]
    for cores, at_once in _WORKERS:
        hours = max(cpu / cores, tasks * waits / (cores * at_once), account) / 3600
        money = cores * hours * (_VCPU + gigabytes * _GIGABYTE)
        lines.append(f"| {cores} | {hours:.1f} h | {money:.2f} USD |")
    money = tasks * (waits + _FUNCTIONS * a_function / 1000) * _LAMBDA
    lines.append(f"| Distributed Map, Lambda with 1 GB | depends on how many at once | {money:.2f} USD |")
    return "\n".join(lines)

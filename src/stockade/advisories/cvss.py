"""Scores of CVSS vectors: of version 3 by its published formula, of version 4 by its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from stockade.advisories.macrovectors import DEPTH, HIGHEST, SCORES, STEPS
from stockade.memory import remembered

_WEIGHTS: Final = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "UI": {"N": 0.85, "R": 0.62},
    "C": {"H": 0.56, "L": 0.22, "N": 0.0},
    "I": {"H": 0.56, "L": 0.22, "N": 0.0},
    "A": {"H": 0.56, "L": 0.22, "N": 0.0},
}
_PRIVILEGES: Final = {
    "U": {"N": 0.85, "L": 0.62, "H": 0.27},
    "C": {"N": 0.85, "L": 0.68, "H": 0.5},
}
_ORDER: Final = ("CVSS_V4", "CVSS_V3", "CVSS_V2")


def rated(vectors: Sequence[tuple[str, str]]) -> tuple[float | None, str]:
    """The score of the newest kind of vector that can be computed, and that vector."""
    for kind in _ORDER:
        for named, vector in vectors:
            if named == kind and (score := base_score(vector)) is not None:
                return score, vector
    return None, ""


def word(score: float) -> str:
    """CVSS's own word for a score."""
    if score >= 9.0:
        return "critical"
    if score >= 7.0:
        return "high"
    if score >= 4.0:
        return "medium"
    return "low" if score > 0 else "none"


@remembered(4096)
def base_score(vector: str) -> float | None:
    """The base score of a vector of version 3 or 4; ``None`` for anything else."""
    if vector.startswith("CVSS:4"):
        return _version_4(vector)
    if not vector.startswith("CVSS:3"):
        return None
    metrics = dict(part.split(":", 1) for part in vector.split("/")[1:] if ":" in part)
    try:
        weights = {name: table[metrics[name]] for name, table in _WEIGHTS.items()}
        changed = {"U": False, "C": True}[metrics["S"]]
        privileges = _PRIVILEGES[metrics["S"]][metrics["PR"]]
    except KeyError:
        return None
    impact = 1 - (1 - weights["C"]) * (1 - weights["I"]) * (1 - weights["A"])
    impact = 7.52 * (impact - 0.029) - 3.25 * (impact - 0.02) ** 15 if changed else 6.42 * impact
    if impact <= 0:
        return 0.0
    exploitability = 8.22 * weights["AV"] * weights["AC"] * privileges * weights["UI"]
    total = impact + exploitability
    return _rounded_up(min(1.08 * total if changed else total, 10))


def _rounded_up(value: float) -> float:
    """The least number with one decimal that is not below, computed in whole numbers as version 3.1 has it."""
    whole = round(value * 100_000)
    return whole / 100_000 if whole % 10_000 == 0 else (whole // 10_000 + 1) / 10


def _version_4(vector: str) -> float | None:
    """Section 8 of the specification: a macrovector's score, less how far below its worst vector this is."""
    metrics = _metrics(vector)
    if metrics is None:
        return None
    if all(metrics[name] == "N" for name in ("VC", "VI", "VA", "SC", "SI", "SA")):
        return 0.0
    levels = _levels(metrics)
    score = SCORES[_name(levels)]
    drops: list[Fraction] = []
    for group, below in _below(levels).items():
        if not below:
            continue
        room = score - max(below)
        if group == "5":
            drops.append(Fraction(0))
            continue
        level = 10 * levels["3"] + levels["6"] if group == "36" else levels[group]
        drops.append(room * Fraction(_distance(metrics, group, level), DEPTH[group][level]))
    exact = score - (sum(drops, Fraction(0)) / len(drops) if drops else 0)
    return min(max(int(exact + Fraction(1, 2)), 0), 100) / 10


_REQUIRED: Final = ("AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA")
_UNSET: Final = {"E": "A", "CR": "H", "IR": "H", "AR": "H"}
"""What is assumed of metrics that are not said."""


def _metrics(vector: str) -> dict[str, str] | None:
    """The values that count: modified ones before base ones, the worst for what is not said."""
    head, *parts = vector.split("/")
    said: dict[str, str] = {}
    for part in parts:
        name, _, value = part.partition(":")
        if name in said:
            return None
        said[name] = value
    if head != "CVSS:4.0" or any(said.get(name) not in tuple(STEPS[name]) for name in _REQUIRED):
        return None
    if any(said[name] == "S" for name in ("SC", "SI", "SA")):
        return None  # safety is a value of the modified metrics only
    out = {}
    for name in _REQUIRED:
        modified = said.get(f"M{name}", "X")
        out[name] = said[name] if modified == "X" else modified
        if out[name] not in tuple(STEPS[name]) or (name == "SC" and out[name] == "S"):
            return None
    for name, worst in _UNSET.items():
        value = said.get(name, "X")
        out[name] = worst if value == "X" else value
        if out[name] not in tuple(STEPS.get(name, "APU")):
            return None
    return out


def _levels(metrics: Mapping[str, str]) -> dict[str, int]:
    """The level of each of the six groups, zero the worst."""

    def has(*wanted: str) -> list[bool]:
        return [metrics[one.partition(":")[0]] == one.partition(":")[2] for one in wanted]

    easy = has("AV:N", "PR:N", "UI:N")
    high = has("VC:H", "VI:H", "VA:H")
    needed = [one and other for one, other in zip(high, has("CR:H", "IR:H", "AR:H"), strict=True)]
    return {
        "1": 0 if all(easy) else 1 if any(easy) and metrics["AV"] != "P" else 2,
        "2": 0 if all(has("AC:L", "AT:N")) else 1,
        "3": 0 if high[0] and high[1] else 1 if any(high) else 2,
        "4": 0 if any(has("SI:S", "SA:S")) else 1 if any(has("SC:H", "SI:H", "SA:H")) else 2,
        "5": "APU".index(metrics["E"]),
        "6": 0 if any(needed) else 1,
    }


def _name(levels: Mapping[str, int]) -> str:
    return "".join(str(levels[group]) for group in "123456")


def _below(levels: Mapping[str, int]) -> dict[str, list[int]]:
    """The scores of the macrovectors one level down, for each group; the third and the sixth go together."""

    def down(*groups: str) -> list[int]:
        lower = {name: level + (name in groups) for name, level in levels.items()}
        found = SCORES.get(_name(lower))
        return [] if found is None else [found]

    both = {(0, 0): down("6") + down("3"), (1, 0): down("6")}
    third = both.get((levels["3"], levels["6"]), down("3"))
    return {"1": down("1"), "2": down("2"), "36": third, "4": down("4"), "5": down("5")}


def _distance(metrics: Mapping[str, str], group: str, level: int) -> int:
    """The steps from the worst vector of a level that is nowhere less severe than this one."""
    for worst in HIGHEST[group][level]:
        steps = []
        for part in worst.split("/"):
            name, _, value = part.partition(":")
            steps.append(STEPS[name].index(metrics[name]) - STEPS[name].index(value))
        if min(steps) >= 0:
            return sum(steps)
    return 0

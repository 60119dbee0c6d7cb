"""Scores of CVSS vectors: of version 3 by its published formula, of version 4 by the tables of its library."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

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


@lru_cache(maxsize=4096)
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
    from cvss import CVSS4
    from cvss.exceptions import CVSS4Error

    try:
        return float(CVSS4(vector).base_score)
    except (CVSS4Error, ValueError, KeyError):
        return None

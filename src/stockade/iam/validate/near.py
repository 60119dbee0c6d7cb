"""Which real name a misspelt one comes nearest to: few letters apart, and no other as near."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, names: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The names that are nearest to one that is none of them, in any case; all are equally near.

    Nothing where the nearest is too far to be meant, or where more than ``most`` are as near as it.
    """
    wanted = name.lower()
    bound = max(1, min(3, len(wanted) // 4))
    found: list[str] = []
    for one in names:
        distance = _distance(wanted, one.lower(), bound)
        if distance is None:
            continue
        if distance < bound:
            bound, found = distance, []
        found.append(one)
    return tuple(sorted(found)) if len(found) <= most else ()


def _distance(one: str, other: str, bound: int) -> int | None:
    """How many letters are put in, left out, changed or swapped with their neighbour; ``None`` above a bound.

    Takes time in the length of the texts times the bound.
    """
    if abs(len(one) - len(other)) > bound:
        return None
    start, end = 0, 0
    shorter = min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    one, other = one[start : len(one) - end], other[start : len(other) - end]
    beyond = bound + 1
    before: list[int] = []
    row = [at if at <= bound else beyond for at in range(len(other) + 1)]
    for at, letter in enumerate(one, start=1):
        following = [at if at <= bound else beyond] + [beyond] * len(other)
        for to in range(max(1, at - bound), min(len(other), at + bound) + 1):
            cost = min(row[to] + 1, following[to - 1] + 1, row[to - 1] + (letter != other[to - 1]))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == other[to - 1]:
                cost = min(cost, before[to - 2] + 1)
            following[to] = cost
        if min(following) > bound and min(row) > bound:
            return None
        before, row = row, following
    return row[-1] if row[-1] <= bound else None

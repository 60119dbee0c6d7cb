"""What was not answered, as gaps: one for each call and reason, however many things it was asked of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from stockade.model.gap import Gap
from stockade.read.account.answer import Unread
from stockade.value import Fetched

_SHOWN: Final = 2
"""Things and controls that are named; of more it is said how many there are."""


def gaps(misses: Iterable[tuple[str, Unread]], undecides: Mapping[str, Sequence[str]]) -> tuple[Gap, ...]:
    """The gaps of one account and region. ``undecides`` are, for each collector, the controls that need it."""
    grouped: dict[tuple[str, ...], list[tuple[str, Unread]]] = {}
    for reader, unread in misses:
        key = (unread.reason,) if unread.stopped else (unread.call.name, unread.reason)
        grouped.setdefault(key, []).append((reader, unread))
    return tuple(_gap(found, undecides) for _, found in sorted(grouped.items()))


def _gap(found: Sequence[tuple[str, Unread]], undecides: Mapping[str, Sequence[str]]) -> Gap:
    first = found[0][1]
    place = first.place
    calls = sorted({one.call.name for _, one in found})
    about = sorted({_short(one.about) for _, one in found if one.about})
    what = _listed(calls)
    if about:
        what += f" of {_listed(about)}"
    controls = sorted({control for reader, _ in found for control in undecides.get(reader, ())})
    told = " and ".join(dict.fromkeys(one.call.tells for _, one in found))
    remedies = []
    if first.stopped:
        remedies.append("renew the credentials and scan again")
    elif first.denied:
        actions = sorted({action for _, one in found for action in one.call.allowed_by})
        remedies.append(f"allow the reader {_listed(actions)}")
    if controls:
        remedies.append(f"until then {_listed(controls, 6)} may be undecided")
    return Gap(
        f"{what} in `{place.account}/{place.region}`",
        f"{first.reason}; {'it tells' if len(calls) == 1 else 'they tell'} {told}",
        Fetched(calls[0], "", place.account, place.region, place.at),
        "; ".join(remedies) or None,
        about=tuple(about),
    )


def _short(about: str) -> str:
    """A thing as people call it: what follows an ARN's account."""
    return about.split(":", 5)[5] if about.startswith("arn:") and about.count(":") >= 5 else about


def _listed(names: Sequence[str], most: int = _SHOWN) -> str:
    shown = ", ".join(f"`{one}`" for one in names[:most])
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown

"""What was not answered, as gaps: one for each call and reason, however many things it was asked of.

Who may ask next to nothing gets one gap that names every call, and not as many as there are calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from stockade.model.gap import Gap
from stockade.read.account.answer import Unread, masked
from stockade.value import Fetched

_SHOWN: Final = 2
"""Things and controls that are named; of more it is said how many there are."""

_APART: Final = 6
"""Denied calls that are told one by one. More than that lack a policy, and not an action."""


def gaps(misses: Iterable[tuple[str, Unread]], undecides: Mapping[str, Sequence[str]]) -> tuple[Gap, ...]:
    """The gaps of one account and region. ``undecides`` are, for each collector, the controls that need it."""
    grouped: dict[tuple[str, ...], list[tuple[str, Unread]]] = {}
    for reader, unread in misses:
        key = (unread.reason,) if unread.stopped else (unread.call.name, unread.reason)
        grouped.setdefault(key, []).append((reader, unread))
    every = [found for _, found in sorted(grouped.items())]
    denied = [found for found in every if found[0][1].denied and not found[0][1].stopped]
    if len(denied) <= _APART:
        return tuple(_gap(found, undecides) for found in every)
    rest = [_gap(found, undecides) for found in every if found not in denied]
    return (_denied(denied, undecides), *rest)


def _denied(every: Sequence[Sequence[tuple[str, Unread]]], undecides: Mapping[str, Sequence[str]]) -> Gap:
    """All calls that the reader may not make, each with of how many things it was asked."""
    asked: dict[str, set[str]] = {}
    for found in every:
        for _, one in found:
            asked.setdefault(one.call.name, set()).add(one.about)
    calls = ", ".join(f"`{name}`{f' ({len(of)})' if len(of) > 1 else ''}" for name, of in sorted(asked.items()))
    controls = {control for found in every for reader, _ in found for control in undecides.get(reader, ())}
    place = every[0][0][1].place
    about = [
        f"{name} of {_short(one)}" if one else name for name, of in sorted(asked.items()) for one in sorted(of)
    ]
    return Gap(
        f"{calls} in `{place.account}/{place.region}`",
        "AWS denies all of them",
        Fetched(min(asked), "", place.account, place.region, place.at),
        "give the reader the policy of the documentation (docs/live/policy.json), which allows all of them; "
        f"until then {len(controls)} controls may be undecided",
        about=tuple(about),
    )


def _gap(found: Sequence[tuple[str, Unread]], undecides: Mapping[str, Sequence[str]]) -> Gap:
    first = found[0][1]
    place = first.place
    calls = sorted({one.call.name for _, one in found})
    about = sorted({_short(one.about) for _, one in found if one.about})
    what = _listed(calls)
    if about:
        what += f" of {_listed(about)}"
    controls = sorted({control for reader, _ in found for control in undecides.get(reader, ())})
    tells = list(dict.fromkeys(one.call.tells for _, one in found))
    told = f"; {'it tells' if len(calls) == 1 else 'they tell'} {' and '.join(tells)}"
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
        f"{first.reason}{told if len(tells) <= _SHOWN else ''}",
        Fetched(calls[0], "", place.account, place.region, place.at),
        "; ".join(remedies) or None,
        about=tuple(about) if len(calls) == 1 else _each(found),
    )


def _each(found: Sequence[tuple[str, Unread]]) -> tuple[str, ...]:
    """Every call of several, with its thing: the text names the first two, and each may decide something."""
    asked = {(one.call.name, _short(one.about)) for _, one in found}
    return tuple(f"{name} of {about}" if about else name for name, about in sorted(asked))


def _short(about: str) -> str:
    """A thing as people call it: what follows an ARN's account."""
    return masked(about.split(":", 5)[5] if about.startswith("arn:") and about.count(":") >= 5 else about)


def _listed(names: Sequence[str], most: int = _SHOWN) -> str:
    shown = ", ".join(f"`{one}`" for one in names[:most])
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown

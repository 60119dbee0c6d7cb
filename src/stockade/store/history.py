"""What changed between runs that were kept, told only of what both of them looked at.

A finding that is not listed any more is no news by itself. It is *fixed* where the later run asked the same
control of the same input, read no less of it, and did not leave the question open; else the reason is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from stockade.control import Severity
from stockade.errors import UsageError
from stockade.past import Change, Count, History, Run, Turn
from stockade.records import dataclass
from stockade.store.parts import Store
from stockade.store.tables import Row

_ORDER: Final = 'min("at"), length(run), run'
_TOGETHER: Final = {
    "run": "run",
    "at": 'min("at")',
    **dict.fromkeys(("roots", "paths"), "flatten(list({0} ORDER BY roots))"),
    **dict.fromkeys(("functions", "open", "accepted", "undecided", "crashed", "gaps"), "sum({0})"),
}
"""How the rows of one run, of which a fleet has many, are taken together; all else is the same in them."""
_RUN: Final = ", ".join(_TOGETHER.get(one.name, "any_value({0})").format(one.name) for one in fields(Run))
_FIRST: Final = "nothing to compare with: no run before asked this control of this input"
_NEWS: Final = (Turn.NEW, Turn.REOPENED, Turn.UNKNOWN, Turn.FIXED, Turn.GONE, Turn.ACCEPTED)


@dataclass(frozen=True, slots=True)
class _Row:
    """A finding as it is kept."""

    root: str
    control: str
    fingerprint: str
    address: str
    functions: tuple[str, ...]
    verdict: str
    severity: str
    accepted: bool
    message: str
    path: str | None
    line: int | None

    @property
    def is_open(self) -> bool:
        return self.verdict == "fails" and not self.accepted

    @property
    def is_doubtful(self) -> bool:
        return self.verdict in ("undecided", "crashed")


def runs(store: Store, series: str | None = None) -> list[Run]:
    """The runs that are kept, oldest first, of one series or of all."""
    where, values = ("WHERE series = $1", [series]) if series is not None else ("", [])
    found = store.select(f"SELECT {_RUN} FROM runs {where} GROUP BY run ORDER BY {_ORDER}", values)
    return [Run(*_frozen(row)) for row in found]


def chosen(store: Store, name: str) -> tuple[Run, list[tuple[str, str]]]:
    """One run by its name, or ``latest``; with its documents, each with what that leaves out.

    There is one, or of a fleet one for each account and region, in their order. Raises ``UsageError`` where
    there is no such run.
    """
    found = chosen_run(store, name)
    documents = store.select(
        "SELECT report, aside FROM runs WHERE run = $1 ORDER BY roots", [found.run], [found.run]
    )
    return found, [(document, aside) for document, aside in documents]


def chosen_run(store: Store, name: str) -> Run:
    """One run by its name, the beginning of it, or ``latest``. Raises ``UsageError`` where there is none."""
    listed = runs(store)
    found = (
        listed[-1] if listed and name == "latest" else next((one for one in listed if one.run == name), None)
    )
    if found is None:
        near = [one.run for one in listed if one.run.startswith(name)] if name else []
        if len(near) == 1:
            return chosen_run(store, near[0])
        help = (
            f"`{near[0]}` and {len(near) - 1} more begin so" if near else "`stockade history --runs` lists them"
        )
        raise UsageError(f"no run `{name}` is kept in `{store.directory}`", help=help)
    return found


def history(store: Store, series: str, *, last: int = 8, since: str | None = None) -> History:
    """The last runs of a series, and what changed up to the latest.

    ``since`` is a run or a time (ISO 8601): what the latest is compared with, the run itself or the last one
    up to then. Without it that is the run before.
    """
    everything = runs(store)
    mine = [one for one in everything if one.series == series]
    if not mine:
        return History(series, (), {}, (), (), (), tuple(store.unread), len(everything))
    latest = mine[-1]
    earlier = _up_to(mine, since, store) if since else mine[:-1]
    bases, unseen = _bases(latest, earlier)
    changes, kept = _changes(store, latest, bases, earlier)
    shown = mine[-last:]
    return History(
        series=series,
        runs=tuple(shown),
        trend=_trend(store, shown),
        bases=tuple(dict.fromkeys(one.run for one in earlier if any(one is base for base, _ in bases))),
        changes=tuple(changes),
        unseen=tuple(unseen),
        unread=tuple(store.unread),
        others=len(everything) - len(mine),
        open=kept,
    )


def _up_to(mine: Sequence[Run], since: str, store: Store) -> list[Run]:
    named = next((index for index, one in enumerate(mine) if one.run == since), None)
    if named is None and since[:4].isdecimal() and "-" in since:
        # A day stands for its end, so that `--since 2026-11-20` compares with what was so then.
        limit = f"{since}T23:59:59Z" if len(since) == len("2026-11-20") else since
        named = max((index for index, one in enumerate(mine) if one.at <= limit), default=None)
    if named is None:
        first = f"the first is `{mine[0].run}` of {mine[0].at}"
        raise UsageError(f"no run of this series is `{since}` or as old", help=first)
    return list(mine[: min(named + 1, len(mine) - 1)])


Pairs = set[tuple[str, str]]
"""Inputs, by their roots, and controls."""


def _bases(latest: Run, earlier: Sequence[Run]) -> tuple[list[tuple[Run, Pairs]], list[str]]:
    """For every input and control of the latest run the run before that asked it; and what it left out."""
    wanted = {(root, control) for root in latest.roots for control in latest.asked}
    out: list[tuple[Run, Pairs]] = []
    for run in reversed(earlier):
        found = {pair for pair in wanted if pair[0] in run.roots and pair[1] in run.asked}
        if found:
            out.append((run, found))
            wanted -= found
        if not wanted:
            break
    unseen: dict[str, None] = {}
    for run in reversed(earlier[-1:]):
        for root in sorted(set(run.roots) - set(latest.roots)):
            unseen[f"the input `{root or '.'}` was not scanned this time"] = None
        for control in sorted(set(run.asked) - set(latest.asked)):
            unseen[f"`{control}` was not asked this time"] = None
    return out, list(unseen)


# ----------------------------------------------------------------------------------------- changes


def _changes(
    store: Store, latest: Run, bases: Sequence[tuple[Run, Pairs]], earlier: Sequence[Run]
) -> tuple[list[Change], int]:
    """What changed, most telling first, and how many findings still fail as they did."""
    now = {one.fingerprint: one for one in _findings(store, latest.run)}
    names = _names(store, latest.run)
    present = set(names)
    out: list[Change] = []
    known: dict[str, _Row] = {}
    for base, pairs in bases:
        before = {
            one.fingerprint: one for one in _findings(store, base.run) if (one.root, one.control) in pairs
        }
        known |= before
        lost = [one for one in before.values() if one.is_open and not _open(now.get(one.fingerprint))]
        if lost:
            told = _Told(store, latest, base, now, before, present)
            former = _names(store, base.run)
            out += (_change(one, *told.of(one), {**former, **names}) for one in lost)
    fresh = [one for one in now.values() if one.is_open and not _open(known.get(one.fingerprint))]
    compared = {pair for _, pairs in bases for pair in pairs}
    once = _once_open(store, fresh, earlier)
    for one in fresh:
        turn = Turn.REOPENED if one.fingerprint in once else Turn.NEW
        out.append(_change(one, turn, "" if (one.root, one.control) in compared else _FIRST, names))
    still = sum(one.is_open for one in now.values()) - len(fresh)
    order = {turn: rank for rank, turn in enumerate(_NEWS)}
    out.sort(
        key=lambda one: (order[one.turn], -one.severity, one.control, one.root, one.address, one.fingerprint)
    )
    return out, still


def _open(one: _Row | None) -> bool:
    return one is not None and one.is_open


class _Told:
    """What became of findings of one run in a later one, where they do not fail any more."""

    def __init__(
        self,
        store: Store,
        latest: Run,
        base: Run,
        now: Mapping[str, _Row],
        before: Mapping[str, _Row],
        present: set[tuple[str, str]],
    ) -> None:
        self._now = now
        self._present = present
        self._missing: dict[str, str] = {}
        """By an input, something that the later run could not read of it and the earlier one could."""
        of = "SELECT root, what, reason FROM gaps WHERE run = $1"
        seen = set(store.select(of, [base.run], [base.run]))
        for root, what, reason in store.select(of, [latest.run], [latest.run]):
            if (root, what, reason) not in seen:
                self._missing.setdefault(root, f"{what}: {reason}")
        self._doubts: dict[tuple[str, str, str], str] = {}
        """By input, control and function, a question that was not open before."""
        for one in now.values():
            if one.is_doubtful and not (one.fingerprint in before and before[one.fingerprint].is_doubtful):
                for function in one.functions or ("",):
                    self._doubts.setdefault((one.root, one.control, function), one.message)

    def of(self, one: _Row) -> tuple[Turn, str]:
        """The turn, and why it is not known."""
        current = self._now.get(one.fingerprint)
        if current is not None:
            return (Turn.UNKNOWN, current.message) if current.is_doubtful else (Turn.ACCEPTED, "")
        for function in one.functions or ("",):
            if doubt := self._doubts.get((one.root, one.control, function)):
                return Turn.UNKNOWN, doubt
        if missing := self._missing.get(one.root):
            return Turn.UNKNOWN, f"this time not all was read: {missing}"
        if one.functions and not any((one.root, function) in self._present for function in one.functions):
            return Turn.GONE, ""
        return Turn.FIXED, ""


def _change(one: _Row, turn: Turn, why: str, names: Mapping[tuple[str, str], str]) -> Change:
    return Change(
        turn,
        one.control,
        Severity[one.severity.upper()],
        one.root,
        one.address,
        tuple(names.get((one.root, function), function) for function in one.functions),
        one.message,
        one.path,
        one.line,
        one.fingerprint,
        why,
    )


def _findings(store: Store, run: str) -> Iterator[_Row]:
    names = ", ".join(f'"{one.name}"' for one in fields(_Row))
    for row in store.select(f"SELECT {names} FROM findings WHERE run = $1", [run], [run]):
        yield _Row(*_frozen(row))


def _names(store: Store, run: str) -> dict[tuple[str, str], str]:
    """The functions of a run: their names by root and address."""
    found = store.select("SELECT root, address, name FROM functions WHERE run = $1", [run], [run])
    return {(root, address): name for root, address, name in found}


def _once_open(store: Store, fresh: Iterable[_Row], earlier: Sequence[Run]) -> set[str]:
    """Of some findings those that failed in one of some runs."""
    wanted = [one.fingerprint for one in fresh]
    if not wanted:
        return set()
    names = [one.run for one in earlier]
    sql = """SELECT DISTINCT fingerprint FROM findings
             WHERE list_contains($1::VARCHAR[], fingerprint) AND list_contains($2::VARCHAR[], run)
             AND verdict = 'fails'"""
    return {row[0] for row in store.select(sql, [wanted, names], names)}


def _frozen(row: Row) -> Any:
    """A row whose lists are tuples, in the order of its class's fields."""
    return tuple(tuple(value) if isinstance(value, list) else value for value in row)


# ------------------------------------------------------------------------------------------- trend


def _trend(store: Store, shown: Sequence[Run]) -> dict[str, tuple[Count | None, ...]]:
    """Every control's counts, run by run, in the order of their names."""
    names = [one.run for one in shown]
    listed: list[Any] = [names]
    accepted = {
        (run, control): number
        for run, control, number in store.select(
            """SELECT run, control, count(*) FROM findings
               WHERE list_contains($1::VARCHAR[], run) AND verdict = 'fails' AND accepted GROUP BY ALL""",
            listed,
            names,
        )
    }
    found: dict[str, dict[str, Count]] = {}
    for run, control, holds, fails, undecided, crashed in store.select(
        """SELECT run, control, sum(holds), sum(fails), sum(undecided), sum(crashed) FROM coverage
           WHERE list_contains($1::VARCHAR[], run) GROUP BY run, control""",
        listed,
        names,
    ):
        given = accepted.get((run, control), 0)
        found.setdefault(control, {})[run] = Count(holds, fails - given, given, undecided, crashed)
    return {name: tuple(found[name].get(one.run) for one in shown) for name in sorted(found)}

"""Reads one account and region: functions first, then what the chosen controls need, side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

from stockade.read.account import packages
from stockade.read.account.answer import Place
from stockade.read.account.client import Account, Client
from stockade.read.account.collect import functions, roles
from stockade.read.account.collectors import AFTER, COLLECTORS, collector
from stockade.read.account.gaps import gaps
from stockade.read.account.joined import joined
from stockade.read.account.scene import Scene
from stockade.read.account.ties import related
from stockade.read.resource import Reading, Resource

KIND = "account"

_OF_CODE: Final = frozenset({"secrets"})
"""Collectors of what only the code of functions asks for."""


def read(
    account: Account,
    place: Place,
    undecides: Mapping[str, Sequence[str]],
    code: packages.Wanted | None = None,
    listed: Callable[[int], None] = lambda functions: None,
) -> Reading:
    """One account and region. ``undecides`` has the collectors to run, each with the controls that need it.

    ``code`` says that functions' packages are read too, where a control needs ``packages``. ``listed`` is told
    how many functions there are before more of them is asked, and may wait.
    """
    client = Client(account, place)
    seen = tuple(functions.listed(Scene("functions", client, ())))
    listed(len(seen))
    if code is None:  # what only matters to code is not asked without it
        undecides = {name: controls for name, controls in undecides.items() if name not in _OF_CODE}
    wanted = needed(undecides)
    made: dict[str, Future[tuple[Resource, ...]]] = {}

    def run(name: str) -> tuple[Resource, ...]:
        found = {one: made[one].result() for one in AFTER.get(name, ()) if one in made}
        return tuple(collector(name).collect(Scene(name, client, seen, found)))

    with ThreadPoolExecutor(max(1, len(wanted))) as pool:
        for name in wanted:  # what others wait for has begun before them
            made[name] = pool.submit(run, name)
    resources = joined(one for name in wanted for one in made[name].result())
    shelf = packages.NOT_ASKED
    if code is not None and undecides.get("packages"):
        shelf = packages.read(Scene("packages", client, seen), code)
    path = f"{place.account}/{place.region}"
    where = {"account": place.account, "region": place.region, "partition": place.partition}
    lost = gaps(client.misses, undecides)
    return Reading(KIND, path, related(resources), lost, shelf=shelf, surroundings=where)


def ahead(account: Account, place: Place, undecides: Mapping[str, Sequence[str]]) -> dict[tuple[Any, ...], Any]:
    """What is the same for every region of an account and large: IAM's roles and policies, asked for once.

    It is for ``Account.knows`` in whatever process reads one of the regions. What is not answered is in it too:
    there each role is asked for, as ever.
    """
    if "roles" in needed(undecides):
        roles.sweep(Scene("", Client(account, place), ()))
    return account.kept()


def needed(names: Collection[str]) -> tuple[str, ...]:
    """Collectors with those that they build on, in their order; functions are always among them."""
    wanted = {"functions", *names}
    while more := {before for name in wanted for before in AFTER.get(name, ())} - wanted:
        wanted |= more
    return tuple(name for name in COLLECTORS if name in wanted)

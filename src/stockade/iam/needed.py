"""Needed permissions to the least policy that a person would write for them.

    written = write([Need("dynamodb:GetItem", table_arn, why="read orders"), ...])
    for policy in written.policies: ...

Every statement grants exactly what is needed: a statement is all its actions on all its resources, so
needs share one only where that grants nothing else. Wildcards in actions are a last resort, when the
policy would be longer than AWS takes, and only where all they cover today is needed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import Any, Final, Literal, TypeAlias

from stockade.iam.catalog import Catalog
from stockade.iam.cover import Piece, covers, shape
from stockade.iam.minimise import Note
from stockade.iam.shorten import shortened
from stockade.iam.sids import distinct, sid
from stockade.iam.written import KeyTest, Listed, Plain, plain_json, size
from stockade.records import dataclass

Kind: TypeAlias = Literal["managed", "role", "group", "user"]
"""Where a policy is to go: a managed policy, or inline in a role, a group or a user."""

LIMITS: Final[Mapping[Kind, int]] = {"managed": 6_144, "role": 10_240, "group": 5_120, "user": 2_048}
"""How many characters, white space left out, AWS takes: of one managed policy, and of all inline policies
of a role, a group or a user together."""
ATTACHED: Final = 10
"""How many managed policies a role may have before its account asks AWS for more."""


@dataclass(frozen=True, slots=True)
class Need:
    """One permission: an action on a resource, an ARN or a pattern of ARNs, under conditions.

    ``why`` completes "needed to ...", in a few words: needs of one statement that share it name it in
    the statement's Sid.
    """

    action: str
    resource: Piece = "*"
    tests: tuple[KeyTest, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """Policies that together grant what was needed, no more. ``reasons`` says by Sid what a statement is for.

    ``policies`` are trees that have a ``Text`` for every string not wholly known; ``fits`` says whether
    AWS takes them where they are to go.
    """

    policies: tuple[dict[str, Any], ...]
    reasons: Mapping[str, tuple[str, ...]]
    notes: tuple[Note, ...]
    fits: bool = True

    def json(self) -> list[dict[str, Any]]:
        """The policies as ``json.dumps`` takes them."""
        found: list[dict[str, Any]] = plain_json(self.policies)
        return found


def write(needs: Iterable[Need], kind: Kind = "managed") -> Written:
    """The least policies for some needs, in an order that does not depend on theirs."""
    notes: list[Note] = []
    statements = _statements(_asked(needs, notes))
    statements = _named(statements)
    reasons = {str(one.plain.sid): tuple(sorted(one.whys - {""})) for one in statements}
    plains = [one.plain for one in statements]
    limit = LIMITS[kind]
    if size(_policy(plains)) > limit:
        plains = _shortened(plains, limit, notes)
    if size(_policy(plains)) <= limit:
        return Written((_policy(plains),) if plains else (), reasons, tuple(notes))
    if kind != "managed":
        bare = [replace(one, sid=None) for one in plains]
        fits = size(_policy(bare)) <= limit
        what = "left out to stay" if fits else "left out, and the policy is still not"
        notes.append(Note(f"Sids are {what} within the {limit} characters of inline policies of a {kind}", ()))
        return Written((_policy(bare),), {}, tuple(notes), fits)
    policies = _split(plains, limit)
    notes.append(
        Note(f"split into {len(policies)} policies of at most {limit} characters, as AWS takes no longer", ())
    )
    if len(policies) > ATTACHED:
        notes.append(Note(f"more than the {ATTACHED} managed policies that a role may have by default", ()))
    fits = len(policies) <= ATTACHED and all(size(one) <= limit for one in policies)
    return Written(tuple(policies), reasons, tuple(notes), fits)


# ------------------------------------------------------------------------------------ what is asked for


@dataclass(frozen=True, slots=True)
class _Cell:
    """One action on one resource, and why."""

    action: str
    resource: Piece
    tests: tuple[KeyTest, ...]
    why: str = field(compare=False)

    @property
    def key(self) -> tuple[str, ...]:
        return self.action.lower(), str(self.resource), _tests_text(self.tests)


def _asked(needs: Iterable[Need], notes: list[Note]) -> list[_Cell]:
    """What is needed in AWS's spelling, each thing once for every reason, without what is covered by more."""
    catalog = Catalog.load()
    cells: dict[tuple[str, ...], _Cell] = {}
    unscopable: set[str] = set()
    for need in needs:
        action = catalog.action(need.action)
        resource = need.resource
        if action and not action.resource_types and resource != "*":
            unscopable.add(str(action))
            resource = "*"
        if action is None and "*" not in need.action:
            notes.append(Note(f"`{need.action}` is no action as of {catalog.date}", ()))
        tests = tuple(sorted(need.tests, key=lambda test: (*test.name, *map(str, test.values))))
        cell = _Cell(str(action or need.action), resource, tests, need.why)
        cells[(*cell.key, need.why)] = cell
    if unscopable:
        listed = _some(sorted(unscopable))
        notes.append(Note(f"granted on `*`, as no policy can grant them on a resource: {listed}", ()))
    of_action: defaultdict[str, list[_Cell]] = defaultdict(list)
    for _, cell in sorted(cells.items()):
        of_action[cell.action.lower()].append(cell)
    return [
        replace(cell, resource=wide.resource, tests=wide.tests)
        for alike in of_action.values()
        for cell in alike
        for wide in (_widest(cell, alike),)
    ]


def _widest(cell: _Cell, others: list[_Cell]) -> _Cell:
    """The need that covers one on the most; itself if none does. Its reason then goes with that one."""
    while True:
        wider = next((one for one in others if _covers(one, cell) and not _covers(cell, one)), None)
        if wider is None:
            return next(one for one in others if _covers(one, cell))
        cell = wider


def _covers(wide: _Cell, narrow: _Cell) -> bool:
    return set(wide.tests) <= set(narrow.tests) and covers(shape(wide.resource), shape(narrow.resource))


# ------------------------------------------------------------------------------------------ statements


@dataclass(frozen=True, slots=True)
class _Made:
    plain: Plain
    whys: frozenset[str]


_Block: TypeAlias = tuple[frozenset[str], frozenset[Piece]]


def _statements(cells: list[_Cell]) -> list[_Made]:
    """All statements: service by service, what takes no resource at the end."""
    rooms: defaultdict[tuple[int, str, str], list[_Cell]] = defaultdict(list)
    for cell in cells:
        rooms[_room(cell)].append(cell)
    return [made for _, room in sorted(rooms.items(), key=lambda item: item[0]) for made in _of_room(room)]


def _room(cell: _Cell) -> tuple[int, str, str]:
    """What may share statements: needs of one service under the same conditions.

    Actions that take no resource are one room, whichever their service; actions on every resource,
    that could be on fewer, are one for each service.
    """
    service = cell.action.partition(":")[0].lower()
    tests = _tests_text(cell.tests)
    if cell.resource != "*":
        return 0, service, tests
    if Catalog.load().scopable(cell.action) is False:
        return 2, "", tests
    return 1, service, tests


def _of_room(cells: list[_Cell]) -> list[_Made]:
    """The fewest statements: resources with the same actions together, or actions with the same resources."""
    on: defaultdict[Piece, set[str]] = defaultdict(set)
    of: defaultdict[str, set[Piece]] = defaultdict(set)
    for cell in cells:
        on[cell.resource].add(cell.action)
        of[cell.action].add(cell.resource)
    by_resource: defaultdict[frozenset[str], set[Piece]] = defaultdict(set)
    for resource, actions in on.items():
        by_resource[frozenset(actions)].add(resource)
    by_action: defaultdict[frozenset[Piece], set[str]] = defaultdict(set)
    for action, resources in of.items():
        by_action[frozenset(resources)].add(action)
    ways: tuple[list[_Block], ...] = (
        [(actions, frozenset(resources)) for actions, resources in by_resource.items()],
        [(frozenset(actions), resources) for resources, actions in by_action.items()],
    )
    made = [sorted((_made(block, cells) for block in way), key=_order) for way in ways]
    return min(made, key=lambda one: (len(one), sum(size(each.plain.tree()) for each in one)))


def _made(block: _Block, cells: list[_Cell]) -> _Made:
    actions, resources = block
    whys = frozenset(cell.why for cell in cells if cell.action in actions and cell.resource in resources)
    plain = Plain(
        (),
        None,
        "Allow",
        Listed(tuple(sorted(actions))),
        Listed(tuple(sorted(resources, key=str))),
        None,
        cells[0].tests,
    )
    return _Made(plain, whys)


def _order(made: _Made) -> tuple[str, str]:
    resources = made.plain.resources
    return str(resources.values[0] if resources else ""), str(made.plain.actions.values)


def _named(statements: list[_Made]) -> list[_Made]:
    names = distinct(sid(one.plain, one.whys) for one in statements)
    return [
        replace(one, plain=replace(one.plain, sid=name)) for one, name in zip(statements, names, strict=True)
    ]


def _some(names: list[str], most: int = 3) -> str:
    listed = ", ".join(f"`{one}`" for one in names[:most])
    return f"{listed} and {len(names) - most} more" if len(names) > most else listed


def _tests_text(tests: tuple[KeyTest, ...]) -> str:
    return "\n".join(f"{test.operator} {test.key} {sorted(map(str, test.values))}" for test in tests)


# ------------------------------------------------------------------------------------------------ limits


def _policy(plains: list[Plain]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [one.tree() for one in plains]}


def _shortened(plains: list[Plain], limit: int, notes: list[Note]) -> list[Plain]:
    """The same with wildcards for actions of which all are needed, in as few statements as will do."""
    out = list(plains)
    savings = sorted(
        (
            (size(one.tree()) - size(short.tree()), at, short)
            for at, one in enumerate(plains)
            for short in (shortened(one),)
        ),
        key=lambda item: (-item[0], item[1]),
    )
    for saved, at, short in savings:
        if saved <= 0 or size(_policy(out)) <= limit:
            break
        out[at] = short
        gone = [str(value) for value in short.actions.values if value not in plains[at].actions.values]
        listed = ", ".join(f"`{one}`" for one in gone)
        message = (
            f"`{short.sid}` has {listed} to be shorter: as of {Catalog.load().date} all it covers is needed"
        )
        notes.append(Note(message, ()))
    return out


def _split(plains: list[Plain], limit: int) -> list[dict[str, Any]]:
    """As few policies as the order of the statements allows."""
    policies: list[list[Plain]] = [[]]
    for one in (part for plain in plains for part in _parts(plain, limit)):
        if policies[-1] and size(_policy([*policies[-1], one])) > limit:
            policies.append([])
        policies[-1].append(one)
    return [_policy(one) for one in policies]


def _parts(plain: Plain, limit: int) -> list[Plain]:
    """A statement in as many parts as fit, by its longer list."""
    if size(_policy([plain])) <= limit or plain.resources is None:
        return [plain]
    actions, resources = plain.actions.values, plain.resources.values
    if max(len(actions), len(resources)) == 1:
        return [plain]
    by_actions = len(resources) == 1 or (len(actions) > 1 and size(list(actions)) >= size(list(resources)))
    values = actions if by_actions else resources
    halves = (Listed(values[: len(values) // 2]), Listed(values[len(values) // 2 :]))
    names = (plain.sid, f"{plain.sid}More" if plain.sid else None)
    return [
        part
        for half, name in zip(halves, names, strict=True)
        for part in _parts(
            replace(plain, sid=name, actions=half) if by_actions else replace(plain, sid=name, resources=half),
            limit,
        )
    ]

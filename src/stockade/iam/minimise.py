"""A policy document with less in it that grants and denies exactly the same.

    match minimise(document):
        case Known(smaller):
            print(json.dumps(smaller.json(), indent=2), *smaller.notes, sep="\\n")

What one statement covers of another is dropped, and statements that differ in one element are merged.
Everything done is proved by containment of patterns, never by what actions AWS has today. What a Deny
takes back stays where it is: it is still what its author allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any, Final, TypeAlias

from stockade.iam.cover import Patterns, Piece, action_shape, covers, shape
from stockade.iam.match import Shape
from stockade.iam.policy import UNWRITTEN_VERSION, Document
from stockade.iam.written import KeyTest, Listed, Plain, Who, plain_json, read
from stockade.records import dataclass
from stockade.value import Derived, Known, Unknown, Value

# Comparing takes every statement with every other one, and the longest policy of any service has no room
# for as many.
_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was done, as a sentence; ``statements`` are those it was done to, counted from 0."""

    message: str
    statements: tuple[int, ...]

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Minimal:
    """A policy and what was done to make it. ``tree`` has a ``Text`` for every string not wholly known."""

    tree: dict[str, Any]
    notes: tuple[Note, ...]

    def json(self) -> dict[str, Any]:
        """The policy as ``json.dumps`` takes it."""
        found: dict[str, Any] = plain_json(self.tree)
        return found


def minimise(document: Document) -> Value[Minimal]:
    """The least document that can be proved to mean the same; without notes it was the least already.

    ``Unknown`` where something in the document cannot be read, for then it cannot be written again, and
    for one of more statements than AWS takes. An ``Id`` of the document is not kept. The Sid of several
    statements merged is the first one's.
    """
    if len(document.statements) > _MOST:
        return Unknown(f"the policy has more than {_MOST} statements", document.origin)
    found = [one if isinstance(one, Unknown) else read(one) for one in document.statements]
    unknown = next((one for one in found if isinstance(one, Unknown)), None)
    if unknown:
        return unknown
    notes: list[Note] = []
    statements = [one for one in found if isinstance(one, Plain)]
    statements = [_tidied(one, notes) for one in statements]
    while _dropped(statements, notes) or _thinned(statements, notes) or _merged(statements, notes):
        pass
    tree: dict[str, Any] = {}
    match document.version:
        case Unknown(text=None):
            return document.version
        case Unknown(text=text):
            tree["Version"] = text
        case Known(version) if document.version is not UNWRITTEN_VERSION:
            tree["Version"] = version
    tree["Statement"] = [one.tree() for one in statements]
    return Known(Minimal(tree, tuple(notes)), Derived("minimised", (document.origin,)))


# --------------------------------------------------------------------------------- within a statement


def _tidied(one: Plain, notes: list[Note]) -> Plain:
    """The statement without values that others of the same element cover, or repeat."""
    actions = _listed(one, one.actions, action_shape, "NotAction" if one.actions.all_but else "Action", notes)
    resources = one.resources
    if resources:
        name = "NotResource" if resources.all_but else "Resource"
        resources = _listed(one, resources, shape, name, notes)
    principals = one.principals
    if principals:
        principals = replace(principals, entries=tuple(dict.fromkeys(principals.entries)))
        if principals != one.principals:
            notes.append(Note(f"{_named(one)} names principals twice", one.numbers))
    tests = tuple(replace(test, values=tuple(dict.fromkeys(test.values))) for test in one.tests)
    if tests != one.tests:
        notes.append(Note(f"{_named(one)} has values twice in its Condition", one.numbers))
    return replace(one, actions=actions, resources=resources, principals=principals, tests=tests)


def _listed(
    one: Plain, listed: Listed, shape_of: Callable[[Piece], Shape], element: str, notes: list[Note]
) -> Listed:
    kept: list[Piece] = []
    seen: set[Shape] = set()
    # Of two spellings of the same the clearer stays, and what is written first.
    order = sorted(range(len(listed.values)), key=lambda at: (*_clarity(listed.values[at]), at))
    repeated = {}
    for at in order:
        mine = shape_of(listed.values[at])
        if mine in seen:
            repeated[at] = mine
        seen.add(mine)
    wild = [other for at in order if at not in repeated and not _is_exact(other := listed.values[at])]
    for at, value in enumerate(listed.values):
        mine = shape_of(value)
        wide = next((other for other in wild if _goes(value, mine, other, shape_of(other))), None)
        if at in repeated:
            notes.append(Note(f"{_named(one)}: `{value}` is in {element} twice", one.numbers))
        elif wide is not None:
            notes.append(Note(f"{_named(one)}: `{value}` in {element} is covered by `{wide}`", one.numbers))
        else:
            kept.append(value)
    return replace(listed, values=tuple(kept))


def _is_exact(piece: Piece) -> bool:
    return isinstance(piece, str) and "*" not in piece and "?" not in piece


def _goes(value: Piece, mine: Shape, other: Piece, wide: Shape) -> bool:
    """Whether a value goes because of another one, which does not go because of it."""
    if other is value or not covers(wide, mine):
        return False
    return not covers(mine, wide) or _clarity(other) < _clarity(value)


def _clarity(piece: Piece) -> tuple[int, bool]:
    """Of two spellings that mean the same the one with less of it is kept: the shorter, then AWS's own case."""
    text = str(piece)
    return len(text), text.islower()


# ----------------------------------------------------------------------------------- across statements


def _dropped(statements: list[Plain], notes: list[Note]) -> bool:
    """Take out statements that another one covers; of equal ones the first stays."""
    changed = False
    for one in reversed(list(statements)):
        wide = next((other for other in statements if other is not one and _covered(one, other)), None)
        if wide is not None:
            statements.remove(one)
            notes.append(Note(f"{_named(one)} is covered by {_named(wide)}", one.numbers + wide.numbers))
            changed = True
    return changed


def _thinned(statements: list[Plain], notes: list[Note]) -> bool:
    """Take out single actions and resources that another statement covers with all the rest."""
    changed = False
    for at in range(len(statements)):
        for element in ("Action", "Resource"):
            one = statements[at]
            covering = [
                other for other in statements if other is not one and _covered(one, other, all_but=element)
            ]
            kept = list(_values(one, element)) if covering else []
            for value in tuple(kept):
                wide = next((other for other in covering if _has(other, element, value)), None)
                if wide is None or len(kept) == 1:
                    continue
                kept.remove(value)
                message = f"{_named(one)}: `{value}` in {element} is covered by {_named(wide)}"
                notes.append(Note(message, one.numbers + wide.numbers))
                statements[at] = _with(one, element, tuple(kept))
                changed = True
    return changed


def _has(one: Plain, element: str, value: Piece) -> bool:
    if element == "Action":
        return Patterns.of((action_shape(value),)).within(one.action_patterns)
    mine = one.resource_patterns
    return mine is not None and Patterns.of((shape(value),)).within(mine)


def _values(one: Plain, element: str) -> tuple[Piece, ...]:
    """The values of an element, if it lists what the statement is about and not what it is not."""
    listed = one.actions if element == "Action" else one.resources
    return () if listed is None or listed.all_but else listed.values


def _with(one: Plain, element: str, values: tuple[Piece, ...]) -> Plain:
    listed = Listed(values)
    return replace(one, actions=listed) if element == "Action" else replace(one, resources=listed)


def _covered(one: Plain, other: Plain, *, all_but: str = "") -> bool:
    """Whether a statement is proved to apply to nothing that another one of the same effect does not.

    ``all_but`` is an element that is not looked at.
    """
    return (
        one.effect == other.effect
        and _who_within(one.principals, other.principals)
        and _tests_within(one.tests, other.tests)
        and (all_but == "Action" or one.action_patterns.within(other.action_patterns))
        and (all_but == "Resource" or _within(one.resource_patterns, other.resource_patterns))
    )


def _within(one: Patterns | None, other: Patterns | None) -> bool:
    return one is other if one is None or other is None else one.within(other)


def _who_within(one: Who | None, other: Who | None) -> bool:
    # Only what is named alike: that an account covers its roles is true of some policies alone.
    if one is None or other is None or one.all_but or other.all_but:
        return one is other or (one is not None and other is not None and _same_who(one, other))
    return set(one.entries) <= set(other.entries)


def _same_who(one: Who, other: Who) -> bool:
    return one.all_but == other.all_but and set(one.entries) == set(other.entries)


_ANY_OF: Final = frozenset(
    {
        "arnequals",
        "arnlike",
        "binaryequals",
        "bool",
        "dateequals",
        "dategreaterthan",
        "dategreaterthanequals",
        "datelessthan",
        "datelessthanequals",
        "ipaddress",
        "numericequals",
        "numericgreaterthan",
        "numericgreaterthanequals",
        "numericlessthan",
        "numericlessthanequals",
        "stringequals",
        "stringequalsignorecase",
        "stringlike",
    }
)
_NONE_OF: Final = frozenset(
    {
        "arnnotequals",
        "arnnotlike",
        "datenotequals",
        "notipaddress",
        "numericnotequals",
        "stringnotequals",
        "stringnotequalsignorecase",
        "stringnotlike",
    }
)


def _tests_within(one: tuple[KeyTest, ...], other: tuple[KeyTest, ...]) -> bool:
    """Whether whatever passes one statement's tests passes the other's, which may have fewer."""
    return all(any(_test_within(mine, wide) for mine in one) for wide in other)


def _test_within(one: KeyTest, other: KeyTest) -> bool:
    if one.name != other.name:
        return False
    mine, others = set(one.values), set(other.values)
    operator = one.name[0].removesuffix("ifexists")
    if operator in _ANY_OF:
        return mine <= others
    return others <= mine if operator in _NONE_OF else mine == others


# -------------------------------------------------------------------------------------------- merging


_Key: TypeAlias = tuple[Hashable, ...]


def _merged(statements: list[Plain], notes: list[Note]) -> bool:
    """Make one statement of those that differ in a single list."""
    before = len(statements)
    for element, key, joined in _WAYS:
        first: dict[_Key, int] = {}
        for at, other in enumerate(list(statements)):
            if (mine := key(other)) is None:
                continue
            if (place := first.setdefault(mine, at)) == at:
                continue
            one = statements[place]
            whole = replace(joined(one, other), numbers=one.numbers + other.numbers)
            statements[place] = _tidied(whole, [])
            message = f"{_named(other)} is merged into {_named(one)}, from which it differs in {element} only"
            notes.append(Note(message, whole.numbers))
        gone = {number for one in statements for number in one.numbers[1:]}
        statements[:] = [one for one in statements if one.numbers[0] not in gone]
    return len(statements) < before


def _list_key(listed: Listed | None) -> Hashable:
    return (listed.all_but, frozenset(listed.values)) if listed else None


def _who_key(who: Who | None) -> Hashable:
    return (who.all_but, frozenset(who.entries)) if who else None


def _tests_key(one: Plain) -> Hashable:
    return frozenset((*test.name, frozenset(test.values)) for test in one.tests)


def _but_resources(one: Plain) -> _Key | None:
    """What two statements have to share to become one that is about the resources of both."""
    if not _values(one, "Resource"):
        return None
    return one.effect, _who_key(one.principals), _list_key(one.actions), _tests_key(one)


def _but_actions(one: Plain) -> _Key | None:
    if not _values(one, "Action"):
        return None
    services = frozenset(str(value).lower().partition(":")[0] for value in one.actions.values)
    return one.effect, _who_key(one.principals), _list_key(one.resources), _tests_key(one), services


def _but_actions_of_any(one: Plain) -> _Key | None:
    """Actions of several services read well in one statement only if nobody named their own."""
    return None if one.sid else (key[:-1] if (key := _but_actions(one)) else None)


def _but_principals(one: Plain) -> _Key | None:
    # The bare "*" has no place in a list of principals.
    if one.principals is None or one.principals.all_but or one.principals.entries == (("*", "*"),):
        return None
    return one.effect, _list_key(one.actions), _list_key(one.resources), _tests_key(one)


def _but_values(one: Plain) -> _Key | None:
    """Statements that differ in the values of their only test, of which any one will do."""
    if len(one.tests) != 1 or one.tests[0].name[0].removesuffix("ifexists") not in _ANY_OF:
        return None
    rest = one.effect, _who_key(one.principals), _list_key(one.actions), _list_key(one.resources)
    return *rest, one.tests[0].name


def _with_resources_of(one: Plain, other: Plain) -> Plain:
    return _with(one, "Resource", _both(_values(one, "Resource"), _values(other, "Resource")))


def _with_actions_of(one: Plain, other: Plain) -> Plain:
    return _with(one, "Action", _both(_values(one, "Action"), _values(other, "Action")))


def _with_principals_of(one: Plain, other: Plain) -> Plain:
    mine, others = (each.principals.entries if each.principals else () for each in (one, other))
    return replace(one, principals=Who(tuple(dict.fromkeys(mine + others))))


def _with_values_of(one: Plain, other: Plain) -> Plain:
    test = one.tests[0]
    return replace(one, tests=(replace(test, values=_both(test.values, other.tests[0].values)),))


def _both(one: tuple[Piece, ...], other: tuple[Piece, ...]) -> tuple[Piece, ...]:
    return tuple(dict.fromkeys(one + other))


_WAYS: Final[tuple[tuple[str, Callable[[Plain], _Key | None], Callable[[Plain, Plain], Plain]], ...]] = (
    ("Resource", _but_resources, _with_resources_of),
    ("Action", _but_actions, _with_actions_of),
    ("Action", _but_actions_of_any, _with_actions_of),
    ("Principal", _but_principals, _with_principals_of),
    ("the values of its Condition", _but_values, _with_values_of),
)


def _named(one: Plain) -> str:
    number = one.numbers[0] + 1
    return f"statement {number} (`{one.sid}`)" if one.sid else f"statement {number}"

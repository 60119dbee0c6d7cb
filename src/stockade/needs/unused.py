"""What a role allows and nobody who runs as it needs, statement by statement.

A permission counts as used where a need may be within it, whatever is not known of their texts. It counts as
unused only where everything that functions may call is known to be something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from functools import cached_property
from typing import Final

from stockade.iam.breadth import every_action, is_every_action, on_everything
from stockade.iam.catalog import Action, Catalog
from stockade.iam.cover import disjoint, shape
from stockade.iam.match import Shape
from stockade.iam.policy import Principal, Statement
from stockade.model.grants import allowing, is_aws_managed, place
from stockade.model.need import Certainty, Learned, Needed, Open
from stockade.model.relate import grouped
from stockade.model.role import ExecutionRole, Grant, Role, RolePolicy
from stockade.model.world import World
from stockade.records import dataclass
from stockade.value import Known, Origin, Ref, Unknown, Value, parts_of, shape_of

_SERVICES: Final = frozenset({"lambda.amazonaws.com", "edgelambda.amazonaws.com"})
_WITH_DECRYPT: Final = "kms:generatedatakey"


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a statement's ``Action``: which of the actions it covers are used, and which are not.

    ``held`` are actions of which it is not known, each with what was not followed. ``beyond`` are those that
    code uses which no handler was seen to reach.
    """

    pattern: Known[str]
    used: tuple[str, ...]
    unused: tuple[str, ...]
    held: tuple[tuple[str, Open], ...]
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """One statement: its actions, and the elements of its ``Resource`` that no need is within."""

    grant: Grant
    policy: RolePolicy
    statement: Statement
    parts: tuple[Part, ...]
    resources: tuple[Value[str], ...] = ()

    @property
    def unused(self) -> tuple[str, ...]:
        """All of its actions that nobody needs."""
        return tuple(dict.fromkeys(action for part in self.parts for action in part.unused))

    @property
    def is_dead(self) -> bool:
        """Whether nothing of it is used, or may be."""
        return not any(part.used or part.held or part.beyond for part in self.parts)


@dataclass(frozen=True)
class Needs:
    """All needs of those who run as one role."""

    learned: tuple[Learned, ...]

    @cached_property
    def by_action(self) -> Mapping[str, tuple[Needed, ...]]:
        return grouped((one.action.lower(), one) for each in self.learned for one in each.needed)

    @cached_property
    def perhaps(self) -> frozenset[str]:
        return frozenset().union(*(one.perhaps for one in self.learned))

    @property
    def decrypts(self) -> bool:
        """Whether keys are used at all: making data keys goes with decrypting in AWS's own policies."""
        return "kms:decrypt" in self.by_action or "kms:decrypt" in self.perhaps

    @cached_property
    def beyond(self) -> frozenset[str]:
        """What only code uses that no handler was seen to reach."""
        return frozenset().union(*(one.beyond for one in self.learned))

    def may_use(self, action: str) -> Open | None:
        found = (one.may_use(action) for one in self.learned)
        return next((one for one in found if isinstance(one, Open)), None)


@dataclass(frozen=True)
class Judgement:
    """What is unused of one role, statement by statement.

    ``everything`` is the first element by which it allows all actions there are, or all but some, of which
    most are of no use to anybody; ``on_all`` says that it does so on every resource.
    """

    statements: tuple[Judged, ...] = ()
    everything: Value[str] | None = None
    on_all: bool = False
    needs: Needs = field(default_factory=lambda: Needs(()))


def judged(role: ExecutionRole, world: World) -> Judgement | Unknown | None:
    """What nobody needs of a role; ``Unknown`` where it is not known who uses it or for what.

    ``None`` where nobody has asked what its functions need.
    """
    functions = world.functions_of(role)
    needs = [found for one in functions if (found := world.needs_of(one))]
    if not needs or len(needs) < len(functions):
        return None
    if isinstance(role.role, Unknown):
        return Unknown(role.role.reason, role.role.origin)
    others = _others(role.role.value)
    if others is not None:
        return others
    unknown = next((one.unknown for one in needs if one.unknown is not None), None)
    if unknown is not None:
        return unknown
    together = Needs(tuple(one.learned for one in needs))
    grants = world.grants_of(functions[0])
    everything, on_all = _everything(grants)
    return Judgement(tuple(_statements(grants, together)), everything, on_all, together)


def _everything(grants: Iterable[Grant]) -> tuple[Value[str] | None, bool]:
    for grant in grants:
        statement = allowing(grant)
        if statement is None or isinstance(statement, Unknown) or statement.conditions:
            continue
        found = every_action(statement) or next(iter(statement.not_actions or ()), None)
        if isinstance(found, Known):
            at = Known(found.value, place(grant, found.origin))
            return at, isinstance(on_everything(statement), Known)
    return None, False


def _others(role: Role) -> Unknown | None:
    """Who else may use a role than functions, by its trust policy."""
    trust = role.trust
    if isinstance(trust, Unknown):
        return Unknown(f"who else uses the role is not known: {trust.reason}", trust.origin)
    for statement in trust.value.statements:
        if isinstance(statement, Unknown):
            return Unknown(f"who else uses the role is not known: {statement.reason}", statement.origin)
        if statement.allows is False:
            continue
        for one in statement.principals or ():
            if isinstance(one, Unknown):
                return Unknown(f"who else uses the role is not known: {one.reason}", one.origin)
            if not _is_lambda(one):
                text = "".join(map(str, parts_of(one.value)))
                return Unknown(f"`{text}` may use the role as well, for what is not known", one.value.origin)
    return None


def _is_lambda(one: Principal) -> bool:
    return one.kind == "Service" and isinstance(one.value, Known) and one.value.value in _SERVICES


# --------------------------------------------------------------------------------------- statements


def _statements(grants: Iterable[Grant], needs: Needs) -> Iterator[Judged]:
    for grant in grants:
        statement = allowing(grant)
        if statement is None or isinstance(statement, Unknown) or grant.policy is None:
            continue
        if statement.not_actions is not None or statement.not_resources is not None:
            continue
        parts = tuple(
            part
            for one in statement.actions or ()
            if isinstance(one, Known) and (part := _part(one, statement, needs))
        )
        if parts:
            resources = () if is_aws_managed(grant) else tuple(_resources(statement, needs))
            yield Judged(grant, grant.policy, statement, parts, resources)


def _part(pattern: Known[str], statement: Statement, needs: Needs) -> Part | None:
    if is_every_action(pattern):
        return None  # `admin-role` speaks of these
    used: list[str] = []
    unused: list[str] = []
    held: list[tuple[str, Open]] = []
    beyond: list[str] = []
    for action in Catalog.load().expand(pattern.value):
        name = str(action)
        if _is_used(action, statement, needs):
            used.append(name)
        elif found := needs.may_use(name):
            held.append((name, found))
        elif name.lower() in needs.beyond:
            beyond.append(name)
        else:
            unused.append(name)
    found_any = used or unused or held or beyond
    return Part(pattern, tuple(used), tuple(unused), tuple(held), tuple(beyond)) if found_any else None


def _is_used(action: Action, statement: Statement, needs: Needs) -> bool:
    name = str(action).lower()
    if name in needs.perhaps or (name.startswith(_WITH_DECRYPT) and needs.decrypts):
        return True
    return any(_meet(one, statement) for one in needs.by_action.get(name, ()))


def _meet(need: Needed, statement: Statement) -> bool:
    """Whether a need may be within a statement's resources."""
    return any(not _apart(one, need) for one in statement.resources or ()) or statement.resources is None


def _apart(resource: Value[str], need: Needed) -> bool:
    """Whether a resource and what is needed are proved to be two."""
    if isinstance(resource, Unknown) and resource.text is None:
        return False
    mine, its = shape_of(resource), shape(need.resource)
    if disjoint(mine, its):
        return True
    one, other = _first_ref(resource), need.resource.parts[0] if not isinstance(need.resource, str) else None
    return (
        isinstance(one, Ref)
        and isinstance(other, Ref)
        and one.address != other.address
        and not (_is_looked_up(one) or _is_looked_up(other))
        and one.attribute == other.attribute
        and _opens_alike(mine, its)
    )


def _is_looked_up(ref: Ref) -> bool:
    """Whether a data source finds what is meant, which may be declared under another address."""
    return "data" in ref.address.split(".")


def _first_ref(resource: Value[str]) -> Ref | None:
    if isinstance(resource, Known):
        return resource.ref
    first = parts_of(resource)
    return first[0] if first and isinstance(first[0], Ref) else None


def _opens_alike(one: Shape, other: Shape) -> bool:
    """Whether two ARNs are of the same service, as far as their texts say it."""
    texts = [piece for shape_ in (one, other) for piece in shape_[:1] if isinstance(piece, str)]
    return len({text.split(":")[2] for text in texts if text.count(":") > 2}) <= 1


def _resources(statement: Statement, needs: Needs) -> Iterator[Value[str]]:
    """The elements of a statement's ``Resource`` that nothing which it allows is needed on."""
    listed = statement.resources or ()
    if len(listed) < 2:
        return
    names = [
        str(action).lower()
        for one in statement.actions or ()
        if isinstance(one, Known) and not is_every_action(one)
        for action in Catalog.load().expand(one.value)
    ]
    wanted = [need for name in names for need in needs.by_action.get(name, ())]
    open_ended = any(isinstance(one, Unknown) for one in statement.actions or ())
    held = any(needs.may_use(name) for name in names)
    doubtful = any(name in needs.perhaps for name in names)
    if (
        open_ended
        or held
        or doubtful
        or not wanted
        or any(one.certainty is Certainty.UNKNOWN for one in wanted)
    ):
        return
    alone = [one for one in listed if all(_apart(one, need) for need in wanted)]
    used = ["".join(map(str, shape_of(one))) for one in listed if not any(one is other for other in alone)]
    for one in alone:
        # The indexes of a table that is used, the objects of a bucket: nobody is told of these by themselves.
        text = "".join(map(str, shape_of(one)))
        if _grants(one, names) and not any(text.startswith(f"{other}/") for other in used):
            yield one


def _grants(resource: Value[str], actions: Iterable[str]) -> bool:
    """Whether actions can apply to a resource at all: a bucket beside its objects harms nobody."""
    found = {match.type.name for match in Catalog.load().types_of(shape_of(resource))}
    types = {kind for name in actions if (one := Catalog.load().action(name)) for kind in one.resource_types}
    return not found or bool(found & types)


# ------------------------------------------------------------------------------------------- for fixes


def narrowed(judged_: Judged) -> tuple[str, ...]:
    """The actions that stay of a statement: what is used by name, and patterns of which all may be used."""
    out: list[str] = []
    for part in judged_.parts:
        if not part.unused:
            out.append(part.pattern.value)
        else:
            out += part.used
            out += (name for name, _ in part.held)
            out += part.beyond
    return tuple(dict.fromkeys(out))


def where_open(judgement: Judgement) -> tuple[Open, Origin] | None:
    """The first thing that was not followed and may use what else would be unused."""
    for one in judgement.statements:
        for part in one.parts:
            for _, found in part.held:
                return found, part.pattern.origin
    return None

"""All of a comparison: every function that both sides have, what it is, what it may, and who may call it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from stockade import __version__
from stockade.drift import access
from stockade.drift.alarms import alarms
from stockade.drift.brought import brought
from stockade.drift.same import Open, same
from stockade.drift.sides import Matched, Pair, Side, header_of, matched, said, source_of, span_of, spelled
from stockade.drift.table import (
    BOUNDARY,
    COMPANIONS,
    ENVIRONMENT,
    FUNCTION,
    INVOKERS,
    ROLE_ACCESS,
    TRUST,
    Companions,
)
from stockade.drifted import Both, Difference, Drift, Said, Standing, Unread
from stockade.iam.match import Shape
from stockade.iam.request import Caller
from stockade.model.access import Powers, arn_of, function_arn, joined, policy_of
from stockade.model.function import Function
from stockade.model.logs import LogGroup, log_group_name
from stockade.model.permission import Permission
from stockade.model.role import ExecutionRole, Role
from stockade.model.subject import Subject
from stockade.records import dataclass
from stockade.value import Known, Origin, Unknown, Value, parts_of
from stockade.value import Open as OpenEnd


def drift(written: Side, other: Side, *, at: str, paths: tuple[Sequence[str], Sequence[str]]) -> Drift:
    """Compare what is written with what else is, or runs. ``paths`` are what people call the inputs of each."""
    found = matched(written, other)
    work = _Work(written, other)
    for pair in found.pairs:
        work.function(pair)
    work.roles(found)
    gaps = tuple(
        Unread(side.label, gap.what, gap.reason, gap.help) for side in (written, other) for gap in side.gaps
    )
    return Drift(
        version=__version__,
        at=at,
        written=tuple(paths[0]),
        other=tuple(paths[1]),
        compared=tuple(_both(one, (written.file, other.file)) for one in found.pairs),
        same=work.same,
        differences=tuple(sorted((_cited(one, written, other) for one in work.found), key=_order)),
        missing=found.missing,
        extra=found.extra,
        gaps=tuple(dict.fromkeys(gaps)),
    )


def _both(pair: Pair, files: tuple[str, str]) -> Both:
    sides = [Said(one.address, header_of(one), source_of(one.origin)) for one in (pair.mine[1], pair.theirs[1])]
    mine, theirs = (_of_file(one, file) or one for one, file in zip(sides, files, strict=True))
    return Both(pair.name, mine, theirs)


def _of_file(one: Said | None, file: str) -> Said | None:
    """What a state says, by its name: the configuration beside it has the place, and may say something else."""
    return Said(one.text, None, file) if one is not None and file else one


def _cited(one: Difference, written: Side, other: Side) -> Difference:
    return replace(one, written=_of_file(one.written, written.file), other=_of_file(one.other, other.file))


def _order(one: Difference) -> tuple[Any, ...]:
    return (one.function, one.kind, one.name, one.attribute, one.standing.value, one.reason, one.wider is False)


@dataclass
class _Work:
    """What was found so far."""

    written: Side
    other: Side
    found: list[Difference] = field(default_factory=list)
    same: int = 0

    # ---------------------------------------------------------------------------------- functions

    def function(self, pair: Pair) -> None:
        """Everything of one function but what its role may do, which it may share."""
        mine, theirs = pair.mine[1], pair.theirs[1]
        self._attributes(pair.name, "function", pair.name, mine, theirs, FUNCTION)
        self._environment(pair)
        self._invokers(pair)
        for companions in COMPANIONS:
            self._companions(pair, companions)
        for one in alarms(pair, self.written, self.other):
            self._note(one)

    def _note(self, one: Difference | None) -> None:
        if one is None:
            self.same += 1
        else:
            self.found.append(one)

    def _attributes(
        self,
        function: str,
        kind: str,
        name: str,
        mine: Subject,
        theirs: Subject,
        attributes: Mapping[str, tuple[str, ...]],
    ) -> None:
        for attribute, controls in attributes.items():
            one, other = (_effective(subject, attribute) for subject in (mine, theirs))
            answer = self._same(one, other)
            if answer is True:
                self.same += 1
                continue
            unknown = isinstance(answer, Open)
            self.found.append(
                Difference(
                    function,
                    kind,
                    name,
                    attribute,
                    Standing.UNKNOWN if unknown else Standing.DIFFERENT,
                    controls,
                    said(one, mine),
                    said(other, theirs),
                    answer.reason if isinstance(answer, Open) else "",
                )
            )

    def _same(self, one: Value[Any], other: Value[Any]) -> bool | Open:
        return same(one, other, self.written.fillings, self.other.fillings)

    # -------------------------------------------------------------------------------- environment

    def _environment(self, pair: Pair) -> None:
        """Variables by their names; of values it is said that they are others, never what they are."""
        mine, theirs = pair.mine[1], pair.theirs[1]
        members = [_members(one.environment) for one in (mine, theirs)]
        for name in sorted({*(members[0] or ()), *(members[1] or ())}):
            self._variable(pair, name, (members[0] or {}).get(name), (members[1] or {}).get(name))
        for one in (mine, theirs):
            if isinstance(one.environment, Unknown):
                self.found.append(
                    Difference(
                        pair.name,
                        "function",
                        pair.name,
                        "environment",
                        Standing.UNKNOWN,
                        ENVIRONMENT,
                        said(mine.environment, mine, _names(mine.environment)),
                        said(theirs.environment, theirs, _names(theirs.environment)),
                        one.environment.reason,
                    )
                )
                return

    def _variable(self, pair: Pair, name: str, one: Value[str] | None, other: Value[str] | None) -> None:
        mine, theirs = pair.mine[1], pair.theirs[1]
        sides = [
            said(value, subject, "set") if value is not None else None
            for value, subject in ((one, mine), (other, theirs))
        ]
        reason = ""
        if one is not None and other is not None:
            answer = self._same(one, other)
            if answer is True:
                self.same += 1
                return
            standing = Standing.UNKNOWN if isinstance(answer, Open) else Standing.DIFFERENT
            reason = answer.reason if isinstance(answer, Open) else "has another value"
        else:
            absent = mine.environment if one is None else theirs.environment
            if isinstance(absent, Unknown):
                standing, reason = Standing.UNKNOWN, absent.reason
            else:
                standing = Standing.EXTRA if one is None else Standing.MISSING
        self.found.append(
            Difference(
                pair.name,
                "environment variable",
                name,
                "",
                standing,
                ENVIRONMENT,
                sides[0],
                sides[1],
                reason,
            )
        )

    # ------------------------------------------------------------------------------------ invokers

    def _invokers(self, pair: Pair) -> None:
        """The resource-based policy, for the function itself and for each of its qualifiers."""
        mine = pair.mine[0].permissions_of(pair.mine[1])
        theirs = pair.theirs[0].permissions_of(pair.theirs[1])
        if not mine and not theirs:
            self.same += 1
            return
        own = access.with_apis(
            (pair.mine[0], mine), (pair.theirs[0], theirs), (self.written.fillings, self.other.fillings)
        )
        groups = [_by_qualifier(listed) for listed in (mine, theirs)]
        unwritten = [
            one for world, function in (pair.mine, pair.theirs) for one in brought(world.urls_of(function))
        ]
        for qualifier in sorted({*groups[0], *groups[1]}):
            documents = [
                [access.filled(Known(policy_of(one), one.origin), fillings) for one in group.get(qualifier, ())]
                + [access.filled(document, fillings) for of, document in unwritten if of == qualifier]
                for group, fillings in zip(groups, own, strict=True)
            ]
            headers = [
                self._held(group.get(qualifier, ()), world[1])
                for group, world in zip(groups, (pair.mine, pair.theirs), strict=True)
            ]
            name = f"{pair.name}:{qualifier}" if qualifier else pair.name
            arn = self.other.fillings.within(function_arn((*mine, *theirs)[0], (pair.theirs[1],)))
            arn = joined((*arn, f":{qualifier}" if qualifier else ""))
            self._access(
                pair.name,
                "resource-based policy",
                name,
                INVOKERS,
                documents[0],
                documents[1],
                headers,
                "permission",
                resource=arn,
            )

    @staticmethod
    def _held(permissions: Sequence[Permission], function: Subject) -> Said:
        if not permissions:
            return Said("no permission", header_of(function))
        first = permissions[0]
        number = f"{len(permissions)} permission{'s' if len(permissions) > 1 else ''}"
        return Said(number, header_of(first), source_of(first.origin))

    def _access(
        self,
        function: str,
        kind: str,
        name: str,
        controls: tuple[str, ...],
        written: Any,
        other: Any,
        headers: Sequence[Said],
        hidden: str = "",
        *,
        caller: Caller | None = None,
        resource: Shape = (),
    ) -> None:
        """The differences in what two sets of policies allow."""
        holes = self.other.fillings.holes
        about = access.About(caller, resource, holes.get("account", ""), holes.get("region", ""))
        answers = list(access.compared(written, other, about))
        if not answers:
            self.same += 1
        for one in answers:
            match one:
                case access.Gained(wider, request, by):
                    place = _placed(headers[1 if wider else 0], by)
                    sides = (headers[0], place) if wider else (place, headers[1])
                    unread = (self.written if wider else self.other).hides(hidden) if hidden else ""
                    standing = Standing.UNKNOWN if unread else Standing.DIFFERENT
                    reason = f"not all was read: {unread}" if unread else ""
                    self.found.append(
                        Difference(function, kind, name, "", standing, controls, *sides, reason, request, wider)
                    )
                case access.Doubt(wider, reason):
                    self.found.append(
                        Difference(
                            function,
                            kind,
                            name,
                            "",
                            Standing.UNKNOWN,
                            controls,
                            headers[0],
                            headers[1],
                            reason,
                            None,
                            wider,
                        )
                    )

    # ---------------------------------------------------------------------------------- companions

    def _companions(self, pair: Pair, what: Companions) -> None:
        mine = list(what.of(*pair.mine))
        theirs = list(what.of(*pair.theirs))
        left: list[Subject] = []
        for one in mine:
            twin = next((other for other in theirs if self._are_one(what, one, other)), None)
            if twin is None:
                left.append(one)
                continue
            theirs.remove(twin)
            self.same += 1
            self._attributes(pair.name, what.kind, self._called(what, one, twin), one, twin, what.attributes)
        for subjects, others, standing in ((left, theirs, Standing.MISSING), (theirs, left, Standing.EXTRA)):
            for one in subjects:
                self._alone(pair, what, one, others, standing)

    def _are_one(self, what: Companions, one: Subject, other: Subject) -> bool:
        keys = what.key(one), what.key(other)
        return keys == (None, None) or (
            keys[0] is not None and keys[1] is not None and self._same(keys[0], keys[1]) is True
        )

    def _called(self, what: Companions, *some: Subject) -> str:
        for one in some:
            key = what.key(one)
            if isinstance(key, Known) and key.value is not None:
                return str(key.value)
            if isinstance(one, LogGroup):
                return spelled(one.name)
        return some[0].address

    def _alone(
        self, pair: Pair, what: Companions, one: Subject, others: Iterable[Subject], standing: Standing
    ) -> None:
        its, side = (self.other, self.written) if standing is Standing.EXTRA else (self.written, self.other)
        reason = ""
        for other in others:
            keys = what.key(one), what.key(other)
            if keys[0] is not None and keys[1] is not None:
                answer = same(keys[0], keys[1], its.fillings, side.fillings)
                if isinstance(answer, Open):
                    reason = f"it may be `{other.address}`: {answer.reason}"
        if one.doubt:
            reason = f"it may not exist: {one.doubt.reason}"
        elif not reason and (unread := side.hides(what.kind)):
            reason = f"not all was read of {side.label}: {unread}"
        there = Said("is there", header_of(one), source_of(one.origin))
        function = pair.theirs[1] if standing is Standing.MISSING else pair.mine[1]
        absent = Said("none", header_of(function), source_of(function.origin))
        sides = (absent, there) if standing is Standing.EXTRA else (there, absent)
        self.found.append(
            Difference(
                pair.name,
                what.kind,
                self._called(what, one),
                "",
                Standing.UNKNOWN if reason else standing,
                what.exists,
                *sides,
                reason,
            )
        )

    # --------------------------------------------------------------------------------------- roles

    def roles(self, found: Matched) -> None:
        """What the roles may do that functions run as, each pair of roles once."""
        users: dict[tuple[int, int], list[Pair]] = {}
        roles: dict[tuple[int, int], tuple[ExecutionRole, ExecutionRole]] = {}
        for pair in found.pairs:
            mine, theirs = pair.mine[0].role_of(pair.mine[1]), pair.theirs[0].role_of(pair.theirs[1])
            if mine is not None and theirs is not None:
                users.setdefault((id(mine), id(theirs)), []).append(pair)
                roles[id(mine), id(theirs)] = mine, theirs
        for key, pairs in users.items():
            self._role(*roles[key], pairs)

    def _role(self, mine: ExecutionRole, theirs: ExecutionRole, pairs: Sequence[Pair]) -> None:
        names = [one.name for one in pairs]
        function = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
        name = _role_name(theirs) or _role_name(mine)
        for one in (mine, theirs):
            if isinstance(one.role, Unknown):
                self.found.append(
                    Difference(
                        function,
                        "execution role",
                        name,
                        "",
                        Standing.UNKNOWN,
                        ROLE_ACCESS,
                        said(mine.role, mine, _role_name(mine) or "not known"),
                        said(theirs.role, theirs, _role_name(theirs) or "not known"),
                        one.role.reason,
                    )
                )
                return
        if not isinstance(mine.role, Known) or not isinstance(theirs.role, Known):
            return
        roles = mine.role.value, theirs.role.value
        fillings = self.written.fillings, self.other.fillings
        headers = [Said(_held(role), header_of(role), source_of(role.origin)) for role in roles]
        self._access(
            function,
            "execution role",
            name,
            ROLE_ACCESS,
            access.of_role(roles[0], fillings[0]),
            access.of_role(roles[1], fillings[1]),
            headers,
            caller=Powers(roles[1]).caller,
        )
        trusts = [[access.filled(role.trust, each)] for role, each in zip(roles, fillings, strict=True)]
        places = [_placed(header, role.trust.origin) for header, role in zip(headers, roles, strict=True)]
        places = [Said("trust policy", place.span, place.source) for place in places]
        self._access(
            function,
            "trust policy",
            name,
            TRUST,
            trusts[0],
            trusts[1],
            places,
            resource=fillings[1].within(arn_of(roles[1])),
        )
        self._attributes(function, "execution role", name, *roles, {"boundary": BOUNDARY})


def _effective(subject: Subject, attribute: str) -> Value[Any]:
    """What an attribute comes to: a function that names no log group has the one that Lambda gives it."""
    if isinstance(subject, Function) and attribute == "log_group":
        return log_group_name(subject)
    value: Value[Any] = getattr(subject, attribute)
    return value


def _held(role: Role) -> str:
    number = len(role.policies)
    return f"{number} {'policy' if number == 1 else 'policies'}"


def _role_name(role: ExecutionRole) -> str:
    if isinstance(role.role, Unknown):
        return str(role.role.text) if role.role.text else ""
    return "".join(map(str, parts_of(role.role.value.name)))


def _placed(header: Said, origin: Origin | None) -> Said:
    """The place of a statement, for what its holder says."""
    if origin is None:
        return header
    return Said(header.text, span_of(origin) or header.span, source_of(origin) or header.source)


def _members(environment: Value[Mapping[str, Value[str]]]) -> Mapping[str, Value[str]] | None:
    """The variables that are there for certain."""
    match environment:
        case Known(members):
            return members
        case Unknown(open=OpenEnd(dict() as items)):
            return items
        case _:
            return None


def _names(environment: Value[Mapping[str, Value[str]]]) -> str:
    members = _members(environment)
    return ", ".join(sorted(members)) if members else "none" if isinstance(environment, Known) else "not known"


def _by_qualifier(permissions: Sequence[Permission]) -> dict[str, list[Permission]]:
    out: dict[str, list[Permission]] = {}
    for one in permissions:
        qualifier: Any = one.qualifier
        known = isinstance(qualifier, Known)
        text = (qualifier.value or "") if known else "".join(map(str, parts_of(qualifier)))
        out.setdefault(text, []).append(one)
    return out

"""From a role to more than it was given: the known ways, decided on all its policies together.

    found = escalate(Holder(arn, access))
    for path in found.paths: print(path.way.does, [str(one.request) for one in path.steps])

A way is open when every one of its requests is allowed; each comes with the request that ``decide``
confirmed. What a request says of itself (``iam:PassedToService``, tags, the region) whoever makes it may
choose; what depends on others (tags on resources, the network, MFA) is taken to be absent, and where that
decides, the way is in doubt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from functools import cached_property
from typing import Any, Final

from stockade.iam.catalog import Catalog
from stockade.iam.decide import Access, Answer
from stockade.iam.gains import (
    Doubt,
    Escalations,
    Gain,
    Holder,
    Path,
    Taken,
    Target,
    allows_everything,
)
from stockade.iam.match import Shape, arn_parts
from stockade.iam.policy import Document, Statement, parse
from stockade.iam.request import Request
from stockade.iam.steps import Step, Way
from stockade.iam.symbolic import Proved, Undecided, Witness, ever_allows, no_wider_than
from stockade.iam.ways import WAYS
from stockade.memory import remembered
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Default, Hole, Known, Text, Unknown, Value, shape_of, text_of


def escalate(holder: Holder, targets: Sequence[Target] = ()) -> Escalations:
    """The ways that are open to a role, of those in ``ways.WAYS``; ``targets`` are the roles that are known."""
    asked = _Asked(holder, targets)
    found = [one for way in asked.ways() for one in asked.of_way(way)]
    paths = sorted(
        (one for one in found if isinstance(one, Path)),
        key=lambda path: (bool(path.way.needs), -path.gain, len(path.steps), WAYS.index(path.way)),
    )
    return Escalations(tuple(paths), tuple(one for one in found if isinstance(one, Doubt)))


# ------------------------------------------------------------------------------------------ the asking

_NEEDED: Final = {
    way: frozenset(
        step.action.partition(":")[0]
        for step in way.steps
        if not step.trusted and step.action != "sts:AssumeRole"
    )
    for way in WAYS
}
"""The services whose actions a way takes. Assuming a role may take no permission but the role's trust."""
_FRESH: Final = "any-{}-at-all"
"""A name that nobody has: what is allowed on it is allowed on all but a few."""
_FORMATS: Final = {
    "role": "arn:*:iam::*:role/{}",
    "user": "arn:*:iam::*:user/{}",
    "function": "arn:*:lambda:*:*:function:{}",
}
_UNKNOWN_BOUNDARY: Final = "arn:aws:iam::111122223333:policy/unknown"  # in the account of AWS's examples
# What nobody who makes a request can choose: it is a matter of the resource, the caller or the network.
_OF_OTHERS: Final = lazy_regex(
    r"(?:aws|[a-z0-9-]+):(?:resourcetag/.*|resourceaccount|resourceorgid|resourceorgpaths)"
    r"|aws:(?:principal.*|userid|username|source.*|vpc.*|calledvia.*|viaawsservice|viaawsmcpservice"
    r"|multifactorauth.*|federatedprovider|assumedroot|ec2instance.*|chatbotsourcearn|signinsessionarn"
    r"|viacustomerdomain)"
    r"|iam:permissionsboundary|(?:ec2|ssm|lambda):source.*|ec2:roledelivery|glue:.*issuingservice|glue:roleassumedby"
)


# Which resources somebody chose, and what a function's session never has.
_CHOOSING: Final = lazy_regex(r"[a-z0-9-]+:resourcetag/.*|aws:multifactorauth.*|iam:permissionsboundary")


@remembered(1 << 10)
def _ways_with(services: frozenset[str] | None) -> tuple[Way, ...]:
    """The ways that take actions of these services alone; roles of one shape share them."""
    return tuple(way for way in WAYS if services is None or _NEEDED[way] <= services)


@dataclass(frozen=True, slots=True)
class _No:
    """A step that is not allowed."""


_Answer = Taken | Doubt | _No


@dataclass
class _Asked:
    """A role and what is known around it, asked way by way; answers are kept, for ways share their steps."""

    holder: Holder
    targets: Sequence[Target]
    _seen: dict[Any, Witness | Undecided | Proved] = field(default_factory=dict)

    def of_way(self, way: Way) -> Iterator[Path | Doubt]:
        if way.of_boundary and self.holder.access.boundary is None:
            return
        if not all(map(self._may_be_about, way.steps)):
            return
        if way.on == "":
            yield from self._one(way, None, "")
            return
        # Whether an unknown role would let itself be assumed is for its trust policy to say.
        found = list(self._one(way, None, way.on)) if way.steps[0].action != "sts:AssumeRole" else []
        yield from found
        if not any(isinstance(one, Path) for one in found):
            yield from self._of_targets(way)

    def _may_be_about(self, step: Step) -> bool:
        """Whether any statement may allow a step's action at all: for most roles and ways that is the end."""
        identity = self.holder.access.identity
        if step.trusted or step.action == "sts:AssumeRole" or identity is None:
            return True  # by a trust policy alone, if need be
        return bool(identity.unknown or identity.on(step.action).allows)

    def ways(self) -> tuple[Way, ...]:
        """The ways whose steps are of services that the role has anything of."""
        return _ways_with(self.holder.services)

    def _of_targets(self, way: Way) -> Iterator[Path | Doubt]:
        known = [one for one in self.targets if one.is_function == (way.on == "function")]
        if way.on not in ("role", "function"):
            return
        for target in known:
            if target.arn == self.holder.arn or (
                way.steps[0].action == "sts:AssumeRole" and not target.names_roles
            ):
                continue
            if way.steps[0].context and not self._is_passable(target, way):
                continue
            for found in self._one(way, target, way.on):
                yield from (found,) if isinstance(found, Doubt) else self._weighed(found, target)
        if way.steps[0].action == "iam:PassRole":
            yield from self._of_strangers(way)

    def _weighed(self, path: Path, target: Target) -> Iterator[Path | Doubt]:
        """A way that is open to one target, if that brings anything."""
        why = ""
        match self._gain(target):
            case Gain() as gain:
                yield replace(path, gain=gain)
            case Undecided(reason, depends):
                why = f"whether `{target.name}` may do more than this role: {depends[0] if depends else reason}"
            case None if target.unread:
                why = f"what `{target.name}` may do: {target.unread}"
        if why:
            yield Doubt(path.way, why, path.steps[0].by, target.name)

    @staticmethod
    def _is_passable(target: Target, way: Way) -> bool:
        service = dict(way.steps[0].context).get("iam:PassedToService")
        return service is None or target.services is None or service in target.services

    def _of_strangers(self, way: Way) -> Iterator[Doubt]:
        """Roles that may be passed of which nothing is known: then neither is what passing them brings."""
        access = self.holder.access
        known = [one.arn for one in self.targets if not one.is_function] + [self.holder.arn]
        others = _Asked(replace(self.holder, access=_without(access, "iam:PassRole", known)), ())
        for pattern, statement in self._passed():
            answers = [
                (others if step.on == "role" else self)._step(way, step, pattern if step.on == "role" else None)
                for step in way.steps
            ]
            if all(isinstance(one, Taken) for one in answers):
                text = "".join(map(str, pattern))
                yield Doubt(way, f"what `{text}` may do is not in this input", (statement,), text)
                return

    def _passed(self) -> Iterator[tuple[Shape, Statement]]:
        identity = self.holder.access.identity
        for one in identity.on("iam:PassRole").allows if identity else ():
            for value in one.source.resources or ():
                yield shape_of(value), one.source

    def _one(self, way: Way, target: Target | None, on: str) -> Iterator[Path | Doubt]:
        """The way about one target, or about one of which only a fresh name is known."""
        steps: list[Taken] = []
        doubt: Doubt | None = None
        together = self._together(way)
        for step in way.steps:
            where = target.arn if target and step.on == way.on else together.get(step)
            if step.trusted:
                answer = self._assumed(way, target)
            elif step.action == "sts:AssumeRole" and target:
                answer = self._assume(way, step, target.trust, target.arn)
            else:
                answer = self._step(way, step, where)
            match answer:
                case _No():
                    return
                case Doubt():
                    doubt = doubt or answer
                case Taken():
                    steps.append(answer)
        if doubt:
            yield replace(doubt, name=target.name if target else "")
            return
        match Gain.WHOEVERS if on else self._own_gain(way):
            case Gain() as gain:
                yield Path(way, tuple(steps), gain, target)
            case Undecided(reason, depends):
                yield Doubt(
                    way, f"whether that brings anything: {depends[0] if depends else reason}", steps[0].by
                )

    def _together(self, way: Way) -> dict[Step, Shape]:
        """For steps that are done to one and the same thing: a place where all of them are allowed."""
        kinds: dict[str, list[Step]] = {}
        for step in way.steps:
            if not step.on and not step.trusted and len(kind := _formats(step.action)) == 1:
                kinds.setdefault(kind[0], []).append(step)
        out: dict[Step, Shape] = {}
        for arn_format, steps in kinds.items():
            if len(steps) < 2:
                continue
            candidates: list[Shape] = [(_open(arn_format, _FRESH.format("thing")),)]
            for step in steps:
                if isinstance(found := self._ask(step, (_open(arn_format, "*"),)), Witness):
                    resource = found.request.resource
                    candidates.append((resource,) if isinstance(resource, str) else resource)
            where = next(
                (one for one in candidates if all(isinstance(self._ask(step, one), Witness) for step in steps)),
                candidates[0],
            )
            out |= dict.fromkeys(steps, where)
        return out

    # -------------------------------------------------------------------------------------- one step

    def _step(self, way: Way, step: Step, where: Shape | None) -> _Answer:
        places = self._places(step, where)
        answers = [
            self._answer(way, step, [self._ask(step, one) for one in alternatives]) for alternatives in places
        ]
        if not answers or any(isinstance(one, _No) for one in answers):
            return _No()
        doubt = next((one for one in answers if isinstance(one, Doubt)), None)
        return doubt or answers[0]

    def _places(self, step: Step, where: Shape | None) -> list[list[Shape]]:
        """What a step's action is checked on, all of which it takes; of each the alternatives."""
        match step.on:
            case _ if where is not None:
                return [[where]]
            case _ if step.at:
                return [[(one,)] for one in step.at]
            case "itself":
                return [[self.holder.arn]]
            case "its policy":
                return [list(self.holder.policies)]
            case "role" | "user" | "function":
                return [[(_FORMATS[step.on].format(_FRESH.format(step.on)),)]]
            case "thing":
                name = _FRESH.format("thing")
                return [[(_open(one, name),) for one in _formats(step.action)]]
            case _:
                formats = _required(step.action)
                return [[(_open(one, "*"),)] for one in formats] or [
                    [(_open(one, "*"),) for one in _formats(step.action)] or [("*",)]
                ]

    def _answer(self, way: Way, step: Step, found: Iterable[Witness | Undecided | Proved]) -> _Answer:
        doubt: Doubt | None = None
        for one in found:
            match one:
                case Witness(request, allowed):
                    by = tuple(one.statement for one in allowed.deciding)
                    return Taken(step, self._readable(request), by)
                case Undecided(reason, depends):
                    because = depends[0] if depends else reason
                    doubt = Doubt(
                        way, f"whether it may `{step.action}`: {because}", self._allowing(step.action)
                    )
        return doubt or _No()

    def _allowing(self, action: str) -> tuple[Statement, ...]:
        identity = self.holder.access.identity
        return tuple(one.source for one in identity.on(action).allows) if identity else ()

    def _readable(self, request: Request) -> Request:
        """The same request on an ARN that could be one: a witness has nothing where anything will do."""
        resource = request.resource
        parts = arn_parts((resource,) if isinstance(resource, str) else resource)
        own = arn_parts(self.holder.arn)
        if parts is None or own is None:
            return request
        arn, partition, service, region, account, name = parts
        if service not in (("iam",), ("s3",)):
            region = region or (Hole("region"),)
        if not str(name[0] if name else "").startswith("document/AWS-"):
            account = account or own[4]
        segments = (arn, partition or own[1], service, region, account, name)
        where = _joined(piece for at, one in enumerate(segments) for piece in ((":",) if at else ()) + one)
        text = where[0] if len(where) == 1 and isinstance(where[0], str) else where
        other = Request(request.caller, request.action, text, _spelt(request), complete=True)
        return other if self.holder.access.decide(other).answer is Answer.ALLOW else request

    def _ask(self, step: Step, where: Shape) -> Witness | Undecided | Proved:
        key = (step.action, step.on, step.context, where)
        if key not in self._seen:
            self._seen[key] = self._fresh_answer(step, where)
        return self._seen[key]

    def _fresh_answer(self, step: Step, where: Shape) -> Witness | Undecided | Proved:
        given: dict[str, Any] = dict(step.context)
        if step.on == "itself" and self.holder.access.boundary is not None:
            text = self.holder.boundary[0] if len(self.holder.boundary) == 1 else None
            # In the request's context it is the boundary that the role has, or is to have.
            given.setdefault("iam:PermissionsBoundary", text if isinstance(text, str) else _UNKNOWN_BOUNDARY)
        absent: dict[str, Any] = {
            key: None
            for key in self._keys
            if key not in {name.lower() for name in given} and _OF_OTHERS.fullmatch(key)
        }
        access, who, where = self.holder.access, self.holder.caller, _anywhere(where)
        # What follows from who asks is known.
        derived = who.keys()
        absent = {key: value for key, value in absent.items() if key not in derived}
        found = ever_allows(access, [step.action], [where], context=absent | given, caller=who)
        # Resources that somebody chose by their tags are as good as named.
        open_ones = {key for key in absent if not _CHOOSING.fullmatch(key)}
        if not isinstance(found, Proved) or not open_ones:
            return found
        closed = {key: None for key in absent if key not in open_ones}
        if isinstance(ever_allows(access, [step.action], [where], context=closed | given, caller=who), Proved):
            return found
        return Undecided("", (f"it depends on {' and '.join(f'`{key}`' for key in sorted(open_ones)[:2])}",))

    @cached_property
    def _keys(self) -> frozenset[str]:
        """The condition keys that any of the role's policies tests, in lower case."""
        return frozenset(
            condition.key.lower()
            for _, policies in self.holder.access.layers()
            for one in policies.statements
            for condition in one.source.conditions
            if not isinstance(condition, Unknown)
        )

    # ------------------------------------------------------------------------------------- assuming

    def _assumed(self, way: Way, target: Target | None) -> _Answer:
        """Whether the role may assume one that a step before has made to trust it."""
        where = target.arn if target else self._fresh_role
        return self._assume(way, Step("sts:AssumeRole", "role", trusted=True), _trusting(self.holder), where)

    @cached_property
    def _fresh_role(self) -> Shape:
        """A role of the same account, of a name that nobody has."""
        parts = arn_parts(self.holder.arn)
        opening = ("arn:", *parts[1], ":iam::", *parts[4]) if parts else ("arn:aws:iam::", Hole("account"))
        return _joined((*opening, f":role/{_FRESH.format('role')}"))

    def _assume(self, way: Way, step: Step, trust: Value[Document], where: Shape) -> _Answer:
        who, access = self.holder.caller, self.holder.access
        asked = Access(
            access.identity.documents if access.identity else None,
            resource=trust,
            boundary=access.boundary.documents[0] if access.boundary else None,
        )
        derived = who.keys()
        absent = {key: None for key in self._keys if _OF_OTHERS.fullmatch(key) and key not in derived}
        resource = where[0] if len(where) == 1 and isinstance(where[0], str) else where
        request = Request(who, step.action, resource, absent, complete=True)
        decision = asked.decide(request)
        match decision.answer:
            case Answer.ALLOW:
                return Taken(step, request, tuple(one.statement for one in decision.deciding))
            # Without a permission of its own it can assume only who names it, which nobody does by chance.
            case Answer.UNDECIDED if self._allowing(step.action):
                because = decision.undecided[0] if decision.undecided else decision.reason
                return Doubt(way, f"whether it may assume `{''.join(map(str, where))}`: {because}")
            case _:
                return _No()

    # ----------------------------------------------------------------------------------------- gain

    def _own_gain(self, way: Way) -> Gain | Undecided | None:
        """What a role's rights to change itself bring: what its boundary leaves of everything."""
        access = self.holder.access
        if access.boundary is None or not any(step.on in ("itself", "its policy") for step in way.steps):
            return Gain.EVERYTHING
        identity = access.identity.documents if access.identity else ()
        after = Access(identity if way.of_boundary else access.boundary.documents, delegated=True)
        if allows_everything(after):
            return Gain.EVERYTHING
        return _of(no_wider_than(after, access))

    def _gain(self, target: Target) -> Gain | Undecided | None:
        """What having a target's permissions brings; ``None`` for nothing."""
        if target.is_admin:
            return Gain.EVERYTHING
        one, other = target.access, self.holder.access
        if one.identity and other.identity and not (one.boundary or other.boundary):
            found = no_wider_than(one.identity.documents, other.identity.documents)
        else:
            found = no_wider_than(one, other)
        return _of(found)


def _anywhere(arn: Shape) -> Shape:
    """An ARN of the role's own account, whichever that is: its unknown partition, region and account open."""
    parts = arn_parts(arn)
    if parts is None:
        return arn
    segments = [
        ("*",) if at in (1, 3, 4) and any(isinstance(one, Hole) for one in part) else part
        for at, part in enumerate(parts)
    ]
    return _joined(piece for at, one in enumerate(segments) for piece in (((":",) if at else ()) + one))


def _of(found: Witness | Undecided | Proved) -> Gain | Undecided | None:
    """What being no wider, or not, means for what is gained."""
    return found if isinstance(found, Undecided) else Gain.SOME if isinstance(found, Witness) else None


def _spelt(request: Request) -> dict[str, Any]:
    """A request's context, its keys in AWS's own spelling."""
    keys = {name: Catalog.load().condition_key(name) for name in request.written}
    return {
        found.name if (found := keys[name]) and "${" not in found.name else name: value
        for name, value in request.written.items()
    }


def _formats(action: str) -> tuple[str, ...]:
    """The ARN formats of what an action is checked on: required ones, else all as alternatives."""
    found = Catalog.load().action(action)
    service = Catalog.load().service(action.partition(":")[0])
    if found is None or service is None:
        return ()
    names = found.required_types or found.resource_types
    return tuple(service.resource_types[name] for name in names)


def _required(action: str) -> tuple[str, ...]:
    found = Catalog.load().action(action)
    return _formats(action) if found and found.required_types else ()


_VARIABLE: Final = lazy_regex(r"\$\{[^}]*\}")


def _open(arn_format: str, name: str) -> str:
    """An ARN format with stars for what varies, and a name for the first part of what it ends with."""
    *opening, resource = arn_format.split(":", 5)
    first = _VARIABLE.sub(name, resource, count=1)
    return ":".join(
        (*(_VARIABLE.sub("*", one) for one in opening), _VARIABLE.sub("*" if name == "*" else "1", first))
    )


def _joined(pieces: Iterable[str | Hole]) -> Shape:
    """Pieces of text as one shape."""
    return text_of(*pieces).shape()


_MADE: Final = Default("a policy made for the question")


def _trusting(holder: Holder) -> Value[Document]:
    """A trust policy that names a role and its session."""
    role = Unknown("", _MADE, Text(holder.arn))
    principals = (role, Known(holder.caller.session, _MADE))
    return _document(
        Effect="Allow", Principal=Known({"AWS": Known(principals, _MADE)}, _MADE), Action="sts:AssumeRole"
    )


def _without(access: Access, action: str, resources: Iterable[Shape]) -> Access:
    """The same access but for an action on some resources."""
    denied = tuple(Unknown("", _MADE, Text(one)) for one in resources)
    deny = _document(Effect="Deny", Action=action, Resource=Known(denied, _MADE))
    identity = access.identity.documents if access.identity else ()
    boundary = access.boundary.documents[0] if access.boundary else None
    return Access((*identity, deny), boundary=boundary, delegated=True)


def _document(**elements: Any) -> Value[Document]:
    statement = {key: Known(one, _MADE) if isinstance(one, str) else one for key, one in elements.items()}
    return parse(Known({"Version": Known("2012-10-17", _MADE), "Statement": Known(statement, _MADE)}, _MADE))

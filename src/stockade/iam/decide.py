"""Whether AWS would allow one request, by every policy that applies to it.

The order is AWS's ("Policy evaluation logic", IAM User Guide): an explicit deny anywhere; service and
resource control policies; then what grants access: a resource-based policy, by how directly it names the
caller, or the caller's own policies within a permissions boundary and session policies. Within one account
either suffices, but for trust policies and key policies; across accounts both are needed.

The answer is three-valued, and says what decided it or what would.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from types import MappingProxyType
from typing import Final, TypeAlias

from stockade.iam.compiled import Compiled
from stockade.iam.match import Shape, arn_parts
from stockade.iam.policies import Policies
from stockade.iam.policy import Document, Statement
from stockade.iam.principals import Reach
from stockade.iam.request import CallerKind, Request
from stockade.iam.texts import UNKNOWN, Fillings
from stockade.records import dataclass
from stockade.value import Hole, Unknown, Value

Documents: TypeAlias = Iterable[Value[Document] | Document]


class Answer(Enum):
    """What comes of a request."""

    ALLOW = "ALLOW"
    DENY = "DENY"
    UNDECIDED = "UNDECIDED"


class Layer(Enum):
    """Which kind of policy a statement is of."""

    IDENTITY = "identity-based policy"
    POLICY = "policy"
    """One that is asked about by itself."""
    RESOURCE = "resource-based policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    SCP = "service control policy"
    RCP = "resource control policy"


@dataclass(frozen=True, slots=True)
class Deciding:
    """A statement that has a share in the answer, and the kind of policy it is in.

    ``document`` counts, from 0, the documents of its kind in the order they were given.
    """

    layer: Layer
    statement: Statement
    document: int


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer with its reasons.

    ``deciding`` are the statements that denied it, or one of each kind of policy that together allow it.
    ``reason`` is a sentence without a period. ``undecided`` says what would settle an open answer,
    ``assumptions`` what was taken for granted.
    """

    answer: Answer
    reason: str
    deciding: tuple[Deciding, ...] = ()
    undecided: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()


_PERHAPS_NEEDING: Final = ("sts:assumerole", "kms:")
_ORDINARY: Final = (CallerKind.USER, CallerKind.ROLE)


def _needs_resource(request: Request) -> bool | None:
    """Whether the caller's own policies cannot allow it alone: trust policies and key policies have to."""
    action = request.action.lower()
    if action.startswith("sts:assumerole"):
        return True
    if not action.startswith("kms:"):
        return False
    if isinstance(request.resource, str):
        return ":key/" in request.resource
    parts = arn_parts(request.resource)
    if parts is None or not parts[5] or isinstance(parts[5][0], Hole):
        return None
    return parts[5][0].startswith("key/")


class Access:
    """Everything that applies to requests of one caller, or to one resource; compiled once, asked often.

    ``identity`` are the caller's own policies: ``()`` for none, ``None`` where they are not known.
    ``resource`` is the policy of the resource, ``account`` whose it is (else its ARN says so). A boundary
    that is ``None`` is none. ``scps`` and ``rcps`` are the documents of each level, from the root down.
    ``delegated`` assumes that keys and roles whose policies are not given leave it to the caller's.
    """

    def __init__(
        self,
        identity: Documents | None = (),
        *,
        resource: Value[Document] | Document | None = None,
        account: str = "",
        boundary: Value[Document] | Document | None = None,
        session: Documents | None = None,
        scps: Sequence[Documents] = (),
        rcps: Sequence[Documents] = (),
        delegated: bool = False,
    ) -> None:
        self.identity = None if identity is None else Policies(identity)
        self.resource = None if resource is None else Policies((resource,))
        self.account = account
        self.boundary = None if boundary is None else Policies((boundary,))
        self.session = None if session is None else Policies(session)
        self.scps = tuple(map(Policies, scps))
        self.rcps = tuple(map(Policies, rcps))
        self.is_alone = False
        self.is_delegated = delegated
        self._only_identity = (
            self.identity is not None
            and not self.identity.unknown
            and not (self.resource or self.boundary or self.session or self.scps or self.rcps)
        )

    @classmethod
    def alone(cls, documents: Documents, fillings: Fillings = MappingProxyType({})) -> Access:
        """What documents say by themselves, whoever's they are: what they allow and do not deny."""
        made = cls()
        made.identity = Policies(documents, fillings)
        made.is_alone = True
        made._only_identity = False
        return made

    def filled(self, fillings: Fillings) -> Access:
        """The same with policy variables filled in."""
        made = Access(account=self.account, delegated=self.is_delegated)
        made.is_alone, made._only_identity = self.is_alone, False
        for name in ("identity", "resource", "boundary", "session"):
            one = getattr(self, name)
            setattr(made, name, None if one is None else one.filled(fillings))
        made.scps = tuple(one.filled(fillings) for one in self.scps)
        made.rcps = tuple(one.filled(fillings) for one in self.rcps)
        return made

    def layers(self) -> Iterator[tuple[Layer, Policies]]:
        """All policies there are, by their kind."""
        for layer, one in (
            (Layer.RESOURCE, self.resource),
            (Layer.SESSION, self.session),
            (Layer.BOUNDARY, self.boundary),
            (Layer.POLICY if self.is_alone else Layer.IDENTITY, self.identity),
        ):
            if one is not None:
                yield layer, one
        yield from ((Layer.SCP, one) for one in self.scps)
        yield from ((Layer.RCP, one) for one in self.rcps)

    def decide(self, request: Request) -> Decision:
        """What comes of a request."""
        if self._only_identity and (quick := self._quickly(request)):
            return quick
        return _Deciding(self, request).decision()

    def allows(self, request: Request) -> bool | None:
        """Whether a request is allowed; ``None`` where that is undecided."""
        answer = self.decide(request).answer
        return None if answer is Answer.UNDECIDED else answer is Answer.ALLOW

    def _quickly(self, request: Request) -> Decision | None:
        """The decision by identity-based policies alone; ``None`` where it takes a closer look."""
        assert self.identity is not None  # noqa: S101 (the one caller asks)
        about, resource = self.identity.on(request.action), request.resource
        if not isinstance(resource, str) or (request.caller and request.caller.kind not in _ORDINARY):
            return None
        denied, denies = about.denied
        if denied and (one := denied(resource)):
            return Decision(Answer.DENY, _DENIED, (Deciding(Layer.IDENTITY, one.source, one.document),))
        for one in denies:
            found = one.matches(request)
            if found is None or (found and one.allows is None):
                return None
            if found:
                return Decision(Answer.DENY, _DENIED, (Deciding(Layer.IDENTITY, one.source, one.document),))
        allowed, allows = about.allowed
        by = allowed(resource) if allowed else None
        for one in allows if by is None else ():
            found = one.matches(request)
            if found is None:
                return None
            if found:
                by = one
                break
        if by is None:
            return _NOBODY_ALLOWS
        if request.action.lower().startswith(_PERHAPS_NEEDING) or _is_foreign(request, self.account):
            return None
        return Decision(Answer.ALLOW, _ALLOWED, (Deciding(Layer.IDENTITY, by.source, by.document),))


_DENIED: Final = "a statement denies it"
_ALLOWED: Final = "a statement allows it"
_NOBODY_ALLOWS: Final = Decision(Answer.DENY, "no statement allows it")


def _is_foreign(request: Request, account: str) -> bool:
    caller = request.caller
    if caller is None:
        return False
    owner = account or _owner(request.resource)
    return bool(owner) and caller.is_placed and owner != caller.account


def _owner(resource: str | Shape) -> str:
    """The account that an ARN names; empty where it names none, or where that is not known."""
    if isinstance(resource, str):
        segments = resource.split(":", 5)
        found = segments[4] if len(segments) == 6 else ""
        return found if found.isdigit() else ""
    parts = arn_parts(resource)
    return parts[4][0] if parts and len(parts[4]) == 1 and isinstance(parts[4][0], str) else ""


@dataclass(slots=True)
class _Share:
    """How far policies of one kind allow a request, and by which statement."""

    allowed: bool | None
    by: Deciding | None = None


class _Deciding:
    """One request under consideration."""

    def __init__(self, access: Access, request: Request) -> None:
        self.access = access
        self.request = request
        self.caller = request.caller
        self.open: dict[str, None] = {}
        self.assumed: dict[str, None] = {}

    def decision(self) -> Decision:
        denied = self._denied()
        if isinstance(denied, Deciding):
            reason = f"a statement of the {denied.layer.value} denies it"
            return Decision(Answer.DENY, reason, (denied,), assumptions=tuple(self.assumed))
        granted, by, reason = self._granted()
        for one in self.access.scps if self._is_governed() else ():
            share = self._share(Layer.SCP, one)
            if share.allowed is False:
                granted, reason = False, "no statement of a service control policy allows it"
            elif share.allowed is None:
                granted = _and(granted, None)
            elif share.by:
                by = (*by, share.by)
        assumptions = tuple(self.assumed)
        if granted is False:
            return Decision(Answer.DENY, reason, assumptions=assumptions)
        if granted is None or denied is None:
            reason = "it depends on what is not known"
            return Decision(Answer.UNDECIDED, reason, by, tuple(self.open), assumptions)
        return Decision(Answer.ALLOW, reason, by, assumptions=assumptions)

    # ------------------------------------------------------------------------------------ denials

    def _denied(self) -> Deciding | bool | None:
        """The statement that surely denies, ``False`` for none, ``None`` where one may."""
        unknown = False
        for layer, policies in self.access.layers():
            if layer is Layer.SCP and not self._is_governed():
                continue
            for one in policies.on(self.request.action).denies:
                found = self._denies(layer, one)
                if found and one.allows is False:
                    return Deciding(layer, one.source, one.document)
                if found is not False:
                    unknown = True
                    self._note(layer, one)
            if policies.unknown:
                unknown = True
                self._note_unread(layer, policies)
        return None if unknown else False

    def _denies(self, layer: Layer, one: Compiled) -> bool | None:
        matched = one.matches(self.request)
        if matched is False:
            return False
        if one.not_principal and self.access.boundary is not None and layer is Layer.RESOURCE:
            # Such a Deny reaches every caller that has a permissions boundary, named or not.
            return matched
        reach = one.reaches(self.caller)
        return False if reach is False else None if reach is None or matched is None else True

    def _is_governed(self) -> bool:
        """Whether service control policies apply to the caller."""
        return self.caller is None or self.caller.kind in (CallerKind.ROOT, CallerKind.USER, CallerKind.ROLE)

    # ------------------------------------------------------------------------------------- grants

    def _granted(self) -> tuple[bool | None, tuple[Deciding, ...], str]:
        if self.access.is_alone:
            own = self._own()
            return own.allowed, _by(own), _ALLOWED if own.allowed else _NOBODY_ALLOWS.reason
        kind = self.caller.kind if self.caller else None
        if kind is not None and kind not in (CallerKind.ROOT, *_ORDINARY):
            share = self._by_resource(Reach.ANYONE)
            return share.allowed, _by(share), self._told(share, Layer.RESOURCE)
        if kind is CallerKind.ROOT and self.request.action.lower() == "sts:assumerole":
            return False, (), "the root user cannot assume a role"
        if self._across():
            return self._granted_across()
        return self._granted_within()

    def _across(self) -> bool:
        """Whether caller and resource are of different accounts."""
        caller = self.caller
        if caller is None:
            return False
        owner = self.access.account or _owner(self.request.resource)
        if not owner or not caller.is_placed:
            if self.access.resource is not None and caller.account:
                self.assumed["the resource is of the caller's account"] = None
            return False
        return owner != caller.account

    def _granted_within(self) -> tuple[bool | None, tuple[Deciding, ...], str]:
        direct = self._by_resource(Reach.ANYONE)
        if direct.allowed:
            return True, _by(direct), _ALLOWED
        limits = [self._limit(Layer.BOUNDARY), self._limit(Layer.SESSION)]
        limited = _all(one.allowed for one in limits)
        named = self._by_resource(Reach.ROLE)
        own = self._own()
        missing = "no statement allows it"
        needed = _needs_resource(self.request)
        if needed is not False and own.allowed is not False:
            # Keys and roles always have a policy.
            delegated = self._delegated()
            both = _and(own.allowed, delegated.allowed)
            own = _Share(both if needed or both == own.allowed else None, own.by)
            missing = "the resource's own policy has to allow it, and does not"
            if self.access.resource is None and not self.access.is_delegated:
                self.open["the resource's own policy, which has to allow it too"] = None
        for share in (named, own):
            if share.allowed and limited:
                return True, _by(share, *limits), _ALLOWED
        answer = _or(direct.allowed, _and(_or(named.allowed, own.allowed), limited))
        if answer is False and _or(named.allowed, own.allowed) is not False:
            layer = next(
                layer
                for layer, one in zip((Layer.BOUNDARY, Layer.SESSION), limits, strict=True)
                if one.allowed is False
            )
            missing = f"no statement of the {layer.value} allows it"
        return answer, (), missing

    def _delegated(self) -> _Share:
        """How far the resource leaves it to the caller's own policies."""
        if self.access.resource is not None:
            return self._by_resource(Reach.ACCOUNT)
        if not self.access.is_delegated:
            return _Share(None)
        self.assumed["the resource's own policy leaves it to the caller's"] = None
        return _Share(True)

    def _granted_across(self) -> tuple[bool | None, tuple[Deciding, ...], str]:
        limits = [self._limit(Layer.BOUNDARY), self._limit(Layer.SESSION)]
        theirs = self._by_resource(Reach.ACCOUNT)
        if self.access.resource is None:
            self.assumed["the resource has no policy of its own"] = None
        if self.access.identity is None:
            whose = f"account {self.caller.account}" if self.caller and self.caller.account else "the caller"
            self.assumed[f"{whose} lets it do so by its own policies"] = None
            own = _Share(True)
        else:
            own = self._own()
        answer = _and(theirs.allowed, _and(own.allowed, _all(one.allowed for one in limits)))
        if theirs.allowed is False:
            return False, (), "the resource is of another account, and its policy does not allow it"
        if answer is False:
            return (
                False,
                (),
                "the resource is of another account, and the caller's own do not allow it",
            )
        return answer, _by(theirs, own, *limits) if answer else (), _ALLOWED

    def _own(self) -> _Share:
        identity = self.access.identity
        if self.caller and self.caller.kind is CallerKind.ROOT and not self.access.is_alone:
            return _Share(True)  # who has full access to its account
        if identity is None:
            self.open["the identity-based policies of the caller are not known"] = None
            return _Share(None)
        return self._share(Layer.POLICY if self.access.is_alone else Layer.IDENTITY, identity)

    def _limit(self, layer: Layer) -> _Share:
        policies = self.access.boundary if layer is Layer.BOUNDARY else self.access.session
        return _Share(True) if policies is None else self._share(layer, policies)

    def _by_resource(self, least: Reach) -> _Share:
        """How far the resource's policy allows it by statements that reach the caller so directly, or more."""
        policies = self.access.resource
        return _Share(False) if policies is None else self._share(Layer.RESOURCE, policies, least)

    def _share(self, layer: Layer, policies: Policies, least: Reach = Reach.ACCOUNT) -> _Share:
        unknown = False
        for one in policies.on(self.request.action).allows:
            matched = one.matches(self.request)
            if matched is False:
                continue
            reach = one.reaches(self.caller)
            if reach is not None and reach < least:  # `False` is less than any
                continue
            if matched and reach is not None and one.allows:
                return _Share(True, Deciding(layer, one.source, one.document))
            unknown = True
            self._note(layer, one)
        if policies.unknown:
            unknown = True
            self._note_unread(layer, policies)
        return _Share(None if unknown else False)

    def _told(self, share: _Share, layer: Layer) -> str:
        return _ALLOWED if share.allowed else f"no statement of the {layer.value} allows it"

    # ------------------------------------------------------------------------------------ reasons

    def _note(self, layer: Layer, one: Compiled) -> None:
        """What would settle whether a statement applies."""
        sid = one.source.sid.value if one.source.sid and not isinstance(one.source.sid, Unknown) else ""
        where = f"statement {sid or one.source.index} of the {self._told_as(layer)}"
        if one.allows is None:
            self.open[f"the effect of {where}"] = None
        if one.about(self.request.action) is None:
            self.open[f"the actions of {where}"] = None
        if one.resources is not None and one.resources.has(self.request.resource, self.request.lookup) is None:
            self.open[f"the resources of {where}, or the request's"] = None
        if one.reaches(self.caller) is None:
            self.open[f"the principals of {where}"] = None
        for doubt in one.doubts:
            self.open[f"{where}: {doubt.reason}"] = None
        for test in one.tests:
            if test.on(self.request.lookup) is not None:
                continue
            if test.operator is None:
                self.open[f"`{test.source.operator}` in {where} is no condition operator"] = None
            elif self.request.lookup(test.key) is UNKNOWN:
                self.open[f"the value of `{test.source.key}` in the request"] = None
            else:
                self.open[f"the condition on `{test.source.key}` in {where}"] = None

    def _note_unread(self, layer: Layer, policies: Policies) -> None:
        for one in policies.unknown:
            self.open[f"the {self._told_as(layer)}: {one.reason}"] = None

    def _told_as(self, layer: Layer) -> str:
        """What to call a policy: by itself it may be of any kind."""
        return "policy" if self.access.is_alone else layer.value


def _by(*shares: _Share) -> tuple[Deciding, ...]:
    return tuple(one.by for one in shares if one.by)


def _and(one: bool | None, other: bool | None) -> bool | None:
    return False if one is False or other is False else None if one is None or other is None else True


def _or(one: bool | None, other: bool | None) -> bool | None:
    return True if one or other else None if one is None or other is None else False


def _all(answers: Iterable[bool | None]) -> bool | None:
    answer: bool | None = True
    for one in answers:
        answer = _and(answer, one)
    return answer


def decide(
    request: Request,
    identity: Documents | None = (),
    *,
    resource: Value[Document] | Document | None = None,
    boundary: Value[Document] | Document | None = None,
) -> Decision:
    """One request against some policies; ``Access`` takes all kinds, and is quicker when asked again."""
    return Access(identity, resource=resource, boundary=boundary).decide(request)

"""AWS's decision on one complete request, as its documentation tells it: the oracle of the engine's tests.

Plain JSON in, ``True`` or ``False`` out, no cleverness. Each rule names the page of the IAM User Guide it
is from. Where AWS says nothing, the comment says what was chosen; ``Unsaid`` is for where AWS says that it
depends. It must never import the engine.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

Json: TypeAlias = Mapping[str, Any]


class Unsaid(Exception):
    """AWS's documentation says that the outcome depends on the service."""


@dataclass(frozen=True)
class Who:
    """A caller. ``kind`` is anonymous, root, user, role, service, federated or canonical."""

    kind: str
    name: str = ""
    session: str = ""

    @property
    def account(self) -> str:
        return self.name.split(":")[4] if self.kind in ("root", "user", "role") else ""


@dataclass(frozen=True)
class Call:
    """One request. The context has every key there is, in lower case, and all its values."""

    who: Who
    action: str
    resource: str
    context: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    """Every policy that applies. ``owner`` is the account of the resource; ``None`` is no such policy."""

    identity: Sequence[Json] = ()
    resource: Json | None = None
    owner: str = ""
    boundary: Json | None = None
    session: Sequence[Json] | None = None
    scps: Sequence[Sequence[Json]] = ()
    rcps: Sequence[Sequence[Json]] = ()


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


# ------------------------------------------------------------------------------------------- texts

_STAR, _ONE = "\ue000", "\ue001"  # wildcards, once those that mean themselves are told apart


def pattern(text: str, call: Call, *, wild: bool, variables: bool) -> str | None:
    """A policy's text with its wildcards marked and its variables filled in.

    "IAM policy elements: Variables and tags": only in version 2012-10-17; ``${*}`` ``${?}`` ``${$}`` are the
    letter; a default stands for a key that is absent; without one there is no value that matches: ``None``.
    A value's own ``*`` is no wildcard; a key of several values cannot be a variable.
    """
    out, at = "", 0
    for found in re.finditer(r"\$\{(?:([*?$])|([^{}$,]+?)(?:, *'([^']*)')?)\}", text) if variables else ():
        out += _marked(text[at : found.start()], wild)
        at = found.end()
        letter, key, default = found.groups()
        values = call.context.get(key.lower()) if key else [letter]
        if values and len(values) > 1:
            return None
        value = values[0] if values else default
        if value is None:
            return None
        out += value
    return out + _marked(text[at:], wild)


def _marked(text: str, wild: bool) -> str:
    return text.replace("*", _STAR).replace("?", _ONE) if wild else text


def fits(glob: str, text: str) -> bool:
    """ "Wildcards": ``*`` is any characters, none included, ``?`` is one."""
    written = "".join(f"[{one}]" if one in "*?[" else one for one in glob)
    return fnmatchcase(text, written.replace(_STAR, "*").replace(_ONE, "?"))


def arn_fits(glob: str, text: str) -> bool:
    """ "Condition operators", ARN: each of the six components by itself. A short pattern that ends in ``*`` is
    taken to leave the components it lacks open: AWS does not say."""
    mine, theirs = glob.split(":", 5), text.split(":", 5)
    if len(mine) < 6 and mine[-1].endswith(_STAR):
        mine += [_STAR] * (6 - len(mine))
    return len(mine) == len(theirs) and all(map(fits, mine, theirs))


def resource_fits(glob: str, text: str) -> bool:
    """ "Resource": wildcards within segments; one at the end of a segment may reach beyond. AWS's published
    verdicts have it stay where all six segments are written; so it reaches on only where they are not."""
    segments = glob.split(":", 5)
    if len(segments) == 6 and re.fullmatch(f"[0-9aws{_STAR}{_ONE}]*", segments[4]):
        return arn_fits(glob, text)
    return fits(glob, text)


# -------------------------------------------------------------------------------------- conditions


def moment(text: str) -> Decimal:
    if re.fullmatch(r"-?[0-9.]+", text):
        return Decimal(text)
    at = datetime.fromisoformat(text)
    return Decimal((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def agrees(name: str, wanted: str, value: str, call: Call, variables: bool) -> bool:
    """Whether a value of the request agrees with one of the policy's, negation apart."""
    if name.startswith(("string", "arn", "bool")):
        wild = name.startswith("arn") or name.endswith("like")
        glob = pattern(wanted, call, wild=wild, variables=variables)
        if glob is None:
            return False
        if name.endswith("ignorecase") or name == "bool":
            glob, value = glob.lower(), value.lower()
        return arn_fits(glob, value) if name.startswith("arn") else fits(glob, value)
    if name.endswith("ipaddress"):
        range_, one = ipaddress.ip_network(wanted, strict=False), ipaddress.ip_address(value)
        return range_.version == one.version and one in range_
    if name == "binaryequals":
        return wanted == value
    read = Decimal if name.startswith("numeric") else moment
    mine, theirs = read(value), read(wanted)
    order = name.removeprefix("numeric").removeprefix("date").replace("not", "")
    return {
        "equals": mine == theirs,
        "lessthan": mine < theirs,
        "lessthanequals": mine <= theirs,
        "greaterthan": mine > theirs,
        "greaterthanequals": mine >= theirs,
    }[order]


def holds(written: str, key: str, wanted: Any, call: Call, variables: bool) -> bool:
    """One key of one operator ("Condition operators"; "Single-valued vs. multivalued context keys")."""
    sets, _, name = written.lower().rpartition(":")
    if_exists = name.endswith("ifexists")
    name = name.removesuffix("ifexists")
    negated = "not" in name
    values = list(call.context.get(key.lower()) or ())
    if name == "null":  # "true: the key doesn't exist; false: it exists and its value is not null"
        return any((not values) == (str(one).lower() == "true") for one in listed(wanted))
    if sets and values == [""]:
        values = []  # "a null data set, such as an empty string"
    if not values:
        # "If the key is not present, the values do not match; negated: the condition is true."
        return if_exists or sets == "forallvalues" or (negated and not sets)
    each = [
        any(agrees(name, str(one), value, call, variables) for one in listed(wanted)) != negated
        for value in values
    ]
    if sets == "foranyvalue":
        return any(each)
    # Several values without a set operator, which AWS says not to write: as for one value, whichever it is;
    # negated, none of them may be listed.
    return all(each) if sets == "forallvalues" or negated else any(each)


# -------------------------------------------------------------------------------------- statements


def applies(policy: Json, statement: Json, call: Call) -> bool:
    """Actions without case, resources, and all conditions together ("JSON policy elements reference")."""
    variables = policy.get("Version") == "2012-10-17"  # "Version": 2008-10-17 is the default
    wanted = statement.get("Action", statement.get("NotAction"))
    named = any(fits(_marked(one.lower(), True), call.action.lower()) for one in listed(wanted))
    if named == ("NotAction" in statement):
        return False
    if "Resource" in statement or "NotResource" in statement:
        globs = (
            pattern(one, call, wild=True, variables=variables)
            for one in listed(statement.get("Resource", statement.get("NotResource")))
        )
        # "A variable that has no value will not match any resource."
        named = any(glob is not None and resource_fits(glob, call.resource) for glob in globs)
        if named == ("NotResource" in statement):
            return False
    return all(
        holds(operator, key, wanted, call, variables)
        for operator, block in statement.get("Condition", {}).items()
        for key, wanted in block.items()
    )


def names(element: Any, who: Who) -> Iterator[str]:
    """How a principal element names a caller: anyone, self, role, account ("Principal")."""
    for kind, entries in {"AWS": "*"}.items() if element == "*" else element.items():
        for one in listed(entries):
            if kind == "AWS" and one == "*":
                yield "anyone"
            elif kind == "AWS" and who.account and one in (who.account, f"arn:aws:iam::{who.account}:root"):
                yield "self" if who.kind == "root" else "account"
            elif kind == "AWS" and who.account and one in (who.name, who.session):
                yield "role" if who.kind == "role" and one == who.name else "self"
            elif (kind, who.kind) in _NAMED and one == who.name:
                yield "self"


_NAMED = {("Service", "service"), ("Federated", "federated"), ("CanonicalUser", "canonical")}


def reach(statement: Json, who: Who) -> set[str]:
    """The ways in which a statement reaches a caller; one without a principal is the caller's own."""
    if "NotPrincipal" not in statement:
        return set(names(statement["Principal"], who)) if "Principal" in statement else {"self"}
    found = set(names(statement["NotPrincipal"], who))
    if not found:
        return {"anyone"}
    # "NotPrincipal": "you must also specify the account ARN of the not-denied principal. Otherwise, the policy
    # might deny access to the entire account": where only one of the two is there, it depends.
    needed = who.account and who.kind != "root" and "anyone" not in found
    if needed and not ("account" in found and found & {"self", "role"}):
        raise Unsaid
    return set()


def found(policies: Sequence[Json], call: Call, effect: str, ways: set[str] | None = None) -> bool:
    return any(
        one["Effect"] == effect and applies(policy, one, call) and reach(one, call.who) & (ways or _ALL)
        for policy in policies
        for one in listed(policy["Statement"])
    )


_ALL = {"anyone", "self", "role", "account"}

# ---------------------------------------------------------------------------------------- decision


def allowed(scene: Scene, call: Call) -> bool:
    """ "Policy evaluation logic", "Cross-account policy evaluation logic", "Permissions boundaries"."""
    who = call.who
    ours = [scene.resource] if scene.resource else []
    limits: list[Sequence[Json]] = [[scene.boundary]] if scene.boundary else []
    limits += [scene.session] if scene.session is not None else []
    # SCPs bind the users, roles and root users of member accounts, not services ("SCPs").
    scps = scene.scps if who.account else ()
    levels: list[Sequence[Json]] = [*scps, *scene.rcps, ours, *limits, scene.identity]
    if scene.boundary and _denied_by_not_principal(ours, call):
        return False
    if any(found(level, call, "Deny") for level in levels):
        return False
    if not all(found(level, call, "Allow") for level in scps):
        return False
    if not who.account:
        return found(ours, call, "Allow")
    within_limits = all(found(level, call, "Allow") for level in limits)
    # "with the exception of the AWS account root user, which has full access"; who assumes no roles.
    own = found(scene.identity, call, "Allow") or who.kind == "root"
    assuming = call.action.lower().startswith("sts:assumerole")
    if call.action.lower() == "sts:assumerole" and who.kind == "root":
        return False  # "AssumeRole", API reference: not by the root user
    # "Amazon Resource Names": the fifth segment is the account that owns the resource, where there is one.
    owner = scene.owner or (call.resource.split(":") + [""] * 5)[4]
    if owner and owner != who.account:
        return found(ours, call, "Allow") and own and within_limits
    if found(ours, call, "Allow", {"anyone", "self"}):
        return True  # not limited by implicit denies of a boundary or session
    if assuming or (call.action.lower().startswith("kms:") and ":key/" in call.resource):
        if own and within_limits and not scene.resource:
            raise Unsaid  # it has one, which nobody told
        own = own and found(ours, call, "Allow")  # trust policies and key policies "must explicitly allow"
    return within_limits and (own or found(ours, call, "Allow", {"role"}))


def _denied_by_not_principal(policies: Sequence[Json], call: Call) -> bool:
    """ "NotPrincipal": with Deny it always denies IAM users and roles that have a permissions boundary."""
    return any(
        one["Effect"] == "Deny" and "NotPrincipal" in one and applies(policy, one, call)
        for policy in policies
        for one in listed(policy["Statement"])
    )

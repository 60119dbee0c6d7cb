"""Policies, scenes and requests to try the engine on: few words, so that they often meet.

Everything is drawn as plain JSON, which the reference evaluator reads as it is and ``document`` parses for
the engine. Context keys are drawn from one pool for policies and requests.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from hypothesis import strategies as st

from stockade.iam.decide import Access
from stockade.iam.policy import Document, loads, parse
from stockade.iam.request import Caller, CallerKind, Request
from stockade.value import Default, Hole, Known, Ref, Unknown, Value, text_of
from tests.iam.reference import Call, Scene, Who

Json: TypeAlias = dict[str, Any]
Draw: TypeAlias = st.DrawFn

OURS, THEIRS = "111111111111", "222222222222"
SAML = f"arn:aws:iam::{OURS}:saml-provider/corp"
CANONICAL = "ab" * 32

CALLERS = (
    Who("anonymous"),
    Who("root", f"arn:aws:iam::{OURS}:root"),
    Who("user", f"arn:aws:iam::{OURS}:user/alice"),
    Who("user", f"arn:aws:iam::{THEIRS}:user/team/bob"),
    Who("role", f"arn:aws:iam::{OURS}:role/app", f"arn:aws:sts::{OURS}:assumed-role/app/run"),
    Who("role", f"arn:aws:iam::{THEIRS}:role/ops/app", f"arn:aws:sts::{THEIRS}:assumed-role/app/run"),
    Who("service", "sns.amazonaws.com"),
    Who("service", "lambda.amazonaws.com"),
    Who("federated", SAML),
    Who("federated", "accounts.google.com"),
    Who("canonical", CANONICAL),
)
USUAL = CALLERS[2], CALLERS[4]

ACTIONS = (
    "s3:GetObject",
    "s3:PutObject",
    "sqs:SendMessage",
    "lambda:InvokeFunction",
    "sts:AssumeRole",
    "kms:Decrypt",
    "kms:ListKeys",
)
ACTION_GLOBS = (
    *ACTIONS,
    "*",
    "s3:*",
    "s3:Get*",
    "S3:getobject",
    "*:SendMessage",
    "s3:?etObject",
    "sts:*",
    "kms:*",
)
RESOURCES = (
    "*",
    "arn:aws:s3:::box/alice/key",
    "arn:aws:s3:::box/a*",
    "arn:aws:s3:::box/red",
    f"arn:aws:sqs:eu-west-1:{OURS}:jobs",
    f"arn:aws:lambda:eu-west-1:{THEIRS}:function:f:PROD",
    f"arn:aws:kms:eu-west-1:{OURS}:key/k1",
    f"arn:aws:iam::{OURS}:role/deploy",
)
RESOURCE_GLOBS = (
    *RESOURCES,
    "*",
    "arn:aws:s3:::box/*",
    "arn:aws:s3:::b?x/*",
    "arn:aws:s3:::box/${aws:username}/*",
    "arn:aws:s3:::box/${aws:PrincipalTag/team, 'red'}",
    "arn:aws:s3:::box/a${*}",
    "arn:aws:s3:::box/a${?}",
    "arn:aws:s3:::*/${aws:PrincipalTag/Team}",
    "arn:aws:sqs:*:${aws:PrincipalAccount}:*",
    "arn:aws:sqs:${aws:RequestedRegion}:*:jobs",
    "arn:aws:lambda:*:function:f*",
    "arn:aws:lambda:eu-west-1:*:function:f",
    f"arn:aws:lambda:*:{THEIRS}:function:*",
    "arn:aws:*:*:*:jobs",
    "arn:*",
    "arn:aws:iam::*:role/*",
)

KINDS: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    # key: kind, values of requests, further values of policies
    "aws:PrincipalTag/team": (
        "string",
        ("red", "blue", "RED", ""),
        ("r*", "?ed", "*", "${aws:username}", "re${*}"),
    ),
    "aws:RequestedRegion": ("string", ("eu-west-1", "us-east-1"), ("eu-*",)),
    "s3:prefix": (
        "string",
        ("", "home/", "home/alice", "*"),
        ("home/${aws:username}", "home/*", "${aws:PrincipalTag/team, 'home/'}", "${*}", "${$}", "*"),
    ),
    "aws:TagKeys": ("strings", ("red", "blue", "green"), ("r*", "*", "b?ue")),
    "dynamodb:Attributes": ("strings", ("id", "name", ""), ("i*", "?*")),
    "aws:SourceArn": (
        "arn",
        (f"arn:aws:sns:eu-west-1:{OURS}:t", "arn:aws:s3:::box", f"arn:aws:x:eu:1:y:{OURS}:t"),
        (f"arn:aws:sns:*:{OURS}:*", "arn:aws:*:*:*:t", "*", "arn:aws:s3*", f"arn:aws:x:*:{OURS}:t"),
    ),
    "aws:PrincipalArn": (
        "arn",
        (),
        (
            CALLERS[2].name,
            CALLERS[4].name,
            f"arn:aws:iam::{OURS}:*",
            "arn:aws:iam::*:role/*",
            "arn:*:${aws:username}",
        ),
    ),
    "aws:PrincipalAccount": ("string", (), (OURS, THEIRS)),
    "aws:username": ("string", (), ("alice", "bob", "ALICE", "a*")),
    "aws:SecureTransport": ("bool", ("true", "false"), ("True",)),
    "s3:max-keys": ("number", ("10", "10.5", "-3"), ("10.0", "11", "1e1")),
    "aws:CurrentTime": (
        "date",
        ("2026-11-27T10:00:00Z", "2026-11-27T12:00:00+02:00", "1764237600"),
        ("2026-11-27T10:00:00Z", "2027-01-01T00:00:00Z", "1700000000"),
    ),
    "aws:SourceIp": (
        "address",
        ("10.0.0.1", "10.0.0.255", "203.0.113.9", "2001:db8::1"),
        ("10.0.0.0/24", "0.0.0.0/0", "2001:db8::/32", "203.0.113.9/32", "::/0"),
    ),
    "x:Digest": ("binary", ("QQ==", "Qg=="), ()),
}
_OF_KIND = {
    "string": (
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringNotLike",
    ),
    "arn": (
        "ArnEquals",
        "ArnLike",
        "ArnNotEquals",
        "ArnNotLike",
        "StringLike",
        "StringEquals",
        "StringNotLike",
    ),
    "bool": ("Bool",),
    "number": tuple(f"Numeric{one}" for one in ("Equals", "NotEquals", "LessThan", "LessThanEquals")),
    "date": tuple(f"Date{one}" for one in ("Equals", "NotEquals", "LessThan", "LessThanEquals")),
    "address": ("IpAddress", "NotIpAddress"),
    "binary": ("BinaryEquals",),
}
_OF_KIND["number"] += ("NumericGreaterThan", "NumericGreaterThanEquals")
_OF_KIND["date"] += ("DateGreaterThan", "DateGreaterThanEquals")
_OF_KIND["strings"] = _OF_KIND["string"]
SEVERAL = ("aws:TagKeys", "dynamodb:Attributes")
OPERATORS = (
    "Null",
    *(
        f"{quantifier}{name}{suffix}"
        for name in sorted({one for names in _OF_KIND.values() for one in names})
        for quantifier in ("", "ForAllValues:", "ForAnyValue:")
        for suffix in ("", "IfExists")
    ),
)


# --------------------------------------------------------------------------------------- policies


@st.composite
def tests_of(draw: Draw, variables: bool = True) -> tuple[str, str, list[str]]:
    """One condition: operator, key, values."""
    key = draw(st.sampled_from(sorted(KINDS)))
    kind, asked, more = KINDS[key]
    if draw(st.integers(0, 9)) == 0:
        return "Null", key, [draw(st.sampled_from(["true", "false"]))]
    name = draw(st.sampled_from(_OF_KIND[kind]))
    likely = (
        ("ForAllValues:", "ForAnyValue:", "")
        if key in SEVERAL
        else ("", "", "", "ForAnyValue:", "ForAllValues:")
    )
    prefix = draw(st.sampled_from(likely))
    suffix = draw(st.sampled_from(["", "", "IfExists"]))
    pool = [one for one in (*asked, *more) if variables or "${" not in one]
    if not ("Like" in name or name.startswith("Arn")) and draw(st.booleans()):
        pool = [one for one in pool if "*" not in one and "?" not in one] or pool
    values = draw(
        st.lists(st.sampled_from(pool), min_size=0 if draw(st.integers(0, 19)) == 0 else 1, max_size=3)
    )
    written = draw(st.sampled_from([key, key, key.lower(), key.upper()]))
    return f"{prefix}{name}{suffix}", written, values


def principals(draw: Draw, *, negated: bool = False) -> Any:
    if not negated and draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(["*", {"AWS": "*"}]))
    out: dict[str, list[str]] = {}
    for _ in range(draw(st.integers(1, 3))):
        who = draw(st.sampled_from(CALLERS[1:]))
        match who.kind:
            case "service" | "federated":
                out.setdefault(who.kind.title(), []).append(who.name)
            case "canonical":
                out.setdefault("CanonicalUser", []).append(who.name)
            case _:
                forms = [who.name, who.account, f"arn:aws:iam::{who.account}:root", who.session or who.name]
                one = draw(st.sampled_from(forms))
                out.setdefault("AWS", []).append(one)
                if negated and draw(st.integers(0, 3)):
                    out["AWS"] += [who.name, who.account]
    return out


@st.composite
def statements(
    draw: Draw, *, of_resource: bool = False, effect: str = "", broad: bool = False, variables: bool = True
) -> Json:
    out: Json = {"Effect": effect or draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"]))}
    if of_resource:
        negated = draw(st.integers(0, 5)) == 0 and out["Effect"] == "Deny"
        out["NotPrincipal" if negated else "Principal"] = principals(draw, negated=negated)
    wide = broad or draw(st.integers(0, 2)) == 0
    if wide and out["Effect"] == "Allow":
        out["Action"] = "*"
    else:
        name = draw(st.sampled_from(["Action", "Action", "Action", "NotAction"]))
        some = draw(st.lists(st.sampled_from(ACTION_GLOBS), min_size=1, max_size=3))
        out[name] = some[0] if len(some) == 1 and draw(st.booleans()) else some
    if wide and draw(st.booleans()):
        out["Resource"] = "*"
    else:
        name = draw(st.sampled_from(["Resource", "Resource", "Resource", "NotResource"]))
        pool = [one for one in RESOURCE_GLOBS if variables or "${" not in one]
        out[name] = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3))
    count = draw(st.sampled_from([0, 0, 1, 1, 2]))
    for _ in range(0 if broad and draw(st.booleans()) else count):
        operator, key, values = draw(tests_of(variables))
        out.setdefault("Condition", {}).setdefault(operator, {})[key] = values
    return out


@st.composite
def policies(draw: Draw, *, of_resource: bool = False, broad: bool = False, variables: bool = True) -> Json:
    some = st.lists(
        statements(of_resource=of_resource, variables=variables), min_size=0 if broad else 1, max_size=3
    )
    listed = draw(some)
    if broad:
        listed.append(
            draw(statements(of_resource=of_resource, effect="Allow", broad=True, variables=variables))
        )
    out: Json = {"Statement": listed}
    version = draw(st.sampled_from(["2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17", ""]))
    return {"Version": version, **out} if version else out


@st.composite
def scenes(draw: Draw) -> Scene:
    """All that applies to a request; the rarer kinds of policies are rarer here."""
    broad = policies(broad=True)
    maybe = st.sampled_from([False, False, True])
    levels = st.lists(st.lists(broad, min_size=1, max_size=2), min_size=1, max_size=2)
    return Scene(
        identity=draw(st.lists(policies(), max_size=2)) if draw(maybe) else [draw(broad)],
        resource=draw(policies(of_resource=True, broad=True)) if draw(st.booleans()) else None,
        owner=draw(st.sampled_from(["", OURS, OURS, THEIRS])),
        boundary=draw(broad) if draw(maybe) else None,
        session=[draw(broad)] if draw(maybe) else None,
        scps=draw(levels) if draw(maybe) else (),
        rcps=[[draw(policies(of_resource=True))]] if draw(st.integers(0, 5)) == 0 else (),
    )


# ---------------------------------------------------------------------------------------- requests


def derived(who: Who) -> dict[str, list[str] | None]:
    """The keys that follow from a caller ("AWS global condition context keys", "Principal key values")."""
    of_account = bool(who.account)
    kinds = {"anonymous": "Anonymous", "root": "Account", "user": "User", "role": "AssumedRole"}
    return {
        "aws:principalarn": [who.name] if of_account else None,
        "aws:principalaccount": [who.account] if of_account else None,
        "aws:principaltype": [kinds[who.kind]] if who.kind in kinds else None,
        "aws:principalisawsservice": ["true" if who.kind == "service" else "false"],
        "aws:username": [who.name.rpartition("/")[2]] if who.kind == "user" else None,
    }


@st.composite
def calls(draw: Draw, callers: Sequence[Who] = CALLERS) -> Call:
    who = draw(st.sampled_from(USUAL if draw(st.booleans()) and callers is CALLERS else callers))
    context: dict[str, list[str]] = {key: list(found) for key, found in derived(who).items() if found}
    for key in draw(st.lists(st.sampled_from(sorted(KINDS)), max_size=8, unique=True)):
        kind, asked, _ = KINDS[key]
        if not asked or (key == "aws:SourceArn" and who.kind != "service"):
            continue
        several = kind == "strings"
        fewest, most = (0, 3) if several else (1, 1)
        context[key.lower()] = draw(st.lists(st.sampled_from(asked), min_size=fewest, max_size=most))
    resource = draw(st.sampled_from(RESOURCES))
    likely = [one for one in ACTIONS if resource.startswith(f"arn:aws:{one.partition(':')[0]}:")]
    action = draw(st.sampled_from(likely if likely and draw(st.booleans()) else ACTIONS))
    return Call(who, action, resource, context)


# ----------------------------------------------------------------------------- for the engine's eyes


def document(policy: Json) -> Value[Document]:
    return loads(json.dumps(policy))


def who_of(who: Who) -> Caller:
    kinds = {
        "anonymous": CallerKind.ANONYMOUS,
        "root": CallerKind.ROOT,
        "user": CallerKind.USER,
        "role": CallerKind.ROLE,
        "service": CallerKind.SERVICE,
        "federated": CallerKind.FEDERATED,
        "canonical": CallerKind.CANONICAL,
    }
    return Caller(kinds[who.kind], who.name, who.session)


def request(call: Call, *, complete: bool = True, without: Sequence[str] = ()) -> Request:
    """The request for the engine, which has to know by itself what follows from the caller."""
    known: dict[str, Sequence[str] | None] = {
        key: found for key, found in call.context.items() if key not in derived(call.who) and key not in without
    }
    if not complete:
        # What is not mentioned is unknown; so absent keys have to be.
        known |= {
            key.lower(): None
            for key in KINDS
            if key.lower() not in (*call.context, *derived(call.who), *without)
        }
    return Request(who_of(call.who), call.action, call.resource, known, complete=complete)


def access(scene: Scene, read: Any = document) -> Access:
    return Access(
        [read(one) for one in scene.identity],
        resource=read(scene.resource) if scene.resource is not None else None,
        account=scene.owner,
        boundary=read(scene.boundary) if scene.boundary is not None else None,
        session=None if scene.session is None else [read(one) for one in scene.session],
        scps=[[read(one) for one in level] for level in scene.scps],
        rcps=[[read(one) for one in level] for level in scene.rcps],
    )


ORIGIN = Default("a test")


def tree(value: Any, hole: str = "", as_ref: bool = False) -> Value[Any]:
    """A tree of values in which a word is a hole, wherever it stands."""
    match value:
        case dict():
            return Known({key: tree(one, hole, as_ref) for key, one in value.items()}, ORIGIN)
        case list():
            return Known(tuple(tree(one, hole, as_ref) for one in value), ORIGIN)
        case str() if hole and hole in value:
            unknown = Ref(f"aws_thing.{hole}", "name") if as_ref else Hole(hole)
            parts: list[str | Ref | Hole] = []
            for at, piece in enumerate(value.split(hole)):
                parts += [unknown, piece] if at else [piece]
            return Unknown("a test", ORIGIN, text_of(*parts))
        case _:
            return Known(value, ORIGIN)


def holed(policy: Json, hole: str, as_ref: bool = False) -> Value[Document]:
    return parse(tree(policy, hole, as_ref))


def filled(value: Any, hole: str, filling: str) -> Any:
    """The same with the word replaced."""
    return json.loads(json.dumps(value).replace(hole, filling))

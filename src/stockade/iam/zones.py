"""Who is trusted, so that it can be asked whether anybody else gets in.

A zone of trust is written as what policies are written in: statements that deny everybody inside. A
request that gets past them as well is one from outside, and ``decide`` confirms it like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from stockade.iam.decide import Documents
from stockade.iam.match import arn_parts, has_wildcard
from stockade.iam.operators import Kind, network, operator
from stockade.iam.policy import Condition, Document, Statement
from stockade.iam.principals import Who, named
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Default, Hole, Known, Unknown, Value, shape_of


@dataclass(frozen=True, slots=True)
class TrustZone:
    """Accounts (12 digits) and organizations (``o-...``) whose principals and resources are trusted.

    With ``named``, which is what AWS calls "not public", so is whatever the policies themselves name: the
    accounts in principals and ARNs, organizations, VPCs, addresses of a network that is not huge.
    """

    accounts: frozenset[str] = frozenset()
    organizations: frozenset[str] = frozenset()
    named: bool = False


PUBLIC: Final = TrustZone(named=True)
"""Nobody is trusted but those whom policies name: who gets in from outside is the public."""

_ORIGIN: Final = Default("the zone of trust")
_EXACT: Final = lazy_regex(
    r"aws:(?:principalorgid|principalorgpaths|principalaccount|sourceaccount|sourceorgid|sourceorgpaths"
    r"|sourcevpc|sourcevpce|sourceowner|userid)"
    r"|kms:calleraccount|s3:dataaccesspointaccount|lambda:eventsourcetoken|.*:sub|saml:.*"
)
"""Keys whose values people choose one by one; who has another one is a stranger."""
_ARNS: Final = ("aws:sourcearn", "aws:principalarn")
_WIDEST: Final = {4: 8, 6: 32}
"""Networks of fewer bits are as good as the internet (Amazon S3 User Guide, "The meaning of public")."""


def outsiders(zone: TrustZone, documents: Documents) -> Document:
    """Statements that deny everybody inside a zone, with regard to what documents name."""
    statements = list(_inside(zone, documents))
    return Document(
        Known("2008-10-17", _ORIGIN),
        tuple(_deny(index, *one) for index, one in enumerate(statements)),
        _ORIGIN,
    )


def _deny(index: int, written: str, key: str, values: tuple[Value[str], ...]) -> Statement:
    everything = (Known("*", _ORIGIN),)
    condition = Condition(written, key, values, _ORIGIN)
    effect = Known("Deny", _ORIGIN)
    return Statement(index, None, effect, everything, None, everything, None, None, None, (condition,), _ORIGIN)


def _inside(zone: TrustZone, documents: Documents) -> Iterator[tuple[str, str, tuple[Value[str], ...]]]:
    accounts = dict.fromkeys(sorted(zone.accounts))
    arns: list[Value[str]] = []
    if zone.named:
        for statement in _statements(documents):
            for principal in statement.principals or ():
                if not isinstance(principal, Unknown):
                    accounts |= dict.fromkeys(_account_of(named(principal)))
            for condition in statement.conditions:
                if isinstance(condition, Condition):
                    yield from _named_by(condition, accounts, arns)
    if accounts:
        listed = _known(accounts)
        yield "StringEquals", "aws:PrincipalAccount", listed
        yield "StringEquals", "aws:SourceAccount", listed
        yield "ArnLike", "aws:SourceArn", _known(f"arn:*:*:*:{one}:*" for one in accounts)
    if arns:
        yield "ArnLike", "aws:SourceArn", tuple(arns)
        yield "ArnLike", "aws:PrincipalArn", tuple(arns)
    if zone.organizations:
        listed = _known(sorted(zone.organizations))
        yield "StringEquals", "aws:PrincipalOrgID", listed
        yield "StringEquals", "aws:SourceOrgID", listed


def _known(texts: Iterable[str]) -> tuple[Value[str], ...]:
    return tuple(Known(one, _ORIGIN) for one in texts)


def _statements(documents: Documents) -> Iterator[Statement]:
    for one in documents:
        document = one.value if isinstance(one, Known) else one
        if not isinstance(document, Unknown):
            yield from (statement for statement in document.statements if isinstance(statement, Statement))


def _account_of(who: Who) -> Iterator[str]:
    """The account that a principal names, as text; one that is not known yet as it is shown."""
    parts = arn_parts(who.shape)
    account = who.account if who.account is not None else parts[4] if parts else ()
    if account and who.kind == "AWS":
        yield "".join(map(str, account))


def _named_by(
    condition: Condition, accounts: dict[str, None], arns: list[Value[str]]
) -> Iterator[tuple[str, str, tuple[Value[str], ...]]]:
    """What a condition names, be it to let it in or to keep out all others; accounts and ARNs are put aside."""
    found, key = operator(condition.operator), condition.key.lower()
    if found is None:
        return
    if found.kind is Kind.ADDRESS and key in ("aws:sourceip", "aws:vpcsourceip"):
        narrow = tuple(one for one in condition.values if _is_narrow(one))
        if narrow:
            yield "IpAddress", condition.key, narrow
    elif key in _ARNS:
        for one in condition.values:
            _name_arn(one, accounts, arns)
    elif _EXACT.fullmatch(key) and found.kind in (Kind.STRING, Kind.ARN):
        exact = tuple(one for one in condition.values if not (found.wild and _is_open(one)))
        if exact:
            written = "StringEqualsIgnoreCase" if found.fold else "StringEquals"
            yield f"ForAnyValue:{written}" if found.quantifier else written, condition.key, exact


def _is_open(value: Value[str]) -> bool:
    return (isinstance(value, Unknown) and value.text is None) or has_wildcard(shape_of(value))


def _is_narrow(value: Value[str]) -> bool:
    found = network(value.value) if isinstance(value, Known) else None
    if found is None:
        return False
    return found.prefixlen >= _WIDEST[found.version] or found.is_private


def _name_arn(value: Value[str], accounts: dict[str, None], arns: list[Value[str]]) -> None:
    """An ARN with an account names it; one without, as of a bucket, names what it is of if it is spelt out."""
    if isinstance(value, Unknown) and value.text is None:
        return
    shape = shape_of(value)
    parts = arn_parts(shape)
    if parts is None:
        if len(shape) == 1 and isinstance(shape[0], Hole):
            arns.append(value)
        return
    account = parts[4]
    if len(account) == 1 and isinstance(account[0], str) and account[0].isdigit():
        accounts[account[0]] = None
    elif not has_wildcard(account) and (account or not has_wildcard(parts[5])):
        arns.append(value)

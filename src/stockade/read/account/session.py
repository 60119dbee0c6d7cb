"""Credentials: whose account is read, in which regions, and as whom.

Credentials are botocore's business, from wherever it finds them; none are read, kept or shown here. Every
account has a session of its own, and all of them share one loader: botocore's models are most of what a
session costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from threading import Lock
from typing import Any, Final

from stockade.errors import UsageError
from stockade.model.gap import Gap
from stockade.patterns import lazy_regex
from stockade.read.account.answer import Place, Unread
from stockade.read.account.calls import ORGANIZATIONS, STS, Call
from stockade.read.account.client import Account, Client, Clients
from stockade.read.account.pace import Pace
from stockade.records import dataclass
from stockade.value import Fetched

IDENTITY: Final = Call(
    "sts", "GetCallerIdentity", STS, "whose account this is, and whether a region is enabled"
)
ASSUME: Final = Call("sts", "AssumeRole", STS, "a role in another account, where one is given")
MEMBERS: Final = Call(
    "organizations",
    "ListAccounts",
    ORGANIZATIONS,
    "the accounts of an organisation (`--organization`)",
    "Accounts",
    scope="account",
)
CALLS: Final = (IDENTITY, ASSUME, MEMBERS)

NAME: Final = "stockade"
"""The name of the sessions, by which CloudTrail tells them from others."""

REGION: Final = lazy_regex(r"[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}")
ROLE: Final = lazy_regex(r"arn:(aws[a-z-]*):iam::(\d{12}):role/[\w+=,.@/-]+")
_ROLE_NAME: Final = lazy_regex(r"[\w+=,.@/-]{1,512}")
_EXTERNAL: Final = lazy_regex(r"[\w+=,.@:/-]{2,1224}")
_AT_ONCE: Final = 32
_ATTEMPTS: Final = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a user says of the accounts to read; ``organization`` is the name of a role in each account.

    ``external_id`` is what the roles' trust policies ask of who assumes them, where they ask for it.
    """

    profile: str | None = None
    regions: Sequence[str] = ()
    role_arns: Sequence[str] = ()
    organization: str | None = None
    share: float = 0.5
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One account and region to read."""

    account: Account
    place: Place


@dataclass
class Sessions:
    """Makes sessions. ``base`` is botocore's, with the credentials that everything begins with."""

    base: Any
    settings: Mapping[str, Any] = field(default_factory=dict)

    def clients(self, session: Any) -> Clients:
        """The clients of a session, each made once, as botocore says that only one thread may make them."""
        from botocore.config import Config

        from stockade import __version__

        options = {
            "retries": {"mode": "adaptive", "total_max_attempts": _ATTEMPTS},
            "connect_timeout": 10,
            "read_timeout": 60,
            "max_pool_connections": _AT_ONCE,
            "user_agent_extra": f"stockade/{__version__}",
        }
        config = Config(**{**options, **self.settings})
        made: dict[tuple[str, str], Any] = {}
        lock = Lock()

        def client(service: str, region: str) -> Any:
            with lock:
                found = made.get((service, region))
                if found is None:
                    found = made[service, region] = session.create_client(
                        service, region_name=region, config=config
                    )
                return found

        return client

    def assumed(self, role: str, region: str, external_id: str | None = None) -> Any:
        """A session as a role, whose credentials are renewed before they expire."""
        from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
        from botocore.session import Session

        asked = {"RoleSessionName": NAME, **({"ExternalId": external_id} if external_id else {})}
        fetcher = AssumeRoleCredentialFetcher(self._creator(region), self.base.get_credentials(), role, asked)
        session = Session()
        session.register_component("data_loader", self.base.get_component("data_loader"))
        session._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
        return session

    def _creator(self, region: str) -> Callable[..., Any]:
        def create(service: str, **options: Any) -> Any:
            return self.base.create_client(service, **{"region_name": region, **options})

        return create


def begun(profile: str | None) -> Sessions:
    """Sessions that begin with the credentials of a profile, or with those that botocore finds.

    Raises ``UsageError`` where there are none.
    """
    from botocore.exceptions import BotoCoreError, ProfileNotFound
    from botocore.session import Session

    try:
        session = Session(profile=profile)
        session.get_config_variable("region")
        if session.get_credentials() is None:
            help = "log in (`aws sso login`, `aws configure`), or name a profile that has some with `--profile`"
            raise UsageError("there are no credentials for AWS", help=help)
    except ProfileNotFound:
        raise UsageError(
            f"there is no profile `{profile}`", help="`aws configure list-profiles` lists them"
        ) from None
    except BotoCoreError as error:
        raise UsageError(f"the configuration of AWS cannot be used: {str(error).rstrip('.')}") from None
    return Sessions(session)


def regions_of(wanted: Wanted, sessions: Sessions) -> tuple[str, ...]:
    """The regions to read: those that are named, or the one that the profile or the environment names.

    Raises ``UsageError`` where there is none, or where something is no region.
    """
    named = tuple(dict.fromkeys(wanted.regions))
    own = sessions.base.get_config_variable("region")
    if "all" in named:
        partition = next(filter(None, map(_partition, (own or "", *named))), "aws")
        return tuple(sorted(sessions.base.get_available_regions("lambda", partition)))
    for one in named:
        if not REGION.fullmatch(one):
            raise UsageError(
                f"`{one}` is not a region", help="write `--region eu-west-1`; `all` stands for every one"
            )
    if not named and not own:
        raise UsageError(
            "no region is given", help="say which with `--region`, several times for several, or `all`"
        )
    return named or (own,)


_PARTITIONS: Final = {"cn": "aws-cn", "us-gov": "aws-us-gov"}


def _partition(region: str) -> str:
    """The partition of a region that is none of the usual ones: credentials of one are of no use in another."""
    return next((of for begins, of in _PARTITIONS.items() if region.startswith(f"{begins}-")), "")


def external_id(said: str) -> None:
    """Raises ``UsageError`` where a text cannot be the external ID of a trust policy."""
    if not _EXTERNAL.fullmatch(said):
        help = "it has 2 to 1,224 letters, digits and characters of `+=,.@:/-_`"
        raise UsageError("that is not an external ID", help=help)


def checked(wanted: Wanted) -> Wanted:
    """What a user says, if it can be done. Raises ``UsageError`` otherwise."""
    for role in wanted.role_arns:
        if not ROLE.fullmatch(role):
            help = "write `--role-arn arn:aws:iam::123456789012:role/reader`"
            raise UsageError(f"`{role}` is not the ARN of a role", help=help)
    if wanted.organization is not None and not _ROLE_NAME.fullmatch(wanted.organization):
        help = "`--organization` takes the name of a role that every account has"
        raise UsageError(f"`{wanted.organization}` is not the name of a role", help=help)
    if wanted.external_id is not None:
        external_id(wanted.external_id)
        if not wanted.role_arns and wanted.organization is None:
            help = "give it with `--role-arn` or `--organization`"
            raise UsageError("an external ID is for roles that are assumed", help=help)
    if not 0 < wanted.share <= 1:
        raise UsageError(
            f"{wanted.share:g} of a quota cannot be taken", help="`--max-share` is over 0 and up to 1"
        )
    return wanted


def targets(
    wanted: Wanted, sessions: Sessions, pace: Pace, tell: Callable[[Place, Call], None], at: str
) -> Iterator[Target | tuple[Place, Gap]]:
    """The accounts and regions to read, in order; a gap in the place of one that cannot be.

    Raises ``UsageError`` where the first credentials are of no use at all.
    """
    regions = regions_of(wanted, sessions)
    first, own = owner(sessions, regions, pace, tell, at)
    accounts: list[tuple[Account, str]] = []

    def as_role(role: str) -> tuple[Account, str]:
        session = sessions.assumed(role, own.region, wanted.external_id)
        return Account(sessions.clients(session), pace, tell), role

    accounts += map(as_role, wanted.role_arns)
    if wanted.organization is not None:
        for _, role in members(first, own, wanted.organization):
            if not role:
                accounts.append((first, ""))
                continue
            accounts.append(as_role(role))
        yield from left_out(first, own)
    for account, role in accounts or [(first, "")]:
        for region in regions:
            found = reached(account, role, region, own, at)
            yield found
            if isinstance(found, tuple) and found[1].what == f"`{found[0].account}`":
                break  # whoever is not let in is so from every region


def owner(
    sessions: Sessions, regions: Sequence[str], pace: Pace, tell: Callable[[Place, Call], None], at: str
) -> tuple[Account, Place]:
    """The account of the credentials that everything begins with, and where it was asked.

    Raises ``UsageError`` where they are of no use in any of the regions.
    """
    first = Account(sessions.clients(sessions.base), pace, tell)
    own = _identity(first, regions[0], at)
    if isinstance(own, Unread):
        own = next(
            (one for region in regions[1:] if isinstance(one := _identity(first, region, at), Place)), own
        )
    if isinstance(own, Unread):
        help = "renew the credentials (`aws sso login`), or name a profile that has some with `--profile`"
        raise UsageError(f"AWS does not say whose the credentials are: {own.reason}", help=help)
    return first, own


def members(first: Account, own: Place, name: str) -> list[tuple[str, str]]:
    """The active accounts of the organisation, each with the ARN of the role of this name in it.

    The account of the credentials itself is read as it is, without a role. Raises ``UsageError`` where the
    accounts cannot be listed.
    """
    found = Client(first, own).listing("functions", MEMBERS, "", "", {})
    if found.unread is not None:
        raise UsageError(
            f"the accounts of the organisation cannot be listed: {found.unread.reason}",
            help="`organizations:ListAccounts` is for the management account or a delegated administrator",
        )
    out = []
    for member in found.items:
        number = str(member.get("Id", ""))
        if is_active(member):
            out.append((number, "" if number == own.account else role_of(number, name, own.partition)))
    return out


def left_out(first: Account, own: Place) -> Iterator[tuple[Place, Gap]]:
    """The accounts of the organisation that are not read, since nobody can use them: each with a word."""
    for member in Client(first, own).listing("functions", MEMBERS, "", "", {}).items:
        if not is_active(member):
            place = Place(str(member.get("Id", "")), own.region, own.partition, own.at)
            origin = Fetched(MEMBERS.name, "", own.account, own.region, own.at)
            state = str(member.get("State", member.get("Status", ""))).lower().replace("_", " ")
            yield (
                place,
                Gap(f"`{place.account}`", f"it was skipped: the account is {state}", origin, spare=True),
            )


def is_active(member: Mapping[str, Any]) -> bool:
    """Whether an account of an organisation is in use. AWS retires ``Status`` for ``State``."""
    return bool(member.get("State", member.get("Status")) == "ACTIVE")


def role_of(number: str, name: str, partition: str = "aws") -> str:
    """The ARN of a role of an account, by its name (with its path)."""
    return f"arn:{partition}:iam::{number}:role/{name}"


def reached(account: Account, role: str, region: str, own: Place, at: str) -> Target | tuple[Place, Gap]:
    """One account and region, if the role lets us in and the region is enabled; else where, and the gap."""
    found = _identity(account, region, at)
    if isinstance(found, Place):
        return Target(account, found)
    of = ROLE.fullmatch(role)
    place = Place(of[2] if of else own.account, region, own.partition, at)
    origin = Fetched(IDENTITY.name, "", place.account, region, at)
    what = f"`{place.account}/{region}`"
    if role and not found.stopped:
        of_all = f"`{place.account}`" if found.denied else what
        help = f"let these credentials assume `{role}`"
        return place, Gap(of_all, f"the role `{role}` could not be assumed: {found.reason}", origin, help)
    if found.stopped and _expired(account, region, own, at):
        return place, Gap(what, found.reason, origin, "renew the credentials and scan again")
    if found.stopped:
        return place, Gap(what, "it was skipped: the region is not enabled", origin, spare=True)
    help = "scan it again, or leave out the region"
    return place, Gap(what, f"it was not read: {found.reason}", origin, help)


def _expired(account: Account, region: str, own: Place, at: str) -> bool:
    """Whether credentials that a region does not take are taken nowhere: one that is not enabled knows none."""
    return (
        region == own.region or bool(account.stopped) or isinstance(_identity(account, own.region, at), Unread)
    )


def _identity(account: Account, region: str, at: str) -> Place | Unread:
    """Whose credentials these are, asked in a region: one that is not enabled does not know them."""
    if account.stopped:
        return Unread(IDENTITY, "", account.stopped, Place("", region, "", at), stopped=True)
    client = Client(account.by_itself(), Place("", region, "aws", at))  # others are being read meanwhile
    answer = client.ask("functions", IDENTITY, "", {})
    if isinstance(answer, Unread):
        return answer
    data = getattr(answer, "data", {})
    partition = str(data.get("Arn", "arn:aws")).split(":")[1]
    return Place(str(data.get("Account", "")), region, partition, at)

"""A made organisation: accounts, regions, functions and roles spread as in real ones, and the truth of them.

Everything follows from a seed. Accounts are made when somebody asks for them and forgotten again, so that a
hundred thousand functions fit; what is true of them is told without making them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from tests.aws.account import Account, allow, document
from tests.aws.ample import permission

ROLE: Final = "stockade-reader"
FIRST: Final = 100_000_000_000
_KEPT: Final = 40
"""Accounts that are kept once they were made."""


@dataclass(frozen=True, slots=True)
class Made:
    """One function, by what is the matter with it."""

    name: str
    untraced: bool
    public_url: bool
    public: bool
    old: bool
    wild: bool
    shares: bool

    def fails(self) -> Iterator[str]:
        """The controls that must fail, of those that the truth speaks of."""
        yield from ("untraced-function",) if self.untraced else ()
        yield from ("public-function-url",) if self.public_url else ()
        # The statement that a URL without authentication comes with lets everybody in.
        yield from ("public-invoke",) if self.public or self.public_url else ()
        yield from ("deprecated-runtime",) if self.old else ()


CONTROLS: Final = ("untraced-function", "public-function-url", "public-invoke", "deprecated-runtime")
"""The controls that the truth speaks of."""


@dataclass(slots=True)
class Organization(Mapping[str, Account]):
    """``accounts`` accounts with about ``functions`` functions in all, spread over ``regions``.

    The first account is the management account. As a mapping it is what the endpoint serves.
    """

    accounts: int
    functions: int
    regions: tuple[str, ...] = ("eu-west-1", "us-east-1")
    seed: int = 0
    _sizes: dict[tuple[str, str], int] = field(init=False)
    _made: OrderedDict[str, Account] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        """Few accounts have most of the functions, and most regions but the first have few or none."""
        random = Random(self.seed)
        weights = {
            (number, region): random.lognormvariate(0, 1.2)
            * (1.0 if place == 0 else random.choice((0, 0, 0.2, 0.5)))
            for number in self.numbers
            for place, region in enumerate(self.regions)
        }
        whole = sum(weights.values())
        self._sizes = {of: round(self.functions * weight / whole) for of, weight in weights.items()}

    @property
    def numbers(self) -> list[str]:
        return [str(FIRST + place) for place in range(self.accounts)]

    def __iter__(self) -> Iterator[str]:
        return iter(self.numbers)

    def __len__(self) -> int:
        return self.accounts

    def __getitem__(self, number: str) -> Account:
        found = self._made.get(number)
        if found is None:
            if not (number.isdecimal() and 0 <= int(number) - FIRST < self.accounts):
                raise KeyError(number)
            found = self._made[number] = self._account(number)
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
        self._made.move_to_end(number)
        return found

    def of(self, number: str, region: str) -> Iterator[Made]:
        """The functions of an account and region."""
        random = Random(f"{self.seed} {number} {region}")
        for place in range(self._sizes[number, region]):
            chance = [random.random() for _ in range(6)]
            yield Made(
                f"service-{place:04}",
                untraced=chance[0] < 0.7,
                public_url=chance[1] < 0.04,
                public=chance[2] < 0.03,
                old=chance[3] < 0.15,
                wild=chance[4] < 0.2,
                shares=chance[5] < 0.1,
            )

    def truth(self) -> dict[tuple[str, str], dict[str, set[str]]]:
        """By account and region the functions, each with the controls that must fail of it."""
        return {
            (number, region): {one.name: set(one.fails()) for one in self.of(number, region)}
            for number in self.numbers
            for region in self.regions
        }

    def _account(self, number: str) -> Account:
        account = Account(number)
        if number == self.numbers[0]:
            listed = [
                {"Id": one, "Status": "ACTIVE", "State": "ACTIVE", "Name": f"team-{one[-3:]}"} for one in self
            ]
            account.says("organizations:ListAccounts", listed)
        logs = allow(["logs:CreateLogStream", "logs:PutLogEvents"], "*")
        shared = account.role("shared", inline={"own": document(logs)})
        for region in self.regions:
            here = account.region(region)
            groups = []
            for one in self.of(number, region):
                group = here.arn("logs", f"log-group:/aws/lambda/{one.name}")
                groups.append(
                    {"logGroupName": f"/aws/lambda/{one.name}", "arn": f"{group}:*", "retentionInDays": 30}
                )
                _function(account, region, one, shared, group)
            here.says("logs:DescribeLogGroups", groups)
            here.limits(1000, 1000, len(groups))
        return account


def _function(account: Account, region: str, one: Made, shared: str, group: str) -> None:
    here = account.region(region)
    policy: list[Any] = []
    if one.public_url:
        url = permission(here, one.name, "*", sid="url")
        policy.append(
            {
                **url,
                "Action": "lambda:InvokeFunctionUrl",
                "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
            }
        )
    if one.public:
        policy.append(permission(here, one.name, "*", sid="all"))
    own = [allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"{group}:*")]
    own += [allow("dynamodb:*", "*")] if one.wild else []
    own += [] if one.untraced else [allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*")]
    role = (
        shared
        if one.shares and one.untraced
        else account.role(f"{one.name}-{region}", inline={"own": document(*own)})
    )
    here.function(
        one.name,
        role,
        settings={
            "Runtime": "python3.8" if one.old else "python3.13",
            "TracingConfig": {"Mode": "PassThrough" if one.untraced else "Active"},
            "Environment": {"Variables": {"TABLE": f"{one.name}-table"}},
        },
        policy=policy,
        urls={"": {"AuthType": "NONE"}} if one.public_url else {},
        tags={"team": f"team-{int(one.name[-4:]) % 7}"},
    )

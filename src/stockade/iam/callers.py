"""Who might call: one caller for every way in which policies tell callers apart.

What policies ask of a caller is its name and what follows from it (``aws:PrincipalArn`` and its like). So
all names are divided by these questions, kind by kind, and one of each class is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from stockade.iam.automaton import Budget, Text, classes
from stockade.iam.clauses import Clause
from stockade.iam.glob import ANYTHING, Pattern, Wild, glob, only_text, plain
from stockade.iam.match import Shape
from stockade.iam.request import STRANGER, Caller, CallerKind, caller
from stockade.iam.texts import Values
from stockade.patterns import lazy_regex
from stockade.value import Hole

DERIVED: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalisawsservice",
        "aws:principalservicename",
        "aws:principaltype",
        "aws:username",
    }
)
"""Keys that follow from who calls."""

_ACCOUNT: Final = lazy_regex(r"\d{12}")
_DIGITS: Final = (Wild.DIGIT,) * 12
_KINDS: Final = ("role/", "user/", "root")


def callers(
    clauses: Sequence[Clause],
    budget: Budget,
    fixed: Mapping[str, Values] = MappingProxyType({}),
    accounts: Iterable[str] = (),
) -> tuple[Caller | None, ...]:
    """A caller of every class; ``None`` alone where nothing depends on who it is.

    Without principals in the policies only those are thought of that have policies of their own. There are
    some of which keys that follow from the caller are as ``fixed`` says, and some of the ``accounts``.
    """
    named = [one for one in clauses if one.principals is not None]
    tests = [
        (test.test.key, pattern)
        for one in clauses
        for test in one.tests
        if test.test.key in DERIVED
        for pattern in (test.test.texts.patterns if test.test.texts else (ANYTHING,))
    ]
    if not named and not tests:
        return (None,)
    for key, values in fixed.items():
        if key in DERIVED:
            tests += ((key, plain(one)) for one in values or () if isinstance(one, str))
    listed = [who for one in named for who in one.principals or ()]
    found: dict[Caller, None] = {}
    shapes = [who.shape for who in listed if who.kind == "AWS" and who.account is None and not who.is_anyone]
    whole = [who.account for who in listed if who.account is not None]
    whole += ((one,) for one in accounts if one)
    found |= dict.fromkeys(_of_accounts(shapes, whole, tests, budget))
    if named:
        anyone = any(who.is_anyone or who.kind == "?" for who in listed) or any(
            one.not_principal for one in named
        )
        found |= dict.fromkeys(
            _services([who.shape for who in listed if who.kind == "Service"], tests, anyone, budget)
        )
        found |= dict.fromkeys(
            Caller(CallerKind.FEDERATED, _shown(who.shape), shape=who.shape)
            for who in listed
            if who.kind == "Federated"
        )
        found |= dict.fromkeys(
            Caller(CallerKind.CANONICAL, _shown(who.shape)) for who in listed if who.kind == "CanonicalUser"
        )
        if anyone:
            found[Caller(CallerKind.ANONYMOUS)] = None
    return tuple(found)


def _shown(shape: Shape) -> str:
    return "".join(map(str, shape))


def _of_accounts(
    shapes: Iterable[Shape], whole: Sequence[Shape], tests: Sequence[tuple[str, Pattern]], budget: Budget
) -> Iterator[Caller]:
    """Root users, users and roles."""
    exact: dict[str, None] = {}
    accounts: dict[str, None] = {}
    partition = "aws"
    for shape in shapes:
        if len(shape) != 1 or not isinstance(shape[0], str):
            yield from _with_holes(shape)
            continue
        if shape[0].startswith("arn:"):
            exact[shape[0]] = None
            partition = shape[0].split(":")[1] or partition
    for account in whole:
        if len(account) == 1 and isinstance(account[0], str):
            accounts[account[0]] = None
        else:
            yield from _of_hidden(account)
    wild: dict[Pattern, None] = {}
    holed = [(key, pattern) for key, pattern in tests if any(isinstance(token, Hole) for token in pattern)]
    for key, pattern in (one for one in tests if one not in holed):
        text = only_text(pattern) or ""
        match key:
            case "aws:principalarn" if text:
                exact[text] = None
                partition = text.split(":")[1] if text.count(":") > 4 else partition
            case "aws:principalaccount" if text:
                accounts[text] = None
            case "aws:principalarn":
                wild[pattern] = None
            case "aws:principalaccount":
                within = (Wild.SEGMENT_STAR if token is Wild.STAR else token for token in pattern)
                wild[(*glob("arn:*:iam::"), *within, ":", Wild.STAR)] = None
            case "aws:username":
                wild[(*glob("arn:*:user/"), *pattern)] = None
            case _:
                pass
    yield from _of_holed(holed, tests, budget)
    for text in exact:
        segments = text.split(":")
        if len(segments) > 5 and _ACCOUNT.fullmatch(segments[4]):
            accounts[segments[4]] = None
    stranger = next(text for one in range(10_000) if (text := str(int(STRANGER) - one)) not in accounts)
    made = [caller(text) for text in exact if text.startswith("arn:") and "*" not in text]
    # An account that a principal names is taken as it is: one that is misspelt is better shown than left out.
    named = ["".join(map(str, one)) for one in whole]
    for number in (stranger, *accounts):
        if _ACCOUNT.fullmatch(number) or number in named:
            made += (
                caller(f"arn:{partition}:iam::{number}:{kind}") for kind in ("role/other", "user/other", "root")
            )
    yield from made
    if wild:
        patterns = (*wild, *(plain(one) for one in exact), *(glob(f"arn:*:iam::{one}:*") for one in accounts))
        yield from _of_each_class(patterns, partition, budget)


def _of_each_class(patterns: tuple[Pattern, ...], partition: str, budget: Budget) -> Iterator[Caller]:
    """One principal of each class into which patterns divide root users, users and roles."""
    for kind in _KINDS:
        own = (*plain(f"arn:{partition}:iam::"), *_DIGITS, ":", *plain(kind))
        base = own if kind == "root" else (*own, Wild.ONE, Wild.STAR)
        for letters in classes(patterns, within=base, budget=budget).values():
            yield caller("".join(map(str, letters)))


def _of_holed(
    holed: Iterable[tuple[str, Pattern]], tests: Iterable[tuple[str, Pattern]], budget: Budget
) -> Iterator[Caller]:
    """Callers whom conditions name of which a part is not known; what else is asked of them divides them."""
    for key, pattern in holed:
        others = tuple(dict.fromkeys(other for asked, other in tests if asked == key and other != pattern))
        # Both whether the others match, and whether they could.
        loose = ((1 << len(others)) - 1) << len(others)
        for text in classes((*others, *others), within=pattern, loose=loose, budget=budget).values():
            shape = _joined(text)
            match key:
                case "aws:principalarn" if _shown(shape).endswith(":root"):
                    yield Caller(CallerKind.ROOT, _shown(shape), shape=shape)
                case "aws:principalarn":
                    yield from _with_holes(shape)
                case "aws:principalaccount":
                    yield from _of_hidden(shape)
                case "aws:username":
                    yield from _with_holes((f"arn:aws:iam::{STRANGER}:user/", *shape))
                case _:
                    pass


def _joined(text: Text) -> Shape:
    out: list[str | Hole] = []
    for one in text:
        if isinstance(one, str) and out and isinstance(out[-1], str):
            out[-1] += one
        else:
            out.append(one)
    return tuple(out)


def _with_holes(shape: Shape) -> Iterator[Caller]:
    """The caller behind a principal of which a part is not known."""
    text = _shown(shape)
    yield Caller(CallerKind.USER if ":user/" in text else CallerKind.ROLE, text, shape=shape)


def _of_hidden(account: Shape) -> Iterator[Caller]:
    """Callers of an account whose number is not known."""
    for kind, name in (
        (CallerKind.ROLE, "role/other"),
        (CallerKind.USER, "user/other"),
        (CallerKind.ROOT, "root"),
    ):
        shape = ("arn:aws:iam::", *account, f":{name}")
        yield Caller(kind, _shown(shape), shape=shape)


def _services(
    shapes: Iterable[Shape], tests: Sequence[tuple[str, Pattern]], anyone: bool, budget: Budget
) -> Iterator[Caller]:
    """Services: those that are named, and another one where policies let anybody in."""
    names = {_shown(one): one for one in shapes}
    yield from (Caller(CallerKind.SERVICE, name, shape=shape) for name, shape in names.items())
    asked = [
        pattern
        for key, pattern in tests
        if key == "aws:principalservicename" and not any(isinstance(token, Hole) for token in pattern)
    ]
    if not anyone:
        return
    if asked:
        for text in classes(tuple(asked), within=glob("?*.amazonaws.com"), budget=budget).values():
            yield Caller(CallerKind.SERVICE, "".join(map(str, text)))
    else:
        yield Caller(CallerKind.SERVICE, "another.amazonaws.com")

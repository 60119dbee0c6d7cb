"""The order of versions, by each ecosystem's own rules.

``key(ecosystem)`` gives a function from a version's text to something that compares as the ecosystem has it. A
text that is no version there raises ``ValueError``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import total_ordering
from typing import Any, Final, TypeAlias

from stockade.memory import remembered
from stockade.patterns import lazy_regex

Key: TypeAlias = Callable[[str], Any]

_LONGEST: Final = 300


@remembered(65_536)
def pypi(version: str) -> Any:
    """PEP 440's, by its reference implementation."""
    from packaging.version import InvalidVersion, Version

    try:
        return Version(version)
    except InvalidVersion as error:
        raise ValueError(str(error)) from None


_SEMVER: Final = lazy_regex(
    r"[v=\s]*(\d+)(?:\.(\d+))?(?:\.(\d+))?((?:\.\d+)*)(?:-?([0-9A-Za-z.-]+))?(?:\+[\w.-]*)?\Z"
)


@remembered(65_536)
def semver(version: str) -> Any:
    """Semantic versions, with the liberties that npm and Go take: a ``v`` before, fewer than three numbers."""
    found = _SEMVER.match(version) if len(version) < _LONGEST else None
    if found is None:
        raise ValueError(f"`{version}` is no semantic version")
    numbers = tuple(int(found[index] or 0) for index in (1, 2, 3))
    more = tuple(int(one) for one in found[4].split(".") if one)
    return numbers, more, _prerelease(found[5])


def _prerelease(text: str | None) -> tuple[Any, ...]:
    """A version without one comes after all that have one; numbers come before words."""
    if not text:
        return (1,)
    parts = tuple((0, int(one), "") if one.isdigit() else (1, 0, one) for one in text.split("."))
    return (0, parts)


_GEM: Final = lazy_regex(r"[0-9]+|[a-z]+", re.IGNORECASE)


@remembered(65_536)
def gem(version: str) -> Any:
    """RubyGems': segments of numbers and of letters, where letters come before any number."""
    if not re.fullmatch(r"\s*[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?\s*", version):
        raise ValueError(f"`{version}` is no version of a gem")
    plain = version.strip().replace("-", ".pre.")
    segments: list[tuple[int, int, str]] = []
    for one in _GEM.findall(plain):
        segments.append((1, int(one), "") if one.isdigit() else (0, 0, one))
    cut = next((index for index, one in enumerate(segments) if one[0] == 0), len(segments))
    head, tail = segments[:cut], segments[cut:]
    while head and head[-1] == (1, 0, ""):
        head.pop()
    while tail and tail[-1] == (1, 0, ""):
        tail.pop()
    return (*head, *tail, (1, 0, "")) if tail else (*head, (1, 0, ""))


@remembered(65_536)
def nuget(version: str) -> Any:
    """NuGet's: up to four numbers, and what is before a release without regard to case."""
    found = re.fullmatch(r"v?(\d+(?:\.\d+){0,3})(?:-([0-9A-Za-z.-]+))?(?:\+.*)?", version.strip())
    if found is None:
        raise ValueError(f"`{version}` is no version of NuGet")
    numbers = [int(one) for one in found[1].split(".")]
    return (*numbers, *[0] * (4 - len(numbers))), _prerelease(found[2].lower() if found[2] else None)


# ----------------------------------------------------------------------------------------------- Maven

_QUALIFIERS: Final = {
    "alpha": 1,
    "beta": 2,
    "milestone": 3,
    "rc": 4,
    "cr": 4,
    "snapshot": 5,
    "": 6,
    "ga": 6,
    "final": 6,
    "release": 6,
    "sp": 7,
}
"""The words that Maven knows, in its order; others come after all of them, in the order of letters."""
_SHORT: Final = {"a": "alpha", "b": "beta", "m": "milestone"}
_TOKEN: Final = lazy_regex(r"[0-9]+|[^0-9.\-_]+|[.\-_]")


@total_ordering
class MavenVersion:
    """A version as Maven compares it: lists of numbers and words, in which a hyphen opens a list of its own.

    Documented at ``org.apache.maven.artifact.versioning.ComparableVersion``: a change between digits and
    letters counts as a hyphen, and zeros and release words at the end of a list count for nothing.
    """

    __slots__ = ("items",)

    def __init__(self, text: str) -> None:
        self.items = _trimmed(_items(text.lower()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MavenVersion) and _compare(self.items, other.items) == 0

    def __lt__(self, other: MavenVersion) -> bool:
        return _compare(self.items, other.items) < 0

    def __hash__(self) -> int:
        return hash(str(self.items))


def _items(text: str) -> list[Any]:
    """Numbers, words and lists, as written."""
    root: list[Any] = []
    current = root
    previous = ""  # the kind of the last token: a number, a word, a separator
    for piece in _TOKEN.findall(text):
        if piece in "-_":
            if previous in ("", ".", "-"):
                current.append(0)
            current = _opened(current)
            previous = "-"
            continue
        if piece == ".":
            if previous in ("", ".", "-"):
                current.append(0)
            previous = "."
            continue
        digits = piece.isdigit()
        if digits and previous == "word":
            current[-1] = _SHORT.get(current[-1], current[-1])  # `a1` is `alpha-1`
            current = _opened(current)
        elif not digits and previous == "number":
            current = _opened(current)
        if digits:
            current.append(int(piece))
            previous = "number"
        else:
            current.append(piece)
            previous = "word"
    return root


def _opened(current: list[Any]) -> list[Any]:
    inner: list[Any] = []
    current.append(inner)
    return inner


def _trimmed(items: list[Any]) -> list[Any]:
    out = [_trimmed(one) if isinstance(one, list) else one for one in items]
    index = len(out) - 1
    while index >= 0:
        one = out[index]
        if one in (0, "", "ga", "final", "release") or one == []:
            del out[index]
        elif not isinstance(one, list):
            break
        index -= 1
    return out


def _compare(left: Any, right: Any) -> int:
    """Two items of any kind; ``None`` is a place where the shorter list has nothing."""
    if isinstance(left, list) and isinstance(right, list):
        for index in range(max(len(left), len(right))):
            one = left[index] if index < len(left) else None
            other = right[index] if index < len(right) else None
            answer = _compare(one, other) if one is not None else -_compare(other, None)
            if answer:
                return answer
        return 0
    if right is None:
        if isinstance(left, list):
            return next((answer for one in left if (answer := _compare(one, None))), 0)
        if isinstance(left, int):
            return 1 if left else 0
        return _sign(_rank(left), _rank(""))
    kinds = [2 if isinstance(one, int) else 1 if isinstance(one, list) else 0 for one in (left, right)]
    if kinds[0] != kinds[1]:
        return kinds[0] - kinds[1]  # a number is above a list, and that above a word
    if isinstance(left, int):
        return _sign(left, right)
    return _sign(_rank(left), _rank(right))


def _rank(word: str) -> tuple[int, str]:
    known = _QUALIFIERS.get(word)
    return (known, "") if known is not None else (8, word)


def _sign(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


@remembered(65_536)
def maven(version: str) -> Any:
    """Maven's own order, in which every text is a version."""
    if len(version) > _LONGEST:
        raise ValueError("it is too long for a version")
    return MavenVersion(version.strip())


KEYS: Final[dict[str, Key]] = {
    "PyPI": pypi,
    "npm": semver,
    "Go": semver,
    "crates.io": semver,
    "Maven": maven,
    "RubyGems": gem,
    "NuGet": nuget,
}
"""OSV's name of an ecosystem -> the order of its versions."""


def key(ecosystem: str) -> Key:
    """The order of an ecosystem's versions. Raises ``KeyError`` for one that is not known."""
    return KEYS[ecosystem]

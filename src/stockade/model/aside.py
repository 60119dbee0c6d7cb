"""What tells that an input, or a part of it, is not what is deployed: it runs locally, or it is an example.

Findings there are true of something that nobody attacks and nobody pays for. They are shown from `strict`
on, and the report says so. A secret that is written down is one wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from stockade.model.environment import EnvironmentVariable
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.source import Source, Span
from stockade.value import Known, Origin, Written


@dataclass(frozen=True, slots=True)
class Aside:
    """Why something is not what is deployed: ``what`` is a clause about ``part``, ``origin`` shows it.

    ``within`` is the directory it is about, as shown, with a slash at its end; empty for the whole input.
    """

    what: str
    origin: Origin
    within: str = ""

    def covers(self, path: str) -> bool:
        """Whether what stands in a file is set aside."""
        return path.startswith(self.within)


_LOCAL: Final = lazy_regex(
    r"https?://(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|host\.docker\.internal|localstack|moto(?:server)?"
    r"|(?:[\w-]+\.)*localhost\.localstack\.cloud)(?::\d+)?/?$",
    re.IGNORECASE,
)


def is_local(endpoint: str) -> bool:
    """Whether an endpoint is on the machine itself, or a container beside it: an imitation of AWS."""
    return _LOCAL.match(endpoint) is not None


_OWN_WORDS: Final = lazy_regex(
    rb"^(?:#|Description:|[ \t]*\"Description\":)[^\n]*"
    rb"(?:\btest\w*\b[^\n]*\blocal(?:ly)?\b|\blocal(?:ly)?\b[^\n]*\b(?:test\w*|invoke|development)\b)",
    re.IGNORECASE | re.MULTILINE,
)


def tried_locally(template: Source) -> Aside | None:
    """Whether a template says of itself, above its resources, that it is for local tests."""
    found = _OWN_WORDS.search(template.data[:_ABOVE].partition(b"\nResources:")[0])
    if found is None:
        return None
    return Aside("is for local tests, as it says itself", Written(Span(template, *found.span())))


_ABOVE: Final = 2_000
_ID, _SECRET = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
_SHAPED: Final = lazy_regex(r"[A-Z0-9]{16,}")
"""What an access key's ID looks like, real or real once."""


def run_locally(environment: Iterable[EnvironmentVariable]) -> Aside | None:
    """Whether a function is told dummy credentials: Lambda refuses these variables, imitations want them."""
    told: dict[str, set[str]] = {}
    for one in environment:
        match one.name, one.value:
            case Known("AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" as name), Known(str() as text):
                if one.doubt is None and not _SHAPED.fullmatch(text) and len(text) < 20:
                    told.setdefault(one.address, set()).add(name)
                    if told[one.address] == {_ID, _SECRET}:
                        what = f"it gives a function `{_ID}`, which Lambda itself refuses"
                        return Aside(f"runs locally: {what}", one.origin)
    return None

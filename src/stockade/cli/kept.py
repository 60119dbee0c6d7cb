"""What a scan has found, used again: whole where nothing has changed, else input by input.

Two things are kept. An *answer* is everything that a scan wrote, with its exit status: where all that was
looked at is as it was, it is written again, and nothing is read but what shows that. A *piece* is what was
found in one input; where something has changed, only those that hang on it are made anew.

What an entry answers is in its name: this program (``cache.program``), the day, every option that has a say,
and where the scan began. What was looked at (``read.looked``) is in the entry, and looked at again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stockade.cache.entries import Entries
from stockade.cache.program import program
from stockade.cli.outside import Outside
from stockade.errors import UsageError
from stockade.read import looked

if TYPE_CHECKING:
    from stockade.cli.knowledge import Knowledge
    from stockade.cli.settings import Settings
    from stockade.cli.writing import Outlet

VARIABLE: Final = "STOCKADE_CACHE"
KEY: Final = "STOCKADE_CACHE_KEY"

_SCREEN: Final = ("COLUMNS", "LINES", "TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE")
"""Variables by which a report for people differs."""


def entries(outside: Outside, given: Path | None, refused: bool) -> Entries | None:
    """The cache that a scan uses; ``None`` for none.

    Raises ``UsageError`` where others than the user may have written into one that was named; one by default
    goes unused then.
    """
    if refused and given is not None:
        raise UsageError("`--cache` and `--no-cache` contradict each other", help="give one of them")
    place = None if refused else _place(outside.environment, outside.here, given)
    if place is None:
        return None
    found = Entries(place, outside.environment.get(KEY, ""))
    try:
        found.check()
    except UsageError:
        if given is not None or outside.environment.get(VARIABLE):
            raise
        return None
    return found


def _place(environment: Mapping[str, str], here: Path, given: Path | None) -> Path | None:
    if given is not None:
        return here / given
    named = environment.get(VARIABLE)
    if named is not None:
        return here / named if named else None
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        if (data := environment.get(variable)) and Path(data).is_absolute():
            return Path(data) / "stockade"
    home = environment.get("HOME")
    return Path(home) / ".cache" / "stockade" if home and Path(home).is_absolute() else None


class Kept:
    """What one scan keeps, and what of it is there already.

    ``question`` is everything that is asked of an input, in texts whose order does not change; ``told`` what
    only the whole answer hangs on: paths, formats, the console, a baseline.
    """

    def __init__(
        self, outside: Outside, entries: Entries, question: Sequence[str], told: Sequence[str]
    ) -> None:
        self._outside = outside
        self._entries = entries
        self._asked = digest(program(entries, paths=sys.path), *question)
        self._answer = digest("answer", self._asked, *told)
        self._eyes = looked.Eyes(outside.environment)

    # -------------------------------------------------------------------------------------- pieces

    def known(self, *of: str) -> tuple[Any, looked.Seen] | None:
        """What was found of something, if it is still so, with the looks behind it."""
        found = self._entries.get(digest("piece", self._asked, *of))
        try:
            if found is None or not self._eyes.same(seen := seen_of(found[0]["seen"])):
                return None
            return found[0]["found"], seen
        except (TypeError, ValueError, LookupError, AttributeError):
            return None

    def keep(self, found: Any, seen: looked.Seen, *of: str) -> None:
        """Keep what was found of something."""
        self._entries.put(digest("piece", self._asked, *of), {"seen": rows_of(seen), "found": found})

    # ------------------------------------------------------------------------------------- answers

    def replay(self, outlet: Outlet) -> int | None:
        """Write the answer that was given before, if it still is the answer; the exit status."""
        found = self._entries.get(self._answer)
        try:
            if found is None or not self._eyes.same(seen_of(found[0]["seen"])):
                return None
            status, parts = int(found[0]["status"]), found[0]["parts"]
            now = self._outside.now().encode()
            made = [
                (
                    file if file is None else str(file),
                    bool(plain),
                    _at(blob, [int(one) for one in moments], now),
                )
                for (file, plain, moments), blob in zip(parts, found[1], strict=True)
            ]
        except (TypeError, ValueError, LookupError, AttributeError):
            return None
        for file, plain, data in made:
            outlet.again(file, plain, data)
        return status

    def remember(
        self, outlet: Outlet, moments: Sequence[str | None], at: str, seen: looked.Seen, status: int
    ) -> None:
        """Keep an answer. ``moments`` say for each part what stands in front of ``at``, its time, in it."""
        parts = []
        for (file, plain, data), moment in zip(outlet.written, moments, strict=True):
            found = _moments(data, moment, at.encode())
            if found is None:
                return  # it says the time where nobody knows of it
            parts.append([file, plain, found])
        document = {"seen": rows_of(seen), "status": status, "parts": parts}
        self._entries.put(self._answer, document, [data for _, _, data in outlet.written])

    def close(self) -> None:
        """Come to an end: what is too much is removed."""
        self._entries.close(self._outside.moment())


def seen_of(rows: Any) -> looked.Seen:
    """Looks as they are kept; ``TypeError`` and its like for what are none."""
    return {(str(how), str(path)): str(state) for how, paths in rows.items() for path, state in paths.items()}


def rows_of(seen: looked.Seen) -> dict[str, dict[str, str]]:
    """Looks as they are kept, by how something was looked at."""
    out: dict[str, dict[str, str]] = {}
    for (how, path), state in seen.items():
        out.setdefault(how, {})[path] = state
    return out


def asked_of(
    outside: Outside,
    settings: Settings,
    only: Sequence[str] | None,
    shipped: Knowledge,
    reports: Sequence[Path],
) -> list[str]:
    """What is asked of every input, in texts."""
    said = settings.configuration
    accepts = (
        (one.kind, one.controls, one.reason, one.address, one.function, one.path, one.directory, one.until)
        for one in (said.accepts if said else ())
    )
    return [
        outside.now()[:10],
        str(outside.here),
        str(outside.ceiling),
        settings.noise,
        repr(only),
        repr(sorted(settings.variables.items())),
        repr([str(one) for one in settings.variable_files]),
        repr(sorted(shipped.packages.items())),
        repr(list(accepts)),
        repr((sorted(said.accounts), said.choices, said.checkov_skips) if said else None),
        repr(sorted(shipped.dates.items())),
        *_advisories(outside, reports),
    ]


def told_of(settings: Settings) -> list[str]:
    """What only the whole answer hangs on, of what was configured or said beside the formats."""
    said, baseline = settings.configuration, settings.baseline
    known = (
        (baseline.path, baseline.at, baseline.revision, sorted(baseline.entries.items())) if baseline else None
    )
    configured = (said.path, said.directory, said.exclude) if said else None
    return [settings.fail_on, str(settings.allow_gaps), repr(configured), digest(repr(known))]


def _advisories(outside: Outside, reports: Sequence[Path]) -> Iterator[str]:
    """What tells advisories from others: reports by their bytes, the store by sizes and times of its files."""
    from stockade.cli.advisories import place

    eyes = looked.Eyes()
    for one in reports:
        path = os.path.realpath(outside.here / one)
        yield eyes.state(looked.BYTES, path)
        for folder, _, names in os.walk(path):
            yield from (eyes.state(looked.BYTES, str(Path(folder, name))) for name in sorted(names))
    directory = place(outside.environment)
    if directory.is_dir():
        for file in sorted(directory.iterdir()):
            info = file.stat()
            yield f"{file.name} {info.st_size} {info.st_mtime_ns}"


def screen(outside: Outside, color: str) -> list[str]:
    """What a report for people hangs on beside its contents: the console that it is written to."""
    sizes = []
    for stream in (0, 1, 2):
        try:
            sizes.append(str(os.get_terminal_size(stream)))
        except (OSError, ValueError):
            sizes.append("")
    variables = (f"{name}={outside.environment.get(name)}" for name in _SCREEN)
    return [color, str(sys.stdout.isatty()), str(sys.stdout.encoding), *sizes, *variables]


def digest(*texts: str) -> str:
    """What tells some texts from others, in their order."""
    made = blake2b(digest_size=16)
    for one in texts:
        data = one.encode("utf-8", "surrogatepass")
        made.update(f"{len(data)} ".encode())
        made.update(data)
    return made.hexdigest()


def _moments(data: bytes, moment: str | None, now: bytes) -> list[int] | None:
    """Where a part says the time of the scan; ``None`` where it says it elsewhere too."""
    if not moment:
        return []
    opening = moment.encode()
    out: list[int] = []
    at = data.find(opening + now)
    while at >= 0:
        out.append(at + len(opening))
        at = data.find(opening + now, at + 1)
    return out if out and len(out) == data.count(now) else None


def _at(data: bytes, moments: Sequence[int], now: bytes) -> bytes:
    """A part with another time of the scan in it."""
    for one in moments:
        if not 0 <= one <= len(data) - len(now):
            raise ValueError("a time stands outside of what was written")
        data = data[:one] + now + data[one + len(now) :]
    return data

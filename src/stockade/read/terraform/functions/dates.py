"""Functions over timestamps as RFC 3339 writes them."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from stockade.patterns import lazy_regex
from stockade.read.terraform.cty import EvaluationError
from stockade.read.terraform.functions.registry import plain

DAY = 86_400
NANOSECOND = 1_000_000_000
_CYCLE = 146_097
"""Days in the 400 years after which the calendar repeats."""

_STRICT = lazy_regex(r".{11}\d\d:[^,]*", re.ASCII)
_TIMESTAMP = lazy_regex(
    r"(\d{4})-(\d\d)-(\d\d)T(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII
)
_DURATION = lazy_regex(r"(\d*)(?:\.(\d*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)", re.ASCII)
_UNITS = {
    "ns": 1,
    "us": 1_000,
    "\u00b5s": 1_000,
    "\u03bcs": 1_000,
    "ms": 1_000_000,
    "s": NANOSECOND,
    "m": 60 * NANOSECOND,
    "h": 3_600 * NANOSECOND,
}
_LONGEST = 2**63
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FORMAT = lazy_regex(r"'((?:[^']|'')+)'|('')|([a-zA-Z])\3*|[^a-zA-Z']+|'", re.DOTALL)


class Moment(NamedTuple):
    """Seconds since the year zero on the wall clock, nanoseconds, and the offset from UTC in minutes."""

    seconds: int
    nanoseconds: int
    offset: int

    @property
    def order(self) -> tuple[int, int]:
        return self.seconds - self.offset * 60, self.nanoseconds


def _read(text: str, strict: bool = True) -> Moment:
    """A timestamp's parts; ``timecmp`` alone also takes an hour of one digit and other oddities."""
    found = _TIMESTAMP.fullmatch(text)
    if found is None or (strict and not _STRICT.fullmatch(text)):
        raise EvaluationError(f"`{text}` is not a timestamp like `2006-01-02T15:04:05Z`")
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    offset = int(found[9] or 0) * 60 + int(found[10] or 0)
    days = 0
    try:
        days = date(year % 400 + 400, month, day).toordinal() + (year // 400 - 1) * _CYCLE
    except ValueError:
        hour = 99
    if (
        hour > 23
        or minute > 59
        or second > 59
        or int(found[9] or 0) > (23 if strict else 24)
        or int(found[10] or 0) > 59
    ):
        raise EvaluationError(f"`{text}` is a moment no calendar has")
    return Moment(
        days * DAY + hour * 3600 + minute * 60 + second,
        int((found[7] or "0")[:9].ljust(9, "0")),
        -offset if found[8] == "-" else offset,
    )


def is_timestamp(text: str) -> bool:
    """Whether text is a moment as RFC 3339 writes it."""
    try:
        _read(text)
    except EvaluationError:
        return False
    return True


def _fields(moment: Moment) -> tuple[int, date, int, int, int]:
    """Year, a day of the same calendar, hour, minute, second."""
    days, seconds = divmod(moment.seconds, DAY)
    cycles, days = divmod(days, _CYCLE)
    # The first 400 years of Python's calendar begin with the year 1; a later cycle has room before it.
    day = date.fromordinal(days + _CYCLE)
    return day.year + (cycles - 1) * 400, day, seconds // 3600, seconds // 60 % 60, seconds % 60


def _offset(minutes: int, colon: str) -> str:
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{colon}{abs(minutes) % 60:02}"


@plain("formatdate(format: string, time: string)")
def formatdate(pattern: str, time: str) -> str:
    moment = _read(time)
    year, day, hour, minute, second = _fields(moment)
    month = _MONTHS[day.month - 1]
    weekday = _WEEKDAYS[day.weekday()]
    half = "AM" if hour < 12 else "PM"
    utc = moment.offset == 0
    words = {
        "YYYY": f"{year:04}", "YY": f"{year % 100:02}",
        "MMMM": month, "MMM": month[:3], "MM": f"{day.month:02}", "M": str(day.month),
        "DD": f"{day.day:02}", "D": str(day.day), "EEEE": weekday, "EEE": weekday[:3],
        "hh": f"{hour:02}", "h": str(hour), "HH": f"{(hour - 1) % 12 + 1:02}", "H": str((hour - 1) % 12 + 1),
        "AA": half, "aa": half.lower(),
        "mm": f"{minute:02}", "m": str(minute), "ss": f"{second:02}", "s": str(second),
        "Z": "Z" if utc else _offset(moment.offset, ":"), "ZZZ": "UTC" if utc else _offset(moment.offset, ""),
        "ZZZZ": _offset(moment.offset, ""), "ZZZZZ": _offset(moment.offset, ":"),
    }  # fmt: skip
    out: list[str] = []
    for found in _FORMAT.finditer(pattern):
        if found[3]:
            word = words.get(found[0])
            if word is None:
                raise EvaluationError(f"`{found[0]}` is no part of a date")
            out.append(word)
        elif found[2]:
            out.append("'")
        elif found[0] == "'":
            raise EvaluationError("the date format has a quote that does not end")
        else:
            out.append(found[0] if found[1] is None else found[1].replace("''", "'"))
    return "".join(out)


@plain("timeadd(timestamp: string, duration: string)")
def timeadd(timestamp: str, duration: str) -> str:
    moment = _read(timestamp)
    carry, _ = divmod(moment.nanoseconds + _duration(duration), NANOSECOND)
    year, day, hour, minute, second = _fields(moment._replace(seconds=moment.seconds + carry))
    zone = _offset(moment.offset, ":") if moment.offset else "Z"
    return f"{year:04}-{day.month:02}-{day.day:02}T{hour:02}:{minute:02}:{second:02}{zone}"


def _duration(text: str) -> int:
    """Nanoseconds in a duration like ``-1h30m`` or ``1.5s``."""
    rest = text[1:] if text[:1] in ("+", "-") else text
    total, at = 0, 0
    while at < len(rest) and rest != "0":
        found = _DURATION.match(rest, at)
        if found is None or not (found[1] or found[2]) or len(found[0]) > 40:
            raise EvaluationError(f"`{text}` is not a duration like `1h30m`")
        unit = _UNITS[found[3]]
        fraction = found[2] or ""
        total += int(found[1] or 0) * unit + int(fraction or 0) * unit // 10 ** len(fraction)
        at = found.end()
    if not rest or total >= _LONGEST:
        raise EvaluationError(f"`{text}` is not a duration like `1h30m`")
    return -total if text[0] == "-" else total


@plain("timecmp(timestamp_a: string, timestamp_b: string)")
def timecmp(one: str, other: str) -> int:
    left, right = _read(one, strict=False).order, _read(other, strict=False).order
    return (left > right) - (left < right)

"""The image that a Dockerfile builds on, as far as the file alone says it."""

from __future__ import annotations

import re
from typing import Final

from stockade.patterns import lazy_regex
from stockade.source import Source, Span
from stockade.value import Known, Origin, Unknown, Value, Written

_LINE: Final = lazy_regex(r"^[ \t]*(FROM|ARG)[ \t]+([^\r\n#]+)", re.MULTILINE | re.IGNORECASE)
_FROM: Final = lazy_regex(r"(?:--platform=\S+\s+)?(\S+)(?:\s+as\s+(\S+))?", re.IGNORECASE)
_VARIABLE: Final = lazy_regex(r"\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}|\$([A-Za-z_]\w*)")
_DEEPEST: Final = 20


def base_image(source: Source, origin: Origin, target: str = "") -> Value[str]:
    """The base image of the last stage, or of the stage that is built, through the stages it builds on."""
    arguments: dict[str, str] = {}
    stages: dict[str, tuple[str, Written]] = {}
    last: tuple[str, Written] | None = None
    for line in _LINE.finditer(source.text):
        said = line[2].strip()
        if line[1].upper() == "ARG":
            name, _, default = said.partition("=")
            if last is None and default:
                arguments[name.strip()] = default.strip().strip("\"'")
            continue
        found = _FROM.match(said)
        if found is None:
            continue
        start = line.start(2) + found.start(1)
        place = Written(Span(source, start, start + len(found[1])))
        last = (_filled(found[1], arguments), place)
        if found[2]:
            stages[found[2].lower()] = last
    built = stages.get(target.lower(), last) if target else last
    for _ in range(_DEEPEST):
        if built is None:
            break
        following = stages.get(built[0].lower())
        if following is None or following == built:
            break
        built = following
    if built is None:
        return Unknown("its Dockerfile has no `FROM`", origin)
    if "$" in built[0]:
        return Unknown(f"the base image `{built[0]}` depends on what the build is given", built[1])
    return Known(built[0], built[1])


def _filled(text: str, arguments: dict[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        return arguments.get(found[1] or found[3], found[2] or found[0])

    return _VARIABLE.sub(value, text)

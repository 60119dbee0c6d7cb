"""The code that fetches a secret or a parameter once in a while instead of with every invocation."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final

from stockade.control import Code, Fix, Safety
from stockade.model.need import Fetch
from stockade.value import Written

_LANGUAGES: Final = {
    ".py": "python",
    **dict.fromkeys((".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"), "javascript"),
}
_PACKAGES: Final = {
    "python": "`stockade-runtime`, which keeps it for some minutes and fetches it again when it was rotated",
    "javascript": "`@aws-lambda-powertools/parameters`, which keeps it for as long as it is told",
}
_FROM_VARIABLE: Final = """\
from stockade_runtime import {what}_from_env

{constant} = {what}_from_env("{variable}")  # at module level: fetched when first used, then kept and renewed

{constant}.value  # in place of the call in {where}
"""
_BY_NAME: Final = """\
from stockade_runtime import get_{what}

get_{what}({name}).value  # in place of the call in {where}: kept from one invocation to the next
"""
_JAVASCRIPT: Final = """\
import {{ get{title} }} from "@aws-lambda-powertools/parameters/{module}";

await get{title}({name}, {{ {options} }}); // in place of the call in {where}
"""


def kept(fetches: Iterable[Fetch]) -> Fix | None:
    """What to write in place of each call, in its own language; ``None`` where no call is known well enough.

    It is only shown: what the code does with the answer is different with a cache, which gives the text itself.
    """
    shown: dict[Code, None] = {}
    packages: dict[str, None] = {}
    for one in fetches:
        span = one.origin.span if isinstance(one.origin, Written) else None
        language = _LANGUAGES.get(PurePosixPath(span.path).suffix) if span is not None else None
        if not one.what or span is None or language is None:
            continue
        where = f"{span.path}, line {span.line}"
        shown[Code(language, _python(one, where) if language == "python" else _javascript(one, where))] = None
        packages[_PACKAGES[language]] = None
    if not shown:
        return None
    note = f"ship {' and '.join(packages)}; the role needs nothing else for it"
    return Fix("keep what is fetched for some minutes", Safety.SHOW, (), note=note, code=tuple(shown))


def _python(fetch: Fetch, where: str) -> str:
    if fetch.variable:
        constant = fetch.what.upper()
        return _FROM_VARIABLE.format(what=fetch.what, constant=constant, variable=fetch.variable, where=where)
    name = f'"{fetch.literal}"' if fetch.literal else "name"
    return _BY_NAME.format(what=fetch.what, name=name, where=where)


def _javascript(fetch: Fetch, where: str) -> str:
    secret = fetch.what == "secret"
    name = f'"{fetch.literal}"' if fetch.literal else "name"
    return _JAVASCRIPT.format(
        title=fetch.what.capitalize(),
        module="secrets" if secret else "ssm",
        name=f"process.env.{fetch.variable}" if fetch.variable else name,
        options="maxAge: 300" if secret else "decrypt: true, maxAge: 300",
        where=where,
    )

"""Regular expressions that are compiled when they are first used.

A scan imports some three hundred of them and uses a third: compiling all took a sixth of the time that passes
before the first file is read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as lazy_regex

__all__ = ("lazy_regex",)

_METHODS = ("match", "fullmatch", "search", "finditer", "findall", "sub", "subn", "split")
_FACTS = ("pattern", "flags", "groups", "groupindex")


class _Ready:
    """A pattern that has been asked for something: it holds the methods of the compiled one."""


class _Lazy(_Ready):
    def __init__(self, text: Any, flags: int | re.RegexFlag = 0) -> None:
        self._asked = (text, flags)

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS and name not in _FACTS:
            raise AttributeError(name)
        made: re.Pattern[Any] = re.compile(*self._asked)
        self.__dict__.update((one, getattr(made, one)) for one in (*_METHODS, *_FACTS))
        self.__class__ = _Ready  # type: ignore[assignment]  # attributes are found faster without __getattr__
        return getattr(made, name)


if not TYPE_CHECKING:

    def lazy_regex(text: str | bytes, flags: int | re.RegexFlag = 0) -> _Lazy:
        """What ``re.compile`` gives, compiled by the first method that is called on it."""
        return _Lazy(text, flags)

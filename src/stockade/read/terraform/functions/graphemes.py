"""Text as people count it: grapheme clusters, after UAX #29.

An approximation from the standard library's character data: combining marks, joiners, emoji with
modifiers and joined emoji, flags, Hangul syllables. Text in ASCII never gets here but for CR LF.
"""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
_EXTENDING = frozenset({"Mn", "Me", "Mc"})
_BREAKING = frozenset({"Cc", "Zl", "Zp"})
_PREPENDED = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")


def composed(text: str) -> str:
    """The text with letters and their marks as one character where there is one: Terraform holds no other."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def clusters(text: str) -> list[str]:
    """The text cut into grapheme clusters; joined they are the text again."""
    cut: list[str] = []
    start = 0
    flags = 0
    for at in range(1, len(text)):
        flags = flags + 1 if _is_flag(text[at - 1]) else 0
        if not _joins(text, start, at, flags):
            cut.append(text[start:at])
            start = at
    if text:
        cut.append(text[start:])
    return cut


def _joins(text: str, start: int, at: int, flags: int) -> bool:
    """Whether the character at ``at`` belongs to the cluster that began at ``start``."""
    before, char = text[at - 1], text[at]
    if before == "\r" and char == "\n":
        return True
    if _breaks(before) or _breaks(char):
        return False
    if _extends(char) or char == _JOINER or before in _PREPENDED:
        return True
    if before == _JOINER:
        return _is_pictograph(char) and _is_pictograph(text[start:at].rstrip(_JOINER)[:1])
    if _is_flag(char):
        return flags % 2 == 1
    return _hangul_joins(before, char)


def _breaks(char: str) -> bool:
    category = unicodedata.category(char)
    return category in _BREAKING or (category == "Cf" and char not in "\u200c\u200d" and not _extends(char))


def _extends(char: str) -> bool:
    code = ord(char)
    return (
        unicodedata.category(char) in _EXTENDING
        or code == 0x200C
        or 0x1F3FB <= code <= 0x1F3FF  # skin tones
        or 0xE0020 <= code <= 0xE007F  # tags of sub-flags
        or 0xFF9E <= code <= 0xFF9F  # halfwidth sound marks
    )


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _is_pictograph(char: str) -> bool:
    if not char:
        return False
    code = ord(char)
    return (
        0x2190 <= code <= 0x2BFF or 0x1F000 <= code <= 0x1FAFF or code in (0xA9, 0xAE, 0x3030, 0x303D)
    ) and (not _is_flag(char) and unicodedata.category(char) in ("So", "Sm", "Sk", "Cn"))


def _hangul_joins(before: str, char: str) -> bool:
    left, right = _hangul(before), _hangul(char)
    return (
        (left == "L" and right in ("L", "V", "LV", "LVT"))
        or (left in ("LV", "V") and right in ("V", "T"))
        or (left in ("LVT", "T") and right == "T")
    )


def _hangul(char: str) -> str:
    code = ord(char)
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return "T"
    if 0xAC00 <= code <= 0xD7A3:
        return "LV" if (code - 0xAC00) % 28 == 0 else "LVT"
    return ""

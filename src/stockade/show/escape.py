"""Text from a stranger's files made harmless for a terminal.

Whatever moves the cursor, changes colours, turns the reading direction or cannot be seen is shown
by its code instead: terminal controls, bidirectional controls, zero-width and private characters,
lone surrogates. What is left is what the eye sees.
"""

from __future__ import annotations


def escape(text: str) -> str:
    r"""The text with every unprintable character written as ``\x1b`` or ``\u202e``."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else _code(ord(one)) for one in text)


def _code(point: int) -> str:
    if point <= 0xFF:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"

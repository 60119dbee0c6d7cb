"""Encodings of text: Base64, URLs, character sets."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import Any

from stockade.read.terraform.cty import EvaluationError
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.registry import plain, valued
from stockade.read.terraform.functions.unknowns import because
from stockade.value import Unknown, Value

_ALIASES = {
    "utf-16": "utf-16-be",
    "utf-16be": "utf-16-be",
    "utf-16le": "utf-16-le",
    "csutf8": "utf-8",
    "us-ascii": "ascii",
    "iso-ir-100": "latin-1",
    "cp819": "latin-1",
    "l1": "latin-1",
    "csisolatin1": "latin-1",
    "iso_8859-1": "latin-1",
    "windows-874": "cp874",
    "ibm01140": "cp1140",
    "macintosh": "mac-roman",
    "mac": "mac-roman",
    "ms_kanji": "cp932",
    "shift_jis": "cp932",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "windows-936": "gbk",
    "cp936": "gbk",
    "ms936": "gbk",
}
_SAME_NAME = """
    utf-8 latin1 latin2 latin5 greek cyrillic hebrew arabic koi8-r koi8-u euc-jp iso-2022-jp gbk gb18030
    euc-kr cp437 ibm437 cp850 ibm850 ibm852 ibm855 ibm860 ibm862 ibm863 ibm865 ibm866 cp866 ibm037
"""
_CODECS = (
    _ALIASES
    | {name: name for name in _SAME_NAME.split()}
    | {f"iso-8859-{part}": f"iso-8859-{part}" for part in range(1, 17) if part not in (11, 12)}
    | {f"windows-{page}": f"cp{page}" for page in range(1250, 1259)}
)
"""IANA names that Terraform knows, in lower case, and the codec each is here."""

_BOM = b"\xfe\xff"


@plain("base64encode(str: string)")
def base64encode(text: str) -> str:
    return b64encode(text.encode()).decode()


@plain("base64decode(str: string)")
def base64decode(text: str) -> str:
    try:
        return _bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        raise EvaluationError("the decoded bytes are not text in UTF-8") from None


def _bytes(text: str) -> bytes:
    try:
        return b64decode(re.sub("[\r\n]", "", text), validate=True)
    except ValueError:
        raise EvaluationError("the text is not in Base64") from None


@valued("base64gzip(str: string)")
def base64gzip(context: Context, text: Value[Any]) -> Value[Any]:
    if isinstance(text, Unknown):
        return because(text)
    return Unknown("the compressed bytes depend on the compressor inside Terraform", context.origin)


@plain("urlencode(str: string)")
def urlencode(text: str) -> str:
    from urllib.parse import quote_plus

    return quote_plus(text)


@plain("textencodebase64(string: string, encoding: string)")
def textencodebase64(text: str, encoding: str) -> str:
    try:
        encoded = text.encode(_codec(encoding))
    except UnicodeEncodeError:
        raise EvaluationError(f"the text has characters that `{encoding}` has not") from None
    return b64encode(_BOM + encoded if encoding.lower() == "utf-16" else encoded).decode()


@plain("textdecodebase64(source: string, encoding: string)")
def textdecodebase64(text: str, encoding: str) -> str:
    codec = _codec(encoding)
    data = _bytes(text)
    if encoding.lower() == "utf-16" and data[:2] in (_BOM, _BOM[::-1]):
        codec = "utf-16"
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        raise EvaluationError(f"the bytes are not text in `{encoding}`") from None


def _codec(encoding: str) -> str:
    codec = _CODECS.get(encoding.lower())
    if codec is None:
        raise EvaluationError(f"there is no character encoding named `{encoding}`")
    return codec

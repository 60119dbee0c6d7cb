"""``format`` and ``formatlist``: Go's verbs over values, with references left standing in the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from decimal import Context as Precision
from typing import Any, NamedTuple

from stockade.patterns import lazy_regex
from stockade.read.budget import Budget, bound_text
from stockade.read.terraform.cty import EvaluationError, List, convert, is_known_deep, type_name
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.graphemes import clusters
from stockade.read.terraform.functions.json_text import json_text, jsonencode, quote
from stockade.read.terraform.functions.registry import valued
from stockade.read.terraform.functions.unknowns import because, first_unknown, pieces_of, spliced
from stockade.read.terraform.kinds import BOOL, NUMBER, STRING
from stockade.read.terraform.number import Number, held
from stockade.value import Hole, Known, Ref, Unknown, Value

Pieces = list[str | Ref | Hole]

_VERB = lazy_regex(r"%(?:%|([#0+\- ]*)([0-9]*)(?:(\.)([0-9]*))?(?:\[([1-9][0-9]*)\])?([a-zA-Z])?)")
_EXACT = Precision(prec=30_000, rounding=ROUND_HALF_EVEN)


class Verb(NamedTuple):
    """One ``%...`` of a format: ``argument`` counts from 0."""

    flags: str
    width: int
    precision: int | None
    argument: int
    letter: str


@valued("format(format: string, ...args: any?)")
def format(context: Context, template: Value[Any], *args: Value[Any]) -> Value[Any]:
    if isinstance(template, Unknown):
        return because(template)
    return _format(_parse(template.value, len(args)), args, context)


@valued("formatlist(format: string, ...args: any?)")
def formatlist(context: Context, template: Value[Any], *args: Value[Any]) -> Value[Any]:
    """One string for each element of the lists; what is no list is repeated in all of them."""
    unsettled = first_unknown(arg for arg in args if isinstance(arg, Unknown) and arg.text is None)
    if isinstance(template, Unknown) or unsettled is not None:
        return unsettled or because(template)  # type: ignore[arg-type]  # it is unknown if nothing else is
    lists = [arg.value if isinstance(arg, Known) and isinstance(arg.value, tuple) else None for arg in args]
    lengths = {len(items) for items in lists if items is not None}
    if len(lengths) > 1:
        raise EvaluationError("the lists given to `formatlist` are not of one length")
    rows = lengths.pop() if lengths else 1
    context.budget.spend(rows * max(len(args), 1))
    if rows == 0:
        return Known(List(), context.origin)
    verbs = _parse(template.value, len(args))
    made: list[Value[Any]] = []
    for row in range(rows):
        picked = [arg if items is None else items[row] for arg, items in zip(args, lists, strict=True)]
        made.append(_format(verbs, picked, context))
    return Known(List(made), context.origin)


# ----------------------------------------------------------------------------------- the format string


def _parse(template: str, given: int) -> list[str | Verb]:
    """Literal text and verbs; refuses verbs without an argument and arguments without a verb."""
    parsed: list[str | Verb] = []
    at = 0
    following = 0
    used = 0
    for found in _VERB.finditer(template):
        parsed.append(template[at : found.start()])
        at = found.end()
        if found[0] == "%%":
            parsed.append("%")
            continue
        flags, width, dot, digits, position, letter = found.groups()
        if letter is None or letter not in _VERBS:
            raise EvaluationError(f"`{found[0]}` in the format is no verb")
        argument = _size(position) - 1 if position else following
        if argument >= given:
            raise EvaluationError(f"the format wants {argument + 1} arguments, and there are {given}")
        following = argument + 1
        used = max(used, following)
        parsed.append(Verb(flags, _size(width), _size(digits) if dot else None, argument, letter))
    parsed.append(template[at:])
    if used < given:
        raise EvaluationError(f"the format uses {used} of {given} arguments")
    return parsed


def _size(digits: str) -> int:
    if len(digits) > 9:
        bound_text(10 ** min(len(digits), 20))
    size = int(digits or "0")
    bound_text(size)
    return size


def _format(parsed: Sequence[str | Verb], args: Sequence[Value[Any]], context: Context) -> Value[Any]:
    pieces: Pieces = []
    cause: Unknown | None = None
    length = 0
    for part in parsed:
        if isinstance(part, str):
            pieces.append(part)
            continue
        arg = args[part.argument]
        unknown = arg if isinstance(arg, Unknown) else None
        if part.letter == "v" and unknown is None:
            unknown = is_known_deep(arg, context.budget)
        if unknown is not None:
            cause = cause or unknown
            pieces += _unknown(part, arg, unknown, context)
        elif isinstance(arg, Known):
            text = _VERBS[part.letter](part, arg, context.budget)
            length += len(text)
            bound_text(length)
            pieces.append(text)
    return spliced(pieces, cause, context.origin)


def _unknown(verb: Verb, arg: Value[Any], unknown: Unknown, context: Context) -> Pieces:
    """What a verb leaves in the text where its argument is not known."""
    if isinstance(arg, Known):
        encoded = jsonencode(context, arg)
        return list(pieces_of(encoded)) if isinstance(encoded, Unknown) else [str(encoded.value)]
    pieces = list(pieces_of(unknown))
    if verb.letter in "sv" and not verb.width and not verb.precision and "#" not in verb.flags:
        return pieces
    if verb.letter == "q" and not verb.width and not verb.precision:
        return ['"', *(quote(piece)[1:-1] if isinstance(piece, str) else piece for piece in pieces), '"']
    if verb.letter == "d" and not verb.width and not verb.flags and verb.precision is None:
        return pieces
    precision = "" if verb.precision is None else f".{verb.precision}"
    shown = f"%{verb.flags}{verb.width or ''}{precision}{verb.letter}"
    return [Hole(f"format({shown}, {''.join(map(str, pieces))[:200]})")]


# ------------------------------------------------------------------------------------------- verbs


def _pad(verb: Verb, text: str, size: int | None = None) -> str:
    """Pad to the width with spaces or, as Go does for text too, with zeros."""
    missing = verb.width - (len(text) if size is None else size)
    if missing <= 0:
        return text
    fill = ("0" if "0" in verb.flags else " ") * missing
    return text + fill if "-" in verb.flags else fill + text


def _primitive(verb: Verb, value: Known[Any], kind: Any) -> Any:
    if value.value is None:
        raise EvaluationError(f"`%{verb.letter}` cannot format a null value")
    try:
        converted = convert(value, kind)
    except EvaluationError as error:
        raise EvaluationError(f"`%{verb.letter}` cannot format {type_name(value)}: {error.message}") from None
    return converted.value if isinstance(converted, Known) else None


def _text(verb: Verb, value: Known[Any], _: Budget) -> str:
    text: str = _primitive(verb, value, STRING)
    if verb.precision and (not text.isascii() or len(text) > verb.precision):
        text = "".join(clusters(text)[: verb.precision])
    if verb.letter == "q":
        text = quote(text)
    return _pad(verb, text, len(text) if text.isascii() else len(clusters(text)))


def _any(verb: Verb, value: Known[Any], budget: Budget) -> str:
    inner = value.value
    if "#" in verb.flags or inner is None or isinstance(inner, tuple | dict):
        text = json_text(value, budget)
        return _pad(verb, text, len(text) if text.isascii() else len(clusters(text)))
    if isinstance(inner, str):
        return _text(verb._replace(precision=None), value, budget)
    if isinstance(inner, bool):
        return _pad(verb, "true" if inner else "false")
    if isinstance(inner, int | Decimal):
        return _pad(verb, ("-" if inner < 0 else "") + _shortest(inner))
    raise EvaluationError(f"`%v` cannot format {type_name(value)}")


def _bool(verb: Verb, value: Known[Any], _: Budget) -> str:
    return "true" if _primitive(verb, value, BOOL) else "false"


def _signed(verb: Verb, number: Number, digits: str) -> str:
    """A magnitude with its sign, padded; zeros go between the two."""
    sign = "-" if number < 0 else "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    if "0" in verb.flags and "-" not in verb.flags:
        return sign + digits.rjust(verb.width - len(sign), "0")
    text = sign + digits
    return text.ljust(verb.width) if "-" in verb.flags else text.rjust(verb.width)


_BASES = {"d": ("d", ""), "b": ("b", "0b"), "o": ("o", "0"), "x": ("x", "0x"), "X": ("X", "0X")}


def _integer(verb: Verb, value: Known[Any], _: Budget) -> str:
    number = _primitive(verb, value, NUMBER)
    if not isinstance(number, int):
        raise EvaluationError(f"`%{verb.letter}` needs a whole number, not {number}")
    base, prefix = _BASES[verb.letter]
    digits = f"{abs(number):{base}}"
    if verb.precision is not None:
        digits = "" if number == verb.precision == 0 else digits.rjust(verb.precision, "0")
        verb = verb._replace(flags=verb.flags.replace("0", ""))
    if "#" not in verb.flags:
        return _signed(verb, number, digits) if digits else ""
    if "0" in verb.flags and "-" not in verb.flags:
        sign = number < 0 or "+" in verb.flags or " " in verb.flags
        digits = digits.rjust(verb.width - len(prefix) - sign, "0")
    return _signed(verb._replace(flags=verb.flags.replace("0", "")), number, prefix + digits)


def _float(verb: Verb, value: Known[Any], _: Budget) -> str:
    number: Number = _primitive(verb, value, NUMBER)
    letter = verb.letter.lower()
    if letter == "g" and verb.precision is None:
        digits = _shortest(number)
    else:
        exact = _exactly(number)
        precision = 6 if verb.precision is None else verb.precision
        if letter == "f":
            digits = f"{exact:.{precision}f}"
        elif letter == "e":
            digits = _scientific(f"{exact or 0.0:.{precision}e}")
        else:
            cut = Decimal(f"{exact:.{max(precision, 1) - 1}e}")
            digits = _general(cut, max(precision, 1))
    if verb.letter.isupper():
        digits = digits.upper()
    return _signed(verb, number, digits)


def _exactly(number: Number) -> Decimal:
    """The magnitude of a number with all digits of its 512 bits: they decide which way a tie is rounded."""
    exact = held(number)
    return _EXACT.divide(Decimal(abs(exact.numerator)), Decimal(exact.denominator))


def _shortest(number: Number) -> str:
    return _general(Decimal(number).copy_abs(), 6, shortest=True)


def _general(number: Decimal, precision: int, shortest: bool = False) -> str:
    """``%g``: with an exponent where that is shorter to read, without idle zeros."""
    number = number.normalize(_EXACT)
    digits = len(number.as_tuple().digits)
    exponent = number.adjusted() if number else 0
    limit = precision
    if not shortest and limit > digits >= exponent + 1:
        limit = digits
    if exponent < -4 or exponent >= limit:
        return _scientific(f"{number:.{digits - 1}e}")
    return f"{number:f}"


def _scientific(text: str) -> str:
    """Go writes at least two digits of the exponent."""
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa}e{exponent[0]}{exponent[1:].rjust(2, '0')}"


_VERBS: dict[str, Callable[[Verb, Known[Any], Budget], str]] = {
    "v": _any,
    "s": _text,
    "q": _text,
    "t": _bool,
    **dict.fromkeys("dboxX", _integer),
    **dict.fromkeys("eEfgG", _float),
}

"""How a Terraform function is declared: its signature as Terraform documents it, and what it does.

    @plain("startswith(str: string, prefix: string)")    takes and gives Python values, never sees an unknown
    @valued("merge(...maps: any?)")                      takes and gives values, decides what unknowns mean

``?`` marks a parameter that may be null, ``...`` the one that takes the rest. Arguments arrive converted
to the types their parameters name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from stockade.patterns import lazy_regex
from stockade.read.budget import Budget, bound_text
from stockade.read.terraform.cty import EvaluationError, List, Map, convert, make_set
from stockade.read.terraform.cty import Set as TerraformSet
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.graphemes import composed
from stockade.read.terraform.functions.unknowns import because
from stockade.read.terraform.kinds import ANY, BOOL, NUMBER, STRING, ListOf, MapOf, SetOf, Type
from stockade.value import Known, Origin, Unknown, Value

LINEAR = 64
"""Characters that pass through a function in about the time of one step of evaluation."""

F = TypeVar("F", bound=Callable[..., Any])

REGISTRY: dict[str, Function] = {}

_SIGNATURE = lazy_regex(r"([\w:]+)\((.*)\)")
_PARAMETER = lazy_regex(r"(\.\.\.)?(\w+): ([a-z()]+)(\?)?")
_TYPES: dict[str, Type] = {
    "string": STRING,
    "number": NUMBER,
    "bool": BOOL,
    "any": ANY,
    "list(any)": ListOf(ANY),
    "list(bool)": ListOf(BOOL),
    "list(string)": ListOf(STRING),
    "set(any)": SetOf(ANY),
    "map(list(string))": MapOf(ListOf(STRING)),
}
_AS_IT_IS: dict[Type, tuple[type, ...]] = {STRING: (str,), NUMBER: (int, Decimal), BOOL: (bool,)}
"""Python types that are already what a parameter wants, so that most arguments need no conversion."""


class Parameter:
    """One parameter of a function."""

    __slots__ = ("as_it_is", "kind", "name", "nullable")

    def __init__(self, name: str, kind: Type, nullable: bool) -> None:
        self.name = name
        self.kind = kind
        self.nullable = nullable
        self.as_it_is = _AS_IT_IS.get(kind, ())

    def accept(self, value: Known[Any], budget: Budget) -> Value[Any]:
        """A known argument as this parameter wants it; raises ``EvaluationError``."""
        if value.value is None:
            if self.nullable:
                return value
            raise EvaluationError(f"argument `{self.name}` must not be null")
        if self.kind is ANY or value.value.__class__ in self.as_it_is:
            return value
        try:
            return convert(value, self.kind, budget)
        except EvaluationError as error:
            raise EvaluationError(f"argument `{self.name}`: {error.message}") from None


class Function:
    """A function by its Terraform name. One that is just this is ``lazy``: it takes expressions, not values,

    and an evaluator runs it itself.
    """

    __slots__ = ("name", "parameters", "rest")

    lazy = True

    def __init__(self, signature: str) -> None:
        found = _SIGNATURE.fullmatch(signature)
        assert found is not None, signature  # noqa: S101  a slip in this package, not in somebody's input
        self.name: str = found[1]
        self.parameters: list[Parameter] = []
        self.rest: Parameter | None = None
        for dots, name, kind, nullable in _PARAMETER.findall(found[2]):
            parameter = Parameter(name, _TYPES[kind], bool(nullable))
            if dots:
                self.rest = parameter
            else:
                self.parameters.append(parameter)

    def __call__(self, args: Sequence[Value[Any]], context: Context) -> Value[Any]:
        """The result for these arguments; raises ``EvaluationError`` where Terraform refuses."""
        raise EvaluationError(f"`{self.name}` takes expressions, not their values")

    def accept(self, args: Sequence[Value[Any]], budget: Budget) -> list[Value[Any]]:
        """Arguments converted to the parameters' types; unknown ones as they are."""
        fixed = self.parameters
        if len(args) != len(fixed) and (len(args) < len(fixed) or self.rest is None):
            raise self._wrong_count(len(args))
        accepted: list[Value[Any]] = []
        for number, arg in enumerate(args):
            if arg.__class__ is Unknown:
                accepted.append(arg)
                continue
            parameter = fixed[number] if number < len(fixed) else self.rest
            accepted.append(parameter.accept(arg, budget))  # type: ignore[union-attr, arg-type]  # there is one for each
        return accepted

    def _wrong_count(self, given: int) -> EvaluationError:
        wanted = len(self.parameters)
        least = "at least " if self.rest else ""
        return EvaluationError(
            f"`{self.name}` takes {least}{wanted} argument{'s' * (wanted != 1)}, not {given}"
        )


class _Plain(Function):
    """Computes on what the values say; with an unknown among them the result is unknown too."""

    __slots__ = ("run",)

    lazy = False

    def __init__(self, signature: str, run: Callable[..., Any]) -> None:
        super().__init__(signature)
        self.run = run

    def __call__(self, args: Sequence[Value[Any]], context: Context) -> Value[Any]:
        raw = []
        unknown: Unknown | None = None
        for value in self.accept(args, context.budget):
            if isinstance(value, Unknown):
                unknown = unknown or value
            else:
                inner = value.value
                if isinstance(inner, str) and len(inner) > LINEAR:
                    context.budget.spend(len(inner) // LINEAR)
                raw.append(inner)
        if unknown is not None:
            return because(unknown)
        result = self.run(*raw)
        if result.__class__ is str:
            bound_text(len(result))
            return Known(composed(result), context.origin)
        return lift(result, context.origin)


class _Valued(Function):
    """Decides itself what an unknown among its arguments means."""

    __slots__ = ("run",)

    lazy = False

    def __init__(self, signature: str, run: Callable[..., Value[Any]]) -> None:
        super().__init__(signature)
        self.run = run

    def __call__(self, args: Sequence[Value[Any]], context: Context) -> Value[Any]:
        return self.run(context, *self.accept(args, context.budget))


def plain(signature: str) -> Callable[[F], F]:
    """Declare a function over Python values; what it returns gets the origin of the call."""
    return _declare(_Plain, signature)


def valued(signature: str) -> Callable[[F], F]:
    """Declare a function ``(context, *values) -> value``; elements it hands on keep their origins."""
    return _declare(_Valued, signature)


def _declare(kind: type[_Plain | _Valued], signature: str) -> Callable[[F], F]:
    def register(run: F) -> F:
        function = kind(signature, run)
        REGISTRY[function.name] = function
        return run

    return register


def lazy(signature: str) -> None:
    """Declare a function whose arguments an evaluator must not evaluate beforehand."""
    function = Function(signature)
    REGISTRY[function.name] = function


def lift(raw: Any, origin: Origin) -> Known[Any]:
    """A Python value, containers and all, as a value of one origin."""
    match raw:
        case TerraformSet():
            return Known(make_set(lift(item, origin) for item in raw), origin)
        case List():
            return Known(List([lift(item, origin) for item in raw]), origin)
        case tuple():
            return Known(tuple([lift(item, origin) for item in raw]), origin)
        case Map():
            return Known(Map({name: lift(item, origin) for name, item in raw.items()}), origin)
        case dict():
            return Known({name: lift(item, origin) for name, item in raw.items()}, origin)
        case str():
            return Known(composed(raw), origin)
        case _:
            return Known(raw, origin)

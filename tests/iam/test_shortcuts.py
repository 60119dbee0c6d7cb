"""Quick answers are those of the machines and rules that they save asking."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from stockade.iam.automaton import accepts, compiled
from stockade.iam.breadth import covering, may_be_about
from stockade.iam.glob import Pattern, glob, in_segments, plain
from stockade.iam.match import surely
from stockade.iam.policy import Statement, parse
from stockade.value import Default, Hole, Known, Unknown, Value, text_of
from tests.iam.strategies import ACTION_GLOBS, ACTIONS

_HERE = Default("the test says so")
_HOLES = st.sampled_from((Hole("x"), Hole("y")))
_SHAPES, _TEXTS = (
    st.lists(st.one_of(st.text(letters, min_size=1, max_size=4), _HOLES), max_size=4).map(
        lambda parts: text_of(*parts).parts
    )
    for letters in ("ab:*?", "ab:")
)


def by_machine(pattern: Pattern, text: Pattern) -> bool:
    chain = compiled((pattern,))
    return bool(chain.signature(chain.through(text)))


@given(shape=_SHAPES, text=_TEXTS, fold=st.booleans(), segments=st.booleans())
@example(shape=("ab*",), text=("ab",), fold=False, segments=False)
@example(shape=("ab",), text=("ab", Hole("x")), fold=False, segments=False)
@example(shape=("*",), text=(Hole("x"),), fold=True, segments=False)
def test_what_stands_before_a_wildcard_decides_as_the_machine_does(
    shape: tuple[str | Hole, ...], text: tuple[str | Hole, ...], fold: bool, segments: bool
) -> None:
    pattern = glob(shape, fold=fold)
    if segments:
        pattern = in_segments(pattern)
    letters = plain(text, fold=fold)
    assert accepts(pattern, letters) is by_machine(pattern, letters)


@given(shape=_SHAPES, text=_TEXTS)
def test_surely_is_what_the_machine_says(shape: tuple[str | Hole, ...], text: tuple[str | Hole, ...]) -> None:
    assert surely(shape, text) is by_machine(glob(shape), plain(text))


@given(
    elements=st.fixed_dictionaries(
        {},
        optional={
            name: st.lists(st.sampled_from(ACTION_GLOBS), max_size=3) for name in ("Action", "NotAction")
        },
    ),
    unknown=st.booleans(),
    asked=st.lists(st.sampled_from(ACTIONS), max_size=3).map(tuple),
)
def test_nothing_that_a_statement_may_be_about_is_left_out(
    elements: dict[str, list[str]], unknown: bool, asked: tuple[str, ...]
) -> None:
    statement = _statement(elements, unknown)
    if not may_be_about(statement, asked):
        assert all(covering(statement, action) is None for action in asked)


def test_some_statements_are_about_nothing_that_is_asked() -> None:
    statement = _statement({"Action": ["s3:Get*"]}, False)
    assert may_be_about(statement, ("sqs:SendMessage", "s3:GetObject"))
    assert not may_be_about(statement, ("sqs:SendMessage",))


def _statement(elements: dict[str, list[str]], unknown: bool) -> Statement:
    one: dict[str, Value[object]] = {"Effect": Known("Allow", _HERE)}
    for name, texts in elements.items():
        items: list[Value[object]] = [Known(text, _HERE) for text in texts]
        one[name] = Known((*items, *([Unknown("who knows", _HERE)] if unknown else [])), _HERE)
    found = parse(Known({"Statement": Known(one, _HERE)}, _HERE))
    assert isinstance(found, Known)
    (statement,) = found.value.statements
    assert isinstance(statement, Statement)
    return statement

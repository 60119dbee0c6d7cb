"""Relations between subjects: by address, by equal text, never by guess."""

from __future__ import annotations

from typing import Any

import pytest

from stockade.iam.match import Shape
from stockade.model.asked import asked_once
from stockade.model.function import Alias, Function
from stockade.model.logs import LogGroup, log_group_name
from stockade.model.relate import function_name_in, joined, meant
from stockade.model.world import World
from stockade.value import Default, Hole, Known, Ref, Unknown, Value, shape_of, text_of

HERE = Default("written in a test")
STAGE = Hole("var.stage")


def known(text: str, ref: Ref | None = None) -> Known[str]:
    return Known(text, HERE, ref)


def partly(*parts: str | Ref | Hole) -> Unknown:
    return Unknown("why", HERE, text_of(*parts))


def function(name: Value[str], address: str = "aws_lambda_function.f", **more: Any) -> Function:
    return Function(address=address, origin=HERE, name=name, role=known("r"), **more)


@pytest.mark.parametrize(
    ("shape", "name"),
    [
        (("f",), ("f",)),
        (("f:live",), ("f",)),
        (("123456789012:function:f",), ("f",)),
        (("function:f:live",), ("f",)),
        (("arn:aws:lambda:eu-west-1:1:function:f",), ("f",)),
        (("arn:aws:lambda:eu-west-1:1:function:f:live",), ("f",)),
        (
            ("arn:", Hole("p"), ":lambda:", Hole("r"), ":", Hole("a"), ":function:f-", STAGE, ":live"),
            ("f-", STAGE),
        ),
        (("f-", STAGE), ("f-", STAGE)),
        ((STAGE, ":live"), (STAGE,)),
        ((STAGE,), (STAGE,)),
        (("my-function:1",), ("my-function",)),
        (("my-function:f",), ("my-function",)),
        ((), ()),
    ],
)
def test_names_in_what_lambda_takes_for_one(shape: Shape, name: Shape) -> None:
    assert function_name_in(shape) == name


F = Ref("aws_lambda_function.f", "arn")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (known("hook"), False),
        (known("f"), True),
        (known("other", F), True),
        (partly(F), True),
        (partly(F, ":live"), True),
        (partly(F, "-2"), False),
        (partly("x", F), False),
        (partly("arn:aws:lambda:", Hole("r"), ":1:function:f"), True),
        (partly(STAGE), False),
        (Unknown("why", HERE), False),
        (partly(Ref("aws_lambda_alias.a", "arn")), True),
        (known("live", Ref("aws_lambda_alias.a", "name")), True),
    ],
)
def test_which_function_is_meant(value: Value[str], found: bool) -> None:
    one = function(known("f"))
    alias = Alias(
        address="aws_lambda_alias.a",
        origin=HERE,
        name=known("live"),
        function_name=known("f"),
        function_version=known("1"),
    )
    world = World(functions=(one,), aliases=(alias,))
    assert world.function_named(value) == ((one,) if found else ())


def test_names_that_are_partly_known_are_equal_when_their_texts_are() -> None:
    one = function(partly("f-", STAGE))
    world = World(functions=(one,))
    assert world.function_named(partly("f-", STAGE)) == (one,)
    assert world.function_named(partly("f-", Ref("x.y", "z", text_of(STAGE)))) == (one,)
    assert world.function_named(partly("f-", Hole("var.other"))) == ()
    nameless = World(functions=(function(Unknown("why", HERE)),))
    assert nameless.function_named(Unknown("why", HERE)) == ()


def test_the_log_group_of_a_function() -> None:
    def shape(one: Function) -> Shape:
        return shape_of(log_group_name(one))

    assert shape(function(known("f"))) == ("/aws/lambda/f",)
    assert shape(function(partly("f-", STAGE))) == ("/aws/lambda/f-", STAGE)
    assert shape(function(known("f"), log_group=known("/own"))) == ("/own",)
    assert shape(function(known("f"), log_group=partly(STAGE))) == (STAGE,)


def test_log_groups_are_found_by_reference_and_by_name() -> None:
    group = LogGroup(address="aws_cloudwatch_log_group.g", origin=HERE, name=partly("/own/", STAGE))
    other = LogGroup(address="aws_cloudwatch_log_group.h", origin=HERE, name=known("/aws/lambda/f"))
    referring = function(known("x"), "a", log_group=partly(Ref(group.address, "name")))
    naming = function(known("y"), "b", log_group=partly("/own/", STAGE))
    usual = function(known("f"), "c")
    world = World(functions=(referring, naming, usual), log_groups=(group, other))
    assert [world.log_groups_of(one) for one in world.functions] == [(group,), (group,), (other,)]
    assert world.functions_of(group) == (referring, naming)


def test_joined_text_is_empty_where_a_part_is_not_known() -> None:
    assert joined("role", known("/"), partly("x-", STAGE)) == ("role/x-", STAGE)
    assert joined("role", Unknown("why", HERE), known("x")) == ()
    assert meant(Unknown("why", HERE)) is None


def test_subjects_show_what_they_are_and_are_only_themselves() -> None:
    one, same = function(known("f")), function(known("f"))
    assert repr(one) == "Function('aws_lambda_function.f')"
    assert one != same
    assert len({one, same}) == 2
    assert World(functions=(one,)).subjects(Function) == (one,)
    assert World().subjects(Function) == ()


def test_what_is_asked_of_a_part_is_answered_once_in_a_world() -> None:
    asked = []

    @asked_once
    def named(one: Function, world: World) -> str | None:
        asked.append((one, world))
        return None

    f, g = function(known("f")), function(known("g"), "aws_lambda_function.g")
    world, other = World(functions=(f, g)), World(functions=(f,))
    assert [named(f, world), named(f, world), named(g, world), named(f, other)] == [None] * 4
    assert asked == [(f, world), (g, world), (f, other)]

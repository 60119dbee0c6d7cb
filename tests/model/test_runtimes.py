"""The table of runtimes is whole, ordered and leads to runtimes that are still looked after."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from stockade.model.runtimes import Runtime, Stage, as_of, runtime_of_image, runtimes, told

# Before 2020 updates were sometimes blocked ahead of the deprecation that AWS's page gives.
EARLY = 2020


def test_every_runtime_reaches_its_stages_in_order() -> None:
    for one in runtimes().values():
        days = [day for day in (one.deprecated, one.create_blocked, one.update_blocked) if day]
        if one.deprecated.year > EARLY:
            assert days == sorted(days), one


def test_a_successor_is_in_the_table_and_is_itself_the_newest() -> None:
    table = runtimes()
    for one in table.values():
        if one.successor is not None:
            newest = table[one.successor]
            assert newest.successor is None, one
            assert newest.deprecated >= one.deprecated, one
            assert newest.deprecated > as_of(), one


def test_the_table_has_what_functions_use() -> None:
    assert {"python3.8", "python3.14", "nodejs24.x", "java25", "java17.al2023", "go1.x"} <= set(runtimes())
    # Container images only: no function can name it as its runtime.
    assert "dotnet9" not in runtimes()


def test_a_date_that_every_source_agrees_on() -> None:
    found = runtimes()["python2.7"]
    assert isinstance(found, Runtime)
    assert (found.deprecated.isoformat(), found.successor) == ("2021-07-15", "python3.14")
    assert found.update_blocked is not None and found.update_blocked.isoformat() == "2022-05-30"


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (date(2029, 12, 1), Stage.CURRENT),
        (date(2029, 12, 3), Stage.ENDING),
        (date(2030, 5, 31), Stage.DEPRECATED),
        (date(2030, 7, 31), Stage.DEPRECATED),
        (date(2030, 8, 1), Stage.FROZEN),
    ],
)
def test_a_runtime_comes_to_its_stages_on_their_days(today: date, stage: Stage) -> None:
    made = Runtime("cobol85", date(2030, 5, 31), date(2030, 7, 1), date(2030, 8, 1), "cobol2002")
    assert made.stage(today) is stage


def test_a_runtime_whose_end_has_no_day_is_never_frozen() -> None:
    made = Runtime("cobol85", date(2030, 5, 31), None, None, None)
    assert made.stage(date(2099, 1, 1)) is Stage.DEPRECATED


def test_without_a_day_the_table_stands_at_its_own() -> None:
    past, to_come = as_of() - timedelta(days=1), as_of() + timedelta(days=1)
    assert Runtime("cobol85", past, None, None, None).stage() is Stage.DEPRECATED
    assert Runtime("cobol85", to_come, None, None, None).stage() is Stage.ENDING


def test_days_to_come_are_told_as_plans() -> None:
    assert told(as_of()) == f"{as_of()}"
    assert told(as_of() + timedelta(days=1)).endswith(f"(AWS's plan as of {as_of()})")


@pytest.mark.parametrize(
    ("image", "runtime"),
    [
        ("public.ecr.aws/lambda/python:3.9", "python3.9"),
        ("public.ecr.aws/lambda/python:3.12-x86_64", "python3.12"),
        ("public.ecr.aws/lambda/python:3.9@sha256:abc", "python3.9"),
        ("public.ecr.aws/lambda/nodejs:18", "nodejs18.x"),
        ("public.ecr.aws/lambda/nodejs:20.2024.05.01.10", "nodejs20.x"),
        ("amazon/aws-lambda-java:8.al2", "java8.al2"),
        ("public.ecr.aws/lambda/java:21", "java21"),
        ("public.ecr.aws/lambda/provided:al2", "provided.al2"),
        ("public.ecr.aws/lambda/go:1", "go1.x"),
        ("public.ecr.aws/lambda/dotnet:8", "dotnet8"),
        ("public.ecr.aws/lambda/python:latest", None),
        ("python:3.9-slim", None),
        ("public.ecr.aws/lambda/rust:1", None),
    ],
)
def test_the_runtime_of_a_base_image(image: str, runtime: str | None) -> None:
    assert runtime_of_image(image) == runtime
    assert runtime is None or runtime in runtimes()

"""The table of runtimes is whole, ordered and leads to runtimes that are still looked after."""

from __future__ import annotations

from stockade.model.runtimes import Runtime, as_of, runtimes

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

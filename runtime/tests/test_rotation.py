"""A secret that was rotated under a running function costs one more try and nothing else."""

from __future__ import annotations

import asyncio

import pytest

from runtime.tests.fakes import Clock, Source, store
from stockade_runtime import Handle, Secret, refresh_on, rotation


class LoginFailed(Exception):
    """What a driver says of a wrong password."""


class Database:
    """It takes one password, which may be changed."""

    def __init__(self) -> None:
        self.password = "old"
        self.logins: list[str] = []

    def login(self, password: str) -> str:
        self.logins.append(password)
        if password != self.password:
            raise LoginFailed("wrong password")
        return "connected"


class World:
    """A database, its secret, and a function with a handle on it."""

    def __init__(self) -> None:
        self.clock, self.source, self.database = Clock(), Source("old"), Database()
        keep = store(self.clock, self.source)
        self.handle = Handle(lambda max_age: keep.get_secret("db", max_age=max_age), "DB")
        self.handle.get()
        self.clock.now += 10

    def rotate(self) -> None:
        self.source.value = self.database.password = "new"


def test_after_a_rotation_the_secret_is_fetched_anew_and_the_call_made_once_more() -> None:
    world = World()

    @refresh_on(LoginFailed, world.handle)
    def connect(to: str) -> str:
        """Connects."""
        return world.database.login(world.handle.value) + to

    assert connect("1") == "connected1"
    world.rotate()
    assert connect("2") == "connected2"
    assert world.database.logins == ["old", "old", "new"]
    assert (connect.__name__, connect.__doc__) == ("connect", "Connects.")


def test_the_same_in_a_context() -> None:
    world = World()
    world.rotate()
    tries = 0
    for attempt in rotation(LoginFailed, world.handle):
        with attempt:
            tries += 1
            result = world.database.login(world.handle.value)
    assert (tries, result) == (2, "connected")


def test_and_with_async_functions() -> None:
    world = World()
    world.rotate()

    @refresh_on(LoginFailed, world.handle)
    async def connect() -> str:
        await asyncio.sleep(0)
        return world.database.login(world.handle.value)

    assert asyncio.run(connect()) == "connected"


def test_a_login_that_fails_for_another_reason_is_not_tried_again() -> None:
    world = World()
    world.database.password = "changed by hand"

    @refresh_on(LoginFailed, world.handle)
    def connect() -> str:
        return world.database.login(world.handle.value)

    with pytest.raises(LoginFailed):
        connect()
    assert world.database.logins == ["old"]


def test_failing_logins_do_not_become_a_flood_of_calls() -> None:
    world = World()
    world.database.password = "changed by hand"

    @refresh_on(LoginFailed, world.handle)
    def connect() -> str:
        return world.database.login(world.handle.value)

    for _ in range(100):
        with pytest.raises(LoginFailed):
            connect()
    assert len(world.source.asked) == 2  # the first, and one after the first failure: the clock stood still


def test_a_second_failure_and_other_exceptions_go_through() -> None:
    world = World()
    world.source.value, world.database.password = "newer", "newest"

    @refresh_on(LoginFailed, world.handle)
    def connect() -> str:
        return world.database.login(world.handle.value)

    with pytest.raises(LoginFailed):
        connect()
    assert world.database.logins == ["old", "newer"]

    @refresh_on(LoginFailed, world.handle)
    def fails() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()


def test_which_of_the_exceptions_are_meant_can_be_said() -> None:
    world = World()
    world.rotate()

    @refresh_on((LoginFailed, OSError), world.handle, when=lambda error: "password" in str(error))
    def connect(message: str) -> str:
        if message:
            raise OSError(message)
        return world.database.login(world.handle.value)

    with pytest.raises(OSError, match="no route"):
        connect("no route")
    assert len(world.source.asked) == 1
    assert connect("") == "connected"


def test_what_another_thread_has_fetched_meanwhile_counts_as_changed() -> None:
    world = World()
    attempts = rotation(LoginFailed, world.handle)
    attempt = next(attempts)
    world.rotate()
    assert world.handle.get(0.0) == Secret("new")  # another thread was first
    asked = len(world.source.asked)
    with attempt:
        raise LoginFailed
    assert len(world.source.asked) == asked
    assert next(attempts) is not attempt

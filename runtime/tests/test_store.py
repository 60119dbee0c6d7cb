"""One call for everybody, nobody waits at expiry, and an outage is survived for as long as was said."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from runtime.tests.fakes import OUTAGE, REVOKED, SECRET, Clock, Source, store
from stockade_runtime import MissingVariable, NotFetched, Secret, Store
from stockade_runtime._cache import LONGEST_BACKOFF, PATIENCE, Cache


def test_a_value_is_fetched_once_until_it_is_old() -> None:
    clock, source = Clock(), Source()
    keep = store(clock, source)
    first = keep.get_secret("a")
    clock.now += 99.9
    assert keep.get_secret("a") is first
    clock.now += 0.1
    assert keep.get_secret("a") is not first
    assert len(source.asked) == 2


def test_every_option_is_part_of_what_is_kept() -> None:
    clock, source = Clock(), Source()
    keep = store(clock, source)
    for _ in range(2):
        keep.get_secret("a")
        keep.get_secret("a", version_stage="AWSPENDING")
        keep.get_secret("a", version_id="v1")
        keep.get_parameter("a")
    assert source.asked == [("a", None, None), ("a", "AWSPENDING", None), ("a", None, "v1"), "a"]


def test_max_age_is_the_oldest_that_a_caller_takes() -> None:
    clock, source = Clock(), Source()
    keep = store(clock, source)
    keep.get_secret("a")
    clock.now += 10
    keep.get_secret("a", max_age=20)
    assert len(source.asked) == 1
    keep.get_secret("a", max_age=10)
    keep.get_secret("a", max_age=0)
    keep.get_secret("a", max_age=0)
    assert len(source.asked) == 4


def test_a_member_of_the_json_is_taken_out_once() -> None:
    keep = store(Clock(), Source('{"password": "p"}'))
    assert keep.get_secret("a", "password").value == "p"
    assert keep.get_secret("a", "password") is keep.get_secret("a", "password")


@pytest.mark.parametrize("threads", [100, 500])
def test_any_number_of_threads_make_one_call(threads: int) -> None:
    clock, source = Clock(), Source(gate=threading.Event())
    keep = store(clock, source)
    with ThreadPoolExecutor(threads) as pool:
        waiting = [pool.submit(keep.get_secret, "a") for _ in range(threads)]
        while not source.asked:
            time.sleep(0.001)
        assert source.gate is not None
        source.gate.set()
        assert {one.result(20).value for one in waiting} == {SECRET}
    assert len(source.asked) == 1


def test_at_expiry_only_the_one_who_fetches_waits() -> None:
    clock, source = Clock(), Source()
    keep = store(clock, source)
    old = keep.get_secret("a")
    clock.now += 100
    source.gate = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        refresher = pool.submit(keep.get_secret, "a")
        while len(source.asked) < 2:
            time.sleep(0.001)
        assert all(keep.get_secret("a") is old for _ in range(100))  # would hang if it waited
        source.gate.set()
        assert refresher.result(10) is not old
    assert len(source.asked) == 2


def test_shortly_before_expiry_it_is_fetched_in_the_background() -> None:
    clock, source, later = Clock(), Source(), []
    keep = store(clock, source, ahead=0.8, spawn=lambda run, _: later.append(run))
    old = keep.get_secret("a")
    clock.now += 80
    assert keep.get_secret("a") is old
    assert keep.get_secret("a") is old
    assert len(later) == 1 and len(source.asked) == 1  # one is under way, and has not asked yet
    later[0]()
    assert keep.get_secret("a") is not old
    assert len(source.asked) == 2


def test_where_no_thread_can_be_started_it_is_fetched_at_expiry() -> None:
    def refuse(run: object, _: object) -> None:
        raise RuntimeError("can't start new thread")

    clock, source = Clock(), Source()
    keep = store(clock, source, ahead=0.8, spawn=refuse)
    keep.get_secret("a")
    clock.now += 90
    keep.get_secret("a")
    assert len(source.asked) == 1
    clock.now += 10
    keep.get_secret("a")
    assert len(source.asked) == 2


def test_a_background_that_never_returns_does_not_keep_others_from_asking() -> None:
    clock, source = Clock(), Source()
    keep = store(clock, source, ahead=0.8, spawn=lambda run, _: None)  # frozen with its sandbox
    keep.get_secret("a")
    clock.now += 80
    keep.get_secret("a")
    clock.now += PATIENCE
    keep.get_secret("a")
    assert len(source.asked) == 2


def test_an_outage_is_survived_with_the_old_value_for_as_long_as_was_said() -> None:
    clock, source = Clock(), Source()
    keep = store(clock, source)
    old = keep.get_secret("a")
    source.error = OUTAGE
    clock.now += 599
    assert keep.get_secret("a") is old
    clock.now += 1 + LONGEST_BACKOFF
    with pytest.raises(NotFetched, match="ServiceUnavailable"):
        keep.get_secret("a")
    source.error = None
    clock.now += LONGEST_BACKOFF
    assert keep.get_secret("a") is not old


def test_in_an_outage_the_pauses_between_tries_grow() -> None:
    clock, source = Clock(), Source()
    keep = store(clock, source, stale=10_000.0)
    keep.get_secret("a")
    source.error = OUTAGE
    clock.now += 100
    tries = []
    for _ in range(3000):
        before = len(source.asked)
        keep.get_secret("a")
        if len(source.asked) > before:
            tries.append(clock.now)
        clock.now += 0.1
    pauses = [round(b - a, 1) for a, b in zip(tries, tries[1:])]  # noqa: B905, RUF007  # Python 3.9
    assert pauses[:6] == pytest.approx([0.5, 1, 2, 4, 8, 16], abs=0.15)
    assert all(pause == pytest.approx(LONGEST_BACKOFF, abs=0.15) for pause in pauses[6:])


def test_access_that_was_taken_away_is_no_outage() -> None:
    clock, source = Clock(), Source()
    keep = store(clock, source)
    keep.get_secret("a")
    source.error = REVOKED
    clock.now += 100
    with pytest.raises(NotFetched, match="AccessDenied"):
        keep.get_secret("a")
    with pytest.raises(NotFetched, match="AccessDenied"):
        keep.get_secret("a")
    assert len(source.asked) == 2  # the second was not asked: it had just been refused


def test_a_first_failure_is_told_to_all_who_wait() -> None:
    source = Source(error=OUTAGE, gate=threading.Event())
    keep = store(Clock(), source)
    with ThreadPoolExecutor(50) as pool:
        waiting = [pool.submit(keep.get_secret, "a") for _ in range(50)]
        while not source.asked:
            time.sleep(0.001)
        assert source.gate is not None
        source.gate.set()
        errors = [one.exception(20) for one in waiting]
    assert all(isinstance(one, NotFetched) and one.code == "ServiceUnavailable" for one in errors)
    assert len(source.asked) == 1


def test_a_defect_does_not_leave_others_waiting() -> None:
    source = Source(error=ZeroDivisionError("a defect"))
    keep = store(Clock(), source)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            keep.get_secret("a")


def test_memory_is_bounded_by_number_and_by_size() -> None:
    source = Source("x" * 1000)
    keep = store(Clock(), source, limit=10, limit_bytes=5_500)
    for number in range(100):
        keep.get_secret(f"s{number}")
    assert len(keep._cache.entries) == 5
    assert keep.get_secret("s99")
    assert len(source.asked) == 100
    few = store(Clock(), Source("x"), limit=10)
    for number in range(100):
        few.get_secret(f"s{number}")
    assert len(few._cache.entries) == 10


def test_failures_are_bounded_too() -> None:
    keep = store(Clock(), Source(error=OUTAGE), limit=10)
    for number in range(100):
        with pytest.raises(NotFetched):
            keep.get_secret(f"s{number}")
    assert len(keep._cache._failures) == 10


@settings(deadline=None, max_examples=200)
@example([(0.0, "fail"), (0.0, "get"), (0.0, "heal"), (0.0, "get")])
@given(
    st.lists(
        st.tuples(st.floats(0, 200), st.sampled_from(["get", "get", "get", "fail", "heal", "fresh"])),
        max_size=40,
    )
)
def test_no_value_is_older_than_was_said_whatever_happens(steps: list[tuple[float, str]]) -> None:
    clock, source = Clock(), Source()
    keep = store(clock, source, ahead=0.8)
    born: dict[str, float] = {}
    failed = -LONGEST_BACKOFF
    for wait, what in steps:
        clock.now += wait
        if what in ("fail", "heal"):
            source.error = OUTAGE if what == "fail" else None
            continue
        asked = len(source.asked)
        try:
            got = keep.get_secret("a", max_age=0.5 if what == "fresh" else None)
        except NotFetched:
            got = None
        if len(source.asked) > asked and source.error is not None:
            failed = clock.now
        if got is None:  # it fails, or has failed so lately that it is not asked again
            assert source.error is not None or clock.now - failed < LONGEST_BACKOFF
            continue
        if len(source.asked) > asked and source.error is None:
            born[f"v{len(source.asked)}"] = clock.now
        age = clock.now - born[got.version]
        assert age < 0.5 if what == "fresh" else age < 600
        if source.error is None and what == "get" and len(source.asked) == asked and age >= 100:
            assert keep._cache._failures  # the only reason to go on with an old one


def test_the_wall_clock_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source()
    keep = Store(Cache(), source, {})
    first = keep.get_secret("a")
    for now in (0.0, 2e9, -1.0):
        monkeypatch.setattr(time, "time", lambda now=now: now)
        assert keep.get_secret("a") is first


def test_a_clock_that_went_back_keeps_nothing() -> None:
    clock, source = Clock(), Source()
    keep = store(clock, source)
    keep.get_secret("a")
    clock.now = 5.0  # as on another host after a restore
    keep.get_secret("a")
    assert len(source.asked) == 2


def test_what_was_fetched_before_a_snapshot_is_dropped_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    import types

    hooks: list[object] = []
    module = types.ModuleType("snapshot_restore_py")
    module.register_after_restore = hooks.append  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", module)
    source = Source()
    keep = Store(Cache(), source, {"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"})
    keep.get_secret("a")
    (restore,) = hooks
    restore()  # type: ignore[operator]
    keep.get_secret("a")
    assert [one for one in source.asked if one != "reset"] == [("a", None, None)] * 2
    assert "reset" in source.asked


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_child_made_while_a_fetch_was_under_way_is_not_stuck() -> None:
    source = Source(gate=threading.Event())
    keep = store(Clock(), source)
    thread = threading.Thread(target=keep.get_secret, args=("a",))
    thread.start()
    while not source.asked:
        time.sleep(0.001)
    child = os.fork()
    if child == 0:
        source.gate = None
        os._exit(0 if keep.get_secret("a").value == SECRET else 1)
    assert source.gate is not None
    source.gate.set()
    thread.join(10)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_several_are_fetched_together_and_what_is_refused_alone() -> None:
    source = Source()
    keep = store(Clock(), source)
    ids = [f"s{number:02}" for number in range(23)]
    got = keep.get_secrets([*ids, "gone"])
    assert got["s07"].value == "s07-value" and got["gone"].value == SECRET
    assert [len(one) for one in source.asked if isinstance(one[0], str) and len(one) > 3] == [20, 4]  # type: ignore[index, arg-type]
    asked = len(source.asked)
    assert keep.get_secrets(ids)["s07"].value == "s07-value"
    assert len(source.asked) == asked
    assert keep.get_parameters(["p", "q"])["q"].value == "q-value"


def test_the_jitter_keeps_sandboxes_apart() -> None:
    keep = [Cache(ttl=100, jitter=0.1, clock=Clock()) for _ in range(50)]
    lives = {round(one.put("a", Secret("x")).fresh - 1000, 3) for one in keep}
    assert len(lives) > 40 and min(lives) >= 90 and max(lives) <= 100


def test_a_handle_fetches_when_asked_and_shows_its_name_only() -> None:
    source = Source('{"password": "p"}')
    keep = Store(
        Cache(), source, {"DB_SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"}
    )
    handle = keep.secret_from_env("DB_SECRET_ARN")
    assert source.asked == []
    assert handle["password"].value == "p" and handle.json() == {"password": "p"}
    assert handle.binary and handle.get().value
    assert repr(handle["password"]) == "Handle(DB_SECRET_ARN[password])"
    assert keep.secret_from_env("DB_SECRET_ARN", "password").value == "p"
    with pytest.raises(MissingVariable, match=r"`OTHER` is not set; it has to hold the name of a parameter"):
        keep.parameter_from_env("OTHER")


def test_the_background_of_real_threads() -> None:
    source = Source()
    keep = Store(Cache(ttl=0.2, ahead=0.5, jitter=0.0), source, {})
    old = keep.get_secret("a")
    deadline = time.monotonic() + 10
    while keep.get_secret("a") is old and time.monotonic() < deadline:
        time.sleep(0.01)
    assert keep.get_secret("a") is not old

"""Functions under way in one process: never more than there is room for, and everybody gets some in the end."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.fleet.room import Room


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=40), st.integers(1, 40))
def test_never_more_are_under_way_than_there_is_room_for(sizes: list[int], whole: int) -> None:
    room, lock, under_way, seen = Room(whole), threading.Lock(), list[int](), list[list[int]]()

    def work(functions: int) -> int:
        with room.taken() as listed:
            listed(functions)
            with lock:
                under_way.append(functions)
                seen.append(list(under_way))
            time.sleep(0)
            with lock:
                under_way.remove(functions)
        return functions

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, sizes)) == sizes, "everybody came to an end"
    for beside in seen:
        large = [one for one in beside if one * 4 > whole // 4]
        assert sum(large) <= max(1, whole - whole // 4) or sum(one > 0 for one in large) == 1
        assert sum(beside) - sum(large) <= max(1, whole // 4)


def test_a_large_one_is_not_passed_by_those_that_came_after_it() -> None:
    room, order = Room(16), list[str]()
    begun, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with room.taken() as listed:
            listed(6)
            begun.set()
            go_on.wait(30)

    def later(name: str, functions: int) -> None:
        with room.taken() as listed:
            listed(functions)
            order.append(name)

    threads = [threading.Thread(target=first)]
    threads[0].start()
    assert begun.wait(30)
    for place, (name, functions) in enumerate((("large", 12), ("next", 2)), 1):
        threads.append(threading.Thread(target=later, args=(name, functions)))
        threads[-1].start()
        while len(room._large.waiting) < place:
            time.sleep(0.001)
    assert order == [], "there was room for the next one, which is not first"
    go_on.set()
    for one in threads:
        one.join(30)
    assert order == ["large", "next"]


def test_small_ones_go_on_beside_one_that_takes_an_hour() -> None:
    room = Room(16)
    with room.taken() as listed, ThreadPoolExecutor(1) as pool:
        listed(4000)
        done = []

        def small() -> None:
            with room.taken() as also:
                also(1)
                done.append(1)

        for _ in range(20):
            pool.submit(small).result(30)
    assert len(done) == 20
    assert (room._small.left, room._large.left) == (4, 12)


def test_what_fails_before_it_listed_anything_gives_nothing_back() -> None:
    room = Room(3)
    for _ in range(5):
        try:
            with room.taken():
                raise ValueError
        except ValueError:
            pass
    with room.taken() as listed:
        listed(7)
        assert room._large.left == 0
    assert room._large.left == 3

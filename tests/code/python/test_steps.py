"""How the work grows with what there is to read, in runs of functions that are counted and never by a clock."""

from __future__ import annotations

import pytest

from stockade.code.files import Files
from stockade.code.python import analyse
from stockade.code.python.calls import Calls
from stockade.code.python.values import Abstract, Arguments, Function, Site
from stockade.value import Known

HEAD = "import boto3\ns3 = boto3.client('s3')\n"


def runs(text: str) -> tuple[int, int]:
    """How often functions are run for a program, and how many calls of AWS are found in it."""
    count = 0
    body = Calls._body

    def counted(self: Calls, site: Site, function: Function, arguments: Arguments) -> Abstract:
        nonlocal count
        count += 1
        return body(self, site, function, arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Calls, "_body", counted)
        found = analyse(Files.of({"app.py": (HEAD + text).encode()}), "app.handler")
    return count, len(found.calls)


def buckets(text: str) -> set[str]:
    """The buckets that a program's calls name."""
    found = analyse(Files.of({"app.py": (HEAD + text).encode()}), "app.handler")
    return {
        str(value.value) if isinstance(value := call.arguments["Bucket"], Known) else "?"
        for call in found.calls
    }


def test_what_others_fill_makes_no_function_run_again() -> None:
    def program(times: int) -> str:
        calls = "".join(
            f"    kept{i} = {{}}\n    kept{i}['client'] = s3\n    save(name('orders'))\n" for i in range(times)
        )
        return (
            "def name(of):\n    return f'app-{of}'\n"
            "def save(bucket):\n    s3.put_object(Bucket=bucket)\n"
            f"def handler(event, context):\n{calls}"
        )

    assert runs(program(20)) == runs(program(2)) == (3, 1)


def test_objects_that_are_made_alike_are_made_by_one_run() -> None:
    def program(times: int) -> str:
        calls = "".join(f"    Store('orders').save({i})\n" for i in range(times))
        return (
            "class Base:\n    def __init__(self, name):\n        self.name = name\n"
            "class Store(Base):\n"
            "    def __init__(self, name):\n        super().__init__(name)\n        self.client = s3\n"
            "    def save(self, what):\n        self.put()\n"
            "    def put(self):\n        self.client.put_object(Bucket=self.name)\n"
            f"def handler(event, context):\n{calls}"
        )

    (short, _), (long, found) = runs(program(3)), runs(program(13))
    assert found == 1
    assert long - short == 10  # `save`, whose argument is another one each time, and nothing else


def test_a_function_that_is_called_twice_at_every_level_runs_once() -> None:
    def program(depth: int) -> str:
        functions = "".join(
            f"def f{i}(x):\n    made = {{}}\n    made['c'] = s3\n    f{i + 1}(x)\n    return f{i + 1}(x)\n"
            for i in range(depth)
        )
        last = f"def f{depth}(x):\n    return s3.put_object(Bucket='b')\n"
        return f"{functions}{last}def handler(event, context):\n    return f0(event)\n"

    assert runs(program(12)) == (14, 1)


def test_what_changed_in_between_is_seen() -> None:
    text = """
class Store:
    def __init__(self):
        self.bucket = 'first'
    def save(self):
        s3.put_object(Bucket=self.bucket)

def handler(event, context):
    store = Store()
    store.save()
    store.bucket = 'second'
    store.save()
"""
    assert {"first", "second"} <= buckets(text)


def test_a_global_that_changed_in_between_is_seen() -> None:
    text = """
bucket = 'first'
def save():
    s3.put_object(Bucket=bucket)
def choose():
    global bucket
    bucket = 'second'
def handler(event, context):
    save()
    choose()
    save()
"""
    assert buckets(text) == {"first", "second"}


def test_a_variable_around_a_function_that_changed_in_between_is_seen() -> None:
    text = """
def handler(event, context):
    bucket = 'first'
    def save():
        s3.put_object(Bucket=bucket)
    save()
    bucket = 'second'
    save()
"""
    assert buckets(text) == {"first", "second"}


def test_what_is_made_twice_is_two_objects() -> None:
    text = """
def request():
    made = {}
    made['ExpectedBucketOwner'] = '1'
    return made

def handler(event, context):
    one = request()
    one['Bucket'] = 'one'
    s3.put_object(**one)
    other = request()
    other['Bucket'] = 'other'
    s3.get_object(**other)
"""
    assert buckets(text) == {"one", "other"}


def test_what_a_function_fills_is_filled_each_time() -> None:
    text = """
def named(request):
    request['Bucket'] = 'named'

def handler(event, context):
    one, other = {'Key': 'k'}, {'Key': 'k'}
    named(one)
    named(other)
    s3.get_object(**one)
    s3.put_object(**other)
"""
    assert buckets(text) == {"named"}


def test_what_is_given_back_is_what_was_handed_over() -> None:
    text = """
def checked(request):
    return request

def handler(event, context):
    one, other = {'Key': 'k'}, {'Key': 'k'}
    checked(one)['Bucket'] = 'one'
    checked(other)['Bucket'] = 'other'
    s3.get_object(**one)
    s3.put_object(**other)
"""
    assert buckets(text) == {"one", "other"}


def test_one_object_of_a_cached_function_is_one() -> None:
    text = """
from functools import lru_cache

class Store:
    def __init__(self):
        self.bucket = None

@lru_cache
def store():
    return Store()

def handler(event, context):
    store().bucket = 'set'
    s3.put_object(Bucket=store().bucket)
"""
    assert "set" in buckets(text)


def test_the_table_of_a_call_that_is_made_in_many_ways_is_kept() -> None:
    saves = "".join(f"    save('{i}')\n" for i in range(40))
    text = f"def save(key):\n    s3.put_object(Bucket='orders', Key=key)\ndef handler(event, context):\n{saves}"
    assert buckets(text) == {"orders"}

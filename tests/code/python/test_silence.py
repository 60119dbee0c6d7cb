"""Nothing is dropped silently: whatever a client goes through, its call is found or something is told.

A client is carried through one construct of the language or of its library after the other, in any order, and
then called in one of many ways. Either the operation is found, or it is told what was not followed.
"""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.code.files import Files
from stockade.code.python import analyse

BEFORE: Final = """
import abc, asyncio, atexit, boto3, collections, concurrent.futures, contextlib, contextvars, copy, dataclasses
import functools, heapq, importlib, itertools, operator, queue, threading, types, typing, weakref
import tenacity, wrapt, cachetools, unheard_of

class Holder:
    def __init__(self, c=None):
        self.c = c

    @property
    def same(self):
        return self.c

    @classmethod
    def of(cls, c):
        return cls(c)

    def __enter__(self):
        return self.c

    def __exit__(self, *_):
        pass

    async def __aenter__(self):
        return self.c

    async def __aexit__(self, *_):
        pass

    def __call__(self):
        return self.c

    def __getitem__(self, key):
        return self.c

    def __iter__(self):
        yield self.c

class Slots:
    __slots__ = ("c",)

    def __init__(self, c):
        object.__setattr__(self, "c", c)

class Shell:
    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        return getattr(self._inner, name)

class Wrapped(wrapt.ObjectProxy):
    pass

class Described:
    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, owner, kind=None):
        return owner.kept

class Owner:
    c = Described()

    def __init__(self, c):
        self.kept = c

class Base(abc.ABC):
    @abc.abstractmethod
    def get(self): ...

class Derived(Base):
    def __init__(self, c):
        self.c = c

    def get(self):
        return self.c

@dataclasses.dataclass
class Record:
    c: typing.Any = None
    more: list = dataclasses.field(default_factory=list)

class Named(typing.NamedTuple):
    c: typing.Any

Pair = collections.namedtuple("Pair", "c d")
variable = contextvars.ContextVar("variable")
local = threading.local()
line = queue.Queue()
registry = {}

def same(c):
    return c

def by_name(*, c):
    return c

def anything(*args, **kwargs):
    return args[0] if args else kwargs["c"]

def generator(c):
    yield c

def delegating(c):
    yield from generator(c)

def outer(c):
    def inner():
        return c
    return inner

def twice(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper

@twice
def decorated(c):
    return c

@functools.lru_cache(maxsize=None)
def cached(c):
    return c

@contextlib.contextmanager
def context(c):
    yield c

async def coroutine(c):
    return c

async def stream(c):
    yield c

async def collected(c):
    return [one async for one in stream(c)][0]

async def entered(c):
    async with Holder(c) as found:
        return found

def put(c):
    line.put(c)
    return line.get()

def noted(c):
    registry["c"] = c
    return registry["c"]

def kept(c):
    local.c = c
    return local.c

def held(c):
    variable.set(c)
    return variable.get()

def matched(c):
    match {"c": c}:
        case {"c": found}:
            return found

def tried(c):
    try:
        raise KeyError
    except KeyError:
        return c

def finally_(c):
    found = None
    try:
        pass
    finally:
        found = c
    return found

def swapped(c):
    a, b = None, c
    a, b = b, a
    return a

def looped(c):
    found = None
    while found is None:
        found = c
    return found

def by_default(_, c=boto3.client("s3")):
    return c
"""

CARRIERS: Final = (
    "same({e})",
    "by_name(c={e})",
    "by_name(**{{'c': {e}}})",
    "anything({e})",
    "anything(c={e})",
    "anything(*[{e}])",
    "(lambda x: x)({e})",
    "{{'k': {e}}}['k']",
    "{{'k': {e}}}.get('k')",
    "{{'k': {e}}}.pop('k')",
    "{{}}.setdefault('k', {e})",
    "list({{'k': {e}}}.values())[0]",
    "list({{'k': {e}}}.items())[0][1]",
    "{{**{{'k': {e}}}}}['k']",
    "({{}} | {{'k': {e}}})['k']",
    "dict(k={e})['k']",
    "dict([('k', {e})])['k']",
    "dict(zip(['k'], [{e}]))['k']",
    "dict.fromkeys(['k'], {e})['k']",
    "{{k: v for k, v in [('k', {e})]}}['k']",
    "types.MappingProxyType({{'k': {e}}})['k']",
    "collections.ChainMap({{'k': {e}}})['k']",
    "collections.OrderedDict(k={e})['k']",
    "collections.defaultdict(lambda: {e})['x']",
    "collections.UserDict(k={e})['k']",
    "operator.itemgetter('k')({{'k': {e}}})",
    "operator.attrgetter('c')(Holder({e}))",
    "[{e}][0]",
    "[{e}][-1]",
    "[None, {e}][1:][0]",
    "[*[{e}]][0]",
    "({e},)[0]",
    "[c for c in [{e}]][0]",
    "[c for c in [{e}] if c][0]",
    "next(c for c in [{e}])",
    "next(iter([{e}]))",
    "next(iter({{'k': {e}}}.values()), None)",
    "list(map(lambda c: c, [{e}]))[0]",
    "list(map(same, [{e}]))[0]",
    "list(filter(None, [{e}]))[0]",
    "sorted([{e}], key=id)[0]",
    "max([{e}], key=id)",
    "min({e}, None, key=id)",
    "list(reversed([{e}]))[0]",
    "set([{e}]).pop()",
    "list(enumerate([{e}]))[0][1]",
    "list(zip([{e}], [1]))[0][0]",
    "list(itertools.chain([{e}]))[0]",
    "list(itertools.chain.from_iterable([[{e}]]))[0]",
    "next(itertools.cycle([{e}]))",
    "list(itertools.islice([{e}], 1))[0]",
    "list(itertools.repeat({e}, 1))[0]",
    "list(itertools.starmap(same, [({e},)]))[0]",
    "list(itertools.product([{e}], [1]))[0][0]",
    "heapq.nlargest(1, [{e}], key=id)[0]",
    "collections.deque([{e}]).popleft()",
    "functools.partial(lambda a, b: a, {e})(1)",
    "functools.partial(same, c={e})()",
    "functools.reduce(lambda a, b: a, [{e}, 1])",
    "functools.reduce(lambda a, b: a, [1], {e})",
    "functools.partialmethod(same, {e}).args[0]",
    "copy.copy({e})",
    "copy.deepcopy([{e}])[0]",
    "weakref.proxy({e})",
    "weakref.ref({e})()",
    "typing.cast(object, {e})",
    "Holder({e}).c",
    "Holder({e}).same",
    "Holder.of({e}).c",
    "Holder({e})()",
    "Holder({e})['x']",
    "list(Holder({e}))[0]",
    "[*Holder({e})][0]",
    "Slots({e}).c",
    "Shell({e})",
    "Wrapped({e})",
    "Owner({e}).c",
    "Derived({e}).get()",
    "Record({e}).c",
    "Record(c={e}).c",
    "dataclasses.replace(Record(), c={e}).c",
    "dataclasses.asdict(Record({e}))['c']",
    "Named({e}).c",
    "Named({e})[0]",
    "Pair({e}, 1).c",
    "Pair({e}, 1)._replace(d=2).c",
    "getattr(Holder({e}), 'c')",
    "getattr(Holder({e}), 'd', {e})",
    "vars(Holder({e}))['c']",
    "Holder({e}).__dict__['c']",
    "type('Made', (), {{'c': {e}}}).c",
    "type('Made', (), {{'c': {e}}})().c",
    "types.SimpleNamespace(c={e}).c",
    "contextlib.ExitStack().enter_context(context({e}))",
    "contextlib.nullcontext({e}).__enter__()",
    "contextlib.closing({e}).__enter__()",
    "context({e}).__enter__()",
    "Holder({e}).__enter__()",
    "next(generator({e}))",
    "list(generator({e}))[0]",
    "list(delegating({e}))[0]",
    "generator({e}).send(None)",
    "outer({e})()",
    "decorated({e})",
    "twice(same)({e})",
    "cached({e})",
    "tenacity.retry(same)({e})",
    "cachetools.cached({{}})(same)({e})",
    "unheard_of.wrap(same)({e})",
    "unheard_of.identity({e})",
    "asyncio.run(coroutine({e}))",
    "asyncio.run(collected({e}))",
    "asyncio.run(entered({e}))",
    "asyncio.get_event_loop().run_until_complete(coroutine({e}))",
    "concurrent.futures.ThreadPoolExecutor().submit(same, {e}).result()",
    "list(concurrent.futures.ThreadPoolExecutor().map(same, [{e}]))[0]",
    "put({e})",
    "noted({e})",
    "kept({e})",
    "held({e})",
    "matched({e})",
    "tried({e})",
    "finally_({e})",
    "swapped({e})",
    "looped({e})",
    "globals().setdefault('g', {e})",
    "({e} or None)",
    "(None or {e})",
    "(1 and {e})",
    "({e} if registry else None)",
    "(x := {e})",
    "eval('c', {{'c': {e}}})",
    "by_default({e})",
)

CALLS: Final = (
    "{e}.delete_bucket(Bucket='b')",
    "getattr({e}, 'delete_bucket')(Bucket='b')",
    "getattr({e}, 'delete_' + 'bucket')(Bucket='b')",
    "getattr({e}, event['method'])(Bucket='b')",
    "{e}.__getattribute__('delete_bucket')(Bucket='b')",
    "type({e}).delete_bucket({e}, Bucket='b')",
    "{e}.brand_new_operation(Bucket='b')",
    "{e}._make_api_call('DeleteBucket', {{'Bucket': 'b'}})",
    "{e}.meta.client.delete_bucket(Bucket='b')",
    "same({e}.delete_bucket)(Bucket='b')",
    "{{'x': {e}.delete_bucket}}['x'](Bucket='b')",
    "{{'x': {e}.delete_bucket}}[event['x']](Bucket='b')",
    "[f(Bucket='b') for f in [{e}.delete_bucket]]",
    "list(map(lambda n: {e}.delete_bucket(Bucket=n), ['b']))",
    "any({e}.delete_bucket(Bucket=n) for n in event['names'])",
    "functools.partial({e}.delete_bucket, Bucket='b')()",
    "operator.methodcaller('delete_bucket', Bucket='b')({e})",
    "asyncio.run(asyncio.to_thread({e}.delete_bucket, Bucket='b'))",
    "asyncio.get_event_loop().run_in_executor(None, functools.partial({e}.delete_bucket, Bucket='b'))",
    "asyncio.get_event_loop().call_soon({e}.delete_bucket)",
    "concurrent.futures.ThreadPoolExecutor().submit({e}.delete_bucket, Bucket='b')",
    "threading.Thread(target={e}.delete_bucket, kwargs={{'Bucket': 'b'}}).start()",
    "threading.Timer(1, {e}.delete_bucket).start()",
    "atexit.register({e}.delete_bucket, Bucket='b')",
    "contextlib.ExitStack().callback({e}.delete_bucket, Bucket='b')",
    "weakref.finalize(same, {e}.delete_bucket, Bucket='b')",
    "tenacity.retry({e}.delete_bucket)(Bucket='b')",
    "tenacity.Retrying()({e}.delete_bucket, Bucket='b')",
    "unheard_of.call({e}.delete_bucket, Bucket='b')",
    "unheard_of.call(lambda: {e}.delete_bucket(Bucket='b'))",
    "eval('c.delete_bucket(Bucket=1)', {{'c': {e}}})",
    "exec('c.delete_bucket(Bucket=1)', {{'c': {e}}})",
    "sorted(['b'], key=lambda n: {e}.delete_bucket(Bucket=n))",
    "(lambda: {e}.delete_bucket(Bucket='b'))()",
    "f\"{{{e}.delete_bucket(Bucket='b')}}\"",
    "[0][{e}.delete_bucket(Bucket='b') is None:]",
    "assert_({e}.delete_bucket(Bucket='b'))",
)


def silent(carriers: tuple[str, ...], call: str) -> str:
    """The program if nothing is found and nothing is told of it, else nothing."""
    expression = "boto3.client('s3')"
    for one in carriers:
        expression = one.format(e=expression)
    body = f"    client = {expression}\n    return {call.format(e='client')}\n"
    text = f"{BEFORE}\n\ndef handler(event, context):\n{body}"
    found = analyse(Files.of({"app.py": text.encode()}), "app.handler")
    calls = [one for one in found.calls if one.operation == "DeleteBucket" and one.reached]
    told = [one for one in found.unfollowed if one.reached and one.what not in NOISE]
    return "" if calls or told else text.rpartition("\n\n")[2]


NOISE: Final = ("`unheard_of`",)
"""What is told of every one of these programs, and says nothing of the client."""


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_client_is_not_lost(carrier: str) -> None:
    assert not silent((carrier,), CALLS[0])


@pytest.mark.parametrize("call", CALLS)
def test_a_call_is_not_lost(call: str) -> None:
    assert not silent((), call)


ALONE: Final = frozenset(("unheard_of.identity({e})",))
"""What is told by its package's name and no more, so that what got lost before stays lost behind it."""

NAMED: Final = tuple(one for one in CALLS if "brand_new" not in one and "__getattribute__" not in one)
"""Calls that say which operation they are: of a client that got lost nothing else can be known."""


@given(
    st.lists(st.sampled_from([one for one in CARRIERS if one not in ALONE]), min_size=2, max_size=4).map(tuple),
    st.sampled_from(NAMED),
)
def test_no_way_of_a_client_loses_it(carriers: tuple[str, ...], call: str) -> None:
    assert not silent(carriers, call)

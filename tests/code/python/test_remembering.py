"""A function that ran is run again once anything that it sees is something else, however that came about.

Every program calls `act()` or its like, changes what it sees, and calls it again: both operations have to be
found. `READ` and `WRITE` are bound methods of a client, so that only what is seen decides which one it is.
"""

from __future__ import annotations

import pytest

from stockade.code.files import Files
from stockade.code.python import analyse

HEAD = "import boto3\ns3 = boto3.client('s3')\nREAD, WRITE = s3.get_object, s3.put_object\n"

GLOBAL = """
op = READ
def act(): op(Bucket='b')
def turn():
    global op
    op = WRITE
def handler(event, context):
    act()
    turn()
    act()
"""

WAYS = {
    "a global": GLOBAL,
    "a global, far below": GLOBAL.replace("def handler", "def outer(): act()\ndef handler").replace(
        "    act()\n", "    outer()\n"
    ),
    "a global in a branch of the module": """
import os
def act(): op(Bucket='b')
if os.environ['STAGE'] == 'prod':
    op = READ
    act()
else:
    op = WRITE
    act()
def handler(event, context): pass
""",
    "a global while the module is read": """
op = READ
def act(): op(Bucket='b')
act()
op = WRITE
act()
def handler(event, context): pass
""",
    "an attribute": """
class Store:
    def __init__(self): self.op = READ
    def act(self): self.op(Bucket='b')
def handler(event, context):
    store = Store()
    store.act()
    store.op = WRITE
    store.act()
""",
    "an attribute by setattr": """
class Store:
    def __init__(self): self.op = READ
    def act(self): self.op(Bucket='b')
def handler(event, context):
    store = Store()
    store.act()
    setattr(store, 'op', WRITE)
    store.act()
""",
    "an attribute of what it is handed": """
class Config: pass
def act(config): config.op(Bucket='b')
def handler(event, context):
    config = Config()
    config.op = READ
    act(config)
    config.op = WRITE
    act(config)
""",
    "an attribute of an object in an object": """
class Config: pass
class Store:
    def __init__(self, config): self.config = config
    def act(self): self.config.op(Bucket='b')
def handler(event, context):
    config = Config()
    config.op = READ
    store = Store(config)
    store.act()
    config.op = WRITE
    store.act()
""",
    "an attribute by a property's setter": """
class Store:
    def __init__(self): self._op = READ
    @property
    def op(self): return self._op
    @op.setter
    def op(self, value): self._op = value
    def act(self): self.op(Bucket='b')
def handler(event, context):
    store = Store()
    store.act()
    store.op = WRITE
    store.act()
""",
    "an entry of a dictionary": """
def act(ops): ops['x'](Bucket='b')
def handler(event, context):
    ops = {'x': READ}
    act(ops)
    ops['x'] = WRITE
    act(ops)
""",
    "an entry by update": """
def act(ops):
    for op in ops.values(): op(Bucket='b')
def handler(event, context):
    ops = {'x': READ}
    act(ops)
    ops.update({'y': WRITE})
    act(ops)
""",
    "an entry by update with a name": """
def act(ops):
    for op in ops.values(): op(Bucket='b')
def handler(event, context):
    ops = {'x': READ}
    act(ops)
    ops.update(y=WRITE)
    act(ops)
""",
    "an entry by setdefault": """
def act(ops):
    for op in ops.values(): op(Bucket='b')
def handler(event, context):
    ops = {'x': READ}
    act(ops)
    ops.setdefault('y', WRITE)
    act(ops)
""",
    "an entry by |=": """
def act(ops):
    for op in ops.values(): op(Bucket='b')
def handler(event, context):
    ops = {'x': READ}
    act(ops)
    ops |= {'y': WRITE}
    act(ops)
""",
    "an entry of a global dictionary": """
ops = {'x': READ}
def act():
    for op in ops.values(): op(Bucket='b')
def handler(event, context):
    act()
    ops['y'] = WRITE
    act()
""",
    "an entry of a nested dictionary": """
def act(ops): ops['a']['b']['x'](Bucket='b')
def handler(event, context):
    inner = {'x': READ}
    ops = {'a': {'b': inner}}
    act(ops)
    inner['x'] = WRITE
    act(ops)
""",
    "an element of a list": """
def act(ops):
    for op in ops: op(Bucket='b')
def handler(event, context):
    ops = [READ]
    act(ops)
    ops.append(WRITE)
    act(ops)
""",
    "elements by extend": """
def act(ops):
    for op in ops: op(Bucket='b')
def handler(event, context):
    ops = [READ]
    act(ops)
    ops.extend([WRITE])
    act(ops)
""",
    "elements by +=": """
def act(ops):
    for op in ops: op(Bucket='b')
def handler(event, context):
    ops = [READ]
    act(ops)
    ops += [WRITE]
    act(ops)
""",
    "an element of a list in a list": """
def act(ops):
    for inner in ops:
        for op in inner: op(Bucket='b')
def handler(event, context):
    inner = [READ]
    ops = [[inner][0]]
    act(ops)
    inner.append(WRITE)
    act(ops)
""",
    "a name around it": """
def handler(event, context):
    op = READ
    def act(): op(Bucket='b')
    act()
    op = WRITE
    act()
""",
    "a name around what it calls": """
def handler(event, context):
    op = READ
    def inner(): op(Bucket='b')
    def act(): inner()
    act()
    op = WRITE
    act()
""",
    "a name around a function that it is handed": """
def act(callback): callback()
def handler(event, context):
    op = READ
    def callback(): op(Bucket='b')
    act(callback)
    op = WRITE
    act(callback)
""",
    "a name around a lambda": """
def handler(event, context):
    op = READ
    act = lambda: op(Bucket='b')
    act()
    op = WRITE
    act()
""",
    "a name around the method of a class": """
def handler(event, context):
    op = READ
    class Store:
        def act(self): op(Bucket='b')
    store = Store()
    store.act()
    op = WRITE
    store.act()
""",
    "a name around it, by nonlocal": """
def handler(event, context):
    op = READ
    def act(): op(Bucket='b')
    def turn():
        nonlocal op
        op = WRITE
    act()
    turn()
    act()
""",
    "a name around it, in another branch": """
def handler(event, context):
    def inner(): op(Bucket='b')
    def act(): inner()
    if event['x']:
        op = READ
        act()
    else:
        op = WRITE
        act()
""",
    "a name around it, which an error changes": """
def handler(event, context):
    def inner(): op(Bucket='b')
    def act(): inner()
    try:
        op = READ
        act()
    except ValueError:
        op = WRITE
        act()
""",
    "what a name around it holds": """
def handler(event, context):
    ops = {'x': READ}
    def act():
        for op in ops.values(): op(Bucket='b')
    act()
    ops['y'] = WRITE
    act()
""",
    "a loop's name around it": """
def handler(event, context):
    def act(): inner()
    def inner(): op(Bucket='b')
    for op in (READ, WRITE):
        act()
""",
    "an attribute of a class": """
class Store:
    op = READ
def act(): Store.op(Bucket='b')
def handler(event, context):
    act()
    Store.op = WRITE
    act()
""",
    "what an attribute of a class holds": """
def handler(event, context):
    class Store:
        ops = {'x': READ}
        def act(self):
            for op in Store.ops.values(): op(Bucket='b')
    store = Store()
    store.act()
    Store.ops['y'] = WRITE
    store.act()
""",
    "the list of a default": """
def act(more=None, ops=[READ]):
    if more: ops.append(more)
    for op in ops: op(Bucket='b')
def handler(event, context):
    act()
    act(WRITE)
    act()
""",
    "the dictionary of a default of a local function": """
def handler(event, context):
    ops = {'x': READ}
    def act(ops=ops):
        for op in ops.values(): op(Bucket='b')
    act()
    ops['y'] = WRITE
    act()
""",
    "an attribute of a function": """
def act(): act.op(Bucket='b')
def handler(event, context):
    act.op = READ
    act()
    act.op = WRITE
    act()
""",
    "an attribute of a namespace": """
from types import SimpleNamespace
def act(ops): ops.op(Bucket='b')
def handler(event, context):
    ops = SimpleNamespace(op=READ)
    act(ops)
    ops.op = WRITE
    act(ops)
""",
    "what a namespace holds": """
from types import SimpleNamespace
def act(space):
    for op in space.ops.values(): op(Bucket='b')
def handler(event, context):
    space = SimpleNamespace(ops={'x': READ})
    act(space)
    space.ops['y'] = WRITE
    act(space)
""",
    "what a bound method's object holds": """
class Store:
    def __init__(self): self.op = READ
    def run(self): self.op(Bucket='b')
def act(callback): callback()
def handler(event, context):
    store = Store()
    callback = store.run
    act(callback)
    store.op = WRITE
    act(callback)
""",
    "what a partial call holds": """
from functools import partial
def run(ops):
    for op in ops: op(Bucket='b')
def act(callback): callback()
def handler(event, context):
    ops = [READ]
    callback = partial(run, ops)
    act(callback)
    ops.append(WRITE)
    act(callback)
""",
    "what a method of a list that is handed over belongs to": """
def act(take):
    take()(Bucket='b')
def handler(event, context):
    ops = [READ]
    take = ops.pop
    act(take)
    ops.append(WRITE)
    act(take)
""",
    "classes that inherit": """
class Base: pass
class First(Base):
    def go(self): READ(Bucket='b')
def act():
    for one in Base.__subclasses__(): one().go()
def handler(event, context):
    act()
    class Second(Base):
        def go(self): WRITE(Bucket='b')
    act()
""",
    "what it gives": """
def act(ops): return ops['x']
def handler(event, context):
    ops = {'x': READ}
    act(ops)(Bucket='b')
    ops['x'] = WRITE
    act(ops)(Bucket='b')
""",
    "what another made alike is given": """
class Store:
    def __init__(self): self.op = READ
    def act(self): self.op(Bucket='b')
def made(): return Store()
def handler(event, context):
    one, other = made(), made()
    one.act()
    other.op = WRITE
    other.act()
""",
    "another object that is handed to somebody": """
import threading
class Store:
    def __init__(self):
        self.op = READ
        threading.Thread(target=self.run).start()
    def run(self): self.op(Bucket='b')
def handler(event, context):
    one, other = Store(), Store()
    other.op = WRITE
""",
}


def operations(files: dict[str, str]) -> set[str]:
    found = analyse(Files.of({name: text.encode() for name, text in files.items()}), "app.handler")
    return {call.operation for call in found.calls}


@pytest.mark.parametrize("way", WAYS)
def test_both_operations_are_found(way: str) -> None:
    assert operations({"app.py": HEAD + WAYS[way]}) == {"GetObject", "PutObject"}


@pytest.mark.parametrize(
    "change", ["store.op = s3.put_object", "store.turn()", "setattr(store, 'op', s3.put_object)"]
)
def test_a_name_of_another_module(change: str) -> None:
    store = (
        "import boto3\nop = boto3.client('s3').get_object\n"
        "def act(): op(Bucket='b')\n"
        "def turn():\n    global op\n    op = boto3.client('s3').put_object\n"
    )
    app = (
        "import boto3\nimport store\ns3 = boto3.client('s3')\n"
        f"def handler(event, context):\n    store.act()\n    {change}\n    store.act()\n"
    )
    assert operations({"app.py": app, "store.py": store}) == {"GetObject", "PutObject"}

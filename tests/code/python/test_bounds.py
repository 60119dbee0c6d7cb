"""Source that is made to cost much, or to break the reader: it ends, and what was left out is told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.code.facts import Source
from stockade.code.files import Files
from stockade.code.python import analyse, machine

CALL = "\nimport boto3\n\ndef handler(event, context):\n    boto3.client('sqs').list_queues()\n"
NASTY = {
    "texts that double": "s = 'x'\n" + "s = s + s\n" * 60,
    "texts that double in formats": "s = 'x'\n" + "s = f'{s}{s}'\n" * 60,
    "lists that double": "a = [1]\n" + "a = a + a\n" * 60,
    "lists in lists": "a = [1]\n" + "a = [a] + [a] * 3\na = [a, a, a, a, a, a, a, a]\n" * 20,
    "nested texts": "import os\ns = os.environ['S']\n" + "s = s + '-' + s\n" * 40,
    "numbers that are long": f"n = {'9' * 4000}\ns = str(n) + str(0x{'f' * 9000})\n",
    "codecs": "s = 'x'.encode('no-such-codec') + '%d' % 'x' + '{'.format()\n",
    "calls that call twice": "".join(
        f"def f{n}(x):\n    f{n + 1}(x + 1)\n    f{n + 1}(x + 2)\n" for n in range(40)
    )
    + "def f40(x):\n    return x\nf0(1)\n",
    "nested loops": "".join(f"{' ' * n}for x{n} in y:\n" for n in range(18)) + f"{' ' * 18}z = z + 1\n",
    "nothing taken apart": "() = []\n[] = ()\nfor () in []: pass\n",
    "recursive values": "d = {}\nd['d'] = d\na = [d]\na.append(a)\n\nclass C:\n    pass\n\nc = C()\nc.c = c\n",
    "circular classes": "class A:\n    x: 'A'\n    def __getattr__(self, n):\n        return self\n\nA().b.c\n",
    "decorators of themselves": "def d(f):\n    return d(d(f))\n\n@d\ndef g():\n    pass\n",
    "a cycle of bases": "class A: pass\nclass B(A): pass\nA.__bases__ = (B,)\nB().x\n",
}


def _analyse(text: str) -> Source:
    return analyse(Files.of({"app.py": text.encode()}), "app.handler")


@pytest.mark.parametrize("name", NASTY)
def test_it_ends_and_the_handler_is_read(name: str) -> None:
    source = _analyse(NASTY[name] + CALL)
    assert [call.operation for call in source.calls if call.reached] == ["ListQueues"]


def test_deep_nesting_stops_nothing_else() -> None:
    deep = "if a:\n    pass\n" + "elif b:\n    pass\n" * 600
    source = _analyse(CALL + deep)
    assert [call.operation for call in source.calls if call.reached] == ["ListQueues"]
    assert all(_analyse(text).unfollowed for text in ("(" * 5000, "\0", "x = " + "-" * 4000 + "1"))


@pytest.mark.parametrize("call", ["TABLE[event['x']]()", "for n, f in ROWS: f()", "MORE[event['x']]['f']()"])
def test_what_is_one_of_too_many_is_told(call: str) -> None:
    numbers = range(60)
    text = "".join(f"def f{n}(): pass\n" for n in numbers)
    text += "TABLE = {" + ",".join(f"'{n}': f{n}" for n in numbers) + "}\n"
    text += "ROWS = [" + ",".join(f"('{n}', f{n})" for n in numbers) + "]\n"
    text += "MORE = {" + ",".join(f"'{n}': {{'f': f{n}}}" for n in numbers) + "}\n"
    source = _analyse(text + CALL + f"    {call}\n")
    assert [one.reached for one in source.unfollowed if "so many" in one.reason] == [True]


def test_running_out_of_steps_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "STEPS", 20)
    source = _analyse(CALL + "x = 1\n" * 30)
    assert source.handler is None and all(call.reached for call in source.calls)
    assert [one.reached for one in source.unfollowed if "more steps" in one.reason] == [True]


def test_places_are_bytes_whatever_the_encoding() -> None:
    text = (
        "\ufeffimport boto3\r\n# é\r\ndef handler(event, context):\r\n    boto3.client('sqs').list_queues()\r\n"
    )
    source = analyse(Files.of({"app.py": text.encode()}), "app.handler")
    (call,) = source.calls
    assert call.origin.span.raw == b"boto3.client('sqs').list_queues()"
    assert call.origin.span.line == 4
    (name,) = source.environment.values() if source.environment else (None,)
    assert name is None


_PIECES = st.sampled_from(
    [
        "c = boto3.client('s3')",
        "c.get_object(Bucket=b)",
        "b = os.environ['B']",
        "x = [c, b]",
        "x[0].list_buckets()",
        "for y in x: y.list_buckets()",
        "def f(*a, **k): return a[0]",
        "f(c).list_buckets()",
        "class K: c = c",
        "K().c.x",
        "d = {'c': c}",
        "d[b].list_buckets()",
        "lambda: c",
        "with c as e: e.close()",
        "try: c\nexcept E as q: q",
        "b += b",
        "c, *x = x",
        "del b",
        "global b",
        "x = yield_ = (i for i in x)",
        "print(f'{b}{c}')",
        "K.c = b",
        "if c: b = c\nelse: c = b",
        "while b: break",
        "match b:\n    case [p, *_]: p",
        "r = getattr(c, b, d)(**d)",
        "import os, boto3",
        "from app import *",
        "a = functools.partial(f, c)",
        "b = '%s' % (b, c)",
        "setattr(K, 'x', c)",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_PIECES, min_size=1, max_size=25), st.lists(_PIECES, max_size=25))
def test_nothing_that_can_be_written_breaks_it(top: list[str], body: list[str]) -> None:
    inside = "\n".join("    " + line for piece in [*body, "pass"] for line in piece.split("\n"))
    text = "import os, boto3, functools\n" + "\n".join(top) + "\ndef handler(event, context):\n" + inside + "\n"
    source = _analyse(text)
    assert source.handler is not None or source.unfollowed
    again = _analyse(text)
    assert [(one.service, one.operation, str(one.origin.span)) for one in source.calls] == [
        (one.service, one.operation, str(one.origin.span)) for one in again.calls
    ]


def test_files_of_other_functions_are_noted_and_not_read() -> None:
    files = Files.of({"app.py": CALL.encode(), "other.py": CALL.encode(), "test_app.py": b"", "README.md": b""})
    source = analyse(files, "app.handler")
    assert source.files == ("app.py",)
    assert [(note.what, note.reason) for note in source.notes] == [
        ("1 other file", "the handler does not import what is in there")
    ]
    assert len(analyse(files, "other.handler").calls) == 1


def test_the_way_from_the_handler_is_told() -> None:
    text = "import boto3\ndef handler(e, c): a()\ndef a(): b(1)\ndef b(x): boto3.client('s3').list_buckets()\n"
    (call,) = _analyse(text).calls
    assert [span.raw for span in call.way] == [b"a()", b"b(1)"]

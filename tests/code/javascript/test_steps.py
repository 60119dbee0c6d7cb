"""How the work grows with what there is to read, in steps that are counted and never by a clock."""

from __future__ import annotations

import pytest

from stockade.code.files import Files
from stockade.code.javascript import analyse
from stockade.code.javascript.loading import Loading
from stockade.code.javascript.shapes import Shapes
from stockade.code.javascript.tree import Node
from stockade.code.javascript.values import Frame, Values
from stockade.value import Known


def looks(members: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many values are looked at where an object with so many members goes from call to call."""
    count = 0
    of = Shapes.of

    def counted(self: Shapes, values: Values, depth: int) -> object:
        nonlocal count
        count += 1
        return of(self, values, depth)

    listed = "".join(f"m{i}: {i}, " for i in range(members))
    calls = "".join(f"  step({i}, options);\n" for i in range(60))
    text = (
        f"const options = {{{listed} deep: {{a: {{b: {{c: {{d: 1}}}}}}}}}};\n"
        "function step(i, options) { return i; }\n"
        f"exports.handler = async () => {{\n{calls}}};\n"
    )
    with monkeypatch.context() as patch:
        patch.setattr(Shapes, "of", counted)
        analyse(Files.of({"app.js": text.encode()}), "app.handler")
    return count


def test_a_large_object_is_not_gone_through_at_every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looks(200, monkeypatch) < 2 * looks(50, monkeypatch)


def test_callbacks_in_callbacks_cost_their_number() -> None:
    def steps(depth: int) -> int:
        body = "done();"
        for i in range(depth):
            body = (
                f"lib.run(key, function (error{i}, data{i}) {{ if (error{i}) {{ return done(); }} {body} }});"
            )
        text = f"const lib = require('lib');\nexports.handler = (key, context, done) => {{ {body} }};\n"
        count = 0
        execute = Loading.execute

        def counted(self: Loading, node: Node, frame: Frame) -> bool:
            nonlocal count
            count += 1
            return execute(self, node, frame)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Loading, "execute", counted)
            analyse(Files.of({"app.js": text.encode()}), "app.handler")
        return count

    assert steps(16) < 2.5 * steps(8)


def steps(text: str) -> tuple[int, int]:
    """How many statements are run for a program, and how many calls of AWS are found in it."""
    count = 0
    execute = Loading.execute

    def counted(self: Loading, node: Node, frame: Frame) -> bool:
        nonlocal count
        count += 1
        return execute(self, node, frame)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Loading, "execute", counted)
        found = analyse(Files.of({"app.js": text.encode()}), "app.handler")
    return count, len(found.calls)


HEAD = "const AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\nconst lib = require('lib');\n"


def test_a_function_that_is_called_twice_at_every_level_runs_once() -> None:
    def chain(depth: int) -> str:
        functions = "".join(f"function f{i}(x) {{ f{i + 1}(x); return f{i + 1}(x); }}\n" for i in range(depth))
        last = f"function f{depth}(x) {{ return s3.putObject({{Bucket: 'b'}}); }}\n"
        return f"{HEAD}{functions}{last}exports.handler = async (event) => f0(event);\n"

    (short, _), (long, found) = steps(chain(6)), steps(chain(12))
    assert found == 1
    assert long - short == 6 * 3  # the declaration, the statement and the return of each function, and no more


def test_callbacks_that_a_function_of_the_program_calls_twice_cost_their_number() -> None:
    def nested(depth: int) -> str:
        """Each level is called with an error and with data, as Node's callbacks are."""
        body = "s3.putObject({Bucket: 'b'}, done);"
        functions = ""
        for i in range(depth):
            body = f"step{i}(function (e{i}, d{i}) {{ if (e{i}) {{ return done(e{i}); }} {body} }});"
            inner = "function (e, d) { if (e) { return cb(e); } cb(null, d); }"
            functions += f"function step{i}(cb) {{ lib.get('{i}', {inner}); }}\n"
        return f"{HEAD}{functions}exports.handler = (event, context, done) => {{ {body} }};\n"

    for depth in (3, 6, 12):
        count, found = steps(nested(depth))
        assert found == 1
        assert count < 40 * depth


def test_what_others_leave_alone_is_not_run_again_however_long_the_program_is() -> None:
    def long(times: int) -> str:
        calls = "".join(
            f"  const v{i} = table('orders');\n  s3.putObject({{Bucket: v{i}}});\n" for i in range(times)
        )
        helper = "function table(name) { const made = `app-${name}`; return made; }\n"
        return f"{HEAD}{helper}exports.handler = async () => {{\n{calls}}};\n"

    (short, _), (longer, found) = steps(long(10)), steps(long(20))
    assert found == 20
    assert longer - short == 10 * 2


def buckets(text: str) -> set[str]:
    """The buckets that a program's calls name."""
    found = analyse(Files.of({"app.js": (HEAD + text).encode()}), "app.handler")
    return {
        str(value.value) if isinstance(value := call.arguments["Bucket"], Known) else "?"
        for call in found.calls
    }


def test_what_changed_in_between_is_seen() -> None:
    text = """
let bucket = 'first';
function save() { return s3.putObject({Bucket: bucket}).promise(); }
exports.handler = async () => { await save(); bucket = 'second'; await save(); };
"""
    assert buckets(text) == {"first", "second"}


def test_a_name_that_was_not_there_at_first_is_seen() -> None:
    text = """
exports.handler = async () => {
  function save() { if (bucket) { return s3.putObject({Bucket: bucket}).promise(); } }
  save();
  var bucket = 'later';
  save();
};
"""
    assert "later" in buckets(text)


def test_what_is_made_twice_is_two_objects() -> None:
    text = """
const made = () => { const out = {}; return out; };
exports.handler = async () => {
  const one = made();
  one.Bucket = 'one';
  await s3.putObject(one).promise();
  const other = made();
  await s3.putObject({Bucket: 'other', ...other}).promise();
  const third = made();
  third.Bucket = 'third';
  await s3.putObject(third).promise();
};
"""
    assert buckets(text) == {"one", "other", "third"}


def test_an_object_that_a_function_changes_is_changed_each_time() -> None:
    text = """
function named(request) { request.Bucket = 'named'; }
exports.handler = async () => {
  const one = {Key: 'k'}, other = {Key: 'k'};
  named(one);
  named(other);
  await s3.getObject(one).promise();
  await s3.putObject(other).promise();
};
"""
    assert buckets(text) == {"named"}


def test_what_a_branch_makes_keeps_what_it_got() -> None:
    text = """
exports.handler = async (event) => {
  if (event.all) {
    const request = {Bucket: 'default'};
    request.Bucket = 'chosen';
    const later = () => s3.putObject(request).promise();
    await later();
    return later();
  }
  await s3.getObject({Bucket: 'other'}).promise();
};
"""
    assert buckets(text) == {"chosen", "other"}

"""How the work grows with what there is to read, in steps that are counted and never by a clock."""

from __future__ import annotations

import pytest

from stockade.code.files import Files
from stockade.code.javascript import analyse
from stockade.code.javascript.loading import Loading
from stockade.code.javascript.shapes import Shapes
from stockade.code.javascript.tree import Node
from stockade.code.javascript.values import Frame, Values


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

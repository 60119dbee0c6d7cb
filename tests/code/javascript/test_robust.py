"""Source that is broken, endless, enormous or not source at all: told, and never a crash."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.code.files import Files
from stockade.code.javascript import analyse
from stockade.code.javascript.loading import Loading
from tests.code.javascript.harness import cases

FOLDER = Path(__file__).parent / "cases"
LABELLED = Path(__file__).parents[3] / "benchmarks" / "data" / "needs" / "javascript"
SENDS = 'const { S3 } = require("aws-sdk");\nconst s3 = new S3();\n'


def _reasons(text: str, name: str = "app.js") -> str:
    source = analyse(Files.of({name: text.encode()}), "app.handler")
    return " ".join(f"{one.what} {one.reason}" for one in source.unfollowed)


def test_what_one_class_leaves_to_another_is_done_by_one() -> None:
    methods = inspect.getmembers(Loading, inspect.isfunction)
    left = [name for name, method in methods if "NotImplementedError" in method.__code__.co_names]
    assert methods and left == []


def test_a_long_sum_is_followed_or_told() -> None:
    long = "\n + ".join(["event.x"] * 3000)
    source = analyse(Files.of({"app.js": f"exports.handler = (event) => {long};".encode()}), "app.handler")
    assert any("nested too deeply" in one.reason for one in source.unfollowed)


def test_functions_that_make_functions_without_end_come_to_one() -> None:
    text = SENDS + (
        "const grow = (f, n) => grow(() => grow(f, n + 1), [n, f]) || ((x) => grow(x, f));\n"
        "exports.handler = (e) => { grow(() => grow(e, e), 1); s3.listBuckets({}); };\n"
    )
    source = analyse(Files.of({"app.js": text.encode()}), "app.handler")
    assert [call.operation for call in source.calls if call.reached] == ["ListBuckets"]


def test_twice_as_many_calls_at_every_level_run_out() -> None:
    """Each of forty functions calls the next one twice with what is new: a trillion ways, and an end."""
    lines = [f"const f{i} = (a) => [f{i + 1}([a, {i}]), f{i + 1}([{i}, a])];" for i in range(40)]
    text = SENDS + "\n".join(lines) + "\nconst f40 = (a) => s3.getObject({ Bucket: a });\nexports.handler = f0;"
    source = analyse(Files.of({"app.js": text.encode()}), "app.handler")
    assert source.unfollowed


def test_what_was_not_written_by_hand_is_not_read() -> None:
    minified = SENDS.replace("\n", "") + "exports.handler=()=>s3.listBuckets({});" + "a=1;" * 3000
    assert "minified" in _reasons(minified)
    bundle = "// node_modules/x/index.js\n" + "var a = 1;\n" * 20_000 + "exports.handler = () => 1;"
    assert "bundle" in _reasons(bundle)
    assert "bundle" in _reasons("var a = 1;\n" * 100_000 + "var b = '" + "b" * 2_000 + "';")
    assert "bundle" in _reasons("__nccwpck_require__(1);\n" + "var a = 1;\n" * 100_000)
    assert "bundle" in _reasons("var a = 1;\n" * 400_000)


def test_a_large_file_that_was_written_by_hand_is_read() -> None:
    text = SENDS + "// what it does\n" * 70_000 + "exports.handler = () => s3.listBuckets({});\n"
    source = analyse(Files.of({"app.js": text.encode()}), "app.handler")
    assert [call.operation for call in source.calls if call.reached] == ["ListBuckets"]
    assert not source.unfollowed


@pytest.mark.parametrize(
    "text", ["", "\0\0", "exports.handler =", "}{", "import", "class {", "`${", "\xff\xfe"]
)
def test_what_is_no_source_is_told(text: str) -> None:
    assert _reasons(text)


def test_sources_that_end_too_early() -> None:
    for case in list(cases(FOLDER))[::5]:
        for name, data in case.files.items():
            for end in range(0, len(data), max(7, len(data) // 12)):
                analyse(Files.of({**case.files, name: data[:end]}), case.handler)


_WORDS = """
const let x y = ( ) { } [ ] => , ; . ... async await function class extends new return if else for of
export default import from require ('aws-sdk') 'a' `b${x}` s3 s3.getObject ({Bucket:x}) this super ?? ?. +
exports.handler handler yield * static get #p : ? try catch switch case
"""
_TOKENS = _WORDS.split()


@settings(deadline=None)
@given(st.lists(st.sampled_from(_TOKENS), max_size=60))
def test_any_tokens(tokens: list[str]) -> None:
    text = SENDS + " ".join(tokens) + "\nexports.handler = () => s3.listBuckets({});"
    source = analyse(Files.of({"app.ts": text.encode()}), "app.handler")
    assert source.calls or source.unfollowed


UNSURE = {
    ("s3", one)
    for one in ("AbortMultipartUpload", "CompleteMultipartUpload", "CreateMultipartUpload", "UploadPart")
}
"""What helpers for uploads call only for large files, or when something fails, which not all labels list."""

TOO_MUCH = {"trial-emitter-shipments/index.js": {("dynamodb", "DeleteItem")}}
"""Operations that are found although nothing asks for them: of a listener to an event that nobody sends."""


def _asked(action: str) -> str:
    """The operation that a label means: a statement's action is labelled where its text is known."""
    return "ExecuteStatement" if action.startswith("PartiQL") else action


def _is_call(called: dict[str, str]) -> bool:
    return "beside" not in called or called["operation"].startswith("PartiQL")


def test_labelled_handlers() -> None:
    """The handlers that accuracy is measured with: every call that was labelled, and no other."""
    for label in json.loads((LABELLED / "labels.json").read_text()):
        root = LABELLED / label["file"].partition("/")[0]
        files = {one.relative_to(root).as_posix(): one.read_bytes() for one in root.rglob("*") if one.is_file()}
        source = analyse(Files.of(files), label["handler"])
        calls = [one for one in source.calls if one.reached and one.credentials.value == "own"]
        found = {(one.service, one.operation) for one in calls}
        called = {(one["service"], _asked(one["operation"])) for one in label["calls"] if _is_call(one)}
        assert found - UNSURE == (called | TOO_MUCH.get(label["file"], set())) - UNSURE, label["file"]

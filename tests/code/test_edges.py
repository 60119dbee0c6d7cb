"""Source at its edges, in every language: it is told with its file, and the rest goes on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from stockade.code.facts import Source
from stockade.code.files import Files
from stockade.needs.enrich import analysed
from stockade.read.files import Tree
from stockade.source import Source as File
from stockade.value import Written

PYTHON = "import boto3\n\n\ndef handler(event, context):\n    boto3.client('sqs').list_queues()\n\n\n"
JAVASCRIPT = (
    "const { SQS } = require('aws-sdk');\nconst sqs = new SQS();\n"
    "exports.handler = async () => sqs.listQueues({}).promise();\n\n"
)
GO = """\
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

func handle(ctx context.Context) error {
	_, err := sqs.NewFromConfig(cfg).ListQueues(ctx, &sqs.ListQueuesInput{})
	return err
}

func main() { lambda.Start(handle) }

"""
JAVA = """\
package shop;

import software.amazon.awssdk.services.sqs.SqsClient;

public class Handler {
  SqsClient sqs = SqsClient.create();
  public void handleRequest(Object event) { sqs.listQueues(); }
%s}
"""
LANGUAGES = {
    "python": ("app.py", "app.handler", PYTHON),
    "javascript": ("app.js", "app.handler", JAVASCRIPT),
    "typescript": ("app.ts", "app.handler", JAVASCRIPT),
    "go": ("main.go", "bootstrap", GO),
    "java": ("shop/Handler.java", "shop.Handler::handleRequest", JAVA),
}
DEEP = 5_000


def _text(language: str, more: str) -> str:
    text = LANGUAGES[language][2]
    return text % more if "%s" in text else text + more


def _analysed(language: str, data: bytes, **others: bytes) -> Source:
    name, handler, _ = LANGUAGES[language]
    source = analysed(Files.of({name: data, **others}), handler)
    assert source is not None
    return source


def _operations(source: Source) -> list[str]:
    return [one.operation for one in source.calls if one.reached]


def _told(source: Source) -> str:
    return "\n".join(f"{one.what} {one.reason}" for one in source.unfollowed)


def _broken(*pieces: str) -> str:
    """One after the other on lines of their own, so that nothing is long enough to be minified."""
    return "\n".join(pieces)


NESTED = {
    "python": {
        "parentheses": _broken("x = (", *["("] * DEEP, "1", *[")"] * DEEP, ")"),
        "lists": _broken("x = [", *["["] * DEEP, *["]"] * DEEP, "]"),
        "sums": "x = (1\n" + "+ 1\n" * DEEP + ")\n",
        "functions": "x = " + "lambda: " * DEEP + "1\n",
        "branches": "if a:\n    pass\n" + "elif a:\n    pass\n" * DEEP,
    },
    "javascript": {
        "parentheses": _broken("x = ", *["("] * DEEP, "1", *[")"] * DEEP, ";"),
        "lists": _broken("x = ", *["["] * DEEP, *["]"] * DEEP, ";"),
        "sums": "x = 1\n" + "+ 1\n" * DEEP + ";\n",
        "functions": "x = " + "() =>\n" * DEEP + "1;\n",
        "branches": "if (a) {}\n" + "else if (a) {}\n" * DEEP,
        "texts": "x = " + "`${\n" * 2_000 + "1" + "}`\n" * 2_000 + ";\n",
    },
    "typescript": {
        "types": "let x: " + "Array<\n" * DEEP + "string" + ">" * DEEP + ";\n",
        "unions": "let y: 'a'\n" + " | 'a'\n" * DEEP + ";\n",
    },
    "go": {
        "parentheses": "func g() {\n\tx := " + "(\n" * DEEP + "1" + ")" * DEEP + "\n}\n",
        "members": "func g() {\n\tx := a" + ".\nb" * DEEP + "\n}\n",
        "branches": "func g() {\n" + "if a {\n" * DEEP + "}\n" * DEEP + "}\n",
        "types": "var x " + "[]" * DEEP + "int\n",
        "names": "func g() {\n" + "".join(f"x{n + 1} := x{n}\n" for n in range(2_000)) + "}\n",
    },
    "java": {
        "parentheses": "  Object x = " + "(\n" * DEEP + "1" + ")" * DEEP + ";\n",
        "members": "  Object x = a" + "\n.b()" * 500 + ";\n",
        "branches": "  void g() {\n" + "if (a) {\n" * DEEP + "}\n" * DEEP + "}\n",
        "types": "  " + "List<\n" * DEEP + "String" + ">" * DEEP + " x;\n",
        "classes": "".join(f"class C{n} {{\n" for n in range(1_000)) + "}\n" * 1_000,
    },
}


@pytest.mark.parametrize(("language", "what"), [(name, what) for name in NESTED for what in NESTED[name]])
def test_what_is_nested_deeply_is_followed_or_told(language: str, what: str) -> None:
    source = _analysed(language, _text(language, NESTED[language][what]).encode())
    assert _operations(source) == ["ListQueues"] or LANGUAGES[language][0] in _told(source)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_source_is_told_with_its_line(language: str) -> None:
    mistakes = {"python": "def broken(:\n", "go": "func broken( {\n", "java": "  void broken( {\n"}
    text = _text(language, mistakes.get(language, "function broken( {\n"))
    source = _analysed(language, text.encode())
    name = LANGUAGES[language][0]
    gaps = [one for one in source.unfollowed if name in one.what and "not" in one.reason]
    assert gaps
    assert all(isinstance(one.origin, Written) and one.origin.span.line > 1 for one in gaps)


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-32": lambda text: text.encode("utf-32"),
    "a NUL": lambda text: text.replace("\n", "\n\0", 1).encode(),
    "nothing but bytes": lambda text: bytes(range(256)) * 8,
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_bytes_that_are_no_text_are_told(language: str, encoding: str) -> None:
    source = _analysed(language, ENCODINGS[encoding](_text(language, "")))
    assert _operations(source) == ["ListQueues"] or source.unfollowed


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mark_of_utf_8_and_windows_lines_are_nothing(language: str) -> None:
    data = b"\xef\xbb\xbf" + _text(language, "").replace("\n", "\r\n").encode()
    source = _analysed(language, data)
    assert _operations(source) == ["ListQueues"] and not source.unfollowed
    (call,) = source.calls
    assert isinstance(call.origin, Written) and b"ueues" in call.origin.span.raw


def test_latin_1_in_python_as_python_has_it() -> None:
    text = "x = 'é'\n" + PYTHON
    assert _operations(_analysed("python", ("# coding: latin-1\n" + text).encode("latin-1"))) == ["ListQueues"]
    source = _analysed("python", text.encode("latin-1"))
    assert not source.calls and "app.py" in _told(source)


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "python"])
def test_latin_1_elsewhere_is_read_as_far_as_it_goes(language: str) -> None:
    source = _analysed(language, ("// é\n" + _text(language, "")).encode("latin-1"))
    assert _operations(source) == ["ListQueues"]


BUNDLES = {
    "webpack": "/*! For license information please see app.js.LICENSE.txt */\n" + "var a=1;\n" * 20_000,
    "esbuild": "// node_modules/left-pad/index.js\n" + "var a = 1;\n" * 20_000,
    "one line of a megabyte": "var a=function(b){return b};" * 36_000,
}


@pytest.mark.parametrize("name", BUNDLES)
@pytest.mark.parametrize("language", ["javascript", "typescript"])
def test_a_bundle_is_told_and_costs_nothing(language: str, name: str) -> None:
    source = _analysed(language, (BUNDLES[name] + JAVASCRIPT).encode())
    (gap, *_) = source.unfollowed
    assert gap.what == f"`{LANGUAGES[language][0]}`"
    assert any(word in gap.reason for word in ("bundle", "minified"))


def test_a_bundle_beside_the_handler_leaves_the_rest() -> None:
    text = "require('./vendor');\n" + JAVASCRIPT
    source = _analysed("javascript", text.encode(), **{"vendor.js": BUNDLES["webpack"].encode()})
    assert _operations(source) == ["ListQueues"] and "`vendor.js` it is" in _told(source)


LONG = {
    "python": "def f{0}(a):\n    return a\n\n",
    "javascript": "function f{0}(a) {{\n  return a;\n}}\n",
    "go": "func f{0}(a int) int {{\n\treturn a\n}}\n",
    "java": "  int f{0}(int a) {{\n    return a;\n  }}\n",
}


@pytest.mark.parametrize("language", LONG)
def test_thirty_thousand_lines(language: str) -> None:
    """All of it is read, or what was not is told: nobody's time is without end."""
    text = _text(language, "".join(LONG[language].format(n) for n in range(10_000)))
    source = _analysed(language, text.encode())
    assert _operations(source) == ["ListQueues"] or source.unfollowed


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_a_large_table_of_constants(language: str) -> None:
    rows = ",\n".join(f"'k{n}': ['v{n}', {n}]" for n in range(10_000))
    head = "x = {" if language == "python" else "const x = {"
    source = _analysed(language, _text(language, f"{head}{rows}}}\n").encode())
    assert _operations(source) == ["ListQueues"] and not source.unfollowed


@pytest.mark.parametrize("ending", ["js", "cjs", "jsx", "ts", "cts", "tsx", "mjs", "mts"])
def test_every_ending_of_javascript(ending: str) -> None:
    text = JAVASCRIPT
    if ending.startswith("m"):
        text = (
            "import { SQSClient, ListQueuesCommand } from '@aws-sdk/client-sqs';\n"
            "const sqs = new SQSClient({});\n"
            "export const handler = async () => sqs.send(new ListQueuesCommand({}));\n"
        )
    source = analysed(Files.of({f"app.{ending}": text.encode()}), "app.handler")
    assert source is not None and _operations(source) == ["ListQueues"]


def test_a_notebook_is_no_handler() -> None:
    files = Files.of({"app.ipynb": b'{"cells": [{"cell_type": "code", "source": ["import boto3"]}]}'})
    assert analysed(files, "app.handler") is None


# ------------------------------------------------------------------------------------------------ on the disk


def _directory(root: Path) -> Files:
    return Files.directory(Tree(root), root)


def test_links_in_a_circle_and_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import gone, up\n" + PYTHON)
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone.py").symlink_to("gone.py")
    os.mkfifo(tmp_path / "up.py")
    source = analysed(_directory(tmp_path), "app.handler")
    assert source is not None and _operations(source) == ["ListQueues"]
    assert "`gone.py` it was not read" in _told(source) and "`up.py` it was not read" in _told(source)


def test_installed_packages_are_noted_and_not_read(tmp_path: Path) -> None:
    for path, text in {
        "app.js": "const pad = require('left-pad');\n" + JAVASCRIPT,
        "node_modules/left-pad/index.js": "module.exports = (",
        "node_modules/aws-sdk/index.js": "(",
        "package.json": '{"dependencies": {"left-pad": "1", "aws-sdk": "2"}}',
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    source = analysed(_directory(tmp_path), "app.handler")
    assert source is not None and _operations(source) == ["ListQueues"] and source.files == ("app.js",)
    assert "`node_modules`" in [one.what for one in source.notes]


def test_vendored_packages_are_noted_and_not_read(tmp_path: Path) -> None:
    for path, text in {
        "app.py": "import requests\n" + PYTHON,
        "boto3/__init__.py": "__version__ = '1.34'\n(",
        "boto3-1.34.dist-info/METADATA": "Name: boto3\n",
        "requests/__init__.py": "__version__ = '2'\n(",
        "requests-2.dist-info/METADATA": "Name: requests\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    source = analysed(_directory(tmp_path), "app.handler")
    assert source is not None and _operations(source) == ["ListQueues"] and source.files == ("app.py",)
    assert {"`boto3`", "`requests`"} <= {one.what for one in source.notes}


def test_the_place_of_what_was_not_read_is_the_file() -> None:
    source = _analysed("python", b"(" * 10)
    assert all(
        isinstance(one.origin, Written) and one.origin.span.source != File("", b"") for one in source.unfollowed
    )

"""The policy in the documentation is the one that the calls make."""

from __future__ import annotations

import json
import re

import yaml

from scripts import build_live
from stockade.read.account import policy


def test_the_files_are_what_make_docs_writes() -> None:
    there = {path.name: path.read_text("utf-8") for path in build_live.DIRECTORY.iterdir()}
    assert there == build_live.files(), "run `make docs`"


def test_the_three_forms_say_the_same() -> None:
    (statement,) = json.loads(policy.as_json())["Statement"]
    template = yaml.safe_load(policy.as_cloudformation())
    written = template["Resources"]["StockadeReader"]["Properties"]["PolicyDocument"]["Statement"][0]
    assert written == statement
    assert tuple(re.findall(r'^ {10}"(.+)",$', policy.as_terraform(), re.MULTILINE)) == policy.actions()


def test_everything_in_it_reads() -> None:
    from stockade.iam.catalog import Catalog

    catalog = Catalog.load()
    for action in policy.actions():
        service, _, name = action.partition(":")
        assert re.match(r"Get|List|Describe|GET|GenerateServiceLastAccessedDetails", name), action
        assert service != "organizations"
    assert catalog.date

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
    reads, asks = json.loads(policy.as_json())["Statement"]
    template = yaml.safe_load(policy.as_cloudformation())
    written = template["Resources"]["StockadeReader"]["Properties"]["PolicyDocument"]["Statement"]
    assert written == [reads, asks]
    listed = re.findall(r'^ {10}"(.+)",$', policy.as_terraform(), re.MULTILINE)
    assert tuple(listed) == (*policy.actions(), *policy.optional())
    assert reads["Action"] == list(policy.actions()) and asks["Sid"] == "StockadeAsksAccessAnalyzer"
    assert not [one for one in reads["Action"] if one.startswith("access-analyzer:")], (
        "only where it is asked for"
    )


def test_everything_in_it_reads() -> None:
    from stockade.iam.catalog import Catalog

    catalog = Catalog.load()
    for action in (*policy.actions(), *policy.optional()):
        service, _, name = action.partition(":")
        assert re.match(r"Get|List|Describe|GET|GenerateServiceLastAccessedDetails|Check|Validate", name), (
            action
        )
        assert service != "organizations"
    assert catalog.date

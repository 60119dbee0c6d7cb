"""Edits of YAML and JSON: exactly the wanted tree, every byte outside kept, and nothing to do twice."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.errors import FixError
from stockade.fix.draft import Draft
from stockade.source import Source, apply

_TEXTS = st.one_of(
    st.sampled_from(
        ["yes", "on", "~", "null", "*", "12", "1e3", "0x1f", "2012-10-17", "a: b", "a #b", "", " a"]
    ),
    st.sampled_from(
        ["arn:aws:s3:::b/*", "it's", 'say "x"', "- a", "{a}", "a,b", "é", "1:30", "!x", "&a", "=", "<<"]
    ),
    st.text(alphabet="ab:#-'\"{}[],&*!|>%@` \n\t\u00e9", max_size=8),
)
_SCALARS = st.one_of(_TEXTS, st.integers(-5, 5000), st.booleans(), st.none())
_NAMES = st.sampled_from(["A", "Bee", "See", "D1", "AWS::E", "s3:x", "yes", "f g"])
_TREES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=8,
)
_DOCUMENTS = st.dictionaries(_NAMES, _TREES, min_size=1, max_size=4)


def _written(tree: Any, choose: Any) -> str:
    """A tree as YAML in a style of its own, with comments between its lines."""
    flow = choose(st.sampled_from([False, False, None]))
    text: str = yaml.safe_dump(
        tree,
        default_flow_style=flow,
        indent=choose(st.sampled_from([2, 4])),
        sort_keys=False,
        default_style=choose(st.sampled_from([None, None, '"', "'"])),
        allow_unicode=True,
        width=1000,
    )
    if (
        "|" not in text
        and ">" not in text
        and choose(st.booleans())
        and not re.search(r"['\"][^'\"\n]*\n", text)
    ):
        lines = text.splitlines()
        text = "".join(f"{line}\n" if line.strip() else "\n" for line in lines)
        at = choose(st.integers(0, len(lines)))
        lines.insert(at, "# a comment")
        text = "\n".join(lines) + "\n"
        if yaml.safe_load(text) != tree:
            text = "\n".join(one for one in lines if one != "# a comment") + "\n"
    if choose(st.booleans()):
        text = text.removesuffix("\n")
    if choose(st.booleans()) and "\n\n" not in text:
        text = text.replace("\n", "\r\n")
    return text


def _paths(tree: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    out = [path] if path else []
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for name, inner in items:
        out += _paths(inner, (*path, name))
    return out


def _at(tree: Any, path: tuple[str | int, ...]) -> Any:
    for name in path:
        tree = tree[name]
    return tree


def _set(tree: Any, path: tuple[str | int, ...], value: Any) -> Any:
    made = copy.deepcopy(tree)
    _at(made, path[:-1])[path[-1]] = value
    return made


def _result(draft: Draft) -> bytes:
    edits = draft.edits()
    made = apply(edits).get(draft.source, draft.source.data)
    assert made == draft.data
    return made


def _held(draft: Draft, wanted: Any, load: Any) -> None:
    """The edits give the wanted tree, and what lies outside of them is as it was, comments too."""
    made = _result(draft)
    assert load(made) == wanted
    kept = draft.source.data
    for edit in sorted(draft.edits(), key=lambda one: -one.span.start):
        assert b"#" not in edit.span.raw or b"# a comment" not in edit.span.raw or edit.new == b""
        kept = kept[: edit.span.start] + edit.new + kept[edit.span.end :]
    assert kept == made


class _Loader(yaml.SafeLoader):
    """YAML's loader without dates, which are texts to AWS, and with decimal numbers only."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regex) for tag, regex in found if not tag.endswith(("timestamp", "float", ":int"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789")
)


def _load(data: bytes) -> Any:
    return yaml.load(data, Loader=_Loader)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_value_of_yaml_is_replaced_and_nothing_else(data: st.DataObject) -> None:
    tree = data.draw(_DOCUMENTS)
    source = Source("t.yaml", _written(tree, data.draw).encode())
    if _load(source.data) != tree:
        return
    path, value = data.draw(st.sampled_from(_paths(tree))), data.draw(_TREES)
    draft = Draft(source)
    draft.put(path, value)
    made = _result(draft)
    assert _load(made) == _set(tree, path, value)
    again = Draft(Source("t.yaml", made))
    again.put(path, value)
    assert again.edits() == ()


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_member_and_an_element_are_added(data: st.DataObject) -> None:
    tree = data.draw(_DOCUMENTS)
    source = Source("t.yaml", _written(tree, data.draw).encode())
    if _load(source.data) != tree:
        return
    value = data.draw(_TREES)
    path = data.draw(st.sampled_from([(), *_paths(tree)]))
    there = _at(tree, path)
    draft = Draft(source)
    if isinstance(there, dict):
        draft.put((*path, "New"), value)
        _held(draft, {**tree, "New": value} if not path else _set(tree, path, {**there, "New": value}), _load)
    elif isinstance(there, list) and value not in there:
        draft.append(path, value)
        _held(draft, _set(tree, path, [*there, value]), _load)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_what_is_dropped_is_gone_and_nothing_else(data: st.DataObject) -> None:
    tree = data.draw(_DOCUMENTS)
    source = Source("t.yaml", _written(tree, data.draw).encode())
    if _load(source.data) != tree:
        return
    path = data.draw(st.sampled_from(_paths(tree)))
    if (len(path) == 1 and len(tree) == 1) or (len(path) > 3 and len(_at(tree, path[:-1])) == 1):
        return  # what would be empty goes with it; said by an example below
    draft = Draft(source)
    draft.drop(path)
    wanted = copy.deepcopy(tree)
    del _at(wanted, path[:-1])[path[-1]]
    assert _load(_result(draft)) == wanted


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_json_is_edited_in_its_own_style(data: st.DataObject) -> None:
    tree = data.draw(_DOCUMENTS)
    indent = data.draw(st.sampled_from([None, 1, 2, 4, "\t"]))
    separators = data.draw(st.sampled_from([(",", ":"), (", ", ": ")])) if indent is None else None
    text = json.dumps(tree, indent=indent, separators=separators)
    draft = Draft(Source("t.json", text.encode()))
    path, value = data.draw(st.sampled_from(_paths(tree))), data.draw(_TREES)
    draft.put(path, value)
    draft.put(("New",), value)
    wanted = {**_set(tree, path, value), "New": value}
    made = _result(draft).decode()
    assert json.loads(made) == wanted
    if len(tree) > 1:  # one member alone does not say what stands behind a comma
        assert made == json.dumps(wanted, indent=indent, separators=separators, ensure_ascii=False) or (
            not text.isascii() or "\\u" in text
        )


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_several_changes_do_not_depend_on_their_order(data: st.DataObject) -> None:
    tree = data.draw(_DOCUMENTS)
    source = Source("t.yaml", _written(tree, data.draw).encode())
    if _load(source.data) != tree:
        return
    paths = data.draw(st.lists(st.sampled_from(_paths(tree)), min_size=1, max_size=3, unique=True))
    apart = [one for one in paths if not any(other != one and other == one[: len(other)] for other in paths)]
    values = [data.draw(_SCALARS) for _ in apart]
    results = set()
    for order in (1, -1):
        draft = Draft(source)
        for path, value in list(zip(apart, values, strict=True))[::order]:
            draft.put(path, value)
        results.add(_result(draft))
    assert len(results) == 1


_TEMPLATE = """\
Resources:
  # the worker
  Worker:
    Type: AWS::Lambda::Function  # a function
    Properties:
      Runtime: "python3.8"  # old
      Layers:
      - !Ref A
      - !Ref B  # both

  # its role
  Role:
    Type: AWS::IAM::Role
"""


def _edited(text: str, *steps: tuple[Any, ...]) -> str:
    draft = Draft(Source("t.yaml", text.encode()))
    for name, *arguments in steps:
        getattr(draft, name)(*arguments)
    return _result(draft).decode()


def test_quotes_and_comments_stay() -> None:
    made = _edited(_TEMPLATE, ("put", ("Resources", "Worker", "Properties", "Runtime"), "python3.14"))
    assert made == _TEMPLATE.replace("python3.8", "python3.14")


def test_a_list_goes_on_as_it_is_indented() -> None:
    made = _edited(_TEMPLATE, ("append", ("Resources", "Worker", "Properties", "Layers"), {"Ref": "C"}))
    assert made == _TEMPLATE.replace("  # both\n", "  # both\n      - !Ref C\n")


def test_a_resource_goes_with_its_comment_and_one_empty_line_stays() -> None:
    made = _edited(_TEMPLATE, ("drop", ("Resources", "Worker")))
    assert made == _TEMPLATE[:11] + "  # its role\n  Role:\n    Type: AWS::IAM::Role\n"


def test_a_resource_is_added_after_its_kin_with_an_empty_line() -> None:
    made = _edited(_TEMPLATE, ("put", ("Resources", "Logs"), {"Type": "AWS::Logs::LogGroup"}, ("Worker",)))
    assert "\n      - !Ref B  # both\n  Logs:\n    Type: AWS::Logs::LogGroup\n\n  # its role" in made or (
        "\n      - !Ref B  # both\n\n  Logs:\n    Type: AWS::Logs::LogGroup\n\n  # its role" in made
    )


def test_what_would_be_empty_goes_with_its_last_member() -> None:
    text = "A:\n  B:\n    C:\n      D:\n        E: 1\n      F: 2\n"
    assert _edited(text, ("drop", ("A", "B", "C", "D", "E"))) == "A:\n  B:\n    C:\n      F: 2\n"


def test_indices_are_those_of_what_was_read() -> None:
    text = "A:\n  - 1\n  - 2\n  - 3\n"
    made = _edited(text, ("drop", ("A", 0)), ("put", ("A", 2), 4), ("drop", ("A", 1)))
    assert made == "A:\n  - 4\n"


@pytest.mark.parametrize(
    ("text", "path", "why"),
    [
        ("A: &x {B: 1}\nC: *x\n", ("A", "B"), "anchor `&x`"),
        ("A: &x {B: 1}\nC: *x\n", ("C", "B"), r"alias `\*x`"),
        ("A: &x {B: 1}\nC:\n  <<: *x\n", ("C", "B"), "merge key"),
        ("A: 1\n---\nB: 2\n", ("A",), "more than one document"),
        ("A: !Sub x\n", ("A", "B"), "`Fn::Sub` makes it"),
    ],
)
def test_what_others_share_is_refused_and_told(text: str, path: tuple[str, ...], why: str) -> None:
    with pytest.raises(FixError, match=why):
        Draft(Source("t.yaml", text.encode())).put(path, 2)


def test_an_alias_is_replaced_by_a_value_of_its_own() -> None:
    assert _edited("A: &x {B: 1}\nC: *x\n", ("put", ("C",), 2)) == "A: &x {B: 1}\nC: 2\n"


def test_long_functions_stay_long() -> None:
    text = "A:\n  Ref: B\nC: 1\n"
    assert _edited(text, ("put", ("C",), {"Ref": "D"})) == "A:\n  Ref: B\nC:\n  Ref: D\n"


def test_a_comment_stays_with_the_name_when_its_value_becomes_a_block() -> None:
    assert _edited("A: x  # why\n", ("put", ("A",), ["z"])) == "A:  # why\n  - z\n"


BELOW = """\
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      # TimeToLiveSpecification:
      #   Enabled: true

      # StreamSpecification: {}
# that is all
"""


def _made(draft: Draft) -> str:
    return apply(draft.edits())[draft.source].decode()


def test_comments_below_something_stay_with_it() -> None:
    draft = Draft(Source("a.yaml", BELOW.encode()))
    draft.put(("Resources", "Topic"), {"Type": "AWS::SNS::Topic"})
    head, _, end = BELOW.partition("# that is all")
    assert _made(draft) == head + "  Topic:\n    Type: AWS::SNS::Topic\n# that is all" + end


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (("# reading", "- Get", "- List", "- Query"), ("# reading", "- List", "- Query")),
        (
            ("# one", "- Get", "# two", "- List", "# three", "- Query"),
            ("# two", "- List", "# three", "- Query"),
        ),
        (("# just this", "- Get", "- List"), ("- List",)),
    ],
)
def test_a_comment_above_several_elements_outlives_the_first(
    lines: tuple[str, ...], left: tuple[str, ...]
) -> None:
    draft = Draft(Source("a.yaml", "\n".join(("Action:", *lines, "")).encode()))
    draft.drop(("Action", 0))
    assert _made(draft) == "\n".join(("Action:", *left, ""))

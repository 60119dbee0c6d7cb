"""What owners say to Stockade in templates, and what of the template it is about."""

from __future__ import annotations

from pathlib import Path

from tests.read.cloudformation.template import read

TEXT = """\
# stockade: accept[a] the whole section
Resources:
  # stockade: accept[b] one resource
  # and why
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.8 # stockade: accept[c] a line
      Code:
        ZipFile: |
          # stockade: accept[x] code
      Description: "# stockade: accept[x] a text"
  Url:
    Type: AWS::Lambda::Url
    # checkov:skip=CKV_AWS_258: a webhook
    Metadata:
      Stockade: accept[d] in metadata
      checkov: {skip: [{id: CKV_AWS_1, comment: because}]}
# stockade: accept[f] nothing follows
"""


def test_remarks_and_their_scopes(tmp_path: Path) -> None:
    def lines(remark: object) -> tuple[int, int]:
        scope = remark.scope  # type: ignore[attr-defined]
        return scope.line, scope.source.position(max(scope.end - 1, scope.start))[0]

    said = read(
        tmp_path, TEXT.replace("[accept[d] in metadata, accept[e] another]", '"accept[d] in metadata"')
    ).remarks
    assert [(one.text, one.check, lines(one)) for one in said] == [
        ("accept[a] the whole section", "", (2, 18)),
        ("accept[b] one resource", "", (5, 12)),
        ("accept[c] a line", "", (8, 8)),
        ("a webhook", "CKV_AWS_258", (13, 18)),
        ("accept[f] nothing follows", "", (19, 19)),
        ("accept[d] in metadata", "", (13, 18)),
        ("because", "CKV_AWS_1", (13, 18)),
    ]


def test_json_says_it_in_metadata(tmp_path: Path) -> None:
    said = '{"stockade": ["accept[a] b", "accept[c] d"]}'
    text = f'{{"Resources": {{"Fn": {{"Type": "AWS::Lambda::Function", "Metadata": {said}}}}}}}'
    assert [one.text for one in read(tmp_path, text, "t.json").remarks] == ["accept[a] b", "accept[c] d"]


def test_files_that_say_nothing_have_no_remarks(tmp_path: Path) -> None:
    assert read(tmp_path, "Resources: # a comment\n  Q: {Type: AWS::SQS::Queue}\n").remarks == ()

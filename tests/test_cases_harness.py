"""The harness of the literate cases notices what it is there to notice, and says where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from stockade.control import Add, Change, Drop, Put, Rewrite
from stockade.read.resource import Reading
from stockade.value import Ref, text_of
from tests.cases_harness import Case, complaint, fix_complaint, parse, read, shown

OPEN = """
## A title
Prose.
```hcl
resource "aws_lambda_function_url" "hook" {
  function_name      = "hook"
  authorization_type = "NONE"{mark}
}
```
{more}
"""


def case(mark: str = "", more: str = "") -> Case:
    (made,) = parse("public-function-url", OPEN.replace("{mark}", mark).replace("{more}", more))
    return made


def complaint_of(made: Case, directory: Path) -> str:
    return complaint(made, read(made, directory)) or ""


def test_it_is_content_with_a_case_that_is_right(tmp_path: Path) -> None:
    assert complaint_of(case(" # fails(high): anyone on the internet"), tmp_path) == ""


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ("", "got, not expected: fails(regular, high): anyone on the internet"),
        (" # fails: everyone", "expected, not got: fails(regular): everyone"),
        (" # undecided", "expected, not got: undecided(regular)"),
        (" # fails(strict)", "expected, not got: fails(strict)"),
        (" # fails(low)", "expected, not got: fails(regular, low)"),
        (" # missed", "got a miss that is found now: fails"),
    ],
)
def test_it_shows_the_line_where_expected_and_got_differ(mark: str, says: str, tmp_path: Path) -> None:
    said = complaint_of(case(mark), tmp_path)
    assert said.startswith("cases/public-function-url.md:2: A title\n")
    assert 'main.tf:3: authorization_type = "NONE"' in said
    assert says in said


def test_it_shows_what_was_expected_of_a_silent_line(tmp_path: Path) -> None:
    made = replace(case(" # fails"), files={"main.tf": case().files["main.tf"].replace("NONE", "AWS_IAM")})
    assert "expected, not got: fails" in complaint_of(made, tmp_path)


def test_it_refuses_silence_about_nothing(tmp_path: Path) -> None:
    (made,) = parse("public-function-url", "## Empty\n```hcl\nlocals {\n  a = 1\n}\n```\n")
    assert "no FunctionUrl in it to be silent about" in complaint_of(made, tmp_path)


def test_it_refuses_gaps_that_nobody_expected(tmp_path: Path) -> None:
    broken = case(" # fails").files["main.tf"] + "resource {\n"
    assert "gap, not expected" in complaint_of(replace(case(" # fails"), files={"main.tf": broken}), tmp_path)
    expected = complaint_of(replace(case(" # fails"), gaps=("the moon",)), tmp_path / "other")
    assert "gap expected: the moon" in expected


def test_it_compares_the_fixes(tmp_path: Path) -> None:
    right = '```fix\nput aws_lambda_function_url.hook auth_type "AWS_IAM"\n```'
    assert complaint_of(case(" # fails", right), tmp_path / "right") == ""
    said = complaint_of(case(" # fails", "```fix\nnone\n```"), tmp_path / "wrong")
    assert 'got: put aws_lambda_function_url.hook auth_type "AWS_IAM"' in said


@pytest.mark.parametrize("words", ["# fails(loud)", "# fails(strict, audit)"])
def test_it_refuses_marks_that_it_does_not_know(words: str) -> None:
    with pytest.raises(AssertionError, match="fails"):
        case(f" {words}")


def test_it_refuses_blocks_that_it_does_not_know_and_files_given_twice() -> None:
    with pytest.raises(AssertionError, match="what is a `ini` block"):
        case(more="```ini\n```")
    with pytest.raises(AssertionError, match="two blocks are `main"):
        case(more="```hcl\n```")


def test_files_variables_and_marks_are_read_from_a_section() -> None:
    text = "## A\n```hcl\n# file: m/a.tf\na\nb # fails: x\n```\n```tf.json\n{} # missed\n```\n"
    first, second = parse("c", f"{text}```vars\nk = v\n```\n## B\n```hcl\nb\n```\n## Prose only\n")
    assert first.files == {"m/a.tf": "a\nb\n", "main.tf.json": "{}\n"}
    assert [(mark.file, mark.line, mark.verdict, mark.words) for mark in first.marks] == [
        ("m/a.tf", 2, "fails", "x"),
        ("main.tf.json", 1, "missed", ""),
    ]
    assert first.variables == {"k": "v"}
    assert (second.title, second.line, second.verdicts) == ("B", 13, {"silent"})


def test_a_template_beside_terraform_is_a_case_of_its_own(tmp_path: Path) -> None:
    template = """```yaml
  Hook:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: hook
      AuthType: NONE # fails(strict)
```
```yaml.fix
put Hook auth_type "AWS_IAM"
```"""
    text = OPEN.replace("{mark}", " # fails").replace("{more}", template)
    first, second = parse("public-function-url", text)
    assert (first.kind, second.kind) == ("terraform", "cloudformation")
    assert (first.title, second.title) == ("A title", "A title (cloudformation)")
    assert second.files == {
        "template.yaml": "Resources:\n  Hook:\n    Type: AWS::Lambda::Url\n    Properties:\n"
        "      TargetFunctionArn: hook\n      AuthType: NONE\n"
    }
    assert [(mark.line, mark.verdict) for mark in second.marks] == [(6, "fails")]
    assert (first.fix, second.fix) == (None, ('put Hook auth_type "AWS_IAM"',))
    assert complaint_of(first, tmp_path / "one") == complaint_of(second, tmp_path / "two") == ""


def test_a_template_of_serverless_types_is_one_of_sam() -> None:
    text = "```yaml\n  Shared: {}\n```\n## A\n```yaml\n  F:\n    Type: AWS::Serverless::Function\n```\n"
    (made,) = parse("c", text)
    assert made.kind == "sam"
    assert made.files["template.yaml"].splitlines() == [
        "Transform: AWS::Serverless-2016-10-31",
        "Resources:",
        "  F:",
        "    Type: AWS::Serverless::Function",
        "  Shared: {}",
    ]


def test_a_fix_that_leaves_the_finding_or_goes_on_changing_is_noticed(tmp_path: Path) -> None:
    reading = read(case(" # fails"), tmp_path)

    def nothing(one: Reading, changes: Sequence[Change]) -> Reading:
        return one

    def ever_more(one: Reading, changes: Sequence[Change]) -> Reading:
        return replace(one, resources=(*one.resources, *one.resources))

    assert "the finding is still there" in (fix_complaint(case(" # fails"), reading, nothing) or "")
    assert "made twice" in (fix_complaint(case(" # fails"), reading, ever_more) or "")


def test_changes_are_shown_as_a_fix_block_has_them() -> None:
    arn = text_of(Ref("aws_apigatewayv2_api.a", "execution_arn"), "/*/*")
    assert shown(Put("a.b", "c", arn)) == 'put a.b c "${aws_apigatewayv2_api.a.execution_arn}/*/*"'
    assert shown(Put("a.b", "c", ("x",))) == 'put a.b c ["x"]'
    assert shown(Drop("a.b")) == "drop a.b"
    assert shown(Drop("a.b", "c")) == "drop a.b c"
    assert shown(Add("LogGroup", "a.b", (("name", "x"),))) == 'add LogGroup beside a.b {"name": "x"}'
    assert shown(Rewrite("a.b", "c", 0, "Action", ["x"])) == 'rewrite a.b c 0 Action ["x"]'
    assert shown(Rewrite("a.b", "c", 0, None)) == "rewrite a.b c 0 null"


def test_titled_blocks_are_files_beside_every_project_of_their_section() -> None:
    shared = '```json title="package.json"\n{}\n```\n'
    own = '```python title="src/app.py"\nkey = 1 # fails: k\n```\n'
    own += '```js title="a.js"\nlet a // undecided(strict)\n```\n'
    text = f"{shared}## A\n```hcl\na\n```\n{own}```yaml\n  F: {{}}\n```\n## B\n```yaml\n  F: {{}}\n```\n"
    first, second, third = parse("c", text)
    files = {"package.json": "{}\n", "src/app.py": "key = 1\n", "a.js": "let a\n"}
    assert first.files == {**files, "main.tf": "a\n"}
    assert second.files == {**files, "template.yaml": "Resources:\n  F: {}\n"}
    marks = [("src/app.py", 1, "fails", "regular"), ("a.js", 1, "undecided", "strict")]
    assert [(one.file, one.line, one.verdict, one.noise) for one in first.marks] == marks
    assert [(one.file, one.line, one.verdict, one.noise) for one in second.marks] == marks
    assert third.files == {"package.json": "{}\n", "template.yaml": "Resources:\n  F: {}\n"}

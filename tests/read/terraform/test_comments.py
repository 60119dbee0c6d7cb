"""Comments that speak to Stockade: found in comments only, and about the right piece of code."""

from __future__ import annotations

import json
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.read.terraform.comments import comments, remarks
from stockade.read.terraform.json_syntax import parse_json
from stockade.read.terraform.syntax import parse
from stockade.source import Source
from tests.patience import PATIENCE


def native(text: str) -> list[tuple[str, str]]:
    """What the comments of a text say, and the code each is about."""
    return [(one.text, one.scope.raw.decode()) for one in remarks(parse(Source("main.tf", text.encode())))]


def plain(text: str) -> list[str]:
    return [text[start:end] for start, end in comments(text)]


# ---------------------------------------------------------------------------------------- comments


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# a\n// b\n/* c\n d */ e = 1 # f", ["# a", "// b", "/* c\n d */", "# f"]),
        ('a = "# no // no /* no"  # yes', ["# yes"]),
        (r'a = "\" # no"  # yes', ["# yes"]),
        ('a = "${b /* yes */ + "# no"} # no"', ["/* yes */"]),
        ('a = "${ { x = "}" } } # no" # yes', ["# yes"]),
        ('a = "$${ # no" # yes', ["# yes"]),
        ('a = "$$${ # no"\n# yes', ["# yes"]),
        ('a = "%{ if b /* yes */ }# no%{ endif }"', ["/* yes */"]),
        ('a = "%%{ # no"\n# yes', ["# yes"]),
        ("a = <<EOT\n# no\nEOT\n# yes", ["# yes"]),
        ("a = <<-EOT\n  # no\n  EOT\n# yes", ["# yes"]),
        ("a = <<EOT\n# no\n  EOTS\nEOT x\n# no\nEOT\n# yes", ["# yes"]),
        ("a = <<EOT\nEOT\n# yes", ["# yes"]),
        ('a = <<EOT\n${b("EOT") # yes\n} # no\nEOT\n# yes', ["# yes", "# yes"]),
        ("a = <<EOT\n$${ # no\nEOT\n# yes", ["# yes"]),
        ("a = [<<EOT\n# no\nEOT\n, 1] # yes", ["# yes"]),
        ("a = <<EOT\r\n# no\r\nEOT\r\n# yes\r\n", ["# yes"]),
        ("# a\r\n# b\r\n", ["# a", "# b"]),
        ("a = 1 / 2 # yes", ["# yes"]),
        ("/* never closed", ["/* never closed"]),
        ('a = "not closed # no\n# yes', ["# yes"]),
        ("} # yes", ["# yes"]),
        ('a = "${b', []),
        ("a = <<EOT\n# no", []),
        ("", []),
    ],
)
def test_a_comment_is_one_only_where_terraform_says_so(text: str, found: list[str]) -> None:
    assert plain(text) == found


CODE = ['a = "x"\n', "b = [1]\n", 'c = "${d}"\n', "e = <<T\n# no\nT\n", "f {\n}\n", 'g = "# no"\n', "\n"]
SAID = ["# s\n", "// s\n", "/* s */\n", "/* s\n s */\n"]


@given(st.lists(st.sampled_from(CODE + SAID)))
def test_every_comment_between_items_is_found_and_nothing_else(items: list[str]) -> None:
    assert plain("".join(items)) == [one.rstrip("\n") for one in items if one in SAID]


@given(st.text(alphabet='#/*"\\${}%<T\n\r a=', max_size=60))
def test_whatever_the_text_comments_are_in_order_and_apart(text: str) -> None:
    places = list(comments(text))
    assert all(text[start:end].startswith(("#", "//", "/*")) for start, end in places)
    assert all(one[1] <= other[0] for one, other in pairwise(places))


@pytest.mark.parametrize(
    "text",
    [
        "# stockade: x\n" * 40_000,
        "a = 1 " + "/* stockade: x */" * 40_000,
        "a = 1\n" + "/**/" * 150_000 + "# stockade:",
        '"${' * 150_000 + "# stockade:",
        "$" * 300_000 + '"' + "$" * 300_000 + "# stockade:",
        "<<A\n" + "B\n" * 150_000 + "# stockade:",
        "/*" * 200_000 + "# stockade:",
        "{" * 200_000 + "# stockade:",
    ],
)
def test_whatever_the_text_it_takes_linear_time(text: str) -> None:
    file = parse(Source("main.tf", text.encode()))
    start = time.process_time()
    remarks(file)
    assert time.process_time() - start < PATIENCE


# -------------------------------------------------------------------------------------- what it says


@pytest.mark.parametrize(
    "comment",
    [
        "# stockade: accept[x] why",
        "#stockade:accept[x] why",
        "## stockade:  accept[x]   why",
        "// stockade: accept[x] why",
        "/* stockade: accept[x]\n   why */",
        "# stockade : accept[x] why",
    ],
)
def test_what_begins_with_our_name_and_a_colon_is_ours(comment: str) -> None:
    assert [text for text, _ in native(f"{comment}\n")] == ["accept[x] why"]


def test_who_forgets_the_colon_is_understood() -> None:
    assert [text for text, _ in native("# stockade accept[x] why\n")] == ["accept[x] why"]


@pytest.mark.parametrize(
    "comment",
    [
        "# see stockade: it is good",
        "# stockade scans this",
        "# Stockade: no",
        "# checkov:skip=X:y",
        "# stockades:",
    ],
)
def test_what_merely_speaks_of_us_is_not(comment: str) -> None:
    assert native(f"{comment}\na = 1\n") == []


def test_text_keeps_its_characters() -> None:
    assert native("# stockade: accept[x] für – 日本\n")[0][0] == "accept[x] für – 日本"


# ------------------------------------------------------------------------------------ what it is about


def test_beside_code_it_is_about_that_line() -> None:
    assert native("a = 1\nb = 2 # stockade: x\nc = 3\n") == [("x", "b = 2 # stockade: x")]
    assert native("b = 2 /* stockade: x */\nc = 3\n") == [("x", "b = 2 /* stockade: x */")]
    assert native("b = 2 /* y */ # stockade: x\nc = 3\n") == [("x", "b = 2 /* y */ # stockade: x")]


def test_above_code_it_is_about_the_next_line_over_other_comments() -> None:
    assert native("# stockade: x\n# more\n\t// stockade: y\n  b = 2\nc = 3\n") == [
        ("x", "  b = 2"),
        ("y", "  b = 2"),
    ]
    assert native("/* stockade: x */ b = 2\n") == [("x", "/* stockade: x */ b = 2")]
    assert native("/* stockade:\n x */ b = 2\n") == [("x", " x */ b = 2")]
    assert native("\ufeff# stockade: x\nb = 2\n") == [("x", "b = 2")]
    assert native("# stockade: x\r\nb = 2\r\n") == [("x", "b = 2\r")]


def test_above_an_empty_line_or_the_end_it_is_about_nothing() -> None:
    assert native("# stockade: x\n\nb = 2\n") == [("x", "")]
    assert native("b = 2\n# stockade: x\n") == [("x", "")]
    assert native("# stockade: x") == [("x", "")]


BLOCKS = """\
resource "x" "y" {
  a = 1
  policy = jsonencode({
    Statement = [
      {
        Action = "*"
      },
    ]
  })
  nested {
    b = 1
  }
}
other = 1
"""


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("resource", "resource", "\n}"),
        ("  a = 1", "  a = 1", "  a = 1"),
        ("  policy", "  policy", "\n  })"),
        ("    Statement", "    Statement", "\n    ]"),
        ("      {", "      {", "\n      }"),
        ("        Action", "        Action", '"*"'),
        ("  nested", "  nested", "b = 1\n  }"),
        ("  })", "  })", "  })"),
    ],
)
def test_it_is_about_all_that_begins_on_its_line(line: str, first: str, last: str) -> None:
    at = BLOCKS.index(line)
    above = BLOCKS[:at] + "# stockade: x\n" + BLOCKS[at:]
    ((_, scope),) = native(above)
    assert scope.startswith(first) and scope.endswith(last)
    stop = BLOCKS.index("\n", at)
    ((_, beside),) = native(BLOCKS[:stop] + " # stockade: x" + BLOCKS[stop:])
    assert beside.replace(" # stockade: x", "") == scope


def test_the_first_line_of_a_file_is_not_the_whole_file() -> None:
    assert native("# stockade: x\na {\n}\nb {\n}\n") == [("x", "a {\n}")]


def test_a_broken_file_has_its_comments() -> None:
    assert native("a = = 1\n# stockade: x\nresource {\n") == [("x", "resource {\n")]


# --------------------------------------------------------------------------------------------- JSON


def test_in_json_a_comment_is_about_the_object_that_holds_it() -> None:
    text = json.dumps(
        {
            "resource": {
                "x": {
                    "a": {"//": "stockade: accept[x] \u00e4 why", "b": [{"//": ["stockade: y", "no"]}]},
                    "c": {"d": "// stockade: no"},
                }
            }
        }
    )
    source = Source("main.tf.json", text.encode())
    found = [(one.text, one.scope.raw.decode()) for one in remarks(parse_json(source))]
    assert [text for text, _ in found] == ["accept[x] ä why", "y"]
    outer, inner = (scope for _, scope in found)
    assert outer.startswith('"a": {') and outer.endswith('"no"]}]}')
    assert inner == '{"//": ["stockade: y", "no"]}'


def test_what_is_not_json_has_none() -> None:
    assert remarks(parse_json(Source("main.tf.json", b'{"//": "stockade: x"'))) == []

"""Excerpts: the deciding piece stands above its marks, whatever the file holds, and secrets stay out."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from stockade.show.excerpt import excerpt, first_line
from stockade.show.paper import Paper
from stockade.source import Source, Span


def place(text: str, start: str, end: str = "", path: str = "main.tf") -> Span:
    data = text.encode()
    first = data.index(start.encode())
    last = data.index(end.encode(), first) + len(end.encode()) if end else first + len(start.encode())
    return Span(Source(path, data), first, last)


def shown(
    span: Span, *concealed: Span, note: str = "", context: Sequence[Span] = (), width: int = 80
) -> list[str]:
    file = StringIO()
    excerpt(Paper(Console(file=file, width=width)), span, note, concealed, context)
    return file.getvalue().splitlines()


def test_one_line() -> None:
    assert shown(place('a = 1\nmode = "NONE"\nb = 2\n', '"NONE"'), note="here") == [
        "   --> main.tf:2:8",
        '  2 │ mode = "NONE"',
        "    │        ^^^^^^ here",
    ]


def test_the_header_stands_above_with_a_gap_where_lines_are_left_out() -> None:
    text = 'resource "x" "y" {\n  a = 1\n  b = 2\n}\n'
    header = place(text, 'resource "x" "y"')
    near = Span(header.source, text.index("1"), text.index("1") + 1)
    far = Span(header.source, text.index("2"), text.index("2") + 1)
    assert shown(near, context=[header])[1:3] == ['  1 │ resource "x" "y" {', "  2 │   a = 1"]
    assert shown(far, context=[header])[1:4] == ['  1 │ resource "x" "y" {', "    ⋮", "  3 │   b = 2"]


def test_other_places_of_the_file_stand_around_it_in_order() -> None:
    source = Source("main.tf", b"".join(b"line %d\n" % n for n in range(1, 12)))

    def line(number: int) -> Span:
        start = (number - 1) * 7
        return Span(source, start, start + 6)

    context = [line(9), line(2), line(5), line(3), line(7), line(6), Span(Source("x", b"x"), 0, 1)]
    assert shown(line(6), context=context) == [
        "   --> main.tf:6:1",
        "  2 │ line 2",
        "  3 │ line 3",
        "    ⋮",
        "  5 │ line 5",
        "  6 │ line 6",
        "    │ ^^^^^^",
        "  7 │ line 7",
        "    ⋮",
        "  9 │ line 9",
    ]


def test_several_lines_are_marked_beside_their_numbers() -> None:
    text = "x = {\n  a = 1\n  b = 2\n}\n"
    assert shown(place(text, "{", "}")) == [
        "   --> main.tf:1:5",
        "  1 ┃ x = {",
        "  2 ┃   a = 1",
        "  3 ┃   b = 2",
        "  4 ┃ }",
    ]


def test_of_many_lines_the_first_are_shown() -> None:
    text = "x = [\n" + "".join(f"  {n},\n" for n in range(20)) + "]\n"
    lines = shown(place(text, "[", "]"))
    assert lines[1:] == [
        "  1 ┃ x = [",
        "  2 ┃   0,",
        "  3 ┃   1,",
        "  4 ┃   2,",
        "  5 ┃   3,",
        "    ⋮ 17 more lines",
    ]


def test_tabs_wide_and_hidden_characters_keep_marks_in_place() -> None:
    lines = shown(place('\tname = "日本\x1b[2J" + "NONE"\n', '"NONE"'))
    before = lines[1].partition('"NONE"')[0]
    assert "\x1b" not in lines[1]
    assert cell_len(lines[2].partition("^")[0]) == cell_len(before)
    assert lines[2].count("^") == 6


def test_a_long_line_is_cut_around_the_place() -> None:
    text = "x = [" + ", ".join(f'"s3:Action{n}"' for n in range(500)) + "]\n"
    lines = shown(place(text, '"s3:Action250"'))
    assert cell_len(lines[1]) <= 80
    assert lines[1].startswith("  1 │ …")
    assert lines[1].endswith("…")
    mark = lines[2].index("^")
    assert lines[1][mark : mark + lines[2].count("^")] == '"s3:Action250"'


def test_a_place_longer_than_the_line_is_cut() -> None:
    text = "x = " + '"' + "a" * 5000 + '"\n'
    lines = shown(place(text, text[4:-1]))
    assert cell_len(lines[1]) <= 80
    assert cell_len(lines[2]) <= 80


def test_an_empty_place_at_the_end_of_a_file() -> None:
    source = Source("main.tf", b"a = 1\n")
    assert shown(Span(source, 6, 6)) == ["   --> main.tf:2:1", "  2 │"]
    assert shown(Span(Source("empty.tf", b""), 0, 0)) == ["   --> empty.tf:1:1", "  1 │"]


@pytest.mark.parametrize(("secret", "left"), [('"live-4eC39HqLyjWDarjtT1z"', '"live…"'), ('"hunter2"', '"…"')])
def test_a_concealed_place_shows_four_characters_at_most(secret: str, left: str) -> None:
    span = place(f"  KEY = {secret}\n", secret)
    lines = shown(span, span)
    assert lines[1] == f"  1 │   KEY = {left}"
    assert lines[2].count("^") == len(left)


def test_a_concealed_place_stays_out_of_every_other_excerpt() -> None:
    text = 'environment {\n  KEY = "correct horse battery"\n}\n'
    span = place(text, "environment", "}")
    secret = Span(span.source, text.index('"'), text.rindex('"') + 1)
    assert not any("horse" in line for line in shown(span, secret))
    assert any("KEY" in line for line in shown(span, secret))


def test_a_secret_of_several_lines_is_concealed_on_each() -> None:
    text = "key = <<EOT\nAAAA-secret-first\nBBBB-secret-second\nEOT\n"
    secret = place(text, "AAAA", "second")
    whole = Span(secret.source, 0, len(text))
    assert not any("secret" in line for line in shown(whole, secret))
    assert not any("secret" in line for line in shown(secret, secret))


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ('  db_password = "correct horse"', "correct horse"),
        ('  "API_KEY": "0123456789abcdef"', "0123456789abcdef"),
        ("  x = [ghp_0123456789abcdefghij]", "ghp_0123456789abcdefghij"),
    ],
)
def test_what_looks_like_a_secret_nearby_is_hidden(line: str, hidden: str) -> None:
    text = f'block {{\n{line}\n  mode = "NONE"\n}}\n'
    assert not any(hidden in one for one in shown(place(text, "block", "}\n")))


def test_references_and_what_is_meant_to_be_shown_are_not_hidden() -> None:
    text = (
        'block {\n  secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:x"\n  token = "${var.token}"\n}\n'
    )
    lines = shown(place(text, "block", "}\n"))
    assert any("arn:aws:secretsmanager" in line for line in lines)
    assert any("${var.token}" in line for line in lines)
    meant = place('secret_name = "prod/database"\n', '"prod/database"')
    assert "prod/database" in shown(meant)[1]


def test_the_first_line_alone_is_cut_to_its_room() -> None:
    span = place('   policy = jsonencode({ Action = "s3:*" })\n', "jsonencode")
    paper = Paper(Console(file=StringIO(), width=80))
    pieces = first_line(paper, span, (), 20)
    text = "".join(one if isinstance(one, str) else one[0] for one in pieces)
    assert cell_len(text) <= 20
    assert "jsonencode" in text


@given(
    st.binary(max_size=300),
    st.integers(0, 300),
    st.integers(0, 300),
    st.integers(0, 300),
    st.integers(0, 300),
    st.integers(40, 120),
)
def test_any_place_of_any_bytes_can_be_shown(
    data: bytes, start: int, end: int, hide: int, until: int, width: int
) -> None:
    source = Source("x", data)
    start, end = sorted((min(start, len(data)), min(end, len(data))))
    hide, until = sorted((min(hide, len(data)), min(until, len(data))))
    for line in shown(Span(source, start, end), Span(source, hide, until), width=width):
        assert line.isprintable()
        assert cell_len(line) <= width


@given(
    st.text("ab\n\"' =", max_size=40), st.text("ab\n", max_size=40), st.integers(0, 120), st.integers(0, 120)
)
def test_no_excerpt_shows_a_concealed_text(before: str, after: str, start: int, end: int) -> None:
    secret = "ZYXWVUTSRQPONMLK"
    text = f"{before}{secret}{after}"
    source = Source("x", text.encode())
    concealed = Span(source, len(before), len(before) + len(secret))
    start, end = sorted((min(start, len(text)), min(end, len(text))))
    letters = [one for line in shown(Span(source, start, end), concealed) for one in line if one in secret]
    assert letters in ([], list(secret[:4]))

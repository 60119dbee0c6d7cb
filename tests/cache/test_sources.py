"""Places that are kept lead to what is there now, and text that is no file's is kept nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.cache.sources import Reading, UnfitError, Where, Writing, is_copy
from stockade.read.files import Tree
from stockade.source import Source, Span


def where(top: Path, **given: str) -> Where:
    return Where(Tree(top), given, {"TF_VAR_size": "12", "HOME": "/"})


def test_a_file_is_read_anew(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_bytes(b"a secret")
    here = where(tmp_path)
    places = Writing(here, copies=False)
    span = Span(here.tree.read(tmp_path / "a.tf"), 2, 8)
    numbers = places.span(span)
    assert "secret" not in repr(places.rows)
    again = Reading(where(tmp_path), False, places.rows).span(numbers)
    assert (again.raw, str(again)) == (b"secret", "a.tf:1:3")


@pytest.mark.parametrize("change", ["changed", "gone", "a link"])
def test_a_file_that_is_another_fits_no_more(tmp_path: Path, change: str) -> None:
    file = tmp_path / "a.tf"
    file.write_bytes(b"some bytes")
    here = where(tmp_path)
    places = Writing(here, copies=False)
    places.span(Span(here.tree.read(file), 0, 4))
    file.unlink()
    if change == "changed":
        file.write_bytes(b"some bytez")
    elif change == "a link":
        (tmp_path / "b.tf").write_bytes(b"some bytes")
        file.symlink_to("b.tf")
    with pytest.raises(UnfitError):
        Reading(where(tmp_path), False, places.rows)


def test_what_a_user_gave_is_taken_from_there(tmp_path: Path) -> None:
    here = where(tmp_path, stage="prod")
    places = Writing(here, copies=False)
    spans = [Span(Source("<--var stage>", b"prod"), 0, 4), Span(Source("<TF_VAR_size>", b"12"), 0, 2)]
    numbers = [places.span(one) for one in spans]
    assert "prod" not in repr(places.rows)
    read = Reading(here, False, places.rows)
    assert [(read.span(one).raw, read.span(one).path) for one in numbers] == [
        (b"prod", "<--var stage>"),
        (b"12", "<TF_VAR_size>"),
    ]


def test_text_that_cannot_be_read_anew_goes_to_our_own_processes_only(tmp_path: Path) -> None:
    span = Span(Source("code.zip/app.py", "pässword".encode()), 0, 3)
    with pytest.raises(UnfitError):
        Writing(where(tmp_path), copies=False).span(span)
    places = Writing(where(tmp_path), copies=True)
    numbers = places.span(span)
    assert [is_copy(row) for row in places.rows] == [True]
    assert Reading(where(tmp_path), True, places.rows).span(numbers).raw == span.raw
    with pytest.raises(UnfitError):
        Reading(where(tmp_path), False, places.rows)


def test_what_is_left_of_a_file_without_its_values_is_kept(tmp_path: Path) -> None:
    places = Writing(where(tmp_path), copies=False)
    numbers = [
        places.span(Span(Source("plan.json", b"{}", bare=True), 0, 2)),
        places.span(Span(Source("x", b""), 0, 0)),
    ]
    read = Reading(where(tmp_path), False, places.rows)
    assert [(read.span(one).path, read.span(one).source.bare) for one in numbers] == [
        ("plan.json", True),
        ("x", False),
    ]


@pytest.mark.parametrize("numbers", [(0, 0, 99), (0, 3, 2), (0, -1, 2), (-1, 0, 0), (0, 0, True)])
def test_a_place_outside_of_its_file_is_none(tmp_path: Path, numbers: object) -> None:
    read = Reading(where(tmp_path), False, [["b", "x", "abc", False]])
    with pytest.raises(UnfitError):
        read.span(numbers)


def test_nothing_outside_of_the_tree_is_read(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("x")
    (tmp_path / "tree").mkdir()
    with pytest.raises(UnfitError):
        Reading(where(tmp_path / "tree"), False, [["f", str(tmp_path / "outside"), "", "outside"]])

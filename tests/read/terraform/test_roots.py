"""Root modules of a tree: where somebody would run Terraform."""

from __future__ import annotations

import os
from pathlib import Path

from stockade.read.files import Tree
from stockade.read.terraform import find_roots
from stockade.read.walk import walk
from tests.read.terraform.project import write


def roots(directory: Path) -> list[str]:
    found = find_roots(walk(directory), Tree(directory))
    return [os.path.relpath(one, os.path.realpath(directory)) for one in found]


def test_a_directory_that_another_one_calls_is_no_root(tmp_path: Path) -> None:
    write(
        tmp_path,
        """\
        --- prod/main.tf
        module "a" { source = "../modules/a" }
        --- dev/main.tf.json
        {"module": {"a": {"source": "../modules/a"}}}
        --- modules/a/main.tf
        module "b" {
          source = "./b"
        }
        --- modules/a/b/main.tf
        locals {}
        --- modules/unused/main.tf
        # nobody calls it, and source = "../prod" stands in a comment
        --- opentofu/main.tofu
        locals {}
        --- .terraform/modules/x/main.tf
        locals {}
        --- node_modules/x/main.tf
        locals {}
        --- docs/readme.md
        nothing
        """,
    )
    assert roots(tmp_path) == ["dev", "modules/unused", "opentofu", "prod"]


def test_a_circle_of_modules_is_all_roots(tmp_path: Path) -> None:
    write(
        tmp_path,
        """\
        --- a/main.tf
        module "b" { source = "../b" }
        --- b/main.tf
        module "a" { source = "../a" }
        """,
    )
    assert roots(tmp_path) == ["a", "b"]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    write(tmp_path, "--- a/main.tf\nlocals {}\n")
    (tmp_path / "a" / "again").symlink_to(tmp_path / "a")
    (tmp_path / "up").symlink_to(tmp_path)
    assert roots(tmp_path) == ["a"]

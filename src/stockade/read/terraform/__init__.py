"""Terraform configuration, read without Terraform: native and JSON syntax, OpenTofu's names too."""

from stockade.read.terraform.config import Library
from stockade.read.terraform.reader import read
from stockade.read.terraform.roots import find_roots

__all__ = ["Library", "find_roots", "read"]

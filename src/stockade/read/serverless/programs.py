"""Configurations of the Serverless Framework that are programs, which are never run."""

from __future__ import annotations

from typing import Final

PROGRAMS: Final = (".ts", ".js", ".cjs", ".mjs")

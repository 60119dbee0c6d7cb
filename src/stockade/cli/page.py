"""A command's help page: its options under headings that say what they decide, the same in every command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import click

_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "What is read": (
        *("variables", "variable_files", "other_variables", "other_files", "config", "packages"),
        *("advisories", "osv", "handler", "environment", "trails", "accounts", "role", "resume"),
    ),
    "What is asked": (
        *(
            "controls",
            "functions",
            "function",
            "most",
            "noise",
            "safety",
            "complete",
            "explain",
            "since",
            "runs",
        ),
        *("principal", "action", "resource", "pairs", "account"),
    ),
    "What applies": ("resource_policy", "boundary", "sessions", "scps", "rcps"),
    "What counts": ("fail_on", "baseline", "write_baseline", "revision", "allow_gaps"),
    "What is written": (
        *("shape", "output", "also", "fixes", "write", "reveal", "color"),
        *("hub_account", "hub_region", "hub_source"),
    ),
    "What is kept": ("kept", "store", "series", "cache", "no_cache"),
    "Live accounts": (
        *("live", "profile", "regions", "role_arns", "external_id", "organization", "fetch", "max_share"),
        *("share", "analyzer"),
    ),
    "How it is run": ("jobs", "scheduler", "workers", "at_once", "memory"),
}
"""Heading -> the parameters below it; what is in none stands at the end."""
_REST: Final = "Other options"
_COLUMN: Final = 24
"""How wide the options' column is; a longer one has a line of its own."""
_FEW: Final = 8
"""So many options need no headings."""


class Page(click.Command):
    """A command with many options."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        told = [(one.name, found) for one in options if (found := one.get_help_record(ctx))]
        if len(told) <= _FEW:
            super().format_options(ctx, formatter)
            return
        left = [(name, (option.ljust(_COLUMN), help)) for name, (option, help) in told]
        for heading, names in _GROUPS.items():
            here = [found for name, found in left if name in names]
            left = [(name, found) for name, found in left if name not in names]
            if here:
                with formatter.section(heading):
                    formatter.write_dl(here, _COLUMN)
        with formatter.section(_REST):
            formatter.write_dl([found for _, found in left], _COLUMN)

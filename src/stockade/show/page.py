"""A control's page as Markdown: its own words, under what its declaration says."""

from __future__ import annotations

from typing import Any

from stockade.control import Control


def page(control: Control[Any]) -> str:
    """The whole page, without a newline at its end."""
    told = [
        f"Severity {control.severity.name.lower()}",
        f"row “{control.item.title}” of {control.item.section}",
        f"noise {control.noise.name.lower()}",
        f"since {control.since}",
    ]
    references = "".join(f"- {one}\n" for one in control.references)
    tail = f"\n\n## References\n\n{references}" if references else "\n"
    return f"# {control.name}\n\n{', '.join(told)}.\n\n{control.page.strip()}{tail}".rstrip()

"""The list of controls, under the checklist's sections and rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from rich.console import Console

from stockade.checklist import Item
from stockade.control import Control
from stockade.show.paper import SEVERITY_STYLES, Paper


def show(controls: Sequence[Control[Any]], console: Console) -> None:
    """Write every row of the checklist with its controls, or that it has none yet."""
    paper = Paper(console)
    wide = max((len(one.name) for one in controls), default=0)
    for position, (section, items) in enumerate(groupby(Item, key=lambda item: item.section)):
        if position:
            paper.blank()
        paper.line((section, "bold"))
        for item in items:
            paper.line(item.title, indent=2)
            here = [one for one in controls if one.item is item]
            for one in here:
                lead = (f"{one.name:<{wide}}  ", SEVERITY_STYLES[one.severity])
                aside = "" if one.noise.name == "REGULAR" else f" ({one.noise.name.lower()})"
                paper.prose(one.summary, (aside, "dim"), indent=4, lead=lead)
            if not here:
                paper.line(("not decided yet by this version", "dim"), indent=4)
    paper.blank()
    paper.line(("`stockade explain NAME` shows a control's page.", "dim"))

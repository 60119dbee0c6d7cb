"""A value that only some calls of a module are to give: by a variable that the module gets.

What the module says already is the variable's default, or nothing where it says nothing, so that calls which do
not give it keep what they have, those of other root modules too. A call hands over plain values only: what is
to be referred to would have to be known where the call is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from stockade.fix.terraform import layout
from stockade.fix.terraform.json_page import is_json
from stockade.fix.terraform.page import Page
from stockade.fix.terraform.spots import Spot, Step
from stockade.fix.terraform.survey import Survey
from stockade.fix.terraform.words import MAPS
from stockade.patterns import lazy_regex
from stockade.read.terraform import tree as t
from stockade.read.terraform.config import Config, Declaration
from stockade.read.terraform.instance import Instance
from stockade.source import Source

_PLAIN: Final = lazy_regex(r'true|false|-?\d+(?:\.\d+)?|"[^"\\$%]*"')
_TYPES: Final = {'"': "string", "t": "bool", "f": "bool"}

Insert = Callable[[Page, int, str], None]
"""Puts a block behind an offset of a page."""


class Parameters:
    """How one fix hands values over."""

    def __init__(self, survey: Survey, pages: Callable[[Source], Page], insert: Insert) -> None:
        self._survey = survey
        self._pages = pages
        self._insert = insert

    def give(
        self, instance: Instance, steps: Sequence[Step], spot: Spot, texts: Mapping[str, str | None]
    ) -> bool:
        """Hand a value over to the module of an instance; whether it could be written so.

        ``spot`` is where the instance's own declaration has it or lacks it, ``texts`` what every instance of
        that is to have, by its address, and ``None`` for those that are to stay.
        """
        text = texts.get(instance.address) or ""
        old = self._old(spot)
        if old is None or not _PLAIN.fullmatch(text):
            return False
        call = self._call(instance, texts)
        last = _last_variable(self._survey.module(instance).config)
        name = _name_of(steps)
        if call is None or last is None or name in self._survey.module(instance).config.variables:
            return False
        if name in call.block.body.attributes or is_json(call.source):
            return False
        kind = _TYPES.get(text[0], "number")
        page = self._pages(last.source)
        what = f"{'.'.join(map(str, steps))} of {'.'.join(instance.declaration.block.labels)}"
        said = [f'variable "{name}" {{', f'  description = "What {what} is to be."']
        said += [f"  type        = {kind}", f"  default     = {old or 'null'}", "}"]
        self._insert(page, page.line_end(last.block.end), "\n".join(said))
        self._use(spot, f"var.{name}")
        layout.add_argument(self._pages(call.source), call.block, name, text)
        return True

    def _old(self, spot: Spot) -> str | None:
        """What is written at a spot, empty where nothing is; ``None`` where no variable can take its place."""
        if not spot.own or is_json(spot.source):
            return None
        if spot.holder is None:
            text = spot.source.data[spot.start : spot.end].decode()
            return text if isinstance(spot.node, t.Literal | t.Template) and _PLAIN.fullmatch(text) else None
        nested = len(spot.missing) == 2 and all(isinstance(one, str) for one in spot.missing)
        if not isinstance(spot.holder, t.Block) or spot.missing[0] in MAPS:
            return None
        return "" if nested or len(spot.missing) == 1 else None

    def _use(self, spot: Spot, value: str) -> None:
        """Write the variable where the value stands, or would stand."""
        page = self._pages(spot.source)
        if not isinstance(spot.holder, t.Block):
            page.replace(spot.start, spot.end, value)
            return
        head, *inner = map(str, spot.missing)
        if not inner:
            layout.add_argument(page, spot.holder, head, value)
            return
        indent = layout.inner_indent(page, spot.holder)
        lines = [
            f'dynamic "{head}" {{',
            f"  for_each = {value} == null ? [] : [{value}]",
            "",
            "  content {",
            f"    {inner[0]} = {value}",
            "  }",
            "}",
        ]
        layout.add_block(page, spot.holder, [f"{indent}{one}" if one else one for one in lines])

    def _call(self, instance: Instance, texts: Mapping[str, str | None]) -> Declaration | None:
        """The block that calls the module, where all that it makes are to have the same."""
        own = self._survey.call_of(self._survey.module(instance))
        alike = self._survey.alike(instance)
        if own is None:
            return None
        declared = own[0]
        for one in alike:
            call = self._survey.call_of(self._survey.module(one))
            if call is None:
                return None
            if call[0] is declared and texts.get(one.address) != texts[instance.address]:
                return None
        return declared


def _last_variable(config: Config) -> Declaration | None:
    """The variable behind which another one goes."""
    return max(
        (one for one in config.variables.values() if not is_json(one.source)),
        key=lambda one: (one.source.path, one.block.end),
        default=None,
    )


def _name_of(steps: Sequence[Step]) -> str:
    """What a variable is called that gives an attribute: ``tracing_mode`` for ``tracing_config.mode``."""
    return re.sub(r"\W", "_", "_".join(str(one).removesuffix("_config") for one in steps))

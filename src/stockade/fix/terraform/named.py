"""What references are called where they are written: in the same module, through a variable, or an output.

A reference in the model's words is an address from the root. An expression sees its own module only, so
that what is elsewhere needs a variable or output that has it; where there is none, a person has to say
how it gets there. What only a deployment decides (account, region, partition) is a data source.
"""

from __future__ import annotations

import json
import re
from typing import Final

from stockade.errors import FixError
from stockade.fix.terraform.called import OWN, expression_of
from stockade.fix.terraform.survey import Survey
from stockade.patterns import lazy_regex
from stockade.read.terraform.frame import Frame
from stockade.read.terraform.modules import Module
from stockade.value import Hole, Known, Ref, Text, Unknown, Value

_MODULE: Final = lazy_regex(r'((?:module\.[\w-]+(?:\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\])?\.)*)(.*)', re.DOTALL)
_KEY: Final = lazy_regex(r'(.*?)\[("(?:[^"\\]|\\.)*"|\d+)\]', re.DOTALL)

SOURCES: Final = {
    "account": ("aws_caller_identity", "account_id"),
    "region": ("aws_region", "name"),
    "partition": ("aws_partition", "partition"),
    "dns_suffix": ("aws_partition", "dns_suffix"),
}
"""The data sources that say what a deployment decides, and the attribute that does."""


def module_of(address: str) -> tuple[str, str]:
    """The module instance that an address is in (empty for the root), and what it is called there."""
    found = _MODULE.fullmatch(address)
    return (found[1].rstrip("."), found[2]) if found else ("", address)


class Namer:
    """Writes references and holes where a frame is. ``needed`` collects the data sources it had to think up."""

    def __init__(self, survey: Survey, frame: Frame) -> None:
        self._survey = survey
        self._frame = frame
        scope = frame.scope
        if not isinstance(scope, Module):
            raise FixError("the value stands in a template of its own, where nothing can be referred to")
        self._module = scope
        self.needed: dict[str, None] = {}

    def __call__(self, part: Ref | Hole) -> str:
        return self._hole(part) if isinstance(part, Hole) else self._reference(part)

    # --------------------------------------------------------------------------------- references

    def _reference(self, ref: Ref) -> str:
        inside, name = module_of(ref.address)
        if inside == self._module.address:
            return f"{self.resource(name)}.{ref.attribute}"
        variable = next((one for one in self._module.config.variables if self._has(one, ref)), None)
        if variable is not None:
            return f"var.{variable}"
        for called, key, module in self._survey.called_by(self._module):
            if inside == module.address or inside.startswith(f"{module.address}."):
                for output in module.config.outputs:
                    if _is(module.attribute(output), ref):
                        return f"module.{called}{self._index(key)}.{output}"
        where = f"`{self._module.address}`" if self._module.address else "the root module"
        help = "hand it over with a variable or an output, then run this again"
        raise FixError(f"`{ref.address}` cannot be referred to from {where}", help=help)

    def _has(self, variable: str, ref: Ref) -> bool:
        return variable in self._module.inputs and _is(self._module.variable(variable), ref)

    def resource(self, name: str) -> str:
        """A resource of the module itself; an instance by ``each.key`` or ``count.index`` if that is it."""
        found = _KEY.fullmatch(name)
        if found is None:
            if name.endswith("[?]"):
                raise FixError(f"it is not known which instance of `{name.removesuffix('[?]')}` is meant")
            return name
        return f"{found[1]}{self._index(json.loads(found[2]))}"

    def _index(self, key: str | int | None) -> str:
        if key is None:
            return ""
        own = self._own_key()
        if own == key:
            return "[each.key]" if isinstance(key, str) else "[count.index]"
        return f"[{json.dumps(key, ensure_ascii=False)}]"

    def _own_key(self) -> str | int | None:
        """The key of the instance whose expression this is."""
        names = self._frame.names
        for root, name in (("each", "key"), ("count", "index")):
            bound = names.get(root)
            if isinstance(bound, Known):
                key = bound.value.get(name)
                if isinstance(key, Known):
                    plain: str | int = key.value
                    return plain
        return None

    # -------------------------------------------------------------------------------------- holes

    def _hole(self, hole: Hole) -> str:
        if hole.name.startswith(OWN):
            return expression_of(self._survey, hole)
        source = SOURCES.get(hole.name)
        if source is not None:
            kind, attribute = source
            return f"data.{kind}.{self._data(kind)}.{attribute}"
        inside, name = module_of(hole.name)
        if inside == self._module.address and name.startswith("var."):
            return name
        if hole.name == "terraform.workspace":
            return hole.name
        shown = hole.shown or hole.name
        raise FixError(f"somebody has to say what stands for `{shown}`", help="make the change by hand")

    def _data(self, kind: str) -> str:
        for mode, of, name in self._module.config.resources:
            if mode == "data" and of == kind and len(self._module.instances((mode, of, name))) == 1:
                declared = self._module.config.resources[mode, of, name]
                if not declared.attribute("count") and not declared.attribute("for_each"):
                    return name
        self.needed[kind] = None
        return "current"


def _is(value: Value[object], ref: Ref) -> bool:
    """Whether a value is what a reference stands for, and nothing else."""
    match value:
        case Known(_, _, found):
            return found == ref
        case Unknown(_, _, Text((Ref() as only,))):
            return only == ref
        case _:
            return False

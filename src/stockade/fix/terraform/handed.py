"""References in a file of JSON that ``file`` or ``templatefile`` reads: handed over by the call that reads it.

The file itself can refer to nothing. What a fix refers to becomes one more variable of the template, named
after what it stands for; a file that was read as it is becomes a template, if nothing in it would be one by
accident.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Final

from stockade.errors import FixError
from stockade.fix.terraform import layout
from stockade.fix.terraform.columns import lined_up
from stockade.fix.terraform.hcl import Name
from stockade.fix.terraform.json_page import is_json
from stockade.fix.terraform.named import module_of
from stockade.fix.terraform.page import Page
from stockade.fix.terraform.survey import Survey
from stockade.read.terraform import tree as t
from stockade.read.terraform.cty import EvaluationError
from stockade.read.terraform.evaluate import evaluate
from stockade.read.terraform.frame import Frame
from stockade.read.terraform.instance import Instance
from stockade.read.terraform.modules import Module
from stockade.source import Source
from stockade.value import Hole, Known, Ref

_WIDEST: Final = 100
_READING: Final = ("file", "templatefile")


class Handed:
    """The variables that one fix hands to one file."""

    def __init__(
        self,
        survey: Survey,
        source: Source,
        instance: Instance,
        pages: Callable[[Source], Page],
        namers: Callable[[Frame, Source], Name],
    ) -> None:
        found = list(_calls(survey, source, survey.module(instance)))
        if len(found) != 1:
            many = "several calls read" if found else "no call can be found that reads"
            raise FixError(
                f"{many} `{source.path}`, which cannot refer to anything by itself",
                help="write the policy with `jsonencode`, then run this again",
            )
        self._calling, self._call = found[0]
        if is_json(self._calling):
            raise FixError(f"`{source.path}` is read by `{self._calling.path}`, in Terraform's JSON syntax")
        block = instance.declaration.block
        own = self._calling is instance.declaration.source and block.start <= self._call.start < block.end
        names = instance.frame.names if own else {}
        self._name = namers(Frame(survey.module(instance), self._calling, names), self._calling)
        self._page = pages(self._calling)
        self._source = source
        self._given: dict[str, str] = {}
        self._held = self._variables()

    @property
    def is_template(self) -> bool:
        """Whether the file is a template as it is, in which ``${`` has to be written ``$${``."""
        return self._call.name == "templatefile"

    def __call__(self, part: Ref | Hole) -> str:
        """The variable that stands for a reference in the file."""
        text = self._name(part)
        for name, said in {**self._held, **self._given}.items():
            if said == text:
                return name
        first = _named(part)
        name, number = first, 2
        while name in self._held or name in self._given:
            name, number = f"{first}_{number}", number + 1
        self._given[name] = text
        return name

    def _variables(self) -> dict[str, str]:
        """What the template is handed already."""
        if not self.is_template:
            if re.search(r"\$\{|%\{", self._source.text):
                raise FixError(
                    f"`{self._source.path}` holds what a template would take for a variable",
                    help="write the policy with `jsonencode`, then run this again",
                )
            return {}
        given = self._call.args[1] if len(self._call.args) > 1 else None
        if not isinstance(given, t.Object):
            place = self._page.position(self._call.start)
            raise FixError(f"what the template is handed at {place} is not written out there")
        return {
            str(key.value): self._page.text[value.start : value.end]
            for key, value in given.items
            if isinstance(key, t.Literal)
        }

    def finish(self) -> None:
        """Write what is handed over into the call."""
        if not self._given:
            return
        page, call = self._page, self._call
        given = call.args[1] if self.is_template else None
        if isinstance(given, t.Object) and not self._is_wide(given):
            for name, text in self._given.items():
                layout.add_member(page, given, name, text)
            return
        indent = page.indent(call.start)
        inner = f"{indent}  "
        lines = lined_up([f"{inner}{name} = {text}" for name, text in {**self._held, **self._given}.items()])
        made = "\n".join(["{", *lines, f"{indent}}}"])
        if isinstance(given, t.Object):
            page.replace(given.start, given.end, made)
        else:
            path = call.args[0]
            start, end = self._whole()
            page.replace(start, end, f"templatefile({page.text[path.start : path.end]}, {made})")

    def _whole(self) -> tuple[int, int]:
        """The call, with the quotes around it where they hold nothing else: how Terraform 0.11 had it."""
        text, call = self._page.text, self._call
        if text[: call.start].endswith('= "${') and text[call.end :].startswith('}"'):
            return call.start - 3, call.end + 2
        return call.start, call.end

    def _is_wide(self, given: t.Object) -> bool:
        """Whether an object on one line would take too long a line with what is added."""
        page = self._page
        if "\n" in page.text[given.start : given.end]:
            return False
        more = sum(len(name) + len(text) + 5 for name, text in self._given.items())
        return page.line_end(given.end) - page.line_start(given.start) + more > _WIDEST


def _calls(survey: Survey, source: Source, module: Module) -> Iterator[tuple[Source, t.Call]]:
    """The calls of a module that read a file."""
    wanted = survey.tree.path(source)
    for file in survey.files(module.config):
        for node in t.walk(file.body):
            if not isinstance(node, t.Call) or node.name not in _READING or not node.args:
                continue
            try:
                path = evaluate(node.args[0], Frame(module, file.source, {}))
            except EvaluationError:
                continue
            if isinstance(path, Known) and isinstance(path.value, str) and wanted is not None:
                if os.path.realpath(os.path.join(module.directory, path.value)) == os.path.realpath(wanted):
                    yield file.source, node


def _named(part: Ref | Hole) -> str:
    """What a variable is called that stands for a reference: ``report_log_group_arn``."""
    if isinstance(part, Hole):
        return part.name
    kind, _, name = module_of(part.address)[1].removeprefix("data.").partition(".")
    words = "_".join(kind.split("_")[-2:]) if kind.count("_") > 1 else kind.rpartition("_")[2]
    local, _, key = name.partition("[")
    own = key.rstrip("]").strip('"') or local
    return re.sub(r"\W+", "_", f"{own}_{words}_{part.attribute}").strip("_")

"""Policies in Terraform's language, with references as a project writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any, Final, Literal

from stockade.model.relate import module_of
from stockade.needs.policy import Statement
from stockade.needs.texts import Sheet, because, comments
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Hole, Ref, Text, text_of

Style = Literal["document", "jsonencode"]
"""How a project writes policies: as ``aws_iam_policy_document``, or as JSON of expressions."""

_SURROUNDINGS: Final = {
    "account": ("aws_caller_identity", "account_id"),
    "partition": ("aws_partition", "partition"),
    "region": ("aws_region", "id"),
}
_EXPRESSION: Final = lazy_regex(r"""(?:var|local|module|data|aws_\w+)(?:\.[\w-]+|\[(?:\d+|"[^"]*")\])+""")
_LABEL: Final = lazy_regex(r"[^0-9A-Za-z_-]+")


@dataclass
class Names:
    """What stands for region, account and partition: data sources of the project by their type, or new ones."""

    declared: Mapping[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def of(self, surrounding: str) -> str:
        """The expression for one of them."""
        kind, attribute = _SURROUNDINGS[surrounding]
        self.used.add(kind)
        return f"data.{kind}.{self.declared.get(kind, 'current')}.{attribute}"

    def missing(self) -> list[str]:
        """The data sources that are used and not declared."""
        return [f'data "{kind}" "current" {{}}' for kind in sorted(self.used - self.declared.keys())]


def text(sheets: Sequence[Sheet], style: Style, declared: Mapping[str, str]) -> str:
    """The policies of some functions as one file; ``declared`` are data sources by type, with their names."""
    names = Names(declared)
    blocks = ["\n".join(_function(sheet, style, names)) for sheet in sheets]
    return "\n\n".join([*names.missing(), *blocks]) + "\n"


def label(sheet: Sheet) -> str:
    """A name for what belongs to a function: its own in Terraform, else made of what it is called."""
    bare = re.sub(r"\[[^\]]*\]", "", sheet.address)
    inside = module_of(sheet.address)
    own = re.sub(r"\[[^\]]*\]", "", inside).rstrip(".").rpartition(".")[2]
    # What is called `this` in a module is known by the module's name.
    last = own if inside and not _module(sheet) else bare.rpartition(".")[2] if "." in bare else sheet.name
    made = _LABEL.sub("_", last).strip("_") or "function"
    return made if made[0].isalpha() or made[0] == "_" else f"_{made}"


def _function(sheet: Sheet, style: Style, names: Names) -> list[str]:
    out = [f"# {one}" for one in comments(sheet)]
    several = len(sheet.policy.policies) > 1
    for number, statements in enumerate(sheet.policy.policies, 1):
        name = f"{label(sheet)}_{number}" if several else label(sheet)
        module = _module(sheet)
        if style == "document":
            out += [f'data "aws_iam_policy_document" "{name}" {{', *_blocks(statements, names, module), "}"]
        if not sheet.role:
            if style == "jsonencode":
                out += ["locals {", *_encoded(f"{name}_policy", statements, names, module), "}"]
            continue
        role = _role(sheet, module)
        if style == "document":
            out.append("")
        out += [
            f'resource "aws_iam_role_policy" "{name}" {{',
            f'  name{"  " if style == "document" else ""} = "{name}"',
            f"  role{'  ' if style == 'document' else ''} = {role}",
        ]
        if style == "document":
            out.append(f"  policy = data.aws_iam_policy_document.{name}.json")
        else:
            out += ["", *_encoded("policy", statements, names, module)]
        out.append("}")
    if not sheet.policy.policies:
        out.append("# nothing")
    return out


def _module(sheet: Sheet) -> str:
    """The module that a policy can be written in: the function's own, where nothing outside is referred to."""
    own = module_of(sheet.address)
    refs = [
        part
        for one in sheet.learned.needed
        if isinstance(one.resource, Text)
        for part in one.resource.parts
        if isinstance(part, Ref)
    ]
    return own if all(module_of(one.address) == own for one in refs) else ""


def _role(sheet: Sheet, module: str) -> str:
    """The role as an argument: by reference where it can be referred to, else by its name."""
    if module_of(sheet.role) == module:
        return f"{sheet.role.removeprefix(module)}.id"
    if sheet.role_name:
        return json.dumps(sheet.role_name)
    return f"{sheet.role}.name # to be handed out of the module"


# ------------------------------------------------------------------------------------------ as blocks


def _blocks(statements: Iterable[Statement], names: Names, module: str) -> list[str]:
    out: list[str] = []
    for one in statements:
        if out:
            out.append("")
        out += (f"  # {line}" for line in _why(one))
        tree = one.tree
        pairs = [
            ("sid", json.dumps(tree["Sid"])) if tree.get("Sid") else None,
            ("actions", _list(tree["Action"], names, module)),
            ("resources", _list(tree["Resource"], names, module)),
        ]
        out += ["  statement {", *_aligned([pair for pair in pairs if pair], "    ")]
        for operator, tests in tree.get("Condition", {}).items():
            for key, values in tests.items():
                told = [("test", json.dumps(operator)), ("variable", json.dumps(key))]
                told.append(("values", _list(values, names, module)))
                out += ["", "    condition {", *_aligned(told, "      "), "    }"]
        out.append("  }")
    return out


def _aligned(pairs: Sequence[tuple[str, str]], indent: str) -> list[str]:
    """Arguments as ``terraform fmt`` aligns them: those on lines of their own, one after another."""
    out: list[str] = []
    run: list[tuple[str, str]] = []

    def flush() -> None:
        width = max((len(name) for name, _ in run), default=0)
        out.extend(f"{indent}{name:<{width}} = {value}" for name, value in run)
        run.clear()

    for name, value in pairs:
        if "\n" in value:
            # A value of several lines is aligned by itself, and ends the run.
            flush()
            first, *rest = value.split("\n")
            out.append(f"{indent}{name} = {first}")
            out.extend(f"{indent}{line}" for line in rest)
        else:
            run.append((name, value))
    flush()
    return out


def _list(value: Any, names: Names, module: str) -> str:
    items = [expression(one, names, module) for one in (value if isinstance(value, list | tuple) else [value])]
    short = f"[{', '.join(items)}]"
    if len(items) < 2 or len(short) <= 80:
        return short
    return "\n".join(["[", *(f"  {one}," for one in items), "]"])


# -------------------------------------------------------------------------------------------- as JSON


def _encoded(name: str, statements: Iterable[Statement], names: Names, module: str) -> list[str]:
    out = [f"  {name} = jsonencode({{", '    Version = "2012-10-17"', "    Statement = ["]
    for one in statements:
        out += (f"      # {line}" for line in _why(one))
        tree = one.tree
        pairs = [("Sid", json.dumps(tree["Sid"]))] if tree.get("Sid") else []
        pairs.append(("Effect", '"Allow"'))
        pairs += ((key, _one_or_list(tree[key], names, module)) for key in ("Action", "Resource"))
        out += ["      {", *_aligned(pairs, "        ")]
        if tree.get("Condition"):
            out.append("        Condition = {")
            for operator, tests in tree["Condition"].items():
                out.append(f"          {json.dumps(operator)} = {{")
                out += (
                    f"            {json.dumps(key)} = {_one_or_list(values, names, module)}"
                    for key, values in tests.items()
                )
                out.append("          }")
            out.append("        }")
        out.append("      },")
    return [*out, "    ]", "  })"]


def _one_or_list(value: Any, names: Names, module: str) -> str:
    if isinstance(value, list | tuple) and len(value) > 1:
        return _list(value, names, module)
    return expression(value[0] if isinstance(value, list | tuple) else value, names, module)


def _why(one: Statement) -> list[str]:
    out = list(dict.fromkeys(because(reason) for reason in one.reasons))
    if one.is_open:
        out.append("wider than it would have to be: the resource is not known")
    return [line.replace("\n", " ") for line in out]


# ---------------------------------------------------------------------------------------- expressions


def expression(value: Any, names: Names, module: str = "") -> str:
    """A string of a policy as an expression of Terraform's."""
    if isinstance(value, Text):
        value = _inlined(value, module)
    if not isinstance(value, Text):
        return json.dumps(str(value), ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    if len(value.parts) == 1:
        said = _said(value.parts[0], names, module)
        if said is not None:
            return said
    out = ""
    for part in value.parts:
        if isinstance(part, str):
            out += json.dumps(part, ensure_ascii=False)[1:-1].replace("${", "$${").replace("%{", "%%{")
        else:
            out += f"${{{_said(part, names, module) or part_name(part)}}}"
    return f'"{out}"'


def _said(part: str | Ref | Hole, names: Names, module: str) -> str | None:
    match part:
        case Ref() if module_of(part.address) == module:
            return f"{part.address.removeprefix(module)}.{part.attribute}"
        case Ref():
            return f"{part.address}.{part.attribute}"
        case Hole(name) if name in _SURROUNDINGS:
            return names.of(name)
        case Hole(name) if _EXPRESSION.fullmatch(name):
            return name
        case _:
            return None


def _inlined(text: Text, module: str) -> Text | str:
    """A text in which what cannot be referred to from a module is written out, where all of it can be said."""
    out: list[str | Ref | Hole] = []
    for part in text.parts:
        pieces = part.shape.shape() if isinstance(part, Ref) and part.shape is not None else ()
        foreign = isinstance(part, Ref) and module_of(part.address) != module
        if foreign and pieces and all(isinstance(one, str) or _is_sayable(one) for one in pieces):
            out += pieces
        else:
            out.append(part)
    made = text_of(*out)
    return "".join(map(str, made.parts)) if all(isinstance(one, str) for one in made.parts) else made


def _is_sayable(hole: Hole) -> bool:
    return hole.name in _SURROUNDINGS or bool(_EXPRESSION.fullmatch(hole.name))


def part_name(part: str | Ref | Hole) -> str:
    """What stands where nobody can say it as an expression: a variable to be given."""
    name = str(part.shown or part.name) if isinstance(part, Hole) else str(part)
    return f"var.{_LABEL.sub('_', name).strip('_').lower()[:40] or 'name'}"

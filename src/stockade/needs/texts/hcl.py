"""Policies in Terraform's language, with references as a project writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any, Final, Literal

from stockade.iam.sids import distinct
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
_MODULE: Final = lazy_regex(r"module\.[^.\[]+(?:\[[^\]]*\])?\.")
_ANONYMOUS: Final = frozenset(
    {"default", "fn", "func", "function", "lambda", "lambda_function", "main", "this"}
)
"""Names of functions in modules that say nothing."""
_LABEL: Final = lazy_regex(r"[^0-9A-Za-z_-]+")


@dataclass
class Names:
    """What stands for region, account and partition: data sources of the project by their type, or new ones."""

    declared: Mapping[str, str] = field(default_factory=dict)
    taken: Collection[str] = ()
    used: set[str] = field(default_factory=set)
    variables: dict[str, str] = field(default_factory=dict)  # what stands for what, by what it stands for
    outputs: dict[str, str] = field(default_factory=dict)

    def of(self, surrounding: str) -> str:
        """The expression for one of them."""
        kind, attribute = _SURROUNDINGS[surrounding]
        self.used.add(kind)
        return f"data.{kind}.{self.declared.get(kind, 'current')}.{attribute}"

    def missing(self) -> list[str]:
        """The data sources that are used and not declared."""
        return [f'data "{kind}" "current" {{}}' for kind in sorted(self.used - self.declared.keys())]

    def variable(self, part: str | Ref | Hole) -> str:
        """A variable for what nobody can say as an expression; the project has none of its name."""
        said = part_name(part).removeprefix("var.")
        key = part.name if isinstance(part, Hole) else str(part)
        if key not in self.variables:
            numbered = (f"{said}_{number}" for number in range(2, 1_000))
            used = {*self.taken, *self.variables.values()}
            self.variables[key] = next(name for name in (said, *numbered) if name not in used)
        return f"var.{self.variables[key]}"

    def output(self, address: str, attribute: str, module: str) -> str:
        """What a module hands out of a resource of its own, by an output that it has to have for that."""
        inside = module_of(address).removeprefix(module)
        of = address.removeprefix(module_of(address))
        name = _LABEL.sub("_", f"{of.partition('.')[2]}_{attribute}".replace(".", "_"))
        outer = _MODULE.match(inside)
        nested = outer is not None and outer[0] != inside
        told = f'an output "{name}" of `{inside.rstrip(".")}`: {of}.{attribute}'
        self.outputs[told] = f"{told}{', handed on by each module above it' if nested else ''}"
        return f"{outer[0] if outer else inside}{name}"

    def given(self) -> list[str]:
        """Declarations of the variables, for whoever applies the policies to fill in."""
        return [
            "\n".join(
                (
                    f'variable "{name}" {{',
                    "  type        = string",
                    f"  description = {_quoted(_description(key))}",
                    "}",
                )
            )
            for key, name in self.variables.items()
        ]


@dataclass
class Project:
    """What a directory of Terraform's declares: data sources by type, with their names, and variables."""

    declared: Mapping[str, str] = field(default_factory=dict)
    variables: Collection[str] = ()


def text(sheets: Sequence[Sheet], style: Style, projects: Mapping[str, Project]) -> str:
    """The policies of some functions, those of one directory together.

    ``projects`` says of directories what they have. What the policies of one refer to and it does not have
    stands at their head.
    """
    groups: dict[tuple[str, str], list[Sheet]] = {}
    for sheet in sheets:
        groups.setdefault((sheet.root, _module(sheet)), []).append(sheet)
    blocks: list[str] = []
    for (root, module), group in groups.items():
        folder = group[0].folder if module else root
        if module:
            blocks.append(f"# in `{folder}`, which is `{module.rstrip('.')}` of `{root or '.'}`")
        elif len(groups) > 1:
            blocks.append(f"# in `{root or '.'}`")
        project = projects.get(folder, Project())
        names = Names(project.declared, project.variables)
        called = distinct(label(sheet) for sheet in group)
        made = [
            "\n".join(_function(sheet, style, names, name)) for sheet, name in zip(group, called, strict=True)
        ]
        if names.outputs:
            blocks.append("\n".join(f"# to be added: {one}" for one in names.outputs.values()))
        blocks += [*names.missing(), *names.given(), *made]
    return "\n\n".join(blocks) + "\n"


def label(sheet: Sheet) -> str:
    """A name for what belongs to a function: its own in Terraform, else made of what it is called."""
    bare = re.sub(r"\[[^\]]*\]", "", sheet.address)
    inside = module_of(sheet.address)
    own = re.sub(r"\[[^\]]*\]", "", inside).rstrip(".").rpartition(".")[2]
    last = bare.rpartition(".")[2] if "." in bare else sheet.name
    if inside and not _module(sheet) and (sheet.shared or last in _ANONYMOUS):
        last = own  # what is called `this` in a module is known by the module's name
    made = _LABEL.sub("_", last).strip("_") or "function"
    return made if made[0].isalpha() or made[0] == "_" else f"_{made}"


def _function(sheet: Sheet, style: Style, names: Names, called: str) -> list[str]:
    out = [f"# {one}" for one in comments(sheet)]
    several = len(sheet.policy.policies) > 1
    for number, statements in enumerate(sheet.policy.policies, 1):
        name = f"{called}_{number}" if several else called
        module = _module(sheet)
        if style == "document":
            out += [f'data "aws_iam_policy_document" "{name}" {{', *_blocks(statements, names, module), "}"]
        if not sheet.role:
            if style == "jsonencode":
                out += ["locals {", *_encoded(f"{name}_policy", statements, names, module), "}"]
            continue
        role = _role(sheet, module, names)
        if style == "document":
            out.append("")
        out.append(f'resource "aws_iam_role_policy" "{name}" {{')
        if "[?]" in role:
            # Which instances there are is not known: the policy is the same for each.
            instances, _, last = role.rpartition("[?].")
            role = f"each.value.{last}"
            out += [f"  for_each = {{ for key, one in {instances} : key => one }}", ""]
        out += [
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
    """The module that a policy can be written in: the function's own, where nothing outside is referred to.

    Not where it is one of several: what stands in the module is there for all of them.
    """
    own = module_of(sheet.address)
    if sheet.shared or "[" in own or not sheet.folder or module_of(sheet.role) != own:
        return ""
    parts = [
        part
        for one in sheet.learned.needed
        if isinstance(one.resource, Text)
        for part in one.resource.parts
        if not isinstance(part, str)
    ]
    # What is unknown are the root's variables and the like, which a module does not have by itself.
    inside = (
        module_of(one.address) == own if isinstance(one, Ref) else one.name in _SURROUNDINGS for one in parts
    )
    return own if all(inside) else ""


def _role(sheet: Sheet, module: str, names: Names) -> str:
    """The role as an argument: by reference where it can be referred to, else by its name."""
    if module_of(sheet.role) == module:
        return f"{sheet.role.removeprefix(module)}.id"
    if sheet.role_name:
        return json.dumps(sheet.role_name)
    return names.output(sheet.role, "name", module)


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
            out += f"${{{_said(part, names, module) or names.variable(part)}}}"
    return f'"{out}"'


def _said(part: str | Ref | Hole, names: Names, module: str) -> str | None:
    match part:
        case Ref() if module_of(part.address) == module:
            return f"{part.address.removeprefix(module)}.{part.attribute}"
        case Ref() if module_of(part.address) and "[?]" not in module_of(part.address):
            return names.output(part.address, part.attribute, module)
        case Ref() if "[?]" in part.address:
            return None
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
    made = _LABEL.sub("_", name).strip("_").lower()[:40].strip("_")
    return f"var.{made if made[:1].isalpha() else f'name_{made}'.rstrip('_')}"


def _description(key: str) -> str:
    """What a variable stands for."""
    return f"What stands for: {key}" if len(key) <= 200 else f"What stands for: {key[:200]}..."


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")

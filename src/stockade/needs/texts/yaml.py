"""Policies in templates of CloudFormation and SAM, and for the Serverless Framework, with their references."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from stockade.iam.sids import distinct
from stockade.needs.policy import Statement
from stockade.needs.texts import Sheet, because, comments
from stockade.needs.texts.hcl import label
from stockade.patterns import lazy_regex
from stockade.read.cloudformation.parameters import PSEUDO
from stockade.read.cloudformation.schema import REFS
from stockade.value import Hole, Ref, Text

_SURROUNDINGS: Final = {
    "account": "AWS::AccountId",
    "partition": "AWS::Partition",
    "region": "AWS::Region",
}
_PLAIN: Final = lazy_regex(r"[A-Za-z0-9/_.][\w/.:=+@ -]*[\w/.-]|[A-Za-z]")
_LOGICAL: Final = lazy_regex(r"[A-Za-z0-9]+")
_FUNCTION: Final = "AWS::Lambda::Function"
_VARIABLE: Final = lazy_regex(r"(?:opt|self|env|param|sls|file|ssm|s3|cf|aws)[:(]")


def text(sheets: Sequence[Sheet]) -> str:
    """The policies of some functions, each in the form that its kind of input takes it in."""
    sheets = list(_apart(sheets))
    return "\n".join("\n".join(_function(sheet)) + "\n" for sheet in sheets)


def _apart(sheets: Sequence[Sheet]) -> Iterator[Sheet]:
    """The same with Sids that differ where functions share a role, as they do in the Framework."""
    taken: dict[str, list[str]] = {}
    for sheet in sheets:
        if sheet.kind != "serverless":
            yield sheet
            continue
        own = [str(one.tree["Sid"]) for one in sheet.policy.statements if one.tree.get("Sid")]
        before = taken.setdefault(sheet.root, [])
        named = dict(zip(own, distinct([*before, *own])[len(before) :], strict=True))
        before += named.values()
        policies = tuple(
            tuple(
                replace(one, tree={**one.tree, "Sid": named[one.tree["Sid"]]}) if one.tree.get("Sid") else one
                for one in policy
            )
            for policy in sheet.policy.policies
        )
        made = replace(sheet)
        object.__setattr__(made, "policy", replace(sheet.policy, policies=policies))
        yield made


def _function(sheet: Sheet) -> list[str]:
    out = [f"# {one}" for one in comments(sheet)]
    if not sheet.policy.policies:
        return [*out, "# nothing"]
    if sheet.kind == "sam":
        out += ["Policies:"]
        for statements in sheet.policy.policies:
            out += [
                '  - Version: "2012-10-17"',
                "    Statement:",
                *_statements(statements, "      ", sheet, own=sheet.address),
            ]
        return out
    if sheet.kind == "serverless":
        return [*out, "statements:", *_statements(sheet.policy.statements, "  ", sheet)]
    several = len(sheet.policy.policies) > 1
    called = sheet.ids.get(sheet.address) or label(sheet)
    role = sheet.ids.get(sheet.role, sheet.role)
    for number, statements in enumerate(sheet.policy.policies, 1):
        base = "".join(one[:1].upper() + one[1:] for one in re.findall(r"[A-Za-z0-9]+", called))
        name = f"{base}Policy{number if several else ''}"
        out += [
            f"{name}:",
            "  Type: AWS::IAM::Policy",
            "  Properties:",
            f"    PolicyName: {called}",
        ]
        if _LOGICAL.fullmatch(role):
            out += ["    Roles:", f"      - !Ref {role}"]
        out += ["    PolicyDocument:", '      Version: "2012-10-17"', "      Statement:"]
        out += _statements(statements, "        ", sheet)
    return out


def _statements(statements: Iterable[Statement], indent: str, sheet: Sheet, own: str = "") -> list[str]:
    """``own`` is the function that the statements stand in, which cannot refer to itself there."""
    out: list[str] = []
    for one in statements:
        for line in dict.fromkeys(because(reason) for reason in one.reasons):
            out.append(f"{indent}# {line}".replace("\n", " "))
        if one.is_open:
            out.append(f"{indent}# wider than it would have to be: the resource is not known")
        tree = one.tree
        lines = [f"Sid: {tree['Sid']}"] if tree.get("Sid") else []
        lines.append("Effect: Allow")
        lines += _entry("Action", tree["Action"], sheet, own)
        lines += _entry("Resource", tree["Resource"], sheet, own)
        if tree.get("Condition"):
            lines.append("Condition:")
            for operator, tests in tree["Condition"].items():
                lines.append(f"  {_quoted(operator)}:")
                for key, values in tests.items():
                    lines += (f"    {line}" for line in _entry(_quoted(key), values, sheet, own))
        out += [f"{indent}- {lines[0]}", *(f"{indent}  {line}" for line in lines[1:])]
    return out


def _entry(name: str, value: Any, sheet: Sheet, own: str) -> list[str]:
    if isinstance(value, list | tuple) and len(value) > 1:
        return [f"{name}:", *(f"  - {scalar(one, own, sheet)}" for one in value)]
    one = value[0] if isinstance(value, list | tuple) else value
    return [f"{name}: {scalar(one, own, sheet)}"]


def _quoted(value: str) -> str:
    return (
        value
        if _PLAIN.fullmatch(value) and not value.endswith(":") and ": " not in value
        else json.dumps(value)
    )


def scalar(value: Any, own: str = "", sheet: Sheet | None = None) -> str:
    """A string of a policy as a scalar, with the intrinsic that its references take.

    Inside of the function ``own`` its name is what CloudFormation makes of the stack's and the logical ID.
    """
    if not isinstance(value, Text):
        return _quoted(str(value))
    ids = sheet.ids if sheet is not None else {}
    parts = [one for part in value.parts for one in _without_circles(part, own, sheet)]
    if len(parts) == 1 and isinstance(parts[0], Ref):
        ref = parts[0]
        id = ids.get(ref.address, ref.address)
        if _LOGICAL.fullmatch(id) and ref.address != own:
            return f"!Ref {id}" if _is_ref(ref) else f"!GetAtt {id}.{ref.attribute}"
    imports = {f"Import{at}": part for at, part in enumerate(filter(_is_import, dict.fromkeys(parts)), 1)}
    if len(parts) == len(imports) == 1:
        return _imported(parts[0])
    names = {part: Hole(name) for name, part in imports.items()}
    out = json.dumps("".join(_written(names.get(one, one), own, sheet) for one in parts), ensure_ascii=False)
    if not imports:
        return f"!Sub {out}"
    return f"!Sub [{out}, {{{', '.join(f'{name}: {_imported(part)}' for name, part in imports.items())}}}]"


def _is_import(part: str | Ref | Hole) -> bool:
    return isinstance(part, Ref) and part.address == "Fn::ImportValue"


def _imported(part: str | Ref | Hole) -> str:
    """What another stack exports, by the name that it has there, which may be put together here."""
    name = part.attribute if isinstance(part, Ref) else str(part)
    for plain, pseudo in _SURROUNDINGS.items():
        name = name.replace(f"${{{plain}}}", f"${{{pseudo}}}")
    quoted = json.dumps(name, ensure_ascii=False)
    return f'{{"Fn::ImportValue": !Sub {quoted}}}' if "${" in name else f"!ImportValue {quoted}"


def _written(part: str | Ref | Hole, own: str, sheet: Sheet | None) -> str:
    """A part of a text as it stands in an ``Fn::Sub``; what another stack has by what it is made of there."""
    ids = sheet.ids if sheet is not None else {}
    match part:
        case str():
            return part.replace("${", "${!")
        case Hole(name) if name in _SURROUNDINGS:
            return f"${{{_SURROUNDINGS[name]}}}"
        case Ref(address) if address == own and _is_ref(part):
            return f"${{AWS::StackName}}-{own}-*"
        case Ref(address, "Arn") if address == own:
            arn = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}"
            return f"{arn}:function:${{AWS::StackName}}-{own}-*"
        case Ref(address) if _LOGICAL.fullmatch(id := ids.get(address, address)):
            return f"${{{id}}}" if _is_ref(part) else f"${{{id}.{part.attribute}}}"
        case Hole(name) if _LOGICAL.fullmatch(name) or name in PSEUDO:
            return f"${{{name}}}"
        case Hole(name) if sheet is not None and sheet.kind == "serverless" and _VARIABLE.match(name):
            return f"${{{name}}}"  # the Framework's own, which it puts in before CloudFormation sees it
        case Ref(shape=Text() as shape):
            return "".join(_written(one, own, sheet) for one in shape.shape())
        case Ref(attribute=attribute):
            return f"${{{_filled_in(attribute)}}}"
        case Hole():
            return f"${{{_filled_in(part.shown or part.name)}}}"


def _filled_in(said: str) -> str:
    """A name in an ``Fn::Sub`` for what people have to fill in."""
    return re.sub(r"[^A-Za-z0-9]", "", said)[:40] or "Name"


def _without_circles(part: str | Ref | Hole, own: str, sheet: Sheet | None) -> tuple[str | Ref | Hole, ...]:
    """A function by its ARN as text, where it waits for the role that the policy is a part of.

    Of the Serverless Framework's functions all wait for the one role.
    """
    if isinstance(part, Ref) and part.type == _FUNCTION and part.shape is not None:
        if part.address == own or (sheet is not None and sheet.kind == "serverless"):
            name = Hole(f"{part.address}.FunctionName")
            return tuple(Ref(part.address, "FunctionName") if one == name else one for one in part.shape.parts)
    return (part,)


def _is_ref(ref: Ref) -> bool:
    """Whether a reference is what ``Ref`` gives, and ``Fn::GetAtt`` does not."""
    return ref.attribute in ("Ref", "FunctionName") or (
        not ref.attribute.endswith("Arn") and REFS.get(ref.type) == ref.attribute
    )

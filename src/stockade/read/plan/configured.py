"""The copy of the configuration in a plan: which attributes were written, and what they refer to.

A plan keeps constants and the names that an expression refers to, but not the expression: that
``source_arn`` speaks of one API is there, what is written behind it is not. So what only deployment
knows gets what it refers to, and is taken for exactly that only where nothing else is spoken of.
Locals are not in a plan at all; what went through one cannot be followed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from stockade.patterns import lazy_regex
from stockade.read.plan.contents import Entry
from stockade.records import dataclass
from stockade.value import Ref

_CALL: Final = lazy_regex(r'module\.([^.\[\]]+)(\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\])?\.?')
_STEP: Final = lazy_regex(r'\.?([^.\[\]]+)|(\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\])')
_HARMLESS: Final = ("each.key", "count.index", "path.module", "path.root", "path.cwd", "terraform.workspace")
_DEEPEST: Final = 64
_MOST: Final = 1000
"""How many references one expression is followed through."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What an expression refers to. ``alone`` says that it speaks of the one reference and nothing else."""

    refs: tuple[Ref, ...] = ()
    alone: bool = False


class Configured:
    """The configuration in a plan, and how to follow its references between modules."""

    def __init__(self, configuration: Mapping[str, Any], addresses: Collection[str]) -> None:
        self.root = _mapping(configuration.get("root_module"))
        self.providers = _mapping(configuration.get("provider_config"))
        self.addresses = addresses
        self._instances: dict[str, list[str]] = {}
        for address in addresses:
            self._instances.setdefault(without_key(address), []).append(address)
        self._modules: dict[str, Mapping[str, Any] | None] = {"": self.root}
        self._declared: dict[str, Mapping[tuple[str, str, str], Mapping[str, Any]]] = {}

    def declaration(self, entry: Entry) -> Mapping[str, Any] | None:
        """What the configuration says of an instance's resource; ``None`` where it is not in there."""
        found = self._declared.get(entry.module)
        if found is None:
            resources = _mapping(self._module(entry.module)).get("resources")
            found = self._declared[entry.module] = {
                (str(one.get("mode")), str(one.get("type")), str(one.get("name"))): one
                for one in (resources if isinstance(resources, list) else ())
                if isinstance(one, dict)
            }
        return found.get((entry.mode, entry.type, entry.name))

    def root_resources(self) -> set[tuple[str, str, str]]:
        """Mode, type and name of what the root module declares; of a module call there is only the name."""
        resources = self.root.get("resources")
        return {
            *(
                (str(one.get("mode")), str(one.get("type")), str(one.get("name")))
                for one in (resources if isinstance(resources, list) else ())
                if isinstance(one, dict)
            ),
            *(("module", name, "") for name in _mapping(self.root.get("module_calls"))),
        }

    def instances(self, address: str) -> list[str]:
        """The addresses of a resource's instances."""
        return [address] if address in self.addresses else self._instances.get(address, [])

    def meant(self, expression: Any, entry: Entry) -> Meant:
        """What an expression of an instance refers to, through variables and outputs of modules."""
        names = _references(expression)
        refs, alone = self._follow(names, entry.module, entry.key, 0, [_MOST])
        unique = tuple(dict.fromkeys(refs))
        return Meant(unique, alone and len(unique) == 1)

    # ----------------------------------------------------------------------------------- following

    def _follow(
        self, names: list[str], module: str, key: str | int | None, depth: int, left: list[int]
    ) -> tuple[list[Ref], bool]:
        refs: list[Ref] = []
        alone = True
        for name in names:
            left[0] -= 1
            if depth > _DEEPEST or left[0] < 0:
                return refs, False
            if name in _HARMLESS:
                continue
            found, exact = self._one(name, module, key, depth, left)
            refs += found
            alone = alone and exact
        return refs, alone and len(names) > 0

    def _one(
        self, name: str, module: str, key: str | int | None, depth: int, left: list[int]
    ) -> tuple[list[Ref], bool]:
        steps = _steps(name)
        match steps:
            case ["var", variable, *_] if module:
                parent, call, call_key = _up(module)
                calls = _mapping(_mapping(self._module(parent)).get("module_calls"))
                expressions = _mapping(_mapping(calls.get(call)).get("expressions"))
                return self._follow(_references(expressions.get(variable)), parent, call_key, depth + 1, left)
            case ["module", call, *rest]:
                suffix = ""
                if rest and rest[0].startswith("["):
                    suffix, rest = rest[0], rest[1:]
                if not rest:
                    return [], False
                child = _under(module, f"module.{call}{suffix}")
                outputs = _mapping(_mapping(self._module(child)).get("outputs"))
                expression = _mapping(outputs.get(rest[0])).get("expression")
                return self._follow(_references(expression), child, None, depth + 1, left)
            case ["var" | "local" | "each" | "self" | "path" | "terraform" | "count", *_]:
                return [], False
            case ["data", kind, title, *rest]:
                return self._resource(f"data.{kind}.{title}", rest, module, key)
            case [kind, title, *rest]:
                return self._resource(f"{kind}.{title}", rest, module, key)
            case _:
                return [], False

    def _resource(
        self, title: str, rest: list[str], module: str, key: str | int | None
    ) -> tuple[list[Ref], bool]:
        address = _under(module, title)
        if rest and rest[0].startswith("["):
            address, rest = address + rest[0], rest[1:]
            targets = [address]
        elif address in self.addresses:
            targets = [address]
        else:
            # By index, which a plan does not keep: the instance of the same key is meant where there is one.
            same = f"{address}[{json.dumps(key, ensure_ascii=False)}]"
            targets = [same] if same in self.addresses else self._instances.get(address, [address])
        attribute = ".".join(one for one in rest if not one.startswith("["))
        return [Ref(target, attribute) for target in targets], bool(attribute)

    def _module(self, address: str) -> Mapping[str, Any] | None:
        if address not in self._modules:
            parent, call, _ = _up(address)
            calls = _mapping(_mapping(self._module(parent)).get("module_calls")) if call else {}
            self._modules[address] = _mapping(_mapping(calls.get(call)).get("module")) or None
        return self._modules[address]


def expression_at(expressions: Any, path: tuple[str | int, ...]) -> tuple[Any, tuple[str | int, ...]]:
    """The expression behind a value inside of an attribute, and the steps that lead on within its value.

    What blocks that are made by a ``dynamic`` one say of themselves, they say of each.
    """
    at = expressions
    for count, step in enumerate(path):
        if isinstance(at, dict) and ("references" in at or "constant_value" in at):
            return at, path[count:]
        if isinstance(at, dict):
            at = at.get(str(step))
        elif isinstance(at, list) and isinstance(step, int) and at:
            at = at[step] if step < len(at) else at[0] if len(at) == 1 else None
    return at, ()


def first_call(module: str) -> str:
    """The name of the root module's call that leads to a module."""
    found = _CALL.match(module)
    return found[1] if found else ""


def without_key(address: str) -> str:
    """An instance's address without its own index."""
    if not address.endswith("]"):
        return address
    found = re.search(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]$', address)
    return address[: found.start()] if found else address


def without_keys(address: str) -> str:
    """An instance's address without any index, its own or of a module."""
    return re.sub(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]', "", address)


def _references(expression: Any) -> list[str]:
    """The names an expression refers to, without those that are the beginnings of others."""
    out: list[str] = []
    for names in _lists(expression):
        for name in names:
            if not any(longer.startswith((f"{name}.", f"{name}[")) for longer in out):
                out.append(name)
    return out


def _lists(expression: Any) -> Iterator[list[str]]:
    if isinstance(expression, dict):
        names = expression.get("references")
        if isinstance(names, list):
            yield [one for one in names if isinstance(one, str)]
        elif "constant_value" not in expression:
            for one in expression.values():
                yield from _lists(one)
    elif isinstance(expression, list):
        for one in expression:
            yield from _lists(one)


def _steps(name: str) -> list[str]:
    """A reference by its steps; an index keeps its brackets."""
    return [found[1] or found[2] for found in _STEP.finditer(name)]


def _up(module: str) -> tuple[str, str, str | int | None]:
    """The parent of a module, the name of the call that made it, and the call's key."""
    calls = list(_CALL.finditer(module))
    if not calls:
        return "", "", None
    last = calls[-1]
    key: str | int | None = None
    if last[2]:
        try:
            found = json.loads(last[2][1:-1])
            key = found if isinstance(found, str | int) else None
        except ValueError:
            key = None
    return module[: last.start()].rstrip("."), last[1], key


def _under(module: str, name: str) -> str:
    return f"{module}.{name}" if module else name


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}

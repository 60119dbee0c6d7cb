"""What Java's expressions are: their types by declarations, and the values that may flow into them."""

from __future__ import annotations

import re
from typing import Any, Final

from tree_sitter import Node

from stockade.code.facts import environment
from stockade.code.java import first as first_version
from stockade.code.java.classes import Class, Definition, File, Method, walk
from stockade.code.java.syntax import count, links, literal
from stockade.code.typed import DEEP, MOST, Values
from stockade.value import Known, Value, Written

SDK: Final = "software.amazon.awssdk."
SERVICES: Final = SDK + "services."
_BUILDER: Final = ".Builder"
_BY_LIBRARIES: Final = frozenset(
    ("accept", "apply", "call", "close", "compare", "hasNext", "next", "run", "test")
)
_PARAMETERS: Final = "software.amazon.lambda.powertools.parameters"
_AROUND: Final = frozenset(
    (
        "List",
        "Map",
        "HashMap",
        "ConcurrentHashMap",
        "Optional",
        "Supplier",
        "CompletableFuture",
        "Provider",
        "Lazy",
        "Set",
    )
)
HANDED_OUT: Final = frozenset(
    ("computeIfAbsent", "get", "getNow", "getOrDefault", "join", "next", "orElse", "orElseGet", "orElseThrow")
)
"""What gives what a supplier, an optional, a future or a map holds, whose type is taken for theirs."""


class Flow(Values[Method]):
    """What the expressions of one program are, where their values come from, and what these are."""

    verbs = frozenset("sd")

    def __init__(self, classes: dict[str, Class]) -> None:
        super().__init__()
        self.classes = classes
        self.fields: dict[tuple[str, str], list[tuple[Node, Method]]] = {}
        self._called: dict[tuple[int, int], list[Method]] = {}
        self._below: dict[str, list[Class]] = {}
        self.handler: Class | None = None

    # -------------------------------------------------------------------------------------- types

    def named(self, node: Node | None, owner: Class) -> str | None:
        """The full name of the type that a piece of syntax names; a list is what is in it."""
        if node is None:
            return None
        file = owner.file
        match node.type:
            case "generic_type":
                name = self.full(file.text(node.named_children[0]), owner)
                arguments = node.named_children[-1].named_children if len(node.named_children) > 1 else []
                if name.startswith("java.util.") or name.rpartition(".")[2] in _AROUND:
                    return self.named(arguments[-1], owner) if arguments else None
                return name
            case "type_identifier" | "scoped_type_identifier" | "identifier":
                return self.full(file.text(node), owner)
            case "array_type":
                return self.named(node.child_by_field_name("element"), owner)
            case _:
                return None

    def full(self, name: str, owner: Class) -> str:
        """The full name behind a name in a class."""
        first, _, rest = name.partition(".")
        file = owner.file
        around = owner.full
        while around:
            if f"{around}.{name}" in self.classes:
                return f"{around}.{name}"
            around = around.rpartition(".")[0] if around in self.classes else ""
        if first in file.imports:
            return file.imports[first] + (f".{rest}" if rest else "")
        own = f"{file.package}.{name}" if file.package else name
        if own in self.classes or "." in name:
            return own if own in self.classes else name
        for package in file.all:
            if f"{package}.{name}" in self.classes:
                return f"{package}.{name}"
        for package in file.all:
            if package.startswith(SDK) and _fits(package, name):
                return f"{package}.{name}"
            if package.startswith(_PARAMETERS) and name.endswith(("Provider", "ParamManager")):
                return f"{package}.{name}"
        whole = first_version.package_of(file.all, name)
        return f"{whole}.{name}" if whole else name

    def of(self, node: Node, holder: Method, depth: int = 0) -> str | None:
        """The type of an expression, by its full name."""
        if depth > DEEP:
            return None
        file = holder.file
        match node.type:
            case "identifier":
                for one in self.definitions(file.text(node), holder):
                    found = self._of_definition(one, depth)
                    if found is not None:
                        return found
                return None
            case "this":
                return holder.owner.full
            case "field_access":
                whose = self._holder(node.child_by_field_name("object"), holder, depth)
                name = file.text(node.child_by_field_name("field"))
                return self._field_type(whose, name, depth) if whose is not None else None
            case "object_creation_expression" | "cast_expression":
                return self.named(node.child_by_field_name("type"), holder.owner)
            case "parenthesized_expression":
                return self.of(node.named_children[0], holder, depth + 1) if node.named_children else None
            case "method_invocation":
                return self._result(node, holder, depth)
            case _:
                return None

    def definitions(self, name: str, holder: Method) -> list[Definition]:
        """What a name may be: a local one, or a field of the class, of one around it or one it extends."""
        found = holder.locals.get(name)
        if found is not None:
            return found
        owner: Class | None = holder.owner
        while owner is not None:
            for one in self.line(owner):
                if name in one.fields:
                    return one.fields[name]
            owner = self.classes.get(owner.full.rpartition(".")[0])
        return self._imported_field(name, holder.file)

    def _imported_field(self, name: str, file: File) -> list[Definition]:
        """A constant of another class: ``import static com.acme.Names.TABLE``, or all of them."""
        named = file.imports.get(name, "").rpartition(".")
        for full in (named[0], *file.all):
            declared = self.classes.get(full)
            for one in self.line(declared) if declared is not None else []:
                if name in one.fields:
                    return one.fields[name]
        return []

    def line(self, owner: Class) -> list[Class]:
        """A class and what it extends and implements."""
        out: dict[str, Class] = {}
        stack = [owner]
        while stack and len(out) < 30:
            one = stack.pop(0)
            if one.full not in out:
                out[one.full] = one
                names = [self.named(base, one) for base in one.bases]
                stack += [self.classes[name] for name in names if name in self.classes]
        return list(out.values())

    def _of_definition(self, one: Definition, depth: int) -> str | None:
        if one.type is not None and one.holder.file.text(one.type) != "var":
            return self.named(one.type, one.holder.owner)
        return self.of(one.value, one.holder, depth + 1) if one.value is not None else None

    def _holder(self, node: Node | None, holder: Method, depth: int = 0) -> str | None:
        """The type of an object, or the class that is named."""
        if node is None:
            return holder.owner.full
        found = self.of(node, holder, depth + 1)
        if found is None and node.type in ("identifier", "field_access", "scoped_identifier"):
            return self.full(holder.file.text(node), holder.owner)
        return found

    def _field_type(self, whose: str, name: str, depth: int) -> str | None:
        declared = self.classes.get(whose)
        for one in self.line(declared) if declared is not None else []:
            for definition in one.fields.get(name, []):
                return self._of_definition(definition, depth + 1)
        return None

    def _result(self, node: Node, holder: Method, depth: int) -> str | None:
        name = holder.file.text(node.child_by_field_name("name"))
        whose = self._holder(node.child_by_field_name("object"), holder, depth)
        for method in self.methods(whose, name)[:1] if whose is not None else []:
            return self.named(method.node.child_by_field_name("type"), method.owner)
        if whose in self.classes:
            return self._given_by(self.classes[whose], name, depth)
        if whose is None:
            return None
        if whose.startswith(first_version.FIRST):
            return whose if name in HANDED_OUT else first_version.result(whose, name)
        if not whose.startswith(SDK):
            if whose.endswith("ParamManager"):
                return "software.amazon.lambda.powertools.parameters." + name.removeprefix("get")
            return whose if "powertools" in whose else None
        if whose.endswith(_BUILDER):
            return whose.removesuffix(_BUILDER) if name == "build" else whose
        match name:
            case _ if name in HANDED_OUT:
                return whose
            case "builder":
                return whose + _BUILDER
            case "create":
                return whose
            case "waiter":
                return whose.removesuffix("Client").removesuffix("Async") + "Waiter"
            case "table":
                return f"{SDK}enhanced.dynamodb.DynamoDbTable"
            case "index":
                return f"{SDK}enhanced.dynamodb.DynamoDbIndex"
            case _:
                return None  # an answer

    def _given_by(self, whose: Class, name: str, depth: int) -> str | None:
        """What a method gives that nobody writes: a record's member, an enumeration's constant, a getter."""
        if name == "valueOf" and whose.node.type == "enum_declaration":
            return whose.full
        if (found := self._field_type(whose.full, name, depth)) is not None:
            return found
        member = name.removeprefix("get")
        return self._field_type(whose.full, member[:1].lower() + member[1:], depth)

    # ------------------------------------------------------------------------------------ methods

    def methods(self, whose: str | None, name: str) -> list[Method]:
        """A type's methods of a name: its own or what it inherits, and what classes below it make of them."""
        declared = self.classes.get(whose) if whose is not None else None
        if declared is None:
            return self._implemented(whose, name) if whose is not None and "." in whose else []
        out: list[Method] = []
        for one in self.line(declared):
            if name in one.methods:
                out += one.methods[name]
                break
        for other in self.classes.values():
            if other is not declared and name in other.methods and declared in self.line(other):
                out += [one for one in other.methods[name] if one not in out]
        return [one for one in out if one.node.child_by_field_name("body") is not None] or out

    def _implemented(self, whose: str, name: str) -> list[Method]:
        """The methods of a name in classes whose base is a type that is not there."""
        if whose.startswith(("java.", SDK, first_version.FIRST)):
            return []
        if not self._below and self.classes:
            for one in self.classes.values():
                for base in (self.named(each, one) or "" for each in one.bases):
                    full = base if "." in base or not one.file.package else f"{one.file.package}.{base}"
                    self._below.setdefault(full, []).append(one)
        return [each for one in self._below.get(whose, ()) for each in one.methods.get(name, ())]

    def open(self, node: Node, holder: Method) -> bool:
        """Whether a call on a lambda's parameter may mean a method of one of the program's interfaces."""
        inner, name = node.child_by_field_name("object"), holder.file.text(node.child_by_field_name("name"))
        found = holder.locals.get(holder.file.text(inner), []) if inner is not None else []
        if not found or any(one.type is not None or one.value is not None for one in found):
            return False
        asked = (one for one in self.classes.values() if one.node.type == "interface_declaration")
        given = len(self.arguments(node))
        return any(count(each) == given for one in asked for each in one.methods.get(name, ()))

    def from_elsewhere(self, owner: Class | None) -> list[Method]:
        """What those may call that an object is handed to: ``run`` of a ``Runnable``."""
        if owner is None:
            return []
        bases = [base for one in self.line(owner) for base in one.bases]
        foreign = any(self.named(base, owner) not in self.classes for base in bases)
        own = {name for one in self.line(owner)[1:] for name in one.methods}
        return [
            one
            for name, several in owner.methods.items()
            if name not in own and name != owner.name
            for one in several
            if "@Override" in one.file.text(one.node.child(0)) or (foreign and name in _BY_LIBRARIES)
        ]

    def _of_handler(self, found: list[Method], holder: Method) -> list[Method]:
        """What a base of the handler calls on itself: the handler's own methods, and no other handler's."""
        line = self.line(self.handler) if self.handler is not None else []
        own = [one for one in found if one.owner in line]
        return own if holder.owner in line and own else found

    def called(self, node: Node, holder: Method) -> list[Method]:
        """The methods and constructors of the program that a call, or a reference, may mean."""
        known = self._called.get((node.id, id(holder)))
        if known is None:  # several ask, and only the classes decide it
            known = self._called[node.id, id(holder)] = self._find_called(node, holder)
        return known

    def _find_called(self, node: Node, holder: Method) -> list[Method]:
        file = holder.file
        match node.type:
            case "method_invocation":
                name = file.text(node.child_by_field_name("name"))
                inner = node.child_by_field_name("object")
                if inner is not None and inner.type == "super":
                    return [one for base in self.line(holder.owner)[1:] for one in base.methods.get(name, [])]
                found = self.methods(self._holder(inner, holder), name)
                if inner is None or inner.type == "this":
                    found = self._of_handler(found, holder)
                outer = self.classes.get(holder.owner.full.rpartition(".")[0])
                while not found and inner is None and outer is not None:
                    found = self.methods(outer.full, name)
                    outer = self.classes.get(outer.full.rpartition(".")[0])
                if not found and inner is None and name in file.imports:  # a static import
                    found = self.methods(file.imports[name].rpartition(".")[0], name)
            case "object_creation_expression":
                kind = self.named(node.child_by_field_name("type"), holder.owner)
                declared = self.classes.get(kind) if kind is not None else None
                found = declared.methods.get(declared.name, []) if declared is not None else []
            case "explicit_constructor_invocation":
                line = self.line(holder.owner)
                found = [one for base in line for one in base.methods.get(base.name, []) if one is not holder]
            case "method_reference" if len(node.named_children) > 1:
                name = file.text(node.named_children[-1])
                found = self.methods(self._holder(node.named_children[0], holder), name)
            case _:
                return []
        given = -1 if node.type == "method_reference" else len(self.arguments(node))
        fitting = [one for one in found if given < 0 or count(one) == given]
        return fitting or found

    # ------------------------------------------------------------------------------------- values

    def sources(self, node: Node, holder: Method, depth: int = 0) -> list[tuple[Node, Method]]:
        """The expressions that an expression's value may come from, names and fields looked through."""
        if depth > DEEP:
            return [(node, holder)]
        out: list[tuple[Node, Method]] = []
        match node.type:
            case "parenthesized_expression" | "cast_expression" if node.named_children:
                return self.sources(node.named_children[-1], holder, depth + 1)
            case "ternary_expression":
                for part in ("consequence", "alternative"):
                    inner = node.child_by_field_name(part)
                    out += self.sources(inner, holder, depth + 1) if inner is not None else []
                return out[:MOST]
            case "identifier":
                name = holder.file.text(node)
                for one in self.definitions(name, holder)[:MOST]:
                    out += self._of_one(one, depth)
                if name not in holder.locals:
                    for owner in self.line(holder.owner):
                        for value, where in self.fields.get((owner.full, name), [])[:MOST]:
                            out += self.sources(value, where, depth + 1)
                return out[:MOST] or [(node, holder)]
            case "field_access":
                whose = self._holder(node.child_by_field_name("object"), holder)
                name = holder.file.text(node.child_by_field_name("field"))
                declared = self.classes.get(whose) if whose is not None else None
                for owner in self.line(declared) if declared is not None else []:
                    for one in owner.fields.get(name, []):
                        out += self._of_one(one, depth)
                    for value, where in self.fields.get((owner.full, name), [])[:MOST]:
                        out += self.sources(value, where, depth + 1)
                return out[:MOST] or [(node, holder)]
            case "method_invocation":
                meant = self.called(node, holder)[:3]
                if any(self._variable_of(one) >= 0 for one in meant[:1]):
                    return [(node, holder)]
                for method in meant:
                    for returned in self._returned(method):
                        out += self.sources(returned, method, depth + 1)
                return out[:MOST] or [(node, holder)]
            case _:
                return [(node, holder)]

    def _of_one(self, one: Definition, depth: int) -> list[tuple[Node, Method]]:
        if one.parameter >= 0:
            return self.passed(one.parameter, one.holder, depth)
        if one.value is None or one.element:
            return []
        return self.sources(one.value, one.holder, depth + 1)

    def _returned(self, method: Method) -> list[Node]:
        body = method.node.child_by_field_name("body")
        nodes = walk(body) if body is not None else []
        return [
            one.named_children[0] for one in nodes if one.type == "return_statement" and one.named_children
        ][:MOST]

    def _value(self, node: Node, holder: Method, depth: int) -> Value[Any]:
        file = holder.file
        origin = Written(file.span(node))
        match node.type:
            case "string_literal":
                return Known(literal(file.text(node)), origin)
            case "decimal_integer_literal":
                return Known(int(file.text(node).rstrip("lL").replace("_", "")), origin)
            case "true" | "false":
                return Known(node.type == "true", origin)
            case "binary_expression" if file.text(node.child_by_field_name("operator")) == "+":
                return self.sum(node, holder, depth)
            case "method_invocation":
                return self._called_value(node, holder, depth)
            case _:
                return self.unknown(node, holder)

    def _called_value(self, node: Node, holder: Method, depth: int) -> Value[Any]:
        file = holder.file
        origin = Written(file.span(node))
        name = file.text(node.child_by_field_name("name"))
        inner = node.child_by_field_name("object")
        whose = file.text(inner)
        given = self.arguments(node)
        if given and (
            (whose == "System" and name == "getenv")
            or (whose == "System.getenv()" and name in ("get", "getOrDefault"))
        ):
            if variable := self.from_environment(given[0], holder, depth, origin):
                return variable
        read = [self._variable_of(one) for one in self.called(node, holder)[:1]]
        if read and 0 <= read[0] < len(given):  # whoever else asks it for others
            if variable := self.from_environment(given[read[0]], holder, depth, origin):
                return variable
        if name == "getFunctionName" and not given:
            return environment("AWS_LAMBDA_FUNCTION_NAME", origin)
        if name in ("ofNullable", "of", "requireNonNull", "requireNonNullElse") and len(given) in (1, 2):
            if whose in ("Optional", "Objects"):
                return self.value(given[0], holder, depth + 1)
        if name in ("orElse", "orElseThrow", "orElseGet", "get", "trim", "strip") and inner is not None:
            if inner.type == "method_invocation":
                return self.value(inner, holder, depth + 1)
        formats = whose == "String" or (inner is None and file.imports.get(name) == "java.lang.String.format")
        if (name == "format" and formats and given) or (name == "formatted" and inner is not None):
            first = given[0] if name == "format" else inner
            pattern = self.value(first, holder, depth + 1) if first is not None else None
            if isinstance(pattern, Known):
                rest = given[1:] if name == "format" else given
                return self.formatted(str(pattern.value), rest, holder, depth, origin)
        return self.built(node, holder, depth) or self.unknown(node, holder)

    def _variable_of(self, method: Method) -> int:
        """Which parameter of a method is the variable that it reads, or -1."""
        body = method.node.child_by_field_name("body")
        calls = [one for one in (walk(body) if body is not None else []) if one.type == "method_invocation"]
        asked = [one for one in calls if method.file.text(one).startswith("System.getenv(")]
        for argument in (each for one in asked for each in self.arguments(one)):
            for definition in method.locals.get(method.file.text(argument), []):
                if definition.parameter >= 0:
                    return definition.parameter
        return -1

    def built(self, node: Node, holder: Method, depth: int) -> Value[Any] | None:
        """What ``X.builder().a(…).build()`` makes, by the names of the methods."""
        chain = links(node, holder.file)
        if not chain or chain[0][0] not in ("builder", "toBuilder") or depth > 5:
            return None
        members: dict[str, Value[Any]] = {}
        for name, given in chain[1:]:
            if name != "build" and given:
                members[name] = self.argument(name, given, holder, depth + 1)
        return Known(members, Written(holder.file.span(node)))

    def argument(self, name: str, arguments: list[Node], holder: Method, depth: int) -> Value[Any]:
        """What a builder's method is given; several values, or one for a name in the plural, are a list."""
        values = [self.value(one, holder, depth) for one in arguments]
        first = values[0]
        structure = isinstance(first, Known) and isinstance(first.value, dict)
        if len(values) > 1 or (name.endswith("s") and structure):
            return Known(tuple(values), first.origin)
        return first


def _fits(package: str, name: str) -> bool:
    """Whether a package of the SDK that is imported whole may have a class of this name."""
    if package.endswith(".model"):
        return name.endswith(("Request", "Response", "Exception"))
    if ".enhanced." in package:
        return name.startswith("DynamoDb")
    stem = re.sub(r"(Async)?(Client|Presigner|Waiter|TransferManager)$", "", name)
    return stem != name and (stem.lower() == package.rpartition(".")[2] or name.endswith("TransferManager"))

"""What Go's expressions are by declarations: their types, and the functions that they mean."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

from stockade.code.go.mapped import given, is_library
from stockade.code.go.packages import Definition, File, Function, Package, asks_others, walk
from stockade.code.typed import DEEP, Values
from stockade.records import dataclass

SDK: Final = "github.com/aws/aws-sdk-go-v2/"
SDK1: Final = "github.com/aws/aws-sdk-go/"
CACHE: Final = "github.com/aws/aws-secretsmanager-caching-go"
_NAMES: Final = ("identifier", "selector_expression")
_BY_LIBRARIES: Final = {
    "Error": 0,
    "MarshalDynamoDBAttributeValue": 0,
    "MarshalJSON": 0,
    "MarshalText": 0,
    "Read": 1,
    "Retrieve": 1,
    "RoundTrip": 1,
    "ServeHTTP": 2,
    "String": 0,
    "UnmarshalDynamoDBAttributeValue": 1,
    "UnmarshalJSON": 1,
    "UnmarshalText": 1,
    "Write": 1,
}
"""Methods that libraries call of what they are handed, with how many parameters they have."""

_PREDECLARED: Final = frozenset(
    (
        "any",
        "bool",
        "byte",
        "complex128",
        "complex64",
        "error",
        "float32",
        "float64",
        "int",
        "int16",
        "int32",
        "int64",
        "int8",
        "rune",
        "string",
        "uint",
        "uint16",
        "uint32",
        "uint64",
        "uint8",
        "uintptr",
    )
)


@dataclass(frozen=True, slots=True)
class Type:
    """A named type of a package, with pointers, lists and maps around it left out."""

    path: str
    name: str


CONFIG: Final = Type(f"{SDK}aws", "Config")
SESSION: Final = Type(f"{SDK1}aws/session", "Session")
"""What clients are made of, in the SDK and in the one before it."""


class Kinds(Values[Function]):
    """Answers about the types of one program's expressions, and which functions are called."""

    def __init__(self, packages: dict[str, Package]) -> None:
        super().__init__()
        self.packages = packages
        self.fields: dict[tuple[str, str, str], list[tuple[Node, Function]]] = {}
        self._so: dict[str, list[Function]] = {}  # the methods of each name
        self._kept: dict[tuple[Type, str], list[Function]] = {}
        self._meant: dict[tuple[int, int], list[Function]] = {}
        self._holding: dict[tuple[str, int], list[Function]] = {}

    # -------------------------------------------------------------------------------------- types

    def named(self, node: Node | None, file: File) -> Type | None:
        """The type that a piece of syntax names."""
        while node is not None:
            match node.type:
                case "pointer_type" | "slice_type" | "array_type" | "parenthesized_type" | "channel_type":
                    node = node.child_by_field_name("element") or _last(node)
                case "map_type":
                    node = node.child_by_field_name("value")
                case "generic_type":
                    node = node.child_by_field_name("type")
                case "type_identifier" | "identifier":
                    written = file.text(node)
                    declaring = (one.path for one in self._scopes(file) if written in one.types)
                    return Type(next(declaring, file.package.path), written)
                case "qualified_type" | "selector_expression":
                    package = node.child_by_field_name("package") or node.child_by_field_name("operand")
                    name = node.child_by_field_name("name") or node.child_by_field_name("field")
                    path = file.imports.get(file.text(package))
                    return Type(path, file.text(name)) if path else None
                case _:
                    return None
        return None

    def _scopes(self, file: File) -> list[Package]:
        """The packages whose names need no package before them in a file: its own, and what it opens."""
        return [
            file.package,
            *(self.packages[path] for path in file.opened if path in self.packages),
        ]

    def of(self, node: Node, holder: Function, index: int = 0, depth: int = 0) -> Type | None:
        """The type of an expression (of its ``index``-th result)."""
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
            case "unary_expression" | "parenthesized_expression" | "index_expression" | "slice_expression":
                inner = node.child_by_field_name("operand") or _first(node)
                return self.of(inner, holder, index, depth + 1) if inner is not None else None
            case "composite_literal":
                return self.named(node.child_by_field_name("type"), file)
            case "type_assertion_expression" | "type_conversion_expression":
                return self.named(node.child_by_field_name("type"), file)
            case "selector_expression":
                return self._member(node, holder, depth)
            case "call_expression":
                return self._result(node, holder, index, depth)
            case _:
                return None

    def definitions(self, name: str, holder: Function) -> list[Definition]:
        """What a name may be, innermost first."""
        found = holder.locals.get(name)
        if found is not None:
            return found
        return next((one.variables[name] for one in self._scopes(holder.file) if name in one.variables), [])

    def _of_definition(self, one: Definition, depth: int) -> Type | None:
        if one.type is not None:
            return self.named(one.type, one.holder.file)
        found = self.of(one.value, one.holder, one.index, depth + 1) if one.value is not None else None
        return self._within(found) if found is not None and one.element else found

    def _within(self, kind: Type) -> Type:
        """What is in a list or a map that has a name of its own; anything else is itself."""
        package = self.packages.get(kind.path)
        node, file = package.types.get(kind.name, (None, None)) if package is not None else (None, None)
        if node is None or file is None or node.type not in ("slice_type", "array_type", "map_type"):
            return kind
        return self.named(node, file) or kind

    def _member(self, node: Node, holder: Function, depth: int) -> Type | None:
        operand = node.child_by_field_name("operand")
        name = holder.file.text(node.child_by_field_name("field"))
        if operand is None:
            return None
        path = self.imported(operand, holder)
        if path is not None:
            package = self.packages.get(path)
            for one in package.variables.get(name, []) if package else []:
                found = self._of_definition(one, depth + 1)
                if found is not None:
                    return found
            return None
        whose = self.of(operand, holder, 0, depth + 1)
        return self.field_type(whose, name) if whose is not None else None

    def field_type(self, whose: Type, name: str, depth: int = 0) -> Type | None:
        """The type of a struct's field, embedded structs looked into."""
        package = self.packages.get(whose.path)
        if package is None or whose.name not in package.types or depth > 4:
            return None
        node, file = package.types[whose.name]
        embedded: list[Type] = []
        for one in walk(node) if node.type == "struct_type" else []:
            if one.type != "field_declaration":
                continue
            kind = self.named(one.child_by_field_name("type"), file)
            names = [file.text(each) for each in one.children_by_field_name("name")]
            if name in names:
                return kind
            if not names and kind is not None:
                if kind.name == name:
                    return kind
                embedded.append(kind)
        for kind in embedded:
            found = self.field_type(kind, name, depth + 1)
            if found is not None:
                return found
        return None

    def promoted(self, whose: Type, name: str, depth: int = 0) -> tuple[Type, Type] | None:
        """What a method that a type does not have itself is one of, and the struct that this is embedded in."""
        package = self.packages.get(whose.path)
        node, file = package.types.get(whose.name, (None, None)) if package is not None else (None, None)
        if package is None or node is None or file is None or depth > 4:
            return None
        if (whose.name, name) in package.methods:
            return None
        within = ("field_declaration",) if node.type == "struct_type" else ("type_elem", "constraint_elem")
        for one in walk(node) if node.type in ("struct_type", "interface_type") else []:
            if one.type not in within or one.children_by_field_name("name"):
                continue
            kind = self.named(one.child_by_field_name("type") or _first(one), file)
            if kind is not None and (kind.path.startswith((SDK, SDK1)) or self._asks_for(kind, name)):
                return kind, whose
            found = self.promoted(kind, name, depth + 1) if kind is not None else None
            if found is not None:
                return found
        return None

    def _asks_for(self, kind: Type, name: str) -> bool:
        """Whether a type is an interface of the program's that has a method of this name."""
        package = self.packages.get(kind.path)
        node, file = package.types.get(kind.name, (None, None)) if package is not None else (None, None)
        if node is None or file is None or node.type != "interface_type":
            return False
        methods = (one for one in node.named_children if one.type in ("method_elem", "method_spec"))
        return name in {file.text(one.child_by_field_name("name")) for one in methods}

    def declaring(self, whose: Type, name: str, depth: int = 0) -> Type:
        """The struct that has a field itself: a type, or one that is embedded in it."""
        if depth > 4 or (whose.path, whose.name, name) in self.fields:
            return whose
        package = self.packages.get(whose.path)
        node, file = package.types.get(whose.name, (None, None)) if package is not None else (None, None)
        if node is None or file is None or node.type != "struct_type":
            return whose
        for one in walk(node):
            if one.type == "field_declaration" and not one.children_by_field_name("name"):
                kind = self.named(one.child_by_field_name("type"), file)
                if kind is not None and self.field_type(kind, name) is not None:
                    return self.declaring(kind, name, depth + 1)
        return whose

    def imported(self, operand: Node, holder: Function) -> str | None:
        """The package that a name stands for, where it is no variable."""
        if operand.type != "identifier":
            return None
        name = holder.file.text(operand)
        path = holder.file.imports.get(name)
        if path is not None and name in holder.locals:
            # `store, err := store.New(…)`: a name is a variable only after what it is given.
            before = (
                one.value is not None and operand.start_byte < one.value.end_byte for one in holder.locals[name]
            )
            return path if all(before) else None
        return path

    def _result(self, node: Node, holder: Function, index: int, depth: int) -> Type | None:
        function = node.child_by_field_name("function")
        if function is None:
            return None
        for called in self.called(node, holder, depth + 1):
            results = called.results
            if index < len(results):
                return self.named(results[index], called.file)
        if function.type == "selector_expression":
            operand = function.child_by_field_name("operand")
            path = self.imported(operand, holder) if operand is not None else None
            name = holder.file.text(function.child_by_field_name("field"))
            if path is not None:
                return constructed(path, name) if index == 0 else None
            whose = self.of(operand, holder, 0, depth + 1) if operand is not None else None
            if whose is not None and is_library(whose.path):
                return Type(whose.path, given(whose.name, name)) if index == 0 else None
        if function.type == "identifier" and holder.file.text(function) == "new":
            arguments = self.arguments(node)
            return self.named(arguments[0], holder.file) if arguments else None
        return self.named(function, holder.file) if function.type == "parenthesized_expression" else None

    # ---------------------------------------------------------------------------------- functions

    def called(self, node: Node, holder: Function, depth: int = 0) -> list[Function]:
        """The functions of the program that a call, or a reference, may mean."""
        function = node.child_by_field_name("function") if node.type == "call_expression" else node
        if function is None:
            return []
        if depth:
            return self.referred(function, holder, depth)
        key = (function.id, id(holder))
        if key not in self._meant:
            self._meant[key] = self.referred(function, holder)
        return self._meant[key]

    def referred(self, node: Node, holder: Function, depth: int = 0) -> list[Function]:
        """The functions of the program that an expression names."""
        file = holder.file
        if node.type == "identifier":
            name = file.text(node)
            hides = (one for one in holder.locals.get(name, ()))  # also ``handle := wrapped(handle)`` does not
            hidden = any(one.value is None or one.value.end_byte <= node.start_byte for one in hides)
            scopes = self._scopes(file) if not hidden else []
            found = next((one.functions[name] for one in scopes if name in one.functions), None)
            return [found] if found is not None else self._kept_in(name, holder, depth)
        if node.type in ("generic_type", "index_expression"):
            inner = node.named_children[0] if node.named_children else None
            return self.referred(inner, holder, depth) if inner is not None else []
        if node.type != "selector_expression":
            return []
        operand = node.child_by_field_name("operand")
        name = file.text(node.child_by_field_name("field"))
        if operand is None:
            return []
        path = self.imported(operand, holder)
        if path is not None:
            package = self.packages.get(path)
            found = package.functions.get(name) if package else None
            return [found] if found is not None else []
        whose = self.of(operand, holder, 0, depth + 1)
        return self.methods(whose, name) if whose is not None else []

    def _kept_in(self, name: str, holder: Function, depth: int) -> list[Function]:
        """The functions that a variable holds: ``newClient = store.NewClient``."""
        key = (name, id(holder))
        if key not in self._holding:
            self._holding[key] = []  # of names that are given to each other
            for one in self.definitions(name, holder):
                value = one.value
                if value is not None and not one.element and value.type in _NAMES:
                    self._holding[key] += self.referred(value, one.holder, depth + 1)
        return self._holding[key]

    def methods(self, whose: Type, name: str, depth: int = 0) -> list[Function]:
        """A type's method; for an interface those of all types that have one of this name."""
        package = self.packages.get(whose.path)
        if package is None or depth > 4:
            return []
        found = package.methods.get((whose.name, name))
        if found is not None:
            return [found]
        declared = package.types.get(whose.name)
        if declared is None:
            return []
        node, file = declared
        if node.type == "interface_type":
            kept = self._kept.get((whose, name))
            if kept is None:
                self._kept[whose, name] = []  # of an interface that asks for itself
                kept = [one for one in self._named_so(name) if self._implements(one, node, file)]
                self._kept[whose, name] = kept
            return kept
        out: list[Function] = []
        for one in walk(node) if node.type == "struct_type" else []:
            if one.type == "field_declaration" and not one.children_by_field_name("name"):
                kind = self.named(one.child_by_field_name("type"), file)
                if kind is not None:
                    out += self.methods(kind, name, depth + 1)
        return out

    def asked(self, name: str, given: int) -> bool:
        """Whether an interface of the program's own asks for a method of a name, with so many parameters."""
        declared = (each for package in self.packages.values() for each in package.types.values())
        members = (
            (one, file)
            for node, file in declared
            if node.type == "interface_type"
            for one in node.named_children
            if one.type in ("method_elem", "method_spec")
        )
        return any(map(asks_others, self._named_so(name))) and any(
            file.text(one.child_by_field_name("name")) == name
            and len(self._listed(one.child_by_field_name("parameters"), file)) == given
            for one, file in members
        )

    def implicit(self, node: Node, holder: Function) -> list[Function]:
        """The methods of a type that is named here which libraries call by their own interfaces."""
        kind = self.named(node, holder.file)
        package = self.packages.get(kind.path) if kind is not None else None
        found = (package.methods.get((kind.name, one)) for one in _BY_LIBRARIES) if package and kind else ()
        asked = ((one, one.node.child_by_field_name("parameters")) for one in found if one is not None)
        return [one for one, given in asked if len(self._listed(given, one.file)) == _BY_LIBRARIES[one.name]]

    def _named_so(self, name: str) -> list[Function]:
        if not self._so:
            for package in self.packages.values():
                for one in package.methods.values():
                    self._so.setdefault(one.name, []).append(one)
        return self._so.get(name, [])

    def _implements(self, method: Function, interface: Node, file: File) -> bool:
        """Whether the type that has a method has all that an interface asks for, with the same parameters."""
        path = method.file.package.path
        for one in interface.named_children:
            if one.type in ("method_elem", "method_spec"):
                found = self.methods(Type(path, method.receiver), file.text(one.child_by_field_name("name")), 1)
                if not any(self._alike(each, one, file) for each in found):
                    return False
        return True

    def _alike(self, method: Function, declared: Node, file: File) -> bool:
        """Whether a method is the one that an interface declares, as far as their types have names."""
        for part in ("parameters", "result"):
            own = self._listed(method.node.child_by_field_name(part), method.file)
            asked = self._listed(declared.child_by_field_name(part), file)
            if len(own) != len(asked):
                return False
            for (around, one), (about, other) in zip(own, asked, strict=True):
                if one is None or other is None or self._is_alias(one, other):
                    continue
                if around != about or one != other:
                    return False
        return True

    def _is_alias(self, one: Type, other: Type) -> bool:
        """Whether one of two types is declared as another name, or is a type parameter."""
        for kind in (one, other):
            package = self.packages.get(kind.path)
            declared = package.types.get(kind.name) if package is not None else None
            if package is not None and (
                (declared is None and kind.name not in _PREDECLARED)
                or (declared is not None and declared[0].type in ("type_identifier", "qualified_type"))
            ):
                return True
        return False

    def _listed(self, node: Node | None, file: File) -> list[tuple[str, Type | None]]:
        """The types of parameters or results, one for each, with what is around their names."""
        if node is None:
            return []
        if node.type != "parameter_list":
            return [self._exactly(node, file)]
        out: list[tuple[str, Type | None]] = []
        for one in node.named_children:
            if one.type != "comment":
                kind = self._exactly(one.child_by_field_name("type") or one, file)
                kind = ("..." + kind[0], kind[1]) if one.type == "variadic_parameter_declaration" else kind
                out += [kind] * max(1, len(one.children_by_field_name("name")))
        return out

    def _exactly(self, node: Node, file: File, around: str = "") -> tuple[str, Type | None]:
        """A type's name and what is around it; no name where it is of another form.

        What Go declares itself is in no package.
        """
        if node.type in ("pointer_type", "slice_type"):
            inner = node.child_by_field_name("element") or _last(node)
            return self._exactly(inner, file, f"{around}{node.type} ") if inner is not None else (around, None)
        if node.type not in ("type_identifier", "qualified_type"):
            return around, None
        found = self.named(node, file)
        return around, Type("", found.name) if found is not None and found.name in _PREDECLARED else found


def _first(node: Node) -> Node | None:
    return node.named_children[0] if node.named_children else None


def _last(node: Node) -> Node | None:
    return node.named_children[-1] if node.named_children else None


def constructed(path: str, name: str) -> Type | None:
    """The type that a function of the SDK gives."""
    if path.startswith(SDK + "service/") and path.count("/") == 4:
        if name in ("NewFromConfig", "New"):
            return Type(path, "Client")
        return Type(path, name.removeprefix("New")) if name.startswith("New") else None
    if path.startswith(SDK + "feature/") and name.startswith("New"):
        return Type(path, name.removeprefix("New"))
    if is_library(path) and name in ("New", "NewFromIface"):
        return Type(path, "DB")
    if path == f"{SDK}config" and name == "LoadDefaultConfig":
        return CONFIG
    if path == f"{SDK1}aws/session" and name in ("New", "NewSession", "NewSessionWithOptions", "Must"):
        return SESSION
    if CACHE in path and name == "New":
        return Type(path, "Cache")
    if path.startswith(SDK1 + "service/"):
        if name == "New":
            return Type(path, "Client")
        return (
            Type(path, name.removeprefix("New").removesuffix("WithClient")) if name.startswith("New") else None
        )
    return None

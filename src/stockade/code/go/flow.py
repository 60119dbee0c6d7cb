"""What Go's expressions are: their types by declarations, and the values that may flow into them."""

from __future__ import annotations

from typing import Any, Final

from tree_sitter import Node

from stockade.code.facts import environment
from stockade.code.go.packages import Definition, File, Function, Package, walk
from stockade.records import dataclass
from stockade.source import Span
from stockade.value import Hole, Known, Ref, Text, Unknown, Value, Written, text_of

SDK: Final = "github.com/aws/aws-sdk-go-v2/"
SDK1: Final = "github.com/aws/aws-sdk-go/"

_WRAPPERS: Final = frozenset(
    ("aws.String", "aws.ToString", "aws.StringValue", "aws.StringSlice", "aws.Bool", "aws.Int32", "aws.Int64")
)
CACHE: Final = "github.com/aws/aws-secretsmanager-caching-go"
_DEEP: Final = 12
_MOST: Final = 6


@dataclass(frozen=True, slots=True)
class Type:
    """A named type of a package, with pointers, lists and maps around it left out."""

    path: str
    name: str


class Flow:
    """Answers about expressions of one program; nothing is run, all assignments to a name are possible."""

    def __init__(self, packages: dict[str, Package]) -> None:
        self.packages = packages
        self.callers: dict[int, list[tuple[Node, Function]]] = {}
        self.fields: dict[tuple[str, str, str], list[tuple[Node, Function]]] = {}
        self.variables: dict[str, Span] = {}
        self._types: dict[int, Type | None] = {}
        self._busy: set[int] = set()

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
                    return Type(file.package.path, file.text(node))
                case "qualified_type" | "selector_expression":
                    package = node.child_by_field_name("package") or node.child_by_field_name("operand")
                    name = node.child_by_field_name("name") or node.child_by_field_name("field")
                    path = file.imports.get(file.text(package))
                    return Type(path, file.text(name)) if path else None
                case _:
                    return None
        return None

    def of(self, node: Node, holder: Function, index: int = 0, depth: int = 0) -> Type | None:
        """The type of an expression (of its ``index``-th result)."""
        if depth > _DEEP:
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
        return found if found is not None else holder.file.package.variables.get(name, [])

    def _of_definition(self, one: Definition, depth: int) -> Type | None:
        if one.type is not None:
            return self.named(one.type, one.holder.file)
        return self.of(one.value, one.holder, one.index, depth + 1) if one.value is not None else None

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
        if function.type == "identifier" and holder.file.text(function) == "new":
            arguments = self.arguments(node)
            return self.named(arguments[0], holder.file) if arguments else None
        return self.named(function, holder.file) if function.type == "parenthesized_expression" else None

    # ---------------------------------------------------------------------------------- functions

    @staticmethod
    def arguments(node: Node) -> list[Node]:
        found = node.child_by_field_name("arguments")
        return [one for one in found.named_children if one.type != "comment"] if found is not None else []

    def called(self, node: Node, holder: Function, depth: int = 0) -> list[Function]:
        """The functions of the program that a call, or a reference, may mean."""
        function = node.child_by_field_name("function") if node.type == "call_expression" else node
        return self.referred(function, holder, depth) if function is not None else []

    def referred(self, node: Node, holder: Function, depth: int = 0) -> list[Function]:
        """The functions of the program that an expression names."""
        file = holder.file
        if node.type == "identifier":
            name = file.text(node)
            found = file.package.functions.get(name) if name not in holder.locals else None
            return [found] if found is not None else []
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
            return [one for one in self._named_so(name) if self._implements(one, node, file)]
        out: list[Function] = []
        for one in walk(node) if node.type == "struct_type" else []:
            if one.type == "field_declaration" and not one.children_by_field_name("name"):
                kind = self.named(one.child_by_field_name("type"), file)
                if kind is not None:
                    out += self.methods(kind, name, depth + 1)
        return out

    def _named_so(self, name: str) -> list[Function]:
        return [one for other in self.packages.values() for one in other.methods.values() if one.name == name]

    def _implements(self, method: Function, interface: Node, file: File) -> bool:
        """Whether the type that has a method has all that an interface asks for."""
        wanted = [
            file.text(one.child_by_field_name("name"))
            for one in interface.named_children
            if one.type in ("method_elem", "method_spec")
        ]
        path = method.file.package.path
        return all(self.methods(Type(path, method.receiver), one, 1) for one in wanted)

    # ------------------------------------------------------------------------------------- values

    def sources(self, node: Node, holder: Function, depth: int = 0) -> list[tuple[Node, Function]]:
        """The expressions that an expression's value may come from, names and fields looked through."""
        if depth > _DEEP:
            return [(node, holder)]
        file = holder.file
        match node.type:
            case "parenthesized_expression":
                return self.sources(node.named_children[0], holder, depth + 1) if node.named_children else []
            case "unary_expression":
                inner = node.child_by_field_name("operand")
                return self.sources(inner, holder, depth + 1) if inner is not None else []
            case "identifier":
                out: list[tuple[Node, Function]] = []
                for one in self.definitions(file.text(node), holder)[:_MOST]:
                    out += self._of_one(one, node, depth)
                return out or [(node, holder)]
            case "selector_expression":
                return self._of_field(node, holder, depth)
            case "call_expression":
                text = file.text(node.child_by_field_name("function"))
                arguments = self.arguments(node)
                if text in _WRAPPERS and arguments:
                    return self.sources(arguments[0], holder, depth + 1)
                found = [
                    one
                    for function in self.called(node, holder)
                    for returned in self._returned(function, 0)
                    for one in self.sources(returned, function, depth + 1)
                ]
                return found[:_MOST] or [(node, holder)]
            case _:
                return [(node, holder)]

    def _of_one(self, one: Definition, node: Node, depth: int) -> list[tuple[Node, Function]]:
        if one.parameter >= 0:
            out: list[tuple[Node, Function]] = []
            for call, caller in self.callers.get(id(one.holder), [])[:_MOST]:
                arguments = self.arguments(call)
                if one.parameter < len(arguments):
                    out += self.sources(arguments[one.parameter], caller, depth + 1)
            return out[:_MOST]
        if one.value is None or one.element:
            return []
        if one.index and one.value.type == "call_expression":
            return [
                found
                for function in self.called(one.value, one.holder)
                for returned in self._returned(function, one.index)
                for found in self.sources(returned, function, depth + 1)
            ]
        return self.sources(one.value, one.holder, depth + 1)

    def _of_field(self, node: Node, holder: Function, depth: int) -> list[tuple[Node, Function]]:
        operand = node.child_by_field_name("operand")
        name = holder.file.text(node.child_by_field_name("field"))
        if operand is None:
            return [(node, holder)]
        path = self.imported(operand, holder)
        if path is not None:
            package = self.packages.get(path)
            found = [
                one
                for definition in (package.variables.get(name, []) if package else [])
                for one in self._of_one(definition, node, depth)
            ]
            return found or [(node, holder)]
        whose = self.of(operand, holder)
        out: list[tuple[Node, Function]] = []
        for value, owner in self.fields.get((whose.path, whose.name, name), [])[:_MOST] if whose else []:
            out += self.sources(value, owner, depth + 1)
        return out[:_MOST] or [(node, holder)]

    def _returned(self, function: Function, index: int) -> list[Node]:
        body = function.node.child_by_field_name("body")
        out: list[Node] = []
        for node in walk(body) if body is not None else []:
            if node.type == "return_statement" and node.named_children:
                values = node.named_children[0].named_children
                if index < len(values) and values[index].type != "nil":
                    out.append(values[index])
        return out[:_MOST]

    def values(self, node: Node, holder: Function, depth: int = 0) -> list[Value[Any]]:
        """What an expression may be, as facts; a few at most."""
        out: dict[Any, Value[Any]] = {}
        key = node.id
        if key in self._busy or depth > 6:
            return [self._unknown(node, holder)]
        self._busy.add(key)
        try:
            for one, owner in self.sources(node, holder):
                made = self._value(one, owner, depth)
                out.setdefault(repr(made), made)
        finally:
            self._busy.discard(key)
        return list(out.values())[:_MOST] or [self._unknown(node, holder)]

    def value(self, node: Node, holder: Function, depth: int) -> Value[Any]:
        """One fact; of several that differ nothing is known."""
        found = self.values(node, holder, depth)
        return found[0] if len(found) == 1 else Unknown(f"it is one of {len(found)}", found[0].origin)

    def _unknown(self, node: Node, holder: Function) -> Value[Any]:
        return Unknown(f"`{shown(holder.file, node)}` is not known", Written(holder.file.span(node)))

    def _value(self, node: Node, holder: Function, depth: int) -> Value[Any]:
        file = holder.file
        origin = Written(file.span(node))
        match node.type:
            case "interpreted_string_literal" | "raw_string_literal":
                return Known(literal(file.text(node)), origin)
            case "int_literal":
                return Known(int(file.text(node).replace("_", ""), 0), origin)
            case "true" | "false":
                return Known(node.type == "true", origin)
            case "composite_literal" | "literal_value":
                return self._composite(node, holder, depth)
            case "binary_expression" if file.text(node.child_by_field_name("operator")) == "+":
                sides = (node.child_by_field_name("left"), node.child_by_field_name("right"))
                return self._joined(
                    [self._pieces(one, holder, depth) for one in sides if one is not None], origin
                )
            case "call_expression":
                return self._called_value(node, holder, depth)
            case _:
                return self._unknown(node, holder)

    def _called_value(self, node: Node, holder: Function, depth: int) -> Value[Any]:
        file = holder.file
        origin = Written(file.span(node))
        function = file.text(node.child_by_field_name("function"))
        arguments = self.arguments(node)
        if function in ("os.Getenv", "os.LookupEnv") and arguments:
            name = self.value(arguments[0], holder, depth + 1)
            if isinstance(name, Known):
                self.variables.setdefault(str(name.value), origin.span)
                return environment(str(name.value), origin)
        if function == "fmt.Sprintf" and arguments:
            pattern = self.value(arguments[0], holder, depth + 1)
            if isinstance(pattern, Known):
                return self._formatted(str(pattern.value), arguments[1:], holder, depth, origin)
        return self._unknown(node, holder)

    def _formatted(
        self, pattern: str, arguments: list[Node], holder: Function, depth: int, origin: Written
    ) -> Value[Any]:
        pieces: list[list[str | Ref | Hole]] = []
        rest = list(arguments)
        parts = pattern.replace("%%", "\0").split("%")
        pieces.append([parts[0].replace("\0", "%")])
        for part in parts[1:]:
            verb = part[:1]
            if rest and verb in "svdq":
                pieces.append(self._pieces(rest.pop(0), holder, depth))
            else:
                pieces.append([Hole(f"{origin.span}:{len(pieces)}", "value")])
            pieces.append([part[1:].replace("\0", "%")])
        return self._joined(pieces, origin)

    def _pieces(self, node: Node, holder: Function, depth: int) -> list[str | Ref | Hole]:
        match self.value(node, holder, depth + 1):
            case Known(value):
                return [str(value)]
            case Unknown(text=Text(parts)):
                return list(parts)
            case _:
                at = holder.file.span(node)
                return [Hole(f"{at.path}:{at.start}", shown(holder.file, node))]

    @staticmethod
    def _joined(pieces: list[list[str | Ref | Hole]], origin: Written) -> Value[Any]:
        text = text_of(*(one for part in pieces for one in part))
        if all(isinstance(one, str) for one in text.parts):
            return Known("".join(map(str, text.parts)), origin)
        return Unknown("it is put together from what is not known", origin, text)

    def _composite(self, node: Node, holder: Function, depth: int) -> Value[Any]:
        origin = Written(holder.file.span(node))
        members: dict[str, Value[Any]] = {}
        items: list[Value[Any]] = []
        for key, value in elements(node, holder.file):
            found = self.value(value, holder, depth + 1)
            if key is None:
                items.append(found)
            elif key.type == "identifier":
                members[holder.file.text(key)] = found
            else:
                name = self.value(key, holder, depth + 1)
                members[str(name.value) if isinstance(name, Known) else shown(holder.file, key)] = found
        return Known(tuple(items), origin) if items and not members else Known(members, origin)


def _first(node: Node) -> Node | None:
    return node.named_children[0] if node.named_children else None


def _last(node: Node) -> Node | None:
    return node.named_children[-1] if node.named_children else None


def elements(node: Node, file: File) -> list[tuple[Node | None, Node]]:
    """The elements of a composite literal, with their keys."""
    body = node.child_by_field_name("body") if node.type == "composite_literal" else node
    out: list[tuple[Node | None, Node]] = []
    for one in body.named_children if body is not None else []:
        if one.type == "keyed_element":
            parts = [part.named_children[0] for part in one.named_children if part.named_children]
            if len(parts) == 2:
                out.append((parts[0], parts[1]))
        elif one.type == "literal_element" and one.named_children:
            out.append((None, one.named_children[0]))
    return out


def literal(text: str) -> str:
    """The text of a string literal."""
    if text.startswith("`"):
        return text[1:-1]
    inner = text[1:-1]
    for escape, plain in (('\\"', '"'), ("\\n", "\n"), ("\\t", "\t"), ("\\\\", "\\")):
        inner = inner.replace(escape, plain)
    return inner


def shown(file: File, node: Node) -> str:
    """A piece of source, short and on one line."""
    text = " ".join(file.text(node).split())
    return text if len(text) <= 40 else text[:37] + "..."


def constructed(path: str, name: str) -> Type | None:
    """The type that a function of the SDK gives."""
    if path.startswith(SDK + "service/") and path.count("/") == 4:
        if name in ("NewFromConfig", "New"):
            return Type(path, "Client")
        return Type(path, name.removeprefix("New")) if name.startswith("New") else None
    if path.startswith(SDK + "feature/") and name.startswith("New"):
        return Type(path, name.removeprefix("New"))
    if CACHE in path and name == "New":
        return Type(path, "Cache")
    if path.startswith(SDK1 + "service/"):
        if name == "New":
            return Type(path, "Client")
        return (
            Type(path, name.removeprefix("New").removesuffix("WithClient")) if name.startswith("New") else None
        )
    return None

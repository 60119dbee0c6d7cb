"""The values that may flow into Go's expressions."""

from __future__ import annotations

from typing import Any, Final

from tree_sitter import Node

from stockade.code.facts import environment
from stockade.code.go.kinds import Kinds
from stockade.code.go.packages import Definition, File, Function, Package, walk
from stockade.code.typed import DEEP, MOST, unescaped
from stockade.patterns import lazy_regex
from stockade.value import Known, Value, Written

_WRAPPERS: Final = frozenset(
    ("aws.String", "aws.ToString", "aws.StringValue", "aws.StringSlice", "aws.Bool", "aws.Int32", "aws.Int64")
)
_ENVIRONMENT: Final = ("os.Getenv", "os.LookupEnv")
_TEXTS: Final = ("interpreted_string_literal", "raw_string_literal")
_TAG: Final = lazy_regex(r"""[`"\s](?:env|envconfig):\\?"([A-Za-z_]\w*)""")
_PREFIXES: Final = lazy_regex(rb"envPrefix|env-prefix|prefix=")
_ELEMENTS: Final = 12
"""How many places that a list's elements come from are looked at."""


class Flow(Kinds):
    """Where the values of one program's expressions come from, and what these are."""

    verbs = frozenset("svdq")

    def __init__(self, packages: dict[str, Package]) -> None:
        super().__init__(packages)
        self._given: dict[tuple[int, int], list[Node]] = {}
        self._asking: dict[int, tuple[int, tuple[int, ...]] | None] = {}

    def sources(self, node: Node, holder: Function, depth: int = 0) -> list[tuple[Node, Function]]:
        """The expressions that an expression's value may come from, names and fields looked through."""
        if depth > DEEP:
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
                for one in self.definitions(file.text(node), holder)[:MOST]:
                    out += self._of_one(one, node, depth)
                return out or [(node, holder)]
            case "selector_expression":
                return self._of_field(node, holder, depth)
            case "index_expression":
                return self._of_key(node, holder, depth) or [(node, holder)]
            case "call_expression":
                text = file.text(node.child_by_field_name("function"))
                arguments = self.arguments(node)
                if text in _WRAPPERS and arguments:
                    return self.sources(arguments[0], holder, depth + 1)
                if (asked := self._asked(node, holder)) is not None:
                    default = [arguments[one] for one in asked[1] if one < len(arguments)]
                    others = (each for one in default for each in self.sources(one, holder, depth + 1))
                    return [(node, holder), *others][:MOST]
                found = [
                    one
                    for function in self.called(node, holder)
                    for returned in self._returned(function, 0)
                    for one in self.sources(returned, function, depth + 1)
                ]
                return found[:MOST] or [(node, holder)]
            case _:
                return [(node, holder)]

    def _asked(self, node: Node, holder: Function) -> tuple[int, tuple[int, ...]] | None:
        """What a function gives that looks into the environment for its callers: ``getEnv("TABLE", "orders")``.

        The positions of the variable's name and of what may be given instead, so that callers are told apart.
        """
        found = self.called(node, holder)
        if len(found) != 1:
            return None
        key = id(found[0])
        if key not in self._asking:
            self._asking[key] = None  # of a function that calls itself
            self._asking[key] = self._asking_for(found[0])
        return self._asking[key]

    def _asking_for(self, function: Function) -> tuple[int, tuple[int, ...]] | None:
        names: set[int] = set()
        instead: list[int] = []
        for returned in self._returned(function, 0):
            if (own := self._parameter(returned, function)) is not None:
                instead.append(own)
                continue
            for one in self._read_for(returned, function):
                position = self._parameter(one, function) if one is not None else None
                if position is None:
                    return None
                names.add(position)
        return (names.pop(), tuple(instead)) if len(names) == 1 else None

    def _parameter(self, node: Node, function: Function) -> int | None:
        """The position of the parameter that an expression is."""
        found = function.locals.get(function.file.text(node), []) if node.type == "identifier" else []
        return found[0].parameter if len(found) == 1 and found[0].parameter >= 0 else None

    def _read_for(self, node: Node, function: Function) -> list[Node | None]:
        """The names that an expression in a function asks the environment for; ``None`` for anything else."""
        if node.type == "identifier":
            found = function.locals.get(function.file.text(node), [])
            values = [one.value for one in found if one.parameter < 0 and not one.element and not one.index]
            if not values or len(values) != len(found):
                return [None]
            return [
                each
                for one in values
                for each in (self._read_for(one, function) if one is not None else [None])
            ]
        arguments = self.arguments(node) if node.type == "call_expression" else []
        called = function.file.text(node.child_by_field_name("function"))
        return [arguments[0] if arguments and called in _ENVIRONMENT else None]

    def _of_key(self, node: Node, holder: Function, depth: int) -> list[tuple[Node, Function]]:
        """What stands under a literal key, where the map is written out somewhere."""
        operand, index = node.child_by_field_name("operand"), node.child_by_field_name("index")
        out: list[tuple[Node, Function]] = []
        if operand is None or index is None or index.type not in _TEXTS:
            return out
        wanted = literal(holder.file.text(index))
        for source, owner in self.sources(operand, holder, depth + 1):
            for key, value in elements(source, owner.file) if source.type == "composite_literal" else ():
                if key is not None and key.type in _TEXTS and literal(owner.file.text(key)) == wanted:
                    out += self.sources(value, owner, depth + 1)
        return out[:MOST]

    def _of_one(self, one: Definition, node: Node, depth: int) -> list[tuple[Node, Function]]:
        if one.parameter >= 0:
            return self.passed(one.parameter, one.holder, depth)
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
        whose = self.declaring(whose, name) if whose is not None else None
        out: list[tuple[Node, Function]] = []
        for value, owner in self.fields.get((whose.path, whose.name, name), [])[:MOST] if whose else []:
            out += self.sources(value, owner, depth + 1)
        return out[:MOST] or [(node, holder)]

    def _returned(self, function: Function, index: int) -> list[Node]:
        key = (id(function), index)
        if key not in self._given:
            self._given[key] = self._returns(function, index)
        return self._given[key]

    @staticmethod
    def _returns(function: Function, index: int) -> list[Node]:
        body = function.node.child_by_field_name("body")
        out: list[Node] = []
        for node in walk(body) if body is not None else []:
            if node.type == "return_statement" and node.named_children:
                values = node.named_children[0].named_children
                if index < len(values) and values[index].type != "nil":
                    out.append(values[index])
        return out[:MOST]

    def _value(self, node: Node, holder: Function, depth: int) -> Value[Any]:
        grown = self._grown(node, holder, depth)
        return grown if grown is not None else self._written(node, holder, depth)

    def _grown(self, node: Node, holder: Function, depth: int) -> Value[Any] | None:
        """The elements of a list that is made empty, or by ``append``, and given to a name; else ``None``."""
        call = holder.file.text(node.child_by_field_name("function")) if node.type == "call_expression" else ""
        kind = node.child_by_field_name("type") if node.type == "composite_literal" else None
        if call == "make" and (arguments := self.arguments(node)):
            kind = arguments[0]
        if call != "append" and (kind is None or kind.type != "slice_type"):
            return None
        name = given_to(node, holder.file)
        given: list[Node] = list(holder.put.get(name, ()))
        for one in holder.locals.get(name, ()) if name else ():
            if one.value is None or one.value.type != "call_expression":
                continue
            if holder.file.text(one.value.child_by_field_name("function")) == "append":
                arguments = self.arguments(one.value)
                if any(each.type == "variadic_argument" for each in arguments):
                    return None  # how many more there are, and of which kind, is not known
                given += arguments[1:]
        if not given or len(given) > _ELEMENTS:
            return None
        if node.type == "composite_literal":
            given = [value for _, value in elements(node, holder.file)] + given
        found = {repr(made): made for one in given for made in (self.value(one, holder, depth + 1),)}
        return Known(tuple(found.values()), Written(holder.file.span(given[0])))

    def _written(self, node: Node, holder: Function, depth: int) -> Value[Any]:
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
                return self.sum(node, holder, depth)
            case "call_expression":
                return self._called_value(node, holder, depth)
            case "selector_expression" if self._is_own_name(node, holder):
                return environment("AWS_LAMBDA_FUNCTION_NAME", origin)
            case "selector_expression" if name := self._tagged(node, holder):
                self.variables.setdefault(name, origin.span)
                return environment(name, origin)
            case _:
                return self.unknown(node, holder)

    def _is_own_name(self, node: Node, holder: Function) -> bool:
        """Whether it is the function's own name, as Lambda's library has it."""
        operand = node.child_by_field_name("operand")
        path = self.imported(operand, holder) if operand is not None else None
        name = holder.file.text(node.child_by_field_name("field"))
        return path == "github.com/aws/aws-lambda-go/lambdacontext" and name == "FunctionName"

    def _tagged(self, node: Node, holder: Function) -> str:
        """The variable that a library fills a field from, by the field's tag: ``env:"TABLE,required"``."""
        operand = node.child_by_field_name("operand")
        whose = self.of(operand, holder) if operand is not None else None
        name = holder.file.text(node.child_by_field_name("field"))
        whose = self.declaring(whose, name) if whose is not None else None
        package = self.packages.get(whose.path) if whose is not None else None
        declared = package.types.get(whose.name) if package is not None and whose is not None else None
        if declared is None or _PREFIXES.search(declared[1].source.data):
            return ""
        for one in walk(declared[0]) if declared[0].type == "struct_type" else []:
            names = [declared[1].text(each) for each in one.children_by_field_name("name")]
            if one.type == "field_declaration" and name in names:
                found = _TAG.search(declared[1].text(one.child_by_field_name("tag")))
                return found[1] if found is not None else ""
        return ""

    def _called_value(self, node: Node, holder: Function, depth: int) -> Value[Any]:
        file = holder.file
        origin = Written(file.span(node))
        function = file.text(node.child_by_field_name("function"))
        arguments = self.arguments(node)
        asked = self._asked(node, holder)
        at = 0 if function in _ENVIRONMENT else asked[0] if asked is not None else len(arguments)
        if at < len(arguments):
            return self.from_environment(arguments[at], holder, depth, origin) or self.unknown(node, holder)
        if function == "fmt.Sprintf" and arguments:
            pattern = self.value(arguments[0], holder, depth + 1)
            if isinstance(pattern, Known):
                return self.formatted(str(pattern.value), arguments[1:], holder, depth, origin)
        return self.unknown(node, holder)

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
                members[str(name.value) if isinstance(name, Known) else holder.file.shown(key)] = found
        return Known(tuple(items), origin) if items and not members else Known(members, origin)


def given_to(node: Node, file: File) -> str:
    """The name that an expression is given to where it stands."""
    listed = node.parent
    statement = listed.parent if listed is not None else None
    if listed is None or statement is None or listed.type != "expression_list":
        return ""
    names = statement.children_by_field_name("name") or (
        left.named_children if (left := statement.child_by_field_name("left")) is not None else []
    )
    at = [one.id for one in listed.named_children].index(node.id)
    return file.text(names[at]) if at < len(names) and names[at].type == "identifier" else ""


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
    return unescaped(text[1:-1])

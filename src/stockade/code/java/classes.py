"""Java's classes as the analysis sees them: imports, fields, methods, and what each method gives to names."""

from __future__ import annotations

from dataclasses import field
from functools import cache
from typing import Final

import tree_sitter_java
from tree_sitter import Language, Node, Parser

from stockade.code.broken import invalid
from stockade.code.files import Files
from stockade.code.typed import Parsed
from stockade.read.files import Unreadable
from stockade.records import dataclass
from stockade.source import Span

_MANY: Final = 600
"""How many files of one function are read."""

CLASSES: Final = frozenset(
    ("class_declaration", "interface_declaration", "enum_declaration", "record_declaration", "annotation_type")
)


@dataclass(eq=False)
class File(Parsed):
    """A file: ``imports`` are full names by simple ones, ``all`` the packages that are imported whole."""

    package: str = ""
    imports: dict[str, str] = field(default_factory=dict)
    all: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Definition:
    """Something that a name may be: a value, an element of one, or a parameter."""

    value: Node | None
    type: Node | None
    holder: Method
    element: bool = False
    parameter: int = -1


@dataclass(eq=False)
class Method:
    """A method, a constructor (called as its class is), or (named ``""``) what loading a class does."""

    name: str
    owner: Class
    node: Node
    locals: dict[str, list[Definition]] = field(default_factory=dict)

    @property
    def file(self) -> File:
        return self.owner.file


@dataclass(eq=False)
class Class:
    """A class, an interface, an enumeration or a record."""

    name: str
    full: str
    file: File
    node: Node
    bases: list[Node] = field(default_factory=list)
    fields: dict[str, list[Definition]] = field(default_factory=dict)
    methods: dict[str, list[Method]] = field(default_factory=dict)
    loading: Method | None = None


LOADED: Final = ("static_initializer", "block", "field_declaration", "constant_declaration", "enum_constant")
"""What loading a class runs, or is taken to."""


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_java.language()))


def walk(node: Node) -> list[Node]:
    """A node and all below it, in their order; classes inside of it are left out."""
    out: list[Node] = []
    stack = [node]
    while stack:
        one = stack.pop()
        out.append(one)
        stack += [each for each in reversed(one.named_children) if each.type not in CLASSES]
    return out


def read(files: Files) -> tuple[dict[str, Class], list[File], list[Span], list[tuple[str, str]]]:
    """All classes by their full names, the files, the places of what is no Java, and what was not read."""
    classes: dict[str, Class] = {}
    listed: list[File] = []
    broken: list[Span] = []
    lost: list[tuple[str, str]] = []
    wanted = [one for one in files if one.endswith(".java") and "test" not in one.lower().split("/")[:-1]]
    for path in wanted[:_MANY]:
        try:
            source = files.read(path)
        except Unreadable as error:
            lost.append((path, str(error)))
            continue
        root = _parser().parse(source.data).root_node
        broken += invalid(source, root)
        file = File(source, root)
        listed.append(file)
        _declare(file, classes)
    lost += ((path, "there are more files than are looked at") for path in wanted[_MANY:][:1])
    return classes, listed, broken, lost


def _declare(file: File, classes: dict[str, Class]) -> None:
    for node in file.root.named_children:
        match node.type:
            case "package_declaration":
                file.package = file.text(node.named_children[-1]) if node.named_children else ""
            case "import_declaration":
                name = file.text(node.named_children[0]) if node.named_children else ""
                if any(one.type == "asterisk" for one in node.children):
                    file.all.append(name)
                elif name:
                    file.imports[name.rpartition(".")[2]] = name
            case kind if kind in CLASSES:
                _classes(file, node, classes)


def _classes(file: File, node: Node, classes: dict[str, Class]) -> None:
    """A class and those inside of it, the outer ones first, however deep they stand."""
    stack = [(node, file.package)]
    while stack:
        one, outer = stack.pop()
        made = _class(file, one, outer)
        classes[made.full] = made
        stack += [(inner, made.full) for inner in reversed(members(one)) if inner.type in CLASSES]


def members(node: Node) -> list[Node]:
    """What stands in a class's body, behind an enumeration's constants too."""
    body = node.child_by_field_name("body")
    members = list(body.named_children) if body is not None else []
    for one in members:
        if one.type == "enum_body_declarations":
            members += one.named_children
    return members


def _class(file: File, node: Node, outer: str) -> Class:
    name = file.text(node.child_by_field_name("name"))
    made = Class(name, f"{outer}.{name}" if outer else name, file, node)
    for part in ("superclass", "interfaces"):
        found = node.child_by_field_name(part)
        for one in walk(found) if found is not None else []:
            if one.type in ("type_identifier", "scoped_type_identifier") and _is_base(one, node):
                made.bases.append(one)
    for one in node.named_children:
        if one.type == "extends_interfaces":
            made.bases += [each for each in walk(one) if each.type == "type_identifier" and _is_base(each, one)]
    made.loading = Method("", made, node)
    for one in members(node):
        if one.type in LOADED:
            _names(made.loading, one)
        match one.type:
            case "field_declaration" | "constant_declaration":
                kind = one.child_by_field_name("type")
                for each in one.children_by_field_name("declarator"):
                    definition = Definition(each.child_by_field_name("value"), kind, made.loading)
                    made.fields.setdefault(file.text(each.child_by_field_name("name")), []).append(definition)
            case "method_declaration" | "constructor_declaration" | "compact_constructor_declaration":
                method = Method(file.text(one.child_by_field_name("name")), made, one)
                made.methods.setdefault(method.name, []).append(method)
                _fill(method)
    parameters = node.child_by_field_name("parameters")
    for one in parameters.named_children if parameters is not None else []:  # of a record
        definition = Definition(None, one.child_by_field_name("type"), made.loading)
        made.fields.setdefault(file.text(one.child_by_field_name("name")), []).append(definition)
    return made


def _is_base(node: Node, top: Node) -> bool:
    parent = node.parent
    while parent is not None and parent.id != top.id:
        if parent.type == "type_arguments":
            return False
        parent = parent.parent
    return True


def _fill(method: Method) -> None:
    """The names of a method; those of lambdas inside of it are taken together with its own."""
    file = method.file
    parameters = method.node.child_by_field_name("parameters")
    position = 0
    for one in parameters.named_children if parameters is not None else []:
        if one.type in ("formal_parameter", "spread_parameter"):
            name = one.child_by_field_name("name") or _declared(one)
            made = Definition(None, one.child_by_field_name("type"), method, parameter=position)
            method.locals.setdefault(file.text(name), []).append(made)
            position += 1
    body = method.node.child_by_field_name("body")
    if body is not None:
        _names(method, body)


def _names(method: Method, body: Node) -> None:
    """The names that the statements of a body, or the lambdas of an expression, give to values."""
    file = method.file
    for node in walk(body):
        match node.type:
            case "local_variable_declaration":
                kind = node.child_by_field_name("type")
                for each in node.children_by_field_name("declarator"):
                    made = Definition(each.child_by_field_name("value"), kind, method)
                    method.locals.setdefault(file.text(each.child_by_field_name("name")), []).append(made)
            case "resource":
                made = Definition(node.child_by_field_name("value"), node.child_by_field_name("type"), method)
                method.locals.setdefault(file.text(node.child_by_field_name("name")), []).append(made)
            case "enhanced_for_statement":
                value, kind = node.child_by_field_name("value"), node.child_by_field_name("type")
                made = Definition(value, kind, method, element=True)
                method.locals.setdefault(file.text(node.child_by_field_name("name")), []).append(made)
            case "assignment_expression":
                left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
                if left is not None and left.type == "identifier" and file.text(left) in method.locals:
                    method.locals[file.text(left)].append(Definition(right, None, method))
            case "lambda_expression":
                _lambda(method, node)
            case "formal_parameter" | "instanceof_expression" if node.child_by_field_name("name") is not None:
                # Of a lambda, or of a method of an anonymous class; or what is tested for a type.
                kind = node.child_by_field_name("type") or node.child_by_field_name("right")
                name = file.text(node.child_by_field_name("name"))
                method.locals.setdefault(name, []).append(Definition(None, kind, method))
            case "type_pattern" | "record_pattern_component" if len(node.named_children) > 1:
                made = Definition(None, node.named_children[0], method)
                method.locals.setdefault(file.text(node.named_children[-1]), []).append(made)


def _declared(node: Node) -> Node | None:
    found = next((one for one in node.named_children if one.type == "variable_declarator"), None)
    return found.child_by_field_name("name") if found is not None else None


def _lambda(method: Method, node: Node) -> None:
    parameters = node.child_by_field_name("parameters")
    if parameters is None:
        return
    for one in walk(parameters):
        if one.type == "identifier" and (one.parent is None or one.parent.type != "formal_parameter"):
            method.locals.setdefault(method.file.text(one), []).append(Definition(None, None, method))

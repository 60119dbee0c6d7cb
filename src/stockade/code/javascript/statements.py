"""Statements and whole files out of tree-sitter's nodes, and where a file is no JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Parser
from tree_sitter import Node as Syntax

from stockade.code.broken import invalid
from stockade.code.javascript import tree as t
from stockade.code.javascript.elided import Used
from stockade.code.javascript.lowering import Lowering
from stockade.code.javascript.texts import plain
from stockade.source import Source


@cache
def _language(kind: str) -> Language:
    match kind:
        case "ts":
            return Language(tree_sitter_typescript.language_typescript())
        case "tsx":
            return Language(tree_sitter_typescript.language_tsx())
        case _:
            return Language(tree_sitter_javascript.language())


@cache
def _parser(kind: str) -> Parser:
    return Parser(_language(kind))


def parse(source: Source, name: str) -> t.Program:
    """The file called ``name``, read as its ending says. Broken statements are left out, the rest is there."""
    ending = name.rpartition(".")[2].lower()
    kind = "ts" if ending in ("ts", "mts", "cts") else "tsx" if ending == "tsx" else "js"
    root = _parser(kind).parse(source.data).root_node
    if root.has_error and kind == "js":
        # Types in a .js file are not JavaScript, yet bundlers take them (Flow, or TypeScript by mistake).
        other = _parser("tsx").parse(source.data).root_node
        if not other.has_error:
            root = other
    broken = tuple(invalid(source, root))
    lowering = Statements(source)
    if kind != "js":
        lowering.used = Used(_language(kind), root, is_valid=not broken)
    return t.Program(lowering.statements(root), broken)


class Statements(Lowering):
    """``Lowering`` with the statements."""

    used: Used | None = None
    """What the file uses as values, where it is compiled by what leaves out imports of the rest."""

    def block(self, node: Syntax) -> t.Block:
        return t.Block(self.at(node), self.statements(node))

    def statements(self, node: Syntax) -> tuple[t.Node, ...]:
        """The statements directly below a node; what a broken one still holds is read too."""
        out: list[t.Node] = []
        for one in node.named_children:
            made = _STATEMENTS.get(one.type)
            if made is not None:
                try:
                    out += made(self, one)
                except (ValueError, IndexError):
                    # A part is missing because the statement is broken; its place is told by `_broken`.
                    out += self._rest(one)
            elif one.type == "ERROR":
                out += self._rest(one)
        return _disposing(out)

    def _rest(self, node: Syntax) -> list[t.Node]:
        parts: list[t.Node] = [*self.statements(node)]
        for one in self._parts_of_broken(node):
            parts.append(t.Expression(one.at, one))
        return parts

    def _parts_of_broken(self, node: Syntax) -> list[t.Node]:
        try:
            return self._parts(node)
        except (ValueError, IndexError):
            return []

    def statement(self, node: Syntax | None) -> t.Node:
        """A single statement, such as a loop's body."""
        if node is None:
            raise ValueError("a statement is missing")
        if node.type == "statement_block":
            return self.block(node)
        if node.type == "else_clause":
            return self.statement(self.named(node)[0])
        made = _STATEMENTS.get(node.type)
        body = tuple(made(self, node)) if made else ()
        return body[0] if len(body) == 1 else t.Block(self.at(node), body)

    # ------------------------------------------------------------------------------- declarations

    def _declare(self, node: Syntax) -> list[t.Node]:
        kind = "var" if node.type == "variable_declaration" else self.text(node.child_by_field_name("kind"))
        if node.type == "using_declaration":
            kind = USING
        out: list[t.Declarator] = []
        for one in node.named_children:
            if one.type == "variable_declarator":
                pattern = self.pattern(one.child_by_field_name("name"))
                value = self.optional(one.child_by_field_name("value"))
                names = self.type_name(one.child_by_field_name("type"))
                out.append(t.Declarator(self.at(one), pattern, value, names))
        return [t.Declare(self.at(node), kind, tuple(out))]

    def _using(self, node: Syntax, given: Syntax) -> list[t.Node]:
        """``using name = value`` as the grammar for TypeScript has it, an assignment."""
        pattern = self.pattern(given.child_by_field_name("left"))
        declared = t.Declarator(self.at(given), pattern, self.expression(given.child_by_field_name("right")))
        return [t.Declare(self.at(node), USING, (declared,))]

    def _function(self, node: Syntax) -> list[t.Node]:
        made = self.function(node)
        return [self._bound(node, made.name, made, "function")]

    def _class(self, node: Syntax) -> list[t.Node]:
        made = self.class_(node)
        return [self._bound(node, made.name, made, "let")]

    def _bound(self, node: Syntax, name: str, value: t.Node, kind: str) -> t.Node:
        at = self.at(node)
        return t.Declare(at, kind, (t.Declarator(at, t.Name(at, name), value),))

    def _import_alias(self, node: Syntax) -> list[t.Node]:
        """``import push = Out.push``: one name for a member of a namespace."""
        name, whole = self.named(node)
        first, *path = self.text(whole).split(".")
        at = self.at(whole)
        value: t.Node = t.Name(at, first)
        for one in path:
            value = t.Member(at, value, one.strip())
        return [self._bound(node, self.text(name), value, "const")]

    def _enum(self, node: Syntax) -> list[t.Node]:
        entries: list[t.Entry] = []
        body = node.child_by_field_name("body")
        number = 0
        for one in self.named(body) if body is not None else ():
            at = self.at(one)
            value: t.Node = t.Constant(at, number)
            key = self.key(one.child_by_field_name("name") if one.type == "enum_assignment" else one)
            if one.type == "enum_assignment":
                value = self.expression(one.child_by_field_name("value"))
            entries.append(t.Entry(at, key, value))
            if isinstance(value, t.Constant) and isinstance(value.value, int):
                number = value.value + 1
                entries.append(t.Entry(at, t.Constant(at, plain(value.value)), key))  # the way back: `Kind[0]`
        name = self.text(node.child_by_field_name("name"))
        return [self._bound(node, name, t.Object(self.at(node), tuple(entries)), "const")]

    def _namespace(self, node: Syntax) -> list[t.Node]:
        body = node.child_by_field_name("body")
        name = self.text(node.child_by_field_name("name"))
        return [t.Namespace(self.at(node), name, self.block(body))] if body is not None else []

    def _interface(self, node: Syntax) -> list[t.Node]:
        name = self.text(node.child_by_field_name("name"))
        body = node.child_by_field_name("body") or node.child_by_field_name("value")
        names: list[str] = []
        for one in node.named_children:
            if one.type == "extends_type_clause":
                names += (found for each in self.named(one) for found in self.type_name(each))
        members: list[tuple[str, t.TypeName]] = []
        if body is not None and body.type in ("interface_body", "object_type"):
            for one in self.named(body):
                if one.type == "property_signature":
                    key = self.text(one.child_by_field_name("name"))
                    members.append((key, self.type_name(one.child_by_field_name("type"))))
        elif body is not None:
            names += self.type_name(body)
        return [t.Interface(self.at(node), name, tuple(names), tuple(members))]

    # -------------------------------------------------------------------------------- control flow

    def _expression_statement(self, node: Syntax) -> list[t.Node]:
        inner = self.named(node)
        if inner and inner[0].type == "internal_module":
            return self._namespace(inner[0])
        given = self.named(inner[0]) if inner and inner[0].type == "await_expression" else inner
        if given and given[0].type == "assignment_expression" and given[0].children[0].type == USING:
            return self._using(node, given[0])
        return [t.Expression(self.at(node), self.expression(inner[0]))] if inner else []

    def _if(self, node: Syntax) -> list[t.Node]:
        no = node.child_by_field_name("alternative")
        test = self.expression(node.child_by_field_name("condition"))
        yes = self.statement(node.child_by_field_name("consequence"))
        return [t.If(self.at(node), test, yes, self.statement(no) if no is not None else None)]

    def _for(self, node: Syntax) -> list[t.Node]:
        first = node.child_by_field_name("initializer")
        start = self.statement(first) if first is not None and first.type in _STATEMENTS else None
        if start is None and first is not None and first.type != "empty_statement":
            start = t.Expression(self.at(first), self.expression(first))
        test = node.child_by_field_name("condition")
        tested = self.optional(test) if test is not None and test.type not in (";", "empty_statement") else None
        step = self.optional(node.child_by_field_name("increment"))
        body = self.statement(node.child_by_field_name("body"))
        return [t.Loop(self.at(node), start, tested, step, body)]

    def _each(self, node: Syntax) -> list[t.Node]:
        pattern = self.pattern(node.child_by_field_name("left"))
        over = self.expression(node.child_by_field_name("right"))
        keys = self.text(node.child_by_field_name("operator")) == "in"
        body = self.statement(node.child_by_field_name("body"))
        if self.text(node.child_by_field_name("kind")).endswith(USING):
            left = t.Block(body.at, (t.Dispose(pattern.at, pattern),))
            body = t.Try(body.at, body, None, None, left)
        return [t.Loop(self.at(node), None, None, None, body, (pattern, over), keys)]

    def _while(self, node: Syntax) -> list[t.Node]:
        test = self.expression(node.child_by_field_name("condition"))
        body = self.statement(node.child_by_field_name("body"))
        return [t.Loop(self.at(node), None, test, None, body, certain=node.type == "do_statement")]

    def _return(self, node: Syntax) -> list[t.Node]:
        inner = self.named(node)
        value = self.expression(inner[0]) if inner else None
        return [(t.Throw if node.type == "throw_statement" else t.Return)(self.at(node), value)]

    def _try(self, node: Syntax) -> list[t.Node]:
        handler = node.child_by_field_name("handler")
        final = node.child_by_field_name("finalizer")
        caught = handler.child_by_field_name("parameter") if handler is not None else None
        inside = handler.child_by_field_name("body") if handler is not None else None
        last = final.child_by_field_name("body") if final is not None else None
        return [
            t.Try(
                self.at(node),
                self.statement(node.child_by_field_name("body")),
                self.pattern(caught) if caught is not None else None,
                self.block(inside) if inside is not None else None,
                self.block(last) if last is not None else None,
            )
        ]

    def _switch(self, node: Syntax) -> list[t.Node]:
        cases: list[tuple[t.Node | None, t.Block]] = []
        body = node.child_by_field_name("body")
        for one in self.named(body) if body is not None else ():
            value = one.child_by_field_name("value")
            inside = [child for child in one.children_by_field_name("body") if child.is_named]
            made: list[t.Node] = [self.statement(child) for child in inside if child.type in _STATEMENTS]
            cases.append((self.optional(value), t.Block(self.at(one), tuple(made))))
        return [t.Switch(self.at(node), self.expression(node.child_by_field_name("value")), tuple(cases))]

    def _labeled(self, node: Syntax) -> list[t.Node]:
        return [self.statement(node.child_by_field_name("body"))]

    # --------------------------------------------------------------------------- modules

    def _import(self, node: Syntax) -> list[t.Node]:
        if any(one.type in ("type", "typeof") for one in node.children):
            # A type import brings names that annotations use; nothing is loaded by it.
            return self._imported(node, types=True)
        return self._imported(node)

    def _imported(self, node: Syntax, types: bool = False) -> list[t.Node]:
        at = self.at(node)
        source = node.child_by_field_name("source")
        names: list[tuple[str, str]] = []
        for one in node.named_children:
            if one.type == "import_require_clause":
                inner = one.child_by_field_name("source")
                names.append(("=", self.text(self.named(one)[0])))
                source = inner
            elif one.type == "import_clause":
                for part in self.named(one):
                    match part.type:
                        case "identifier":
                            names.append(("default", self.text(part)))
                        case "namespace_import":
                            names.append(("*", self.text(self.named(part)[0])))
                        case "named_imports":
                            names += map(self._specifier, self.named(part))
        if source is None:
            return []
        module = self.string(source)
        if names and self.used is not None and not self.used.any_of([local for _, local in names]):
            types = True
        return [t.Import(at, f"type:{module}" if types else module, tuple(names))]

    def _specifier(self, node: Syntax) -> tuple[str, str]:
        name = node.child_by_field_name("name")
        alias = node.child_by_field_name("alias")
        plain = self.string(name) if name is not None and name.type == "string" else self.text(name)
        if alias is None:
            return plain, plain
        return plain, self.string(alias) if alias.type == "string" else self.text(alias)

    def _export(self, node: Syntax) -> list[t.Node]:
        at = self.at(node)
        source = node.child_by_field_name("source")
        module = self.string(source) if source is not None else ""
        if any(one.type == "type" for one in node.children[1:2]):
            return []
        declaration = node.child_by_field_name("declaration")
        default = any(one.type == "default" for one in node.children)
        if declaration is not None:
            if declaration.type.endswith("class_declaration") or declaration.type == "class":
                made = self.class_(declaration, self.decorators(node))
                if default and not made.name:
                    return [t.Export(at, default=made)]
                inner: list[t.Node] = [self._bound(declaration, made.name, made, "let")]
            else:
                inner = self._anonymous(declaration) if default else self._declared(declaration)
            if not inner:
                return []
            if default:
                first = inner[0]
                if isinstance(first, t.Declare) and isinstance(first.declarators[0].pattern, t.Name):
                    name = first.declarators[0].pattern.id
                    return [*inner, t.Export(at, ((name, "default"),))]
                return [t.Export(at, default=first)]
            return [t.Export(at, declaration=one) for one in inner]
        value = node.child_by_field_name("value")
        if value is not None:
            return [t.Export(at, default=self.expression(value))]
        names: list[tuple[str, str]] = []
        star = False
        for one in node.children:
            match one.type:
                case "export_clause":
                    names += map(self._specifier, self.named(one))
                case "namespace_export":
                    names.append(("*", self.text(self.named(one)[0])))
                case "*":
                    star = True
                case "=":
                    inside = self.named(node)
                    return [t.Export(at, (("=", "="),), default=self.expression(inside[0]))] if inside else []
        if star:
            names.append(("*", "*"))
        return [t.Export(at, tuple(names), module)]

    def _declared(self, node: Syntax) -> list[t.Node]:
        made = _STATEMENTS.get(node.type)
        return list(made(self, node)) if made else []

    def _anonymous(self, node: Syntax) -> list[t.Node]:
        """A default export: a function declaration may lack its name."""
        if node.child_by_field_name("name") is None and node.type in (
            "function_declaration",
            "generator_function_declaration",
            "function_expression",
        ):
            return [self.function(node)]
        return self._declared(node)


def _disposing(body: list[t.Node]) -> tuple[t.Node, ...]:
    """Statements, of which those after a ``using`` stand in front of what leaves the resource."""
    for index, one in enumerate(body):
        if isinstance(one, t.Declare) and one.kind == USING:
            names = tuple(each.pattern for each in one.declarators)
            inner = t.Block(one.at, _disposing(body[index + 1 :]))
            left = t.Block(one.at, tuple(t.Dispose(each.at, each) for each in reversed(names)))
            return (*body[: index + 1], t.Try(one.at, inner, None, None, left))
    return tuple(body)


USING: Final = "using"
"""The kind of declarations whose values are disposed of at the end of their block."""

_STATEMENTS: Final[dict[str, Callable[[Statements, Syntax], list[t.Node]]]] = {
    **dict.fromkeys(("lexical_declaration", "variable_declaration", "using_declaration"), Statements._declare),
    **dict.fromkeys(("function_declaration", "generator_function_declaration"), Statements._function),
    **dict.fromkeys(("class_declaration", "abstract_class_declaration"), Statements._class),
    "enum_declaration": Statements._enum,
    **dict.fromkeys(("internal_module", "module"), Statements._namespace),
    **dict.fromkeys(("interface_declaration", "type_alias_declaration"), Statements._interface),
    "expression_statement": Statements._expression_statement,
    "statement_block": lambda self, node: [self.block(node)],
    "if_statement": Statements._if,
    "for_statement": Statements._for,
    "for_in_statement": Statements._each,
    **dict.fromkeys(("while_statement", "do_statement"), Statements._while),
    **dict.fromkeys(("return_statement", "throw_statement"), Statements._return),
    **dict.fromkeys(("break_statement", "continue_statement"), lambda self, node: [t.Jump(self.at(node))]),
    "try_statement": Statements._try,
    "switch_statement": Statements._switch,
    "labeled_statement": Statements._labeled,
    "import_statement": Statements._import,
    "import_alias": Statements._import_alias,
    "export_statement": Statements._export,
}

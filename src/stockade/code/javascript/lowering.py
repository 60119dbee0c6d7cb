"""Expressions, patterns, functions and classes out of tree-sitter's nodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tree_sitter import Node as Syntax

from stockade.code.javascript import tree as t
from stockade.code.javascript.known import TRANSPARENT
from stockade.code.javascript.literals import number, unescape
from stockade.source import Source, Span

_KEPT: Final = frozenset(("accessibility_modifier", "readonly", "override_modifier"))
"""What makes a constructor's parameter a member of the object as well."""


class Lowering:
    """Turns the nodes of one file into ours; statements are added by ``statements.Statements``."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.data = source.data

    # ------------------------------------------------------------------------------- small things

    def at(self, node: Syntax) -> Span:
        return Span(self.source, node.start_byte, node.end_byte)

    def text(self, node: Syntax | None) -> str:
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace") if node else ""

    def block(self, node: Syntax) -> t.Block:
        raise NotImplementedError

    def string(self, node: Syntax | None) -> str:
        """The text of a string literal without its quotes."""
        raw = self.text(node)[1:-1]
        return unescape(raw) if "\\" in raw else raw

    def named(self, node: Syntax) -> list[Syntax]:
        return [one for one in node.named_children if one.type not in ("comment", "html_comment", "decorator")]

    def type_name(self, node: Syntax | None) -> t.TypeName:
        """The names in a type annotation."""
        if node is None:
            return ()
        match node.type:
            case "type_identifier" | "identifier" | "nested_type_identifier" | "nested_identifier":
                return (self.text(node),)
            case "type_annotation" | "parenthesized_type" | "array_type" | "readonly_type" | "union_type":
                return tuple(name for one in self.named(node) for name in self.type_name(one))
            case "intersection_type":
                return tuple(name for one in self.named(node)[:1] for name in self.type_name(one))
            case "generic_type":
                name = self.text(node.child_by_field_name("name"))
                if name not in TRANSPARENT:
                    return (name,)
                arguments = node.child_by_field_name("type_arguments")
                inside = self.named(arguments)[:1] if arguments is not None else []
                return tuple(found for one in inside for found in self.type_name(one))
            case "type_query":
                return tuple(f"typeof {self.text(one)}" for one in self.named(node)[:1])
            case _:
                return ()

    # -------------------------------------------------------------------------------- expressions

    def expression(self, node: Syntax | None) -> t.Node:
        """An expression; what is none of those known is an ``Other`` with its parts."""
        if node is None:
            raise ValueError("an expression is missing")
        made = _EXPRESSIONS.get(node.type)
        if made is not None:
            return made(self, node)
        return t.Other(self.at(node), tuple(self._parts(node)))

    def optional(self, node: Syntax | None) -> t.Node | None:
        return self.expression(node) if node is not None else None

    def _parts(self, node: Syntax) -> list[t.Node]:
        out: list[t.Node] = []
        for one in self.named(node):
            if one.type in _EXPRESSIONS:
                out.append(self.expression(one))
            elif one.type.startswith("jsx") or one.type == "ERROR":
                out += self._parts(one)
        return out

    def _constant(self, node: Syntax) -> t.Node:
        match node.type:
            case "true" | "false":
                return t.Constant(self.at(node), node.type == "true")
            case "null":
                return t.Constant(self.at(node), None)
            case "undefined":
                return t.Constant(self.at(node), t.UNDEFINED)
            case "number":
                return t.Constant(self.at(node), number(self.text(node)))
            case _:
                return t.Constant(self.at(node), self.string(node))

    def _template(self, node: Syntax) -> t.Node:
        parts: list[str | t.Node] = []
        at = node.start_byte + 1
        for one in node.named_children:
            if one.type == "template_substitution":
                if one.start_byte > at:
                    parts.append(self._fragment(at, one.start_byte))
                inner = self.named(one)
                if inner:
                    parts.append(self.expression(inner[0]))
                at = one.end_byte
        if node.end_byte - 1 > at:
            parts.append(self._fragment(at, node.end_byte - 1))
        if all(isinstance(one, str) for one in parts):
            return t.Constant(self.at(node), "".join(map(str, parts)))
        return t.Template(self.at(node), tuple(parts))

    def _fragment(self, start: int, end: int) -> str:
        raw = self.data[start:end].decode("utf-8", "replace")
        return unescape(raw) if "\\" in raw else raw

    def _name(self, node: Syntax) -> t.Node:
        start, end = node.start_byte, node.end_byte
        text, at = self.data[start:end].decode("utf-8", "replace"), Span(self.source, start, end)
        return t.Constant(at, t.UNDEFINED) if text == "undefined" else t.Name(at, text)

    def _member(self, node: Syntax) -> t.Node:
        name = self.text(node.child_by_field_name("property"))
        return t.Member(self.at(node), self.expression(node.child_by_field_name("object")), name)

    def _index(self, node: Syntax) -> t.Node:
        index = node.child_by_field_name("index")
        if index is not None and self._is_await(node.child_by_field_name("object")):
            items = tuple(map(self.expression, self._in_sequence(index)))
            return t.Await(self.at(node), t.Array(self.at(node), items))
        whose = self.expression(node.child_by_field_name("object"))
        key = self.expression(index)
        if isinstance(key, t.Constant) and isinstance(key.value, str):
            return t.Member(self.at(node), whose, key.value)
        return t.Index(self.at(node), whose, key)

    def _is_await(self, node: Syntax | None) -> bool:
        """Whether it is no name, though the grammar of JavaScript takes it for one.

        For it ``await (x).y`` is a call, ``await [x]`` a member and ``await `x` `` a tag of something called
        so; ``(await x).y`` comes to the same here.
        """
        return node is not None and node.type == "identifier" and self.text(node) == "await"

    def _in_sequence(self, node: Syntax) -> list[Syntax]:
        if node.type != "sequence_expression":
            return [node]
        return [inner for one in self.named(node) for inner in self._in_sequence(one)]

    def _arguments(self, node: Syntax | None) -> tuple[t.Node, ...]:
        if node is None:
            return ()
        if node.type == "template_string":
            made = self.expression(node)
            parts = made.parts if isinstance(made, t.Template) else (getattr(made, "value", ""),)
            at = self.at(node)
            texts = tuple(t.Constant(at, one) for one in parts if isinstance(one, str))
            return (t.Array(at, texts), *(one for one in parts if isinstance(one, t.Node)))
        return tuple(self.expression(one) for one in self.named(node) if one.type != "ERROR")

    def _call(self, node: Syntax) -> t.Node:
        function = node.child_by_field_name("function")
        given = node.child_by_field_name("arguments")
        if given is not None and given.type == "template_string" and self.text(function) == "String.raw":
            return self.expression(given)
        if given is not None and self._is_await(function):
            value = self.expression(given) if given.type == "template_string" else self._inner(given)
            return t.Await(self.at(node), value)
        arguments = self._arguments(given)
        if function is not None and function.type == "import":
            return t.Dynamic(self.at(node), arguments[0]) if arguments else t.Other(self.at(node), ())
        return t.Call(self.at(node), self.expression(function), arguments)

    def _new(self, node: Syntax) -> t.Node:
        callee = self.expression(node.child_by_field_name("constructor"))
        return t.Call(self.at(node), callee, self._arguments(node.child_by_field_name("arguments")), new=True)

    def _object(self, node: Syntax) -> t.Node:
        entries: list[t.Entry] = []
        for one in self.named(node):
            at = self.at(one)
            match one.type:
                case "pair":
                    value = self.expression(one.child_by_field_name("value"))
                    entries.append(t.Entry(at, self.key(one.child_by_field_name("key")), value))
                case "shorthand_property_identifier":
                    name = self.text(one)
                    entries.append(t.Entry(at, t.Constant(at, name), t.Name(at, name)))
                case "spread_element":
                    entries.append(t.Entry(at, None, self.expression(self.named(one)[0]), "spread"))
                case "method_definition":
                    kind = self._accessor(one)
                    key = self.key(one.child_by_field_name("name"))
                    entries.append(t.Entry(at, key, self.function(one), "value" if kind == "method" else kind))
        return t.Object(self.at(node), tuple(entries))

    def _accessor(self, node: Syntax) -> str:
        for one in node.children:
            if one.type in ("get", "set"):
                return one.type
            if one.is_named and one.type not in ("accessibility_modifier", "override_modifier"):
                break
        return "method"

    def key(self, node: Syntax | None) -> t.Node:
        """What a member is called, as an expression."""
        if node is None:
            raise ValueError("a key is missing")
        if node.type == "computed_property_name":
            return self.expression(self.named(node)[0])
        if node.type == "string":
            return t.Constant(self.at(node), self.string(node))
        if node.type == "number":
            value = number(self.text(node))
            return t.Constant(self.at(node), str(value))
        return t.Constant(self.at(node), self.text(node))

    def _array(self, node: Syntax) -> t.Node:
        return t.Array(self.at(node), tuple(self.expression(one) for one in self.named(node)))

    def _spread(self, node: Syntax) -> t.Node:
        return t.Spread(self.at(node), self.expression(self.named(node)[0]))

    def _assign(self, node: Syntax) -> t.Node:
        left = node.child_by_field_name("left")
        value = self.expression(node.child_by_field_name("right"))
        operator = self.text(node.child_by_field_name("operator"))
        operator = operator[:-1] if node.type == "augmented_assignment_expression" else "="
        return t.Assign(self.at(node), self.pattern(left), operator, value)

    def _binary(self, node: Syntax) -> t.Node:
        operator = self.text(node.child_by_field_name("operator"))
        left = self.expression(node.child_by_field_name("left"))
        right = self.expression(node.child_by_field_name("right"))
        if operator in ("&&", "||", "??"):
            return t.Logical(self.at(node), operator, left, right)
        return t.Binary(self.at(node), operator, left, right)

    def _unary(self, node: Syntax) -> t.Node:
        operator = self.text(node.child_by_field_name("operator"))
        return t.Unary(self.at(node), operator, self.expression(node.child_by_field_name("argument")))

    def _conditional(self, node: Syntax) -> t.Node:
        test, yes, no = (node.child_by_field_name(one) for one in ("condition", "consequence", "alternative"))
        return t.Conditional(self.at(node), self.expression(test), self.expression(yes), self.expression(no))

    def _await(self, node: Syntax) -> t.Node:
        inner = self.named(node)
        value = self.expression(inner[0]) if inner else t.Constant(self.at(node), t.UNDEFINED)
        each = any(one.type == "*" for one in node.children)
        return t.Await(self.at(node), value, node.type == "yield_expression", each)

    def _inner(self, node: Syntax) -> t.Node:
        inner = self.named(node)
        if not inner:
            return t.Other(self.at(node), ())
        if inner[0].type == "sequence_expression" or len(inner) == 1:
            return self.expression(inner[0])
        return t.Sequence(self.at(node), tuple(map(self.expression, inner)))

    def _sequence(self, node: Syntax) -> t.Node:
        return t.Sequence(self.at(node), tuple(map(self.expression, self.named(node))))

    def _cast(self, node: Syntax) -> t.Node:
        inner = self.named(node)
        names = tuple(name for one in inner[1:] for name in self.type_name(one))
        return t.Cast(self.at(node), self.expression(inner[0]), names)

    def _assertion(self, node: Syntax) -> t.Node:
        inner = self.named(node)
        names = tuple(name for one in self.named(inner[0]) for name in self.type_name(one))
        return t.Cast(self.at(node), self.expression(inner[-1]), names)

    # ----------------------------------------------------------------------------------- patterns

    def pattern(self, node: Syntax | None) -> t.Node:
        """What is assigned to: a name, a member, or what takes a value apart."""
        if node is None:
            raise ValueError("a pattern is missing")
        match node.type:
            case "object_pattern" | "object":
                return self._object_pattern(node)
            case "array_pattern" | "array":
                return self._array_pattern(node)
            case "assignment_pattern" | "object_assignment_pattern" | "assignment_expression":
                left = self.pattern(node.child_by_field_name("left"))
                return t.DefaultPattern(self.at(node), left, self.expression(node.child_by_field_name("right")))
            case "rest_pattern" | "spread_element":
                return t.Spread(self.at(node), self.pattern(self.named(node)[0]))
            case "shorthand_property_identifier_pattern" | "shorthand_property_identifier":
                return t.Name(self.at(node), self.text(node))
            case "parenthesized_expression" | "non_null_expression" | "as_expression" | "satisfies_expression":
                return self.pattern(self.named(node)[0])
            case _:
                return self.expression(node)

    def _object_pattern(self, node: Syntax) -> t.Node:
        entries: list[tuple[t.Node, t.Node]] = []
        rest = None
        for one in self.named(node):
            match one.type:
                case "pair_pattern" | "pair":
                    key = self.key(one.child_by_field_name("key"))
                    entries.append((key, self.pattern(one.child_by_field_name("value"))))
                case "rest_pattern" | "spread_element":
                    rest = self.pattern(self.named(one)[0])
                case "object_assignment_pattern":
                    name = one.child_by_field_name("left")
                    if name is not None:
                        entries.append((t.Constant(self.at(name), self.text(name)), self.pattern(one)))
                case "shorthand_property_identifier_pattern" | "shorthand_property_identifier":
                    entries.append((t.Constant(self.at(one), self.text(one)), self.pattern(one)))
        return t.ObjectPattern(self.at(node), tuple(entries), rest)

    def _array_pattern(self, node: Syntax) -> t.Node:
        items: list[t.Node | None] = []
        empty = True
        for one in node.children[1:-1]:
            if one.type == ",":
                if empty:
                    items.append(None)
                empty = True
            elif one.is_named and one.type != "comment":
                items.append(self.pattern(one))
                empty = False
        return t.ArrayPattern(self.at(node), tuple(items))

    # --------------------------------------------------------------------- functions and classes

    def function(self, node: Syntax) -> t.Function:
        """A function of any form, a method's too."""
        body = node.child_by_field_name("body")
        name = self.text(node.child_by_field_name("name"))
        made: t.Node
        if body is None:
            made = t.Block(self.at(node), ())
        elif body.type == "statement_block":
            made = self.block(body)
        else:
            made = self.expression(body)
        generator = node.type.startswith("generator") or any(one.type == "*" for one in node.children[:4])
        return t.Function(
            self.at(node),
            name,
            self._parameters(node),
            made,
            node.type == "arrow_function",
            generator,
            self.type_name(node.child_by_field_name("return_type")),
        )

    def _parameters(self, node: Syntax) -> tuple[t.Parameter, ...]:
        single = node.child_by_field_name("parameter")
        if single is not None:
            return (t.Parameter(self.at(single), self.pattern(single)),)
        listed = node.child_by_field_name("parameters")
        out: list[t.Parameter] = []
        for one in self.named(listed) if listed is not None else ():
            if one.type not in ("required_parameter", "optional_parameter"):
                if one.type != "ERROR":
                    out.append(t.Parameter(self.at(one), self.pattern(one)))
                continue
            inner = one.child_by_field_name("pattern")
            if inner is None or inner.type == "this":
                continue
            pattern = self.pattern(inner)
            default = one.child_by_field_name("value")
            if default is not None:
                pattern = t.DefaultPattern(self.at(one), pattern, self.expression(default))
            field = any(child.type in _KEPT for child in one.children)
            names = self.type_name(one.child_by_field_name("type"))
            out.append(t.Parameter(self.at(one), pattern, names, field, self.decorators(one)))
        return tuple(out)

    def class_(self, node: Syntax, outer: tuple[t.Node, ...] = ()) -> t.Class:
        """A class; ``outer`` are decorators that stand before ``export``."""
        base: t.Node | None = None
        implements: t.TypeName = ()
        for one in node.named_children:
            if one.type != "class_heritage":
                continue
            for part in self.named(one):
                if part.type == "extends_clause":
                    base = self.expression(part.child_by_field_name("value"))
                elif part.type == "implements_clause":
                    implements = tuple(name for each in self.named(part) for name in self.type_name(each))
                else:
                    base = self.expression(part)
        body = node.child_by_field_name("body")
        members = tuple(self._members(body)) if body is not None else ()
        decorators = (*outer, *self.decorators(node))
        name = self.text(node.child_by_field_name("name"))
        return t.Class(self.at(node), name, base, members, decorators, implements)

    def decorators(self, node: Syntax) -> tuple[t.Node, ...]:
        return tuple(
            self.expression(one.named_children[0])
            for one in node.named_children
            if one.type == "decorator" and one.named_children
        )

    def _members(self, body: Syntax) -> list[t.ClassMember]:
        out: list[t.ClassMember] = []
        waiting: list[t.Node] = []
        for one in body.named_children:
            if one.type == "decorator":
                waiting += map(self.expression, one.named_children[:1])
                continue
            static = any(child.type == "static" for child in one.children)
            at = self.at(one)
            decorators = (*waiting, *self.decorators(one))
            match one.type:
                case "method_definition":
                    key = self.key(one.child_by_field_name("name"))
                    kind = self._accessor_of_member(one)
                    out.append(t.ClassMember(at, key, kind, static, self.function(one), (), decorators))
                case "public_field_definition" | "field_definition":
                    key = self._key_of_field(one)
                    value = self.optional(one.child_by_field_name("value"))
                    names = self.type_name(one.child_by_field_name("type"))
                    out.append(t.ClassMember(at, key, "field", static, value, names, decorators))
                case "class_static_block":
                    inner = one.child_by_field_name("body")
                    block = self.block(inner) if inner is not None else None
                    out.append(t.ClassMember(at, None, "block", True, block))
            if one.type != "comment":
                waiting = []
        return out

    def _key_of_field(self, node: Syntax) -> t.Node:
        """A field's key, also behind ``accessor``, which the grammars take for the key."""
        key = node.child_by_field_name("name") or node.child_by_field_name("property")
        after = key.next_sibling if key is not None and self.text(key) == "accessor" else None
        broken = after is not None and after.type == "ERROR"
        return self.key(after.named_children[0] if after is not None and broken else key)

    def _accessor_of_member(self, node: Syntax) -> str:
        return next((one.type for one in node.children if one.type in ("get", "set")), "method")

    def _regex(self, node: Syntax) -> t.Node:
        return t.Other(self.at(node), ())


_EXPRESSIONS: Final[dict[str, Callable[[Lowering, Syntax], t.Node]]] = {
    **dict.fromkeys(("string", "number", "true", "false", "null", "undefined"), Lowering._constant),
    **dict.fromkeys(("identifier", "shorthand_property_identifier"), Lowering._name),
    "template_string": Lowering._template,
    "this": lambda self, node: t.This(self.at(node)),
    "super": lambda self, node: t.Super(self.at(node)),
    "member_expression": Lowering._member,
    "subscript_expression": Lowering._index,
    "call_expression": Lowering._call,
    "new_expression": Lowering._new,
    "object": Lowering._object,
    "array": Lowering._array,
    "spread_element": Lowering._spread,
    "assignment_expression": Lowering._assign,
    "augmented_assignment_expression": Lowering._assign,
    "binary_expression": Lowering._binary,
    "unary_expression": Lowering._unary,
    "update_expression": lambda self, node: t.Unary(
        self.at(node), "++", self.expression(node.child_by_field_name("argument"))
    ),
    "ternary_expression": Lowering._conditional,
    "await_expression": Lowering._await,
    "yield_expression": Lowering._await,
    "parenthesized_expression": Lowering._inner,
    "sequence_expression": Lowering._sequence,
    "as_expression": Lowering._cast,
    "satisfies_expression": Lowering._cast,
    "non_null_expression": Lowering._inner,
    "instantiation_expression": lambda self, node: self.expression(self.named(node)[0]),
    "type_assertion": Lowering._assertion,
    **dict.fromkeys(
        ("function_expression", "function", "generator_function", "arrow_function"), Lowering.function
    ),
    "class": lambda self, node: self.class_(node),
    "regex": Lowering._regex,
    "meta_property": Lowering._regex,
}

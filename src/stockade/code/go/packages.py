"""Go's packages as the analysis sees them: files, declarations, and what each function gives to names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import field
from functools import cache
from posixpath import dirname
from typing import Final

import tree_sitter_go
from tree_sitter import Language, Node, Parser

from stockade.code.broken import invalid
from stockade.code.files import Files
from stockade.code.typed import Parsed
from stockade.patterns import lazy_regex
from stockade.read.files import Unreadable
from stockade.records import dataclass
from stockade.source import Span

_MANY: Final = 400
"""How many files of one function are read."""

_MAIN: Final = lazy_regex(rb"^func main\(\)", re.MULTILINE)


_STANDARD: Final = lazy_regex(
    r"(?:archive|bufio|bytes|C|cmp|compress|container|context|crypto|database|debug|embed|encoding|errors|expvar"
    r"|flag|fmt|go|hash|html|image|index|io|iter|log|maps|math|mime|net|os|path|plugin|reflect|regexp|runtime"
    r"|slices|sort|strconv|strings|structs|sync|syscall|testing|text|time|unicode|unique|unsafe|weak)(?:/|$)"
)


@dataclass(eq=False)
class File(Parsed):
    """A file: ``imports`` are packages' paths by the names they have in it.

    What is imported for its effects (``_``), or with its names as one's own (``.``), has that and its path
    for a name.
    """

    package: Package
    imports: dict[str, str] = field(default_factory=dict)
    unnamed: list[str] = field(default_factory=list)  # the names of imports that were not given one

    @property
    def opened(self) -> list[str]:
        """The packages whose names are the file's own."""
        return [path for name, path in self.imports.items() if name.startswith(".")]


@dataclass(eq=False)
class Definition:
    """Something that a name may be: the ``index``-th value of an expression, or an element of it."""

    value: Node | None
    type: Node | None
    index: int
    holder: Function
    element: bool = False
    parameter: int = -1  # the position of a parameter; its values stand where the function is called


@dataclass(eq=False)
class Function:
    """A function, a method, or (without a body of its own) the variables of a package."""

    name: str
    file: File
    node: Node
    receiver: str = ""
    locals: dict[str, list[Definition]] = field(default_factory=dict)
    put: dict[str, list[Node]] = field(default_factory=dict)  # what elements of a name's list are given

    @property
    def results(self) -> list[Node]:
        """The types of its results."""
        found = self.node.child_by_field_name("result")
        if found is None:
            return []
        if found.type != "parameter_list":
            return [found]
        out: list[Node] = []
        for one in found.named_children:
            kind = one.child_by_field_name("type")
            if kind is not None:
                out += [kind] * max(1, len(one.children_by_field_name("name")))
        return out


@dataclass(eq=False)
class Package:
    """The files of one directory."""

    folder: str
    path: str
    name: str = ""
    files: list[File] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)
    methods: dict[tuple[str, str], Function] = field(default_factory=dict)
    types: dict[str, tuple[Node, File]] = field(default_factory=dict)
    variables: dict[str, list[Definition]] = field(default_factory=dict)
    globals: list[Function] = field(default_factory=list)
    starts: list[Function] = field(default_factory=list)  # every ``init``


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_go.language()))


def walk(node: Node) -> list[Node]:
    """A node and all below it, in their order."""
    out: list[Node] = []
    stack = [node]
    while stack:
        one = stack.pop()
        out.append(one)
        stack += reversed(one.named_children)
    return out


def _below(node: Node, *types: str) -> Iterator[Node]:
    """The nodes of some types at and below one."""
    return (one for one in walk(node) if one.type in types)


def read(files: Files) -> tuple[dict[str, Package], list[Span], list[tuple[str, str]]]:
    """All packages by their paths, the places of what is no Go, and files that were not read with the why."""
    roots = modules(files)
    packages: dict[str, Package] = {}
    broken: list[Span] = []
    lost: list[tuple[str, str]] = []
    wanted = [one for one in files if one.endswith(".go") and not one.endswith("_test.go")]
    wanted = [one for one in wanted if "vendor" not in one.split("/") and "testdata" not in one.split("/")]
    alone = _programs(files, wanted[:_MANY])
    for path in wanted[:_MANY]:
        try:
            source = files.read(path)
        except Unreadable as error:
            lost.append((path, str(error)))
            continue
        root = _parser().parse(source.data).root_node
        broken += invalid(source, root)
        folder = dirname(path)
        if folder in alone and _MAIN.search(source.data):
            folder = path.removesuffix(".go")  # a directory of programs of one file each
        package = packages.setdefault(_path(folder, roots), Package(folder, _path(folder, roots)))
        _declare(File(source, root, package))
    if not roots:
        _by_folders(packages)
    _by_names(packages)
    lost += ((path, "there are more files than are looked at") for path in wanted[_MANY:][:1])
    return packages, broken, lost


def modules(files: Files) -> dict[str, str]:
    """The names of the modules by the directories that they are in."""
    return {dirname(path): _module(files, path) for path in files if path.rpartition("/")[2] == "go.mod"}


def standard(path: str) -> bool:
    """Whether a package is of Go's own library."""
    return _STANDARD.match(path) is not None


def asks_others(method: Function) -> bool:
    """Whether a method calls anything beside Go's own library: one that gives a text or a number does not."""
    for node in walk(method.node):
        if node.type == "call_expression" and (called := node.child_by_field_name("function")) is not None:
            operand = called.child_by_field_name("operand")
            path = method.file.imports.get(method.file.text(operand)) if operand is not None else None
            if operand is not None and not (path and standard(path)):
                return True
            if called.type == "identifier" and method.file.text(called) in method.file.package.functions:
                return True
    return False


def _by_folders(packages: dict[str, Package]) -> None:
    """Before there were modules a program's own packages were told by where it lay: so by how they end.

    Where it lay is what most of the imports that end so begin with; others are somebody else's.
    """
    own = sorted((one for one in packages if one != "."), key=len, reverse=True)
    meant: list[tuple[File, str, str, str]] = []
    for package in packages.values():
        for file in package.files:
            for name, path in file.imports.items():
                end = next((one for one in own if path.endswith(f"/{one}")), None)
                if end is not None and path not in packages and not standard(path):
                    meant.append((file, name, end, path.removesuffix(f"/{end}")))
    where = Counter(base for _, _, _, base in meant).most_common(1)
    for file, name, end, base in meant:
        if base == where[0][0]:
            file.imports[name] = end


def _by_names(packages: dict[str, Package]) -> None:
    """What is imported without a name has the package's, which need not be its directory's."""
    for file in (one for package in packages.values() for one in package.files):
        for name in file.unnamed:
            package = packages.get(file.imports.get(name, ""))
            if package is not None and package.name not in ("", name, "main"):
                file.imports.setdefault(package.name, package.path)


def _programs(files: Files, paths: list[str]) -> set[str]:
    """The directories in which more than one file has a ``main``."""
    count: dict[str, int] = {}
    for path in paths:
        try:
            found = _MAIN.search(files.read(path).data)
        except Unreadable:
            continue  # told when it is read itself
        if found:
            count[dirname(path)] = count.get(dirname(path), 0) + 1
    return {folder for folder, number in count.items() if number > 1}


def _module(files: Files, path: str) -> str:
    try:
        found = re.search(r"^module\s+(\S+)", files.read(path).data.decode("utf-8", "replace"), re.MULTILINE)
    except Unreadable:
        return ""
    return found[1].strip('"') if found else ""


def _path(folder: str, roots: dict[str, str]) -> str:
    base = folder
    while True:
        if base in roots:
            return "/".join(one for one in (roots[base], folder[len(base) :].strip("/")) if one)
        if not base:
            return folder or "."
        base = dirname(base)


def _declare(file: File) -> None:
    package = file.package
    package.files.append(file)
    holder = Function("", file, file.root)
    package.globals.append(holder)
    for node in file.root.named_children:
        match node.type:
            case "package_clause":
                package.name = file.text(node.named_children[0]) if node.named_children else ""
            case "import_declaration":
                for one in _below(node, "import_spec"):
                    path = file.text(one.child_by_field_name("path")).strip('"`')
                    name = file.text(one.child_by_field_name("name"))
                    if not name:
                        file.unnamed.append(_base(path))
                    file.imports[f"{name}{path}" if name in (".", "_") else name or _base(path)] = path
            case "function_declaration":
                made = Function(file.text(node.child_by_field_name("name")), file, node)
                if made.name == "init":
                    package.starts.append(made)
                else:
                    package.functions[made.name] = made
                _fill(made)
            case "method_declaration":
                made = Function(file.text(node.child_by_field_name("name")), file, node)
                made.receiver = _receiver(file, node)
                package.methods[made.receiver, made.name] = made
                _fill(made)
            case "type_declaration":
                for one in _below(node, "type_spec", "type_alias"):
                    if (kind := one.child_by_field_name("type")) is not None:
                        package.types[file.text(one.child_by_field_name("name"))] = (kind, file)
            case "var_declaration" | "const_declaration":
                for one in walk(node):
                    if one.type in ("var_spec", "const_spec"):
                        _specified(holder, one, package.variables)
                    else:
                        _bind(holder, one)  # of the functions that are written inside of values


def _base(path: str) -> str:
    parts = path.split("/")
    last = parts[-1]
    if re.fullmatch(r"v\d+", last) and len(parts) > 1:
        last = parts[-2]
    return last.removeprefix("go-").replace("-", "")


def _receiver(file: File, node: Node) -> str:
    found = node.child_by_field_name("receiver")
    return file.text(next(_below(found, "type_identifier"), None)) if found is not None else ""


def _specified(holder: Function, node: Node, into: dict[str, list[Definition]]) -> None:
    kind = node.child_by_field_name("type")
    values = node.child_by_field_name("value")
    _pairs(holder, node.children_by_field_name("name"), values.named_children if values else [], kind, into)


def _pairs(
    holder: Function,
    names: list[Node],
    values: list[Node],
    kind: Node | None,
    into: dict[str, list[Definition]],
) -> None:
    for index, name in enumerate(names):
        if name.type != "identifier":
            continue
        if len(values) == len(names):
            made = Definition(values[index], kind, 0, holder)
        else:
            made = Definition(values[0] if values else None, kind, index, holder)
        into.setdefault(holder.file.text(name), []).append(made)


def _fill(function: Function) -> None:
    """The names of a function; those of functions written inside of it are taken together with its own."""
    body = function.node.child_by_field_name("body")
    _parameters(function, function.node.child_by_field_name("receiver"), own=False)
    _parameters(function, function.node.child_by_field_name("parameters"), own=True)
    for node in walk(body) if body is not None else []:
        _bind(function, node)


def _bind(function: Function, node: Node) -> None:
    """The names that one statement, or the head of a function inside, gives to values."""
    match node.type:
        case "short_var_declaration" | "assignment_statement":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None:
                into = function.locals
                if node.type == "assignment_statement" and _outer(function, left):
                    into = function.file.package.variables
                _pairs(function, left.named_children, right.named_children, None, into)
                _put(function, left.named_children, right.named_children)
        case "var_spec" | "const_spec":
            _specified(function, node, function.locals)
        case "range_clause":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            for index, name in enumerate(left.named_children if left is not None else []):
                made = Definition(right, None, index, function, element=True)
                function.locals.setdefault(function.file.text(name), []).append(made)
        case "func_literal":
            _parameters(function, node.child_by_field_name("parameters"), own=False)


def _put(function: Function, left: list[Node], right: list[Node]) -> None:
    """``items[i] = value``: what a list is given one by one."""
    for target, value in zip(left, right, strict=False):
        operand = target.child_by_field_name("operand") if target.type == "index_expression" else None
        if operand is not None and operand.type == "identifier":
            function.put.setdefault(function.file.text(operand), []).append(value)


def _outer(function: Function, left: Node) -> bool:
    """Whether names that are assigned to are the package's and not the function's."""
    names = [function.file.text(one) for one in left.named_children if one.type == "identifier"]
    return bool(names) and not any(name in function.locals for name in names)


def _parameters(function: Function, listed: Node | None, own: bool) -> None:
    position = 0
    for one in listed.named_children if listed is not None else []:
        kind = one.child_by_field_name("type")
        names = one.children_by_field_name("name")
        for name in names:
            made = Definition(None, kind, 0, function, parameter=position if own else -1)
            function.locals.setdefault(function.file.text(name), []).append(made)
            position += 1
        position += not names

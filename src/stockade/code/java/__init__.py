"""What a function's source in Java does: ``analyse``."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

from tree_sitter import Node

from stockade.code.facts import Source
from stockade.code.files import Files
from stockade.code.java.calls import Calls
from stockade.code.java.classes import Class, Method, read
from stockade.code.typed import How
from stockade.patterns import lazy_regex
from stockade.source import Source as Bytes
from stockade.source import Span

_FRAMEWORKS: Final = (
    "com.amazonaws.serverless.proxy.",
    "io.micronaut.function.aws.",
    "io.quarkus.amazon.lambda.",
    "io.quarkus.funqy.lambda.",
    "org.springframework.cloud.function.adapter.aws.",
)
"""Packages of handlers that run the application's own functions and controllers, and call nothing of AWS."""
_CONTAINER: Final = "com.amazonaws.serverless.proxy."
_CONTROLLERS: Final = frozenset(
    ("Controller", "RestController", "Path", "ControllerAdvice", "RestControllerAdvice")
)
_MAPPED: Final = lazy_regex(r"(\w*Mapping|GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|Path|ExceptionHandler)")
_PREPARED: Final = frozenset(
    ("Bean", "PostConstruct", "EventListener", "Produces", "Scheduled", "Before", "After", "Around")
)
"""What of an application a container calls: for a request, when it starts, or beside."""
_CONTAINERS: Final = (
    *(one for one in _FRAMEWORKS if one != _CONTAINER),
    "org.springframework.boot.",
    "org.springframework.context.",
    "io.micronaut.context.",
    "io.micronaut.runtime.",
)
"""Packages that start an application, which may call any of its classes, by annotations of many kinds."""
_HANDLES: Final = ("RequestHandler", "RequestStreamHandler")
_CALLS: Final = ("method_invocation", "object_creation_expression", "explicit_constructor_invocation")
_ENTRIES: Final = ("handleRequest", "apply", "accept")


def analyse(files: Files, handler: str) -> Source:
    """What is called from ``handler``: ``com.acme.Orders::handleRequest``, or the class alone.

    Nothing is executed. Where the handler is not found everything in the files counts as reached; what cannot
    be followed is told.
    """
    return _Analysis(files).run(handler)


class _Analysis(Calls):
    def __init__(self, files: Files) -> None:
        classes, listed, broken, lost = read(files)
        super().__init__(classes)
        self.files = files
        self.listed = listed
        for span in broken:
            reason = "it is not valid Java here, and what it does is not known"
            self.found.unfollowed(f"`{span.path}`", reason, span)
        for path, reason in lost:
            self.found.unfollowed(f"`{path}`", reason, Span(Bytes(path, b""), 0, 0))

    def _methods(self) -> list[Method]:
        out: list[Method] = []
        for one in self.classes.values():
            out += [each for found in one.methods.values() for each in found]
            out += [one.loading] if one.loading is not None else []
        return out

    def _index(self) -> None:
        """Where methods are called and what fields are given, so that values can be asked for."""
        calls: list[tuple[Node, Method]] = []
        for method in self._methods():
            for node in self.nodes(method):
                if node.type == "assignment_expression":
                    self._assigned(node, method)
                elif node.type in _CALLS:
                    calls.append((node, method))
        for node, method in calls:
            for called in self.flow.called(node, method):
                self.flow.callers.setdefault(id(called), []).append((node, method))

    def _assigned(self, node: Node, method: Method) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        if left.type == "field_access" and method.file.text(left.child_by_field_name("object")) == "this":
            name = method.file.text(left.child_by_field_name("field"))
        elif left.type == "identifier" and method.file.text(left) not in method.locals:
            name = method.file.text(left)
        else:
            return
        owner = next((one for one in self.flow.line(method.owner) if name in one.fields), method.owner)
        self.flow.fields.setdefault((owner.full, name), []).append((right, method))

    # --------------------------------------------------------------------------------- what is run

    def run(self, handler: str) -> Source:
        """What is called; the index is made when the handler is known, by which some calls are told apart."""
        self.flow.handler = self.classes.get(handler.partition("::")[0].replace("$", "."))
        self._index()
        entries = self._entries(handler)
        contained = any(one.startswith(_CONTAINER) for entry in entries for one in entry.file.imports.values())
        if contained:
            reason = "a container is started here: what its requests are mapped to counts as reached"
            self.found.note("what a container calls", reason, entries[0].file.span(entries[0].owner.node))
            entries += self._contained()
        place: Span | None = None
        if not entries:
            at = Span(self.files.one_of(lambda path: path.endswith(".java"), handler), 0, 0)
            if handler.startswith(_FRAMEWORKS):
                reason = "a framework runs what is here: all of it counts as reached"
                self.found.note(f"the handler `{handler}`", reason, at)
            else:
                reason = "no class of the function's files has such a method"
                self.found.unfollowed(f"the handler `{handler}`", reason, at)
            for method in self._methods():
                self.calls(method, How(reached=True, every=False, way=()))
        else:
            place = entries[0].file.span(entries[0].node)
            reached, ways = self._follow(entries)
            if not contained and (started := self._started(reached)):
                reason = "a framework is started here: what the application's classes do counts as reached"
                self.found.note("what a framework calls", reason, started)
                reached, ways = self._follow(entries, self._of_application(entries))
            for method in self._methods():
                key = id(method)
                every, way = reached.get(key, False), ways.get(key, ())
                self.calls(method, How(reached=key in reached, every=every, way=way))
        for file in self.listed:
            self.found.files[file.source.path] = None
            self.libraries.imports(file, self.classes)
        self.first.ended()
        for name, span in self.flow.variables.items():
            self.found.variable(name, span)
        return self.found.source(place)

    def _entries(self, handler: str) -> list[Method]:
        name, _, method = handler.partition("::")
        found = self.classes.get(name.replace("$", "."))
        if found is None:
            return []
        for wanted in (method,) if method else _ENTRIES:
            for one in self.flow.line(found):
                if wanted in one.methods:
                    return [*one.methods[wanted], *found.methods.get(found.name, [])]
        bases = [base for one in self.flow.line(found) for base in one.bases]
        if any(self.flow.named(base, found) not in self.classes for base in bases):
            # What handles the event is inherited from a class that is not there: it calls what is defined here.
            return [
                each for one in self.flow.line(found) for several in one.methods.values() for each in several
            ]
        return []

    def _contained(self) -> list[Method]:
        """What an application's container calls of it, by its annotations, and how its parts are made."""
        out: list[Method] = []
        for one in self.classes.values():
            own_marks = set(_marked(one.node, one))
            serves = bool(_CONTROLLERS & own_marks)
            # What has a type of the framework's (a filter, a runner) is called by that.
            foreign = bool(own_marks) and any(
                self.flow.named(base, one) not in self.classes for base in one.bases
            )
            for each in (method for several in one.methods.values() for method in several):
                marks = _marked(each.node, one)
                maps = serves and (each.name == one.name or any(_MAPPED.fullmatch(mark) for mark in marks))
                if maps or foreign or _PREPARED & set(marks):
                    out.append(each)
            if serves and one.loading is not None:
                out.append(one.loading)
        return out

    def _started(self, reached: dict[int, bool]) -> Span | None:
        """Where something that is reached may start a framework, which calls the application's classes."""
        for method in self._methods():
            imports = (*method.file.imports.values(), *(f"{one}." for one in method.file.all))
            if id(method) in reached and any(one.startswith(_CONTAINERS) for one in imports):
                return method.file.span(method.owner.node)
        return None

    def _of_application(self, entries: list[Method]) -> list[Method]:
        """What a framework may call: all but other functions' handlers, and what nobody but these needs.

        What is annotated is there for the framework, whoever else calls it.
        """
        own = {one.full for entry in entries for one in self.flow.line(entry.owner)}
        others = [one for one in self.classes.values() if one.full not in own and self._handles(one)]
        theirs = {id(method) for one in others for several in one.methods.values() for method in several}
        needed = self._follow([method for method in self._methods() if id(method) in theirs])[0]
        return [
            method
            for method in self._methods()
            if id(method) not in theirs
            and (id(method) not in needed or _marked(method.owner.node, method.owner))
        ]

    def _handles(self, one: Class) -> bool:
        bases = {self.flow.named(base, each) or "" for each in self.flow.line(one) for base in each.bases}
        return any(base.rpartition(".")[2] in _HANDLES for base in bases)

    def _follow(
        self, entries: list[Method], sometimes: Iterable[Method] = ()
    ) -> tuple[dict[int, bool], dict[int, tuple[Span, ...]]]:
        """What the entries lead to; the value says whether each invocation gets there.

        What is called ``sometimes`` is called by others.
        """
        reached: dict[int, bool] = {}
        ways: dict[int, tuple[Span, ...]] = {}
        queue: deque[tuple[Method, bool]] = deque()

        def reach(method: Method, every: bool, way: tuple[Span, ...]) -> None:
            if id(method) not in reached or (every and not reached[id(method)]):
                reached[id(method)] = every
                ways.setdefault(id(method), way)
                queue.append((method, every))
                load(method.owner, way)

        def load(owner: Class, way: tuple[Span, ...]) -> None:
            for one in self.flow.line(owner):
                if one.loading is not None and id(one.loading) not in reached:
                    reached[id(one.loading)] = False
                    ways[id(one.loading)] = way
                    queue.append((one.loading, False))

        for entry in entries:
            reach(entry, entry.name != entry.owner.name, ())
        for entry in sometimes:
            reach(entry, False, ())
        while queue:
            method, every = queue.popleft()
            way = ways.get(id(method), ())
            for node in self.nodes(method):
                always = every and not self.conditional(node, method)
                for target in self.flow.called(node, method):
                    reach(target, always, (*way, method.file.span(node))[-12:])
                if node.type == "object_creation_expression":
                    kind = self.flow.named(node.child_by_field_name("type"), method.owner)
                    made = self.classes.get(kind) if kind is not None else None
                    if made is not None:
                        load(made, way)  # it may have no constructor of its own
                    for target in self.flow.from_elsewhere(made):
                        reach(target, False, (*way, method.file.span(node))[-12:])
                elif node.type == "field_access":
                    named = self.flow.full(method.file.text(node.child_by_field_name("object")), method.owner)
                    if named in self.classes:
                        load(self.classes[named], way)
        return reached, ways


def _marked(node: Node, owner: Class) -> list[str]:
    """The names of the annotations of a class or a method."""
    marks = [each for one in node.named_children if one.type == "modifiers" for each in one.named_children]
    names = (
        owner.file.text(one.child_by_field_name("name")) for one in marks if one.type.endswith("annotation")
    )
    return [one.rpartition(".")[2] for one in names]

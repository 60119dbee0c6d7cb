"""GraphQL servers inside of a function: what their resolvers are called with, and that they are.

A schema, a type and a server are all one thing here (``PART``): what was handed over to make it. A builder of
schemas (``_BUILDER``) keeps what its methods get. The functions in
there run when a request reaches the server, with the context that the program makes for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stockade.code.javascript import combining, containers
from stockade.code.javascript import tree as t
from stockade.code.javascript.inherited import find_method, methods_of
from stockade.code.javascript.iterating import names_of
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import (
    EVENT,
    Bound,
    ClassValue,
    Closure,
    External,
    Frame,
    Helper,
    Listing,
    Literal,
    Native,
    Opaque,
    Thing,
    Values,
    is_nothing,
    join,
)
from stockade.patterns import lazy_regex
from stockade.source import Span

PART: Final = "graphql"
_BUILDER: Final = "graphql builder"
_CONTEXT: Final = "graphql context"
_PARENT: Final = "graphql parent"

_PACKAGE: Final = lazy_regex(
    r"(graphql|graphql-(tag|tools|yoga|middleware|modules|helix|lambda)|merge-graphql-schemas|type-graphql|nexus"
    r"|express-graphql|graphql-http|apollo-server[a-z-]*|@(graphql-tools|graphql-yoga|graphql-modules|apollo"
    r"|as-integrations|nexus|pothos)/.*)(/.*)?$"
)
"""Packages that servers and their schemas are made with."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MAKING: Final = _words(
    """
    ApolloServer GraphQLServer GraphQLServerLambda createYoga createServer graphqlHTTP graphqlLambda
    createHandler makeExecutableSchema addResolversToSchema addResolveFunctionsToSchema mergeSchemas
    createModule createApplication buildSubgraphSchema buildFederatedSchema createSchema buildSchema
    buildSchemaSync extendType buildTypeDefsAndResolvers buildTypeDefsAndResolversSync composeResolvers
    applyMiddleware makeSchema mergeTypeDefs mergeTypes GraphQLSchema GraphQLObjectType GraphQLInterfaceType
    GraphQLUnionType GraphQLList GraphQLNonNull interfaceType mutationField mutationType objectType
    queryField queryType subscriptionField
    """
)
"""What makes a server, a schema, a type, or a part of one, of all that it is handed."""

_KEPT: Final = _words("ApolloServer GraphQLServer GraphQLServerLambda")
"""Servers that are asked by somebody, even where it was not seen that anybody makes a handler of them."""

_ASKED: Final = _words("graphql graphqlSync execute subscribe")
"""Functions that answer a request: of a schema, a root, a context, or of an object that has them."""

_MOUNTING: Final = _words(
    "startServerAndCreateLambdaHandler expressMiddleware fastifyApolloHandler koaMiddleware"
)
"""Functions that make a handler of a server and of what else they are told."""

_NOW: Final = _words(
    """
    () executeOperation executeHTTPGraphQLRequest fetch graphqlHandler handle handleNodeRequest handleRequest
    handler inject playgroundHandler requestListener
    """
)
"""Members of a server that answer a request when they are called."""

_QUIET: Final = _words(
    "addPlugin assertStarted ensureStarted getFields getTypeMap listen setGraphQLPath start stop"
)
_HANDLERS: Final = _words(
    "applyMiddleware callback createHandler createLambdaHandler getHandler getMiddleware graphqlMiddleware"
)
"""Methods of a server that make a handler."""

_OPTIONS: Final = _words(
    """
    apollo authChecker cache container context contextValue cors csrfPrevention customFormatErrorFn
    dataSources description engine errorFormatter extensions fieldResolver formatError formatResponse
    inheritResolversFromInterfaces introspection logger logging mocks onHealthCheck persistedQueries
    playground plugins pubSub schemaDirectives subscriptions typeDefs validate validationRules
    """
)
"""Members of what a server is made of in which there are no resolvers."""

_THUNKS: Final = _words("definition fields interfaces types")
_FIRST: Final = ("Query", "Mutation", "Subscription")
_DEEP: Final = 40
_WORD: Final = lazy_regex(r"\w+")


# ------------------------------------------------------------------------------------ what is made


def called(machine: Machine, external: External, arguments: list[Values], at: Span) -> Values | None:
    """Call, or construct, something of these packages; ``None`` where that has nothing to do with a server."""
    if not _PACKAGE.match(external.module):
        return None
    name = external.path[-1] if external.path else ""
    if name == "gql" or (not name and external.module == "graphql-tag"):
        return arguments[0] if arguments else None
    if name == "Resolver" and external.module == "type-graphql":
        return (Helper(containers.MARK, at),)  # of its methods those that are decorated are called
    if name == "Ctx":
        return (Helper(_CONTEXT, at, "", join(*arguments)),)
    if name == "Root":
        return (Helper(_PARENT, at),)
    if external.module == "@pothos/core":
        return (_builder(at),)
    if name in ("mergeResolvers", "merge") and arguments:
        return combining.merged(machine, arguments, at)
    if name in _ASKED:
        return _asked(machine, arguments, at)
    if name in _MOUNTING and arguments:
        options = arguments[2 if len(arguments) > 2 else len(arguments) - 1]
        return (_handler(machine, arguments[0], options if len(arguments) > 1 else (), at),)
    if name in _MAKING or (not name and external.module == "express-graphql"):
        made = Helper(PART, at, "", join(*arguments))
        if name in _KEPT:
            machine.kept.lent.append((made, at))
        return (made,)
    return None


def is_package(package: str) -> bool:
    """Whether a package is one of those that servers are made with."""
    return bool(_PACKAGE.match(package))


def is_one(holder: Helper) -> bool:
    """Whether an object is one of those here."""
    return holder.kind in (PART, _BUILDER)


def member(holder: Helper) -> Values:
    """A property that is an object again: a builder's is a builder."""
    return (holder,) if holder.kind == _BUILDER else ()


def _builder(at: Span) -> Helper:
    return Helper(_BUILDER, at, "", (Listing(at),))


def method(machine: Machine, holder: Helper, name: str, arguments: list[Values], at: Span) -> Values:
    """Call a method of a server, or the server itself; or of a builder."""
    if holder.kind == _BUILDER:
        return _built(machine, holder, name, arguments, at)
    if name in _NOW:
        options = arguments[1] if name == "executeOperation" and len(arguments) > 1 else ()
        if name == "executeHTTPGraphQLRequest":
            options = join(*arguments)
        return _serve(machine, (holder,), options, arguments, at)
    if name in _QUIET:
        machine.handed(f"`{name}`", arguments, at, clients=False)
        return machine.undefined(at)
    if name not in _HANDLERS:
        machine.kept.lent.append((holder, at))
        machine.handed(f"`{name}`", arguments, at)
        return machine.unknown("it is a GraphQL server's own", at)
    handler = _handler(machine, (holder,), join(*arguments), at)
    if name == "applyMiddleware":
        for app in arguments:
            machine.invoke(_member(machine, app, "app", at), "use", [(handler,)], at)
        return machine.undefined(at)
    return (handler,)


def _built(machine: Machine, holder: Helper, name: str, arguments: list[Values], at: Span) -> Values:
    """A method of a builder: what it gets is a part of the schema, and a function there gets a builder."""
    kept = [one for one in holder.input if isinstance(one, Listing)]
    if name == "toSchema":
        return (Helper(PART, at, "", tuple(kept)),)
    for values in arguments:
        functions = tuple(one for one in values if is_function(one))
        if functions:
            made = Thing(at)
            made.table["fields"] = functions
            values = (made,)
        for one in kept:
            machine.set(one, "rest", join(one.rest, values))
    return (holder,)


def handed_over(machine: Machine, holder: Helper, at: Span) -> None:
    """A server, or what one would be made of, is with code that is not followed."""
    machine.kept.lent.append((holder, at))


def settle(machine: Machine) -> None:
    """Requests reach the servers that others got while files were loaded, or that nobody was seen to ask."""
    waiting, machine.kept.served = machine.kept.served, []
    for server, options, at in waiting:
        _serve(machine, server, options, [], at)
    for holder, at in machine.kept.lent:
        if holder.at not in machine.kept.answered:
            _serve(machine, (holder,), (), [], at)
    machine.kept.lent.clear()


def _handler(machine: Machine, server: Values, options: Values, at: Span) -> Bound:
    """The function that answers requests by a server; who has it asks the server, or nobody does."""
    machine.kept.answered.update(one.at for one in server if isinstance(one, Helper))

    def run(machine: Machine, this: Values, arguments: list[Values], where: Span) -> Values:
        return _serve(machine, server, options, arguments, at)

    return Bound(Native("a GraphQL server", run), (), ())


def _asked(machine: Machine, arguments: list[Values], at: Span) -> Values:
    """``graphql(schema, source, rootValue, contextValue)``, or of an object that has all of these."""
    first = arguments[0] if arguments else ()
    options = Thing(at)
    for name, index in (("rootValue", 2), ("contextValue", 3)):
        if len(arguments) > index:
            options.table[name] = arguments[index]
    return _serve(machine, first, (options,) if options.table else first, [], at)


# ---------------------------------------------------------------------------------- what is called


def _member(machine: Machine, values: Values, name: str, at: Span) -> Values:
    """A member of the objects that have one of this name."""
    having = tuple(one for one in values if isinstance(one, Thing) and name in one.table)
    return tuple(one for one in machine.get(having, name, at) if not is_nothing(one)) if having else ()


def _settings(machine: Machine, values: Values, arguments: list[Values], at: Span) -> Values:
    """What a server was told: objects, and what functions give that make one for each request."""
    out: list[Values] = []
    for atom in values:
        if isinstance(atom, Helper) and is_one(atom):
            machine.kept.answered.add(atom.at)
            out.append(_settings(machine, atom.input, arguments, at))
        elif is_function(atom):
            out.append(machine.call((atom,), (), arguments, at))
        else:
            out.append((atom,))
    return join(*out)


def _serve(machine: Machine, server: Values, options: Values, arguments: list[Values], at: Span) -> Values:
    """A request reaches a server: its context is made, and any of its resolvers is called."""
    if machine.loading:
        machine.kept.served.append((server, options, at))
        return machine.unknown("it is a GraphQL server's answer", at)
    every, machine.every = machine.every, False
    try:
        request = Thing(at, open=True)
        for name, index in (("event", 0), ("context", 1), ("req", 0), ("request", 0)):
            request.table[name] = arguments[index] if len(arguments) > index else machine.unknown(EVENT, at)
        told = _settings(machine, join(server, options), [(request,)], at)
        context = _context(machine, told, request, at)
        _Answer(machine, told, context, at).run()
        for name in sorted(_OPTIONS - {"context", "contextValue", "dataSources", "plugins", "typeDefs"}):
            machine.handed("a GraphQL server", [_member(machine, told, name, at)], at)
        machine.handed("a GraphQL server", arguments[2:], at)
    finally:
        machine.every = every
    return machine.unknown("it is a GraphQL server's answer", at)


def _context(machine: Machine, told: Values, request: Thing, at: Span) -> Values:
    """What every resolver is handed: what the program makes, and the sources of data it has."""
    out: list[Values] = []
    for name in ("context", "contextValue"):
        for atom in _member(machine, told, name, at):
            out.append(machine.call((atom,), (), [(request,)], at) if is_function(atom) else (atom,))
    made = tuple(one for one in join(*out) if not is_nothing(one))
    sources = _member(machine, told, "dataSources", at)
    if sources:
        given = join(*(machine.call((one,), (), [], at) if is_function(one) else (one,) for one in sources))
        if not any(isinstance(one, Thing) for one in made):
            made = (*made, Thing(at, open=True))
        machine.put(tuple(one for one in made if isinstance(one, Thing)), "dataSources", given, at)
        start = Thing(at, open=True)
        start.table["context"] = made
        for source in (one for one in machine.any_of(given, at) if isinstance(one, Thing)):
            begun = find_method(source.of, "initialize") if source.of is not None else None
            if begun is not None:
                machine.call((begun,), (source,), [(start,)], at)
    return made or machine.unknown("it is the context of a GraphQL server", at)


def is_function(atom: object) -> bool:
    """Whether something is certainly to be called."""
    return isinstance(atom, Closure | Bound | Native) or (isinstance(atom, Opaque) and bool(atom.wraps))


class _Answer:
    """One request: every resolver that it may ask for is called once."""

    def __init__(self, machine: Machine, told: Values, context: Values, at: Span) -> None:
        self.machine = machine
        self.told = told
        self.context = context
        self.at = at
        self.seen: set[int] = set()
        self.parents: Values = machine.unknown(EVENT, at)
        self.given: Values = machine.unknown(EVENT, at)
        self.fields: frozenset[str] | None = frozenset()  # names in the schema, where that is known

    def run(self) -> None:
        self._read(self.told, _DEEP)
        self.walk(self.told, "", _DEEP)
        for root in _member(self.machine, self.told, "rootValue", self.at):
            given = self.machine.call((root,), (), [], self.at) if is_function(root) else (root,)
            self.ask(given, 3, every=True)
        self._hooks(_member(self.machine, self.told, "plugins", self.at), 8)

    # ------------------------------------------------------------------------------- the schema

    def _read(self, values: Values, depth: int) -> None:
        """Take the names out of the schema's text, wherever in the parts it is."""
        for atom in values if depth else ():
            match atom:
                case Literal(value=str() as text):
                    self._named(_WORD.findall(text))
                case Helper(input=inner) if is_one(atom):
                    self._read(inner, depth - 1)
                case Listing():
                    for one in (*atom.items, atom.rest):
                        self._read(one, depth - 1)
                case Thing():
                    for name in ("typeDefs", "schema", "modules", "types", "query", "mutation"):
                        self._read(_member(self.machine, (atom,), name, self.at), depth - 1)
                case Opaque() | External():
                    self.fields = None

    def _named(self, names: Iterable[str]) -> None:
        if self.fields is not None:
            self.fields |= frozenset(names)

    # ---------------------------------------------------------------------------- the resolvers

    def walk(self, values: Values, name: str, depth: int) -> None:
        """Call every function in a part, each as a resolver is called."""
        if not depth:
            return
        for atom in values:
            if isinstance(atom, Thing | Listing | ClassValue):
                if id(atom) in self.seen:
                    continue
                self.seen.add(id(atom))
            match atom:
                case Helper(input=inner) if is_one(atom):
                    if id(atom) not in self.seen:
                        self.seen.add(id(atom))
                        self.machine.kept.answered.add(atom.at)
                        self.walk(inner, "", depth - 1)
                case Thing():
                    self._members(atom, depth - 1)
                case Listing():
                    for one in (*atom.items, atom.rest):
                        self.walk(one, name, depth - 1)
                case ClassValue():
                    self._class(atom)
                case _ if is_function(atom) and name in _THUNKS:
                    builder = (_builder(self.at),)
                    given = self.machine.call((atom,), (), [builder], self.at)
                    self.walk(join(given, builder), "", depth - 1)
                case _ if is_function(atom):
                    arguments = [self.parents, self.given, self.context, self.given]
                    self.ask(self.machine.call((atom,), (), arguments, self.at), 3)

    def _members(self, thing: Thing, depth: int) -> None:
        names = sorted(names_of(thing), key=lambda one: one not in _FIRST)
        for name in names:
            if name not in _OPTIONS and name != "rootValue":
                self.walk(self.machine.get((thing,), name, self.at), name, depth)
        for one in methods_of(thing.of) if thing.of is not None else ():
            self.walk((Bound(one, (thing,), ()),), one.node.name, depth)
        self.walk(thing.base, "", depth)

    def _class(self, of: ClassValue) -> None:
        """A class whose decorated methods are resolvers, or whose static ones are."""
        machine = self.machine
        for made in machine.instance(of, self.at):
            for member in of.node.members:
                node = member.value
                if member.kind != "method" or not isinstance(node, t.Function) or not member.decorators:
                    continue
                method = find_method(of, node.name)
                if method is not None:
                    frame = Frame(of.scope, (), of.module, of)
                    given = [self._parameter(one, frame) for one in node.parameters]
                    self.ask(machine.call((method,), (made,), given, self.at), 3)
        for values in [*of.table.values()]:
            self.walk(tuple(one for one in machine.resolved(values) if isinstance(one, Closure)), "", 1)

    def _parameter(self, parameter: t.Parameter, frame: Frame) -> Values:
        """What a parameter's decorator says that it is handed."""
        for decorator in parameter.decorators:
            for atom in self.machine.evaluate(decorator, frame):
                if isinstance(atom, Helper) and atom.kind == _CONTEXT:
                    names = [one.value for one in atom.input if isinstance(one, Literal)]
                    found = [self.machine.get(self.context, str(one), self.at) for one in names]
                    return join(*found) or self.context
                if isinstance(atom, Helper) and atom.kind == _PARENT:
                    return self.parents
        return self.given

    def ask(self, values: Values, depth: int, every: bool = False) -> None:
        """Functions and methods of what a resolver gave are asked for fields in turn, where they are fields."""
        for atom in values if depth else ():
            if isinstance(atom, Listing):
                self.ask(atom.any(), depth - 1)
            if not isinstance(atom, Thing) or id(atom) in self.seen:
                continue
            self.seen.add(id(atom))
            methods = [(one.node.name, (Bound(one, (atom,), ()),)) for one in methods_of(atom.of)]
            members = [(name, self.machine.get((atom,), name, self.at)) for name in names_of(atom)]
            if methods or any(is_function(one) for _, each in members for one in each):
                self.parents = join(self.parents, (atom,))
            for name, value in (*members, *methods):
                functions = tuple(one for one in value if is_function(one))
                if functions and self._is_field(name, every or atom.of is None):
                    arguments = [self.given, self.context, self.given]
                    self.ask(self.machine.call(functions, (atom,), arguments, self.at), depth - 1)

    def _is_field(self, name: str, otherwise: bool) -> bool:
        return name in self.fields if self.fields else otherwise

    def _hooks(self, values: Values, depth: int) -> None:
        """Plugins are called as the request goes on, and so is what they give back."""
        request = Thing(self.at, open=True)
        request.table.update({"context": self.context, "contextValue": self.context})
        for atom in values if depth else ():
            match atom:
                case Thing() | Listing():
                    held = atom.table if isinstance(atom, Thing) else dict(enumerate(atom.items))
                    for value in [*held.values()]:
                        self._hooks(self.machine.resolved(value), depth - 1)
                    for one in methods_of(atom.of) if isinstance(atom, Thing) else ():
                        self._hooks((Bound(one, (atom,), ()),), depth - 1)
                case _ if is_function(atom):
                    self._hooks(self.machine.call((atom,), (), [(request,)], self.at), depth - 1)

"""Applications of web frameworks: what they are handed belongs to whoever is made of them."""

from __future__ import annotations

from typing import Final

from stockade.code.javascript import tree as t
from stockade.code.javascript.machine import Left, Machine
from stockade.code.javascript.values import Atom, Closure, Helper, Native, Opaque, Thing, Values
from stockade.source import Span

_PACKAGES: Final = frozenset(
    (
        *("express", "express-promise-router", "fastify", "koa", "@koa/router", "koa-router", "hono", "polka"),
        *("@hono/zod-openapi", "itty-router", "lambda-api", "restify", "find-my-way", "openapi-backend"),
    )
)

_ROUTES: Final = frozenset(
    (
        *("get", "post", "put", "patch", "delete", "head", "options", "any", "all", "route", "use"),
        *("resolver", "onQuery", "onMutation", "batchResolver", "onPublish", "onSubscribe", "tool"),
    )
)
"""Decorators by which routers, and resolvers of AppSync's events and of Bedrock's agents, get methods."""


class Application(Native):
    """What an application was handed: routes, middlewares, and other applications. Calling it calls them."""

    __slots__ = ("asked", "handed")

    def __init__(self) -> None:
        super().__init__("an application", self._call)
        self.handed: dict[Atom, Span] = {}
        self.asked: set[bool] = set()  # while what is reached was running, and while nothing was

    def _call(self, machine: Machine, this: Values, arguments: list[Values], at: Span) -> Values:
        if machine.loading or machine.reached in self.asked:
            return ()
        self.asked.add(machine.reached)
        given = [machine.unknown("it is what an application hands over", at)] * 4
        for one, where in [*self.handed.items()]:
            if isinstance(one, Closure):
                machine.waiting.append((one, (), where))
            else:
                machine.call((one,), (), given, where)
        return ()


def made(machine: Machine, module: str) -> tuple[Atom, ...]:
    """The application that a package gives; none for any other package."""
    if module not in _PACKAGES:
        return ()
    application = Application()
    machine.kept.applications.append(application)
    return (application,)


def of(atom: Opaque) -> list[Application]:
    """The applications that something is, or is made of."""
    return [one for one in atom.wraps if isinstance(one, Application)]


def keeps(machine: Machine, atom: Opaque, functions: tuple[Atom, ...], at: Span) -> bool:
    """An application gets functions: while files are loaded it keeps them, afterwards it calls what it has."""
    found = of(atom)
    for application in found:
        if machine.loading:
            application.handed.update((one, at) for one in functions if one is not application)
        else:
            application.run(machine, (), [], at)
    return bool(found) and machine.loading


def routed(machine: Machine, nodes: tuple[t.Node, ...], decorators: list[Values], method: Closure) -> None:
    """A method is a route by a decorator that something from a package gives: ``@app.get("/orders")``."""
    unknown = any(isinstance(one, Opaque | Helper) for values in decorators for one in values)
    for node in nodes if unknown else ():
        match node:
            case t.Call(callee=t.Member(name=name)) if name in _ROUTES:
                reason = "it is a route"
                left = Left(method, node.at, True, reason)
                machine.kept.left_over.setdefault(id(method.node), left)


def settle(machine: Machine, handler: Values, exports: list[Values], at: Span) -> None:
    """Applications that the handler was not seen to ask.

    Those of which other exports of its file are made are asked by them; of any other it is not known by whom.
    """
    others: set[Application] = set()
    for values in exports:
        for atom in machine.resolved(values):
            if atom not in handler:
                _within(machine, atom, 2, others)
    for one in [*others]:
        _parts(one, others)
    for application in machine.kept.applications:
        if application not in others:
            application.run(machine, (), [], at)


def _within(machine: Machine, atom: Atom, depth: int, found: set[Application]) -> None:
    match atom:
        case Opaque():
            found.update(of(atom))
        case Thing() if depth:
            for values in atom.table.values():
                for one in machine.resolved(values):
                    _within(machine, one, depth - 1, found)
        case Closure() if depth:
            for name in machine.shapes.mentioned(atom.node):
                scope = atom.scope.find(name)
                values = scope.table[name] if scope is not None else ()
                for one in machine.resolved(values) if isinstance(values, tuple) else ():
                    _within(machine, one, depth - 1, found)


def _parts(application: Application, found: set[Application]) -> None:
    for one in application.handed:
        if isinstance(one, Application) and one not in found:
            found.add(one)
            _parts(one, found)

"""What happens when something is called that the source imports, or that the language provides."""

from __future__ import annotations

from typing import Final

from stockade.code.javascript import (
    compiled,
    constructors,
    containers,
    generated,
    graphql,
    libraries,
    natives,
    outside,
    sdk,
    servers,
    wiring,
)
from stockade.code.javascript.calls import Calls
from stockade.code.javascript.known import UTILITIES
from stockade.code.javascript.values import (
    GLOBAL,
    Client,
    Environment,
    External,
    Helper,
    Operation,
    Thing,
    Values,
    join,
)
from stockade.source import Span

WRAPS: Final = "wraps"
"""The kind of what calls the functions it was handed only when it is called itself."""

_ASKING = ("get", "request", "fetch", "default", "post")


class Packages(Calls):
    """``Calls`` with everything that comes from elsewhere."""

    def call_external(
        self, atom: Operation | External | Client | Helper, arguments: list[Values], at: Span
    ) -> Values:
        match atom:
            case Operation(client, name):
                return sdk.call_client(self, client, name, arguments, at)
            case External():
                return self._called(atom, arguments, at)
            case Helper() if libraries.is_called(atom):
                return libraries.helper(self, atom, "()", arguments, at)
            case Helper():
                results, functions = self.handed("a library's object", arguments, at)
                return join(results, self.unknown("it is a library's own", at, "", functions))
            case Client():
                return ()

    def call_helper(self, helper: Helper, name: str, arguments: list[Values], at: Span) -> Values:
        return libraries.helper(self, helper, name, arguments, at)

    def _called(self, external: External, arguments: list[Values], at: Span) -> Values:
        module, path = external.module, external.path
        if module == GLOBAL:
            if path == ("fetch",):
                outside.requested(self, arguments, at)
            if path == ("Promise", "withResolvers"):
                return constructors.deferred(self, at)
            if path[:1] == ("regeneratorRuntime",):
                module = "regenerator-runtime"
            elif path and path[0] in compiled.NAMES:
                return compiled.call(self, path[0], arguments, at)
            else:
                return natives.call(self, path, arguments, at)
        helper = compiled.packaged(module, path)
        if helper:
            return compiled.call(self, helper, arguments, at)
        if module in generated.PACKAGES and path:
            found = generated.regenerator(self, path[-1], arguments, at)
            if found is not None:
                return found
        found = sdk.call(self, external, arguments, at)
        if found is None:
            found = libraries.call(self, external, arguments, at)
        if found is not None:
            return found
        if not path or path[-1] in _ASKING:
            outside.requested(self, arguments, at)
        results, functions = self.handed(f"`{'.'.join((module, *path))}`", arguments, at, keeps=True)
        checked = environment_checked(path[-1] if path else "", arguments, at)
        if checked:
            return checked
        reason = f"it is from the package `{module}`"
        functions = (*servers.made(self, module), *functions)
        return join(self.unknown(reason, at, WRAPS if module == "@middy/core" else "", functions), results)

    def construct_external(self, atom: External, arguments: list[Values], at: Span) -> Values:
        if atom.module == GLOBAL:
            return constructors.construct(self, atom.path, arguments, at)
        found = libraries.construct(self, atom, arguments, at)
        if found is None:
            found = sdk.construct(self, atom, arguments, at)
        if found is not None:
            return found
        if atom.module.startswith("@aws-sdk/client-") and sdk.service_of(atom.module) is None:
            what = f"the package `{atom.module}`"
            self.recorder.unfollowed(what, "its service is not known", at, reached=self.reached)
        elif sdk.is_version_2(atom.module) and atom.path and _is_service(atom.path):
            what = f"`{'.'.join(atom.path)}`"
            self.recorder.unfollowed(what, "its service is not known", at, reached=self.reached)
        name = ".".join((atom.module, *atom.path))
        results, functions = self.handed(f"`{name}`", arguments, at, keeps=True)
        functions = (*servers.made(self, atom.module), *functions)
        return join(self.unknown(f"it is from the package `{atom.module}`", at, "", functions), results)

    def hand_over(self, who: str, client: Client, at: Span) -> None:
        what = "a client that is handed over"
        reason = f"what {who} does with it is not followed"
        self.recorder.unfollowed(what, reason, at, client.service, self.reached)

    def hand_over_helper(self, who: str, helper: Helper, at: Span) -> None:
        if helper.kind in (containers.CONTAINER, containers.CRADLE):
            containers.lost(self, f"a container that {who} gets", at)
        if graphql.is_one(helper):
            graphql.handed_over(self, helper, at)

    def hand_over_class(self, who: str, external: External, at: Span) -> None:
        if wiring.is_container(external):
            containers.lost(self, f"a container that {who} gets", at)
        command = sdk.operation_of_command(external)
        found = sdk.client_of(external)
        service = command[0] if command else found[0].name if found else ""
        if service or (sdk.is_version_2(external.module) and not external.path):
            reason = f"what {who} makes of it is not followed"
            self.recorder.unfollowed(
                "a class of the SDK that is handed over", reason, at, service, self.reached
            )


def environment_checked(name: str, arguments: list[Values], at: Span) -> Values:
    """What checks the environment that it is handed, and gives it back: ``schema.parse(process.env)``."""
    if not arguments or not any(isinstance(atom, Environment) for atom in arguments[0]):
        return ()
    if name in ("parse", "parseAsync", "cleanEnv", "validateSync", "attempt"):
        return arguments[0]
    if name in ("safeParse", "safeParseAsync"):
        made = Thing(at, open=True)
        made.table["data"] = arguments[0]
        return (made,)
    return ()


def _is_service(path: tuple[str, ...]) -> bool:
    return (
        len(path) == 1 and path[0][:1].isupper() and path[0] not in UTILITIES and "Credentials" not in path[0]
    )

"""Writes changes in the model's words into ``serverless.yml``: the Framework's own words, and ``resources``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from stockade.control import Add, Change, Drop, Put
from stockade.errors import FixError
from stockade.fix.cloudformation.deciding import settled
from stockade.fix.cloudformation.home import Home, written
from stockade.fix.cloudformation.pages import Pages
from stockade.fix.cloudformation.writing import Writing
from stockade.fix.draft import Draft
from stockade.fix.editor import Site
from stockade.fix.layout import Path
from stockade.fix.serverless.words import OF_PROVIDER, words_of
from stockade.fix.words import referring
from stockade.json_text import document
from stockade.model.names import Row
from stockade.read.resource import Resource
from stockade.remedies.own_role import TRACING
from stockade.source import Edit
from stockade.value import Known, Value

_MADE: Final = "serverless"
"""The kind of what the Framework makes, where resources that are written have their type."""
_BY_HAND: Final = "make the change by hand"


class Editor:
    """Edits for one service."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.resources: dict[str, Resource] = {}
        for one in site.reading.resources:
            self.resources.setdefault(one.address, one)
        self.pages = Pages(site)

    def edits(self, changes: Sequence[Change], asked: Sequence[Change]) -> tuple[Edit, ...]:
        """The edits that make the changes of one fix; see ``fix.editor.Editor``."""
        return _Writing(self.site, self.resources, self.pages, changes, asked).edits()

    def whole(self, changes: Sequence[Change], _asked: Sequence[Change]) -> tuple[Change, ...]:
        """The changes as the Framework makes them: one policy for a role, and what tracing and URLs bring."""
        out: list[Change] = []
        traced = any(_traces(one, self.resources) for one in changes)
        for change in changes:
            role = self.resources.get(change.beside) if isinstance(change, Add) else None
            if isinstance(change, Add) and role is not None and _is_frameworks(role, change):
                out.append(_extended(role, _statements(change)))
                continue
            out.append(change)
            if isinstance(change, Put) and change.attribute == "auth_type" and change.value == "AWS_IAM":
                url = self.resources[change.address]
                out += [Drop(one.address) for one in self.resources.values() if _opens(one, url)]
            if isinstance(change, Put) and change.attribute == "tracing_mode" and not _grants(changes):
                role = self.resources.get("IamRoleLambdaExecution")
                if traced and role is not None and not _has(role, TRACING):
                    statement = {"Effect": "Allow", "Action": TRACING, "Resource": ("*",)}
                    out.append(_extended(role, (statement,)))
        return tuple(out)


def _is_frameworks(role: Resource, change: Add) -> bool:
    return change.kind == "InlinePolicy" and role.address.endswith("IamRoleLambdaExecution")


def _statements(change: Add) -> tuple[Any, ...]:
    found = dict(change.attributes).get("document")
    listed = found.get("Statement") if isinstance(found, Mapping) else None
    return tuple(listed) if isinstance(listed, tuple | list) else (listed,)


def _policy(role: Resource) -> Value[Any] | None:
    policies = role.attributes.get("Policies")
    if isinstance(policies, Known) and policies.value and isinstance(policies.value[0], Known):
        found: Value[Any] | None = policies.value[0].value.get("PolicyDocument")
        return found
    return None


def _extended(role: Resource, statements: tuple[Any, ...]) -> Put:
    """The policy that the Framework makes for a role, with more statements."""
    policy = _policy(role)
    read = document(policy) if policy is not None else None
    if not isinstance(read, Known) or not isinstance(read.value.get("Statement"), Known):
        raise FixError(f"the policy of `{role.address}` is not known")
    old = read.value["Statement"].value
    return Put(role.address, "inline_policies[0].document", {**read.value, "Statement": (*old, *statements)})


def _has(role: Resource, actions: tuple[str, ...]) -> bool:
    return f"{actions[0]!r}" in repr(_policy(role))


def _grants(changes: Sequence[Change]) -> bool:
    return any(
        isinstance(one, Add) and one.kind == "InlinePolicy" and TRACING[0] in repr(one) for one in changes
    )


def _traces(change: Change, resources: Mapping[str, Resource]) -> bool:
    return isinstance(change, Put) and change.attribute == "tracing_mode" and change.address in resources


def _opens(permission: Resource, url: Resource) -> bool:
    """Whether the Framework made a permission because a URL is open: both were caused at one place."""
    mine, theirs = written(url.origin), written(permission.origin)
    same = mine is not None and theirs is not None and mine.span == theirs.span
    return permission.type == "AWS::Lambda::Permission" and same


class _Writing(Writing):
    """One fix being written into a service."""

    def __init__(
        self,
        site: Site,
        resources: Mapping[str, Resource],
        pages: Pages,
        changes: Sequence[Change],
        asked: Sequence[Change],
    ) -> None:
        super().__init__(resources, pages, changes, asked)
        self.main = next((one for source, one in self.drafts.items() if source.path == site.reading.path), None)

    def home(self, resource: Resource) -> Home:
        place = written(resource.origin)
        path = None
        if place is not None and place.span.source in self.drafts:
            path = self.indexes[place.span.source].path(place.span.start)
        if place is None or path is None:
            raise FixError(f"it cannot be told what `{resource.address}` is made of", help=_BY_HAND)
        draft, name = self.drafts[place.span.source], resource.address
        if path[-1] == name and len(path) > 1 and path[-2] == "Resources":
            return Home(draft, path, name, resource.type, resource, name)
        if resource.type in ("AWS::Lambda::Url", "AWS::Lambda::EventInvokeConfig") and path[-1] in (
            "url",
            "destinations",
        ):
            path = path[:-1]
        if path[0] == "functions" and len(path) > 2:
            path = path[:2]
        return Home(draft, path, str(path[-1]), _MADE, resource, name)

    def is_made(self, home: Home) -> bool:
        return home.kind == _MADE

    def path(self, home: Home, steps: Path, value: Callable[[int], Value[Any] | None]) -> Path:
        if not self.is_made(home):
            return super().path(home, steps, value)
        if home.made.type == "AWS::IAM::Role":
            if steps[-1] == "PolicyDocument":
                return ("provider",)  # every statement of it has a place of its own
            raise FixError(
                f"the Framework makes the role `{home.name}`, and its `{steps[0]}` from what it needs",
                help="write the statements under `provider.iam.role.statements`, or give a `role` of your own",
            )
        words = words_of(home.made.type, steps)
        if words is None:
            return self._extension(home, steps, value)
        assert home.path is not None  # noqa: S101  # what the Framework makes has a cause
        own, shared = (*home.path, *words), OF_PROVIDER.get(words)
        if shared is not None and self.main is not None and home.draft is self.main:
            said = home.draft.has(("provider", *shared))
            if not home.draft.has(own) and self._all(home, 1 if said else 2):
                return ("provider", *shared)
        values = [value(len(steps) - 1)] * len(words)
        return settled(home.draft, home.path, words, values)

    def _extension(self, home: Home, steps: Path, value: Callable[[int], Value[Any] | None]) -> Path:
        """What the Framework has no word for is said under ``extensions``, which replace whole properties."""
        shown = ".".join(str(one) for one in steps)
        # A deployment has another name with each deployment.
        if value(0) is not None or home.made.type == "AWS::ApiGateway::Deployment" or self.main is None:
            raise FixError(
                f"the Framework makes `{home.name}`, and has no word for its `{shown}`",
                help=f"say it under `resources: extensions: {home.name}: Properties`, if that is its name",
            )
        self.section(home)
        return ("resources", "extensions", home.name, "Properties", *steps)

    def said_by_others(self, home: Home, path: Path, steps: Path, old: Value[Any] | None) -> FixError:
        place = written(old.origin) if old is not None else None
        at = self.indexes[home.draft.source].path(place.span.start) if place else None
        if at is None or at[0] != "provider":
            return super().said_by_others(home, path, steps, old)
        return FixError(
            f"`provider` gives `{steps[-1]}` to all functions, at {home.draft.place(at)}",
            help="move it from there to the functions that need it",
        )

    def _all(self, home: Home, least: int) -> bool:
        """Whether what a fix says of one function is asked for all of them, and these are at least so many."""
        mine = [one for one in self.changes if isinstance(one, Put) and one.address == home.made.address]
        others = [one.address for one in self.declared.values() if one.type == home.made.type]
        wanted = {(one.address, one.attribute, repr(one.value)) for one in self.asked if isinstance(one, Put)}
        return len(others) >= least and all(
            (other, one.attribute, repr(one.value)) in wanted for one in mine for other in others
        )

    def place(self, home: Home, path: Path, said: Any, old: Value[Any] | None) -> None:
        draft = home.draft
        if self.is_made(home) and path[-2:] == ("url", "authorizer") and said == "AWS_IAM":
            if not isinstance(draft.value(path[:-1]), dict):
                draft.put(path[:-1], {"authorizer": "aws_iam"})
                return
            said = "aws_iam"
        if self.is_made(home) and path[-2:] == ("tracing", "lambda") and said == "Active":
            said = True
        super().place(home, path, said, old)

    def statement(
        self, home: Home, path: Path, key: str, index: int, listed: Value[Any], statement: Value[Any]
    ) -> Path:
        if not self.is_made(home):
            return super().statement(home, path, key, index, listed, statement)
        place = written(statement.origin)
        at = self.indexes[home.draft.source].path(place.span.start) if place else None
        if at is not None and at[-1] == "Effect":
            at = at[:-1]
        if (
            place is None
            or place.span.source is not home.draft.source
            or at is None
            or not isinstance(at[-1], int)
        ):
            raise FixError(
                f"the Framework writes this statement of `{home.name}` itself", help="give a `role` of your own"
            )
        return at

    def extend(self, kin: Resource, row: Row, change: Add) -> None:
        """Statements that a role gets go to the list from which the Framework makes its policy."""
        if not _is_frameworks(kin, change):
            super().extend(kin, row, change)
            return
        home, draft = self.home(kin), self.main
        if draft is None or kin.address != "IamRoleLambdaExecution":
            raise FixError(f"`{kin.address}` is made for one function", help="write its statements there")
        if any(_traces(one, self.resources) for one in self.changes) and TRACING[0] in repr(change):
            return  # the Framework adds them with the tracing
        old, new = ("provider", "iamRoleStatements"), ("provider", "iam", "role", "statements")
        path = old if draft.has(old) else new
        for one in _statements(change):
            draft.append(path, self.expressions(home).of(referring(one, self.resources)))

    def section(self, home: Home) -> tuple[Draft, Path]:
        """Where resources that are added go: to the others, if they are written in the service's own file."""
        if not self.is_made(home) and home.path is not None:
            return home.draft, home.path[:-1]
        draft = self.main if self.main is not None else home.draft
        part = draft.part(("resources",))
        for index, one in enumerate(part.items if part is not None else ()):
            if one.kind == "map" and "Resources" in one.names():
                return draft, ("resources", index, "Resources")
        if part is not None and part.kind != "map" and draft.value(("resources",)) is not None:
            raise FixError(
                f"`resources` at {draft.place(('resources',))} are written in other files",
                help="add the resource there",
            )
        return draft, ("resources", "Resources")

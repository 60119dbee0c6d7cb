"""The fields of records: dataclasses, attrs, Pydantic, named tuples; and what the SDK's sessions keep."""

from __future__ import annotations

import ast
from abc import abstractmethod
from typing import Final

from stockade.code.python.bases import filled
from stockade.code.python.calls import DEFAULT, VALIDATES, Calls
from stockade.code.python.mappers import DYNTASTIC
from stockade.code.python.reflection import field_names
from stockade.code.python.values import (
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Bound,
    Class,
    Dict,
    External,
    Function,
    Instance,
    Made,
    Opaque,
    Session,
    Site,
    join,
    plain,
    texts,
)

_SETTINGS: Final = ("pydantic_settings.BaseSettings", "pydantic.BaseSettings", "pydantic.v1.BaseSettings")
RECORDS: Final = frozenset(("NamedTuple", "BaseModel", "TypedDict", "Struct", "RootModel", "SQLModel"))
MAKING: Final = frozenset(
    [
        *("construct", "from_orm", "model_construct", "model_validate", "model_validate_json", "parse_file"),
        *("model_validate_strings", "parse_obj", "parse_raw", "validate"),
    ]
)
"""Methods of Pydantic's models that make an object."""
NEVER: Final = ("Error", "pynamodb.models.Model", DYNTASTIC)
"""Classes from elsewhere that never call what is derived from them, by how their names end."""

SESSIONS: Final = frozenset(
    [
        *("aioboto3.Session", "aioboto3.session.Session", "aiobotocore.session.AioSession", "boto3.Session"),
        *("boto3.session.Session", "botocore.session.Session"),
    ]
)
_SESSION: Final = "@session"
_FACTORIES: Final = ("attr.Factory", "attrs.Factory")


class Fields(Calls):
    """Makes the attributes of objects whose class has no ``__init__`` of its own."""

    def fill(self, site: Site, value: Instance, arguments: Arguments) -> None:
        cls = value.cls
        above = [one.path for one in self.lineage(cls) if isinstance(one, External)]
        settings = any(path in _SETTINGS for path in above)
        record = settings or any(path.rpartition(".")[2] in RECORDS for path in above)
        record = record or any(one.record for one in self.lineage(cls) if isinstance(one, Class))
        if not record:
            if any(path in SESSIONS for path in above):
                self.open_session(site, value, arguments)
                return
            if filled(self, site, value, arguments):
                return
            for one in arguments.everything():
                for path in above:
                    self.escape(site, one, path)
            if above and not above[0].endswith(NEVER):
                self.escape(site, value, above[0])
            return
        lines = [one for one in self.lineage(cls) if isinstance(one, Class)]
        at, handed = 0, Arguments()
        for name in field_names(self, cls):
            taken = not self._is_made(cls, name)  # whether who makes the object hands it over
            given = (arguments.get(at, name) or arguments.keywords.get(name.lstrip("_"))) if taken else None
            at += taken
            default = self._field_default(site, cls, name, value)
            if given is None:
                if settings:
                    given = self.read_environment(site, self._setting(cls, name), default)
                elif default is not None and not arguments.open:
                    given = default
                else:
                    annotation = next((one.fields[name] for one in lines if name in one.fields), None)
                    promise = self.annotated(annotation, cls.frame) if cls.frame else None
                    given = promise or join(Opaque(site), default)
            if self._only_handed(lines, name):
                handed.positional.append(given)
            else:
                value.attributes[name] = self._converted(site, cls, name, given)
        for name, item in arguments.keywords.items():
            value.attributes.setdefault(name, item)
        after = self.members_of(cls, "__post_init__") or self.members_of(cls, "model_post_init")
        if isinstance(after, Function):
            self.call(site, Bound(after, value), handed)
        for one in lines:
            for member in [*one.members.values()]:
                if isinstance(member, Function) and VALIDATES in member.attributes:
                    self._validated(site, member, value)

    def _only_handed(self, lines: list[Class], name: str) -> bool:
        """Whether a field is no attribute but an argument of ``__post_init__``: ``InitVar[…]``."""
        kind = next((one.fields[name] for one in lines if name in one.fields), None)
        holder = kind.value if isinstance(kind, ast.Subscript) else kind
        if isinstance(holder, ast.Constant):
            return isinstance(holder.value, str) and "InitVar[" in holder.value
        return (holder.id if isinstance(holder, ast.Name) else getattr(holder, "attr", "")) == "InitVar"

    def _converted(self, site: Site, cls: Class, name: str, given: Abstract) -> Abstract:
        """What a field holds of what it is given: ``field(converter=…)``."""
        found = self.members_of(cls, name)
        converter = (
            found.arguments.keywords.get("converter") if isinstance(found, Made) and found.arguments else None
        )
        return given if converter is None else self.call(site, converter, Arguments([given]))

    def _validated(self, site: Site, validator: Function, value: Instance) -> None:
        """Pydantic calls what validates an object of a model, or one of its fields."""
        if validator.kind == "class":
            held = join(*value.attributes.values())
            self.call(site, Bound(validator, value.cls), Arguments([held], {}, True))
        else:
            self.call(site, Bound(validator, value), Arguments())

    def of_environment(self, site: Site, cls: Class) -> Instance:
        """An object whose annotated fields are variables of the environment."""
        value = Instance(cls, lasting=True)
        for one in reversed([one for one in self.lineage(cls) if isinstance(one, Class)]):
            for name in one.fields:
                default = self._field_default(site, cls, name, value)
                value.attributes[name] = self.read_environment(site, name, default)
        return value

    def _is_made(self, cls: Class, name: str) -> bool:
        """Whether a field is no argument of what makes the object: ``field(init=False)``."""
        found = self.members_of(cls, name)
        if not isinstance(found, Made) or found.arguments is None:
            return False
        return found.path.endswith(".PrivateAttr") or plain(found.arguments.keywords.get("init")) is False

    def _field_default(self, site: Site, cls: Class, name: str, owner: Instance) -> Abstract | None:
        found = self.members_of(cls, name)
        if not isinstance(found, Made) or found.arguments is None:
            return found
        if found.path in _FACTORIES:
            return self._of_factory(site, found.arguments, owner)
        method = found.arguments.keywords.get(DEFAULT)
        if method is not None:
            return self.call(site, method, Arguments([owner]))
        for key in ("default_factory", "factory"):
            factory = found.arguments.keywords.get(key)
            if factory is not None:
                return self.call(site, factory, Arguments())
        default = found.arguments.get(0, "default")
        if isinstance(default, Made) and default.path in _FACTORIES and default.arguments is not None:
            return self._of_factory(site, default.arguments, owner)
        return default

    def _of_factory(self, site: Site, arguments: Arguments, owner: Instance) -> Abstract:
        """What ``Factory(function, takes_self)`` makes."""
        takes_it = plain(arguments.get(1, "takes_self")) is True
        return self.call(site, arguments.get(0, "factory") or Opaque(site), Arguments([owner] * takes_it))

    # --------------------------------------------------------------------------------------- sessions

    @abstractmethod
    def make_session(self, site: Site, arguments: Arguments) -> Abstract:
        """A session of the SDK."""

    def session_above(self, cls: Class) -> bool:
        """Whether a class is derived from the SDK's sessions."""
        return any(isinstance(one, External) and one.path in SESSIONS for one in self.lineage(cls))

    def session_of(self, value: Abstract) -> Abstract:
        """The session that an object of such a class is."""
        own = value.attributes.get(_SESSION) if isinstance(value, Instance) else None
        return own if own is not None else Session()

    def open_session(self, site: Site, value: Abstract, arguments: Arguments) -> Abstract:
        """``super().__init__(…)`` in a class that is derived from a session."""
        if isinstance(value, Instance):
            self.store(site, value, _SESSION, self.make_session(site, arguments))
        return NOTHING_KNOWN

    def _setting(self, cls: Class, name: str) -> str:
        """The variable that a field of pydantic's settings is read from."""
        default = self.members_of(cls, name)
        if isinstance(default, Made) and default.arguments is not None:
            for key in ("validation_alias", "alias", "env"):
                found = texts(default.arguments.keywords.get(key))
                if found:
                    return found[0]
        prefix = ""
        config = self.members_of(cls, "model_config")
        if isinstance(config, Dict):
            prefix = "".join(texts(config.items.get("env_prefix"))[:1])
        elif isinstance(config, Made) and config.arguments is not None:
            prefix = "".join(texts(config.arguments.keywords.get("env_prefix"))[:1])
        inner = self.members_of(cls, "Config")
        if isinstance(inner, Class):
            prefix = "".join(texts(inner.members.get("env_prefix"))[:1])
        return (prefix + name).upper()

    def viewed(self, site: Site, cls: Class, given: Arguments) -> Abstract:
        """Flask's ``View.as_view(name, …)`` and Django's: an object is made for each request, and asked."""
        made = self.instantiate(site, cls, Arguments(given.positional[1:], given.keywords, given.open))
        self.escape(site, made, "flask")
        return Made("flask.views.View")

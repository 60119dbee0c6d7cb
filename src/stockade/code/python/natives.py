"""Functions from elsewhere that are followed: the SDK's own, and those of Python that hand things on."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Final, TypeAlias

from stockade.code.facts import ENVIRONMENT
from stockade.code.python.classes import new_object
from stockade.code.python.discovery import iter_modules, members, walk_packages
from stockade.code.python.protocols import asked
from stockade.code.python.resources import Resources
from stockade.code.python.runs import share
from stockade.code.python.told import text_value
from stockade.code.python.values import (
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Array,
    Class,
    Data,
    Dict,
    External,
    Instance,
    Made,
    Module,
    Native,
    Opaque,
    Partial,
    Response,
    Session,
    Site,
    join,
    options,
    plain,
    texts,
)
from stockade.value import Hole, Known, Ref, Unknown

Run: TypeAlias = Callable[[Resources, Site, Arguments], Abstract]


def _session(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return machine.make_session(site, arguments)


def _client(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return machine.make_client(site, arguments, machine.default_session)


def _resource(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return machine.make_client(site, arguments, machine.default_session, "resource")


def _shared_session(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return machine.default_session


def _default_session(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    session = machine.make_session(site, arguments)
    if isinstance(session, Session):
        machine.default_session = session
    return NOTHING_KNOWN


def _getenv(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return machine.of_environ(site, "get", arguments)


def _modelled(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """A model whose fields are variables of the environment, by their own names."""
    model = arguments.get(0, "model")
    found = [
        machine.of_environment(site, one) for one in options(model or NOTHING_KNOWN) if isinstance(one, Class)
    ]
    return join(*found) if found else Opaque(site)


def _partial(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    if not arguments.positional:
        return Opaque(site)
    return Partial(
        arguments.positional[0], Arguments(arguments.positional[1:], arguments.keywords, arguments.open)
    )


def _partial_method(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """Of a method it is one, once a class has it; what it is handed can be taken out of it again."""
    for one in (*arguments.positional[1:], *arguments.keywords.values()):
        machine.escape(site, one, "functools.partialmethod")
    return Made("functools.partialmethod", arguments)


def _closing(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    first = _first(machine, site, arguments)
    for name in ("close", "aclose"):
        asked(machine, site, first, name)
    return first


def _weak(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    first = _first(machine, site, arguments)
    return Native(("weak", site), lambda _site, _given: first)


def _import_module(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    name = arguments.get(0, "name") or NOTHING_KNOWN
    package = plain(arguments.get(1, "package") or NOTHING_KNOWN)
    if isinstance(package, str):
        return machine.import_by_name(site, join(*(_absolute(one, package, site) for one in options(name))))
    return machine.import_by_name(site, name)


def _absolute(name: Abstract, package: str, site: Site) -> Abstract:
    text = plain(name)
    if not isinstance(text, str) or not text.startswith("."):
        return name
    inner = text.lstrip(".")
    above = package.split(".")[: 1 - (len(text) - len(inner)) or None]
    return Data(Known(".".join([*above, inner]), site.origin))


def _first(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return arguments.positional[0] if arguments.positional else Opaque(site)


def _decorate(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``functools.wraps(f)`` and its like: a decorator that leaves what it decorates."""
    return Native(
        ("decorate", site), lambda _site, given: given.positional[0] if given.positional else NOTHING_KNOWN
    )


def _to_thread(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    if not arguments.positional:
        return Opaque(site)
    return machine.call(
        site, arguments.positional[0], Arguments(arguments.positional[1:], arguments.keywords, arguments.open)
    )


def _gather(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return Array(site, list(arguments.positional), arguments.open)


def _join_path(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    parts: list[str | Ref | Hole] = []
    for at, one in enumerate(arguments.positional):
        if at:
            parts.append("/")
        parts += machine.text_pieces(one, Site(site.source, site.start + at, site.end))
    return text_value(parts, site)


def _loads(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    first = arguments.positional[0] if arguments.positional else NOTHING_KNOWN
    refs: list[Ref] = []
    for one in options(first):
        if isinstance(one, Response):
            return one
        if isinstance(one, Opaque):
            refs += one.behind
        if isinstance(one, Data) and isinstance(one.value, Unknown) and one.value.text is not None:
            refs += (
                part for part in one.value.text.parts if isinstance(part, Ref) and part.address == ENVIRONMENT
            )
    return Opaque(site, behind=tuple(refs))


def _reduce(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    if len(arguments.positional) < 2:
        return Opaque(site)
    element = machine.elements(site, arguments.positional[1])
    first = join(element, *arguments.positional[2:3])
    return join(first, machine.call(site, arguments.positional[0], Arguments([first, element])))


def _transfer(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``S3Transfer(client)`` has the client's own helpers."""
    return arguments.get(0, "client") or Opaque(site)


def _deep_copy(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    first = arguments.positional[0] if arguments.positional else Opaque(site)
    return machine.copied(site, first, "copy", arguments) if isinstance(first, Dict) else first


def _namespace(site: Site, names: dict[str, Abstract]) -> Abstract:
    """Something that has attributes and nothing else."""
    share(names.values())
    return Module("", site.source, ast.Module([], []), [0], False, names)


def _simple_namespace(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return _namespace(site, dict(arguments.keywords))


def _named_tuple(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    given = arguments.get(1, "field_names")
    if isinstance(given, Array):
        names = [plain(one) for one in given.items]
    else:
        names = str(plain(given) or "").replace(",", " ").split()

    called = str(plain(arguments.get(0, "typename") or NOTHING_KNOWN) or "namedtuple")
    node = ast.ClassDef(called, [], [], [], [], lineno=1, col_offset=0, end_lineno=1, end_col_offset=0)
    made = Class(node, Module("", site.source, ast.Module([], []), [0], False), called)
    made.bases = [External("typing.NamedTuple")]
    made.fields = {str(name): ast.Constant(None) for name in names}
    defaults = arguments.keywords.get("defaults")
    if isinstance(defaults, Array) and not defaults.open:
        last = list(made.fields)[-len(defaults.items) :] if defaults.items else []
        made.members.update(zip(last, defaults.items, strict=False))
        share(made.members.values())
    return made


def _replaced(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``dataclasses.replace(object, field=value)``: another object of the class, made anew."""
    found: list[Abstract] = []
    for one in options(arguments.positional[0]) if arguments.positional else ():
        if isinstance(one, Instance):
            classes = [cls for cls in machine.lineage(one.cls) if isinstance(cls, Class)]
            fields = {name for cls in classes for name in cls.fields} & one.attributes.keys()
            given = {name: one.attributes[name] for name in fields} | arguments.keywords
            found.append(machine.call(site, one.cls, Arguments([], given)))
    return join(*found) if found else Opaque(site)


def _method_caller(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    name, *rest = arguments.positional or [Opaque(site)]

    def call(place: Site, given: Arguments) -> Abstract:
        found = (
            [machine.attribute(place, given.positional[0], text) for text in texts(name)]
            if given.positional
            else []
        )
        return machine.call(place, join(*found), Arguments(list(rest), arguments.keywords, arguments.open))

    return Native(("methodcaller", site), call)


def _attribute_getter(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    def get(place: Site, given: Arguments) -> Abstract:
        if not given.positional or not arguments.positional:
            return Opaque(place)
        found: list[Abstract] = []
        for text in texts(arguments.positional[0]):
            value = given.positional[0]
            for part in text.split("."):
                value = machine.attribute(place, value, part)
            found.append(value)
        return join(*found)

    return Native(("attrgetter", site), get)


def _chain(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    items: list[Abstract] = []
    open_ = arguments.open
    for one in arguments.positional:
        if isinstance(one, Array):
            items += one.items
            open_ = open_ or one.open
        else:
            items.append(machine.elements(site, one))
            open_ = True
    return Array(site, items, open_)


def _mapping(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    made = Dict(site)
    for one in arguments.positional:
        if isinstance(one, Dict):
            machine.merge(made, one)
    made.items.update(arguments.keywords)
    made.open = made.open or arguments.open
    return made


def _default_mapping(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """A dictionary that makes what is missing: of its factory one value stands for all."""
    made = Dict(site)
    if arguments.positional:
        value = machine.call(site, arguments.positional[0], Arguments())
        made.others.append((Opaque(site), value))
    return made


def _sequence(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    first = arguments.positional[0] if arguments.positional else None
    if first is None:
        return Array(site)
    return (
        Array(site, list(first.items), first.open)
        if isinstance(first, Array)
        else Array(site, [machine.elements(site, first)], True)
    )


FUNCTIONS: Final[dict[str, Run]] = {
    "aioboto3.Session": _session,
    "aioboto3.client": _client,
    "aioboto3.resource": _resource,
    "aioboto3.session.Session": _session,
    "aiobotocore.get_session": _session,
    "aiobotocore.session.AioSession": _session,
    "aiobotocore.session.get_session": _session,
    "asyncio.create_task": _first,
    "asyncio.ensure_future": _first,
    "asyncio.gather": _gather,
    "asyncio.run": _first,
    "asyncio.shield": _first,
    "asyncio.to_thread": _to_thread,
    "asyncio.wait_for": _first,
    "attr.evolve": _replaced,
    "attrs.evolve": _replaced,
    "aws_lambda_env_modeler.get_environment_variables": _modelled,
    "boto3.Session": _session,
    "boto3._get_default_session": _shared_session,
    "builtins.object.__new__": lambda machine, _, arguments: new_object(arguments, not machine.every),
    "boto3.client": _client,
    "boto3.resource": _resource,
    "boto3.s3.transfer.S3Transfer": _transfer,
    "boto3.session.Session": _session,
    "boto3.setup_default_session": _default_session,
    "botocore.session.Session": _session,
    "botocore.session.get_session": _session,
    "collections.OrderedDict": _mapping,
    "collections.defaultdict": _default_mapping,
    "collections.deque": _sequence,
    "collections.namedtuple": _named_tuple,
    "contextlib.aclosing": _closing,
    "contextlib.closing": _closing,
    "contextlib.nullcontext": _first,
    "copy.copy": _deep_copy,
    "copy.deepcopy": _deep_copy,
    "copy.replace": _replaced,
    "dataclasses.replace": _replaced,
    "decouple.config": _getenv,
    **{f"environ.Env().{kind}": _getenv for kind in ("str", "url")},
    **{f"environs.Env().{kind}": _getenv for kind in ("str", "url")},
    "functools.partial": _partial,
    "functools.partialmethod": _partial_method,
    "functools.reduce": _reduce,
    "functools.update_wrapper": _first,
    "functools.wraps": _decorate,
    "importlib.import_module": _import_module,
    "inspect.getmembers": members,
    "itertools.chain": _chain,
    "json.loads": _loads,
    "nest_asyncio.apply": _first,
    "operator.attrgetter": _attribute_getter,
    "operator.methodcaller": _method_caller,
    "os.getenv": _getenv,
    "os.path.join": _join_path,
    "pkgutil.iter_modules": iter_modules,
    "pkgutil.walk_packages": walk_packages,
    "posixpath.join": _join_path,
    "types.SimpleNamespace": _simple_namespace,
    "weakref.proxy": _first,
    "weakref.ref": _weak,
    "typing.cast": lambda machine, site, arguments: arguments.get(1, "val") or Opaque(site),
}

"""Functions from elsewhere that are followed: the SDK's own, and those of Python that hand things on."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from stockade.code.facts import ENVIRONMENT
from stockade.code.python import reflection
from stockade.code.python.classes import new_object
from stockade.code.python.gathering import GATHERING, Run
from stockade.code.python.loaders import LOADERS
from stockade.code.python.protocols import asked
from stockade.code.python.resources import Resources
from stockade.code.python.runs import share
from stockade.code.python.told import text_value
from stockade.code.python.values import (
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Array,
    Bound,
    Class,
    Data,
    Dict,
    External,
    Function,
    Instance,
    Made,
    Native,
    Opaque,
    Partial,
    Response,
    Session,
    Site,
    identity,
    join,
    options,
    plain,
    texts,
)
from stockade.patterns import lazy_regex
from stockade.value import Hole, Known, Ref, Unknown


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


def _callback(at: int) -> Run:
    """What calls an argument later, with those after it."""

    def run(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
        if len(arguments.positional) <= at:
            return Opaque(site)
        rest = Arguments(arguments.positional[at + 1 :], arguments.keywords, arguments.open)
        machine.call(site, arguments.positional[at], rest)
        return arguments.positional[at]

    return run


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
    hook = arguments.keywords.get("object_hook")
    if hook is not None:
        return machine.call(site, hook, Arguments([Opaque(site)]))
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
    function, several, *start = arguments.positional
    if isinstance(several, Array) and not several.open and len(several.items) <= _FOLDED:
        items = [*start[:1], *several.items]
        found = items[0] if items else Opaque(site)
        for one in items[1:]:
            found = machine.call(site, function, Arguments([found, one]))
        return found
    element = machine.elements(site, several)
    first = join(element, *start[:1])
    return join(first, machine.call(site, function, Arguments([first, element])))


def _transfer(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``S3Transfer(client)`` has the client's own helpers."""
    return arguments.get(0, "client") or Opaque(site)


def _transfer_manager(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``TransferManager(client)``, below the client's own helpers."""
    client = arguments.get(0, "client") or Opaque(site)

    def helper(name: str) -> Native:
        def run(place: Site, given: Arguments) -> Abstract:
            named = {_MANAGED.get(key, key): one for key, one in given.keywords.items()}
            method = machine.attribute(place, client, name)
            if name == "delete_object":
                named = dict(zip(("Bucket", "Key"), given.positional, strict=False)) | named
                return machine.call(place, method, Arguments([], named, given.open))
            return machine.call(place, method, Arguments(given.positional, named, given.open))

        return Native(("transfer manager", name, identity(client)), run)

    methods = {"upload": "upload_file", "copy": "copy", "delete": "delete_object", "download": "download_file"}
    return reflection.namespace(site, {name: helper(method) for name, method in methods.items()})


def _deep_copy(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    first = arguments.positional[0] if arguments.positional else Opaque(site)
    return machine.copied(site, first, "copy", arguments) if isinstance(first, Dict) else first


def _simple_namespace(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return reflection.namespace(site, dict(arguments.keywords))


def _named_tuple(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    given = arguments.get(1, "field_names")
    if isinstance(given, Array):
        names = [plain(one) for one in given.items]
    else:
        names = str(plain(given) or "").replace(",", " ").split()

    called = str(plain(arguments.get(0, "typename") or NOTHING_KNOWN) or "namedtuple")
    made = reflection.made_class(site, called)
    made.bases = [External("typing.NamedTuple")]
    made.fields = {str(name): ast.Constant(None) for name in names}
    defaults = arguments.keywords.get("defaults")
    if isinstance(defaults, Array) and not defaults.open:
        last = list(made.fields)[-len(defaults.items) :] if defaults.items else []
        made.members.update(zip(last, defaults.items, strict=False))
        share(made.members.values())
    return made


def _record_made(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``dataclasses.make_dataclass(name, fields)``"""
    made = reflection.made_class(site, str(plain(arguments.get(0, "cls_name") or NOTHING_KNOWN) or "record"))
    made.record = True
    given = arguments.get(1, "fields")
    for one in given.items if isinstance(given, Array) else ():
        name = one.items[0] if isinstance(one, Array) and one.items else one
        for text in texts(name):
            made.fields[text] = ast.Constant(None)
    bases = arguments.keywords.get("bases")
    made.bases = list(bases.items) if isinstance(bases, Array) else []
    return made


def _method_type(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``types.MethodType(function, object)``"""
    function, owner = arguments.get(0, "function"), arguments.get(1, "instance")
    if function is None or owner is None:
        return Opaque(site)
    return Bound(function, owner) if isinstance(function, Function) else Partial(function, Arguments([owner]))


def _snake_case(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``botocore.xform_name(operation)``: the method of an operation."""
    found: list[Abstract] = []
    for name in texts(arguments.get(0, "name")):
        words = _WORD.sub(r"_\1", _ABBREVIATION.sub(r"\1_\2", name))
        found.append(Data(Known(words.lower(), site.origin)))
    return join(*found) if found else Opaque(site)


def _from_keys(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``dict.fromkeys(keys, value)``"""
    made = Dict(site)
    keys = arguments.get(0, "iterable") or Opaque(site)
    value = arguments.get(1, "value") or Data(Known(None, site.origin))
    for key in keys.items if isinstance(keys, Array) else [machine.elements(site, keys)]:
        machine.put(site, made, key, value)
    return made


def _address(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``urllib.parse.urlparse(address)``, where that is known."""
    found: list[Abstract] = []
    for text in texts(arguments.get(0, "url")):
        try:
            parts = urlsplit(text)
        except ValueError:
            continue  # the program itself would fail here
        names = ("scheme", "netloc", "path", "query", "fragment", "hostname")
        told: dict[str, Abstract] = {
            name: Data(Known(getattr(parts, name) or "", site.origin)) for name in names
        }
        found.append(reflection.namespace(site, told))
    return join(*found) if found else Opaque(site)


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


def _hints(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return reflection.hints(machine, site, arguments.get(0, "obj") or Opaque(site))


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
    def one_of(place: Site, value: Abstract, name: Abstract) -> Abstract:
        found: list[Abstract] = []
        for text in texts(name):
            inner = value
            for part in text.split("."):
                inner = machine.attribute(place, inner, part)
            found.append(inner)
        return join(*found)

    return _getter(site, arguments, one_of)


def _item_getter(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return _getter(site, arguments, machine.item)


def _getter(
    site: Site, arguments: Arguments, one_of: Callable[[Site, Abstract, Abstract], Abstract]
) -> Abstract:
    """What takes something out of what it is handed: one thing, or a tuple of several."""

    def get(place: Site, given: Arguments) -> Abstract:
        if not given.positional or not arguments.positional:
            return Opaque(place)
        found = [one_of(place, given.positional[0], name) for name in arguments.positional]
        return found[0] if len(found) == 1 and not arguments.open else Array(place, found, arguments.open)

    return Native(("getter", site), get)


_ABBREVIATION: Final = lazy_regex(r"([^_])([A-Z][a-z]+)")
_WORD: Final = lazy_regex(r"(?<=[a-z0-9])([A-Z])")

_FOLDED: Final = 12
"""Of how many things each is handed on to the next; of more any to any other."""

_MANAGED: Final = {"bucket": "Bucket", "key": "Key", "copy_source": "CopySource", "extra_args": "ExtraArgs"}


FUNCTIONS: Final[dict[str, Run]] = {
    **GATHERING,
    **LOADERS,
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
    "botocore.xform_name": _snake_case,
    "builtins.dict.fromkeys": _from_keys,
    "builtins.object.__new__": lambda machine, _, arguments: new_object(arguments, not machine.every),
    "boto3.client": _client,
    "boto3.resource": _resource,
    "boto3.s3.transfer.S3Transfer": _transfer,
    "boto3.s3.transfer.TransferManager": _transfer_manager,
    "boto3.s3.transfer.create_transfer_manager": _transfer_manager,
    "boto3.session.Session": _session,
    "boto3.setup_default_session": _default_session,
    "botocore.session.Session": _session,
    "botocore.session.get_session": _session,
    "collections.namedtuple": _named_tuple,
    "contextlib.aclosing": _closing,
    "contextlib.closing": _closing,
    "contextlib.nullcontext": _first,
    "copy.copy": _deep_copy,
    "copy.deepcopy": _deep_copy,
    "copy.replace": _replaced,
    "attr.asdict": reflection.as_dictionary,
    "attr.astuple": reflection.as_tuple,
    "attr.fields": reflection.fields,
    "attrs.asdict": reflection.as_dictionary,
    "attrs.astuple": reflection.as_tuple,
    "attrs.fields": reflection.fields,
    "dataclasses.asdict": reflection.as_dictionary,
    "dataclasses.astuple": reflection.as_tuple,
    "dataclasses.fields": reflection.fields,
    "dataclasses.make_dataclass": _record_made,
    "dataclasses.replace": _replaced,
    "decouple.config": _getenv,
    **{f"environ.Env().{kind}": _getenv for kind in ("str", "url")},
    **{f"environs.Env().{kind}": _getenv for kind in ("str", "url")},
    "functools.partial": _partial,
    "functools.partialmethod": _partial_method,
    "functools.reduce": _reduce,
    "functools.update_wrapper": _first,
    "functools.wraps": _decorate,
    "json.loads": _loads,
    "nest_asyncio.apply": _first,
    "inspect.get_annotations": _hints,
    "inspect.getfullargspec": reflection.argument_spec,
    "inspect.getmembers": reflection.member_pairs,
    "inspect.getmembers_static": reflection.member_pairs,
    "inspect.signature": reflection.signature,
    "operator.attrgetter": _attribute_getter,
    "operator.call": _to_thread,
    "operator.itemgetter": _item_getter,
    "typing.get_type_hints": _hints,
    "typing_extensions.get_type_hints": _hints,
    "operator.methodcaller": _method_caller,
    "atexit.register": _callback(0),
    "contextlib.AsyncExitStack().callback": _callback(0),
    "contextlib.AsyncExitStack().push_async_callback": _callback(0),
    "contextlib.ExitStack().callback": _callback(0),
    "os.getenv": _getenv,
    "os.path.join": _join_path,
    "posixpath.join": _join_path,
    "s3transfer.S3Transfer": _transfer,
    "s3transfer.manager.TransferManager": _transfer_manager,
    "types.MappingProxyType": _first,
    "types.MethodType": _method_type,
    "types.SimpleNamespace": _simple_namespace,
    "urllib.parse.urlparse": _address,
    "urllib.parse.urlsplit": _address,
    "weakref.finalize": _callback(1),
    "weakref.proxy": _first,
    "weakref.WeakMethod": _weak,
    "weakref.ref": _weak,
    "typing.cast": lambda machine, site, arguments: arguments.get(1, "val") or Opaque(site),
}

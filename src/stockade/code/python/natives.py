"""Functions from elsewhere that are followed: the SDK's own, and those of Python that hand things on."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Final, TypeAlias

from stockade.code.facts import ENVIRONMENT
from stockade.code.python import reflection
from stockade.code.python.classes import new_object
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
    identity,
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
    return machine.import_by_name(site, arguments.get(0, "name") or NOTHING_KNOWN, arguments.get(1, "package"))


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


def _pushed(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``heapq.heappush(list, item)``"""
    if len(arguments.positional) > 1:
        machine.put(site, arguments.positional[0], NOTHING_KNOWN, arguments.positional[1])
    return NOTHING_KNOWN


def _popped(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return machine.elements(site, arguments.positional[0]) if arguments.positional else Opaque(site)


def _going_through(at: int) -> Run:
    """What goes through an argument, and gives some of its elements in their order."""

    def run(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
        if len(arguments.positional) <= at:
            return Opaque(site)
        if at:
            element = machine.elements(site, arguments.positional[at])
            machine.call(site, arguments.positional[0], Arguments([element]))
        return Array(site, [machine.elements(site, arguments.positional[at])], True)

    return run


def _star_map(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    if len(arguments.positional) < 2:
        return Opaque(site)
    function, several = arguments.positional[:2]
    rows = several.items if isinstance(several, Array) else [machine.elements(site, several)]
    found: list[Abstract] = []
    for row in rows:
        given = Arguments(list(row.items)) if isinstance(row, Array) and not row.open else Arguments(open=True)
        found.append(machine.call(site, function, given))
    return Array(site, found, not isinstance(several, Array) or several.open)


def _chained(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``itertools.chain.from_iterable(lists)``"""
    first = arguments.positional[0] if arguments.positional else Opaque(site)
    if isinstance(first, Array) and not first.open:
        return _chain(machine, site, Arguments(list(first.items)))
    return Array(site, [machine.elements(site, machine.elements(site, first))], True)


def _product(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return Array(site, [Array(site, [machine.elements(site, one) for one in arguments.positional])], True)


def _repeat(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return Array(site, [_first(machine, site, arguments)], True)


def _found_modules(deep: bool) -> Run:
    """``pkgutil.iter_modules(path, prefix)`` and ``walk_packages``: the modules of a package."""

    def run(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
        path = arguments.get(0, "path") or NOTHING_KNOWN
        made = Array(site, open=True)
        for one in options(path):
            package = one.arguments.positional[0] if isinstance(one, Made) and one.arguments else None
            if not isinstance(package, Module):
                made.items.append(_module_info(machine, site, Opaque(site)))
                continue
            prefix = arguments.get(1, "prefix") or Data(Known("", site.origin))
            for name in machine.modules_below(package.name, deep):
                named = Data(Known(name, site.origin))
                text = text_value([*machine.text_pieces(prefix, site), name], site) if prefix else named
                made.items.append(_module_info(machine, site, text))
            made.open = False
        return made

    return run


def _module_info(machine: Resources, site: Site, name: Abstract) -> Abstract:
    fields: list[Abstract] = [Data(Known(one, site.origin)) for one in ("module_finder", "name", "ispkg")]
    kind = _named_tuple(machine, site, Arguments([Data(Known("ModuleInfo", site.origin)), Array(site, fields)]))
    return machine.call(site, kind, Arguments([Opaque(site), name, Opaque(site)]))


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


_MANAGED: Final = {"bucket": "Bucket", "key": "Key", "copy_source": "CopySource", "extra_args": "ExtraArgs"}

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
    "collections.ChainMap": _mapping,
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
    "attr.asdict": reflection.as_dictionary,
    "attr.astuple": reflection.as_tuple,
    "attr.fields": reflection.fields,
    "attrs.asdict": reflection.as_dictionary,
    "attrs.astuple": reflection.as_tuple,
    "attrs.fields": reflection.fields,
    "dataclasses.asdict": reflection.as_dictionary,
    "dataclasses.astuple": reflection.as_tuple,
    "dataclasses.fields": reflection.fields,
    "dataclasses.replace": _replaced,
    "decouple.config": _getenv,
    **{f"environ.Env().{kind}": _getenv for kind in ("str", "url")},
    **{f"environs.Env().{kind}": _getenv for kind in ("str", "url")},
    "functools.partial": _partial,
    "functools.partialmethod": _partial_method,
    "functools.reduce": _reduce,
    "functools.update_wrapper": _first,
    "functools.wraps": _decorate,
    "heapq.heappop": _popped,
    "heapq.heappush": _pushed,
    "importlib.import_module": _import_module,
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _chained,
    "itertools.cycle": _going_through(0),
    "itertools.dropwhile": _going_through(1),
    "itertools.filterfalse": _going_through(1),
    "itertools.islice": _going_through(0),
    "itertools.product": _product,
    "itertools.repeat": _repeat,
    "itertools.starmap": _star_map,
    "itertools.takewhile": _going_through(1),
    "itertools.zip_longest": _product,
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
    "os.getenv": _getenv,
    "os.path.join": _join_path,
    "pkgutil.iter_modules": _found_modules(False),
    "pkgutil.walk_packages": _found_modules(True),
    "posixpath.join": _join_path,
    "s3transfer.S3Transfer": _transfer,
    "s3transfer.manager.TransferManager": _transfer_manager,
    "types.MappingProxyType": _first,
    "types.SimpleNamespace": _simple_namespace,
    "weakref.proxy": _first,
    "weakref.ref": _weak,
    "typing.cast": lambda machine, site, arguments: arguments.get(1, "val") or Opaque(site),
}

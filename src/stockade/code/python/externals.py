"""What is not among the files: Python's own functions, the SDK's modules, and all else from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stockade.code.python import drivers, known, libraries
from stockade.code.python.containers import text_start
from stockade.code.python.following import Following
from stockade.code.python.natives import FUNCTIONS
from stockade.code.python.rules import Rule
from stockade.code.python.values import (
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Array,
    Bound,
    Class,
    Client,
    Data,
    Dict,
    External,
    Function,
    Made,
    Module,
    Native,
    Opaque,
    Partial,
    Session,
    Site,
    identity,
    join,
    options,
    plain,
    texts,
)
from stockade.code.python.wording import templated
from stockade.patterns import lazy_regex
from stockade.value import Known

_EXTENSION: Final = lazy_regex(r"https?://(localhost|127\.0\.0\.1):277[23]/")
"""Where the extensions of AWS that fetch with the function's permissions listen."""

CONTEXT: Final = "lambda.context"
"""What the handler's second argument is made by."""

_ENVIRON: Final = ("os.environ", "os.environb")
_HELD: Final = "@held"
_QUEUE: Final = ("put", "put_nowait", "get_nowait", "get")
_KEEPERS: Final[dict[str, tuple[str, ...]]] = {
    "asyncio.Future": ("set_result", "result"),
    "concurrent.futures.Future": ("set_result", "result"),
    "contextvars.ContextVar": ("set", "get"),
    **{f"asyncio.{kind}": _QUEUE for kind in ("LifoQueue", "PriorityQueue", "Queue")},
    **{f"multiprocessing.{kind}": _QUEUE for kind in ("JoinableQueue", "Queue", "SimpleQueue")},
    **{f"queue.{kind}": _QUEUE for kind in ("LifoQueue", "PriorityQueue", "Queue", "SimpleQueue")},
}
"""What keeps what it is handed: its methods that do so, and the last ones that give it."""

_ALTERNATIVES: Final = ("typing.Annotated", "typing.Optional", "typing.Union")
_METHODS: Final = ("builtins.dict.", "builtins.list.", "builtins.set.", "builtins.str.")
"""Methods that are taken from their class, and handed the object."""

_CALLERS: Final = frozenset(("submit", "map", "apply", "apply_async", "starmap", "run_in_executor", "run_sync"))
_HANDING_ON: Final = frozenset(("enter_context", "enter_async_context", "run_until_complete"))


class Externals(Following):
    """Calls and members of what is external."""

    def builtin(self, name: str) -> Abstract:
        if name in ("__file__", "__name__", "__doc__"):
            return Opaque()
        return External(f"builtins.{name}")

    # ------------------------------------------------------------------------------------------ members

    def external_attribute(self, site: Site, path: str, name: str) -> Abstract:
        if len(path) > 200:
            return Opaque(site)
        attached = self.attached.get((path, name))
        if attached is not None:
            return attached[1]
        if path in _ENVIRON:
            return Native((path, name), lambda place, arguments: self.of_environ(place, name, arguments))
        self.doubts.asked(site, name, External(path), self.reached)
        full = f"{path}.{name}"
        if full == "boto3.DEFAULT_SESSION":
            return Session()
        top = path.partition(".")[0]
        if top == path and "." not in path:
            found = self.named_module(full) if self.module_path(full) and top not in self.vendored else None
            if isinstance(found, Module):
                return found
        return External(full)

    def made_attribute(self, site: Site, made: Made, name: str) -> Abstract:
        attached = self.attached.get(_attached(made, name))
        if attached is not None:
            return attached[1]
        first = made.arguments.positional[0] if made.arguments and made.arguments.positional else None
        match made.path, name:
            case "lambda.context", "function_name":
                return self.read_environment(site, "AWS_LAMBDA_FUNCTION_NAME")
            case "lambda.context", _:
                return Opaque(site, "it is of the invocation")
            case "chalice.Chalice", "app_name" if made.arguments is not None:
                return made.arguments.get(0, "app_name") or Opaque(site)
            case "functools.partialmethod", "args" if made.arguments is not None:
                return Array(site, made.arguments.positional[1:], made.arguments.open)
            case "functools.partialmethod", "keywords" if made.arguments is not None:
                return Dict(site, dict(made.arguments.keywords), open=made.arguments.open)
            case "boto3.meta", "client" if first is not None:
                return first
            case "boto3.meta", "method_to_api_mapping":
                return Made("boto3.methods", made.arguments)
            case "boto3.meta", "region_name":
                return self._region(site)
            case "string.Template", "substitute" | "safe_substitute" if isinstance(form := plain(first), str):
                return Native((made.path, name, form), lambda place, given: templated(self, form, given, place))
            case "boto3.paginator", "paginate" if first is not None:
                return first
            case "boto3.waiter", "wait" if first is not None:
                return first
        keeper = _KEEPERS.get(made.path)
        if keeper is not None and name in keeper:
            return self._keeping(made, name, keeper[-1] == name or name.startswith("get"))
        found = libraries.member(made, name)
        if found is not None:
            return self._library_member(made, found, name)
        self.doubts.asked(site, name, made, self.reached)
        return External(f"{made.path}().{name}") if len(made.path) < 200 else Opaque(site)

    def _keeping(self, made: Made, name: str, gives: bool) -> Abstract:
        """A method of what keeps what it is handed: it keeps something, or gives what it keeps."""
        own = made.arguments or Arguments()

        def give(site: Site, given: Arguments) -> Abstract:
            attached = self.attached.get(_attached(made, _HELD))
            default = own.keywords.get("default") or given.get(0, "default")
            found = [*([attached[1]] if attached else []), *([default] if default else [])]
            return join(*found) if found else Opaque(site)

        def keep(site: Site, given: Arguments) -> Abstract:
            for one in (*given.positional[:1], *given.keywords.values()):
                self.store_elsewhere(site, made, _HELD, one)
            return Opaque(site)

        return Native((made.path, id(made.arguments), name), give if gives else keep)

    def _library_member(self, made: Made, rule: Rule, name: str) -> Abstract:
        return Native(
            (made.path, id(made.arguments), name),
            lambda place, arguments: self.follow(
                place, made.path, rule, arguments, made.arguments or Arguments()
            ),
        )

    def store_elsewhere(self, site: Site, target: Abstract, name: str, value: Abstract) -> None:
        if isinstance(target, Session) and name in ("_credentials", "_session"):
            self.unfollow(site, f"`{site.shown}`", "a session is given other credentials by hand")
            self.given_by_hand = True
        elif isinstance(target, External | Made):
            key = _attached(target, name)
            before = self.attached.get(key)
            self.attached[key] = target, value if before is None else join(before[1], value)
            if before is None:
                self.learn(value)
            elif identity(before[1]) != identity(self.attached[key][1]):
                self.forget(value)

    def external_item(self, site: Site, value: External | Made, key: Abstract) -> Abstract:
        if isinstance(value, External) and value.path in _ENVIRON:
            return self._variable(site, key, None)
        if isinstance(value, External) and value.path == "sys.modules":
            found = [self.named_module(name) for name in texts(key)]
            return join(*found) if found else Opaque(site)
        if isinstance(value, External):
            meant = [one for one in _meant(key) if isinstance(one, Class)]
            for one in _meant(key) if value.path.endswith("Annotated") else ():
                if isinstance(one, Made) and one.path.endswith(known.DEPENDING):
                    return one
            return join(*meant) if meant and value.path.endswith(_ALTERNATIVES) else value
        if value.path == "boto3.methods" and value.arguments is not None:
            return self._operation_names(site, value.arguments, key)
        if value.path.partition(".")[0] in libraries.FRAMES:
            return External(f"{value.path}()") if len(value.path) < 200 else Opaque(site)
        return Opaque(site)

    @staticmethod
    def _operation_names(site: Site, made: Arguments, key: Abstract) -> Abstract:
        """``client.meta.method_to_api_mapping[method]``"""
        clients = [one for value in made.positional for one in options(value) if isinstance(one, Client)]
        found = [one.service.by_method(name) for one in clients for name in texts(key)]
        named: list[Abstract] = [Data(Known(one.name, site.origin)) for one in found if one is not None]
        return join(*named) if named else Opaque(site)

    # -------------------------------------------------------------------------------------- environment

    def of_environ(self, site: Site, name: str, arguments: Arguments) -> Abstract:
        if name in ("get", "pop", "setdefault", "__getitem__"):
            key = arguments.get(0, "key") or NOTHING_KNOWN
            return self._variable(site, key, arguments.get(1, "default"))
        return Opaque(site)

    def _variable(self, site: Site, key: Abstract, default: Abstract | None) -> Abstract:
        found: list[Abstract] = []
        for one in options(key):
            name = plain(one)
            if isinstance(name, str):
                found.append(self.read_environment(site, name, default))
            else:
                found.append(Opaque(site, "which variable of the environment it is is known only when it runs"))
        return join(*found)

    # -------------------------------------------------------------------------------------------- calls

    def call_external(self, site: Site, path: str, arguments: Arguments) -> Abstract:
        run = FUNCTIONS.get(path)
        if run is not None:
            return run(self, site, arguments)
        if path == "fsspec.filesystem" and (protocols := texts(arguments.get(0, "protocol"))):
            path = "s3fs.S3FileSystem" if {"s3", "s3a"} & {*protocols} else "fsspec.other"
        rule = libraries.function(path)
        if rule is not None:
            return self.follow(site, path, rule, arguments, arguments)
        if self.is_foreign(path, arguments):
            return Opaque(site)
        self.follow_signed(site, path, arguments)
        top = path.partition(".")[0]
        last = path.rpartition(".")[2]
        if last in drivers.ENGINES and top in ("sqlalchemy", "sqlmodel", "flask_sqlalchemy"):
            self._engine(site, path, arguments)
        if top == "stockade_runtime" and last in ("secret_from_env", "parameter_from_env"):
            return self._from_environment(site, last, arguments)
        if path.startswith(_METHODS) and arguments.positional:
            rest = Arguments(arguments.positional[1:], arguments.keywords, arguments.open)
            return self.call(site, self.attribute(site, arguments.positional[0], last), rest)
        if top == "builtins":
            return self.builtin_call(site, last, arguments)
        if last in _HANDING_ON:
            given = arguments.positional[0] if arguments.positional else Opaque(site)
            entered = join(*(self.enter(site, one) for one in options(given)))
            if last != "run_until_complete":
                self.leave(site, given)  # when the stack is left
            return entered
        if last in _CALLERS or path.endswith(("Thread", "Process", "Timer")):
            return self._caller(site, last, arguments)
        if top in ("subprocess", "os") and last in (
            "run",
            "Popen",
            "call",
            "check_call",
            "check_output",
            "system",
            "popen",
        ):
            self._command(site, arguments)
        if any(_EXTENSION.match(text_start(one, site)) for one in arguments.everything()):
            self._extension(site, arguments)
        if path not in known.TRANSPARENT:
            for one in arguments.everything():
                self.escape(site, one, path)
        elif arguments.positional and isinstance(arguments.positional[0], Function | Bound | Native | Partial):
            # A decorator that is called by hand; or one that is handed how it finds its cache, say.
            return join(arguments.positional[0], *([Made(path, arguments)] if "method" in last else []))
        return Made(path, arguments)

    def call_made(self, site: Site, made: Made, arguments: Arguments) -> Abstract:
        if made.path in known.ENVIRONMENTS:
            return self.of_environ(site, "get", arguments)
        if made.path.rpartition(".")[2] in _CALLERS:
            return self._caller(site, made.path, arguments)
        path = made.path + "()"
        rule = libraries.function(path)
        if rule is not None:
            self.follow(site, path, rule, arguments, arguments)
        if made.path in known.TRANSPARENT or (self._passive(made.path) and arguments.positional):
            return arguments.positional[0] if arguments.positional else Opaque(site)
        for one in arguments.everything():
            self.escape(site, one, path)
        # A decorator that is called by hand gives a function which does what the decorated one does.
        first = arguments.positional[0] if arguments.positional else None
        return first if isinstance(first, Function | Bound) else Opaque(site)

    def decorated_elsewhere(self, site: Site, path: str, value: Abstract) -> None:
        if path in known.TRANSPARENT or path.startswith("builtins.") or self._passive(path):
            return
        rule = libraries.function(path)
        if rule is not None:
            self.follow(site, path, rule, Arguments(), Arguments())
            return
        if path.rpartition(".")[2] in (
            "setter",
            "getter",
            "deleter",
            "validator",
            "field_validator",
            "model_validator",
            "computed_field",
        ):
            return
        self.escape(site, value, path or "a decorator")

    def _passive(self, path: str) -> bool:
        """Whether a decorator only stands around the function, and does not register it anywhere."""
        top, last = path.partition(".")[0], path.rpartition(".")[2]
        return top in known.PASSIVE_TOPS and last not in known.REGISTERING

    def _caller(self, site: Site, name: str, arguments: Arguments) -> Abstract:
        """Something that calls what it is handed with the arguments it is handed: a pool, a thread, a loop."""
        target = arguments.keywords.get("target") or arguments.keywords.get("function")
        given = list(arguments.positional)
        if target is not None:
            several = arguments.keywords.get("args")
            rest = several.items if isinstance(several, Array) else []
            self.later(
                target, Arguments(list(rest), {}, not isinstance(several, Array) and several is not None)
            )
            return Made("threading.Thread()", arguments)
        at = next((at for at, one in enumerate(given) if not isinstance(one, Opaque | Data | Made)), None)
        if at is None:
            return Opaque(site)
        rest = given[at + 1 :]
        if "map" in name:
            rest = [self.elements(site, one) for one in rest]
        if "starmap" in name and rest and isinstance(rest[0], Array) and not rest[0].open:
            rest = rest[0].items
        result = self.call(
            site,
            given[at],
            Arguments(
                rest,
                {k: v for k, v in arguments.keywords.items() if k not in ("timeout", "chunksize")},
                arguments.open,
            ),
        )
        return (
            Array(site, [result], True)
            if "map" in name
            else Native(("future", identity(result)), lambda *_: result)
        )

    def _engine(self, site: Site, path: str, arguments: Arguments) -> None:
        """A database by its URL, where that is known: some drivers ask AWS."""
        settings = arguments.keywords.get("connect_args")
        given = Arguments([], dict(settings.items) if isinstance(settings, Dict) else {}, settings is not None)
        url = arguments.get(0, "url")
        for one in options(url) if url is not None else ():
            scheme, colon, _ = text_start(one, site).partition(":")
            rule = drivers.of_url(scheme) if colon else None
            if rule is None and "aurora_cluster_arn" in given.keywords:
                rule = libraries.DATA_API
            if rule is not None:
                self.follow(site, path, rule, given, given)

    def _command(self, site: Site, arguments: Arguments) -> None:
        first = arguments.get(0, "args")
        words = first.items[0] if isinstance(first, Array) and first.items else first
        start = text_start(words, site) if words is not None else ""
        if start.strip().split(" ")[0].rpartition("/")[2] in ("aws", "sam", "cdk", "terraform"):
            self.unfollow(site, f"`{site.shown}`", "it runs a program that calls AWS")

    def _extension(self, site: Site, arguments: Arguments) -> None:
        """AWS's extensions for parameters, secrets and configuration, which this machine is asked for."""
        for one in arguments.everything():
            start = text_start(one, site)
            for mark, name, operation in (
                (":2773/secretsmanager/get", "secretsmanager", "GetSecretValue"),
                (":2773/systemsmanager/parameters/get", "ssm", "GetParameter"),
                (":2772/applications/", "appconfigdata", "StartConfigurationSession"),
                (":2772/applications/", "appconfigdata", "GetLatestConfiguration"),
            ):
                service = self.services.service(name)
                if mark in start and service is not None:
                    self.emit(
                        site, service, operation, {}, complete=False, through="Lambda extension", every=False
                    )

    # ---------------------------------------------------------------------------------------- libraries

    def _from_environment(self, site: Site, name: str, arguments: Arguments) -> Abstract:
        """Our own runtime: a variable holds what the secret is called, which is fetched once and kept."""
        variable = self._variable(site, arguments.get(0, "name") or NOTHING_KNOWN, None)
        secret = name == "secret_from_env"
        service = self.services.service("secretsmanager" if secret else "ssm")
        if service is not None:
            given = {"SecretId": variable} if secret else {"Name": variable}
            operation = "GetSecretValue" if secret else "GetParameter"
            self.emit(site, service, operation, given, complete=False, through=name, every=False)
        return Opaque(site)


def _meant(key: Abstract) -> Iterator[Abstract]:
    """What stands in the brackets of ``Union[A, B]``."""
    for one in key.items if isinstance(key, Array) else [key]:
        yield from options(one)


def _attached(target: External | Made, name: str) -> object:
    """Under what an attribute is kept that the source gives to something from elsewhere."""
    return (target.path, name) if isinstance(target, External) else (target.path, id(target.arguments), name)

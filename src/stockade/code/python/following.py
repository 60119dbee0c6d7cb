"""What libraries from elsewhere call by themselves, by the rules that the tables of them hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stockade.code.facts import Credentials
from stockade.code.python import libraries
from stockade.code.python.builtin import Builtins
from stockade.code.python.containers import text_start
from stockade.code.python.judgement import truth
from stockade.code.python.rules import Operations, Rule
from stockade.code.python.told import text_value
from stockade.code.python.values import (
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Array,
    Bound,
    Client,
    Data,
    Dict,
    Function,
    Made,
    Native,
    Opaque,
    Partial,
    Session,
    Site,
    is_none,
    options,
    texts,
)
from stockade.patterns import lazy_regex
from stockade.value import Hole, Known, Ref, Text, Unknown

_SCHEMES: Final = ("s3://", "s3a://", "s3n://")
_FILE: Final = lazy_regex(r"[^*?\[]*\.[A-Za-z0-9]{1,12}$")
_GLOB: Final = lazy_regex(r"[*?\[]")
_INSIDE: Final = lazy_regex(r"s3[an]?://([^/'\"\s]+)")
_KEYS: Final = frozenset(
    (
        "access_key",
        "access_key_id",
        "anon",
        "aws_access_key_id",
        "endpoint_url",
        "key",
        "profile",
        "profile_name",
        "session",
    )
)
"""Settings of readers of objects that may make it somebody else who reads, or another store that is read."""

_PLACE: Final = lazy_regex(r"(?i)path|ur[il]\b|location|s3")
"""What the source calls a value that says where something is."""

_ANYWHERE: Final = frozenset(("fsspec", "smart_open"))
"""Packages that open whatever a path says; most others are handed open files as often."""

_OWN: Final = frozenset(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"))
_NESTED: Final = ("storage_options", "client_kwargs")


class Following(Builtins):
    """Calls of libraries."""

    def follow(self, site: Site, path: str, rule: Rule, arguments: Arguments, made: Arguments) -> Abstract:
        """What a library calls, by the rule that tells it."""
        for one in arguments.everything():
            if isinstance(one, Array | Bound | Function | Partial):
                self.escape(site, one, path)
        if rule.only_with and not self._is_given(arguments, rule.only_with):
            return Made(path, arguments)
        if rule.unless and rule.unless in arguments.keywords:
            return Made(path, arguments)
        holder = made if rule.of_maker else arguments
        client = self._given_client(made) or self._given_client(arguments)
        credentials = client.credentials if client is not None else self._settings(made, arguments)
        for (service_name, operation), certain in self._called(rule, arguments, holder):
            service = self.services.service(service_name)
            accepted = service.operation(operation) if service is not None else None
            if service is None or accepted is None:
                continue
            filled = self._filled(site, rule, arguments, holder)
            if service_name == "s3" and (rule.path_argument is not None or rule.text_argument):
                if not self._located(site, rule, arguments if rule.bare else holder, filled):
                    continue  # a file as well as an object
            self.emit(
                site,
                service,
                operation,
                {name: one for name, one in filled.items() if name in accepted.parameters},
                complete=False,
                credentials=credentials,
                through=rule.through or path.rpartition(".")[2].removesuffix("()"),
                every=not rule.cached,
                certain=certain,
            )
        self._tell_path(site, path, rule, holder)
        for service_name in rule.unfollowed:
            reason = rule.reason or "what this library calls is not followed"
            self.unfollow(site, f"`{path.removesuffix('()')}`", reason, service_name)
        return self._given_back(site, path, rule, arguments)

    def _called(
        self, rule: Rule, arguments: Arguments, holder: Arguments
    ) -> Iterator[tuple[tuple[str, str], bool]]:
        """The operations that a rule tells, each with whether it is certain."""
        plain, reads = self._by_mode(rule, arguments)
        yield from ((one, rule.certain) for one in plain)
        for name, more in rule.with_arguments:
            if holder.get(-1, name) is not None:
                yield from ((one, rule.certain) for one in more)
        if reads:
            yield from ((one, False) for one in rule.perhaps)

    def _filled(self, site: Site, rule: Rule, arguments: Arguments, holder: Arguments) -> dict[str, Abstract]:
        """An operation's parameters, as far as a rule says which arguments they are."""
        filled: dict[str, Abstract] = {}
        for parameter, at, name in rule.parameters:
            value = holder.get(at, name)
            if value is None and rule.of_maker:
                value = arguments.get(at, name)
            if value is not None:
                filled[parameter] = value
        if rule.of_itself:
            filled[rule.of_itself] = self.read_environment(site, "AWS_LAMBDA_FUNCTION_NAME")
        filled.update((name, Data(Known(constant, site.origin))) for name, constant in rule.constants)
        return filled

    @staticmethod
    def _given_back(site: Site, path: str, rule: Rule, arguments: Arguments) -> Abstract:
        """What the call of a library ends at."""
        match rule.gives:
            case "argument":
                return arguments.positional[0] if arguments.positional else Opaque(site)
            case "decorator":
                return Native(
                    (path, id(arguments)),
                    lambda _site, given: given.positional[0] if given.positional else NOTHING_KNOWN,
                )
            case "nothing":
                return Opaque(site)
        return Made(path, arguments)

    @staticmethod
    def _is_given(arguments: Arguments, name: str) -> bool:
        """Whether an argument may be there, and may be true."""
        value = arguments.keywords.get(name)
        return arguments.open if value is None else truth(value) is not False

    @staticmethod
    def _by_mode(rule: Rule, arguments: Arguments) -> tuple[Operations, bool]:
        """What is called as a file is read or written, both where that is not known; whether it may be read."""
        value = arguments.get(*rule.mode) if rule.mode is not None else None
        if rule.mode is None or (value is None and not arguments.open):
            return rule.calls, True
        modes = texts(value)
        if not modes:
            return (*rule.calls, *rule.writes), True
        written = [any(letter in mode for letter in "wax+") for mode in modes]
        reads = not all(written)
        return (*(rule.calls if reads else ()), *(rule.writes if any(written) else ())), reads

    def _given_client(self, arguments: Arguments) -> Client | None:
        for one in self._handed(arguments):
            if isinstance(one, Client):
                return one
            if isinstance(one, Session):
                service = self.services.service("sts")
                if service is not None and one.credentials is not Credentials.OWN:
                    return Client(service, one.credentials)
        return None

    @staticmethod
    def _handed(arguments: Arguments) -> Iterator[Abstract]:
        """Everything that is handed over, and what options hold: ``transport_params={"client": client}``."""
        for one in arguments.everything():
            for choice in options(one):
                yield choice
                if isinstance(choice, Dict):
                    for inner in choice.items.values():
                        yield from options(inner)

    @classmethod
    def _settings(cls, *several: Arguments) -> Credentials:
        """Whose permissions a reader of objects has, as far as its settings say."""
        found = Credentials.OWN
        for arguments in several:
            named = dict(arguments.keywords)
            for name in _NESTED:
                for one in options(named[name]) if name in named else ():
                    if isinstance(one, Dict):
                        named.update(one.items)
                    elif not is_none(one):
                        found = Credentials.UNKNOWN
            for whose in (
                _of_key(one) for name in sorted(_KEYS & named.keys()) for one in options(named[name])
            ):
                if whose is Credentials.OTHER:
                    return whose
                found = whose if whose is Credentials.UNKNOWN else found
        return found

    @staticmethod
    def is_foreign(path: str, arguments: Arguments) -> bool:
        """Whether a library's object is made with keys, or for an address, that are not the function's own."""
        given = libraries.settings(path, arguments)
        return any(_of_key(choice) is not Credentials.OWN for one in given for choice in options(one))

    def _located(self, site: Site, rule: Rule, holder: Arguments, filled: dict[str, Abstract]) -> bool:
        """Fill in bucket and key, where there is a path of S3's; false where there is none."""
        if rule.text_argument:
            for one in holder.everything():
                for text in (text_start(choice, site) for choice in options(one)):
                    found = _INSIDE.search(text)
                    if found:
                        filled["Bucket"] = text_value([found.group(1)], site)
                        return True
            return False
        if rule.path_argument is None:
            return False
        value = holder.get(*rule.path_argument)
        system = holder.keywords.get("filesystem")
        bare = rule.bare or (isinstance(system, Made) and system.path.endswith("S3FileSystem"))
        return self._object_path(site, value, filled, bare, rule.folder) or (rule.bare and value is not None)

    def _tell_path(self, site: Site, path: str, rule: Rule, holder: Arguments) -> None:
        """A path that may be one of S3's, and is known only when it runs."""
        value = holder.get(*rule.path_argument) if rule.path_argument is not None and not rule.bare else None
        for one in options(value) if value is not None else ():
            if isinstance(one, Data) and not isinstance(one.value, Known):
                start = self.text_pieces(one, site)[:1]
                lost = not start or not isinstance(start[0], str)
            else:
                place = one.site.shown if isinstance(one, Opaque) and one.site is not None else ""
                named = _PLACE.search(place) is not None or path.partition(".")[0] in _ANYWHERE
                lost = isinstance(one, Opaque) and named
            if lost:
                reason = "whether its path is one of S3's is known only when it runs"
                self.unfollow(site, f"`{path.removesuffix('()')}`", reason, "s3")
                return

    def _object_path(
        self, site: Site, value: Abstract | None, filled: dict[str, Abstract], bare: bool, folder: bool
    ) -> bool:
        """Bucket and key of ``s3://bucket/key``; false where the path is not one of S3's."""
        for one in options(value) if value is not None else ():
            if not isinstance(one, Data):
                continue
            parts = list(self.text_pieces(one, site))
            if not parts:
                continue
            if isinstance(parts[0], str) and parts[0].startswith(_SCHEMES):
                parts[0] = parts[0].partition("://")[2]
            elif not bare:
                continue
            bucket: list[str | Ref | Hole] = []
            for at, part in enumerate(parts):
                if isinstance(part, str) and "/" in part:
                    head, _, tail = part.partition("/")
                    bucket.append(head)
                    filled["Bucket"] = text_value(bucket, site)
                    filled["Key"] = text_value(_key([tail, *parts[at + 1 :]], folder), site)
                    return True
                bucket.append(part)
            filled["Bucket"] = text_value(bucket, site)
            return True
        return False

    def follow_signed(self, site: Site, path: str, arguments: Arguments) -> None:
        """Requests that are written and signed by hand."""
        where = libraries.signing(path)
        if where is None:
            return
        value = arguments.get(*where)
        names = texts(value)
        if path.rpartition(".")[2].startswith(("AWSV4", "RequestsAWSV4", "Urllib3AWSV4")):
            names = names or (("es",) if value is None else ())
        reason = "requests are signed here, and what they ask for is not followed"
        for name in names or ("",):
            self.unfollow(site, f"`{path.rpartition('.')[2]}`", reason, name)

    def method_called(self, site: Site, name: str, target: Abstract, arguments: Arguments) -> None:
        self.doubts.called(site, name, target, self.reached)
        rule = libraries.written(name) if isinstance(target, Opaque) else None
        if rule is not None:  # a data frame that got lost on its way may write to a path of S3's
            self.follow(site, name, rule, arguments, Arguments())


def _of_key(value: Abstract) -> Credentials:
    """Whose permissions something has that is made with this key, profile, or address."""
    match value:
        case Data(Unknown(_, _, Text((Ref(_, variable),)))):
            return Credentials.OWN if variable in _OWN else Credentials.OTHER
        case Data(Known(str() as text)) if ".amazonaws.com" in text:
            return Credentials.OWN
        case Data():
            return Credentials.OWN if truth(value) is False else Credentials.OTHER
        case _:
            return Credentials.UNKNOWN


def _key(parts: list[str | Ref | Hole], folder: bool) -> list[str | Ref | Hole]:
    """A key, with an end that is not known where it may be what many keys start with."""
    last = parts[-1]
    if folder and isinstance(last, str) and not _FILE.match(last.rpartition("/")[2]):
        start = _GLOB.split(last)[0]
        return [*parts[:-1], *([start] if start else []), Hole("key", "the rest of the key")]
    return parts

"""Policy documents out of files, as AWS's own commands print them: one, a list, a role, a whole account.

What is known: a bare document; what ``aws iam get-role``, ``get-role-policy`` and its kin,
``get-policy-version`` and ``get-account-authorization-details`` print; what ``aws organizations
describe-policy`` prints of an SCP or an RCP; the policy of a resource as ``aws lambda get-policy``, ``aws s3api
get-bucket-policy`` and the attributes of queues and topics have it, as a text within; and a list of any of
these. Whatever else is an object is taken for a bare document. Every element keeps its place in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, TypeAlias
from urllib.parse import unquote

from stockade.errors import UsageError
from stockade.iam.validate import Kind
from stockade.json_text import decode
from stockade.records import dataclass
from stockade.source import Source, Span
from stockade.value import Known, Origin, Unknown, Value, Written

Use: TypeAlias = Literal["identity", "resource", "trust", "scp", "rcp", "boundary"]

LONGEST: Final = 1_000_000
"""Bytes of a file that is one policy: AWS takes some thirty thousand at most."""

LARGEST: Final = 500_000_000
"""Bytes of a file that is read at all: an account of thousands of roles has tens of millions."""

_ACCOUNT: Final = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
_OF_ORGANISATIONS: Final[Mapping[str, Use]] = {
    "SERVICE_CONTROL_POLICY": "scp",
    "RESOURCE_CONTROL_POLICY": "rcp",
}
_TRUST_ACTIONS: Final = ("sts:assumerole", "sts:tagsession", "sts:setsourceidentity", "sts:setcontext")


@dataclass(frozen=True, slots=True)
class Named:
    """One policy document.

    ``name`` is for people, empty where a file holds nothing else; ``owner`` is the ARN or name of what it is
    attached to or part of, empty where the file does not say.
    """

    use: Use
    name: str
    owner: str
    tree: Value[Any]
    source: Source

    @property
    def kind(self) -> Kind:
        """What its grammar is: a permissions boundary is an identity policy."""
        return Kind.IDENTITY if self.use == "boundary" else Kind(self.use)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file, or a part of one, could not be read as it should; ``message`` is a sentence."""

    message: str
    help: str
    origin: Origin
    source: Source


@dataclass(frozen=True, slots=True)
class Documents:
    """What the files hold, in their order. ``accounts`` are the members of whole accounts among them."""

    documents: tuple[Named, ...]
    problems: tuple[Problem, ...]
    accounts: tuple[Mapping[str, Value[Any]], ...] = ()


def read(files: Sequence[str], here: Path, standard_input: BinaryIO, use: Use | None = None) -> Documents:
    """All documents of files, ``-`` for standard input. ``use`` is what bare documents are for.

    By default that is guessed from their content. Raises ``UsageError`` for a file that is not there or
    cannot be read; what is wrong within is a problem.
    """
    documents: list[Named] = []
    problems: list[Problem] = []
    accounts: list[Mapping[str, Value[Any]]] = []
    for file in files:
        source = _source(file, here, standard_input)
        reading = _Reading(source, use)
        documents += reading.documents()
        problems += reading.problems
        accounts += reading.accounts
    return Documents(tuple(documents), tuple(problems), tuple(accounts))


def _source(file: str, here: Path, standard_input: BinaryIO) -> Source:
    try:
        if file == "-":
            return Source("<stdin>", standard_input.read(LARGEST + 1))
        with (here / file).open("rb") as opened:
            return Source(file, opened.read(LARGEST + 1))
    except IsADirectoryError:
        help = "name the files in it; `stockade scan` reads directories of Terraform"
        raise UsageError(f"`{file}` is a directory", help=help) from None
    except FileNotFoundError:
        raise UsageError(f"there is no file `{file}`", help="`-` reads standard input") from None
    except OSError as error:
        reason = (error.strerror or "the system refused").lower()
        raise UsageError(f"`{file}` cannot be read: {reason}") from None


class _Reading:
    """One file being read."""

    def __init__(self, source: Source, use: Use | None) -> None:
        self._source = source
        self._use = use
        self.problems: list[Problem] = []
        self.accounts: list[Mapping[str, Value[Any]]] = []

    def documents(self) -> Iterator[Named]:
        data = self._source.data
        start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
        if start:
            self._problem(
                "the file begins with a byte order mark, which is not JSON", "save it without one", 0, 3
            )
        elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
            self._problem("the file is UTF-16, and JSON is UTF-8", "save it as UTF-8", 0, 2)
            return
        if not data[start:].strip():
            self._problem("the file is empty", "write the policy as JSON", 0, 0)
            return
        whole = any(f'"{name}"'.encode() in data for name in _ACCOUNT[:3])
        if len(data) > (LARGEST if whole else LONGEST):
            message = f"the file has {len(data):,} bytes, too many for a policy, and was not read"
            self._problem(message, "no policy of AWS's has more than some 30,000 characters", 0, 1)
            return
        try:
            text = data[start:].decode("utf-8")
        except UnicodeDecodeError as error:
            at = start + error.start
            self._problem("the file is not UTF-8 here", "save it as UTF-8", at, at + 1)
            text = ""  # what the bytes were meant to say is not known
        if text:
            origin = Written(Span(self._source, start, len(data)))
            yield from self._of(decode(((text, self._source, start),), origin), "")

    def _problem(self, message: str, help: str, start: int, end: int) -> None:
        self.problems.append(Problem(message, help, Written(Span(self._source, start, end)), self._source))

    # ---------------------------------------------------------------------------------- what it is

    def _of(self, tree: Value[Any], name: str) -> Iterator[Named]:
        """The documents in one value, whichever of AWS's shapes it has."""
        if isinstance(tree, Known) and isinstance(tree.value, tuple | list):
            for index, one in enumerate(tree.value):
                yield from self._of(one, f"{name}[{index}]")
            return
        found = members_of(tree)
        if any(key in found for key in _ACCOUNT) and any(_is_list(found.get(key)) for key in _ACCOUNT):
            self.accounts.append(found)
            yield from self._account(found)
        elif "Role" in found and "AssumeRolePolicyDocument" in members_of(found["Role"]):
            yield from self._role(members_of(found["Role"]))
        elif "AssumeRolePolicyDocument" in found:
            yield from self._role(found)
        elif "PolicyDocument" in found:
            owner = next(
                (
                    text_of(found.get(f"{one}Name"))
                    for one in ("Role", "User", "Group")
                    if f"{one}Name" in found
                ),
                "",
            )
            yield self._named(
                "identity", f"policy `{text_of(found.get('PolicyName'))}`", owner, found["PolicyDocument"]
            )
        elif "PolicyVersion" in found and "Document" in members_of(found["PolicyVersion"]):
            yield self._named("identity", name, "", members_of(found["PolicyVersion"])["Document"])
        elif "Policy" in found and "Content" in members_of(found["Policy"]):
            yield self._of_organisation(members_of(found["Policy"]))
        elif "Policy" in found and text_of(found["Policy"]):
            yield self._named("resource", name, "", found["Policy"])
        elif "Attributes" in found and text_of(members_of(found["Attributes"]).get("Policy")):
            yield self._named("resource", name, "", members_of(found["Attributes"])["Policy"])
        else:
            yield Named(self._use or guess(tree), name, "", tree, self._source)

    def _account(self, found: Mapping[str, Value[Any]]) -> Iterator[Named]:
        """What ``aws iam get-account-authorization-details`` prints; policies that AWS keeps are left out."""
        for key, what in (("UserDetailList", "User"), ("GroupDetailList", "Group"), ("RoleDetailList", "Role")):
            for one in list_of(found.get(key)):
                members = members_of(one)
                if what == "Role":
                    yield from self._role(members)
                else:
                    yield from self._inline(members, what)
        boundaries = {
            text_of(members_of(members_of(one).get("PermissionsBoundary")).get("PermissionsBoundaryArn"))
            for key in ("UserDetailList", "RoleDetailList")
            for one in list_of(found.get(key))
        }
        for one in list_of(found.get("Policies")):
            policy = members_of(one)
            arn = text_of(policy.get("Arn"))
            if arn.split(":")[4:5] == ["aws"]:
                continue
            use: Use = "boundary" if arn in boundaries else "identity"
            for version in list_of(policy.get("PolicyVersionList")):
                inner = members_of(version)
                default = inner.get("IsDefaultVersion")
                if isinstance(default, Known) and default.value is True and "Document" in inner:
                    yield self._named(
                        use, f"policy `{text_of(policy.get('PolicyName'))}`", arn, inner["Document"]
                    )

    def _role(self, role: Mapping[str, Value[Any]]) -> Iterator[Named]:
        owner = text_of(role.get("Arn")) or text_of(role.get("RoleName"))
        if "AssumeRolePolicyDocument" in role:
            name = f"trust policy of role `{text_of(role.get('RoleName'))}`"
            yield self._named("trust", name, owner, role["AssumeRolePolicyDocument"])
        yield from self._inline(role, "Role")

    def _inline(self, holder: Mapping[str, Value[Any]], what: str) -> Iterator[Named]:
        owner = text_of(holder.get("Arn")) or text_of(holder.get(f"{what}Name"))
        for one in list_of(holder.get(f"{what}PolicyList")):
            policy = members_of(one)
            if "PolicyDocument" in policy:
                whose = f"{what.lower()} `{text_of(holder.get(f'{what}Name'))}`"
                name = f"policy `{text_of(policy.get('PolicyName'))}` of {whose}"
                yield self._named("identity", name, owner, policy["PolicyDocument"])

    def _of_organisation(self, policy: Mapping[str, Value[Any]]) -> Named:
        summary = members_of(policy.get("PolicySummary"))
        use = _OF_ORGANISATIONS.get(text_of(summary.get("Type")), "scp")
        name = f"policy `{text_of(summary.get('Name'))}`" if "Name" in summary else ""
        return self._named(use, name, text_of(summary.get("Arn")), policy["Content"])

    def _named(self, use: Use, name: str, owner: str, value: Value[Any]) -> Named:
        """A document that stands within something else, as an object or as a text."""
        return Named(use, name, owner, within(value), self._source)


def within(value: Value[Any]) -> Value[Any]:
    """The document that a value is, or that stands in it as a text."""
    text = text_of(value)
    if not text:
        return value
    origin = value.origin
    if text.startswith("%7B"):  # IAM's API encodes documents as in an address
        return decode(((unquote(text), None, None),), origin)
    if isinstance(origin, Written):
        return decode(((text, origin.span.source, origin.span.start + 1),), origin)
    return decode(((text, None, None),), origin)


def guess(tree: Value[Any]) -> Use:
    """What a bare document is for: one with a Principal for a resource, one about assuming roles for trust."""
    statement = members_of(tree).get("Statement")
    statements = [members_of(one) for one in (list_of(statement) if _is_list(statement) else [statement])]
    with_principal = [one for one in statements if "Principal" in one or "NotPrincipal" in one]
    if not with_principal:
        return "identity"
    if all("Resource" not in one and "NotResource" not in one for one in with_principal) and all(
        text_of(action).lower().startswith(_TRUST_ACTIONS) for one in with_principal for action in _actions(one)
    ):
        return "trust"
    return "resource"


def _actions(statement: Mapping[str, Value[Any]]) -> Sequence[Value[Any] | None]:
    action = statement.get("Action")
    return list_of(action) if _is_list(action) else [action]


def members_of(value: Value[Any] | None) -> Mapping[str, Value[Any]]:
    return value.value if isinstance(value, Known) and isinstance(value.value, Mapping) else {}


def _is_list(value: Value[Any] | None) -> bool:
    return isinstance(value, Known) and isinstance(value.value, tuple | list)


def list_of(value: Value[Any] | None) -> Sequence[Value[Any]]:
    return value.value if isinstance(value, Known) and isinstance(value.value, tuple | list) else ()


def text_of(value: Value[Any] | Unknown | None) -> str:
    return value.value if isinstance(value, Known) and isinstance(value.value, str) else ""

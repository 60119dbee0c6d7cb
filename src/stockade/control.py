"""What a control is, what it may answer, and how it proposes a fix.

A control is one file in ``controls/``: the module's docstring is its public page, its file name its
name, and its one public name ``check``, made by the ``control`` decorator.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar

from stockade.records import dataclass
from stockade.secrets.confidence import Confidence
from stockade.value import Ref

if TYPE_CHECKING:  # a control needs the world when it is asked, and a severity is told without
    from stockade.checklist import Item
    from stockade.iam.request import Request
    from stockade.model.world import World
    from stockade.value import Origin, Unknown

S = TypeVar("S")


class Severity(IntEnum):
    """How much a failing control matters, least first."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


OF_SECRETS: Final = {
    Confidence.PLACEHOLDER: Severity.LOW,
    Confidence.SOFT: Severity.MEDIUM,
    Confidence.NAMED: Severity.HIGH,
    Confidence.FORMAT: Severity.HIGH,
    Confidence.VERIFIED: Severity.CRITICAL,
}
"""How much it matters that a secret can be read where it should not, by what speaks for its being one."""


class Noise(IntEnum):
    """From which level of a reader's patience on a finding is shown."""

    REGULAR = 1
    STRICT = 2
    AUDIT = 3


class Safety(IntEnum):
    """How freely a fix may be applied: only shown, made when the code is ready for it, made after review, made.

    A breaking fix takes away what the running code reads: deployed by itself it stops the function.
    """

    SHOW = 1
    BREAKING = 2
    REVIEW = 3
    SAFE = 4


# ------------------------------------------------------------------------------------------ fixes


@dataclass(frozen=True, slots=True)
class Put:
    """Set ``attribute`` (a model attribute, dotted for nested ones) of the resource at ``address``.

    ``apart`` says that another input reads the same line and is to keep what it says; the flow finds that out.
    """

    address: str
    attribute: str
    value: Any
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """Remove ``attribute`` of the resource at ``address``, or the whole resource when it is empty.

    A block that holds nothing any more goes with its last attribute.
    """

    address: str
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Add:
    """Create a resource: a model type's name, the address of what it is kin to, and its attributes.

    It is called after its kin and ``label`` (``worker_errors``, ``WorkerErrorsAlarm``), or by ``label`` alone
    where it is ``shared``: then one serves its whole module, whichever fix adds it. Two that are equal are one.
    ``after`` are the handles of what else the fix adds and what has to be there before (``depends_on``).
    ``apart`` says that its kin is one of several that a declaration makes, of which not all get such a thing;
    an editor finds that out, no control.

    A policy that is added beside a role becomes one of the role's own list where CloudFormation has it, or
    where Terraform's role lists its policies already (``inline_policy`` allows no others beside it), else a
    resource. Beside a function it is always a resource, so that it may refer to what the function makes.
    """

    kind: str
    beside: str
    attributes: tuple[tuple[str, Any], ...]
    label: str = ""
    shared: bool = False
    after: tuple[str, ...] = ()
    apart: bool = False

    @property
    def handle(self) -> str:
        """What stands for its address, which nobody knows yet, in what refers to it."""
        return f"+{self.kind}:{self.label}@{self.beside}"

    def ref(self, attribute: str) -> Ref:
        """An attribute of it, for the values of other changes of the same fix."""
        return Ref(self.handle, attribute)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Replace elements inside the policy document behind ``attribute`` of the resource at ``address``.

    ``statement`` is the statement's index, ``None`` for the document itself (its ``Version``); ``element``
    a key of it (``Action``, ``Resource``); ``value`` the new JSON value, in which a ``Ref`` or ``Text`` stands
    for a reference. ``None`` as ``value`` drops the element, and as ``element`` the whole statement: ``of`` is
    then how many statements there are, by which a removal that was made already is known.
    """

    address: str
    attribute: str
    statement: int | None
    element: str | None
    value: Any = None
    of: int = 0


Change: TypeAlias = Put | Drop | Add | Rewrite


BLANK: Final = "fill in: "
"""How the name of a ``Hole`` begins that stands for what somebody has to write, in a fix that is only shown."""


@dataclass(frozen=True, slots=True)
class Code:
    """A text for a person to take over, in a ``language`` by the name that highlighters know."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Changes in the model's words that make a verdict hold; ``title`` is an imperative sentence.

    ``note`` says what is to be done by hand besides, or to be known before, and ``code`` shows it. A fix that
    only shows may have blanks (``BLANK``) in its values where somebody has to say what belongs there, and no
    changes where nothing can be written before that. ``grants`` says that it allows what was not allowed
    before, which its title then names: of all others it is proved that they do not.
    """

    title: str
    safety: Safety
    changes: tuple[Change, ...]
    note: str = ""
    code: tuple[Code, ...] = ()
    grants: bool = False
    _making: Callable[[], tuple[Change, ...]] | None = field(default=None, compare=False, repr=False)

    @classmethod
    def later(cls, title: str, safety: Safety, making: Callable[[], tuple[Change, ...]], note: str = "") -> Fix:
        """A fix whose changes are made when somebody asks for them: a scan only shows what it is called."""
        made = cls(title, safety, (), note, _making=making)
        del made.changes  # so that asking for them comes to `__getattr__`
        return made

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name != "changes" or self._making is None:
                raise AttributeError(name)
            self.changes = self._making()
            return self.changes


# --------------------------------------------------------------------------------------- verdicts


@dataclass(frozen=True, slots=True)
class Holds:
    """Nothing is wrong, and ``because`` shows it."""

    because: Origin


@dataclass(frozen=True, slots=True)
class Fails:
    """Something is wrong. ``message`` is a sentence without a period; ``because`` decides it.

    ``also`` are further places that belong to the evidence. ``severity`` and ``noise`` override the
    control's own for this one case. ``secret`` says that a secret is written where ``because`` points:
    no output shows that text, whichever finding's excerpt it would fall into.
    ``together`` says the same of several functions at once, with ``{n}`` for their number: where nothing
    but the function differs, one sentence tells it of all of them.
    ``told_by`` names the control whose finding already says this of the same subject: the verdict
    counts, and is listed only for those who audit. ``witness`` is a request that gets through, as
    the policy engine has confirmed; where finding it takes a search, the search, for whoever lists it.
    ``then`` are the requests that have to follow it, in their order.
    """

    message: str
    because: Origin
    fix: Fix | None = None
    also: tuple[Origin, ...] = ()
    severity: Severity | None = None
    noise: Noise | None = None
    secret: bool = False
    told_by: str = ""
    together: str = ""
    witness: Request | Callable[[], Request | None] | None = None
    then: tuple[Request, ...] = ()

    def shown(self) -> Request | None:
        """The request that gets through."""
        return self.witness() if callable(self.witness) else self.witness

    def filled(self, known: Mapping[str, str]) -> Fails:
        """The same with what is known of a place in its requests: ``account``, ``region``, ``partition``."""
        if self.witness is None and not self.then:
            return self

        def witness() -> Request | None:
            found = self.shown()
            return found.filled(known) if found is not None else None

        return replace(self, witness=witness, then=tuple(one.filled(known) for one in self.then))


@dataclass(frozen=True, slots=True)
class Undecided:
    """It depends on something that could not be known; ``because`` says what and why."""

    because: Unknown


@dataclass(frozen=True, slots=True)
class Crashed:
    """The control itself failed: a defect of Stockade, made by the scanner, never by a control."""

    error: str


Verdict: TypeAlias = Holds | Fails | Undecided
Outcome: TypeAlias = Verdict | Crashed


class State(Enum):
    """A control's answer for one function, over all subjects that concern it."""

    HOLDS = "holds"
    FAILS = "fails"
    UNDECIDED = "undecided"
    CRASHED = "crashed"
    ACCEPTED = "accepted"
    NOT_APPLICABLE = "not-applicable"
    NOT_DECIDED = "not-decided"


# --------------------------------------------------------------------------------------- controls


@dataclass(frozen=True)
class Control(Generic[S]):
    """One thing that may be wrong, named for the bad thing.

    ``subject`` is the model type it is asked of, chosen so fine that "not applicable" rarely arises.
    ``summary`` is the first line of ``page``. ``since`` is the version that brought it. ``same_as`` are the
    IDs of Checkov's checks that find the same: an owner who told it why not has told us. ``check`` gives
    ``None`` for a subject that this control is not about (a permission for another service): that
    counts nowhere, so that it never reads as a pass.
    """

    name: str
    page: str
    subject: type[S]
    severity: Severity
    noise: Noise
    item: Item
    since: str
    references: tuple[str, ...]
    check: Callable[[S, World], Verdict | None] = field(repr=False)
    same_as: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        return self.page.strip().partition("\n")[0].rstrip(".")


def control(
    subject: type[S],
    *,
    severity: Severity,
    item: Item,
    since: str,
    references: tuple[str, ...],
    noise: Noise = Noise.REGULAR,
    same_as: tuple[str, ...] = (),
) -> Callable[[Callable[[S, World], Verdict | None]], Control[S]]:
    """Make a check function the ``Control`` of its module: name from the file, page from its docstring."""

    def made(check: Callable[[S, World], Verdict | None]) -> Control[S]:
        module = sys.modules[check.__module__]
        name = check.__module__.rpartition(".")[2].replace("_", "-")
        page = (module.__doc__ or "").strip()
        return Control(name, page, subject, severity, noise, item, since, references, check, same_as)

    return made

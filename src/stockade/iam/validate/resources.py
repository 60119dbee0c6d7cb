"""Resources: whether each is an ARN, of a service and of a form that exist, field by field."""

from __future__ import annotations

from typing import Final

from stockade.iam.catalog import Catalog
from stockade.iam.match import Shape, arn_parts, with_variables
from stockade.iam.validate.arns import PARTITIONS, Format, all_formats, fits, formats, is_service
from stockade.iam.validate.finding import Kind, Node
from stockade.iam.validate.near import nearest
from stockade.iam.validate.regions import may_be_region
from stockade.iam.validate.resource_types import RESOURCE_TYPES
from stockade.iam.validate.sheet import Part, Sheet, is_made_arn, text_of
from stockade.memory import remembered
from stockade.patterns import lazy_regex
from stockade.records import record
from stockade.value import Known, Unknown, is_sensitive, shape_of

_FORM: Final = "arn:partition:service:region:account:resource"
_ACCOUNT: Final = lazy_regex(r"[0-9]{12}")
_WILD: Final = lazy_regex(r"[*?]")

_ALL_FORMS_LISTED: Final = frozenset(
    {"dynamodb", "ecr", "events", "firehose", "iam", "kinesis", "lambda", "rds"}
)
"""Services whose ARNs are held against their formats. AWS lets pass, in its own policies, ARNs that fit none of
the formats that it lists: of backups, logs, secrets, states and many more."""

_OF_AWS: Final = frozenset({"kms", "resource-explorer-2", "ssm"})
"""Services that have resources of AWS's own, in whose ARNs no account stands."""


@record
class _Wrong:
    """What is wrong with one ARN, whatever statement it stands in."""

    code: str
    message: str
    help: str


def check(part: Part, sheet: Sheet) -> None:
    """Everything about the ARNs in Resource and NotResource."""
    for element in ("Resource", "NotResource"):
        node = part.elements.get(element)
        if node is None:
            continue
        if sheet.kind is Kind.TRUST:
            sheet.say(
                "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE",
                node.named(),
                f"a role's trust policy has no {element}: it is about the role itself",
                f"remove the {element}",
            )
            continue
        for one in part.texts(element):
            _one(one, sheet)


def shape(node: Node, version: str | None) -> Shape | None:
    """A resource as known text and holes, variables among them; ``None`` where nothing of it may be known."""
    value = node.value
    if is_sensitive(value) or (isinstance(value, Unknown) and value.text is None):
        return None
    return with_variables(shape_of(value), version)


def _one(node: Node, sheet: Sheet) -> None:
    if text_of(node) == "*":
        return
    value = node.value
    known = shape(node, sheet.version)
    if known is None or not isinstance(known[0] if known else "", str):
        if known is not None and isinstance(value, Known):
            sheet.unsure(node, "it begins with a policy variable, and what AWS makes of that was not confirmed")
        # What AWS itself fills in as an ARN is one.
        elif not (isinstance(value, Unknown) and is_made_arn(value)):
            sheet.unsure(node)
        return
    for wrong in _wrong(known, isinstance(value, Known), sheet.catalog):
        sheet.say(wrong.code, node, wrong.message, wrong.help)
    if sheet.kind is Kind.RESOURCE:
        _belongs(known, node, sheet)


def _begins_as_arn(known: Shape) -> bool:
    return bool(known) and isinstance(known[0], str) and known[0].startswith("arn:")


def _of_form(known: Shape, whole: bool) -> tuple[_Wrong, ...]:
    """What is wrong with something that has not the fields of an ARN."""
    start = known[0] if known and isinstance(known[0], str) else ""
    if not start.startswith("arn:"):
        if len(known) > 1 and "arn:".startswith(start):
            return ()
        if _WILD.search(start) and "arn:".startswith(_WILD.split(start, maxsplit=1)[0]):
            return ()  # a pattern for the prefix itself: what AWS says of it was not confirmed
        return (_Wrong("INVALID_ARN_PREFIX", f"`{_shown(known)}` is not an ARN", f"write `{_FORM}`"),)
    if not whole:
        return ()
    count = start.count(":") + 1
    return (
        _Wrong(
            "MISSING_ARN_FIELD",
            f"the ARN has {count} field{'s' if count > 1 else ''} of six",
            f"write `{_FORM}`; fields may be empty or `*`",
        ),
    )


@remembered(8192)
def _wrong(known: Shape, whole: bool, catalog: Catalog) -> tuple[_Wrong, ...]:
    fields = arn_parts(known) if _begins_as_arn(known) else None
    if fields is None:
        return _of_form(known, whole)
    _, partition, service, region, account, resource = fields
    out: list[_Wrong] = []
    named = _exact(partition)
    if named is not None and named not in PARTITIONS:
        near = nearest(named, PARTITIONS)
        out.append(
            _Wrong(
                "INVALID_PARTITION",
                f"there is no partition `{named}`",
                f"did you mean `{near[0]}`?" if near else "write aws, aws-cn, aws-us-gov or `*`",
            )
        )
    name = _exact(service)
    if name is None:
        if any(isinstance(piece, str) and _WILD.search(piece) for piece in service):
            out.append(
                _Wrong(
                    "WILDCARD_IN_SERVICE_NAME",
                    f"`{_shown(service)}` stands for every service whose name is like it",
                    "name the service",
                )
            )
        return (*out, *_region(region), *_account(account, ()))
    if name != name.lower() and is_service(name.lower(), catalog):
        out.append(
            _Wrong(
                "INVALID_ARN_SERVICE_CASE",
                f"the service `{name}` of the ARN is not in lower case",
                f"write `{name.lower()}`",
            )
        )
        return tuple(out)
    if not is_service_quickly(name, catalog):
        near = nearest(name, catalog.services())
        out.append(
            _Wrong(
                "INVALID_SERVICE",
                f"there is no service `{name}`, as of {catalog.date}" if name else "the ARN names no service",
                f"did you mean `{near[0]}`?" if near else "the third field of an ARN is its service",
            )
        )
        return tuple(out)
    return (*out, *_fields(name, region, account, resource, catalog))


def is_service_quickly(name: str, catalog: Catalog) -> bool:
    """Whether ARNs have such a service, with all of the catalog read only where its list has no such name."""
    return catalog.service(name) is not None or is_service(name, catalog)


def _fields(service: str, region: Shape, account: Shape, resource: Shape, catalog: Catalog) -> list[_Wrong]:
    """What is wrong with the Region, the account and the last part, held against the service's formats."""
    known = formats(service, catalog)
    if any(_agrees(one, region, account, resource) for one in known):
        return [*_region(region), *_account(account, known)]
    known = all_formats(service, catalog)
    if not known or any(_agrees(one, region, account, resource) for one in known):
        return [*_region(region), *_account(account, known)]
    alike = [one for one in known if fits(resource, one)]
    if not alike and service not in _ALL_FORMS_LISTED:
        return []
    if not alike:
        return [
            _Wrong(
                "INVALID_ARN_RESOURCE",
                f"`{_shown(resource)}` is no resource of `{service}`, as of {catalog.date}",
                f"its ARNs end like {_examples(known)}",
            )
        ]
    out: list[_Wrong] = []
    if not region and all(one.region for one in alike):
        out.append(
            _Wrong(
                "MISSING_ARN_REGION",
                f"the ARN of `{service}` has no Region",
                "write the Region, or `*`, in the fourth field",
            )
        )
    elif region and not any(_has(one.region, region) for one in alike):
        out.append(
            _Wrong(
                "ARN_REGION_NOT_ALLOWED", f"such an ARN of `{service}` has no Region", "leave the field empty"
            )
        )
    if not account and all(one.account for one in alike) and service not in _OF_AWS:
        out.append(
            _Wrong(
                "MISSING_ARN_ACCOUNT",
                f"the ARN of `{service}` has no account",
                "write the account's twelve digits, or `*`, in the fifth field",
            )
        )
    elif account and not any(_has(one.account, account) for one in alike):
        out.append(
            _Wrong(
                "ARN_ACCOUNT_NOT_ALLOWED", f"such an ARN of `{service}` has no account", "leave the field empty"
            )
        )
    return [*out, *_region(region), *_account(account, tuple(alike))]


def _agrees(form: Format, region: Shape, account: Shape, resource: Shape) -> bool:
    return _has(form.region, region) and _has(form.account, account) and fits(resource, form)


def _has(wanted: bool, field: Shape) -> bool:
    """Whether a field may be filled, or empty, as a format has it: stars and holes may be either."""
    if all(not isinstance(piece, str) or not piece.strip("*") for piece in field) and field:
        return True
    return bool(field) is wanted


def _region(field: Shape) -> list[_Wrong]:
    text = _exact(field)
    if not text or may_be_region(text):
        return []
    return [_Wrong("INVALID_ARN_REGION", f"`{text}` is not a Region", "write a Region as us-east-1, or `*`")]


def _account(field: Shape, known: tuple[Format, ...]) -> list[_Wrong]:
    text = _exact(field)
    if not text or _ACCOUNT.fullmatch(text) or text == "aws" or any(one.owner == text for one in known):
        return []
    return [
        _Wrong(
            "INVALID_ARN_ACCOUNT",
            f"`{text}` is not an account: those have twelve digits",
            "write the account's twelve digits, or `*`",
        )
    ]


def _exact(field: Shape) -> str | None:
    """The text of a field that is known and has no wildcards; the empty one as well."""
    if not field:
        return ""
    if len(field) == 1 and isinstance(field[0], str) and not _WILD.search(field[0]):
        return field[0]
    return None


def _shown(known: Shape) -> str:
    return "".join(map(str, known))


def _examples(known: tuple[Format, ...]) -> str:
    heads = list(dict.fromkeys(one.head for one in known if one.head))
    if not heads:
        return "those in AWS's Service Authorization Reference"
    shown = [f"`{head}…`" for head in heads[:3]]
    return " or ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _belongs(known: Shape, node: Node, sheet: Sheet) -> None:
    """Whether a resource of a resource-based policy may be the one that the policy is on."""
    own = RESOURCE_TYPES.get(sheet.resource_type)
    fields = arn_parts(known)
    if own is None or fields is None:
        return
    service = _exact(fields[2])
    form = [Format(True, True, glob, glob.partition("*")[0], "") for glob in own.resources]
    other = service not in (None, own.service) or (form and not any(fits(fields[5], one) for one in form))
    if other:
        sheet.say(
            "UNSUPPORTED_RESOURCE_ARN_IN_POLICY",
            node,
            f"the resource is none that a policy on {sheet.resource_type} can be about",
            "name the resource that the policy is on",
        )

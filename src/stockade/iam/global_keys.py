"""AWS's global condition keys: what type each has, and which requests carry it.

The table is ours, from the pages named below; services' own keys are in the catalog. Where the pages of
two years differ on when a key is there, or say "most services", it counts as there only sometimes:
nothing is then concluded from it, and nothing wrong.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from stockade.iam.match import glob_matches
from stockade.patterns import lazy_regex
from stockade.records import dataclass

Presence: TypeAlias = Literal["always", "signed", "sometimes", "never"]
"""In which requests a key is: in all, in all that are signed (anonymous ones are not), in some, in none."""

DATE: Final = "2026-11-26"
"""The day (ISO) that the table was last held against the pages."""
SOURCES: Final = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_single-vs-multi-valued-condition-keys.html",
)


@dataclass(frozen=True, slots=True)
class ConditionKey:
    """One condition key. ``name`` is AWS's spelling, with ``${TagKey}`` and its like for a part that varies.

    ``type`` is ``String``, ``ARN``, ``Bool``, ``Date``, ``IPAddress``, ``Numeric`` or ``ArrayOf`` one of
    them; empty where AWS names the key and does not describe it. ``service`` is the prefix of the
    service that has it, or empty for a global one. ``presence`` speaks of requests in general and
    ``for_roles`` of those that a role's session makes itself; nobody wrote that down for services' keys.
    ``when`` says in which requests it is, if not in all.
    """

    name: str
    type: str
    service: str = ""
    presence: Presence = "sometimes"
    for_roles: Presence = "sometimes"
    when: str = ""


_ENDPOINT = "requests through a VPC endpoint"
_MEMBER = "principals of accounts that are in an organization"
_RESOURCE_MEMBER = "resources of accounts that are in an organization"
_SERVICE = "requests that an AWS service principal makes directly"
_FORWARDED = "requests that a service makes with its caller's credentials"
_INSTANCE = "sessions of a role that an EC2 instance was given"
_TEMPORARY = "requests with temporary credentials"
_TAGGING = "requests that pass tags"
_MCP = "requests that come through an MCP server of AWS's"

# name, type, presence, presence in requests of a role's session, in which requests
_GLOBAL: Final[tuple[tuple[str, str, Presence, Presence, str], ...]] = (
    # The principal.
    ("aws:PrincipalArn", "ARN", "signed", "always", "signed requests"),
    ("aws:PrincipalAccount", "String", "always", "always", ""),
    ("aws:PrincipalOrgID", "String", "sometimes", "sometimes", _MEMBER),
    ("aws:PrincipalOrgPaths", "ArrayOfString", "sometimes", "sometimes", _MEMBER),
    ("aws:PrincipalTag/${TagKey}", "String", "sometimes", "sometimes", "principals with that tag"),
    ("aws:PrincipalIsAWSService", "Bool", "signed", "always", "signed requests"),
    ("aws:PrincipalServiceName", "String", "sometimes", "never", _SERVICE),
    ("aws:PrincipalServiceNamesList", "ArrayOfString", "sometimes", "never", _SERVICE),
    ("aws:PrincipalType", "String", "always", "always", ""),
    ("aws:userid", "String", "signed", "always", "signed requests"),
    ("aws:username", "String", "sometimes", "never", "requests of IAM users"),
    # The session.
    ("aws:AssumedRoot", "Bool", "sometimes", "sometimes", "sessions of sts:AssumeRoot"),
    ("aws:FederatedProvider", "String", "sometimes", "sometimes", "sessions of federated identities"),
    ("aws:TokenIssueTime", "Date", "sometimes", "always", _TEMPORARY),
    ("aws:MultiFactorAuthAge", "Numeric", "sometimes", "sometimes", "principals that used MFA"),
    ("aws:MultiFactorAuthPresent", "Bool", "sometimes", "sometimes", _TEMPORARY),
    ("aws:ChatbotSourceArn", "ARN", "sometimes", "sometimes", "sessions of AWS Chatbot"),
    ("aws:Ec2InstanceSourceVpc", "String", "sometimes", "sometimes", _INSTANCE),
    ("aws:Ec2InstanceSourcePrivateIPv4", "IPAddress", "sometimes", "sometimes", _INSTANCE),
    ("aws:SourceIdentity", "String", "sometimes", "sometimes", "sessions with a source identity"),
    ("aws:SignInSessionArn", "ARN", "sometimes", "sometimes", "sessions of AWS Sign-In"),
    ("aws:ViaCustomerDomain", "String", "sometimes", "sometimes", "sessions of delegated access"),
    ("ec2:RoleDelivery", "Numeric", "sometimes", "sometimes", _INSTANCE),
    ("ec2:SourceInstanceArn", "ARN", "sometimes", "sometimes", _INSTANCE),
    ("glue:CredentialIssuingService", "String", "sometimes", "sometimes", "sessions of Glue jobs"),
    ("glue:RoleAssumedBy", "String", "sometimes", "sometimes", "sessions of Glue"),
    ("identitystore:UserId", "String", "sometimes", "sometimes", "sessions with an Identity Center user"),
    ("lambda:SourceFunctionArn", "ARN", "sometimes", "sometimes", "sessions of Lambda functions"),
    ("ssm:SourceInstanceArn", "ARN", "sometimes", "sometimes", "sessions of managed instances"),
    # The network.
    ("aws:SourceIp", "IPAddress", "sometimes", "sometimes", "requests not through a VPC endpoint or a service"),
    ("aws:SourceVpc", "String", "sometimes", "sometimes", _ENDPOINT),
    ("aws:SourceVpcArn", "ARN", "sometimes", "sometimes", _ENDPOINT),
    ("aws:SourceVpce", "String", "sometimes", "sometimes", _ENDPOINT),
    ("aws:VpceAccount", "String", "sometimes", "sometimes", _ENDPOINT),
    ("aws:VpceOrgID", "String", "sometimes", "sometimes", _ENDPOINT),
    ("aws:VpceOrgPaths", "ArrayOfString", "sometimes", "sometimes", _ENDPOINT),
    ("aws:VpcSourceIp", "IPAddress", "sometimes", "sometimes", _ENDPOINT),
    # The resource.
    ("aws:ResourceAccount", "String", "sometimes", "sometimes", "most services' requests"),
    ("aws:ResourceOrgID", "String", "sometimes", "sometimes", _RESOURCE_MEMBER),
    ("aws:ResourceOrgPaths", "ArrayOfString", "sometimes", "sometimes", _RESOURCE_MEMBER),
    (
        "aws:ResourceTag/${TagKey}",
        "String",
        "sometimes",
        "sometimes",
        "resources with that tag, where supported",
    ),
    # The request.
    ("aws:CalledVia", "ArrayOfString", "sometimes", "sometimes", _FORWARDED),
    ("aws:CalledViaFirst", "String", "sometimes", "sometimes", _FORWARDED),
    ("aws:CalledViaLast", "String", "sometimes", "sometimes", _FORWARDED),
    ("aws:ViaAWSService", "Bool", "sometimes", "sometimes", "most services' requests"),
    ("aws:CalledViaAWSMCP", "String", "sometimes", "sometimes", _MCP),
    ("aws:ViaAWSMCPService", "Bool", "sometimes", "sometimes", _MCP),
    ("aws:IsMcpServiceAction", "Bool", "sometimes", "sometimes", _MCP),
    ("aws:CurrentTime", "Date", "always", "always", ""),
    ("aws:EpochTime", "Date", "always", "always", ""),
    ("aws:referer", "String", "sometimes", "sometimes", "requests from a link in a browser"),
    ("aws:RequestedRegion", "String", "always", "always", ""),
    ("aws:RequestTag/${TagKey}", "String", "sometimes", "sometimes", _TAGGING),
    ("aws:TagKeys", "ArrayOfString", "sometimes", "sometimes", _TAGGING),
    ("aws:SecureTransport", "Bool", "always", "always", ""),
    ("aws:SourceAccount", "String", "sometimes", "never", _SERVICE),
    ("aws:SourceArn", "ARN", "sometimes", "never", _SERVICE),
    ("aws:SourceOrgID", "String", "sometimes", "never", _SERVICE),
    ("aws:SourceOrgPaths", "ArrayOfString", "sometimes", "never", _SERVICE),
    ("aws:UserAgent", "String", "always", "always", ""),
)

_PART: Final = lazy_regex(r"\$\{[^}]*\}|<[^>]*>")


def key_glob(name: str) -> str:
    """A key's name in lower case as a glob: ``${TagKey}`` or ``<key>`` in it are any text but none."""
    return _PART.sub("?*", name.lower())


GLOBAL_KEYS: Final = tuple(
    ConditionKey(name, kind, "", presence, for_roles, when) for name, kind, presence, for_roles, when in _GLOBAL
)
"""All of them: those with the prefix ``aws:``, and those of a service's that other services' requests carry."""

_BY_NAME: Final = {key.name.lower(): key for key in GLOBAL_KEYS}
_VARYING: Final = tuple((glob, key) for key in GLOBAL_KEYS if "*" in (glob := key_glob(key.name)))


# What any OpenID Connect provider's token says, under the name of the provider. AWS calls `amr`
# multivalued, and the reference does not.
_CLAIM: Final = lazy_regex(r"[\w-]+(?:\.[\w-]+)+(?:/[^:]*)?:(aud|azp|amr|oaud|sub)")


def global_key(name: str) -> ConditionKey | None:
    """The global key of that name, in any case; ``aws:ResourceTag/team`` is ``aws:ResourceTag/${TagKey}``.

    The claims that tokens of any OpenID Connect provider have (``oidc.example.com:sub``) are global too.
    """
    lower = name.lower()
    if found := _BY_NAME.get(lower):
        return found
    if claim := _CLAIM.fullmatch(lower):
        kind = "ArrayOfString" if claim[1] == "amr" else "String"
        return ConditionKey(lower, kind, when="sessions of sts:AssumeRoleWithWebIdentity, and that request")
    return next((key for glob, key in _VARYING if glob_matches(glob, lower)), None)

"""What may stand before an API: custom domains, web ACLs and CloudFront distributions."""

from __future__ import annotations

from stockade.model.subject import Subject, default
from stockade.records import dataclass
from stockade.value import Unknown, Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ApiDomain(Subject):
    """A custom domain name of API Gateway; with a ``truststore`` clients must show a certificate."""

    name: Value[str]
    truststore: Value[str | None] = default(None, "without a trust store clients show no certificate")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ApiMapping(Subject):
    """Which API answers at a custom domain name."""

    api_id: Value[str]
    domain_name: Value[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class WebAcl(Subject):
    """A web ACL of AWS WAF; ``rate_limits`` are of its rate-based rules, in requests of one client."""

    name: Value[str]
    rate_limits: Value[tuple[Value[str], ...]] = default((), "the web ACL has no rate-based rule")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class WebAclAssociation(Subject):
    """A web ACL in front of a resource, such as a stage of a REST API."""

    resource_arn: Value[str]
    web_acl_arn: Value[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CdnOrigin(Subject):
    """Where a distribution fetches from; ``header_names`` are of the headers that it adds to requests."""

    domain_name: Value[str]
    header_names: Value[tuple[Value[str], ...]] = default((), "no custom headers are added")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Distribution(Subject):
    """A CloudFront distribution; ``aliases`` are the domain names of one's own that it answers at."""

    origins: Value[tuple[CdnOrigin | Unknown, ...]] = default((), "the distribution has no origins")
    aliases: Value[tuple[Value[str], ...]] = default((), "the distribution has no domain name of one's own")

"""Hosts of a private network that a text names: addresses, private domains, endpoints inside a VPC.

A word counts as a host only where one is written: at the beginning of a text or a list, after ``//``
or ``@``, or as the value in a connection string. Versions and file names look too much alike.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final

from stockade.memory import remembered
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.secrets.names import words_of

_LONGEST: Final = 16_384


@dataclass(frozen=True, slots=True)
class Host:
    """A host that only its own network should know. ``kind`` says of which sort it is, with its article;

    ``vague`` that it is a range, or that it may as well be a public name.
    """

    name: str
    kind: str
    vague: bool = False


def internal_hosts(name: str, text: str, zones: Collection[str] = ()) -> Iterator[Host]:
    """The hosts of private networks in the value called ``name``; ``zones`` are private domains."""
    said = frozenset(words_of(name))
    text = text[:_LONGEST]
    if not _VERSIONS.isdisjoint(said):
        return
    yield from _addresses(text)
    if "." in text or ":" in text:
        yield from _names(said, text, zones)


# --------------------------------------------------------------------------------------- addresses

_VERSIONS: Final = frozenset(("version", "release", "build", "tag", "revision", "oid", "semver", "image"))
_IPV4: Final = lazy_regex(r"(?<![\w.-])(\d{1,3}(?:\.\d{1,3}){3})(?:/(\d{1,2}))?(?![\w-]|\.\w)")
_IPV6: Final = lazy_regex(r"(?i)(?<![\w:.])(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):[0-9a-f:]{1,34}")
_PRIVATE: Final[tuple[tuple[IPv4Network | IPv6Network, str], ...]] = (
    (IPv4Network("10.0.0.0/8"), "a private address"),
    (IPv4Network("172.16.0.0/12"), "a private address"),
    (IPv4Network("192.168.0.0/16"), "a private address"),
    (IPv4Network("169.254.0.0/16"), "a link-local address"),
    (IPv4Network("100.64.0.0/10"), "an address of carrier-grade NAT"),
    (IPv6Network("fc00::/7"), "a unique local address"),
    (IPv6Network("fe80::/10"), "a link-local address"),
)
_OF_AWS: Final = frozenset(
    (
        "169.254.169.254",
        "169.254.170.2",
        "169.254.170.23",
        "169.254.169.253",
        "169.254.169.123",
        "fd00:ec2::254",
    )
)
"""The same in every account: metadata, credentials, DNS, time."""


def _addresses(text: str) -> Iterator[Host]:
    for found in _IPV4.finditer(text):
        if host := _address(found[1]):
            vague = found[2] not in (None, "32") or found[1].endswith(".0")
            yield Host(found[0], "a private network" if vague else host.kind, vague)
    for found in _IPV6.finditer(text):
        if host := _address(found[0].rstrip(":") if not found[0].endswith("::") else found[0]):
            yield host


def _address(text: str) -> Host | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if text.lower() in _OF_AWS:
        return None
    kind = next((kind for network, kind in _PRIVATE if address in network), None)
    return Host(text, kind) if kind else None


# ------------------------------------------------------------------------------------------- names

_NAME: Final = lazy_regex(
    r"(?:^|(?P<before>//|@|[=,;\s\"'(\[]))(?:tcp:)?"
    r"(?P<host>[A-Za-z0-9_*](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_-]{1,63}){0,12})\.?"
    r"(?::(?P<port>\d{2,5}))?(?=$|[/?#,;\s\"')\]])"
)
_SCHEME: Final = lazy_regex(r"([a-z][a-z0-9+.:-]{0,40})://(?:[^\s/@]{0,200}@)?$")
_NETWORK_SCHEMES: Final = frozenset(
    (
        *(
            "http",
            "https",
            "ws",
            "wss",
            "tcp",
            "udp",
            "tls",
            "ssl",
            "grpc",
            "grpcs",
            "redis",
            "rediss",
            "memcached",
        ),
        *(
            "postgres",
            "postgresql",
            "mysql",
            "mariadb",
            "mssql",
            "sqlserver",
            "oracle",
            "mongodb",
            "clickhouse",
        ),
        *(
            "cassandra",
            "neo4j",
            "bolt",
            "elasticsearch",
            "opensearch",
            "amqp",
            "amqps",
            "mqtt",
            "mqtts",
            "kafka",
        ),
        *(
            "nats",
            "stomp",
            "ldap",
            "ldaps",
            "smtp",
            "smtps",
            "imap",
            "imaps",
            "ftp",
            "ftps",
            "sftp",
            "ssh",
            "syslog",
        ),
        *(
            "statsd",
            "consul",
            "socks5",
            "nfs",
            "smb",
            "rtsp",
            "cockroachdb",
            "couchdb",
            "influxdb",
            "thrift",
            "jdbc",
        ),
    )
)
_PORTS: Final = frozenset(
    (
        *(80, 443, 1433, 1521, 2181, 2379, 3000, 3128, 3306, 4317, 4318, 5000, 5432, 5439, 5601, 5671, 5672),
        *(6379, 6380, 8000, 8080, 8086, 8125, 8126, 8443, 8500, 9000, 9042, 9090, 9092, 9094, 9096, 9098, 9200),
        *(9300, 11211, 27017, 61616),
    )
)
_MEANT_AS_HOST: Final = frozenset(
    (
        *(
            "host",
            "hosts",
            "hostname",
            "endpoint",
            "endpoints",
            "url",
            "uri",
            "server",
            "servers",
            "broker",
            "brokers",
        ),
        *(
            "bootstrap",
            "addr",
            "address",
            "addresses",
            "nodes",
            "upstream",
            "proxy",
            "dsn",
            "connect",
            "peer",
            "domain",
        ),
        *("dns", "fqdn", "seeds", "cluster"),
    )
)
_SELF: Final = frozenset(
    ("localhost", "localhost.localdomain", "host.docker.internal", "metadata.google.internal")
)
_STANDING: Final = frozenset(
    ("host", "hostname", "server", "example", "your-host", "domain", "endpoint", "none", "null")
)
"""Words that stand for a host in an example."""

_KEY_BEFORE: Final = lazy_regex(r"(?i)(?:host|server|source|addr|address|endpoint)\s?=\s?(?:tcp:)?$")
_PACKAGES: Final = ("com.", "org.", "net.", "io.", "dev.", "eu.", "de.", "uk.")
"""How the names of classes begin."""

_SUFFIXES: Final = (
    (".svc.cluster.local", "a service of a Kubernetes cluster"),
    (".cluster.local", "a service of a Kubernetes cluster"),
    (".compute.internal", "an instance's private name"),
    (".ec2.internal", "an instance's private name"),
    (".consul", "a name in Consul"),
    *((f".{suffix}", "a private name") for suffix in ("internal", "local", "lan", "corp", "intranet", "intra")),
    *((f".{suffix}", "a private name") for suffix in ("private", "home.arpa", "localdomain", "home", "priv")),
)
_AWS_NAME: Final = lazy_regex(r"\.amazonaws\.com(?:\.cn)?$")
_AWS_SERVICES: Final = (
    (".rds.", "a database's endpoint"),
    (".docdb.", "a database's endpoint"),
    (".neptune.", "a database's endpoint"),
    (".redshift.", "a data warehouse's endpoint"),
    (".redshift-serverless.", "a data warehouse's endpoint"),
    (".cache.", "a cache's endpoint"),
    (".memorydb.", "a cache's endpoint"),
    (".dax-clusters.", "a cache's endpoint"),
    (".kafka.", "a Kafka broker"),
    (".kafka-serverless.", "a Kafka broker"),
    (".mq.", "a message broker"),
    (".efs.", "a file system's endpoint"),
    (".fsx.", "a file system's endpoint"),
    (".vpce.", "a VPC endpoint"),
)


def _names(said: frozenset[str], text: str, zones: Collection[str]) -> Iterator[Host]:
    for found in _NAME.finditer(text):
        host, port = found["host"].lower(), found["port"]
        if host in _SELF or host in _STANDING or host.replace(".", "").isdigit():
            continue
        scheme = _scheme(text, found) if found["before"] in ("//", "@") else ""
        if scheme is None or (found["before"] == "@" and not scheme and not port):  # no host, or of an e-mail
            continue
        if "." not in host:
            if _is_single(said, found, scheme, port):
                yield Host(found["host"], "a name without a domain")
            continue
        # a file's name may end like a private domain: then somebody must say that a host is meant
        meant = bool(scheme or port) or not said.isdisjoint(_MEANT_AS_HOST)
        meant = meant or _KEY_BEFORE.search(text[max(0, found.start() - 20) : found.start("host")]) is not None
        meant = meant or (host.count(".") > 1 and not host.startswith(_PACKAGES))
        if one := _kind(host, zones, meant):
            yield Host(found["host"], *one)


def _scheme(text: str, found: re.Match[str]) -> str | None:
    """The scheme of the URL that a name stands in; ``None`` where what follows is no host."""
    at = found.start("host")
    before = _SCHEME.search(text[max(0, at - 260) : at])
    if before is None:
        return ""
    parts = re.split(r"[+:]", before[1])
    return before[1] if not _NETWORK_SCHEMES.isdisjoint(parts) else None


def _is_single(said: frozenset[str], found: re.Match[str], scheme: str, port: str | None) -> bool:
    name = found["host"]
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,62}", name):
        return False
    if scheme:
        return True
    if port is None or found["before"] in ("//", "@"):
        return False
    return int(port) in _PORTS or (not said.isdisjoint(_MEANT_AS_HOST) and int(port) < 65_536)


def _kind(host: str, zones: Collection[str], meant: bool) -> tuple[str, bool] | None:
    for zone in zones:
        if host == zone or host.endswith(f".{zone}"):
            return "a name in a private hosted zone", False
    return _known_kind(host) if meant else None


@remembered(1024)
def _known_kind(host: str) -> tuple[str, bool] | None:
    for suffix, kind in _SUFFIXES:
        if host.endswith(suffix):
            return kind, False
    if _AWS_NAME.search(host):
        for part, kind in _AWS_SERVICES:
            if part in host:
                # the service's own endpoint begins with a region, or with nothing at all
                return (kind, False) if re.search(r"[.-]", host.partition(part)[0]) else None
        if host.startswith("internal-") and ".elb." in host:
            return "an internal load balancer", False
        if host.startswith("vpce-"):
            return "a VPC endpoint", False
        if ".es." in host and not host.startswith("es."):
            return "a search domain's endpoint", not host.startswith("vpc-")
        if host.endswith((".aoss.amazonaws.com", ".aoss.amazonaws.com.cn")):
            return "a search collection's endpoint", True
        return None
    labels = host.split(".")
    if not {"internal", "corp", "intranet", "intern"}.isdisjoint(labels[:-2]):
        return "a name that is called internal", True
    return None

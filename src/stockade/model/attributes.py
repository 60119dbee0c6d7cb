"""What attributes of resources hold: secrets, and names of hosts inside of a network.

Facts of the AWS provider's documentation and of the providers people use beside it, and of
CloudFormation's resource reference. An attribute is told by its resource's type, whether it is read from a
resource or a data source; the empty name stands for all attributes of a type.
"""

from __future__ import annotations

import re
from typing import Final

from stockade.patterns import lazy_regex
from stockade.secrets.names import may_carry
from stockade.value import Ref

ANY_SECRET: Final = "a secret"  # noqa: S105 - the words of a report
"""Of no kind that the attribute would tell."""
_PASSWORD, _TOKEN, _KEY, _PRIVATE = "a password", "a token", "a key", "a private key"

_SECRETS: Final[dict[str, dict[str, str]]] = {
    "random_password": {"result": "a generated password", "bcrypt_hash": "the hash of a generated password"},
    "tls_private_key": {
        "private_key_pem": _PRIVATE,
        "private_key_openssh": _PRIVATE,
        "private_key_pem_pkcs8": _PRIVATE,
    },
    "aws_iam_access_key": {"secret": "a secret access key", "ses_smtp_password_v4": "an SMTP password"},
    "aws_iam_user_login_profile": {"password": _PASSWORD},
    "aws_iam_service_specific_credential": {"service_password": _PASSWORD},
    "aws_iam_server_certificate": {"private_key": _PRIVATE},
    "aws_acm_certificate": {"private_key": _PRIVATE},
    "aws_api_gateway_api_key": {"value": "an API key"},
    "aws_appsync_api_key": {"key": "an API key"},
    "aws_location_key": {"key": "an API key"},
    "aws_cognito_user_pool_client": {"client_secret": "a client secret"},
    "aws_cognito_identity_provider": {"provider_details": "a client secret"},
    "aws_db_instance": {"password": _PASSWORD},
    "aws_rds_cluster": {"master_password": _PASSWORD},
    "aws_docdb_cluster": {"master_password": _PASSWORD},
    "aws_redshift_cluster": {"master_password": _PASSWORD},
    "aws_redshiftserverless_namespace": {"admin_user_password": _PASSWORD},
    "aws_elasticache_replication_group": {"auth_token": _PASSWORD},
    "aws_elasticache_user": {"passwords": _PASSWORD},
    "aws_memorydb_user": {"passwords": _PASSWORD},
    "aws_mq_broker": {"user": _PASSWORD},
    "aws_dms_endpoint": {"password": _PASSWORD},
    "aws_directory_service_directory": {"password": _PASSWORD},
    "aws_secretsmanager_secret_version": {"secret_string": ANY_SECRET, "secret_binary": ANY_SECRET},
    "aws_secretsmanager_random_password": {"random_password": "a generated password"},
    "aws_kms_secrets": {"plaintext": ANY_SECRET},
    "aws_kms_data_key": {"plaintext": _KEY},
    "aws_ecr_authorization_token": {"password": _PASSWORD, "authorization_token": _TOKEN},
    "aws_eks_cluster_auth": {"token": _TOKEN},
    "aws_grafana_workspace_api_key": {"key": "an API key"},
    "aws_grafana_workspace_service_account_token": {"key": _TOKEN},
    "aws_lightsail_key_pair": {"private_key": _PRIVATE},
    "vault_generic_secret": {"data": ANY_SECRET, "data_json": ANY_SECRET},
    "vault_kv_secret": {"data": ANY_SECRET, "data_json": ANY_SECRET},
    "vault_kv_secret_v2": {"data": ANY_SECRET, "data_json": ANY_SECRET},
    "vault_aws_access_credentials": {"secret_key": "a secret access key", "security_token": _TOKEN},
    "sops_file": {"data": ANY_SECRET, "raw": ANY_SECRET},
    "onepassword_item": {"password": _PASSWORD, "credential": ANY_SECRET},
    "datadog_api_key": {"key": "an API key"},
    "datadog_application_key": {"key": "an application key"},
    "mongodbatlas_database_user": {"password": _PASSWORD},
    "cloudflare_api_token": {"value": _TOKEN},
    "auth0_client": {"client_secret": "a client secret"},
    "auth0_client_credentials": {"client_secret": "a client secret"},
    "okta_app_oauth": {"client_secret": "a client secret"},
    "azuread_application_password": {"value": "a client secret"},
    "google_service_account_key": {"private_key": _PRIVATE},
    "google_secret_manager_secret_version": {"secret_data": ANY_SECRET},
    "github_actions_secret": {"plaintext_value": ANY_SECRET},
    "resolve:secretsmanager": {"SecretString": ANY_SECRET},
    "resolve:ssm-secure": {"Value": ANY_SECRET},
    "AWS::IAM::AccessKey": {"SecretAccessKey": "a secret access key"},
    "AWS::AppSync::ApiKey": {"ApiKey": "an API key"},
    "AWS::Cognito::UserPoolClient": {"ClientSecret": "a client secret"},
    "postgresql_role": {"password": _PASSWORD},
    "mysql_user": {"plaintext_password": _PASSWORD},
}
_PERHAPS: Final[dict[str, dict[str, str]]] = {
    "aws_ssm_parameter": {"value": "a parameter's value", "insecure_value": "a parameter's value"},
    "random_string": {"result": "a generated text"},
    "random_id": dict.fromkeys(("hex", "b64_url", "b64_std", "dec"), "a generated text"),
    "random_uuid": {"result": "a generated text"},
    "random_bytes": {"hex": "a generated text", "base64": "a generated text"},
    "resolve:ssm": {"Value": "a parameter's value"},
    "AWS::SSM::Parameter": {"Value": "a parameter's value"},
    "Fn::ImportValue": {"": "another stack's output"},
    "terraform_remote_state": {"outputs": "another stack's output"},
    "external": {"result": "the answer of a program"},
    "http": {"response_body": "the answer of a server", "body": "the answer of a server"},
}
_OPEN: Final = frozenset(
    (
        "username",
        "user",
        "login",
        "host",
        "hostname",
        "endpoint",
        "address",
        "port",
        "dbname",
        "database",
        "db_name",
        "dbinstanceidentifier",
        "name",
        "engine",
        "region",
        "account",
        "account_id",
        "arn",
        "url",
        "email",
        "role",
        "cluster",
        "schema",
        "client_id",
        "clientid",
        "id",
        "key_id",
        "kid",
        "issuer",
        "audience",
        "tenant_id",
        "project_id",
        "app_id",
    )
)
"""Members of a secret's document that are none themselves."""
_OPEN_ENDINGS: Final = frozenset(
    ("username", "user", "login", "host", "hostname", "port", "dbname", "database", "region", "email")
)
"""How such members end where something else is said before: ``db_host``, ``sftp_server_username``."""
_OPEN_ADDRESS: Final = lazy_regex(r"(?:.*_)?(?:\w*ur[li]|endpoint)")
_TELLING_ADDRESS: Final = frozenset(
    ("signed", "presigned", "sas", "feed", "ical", "calendar", "invite", "sentry")
)
"""Said of addresses that are as good as a password, beside webhooks and databases'."""
_OPEN_ID: Final = lazy_regex(r"(?!.*(?:secret|session|role|token)_?id$).*_id")

_HOSTS: Final[dict[str, frozenset[str]]] = {
    "aws_db_instance": frozenset(("address", "endpoint")),
    "aws_db_proxy": frozenset(("endpoint",)),
    "aws_rds_cluster": frozenset(("endpoint", "reader_endpoint")),
    "aws_rds_cluster_instance": frozenset(("endpoint",)),
    "aws_rds_cluster_endpoint": frozenset(("endpoint",)),
    "aws_docdb_cluster": frozenset(("endpoint", "reader_endpoint")),
    "aws_docdb_cluster_instance": frozenset(("endpoint",)),
    "aws_neptune_cluster": frozenset(("endpoint", "reader_endpoint")),
    "aws_redshift_cluster": frozenset(("endpoint", "dns_name")),
    "aws_redshiftserverless_workgroup": frozenset(("endpoint",)),
    "aws_elasticache_cluster": frozenset(("cluster_address", "configuration_endpoint", "cache_nodes")),
    "aws_elasticache_replication_group": frozenset(
        ("primary_endpoint_address", "reader_endpoint_address", "configuration_endpoint_address")
    ),
    "aws_elasticache_serverless_cache": frozenset(("endpoint", "reader_endpoint")),
    "aws_memorydb_cluster": frozenset(("cluster_endpoint",)),
    "aws_dax_cluster": frozenset(("cluster_address", "configuration_endpoint")),
    "aws_opensearch_domain": frozenset(("endpoint", "dashboard_endpoint")),
    "aws_elasticsearch_domain": frozenset(("endpoint", "kibana_endpoint")),
    "aws_msk_cluster": frozenset(
        (
            "bootstrap_brokers",
            "bootstrap_brokers_tls",
            "bootstrap_brokers_sasl_iam",
            "bootstrap_brokers_sasl_scram",
            "zookeeper_connect_string",
        )
    ),
    "aws_mq_broker": frozenset(("instances",)),
    "aws_efs_file_system": frozenset(("dns_name",)),
    "aws_efs_mount_target": frozenset(("dns_name", "ip_address", "mount_target_dns_name")),
    "aws_instance": frozenset(("private_ip", "private_dns")),
    "aws_network_interface": frozenset(("private_ip", "private_ips", "private_dns_name")),
    "aws_vpc_endpoint": frozenset(("dns_entry",)),
    "AWS::RDS::DBInstance": frozenset(("Endpoint",)),
    "AWS::RDS::DBCluster": frozenset(("Endpoint", "ReadEndpoint")),
    "AWS::RDS::DBProxy": frozenset(("Endpoint",)),
    "AWS::RDS::DBProxyEndpoint": frozenset(("Endpoint",)),
    "AWS::DocDB::DBCluster": frozenset(("Endpoint", "ReadEndpoint")),
    "AWS::DocDB::DBInstance": frozenset(("Endpoint",)),
    "AWS::Neptune::DBCluster": frozenset(("Endpoint", "ReadEndpoint")),
    "AWS::Redshift::Cluster": frozenset(("Endpoint",)),
    "AWS::RedshiftServerless::Workgroup": frozenset(("Workgroup",)),
    "AWS::ElastiCache::CacheCluster": frozenset(("RedisEndpoint", "ConfigurationEndpoint")),
    "AWS::ElastiCache::ReplicationGroup": frozenset(
        ("PrimaryEndPoint", "ReaderEndPoint", "ReadEndPoint", "ConfigurationEndPoint")
    ),
    "AWS::ElastiCache::ServerlessCache": frozenset(("Endpoint", "ReaderEndpoint")),
    "AWS::MemoryDB::Cluster": frozenset(("ClusterEndpoint",)),
    "AWS::DAX::Cluster": frozenset(("ClusterDiscoveryEndpoint",)),
    "AWS::OpenSearchService::Domain": frozenset(("DomainEndpoint", "DomainEndpoints")),
    "AWS::Elasticsearch::Domain": frozenset(("DomainEndpoint",)),
    "AWS::AmazonMQ::Broker": frozenset(
        ("AmqpEndpoints", "MqttEndpoints", "OpenWireEndpoints", "StompEndpoints", "WssEndpoints", "IpAddresses")
    ),
    "AWS::EFS::MountTarget": frozenset(("IpAddress",)),
    "AWS::EC2::Instance": frozenset(("PrivateIp", "PrivateDnsName")),
    "AWS::EC2::NetworkInterface": frozenset(("PrimaryPrivateIpAddress", "SecondaryPrivateIpAddresses")),
    "AWS::EC2::VPCEndpoint": frozenset(("DnsEntries",)),
}

_INDEX: Final = lazy_regex(r"\[[^\]]*\]")
_DECODED: Final = lazy_regex(r"jsondecode\((.*)\)(.*)", re.DOTALL)


def type_of(ref: Ref) -> str:
    """The type of the resource or data source that a reference is to; ``module`` for a module's output."""
    if ref.type:
        return ref.type
    names = _INDEX.sub("", ref.address).split(".")
    return names[-2] if len(names) > 1 else ""


def leaf_of(ref: Ref) -> str:
    """The last name of a reference: the key within a document or a map, or the attribute."""
    return _INDEX.sub("", ref.attribute).rpartition(".")[2].strip('()"')


def secret_in(ref: Ref) -> str | None:
    """What kind of secret an attribute holds, with its article; ``None`` for one that holds none."""
    decoded = _DECODED.fullmatch(ref.attribute)
    attribute = decoded[1] if decoded else ref.attribute
    kind = _SECRETS.get(type_of(ref), {}).get(_head(attribute))
    inner = decoded[2].lstrip(".") if decoded else attribute.partition(".")[2]
    member = inner.rpartition(".")[2].lower()
    return None if _is_open(member) else kind


def _is_open(member: str) -> bool:
    """Whether a member of a secret's document is none itself, by its name: an identifier, or a mere address."""
    if member in _OPEN or member.rpartition("_")[2] in _OPEN_ENDINGS or _OPEN_ID.fullmatch(member):
        return True
    if not _OPEN_ADDRESS.fullmatch(member) or may_carry(member):
        return False
    return _TELLING_ADDRESS.isdisjoint(member.split("_"))


def perhaps_secret_in(ref: Ref) -> str | None:
    """What an attribute holds that is as secret as it is called; ``None`` for one that never is."""
    decoded = _DECODED.fullmatch(ref.attribute)
    kinds = _PERHAPS.get(type_of(ref), {})
    return kinds.get("") or kinds.get(_head(decoded[1] if decoded else ref.attribute))


def is_host(ref: Ref) -> bool:
    """Whether an attribute names a host inside of a network."""
    return _head(ref.attribute) in _HOSTS.get(type_of(ref), frozenset())


def _head(attribute: str) -> str:
    return re.split(r"[.\[]", attribute, maxsplit=1)[0]

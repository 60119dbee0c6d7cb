"""The hardening checklist: its rows, in order, under their sections.

A control names the row it decides. A row that no control decides is shown as not decided by this
version; it never counts as holding.
"""

from __future__ import annotations

from enum import Enum


class Item(Enum):
    """One row: section and sentence. The member's name is its stable identifier."""

    CUSTOM_ROLE = ("Execution role", "a role of its own, not Administrator or PowerUser access")
    EXACT_PERMISSIONS = ("Execution role", "exact actions on exact resources")
    SCOPED_LOGS = ("Execution role", "logs scoped to the function's log group")
    SCOPED_SECRETS = ("Execution role", "secrets scoped to their ARNs")
    NO_UNUSED_PERMISSIONS = ("Execution role", "no unused permissions")
    VALID_POLICIES = ("Execution role", "policies pass IAM Access Analyzer's validation")
    RESTRICTED_INVOKERS = ("Invocation control", "invokers restricted to specific ARNs")
    SCOPED_API = ("Invocation control", "API Gateway scoped to one API")
    RESERVED_CONCURRENCY = ("Invocation control", "reserved concurrency set")
    PUBLIC_ENDPOINTS = ("Invocation control", "no unprotected function URL or API")
    NO_PLAINTEXT_SECRETS = ("Secrets and config", "no plaintext secrets in the environment")
    RUNTIME_SECRETS = ("Secrets and config", "secrets fetched at run time, with a cache")
    NO_HOSTNAMES = ("Secrets and config", "no internal hostnames in the environment")
    TRACING = ("Observability", "X-Ray active tracing")
    ERROR_ALARM = ("Observability", "alarm on the error rate")
    INVOCATION_ALARM = ("Observability", "alarm on an invocation spike")
    CURRENT_RUNTIME = ("Runtime", "runtime is current")
    SCANNED_DEPENDENCIES = ("Runtime", "dependencies scanned for CVEs")
    CLEAN_PACKAGE = ("Runtime", "the package holds only runtime files")
    NETWORK = ("Beyond the list", "VPC placement and egress")
    OPERATIONS = ("Beyond the list", "logs, failures, code origin, loops")

    @property
    def section(self) -> str:
        return self.value[0]

    @property
    def title(self) -> str:
        return self.value[1]

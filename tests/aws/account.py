"""Accounts as tests declare them: functions, roles and whatever else a call may ask for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from tests.aws.book import Book

GLOBAL: Final = frozenset({"iam", "cloudfront", "route53", "organizations", "account", "sts"})
"""Services that have one endpoint for all regions."""
THEN: Final = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
"""When everything was made."""
_TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
Document = Mapping[str, Any]


def document(*statements: Document) -> Document:
    """A policy of these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str | Sequence[str], resource: str | Sequence[str], **more: Any) -> Document:
    """A statement of a role's policy."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def _identity(prefix: str, text: str) -> str:
    return prefix + hashlib.sha256(text.encode()).hexdigest()[:17].upper()


@dataclass(slots=True)
class Region:
    """One region of an account; what is declared of it goes into its book."""

    account: str
    name: str
    book: Book = field(default_factory=Book)

    def says(self, call: str, answer: Any, **of: Any) -> None:
        """Declares what a call is answered with."""
        self.book.says(call, answer, **of)

    def adds(self, call: str, item: Any, **of: Any) -> None:
        """Declares one more element of what a call lists."""
        self.book.adds(call, item, **of)

    def arn(self, service: str, rest: str) -> str:
        """An ARN of this region."""
        return f"arn:aws:{service}:{self.name}:{self.account}:{rest}"

    # ----------------------------------------------------------------------------------- functions

    def function(
        self,
        name: str,
        role: str,
        *,
        settings: Mapping[str, Any] | None = None,
        tags: Mapping[str, str] | None = None,
        reserved: int | None = None,
        policy: Sequence[Document] = (),
        qualified: Mapping[str, Sequence[Document]] | None = None,
        aliases: Mapping[str, str] | None = None,
        versions: Sequence[str] = (),
        urls: Mapping[str, Mapping[str, Any]] | None = None,
        invoke: Mapping[str, Any] | None = None,
        signing: str | None = None,
        recursion: str = "Terminate",
        updates: str = "Auto",
        provisioned: Mapping[str, int] | None = None,
        code: str = "",
    ) -> str:
        """Declares a function and gives its ARN.

        ``settings`` are of its configuration. ``policy`` is of the function itself, ``qualified`` by alias or
        version; ``urls`` by qualifier, empty for none; ``signing`` is the ARN of a configuration that is
        declared; ``provisioned`` is by qualifier. ``code`` is where its package is downloaded from.
        """
        arn = self.arn("lambda", f"function:{name}")
        known = _configuration(name, arn, role, settings or {})
        own = {"FunctionName": name}
        self.adds("lambda:ListFunctions", known)
        self.adds("lambda:ListFunctions", {**known, "FunctionArn": f"{arn}:$LATEST"}, FunctionVersion="ALL")
        self.says("lambda:GetFunctionConfiguration", _full(known), **own)
        whole: dict[str, Any] = {
            "Configuration": _full(known),
            "Code": {"RepositoryType": "S3", "Location": code},
        }
        whole |= {"Tags": dict(tags)} if tags else {}
        whole |= {"Concurrency": {"ReservedConcurrentExecutions": reserved}} if reserved is not None else {}
        self.says("lambda:GetFunction", whole, **own)
        self.says("lambda:ListTags", {"Tags": dict(tags or {})}, Resource=arn)
        concurrency = {} if reserved is None else {"ReservedConcurrentExecutions": reserved}
        self.says("lambda:GetFunctionConcurrency", concurrency, **own)
        if policy:
            self.says("lambda:GetPolicy", _policy(policy), Qualifier=None, **own)
        for qualifier, statements in (qualified or {}).items():
            self.says("lambda:GetPolicy", _policy(statements), Qualifier=qualifier, **own)
        listed = {**known, "FunctionArn": f"{arn}:$LATEST", "Version": "$LATEST"}
        self.says("lambda:ListVersionsByFunction", [listed], **own)
        for version in versions:
            published = {**known, "Version": version, "FunctionArn": f"{arn}:{version}"}
            self.adds("lambda:ListFunctions", published, FunctionVersion="ALL")
            self.adds("lambda:ListVersionsByFunction", published, **own)
        for alias, version in (aliases or {}).items():
            made = {"AliasArn": f"{arn}:{alias}", "Name": alias, "FunctionVersion": version, "Description": ""}
            self.adds("lambda:ListAliases", {**made, "RevisionId": "r"}, **own)
        for qualifier, url in (urls or {}).items():
            self._url(arn, own, qualifier, url)
        if invoke is not None:
            config = {"LastModified": THEN, "FunctionArn": f"{arn}:$LATEST", **invoke}
            self.says("lambda:ListFunctionEventInvokeConfigs", [config], **own)
            self.says("lambda:GetFunctionEventInvokeConfig", config, **own)
        if signing:
            self.says(
                "lambda:GetFunctionCodeSigningConfig",
                {"CodeSigningConfigArn": signing, "FunctionName": name},
                **own,
            )
            self.adds("lambda:ListFunctionsByCodeSigningConfig", arn, CodeSigningConfigArn=signing)
        else:
            self.says(
                "lambda:GetFunctionCodeSigningConfig", {"CodeSigningConfigArn": "", "FunctionName": name}, **own
            )
        self.says("lambda:GetFunctionRecursionConfig", {"RecursiveLoop": recursion}, **own)
        self.says("lambda:GetRuntimeManagementConfig", {"UpdateRuntimeOn": updates, "FunctionArn": arn}, **own)
        for qualifier, amount in (provisioned or {}).items():
            ready = {"FunctionArn": f"{arn}:{qualifier}", "RequestedProvisionedConcurrentExecutions": amount}
            self.adds("lambda:ListProvisionedConcurrencyConfigs", {**ready, "Status": "READY"}, **own)
        return arn

    def _url(self, arn: str, own: Mapping[str, str], qualifier: str, url: Mapping[str, Any]) -> None:
        made = {
            "FunctionUrl": f"https://{_identity('u', arn + qualifier).lower()}.lambda-url.{self.name}.on.aws/",
            "FunctionArn": f"{arn}:{qualifier}" if qualifier else arn,
            "CreationTime": "2026-01-02T03:04:05Z",
            "LastModifiedTime": "2026-01-02T03:04:05Z",
            "InvokeMode": "BUFFERED",
            **url,
        }
        self.adds("lambda:ListFunctionUrlConfigs", made, **own)
        of = {**own, "Qualifier": qualifier} if qualifier else {**own, "Qualifier": None}
        self.says("lambda:GetFunctionUrlConfig", made, **of)

    def signing(self, name: str, untrusted: str = "Enforce") -> str:
        """Declares a code signing configuration and gives its ARN."""
        arn = self.arn("lambda", f"code-signing-config:csc-{_identity('', name).lower()}")
        config = {
            "CodeSigningConfigId": arn.rpartition(":")[2],
            "CodeSigningConfigArn": arn,
            "AllowedPublishers": {
                "SigningProfileVersionArns": [self.arn("signer", f"/signing-profiles/{name}/v1")]
            },
            "CodeSigningPolicies": {"UntrustedArtifactOnDeployment": untrusted},
            "LastModified": "2026-01-02T03:04:05Z",
        }
        self.adds("lambda:ListCodeSigningConfigs", config)
        self.says("lambda:GetCodeSigningConfig", {"CodeSigningConfig": config}, CodeSigningConfigArn=arn)
        return arn

    def limits(self, concurrent: int, unreserved: int, functions: int) -> None:
        """Declares what the account may run at once in this region."""
        limit = {
            "TotalCodeSize": 80530636800,
            "CodeSizeUnzipped": 262144000,
            "CodeSizeZipped": 52428800,
            "ConcurrentExecutions": concurrent,
            "UnreservedConcurrentExecutions": unreserved,
        }
        usage = {"TotalCodeSize": functions * 1000, "FunctionCount": functions}
        self.says("lambda:GetAccountSettings", {"AccountLimit": limit, "AccountUsage": usage})


def _configuration(name: str, arn: str, role: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "FunctionName": name,
        "FunctionArn": arn,
        "Runtime": "python3.13",
        "Role": role,
        "Handler": "index.handler",
        "CodeSize": 1000,
        "Description": "",
        "Timeout": 3,
        "MemorySize": 128,
        "LastModified": "2026-01-02T03:04:05.000+0000",
        "CodeSha256": hashlib.sha256(name.encode()).hexdigest()[:43] + "=",
        "Version": "$LATEST",
        "TracingConfig": {"Mode": "PassThrough"},
        "RevisionId": "r",
        "PackageType": "Zip",
        "Architectures": ["x86_64"],
        "EphemeralStorage": {"Size": 512},
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"},
        **settings,
    }


def _full(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """What GetFunction has and ListFunctions leaves out."""
    return {**configuration, "State": "Active", "LastUpdateStatus": "Successful"}


def _policy(statements: Sequence[Document]) -> dict[str, Any]:
    policy = {"Version": "2012-10-17", "Id": "default", "Statement": list(statements)}
    return {"Policy": json.dumps(policy), "RevisionId": "r"}


@dataclass(slots=True)
class Account:
    """An account: regions, and a book of what has no region. ``external_id`` is what its roles ask for."""

    number: str = "111122223333"
    external_id: str = ""
    regions: dict[str, Region] = field(default_factory=dict)
    book: Book = field(default_factory=Book)

    def region(self, name: str = "us-east-1") -> Region:
        """A region, made when it is first asked for."""
        if name not in self.regions:
            self.regions[name] = Region(self.number, name)
        return self.regions[name]

    def says(self, call: str, answer: Any, **of: Any) -> None:
        """Declares what a call of a service without regions is answered with."""
        self.book.says(call, answer, **of)

    def adds(self, call: str, item: Any, **of: Any) -> None:
        """Declares one more element of what such a call lists."""
        self.book.adds(call, item, **of)

    def paged(self, size: int) -> None:
        """Makes every page at most so long."""
        for book in (self.book, *(region.book for region in self.regions.values())):
            book.page = size

    # --------------------------------------------------------------------------------------- roles

    def role(
        self,
        name: str,
        *,
        trust: Document = _TRUST,
        inline: Mapping[str, Document] | None = None,
        attached: Sequence[str] = (),
        boundary: str | None = None,
        path: str = "/",
        tags: Mapping[str, str] | None = None,
    ) -> str:
        """Declares a role and gives its ARN; ``attached`` are ARNs of policies."""
        arn = f"arn:aws:iam::{self.number}:role{path}{name}"
        listed = [{"PolicyName": one, "PolicyDocument": _quoted(of)} for one, of in (inline or {}).items()]
        policies = [{"PolicyName": one.rpartition("/")[2], "PolicyArn": one} for one in attached]
        detail: dict[str, Any] = {
            "Path": path,
            "RoleName": name,
            "RoleId": _identity("AROA", name),
            "Arn": arn,
            "CreateDate": THEN,
            "AssumeRolePolicyDocument": _quoted(trust),
            "InstanceProfileList": [],
            "RolePolicyList": listed,
            "AttachedManagedPolicies": policies,
            "Tags": [{"Key": key, "Value": value} for key, value in (tags or {}).items()],
            "RoleLastUsed": {},
        }
        if boundary:
            detail["PermissionsBoundary"] = {
                "PermissionsBoundaryType": "Policy",
                "PermissionsBoundaryArn": boundary,
            }
        self._details()["RoleDetailList"].append(detail)
        self.says("iam:GetRole", {"Role": {k: v for k, v in detail.items() if k in _OF_ROLE}}, RoleName=name)
        self.says("iam:ListAttachedRolePolicies", policies, RoleName=name)
        self.says("iam:ListRolePolicies", [one["PolicyName"] for one in listed], RoleName=name)
        for one in listed:
            self.says(
                "iam:GetRolePolicy", {"RoleName": name, **one}, RoleName=name, PolicyName=one["PolicyName"]
            )
        return arn

    def policy(self, name: str, of: Document, *, path: str = "/", arn: str = "") -> str:
        """Declares a managed policy and gives its ARN."""
        arn = arn or f"arn:aws:iam::{self.number}:policy{path}{name}"
        version = {"Document": _quoted(of), "VersionId": "v1", "IsDefaultVersion": True, "CreateDate": THEN}
        detail = {
            "PolicyName": name,
            "PolicyId": _identity("ANPA", arn),
            "Arn": arn,
            "Path": path,
            "DefaultVersionId": "v1",
            "AttachmentCount": 1,
            "IsAttachable": True,
            "CreateDate": THEN,
            "UpdateDate": THEN,
        }
        self._details()["Policies"].append({**detail, "PolicyVersionList": [version]})
        self.says("iam:GetPolicy", {"Policy": detail}, PolicyArn=arn)
        self.says("iam:GetPolicyVersion", {"PolicyVersion": version}, PolicyArn=arn, VersionId="v1")
        return arn

    def last_accessed(self, arn: str, services: Mapping[str, datetime | None]) -> None:
        """Declares when a role last used each service; ``None`` for never."""
        job = f"{_identity('', arn).lower():0<36}"
        self.says("iam:GenerateServiceLastAccessedDetails", {"JobId": job}, Arn=arn)
        listed = []
        for service, at in services.items():
            row: dict[str, Any] = {"ServiceName": service, "ServiceNamespace": service}
            row |= {"LastAuthenticated": at, "LastAuthenticatedEntity": arn} if at else {}
            listed.append({**row, "TotalAuthenticatedEntities": 1 if at else 0})
        done = {
            "JobStatus": "COMPLETED",
            "JobCreationDate": THEN,
            "JobCompletionDate": THEN,
            "IsTruncated": False,
            "ServicesLastAccessed": listed,
        }
        self.says("iam:GetServiceLastAccessedDetails", done, JobId=job)

    def _details(self) -> dict[str, list[Any]]:
        place = self.book._answers.setdefault("iam:GetAccountAuthorizationDetails", {}).setdefault((), {})
        return place.setdefault(  # type: ignore[no-any-return]
            (), {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}
        )


_OF_ROLE: Final = (
    *("Path", "RoleName", "RoleId", "Arn", "CreateDate", "AssumeRolePolicyDocument"),
    *("PermissionsBoundary", "Tags", "RoleLastUsed"),
)


def _quoted(of: Document) -> str:
    """A document as IAM sends it: percent-encoded."""
    return quote(json.dumps(of))

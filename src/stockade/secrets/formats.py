"""Secrets that can be told by their looks: one row for every format that a provider documents.

A row says what a key begins with and what may follow. Formats that providers call publishable are
listed too, so that a password-like name does not turn them into secrets. The lengths are the
documented ones where a provider promises them, otherwise a minimum: a prefix is what identifies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from functools import cached_property
from itertools import islice
from typing import Final

from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.secrets.checks import (
    base32,
    base62_crc32,
    base64_begins,
    base64_json,
    numeric_base64,
)


class Standing(Enum):
    """What holding such a key is worth."""

    SECRET = "secret"  # noqa: S105
    TEST = "test"
    """Works, but only in a sandbox."""
    PUBLIC = "public"
    """Made to be shipped to browsers."""


@dataclass(frozen=True)
class Format:
    """``kind`` is what people call it, with its article; ``tail`` a regex of what follows ``prefix``.

    ``check`` confirms a checksum or an inner structure; a key that fails it is still of this format,
    only not verified. ``structured`` says that the match itself is the proof.
    """

    kind: str
    prefix: str
    tail: str
    standing: Standing = Standing.SECRET
    check: Callable[[str], bool] | None = None
    structured: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.prefix) + self.tail + r"(?![A-Za-z0-9])")

    def verified(self, key: str) -> bool:
        return self.structured or (self.check is not None and self.check(key))


_TEST, _PUBLIC = Standing.TEST, Standing.PUBLIC
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_A, _W, _H = r"[A-Za-z0-9]", r"[\w-]", r"[0-9a-f]"  # letters and digits; those of base64url; hex


def _github(prefix: str, kind: str) -> Format:
    return Format(kind, prefix, _A + "{36,255}", check=base62_crc32)


FORMATS: Final = (
    # ---- clouds
    Format("an AWS access key", "AKIA", r"[A-Z0-9]{16}", check=base32),
    Format("a temporary AWS access key", "ASIA", r"[A-Z0-9]{16}", check=base32),
    Format("an AWS bearer token", "ABIA", r"[A-Z0-9]{16}", check=base32),
    Format(
        "an Amazon Bedrock API key", "ABSK", r"[A-Za-z0-9+/]{60,}={0,2}", check=base64_begins(4, b"Bedrock")
    ),
    Format("an Amazon Bedrock API key", "bedrock-api-key-", r"[A-Za-z0-9+/=]{40,}"),
    Format("an AppSync API key", "da2-", r"[a-z0-9]{26}"),
    Format("an Amazon MWS token", "amzn.mws.", _UUID),
    Format("a Login with Amazon client secret", "amzn1.oa2-cs.v1.", _H + "{64}"),
    Format("a Google API key", "AIza", _W + "{35}"),
    Format("a Google OAuth client secret", "GOCSPX-", _W + "{24,}"),
    Format("a Google OAuth access token", "ya29.", _W + "{30,}"),
    Format("a DigitalOcean token", "dop_v1_", _H + "{64}"),
    Format("a DigitalOcean token", "doo_v1_", _H + "{64}"),
    Format("a DigitalOcean refresh token", "dor_v1_", _H + "{64}"),
    Format("a Heroku API key", "HRKU-", _W + "{36,}"),
    Format("an Alibaba Cloud access key", "LTAI", _A + "{12,26}"),
    Format("a Tencent Cloud secret id", "AKID", _A + "{32}"),
    Format("a Cloudflare API key", "cfk_", _A + "{40,56}"),
    Format("a Cloudflare API token", "cfut_", _A + "{40,56}"),
    Format("a Cloudflare API token", "cfat_", _A + "{40,56}"),
    Format("a Cloudflare origin CA key", "v1.0-", _H + "{24}-" + _H + "{146}"),
    Format("a Fly.io token", "FlyV1 ", r"fm\d_[\w+/=,-]{40,}"),
    Format("a Fly.io token", "fo1_", _W + "{40,}"),
    Format("a Netlify token", "nfp_", _A + "{36,}"),
    Format("a Render API key", "rnd_", _A + "{28,}"),
    Format("a Scalingo token", "tk-us-", _W + "{48}"),
    Format("a Pulumi access token", "pul-", _H + "{40}"),
    Format("a Doppler token", "dp.pt.", _A + "{40,44}"),
    Format("a Doppler service token", "dp.st.", r"(?:[a-z0-9_-]{2,35}\.)?" + _A + "{40,44}"),
    Format("a Doppler service account token", "dp.sa.", _A + "{40,44}"),
    Format("a HashiCorp Vault token", "hvs.", _W + "{20,}"),
    Format("a HashiCorp Vault batch token", "hvb.", _W + "{20,}"),
    Format("a HashiCorp Vault recovery token", "hvr.", _W + "{20,}"),
    Format("a 1Password service account token", "ops_", r"eyJ[\w+/=-]{100,}", check=base64_json(4)),
    Format("a Tailscale key", "tskey-", r"(?:auth|api|client|scim|webhook)-[\w-]{10,}"),
    Format("an age secret key", "AGE-SECRET-KEY-1", r"[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
    # ---- code and packages
    _github("ghp_", "a GitHub personal access token"),
    _github("gho_", "a GitHub OAuth token"),
    _github("ghu_", "a GitHub user-to-server token"),
    _github("ghs_", "a GitHub server-to-server token"),
    _github("ghr_", "a GitHub refresh token"),
    Format("a GitHub fine-grained token", "github_pat_", _A + r"{22}_" + _A + "{59}", structured=True),
    Format("a GitHub fine-grained token", "github_pat_", r"\w{30,}"),
    Format("a GitLab personal access token", "glpat-", r"[\w.-]{20,}"),
    Format("a GitLab deploy token", "gldt-", _W + "{20,}"),
    Format("a GitLab runner token", "glrt-", r"[\w.-]{20,}"),
    Format("a GitLab runner token", "glrtr-", _W + "{20,}"),
    Format("a GitLab pipeline trigger token", "glptt-", _W + "{20,}"),
    Format("a GitLab job token", "glcbt-", r"[\w.-]{20,}"),
    Format("a GitLab feed token", "glft-", _W + "{20,}"),
    Format("a GitLab SCIM token", "glsoat-", _W + "{20,}"),
    Format("a GitLab mail token", "glimt-", _W + "{20,}"),
    Format("a GitLab agent token", "glagent-", _W + "{20,}"),
    Format("a GitLab OAuth secret", "gloas-", _W + "{20,}"),
    Format("a GitLab runner registration token", "GR1348941", _W + "{20}"),
    Format("an npm token", "npm_", _A + "{36}", check=base62_crc32),
    Format("a PyPI token", "pypi-AgEIcHlwaS5vcmc", _W + "{40,}", structured=True),
    Format("a TestPyPI token", "pypi-AgENdGVzdC5weXBpLm9yZw", _W + "{40,}", _TEST, structured=True),
    Format("a RubyGems API key", "rubygems_", _H + "{48}"),
    Format("a NuGet API key", "oy2", r"[a-z0-9]{43}"),
    Format("a Clojars token", "CLOJARS_", _H + "{60}"),
    Format("a Packagist token", "packagist_", r"(?:ort|out|uut|uot)_[0-9a-f]{68}"),
    Format("a Docker access token", "dckr_pat_", _W + "{27}"),
    Format("a Docker organisation token", "dckr_oat_", _W + "{32}"),
    Format("an Artifactory API key", "AKCp", _A + "{60,80}"),
    Format("an Artifactory reference token", "cmVmdGtu", _A + "{50,60}", check=base64_begins(0, b"reftkn")),
    Format("a Bitbucket app password", "ATBB", r"[A-Za-z0-9_=-]{28,36}"),
    Format("a Bitbucket access token", "ATCTT3", r"[\w=-]{50,}"),
    Format("an Atlassian API token", "ATATT3", r"[\w=-]{50,}"),
    Format("a Sonar token", "squ_", _H + "{40}"),
    Format("a Sonar token", "sqp_", _H + "{40}"),
    Format("a Sonar token", "sqa_", _H + "{40}"),
    Format("a Buildkite token", "bkua_", _H + "{40}"),
    Format("a CircleCI token", "CCIPAT_", _A + r"{20,24}_" + _H + "{40}"),
    Format("a Sourcegraph token", "sgp_", r"(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}"),
    Format("an Infracost API key", "ico-", _A + "{32}"),
    Format("a Databricks token", "dapi", r"[0-9a-f]{32}(?:-\d)?"),
    Format("a Prefect API key", "pnu_", _A + "{36}"),
    Format("a LaunchDarkly SDK key", "sdk-", _UUID),
    Format("a LaunchDarkly access token", "api-", _UUID),
    Format("a LaunchDarkly mobile key", "mob-", _UUID, _PUBLIC),
    # ---- messages
    Format("a Slack bot token", "xoxb-", r"[\w-]{20,}"),
    Format("a Slack user token", "xoxp-", r"[\w-]{20,}"),
    Format("a Slack token", "xoxa-", r"[\w-]{20,}"),
    Format("a Slack token", "xoxr-", r"[\w-]{20,}"),
    Format("a Slack token", "xoxs-", r"[\w-]{20,}"),
    Format("a Slack session token", "xoxc-", r"[\w-]{20,}"),
    Format("a Slack session cookie", "xoxd-", r"[\w%+/-]{20,}"),
    Format("a Slack configuration token", "xoxe", r"[.-][\w.-]{20,}"),
    Format("a Slack app token", "xapp-", r"\d-[A-Z0-9]+-\d+-[\w]{20,}"),
    Format("a SendGrid API key", "SG.", r"[\w-]{16,32}\.[\w-]{32,64}"),
    Format("a Mailgun API key", "key-", _H + "{32}"),
    Format("a Brevo API key", "xkeysib-", r"[0-9a-f]{64}-" + _A + "{16}"),
    Format("a Brevo SMTP key", "xsmtpsib-", r"[0-9a-f]{64}-" + _A + "{16}"),
    Format("a Resend API key", "re_", _A + r"{8}_" + _A + "{16,30}"),
    Format("a Twilio API key", "SK", _H + "{32}"),
    Format("a Twilio account id", "AC", _H + "{32}", _PUBLIC),
    Format("a Firebase messaging key", "AAAA", r"[\w-]{7}:APA91[\w-]{100,}"),
    Format("a Facebook access token", "EAA", _A + "{100,}"),
    # ---- money and shops
    Format("a Stripe live secret key", "sk_live_", _A + "{10,}"),
    Format("a Stripe live restricted key", "rk_live_", _A + "{10,}"),
    Format("a Stripe test secret key", "sk_test_", _A + "{10,}", _TEST),
    Format("a Stripe test restricted key", "rk_test_", _A + "{10,}", _TEST),
    Format("a Stripe publishable key", "pk_live_", _A + "{10,}", _PUBLIC),
    Format("a Stripe publishable key", "pk_test_", _A + "{10,}", _PUBLIC),
    Format("a webhook signing secret", "whsec_", r"[A-Za-z0-9+/=_]{20,}"),
    Format("a Square access token", "EAAA", r"[\w-]{60}"),
    Format("a Square access token", "sq0atp-", _W + "{22}"),
    Format("a Square OAuth secret", "sq0csp-", _W + "{43}"),
    Format("a Square application id", "sq0idp-", _W + "{22}", _PUBLIC),
    Format("a Shopify access token", "shpat_", r"[0-9a-fA-F]{32}"),
    Format("a Shopify custom app token", "shpca_", r"[0-9a-fA-F]{32}"),
    Format("a Shopify private app token", "shppa_", r"[0-9a-fA-F]{32}"),
    Format("a Shopify shared secret", "shpss_", r"[0-9a-fA-F]{32}"),
    Format("a Braintree access token", "access_token$production$", r"[0-9a-z]{16}\$[0-9a-f]{32}"),
    Format("a Braintree sandbox token", "access_token$sandbox$", r"[0-9a-z]{16}\$[0-9a-f]{32}", _TEST),
    Format("a Plaid access token", "access-production-", _UUID),
    Format("a Plaid sandbox token", "access-sandbox-", _UUID, _TEST),
    Format("a Flutterwave secret key", "FLWSECK-", r"[0-9a-zA-Z-]{32,40}"),
    Format("a Flutterwave test key", "FLWSECK_TEST-", r"[0-9a-zA-Z-]{12,40}", _TEST),
    Format("an EasyPost API key", "EZAK", _A + "{54}"),
    Format("an EasyPost test key", "EZTK", _A + "{54}", _TEST),
    Format("a Shippo token", "shippo_live_", _H + "{40}"),
    Format("a Shippo test token", "shippo_test_", _H + "{40}", _TEST),
    Format("a Duffel token", "duffel_live_", _W + "{43}"),
    Format("a Duffel test token", "duffel_test_", _W + "{43}", _TEST),
    # ---- models
    Format("an OpenAI API key", "sk-", r"[\w-]{20,80}T3BlbkFJ[\w-]{20,80}", structured=True),
    Format("an OpenAI API key", "sk-proj-", _W + "{20,}"),
    Format("an OpenAI API key", "sk-svcacct-", _W + "{20,}"),
    Format("an OpenAI admin key", "sk-admin-", _W + "{20,}"),
    Format("an OpenAI API key", "sk-", _A + "{32,}"),
    Format("an Anthropic API key", "sk-ant-", r"(?:api|admin|oat)\d\d-[\w-]{93}AA", structured=True),
    Format("an Anthropic API key", "sk-ant-", _W + "{20,}"),
    Format("an OpenRouter API key", "sk-or-v1-", _H + "{64}"),
    Format("a Langfuse secret key", "sk-lf-", _UUID),
    Format("a Langfuse public key", "pk-lf-", _UUID, _PUBLIC),
    Format("a Groq API key", "gsk_", _A + "{40,}"),
    Format("an xAI API key", "xai-", _A + "{60,}"),
    Format("a Perplexity API key", "pplx-", _A + "{40,}"),
    Format("a Replicate token", "r8_", _A + "{37}"),
    Format("a Hugging Face token", "hf_", r"[A-Za-z]{30,40}"),
    Format("a Hugging Face organisation token", "api_org_", r"[A-Za-z]{34}"),
    Format("a LangSmith key", "lsv2_", r"(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}"),
    Format("a Pinecone API key", "pcsk_", r"\w{40,}"),
    Format("a Tavily API key", "tvly-", r"[\w-]{28,}"),
    # ---- data and observability
    Format("a PlanetScale token", "pscale_tkn_", r"[\w.-]{32,}"),
    Format("a PlanetScale password", "pscale_pw_", r"[\w.-]{32,}"),
    Format("a PlanetScale OAuth token", "pscale_oauth_", r"[\w.-]{32,}"),
    Format("a Supabase access token", "sbp_", r"(?:v0_|oauth_)?[0-9a-f]{40}"),
    Format("a Supabase secret key", "sb_secret_", _W + "{20,}"),
    Format("a Supabase publishable key", "sb_publishable_", _W + "{20,}", _PUBLIC),
    Format("a Neon API key", "napi_", _A + "{40,}"),
    Format("a New Relic user key", "NRAK-", r"[A-Z0-9]{27}"),
    Format("a New Relic insights key", "NRII-", _W + "{32}"),
    Format("a New Relic query key", "NRIQ-", _W + "{32}"),
    Format("a New Relic browser key", "NRJS-", _H + "{19}", _PUBLIC),
    Format("a Sentry organisation token", "sntrys_", r"eyJ[\w+/=-]{60,}", structured=True),
    Format("a Sentry user token", "sntryu_", _H + "{64}"),
    Format("a Grafana service account token", "glsa_", _A + r"{32}_[0-9a-fA-F]{8}"),
    Format("a Grafana Cloud token", "glc_", r"eyJ[A-Za-z0-9+/=]{40,}", check=base64_json(4)),
    Format("a Dynatrace token", "dt0", r"[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    Format("a Honeycomb ingest key", "hcaik_", r"[a-z0-9]{50,}"),
    Format("a PostHog personal key", "phx_", _A + "{40,}"),
    Format("a PostHog project key", "phc_", _A + "{40,}", _PUBLIC),
    Format("an Elastic Cloud key", "essu_", r"[\w+/=-]{40,}"),
    # ---- work
    Format("a Linear API key", "lin_api_", _A + "{40}"),
    Format("a Linear OAuth token", "lin_oauth_", _A + "{40,64}"),
    Format("a Notion token", "ntn_", _A + "{40,50}"),
    Format("a Notion token", "secret_", _A + "{43}"),
    Format("a Postman API key", "PMAK-", r"[0-9a-f]{24}-[0-9a-f]{34}"),
    Format("a ClickUp token", "pk_", r"\d{6,10}_[A-Z0-9]{32}"),
    Format("a Figma token", "figd_", _W + "{40}"),
    Format("an Airtable token", "pat", _A + r"{14}\.[0-9a-f]{64}"),
    Format("a HubSpot private app token", "pat-", r"(?:na|eu|ap)\d-" + _UUID),
    Format("a Typeform token", "tfp_", r"[\w.=-]{40,}"),
    Format("a Contentful management token", "CFPAT-", _W + "{43}"),
    Format("a Dropbox token", "sl.", r"[\w.=-]{100,}"),
    Format("a Mapbox secret token", "sk.", r"eyJ[\w-]{40,}\.[\w-]{20,}", structured=True),
    Format("a Mapbox public token", "pk.", r"eyJ[\w-]{40,}\.[\w-]{20,}", _PUBLIC),
    Format("a ReadMe API key", "rdme_", r"[a-z0-9]{60,}"),
    # ---- hashes that can be cracked
    Format("a bcrypt hash of a password", "$2", r"[aby]\$\d\d\$[./A-Za-z0-9]{53}"),
    Format("an Argon2 hash of a password", "$argon2", r"(?:id|i|d)\$v=\d+\$[\w$=,+/]{30,}"),
    Format("a SHA-512 crypt hash of a password", "$6$", r"[./A-Za-z0-9=$]{1,40}\$[./A-Za-z0-9]{86}"),
    Format("an Apache MD5 hash of a password", "$apr1$", r"[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}"),
)
"""Formats that begin with something of their own, at the beginning of a word."""


@dataclass(frozen=True)
class Inner:
    """A format with its telling part in the middle: ``anchor`` must be in the text for it to be tried."""

    kind: str
    anchor: str
    expression: str
    standing: Standing = Standing.SECRET
    check: Callable[[str], bool] | None = None
    structured: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.expression)

    def verified(self, key: str) -> bool:
        return self.structured or (self.check is not None and self.check(key))


_SLACK_HOOK = r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Z0-9]{6,}/[\w/]{12,80}"

INNER: Final = (
    Inner("a Slack webhook", "hooks.slack.com/", _SLACK_HOOK),
    Inner("a Slack webhook", "hooks.slack-gov.com/", _SLACK_HOOK.replace("slack", "slack-gov")),
    Inner("a Discord webhook", "/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/\d{15,22}/[\w-]{40,80}"),
    Inner(
        "a Teams webhook",
        ".webhook.office.com/",
        r"(?<=\.webhook\.office\.com)/webhookb2/[\w@-]{36,90}/[\w/-]{40,}",
    ),
    Inner(
        "a Google Chat webhook",
        "chat.googleapis.com/",
        r"chat\.googleapis\.com/v1/spaces/\S{1,200}token=[\w%-]{20,}",
    ),
    Inner("a Zapier webhook", "hooks.zapier.com/", r"hooks\.zapier\.com/hooks/catch/\d+/\w{5,}"),
    Inner("a Make webhook", ".make.com/", r"(?<=//)hook\.(?:[a-z]{2}\d\.)?make\.com/[a-z0-9]{24,}"),
    Inner("an IFTTT webhook", "maker.ifttt.com/", r"maker\.ifttt\.com/\S{1,200}/with/key/[\w-]{20,}"),
    Inner("a Mattermost webhook", "/hooks/", r"(?<=/hooks/)[a-z0-9]{26}(?!\w)"),
    Inner(
        "a PagerDuty integration key",
        "events.pagerduty.com/",
        r"(?<=events\.pagerduty\.com)/(?:integration|x-ere)/\w{32}",
    ),
    Inner("a Feishu webhook", "/bot/v2/hook/", rf"(?<=/bot/v2/hook/){_UUID}"),
    Inner("a WeCom webhook", "qyapi.weixin.qq.com/", rf"(?<=webhook/send\?key=){_UUID}"),
    Inner(
        "a Sumo Logic collector's address",
        ".sumologic.com/receiver/",
        r"(?<=\.sumologic\.com)/receiver/v\d/\w+/[\w+/=-]{40,}",
    ),
    Inner("an Infura key", ".infura.io/", r"(?<=\.infura\.io)/(?:ws/)?v3/[0-9a-f]{32}"),
    Inner("an Alchemy key", ".alchemy.com/", r"(?<=\.alchemy\.com)/(?:v2|nft/v\d)/[\w-]{32}"),
    Inner("a QuickNode key", ".quiknode.pro/", r"(?<=\.quiknode\.pro)/[0-9a-f]{40}"),
    Inner("a Loggly customer token", ".loggly.com/", rf"(?<=\.loggly\.com)/(?:inputs|bulk)/{_UUID}"),
    Inner("a Telegram bot token", ":AA", r"(?<!\w)\d{8,10}:AA[\w-]{32,34}(?![\w-])"),
    Inner("a Terraform Cloud token", ".atlasv1.", r"(?<!\w)[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{50,80}"),
    Inner("a Mailchimp API key", "-us", r"(?<!\w)[0-9a-f]{32}-us\d{1,2}(?!\w)"),
    Inner("a New Relic license key", "NRAL", r"(?<!\w)[0-9a-f]{36}NRAL(?!\w)"),
    Inner("an Entra ID client secret", "Q~", r"(?<![\w.~-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])"),
    Inner(
        "a Discord bot token",
        ".",
        r"(?<![\w.-])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w.-])",
        check=numeric_base64,
    ),
    Inner("an Azure storage key", "AccountKey=", r"(?<=AccountKey=)[A-Za-z0-9+/]{43,86}={1,2}"),
    Inner("an Azure access key", "AccessKey=", r"(?<=AccessKey=)[A-Za-z0-9+/]{43}="),
    Inner("an Azure shared access signature", "sig=", r"(?<=[?&]sig=)[\w%+/-]{40,60}={0,2}"),
    Inner(
        "an AWS presigned URL's signature",
        "X-Amz-Signature=",
        r"(?<=X-Amz-Signature=)[0-9a-f]{64}",
        Standing.TEST,
    ),
)


def _by_start() -> dict[str, tuple[Format, ...]]:
    out: dict[str, tuple[Format, ...]] = {}
    for one in FORMATS:
        start = one.prefix[:2]
        out[start] = (*out.get(start, ()), one)
    return out


_BY_START: Final = _by_start()
_WORD: Final = lazy_regex(r"(?<![A-Za-z0-9])[A-Za-z0-9]|(?<![\w$])\$(?=[26a])")
_INNER_ANCHOR: Final = tuple((one.anchor, one) for one in INNER)


@dataclass(frozen=True, slots=True)
class Match:
    """A key of a known format, and where in the text it is."""

    format: Format | Inner
    start: int
    end: int
    verified: bool


def matches(text: str) -> Iterator[Match]:
    """Every key of a known format, publishable ones included; linear in the text's length."""
    done = 0
    for word in _WORD.finditer(text):
        start = word.start()
        if start >= done and (found := at(text, start)) is not None:
            done = found.end
            yield found
    for anchor, inner in _INNER_ANCHOR:
        if anchor in text:
            yield from islice(inner_matches(inner, text), 1)


def at(text: str, start: int) -> Match | None:
    """The key of a known format that begins at a place."""
    for one in _BY_START.get(text[start : start + 2], ()):
        if text.startswith(one.prefix, start) and (found := one.pattern.match(text, start)):
            return Match(one, start, found.end(), one.verified(found[0]))
    return None


def inner_matches(inner: Inner, text: str) -> Iterator[Match]:
    """Every key of a format whose telling part is in its middle."""
    for within in inner.pattern.finditer(text):
        verified = inner.verified(within[0])
        if inner.kind != "a Discord bot token" or verified:  # any three words with dots in between look like it
            yield Match(inner, within.start(), within.end(), verified)

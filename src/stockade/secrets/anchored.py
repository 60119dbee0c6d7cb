"""Keys whose telling part is in their middle, and addresses that are secrets: a row for every format."""

from __future__ import annotations

from typing import Final

from stockade.secrets.checks import encoded_jwt, numeric_base64
from stockade.secrets.key import Inner, Standing
from stockade.secrets.prefixed import UUID

_SLACK_HOOK = r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Z0-9]{6,}/(?:\w{6,20}/)?(?:\d+/)?\w{16,80}"

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
    Inner("a Feishu webhook", "/bot/v2/hook/", rf"(?<=/bot/v2/hook/){UUID}"),
    Inner("a WeCom webhook", "qyapi.weixin.qq.com/", rf"(?<=webhook/send\?key=){UUID}"),
    Inner(
        "a Sumo Logic collector's address",
        ".sumologic.com/receiver/",
        r"(?<=\.sumologic\.com)/receiver/v\d/\w+/[\w+/=-]{40,}",
    ),
    Inner("an Infura key", ".infura.io/", r"(?<=\.infura\.io)/(?:ws/)?v3/[0-9a-f]{32}"),
    Inner("an Alchemy key", ".alchemy.com/", r"(?<=\.alchemy\.com)/(?:v2|nft/v\d)/[\w-]{32}"),
    Inner("a QuickNode key", ".quiknode.pro/", r"(?<=\.quiknode\.pro)/[0-9a-f]{40}"),
    Inner("a Loggly customer token", ".loggly.com/", rf"(?<=\.loggly\.com)/(?:inputs|bulk)/{UUID}"),
    Inner("a Telegram bot token", ":AA", r"(?<!\w)\d{8,10}:AA[\w-]{32,34}(?![\w-])"),
    Inner("a Terraform Cloud token", ".atlasv1.", r"(?<!\w)[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{50,80}"),
    Inner("a Mailchimp API key", "-us", r"(?<!\w)[0-9a-f]{32}-us\d{1,2}(?!\w)"),
    Inner("a New Relic license key", "NRAL", r"(?<!\w)(?:[0-9a-f]{36}|[a-z]{2}\d\dxx[0-9a-f]{30})NRAL(?!\w)"),
    Inner("an Entra ID client secret", "Q~", r"(?<![\w.~-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])"),
    Inner(
        "a Discord bot token",
        ".",
        r"(?<![\w.-])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w.-])",
        check=numeric_base64,
        must=True,  # any three words with dots in between look like it
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
    Inner(
        "an Authress access key",
        ".acc",
        r"(?<!\w)(?:sc|ext|scauth|authress)_\w{5,30}\.[A-Za-z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.[\w+/=-]{30,120}",
    ),
    Inner("a MaxMind licence key", "_mmk", r"(?<!\w)[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk(?!\w)"),
    Inner("an Okta API token", "SSWS ", r"(?<=SSWS )00[\w-]{40}(?![\w-])"),
    Inner("a Dropbox token", "AAAAAAAAAA", r"(?<![\w+/-])[A-Za-z0-9]{11}AAAAAAAAAA[\w-]{43}(?![\w+/-])"),
    Inner("a Facebook app token", "", r"\d{15,16}\|(?=[\w-]{0,39}\d)[\w-]{27,40}", alone=True),
    Inner("a GitLab session", "_gitlab_session=", r"(?<=_gitlab_session=)[0-9a-z]{32}(?!\w)"),
    Inner("a DeepL API key", ":fx", rf"(?<![\w-]){UUID}:fx(?!\w)"),
    Inner(
        "a JSON Web Token in base64",
        "ZXlK",
        r"(?<![\w+/=-])ZXlK[A-Za-z0-9+/_-]{60,4000}={0,2}",
        check=encoded_jwt,
        must=True,
    ),
    Inner("a Mailgun signing key", "", r"[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}", alone=True),
    # ---- Azure's keys, which have the name of their service in them
    Inner(
        "an Azure storage key",
        "+ASt",
        r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{76}\+ASt[A-Za-z0-9+/]{5}[AQgw]==",
    ),
    Inner(
        "an Azure Batch key",
        "+ABa",
        r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{76}\+ABa[A-Za-z0-9+/]{5}[AQgw]==",
    ),
    Inner(
        "an Azure Cosmos DB key",
        "ACDb",
        r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{76}ACDb[A-Za-z0-9+/]{5}[AQgw]==",
    ),
    Inner(
        "an Azure Service Bus key", "+ASb", r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{33}\+ASb[A-P][A-Za-z0-9+/]{5}="
    ),
    Inner("an Azure Event Hubs key", "+AEh", r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{33}\+AEh[A-P][A-Za-z0-9+/]{5}="),
    Inner("an Azure IoT Hub key", "AIoT", r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{33}AIoT[A-P][A-Za-z0-9+/]{5}="),
    Inner(
        "an Azure registry password",
        "+ACR",
        r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{42}\+ACR[A-D][A-Za-z0-9]{5}(?!\w)",
    ),
    Inner("an Azure Search key", "AzSe", r"(?<!\w)[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}(?!\w)"),
    Inner("an Azure Functions key", "AzFu", r"(?<![\w-])[\w-]{44}AzFu[\w-]{5}[AQgw]=="),
    Inner("an Azure OpenAI key", "JQQJ9", r"(?<!\w)[A-Za-z0-9]{52}JQQJ9[9D][A-Za-z0-9]{26}(?!\w)"),
    Inner("an Azure DevOps token", "AZDO", r"(?<!\w)[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?!\w)"),
)

"""Whose layers are whose: accounts of AWS and of makers of tools, that publish layers for everybody.

From the publishers' own documentation, as of 2026-11. A layer's name proves nothing, since anybody may
publish one of that name; its account does.
"""

from __future__ import annotations

from typing import Final

_AWS: Final[dict[str, tuple[str, ...]]] = {
    # https://docs.aws.amazon.com/powertools/
    "Powertools for AWS Lambda": ("017000801446", "094274105915"),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Lambda-Insights-extension-versions.html
    "Lambda Insights": (
        "012438385374",
        "033019950311",
        "194566237122",
        "285320876703",
        "339249233099",
        "352183217350",
        "439286490199",
        "488211338238",
        "519774774795",
        "580247275435",
        "732604637566",
        "891564319516",
    ),
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html
    "the Parameters and Secrets extension": (
        "015030872274",
        "044395824272",
        "127562683043",
        "129776340158",
        "133256977650",
        "133490724326",
        "176022468876",
        "177933569100",
        "187925254637",
        "200266452380",
        "287114880934",
        "287310001119",
        "317013901791",
        "325218067255",
        "345057560386",
        "427196147048",
        "490737872127",
        "576959938190",
        "590474943231",
        "665172237481",
        "738900069198",
        "768336418462",
        "780235371811",
        "832021897121",
        "858974508948",
        "933737806257",
        "997803712105",
    ),
    # https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-integration-lambda-extensions-versions.html
    "the AppConfig extension": (
        "000010852771",
        "027255383542",
        "039592058896",
        "066940009817",
        "080788657173",
        "203683718741",
        "282860088358",
        "307021474294",
        "359756378197",
        "381491832265",
        "418787028745",
        "421114256042",
        "426221636601",
        "434848589818",
        "489524808438",
        "493207061005",
        "554480029851",
        "559955524753",
        "574348263942",
        "586093569114",
        "615057806174",
        "615084187847",
        "630222743974",
        "631746059939",
        "646970417810",
        "662846165436",
        "706869817123",
        "728743619870",
        "730335625313",
        "758369105281",
        "826293736237",
        "851725616657",
        "895787185223",
        "946561847325",
        "946746059096",
        "958113053741",
        "980059726660",
    ),
    # https://aws-otel.github.io/docs/getting-started/lambda
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Application-Signals-Enable-Lambda.html
    "AWS Distro for OpenTelemetry": (
        "039612877180",
        "156041407956",
        "257394471194",
        "490004653786",
        "615299751070",
        "713881805771",
        "739275441131",
        "746669239226",
        "796973505492",
        "888577020596",
        "901920570463",
        "904233096616",
        "980921751758",
    ),
    # https://aws-sdk-pandas.readthedocs.io/en/stable/layers.html
    "AWS SDK for pandas": ("336392948345",),
    # https://github.com/awslabs/aws-lambda-web-adapter
    "Lambda Web Adapter": ("753240598075",),
    # https://aws.amazon.com/blogs/aws/new-for-aws-lambda-use-any-programming-language-and-share-common-components/
    "AWS SDK, NumPy and SciPy": (
        "118857876118",
        "138526772879",
        "142628438157",
        "249908578461",
        "259788987135",
        "292169987271",
        "296580773974",
        "325793726646",
        "382066503313",
        "399891621064",
        "420165488524",
        "468957933125",
        "556739011827",
        "631267018583",
        "640010853179",
        "642425348156",
        "668099181075",
        "683298794825",
        "778625758767",
        "817496625479",
        "959311844005",
        "961244031340",
    ),
}

OF_AWS: Final = frozenset(account for accounts in _AWS.values() for account in accounts)
"""The accounts from which AWS publishes layers of its own."""

OTHERS: Final[dict[str, str]] = {
    "114300393969": "Lumigo",  # https://docs.lumigo.io
    "254067382080": "Splunk",  # https://docs.splunk.com/observability
    "267093732750": "Elastic",  # https://www.elastic.co/guide/en/apm/lambda/current/index.html
    "451483290750": "New Relic",  # https://layers.newrelic-external.com
    "464622532012": "Datadog",  # https://docs.datadoghq.com/serverless/
    "663229565520": "Sumo Logic",  # https://help.sumologic.com/docs/apm/traces
    "702835727665": "Honeycomb",  # https://docs.honeycomb.io
    "725887861453": "Dynatrace",  # https://docs.dynatrace.com
    "770693421928": "Klayers",  # https://github.com/keithrozario/Klayers
    "943013980633": "Sentry",  # https://docs.sentry.io/platforms/python/integrations/aws-lambda
    "956882708938": "Sumo Logic",  # https://help.sumologic.com/docs/send-data/collect-from-other-data-sources
}
"""The accounts of others whose layers are widely known."""

"""Feature flags of AppConfig."""
import os

from aws_lambda_powertools.utilities.feature_flags import AppConfigStore, FeatureFlags

_flags = FeatureFlags(
    store=AppConfigStore(environment=os.environ["STAGE"], application="partners", name="flags", max_age=120)
)


def enabled(name):
    return _flags.evaluate(name=name, default=False)

"""Plugins in files of their own, which sign themselves in when they are loaded by their names."""
from importlib import import_module

from plugins.base import Plugin

ENABLED = ("alerts", "jobs")

for name in ENABLED:
    import_module(f"plugins.{name}")


def handler(event, context):
    plugin = Plugin.known[event["kind"]]
    return plugin().run(event["detail"])

from config import Config

config = Config.load()


def handler(event, context):
    if event.get("reload"):
        config.reload()
    return config.tables.scan_all()

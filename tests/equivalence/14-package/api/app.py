API_KEY = "9f8b7c6d5e4f3a2b1c0d"


def handler(event, context):
    return "ok"

import boto3


class Tables:
    def __init__(self, prefix, names):
        ddb = boto3.resource("dynamodb")
        self.tables = {name: ddb.Table(f"{prefix}-{name}") for name in names}

    def scan_all(self):
        return {name: table.scan()["Items"] for name, table in self.tables.items()}

    def drop(self):
        for table in self.tables.values():
            table.delete()

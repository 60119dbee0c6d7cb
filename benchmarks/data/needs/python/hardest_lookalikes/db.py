import sqlite3


class Database:
    def __init__(self, url):
        self.connection = sqlite3.connect(url, uri=True)

    def query(self, text, limit=None):
        return self.connection.execute(text).fetchmany(limit or 10)

    def put_item(self, table, item):
        self.connection.execute(f"insert into {table} values (?)", (str(item),))

class Ledger:
    def __init__(self, tables, name):
        self.table = tables.Table(name)

    def enter(self, basket):
        self.table.put_item(Item={"basket": basket})

    def strike(self, basket):
        self.table.delete_item(Key={"basket": basket})


class Mail:
    def __init__(self, client, *, sender):
        self._client, self._sender = client, sender

    def send(self, to, text):
        self._client.send_email(
            FromEmailAddress=self._sender,
            Destination={"ToAddresses": [to]},
            Content={"Simple": {"Subject": {"Data": "basket"}, "Body": {"Text": {"Data": text}}}},
        )


class Catalogue:
    def __init__(self, client):
        self.client = client

    def rebuild(self):
        self.client.batch_get_collection(names=["goods"])


class Checkout:
    def __init__(self, ledger: Ledger, mail: Mail):
        self.ledger = ledger
        self.mail = mail

    def finish(self, basket, email):
        self.ledger.enter(basket)
        self.mail.send(email, f"basket {basket}")
        return basket

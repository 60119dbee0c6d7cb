"""Services are handed what they need by a container, which makes each thing once, by its annotations."""
from container import Container
from services import Catalogue, Checkout, Ledger, Mail

container = Container()
container.bind(Ledger, lambda c: Ledger(c.resource("dynamodb"), c.setting("LEDGER")))
container.bind(Mail, lambda c: Mail(c.client("sesv2"), sender=c.setting("SENDER")))
container.bind(Catalogue, lambda c: Catalogue(c.client("opensearchserverless")))


def handler(event, context):
    checkout = container.get(Checkout)
    return checkout.finish(event["basket"], event["email"])

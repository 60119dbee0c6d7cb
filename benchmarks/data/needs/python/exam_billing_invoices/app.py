"""Closes a month: reads what was used, writes invoices, mails them."""
from billing.close import MonthEnd
from billing.wiring import Wiring

wiring = Wiring()


def lambda_handler(event, context):
    closing = MonthEnd(wiring.usage, wiring.invoices, mailer=wiring.mailer)
    count = 0
    for account in event["accounts"]:
        closing(account, event["month"])
        count += 1
    return {"invoices": count}

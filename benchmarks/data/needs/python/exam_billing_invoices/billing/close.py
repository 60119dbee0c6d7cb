"""The end of a month, account by account."""


class MonthEnd:
    def __init__(self, usage, invoices, *, mailer):
        self.usage, self.invoices, self.mailer = usage, invoices, mailer

    def __call__(self, account, month):
        units = self.usage.total(account["id"], month)
        row = {"id": {"S": f"{account['id']}-{month}"}, "units": {"N": str(units)}}
        self.invoices.save(row)
        if units:
            self.mailer.send(account["mail"], f"Invoice for {month}", f"{units} units were used.")

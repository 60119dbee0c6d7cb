from .base import Report


class DailyReport(Report):
    @property
    def question(self):
        return f"SELECT account, sum(units) FROM usage WHERE day = '{self.day}' GROUP BY account"

    def render(self, rows):
        return super().render(sorted(rows))

"""Writes the reports that are due."""
from reports import DailyReport, MonthlyReport

REPORTS = {"daily": DailyReport, "monthly": MonthlyReport}


def main(event, context):
    report = REPORTS[event.get("kind", "daily")](event["day"])
    return report.write()

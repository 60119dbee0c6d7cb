from .daily import DailyReport
from .monthly import MonthlyReport

"""Statements of the demo's bank for the last days of November 2026, one of each format, ready to be imported.

What late borrowers pay, with the number of the loan, with the payer's account alone, and with neither; and a cost.
"""

import datetime

from django.db.models import Sum

from centrum.register import ties
from loans.demo import statement_files
from loans.models import Fund, Line, Telling

FIRST = datetime.date(2026, 11, 23)

FORMATS = (
    ("MT940.sta", statement_files.mt940),
    ("camt053.xml", statement_files.camt053),
    ("mbank.csv", statement_files.csv_mbank),
)


def files():
    """{name of the file: its bytes} for the fund of the demo as its ledger is now."""
    fund = Fund.objects.get(code="pozyczkowy")
    opening = Line.objects.filter(entry__fund=fund, account__code="130").aggregate(found=Sum("amount"))["found"]
    late = Telling.objects.filter(current=True, loan__state="active", overdue_principal__gt=0)
    rows = list(late.select_related("loan__organisation").order_by("loan__number"))
    made = {}
    for number, (name, write) in enumerate(FORMATS):
        day = FIRST + datetime.timedelta(days=number)
        lines = [_paid(day, told, number) for told in rows[number::3]]
        if number == 1:
            lines.append((day, "-12.00", "Opłata za prowadzenie rachunku"))
        if number == 2:
            lines.append((day, "150.00", "wpłata", "Jan Nieznany", "PL27114020040000300201355387"))
        statement = statement_files.statement(fund.iban, day, day, lines, opening=opening, number=f"{230 + number}")
        opening = statement.closing
        made[f"{number + 1}-{name}"] = write(statement)
    return made


def _paid(day, told, number):
    """What a borrower pays who is late: two of the three files say the loan, one only who pays."""
    loan = told.loan
    title = f"Rata pożyczki {loan.number}" if number != 1 else "Spłata raty za listopad"
    account = ties.payable(loan.organisation).order_by("-pk").values_list("iban", flat=True).first()
    return (day, str(told.arrears), title, loan.organisation.name, account or "")

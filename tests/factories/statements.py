"""Bank statements of a fund's account, written as a bank writes them and taken in."""

import datetime
from decimal import Decimal as D

from loans import consistency, statement_files
from loans.demo import statement_files as files
from loans.models import Line, StatementLine
from tests.factories import loans as make

COOP = "PL81999000050000111122223333"
OTHER = "PL03999000060000444455556666"


def at_the_bank(fund):
    """What the ledger has on the account of the bank, whatever its day."""
    return sum(Line.objects.filter(entry__fund=fund, account__code="130").values_list("amount", flat=True), D(0))


def written(day, *rows, opening, first_day=None, number="", account=make.IBAN, form=files.mt940):
    """The bytes of a statement of one day; rows (amount, title, payer, account, reference), or with a day before."""
    rows = [row if isinstance(row[0], datetime.date) else (day, *row) for row in rows]
    return form(files.statement(account, first_day or day, day, rows, opening=opening, number=number))


def taken(fund, day, *rows, by=None, opening=None, **more):
    """Such a statement taken in, opened with what the last one, or else the ledger, ends with. Returns the lines."""
    if opening is None:
        last = fund.statements.filter(following=None).first()
        opening = last.closing if last else at_the_bank(fund)
    data = written(day, *rows, opening=opening, **more)
    found = statement_files.take_in(fund, data, "wyciag.sta", by=by or make.accountant())
    return list(StatementLine.objects.filter(statement__in=found.statements).order_by("pk"))


def agrees(fund):
    assert consistency.differences(fund) == []

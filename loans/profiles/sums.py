"""Sums over the loans of a fund as of a day: control sums with the ledger beside them, and the report by products.

Those who entrust money to a fund ask for a report by the form of their agreement, which we don't know: the columns are
ours. It goes with the portfolio, the cash of the account and the losses.
"""

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from centrum.kit.exports import Resource, Text
from loans import ledger, risk
from loans.enums import Counter, EntryEvent, MeasureKind, PartKind, YesNo
from loans.models import Fund, Line, PlannedJob, Product
from loans.profiles.columns import (
    MONEY,
    NOTHING,
    Amount,
    balance_of,
    days_late,
    decided_on,
    fund_lines,
    loans_of,
    must_see_all,
    own_lines,
    paid_on,
    sum_of,
    told_on,
)
from loans.profiles.portfolio import INTEREST

_PAYOUT = Q(entry__event=EntryEvent.PAYOUT) | Q(entry__reverses__event=EntryEvent.PAYOUT)


def _of(rows, path, value, field=MONEY):
    """Subquery: what `rows` that lead by `path` to the row of the file make together."""
    found = rows.order_by().filter(**{path: OuterRef("pk")}).values(path).annotate(found=value).values("found")
    return Coalesce(Subquery(found, output_field=field), Value(0, field))


def _summed(rows, path, scope, day, by):
    """`rows` of funds or products with sums over their loans; `path`: which column of a loan leads to them. Refused
    where `by` does not see all of them."""
    must_see_all(by)
    loans = loans_of(scope, day, by)
    lines = Line.objects.filter(loan__in=loans, entry__book_date__lte=day)

    def of_lines(value, only=None):
        return _of(lines.filter(only) if only else lines, f"loan__{path}", value)

    told = told_on(day).annotate(late=days_late(day))
    each = loans.annotate(
        late=Subquery(told.values("late")[:1]),
        overdue=Subquery(told.values("overdue_principal")[:1], output_field=MONEY),
        overdue_interest=Subquery(told.values("overdue_interest")[:1], output_field=MONEY),
        paid_interest=paid_on(day, *INTEREST),
        paid_penalty=paid_on(day, PartKind.PENALTY),
        left=Coalesce(
            Subquery(own_lines(day).values("loan").annotate(found=sum_of(Counter.OUTSTANDING)).values("found")), NOTHING
        ),
        off=_decided(day, "amount"),
        off_rest=_decided(day, "rest"),
    )
    return rows.annotate(
        counted=_of(loans, path, Count("pk"), IntegerField()),
        granted=_of(loans, path, Sum("amount")),
        promised=of_lines(sum_of(Counter.COMMITTED)),
        paid_out=of_lines(sum_of(Counter.OUTSTANDING), _PAYOUT),
        gone=of_lines(sum_of(Counter.LOST)),
        left=of_lines(sum_of(Counter.OUTSTANDING)),
        interest=of_lines(balance_of(ledger.INTEREST)),
        forgiven=of_lines(balance_of(ledger.FORGIVEN)),
        off_left=of_lines(balance_of(ledger.LOST, ledger.LOST_REST)),
        overdue=_of(each, path, Sum("overdue")),
        overdue_interest=_of(each, path, Sum("overdue_interest")),
        paid_interest=_of(each, path, Sum("paid_interest")),
        paid_penalty=_of(each, path, Sum("paid_penalty")),
        off=_of(each, path, Sum(F("off") + F("off_rest"))),
        **{f"par{days}": _of(each.filter(late__gt=risk.more_than(days)), path, Sum("left")) for days in risk.DAYS},
    ).annotate(repaid=F("paid_out") - F("left") - F("gone"), back=F("off") - F("off_left"))


def _decided(day, column):
    """What was written off of a loan by the end of the day."""
    rows = decided_on(day, MeasureKind.WRITE_OFF).values("loan").annotate(found=Sum(column)).values("found")
    return Coalesce(Subquery(rows, output_field=MONEY), NOTHING)


# Control sums


class Control(Resource):
    fund = Text("code", column_name="Fundusz")
    loans = Text("counted", column_name="Liczba pożyczek")
    amount = Amount("granted", column_name="Kwota przyznana (zł)")
    committed = Amount("promised", column_name="Do wypłaty (zł)")
    paid_out = Amount("paid_out", column_name="Wypłacono (zł)")
    repaid = Amount("repaid", column_name="Spłacono kapitału (zł)")
    lost = Amount("gone", column_name="Odpisano lub umorzono kapitału (zł)")
    outstanding = Amount("left", column_name="Kapitał do spłaty (zł)")
    in_ledger = Amount("left_in_ledger", column_name="Kapitał do spłaty według księgi (zł)")
    overdue = Amount("overdue", column_name="Zaległy kapitał (zł)")
    overdue_interest = Amount("overdue_interest", column_name="Zaległe odsetki (zł)")
    interest = Amount("interest", column_name="Odsetki należne (zł)")
    interest_in_ledger = Amount("interest_in_ledger", column_name="Odsetki należne według księgi (zł)")
    paid_interest = Amount("paid_interest", column_name="Spłacono odsetek (zł)")
    bank = Amount("bank", column_name="Saldo rachunku według księgi (zł)")

    class Meta:
        export_order = (
            "fund", "loans", "amount", "committed", "paid_out", "repaid", "lost", "outstanding", "in_ledger", "overdue",
            "overdue_interest", "interest", "interest_in_ledger", "paid_interest", "bank",
        )  # fmt: skip


def control(scope, day, by):
    """One line for the fund: sums over the loans of the portfolio, and beside them the balances of the ledger."""
    lines = fund_lines(scope, day)
    return _summed(Fund.objects.filter(pk=scope.fund.pk), "fund", scope, day, by).annotate(
        left_in_ledger=_of(lines, "entry__fund", sum_of(Counter.OUTSTANDING)),
        interest_in_ledger=_of(lines, "entry__fund", balance_of(ledger.INTEREST)),
        bank=_of(lines, "entry__fund", balance_of(ledger.BANK)),
    )


# The report by products


class Programme(Resource):
    code = Text("code", column_name="Produkt")
    name = Text("name", column_name="Nazwa")
    loans = Text("counted", column_name="Liczba pożyczek")
    amount = Amount("granted", column_name="Kwota przyznana (zł)")
    committed = Amount("promised", column_name="Do wypłaty (zł)")
    paid_out = Amount("paid_out", column_name="Wypłacono (zł)")
    repaid = Amount("repaid", column_name="Spłacono kapitału (zł)")
    paid_interest = Amount("paid_interest", column_name="Spłacono odsetek (zł)")
    paid_penalty = Amount("paid_penalty", column_name="Spłacono odsetek za opóźnienie (zł)")
    outstanding = Amount("left", column_name="Kapitał do spłaty (zł)")
    overdue = Amount("overdue", column_name="Zaległy kapitał (zł)")
    par1 = Amount("par1", column_name="PAR 1 (zł)")
    par30 = Amount("par30", column_name="PAR 30 (zł)")
    par90 = Amount("par90", column_name="PAR 90 (zł)")
    written_off = Amount("off", column_name="Odpisano (zł)")
    recovered = Amount("back", column_name="Odzyskano po odpisaniu (zł)")
    forgiven = Amount("forgiven", column_name="Umorzono (zł)")
    jobs = Amount("jobs", column_name="Planowane miejsca pracy (etaty)")
    jobs_at_risk = Amount("jobs_at_risk", column_name="w tym dla osób zagrożonych wykluczeniem (etaty)")

    class Meta:
        export_order = (
            "code", "name", "loans", "amount", "committed", "paid_out", "repaid", "paid_interest", "paid_penalty",
            "outstanding", "overdue", "par1", "par30", "par90", "written_off", "recovered", "forgiven", "jobs",
            "jobs_at_risk",
        )  # fmt: skip


def programme(scope, day, by):
    """A line for each product of which loans were granted by the day."""
    loans = loans_of(scope, day, by)
    jobs = PlannedJob.objects.filter(answers__application__loan_review__decisions__loan__in=loans)
    path = "answers__application__loan_review__decisions__loan__product"
    rows = Product.objects.filter(Exists(loans.filter(product=OuterRef("pk"))))
    return (
        _summed(rows, "product", scope, day, by)
        .annotate(
            jobs=_of(jobs, path, Sum("posts")), jobs_at_risk=_of(jobs.filter(at_risk=YesNo.YES), path, Sum("posts"))
        )
        .order_by("code", "pk")
    )

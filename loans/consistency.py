"""Whether the ledger agrees with itself: recomputed from its lines, trusting no sum that is kept."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Count, DecimalField, Exists, F, Max, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext as _

from centrum.kit.polish import date_short
from loans.enums import (
    CALLED,
    CallState,
    Counter,
    EntryEvent,
    LineState,
    LoanState,
    MeasureKind,
    MeasureState,
    PartKind,
    TrancheState,
)
from loans.models import (
    Account,
    Accrual,
    Allocation,
    Guarantee,
    GuaranteeCall,
    GuaranteeFee,
    Line,
    Loan,
    Measure,
    Payment,
    RecourseLoss,
    Recovery,
    StatementLine,
    Telling,
    Tranche,
)
from loans.models.ledger import COUNTERS, OF_GUARANTEES, OF_ONE_GUARANTEE
from loans.models.loans import LOAN_COUNTERS

_MONEY = DecimalField(max_digits=14, decimal_places=2)
_BANK, _UNIDENTIFIED, _DEFERRED = "130", "248", "641"
_OFF_BALANCE = (("990", "991"), ("990-1", "991-1"))
_ZERO = Value(0, _MONEY)
_INTEREST = (PartKind.INTEREST, PartKind.EARLY_INTEREST, PartKind.RESTRUCTURED)
_BACK = (PartKind.PRINCIPAL, PartKind.EARLY_PRINCIPAL, PartKind.FORGIVEN)
# what a telling says of a loan, and the account on which the ledger has it
_TOLD = {"in_penalty": "213", "in_costs": "214", "in_restructured": "215", "in_over": "249"}

_RECOVERED = (PartKind.RECOVERED, PartKind.RECOVERED_REST)


@transaction.atomic
def differences(fund):
    """Sentences about what does not agree; none where all does. Nothing is posted to the fund meanwhile."""
    kept = type(fund).objects.select_for_update(of=("self",), no_key=True).get(pk=fund.pk)
    lines = Line.objects.filter(entry__fund=fund)
    total = lines.aggregate(found=Sum("amount"))["found"] or 0
    if total:
        found = [_("All accounts of %(fund)s together are off by %(amount)s.") % {"fund": fund, "amount": total}]
    else:
        found = []
    bad = fund.entries.annotate(sum=Sum("lines__amount"), number=Count("lines"))
    for entry in bad.filter(~Q(sum=0) | Q(number__lt=2)).order_by("pk"):
        found.append(_("Entry %(number)d does not balance.") % {"number": entry.pk})
    sums = {
        row["account__counter"]: row["found"]
        for row in lines.order_by()
        .exclude(account__counter="")
        .values("account__counter")
        .annotate(found=Sum(F("amount") * F("account__sign")))
    }
    found += [sentence for name in COUNTERS if (sentence := _differs(kept, name, sums.get(name, 0)))]
    for month in fund.months.exclude(closed_at=None).order_by("first"):
        late = fund.entries.filter(
            book_date__year=month.first.year, book_date__month=month.first.month, at__gt=month.closed_at
        )
        for entry in late:
            found.append(_("Entry %(number)d came into a closed month.") % {"number": entry.pk})
    return found + _of_turnovers(fund) + _of_loans(fund) + _of_guarantees(fund) + _of_statements(fund)


def _of_turnovers(fund):
    """Accounts whose turnovers of days that are over are not those of the lines booked under these days."""
    last = fund.turnovers.aggregate(found=Max("day"))["found"]
    if not last:
        return []
    kept = fund.turnovers.order_by().values_list("account").annotate(debits=Sum("debit"), credits=Sum("credit"))
    lines = Line.objects.filter(entry__fund=fund, entry__book_date__lte=last).order_by().values_list("account")
    lines = lines.annotate(debits=Sum(Greatest(F("amount"), _ZERO)), credits=Sum(-Least(F("amount"), _ZERO)))
    kept, counted = ({row[0]: row[1:] for row in rows} for rows in (kept, lines))
    wrong = [pk for pk in kept.keys() | counted.keys() if kept.get(pk) != counted.get(pk)]
    words = _("The turnovers of account %(code)s up to %(day)s are not those of its entries.")
    accounts = Account.objects.filter(pk__in=wrong).order_by("code")
    return [words % {"code": account.code, "day": date_short(last)} for account in accounts]


def _differs(row, name, counted):
    if getattr(row, name) == counted:
        return None
    label = row._meta.get_field(name).verbose_name
    said = {"of": row, "name": label, "kept": getattr(row, name), "found": counted}
    return _("%(of)s: %(name)s is kept as %(kept)s, the ledger says %(found)s.") % said


def _counted(counter, paid_out=False):
    """The sum of a loan's lines on accounts of a counter; `paid_out`: of payouts and what reverses them alone."""
    lines = Line.objects.filter(loan=OuterRef("pk"), account__counter=counter).order_by()
    if paid_out:
        payout = EntryEvent.PAYOUT
        lines = lines.filter(Q(entry__event=payout) | Q(entry__reverses__event=payout))
    summed = lines.values("loan").annotate(found=Sum(F("amount") * F("account__sign"))).values("found")
    return Coalesce(Subquery(summed, output_field=_MONEY), Decimal(0))


def _of_loans(fund):
    """The loans beside their lines, their tranches and their current schedules."""
    paid = Tranche.objects.filter(loan=OuterRef("pk"), state=TrancheState.PAID).order_by()
    rows = Loan.objects.filter(fund=fund).annotate(
        in_committed=_counted(Counter.COMMITTED),
        in_paid_out=_counted(Counter.OUTSTANDING, paid_out=True),
        in_outstanding=_counted(Counter.OUTSTANDING),
        in_tranches=Coalesce(
            Subquery(paid.values("loan").annotate(found=Sum("amount")).values("found"), output_field=_MONEY),
            Decimal(0),
        ),
        before_its_day=_early(),
        moved=_moved(),
        in_schedule=Subquery(
            Loan.objects.filter(pk=OuterRef("pk"), schedules__current=True)
            .order_by()
            .values("pk")
            .annotate(found=Sum("schedules__rows__principal"))
            .values("found"),
            output_field=_MONEY,
        ),
    )
    wrong = ~Q(committed=F("in_committed")) | ~Q(paid_out=F("in_paid_out")) | ~Q(outstanding=F("in_outstanding"))
    wrong |= ~Q(paid_out=F("in_tranches"))
    wrong |= Q(state=LoanState.LAPSED) & ~Q(committed=0)
    to_pay_back = F("committed") + F("paid_out") - F("before_its_day") + F("moved")
    unsettled = ~Q(state__in=[LoanState.LAPSED, *CALLED, LoanState.WRITTEN_OFF])
    wrong |= unsettled & ~Q(in_schedule=None) & ~Q(in_schedule=to_pay_back)
    found = []
    for loan in rows.filter(wrong).order_by("pk"):
        found += [s for name in LOAN_COUNTERS if (s := _differs(loan, name, getattr(loan, f"in_{name}")))]
        said = {"loan": loan, "kept": loan.paid_out}
        if loan.paid_out != loan.in_tranches:
            words = _("%(loan)s: %(kept)s is paid out, its tranches say %(found)s.")
            found.append(words % {**said, "found": loan.in_tranches})
        if loan.state == LoanState.LAPSED and loan.committed:
            found.append(_("%(loan)s has lapsed and still holds capital.") % said)
        elif loan.state not in (*CALLED, LoanState.WRITTEN_OFF):
            kept = loan.committed + loan.paid_out - loan.before_its_day + loan.moved
            if loan.in_schedule not in (None, kept):
                words = _("%(loan)s: its schedule pays back %(found)s, %(kept)s were granted and not given up.")
                found.append(words % {"loan": loan, "found": loan.in_schedule, "kept": kept})
    return found + _of_tellings(fund) + _of_measures(fund)


def _on(counter, path="guarantee"):
    """The sum of a guarantee's lines on the accounts of a counter, with their signs."""
    lines = Line.objects.filter(**{path: OuterRef("pk")}, account__counter=counter).order_by().values(path)
    summed = lines.annotate(found=Sum(F("amount") * F("account__sign"))).values("found")
    return Coalesce(Subquery(summed, output_field=_MONEY), _ZERO)


def _of_guarantees(fund):
    """The guarantees beside their lines and calls, what stands off balance beside its contra accounts, and the fees
    that are not earned yet beside their account."""
    found = []
    rows = Guarantee.objects.filter(fund=fund).annotate(
        **{f"in_{name}": _on(counter) for name, counter in zip(OF_ONE_GUARANTEE, OF_GUARANTEES[1:], strict=True)},
        unearned=_of_fees(),
        deferred=Coalesce(
            Subquery(
                Line.objects.filter(guarantee=OuterRef("pk"), account__code=_DEFERRED)
                .order_by()
                .values("guarantee")
                .annotate(found=-Sum("amount"))
                .values("found"),
                output_field=_MONEY,
            ),
            _ZERO,
        ),
        owed=_of_recourse(),
    )
    wrong = ~Q(unearned=F("deferred"))
    for name in OF_ONE_GUARANTEE:
        wrong |= ~Q(**{name: F(f"in_{name}")})
    # what was paid under a call is owed, came back or was written off
    wrong |= ~Q(owed=F("claim"))
    for row in rows.filter(wrong).order_by("pk"):
        found += [s for name in OF_ONE_GUARANTEE if (s := _differs(row, name, getattr(row, f"in_{name}")))]
        said = {"guarantee": row}
        if row.unearned != row.deferred:
            words = _("%(guarantee)s: fees of %(kept)s are paid and not earned, the ledger says %(found)s.")
            found.append(words % {**said, "kept": row.unearned, "found": row.deferred})
        if row.owed != row.claim:
            words = _("%(guarantee)s: by its call and recoveries %(kept)s is owed, the ledger says %(found)s.")
            found.append(words % {**said, "kept": row.owed, "found": row.claim})
    for codes in _OFF_BALANCE:
        sum_ = Line.objects.filter(entry__fund=fund, account__code__in=codes).aggregate(found=Sum("amount"))["found"]
        if sum_:
            words = _("Accounts %(codes)s are off by %(amount)s.")
            found.append(words % {"codes": ", ".join(codes), "amount": sum_})
    return found


def _of_fees():
    """What of the fees of a guarantee is paid and not earned."""
    fees = GuaranteeFee.objects.filter(guarantee=OuterRef("pk"), paid_on__isnull=False).order_by().values("guarantee")
    summed = fees.annotate(found=Sum(F("amount") - F("earned"))).values("found")
    return Coalesce(Subquery(summed, output_field=_MONEY), _ZERO)


def _of_recourse():
    """What was paid under a call and neither came back nor was written off."""

    def summed(rows, column):
        rows = rows.filter(guarantee=OuterRef("pk")).order_by().values("guarantee")
        return Coalesce(Subquery(rows.annotate(found=Sum(column)).values("found"), output_field=_MONEY), _ZERO)

    # what came after a write-off is income and lowers no claim
    after = RecourseLoss.objects.filter(guarantee=OuterRef("guarantee"), entry__lt=OuterRef("entry"))
    return (
        summed(GuaranteeCall.objects.filter(state=CallState.PAID), "payable")
        - summed(Recovery.objects.filter(~Exists(after), taken_back_at=None), "principal")
        - summed(RecourseLoss.objects.filter(state=MeasureState.CONFIRMED), "amount")
    )


def _early():
    """Principal that was paid back or forgiven before its day, which is in no instalment to come."""
    kinds = [PartKind.EARLY_PRINCIPAL, PartKind.FORGIVEN]
    parts = Allocation.objects.filter(loan=OuterRef("pk"), withdrawn=None, kind__in=kinds, nr=None).order_by()
    summed = parts.values("loan").annotate(found=Sum("amount")).values("found")
    return Coalesce(Subquery(summed, output_field=_MONEY), Decimal(0))


def _moved():
    """Overdue principal that restructurings put into the schedule once more."""
    rows = Measure.objects.filter(loan=OuterRef("pk"), kind=MeasureKind.RESTRUCTURING, state=MeasureState.CONFIRMED)
    return _sum_of(rows.order_by())


def _of_tellings(fund):
    """What is told of the loans beside their lines, and the parts of the payments beside the payments."""
    found = []
    told = Telling.objects.filter(current=True, loan__fund=fund).select_related("loan").order_by("loan")
    told = told.annotate(
        **{
            name: Coalesce(
                Subquery(
                    Line.objects.filter(loan=OuterRef("loan"), account__code=code)
                    .order_by()
                    .values("loan")
                    .annotate(found=Sum("amount"))
                    .values("found"),
                    output_field=_MONEY,
                ),
                Decimal(0),
            )
            for name, code in _TOLD.items()
        }
    ).exclude(loan__state=LoanState.WRITTEN_OFF)
    wrong = Q()
    for name in _TOLD:
        kept = -F("over") if name == "in_over" else F(name.removeprefix("in_"))
        wrong |= ~Q(**{name: kept})
    for row in told.filter(wrong):
        for name in _TOLD:
            label = name.removeprefix("in_")
            kept = -row.over if label == "over" else getattr(row, label)
            if getattr(row, name) != kept:
                words = _("%(loan)s: %(name)s is told as %(kept)s, the ledger says %(found)s.")
                said = {"loan": row.loan, "name": row._meta.get_field(label).verbose_name}
                found.append(words % {**said, "kept": kept, "found": getattr(row, name)})
    paid = Payment.objects.filter(loan__fund=fund, reversed_at=None).annotate(
        told=Coalesce(Sum("allocations__amount", filter=Q(allocations__withdrawn=None)), Decimal(0))
    )
    for payment in paid.exclude(told=F("amount")).select_related("loan").order_by("pk"):
        words = _("%(loan)s: the payment of %(day)s is %(kept)s, its parts are %(found)s.")
        said = {"loan": payment.loan, "day": payment.value_date, "kept": payment.amount, "found": payment.told}
        found.append(words % said)
    return found + _of_interest(fund)


def _of_interest(fund):
    """Interest and principal receivable of the loans beside what was posted of them and what their payments pay."""

    def paid(kinds):
        parts = Allocation.objects.filter(loan=OuterRef("loan"), withdrawn=None, kind__in=kinds).order_by()
        return Coalesce(
            Subquery(parts.values("loan").annotate(found=Sum("amount")).values("found"), output_field=_MONEY), _ZERO
        )

    lines = Line.objects.filter(loan=OuterRef("loan"), account__code="212").order_by().values("loan")
    apart = Telling.objects.filter(loan=OuterRef("loan"), current=True).values("restructured")
    rows = Accrual.objects.filter(loan__fund=fund).exclude(loan__state=LoanState.WRITTEN_OFF).annotate(
        in_ledger=Coalesce(
            Subquery(lines.annotate(found=Sum("amount")).values("found"), output_field=_MONEY), _ZERO
        ),
        receivable=F("amount") - paid(_INTEREST) - Coalesce(Subquery(apart, output_field=_MONEY), _ZERO),
        left=F("loan__paid_out") - paid(_BACK),
    )  # fmt: skip
    found = []
    wrong = ~Q(in_ledger=F("receivable")) | ~Q(left=F("loan__outstanding"))
    for row in rows.filter(wrong).select_related("loan").order_by("loan"):
        said = {"loan": row.loan}
        if row.in_ledger != row.receivable:
            words = _("%(loan)s: interest receivable is %(kept)s, the ledger says %(found)s.")
            found.append(words % {**said, "kept": row.receivable, "found": row.in_ledger})
        if row.left != row.loan.outstanding:
            words = _("%(loan)s: by its payments %(kept)s of principal are left, the ledger says %(found)s.")
            found.append(words % {**said, "kept": row.left, "found": row.loan.outstanding})
    return found


_NEEDED = {
    LoanState.TERMINATED: [MeasureKind.TERMINATION],
    LoanState.RECOVERY: [MeasureKind.TERMINATION, MeasureKind.RECOVERY],
    LoanState.WRITTEN_OFF: [MeasureKind.TERMINATION, MeasureKind.WRITE_OFF],
}


def _of_measures(fund):
    """The loans beside the decisions that brought them into their state, and claims written off beside their lines."""
    found, done = [], {}
    confirmed = Measure.objects.filter(loan__fund=fund, state=MeasureState.CONFIRMED)
    for loan, kind in confirmed.values_list("loan", "kind"):
        done.setdefault(loan, set()).add(kind)
    for loan in fund.loans.filter(state__in=_NEEDED).order_by("pk"):
        for kind in _NEEDED[loan.state]:
            if kind not in done.get(loan.pk, ()):
                words = _("%(loan)s is “%(state)s” without a decision: %(kind)s.")
                found.append(words % {"loan": loan, "state": loan.get_state_display(), "kind": MeasureKind(kind).label})
    recovered = Allocation.objects.filter(loan=OuterRef("loan"), withdrawn=None, kind__in=_RECOVERED).order_by()
    claim = Line.objects.filter(loan=OuterRef("loan"), account__code="994").order_by()
    lost = confirmed.filter(kind=MeasureKind.WRITE_OFF).annotate(
        left=F("amount") + F("rest") - _sum_of(recovered), in_claim=_sum_of(claim)
    )
    for row in lost.exclude(left=F("in_claim")).select_related("loan").order_by("pk"):
        words = _("%(loan)s: %(kept)s is left of the claim written off, the ledger says %(found)s.")
        found.append(words % {"loan": row.loan, "kept": row.left, "found": row.in_claim})
    return found


def _sum_of(rows):
    summed = rows.values("loan").annotate(found=Sum("amount")).values("found")
    return Coalesce(Subquery(summed, output_field=_MONEY), Decimal(0))


def at_the_bank(fund, statement):
    """What the ledger has on the account of the bank as of a statement: what is on it or on one before, and of the rest
    what has a value date up to its last day."""
    lines = Line.objects.filter(entry__fund=fund, account__code=_BANK)
    on_none = Q(entry__statement=None, entry__bank_line=None, entry__value_date__lte=statement.last_day)
    on_one = Q(entry__statement__lte=statement.pk) | Q(entry__bank_line__statement__lte=statement.pk)
    return lines.filter(on_none | on_one).aggregate(found=Sum("amount"))["found"] or Decimal(0)


def balances(fund, statement):
    """(what the bank says is on the account, what the ledger says) as of a statement, PLN. A fund that changed its
    account has the last balances of all of them together."""
    last = fund.statements.filter(pk__lte=statement.pk).order_by("account", "-pk").distinct("account")
    return sum(last.values_list("closing", flat=True), Decimal(0)), at_the_bank(fund, statement)


def waiting_up_to(fund, statement):
    """How many lines of a statement and those before nobody has explained; balances are compared where there are none,
    since money may be on the account twice until it is known what it was."""
    return StatementLine.objects.filter(fund=fund, statement__lte=statement.pk, state=LineState.WAITING).count()


def _of_statements(fund):
    """The bank's balance beside the ledger's, the receipts that wait beside their account, the lines beside their
    entries."""
    newest = fund.statements.order_by("-pk").first()
    if newest is None:
        return []
    found = []
    lines = StatementLine.objects.filter(fund=fund)
    receipts = lines.filter(state=LineState.WAITING, amount__gt=0).aggregate(found=Sum("amount"))["found"] or 0
    posted = Line.objects.filter(entry__fund=fund, account__code=_UNIDENTIFIED).aggregate(found=Sum("amount"))
    if receipts != -(posted["found"] or 0):
        words = _("Receipts of %(kept)s wait to be explained, the ledger says %(found)s.")
        found.append(words % {"kept": receipts, "found": -(posted["found"] or 0)})
    for line in lines.filter(entry__reversed_by__isnull=False).order_by("pk"):
        words = _("The line of %(day)s over %(amount)s names entry %(number)d, which is reversed. Put the line back.")
        found.append(words % {"day": line.booked_on, "amount": line.amount, "number": line.entry_id})
    closing, counted = balances(fund, newest)
    if not waiting_up_to(fund, newest) and counted != closing:
        words = _("The bank statement up to %(day)s ends with %(kept)s, the ledger says %(found)s.")
        found.append(words % {"day": newest.last_day, "kept": closing, "found": counted})
    return found

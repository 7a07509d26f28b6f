"""Whether the ledger agrees with itself: recomputed from its lines, trusting no sum that is kept."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Count, DecimalField, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from loans.enums import Counter, EntryEvent, LoanState, TrancheState
from loans.models import Line, Loan, Tranche
from loans.models.ledger import COUNTERS
from loans.models.loans import LOAN_COUNTERS

_MONEY = DecimalField(max_digits=14, decimal_places=2)


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
    return found + _of_loans(fund)


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
    wrong |= ~Q(state=LoanState.LAPSED) & ~Q(in_schedule=None) & ~Q(in_schedule=F("committed") + F("paid_out"))
    found = []
    for loan in rows.filter(wrong).order_by("pk"):
        found += [s for name in LOAN_COUNTERS if (s := _differs(loan, name, getattr(loan, f"in_{name}")))]
        said = {"loan": loan, "kept": loan.paid_out}
        if loan.paid_out != loan.in_tranches:
            words = _("%(loan)s: %(kept)s is paid out, its tranches say %(found)s.")
            found.append(words % {**said, "found": loan.in_tranches})
        if loan.state == LoanState.LAPSED and loan.committed:
            found.append(_("%(loan)s has lapsed and still holds capital.") % said)
        elif loan.in_schedule not in (None, loan.committed + loan.paid_out):
            words = _("%(loan)s: its schedule pays back %(found)s, %(kept)s were granted and not given up.")
            found.append(words % {"loan": loan, "found": loan.in_schedule, "kept": loan.committed + loan.paid_out})
    return found

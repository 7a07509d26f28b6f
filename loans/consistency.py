"""Whether the ledger agrees with itself: recomputed from its lines, trusting no sum that is kept."""

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from loans.models import Line
from loans.models.ledger import COUNTERS


def differences(fund):
    """Sentences about what does not agree; none where all does."""
    lines = Line.objects.filter(entry__fund=fund)
    total = lines.aggregate(found=Sum("amount"))["found"] or 0
    if total:
        found = [_("All accounts of %(fund)s together are off by %(amount)s.") % {"fund": fund, "amount": total}]
    else:
        found = []
    bad = fund.entries.annotate(sum=Sum("lines__amount"), number=Count("lines"))
    for entry in bad.filter(~Q(sum=0) | Q(number__lt=2)).order_by("pk"):
        found.append(_("Entry %(number)d does not balance.") % {"number": entry.pk})
    kept = type(fund).objects.get(pk=fund.pk)
    sums = {
        row["account__counter"]: row["found"]
        for row in lines.order_by()
        .exclude(account__counter="")
        .values("account__counter")
        .annotate(found=Sum(F("amount") * F("account__sign")))
    }
    for name in COUNTERS:
        if getattr(kept, name) != sums.get(name, 0):
            words = _("%(fund)s: %(name)s is kept as %(kept)s, the ledger says %(found)s.")
            label = kept._meta.get_field(name).verbose_name
            said = {"fund": kept, "name": label, "kept": getattr(kept, name), "found": sums.get(name, 0)}
            found.append(words % said)
    for month in fund.months.exclude(closed_at=None).order_by("first"):
        late = fund.entries.filter(
            book_date__year=month.first.year, book_date__month=month.first.month, at__gt=month.closed_at
        )
        for entry in late:
            found.append(_("Entry %(number)d came into a closed month.") % {"number": entry.pk})
    return found

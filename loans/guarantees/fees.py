"""Fees for guarantees (opłaty): one a year on what is guaranteed on its first day, paid, and earned day by day.

A fee is charged whole for each year of the credit that has begun. One of a year that began after the guarantee ended is
given up (`waived_on`) unless it is paid, others are by hand. What is paid waits on 641 and becomes income (703) by
days, posted at the end of each month by the portal itself; what is left of it at once when the guarantee ends. Services
lock the guarantee before its fees and raise Refused, Stale, PermissionDenied. Amounts are Decimal in PLN.
"""

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from centrum.kit import clock
from centrum.kit.polish import date_short
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import days, ledger
from loans.enums import EntryEvent, GuaranteeState
from loans.guarantees import exposure
from loans.guarantees.earning import earned_by, key
from loans.models import Entry, Guarantee, GuaranteeFee
from loans.schedule import DAY, ZERO, rounded

_BACK = "-back"  # the end of the key under which a payment is taken back
IN_FORCE = (GuaranteeState.ACTIVE, GuaranteeState.CALLED)


# Reads


def due(guarantees):
    """Fees of some guarantees that nobody has paid and that are not given up, the oldest first."""
    rows = GuaranteeFee.objects.filter(guarantee__in=guarantees, paid_on=None, waived_on=None)
    return rows.select_related("guarantee__organisation").order_by("begins", "pk")


# Charging


def charge(row, today):
    """Make the fees of the years that have begun by a day and are not charged; the guarantee is held. Returns them.

    A year is charged once; one in which nothing is guaranteed, or that begins when the credit has ended, has no fee.
    """
    if row.state != GuaranteeState.ACTIVE or not row.fee:
        return []
    made, known = [], set(row.fees.values_list("nr", flat=True))
    # of a credit that was noted late nothing was guaranteed in the books on the first day of its first year
    first = row.lines.filter(entry__event=EntryEvent.GUA_ACTIVE).values_list("entry__book_date", flat=True).first()
    for nr in range(row.fee_from, _years(row) + 1):
        begins = clock.months_later(row.activated_on, 12 * (nr - 1))
        if begins > today:
            break
        if nr not in known:
            base = exposure.on(row, max(begins, first))
            if amount := rounded(base * row.fee):
                ends = clock.months_later(row.activated_on, 12 * nr)
                made.append(
                    GuaranteeFee.objects.create(
                        guarantee=row, nr=nr, begins=begins, ends=ends, base=base, amount=amount
                    )
                )
    return made


def charge_all(fund, today):
    """The same for all guarantees of a fund in which a year has begun, each in a transaction of its own; how many."""
    made = 0
    for row in Guarantee.objects.filter(fund=fund, state=GuaranteeState.ACTIVE, fee__gt=0).order_by("pk"):
        year = min(_year(row, today), _years(row))
        if year < row.fee_from or row.fees.filter(nr=year).exists():
            continue
        with transaction.atomic():
            made += len(charge(exposure.lock(row), today))
    return made


def _years(row):
    """How many years begin before the credit ends; a call is in time for some months more."""
    return -(-row.months // 12)


def _year(row, day):
    """Which year of the guarantee a day is in, from 1."""
    nr = 1
    while clock.months_later(row.activated_on, 12 * nr) <= day:
        nr += 1
    return nr


# Payment


@transaction.atomic
def pay(fee, *, by, paid_on, document):
    """Note that the client has paid a fee on a day, as a document says. The same again changes nothing."""
    require(by, Right.PAY_LOANS)
    row = exposure.lock(fee.guarantee)
    found = GuaranteeFee.objects.select_for_update(of=("self",)).get(pk=fee.pk)
    document = document.strip()
    if found.paid_on:
        if (found.paid_on, found.document) == (paid_on, document):
            return found
        raise Stale(_("This fee is paid already."))
    if found.waived_on:
        raise Stale(_("This fee was given up on %(day)s.") % {"day": date_short(found.waived_on)})
    if not document:
        raise Refused({"document": _("Give the number of the document.")})
    if paid_on > clock.today():
        raise Refused({"paid_on": _("This day has not come yet.")})
    if paid_on < row.signed_on:
        words = _("Choose %(day)s or a later day.") % {"day": date_short(row.signed_on)}
        raise Refused({"paid_on": words})
    found.entry = ledger.post(
        row.fund,
        by=by,
        event=EntryEvent.GUA_FEE,
        key=_payment_key(row, found.nr),
        lines=[(ledger.GUA_BANK, found.amount), (ledger.FEES_DEFERRED, -found.amount)],
        text=gettext_lazy("Fee for guarantee %(number)s, year %(year)d"),
        said={"number": row.number, "year": found.nr},
        value_date=paid_on,
        document=document,
        guarantee=row,
    )
    found.guarantee = row
    found.paid_on, found.document = paid_on, document
    found.save(update_fields=["paid_on", "document", "entry"])
    if row.state not in IN_FORCE:
        finish(row, by=by)
        found.refresh_from_db()
    return found


# Given up


@transaction.atomic
def waive(fee, *, by, reason):
    """Give up a fee that is not paid, for a reason."""
    require(by, Right.DECIDE_LOANS)
    row = exposure.lock(fee.guarantee)
    found = GuaranteeFee.objects.select_for_update(of=("self",)).get(pk=fee.pk)
    exposure.must_have_reason(reason)
    if found.paid_on:
        raise Stale(_("This fee is paid already."))
    if found.waived_on:
        raise Stale(_("This fee was given up on %(day)s.") % {"day": date_short(found.waived_on)})
    _waive(found, by=by, because=reason.strip())
    found.guarantee = row
    return found


def end(row, *, by):
    """What becomes of the fees of a guarantee that has ended, its row held: those of years that began afterwards are
    given up, and what is paid is earned."""
    with override("pl"):
        because = _("The guarantee ended before this year began.")
    unpaid = row.fees.filter(begins__gt=row.ended_on, paid_on=None, waived_on=None)
    for fee in unpaid.select_for_update(of=("self",)).order_by("nr"):
        _waive(fee, by=by, because=because)
    finish(row, by=by)


def _waive(fee, *, by, because):
    fee.waived_on, fee.waived_by, fee.waived_because = clock.today(), by, because
    fee.save(update_fields=["waived_on", "waived_by", "waived_because"])


def _payment_key(row, nr):
    """The key of the entry of a payment, another one after each that was taken back."""
    first = f"gua-fee-{row.number}-{nr}"
    times = Entry.objects.filter(fund=row.fund, key__startswith=f"{first}-", key__endswith=_BACK).count()
    return f"{first}-{times + 1}" if times else first


@transaction.atomic
def unpay(fee, *, by, reason):
    """Take back the payment of a fee that was noted wrongly: somebody else than who noted it, with a reason, and only
    while nothing of it is earned. The fee is to be paid again."""
    require(by, Right.PAY_LOANS)
    row = exposure.lock(fee.guarantee)
    found = GuaranteeFee.objects.select_for_update(of=("self",)).get(pk=fee.pk)
    if not found.paid_on:
        raise Stale(_("The payment of this fee is taken back already."))
    entry = found.entry
    if entry.by_id == by.pk:
        raise Refused(_("You noted this payment, so somebody else must take it back."))
    exposure.must_have_reason(reason)
    if found.earned:
        raise Refused(_("A part of this fee is earned already, so its payment stays."))
    ledger.post_together(row.fund, [ledger.reversal(entry, key=f"{entry.key}{_BACK}", reason=reason)], by=by)
    found.paid_on, found.document, found.entry = None, "", None
    found.save(update_fields=["paid_on", "document", "entry"])
    return found


# Earning


@transaction.atomic
def earn(fund, today):
    """Post what the paid fees of a fund earned up to the end of the last month, one entry a month; how many fees.

    A payment that was noted after the month, and what was left out, is made up for by the next one. A month posted
    already stays.
    """
    end = today.replace(day=1) - DAY
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('guarantee-fees'), %s)", [fund.pk])
    if Entry.objects.filter(fund=fund, key=key(end)).exists():
        return 0
    rows = days.paid_fees(fund, end).select_for_update(of=("self",)).select_related("guarantee")
    more = [(fee, earned_by(fee, end) - fee.earned) for fee in rows.order_by("guarantee_id", "nr")]
    more = [(fee, amount) for fee, amount in more if amount > 0]
    if more:
        _post_earned(
            fund,
            more,
            by=None,
            key=key(end),
            day=end,
            text=gettext_lazy("Fees of guarantees earned in %(month)s"),
            said={"month": f"{end:%m.%Y}"},
        )
    return len(more)


def finish(row, *, by):
    """Post at once what is not earned yet of the paid fees of a guarantee that has ended; its row is held."""
    fees = row.fees.filter(paid_on__isnull=False, earned__lt=F("amount")).select_for_update(of=("self",))
    more = [(fee, fee.amount - fee.earned) for fee in fees.order_by("nr")]
    if more:
        _post_earned(
            row.fund,
            more,
            by=by,
            key=f"gua-earned-{row.number}-{'-'.join(str(fee.nr) for fee, _amount in more)}",
            day=clock.today(),
            text=gettext_lazy("Fees of guarantee %(number)s earned, as it has ended"),
            said={"number": row.number},
        )


def _post_earned(fund, more, *, by, key, day, text, said):
    """One entry for [(fee, amount)]: each from 641, all of it to 703; booked under the day as long as it is open."""
    total = sum((amount for _fee, amount in more), ZERO)
    lines = [(ledger.FEES_DEFERRED, amount, fee.guarantee) for fee, amount in more]
    posting = ledger.Posting(
        event=EntryEvent.GUA_EARNED,
        key=key,
        lines=[*lines, (ledger.FEES, -total, None)],
        text=text,
        said=said,
        value_date=day,
        on=day if day < clock.today() and days.takes_entries(fund, day) else None,
    )
    ledger.post_together(fund, [posting], by=by)
    for fee, amount in more:
        fee.earned += amount
    GuaranteeFee.objects.bulk_update([fee for fee, _amount in more], ["earned"])

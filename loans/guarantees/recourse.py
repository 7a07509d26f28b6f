"""The claim of recourse after a guarantee was paid (regres): what is owed on a day, what came back, and its write-off.

What came back is shared with the lender pro rata of the cover where the agreement on cooperation says so. The fund's
share pays the principal first and then the interest for delay, so that the claim bears no more interest than it has to
(a creditor may count so to the debtor's good; Civil Code, art. 451). Interest is statutory (art. 481 § 2), from the day
after the payment to the lender, never on interest; it is income when it comes. Services lock the guarantee and raise
Refused in words for the user, Stale, PermissionDenied. Amounts are Decimal in PLN.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from centrum.kit import clock, saving
from centrum.kit.polish import date_short, money
from centrum.kit.transitions import Refused, Stale, find, move, what_changed
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import delay, ledger
from loans.enums import LOSS_MOVES, CallState, EntryEvent, GuaranteePaperKind, GuaranteeState, MeasureState, NbpKind
from loans.guarantees import exposure, papers
from loans.models import NbpRate, RecourseLoss, Recovery
from loans.schedule import DAY, ZERO, rounded

AFTER_PAYMENT = (GuaranteeState.RECOURSE, GuaranteeState.RECOVERED, GuaranteeState.WRITTEN_OFF)


# Reads


@dataclass(frozen=True)
class Standing:
    """What is owed to the fund on a day: `principal` of what it paid, and `interest` for delay that has not come.

    `since`: the day of the payment to the lender; `paid`: what was paid to it.
    """

    paid: Decimal
    since: object
    principal: Decimal
    interest: Decimal

    @property
    def total(self):
        return self.principal + self.interest


def paid_call(guarantee):
    """The call that was paid, None while none is."""
    return guarantee.calls.filter(state=CallState.PAID).first()


def kept(guarantee):
    """What came back after a payment, without what was taken back."""
    return guarantee.recoveries.filter(taken_back_at=None)


def newest(guarantee):
    """The recovery that may be taken back, None where there is none: those after it were reckoned with it."""
    return kept(guarantee).order_by("-on", "-pk").first()


def standing(guarantee, on=None):
    """The Standing of a paid guarantee at the end of a day (today). Raises Refused when a reference rate is missing."""
    call, day = paid_call(guarantee), on or clock.today()
    back = [row for row in kept(guarantee).order_by("on", "pk") if row.on <= day]
    payments = [(row.on, row.principal) for row in back]
    try:
        accrued = interest(call.payable, call.paid_on, payments, day, _references())
    except LookupError as error:
        words = _("The NBP reference rate of the days since %(day)s is not known. Enter it first.")
        raise Refused(words % {"day": date_short(call.paid_on)}) from error
    principal = call.payable - sum((row.principal for row in back), ZERO)
    # a reference rate that was entered afterwards may have made it less
    left = max(accrued - sum((row.interest for row in back), ZERO), ZERO)
    return Standing(call.payable, call.paid_on, principal, left)


def interest(claim, paid_on, payments, day, references):
    """Statutory interest for delay of a claim up to a day, from the day after `paid_on`.

    `payments`: [(day, principal)] by their days; what is paid on a day bears interest for it. `references`:
    [(day, rate)] of the NBP. Raises LookupError when the rate of a day is not known.
    """
    total, first = Fraction(0), paid_on + DAY
    for until, principal in [*payments, (day, ZERO)]:
        last = min(until, day)
        total += sum(Fraction(claim) * Fraction(rate) * days / 365 for rate, days in _parts(first, last, references))
        first, claim = max(first, last + DAY), claim - principal
    return rounded(total)


def _parts(first, last, references):
    """[(rate for delay, days)] from `first` to `last`, both counted."""
    found, day = [], first
    while day <= last:
        known = [row for row in references if row[0] <= day]
        if not known:
            raise LookupError(f"no reference rate on {day}")
        until = min([last + DAY, *(since for since, _rate in references if since > day)])
        found.append((delay.statutory(max(known)[1]).delay, (until - day).days))
        day = until
    return found


def _references():
    rows = NbpRate.objects.filter(kind=NbpKind.REFERENCE).exclude(confirmed_by=None).order_by("valid_from")
    return tuple(rows.values_list("valid_from", "rate"))


def share(guarantee, amount):
    """(the fund's part of money that came back, the lender's part of it)."""
    if not guarantee.lender.share:
        return amount, ZERO
    own = rounded(guarantee.cover * amount)
    return own, amount - own


def waiting(guarantee):
    """The write-off that waits for a second person, or None."""
    rows = guarantee.losses.filter(state=MeasureState.PREPARED)
    return rows.select_related("prepared_by", "paper__file").defer("paper__file__data").first()


# Recoveries


@transaction.atomic
def recover(guarantee, *, by, on, amount, document, key):
    """Note money that came back on a day, as a document says. Returns the Recovery, the first one where the same
    request (`key`) comes again.

    Of a claim that was written off it is income. More than is owed with interest is refused.
    """
    require(by, Right.PAY_LOANS)
    row, document, key = exposure.lock(guarantee), document.strip(), f"gua-recovery-{key}"
    first = Recovery.objects.filter(entry__fund=row.fund, entry__key=key).first()
    if first:
        if (first.guarantee_id, first.on, first.amount, first.document) != (row.pk, on, amount, document):
            raise Refused(_("Something else was posted under this key already. Open the page anew."))
        if first.taken_back_at:
            raise Stale(_("This recovery is taken back already."))
        return first
    _must_be_a_recovery(row, on, amount, document)
    own, of_lender = share(row, amount)
    now = standing(row, on)
    if own > now.total:
        words = _("The fund's part is %(own)s, and %(owed)s is owed with interest.")
        raise Refused({"amount": words % {"own": money(own), "owed": money(now.total)}})
    if not own:
        raise Refused({"amount": _("Nothing of it would be the fund's.")})
    principal = min(own, now.principal)
    rest = own - principal
    written_off = row.state == GuaranteeState.WRITTEN_OFF
    back = ZERO if written_off else principal
    lines = [(ledger.GUA_BANK, own), (ledger.RECOURSE, -back), (ledger.RECOURSE_INTEREST, back - own)]
    entry = ledger.post(
        row.fund,
        by=by,
        event=EntryEvent.GUA_RECOVERY,
        key=key,
        lines=[line for line in lines if line[1]],
        text=gettext_lazy("Recovered after guarantee %(number)s"),
        said={"number": row.number},
        value_date=on,
        document=document,
        guarantee=row,
    )
    made = saving.save(
        Recovery(
            guarantee=row,
            on=on,
            amount=amount,
            principal=principal,
            interest=rest,
            of_lender=of_lender,
            document=document,
            entry=entry,
            by=by,
            at=clock.now(),
        )
    )
    if row.state == GuaranteeState.RECOURSE and principal == now.principal:
        move(row, "recover", by=by)
    return made


def _must_be_a_recovery(row, on, amount, document):
    if row.state not in AFTER_PAYMENT:
        raise Stale(what_changed(row))
    if not document:
        raise Refused({"document": _("Give the number of the document.")})
    if amount <= 0:
        raise Refused({"amount": _("Give the amount.")})
    if on > clock.today():
        raise Refused({"on": _("This day has not come yet.")})
    first = paid_call(row).paid_on
    last = kept(row).order_by("-on").values_list("on", flat=True).first() or first
    if on < last:
        raise Refused({"on": _("Choose %(day)s or a later day.") % {"day": date_short(last)}})


@transaction.atomic
def take_back(recovery, *, by, reason):
    """Say that money did not come back as it was noted: somebody else than who noted it, with a reason.

    Only the newest one, since what was noted after it was reckoned with it. A claim that was whole again is open again;
    one that was written off since stays so. Returns the Recovery.
    """
    require(by, Right.PAY_LOANS)
    guarantee = exposure.lock(recovery.guarantee)
    rows = Recovery.objects.select_for_update(of=("self",), no_key=True).select_related("entry__fund")
    row = rows.get(pk=recovery.pk)
    row.guarantee = guarantee
    _must_be_taken_back(row, by, reason)
    if guarantee.state == GuaranteeState.RECOVERED and row.principal:
        move(guarantee, "reopen", by=by, reason=reason)  # before the entry, for one that is recovered owes nothing
    row.taken_back_at, row.taken_back_by, row.taken_back_because = clock.now(), by, reason.strip()[:300]
    row.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_because"])
    posting = ledger.reversal(row.entry, key=f"gua-recovery-back-{row.pk}", reason=reason)
    ledger.post_together(row.entry.fund, [posting], by=by)
    return row


def _must_be_taken_back(row, by, reason):
    if row.taken_back_at:
        raise Stale(_("This recovery is taken back already."))
    if row.by_id == by.pk:
        raise Refused(_("You noted this recovery, so somebody else must take it back."))
    exposure.must_have_reason(reason)
    if newest(row.guarantee).pk != row.pk:
        raise Refused(_("More came back after it. Take the later recoveries back first."))
    of_claim = row.entry.lines.filter(account__code=ledger.RECOURSE)
    if row.guarantee.state == GuaranteeState.WRITTEN_OFF and of_claim.exists():
        raise Refused(_("What was left of the claim after it is written off, so it stays."))


# The write-off


@transaction.atomic
def prepare_loss(guarantee, *, by, reasons, file):
    """Write down that a claim is lost, for somebody else to confirm; with the document on which it rests."""
    require(by, Right.KEEP_LOANS)
    row = exposure.lock(guarantee)
    if row.state != GuaranteeState.RECOURSE:
        raise Stale(what_changed(row))
    if not reasons.strip():
        raise Refused({"reasons": _("Give the reasons.")})
    if waiting(row):
        raise Refused(_("This claim is written off already, or about to be."))
    with override("pl"):
        title = _("Write-off of the claim of %(number)s") % {"number": row.number}
    paper = papers.keep(row, by=by, kind=GuaranteePaperKind.CLAIM, title=title, upload=file)
    return saving.save(
        RecourseLoss(guarantee=row, reasons=reasons.strip(), paper=paper, prepared_by=by, prepared_at=clock.now())
    )


@transaction.atomic
def confirm_loss(loss, *, by):
    """Confirm a write-off that somebody else prepared: what is left of the claim is lost."""
    row = _begin(loss, "confirm", by)
    guarantee = row.guarantee
    if row.prepared_by_id == by.pk:
        raise Refused(_("Somebody else has to confirm the decision than who prepared it."))
    if guarantee.state != GuaranteeState.RECOURSE:
        raise Stale(what_changed(guarantee))
    amount = guarantee.claim
    entry = ledger.post(
        guarantee.fund,
        by=by,
        event=EntryEvent.GUA_LOSS,
        key=f"gua-loss-{guarantee.number}",
        lines=[(ledger.RECOURSE_LOST, amount), (ledger.RECOURSE, -amount)],
        text=gettext_lazy("Claim of guarantee %(number)s written off"),
        said={"number": guarantee.number},
        value_date=clock.today(),
        document=guarantee.number,
        guarantee=guarantee,
    )
    changes = {"confirmed_by": by, "confirmed_at": clock.now(), "amount": amount, "entry": entry}
    done = move(row, "confirm", by=by, changes=changes)
    move(guarantee, "write_off", by=by)
    return done


@transaction.atomic
def drop_loss(loss, *, by, reason):
    return move(_begin(loss, "drop", by), "drop", by=by, reason=reason)


def _begin(loss, action, by):
    step = find(LOSS_MOVES, action)
    require(by, step.right)
    guarantee = exposure.lock(loss.guarantee)
    row = RecourseLoss.objects.select_for_update(of=("self",), no_key=True).get(pk=loss.pk)
    row.guarantee = guarantee
    if row.state not in step.sources:
        raise Stale(what_changed(row))
    return row

"""Calls of lenders to pay under a guarantee (wezwania): noted, checked, refused or paid.

A call is in time when it was received by `valid_to`; the day of receipt counts, whenever it is noted. One person checks
it, another pays or refuses it; one that nobody has checked is refused by somebody else than who noted it. With the
payment nothing is guaranteed any more and the fund has a claim of recourse. Services lock the guarantee before the
call; they raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied. Amounts are Decimal
in PLN.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from centrum.kit import clock, saving
from centrum.kit.polish import date_short, money
from centrum.kit.transitions import Refused, Stale, find, move, what_changed
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import ledger
from loans.enums import CALL_MOVES, CallState, EntryEvent, GuaranteePaperKind, GuaranteeState
from loans.guarantees import expiry, exposure, fees, papers
from loans.models import GuaranteeCall
from loans.schedule import rounded

OPEN = (CallState.RECEIVED, CallState.VERIFIED)
PAPERS = ("has_statement", "has_demand", "has_termination")


# Reads


@dataclass(frozen=True)
class Check:
    """One thing that is looked at, with its numbers in words; `holds`: None where a person has to say so."""

    words: str
    holds: bool | None


def most(call):
    """What may be paid: no more than was called for, than is guaranteed, and than the cover of the principal owed."""
    return min(call.amount, call.guarantee.exposure, rounded(call.guarantee.cover * call.owed))


def checks(call):
    """The Checks of a call whose guarantee is still in force, in the order in which they are read."""
    guarantee = call.guarantee
    covered = rounded(guarantee.cover * call.owed)
    answered = call.state != CallState.RECEIVED

    return [
        Check(
            _("It came on %(day)s, in time until %(last)s.")
            % {"day": date_short(call.received_on), "last": date_short(guarantee.valid_to)},
            call.received_on <= guarantee.valid_to,
        ),
        Check(
            _("%(amount)s is called for and %(limit)s is guaranteed.")
            % {"amount": money(call.amount), "limit": money(guarantee.exposure)},
            call.amount <= guarantee.exposure,
        ),
        Check(
            _("%(amount)s is called for and the cover of the principal owed is %(limit)s.")
            % {"amount": money(call.amount), "limit": money(covered)},
            call.amount <= covered,
        ),
        Check(_("Principal alone, without interest and costs."), True if answered else None),
        Check(_("The statement of the debt is there."), call.has_statement if answered else None),
        Check(_("The proof of the demand to the debtor is there."), call.has_demand if answered else None),
        Check(_("The termination of the credit is there."), call.has_termination if answered else None),
    ]


def days_left(call):
    """Days until the call has to be paid, below 0 once that day is over."""
    return (call.pay_by - clock.today()).days


def lock(call):
    """The held guarantee and the held call of it."""
    guarantee = exposure.lock(call.guarantee)
    rows = GuaranteeCall.objects.select_for_update(of=("self",), no_key=True).select_related("verified_by", "paper")
    row = rows.get(pk=call.pk)
    row.guarantee = guarantee
    return row


# Services


@transaction.atomic
def note(guarantee, *, by, received_on, amount, owed, terminated_on, file):
    """Note a call with its paper. `owed`: principal of the credit that is not paid back."""
    require(by, Right.KEEP_LOANS)
    row = exposure.lock(guarantee)
    if row.state != GuaranteeState.ACTIVE:
        _must_not_be_too_late(row)
        raise Stale(what_changed(row))
    _must_be_a_call(row, received_on, amount, owed, terminated_on)
    with override("pl"):
        title = _("Call of %(day)s") % {"day": date_short(received_on)}
    paper = papers.keep(row, by=by, kind=GuaranteePaperKind.CALL, title=title, upload=file)
    made = saving.save(
        GuaranteeCall(
            guarantee=row,
            received_on=received_on,
            amount=amount,
            owed=owed,
            terminated_on=terminated_on,
            paper=paper,
            noted_by=by,
            noted_at=clock.now(),
            pay_by=received_on + datetime.timedelta(days=row.lender.days_to_pay),
        )
    )
    move(row, "call", by=by)
    return made


@transaction.atomic
def verify(call, *, by, payable, principal_only, has_statement, has_demand, has_termination):
    """Say that a call was looked at and what is to be paid (`payable`); somebody else pays it."""
    row = _begin(call, "verify", by)
    said = dict(zip(PAPERS, (has_statement, has_demand, has_termination), strict=True))
    missing = [name for name, there in {"principal_only": principal_only, **said}.items() if not there]
    if missing:
        words = _("A call is paid only when this holds. Ask the lender, or let the call be refused.")
        raise Refused(dict.fromkeys(missing, words))
    if payable <= 0:
        raise Refused({"payable": _("Give the amount.")})
    if payable > most(row):
        words = _("At most %(most)s may be paid: what is called for, guaranteed, and covered of the principal owed.")
        raise Refused({"payable": words % {"most": money(most(row))}})
    changes = {"payable": payable, "verified_by": by, "verified_at": clock.now()}
    return move(row, "verify", by=by, changes={**said, **changes})


@transaction.atomic
def refuse(call, *, by, reason):
    """Refuse a call, as somebody else than who checked it, or noted it where nobody has; the guarantee is in force as
    before."""
    row = _begin(call, "refuse", by)
    if not reason.strip():
        raise Refused({"reason": _("Give a reason.")})
    _must_be_of_another(row, by)
    changes = {"decided_by": by, "refused_because": reason.strip(), "refused_on": clock.today()}
    done = move(row, "refuse", by=by, changes=changes)
    move(row.guarantee, "refuse", by=by)
    return done


@transaction.atomic
def pay(call, *, by, paid_on, document):
    """Post that a checked call was paid, as somebody else than who checked it. The same again changes nothing.

    In one entry the claim on the client comes in the place of the money, and all that was guaranteed is given up.
    """
    require(by, Right.PAY_LOANS)
    row, document = lock(call), document.strip()
    if (row.state, row.paid_on, row.document) == (CallState.PAID, paid_on, document):
        return row
    row = _begin(call, "pay", by)
    _must_be_of_another(row, by)
    _must_be_a_payment(row, paid_on, document)
    guarantee = row.guarantee
    lines = [(ledger.RECOURSE, row.payable), (ledger.GUA_BANK, -row.payable), *exposure.release_lines(guarantee)]
    entry = ledger.post(
        guarantee.fund,
        by=by,
        event=EntryEvent.GUA_CALL,
        key=f"gua-call-{row.pk}",
        lines=lines,
        text=gettext_lazy("Guarantee %(number)s paid"),
        said={"number": guarantee.number},
        value_date=paid_on,
        document=document,
        guarantee=guarantee,
    )
    changes = {"paid_on": paid_on, "document": document, "entry": entry, "decided_by": by}
    done = move(row, "pay", by=by, changes=changes)
    move(guarantee, "pay", by=by, changes={"ended_on": paid_on})
    fees.end(exposure.lock(guarantee), by=by)
    return done


def _begin(call, action, by):
    step = find(CALL_MOVES, action)
    require(by, step.right)
    row = lock(call)
    if row.state not in step.sources:
        raise Stale(what_changed(row))
    return row


# Checks


def _must_not_be_too_late(row):
    if row.state == GuaranteeState.EXPIRED:
        words = _("The guarantee expired on %(day)s; a call that came in time had to be noted by %(last)s.")
        said = {"day": date_short(row.valid_to), "last": date_short(expiry.last_day(row))}
        raise Refused(words % said)


def _must_be_a_call(row, received_on, amount, owed, terminated_on):
    if received_on > clock.today():
        raise Refused({"received_on": _("This day has not come yet.")})
    if received_on < row.activated_on:
        raise Refused({"received_on": _("Before that day nothing was guaranteed.")})
    if received_on > row.valid_to:
        words = _("The call is late: it had to be received by %(day)s.") % {"day": date_short(row.valid_to)}
        raise Refused({"received_on": words})
    if amount <= 0:
        raise Refused({"amount": _("Give the amount.")})
    if owed <= 0:
        raise Refused({"owed": _("Give the amount.")})
    if owed > row.credit:
        words = _("The credit was %(credit)s, so no more principal is owed.") % {"credit": money(row.credit)}
        raise Refused({"owed": words})
    if terminated_on > received_on:
        raise Refused({"terminated_on": _("The credit is terminated before the call.")})
    if terminated_on < row.activated_on:
        raise Refused({"terminated_on": _("A credit is terminated no earlier than it was paid out.")})


def _must_be_of_another(row, by):
    if row.verified_by_id == by.pk:
        raise Refused(_("Somebody else has to pay or refuse the call than who checked it."))
    if row.verified_by_id is None and row.noted_by_id == by.pk:
        raise Refused(_("Somebody else has to refuse the call than who noted it."))


def _must_be_a_payment(row, paid_on, document):
    if not document:
        raise Refused({"document": _("Give the number of the document.")})
    if paid_on > clock.today():
        raise Refused({"paid_on": _("This day has not come yet.")})
    if paid_on < (checked := clock.local(row.verified_at).date()):
        words = _("The call was checked on %(day)s, so nothing was paid before.") % {"day": date_short(checked)}
        raise Refused({"paid_on": words})
    if row.payable > most(row):
        words = _("At most %(most)s may be paid: what is called for, guaranteed, and covered of the principal owed.")
        raise Refused(words % {"most": money(most(row))})

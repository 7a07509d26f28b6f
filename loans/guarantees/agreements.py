"""The agreement of a guarantee: promised, drawn up, signed, in force once the credit is paid out, or let lapse.

Services lock the guarantee before anything else of it. They raise Refused in words for the user, Stale when somebody
was quicker, PermissionDenied. Amounts are Decimal in PLN.
"""

import datetime
import re

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from centrum.kit import clock
from centrum.kit.polish import date_short, money
from centrum.kit.transitions import Refused, move
from loans import ledger
from loans.deminimis import register
from loans.enums import EntryEvent, GuaranteePaperKind, GuaranteeState, SecurityState
from loans.guarantees import exposure, fees, papers
from loans.models.guarantees import ONE_CREDIT, ONE_CREDIT_WORDS

SIGN_SOON = datetime.timedelta(days=14)
BEFORE_ACTIVE = (GuaranteeState.APPROVED, GuaranteeState.PROMISED, GuaranteeState.DRAWN, GuaranteeState.SIGNED)
# stands in files that a spreadsheet opens
_CREDIT_NUMBER = re.compile(r"[^\W_][^;\"\r\n]*")


# Reads


def warning(guarantee):
    """What to tell of the days for signing and paying out: (kind of note, words), None where nothing presses."""
    if guarantee.state not in BEFORE_ACTIVE:
        return None
    left, day = guarantee.sign_by - clock.today(), date_short(guarantee.sign_by)
    if left < datetime.timedelta(0):
        return "bad", _("All was to be signed and paid out by %(day)s. Let the guarantee lapse.") % {"day": day}
    if left <= SIGN_SOON:
        return "wait", _("All has to be signed and the credit paid out by %(day)s.") % {"day": day}
    return None


# Services


@transaction.atomic
def promise(guarantee, *, by):
    """Issue the promise (promesa) today: the lender may count on the guarantee until `sign_by`."""
    row = exposure.begin(guarantee, "promise", by)
    today = clock.today()
    _must_be_in_time(row, today)
    papers.make_promise(row, by=by, day=today)
    return move(row, "promise", by=by, changes={"promised_on": today})


@transaction.atomic
def draw(guarantee, *, by, drawn_on=None):
    """Draw up the agreement and the declaration to the lender, of a day (today) on which they are to be signed. Once
    more before the signing: new papers, the earlier ones stay."""
    row = exposure.begin(guarantee, "draw", by)
    day = drawn_on or clock.today()
    if day < clock.today():
        raise Refused({"drawn_on": _("This day is over. Draw the agreement up for today or a later day.")})
    _must_be_in_time(row, day, "drawn_on")
    move(row, "draw", by=by, changes={"drawn_on": day})
    row = exposure.lock(row)
    papers.make_agreement(row, by=by)
    return row


@transaction.atomic
def sign(guarantee, *, by, signed_on, file=None):
    """Note that the agreement and the declaration were signed on a day, with a scan of them. With this day the aid is
    given."""
    row = exposure.begin(guarantee, "sign", by)
    if signed_on > clock.today():
        raise Refused({"signed_on": _("This day has not come yet.")})
    if signed_on < row.drawn_on:
        raise Refused({"signed_on": _("An agreement is signed no earlier than it was drawn up.")})
    _must_be_in_time(row, signed_on, "signed_on")
    move(row, "sign", by=by, changes={"signed_on": signed_on})
    if file:
        with override("pl"):
            title = _("Signed agreement %(number)s") % {"number": row.number}
        papers.keep(row, by=by, kind=GuaranteePaperKind.SIGNED, title=title, upload=file)
    row = exposure.lock(row)
    register.grant_of_guarantee(row, by=by, on=signed_on)
    return row


@transaction.atomic
def activate(guarantee, *, by, activated_on, credit_number, paid_out):
    """Note that the lender has paid the credit out: from now on it is guaranteed, with the cover of `paid_out` (PLN).

    What was promised is free again and what is guaranteed stands in its place, in one entry. The fee of the first year
    is charged.
    """
    row = exposure.begin(guarantee, "activate", by)
    credit_number = " ".join(credit_number.split())
    _must_be_as_agreed(row, activated_on, credit_number, paid_out)
    _must_be_secured(row)
    guaranteed = exposure.of_credit(row, paid_out)
    if not guaranteed:
        raise Refused({"paid_out": _("Nothing of such an amount would be guaranteed.")})
    lines = [(ledger.GUARANTEED, guaranteed), (ledger.GUARANTEED_CONTRA, -guaranteed), *exposure.release_lines(row)]
    ledger.post(
        row.fund,
        by=by,
        event=EntryEvent.GUA_ACTIVE,
        key=f"active-{row.number}",
        lines=lines,
        text=gettext_lazy("Guarantee %(number)s in force"),
        said={"number": row.number},
        value_date=activated_on,
        document=row.number,
        guarantee=row,
    )
    valid_to = clock.months_later(activated_on, row.months + row.lender.months_after)
    changes = {"activated_on": activated_on, "credit_number": credit_number, "valid_to": valid_to}
    try:
        with transaction.atomic():
            move(row, "activate", by=by, changes=changes)
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != ONE_CREDIT:
            raise
        raise Refused({"credit_number": ONE_CREDIT_WORDS}) from error
    row = exposure.lock(row)
    fees.charge(row, clock.today())
    return row


@transaction.atomic
def lapse(guarantee, *, by, reason):
    """Let a guarantee lapse whose credit was not paid out: what was promised is free again, and its aid is none."""
    row = exposure.begin(guarantee, "lapse", by)
    exposure.must_have_reason(reason)
    _release(row, by=by, text=gettext_lazy("Guarantee %(number)s lapsed"), value_date=clock.today())
    move(row, "lapse", by=by, reason=reason, changes={"ended_on": clock.today()})
    register.fell_through(guarantee=row, by=by, reason=reason)
    return exposure.lock(row)


@transaction.atomic
def release(guarantee, *, by, ended_on, reason, file):
    """Release a guarantee before its term, as a document says: the credit is paid back, or the lender gives it up."""
    row = exposure.begin(guarantee, "release", by)
    exposure.must_have_reason(reason)
    if ended_on > clock.today():
        raise Refused({"ended_on": _("This day has not come yet.")})
    if ended_on < row.activated_on:
        raise Refused({"ended_on": _("Before that day nothing was guaranteed.")})
    with override("pl"):
        title = _("Release of guarantee %(number)s") % {"number": row.number}
    papers.keep(row, by=by, kind=GuaranteePaperKind.OTHER, title=title, upload=file)
    _release(row, by=by, text=gettext_lazy("Guarantee %(number)s released"), value_date=ended_on)
    move(row, "release", by=by, reason=reason, changes={"ended_on": ended_on})
    row = exposure.lock(row)
    fees.end(row, by=by)
    return row


def _release(row, *, by, text, value_date):
    if lines := exposure.release_lines(row):
        ledger.post(
            row.fund,
            by=by,
            event=EntryEvent.GUA_RELEASE,
            key=f"gua-release-{row.number}",
            lines=lines,
            text=text,
            said={"number": row.number},
            value_date=value_date,
            document=row.number,
            guarantee=row,
        )


# Checks


def _must_be_in_time(row, day, field=None):
    if day > row.sign_by:
        words = _("The agreement has to be signed by %(day)s.") % {"day": date_short(row.sign_by)}
        raise Refused({field: words} if field else words)


def _must_be_as_agreed(row, day, credit_number, paid_out):
    if day > clock.today():
        raise Refused({"activated_on": _("This day has not come yet.")})
    if day < row.signed_on:
        raise Refused({"activated_on": _("A credit that was paid out before the guarantee is not guaranteed.")})
    if day > row.sign_by:
        words = _("The credit was to be paid out by %(day)s. Let the guarantee lapse.")
        raise Refused({"activated_on": words % {"day": date_short(row.sign_by)}})
    if len(credit_number) > 60 or not _CREDIT_NUMBER.fullmatch(credit_number):
        words = _("Give the number of the credit agreement: it begins with a letter or a digit and has no semicolon.")
        raise Refused({"credit_number": words})
    if paid_out <= 0:
        raise Refused({"paid_out": _("Give the amount.")})
    if paid_out > row.credit:
        words = _("The guarantee is for a credit of %(credit)s at most.") % {"credit": money(row.credit)}
        raise Refused({"paid_out": words})


def _must_be_secured(row):
    states = set(row.securities.values_list("state", flat=True))
    if SecurityState.ESTABLISHED not in states or SecurityState.REQUIRED in states:
        raise Refused(_("Not every security is established. Establish all of them first."))

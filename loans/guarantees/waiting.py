"""What waits in guarantees for a member of the staff: numbers for the menu, and the day."""

from django.urls import reverse
from django.utils.translation import gettext as _

from centrum.kit import clock
from centrum.kit.polish import date_short, money
from centrum.staff.enums import Right
from loans.enums import CallState, GuaranteeState, MeasureState
from loans.guarantees import fees, queries, reports
from loans.guarantees.agreements import BEFORE_ACTIVE
from loans.models import GuaranteeCall, RecourseLoss

SHOWN = 8


def waiting_for(user):
    """{kind: rows} of what the user may do: agreements to be signed and credits to be paid out of those that the user
    keeps; calls to be checked or paid; write-offs to be confirmed; fees to be paid; reports that are missing."""
    found, seen = {}, queries.visible(user)
    if user.has_right(Right.KEEP_LOANS):
        found["sign"] = seen.filter(state__in=BEFORE_ACTIVE, officer=user)
        found["check"] = GuaranteeCall.objects.filter(guarantee__in=seen, state=CallState.RECEIVED)
        if reports.sees(user):
            found["reports"] = reports.missing()
    if user.has_right(Right.PAY_LOANS):
        calls = GuaranteeCall.objects.filter(guarantee__in=seen, state=CallState.VERIFIED)
        found["pay"] = calls.exclude(verified_by=user)
        found["fees"] = fees.due(seen)
    if user.has_right(Right.DECIDE_LOANS):
        # a claim that came back in the meantime has nothing to be written off
        owing = seen.filter(state=GuaranteeState.RECOURSE)
        losses = RecourseLoss.objects.filter(guarantee__in=owing, state=MeasureState.PREPARED)
        found["losses"] = losses.exclude(prepared_by=user)
    return found


def my_day(user):
    """[{url, title, text}] of what waits, calls first."""
    found, rows = waiting_for(user), []

    def add(kind, url, title, text):
        rows.append({"kind": kind, "url": url, "title": title, "text": text})

    for kind, words in (
        ("check", _("call to be checked, to be paid by %(day)s")),
        ("pay", _("call to be paid by %(day)s")),
    ):
        calls = found[kind].select_related("guarantee__organisation").order_by("pay_by", "pk") if kind in found else ()
        for call in calls[:SHOWN]:
            url = reverse("loans:guarantee-call", args=[call.guarantee.public_id, call.pk])
            add(kind, url, _named(call.guarantee), words % {"day": date_short(call.pay_by)})
    if "losses" in found:
        for loss in found["losses"].select_related("guarantee__organisation").order_by("pk")[:SHOWN]:
            url = reverse("loans:guarantee-loss", args=[loss.guarantee.public_id, loss.pk])
            add("losses", url, _named(loss.guarantee), _("write-off to be confirmed"))
    if "sign" in found:
        soon = found["sign"].select_related("organisation").order_by("sign_by", "pk")
        for row in soon[:SHOWN]:
            words = _("to be signed and paid out by %(day)s") % {"day": date_short(row.sign_by)}
            add("sign", _page(row), _named(row), words)
    for lender in found.get("reports", ())[:SHOWN]:
        month = f"{reports.last_month():%m.%Y}"
        url = f"{reverse('loans:guarantee-report-new')}?lender={lender.pk}"
        add("reports", url, str(lender), _("report of %(month)s is missing") % {"month": month})
    if "fees" in found:
        for fee in found["fees"].filter(begins__lte=clock.today())[:SHOWN]:
            words = _("fee to be paid: %(amount)s") % {"amount": money(fee.amount)}
            add("fees", _page(fee.guarantee), _named(fee.guarantee), words)
    return rows


def _named(guarantee):
    return f"{guarantee.number} {guarantee.organisation}"


def _page(guarantee):
    return reverse("loans:guarantee", args=[guarantee.public_id])

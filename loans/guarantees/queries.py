"""What is read of guarantees; every read for a user begins at `visible`."""

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit import clock
from centrum.kit.search import MATCHES, matching
from centrum.register.queries import plain_number
from centrum.staff.enums import Right
from centrum.staff.queries import unit_scope
from loans.enums import CallState, GuaranteeState
from loans.guarantees.agreements import BEFORE_ACTIVE
from loans.models import Guarantee, GuaranteeCall, GuaranteeFee, Lender, Security

STATES = {
    "before": pgettext_lazy("guarantees", "before they are in force"),
    "staked": pgettext_lazy("guarantees", "promised or guaranteed"),
    **dict(GuaranteeState.choices),
}
TO_DO = {
    "sign": _("to be signed"),
    "late": pgettext_lazy("guarantees", "not signed in time"),
    "secure": _("securities to be established"),
    "activate": _("credit to be paid out"),
    "call": _("call to be checked or paid"),
    "fee": _("fee to be paid"),
    "release": _("credit paid back, to be released"),
}
_CALLS = (CallState.RECEIVED, CallState.VERIFIED)


def visible(user):
    """Guarantees of the units that `user` sees: of all units for the lead's wide roles, none without the right."""
    if not user.has_right(Right.VIEW_LOANS):
        return Guarantee.objects.none()
    scope = unit_scope(user)
    return Guarantee.objects.all() if scope is None else Guarantee.objects.filter(unit__in=scope)


def listed(user, *, state="", lender=None, officer="", todo=""):
    """Visible guarantees for the list; `state`: one of STATES, `lender`: a key, `officer`: "me" for those that the user
    keeps, `todo`: one of TO_DO."""
    rows = visible(user)
    if state == "before":
        rows = rows.filter(state__in=BEFORE_ACTIVE)
    elif state == "staked":
        rows = rows.filter(Q(reserved__gt=0) | Q(exposure__gt=0))
    elif state:
        rows = rows.filter(state=state)
    if lender:
        rows = rows.filter(lender=lender)
    if officer:
        rows = rows.filter(officer=user)
    if todo:
        rows = rows.filter(_waiting(todo))
    return rows


def _waiting(todo):
    """Q of the guarantees in which this is to do."""
    unsigned = Q(state__in=[GuaranteeState.APPROVED, GuaranteeState.PROMISED, GuaranteeState.DRAWN])
    required = Security.objects.filter(guarantee=OuterRef("pk"), state="required")
    calls = GuaranteeCall.objects.filter(guarantee=OuterRef("pk"), state__in=_CALLS)
    fees = GuaranteeFee.objects.filter(guarantee=OuterRef("pk"), paid_on=None, waived_on=None)
    return {
        "sign": unsigned,
        "late": Q(state__in=BEFORE_ACTIVE, sign_by__lt=clock.today()),
        "secure": Q(Exists(required), state__in=BEFORE_ACTIVE),
        "activate": Q(state=GuaranteeState.SIGNED),
        "call": Q(Exists(calls)),
        "fee": Q(Exists(fees)),
        "release": Q(state=GuaranteeState.ACTIVE, exposure=0),
    }[todo]


def search(guarantees, text):
    """(new queryset of at most MATCHES of `guarantees` with `text` in the number, in that of the credit, or in the
    organisation's name, NIP or another number, how many, whether there are more); one query."""
    guarantees, text = guarantees.order_by().values_list("pk"), plain_number(text)
    numbered = matching(guarantees, text)[: MATCHES + 1]
    named = matching(guarantees, text, "organisation__search")[: MATCHES + 1]
    keys = sorted({pk for (pk,) in numbered.union(named, all=True)}, reverse=True)
    return Guarantee.objects.filter(pk__in=keys[:MATCHES]), len(keys[:MATCHES]), len(keys) > MATCHES


def with_names(guarantees):
    """The same rows with what the list shows of each."""
    rows = guarantees.select_related("organisation", "lender", "officer").annotate(stake=F("reserved") + F("exposure"))
    return rows.defer("search")


def shown(user):
    """Visible guarantees with what the page of one reads of other tables."""
    return visible(user).select_related(
        "organisation__commune", "person", "lender", "officer", "unit", "fund", "decision__review__application"
    )


def lenders_of(user):
    """Lenders of the guarantees that the user sees."""
    return Lender.objects.filter(pk__in=visible(user).order_by().values("lender")).order_by("name", "pk")


def open_calls(user):
    """Calls to be checked or paid, the nearest day of payment first."""
    rows = GuaranteeCall.objects.filter(guarantee__in=visible(user), state__in=_CALLS)
    return rows.select_related("guarantee__organisation", "guarantee__lender").order_by("pay_by", "pk")

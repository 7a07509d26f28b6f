"""What is read of loans; every read for a user begins at `visible_loans`."""

from django.db.models import CharField, DecimalField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit import clock
from centrum.kit.periods import in_force
from centrum.kit.search import MATCHES, matching
from centrum.register.queries import plain_number
from centrum.staff.enums import Right
from centrum.staff.queries import unit_scope
from loans.enums import BEFORE_PAYOUT, AnnexState, LoanState, SecurityState, SettlementState, TrancheState
from loans.models import Annex, Loan, ScheduleRow, Security, Settlement, Tranche

TO_DO = {
    "sign": _("agreement to be signed"),
    "late": _("not signed in time"),
    "secure": _("securities to be established"),
    "pay": _("payout on its way"),
    "settle": _("settlement to be checked"),
    "unsettled": _("not settled in time"),
    "annex": _("annex on its way"),
}
STATES = {"before": pgettext_lazy("loans", "before payout"), **dict(LoanState.choices)}


def visible_loans(user):
    """Loans of the units that `user` sees: of all units for the lead's wide roles, none without the right."""
    if not user.has_right(Right.VIEW_LOANS):
        return Loan.objects.none()
    scope = unit_scope(user)
    return Loan.objects.all() if scope is None else Loan.objects.filter(unit__in=scope)


def listed(user, *, state="", product=None, officer=None, todo=""):
    """Visible loans for the list; `state`: one of STATES, `todo`: one of TO_DO, `product`: a key,
    `officer`: "me" for those that the user keeps."""
    rows = visible_loans(user)
    if state == "before":
        rows = rows.filter(state__in=BEFORE_PAYOUT)
    elif state:
        rows = rows.filter(state=state)
    if product:
        rows = rows.filter(product=product)
    if officer:
        rows = rows.filter(officer=user)
    if todo:
        rows = rows.filter(_waiting(todo))
    return rows


def with_names(loans):
    """The same rows with what the list shows of each, and no more."""
    return loans.select_related("organisation", "product", "officer").only(
        "public_id", "number", "state", "amount", "outstanding", "first_due", "organisation__name", "organisation__nip",
        "product__name", "product__name_en", "officer__first_name", "officer__last_name",
    )  # fmt: skip


def _waiting(todo):
    """Q of the loans in which this is to do."""
    today = clock.today()
    unsigned = Q(state__in=[LoanState.APPROVED, LoanState.DRAWN])
    required = Security.objects.filter(loan=OuterRef("pk"), state=SecurityState.REQUIRED)
    paying = Tranche.objects.filter(state__in=[TrancheState.VERIFIED, TrancheState.APPROVED, TrancheState.ORDERED])
    submitted = Settlement.objects.filter(state=SettlementState.SUBMITTED)
    behind = Settlement.objects.filter(state__in=[SettlementState.OPEN, SettlementState.CORRECTIONS])
    behind = behind.filter(Q(extended_to=None, due_on__lt=today) | Q(extended_to__lt=today))
    annexes = Annex.objects.filter(state__in=[AnnexState.PREPARED, AnnexState.CONFIRMED])
    return {
        "sign": unsigned,
        "late": unsigned & Q(sign_by__lt=today),
        "secure": Q(Exists(required), state=LoanState.SIGNED),
        "pay": Q(pk__in=paying.values("loan")),
        "settle": Q(pk__in=submitted.values("tranche__loan")),
        "unsettled": Q(pk__in=behind.values("tranche__loan")),
        "annex": Q(pk__in=annexes.values("loan")),
    }[todo]


def search(loans, text):
    """(new queryset of at most MATCHES of `loans` with `text` in the number, or in the organisation's name, NIP or
    another number, how many, whether there are more); one query."""
    loans, text = loans.order_by().values_list("pk"), plain_number(text)
    numbered, named = matching(loans, text)[: MATCHES + 1], matching(loans, text, "organisation__search")[: MATCHES + 1]
    # each half by its own index and no further than needed
    keys = sorted({pk for (pk,) in numbered.union(named, all=True)}, reverse=True)
    return Loan.objects.filter(pk__in=keys[:MATCHES]), len(keys[:MATCHES]), len(keys) > MATCHES


def with_next_due(loans):
    """The same rows with `next_due` and `next_total` (PLN) of the instalment that falls due next, of a loan that is
    not paid out the first one as planned; None where there is no schedule or nothing falls due any more."""
    rows = ScheduleRow.objects.filter(version__loan=OuterRef("pk"), version__current=True)
    rows = rows.alias(of=ExpressionWrapper(OuterRef("state"), CharField())).exclude(of=LoanState.LAPSED)
    rows = rows.filter(Q(due__gte=clock.today()) | ~Q(of=LoanState.ACTIVE)).order_by("nr")
    total = F("principal") + F("interest") + F("deferred")
    return loans.annotate(
        next_due=Subquery(rows.values("due")[:1]),
        next_total=Subquery(rows.values(total=total)[:1], output_field=DecimalField()),
    )


def shown(user):
    """Visible loans with what the page of one reads of other tables."""
    return with_next_due(visible_loans(user)).select_related(
        "organisation__commune",
        "person",
        "product",
        "officer",
        "unit",
        "fund",
        "decision__review__application",
    )


def rate_in_force(loan):
    """The LoanRate of today; before the first day of the first one that one; None while none is set."""
    return loan.rates.filter(in_force()).first() or loan.rates.order_by("valid_from").first()

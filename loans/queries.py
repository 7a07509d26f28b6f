"""What is read of loans; every read for a user begins at `visible_loans`."""

import datetime
import re

from django.db.models import Case, DateField, DecimalField, Exists, F, FilteredRelation, OuterRef, Q, Subquery, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit import clock
from centrum.kit.periods import in_force
from centrum.kit.search import MATCHES, matching
from centrum.register.queries import plain_number
from centrum.register.ties import main_contact
from centrum.staff.enums import Right
from centrum.staff.queries import unit_scope
from loans import risk
from loans.enums import (
    BEFORE_PAYOUT,
    CALLED,
    OWING,
    AnnexState,
    LoanState,
    MeasureKind,
    MeasureState,
    SecurityState,
    SettlementState,
    TrancheState,
)
from loans.models import Annex, Loan, Measure, ScheduleRow, Security, Settlement, Telling, Tranche
from loans.schedule import DAY

TO_DO = {
    "sign": _("agreement to be signed"),
    "late": _("not signed in time"),
    "secure": _("securities to be established"),
    "pay": _("payout on its way"),
    "settle": _("settlement to be checked"),
    "unsettled": _("not settled in time"),
    "annex": _("annex on its way"),
}
STATES = {
    "before": pgettext_lazy("loans", "before payout"),
    "owing": pgettext_lazy("loans", "being paid back"),
    "called": pgettext_lazy("loans", "terminated or in recovery"),
    "committed": pgettext_lazy("loans", "with money to be paid out"),
    **dict(LoanState.choices),
}
_STATES = {"before": BEFORE_PAYOUT, "owing": OWING, "called": CALLED}
# days past due: as portfolio at risk counts them, and by classes
ARREARS = {
    "par1": pgettext_lazy("arrears", "late"),
    "par30": pgettext_lazy("arrears", "late by more than 30 days"),
    "par90": pgettext_lazy("arrears", "late by more than 90 days"),
    "late1": pgettext_lazy("arrears", "late by 1–30 days"),
    "late31": pgettext_lazy("arrears", "late by 31–90 days"),
    "restructured": pgettext_lazy("arrears", "restructured"),
    "restructured_late": pgettext_lazy("arrears", "restructured, late all the same"),
}
_DAYS = {f"par{days}": (risk.more_than(days) + 1, None) for days in risk.DAYS}
_DAYS |= {f"late{first}": (first, last) for first, last in risk.CLASSES}
_DAYS["restructured_late"] = _DAYS["par1"]
_RESTRUCTURED = ("restructured", "restructured_late")
_QUARTER = re.compile(r"(20[0-9]{2})-Q([1-4])")
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
# whoever sees one unit is told so where figures of a whole fund stand
ALL_UNITS = _("The figures of the fund are of all units together, and you see those of your own.")


def visible_loans(user):
    """Loans of the units that `user` sees: of all units for the lead's wide roles, none without the right."""
    if not user.has_right(Right.VIEW_LOANS):
        return Loan.objects.none()
    scope = unit_scope(user)
    return Loan.objects.all() if scope is None else Loan.objects.filter(unit__in=scope)


def listed(user, *, state="", product=None, officer=None, todo="", arrears="", **only):
    """Visible loans for the list; `state`: one of STATES, `todo`: one of TO_DO, `arrears`: one of ARREARS, `product`: a
    key, `officer`: "me" for those that the user keeps, `only`: what the figures of the fund count, see `_counted`."""
    rows = visible_loans(user)
    if state == "committed":
        rows = rows.filter(committed__gt=0)
    elif state:
        rows = rows.filter(state__in=_STATES.get(state, (state,)))
    if arrears in _RESTRUCTURED:
        rows = rows.filter(pk__in=restructurings().values("loan"), state__in=OWING)
    if arrears in _DAYS:
        rows = rows.filter(pk__in=late(*_DAYS[arrears]).values("loan"), state__in=OWING)
    for name, value in only.items():
        rows = rows.filter(_counted(name, value))
    if product:
        rows = rows.filter(product=product)
    if officer:
        rows = rows.filter(officer=user)
    if todo:
        rows = rows.filter(_waiting(todo))
    return rows


def late(first, last=None, today=None):
    """Tellings in force of loans that are late by `first` to `last` days."""
    return Telling.objects.filter(past_due(first, last, today), current=True)


def past_due(first, last=None, today=None):
    """Q of the tellings whose oldest unpaid principal is past due by `first` to `last` days."""
    today = today or clock.today()
    found = Q(unpaid_due__lte=today - DAY * first)
    return found & Q(unpaid_due__gte=today - DAY * last) if last else found


def restructurings():
    """Confirmed restructurings."""
    return Measure.objects.filter(kind=MeasureKind.RESTRUCTURING, state=MeasureState.CONFIRMED).order_by()


def _counted(name, value):
    """Q of the loans of a `fund` (its code), first paid out in a quarter (`cohort`, 2026-Q4), of a kind of organisation
    (`pes`), in a `commune` (a key), with an instalment to come in a month (`due`, 2026-12); none for what is none."""
    if name == "cohort":
        return _of_cohort(_QUARTER.fullmatch(value))
    if name == "due":
        return _due_in(_MONTH.fullmatch(value))
    return Q(
        **{{"fund": "fund__code", "pes": "organisation__pes_type", "commune": "organisation__commune"}[name]: value}
    )


def _of_cohort(found):
    if not found:
        return Q(pk=None)
    first = datetime.date(int(found[1]), int(found[2]) * 3 - 2, 1)
    paid = Tranche.objects.filter(loan=OuterRef("pk"), paid_on__lt=clock.months_later(first, 3))
    return Q(Exists(paid)) & ~Q(Exists(paid.filter(paid_on__lt=first)))


def _due_in(found):
    if not found:
        return Q(pk=None)
    first = datetime.date(int(found[1]), int(found[2]), 1)
    told = Telling.objects.filter(loan=OuterRef("version__loan"), current=True, next_due__lte=OuterRef("due"))
    rows = ScheduleRow.objects.filter(version__current=True, due__gte=first, due__lt=clock.months_later(first, 1))
    return Q(Exists(rows.filter(Exists(told), version__loan=OuterRef("pk"))), state__in=OWING)


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
    """The same rows with `next_due` and `next_total` (PLN) of the instalment that falls due next and `unpaid_due`, the
    oldest one that is not paid whole, as told last of a loan that is paid out; before the payout the first one as
    planned; None where there is no schedule or nothing falls due any more."""
    rows = ScheduleRow.objects.filter(version__loan=OuterRef("pk"), version__current=True).order_by("nr")
    total = F("principal") + F("interest") + F("deferred")

    def next_one(told, planned, field):
        return Case(When(state__in=BEFORE_PAYOUT, then=Subquery(planned[:1])), default=F(told), output_field=field)

    return loans.annotate(
        told=FilteredRelation("tellings", condition=Q(tellings__current=True)),
        next_due=next_one("told__next_due", rows.values("due"), DateField()),
        next_total=next_one("told__next_total", rows.values(total=total), DecimalField()),
        unpaid_due=F("told__unpaid_due"),
    )


def days_late(loan):
    """Days past due of a loan with its `unpaid_due`: how long the oldest unpaid principal is overdue today."""
    return max((clock.today() - loan.unpaid_due).days, 0) if loan.unpaid_due and loan.state in OWING else 0


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


def addresses(loan):
    """The e-mail addresses of the borrower, the one to be written to first: of its main contact, its own, of the
    contact of the loan."""
    contact = main_contact(loan.organisation)
    known = [contact and contact.person.email, loan.organisation.email, loan.person.email]
    return list(dict.fromkeys(address.lower() for address in known if address))


def rate_in_force(loan):
    """The LoanRate of today; before the first day of the first one that one; None while none is set."""
    return loan.rates.filter(in_force()).first() or loan.rates.order_by("valid_from").first()

"""Files of the applications for loans and for guarantees of a period: counted by month and product or lender, and one a
line.

States are those that had been noted by the end of the last day; the answers stand as they are now.
"""

from django.db.models import Count, DateTimeField, F, Func, Min, OuterRef, Q, Subquery, Sum, TextField, Value
from django.db.models.functions import Cast, Coalesce, TruncMonth
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centrum.intake.enums import ApplicationState
from centrum.intake.models import Application
from centrum.intake.queries import visible_applications
from centrum.kit import clock
from centrum.kit.columns import after, midnight
from centrum.kit.exports import Part, Profile, Resource, Text, label
from centrum.kit.transitions import noun_of
from centrum.register.enums import LegalForm
from centrum.staff.enums import Right
from loans import review_kinds
from loans.enums import CreditKind
from loans.models import Guarantee, Loan
from loans.profiles import MONEY, NOTHING, TEXTS, Amount, state_on, typed

_GRANTED = {review_kinds.LOAN.code: Loan, review_kinds.GUARANTEE.code: Guarantee}
_BUCKETS = {
    "waiting": (ApplicationState.SUBMITTED,),
    "in_review": (
        ApplicationState.VERIFICATION,
        ApplicationState.COMPLETION,
        ApplicationState.RESERVE,
        ApplicationState.APPEAL,
    ),
    "approved": (ApplicationState.ACCEPTED,),
    "rejected": (ApplicationState.REJECTED,),
    "withdrawn": (ApplicationState.WITHDRAWN,),
}


def _sent(kind, since, day, by):
    """Applications of a kind that were sent in the period, each with its month, its state at the end of it, what was
    asked for and what was granted."""
    rows = visible_applications(by) if by else Application.objects.exclude(state=ApplicationState.DRAFT)
    noun = _GRANTED[kind.code].objects
    granted = noun.filter(decision__review__application=OuterRef("pk"), granted_on__lte=day)
    return rows.filter(kind=kind.code, submitted_at__gte=midnight(since.first), submitted_at__lt=after(day)).annotate(
        month=TruncMonth("submitted_at", tzinfo=clock.WARSAW),
        state_then=state_on(noun_of(Application), day, ApplicationState.SUBMITTED),
        asked=kind.asked,
        granted=Subquery(granted.values("amount")[:1], output_field=MONEY),
        granted_number=Subquery(granted.values("number")[:1]),
    )


def _total(path, of=None):
    return Coalesce(Sum(path, filter=of, output_field=MONEY), NOTHING)


def _counts(rows):
    """How many of `rows` (of one line of the file) there are and what they ask for, the same by what became of
    them, and what was granted: texts of one array."""
    asked = "asked"
    parts = [Cast(Count("pk"), TextField()), typed(_total(asked))]
    for states in _BUCKETS.values():
        of = Q(state_then__in=states)
        parts += [Cast(Count("pk", filter=of), TextField()), typed(_total(asked, of))]
    parts.append(typed(_total("granted")))
    made = Func(*parts, template="ARRAY[%(expressions)s]", output_field=TEXTS)
    return Subquery(rows.values("month").annotate(found=made).values("found"))


class Funnel(Resource):
    month = Text(lambda _file: _month("month"), column_name="Miesiąc")
    product = Text("loan_application__product__code", column_name="Produkt")
    received = Part("counts", 1, column_name="Wpłynęło")
    received_sum = Part("counts", 2, column_name="Wpłynęło (zł)")
    waiting = Part("counts", 3, column_name="Nowe")
    waiting_sum = Part("counts", 4, column_name="Nowe (zł)")
    in_review = Part("counts", 5, column_name="W ocenie")
    in_review_sum = Part("counts", 6, column_name="W ocenie (zł)")
    approved = Part("counts", 7, column_name="Przyznane")
    approved_sum = Part("counts", 8, column_name="Przyznane: wnioskowano (zł)")
    granted_sum = Part("counts", 13, column_name="Przyznane: kwota pożyczek (zł)")
    rejected = Part("counts", 9, column_name="Odrzucone")
    rejected_sum = Part("counts", 10, column_name="Odrzucone (zł)")
    withdrawn = Part("counts", 11, column_name="Wycofane")
    withdrawn_sum = Part("counts", 12, column_name="Wycofane (zł)")

    shared = {"counts": lambda _file: F("counts")}

    class Meta:
        export_order = (
            "month", "product", "received", "received_sum", "waiting", "waiting_sum", "in_review", "in_review_sum",
            "approved", "approved_sum", "granted_sum", "rejected", "rejected_sum", "withdrawn", "withdrawn_sum",
        )  # fmt: skip


def _month(path):
    return Func(path, Value("YYYY-MM"), function="to_char", output_field=TextField())


class GuaranteeFunnel(Funnel):
    product = Text("guarantee_application__lender__name", column_name="Instytucja finansująca")
    granted_sum = Part("counts", 13, column_name="Przyznane: kwota poręczeń (zł)")

    class Meta(Funnel.Meta):
        pass


def _funnel(kind, by_what, name):
    """Rows of a line for each month and `by_what`, ordered by its `name`; a row is the first application of them."""

    def rows(since, day, by):
        sent = _sent(kind, since, day, by)
        first = sent.order_by().values("month", by_what).annotate(first=Min("pk")).values("first")
        same = sent.order_by().filter(**{"month": OuterRef("month"), by_what: OuterRef(by_what)})
        return (
            Application.objects.filter(pk__in=first)
            .annotate(month=TruncMonth("submitted_at", tzinfo=clock.WARSAW))
            .annotate(counts=_counts(same))
            .order_by("month", f"{by_what}__{name}", "pk")
        )

    return rows


class Applications(Resource):
    number = Text("number", column_name="Numer wniosku")
    sent_on = Text(lambda _file: _day("submitted_at"), column_name="Wpłynął")
    applicant = Text("loan_application__name", column_name="Wnioskodawca")
    nip = Text("loan_application__nip", column_name="NIP")
    legal_form = Text(label("loan_application__legal_form", LegalForm), column_name="Forma prawna")
    teryt = Text("loan_application__commune__teryt", column_name="TERYT gminy")
    product = Text("loan_application__product__code", column_name="Produkt")
    amount = Amount("asked", column_name="Kwota wnioskowana (zł)")
    months = Text("loan_application__months", column_name="Okres (miesiące)")
    state = Text(label("state_then", ApplicationState), column_name="Stan na koniec okresu")
    granted = Amount("granted", column_name="Kwota przyznana (zł)")
    loan = Text("granted_number", column_name="Numer pożyczki")

    class Meta:
        export_order = (
            "number", "sent_on", "applicant", "nip", "legal_form", "teryt", "product", "amount", "months", "state",
            "granted", "loan",
        )  # fmt: skip


class GuaranteeApplications(Resource):
    number = Text("number", column_name="Numer wniosku")
    sent_on = Text(lambda _file: _day("submitted_at"), column_name="Wpłynął")
    applicant = Text("guarantee_application__name", column_name="Wnioskodawca")
    nip = Text("guarantee_application__nip", column_name="NIP")
    legal_form = Text(label("guarantee_application__legal_form", LegalForm), column_name="Forma prawna")
    teryt = Text("guarantee_application__commune__teryt", column_name="TERYT gminy")
    lender = Text("guarantee_application__lender__name", column_name="Instytucja finansująca")
    credit_kind = Text(label("guarantee_application__credit_kind", CreditKind), column_name="Rodzaj kredytu")
    credit = Amount("guarantee_application__credit", column_name="Kwota kredytu (zł)")
    cover = Amount(lambda _file: F("guarantee_application__cover") * 100, column_name="Poręczana część (%)")
    amount = Amount("asked", column_name="Kwota wnioskowana (zł)")
    months = Text("guarantee_application__months", column_name="Okres (miesiące)")
    state = Text(label("state_then", ApplicationState), column_name="Stan na koniec okresu")
    granted = Amount("granted", column_name="Kwota przyznana (zł)")
    guarantee = Text("granted_number", column_name="Numer poręczenia")

    class Meta:
        export_order = (
            "number", "sent_on", "applicant", "nip", "legal_form", "teryt", "lender", "credit_kind", "credit", "cover",
            "amount", "months", "state", "granted", "guarantee",
        )  # fmt: skip


def _day(path):
    """The day of an instant in Warsaw."""
    there = Func(Value(str(clock.WARSAW)), F(path), function="timezone", output_field=DateTimeField())
    return Func(there, Value("YYYY-MM-DD"), function="to_char", output_field=TextField())


def _applications(kind):
    def rows(since, day, by):
        return _sent(kind, since, day, by).order_by("submitted_at", "pk")

    return rows


def _name_applications(pks):
    rows = Application.objects.filter(pk__in=pks)
    return {row.pk: (row.number, reverse("inbox:application", args=[row.public_id])) for row in rows}


_OURS = {
    "name_rows": _name_applications,
    "subject": "loan_applications",
    "right": Right.VIEW_LEDGER,
    "machine": False,
}
_LOANS, _GUARANTEES = review_kinds.LOAN, review_kinds.GUARANTEE
PROFILES = (
    Profile(
        "loans_funnel",
        _("Applications by month and product"),
        resource=Funnel,
        rows=_funnel(_LOANS, "loan_application__product", "code"),
        **_OURS,
    ),
    Profile(
        "loans_applications", _("Applications, one a line"), resource=Applications, rows=_applications(_LOANS), **_OURS
    ),
    Profile(
        "guarantees_funnel",
        _("Applications for guarantees by month and lender"),
        resource=GuaranteeFunnel,
        rows=_funnel(_GUARANTEES, "guarantee_application__lender", "name"),
        **_OURS,
    ),
    Profile(
        "guarantees_applications",
        _("Applications for guarantees, one a line"),
        resource=GuaranteeApplications,
        rows=_applications(_GUARANTEES),
        **_OURS,
    ),
)

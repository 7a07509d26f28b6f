"""The portfolio of a fund as of a day: a loan a line, with what is lent, paid back and late."""

from django.db.models import (
    Case,
    DateField,
    DecimalField,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from centrum.kit.columns import after
from centrum.kit.exports import Date, Part, Resource, Text, label
from centrum.kit.models import StateChange
from centrum.kit.transitions import noun_of
from centrum.register.enums import LegalForm
from loans import ledger
from loans.enums import Counter, EntryEvent, LoanState, MeasureKind, PartKind, YesNo
from loans.models import Annex, Entry, Loan, LoanRate, PlannedJob, ScheduleRow, ScheduleVersion
from loans.profiles.columns import (
    MONEY,
    NOTHING,
    Amount,
    TextField,
    array,
    arrears_class,
    balance_of,
    days_late,
    decided_on,
    loans_of,
    own_lines,
    paid_on,
    state_on,
    sum_of,
    told_on,
    typed,
)

INTEREST = (PartKind.INTEREST, PartKind.EARLY_INTEREST, PartKind.RESTRUCTURED)


def _sums(resource):
    """What was promised and not paid out, paid out, paid back and is left of a loan, and the interest it owes, from its
    lines in one pass. Paid back is what lowers the principal, also forgiven or written off."""
    payout = EntryEvent.PAYOUT
    committed, outstanding = sum_of(Counter.COMMITTED), sum_of(Counter.OUTSTANDING)
    paid_out = sum_of(Counter.OUTSTANDING, entry__event=payout)
    paid_out = paid_out + sum_of(Counter.OUTSTANDING, entry__reverses__event=payout)
    lost = sum_of(Counter.LOST)
    parts = (committed, paid_out, paid_out - outstanding - lost, lost, outstanding, balance_of(ledger.INTEREST))
    return array([typed(part) for part in parts], own_lines(resource.day).values("loan"), ["0,00"] * len(parts))


def _told(resource):
    """Days past due with their class, and what was overdue of a loan, as told last."""
    rows = told_on(resource.day).annotate(late=days_late(resource.day))
    parts = [Cast("late", TextField()), arrears_class(), typed(F("overdue_principal")), typed(F("overdue_interest"))]
    return array(parts, rows, ["", "", "0,00", "0,00"])


class Portfolio(Resource):
    number = Text("number", column_name="Numer pożyczki")
    organisation = Text("organisation__name", column_name="Pożyczkobiorca")
    nip = Text("organisation__nip", column_name="NIP")
    legal_form = Text(label("organisation__legal_form", LegalForm), column_name="Forma prawna")
    teryt = Text("organisation__commune__teryt", column_name="TERYT gminy")
    commune = Text("organisation__commune__name", column_name="Gmina")
    product = Text("product__code", column_name="Produkt")
    state = Text(label("state_then", LoanState), column_name="Stan na dzień")
    granted_on = Date("granted_on", column_name="Przyznano")
    signed_on = Date("signed_then", column_name="Podpisano umowę")
    paid_on = Date("first_paid", column_name="Pierwsza wypłata")
    last_due = Date("last_due", column_name="Ostatnia rata")
    months = Text("months_then", column_name="Okres (miesiące)")
    rate = Amount("rate_then", pattern="FM990.0000", column_name="Oprocentowanie (%)")
    amount = Amount("amount", column_name="Kwota przyznana (zł)")
    committed = Part("sums", 1, column_name="Do wypłaty (zł)")
    paid_out = Part("sums", 2, column_name="Wypłacono (zł)")
    repaid = Part("sums", 3, column_name="Spłacono kapitału (zł)")
    lost = Part("sums", 4, column_name="Odpisano lub umorzono kapitału (zł)")
    outstanding = Part("sums", 5, column_name="Kapitał do spłaty (zł)")
    days_late = Part("told", 1, column_name="Dni po terminie")
    arrears = Part("told", 2, column_name="Klasa zaległości")
    overdue_principal = Part("told", 3, column_name="Zaległy kapitał (zł)")
    overdue_interest = Part("told", 4, column_name="Zaległe odsetki (zł)")
    interest = Part("sums", 6, column_name="Odsetki należne (zł)")
    interest_paid = Amount(lambda resource: paid_on(resource.day, *INTEREST), column_name="Spłacono odsetek (zł)")
    restructured = Text("restructured_then", column_name="Po restrukturyzacji")
    jobs = Amount("posts", column_name="Planowane miejsca pracy (etaty)")
    jobs_at_risk = Amount("posts_at_risk", column_name="w tym dla osób zagrożonych wykluczeniem (etaty)")

    shared = {"sums": _sums, "told": _told}

    class Meta:
        export_order = (
            "number", "organisation", "nip", "legal_form", "teryt", "commune", "product", "state", "granted_on",
            "signed_on", "paid_on", "last_due", "months", "rate", "amount", "committed", "paid_out", "repaid", "lost",
            "outstanding", "days_late", "arrears", "overdue_principal", "overdue_interest", "interest", "interest_paid",
            "restructured", "jobs", "jobs_at_risk",
        )  # fmt: skip


def portfolio(scope, day, by):
    signed = _moved(Loan, "sign", day)
    known = Exists(_moved(Annex, "sign", day, of="annex"))
    version = ScheduleVersion.objects.filter(loan=OuterRef("pk"), at__lt=after(day)).order_by("-number").values("pk")
    rows = ScheduleRow.objects.filter(version=OuterRef("version_then")).order_by()
    # the last one that began, and not the one in force: a later annex ends a rate in the past as well
    rates = LoanRate.objects.filter(Q(annex=None) | known, loan=OuterRef("pk"), valid_from__lte=day)
    rate = rates.order_by("-valid_from").values(percent=F("rate") * 100)
    taken_back = Entry.objects.filter(reverses=OuterRef("entry"), book_date__lte=day)
    paid = own_lines(day).filter(~Exists(taken_back), entry__event=EntryEvent.PAYOUT)
    longer = Annex.objects.filter(Exists(_moved(Annex, "sign", day)), loan=OuterRef("pk")).order_by().values("loan")
    longer = Subquery(longer.annotate(found=Sum("months")).values("found"), output_field=IntegerField())
    jobs = PlannedJob.objects.filter(answers=OuterRef("decision__review__application")).order_by()
    return (
        loans_of(scope, day, by)
        .alias(version_then=Subquery(version[:1]))
        .annotate(
            state_then=state_on(noun_of(Loan), day, LoanState.APPROVED),
            months_then=F("decision__months") + Coalesce(longer, 0),
            signed_then=Case(When(Exists(signed), then=F("signed_on")), output_field=DateField()),
            first_paid=Subquery(paid.values("loan").annotate(found=Min("entry__value_date")).values("found")),
            last_due=Subquery(rows.values("version").annotate(found=Max("due")).values("found")),
            rate_then=Case(When(Exists(signed), then=Subquery(rate[:1])), output_field=DecimalField()),
            restructured_then=Case(
                When(Exists(decided_on(day, MeasureKind.RESTRUCTURING)), then=Value("tak")), default=Value("nie")
            ),
            posts=_posts(jobs),
            posts_at_risk=_posts(jobs.filter(at_risk=YesNo.YES)),
        )
        .order_by("number")
    )


def _moved(model, action, day, of="pk"):
    """Changes by which a row (its key in the column `of`) made a step by the end of the day."""
    key = {"noun": noun_of(model), "object_id": OuterRef(of)}
    return StateChange.objects.filter(**key, action=action, at__lt=after(day))


def _posts(jobs):
    found = jobs.values("answers").annotate(found=Sum("posts")).values("found")
    return Coalesce(Subquery(found, output_field=MONEY), NOTHING)

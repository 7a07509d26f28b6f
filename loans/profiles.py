"""Files of the fund for people: the portfolio, its control sums and the trial balance as of a day.

What a file says of a day does not change afterwards: sums come from the ledger by the day of booking, states, rates and
schedules from what had been noted by the end of that day. What identifies an organisation (NIP, legal form, commune)
and the planned jobs stand as they are now. Those who entrust money to funds ask for such lists by forms
of their agreements, which we don't know: the columns are ours.
"""

from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    Count,
    DateField,
    DecimalField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Replace
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centrum.kit.columns import after
from centrum.kit.exports import Date, Part, Profile, Resource, Text, label
from centrum.kit.models import StateChange
from centrum.kit.transitions import noun_of
from centrum.register.enums import LegalForm
from centrum.staff.enums import Right
from loans import ledger, queries
from loans.enums import AccountKind, Counter, EntryEvent, LoanState, YesNo
from loans.models import Account, Annex, Entry, Fund, Line, Loan, LoanRate, PlannedJob, ScheduleRow, ScheduleVersion

MONEY = DecimalField(max_digits=14, decimal_places=2)
TEXTS = ArrayField(TextField())
NOTHING = Value(0, MONEY)


@dataclass(frozen=True)
class Scope:
    """The fund that a file is of, as the journal and the file's name call it."""

    fund: Fund

    def __str__(self):
        return f"fundusz-{self.fund.code}"


def typed(value, pattern="FM999999999990.00"):
    """A number with a decimal comma as text."""
    written = Func(value, Value(pattern), function="to_char", output_field=TextField())
    return Replace(written, Value("."), Value(","), output_field=TextField())


class Amount(Text):
    """PLN with two places and a decimal comma; a minus is no formula here, for nothing but a number can follow it."""

    def __init__(self, source, *, pattern="FM999999999990.00", **kwargs):
        self.pattern = pattern
        super().__init__(source, **kwargs)

    def cell(self, resource):
        return typed(self.value(resource), self.pattern)


def state_on(noun, day, begins):
    """Subquery: the state that a row had at the end of the day; `begins`: the one before its first move."""
    changes = StateChange.objects.filter(noun=noun, object_id=OuterRef("pk"), at__lt=after(day))
    last = changes.order_by("-at", "-pk").values("target")[:1]
    return Coalesce(Subquery(last), Value(begins), output_field=TextField())


def _own(day):
    """Lines of the loan that were booked by the day."""
    return Line.objects.filter(loan=OuterRef("pk"), entry__book_date__lte=day).order_by()


def _sum_of(counter, **more):
    """The sum of lines on the accounts of a counter."""
    found = Sum(F("amount") * F("account__sign"), filter=Q(account__counter=counter, **more), output_field=MONEY)
    return Coalesce(found, NOTHING)


def _sums(resource):
    """What was promised and not paid out, paid out, paid back and is left of a loan, from its lines in one pass."""
    payout = EntryEvent.PAYOUT
    committed, outstanding = _sum_of(Counter.COMMITTED), _sum_of(Counter.OUTSTANDING)
    paid_out = _sum_of(Counter.OUTSTANDING, entry__event=payout)
    taken_back = _sum_of(Counter.OUTSTANDING, entry__reverses__event=payout)
    paid_out = paid_out + taken_back
    parts = [typed(part) for part in (committed, paid_out, paid_out - outstanding, outstanding)]
    made = Func(*parts, template="ARRAY[%(expressions)s]", output_field=TEXTS)
    none = Value(["0,00"] * 4, TEXTS)
    return Coalesce(Subquery(_own(resource.day).values("loan").annotate(found=made).values("found")), none)


# The portfolio as of a day


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
    outstanding = Part("sums", 4, column_name="Kapitał do spłaty (zł)")
    jobs = Amount("jobs", column_name="Planowane miejsca pracy (etaty)")
    jobs_at_risk = Amount("jobs_at_risk", column_name="w tym dla osób zagrożonych wykluczeniem (etaty)")

    shared = {"sums": _sums}

    class Meta:
        export_order = (
            "number", "organisation", "nip", "legal_form", "teryt", "commune", "product", "state", "granted_on",
            "signed_on", "paid_on", "last_due", "months", "rate", "amount", "committed", "paid_out", "repaid",
            "outstanding", "jobs", "jobs_at_risk",
        )  # fmt: skip


def _of_fund(scope, day, by):
    """Loans of the fund that were granted by the day, of the units that `by` sees."""
    rows = queries.visible_loans(by) if by else Loan.objects.all()
    return rows.filter(fund=scope.fund, granted_on__lte=day)


def _portfolio(scope, day, by):
    signed = _moved(Loan, "sign", day)
    known = Exists(_moved(Annex, "sign", day, of="annex"))
    version = ScheduleVersion.objects.filter(loan=OuterRef("pk"), at__lt=after(day)).order_by("-number").values("pk")
    rows = ScheduleRow.objects.filter(version=OuterRef("version_then")).order_by()
    # the last one that began, and not the one in force: a later annex ends a rate in the past as well
    rates = LoanRate.objects.filter(Q(annex=None) | known, loan=OuterRef("pk"), valid_from__lte=day)
    rate = rates.order_by("-valid_from").values(percent=F("rate") * 100)
    taken_back = Entry.objects.filter(reverses=OuterRef("entry"), book_date__lte=day)
    paid = _own(day).filter(~Exists(taken_back), entry__event=EntryEvent.PAYOUT)
    longer = Annex.objects.filter(Exists(_moved(Annex, "sign", day)), loan=OuterRef("pk")).order_by().values("loan")
    longer = Subquery(longer.annotate(found=Sum("months")).values("found"), output_field=IntegerField())
    jobs = PlannedJob.objects.filter(answers=OuterRef("decision__review__application")).order_by()
    return (
        _of_fund(scope, day, by)
        .alias(version_then=Subquery(version[:1]))
        .annotate(
            state_then=state_on(noun_of(Loan), day, LoanState.APPROVED),
            months_then=F("decision__months") + Coalesce(longer, 0),
            signed_then=Case(When(Exists(signed), then=F("signed_on")), output_field=DateField()),
            first_paid=Subquery(paid.values("loan").annotate(found=Min("entry__value_date")).values("found")),
            last_due=Subquery(rows.values("version").annotate(found=Max("due")).values("found")),
            rate_then=Case(When(Exists(signed), then=Subquery(rate[:1])), output_field=DecimalField()),
            jobs=_posts(jobs),
            jobs_at_risk=_posts(jobs.filter(at_risk=YesNo.YES)),
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


# Control sums of the portfolio


class Sums(Resource):
    fund = Text("code", column_name="Fundusz")
    loans = Text("counted", column_name="Liczba pożyczek")
    amount = Amount("granted", column_name="Kwota przyznana (zł)")
    committed = Amount("promised", column_name="Do wypłaty (zł)")
    paid_out = Amount("paid", column_name="Wypłacono (zł)")
    repaid = Amount(F("paid") - F("lent"), column_name="Spłacono kapitału (zł)")
    outstanding = Amount("lent", column_name="Kapitał do spłaty (zł)")
    in_ledger = Amount("in_ledger", column_name="Kapitał do spłaty według księgi (zł)")

    class Meta:
        export_order = ("fund", "loans", "amount", "committed", "paid_out", "repaid", "outstanding", "in_ledger")


def _control(scope, day, by):
    """One line for the fund: sums over the loans of the portfolio, and beside them the balance of the ledger."""
    loans = _of_fund(scope, day, by).order_by()
    own = Line.objects.filter(loan__in=loans, entry__book_date__lte=day).order_by()
    payout = Q(entry__event=EntryEvent.PAYOUT) | Q(entry__reverses__event=EntryEvent.PAYOUT)
    lent = Line.objects.filter(entry__fund=OuterRef("pk"), entry__book_date__lte=day).order_by()
    return Fund.objects.filter(pk=scope.fund.pk).annotate(
        counted=Coalesce(_one(loans, "fund", Count("pk"), IntegerField()), 0),
        granted=_one(loans, "fund", Sum("amount")),
        promised=_one(own, "entry__fund", _sum_of(Counter.COMMITTED)),
        paid=_one(own.filter(payout), "entry__fund", _sum_of(Counter.OUTSTANDING)),
        lent=_one(own, "entry__fund", _sum_of(Counter.OUTSTANDING)),
        in_ledger=_one(lent, "entry__fund", _sum_of(Counter.OUTSTANDING)),
    )


def _one(rows, path, value, field=MONEY):
    found = rows.values(path).annotate(found=value).values("found")
    return Coalesce(Subquery(found, output_field=field), Value(0, field))


# The trial balance as of a day


class TrialBalance(Resource):
    code = Text("code", column_name="Konto")
    name = Text("name", column_name="Nazwa")
    kind = Text(label("kind", AccountKind), column_name="Rodzaj")
    debit = Amount("debit", column_name="Obroty Wn (zł)")
    credit = Amount("credit", column_name="Obroty Ma (zł)")
    balance = Amount("balance", column_name="Saldo (zł)")

    class Meta:
        export_order = ("code", "name", "kind", "debit", "credit", "balance")


def _trial_balance(scope, day, _by):
    """All accounts of the fund: the ledger belongs to no unit."""
    return ledger.balances(scope.fund, day)


def _name_loans(pks):
    return {
        loan.pk: (loan.number, reverse("loans:loan", args=[loan.public_id])) for loan in Loan.objects.filter(pk__in=pks)
    }


def _name_funds(pks):
    return {fund.pk: (str(fund), reverse("loans:fund", args=[fund.code])) for fund in Fund.objects.filter(pk__in=pks)}


def _name_accounts(pks):
    return {account.pk: (str(account), reverse("loans:funds")) for account in Account.objects.filter(pk__in=pks)}


_OF_FUND = {"subject": "fund", "right": Right.VIEW_LEDGER, "machine": False}
PROFILES = (
    Profile("loans_portfolio", _("Portfolio as of a day"), resource=Portfolio, rows=_portfolio,
            name_rows=_name_loans, **_OF_FUND),
    Profile("loans_control", _("Control sums of the portfolio"), resource=Sums, rows=_control,
            name_rows=_name_funds, **_OF_FUND),
    Profile("loans_trial_balance", _("Trial balance as of a day"), resource=TrialBalance, rows=_trial_balance,
            name_rows=_name_accounts, **_OF_FUND),
)  # fmt: skip

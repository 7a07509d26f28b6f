"""What is late and what is lost of a fund as of a day."""

from django.db.models import Exists, F, Func, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from centrum.kit.exports import Date, Part, Resource, Text, label
from centrum.kit.transitions import noun_of
from loans import ledger
from loans.enums import OWING, LoanState, MeasureKind
from loans.models import Loan
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
    state_on,
    told_on,
    typed,
)


def _with_state(rows, day):
    return rows.annotate(state_then=state_on(noun_of(Loan), day, LoanState.APPROVED))


# Arrears


def _told(resource):
    """When the oldest unpaid instalment was due, how long ago, in which class, and what was overdue, as told last."""
    rows = told_on(resource.day).annotate(late=days_late(resource.day))
    since = Func(F("unpaid_due"), Value("YYYY-MM-DD"), function="to_char", output_field=TextField())
    parts = [Coalesce(since, Value("")), Cast("late", TextField()), arrears_class()]
    parts += [typed(F(name)) for name in ("overdue_principal", "overdue_interest")]
    return array(parts, rows, ["", "", "", "0,00", "0,00"])


def _owed(resource):
    """Balances of the loan: principal, interest for delay, costs, interest set apart."""
    codes = ((ledger.PRINCIPAL, ledger.IN_RECOVERY), (ledger.PENALTY,), (ledger.COSTS,), (ledger.RESTRUCTURED,))
    parts = [typed(balance_of(*some)) for some in codes]
    return array(parts, own_lines(resource.day).values("loan"), ["0,00"] * len(parts))


class Arrears(Resource):
    number = Text("number", column_name="Numer pożyczki")
    organisation = Text("organisation__name", column_name="Pożyczkobiorca")
    nip = Text("organisation__nip", column_name="NIP")
    state = Text(label("state_then", LoanState), column_name="Stan na dzień")
    since = Part("told", 1, column_name="Najstarsza niespłacona rata")
    days = Part("told", 2, column_name="Dni po terminie")
    arrears = Part("told", 3, column_name="Klasa zaległości")
    overdue_principal = Part("told", 4, column_name="Zaległy kapitał (zł)")
    overdue_interest = Part("told", 5, column_name="Zaległe odsetki (zł)")
    penalty = Part("owed", 2, column_name="Odsetki za opóźnienie (zł)")
    costs = Part("owed", 3, column_name="Koszty (zł)")
    restructured = Part("owed", 4, column_name="Odsetki odłożone w restrukturyzacji (zł)")
    outstanding = Part("owed", 1, column_name="Kapitał do spłaty (zł)")

    shared = {"told": _told, "owed": _owed}

    class Meta:
        export_order = (
            "number", "organisation", "nip", "state", "since", "days", "arrears", "overdue_principal",
            "overdue_interest", "penalty", "costs", "restructured", "outstanding",
        )  # fmt: skip


def arrears(scope, day, by):
    """Loans that owed something which was due, the longest first."""
    told = told_on(day).annotate(late=days_late(day))
    due = F("overdue_principal") + F("overdue_interest") + F("penalty") + F("costs") + F("restructured")
    rows = _with_state(loans_of(scope, day, by), day).annotate(
        late_then=Coalesce(Subquery(told.values("late")[:1]), 0),
        due_then=Subquery(told.values(due=due)[:1], output_field=MONEY),
    )
    rows = rows.filter(Q(late_then__gt=0) | Q(due_then__gt=0), state_then__in=OWING)
    return rows.order_by("-late_then", "number")


# Losses


def _lost(resource):
    """Of the loan: principal and the rest that are still lost, what was forgiven, the claim that is tracked."""
    parts = [typed(balance_of(code)) for code in (ledger.LOST, ledger.LOST_REST, ledger.FORGIVEN, ledger.CLAIM)]
    return array(parts, own_lines(resource.day).values("loan"), ["0,00"] * len(parts))


class Losses(Resource):
    number = Text("number", column_name="Numer pożyczki")
    organisation = Text("organisation__name", column_name="Pożyczkobiorca")
    nip = Text("organisation__nip", column_name="NIP")
    state = Text(label("state_then", LoanState), column_name="Stan na dzień")
    written_off_on = Date("off_on", column_name="Odpisano dnia")
    principal = Amount("off", column_name="Odpisany kapitał (zł)")
    rest = Amount("off_rest", column_name="Odpisane odsetki i koszty (zł)")
    recovered = Amount(F("off") - F("lost_then"), column_name="Odzyskany kapitał (zł)")
    recovered_rest = Amount(F("off_rest") - F("lost_rest_then"), column_name="Odzyskane odsetki i koszty (zł)")
    claim = Part("lost", 4, column_name="Roszczenie (zł)")
    forgiven = Part("lost", 3, column_name="Umorzony kapitał (zł)")

    shared = {"lost": _lost}

    class Meta:
        export_order = (
            "number", "organisation", "nip", "state", "written_off_on", "principal", "rest", "recovered",
            "recovered_rest", "claim", "forgiven",
        )  # fmt: skip


def losses(scope, day, by):
    """Loans of which something was written off or forgiven, and what came back of it."""
    off = decided_on(day, MeasureKind.WRITE_OFF)

    def of(value):
        return Coalesce(Subquery(value.values("found")[:1], output_field=MONEY), NOTHING)

    def balance(code):
        return of(own_lines(day).values("loan").annotate(found=balance_of(code)))

    rows = _with_state(loans_of(scope, day, by), day)
    rows = rows.filter(Exists(off) | Exists(decided_on(day, MeasureKind.FORGIVENESS))).annotate(
        off_on=Subquery(off.values("on")[:1]),
        off=of(off.annotate(found=F("amount"))),
        off_rest=of(off.annotate(found=F("rest"))),
        lost_then=balance(ledger.LOST),
        lost_rest_then=balance(ledger.LOST_REST),
    )
    return rows.order_by("number")

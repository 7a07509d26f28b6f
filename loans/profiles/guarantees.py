"""The guarantees of a fund as of a day, one a line, and what the fund guarantees beside what it may.

Sums come from the lines of the ledger that were booked by the day, states and days from what had been noted by its end.
"""

from django.db.models import (
    Case,
    Count,
    DateField,
    DecimalField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from centrum.kit.columns import after
from centrum.kit.exports import Date, Part, Resource, Text, label
from centrum.kit.models import StateChange
from centrum.kit.transitions import noun_of
from centrum.register.enums import LegalForm
from loans import ledger
from loans.enums import Counter, CreditKind, EntryEvent, GuaranteeState
from loans.guarantees import queries
from loans.models import Fund, Guarantee, GuaranteeLimits, LenderReportRow, Line
from loans.profiles.columns import (
    MONEY,
    NOTHING,
    Amount,
    array,
    balance_of,
    fund_lines,
    must_see_all,
    state_on,
    sum_of,
    typed,
)


def _lines(day):
    """Lines of the guarantee that were booked by the day."""
    return Line.objects.filter(guarantee=OuterRef("pk"), entry__book_date__lte=day).order_by().values("guarantee")


def _of_event(code, event):
    """The sum of lines on an account that tell of an event, or take one back."""
    told = Q(entry__event=event) | Q(entry__reverses__event=event)
    return Coalesce(Sum("amount", filter=told & Q(account__code=code), output_field=MONEY), NOTHING)


def _sums(resource):
    """What is promised, guaranteed, claimed and lost; paid under a call and come back; fees paid and earned."""
    counters = (Counter.GUA_RESERVED, Counter.GUA_EXPOSURE, Counter.GUA_CLAIM, Counter.GUA_LOST)
    parts = [sum_of(counter) for counter in counters]
    parts += [
        _of_event(ledger.RECOURSE, EntryEvent.GUA_CALL),
        _of_event(ledger.GUA_BANK, EntryEvent.GUA_RECOVERY),
        _of_event(ledger.GUA_BANK, EntryEvent.GUA_FEE),
        _of_event(ledger.FEES_DEFERRED, EntryEvent.GUA_EARNED),
    ]
    return array([typed(part) for part in parts], _lines(resource.day), ["0,00"] * len(parts))


def _reported(resource):
    """The newest report of the lender that was taken in by the day and not withdrawn by then: month, principal left,
    days past due."""
    held = Q(report__withdrawn_at=None) | Q(report__withdrawn_at__gte=after(resource.day))
    rows = LenderReportRow.objects.filter(held, guarantee=OuterRef("pk"), report__at__lt=after(resource.day))
    month = Func(F("report__month"), Value("YYYY-MM"), function="to_char", output_field=TextField())
    parts = [month, typed(F("left")), Cast("days_late", TextField())]
    return array(parts, rows.order_by("-report__month"), ["", "", ""])


class Guarantees(Resource):
    number = Text("number", column_name="Numer poręczenia")
    organisation = Text("organisation__name", column_name="Kredytobiorca")
    nip = Text("organisation__nip", column_name="NIP")
    legal_form = Text(label("organisation__legal_form", LegalForm), column_name="Forma prawna")
    teryt = Text("organisation__commune__teryt", column_name="TERYT gminy")
    commune = Text("organisation__commune__name", column_name="Gmina")
    lender = Text("lender__name", column_name="Kredytodawca")
    credit_number = Text("credit_number_then", column_name="Numer umowy kredytu")
    state = Text(label("state_then", GuaranteeState), column_name="Stan na dzień")
    granted_on = Date("granted_on", column_name="Przyznano")
    signed_on = Date("signed_then", column_name="Podpisano umowę")
    activated_on = Date("activated_then", column_name="Wypłacono kredyt")
    valid_to = Date("valid_then", column_name="Wezwanie w terminie do")
    kind = Text(label("credit_kind", CreditKind), column_name="Rodzaj kredytu")
    months = Text("months", column_name="Okres kredytu (miesiące)")
    credit = Amount("credit", column_name="Kwota kredytu (zł)")
    cover = Amount("cover_percent", column_name="Poręczona część kredytu (%)")
    amount = Amount("amount", column_name="Poręczono najwyżej (zł)")
    reserved = Part("sums", 1, column_name="Zarezerwowano (zł)")
    exposure = Part("sums", 2, column_name="Poręczone (zł)")
    month = Part("reported", 1, column_name="Ostatni raport za miesiąc")
    left = Part("reported", 2, column_name="Kapitał kredytu do spłaty (zł)")
    days_late = Part("reported", 3, column_name="Dni po terminie")
    paid = Part("sums", 5, column_name="Wypłacono z poręczenia (zł)")
    recovered = Part("sums", 6, column_name="Odzyskano z regresu (zł)")
    claim = Part("sums", 3, column_name="Regres (zł)")
    lost = Part("sums", 4, column_name="Odpisano (zł)")
    fees_paid = Part("sums", 7, column_name="Opłaty zapłacone (zł)")
    fees_earned = Part("sums", 8, column_name="Opłaty rozliczone w czasie (zł)")

    shared = {"sums": _sums, "reported": _reported}

    class Meta:
        export_order = (
            "number", "organisation", "nip", "legal_form", "teryt", "commune", "lender", "credit_number", "state",
            "granted_on", "signed_on", "activated_on", "valid_to", "kind", "months", "credit", "cover", "amount",
            "reserved", "exposure", "month", "left", "days_late", "paid", "recovered", "claim", "lost", "fees_paid",
            "fees_earned",
        )  # fmt: skip


def _of_fund(scope, day, by):
    """Guarantees of the fund that were granted by the day, of the units that `by` sees."""
    rows = queries.visible(by) if by else Guarantee.objects.all()
    return rows.filter(fund=scope.fund, granted_on__lte=day)


def _once(action, day, name, field):
    """A column of the guarantee, known once a step was made by the end of the day."""
    moved = StateChange.objects.filter(
        noun=noun_of(Guarantee), object_id=OuterRef("pk"), action=action, at__lt=after(day)
    )
    return Case(When(Exists(moved), then=F(name)), output_field=field)


def guarantees(scope, day, by):
    return (
        _of_fund(scope, day, by)
        .annotate(
            state_then=state_on(noun_of(Guarantee), day, GuaranteeState.APPROVED),
            signed_then=_once("sign", day, "signed_on", DateField()),
            activated_then=_once("activate", day, "activated_on", DateField()),
            valid_then=_once("activate", day, "valid_to", DateField()),
            credit_number_then=Coalesce(_once("activate", day, "credit_number", TextField()), Value("")),
            cover_percent=F("cover") * 100,
        )
        .order_by("number")
    )


# The fund


class Multiplier(Resource):
    fund = Text("code", column_name="Fundusz")
    counted = Text("counted", column_name="Liczba poręczeń z zaangażowaniem")
    capital = Amount("capital_then", column_name="Kapitał poręczeniowy (zł)")
    claim = Amount("claim_then", column_name="Regres (zł)")
    lost = Amount("lost_then", column_name="Straty z poręczeń (zł)")
    room = Amount("room", column_name="Kapitał, który poręcza (zł)")
    multiplier = Amount("multiplier_then", column_name="Dopuszczalny mnożnik")
    limit = Amount("limit_then", column_name="Limit poręczeń (zł)")
    reserved = Amount("reserved_then", column_name="Zarezerwowano (zł)")
    exposure = Amount("exposure_then", column_name="Poręczone (zł)")
    stake = Amount("stake", column_name="Zaangażowanie razem (zł)")
    used = Amount("used", pattern="FM999999990.0000", column_name="Mnożnik (zaangażowanie / kapitał)")
    free = Amount("free", column_name="Wolny limit (zł)")
    client_cap = Amount("client_cap_then", pattern="FM990.000", column_name="Limit na klienta (% kapitału)")
    largest = Amount("largest", column_name="Największe zaangażowanie w jedną organizację (zł)")
    bank = Amount("bank", column_name="Saldo rachunku według księgi (zł)")
    deferred = Amount("deferred", column_name="Opłaty do rozliczenia w czasie (zł)")

    class Meta:
        export_order = (
            "fund", "counted", "capital", "claim", "lost", "room", "multiplier", "limit", "reserved", "exposure",
            "stake", "used", "free", "client_cap", "largest", "bank", "deferred",
        )  # fmt: skip


def _of(rows, value, field=MONEY):
    """Subquery: what lines of the fund make together."""
    found = rows.filter(entry__fund=OuterRef("pk")).values("entry__fund").annotate(found=value).values("found")
    return Coalesce(Subquery(found, output_field=field), Value(0, field))


def multiplier(scope, day, by):
    """One line for the fund: what it guarantees, and the limits that had been confirmed by the day."""
    must_see_all(by)
    lines = fund_lines(scope, day)
    staked = Q(account__counter__in=[Counter.GUA_RESERVED, Counter.GUA_EXPOSURE])
    stake = Coalesce(Sum(F("amount") * F("account__sign"), filter=staked, output_field=MONEY), NOTHING)
    each = Guarantee.objects.filter(fund=OuterRef("pk")).annotate(
        stake=Coalesce(Subquery(_lines(day).annotate(found=stake).values("found"), output_field=MONEY), NOTHING)
    )
    of_clients = Line.objects.filter(guarantee__isnull=False, entry__book_date__lte=day, entry__fund=OuterRef("pk"))
    of_clients = of_clients.order_by().values("guarantee__organisation").annotate(found=stake).order_by("-found")
    limits = GuaranteeLimits.objects.filter(fund=OuterRef("pk"), confirmed_at__lt=after(day))
    limits = limits.order_by("-confirmed_at", "-pk")

    def limit(name, factor=1):
        found = Subquery(limits.annotate(found=F(name) * factor).values("found")[:1], output_field=DecimalField())
        return Coalesce(found, Value(factor, DecimalField()))

    counted = each.filter(stake__gt=0).order_by().values("fund").annotate(found=Count("pk")).values("found")
    counters = {
        f"{name}_then": _of(lines, sum_of(counter))
        for name, counter in {
            "capital": Counter.GUA_CAPITAL,
            "claim": Counter.GUA_CLAIM,
            "lost": Counter.GUA_LOST,
            "reserved": Counter.GUA_RESERVED,
            "exposure": Counter.GUA_EXPOSURE,
        }.items()
    }
    return (
        Fund.objects.filter(pk=scope.fund.pk)
        .annotate(
            **counters,
            counted=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
            multiplier_then=limit("multiplier"),
            client_cap_then=limit("client_cap", 100),
            largest=Coalesce(Subquery(of_clients.values("found")[:1], output_field=MONEY), NOTHING),
            bank=_of(lines, balance_of(ledger.GUA_BANK)),
            deferred=_of(lines, -balance_of(ledger.FEES_DEFERRED)),
        )
        .annotate(
            room=F("capital_then") - F("claim_then") - F("lost_then"),
            stake=F("reserved_then") + F("exposure_then"),
        )
        .annotate(limit_then=F("room") * F("multiplier_then"))
        .annotate(
            free=F("limit_then") - F("stake"),
            used=Case(
                When(capital_then=0, then=Value(0, DecimalField())),
                default=F("stake") / F("capital_then"),
                output_field=DecimalField(max_digits=20, decimal_places=4),
            ),
        )
    )


# What a row is called in a list of unsafe cells


def name_guarantees(pks):
    rows = Guarantee.objects.filter(pk__in=pks)
    return {row.pk: (row.number, reverse("loans:guarantee", args=[row.public_id])) for row in rows}

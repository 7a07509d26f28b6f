"""From a loan, an annex, a guarantee to its gross grant equivalent (EDB), with everything that went in.

What is returned is an AidCalculation that is not saved yet: the calculator shows it, the register keeps it (`keep`).
Its rows are texts with full precision; the sum alone is rounded, in PLN. Raises Refused in words for the user where a
rate, a margin or a premium of the day is missing.

Reference rate = base rate of the Commission + margin of rating and collateral (2008/C 14/02); discount rate = base rate
+ `discount-margin-points`. A loan is reckoned in months by the formula of the regulation, as if it were paid out at
once; a guarantee by years, of what is guaranteed at the start of each, in Decimal like all the rest.
"""

from dataclasses import dataclass, fields
from decimal import Decimal

from django.utils.translation import gettext as _

from centrum.kit import clock, parameters
from centrum.kit.periods import in_force
from centrum.kit.polish import date_short, percent
from centrum.kit.transitions import Refused
from loans import aid, rates
from loans.enums import AidMethod, Collateral, GuaranteeRating, NbpKind, Rating
from loans.models import AidCalculation, AidMargin, SafeHarbourPremium

VERSION = "2026-11"  # of the formulas in loans/aid.py; another one with every change of what they give
PER_YEAR = 12
_POINT = Decimal("0.0001")
# the simplified method of Regulation (EU) 2023/2831, art. 4(3)(b): EUR that use the whole ceiling over 5, over 10 years
UP_TO_5_YEARS, UP_TO_10_YEARS = Decimal(1_500_000), Decimal(750_000)


class NoAid(Refused):
    """The loan costs more than the reference rate, so it is no aid."""


@dataclass(frozen=True)
class Rates:
    """The rates of a day: rows they come from, and fractions of a year."""

    base: object
    margin: object
    reference: Decimal
    discount: Decimal


# What goes in


def margin_of(rating, collateral, on):
    """The AidMargin of a cell of the table on a day."""
    row = AidMargin.objects.filter(in_force(on), rating=rating, collateral=collateral).first()
    if row is None:
        words = _("There is no margin for “%(rating)s” and “%(collateral)s” on %(day)s.")
        said = {"rating": _label(Rating, rating), "collateral": _label(Collateral, collateral), "day": date_short(on)}
        raise Refused(words % said)
    return row


def premium_of(rating, on):
    """The SafeHarbourPremium of a rating on a day."""
    row = SafeHarbourPremium.objects.filter(in_force(on), rating=rating).first()
    if row is None:
        words = _("There is no safe-harbour premium for “%(rating)s” on %(day)s.")
        raise Refused(words % {"rating": _label(GuaranteeRating, rating), "day": date_short(on)})
    return row


def _label(choices, value):
    return choices(value).label if value in choices.values else value or "–"


def discount_on(on):
    """(NbpRate of the base rate, discount rate) of a day."""
    base = rates.nbp_row(NbpKind.EC_BASE, on)
    return base, base.rate + parameters.value("discount-margin-points", on) * _POINT


def rates_on(on, rating, collateral):
    base, discount = discount_on(on)
    margin = margin_of(rating, collateral, on)
    return Rates(base, margin, base.rate + margin.points * _POINT, discount)


# Calculations


def of_loan(amount, months, grace, method, charged, *, on, rating, collateral, reason, by=None):
    """The aid in a loan of these terms with a yearly rate `charged`. Raises NoAid above the reference rate."""
    found = rates_on(on, rating, collateral)
    _must_be_cheaper(charged, found.reference)
    made = aid.of_loan(
        amount,
        months,
        grace,
        reference=found.reference,
        charged=charged,
        discount=found.discount,
        per_year=PER_YEAR,
        method=str(method),
    )
    inputs = {
        "amount": amount,
        "months": months,
        "grace": grace,
        "per_year": PER_YEAR,
        "instalments": str(method),
        "charged": charged,
    }
    return _by_rates(AidMethod.REFERENCE, found, inputs, made.rows, made.total, on=on, reason=reason, by=by)


def _must_be_cheaper(charged, reference):
    if charged > reference:
        words = _("This is no aid: the rate of %(charged)s%% is above the reference rate of %(reference)s%%.")
        raise NoAid(words % {"charged": percent(charged), "reference": percent(reference)})


def of_change(old, new, *, on, rating, collateral, reason, by=None, **inputs):
    """The new aid of better terms: what the rows `new` save against the reference rate more than `old`; nothing where
    they cost more. Rows are those of a schedule that lie ahead of the change."""
    found = rates_on(on, rating, collateral)
    terms = {"reference": found.reference, "discount": found.discount}
    total, before, after = aid.of_change(_periods(old), _periods(new), on, **terms)
    rows = [*_told(before.rows, part="old"), *_told(after.rows, part="new")]
    return _by_rates(AidMethod.CHANGE, found, inputs, rows, total, on=on, reason=reason, by=by)


def _periods(rows):
    """Of rows of a schedule; a tranche within a row counts as if it bore interest for all of it, in both schedules."""
    return [aid.Period(row.due, row.days, row.balance + row.principal, row.interest + row.deferred) for row in rows]


def of_guarantee(credit, cover, amount, months, grace, *, fee, fee_from, on, rating, reason, by=None):
    """The aid in a guarantee of at most `amount` PLN, `cover` of a credit, with a yearly `fee` from a year on."""
    base, discount = discount_on(on)
    premium = premium_of(rating, on)
    guaranteed = aid.yearly_guaranteed(credit, cover, amount, months, grace)
    made = aid.of_guarantee(guaranteed, premium=premium.rate, fee=fee, fee_from=fee_from, discount=discount)
    inputs = {
        "amount": amount,
        "credit": credit,
        "cover": cover,
        "months": months,
        "grace": grace,
        "fee": fee,
        "fee_from": fee_from,
        "base": base.rate,
        "rating": str(rating),
        "premium": premium.rate,
    }
    return AidCalculation(
        method=AidMethod.SAFE_HARBOUR,
        base_rate=base,
        premium=premium,
        discount=discount,
        reason=reason.strip(),
        **_common(on, inputs, _told(made.rows), made.total, by),
    )


def nominal(amount, *, on, by=None, **inputs):
    """Aid that is the amount itself: a grant, a service without payment, what is forgiven."""
    return AidCalculation(
        method=AidMethod.NOMINAL, **_common(on, {"amount": amount, **inputs}, [], aid.rounded(amount), by)
    )


def proportional(amount, months, *, on, eur_rate, by=None):
    """A loan by the simplified method, at PLN for one EUR. Raises Refused beyond its limits."""
    ceiling = parameters.value("de-minimis-ceiling-eur", on)
    in_eur, years = amount / eur_rate, Decimal(months) / PER_YEAR
    caps = {"up_to_5_years": UP_TO_5_YEARS, "up_to_10_years": UP_TO_10_YEARS, "ceiling": ceiling}
    try:
        eur = aid.proportional(in_eur, years, **caps)
    except ValueError as error:
        words = _("The simplified method goes up to 1 500 000 EUR over 5 years or 750 000 EUR over 10.")
        raise Refused(words) from error
    inputs = {"amount": amount, "months": months, "eur_rate": eur_rate, "eur": eur, **caps}
    return AidCalculation(method=AidMethod.PROPORTIONAL, **_common(on, inputs, [], aid.rounded(eur * eur_rate), by))


def corrected(calculation, total, *, by, **inputs):
    """The calculation of an entry that corrects another: what went into that one, and the value put in its place."""
    names = ("method", "on", "base_rate", "margin", "premium", "discount", "reason")
    kept = {name: getattr(calculation, name) for name in names}
    on = kept.pop("on")
    return AidCalculation(**kept, **_common(on, {**calculation.inputs, **inputs}, [], total, by))


# Of what is decided


def of_decision(decision, *, on, rating, collateral="", reason, by=None):
    """The aid of an approval: of its loan or of its guarantee; `rating`: a Rating with a Collateral or, of a guarantee,
    a GuaranteeRating."""
    if decision.lender_id:
        return of_terms_of_guarantee(decision, on=on, rating=rating, reason=reason, by=by)
    charged = rates.rate_of(decision.product, on, new_job=decision.new_job)
    return of_terms_of_loan(decision, charged, on=on, rating=rating, collateral=collateral, reason=reason, by=by)


def of_terms_of_loan(terms, charged, **more):
    """Of anything with the terms of a loan: a decision or the loan itself."""
    return of_loan(terms.amount, terms.months, terms.grace, terms.method, charged, **more)


def of_terms_of_guarantee(terms, **more):
    """The same of a guarantee."""
    values = (terms.credit, terms.cover, terms.amount, terms.months, terms.grace)
    return of_guarantee(*values, fee=terms.fee, fee_from=terms.fee_from, **more)


def keep(calculation, *, by):
    """Save a calculation with who made it."""
    calculation.by, calculation.at = by, clock.now()
    calculation.save()
    return calculation


# As text


def _by_rates(method, found, inputs, rows, total, *, on, reason, by):
    inputs = {
        **inputs,
        "base": found.base.rate,
        "rating": str(found.margin.rating),
        "collateral": str(found.margin.collateral),
        "points": found.margin.points,
        "reference": found.reference,
    }
    return AidCalculation(
        method=method,
        base_rate=found.base,
        margin=found.margin,
        discount=found.discount,
        reason=reason.strip(),
        **_common(on, inputs, rows if isinstance(rows, list) else _told(rows), total, by),
    )


def _common(on, inputs, rows, total, by):
    told = {name: value if isinstance(value, int) else str(value) for name, value in inputs.items()}
    return {"on": on, "inputs": told, "rows": rows, "total": total, "version": VERSION, "by": by, "at": clock.now()}


def _told(rows, **more):
    """AidRows as dicts of texts, for JSON."""
    return [{**more, **{field.name: _text(getattr(row, field.name)) for field in fields(aid.AidRow)}} for row in rows]


def _text(value):
    return value if isinstance(value, int) else str(value)

"""A calculation of aid as a page shows it: facts in words and rows as numbers."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from centrum.kit.polish import date_short, eur, money, number, percent
from loans import aid
from loans.enums import AidMethod, Collateral, GuaranteeRating, Method, Rating


@dataclass(frozen=True)
class Row:
    """One period or year, in PLN; the factor with six places."""

    nr: int
    balance: Decimal
    market: Decimal
    charged: Decimal
    difference: Decimal
    factor: str
    value: Decimal


@dataclass(frozen=True)
class Part:
    """A table of rows: of the one schedule, or of the one before the change and the one after it. `total`: of its
    values, rounded once."""

    title: str
    rows: list
    total: Decimal


def parts(calculation):
    """The Parts of a calculation, none of one without rows."""
    titles = {"new": _("Schedule after the change"), "old": _("Schedule before the change")}
    if calculation.method != AidMethod.CHANGE:
        return [_part(_("Rows of the calculation"), calculation.rows)] if calculation.rows else []
    told = [(title, [row for row in calculation.rows if row["part"] == name]) for name, title in titles.items()]
    return [_part(title, rows) for title, rows in told if rows]


def _part(title, rows):
    total = sum((Decimal(row["value"]) for row in rows), Decimal(0))
    return Part(title, [_row(row) for row in rows], aid.rounded(total))


def _row(told):
    names = ("balance", "interest_reference", "interest_charged", "difference")
    amounts = [aid.rounded(Decimal(told[name])) for name in names]
    factor = number(Decimal(told["factor"]).quantize(Decimal("1e-6")), places=6)
    return Row(told["nr"], *amounts, factor, aid.rounded(Decimal(told["value"])))


def facts(calculation):
    """[{label, value}] of what went in, in the order in which it is reckoned."""
    said = calculation.inputs
    made = [(str(label), write(said[name])) for name, label, write in _INPUTS if said.get(name) not in (None, "")]
    if calculation.base_rate:
        since = _("from %(day)s") % {"day": date_short(calculation.base_rate.valid_from)}
        made.append((_("Base rate of the Commission"), f"{_percent(said['base'])}, {since}"))
    if calculation.margin:
        points = _("%(points)s basis points") % {"points": said["points"]}
        cell = f"{Rating(said['rating']).label}; {Collateral(said['collateral']).label}"
        made += [(_("Margin"), f"{points} ({cell})"), (_("Reference rate"), _percent(said["reference"]))]
    if calculation.premium:
        label = GuaranteeRating(said["rating"]).label
        made.append((_("Safe-harbour premium"), f"{_percent(said['premium'])} ({label})"))
    if calculation.discount is not None:
        made.append((_("Discount rate"), _percent(calculation.discount)))
    if calculation.reason:
        made.append((_("Why this rating and collateral"), calculation.reason))
    if said.get("correction"):
        made.append((_("Value after the correction"), money(calculation.total)))
        made.append((_("Why the value was corrected"), said["correction"]))
    return [{"label": label, "value": value} for label, value in made]


def _percent(text):
    return f"{percent(Decimal(text))} %"


def _money(text):
    return money(Decimal(text))


def _eur(text):
    return eur(Decimal(text))


def _instalments(text):
    return Method(text).label


_INPUTS = (
    ("credit", pgettext_lazy("of a guarantee", "Credit"), _money),
    ("cover", gettext_lazy("Part that is guaranteed"), _percent),
    ("amount", gettext_lazy("Amount"), _money),
    ("annex", gettext_lazy("Annex"), str),
    ("months", gettext_lazy("Months"), str),
    ("grace", gettext_lazy("of it grace on principal"), str),
    ("instalments", gettext_lazy("Kind of instalments"), _instalments),
    ("charged", gettext_lazy("Rate charged"), _percent),
    ("fee", gettext_lazy("Yearly fee"), _percent),
    ("fee_from", gettext_lazy("Fee from the year"), str),
    ("eur_rate", gettext_lazy("PLN for one EUR"), str),
    ("eur", gettext_lazy("By the simplified method"), _eur),
)

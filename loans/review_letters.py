"""The letters of an approved loan and guarantee, from texts that the staff edit; a rejection has the engine's own."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from centrum.intake import letters
from centrum.intake.letters import LetterKind
from centrum.kit import clock, parameters
from centrum.kit.polish import money, percent

FOLDER = Path(__file__).resolve().parent / "data" / "letters"
# placeholder → (what it stands for, a sample)
_OF_LOAN = {
    "terms": (
        gettext_lazy("amount, months, grace and kind of instalments of the loan"),
        pgettext_lazy("sample", "PLN 50,000.00 for 36 months, decreasing instalments"),
    )
}
_OF_GUARANTEE = {
    "terms": (
        gettext_lazy("lender, credit, part and amount of the guarantee, months and fee"),
        pgettext_lazy("sample", "PLN 80,000.00 at most, of a credit of PLN 100,000.00"),
    )
}
_OF_BOTH = {
    "conditions": (
        gettext_lazy("conditions of the decision"),
        pgettext_lazy("sample", "a policy of insurance of the oven"),
    ),
    "securities": (
        gettext_lazy("securities that the decision asks for"),
        pgettext_lazy("sample", "– blank promissory note with a declaration"),
    ),
    "sign_by": (gettext_lazy("last day for signing the agreement"), datetime.date(2026, 12, 3)),
    "officer": (gettext_lazy("loan officer"), "Anna Lis"),
}


@dataclass(frozen=True)
class _Approved:
    """The letter of an approval of one kind; `days`: the parameter of how many there are for the signature."""

    code: str
    label: str
    placeholders: dict
    days: str
    terms: Callable


def register_letters():
    for of in APPROVED.values():
        placeholders = of.placeholders | _OF_BOTH
        kind = LetterKind(of.code, of.label, tuple(placeholders), folder=FOLDER, group=gettext_lazy("Loans"))
        letters.register(kind, placeholders=placeholders)


def approved(application, decision, officer):
    """The letter of a decision that is confirmed today."""
    of = APPROVED[application.kind]
    with translation.override(application.language):
        securities = [f"– {row.get_kind_display()}: {row.description}" for row in decision.securities.all()]
        words = {
            "terms": of.terms(decision),
            "conditions": decision.conditions or pgettext("conditions", "none"),
            "securities": "\n".join(securities),
        }
    sign_by = clock.today() + datetime.timedelta(days=parameters.whole(of.days))
    return letters.draft(of.code, application, officer=officer, sign_by=sign_by, **words)


def _of_loan(decision):
    said = {
        "amount": money(decision.amount),
        "months": decision.months,
        "grace": decision.grace,
        "method": decision.get_method_display(),
        "product": decision.product,
    }
    if decision.grace:
        return _("%(product)s, %(amount)s, months: %(months)d (%(grace)d of grace among them), %(method)s") % said
    return _("%(product)s, %(amount)s, months: %(months)d, %(method)s") % said


def _of_guarantee(decision):
    said = {
        "lender": decision.lender,
        "credit": money(decision.credit),
        "percent": percent(decision.cover),
        "amount": money(decision.amount),
        "months": decision.months,
        "fee": percent(decision.fee),
        "year": decision.fee_from,
    }
    words = _(
        "%(percent)s%% of a credit of %(credit)s (%(lender)s), at most %(amount)s, months: %(months)d, fee a year:"
        " %(fee)s%% of what is guaranteed"
    )
    if decision.fee_from > 1:
        words = _(
            "%(percent)s%% of a credit of %(credit)s (%(lender)s), at most %(amount)s, months: %(months)d, fee a year:"
            " %(fee)s%% of what is guaranteed, from year %(year)d on"
        )
    return words % said


APPROVED = {
    "loan": _Approved("loan_approved", gettext_lazy("Loan approved"), _OF_LOAN, "loan-days-to-sign", _of_loan),
    "guarantee": _Approved(
        "guarantee_approved",
        gettext_lazy("Guarantee approved"),
        _OF_GUARANTEE,
        "guarantee-days-to-sign",
        _of_guarantee,
    ),
}

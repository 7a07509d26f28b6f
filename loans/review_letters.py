"""The letter of an approved loan, from a text that the staff edit; a rejection has the engine's own."""

import datetime
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from centrum.intake import letters
from centrum.intake.letters import LetterKind
from centrum.kit import clock, parameters
from centrum.kit.polish import money

FOLDER = Path(__file__).resolve().parent / "data" / "letters"
APPROVED = "loan_approved"
# placeholder → (what it stands for, a sample)
_PLACEHOLDERS = {
    "terms": (
        gettext_lazy("amount, months, grace and kind of instalments of the loan"),
        pgettext_lazy("sample", "PLN 50,000.00 for 36 months, decreasing instalments"),
    ),
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


def register_letters():
    kind = LetterKind(
        APPROVED, gettext_lazy("Loan approved"), tuple(_PLACEHOLDERS), folder=FOLDER, group=gettext_lazy("Loans")
    )
    letters.register(kind, placeholders=_PLACEHOLDERS)


def approved(application, decision, officer):
    """The letter of a decision that is confirmed today."""
    days = parameters.whole("loan-days-to-sign")
    with translation.override(application.language):
        securities = [f"– {row.get_kind_display()}: {row.description}" for row in decision.securities.all()]
        words = {
            "terms": _terms(decision),
            "conditions": decision.conditions or pgettext("conditions", "none"),
            "securities": "\n".join(securities),
        }
    return letters.draft(
        APPROVED, application, officer=officer, sign_by=clock.today() + datetime.timedelta(days=days), **words
    )


def _terms(decision):
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

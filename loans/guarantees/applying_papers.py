"""Files that an application for a guarantee asks for: as of a loan, and those of the credit."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from centrum.intake.kinds import AttachmentRule
from loans import applying_papers

_LOANS = {rule.code: rule for rule in applying_papers.ATTACHMENTS}
_OF_THE_CREDIT = AttachmentRule(
    "bank",
    _("Paper of the bank on the credit"),
    _("Its decision, promise or offer; while there is none, the application that you made there."),
    lambda answers: True,
    many=True,
)
_CHANGED = {
    "prognoza": replace(_LOANS["prognoza"], hint=_("For the years of the credit: income, costs, instalments.")),
    "uchwala": replace(_LOANS["uchwala"], label=_("Resolution to take the credit and ask for the guarantee")),
}

ATTACHMENTS = (
    _OF_THE_CREDIT,
    *(_CHANGED.get(code, rule) for code, rule in _LOANS.items() if code != "oferty"),
)

"""Beginnings of answers to data subjects, which the handler completes; written to the person."""

from django.utils.translation import gettext_lazy as _

from centrum.register.enums import RequestKind

ANSWERS = {
    RequestKind.ACCESS: _(
        "You asked what data about you we have. We enclose a copy of them, with what they serve, to whom we passed "
        "them and who looked at them."
    ),
    RequestKind.RECTIFICATION: _(
        "You asked us to correct your data. We have corrected them as you wrote, and told those to whom we had "
        "passed them."
    ),
    RequestKind.ERASURE: _(
        "You asked us to erase your data. We have erased those that we had by your consent alone. Others we must "
        "keep, because the law orders so until the project is accounted for (art. 17(3)(b) GDPR)."
    ),
    RequestKind.RESTRICTION: _(
        "You asked us to restrict the use of your data. From now on we only store them; we will tell you before "
        "this ends."
    ),
    RequestKind.PORTABILITY: _(
        "You asked for your data in a form that a machine can read. We enclose a file with what you gave us by "
        "consent or for a contract."
    ),
    RequestKind.OBJECTION: _("You objected to the use of your data. We have stopped it."),
}
REFUSAL = _(
    "We cannot do what you ask for. The reason: …\n\n"
    "You may complain to the President of the Personal Data Protection Office (Prezes UODO) and go to court."
)
EXTENSION = _(
    "We need more time for your request, because … We will answer by the day given in this letter. You may complain "
    "about it to the President of the Personal Data Protection Office."
)

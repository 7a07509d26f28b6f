"""What is printed of the staff: the authorisation to process personal data, to be signed."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.kit import paper
from centrum.kit.clock import local
from centrum.kit.polish import date_long, nbsp_words
from centrum.staff.enums import Scope

_COVERS = {
    Scope.CLIENTS: gettext_lazy(
        "names, contact and address, identifiers, and what stands in applications, cases and services"
    ),
    Scope.SENSITIVE: gettext_lazy(
        "answers on disability, origin, minority and homelessness, and at-risk groups that tell of health or crime"
    ),
}


def authorisation(row):
    """The authorisation (upoważnienie, art. 29 GDPR) in the language in force, with places for both signatures."""
    user = row.user
    facts = [
        (_("Authorised"), f"{user}, {user.email}"),
        (_("Job title"), user.job),
        (_("Unit"), str(user.unit)),
        (_("Scope"), row.get_scope_display()),
        (_("It covers"), str(_COVERS[row.scope])),
        (_("In force from"), date_long(row.valid_from)),
        (_("Last day"), date_long(row.last_day) if row.last_day else _("until it is ended")),
        (_("Issued"), ", ".join(filter(None, (date_long(local(row.issued_at)), str(row.issued_by or ""))))),
    ]
    return paper.pdf(
        "authorisation.typ",
        {
            "title": _("Authorisation to process personal data %(number)s") % {"number": row.number},
            "subtitle": str(user),
            "facts": [{"label": label, "value": nbsp_words(value)} for label, value in facts if value],
            "text": _(
                "On the ground of art. 29 and art. 32(4) of Regulation (EU) 2016/679 (GDPR) I authorise the person "
                "named above to process personal data within the scope given, only as far as their work demands and "
                "only on the controller's instructions."
            ),
            "promise": _(
                "I know the rules of data protection that hold in the Centre. I will keep the data and the ways in "
                "which they are protected secret, also after the authorisation or my work has ended."
            ),
            "signatures": [
                _("date and signature for the controller"),
                _("date and signature of the person authorised"),
            ],
        },
    )

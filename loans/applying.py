"""The application for a loan as a kind of the intake engine."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.intake import kinds, matching
from centrum.intake.kinds import CheckItem, Kind, Summary
from centrum.intake.matching import Match
from loans import reviews

LOAN = Kind(
    code="loan",
    title=_("Application for a loan"),
    label=pgettext_lazy("kind of application", "loan"),
    path="pozyczka",
    text=_("For social economy entities that want to borrow from our fund."),
    needs=(),
    series="WPZ",
    answers="loan_application",
    steps=(),
    summary=lambda answers: Summary(answers.name, answers.locality, answers.email),
    accept=reviews.accept,
    may_decide=reviews.may_decide,
    checklist=(
        CheckItem("entity", _("The applicant is an entity for which the product is meant.")),
        CheckItem("purpose", _("The purpose is none of the excluded ones.")),
        CheckItem("sums", _("The purchases add up, and the amount and the term fit the product.")),
        CheckItem("papers", _("All attachments are there, in force and signed.")),
        CheckItem("no-arrears", _("There are no arrears to ZUS and the tax office, or they are spread by agreement.")),
        CheckItem("no-difficulty", _("The applicant is not in difficulty and has no public aid to give back.")),
        CheckItem("mandate", _("Whoever applies may speak for the organisation.")),
    ),
    matching=(
        Match(
            "organisation",
            matching.ORGANISATION,
            _("Which organisation of the register is it?"),
            tuple(
                (name, name)
                for name in (
                    "name",
                    "pes_type",
                    "legal_form",
                    "nip",
                    "krs",
                    "email",
                    "phone",
                    "street",
                    "building",
                    "flat",
                    "postal_code",
                    "locality",
                    "commune",
                )
            ),
        ),
        Match(
            "person",
            matching.PERSON,
            _("Who is the contact person in the register?"),
            (
                ("contact_first_name", "first_name"),
                ("contact_last_name", "last_name"),
                ("email", "email"),
                ("phone", "phone"),
            ),
        ),
    ),
)


def register_kind():
    kinds.register(LOAN)

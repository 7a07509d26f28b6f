"""What the fund holds on a person, for the dossier: of which loans and guarantees they are the contact person.

The money, securities and assessment are the organisation's.
"""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.intake import dossier as intake
from centrum.intake.enums import ApplicationState
from centrum.intake.models import Application
from centrum.kit.dossier import coded, plain
from centrum.kit.registry import DossierSection
from centrum.register.dossier import emails_of
from loans.applying import LOAN
from loans.guarantees.applying import GUARANTEE
from loans.models import Decision, Guarantee, Loan


def _loans(person):
    rows = Loan.objects.filter(person=person).select_related("organisation").order_by("pk")
    return [
        {
            _("Number"): plain(loan.number),
            _("Role"): _("contact person"),
            _("Organisation"): plain(loan.organisation),
            _("State"): coded(loan.state, loan.get_state_display()),
            _("Granted on"): plain(loan.granted_on),
            _("Agreement signed on"): plain(loan.signed_on),
        }
        for loan in rows
    ]


def _decisions(person):
    """Decisions that name them, those that were sent back too."""
    rows = Decision.objects.filter(person=person).select_related("organisation", "review__application").order_by("pk")
    return [
        {
            _("In the application"): plain(row.review.application.number),
            _("Role"): _("contact person"),
            _("Organisation"): plain(row.organisation),
            _("Decision"): coded(row.verdict, row.get_verdict_display()),
            _("Prepared"): plain(row.prepared_at),
            _("Confirmed"): plain(row.confirmed_at),
            _("Sent back"): plain(row.sent_back_at),
        }
        for row in rows
    ]


def _guarantees(person):
    rows = Guarantee.objects.filter(person=person).select_related("organisation").order_by("pk")
    return [
        {
            _("Number"): plain(guarantee.number),
            _("Role"): _("contact person"),
            _("Organisation"): plain(guarantee.organisation),
            _("State"): coded(guarantee.state, guarantee.get_state_display()),
            _("Granted on"): plain(guarantee.granted_on),
            _("Agreement signed on"): plain(guarantee.signed_on),
        }
        for guarantee in rows
    ]


def _applications(kind, granted):
    """What tells of a person the accepted applications of a kind in which they were typed as the contact person; those
    not accepted are told by the engine. `granted`: the loans or guarantees that came of them.

    Whoever prepared the decision may have chosen somebody else of the register: what was typed is told to whom it
    names, by name and by the loan or the address, and no one else.
    """

    def told(person):
        names = {
            f"{kind.answers}__contact_first_name__iexact": person.first_name,
            f"{kind.answers}__contact_last_name__iexact": person.last_name,
        }
        accepted = Application.objects.filter(kind=kind.code, state=ApplicationState.ACCEPTED, **names)
        given = granted.objects.filter(decision__review__application=OuterRef("pk"), person=person)
        return intake.told(accepted.filter(Exists(given) | Q(email__in=emails_of(person))))

    return told


SECTIONS = (
    DossierSection(gettext_lazy("Loans as a contact person"), 75, _loans, ("loans.Loan",)),
    DossierSection(
        gettext_lazy("Decisions on loans and guarantees as a contact person"), 76, _decisions, ("loans.Decision",)
    ),
    DossierSection(
        gettext_lazy("Applications for loans"),
        77,
        _applications(LOAN, Loan),
        ("loans.LoanApplication", *intake.TABLES),
    ),
    DossierSection(gettext_lazy("Guarantees as a contact person"), 78, _guarantees, ("loans.Guarantee",)),
    DossierSection(
        gettext_lazy("Applications for guarantees"),
        79,
        _applications(GUARANTEE, Guarantee),
        ("loans.GuaranteeApplication", *intake.TABLES),
    ),
)

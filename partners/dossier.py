"""What partnerships hold on a person, for the dossier."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.intake import dossier as intake
from centrum.intake.enums import ApplicationState
from centrum.intake.models import Application
from centrum.kit.dossier import coded, facts, plain
from centrum.kit.registry import DossierSection
from centrum.register.dossier import emails_of
from partners.joining import JOIN
from partners.models import AgreementSignatory, Invitation, Representative


def _represents(person):
    rows = Representative.objects.filter(person=person).order_by("pk")
    return [_told(row) for row in rows.select_related("membership__organisation", "membership__partnership")]


def _told(row):
    member = row.membership
    where = {_("Organisation"): plain(member.organisation), _("Partnership"): plain(member.partnership)}
    return facts(row, "person", "membership") | where


def _signs(person):
    rows = AgreementSignatory.objects.filter(representative__person=person).order_by("pk")
    return [_signed(row) for row in rows.select_related("agreement__partnership", "membership__organisation")]


def _signed(row):
    agreement = row.agreement
    return {
        _("Agreement"): plain(agreement),
        _("State"): coded(agreement.state, agreement.get_state_display()),
        _("Signed on"): plain(agreement.signed_on),
        _("Organisation"): plain(row.membership.organisation),
        _("Partnership"): plain(agreement.partnership),
    }


def _applications(person):
    """Accepted applications to join, sent from an address of theirs; those not accepted are told by the engine."""
    accepted = Application.objects.filter(kind=JOIN.code, state=ApplicationState.ACCEPTED)
    return intake.told(accepted.filter(email__in=emails_of(person)))


def _meetings(person):
    rows = Invitation.objects.filter(person=person).order_by("pk")
    return [
        {_("Meeting"): plain(row.meeting), _("Partnership"): plain(row.meeting.partnership)}
        | facts(row.meeting, names=("kind", "place", "starts_at", "ends_at", "state"))
        | facts(row, "person", "membership", "meeting")
        for row in rows.select_related("meeting__partnership")
    ]


SECTIONS = (
    DossierSection(gettext_lazy("Representation in partnerships"), 70, _represents, ("partners.Representative",)),
    DossierSection(gettext_lazy("Meetings of partnerships"), 73, _meetings, ("partners.Invitation",)),
    DossierSection(
        gettext_lazy("Signatures under agreements of partnerships"), 72, _signs, ("partners.AgreementSignatory",)
    ),
    DossierSection(
        gettext_lazy("Applications to join partnerships"),
        71,
        _applications,
        ("partners.JoinApplication", *intake.TABLES),
    ),
)

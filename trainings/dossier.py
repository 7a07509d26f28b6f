"""What training events hold on a person, for the dossier."""

from django.db.models import Q, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.kit.dossier import facts, plain
from centrum.kit.registry import DossierSection
from centrum.kit.search import PlFold
from centrum.register.dossier import emails_of
from trainings.models import (
    AccessNeeds,
    Approval,
    Attendance,
    CertificateVersion,
    Enrolment,
    GroupParticipant,
    NoticeSent,
    Response,
)


def enrolments_of(person):
    """Those linked to the person, and those not linked to anybody under the same name and an address of theirs."""
    own = Q(person=person)
    for email in emails_of(person):
        own |= Q(person=None, identity=PlFold(Value(f"{person.first_name} {person.last_name} {email}")))
    return Enrolment.objects.filter(own).select_related("event").order_by("pk")


def about(event):
    """What a row says of its event."""
    return {
        _("Number"): plain(event.number),
        _("Training event"): plain(event.title),
        _("First day"): plain(event.starts_on),
        _("Last day"): plain(event.ends_on),
    }


def _enrolments(person):
    rows = enrolments_of(person).select_related("event", "group", "commune", "organisation", "case")
    return [about(row.event) | facts(row, "event", "person", "application") for row in rows]


def _needs(person):
    rows = AccessNeeds.objects.filter(enrolment__in=enrolments_of(person).values("pk")).order_by("pk")
    return [about(row.enrolment.event) | facts(row, "enrolment") for row in rows.select_related("enrolment__event")]


def _letters(person):
    rows = NoticeSent.objects.filter(enrolment__in=enrolments_of(person).values("pk")).order_by("pk")
    return [
        about(row.enrolment.event) | facts(row, "enrolment", "occasion")
        for row in rows.select_related("enrolment__event")
    ]


def _typed_by_others(person):
    """Where an organisation enrolled them: under their name, with an address of theirs."""
    alike = Q(last_name__iexact=person.last_name, first_name__iexact=person.first_name)
    rows = GroupParticipant.objects.filter(alike, email__in=emails_of(person)).order_by("pk")
    return [
        about(row.answers.event) | {_("Organisation"): plain(row.answers.name)} | facts(row, "answers")
        for row in rows.select_related("answers__event", "commune")
    ]


def _tests(person):
    """Answers to tests and to surveys that are not anonymous; an anonymous answer leads to nobody."""
    rows = Response.objects.filter(enrolment__in=enrolments_of(person).values("pk"))
    rows = rows.select_related("enrolment__event", "survey").prefetch_related("answers__question", "answers__option")
    return [
        about(row.enrolment.event)
        | {_("Test or survey"): plain(row.survey.title), _("Points"): plain(row.score)}
        | {_("Answers"): plain("\n".join(_answer(one) for one in row.answers.all()))}
        for row in rows.order_by("survey_id", "pk")
    ]


def _attendance(person):
    """A row a session; corrections stand in the changes of the row."""
    rows = Attendance.objects.filter(enrolment__in=enrolments_of(person).values("pk")).order_by("session__starts_at")
    return [
        about(row.enrolment.event) | {_("Session"): plain(row.session.starts_at)} | facts(row, "enrolment", "session")
        for row in rows.select_related("enrolment__event", "session", "noted_by")
    ]


def _approvals(person):
    rows = Approval.objects.filter(enrolment__in=enrolments_of(person).values("pk")).order_by("pk")
    return [
        about(row.enrolment.event) | facts(row, "enrolment")
        for row in rows.select_related("enrolment__event", "approved_by", "withdrawn_by")
    ]


def _certificates(person):
    """A row a version: what stood on the paper."""
    rows = CertificateVersion.objects.filter(certificate__enrolment__in=enrolments_of(person).values("pk"))
    return [
        {_("Number"): plain(row.certificate.number), _("State"): plain(row.certificate.get_state_display())}
        | {_("Issued"): plain(row.certificate.issued_on), _("Annulled"): plain(row.certificate.annulled_on)}
        | facts(row, "certificate")
        for row in rows.select_related("certificate", "by").order_by("certificate_id", "version")
    ]


def _answer(one):
    return f"{one.question.text}: {one.option.text if one.option else one.text}"


# Applications for oneself and of a contact person are told by the engine, among those from their address.
_APPLICATIONS = ("trainings.EnrolmentApplication", "trainings.GroupEnrolmentApplication")
SECTIONS = (
    DossierSection(gettext_lazy("Enrolments in training events"), 90, _enrolments, ("trainings.Enrolment",)),
    DossierSection(gettext_lazy("Needs of access at training events"), 91, _needs, ("trainings.AccessNeeds",)),
    DossierSection(gettext_lazy("Letters of training events"), 92, _letters, ("trainings.NoticeSent",)),
    DossierSection(
        gettext_lazy("Enrolments by an organisation"),
        93,
        _typed_by_others,
        ("trainings.GroupParticipant", *_APPLICATIONS),
    ),
    DossierSection(
        gettext_lazy("Answers to tests and surveys"), 94, _tests, ("trainings.Response", "trainings.Answer")
    ),
    DossierSection(
        gettext_lazy("Certificates of training"),
        95,
        _certificates,
        ("trainings.Certificate", "trainings.CertificateVersion"),
    ),
    DossierSection(gettext_lazy("Attendance at training"), 96, _attendance, ("trainings.Attendance",)),
    DossierSection(gettext_lazy("Approved hours of training"), 97, _approvals, ("trainings.Approval",)),
)

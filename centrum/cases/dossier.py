"""What cases hold on a person, for the dossier. Of others in the same case or service only their number is told."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.cases.models import Case, GroupMember, Service
from centrum.intake import dossier as intake
from centrum.intake.models import Application
from centrum.kit.dossier import facts, plain
from centrum.kit.registry import DossierSection
from centrum.register.dossier import emails_of

# What is told of a case or a service in which others take part, too: their texts may speak of the others.
_CASE_SHARED = ("number", "project", "unit", "organisation", "adviser", "state", "opened_on", "closed_on")
_SERVICE_PRIVATE = ("course", "recommendations", "next_step", "objection")


def _applications(person):
    return intake.told(Application.objects.filter(case__person=person))


def _named(person):
    """Where somebody else named them as a member of a group, by their e-mail address."""
    rows = GroupMember.objects.filter(email__in=emails_of(person)).select_related("answers__application")
    return [
        facts(row, "answers") | {_("In the application"): plain(row.answers.application.number)}
        for row in rows.order_by("pk")
    ]


def _cases(person):
    cases = Case.objects.filter(Q(person=person) | Q(participations__person=person)).distinct()
    read = cases.select_related("project", "unit", "application", "organisation", "adviser").order_by("pk")
    rows = []
    for case in read.prefetch_related("plan__service_type"):
        if case.person_id == person.pk:
            plan = [facts(item, "case") for item in case.plan.all()]
            rows.append(facts(case, "person") | {_("Role"): _("client"), _("Plan"): plan})
        else:
            rows.append(facts(case, names=_CASE_SHARED) | {_("Role"): _("takes part")})
    return rows


def _services(person):
    theirs = Service.objects.filter(recipients__person=person).values("pk")
    rows = (
        Service.objects.filter(pk__in=theirs)
        .select_related("case", "service_type", "adviser", "approved_by", "corrects")
        .annotate(took_part=Count("recipients"))
        .order_by("date", "pk")
    )
    return [_service(row, person) for row in rows]


def _service(row, person):
    hidden = () if row.took_part == 1 else _SERVICE_PRIVATE
    if row.confirmed_by != str(person):
        hidden += ("confirmed_by",)
    return facts(row, *hidden) | {_("How many took part"): row.took_part}


SECTIONS = (
    DossierSection(
        gettext_lazy("Accepted applications"),
        21,
        _applications,
        (
            "cases.PersonSupportApplication",
            "cases.OrganisationSupportApplication",
            "cases.GroupSupportApplication",
            *intake.TABLES,
        ),
    ),
    DossierSection(gettext_lazy("Named in an application of a group"), 22, _named, ("cases.GroupMember",)),
    DossierSection(gettext_lazy("Cases"), 30, _cases, ("cases.Case", "cases.Case_participations", "cases.PlanItem")),
    DossierSection(gettext_lazy("Services"), 31, _services, ("cases.Service", "cases.Service_recipients")),
)

"""The client file: support applications' answers, the case, its plan and the services given."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from centrum.cases.enums import (
    CASE_MOVES,
    CASE_OPEN,
    SERVICE_MOVES,
    CaseState,
    Confirmation,
    EnterpriseStatus,
    HelpKind,
    HourKind,
    OrganisationHelpKind,
    PlannedPes,
    ServiceForm,
    ServiceGroup,
    ServiceState,
)
from centrum.intake.models import Application
from centrum.kit.history import history
from centrum.kit.search import search_column, search_index
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import frozen, never_deleted
from centrum.register.enums import LegalForm, PesType
from centrum.register.models import Commune, Organisation, Person
from centrum.reporting.models import Participation, Project
from centrum.staff.models import Unit


@history()
class PersonSupportApplication(models.Model):
    """What a person answers who asks for support; columns are empty in a draft, whole when `complete`."""

    application = models.OneToOneField(Application, models.CASCADE, primary_key=True, related_name="person_support")
    complete = models.BooleanField(default=False, editable=False)
    help_kind = models.CharField(_("What would you like to do?"), max_length=20, choices=HelpKind, blank=True)
    description = models.TextField(_("Tell us in a few sentences"), blank=True)
    first_name = models.CharField(_("First name"), max_length=80, blank=True)
    last_name = models.CharField(_("Surname"), max_length=120, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=15, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=6, blank=True)
    locality = models.CharField(_("Town or village"), max_length=80, blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, verbose_name=_("Commune"), related_name="+"
    )

    class Meta:
        verbose_name = _("support application of a person")
        verbose_name_plural = _("support applications of people")
        constraints = [
            models.CheckConstraint(
                condition=Q(complete=False)
                | Q(help_kind__in=HelpKind.values)
                & ~Q(description="")
                & ~Q(first_name="")
                & ~Q(last_name="")
                & ~Q(email="")
                & ~Q(locality=""),
                name="personsupport_whole",
            )
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}".strip()


@history()
class GroupSupportApplication(models.Model):
    """What an initiative group answers (grupa inicjatywna: people without a legal form who want to found a PES)."""

    application = models.OneToOneField(Application, models.CASCADE, primary_key=True, related_name="group_support")
    complete = models.BooleanField(default=False, editable=False)
    name = models.CharField(_("What do you call yourselves?"), max_length=200, blank=True)
    idea = models.TextField(_("What do you want to do together?"), blank=True)
    planned_pes_type = models.CharField(
        _("What would you like to found?"), max_length=40, choices=PlannedPes, blank=True
    )
    locality = models.CharField(_("Town or village"), max_length=80, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=6, blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, verbose_name=_("Commune"), related_name="+"
    )
    first_name = models.CharField(_("First name"), max_length=80, blank=True)
    last_name = models.CharField(_("Surname"), max_length=120, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=15, blank=True)

    class Meta:
        verbose_name = _("support application of an initiative group")
        verbose_name_plural = _("support applications of initiative groups")
        constraints = [
            models.CheckConstraint(
                condition=Q(complete=False)
                | Q(planned_pes_type__in=PlannedPes.values)
                & ~Q(name="")
                & ~Q(idea="")
                & ~Q(locality="")
                & ~Q(first_name="")
                & ~Q(last_name="")
                & ~Q(email=""),
                name="groupsupport_whole",
            )
        ]

    def __str__(self):
        return self.name


@history()
class GroupMember(models.Model):
    """One more person of an initiative group, besides the one who applies."""

    answers = models.ForeignKey(GroupSupportApplication, models.CASCADE, related_name="members")
    first_name = models.CharField(_("First name"), max_length=80)
    last_name = models.CharField(_("Surname"), max_length=120)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=15, blank=True)

    class Meta:
        verbose_name = _("member of an initiative group")
        verbose_name_plural = _("members of initiative groups")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(first_name="") & ~Q(last_name=""), name="groupmember_named"),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}"


@history()
class OrganisationSupportApplication(models.Model):
    """What an organisation answers that asks for support."""

    application = models.OneToOneField(
        Application, models.CASCADE, primary_key=True, related_name="organisation_support"
    )
    complete = models.BooleanField(default=False, editable=False)
    help_kind = models.CharField(
        _("What do you need help with?"), max_length=20, choices=OrganisationHelpKind, blank=True
    )
    description = models.TextField(_("Tell us in a few sentences"), blank=True)
    name = models.CharField(_("Full name"), max_length=300, blank=True)
    pes_type = models.CharField(_("Kind of organisation"), max_length=40, choices=PesType, blank=True)
    legal_form = models.CharField(_("Legal form"), max_length=30, choices=LegalForm, blank=True)
    nip = models.CharField("NIP", max_length=10, blank=True)
    krs = models.CharField("KRS", max_length=10, blank=True)
    enterprise_status = models.CharField(
        _("Does the organisation have the status of a social enterprise?"),
        max_length=10,
        choices=EnterpriseStatus,
        blank=True,
    )
    street = models.CharField(_("Street"), max_length=120, blank=True)
    building = models.CharField(_("Building number"), max_length=12, blank=True)
    flat = models.CharField(_("Flat number"), max_length=12, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=6, blank=True)
    locality = models.CharField(_("Town or village"), max_length=80, blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, verbose_name=_("Commune"), related_name="+"
    )
    contact_first_name = models.CharField(_("First name"), max_length=80, blank=True)
    contact_last_name = models.CharField(_("Surname"), max_length=120, blank=True)
    contact_role = models.CharField(_("Role in the organisation"), max_length=80, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=15, blank=True)

    class Meta:
        verbose_name = _("support application of an organisation")
        verbose_name_plural = _("support applications of organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(complete=False)
                | Q(
                    help_kind__in=OrganisationHelpKind.values,
                    pes_type__in=PesType.values,
                    legal_form__in=LegalForm.values,
                    enterprise_status__in=EnterpriseStatus.values,
                )
                & ~Q(description="")
                & ~Q(name="")
                & ~Q(nip="")
                & ~Q(building="")
                & ~Q(postal_code="")
                & ~Q(locality="")
                & ~Q(contact_first_name="")
                & ~Q(contact_last_name="")
                & ~Q(email=""),
                name="organisationsupport_whole",
            )
        ]

    def __str__(self):
        return self.name


@history()
class ServiceType(models.Model):
    """A kind of service: its group A–E and what SM EFS calls such a support (codes of the dictionaries)."""

    code = models.SlugField(_("code"), max_length=40)
    group = models.CharField(_("group"), max_length=1, choices=ServiceGroup)
    label = models.CharField(_("name"), max_length=120)
    label_en = models.CharField(_("name in English"), max_length=120)
    support_scope = models.CharField(_("scope of support"), max_length=40)
    support_kind = models.CharField(_("kind of support"), max_length=40)
    support_kind_detail = models.CharField(_("kind of support, detail"), max_length=40, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("kind of service")
        verbose_name_plural = _("kinds of services")
        ordering = ["group", "label"]
        constraints = [
            models.CheckConstraint(condition=Q(group__in=ServiceGroup.values), name="servicetype_group"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="servicetype_dates"
            ),
            ExclusionConstraint(
                name="servicetype_code_once_at_a_time",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_to"),
                            Value("[)"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.group}. {self.label if get_language() == 'pl' else self.label_en}"


@history("search")
class Case(models.Model):
    """A client's case (sprawa): a person's, or an organisation's with the person who stands for it."""

    MOVES = CASE_MOVES

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    project = models.ForeignKey(Project, models.PROTECT, verbose_name=_("EU project"), related_name="cases")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="cases")
    application = models.OneToOneField(
        Application, models.PROTECT, null=True, blank=True, verbose_name=_("application"), related_name="case"
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("organisation"),
        related_name="cases",
    )
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="cases")
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("key adviser"),
        related_name="cases",
    )
    participations = models.ManyToManyField(Participation, verbose_name=_("participants"), related_name="cases")
    client = models.CharField(_("client"), max_length=300, help_text=_("name as on the day of opening, for lists"))
    state = models.CharField(_("state"), max_length=20, choices=CaseState, default=CaseState.OPENED)
    opened_on = models.DateField(_("opened"))
    diagnosis = models.TextField(_("diagnosis"), blank=True)
    goal = models.TextField(_("goal of the plan"), blank=True)
    plan_agreed_on = models.DateField(_("plan agreed on"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    search = search_column("number", "client")

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        triggers = [legal_moves(CASE_MOVES)]
        indexes = [
            search_index("case_search"),
            models.Index(fields=["opened_on", "id"], name="case_opened"),
            # the list shows open cases first of all, and they are few beside the closed ones
            models.Index(fields=["opened_on", "id"], condition=Q(state__in=CASE_OPEN), name="case_open"),
            models.Index(fields=["state", "opened_on", "id"], name="case_state_opened"),
            models.Index(fields=["adviser", "state"], name="case_adviser_state"),
            models.Index(fields=["unit", "project", "opened_on", "id"], name="case_scope"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="case_state"),
            models.CheckConstraint(
                condition=Q(state__in=CASE_OPEN, closed_on__isnull=True)
                | ~Q(state__in=CASE_OPEN) & Q(closed_on__isnull=False),
                name="case_closed_stamped",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")), name="case_dates"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CaseState.ACTIVE, CaseState.SUSPENDED, CaseState.CLOSING, CaseState.COMPLETED])
                | Q(plan_agreed_on__isnull=False) & ~Q(diagnosis="") & ~Q(goal=""),
                name="case_active_has_plan",
            ),
            # one running case of a client in a project: who comes back has the first one closed
            models.UniqueConstraint(
                fields=["project", "organisation"],
                condition=Q(state__in=CASE_OPEN, organisation__isnull=False),
                name="case_one_open_per_organisation",
                violation_error_message=_("This organisation has an open case in the project."),
            ),
            models.UniqueConstraint(
                fields=["project", "person"],
                condition=Q(state__in=CASE_OPEN, organisation__isnull=True),
                name="case_one_open_per_person",
                violation_error_message=_("This person has an open case in the project."),
            ),
        ]

    def __str__(self):
        return self.number


@history()
class CaseParticipation(Case.participations.through):
    """Who takes part in a case."""

    class Meta:
        proxy = True
        verbose_name = _("participant of a case")
        verbose_name_plural = _("participants of cases")


@history()
class PlanItem(models.Model):
    """A line of the support plan: so many hours of a kind of service."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="plan")
    service_type = models.ForeignKey(ServiceType, models.PROTECT, verbose_name=_("service"), related_name="+")
    minutes = models.PositiveIntegerField(_("planned minutes"))

    class Meta:
        verbose_name = _("plan item")
        verbose_name_plural = _("plan items")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "service_type"],
                name="planitem_once",
                violation_error_message=_("This service is in the plan already."),
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="planitem_minutes"),
        ]

    def __str__(self):
        return f"{self.service_type}"


# All of a service card; frozen by its approval.
CARD = (
    "number",
    "case",
    "service_type",
    "adviser",
    "adviser_job",
    "budget_line",
    "form",
    "place",
    "date",
    "starts_at",
    "ends_at",
    "hour_kind",
    "topic",
    "course",
    "recommendations",
    "next_step",
    "travel_minutes",
    "objection",
    "confirmed_at",
    "confirmed_by",
    "confirmed_how",
    "approved_at",
    "approved_by",
    "corrects",
)


@history()
class Service(models.Model):
    """One service given to a client (karta usługi, karta doradztwa); after approval corrected only by a new one."""

    MOVES = SERVICE_MOVES

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, verbose_name=_("case"), related_name="services")
    service_type = models.ForeignKey(ServiceType, models.PROTECT, verbose_name=_("service"), related_name="services")
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("adviser"), related_name="services"
    )
    adviser_job = models.CharField(_("role of the adviser"), max_length=80, blank=True)
    recipients = models.ManyToManyField(Participation, verbose_name=_("who took part"), related_name="services")
    budget_line = models.CharField(_("budget line"), max_length=80, blank=True)
    form = models.CharField(_("form"), max_length=12, choices=ServiceForm)
    place = models.CharField(_("place or link"), max_length=200, blank=True)
    date = models.DateField(_("date"))
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("to"))
    hour_kind = models.PositiveSmallIntegerField(_("kind of hours"), choices=HourKind, default=HourKind.CLOCK)
    minutes = models.GeneratedField(
        expression=Func(
            F("ends_at") - F("starts_at"),
            template="(EXTRACT(EPOCH FROM %(expressions)s) / 60)::integer",
            output_field=models.IntegerField(),
        ),
        output_field=models.IntegerField(),
        db_persist=True,
        verbose_name=_("minutes"),
    )
    topic = models.CharField(_("topic"), max_length=200)
    course = models.TextField(_("course"), blank=True)
    recommendations = models.TextField(_("recommendations"), blank=True)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    travel_minutes = models.PositiveSmallIntegerField(_("travel time in minutes"), default=0)
    state = models.CharField(_("state"), max_length=12, choices=ServiceState, default=ServiceState.PLANNED)
    objection = models.TextField(_("objection of the client"), blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    confirmed_by = models.CharField(_("confirmed by"), max_length=200, blank=True)
    confirmed_how = models.CharField(_("how confirmed"), max_length=10, choices=Confirmation, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("approved by"), related_name="+"
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("corrects"), related_name="corrected_by"
    )
    created_at = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["-date", "-starts_at", "-id"]
        triggers = [
            legal_moves(SERVICE_MOVES),
            frozen(
                "approved_frozen",
                CARD,
                when=pgtrigger.Q(old__state__in=[ServiceState.APPROVED, ServiceState.CORRECTED]),
            ),
            never_deleted(),
        ]
        indexes = [
            models.Index(fields=["case", "date"], name="service_case"),
            models.Index(fields=["date", "id"], name="service_date"),
            models.Index(fields=["state", "date", "id"], name="service_state_date"),
            models.Index(fields=["adviser", "date"], name="service_adviser"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ServiceState.values), name="service_state"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="service_times",
                violation_error_message=_("The end must be later than the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ServiceState.CONFIRMED, ServiceState.APPROVED, ServiceState.CORRECTED])
                & Q(confirmed_at__isnull=False, confirmed_how__in=Confirmation.values)
                & ~Q(confirmed_by="")
                | ~Q(state__in=[ServiceState.CONFIRMED, ServiceState.APPROVED, ServiceState.CORRECTED])
                & Q(confirmed_at__isnull=True, confirmed_by="", confirmed_how=""),
                name="service_confirmed_stamped",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ServiceState.APPROVED, ServiceState.CORRECTED])
                & Q(approved_at__isnull=False, approved_by__isnull=False)
                | ~Q(state__in=[ServiceState.APPROVED, ServiceState.CORRECTED])
                & Q(approved_at__isnull=True, approved_by__isnull=True),
                name="service_approved_stamped",
            ),
            # four eyes: nobody approves their own service
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("adviser")), name="service_four_eyes"
            ),
        ]

    def __str__(self):
        return self.number


@history()
class Recipient(Service.recipients.through):
    """Who took part in a service."""

    class Meta:
        proxy = True
        verbose_name = _("recipient of a service")
        verbose_name_plural = _("recipients of services")

"""EU projects, participations with their entry snapshot, supports given, and the dictionaries of SM EFS."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import append_only, frozen, never_deleted
from centrum.register.enums import Answer
from centrum.register.models import Organisation, Person
from centrum.reporting.enums import PARTICIPATION_MOVES, DictionaryField, ParticipationState


def _period():
    return Func(F("valid_from"), F("valid_to"), Value("[)"), function="daterange", output_field=DateRangeField())


@history()
class Project(models.Model):
    """An EU-financed project; `staff` are the people who work in it and so see its clients."""

    number = models.CharField(_("project number"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=300)
    programme = models.CharField(_("programme"), max_length=200, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    staff = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("staff"), related_name="projects", blank=True
    )

    class Meta:
        verbose_name = _("EU project")
        verbose_name_plural = _("EU projects")
        ordering = ["-starts_on", "number"]
        constraints = [
            models.CheckConstraint(
                # e.g. FELB.06.10-IZ.00-0007/24; older perspectives numbered otherwise, so only the shape of a code
                condition=Q(number__regex=r"^[A-Z0-9][A-Z0-9./-]{4,29}$"),
                name="project_number",
                violation_error_message=_("A project number has capital letters, digits, dots, dashes and strokes."),
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="project_dates"),
        ]

    def __str__(self):
        return self.number


@history()
class ProjectStaff(Project.staff.through):
    """Who works in a project and so sees its clients."""

    class Meta:
        proxy = True
        verbose_name = _("member of a project's staff")
        verbose_name_plural = _("members of the projects' staff")


@history()
class DictionaryEntry(models.Model):
    """One allowed answer of an SM EFS field: our stable code and the label that a file must carry from a day."""

    field = models.CharField(_("field"), max_length=30, choices=DictionaryField)
    code = models.SlugField(_("code"), max_length=40)
    parent = models.CharField(
        _("parent code"), max_length=40, blank=True, help_text=_("labour status to which a detail belongs")
    )
    label = models.CharField(_("label in the file"), max_length=250)
    confirmed = models.BooleanField(
        _("confirmed"),
        default=False,
        help_text=_("seen in a file or form of SM EFS; otherwise to be confirmed"),
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("dictionary entry")
        verbose_name_plural = _("dictionary entries")
        ordering = ["field", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="dictionaryentry_dates",
            ),
            models.CheckConstraint(
                condition=Q(label__regex=r"^[^=+@|\u0001-\u001F\u007F-][^|\u0001-\u001F\u007F]*$")
                | Q(field=DictionaryField.DEGURBA),
                name="dictionaryentry_label_safe",
                violation_error_message=_("A label may not begin with = + - @ nor hold | or control characters."),
            ),
            ExclusionConstraint(
                name="dictionaryentry_code_once_at_a_time",
                expressions=[
                    ("field", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("parent", RangeOperators.EQUAL),
                    (_period(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return self.label


# Columns that describe the day of entry: written until the participant enters, never after.
SNAPSHOT = (
    "project",
    "person",
    "kind",
    "institution_name",
    "citizenship",
    "age_at_entry",
    "education",
    "country",
    "voivodeship",
    "county",
    "commune",
    "locality",
    "postal_code",
    "degurba",
    "starts_on",
    "labour_status",
    "labour_status_detail",
)


@history()
class Participation(models.Model):
    """A person's part in one project (uczestnik): the entry snapshot, the exit, and what SM EFS added.

    One row per person and project; who comes back keeps the first entry (ESF+ rule on re-entry).
    """

    MOVES = PARTICIPATION_MOVES

    project = models.ForeignKey(Project, models.PROTECT, verbose_name=_("EU project"), related_name="participations")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="participations")
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("organisation"),
        related_name="participations",
    )
    state = models.CharField(
        _("state"), max_length=12, choices=ParticipationState, default=ParticipationState.PREPARING
    )
    kind = models.CharField(_("kind of participant"), max_length=20)
    institution_name = models.CharField(_("name of the institution"), max_length=300, blank=True)
    technical_id = models.CharField(_("technical identifier"), max_length=40, blank=True)
    citizenship = models.CharField(_("citizenship"), max_length=20, blank=True)
    age_at_entry = models.PositiveSmallIntegerField(_("age at entry"), null=True, blank=True)
    education = models.CharField(_("education"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=60, default="Polska")
    voivodeship = models.CharField(_("voivodeship"), max_length=40, blank=True)
    county = models.CharField(_("county"), max_length=60, blank=True)
    commune = models.CharField(_("commune"), max_length=60, blank=True)
    locality = models.CharField(_("town or village"), max_length=80, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=6, blank=True)
    degurba = models.CharField(_("DEGURBA"), max_length=1, blank=True)
    starts_on = models.DateField(_("entered the project on"), null=True, blank=True)
    labour_status = models.CharField(_("labour market status"), max_length=30, blank=True)
    labour_status_detail = models.CharField(_("labour market status, detail"), max_length=40, blank=True)
    education_ends_on = models.DateField(_("planned end of education"), null=True, blank=True)
    ends_on = models.DateField(_("left the project on"), null=True, blank=True)
    exit_situation = models.CharField(_("situation on leaving"), max_length=40, blank=True)
    exit_as_planned = models.BooleanField(_("left as planned"), null=True, blank=True)
    business_started_on = models.DateField(_("business started on"), null=True, blank=True)
    remarks = models.TextField(_("remarks"), blank=True)
    # How SM EFS wrote the row that was imported, so that it goes back as it came:
    scope_once = models.BooleanField(default=False, editable=False)  # one scope for all supports
    details_blank = models.BooleanField(default=False, editable=False)  # no "|" where no support has a detail
    entered_at = models.DateTimeField(_("entered at"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        triggers = [
            legal_moves(PARTICIPATION_MOVES),
            frozen(
                "snapshot_frozen",
                SNAPSHOT,
                when=pgtrigger.Q(old__state__in=[ParticipationState.ENTERED, ParticipationState.ENDED]),
            ),
        ]
        indexes = [models.Index(fields=["project", "state", "id"], name="participation_project")]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "person"],
                name="participation_once",
                violation_error_message=_("This person takes part in the project already."),
            ),
            models.CheckConstraint(condition=Q(state__in=ParticipationState.values), name="participation_state"),
            models.CheckConstraint(
                condition=Q(state__in=[ParticipationState.PREPARING, ParticipationState.CANCELLED])
                | Q(age_at_entry__isnull=False, starts_on__isnull=False)
                & ~Q(citizenship="")
                & ~Q(education="")
                & ~Q(country="")
                & ~Q(voivodeship="")
                & ~Q(county="")
                & ~Q(commune="")
                & ~Q(locality="")
                & ~Q(postal_code="")
                & ~Q(degurba="")
                & ~Q(labour_status=""),
                name="participation_entry_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=ParticipationState.ENDED, ends_on__isnull=False, exit_as_planned__isnull=False)
                & ~Q(exit_situation="")
                | ~Q(state=ParticipationState.ENDED)
                & Q(ends_on__isnull=True, exit_as_planned__isnull=True, exit_situation=""),
                name="participation_exit_all_or_none",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="participation_dates"
            ),
            models.CheckConstraint(
                condition=Q(kind="individual") | Q(kind="institutional") & ~Q(institution_name=""),
                name="participation_institution_named",
            ),
            models.CheckConstraint(
                condition=Q(age_at_entry__isnull=True) | Q(age_at_entry__lte=120), name="participation_age"
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.project}"


@history()
class ParticipationSensitive(models.Model):
    """The sensitive answers on the day of entry; written once, with the entry."""

    participation = models.OneToOneField(Participation, models.PROTECT, primary_key=True, related_name="sensitive")
    foreign_origin = models.CharField(max_length=10, choices=Answer)
    third_country_national = models.CharField(max_length=10, choices=Answer)
    minority = models.CharField(max_length=10, choices=Answer)
    homeless = models.CharField(max_length=10, choices=Answer)
    disability = models.CharField(max_length=10, choices=Answer)

    class Meta:
        verbose_name = _("sensitive data at entry")
        verbose_name_plural = _("sensitive data at entry")
        constraints = [
            models.CheckConstraint(
                condition=Q(foreign_origin__in=["yes", "no"])
                & Q(third_country_national__in=["yes", "no"])
                & Q(homeless__in=["yes", "no"])
                & Q(minority__in=Answer.values)
                & Q(disability__in=Answer.values),
                name="participationsensitive_answers",
            )
        ]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.participation_id}"


# All of a support but its withdrawal.
GIVEN = (
    "participation",
    "scope",
    "kind",
    "detail",
    "starts_on",
    "minutes",
    "source",
    "source_id",
    "approved_on",
)


@history()
class Support(models.Model):
    """One support given to a participant (przyznane wsparcie), as SM EFS counts it.

    `source` and `source_id` name what it came from (an approved service, an attendance, an import).
    A support that proves wrong is not deleted but withdrawn from a day, so older reports stay true.
    """

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="supports")
    scope = models.CharField(_("scope of support"), max_length=40)
    kind = models.CharField(_("kind of support"), max_length=40)
    detail = models.CharField(_("kind of support, detail"), max_length=40, blank=True)
    starts_on = models.DateField(_("from"))
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    source = models.CharField(max_length=40)
    source_id = models.BigIntegerField()
    approved_on = models.DateField(_("approved"))
    withdrawn_on = models.DateField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("support")
        verbose_name_plural = _("supports")
        ordering = ["starts_on", "id"]
        triggers = [
            never_deleted(),
            frozen("only_withdrawn", GIVEN, when=pgtrigger.Q()),
            frozen("withdrawn_once", ["withdrawn_on"], when=pgtrigger.Q(old__withdrawn_on__isnull=False)),
        ]
        indexes = [models.Index(fields=["participation", "starts_on", "id"], name="support_participation")]
        constraints = [
            models.UniqueConstraint(fields=["participation", "source", "source_id"], name="support_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("approved_on")),
                name="support_withdrawn",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.starts_on}"


class ImportRecord(models.Model):
    """One participant file that came into the house."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="imports")
    layout = models.CharField(_("layout"), max_length=40)
    file_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(_("rows"))
    created = models.PositiveIntegerField(_("new"))
    updated = models.PositiveIntegerField(_("changed"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("time"), db_default=Now())

    class Meta:
        verbose_name = _("import record")
        verbose_name_plural = _("import records")
        ordering = ["-id"]
        triggers = [append_only()]

    def __str__(self):
        return self.file_name


class PendingImport(models.Model):
    """A file shown in a preview and waiting for its confirmation; encrypted, deleted on confirm or after an hour."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    content_cipher = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("pending import")
        verbose_name_plural = _("pending imports")

    def __str__(self):
        return self.file_name

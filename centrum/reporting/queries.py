"""What one may see of the EU projects, what a participant lacks for SM EFS, and the dictionaries."""

from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Count, Exists, Func, Max, OuterRef, Q, TextField, Value, When
from django.utils.translation import gettext_lazy as _

from centrum.kit import clock
from centrum.kit.search import matching
from centrum.register.enums import IdentifierKind
from centrum.register.models import Person, PersonSensitive
from centrum.register.queries import audited
from centrum.reporting.enums import DictionaryField, ParticipationState
from centrum.reporting.models import DictionaryEntry, Participation, Project, ProjectStaff, Support
from centrum.staff.enums import Right, Role
from centrum.staff.queries import seen_as, unit_scope

SENSITIVE = ("foreign_origin", "third_country_national", "minority", "homeless", "disability")
# "refused" is an answer to these only (form of SM EFS)
REFUSABLE = ("minority", "disability")
# Labour statuses that SM EFS asks to be told more closely; for people in work the detail may stay empty.
DETAILED_STATUSES = ("unemployed", "inactive")
# The detail of people who learn: only they have a planned end of education.
LEARNER = "in_education"
IN_PROJECT = (ParticipationState.ENTERED, ParticipationState.ENDED)


def visible_projects(user):
    """Projects in which `user` works, or somebody of the same role for whom they stand in."""
    members = ProjectStaff.objects.filter(user__in=[one.pk for one in seen_as(user)])
    return Project.objects.filter(pk__in=members.values("project"))


def visible_participations(user):
    """Participations in the user's projects of people whom the user's unit (or any, for wide roles) serves.

    An auditor sees those of the people in the sample.
    """
    if not user.has_right(Right.VIEW_CLIENTS):
        return Participation.objects.none()
    participations = Participation.objects.filter(project__in=visible_projects(user))
    if user.role == Role.AUDITOR:
        participations = participations.filter(person__in=audited(user))
    scope = unit_scope(user)
    if scope is None:
        return participations
    shared = Person.units.through.objects.filter(person_id=OuterRef("person_id"), unit_id__in=scope)
    return participations.filter(Exists(shared))


# Dictionaries


@dataclass(frozen=True)
class Entry:
    code: str
    label: str
    parent: str


def _valid(on):
    day = on or clock.today()
    return DictionaryEntry.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


def labels(field, on=None):
    """{code: label} of a dictionary as it is on a day (today)."""
    return {entry.code: entry.label for entry in _valid(on).filter(field=field).order_by("id")}


def choices(field, on=None, parent=None):
    """[(code, label)] for a form; with `parent` only the answers that belong to that parent code."""
    entries = _valid(on).filter(field=field).order_by("id")
    if parent is not None:
        entries = entries.filter(parent=parent)
    return [(entry.code, entry.label) for entry in entries]


def dictionaries(on=None):
    """{field: [Entry]} of every dictionary as it is on a day (today), in one query."""
    found = {field: [] for field in DictionaryField.values}
    for entry in _valid(on).order_by("id"):
        found[entry.field].append(Entry(entry.code, entry.label, entry.parent))
    return found


# What SM EFS asks and is not there yet


def _unanswered():
    """The person has not answered all five sensitive questions."""
    answered = PersonSensitive.objects.filter(person=OuterRef("person_id"))
    for name in SENSITIVE:
        answered = answered.exclude(**{name: ""})
    return ~Exists(answered)


_PREPARING = Q(state=ParticipationState.PREPARING)
_NO_COMMUNE = Q(person__commune=None)

# What a participant's row cannot do without: a code, the words for it, and when it is missing. Before the entry the
# data are the person's; the entry copies them, and the constraints of Participation hold them there.
REQUIRED = (
    ("identifier", _("PESEL or other identifier"), Q(person__identifier_kind=IdentifierKind.NONE)),
    ("sex", _("sex"), Q(person__sex="")),
    ("age", _("date of birth or age"), _PREPARING & Q(person__birth_date=None, age_at_entry=None)),
    ("citizenship", _("citizenship"), _PREPARING & Q(person__citizenship="")),
    ("education", _("education"), _PREPARING & Q(person__education="")),
    ("country", _("country"), _PREPARING & Q(person__country="")),
    (
        "commune",
        _("commune, county and voivodeship"),
        _PREPARING & _NO_COMMUNE & (Q(voivodeship="") | Q(county="") | Q(commune="")),
    ),
    ("degurba", _("DEGURBA"), _PREPARING & Q(degurba="", person__commune__degurba=None)),
    ("locality", _("town or village"), _PREPARING & Q(person__locality="")),
    ("postal_code", _("postal code"), _PREPARING & Q(person__postal_code="")),
    ("phone", _("phone"), Q(person__phone="")),
    ("email", _("e-mail"), Q(person__email="")),
    ("institution_name", _("name of the institution"), Q(kind="institutional", institution_name="")),
    ("labour_status", _("labour market status"), Q(labour_status="")),
    (
        "labour_status_detail",
        _("labour market status, detail"),
        Q(labour_status__in=DETAILED_STATUSES, labour_status_detail=""),
    ),
    (
        "education_ends_on",
        _("planned end of education"),
        Q(labour_status_detail=LEARNER, education_ends_on=None),
    ),
    (
        "sensitive",
        _("answers to the sensitive questions"),
        _PREPARING & Q(_unanswered()) | ~_PREPARING & Q(sensitive=None),
    ),
    (
        "support",
        _("at least one approved support"),
        Q(state__in=IN_PROJECT) & ~Exists(Support.objects.filter(participation=OuterRef("pk"), withdrawn_on=None)),
    ),
)
_LABELS = {code: label for code, label, _missing in REQUIRED}


def with_missing(queryset):
    """Annotate participations with `missing`: the codes of REQUIRED that they lack."""
    codes = [
        Case(When(missing, then=Value(code)), default=None, output_field=TextField())
        for code, _label, missing in REQUIRED
    ]
    array = ArrayField(TextField())
    every = Func(*codes, template="ARRAY[%(expressions)s]", output_field=array)
    return queryset.annotate(missing=Func(every, Value(None, TextField()), function="array_remove", output_field=array))


def missing_labels(codes):
    """Words for the codes of `with_missing`."""
    return [_LABELS[code] for code in codes]


def missing_fields(participation):
    """Labels of what this participation still lacks for SM EFS."""
    queryset = with_missing(Participation.objects.filter(pk=participation.pk))
    return missing_labels(queryset.values_list("missing", flat=True).get())


def complete(queryset):
    """Those participations that lack nothing; before the entry: that may enter the project."""
    return with_missing(queryset).filter(missing=[])


def incomplete(queryset):
    """Those participations that lack something."""
    return with_missing(queryset).exclude(missing=[])


def ready(queryset):
    """Those that may stand in the SM EFS file: in the project or ended, and complete."""
    return complete(queryset.filter(state__in=IN_PROJECT))


def last_day(pks):
    """{primary key: day of the last support that counts} of those participations that have one."""
    supports = Support.objects.filter(participation_id__in=pks, withdrawn_on=None).order_by()
    return dict(
        supports.values("participation_id").annotate(last=Max("starts_on")).values_list("participation_id", "last")
    )


# Pages


def of_project(user, project, *, q="", state="", lacks=""):
    """Participations of one project with what each lacks; `lacks`: "yes", "no" (ready for SM EFS) or all."""
    found = visible_participations(user).filter(project=project)
    if state:
        found = found.filter(state=state)
    if q:
        found = found.filter(person__in=matching(Person.objects.all(), q))
    if lacks == "yes":
        found = incomplete(found.exclude(state=ParticipationState.CANCELLED))
    elif lacks == "no":
        found = ready(found)
    else:
        found = with_missing(found)
    return found.select_related("person")


def counts_of_project(user, project):
    """How many are ready for SM EFS, of how many who did not resign; how many are in each state. One query."""
    found = with_missing(visible_participations(user).filter(project=project))
    is_ready = Q(state__in=IN_PROJECT, missing=[])
    states = {state: Count("pk", filter=Q(state=state)) for state in ParticipationState.values}
    counts = found.aggregate(ready=Count("pk", filter=is_ready), **states)
    return {**counts, "all": sum(counts[s] for s in ParticipationState.values if s != ParticipationState.CANCELLED)}


def answered(participation):
    """Names of the sensitive questions that the person has answered; not what."""
    answers = PersonSensitive.objects.filter(person=participation.person_id).values(*SENSITIVE).first() or {}
    return [name for name, answer in answers.items() if answer]


def supports_in_words(participation):
    """[{kind, detail, starts_on, minutes, withdrawn_on}] of a participant, in the order of their days."""
    supports = list(participation.supports.all())
    kinds, details = (labels(f) if supports else {} for f in ("support_kind", "support_kind_detail"))
    return [
        {
            "kind": kinds.get(support.kind, support.kind),
            "detail": details.get(support.detail, support.detail),
            "starts_on": support.starts_on,
            "minutes": support.minutes,
            "withdrawn_on": support.withdrawn_on,
        }
        for support in supports
    ]


def import_records(project):
    """The last files that came into the project."""
    return project.imports.select_related("by")[:20]

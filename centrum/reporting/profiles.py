"""The participant files: the 43 columns that SM EFS takes, and the same data in codes."""

import hashlib
import json

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Exists, F, Func, Max, Min, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centrum.kit.exports import UNFIT, Date, Part, Profile, Resource, Secret, Text
from centrum.register.enums import IdentifierKind
from centrum.reporting.layout import DATA_HEADERS, MACHINE_NAMES, SMEFS_HEADERS
from centrum.reporting.models import Participation, Support
from centrum.reporting.queries import IN_PROJECT, dictionaries, visible_participations
from centrum.staff.enums import Right


def given(day):
    """Supports that count as of `day`: begun and approved by then and not withdrawn by then."""
    lasting = Q(withdrawn_on=None) | Q(withdrawn_on__gt=day)
    return Support.objects.filter(lasting, approved_on__lte=day, starts_on__lte=day)


def _given_columns(resource):
    """[scopes, kinds, details, first days] of a participation's supports, each joined by |.

    They stand in the order in which they came in, so a row of SM EFS goes back in its own order.
    """
    scope = resource.answer("support_scope", "scope")
    detail = resource.answer("support_kind_detail", "detail")
    one_scope = Q(Exact(OuterRef("scope_once"), Value(True))) & Q(Exact(Min("scope"), Max("scope")))
    no_detail = Q(Exact(OuterRef("details_blank"), Value(True))) & Q(Exact(Max("detail"), Value("")))
    parts = (
        # a row that SM EFS wrote with one scope for all, or without bars where no detail is, goes back as it came
        Case(When(one_scope, then=Min(scope)), default=_joined(scope), output_field=TextField()),
        _joined(resource.answer("support_kind", "kind")),
        Case(When(no_detail, then=Value("")), default=_joined(detail), output_field=TextField()),
        _joined(Func(F("starts_on"), Value("YYYY-MM-DD"), function="to_char", output_field=TextField())),
    )
    array = Func(*parts, template="ARRAY[%(expressions)s]", output_field=ArrayField(TextField()))
    supports = given(resource.day).filter(participation=OuterRef("pk")).order_by().values("participation")
    return Subquery(supports.annotate(columns=array).values("columns"))


def _joined(cell):
    return StringAgg(cell, "|", order_by="id")


def _by_exit(expression):
    """The exit is told only in a file as of its day or later."""
    return lambda resource: Case(
        When(ends_on__lte=resource.day, then=expression(resource) if callable(expression) else F(expression))
    )


def _yes_no(path, **condition):
    """Code of a yes-or-no column from a condition, empty while `path` is."""
    return Case(
        When(**{f"{path}__isnull": True}, then=Value("")), When(**condition, then=Value("yes")), default=Value("no")
    )


def _text(source):
    return Cast(F(source) if isinstance(source, str) else source, TextField())


class _Participants(Resource):
    shared = {"given": _given_columns}

    project_no = Text("project__number")
    citizenship = Text(lambda file: file.answer("citizenship"))
    participant_kind = Text(lambda file: file.answer("participant_kind", "kind"))
    institution_name = Text("institution_name")
    first_name = Text("person__first_name")
    last_name = Text("person__last_name")
    pesel_or_other_id = Secret("person__identifier_cipher", purpose="person.identifier")
    no_pesel = Text(lambda file: file.answer("yes_no", _yes_no("pk", person__identifier_kind__in=_WITHOUT_PESEL)))
    technical_id = Text("technical_id")
    sex = Text(lambda file: file.answer("sex", "person__sex"))
    age_at_entry = Text("age_at_entry")
    education = Text(lambda file: file.answer("education"))
    country = Text("country")
    voivodeship = Text("voivodeship")
    county = Text("county")
    commune = Text("commune")
    locality = Text("locality")
    postal_code = Text("postal_code")
    degurba = Text(lambda file: file.answer("degurba"))
    phone = Text("person__phone")
    email = Text("person__email")
    project_start = Date("starts_on")
    project_end = Date(_by_exit("ends_on"))
    labour_status = Text(lambda file: file.answer("labour_status"))
    labour_status_detail = Text(lambda file: file.answer("labour_status_detail", parent="labour_status"))
    education_planned_end = Date("education_ends_on")
    exit_situation = Text(_by_exit(lambda file: file.answer("exit_situation")))
    exit_as_planned = Text(
        _by_exit(lambda file: file.answer("yes_no", _yes_no("exit_as_planned", exit_as_planned=True)))
    )
    support_scope = Part("given", 1)
    support_kind = Part("given", 2)
    support_kind_detail = Part("given", 3)
    support_start = Part("given", 4)
    business_start = Date(lambda file: Case(When(business_started_on__lte=file.day, then=F("business_started_on"))))
    foreign_origin = Text(lambda file: file.answer("yes_no", "sensitive__foreign_origin"))
    third_country_national = Text(lambda file: file.answer("yes_no", "sensitive__third_country_national"))
    minority = Text(lambda file: file.answer("yes_no_refused", "sensitive__minority"))
    homeless = Text(lambda file: file.answer("yes_no", "sensitive__homeless"))
    disability = Text(lambda file: file.answer("yes_no_refused", "sensitive__disability"))
    remarks = Text("remarks")


_WITHOUT_PESEL = (IdentifierKind.NONE, IdentifierKind.OTHER)


class SmefsParticipants(_Participants):
    """The file that SM EFS takes: 43 columns, answers as the labels in force on the day."""

    # filled by SM EFS alone
    sys_created_at = Text(Value(""))
    sys_created_by = Text(Value(""))
    sys_modified_at = Text(Value(""))
    sys_modified_by = Text(Value(""))

    class Meta:
        export_order = MACHINE_NAMES

    def __init__(self, day):
        super().__init__(day)
        self._labels = {
            field: {f"{entry.parent}/{entry.code}": entry.label for entry in entries}
            for field, entries in dictionaries(day).items()
        }
        stamp = hashlib.sha256(json.dumps(self._labels, sort_keys=True).encode()).hexdigest()
        self.version = f"{day} {stamp[:12]}"

    def headers(self):
        return SMEFS_HEADERS

    def answer(self, field, code=None, parent=None):
        """Label of the code in the column (default: of the same name); unfit where the dictionary has none."""
        code = Coalesce(_text(code or field), Value(""), output_field=TextField())
        key = Concat(F(parent) if parent else Value(""), Value("/"), code, output_field=TextField())
        found = Func(
            Value(json.dumps(self._labels[field])),
            key,
            template="(%(expressions)s)",
            arg_joiner="::jsonb ->> ",
            output_field=TextField(),
        )
        unfit = Concat(Value(UNFIT), code, output_field=TextField())
        label = Coalesce(found, unfit, output_field=TextField())
        return Case(When(Exact(code, Value("")), then=Value("")), default=label, output_field=TextField())


class DataParticipants(_Participants):
    """The same as codes, without the columns that only SM EFS fills; also those who have no support yet."""

    class Meta:
        export_order = DATA_HEADERS

    def answer(self, field, code=None, parent=None):
        """The code in the column (default: of the same name); unfit where it holds a |."""
        return Func(_text(code or field), Value("|"), Value(UNFIT), function="replace", output_field=TextField())


def _entered(project, day, by):
    participations = Participation.objects.all() if by is None else visible_participations(by)
    return participations.filter(project=project, state__in=IN_PROJECT, starts_on__lte=day).order_by("starts_on", "id")


def _supported(project, day, by):
    return _entered(project, day, by).filter(Exists(given(day).filter(participation=OuterRef("pk"))))


def _names(pks):
    people = Participation.objects.filter(pk__in=pks).select_related("person")
    return {p.pk: (str(p.person), reverse("reporting:participation", args=[p.pk])) for p in people}


PROFILES = (
    Profile(
        name="smefs_participants",
        label=_("Participants for SM EFS (43 columns)"),
        right=Right.EXPORT_PARTICIPANTS,
        resource=SmefsParticipants,
        rows=_supported,
        name_rows=_names,
    ),
    Profile(
        name="data_participants",
        label=_("Participants in codes, for other programs"),
        right=Right.EXPORT_PARTICIPANTS,
        resource=DataParticipants,
        rows=_entered,
        name_rows=_names,
    ),
)

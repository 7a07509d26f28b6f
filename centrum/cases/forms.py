"""What staff and clients type about cases and services: parsed and cleaned here, judged by services."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.cases import queries
from centrum.cases.enums import (
    CASE_CLOSED,
    CASE_OPEN,
    CaseState,
    HourKind,
    ServiceForm,
    ServiceGroup,
    ServiceState,
)
from centrum.cases.models import ServiceType
from centrum.kit.clock import today
from centrum.kit.fields import DateField, MultilineField, PlainTextField
from centrum.reporting.models import Participation, Project
from centrum.staff.models import Unit, User

_OPEN, _CLOSED, _ALL = "open", "closed", "all"


def _day(**kwargs):
    """A DateField as narrow as a date."""
    return DateField(widget=forms.DateInput(format="%d.%m.%Y", attrs={"class": "w10"}), **kwargs)


def _choices(rows):
    """Choices of a filter in one query; a ModelChoiceField would ask once more for what was chosen."""
    return [("", pgettext_lazy("filter", "all")), *((row.pk, str(row)) for row in rows)]


class CaseFilter(forms.Form):
    q = PlainTextField(label=_("Number or client"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    project = forms.TypedChoiceField(label=_("Project"), required=False, coerce=int)
    adviser = forms.TypedChoiceField(label=_("Adviser"), required=False, coerce=int)
    unit = forms.TypedChoiceField(label=_("Unit"), required=False, coerce=int)

    def __init__(self, data, *, projects, advisers, units):
        super().__init__({"state": _OPEN, **data.dict()})
        self.fields["state"].choices = [
            (_OPEN, pgettext_lazy("cases", "open")),
            (_CLOSED, pgettext_lazy("cases", "closed")),
            (_ALL, pgettext_lazy("cases", "all")),
            *CaseState.choices,
        ]
        self.fields["project"].choices = _choices(projects)
        self.fields["adviser"].choices = _choices(advisers)
        self.fields["unit"].choices = _choices(units)

    @property
    def states(self):
        """States to show; None for all."""
        state = self.cleaned_data.get("state") or _OPEN
        return {_OPEN: CASE_OPEN, _CLOSED: (*CASE_CLOSED, CaseState.ARCHIVED), _ALL: None}.get(state, (state,))


class ServiceFilter(forms.Form):
    begins = DateField(label=_("From"), required=False)
    ends = DateField(label=_("To"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    service_type = forms.TypedChoiceField(label=_("Kind of service"), required=False, coerce=int)
    adviser = forms.TypedChoiceField(label=_("Adviser"), required=False, coerce=int)

    def __init__(self, data, *, advisers):
        super().__init__(data)
        self.fields["state"].choices = [("", pgettext_lazy("services", "all")), *ServiceState.choices]
        self.fields["service_type"].choices = _choices(ServiceType.objects.all())
        self.fields["adviser"].choices = _choices(advisers)

    def clean(self):
        begins, ends = self.cleaned_data.get("begins"), self.cleaned_data.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", _("The end must not be earlier than the beginning."))


class OpenCase(forms.Form):
    """The person of the case is chosen beside, in the page's list."""

    project = forms.ModelChoiceField(Project.objects.none(), label=_("EU project"))
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit that serves the client"))
    adviser = forms.ModelChoiceField(
        User.objects.none(), label=_("Key adviser"), required=False, empty_label=_("to be chosen later")
    )
    opened_on = _day(label=_("Opened on"), help_text=_("For example 3.12.2026"))

    def __init__(self, *args, projects, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects
        self.fields["unit"].queryset = units
        self.fields["adviser"].queryset = User.objects.filter(projects__in=projects, is_active=True).distinct()
        for name in ("project", "unit"):
            if len(self.fields[name].queryset) == 1:
                self.fields[name].empty_label = None


class _MoveForm(forms.Form):
    """The reason, where the move asks for one."""

    def __init__(self, *args, case, move, **kwargs):
        super().__init__(*args, **kwargs)
        self.case = case
        if move.reason:
            self.fields["reason"] = MultilineField(
                label=_("Reason"), help_text=_("Stays in the journal of the case."), max_length=1000
            )


class Step(_MoveForm):
    pass


class Adviser(_MoveForm):
    adviser = forms.ModelChoiceField(User.objects.none(), label=_("Key adviser"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["adviser"].queryset = queries.advisers(self.case.project)


class Diagnosis(_MoveForm):
    """Half of it may be saved; the proposal of the plan asks for both."""

    diagnosis = MultilineField(
        label=_("Diagnosis"),
        required=False,
        help_text=_("Needs and potential of the client: what is there, what is missing, what stands in the way."),
    )
    goal = MultilineField(
        label=_("Goal of the plan"),
        required=False,
        max_length=2000,
        help_text=_("What should be different when the support ends, and by when."),
    )


class Agreement(_MoveForm):
    agreed_on = _day(
        label=_("Day of the client's agreement"),
        help_text=_("The day on which both sides signed the plan. For example 3.12.2026"),
    )


class Closing(_MoveForm):
    closed_on = _day(label=_("Closed on"), help_text=_("For example 3.12.2026"))


class Exit(forms.Form):
    """Exit data of one participant (SM EFS); asked within four weeks of the exit."""

    ends_on = _day(label=_("Left the project on"), help_text=_("For example 3.12.2026"))
    exit_situation = forms.ChoiceField(label=_("Situation on leaving"))
    exit_as_planned = forms.TypedChoiceField(
        label=_("Did they leave as planned in their path?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    business_started_on = _day(
        label=_("Business started on"),
        required=False,
        help_text=_("Only if the person began to run a business."),
    )

    def __init__(self, *args, situations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["exit_situation"].choices = [("", _("choose")), *situations]


class PlanItem(forms.Form):
    service_type = forms.ModelChoiceField(
        ServiceType.objects.none(), label=_("Service"), required=False, empty_label=_("choose")
    )
    hours = forms.DecimalField(
        label=_("Hours"),
        required=False,
        min_value=Decimal("0.25"),
        max_value=Decimal(2000),
        max_digits=6,
        decimal_places=2,
        localize=True,
    )

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service_type"].queryset = kinds
        self.fields["hours"].widget.attrs |= {"class": "w4", "inputmode": "decimal", "maxlength": "10"}

    def clean(self):
        kind, hours = self.cleaned_data.get("service_type"), self.cleaned_data.get("hours")
        if kind and hours is None and "hours" not in self.errors:
            self.add_error("hours", _("Enter the number of hours, or choose no service in this row."))
        if hours is not None and not kind and "service_type" not in self.errors:
            self.add_error("service_type", _("Choose the service to which these hours belong."))
        if hours is not None and hours * 60 % 15:
            self.add_error("hours", _("Enter full quarters of an hour, for example 1.5 or 2.25."))


class BasePlan(forms.BaseFormSet):
    def clean(self):
        kinds = [form.cleaned_data.get("service_type") for form in self.forms if form.is_valid()]
        kinds = [kind for kind in kinds if kind]
        if len(set(kinds)) < len(kinds):
            raise forms.ValidationError(_("A service may stand in the plan once only. Add its hours together."))

    @property
    def items(self):
        """{service type: minutes} of the rows that are filled in."""
        rows = [form.cleaned_data for form in self.forms]
        return {row["service_type"]: int(row["hours"] * 60) for row in rows if row.get("service_type")}


def plan_formset(case, data=None):
    """The plan with three empty rows for more."""
    kinds = queries.service_types(today()) | ServiceType.objects.filter(pk__in=case.plan.values("service_type"))
    initial = [{"service_type": i.service_type_id, "hours": Decimal(i.minutes) / 60} for i in case.plan.all()]
    formset = forms.formset_factory(PlanItem, formset=BasePlan, extra=3, max_num=60, absolute_max=60)
    return formset(data, initial=initial, prefix="plan", form_kwargs={"kinds": kinds.distinct()})


class Recipients(forms.ModelMultipleChoiceField):
    def label_from_instance(self, participation):
        return str(participation.person)


class Card(forms.Form):
    """The service card. The button `held` says that the service took place."""

    service_type = forms.ModelChoiceField(ServiceType.objects.none(), label=_("Service"), empty_label=_("choose"))
    date = _day(label=_("Date"), help_text=_("For example 3.12.2026"))
    starts_at = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends_at = forms.TimeField(label=_("To"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    hour_kind = forms.TypedChoiceField(label=_("Hours counted as"), choices=HourKind.choices, coerce=int)
    form = forms.ChoiceField(label=_("Form"), choices=ServiceForm.choices)
    place = PlainTextField(
        label=_("Place or link"), required=False, max_length=200, help_text=_("Address, room, or link of the meeting")
    )
    recipients = Recipients(Participation.objects.none(), label=_("Who took part"), widget=forms.CheckboxSelectMultiple)
    topic = PlainTextField(label=_("Topic"), max_length=200)
    course = MultilineField(
        label=_("Course"),
        required=False,
        help_text=_("What was talked about and done. Needed once the service has taken place; the client reads it."),
        error_messages={"required": _("Write what was done: the client reads it before confirming.")},
    )
    recommendations = MultilineField(label=_("Recommendations"), required=False)
    next_step = PlainTextField(label=_("Next step"), required=False, max_length=300)
    adviser = forms.ModelChoiceField(User.objects.none(), label=_("Adviser"), empty_label=None)
    adviser_job = PlainTextField(label=_("Role of the adviser"), required=False, max_length=80)
    budget_line = PlainTextField(label=_("Budget line"), required=False, max_length=80)
    travel_minutes = forms.IntegerField(label=_("Travel time in minutes"), required=False, min_value=0, max_value=1440)
    notify = forms.BooleanField(
        label=_("Send the link to confirm to those who took part"),
        required=False,
        help_text=_("If you do not send it, have the printed card signed."),
    )

    MAIN = ("service_type",)
    WHEN = ("date", "starts_at", "ends_at", "hour_kind")
    WHERE = ("form", "place")
    WHAT = ("recipients", "topic", "course", "recommendations", "next_step")
    WHO = ("adviser", "adviser_job", "budget_line", "travel_minutes")

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = self.fields["service_type"]
        kinds.queryset = ServiceType.objects.filter(valid_from__lte=today()).order_by("group", "label", "-valid_from")
        kinds.choices = grouped_kinds(kinds.queryset)
        self.fields["recipients"].queryset = case.participations.select_related("person").order_by("pk")
        self.fields["adviser"].queryset = queries.advisers(case.project)
        self.fields["course"].required = "held" in self.data
        for name in ("starts_at", "ends_at", "travel_minutes"):
            self.fields[name].widget.attrs["class"] = "w10"

    def clean_travel_minutes(self):
        return self.cleaned_data["travel_minutes"] or 0

    def rows(self):
        """Fields by the rows of the page."""
        return {
            name: [self[field] for field in getattr(self, name.upper())]
            for name in ("main", "when", "where", "what", "who")
        }


def grouped_kinds(kinds):
    """Choices of a select with a group for each of A–E."""
    groups = {}
    for kind in kinds:
        groups.setdefault(ServiceGroup(kind.group).label, []).append((kind.pk, kind))
    return [("", _("choose")), *groups.items()]


class PaperConfirmation(_MoveForm):
    confirmed_by = PlainTextField(
        label=_("Who signed"), max_length=200, help_text=_("Name of the person whose signature is on the card.")
    )


class Objection(forms.Form):
    text = MultilineField(
        label=_("What is wrong?"),
        max_length=1000,
        help_text=_("For example: the meeting lasted an hour, not two."),
    )

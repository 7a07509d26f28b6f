"""What staff type about programmes, events, sessions and seats: parsed here, judged by services."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.cases.models import ServiceType
from centrum.kit import clock, parameters
from centrum.kit.fields import MultilineField, PlainTextField
from centrum.kit.periods import in_force
from centrum.register.enterprise_forms import day
from centrum.register.forms import SearchField
from centrum.register.models import Commune
from centrum.reporting.queries import visible_projects
from centrum.staff.models import User
from trainings import people
from trainings.enums import EventState, HourMinutes, Outcome, SeatKind, TrainingForm

_FORMS = [("", pgettext_lazy("form of education", "all")), *TrainingForm.choices]


def whole(**kwargs):
    """A whole number in a narrow field."""
    return forms.IntegerField(
        widget=forms.TextInput(attrs={"class": "w4", "inputmode": "numeric", "autocomplete": "off"}), **kwargs
    )


def hour(**kwargs):
    return forms.TimeField(widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "w10"}), **kwargs)


def instant(date, time):
    """The instant of an hour on the Warsaw clock; of two the first. ValidationError for an hour that does not exist."""
    moment = datetime.datetime.combine(date, time, clock.WARSAW)
    if clock.local(moment.astimezone(datetime.UTC)).time() != time:
        raise ValidationError(_("On this night the clocks are put forward, so there is no such hour."))
    return moment


class ProgrammeFilter(forms.Form):
    q = SearchField(label=_("Search"), required=False)
    form = forms.ChoiceField(label=_("Form"), required=False, choices=_FORMS)
    offered = forms.ChoiceField(
        label=_("Offered"),
        required=False,
        choices=[("", pgettext_lazy("programmes", "all")), ("now", pgettext_lazy("programmes", "offered now"))],
    )


class EventFilter(forms.Form):
    q = SearchField(label=_("Search"), required=False)
    form = forms.ChoiceField(label=_("Form"), required=False, choices=_FORMS)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", pgettext_lazy("events", "all")),
            ("coming", pgettext_lazy("events", "to come")),
            ("open", pgettext_lazy("events", "not settled")),
            *EventState.choices,
        ],
    )
    project = forms.ModelChoiceField(
        label=_("EU project"), required=False, queryset=None, empty_label=pgettext_lazy("projects", "all")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = visible_projects(user)


class _ContentForm(forms.Form):
    """What a programme and an event alike say of themselves."""

    form = forms.ChoiceField(label=_("Form"), choices=TrainingForm)
    title = PlainTextField(label=_("Title"), max_length=200)
    description = MultilineField(label=_("Aims and contents"), required=False)
    target_group = PlainTextField(label=_("For whom"), max_length=300, required=False)
    hour_minutes = forms.TypedChoiceField(
        label=_("Counted in"), choices=HourMinutes, coerce=int, widget=forms.RadioSelect, initial=HourMinutes.TEACHING
    )
    outcome = forms.ChoiceField(
        label=_("What it gives"), choices=Outcome, widget=forms.RadioSelect, initial=Outcome.NONE
    )
    outcome_name = PlainTextField(label=_("Name of the competence or qualification"), max_length=200, required=False)
    service_type = forms.ModelChoiceField(
        label=_("Counts in the EU file as"),
        queryset=None,
        required=False,
        empty_label=_("it does not count"),
        help_text=_("Approved attendance then becomes a support of the participant."),
    )
    minimum_attendance = whole(
        label=_("Attendance needed for the certificate"), min_value=1, max_value=100, help_text=_("Per cent.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service_type"].queryset = ServiceType.objects.filter(in_force())
        self.fields["minimum_attendance"].initial = parameters.whole("training-minimum-attendance")


class ProgrammeForm(_ContentForm):
    hours = whole(label=_("Hours"), min_value=1, max_value=2000)
    materials = MultilineField(label=_("Materials"), required=False)
    pre_test = forms.BooleanField(label=_("With a test before"), required=False)
    post_test = forms.BooleanField(label=_("With a test after"), required=False)


class EventForm(_ContentForm):
    starts_on = day(label=_("First day"))
    ends_on = day(label=_("Last day"), required=False, help_text=_("Only when it lasts longer than a day."))
    organiser = forms.ModelChoiceField(label=_("Organiser"), queryset=None, empty_label=None)
    project = forms.ModelChoiceField(
        label=_("EU project"), queryset=None, required=False, empty_label=_("without an EU project")
    )
    budget_line = PlainTextField(label=_("Budget line"), max_length=60, required=False)
    public = forms.BooleanField(label=_("Show it in the public calendar"), required=False, initial=True)
    enrols_until = day(
        label=_("Last day of enrolment"), required=False, help_text=_("To its midnight. Needed to open the enrolment.")
    )
    reserve_places = whole(
        label=_("Places on the reserve list"),
        min_value=0,
        max_value=1000,
        required=False,
        help_text=_("Leave empty for a list without end."),
    )
    offer_hours = whole(label=_("A freed seat waits for an answer, in hours"), min_value=1, max_value=720)
    only_pes = forms.BooleanField(label=_("Only for social economy entities and their people"), required=False)
    only_at_risk = forms.BooleanField(label=_("Only for people at risk of exclusion"), required=False)
    only_clients = forms.BooleanField(label=_("Only for people with a case at the Centre"), required=False)
    communes = forms.ModelMultipleChoiceField(
        label=_("Only for people from these communes"),
        queryset=None,
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("None chosen: for people from everywhere."),
    )

    def __init__(self, *args, user, unit, event=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organiser"].queryset = User.objects.filter(unit=unit, is_active=True).order_by(
            "last_name", "first_name", "pk"
        )
        self.fields["project"].queryset = visible_projects(user)
        self.fields["communes"].queryset = Commune.objects.filter(in_force()).order_by("name", "teryt")
        self.initial.setdefault("organiser", user)
        self.initial.setdefault("offer_hours", parameters.whole("training-offer-hours"))
        if event is not None:
            self.initial |= {name: getattr(event, name) for name in self.fields if name not in ("communes",)}
            self.initial["communes"] = list(event.communes.all())
            self.initial["ends_on"] = event.ends_on if event.ends_on != event.starts_on else None
            if event.enrols_until:
                self.initial["enrols_until"] = clock.local(event.enrols_until).date()

    def clean_enrols_until(self):
        last = self.cleaned_data["enrols_until"]
        return last and datetime.datetime.combine(last, datetime.time(23, 59, 59), clock.WARSAW)

    def clean(self):
        said = super().clean()
        if "starts_on" in said and "ends_on" in said:
            said["ends_on"] = said["ends_on"] or said["starts_on"]
            if said["ends_on"] < said["starts_on"]:
                self.add_error("ends_on", _("An event ends no earlier than it begins."))
        return said


class NewEventForm(EventForm):
    seats = whole(
        label=_("Number of seats"),
        min_value=1,
        max_value=30_000,
        help_text=_("For everybody; you can divide them later."),
    )
    field_order = ("form", "title", "starts_on", "ends_on", "seats", "enrols_until", "description", "target_group")


class CopyForm(forms.Form):
    starts_on = day(label=_("First day of the new event"))


class ReasonForm(forms.Form):
    reason = MultilineField(label=_("Reason"))


class SessionForm(forms.Form):
    """Day and hours on the Warsaw clock; what is cleaned are the instants `starts_at` and `ends_at`."""

    first_day = day(label=_("Day"))
    starts = hour(label=_("Begins at"))
    ends = hour(label=_("Ends at"))
    topic = PlainTextField(label=_("Topic"), max_length=200, required=False)
    room = forms.ModelChoiceField(label=_("Room"), queryset=None, required=False, empty_label=_("no room"))
    link = forms.URLField(
        label=_("Link"), max_length=200, required=False, assume_scheme="https", help_text=_("Only the enrolled see it.")
    )
    trainers = forms.ModelMultipleChoiceField(
        label=_("Trainers"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, user, event, session=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = people.rooms()
        self.fields["trainers"].queryset = people.visible_trainers(user).filter(retired_on=None)
        self.initial.setdefault("first_day", event.starts_on)
        if session is not None:
            begins, ends = clock.local(session.starts_at), clock.local(session.ends_at)
            self.initial |= {"topic": session.topic, "room": session.room, "link": session.link}
            self.initial |= {"first_day": begins.date(), "starts": begins.time(), "ends": ends.time()}
            self.initial["trainers"] = [teaching.trainer_id for teaching in session.teachings.all()]

    def clean(self):
        said = super().clean()
        if {"first_day", "starts", "ends"} - set(said):
            return said
        date = said.pop("first_day")
        for name, field in (("starts_at", "starts"), ("ends_at", "ends")):
            try:
                said[name] = instant(date, said.pop(field))
            except ValidationError as error:
                self.add_error(field, error)
        return said


class RepeatForm(forms.Form):
    days = forms.TypedChoiceField(
        label=_("How often?"), choices=[(1, _("every day")), (7, _("every week"))], coerce=int, widget=forms.RadioSelect
    )
    until = day(label=_("Last day"))


class SeatsForm(forms.Form):
    """Seats for everybody, or for two groups; what is cleaned is `seats` {kind: (capacity, overbooking)}."""

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        known = {group.kind: group for group in event.groups.all()}
        for kind in SeatKind:
            group = known.get(kind)
            self.fields[f"{kind}_capacity"] = whole(
                label=_("Seats %(whom)s") % {"whom": kind.label},
                min_value=0,
                max_value=30_000,
                required=False,
                initial=group.capacity if group else None,
            )
            self.fields[f"{kind}_overbooking"] = whole(
                label=_("Let in beyond them"),
                min_value=0,
                max_value=1000,
                required=False,
                initial=group.overbooking if group else None,
            )

    def clean(self):
        said = super().clean()
        share = parameters.value("training-overbooking") / 100
        seats = {}
        for kind in SeatKind:
            capacity, beyond = said.get(f"{kind}_capacity"), said.get(f"{kind}_overbooking")
            if capacity is not None:
                seats[str(kind)] = (capacity, int(capacity * share) if beyond is None else beyond)
        if not self.errors and SeatKind.ANY in seats and len(seats) > 1:
            raise ValidationError(_("Give the seats for everybody, or those of the groups, not both."))
        if not self.errors and not seats:
            raise ValidationError(_("Say how many seats there are."))
        return {"seats": seats}


class TrainerFilter(forms.Form):
    q = SearchField(label=_("Search"), required=False)


class TrainerForm(forms.Form):
    first_name = PlainTextField(label=_("First name"), max_length=80)
    last_name = PlainTextField(label=_("Surname"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = PlainTextField(label=_("Phone"), max_length=15, required=False)
    subjects = PlainTextField(label=_("Subjects"), max_length=300, required=False)
    retired = forms.BooleanField(label=_("Leads no longer"), required=False)


class VenueForm(forms.Form):
    name = PlainTextField(label=_("Name"), max_length=200)
    address = PlainTextField(label=_("Address"), max_length=200)
    commune = forms.ModelChoiceField(label=_("Commune"), queryset=None, required=False, empty_label=_("– choose –"))
    access = PlainTextField(
        label=_("Access"),
        max_length=300,
        required=False,
        help_text=_("Ramp, lift, induction loop, toilet, parking: it stands on the page of an event."),
    )
    retired = forms.BooleanField(label=_("Used no longer"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = Commune.objects.filter(in_force()).order_by("name", "teryt")


class RoomForm(forms.Form):
    name = PlainTextField(label=_("Room"), max_length=80)
    seats = whole(label=_("Seats"), min_value=1, max_value=30_000, required=False)

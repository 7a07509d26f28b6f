"""What staff type about meetings and commitments: parsed here, judged by services."""

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from centrum.kit import clock
from centrum.kit.fields import MultilineField, PlainTextField
from centrum.register.enterprise_forms import day
from partners import meetings, queries
from partners.enums import MeetingKind
from partners.forms import narrow


def _hour(**kwargs):
    return forms.TimeField(widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), **kwargs)


class MeetingForm(forms.Form):
    """Day and hours on the Warsaw clock; what is cleaned are the instants `starts_at` and `ends_at`."""

    kind = forms.ChoiceField(label=_("Kind"), choices=MeetingKind, widget=forms.RadioSelect)
    title = PlainTextField(label=_("Title"), max_length=200)
    first_day = day(label=_("Day"))
    starts = _hour(label=_("Begins at"))
    ends = _hour(label=_("Ends at"))
    last_day = day(label=_("Last day"), required=False, help_text=_("Only when it lasts longer than a day."))
    place = PlainTextField(label=_("Place"), max_length=200)
    led_by = PlainTextField(label=_("Led by"), max_length=200, required=False)
    agenda = MultilineField(label=_("Agenda"), required=False)

    def __init__(self, *args, meeting=None, **kwargs):
        super().__init__(*args, **kwargs)
        if meeting is not None:
            begins, ends = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
            self.initial |= {name: getattr(meeting, name) for name in ("kind", "title", "place", "led_by", "agenda")}
            self.initial |= {"first_day": begins.date(), "starts": begins.time(), "ends": ends.time()}
            self.initial["last_day"] = ends.date() if ends.date() != begins.date() else None

    def clean(self):
        said = super().clean()
        if {"first_day", "starts", "ends"} - set(said) or "last_day" in self.errors:
            return said
        first, last = said.pop("first_day"), said.pop("last_day")
        starts, ends = said.pop("starts"), said.pop("ends")
        return said | {
            "starts_at": datetime.datetime.combine(first, starts, clock.WARSAW),
            "ends_at": datetime.datetime.combine(last or first, ends, clock.WARSAW),
        }


class CancelForm(forms.Form):
    reason = MultilineField(label=_("Reason"))


class InviteForm(forms.Form):
    representatives = forms.ModelMultipleChoiceField(
        label=_("Representatives of the members"), queryset=None, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["representatives"]
        field.queryset = meetings.may_be_invited(meeting)
        field.label_from_instance = lambda row: f"{row.person}, {row.membership.organisation}"
        if meetings.takes_answers(meeting):
            field.help_text = _("Those with an e-mail address get a letter with a link to answer.")


class AttendanceForm(forms.Form):
    present = forms.ModelMultipleChoiceField(
        label=_("Who was there?"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["present"]
        field.queryset = meetings.invitations_of(meeting)
        field.label_from_instance = lambda row: ", ".join(
            str(part) for part in (row.person, row.membership and row.membership.organisation) if part
        )
        noted = {row.pk: row.attended for row in field.queryset}
        # before anything is noted, those who said that they would come
        self.initial["present"] = [
            row.pk for row in field.queryset if noted[row.pk] or (noted[row.pk] is None and row.answer == "yes")
        ]

    def clean(self):
        said = super().clean()
        return {"present": {row.pk for row in said.get("present", [])}}


class MinutesForm(forms.Form):
    text = MultilineField(label=_("Course of the meeting"))
    seen = forms.IntegerField(widget=forms.HiddenInput)


class DecisionForm(forms.Form):
    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=999, widget=narrow())
    text = MultilineField(label=_("Decision"))


class CommitmentForm(forms.Form):
    membership = forms.ModelChoiceField(label=_("Who promised it?"), queryset=None, empty_label=_("– choose –"))
    text = PlainTextField(label=_("What is to be done?"), max_length=300)
    due_on = day(label=_("To be done by"))

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["membership"].queryset = queries.may_answer(partnership)
        self.fields["membership"].label_from_instance = lambda member: str(member.organisation)


class CommitmentStepForm(forms.Form):
    """What a move needs besides the click; fields that it does not ask for are taken out."""

    done_on = day(label=_("Done on"))
    reason = MultilineField(label=_("Reason"))

    def __init__(self, *args, move, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["reason" if "done_on" in move.needs else "done_on"]
        self.initial.setdefault("done_on", clock.today())

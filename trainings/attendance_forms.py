"""Marking the attendance at one session: a small form a person, all sent at once."""

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.fields import PlainTextField
from trainings.attendance import Mark, mark_of
from trainings.forms import hour

ROWS = 100  # people on one page of the form

CHOICES = (("yes", pgettext_lazy("attendance", "was there")), ("no", pgettext_lazy("attendance", "was not there")))
_SAID = {"yes": True, "no": False, "": None}


class CorrectForm(forms.Form):
    reason = PlainTextField(label=_("Reason"), max_length=300, help_text=_("It stays in the journal and is not sent."))


class MarkForm(forms.Form):
    """`was` holds what the page showed, so that only what was touched is written."""

    present = forms.ChoiceField(label=_("Attendance"), choices=CHOICES, required=False, widget=forms.RadioSelect)
    arrived = hour(label=_("came at"), required=False)
    left = hour(label=_("left at"), required=False)
    was = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, enrolment, attendance, **kwargs):
        shown = mark_of(attendance)
        initial = {
            "present": {True: "yes", False: "no", None: ""}[shown.present],
            "arrived": shown.arrived,
            "left": shown.left,
            "was": shown.key(),
        }
        super().__init__(*args, initial=initial, prefix=str(enrolment.pk), **kwargs)
        self.enrolment, self.attendance = enrolment, attendance

    def clean_was(self):
        """The Mark that was shown; a forged one is as if nothing had been noted, and so never overwrites."""
        try:
            present, arrived, left = self.cleaned_data["was"].split("/")
            hours = (datetime.time.fromisoformat(text) if text else None for text in (arrived, left))
            return Mark({"True": True, "False": False, "None": None}[present], *hours)
        except (ValueError, KeyError):
            return Mark()

    def mark(self):
        said = self.cleaned_data
        present = _SAID[said["present"]]
        if present is None and (said["arrived"] or said["left"]):
            present = True  # who came at an hour was there
        return Mark(present, said["arrived"], said["left"])

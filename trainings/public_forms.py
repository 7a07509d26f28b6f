"""Filters of the public calendar."""

import datetime

from django import forms
from django.template.defaultfilters import date as date_words
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from trainings import offers
from trainings.enums import SeatKind, TrainingForm


class CalendarForm(forms.Form):
    """Every filter may be left out; `past` shows what has been done."""

    form = forms.ChoiceField(label=_("Form"), required=False)
    month = forms.TypedChoiceField(label=_("Month"), required=False, coerce=datetime.date.fromisoformat)
    place = forms.ChoiceField(label=_("Where"), required=False)
    who = forms.ChoiceField(
        label=_("For whom"),
        required=False,
        choices=[
            ("", _("everybody")),
            (SeatKind.PES, _("social economy entities")),
            (SeatKind.PERSON, _("persons")),
        ],
    )
    past = forms.ChoiceField(
        label=_("When"), required=False, choices=[("", _("what is to come")), ("1", _("what we have done"))]
    )
    free = forms.BooleanField(label=_("Only with free seats"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["form"].choices = [("", _("all")), *TrainingForm.choices]
        months = [(day.isoformat(), capfirst(date_words(day, "F Y"))) for day in offers.months()]
        self.fields["month"].choices = [("", _("all")), *months]
        places = [(str(pk), name) for pk, name in offers.communes()]
        self.fields["place"].choices = [("", _("all")), (offers.ONLINE, _("online")), *places]

    def filters(self):
        """What `offers.listed` takes; a filter that makes no sense is told at its field and left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

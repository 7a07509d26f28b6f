"""What the staff fill in of a call; instants are typed on the Warsaw clock, to the second."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from centrum.intake import kinds
from centrum.kit import clock
from centrum.kit.fields import DateField, MultilineField, PlainTextField

_day = {"class": "w10"}


class _TimeField(forms.TimeField):
    """12:00 or 12:00:30."""

    default_error_messages = {"invalid": _("Enter a time such as 12:00 or 12:00:30.")}
    widget = forms.TimeInput(attrs={"type": "time", "step": "1", "class": "w10"}, format="%H:%M:%S")


class CallForm(forms.Form):
    """A call; cleaned data hold `opens_at` and `closes_at` as aware instants."""

    kind = forms.ChoiceField(label=_("Kind of application"))
    name = PlainTextField(label=_("Name"), help_text=_("Applicants see it."))
    text = MultilineField(label=_("For whom and on what terms"), required=False)
    opens_on = DateField(label=_("Opens on"), widget=forms.DateInput(format="%d.%m.%Y", attrs=_day))
    opens_time = _TimeField(label=_("Opens at"), initial=datetime.time(9))
    closes_on = DateField(label=_("Closes on"), widget=forms.DateInput(format="%d.%m.%Y", attrs=_day))
    closes_time = _TimeField(
        label=_("Closes at"),
        initial=datetime.time(12),
        help_text=_("What is sent at this very second comes too late."),
    )
    places = forms.IntegerField(
        label=_("Places on the main list"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Leave it empty for as many as there are."),
        widget=forms.NumberInput(attrs={"class": "w4"}),
    )
    reserve_places = forms.IntegerField(
        label=_("Places on the reserve list"),
        required=False,
        min_value=0,
        max_value=100_000,
        help_text=_("Leave it empty for as many as there are."),
        widget=forms.NumberInput(attrs={"class": "w4"}),
    )

    def __init__(self, data=None, *, call=None):
        super().__init__(data, initial=_typed(call) if call else None)
        self.fields["kind"].choices = [("", _("– choose –")), *((kind.code, kind.title) for kind in kinds.decided())]

    def clean(self):
        cleaned = super().clean()
        for end in ("opens", "closes"):
            day, time = cleaned.pop(f"{end}_on", None), cleaned.pop(f"{end}_time", None)
            if day and time is not None:
                try:
                    cleaned[f"{end}_at"] = _instant(day, time)
                except ValidationError as error:
                    self.add_error(f"{end}_time", error)
        return cleaned

    def show(self, error):
        """Put a refusal of the service at the fields to which it belongs."""
        at = {"opens_at": "opens_on", "closes_at": "closes_on"}
        for name, texts in getattr(error, "message_dict", {None: error.messages}).items():
            name = at.get(name, name)
            for text in texts:
                self.add_error(name if name in self.fields else None, text)


def _typed(call):
    opens, closes = clock.local(call.opens_at), clock.local(call.closes_at)
    return {
        "kind": call.kind,
        "name": call.name,
        "text": call.text,
        "opens_on": opens.date(),
        "opens_time": opens.time(),
        "closes_on": closes.date(),
        "closes_time": closes.time(),
        "places": call.places,
        "reserve_places": call.reserve_places,
    }


def _instant(day, time):
    """The instant of a Warsaw clock. Raises ValidationError in the hour that the change of clocks skips or repeats."""
    instant = datetime.datetime.combine(day, time, clock.WARSAW)
    if instant.utcoffset() != instant.replace(fold=1).utcoffset():
        raise ValidationError(_("The clocks are changed on that night, so this hour is not plain. Choose another one."))
    return instant

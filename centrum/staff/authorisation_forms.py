"""What is typed about authorisations and about standing in for somebody."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.clock import today
from centrum.kit.fields import DateField, PlainTextField
from centrum.staff import queries
from centrum.staff.enums import PeriodState, Scope
from centrum.staff.models import User


def _day(**kwargs):
    return DateField(widget=forms.DateInput(format="%d.%m.%Y", attrs={"class": "w10"}), **kwargs)


class AuthorisationFilter(forms.Form):
    STATES = [
        ("", pgettext_lazy("authorisations", "all")),
        *((state, state.label) for state in (PeriodState.IN_FORCE, PeriodState.TO_COME, PeriodState.ENDED)),
    ]
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    q = forms.CharField(label=_("Name, e-mail or number"), max_length=100, required=False)


class IssueForm(forms.Form):
    user = forms.ModelChoiceField(User.objects.none(), label=_("Account"))
    scope = forms.ChoiceField(
        label=_("Scope"),
        choices=Scope,
        widget=forms.RadioSelect,
        help_text=_("For each scope a paper of its own is issued."),
    )
    valid_from = _day(label=_("In force from"), initial=today, help_text=_("For example 3.12.2026"))
    last_day = _day(
        label=_("Last day"), required=False, help_text=_("Leave empty when it holds until it is ended, as is usual.")
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        # nobody issues one to themselves
        self.fields["user"].queryset = User.objects.filter(is_active=True).exclude(pk=by.pk)


class EndForm(forms.Form):
    on = _day(
        label=_("First day without it"),
        initial=today,
        help_text=_("From this day on the account opens nobody's data. Today ends it at once."),
    )


class DelegationForm(forms.Form):
    """`absent` is asked only of those who set it for others."""

    absent = forms.ModelChoiceField(User.objects.none(), label=_("Who is away"))
    deputy = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who stands in"),
        help_text=_("Somebody of the same role, or of a wider one who sees the same clients already."),
    )
    first_day = _day(label=_("First day"), initial=today, help_text=_("For example 3.12.2026"))
    last_day = _day(label=_("Last day"))
    reason = PlainTextField(
        label=_("Reason"), required=False, help_text=_("For example: holiday. Do not write of illness.")
    )

    def __init__(self, *args, by, for_others, **kwargs):
        super().__init__(*args, **kwargs)
        if for_others:
            self.fields["absent"].queryset = User.objects.filter(is_active=True)
            self.fields["absent"].initial = by.pk
        else:
            del self.fields["absent"]
        self.fields["deputy"].queryset = queries.possible_deputies(None if for_others else by)

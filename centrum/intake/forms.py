"""Forms of the engine: the ground of every page of an application, and what the staff fill in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from centrum.intake import kinds
from centrum.intake.enums import ApplicationState
from centrum.kit.fields import EmailField, MultilineField, PlainTextField


class StepForm(forms.ModelForm):
    """One page of an application. Every field but `optional` is required; `partial` lets a draft have gaps."""

    optional: tuple = ()

    def __init__(self, *args, partial=False, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = not partial and name not in self.optional
            chosen = isinstance(field.widget, forms.Select | forms.RadioSelect)
            field.error_messages["required"] = _("Choose one.") if chosen else _("Fill this in.")
            if isinstance(field, forms.TypedChoiceField):
                offered = [choice for choice in field.choices if choice[0] != ""]
                radio = isinstance(field.widget, forms.RadioSelect)
                field.choices = offered if radio else [("", _("– choose –")), *offered]

    @classmethod
    def required_names(cls):
        return [name for name in cls.base_fields if name not in cls.optional]


class EmailForm(forms.Form):
    email = EmailField(
        label=_("E-mail"), help_text=_("We will send the link there."), widget=forms.EmailInput(attrs={"class": "w20"})
    )


class SendForm(forms.Form):
    """The last page: that the clauses were read. `clauses` carries the primary keys of those shown."""

    clauses = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    read = forms.BooleanField(
        label=_("I have read this information"),
        error_messages={"required": _("Read the information and tick the box.")},
    )


class FilterForm(forms.Form):
    """Filters of the list of applications."""

    q = PlainTextField(
        label=_("Search"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("number, name, e-mail")}),
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    assignee = forms.ChoiceField(
        label=_("Assigned to"),
        required=False,
        choices=[("", _("all")), ("me", _("me")), ("none", _("nobody"))],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        states = [choice for choice in ApplicationState.choices if choice[0] != ApplicationState.DRAFT]
        self.fields["state"].choices = [("open", _("open")), ("all", _("all")), *states]
        self.fields["kind"].choices = [("", _("all")), *((kind.code, kind.label) for kind in kinds.every())]


class TakeForm(forms.Form):
    assignee = forms.ModelChoiceField(label=_("Who takes it up"), queryset=None, empty_label=None)

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = colleagues


class MailForm(forms.Form):
    mail = forms.BooleanField(
        label=_("Tell the applicant by e-mail"), required=False, initial=True, help_text=_("Untick to decide silently.")
    )


class ReasonForm(MailForm):
    """A decision with its reason, which the applicant reads too."""

    reason = MultilineField(
        label=_("Reason"), help_text=_("The applicant gets this text, so write it to them, in plain words.")
    )
    field_order = ("reason", "mail")


class AskForm(ReasonForm):
    reason = MultilineField(
        label=_("What should the applicant complete"),
        help_text=_("The applicant gets this text with a link to the application."),
    )

"""Forms of the engine: the ground of every page of an application, and what the staff fill in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from centrum.intake import kinds
from centrum.intake.enums import ApplicationState
from centrum.intake.models import Call
from centrum.kit import files
from centrum.kit.fields import EmailField, MultilineField, PlainTextField
from centrum.register.enums import Channel


class StepForm(forms.ModelForm):
    """One page of an application. Every field but `optional` is required; `partial` lets a draft have gaps."""

    optional: tuple = ()

    def __init__(self, *args, partial=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.partial = partial
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


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """One or more uploaded files as a list; what they hold is looked at when they are stored."""

    widget = _FilesInput

    def clean(self, data, initial=None):
        return [super(_FilesField, self).clean(upload, initial) for upload in data or [None]]


class AttachForm(forms.Form):
    """Files for one rule of attachments."""

    def __init__(self, *args, rule, **kwargs):
        super().__init__(*args, prefix=rule.code, **kwargs)
        self.rule = rule
        types = _("PDF, JPG, PNG, DOCX, XLSX or ODT, up to 10 MB.")
        self.fields["file"] = _FilesField(
            label=rule.label,
            help_text=f"{rule.hint} {types}" if rule.hint else types,
            widget=_FilesInput(attrs={"accept": files.ACCEPT, "multiple": rule.many}),
            error_messages={
                "required": _("Choose a file."),
                "empty": _("The file is empty. Choose another one."),
            },
        )


class EmailForm(forms.Form):
    email = EmailField(
        label=_("E-mail"), help_text=_("We will send the link there."), widget=forms.EmailInput(attrs={"class": "w20"})
    )


class ConsentsForm(forms.Form):
    """A box for each of the `texts` of consents: never ticked beforehand, none of them needed for anything."""

    def __init__(self, *args, texts, **kwargs):
        super().__init__(*args, **kwargs)
        self.texts = {f"consent_{text.pk}": text for text in texts}
        for name, text in self.texts.items():
            self.fields[name] = forms.BooleanField(label=text.body_shown, required=False)

    def boxes(self):
        """[(text, bound field)] for the template."""
        return [(text, self[name]) for name, text in self.texts.items()]

    def chosen(self):
        return [text for name, text in self.texts.items() if self.cleaned_data[name]]

    def clean(self):
        # a box of a text that has been replaced since the page was shown is no consent to the new one
        if any(name.startswith("consent_") and name not in self.texts for name in self.data):
            raise forms.ValidationError(_("The text of a consent has changed. Read it again."))
        return super().clean()


class NoteConsentsForm(ConsentsForm):
    """What a person told the staff otherwise than by a form."""

    channel = forms.ChoiceField(
        label=_("How the person gave the consent"), choices=Channel.choices, widget=forms.RadioSelect
    )

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.chosen():
            raise forms.ValidationError(_("Tick at least one consent."))
        return cleaned


class WithdrawForm(forms.Form):
    consent = forms.UUIDField()


class SendForm(ConsentsForm):
    """The last page: that the clauses were read, and consents. `clauses` carries the primary keys of those shown."""

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
    call = forms.ModelChoiceField(label=_("Call"), queryset=Call.objects.all(), required=False, empty_label=_("all"))

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


class ReasonForm(forms.Form):
    """A decision with its reason, which the applicant reads too."""

    reason = MultilineField(
        label=_("Reason"), help_text=_("The applicant gets this text, so write it to them, in plain words.")
    )

"""What is typed about requests of data subjects."""

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from centrum.kit.clock import today
from centrum.kit.fields import DateField, MultilineField, PlainTextField
from centrum.register import request_texts, requests
from centrum.register.enums import Channel, RequestKind, RequestState


class RequestFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("open", _("open")), ("all", _("all")), *RequestState.choices]
    )
    kind = forms.ChoiceField(label=_("Right"), required=False, choices=[("", _("all")), *RequestKind.choices])


class RequestForm(forms.Form):
    name = PlainTextField(label=_("Who asks"), help_text=_("First name and surname, as they gave them."))
    kind = forms.ChoiceField(label=_("What is asked for"), choices=RequestKind.choices, widget=forms.RadioSelect)
    channel = forms.ChoiceField(label=_("How it came"), choices=Channel.choices, widget=forms.RadioSelect)
    received_on = DateField(
        label=_("Received on"),
        help_text=_("The month for the answer runs from this day."),
        widget=forms.DateInput(format="%d.%m.%Y", attrs={"class": "w10"}),
    )
    text = MultilineField(label=_("What they wrote or said"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = today


class _LetterForm(forms.Form):
    """A text to the person; it can be mailed where the register has an address."""

    mail = forms.BooleanField(label=_("Send it by e-mail"), required=False)
    text = ""  # the beginning that is offered

    def __init__(self, *args, asked, **kwargs):
        super().__init__(*args, **kwargs)
        with translation.override("pl"):
            self.fields[self.body].initial = str(self.beginning(asked))
        if asked.person and asked.person.email:
            self.fields["mail"].help_text = _("To %(email)s. Untick to answer otherwise, e.g. by letter.") % {
                "email": asked.person.email
            }
            self.fields["mail"].initial = True
        else:
            del self.fields["mail"]


class AnswerForm(_LetterForm):
    text = MultilineField(
        label=_("Answer"),
        help_text=_("Complete it: the person reads exactly this."),
        widget=forms.Textarea(attrs={"rows": "10"}),
    )
    field_order = ("text", "mail")
    body = "text"

    @staticmethod
    def beginning(asked):
        return request_texts.ANSWERS[asked.kind]


class RefuseForm(AnswerForm):
    @staticmethod
    def beginning(asked):
        return request_texts.REFUSAL


class ExtendForm(_LetterForm):
    due_on = DateField(label=_("Answer by"), widget=forms.DateInput(format="%d.%m.%Y", attrs={"class": "w10"}))
    reason = MultilineField(
        label=_("Why it takes longer"),
        help_text=_("The person must hear of it before the first month ends. They read exactly this."),
        widget=forms.Textarea(attrs={"rows": "6"}),
    )
    field_order = ("due_on", "reason", "mail")
    body = "reason"

    def __init__(self, *args, asked, **kwargs):
        super().__init__(*args, asked=asked, **kwargs)
        self.fields["due_on"].initial = requests.latest(asked)

    @staticmethod
    def beginning(asked):
        return request_texts.EXTENSION

"""Forms of the engine: the ground of every page of an application, and what the staff fill in."""

from dataclasses import replace

from django import forms
from django.utils.translation import gettext_lazy as _

from centrum.intake import completion, kinds, letters, matching
from centrum.intake.enums import ApplicationState, CheckVerdict, OpinionVerdict
from centrum.intake.models import Call
from centrum.kit import files
from centrum.kit.fields import DateField, EmailField, MultilineField, PlainTextField
from centrum.register.enums import Channel


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


class AskForm(forms.Form):
    """What the applicant is to complete: answers of each page, attachments, and until when."""

    text = MultilineField(
        label=_("What should the applicant complete"),
        help_text=_("The applicant gets this text with a link to the application."),
    )
    due_on = DateField(
        label=_("Until when"),
        help_text=_("Last day."),
        widget=forms.DateInput(format="%d.%m.%Y", attrs={"class": "w10"}),
    )

    def __init__(self, *args, application, **kwargs):
        super().__init__(*args, **kwargs)
        kind = kinds.of(application)
        answers = kind.answers_of(application)
        self.fields["due_on"].initial = completion.default_day()
        for step in kind.steps:
            self._offer(f"page_{step.slug}", step.title, completion.names_of(step, answers))
        if kind.attachments:
            self._offer("attachments", _("Attachments"), [(rule.code, rule.label) for rule in kind.attachments])
        self.order_fields(["text", *(name for name in self.fields if name not in ("text", "due_on")), "due_on"])

    def _offer(self, name, label, choices):
        self.fields[name] = forms.MultipleChoiceField(
            label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )

    def clean(self):
        cleaned = super().clean()
        pages = [name for name in cleaned if name.startswith("page_")]
        cleaned["fields"] = [field for name in pages for field in cleaned.pop(name)]
        cleaned.setdefault("attachments", [])
        if not self.errors and not cleaned["fields"] and not cleaned["attachments"]:
            raise forms.ValidationError(_("Tick what the applicant is to complete."))
        return cleaned


class LetterForm(forms.Form):
    """The letter of a decision, `written` beforehand, to be changed, sent or kept back."""

    send = forms.ChoiceField(
        label=_("What to do with the letter"),
        choices=[("yes", _("Send this letter")), ("no", _("Do not send"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    subject = PlainTextField(label=_("Subject"), required=False)
    body = MultilineField(
        label=_("Text"), required=False, max_length=12_000, widget=forms.Textarea(attrs={"rows": "18"})
    )

    def __init__(self, data=None, *, written):
        super().__init__(data, prefix="letter", initial={"subject": written.subject, "body": written.body})
        self.written = written
        if letters.LINK in written.body:
            self.fields["body"].help_text = _("The secret link of the applicant will stand in place of [link].")

    def clean(self):
        cleaned = super().clean()
        if self.errors or cleaned["send"] == "no":
            return cleaned
        for name in ("subject", "body"):
            if not cleaned[name]:
                self.add_error(name, _("Fill this in."))
        if letters.needed(self.written.code) == "link" and letters.LINK not in cleaned["body"]:
            self.add_error("body", _("Keep [link]: the applicant acts by it."))
        return cleaned

    def letter(self):
        """The letter as it was left, None when it is not to be sent."""
        if self.cleaned_data["send"] == "no":
            return None
        return replace(self.written, subject=self.cleaned_data["subject"], body=self.cleaned_data["body"])


class ConflictForm(forms.Form):
    text = MultilineField(
        label=_("What ties you to the applicant"),
        help_text=_("A few words: family, work, money, a quarrel. From then on you take no step in this application."),
        max_length=1000,
    )


class ChecklistForm(forms.Form):
    """Verdict and note of every point; a point may be left for later."""

    def __init__(self, *args, points, **kwargs):
        super().__init__(*args, **kwargs)
        self.points = points
        for point in points:
            code, answer = point.item.code, point.answer
            self.fields[code] = forms.ChoiceField(
                label=point.item.text,
                choices=CheckVerdict.choices,
                required=False,
                widget=forms.RadioSelect,
                initial=answer and answer.verdict,
            )
            self.fields[f"{code}-note"] = PlainTextField(
                label=_("Note"), required=False, max_length=300, initial=answer and answer.note
            )

    def rows(self):
        """[(point, bound verdict, bound note)] for the template."""
        return [(p, self[p.item.code], self[f"{p.item.code}-note"]) for p in self.points]

    def clean(self):
        cleaned = super().clean()
        for point in self.points:
            code = point.item.code
            verdict, note = cleaned.get(code), cleaned.get(f"{code}-note")
            if verdict == CheckVerdict.NO and note == "":
                self.add_error(f"{code}-note", _("Say what is not met."))
            elif note and not verdict and code not in self.errors:
                self.add_error(code, _("Choose one."))
        return cleaned

    def answers(self):
        """{code: (verdict, note)} of the points that are answered."""
        data = self.cleaned_data
        codes = (point.item.code for point in self.points)
        return {code: (data[code], data[f"{code}-note"]) for code in codes if data[code]}


class AskOpinionForm(forms.Form):
    of = forms.ModelChoiceField(label=_("Whom do you ask"), queryset=None, empty_label=_("– choose –"))
    question = MultilineField(label=_("Question"), help_text=_("What do you want to know before the decision?"))

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["of"].queryset = colleagues


class OpinionForm(forms.Form):
    verdict = forms.ChoiceField(label=_("Your opinion"), choices=OpinionVerdict.choices, widget=forms.RadioSelect)
    text = MultilineField(label=_("Reasons"), help_text=_("Your opinion can't be changed once it is given."))


class MatchForm(forms.Form):
    """Which rows of the register the applicant is, and what of the application the register takes over.

    Each match of the kind has a radio list under its name (a primary key, or "new") and, for each row, boxes for the
    fields that differ: ticked where the register holds nothing, never where something would be overwritten.
    """

    NEW = "new"

    def __init__(self, *args, user, application, **kwargs):
        super().__init__(*args, **kwargs)
        self.comparisons = matching.compare(application, user)
        for comparison in self.comparisons:
            name, rows = comparison.match.name, comparison.candidates
            choices = [(str(candidate.row.pk), str(candidate.row)) for candidate in rows]
            if comparison.may_be_new:
                choices.append((self.NEW, comparison.match.noun.new))
            self.fields[name] = forms.ChoiceField(
                label=comparison.match.question,
                choices=choices,
                widget=forms.RadioSelect,
                required=not comparison.hidden,
                initial=choices[0][0] if len(choices) == 1 else None,
            )
            for candidate in rows:
                takeable = candidate.differing
                self.fields[f"{name}_{candidate.row.pk}"] = forms.MultipleChoiceField(
                    choices=[(d.key, d.label) for d in takeable],
                    initial=[d.key for d in takeable if d.missing],
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    error_messages={
                        "invalid_choice": _("The register has changed meanwhile. Look at the differences again.")
                    },
                )

    def plain_fields(self):
        """Bound fields that are no matter of matching."""
        names = tuple(comparison.match.name for comparison in self.comparisons)
        apart = {name for name in self.fields if name in names or name.startswith(tuple(f"{n}_" for n in names))}
        return [self[name] for name in self.fields if name not in apart]

    def matches(self):
        """For the template: each comparison with its bound radio list, radios and boxes."""
        return [self._match(comparison) for comparison in self.comparisons]

    def _match(self, comparison):
        name = comparison.match.name
        radios = list(self[name])
        rows = []
        for candidate, radio in zip(comparison.candidates, radios, strict=False):
            boxes = {box.data["value"]: box for box in self[f"{name}_{candidate.row.pk}"]}
            lines = [{"difference": d, "box": boxes[d.key]} for d in candidate.differing]
            rows.append({"candidate": candidate, "radio": radio, "lines": lines})
        new = radios[len(rows)] if len(radios) > len(rows) else None
        return {"comparison": comparison, "field": self[name], "rows": rows, "new": new}

    def clean(self):
        cleaned = super().clean()
        take = {}
        for comparison in self.comparisons:
            name = comparison.match.name
            if comparison.hidden:
                self.add_error(name, matching.hidden_text())
            chosen = cleaned.get(name)
            rows = {str(candidate.row.pk): candidate.row for candidate in comparison.candidates}
            cleaned[name] = rows.get(chosen)
            for pk in rows:
                keys = cleaned.pop(f"{name}_{pk}", [])
                if pk == chosen:
                    take[name] = [key.rpartition(".")[0] for key in keys]
        cleaned["take"] = take
        return cleaned


class TemplateForm(forms.Form):
    subject = PlainTextField(label=_("Subject"))
    body = MultilineField(label=_("Text"), max_length=8000, widget=forms.Textarea(attrs={"rows": "18"}))

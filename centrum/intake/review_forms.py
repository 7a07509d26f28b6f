"""What the staff fill in on the way to a decision, and of its letter."""

from dataclasses import replace

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from centrum.intake import completion, kinds, letters, matching, review
from centrum.intake.enums import CheckVerdict, OpinionVerdict
from centrum.kit.fields import DateField, MultilineField, PlainTextField
from centrum.staff.models import Unit
from centrum.staff.queries import unit_scope


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
    subject = PlainTextField(label=_("Subject"))
    body = MultilineField(label=_("Text"), max_length=12_000, widget=forms.Textarea(attrs={"rows": "18"}))

    def __init__(self, data=None, *, written):
        super().__init__(data, prefix="letter", initial={"subject": written.subject, "body": written.body})
        self.written = written
        if data and data.get("letter-send") == "no":
            self.fields["subject"].required = self.fields["body"].required = False
        if letters.LINK in written.body:
            self.fields["body"].help_text = _("The secret link of the applicant will stand in place of [link].")

    def clean(self):
        cleaned = super().clean()
        if self.errors or cleaned["send"] == "no":
            return cleaned
        if letters.KINDS[self.written.code].must == "link" and letters.LINK not in cleaned["body"]:
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
    """Verdict and note of every point; a point may be left for later. `answers`: the applicant's, None for who is told
    nothing of them beside the points."""

    def __init__(self, *args, points, answers, **kwargs):
        super().__init__(*args, **kwargs)
        self.points = points
        for number, point in enumerate(points, 1):
            code, answer = point.item.code, point.answer
            self.fields[code] = forms.ChoiceField(
                label=point.item.text,
                help_text=escape(point.item.told(answers)) if answers else "",
                choices=CheckVerdict.choices,
                required=False,
                widget=forms.RadioSelect,
                initial=answer and answer.verdict,
            )
            self.fields[f"{code}-note"] = PlainTextField(
                label=_("Note to point %(number)s") % {"number": number},
                required=False,
                max_length=300,
                initial=answer and answer.note,
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


class AcceptForm(MatchForm):
    """Who serves the client from now on, and which rows of the register the applicant is."""

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=None, empty_label=None)
    adviser = forms.ModelChoiceField(label=_("Key adviser"), queryset=None, empty_label=_("– choose –"))

    def __init__(self, *args, user, application, **kwargs):
        super().__init__(*args, user=user, application=application, **kwargs)
        scope = unit_scope(user)
        self.fields["unit"].queryset = Unit.objects.all() if scope is None else Unit.objects.filter(pk__in=scope)
        self.fields["unit"].initial = application.unit_id or user.unit_id
        self.fields["adviser"].queryset = review.colleagues(application, user)
        self.fields["adviser"].initial = application.assignee_id

    def clean(self):
        cleaned = super().clean()
        adviser, unit = cleaned.get("adviser"), cleaned.get("unit")
        if adviser and unit and unit_scope(adviser) is not None and adviser.unit_id != unit.pk:
            self.add_error("adviser", forms.ValidationError(_("The adviser works in another unit.")))
        return cleaned


class TemplateForm(forms.Form):
    subject = PlainTextField(label=_("Subject"))
    body = MultilineField(label=_("Text"), max_length=8000, widget=forms.Textarea(attrs={"rows": "18"}))

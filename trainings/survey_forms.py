"""What staff type about tests and surveys, and what people answer: parsed here, judged by services."""

from django import forms
from django.utils.translation import gettext_lazy as _

from centrum.kit import parameters
from centrum.kit.fields import MultilineField, PlainTextField
from trainings import answering, surveys
from trainings.enums import WITH_OWN_OPTIONS, QuestionKind, SurveyKind


class SurveyForm(forms.Form):
    """Fields of a survey that is there (`survey`), or of a new one with its kind and where its questions come from."""

    kind = forms.ChoiceField(label=_("Kind"), choices=SurveyKind, widget=forms.RadioSelect)
    source = forms.ChoiceField(label=_("Questions"), required=False, widget=forms.RadioSelect)
    title = PlainTextField(label=_("Title"), max_length=200)
    title_en = PlainTextField(label=_("Title in English"), max_length=200, required=False)
    introduction = MultilineField(label=_("Introduction"), required=False)
    introduction_en = MultilineField(label=_("Introduction in English"), required=False)
    anonymous = forms.BooleanField(
        label=_("anonymous: nobody learns whose an answer is"),
        required=False,
        help_text=_("Only for an evaluation. Its results are shown once it is closed."),
    )
    minimum_shown = forms.IntegerField(
        label=_("Smallest group whose answers are shown"),
        min_value=3,
        max_value=100,
        widget=forms.NumberInput(attrs={"class": "w4"}),
        help_text=_("When fewer people have answered, only their number is shown."),
    )

    def __init__(self, *args, survey=None, copied=(), **kwargs):
        super().__init__(*args, **kwargs)
        self._copied = {str(row.pk): row for row in copied}
        if survey is None:
            self.initial.setdefault("minimum_shown", parameters.whole("training-survey-group"))
            self.initial.setdefault("source", "")
            self.fields["source"].choices = [
                ("", _("none yet: I will write them")),
                (surveys.STANDARD, _("the Centre's standard evaluation")),
                *((key, _copy_label(row)) for key, row in self._copied.items()),
            ]
        else:
            del self.fields["kind"], self.fields["source"]
            self.initial |= {name: getattr(survey, name) for name in surveys.FIELDS}

    def clean_source(self):
        said = self.cleaned_data["source"]
        return self._copied.get(said, said or None)


def _copy_label(row):
    return _("a copy of “%(title)s” of %(event)s") % {"title": row.title, "event": row.event.number}


class QuestionForm(forms.Form):
    """A question; its answers are typed one a line, the right ones of a test with an asterisk before them."""

    kind = forms.ChoiceField(label=_("How is it answered?"), choices=QuestionKind, widget=forms.RadioSelect)
    text = PlainTextField(label=_("Question"), max_length=500)
    text_en = PlainTextField(label=_("Question in English"), max_length=500, required=False)
    answers = MultilineField(
        label=_("Answers"),
        required=False,
        help_text=_("Each in its own line; only where people choose from answers that you write."),
    )
    answers_en = MultilineField(
        label=_("Answers in English"), required=False, help_text=_("The same number of lines in the same order.")
    )
    required = forms.BooleanField(label=_("has to be answered"), required=False, initial=True)
    points = forms.IntegerField(
        label=_("Points"),
        min_value=0,
        max_value=100,
        initial=0,
        widget=forms.NumberInput(attrs={"class": "w4"}),
        help_text=_("For all right answers and no wrong one; 0: it is not judged."),
    )

    def __init__(self, *args, survey, question=None, **kwargs):
        super().__init__(*args, **kwargs)
        if survey.is_test:
            self.fields["answers"].help_text = _(
                "Each in its own line, an asterisk (*) before the right ones; only where people choose from answers "
                "that you write."
            )
        else:
            del self.fields["points"]
        if question is not None:
            self.initial |= {
                name: getattr(question, name) for name in ("kind", "text", "text_en", "required", "points")
            }
            if question.kind in WITH_OWN_OPTIONS:
                rows = list(question.options.all())
                self.initial["answers"] = "\n".join(f"* {row.text}" if row.correct else row.text for row in rows)
                self.initial["answers_en"] = "\n".join(row.text_en for row in rows).strip()

    def clean(self):
        said = super().clean()
        lines, lines_en = _lines(said.pop("answers", "")), _lines(said.pop("answers_en", ""))
        if said.get("kind") not in WITH_OWN_OPTIONS:
            return said
        if lines_en and len(lines_en) != len(lines):
            self.add_error("answers_en", _("Write as many lines as there are answers, or none."))
        if any(len(line) > 300 for line in (*lines, *lines_en)):
            self.add_error("answers", _("An answer has up to 300 characters."))
        pairs = zip(lines, lines_en or [""] * len(lines), strict=False)
        said["options"] = [(one.lstrip("* "), one_en.lstrip("* "), one.startswith("*")) for one, one_en in pairs]
        return said


def _lines(text):
    return [line.strip() for line in text.splitlines() if line.strip(" *")]


class AnswerForm(forms.Form):
    """The questions of a survey as one form; cleaned are the answers as `answering.answer` takes them, in `given`."""

    def __init__(self, *args, survey, **kwargs):
        super().__init__(*args, **kwargs)
        self._questions = list(surveys.questions_of(survey))
        for question in self._questions:
            self.fields[f"q{question.pk}"] = _field(question)

    def clean(self):
        said = super().clean()
        given = {}
        for question in self._questions:
            value = said.pop(f"q{question.pk}", None)
            if value:
                given[question.pk] = value if isinstance(value, str) else _keys(value)
        return said | {"given": given}


class PaperForm(AnswerForm):
    """The same from a sheet of paper: of somebody, where the survey is not anonymous."""

    enrolment = forms.ModelChoiceField(label=_("Whose sheet is it?"), queryset=None, empty_label=_("– choose –"))
    field_order = ("enrolment",)

    def __init__(self, *args, survey, **kwargs):
        super().__init__(*args, survey=survey, **kwargs)
        if survey.anonymous:
            del self.fields["enrolment"]
        else:
            self.fields["enrolment"].queryset = answering.still_to_answer(survey)


class _OneField(forms.TypedChoiceField):
    """One ticked option, as the list of its key."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs):
        super().__init__(coerce=lambda key: [int(key)], empty_value=None, **kwargs)


def _keys(value):
    return [int(key) for key in value]


def _field(question):
    told = {"label": question.told("text"), "required": question.required}
    missing = {"required": _("Answer this question.")}
    if question.kind == QuestionKind.TEXT:
        return MultilineField(**told, error_messages=missing)
    choices = [(option.pk, option.told("text")) for option in question.options.all()]
    if question.kind == QuestionKind.SEVERAL:
        return forms.MultipleChoiceField(
            **told,
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("You may choose several."),
            error_messages=missing,
        )
    return _OneField(**told, choices=choices, error_messages=missing)

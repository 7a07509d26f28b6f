"""Kinds of application. The room that a kind belongs to registers it in `AppConfig.ready()`; none is named here."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, NamedTuple

from django.http import Http404
from django.utils.translation import gettext as _

from centrum.intake.models import Application
from centrum.intake.tables import Rows, changed_rows, rows_form
from centrum.kit.polish import date_long, number
from centrum.kit.transitions import Refused
from centrum.staff.enums import Right


class Summary(NamedTuple):
    """What lists and letters need to know of the answers; each may be empty in a draft."""

    applicant: str
    place: str
    email: str


class Problem(NamedTuple):
    """What does not fit in answers that are each right by themselves: the page on which it is mended, a sentence."""

    slug: str
    text: str


@dataclass(frozen=True)
class Step:
    """One page of a form: one subject. `form` is a StepForm over the typed model."""

    slug: str
    title: str
    form: type
    template: ClassVar = "intake/step.html"
    form_name: ClassVar = "form"  # in the template

    def names(self):
        """What a request for completion may ask to change on this page."""
        return list(self.form.base_fields)

    def is_begun(self, answers):
        return any(getattr(answers, name) not in (None, "") for name in self.form.base_fields)

    def is_left_empty(self, answers):
        """Whether the page is done with nothing on it: it may have been passed by."""
        return not self.is_begun(answers) and self.is_done(answers)

    def is_done(self, answers):
        return all(getattr(answers, name) not in (None, "") for name in self.form.required_names())

    def rows(self, answers):
        """[(name of the field, label, answer in words)] of this page."""
        return [(name, field.label, in_words(answers, name)) for name, field in self.form.base_fields.items()]

    def make_form(self, data, answers, *, email="", **options):
        """The page's form over `answers`; `email`: an address that is known from elsewhere."""
        known = {"email": email} if email and "email" in self.form.base_fields and not answers.email else None
        return self.form(data, instance=answers, initial=known, **options)

    def go_on(self, data, answers):
        """The form again after a button that neither checks nor saves; None for any other."""

    def save(self, answers, data):
        """Write `data`, the form's cleaned data. Raises Refused when a page that was sent once would have gaps."""
        for name, value in data.items():
            setattr(answers, name, value)
        self._stays_done(answers)
        answers.save(update_fields=list(data))

    def _stays_done(self, answers):
        if answers.complete and not self.is_done(answers):
            raise Refused(_("Answer every question of this page: the application has been sent once already."))


def in_words(answers, name):
    """The value of a field, in words where it is a choice, a number with decimals or a day."""
    in_words = getattr(answers, f"get_{name}_display", None)
    value = in_words() if in_words else getattr(answers, name)
    if isinstance(value, Decimal):
        return number(value)
    return date_long(value) if isinstance(value, datetime.date) else value


def _line(row, names):
    """A row of a table by what it is called, and the answers that this does not tell."""
    called = str(row)
    answers = [str(words) for name in names if (words := in_words(row, name)) not in (None, "")]
    return ", ".join([called, *(words for words in answers if words not in called)])


@dataclass(frozen=True)
class TableStep(Step):
    """A page of rows, each of them one more thing of a kind: a person, a purchase. `form` is a StepForm over the
    model of a row, which points to the typed model as `answers` and hangs on it as `rows_name`.

    `one` names a row ("Person"), `add` is the button's text, `text` stands above; `least` to `most` rows. `nothing`
    tells, among the answers, that there are none.
    For requests for completion the whole table is one field, named by the slug.
    """

    rows_name: str
    one: str
    add: str
    text: str = ""
    nothing: str = ""
    least: int = 1
    most: int = 20
    template: ClassVar = "intake/table_step.html"
    form_name: ClassVar = "formset"
    formset: ClassVar = Rows

    def names(self):
        return [self.slug]

    def saved(self, answers):
        return getattr(answers, self.rows_name).order_by("pk")

    def is_begun(self, answers):
        return self.saved(answers).exists()

    def is_done(self, answers):
        return self.least <= self.saved(answers).count() <= self.most

    def rows(self, answers):
        rows = [self.line(row) for row in self.saved(answers)]
        return [(self.slug, self.title, "\n".join(rows) or self.nothing)]

    def line(self, row):
        return _line(row, self.form.base_fields)

    def make_form(self, data, answers, *, email="", **options):
        initial = None if data else [self._typed(row) for row in self.saved(answers)]
        return rows_form(self)(data, answers=answers, initial=initial, **options)

    def go_on(self, data, answers):
        return changed_rows(self, data, answers)

    def _typed(self, row):
        return {name: getattr(row, name) for name in self.form.base_fields}

    def save(self, answers, data):
        """Make the rows those of `data`, in its order; rows that stay the same are not touched."""
        rows = list(self.saved(answers))
        for row, values in zip(rows, data, strict=False):
            if self._typed(row) != values:
                for name, value in values.items():
                    setattr(row, name, value)
                row.save(update_fields=list(values))
        for row in rows[len(data) :]:
            row.delete()
        for values in data[len(rows) :]:
            getattr(answers, self.rows_name).create(**values)
        self._stays_done(answers)


@dataclass(frozen=True)
class AttachmentRule:
    """A file that a kind of application asks for; `required(answers)`: whether it is needed with these answers.

    `optional`: also offered where it is not needed, for who has it all the same.
    """

    code: str
    label: str
    hint: str = ""
    required: Callable = lambda answers: False
    many: bool = False
    optional: bool = True


@dataclass(frozen=True)
class CheckItem:
    """One point of the formal checklist, a sentence that is met or not; `told(answers)` is what they say of it."""

    code: str
    text: str
    told: Callable = lambda answers: ""


@dataclass(frozen=True)
class Kind:
    """One form of the portal and what accepting it does.

    `label` is the short name in lists, `path` the public address after /wnioski/, `series` that of its numbers,
    `answers` the name under which the typed model hangs on Application. `needs`: what to have at hand.
    `summary(answers)` → Summary. `accept_form(data, user=, application=)` asks what acceptance needs, the engine's own
    only who serves the client; `accept(application, by=, **cleaned_data)` does it, inside the transaction of the
    decision, and `accepting` says it in a sentence beforehand.

    A kind that begins elsewhere than at /wnioski/ names that page's URL as `begins_at`. One on which nobody decides has
    `settle(application)`, which does all there is to do inside the transaction of the sending (and may refuse it), and
    `outcome`, a template that tells it on the receipt from what `told(application)` gives.

    On one that a wing decides in steps of its own, `decided_at` names the URL of that page, `decided_with` the right
    that it asks for, and `may_decide(application, action)` refuses "accept", "reject" and "reserve" until they follow
    from those steps; `events(application)` tells them in the history of the application: each a StateChange with
    `words`.

    `problems(answers)` → [Problem]: what does not fit across pages; nothing is sent while there is any. `again`: names
    of the answers with which the applicant of one may begin the next. `free`: what is applied for costs nothing.
    """

    code: str
    title: str
    label: str
    path: str
    text: str
    needs: tuple
    series: str
    answers: str
    steps: tuple
    summary: Callable
    accept_form: type | None = None  # None: review_forms.AcceptForm
    accept: Callable = lambda application, **choices: None
    accepting: str = ""
    minutes: int = 10
    attachments: tuple = ()  # of AttachmentRule
    checklist: tuple = ()  # of CheckItem
    matching: tuple = ()  # of matching.Match: rows of the register that acceptance finds or makes
    begins_at: str = ""
    settle: Callable | None = None
    outcome: str = ""
    told: Callable = lambda application: None
    decided_at: str = ""
    decided_with: str = Right.VIEW_CLIENTS
    may_decide: Callable = lambda application, action: None
    problems: Callable = lambda answers: []
    again: tuple = ()
    free: bool = True
    events: Callable = lambda application: []

    @property
    def model(self):
        return Application._meta.get_field(self.answers).related_model

    def answers_of(self, application):
        return getattr(application, self.answers)

    def step(self, slug):
        """The step of this slug; raises Http404."""
        for step in self.steps:
            if step.slug == slug:
                return step
        raise Http404

    def sections(self, answers):
        """All answers as the pages ask them: [{slug, title, rows: [{name, label, value}]}]."""
        return [
            {
                "slug": step.slug,
                "title": step.title,
                "rows": [{"name": n, "label": label, "value": value} for n, label, value in step.rows(answers)],
            }
            for step in self.steps
        ]

    def undone(self, answers):
        return [step for step in self.steps if not step.is_done(answers)]


_kinds: dict[str, Kind] = {}


def register(*kinds):
    for kind in kinds:
        _kinds[kind.code] = kind


def every():
    return list(_kinds.values())


def decided():
    """Those on which the staff decide."""
    return [kind for kind in every() if kind.settle is None]


def of(application):
    return _kinds[application.kind]


def at(path):
    """The kind that stands at /wnioski/<path>/; raises Http404."""
    for kind in _kinds.values():
        if kind.path == path:
            return kind
    raise Http404

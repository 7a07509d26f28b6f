"""Kinds of application. The room that a kind belongs to registers it in `AppConfig.ready()`; none is named here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.http import Http404

from centrum.intake.models import Application


class Summary(NamedTuple):
    """What lists and letters need to know of the answers; each may be empty in a draft."""

    applicant: str
    place: str
    email: str


@dataclass(frozen=True)
class Step:
    """One page of a form: one subject. `form` is a StepForm over the typed model."""

    slug: str
    title: str
    form: type

    def is_begun(self, answers):
        return any(getattr(answers, name) not in (None, "") for name in self.form.base_fields)

    def is_done(self, answers):
        return all(getattr(answers, name) not in (None, "") for name in self.form.required_names())

    def rows(self, answers):
        """[(name of the field, label, answer in words)] of this page."""
        return [(name, field.label, _in_words(answers, name)) for name, field in self.form.base_fields.items()]


def _in_words(answers, name):
    in_words = getattr(answers, f"get_{name}_display", None)
    return in_words() if in_words else getattr(answers, name)


@dataclass(frozen=True)
class Kind:
    """One form of the portal and what accepting it does.

    `label` is the short name in lists, `path` the public address after /wnioski/, `series` that of its numbers,
    `answers` the name under which the typed model hangs on Application. `needs`: what to have at hand.
    `summary(answers)` → Summary. `accept_form(data, user=, application=)` asks what acceptance needs;
    `accept(application, by=, **cleaned_data)` does it, inside the transaction of the decision.
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
    accept_form: type
    accept: Callable
    minutes: int = 10

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

    def undone(self, answers):
        return [step for step in self.steps if not step.is_done(answers)]


_kinds: dict[str, Kind] = {}


def register(*kinds):
    for kind in kinds:
        _kinds[kind.code] = kind


def every():
    return list(_kinds.values())


def of(application):
    return _kinds[application.kind]


def at(path):
    """The kind that stands at /wnioski/<path>/; raises Http404."""
    for kind in _kinds.values():
        if kind.path == path:
            return kind
    raise Http404

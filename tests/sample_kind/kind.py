"""The forms of the kind, its checklist, the rule of its one file, and the declaration that ties them together.

A second kind, of the same answers, on which nobody decides: its sending settles it.
"""

from dataclasses import replace

from django import forms

from centrum.intake.forms import StepForm
from centrum.intake.kinds import AttachmentRule, CheckItem, Kind, Step, Summary
from centrum.kit.transitions import Refused
from tests.sample_kind.models import VisitRequest


class GroupForm(StepForm):
    class Meta:
        model = VisitRequest
        fields = ("name", "email")


class TripForm(StepForm):
    class Meta:
        model = VisitRequest
        fields = ("place", "people", "by_coach")
        widgets = {"by_coach": forms.RadioSelect}


VISIT = Kind(
    code="visit",
    title="Zgłoszenie na wizytę studyjną",
    label="wizyta",
    path="wizyty/zgloszenie",
    text="Dla grup, które chcą zobaczyć przedsiębiorstwo społeczne przy pracy.",
    needs=("nazwa grupy",),
    series="WIZ",
    answers="visit",
    steps=(Step("grupa", "Grupa", GroupForm), Step("wyjazd", "Wyjazd", TripForm)),
    summary=lambda answers: Summary(answers.name, answers.place, answers.email),
    attachments=(AttachmentRule("lista", "Lista uczestników", required=lambda answers: answers.by_coach == "yes"),),
    checklist=(
        CheckItem("host", "Przedsiębiorstwo zgadza się na wizytę."),
        CheckItem("size", "Grupa mieści się w autokarze."),
    ),
)


def settle(application):
    if application.visit.people > 40:
        raise Refused("Grupa nie mieści się w sali.")


OPEN_DAY = replace(
    VISIT,
    code="open_day",
    title="Zapis na dzień otwarty",
    label="dzień otwarty",
    path="wizyty/dzien-otwarty",
    series="DO",
    attachments=(),
    checklist=(),
    begins_at="portal:contact",
    settle=settle,
    outcome="components/_empty.html",
    told=lambda application: {"people": application.visit.people},
)

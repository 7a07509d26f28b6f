"""Enrolment in public: two kinds of the intake engine, which settle at once by taking seats (`capacity.enrol`)."""

from dataclasses import dataclass
from typing import ClassVar

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.intake import kinds
from centrum.intake.kinds import Kind, Step, Summary, TableStep, in_words
from centrum.kit.transitions import Refused
from trainings import capacity, notices, own, own_case
from trainings.enrolling_forms import NeedsForm, OrganisationForm, ParticipantForm, ParticipantRows, WhoForm
from trainings.enums import YesNo

SERIES = "ZS"
NO_NEEDS = {name: False for name in ("loop", "sign_language", "wheelchair", "large_print")} | {"diet": "", "other": ""}


@dataclass(frozen=True)
class RuledStep(Step):
    """A page that asks only what the rules of the event ask."""

    def is_begun(self, answers):
        return any(getattr(answers, name) not in (None, "") for name in self.form.names_for(answers.event))

    def is_done(self, answers):
        names = set(self.form.required_names()) & set(self.form.names_for(answers.event))
        return all(getattr(answers, name) not in (None, "") for name in names)

    def rows(self, answers):
        fields = self.form.base_fields
        names = self.form.names_for(answers.event)
        return [(name, fields[name].label, in_words(answers, name)) for name in names]


@dataclass(frozen=True)
class NeedsStep(Step):
    """What somebody needs: told in one line, and not at all once it has been sent, since it is kept elsewhere then."""

    def is_begun(self, answers):
        return bool(answers.has_needs)

    def rows(self, answers):
        label = self.form.base_fields["has_needs"].label
        if answers.complete:
            said = _now("The organiser alone sees it. Your own page shows and changes it.")
        else:
            said = answers.in_words() or answers.get_has_needs_display()
        return [("has_needs", label, said)]


@dataclass(frozen=True)
class ParticipantsStep(TableStep):
    """The people whom an organisation enrols."""

    formset: ClassVar = ParticipantRows

    def rows(self, answers):
        return [(self.slug, self.title, "\n".join(_line(row) for row in self.saved(answers)))]


def _line(participant):
    told = (participant, participant.email, participant.phone, participant.commune, participant.needs)
    return ", ".join(str(one) for one in told if one)


# What sending does


@transaction.atomic
def settle_person(application):
    """Give the applicant a seat or a place on the reserve list. Raises Refused."""
    answers = application.training_person
    person = _person(answers, answers.event) | {"organisation_name": answers.organisation_name}
    capacity.enrol(
        answers.event,
        by=None,
        application=application,
        wanted=answers.wanted,
        needs={name: getattr(answers, name) for name in NO_NEEDS},
        declares_pes=answers.declares_pes == YesNo.YES,
        email=answers.email.lower(),
        language=application.language,
        **person,
    )
    for name, empty in NO_NEEDS.items():
        setattr(answers, name, empty)
    answers.has_needs = ""
    answers.save()


@transaction.atomic
def settle_group(application):
    """Enrol everybody whom the organisation named, in that order, or nobody. Raises Refused, which names the person.

    The contact person gets the list besides, and the letters to those who have no e-mail of their own.
    """
    answers = application.training_group
    made = []
    for participant in answers.participants.select_related("commune"):
        try:
            made.append(
                capacity.enrol(
                    answers.event,
                    by=None,
                    application=application,
                    wanted=answers.wanted,
                    needs={"other": participant.needs},
                    declares_pes=answers.declares_pes == YesNo.YES,
                    email=(participant.email or answers.email).lower(),
                    language=application.language,
                    organisation_name=answers.name,
                    **_person(participant, answers.event),
                )
            )
        except Refused as refused:
            raise Refused(f"{participant}: {' '.join(refused.messages)}") from refused
        participant.needs = ""
        participant.save(update_fields=["needs"])
    notices.tell_contact(application, answers, lambda: [f"{one}: {standing(one)}" for one in made])


def standing(enrolment):
    """Where somebody stands, in words: a seat, or the place on the reserve list."""
    place = capacity.position(enrolment)
    if place is None:
        return enrolment.get_state_display()
    return _now("on the reserve list, place %(number)d") % {"number": place}


def _person(typed, event):
    """What enrolling takes of a typed person. Raises Refused for a case that is not theirs."""
    case = own_case.case_of(event, typed.case_number, typed.last_name) if typed.case_number else None
    return {
        "first_name": typed.first_name,
        "last_name": typed.last_name,
        "phone": typed.phone,
        "commune": typed.commune,
        "declares_at_risk": typed.declares_at_risk == YesNo.YES,
        "case": case,
    }


def told(application):
    """What the receipt tells: each person's standing; the link to their page where the letters go to the applicant."""
    people = list(application.enrolments.select_related("event", "group").order_by("pk"))
    for one in people:
        one.place = capacity.position(one)
        mine = one.email == application.email
        one.url = reverse("events:own", args=[own.token(one)]) if mine else ""
    return {"people": people, "event": people[0].event, "when": notices.when(people[0].event)}


_NEEDS = (_("an e-mail address that you read"),)
PERSON = Kind(
    code="training_person",
    title=_("Enrolment in a training event"),
    label=pgettext_lazy("kind of application", "enrolment of a person"),
    path="szkolenia/osoba",
    text=_("You enrol yourself in a training, a course, a study visit."),
    needs=_NEEDS,
    series=SERIES,
    answers="training_person",
    minutes=3,
    steps=(
        RuledStep("kim-jestes", _("Who you are"), WhoForm),
        NeedsStep("potrzeby", _("What you need"), NeedsForm),
    ),
    summary=lambda answers: Summary(str(answers), answers.commune.name if answers.commune else "", answers.email),
    begins_at="events:list",
    settle=settle_person,
    outcome="trainings/_outcome.html",
    told=told,
)
GROUP = Kind(
    code="training_group",
    title=_("Enrolment of people of an organisation"),
    label=pgettext_lazy("kind of application", "enrolment of a group"),
    path="szkolenia/organizacja",
    text=_("An organisation enrols its people in a training, a course, a study visit."),
    needs=(_("names of the people, who know that you enrol them"), *_NEEDS),
    series=SERIES,
    answers="training_group",
    minutes=5,
    steps=(
        RuledStep("organizacja", _("The organisation"), OrganisationForm),
        ParticipantsStep(
            "osoby",
            _("Who is coming"),
            ParticipantForm,
            rows_name="participants",
            one=_("Person"),
            add=_("Add another person"),
            text=_("Seats are given in this order. Each person gets a letter with a link to their own enrolment."),
            most=20,
        ),
    ),
    summary=lambda answers: Summary(answers.name, "", answers.email),
    begins_at="events:list",
    settle=settle_group,
    outcome="trainings/_outcome.html",
    told=told,
)
# the forms of "Whom do you enrol?"
BY_WHO = {"person": PERSON, "group": GROUP}


def register_kinds():
    kinds.register(PERSON, GROUP)

"""Applications on the way to a decision: declarations, checklists, opinions, the register beside what was typed."""

import datetime
from dataclasses import replace

from centrum.cases import applications
from centrum.intake import letters, review
from centrum.intake import services as intake
from centrum.intake.enums import ApplicationState, CheckVerdict, OpinionVerdict
from centrum.intake.kinds import of
from centrum.intake.models import Application
from centrum.kit import clock
from centrum.register.models import Organisation, Person


def tell(demo):
    day = demo.later(datetime.date(2026, 11, 20), -3, -3)
    waiting = Application.objects.filter(state=ApplicationState.VERIFICATION).order_by("id")
    begun, barred, judged, asked = list(waiting[:4])
    with clock.at(demo.moment(day)):
        half_checked(demo, begun)
        conflict(demo, barred)
        opinion(demo, judged, answer=True)
        opinion(demo, asked, answer=False)
        known_person(demo)
        known_organisation(demo)
        accepted_with_changes(demo)
        letter_in_other_words(demo)
        letters.save(
            next(row for row in letters.templates() if (row.code, row.language) == ("completed", "pl")),
            by=demo.coordinator,
            subject="{number}: mamy Twoje uzupełnienie wniosku",
            body="Dziękujemy za uzupełnienie wniosku {number}. Odpowiemy w ciągu kilku dni.\n\n"
            "Tu możesz sprawdzić, na jakim etapie jest wniosek (link działa do {until}):\n{link}\n\n--\n{contact}",
        )


def half_checked(demo, application):
    adviser = demo.staff["doradca"]
    codes = [point.code for point in of(application).checklist]
    answers = {code: (CheckVerdict.YES, "") for code in codes[:3]}
    answers[codes[5]] = (CheckVerdict.NO, "Telefon nie odpowiada, wysłano wiadomość.")
    review.save_checklist(application, by=adviser, answers=answers)


def conflict(demo, application):
    review.declare(application, by=demo.staff["animator"], conflict=True, text="Wnioskodawczyni jest moją kuzynką.")


def opinion(demo, application, *, answer):
    """The adviser asks a colleague, who has answered or has yet to; the coordinator asks the adviser in turn."""
    adviser, colleague, coordinator = demo.staff["doradca"], demo.staff["doradca2"], demo.coordinator
    question = "Czy pomysł da się utrzymać po zakończeniu wsparcia? Znasz tę branżę."
    asked = review.ask_opinion(application, by=adviser, of=colleague, question=question)
    if answer:
        demo.impartial(application, colleague)
        reasons = "Koszty są policzone ostrożnie, a odbiorcy znani. Warto umówić wizytę na miejscu."
        review.give_opinion(asked, by=colleague, verdict=OpinionVerdict.FOR, text=reasons)
    else:
        demo.impartial(application, coordinator)
        question = "Czy rozmowa z wnioskodawcą wystarczy, czy potrzebne są dokumenty?"
        review.ask_opinion(application, by=coordinator, of=demo.staff["animator"], question=question)


def _taken(demo, kind, pages):
    """A checked application in the adviser's hands, ready for the coordinator's decision."""
    adviser = demo.staff["doradca"]
    application = demo.apply(kind, pages, clock.today())
    demo.impartial(application, adviser)
    application = intake.take(application, by=adviser, assignee=adviser)
    demo.checked(application, by=adviser)
    return application


def _someone_known(demo, index):
    """(person of the register, the pages that they send: another phone and e-mail)."""
    person = Person.objects.filter(units=demo.units["swmp"], merged_into=None).order_by("id")[index]
    who = demo.someone() | {"first_name": person.first_name, "last_name": person.last_name, "phone": person.phone}
    return person, demo.person_pages(who)


def known_person(demo):
    _taken(demo, applications.PERSON, _someone_known(demo, 0)[1])


def known_organisation(demo):
    known = Organisation.objects.filter(units=demo.units["swmp"], merged_into=None).exclude(nip="").order_by("id")[0]
    names = ("name", "pes_type", "legal_form", "nip", "krs", "street", "building", "postal_code", "locality", "commune")
    body = {name: getattr(known, name) for name in names} | {"street": "Nowa", "building": "5"}
    _taken(demo, applications.ORGANISATION, demo.organisation_pages(body, demo.someone()))


def accepted_with_changes(demo):
    person, pages = _someone_known(demo, 2)
    application = _taken(demo, applications.PERSON, pages)
    demo.impartial(application, demo.coordinator)
    adviser = demo.staff["doradca"]
    intake.accept(
        application,
        by=demo.coordinator,
        unit=demo.units["swmp"],
        adviser=adviser,
        project=demo.project,
        person=person,
        take={"person": ["email"]},
        letter=letters.draft("accepted", application, adviser=adviser),
    )


def letter_in_other_words(demo):
    application = _taken(demo, applications.PERSON, demo.person_pages(demo.someone()))
    demo.impartial(application, demo.coordinator)
    reason = "Z opisu wynika, że szukasz dotacji na własną działalność. Tego nasz projekt nie obejmuje."
    letter = letters.draft("rejected", application, text=reason)
    more = "Takie dotacje daje powiatowy urząd pracy. Chętnie pomożemy przygotować wniosek.\n\n--\n"
    letter = replace(letter, body=letter.body.replace("--\n", more))
    intake.reject(application, by=demo.coordinator, reason=reason, letter=letter)

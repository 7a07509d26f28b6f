"""Initiative groups: before there was any call, from a draft to a case, with files and a completed table."""

import datetime

from centrum.cases.applications import GROUP
from centrum.intake import attachments, completion, letters
from centrum.intake import services as intake
from centrum.kit import clock
from centrum.portal.demo import papers
from centrum.register.models import Person

D = datetime.date
IDEAS = (  # name of the group, idea, what they would like to found
    ("Smaki znad Drawy", "Trzy sąsiadki chcą gotować obiady dla szkoły i seniorów.", "social_cooperative"),
    ("Rowerownia", "Naprawa i wypożyczalnia rowerów przy szlaku, z miejscami pracy dla młodych.", "company"),
    ("Ogród na Wzgórzu", "Wspólny ogród i warsztaty dla osób, które długo nie pracowały.", "association"),
    ("Druga Szansa Mebli", "Odnawiamy meble z wystawek i sprzedajemy je w internecie.", "social_cooperative"),
    ("Świetlica pod Lipą", "Popołudnia dla dzieci i kawiarenka prowadzona przez rodziców.", "foundation"),
    ("Nitka i Guzik", "Pracownia poprawek krawieckich z nauką szycia.", "unsure"),
    ("Czysta Puszcza", "Sprzątanie szlaków i domków, opieka nad zielenią.", "social_cooperative"),
    ("Teatr Sąsiedzki", "Spektakle i warsztaty z osobami starszymi.", "association"),
    ("Kuchnia Świata", "Pierogi i zupy gotowane przez osoby, które przyjechały do nas z daleka.", "other"),
)


def pages(demo, number, *, members=2, known=()):
    """{slug: answers} of a group; `known`: rows of the register who belong to it."""
    name, idea, planned = IDEAS[number]
    who = demo.someone()
    people = [{key: row[key] for key in _NAMES} for row in (demo.someone() for _member in range(members))]
    people += [{key: getattr(row, key) for key in _NAMES} for row in known]
    return {
        "pomysl": {"name": name, "idea": idea, "planned_pes_type": planned},
        "osoby": people,
        "miejsce": {key: who[key] for key in ("locality", "postal_code", "commune")},
        "kontakt": {key: who[key] for key in _NAMES},
    }


_NAMES = ("first_name", "last_name", "email", "phone")


def send(demo, answers, day, *uploads):
    """Send the application of a group on a day, with files that tell of its idea."""
    with clock.at(demo.moment(day, 9, 11)):
        draft = demo.draft(GROUP, answers)
        if uploads:
            attachments.add(draft, rule=GROUP.attachments[0], uploads=uploads)
        return demo.send(draft)


def taken(demo, application):
    """The application, in the adviser's hands."""
    adviser = demo.staff["doradca"]
    demo.impartial(application, adviser)
    return intake.take(application, by=adviser, assignee=adviser)


def accepted(demo, application):
    """The application, checked and accepted as that of a new group with a new contact person."""
    adviser = demo.staff["doradca"]
    demo.checked(application, by=adviser)
    demo.impartial(application, demo.coordinator)
    return intake.accept(
        application,
        by=demo.coordinator,
        unit=demo.units["swmp"],
        adviser=adviser,
        project=demo.project,
        person=None,
        organisation=None,
        letter=letters.draft("accepted", application, adviser=adviser),
    )


def tell(demo):
    """A group of which one member is in the register already, accepted after it had completed its table."""
    known = Person.objects.filter(units=demo.units["swmp"], merged_into=None).exclude(email="").order_by("pk")[5]
    story = papers.letter("Nasz pomysl", "Gotujemy od lat na festyny.", "Szkola chce 60 obiadow.", name="nasz pomysł")
    application = send(demo, pages(demo, 0, members=0, known=[known]), D(2026, 8, 17), story, papers.plan())
    with clock.at(demo.moment(D(2026, 8, 18))):
        application = taken(demo, application)
        text = "Dopiszcie wszystkie osoby z grupy i dołączcie list od szkoły, jeśli już jest."
        due = completion.default_day()
        letter = letters.draft("completion", application, text=text, due=due)
        application = completion.ask(
            application,
            by=demo.staff["doradca"],
            text=text,
            fields=["osoby"],
            attachments=["opis"],
            due_on=due,
            letter=letter,
        )
    with clock.at(demo.moment(D(2026, 8, 24))):
        everybody = pages(demo, 0, members=2, known=[known])["osoby"]
        application = intake.save_step(application, step=GROUP.step("osoby"), data=everybody)
        promise = papers.letter("Szkola w Dobiegniewie", "Chetnie zamowimy obiady.", name="list ze szkoły")
        application = intake.resubmit(attachments.add(application, rule=GROUP.attachments[0], uploads=[promise]))
    with clock.at(demo.moment(D(2026, 8, 27))):
        accepted(demo, application)

"""Consents given and withdrawn, and requests of data subjects: answered, refused, extended, nearly due and late."""

import datetime

from centrum.intake import consents
from centrum.intake.enums import ApplicationState
from centrum.intake.models import Application
from centrum.kit import clock
from centrum.register import dossier, requests
from centrum.register.enums import Channel, RequestKind
from centrum.register.models import Person

# received on, what is asked for, how it came, what they wrote
REQUESTS = (
    ("2026-09-07", RequestKind.ACCESS, Channel.EMAIL, "Proszę o kopię wszystkich moich danych."),
    ("2026-09-28", RequestKind.ERASURE, Channel.LETTER, "Zrezygnowałem z udziału, proszę usunąć moje dane."),
    ("2026-10-12", RequestKind.ACCESS, Channel.IN_PERSON, "Chcę wiedzieć, komu przekazano moje dane od 2024 roku."),
    ("2026-10-14", RequestKind.RECTIFICATION, Channel.PHONE, "Po ślubie zmieniło się nazwisko."),
    ("2026-10-26", RequestKind.OBJECTION, Channel.EMAIL, "Nie chcę być na zdjęciach ze szkoleń."),
    ("2026-11-16", RequestKind.PORTABILITY, Channel.EPUAP, "Proszę o dane z wniosku w pliku do odczytu maszynowego."),
)


def tell(demo):
    _consents_of_applicants(demo)
    _consents_told_to_staff(demo)
    _requests(demo)


def _consents_of_applicants(demo):
    """Every third applicant ticked something on the form; some have withdrawn by the link since."""
    texts = list(consents.texts())
    sent = Application.objects.exclude(state=ApplicationState.DRAFT).order_by("pk")
    for number, application in enumerate(sent[::3]):
        chosen = texts[number % 4 : number % 4 + 1 + number % 2]
        with clock.at(application.submitted_at):
            made = consents.give_all(chosen, application=application, language=application.language)
            if hasattr(application, "case"):
                consents.bind(application, application.case.person)
        if number % 4 == 1:
            day = demo.later(clock.local(application.submitted_at).date(), 1, 5)
            with clock.at(max(demo.moment(day), application.submitted_at)):
                consents.withdraw(made[0])


def _consents_told_to_staff(demo):
    adviser, officer = demo.staff["doradca"], demo.staff["iod"]
    people = list(Person.objects.filter(units=demo.units["swmp"]).order_by("pk")[:8])
    for number, person in enumerate(people):
        channel = (Channel.LETTER, Channel.PHONE, Channel.IN_PERSON)[number % 3]
        with clock.at(demo.moment(datetime.date(2026, 3, 2 + number))):
            chosen = list(consents.texts())[number % 3 : number % 3 + 2]
            made = consents.give_all(chosen, person=person, channel=channel, by=adviser, language="pl")
        if number % 3 == 0:
            with clock.at(demo.moment(datetime.date(2026, 9, 14 + number))):
                consents.withdraw(made[0], by=officer)


def _requests(demo):
    officer = demo.staff["iod"]
    people = list(Person.objects.filter(units=demo.units["swmp"]).exclude(email="").order_by("pk")[:6])
    noted = []
    for person, (day, kind, channel, text) in zip(people, REQUESTS, strict=True):
        day = datetime.date.fromisoformat(day)
        with clock.at(demo.moment(day)):
            noted.append(
                requests.receive(
                    by=officer,
                    kind=kind,
                    channel=channel,
                    name=str(person),
                    received_on=day,
                    text=text,
                    person=None if kind == RequestKind.RECTIFICATION else person,
                )
            )
    access, erasure, extended, _late, nearly_due, _fresh = noted
    with clock.at(demo.moment(datetime.date(2026, 9, 21))):
        access = requests.handle(access, by=officer)
        dossier.make(access.person, by=officer, reason=f"Odpowiedź na żądanie {access}")
        text = "W załączeniu przesyłamy kopię danych, które o Tobie mamy, z listą osób, które je otwierały."
        requests.answer(access, by=officer, text=text, mail=True)
    with clock.at(demo.moment(datetime.date(2026, 10, 19))):
        erasure = requests.handle(erasure, by=officer)
        text = (
            "Dokumenty projektu musimy przechowywać do czasu jego rozliczenia (art. 17 ust. 3 lit. b RODO), więc nie "
            "możemy ich teraz usunąć. Możesz złożyć skargę do Prezesa Urzędu Ochrony Danych Osobowych."
        )
        requests.refuse(erasure, by=officer, text=text, mail=True)
    with clock.at(demo.moment(datetime.date(2026, 11, 5))):
        extended = requests.handle(extended, by=officer)
        requests.handle(nearly_due, by=officer)
        requests.extend(
            extended,
            by=officer,
            due_on=requests.latest(extended),
            reason="Dane stoją także w papierowych aktach z lat 2016–2023, które musimy przejrzeć.",
            mail=True,
        )

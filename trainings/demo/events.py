"""Programmes, trainers, venues and events of the demo: all forms of education, past and to come, in every state.

Of the training of January 2011 the days, the place, the subject and the trainers are public; its hours are invented.
"""

import datetime

from centrum.cases.models import ServiceType
from centrum.kit import clock
from centrum.register import queries as register
from centrum.reporting.enums import ParticipationState
from centrum.reporting.models import Participation
from trainings import capacity, enrolments, events, people, programmes, sessions
from trainings.enums import EventState, Outcome, SeatKind, TrainingForm

D = datetime.date
F = TrainingForm
LAST_DAY = D(2026, 11, 20)
KNOWN = 3  # people of the register in each event that was held
TRAINERS = (  # invented, but for the two of 2011
    ("Ewa", "Modrzew", "spółdzielnie socjalne, statuty"),
    ("Jacek", "Olcha", "księgowość i podatki"),
    ("Halina", "Jarzębina", "zamówienia publiczne, klauzule społeczne"),
    ("Marek", "Cis", "promocja, media społecznościowe"),
    ("Barbara", "Sadowska", "partnerstwa na rzecz ekonomii społecznej"),
    ("Tomasz", "Sadowski", "partnerstwa na rzecz ekonomii społecznej"),
)
VENUES = (  # name, address, TERYT of the commune, access, rooms
    ("Centrum Ekonomii Solidarnej", "ul. Mickiewicza 7, 66-520 Dobiegniew", "0806013", "Podjazd, pętla indukcyjna.",
     (("sala szkoleniowa", 16), ("sala narad", 8))),
    ("Środowiskowy Dom Samopomocy", "Dobiegniew", "0806013", "Wejście bez progów, winda.", (("świetlica", 25),)),
    ("Biblioteka Publiczna", "ul. Kościuszki 3, 66-530 Drezdenko", "0806023", "Winda, toaleta dostosowana.",
     (("czytelnia", 30),)),
)  # fmt: skip
PROGRAMMES = (  # code, form, title, aims, for whom, hours, minutes, outcome, its name, kind of service
    ("start", F.TRAINING, "Jak założyć spółdzielnię socjalną",
     "Od pomysłu do wpisu do rejestru: statut, zarząd, pierwsze umowy.",
     "Grupy inicjatywne i osoby, które chcą pracować razem.", 16, 45, Outcome.COMPETENCE,
     "Zakładanie spółdzielni socjalnej", "szkolenie-zalozycielskie"),
    ("ksiegi", F.COURSE, "Księgowość w podmiocie ekonomii społecznej",
     "Zasady rachunkowości, podatki, sprawozdania. Ćwiczenia na prawdziwych dokumentach.",
     "Osoby prowadzące księgi w organizacjach i spółdzielniach.", 60, 45, Outcome.QUALIFICATION,
     "Samodzielny księgowy", "szkolenie-kadr"),
    ("klauzule", F.WORKSHOP, "Klauzule społeczne w zamówieniach",
     "Jak przygotować ofertę i jak rozmawiać z urzędem.", "Podmioty ekonomii społecznej i urzędy.", 8, 60,
     Outcome.NONE, "", "szkolenie-kadr"),
    ("prawo", F.GROUP_ADVICE, "Statut bez tajemnic",
     "Wspólna praca nad statutem pod okiem prawniczki.", "Grupy inicjatywne.", 4, 60, Outcome.NONE, "",
     "szkolenie-zalozycielskie"),
    ("wizyta", F.STUDY_VISIT, "Wizyta w centrum integracji społecznej",
     "Zobaczymy warsztaty i porozmawiamy z uczestnikami i kadrą.", "Animatorzy, liderzy grup.", 8, 60, Outcome.NONE,
     "", "wizyta-studyjna"),
    ("staz", F.INTERNSHIP, "Staż w przedsiębiorstwie społecznym",
     "Praca w kuchni, ogrodzie albo biurze przedsiębiorstwa społecznego pod opieką instruktora.",
     "Osoby zagrożone wykluczeniem.", 120, 60, Outcome.COMPETENCE, "Praca w zespole", "reintegracja-zawodowa"),
    ("studia", F.POSTGRADUATE, "Menedżer ekonomii społecznej",
     "Studia podyplomowe: zarządzanie, prawo, finanse, praca z ludźmi.", "Kadra podmiotów ekonomii społecznej.", 180,
     45, Outcome.QUALIFICATION, "Menedżer ekonomii społecznej", "szkolenie-kadr"),
    ("net", F.WEBINAR, "Fundusze i pożyczki dla podmiotów ekonomii społecznej",
     "Skąd wziąć pieniądze na rozwój i jak się przygotować do rozmowy.", "Wszyscy zainteresowani.", 2, 60,
     Outcome.NONE, "", "szkolenie-kadr"),
    ("forum", F.CONFERENCE, "Forum ekonomii społecznej powiatu",
     "Wystąpienia, targi i rozmowy przy stolikach.", "Mieszkańcy, samorządy, organizacje, firmy.", 6, 60,
     Outcome.NONE, "", ""),
)  # fmt: skip
ROOMS = {"duza": ("Centrum Ekonomii Solidarnej", "sala szkoleniowa"),
         "mala": ("Centrum Ekonomii Solidarnej", "sala narad"),
         "sds": ("Środowiskowy Dom Samopomocy", "świetlica"),
         "bib": ("Biblioteka Publiczna", "czytelnia")}  # fmt: skip
LINK = "https://spotkanie.example/ces"
# programme, first day, days of sessions (0: only its days), days in all, room or link, trainer, seats, state, extras
EVENTS = (
    ("start", D(2025, 3, 11), 2, 2, "duza", 0, 14, EventState.SETTLED, {}),
    ("klauzule", D(2025, 5, 20), 1, 1, "bib", 2, 20, EventState.SETTLED, {}),
    ("wizyta", D(2025, 9, 16), 1, 1, "sds", 0, 20, EventState.SETTLED, {}),
    ("net", D(2025, 10, 26), 1, 1, LINK, 1, 50, EventState.SETTLED, {}),
    ("ksiegi", D(2026, 2, 3), 5, 30, "duza", 1, 12, EventState.SETTLED, {}),
    ("prawo", D(2026, 3, 29), 1, 1, "mala", 0, 8, EventState.SETTLED, {}),
    ("forum", D(2026, 6, 12), 1, 1, "bib", 3, 30, EventState.SETTLED, {}),
    ("start", D(2026, 9, 8), 2, 2, "duza", 0, 14, EventState.SETTLED, {}),
    ("staz", D(2026, 9, 1), 0, 61, "", None, 6, EventState.RUNNING, {"only_at_risk": True}),
    ("klauzule", D(2026, 10, 6), 1, 1, "bib", 2, 20, EventState.CANCELLED, {}),
    ("studia", D(2026, 10, 10), 6, 90, "duza", 1, 16, EventState.RUNNING, {"only_pes": True}),
    ("prawo", D(2026, 11, 18), 1, 1, "mala", 0, 8, EventState.RUNNING, {}),
    ("net", D(2026, 11, 26), 1, 1, LINK, 1, 50, EventState.ENROLMENT, {}),
    ("klauzule", D(2026, 12, 3), 1, 1, "bib", 2, (8, 6), EventState.ENROLMENT, {}),
    ("start", D(2026, 12, 8), 2, 2, "duza", 0, 12, EventState.ENROLMENT, {}),
    ("prawo", D(2026, 12, 10), 1, 1, "mala", 0, 6, EventState.CLOSED, {}),
    ("ksiegi", D(2027, 1, 12), 5, 30, "duza", 1, 12, EventState.ENROLMENT, {"only_pes": True}),
    ("wizyta", D(2027, 1, 20), 1, 1, "sds", 0, 20, EventState.ENROLMENT, {"only_clients": True}),
    ("net", D(2027, 2, 4), 1, 1, LINK, 3, 50, EventState.PUBLISHED, {}),
    ("staz", D(2027, 3, 1), 0, 60, "", None, 6, EventState.PUBLISHED, {"only_at_risk": True}),
    ("forum", D(2027, 3, 28), 1, 1, "bib", 3, 30, EventState.DRAFT, {}),
    ("studia", D(2027, 10, 2), 6, 90, "duza", 1, 16, EventState.DRAFT, {"only_pes": True}),
)
_WAY = {
    EventState.DRAFT: (),
    EventState.PUBLISHED: ("publish",),
    EventState.ENROLMENT: ("publish", "open"),
    EventState.CLOSED: ("publish", "open", "close"),
    EventState.CANCELLED: ("publish", "open", "cancel"),
    EventState.RUNNING: ("publish", "open", "start"),
    EventState.SETTLED: ("publish", "open", "start", "settle"),
}


def tell(demo):
    by = demo.staff["animator"]
    with clock.at(demo.moment(D(2024, 11, 4))):
        trainers, rooms, catalogue = _people(by), _venues(demo, by), _catalogue(by)
    for code, first, held, days, place, trainer, seats, state, extras in EVENTS:
        led = [] if trainer is None else [trainers[trainer]]
        event = _event(demo, by, catalogue[code], first, held, days, rooms.get(place), place, led, seats, extras)
        _go(demo, event, by, state)
    _of_2011(demo, by, rooms["sds"], trainers[4:])


def _people(by):
    return [
        people.save_trainer(by=by, first_name=first, last_name=last, email="", phone="", subjects=subjects)
        for first, last, subjects in TRAINERS
    ]


def _venues(demo, by):
    made = {}
    for name, address, teryt, access, rooms in VENUES:
        venue = people.save_venue(by=by, name=name, address=address, commune=demo.communes.get(teryt), access=access)
        for room, seats in rooms:
            made[name, room] = people.save_room(venue, by=by, name=room, seats=seats)
    return {key: made[names] for key, names in ROOMS.items()}


def _catalogue(by):
    kinds = {kind.code: kind for kind in ServiceType.objects.all()}
    return {
        code: programmes.save(
            by=by,
            form=form,
            title=title,
            description=aims,
            target_group=target,
            hours=hours,
            hour_minutes=minutes,
            outcome=outcome,
            outcome_name=outcome_name,
            service_type=kinds.get(kind),
            minimum_attendance=80,
            materials="Skrypt i wzory dokumentów.",
            pre_test=code in ("start", "ksiegi"),
            post_test=code in ("start", "ksiegi"),
        )
        for code, form, title, aims, target, hours, minutes, outcome, outcome_name, kind in PROGRAMMES
    }


def _event(demo, by, programme, first, held, days, room, place, led, seats, extras):
    written = first - datetime.timedelta(days=70)
    with clock.at(demo.moment(min(written, LAST_DAY - datetime.timedelta(days=20)))):
        event = events.create_event(
            by=by,
            unit=by.unit,
            programme=programme,
            project=demo.project,
            budget_line="Zadanie 3, poz. 12",
            starts_on=first,
            ends_on=first + datetime.timedelta(days=days - 1),
            enrols_until=_at(first - datetime.timedelta(days=2), 20),
            **extras,
        )
        for number in range(held):
            day = first + datetime.timedelta(days=number * max(1, (days - 1) // max(held - 1, 1)))
            sessions.add(
                event,
                by=by,
                starts_at=_at(day, 17 if place == LINK else 9),
                ends_at=_at(day, 19 if place == LINK else 15),
                topic=f"Zjazd {number + 1}" if held > 1 else "",
                room=room,
                link=LINK if place == LINK else "",
                trainers=led,
            )
        groups = {SeatKind.PES: (seats[0], 0), SeatKind.PERSON: (seats[1], 0)} if isinstance(seats, tuple) else None
        capacity.set_seats(event, by=by, seats=groups or {SeatKind.ANY: (seats, 0)})
    return event


def _go(demo, event, by, state):
    """The steps of the event on their days; in what is over or running, people were enrolled by telephone before."""
    published = min(event.starts_on - datetime.timedelta(days=45), LAST_DAY - datetime.timedelta(days=15))
    moments = {
        "publish": _at(published, 9),
        "open": _at(published, 12),
        "start": _at(event.starts_on, 8),
        "settle": _at(event.ends_on + datetime.timedelta(days=3), 10),
        "cancel": _at(event.starts_on - datetime.timedelta(days=5), 12),
        "close": _at(LAST_DAY, 9),
    }
    for action in _WAY[state]:
        if action in ("start", "cancel"):
            _enrol(demo, event, by)
        with clock.at(moments[action]):
            reason = "Choroba prowadzącej." if action == "cancel" else ""
            event = events.step(event, action, by=by, reason=reason)


def _enrol(demo, event, by):
    group = event.groups.get()
    known = list(_of_the_project(event, by)[:KNOWN])
    for number in range(min(group.capacity, 12)):
        who = None if number < len(known) else demo.someone()
        with clock.at(_at(event.starts_on - datetime.timedelta(days=20), 9 + number // 2)):
            if who is None:
                declared = {"declares_pes": event.only_pes, "declares_at_risk": event.only_at_risk}
                enrolments.enrol_by_hand(event, by=by, person=known[number], **declared)
                continue
            made = capacity.enrol(
                event,
                by=by,
                declares_pes=event.only_pes,
                declares_at_risk=event.only_at_risk,
                **{name: who[name] for name in ("first_name", "last_name", "phone")},
                email=who["email"] if number % 4 else "",
            )
    with clock.at(_at(event.starts_on - datetime.timedelta(days=8), 10)):
        capacity.cancel(made, by=by, reason="Zmiana grafiku w pracy.")


def _of_the_project(event, by):
    """People who had entered the project of the event before it began, so that its hours stand in the EU file."""
    entered = Participation.objects.filter(
        project=event.project, state=ParticipationState.ENTERED, starts_on__lte=event.starts_on
    )
    return register.visible_people(by).filter(participations__in=entered).order_by("pk")


def _of_2011(demo, by, room, led):
    """Written down after the years: 13 and 14 January 2011, Dobiegniew."""
    with clock.at(demo.moment(D(2024, 12, 2))):
        event = events.create_event(
            by=by,
            unit=by.unit,
            form=F.TRAINING,
            title="Partnerstwa na rzecz ekonomii społecznej: dobre przykłady z Wielkopolski",
            description="Role centrum integracji społecznej i spółdzielni socjalnych.",
            target_group="Partnerzy z powiatu strzelecko-drezdeneckiego.",
            starts_on=D(2011, 1, 13),
            ends_on=D(2011, 1, 14),
        )
        for day in (13, 14):
            sessions.add(
                event,
                by=by,
                starts_at=_at(D(2011, 1, day), 9),
                ends_at=_at(D(2011, 1, day), 15),
                room=room,
                trainers=led,
            )
        capacity.set_seats(event, by=by, seats={SeatKind.ANY: (20, 0)})
        for action in ("publish", "start", "settle"):
            event = events.step(event, action, by=by)


def _at(day, hour):
    return datetime.datetime.combine(day, datetime.time(hour), clock.WARSAW)

"""Partnerships of the demo: two of public fact (a systemic project, a local partnership), one invented network.

Of the real ones only what is publicly stated stands here; which of them brings what is not, so it is left out.
"""

import datetime
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from centrum.intake import services as intake
from centrum.kit import clock, paper
from centrum.register import services as register
from centrum.register.enums import LegalForm, PesType
from centrum.register.models import Organisation, Person
from partners import agreements, commitments, meetings, programme, services
from partners.enums import MemberRole
from partners.joining import JOIN
from partners.models import Competence, Partnership, Representative

D = datetime.date
NATIONAL = (
    ("Departament Pożytku Publicznego Ministerstwa Pracy i Polityki Społecznej", LegalForm.PUBLIC, PesType.OTHER),
    ("Centrum Rozwoju Zasobów Ludzkich", LegalForm.PUBLIC, PesType.OTHER),
    ("Fundacja Pomocy Wzajemnej BARKA", LegalForm.FOUNDATION, PesType.NGO),
    ("Fundacja Fundusz Współpracy", LegalForm.FOUNDATION, PesType.NGO),
    ("Fundacja Inicjatyw Społeczno-Ekonomicznych", LegalForm.FOUNDATION, PesType.NGO),
    ("Instytut Spraw Publicznych", LegalForm.FOUNDATION, PesType.NGO),
    (
        "Małopolska Szkoła Administracji Publicznej, Uniwersytet Ekonomiczny w Krakowie",
        LegalForm.ORGANISATIONAL_UNIT,
        PesType.OTHER,
    ),
    ("Program Narodów Zjednoczonych ds. Rozwoju, UNDP", LegalForm.OTHER, PesType.OTHER),
    ("Związek Lustracyjny Spółdzielni Pracy", LegalForm.UNION, PesType.OTHER),
)
LOCAL = (
    ("Stowarzyszenie Wspierania Małej Przedsiębiorczości", LegalForm.ASSOCIATION, PesType.NGO),
    ("Środowiskowy Dom Samopomocy w Dobiegniewie", LegalForm.ORGANISATIONAL_UNIT, PesType.OTHER),
    ("Powiat Strzelecko-Drezdenecki", LegalForm.PUBLIC, PesType.LOCAL_GOVERNMENT),
    ("Gmina Dobiegniew", LegalForm.PUBLIC, PesType.LOCAL_GOVERNMENT),
)
PROJECT_BEGAN, PROJECT_ENDED = D(2009, 7, 1), D(2013, 12, 31)
FIRST_MEETING = D(2010, 12, 15)
WRITTEN_DOWN = D(2024, 1, 9)  # older partnerships come into the portal on this day
NETWORK_FOUNDED = D(2025, 3, 20)
BRINGS = (
    ("doradztwo-prawne", "doradztwo-finansowe"),
    ("szkolenia", "reintegracja"),
    ("lokal", "wolontariat"),
    ("promocja",),
    ("doradztwo-prawne", "zamowienia"),
)


def tell(demo):
    with clock.at(demo.moment(WRITTEN_DOWN)):
        _systemic(demo)
        _local(demo)
    _network(demo)
    _joining(demo)
    with clock.at(demo.moment(D(2026, 10, 6))):
        services.create_partnership(
            by=demo.staff["animator"],
            unit=demo.units["swmp"],
            name="Wspólna kuchnia w Drezdenku",
            kind="local",
            purpose="Stołówka prowadzona razem przez koło gospodyń, szkołę i spółdzielnię.",
        )


OBJECTIVES = (
    "Standardy jakości usług instytucji pomocy i integracji społecznej.",
    "Kompetentne kadry tych instytucji i ekonomii społecznej: szkolenia i kursy, doradztwo i studia podyplomowe, "
    "wizyty studyjne i staże.",
    "Profesjonalne wsparcie podmiotów ekonomii społecznej.",
    "Świadomość, że problemy można rozwiązywać narzędziami ekonomii społecznej.",
    "Silniejsze otoczenie instytucji ekonomii społecznej na poziomie lokalnym przez budowanie partnerstw.",
)
TASKS = (
    "Analiza sytuacji ekonomii społecznej w Polsce.",
    "Działająca infrastruktura wsparcia podmiotów ekonomii społecznej.",
    "Programy edukacji i szkoleń w zakresie ekonomii społecznej.",
    "Pozytywny wizerunek marki ekonomii społecznej.",
    "Promocja sektora.",
    "Standardy zakładania i prowadzenia podmiotów ekonomii społecznej.",
)


def _systemic(demo):
    by = demo.coordinator
    row = services.create_partnership(
        by=by,
        unit=demo.units["swmp"],
        name="Projekt 1.19 „Zintegrowany System Wsparcia Ekonomii Społecznej”",
        kind="project",
        purpose="Wyższy poziom rozwoju i lepsza kondycja sektora ekonomii społecznej w Polsce. "
        "Partnerstwo kompetencji: każdy partner wnosi własne umiejętności.",
        coordinator=by,
        public=True,
    )
    row = _agreed(row, by, PROJECT_BEGAN)
    roles = [MemberRole.INITIATOR, MemberRole.LEAD, *[MemberRole.PARTNER] * (len(NATIONAL) - 2)]
    for body, role in zip(NATIONAL, roles, strict=True):
        services.add_member(row, by=by, organisation=_organisation(demo, *body), role=role, valid_from=PROJECT_BEGAN)
    # which partner answers for which task is not stated publicly, so nobody is named
    for number, text in enumerate(OBJECTIVES, 1):
        programme.save_objective(row, by=by, number=number, text=text)
    for number, text in enumerate(TASKS, 1):
        programme.save_task(row, by=by, number=number, text=text)
    services.step(row, "end", by=by, ended_on=PROJECT_ENDED, reason="Projekt zakończony.")


def _local(demo):
    by = demo.staff["animator"]
    row = services.create_partnership(
        by=by,
        unit=demo.units["swmp"],
        name="Partnerstwo lokalne powiatu strzelecko-drezdeneckiego",
        kind="local",
        purpose="Centrum Ekonomii Solidarnej w Dobiegniewie: ośrodek wsparcia ekonomii społecznej "
        "oraz fundusz pożyczkowy i poręczeniowy.",
        coordinator=by,
        public=True,
    )
    row = _agreed(row, by, FIRST_MEETING)
    services.add_area(row, by=by, teryt="0806", name="strzelecko-drezdenecki")
    seat = {"locality": "Dobiegniew", "postal_code": "66-520", "commune": demo.communes["0806013"]}
    for body in LOCAL:
        role = MemberRole.INITIATOR if body is LOCAL[0] else MemberRole.PARTNER
        organisation = _organisation(demo, *body, **(seat if body is not LOCAL[2] else {}))
        services.add_member(row, by=by, organisation=organisation, role=role, valid_from=FIRST_MEETING)
    # days, places and trainers are public; hours are not, so they are those of a day's work
    first = meetings.plan(
        row,
        by=by,
        kind="meeting",
        title="Pierwsze spotkanie partnerów",
        place="Środowiskowy Dom Samopomocy w Dobiegniewie",
        starts_at=_hour(FIRST_MEETING, 10),
        ends_at=_hour(FIRST_MEETING, 14),
    )
    training = meetings.plan(
        row,
        by=by,
        kind="training",
        title="Dobre przykłady partnerstw na rzecz ekonomii społecznej z Wielkopolski",
        agenda="Rola Centrum Integracji Społecznej i spółdzielni socjalnych.",
        place="Dobiegniew",
        led_by="Barbara i Tomasz Sadowscy, Fundacja Pomocy Wzajemnej Barka",
        starts_at=_hour(D(2011, 1, 13), 9),
        ends_at=_hour(D(2011, 1, 14), 15),
    )
    for meeting in (first, training):
        meetings.step(meeting, "hold", by=by)


def _hour(day, hour):
    return datetime.datetime.combine(day, datetime.time(hour), clock.WARSAW)


def _network(demo):
    """An invented network of organisations of the demo, with what they bring and who speaks for them."""
    by = demo.staff["animator"]
    bodies = Organisation.objects.filter(units=demo.units["swmp"], merged_into=None, nip__gt="", contacts=None)
    people = Person.objects.filter(units=demo.units["swmp"], merged_into=None).order_by("pk")
    with clock.at(demo.moment(D(2025, 2, 11))):
        row = services.create_partnership(
            by=by,
            unit=demo.units["swmp"],
            name="Sieć Nadnotecka",
            kind="network",
            purpose="Wspólne oferty, wymiana zleceń i doradztwo między członkami.",
            coordinator=by,
            public=True,
        )
    with clock.at(demo.moment(demo.later(NETWORK_FOUNDED, 1, 4))):
        row = _agreed(row, by, NETWORK_FOUNDED)
        for teryt in ("0806013", "0806023", "0806043"):
            services.add_area(row, by=by, teryt=teryt, name=str(demo.communes[teryt]))
        found = zip(bodies.order_by("pk")[: len(BRINGS)], people[: len(BRINGS)], BRINGS, strict=True)
        members = [_member(row, by, n, *one) for n, one in enumerate(found)]
        offers = programme.save_task(row, by=by, number=1, text="Wspólne oferty dla samorządów", responsible=members[0])
        advice = programme.save_task(row, by=by, number=2, text="Doradztwo między członkami", responsible=members[3])
        plans = (
            (offers, "złożone wspólne oferty", "szt.", 12, D(2026, 12, 31)),
            (offers, "katalog usług sieci", "", 1, D(2025, 9, 30)),
            (advice, "godziny doradztwa", "godz.", 80, D(2026, 9, 30)),
        )
        made = [
            programme.save_milestone(task, by=by, name=name, unit=unit, planned=planned, planned_on=day)
            for task, name, unit, planned, day in plans
        ]
    with clock.at(demo.moment(D(2026, 10, 30))):
        for milestone, reached, day in zip(made, (7, 1, 52), (30, 12, 30), strict=True):
            programme.note_reached(milestone, by=by, reached=reached, on=D(2026, 10, day))
    with clock.at(demo.moment(D(2026, 6, 30))):
        services.end_member(members[-1], by=by, valid_to=D(2026, 7, 1), leaving="Organizacja kończy działalność.")
    _agreements(demo, row, by, members)
    _meetings(demo, row, by, members)


def _agreements(demo, row, by, members):
    """A letter of intent that is over, an agreement with money that ends soon, the draft of an annex to it."""
    speaking = [
        one
        for member in members[:-1]
        for one in member.representatives.filter(signs=True, valid_to=None).order_by("pk")
    ]
    with clock.at(demo.moment(demo.later(NETWORK_FOUNDED, 1, 4))):
        letter = agreements.draft(
            row,
            by=by,
            kind="intent",
            title="List intencyjny członków sieci",
            valid_from=NETWORK_FOUNDED,
            valid_to=D(2025, 10, 1),
        )
        agreements.add_version(letter, by=by, text="Strony chcą wspólnie składać oferty i wymieniać doradztwo.")
        _signed(letter, by, speaking, NETWORK_FOUNDED)
    with clock.at(demo.moment(D(2025, 10, 2))):
        agreement = agreements.draft(
            row,
            by=by,
            kind="partnership",
            title="Umowa partnerstwa na wspólne oferty",
            valid_from=D(2025, 10, 1),
            valid_to=D(2027, 1, 1),
        )
        agreements.add_version(agreement, by=by, text="Udziały po równo.", note="pierwszy projekt")
        agreements.add_version(agreement, by=by, text="Udziały według liczby zleceń.", note="udziały według zleceń")
        amounts = (Decimal("24000.00"), Decimal("13500.00"), Decimal("10500.00"))
        shares = dict(zip([one.membership for one in speaking], amounts, strict=True))
        agreement = agreements.set_shares(agreement, by=by, total=sum(amounts), shares=shares)
        agreement = _signed(agreement, by, speaking, D(2025, 10, 1))
    with clock.at(demo.moment(D(2026, 11, 12))):
        annex = agreements.draft(
            row,
            by=by,
            kind="annex",
            title="Przedłużenie umowy o rok",
            amends=agreement,
            valid_from=D(2027, 1, 1),
            valid_to=D(2028, 1, 1),
        )
        agreements.add_version(annex, by=by, text="Umowę przedłuża się do 31 grudnia 2027 r.")
        agreements.remind()


def _signed(agreement, by, speaking, day):
    for one in speaking:
        agreements.add_signatory(agreement, by=by, representative=one)
    with translation.override("pl"):
        sheet = paper.pdf(
            "minutes.typ",
            {
                "title": str(agreement),
                "subtitle": str(agreement.partnership),
                "facts": [],
                "texts": [],
                "lists": [],
                "signatures": [str(one) for one in speaking],
            },
        )
    file = SimpleUploadedFile(f"{agreement.number.replace('/', '-')}.pdf", sheet, "application/pdf")
    return agreements.step(agreement, "sign", by=by, signed_on=day, file=file)


def _meetings(demo, row, by, members):
    """A visit that took place with its minutes, a workshop to come with answers, one that was called off."""
    speaking = list(Representative.objects.filter(membership__in=members[:-1]).order_by("pk"))
    with clock.at(demo.moment(D(2026, 9, 1))):
        visit = meetings.plan(
            row,
            by=by,
            kind="study_visit",
            title="Wizyta w zakładzie aktywności zawodowej",
            agenda="1. Pralnia i kuchnia zakładu\n2. Rozmowa z pracownikami\n3. Co możemy zrobić wspólnie",
            place="Drezdenko, zakład aktywności zawodowej",
            starts_at=_hour(D(2026, 9, 24), 9),
            ends_at=_hour(D(2026, 9, 24), 13),
        )
        meetings.invite(visit, by=by, representatives=speaking)
        off = meetings.plan(
            row,
            by=by,
            kind="meeting",
            title="Spotkanie w sprawie wspólnej oferty",
            place="Dobiegniew, sala Centrum",
            starts_at=_hour(D(2026, 10, 8), 10),
            ends_at=_hour(D(2026, 10, 8), 12),
        )
        meetings.invite(off, by=by, representatives=speaking)
    with clock.at(demo.moment(D(2026, 9, 25))):
        meetings.step(visit, "hold", by=by)
        there = {one.pk for one in meetings.invitations_of(visit)[:3]}
        meetings.note_attendance(visit, by=by, present=there)
        meetings.write_minutes(visit, by=by, text="Obejrzeliśmy pralnię i kuchnię zakładu.", seen=0)
        text = "Obejrzeliśmy pralnię i kuchnię zakładu. Rozmawialiśmy o wspólnym praniu dla członków sieci."
        meetings.write_minutes(visit, by=by, text=text, seen=1)
        meetings.save_decision(visit, by=by, number=1, text="Sieć zleca pranie zakładowi na trzymiesięczną próbę.")
        done, _late, _soon = (
            commitments.promise(row, by=by, membership=member, text=what, due_on=day, meeting=visit)
            for member, what, day in (
                (members[0], "Przygotować umowę na pranie", D(2026, 10, 9)),
                (members[1], "Zebrać od członków ilości prania", D(2026, 10, 30)),
                (members[3], "Sprawdzić klauzule społeczne w zamówieniach gmin", D(2026, 11, 25)),
            )
        )
    with clock.at(demo.moment(D(2026, 10, 5))):
        meetings.step(off, "cancel", by=by, reason="Zamawiający przesunął termin składania ofert.")
        commitments.step(done, "finish", by=by, done_on=D(2026, 10, 5))
    with clock.at(demo.moment(D(2026, 11, 16))):
        workshop = meetings.plan(
            row,
            by=by,
            kind="workshop",
            title="Warsztat: wspólne oferty krok po kroku",
            agenda="1. Konsorcjum\n2. Kosztorys\n3. Ćwiczenie",
            place="Dobiegniew, sala Centrum",
            starts_at=_hour(D(2026, 12, 9), 9),
            ends_at=_hour(D(2026, 12, 9), 15),
        )
        meetings.invite(workshop, by=by, representatives=speaking)
        first, second = meetings.invitations_of(workshop)[:2]
        meetings.answer(first, "yes")
        meetings.answer(second, "no")
        commitments.remind()


def _joining(demo):
    """One organisation waits for an answer, another began a partnership of its own."""
    boss = demo.coordinator
    network = Partnership.objects.get(name="Sieć Nadnotecka")
    waiting = {
        "partnership": network,
        "purpose": "Chcemy wspólnie z członkami sieci składać oferty na catering.",
        "brings": "Kuchnia przy szkole i dwie kucharki.",
    }
    _applied(demo, "Fundacja „Wspólny Stół”", waiting, D(2026, 11, 16))
    new = {
        "partnership": None,
        "purpose": "Świetlica i ogród prowadzone razem z sołectwem.",
        "brings": "Lokal, narzędzia i wolontariusze.",
    }
    application = _applied(demo, "Stowarzyszenie „Nasza Świetlica”", new, D(2026, 10, 12))
    with clock.at(demo.moment(D(2026, 10, 15))):
        demo.impartial(application, boss)
        application = intake.take(application, by=boss, assignee=boss)
        demo.checked(application, by=boss)
    with clock.at(demo.moment(D(2026, 10, 21))):
        intake.accept(application, by=boss, unit=boss.unit, adviser=boss, organisation=None, person=None)


def _applied(demo, name, said, day):
    who = demo.someone()
    pages = {
        "cel": said,
        "organizacja": {
            "name": name,
            "pes_type": PesType.NGO,
            "legal_form": LegalForm.ASSOCIATION if name.startswith("Stow") else LegalForm.FOUNDATION,
            "nip": demo.nip(),
        },
        "miejsce": {"locality": who["locality"], "commune": who["commune"]},
        "kontakt": {
            "contact_first_name": who["first_name"],
            "contact_last_name": who["last_name"],
            "email": who["email"],
            "phone": who["phone"],
        },
    }
    return demo.apply(JOIN, pages, day)


def _member(row, by, number, organisation, person, brings):
    role = MemberRole.LEAD if number == 0 else MemberRole.SUPPORTING if number == 3 else MemberRole.PARTNER
    member = services.add_member(
        row,
        by=by,
        organisation=organisation,
        role=role,
        valid_from=NETWORK_FOUNDED,
        competences=Competence.objects.filter(code__in=brings),
    )
    services.add_representative(member, by=by, person=person, valid_from=NETWORK_FOUNDED, signs=number != 2)
    return member


def _agreed(row, by, founded_on):
    row = services.step(row, "form", by=by)
    row = services.step(row, "agree", by=by, founded_on=founded_on)
    return services.step(row, "start", by=by)


def _organisation(demo, name, legal_form, pes_type, **seat):
    return register.create_organisation(
        by=demo.coordinator, unit=demo.units["swmp"], name=name, legal_form=legal_form, pes_type=pes_type, **seat
    )

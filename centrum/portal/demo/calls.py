"""Calls for initiative groups: one closed, with its main and its reserve list, one open; what follows decisions."""

import datetime

from centrum.cases.applications import GROUP, ORGANISATION, PERSON
from centrum.intake import appeals, calls, completion, letters
from centrum.intake import services as intake
from centrum.kit import clock
from centrum.portal.demo import groups, papers
from centrum.register.enums import LegalForm, PesType

D = datetime.date


def _noon(day):
    return datetime.datetime.combine(day, datetime.time(12), clock.WARSAW)


def tell(demo):
    announced(demo)
    closed_call(demo)
    open_call(demo)
    waits_for_a_paper(demo)
    appealed(demo)
    with clock.at(demo.moment(D(2026, 11, 18))):
        intake.withdraw(demo.apply(PERSON, demo.person_pages(demo.someone()), D(2026, 11, 16)))


def announced(demo):
    with clock.at(demo.moment(D(2026, 8, 31))):
        calls.create(
            by=demo.coordinator,
            kind=GROUP.code,
            name="Nabór grup inicjatywnych – jesień 2026",
            text="Dla osób z powiatów północnej części województwa, które chcą razem założyć podmiot ekonomii "
            "społecznej. Przyjmiemy dwie grupy, dwie kolejne wpiszemy na listę rezerwową.",
            opens_at=_noon(D(2026, 9, 7)),
            closes_at=_noon(D(2026, 9, 18)),
            places=2,
            reserve_places=2,
        )
        calls.create(
            by=demo.coordinator,
            kind=GROUP.code,
            name="Nabór grup inicjatywnych – 2026 i 2027",
            text="Wnioski oceniamy w kolejności, w jakiej przychodzą, aż do wyczerpania miejsc.",
            opens_at=_noon(D(2026, 10, 12)),
            closes_at=_noon(D(2027, 12, 17)),
            places=8,
            reserve_places=4,
        )


def closed_call(demo):
    """Two accepted, two on the reserve list, one rejected, whose appeal was dismissed."""
    sent = [groups.send(demo, groups.pages(demo, n), demo.later(D(2026, 9, 8), n, n)) for n in range(1, 6)]
    with clock.at(demo.moment(D(2026, 9, 22))):
        sent = [groups.taken(demo, application) for application in sent]
    with clock.at(demo.moment(D(2026, 9, 29))):
        for application in sent[:2]:
            groups.accepted(demo, application)
        for application in sent[2:]:
            demo.impartial(application, demo.coordinator)
        for application in sent[2:4]:
            _decide(demo, application, "reserved", intake.reserve, "Miejsca w naborze są zajęte. Jesteście na liście.")
        reason = "Pomysł to działalność jednej osoby, a nabór jest dla grup."
        rejected = _decide(demo, sent[4], "rejected", intake.reject, reason)
    with clock.at(demo.moment(D(2026, 10, 2))):
        appeal = appeals.submit(rejected, text="W grupie są trzy osoby, wszystkie podaliśmy we wniosku.")
    with clock.at(demo.moment(D(2026, 10, 8))):
        judge = demo.staff["kierownik"]
        demo.impartial(appeal, judge)
        reason = "Dwie z podanych osób nie wiedziały o wniosku. Zapraszamy na spotkanie, a potem do kolejnego naboru."
        _decide(demo, appeal, "dismissed", appeals.dismiss, reason, by=judge)


def _decide(demo, application, code, service, reason, by=None):
    letter = letters.draft(code, application, text=reason)
    return service(application, by=by or demo.coordinator, reason=reason, letter=letter)


def open_call(demo):
    """One new application with files, one in work, one draft."""
    groups.send(demo, groups.pages(demo, 6), D(2026, 11, 18), papers.plan())
    begun = groups.send(demo, groups.pages(demo, 7), D(2026, 11, 12))
    with clock.at(demo.moment(D(2026, 11, 13))):
        groups.taken(demo, begun)
    with clock.at(demo.moment(D(2026, 11, 19))):
        some = {slug: data for slug, data in groups.pages(demo, 8).items() if slug != "miejsce"}
        intake.send_resume_link(demo.draft(GROUP, some))


def waits_for_a_paper(demo):
    """An organisation without a KRS number, asked for a better paper, and given more time."""
    body = {
        "name": "Koło Gospodyń Wiejskich „Piwonie”",
        "legal_form": LegalForm.KGW,
        "pes_type": PesType.NGO,
        "nip": demo.nip(),
        "krs": "",
    }
    who = demo.someone()
    body |= {name: who[name] for name in ("street", "building", "postal_code", "locality", "commune")}
    application = demo.apply(ORGANISATION, demo.organisation_pages(body, who), D(2026, 11, 4))
    adviser, text = demo.staff["doradca"], "Dołącz aktualny wypis z rejestru kół gospodyń. Statut jest z 2019 roku."
    with clock.at(demo.moment(D(2026, 11, 6))):
        application = groups.taken(demo, application)
        due = completion.default_day()
        letter = letters.draft("completion", application, text=text, due=due)
        application = completion.ask(
            application,
            by=adviser,
            text=text,
            fields=["contact_role"],
            attachments=["reprezentacja"],
            due_on=due,
            letter=letter,
        )
    with clock.at(demo.moment(D(2026, 11, 17))):
        later = due + datetime.timedelta(days=14)
        letter = letters.draft("completion", application, text=text, due=later)
        completion.extend(application, by=adviser, due_on=later, letter=letter)


def appealed(demo):
    """An appeal that waits for a decision, and one that was upheld: that application is verified anew."""
    reason = "Z opisu nie wynika, że mieszkasz na obszarze projektu."
    for text, upheld in (
        ("Mieszkam w Drezdenku od roku, mam umowę najmu.", False),
        ("W Strzelcach prowadzę działalność, to jest obszar projektu.", True),
    ):
        application = demo.apply(PERSON, demo.person_pages(demo.someone()), D(2026, 11, 9))
        with clock.at(demo.moment(D(2026, 11, 12))):
            application = groups.taken(demo, application)
            demo.impartial(application, demo.coordinator)
            application = _decide(demo, application, "rejected", intake.reject, reason)
        with clock.at(demo.moment(D(2026, 11, 17))):
            application = appeals.submit(application, text=text)
        if upheld:
            with clock.at(demo.moment(D(2026, 11, 19))):
                judge = demo.staff["kierownik"]
                demo.impartial(application, judge)
                words = "Masz rację. Wracamy do sprawdzania wniosku i odezwiemy się w tym tygodniu."
                _decide(demo, application, "upheld", appeals.uphold, words, by=judge)

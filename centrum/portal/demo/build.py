"""Tell the demo's history through the services of the house, on the days on which it happened.

The same data come out at every run: one seeded source of chance, one fixed last day.
"""

import datetime
import random
import unicodedata
import uuid

from django.db import transaction
from stdnum.pl import nip as nip_rules
from stdnum.pl import pesel as pesel_rules

from centrum.cases import applications
from centrum.cases import queries as cases_queries
from centrum.cases import services as cases
from centrum.cases.enums import CaseState, EnterpriseStatus, HelpKind, HourKind, OrganisationHelpKind, ServiceForm
from centrum.cases.models import Case, ServiceType
from centrum.intake import attachments, completion, kinds, letters, review
from centrum.intake import queries as intake_queries
from centrum.intake import services as intake
from centrum.intake.enums import CheckVerdict
from centrum.kit import clock, exports, registry
from centrum.kit.history import author
from centrum.portal.demo import calls, doubles, enterprises, groups, names, office, papers, people, privacy, signing
from centrum.portal.demo import review as reviews
from centrum.register import services as register
from centrum.register.enums import IdentifierKind, LegalForm
from centrum.register.models import Commune
from centrum.reporting import services as reporting
from centrum.reporting.enums import ParticipationState
from centrum.reporting.models import Project
from centrum.staff import services as staff
from centrum.staff.enums import Role, Scope, UnitKind
from centrum.staff.models import Unit, User

LAST_DAY = datetime.date(2026, 11, 20)  # a Friday
PASSWORD = "centrum-demo-2026"  # noqa: S105 - printed with the accounts, good for the demo only

ACCOUNTS = (  # e-mail, first name, surname, role, unit, job
    ("doradca@demo.example", "Anna", "Lis", Role.ADVISER, "swmp", "doradczyni kluczowa"),
    ("doradca2@demo.example", "Paweł", "Zając", Role.ADVISER, "swmp", "doradca biznesowy"),
    ("animator@demo.example", "Marta", "Święcicka", Role.ADVISER, "swmp", "animatorka"),
    ("koordynator@demo.example", "Krystyna", "Śmigiel", Role.COORDINATOR, "swmp", "koordynatorka projektu"),
    ("pozyczki@demo.example", "Halina", "Skarb", Role.LOAN_OFFICER, "swmp", "specjalistka do spraw pożyczek"),
    ("pozyczki2@demo.example", "Tomasz", "Waga", Role.LOAN_OFFICER, "swmp", "analityk"),
    ("kierownik@demo.example", "Jerzy", "Król", Role.MANAGER, "swmp", "kierownik OWES"),
    ("ksiegowosc@demo.example", "Barbara", "Grosz", Role.ACCOUNTANT, "swmp", "księgowa"),
    ("kontroler@demo.example", "Teodor", "Bystry", Role.AUDITOR, "swmp", "kontroler"),
    ("iod@demo.example", "Nina", "Cicha", Role.DATA_PROTECTION, "swmp", "inspektorka ochrony danych"),
    ("administrator@demo.example", "Igor", "Klucz", Role.ADMINISTRATOR, "swmp", "administrator systemu"),
    ("partner-doradca@demo.example", "Ewa", "Wilga", Role.ADVISER, "krag", "doradczyni kluczowa"),
    ("partner@demo.example", "Roman", "Dąb", Role.COORDINATOR, "krag", "koordynator partnera"),
)

# state of the case on the last day → how many
CASES = {
    CaseState.OPENED: 5,
    CaseState.DIAGNOSIS: 5,
    CaseState.PLAN_APPROVAL: 5,
    CaseState.ACTIVE: 19,
    CaseState.SUSPENDED: 4,
    CaseState.CLOSING: 4,
    CaseState.COMPLETED: 9,
    CaseState.ENDED_EARLY: 4,
    CaseState.BROKEN_OFF: 4,
    CaseState.RESIGNED: 4,
    CaseState.ARCHIVED: 5,
}
CLOSED = {
    CaseState.COMPLETED: "complete",
    CaseState.ENDED_EARLY: "end_early",
    CaseState.BROKEN_OFF: "break_off",
    CaseState.ARCHIVED: "complete",
}
STATUSES = (
    ("unemployed", "long_term_unemployed"),
    ("unemployed", "unemployed_other"),
    ("inactive", "not_in_education"),
    ("employed", "ngo"),
    ("employed", "msme"),
)
EDUCATIONS = ("isced_0_2", "isced_3_4", "isced_3_4", "isced_5_8")
EXITS = ("job_or_self_employment", "competences", "qualification", "no_change", "monitored")

# modules of this package whose tell(demo) adds the history of one subject, in this order
PARTS = (privacy, doubles, people, enterprises, office, reviews, groups, calls, signing)


def build():
    """Fill an empty database. Takes some tens of seconds; the history is told whole or not at all."""
    demo = Demo()
    with author(command="populate_demo"), transaction.atomic():
        demo.tell()
    demo.export()  # in a transaction of its own: an export sees one moment of the database


class Demo:
    papers = papers  # files of applicants, for the wings

    def __init__(self):
        self.random = random.Random(20261120)  # noqa: S311 - chance for a story, not for a secret
        self.serial = 0
        self.communes = {c.teryt: c for c in Commune.objects.all()}
        self.types = list(ServiceType.objects.order_by("group", "code"))
        self.bodies = iter(names.ORGANISATIONS)

    def tell(self):
        self.offices()
        self.register_before()
        self.cases()
        self.applications()
        for part in (*PARTS, *registry.stories()):
            part.tell(self)
        self.old.closed_on = self.old.ends_on
        self.old.save()

    def export(self):
        for name in ("smefs_participants", "services_register"):
            made = exports.export(
                exports.find(name),
                project=self.project,
                day=datetime.date(2026, 10, 31),
                by=self.coordinator,
                reason="Wniosek o płatność za październik 2026",
            )
            made.file.close()

    # the house

    def offices(self):
        swmp = Unit.objects.create(
            code="swmp", name="Stowarzyszenie Wspierania Małej Przedsiębiorczości", kind=UnitKind.LEAD
        )
        krag = Unit.objects.create(code="krag", name="SPSS „Krąg”", kind=UnitKind.PARTNER)
        Unit.objects.create(
            code="zielona-dolina", name="Stowarzyszenie „Zielona Dolina Odry i Warty”", kind=UnitKind.PARTNER
        )
        self.units = {"swmp": swmp, "krag": krag}
        self.old = Project.objects.create(
            number="RPLB.07.06.01-08-0001/15",
            title="Lubuski Ośrodek Wsparcia Ekonomii Społecznej w Gorzowie Wielkopolskim",
            programme="Regionalny Program Operacyjny – Lubuskie 2020",
            starts_on=datetime.date(2015, 9, 1),
            ends_on=datetime.date(2023, 12, 31),
        )
        self.project = Project.objects.create(
            number="FELB.06.10-IZ.00-0007/24",
            title="Ośrodek Wsparcia Ekonomii Społecznej w Gorzowie Wielkopolskim",
            programme="Fundusze Europejskie dla Lubuskiego 2021-2027, działanie 6.10",
            starts_on=datetime.date(2024, 1, 1),
            ends_on=datetime.date(2029, 6, 30),
        )
        self.staff = {}
        for email, first, last, role, unit, job in ACCOUNTS:
            user = User(email=email, first_name=first, last_name=last, role=role, unit=self.units[unit], job=job)
            user.set_password(PASSWORD)
            user.save()
            self.staff[email.split("@")[0]] = user
            if role != Role.ADMINISTRATOR:
                for scope in Scope:
                    staff.authorise(user, by=None, scope=scope, valid_from=self.old.starts_on)
            if role != Role.ADMINISTRATOR:
                user.projects.set([self.project, self.old])
        self.coordinator = self.staff["koordynator"]

    def advisers(self, unit):
        return [u for u in self.staff.values() if u.role == Role.ADVISER and u.unit == unit]

    def approver(self, unit):
        return self.coordinator if unit == self.units["swmp"] else self.staff["partner"]

    # chance

    def moment(self, day, earliest=9, latest=15):
        """A moment of the working hours of a day."""
        clock_time = datetime.time(self.random.randint(earliest, latest), self.random.choice((0, 10, 20, 30, 45)))
        return datetime.datetime.combine(day, clock_time, clock.WARSAW)

    def later(self, day, least, most):
        """A working day between `least` and `most` days after `day`, never after the last day."""
        day = min(day + datetime.timedelta(days=self.random.randint(least, most)), LAST_DAY)
        return day - datetime.timedelta(days=max(0, day.weekday() - 4))

    def someone(self):
        """An invented person: names, sex, birth date, PESEL, contact, place."""
        self.serial += 1
        sex = self.random.choice("fm")
        first = self.random.choice(names.WOMEN if sex == "f" else names.MEN)
        last = self.random.choice(names.SURNAMES)
        birth = datetime.date(1958, 1, 1) + datetime.timedelta(days=self.random.randint(0, 44 * 365))
        teryt, locality, postal_code = self.random.choice(names.PLACES)
        return {
            "first_name": first,
            "last_name": last,
            "sex": sex,
            "birth_date": birth,
            "pesel": self.pesel(birth, sex),
            "email": f"{_ascii(first)}.{_ascii(last)}{self.serial}@poczta.example",
            "phone": f"60{self.serial:07d}",
            "street": self.random.choice(names.STREETS),
            "building": str(self.random.randint(1, 60)),
            "postal_code": postal_code,
            "locality": locality,
            "commune": self.communes[teryt],
        }

    def pesel(self, birth, sex):
        month = birth.month + (20 if birth.year >= 2000 else 0)
        tenth = 2 * self.random.randint(0, 4) + (sex == "m")
        digits = f"{birth.year % 100:02d}{month:02d}{birth.day:02d}{self.serial % 1000:03d}{tenth}"
        return digits + pesel_rules.calc_check_digit(digits)

    def nip(self):
        while True:
            self.serial += 1
            digit = nip_rules.checksum(f"599{self.serial:06d}0")
            if digit < 10:  # a sum of ten has no digit: such numbers are not given
                return f"599{self.serial:06d}{digit}"

    # the register before any application

    def register_before(self):
        with clock.at(self.moment(datetime.date(2024, 1, 8))):
            for _number in range(12):
                self.person(self.units["swmp"])
            for _number in range(3):
                self.organisation(self.units["swmp"])

    def person(self, unit, data=None):
        data = data or self.someone()
        fields = {k: v for k, v in data.items() if k not in ("pesel", "sex", "birth_date")}
        return register.create_person(
            by=self.coordinator, unit=unit, identifier=(IdentifierKind.PESEL, data["pesel"]), **fields
        )

    def organisation(self, unit):
        return register.create_organisation(by=self.coordinator, unit=unit, **self.body())

    def body(self, of=None):
        name, legal_form, pes_type = of or next(self.bodies)
        teryt, locality, postal_code = self.random.choice(names.PLACES)
        self.serial += 1
        in_krs = legal_form in (LegalForm.COOPERATIVE, LegalForm.FOUNDATION, LegalForm.LIMITED_COMPANY)
        return {
            "name": name,
            "legal_form": legal_form,
            "pes_type": pes_type,
            "nip": self.nip(),
            "krs": f"{900000 + self.serial:010d}" if in_krs else "",
            "street": self.random.choice(names.STREETS),
            "building": str(self.random.randint(1, 60)),
            "postal_code": postal_code,
            "locality": locality,
            "commune": self.communes[teryt],
        }

    # applications

    def apply(self, kind, pages, day, language="pl"):
        """Begin, fill and send an application on a day; `pages`: {slug: answers}."""
        with clock.at(self.moment(day)):
            return self.send(self.draft(kind, pages, language))

    def send(self, draft):
        return intake.submit(draft, clauses=list(intake_queries.current_clauses()), language=draft.language)

    def draft(self, kind, pages, language="pl"):
        key = uuid.UUID(int=self.random.getrandbits(128), version=4)
        application = intake.begin(kind=kind, key=key, language=language)
        for slug, data in pages.items():
            application = intake.save_step(application, step=kind.step(slug), data=data)
        for rule in attachments.missing(application) if len(pages) == len(kind.steps) else ():
            application = attachments.add(application, rule=rule, uploads=[papers.statute(application.applicant)])
        return application

    def person_pages(self, who):
        return {
            "potrzeba": {
                "help_kind": self.random.choice(HelpKind.values),
                "description": self.random.choice(names.NEEDS[3:5]),
            },
            "osoba": {name: who[name] for name in ("first_name", "last_name", "email", "phone")},
            "miejsce": {name: who[name] for name in ("locality", "postal_code", "commune")},
        }

    def organisation_pages(self, body, who):
        seat = {name: body[name] for name in ("street", "building", "postal_code", "locality", "commune")}
        return {
            "potrzeba": {
                "help_kind": self.random.choice(OrganisationHelpKind.values),
                "description": self.random.choice((*names.NEEDS[:3], names.NEEDS[5])),
            },
            "organizacja": {
                **{name: body[name] for name in ("name", "pes_type", "legal_form", "nip", "krs")},
                "enterprise_status": self.random.choice(EnterpriseStatus.values),
            },
            "siedziba": {**seat, "flat": ""},
            "kontakt": {
                "contact_first_name": who["first_name"],
                "contact_last_name": who["last_name"],
                "contact_role": "",
                "email": who["email"],
                "phone": who["phone"],
            },
        }

    def impartial(self, application, *users):
        for user in users:
            review.declare(application, by=user, conflict=False)

    def checked(self, application, *, by):
        """Every point of the formal checklist met."""
        points = kinds.of(application).checklist
        review.save_checklist(application, by=by, answers={point.code: (CheckVerdict.YES, "") for point in points})

    def applications(self):
        """Those that wait on the last day, in every state."""
        lead, day = self.units["swmp"], LAST_DAY
        adviser = self.advisers(lead)[0]
        states = ["submitted"] * 6 + ["verification"] * 5 + ["completion"] * 3 + ["reserve"] * 3 + ["rejected"] * 4
        for number, state in enumerate(states):
            sent = self.later(day, -30 + number // 2, -8) if state != "submitted" else self.later(day, -9, -1)
            pages = self.person_pages(self.someone())
            application = self.apply(applications.PERSON, pages, sent, "en" if number == 3 else "pl")
            if state == "submitted":
                continue
            with clock.at(self.moment(self.later(sent, 1, 3))):
                self.impartial(application, adviser)
                application = intake.take(application, by=adviser, assignee=adviser)
            with clock.at(self.moment(self.later(sent, 4, 7))):
                if state == "completion":
                    text = "Napisz, czy masz już zaświadczenie z urzędu pracy i od kiedy nie pracujesz."
                    due = completion.default_day()
                    letter = letters.draft("completion", application, text=text, due=due)
                    completion.ask(
                        application, by=adviser, text=text, fields=["description"], due_on=due, letter=letter
                    )
                elif state == "reserve":
                    reason = "Miejsca w tej turze są zajęte. Odezwiemy się, gdy któreś się zwolni."
                    self.impartial(application, self.coordinator)
                    letter = letters.draft("reserved", application, text=reason)
                    intake.reserve(application, by=self.coordinator, reason=reason, letter=letter)
                elif state == "rejected":
                    reason = "Wniosek dotyczy działalności poza obszarem, który obejmuje nasz projekt."
                    self.impartial(application, self.coordinator)
                    letter = letters.draft("rejected", application, text=reason)
                    intake.reject(application, by=self.coordinator, reason=reason, letter=letter)
        with clock.at(self.moment(day)):
            for pages in (1, 2, 3, 1):
                every = self.person_pages(self.someone())
                application = self.draft(applications.PERSON, dict(list(every.items())[:pages]))
                email = application.email or f"szkic{pages}@poczta.example"
                intake.send_resume_link(application, email=email)

    # cases

    def cases(self):
        plan = [state for state, count in CASES.items() for _number in range(count)]
        self.random.shuffle(plan)
        for number, state in enumerate(plan):
            self.case(number, state)

    def case(self, number, state):
        unit = self.units["krag" if number % 6 == 5 else "swmp"]
        adviser = self.random.choice(self.advisers(unit))
        project = self.project
        fresh = state in (CaseState.OPENED, CaseState.DIAGNOSIS, CaseState.PLAN_APPROVAL)
        if state == CaseState.ARCHIVED:
            project, first = self.old, self.later(datetime.date(2022, 11, 14), 0, 120)
        elif fresh:
            first = self.later(LAST_DAY, -40, -18)
        else:
            first = self.later(datetime.date(2024, 3, 1), 0, 640)
        case, people = self.open(number, project, unit, adviser, first)
        if state == CaseState.OPENED:
            return
        with clock.at(self.moment(day := self.later(case.opened_on, 2, 5))):
            case = cases.begin_diagnosis(case, by=adviser, adviser=adviser)
        if state == CaseState.DIAGNOSIS:
            return
        self.enter(case, people, adviser, day)
        services = self.random.sample(self.types, 3)
        with clock.at(self.moment(day := self.later(day, 3, 6))):
            minutes = {kind: 60 * self.random.choice((8, 12, 16, 20)) for kind in services}
            case = cases.save_plan(case, by=adviser, items=minutes)
            case = cases.propose_plan(
                case,
                by=adviser,
                diagnosis="Mocną stroną jest zgrany zespół, słabą – brak stałych odbiorców i rezerwy na zatory.",
                goal="Trzy stałe umowy i dwa nowe miejsca pracy w ciągu roku.",
            )
        if state == CaseState.PLAN_APPROVAL:
            return
        with clock.at(self.moment(day := self.later(day, 2, 4))):
            case = cases.agree_plan(case, by=adviser, agreed_on=day)
        last = self.services(case, services, adviser, unit, day, state)
        self.finish(case, state, adviser, unit, last)

    def open(self, number, project, unit, adviser, first):
        """The case, opened from an application (or at the desk, in the old project), and its people."""
        who, organised = self.someone(), number % 5 < 3
        body = next(iter([self.body()])) if organised and self.bodies_left() else None
        people = [who]
        if project == self.old:
            with clock.at(self.moment(first)):
                person = self.person(unit, who)
                organisation = register.create_organisation(by=adviser, unit=unit, **body) if body else None
                case = cases.open_case(
                    by=adviser, project=project, unit=unit, person=person, organisation=organisation, adviser=adviser
                )
            return case, people
        kind = applications.ORGANISATION if body else applications.PERSON
        pages = self.organisation_pages(body, who) if body else self.person_pages(who)
        application = self.apply(kind, pages, first)
        with clock.at(self.moment(self.later(first, 1, 3))):
            self.impartial(application, adviser)
            application = intake.take(application, by=adviser, assignee=adviser)
            self.checked(application, by=adviser)
        choices = {"organisation": None} if body else {}
        with clock.at(self.moment(self.later(first, 5, 8))):
            self.impartial(application, self.approver(unit))
            intake.accept(
                application,
                by=self.approver(unit),
                unit=unit,
                adviser=adviser,
                project=project,
                person=None,
                letter=letters.draft("accepted", application, adviser=adviser),
                **choices,
            )
            case = Case.objects.get(application=application)
            if body:
                for _extra in range(self.random.randint(2, 3)):
                    people.append(self.someone())
                    cases.add_participant(case, by=adviser, person=self.person(unit, people[-1]))
        return case, people

    def bodies_left(self):
        return self.bodies.__length_hint__() > 0

    def enter(self, case, people, adviser, day):
        """Complete the participants' data and let them enter the project; one now and then lacks a postal code."""
        participations = case.participations.select_related("person").order_by("pk")
        for index, (participation, who) in enumerate(zip(participations, people, strict=True)):
            status, detail = self.random.choice(STATUSES)
            incomplete = index == 2 and self.random.random() < 0.3
            with clock.at(self.moment(day)):
                participation = reporting.save_entry(
                    participation,
                    by=adviser,
                    identifier_kind=IdentifierKind.PESEL,
                    identifier=who["pesel"],
                    sex=who["sex"],
                    birth_date=who["birth_date"],
                    citizenship="pl",
                    education=self.random.choice(EDUCATIONS),
                    street=who["street"],
                    building=who["building"],
                    postal_code="" if incomplete else who["postal_code"],
                    locality=who["locality"],
                    person_commune=who["commune"],
                    degurba="1" if who["locality"] == "Gorzów Wielkopolski" else "3",
                    phone=who["phone"],
                    email=who["email"],
                    labour_status=status,
                    labour_status_detail=detail,
                    foreign_origin="no",
                    third_country_national="no",
                    minority=self.random.choice(("no", "no", "no", "no", "refused")),
                    homeless="no",
                    disability=self.random.choice(("no", "no", "no", "yes", "refused")),
                )
                if not incomplete:
                    reporting.enter(participation, by=adviser, starts_on=day)

    def services(self, case, kinds, adviser, unit, day, state):
        """Services every week or two, confirmed and approved; returns the last day. On the running ones some wait."""
        for _number in range(self.random.randint(5, 9)):
            day = self.later(day, 6, 16)
            if day > LAST_DAY - datetime.timedelta(days=20):
                break
            self.service(case, kinds, adviser, unit, day, "approved" if self.random.random() < 0.97 else "corrected")
        if state == CaseState.ACTIVE:
            for days, end in ((-16, "approved"), (-8, "confirmed"), (-3, "held"), (6, "planned")):
                when = LAST_DAY + datetime.timedelta(days=days)
                self.service(
                    case, kinds, adviser, unit, when - datetime.timedelta(days=max(0, when.weekday() - 4)), end
                )
            end = self.random.choice(("cancelled", "no_show"))
            self.service(case, kinds, adviser, unit, self.later(LAST_DAY, -13, -10), end)
            return LAST_DAY
        return day

    def service(self, case, kinds, adviser, unit, day, end):
        hour, length = self.random.randint(8, 13), self.random.choice((60, 90, 120, 180))
        start = datetime.datetime.combine(day, datetime.time(hour, self.random.choice((0, 15, 30))))
        topic, course = self.random.choice(names.TOPICS)
        form = self.random.choice((ServiceForm.IN_PERSON, ServiceForm.IN_PERSON, ServiceForm.ONLINE))
        card = {
            "service_type": self.random.choice(kinds),
            "adviser": adviser,
            "adviser_job": adviser.job,
            "budget_line": "",
            "form": form,
            "place": case.person.locality if form == ServiceForm.IN_PERSON else "rozmowa wideo",
            "date": day,
            "starts_at": start.time(),
            "ends_at": (start + datetime.timedelta(minutes=length)).time(),
            "hour_kind": HourKind.CLOCK,
            "topic": topic,
            "course": course,
            "recommendations": "Zebrać dokumenty i wrócić do rozmowy za dwa tygodnie.",
            "next_step": "Kolejne spotkanie po przygotowaniu materiałów.",
            "travel_minutes": 20 if form == ServiceForm.IN_PERSON else 0,
        }
        recipients = [p for p in case.participations.all() if p.state == ParticipationState.ENTERED]
        with clock.at(self.moment(min(day, LAST_DAY) - datetime.timedelta(days=4))):
            service = cases.plan_service(by=adviser, case=case, recipients=recipients, **card)
        if end == "planned":
            return
        if end == "cancelled":
            with clock.at(self.moment(day - datetime.timedelta(days=1))):
                cases.cancel(service, by=adviser, reason="Klient poprosił o inny termin.")
            return
        with clock.at(self.moment(day, 17, 19)):
            if end == "no_show":
                cases.no_show(service, by=adviser)
                return
            service = cases.hold_service(service, by=adviser, notify=end in ("held", "confirmed"))
        if end == "held":
            return
        with clock.at(self.moment(day + datetime.timedelta(days=1))):
            seen = cases_queries.version(service)
            service = cases.confirm(service, name=str(recipients[0].person), seen=seen)
        if end == "confirmed":
            return
        approver = self.approver(unit)
        with clock.at(self.moment(day + datetime.timedelta(days=3))):
            service = cases.approve(service, by=approver)
        if end == "corrected":
            with clock.at(self.moment(day + datetime.timedelta(days=5))):
                cases.correct(service, by=approver, reason="Godzina zakończenia była wpisana błędnie.")
                again = service.corrected_by
                again = cases.hold_service(again, by=adviser, notify=False)
                again = cases.confirm(again, name=str(recipients[0].person), seen=cases_queries.version(again))
                cases.approve(again, by=approver)

    def finish(self, case, state, adviser, unit, day):
        """From the running case to its state on the last day."""
        if state == CaseState.ACTIVE:
            return
        with clock.at(self.moment(day := self.later(day, 3, 9))):
            if state == CaseState.SUSPENDED:
                cases.step(case, "suspend", by=adviser, reason="Klient wyjechał do pracy sezonowej.")
                return
            if state == CaseState.RESIGNED:
                exits = self.exits(case, day, planned=False)
                cases.close(case, "resign", by=adviser, closed_on=day, reason="Zmiana planów rodziny.", exits=exits)
                return
            case = cases.step(case, "prepare_closing", by=adviser)
        if state == CaseState.CLOSING:
            return
        with clock.at(self.moment(day := self.later(day, 2, 6))):
            planned = CLOSED[state] == "complete"
            case = cases.close(
                case,
                CLOSED[state],
                by=self.approver(unit),
                closed_on=day,
                reason="" if planned else "Klient osiągnął główny cel wcześniej albo przerwał udział.",
                exits=self.exits(case, day, planned=planned),
            )
        if state == CaseState.ARCHIVED:
            with clock.at(self.moment(self.later(day, 20, 40))):
                cases.step(case, "archive", by=self.approver(unit))

    def exits(self, case, day, *, planned):
        return {
            participation.pk: {
                "ends_on": day,
                "exit_situation": self.random.choice(EXITS),
                "exit_as_planned": planned,
                "business_started_on": None,
            }
            for participation in case.participations.filter(state=ParticipationState.ENTERED)
        }


def _ascii(text):
    text = text.lower().replace("ł", "l")
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
